-- Groups within groups of many levels: what is read grows with their number, and not with its square, where nothing is known of the tables
SET client_min_messages = warning;
SELECT scim.create_store('chain');
SET scim.store = 'chain';
RESET client_min_messages;
ALTER TABLE chain.member SET (autovacuum_enabled = off);
ALTER TABLE chain.groups SET (autovacuum_enabled = off);
CREATE FUNCTION pg_temp.g(n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT ('00000000-0000-4000-9000-' || lpad(n::text, 12, '0'))::uuid $$;
\set u '00000000-0000-4000-8000-000000000001'
INSERT INTO chain.users (id, data) VALUES (:'u', '{"userName": "deep"}'), ('00000000-0000-4000-8000-000000000002', '{"userName": "middle"}'), ('00000000-0000-4000-8000-000000000003', '{"userName": "nowhere"}');
-- 1 is a member of 2, which is one of 3 ...; 250 has another member, and 300 is a member of 200
INSERT INTO chain.groups (id, data) SELECT pg_temp.g(n), jsonb_build_object('displayName', 'k' || n, 'members', jsonb_build_array(jsonb_build_object('value', CASE WHEN n = 1 THEN :'u' ELSE pg_temp.g(n - 1)::text END))
    || CASE n WHEN 250 THEN '["00000000-0000-4000-8000-000000000002"]' WHEN 200 THEN jsonb_build_array(jsonb_build_object('value', pg_temp.g(300))) ELSE '[]' END) FROM generate_series(1, 300) n;
-- rows of "member" that are read, and entries of its indexes
CREATE FUNCTION pg_temp.read() RETURNS numeric LANGUAGE sql AS $$ SELECT pg_stat_get_xact_tuples_returned('chain.member'::regclass) + sum(pg_stat_get_xact_tuples_returned(indexrelid)) FROM pg_index WHERE indrelid = 'chain.member'::regclass $$;
BEGIN;
SELECT pg_temp.read() AS was \gset
SELECT jsonb_array_length(g) AS groups, g #>> '{0,display}' AS first, g #>> '{0,type}' AS type, g #>> '{299,type}' AS last_type FROM (SELECT scim.get_resource('User', :'u') -> 'groups' AS g) s;
SELECT s ->> 'userName' AS name, jsonb_array_length(s -> 'groups') AS groups FROM scim.search('User', sort_by => 'userName') l, jsonb_array_elements(l -> 'Resources') s ORDER BY 1;
SELECT pg_temp.read() - :was < 10000 AS few;
COMMIT;
-- and as text: of all steps together
CREATE FUNCTION pg_temp.rows(plan jsonb) RETURNS numeric LANGUAGE sql AS $$
    SELECT (plan ->> 'Actual Rows')::numeric * (plan ->> 'Actual Loops')::numeric + coalesce((SELECT sum(pg_temp.rows(p)) FROM jsonb_array_elements(plan -> 'Plans') p), 0) $$;
CREATE FUNCTION pg_temp.found(filter scim.filter) RETURNS TABLE (names text, alike boolean, few boolean) LANGUAGE plpgsql AS $$
DECLARE
    searched jsonb := scim.search('User', filter::text, attributes => 'userName', sort_by => 'userName');
    plan json;
BEGIN
    EXECUTE 'SELECT string_agg(user_name, '' '' ORDER BY user_name) FROM chain.users WHERE ' || scim.to_sql(filter) INTO names;
    alike := names IS NOT DISTINCT FROM (SELECT string_agg(r ->> 'userName', ' ') FROM jsonb_array_elements(searched -> 'Resources') r);
    EXECUTE 'EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) SELECT FROM chain.users WHERE ' || scim.to_sql(filter) INTO plan;
    few := pg_temp.rows(plan::jsonb #> '{0,Plan}') < 60000;
    RETURN NEXT;
END $$;
SELECT f, t.* FROM unnest(ARRAY['groups.display sw "k300"', 'groups.display eq "k300"', format('groups.value eq "%s"', pg_temp.g(300)), 'groups.display sw "k249"', 'groups.display sw "k251"', 'groups.display ew "k1"',
    'groups[type eq "indirect" and display sw "k250"]', 'groups[type eq "direct" and display sw "k250"]', 'groups[type eq "indirect" and display sw "k150"]', 'groups[type eq "indirect" and display sw "k29"]', 'groups.display sw "x"', 'not (groups.display sw "k300")']) f, pg_temp.found(f::scim.filter) t;
ANALYZE chain.member, chain.groups;
SELECT f, t.* FROM unnest(ARRAY['groups.display sw "k300"', 'groups.display eq "k300"', format('groups.value eq "%s"', pg_temp.g(300)), 'groups.display sw "k249"', 'groups.display sw "k251"', 'groups.display ew "k1"',
    'groups[type eq "indirect" and display sw "k250"]', 'groups[type eq "direct" and display sw "k250"]', 'groups[type eq "indirect" and display sw "k150"]', 'groups[type eq "indirect" and display sw "k29"]', 'groups.display sw "x"', 'not (groups.display sw "k300")']) f, pg_temp.found(f::scim.filter) t;
-- without any pair
DELETE FROM chain.groups;
INSERT INTO chain.groups (data) VALUES ('{"displayName": "alone", "members": [{"value": "00000000-0000-4000-8000-000000000001"}]}');
SELECT f, t.* FROM unnest(ARRAY['groups.display sw "al"', 'groups[type eq "indirect" and display sw "al"]', 'groups[type eq "direct" and display sw "al"]']) f, pg_temp.found(f::scim.filter) t;
SET client_min_messages = warning;
SELECT scim.drop_store('chain', true);
