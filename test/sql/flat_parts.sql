--
-- Endpoints of one's own: a list of one part of several values says nothing of the other parts
--
SELECT scim.create_store('parts');
SET scim.store = 'parts';
INSERT INTO parts.endpoint (name, methods, path, resource_type, action, settings) VALUES
('mails', '{GET}', '/mails/{userName}', 'User', 'read', '{"fields": {"login": "userName", "mails": "emails.value"}}'),
('types', '{GET}', '/types/{userName}', 'User', 'read', '{"fields": {"login": "userName", "types": "emails.type"}}'),
('both', '{GET}', '/both/{userName}', 'User', 'read', '{"fields": {"login": "userName", "mails": "emails.value", "types": "emails.type"}}'),
('all', '{GET}', '/all/{userName}', 'User', 'read', '{"fields": {"login": "userName", "mails": "emails.value", "emails": "emails"}}'),
('one', '{GET}', '/one/{userName}', 'User', 'read', '{"fields": {"login": "userName", "first": {"attribute": "emails.value", "one": true}, "mails": "emails.value", "work": "emails[type eq \"work\"].value", "mail": "emails[primary eq true].value"}}'),
('towns', '{GET}', '/towns/{userName}', 'User', 'read', '{"fields": {"login": "userName", "towns": "addresses.locality"}}'),
('make', '{POST}', '/both', 'User', 'create', '{"like": "both"}'),
('people', '{GET}', '/people', 'User', 'list', '{"like": "mails"}');
INSERT INTO parts.endpoint (name, methods, path, resource_type, action, settings)
SELECT a.action || ' ' || e.name, a.methods, e.path, 'User', a.action, jsonb_build_object('like', e.name)
FROM parts.endpoint e, (VALUES ('{PUT}'::text[], 'replace'), ('{PATCH}', 'merge')) a (methods, action) WHERE e.action = 'read';
INSERT INTO parts.users (data) VALUES ('{"userName": "ada"}'), ('{"userName": "bob"}');
-- What a body makes of the e-mails that are there each time; and whether its answer, put back, changes anything
CREATE FUNCTION pg_temp.write(method text, place text, body text, said jsonb DEFAULT '[{"value": "a@x", "type": "work", "primary": true, "display": "A"}, {"value": "b@x", "type": "home"}, {"type": "other"}]',
    OUT status int, OUT shown jsonb, OUT stored jsonb, OUT again boolean) LANGUAGE plpgsql AS $$
DECLARE
    answer scim.response;
    attribute text := CASE place WHEN 'towns' THEN 'addresses' ELSE 'emails' END;
BEGIN
    UPDATE parts.users SET data = data || jsonb_build_object(attribute, said) WHERE user_name = 'ada';
    answer := scim.request(method, '/' || place || '/ada', '{}', body);
    status := answer.status;
    shown := CASE WHEN answer.status = 200 THEN answer.body::jsonb - 'login' ELSE answer.body::jsonb -> 'message' END;
    SELECT data -> attribute INTO stored FROM parts.users WHERE user_name = 'ada';
    IF answer.status = 200 THEN
        answer := scim.request('PUT', '/' || place || '/ada', '{}', answer.body);
        SELECT answer.status = 200 AND data -> attribute = stored INTO again FROM parts.users WHERE user_name = 'ada';
    END IF;
END $$;
CREATE TEMPORARY TABLE body (n serial, method text, place text, body text);
INSERT INTO body (method, place, body) VALUES
('PUT', 'mails', '{"login": "ada", "mails": ["a@x", "b@x"]}'), ('PATCH', 'mails', '{"mails": ["c@x", "B@x", "a@x"]}'), ('PATCH', 'mails', '{"mails": ["b@x"]}'), ('PATCH', 'mails', '{"mails": "b@x"}'),
('PATCH', 'mails', '{"mails": []}'), ('PUT', 'mails', '{"login": "ada"}'), ('PATCH', 'mails', '{"mails": ["a@x", "a@x", "", "b@x"]}'), ('PATCH', 'mails', '{"mails": ["a@x", 7]}'),
('PUT', 'types', '{"login": "ada", "types": ["work", "home", "other"]}'), ('PATCH', 'types', '{"types": ["work", "travel", "other"]}'), ('PATCH', 'types', '{"types": ["home"]}'), ('PATCH', 'types', '{"types": null}'),
('PATCH', 'types', '{"types": ["work", "home", "other", "new"]}'),
('PUT', 'both', '{"login": "ada", "mails": ["a@x", "b@x"], "types": ["work", "home", "other"]}'), ('PUT', 'both', '{"login": "ada", "mails": ["a@x", "c@x"], "types": ["work", "other"]}'), ('PUT', 'both', '{"login": "ada", "mails": ["a@x"]}'),
('PUT', 'all', '{"login": "ada", "mails": ["a@x", "b@x"], "emails": [{"value": "a@x", "type": "work"}, {"value": "b@x", "display": "B"}]}'), ('PUT', 'all', '{"login": "ada", "mails": ["c@x"], "emails": [{"value": "a@x", "type": "work"}]}'),
('PATCH', 'one', '{"first": "b@x"}'), ('PATCH', 'one', '{"first": "b@x", "mails": ["a@x", "b@x"]}'), ('PATCH', 'one', '{"first": "a@x", "mails": ["b@x", "a@x"]}'), ('PATCH', 'one', '{"first": "z@x", "mails": ["a@x"]}'),
('PATCH', 'one', '{"work": "b@x", "mails": ["a@x", "b@x"]}'), ('PATCH', 'one', '{"work": "a@x", "mail": "c@x", "mails": ["a@x", "c@x"]}'), ('PATCH', 'one', '{"mail": "n@x", "mails": ["a@x", "b@x"]}'), ('PATCH', 'one', '{"mail": null, "mails": ["a@x", "b@x"]}'),
('PUT', 'one', '{"login": "ada", "mails": ["a@x", "b@x"]}'), ('PATCH', 'one', '{"work": "c@x"}'), ('PATCH', 'one', '{"work": null}');
SELECT b.method, b.place, b.body, w.status, w.shown, w.stored, w.again FROM body b, pg_temp.write(b.method, b.place, b.body) w ORDER BY b.n;
SELECT b, w.* FROM (VALUES ('{"towns": ["Rome", "Oslo"]}'), ('{"towns": ["Oslo"]}'), ('{"towns": ["Paris", "Oslo", "Bern"]}')) v (b),
    pg_temp.write('PATCH', 'towns', b, '[{"locality": "Rome", "country": "IT", "type": "work"}, {"locality": "Oslo", "country": "NO"}]') w;
-- where a filter selects several, a field shows the first: put back as it was read it changes none of them, another value changes all
INSERT INTO parts.endpoint (name, methods, path, resource_type, action, settings) VALUES
('several', '{GET}', '/several/{userName}', 'User', 'read', '{"fields": {"login": "userName", "mails": "emails.value", "text": "emails[type eq \"work\"].display", "work": "emails[type eq \"work\"].value", "home": "emails[type eq \"home\"]", "mail": "emails[primary eq true].value"}}'),
('set several', '{PUT}', '/several/{userName}', 'User', 'replace', '{"like": "several"}');
CREATE FUNCTION pg_temp.round(said jsonb, change jsonb, OUT status int, OUT stored jsonb) LANGUAGE plpgsql AS $$
DECLARE
    r scim.response;
BEGIN
    UPDATE parts.users SET data = data || jsonb_build_object('emails', said) WHERE user_name = 'ada';
    r := scim.request('GET', '/several/ada');
    r := scim.request('PUT', '/several/ada', '{}', (r.body::jsonb || change)::text);
    status := r.status;
    SELECT nullif(data -> 'emails', said) INTO stored FROM parts.users WHERE user_name = 'ada';
END $$;
SELECT said, r.* FROM unnest(ARRAY['[{"value": "a", "type": "work"}, {"value": "b", "type": "work", "display": "B"}]', '[{"type": "work"}, {"value": "b", "type": "work"}]', '[{"primary": true}, {"value": "a"}]',
    '[{"value": "a", "type": "home", "primary": true}, {"type": "home", "display": "d"}, {"value": "b", "type": "home"}]', '[]']::jsonb[]) said, pg_temp.round(said, '{}') r;
SELECT change, r.* FROM unnest(ARRAY['{"text": "T"}', '{"work": "c", "mails": ["a", "c"]}', '{"home": {"value": "h"}, "mails": ["a", "b", "h"]}', '{"text": null}']::jsonb[]) change,
    pg_temp.round('[{"value": "a", "type": "work", "display": "A"}, {"value": "b", "type": "work", "display": "B"}]', change) r;
-- whatever the filters: what is shown, put back by replace or merge, changes nothing
CREATE FUNCTION pg_temp.endpoints(what text, attribute text, filters text[], parts text[], lists text[], OUT said text) LANGUAGE sql AS $$
    INSERT INTO parts.endpoint (name, methods, path, resource_type, action, settings)
    SELECT concat_ws(' ', what, f.n, l.n, action), ARRAY[method], format('/%s%s%s/{userName}', what, f.n, l.n), 'User', action,
        jsonb_build_object('fields', (SELECT jsonb_object_agg('f' || p.n, format('%s[%s]%s', attribute, f.f, p.part)) FROM unnest(parts) WITH ORDINALITY p (part, n)) || '{"login": "userName"}' || CASE WHEN l.list = '' THEN '{}' ELSE jsonb_build_object('list', attribute || l.list) END)
    FROM unnest(filters) WITH ORDINALITY f (f, n), unnest(lists) WITH ORDINALITY l (list, n), (VALUES ('GET', 'read'), ('PUT', 'replace'), ('PATCH', 'merge')) a (method, action);
    SELECT count(*) || ' endpoints' FROM parts.endpoint WHERE name ^@ (what || ' ')
$$;
CREATE FUNCTION pg_temp.put_back(what text, said jsonb[], OUT cases int, OUT wrong text[]) LANGUAGE plpgsql AS $$
DECLARE
    place text;
    method text;
    before jsonb;
    g scim.response;
    r scim.response;
BEGIN
    cases := 0;
    wrong := '{}';
    FOR before IN SELECT unnest(said) LOOP
        UPDATE parts.users u SET data = jsonb_build_object('userName', 'ada', 'schemas', u.data -> 'schemas') || before WHERE user_name = 'ada';
        SELECT data - 'meta' INTO before FROM parts.users WHERE user_name = 'ada';
        FOR place, method IN SELECT split_part(path, '/', 2), m FROM parts.endpoint, unnest('{PUT,PATCH}'::text[]) m WHERE name ^@ (what || ' ') AND action = 'read' ORDER BY name, m LOOP
            g := scim.request('GET', '/' || place || '/ada');
            r := scim.request(method, '/' || place || '/ada', '{}', g.body);
            cases := cases + 1;
            IF r.status <> 200 OR (SELECT data - 'meta' <> before FROM parts.users WHERE user_name = 'ada') THEN
                wrong := wrong || format('%s %s %s: %s', method, place, g.body, r.body);
                UPDATE parts.users SET data = before WHERE user_name = 'ada';
            END IF;
        END LOOP;
    END LOOP;
END $$;
SELECT pg_temp.endpoints('filter', 'emails', ARRAY['type eq "work"', 'type ne "work"', 'not (type eq "work")', 'type pr', 'not (type pr)', 'value co "@"', 'display ne null', 'type eq null', 'primary ne true', 'type eq "work" or type eq "home"',
    'type ne "work" and value sw "b"', 'not (type eq "work" or display pr)', 'type gt "home"', 'type eq "nobody" or value ew "nobody"', 'type eq "work" and primary eq true'], '{.value,.type,.display,""}', '{"",.value,.type,.display}');
SELECT b.* FROM pg_temp.put_back('filter', ARRAY['{"emails": [{"value": "a@x"}, {"value": "b@x"}]}', '{"emails": [{"value": "a@x", "type": "work", "primary": true}, {"value": "b@x", "type": "work", "display": "B"}, {"value": "c@x", "type": "home"}, {"type": "home", "display": "D"}]}',
    '{"emails": [{"display": "D"}, {"value": "b@x", "type": "other", "display": "B"}, {"value": "a@x", "primary": false}]}', '{}']::jsonb[]) b;
SELECT FROM pg_temp.put_back('none', ARRAY['{"emails": [{"value": "a@x", "display": "A"}, {"value": "b@x"}]}']::jsonb[]);
SELECT v.body, r.status, coalesce(r.body::jsonb ->> 'message', r.body) AS answer
FROM unnest(ARRAY['{"list": ["c@x", "b@x"], "f1": "a@x"}', '{"list": ["c@x", "b@x"], "f1": "c@x"}', '{"f1": "d@x"}']) v (body), scim.request('PATCH', '/filter22/ada', '{}', v.body) r;
-- the one of a list beside others by filters: as it is shown it is no reason for these to go; alone it is the only one
INSERT INTO parts.endpoint (name, methods, path, resource_type, action, settings)
SELECT concat_ws(' ', 'only', f.n, o.n, action), ARRAY[method], format('/only%s%s/{userName}', f.n, o.n), 'User', action, jsonb_build_object('fields', jsonb_build_object('login', 'userName', 'f', f.f, 'g', jsonb_build_object('attribute', o.o, 'one', true)))
FROM unnest('{emails[type eq \"work\"].value,emails[type ne \"work\"].value,emails[display pr],emails[not (primary pr)].type}'::text[]) WITH ORDINALITY f (f, n), unnest('{emails.value,emails.type,emails}'::text[]) WITH ORDINALITY o (o, n), (VALUES ('GET', 'read'), ('PUT', 'replace'), ('PATCH', 'merge')) a (method, action);
SELECT b.* FROM pg_temp.put_back('only', ARRAY['{"emails": [{"value": "a@x", "type": "work", "display": "A"}, {"value": "b@x", "type": "home", "primary": true}, {"value": "c@x", "type": "other"}]}', '{"emails": [{"value": "a@x", "type": "home"}, {"value": "b@x", "type": "work", "display": "B"}]}']::jsonb[]) b;
SELECT v.body, r.status, coalesce(r.body::jsonb ->> 'message', r.body) AS answer
FROM unnest(ARRAY['{"f": "b@x", "g": "c@x"}', '{"f": "d@x", "g": "c@x"}', '{"g": "d@x"}', '{"f": null, "g": "e@x"}']) v (body), scim.request('PATCH', '/only11/ada', '{}', v.body) r;
SELECT data -> 'emails' AS emails FROM parts.users WHERE user_name = 'ada';
-- the filters of fields speak of what is shown where characters are stored as others
INSERT INTO parts.policy (resource_type, kind, settings) VALUES ('User', 'wire', '{"characters": {"emails.value": {"in": {"@": "[at]"}, "out": {"[at]": "@"}}, "emails.display": {"in": {"A": "<1>"}, "out": {"<1>": "A"}}}}');
SELECT pg_temp.endpoints('wire', 'emails', ARRAY['value eq "a@x"', 'value ne "a@x"', 'value co "@"', 'display eq "A"', 'not (display eq "A")', 'value gt "a"', 'type ne "work"'], '{.value,.type,.display,""}', '{"",.value,.type,.display}');
SELECT b.* FROM pg_temp.put_back('wire', ARRAY['{"emails": [{"value": "a@x", "type": "work", "display": "A"}, {"value": "a@y", "display": "B"}, {"value": "a@x", "type": "home"}]}', '{"emails": [{"value": "b@x", "display": "A"}, {"value": "c@x"}]}']::jsonb[]) b;
SELECT g.body, r.status, r.body FROM scim.request('PATCH', '/wire11/ada', '{}', '{"f1": "a@x", "f2": "work"}') r, scim.request('GET', '/wire12/ada') g;
SELECT data -> 'emails' AS emails FROM parts.users WHERE user_name = 'ada';
DELETE FROM parts.policy WHERE kind = 'wire';
DELETE FROM parts.endpoint WHERE name ^@ 'filter ' OR name ^@ 'only ' OR name ^@ 'wire ';
-- nor does what is shown of members of groups, who are there or not, but never changed
INSERT INTO parts.groups (data) SELECT jsonb_build_object('displayName', 'both', 'members', jsonb_agg(jsonb_build_object('value', id) ORDER BY user_name)) FROM parts.users;
INSERT INTO parts.endpoint (name, methods, path, resource_type, action, settings) VALUES
('crew', '{GET}', '/crew/{displayName}', 'Group', 'read', '{"fields": {"name": "displayName", "one": "members[type ne \"Group\"].value", "whole": "members[type eq \"User\"]", "none": "members[type eq \"Group\"].value", "types": "members.type", "all": "members.value"}}'),
('set crew', '{PUT}', '/crew/{displayName}', 'Group', 'replace', '{"like": "crew"}'), ('change crew', '{PATCH}', '/crew/{displayName}', 'Group', 'merge', '{"like": "crew"}');
SELECT m, r.status, r.body = g.body AS same FROM scim.request('GET', '/crew/both') g, unnest('{PUT,PATCH}'::text[]) m, scim.request(m, '/crew/both', '{}', g.body) r;
SELECT b, r.status, r.body::jsonb ->> 'message' AS message FROM scim.request('GET', '/crew/both') g, (VALUES ('{"all": []}'::jsonb), ('{"one": "00000000-0000-0000-0000-000000000000"}'), ('{"types": ["User"]}')) v (b), scim.request('PATCH', '/crew/both', '{}', (g.body::jsonb || b)::text) r;
DELETE FROM parts.groups;
-- very many, by hash
SELECT w.status, jsonb_array_length(w.stored), w.stored -> 0, w.stored -> 499, w.again FROM pg_temp.write('PATCH', 'mails',
    jsonb_build_object('mails', (SELECT jsonb_agg('m' || i ORDER BY i DESC) FROM generate_series(1, 500) i))::text, (SELECT jsonb_agg(jsonb_build_object('value', 'm' || i, 'type', 'work')) FROM generate_series(1, 500) i)) w;
-- what is sealed is written as a whole, and of values with something sealed the rest stays
SELECT FROM scim.register_schema('{"id": "urn:example:Keys", "name": "Keys", "attributes": [{"name": "pins", "type": "complex", "multiValued": true, "mutability": "writeOnly", "returned": "never", "subAttributes": [{"name": "value"}]},
    {"name": "cards", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "floors", "multiValued": true}, {"name": "code", "mutability": "writeOnly", "returned": "never"}]}]}');
SELECT FROM scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User", "schemaExtensions": [{"schema": "urn:example:Keys"}]}');
SELECT scim.create_sealing_key() IS NOT NULL AS key;
INSERT INTO parts.endpoint (name, methods, path, resource_type, action, settings) VALUES
('keys', '{PATCH}', '/keys/{userName}', 'User', 'merge', '{"fields": {"pins": "urn:example:Keys:pins.value", "cards": "urn:example:Keys:cards.value", "floors": "urn:example:Keys:cards.floors", "codes": "urn:example:Keys:cards.code"}}');
CREATE FUNCTION pg_temp.keys(body text, OUT status int, OUT answer jsonb, OUT pins int, OUT cards jsonb) LANGUAGE plpgsql AS $$
DECLARE
    r scim.response := scim.request('PATCH', '/keys/bob', '{}', body);
BEGIN
    status := r.status;
    answer := coalesce(r.body::jsonb -> 'message', r.body::jsonb);
    SELECT jsonb_array_length(data -> 'urn:example:Keys' -> 'pins'), (SELECT jsonb_agg(c || CASE WHEN c ? 'code' THEN '{"code": "sealed"}' ELSE '{}'::jsonb END) FROM jsonb_array_elements(data -> 'urn:example:Keys' -> 'cards') c)
    INTO pins, cards FROM parts.users WHERE user_name = 'bob';
END $$;
SELECT b, k.* FROM unnest(ARRAY['{"pins": ["1", "2"]}', '{"cards": ["c1", "c2"], "floors": [["1", "2"], ["3"]], "codes": ["x", "y"]}', '{"cards": ["c2", "c3"]}', '{"floors": [["3"], ["4"]]}', '{"floors": [["4"]], "pins": ["3"]}', '{"cards": [], "pins": null}']) b, pg_temp.keys(b) k;
INSERT INTO parts.endpoint (name, methods, path, resource_type, action, settings) VALUES
('whole keys', '{PATCH}', '/whole/{userName}', 'User', 'merge', '{"fields": {"all": "urn:example:Keys:cards", "cards": "urn:example:Keys:cards.value", "one": {"attribute": "urn:example:Keys:cards", "one": true}}}');
SELECT b, r.status, coalesce(r.body::jsonb -> 'message', r.body::jsonb) AS answer FROM unnest(ARRAY['{"all": [{"value": "c1", "code": "x"}], "cards": ["c1"]}', '{"one": {"value": "c1", "code": "y"}, "cards": ["c1"]}', '{"all": [{"value": "c1", "code": "x"}], "cards": ["c2"]}']) b,
    scim.request('PATCH', '/whole/bob', '{}', b) r;
SELECT pg_temp.endpoints('cards', 'urn:example:Keys:cards', ARRAY['value ne "c1"', 'floors eq "1"', 'not (floors eq "3")', 'floors ne "1"', 'value pr'], '{.value,.floors,""}', '{"",.value,.floors}');
SELECT b.* FROM pg_temp.put_back('cards', ARRAY['{"urn:example:Keys": {"cards": [{"value": "c1", "floors": ["1", "2"], "code": "x"}, {"value": "c2", "floors": ["2"], "code": "y"}, {"value": "c3", "code": "z"}]}}', '{"urn:example:Keys": {"cards": [{"floors": ["1"], "code": "x"}, {"value": "c2"}]}}']::jsonb[]) b;
SELECT r.status, r.body::jsonb - 'login' AS answer FROM scim.request('POST', '/both', '{}', '{"login": "cy", "mails": ["a@x", "b@x", "c@x"], "types": ["work", "home"]}') r;
SELECT data -> 'emails' AS emails FROM parts.users WHERE user_name = 'cy';
DELETE FROM parts.users WHERE user_name = 'cy';
-- what a client sends is none of these operations
SELECT r.status, r.body::jsonb ->> 'detail' AS detail FROM parts.users u, unnest('{list,choose}'::text[]) op,
    scim.request('PATCH', '/Users/' || u.id, '{}', jsonb_build_object('Operations', jsonb_build_array(jsonb_build_object('op', op, 'path', 'emails.value', 'value', '["x"]'::jsonb)))::text) r WHERE user_name = 'bob';

--
-- A field that is a whole value: asked for, compared, and written as the value that it is
--
INSERT INTO parts.endpoint (name, methods, path, resource_type, action, settings) VALUES
('phone', '{GET}', '/phone/{userName}', 'User', 'read', '{"fields": {"login": "userName", "phone": "phoneNumbers[type eq \"work\"]", "has": {"present": "phoneNumbers[type eq \"work\"]"}, "first": "name.givenName",
    "roles": {"attribute": "roles.value", "values": {"adm": "admin"}}, "kind": {"attribute": "userType", "values": {"e": "Employee"}}, "secretly": {"attribute": "userType", "values": {"e": "Employee"}, "access": "write"}}}'),
('set phone', '{PUT}', '/phone/{userName}', 'User', 'replace', '{"like": "phone"}'),
('change phone', '{PATCH}', '/phone/{userName}', 'User', 'merge', '{"like": "phone"}'),
('phones', '{GET}', '/phone', 'User', 'list', '{"like": "phone", "list": {"paging": {"style": "cursor", "limit": "top"}, "query": {"fields": ["phone"]}, "body": {"who": "{items}", "next": "{cursor}"}}}');
UPDATE parts.users SET data = data || '{"phoneNumbers": [{"value": "+1", "type": "work", "display": "D"}, {"value": "+2", "type": "home"}], "roles": ["other", "admin"], "userType": "Temp"}' WHERE user_name = 'ada';
SELECT f, r.status, coalesce((SELECT string_agg(who ->> 'login', ' ') FROM jsonb_array_elements(r.body::jsonb -> 'who') who), r.body::jsonb ->> 'message') AS who
FROM unnest(ARRAY['phone pr', 'not (phone pr)', 'phone eq "1"', 'phone co "1"', 'phone.value sw "+1"', 'phone.display pr', 'has eq true', 'has eq false', 'has pr', 'roles eq "other"']) f,
    scim.request('GET', '/phone?filter=' || replace(replace(replace(f, ' ', '%20'), '+', '%2B'), '"', '%22')) r;
SELECT r.status, jsonb_array_length(r.body::jsonb -> 'who') AS found FROM scim.request('GET', '/phone?query=1') r;
CREATE FUNCTION pg_temp.phone(body text, OUT status int, OUT answer jsonb, OUT stored jsonb) LANGUAGE plpgsql AS $$
DECLARE
    r scim.response := scim.request('PATCH', '/phone/ada', '{}', body);
BEGIN
    status := r.status;
    answer := coalesce(r.body::jsonb -> 'message', r.body::jsonb -> 'phone');
    SELECT data -> 'phoneNumbers' INTO stored FROM parts.users WHERE user_name = 'ada';
END $$;
SELECT b, p.* FROM unnest(ARRAY['{"phone": {"value": "+9"}}', '{"phone": "+8"}', '{"phone": [{"value": "+7", "type": "WORK"}]}', '{"phone": {"value": "+9", "type": "home"}}', '{"phone": null}', '{"phone": {"value": "+6", "display": "six"}}']) b, pg_temp.phone(b) p;

--
-- Messages speak of fields, and of the parameters of the list
--
SELECT b, p.status, p.answer FROM unnest(ARRAY['{"phone": {"value": 7}}', '{"first": 5}', '{"first": ["a", "b"]}', '{"first": {"a": 1}}']) b, pg_temp.phone(b) p;
SELECT r.status, r.body::jsonb ->> 'message' AS message FROM scim.request('GET', '/phone?top=1') g, scim.request('GET', '/phone?top=2&cursor=' || (g.body::jsonb ->> 'next')) r;

--
-- What is shown for want of a name may be said again, and nothing else that has none
--
SELECT p.status, p.body = g.body AS same FROM scim.request('GET', '/phone/ada') g, scim.request('PUT', '/phone/ada', '{}', g.body) p;
SELECT b, p.status, p.answer FROM unnest(ARRAY['{"roles": ["adm", "other"]}', '{"roles": ["OTHER"]}', '{"roles": ["other", "x"]}', '{"roles": ["admin"]}', '{"kind": "Temp"}', '{"kind": "Employee"}', '{"secretly": "Temp"}', '{"kind": "e"}', '{"kind": "Temp"}']) b, pg_temp.phone(b) p;
SELECT data -> 'roles' AS roles, data -> 'userType' AS kind FROM parts.users WHERE user_name = 'ada';

--
-- An empty filter asks for some, and is not answered with all
--
SELECT q, r.status, coalesce(r.body::jsonb ->> 'message', jsonb_array_length(r.body::jsonb) || ' people') AS answer
FROM unnest(ARRAY['', '?limit=', '?filter=', '?filter', '?filter=login+pr', '?filter=&filter=login+pr']) q, scim.request('GET', '/people' || q) r;

--
-- A list of a part that no value has is shown as nothing, as the filter takes it
--
INSERT INTO parts.endpoint (name, methods, path, resource_type, action, settings) VALUES
('omits', '{GET}', '/omits/{userName}', 'User', 'read', '{"fields": {"mails": "emails.value", "types": "emails.type", "first": {"attribute": "emails.value", "one": true}, "on": {"present": "emails.value"}}}'),
('nulls', '{GET}', '/nulls/{userName}', 'User', 'read', '{"like": "omits", "absent": "null"}'),
('tells', '{GET}', '/tells/{userName}', 'User', 'read', '{"like": "omits", "body": {"mails": "{mails}", "text": "has {mails}"}}'),
('omits merge', '{PATCH}', '/omits/{userName}', 'User', 'merge', '{"like": "omits"}'),
('omitted', '{GET}', '/omitted', 'User', 'list', '{"like": "omits"}');
UPDATE parts.users SET data = data || '{"emails": [{"type": "work", "display": "d1"}]}' WHERE user_name = 'ada';
SELECT place, r.body FROM unnest(ARRAY['omits', 'nulls', 'tells']) place, scim.request('GET', '/' || place || '/ada') r;
UPDATE parts.users SET data = data || '{"emails": [{"value": "a@x"}]}' WHERE user_name = 'ada';
SELECT place, r.body FROM unnest(ARRAY['omits', 'nulls', 'tells']) place, scim.request('GET', '/' || place || '/ada') r;
UPDATE parts.users SET data = data - 'emails' WHERE user_name = 'ada';
SELECT place, r.body FROM unnest(ARRAY['omits', 'nulls', 'tells']) place, scim.request('GET', '/' || place || '/ada') r;
UPDATE parts.users SET data = data || '{"emails": [{"type": "work", "display": "d1"}]}' WHERE user_name = 'ada';
SELECT f, jsonb_array_length(r.body::jsonb) AS found FROM unnest(ARRAY['mails pr', 'not (mails pr)', 'types pr']) f, scim.request('GET', '/omitted?filter=' || replace(f, ' ', '+')) r;
SELECT b, r.status, r.body FROM unnest(ARRAY['{"mails": [], "types": ["home"]}', '{"mails": [""], "types": ["home"]}', '{"mails": null, "types": ["home"]}', '{"mails": ["a@x"], "types": ["home"]}', '{"mails": [], "types": ["home"]}']) b, scim.request('PATCH', '/omits/ada', '{}', b) r;

SET client_min_messages = warning;  -- no list of what CASCADE drops
SELECT scim.drop_store('parts', true);
