-- What the owner of a store has revoked from himself, of what he needs to write it: no client is to blame, who has every right
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE ROLE regress_scim_landlord;
CREATE ROLE regress_scim_subtenant;
SELECT format('GRANT CREATE ON DATABASE %I TO regress_scim_landlord', current_database()) \gexec
SET ROLE regress_scim_landlord;
SELECT scim.create_store('let');
SET scim.store = 'let';
GRANT USAGE ON SCHEMA let TO regress_scim_subtenant;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA let TO regress_scim_subtenant;
RESET ROLE;
CREATE FUNCTION pg_temp.try(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    detail text;
    hint text;
BEGIN
    EXECUTE query;
    RAISE EXCEPTION USING ERRCODE = 'P0009';
EXCEPTION
    WHEN SQLSTATE 'P0009' THEN RETURN 'ok';
    WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
        RETURN concat_ws(' | ', SQLSTATE, SQLERRM, nullif(detail, ''), nullif(hint, ''));
END
$$;
CREATE FUNCTION pg_temp.http(method text, path text, body text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    r record;
BEGIN
    SELECT * INTO r FROM scim.request(method, path, '{}', body);
    RAISE EXCEPTION USING ERRCODE = 'P0009', MESSAGE = concat_ws(' ', r.status, coalesce(r.body::jsonb ->> 'detail', (SELECT string_agg(concat_ws(' ', o ->> 'status', o #>> '{response,detail}'), ', ') FROM jsonb_array_elements(r.body::jsonb -> 'Operations') o)));
EXCEPTION
    WHEN SQLSTATE 'P0009' THEN RETURN SQLERRM;
END
$$;
CREATE FUNCTION pg_temp.person() RETURNS text LANGUAGE sql AS $$ SELECT '01890000-0000-7000-8000-00000000000a' $$;
-- everything that is done with a person and a group, each undone
CREATE FUNCTION pg_temp.done() RETURNS TABLE (door text, said text) LANGUAGE sql AS $$
    SELECT v.door, pg_temp.http(v.method, v.path, v.body) FROM (VALUES
        ('create', 'POST', '/Users', '{"userName": "cat", "password": "secret-1"}'),
        ('patch', 'PATCH', '/Users/' || pg_temp.person(), '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "displayName", "value": "D"}]}'),
        ('delete', 'DELETE', '/Users/' || pg_temp.person(), NULL),
        ('group', 'POST', '/Groups', format('{"displayName": "h", "members": [{"value": "%s"}]}', pg_temp.person())),
        ('bulk', 'POST', '/Bulk', format('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [{"method": "POST", "path": "/Users", "bulkId": "b", "data": {"userName": "dog"}}, {"method": "DELETE", "path": "/Users/%s"}]}', pg_temp.person()))) v (door, method, path, body)
    UNION ALL SELECT v.door, pg_temp.try(v.query) FROM (VALUES
        ('insert', $q$INSERT INTO let.users (data) VALUES ('{"userName": "eve", "password": "secret-1"}')$q$),
        ('update', $q$UPDATE let.users SET display_name = 'D'$q$),
        ('rows', $q$DELETE FROM let.users$q$),
        ('function', format('SELECT scim.delete_resource(''User'', %L)', pg_temp.person()))) v (door, query)
$$;
INSERT INTO let.users (id, data) VALUES ('01890000-0000-7000-8000-00000000000a', '{"userName": "ann"}'), ('01890000-0000-7000-8000-00000000000b', '{"userName": "bob"}');
INSERT INTO let.groups (data) SELECT jsonb_build_object('displayName', 'g', 'members', jsonb_agg(jsonb_build_object('value', id))) FROM let.users;
SET SESSION AUTHORIZATION regress_scim_subtenant;
SELECT * FROM pg_temp.done();
RESET SESSION AUTHORIZATION;
-- each right of each table that a request writes
DO $$
DECLARE
    part text;
    need text;
    line record;
    ready jsonb;
BEGIN
    CREATE TEMP TABLE seen (part text, need text, door text, said text, n int GENERATED ALWAYS AS IDENTITY);
    GRANT ALL ON seen TO PUBLIC;
    FOREACH part IN ARRAY '{resource,users,member,unique_value,credential,audit,event,policy}'::text[] LOOP
        FOREACH need IN ARRAY '{SELECT,INSERT,UPDATE,DELETE}'::text[] LOOP
            EXECUTE format('REVOKE %s ON let.%I FROM regress_scim_landlord', need, part);
            SET LOCAL SESSION AUTHORIZATION regress_scim_subtenant;
            INSERT INTO pg_temp.seen SELECT part, need, d.* FROM pg_temp.done() d WHERE d.said !~ '^(2|ok)';
            RESET SESSION AUTHORIZATION;
            ready := scim.readiness(stores => '{let}');
            INSERT INTO pg_temp.seen SELECT part, need, 'readiness', concat_ws(' ', ready ->> 'status', ready ->> 'problems', ready ->> 'warnings');
            INSERT INTO pg_temp.seen SELECT part, need, 'repair', pg_temp.try('SELECT scim.repair_store(''let'')');
            EXECUTE format('GRANT ALL ON let.%I TO regress_scim_landlord', part);
        END LOOP;
    END LOOP;
END
$$;
-- nothing is answered as something else: no 403, no bare lack of a right
SELECT part, need, string_agg(door, ' ' ORDER BY n) AS doors, said FROM pg_temp.seen WHERE door NOT IN ('readiness', 'repair') GROUP BY part, need, said ORDER BY min(n);
SELECT part, need, door, said FROM pg_temp.seen WHERE door IN ('readiness', 'repair') ORDER BY n;
-- what the client may not is a refusal of him, whatever the owner may
SET SESSION AUTHORIZATION regress_scim_landlord;
REVOKE DELETE ON let.member FROM regress_scim_landlord;
RESET SESSION AUTHORIZATION;
REVOKE INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA let FROM regress_scim_subtenant;
SET SESSION AUTHORIZATION regress_scim_subtenant;
SELECT * FROM pg_temp.done();
-- the owner himself is a client, too
SET SESSION AUTHORIZATION regress_scim_landlord;
SELECT * FROM pg_temp.done();
RESET SESSION AUTHORIZATION;
GRANT ALL ON let.member TO regress_scim_landlord;
-- a part of the audit that is written, and one that is not any more: of its month nobody writes, and nobody is to
SET ROLE regress_scim_landlord;
CREATE TABLE let.audit_2020_01 PARTITION OF let.audit FOR VALUES FROM ('2020-01-01Z') TO ('2020-02-01Z');
SELECT scim.repair_store('let');
REVOKE INSERT, UPDATE, DELETE ON let.audit_2020_01 FROM regress_scim_landlord;
RESET ROLE;
SELECT scim.readiness(stores => '{let}') - 'stores' AS ready;
SELECT format('REVOKE INSERT ON let.%I FROM regress_scim_landlord', to_char(now() AT TIME ZONE 'UTC', '"audit_"YYYY_MM')) AS revoke, format('GRANT ALL ON let.%I TO regress_scim_landlord', to_char(now() AT TIME ZONE 'UTC', '"audit_"YYYY_MM')) AS give \gset
:revoke;
SELECT regexp_replace(scim.readiness(stores => '{let}') ->> 'problems', 'audit_\d{4}_\d\d', 'audit_MONTH', 'g') AS problems;
SELECT pg_temp.http('POST', '/Users', '{"userName": "fay"}');
:give;
DROP TABLE let.audit_2020_01;
-- the books of the operator
CREATE FUNCTION pg_temp.made() RETURNS SETOF text LANGUAGE sql AS $$
    SELECT format('%s: %s', q, pg_temp.try(q)) FROM unnest(ARRAY[$q$SELECT scim.create_view('User', 'v1')$q$, $q$SELECT scim.create_sort_index('User', 'nickName')$q$, $q$SELECT scim.register_resource_type('{"name": "Car", "endpoint": "/Cars", "schema": "urn:ietf:params:scim:schemas:core:2.0:Group"}')$q$,
        $q$SELECT scim.repair_store('let')$q$, $q$SELECT scim.upgrade_store('let')$q$, $q$SELECT scim.create_token('x')$q$, $q$SELECT scim.create_consumer('c')$q$, $q$SELECT scim.create_tenant('t')$q$]) q
    UNION ALL SELECT concat_ws(' ', r ->> 'status', r ->> 'problems', r ->> 'warnings') FROM scim.readiness(stores => '{let}') r
    UNION ALL SELECT pg_temp.http('GET', '/Users?count=0') $$;
-- a schema of somebody else's, where he may use what is there and make nothing
ALTER SCHEMA let OWNER TO CURRENT_USER;
GRANT USAGE ON SCHEMA let TO regress_scim_landlord;
SELECT pg_temp.made();
SET SESSION AUTHORIZATION regress_scim_landlord;
SELECT pg_temp.made();
-- ... and not even that
RESET SESSION AUTHORIZATION;
REVOKE USAGE ON SCHEMA let FROM regress_scim_landlord;
SET SESSION AUTHORIZATION regress_scim_landlord;
SELECT pg_temp.made();
RESET SESSION AUTHORIZATION;
-- ... and all
GRANT ALL ON SCHEMA let TO regress_scim_landlord;
SELECT pg_temp.made();
ALTER SCHEMA let OWNER TO regress_scim_landlord;
REVOKE CREATE ON SCHEMA let FROM regress_scim_landlord;
SELECT pg_temp.made();
REVOKE USAGE ON SCHEMA let FROM regress_scim_landlord;
SET SESSION AUTHORIZATION regress_scim_landlord;
SELECT pg_temp.made();
RESET SESSION AUTHORIZATION;
GRANT ALL ON SCHEMA let TO regress_scim_landlord;
REVOKE INSERT, UPDATE ON let.token, let.consumer, let.tenant, let.resource_type FROM regress_scim_landlord;
SELECT pg_temp.made();
GRANT ALL ON let.token, let.consumer, let.tenant, let.resource_type TO regress_scim_landlord;
SELECT pg_temp.made();
-- what is done in SQL as the caller
REVOKE ALL ON let.token FROM regress_scim_landlord;
SET SESSION AUTHORIZATION regress_scim_landlord;
SELECT q, pg_temp.try(q) FROM unnest(ARRAY['SELECT scim.drop_store(''let'')', 'SELECT scim.begin_load(''User'')']) q;
RESET SESSION AUTHORIZATION;
GRANT ALL ON let.token TO regress_scim_landlord;
SELECT scim.drop_store('let', true);
SELECT format('REVOKE CREATE ON DATABASE %I FROM regress_scim_landlord', current_database()) \gexec
DROP ROLE regress_scim_landlord, regress_scim_subtenant;
