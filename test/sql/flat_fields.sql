--
-- Endpoints of one's own: what several fields say of one attribute, errors in their words,
-- characters that are others in what is stored, passwords that go
--
SELECT scim.create_store('crew');
SET scim.store = 'crew';
SELECT FROM scim.register_schema('{"id": "urn:example:Crew", "name": "Crew", "attributes": [
    {"name": "rank", "caseExact": true}, {"name": "boarded", "format": "date"},
    {"name": "extras", "type": "complex", "multiValued": true, "subAttributes": [{"name": "name", "required": true}, {"name": "value", "required": true}]}]}');
SELECT FROM scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User", "schemaExtensions": [{"schema": "urn:example:Crew"}]}');
INSERT INTO crew.policy (resource_type, kind, name, settings) VALUES
('User', 'violation', 'extras', '{"attributes": {"urn:example:Crew:extras": {"status": 422}, "externalId": {"status": 409, "scimType": "noNumber"}}}'),
('User', 'unique', 'number', '{"attributes": ["externalId"]}'),
('User', 'fixed', 'number', '{"attributes": ["externalId"], "writers": "everybody"}');
INSERT INTO crew.endpoint (name, methods, path, resource_type, action, settings) VALUES
('member', '{GET}', '/crew/{externalId|userName}', 'User', 'read', '{
    "fields": {
        "number": {"attribute": "externalId", "required": true}, "handle": "userName", "family": "name.familyName", "name": "name",
        "mail": "emails[primary eq true].value", "work": "emails[type eq \"work\"].value", "mails": "emails.value",
        "first": {"attribute": "emails.value", "one": true}, "emails": "emails",
        "role": {"attribute": "roles.value", "one": true}, "roles": "roles.value", "nick": {"attribute": "entitlements.value", "one": true}, "nicks": "entitlements.value",
        "rank": {"attribute": "urn:example:Crew:rank", "values": {"m": "mate", "c": "cadet"}}, "ranks": {"attribute": "urn:example:Crew:rank", "values": {"m": "mate", "c": "cadet"}, "access": "write"},
        "boarded": "urn:example:Crew:boarded", "extras": "urn:example:Crew:extras", "pin": "password", "hasPin": {"present": "password"}},
    "error": {"body": {"type": "{type}", "text": "{message}"}, "types": {"invalidValue": "bad-value", "404": "nobody", "unsupportedMediaType": "no-json"}}}'),
('sign on', '{POST}', '/crew', 'User', 'create', '{"like": "member"}'),
('change', '{PATCH}', '/crew/{externalId|userName}', 'User', 'merge', '{"like": "member"}'),
('set', '{PUT}', '/crew/{externalId|userName}', 'User', 'replace', '{"like": "member"}'),
('code', '{POST}', '/crew/{externalId}/code', 'User', 'issue_recovery_code', '{"like": "member"}'),
('crew', '{GET}', '/crew', 'User', 'list', '{"like": "member", "list": {"query": {"fields": ["handle"]}, "body": {"of": "{total}", "crew": "{items}"}}}');
CREATE FUNCTION pg_temp.call(method text, target text, body text DEFAULT NULL, headers jsonb DEFAULT '{}') RETURNS text LANGUAGE sql
AS $$ SELECT concat_ws(' ', r.status, CASE WHEN r.status < 300 THEN (r.body::jsonb - '{number,handle,hasPin,role,roles,nick,nicks,first,emails,id,meta,schemas}'::text[])::text ELSE coalesce(r.body::jsonb ->> 'detail', concat_ws(' ', r.body::jsonb ->> 'type', r.body::jsonb ->> 'text')) END)
    FROM scim.request(method, target, headers, body) r $$;

--
-- What violates a schema has the status of the policy, by all ways
--
SELECT pg_temp.call('POST', '/crew', body) FROM (VALUES ('{"number": "1", "handle": "ann", "extras": [{"nam": "x"}]}'), ('{"number": "1", "handle": "ann", "extras": [{"name": "x"}]}'),
    ('{"number": "1", "handle": "ann", "extras": 7}'), ('{"handle": "ann"}'), ('{"number": null, "handle": "ann"}'), ('{"number": "1", "handle": 7}'), ('{"number": 1, "handle": "ann"}')) v (body);
SELECT pg_temp.call('POST', '/crew', '{"number": "1", "handle": "ann", "family": "Archer"}');
SELECT id AS ann FROM crew.users \gset
SELECT pg_temp.call('PATCH', '/crew/1', '{"extras": [{"name": "x", "values": 1}]}');
SELECT pg_temp.call('PATCH', '/Users/' || :'ann', format('{"Operations": [{"op": "%s", "path": "urn:example:Crew:extras%s", "value": %s}]}', op, path, value))
FROM (VALUES ('add', '', '[{"nam": "x"}]'), ('replace', '', '"x"'), ('add', '.name', '{"a": 1}'), ('add', '[name eq \"x\"].value', '[1, 2]')) v (op, path, value);
SELECT pg_temp.call('PATCH', '/Users/' || :'ann', '{"Operations": [{"op": "add", "value": {"urn:example:Crew": {"extras": {"nam": "x"}}}}]}');

--
-- Several fields of one attribute: all hold, or none
--
SELECT body, pg_temp.call('PATCH', '/crew/1', body) FROM (VALUES
    ('{"mail": "m7", "mails": ["m6", "m7"]}'), ('{"mail": "m8", "mails": ["m6", "m7"]}'), ('{"mail": "m9"}'), ('{"mail": null, "mails": ["m6"]}'), ('{"mail": "m7", "mails": null}'),
    ('{"work": "w", "mails": ["m6", "w"]}'), ('{"work": "w", "mail": "m6", "mails": ["m6", "w"]}'), ('{"work": "w2", "mail": "m6"}'), ('{"work": "b", "mail": "b", "mails": ["a", "b"]}'),
    ('{"work": "x", "mail": "y"}'),
    ('{"first": "b", "mails": ["a", "b"]}'), ('{"first": "a", "mails": ["a", "b"]}'), ('{"first": "z", "mails": ["a", "b"]}'), ('{"first": null, "mails": ["a"]}'), ('{"first": "c"}'),
    ('{"emails": [{"value": "a", "primary": true}, {"value": "b"}], "mail": "a"}'), ('{"emails": [{"value": "a", "primary": true}, {"value": "b"}], "mail": "b"}'),
    ('{"emails": [{"value": "a"}, {"value": "b"}], "mail": "B"}'), ('{"emails": [{"value": "a"}], "mails": ["a"]}'), ('{"emails": [{"value": "a"}], "mails": ["b"]}'),
    ('{"emails": [{"value": "a", "primary": true}], "mail": null}'),
    ('{"name": {"familyName": "B", "givenName": "Ann"}, "family": "B"}'), ('{"name": {"familyName": "B"}, "family": "C"}'), ('{"name": null, "family": "Archer"}'),
    ('{"rank": "m", "ranks": ["m"]}'), ('{"rank": "m", "ranks": ["c"]}'), ('{"rank": ["c"]}'), ('{"rank": ["c", "m"]}'), ('{"rank": "x"}')) v (body);
SELECT left(pg_temp.call('PATCH', '/crew/1', '{"role": "b", "roles": ["a", "b"], "nick": "z", "nicks": ["y", "z"]}'), 3);
SELECT data -> 'roles' AS roles, data -> 'entitlements' AS entitlements FROM crew.users;
SELECT pg_temp.call('PATCH', '/crew/1', '{"role": "b", "roles": ["a"]}');
SELECT pg_temp.call('PUT', '/crew/1', '{"number": "1", "handle": "ann", "mail": "m2", "mails": ["m1", "m2"]}'), data -> 'emails' AS before FROM crew.users;
SELECT data -> 'emails' AS emails FROM crew.users;

--
-- Equal values are one, by whatever way
--
SELECT scim.canonicalise('User', jsonb_build_object('userName', 'x', 'emails', emails::jsonb)) -> 'emails' AS emails FROM (VALUES
    ('["a", {"value": "a", "type": "work"}]'), ('[{"value": "A", "type": "work"}, "a"]'), ('["a", "a", "A"]'), ('[{"value": "a", "type": "home"}, {"value": "a", "type": "work"}, {"value": "a", "primary": true}]'),
    ('[{"value": "a"}, {"value": "b"}, {"value": "a", "type": "home"}, {"value": "a", "type": "work"}]')) v (emails);
SELECT pg_temp.call('PATCH', '/crew/1', '{"emails": ["a", {"value": "a", "type": "work"}, {"value": "A", "primary": true}]}');
SELECT data -> 'emails' AS emails FROM crew.users;
SELECT left(pg_temp.call('PATCH', '/Users/' || :'ann', jsonb_build_object('Operations', jsonb_build_array(op))::text), 3) FROM unnest(ARRAY[
    '{"op": "add", "path": "emails", "value": [{"value": "a"}, {"value": "c"}]}', '{"op": "add", "path": "emails", "value": [{"value": "C", "type": "home"}, {"value": "c", "type": "other"}]}',
    '{"op": "add", "path": "emails", "value": "b"}', '{"op": "replace", "path": "emails[value eq \"b\"].value", "value": "a"}']::jsonb[]) op;
SELECT data -> 'emails' AS emails FROM crew.users;

--
-- A password that is taken away
--
CREATE FUNCTION pg_temp.has_pin() RETURNS text LANGUAGE sql AS $$ SELECT version || CASE WHEN EXISTS (SELECT FROM crew.credential) THEN ' yes' ELSE ' no' END FROM crew.users $$;
SELECT left(pg_temp.call('PATCH', '/crew/1', '{"pin": "secret-Word-1"}'), 3), pg_temp.has_pin();
SELECT left(pg_temp.call('PUT', '/Users/' || :'ann', body), 3) FROM unnest(ARRAY['{"userName": "ann", "externalId": "1"}', '{"userName": "ann", "externalId": "1", "password": null}']) body;
SELECT scim.verify_password(:'ann', 'secret-Word-1'), pg_temp.has_pin() LIKE '% yes' AS kept;
SELECT way, left(CASE WHEN way LIKE '{"Op%' THEN pg_temp.call('PATCH', '/Users/' || :'ann', way) ELSE pg_temp.call('PATCH', '/crew/1', way) END, 3), pg_temp.has_pin(),
    left(pg_temp.call('PATCH', '/crew/1', '{"pin": "secret-Word-1"}'), 3), pg_temp.has_pin()
FROM unnest(ARRAY['{"Operations": [{"op": "remove", "path": "password"}]}', '{"Operations": [{"op": "replace", "path": "password", "value": null}]}', '{"Operations": [{"op": "replace", "value": {"password": ""}}]}',
    '{"Operations": [{"op": "remove", "path": "password"}, {"op": "add", "path": "password", "value": "other-Word-2"}]}', '{"pin": null}', '{"pin": ""}']) way;
UPDATE crew.users SET data = data || '{"password": null}';
SELECT pg_temp.has_pin();
UPDATE crew.users SET data = data || '{"password": null}';
SELECT pg_temp.has_pin(), left(pg_temp.call('PATCH', '/crew/1', '{"pin": null}'), 3), pg_temp.has_pin();

--
-- Errors speak of fields
--
SELECT pg_temp.call(method, target, body) FROM (VALUES ('POST', '/crew', '{"number": "1", "handle": "bob"}'), ('PATCH', '/crew/1', '{"number": "2"}'), ('PATCH', '/crew/1', '{"boarded": "soon"}'),
    ('GET', '/crew?filter=boarded+gt+5', NULL), ('GET', '/crew?filter=emails.nothing+pr', NULL), ('GET', '/crew?filter=handle+co+5', NULL), ('GET', '/crew/7', NULL), ('GET', '/crew?filter=pin+eq+%22x%22', NULL)) v (method, target, body);
SELECT pg_temp.call('POST', '/crew', '{}', '{"Content-Type": "text/plain"}'), r.headers ->> 'Accept' AS accept FROM scim.request('POST', '/crew', '{"Content-Type": "text/plain"}', '{}') r;
UPDATE crew.users SET active = false;
SELECT pg_temp.call('POST', '/crew/1/code');
-- dates in filters
SELECT value, pg_temp.call('GET', '/crew?filter=boarded+ge+%22' || value || '%22'), pg_temp.call('GET', '/Users?filter=urn:example:Crew:boarded+eq+%22' || value || '%22') LIKE '200%' AS in_scim
FROM unnest(ARRAY['soon', '2026-13-01', '2026-02-29', '2026-02-28', '']) value;
SELECT pg_temp.call('GET', '/crew?filter=boarded+sw+%222026%22') LIKE '200%' AS part;

--
-- What cannot work is refused where it is written
--
UPDATE crew.endpoint SET settings = jsonb_set(settings, '{list,sort}', '{"default": "mail"}') WHERE name = 'crew';
UPDATE crew.endpoint SET settings = jsonb_set(settings, '{list,sort}', '{"default": "nothing_DESC"}') WHERE name = 'crew';
UPDATE crew.endpoint SET settings = jsonb_set(settings, '{list,sort}', '{"default": "pin_ASC"}') WHERE name = 'crew';
UPDATE crew.endpoint SET settings = jsonb_set(settings, '{list,sort}', '{"default": "family_DESC"}') WHERE name = 'crew';
UPDATE crew.endpoint SET settings = jsonb_set(settings, '{fields,family}', '"family"') WHERE name = 'member';
UPDATE crew.endpoint SET settings = jsonb_set(settings, '{error,types}', '{"nothing": "x"}') WHERE name = 'member';
UPDATE crew.endpoint SET settings = jsonb_set(settings, '{error,types}', '{"invalidValue": 1}') WHERE name = 'member';
SELECT FROM scim.register_schema((SELECT jsonb_set(document, '{attributes}', (SELECT jsonb_agg(CASE a ->> 'name' WHEN 'userName' THEN a || '{"caseExact": true}' ELSE a END) FROM jsonb_array_elements(document -> 'attributes') a))
    FROM crew.schema WHERE id = 'urn:ietf:params:scim:schemas:core:2.0:User'));

--
-- Characters are those that are stored, whoever writes; fields show the others, as SCIM does
--
INSERT INTO crew.users (data) VALUES ('{"userName": "old@sea", "externalId": "3"}');
INSERT INTO crew.policy (resource_type, kind, name, settings) VALUES ('User', 'wire', 'at', '{"characters": {"userName": {"in": {"@": "(at)"}, "out": {"(at)": "@"}}}}');
INSERT INTO crew.users (data) VALUES ('{"userName": "bob@sea", "externalId": "4"}') RETURNING user_name, data ->> 'userName' AS user_name_in_data;
INSERT INTO crew.users (data) VALUES ('{"userName": "Bob(at)sea"}');
UPDATE crew.users SET user_name = 'rob@sea' WHERE external_id = '4' RETURNING user_name;
SELECT left(pg_temp.call('POST', '/crew', '{"number": "5", "handle": "cy@sea"}'), 3), left(pg_temp.call('POST', '/Users', '{"userName": "dan@sea"}'), 3);
SELECT left(pg_temp.call('POST', '/crew', '{"number": "6", "handle": "DAN@sea"}'), 3);
SELECT user_name FROM crew.users ORDER BY 1;
SELECT r.body::jsonb ->> 'handle' AS handle FROM unnest(ARRAY['rob@sea', 'rob(at)sea', '3']) p, scim.request('GET', '/crew/' || p) r;
SELECT q, r.body::jsonb -> 'of' AS found FROM unnest(ARRAY['filter=handle+eq+%22old@sea%22', 'filter=handle+ew+%22@sea%22+and+not+(handle+sw+%22r%22)', 'query=@sea']) q, scim.request('GET', '/crew?' || q) r;
-- what is got and put back is what it was
SELECT p.status, u.version, u.user_name FROM crew.users u, scim.request('GET', '/Users/' || id) g, scim.request('PUT', '/Users/' || id, '{}', g.body) p WHERE user_name LIKE 'rob%';
SELECT p.status, p.body = g.body AS same FROM scim.request('GET', '/crew/rob@sea') g, scim.request('PUT', '/crew/rob@sea', '{}', g.body) p;
SELECT max(version) FROM crew.users WHERE user_name LIKE 'rob%';
SELECT count(*) AS audited FROM crew.audit WHERE resource_id = (SELECT id FROM crew.users WHERE user_name LIKE 'rob%');
UPDATE crew.policy SET settings = '{"characters": {"userName": {"in": {"@": "@@"}}}}' WHERE name = 'at';
UPDATE crew.policy SET settings = '{"characters": {"userName": {"in": {"@": "(at)"}, "out": {"(at)": "#"}}}}' WHERE name = 'at';
-- a path that says which of several values finds by that, with its characters
UPDATE crew.policy SET settings = '{"characters": {"emails": {"in": {"@": "(at)"}, "out": {"(at)": "@"}}}}' WHERE name = 'at';
INSERT INTO crew.endpoint (name, methods, path, resource_type, action, settings) VALUES ('by mail', '{GET}', '/mail/{emails[primary eq true].value}', 'User', 'read', '{"like": "member"}');
INSERT INTO crew.users (data) VALUES ('{"userName": "fay", "externalId": "8", "emails": [{"value": "f1@sea"}, {"value": "f2@sea", "primary": true}]}') RETURNING data -> 'emails' AS emails;
SELECT p, r.status, r.body::jsonb -> 'mails' AS mails FROM unnest(ARRAY['/mail/f2@sea', '/mail/f1@sea']) p, scim.request('GET', p) r;
SELECT r.body::jsonb -> 'of' AS found FROM unnest(ARRAY['f1@sea', 'f2@sea']) m, scim.request('GET', '/crew?filter=mail+eq+%22' || m || '%22') r;
SELECT left(pg_temp.call('PATCH', '/crew/8', body), 130) FROM unnest(ARRAY['{"mail": "F1@sea", "mails": ["f1@sea", "f2@sea"]}', '{"mail": "f3@sea"}']) body;
UPDATE crew.policy SET settings = '{"characters": {"userName": {"in": {"@": "(at)"}, "out": {"(at)": "@"}}}}' WHERE name = 'at';
-- what an event tells may have names of its own
INSERT INTO crew.policy (resource_type, kind, name, settings) VALUES ('User', 'emit', 'hello', '{"event": "urn:example:hello", "on": ["create"], "data": {"login": "userName", "to": "emails.value", "mail": "transient.mail"}}');
UPDATE crew.policy SET settings = jsonb_set(settings, '{data,to}', '7') WHERE name = 'hello';
INSERT INTO crew.users (data) VALUES ('{"userName": "eve@sea", "emails": ["e@example.com"]}');
SELECT event_uri, data FROM crew.event ORDER BY id DESC LIMIT 1;
SET client_min_messages = warning;  -- no list of what CASCADE drops
SELECT scim.drop_store('crew', true);
