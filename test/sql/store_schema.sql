-- The schema of a store belongs to somebody else, whose tables it has not: nothing that is done as their owner would find them
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE ROLE regress_scim_lodger;
SELECT format('GRANT CREATE ON DATABASE %I TO regress_scim_lodger', current_database()) \gexec
SET ROLE regress_scim_lodger;
SELECT scim.create_store('lodging');
SET scim.store = 'lodging';
SELECT scim.create_resource('User', '{"userName": "ann"}') ->> 'userName' AS made;
RESET ROLE;
CREATE FUNCTION pg_temp.try(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    detail text;
    hint text;
BEGIN
    EXECUTE query;
    RETURN 'ok';
EXCEPTION
    WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
        RETURN concat_ws(' | ', SQLSTATE, SQLERRM, nullif(detail, ''), nullif(hint, ''));
END
$$;
CREATE FUNCTION pg_temp.said() RETURNS SETOF text LANGUAGE sql AS $$
    SELECT format('%s %s %s %s', method, path, r.status, concat_ws(' ', r.headers ->> 'Retry-After', r.body::jsonb ->> 'detail')) FROM (VALUES ('GET', '/Users?count=1', NULL), ('GET', '/ServiceProviderConfig', NULL), ('POST', '/Users', '{"userName": "bob"}'),
        ('POST', '/Bulk', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [{"method": "POST", "path": "/Users", "data": {"userName": "cat"}}]}')) v (method, path, body), scim.request(method, path, '{}', body) r
    UNION ALL SELECT format('%s: %s', q, pg_temp.try(q)) FROM unnest(ARRAY['SELECT scim.search(''User'')', 'SELECT * FROM scim.validate_store()', 'SELECT * FROM lodging.users', 'INSERT INTO lodging.users (data) VALUES (''{"userName": "raw"}'')', 'UPDATE lodging.users SET active = false',
        'INSERT INTO lodging.tenant VALUES (2, ''two'')', 'SELECT scim.create_token(''x'')', 'SELECT scim.authenticate(''Bearer scim_1_x'')', 'SELECT scim.repair_store(''lodging'')', 'SELECT scim.upgrade_store(''lodging'')']) q
    UNION ALL SELECT p FROM jsonb_array_elements_text(scim.readiness() -> 'problems') p WHERE p LIKE '%lodging%' $$;
-- seen by a session that has used it, and by one that has not
ALTER SCHEMA lodging OWNER TO CURRENT_USER;
SELECT pg_temp.said();
-- 503, of which nginx makes one of 504
SELECT status, body FROM scim.gateway('{"x-scim-method": "GET", "x-scim-target": "/Users", "x-scim-authorization": "Bearer scim_1_lure"}', NULL) AS body, current_setting('response.status', true) AS status;
-- what its owner has revoked from himself
ALTER SCHEMA lodging OWNER TO regress_scim_lodger;
SELECT status FROM scim.request('GET', '/Users');
REVOKE USAGE ON SCHEMA lodging FROM regress_scim_lodger;
SELECT pg_temp.said();
GRANT USAGE ON SCHEMA lodging TO regress_scim_lodger;
REVOKE CREATE ON SCHEMA lodging FROM regress_scim_lodger;
SELECT pg_temp.said() LIMIT 3;
SELECT pg_temp.try('SELECT scim.repair_store(''lodging'')');
GRANT CREATE ON SCHEMA lodging TO regress_scim_lodger;
REVOKE ALL ON lodging.setting FROM regress_scim_lodger;
SELECT pg_temp.said();
SELECT scim.repair_store('lodging') \gexec
GRANT ALL ON lodging.setting TO regress_scim_lodger;
-- who may not write what nobody is to change
REVOKE UPDATE, DELETE ON lodging.audit FROM regress_scim_lodger;
SELECT pg_temp.said() LIMIT 3;
GRANT ALL ON lodging.audit TO regress_scim_lodger;
-- somebody else's that he may use
ALTER SCHEMA lodging OWNER TO CURRENT_USER;
GRANT USAGE, CREATE ON SCHEMA lodging TO regress_scim_lodger;
SELECT status FROM scim.request('GET', '/Users');
SELECT pg_temp.try('SELECT scim.repair_store(''lodging'')');
ALTER SCHEMA lodging OWNER TO regress_scim_lodger;
SELECT scim.drop_store('lodging', true);
SELECT format('REVOKE CREATE ON DATABASE %I FROM regress_scim_lodger', current_database()) \gexec
DROP ROLE regress_scim_lodger;
