-- Many rows of one person in a table of values, which SCIM takes away or writes: each is the one that it was
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('places');
SET scim.store = 'places';
CREATE SCHEMA places_app;
CREATE TABLE places_app.users (id int PRIMARY KEY DEFAULT 9, login text NOT NULL UNIQUE);
CREATE TABLE places_app.phones (id int GENERATED ALWAYS AS IDENTITY, user_id int, nr text, kind text) PARTITION BY HASH (id);
CREATE TABLE places_app.phones_0 PARTITION OF places_app.phones FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE places_app.phones_1 PARTITION OF places_app.phones FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE places_app.phones_2 PARTITION OF places_app.phones FOR VALUES WITH (MODULUS 3, REMAINDER 2);
CREATE INDEX ON places_app.phones (user_id);
CREATE TABLE places_app.emails (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id int, address text NOT NULL, is_primary boolean NOT NULL DEFAULT false, UNIQUE (user_id, address));
INSERT INTO places_app.users VALUES (1, 'a'), (2, 'b');
SELECT * FROM scim.bind_table('User', 'places_app.users', '{"attributes": {"userName": "login", "phoneNumbers": {"table": "places_app.phones", "key": "user_id", "columns": {"value": "nr", "type": "kind"}},
  "emails": {"table": "places_app.emails", "key": "user_id", "columns": {"value": "address", "primary": "is_primary"}}}}');
INSERT INTO places_app.phones (user_id, nr, kind) SELECT 1 + g % 2, 'n' || g / 2, 'work' FROM generate_series(2, 121) g;
INSERT INTO places_app.phones (user_id, nr, kind) SELECT 1, 'n' || g, 'work' FROM generate_series(1, 60, 4) g;
INSERT INTO places_app.emails (user_id, address) SELECT 1 + g % 2, 'a' || g / 2 || '@x.example' FROM generate_series(2, 61) g;
CREATE FUNCTION places_app.patch(op text, path text, value jsonb DEFAULT NULL) RETURNS boolean LANGUAGE sql AS $$
  SELECT scim.patch_resource('User', id, jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('op', $1, 'path', $2, 'value', $3)))) IS NOT NULL FROM places.users WHERE user_name = 'a' $$;
CREATE VIEW places_app.counts AS
  SELECT u.login, (SELECT count(*) || ' ' || count(DISTINCT nr) || ' ' || string_agg(DISTINCT left(nr, 1) || ' ' || kind, ',') FROM places_app.phones p WHERE p.user_id = u.id) AS phones,
    (SELECT count(*) || ' ' || string_agg(DISTINCT left(address, 1), ',') || ' ' || count(*) FILTER (WHERE is_primary) FROM places_app.emails e WHERE e.user_id = u.id) AS emails,
    (SELECT jsonb_array_length(data -> 'phoneNumbers') || ' ' || jsonb_array_length(data -> 'emails') FROM places.users r WHERE r.user_name = u.login) AS in_scim
  FROM places_app.users u ORDER BY 1;
TABLE places_app.counts;
CREATE TABLE places_app.was AS SELECT id, nr FROM places_app.phones WHERE user_id = 1;
-- some go, of all partitions, and who says the same twice goes twice
SELECT places_app.patch('replace', 'phoneNumbers', (SELECT jsonb_agg(jsonb_build_object('value', 'n' || g, 'type', 'work')) FROM generate_series(1, 60) g WHERE g % 3 = 0));
TABLE places_app.counts;
SELECT count(*) FROM places_app.phones JOIN places_app.was USING (id, nr) WHERE user_id = 1;
-- all say something else, and stay the rows that they were
SELECT places_app.patch('replace', 'phoneNumbers', (SELECT jsonb_agg(jsonb_build_object('value', 'n' || g, 'type', 'home')) FROM generate_series(1, 60) g WHERE g % 3 = 0));
TABLE places_app.counts;
SELECT count(*) FROM places_app.phones JOIN places_app.was USING (id, nr) WHERE user_id = 1;
-- others in their place
SELECT places_app.patch('replace', 'phoneNumbers', (SELECT jsonb_agg(jsonb_build_object('value', 'm' || g, 'type', 'home')) FROM generate_series(1, 30) g));
TABLE places_app.counts;
-- one of many is another one's now: a unique index, and what can be there once only
SELECT places_app.patch('replace', 'emails', (SELECT jsonb_agg(jsonb_build_object('value', 'A' || g || '@x.example', 'primary', g = 7)) FROM generate_series(1, 30) g));
SELECT places_app.patch('replace', 'emails', (SELECT jsonb_agg(jsonb_build_object('value', 'a' || g || '@x.example', 'primary', g = 21)) FROM generate_series(1, 30) g));
TABLE places_app.counts;
SELECT address FROM places_app.emails WHERE is_primary;
SELECT count(*) FROM scim.check_binding();
-- a trigger writes other rows, so that they are elsewhere when their turn comes
CREATE FUNCTION places_app.touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE places_app.phones SET nr = nr WHERE user_id = 1 AND id % 5 = 0;
  RETURN NULL;
END $$;
CREATE TRIGGER touch AFTER UPDATE OF kind ON places_app.phones FOR EACH ROW EXECUTE FUNCTION places_app.touch();
SELECT places_app.patch('replace', 'phoneNumbers', (SELECT jsonb_agg(jsonb_build_object('value', 'm' || g, 'type', 'work')) FROM generate_series(1, 30) g));
TABLE places_app.counts;
DROP TRIGGER touch ON places_app.phones;
-- ... takes others along, and skips some
CREATE FUNCTION places_app.take() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM places_app.phones WHERE user_id = OLD.user_id AND nr = 'm' || substr(OLD.nr, 2)::int + 1;
  RETURN NULL;
END $$;
CREATE TRIGGER take AFTER DELETE ON places_app.phones FOR EACH ROW WHEN (OLD.nr = 'm3') EXECUTE FUNCTION places_app.take();
SELECT places_app.patch('replace', 'phoneNumbers', (SELECT jsonb_agg(jsonb_build_object('value', 'm' || g, 'type', 'work')) FROM generate_series(15, 30) g));
TABLE places_app.counts;
CREATE FUNCTION places_app.skip() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER skip BEFORE DELETE ON places_app.phones FOR EACH ROW WHEN (OLD.nr = 'm20') EXECUTE FUNCTION places_app.skip();
SELECT places_app.patch('remove', 'phoneNumbers');
DROP TRIGGER skip ON places_app.phones;
CREATE TRIGGER skip BEFORE UPDATE ON places_app.phones FOR EACH ROW WHEN (OLD.nr = 'm20') EXECUTE FUNCTION places_app.skip();
SELECT places_app.patch('replace', 'phoneNumbers', (SELECT jsonb_agg(jsonb_build_object('value', 'm' || g, 'type', 'home')) FROM generate_series(15, 30) g));
TABLE places_app.counts;
DROP TRIGGER skip ON places_app.phones;
SELECT places_app.patch('remove', 'phoneNumbers'), places_app.patch('remove', 'emails');
TABLE places_app.counts;
SELECT count(*) FROM scim.check_binding();
SELECT scim.unbind_table('places_app.users');
DROP SCHEMA places_app CASCADE;
SELECT scim.drop_store('places', true);
