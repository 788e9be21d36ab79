-- Lists sorted by an attribute without a column, from an index that somebody has asked for.
SELECT scim.create_store('sort_index');
SET scim.store = 'sort_index';
UPDATE sort_index.policy SET enabled = false WHERE kind IN ('audit', 'events');
INSERT INTO sort_index.users (data)
SELECT jsonb_strip_nulls(jsonb_build_object('userName', 'user' || i, 'name', jsonb_build_object('familyName', CASE WHEN i % 10 > 0 THEN 'Family ' || (i * 7919) % 501 END),
    'emails', jsonb_build_array(jsonb_build_object('value', 'z' || i || '@example.com', 'type', 'work'), jsonb_build_object('value', 'a' || (i * 31) % 1999 || '@example.com', 'type', 'home', 'primary', true)),
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', jsonb_build_object('department', 'Department ' || i % 13)))
FROM generate_series(1, 2000) i;

-- The first scan of a list sorted by an attribute, and whether it sorts.
CREATE FUNCTION pg_temp.plan(sort_by text, tail text DEFAULT '') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    node jsonb;
    sorts boolean := false;
BEGIN
    EXECUTE format('EXPLAIN (FORMAT JSON) SELECT data FROM sort_index.resource r WHERE resource_type = ''User'' AND tenant_id = 1 AND deleted_at IS NULL ORDER BY %s %s, id %s LIMIT 32',
        scim_internal.sort_expression('User', sort_by), tail, tail) INTO node;
    node := node #> '{0,Plan}';
    WHILE node ? 'Plans' LOOP
        node := node #> '{Plans,0}';
        sorts := sorts OR node ->> 'Node Type' = 'Sort';
    END LOOP;
    RETURN concat_ws(' ', CASE WHEN sorts THEN 'sorted:' END, node ->> 'Node Type', node ->> 'Scan Direction', node ->> 'Index Name');
END
$$;
CREATE FUNCTION pg_temp.ids(sort_by text, sort_order text) RETURNS uuid[] LANGUAGE plpgsql AS $$
DECLARE
    answer jsonb;
    next_cursor text := '';
    ids uuid[] := '{}';
BEGIN
    WHILE next_cursor IS NOT NULL LOOP
        answer := scim.search('User', sort_by => sort_by, sort_order => sort_order, count => 150, cursor => next_cursor, attributes => 'id');
        ids := ids || ARRAY(SELECT (r ->> 'id')::uuid FROM jsonb_array_elements(answer -> 'Resources') WITH ORDINALITY AS e (r, n) ORDER BY n);
        next_cursor := answer ->> 'nextCursor';
    END LOOP;
    RETURN ids;
END
$$;
CREATE FUNCTION pg_temp.refused(sort_by text, resource_type text DEFAULT 'User') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    detail text;
BEGIN
    RETURN 'made: ' || scim.create_sort_index(resource_type, sort_by, online => true);
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN sqlstate || ' ' || sqlerrm || ' (' || detail || ')';
END
$$;
CREATE TEMP TABLE sorts AS SELECT sort_by, sort_order, pg_temp.ids(sort_by, sort_order) AS ids, pg_temp.plan(sort_by) AS plan_without
FROM unnest(ARRAY['name.familyName', 'emails', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department', 'userName']) AS sort_by, (VALUES ('ascending'), ('descending')) AS o (sort_order);

SELECT scim.create_sort_index('User', 'name.familyName');
SELECT scim.create_sort_index('User', 'name.familyName'); -- is there
SELECT scim.create_sort_index('User', 'emails.value', online => true);
SELECT scim.create_sort_index('User', 'emails', online => true) \gexec
SELECT scim.create_sort_index('User', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department');
SELECT indexrelid::regclass AS index, indisvalid FROM pg_index WHERE indrelid = 'sort_index.users'::regclass AND indexrelid::regclass::text ~ '_sort$' ORDER BY 1;
-- the same lists, by the indexes
SELECT sort_by, sort_order, plan_without, pg_temp.plan(sort_by, CASE sort_order WHEN 'descending' THEN 'DESC' ELSE '' END) AS plan, cardinality(ids), ids = pg_temp.ids(sort_by, sort_order) AS same FROM sorts ORDER BY 1, 2;
-- a store that is brought forward keeps them
SELECT scim.upgrade_store('sort_index');
SELECT count(*) FROM pg_index WHERE indrelid = 'sort_index.users'::regclass AND indexrelid::regclass::text ~ '_sort$';

-- Where the schema says something else, searches sort otherwise, and not by the index.
SELECT scim_internal.sort_expression('User', 'name.familyName');
UPDATE sort_index.schema SET document = jsonb_set(document, ARRAY['attributes', p.a, 'subAttributes', p.s, 'caseExact'], 'true')
FROM (SELECT (a.n - 1)::text AS a, (s.n - 1)::text AS s FROM sort_index.schema c, jsonb_array_elements(c.document -> 'attributes') WITH ORDINALITY AS a (e, n), jsonb_array_elements(a.e -> 'subAttributes') WITH ORDINALITY AS s (e, n)
    WHERE c.id = 'urn:ietf:params:scim:schemas:core:2.0:User' AND a.e ->> 'name' = 'name' AND s.e ->> 'name' = 'familyName') AS p
WHERE id = 'urn:ietf:params:scim:schemas:core:2.0:User';
SELECT scim_internal.sort_expression('User', 'name.familyName'), pg_temp.plan('name.familyName');

-- What it sorts by is a function of its arguments alone.
SELECT path, kind, scim_internal.sort_text('{"a": {"b": "\u00c4x"}, "n": 12.5, "t": "2020-01-01T00:00:00Z", "l": [{"value": 1}, {"value": "P", "primary": true}], "s": ["y", "x"], "z": null, "y": true}', path, kind)
FROM (VALUES ('{a,b}'::text[], 'folded'), ('{a,b}', 'exact'), ('{a}', 'folded'), ('{a,b,c}', 'folded'), ('{n}', 'folded'), ('{n,x}', 'folded'), ('{t}', 'instant'), ('{n}', 'several exact'), ('{y}', 'several exact'), ('{l,value}', 'several folded'),
    ('{l}', 'folded'), ('{s}', 'folded'), ('{z}', 'folded'), ('{nothing}', 'folded')) AS v (path, kind);
SELECT scim_internal.sort_text('[1]', '{a}', 'folded') IS NULL AS array_has_none, scim_internal.sort_text('"x"', '{a}', 'folded') IS NULL AS scalar_has_none;
SELECT scim_internal.sort_text('{}', '{a}', 'sideways');
SELECT scim_internal.sort_text('{}', '{}', 'folded');
SELECT scim_internal.sort_text('{}', '{a,b,c,d}', 'folded');
SELECT scim.create_sort_index('User', 'colour');
SELECT scim.create_sort_index('Nobody', 'name.familyName');
SELECT scim.create_sort_index('User', 'password');
-- What needs none is refused with what serves instead.
SELECT a, pg_temp.refused(a) FROM unnest(ARRAY['userName', 'USERNAME', 'displayName', 'meta.created', 'meta.lastModified', 'id', 'meta.location', 'groups', 'groups.display', 'emails.value', 'urn:ietf:params:scim:schemas:core:2.0:User:emails', 'externalId']) AS a;
SELECT pg_temp.refused('members.value', 'Group');
SELECT scim.create_sort_index('User', 'active', online => true);
-- No value is too long for it, whether it compresses or not: the first bytes count, as without an index.
CREATE FUNCTION pg_temp.noise(bytes int) RETURNS text LANGUAGE sql AS $$SELECT left(string_agg(md5(n::text), ''), bytes) FROM generate_series(1, bytes / 32 + 1) n$$;
INSERT INTO sort_index.users (data) SELECT jsonb_build_object('userName', 'long ' || n, 'nickName', v) FROM (VALUES (1, pg_temp.noise(200000)), (2, repeat('x', 100000)), (3, pg_temp.noise(2600)), (4, pg_temp.noise(2600) || 'a'),
    (5, repeat('x', 2599) || U&'\00e4' || 'b'), (6, repeat('x', 2599) || U&'\00e4' || 'a'), (7, 'short')) AS v (n, v);
CREATE FUNCTION pg_temp.pages() RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    answer jsonb;
    next_cursor text := '';
    names text[] := '{}';
BEGIN
    WHILE next_cursor IS NOT NULL LOOP
        answer := scim.search('User', filter => 'nickName pr', sort_by => 'nickName', count => 2, cursor => next_cursor, attributes => 'userName');
        names := names || ARRAY(SELECT r ->> 'userName' FROM jsonb_array_elements(answer -> 'Resources') WITH ORDINALITY AS e (r, n) ORDER BY n);
        next_cursor := answer ->> 'nextCursor';
    END LOOP;
    RETURN names;
END
$$;
SELECT pg_temp.pages();
SELECT scim.create_sort_index('User', 'nickName');
SELECT pg_temp.pages();
SELECT r.status FROM scim.request('POST', '/Users', '{}', jsonb_build_object('schemas', '["urn:ietf:params:scim:schemas:core:2.0:User"]'::jsonb, 'userName', 'later', 'nickName', 'a' || pg_temp.noise(9000))::text) AS r;
SELECT pg_temp.pages();
SELECT max(octet_length(scim_internal.sort_text(data, '{nickName}', kind))) FROM sort_index.users, unnest(ARRAY['folded', 'several exact']) AS kind;
CREATE ROLE regress_scim_sorter;
GRANT USAGE ON SCHEMA sort_index TO regress_scim_sorter;
GRANT SELECT ON ALL TABLES IN SCHEMA sort_index TO regress_scim_sorter;
SET ROLE regress_scim_sorter;
SELECT scim.create_sort_index('User', 'title');
RESET ROLE;
DROP OWNED BY regress_scim_sorter;
DROP ROLE regress_scim_sorter;
SET client_min_messages = warning;
SELECT scim.drop_store('sort_index', true);
