-- Endpoints that cannot be meant so.
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('refused');
SET scim.store = 'refused';
RESET client_min_messages;
CREATE FUNCTION pg_temp.made(path text, settings jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO refused.endpoint (name, methods, path, resource_type, action, settings)
    VALUES ('e', CASE WHEN settings ? 'list' THEN '{GET}' ELSE '{POST}' END::text[], path, 'User',
        CASE WHEN settings ? 'list' THEN 'list' ELSE 'create' END, '{"fields": {"name": "userName"}}' || settings);
    DELETE FROM refused.endpoint;
    RETURN 'taken';
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM; END $$;
-- steps of a path
SELECT path, pg_temp.made(path, '{}') FROM unnest(ARRAY['/a/../b', '/a/./b', '/..', '/a/..b', '/a/b.', '/...']) path;
-- constants: secrets, and what the attribute cannot be
SELECT constants, pg_temp.made('/a', jsonb_build_object('constants', constants)) FROM unnest(ARRAY['{"password": "hunter2"}',
    '{"active": "perhaps"}', '{"active": false}', '{"title": 7}', '{"title": "x"}', '{"title": "{name}"}', '{"name.familyName": true}',
    '{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department": 1}', '{"emails": ["a@example.com"]}']::jsonb[]) constants;
-- parameters of a list
SELECT list, pg_temp.made('/a', jsonb_build_object('list', list)) FROM unnest(ARRAY['{"filter": "q", "sort": {"parameter": "q"}}',
    '{"paging": {"limit": "n", "offset": "N"}}', '{"filter": "f", "query": {"parameter": "F", "fields": ["name"]}}',
    '{"filter": "limit"}', '{"sort": {"parameter": "s", "order": "s"}}', '{"sort": {"order": "o", "ascending": "up", "descending": "UP"}}',
    '{"sort": {"ascending": "{field}", "descending": "{field}"}}', '{"sort": {"order": "o", "ascending": "up", "descending": "down"}}']::jsonb[]) list;
-- how many there may be
SELECT pg_temp.made('/a', jsonb_build_object('fields', (SELECT jsonb_object_agg('f' || n, jsonb_build_object('constant', n)) FROM generate_series(1, 1001) n)));
SET client_min_messages = warning;
SELECT scim.drop_store('refused');
