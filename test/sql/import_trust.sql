-- Whoever imports is a writer like any other: with his privileges and tenant, and within the scopes that he has
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('importtrust');
SET scim.store = 'importtrust';
SELECT scim.create_tenant('The second');
CREATE TABLE feed AS SELECT 'u' || i AS "userName", 'a' AS title FROM generate_series(1, 3) i;
CREATE ROLE importtrust_reader;
CREATE ROLE importtrust_writer;
GRANT USAGE ON SCHEMA importtrust TO importtrust_reader, importtrust_writer;
GRANT SELECT ON importtrust.resource, importtrust.users, importtrust.groups, importtrust.member TO importtrust_reader, importtrust_writer;
GRANT INSERT, UPDATE, DELETE ON importtrust.resource, importtrust.users TO importtrust_writer;
GRANT SELECT ON feed TO importtrust_reader, importtrust_writer;
INSERT INTO importtrust.tenant_role (role, tenant_id) VALUES ('importtrust_reader', 1), ('importtrust_writer', 1), ('importtrust_writer', 2);
SET scim.tenant = 2;
INSERT INTO importtrust.users (data) VALUES ('{"userName": "u1", "title": "of the second"}'), ('{"userName": "v"}');
RESET scim.tenant;

-- who may read sees the difference; who may write makes it
SET ROLE importtrust_reader;
SELECT key, action FROM scim.import('User', 'feed') ORDER BY line;
SELECT * FROM scim.import('User', 'feed', apply => true);
RESET ROLE;
SET ROLE importtrust_writer;
SET scim.tenant = 1;
SELECT key, action FROM scim.import('User', 'feed', mode => 'full', apply => true) ORDER BY line;
-- in his tenant, and nobody of another one is missing
SELECT scim.tenant();
SET scim.tenant = 2;
SELECT key, action FROM scim.import('User', $$ SELECT 'v' AS "userName" $$, mode => 'full', apply => true, force => true) ORDER BY 1;
SET scim.tenant = 1;
SELECT count(*) FROM scim.export('User');
RESET ROLE;
SELECT user_name, active FROM importtrust.users WHERE tenant_id = 1 ORDER BY 1;
SET scim.tenant = 2;
SELECT user_name, active FROM importtrust.users WHERE tenant_id = 2 ORDER BY 1;
SELECT role, operation, count(*) FROM importtrust.audit WHERE tenant_id = 2 AND operation IN ('import', 'suspend') GROUP BY 1, 2 ORDER BY 2, 1;
-- in one that is not there it is refused as a whole, as is all that writes, and so is the difference
SET scim.tenant = 9;
SELECT * FROM scim.import('User', 'feed');
SELECT * FROM scim.import('User', 'feed'::regclass, mode => 'full', apply => true);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM scim.import('Group', 'SELECT 1 AS "displayName" WHERE false');
INSERT INTO importtrust.users (data) VALUES ('{"userName": "u1"}');
SELECT count(*) FROM scim.export('User');
BEGIN READ ONLY;
SELECT * FROM scim.import('User', 'feed');
ROLLBACK;
BEGIN;
INSERT INTO importtrust.tenant (tenant_id, name) VALUES (9, 'The ninth');
SELECT key, action FROM scim.import('User', 'feed') ORDER BY line;
ROLLBACK;
SELECT * FROM scim.import('User', 'feed');
RESET scim.tenant;
-- who may not read the source, or anything
REVOKE SELECT ON feed FROM importtrust_reader;
SET ROLE importtrust_reader;
SELECT * FROM scim.import('User', 'feed');
RESET ROLE;
REVOKE SELECT ON importtrust.resource FROM importtrust_reader;
SET ROLE importtrust_reader;
SELECT * FROM scim.import('User', 'SELECT 1 AS "userName"');
SELECT * FROM scim.export('User');
SELECT * FROM scim.export_csv('User');
RESET ROLE;

-- scopes
CREATE TEMP TABLE token (name text PRIMARY KEY, secret text);
INSERT INTO token SELECT name, (scim.create_token(name, scopes => what::text[])).secret FROM (VALUES ('all', NULL), ('group', '{Group}'), ('user', '{User}'), ('user read', '{User:read}')) t (name, what);
CREATE FUNCTION pg_temp.try(token text, statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM scim.authenticate('Bearer ' || t.secret) FROM token t WHERE t.name = token;
    EXECUTE statement;
    RAISE EXCEPTION 'undone' USING ERRCODE = 'ZZZZZ';
EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN RETURN 'yes';
    WHEN SQLSTATE 'SC403' THEN RETURN 'no';
    WHEN OTHERS THEN RETURN sqlstate || ': ' || sqlerrm;
END $$;
SELECT statement, string_agg(t.name || ': ' || pg_temp.try(t.name, statement), ', ' ORDER BY t.name) FROM token t, (VALUES
    ('SELECT * FROM scim.import(''User'', ''feed'')'),
    ('SELECT * FROM scim.import(''User'', ''feed'', apply => true)'),
    ('SELECT * FROM scim.import(''Group'', ''SELECT 1 AS "displayName"'', apply => true)'),
    -- finding members is reading people
    ('SELECT 1 / count(*) FROM scim.import(''Group'', ''SELECT 1 AS "displayName", ''''u1'''' AS members'') WHERE action = ''create'''),
    -- what the source does on its way is not let in
    ('SELECT * FROM scim.import(''User'', ''SELECT r ->> ''''displayName'''' AS "userName" FROM scim.create_resource(''''Group'''', ''''{"displayName": "x"}'''') r'')'),
    ('SELECT * FROM scim.import(''Group'', ''SELECT r ->> ''''userName'''' AS "displayName" FROM scim.create_resource(''''User'''', ''''{"userName": "x"}'''') r'')'),
    ('SELECT scim.export(''User'')'), ('SELECT scim.export(''Group'')'), ('SELECT scim.export_csv(''User'')')) s (statement) GROUP BY 1 ORDER BY 1;

-- what the session holds leads nothing astray, and the source finds what it names where the session does
CREATE SCHEMA importtrust_lure;
CREATE FUNCTION importtrust_lure.to_jsonb(anyelement) RETURNS jsonb LANGUAGE sql AS 'SELECT ''{"userName": "lured"}''::jsonb';
CREATE FUNCTION importtrust_lure.count(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 7::bigint';
CREATE TABLE importtrust_lure.source (match text);
CREATE TABLE importtrust_lure.own (username text);
INSERT INTO importtrust_lure.own VALUES ('u1');
SET search_path = importtrust_lure, pg_catalog, public;
SELECT key, action FROM scim.import('User', 'own');
SELECT key, action FROM scim.import('User', 'SELECT username AS "userName" FROM own');
RESET search_path;
-- a source that calls itself, and one that changes what it reads
SELECT key, action FROM scim.import('User', $$ SELECT i.key AS "userName" FROM scim.import('User', 'feed') i $$) ORDER BY 1;
CREATE FUNCTION pg_temp.meddle() RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN UPDATE importtrust.users SET data = data || '{"title": "m"}' WHERE user_name = 'u1'; RETURN NEXT 'u1'; END $$;
SELECT key, action, version FROM scim.import('User', 'SELECT u AS "userName", ''n'' AS title FROM pg_temp.meddle() u', apply => true);
-- a statement that is none, however it is written
SELECT * FROM scim.import('User', 'SELECT 1 AS "userName") AS x; DELETE FROM feed; SELECT * FROM (SELECT 1');
SELECT * FROM scim.import('User', 'WITH d AS (DELETE FROM feed RETURNING "userName") SELECT * FROM d');
SELECT count(*) FROM feed;

-- nothing is written in a transaction that only reads; the difference is shown
BEGIN READ ONLY;
SELECT key, action FROM scim.import('User', 'feed') ORDER BY line;
SELECT * FROM scim.import('User', 'feed', apply => true);
ROLLBACK;
-- cancelled
SET statement_timeout = '300ms';
SELECT count(*) FROM scim.import('User', 'SELECT ''c'' || i AS "userName" FROM generate_series(1, 10000000) i', apply => true);
RESET statement_timeout;
SELECT count(*) FROM importtrust.users WHERE user_name ^@ 'c';

DROP SCHEMA importtrust_lure CASCADE;
DROP TABLE feed;
SELECT scim.drop_store('importtrust', true);
DROP ROLE importtrust_reader, importtrust_writer;
