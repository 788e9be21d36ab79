-- A store that has lost a part of itself serves nobody, says so, and gets it back
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('loses');
SET scim.store = 'loses';
SELECT (scim.create_resource('User', '{"userName": "ann"}')) IS NOT NULL AS made;
CREATE FUNCTION pg_temp.said(OUT read int, OUT posted int, OUT detail text, OUT problem text) LANGUAGE plpgsql AS $$
BEGIN
    SELECT r.status, r.body::jsonb ->> 'detail' INTO read, detail FROM scim.request('GET', '/Users') r;
    SELECT r.status INTO posted FROM scim.request('POST', '/Users', '{}', '{"userName": "bob"}') r;
    SELECT p INTO problem FROM jsonb_array_elements_text(scim.readiness() -> 'problems') p WHERE p LIKE '%"loses"%' OR p LIKE 'schema%';
END
$$;
SELECT read, posted, problem FROM pg_temp.said();

-- the table of a type: with its rows put aside, or gone
ALTER TABLE loses.resource DETACH PARTITION loses.users;
SELECT * FROM pg_temp.said();
SELECT status FROM scim.request('GET', '/Groups');
SELECT scim.search('User');
SELECT scim.get_resource('User', '00000000-0000-7000-8000-000000000001');
-- what would be written past the door
INSERT INTO loses.users (data) VALUES ('{"userName": "raw"}');
INSERT INTO loses.resource (resource_type, data) VALUES ('User', '{"userName": "raw"}');
SELECT scim.repair_store('loses') \gexec
SELECT read, posted, problem FROM pg_temp.said();
SELECT user_name FROM loses.users ORDER BY 1;
BEGIN; DROP TABLE loses.users CASCADE; SELECT * FROM pg_temp.said(); SELECT scim.repair_store('loses') \gexec
SELECT read, posted, problem FROM pg_temp.said(); ROLLBACK;
BEGIN; DROP TABLE loses.groups CASCADE; SELECT * FROM pg_temp.said(); ROLLBACK;
-- one that has another name is there, and gets its own again
ALTER TABLE loses.users RENAME TO folk;
SELECT read, posted, problem FROM pg_temp.said();
SELECT w FROM jsonb_array_elements_text(scim.readiness() -> 'warnings') w WHERE w LIKE 'store "loses"%';
SELECT scim.repair_store('loses') \gexec
SELECT read, posted, problem, (SELECT count(*) FROM loses.users) FROM pg_temp.said();
-- while the name is another relation's, nothing is done
ALTER TABLE loses.users RENAME TO folk;
CREATE TABLE loses.users (id int);
SELECT scim.repair_store('loses');
DROP TABLE loses.users;
SELECT scim.repair_store('loses') \gexec
SELECT w FROM jsonb_array_elements_text(scim.readiness() -> 'warnings') w WHERE w LIKE 'store "loses"%';

-- every column of every table, of every trigger, every primary key: 503, and readiness says so
CREATE FUNCTION pg_temp.noticed(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    said record;
BEGIN
    EXECUTE statement;
    SELECT * INTO said FROM pg_temp.said();
    RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = CASE WHEN said.read = 503 AND said.posted = 503 AND said.problem IS NOT NULL THEN '' ELSE format('%s: %s, %s, %s', statement, said.read, said.posted, said.problem) END;
EXCEPTION WHEN SQLSTATE 'ZZ001' THEN
    RETURN nullif(sqlerrm, '');
END
$$;
SELECT count(*) > 240 AS many, string_agg(pg_temp.noticed(format('ALTER TABLE %s DROP COLUMN %I CASCADE', c.oid::regclass, a.attname)), E'\n') AS unnoticed
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relnamespace = 'loses'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND (c.relname, a.attname) NOT IN (('resource', 'resource_type'), ('audit', 'at'));
SELECT count(*) > 160 AS many, string_agg(pg_temp.noticed(format('DROP TRIGGER %I ON %s', t.tgname, c.oid::regclass)), E'\n') AS unnoticed
FROM pg_class c JOIN pg_trigger t ON t.tgrelid = c.oid AND t.tgparentid = 0 AND NOT t.tgisinternal
WHERE c.relnamespace = 'loses'::regnamespace AND c.relkind IN ('r', 'p');
SELECT count(*) > 30 AS many, string_agg(pg_temp.noticed(format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', c.oid::regclass, o.conname)), E'\n') AS unnoticed
FROM pg_class c JOIN pg_constraint o ON o.conrelid = c.oid AND o.contype = 'p' AND o.conparentid = 0
WHERE c.relnamespace = 'loses'::regnamespace;
SELECT pg_temp.noticed('DROP FUNCTION loses.refuse_without_door() CASCADE'), pg_temp.noticed('DROP INDEX loses.users_user_name_key'),
    pg_temp.noticed('DROP TABLE loses.client_failure'), pg_temp.noticed('ALTER TABLE loses.tenant ALTER COLUMN created TYPE timestamp');
-- how that is told
BEGIN; ALTER TABLE loses.member DROP COLUMN created CASCADE; SELECT detail FROM pg_temp.said();
ALTER TABLE loses.member ADD COLUMN created timestamptz DEFAULT now(); SELECT scim.repair_store('loses') \gexec
SELECT read, posted, problem FROM pg_temp.said(); ROLLBACK;
BEGIN; DROP TRIGGER "0_scim_record" ON loses.credential; SELECT detail FROM pg_temp.said(); SELECT scim.repair_store('loses') \gexec
SELECT read, posted, problem FROM pg_temp.said(); ROLLBACK;
BEGIN; DROP INDEX loses.users_user_name_key; SELECT detail FROM pg_temp.said(); SELECT scim.repair_store('loses') \gexec
SELECT read, posted, problem FROM pg_temp.said(); ROLLBACK;
-- tables without which nobody is served, made anew with what is known: what is lost is told
\set VERBOSITY default
\set SHOW_CONTEXT never
DELETE FROM loses.users WHERE user_name = 'bob';
BEGIN; DROP TABLE loses.resource_type CASCADE; SELECT read, posted, detail, problem FROM pg_temp.said(); SELECT scim.repair_store('loses') \gexec
SELECT * FROM pg_temp.said(); SELECT name, table_name FROM loses.resource_type ORDER BY 1; ROLLBACK;
BEGIN; DROP TABLE loses.schema; SELECT read, posted, detail, problem FROM pg_temp.said(); SELECT scim.repair_store('loses') \gexec
SELECT * FROM pg_temp.said(); SELECT count(*) FROM loses.schema; ROLLBACK;
BEGIN; SELECT scim.create_tenant('two') AS two \gset
SET LOCAL scim.tenant = :'two'; INSERT INTO loses.users (data) VALUES ('{"userName": "of two"}'); SET LOCAL scim.tenant = 1;
DROP TABLE loses.tenant CASCADE; SELECT read, posted, detail, problem FROM pg_temp.said(); SELECT scim.repair_store('loses') \gexec
SELECT * FROM pg_temp.said(); SELECT tenant_id - :two AS tenant, name FROM loses.tenant WHERE tenant_id = :two; ROLLBACK;
BEGIN; DROP TABLE loses.store; SELECT read, posted, detail, problem FROM pg_temp.said(); SELECT scim.repair_store('loses') \gexec
SELECT * FROM pg_temp.said(); SELECT version = scim_internal.store_version() AS same FROM loses.store; ROLLBACK;
-- the same without their rows
BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM loses.resource_type; DELETE FROM loses.tenant; SET LOCAL session_replication_role = origin;
SELECT read, posted, problem FROM pg_temp.said(); SELECT scim.repair_store('loses') \gexec
SELECT * FROM pg_temp.said(); ROLLBACK;
-- one of two that has to be there is not
BEGIN; ALTER TABLE loses.resource_type RENAME TO types; DROP TABLE loses.store; SELECT scim.repair_store('loses') \gexec
SELECT * FROM pg_temp.said(); ROLLBACK;
BEGIN; ALTER TABLE loses.member DROP COLUMN created CASCADE; DROP TABLE loses.store; SELECT scim.repair_store('loses'); ROLLBACK;
BEGIN; DROP TABLE loses.resource CASCADE; SELECT read, posted, problem FROM pg_temp.said(); SELECT scim.repair_store('loses'); ROLLBACK;
-- a table of somebody else
CREATE ROLE regress_scim_somebody;
BEGIN; ALTER TABLE loses.member OWNER TO regress_scim_somebody; SELECT scim.repair_store('loses'); ROLLBACK;
BEGIN; ALTER TABLE loses.audit_default OWNER TO regress_scim_somebody; SELECT scim.upgrade_store('loses'); ROLLBACK;
DROP ROLE regress_scim_somebody;
-- rows that stand in the way
BEGIN; ALTER TABLE loses.tenant DROP CONSTRAINT tenant_id; SET LOCAL session_replication_role = replica; INSERT INTO loses.tenant (tenant_id, name) VALUES (-1, 'x'); SET LOCAL session_replication_role = origin;
SELECT scim.repair_store('loses'); ROLLBACK;
BEGIN; ALTER TABLE loses.tenant DROP CONSTRAINT tenant_pkey CASCADE; ALTER TABLE loses.tenant ADD PRIMARY KEY (tenant_id, name); ALTER TABLE loses.tenant RENAME CONSTRAINT tenant_pkey TO mine; SELECT scim.repair_store('loses'); ROLLBACK;
\set VERBOSITY terse
-- a load drops the other indexes, and nobody is refused for it
BEGIN; SELECT count(*) FROM scim.begin_load('User'); SELECT read, posted, problem FROM pg_temp.said(); ROLLBACK;
SELECT read, posted, problem FROM pg_temp.said();
SELECT scim.drop_store('loses', true);
