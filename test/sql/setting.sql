-- Settings: rows of the table "setting", and what goes before what.
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('set_a');
SELECT scim.create_store('set_b');
SET scim.store = 'set_a';
INSERT INTO set_a.tenant (tenant_id, name) VALUES (2, 'two');

-- every setting has a default, says what it is, and is one of the session as well, unset
SELECT name, default_value, minimum, maximum, by_type, is_bound FROM scim.settings() ORDER BY name;
SELECT name FROM scim.settings() WHERE source <> 'default' OR value <> default_value OR description = '';
SELECT s.name, g.setting FROM scim.settings() s LEFT JOIN pg_settings g ON g.name = 'scim.' || s.name
WHERE g.setting IS NULL OR g.setting NOT IN ('-1', 'unset') OR g.context <> 'user';

-- what there is not, or what one cannot have, is refused
CREATE FUNCTION pg_temp.try(setting text, value jsonb, resource_type text DEFAULT NULL, tenant_id int DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE stored jsonb;
BEGIN
    INSERT INTO set_a.setting AS s (name, value, resource_type, tenant_id) VALUES (try.setting, try.value, try.resource_type, try.tenant_id)
        RETURNING s.value INTO stored;
    DELETE FROM set_a.setting;
    RETURN 'stored: ' || stored::text;
EXCEPTION WHEN OTHERS THEN
    RETURN sqlstate || ' ' || sqlerrm;
END
$$;
SELECT name, value, resource_type, pg_temp.try(name, value, resource_type) FROM (VALUES
    ('max_result', '50'::jsonb, NULL), ('scim.max_results', '50', NULL), ('MAX_RESULTS', '50', NULL), ('store', '"x"', NULL), ('', '1', NULL),
    ('max_results', '0', NULL), ('max_results', '100001', NULL), ('max_results', '-1', NULL), ('max_results', '"unset"', NULL),
    ('max_results', 'true', NULL), ('max_results', '[1]', NULL), ('max_results', '{}', NULL), ('max_results', 'null', NULL), ('max_results', '1e9', NULL), ('max_results', '1.5', NULL),
    ('max_results', '50', 'User'), ('max_results', '50', 'user'), ('max_results', '50', 'Robot'), ('max_results', '"50"', NULL),
    ('max_body_size', '"1MB"', NULL), ('max_body_size', '50', 'User'), ('max_patch_visits', '999', NULL), ('max_resource_size', '1023', NULL),
    ('cursor_timeout', '0', NULL), ('cursor_timeout', '"1h"', NULL), ('max_filter_lookups', '0', NULL), ('max_filter_lookups', '1501', NULL),
    ('empty_patch', 'true', NULL), ('empty_patch', '"off"', NULL), ('empty_patch', '"unset"', NULL), ('empty_patch', '2', NULL),
    ('patch_no_content', 'true', 'Group'), ('patch_no_content', '"Group"', NULL),
    ('unknown_attributes', '"ignore"', 'User'), ('unknown_attributes', '"IGNORE"', NULL), ('unknown_attributes', 'true', NULL), ('unknown_attributes', '"unset"', NULL),
    ('base_url', '"https://a.example/scim/v2"', NULL), ('base_url', '"https://a.example/"', NULL), ('base_url', '1', NULL),
    ('base_path', '"/a"', NULL), ('base_path', '"a"', NULL), ('base_path', '"/a b"', NULL), ('base_path', '""', NULL)) AS v (name, value, resource_type);
SELECT pg_temp.try('max_results', '5', NULL, 3);
INSERT INTO set_a.setting (name) VALUES ('max_results');
INSERT INTO set_a.setting (name, value) VALUES ('max_results', '5');
INSERT INTO set_a.setting (name, value) VALUES ('max_results', '6');
UPDATE set_a.setting SET value = '0';
UPDATE set_a.setting SET name = 'nothing';
UPDATE set_a.setting SET value = '"7"';
SELECT name, resource_type, tenant_id, token_id, value FROM set_a.setting;
TRUNCATE set_a.setting;
SET scim.max_results = 0;
SET scim.max_patch_visits = 999;
SET scim.max_resource_size = 1023;
SET scim.empty_patch = 'perhaps';
SET scim.base_url = 'https://a.example/';

-- the order: session, token, tenant and type, tenant, type, store, default
CREATE FUNCTION pg_temp.holds(setting text) RETURNS TABLE (scope text, value jsonb, source text) LANGUAGE sql AS $$
    SELECT 'all', value, source FROM scim.settings() WHERE name = setting UNION ALL
    SELECT 'User', value, source FROM scim.settings('user') WHERE name = setting UNION ALL
    SELECT 'Group', value, source FROM scim.settings('Group') WHERE name = setting
$$;
SELECT * FROM pg_temp.holds('max_results');
INSERT INTO set_a.setting (name, value) VALUES ('max_results', '90');
SELECT * FROM pg_temp.holds('max_results');
INSERT INTO set_a.setting (name, resource_type, value) VALUES ('max_results', 'User', '50');
SELECT * FROM pg_temp.holds('max_results');
INSERT INTO set_a.setting (name, tenant_id, value) VALUES ('max_results', 2, '40');
SELECT * FROM pg_temp.holds('max_results');
SET scim.tenant = 2;
SELECT * FROM pg_temp.holds('max_results');
INSERT INTO set_a.setting (name, tenant_id, resource_type, value) VALUES ('max_results', 2, 'User', '30');
SELECT * FROM pg_temp.holds('max_results');
SET scim.max_results = 10;
SELECT * FROM pg_temp.holds('max_results');
RESET scim.max_results;
RESET scim.tenant;
-- an upper bound is capped by the row of the store, whatever comes before it
SET scim.max_results = 1000;
SELECT * FROM pg_temp.holds('max_results');
RESET scim.max_results;
UPDATE set_a.setting SET value = '20' WHERE resource_type IS NULL AND tenant_id IS NULL;
SELECT * FROM pg_temp.holds('max_results');
SET scim.tenant = 2;
SELECT * FROM pg_temp.holds('max_results');
RESET scim.tenant;
DELETE FROM set_a.setting WHERE resource_type IS NULL AND tenant_id IS NULL;
SET scim.max_results = 1000;
SELECT * FROM pg_temp.holds('max_results');
RESET scim.max_results;
-- what is no bound is not capped
INSERT INTO set_a.setting (name, value) VALUES ('cursor_timeout', '60'), ('unknown_attributes', '"ignore"');
SET scim.cursor_timeout = 7200;
SET scim.unknown_attributes = 'reject';
SELECT name, value, source FROM scim.settings() WHERE name IN ('cursor_timeout', 'unknown_attributes') ORDER BY 1;
RESET scim.cursor_timeout;
RESET scim.unknown_attributes;
DELETE FROM set_a.setting;

-- a rolled back row does not hold
BEGIN;
INSERT INTO set_a.setting (name, value) VALUES ('max_results', '90');
SAVEPOINT s;
UPDATE set_a.setting SET value = '80';
SELECT value FROM scim.settings() WHERE name = 'max_results';
ROLLBACK TO s;
SELECT value FROM scim.settings() WHERE name = 'max_results';
ROLLBACK;
SELECT value FROM scim.settings() WHERE name = 'max_results';

-- two stores side by side: page sizes, addresses, unknown attributes, limits
INSERT INTO set_a.setting (name, resource_type, value) VALUES
    ('max_results', NULL, '3'), ('max_results', 'Group', '2'), ('default_results', NULL, '1'), ('base_url', NULL, '"https://a.example/scim/v2"'),
    ('unknown_attributes', NULL, '"ignore"'), ('max_values', 'User', '1'), ('member_display', NULL, 'false'), ('patch_no_content', 'Group', 'true'),
    ('empty_patch', 'User', 'true'), ('create_on_absent', NULL, 'false'), ('max_bulk_operations', NULL, '1'), ('max_filter_nodes', NULL, '2'),
    ('max_body_size', NULL, '200'), ('max_body_depth', NULL, '5'), ('max_body_values', NULL, '12'), ('advertise_pagination', NULL, 'false'),
    ('max_schema_attributes', NULL, '2'), ('max_patch_operations', NULL, '2'), ('max_resource_size', 'Group', '1024');
INSERT INTO set_b.setting (name, value) VALUES ('base_url', '"https://b.example/b/scim/v2"'), ('max_results', '4');
CREATE FUNCTION pg_temp.ask(method text, target text, body text DEFAULT NULL) RETURNS TABLE (store text, status int, answer text) LANGUAGE plpgsql AS $$
BEGIN
    FOREACH store IN ARRAY ARRAY['set_a', 'set_b'] LOOP
        PERFORM set_config('scim.store', store, true);
        SELECT r.status, regexp_replace(coalesce(r.body, r.headers::text), '[0-9a-f]{8}-[0-9a-f-]{27}|[0-9T:.-]{20,}Z', '...', 'g')
            INTO status, answer FROM scim.request(method, target, '{"Content-Type": "application/scim+json"}', body) r;
        answer := coalesce(answer::jsonb ->> 'detail', answer::jsonb ->> 'totalResults', answer::jsonb #>> '{meta,location}', 'performed');
        RETURN NEXT;
    END LOOP;
END
$$;
SELECT * FROM pg_temp.ask('POST', '/Users', '{"userName": "u", "colour": "red"}');
SELECT * FROM pg_temp.ask('POST', '/Users', '{"userName": "v"}');
SELECT * FROM pg_temp.ask('POST', '/b/scim/v2/Users', '{"userName": "w"}');
SELECT * FROM pg_temp.ask('POST', '/scim/v2/Users', '{"userName": "x"}');
SELECT * FROM pg_temp.ask('POST', '/Users', '{"userName": "y", "emails": [{"value": "a@x"}, {"value": "b@x"}]}');
SELECT * FROM pg_temp.ask('GET', '/Users?filter=userName+eq+%22v%22');
SELECT * FROM pg_temp.ask('GET', '/Users?filter=userName+eq+%22u%22+or+userName+eq+%22v%22+or+userName+eq+%22w%22');
SELECT * FROM pg_temp.ask('POST', '/Bulk', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [{}, {}]}');
SELECT * FROM pg_temp.ask('POST', '/Users', '{"userName": "long", "title": "' || repeat('x', 200) || '"}');
SELECT * FROM pg_temp.ask('POST', '/Users', '{"a": [[[[[1]]]]]}');
SELECT * FROM pg_temp.ask('POST', '/Users', '{"a": [1,2,3,4,5,6,7,8,9,10,11,12]}');
SELECT store, status, answer FROM pg_temp.ask('GET', '/ServiceProviderConfig');
SET scim.store = 'set_a';
SELECT body::jsonb - ARRAY['schemas', 'authenticationSchemes', 'meta', 'sort', 'etag', 'patch', 'changePassword'] AS a FROM scim.request('GET', '/ServiceProviderConfig');
SET scim.store = 'set_b';
SELECT body::jsonb - ARRAY['schemas', 'authenticationSchemes', 'meta', 'sort', 'etag', 'patch', 'changePassword'] AS b FROM scim.request('GET', '/ServiceProviderConfig');
SET scim.store = 'set_a';
INSERT INTO set_a.users (data) SELECT jsonb_build_object('userName', 'n' || n) FROM generate_series(1, 9) n;
INSERT INTO set_b.users (data) SELECT jsonb_build_object('userName', 'n' || n) FROM generate_series(1, 9) n;
INSERT INTO set_a.groups (data) SELECT jsonb_build_object('displayName', 'n' || n) FROM generate_series(1, 9) n;
CREATE FUNCTION pg_temp.sizes(store text) RETURNS TABLE (target text, given jsonb) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('scim.store', store, true);
    FOREACH target IN ARRAY ARRAY['/Users', '/Users?count=1000', '/Groups', '/Groups?count=1000', '/?count=1000', '/Users?cursor=&count=3', '/Groups?cursor=&count=3'] LOOP
        SELECT coalesce(r.body::jsonb -> 'itemsPerPage', r.body::jsonb -> 'detail') INTO given FROM scim.request('GET', target) r;
        RETURN NEXT;
    END LOOP;
END
$$;
SELECT a.target, a.given AS a, b.given AS b FROM pg_temp.sizes('set_a') a JOIN pg_temp.sizes('set_b') b USING (target);
-- a PATCH: what each type and store has
SELECT id AS user_id FROM set_a.users WHERE user_name = 'n1' AND deleted_at IS NULL \gset
SELECT id AS group_id FROM set_a.groups WHERE display_name = 'n1' AND deleted_at IS NULL \gset
SELECT id AS other_id FROM set_b.users WHERE user_name = 'n1' AND deleted_at IS NULL \gset
\set patch '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": '
SELECT n, status, body::jsonb ->> 'detail' AS detail FROM (VALUES
    (1, '/Users/' || :'user_id', '[]}'), (2, '/Groups/' || :'group_id', '[]}'),
    (3, '/Groups/' || :'group_id', '[{"op": "replace", "path": "displayName", "value": "m1"}]}'),
    (4, '/Users/' || :'user_id', '[{"op": "replace", "path": "displayName", "value": "m1"}]}'),
    (5, '/Users/' || :'user_id', '[{"op": "add", "path": "emails[type eq \"work\"].value", "value": "a@x"}]}'),
    (6, '/Users/' || :'user_id', '[{"op": "add", "path": "title", "value": "1"}, {"op": "add", "path": "title", "value": "2"}, {"op": "remove", "path": "title"}]}'),
    (7, '/Users/' || :'user_id', '[{"op": "add", "path": "colour", "value": "red"}]}')) v (n, target, operations)
CROSS JOIN LATERAL scim.request('PATCH', target, '{"Content-Type": "application/scim+json"}', :'patch' || operations) ORDER BY n;
DELETE FROM set_a.setting WHERE name LIKE 'max_body%';
SELECT n, status, body::jsonb ->> 'detail' AS detail FROM (VALUES
    (5, '/Users/' || :'user_id', '[{"op": "add", "path": "emails[type eq \"work\"].value", "value": "a@x"}]}'),
    (6, '/Users/' || :'user_id', '[{"op": "add", "path": "title", "value": "1"}, {"op": "add", "path": "title", "value": "2"}, {"op": "remove", "path": "title"}]}')) v (n, target, operations)
CROSS JOIN LATERAL scim.request('PATCH', target, '{"Content-Type": "application/scim+json"}', :'patch' || operations) ORDER BY n;
SELECT scim.register_schema('{"id": "urn:x:s", "name": "s", "attributes": [{"name": "a"}, {"name": "b"}, {"name": "c"}]}') IS NOT NULL AS registered;
INSERT INTO set_a.schema (document) VALUES ('{"id": "urn:x:s", "name": "s", "attributes": [{"name": "a"}, {"name": "b"}, {"name": "c"}]}');
INSERT INTO set_b.schema (document) VALUES ('{"id": "urn:x:s", "name": "s", "attributes": [{"name": "a"}, {"name": "b"}, {"name": "c"}]}');
INSERT INTO set_a.groups (data) VALUES (jsonb_build_object('displayName', repeat('x', 1020)));
INSERT INTO set_b.groups (data) VALUES (jsonb_build_object('displayName', repeat('x', 1020)));
-- discovery, OpenAPI and JSON Schema show what holds
SELECT scim.openapi() #> '{servers,0,url}' AS url, scim.openapi() #> '{components,schemas,BulkRequest,properties,Operations,maxItems}' AS bulk;
SELECT scim.json_schema('User') -> 'additionalProperties' AS user_schema;
SET scim.store = 'set_b';
SELECT scim.openapi() #> '{servers,0,url}' AS url, scim.openapi() #> '{components,schemas,BulkRequest,properties,Operations,maxItems}' AS bulk;
SELECT scim.json_schema('User') -> 'additionalProperties' AS user_schema;
SET scim.store = 'set_a';
-- a write to the other store on the way, by a trigger, leaves the answer its own
CREATE FUNCTION set_a.copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM scim.store();
    INSERT INTO set_b.users (data) VALUES (jsonb_build_object('userName', NEW.user_name || '@b', 'emails', '[{"value": "a@x"}, {"value": "b@x"}]'::jsonb));
    RETURN NULL;
END
$$;
CREATE TRIGGER copy AFTER INSERT ON set_a.users FOR EACH ROW EXECUTE FUNCTION set_a.copy();
SELECT scim.create_resource('User', '{"userName": "traveller", "colour": "red"}') #>> '{meta,location}' LIKE 'https://a.example/scim/v2/Users/%' AS of_a;
SELECT scim.create_resource('User', '{"userName": "traveller2", "emails": [{"value": "a@x"}, {"value": "b@x"}]}');
INSERT INTO set_a.users (data) VALUES ('{"userName": "t3", "colour": "red"}'), ('{"userName": "t4", "colour": "red"}');
SELECT count(*) FROM set_b.users WHERE user_name IN ('t3@b', 't4@b');
DROP TRIGGER copy ON set_a.users;
-- a value of type scim.filter knows no store, only the session
SELECT 'a eq 1 and b eq 1 and c eq 1'::scim.filter;
SET scim.max_filter_nodes = 3;
SELECT 'a eq 1 and b eq 1 and c eq 1'::scim.filter;
RESET scim.max_filter_nodes;

-- the path of a row for base_url counts, unless there is something closer for base_path
CREATE FUNCTION pg_temp.served() RETURNS TABLE (target text, status int) LANGUAGE sql AS $$
    SELECT t, r.status FROM unnest(ARRAY['/scim/v2/Users', '/b/scim/v2/Users', '/x/v2/Users', '/y/Users', '/Users']) t, scim.request('GET', t) r
$$;
SET scim.store = 'set_b';
SELECT * FROM pg_temp.served();
INSERT INTO set_b.setting (name, value) VALUES ('base_path', '"/x/v2"');
SELECT * FROM pg_temp.served();
INSERT INTO set_b.setting (name, value, tenant_id) VALUES ('base_url', '"https://b.example/y"', 1);
SELECT * FROM pg_temp.served();
SET scim.base_path = '/scim/v2';
SELECT * FROM pg_temp.served();
RESET scim.base_path;
SET scim.base_url = 'https://session.example';
SELECT scim.create_resource('User', '{"userName": "session"}') #>> '{meta,location}' LIKE 'https://session.example/Users/%' AS of_session;
SET scim.base_url = '';
SELECT scim.create_resource('User', '{"userName": "empty"}') #>> '{meta,location}' LIKE '/Users/%' AS of_session;
RESET scim.base_url;

-- the rows of a token are for its requests only
SET scim.store = 'set_a';
DELETE FROM set_a.setting;
INSERT INTO set_a.token (hash, description) VALUES (sha256('another'), 'another');
INSERT INTO set_a.setting (name, token_id, value) SELECT 'max_results', id, '2' FROM set_a.token WHERE description = 'another';
SELECT * FROM pg_temp.holds('max_results');

-- who may: the owner everything, a tenant its own rows where it is granted
CREATE ROLE regress_scim_setter;
INSERT INTO set_a.tenant_role (role, tenant_id) VALUES ('regress_scim_setter', 1);
GRANT USAGE ON SCHEMA set_a TO regress_scim_setter;
SET ROLE regress_scim_setter;
SELECT * FROM set_a.setting;
SELECT value, source FROM scim.settings() WHERE name = 'max_results';
RESET ROLE;
GRANT SELECT, INSERT, UPDATE, DELETE ON set_a.setting TO regress_scim_setter;
SET ROLE regress_scim_setter;
SELECT name, tenant_id, value FROM set_a.setting ORDER BY value;
INSERT INTO set_a.setting (name, value) VALUES ('max_values', '1');
INSERT INTO set_a.setting (name, tenant_id, value) VALUES ('max_values', 2, '1');
INSERT INTO set_a.setting (name, tenant_id, value) VALUES ('max_values', 1, '1');
DELETE FROM set_a.setting WHERE name = 'max_results';
RESET ROLE;
SELECT name, tenant_id, token_id IS NOT NULL AS of_token, value FROM set_a.setting ORDER BY 1, 2, 4;
DROP OWNED BY regress_scim_setter;
DROP ROLE regress_scim_setter;
-- a tenant with settings stays
DELETE FROM set_a.tenant WHERE tenant_id = 2;

SELECT scim.drop_store('set_a', true);
SELECT scim.drop_store('set_b', true);
