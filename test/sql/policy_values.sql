-- Policies that make values, or keep them: default, fixed, generate; and those about errors and bodies: violation, schemas
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('made');
SET scim.store = 'made';
INSERT INTO made.tenant VALUES (2, 'two');
\set ent urn:ietf:params:scim:schemas:extension:enterprise:2.0:User
CREATE FUNCTION pg_temp.patch(who text, ops jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM scim.patch_resource('User', u.id, ops) FROM made.users u WHERE u.user_name = who AND u.deleted_at IS NULL;
    RETURN 'ok';
EXCEPTION
    WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;
CREATE FUNCTION pg_temp.policy(kind text, settings text, type text DEFAULT 'User') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM made.policy p WHERE p.name = 'try';
    INSERT INTO made.policy (resource_type, kind, name, settings) VALUES (type, kind, 'try', settings::jsonb);
    RETURN 'ok';
EXCEPTION
    WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;

--
-- default: a value where none is sent
--
INSERT INTO made.policy (resource_type, kind, settings) VALUES
    ('User', 'default', '{"attributes": {"roles": ["member"], "name.honorificPrefix": "Dear", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:organization": "Acme", "active": "True"}}');
INSERT INTO made.users (data) VALUES ('{"userName": "plain"}') RETURNING active, data;
COPY made.users (data) FROM stdin;
{"userName": "copied", "roles": "publisher", "active": false, "name": {"honorificPrefix": "Dr"}}
{"userName": "emptied", "roles": [], "name": null}
\.
SELECT user_name, active, data - 'userName' - 'schemas' AS data FROM made.users WHERE user_name IN ('copied', 'emptied') ORDER BY 1;
SELECT scim.create_resource('User', '{"userName": "called", "organization": "Mine"}') -> :'ent' AS enterprise;
-- later writes may leave it out
SELECT scim.replace_resource('User', id, '{"userName": "plain"}') - 'id' - 'meta' AS replaced FROM made.users WHERE user_name = 'plain';
-- what is required and has a default need not be sent; what is wrong is wrong
SELECT scim.register_schema((SELECT jsonb_set(document, '{attributes}', (SELECT jsonb_agg(CASE WHEN a ->> 'name' IN ('title', 'displayName') THEN a || '{"required": true}' ELSE a END) FROM jsonb_array_elements(document -> 'attributes') a)) FROM made.schema WHERE id = 'urn:ietf:params:scim:schemas:core:2.0:User'), true) IS NULL AS done;
INSERT INTO made.users (data) VALUES ('{"userName": "untitled"}');
INSERT INTO made.policy (resource_type, kind, name, settings) VALUES ('User', 'default', 'title', '{"attributes": {"title": "Employee"}}'),
    ('User', 'generate', 'display', '{"attributes": {"displayName": "{nickName|name.givenName} {name.familyName|userName}"}}');
INSERT INTO made.users (data) VALUES ('{"userName": "untitled"}') RETURNING display_name, data ->> 'title' AS title;
INSERT INTO made.users (data) VALUES ('{"userName": "mistaken", "title": 5}');
INSERT INTO made.users (data) VALUES ('{"userName": "mistaken", "emails": [{"value": 5}]}');
SELECT * FROM scim.validate('User', '{"userName": "untitled"}');
SELECT * FROM scim.validate('User', '{"title": "x"}');
-- what cannot be a default
SELECT s, pg_temp.policy('default', s) FROM unnest(ARRAY['{}', '{"attributes": []}', '{"attributes": {}}', '{"attributes": {"rolls": "x"}}', '{"attributes": {"active": "perhaps"}}',
    '{"attributes": {"title": null}}', '{"attributes": {"emails.value": "a@b.c"}}', '{"attributes": {"id": "x"}}', '{"attributes": {"groups": "x"}}', '{"attributes": {"password": "x"}}',
    '{"attributes": {"meta.version": "x"}}', '{"attributes": {"title": "x"}, "on": "create"}', '{"attributes": {"name": {"givenName": "x", "middle": "y"}}}', '{"attributes": {"emails": {"value": "nobody@example.com"}}}']) s;
SELECT pg_temp.policy('default', '{"attributes": {"members": [{"value": "x"}]}}', 'Group');

--
-- generate: kept equal at each write; what clients say is ignored
--
INSERT INTO made.users (data) VALUES ('{"userName": "kim", "displayName": "King Kim", "name": {"givenName": "Kim", "familyName": "Lee"}}') RETURNING display_name;
INSERT INTO made.users (display_name, data) VALUES ('King', '{"userName": "nick", "nickName": "Nick", "name": {"givenName": "Nicolas"}}') RETURNING display_name, data ->> 'displayName' AS said;
SELECT pg_temp.patch('kim', '[{"op": "replace", "path": "displayName", "value": "X"}]');
SELECT display_name, version FROM made.users WHERE user_name = 'kim';
UPDATE made.users SET display_name = 'Y' WHERE user_name = 'kim' RETURNING display_name, version;
SELECT pg_temp.patch('kim', '[{"op": "remove", "path": "displayName"}, {"op": "replace", "path": "nickName", "value": "Kiki"}]');
SELECT display_name, version FROM made.users WHERE user_name = 'kim';
SELECT scim.replace_resource('User', id, '{"userName": "kim", "title": "Boss", "name": {"familyName": "Park"}, "displayName": "Z"}') ->> 'displayName' AS display_name FROM made.users WHERE user_name = 'kim';
UPDATE made.users SET data = jsonb_set(data, '{name,givenName}', '"Ann"') WHERE user_name = 'kim' RETURNING display_name;
-- the index finds what was made
SELECT scim.search('User', 'displayName eq "ann park"') -> 'totalResults' AS found;
-- of several values the primary one; numbers and booleans; braces; an extension; one that builds on another
INSERT INTO made.policy (resource_type, kind, name, settings) VALUES
    ('User', 'generate', 'z1', '{"attributes": {"profileUrl": "x:{userName}", "name.formatted": "{{{displayName}}} <{emails}>, {active}", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:division": "{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department}"}}');
UPDATE made.policy SET settings = settings #- '{attributes,profileUrl}' WHERE name = 'z1';
INSERT INTO made.policy (resource_type, kind, name, settings) VALUES
    ('User', 'generate', 'z1', '{"attributes": {"name.formatted": "{{{displayName}}} <{emails}>, {active}", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:division": "{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department}"}}');
INSERT INTO made.users (data) VALUES ('{"userName": "many", "emails": ["a@x.org", {"value": "b@x.org", "primary": true}], "department": "Sales"}') RETURNING data -> 'name' AS name, data -> :'ent' AS enterprise;
SELECT pg_temp.patch('many', '[{"op": "remove", "path": "emails"}, {"op": "remove", "path": "department"}]');
SELECT data -> 'name' AS name, data -> :'ent' AS enterprise FROM made.users WHERE user_name = 'many';
SELECT s, pg_temp.policy('generate', s) FROM unnest(ARRAY['{"attributes": {"title": "x"}}', '{"attributes": {"title": "{userName"}}', '{"attributes": {"title": "userName}"}}', '{"attributes": {"title": "{}"}}',
    '{"attributes": {"title": "{usrName}"}}', '{"attributes": {"title": "{title}"}}', '{"attributes": {"title": "{nickName}", "nickName": "{userName}"}}', '{"attributes": {"active": "{userName}"}}', '{"attributes": {"emails.value": "{userName}"}}',
    '{"attributes": {"title": 5}}', '{"attributes": {"title": "{password}"}}', '{"attributes": {"title": "{id}"}}', '{"attributes": {"title": "{name}"}}', '{"attributes": {"title": "{emails}"}}', '{"attributes": {"name": "{userName}"}}']) s;
-- another tenant, another rule
DELETE FROM made.policy WHERE name = 'try';
INSERT INTO made.policy (tenant_id, resource_type, kind, name, settings) VALUES (2, 'User', 'generate', 'display', '{"attributes": {"displayName": "{userName}"}}');
INSERT INTO made.users (tenant_id, data) VALUES (2, '{"userName": "other", "nickName": "O"}') RETURNING display_name;
DELETE FROM made.policy WHERE name IN ('z1', 'try');

--
-- fixed: clients do not change it
--
INSERT INTO made.policy (resource_type, kind, name, settings) VALUES
    ('User', 'fixed', 'f1', '{"attributes": ["name.familyName", "externalId"], "on": "ignore"}'),
    ('User', 'fixed', 'f2', '{"attributes": ["emails", "userType"]}');
SELECT scim.create_resource('User', '{"userName": "fix", "externalId": "E", "userType": "T", "emails": ["fix@x.org"], "name": {"familyName": "Fox"}}') ->> 'displayName' AS created;
SELECT p, pg_temp.patch('fix', p) FROM unnest(ARRAY['[{"op": "replace", "path": "userType", "value": "U"}]', '[{"op": "remove", "path": "userType"}]', '[{"op": "add", "path": "emails", "value": "f@x.org"}]',
    '[{"op": "replace", "path": "userType", "value": "T"}, {"op": "replace", "path": "locale", "value": "de"}]',
    '[{"op": "replace", "path": "name.familyName", "value": "Foxx"}, {"op": "replace", "path": "externalId", "value": "F"}, {"op": "replace", "path": "locale", "value": "fr"}]', '[{"op": "remove", "path": "name"}]']::jsonb[]) p;
SELECT external_id, version, data - 'schemas' AS data FROM made.users WHERE user_name = 'fix';
SELECT r.status, body::jsonb ->> 'scimType' AS scim_type FROM made.users u, scim.request('PUT', '/Users/' || u.id, '{}', '{"userName": "fix", "userType": "V", "emails": ["fix@x.org"], "title": "t"}') r WHERE u.user_name = 'fix';
SELECT r.status, body::jsonb ->> 'externalId' AS external_id FROM made.users u, scim.request('PUT', '/Users/' || u.id, '{}', '{"userName": "fix", "userType": "T", "emails": ["fix@x.org"], "title": "t"}') r WHERE u.user_name = 'fix';
-- plain SQL is no client, a trigger of one's own in a client's write neither
UPDATE made.users SET external_id = 'SQL', data = data || '{"userType": "S"}' WHERE user_name = 'fix' RETURNING external_id, data ->> 'userType' AS user_type;
CREATE FUNCTION made.follow() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.data ->> 'locale' = 'xx' AND NEW.data ->> 'userType' <> 'X' THEN
        UPDATE made.users SET data = data || '{"userType": "X"}' WHERE tenant_id = NEW.tenant_id AND id = NEW.id;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER follow AFTER UPDATE ON made.users FOR EACH ROW EXECUTE FUNCTION made.follow();
SELECT pg_temp.patch('fix', '[{"op": "replace", "path": "locale", "value": "xx"}]');
SELECT data ->> 'userType' AS user_type FROM made.users WHERE user_name = 'fix';
DROP TRIGGER follow ON made.users;
-- unless it says everybody
UPDATE made.policy SET settings = settings || '{"writers": "everybody"}' WHERE kind = 'fixed';
UPDATE made.users SET data = data || '{"userType": "Z"}' WHERE user_name = 'fix';
UPDATE made.users SET external_id = 'Z', active = false WHERE user_name = 'fix' RETURNING external_id, active;
DELETE FROM made.users WHERE user_name = 'fix' RETURNING user_name;
SELECT s, pg_temp.policy('fixed', s) FROM unnest(ARRAY['{}', '{"attributes": {}}', '{"attributes": []}', '{"attributes": ["x"]}', '{"attributes": [1]}', '{"attributes": ["title"], "on": "warn"}', '{"attributes": ["title"], "writers": "nobody"}', '{"attributes": ["emails.value"]}', '{"attributes": ["meta"]}']) s;
DELETE FROM made.policy WHERE kind = 'fixed';

--
-- violation: what the error is where the schema is not obeyed
--
INSERT INTO made.policy (resource_type, kind, settings) VALUES
    ('User', 'violation', '{"attributes": {"emails": {"status": 422}, "title": {"status": 422, "scimType": "tooOdd"}, "name.givenName": {"scimType": "invalidSyntax"}, "active": {"status": 409}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager": {"status": 404, "scimType": "noTarget"}}}');
SELECT b, status, body::jsonb ->> 'scimType' AS scim_type, body::jsonb ->> 'status' AS said FROM unnest(ARRAY['{"userName": "v", "emails": 5}', '{"userName": "v", "emails": [{"valu": "x"}]}', '{"userName": "v", "emails": [{"primary": "x"}]}', '{"userName": "v", "title": []}', '{"userName": "v", "title": [1]}',
    '{"userName": "v", "name": {"givenName": 5}}', '{"userName": "v", "active": "perhaps"}', '{"userName": "v", "manager": 5}', '{"userName": 5}', '{"userName": "v", "name": 5}']) b, scim.request('POST', '/Users', '{}', b);
SELECT path, scim_type FROM scim.validate('User', '{"userName": "v", "title": {"x": 1}}');
DO $$
DECLARE
    type text;
BEGIN
    INSERT INTO made.users (data) VALUES ('{"userName": "w", "title": {"x": 1}}');
EXCEPTION
    WHEN SQLSTATE 'SC422' THEN
        GET STACKED DIAGNOSTICS type = PG_DATATYPE_NAME;
        RAISE WARNING '% %', SQLERRM, type;
END
$$;
SELECT o ->> 'status' AS status, o -> 'response' ->> 'scimType' AS scim_type
FROM jsonb_array_elements(scim.bulk('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [{"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "v", "title": {"x": 1}}}]}') -> 'Operations') o;
SELECT s, pg_temp.policy('violation', s) FROM unnest(ARRAY['{}', '{"attributes": {"title": 422}}', '{"attributes": {"title": {"x": 1}}}', '{"attributes": {"title": {"status": 200}}}', '{"attributes": {"title": {"status": "422"}}}', '{"attributes": {"title": {"scimType": "a b"}}}', '{"attributes": {"tittle": {"status": 422}}}', '{"attributes": {"title": {"status": 422, "detail": "x"}}}']) s;
DELETE FROM made.policy WHERE kind = 'violation';

--
-- schemas: must be in bodies
--
INSERT INTO made.policy (resource_type, kind, settings) VALUES ('User', 'schemas', '{"required": true}');
SELECT b, status, body::jsonb ->> 'scimType' AS scim_type FROM unnest(ARRAY['{"userName": "s1"}', '{"schemas": [], "userName": "s2"}', '{"Schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "s3"}']) b, scim.request('POST', '/Users', '{}', b);
SELECT m, b, r.status FROM made.users u, (VALUES ('PUT', '{"userName": "s3"}'), ('PATCH', '{"Operations": [{"op": "replace", "path": "title", "value": "t"}]}'),
    ('PATCH', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "title", "value": "t"}]}')) v (m, b), scim.request(m, '/Users/' || u.id, '{}', b) r WHERE u.user_name = 's3';
SELECT scim.create_resource('User', '{"userName": "s4"}');
INSERT INTO made.users (data) VALUES ('{"userName": "s5"}') RETURNING user_name;
SELECT s, pg_temp.policy('schemas', s) FROM unnest(ARRAY['{}']) s;
UPDATE made.policy SET settings = '{"required": "yes"}' WHERE kind = 'schemas';
-- a change of schemas leaves them what they name
SELECT scim.register_schema((SELECT jsonb_set(document, '{attributes}', (SELECT jsonb_agg(a) FROM jsonb_array_elements(document -> 'attributes') a WHERE a ->> 'name' <> 'nickName')) FROM made.schema WHERE id = 'urn:ietf:params:scim:schemas:core:2.0:User'));
SELECT scim.drop_store('made', true);
