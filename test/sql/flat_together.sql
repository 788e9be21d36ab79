--
-- Endpoints of one's own: what several fields say of one attribute is stored, or it is 400
--
SELECT scim.create_store('together');
SET scim.store = 'together';
INSERT INTO together.endpoint (name, methods, path, resource_type, action, settings) VALUES
('make', '{POST}', '/e', 'User', 'create', '{"fields": {"login": "userName", "role": {"attribute": "roles.value", "one": true}, "kind": {"attribute": "roles.type", "one": true}, "texts": "roles.display", "types": "roles.type"}}'),
('change', '{PATCH}', '/e/{userName}', 'User', 'merge', '{"like": "make"}'),
('put', '{PUT}', '/e/{userName}', 'User', 'replace', '{"like": "make"}'),
('lists', '{PUT}', '/l/{userName}', 'User', 'replace', '{"fields": {"login": "userName", "mails": "emails.value", "disp": "emails.display"}}'),
('ones', '{PATCH}', '/o/{userName}', 'User', 'merge', '{"fields": {"mail": {"attribute": "emails.value", "one": true}, "type": {"attribute": "emails.type", "one": true}}}'),
('filters', '{PATCH}', '/f/{userName}', 'User', 'merge', '{"fields": {"a": "emails[value eq \"a@x\"].value", "work": "emails[type eq \"work\"].type", "some": "emails[type ne \"work\"]"}}'),
('crew', '{PATCH}', '/crew/{displayName}', 'Group', 'merge', '{"fields": {"all": "members.value", "one": {"attribute": "members.value", "one": true}, "user": "members[type eq \"User\"].value"}}'),
('preset', '{POST}', '/p', 'User', 'create', '{"fields": {"login": "userName", "home": "emails[type eq \"home\"].value", "mail": {"attribute": "emails.value", "one": true}, "first": "name.givenName"},
    "constants": {"emails": [{"value": "c@x", "type": "work"}], "phoneNumbers.value": ["1"], "name": {"givenName": "C", "familyName": "F"}, "emails[primary eq true].value": "p@x"}}');
-- a list of another part says nothing of the one: it is a part of the values that are there
SELECT n, b, r.status, coalesce(r.body::jsonb -> 'message', r.body::jsonb - 'login') AS answer
FROM unnest(ARRAY['{"role": "Admin", "texts": []}', '{"role": "Admin", "texts": null}', '{"role": "Admin", "types": ["x"]}', '{"role": "Admin", "types": ["x", "y"], "kind": "y"}', '{"role": "Admin", "types": ["x", "y"], "kind": "z"}',
    '{"role": "Admin", "kind": "z", "texts": ["d"]}', '{"role": null, "types": ["x"]}', '{"kind": "x", "types": []}']) WITH ORDINALITY b (b, n),
    scim.request('POST', '/e', '{}', (b::jsonb || jsonb_build_object('login', 'u' || n))::text) r ORDER BY n;
CREATE FUNCTION pg_temp.stored(who text, attribute text) RETURNS jsonb LANGUAGE sql AS $$ SELECT data -> attribute FROM together.users WHERE user_name = who $$;
CREATE FUNCTION pg_temp.write(method text, place text, body text, attribute text, said jsonb, OUT status int, OUT answer jsonb, OUT stored jsonb) LANGUAGE plpgsql AS $$
DECLARE
    r scim.response;
BEGIN
    UPDATE together.users SET data = data || jsonb_build_object(attribute, said) WHERE user_name = 'u1';
    r := scim.request(method, place || '/u1', '{}', body);
    status := r.status;
    answer := coalesce(r.body::jsonb -> 'message', r.body::jsonb - 'login');
    SELECT nullif(data -> attribute, said) INTO stored FROM together.users WHERE user_name = 'u1';
END $$;
SELECT b, w.* FROM unnest(ARRAY['{"role": "Boss", "texts": []}', '{"role": "Boss", "types": ["a", "b"]}', '{"role": "Guest", "types": ["a", "b"]}', '{"role": null, "types": ["a"]}', '{"role": "Admin", "types": ["a", "b"]}']) b,
    pg_temp.write('PATCH', '/e', b, 'roles', '[{"value": "Admin", "type": "a", "display": "A", "primary": true}, {"value": "Guest", "type": "b"}]') w;
SELECT b, w.* FROM unnest(ARRAY['{"login": "u1", "role": "Boss", "texts": []}', '{"login": "u1", "types": ["b"]}']) b,
    pg_temp.write('PUT', '/e', b, 'roles', '[{"value": "Admin", "type": "a", "display": "A", "primary": true}, {"value": "Guest", "type": "b"}]') w;
SELECT b, w.* FROM unnest(ARRAY['{"mail": "b@x", "type": "home"}', '{"mail": "b@x"}', '{"mail": "b@x", "type": null}', '{"mail": null, "type": "home"}']) b,
    pg_temp.write('PATCH', '/o', b, 'emails', '[{"value": "a@x"}, {"value": "c@x"}, {"type": "Work", "primary": true}]') w;
SELECT b, w.* FROM unnest(ARRAY['{"login": "u1", "mails": ["c@x"], "disp": ["d1"]}', '{"login": "u1", "mails": [], "disp": ["d1"]}']) b, pg_temp.write('PUT', '/l', b, 'emails', '[{"type": "home", "value": "A@x", "display": "a"}]') w;
-- a value by a filter is what the filter selects still
SELECT b, w.* FROM unnest(ARRAY['{"a": "b@x"}', '{"work": "home"}', '{"some": {"value": "b@x", "type": "work"}}', '{"a": "A@x"}', '{"work": null}']) b, pg_temp.write('PATCH', '/f', b, 'emails', '[{"value": "a@x"}, {"value": "b@x", "type": "work"}]') w;
-- of members the list says which there are, and one of them, or a filter's, nothing else
INSERT INTO together.groups (data) SELECT jsonb_build_object('displayName', 'g', 'members', jsonb_build_array(jsonb_build_object('value', id))) FROM together.users WHERE user_name = 'u1';
SELECT r.status, r.body::jsonb ->> 'message' AS message FROM together.users a, together.users b, unnest(ARRAY['{"all": ["%s"], "one": "%s"}', '{"all": ["%s"], "user": "%s"}', '{"all": ["%1$s"], "one": "%1$s", "user": "%1$s"}']) t,
    scim.request('PATCH', '/crew/g', '{}', format(t, a.id, b.id)) r WHERE a.user_name = 'u1' AND b.user_name = 'u2';
-- constants are beside what a body says of the same attribute, not in its place
SELECT b, r.status, coalesce(r.body::jsonb -> 'message', r.body::jsonb) AS answer
FROM unnest(ARRAY['{"login": "p1"}', '{"login": "p2", "home": "h@x", "first": "A"}', '{"login": "p3", "mail": "m@x"}']) b, scim.request('POST', '/p', '{}', b) r;
SELECT data -> 'emails' AS emails, data -> 'name' AS name FROM together.users WHERE user_name ^@ 'p' ORDER BY user_name;

-- and what it takes away does not come back by a constant with a filter, or of a part; nor goes what it says nothing of
INSERT INTO together.endpoint (name, methods, path, resource_type, action, settings) VALUES
('home', '{POST}', '/h', 'User', 'create', '{"fields": {"login": "userName", "title": "title", "home": "emails[type eq \"home\"].value", "text": "emails[type eq \"home\"].display", "work": "emails[type eq \"work\"].value", "wholes": "emails", "mails": "emails.value",
    "types": "emails.type", "texts": "emails.display", "mail": {"attribute": "emails.value", "one": true}, "value": "emails[type eq \"home\"]", "main": "emails[primary eq true].value", "first": "name.givenName", "last": "name.familyName", "name": "name", "roles": "roles.value"},
    "constants": {"title": "T", "emails[type eq \"home\"].value": "h@x", "emails[type eq \"home\"].display": "H", "roles": ["a"], "name.givenName": "G"}}');
SELECT b, r.status, coalesce(r.body::jsonb -> 'message', pg_temp.stored('h' || n, 'emails')) AS emails, pg_temp.stored('h' || n, 'name') AS name, pg_temp.stored('h' || n, 'title') AS title, pg_temp.stored('h' || n, 'roles') AS roles
FROM unnest(ARRAY['{}', '{"title": null, "roles": null, "home": null}', '{"home": "", "first": ""}', '{"home": []}', '{"wholes": []}', '{"wholes": null, "work": "w@x"}', '{"mails": []}', '{"mail": null}', '{"value": null}', '{"value": {}}', '{"types": []}', '{"texts": []}', '{"text": null}',
    '{"name": null}', '{"first": null, "last": "L"}', '{"last": null}', '{"name": null, "first": "F"}', '{"home": "me@x"}', '{"home": "me@x", "text": null}', '{"home": null, "text": "M"}', '{"main": null}', '{"work": null}', '{"mails": ["a@x"], "home": null}', '{"mails": ["a@x"], "home": null, "text": null}',
    '{"mails": ["a@x"]}', '{"mail": "a@x", "home": null}']) WITH ORDINALITY b (b, n), scim.request('POST', '/h', '{}', (b::jsonb || jsonb_build_object('login', 'h' || n))::text) r ORDER BY n;
-- one that makes no value by itself, but changes what a body says; and members
INSERT INTO together.endpoint (name, methods, path, resource_type, action, settings) VALUES
('unlike', '{POST}', '/n', 'User', 'create', '{"fields": {"login": "userName", "wholes": "emails", "text": "emails[type eq \"x\"].display"}, "constants": {"emails[type ne \"w\"].value": "N"}}'),
('crowd', '{POST}', '/crowd', 'Group', 'create', '{"fields": {"name": "displayName", "all": "members.value", "wholes": "members"}, "constants": {"members": [{"value": "00000000-0000-0000-0000-000000000001"}]}}');
SELECT b, r.status, coalesce(r.body::jsonb -> 'message', pg_temp.stored('n' || n, 'emails')) AS emails
FROM unnest(ARRAY['{}', '{"wholes": [{"type": "x"}]}', '{"wholes": [{"type": "x", "display": "D"}], "text": null}', '{"wholes": [{"type": "y", "display": "D"}], "text": null}', '{"wholes": []}']) WITH ORDINALITY b (b, n),
    scim.request('POST', '/n', '{}', (b::jsonb || jsonb_build_object('login', 'n' || n))::text) r ORDER BY n;
SELECT b, r.status, coalesce(r.body::jsonb -> 'message', r.body::jsonb -> 'wholes') AS members
FROM unnest(ARRAY['{}', '{"all": []}', '{"all": null}', '{"wholes": []}', '{"all": ["00000000-0000-0000-0000-000000000002"]}']) WITH ORDINALITY b (b, n), scim.request('POST', '/crowd', '{}', (b::jsonb || jsonb_build_object('name', 'crowd' || n))::text) r ORDER BY n;

-- an error of a value by a filter names the field that was said, and no other of its attribute
INSERT INTO together.endpoint (name, methods, path, resource_type, action, settings) VALUES
('said', '{PATCH}', '/s/{userName}', 'User', 'merge', '{"fields": {"login": "userName", "vals": "emails.value", "wholes": "emails", "b": "emails[type eq \"w\"].value", "kind": "emails[type eq \"h\"].type", "either": "emails[type eq \"x1\" or type eq \"x2\"].display", "other": "emails[type eq \"x1\"].type",
    "whole": "emails[type eq \"x1\" or type eq \"x2\"]", "marked": "emails[type eq \"w\"]", "unlike": "emails[type ne \"w\"].value", "age": "roles[type eq \"x\"].primary", "b2": "emails[type eq \"w\"].value"}}'),
('put said', '{PUT}', '/s/{userName}', 'User', 'replace', '{"like": "said"}'),
('few', '{PATCH}', '/few/{userName}', 'User', 'merge', '{"fields": {"login": "userName", "either": "emails[type eq \"x1\" or type eq \"x2\"].display", "b": "emails[type eq \"w\"].value"}}'),
('must', '{POST}', '/s', 'User', 'create', '{"like": "said"}');
SELECT b, w.* FROM unnest(ARRAY['{"either": "D"}', '{"whole": {"value": "D"}}', '{"unlike": "D"}', '{"vals": [], "unlike": "D"}', '{"other": "x2"}', '{"kind": "w"}', '{"whole": {"value": "a@x", "type": "x3"}}', '{"marked": {"value": "a@x", "type": "x3"}}', '{"marked": {"value": {"a": 1}}}', '{"b": {"a": 1}}', '{"vals": [{"a": 1}]}', '{"wholes": [{"value": {"a": 1}}]}', '{"either": null}', '{"b": "a@x", "b2": "b@x"}', '{"age": "x"}']) b,
    pg_temp.write('PATCH', '/s', b, 'emails', '[]') w;
SELECT b, w.* FROM unnest(ARRAY['{"login": "u1", "either": "D"}']) b, pg_temp.write('PUT', '/s', b, 'emails', '[]') w;
SELECT b, w.* FROM unnest(ARRAY['{"either": "D"}']) b, pg_temp.write('PATCH', '/few', b, 'emails', '[]') w;
SELECT r.status, r.body::jsonb ->> 'message' AS message FROM scim.request('POST', '/s', '{}', '{"login": "s1", "either": "D"}') r;
-- who knows paths is told of them
SELECT r.body::jsonb ->> 'detail' AS detail FROM together.users u, scim.request('PATCH', '/Users/' || u.id, '{}', '{"Operations": [{"op": "replace", "path": "emails[type eq \"x1\" or type eq \"x2\"].display", "value": "D"}]}') r WHERE u.user_name = 'u1';
SELECT r.body::jsonb ->> 'detail' AS detail FROM together.users u, scim.request('PATCH', '/Users/' || u.id, '{}', '{"Operations": [{"op": "replace", "path": "title", "value": "D", "field": "title"}]}') r WHERE u.user_name = 'u1';

-- whatever the fields and the body: what came in is what GET shows afterwards, and may be put back
CREATE FUNCTION pg_temp.dice(seed text, n int) RETURNS int LANGUAGE sql AS $$ SELECT (('x' || substr(md5(seed), 1, 7))::bit(28)::int % n) $$;
CREATE TEMPORARY TABLE field AS SELECT * FROM (VALUES (0, 'list', '"emails.value"'::jsonb), (1, 'list', '"emails.type"'), (2, 'list', '"emails.display"'), (3, 'wholes', '"emails"'), (4, 'one', '{"attribute": "emails.value", "one": true}'),
    (5, 'one', '{"attribute": "emails.type", "one": true}'), (6, 'one', '{"attribute": "emails.display", "one": true}'), (7, 'whole', '{"attribute": "emails", "one": true}'), (8, 'one', '"emails[type eq \"a\"].value"'),
    (9, 'one', '"emails[primary eq true].value"'), (10, 'one', '"emails[type eq \"a\"].display"'), (11, 'one', '"emails[type ne \"a\"].value"'), (12, 'whole', '"emails[type eq \"b\"]"'), (13, 'one', '"emails[value eq \"a\"].type"')) f (n, kind, attribute);
INSERT INTO together.endpoint (name, methods, path, resource_type, action, settings)
SELECT format('random %s %s', s, action), ARRAY[method], format('/r%s%s', s, CASE WHEN action <> 'create' THEN '/{userName}' END), 'User', action, jsonb_build_object('fields', f)
FROM generate_series(1, 60) s, LATERAL (SELECT jsonb_object_agg('f' || n, attribute) || '{"login": "userName"}' AS f FROM field WHERE n IN (SELECT pg_temp.dice(s || ' field ' || i, 14) FROM generate_series(1, 2 + s % 3) i)) f,
    (VALUES ('GET', 'read'), ('POST', 'create'), ('PUT', 'replace'), ('PATCH', 'merge')) a (method, action);
-- a text, an object of texts, or a list of these
CREATE FUNCTION pg_temp.random_value(seed text, kind text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT CASE
        WHEN pg_temp.dice(seed || 'null', 8) = 0 THEN 'null'
        WHEN kind = 'one' THEN to_jsonb(substr('abc', 1 + pg_temp.dice(seed || 'text', 3), 1))
        WHEN kind = 'whole' THEN jsonb_strip_nulls(jsonb_build_object('value', substr('abc', 1 + pg_temp.dice(seed || 'value', 3), 1), 'type', (ARRAY['a', 'b', NULL])[1 + pg_temp.dice(seed || 'type', 3)], 'display', (ARRAY['a', NULL, NULL])[1 + pg_temp.dice(seed || 'display', 3)],
            'primary', CASE WHEN seed ~ '0$' AND pg_temp.dice(seed || 'primary', 2) = 0 THEN true END))
        ELSE coalesce((SELECT jsonb_agg(v ORDER BY i) FROM generate_series(0, pg_temp.dice(seed || 'count', 4) - 1) i, pg_temp.random_value(seed || i, CASE kind WHEN 'wholes' THEN 'whole' ELSE 'one' END) v WHERE v <> 'null'), '[]')
    END
$$;
CREATE FUNCTION pg_temp.try(first int, last int, OUT cases int, OUT accepted int, OUT wrong text[]) LANGUAGE plpgsql AS $$
DECLARE
    place text;
    method text;
    said jsonb;
    before jsonb;
    after jsonb;
    r scim.response;
    shown jsonb;
    f record;
    v jsonb;
    empty boolean;
    lists boolean;
BEGIN
    cases := 0;
    accepted := 0;
    wrong := '{}';
    FOR i IN first .. last LOOP
        place := '/r' || 1 + i % 60;
        method := (ARRAY['POST', 'PUT', 'PATCH'])[1 + pg_temp.dice(i || ' method', 3)];
        SELECT jsonb_object_agg('f' || n, pg_temp.random_value(i || ' ' || n, kind)), bool_and(pg_temp.random_value(i || ' ' || n, kind) IN ('null', '[]')) INTO said, empty FROM field, together.endpoint e
        WHERE e.path = place AND e.settings -> 'fields' ? ('f' || n) AND pg_temp.dice(i || ' said ' || n, 4) > 0;
        CONTINUE WHEN said IS NULL;
        DELETE FROM together.users WHERE user_name IN ('x', 'y');
        before := coalesce(nullif(pg_temp.random_value(i || ' before', 'wholes'), 'null'), '[]');
        IF method <> 'POST' THEN
            INSERT INTO together.users (data) VALUES (jsonb_build_object('userName', 'x', 'emails', before));
        END IF;
        SELECT data -> 'emails' INTO before FROM together.users WHERE user_name = 'x';
        r := scim.request(method, place || CASE WHEN method <> 'POST' THEN '/x' ELSE '' END, '{}', (said || '{"login": "x"}')::text);
        cases := cases + 1;
        CONTINUE WHEN r.status = 400;
        accepted := accepted + 1;
        IF r.status >= 300 THEN
            wrong := wrong || format('%s %s %s: %s', method, place, said, r.body);
            CONTINUE;
        END IF;
        shown := (scim.request('GET', place || '/x')).body::jsonb;
        FOR f IN SELECT n, kind, value FROM field, jsonb_each(said) WHERE key = 'f' || n LOOP
            v := f.value;
            IF coalesce(CASE WHEN f.kind IN ('list', 'wholes') THEN CASE WHEN v IN ('null', '[]') THEN NOT empty OR coalesce(shown -> ('f' || f.n), '[]') = '[]' ELSE shown -> ('f' || f.n) @> v END
                             WHEN v = 'null' THEN shown -> ('f' || f.n) IS NULL WHEN f.kind = 'whole' THEN shown -> ('f' || f.n) @> v ELSE shown -> ('f' || f.n) = v END, false) THEN
                CONTINUE;
            END IF;
            SELECT wrong || format('%s %s: %s of %s is %s, %s', method, e.settings -> 'fields', said, before, shown, f.n) INTO wrong FROM together.endpoint e WHERE e.path = place;
        END LOOP;
        SELECT data -> 'emails' INTO before FROM together.users WHERE user_name = 'x';
        -- one that is alone is the only value
        SELECT NOT bool_or(n IN (4, 5, 6, 7)) INTO lists FROM field, together.endpoint e WHERE e.path = place AND e.settings -> 'fields' ? ('f' || n);
        r := scim.request('PUT', place || '/x', '{}', shown::text);
        SELECT data -> 'emails' INTO after FROM together.users WHERE user_name = 'x';
        IF r.status <> 200 OR (lists AND after IS DISTINCT FROM before) THEN
            wrong := wrong || format('back %s %s of %s: %s %s', place, shown, before, r.body, after);
        END IF;
    END LOOP;
END $$;
SELECT t.cases, t.accepted, w.* FROM pg_temp.try(1, 240) t LEFT JOIN unnest(t.wrong) w ON true;

SET client_min_messages = warning;  -- no list of what CASCADE drops
SELECT scim.drop_store('together', true);
