-- Random writes to either side of a binding, by requests, functions and plain DML: in the end both
-- say the same, and the audit has every version.  CHANGES=20000 for many.
SET client_min_messages = warning;
\set VERBOSITY terse
\set changes 2000
\getenv changes CHANGES
SELECT scim.create_store('random_bound');
SET scim.store = 'random_bound';
CREATE SCHEMA random_app;
CREATE TABLE random_app.users (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE, given text, full_name varchar(30), state text NOT NULL DEFAULT 'on' CHECK (state IN ('on', 'off', 'locked')), tags text[], phone text, gone_at timestamptz, note text);
CREATE TABLE random_app.emails (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id int NOT NULL REFERENCES random_app.users ON DELETE CASCADE, address text NOT NULL, kind text, is_primary boolean NOT NULL DEFAULT false);
CREATE TABLE random_app.teams (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL CHECK (name <> 'bad'));
CREATE TABLE random_app.team_members (team_id int NOT NULL REFERENCES random_app.teams ON DELETE CASCADE, user_id int NOT NULL REFERENCES random_app.users ON DELETE CASCADE, PRIMARY KEY (team_id, user_id));
CREATE FUNCTION random_app.lower_email() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.email := lower(new.email); RETURN new; END $$;
CREATE TRIGGER lower_email BEFORE INSERT OR UPDATE ON random_app.users FOR EACH ROW EXECUTE FUNCTION random_app.lower_email();
INSERT INTO random_app.users (email) SELECT 'first' || n FROM generate_series(1, 40) n;
INSERT INTO random_app.teams (name) SELECT 'team' || n FROM generate_series(1, 8) n;
SELECT * FROM scim.bind_table('User', 'random_app.users', '{"attributes": {"userName": "email", "name.givenName": "given", "displayName": {"read": "full_name", "write": {"full_name": "value"}},
  "active": {"column": "state", "values": {"true": "on", "false": ["off", "locked"]}}, "phoneNumbers[type eq \"work\"].value": "phone", "title": {"column": "note", "wins": "table"},
  "emails": {"table": "random_app.emails", "key": "user_id", "columns": {"value": "address", "type": "kind", "primary": "is_primary"}}}, "gone": "gone_at IS NOT NULL"}');
SELECT * FROM scim.bind_table('Group', 'random_app.teams', '{"attributes": {"displayName": "name", "members": {"table": "random_app.team_members", "key": "team_id", "member": "user_id"}}}');
CREATE TABLE random_app.outcome (kind int, outcome text, detail text);

CREATE FUNCTION random_app.pick(what text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text;
BEGIN
  EXECUTE CASE what WHEN 'User' THEN 'SELECT id::text FROM random_bound.users WHERE deleted_at IS NULL' WHEN 'Group' THEN 'SELECT id::text FROM random_bound.groups' WHEN 'gone' THEN 'SELECT id::text FROM random_bound.users WHERE deleted_at IS NOT NULL'
    ELSE format('SELECT id::text FROM random_app.%I', what) END || ' ORDER BY random() LIMIT 1' INTO result;
  RETURN result;
END $$;
CREATE FUNCTION random_app.word() RETURNS text LANGUAGE sql AS $$ SELECT (ARRAY['Ada', 'bob', 'CYD', 'Dan', 'eve', 'a name that is too long for its column', 'x'])[1 + floor(random() * 7)] $$;
CREATE FUNCTION random_app.body(method text) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_strip_nulls(jsonb_build_object('schemas', '["urn:ietf:params:scim:schemas:core:2.0:User"]'::jsonb, 'userName', 'User' || floor(random() * 200), 'active', CASE WHEN random() < 0.7 THEN random() < 0.7 END,
    'name', jsonb_build_object('givenName', random_app.word()), 'displayName', CASE WHEN random() < 0.5 THEN random_app.word() END, 'title', CASE WHEN random() < 0.3 THEN random_app.word() END,
    'emails', (SELECT jsonb_agg(jsonb_build_object('value', random_app.word() || '@' || n, 'type', CASE n WHEN 1 THEN 'work' WHEN 2 THEN 'home' END, 'primary', n = 1)) FROM generate_series(1, floor(random() * 4)::int) n)))
$$;
CREATE PROCEDURE random_app.once(kind int) LANGUAGE plpgsql AS $$
DECLARE
  response scim.response;
BEGIN
  CASE kind
  WHEN 0 THEN response := scim.request('POST', '/Users', '{}', random_app.body('POST')::text);
  WHEN 1 THEN response := scim.request('PUT', '/Users/' || random_app.pick('User'), '{}', random_app.body('PUT')::text);
  WHEN 2 THEN response := scim.request('PATCH', '/Users/' || random_app.pick('User'), '{}', jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:PatchOp"]'::jsonb,
      'Operations', jsonb_build_array(jsonb_build_object('op', 'replace', 'path', (ARRAY['name.givenName', 'displayName', 'phoneNumbers[type eq "work"].value', 'title', 'nickName'])[1 + floor(random() * 5)], 'value', random_app.word())))::text);
  WHEN 3 THEN response := scim.request('DELETE', '/Users/' || random_app.pick('User'));
  WHEN 4 THEN PERFORM scim.patch_resource('User', random_app.pick('User'), jsonb_build_array(jsonb_build_object('op', 'replace', 'path', 'active', 'value', random() < 0.5), jsonb_build_object('op', 'add', 'path', 'emails', 'value', random_app.body('') -> 'emails')));
  WHEN 5 THEN PERFORM scim.restore_resource('User', random_app.pick('gone'));
  WHEN 6 THEN UPDATE random_bound.users SET data = data || jsonb_build_object('displayName', random_app.word()) WHERE id IN (SELECT id FROM random_bound.users WHERE deleted_at IS NULL ORDER BY random() LIMIT 3);
  WHEN 7 THEN DELETE FROM random_bound.users WHERE id = random_app.pick('User')::uuid;
  WHEN 8 THEN INSERT INTO random_app.users (email, given, state, phone) VALUES ('App' || floor(random() * 200), random_app.word(), (ARRAY['on', 'off', 'locked', 'what'])[1 + floor(random() * 4)], random_app.word());
  WHEN 9 THEN UPDATE random_app.users SET given = random_app.word(), note = random_app.word() WHERE id IN (SELECT id FROM random_app.users ORDER BY random() LIMIT 3);
  WHEN 10 THEN UPDATE random_app.users SET state = (ARRAY['on', 'off', 'locked'])[1 + floor(random() * 3)], email = CASE WHEN random() < 0.2 THEN '' ELSE email END WHERE id = random_app.pick('users')::int;
  WHEN 11 THEN DELETE FROM random_app.users WHERE id = random_app.pick('users')::int;
  WHEN 12 THEN INSERT INTO random_app.emails (user_id, address, kind, is_primary) SELECT random_app.pick('users')::int, random_app.word() || n, 'work', random() < 0.3 FROM generate_series(1, 2) n;
  WHEN 13 THEN DELETE FROM random_app.emails WHERE id = random_app.pick('emails')::int;
  WHEN 14 THEN UPDATE random_app.emails SET kind = random_app.word(), address = random_app.word() WHERE id = random_app.pick('emails')::int;
  WHEN 15 THEN UPDATE random_app.users SET gone_at = CASE WHEN gone_at IS NULL THEN now() END WHERE id = random_app.pick('users')::int;
  WHEN 16 THEN PERFORM scim.patch_resource('Group', random_app.pick('Group'), jsonb_build_array(jsonb_build_object('op', CASE WHEN random() < 0.7 THEN 'add' ELSE 'remove' END, 'path', 'members', 'value', jsonb_build_array(jsonb_build_object('value', random_app.pick('User'))))));
  WHEN 17 THEN INSERT INTO random_app.team_members VALUES (random_app.pick('teams')::int, random_app.pick('users')::int), (random_app.pick('teams')::int, random_app.pick('users')::int) ON CONFLICT DO NOTHING;
  WHEN 18 THEN DELETE FROM random_app.team_members WHERE user_id = random_app.pick('users')::int;
  WHEN 19 THEN UPDATE random_app.team_members SET team_id = random_app.pick('teams')::int WHERE user_id = random_app.pick('users')::int;
  WHEN 20 THEN PERFORM scim.create_resource('Group', jsonb_build_object('displayName', (ARRAY['bad', 'good'])[1 + floor(random() * 2)], 'members', jsonb_build_array(jsonb_build_object('value', random_app.pick('User')))));
  WHEN 21 THEN IF random() < 0.5 THEN DELETE FROM random_app.teams WHERE id = random_app.pick('teams')::int; ELSE DELETE FROM random_bound.groups WHERE id = random_app.pick('Group')::uuid; END IF;
  WHEN 22 THEN INSERT INTO random_app.teams (name) VALUES (random_app.word());
  WHEN 23 THEN DELETE FROM random_bound.member WHERE (group_id, member_id) IN (SELECT group_id, member_id FROM random_bound.member ORDER BY random() LIMIT 2);
  WHEN 24 THEN INSERT INTO random_app.users (email, given) VALUES ('app' || floor(random() * 200), 'up') ON CONFLICT (email) DO UPDATE SET given = 'upsert';
  WHEN 25 THEN UPDATE random_bound.groups SET display_name = random_app.word() WHERE id = random_app.pick('Group')::uuid;
  END CASE;
  INSERT INTO random_app.outcome VALUES (kind, CASE WHEN response.status >= 500 THEN 'failed' WHEN response.status >= 400 THEN 'refused' ELSE 'done' END, response.body);
EXCEPTION
  WHEN OTHERS THEN
    INSERT INTO random_app.outcome VALUES (kind, CASE WHEN SQLSTATE LIKE 'SC4%' OR SQLSTATE ~ '^(SC[A-Z]|22|23)' OR SQLERRM ~ 'has yet to follow it$' THEN 'refused' ELSE 'failed' END, SQLSTATE || ' ' || SQLERRM);
END $$;
CREATE PROCEDURE random_app.run(n int) LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1 .. n LOOP
    IF random() < 0.2 THEN
      SET CONSTRAINTS ALL DEFERRED;
    END IF;
    CALL random_app.once(floor(random() * 26)::int);
    IF random() < 0.5 THEN
      BEGIN
        SET CONSTRAINTS ALL IMMEDIATE;
      EXCEPTION
        WHEN OTHERS THEN
          ROLLBACK;
      END;
      COMMIT;
    END IF;
  END LOOP;
END $$;
SELECT setseed(0.42);
CALL random_app.run(:changes);
SELECT kind, detail FROM random_app.outcome WHERE outcome = 'failed' ORDER BY 1, 2 LIMIT 10;
SELECT count(*) FILTER (WHERE outcome = 'done') > count(*) / 2 AS most, count(*) FILTER (WHERE outcome = 'refused') > count(*) / 50 AS some, count(DISTINCT kind) AS kinds FROM random_app.outcome;
SELECT bound, side, key, attribute, table_value, scim_value FROM scim.check_binding();
-- every version of everybody who is there is in the audit, once
SELECT r.resource_type, r.id, r.version, count(*) FROM random_bound.resource r JOIN random_bound.audit a ON a.resource_id = r.id AND a.version IS NOT NULL
  GROUP BY r.resource_type, r.id, r.version HAVING count(DISTINCT a.version) <> r.version OR max(a.version) <> r.version;
SELECT count(*) FROM random_bound.resource r WHERE NOT EXISTS (SELECT FROM random_bound.audit a WHERE a.resource_id = r.id AND a.operation = 'create');
SELECT scim.drop_store('random_bound', true);
DROP SCHEMA random_app CASCADE;
RESET scim.store;
