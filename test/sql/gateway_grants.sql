-- What the gateway may not do for want of grants is the operator's matter, 503; who is unknown is 401, and what policies and grants on writes refuse stays 403
SELECT scim.create_store('grants');
SET scim.store = 'grants';
CREATE ROLE regress_scim_gateway;
SELECT count(*) AS roles FROM pg_roles WHERE rolname = 'scim_client' \gset
SELECT CASE WHEN :roles = 0 THEN 'CREATE ROLE scim_client' END WHERE :roles = 0 \gexec
GRANT scim_client TO regress_scim_gateway;
GRANT USAGE ON SCHEMA scim TO regress_scim_gateway, scim_client;
GRANT EXECUTE ON FUNCTION scim.gateway TO regress_scim_gateway, scim_client;
SELECT id AS token_id, secret FROM scim.create_token('client') \gset
CREATE FUNCTION asked(method text, target text, authorization text DEFAULT NULL, body text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM scim.gateway(json_strip_nulls(json_build_object('X-Scim-Method', method, 'X-Scim-Target', target, 'X-Scim-Store', 'grants',
        'X-Scim-Content-Type', 'application/json', 'X-Scim-Authorization', 'Bearer ' || $3)), $4::bytea);
    SET ROLE NONE;
    RETURN current_setting('response.status') || coalesce(' ' || (SELECT (h ->> 'X-Scim-Error')::jsonb ->> 'detail'
        FROM jsonb_array_elements(current_setting('response.headers')::jsonb) h WHERE h ? 'X-Scim-Error'), '');
END $$;
\pset format unaligned
\pset tuples_only on
SET SESSION AUTHORIZATION regress_scim_gateway;
-- no grants at all; 504 is what PostgREST passes on as 503
SELECT asked('GET', '/Users');
SELECT asked('GET', '/Users', 'scim_1_wrong');
SELECT asked('GET', '/Users', :'secret');
SELECT asked('GET', '/Schemas');
SELECT asked('POST', '/Users', :'secret', '{"userName": "a"}');
RESET SESSION AUTHORIZATION;
-- a grant is missing
GRANT USAGE ON SCHEMA grants TO regress_scim_gateway, scim_client;
GRANT SELECT ON grants.schema, grants.resource_type TO regress_scim_gateway, scim_client;
GRANT SELECT, INSERT, UPDATE ON grants.resource, grants.member, grants.users, grants.groups TO scim_client;
REVOKE SELECT ON grants.member FROM scim_client;
SET SESSION AUTHORIZATION regress_scim_gateway;
SELECT asked('GET', '/Users');
SELECT asked('GET', '/Users?filter=groups.value+pr', :'secret');
SELECT asked('GET', '/Schemas') LIKE '200%';
RESET SESSION AUTHORIZATION;
GRANT SELECT ON grants.member TO scim_client;
SET SESSION AUTHORIZATION regress_scim_gateway;
SELECT asked('GET', '/Users', :'secret');
-- a client that may not delete
SELECT asked('DELETE', '/Users/00000000-0000-7000-8000-000000000001', :'secret');
RESET SESSION AUTHORIZATION;
INSERT INTO grants.groups (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"displayName": "g"}');
SET SESSION AUTHORIZATION regress_scim_gateway;
SELECT asked('DELETE', '/Groups/00000000-0000-7000-8000-000000000001', :'secret');
RESET SESSION AUTHORIZATION;
DROP FUNCTION asked;
SET client_min_messages = warning;
SELECT scim.drop_store('grants', true);
REVOKE ALL ON SCHEMA scim FROM regress_scim_gateway, scim_client;
REVOKE ALL ON FUNCTION scim.gateway FROM regress_scim_gateway, scim_client;
REVOKE scim_client FROM regress_scim_gateway;
DROP ROLE regress_scim_gateway;
SELECT 'DROP ROLE scim_client' WHERE :roles = 0 \gexec
