-- Two stores with data of every kind that version 0.1.0 had, and what people add to them;
-- :internal is the schema of what people do not call.

SELECT scim.create_store('directory');
SET scim.base_url = 'https://scim.example.com/scim/v2';
SET scim.actor = 'the maker';
UPDATE directory.policy SET enabled = true WHERE kind = 'events';

-- ---- the registry: extensions, types of their own, unique attributes

\ir registry.sql

-- ---- tenants; people and groups in all states

INSERT INTO directory.tenant (tenant_id, name) VALUES (2, 'second'), (3, 'third');
CREATE FUNCTION pg_temp.person(i int) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('userName', 'user' || i || '@example.com', 'externalId', 'e' || i, 'displayName', 'Überuser ' || i,
    'name', jsonb_build_object('givenName', 'Given' || i, 'familyName', 'Straße ' || i),
    'emails', jsonb_build_array(jsonb_build_object('value', 'user' || i || '@example.com', 'type', 'work', 'primary', true)),
    'title', 'Engineer ' || i % 3, 'active', i % 7 <> 0, 'shoeSize', 36 + i % 10,
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', jsonb_build_object('department', 'D' || i % 4, 'employeeNumber', i::text),
    'urn:example:Badge', jsonb_build_object('badgeNumber', 'B' || i, 'visaNumber', current_setting('scim.tenant') || 'V' || i, 'issued', '2024-02-29T12:00:00.5+02:00',
      'photo', 'aGVsbG8=', 'costs', i + 0.5, 'doors', jsonb_build_array(jsonb_build_object('value', 'north', 'level', i % 3))))
$$;
CREATE FUNCTION pg_temp.id(kind int, i int) RETURNS uuid LANGUAGE sql AS $$
  SELECT format('00000000-000%s-7000-8000-%s', kind, lpad(i::text, 12, '0'))::uuid
$$;
INSERT INTO directory.users (id, data) SELECT pg_temp.id(1, i), pg_temp.person(i) FROM generate_series(1, 40) i;
UPDATE directory.users SET data = data || '{"password": "t1meMa$heen"}' WHERE id = pg_temp.id(1, 1);
SELECT scim.patch_resource('User', pg_temp.id(1, 2)::text, '[{"op": "replace", "path": "password", "value": "another Pa55"},
  {"op": "add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager", "value": {"value": "00000000-0001-7000-8000-000000000001"}},
  {"op": "remove", "path": "title"}]');
-- nested groups, members that are nowhere, a big one
SELECT scim.create_resource('Group', '{"displayName": "Engineers", "externalId": "g1"}');
INSERT INTO directory.groups (id, data) SELECT pg_temp.id(2, i), jsonb_build_object('displayName', 'Group ' || i, 'members',
    (SELECT jsonb_agg(jsonb_build_object('value', pg_temp.id(1, j))) FROM generate_series(i, 40, i) j)) FROM generate_series(1, 6) i;
SELECT scim.patch_resource('Group', pg_temp.id(2, 1)::text, jsonb_build_array(jsonb_build_object('op', 'add', 'path', 'members',
    'value', jsonb_build_array(jsonb_build_object('value', pg_temp.id(2, 2)), jsonb_build_object('value', pg_temp.id(2, 3)),
        jsonb_build_object('value', 'bill@example.com'), jsonb_build_object('value', pg_temp.id(1, 999))))));
SELECT scim.patch_resource('Group', pg_temp.id(2, 2)::text, jsonb_build_array(jsonb_build_object('op', 'add', 'path', 'members',
    'value', jsonb_build_array(jsonb_build_object('value', pg_temp.id(2, 4))))));
DELETE FROM directory.member WHERE group_id = pg_temp.id(2, 1) AND member_id = pg_temp.id(1, 5);
INSERT INTO directory.cost_centres (id, data) SELECT pg_temp.id(3, i), jsonb_build_object('code', 'C' || i, 'displayName', 'Centre ' || i, 'budget', i * 1000.5,
    'head', pg_temp.id(1, i)) FROM generate_series(1, 5) i;
INSERT INTO directory."Our ""devices""" (id, data) SELECT pg_temp.id(4, i), jsonb_build_object('serial', 'Serial ' || i) FROM generate_series(1, 4) i;
-- suspended, deleted but kept, off-boarding, off-boarded, restored, gone
UPDATE directory.users SET active = false WHERE id = pg_temp.id(1, 10);
DELETE FROM directory.users WHERE id IN (pg_temp.id(1, 11), pg_temp.id(1, 12), pg_temp.id(1, 13));
SELECT scim.restore_resource('User', pg_temp.id(1, 13));
UPDATE directory.policy SET settings = '{"mode": "offboard"}' WHERE kind = 'delete' AND resource_type = 'User';
DELETE FROM directory.users WHERE id IN (pg_temp.id(1, 14), pg_temp.id(1, 15), pg_temp.id(1, 16));
SELECT scim.complete_offboarding(pg_temp.id(1, 15)), scim.complete_offboarding(pg_temp.id(1, 16));
INSERT INTO directory.users (id, data) VALUES (pg_temp.id(1, 50), '{"userName": "user11@example.com", "emails": [{"value": "user11@example.com", "primary": true}]}');
DELETE FROM directory.groups WHERE id = pg_temp.id(2, 6);
-- other tenants: the same names, and ids, as of a store that is older than the index on these
SET client_min_messages = warning;
DROP INDEX IF EXISTS directory.users_id_key, directory.groups_id_key;
RESET client_min_messages;
SET scim.tenant = 2;
INSERT INTO directory.users (id, data) SELECT pg_temp.id(1, i), pg_temp.person(i) FROM generate_series(1, 5) i;
INSERT INTO directory.groups (id, data) VALUES (pg_temp.id(2, 1), '{"displayName": "Group 1", "members": [{"value": "00000000-0001-7000-8000-000000000001"}]}');
SET scim.tenant = 3;
INSERT INTO directory.users (id, data) VALUES (pg_temp.id(1, 1), '{"userName": "alone@example.com", "externalId": "e1"}');
RESET scim.tenant;

-- ---- policies of every kind, for all tenants and for one

UPDATE directory.policy SET enabled = true WHERE kind = 'identity';
INSERT INTO directory.policy (tenant_id, resource_type, kind, enabled, settings) VALUES
  (NULL, 'CostCentre', 'canonical', true, '{"attributes": ["colour"]}'),
  (NULL, 'CostCentre', 'reference', true, '{"attributes": {"head": "User"}, "missing": "notFound"}'),
  (2, 'User', 'delete', true, '{"mode": "hard"}'), (3, 'User', 'identity', false, '{"userName": "primaryEmail"}'),
  (2, 'Group', 'audit', false, '{}'), (3, 'User', 'events', false, '{}');

-- ---- tokens

INSERT INTO directory.token (id, hash, description, created, expires_at, revoked_at) VALUES
  (pg_temp.id(5, 1), sha256('token one'), 'valid', now(), NULL, NULL), (pg_temp.id(5, 2), sha256('token two'), 'expired', '2023-01-01', '2024-01-01', NULL),
  (pg_temp.id(5, 3), sha256('token three'), 'revoked', '2023-01-01', NULL, '2024-01-01');
INSERT INTO directory.token (tenant_id, id, hash, description, expires_at) VALUES (2, pg_temp.id(5, 4), sha256('token four'), 'of the second', '2999-01-01');

-- ---- another store, whose name needs quoting and whose owner is no superuser

GRANT CREATE ON DATABASE before TO "store owner";
SET SESSION AUTHORIZATION "store owner";
SELECT scim.create_store('Odd "Store"');
SET scim.store = 'Odd "Store"';
\ir odd_registry.sql
INSERT INTO "Odd ""Store""".things (data) VALUES ('{"label": "one"}');
SELECT scim.create_resource('User', '{"userName": "odd", "password": "0ddPa55word"}') ->> 'id' AS odd \gset
SELECT scim.create_resource('Group', jsonb_build_object('displayName', 'Odds', 'members', jsonb_build_array(jsonb_build_object('value', :'odd'))));
DROP INDEX "Odd ""Store""".users_created_idx;
RESET SESSION AUTHORIZATION;
RESET scim.store;

-- ---- what people add

CREATE SCHEMA app;
CREATE TABLE app.log (what text);
CREATE FUNCTION app.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO app.log VALUES (NEW.user_name); RETURN NULL; END $$;
CREATE TRIGGER z_note AFTER INSERT ON directory.users FOR EACH ROW EXECUTE FUNCTION app.note();
ALTER TABLE directory.resource ADD COLUMN cost_centre int;
COMMENT ON COLUMN directory.resource.cost_centre IS 'Ours';
UPDATE directory.users SET cost_centre = 7 WHERE id = pg_temp.id(1, 1);
CREATE INDEX title_idx ON directory.users ((data ->> 'title'));
CREATE INDEX folded_title_idx ON directory.users (scim.fold(data ->> 'title'));
CREATE INDEX every_substring_idx ON directory.groups USING gin (data scim.gin_ops (substrings = '*'));
CREATE POLICY no_secrets ON directory.users AS RESTRICTIVE USING (user_name IS DISTINCT FROM 'user3@example.com');
CREATE POLICY auditors ON directory.audit FOR SELECT TO auditor USING (tenant_id = scim.tenant());
CREATE STATISTICS directory.ours ON user_name, status FROM directory.users;
GRANT USAGE ON SCHEMA directory TO app, auditor;
GRANT SELECT, INSERT, UPDATE, DELETE ON directory.resource, directory.users, directory.groups, directory.member TO app;
GRANT SELECT ON directory.schema, directory.resource_type TO app;
GRANT SELECT ON directory.audit TO auditor;
GRANT SELECT (description, expires_at) ON directory.token TO auditor;
SELECT format('GRANT EXECUTE ON FUNCTION %s TO app', oid::regprocedure) FROM pg_proc WHERE pronamespace = 'scim'::regnamespace AND proname = 'create_token' \gexec
CREATE PUBLICATION people FOR TABLE directory.users;
CREATE TABLE app.laptop (owner uuid, tenant_id int DEFAULT scim.tenant(), resource_type text DEFAULT 'User', id uuid DEFAULT scim.uuid_v7(),
  FOREIGN KEY (tenant_id, owner, resource_type) REFERENCES directory.resource (tenant_id, id, resource_type));
INSERT INTO app.laptop (owner) VALUES (pg_temp.id(1, 1));
CREATE TABLE app.saved (name text, filter scim.filter PRIMARY KEY, path scim.path, folded text GENERATED ALWAYS AS (scim.fold(name)) STORED);
CREATE INDEX saved_filter_idx ON app.saved USING hash (filter);
CREATE INDEX saved_path_idx ON app.saved (path);
INSERT INTO app.saved VALUES ('Engineers', 'title sw "Eng" and not (active eq false)', 'emails[type eq "work"].value'), ('Mañana', 'userName pr', 'name.familyName');
CREATE VIEW app.engineer AS SELECT user_name, data ->> 'title' AS title FROM directory.users
  WHERE deleted_at IS NULL AND scim.matches(data, 'title sw "engineer"', 'User');
CREATE VIEW app.chosen AS SELECT s.name, u.user_name FROM app.saved s JOIN directory.users u ON u.data OPERATOR(scim.~) s.filter WHERE u.deleted_at IS NULL;
CREATE VIEW app.document AS SELECT id, scim.resource_json(u) FROM directory.users u;
CREATE VIEW app.found AS SELECT scim.search('User', 'userName pr', count => 3) AS list;
CREATE MATERIALIZED VIEW app.folded AS SELECT id, scim.fold(user_name) AS name FROM directory.users;
CREATE FUNCTION app.find(filter scim.filter) RETURNS SETOF directory.users LANGUAGE sql STABLE
  BEGIN ATOMIC SELECT * FROM directory.users u WHERE u.deleted_at IS NULL AND scim.matches(u.data, filter, 'User'); END;
CREATE FUNCTION app.keys(document jsonb) RETURNS int LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT cardinality(:internal.index_keys(document)); END;
-- as after directory in a restore: what a CHECK constraint reads must be there before
CREATE SCHEMA intake;
CREATE TABLE intake.draft (document jsonb CHECK (scim.is_valid('User', document)));
INSERT INTO intake.draft VALUES ('{"userName": "draft@example.com", "emails": [{"value": "draft@example.com", "primary": true}], "shoeSize": 40}');
ANALYZE;
