-- The policy "condition": what has to hold where something else does, whatever the way in
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('cond');
SET scim.store = 'cond';
INSERT INTO cond.tenant VALUES (2, 'two');
SELECT scim.register_schema('{"id": "urn:example:Package", "name": "Package", "attributes": [{"name": "name", "type": "string"}, {"name": "automaticOrders", "type": "boolean"}]}') IS NOT NULL
    AND scim.register_resource_type('{"name": "Package", "endpoint": "/Packages", "schema": "urn:example:Package"}') IS NOT NULL
    AND scim.register_schema('{"id": "urn:example:Staff", "name": "Staff", "attributes": [{"name": "packageId", "type": "reference", "referenceTypes": ["Package"]}, {"name": "orders", "type": "string", "multiValued": true}, {"name": "buddies", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value", "type": "reference", "referenceTypes": ["User"]}]}]}') IS NOT NULL AS done;
UPDATE cond.resource_type SET document = jsonb_set(document, '{schemaExtensions}', document -> 'schemaExtensions' || '[{"schema": "urn:example:Staff", "required": false}]') WHERE name = 'User';
CREATE FUNCTION pg_temp.try(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    scim_type text;
BEGIN
    EXECUTE query;
    RETURN 'ok';
EXCEPTION
    WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS scim_type = PG_DATATYPE_NAME;
        RETURN concat_ws(' ', SQLSTATE, SQLERRM, nullif(scim_type, ''));
END
$$;
CREATE FUNCTION pg_temp.patch(who text, ops jsonb) RETURNS text LANGUAGE sql AS $$
SELECT pg_temp.try(format('SELECT scim.patch_resource(''User'', %L::uuid, %L)', id, ops)) FROM cond.users WHERE user_name = who AND deleted_at IS NULL
$$;
CREATE FUNCTION pg_temp.policy(settings text) RETURNS text LANGUAGE sql AS $$
SELECT pg_temp.try(format('INSERT INTO cond.policy (resource_type, kind, name, settings) VALUES (''User'', ''condition'', ''try'', %L) ON CONFLICT (tenant_id, resource_type, kind, name) DO UPDATE SET settings = EXCLUDED.settings', settings))
$$;

--
-- when, require; who was there before
--
INSERT INTO cond.users (data) VALUES ('{"userName": "early", "active": true}'), ('{"userName": "early2", "active": true}');
INSERT INTO cond.policy (resource_type, kind, name, settings) VALUES
    ('User', 'condition', 'country', '{"when": "active eq true", "require": "addresses.country pr", "message": "the country of residence is required"}'),
    ('User', 'condition', 'contractor', '{"when": "userType eq \"contractor\"", "require": "not (title pr)", "status": 422, "scimType": "noTitle"}');
INSERT INTO cond.users (data) VALUES ('{"userName": "a", "active": true}');
INSERT INTO cond.users (data) VALUES ('{"userName": "a", "active": true, "addresses": [{"locality": "Rome"}]}');
INSERT INTO cond.users (data) VALUES ('{"userName": "a", "active": true, "addresses": [{"country": "IT"}]}'), ('{"userName": "off"}') RETURNING user_name;
COPY cond.users (data) FROM stdin;
{"userName": "c1", "active": true, "addresses": [{"country": "IT"}]}
{"userName": "c2", "active": true}
\.
SELECT status, body::jsonb ->> 'scimType' AS scim_type, body::jsonb ->> 'detail' AS detail
FROM unnest(ARRAY['{"userName": "b", "active": true}', '{"userName": "b", "userType": "Contractor", "title": "x"}']) b, scim.request('POST', '/Users', '{}', b);
SELECT pg_temp.try($$INSERT INTO cond.users (data) VALUES ('{"userName": "b", "userType": "Contractor", "title": "x"}')$$);
SELECT path, scim_type, message FROM scim.validate('User', '{"userName": "b", "active": true, "userType": "contractor", "title": "x"}');
SELECT pg_temp.patch('a', '[{"op": "remove", "path": "addresses"}]');
SELECT pg_temp.patch('off', '[{"op": "replace", "path": "active", "value": true}]');
UPDATE cond.users SET active = true WHERE user_name = 'off';
-- they can be changed in what it is not about, suspended and deleted; what a write breaks anew is refused
SELECT rule, path, message, (SELECT user_name FROM cond.users u WHERE u.id = v.id) FROM scim.validate_store('User') v;
SELECT pg_temp.patch('early', '[{"op": "replace", "path": "title", "value": "t"}]'), pg_temp.patch('early', '[{"op": "add", "path": "addresses", "value": {"locality": "Rome"}}]');
UPDATE cond.users SET data = data || '{"locale": "it"}' WHERE user_name = 'early' RETURNING version;
UPDATE cond.users SET active = false WHERE user_name = 'early' RETURNING status;
SELECT pg_temp.patch('early', '[{"op": "replace", "path": "active", "value": true}]');
SELECT pg_temp.try('DELETE FROM cond.users WHERE user_name = ''early2''');
SELECT pg_temp.try(format('SELECT scim.restore_resource(''User'', %L::uuid)', id)) FROM cond.users WHERE user_name = 'early2';
-- a rule without "when", which all break: they can be suspended all the same
INSERT INTO cond.policy (resource_type, kind, name, settings) VALUES ('User', 'condition', 'all', '{"require": "active eq false or nickName pr"}');
SELECT pg_temp.patch('early2', '[{"op": "replace", "path": "active", "value": false}]'), pg_temp.patch('a', '[{"op": "replace", "path": "locale", "value": "it"}]');
INSERT INTO cond.policy (resource_type, kind, name, settings) VALUES ('User', 'condition', 'any', '{"when": "active pr", "require": "nickName pr"}');
SELECT pg_temp.patch('a', '[{"op": "replace", "path": "active", "value": false}]');
DELETE FROM cond.policy WHERE name IN ('all', 'any');

--
-- through a reference
--
INSERT INTO cond.packages (id, data) VALUES ('00000000-0000-7000-8000-0000000000a1', '{"name": "auto", "automaticOrders": true}'), ('00000000-0000-7000-8000-0000000000a2', '{"name": "manual", "automaticOrders": false}');
INSERT INTO cond.policy (resource_type, kind, name, settings) VALUES
    ('User', 'condition', 'mail', '{"through": "urn:example:Staff:packageId", "matches": "automaticOrders eq true", "require": "addresses[streetAddress pr and postalCode pr and country pr]", "status": 409}');
INSERT INTO cond.users (data) VALUES ('{"userName": "p0", "packageId": "00000000-0000-7000-8000-0000000000a2"}'), ('{"userName": "p1", "packageId": "nonsense"}'), ('{"userName": "p2", "packageId": "00000000-0000-7000-8000-0000000000a3"}') RETURNING user_name;
INSERT INTO cond.users (data) VALUES ('{"userName": "p3", "packageId": "00000000-0000-7000-8000-0000000000a1"}');
INSERT INTO cond.users (data) VALUES ('{"userName": "p3", "packageId": "https://example.com/Packages/00000000-0000-7000-8000-0000000000a1", "addresses": [{"streetAddress": "1", "country": "IT"}, {"postalCode": "2"}]}');
INSERT INTO cond.users (data) VALUES ('{"userName": "p3", "packageId": "00000000-0000-7000-8000-0000000000a1", "addresses": [{"streetAddress": "1", "country": "IT", "postalCode": "2"}]}') RETURNING user_name;
SELECT status, body::jsonb - 'schemas' AS body FROM scim.request('POST', '/Users', '{}', '{"userName": "p4", "packageId": "00000000-0000-7000-8000-0000000000a1"}');
SELECT pg_temp.patch('p0', '[{"op": "replace", "path": "urn:example:Staff:packageId", "value": "00000000-0000-7000-8000-0000000000a1"}]'), pg_temp.patch('p3', '[{"op": "remove", "path": "addresses.postalCode"}]'), pg_temp.patch('p3', '[{"op": "remove", "path": "addresses[streetAddress eq \"1\"].postalCode"}]');
-- a package that changes later breaks it for its people, who can live on
UPDATE cond.packages SET data = data || '{"automaticOrders": true}' WHERE id = '00000000-0000-7000-8000-0000000000a2';
SELECT u.user_name, v.message FROM scim.validate_store('User') v JOIN cond.users u USING (id) WHERE v.message LIKE '%refers%' ORDER BY 1;
SELECT pg_temp.patch('p0', '[{"op": "replace", "path": "title", "value": "t"}]');
-- one that is deleted matches nothing; another tenant's neither
UPDATE cond.policy SET settings = '{"mode": "retain"}' WHERE resource_type = 'Package' AND kind = 'delete';
INSERT INTO cond.packages (tenant_id, id, data) VALUES (2, '00000000-0000-7000-8000-0000000000a4', '{"automaticOrders": true}');
DELETE FROM cond.packages WHERE id = '00000000-0000-7000-8000-0000000000a2';
INSERT INTO cond.users (data) VALUES ('{"userName": "p5", "packageId": "00000000-0000-7000-8000-0000000000a2"}'), ('{"userName": "p6", "packageId": "00000000-0000-7000-8000-0000000000a4"}') RETURNING user_name;
-- many rows of a statement: one look-up for each that is referred to
INSERT INTO cond.users (data) SELECT jsonb_build_object('userName', 'm' || i, 'packageId', '00000000-0000-7000-8000-0000000000a1', 'addresses', '[{"streetAddress": "1", "country": "IT", "postalCode": "2"}]'::jsonb) FROM generate_series(1, 500) i;
SELECT count(*) FROM cond.users WHERE user_name ~ '^m\d+$';
INSERT INTO cond.users (data) SELECT jsonb_build_object('userName', 'n' || i, 'packageId', '00000000-0000-7000-8000-0000000000a1') FROM generate_series(1, 500) i;
-- through several values, and to whom one may not read oneself
INSERT INTO cond.policy (resource_type, kind, name, settings) VALUES ('User', 'condition', 'buddy', '{"through": "urn:example:Staff:buddies", "matches": "userName sw \"p\" and status eq \"suspended\"", "require": "nickName pr"}');
UPDATE cond.users SET active = false WHERE user_name = 'p0';
SELECT pg_temp.try(format($$INSERT INTO cond.users (data) VALUES ('{"userName": "bud", "buddies": ["x", "%s", "%s"]}')$$, (SELECT id FROM cond.users WHERE user_name = 'p1'), (SELECT id FROM cond.users WHERE user_name = 'p0')));
SELECT pg_temp.try(format($$INSERT INTO cond.users (data) VALUES ('{"userName": "bud", "buddies": ["x", "%s"]}')$$, (SELECT id FROM cond.users WHERE user_name = 'p1')));

--
-- the life-cycle, and keep
--
UPDATE cond.policy SET settings = '{"mode": "offboard", "deactivate": false}' WHERE resource_type = 'User' AND kind = 'delete';
INSERT INTO cond.policy (resource_type, kind, name, settings) VALUES
    ('User', 'condition', 'orders', '{"when": "status eq \"OFFBOARDING\"", "keep": ["urn:example:Staff:orders", "userName"], "message": "no new orders while off-boarding"}'),
    ('User', 'condition', 'locked', '{"when": "userType eq \"locked\"", "keep": ["title"]}');
INSERT INTO cond.users (data) VALUES ('{"userName": "leaver", "orders": ["o1"], "userType": "locked", "title": "old"}');
SELECT pg_temp.patch('leaver', '[{"op": "add", "path": "urn:example:Staff:orders", "value": ["o2"]}]');
SELECT pg_temp.patch('leaver', '[{"op": "replace", "path": "title", "value": "new"}]'), pg_temp.patch('leaver', '[{"op": "replace", "path": "title", "value": "new"}, {"op": "remove", "path": "userType"}]');
DELETE FROM cond.users WHERE user_name = 'leaver';
SELECT status, active FROM cond.users WHERE user_name = 'leaver';
SELECT pg_temp.patch('leaver', '[{"op": "add", "path": "urn:example:Staff:orders", "value": ["o3"]}]'), pg_temp.patch('leaver', '[{"op": "remove", "path": "urn:example:Staff:orders"}]'), pg_temp.patch('leaver', '[{"op": "replace", "path": "locale", "value": "it"}]');
UPDATE cond.users SET user_name = 'leaver2' WHERE user_name = 'leaver';
SELECT scim.complete_offboarding(id) FROM cond.users WHERE user_name = 'leaver';
SELECT scim.restore_resource('User', id) -> 'active' AS active FROM cond.users WHERE user_name = 'leaver';
SELECT pg_temp.patch('leaver', '[{"op": "add", "path": "urn:example:Staff:orders", "value": ["o4"]}]');

--
-- what cannot work
--
SELECT s, pg_temp.policy(s) FROM unnest(ARRAY['{}', '{"when": "active eq true"}', '{"require": "title pr", "keep": ["title"]}', '{"when": "active eq", "require": "title pr"}', '{"when": 5, "require": "title pr"}', '{"require": "tittle pr"}',
    '{"require": "title pr", "whn": "x"}', '{"when": "active gt true", "require": "title pr"}', '{"require": "password pr"}', '{"require": "groups pr"}', '{"require": "meta.version eq \"1\""}', '{"require": "emails[valu pr]"}', '{"keep": "title"}', '{"keep": []}', '{"keep": ["tittle"]}', '{"keep": ["emails.value"]}',
    '{"when": "status eq \"leaving\"", "require": "title pr"}', '{"through": "manager", "require": "title pr"}', '{"through": "packageId", "matches": "colour pr", "require": "title pr"}', '{"through": "active", "matches": "title pr", "require": "title pr"}', '{"through": "nobody", "matches": "title pr", "require": "title pr"}',
    '{"require": "title pr", "status": 500}', '{"require": "title pr", "scimType": "a-b"}', '{"require": "title pr", "message": 5}', '{"require": "urn:example:Staff pr"}', '{"through": "manager", "matches": "title pr", "require": "title pr"}']) s;
DELETE FROM cond.policy WHERE name = 'try';
SELECT pg_temp.try($$UPDATE cond.resource_type SET document = jsonb_set(document, '{schemaExtensions}', '[]') WHERE name = 'User'$$);
SELECT pg_temp.try($$SELECT scim.register_schema('{"id": "urn:example:Package", "name": "Package", "attributes": [{"name": "name", "type": "string"}]}')$$);
-- a group's, and another tenant's
INSERT INTO cond.policy (resource_type, kind, settings) VALUES ('Group', 'condition', '{"require": "displayName sw \"g-\""}');
INSERT INTO cond.policy (tenant_id, resource_type, kind, enabled, settings) VALUES (2, 'Group', 'condition', false, '{"require": "displayName pr"}');
SELECT pg_temp.try($$INSERT INTO cond.groups (data) VALUES ('{"displayName": "x"}')$$), pg_temp.try($$INSERT INTO cond.groups (tenant_id, data) VALUES (2, '{"displayName": "x"}')$$), pg_temp.try($$INSERT INTO cond.groups (data) VALUES ('{"displayName": "G-x"}')$$);
SELECT scim.drop_store('cond', true);
