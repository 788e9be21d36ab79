-- The policy "status", where statuses share a word: what a write of it means
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('words');
SET scim.store = 'words';
SELECT FROM scim.register_schema('{"id": "urn:example:life", "name": "Life", "attributes": [{"name": "state"}]}');
SELECT FROM scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User", "schemaExtensions": [{"schema": "urn:example:life", "required": false}]}');
UPDATE words.policy SET settings = '{"mode": "offboard", "deactivate": false}' WHERE resource_type = 'User' AND kind = 'delete';
CREATE FUNCTION pg_temp.try(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE query INTO result;
    RETURN coalesce(result, 'ok');
EXCEPTION
    WHEN OTHERS THEN RETURN SQLERRM;
END
$$;
-- all that may happen with every pair of statuses that have one word, while the others have their own
CREATE FUNCTION pg_temp.words(a text, b text) RETURNS TABLE (same text, "from" text, writes text, becomes text) LANGUAGE plpgsql AS $$
DECLARE
    names jsonb := '{"PENDING": "p", "ACTIVE": "a", "SUSPENDED": "s", "OFFBOARDING": "o"}';
    word text; stage text; how text; said text;
BEGIN
    DELETE FROM words.policy WHERE kind = 'status';
    names := names || jsonb_build_object(a, 'same', b, 'same');
    how := pg_temp.try(format('INSERT INTO words.policy (resource_type, kind, settings) VALUES (''User'', ''status'', %L)', jsonb_build_object('attribute', 'urn:example:life:state', 'pending', true, 'writable', true, 'values', names)) || ' RETURNING ''ok''');
    same := concat_ws(' ', a, b);
    IF how <> 'ok' THEN
        becomes := how;
        RETURN NEXT;
        RETURN;
    END IF;
    FOREACH stage IN ARRAY ARRAY['(new)', 'PENDING', 'ACTIVE', 'SUSPENDED', 'OFFBOARDING'] LOOP
        FOREACH said IN ARRAY ARRAY['"state": "SAME"', '"state": "same", "active": true', '"state": "same", "active": false'] LOOP
            BEGIN
                IF stage = '(new)' THEN
                    becomes := pg_temp.try(format('INSERT INTO words.users (data) VALUES (''{"userName": "x", %s}'') RETURNING status || '' '' || (data #>> ''{urn:example:life,state}'') || '' '' || coalesce(data ->> ''active'', ''-'')', said));
                ELSE
                    INSERT INTO words.users (data, status) VALUES ('{"userName": "x"}', stage);
                    becomes := pg_temp.try(format('UPDATE words.users SET data = data - ''urn:example:life'' || ''{%s}'' WHERE user_name = ''x'' RETURNING status || '' '' || (data #>> ''{urn:example:life,state}'') || '' '' || coalesce(data ->> ''active'', ''-'')', said));
                END IF;
                RAISE EXCEPTION USING ERRCODE = 'P9999';
            EXCEPTION WHEN SQLSTATE 'P9999' THEN NULL;
            END;
            "from" := stage;
            writes := said;
            RETURN NEXT;
        END LOOP;
    END LOOP;
END $$;
SELECT w.* FROM (VALUES ('PENDING', 'ACTIVE'), ('PENDING', 'SUSPENDED'), ('PENDING', 'OFFBOARDING'), ('ACTIVE', 'SUSPENDED'), ('ACTIVE', 'OFFBOARDING'), ('SUSPENDED', 'OFFBOARDING')) x(a, b), pg_temp.words(a, b) w;
-- in filters of rules it is refused, and none where it comes later; the names of the life-cycle are there for that
SELECT pg_temp.try(format($$INSERT INTO words.policy (resource_type, kind, name, settings) VALUES ('User', 'condition', 'x', '{"when": "status eq \"%s\"", "require": "title pr"}') RETURNING 'ok'$$, s)) FROM unnest(ARRAY['same', 'Same', 'a', 'suspended']) s;
DELETE FROM words.policy WHERE kind = 'condition';
INSERT INTO words.policy (resource_type, kind, name, settings) VALUES ('User', 'condition', 'a', '{"when": "status eq \"a\"", "require": "title pr", "message": "no title"}');
SELECT pg_temp.try($$INSERT INTO words.users (data) VALUES ('{"userName": "y", "state": "a"}') RETURNING status$$);
UPDATE words.policy SET settings = jsonb_set(settings, '{values,OFFBOARDING}', '"a"') WHERE kind = 'status';
SELECT pg_temp.try($$INSERT INTO words.users (data) VALUES ('{"userName": "y", "state": "a"}') RETURNING status$$);
SELECT scim.drop_store('words', true);
