-- INSERT ... ON CONFLICT DO UPDATE: password and members, which no document holds
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('upserted');
SET scim.store = 'upserted';
\set u 00000000-0000-7000-8000-000000000001
\set g 00000000-0000-7000-8000-00000000000a
PREPARE person AS INSERT INTO upserted.users (id, data) VALUES ($1, $2)
    ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = excluded.data;
PREPARE team AS INSERT INTO upserted.resource (resource_type, id, data) VALUES ('Group', $1, $2)
    ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = excluded.data;
CREATE VIEW person AS SELECT version, data, scim.verify_password(id, 'old') AS old, scim.verify_password(id, 'new') AS new FROM upserted.users;
CREATE VIEW team AS SELECT version, data, (SELECT string_agg(value, ' ' ORDER BY value) FROM upserted.member) AS members FROM upserted.groups;
EXECUTE person(:'u', '{"userName": "a", "password": "old"}');
EXECUTE person(:'u', '{"userName": "a", "password": "new"}');
TABLE person;
EXECUTE person(:'u', '{"userName": "a", "title": "t"}');
TABLE person;
EXECUTE person(:'u', '{"userName": "a", "password": null}');
TABLE person;
SELECT operation, version, detail FROM upserted.audit ORDER BY id;
EXECUTE team(:'g', '{"displayName": "g", "members": ["m1"]}');
EXECUTE team(:'g', '{"displayName": "g", "members": ["m2", "m3"]}');
TABLE team;
EXECUTE team(:'g', '{"displayName": "h"}');
TABLE team;
EXECUTE team(:'g', '{"displayName": "h", "members": []}');
TABLE team;
EXECUTE team(:'g', '{"displayName": "h", "members": []}');
TABLE team;
-- many rows, some of them new
INSERT INTO upserted.users (id, data) SELECT ('00000000-0000-7000-8000-00000000000' || i)::uuid, jsonb_build_object('userName', 'u' || i, 'password', 'pw' || i)
FROM generate_series(1, 4) i ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = excluded.data;
SELECT user_name, version, scim.verify_password(id, 'pw' || right(id::text, 1)) FROM upserted.users ORDER BY 1;
-- by another key than the id
INSERT INTO upserted.users (data) VALUES ('{"userName": "U1", "password": "new"}'), ('{"userName": "u5", "password": "new"}')
    ON CONFLICT (tenant_id, scim.fold_user_name(user_name)) WHERE deleted_at IS NULL DO UPDATE SET data = excluded.data;
SELECT user_name, version, scim.verify_password(id, 'new') FROM upserted.users ORDER BY 1;
-- what SET makes of it states them itself, or is refused; what is no data says nothing of them
INSERT INTO upserted.users AS u (id, data) VALUES (:'u', '{"userName": "u1", "password": "old"}')
    ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = u.data || excluded.data;
INSERT INTO upserted.users AS u (id, data) VALUES (:'u', '{"userName": "u1", "password": null}')
    ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = u.data || '{"title": "t"}';
INSERT INTO upserted.groups AS g (id, data) VALUES (:'g', '{"displayName": "h", "members": ["m1"]}')
    ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = g.data || '{"externalId": "7"}';
TABLE team;
INSERT INTO upserted.users AS u (id, data) VALUES (:'u', '{"userName": "u1", "password": "old"}')
    ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = u.data || excluded.data || '{"password": "old"}';
SELECT version, scim.verify_password(id, 'old') AS old FROM upserted.users WHERE id = :'u';
INSERT INTO upserted.users AS u (id, data) VALUES (:'u', '{"userName": "u1", "password": "new"}')
    ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET active = false;
SELECT version, active, scim.verify_password(id, 'new') AS new FROM upserted.users WHERE id = :'u';
INSERT INTO upserted.users AS u (id, data) VALUES (:'u', '{"userName": "u1", "password": "new"}')
    ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = excluded.data WHERE u.user_name = 'somebody else';
SELECT version FROM upserted.users WHERE id = :'u';
-- MERGE: the row that was inserted is there
MERGE INTO upserted.users u USING (VALUES ('00000000-0000-7000-8000-000000000009'::uuid, '{"userName": "u9", "password": "new"}'::jsonb),
    ('00000000-0000-7000-8000-000000000002', '{"userName": "u2", "title": "t"}')) AS s (id, data) ON u.id = s.id
WHEN MATCHED THEN UPDATE SET data = s.data WHEN NOT MATCHED THEN INSERT (id, data) VALUES (s.id, s.data);
SELECT user_name, data ->> 'title' AS title, scim.verify_password(id, CASE user_name WHEN 'u2' THEN 'pw2' ELSE 'new' END) FROM upserted.users WHERE user_name IN ('u2', 'u9') ORDER BY 1;
-- with a trigger before the door and one behind it
CREATE FUNCTION upserted.title() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.data := NEW.data || '{"title": "by trigger"}'; RETURN NEW; END$$;
CREATE TRIGGER a BEFORE INSERT OR UPDATE ON upserted.users FOR EACH ROW EXECUTE FUNCTION upserted.title();
CREATE FUNCTION upserted.look() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;
CREATE TRIGGER z BEFORE INSERT OR UPDATE ON upserted.resource FOR EACH ROW EXECUTE FUNCTION upserted.look();
EXECUTE person('00000000-0000-7000-8000-000000000002', '{"userName": "u2", "password": "old"}');
EXECUTE team(:'g', '{"displayName": "h", "members": ["m7"]}');
SELECT version, scim.verify_password(id, 'old') AS old FROM upserted.users WHERE user_name = 'u2';
TABLE team;
DROP TRIGGER a ON upserted.users;
DROP TRIGGER z ON upserted.resource;
-- what is there is no new resource: what was stated is judged, and nothing added, as by UPDATE (more of it in upsert_same.sql)
\set k 00000000-0000-7000-8000-000000000011
INSERT INTO upserted.users (id, data) VALUES (:'k', '{"userName": "kim"}');
UPDATE upserted.policy SET enabled = true WHERE kind = 'identity';
INSERT INTO upserted.policy (resource_type, kind, settings) VALUES ('User', 'default', '{"attributes": {"roles": ["member"]}}'), ('User', 'condition', '{"when": "title eq \"boss\"", "require": "locale pr"}');
EXECUTE person(:'k', '{"userName": "kim", "nickName": "x"}');
INSERT INTO upserted.users (data) VALUES ('{"userName": "KIM", "nickName": "y"}') ON CONFLICT (tenant_id, scim.fold_user_name(user_name)) WHERE deleted_at IS NULL DO UPDATE SET data = upserted.users.data || excluded.data;
INSERT INTO upserted.users (data) VALUES ('{"userName": "kim", "nickName": "y"}') ON CONFLICT (tenant_id, scim.fold_user_name(user_name)) WHERE deleted_at IS NULL
    DO UPDATE SET data = upserted.users.data || excluded.data RETURNING data - 'schemas' AS data, version;
EXECUTE person(:'k', '{"userName": "kim", "title": "boss"}');
EXECUTE person(:'k', '{"userName": "kimberley"}');
INSERT INTO upserted.users (id, data) VALUES (:'k', '{"userName": "kim", "nickName": 5, "title": "boss"}') ON CONFLICT DO NOTHING;
INSERT INTO upserted.users (id, data) VALUES (:'k', '{"userName": "kim", "nickName": 5}') ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET active = false RETURNING active, data - 'schemas' AS data, version;
INSERT INTO upserted.users (id, data) VALUES (:'k', '{"userName": "kim"}');
INSERT INTO upserted.users (data) VALUES ('{"userName": "Kim"}');
-- by a key of one's own
CREATE UNIQUE INDEX nick ON upserted.users ((data ->> 'nickName'));
INSERT INTO upserted.users (data) VALUES ('{"userName": "kim", "NICKNAME": "y", "locale": "en"}') ON CONFLICT ((data ->> 'nickName')) DO UPDATE SET data = excluded.data RETURNING id, data - 'schemas' AS data, version;
INSERT INTO upserted.users (data) VALUES ('{"userName": "lee", "nickName": "z"}') ON CONFLICT ((data ->> 'nickName')) DO UPDATE SET data = excluded.data;
DROP INDEX upserted.nick;
-- one that is new is, beside such that are not; the second of the same is no new one any more
INSERT INTO upserted.users (id, data) VALUES (:'k', '{"userName": "kim"}'), ('00000000-0000-7000-8000-000000000012', '{"userName": "new@example.com", "emails": ["new@example.com"]}')
    ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = excluded.data RETURNING user_name, version, data -> 'roles' AS roles;
INSERT INTO upserted.users (id, data) SELECT '00000000-0000-7000-8000-000000000013', '{"userName": "twice@example.com", "emails": ["twice@example.com"]}' FROM generate_series(1, 2) ON CONFLICT DO NOTHING RETURNING version, data -> 'roles' AS roles;
INSERT INTO upserted.users (id, data) VALUES ('00000000-0000-7000-8000-000000000014', '{"userName": "nobody"}') ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = excluded.data;
-- who is not there any more when the row is written: nobody gets past the rules by that
CREATE FUNCTION upserted.take_away() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN DELETE FROM upserted.users WHERE id = NEW.id; DELETE FROM upserted.users WHERE id = NEW.id; RETURN NEW; END$$;
CREATE TRIGGER z BEFORE INSERT ON upserted.users FOR EACH ROW EXECUTE FUNCTION upserted.take_away();
EXECUTE person(:'k', '{"userName": "kim", "title": "boss"}');
DROP TRIGGER z ON upserted.users;
CREATE TRIGGER a BEFORE INSERT ON upserted.users FOR EACH ROW EXECUTE FUNCTION upserted.take_away();
EXECUTE person(:'k', '{"userName": "kim", "title": "boss"}');
DROP TRIGGER a ON upserted.users;
SELECT version, data - 'schemas' AS data FROM upserted.users WHERE id = :'k';
UPDATE upserted.policy SET enabled = false WHERE kind = 'identity';
SELECT * FROM scim.validate_store();
-- what is wrong with what is stated is not lost in an expression
INSERT INTO upserted.users (id, data) VALUES ('00000000-0000-7000-8000-0000000000aa', '{"userName": "said@example.com", "externalId": "1"}');
INSERT INTO upserted.users AS u (id, data) VALUES ('00000000-0000-7000-8000-0000000000aa', '{"userName": "said2@example.com", "bogus": 1}') ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = u.data || excluded.data;
INSERT INTO upserted.users AS u (id, data) VALUES ('00000000-0000-7000-8000-0000000000aa', '{"TITLE": "a", "title": "b"}') ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = u.data || excluded.data;
INSERT INTO upserted.users AS u (id, data) VALUES ('00000000-0000-7000-8000-0000000000aa', '{"active": "maybe"}') ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = u.data || excluded.data;
INSERT INTO upserted.users AS u (id, data) VALUES ('00000000-0000-7000-8000-0000000000aa', '{"Title": "b"}') ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = u.data || excluded.data RETURNING data - '{meta,id,schemas}'::text[] AS data;
\set one '00000000-0000-7000-8000-0000000000aa'
UPDATE upserted.users SET active = false WHERE id = :'one';
INSERT INTO upserted.users AS u (id, data) VALUES (:'one', '{"userName": "said@example.com", "active": false, "TITLE": "a", "title": "b"}') ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET active = excluded.active;
INSERT INTO upserted.users AS u (id, data) VALUES (:'one', '{"name": {"givenName": "g", "GIVENNAME": "h"}}') ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET status = excluded.status;
INSERT INTO upserted.users AS u (id, data) VALUES (:'one', '{"title": "T", "name": {"givenName": "x", "bogus": 1}}') ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = u.data || excluded.data;
INSERT INTO upserted.users AS u (id, data) VALUES (:'one', '{"urn:x:nobody": {"a": 1}}') ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = excluded.data || '{"nickName": "o"}';
INSERT INTO upserted.users AS u (id, data) VALUES (:'one', '{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": "x"}') ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = u.data || excluded.data;
INSERT INTO upserted.users AS u (id, data) VALUES (:'one', '{"members": [{"value": "x"}]}') ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = u.data || excluded.data;
INSERT INTO upserted.users AS u (id, data) VALUES (:'one', '{"emails": [{"value": "x", "bogus": 1}]}') ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = u.data || excluded.data;
INSERT INTO upserted.users (data) VALUES ('{"userName": "said@example.com", "title": 7}') ON CONFLICT DO NOTHING;
INSERT INTO upserted.users (data) VALUES ('{"userName": "said@example.com", "bogus": 7}') ON CONFLICT DO NOTHING;
SELECT status, version, data - '{meta,id,schemas}'::text[] AS data FROM upserted.users WHERE id = :'one';
DROP VIEW person, team;
SELECT scim.drop_store('upserted', true);
