-- A registry that cannot be read is no fault of who asks: 503, not 400
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('unreadable');
SET scim.store = 'unreadable';
INSERT INTO unreadable.users (data) VALUES ('{"userName": "u"}');
CREATE FUNCTION pg_temp.try(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE query;
    RETURN 'ok';
EXCEPTION
    WHEN OTHERS THEN RETURN concat_ws(' ', SQLSTATE, SQLERRM);
END
$$;
-- what is written past the triggers of one of both tables, as a replica or an owner may do
CREATE FUNCTION pg_temp.broken(change text) RETURNS TABLE (what text, became text) LANGUAGE plpgsql AS $$
BEGIN
    ALTER TABLE unreadable.schema DISABLE TRIGGER USER;
    ALTER TABLE unreadable.resource_type DISABLE TRIGGER USER;
    EXECUTE change;
    ALTER TABLE unreadable.schema ENABLE TRIGGER USER;
    ALTER TABLE unreadable.resource_type ENABLE TRIGGER USER;
    RETURN QUERY SELECT w.what, pg_temp.try(w.query) FROM (VALUES
        ('search', 'SELECT scim.search(''User'')'),
        ('create', 'SELECT scim.create_resource(''User'', ''{"userName": "v"}'')'),
        ('insert', 'INSERT INTO unreadable.users (data) VALUES (''{"userName": "w"}'')'),
        ('validate', 'SELECT scim.validate_store()')) w (what, query);
    PERFORM scim.gateway('{"x-scim-method": "POST", "x-scim-target": "/Users", "content-type": "application/scim+json"}', '{"userName": "x"}');
    RETURN QUERY SELECT 'gateway', current_setting('response.status');
    RETURN QUERY SELECT 'readiness', p FROM jsonb_array_elements_text(scim.readiness() -> 'problems') p WHERE p ~ 'unreadable';
END
$$;
BEGIN;
SELECT * FROM pg_temp.broken($$INSERT INTO unreadable.schema (id, document) VALUES ('', '{"id": ""}')$$);
ROLLBACK;
BEGIN;
SELECT * FROM pg_temp.broken($$UPDATE unreadable.schema SET document = document - 'attributes' || '{"attributes": [{"name": "x", "type": "nothing"}]}' WHERE id LIKE '%:User'$$);
ROLLBACK;
BEGIN;
SELECT * FROM pg_temp.broken($$UPDATE unreadable.resource_type SET document = document || '{"schema": "urn:nothing"}' WHERE name = 'User'$$);
ROLLBACK;
BEGIN;
SELECT * FROM pg_temp.broken($$UPDATE unreadable.resource_type SET document = document - 'endpoint' WHERE name = 'Group'$$);
ROLLBACK;
-- who changes it is told what is wrong with the change
SELECT pg_temp.try($$SELECT scim.register_resource_type('{"name": "Thing", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User"}')$$);
SELECT pg_temp.try($$SELECT scim.register_resource_type('{"name": "Thing", "endpoint": "/Things", "schema": "urn:nothing"}')$$);
SELECT pg_temp.try($$UPDATE unreadable.resource_type SET document = document || '{"schema": "urn:nothing"}' WHERE name = 'User'$$);
SELECT pg_temp.try($$DELETE FROM unreadable.schema WHERE id LIKE '%:User'$$);
SELECT scim.search('User') ->> 'totalResults' AS total;
SELECT scim.drop_store('unreadable');
