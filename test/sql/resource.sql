-- Create, get, replace and delete by SQL (RFC 7644 sections 3.3 to 3.6).
SELECT scim.create_store('resources');
SET scim.store = 'resources';
SET scim.base_url = 'https://example.com/v2';
\pset format unaligned

-- What a client sends becomes what is stored: names as the schema has them, nothing
-- unassigned, nothing that is the server's to say
SELECT scim.create_resource('user', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "USERNAME": "bjensen", "externalId": "e1",
    "id": "mine", "meta": {"version": "mine"}, "groups": [{"value": "x"}], "password": "t1meMa$heen",
    "name": {"givenName": "Barbara", "familyName": "Jensen"}, "title": "", "nickName": null, "phoneNumbers": [],
    "emails": [{"value": "b@example.com", "type": "work", "primary": "True"}, {"value": "b@example.org"}]}') AS created \gset
SELECT :'created'::jsonb ->> 'id' AS id \gset
SELECT :'created'::jsonb - 'id' - 'meta' AS created;
SELECT meta - 'created' - 'lastModified' || jsonb_build_object('location', replace(meta ->> 'location', :'id', '<id>')) AS meta,
    meta -> 'created' = meta -> 'lastModified' AS new, (meta ->> 'created')::timestamptz BETWEEN now() - interval '1 minute' AND now() AS recent,
    meta ->> 'created' ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$' AS is_utc
FROM (SELECT :'created'::jsonb -> 'meta') t (meta);
SELECT scim.get_resource('User', :'id') = :'created'::jsonb AS same_as_created,
    scim.resource_json(u) = :'created'::jsonb AS same_as_row,
    scim.get_resource('USER', upper(:'id')) = :'created'::jsonb AS same_by_upper
FROM resources.users u;
SELECT user_name, external_id, display_name, active, status, version, data ? 'password' AS shows_password, deleted_at FROM resources.users;

-- The name is taken, whatever its letter case; what else does not fit
\set VERBOSITY terse
SELECT scim.create_resource('User', '{"userName": "BJensen"}');
SELECT scim.create_resource('User', '{"title": "no name"}');
SELECT scim.create_resource('User', '[]');
SELECT scim.create_resource('User', NULL);
SELECT scim.create_resource('Robot', '{}');
SELECT scim.create_resource(NULL, '{}');
SELECT scim.create_resource('User', '{"userName": {"a": 1}}');
SELECT scim.create_resource('User', '{"userName": "p", "emails": [{"value": "a", "primary": true}, {"value": "b", "primary": true}]}');

-- What the errors are, for a program: SQLSTATE and scimType
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE detail text;
BEGIN
    EXECUTE statement;
    RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN concat_ws(' ', sqlstate, detail);
END $$;
SELECT what, pg_temp.try(format(statement, :'id')) FROM (VALUES
    (1, 'duplicate', $$SELECT scim.create_resource('User', '{"userName": "BJENSEN"}')$$),
    (2, 'no name', $$SELECT scim.create_resource('User', '{}')$$),
    (3, 'not an object', $$SELECT scim.create_resource('User', '3')$$),
    (4, 'wrong type', $$SELECT scim.create_resource('User', '{"userName": "x", "active": "perhaps"}')$$),
    (5, 'get: no uuid', $$SELECT scim.get_resource('User', 'x')$$),
    (6, 'get: empty', $$SELECT scim.get_resource('User', '')$$),
    (7, 'get: unknown id', $$SELECT scim.get_resource('User', '00000000-0000-7000-8000-000000000000')$$),
    (8, 'get: other type', $$SELECT scim.get_resource('Group', '%s')$$),
    (9, 'get: braces', $$SELECT scim.get_resource('User', '{%s}')$$),
    (10, 'replace: unknown id', $$SELECT scim.replace_resource('User', '00000000-0000-7000-8000-000000000000', '{"userName": "x"}')$$),
    (11, 'patch: unknown id', $$SELECT scim.patch_resource('User', '00000000-0000-7000-8000-000000000000', '[]')$$),
    (12, 'delete: unknown id', $$SELECT scim.delete_resource('User', '00000000-0000-7000-8000-000000000000')$$),
    (13, 'delete: other type', $$SELECT scim.delete_resource('Group', '%s')$$),
    (14, 'replace: no name', $$SELECT scim.replace_resource('User', '%s', '{"title": "x"}')$$),
    (15, 'replace: version', $$SELECT scim.replace_resource('User', '%s', '{"userName": "x"}', 'W/"2"')$$),
    (16, 'delete: version', $$SELECT scim.delete_resource('User', '%s', 'W/"2"')$$),
    (17, 'patch: version', $$SELECT scim.patch_resource('User', '%s', '[]', 'W/"2"')$$),
    (18, 'get: both lists', $$SELECT scim.get_resource('User', '%s', 'userName', 'title')$$),
    (19, 'get: bad attribute', $$SELECT scim.get_resource('User', '%s', 'a]b')$$)) t (n, what, statement) ORDER BY n;
SELECT scim.get_resource('User', :'id') = :'created'::jsonb AS nothing_changed;

-- attributes and excluded_attributes (RFC 7644 section 3.9): schemas and id always, password never
SELECT attributes, scim.get_resource('User', :'id', attributes) - 'schemas' - 'id' AS resource, scim.get_resource('User', :'id', attributes) ?& '{schemas,id}' AS always
FROM unnest(ARRAY['userName', 'USERNAME , title', 'name.givenName', 'name,name.givenName', 'emails.value', 'emails.type', 'meta.version', 'password', 'nope', 'id',
    'urn:ietf:params:scim:schemas:core:2.0:User:userName', 'urn:ietf:params:scim:schemas:core:2.0:User:name.familyName', 'phoneNumbers', 'emails.nope', 'emails.display'])
    WITH ORDINALITY t (attributes, n) ORDER BY n;
SELECT scim.get_resource('User', :'id', '') = :'created'::jsonb AND scim.get_resource('User', :'id', ' , ') = :'created'::jsonb AS empty_is_none;
SELECT excluded, scim.get_resource('User', :'id', NULL, excluded) - 'id' - 'meta' AS resource, scim.get_resource('User', :'id', NULL, excluded) ?& '{schemas,id}' AS always
FROM unnest(ARRAY['name,emails', 'name.givenName,emails', 'emails.primary,emails.type,name', 'id,schemas,emails,name', 'ID,externalid,name,emails', 'nope', 'emails.value,emails.type,emails.primary,name',
    'urn:ietf:params:scim:schemas:core:2.0:User']) WITH ORDINALITY t (excluded, n) ORDER BY n;
SELECT scim.get_resource('User', :'id', NULL, 'meta.created,meta.lastModified,meta.location') -> 'meta' AS meta, scim.get_resource('User', :'id', NULL, 'meta') ? 'meta' AS has_meta;
-- of an extension
SELECT scim.create_resource('User', '{"userName": "ext", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Tours", "manager": {"value": "26118915-6090-4610-87e4-49d8ca9f808d", "displayName": "John"}}}') ->> 'id' AS ext \gset
SELECT attributes, scim.get_resource('User', :'ext', attributes) - 'schemas' - 'id' AS resource FROM unnest(ARRAY[
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value',
    'department', 'userName']) WITH ORDINALITY t (attributes, n) ORDER BY n;
SELECT excluded, scim.get_resource('User', :'ext', NULL, excluded) - 'schemas' - 'id' - 'meta' AS resource FROM unnest(ARRAY[
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department', 'manager', 'department,manager']) WITH ORDINALITY t (excluded, n) ORDER BY n;

-- PUT: what is not stated is cleared; id, meta and groups are ignored; versions count
CREATE FUNCTION pg_temp.state(id text) RETURNS text LANGUAGE sql AS
$$ SELECT version || CASE WHEN last_modified >= now() THEN ' now' WHEN last_modified = created THEN ' as created' ELSE ' earlier' END FROM resources.resource r WHERE r.id::text = state.id $$;
SELECT scim.replace_resource('User', :'id', :'created'::jsonb) = :'created'::jsonb AS same_document_changes_nothing, pg_temp.state(:'id');
SELECT scim.replace_resource('User', :'id', '{"userName": "bjensen", "displayName": "Babs", "active": true, "id": "x", "groups": [], "meta": null}') - 'id' - 'meta' AS replaced;
SELECT pg_temp.state(:'id');
BEGIN;
SELECT scim.replace_resource('User', :'id', '{"userName": "bjensen", "displayName": "Babs", "active": false}') -> 'active' AS active, pg_temp.state(:'id');
-- a second change in the same transaction moves the version again
SELECT scim.replace_resource('User', :'id', '{"userName": "BJensen"}') ->> 'userName' AS user_name, pg_temp.state(:'id');
SELECT scim.replace_resource('User', :'id', '{"userName": "BJensen"}') ->> 'userName' AS user_name, pg_temp.state(:'id');
COMMIT;
SELECT scim.get_resource('User', :'id') - 'id' - 'meta' AS now, status, pg_temp.state(:'id') FROM resources.users WHERE id = :'id';
SELECT scim.replace_resource('User', :'id', '{"userName": "EXT"}');
-- a password that is not stated stays
SELECT count(*) AS passwords, min(secret) LIKE 'SCRAM-SHA-256$%' AS hashed FROM resources.credential;
-- raw SQL goes through the same door: no change, no version
UPDATE resources.users SET data = data WHERE id = :'id';
SELECT pg_temp.state(:'id');
UPDATE resources.users SET display_name = 'Raw' WHERE id = :'id';
SELECT version, data ->> 'displayName' AS display_name FROM resources.users WHERE id = :'id';
UPDATE resources.users SET data = data - 'displayName' WHERE id = :'id';
SELECT version, display_name FROM resources.users WHERE id = :'id';

-- If-Match: a list, "*", weak or not; the version is now 6
SELECT if_match, pg_temp.try(format($$SELECT scim.patch_resource('User', %L, '[{"op": "add", "path": "userName", "value": "BJensen"}]', %L)$$, :'id', if_match)) AS result
FROM unnest(ARRAY[NULL, 'W/"6"', '"6"', '6', 'w/"6"', '*', 'W/"1", W/"6"', 'W/"1","6"', ' W/"6" ', 'W/"5"', '"66"', 'W/"6', '', ',', '"*"', 'W/"1" W/"2"', '06', 'W/6', 'x'])
    WITH ORDINALITY t (if_match, n) ORDER BY n;
SELECT pg_temp.state(:'id') LIKE '6 %' AS unchanged;
SELECT scim.replace_resource('User', :'id', '{"userName": "bj"}', 'W/"6"') #>> '{meta,version}' AS version;

-- DELETE: afterwards it is not there, and its name and its place are free
SELECT pg_temp.try(format($$SELECT scim.delete_resource('User', '%s', 'W/"6"')$$, :'id'));
SELECT scim.delete_resource('User', :'id', '"7"');
SELECT pg_temp.try(format(statement, :'id')) FROM unnest(ARRAY[$$SELECT scim.get_resource('User', '%s')$$, $$SELECT scim.delete_resource('User', '%s')$$,
    $$SELECT scim.delete_resource('User', '%s', '*')$$, $$SELECT scim.replace_resource('User', '%s', '{"userName": "bj"}')$$, $$SELECT scim.patch_resource('User', '%s', '[]')$$]) t (statement);
SELECT scim.search('User', 'userName eq "bj" or id eq "' || :'id' || '"') -> 'totalResults' AS found;
SELECT scim.create_resource('User', '{"userName": "BJ"}') ->> 'userName' AS user_name;
-- the policy keeps the row; brought back, its name is taken
SELECT user_name, status, deleted_at IS NOT NULL AS deleted FROM resources.users WHERE id = :'id';
SELECT pg_temp.try(format($$SELECT scim.restore_resource('User', '%s')$$, :'id'));
-- with another policy it goes for good
UPDATE resources.policy SET settings = '{"mode": "hard"}' WHERE resource_type = 'User' AND kind = 'delete';
SELECT scim.delete_resource('User', :'ext');
SELECT count(*) AS rows FROM resources.users WHERE id = :'ext';

-- scim.resource_json is for rows of a store
SELECT scim.resource_json(t) FROM (SELECT 1 AS a) t;
SELECT scim.resource_json(u) FROM (SELECT * FROM resources.users) u;
SELECT scim.resource_json(p) FROM resources.policy p LIMIT 1;
CREATE TABLE resources.lookalike (tenant_id text, resource_type text, id text, data text, version text, created text, last_modified text);
INSERT INTO resources.lookalike VALUES ('1', 'User', '2', '3', '4', '5', '6');
SELECT scim.resource_json(l) FROM resources.lookalike l;
SELECT scim.resource_json(NULL::resources.users) IS NULL AS null_for_null;

RESET scim.base_url;
RESET scim.store;
SET client_min_messages = warning;
SELECT scim.drop_store('resources', true);
