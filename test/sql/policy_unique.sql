-- The policy "unique", and "onDelete" of the policy "reference"
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('uni');
SET scim.store = 'uni';
INSERT INTO uni.tenant VALUES (2, 'two');
CREATE FUNCTION pg_temp.try(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    detail text;
BEGIN
    EXECUTE query;
    RETURN 'ok';
EXCEPTION
    WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
        RETURN concat_ws(' ', SQLSTATE, SQLERRM, CASE SQLSTATE WHEN '23505' THEN regexp_replace(detail, '01[0-9a-f]{6}-[0-9a-f-]{27}', 'another', 'g') END);
END
$$;
CREATE FUNCTION pg_temp.add(document text, tenant int DEFAULT 1) RETURNS text LANGUAGE sql AS $$
SELECT pg_temp.try(format('INSERT INTO uni.users (tenant_id, data) VALUES (%s, %L)', tenant, document))
$$;
CREATE FUNCTION pg_temp.policy(settings text, kind text DEFAULT 'unique', type text DEFAULT 'User') RETURNS text LANGUAGE sql AS $$
SELECT pg_temp.try(format('INSERT INTO uni.policy (resource_type, kind, name, settings) VALUES (%L, %L, ''try'', %L) ON CONFLICT (tenant_id, resource_type, kind, name) DO UPDATE SET settings = EXCLUDED.settings', type, kind, settings))
$$;

--
-- unique: refused with the list of doubles where it comes later
--
INSERT INTO uni.users (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"userName": "a", "externalId": "E1", "emails": [{"value": "A@x.org", "primary": true}, {"value": "shared@x.org"}]}'),
    ('00000000-0000-7000-8000-000000000002', '{"userName": "b", "externalId": "E1", "emails": ["a@X.org"]}'), ('00000000-0000-7000-8000-000000000003', '{"userName": "c", "externalId": "e1", "emails": ["c@x.org", "shared@x.org"]}');
SELECT pg_temp.policy('{"attributes": ["emails.value", "externalId"], "primary": true}');
UPDATE uni.users SET data = data || '{"externalId": "E2", "emails": ["b@x.org"]}' WHERE user_name = 'b';
SELECT pg_temp.policy('{"attributes": ["emails.value", "externalId"], "primary": true}');
SELECT attribute, value, resource_id FROM uni.unique_value ORDER BY 1, 2;
-- of the primary value only, which is the one that says so, or the only one; externalId by caseExact
SELECT pg_temp.add('{"userName": "d", "emails": ["B@X.ORG"]}'), pg_temp.add('{"userName": "d", "emails": [{"value": "a@x.org", "primary": true}, "z@x.org"]}'), pg_temp.add('{"userName": "d", "externalId": "E1"}'), pg_temp.add('{"userName": "d", "emails": ["a@x.org", "b@x.org"], "externalId": "E9"}');
SELECT status, body::jsonb ->> 'scimType' AS scim_type, body::jsonb ->> 'detail' AS detail FROM scim.request('POST', '/Users', '{}', '{"userName": "e", "emails": "b@x.org"}');
COPY uni.users (data) FROM stdin;
{"userName": "f", "externalId": "E1"}
\.
SELECT pg_temp.try('UPDATE uni.users SET external_id = ''E2'' WHERE user_name = ''a'''), pg_temp.try($$SELECT scim.patch_resource('User', '00000000-0000-7000-8000-000000000003', '[{"op": "replace", "path": "emails[value eq \"c@x.org\"].primary", "value": true}]')$$),
    pg_temp.try($$SELECT scim.patch_resource('User', '00000000-0000-7000-8000-000000000003', '[{"op": "replace", "path": "emails[value eq \"c@x.org\"].value", "value": "b@x.org"}]')$$);
-- another tenant has its own; who is gone leaves his to others, and may not come back to them
SELECT pg_temp.add('{"userName": "a", "externalId": "E1"}', 2);
DELETE FROM uni.users WHERE user_name = 'b' AND tenant_id = 1;
SELECT pg_temp.add('{"userName": "g", "externalId": "E2"}'), pg_temp.try($$SELECT scim.restore_resource('User', '00000000-0000-7000-8000-000000000002')$$);
-- changed: of all values, of all tenants; switched off, changed again, and gone
SELECT pg_temp.policy('{"attributes": ["emails"]}');
SELECT pg_temp.policy('{"attributes": ["externalId"], "scope": "global"}');
UPDATE uni.users SET external_id = 'E3' WHERE tenant_id = 2;
SELECT pg_temp.policy('{"attributes": ["externalId"], "scope": "global"}');
SELECT pg_temp.add('{"userName": "h", "externalId": "E1"}', 2), pg_temp.add('{"userName": "h", "externalId": "E3"}', 1);
INSERT INTO uni.policy (tenant_id, resource_type, kind, name, enabled, settings) VALUES (2, 'User', 'unique', 'try', false, '{"attributes": ["externalId"]}');
SELECT pg_temp.add('{"userName": "h", "externalId": "E1"}', 2), count(*) FROM uni.unique_value GROUP BY 1;
DELETE FROM uni.policy WHERE tenant_id = 2;
UPDATE uni.users SET external_id = 'E4' WHERE tenant_id = 2 AND user_name = 'h';
DELETE FROM uni.policy WHERE tenant_id = 2;
UPDATE uni.policy SET enabled = false WHERE name = 'try';
SELECT count(*) FROM uni.unique_value;
SELECT pg_temp.add('{"userName": "i", "externalId": "E1"}');
UPDATE uni.policy SET enabled = true WHERE name = 'try';
DELETE FROM uni.users WHERE user_name = 'i';
UPDATE uni.policy SET enabled = true WHERE name = 'try';
UPDATE uni.policy SET kind = 'canonical', settings = '{}' WHERE name = 'try';
SELECT count(*) FROM uni.unique_value;
-- beside what the schema says, an attribute of an extension and two policies at a time
INSERT INTO uni.policy (resource_type, kind, name, settings) VALUES ('User', 'unique', 'u1', '{"attributes": ["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber"]}'), ('User', 'unique', 'u2', '{"attributes": ["name.formatted", "userName"]}'), ('Group', 'unique', 'u1', '{"attributes": ["displayName"]}');
SELECT pg_temp.add('{"userName": "j", "employeeNumber": "7", "name": {"formatted": "7"}}'), pg_temp.add('{"userName": "k", "employeeNumber": "7"}'), pg_temp.add('{"userName": "k", "name": {"formatted": "7"}}'), pg_temp.try($$INSERT INTO uni.groups (data) VALUES ('{"displayName": "g"}'), ('{"displayName": "G"}')$$);
-- the table agrees, and nobody meddles with it
SELECT pg_temp.try('DELETE FROM uni.unique_value'), pg_temp.try('INSERT INTO uni.unique_value SELECT tenant_id, resource_type, attribute, value || ''x'', resource_id FROM uni.unique_value LIMIT 1');
-- a change of the schema keeps both
SELECT scim.register_schema((SELECT jsonb_set(document, '{attributes}', (SELECT jsonb_agg(CASE WHEN a ->> 'name' = 'nickName' THEN a || '{"uniqueness": "server"}' ELSE a END) FROM jsonb_array_elements(document -> 'attributes') a)) FROM uni.schema WHERE id = 'urn:ietf:params:scim:schemas:core:2.0:User')) IS NOT NULL AS done;
SELECT attribute, count(*) FROM uni.unique_value GROUP BY 1 ORDER BY 1;
SELECT s, pg_temp.policy(s) FROM unnest(ARRAY['{}', '{"attributes": "title"}', '{"attributes": []}', '{"attributes": ["tittle"]}', '{"attributes": ["password"]}', '{"attributes": ["name"]}', '{"attributes": ["id"]}', '{"attributes": ["title"], "primary": 1}', '{"attributes": ["title"], "scope": "tenant"}', '{"attributes": ["groups"]}']) s;
TRUNCATE uni.policy;
SELECT attribute, count(*) FROM uni.unique_value GROUP BY 1 ORDER BY 1;

--
-- onDelete
--
SELECT scim.register_schema('{"id": "urn:example:Package", "name": "Package", "attributes": [{"name": "name", "type": "string"}]}') IS NOT NULL
    AND scim.register_resource_type('{"name": "Package", "endpoint": "/Packages", "schema": "urn:example:Package"}') IS NOT NULL
    AND scim.register_schema('{"id": "urn:example:Staff", "name": "Staff", "attributes": [{"name": "packageId", "type": "string"}, {"name": "boxes", "type": "reference", "referenceTypes": ["Package"], "multiValued": true}, {"name": "seat", "type": "string", "required": true}, {"name": "desk", "type": "string", "mutability": "immutable"}]}') IS NOT NULL AS done;
UPDATE uni.resource_type SET document = jsonb_set(document, '{schemaExtensions}', document -> 'schemaExtensions' || '[{"schema": "urn:example:Staff", "required": false}]') WHERE name = 'User';
INSERT INTO uni.policy (resource_type, kind, settings) VALUES ('User', 'audit', '{}'), ('User', 'delete', '{"mode": "retain"}');
INSERT INTO uni.packages (id, data) SELECT ('00000000-0000-7000-8000-0000000000a' || i)::uuid, jsonb_build_object('name', 'p' || i) FROM generate_series(1, 9) i;
SELECT pg_temp.policy('{"attributes": {"urn:example:Staff:packageId": {"type": "Package", "onDelete": "restrict"}, "urn:example:Staff:boxes": {"type": ["Package"], "onDelete": "clear"}, "manager": {"type": "User", "onDelete": "clear"}, "title": {"type": "Package", "onDelete": "leave"}}}', 'reference');
INSERT INTO uni.users (id, data) VALUES ('00000000-0000-7000-8000-0000000000b1', '{"userName": "r1", "seat": "1", "packageId": "https://x.org/Packages/00000000-0000-7000-8000-0000000000A1", "boxes": ["00000000-0000-7000-8000-0000000000a2", "https://x.org/00000000-0000-7000-8000-0000000000a3"]}'),
    ('00000000-0000-7000-8000-0000000000b2', '{"userName": "r2", "seat": "1", "boxes": ["00000000-0000-7000-8000-0000000000A2"], "title": "00000000-0000-7000-8000-0000000000a5", "manager": "00000000-0000-7000-8000-0000000000b1"}');
SELECT pg_temp.try('DELETE FROM uni.packages WHERE id = ''00000000-0000-7000-8000-0000000000a1''');
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('DELETE', '/Packages/00000000-0000-7000-8000-0000000000a1');
SELECT pg_temp.try('SELECT scim.delete_resource(''Package'', ''00000000-0000-7000-8000-0000000000a1'')'), pg_temp.try('DELETE FROM uni.packages WHERE id = ''00000000-0000-7000-8000-0000000000a4'''), pg_temp.try('DELETE FROM uni.packages WHERE id = ''00000000-0000-7000-8000-0000000000a5''');
-- cleared, with version and audit
DELETE FROM uni.packages WHERE id IN ('00000000-0000-7000-8000-0000000000a2', '00000000-0000-7000-8000-0000000000a3');
SELECT user_name, version, data -> 'urn:example:Staff' AS staff, data ->> 'title' AS title FROM uni.users WHERE user_name ~ '^r' ORDER BY 1;
SELECT count(*) FROM uni.audit WHERE resource_id = '00000000-0000-7000-8000-0000000000b1' AND operation = 'update';
-- who is kept out of sight lets go as well, and a leaver whose off-boarding is complete
DELETE FROM uni.users WHERE user_name = 'r1';
SELECT data -> 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User' AS enterprise FROM uni.users WHERE user_name = 'r2';
SELECT pg_temp.try('DELETE FROM uni.packages WHERE id = ''00000000-0000-7000-8000-0000000000a1''');
-- with another store in the setting, and in a transaction with an older snapshot
INSERT INTO uni.users (data) VALUES ('{"userName": "r3", "seat": "1", "packageId": "00000000-0000-7000-8000-0000000000a6"}');
SET scim.store = 'nowhere';
SELECT pg_temp.try('DELETE FROM uni.packages WHERE id = ''00000000-0000-7000-8000-0000000000a6'''), pg_temp.try('DELETE FROM uni.packages WHERE id = ''00000000-0000-7000-8000-0000000000a7''');
SELECT current_setting('scim.store');
SET scim.store = 'uni';
-- both at once, where rows go for good
UPDATE uni.policy SET settings = '{"mode": "hard"}' WHERE resource_type = 'User' AND kind = 'delete';
SELECT pg_temp.policy('{"attributes": {"manager": {"type": "User", "onDelete": "restrict"}}}', 'reference');
INSERT INTO uni.users (id, data) VALUES ('00000000-0000-7000-8000-0000000000c1', '{"userName": "boss"}'), ('00000000-0000-7000-8000-0000000000c2', '{"userName": "help", "manager": "00000000-0000-7000-8000-0000000000c1"}');
SELECT pg_temp.try('DELETE FROM uni.users WHERE user_name = ''boss'''), pg_temp.try('DELETE FROM uni.users WHERE user_name IN (''boss'', ''help'')');
-- members
SELECT pg_temp.policy('{"attributes": {"members": {"type": "User", "onDelete": "restrict"}}}', 'reference', 'Group');
INSERT INTO uni.users (id, data) VALUES ('00000000-0000-7000-8000-0000000000d1', '{"userName": "member"}');
INSERT INTO uni.groups (id, data) VALUES ('00000000-0000-7000-8000-0000000000d2', '{"displayName": "club", "members": ["00000000-0000-7000-8000-0000000000d1"]}');
SELECT pg_temp.try('DELETE FROM uni.users WHERE user_name = ''member'''), pg_temp.try('DELETE FROM uni.groups'), pg_temp.try('DELETE FROM uni.users WHERE user_name = ''member''');
SELECT s, pg_temp.policy(s, 'reference') FROM unnest(ARRAY['{"attributes": {"manager": {}}}', '{"attributes": {"manager": {"type": "Robot"}}}', '{"attributes": {"manager": {"type": "User", "onDelete": "cascade"}}}', '{"attributes": {"manager": {"type": "User", "ondelete": "clear"}}}',
    '{"attributes": {"urn:example:Staff:seat": {"type": "User", "onDelete": "clear"}}}', '{"attributes": {"urn:example:Staff:desk": {"type": "User", "onDelete": "clear"}}}', '{"attributes": {"urn:example:Staff:seat": {"type": "User", "onDelete": "restrict"}}}']) s;
SELECT scim.drop_store('uni', true);
