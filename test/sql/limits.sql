-- How long a value may be and how much a resource may hold: the same on every way in, said
-- with the attribute's name.
SELECT scim.create_store('limits');
SET scim.store = 'limits';
\pset format unaligned

-- Text of so many bytes that does not compress
CREATE FUNCTION pg_temp.noise(bytes int) RETURNS text LANGUAGE sql AS $$
    SELECT left(string_agg(encode(sha256(('noise' || n)::bytea), 'hex'), ''), bytes) FROM generate_series(0, bytes / 64) n $$;
-- A document, on every way in: what comes of each, which is then undone. No error may name an index or constraint.
CREATE FUNCTION pg_temp.ways(type text, existing uuid, document jsonb, OUT result text, OUT ways text) RETURNS SETOF record LANGUAGE plpgsql AS $$
DECLARE
    statements CONSTANT text[] := ARRAY[
        'create', 'SELECT scim.create_resource($1, $3)',
        'replace', 'SELECT scim.replace_resource($1, $2::text, $3)',
        'patch', 'SELECT scim.patch_resource($1, $2::text, jsonb_build_array(jsonb_build_object(''op'', ''replace'', ''value'', $3)))',
        'insert', 'INSERT INTO limits.resource (resource_type, data) SELECT $1, $3 WHERE $2 IS NOT NULL',
        'update', 'UPDATE limits.resource SET data = data || $3 WHERE resource_type = $1 AND id = $2',
        'columns', 'UPDATE limits.resource SET user_name = coalesce($3 ->> ''userName'', user_name), external_id = $3 ->> ''externalId'', display_name = coalesce($3 ->> ''displayName'', display_name) WHERE resource_type = $1 AND id = $2',
        'bulk', 'SELECT CASE WHEN r ->> ''status'' >= ''400'' THEN pg_temp.fail(r #>> ''{response,detail}'') END FROM jsonb_array_elements(scim.bulk(jsonb_build_object(''Operations'', jsonb_build_array(jsonb_build_object(
            ''method'', ''PUT'', ''path'', format(''/%ss/%s'', $1, $2), ''data'', $3)))) -> ''Operations'') r',
        'request', 'SELECT CASE WHEN r.status >= 400 THEN pg_temp.fail(r.body::jsonb ->> ''detail'') END FROM scim.request(''POST'', format(''/%ss'', $1), ''{}'', $3::text) r WHERE $2 IS NOT NULL',
        'validate', 'SELECT pg_temp.fail(p.message) FROM scim.validate($1, $3) p WHERE $2 IS NOT NULL'];
    results jsonb := '{}';
    n int;
BEGIN
    FOR n IN 1..cardinality(statements) BY 2 LOOP
        BEGIN
            EXECUTE statements[n + 1] USING type, existing, document;
            RAISE SQLSTATE 'UNDO1' USING MESSAGE = 'ok';
        EXCEPTION WHEN OTHERS THEN
            IF sqlerrm ~ '_(key|idx|pkey|check|not_null)\M' THEN RAISE; END IF;
            results := jsonb_set(results, ARRAY[sqlerrm], coalesce(results -> sqlerrm, '[]') || to_jsonb(statements[n]));
        END;
    END LOOP;
    RETURN QUERY SELECT key, (SELECT string_agg(w, ' ') FROM jsonb_array_elements_text(value) w) FROM jsonb_each(results) ORDER BY 1;
END $$;
CREATE FUNCTION pg_temp.fail(message text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE '%', message; END $$;
INSERT INTO limits.users (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"userName": "u"}');
INSERT INTO limits.groups (id, data) VALUES ('00000000-0000-7000-8000-000000000002', '{"displayName": "g"}');
\set u '\'00000000-0000-7000-8000-000000000001\''
\set g '\'00000000-0000-7000-8000-000000000002\''

-- 1024 bytes, however they compress, and as many with the case folded: U+0390 has two bytes, and six when it is folded
SELECT n, w.* FROM (VALUES
    (1, '{"userName": "%s"}', pg_temp.noise(1024)), (2, '{"userName": "%s"}', pg_temp.noise(1025)), (3, '{"userName": "%s"}', repeat('x', 1025)), (4, '{"userName": "%s"}', repeat('x', 10000)),
    (5, '{"userName": "v", "externalId": "%s"}', pg_temp.noise(1024)), (6, '{"userName": "v", "externalId": "%s"}', pg_temp.noise(10000)), (7, '{"userName": "v", "externalId": "%s"}', repeat('x', 1025)),
    (8, '{"userName": "v", "displayName": "%s"}', repeat('é', 512)), (9, '{"userName": "v", "displayName": "%s"}', repeat('é', 513)),
    (10, '{"userName": "v", "displayName": "%s"}', repeat(U&'\0390', 170)), (11, '{"userName": "v", "displayName": "%s"}', repeat(U&'\0390', 171)), (12, '{"userName": "%s"}', repeat(U&'\0390', 513)),
    -- what has no index of its own may be long
    (13, '{"userName": "v", "title": "%s"}', pg_temp.noise(100000))) t (n, document, value), pg_temp.ways('User', :u, replace(document, '%s', value)::jsonb) w ORDER BY n, 2;
SELECT n, w.* FROM (VALUES (1, 'displayName', pg_temp.noise(1024)), (2, 'displayName', pg_temp.noise(1025)), (3, 'displayName', repeat('x', 5000)), (4, 'externalId', repeat('x', 5000))) t (n, attribute, value),
    pg_temp.ways('Group', :g, '{"displayName": "g"}' || jsonb_build_object(attribute, value)) w ORDER BY n, 2;
\set VERBOSITY terse
COPY limits.users (data) FROM PROGRAM $$printf '{"userName": "%01025d"}' 0$$;
COPY limits.users (data, external_id) FROM PROGRAM $$printf '{"userName": "copied"}\t%01025d' 0$$;
COPY limits.users (data, external_id) FROM PROGRAM $$printf '{"userName": "%01024d"}\t%01024d' 0 0$$;
COPY limits.users (data) FROM PROGRAM $$printf '{"userName": "copied", "password": "%01025d"}' 0$$;
\set VERBOSITY default
-- A filter with a longer value finds nothing, and what is in it compares in full
SELECT n, scim.search('User', format(filter, value)) -> 'totalResults' AS found FROM (VALUES
    (1, 'userName eq "%s"', pg_temp.noise(5000)), (2, 'userName sw "%s"', repeat('0', 1025)), (3, 'userName sw "%s"', repeat('0', 1023)), (4, 'externalId eq "%s"', repeat('0', 1025)), (5, 'externalId eq "%s"', repeat('0', 1023) || '0'),
    (6, 'displayName eq "%s"', repeat('x', 20000)), (7, 'title co "%s"', pg_temp.noise(5000)), (8, 'id eq "%s"', repeat('x', 5000)), (9, 'userName gt "%s"', repeat('0', 1023)), (10, 'userName le "%s"', repeat('0', 3000)), (11, 'groups.value eq "%s"', repeat('x', 5000))) t (n, filter, value) ORDER BY n;
-- Long ids of members are told apart
SELECT scim.patch_resource('Group', :g, jsonb_build_array(jsonb_build_object('op', 'add', 'path', 'members', 'value', jsonb_build_array(repeat('m', 5000), repeat('m', 5001), pg_temp.noise(20000))))) ? 'members' AS added;
SELECT scim.patch_resource('Group', :g, jsonb_build_array(jsonb_build_object('op', 'remove', 'path', format('members[value eq "%s"]', repeat('m', 5000))))) ? 'members' AS some_left;
SELECT length(m ->> 'value') AS length FROM jsonb_array_elements(scim.get_resource('Group', :g) -> 'members') m ORDER BY 1;

-- A limit binds what is changed: who is above it already can be suspended, go, and come back
ALTER TABLE limits.users DISABLE TRIGGER USER;
UPDATE limits.users SET user_name = repeat('o', 2000), display_name = repeat('o', 2000), data = data || jsonb_build_object('userName', repeat('o', 2000), 'displayName', repeat('o', 2000)) WHERE id = :u;
ALTER TABLE limits.users ENABLE TRIGGER USER;
SELECT length(r ->> 'userName') AS user_name, r -> 'active' AS active FROM scim.patch_resource('User', :u, '[{"op": "replace", "path": "active", "value": false}]') r;
SELECT length(r ->> 'userName') AS user_name, length(r ->> 'displayName') AS display_name FROM scim.patch_resource('User', :u, '[{"op": "replace", "path": "displayName", "value": "short"}]') r;
UPDATE limits.users SET active = true WHERE id = :u;
SELECT scim.delete_resource('User', :u);
SELECT length(r ->> 'userName') AS user_name FROM scim.restore_resource('User', :u) r;
\set VERBOSITY terse
UPDATE limits.users SET display_name = repeat('o', 2000) WHERE id = :u;
\set VERBOSITY default
UPDATE limits.users SET user_name = 'u' WHERE id = :u;

-- Passwords: 1024 bytes as SCRAM prepares them. é is two bytes, or three when it is written as e and an accent, and one character for SCRAM
SELECT n, w.* FROM (VALUES (1, repeat('p', 1024)), (2, repeat('p', 1025)), (3, repeat('p', 3000000)), (4, repeat('é', 512)), (5, repeat('é', 513)), (6, repeat(U&'e\0301', 512)), (7, repeat(U&'e\0301', 513)),
    -- U+FDFA is 3 bytes and 33 when it is prepared
    (8, repeat(U&'\FDFA', 31)), (9, repeat(U&'\FDFA', 32)), (10, repeat(U&'\00AD', 5000))) t (n, value), pg_temp.ways('User', :u, jsonb_build_object('userName', 'p', 'password', value)) w ORDER BY n, 2;
UPDATE limits.users SET data = data || jsonb_build_object('password', repeat('é', 512)) WHERE id = :u;
SELECT n, scim.verify_password(:u, value) FROM (VALUES (1, repeat('é', 512)), (2, repeat(U&'e\0301', 512)), (3, repeat('é', 511)), (4, repeat('é', 513)), (5, repeat('é', 4000000)), (6, repeat('p', 3000000)), (7, repeat(U&'e\0301', 400000))) t (n, value) ORDER BY n;
UPDATE limits.users SET data = data || jsonb_build_object('password', repeat('p', 1024)) WHERE id = :u;
SELECT scim.verify_password(:u, repeat('p', 1024)) AS whole, scim.verify_password(:u, repeat('p', 1023)) AS part;
-- Tokens
INSERT INTO limits.token (hash, description) SELECT sha256(convert_to(repeat('t', n), 'UTF8')), n::text FROM unnest(ARRAY[1024, 1025]) n;
SELECT n, scim.authenticate(prefix || repeat('t', n)) FROM (VALUES ('Bearer ', 1024), ('', 1024), ('Bearer ', 1025), ('bearer ', 3000000)) t (prefix, n);

-- Unique attributes of any type and length
SELECT scim.register_schema('{"id": "urn:example:Thing", "name": "Thing", "attributes": [{"name": "serial", "uniqueness": "server", "caseExact": true}, {"name": "number", "type": "decimal", "uniqueness": "global"},
    {"name": "displayName"}, {"name": "codes", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value", "uniqueness": "server"}]}]}') ->> 'id' AS id;
SELECT scim.register_resource_type('{"name": "Thing", "endpoint": "/Things", "schema": "urn:example:Thing"}') ->> 'name' AS name;
INSERT INTO limits.things (data) SELECT jsonb_build_object('serial', pg_temp.noise(5000) || n, 'number', repeat('7', 300)::numeric + n, 'codes', jsonb_build_array(jsonb_build_object('value', pg_temp.noise(3000) || n))) FROM generate_series(1, 2) n;
SELECT attribute, max(length(value)) < 1000 AS short, count(*) FROM limits.unique_value GROUP BY 1 ORDER BY 1;
\set VERBOSITY terse
INSERT INTO limits.things (data) SELECT jsonb_build_object('serial', pg_temp.noise(5000) || 2);
INSERT INTO limits.things (data) SELECT jsonb_build_object('number', repeat('7', 300)::numeric + 2);
INSERT INTO limits.things (data) SELECT jsonb_build_object('codes', jsonb_build_array('new', upper(pg_temp.noise(3000) || 1), 'newer'));
INSERT INTO limits.things (data) SELECT jsonb_build_object('displayName', repeat('x', 1025));
\set VERBOSITY default
INSERT INTO limits.things (data) SELECT jsonb_build_object('codes', jsonb_agg('code ' || n)) FROM generate_series(1, 3) n;
UPDATE limits.things SET data = '{"codes": ["CODE 2", "code 4", "code 4"]}' WHERE data @> '{"codes": [{"value": "code 2"}]}';
SELECT value FROM limits.unique_value WHERE value LIKE 'code%' ORDER BY 1;
SELECT r.status, r.body::jsonb ->> 'scimType' AS scim_type, r.body::jsonb ->> 'detail' AS detail FROM scim.request('POST', '/Things', '{}', '{"codes": ["a", "code 4"]}') r;
DELETE FROM limits.things WHERE data @> '{"codes": [{"value": "code 4"}]}';
SELECT count(*) FROM limits.unique_value WHERE value LIKE 'code%';

-- Names in schemas
\set VERBOSITY terse
SELECT length(scim.register_schema(jsonb_build_object('id', 'urn:' || pg_temp.noise(1020), 'name', 'L', 'attributes', jsonb_build_array(jsonb_build_object('name', repeat('a', 128), 'uniqueness', 'server')))) ->> 'id');
SELECT scim.register_schema(jsonb_build_object('id', 'urn:' || pg_temp.noise(1021), 'name', 'L', 'attributes', '[{"name": "a"}]'::jsonb));
SELECT scim.register_schema(jsonb_build_object('id', 'urn:long', 'name', 'L', 'attributes', jsonb_build_array(jsonb_build_object('name', repeat('a', 129)))));
SELECT scim.register_schema(jsonb_build_object('id', 'urn:long', 'name', 'L', 'attributes', jsonb_build_array(jsonb_build_object('name', 'a', 'type', 'complex', 'subAttributes', jsonb_build_array(jsonb_build_object('name', repeat('a', 129)))))));
INSERT INTO limits.schema (document) VALUES (jsonb_build_object('id', 'urn:' || pg_temp.noise(5000), 'name', 'L', 'attributes', '[{"name": "a"}]'::jsonb));
SELECT scim.register_schema(jsonb_build_object('id', 'urn:many', 'name', 'M', 'attributes', (SELECT jsonb_agg(jsonb_build_object('name', 'a' || n)) FROM generate_series(1, 1001) n)));
SELECT scim.register_schema(jsonb_build_object('id', 'urn:many', 'name', 'M', 'attributes', (SELECT jsonb_agg(jsonb_build_object('name', 'a' || n, 'type', 'complex', 'subAttributes', '[{"name": "x"}, {"name": "y"}]'::jsonb)) FROM generate_series(1, 400) n)));
\set VERBOSITY default
SELECT scim.register_resource_type(jsonb_build_object('name', pg_temp.noise(100), 'endpoint', '/Long', 'schema', 'urn:' || pg_temp.noise(1020))) -> 'endpoint' AS endpoint;
INSERT INTO limits.long (data) SELECT jsonb_build_object(repeat('a', 128), pg_temp.noise(n)) FROM unnest(ARRAY[512, 513, 5000]) n;

-- How much: the settings
SET scim.max_values = 5;
SELECT n, w.* FROM (VALUES (1, '{"userName": "v", "emails": ["1", "2", "3"], "roles": ["4", "5"]}'::jsonb), (2, '{"userName": "v", "emails": ["1", "2", "3"], "roles": ["4", "5", "6"]}'),
    (3, '{"userName": "v", "emails": ["1", "1", "1", "1", "1", "1"]}')) t (n, document), pg_temp.ways('User', :u, document) w ORDER BY n, 2;
-- members do not count
SELECT jsonb_array_length(scim.create_resource('Group', '{"displayName": "many", "members": ["1", "2", "3", "4", "5", "6"]}') -> 'members') AS members;
-- who has more may have as many, or fewer
RESET scim.max_values;
UPDATE limits.users SET data = data || '{"emails": ["1", "2", "3", "4", "5", "6", "7"]}' WHERE id = :u;
SET scim.max_values = 5;
SELECT jsonb_array_length(scim.patch_resource('User', :u, '[{"op": "replace", "path": "title", "value": "x"}, {"op": "replace", "path": "emails[value eq \"7\"].value", "value": "8"}]') -> 'emails') AS emails;
SELECT jsonb_array_length(scim.patch_resource('User', :u, '[{"op": "remove", "path": "emails[value eq \"8\"]"}]') -> 'emails') AS emails;
\set VERBOSITY terse
SELECT scim.patch_resource('User', :u, '[{"op": "add", "path": "emails", "value": "9"}]');
\set VERBOSITY default
-- what is readOnly is not taken of a PUT, and does not count there, however it is said
RESET scim.max_values;
INSERT INTO limits.groups (data) SELECT jsonb_build_object('displayName', 'of ' || n, 'members', jsonb_build_array(:u)) FROM generate_series(1, 20) n;
SET scim.max_values = 2;
SELECT key, p.status, p.body::jsonb ->> 'detail' AS detail, p.body::jsonb -> 'active' AS active, jsonb_array_length(p.body::jsonb -> 'emails') AS emails, jsonb_array_length(p.body::jsonb -> 'groups') AS groups
FROM scim.request('GET', '/Users/' || :u) AS g, unnest(ARRAY['groups', 'GROUPS', 'urn:ietf:params:scim:schemas:core:2.0:User:groups', 'ims']) AS key,
    scim.request('PUT', '/Users/' || :u, '{}', (g.body::jsonb - 'groups' || jsonb_build_object('active', false, key, g.body::jsonb -> 'groups'))::text) AS p;
SET scim.unknown_attributes = 'ignore';
SELECT p.status FROM scim.request('GET', '/Users/' || :u) AS g, scim.request('PUT', '/Users/' || :u, '{}', (g.body::jsonb || jsonb_build_object('active', true, 'nothing', g.body::jsonb -> 'groups'))::text) AS p;
RESET scim.unknown_attributes;
DELETE FROM limits.groups WHERE display_name LIKE 'of %';
RESET scim.max_values;
SET scim.max_resource_size = 2000;
SELECT n, w.* FROM (VALUES (1, pg_temp.noise(1500)), (2, repeat('x', 3000))) t (n, value), pg_temp.ways('User', :u, jsonb_build_object('userName', 's', 'title', value)) w ORDER BY n, 2;
RESET scim.max_resource_size;
UPDATE limits.users SET data = data || jsonb_build_object('title', repeat('x', 3000)) WHERE id = :u;
SET scim.max_resource_size = 2000;
SELECT length(r ->> 'title') AS title, r -> 'active' AS active FROM scim.patch_resource('User', :u, '[{"op": "replace", "path": "active", "value": false}, {"op": "remove", "path": "emails"}]') r;
RESET scim.max_resource_size;
SET scim.max_body_values = 10;
SELECT n, r.status, r.body::jsonb ->> 'detail' AS detail FROM (VALUES (1, '{"userName": "b1", "emails": ["1", "2", "3", "4", "5", "6", "7"]}'), (2, '{"userName": "b2", "emails": ["1", "2", "3", "4", "5", "6", "7", "8"]}'),
    (3, '{"userName": "commas, and [brackets] in, a, string, do, not, count, {at}, all, \"", "title": ",,,,,,,,,,\\"}')) t (n, body), scim.request('POST', '/Users', '{}', body) r ORDER BY n;
RESET scim.max_body_values;
SET scim.max_patch_operations = 3;
SELECT n, r.status, r.body::jsonb ->> 'detail' AS detail FROM (VALUES (1, '[{"op": "add", "path": "title", "value": "1"}, {"op": "add", "path": "title", "value": "2"}, {"op": "add", "path": "title", "value": "3"}]'),
    (2, '[{"op": "add", "path": "title", "value": "1"}, {"op": "add", "path": "title", "value": "2"}, {"op": "add", "path": "title", "value": "3"}, {"op": "add", "path": "title", "value": "4"}]'),
    (3, '[{"op": "add", "value": {"title": "1", "nickName": "2", "name.givenName": "3"}}]')) t (n, operations), scim.request('PATCH', '/Users/' || :u, '{"prefer": "return=minimal"}', format('{"Operations": %s}', operations)) r ORDER BY n;
RESET scim.max_patch_operations;
SET scim.max_patch_visits = 1000;
UPDATE limits.users SET data = data || jsonb_build_object('emails', (SELECT jsonb_agg(n) FROM (SELECT 'e' || n || '@example.com' FROM generate_series(1, 300) n) t (n))) WHERE id = :u;
SELECT n, r.status, r.body::jsonb ->> 'detail' AS detail FROM (VALUES (1, 'emails[value eq \"e1@example.com\"]', 500), (2, 'emails[value co \"e1@\"]', 1), (3, 'emails[value co \"e1@\"]', 10)) t (n, path, times),
    scim.request('PATCH', '/Users/' || :u, '{"prefer": "return=minimal"}', format('{"Operations": [%s]}', array_to_string(array_fill(format('{"op": "remove", "path": "%s"}', path), ARRAY[times]), ','))) r ORDER BY n;
-- what filters look at: terms at members, and long texts
INSERT INTO limits.member (group_id, member_id) SELECT :g, gen_random_uuid() FROM generate_series(1, 300);
SELECT n, r.status, r.body::jsonb ->> 'detail' AS detail FROM (VALUES (1, 'members[display co \"z\"]', 3), (2, 'members[display co \"z\"]', 4), (3, 'members[display co \"y\" or display co \"z\"]', 2), (4, 'members[value ew \"z\" and type eq \"x\"]', 1)) t (n, path, times),
    scim.request('PATCH', '/Groups/' || :g, '{"prefer": "return=minimal"}', format('{"Operations": [%s]}', array_to_string(array_fill(format('{"op": "remove", "path": "%s"}', path), ARRAY[times]), ','))) r ORDER BY n;
-- the same with one that is added: each look is counted
SELECT r.status, r.body::jsonb ->> 'detail' AS detail FROM scim.request('PATCH', '/Groups/' || :g, '{}', '{"Operations": [{"op": "remove", "path": "members[display co \"z\"]"}, {"op": "add", "path": "members", "value": [{"value": "n"}]},
    {"op": "remove", "path": "members[display co \"z\"]"}, {"op": "remove", "path": "members[display co \"z\" or display co \"y\"]"}]}') r;
DELETE FROM limits.member WHERE group_id = :g;
UPDATE limits.users SET data = data || jsonb_build_object('name', jsonb_build_object('familyName', repeat('x', 5000))) WHERE id = :u;
SELECT n, r.status, r.body::jsonb ->> 'detail' AS detail FROM (VALUES (1, 2), (2, 5)) t (n, times),
    scim.request('PATCH', '/Users/' || :u, '{"prefer": "return=minimal"}', format('{"Operations": [%s]}', array_to_string(array_fill('{"op": "remove", "path": "name[familyName co \"z\"]"}'::text, ARRAY[times]), ','))) r ORDER BY n;
UPDATE limits.users SET data = data - 'name' WHERE id = :u;
RESET scim.max_patch_visits;
SELECT r.status, r.body::jsonb ->> 'detail' AS detail FROM scim.request('PATCH', '/Groups/' || :g, '{}', (SELECT format('{"Operations": [%s]}', string_agg(format('{"op": "remove", "path": "members[display co \"%s\"]"}', n), ',')) FROM generate_series(1, 101) n)) r;

-- Terms times values are bounded, long texts by their length, and terms that are alike read the values once.
CREATE FUNCTION pg_temp.many(term text, n int, word text) RETURNS scim.filter LANGUAGE sql AS $$SELECT string_agg(replace(term, '#', i::text), word)::scim.filter FROM generate_series(1, n) i$$;
CREATE FUNCTION pg_temp.visit(d jsonb, term text, n int, word text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN scim.matches(d, pg_temp.many(term, n, word));
EXCEPTION WHEN SQLSTATE 'SCMNY' THEN RETURN SQLERRM;
END $$;
CREATE TEMP TABLE visited AS SELECT jsonb_build_object('title', repeat('É', 30000), 'emails', (SELECT jsonb_agg(jsonb_build_object('value', 'e' || n || '@example.com', 'type', 'work')) FROM generate_series(1, 1000) n)) AS d;
SET scim.max_filter_visits = 50000;
SELECT term, n, word, pg_temp.visit(d, term, n, word) FROM visited, (VALUES
    ('emails.value co "x#x"', 40, ' or '), ('emails.value co "x#x"', 60, ' or '), ('not (emails.value co "x#x")', 40, ' and '), ('not (emails.value co "x#x")', 60, ' and '),
    ('emails.value eq "x#"', 2000, ' or '), ('not (emails.value eq "x#")', 1500, ' and '), ('emails.value eq "E100#@example.com"', 1500, ' or '), ('emails.value ne "x#"', 2000, ' and '),
    ('emails.value co "e1000@"', 40, ' and '), ('emails.value co "e1000@"', 70, ' and '), ('emails[value co "x#" and type eq "work"]', 10, ' or '), ('emails[value co "x#" and type eq "work"]', 30, ' or '),
    ('emails[value co "x#" or value co "y"]', 20, ' or '), ('emails.value co "x#x" or title eq "x"', 30, ' or '), ('emails.value co "x#x" or title eq "x"', 60, ' or '),
    ('title co "x#"', 40, ' or '), ('title co "x#"', 60, ' or '), ('title sw "é#"', 2000, ' or '), ('title gt "x#"', 2000, ' and '), ('title co "é"', 60, ' or ')) t (term, n, word);
RESET scim.max_filter_visits;

-- What takes long for few bytes is bounded for a request as a whole: passwords, by their length, and members that it names.
SET scim.max_body_passwords = 3;
SELECT n, r.status, (SELECT string_agg(o ->> 'status' || coalesce(': ' || (o -> 'response' ->> 'detail'), ''), '; ' ORDER BY i) FROM jsonb_array_elements(r.body::jsonb -> 'Operations') WITH ORDINALITY t (o, i)) AS operations
FROM (VALUES (1, ARRAY[10, 10, 10, 10]), (2, ARRAY[130, 10]), (3, ARRAY[200])) t (n, lengths), scim.request('POST', '/Bulk', '{}', (SELECT jsonb_build_object('Operations', jsonb_agg(jsonb_build_object('method', 'PATCH', 'path', '/Users/' || :u,
    'data', jsonb_build_object('Operations', jsonb_build_array(jsonb_build_object('op', 'replace', 'path', 'password', 'value', repeat('p', l))))))) FROM unnest(lengths) l)::text) r ORDER BY n;
SELECT r.status FROM generate_series(1, 5) n, scim.request('PATCH', '/Users/' || :u, '{"prefer": "return=minimal"}', format('{"Operations": [{"op": "replace", "path": "password", "value": "p%s"}]}', n)) r;
RESET scim.max_body_passwords;
-- and what its operations look at and write anew, those that are refused, too; one by itself passes
SET scim.max_body_visits = 50000;
SELECT n, (SELECT string_agg(o ->> 'status' || coalesce(': ' || (o -> 'response' ->> 'detail'), ''), '; ' ORDER BY i) FROM jsonb_array_elements(r.body::jsonb -> 'Operations') WITH ORDINALITY t (o, i)) AS operations
FROM (VALUES (1, 'PATCH', '{"Operations": [{"op": "replace", "path": "title", "value": "t"}]}'::jsonb, 3), (2, 'PATCH', '{"Operations": [{"op": "replace", "path": "nothing", "value": "t"}]}', 3), (3, 'PUT', '{"userName": ""}', 3), (4, 'PATCH', '{"Operations": [{"op": "remove", "path": "emails[value co \"nobody\"]"}]}', 1)) t (n, method, data, times),
    scim.request('POST', '/Bulk', '{}', format('{"Operations": [%s]}', array_to_string(array_fill(jsonb_build_object('method', method, 'path', '/Users/' || :u, 'data', data)::text, ARRAY[times]), ','))) r ORDER BY n;
-- so are the members that filters fetch, once for each PATCH
SELECT length(scim.create_resource('Group', jsonb_build_object('displayName', 'looked at', 'members', (SELECT jsonb_agg(jsonb_build_object('value', 'm' || n)) FROM generate_series(1, 200) n))) ->> 'id') AS length;
SELECT o ->> 'status' AS status, count(*) FROM scim.search('Group', 'displayName eq "looked at"', attributes => 'id') s, scim.request('POST', '/Bulk', '{}', (SELECT jsonb_build_object('Operations', jsonb_agg(jsonb_build_object('method', 'PATCH',
    'path', '/Groups/' || (s #>> '{Resources,0,id}'), 'data', jsonb_build_object('Operations', jsonb_build_array(jsonb_build_object('op', 'remove', 'path', format('members[value co "x%s"]', n))))))) FROM generate_series(1, 12) n)::text) r,
    jsonb_array_elements(r.body::jsonb -> 'Operations') o GROUP BY 1 ORDER BY 1;
DELETE FROM limits.groups WHERE display_name = 'looked at';
-- headers, each of a name of its own or not
SET statement_timeout = '20s';
SELECT twice, status, body::jsonb ->> 'detail' AS detail FROM unnest(ARRAY[false, true]) twice, scim.request('DELETE', '/Users/nobody', (SELECT jsonb_object_agg('x-' || n, 'y') FROM generate_series(1, 200000) n) || CASE WHEN twice THEN '{"X-77": "z"}'::jsonb ELSE '{}' END) ORDER BY twice;
RESET statement_timeout;
-- other resources are no way round, and SQL is not counted
SELECT string_agg(o ->> 'status', '; ' ORDER BY i) AS operations FROM scim.request('POST', '/Bulk', '{}', (SELECT jsonb_build_object('Operations', jsonb_agg(jsonb_build_object('method', m, 'path', p, 'data', d) ORDER BY n)) FROM (VALUES
    (1, 'PATCH', '/Users/' || :u, '{"Operations": [{"op": "replace", "path": "title", "value": "t"}]}'::jsonb), (2, 'PATCH', '/Users/' || :u, '{"Operations": [{"op": "replace", "path": "title", "value": "u"}]}'), (3, 'PATCH', '/Groups/' || :g, '{"Operations": [{"op": "replace", "path": "displayName", "value": "u"}]}')) t (n, m, p, d))::text) r, jsonb_array_elements(r.body::jsonb -> 'Operations') WITH ORDINALITY t (o, i);
SELECT count(*) FROM generate_series(1, 5) n, scim.patch_resource('User', :u, jsonb_build_array(jsonb_build_object('op', 'replace', 'path', 'title', 'value', 's' || n)));
RESET scim.max_body_visits;
SET scim.max_body_members = 3;
SELECT n, r.status, r.body::jsonb ->> 'detail' AS detail FROM (VALUES (1, 'POST', '', '{"displayName": "m", "members": ["1", "2", "3"]}'), (2, 'POST', '', '{"displayName": "m", "members": ["1", "2", "3", "4"]}'),
    (3, 'PUT', '/' || :g, '{"displayName": "m", "members": ["1", "2", "3", "4"]}'), (4, 'PATCH', '/' || :g, '{"Operations": [{"op": "add", "path": "members", "value": ["1", "2"]}, {"op": "remove", "path": "members", "value": ["1", "2"]}]}'),
    (5, 'PATCH', '/' || :g, '{"Operations": [{"op": "add", "path": "members", "value": ["1", "2"]}]}')) t (n, method, path, body), scim.request(method, '/Groups' || path, '{}', body) r ORDER BY n;
SELECT r.status, (SELECT string_agg(o ->> 'status', ' ' ORDER BY i) FROM jsonb_array_elements(r.body::jsonb -> 'Operations') WITH ORDINALITY t (o, i)) AS operations FROM scim.request('POST', '/Bulk', '{}', (SELECT jsonb_build_object('Operations', jsonb_agg(
    jsonb_build_object('method', 'POST', 'path', '/Groups', 'bulkId', n::text, 'data', jsonb_build_object('displayName', 'b' || n, 'members', jsonb_build_array(n::text))))) FROM generate_series(1, 5) n)::text) r;
UPDATE limits.groups SET data = jsonb_set(data, '{members}', '["1", "2", "3", "4", "5"]') WHERE id = :g;
RESET scim.max_body_members;

-- Many parts of a text of members and groups are one question, and what it compares is counted.
INSERT INTO limits.groups (data) SELECT jsonb_build_object('displayName', 'Counted ' || n, 'members', (SELECT jsonb_agg('m' || i) FROM generate_series(1, 50) i)) FROM generate_series(1, 30) n;
CREATE FUNCTION pg_temp.found(type text, filter scim.filter) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN scim.search(type, filter::text, count => 0) ->> 'totalResults';
EXCEPTION WHEN SQLSTATE 'SCMNY' THEN RETURN SQLERRM;
END $$;
SET scim.max_filter_visits = 50000;
SELECT term, n, word, pg_temp.found('Group', pg_temp.many(term, n, word)) FROM (VALUES ('members.value co "q#"', 20, ' or '), ('members.value co "q#"', 60, ' or '), ('not (members.value co "q#")', 60, ' and '),
    ('members.value sw "q#"', 60, ' or '), ('members.value ew "q#"', 60, ' or '), ('members.value co "#"', 60, ' or '), ('members.value sw "M5#"', 20, ' or '), ('members.value ew "M#"', 20, ' or '), ('members.value co "M3#"', 20, ' or '),
    ('members.value eq "m#" or members.value co "q#" or members.display co "q#"', 10, ' or '), ('meta.location co "q#"', 60, ' or '), ('(displayName eq "counted #" and (members.value co "q#" or members.value sw "m1"))', 8, ' or ')) t (term, n, word);
-- so are any other terms about texts, many look-ups, terms that are none of texts, and long filters of documents
SELECT term, n, word, pg_temp.found('Group', pg_temp.many(term, n, word)) FROM (VALUES ('members[value co "q#" and type pr]', 20, ' or '), ('members[value co "q#" and not (type pr)]', 60, ' or '), ('members[value ne "q#" and not (value ew "q#")]', 60, ' or '),
    ('(members.value co "q#" and displayName pr)', 20, ' or '), ('(members.value co "q#" and displayName sw "c")', 60, ' or '), ('(members.value gt "q#" or displayName sw "q")', 60, ' and '), ('members[not (value eq "q#")]', 400, ' and '),
    ('members[value eq "m#" and not (type eq "User")]', 1000, ' or '), ('not (meta.location co "q#")', 1000, ' and '), ('not (meta.location co "q#")', 1600, ' and '), ('not (displayName co "q#")', 100, ' and '), ('not (displayName co "q#")', 1600, ' and '),
    ('(meta.created gt "2020-01-01T00:00:00.#Z" or meta.created lt "2020-01-01T00:00:00.#Z")', 45, ' and '), ('(meta.created gt "2020-01-01T00:00:00.#Z" or meta.created lt "2020-01-01T00:00:00.#Z")', 400, ' and ')) t (term, n, word);
-- A program that we have not written is refused.
CREATE FUNCTION pg_temp.program(bytes text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN scim_internal.texts_answers(decode(replace(bytes, ' ', ''), 'hex'), ARRAY['a', NULL])::text;
EXCEPTION WHEN invalid_parameter_value THEN RETURN SQLERRM;
END $$;
SELECT n, pg_temp.program(bytes) FROM (VALUES (1, ''), (2, '01000000'), (3, '00000000 02000000 00000000 00000000 00000000'), (4, '01000000 02000000 01000000 00000000 00000000 00000000 06 00 0000 01000000 00000000 00000000'),
    (5, '01000000 02000000 01000000 00000000 00000000 01000000 06 00 0000 01000000 00000000 00000000'), (6, '01000000 02000000 01000000 00000000 00000000 00000000 06 00 0200 01000000 00000000 00000000'),
    (7, '01000000 02000000 01000000 00000000 00000000 00000000 03 00 0000 01000000 00000000 00000000'), (8, '01000000 02000000 01000000 00000000 00000000 00000000 01 00 0000 02000000 00000000 00000000'),
    (9, '01000000 02000000 01000000 01000000 01000000 00000000 05 00 0000 01000000 00000000 01000000 00000000 01000000 61'), (10, '01000000 02000000 01000000 01000000 01000000 00000000 05 00 0000 01000000 00000000 02000000 00000000 01000000 61'),
    (11, '01000000 02000000 01000000 01000000 01000000 00000000 05 00 0000 01000000 00000000 01000000 00000000 02000000 61'), (12, '01000000 03000000 01000000 00000000 00000000 00000000 06 00 0000 01000000 00000000 00000000'),
    (13, '01000000 02000000 01000000 01000000 01000000 00000000 04 00 0000 01000000 00000000 01000000 00000000 01000000 61')) t (n, bytes) ORDER BY n;
SELECT scim_internal.filter_visits(40000), scim_internal.filter_visits(50001);
RESET scim.max_filter_visits;

-- The first hundred problems are told. Those of a document that had more before a schema became stricter are no problem of a write, but one more is.
SELECT count(*), min(message COLLATE "C") FROM scim.validate('User', jsonb_build_object('userName', 'w', 'emails', (SELECT jsonb_agg(n) FROM generate_series(1, 200) n)));
SELECT scim.register_schema('{"id": "urn:example:Tagged", "name": "Tagged", "attributes": [{"name": "label"}, {"name": "tags", "multiValued": true}]}') ->> 'id' AS id;
SELECT scim.register_resource_type('{"name": "Tagged", "endpoint": "/Tagged", "schema": "urn:example:Tagged"}') ->> 'name' AS name;
\set g '\'00000000-0000-7000-8000-0000000000a2\''
INSERT INTO limits.tagged (id, data) SELECT :g, jsonb_build_object('tags', jsonb_agg('tag' || n)) FROM generate_series(1, 150) n;
SELECT scim.register_schema('{"id": "urn:example:Tagged", "name": "Tagged", "attributes": [{"name": "label"}, {"name": "tags", "multiValued": true, "type": "integer"}]}', true) ->> 'id' AS id;
SELECT scim.patch_resource('Tagged', :g, '[{"op": "replace", "path": "label", "value": "new"}, {"op": "add", "path": "tags", "value": 1}, {"op": "remove", "path": "tags", "value": ["tag1"]}]') ->> 'label' AS label;
\set VERBOSITY terse
SELECT scim.patch_resource('Tagged', :g, '[{"op": "add", "path": "tags", "value": ["tag151"]}]');
SELECT scim.patch_resource('Tagged', :g, jsonb_build_array(jsonb_build_object('op', 'replace', 'path', 'tags', 'value', (SELECT jsonb_agg('tag' || n) FROM generate_series(2, 151) n))));
UPDATE limits.tagged SET data = jsonb_set(data, '{tags}', data -> 'tags' || '["tag151"]');
\set VERBOSITY default
SELECT jsonb_array_length(scim.replace_resource('Tagged', :g, jsonb_build_object('tags', (SELECT jsonb_agg('tag' || n) FROM generate_series(2, 150) n))) -> 'tags') AS tags;

RESET scim.store;
SET client_min_messages = warning;
SELECT scim.drop_store('limits', true);
