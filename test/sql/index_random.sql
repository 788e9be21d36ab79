-- Random documents and random filters: through the index of scim.gin_ops, by ~
-- and by scim.matches, and by a sequential scan, which has to give the same.
SELECT scim.create_store('index_random');
SET scim.store = 'index_random';

CREATE FUNCTION pg_temp.pick(VARIADIC pool text[]) RETURNS text LANGUAGE sql VOLATILE AS
$$ SELECT pool[1 + floor(random() * cardinality(pool))::int] $$;

CREATE FUNCTION pg_temp.any_string() RETURNS text LANGUAGE sql VOLATILE AS $$
SELECT pg_temp.pick('a', 'A', 'ab', 'aB', 'abc', 'ABC', 'abcd', 'xabc', 'bc', 'Straße', 'STRASSE', 'straßen', 'Öde', 'öDE',
	'日本語', '日本', 'K', 'K', 'İ', 'true', '7', 'work', 'home', '%', '\', '"', ' a ',
	'2011-05-13T04:42:34Z', '2011-05-13T06:42:34+02:00', '2011-05-13T04:42:34.5Z', '2011-05-13t04:42:34', '1969-12-31T23:59:59Z',
	repeat('long', 16), repeat('long', 16) || 'a', repeat('long', 16) || 'B', repeat('lonG', 15) || 'xyz', repeat('é', 40), repeat('é', 40) || 'x')
$$;

CREATE FUNCTION pg_temp.any_value(depth int) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	r float := random();
	result jsonb;
BEGIN
	IF r < 0.55 OR depth > 2 THEN
		RETURN to_jsonb(pg_temp.any_string());
	ELSIF r < 0.65 THEN
		RETURN pg_temp.pick('0', '-0.0', '1', '1.0', '7', '-7', '1e400', '-1e400', '9007199254740993', '9007199254740992', '0.1', '0.10000000000000000001')::jsonb;
	ELSIF r < 0.72 THEN
		RETURN pg_temp.pick('true', 'false')::jsonb;
	ELSIF r < 0.78 THEN
		RETURN pg_temp.pick('null', '""', '[]', '{}', '[null, ""]', '{"value": ""}', '[[]]')::jsonb;
	ELSIF r < 0.9 THEN
		SELECT jsonb_agg(pg_temp.any_value(depth + 1)) INTO result FROM generate_series(1, 1 + floor(random() * 3)::int);
		RETURN result;
	END IF;
	RETURN pg_temp.any_object(depth + 1);
END $$;

CREATE FUNCTION pg_temp.any_object(depth int) RETURNS jsonb LANGUAGE sql VOLATILE AS $$
SELECT coalesce(jsonb_object_agg(name, value), '{}') FROM (
	SELECT CASE WHEN depth > 0 THEN pg_temp.pick('value', 'type', 'display', 'Value', 'primary', 'givenName', 'familyName')
		ELSE pg_temp.pick('userName', 'username', 'title', 'active', 'externalId', 'nickName', 'name', 'emails', 'EMAILS', 'employeeNumber',
			'x', 'X', 'number', 'when', 'schemas', 'a.b',
			'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User') END AS name, pg_temp.any_value(depth) AS value
	FROM generate_series(1, CASE WHEN depth > 0 THEN 2 ELSE floor(random() * 9)::int END)) AS members
$$;

CREATE FUNCTION pg_temp.any_user() RETURNS jsonb LANGUAGE sql VOLATILE AS $$
SELECT jsonb_strip_nulls(jsonb_build_object(
	'userName', pg_temp.any_string(),
	'externalId', CASE WHEN random() < 0.7 THEN pg_temp.any_string() END,
	'title', CASE WHEN random() < 0.7 THEN pg_temp.any_string() END,
	'active', CASE WHEN random() < 0.7 THEN random() < 0.8 END,
	'name', jsonb_build_object('givenName', CASE WHEN random() < 0.7 THEN pg_temp.any_string() END, 'familyName', pg_temp.any_string()),
	'emails', (SELECT jsonb_agg(jsonb_build_object('value', pg_temp.any_string(), 'type', pg_temp.pick('work', 'home'), 'primary', random() < 0.5))
		FROM generate_series(1, floor(random() * 4)::int)),
	'meta', jsonb_build_object('created', pg_temp.pick('2011-05-13T04:42:34Z', '2011-05-13T06:42:34+02:00', '2011-05-13T04:42:34.000000001Z', '1969-12-31T23:59:59Z', '12011-01-01T00:00:00Z')),
	'x509Certificates', CASE WHEN random() < 0.2 THEN '[{"value": "QQ=="}]'::jsonb END,
	'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', CASE WHEN random() < 0.5 THEN
		jsonb_build_object('employeeNumber', pg_temp.any_string(), 'manager', jsonb_build_object('value', pg_temp.any_string())) END))
$$;

CREATE FUNCTION pg_temp.any_term(element boolean) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	attribute text;
	op text := pg_temp.pick('eq', 'eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'pr');
	r float := random();
BEGIN
	IF element THEN
		attribute := pg_temp.pick('value', 'type', 'primary', 'display');
	ELSE
		attribute := pg_temp.pick('userName', 'USERNAME', 'title', 'externalId', 'active', 'name', 'name.givenName', 'name.familyName',
			'emails', 'emails.value', 'emails.type', 'emails.primary', 'meta.created', 'nickName', 'x509Certificates', 'schemas',
			'x', 'x.value', 'number', 'when', 'employeeNumber', 'x509Certificates.value',
			'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber',
			'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value');
	END IF;
	IF op = 'pr' THEN
		RETURN attribute || ' pr';
	END IF;
	IF attribute IN ('active', 'emails.primary', 'primary') THEN
		RETURN attribute || ' ' || pg_temp.pick('eq', 'ne') || ' ' || pg_temp.pick('true', 'false', 'null');
	ELSIF attribute = 'meta.created' AND op IN ('eq', 'ne', 'gt', 'ge', 'lt', 'le') THEN
		RETURN attribute || ' ' || op || ' ' || pg_temp.pick('"2011-05-13T04:42:34Z"', '"2011-05-13T06:42:34.000000001+02:00"', '"1970-01-01T00:00:00Z"', '"2011-05-13T04:42:34.0000Z"');
	ELSIF attribute IN ('x', 'number', 'when', 'x.value') AND r < 0.3 AND op NOT IN ('co', 'sw', 'ew') THEN
		RETURN attribute || ' ' || op || ' ' || pg_temp.pick('0', '1', '7', '-7.0', '1e400', '9007199254740993', '0.1', '-1e-400');
	ELSIF r < 0.35 AND op IN ('eq', 'ne') THEN
		RETURN attribute || ' ' || op || ' ' || pg_temp.pick('null', '""');
	ELSIF r < 0.45 AND op IN ('co', 'sw', 'ew') THEN
		RETURN attribute || ' ' || op || ' ' || to_json(pg_temp.pick('a', 'b', 'ab', 'BC', 'e', 's', 'ss', 'ß', '本', 'longLONGlong', '', 'ngx'))::text;
	END IF;
	RETURN attribute || ' ' || op || ' ' || to_json(pg_temp.any_string())::text;
END $$;

CREATE FUNCTION pg_temp.any_filter(depth int, element boolean) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	r float := random();
BEGIN
	IF r < 0.5 OR depth > 3 THEN
		RETURN pg_temp.any_term(element);
	ELSIF r < 0.62 THEN
		RETURN 'not (' || pg_temp.any_filter(depth + 1, element) || ')';
	ELSIF r < 0.72 AND NOT element THEN
		RETURN pg_temp.pick('emails', 'emails', 'x', 'schemas') || '[' || pg_temp.any_filter(depth + 1, true) || ']';
	END IF;
	RETURN '(' || pg_temp.any_filter(depth + 1, element) || pg_temp.pick(' and ', ' or ') || pg_temp.any_filter(depth + 1, element) || ')';
END $$;

CREATE FUNCTION pg_temp.ids(condition text, indexed boolean) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result int[];
BEGIN
	PERFORM set_config('enable_seqscan', CASE WHEN indexed THEN 'off' ELSE 'on' END, true),
		set_config('enable_bitmapscan', CASE WHEN indexed THEN 'on' ELSE 'off' END, true);
	EXECUTE 'SELECT array_agg(id ORDER BY id) FROM documents WHERE ' || condition INTO result;
	RETURN coalesce(result::text, '{}');
EXCEPTION WHEN SQLSTATE 'SCFIL' THEN
	RETURN SQLSTATE;
END $$;

SELECT setseed(0.19);
CREATE TEMP TABLE documents (id int GENERATED ALWAYS AS IDENTITY, data jsonb);
INSERT INTO documents (data)
	SELECT CASE WHEN i % 2 = 0 THEN pg_temp.any_object(0) ELSE pg_temp.any_user() END FROM generate_series(1, 300) AS i;
CREATE INDEX documents_data_idx ON documents USING gin (data scim.gin_ops);
CREATE TEMP TABLE filters AS SELECT DISTINCT pg_temp.any_filter(0, false) AS filter FROM generate_series(1, 2500);

CREATE TEMP TABLE answers AS
SELECT filter,
	pg_temp.ids(format('data OPERATOR(scim.~) %L', filter), false) AS scanned,
	pg_temp.ids(format('data OPERATOR(scim.~) %L', filter), true) AS found,
	pg_temp.ids(format('scim.matches(data, %L)', filter), true) AS matched,
	pg_temp.ids(format('scim.matches(data, %L, ''User'')', filter), false) AS user_scanned,
	pg_temp.ids(format('scim.matches(data, %L, ''User'')', filter), true) AS user_found
FROM filters;

-- enough of them mean something
SELECT count(*) > 2000 AS filters, count(*) FILTER (WHERE scanned <> 'SCFIL') > 1500 AS valid,
	count(*) FILTER (WHERE scanned NOT IN ('SCFIL', '{}')) > 1000 AS matching,
	count(*) FILTER (WHERE user_scanned NOT IN ('SCFIL', '{}')) > 500 AS matching_users
FROM answers;
SELECT * FROM answers WHERE found <> scanned OR matched <> scanned OR user_found <> user_scanned;

-- the same with grams of all attributes, and of none
DROP INDEX documents_data_idx;
CREATE INDEX documents_data_idx ON documents USING gin (data scim.gin_ops (substrings = '*')) WITH (fastupdate = off);
SELECT filter, scanned FROM answers WHERE pg_temp.ids(format('data OPERATOR(scim.~) %L', filter), true) <> scanned;
DROP INDEX documents_data_idx;
CREATE INDEX documents_data_idx ON documents USING gin (data scim.gin_ops (substrings = ''));
SELECT filter, scanned FROM answers WHERE pg_temp.ids(format('data OPERATOR(scim.~) %L', filter), true) <> scanned;
-- and the former keys, of which there are indexes still
DROP INDEX documents_data_idx;
CREATE INDEX documents_data_idx ON documents USING gin (data scim.gin_ops_1);
SELECT filter, scanned, user_scanned FROM answers WHERE pg_temp.ids(format('data OPERATOR(scim.~) %L', filter), true) <> scanned
	OR pg_temp.ids(format('scim.matches(data, %L, ''User'')', filter), true) <> user_scanned;

SET client_min_messages = warning;
SELECT scim.drop_store('index_random', true);
