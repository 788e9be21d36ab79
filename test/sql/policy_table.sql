-- The table "policy": several rows of a kind by name, a tenant's in place of the store's, and what cannot work
\set VERBOSITY terse
SELECT scim.create_store('named');
SET scim.store = 'named';
INSERT INTO named.tenant VALUES (2, 'two');
SELECT count(DISTINCT id) = count(*) AS ids, bool_and(name = kind) AS names FROM named.policy;
-- a name may be left out, and is then the kind
INSERT INTO named.policy (resource_type, kind, settings) VALUES ('User', 'reference', '{"attributes": {"manager": "User"}}') RETURNING name;
INSERT INTO named.policy (resource_type, kind, name, settings) VALUES ('User', 'reference', 'x509', '{"attributes": {"externalId": "group"}, "missing": "notFound"}') RETURNING kind, name;
INSERT INTO named.policy (resource_type, kind, name, settings) VALUES ('User', 'reference', 'x509', '{"attributes": {"title": "User"}}');
INSERT INTO named.policy (resource_type, kind, name) VALUES ('User', 'identity', 'other');
INSERT INTO named.policy (resource_type, kind, name) VALUES ('User', 'canonical', '');
INSERT INTO named.policy (resource_type, kind, name) VALUES ('User', 'canonical', repeat('n', 257));
INSERT INTO named.policy (resource_type, kind) VALUES ('User', NULL);
UPDATE named.policy SET kind = 'wisdom' WHERE name = 'x509';
UPDATE named.policy SET name = NULL WHERE name = 'x509';
-- both hold, each with its own error
SELECT * FROM scim.validate('User', '{"userName": "u", "externalId": "g", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "m"}}}');
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "u", "externalId": "g"}');
-- a type is named in any letter case
SELECT scim.create_resource('Group', '{"displayName": "g"}') ->> 'id' AS g \gset
SELECT scim.create_resource('User', jsonb_build_object('userName', 'u', 'externalId', :'g')) ->> 'userName' AS user_name;
-- a tenant's row takes the place of that of the same name only
INSERT INTO named.policy (tenant_id, resource_type, kind, name, enabled, settings) VALUES (2, 'User', 'reference', 'x509', false, '{"attributes": {"externalId": "Group"}}');
SET scim.tenant = 2;
SELECT path FROM scim.validate('User', '{"userName": "u", "externalId": "g", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "m"}}}');
RESET scim.tenant;
SELECT path FROM scim.validate('User', '{"userName": "u", "externalId": "g"}');
-- row and place
UPDATE named.policy SET settings = '{"attributes": {"manger": "User"}}' WHERE name = 'x509' AND tenant_id IS NULL;
UPDATE named.policy SET settings = '{"attributes": {"manager": "Robot"}}' WHERE name = 'x509' AND tenant_id IS NULL;
UPDATE named.policy SET settings = settings || '{"missng": "notFound"}' WHERE name = 'x509' AND tenant_id IS NULL;
-- off, it may be anything; on again, it may not
UPDATE named.policy SET enabled = false, settings = '{"attributes": {"badge": "User"}}' WHERE name = 'x509' AND tenant_id IS NULL;
UPDATE named.policy SET enabled = true WHERE name = 'x509' AND tenant_id IS NULL;
-- a change of schemas must leave it what it names
SELECT scim.register_schema('{"id": "urn:example:Badge", "name": "Badge", "attributes": [{"name": "badge", "type": "string"}, {"name": "pin", "type": "string"}]}') IS NOT NULL AS done;
UPDATE named.resource_type SET document = jsonb_set(document, '{schemaExtensions}', document -> 'schemaExtensions' || '[{"schema": "urn:example:Badge", "required": false}]') WHERE name = 'User';
UPDATE named.policy SET enabled = true, settings = '{"attributes": {"urn:example:Badge:badge": "User"}}' WHERE name = 'x509' AND tenant_id IS NULL;
SELECT scim.register_schema('{"id": "urn:example:Badge", "name": "Badge", "attributes": [{"name": "pin", "type": "string"}]}');
UPDATE named.resource_type SET document = jsonb_set(document, '{schemaExtensions}', '[]') WHERE name = 'User';
-- a type that is gone takes its own along
SELECT scim.register_resource_type('{"name": "Robot", "endpoint": "/Robots", "schema": "urn:example:Badge"}') IS NOT NULL AS done;
SELECT kind, name FROM named.policy WHERE resource_type = 'Robot' ORDER BY 1;
UPDATE named.policy SET settings = '{"attributes": {"title": "Robot"}}' WHERE name = 'x509' AND tenant_id IS NULL;
DELETE FROM named.resource_type WHERE name = 'Robot';
UPDATE named.policy SET settings = '{"attributes": {"title": "User"}}' WHERE name = 'x509' AND tenant_id IS NULL;
DELETE FROM named.resource_type WHERE name = 'Robot';
SELECT count(*) FROM named.policy WHERE resource_type = 'Robot';
-- so many, and no more
INSERT INTO named.policy (resource_type, kind, name, settings) SELECT 'User', 'canonical', 'c' || i, '{"attributes": ["emails.type"]}' FROM generate_series(1, 256) i;
INSERT INTO named.policy (resource_type, kind, name, enabled, settings) SELECT 'User', 'canonical', 'c' || i, i % 2 = 0, '{"attributes": ["emails.type"]}' FROM generate_series(1, 300) i;
SELECT count(*) FROM scim.validate('User', '{"userName": "u", "emails": [{"value": "a@x.org", "type": "q"}]}');
SET client_min_messages = warning;
SELECT scim.drop_store('named', true);
