/*
 * One rule for each attribute: what a PATCH compares with what is stored it compares as
 * a filter does.
 */
SELECT scim.create_store('compared');
SET scim.store = 'compared';
SELECT scim.register_schema('{"id": "urn:x:z", "name": "Z", "attributes": [
	{"name": "n", "type": "decimal", "multiValued": true},
	{"name": "d", "type": "dateTime", "multiValued": true},
	{"name": "c", "type": "string", "caseExact": true, "multiValued": true},
	{"name": "s", "type": "string", "multiValued": true},
	{"name": "bin", "type": "binary", "multiValued": true},
	{"name": "any", "type": ["decimal", "dateTime", "boolean"], "multiValued": true},
	{"name": "at", "type": "dateTime"},
	{"name": "hash", "type": "binary"},
	{"name": "slot", "type": "complex", "multiValued": true, "subAttributes": [
		{"name": "begins", "type": "dateTime"},
		{"name": "place", "type": "string"},
		{"name": "code", "type": "string", "caseExact": true},
		{"name": "tags", "type": "string", "multiValued": true}]},
	{"name": "key", "type": "complex", "multiValued": true, "subAttributes": [
		{"name": "value", "type": "binary"},
		{"name": "type", "type": "string"}]}]}') ->> 'id' AS id;
SELECT scim.register_resource_type(jsonb_insert(document, '{schemaExtensions,-1}',
	'{"schema": "urn:x:z"}', true)) ->> 'name' AS name
FROM compared.resource_type WHERE name = 'User';

/* What a PATCH of one operation leaves of what the document says at a path. */
CREATE FUNCTION pg_temp.patched(stated jsonb, op text, path text, value jsonb, shown text[])
	RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	id uuid;
	after jsonb;
BEGIN
	id := scim.create_resource('User', stated || '{"userName": "ada"}') ->> 'id';
	after := scim.patch_resource('User', id, jsonb_build_array(jsonb_strip_nulls(
		jsonb_build_object('op', op, 'path', path, 'value', value))));
	PERFORM scim.delete_resource('User', id);
	RETURN after #> shown;
END $$;

/* Lists of the core schema: their letters do not count. */
SELECT value, pg_temp.patched('{"roles": [{"value": "Admin", "type": "t"}, {"value": "x"}]}',
	'remove', 'roles', value, '{roles}') AS roles
FROM (VALUES ('"ADMIN"'::jsonb), ('[{"value": "ADMIN"}]'), ('{"value": "admin", "type": "T"}'),
	('{"value": "ADMIN", "type": "u"}')) AS removed (value);
SELECT pg_temp.patched('{"emails": [{"value": "ANN@x.org", "type": "work"}]}', 'remove', 'emails',
	'[{"value": "Ann@X.org"}]', '{emails}') AS emails;
SELECT pg_temp.patched('{"emails": [{"value": "ANN@x.org", "type": "work"}]}', 'remove',
	'emails[type eq "WORK"]', '[{"value": "Ann@X.org"}]', '{emails}') AS emails;
SELECT pg_temp.patched('{"addresses": [{"locality": "Bonn", "type": "work"}]}', 'remove',
	'addresses', '[{"locality": "BONN"}]', '{addresses}') AS addresses;

/* Single values and parts of them. */
SELECT pg_temp.patched('{"title": "Boss"}', 'remove', 'title', '"BOSS"', '{title}') AS title,
	pg_temp.patched('{"name": {"givenName": "Ada", "familyName": "L"}}', 'remove', 'name',
		'{"givenName": "ADA"}', '{name}') AS name,
	pg_temp.patched('{"name": {"givenName": "Ada", "familyName": "L"}}', 'remove',
		'name.familyName', '"l"', '{name}') AS name,
	pg_temp.patched('{"emails": [{"value": "a@b.c", "type": "work"}]}', 'remove', 'emails.type',
		'"WORK"', '{emails}') AS emails,
	pg_temp.patched('{"userName": "a", "externalId": "X1"}', 'remove', 'externalId', '"x1"',
		'{externalId}') AS "externalId";
SELECT path, value, pg_temp.patched('{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":
		{"department": "Ops", "manager": {"value": "0193F3A0-aaaa-7000-8000-000000000001"}}}', 'remove',
	'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User' || path, value,
	'{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User}') AS enterprise
FROM (VALUES ('', '{"department": "OPS"}'::jsonb), (':department', '"OPS"'),
	(':manager', '{"value": "0193f3a0-AAAA-7000-8000-000000000001"}'),
	(':manager', '"0193f3a0-AAAA-7000-8000-000000000001"'),
	(':manager.value', '"0193f3a0-AAAA-7000-8000-000000000001"'),
	(':manager', '"0193f3a0-AAAA-7000-8000-000000000002"')) AS removed (path, value);

/* What leads to a resource stays where it is the same one. */
SELECT value, pg_temp.patched('{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager":
		{"value": "0193f3a0-aaaa-7000-8000-000000000001", "$ref": "../Users/0193f3a0-aaaa-7000-8000-000000000001"}}}', 'replace',
	'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager', value,
	'{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,manager}') AS manager
FROM (VALUES ('{"value": "0193F3A0-AAAA-7000-8000-000000000001"}'::jsonb), ('"0193F3A0-AAAA-7000-8000-000000000001"'),
	('"0193F3A0-AAAA-7000-8000-000000000002"')) AS replaced (value);

/* Each type by its own, among few values and among many, that are removed and added. */
CREATE FUNCTION pg_temp.changed(op text, attribute text, held jsonb, value jsonb, OUT few jsonb, OUT many jsonb)
	LANGUAGE plpgsql AS $$
DECLARE
	others jsonb;
BEGIN
	few := pg_temp.patched(jsonb_build_object('urn:x:z', jsonb_build_object(attribute, held)), op,
		'urn:x:z:' || attribute, value, ARRAY['urn:x:z', attribute]);
	others := (SELECT jsonb_agg(CASE attribute WHEN 'n' THEN to_jsonb(1000 + i)
			WHEN 'any' THEN to_jsonb(1000 + i)
			WHEN 'd' THEN to_jsonb(1900 + i || '-01-01T00:00:00Z')
			WHEN 'slot' THEN jsonb_build_object('place', 'p' || i)
			WHEN 'key' THEN jsonb_build_object('value', encode(int4send(i), 'base64'))
			WHEN 'bin' THEN to_jsonb(encode(int4send(i), 'base64'))
			ELSE to_jsonb('v' || i) END) FROM generate_series(1, 40) AS i);
	many := pg_temp.patched(jsonb_build_object('urn:x:z', jsonb_build_object(attribute, others || held)),
		op, 'urn:x:z:' || attribute, value, ARRAY['urn:x:z', attribute]);
	many := (SELECT jsonb_agg(one) FROM jsonb_array_elements(many) AS one
		WHERE NOT others @> jsonb_build_array(one));
END $$;
CREATE TEMPORARY TABLE pair (attribute text, held jsonb, value jsonb);
INSERT INTO pair VALUES
	('n', '[1, 2.50]', '1.0'), ('n', '[1, 2.50]', '2.5'), ('n', '[1]', '[1.00, "1e0"]'),
	('d', '["2020-01-01T00:00:00Z"]', '"2020-01-01T01:00:00+01:00"'),
	('d', '["2020-01-01T00:00:00Z"]', '["2020-01-01T00:00:00.000"]'),
	('d', '["2020-01-01T00:00:00Z"]', '["2020-01-01T00:00:00.001Z"]'),
	('c', '["Ab"]', '"ab"'), ('c', '["Ab"]', '["Ab"]'),
	('s', '["Ab"]', '"ab"'), ('s', '["Ab", "Straße"]', '["AB", "STRASSE"]'),
	('bin', '["AQI="]', '"AQI"'), ('bin', '["+/+/"]', '["-_-_"]'), ('bin', '["AQID"]', '["aqid"]'),
	('any', '[1, "2020-01-01T00:00:00Z", true]', '[1.0, "2020-01-01T01:00:00+01:00"]'),
	('slot', '[{"begins": "2020-01-01T00:00:00Z", "place": "A"}]',
		'{"begins": "2020-01-01T01:00:00+01:00", "place": "a"}'),
	('slot', '[{"place": "A", "code": "x"}]', '[{"place": "a", "code": "X"}]'),
	('slot', '[{"place": "A", "tags": ["P", "q"]}]', '[{"place": "a", "tags": ["p", "Q"]}]'),
	('key', '[{"value": "AQI=", "type": "x"}]', '[{"value": "AQI", "type": "X"}]'),
	('key', '[{"value": "AQID", "type": "x"}]', '[{"value": "aqid", "type": "x"}]');
SELECT op, pair.*, few, CASE WHEN many IS DISTINCT FROM few THEN many END AS many_differ
FROM pair, (VALUES ('remove'), ('add')) AS ops (op), pg_temp.changed(op, attribute, held, value)
ORDER BY op DESC, pair.ctid;
SELECT pg_temp.patched('{"urn:x:z": {"at": "2020-01-01T00:00:00Z"}}', 'remove', 'urn:x:z:at',
		'"2020-01-01T01:00:00+01:00"', '{urn:x:z}') AS at,
	pg_temp.patched('{"urn:x:z": {"hash": "AQI="}}', 'remove', 'urn:x:z:hash', '"AQI"',
		'{urn:x:z}') AS hash;

/* A list of a part of one value. */
SELECT pg_temp.patched('{"urn:x:z": {"slot": [{"place": "p", "tags": ["A", "b"]}]}}', op, 'urn:x:z:slot.tags',
	value, '{urn:x:z,slot}') AS slot
FROM (VALUES ('remove', '["a"]'::jsonb), ('add', '["B", "c"]')) AS ops (op, value);

/* A filter finds the same among many. */
SELECT pg_temp.patched(jsonb_build_object('urn:x:z', jsonb_build_object(attribute,
		(SELECT jsonb_agg(CASE attribute WHEN 'bin' THEN encode(int4send(i), 'base64') ELSE 'v' || i END)
			FROM generate_series(1, 40) AS i) || held)),
	'remove', format('urn:x:z:%s[value eq %s]', attribute, value), NULL, ARRAY['urn:x:z', attribute, '40'])
FROM (VALUES ('s', '["Ab"]'::jsonb, '"aB"'::jsonb), ('c', '["Ab"]', '"aB"'), ('c', '["Ab"]', '"Ab"'),
	('bin', '["AQI="]', '"AQI="')) AS filtered (attribute, held, value);

/* Equal values are one on every way in; the first stays as it is spelt. */
INSERT INTO compared.users (data) VALUES ('{"userName": "once", "urn:x:z": {"s": ["Ab", "x", "AB"],
	"c": ["Ab", "AB"], "d": ["2020-01-01T00:00:00Z", "2020-01-01T01:00:00+01:00"], "n": [1, 1.0],
	"bin": ["AQI=", "AQI", "aqi"], "slot": [{"place": "A"}, {"place": "a"}, {"place": "a", "code": "x"}]}}')
RETURNING data -> 'urn:x:z' AS stored;
INSERT INTO compared.users (data) SELECT jsonb_build_object('userName', 'many',
	'urn:x:z', jsonb_build_object('s', jsonb_agg(t || i % 20))) FROM generate_series(0, 40) AS i,
	unnest('{v,V}'::text[]) AS t
RETURNING data #> '{urn:x:z,s}' AS s;

-- a value that is all of a complex attribute removes it, whatever of its parts is required; one that is not all of it removes the parts that it names
SELECT scim.register_schema('{"id": "urn:example:Whole", "name": "Whole", "attributes": [{"name": "c", "type": "complex", "subAttributes": [{"name": "q", "required": true}, {"name": "r"}, {"name": "n", "type": "integer"}]}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "Whole", "endpoint": "/Wholes", "schema": "urn:example:Whole"}') ->> 'id' AS resource_type;
SELECT said, status, coalesce(body::jsonb ->> 'detail', body::jsonb ->> 'c') AS c
FROM unnest(ARRAY['{"q": "1", "r": "2", "n": 3}', '{"n": 3.0, "R": "2", "q": "1"}', '{"q": "1", "r": "2"}', '{"r": "2", "n": 3}', '{"q": "1"}', '{"q": "1", "r": "other", "n": 3}', 'null']) WITH ORDINALITY AS t (said, n),
    LATERAL (SELECT scim.create_resource('Whole', jsonb_build_object('c', '{"q": "1", "r": "2", "n": 3}'::jsonb, 'externalId', n::text)) ->> 'id' AS id) made,
    scim.request('PATCH', '/Wholes/' || id, '{}', format('{"Operations": [{"op": "remove", "path": "c", "value": %s}]}', said)) ORDER BY n;
SELECT scim.delete_resource('Whole', id) FROM compared.resource WHERE resource_type = 'Whole';
SELECT scim.unregister_resource_type('Whole');

-- what is added stays beside what has its value where the schema has no "type", as POST, PUT and a replace have it; with one, whatever its type, they are one where both are the same
SELECT scim.register_schema('{"id": "urn:example:Beside", "name": "Beside", "attributes": [
	{"name": "deps", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "note"}]},
	{"name": "hidden", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "note"}, {"name": "r", "mutability": "readOnly"}, {"name": "never", "returned": "never"}]},
	{"name": "numbered", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value", "type": "integer"}, {"name": "type"}, {"name": "note"}]},
	{"name": "by_number", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "type", "type": "integer"}, {"name": "note"}]},
	{"name": "pinned", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "note"}, {"name": "pin", "required": true, "returned": "never"}]},
	{"name": "typed", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "type"}, {"name": "note"}]}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "Beside", "endpoint": "/Besides", "schema": "urn:example:Beside"}') ->> 'id' AS resource_type;
CREATE FUNCTION pg_temp.ways(name text, list jsonb, OUT posted jsonb, OUT same boolean) LANGUAGE plpgsql AS $$
DECLARE
	made CONSTANT text := scim.create_resource('Beside', jsonb_build_object(name, list)) ->> 'id';
	other CONSTANT text := scim.create_resource('Beside', '{"externalId": "o"}') ->> 'id';
	way jsonb;
BEGIN
	posted := scim.get_resource('Beside', made) -> name;
	same := true;
	FOR way IN VALUES (jsonb_build_array(jsonb_build_object('op', 'add', 'path', name, 'value', list))), (jsonb_build_array(jsonb_build_object('op', 'replace', 'path', name, 'value', list))),
		(jsonb_build_array(jsonb_build_object('op', 'add', 'value', jsonb_build_object(name, list)))), ((SELECT jsonb_agg(jsonb_build_object('op', 'add', 'path', name, 'value', e) ORDER BY n) FROM jsonb_array_elements(list) WITH ORDINALITY AS l (e, n)))
	LOOP
		PERFORM scim.replace_resource('Beside', other, '{"externalId": "o"}');
		same := same AND scim.patch_resource('Beside', other, way) -> name = posted;
	END LOOP;
	-- and added once more they change nothing
	same := same AND scim.patch_resource('Beside', other, jsonb_build_array(jsonb_build_object('op', 'add', 'path', name, 'value', posted))) -> name = posted;
	PERFORM scim.delete_resource('Beside', made), scim.delete_resource('Beside', other);
END $$;
SELECT name, w.* FROM (VALUES ('deps', '[{"value": "x"}, {"value": "x", "note": "a"}, {"value": "x", "note": "b"}]'::jsonb), ('deps', '[{"value": "x", "note": "a"}, {"value": "x", "note": "a"}, {"value": "x"}]'),
	('deps', '[{"note": "a"}, {"value": "x", "note": "a"}, {"note": "b"}]'), ('hidden', '[{"value": "x"}, {"value": "x", "note": "a"}]'),
	('numbered', '[{"value": 1, "type": "t"}, {"value": 1, "type": "t", "note": "a"}, {"value": 1}, {"value": 1, "type": "t"}]'),
	('by_number', '[{"value": "x", "type": 1}, {"value": "x", "type": 2, "note": "a"}, {"value": "x", "type": 1, "note": "b"}]'), ('by_number', '[{"value": "x"}, {"value": "x", "type": 2, "note": "a"}]'),
	('typed', '[{"value": "x", "type": "a"}, {"value": "x", "type": "b", "note": "a"}, {"value": "x", "type": "a", "note": "b"}]'), ('typed', '[{"value": "x", "note": "a"}, {"value": "x", "type": "b"}]')) AS t (name, list),
	pg_temp.ways(name, list) w;
-- the same of very many
SELECT name, jsonb_array_length(w.posted), w.same FROM unnest('{deps,hidden,numbered,by_number}'::text[]) name, LATERAL pg_temp.ways(name, (SELECT jsonb_agg(CASE name WHEN 'numbered' THEN jsonb_build_object('value', i % 3, 'type', 't', 'note', (i % 20)::text)
	WHEN 'by_number' THEN jsonb_build_object('value', 'x', 'type', i % 20, 'note', i::text) ELSE jsonb_build_object('value', (i % 3)::text, 'note', (i % 20)::text) END) FROM generate_series(0, 99) i)) w;
-- what a client cannot see or cannot write it need not say of what is there already; what it says of that is another value
SET scim.write_read_only = on;
INSERT INTO compared.besides (data) SELECT jsonb_build_object('externalId', n::text, 'hidden', '[{"value": "x", "r": "1", "never": "2"}]' || CASE n WHEN 1 THEN '[]' ELSE (SELECT jsonb_agg(jsonb_build_object('value', 'y', 'note', i::text)) FROM generate_series(1, 20) i) END) FROM generate_series(1, 2) n;
RESET scim.write_read_only;
SELECT added, count(scim.patch_resource('Beside', id::text, jsonb_build_array(jsonb_build_object('op', 'add', 'path', 'hidden', 'value', added))) ) AS patched
FROM unnest(ARRAY['{"value": "X"}', '{"value": "x", "r": "3"}', '{"value": "x", "never": "2"}', '{"value": "x", "never": "4"}']::jsonb[]) WITH ORDINALITY AS t (added, n), compared.besides GROUP BY added, n ORDER BY n;
SELECT (SELECT jsonb_agg(v ORDER BY o) FROM jsonb_array_elements(data -> 'hidden') WITH ORDINALITY AS h (v, o) WHERE v ->> 'value' ILIKE 'x') AS hidden FROM compared.besides ORDER BY data ->> 'externalId';
DELETE FROM compared.besides;
-- without a part that is required and never returned it is none that is new
INSERT INTO compared.besides (data) SELECT jsonb_build_object('externalId', n::text, 'pinned', (SELECT jsonb_agg(jsonb_build_object('value', i::text, 'pin', 'p' || i)) FROM generate_series(1, n) i)) FROM unnest('{2,20}'::int[]) n;
SELECT count(scim.patch_resource('Beside', id::text, '[{"op": "add", "path": "pinned", "value": [{"value": "2", "note": "m"}, {"value": "2", "note": "k", "pin": "q"}]}]')) FROM compared.besides;
SELECT jsonb_array_length(data -> 'pinned') AS n, jsonb_path_query_array(data, '$.pinned[*] ? (@.value == "2")') AS pinned FROM compared.besides ORDER BY data ->> 'externalId';
SELECT r.status, r.body::jsonb ->> 'detail' AS detail FROM compared.besides, scim.request('PATCH', '/Besides/' || id, '{}', '{"Operations": [{"op": "add", "path": "pinned", "value": [{"value": "99"}]}]}') r ORDER BY data ->> 'externalId';
DELETE FROM compared.besides;
SELECT scim.unregister_resource_type('Beside');
SELECT scim.drop_store('compared', true);
