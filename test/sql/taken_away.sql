-- What an AFTER trigger of one's own takes away in the statement that makes it, or brings it back, is refused, whichever way it comes.
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('taken_away');
SET scim.store = 'taken_away';
CREATE FUNCTION pg_temp.take() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.data ->> 'title' = 'take' AND new.deleted_at IS NULL THEN
        DELETE FROM taken_away.resource r WHERE r.id = new.id;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER zz_take AFTER INSERT OR UPDATE ON taken_away.users FOR EACH ROW EXECUTE FUNCTION pg_temp.take();
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$ DECLARE said text; BEGIN EXECUTE statement INTO said; RETURN said; EXCEPTION WHEN OTHERS THEN RETURN sqlstate || ' ' || sqlerrm; END $$;
CREATE FUNCTION pg_temp.here() RETURNS TABLE (user_name text, title text, is_there boolean) LANGUAGE sql AS
    $$ SELECT user_name, data ->> 'title', deleted_at IS NULL FROM taken_away.users ORDER BY user_name $$;
INSERT INTO taken_away.endpoint (name, methods, path, resource_type, action, settings) VALUES ('hire', '{POST}', '/hire', 'User', 'create', '{"fields": {"login": "userName", "title": "title"}}');
SELECT how, pg_temp.try(call) FROM (VALUES
    ('create', $$SELECT scim.create_resource('User', '{"userName": "a", "title": "take"}')$$),
    ('post', $$SELECT status || ' ' || (body::jsonb ->> 'detail') FROM scim.request('POST', '/Users', body => '{"userName": "b", "title": "take"}')$$),
    ('endpoint', $$SELECT status || ' ' || body FROM scim.request('POST', '/hire', body => '{"login": "f", "title": "take"}')$$),
    ('bulk', $$SELECT string_agg(o ->> 'status', ' ') FROM jsonb_array_elements(scim.bulk('{"Operations": [{"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "c", "title": "take"}}, {"method": "POST", "path": "/Users", "bulkId": "2", "data": {"userName": "d"}}, {"method": "POST", "path": "/Users", "bulkId": "3", "data": {"userName": "e", "title": "take"}}]}') -> 'Operations') o$$)) AS c (how, call);
SELECT * FROM pg_temp.here();
-- scim.import goes on past them, and tells of them
SELECT line, key, action, problems FROM scim.import('User', $$SELECT * FROM (VALUES ('g', 'take'), ('h', NULL), ('j', 'x')) AS v ("userName", title)$$, apply => true) WHERE line IS NOT NULL ORDER BY line;
SELECT * FROM pg_temp.here();
-- what is changed, and goes by that, has gone: as by PUT
SELECT line, key, action, problems FROM scim.import('User', $$SELECT * FROM (VALUES ('h', 'take')) AS v ("userName", title)$$, apply => true) WHERE line IS NOT NULL ORDER BY line;
SELECT pg_temp.try($$SELECT r.status || coalesce(r.body, '') FROM taken_away.users u, scim.request('PUT', '/Users/' || u.id, body => '{"userName": "d", "title": "take"}') r WHERE u.user_name = 'd'$$);
SELECT * FROM pg_temp.here();
-- what is to come back
INSERT INTO taken_away.users (data) VALUES ('{"userName": "k"}'), ('{"userName": "l"}');
SELECT count(scim.delete_resource('User', id)) FROM taken_away.users WHERE user_name IN ('k', 'l');
CREATE OR REPLACE FUNCTION pg_temp.take() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF new.deleted_at IS NULL THEN DELETE FROM taken_away.resource r WHERE r.id = new.id; END IF; RETURN NULL; END $$;
SELECT left(pg_temp.try(format($$SELECT scim.restore_resource('User', %L)$$, id)), 5) AS restore FROM taken_away.users WHERE user_name = 'k';
SELECT pg_temp.try(format($$SELECT string_agg(concat_ws(' ', c.action, c.conflict), '; ') FROM scim.revert_change(%L) c$$, change)) FROM (SELECT change FROM taken_away.audit WHERE operation = 'delete' ORDER BY id DESC LIMIT 1) a;
SELECT pg_temp.try(format($$SELECT string_agg(concat_ws(' ', c.action, c.conflict), '; ') FROM scim.revert_change(%L, dry_run => true) c$$, change)) FROM (SELECT change FROM taken_away.audit WHERE operation = 'delete' ORDER BY id DESC LIMIT 1) a;
DROP TRIGGER zz_take ON taken_away.users;
SELECT pg_temp.try(format($$SELECT string_agg(concat_ws(' ', c.action, c.conflict), '; ') FROM scim.revert_change(%L) c$$, change)) FROM (SELECT change FROM taken_away.audit WHERE operation = 'delete' ORDER BY id DESC LIMIT 1) a;
SELECT * FROM pg_temp.here();
-- and those that were deleted for good
SELECT count(scim.delete_resource('User', id)) FROM taken_away.users WHERE user_name IN ('k', 'l');
UPDATE taken_away.policy SET settings = '{"mode": "hard"}' WHERE resource_type = 'User' AND kind = 'delete';
INSERT INTO taken_away.users (data) VALUES ('{"userName": "m"}');
DELETE FROM taken_away.users WHERE user_name = 'm';
CREATE TRIGGER zz_take AFTER INSERT OR UPDATE ON taken_away.users FOR EACH ROW EXECUTE FUNCTION pg_temp.take();
SELECT pg_temp.try(format($$SELECT string_agg(concat_ws(' ', c.action, c.conflict), '; ') FROM scim.revert_change(%L) c$$, change)) FROM (SELECT change FROM taken_away.audit WHERE operation IN ('delete', 'purge') ORDER BY id DESC LIMIT 1) a;
DROP TRIGGER zz_take ON taken_away.users;
SELECT pg_temp.try(format($$SELECT string_agg(concat_ws(' ', c.action, c.conflict), '; ') FROM scim.revert_change(%L) c$$, change)) FROM (SELECT change FROM taken_away.audit WHERE operation IN ('delete', 'purge') ORDER BY id DESC LIMIT 1) a;
SELECT * FROM pg_temp.here();
-- a row of a table that is bound has no resource by that: an error of its statement, or a problem where it was there before
CREATE OR REPLACE FUNCTION pg_temp.take() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF new.data ->> 'title' = 'take' AND new.deleted_at IS NULL THEN DELETE FROM taken_away.resource r WHERE r.id = new.id; END IF; RETURN NULL; END $$;
CREATE TRIGGER zz_take AFTER INSERT OR UPDATE ON taken_away.users FOR EACH ROW EXECUTE FUNCTION pg_temp.take();
CREATE TABLE taken_app (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, login text, title text);
INSERT INTO taken_app (login, title) VALUES ('n', 'take'), ('o', 'x');
SELECT side, key, problem FROM scim.bind_table('User', 'taken_app', '{"attributes": {"userName": "login", "title": "title"}, "missing": "report"}') WHERE side = 'table';
SELECT side, key, problem FROM scim.check_binding() WHERE side <> 'scim';
SELECT scim.mend_binding('taken_app', 'table', key => '{1}');
INSERT INTO taken_app (login, title) VALUES ('p', 'take'), ('q', 'x');
UPDATE taken_app SET title = 'take' WHERE login = 'o';
SELECT login, title FROM taken_app;
SELECT * FROM pg_temp.here() WHERE user_name >= 'n';
SELECT scim.drop_store('taken_away', true);
DROP TABLE taken_app;
