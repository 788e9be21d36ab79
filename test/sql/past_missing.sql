-- The past where the audit does not have everything: erased, dropped, switched off; and who may ask
SET client_min_messages = warning;
\set VERBOSITY terse
\set ann '''00000000-0000-7000-8000-00000000000a'''
\set bob '''00000000-0000-7000-8000-00000000000b'''
\set eve '''00000000-0000-7000-8000-00000000000e'''
\set kim '''00000000-0000-7000-8000-00000000000c'''
\set g '''00000000-0000-7000-8000-00000000001a'''
SELECT scim.create_store('missing');
SET scim.store = 'missing';
SET TimeZone = 'UTC';
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE statement INTO result;
    RETURN coalesce(result, 'null');
EXCEPTION
    WHEN OTHERS THEN RETURN SQLSTATE || ' ' || regexp_replace(SQLERRM, '\d{4}-\d\d-\d\dT[0-9:.]+Z', 'INSTANT', 'g');
END
$$;
CREATE TEMP TABLE moment (name text PRIMARY KEY, at timestamptz);
CREATE FUNCTION pg_temp.at(name text) RETURNS timestamptz LANGUAGE sql AS 'SELECT m.at FROM moment m WHERE m.name = $1';
CREATE FUNCTION pg_temp.now(name text) RETURNS void LANGUAGE sql AS 'INSERT INTO moment VALUES ($1, clock_timestamp())';
CREATE FUNCTION pg_temp.all_at(name text, filter text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.try(format('SELECT string_agg(coalesce(r ->> ''userName'', (r - ''meta'')::text), '' '' ORDER BY r ->> ''id'') FROM scim.resources_at(''User'', %L, %L) r', pg_temp.at(name), filter))
$$;
CREATE FUNCTION pg_temp.title_at(id uuid, name text) RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.try(format('SELECT concat_ws('' '', coalesce(r ->> ''title'', CASE WHEN r IS NULL THEN ''absent'' ELSE ''untitled'' END), r #>> ''{meta,version}'', CASE WHEN r -> ''meta'' ? ''created'' THEN ''created'' END, CASE WHEN r -> ''meta'' ? ''lastModified'' THEN ''lastModified'' END) FROM scim.resource_at(''User'', %L, %L) r', id, pg_temp.at(name)))
$$;

-- one who was erased takes no answer from others
INSERT INTO missing.users (id, data) VALUES (:ann, '{"userName": "ann@example.com"}'), (:bob, '{"userName": "bob", "title": "t1"}'), (:eve, '{"userName": "eve", "title": "t1"}');
INSERT INTO missing.groups (id, data) VALUES (:g, '{"displayName": "g", "members": [{"value": "00000000-0000-7000-8000-00000000000a"}, {"value": "00000000-0000-7000-8000-00000000000b"}]}');
SELECT pg_temp.now('one');
UPDATE missing.users SET data = data || '{"title": "t2"}' WHERE id IN (:ann, :bob);
SELECT pg_temp.now('two');
SELECT scim.delete_resource('User', :ann);
SELECT pg_temp.now('deleted');
SELECT scim.erase(:ann::uuid) > 0 AS erased;
SELECT pg_temp.now('erased');
SELECT m.name, pg_temp.all_at(m.name), pg_temp.all_at(m.name, 'title eq "t2"') AS t2, pg_temp.all_at(m.name, 'not (title pr)') AS untitled FROM moment m ORDER BY m.at;
SELECT m.name, w.value, w.display FROM moment m, scim.members_at(:g, m.at) w ORDER BY m.at, w.value;
SELECT m.name, pg_temp.title_at(:ann, m.name) AS ann, pg_temp.title_at(:bob, m.name) AS bob FROM moment m ORDER BY m.at;

-- switched off and on again: known is what came after, and what was until then
UPDATE missing.users SET data = data || '{"title": "t3"}' WHERE id = :bob;
SELECT pg_temp.now('before off');
UPDATE missing.users SET data = data || '{"title": "t4"}' WHERE id = :bob;
UPDATE missing.policy SET enabled = false WHERE kind = 'audit' AND resource_type = 'User';
SELECT pg_temp.now('off');
UPDATE missing.users SET data = data || '{"title": "t5"}' WHERE id IN (:bob, :eve);
INSERT INTO missing.users (id, data) VALUES (:kim, '{"userName": "kim", "title": "t1"}');
SELECT pg_temp.now('still off');
UPDATE missing.policy SET enabled = true WHERE kind = 'audit' AND resource_type = 'User';
SELECT pg_temp.now('on again');
UPDATE missing.users SET data = data || '{"title": "t6"}' WHERE id IN (:bob, :eve, :kim);
SELECT pg_temp.now('six');
SELECT m.name, pg_temp.title_at(:bob, m.name) AS bob, pg_temp.title_at(:eve, m.name) AS eve, pg_temp.title_at(:kim, m.name) AS kim FROM moment m WHERE m.at >= pg_temp.at('before off') ORDER BY m.at;
SELECT m.name, pg_temp.all_at(m.name) FROM moment m WHERE m.at >= pg_temp.at('before off') ORDER BY m.at;
-- and one who goes then
DELETE FROM missing.users WHERE id = :kim;
DELETE FROM missing.member WHERE member_id = :bob;
SELECT pg_temp.title_at(:kim, 'still off') AS kim_off, pg_temp.title_at(:kim, 'on again') AS kim, pg_temp.all_at('on again');

-- months that are gone: of those before the instant nobody needs a row
SELECT pg_temp.now('dropped');
BEGIN;
SET LOCAL session_replication_role = replica;
DELETE FROM missing.audit WHERE at < pg_temp.at('on again');
INSERT INTO missing.audit (tenant_id, at, actor, operation, object, key) VALUES (0, clock_timestamp(), 'x', 'drop audit', 'audit', 'audit_2020_01');
COMMIT;
SELECT pg_temp.title_at(:bob, 'on again') AS bob, pg_temp.title_at(:kim, 'on again') AS kim, pg_temp.title_at(:kim, 'dropped') AS gone, pg_temp.all_at('on again');
SELECT scim.resource_at('User', :bob, pg_temp.at('on again')) #- '{meta,created}';
SELECT value, display FROM scim.members_at(:g, pg_temp.at('on again'));
SELECT r -> 'title' AS title FROM scim.resources_at('User', pg_temp.at('on again'), 'meta.lastModified pr') r;
BEGIN;
SET LOCAL session_replication_role = replica;
UPDATE missing.audit SET key = to_char(clock_timestamp(), '"audit_"YYYY_MM') WHERE operation = 'drop audit';
DELETE FROM missing.audit WHERE resource_id = :g AND version = (SELECT max(version) FROM missing.audit WHERE resource_id = :g);
COMMIT;
SELECT pg_temp.title_at(:bob, 'on again') AS bob, pg_temp.title_at(:kim, 'on again') AS kim, pg_temp.all_at('on again');
SELECT pg_temp.try(format('SELECT count(*) FROM scim.members_at(%L, %L)', :g, pg_temp.at('on again')));

-- nothing, nobody, no such type
SELECT a AS asked, pg_temp.try('SELECT scim.resource_at(' || a || ')') FROM unnest('{"NULL, ''x'', now()", "''User'', NULL::text, now()", "''User'', NULL::uuid, now()", "''User'', ''x'', NULL"}'::text[]) AS a;
SELECT pg_temp.try('SELECT count(*) FROM scim.resources_at(''User'', NULL)') AS resources, pg_temp.try('SELECT count(*) FROM scim.members_at(NULL::uuid, now())') AS of_no_group, pg_temp.try(format('SELECT count(*) FROM scim.members_at(%L, NULL)', :g)) AS never;
SELECT pg_temp.try('SELECT count(*) FROM scim.changes(NULL, NULL, resource_type => ''Shoe'')') AS shoe, pg_temp.try('SELECT count(*) > 0 FROM scim.changes(NULL, NULL, resource_type => ''User'')') AS users;
SELECT secret FROM scim.create_token('Okta') \gset
BEGIN;
SELECT scim.authenticate('Bearer ' || :'secret') AS tenant;
UPDATE missing.users SET data = data || '{"title": "t7"}' WHERE id = :eve;
COMMIT;
SELECT a AS actor, c.actor AS found, c.operation FROM unnest('{Okta,token: Okta,Okt%}'::text[]) a, scim.changes(NULL, NULL, actor => a) c WHERE c.object IS NULL;

-- who acts for nobody is told so, and who may not read is told that and no more
CREATE ROLE regress_scim_missing;
GRANT USAGE ON SCHEMA missing TO regress_scim_missing;
GRANT SELECT ON missing.resource, missing.member, missing.audit TO regress_scim_missing;
SELECT scim.create_tenant('two');
CREATE TEMP TABLE question AS SELECT * FROM (VALUES
    (1, 'SELECT count(*) FROM scim.history(''00000000-0000-7000-8000-00000000000b'')'),
    (2, 'SELECT scim.resource_at(''User'', ''00000000-0000-7000-8000-00000000000b'', now())'),
    (3, 'SELECT count(*) FROM scim.resources_at(''User'', now())'),
    (4, 'SELECT count(*) FROM scim.members_at(''00000000-0000-7000-8000-00000000001a'', now())'),
    (5, 'SELECT count(*) FROM scim.changes(NULL, NULL)'),
    (6, 'SELECT count(*) FROM scim.changes(NULL, NULL, NULL, ''User'')'),
    (7, 'SELECT count(*) FROM scim.revert_change(''00000000-0000-7000-8000-000000000000'')')) q (n, statement);
GRANT SELECT ON question TO regress_scim_missing;
SET ROLE regress_scim_missing;
SELECT n, pg_temp.try(statement) FROM question ORDER BY n;
RESET ROLE;
INSERT INTO missing.tenant_role (role, tenant_id) VALUES ('regress_scim_missing', 1);
REVOKE SELECT ON missing.audit FROM regress_scim_missing;
SET ROLE regress_scim_missing;
SELECT n, pg_temp.try(statement) FROM question ORDER BY n;
\set VERBOSITY default
SELECT count(*) FROM scim.history('00000000-0000-7000-8000-00000000000b');
SELECT scim.resource_at('User', '00000000-0000-7000-8000-00000000000b', now());
SELECT count(*) FROM scim.resources_at('User', now());
SELECT count(*) FROM scim.members_at('00000000-0000-7000-8000-00000000001a', now());
SELECT count(*) FROM scim.changes(NULL, NULL);
SELECT count(*) FROM scim.revert_change('00000000-0000-7000-8000-000000000000');
SELECT scim.audit_head();
SELECT count(*) FROM scim.verify_audit();
RESET ROLE;
GRANT SELECT ON missing.audit TO regress_scim_missing;
SELECT change AS changed FROM missing.audit WHERE actor = 'token: Okta' \gset
\set VERBOSITY default
SET ROLE regress_scim_missing;
SELECT count(*) FROM scim.revert_change(:'changed');
RESET ROLE;
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.drop_store('missing', true);
DROP TABLE moment CASCADE;
DROP TABLE question;
DROP ROLE regress_scim_missing;
