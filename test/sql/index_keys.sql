-- What keys of documents leave out or share is found all the same: parts of texts at every
-- place, strings longer than a key, attributes that have a key together, marks of presence.
CREATE TABLE texts (id int PRIMARY KEY, data jsonb NOT NULL);
INSERT INTO texts VALUES
	(1, '{"userName": "barbara.jensen@example.com", "displayName": "Barbara Jensen", "name": {"formatted": "Barbara Jensen", "familyName": "Jensen"}, "emails": [{"value": "barbara.jensen@example.com"}]}'),
	(2, '{"userName": "bo", "displayName": "b", "emails": [{"value": "Barbara.Jensen@example.com", "primary": true}, {"value": "jo@x.org", "primary": false}]}'),
	(3, '{"userName": "Straße 7", "displayName": "Ünlü O''Brien-Smith", "name": {"formatted": "b"}, "active": [true, false]}'),
	(4, '{"displayName": "aaaaaaaa", "active": false, "title": ["x"], "emails": [{"value": "bo", "type": "work"}]}'),
	(5, '{"userName": ["a", "b"], "active": [true, true], "title": [["x"], ["y"]], "name": {"formatted": "ünlü o''brien-smith"}}'),
	(6, '{"userName": true, "active": [true, "true"], "custom": "x", "emails": "bo"}'),
	(7, '{"custom": [1, 2], "urn:example:x": {"custom": true, "active": "b"}}'),
	(8, '{"userName": 7, "emails": [{"value": 7}], "displayName": null, "name": {}}'),
	(9, '{}'), (10, '[]'), (11, '{"meta": {"created": "2011-05-13T04:42:34Z"}}');
-- heads of 45 bytes that are the same, in each order of their hashes
INSERT INTO texts SELECT 100 + i, jsonb_build_object('userName', repeat('h', 40 + i / 4) || (ARRAY['', 'a', 'm', 'zzzz'])[1 + i % 4],
	'title', repeat('é', 22) || repeat('t', i % 7), 'emails', jsonb_build_array(jsonb_build_object('value', repeat('h', 44 + i % 5))))
	FROM generate_series(0, 39) AS i;

CREATE FUNCTION pg_temp.found(filter text, indexed boolean) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	PERFORM set_config('enable_seqscan', CASE WHEN indexed THEN 'off' ELSE 'on' END, true),
		set_config('enable_bitmapscan', CASE WHEN indexed THEN 'on' ELSE 'off' END, true);
	EXECUTE format('SELECT string_agg(id::text, '','' ORDER BY id) FROM texts WHERE data OPERATOR(scim.~) %L', filter) INTO result;
	RETURN coalesce(result, '');
EXCEPTION WHEN SQLSTATE 'SCFIL' THEN
	RETURN SQLSTATE;
END $$;

-- every part of every text, at its end or not, and some that are in none
CREATE TEMP TABLE filters AS
WITH text AS (
	SELECT DISTINCT path, scim.fold(value #>> '{}') AS text
	FROM (VALUES ('userName', '$.userName'), ('displayName', '$.displayName'), ('name.formatted', '$.name.formatted'), ('emails.value', '$.emails[*].value'), ('title', '$.title')) AS v (path, json),
		texts, jsonb_path_query(data, json::jsonpath) AS value
	WHERE id < 10 AND jsonb_typeof(value) = 'string'
), part AS (
	SELECT DISTINCT path, substr(text, at, len) AS part FROM text, generate_series(1, length(text)) AS at, generate_series(1, 9) AS len
)
SELECT format('%s %s "%s"', path, op, part || tail) AS filter
FROM part, unnest(ARRAY['co', 'ew', 'sw', 'eq']) AS op, unnest(ARRAY['', 'q']) AS tail;
-- strings about as long as a key has room for
INSERT INTO filters SELECT format('%s %s "%s"', path, op, repeat(c, len) || tail)
FROM (VALUES ('userName', 'h'), ('emails.value', 'h'), ('title', 'é')) AS v (path, c), unnest(ARRAY['eq', 'ne', 'sw', 'gt', 'ge', 'lt', 'le', 'co', 'ew']) AS op,
	generate_series(20, 51) AS len, unnest(ARRAY['', 'm', 'zzzz', 'tt']) AS tail;
-- what is present
INSERT INTO filters SELECT replace(format(form, path), '*', path)
FROM unnest(ARRAY['userName', 'active', 'title', 'custom', 'emails', 'emails.value', 'emails.primary', 'emails.type', 'name', 'name.formatted', 'displayName', 'urn:example:x', 'urn:example:x:custom', 'nickName', 'meta.created']) AS path,
	unnest(ARRAY['%s pr', 'not (%s pr)', '%s eq null', '%s eq true', '%s ne true', '%s eq false', '%s ne false', 'not (%s eq true)', '%s eq "x"', '%s ne "x"', '%s eq "bo"', 'not (%s ne "bo")', '%s eq 7', '%s ge "b"', '%s pr and not (* ne "b")', '%s lt "b"']) AS form;

CREATE TEMP TABLE answers AS
SELECT filter, pg_temp.found(filter, false) AS scanned FROM (SELECT DISTINCT filter FROM filters) AS f;
SELECT count(*) > 3000 AS filters, count(*) FILTER (WHERE scanned NOT IN ('', 'SCFIL')) > 1500 AS matching FROM answers;

CREATE INDEX texts_idx ON texts USING gin (data scim.gin_ops);
SET enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT FROM texts WHERE data OPERATOR(scim.~) 'userName co "ensen"';
SELECT filter, scanned, pg_temp.found(filter, true) AS found FROM answers WHERE scanned <> pg_temp.found(filter, true);
DROP INDEX texts_idx;
CREATE INDEX texts_idx ON texts USING gin (data scim.gin_ops (substrings = '*'));
SELECT filter, scanned, pg_temp.found(filter, true) AS found FROM answers WHERE scanned <> pg_temp.found(filter, true);
DROP INDEX texts_idx;
CREATE INDEX texts_idx ON texts USING gin (data scim.gin_ops_1);
SELECT filter, scanned, pg_temp.found(filter, true) AS found FROM answers WHERE scanned <> pg_temp.found(filter, true);

-- Fewer keys and shorter ones than the former, for people as they are.
CREATE TABLE people AS SELECT jsonb_build_object('userName', 'given' || i || '.family' || i % 97 || '@example.com', 'displayName', 'Given' || i || ' Family' || i % 97,
	'name', jsonb_build_object('givenName', 'Given' || i, 'familyName', 'Family' || i % 97), 'active', true, 'title', 'Title ' || i % 7,
	'emails', jsonb_build_array(jsonb_build_object('value', 'given' || i || '.family' || i % 97 || '@example.com', 'type', 'work', 'primary', true)),
	'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', jsonb_build_object('department', 'Department ' || i % 5, 'employeeNumber', i::text)) AS data
	FROM generate_series(1, 5000) AS i;
CREATE INDEX people_idx ON people USING gin (data scim.gin_ops);
CREATE INDEX people_former_idx ON people USING gin (data scim.gin_ops_1);
SELECT pg_relation_size('people_idx') < 0.75 * pg_relation_size('people_former_idx') AS smaller;

-- keys are in the order of bytea, whatever their length and their header
SELECT count(*) AS pairs, count(DISTINCT sign(scim_internal.gin_compare(a, b))) AS signs, bool_and(sign(scim_internal.gin_compare(a, b)) = sign(byteacmp(a, b))) AS alike
FROM unnest(ARRAY['', '\x00', '\x0000', '\x0001020304050607', '\x000102030405060700', '\x0001020304050608', '\xff01020304050607', '\x7f01020304050607', '\x80']::bytea[] || ARRAY[decode(repeat('61', 124), 'hex'), decode(repeat('61', 127), 'hex'), decode(repeat('61', 5000), 'hex')]) AS a,
	unnest(ARRAY['', '\x00', '\x0000', '\x0001020304050607', '\x000102030405060700', '\x0001020304050608', '\xff01020304050607', '\x7f01020304050607', '\x80']::bytea[] || ARRAY[decode(repeat('61', 124), 'hex'), decode(repeat('61', 127), 'hex'), decode(repeat('61', 5000), 'hex')]) AS b;
CREATE TABLE compared AS SELECT decode(repeat(md5(i::text), 1 + i % 200), 'hex') AS v FROM generate_series(1, 300) AS i;
SELECT bool_and(sign(scim_internal.gin_compare(a.v, b.v)) = sign(byteacmp(a.v, b.v))) AS stored_alike FROM compared a, compared b;

DROP TABLE texts, people, compared;
