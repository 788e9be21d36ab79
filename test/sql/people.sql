-- Views that people read and write: scim.create_view, and those that a store comes with
SET client_min_messages = warning;
SELECT scim.create_store('town');
RESET client_min_messages;
SET scim.store = 'town';
\set VERBOSITY terse
SELECT c.relname, c.reloptions, count(*) AS columns, count(col_description(c.oid, a.attnum)) AS commented, obj_description(c.oid, 'pg_class') FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.oid IN ('town.people'::regclass, 'town.teams'::regclass) GROUP BY c.oid, 1, 2 ORDER BY 1;
SELECT string_agg(attname || ' ' || atttypid::regtype, ', ' ORDER BY attnum) AS people FROM pg_attribute WHERE attrelid = 'town.people'::regclass AND attnum > 0;
SELECT string_agg(attname || ' ' || atttypid::regtype, ', ' ORDER BY attnum) AS teams FROM pg_attribute WHERE attrelid = 'town.teams'::regclass AND attnum > 0;
-- no secret
SELECT count(*) FROM pg_attribute WHERE attrelid = 'town.people'::regclass AND attname ~ 'password|groups';

-- A row of the view is one of the store, by its door
INSERT INTO town.people (user_name, given_name, family_name, email, department, active) VALUES ('ada', 'Ada', 'Kim', 'ada@example.com', 'Math', true)
RETURNING id IS NOT NULL AS id, version, status, tenant_id, created = last_modified AS new, emails, data;
INSERT INTO town.people (user_name, email) VALUES ('bob', 'bob@example.com'), ('cem', 'cem@example.com') RETURNING user_name, emails;
INSERT INTO town.people (data) VALUES ('{"userName": "dee", "password": "correct horse battery"}') RETURNING user_name, data;
SELECT scim.verify_password(id, 'correct horse battery') FROM town.people WHERE user_name = 'dee';
-- columns and data go together, unless they say different things: of the whole, a part, the primary of several, an extension
INSERT INTO town.people (data, title) VALUES ('{"userName": "eve", "TITLE": "B", "nickName": "E"}', 'A') RETURNING user_name;
INSERT INTO town.people (data, family_name) VALUES ('{"userName": "eve", "name": {"familyName": "A"}}', 'B') RETURNING user_name;
INSERT INTO town.people (data, email) VALUES ('{"userName": "eve", "emails": [{"value": "a@x"}, {"value": "b@x", "primary": true}]}', 'a@x') RETURNING user_name;
INSERT INTO town.people (data, emails) VALUES ('{"userName": "eve", "emails": [{"value": "a@x"}]}', '[{"value": "b@x"}]') RETURNING user_name;
INSERT INTO town.people (data, department) VALUES ('{"userName": "eve", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user": {"department": "A"}}', 'B') RETURNING user_name;
INSERT INTO town.people (data, user_name, active) VALUES ('{"userName": "eve", "active": true}', 'eve', false) RETURNING user_name;
INSERT INTO town.people (data, user_name, title, email, active, department) VALUES ('{"userName": "eve", "TITLE": "B", "nickName": "E", "emails": [{"value": "e@x"}], "active": true, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": ""}}', 'eve', 'B', 'e@x', true, 'D') RETURNING user_name, title, nick_name, email, department;
UPDATE town.people SET data = data || '{"title": "C"}', title = 'D' WHERE user_name = 'eve';
UPDATE town.people SET data = data || '{"title": "C"}', title = NULL WHERE user_name = 'eve';
UPDATE town.people SET data = data || '{"title": "C"}', title = 'C' WHERE user_name = 'eve' RETURNING title, version;
UPDATE town.people SET data = data || '{"nickName": "F"}', title = 'B' WHERE user_name = 'eve' RETURNING title, nick_name;
INSERT INTO town.people (id, user_name, version, status, created) VALUES ('00000000-0000-7000-8000-000000000001', 'fay', 7, 'SUSPENDED', '2020-01-01 00:00Z') RETURNING id, user_name, version, status, created AT TIME ZONE 'UTC' AS created;
INSERT INTO town.people (given_name) VALUES ('nobody');
INSERT INTO town.people (user_name, data) VALUES ('x', '[]');
INSERT INTO town.people (user_name) VALUES ('ADA');
-- only what was changed
UPDATE town.people SET title = 'Countess', email = 'ada@example.org', manager = 'x' WHERE user_name = 'ada' RETURNING version, title, email, manager, data -> 'emails' AS emails;
UPDATE town.people SET title = 'Countess' WHERE user_name = 'ada' RETURNING version;
UPDATE town.people SET emails = '[{"value": "a@example.com", "type": "work"}, {"value": "b@example.com", "primary": true}]' WHERE user_name = 'ada' RETURNING version, email;
UPDATE town.people SET email = 'c@example.com', phone_number = '+1' WHERE user_name = 'ada' RETURNING emails, phone_numbers;
UPDATE town.people SET emails = '[{"value": "a@example.com"}]', email = 'd@example.com' WHERE user_name = 'ada' RETURNING emails;
-- "" is no value, as NULL
UPDATE town.people SET phone_number = '' WHERE user_name = 'ada' RETURNING version, phone_numbers;
UPDATE town.people SET phone_number = '', nick_name = '', x509_certificates = '[]', roles = '[{}]' WHERE user_name = 'ada' RETURNING version;
UPDATE town.people SET phone_number = '+1' WHERE user_name = 'ada' RETURNING phone_numbers;
INSERT INTO town.people (user_name, email, role, given_name, title, department, emails) VALUES ('void', '', '', '', '', '', '[]') RETURNING data;
UPDATE town.people SET emails = '[{"type": "work"}]' WHERE user_name = 'void' RETURNING version, email;
UPDATE town.people SET email = '' WHERE user_name = 'void' RETURNING version, emails;
DELETE FROM town.people WHERE user_name = 'void';
UPDATE town.people SET email = NULL, phone_number = NULL, department = NULL, manager = NULL, given_name = NULL, family_name = NULL WHERE user_name = 'ada' RETURNING data;
UPDATE town.people SET data = data || '{"nickName": "Ada"}', title = NULL WHERE user_name = 'ada' RETURNING data - 'schemas' AS data;
UPDATE town.people SET user_name = 'lovelace', external_id = '7', display_name = 'Ada', active = false WHERE user_name = 'ada' RETURNING user_name, external_id, display_name, active, status;
UPDATE town.people SET status = 'ACTIVE' WHERE user_name = 'lovelace' RETURNING active, status;
UPDATE town.people SET data = NULL WHERE user_name = 'bob';
UPDATE town.people SET data = '3' WHERE user_name = 'bob';
UPDATE town.people SET status = 'NONE' WHERE user_name = 'bob';
UPDATE town.people SET status = NULL WHERE user_name = 'bob';
UPDATE town.people SET user_name = NULL WHERE user_name = 'bob';
-- what the store keeps; the next version may be said, as those do that lock by it
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    count bigint;
BEGIN
    EXECUTE statement;
    GET DIAGNOSTICS count = ROW_COUNT;
    RETURN 'rows: ' || count;
EXCEPTION WHEN OTHERS THEN
    RETURN sqlstate || ' ' || sqlerrm;
END $$;
SELECT name, pg_temp.try(format('UPDATE town.people SET %s WHERE user_name = ''bob''', name)) FROM unnest(ARRAY['id = scim.uuid_v7()', 'tenant_id = 2', 'created = now()', 'last_modified = now()', 'version = 9', 'version = NULL', 'title = ''x'', version = version + 1', 'version = version + 1']) AS name;
SELECT version, title FROM town.people WHERE user_name = 'bob';
UPDATE town.people SET title = 'y', version = 3 + 1 WHERE user_name = 'bob' AND version = 2;
-- rows of one statement, among them one that another row has changed
CREATE FUNCTION town.promote() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$ BEGIN UPDATE town.users SET data = data || '{"userType": "boss"}' WHERE user_name IN ('bob', 'cem') AND user_name <> new.user_name; RETURN NULL; END $$;
CREATE TRIGGER promote AFTER UPDATE ON town.users FOR EACH ROW WHEN (new.data ->> 'title' IS DISTINCT FROM old.data ->> 'title') EXECUTE FUNCTION town.promote();
UPDATE town.people SET title = 'both' WHERE user_name IN ('bob', 'cem');
SELECT user_name, title, user_type FROM town.people WHERE user_name IN ('bob', 'cem') ORDER BY 1;
DROP TRIGGER promote ON town.users;
-- a trigger that skips rows
CREATE FUNCTION town.skip() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER a_skip BEFORE INSERT OR UPDATE OR DELETE ON town.users FOR EACH ROW EXECUTE FUNCTION town.skip();
SELECT statement, pg_temp.try(statement) FROM unnest(ARRAY['INSERT INTO town.people (user_name) VALUES (''zoe'')', 'UPDATE town.people SET title = ''no'' WHERE user_name = ''bob''', 'DELETE FROM town.people WHERE user_name = ''bob''']) AS statement;
DROP TRIGGER a_skip ON town.users;
-- DELETE by the policy
DELETE FROM town.people WHERE user_name = 'eve' RETURNING user_name, status;
DELETE FROM town.people WHERE user_name = 'eve';
SELECT user_name, status FROM town.users WHERE user_name = 'eve';
UPDATE town.policy SET settings = '{"mode": "offboard"}' WHERE resource_type = 'User' AND kind = 'delete';
DELETE FROM town.people WHERE user_name = 'dee';
DELETE FROM town.people WHERE user_name = 'dee';
SELECT user_name, status, active FROM town.people WHERE user_name = 'dee';
UPDATE town.policy SET settings = '{"mode": "hard"}' WHERE resource_type = 'User' AND kind = 'delete';
DELETE FROM town.people WHERE user_name IN ('cem', 'dee') RETURNING user_name;
SELECT user_name FROM town.users WHERE user_name IN ('cem', 'dee');
-- who is deactivated and so deleted
UPDATE town.policy SET settings = '{"mode": "hard", "byStatus": {"ACTIVE": {"deactivate": "hard"}}}' WHERE resource_type = 'User' AND kind = 'delete';
INSERT INTO town.people (user_name) VALUES ('dan');
UPDATE town.people SET active = false WHERE user_name = 'dan' RETURNING user_name, active;
SELECT count(*) FROM town.users WHERE user_name = 'dan';
INSERT INTO town.teams (display_name) VALUES ('Crew') RETURNING display_name, version, data;
UPDATE town.teams SET display_name = 'The crew', external_id = 'c' RETURNING display_name, version;
INSERT INTO town.member (group_id, member_id) SELECT t.id, p.id FROM town.teams t, town.people p WHERE p.user_name = 'bob';
UPDATE town.teams SET display_name = 'A crew' RETURNING display_name, version;
SELECT count(*) AS members FROM town.member;
DELETE FROM town.teams;
-- audit of what was done: the actor is whoever wrote
SELECT a.operation, count(*), bool_and(a.actor = session_user) AS by_me FROM town.audit a WHERE a.resource_type = 'User' AND a.tenant_id = 1 GROUP BY 1 ORDER BY 1;

-- ON CONFLICT cannot find what would conflict, and without a target it has no effect
INSERT INTO town.people (user_name) VALUES ('bob') ON CONFLICT (user_name) DO NOTHING;
INSERT INTO town.people (user_name) VALUES ('bob') ON CONFLICT DO NOTHING;
INSERT INTO town.people (user_name) VALUES ('bob') ON CONFLICT (user_name) DO UPDATE SET title = 'x';
-- COPY writes rows, and reads a query
COPY town.people (user_name, email, title, active) FROM STDIN (FORMAT csv);
gus,gus@example.com,Pilot,true
"hal","hal@example.com",,false
\.
COPY (SELECT user_name, email, title, active FROM town.people ORDER BY user_name) TO STDOUT (FORMAT csv);
-- MERGE: of views since PostgreSQL 17
SELECT CASE WHEN current_setting('server_version_num')::int >= 170000 THEN pg_temp.try(merge) = 'rows: 2' ELSE pg_temp.try(merge) ~ 'cannot execute MERGE' END AS merge_as_it_should
FROM (VALUES ($$MERGE INTO town.people p USING (VALUES ('gus', 'Chief'), ('ida', 'New')) AS v (name, title) ON p.user_name = v.name
    WHEN MATCHED THEN UPDATE SET title = v.title WHEN NOT MATCHED THEN INSERT (user_name, title) VALUES (v.name, v.title)$$)) AS m (merge);

-- Attributes of every type; names that are taken; secrets
SELECT scim.register_schema('{"id": "urn:example:Kinds", "name": "Kinds", "attributes": [
    {"name": "isOn", "type": "boolean"}, {"name": "weight", "type": "decimal"}, {"name": "count", "type": "integer"}, {"name": "since", "type": "dateTime"},
    {"name": "born", "type": "string", "format": "date"}, {"name": "icon", "type": "binary"}, {"name": "homePage", "type": "reference", "referenceTypes": ["external"]},
    {"name": "mixed", "type": ["string", "integer"]}, {"name": "tags", "type": "string", "multiValued": true}, {"name": "sizes", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value", "type": "integer"}, {"name": "primary", "type": "boolean"}]},
    {"name": "box", "type": "complex", "subAttributes": [{"name": "value", "type": "string"}, {"name": "smallBox", "type": "boolean"}, {"name": "lid", "type": "string"}, {"name": "keys", "type": "string", "multiValued": true}, {"name": "pin", "type": "string", "returned": "never"}]},
    {"name": "department", "type": "string"}, {"name": "email", "type": "string"}, {"name": "status", "type": "string"}, {"name": "data", "type": "string"}, {"name": "group", "type": "string"},
    {"name": "secret", "type": "string", "mutability": "writeOnly", "returned": "never"}, {"name": "orders", "type": "integer", "mutability": "readOnly"}, {"name": "serial", "type": "string", "mutability": "immutable"}]}') ->> 'id' AS id;
SELECT scim.register_resource_type(document || jsonb_build_object('schemaExtensions', document -> 'schemaExtensions' || '[{"schema": "urn:example:Kinds", "required": false}]')) ->> 'name' AS name FROM town.resource_type WHERE name = 'User';
SELECT string_agg(attname || ' ' || atttypid::regtype, ', ' ORDER BY attnum) AS appended FROM pg_attribute WHERE attrelid = 'town.people'::regclass AND attnum > 47;
SELECT count(*) - count(col_description(attrelid, attnum)) AS uncommented FROM pg_attribute WHERE attrelid = 'town.people'::regclass AND attnum > 0;
SET TimeZone = 'UTC';
INSERT INTO town.people (user_name, is_on, weight, count, since, born, icon, home_page, mixed, tags, size, box, small_box, box_lid, box_keys, department, kinds_department, kinds_email, kinds_status, kinds_data, "group", serial)
VALUES ('jim', true, 1.50, 9223372036854775807, '2026-01-31 08:00:00.123456+02', '2026-02-01', '\x00ff10', 'https://example.com', '3', '["b", "a"]', 4, 'b', false, 'l', '["k"]', 'D', 'KD', 'KE', 'KS', 'KT', 'KG', 'S')
RETURNING is_on, weight, count, since, born, icon, home_page, mixed, tags, size, sizes, box, small_box, box_lid, box_keys, department, kinds_department, kinds_email, kinds_status, kinds_data, "group", serial, status;
SELECT data -> 'urn:example:Kinds' AS kinds FROM town.people WHERE user_name = 'jim';
UPDATE town.people SET is_on = NULL, weight = 2, count = -1, since = '2026-02-01 00:00Z', born = NULL, icon = '\x', mixed = '"x"', size = NULL, box = NULL, small_box = NULL, box_lid = NULL, box_keys = NULL WHERE user_name = 'jim' RETURNING data -> 'urn:example:Kinds' AS kinds;
SELECT value, pg_temp.try(format('UPDATE town.people SET %s WHERE user_name = ''jim''', value)) FROM unnest(ARRAY['since = ''infinity''', 'since = ''10000-01-01 00:00Z''', 'born = ''-infinity''', 'born = ''0044-03-15 BC''', 'weight = ''NaN''', 'weight = ''Infinity''', 'mixed = ''true''', 'tags = ''{}''', 'emails = ''3''', 'orders = 3', 'serial = ''T''', 'home_page = ''''']) AS value;
INSERT INTO town.people (user_name, orders) VALUES ('kim', 3);
BEGIN;
SET LOCAL scim.write_read_only = on;
UPDATE town.people SET orders = 3 WHERE user_name = 'jim' RETURNING orders;
COMMIT;
-- what is stored and not of its type is no reason not to read the others
SELECT scim.register_schema(jsonb_set(jsonb_set(document, '{attributes,1,type}', '"boolean"'), '{attributes,2,multiValued}', 'true'), force => true) ->> 'id' AS id FROM town.schema WHERE id = 'urn:example:Kinds';
SELECT user_name, weight, count, is_on FROM town.people WHERE user_name IN ('jim', 'bob') ORDER BY 1;
UPDATE town.people SET weight = 3 WHERE user_name = 'jim';
SELECT scim.create_view('User', 'people');
SELECT attname, atttypid::regtype FROM pg_attribute WHERE attrelid = 'town.people'::regclass AND attname IN ('weight', 'count') ORDER BY 1;
SELECT user_name, weight, count FROM town.people WHERE user_name IN ('jim', 'bob') ORDER BY 1;
-- values of any kind, each as what a column has
SELECT left(value::text, 40) AS value, scim_internal.as_boolean(value) AS "boolean", scim_internal.as_bigint(value) AS "bigint", left(scim_internal.as_numeric(value)::text, 20) AS "numeric", scim_internal.as_instant(value) AS instant, scim_internal.as_date(value) AS date, scim_internal.as_bytes(value) AS bytes, scim_internal.chosen_element(value) AS chosen
FROM unnest(ARRAY['true', '1.0', '1.5', '9223372036854775808', '-9223372036854775808', '1e400', '"2026-01-31"', '"2026-01-31T24:00:00Z"', '"2026-12-31T23:59:60.9999999+14:00"', '"0001-01-01T00:00:00+14:00"', '"99999999-01-01T00:00:00Z"', '"-9999-01-01T00:00:00Z"', '"AP8Q"', '"AP8"', '"_-8="', '"A"', '"A*=="', '""', 'null', '[]', '[1, 2]', '{}', '[[1]]', '[{"value": 1}, {"value": 2, "primary": true}]', '[{"primary": "true"}, null, {"primary": false}]']::jsonb[]) AS value;
-- an attribute that is gone, and one that comes back
SELECT scim.register_schema(jsonb_set(document, '{attributes}', (SELECT jsonb_agg(a) FROM jsonb_array_elements(document -> 'attributes') a WHERE a ->> 'name' <> 'homePage')), force => true) ->> 'id' AS id FROM town.schema WHERE id = 'urn:example:Kinds';
SELECT user_name, home_page FROM town.people WHERE user_name = 'jim';
UPDATE town.people SET home_page = 'https://x.example' WHERE user_name = 'jim';
INSERT INTO town.people (user_name, home_page) VALUES ('lea', 'https://x.example');
UPDATE town.people SET title = 'still' WHERE user_name = 'jim' RETURNING title, home_page;
SELECT scim.register_schema(jsonb_set(document, '{attributes}', document -> 'attributes' || '[{"name": "homePage", "type": "reference", "referenceTypes": ["external"]}, {"name": "shoeSize", "type": "integer"}]'), force => true) ->> 'id' AS id FROM town.schema WHERE id = 'urn:example:Kinds';
UPDATE town.people SET home_page = 'https://x.example', shoe_size = 44 WHERE user_name = 'jim' RETURNING home_page, shoe_size;

-- Views of one's own: anywhere, several, renamed
CREATE SCHEMA town_app;
SELECT scim.create_view('User', 'town_app."My people"');
ALTER VIEW town_app."My people" RENAME TO folk;
ALTER VIEW town_app.folk RENAME COLUMN given_name TO first_name;
SELECT scim.create_view('User', 'staff');
INSERT INTO town_app.folk (user_name, first_name) VALUES ('max', 'Max') RETURNING user_name, first_name;
GRANT SELECT, INSERT ON town_app.folk TO pg_monitor WITH GRANT OPTION;
GRANT UPDATE (title, shoe_size) ON town_app.folk TO PUBLIC;
ALTER VIEW town_app.folk ALTER COLUMN title SET DEFAULT 'none';
ALTER VIEW town_app.folk SET (security_barrier = true);
CREATE VIEW town_app.names AS SELECT user_name, title FROM town_app.folk;
SELECT scim.register_schema(jsonb_set(document, '{attributes}', document -> 'attributes' || '[{"name": "hatSize", "type": "integer"}]'), force => true) ->> 'id' AS id FROM town.schema WHERE id = 'urn:example:Kinds';
INSERT INTO town_app.folk (user_name, first_name, hat_size) VALUES ('ned', 'Ned', 57) RETURNING user_name, first_name, title, hat_size;
SELECT hat_size FROM town.staff WHERE user_name = 'ned';
SELECT reloptions FROM pg_class WHERE oid = 'town_app.folk'::regclass;
-- made anew: not while others depend on it; what was granted stays
SELECT scim.create_view('User', 'town_app.folk');
DROP VIEW town_app.names;
SELECT scim.create_view('User', 'town_app.folk');
SELECT relacl::text[] @> ARRAY['pg_monitor=a*r*/' || relowner::regrole], reloptions FROM pg_class WHERE oid = 'town_app.folk'::regclass;
SELECT attname, attacl::text ~ '^{=w/' AS granted FROM pg_attribute WHERE attrelid = 'town_app.folk'::regclass AND attacl IS NOT NULL ORDER BY 1;
INSERT INTO town_app.folk (user_name, given_name) VALUES ('ola', 'Ola') RETURNING given_name, title;
-- where others depend on what stays, they stay
CREATE VIEW town_app.names AS SELECT user_name, title FROM town_app.folk;
SELECT scim.create_view('User', 'town_app.folk');
-- what cannot be
SELECT what, pg_temp.try(what) FROM unnest(ARRAY['SELECT scim.create_view(''User'', ''users'')', 'SELECT scim.create_view(''User'', ''leaver'')', 'SELECT scim.create_view(''Group'', ''people'')', 'SELECT scim.create_view(''User'', ''nowhere.x'')', 'SELECT scim.create_view(''User'', ''pg_temp.x'')', 'SELECT scim.create_view(''Nobody'', ''x'')',
    'SELECT scim.create_view(''User'', ''a.b.c'')', 'SELECT scim.create_view(''User'', '''')', 'SELECT scim.create_view(''User'', ''a.'')', 'SELECT scim.create_view(''user'', ''town_app.names'')', 'SELECT scim.create_view(''User'', ''"" '')']) AS what;
-- a view that somebody has given columns, or taken away
DO $$ BEGIN EXECUTE 'CREATE OR REPLACE VIEW town.staff WITH (security_invoker = true) AS ' || regexp_replace(pg_get_viewdef('town.staff'), '\s+FROM town\.users', ', 1 AS more FROM town.users'); END $$;
INSERT INTO town.staff (user_name, more) VALUES ('pia', 2);
INSERT INTO town.staff (user_name) VALUES ('pia') RETURNING user_name, more;
SELECT scim.register_schema(jsonb_set(document, '{attributes}', document -> 'attributes' || '[{"name": "gloveSize", "type": "integer"}]'), force => true) ->> 'id' AS id FROM town.schema WHERE id = 'urn:example:Kinds';
SELECT scim.create_view('User', 'staff');
INSERT INTO town.staff (user_name, glove_size) VALUES ('quin', 8) RETURNING user_name, glove_size;
DROP SCHEMA town_app CASCADE;

-- Another resource type, which goes with its views
SELECT scim.register_schema('{"id": "urn:example:Thing", "name": "Thing", "attributes": [{"name": "label", "type": "string", "required": true}, {"name": "owner", "type": "complex", "subAttributes": [{"name": "value", "type": "string"}, {"name": "$ref", "type": "reference"}]}]}') ->> 'id' AS id;
SELECT scim.register_resource_type('{"name": "Thing", "endpoint": "/Things", "schema": "urn:example:Thing"}') ->> 'name' AS name;
SELECT scim.create_view('Thing', 'thing');
INSERT INTO town.thing (label, owner) VALUES ('a', 'b') RETURNING label, owner, owner_ref, data;
CREATE VIEW town.thing_label AS SELECT label FROM town.thing;
SELECT pg_temp.try('SELECT scim.unregister_resource_type(''Thing'', force => true)');
DROP VIEW town.thing_label;
SELECT scim.unregister_resource_type('Thing', force => true);
SELECT to_regclass('town.thing');

-- Tenants: who acts for one sees and writes its people
SELECT scim.create_tenant('two', 'https://two.example.com');
SET scim.tenant = 2;
INSERT INTO town.people (user_name) VALUES ('bob') RETURNING tenant_id, user_name;
SELECT user_name FROM town.people;
RESET scim.tenant;
SELECT count(*) FROM town.people WHERE user_name = 'bob';

-- Profiles register schemas, too
SELECT count(*) > 0 AS applied FROM scim.apply_profile('{"schemas": [{"id": "urn:example:Late", "name": "Late", "attributes": [{"name": "lateBy", "type": "integer"}]}], "resourceTypes": [{"name": "Group", "endpoint": "/Groups", "schema": "urn:ietf:params:scim:schemas:core:2.0:Group", "schemaExtensions": [{"schema": "urn:example:Late", "required": false}]}]}');
INSERT INTO town.teams (display_name, late_by) VALUES ('Late', 3) RETURNING late_by, data;
SET client_min_messages = warning;
SELECT scim.drop_store('town');
