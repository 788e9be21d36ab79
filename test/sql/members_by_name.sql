-- What scim.export and scim.export_csv write for members by their names scim.import takes, and means the same by it
\set VERBOSITY terse
SELECT scim.create_store('named');
SET scim.store = 'named';
\set core 'urn:ietf:params:scim:schemas:core:2.0:User'
\set ent 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
SELECT FROM scim.register_schema('{"id": "urn:n:E", "name": "Kinds", "attributes": [{"name": "grade"}]}');
SELECT FROM scim.register_schema('{"id": "urn:n:Robot", "name": "Robot", "attributes": [{"name": "model"}, {"name": "type"}, {"name": "nickName"}]}');
SELECT FROM scim.register_resource_type('{"name": "Robot", "endpoint": "/Robots", "schema": "urn:n:Robot"}');
SELECT FROM scim.register_resource_type(format('{"name": "Guest", "endpoint": "/Guests", "schema": "%s"}', :'core')::jsonb);
INSERT INTO named.users (id, data) SELECT ('00000000-0000-7000-8000-00000000000' || n)::uuid, jsonb_build_object('userName', 'u' || n, 'externalId', CASE WHEN n < 3 THEN 'same' WHEN n < 5 THEN 'x' || n END,
    'nickName', 'n' || n, 'displayName', 'd' || n, 'emails', jsonb_build_array(jsonb_build_object('value', 'em' || n || '@x.org')), :'ent', jsonb_build_object('employeeNumber', 'e' || n)) FROM generate_series(1, 5) n;
SELECT count(scim.create_resource('Guest', '{"userName": "u1", "externalId": "x3", "nickName": "g", "emails": [{"value": "g@x.org"}]}')),
    count(scim.create_resource('Robot', '{"externalId": "r", "type": "t", "model": "m", "nickName": "n1"}')), count(scim.create_resource('Group', '{"displayName": "inner", "externalId": "i"}'));
SELECT scim.create_resource('Group', jsonb_build_object('displayName', 'outer', 'members', (SELECT jsonb_agg(jsonb_build_object('value', id)) FROM named.resource))) ->> 'displayName' AS made;
CREATE TABLE named.way AS SELECT w AS members, n FROM unnest(ARRAY['id', 'userName', 'USERNAME', 'externalId', 'displayName', 'nickName', 'emails', 'emails.value', 'employeeNumber', :'ent' || ':employeeNumber',
    :'core' || ':nickName', :'core' || ':emails.value', 'ID']) WITH ORDINALITY AS v (w, n);
-- whom they name, in order; nothing differs when it comes back, with the same argument and without it
SELECT members, (SELECT string_agg(regexp_replace(m::text, '[0-9a-f]{8}-[0-9a-f-]{27}', 'ID', 'g'), ' ' ORDER BY m::text) FROM jsonb_array_elements(d -> 'members') m) AS named
FROM named.way, scim.export('Group', 'displayName eq "outer"', members => members) AS d WHERE n > 1 ORDER BY n;
SELECT members, (SELECT string_agg(action || COALESCE(problems::text, ''), ' ') FROM scim.import('Group', format('SELECT d AS data FROM scim.export(''Group'', members => %L) AS d', members), members => members)) AS same,
    (SELECT string_agg(action || COALESCE(problems::text, ''), ' ') FROM scim.import('Group', format('SELECT d - ''id'' AS data FROM scim.export(''Group'', members => %L) AS d', members))) AS without
FROM named.way ORDER BY n;
-- cells: a line, its second column without what quotes it
SELECT members, (SELECT string_agg(action || COALESCE(problems::text, ''), ' ') FROM scim.import('Group', format($$
    SELECT substr(l, 1, position(',' in l) - 1) AS "displayName", replace(trim('"' FROM substr(l, position(',' in l) + 1)), '""', '"') AS members
    FROM scim.export_csv('Group', columns => '{displayName,members}', members => %L) WITH ORDINALITY AS v (l, n) WHERE n > 1$$, members), members => members)) AS same
FROM named.way ORDER BY n;
-- by what is no name: of the type that the object says; what nobody may be found by; two at once; by a part of members itself
SELECT m, action, problems -> 0 ->> 'detail' AS problem FROM unnest(ARRAY['{"nickName": "n1"}', '{"nickName": "g"}', '{"nickName": "g", "type": "Guest"}', '{"nickName": "n1", "type": "Robot"}', '{"model": "m"}', '{"model": "m", "type": "Robot"}',
    '{"nickName": "n1", "employeeNumber": "e1"}', '{"nickName": "n1", "value": "00000000-0000-7000-8000-000000000001"}', '{"active": "true"}', '{"meta.created": "x"}', '{"password": "x"}', '{"nope": "x"}', '{"nickName": ["n1"]}', '{"nickName": null}',
    '{"urn:n:Robot:type": "t", "type": "Robot"}', '{"type": "Robot"}', '{"nickName": "n1", "type": "Nobody"}', '{"nickName": "n1", "type": 1}']) WITH ORDINALITY AS v (m, n),
    scim.import('Group', format($$SELECT %L::jsonb AS data$$, jsonb_build_object('displayName', 'outer', 'members', jsonb_build_array(m::jsonb)))) ORDER BY n;
-- columns are a list
SELECT scim.export_csv('Group', columns => '{{displayName,members}}');
SET client_min_messages = warning;
SELECT scim.drop_store('named', true);
