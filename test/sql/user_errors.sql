-- What a user's own constraints, triggers and row-level security raise, on every way in
\set VERBOSITY terse
\pset format unaligned
\pset tuples_only on
SELECT scim.create_store('own');
SET scim.store = 'own';
CREATE SCHEMA app;
UPDATE own.policy SET settings = '{"mode": "hard"}' WHERE kind = 'delete';
\set u 00000000-0000-7000-8000-000000000001
\set v 00000000-0000-7000-8000-000000000002
\set g 00000000-0000-7000-8000-0000000000a1
INSERT INTO own.users (id, data) VALUES (:'u', '{"userName": "u", "externalId": "e1", "active": true}'), (:'v', '{"userName": "v", "externalId": "e2"}');
INSERT INTO own.groups (id, data) VALUES (:'g', '{"displayName": "g"}');

-- One write on each way, taken back: what an HTTP client gets, what an element of a bulk request does, and what SQL callers see
CREATE FUNCTION pg_temp.try(way text, who uuid, document jsonb, type text DEFAULT 'User') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  endpoint CONSTANT text := format('/%ss', type);
  patch CONSTANT jsonb := jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:PatchOp"]'::jsonb, 'Operations', jsonb_build_array(jsonb_build_object('op', 'add', 'value', document)));
  full_document CONSTANT jsonb := (SELECT data - 'schemas' FROM own.resource WHERE id = who) || document;
  answer scim.response;
  found int;
  detail text;
BEGIN
  CASE way
  WHEN 'POST' THEN answer := scim.request('POST', endpoint, '{}', document::text);
  WHEN 'PUT' THEN answer := scim.request('PUT', endpoint || '/' || who, '{}', full_document::text);
  WHEN 'PATCH' THEN answer := scim.request('PATCH', endpoint || '/' || who, '{}', patch::text);
  WHEN 'DELETE' THEN answer := scim.request('DELETE', endpoint || '/' || who);
  WHEN 'bulk POST', 'bulk PATCH', 'bulk DELETE' THEN
    answer := scim.request('POST', '/Bulk', '{}', jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]'::jsonb, 'Operations', jsonb_build_array(
      CASE way WHEN 'bulk POST' THEN jsonb_build_object('method', 'POST', 'path', endpoint, 'bulkId', 'b', 'data', document)
               WHEN 'bulk PATCH' THEN jsonb_build_object('method', 'PATCH', 'path', endpoint || '/' || who, 'data', patch)
               ELSE jsonb_build_object('method', 'DELETE', 'path', endpoint || '/' || who) END))::text);
    answer.body := answer.body::jsonb #> '{Operations,0,response}';
    answer.status := coalesce((answer.body::jsonb ->> 'status')::int, 200);
  WHEN 'create' THEN PERFORM scim.create_resource(type, document);
  WHEN 'replace' THEN PERFORM scim.replace_resource(type, who::text, full_document);
  WHEN 'patch' THEN PERFORM scim.patch_resource(type, who::text, patch);
  WHEN 'delete' THEN PERFORM scim.delete_resource(type, who::text);
  WHEN 'INSERT' THEN EXECUTE 'INSERT INTO own.resource (resource_type, data) VALUES ($1, $2)' USING type, document;
  WHEN 'UPDATE' THEN EXECUTE 'UPDATE own.resource SET data = data || $2 WHERE id = $1' USING who, document;
  WHEN 'SQL DELETE' THEN EXECUTE 'DELETE FROM own.resource WHERE id = $1' USING who;
  END CASE;
  RAISE EXCEPTION USING ERRCODE = 'ZZZZZ';
EXCEPTION
  WHEN SQLSTATE 'ZZZZZ' THEN
    RETURN CASE WHEN answer.status >= 300 THEN concat_ws(' ', answer.status, answer.body::jsonb ->> 'scimType', answer.body::jsonb ->> 'detail') ELSE 'ok' END;
  WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    -- the constraint of a partition has a name of the server's
    RETURN concat_ws(' ', SQLSTATE, regexp_replace(SQLERRM, '"asset\w+fkey[_\d]*"', '...'), CASE WHEN detail <> '' THEN '(' || regexp_replace(detail, 'Failing row.*', 'Failing row') || ')' END);
END $$;
-- and with the same result on several ways, once
CREATE FUNCTION pg_temp.ways(ways text[], who uuid, document jsonb DEFAULT '{}', type text DEFAULT 'User') RETURNS SETOF text LANGUAGE sql AS $$
  SELECT string_agg(way, ', ' ORDER BY n) || ': ' || r FROM (SELECT way, n, pg_temp.try(way, who, document, type) r FROM unnest(ways) WITH ORDINALITY t (way, n)) t GROUP BY r ORDER BY min(n)
$$;
\set writes 'ARRAY[''POST'', ''PUT'', ''PATCH'', ''bulk POST'', ''bulk PATCH'', ''create'', ''replace'', ''patch'', ''INSERT'', ''UPDATE'']'
\set deletes 'ARRAY[''DELETE'', ''bulk DELETE'', ''delete'', ''SQL DELETE'']'

--
-- foreign keys to the people of the store: of each kind, and deferred
--
CREATE TABLE app.asset (tenant_id int NOT NULL DEFAULT 1, holder uuid, kind text COLLATE "C" NOT NULL DEFAULT 'User', CONSTRAINT asset_holder_fkey FOREIGN KEY (tenant_id, holder, kind) REFERENCES own.resource);
INSERT INTO app.asset (holder) VALUES (:'u');
SELECT * FROM pg_temp.ways(:deletes, :'u');
ALTER TABLE app.asset DROP CONSTRAINT asset_holder_fkey, ADD CONSTRAINT asset_holder_fkey FOREIGN KEY (tenant_id, holder, kind) REFERENCES own.resource DEFERRABLE INITIALLY DEFERRED;
SELECT * FROM pg_temp.ways(ARRAY['DELETE', 'bulk DELETE'], :'u');
BEGIN;
SELECT scim.delete_resource('User', :'u');
\set VERBOSITY sqlstate
COMMIT;
\set VERBOSITY terse
ALTER TABLE app.asset DROP CONSTRAINT asset_holder_fkey, ADD CONSTRAINT asset_holder_fkey FOREIGN KEY (tenant_id, holder, kind) REFERENCES own.resource ON DELETE RESTRICT;
SELECT split_part(replace(replace(r, '23001', '23503'), 'violates RESTRICT setting of', 'violates'), '(Key', 1) FROM pg_temp.ways(:deletes, :'u') r;
ALTER TABLE app.asset DROP CONSTRAINT asset_holder_fkey, ADD CONSTRAINT asset_holder_fkey FOREIGN KEY (tenant_id, holder, kind) REFERENCES own.resource ON DELETE SET NULL (holder), ALTER holder SET NOT NULL;
SELECT * FROM pg_temp.ways(:deletes, :'u');
ALTER TABLE app.asset ALTER holder DROP NOT NULL, ADD CONSTRAINT asset_holder_check CHECK (holder IS NOT NULL);
SELECT * FROM pg_temp.ways(:deletes, :'u');
ALTER TABLE app.asset DROP CONSTRAINT asset_holder_check;
SELECT * FROM pg_temp.ways(:deletes, :'u');
DROP TABLE app.asset;
-- to something that a client may change; and a group
CREATE UNIQUE INDEX users_external_id_key ON own.users (external_id);
CREATE TABLE app.badge (external_id text COLLATE "C" CONSTRAINT badge_fkey REFERENCES own.users (external_id), group_id uuid CONSTRAINT badge_group_fkey REFERENCES own.groups (id));
INSERT INTO app.badge VALUES ('e1', :'g');
SELECT * FROM pg_temp.ways(ARRAY['PUT', 'PATCH', 'bulk PATCH', 'replace', 'patch', 'UPDATE'], :'u', '{"externalId": "other"}');
SELECT * FROM pg_temp.ways(:deletes, :'g', type => 'Group');
DROP TABLE app.badge;
-- from the store's tables to others: a value that is wrong
CREATE TABLE app.person (id text COLLATE "C" PRIMARY KEY);
INSERT INTO app.person VALUES ('e1'), ('e2');
ALTER TABLE own.users ADD CONSTRAINT users_person_fkey FOREIGN KEY (external_id) REFERENCES app.person;
SELECT * FROM pg_temp.ways(:writes, :'u', '{"userName": "new", "externalId": "nobody"}');
ALTER TABLE own.users DROP CONSTRAINT users_person_fkey, ADD CONSTRAINT users_person_fkey FOREIGN KEY (external_id) REFERENCES app.person DEFERRABLE INITIALLY DEFERRED;
SELECT * FROM pg_temp.ways(ARRAY['POST', 'PATCH', 'bulk POST'], :'u', '{"userName": "new", "externalId": "nobody"}');
ALTER TABLE own.users DROP CONSTRAINT users_person_fkey;

--
-- check, not null, exclusion, unique, domains, generated columns
--
ALTER TABLE own.users ADD CONSTRAINT users_title_check CHECK (data ->> 'title' <> 'King');
SELECT * FROM pg_temp.ways(:writes, :'u', '{"userName": "new", "title": "King"}');
ALTER TABLE own.users DROP CONSTRAINT users_title_check, ALTER external_id SET NOT NULL;
SELECT * FROM pg_temp.ways(ARRAY['POST', 'bulk POST', 'create', 'INSERT'], :'u', '{"userName": "new"}');
ALTER TABLE own.users ALTER external_id DROP NOT NULL;
SELECT * FROM pg_temp.ways(:writes, :'u', '{"userName": "V"}');
SELECT * FROM pg_temp.ways(:writes, :'u', '{"userName": "new", "externalId": "e2"}');
CREATE UNIQUE INDEX users_title_key ON own.users ((data ->> 'title'));
SELECT pg_temp.try('UPDATE', :'v', '{"title": "Boss"}');
UPDATE own.users SET data = data || '{"title": "Boss"}' WHERE id = :'v';
SELECT * FROM pg_temp.ways(:writes, :'u', '{"userName": "new", "externalId": "e3", "title": "Boss"}');
DROP INDEX own.users_title_key, own.users_external_id_key;
ALTER TABLE own.users ADD CONSTRAINT users_title_excl EXCLUDE USING btree ((data ->> 'title') WITH =);
SELECT * FROM pg_temp.ways(:writes, :'u', '{"userName": "new", "title": "Boss"}');
ALTER TABLE own.users DROP CONSTRAINT users_title_excl;
CREATE DOMAIN app.grade AS text CONSTRAINT grade_check CHECK (value ~ '^[A-C]$');
ALTER TABLE own.resource ADD CONSTRAINT resource_grade CHECK ((data ->> 'nickName')::app.grade IS DISTINCT FROM 'B');
SELECT * FROM pg_temp.ways(:writes, :'u', '{"userName": "new", "nickName": "Z"}');
ALTER TABLE own.resource DROP CONSTRAINT resource_grade, ADD half int GENERATED ALWAYS AS (2 / length(data ->> 'nickName')) STORED, ADD day date GENERATED ALWAYS AS (make_date((data ->> 'nickName')::int, 1, 1)) STORED;
SELECT * FROM pg_temp.ways(:writes, :'u', '{"userName": "new", "nickName": "abc"}');
ALTER TABLE own.resource DROP half, DROP day;

--
-- triggers: what they raise, by SQLSTATE
--
CREATE FUNCTION app.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  code CONSTANT text := current_setting('app.sqlstate');
BEGIN
  IF code = 'null' THEN
    RETURN NULL;
  ELSIF code = 'cascade' THEN
    INSERT INTO app.note VALUES (new.id, 'x');
    INSERT INTO app.note VALUES (new.id, 'x');
  ELSIF code = 'assert' THEN
    ASSERT false, 'this cannot be';
  ELSIF code = 'bug' THEN
    EXECUTE 'SELECT no_such_column';
  ELSIF code <> '' THEN
    RAISE EXCEPTION 'not on Fridays' USING ERRCODE = code, DETAIL = 'The calendar says so.', HINT = 'Come again.';
  END IF;
  RETURN coalesce(new, old);
END $$;
CREATE TABLE app.note (id uuid, note text, CONSTRAINT note_key UNIQUE (id, note));
SET app.sqlstate = '';
CREATE TRIGGER refuse BEFORE INSERT OR UPDATE OR DELETE ON own.users FOR EACH ROW EXECUTE FUNCTION app.refuse();
CREATE FUNCTION pg_temp.raised(code text, ways text[], who uuid) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.sqlstate', code, true);
  RETURN QUERY SELECT code || ': ' || w FROM pg_temp.ways(ways, who, '{"userName": "new", "title": "T"}') w;
END $$;
SELECT pg_temp.raised('P0001', :writes || :deletes, :'u');
SELECT pg_temp.raised(code, ARRAY['POST', 'PATCH', 'DELETE', 'bulk PATCH', 'patch', 'delete', 'UPDATE'], :'u')
FROM unnest(ARRAY['SCVAL', 'SCMUT', 'SCUNI', 'SC403', 'SC404', 'SC409', 'SC503', '23514', '23502', '23503', '23001', '23505', '23P01', '23000', '42501', '22023', '22P02', '44000', '54000', '40001', '55P03']) code;
-- what nobody expects is an internal error, and is told to nobody
SELECT pg_temp.raised(code, ARRAY['POST', 'DELETE', 'bulk PATCH'], :'u') FROM unnest(ARRAY['P0002', '21000', 'AB123', 'SC999', '38000', 'XX000', 'assert', 'bug']) code;
-- a trigger that skips the row has refused it
SELECT pg_temp.raised('null', ARRAY['POST', 'PUT', 'PATCH', 'DELETE', 'bulk DELETE', 'create', 'replace', 'patch', 'delete'], :'u');
-- constraints of the tables that a trigger writes
SELECT pg_temp.raised('cascade', ARRAY['POST', 'PATCH', 'create', 'patch'], :'u');
-- AFTER triggers, statement triggers and constraint triggers that wait
DROP TRIGGER refuse ON own.users;
CREATE TRIGGER refuse AFTER INSERT OR UPDATE OR DELETE ON own.users FOR EACH ROW EXECUTE FUNCTION app.refuse();
SELECT pg_temp.raised('P0001', ARRAY['POST', 'PATCH', 'DELETE', 'bulk DELETE'], :'u');
DROP TRIGGER refuse ON own.users;
CREATE CONSTRAINT TRIGGER refuse AFTER INSERT OR UPDATE OR DELETE ON own.users DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.refuse();
SELECT pg_temp.raised('P0001', ARRAY['POST', 'PATCH', 'DELETE', 'bulk POST', 'bulk DELETE'], :'u');
DROP TRIGGER refuse ON own.users;
CREATE TRIGGER refuse BEFORE INSERT OR DELETE ON own.member FOR EACH ROW EXECUTE FUNCTION app.refuse();
SET app.sqlstate = 'P0001';
SELECT * FROM pg_temp.ways(ARRAY['POST', 'PUT', 'PATCH', 'bulk POST', 'create', 'replace', 'patch', 'INSERT', 'UPDATE'], :'g', '{"displayName": "g", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}', 'Group');
SET app.sqlstate = '';
DROP TRIGGER refuse ON own.member;
ALTER TABLE own.member ADD CONSTRAINT member_known CHECK (value IS NULL);
SELECT * FROM pg_temp.ways(ARRAY['POST', 'PUT', 'PATCH', 'create', 'replace', 'patch', 'INSERT', 'UPDATE'], :'g', '{"displayName": "g", "members": [{"value": "somebody"}]}', 'Group');
ALTER TABLE own.member DROP CONSTRAINT member_known;

--
-- row-level security
--
CREATE ROLE regress_scim_limited;
GRANT USAGE ON SCHEMA own TO regress_scim_limited;
GRANT SELECT, INSERT, UPDATE, DELETE ON own.resource, own.users, own.groups, own.member TO regress_scim_limited;
CREATE POLICY titled ON own.resource AS RESTRICTIVE FOR INSERT TO regress_scim_limited WITH CHECK (data ->> 'title' = 'Engineer');
CREATE POLICY kept ON own.resource AS RESTRICTIVE FOR DELETE TO regress_scim_limited USING (false);
CREATE POLICY retitled ON own.resource AS RESTRICTIVE FOR UPDATE TO regress_scim_limited USING (true) WITH CHECK (data ->> 'title' IS DISTINCT FROM 'King');
SET ROLE regress_scim_limited;
SELECT * FROM pg_temp.ways(ARRAY['POST', 'PUT', 'PATCH', 'bulk POST', 'create', 'replace', 'patch', 'INSERT', 'UPDATE'], :'u', '{"userName": "new", "title": "King"}');
SELECT * FROM pg_temp.ways(:deletes, :'u');
RESET ROLE;
REVOKE DELETE ON own.resource FROM regress_scim_limited;
SET ROLE regress_scim_limited;
SELECT * FROM pg_temp.ways(:deletes, :'u');
RESET ROLE;

--
-- scim.purge goes on, and says who is kept
--
UPDATE own.policy SET settings = '{"mode": "retain"}' WHERE kind = 'delete';
CREATE TABLE app.asset (tenant_id int NOT NULL DEFAULT 1, holder uuid, kind text COLLATE "C" NOT NULL DEFAULT 'User', CONSTRAINT asset_holder_fkey FOREIGN KEY (tenant_id, holder, kind) REFERENCES own.resource);
DELETE FROM own.users;
INSERT INTO own.users (id, data) SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, jsonb_build_object('userName', 'p' || n) FROM generate_series(1000, 3500) n;
INSERT INTO app.asset (holder) SELECT id FROM own.users WHERE user_name IN ('p1000', 'p1234', 'p3500') AND deleted_at IS NULL;
DELETE FROM own.users WHERE deleted_at IS NULL;
SELECT scim.purge('0 s');
SELECT string_agg(user_name, ', ' ORDER BY user_name) FROM own.users;
-- again, by a constraint that is deferred, and where a trigger refuses
ALTER TABLE app.asset ALTER CONSTRAINT asset_holder_fkey DEFERRABLE INITIALLY DEFERRED;
DELETE FROM app.asset WHERE holder = (SELECT id FROM own.users WHERE user_name = 'p1000');
CREATE FUNCTION app.hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF old.user_name = 'p1000' THEN
    RAISE EXCEPTION 'legal hold on %', old.user_name USING ERRCODE = current_setting('app.sqlstate');
  END IF;
  RETURN old;
END $$;
CREATE TRIGGER hold BEFORE DELETE ON own.users FOR EACH ROW EXECUTE FUNCTION app.hold();
SET app.sqlstate = 'P0001';
SELECT scim.purge('0 s');
SELECT string_agg(user_name, ', ' ORDER BY user_name) FROM own.users;
-- whatever it raises is about the row, but for what is to come again as a whole
SET app.sqlstate = 'XX000';
SELECT scim.purge('0 s');
SET app.sqlstate = '40001';
SELECT scim.purge('0 s');
DROP TRIGGER hold ON own.users;
-- what the caller has put off until the commit is checked first, as his
BEGIN;
INSERT INTO app.asset (holder) VALUES (:'g');
SELECT scim.purge('0 s');
ROLLBACK;
DELETE FROM app.asset;
SELECT scim.purge('1 day'), scim.purge('0 s'), scim.purge('0 s');
-- many are counted, not all named
INSERT INTO own.users (id, data) SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, jsonb_build_object('userName', 'p' || n) FROM generate_series(1, 150) n;
INSERT INTO app.asset (holder) SELECT id FROM own.users;
DELETE FROM own.users;
SET client_min_messages = error;
SELECT scim.purge('0 s');
RESET client_min_messages;
DELETE FROM app.asset WHERE holder IN (SELECT id FROM own.users ORDER BY id OFFSET 2);
SELECT scim.purge('0 s');

-- a scimType that a trigger states is one where it is a word of letters
CREATE FUNCTION app.typed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'typed' USING ERRCODE = 'SC403', DATATYPE = NEW.data ->> 'title'; END $$;
CREATE TRIGGER a_typed BEFORE INSERT ON own.users FOR EACH ROW EXECUTE FUNCTION app.typed();
SELECT r.status, r.body::jsonb - 'schemas' AS body, b.body::jsonb #>> '{Operations,0,response,scimType}' AS bulk
FROM unnest(ARRAY['tooBad', E'my"type\n', 'two words']) t, jsonb_build_object('userName', 'typed', 'title', t) d, scim.request('POST', '/Users', '{}', d::text) r,
    scim.request('POST', '/Bulk', '{}', jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]'::jsonb, 'Operations', jsonb_build_array(jsonb_build_object('method', 'POST', 'path', '/Users', 'bulkId', 'b', 'data', d)))::text) b;
DROP TRIGGER a_typed ON own.users;

SET client_min_messages = warning;
DROP OWNED BY regress_scim_limited;
DROP ROLE regress_scim_limited;
DROP SCHEMA app CASCADE;
SELECT scim.drop_store('own', true);
