-- The policies "default" where a value is taken away, and "generate" with a last text; values that can never be are refused
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('def');
SET scim.store = 'def';
INSERT INTO def.tenant VALUES (2, 'two');
SELECT FROM scim.register_schema('{"id": "urn:example:more", "name": "More", "attributes": [{"name": "since", "format": "date"}, {"name": "code", "pattern": "^[A-Z]{2}$"}, {"name": "level", "canonicalValues": ["low", "high"]},
    {"name": "count", "type": "integer"}, {"name": "when", "type": "dateTime"}, {"name": "desk", "type": "complex", "subAttributes": [{"name": "room"}, {"name": "floor", "type": "integer"}]}, {"name": "tags", "multiValued": true},
    {"name": "mixed", "type": ["string", "integer"]}, {"name": "born", "mutability": "immutable"}, {"name": "shown", "mutability": "readOnly"}, {"name": "must", "required": true}]}');
SELECT FROM scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User", "schemaExtensions": [{"schema": "urn:example:more", "required": false}]}');
CREATE FUNCTION pg_temp.try(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE query;
    RETURN 'ok';
EXCEPTION
    WHEN OTHERS THEN RETURN concat_ws(' ', SQLSTATE, CASE WHEN length(SQLERRM) > 400 THEN left(SQLERRM, 150) || '...' || right(SQLERRM, 120) ELSE SQLERRM END);
END
$$;
CREATE FUNCTION pg_temp.policy(kind text, settings jsonb) RETURNS text LANGUAGE sql AS $$
SELECT replace(pg_temp.try(format('INSERT INTO def.policy (resource_type, kind, name, settings) VALUES (''User'', %L, ''try'', %L) ON CONFLICT (tenant_id, resource_type, kind, name) DO UPDATE SET settings = EXCLUDED.settings', kind, settings)), format('policy "%s" named "try" of resource type "User" ', kind), '')
$$;
CREATE FUNCTION pg_temp.patch(ops jsonb) RETURNS text LANGUAGE sql AS $$
SELECT r.status || ' ' || coalesce(r.body::jsonb ->> 'detail', (r.body::jsonb - '{id,meta,schemas,userName}'::text[])::text) FROM def.users u, scim.request('PATCH', '/Users/' || u.id, '{}', jsonb_build_object('Operations', ops)::text) r WHERE u.user_name = 'a' $$;
CREATE FUNCTION pg_temp.put(body jsonb) RETURNS text LANGUAGE sql AS $$
SELECT r.status || ' ' || coalesce(r.body::jsonb ->> 'detail', (r.body::jsonb - '{id,meta,schemas,userName}'::text[])::text) FROM def.users u, scim.request('PUT', '/Users/' || u.id, '{}', ('{"userName": "a"}'::jsonb || put.body)::text) r WHERE u.user_name = 'a' $$;

--
-- Taken away: by PATCH, PUT, a row
--
INSERT INTO def.policy (resource_type, kind, name, settings) VALUES
    ('User', 'default', 'kept', '{"attributes": {"roles": ["member"], "urn:example:more:desk.room": "lobby", "urn:example:more:tags": ["t"], "urn:example:more:must": "m"}, "on": ["create", "remove"]}'),
    ('User', 'default', 'back', '{"attributes": {"title": "none"}, "on": ["remove"]}'),
    ('User', 'default', 'once', '{"attributes": {"locale": "en"}}');
INSERT INTO def.users (data) VALUES ('{"userName": "a", "roles": ["boss"], "title": "t"}') RETURNING data - '{schemas,userName}'::text[] AS data;
SELECT o, pg_temp.patch(o::jsonb) FROM unnest(ARRAY['[{"op": "remove", "path": "roles"}]', '[{"op": "remove", "path": "title"}, {"op": "remove", "path": "locale"}]', '[{"op": "replace", "path": "roles", "value": ["x"]}, {"op": "remove", "path": "roles[value eq \"x\"]"}]',
    '[{"op": "remove", "path": "urn:example:more"}]', '[{"op": "replace", "path": "urn:example:more:desk", "value": {"floor": 3}}]', '[{"op": "remove", "path": "urn:example:more:desk.room"}]', '[{"op": "replace", "path": "urn:example:more:tags", "value": []}]',
    '[{"op": "remove", "path": "urn:example:more:must"}]', '[{"op": "replace", "path": "title", "value": "u"}]']) o;
SELECT version FROM def.users WHERE user_name = 'a';
SELECT pg_temp.put('{}'), pg_temp.put('{"roles": null, "title": "", "urn:example:more": {"desk": {"floor": 1}, "tags": []}}'), pg_temp.put('{"roles": ["r"], "title": "u"}');
SELECT version FROM def.users WHERE user_name = 'a';
UPDATE def.users SET data = data - 'roles' WHERE user_name = 'a' RETURNING data -> 'roles' AS roles;
UPDATE def.users SET data = '{"userName": "a"}' RETURNING data - '{schemas,userName}'::text[] AS data;
-- who had none before has none, whatever else is written; what is fixed stays, and is no default
UPDATE def.policy SET enabled = false WHERE kind = 'default';
UPDATE def.users SET data = '{"userName": "a", "must": "n"}';
UPDATE def.policy SET enabled = true WHERE kind = 'default';
UPDATE def.users SET data = data || '{"nickName": "n"}' RETURNING data - '{schemas,userName}'::text[] AS data;
INSERT INTO def.policy (resource_type, kind, name, settings) VALUES ('User', 'fixed', 'must', '{"attributes": ["urn:example:more:must"]}');
SELECT pg_temp.patch('[{"op": "remove", "path": "urn:example:more:must"}]'), pg_temp.put('{"nickName": "m"}');
DELETE FROM def.policy WHERE kind = 'fixed';
-- a tenant's row in the place of the one for all
INSERT INTO def.policy (tenant_id, resource_type, kind, name, settings) VALUES (2, 'User', 'default', 'kept', '{"attributes": {"roles": ["guest"], "urn:example:more:must": "m"}}');
INSERT INTO def.users (tenant_id, data) VALUES (2, '{"userName": "b"}') RETURNING data -> 'roles' AS roles;
UPDATE def.users SET data = data - 'roles' WHERE tenant_id = 2 RETURNING data -> 'roles' AS roles;
DELETE FROM def.policy WHERE kind = 'default';
SELECT s, pg_temp.policy('default', ('{"attributes": {"title": "x"}, "on": ' || s || '}')::jsonb) FROM unnest(ARRAY['"create"', '[]', '{}', 'null', '[1]', '["update"]', '["create", "create"]', '["remove", "create"]', '["Create"]']) s;
DELETE FROM def.policy WHERE kind = 'default';

--
-- A last text
--
UPDATE def.policy SET settings = '{"mode": "hard"}' WHERE kind = 'delete';
DELETE FROM def.users;
SELECT t, pg_temp.policy('generate', jsonb_build_object('attributes', jsonb_build_object('displayName', t))) FROM unnest(ARRAY['{''x''}', '{nickName|''''}', '{nickName|''x}', '{nickName|''x''|title}', '{nickName|''x'' }', '{nickName|x}', '{|''x''}', '{nickName|}', '{nickName', '{nickName|''}''', '{}', 'x',
    '{nickName|name.givenName|''it''''s {you} | me''} {name.familyName|''-''}']) t;
INSERT INTO def.users (data) VALUES ('{"userName": "a"}'), ('{"userName": "b", "nickName": "B", "name": {"familyName": "F"}}'), ('{"userName": "c", "name": {"familyName": "F"}}') RETURNING display_name;
UPDATE def.users SET data = data || '{"nickName": "A"}' WHERE user_name = 'a' RETURNING display_name;
SELECT pg_temp.patch('[{"op": "remove", "path": "nickName"}]'), pg_temp.patch('[{"op": "replace", "path": "displayName", "value": "me"}]');
SELECT count(*) FROM scim.validate_store();
DELETE FROM def.policy WHERE kind = 'generate';

--
-- What can never be
--
SELECT left(s, 60) AS settings, pg_temp.policy('default', ('{"attributes": ' || s || '}')::jsonb) FROM unnest(ARRAY['{"urn:example:more:since": "tomorrow"}', '{"urn:example:more:since": "2026-02-30"}', '{"urn:example:more:code": "a"}', '{"urn:example:more:count": 1.5}', '{"urn:example:more:when": "noon"}',
    '{"urn:example:more:desk": {"floor": "ground"}}', '{"urn:example:more:desk": "x"}', '{"urn:example:more:desk": {}}', '{"urn:example:more:tags": [1]}', '{"urn:example:more:tags": []}', '{"urn:example:more:mixed": true}', '{"title": ""}', '{"title": null}', '{"active": "maybe"}', '{"TITLE": "a", "title": "b"}',
    '{"externalId": "' || repeat('x', 1025) || '"}', '{"displayName": "' || repeat('ß', 400) || '"}', '{"userName": "' || repeat('ẖ', 400) || '"}', '{"urn:example:more:level": "middle"}', '{"urn:example:more:mixed": 5, "urn:example:more:born": "x", "urn:example:more:shown": "s"}']) s;
INSERT INTO def.users (data) VALUES ('{"userName": "d"}') RETURNING data -> 'urn:example:more' AS more;
SELECT t, pg_temp.policy('generate', ('{"attributes": ' || t || '}')::jsonb) FROM unnest(ARRAY['{"urn:example:more:since": "on {title}"}', '{"urn:example:more:since": "{title|''never''}"}', '{"urn:example:more:since": "20{title|''26''}-01-01"}', '{"urn:example:more:code": "{title|''x''}"}', '{"urn:example:more:code": "{title|''XY''}"}', '{"urn:example:more:count": "{title}"}', '{"urn:example:more:tags": "{title}"}', '{"urn:example:more:born": "{title}"}', '{"urn:example:more:desk": "{title}"}']) t;
SELECT left(t, 40), pg_temp.policy('generate', ('{"attributes": ' || t || '}')::jsonb) FROM (SELECT '{"displayName": "{title|''' || repeat('x', 1025) || '''}"}') x(t);
-- what is generated is checked when it is written
SELECT pg_temp.policy('generate', '{"attributes": {"urn:example:more:since": "{title}-01-01", "urn:example:more:code": "{nickName}"}}');
INSERT INTO def.users (data) VALUES ('{"userName": "e", "title": "2026", "nickName": "AB"}') RETURNING data -> 'urn:example:more' AS more;
INSERT INTO def.users (data) VALUES ('{"userName": "f", "title": "now", "nickName": "AB"}');
UPDATE def.users SET data = data || '{"nickName": "ABC"}' WHERE user_name = 'e';
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('POST', '/Users', '{}', '{"userName": "g", "nickName": "x", "title": "1999"}');
SELECT path, message FROM scim.validate('User', '{"userName": "g", "nickName": "x", "title": "1999"}');
DELETE FROM def.policy WHERE kind = 'generate';
-- canonicalValues are suggestions, until a policy "canonical" makes them the only ones: whichever of the two comes later is refused
SELECT pg_temp.policy('default', '{"attributes": {"urn:example:more:level": "middle"}}'), pg_temp.policy('canonical', '{"attributes": ["urn:example:more:level"]}');
SELECT pg_temp.policy('default', '{"attributes": {"urn:example:more:level": "HIGH"}}'), pg_temp.policy('canonical', '{"attributes": ["urn:example:more:level"]}');
SELECT pg_temp.policy('default', '{"attributes": {"urn:example:more:level": "middle"}}'), pg_temp.policy('generate', '{"attributes": {"urn:example:more:level": "{title|''middle''}"}}');
SELECT pg_temp.try($$INSERT INTO def.policy (tenant_id, resource_type, kind, name, settings) VALUES (2, 'User', 'default', 'try', '{"attributes": {"urn:example:more:level": "middle"}}')$$);
SELECT pg_temp.try($$INSERT INTO def.policy (tenant_id, resource_type, kind, name, enabled) VALUES (2, 'User', 'canonical', 'try', false)$$), pg_temp.try($$INSERT INTO def.policy (tenant_id, resource_type, kind, name, settings) VALUES (2, 'User', 'default', 'try', '{"attributes": {"urn:example:more:level": "middle"}}')$$),
    pg_temp.try($$DELETE FROM def.policy WHERE tenant_id = 2 AND kind = 'canonical'$$);
SELECT scim.drop_store('def', true);
