-- The index on documents: every operator and type through scim.gin_ops and by
-- a sequential scan, which has to give the same.
SELECT scim.create_store('index_test');
SET scim.store = 'index_test';

CREATE TABLE documents (id int PRIMARY KEY, data jsonb NOT NULL, deleted_at timestamptz);
INSERT INTO documents (id, data) VALUES
	(1, '{"userName": "Babs", "externalId": "X1", "active": true, "title": "Tour Guide",
		"name": {"familyName": "Jensen", "givenName": "Barbara"},
		"emails": [{"value": "Babs@Example.com", "type": "work", "primary": true}, {"value": "b@home.org", "type": "home"}]}'),
	(2, '{"userName": "straße", "externalId": "x1", "active": false, "title": "", "nickName": null,
		"name": {"familyName": "Öde", "givenName": "日本語"},
		"emails": [{"value": "b@home.org", "type": "work"}]}'),
	(3, '{"userName": "STRASSE2", "active": true, "emails": [], "phoneNumbers": [{"value": "+1 555"}],
		"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "701984", "department": "Sales",
			"manager": {"value": "26118915"}}}'),
	(4, '{"userName": "d", "n": 42, "at": "2011-05-13T04:42:34Z", "meta": {"created": "2011-05-13T06:42:34.500+02:00"}}'),
	(5, '{"userName": "e", "n": 42.5, "at": "not a date", "meta": {"created": "2011-05-13T04:42:34Z"}, "list": ["a", "B", 7, {"value": "c"}]}'),
	(6, '{"userName": "f", "n": -1e300, "meta": {"created": "1969-12-31T23:59:59.999999999Z"}, "list": [["a"], [["b"]]]}'),
	(7, '{"userName": "g", "n": 9007199254740993, "list": []}'),
	-- two names that differ in case only: matching takes the exact one
	(8, '{"userName": "h", "USERNAME": "hh", "title": null, "Title": "Clerk"}'),
	(9, '{}'), (10, '[{"userName": "Babs"}]'), (11, '"Babs"');
-- longer than a key has room for
INSERT INTO documents (id, data)
	SELECT 20 + i, jsonb_build_object('userName', repeat('x', 62 + i), 'title', repeat('é', 31) || repeat('y', i))
	FROM generate_series(0, 4) AS i;
CREATE INDEX documents_data_idx ON documents USING gin (data scim.gin_ops) WHERE deleted_at IS NULL;

-- The ids by an index and by a sequential scan, with and without a resource type.
CREATE FUNCTION pg_temp.ids(condition text, indexed boolean) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	plan text;
	uses_index boolean := false;
	result text;
BEGIN
	PERFORM set_config('enable_seqscan', CASE WHEN indexed THEN 'off' ELSE 'on' END, true),
		set_config('enable_indexscan', 'off', true),
		set_config('enable_bitmapscan', CASE WHEN indexed THEN 'on' ELSE 'off' END, true);
	FOR plan IN EXECUTE 'EXPLAIN (COSTS OFF) SELECT id FROM documents WHERE deleted_at IS NULL AND ' || condition LOOP
		uses_index := uses_index OR plan LIKE '%Index Cond%@~%' OR plan LIKE '%Index Cond%OPERATOR(scim.~)%';
	END LOOP;
	IF uses_index <> indexed THEN
		RETURN 'unexpected plan for ' || condition;
	END IF;
	EXECUTE 'SELECT string_agg(id::text, '','' ORDER BY id) FROM documents WHERE deleted_at IS NULL AND ' || condition INTO result;
	RETURN coalesce(result, '');
EXCEPTION WHEN SQLSTATE 'SCFIL' THEN
	RETURN SQLERRM;
END $$;

CREATE FUNCTION pg_temp.answer(filter text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	expected text := pg_temp.ids(format('data OPERATOR(scim.~) %L', filter), false);
	condition text;
	found text;
BEGIN
	FOREACH condition IN ARRAY ARRAY['data OPERATOR(scim.~) %L', 'scim.matches(data, %L)', 'scim_internal.jsonb_matches(data, %L)',
			'data OPERATOR(scim.@~) scim_internal.index_query(%L, NULL)'] LOOP
		found := pg_temp.ids(format(condition, filter), true);
		IF found IS NOT DISTINCT FROM expected AND condition ~ '@~' THEN
			found := pg_temp.ids(format(condition, filter), false);
		END IF;
		IF found IS DISTINCT FROM expected THEN
			RETURN format('%s: index %s, sequential scan %s', format(condition, filter), found, expected);
		END IF;
	END LOOP;
	found := pg_temp.ids(format('scim.matches(data, %L, ''User'')', filter), true);
	IF found IS DISTINCT FROM pg_temp.ids(format('scim.matches(data, %L, ''User'')', filter), false) THEN
		RETURN 'of type User: index ' || found;
	END IF;
	RETURN expected;
END $$;

-- strings
SELECT pg_temp.answer(f), f FROM (VALUES
	('userName eq "BABS"'), ('userName ne "babs"'), ('userName co "AB"'), ('userName co "b"'), ('userName sw "b"'),
	('userName ew "S"'), ('userName ew "bs"'), ('userName ew "abs"'), ('userName gt "e"'), ('userName ge "E"'), ('userName lt "d"'), ('userName le "D"'), ('userName pr'),
	('userName eq null'), ('userName eq "STRASSE"'), ('userName sw "strass"'), ('userName co "ß"'), ('title eq ""'), ('title pr'), ('title ne null'),
	('title co "tour"'), ('title ew "E"'), ('nickName pr'), ('not (nickName pr)'), ('not (title sw "t")'),
	('name.familyName eq "ÖDE"'), ('name.familyName sw "ö"'), ('name.givenName co "本"'), ('name pr'), ('name.givenName gt "a"')
) AS v (f);
-- exact strings: the keys are folded
SELECT pg_temp.answer(f), f FROM (VALUES
	('externalId eq "X1"'), ('externalId eq "x1"'), ('externalId ne "x1"'), ('externalId gt "X1"'), ('externalId le "X1"'), ('externalId lt "x1"'),
	('externalId co "X"'), ('externalId sw "x"'), ('externalId ew "1"'), ('not (externalId eq "X1")')
) AS v (f);
-- longer than a key
SELECT pg_temp.answer(f), regexp_replace(f, '(x|y|é){9,}', '...', 'i') FROM (VALUES
	('userName eq "' || repeat('x', 62) || '"'), ('userName eq "' || repeat('x', 64) || '"'), ('userName eq "' || repeat('X', 65) || '"'),
	('userName ne "' || repeat('x', 64) || '"'), ('userName sw "' || repeat('x', 65) || '"'), ('userName gt "' || repeat('x', 64) || '"'),
	('userName lt "' || repeat('x', 65) || '"'), ('userName le "' || repeat('x', 64) || '"'), ('userName ew "' || repeat('x', 66) || '"'),
	('title ew "yyy"'), ('title co "éyy"'), ('title eq "' || repeat('é', 31) || 'yyy"'), ('title gt "' || repeat('é', 31) || 'yy"'), ('not (title ew "yyy")')
) AS v (f);
-- booleans, numbers, dateTimes
SELECT pg_temp.answer(f), f FROM (VALUES
	('active eq true'), ('active eq false'), ('active ne true'), ('active pr'), ('active eq null'), ('active gt true'),
	('n eq 42'), ('n eq 42.0'), ('n ne 42'), ('n gt 42'), ('n ge 42.5'), ('n lt 42'), ('n le -1e300'), ('n pr'), ('n eq 9007199254740993'), ('n eq 9007199254740992'),
	('n gt 9007199254740992'), ('n eq "42"'),
	('meta.created eq "2011-05-13T04:42:34.5Z"'), ('meta.created eq "2011-05-13T05:42:34+01:00"'), ('meta.created ne "2011-05-13T04:42:34Z"'),
	('meta.created gt "2011-05-13T04:42:34Z"'), ('meta.created ge "2011-05-13T04:42:34Z"'), ('meta.created lt "1970-01-01T00:00:00Z"'),
	('meta.created le "2011-05-13T06:42:34+02:00"'), ('meta.created sw "2011-05-13T06"'), ('meta.created pr'), ('at eq "2011-05-13T06:42:34+02:00"'), ('at co "date"')
) AS v (f);
-- several values, and one value for all terms
SELECT pg_temp.answer(f), f FROM (VALUES
	('emails eq "b@home.org"'), ('emails.type ne "work"'), ('emails co "example"'), ('emails pr'), ('not (emails pr)'),
	('emails[type eq "work" and value eq "b@home.org"]'), ('emails[type eq "home" and value sw "babs"]'), ('emails[not (type eq "work")]'),
	('emails[type ne "work"]'), ('not (emails[type eq "work"])'), ('emails[primary eq null]'), ('emails[display pr]'), ('emails[primary eq true or type eq "home"]'),
	('list eq "b"'), ('list eq 7'), ('list ne "a"'), ('list[value eq "c"]'), ('list[value eq "a"]'), ('list[value ne "a"]'), ('list pr')
) AS v (f);
-- extensions, and, or, not
SELECT pg_temp.answer(f), f FROM (VALUES
	('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber eq "701984"'), ('employeeNumber sw "70"'), ('department ne "sales"'), ('manager.value co "118"'),
	('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User pr'), ('not (department pr)'), ('department eq null'),
	('userName eq "babs" and title co "guide"'), ('userName eq "babs" or n gt 1'), ('userName eq "babs" and not (active eq false)'),
	('active eq true and not (emails.type eq "work")'), ('not (userName pr and active pr)'), ('not (not (title pr))'),
	('(userName eq "d" or userName eq "e") and (n eq 42 or at pr)'), ('userName eq "hh"'), ('title eq "clerk"'), ('userName ne "h"'), ('unknown pr'), ('not (unknown pr)')
) AS v (f);

-- what it looks up
SELECT term, mode, key, recheck FROM scim.explain_filter('userName eq "Babs" and (name.familyName sw "J" or active ne true)');
SELECT mode, key, recheck FROM scim.explain_filter('emails[type eq "work" and value co "@example.com"]', 'User');
SELECT mode, key, recheck FROM scim.explain_filter('title co "gui" or externalId gt "a" or meta.created ge "2011-05-13T04:42:34Z" or userName lt "b" or active eq null');
SELECT mode, key, recheck FROM scim.explain_filter('employeeNumber eq "7" and userName co "ab" and userName ew "ab" and userName co "abcdefghijklmnopqrst"', 'User');
SELECT * FROM scim.explain_filter('nonsense pr', 'User');
SELECT * FROM scim.explain_filter(NULL);
SELECT array_agg(encode(k, 'escape')) FROM unnest(scim_internal.index_keys('{"userName": "B", "active": true, "x": [{"Y": "2011-05-13T04:42:34Z"}, {"Y": 1}], "Active": null}')) AS k;
SELECT 'anything'::scim.index_query;

-- The planner.
SET enable_seqscan = off;
SET enable_indexscan = off;
EXPLAIN (COSTS OFF) SELECT id FROM documents WHERE deleted_at IS NULL AND data OPERATOR(scim.~) 'title co "our"';
EXPLAIN (COSTS OFF) SELECT id FROM documents WHERE deleted_at IS NULL AND scim.matches(data, 'title co "our"', 'User');
-- a parameter, in a generic plan
SET plan_cache_mode = force_generic_plan;
PREPARE by_filter (scim.filter) AS SELECT id FROM documents WHERE deleted_at IS NULL AND scim.matches(data, $1, 'User') ORDER BY id;
EXPLAIN (COSTS OFF) EXECUTE by_filter('title co "our"');
EXECUTE by_filter('title co "our"');
EXECUTE by_filter('userName sw "straß"');
EXECUTE by_filter(NULL);
EXECUTE by_filter('nonsense pr');
DEALLOCATE by_filter;
RESET plan_cache_mode;
-- a filter in the same row, or a function that changes from row to row, is no index condition
EXPLAIN (COSTS OFF) SELECT id FROM documents WHERE deleted_at IS NULL AND scim.matches(data, (data ->> 'filter')::scim.filter);
EXPLAIN (COSTS OFF) SELECT id FROM documents WHERE deleted_at IS NULL AND scim.matches(data, ('n eq ' || random())::text::scim.filter);
-- another operator class is left alone
CREATE TABLE others (data jsonb);
CREATE INDEX ON others USING gin (data);
DO $$
DECLARE
	plan json;
BEGIN
	-- as text, the plan says something else from PostgreSQL 18 on
	EXECUTE $q$EXPLAIN (COSTS OFF, FORMAT JSON) SELECT FROM others WHERE scim.matches(data, 'title pr')$q$ INTO plan;
	RAISE NOTICE '%', plan -> 0 -> 'Plan' ->> 'Node Type';
END
$$;
DROP TABLE others;

-- The operator classes are what GIN expects, and take NULL and an empty table.
SELECT opcname, amvalidate(oid) FROM pg_opclass WHERE opcnamespace = 'scim'::regnamespace AND opcname LIKE 'gin%' ORDER BY opcname;
CREATE TABLE tenants (tenant_id int, data jsonb);
CREATE INDEX ON tenants USING gin (tenant_id scim.gin_int4_ops, data scim.gin_ops);
SELECT count(*) FROM tenants WHERE tenant_id = 1 AND scim.matches(data, 'title pr');
INSERT INTO tenants VALUES (1, '{"title": "a"}'), (2, '{"title": "b"}'), (2, '{}'), (-1, '{"title": "c"}'), (NULL, '{"title": "d"}'), (1, NULL);
EXPLAIN (COSTS OFF) SELECT * FROM tenants WHERE tenant_id = 2 AND scim.matches(data, 'title pr');
SELECT * FROM tenants WHERE tenant_id = 2 AND scim.matches(data, 'title pr');
SELECT * FROM tenants WHERE tenant_id = -1 AND scim.matches(data, 'not (title eq "a")');
SELECT * FROM tenants WHERE scim.matches(data, 'title ge "b"') ORDER BY data ->> 'title';
DROP TABLE tenants;

-- Rows in the pending list, updated and deleted rows, REINDEX.
CREATE INDEX documents_pending_idx ON documents USING gin (data scim.gin_ops (substrings = 'title')) WITH (fastupdate = on);
DROP INDEX documents_data_idx;
INSERT INTO documents (id, data) SELECT 100 + i, jsonb_build_object('userName', 'p' || i, 'title', 'Pending', 'n', i) FROM generate_series(1, 5) AS i;
UPDATE documents SET data = '{"userName": "q", "title": "Changed"}' WHERE id = 102;
DELETE FROM documents WHERE id = 103;
SELECT pg_temp.answer(f), f FROM (VALUES ('title eq "pending"'), ('title co "end"'), ('title ew "ng"'), ('userName sw "P"'), ('userName ew "1"'), ('n ge 4'), ('not (title co "e")')) AS v (f);
SELECT gin_clean_pending_list('documents_pending_idx') > 0 AS cleaned;
SELECT pg_temp.answer(f), f FROM (VALUES ('title eq "pending"'), ('title co "end"'), ('userName sw "P"'), ('n ge 4')) AS v (f);
REINDEX INDEX documents_pending_idx;
SELECT pg_temp.answer(f), f FROM (VALUES ('title eq "pending"'), ('title co "end"'), ('userName sw "P"'), ('n ge 4')) AS v (f);

-- More comparisons than an index looks up: the rest is left to the filter.
SELECT pg_temp.answer((SELECT string_agg('n eq ' || i, ' or ') FROM generate_series(1, 3000) AS i));
SELECT pg_temp.answer((SELECT 'title eq "pending" and (' || string_agg('n ne ' || i, ' and ') || ')' FROM generate_series(2, 3000) AS i));

-- A document with more keys than are kept is found all the same.
INSERT INTO documents (id, data) SELECT 999, jsonb_build_object('userName', 'many', 'tags', jsonb_agg('tag' || i)) FROM generate_series(1, 270000) AS i;
SELECT cardinality(scim_internal.index_keys(data)) AS keys FROM documents WHERE id = 999;
SELECT pg_temp.answer(f), f FROM (VALUES ('userName eq "many"'), ('tags eq "tag269999"'), ('tags eq "nope"'), ('not (tags pr) and title eq "pending"'), ('userName sw "man"')) AS v (f);

RESET enable_seqscan;
RESET enable_indexscan;
DROP TABLE documents;
SET client_min_messages = warning;
SELECT scim.drop_store('index_test', true);
