-- Which row of which INSERT is wrong, where one statement has several
\pset format unaligned
\pset tuples_only on
\set VERBOSITY default
SET client_min_messages = warning;
SELECT scim.create_store('numbered');
SET scim.store = 'numbered';
CREATE FUNCTION pg_temp.data(i int, name text, wrong int) RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object(name, CASE WHEN i = wrong THEN '5' ELSE to_jsonb(name || i || random()) END) $$;
-- the first line of the context
CREATE FUNCTION pg_temp.row(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    context text;
BEGIN
    EXECUTE statement;
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS context = PG_EXCEPTION_CONTEXT;
    RETURN concat_ws(' ', sqlerrm, '|', substring(context FROM '^row[^:\n]*'));
END $$;
-- into two tables, into one twice, into the table of all types
SELECT pg_temp.row(replace(replace(statement, 'U(', 'SELECT pg_temp.data(i, ''userName'', '), 'G(', 'SELECT pg_temp.data(i, ''displayName'', ')) FROM unnest(ARRAY[
    'WITH a AS (INSERT INTO numbered.users (data) U(0) FROM generate_series(1, 100) i RETURNING id), b AS (INSERT INTO numbered.groups (data) G(2) FROM generate_series(1, 2) i RETURNING id) SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b)',
    'WITH a AS (INSERT INTO numbered.users (data) U(0) FROM generate_series(1, 5) i) INSERT INTO numbered.groups (data) G(3) FROM generate_series(1, 5) i',
    'WITH a AS (INSERT INTO numbered.users (data) U(4) FROM generate_series(1, 5) i) INSERT INTO numbered.groups (data) G(0) FROM generate_series(1, 5) i',
    'WITH a AS (INSERT INTO numbered.users (data) U(0) FROM generate_series(1, 5) i RETURNING id), b AS (INSERT INTO numbered.users (data) U(1) FROM generate_series(1, 2) i RETURNING id) SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b)',
    -- by turns: a row of each, until one is wrong
    'WITH a AS (INSERT INTO numbered.users (data) U(0) FROM generate_series(1, 5) i RETURNING id), b AS (INSERT INTO numbered.users (data) U(3) FROM generate_series(1, 5) i RETURNING id) SELECT a.id, b.id FROM (SELECT row_number() OVER () n, id FROM a) a, LATERAL (SELECT * FROM b WHERE a.n > 0) b',
    'WITH a AS (INSERT INTO numbered.resource (resource_type, data) SELECT x.* FROM generate_series(1, 3) i, LATERAL (VALUES (''User'', pg_temp.data(i, ''userName'', 0)), (''Group'', pg_temp.data(i, ''displayName'', 2))) x) INSERT INTO numbered.users (data) U(0) FROM generate_series(1, 3) i',
    'WITH a AS (INSERT INTO numbered.users (data) U(0) FROM generate_series(1, 3) i RETURNING id), b AS (INSERT INTO numbered.resource (resource_type, data) SELECT x.* FROM generate_series(1, 3) i, LATERAL (VALUES (''User'', pg_temp.data(i, ''userName'', 0)), (''Group'', pg_temp.data(i, ''displayName'', 2))) x RETURNING id) SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b)',
    'WITH a AS (INSERT INTO numbered.resource (resource_type, data) VALUES (''User'', ''{"userName": "x"}''), (''Group'', ''{"displayName": "y"}'') RETURNING id), b AS (INSERT INTO numbered.resource (resource_type, data) VALUES (''Group'', ''{"displayName": "z"}''), (''User'', ''{"userName": 5}'') RETURNING id) SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b)',
    'WITH a AS (INSERT INTO numbered.users (data) U(0) FROM generate_series(1, 5) i), b AS (UPDATE numbered.users SET external_id = ''x'') INSERT INTO numbered.groups (data) G(3) FROM generate_series(1, 5) i',
    'INSERT INTO numbered.resource (resource_type, data) VALUES (''User'', ''{"userName": "r1"}''), (''Group'', ''{"displayName": "r2"}''), (''User'', ''{"userName": 5}'')'
]) WITH ORDINALITY s (statement, n) ORDER BY n;
-- what is changed instead is no other row
INSERT INTO numbered.users (id, data) SELECT format('00000000-0000-7000-8000-00000000000%s', i)::uuid, jsonb_build_object('userName', 'u' || i) FROM generate_series(1, 3) i;
SELECT pg_temp.row($$INSERT INTO numbered.users (id, data) SELECT format('00000000-0000-7000-8000-00000000000%s', i)::uuid, CASE WHEN i = 4 THEN '{"userName": 5}' ELSE jsonb_build_object('userName', 'u' || i) END FROM generate_series(1, 5) i
    ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = numbered.users.data || '{"title": "x"}'$$);
INSERT INTO numbered.consumer (name) VALUES ('a'), ('b');
SELECT pg_temp.row($$INSERT INTO numbered.consumer (name, max_attempts) VALUES ('a', 5), ('b', 5), ('c', 0) ON CONFLICT (tenant_id, name) DO UPDATE SET max_attempts = 7$$);
-- a trigger of one's own that writes, and what a function writes in between, count for themselves
CREATE FUNCTION pg_temp.more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO numbered.groups (data) VALUES ('{"displayName": "of a trigger"}'), (CASE new.user_name WHEN 'bad' THEN '{"displayName": 5}' ELSE '{"displayName": "x"}' END::jsonb); RETURN NULL; END $$;
CREATE TRIGGER more AFTER INSERT ON numbered.users FOR EACH ROW EXECUTE FUNCTION pg_temp.more();
SELECT pg_temp.row($$INSERT INTO numbered.users (data) VALUES ('{"userName": "t1"}'), ('{"userName": "t2"}'), ('{"userName": "bad"}')$$), pg_temp.row($$INSERT INTO numbered.users (data) VALUES ('{"userName": "t1"}'), ('{"userName": "t2"}'), ('{"userName": 5}')$$);
DROP TRIGGER more ON numbered.users;
-- what shows only once the rows are written: of tables that one INSERT alone has written to
SELECT scim.register_schema('{"id": "urn:example:Late", "name": "Late", "attributes": [{"name": "badge", "uniqueness": "server"}]}') ->> 'id';
SELECT scim.register_resource_type(document || '{"schemaExtensions": [{"schema": "urn:example:Late"}]}') ->> 'name' FROM numbered.resource_type WHERE name IN ('User', 'Group') ORDER BY name;
SELECT pg_temp.row(statement) FROM unnest(ARRAY[
    $$INSERT INTO numbered.users (data) VALUES ('{"userName": "a"}'), ('{"userName": "b", "badge": "1"}'), ('{"userName": "c", "badge": "1"}')$$,
    $$WITH a AS (INSERT INTO numbered.groups (data) VALUES ('{"displayName": "a"}'), ('{"displayName": "b"}')) INSERT INTO numbered.users (data) VALUES ('{"userName": "b", "badge": "1"}'), ('{"userName": "c", "badge": "1"}')$$,
    $$WITH a AS (INSERT INTO numbered.users (data) VALUES ('{"userName": "a"}'), ('{"userName": "d"}')) INSERT INTO numbered.users (data) VALUES ('{"userName": "b", "badge": "1"}'), ('{"userName": "c", "badge": "1"}')$$,
    $$INSERT INTO numbered.resource (resource_type, data) VALUES ('User', '{"userName": "b", "badge": "1"}'), ('Group', '{"displayName": "a"}'), ('User', '{"userName": "c", "badge": "1"}')$$]) WITH ORDINALITY s (statement, n) ORDER BY n;
-- COPY, also of several types
COPY numbered.resource (resource_type, data) FROM stdin;
User	{"userName": "c1"}
Group	{"displayName": "c2"}
User	{"userName": "c3"}
Group	{"displayName": 5}
\.
-- a partition whose columns are in another order: alone it can be told, beside another one it cannot
ALTER TABLE numbered.resource ADD COLUMN note text;
ALTER TABLE numbered.resource DROP COLUMN note;
SELECT scim.register_schema('{"id": "urn:example:Thing", "name": "Thing", "attributes": [{"name": "label"}]}') ->> 'id';
SELECT scim.register_resource_type('{"name": "Thing", "endpoint": "/Things", "schema": "urn:example:Thing"}') ->> 'name';
SELECT pg_temp.row(statement) FROM unnest(ARRAY[
    $$INSERT INTO numbered.resource (resource_type, data) VALUES ('Thing', '{"label": "a"}'), ('Thing', '{"label": 5}')$$,
    $$INSERT INTO numbered.resource (resource_type, data) VALUES ('User', '{"userName": "a"}'), ('Thing', '{"label": 5}')$$,
    $$INSERT INTO numbered.resource (resource_type, data) VALUES ('User', '{"userName": "a"}'), ('Group', '{"displayName": 5}')$$]) WITH ORDINALITY s (statement, n) ORDER BY n;
SELECT scim.drop_store('numbered', true);
