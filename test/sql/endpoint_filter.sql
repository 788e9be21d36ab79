-- Endpoints of one's own: filters of fields that a filter selects, and of one value of a list
SET client_min_messages = warning;
SELECT scim.create_store('sieve');
SET scim.store = 'sieve';
SELECT scim.register_schema('{"id": "urn:example:Extra", "name": "Extra", "attributes": [
    {"name": "notes", "multiValued": true},
    {"name": "scores", "type": "complex", "multiValued": true, "subAttributes": [{"name": "type"}, {"name": "value", "type": "integer"}, {"name": "since", "type": "dateTime"}, {"name": "sure", "type": "boolean"}]}]}');
SELECT scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User", "schemaExtensions": [{"schema": "urn:example:Extra", "required": false}]}');
INSERT INTO sieve.endpoint (methods, path, resource_type, action, settings) VALUES
    ('{GET}', '/api/u', 'User', 'list', '{"fields": {"login": "userName", "title": "title", "nick": {"attribute": "nickName", "values": {"A": "a", "B": "b"}},
        "wmail": "emails[type eq \"work\"].value", "either": "emails[type eq \"work\" or type eq \"home\"].value", "kind": {"attribute": "emails[type eq \"work\"].display", "values": {"A": "a", "B": "b"}},
        "phone": "phoneNumbers[type eq \"work\"]", "town": "addresses[type eq \"work\"].locality", "home": "addresses[type eq \"work\"]", "note": "urn:example:Extra:notes[value sw \"a\"]",
        "score": "urn:example:Extra:scores[type eq \"x\"]", "points": "urn:example:Extra:scores[type eq \"x\"].value", "since": "urn:example:Extra:scores[type eq \"x\"].since", "sure": "urn:example:Extra:scores[not (type ne \"x\")].sure",
        "has": {"present": "phoneNumbers[type eq \"work\"]"}, "mails": "emails.value", "main": {"attribute": "emails.value", "one": true}, "team": "groups[type eq \"direct\"].value"},
        "list": {"query": {"fields": ["main"]}}}'),
    ('{GET}', '/api/g', 'Group', 'list', '{"fields": {"login": "displayName", "member": "members[type eq \"User\"].value", "inner": "members[type eq \"Group\"]"}}');
INSERT INTO sieve.users (data) VALUES
    ('{"userName": "ada", "title": "a", "nickName": "a", "emails": [{"value": "a", "type": "work", "display": "a"}, {"value": "x", "type": "other", "primary": true}], "phoneNumbers": [{"value": "1", "type": "work"}],
      "addresses": [{"type": "work", "locality": "Bonn"}], "urn:example:Extra": {"notes": ["a", "b"], "scores": [{"type": "x", "value": 1, "since": "2020-01-01T00:00:00Z", "sure": true}, {"type": "y", "value": 7}]}}'),
    ('{"userName": "bob", "title": "b", "nickName": "b", "emails": [{"value": "b", "type": "work", "display": "b"}], "phoneNumbers": [{"value": "2", "type": "work"}, {"value": "1", "type": "home"}],
      "addresses": [{"type": "work", "locality": "Cork"}], "urn:example:Extra": {"notes": ["ab", "abc"], "scores": [{"type": "x", "value": 2, "since": "2021-01-01T00:00:00Z", "sure": false}]}}'),
    ('{"userName": "cyd", "title": "zz", "nickName": "zz", "emails": [{"value": "zz", "type": "work", "display": "zz"}, {"value": "a", "type": "home"}], "phoneNumbers": [{"display": "d", "type": "work"}],
      "addresses": [{"type": "work", "country": "DE"}], "urn:example:Extra": {"notes": ["b"], "scores": [{"type": "x"}]}}'),
    ('{"userName": "dan", "emails": [{"type": "work", "primary": true}, {"value": "a", "type": "other", "display": "a"}], "phoneNumbers": [{"value": "1", "type": "home"}], "urn:example:Extra": {"scores": [{"type": "y", "value": 1}]}}'),
    ('{"userName": "eve"}');
INSERT INTO sieve.groups (data) VALUES ('{"displayName": "empty"}');
INSERT INTO sieve.groups (id, data) SELECT '00000000-0000-7000-8000-0000000000a1', jsonb_build_object('displayName', 'staff', 'members', jsonb_agg(jsonb_build_object('value', id))) FROM sieve.users WHERE user_name IN ('ada', 'bob');
INSERT INTO sieve.groups (data) VALUES ('{"displayName": "outer", "members": [{"value": "00000000-0000-7000-8000-0000000000a1"}]}');
CREATE FUNCTION pg_temp.found(filter text, path text DEFAULT '/api/u') RETURNS text LANGUAGE sql AS $$
    SELECT CASE status WHEN 200 THEN coalesce((SELECT string_agg(x ->> 'login', ' ' ORDER BY x ->> 'login') FROM jsonb_array_elements(body::jsonb) x), '') ELSE status || ' ' || coalesce(body::jsonb ->> 'detail', body::jsonb ->> 'message', body) END
    FROM scim.request('GET', path || '?filter=' || replace(replace(replace(filter, '%', '%25'), ' ', '+'), '"', '%22'))
$$;
-- what is not there
SELECT field, pg_temp.found(field || ' pr') AS pr, pg_temp.found('not (' || field || ' pr)') AS not_pr, pg_temp.found(field || ' eq null') AS eq_null, pg_temp.found(field || ' eq ""') AS eq_empty,
    pg_temp.found(field || ' ne null') AS ne_null, pg_temp.found(field || ' ne ""') AS ne_empty
FROM unnest(ARRAY['title', 'wmail', 'nick', 'kind', 'either', 'phone', 'phone.display', 'town', 'home', 'note', 'score', 'score.value', 'points', 'since', 'sure', 'mails', 'main', 'team']) WITH ORDINALITY f (field, n) ORDER BY n;
-- what differs, or is not there
SELECT filter, pg_temp.found(filter) AS found, pg_temp.found('not (' || filter || ')') AS not_found
FROM unnest(ARRAY['wmail ne "a"', 'kind ne "A"', 'kind ne "zz"', 'either ne "a"', 'phone ne "1"', 'phone.value ne "1"', 'phone.display ne "d"', 'town ne "bonn"', 'home ne "x"', 'note ne "a"', 'note ne "ab"', 'score ne 1', 'points ne 1', 'points ne "1"', 'points ne "one"',
    'since ne "2020-01-01"', 'sure ne true', 'sure ne "False"', 'has ne true', 'has eq false', 'wmail ne "a" and kind ne "B"', 'wmail ne "a" and (wmail eq null or wmail eq "b")', 'wmail gt "a"', 'kind gt "A"']) WITH ORDINALITY f (filter, n) ORDER BY n;
SELECT filter, pg_temp.found(filter, '/api/g') AS found, pg_temp.found('not (' || filter || ')', '/api/g') AS not_found
FROM (SELECT replace(f, '$', id::text) AS filter FROM unnest(ARRAY['member pr', 'member eq null', 'member ne "00000000-0000-7000-8000-0000000000a1"', 'inner pr', 'inner eq null', 'inner ne "00000000-0000-7000-8000-0000000000a1"']) f, sieve.users WHERE user_name = 'ada') x ORDER BY filter;
-- of who has one value at most, the answer is that of an attribute with this value
SELECT a AS differs FROM unnest(ARRAY['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']) op, unnest(ARRAY['"a"', '"B"', '"zz"', '"q"', '""', 'null']) literal, LATERAL (VALUES (op || ' ' || literal)) v (a)
WHERE pg_temp.found('wmail ' || a) <> pg_temp.found('title ' || a) OR pg_temp.found('not (wmail ' || a || ')') <> pg_temp.found('not (title ' || a || ')')
    OR pg_temp.found('kind ' || a) <> replace(pg_temp.found('nick ' || a), 'nick', 'kind');
-- what a field is in attributes is beside the limits of who asks
INSERT INTO sieve.setting (name, value) VALUES ('max_filter_nodes', '12'), ('max_filter_depth', '2'), ('max_filter_length', '190');
SELECT pg_temp.found(string_agg('wmail ne "a"', ' and ')) FROM generate_series(1, 11);
SELECT pg_temp.found(string_agg('wmail ne "a"', ' and ')) FROM generate_series(1, 12);
SELECT pg_temp.found('not (not (wmail ne "a"))'), pg_temp.found('not (not (not (wmail ne "a")))');
-- one of a list is shown, and all of it asked
DELETE FROM sieve.setting;
SELECT filter, pg_temp.found(filter) FROM unnest(ARRAY['main eq "a"', 'main eq "x"', 'mails eq "a"', 'mails eq "x"']) filter ORDER BY 1;
SELECT x ->> 'login' AS login, x -> 'main' AS main FROM scim.request('GET', '/api/u?query=a'), jsonb_array_elements(body::jsonb) x WHERE x -> 'mails' <> '[]' ORDER BY 1;
SELECT scim.drop_store('sieve', true);
