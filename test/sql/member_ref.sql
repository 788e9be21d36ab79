-- A member whose value is left to "$ref", and one that is none, on every way in
SELECT scim.create_store('member_ref');
SET scim.store = 'member_ref';
SET scim.base_url = 'https://scim.example/v2';
INSERT INTO member_ref.users (id, data) VALUES ('00000000-0000-4000-8000-000000000001', '{"userName": "one"}'),
    ('00000000-0000-4000-8000-000000000002', '{"userName": "two"}'), ('00000000-0000-4000-8000-000000000003', '{"userName": "three"}');
INSERT INTO member_ref.groups (id, data) VALUES ('00000000-0000-4000-8000-0000000000aa', '{"displayName": "g"}');

-- What an id is found in: the last segment of the path
SELECT ref, scim.canonicalise('Group', jsonb_build_object('displayName', 'g', 'members', jsonb_build_array(jsonb_build_object('$ref', ref)))) #>> '{members,0,value}' AS value
FROM unnest(ARRAY['https://scim.example/v2/Users/1', '/Users/1', '../Users/1', '../Users/1/', 'Users/1', '/1', 'https://scim.example/Users/1?x=/2', 'https://scim.example/Users/1#/2',
    '//scim.example/1', '/Users/a%20b%2fc', '/Users/100%', '/Users/%C3%BC']) WITH ORDINALITY t(ref, n) ORDER BY n;
SELECT ref, p.message
FROM unnest(ARRAY['https://scim.example', 'https://scim.example/', 'https://scim.example?x/y', '//scim.example', '1', '/', '', '?/1', '/Users/%ff', '/Users/a%00b']) WITH ORDINALITY t(ref, n),
    scim.validate('Group', jsonb_build_object('displayName', 'g', 'members', jsonb_build_array(jsonb_build_object('$ref', ref)))) p ORDER BY n;
-- a value goes before it, an empty one does not, and letter case does not matter
SELECT scim.canonicalise('Group', '{"displayName": "g", "members": [{"value": "1", "$ref": "/people/2"}, {"value": "", "$ref": "/Users/3"}, {"VALUE": null, "$REF": "/Users/4", "Type": "User"}]}') -> 'members' AS members;

-- The ways in
CREATE FUNCTION pg_temp.members() RETURNS text LANGUAGE sql AS
    $$SELECT string_agg(right(coalesce(value, member_id::text), 1), ' ' ORDER BY member_id) FROM member_ref.member$$;
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
    RETURN coalesce(pg_temp.members(), 'none');
EXCEPTION WHEN OTHERS THEN
    RETURN sqlstate || ' ' || sqlerrm;
END $$;
CREATE TABLE way (n int, way text, statement text);
INSERT INTO way VALUES
    (1, 'UPDATE', $$UPDATE member_ref.groups SET data = data || '{"members": [@]}' WHERE id = '%1$s'$$),
    (2, 'UPDATE, with the URN', $$UPDATE member_ref.groups SET data = data || '{"urn:ietf:params:scim:schemas:core:2.0:Group:members": [@]}' WHERE id = '%1$s'$$),
    (3, 'replace', $$SELECT scim.replace_resource('Group', '%1$s', '{"displayName": "g", "members": [@]}')$$),
    (4, 'replace, with the URN', $$SELECT scim.replace_resource('Group', '%1$s', '{"displayName": "g", "urn:ietf:params:scim:schemas:core:2.0:Group:members": [@]}')$$),
    (5, 'PATCH add', $$SELECT scim.patch_resource('Group', '%1$s', '[{"op": "add", "path": "members", "value": [@]}]')$$),
    (6, 'PATCH add, one', $$SELECT scim.patch_resource('Group', '%1$s', '[{"op": "add", "path": "members", "value": @}]')$$),
    (7, 'PATCH add, without path', $$SELECT scim.patch_resource('Group', '%1$s', '[{"op": "add", "value": {"members": [@]}}]')$$),
    (8, 'PATCH replace', $$SELECT scim.patch_resource('Group', '%1$s', '[{"op": "replace", "path": "members", "value": [@]}]')$$),
    (9, 'PATCH add and remove', $$SELECT scim.patch_resource('Group', '%1$s', '[{"op": "add", "path": "members", "value": [{"value": "x"}, {"value": "00000000-0000-4000-8000-000000000002"}]}, {"op": "remove", "path": "members", "value": [@]}]')$$),
    (10, 'PUT', $$SELECT CASE WHEN status >= 400 THEN pg_temp.fail(body) END FROM scim.request('PUT', '/Groups/%1$s', '{}', '{"displayName": "g", "members": [@]}')$$),
    (11, 'bulk', $$SELECT CASE WHEN b ->> 'status' >= '400' THEN pg_temp.fail(b ->> 'response') END FROM jsonb_array_elements(scim.bulk('{"Operations": [{"method": "PUT", "path": "/Groups/%1$s", "data": {"displayName": "g", "members": [@]}}]}') -> 'Operations') b$$);
CREATE FUNCTION pg_temp.fail(body text) RETURNS void LANGUAGE plpgsql AS $$BEGIN RAISE SQLSTATE 'SCVAL' USING MESSAGE = body::jsonb ->> 'detail'; END $$;
SELECT way, pg_temp.try(format(replace(statement, '@', member), '00000000-0000-4000-8000-0000000000aa')) AS members, pg_temp.try('DELETE FROM member_ref.member') AS emptied
FROM way, (VALUES ('{"$ref": "https://elsewhere.example/scim/Users/00000000-0000-4000-8000-000000000002"}')) AS m (member) ORDER BY n;
-- a new group
SELECT pg_temp.try($$INSERT INTO member_ref.groups (data) VALUES ('{"displayName": "new", "members": [{"$ref": "../Users/00000000-0000-4000-8000-000000000003"}]}')$$) AS insert;
SELECT scim.create_resource('Group', '{"displayName": "newer", "members": [{"$ref": "../Users/00000000-0000-4000-8000-000000000001", "display": "x"}]}') -> 'members' AS members;
SELECT o ->> 'status' AS status FROM scim.request('POST', '/Bulk', '{}', '{"Operations": [
    {"method": "POST", "bulkId": "g", "path": "/Groups", "data": {"displayName": "bulk", "members": [{"$ref": "/Users/bulkId:u"}]}},
    {"method": "POST", "bulkId": "u", "path": "/Users", "data": {"userName": "bulk"}}]}'), jsonb_array_elements(body::jsonb -> 'Operations') o;
SELECT r #>> '{members,0,display}' AS member FROM jsonb_array_elements(scim.search('Group', 'displayName eq "bulk"') -> 'Resources') r;
DELETE FROM member_ref.member;

-- A member that is none is refused everywhere, not passed over
SELECT member, count(*) AS refused, string_agg(DISTINCT r, '; ') AS problem
FROM unnest(ARRAY['{}', '{"value": ""}', '{"value": null}', '{"value": []}', '{"display": "x"}', '{"type": "User"}', '{"$ref": ""}', '{"$ref": "x"}', '{"value": "  "}', '{"value": "\t\u00a0\u3000"}', '{"value": "\u200b", "display": "x"}', '" "']) WITH ORDINALITY m(member, k), way,
    LATERAL (SELECT regexp_replace(pg_temp.try(format(replace(statement, '@', member), '00000000-0000-4000-8000-0000000000aa')), '"(urn:.*:)?members(\[0\])?', '"members[0]')) AS t (r)
WHERE r LIKE 'SC%' GROUP BY k, member ORDER BY k;
SELECT member, count(*) FILTER (WHERE r LIKE 'SC%') AS refused, array_agg(way ORDER BY n) FILTER (WHERE r NOT LIKE 'SC%') AS taken
FROM unnest(ARRAY['""', 'null', '[]']) WITH ORDINALITY m(member, k), way,
    LATERAL (SELECT pg_temp.try(format(replace(statement, '@', member), '00000000-0000-4000-8000-0000000000aa'))) AS t (r) GROUP BY k, member ORDER BY k;
-- nor does a row of the table say nobody, who has a key, too
-- (its code point: psql of 17 counts the width of some otherwise than 15)
SELECT ascii(value) AS code_point, pg_temp.try(format('INSERT INTO member_ref.member (group_id, value, member_id) SELECT id, %1$L, scim.member_key(%1$L) FROM member_ref.groups LIMIT 1', value)) AS row
FROM unnest(ARRAY['', ' ', E'\t', U&'\00a0', U&'\200b', 'x']) value;
-- no members at all is something else
SELECT value, scim.is_valid('Group', jsonb_build_object('displayName', 'g', 'members', value)) FROM unnest(ARRAY['[]', 'null', '""', '{}', '[{}]', '[""]', '[null]', '[[]]']::jsonb[]) AS t (value);

DROP TABLE way;
SET client_min_messages = warning;
SELECT scim.drop_store('member_ref', true);
