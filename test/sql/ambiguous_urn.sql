-- The URN of a schema is not what an attribute of another schema of the type is called: nobody could tell which of them is meant
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('called');
SET scim.store = 'called';
CREATE FUNCTION pg_temp.schema(urn text, attributes jsonb, force boolean DEFAULT false) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN scim.register_schema(jsonb_build_object('id', urn, 'name', 'S', 'attributes', attributes), force) ->> 'id';
EXCEPTION WHEN OTHERS THEN RETURN SQLERRM;
END $$;
CREATE FUNCTION pg_temp.extend(VARIADIC urns text[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN scim.register_resource_type(jsonb_build_object('name', 'User', 'endpoint', '/Users', 'schema', 'urn:ietf:params:scim:schemas:core:2.0:User',
        'schemaExtensions', (SELECT jsonb_agg(jsonb_build_object('schema', u)) FROM unnest(urns) u))) ->> 'name';
EXCEPTION WHEN OTHERS THEN RETURN SQLERRM;
END $$;
SELECT pg_temp.schema('urn:x:E', '[{"name": "a", "type": "complex", "subAttributes": [{"name": "b"}]}, {"name": "urn:x:inner", "type": "complex", "subAttributes": [{"name": "b"}]}]');
SELECT pg_temp.schema(u, '[{"name": "c"}]') FROM unnest('{urn:X:e:A,urn:x:E:a.b,urn:x:E:z,urn:x:inner,urn:x:E:urn:x:inner:b,urn:x:Ea,urn:ietf:params:scim:schemas:core:2.0:User:meta,urn:ietf:params:scim:schemas:core:2.0:User:name.givenName,urn:ietf:params:scim:schemas:core:2.0:User:other}'::text[]) u;
-- whichever comes first, and below the base schema as well
SELECT urn, pg_temp.extend('urn:x:E', urn) FROM unnest('{urn:X:e:A,urn:x:E:a.b,urn:x:inner,urn:x:E:urn:x:inner:b}'::text[]) urn;
SELECT pg_temp.extend('urn:X:e:A', 'urn:x:E');
SELECT pg_temp.extend('urn:ietf:params:scim:schemas:core:2.0:User:name.givenName');
SELECT pg_temp.extend('urn:ietf:params:scim:schemas:core:2.0:User:meta');
SELECT scim.register_resource_type('{"name": "Thing", "endpoint": "/Things", "schema": "urn:X:e:A", "schemaExtensions": [{"schema": "urn:x:E"}]}');
-- a prefix is none, and neither is it in another type
SELECT pg_temp.extend('urn:x:E', 'urn:x:E:z', 'urn:x:Ea', 'urn:ietf:params:scim:schemas:core:2.0:User:other');
SELECT scim.register_resource_type('{"name": "Thing", "endpoint": "/Things", "schema": "urn:X:e:A"}') ->> 'name' AS type;
SELECT status, body::jsonb -> 'urn:x:E' AS outer, body::jsonb -> 'urn:x:E:z' AS inner FROM scim.request('POST', '/Users', '{}', '{"userName": "u", "urn:x:E": {"a": {"b": "1"}}, "urn:x:E:z": {"c": "2"}}');
-- an attribute that comes later, force or not
SELECT pg_temp.schema('urn:x:E', '[{"name": "a", "type": "complex", "subAttributes": [{"name": "b"}]}, {"name": "z"}]', force) FROM unnest('{false,true}'::boolean[]) force;
SELECT pg_temp.schema('urn:ietf:params:scim:schemas:core:2.0:User', jsonb_agg(a) || '{"name": "other"}') FROM called.schema, jsonb_array_elements(document -> 'attributes') a WHERE id = 'urn:ietf:params:scim:schemas:core:2.0:User';
UPDATE called.users SET data = '{"userName": "u"}';
-- a store that has such names goes on, and may change the rest of them
SET session_replication_role = replica;
UPDATE called.schema SET document = jsonb_set(document, '{attributes,0,name}', '"z"') WHERE id = 'urn:x:E';
RESET session_replication_role;
SELECT pg_temp.schema('urn:x:E', '[{"name": "z", "type": "complex", "subAttributes": [{"name": "b"}]}, {"name": "y"}]');
SELECT pg_temp.schema('urn:x:E:z', '[{"name": "c"}, {"name": "d"}]');
SELECT pg_temp.extend('urn:x:E', 'urn:x:E:z', 'urn:x:Ea');
SELECT pg_temp.extend('urn:x:E', 'urn:x:E:z', 'urn:x:inner');
SELECT pg_temp.extend('urn:x:E');
SELECT pg_temp.extend('urn:x:E', 'urn:x:E:z');
SELECT scim.drop_store('called', true);
