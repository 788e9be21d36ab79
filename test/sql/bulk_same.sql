-- Many changes of one resource in a bulk request: none of them looks at the versions that the others have left
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('same');
SET scim.store = 'same';
\set u 00000000-0000-7000-8000-000000000001
\set g 00000000-0000-7000-8000-0000000000a1
INSERT INTO same.users (id, data) VALUES (:'u', '{"userName": "ann"}');
INSERT INTO same.users (data) SELECT jsonb_build_object('userName', 'user' || n) FROM generate_series(1, 300) n;
INSERT INTO same.groups (id, data) VALUES (:'g', '{"displayName": "All"}');
CREATE FUNCTION pg_temp.bulk(operations jsonb, atomic boolean DEFAULT false) RETURNS jsonb LANGUAGE sql AS $$
    SELECT scim.bulk(jsonb_build_object('schemas', jsonb_build_array('urn:ietf:params:scim:api:messages:2.0:BulkRequest'), 'Operations', operations)) -> 'Operations' $$;
CREATE FUNCTION pg_temp.patches(path text, template text, n int) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_agg(jsonb_build_object('method', 'PATCH', 'path', path, 'data', jsonb_build_object('schemas', jsonb_build_array('urn:ietf:params:scim:api:messages:2.0:PatchOp'), 'Operations', jsonb_build_array(format(template, i)::jsonb))) ORDER BY i)
    FROM generate_series(1, n) i $$;
-- how many entries of the indexes of resources were read meanwhile
CREATE FUNCTION pg_temp.read() RETURNS bigint LANGUAGE sql AS $$
    SELECT sum(pg_stat_get_tuples_returned(indexrelid)) FROM pg_index WHERE indrelid IN ('same.users'::regclass, 'same.groups'::regclass) $$;
CREATE TABLE same.had (what text, n bigint);
SELECT pg_stat_force_next_flush();
INSERT INTO same.had SELECT 'user', pg_temp.read();
SELECT o ->> 'status' AS status, count(*), max(o ->> 'version') FROM jsonb_array_elements(pg_temp.bulk(pg_temp.patches('/Users/' || :'u', '{"op": "replace", "path": "title", "value": "t%s"}', 300))) o GROUP BY 1;
SELECT pg_stat_force_next_flush();
SELECT pg_temp.read() - n < 10 * 300 AS few FROM same.had WHERE what = 'user';
SELECT version, data ->> 'title' AS title FROM same.users WHERE id = :'u';
SELECT count(*), count(DISTINCT version), count(DISTINCT change) FROM same.audit WHERE resource_id = :'u' AND operation = 'update';
INSERT INTO same.had SELECT 'group', pg_temp.read();
SELECT o ->> 'status' AS status, count(*), count(DISTINCT o ->> 'version') FROM jsonb_array_elements(pg_temp.bulk(pg_temp.patches('/Groups/' || :'g', '{"op": "replace", "path": "displayName", "value": "g%s"}', 300))) o GROUP BY 1;
SELECT pg_stat_force_next_flush();
SELECT pg_temp.read() - n < 10 * 300 AS few FROM same.had WHERE what = 'group';
INSERT INTO same.had SELECT 'member', pg_temp.read();
SELECT o ->> 'status' AS status, count(*) FROM jsonb_array_elements(pg_temp.bulk((SELECT jsonb_agg(jsonb_build_object('method', 'PATCH', 'path', '/Groups/' || :'g', 'data',
    jsonb_build_object('schemas', jsonb_build_array('urn:ietf:params:scim:api:messages:2.0:PatchOp'), 'Operations', jsonb_build_array(jsonb_build_object('op', 'add', 'path', 'members', 'value', jsonb_build_array(jsonb_build_object('value', id))))))) FROM same.users))) o GROUP BY 1;
SELECT pg_stat_force_next_flush();
SELECT pg_temp.read() - n < 20 * 300 AS few FROM same.had WHERE what = 'member';
SELECT version, (SELECT count(*) FROM same.member) AS members FROM same.groups WHERE id = :'g';
-- what failed has left nothing, nor the place where it was
SELECT o ->> 'status' AS status, o ->> 'version' AS version, o #>> '{response,detail}' AS detail FROM jsonb_array_elements(pg_temp.bulk(jsonb_build_array(
    jsonb_build_object('method', 'PATCH', 'path', '/Users/' || :'u', 'data', '{"Operations": [{"op": "replace", "path": "title", "value": "a"}]}'::jsonb),
    jsonb_build_object('method', 'PATCH', 'path', '/Users/' || :'u', 'data', '{"Operations": [{"op": "replace", "path": "userName", "value": "user1"}]}'::jsonb),
    jsonb_build_object('method', 'PATCH', 'path', '/Users/' || :'u', 'version', 'W/"302"', 'data', '{"Operations": [{"op": "replace", "path": "title", "value": "b"}]}'::jsonb),
    jsonb_build_object('method', 'PUT', 'path', '/Users/' || :'u', 'data', '{"userName": "ann", "title": "c"}'::jsonb),
    jsonb_build_object('method', 'DELETE', 'path', '/Users/' || :'u'),
    jsonb_build_object('method', 'PATCH', 'path', '/Users/' || :'u', 'data', '{"Operations": [{"op": "replace", "path": "title", "value": "d"}]}'::jsonb)))) o;
SELECT version, data ->> 'title' AS title, deleted_at IS NULL AS is_there FROM same.users WHERE id = :'u';
-- a subtransaction that is taken back, and a trigger of one's own that writes the row once more
SELECT id AS v FROM same.users WHERE user_name = 'user7' \gset
CREATE FUNCTION same.again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.data ->> 'nickName' IS DISTINCT FROM NEW.data ->> 'title' THEN
        UPDATE same.users SET data = data || jsonb_build_object('nickName', data -> 'title') WHERE id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER zz_again AFTER UPDATE ON same.users FOR EACH ROW EXECUTE FUNCTION same.again();
BEGIN;
SELECT scim.patch_resource('User', :'v', '[{"op": "replace", "path": "title", "value": "one"}]') ->> 'nickName' AS nick;
SAVEPOINT s;
SELECT scim.patch_resource('User', :'v', '[{"op": "replace", "path": "title", "value": "two"}]') ->> 'nickName' AS nick;
ROLLBACK TO s;
SELECT scim.patch_resource('User', :'v', '[{"op": "add", "path": "displayName", "value": "three"}]') - '{id,meta,schemas,userName}'::text[] AS now;
UPDATE same.users SET data = data || '{"title": "four"}' WHERE id = :'v';
SELECT scim.patch_resource('User', :'v', '[{"op": "add", "path": "displayName", "value": "five"}]') - '{id,meta,schemas,userName}'::text[] AS now;
COMMIT;
SELECT version, data - 'schemas' AS data FROM same.users WHERE id = :'v';
-- in a transaction that is over nothing of it counts
SELECT scim.patch_resource('User', :'v', '[{"op": "replace", "path": "title", "value": "six"}]') ->> 'nickName' AS nick;
-- of two stores with the same resource
SELECT scim.create_store('same2');
BEGIN;
INSERT INTO same2.users (id, data) VALUES (:'v', '{"userName": "other"}');
SELECT scim.patch_resource('User', :'v', '[{"op": "replace", "path": "title", "value": "seven"}]') ->> 'userName' AS name;
SET LOCAL scim.store = 'same2';
SELECT scim.patch_resource('User', :'v', '[{"op": "replace", "path": "title", "value": "eight"}]') ->> 'userName' AS name;
SET LOCAL scim.store = 'same';
SELECT scim.patch_resource('User', :'v', '[{"op": "replace", "path": "title", "value": "nine"}]') ->> 'userName' AS name;
COMMIT;
SELECT scim.drop_store('same2', true);
SELECT scim.drop_store('same', true);
