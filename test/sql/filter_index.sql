-- Filters that have an index of their own: the same lists, counted and read there.
SELECT scim.create_store('filter_index');
SET scim.store = 'filter_index';
UPDATE filter_index.policy SET enabled = false WHERE kind IN ('audit', 'events');
INSERT INTO filter_index.tenant (tenant_id, name) VALUES (2, 'second');
CREATE TEMP TABLE people AS SELECT 1 + (i % 9 = 0)::int AS tenant_id, jsonb_strip_nulls(jsonb_build_object('userName', 'user' || i, 'active', CASE WHEN i % 7 > 0 THEN i % 50 > 0 END, 'title', CASE WHEN i % 5 > 0 THEN 'Title ' || i % 50 END,
    'nickName', CASE WHEN i % 97 = 0 THEN 'Nick ' || i END, 'userType', CASE WHEN i % 20 = 0 THEN 'Contractor' WHEN i % 11 > 0 THEN CASE WHEN i % 3 > 0 THEN 'Employee' ELSE 'EMPLOYEE' END END,
    'emails', CASE WHEN i % 13 > 0 THEN jsonb_build_array(jsonb_build_object('value', 'z' || i || '@example.com', 'type', 'work'), jsonb_build_object('value', 'a' || (i * 31) % 1999 || '@example.org', 'type', 'home', 'primary', true)) END,
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', jsonb_build_object('department', 'Department ' || i % 13))) AS data
FROM generate_series(1, 3000) i;
INSERT INTO filter_index.users (data) SELECT data FROM people WHERE tenant_id = 1;
SET scim.tenant = 2;
INSERT INTO filter_index.users (tenant_id, data) SELECT 2, data FROM people WHERE tenant_id = 2;
RESET scim.tenant;
DELETE FROM filter_index.users WHERE user_name ~ '77$';

CREATE TEMP TABLE filters (n serial, filter text);
INSERT INTO filters (filter) VALUES ('nickName pr'), ('not (userType eq "Employee")'), ('userType ne "Employee"'), ('active eq false'), ('not (active eq false)'), ('title pr and not (title eq "Title 7")'),
    ('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department ne "Department 3"'), ('emails[type eq "work" and not (value co "7")]'), ('not (emails pr)'), ('emails.type eq "home" or nickName sw "nick"'), ('title lt "title 2"'),
    ('name.familyName eq null'), ('userType eq "employee"');
-- What a list says, in several ways.
CREATE FUNCTION pg_temp.answers(filter text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    answers text[] := '{}';
    answer jsonb;
    next_cursor text := '';
BEGIN
    FOR tenant IN 1 .. 2 LOOP
        PERFORM set_config('scim.tenant', tenant::text, true);
        answers := answers || scim.search('User', filter, count => 7, attributes => 'userName')::text || scim.search('User', filter, start_index => 20, count => 3, attributes => 'userName')::text || scim.search('User', filter, count => 0)::text
            || scim.search('User', filter, sort_by => 'userName', sort_order => 'descending', count => 5, attributes => 'userName')::text || scim.search('User', filter, sort_by => 'title', start_index => 4, count => 5, attributes => 'userName')::text;
        FOREACH next_cursor IN ARRAY ARRAY['', ''] LOOP
            LOOP
                answer := scim.search('User', filter, count => 150, cursor => next_cursor, attributes => 'userName', sort_by => CASE WHEN cardinality(answers) % 2 > 0 THEN 'title' END);
                answers := answers || jsonb_path_query_array(answer, '$.Resources[*].id')::text || (answer ->> 'totalResults');
                next_cursor := answer ->> 'nextCursor';
                EXIT WHEN next_cursor IS NULL;
            END LOOP;
        END LOOP;
    END LOOP;
    PERFORM set_config('scim.tenant', '1', true);
    RETURN answers;
END
$$;
CREATE TEMP TABLE before AS SELECT n, filter, pg_temp.answers(filter) AS answers FROM filters;
SELECT f.n, count(c.*) AS made FROM filters f LEFT JOIN LATERAL scim.create_filter_index('User', f.filter::scim.filter) c ON true GROUP BY 1 ORDER BY 1;
SELECT scim.create_filter_index('User', 'NICKNAME PR'); -- is there
SELECT count(*) FROM pg_class WHERE relnamespace = 'filter_index'::regnamespace AND relname ~ '_filter$';
SELECT b.filter, cardinality(answers) AS answers, answers = pg_temp.answers(b.filter) AS same, answers[3]::jsonb ->> 'totalResults' AS found FROM before b ORDER BY n;
-- as they are counted
CREATE FUNCTION pg_temp.used(statement text) RETURNS TABLE (index_scans bigint) LANGUAGE plpgsql AS $$
DECLARE
    counted CONSTANT text := $q$SELECT sum(pg_stat_get_numscans(oid) + coalesce(pg_stat_get_xact_numscans(oid), 0)) FROM pg_class WHERE relnamespace = 'filter_index'::regnamespace AND relname ~ '_filter$'$q$;
    at_first bigint;
    at_last bigint;
BEGIN
    EXECUTE counted INTO at_first;
    EXECUTE statement;
    EXECUTE counted INTO at_last;
    RETURN QUERY SELECT at_last - at_first;
END
$$;
BEGIN;
SET LOCAL stats_fetch_consistency = none;
SELECT pg_temp.used($$SELECT scim.search('User', 'nickName pr', count => 3)$$), pg_temp.used($$SELECT scim.search('User', 'nickname PR', count => 3)$$), pg_temp.used($$SELECT scim.search('User', 'urn:ietf:params:scim:schemas:core:2.0:User:nickName pr', count => 3)$$),
    pg_temp.used($$SELECT scim.search('User', 'not (nickName pr)', count => 3)$$) AS another, pg_temp.used($$SELECT scim.search('User', 'department ne "Department 3"', count => 3)$$) AS short,
    pg_temp.used($$SELECT scim.search('User', 'userType eq "Employee"', count => 0)$$) AS other_case;
COMMIT;
-- rows come and go with what they say
UPDATE filter_index.users SET data = data - 'nickName' WHERE user_name = 'user97';
UPDATE filter_index.users SET data = data || '{"nickName": "New"}' WHERE user_name = 'user1';
SELECT scim.search('User', 'nickName pr', count => 2, attributes => 'userName') #>> '{Resources,0,userName}' AS first;
-- Who may see no tenant but his own sees no other.
SELECT scim.search('User', 'nickName pr', count => 0) -> 'totalResults' AS first_tenant, (SELECT count(*) FROM filter_index.users WHERE tenant_id = 1 AND deleted_at IS NULL AND data ? 'nickName') AS counted;

-- What may be asked is bounded; what an index was made of is asked of each row, whatever the bounds are by now.
SET scim.max_filter_length = 10;
SET scim.max_filter_depth = 1;
SET scim.max_filter_nodes = 1;
SET scim.max_filter_visits = 1000;
INSERT INTO filter_index.users (data) VALUES ('{"userName": "bounded", "nickName": "Bounded"}');
UPDATE filter_index.users SET data = data || jsonb_build_object('nickName', repeat('É', 20000), 'emails', (SELECT jsonb_agg(jsonb_build_object('value', i || '@example.com', 'type', 'work')) FROM generate_series(1, 2000) i)) WHERE user_name = 'bounded';
SELECT scim_internal.holds(jsonb_build_object('a', (SELECT jsonb_agg('x' || i) FROM generate_series(1, 2000) i)), 'a eq "X2000" and (b pr or not (a eq "y"))', 'string multi : a; string : b; string multi : a');
SELECT '(a pr or b pr) and c pr'::scim.filter; -- these are in force as ever
SELECT scim.matches(jsonb_build_object('a', (SELECT jsonb_agg('x' || i) FROM generate_series(1, 2000) i)), 'a eq "y"');
RESET scim.max_filter_length;
RESET scim.max_filter_depth;
RESET scim.max_filter_nodes;
RESET scim.max_filter_visits;
SELECT scim.search('User', 'nickName sw "bounded" or nickName sw "éé"', count => 0) -> 'totalResults' AS found;
DELETE FROM filter_index.users WHERE user_name = 'bounded';

-- Where the schema says something else, they are not used, and found as ever.
UPDATE filter_index.schema SET document = jsonb_set(document, ARRAY['attributes', (a.n - 1)::text, 'caseExact'], 'true')
FROM (SELECT a.n FROM filter_index.schema c, jsonb_array_elements(c.document -> 'attributes') WITH ORDINALITY AS a (e, n) WHERE c.id = 'urn:ietf:params:scim:schemas:core:2.0:User' AND a.e ->> 'name' = 'userType') AS a
WHERE id = 'urn:ietf:params:scim:schemas:core:2.0:User';
BEGIN;
SET LOCAL stats_fetch_consistency = none;
SELECT pg_temp.used($$SELECT scim.search('User', 'userType ne "Employee"', count => 3)$$) AS not_used, pg_temp.used($$SELECT scim.search('User', 'nickName pr', count => 3)$$) AS used;
COMMIT;
SELECT scim.search('User', 'userType ne "Employee"', count => 0) -> 'totalResults' AS found, (SELECT count(*) FROM filter_index.users WHERE tenant_id = 1 AND deleted_at IS NULL AND data ->> 'userType' IS DISTINCT FROM 'Employee') AS counted;
SELECT scim.create_filter_index('User', 'userType ne "Employee"');
SELECT scim.search('User', 'userType ne "Employee"', count => 0) -> 'totalResults' AS found;
-- a store that is brought forward keeps them
SELECT scim.upgrade_store('filter_index');
SELECT count(*) FROM pg_class WHERE relnamespace = 'filter_index'::regnamespace AND relname ~ '_filter$';

-- What can have none, and what it is made of.
SELECT scim.create_filter_index('User', 'groups pr');
SELECT scim.create_filter_index('User', 'userName eq "a"');
SELECT scim.create_filter_index('User', 'nickName pr and meta.created gt "2020-01-01T00:00:00Z"');
SELECT scim.create_filter_index('User', 'password pr');
SELECT scim.create_filter_index('User', 'nonsense pr');
SELECT scim.create_filter_index('Nonsense', 'nickName pr');
SELECT scim.create_filter_index('User', string_agg('title eq "' || i || '"', ' or ')::scim.filter) FROM generate_series(1, 60) i;
SELECT scim.create_filter_index('Group', 'not (displayName co "x")', online => true);
SELECT * FROM scim_internal.filter_index('User', 'Urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:Department eq "x" or EMAILS[TYPE eq "Work"]');
SELECT scim_internal.holds('{"a": {"b": ["X"]}}', v.filter, v.attributes) FROM (VALUES ('a.b eq "x"', 'string : a b'), ('any eq "x"', 'string : a b'), ('a.b eq "x"', 'string exact : a b'), ('c pr', 'string : c')) AS v (filter, attributes);
SELECT scim_internal.holds('[]', 'a pr', 'string : a');
SELECT scim_internal.holds('{}', 'a pr', '');
SELECT scim_internal.holds('{}', 'a pr', 'string : a; string : b');
SELECT scim_internal.holds('{}', 'a pr', 'sideways : a');
SELECT scim_internal.holds('{}', 'a pr', 'string :');
SELECT scim_internal.holds('{}', 'a pr', 'string : a b c d');
SELECT scim_internal.holds('{}', 'pr', 'string : a');
SELECT scim_internal.holds('{}', string_agg('a eq "' || i || '"', ' or '), string_agg('string : a', '; ')) FROM generate_series(1, 49) i;
SELECT scim_internal.holds('{}', string_agg('a eq "' || i || '"', ' or '), string_agg('string : a', '; ')) FROM generate_series(1, 50) i;
-- A filter that is too long for it
SELECT scim.create_filter_index('User', ('userType eq "' || repeat('x', 4000 - 13) || '"')::scim.filter);
SELECT scim.drop_store('filter_index', true);
