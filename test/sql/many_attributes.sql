-- Objects and schemas of many members, found by an index: the same as of few
SET client_min_messages = error;
\set VERBOSITY terse
SELECT scim.create_store('many');
SET scim.store = 'many';
-- in no order, in any letter case, and some begin as others do
CREATE TABLE many_name AS SELECT n, 'a' || left(md5(n::text), 4 + n % 7) || CASE WHEN n % 3 = 0 THEN 'X' ELSE 'x' END || n AS name FROM generate_series(1, 300) n;
SELECT scim.register_schema(jsonb_build_object('id', 'urn:example:many', 'name', 'Many', 'attributes',
    (SELECT jsonb_agg(jsonb_build_object('name', name, 'type', 'string') ORDER BY n) FROM many_name)
    || jsonb_build_array(jsonb_build_object('name', 'box', 'type', 'complex', 'subAttributes', (SELECT jsonb_agg(jsonb_build_object('name', name, 'type', 'string') ORDER BY n) FROM many_name WHERE n <= 90))))) ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User", "schemaExtensions": [{"schema": "urn:example:many"}]}') ->> 'name' AS type;
\set u '''00000000-0000-7000-8000-0000000000a1'''
CREATE FUNCTION many_values(mark text, modulus int, rest int) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_object_agg(name, mark || n) FROM many_name WHERE n % modulus = rest $$;
CREATE FUNCTION many_stored() RETURNS jsonb LANGUAGE sql STABLE AS $$ SELECT data -> 'urn:example:many' FROM many.users WHERE user_name = 'ada' $$;

-- names are found in any letter case, and there are no others
INSERT INTO many.users (id, data) SELECT :u, jsonb_build_object('userName', 'ada', 'urn:example:many', jsonb_object_agg(CASE WHEN n % 2 = 0 THEN upper(name) ELSE name END, 'v' || n ORDER BY md5(name))) FROM many_name;
SELECT many_stored() = many_values('v', 1, 0) AS stored;
SELECT status, body::jsonb ->> 'detail' FROM scim.request('POST', '/Users', '{"Content-Type": "application/scim+json", "Prefer": "handling=strict"}', jsonb_build_object('userName', 'bob', 'urn:example:many', many_values('v', 1, 0) || '{"nobody": "x"}')::text);
SELECT count(*) FILTER (WHERE m.name = 'a' || md5('1')) AS none, count(scim.search('User', format('urn:example:many:%s eq "V%s"', lower(m.name), m.n)) #> '{Resources,0,id}') AS found FROM many_name m;

-- What a PATCH of many paths makes, round by round: SQL knows it, too.
DO $$
DECLARE
    model jsonb := many_stored();
    operations jsonb;
    one record;
BEGIN
    FOR round IN 1 .. 12 LOOP
        operations := '[]';
        FOR one IN SELECT m.name, m.n, hashint4(m.n * 100 + round) AS chance FROM many_name m WHERE hashint4(m.n * 7 + round) % 3 = 0 ORDER BY hashint4(m.n + round) LOOP
            IF one.chance % 2 = 0 THEN
                operations := operations || jsonb_build_object('op', 'remove', 'path', 'urn:example:many:' || CASE WHEN one.n % 2 = 0 THEN upper(one.name) ELSE one.name END);
                model := model - one.name;
            ELSE
                operations := operations || jsonb_build_object('op', 'add', 'path', 'urn:example:many:' || one.name, 'value', format('r%s %s', round, one.n));
                model := model || jsonb_build_object(one.name, format('r%s %s', round, one.n));
            END IF;
        END LOOP;
        PERFORM scim.patch_resource('User', (SELECT id FROM many.users WHERE user_name = 'ada'), operations);
        IF many_stored() IS DISTINCT FROM model THEN
            RAISE 'round % of % operations: % is %', round, jsonb_array_length(operations), model, many_stored();
        END IF;
    END LOOP;
END
$$;
SELECT count(*) BETWEEN 50 AND 250 AS some FROM jsonb_object_keys(many_stored());

-- all go, one by one, and come back
DO $$
DECLARE
    operations CONSTANT jsonb := (SELECT jsonb_agg(jsonb_build_object('op', 'remove', 'path', 'urn:example:many:' || name) ORDER BY md5(name)) FROM many_name);
    again CONSTANT jsonb := (SELECT jsonb_agg(jsonb_build_object('op', 'add', 'path', 'urn:example:many:' || name, 'value', 'b' || n) ORDER BY md5(name || 1)) FROM many_name);
BEGIN
    PERFORM scim.patch_resource('User', (SELECT id FROM many.users WHERE user_name = 'ada'), operations);
    ASSERT many_stored() IS NULL;
    PERFORM scim.patch_resource('User', (SELECT id FROM many.users WHERE user_name = 'ada'), again || operations || again);
    ASSERT many_stored() = many_values('b', 1, 0);
END
$$;
SELECT count(*) AS versions, count(DISTINCT version) AS different FROM scim.history(:u);

-- parts of one attribute
UPDATE many.users SET data = jsonb_set(data, '{urn:example:many,box}', (SELECT jsonb_object_agg(upper(name), 'p' || n) FROM many_name WHERE n <= 90)) WHERE id = :u;
SELECT many_stored() -> 'box' = (SELECT jsonb_object_agg(name, 'p' || n) FROM many_name WHERE n <= 90) AS parts;
SELECT scim.patch_resource('User', :u, (SELECT jsonb_agg(jsonb_build_object('op', 'remove', 'path', 'urn:example:many:box.' || name) ORDER BY md5(name)) FROM many_name WHERE n BETWEEN 11 AND 90)) IS NOT NULL AS patched;
SELECT many_stored() -> 'box' = (SELECT jsonb_object_agg(name, 'p' || n) FROM many_name WHERE n <= 10) AS parts;

-- what is shown, by many names of attributes
CREATE FUNCTION many_shown(asked text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT body::jsonb -> 'urn:example:many' FROM scim.request('GET', '/Users/00000000-0000-7000-8000-0000000000a1?' || asked) $$;
SELECT many_shown('attributes=' || string_agg('urn:example:many:' || name, ',' ORDER BY md5(name))) = many_values('b', 2, 1) AS only FROM many_name WHERE n % 2 = 1;
SELECT many_shown('excludedAttributes=urn:example:many:box,' || string_agg('urn:example:many:' || upper(name), ',' ORDER BY md5(name))) = many_values('b', 2, 1) AS without FROM many_name WHERE n % 2 = 0;
SELECT many_shown('attributes=' || string_agg('urn:example:many:box.' || name, ',' ORDER BY md5(name))) -> 'box' = (SELECT jsonb_object_agg(name, 'p' || n) FROM many_name WHERE n BETWEEN 3 AND 10) AS parts FROM many_name WHERE n >= 3;
SELECT many_shown('excludedAttributes=' || string_agg('urn:example:many:box.' || name, ',' ORDER BY md5(name))) = many_values('b', 1, 0) || jsonb_build_object('box', (SELECT jsonb_object_agg(name, 'p' || n) FROM many_name WHERE n < 3)) AS without FROM many_name WHERE n >= 3;
SELECT many_shown('attributes=urn:example:many') = many_stored() AS whole, many_shown('excludedAttributes=urn:example:many') AS nothing, many_shown('attributes=urn:example:many:box') = jsonb_build_object('box', many_stored() -> 'box') AS box;

-- and what an import says
SELECT count(*), min(action) FROM scim.import('User', $$SELECT data FROM (SELECT scim.export('User') AS data) e$$, apply => true);
SELECT count(*), min(action), min(jsonb_array_length(difference)) AS operations FROM scim.import('User', $$SELECT jsonb_build_object('userName', 'ada') || (SELECT jsonb_object_agg('urn:example:many:' || CASE WHEN n % 2 = 0 THEN upper(name) ELSE name END, 'c' || n) FROM many_name) AS data$$, apply => true);
SELECT many_stored() - 'box' = many_values('c', 1, 0) AS stored;
SELECT action, jsonb_array_length(problems) AS problems, problems #>> '{0,detail}' AS first FROM scim.import('User', $$SELECT jsonb_build_object('userName', 'ada', 'urn:example:many', many_values('d', 1, 0))
    || (SELECT jsonb_object_agg('urn:example:many:' || name, 'd' || n) FROM many_name WHERE n <= 3) AS data$$);
SELECT action, count(*) AS problems, min(p ->> 'detail') FILTER (WHERE n = 1) AS first FROM scim.import('User', $$SELECT jsonb_build_object('userName', 'ada', 'urn:example:many', many_values('d', 1, 0)) AS data, 'x' AS "urn:example:many:box.ac4ca4x1", 'title' AS title$$) i LEFT JOIN jsonb_array_elements(i.problems) WITH ORDINALITY AS p (p, n) ON true GROUP BY action;
SELECT scim.drop_store('many', force => true);
DROP TABLE many_name;
DROP FUNCTION many_values(text, int, int), many_stored(), many_shown(text);
