-- No view for auditors fails because a schema has changed: settings of views that compare what cannot be compared any more, attributes of another type
SET client_min_messages = warning;
\set VERBOSITY terse
SET timezone = 'UTC';
SET jit = off;
SELECT scim.create_store('typed');
SET scim.store = 'typed';
CREATE FUNCTION pg_temp.of_type(type jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT scim.register_schema(jsonb_build_object('id', 'urn:x:S', 'name', 'S', 'attributes', jsonb_build_array('{"name": "other"}'::jsonb, '{"name": "leaving"}' || type, '{"name": "state"}' || type)), force => true) ->> 'id' $$;
SELECT pg_temp.of_type('{}');
SELECT scim.register_resource_type(document || jsonb_build_object('schemaExtensions', document -> 'schemaExtensions' || '[{"schema": "urn:x:S", "required": false}]')) IS NOT NULL AS extended FROM typed.resource_type WHERE name = 'User';
INSERT INTO typed.setting (name, value) VALUES ('leaving_date', '"urn:x:S:leaving"'), ('leaver_filter', '"urn:x:S:state eq \"gone\""');
INSERT INTO typed.users (data) VALUES ('{"userName": "left", "urn:x:S": {"leaving": "2020-01-31"}}'), ('{"userName": "gone", "urn:x:S": {"state": "gone"}}'), ('{"userName": "stays", "urn:x:S": {"leaving": "2999-01-31"}, "emails": [{"value": "stays@example.com", "primary": true}]}'),
    ('{"userName": "second", "emails": [{"value": "a@example.com"}, {"value": "b@example.com", "primary": false}]}');
-- whose view has it, of those that a store comes with
CREATE FUNCTION pg_temp.views() RETURNS TABLE (problem text) LANGUAGE plpgsql AS $$
DECLARE view regclass;
BEGIN
    FOR view IN SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'typed'::regnamespace AND c.relkind = 'v' ORDER BY c.relname LOOP
        BEGIN
            EXECUTE format('SELECT count(v) FROM %s v', view);
        EXCEPTION WHEN OTHERS THEN
            problem := view || ': ' || sqlstate || ' ' || sqlerrm;
            RETURN NEXT;
        END;
    END LOOP;
END
$$;
SELECT user_name, reason, leaving_date FROM typed.active_leaver ORDER BY 1, 2;
SELECT user_name, emails FROM typed.missing_primary_email ORDER BY 1;
SELECT * FROM pg_temp.views();
-- dates, as the schema checks them
DELETE FROM typed.setting WHERE name = 'leaver_filter';
SELECT pg_temp.of_type('{"format": "date"}');
SELECT user_name, reason, leaving_date FROM typed.active_leaver ORDER BY 1, 2;
SELECT pg_temp.of_type('{"type": "dateTime"}');
UPDATE typed.users SET data = data || '{"urn:x:S": {"leaving": "2020-01-31T08:00:00+14:00"}}' WHERE user_name = 'left';
SELECT user_name, reason, leaving_date FROM typed.active_leaver ORDER BY 1, 2;
-- by a filter that compares a date with a word nobody is found, and it is told
SELECT pg_temp.of_type('{}');
INSERT INTO typed.setting (name, value) VALUES ('leaver_filter', to_jsonb('urn:x:S:state eq "gone"'::text));
SELECT pg_temp.of_type('{"type": "dateTime"}');
SELECT user_name, reason FROM typed.active_leaver ORDER BY 1, 2;
-- the other types one after the other; what a setting compares is in a warning, and so would be the day of today
SET client_min_messages = error;
CREATE FUNCTION pg_temp.each_type() RETURNS TABLE (type text, told text, problems text[]) LANGUAGE plpgsql AS $$
DECLARE one jsonb;
BEGIN
    FOREACH one IN ARRAY ARRAY['{"type": "boolean"}', '{"type": "binary"}', '{"type": "complex", "subAttributes": [{"name": "a"}]}', '{"multiValued": true}']::jsonb[] LOOP
        PERFORM pg_temp.of_type(one);
        type := one::text;
        told := (SELECT string_agg(user_name, ' ' ORDER BY user_name) FROM typed.active_leaver);
        problems := ARRAY(SELECT pg_temp.views());
        RETURN NEXT;
    END LOOP;
END
$$;
SELECT * FROM pg_temp.each_type();
-- gone altogether: what is stored counts
SELECT scim.register_schema('{"id": "urn:x:S", "name": "S", "attributes": [{"name": "other"}]}', force => true) IS NOT NULL AS gone;
SELECT user_name, reason, leaving_date FROM typed.active_leaver ORDER BY 1, 2;
-- the core schema: all of what views read is something else
SELECT scim.register_schema(jsonb_set(document, '{attributes}', (SELECT jsonb_agg(CASE WHEN a ->> 'name' IN ('emails', 'displayName') THEN jsonb_build_object('name', a -> 'name', 'type', type) ELSE a END) FROM jsonb_array_elements(document -> 'attributes') a)), force => true) IS NOT NULL AS changed,
    (SELECT string_agg(user_name, ' ' ORDER BY user_name) FROM typed.missing_primary_email) AS found, ARRAY(SELECT pg_temp.views()) AS problems
FROM typed.schema, unnest('{string,integer}'::text[]) type WHERE id = 'urn:ietf:params:scim:schemas:core:2.0:User';
SELECT scim.register_schema(jsonb_set(document, '{attributes}', (SELECT jsonb_agg(CASE WHEN a ->> 'name' = 'manager' THEN '{"name": "manager", "type": "integer"}' ELSE a END) FROM jsonb_array_elements(document -> 'attributes') a)), force => true) IS NOT NULL AS changed
FROM typed.schema WHERE id ~ 'enterprise';
SELECT scim.create_resource('User', '{"userName": "numbered", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": 7}}') IS NOT NULL AS created;
SELECT * FROM pg_temp.views();
SELECT scim.drop_store('typed', true);
