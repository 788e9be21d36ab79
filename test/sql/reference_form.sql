-- Whom a reference names, in whatever form: all that ask it agree
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('form');
SET scim.store = 'form';
UPDATE form.policy SET enabled = true WHERE kind = 'audit';
SELECT schema ->> 'id' AS schema FROM scim.register_schema('{"id": "urn:example:Led:1.0:User", "name": "Led", "attributes": [
    {"name": "boss", "type": "reference", "referenceTypes": ["User"], "caseExact": true}, {"name": "site", "type": "reference", "referenceTypes": ["external"], "caseExact": true}, {"name": "deputies", "multiValued": true},
    {"name": "team", "type": "complex", "subAttributes": [{"name": "name"}, {"name": "leads", "multiValued": true}]},
    {"name": "peers", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value", "caseExact": true}, {"name": "$ref", "type": "reference", "referenceTypes": ["User"], "caseExact": true}, {"name": "type"}]}]}') schema;
SELECT resource_type ->> 'name' AS resource_type FROM scim.register_resource_type(jsonb_insert((SELECT document FROM form.resource_type WHERE name = 'User'), '{schemaExtensions,-1}',
    '{"schema": "urn:example:Led:1.0:User", "required": false}', true)) resource_type;
CREATE TEMP TABLE shape (n serial, name text, value text, ref text);
INSERT INTO shape (name, value, ref)
SELECT v.name, replace(v.value, '*', i.id), replace(v.ref, '*', i.id)
FROM (VALUES ('00000000-0000-7000-8000-0000000000aa')) i (id), LATERAL (VALUES
    ('id', '*', NULL), ('capitals', upper(i.id), NULL), ('relative', '../Users/*', NULL), ('URL', 'https://elsewhere.example/scim/v2/Users/*', NULL), ('URL in capitals', 'https://elsewhere.example/scim/v2/Users/' || upper(i.id), NULL),
    ('other end', 'https://elsewhere.example/hr/v7/people/*', NULL),
    ('$ref', NULL, '../Users/*'), ('$ref in capitals', NULL, '../Users/' || upper(i.id)), ('$ref, URL', NULL, 'https://elsewhere.example/scim/v2/Users/*'),
    ('$ref, other end', NULL, 'https://elsewhere.example/hr/v7/people/*'), ('$ref, long', NULL, 'https://a-very-long-name-of-a-server.somewhere-else.example.com/scim/v2/Users/*'),
    ('both', '*', 'https://elsewhere.example/scim/v2/Users/*'), ('URLs', '../Users/*', 'https://elsewhere.example/scim/v2/Users/*'),
    ('tenant before', 'https://elsewhere.example/11111111-0000-7000-8000-000000000000/scim/v2/Users/*', NULL), ('$ref, tenant before', NULL, 'https://elsewhere.example/11111111-0000-7000-8000-000000000000/scim/v2/Users/*'),
    ('braces', '{*}', NULL), ('no dashes', replace(i.id, '-', ''), NULL), ('host', 'https://*', NULL), ('part', 'https://elsewhere.example/*/photo', NULL), ('$ref, part', NULL, '../Users/*/photo'), ('$ref, another', NULL, '../Users/00000000-0000-7000-8000-0000000000ab')) v (name, value, ref);
-- what an attribute says in such a form, and how it is read
CREATE FUNCTION pg_temp.said(attribute text, s shape) RETURNS jsonb LANGUAGE sql AS $$
SELECT CASE attribute
    WHEN 'manager' THEN jsonb_build_object('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', jsonb_build_object('manager', jsonb_strip_nulls(jsonb_build_object('value', s.value, '$ref', s.ref))))
    WHEN 'peers' THEN jsonb_build_object('urn:example:Led:1.0:User', jsonb_build_object('peers', jsonb_build_array('{"value": "00000000-0000-7000-8000-0000000000ac", "type": "other"}'::jsonb, jsonb_strip_nulls(jsonb_build_object('value', s.value, '$ref', s.ref, 'type', 'this')))))
    WHEN 'deputies' THEN jsonb_build_object('urn:example:Led:1.0:User', jsonb_build_object('deputies', jsonb_build_array('00000000-0000-7000-8000-0000000000ac', coalesce(s.value, s.ref))))
    WHEN 'team.leads' THEN jsonb_build_object('urn:example:Led:1.0:User', jsonb_build_object('team', jsonb_build_object('name', 'A', 'leads', jsonb_build_array('00000000-0000-7000-8000-0000000000ac', coalesce(s.value, s.ref)))))
    ELSE jsonb_build_object('urn:example:Led:1.0:User', jsonb_build_object(attribute, coalesce(s.value, s.ref))) END $$;
CREATE FUNCTION pg_temp.path(attribute text) RETURNS text LANGUAGE sql AS $$ SELECT CASE attribute WHEN 'manager' THEN '' ELSE 'urn:example:Led:1.0:User:' END || attribute $$;
CREATE FUNCTION pg_temp.read(attribute text) RETURNS jsonb LANGUAGE sql AS $$
SELECT jsonb_path_query_first(data, format('$.%s.%s', CASE attribute WHEN 'manager' THEN '"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"' ELSE '"urn:example:Led:1.0:User"' END, attribute)::jsonpath) FROM form.users WHERE user_name = 'ada' $$;
-- what a statement does to who refers, and to what he says; nothing of it lasts
CREATE FUNCTION pg_temp.try(attribute text, s shape, policy text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    before jsonb;
    after jsonb;
    said text;
BEGIN
    BEGIN
        INSERT INTO form.users (id, data) VALUES ('00000000-0000-7000-8000-0000000000aa', '{"userName": "boss", "title": "director"}'), ('00000000-0000-7000-8000-0000000000ac', '{"userName": "other", "title": "clerk"}');
        INSERT INTO form.policy (resource_type, kind, settings) SELECT 'User', kind, replace(settings, '@', pg_temp.path(attribute))::jsonb FROM (VALUES
            ('restrict', 'reference', '{"attributes": {"@": {"type": "User", "onDelete": "restrict"}}}'), ('clear', 'reference', '{"attributes": {"@": {"type": "User", "onDelete": "clear"}}}'),
            ('said to be one', 'reference', '{"attributes": {"@": "User"}}'),
            ('through', 'reference', '{"attributes": {"@": {"type": "User"}}}'),
            ('through', 'condition', '{"through": "@", "matches": "title eq \"director\"", "require": "title eq \"assistant\"", "message": "an assistant"}')) p (name, kind, settings) WHERE p.name = policy
            AND NOT (policy = 'through' AND kind = 'reference' AND attribute IN ('manager', 'peers', 'boss'));
        INSERT INTO form.users (data) VALUES ('{"userName": "ada"}' || pg_temp.said(attribute, s));
        before := pg_temp.read(attribute);
        EXECUTE statement;
        after := pg_temp.read(attribute);
        said := CASE WHEN after IS NULL THEN 'gone' WHEN before = after THEN 'stays' ELSE 'left: ' || regexp_replace(after::text, '0{8}-0000-7000-8000-0{10}', '', 'g') END;
        RAISE EXCEPTION USING ERRCODE = 'ROLLB', MESSAGE = said;
    EXCEPTION
        WHEN SQLSTATE 'ROLLB' THEN RETURN SQLERRM;
        WHEN OTHERS THEN RETURN SQLSTATE;
    END;
END
$$;
\set boss 00000000-0000-7000-8000-0000000000aa
CREATE TEMP TABLE result AS
SELECT s.n, s.name, a.attribute, p.policy || p.more AS policy, pg_temp.try(a.attribute, s, p.policy, p.statement) AS answer
FROM shape s, unnest(ARRAY['manager', 'boss', 'deputies', 'team.leads', 'peers']) a (attribute),
    (VALUES ('restrict', '', 'DELETE FROM form.users WHERE user_name = ''boss'''), ('clear', '', 'DELETE FROM form.users WHERE user_name = ''boss'''),
        ('clear', ', suspended', 'UPDATE form.users SET status = ''DELETED'' WHERE user_name = ''boss'''), ('through', '', 'SELECT'),
        ('erase', '', 'SELECT scim.erase(''00000000-0000-7000-8000-0000000000aa'')'), ('said to be one', ', erase', 'SELECT scim.erase(''00000000-0000-7000-8000-0000000000aa'')')) p (policy, more, statement)
WHERE a.attribute = 'manager' AND p.more = '' OR a.attribute = 'peers' AND p.more = '' AND s.name IN ('capitals', 'URL', '$ref, URL', '$ref, tenant before', 'both', '$ref, part')
   OR s.name IN ('capitals', 'URL', '$ref, long', 'part') AND (p.more = '' OR a.attribute = 'manager' OR p.policy = 'said to be one' AND a.attribute IN ('deputies', 'team.leads'));
SELECT policy, answer, string_agg(attribute, ', ' ORDER BY attribute) AS attributes, names AS "in which forms"
FROM (SELECT policy, answer, attribute, string_agg(name, ', ' ORDER BY n) FILTER (WHERE name <> 'both') AS names FROM result GROUP BY 1, 2, 3) r GROUP BY 1, 2, 4 ORDER BY 1, 2, 3;
SELECT DISTINCT policy, answer FROM result WHERE name = 'both' ORDER BY 1, 2;

-- all of whom only the one is found, by a reading of keys, where everybody has a long URL
INSERT INTO form.users (id, data) SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, jsonb_build_object('userName', 'u' || n, 'manager', jsonb_strip_nulls(jsonb_build_object('value', CASE WHEN n % 2 = 0 THEN m END, '$ref', 'https://elsewhere.example/scim/v2/Users/' || m)))
FROM generate_series(1, 300) n, LATERAL (SELECT '00000000-0000-7000-8000-' || lpad((n / 10)::text, 12, '0') AS m) x;
BEGIN;
INSERT INTO form.policy (resource_type, kind, settings) VALUES ('User', 'reference', '{"attributes": {"manager": {"type": "User", "onDelete": "clear"}}}');
DELETE FROM form.users WHERE user_name IN ('u7', 'u100');
SELECT string_agg(user_name, ' ' ORDER BY id) AS cleared FROM form.users WHERE NOT data ? 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
ROLLBACK;
DELETE FROM form.users;

-- the auditor's view: while the manager is there, is suspended, and is gone
CREATE FUNCTION pg_temp.left(s shape, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    said text;
BEGIN
    BEGIN
        INSERT INTO form.users (id, data) VALUES ('00000000-0000-7000-8000-0000000000aa', '{"userName": "boss"}');
        INSERT INTO form.users (data) VALUES ('{"userName": "ada"}' || pg_temp.said('manager', s));
        EXECUTE statement;
        said := (SELECT coalesce(manager_user_name || ' ' || manager_status, 'nobody: ' || regexp_replace(manager_id, '0{8}-0000-7000-8000-0{10}', '')) FROM form.manager_left);
        RAISE EXCEPTION USING ERRCODE = 'ROLLB', MESSAGE = coalesce(said, 'not listed');
    EXCEPTION
        WHEN SQLSTATE 'ROLLB' THEN RETURN SQLERRM;
    END;
END
$$;
SELECT w.what, answer, string_agg(name, ', ' ORDER BY n) AS "in which forms"
FROM (VALUES (1, 'there', 'SELECT'), (2, 'suspended', 'UPDATE form.users SET active = false WHERE user_name = ''boss'''), (3, 'gone', 'DELETE FROM form.users WHERE user_name = ''boss''')) w (o, what, statement), shape s, pg_temp.left(s, w.statement) answer
GROUP BY w.o, w.what, answer ORDER BY w.o, min(n);

-- what is no reference by its schema stays
INSERT INTO form.users (id, data) VALUES ('00000000-0000-7000-8000-0000000000aa', '{"userName": "boss"}'), ('00000000-0000-7000-8000-0000000000ac', '{"userName": "other"}');
INSERT INTO form.users (data) VALUES ('{"userName": "ada", "nickName": "00000000-0000-7000-8000-0000000000aa", "urn:example:Led:1.0:User": {"site": "https://elsewhere.example/00000000-0000-7000-8000-0000000000AA", "deputies": ["00000000-0000-7000-8000-0000000000aa"]}}');
INSERT INTO form.users (data) VALUES ('{"userName": "eve", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"$ref": "../Users/00000000-0000-7000-8000-0000000000AA"}}}');
BEGIN;
UPDATE form.users SET data = '{"userName": "eve"}' WHERE user_name = 'eve';
DELETE FROM form.users WHERE user_name = 'eve';
SELECT scim.change() AS change \gset
COMMIT;
SELECT scim.erase(:'boss') > 0 AS erased;
SELECT user_name, data -> 'nickName' AS nick, data #> '{urn:example:Led:1.0:User}' AS led FROM form.users WHERE user_name !~ '^u' ORDER BY 1;
-- who comes back refers to nobody who has been erased
SELECT action, note, document FROM scim_internal.undo_steps(:'change');
-- the policy is asked of what is there, too
INSERT INTO form.policy (resource_type, kind, settings) VALUES ('User', 'reference', '{"attributes": {"manager": "User"}, "missing": "notFound"}');
INSERT INTO form.users (data) VALUES ('{"userName": "bob", "manager": {"$ref": "../Users/00000000-0000-7000-8000-0000000000aa"}}');
INSERT INTO form.users (data) VALUES ('{"userName": "bob", "manager": {"$ref": "https://elsewhere.example/Users/00000000-0000-7000-8000-0000000000AC"}}') RETURNING user_name;
UPDATE form.policy SET enabled = false WHERE kind = 'reference';
DELETE FROM form.users WHERE user_name = 'other';
UPDATE form.policy SET enabled = true WHERE kind = 'reference';
SELECT rule, path, message FROM scim.validate_store() v WHERE rule = 'reference';
SELECT scim.drop_store('form', true);
-- a bound table: whoever comes last, a row or who refers to it
SELECT scim.create_store('formed');
SET scim.store = 'formed';
CREATE SCHEMA formed_app;
CREATE TABLE formed_app.users (id serial PRIMARY KEY, login text UNIQUE, boss int REFERENCES formed_app.users ON DELETE SET NULL);
SELECT scim.bind_table('User', 'formed_app.users', '{"attributes": {"userName": "login", "manager": {"column": "boss", "references": "User"}}}');
CREATE PROCEDURE pg_temp.come(boss_first boolean) LANGUAGE plpgsql AS $$
BEGIN
    IF boss_first THEN
        INSERT INTO formed.users (id, data) VALUES ('00000000-0000-7000-8000-0000000000aa', '{"userName": "boss"}');
    END IF;
    INSERT INTO formed.users (data) SELECT jsonb_build_object('userName', 'u' || n) || pg_temp.said('manager', s) FROM shape s ORDER BY n;
    IF NOT boss_first THEN
        INSERT INTO formed.users (id, data) VALUES ('00000000-0000-7000-8000-0000000000aa', '{"userName": "boss"}');
    END IF;
END $$;
CREATE VIEW pg_temp.bound AS SELECT t.boss IS NOT NULL AS row_says_so, r.data #>> '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,manager}' AS manager, string_agg(s.name, ', ' ORDER BY s.n) AS "in which forms"
FROM formed.users r JOIN formed_app.users t ON t.login = r.user_name JOIN shape s ON 'u' || s.n = r.user_name GROUP BY 1, 2 ORDER BY min(s.n);
BEGIN;
CALL pg_temp.come(true);
SELECT * FROM pg_temp.bound;
SELECT problem, count(*) FROM scim.check_binding('formed_app.users') GROUP BY 1;
ROLLBACK;
CALL pg_temp.come(false);
SELECT row_says_so, "in which forms" FROM pg_temp.bound WHERE manager ~ '00aa"';
SELECT problem, count(*) FROM scim.check_binding('formed_app.users') GROUP BY 1;
DELETE FROM formed.users WHERE user_name = 'boss';
SELECT row_says_so, "in which forms" FROM pg_temp.bound WHERE manager IS NULL;
SELECT scim.drop_store('formed', true);
DROP SCHEMA formed_app CASCADE;
