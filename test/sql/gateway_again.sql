--
-- A request that writes and came by way of the function that reads
--
SELECT scim.create_store('again');
SET scim.store = 'again';
INSERT INTO again.endpoint (name, methods, path, resource_type, action, settings) VALUES ('new', '{POST}', '/people/.search', 'User', 'create', '{"fields": {"login": "userName"}}');
--
-- A POST whose path ends as those of SCIM that read comes by the function that reads: it is
-- brought again by the one that writes, once the gateway says that it can do that
--
SELECT count(*) AS roles FROM pg_roles WHERE rolname = 'scim_client' \gset
SELECT CASE WHEN :roles = 0 THEN 'CREATE ROLE scim_client' END WHERE :roles = 0 \gexec
GRANT USAGE ON SCHEMA scim, again TO scim_client;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA again TO scim_client;
SELECT secret FROM scim.create_token('gateway') \gset
CREATE FUNCTION pg_temp.come(target text, secret text, again text DEFAULT 'yes') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM scim.gateway(json_build_object('X-Scim-Method', 'POST', 'X-Scim-Target', target, 'X-Scim-Store', 'again', 'X-Scim-Authorization', 'Bearer ' || secret, 'X-Scim-Content-Type', 'application/json',
        'X-Scim-Come-Again', again), '{"login": "new"}'::bytea);
    RESET ROLE;
    RETURN concat_ws(' ', current_setting('response.status'), (SELECT h ->> 'Retry-After' FROM jsonb_array_elements(current_setting('response.headers')::jsonb) h WHERE h ? 'Retry-After'));
END $$;
SELECT pg_temp.come('/people/.search', :'secret', ''), pg_temp.come('/Me/.search', :'secret', '');
BEGIN READ ONLY;
SELECT pg_temp.come(t, :'secret') AS again, pg_temp.come(t, :'secret', '') AS nowhere FROM unnest(ARRAY['/people/.search', '/Me/.search', '/Users/.search']) t;
COMMIT;
REVOKE ALL ON SCHEMA scim FROM scim_client;
SET client_min_messages = warning;  -- no list of what CASCADE drops
SELECT scim.drop_store('again', true);
SELECT CASE WHEN :roles = 0 THEN 'DROP ROLE scim_client' END WHERE :roles = 0 \gexec
