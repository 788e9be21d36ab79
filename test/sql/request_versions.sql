-- Versions: ETag and meta.version notice what a body derives from others, and conditions of requests.
SELECT scim.create_store('directory');
SET scim.base_url = 'https://scim.example/v2';
\pset format unaligned
\pset tuples_only on

CREATE FUNCTION pg_temp.create(target text, request text) RETURNS text LANGUAGE sql AS $$
    SELECT body::jsonb ->> 'id' FROM scim.request('POST', target, '{}', request)
$$;
SELECT '/Users/' || pg_temp.create('/Users', '{"userName": "bj", "title": "x"}') AS bj,
    '/Users/' || pg_temp.create('/Users', '{"userName": "jim", "displayName": "Jim"}') AS jim,
    '/Groups/' || pg_temp.create('/Groups', '{"displayName": "guides"}') AS guides,
    '/Groups/' || pg_temp.create('/Groups', '{"displayName": "staff"}') AS staff \gset

-- The tag of an answer: as ETag and in the body the same, W/"<version>" or W/"<version>.<digest>"
CREATE FUNCTION pg_temp.tag(target text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer scim.response := scim.request('GET', target);
BEGIN
    IF answer.body::jsonb #>> '{meta,version}' <> answer.headers ->> 'ETag' THEN RAISE 'ETag % of %', answer.headers ->> 'ETag', answer.body; END IF;
    IF answer.headers ->> 'ETag' !~ '^W/"\d+(\.[0-9a-f]{16})?"$' THEN RAISE 'ETag %', answer.headers ->> 'ETag'; END IF;
    RETURN answer.headers ->> 'ETag';
END $$;
-- Does a statement change the tag, and how, and what does a client with the former one get?
CREATE FUNCTION pg_temp.changes(target text, statement text, OUT before text, OUT after text, OUT other_digest boolean, OUT again int, OUT written int) LANGUAGE plpgsql AS $$
DECLARE old text := pg_temp.tag(target); new text;
BEGIN
    EXECUTE statement;
    new := pg_temp.tag(target);
    before := regexp_replace(old, '\.\w*', '.d');
    after := regexp_replace(new, '\.\w*', '.d');
    other_digest := split_part(old, '.', 2) <> split_part(new, '.', 2);
    again := status FROM scim.request('GET', target, jsonb_build_object('If-None-Match', old));
    IF again <> (CASE WHEN old = new THEN 304 ELSE 200 END) THEN RAISE 'If-None-Match: % of % is %', old, new, again; END IF;
    -- a write obeys the version only
    written := status FROM scim.request('PATCH', target, jsonb_build_object('If-Match', old),
        '{"Operations": [{"op": "add", "path": "externalId", "value": "x"}, {"op": "remove", "path": "externalId"}]}');
END $$;
SELECT what, c.* FROM (VALUES
    (1, 'user: nothing', :'bj', 'SELECT'),
    (2, 'user: joins a group', :'bj', format('SELECT scim.patch_resource(''Group'', %L, ''[{"op": "add", "path": "members", "value": [{"value": "%s"}]}]'')', split_part(:'guides', '/', 3), split_part(:'bj', '/', 3))),
    (3, 'user: the group is renamed', :'bj', format('SELECT scim.patch_resource(''Group'', %L, ''[{"op": "replace", "path": "displayName", "value": "tour guides"}]'')', split_part(:'guides', '/', 3))),
    (4, 'user: the group changes otherwise', :'bj', format('SELECT scim.patch_resource(''Group'', %L, ''[{"op": "add", "path": "externalId", "value": "g"}]'')', split_part(:'guides', '/', 3))),
    (5, 'user: the group joins a group', :'bj', format('SELECT scim.patch_resource(''Group'', %L, ''[{"op": "add", "path": "members", "value": [{"value": "%s"}]}]'')', split_part(:'staff', '/', 3), split_part(:'guides', '/', 3))),
    (6, 'user: the group above is renamed', :'bj', format('SELECT scim.patch_resource(''Group'', %L, ''[{"op": "replace", "path": "displayName", "value": "all staff"}]'')', split_part(:'staff', '/', 3))),
    (7, 'user: somebody else joins', :'bj', format('SELECT scim.patch_resource(''Group'', %L, ''[{"op": "add", "path": "members", "value": [{"value": "%s"}]}]'')', split_part(:'guides', '/', 3), split_part(:'jim', '/', 3))),
    (8, 'user: joins the other group, too', :'bj', format('INSERT INTO directory.member (group_id, member_id) VALUES (%L, %L)', split_part(:'staff', '/', 3), split_part(:'bj', '/', 3))),
    (9, 'user: itself', :'bj', format('UPDATE directory.users SET data = data || ''{"title": "y"}'' WHERE id = %L', split_part(:'bj', '/', 3))),
    (10, 'user: without its groups, which change', :'bj' || '?excludedAttributes=groups', format('SELECT scim.patch_resource(''Group'', %L, ''[{"op": "replace", "path": "displayName", "value": "staff"}]'')', split_part(:'staff', '/', 3))),
    (11, 'group: a member is renamed', :'guides', format('UPDATE directory.users SET data = data || ''{"displayName": "James"}'' WHERE id = %L', split_part(:'jim', '/', 3))),
    (12, 'group: a member changes otherwise', :'guides', format('UPDATE directory.users SET data = data || ''{"title": "y"}'' WHERE id = %L', split_part(:'jim', '/', 3))),
    (13, 'group: without its members, one is renamed', :'guides' || '?excludedAttributes=members', format('UPDATE directory.users SET data = data || ''{"displayName": "Jimbo"}'' WHERE id = %L', split_part(:'jim', '/', 3))),
    (14, 'group: a member is deleted', :'guides', format('SELECT scim.delete_resource(''User'', %L)', split_part(:'jim', '/', 3))),
    (15, 'user: the group above is deleted', :'bj', format('SELECT scim.delete_resource(''Group'', %L)', split_part(:'staff', '/', 3))),
    (16, 'user: leaves the last group', :'bj', format('SELECT scim.patch_resource(''Group'', %L, ''[{"op": "remove", "path": "members"}]'')', split_part(:'guides', '/', 3))),
    (17, 'group: a member that comes later', :'guides', format('INSERT INTO directory.member (group_id, member_id) VALUES (%L, ''00000000-0000-7000-8000-000000000009'')', split_part(:'guides', '/', 3))),
    (18, 'group: comes', :'guides', 'INSERT INTO directory.users (id, data) VALUES (''00000000-0000-7000-8000-000000000009'', ''{"userName": "late"}'')'))
    AS t (n, what, target, statement), pg_temp.changes(target, statement) c ORDER BY n;

-- The same tag wherever the resource is shown
SELECT scim.patch_resource('Group', split_part(:'guides', '/', 3), format('[{"op": "replace", "path": "members", "value": [{"value": "%s"}]}]', split_part(:'bj', '/', 3))::jsonb) #>> '{meta,version}' = pg_temp.tag(:'guides') AS patched;
SELECT type, scim.get_resource(type, id) #>> '{meta,version}' = tag AS get_resource,
    (SELECT scim.resource_json(r) #>> '{meta,version}' FROM directory.resource r WHERE r.id = t.id::uuid) = tag AS resource_json,
    scim.search(type, format('id eq "%s"', id)) #>> '{Resources,0,meta,version}' = tag AS search,
    (SELECT body::jsonb #>> '{Resources,0,meta,version}' FROM scim.request('GET', format('/%ss?filter=id+eq+%%22%s%%22', type, id))) = tag AS list,
    (SELECT body::jsonb #>> '{Resources,0,meta,version}' FROM scim.request('POST', '/.search', '{}', format('{"filter": "id eq \"%s\""}', id))) = tag AS dot_search,
    (SELECT headers ->> 'ETag' FROM scim.request('HEAD', format('/%ss/%s', type, id))) = tag AS head,
    (SELECT headers ->> 'ETag' FROM scim.request('PATCH', format('/%ss/%s', type, id), '{}', '{"Operations": [{"op": "add", "path": "externalId", "value": "x"}, {"op": "remove", "path": "externalId"}]}')) = tag AS patch
FROM (VALUES ('User', split_part(:'bj', '/', 3), pg_temp.tag(:'bj')), ('Group', split_part(:'guides', '/', 3), pg_temp.tag(:'guides'))) t (type, id, tag) ORDER BY 1 DESC;
SELECT pg_temp.tag(:'bj') AS user_tag, pg_temp.tag(:'guides') AS group_tag \gset
SELECT set_config('scim.me', split_part(:'bj', '/', 3), false) = '' AS nobody;
SELECT headers ->> 'ETag' = :'user_tag' AS etag, body::jsonb #>> '{meta,version}' = :'user_tag' AS version FROM scim.request('GET', '/Me');
RESET scim.me;
-- by whatever name the service is reached
SET scim.base_url = '';
SELECT pg_temp.tag(:'bj') = :'user_tag', headers ->> 'ETag' = :'user_tag', body::jsonb #>> '{meta,version}' = :'user_tag', body::jsonb #>> '{groups,0,$ref}' LIKE 'http://elsewhere/scim/v2/Groups/%'
FROM scim.request('GET', :'bj', '{"Host": "elsewhere"}');
SET scim.base_url = 'https://scim.example/v2';
-- An answer without a body, and that to an operation of a bulk request, shows nothing of others
SELECT n, status, headers ->> 'ETag' ~ '^W/"\d+"$' AS version_only
FROM (VALUES (1, 'PATCH', :'guides', '{"Operations": [{"op": "add", "path": "externalId", "value": "y"}]}'), (2, 'PUT', :'bj', '{"userName": "bj", "title": "z"}')) t (n, method, target, request),
    scim.request(method, target, '{"Prefer": "return=minimal"}', request) ORDER BY n;
SELECT o ->> 'version' ~ '^W/"\d+"$' AS version_only, o ->> 'status' AS status
FROM jsonb_array_elements(scim.bulk(jsonb_build_object('Operations', jsonb_build_array(
    jsonb_build_object('method', 'PATCH', 'path', :'guides', 'version', pg_temp.tag(:'guides'), 'data', '{"Operations": [{"op": "add", "path": "externalId", "value": "z"}]}'::jsonb),
    jsonb_build_object('method', 'PATCH', 'path', :'guides', 'version', pg_temp.tag(:'guides'), 'data', '{"Operations": [{"op": "add", "path": "externalId", "value": "q"}]}'::jsonb)))) -> 'Operations') o;
-- Names that look like locations are not taken for one
SELECT c.* FROM pg_temp.changes(:'bj', format('SELECT scim.patch_resource(''Group'', %L, ''[{"op": "replace", "path": "displayName", "value": "\"$ref\":\"https://scim.example/v2"}]'')', split_part(:'guides', '/', 3))) c;
SELECT c.* FROM pg_temp.changes(:'bj', format('SELECT scim.patch_resource(''Group'', %L, ''[{"op": "replace", "path": "displayName", "value": "\"$ref\":\""}]'')', split_part(:'guides', '/', 3))) c;

-- A filter on meta.version compares what stands before the dot
SELECT pg_temp.tag(:'bj') AS user_tag, scim.get_resource('User', split_part(:'bj', '/', 3)) AS document \gset
SELECT f, scim.search('User', format('id eq "%s" and %s', split_part(:'bj', '/', 3), filter)) -> 'totalResults' AS found,
    scim.matches(:'document', filter::scim.filter, 'User') AS matches
FROM unnest(ARRAY['meta.version eq "TAG"', 'meta.version eq "W/\"VERSION\""', 'meta.version eq "W/\"VERSION.0000000000000000\""', 'meta[version eq "W/\"VERSION.x\""]',
        'meta.version ne "TAG"', 'meta.version eq "W/\"0\""', 'meta.version eq "W/\"0.1\""', 'meta.version sw "W/\"VERSION.0"', 'meta.version ge "TAG"', 'meta.version gt "TAG"',
        'meta.version eq "VERSION"', 'meta.version eq "VERSION.1"', 'meta.version co "."', 'meta.version pr']) WITH ORDINALITY t (f, n),
    LATERAL (SELECT replace(replace(f, 'TAG', replace(:'user_tag', '"', '\"')), 'VERSION', regexp_replace(:'user_tag', '^W/"|\..*', '', 'g'))) v (filter)
ORDER BY n;

-- Conditions (RFC 9110 section 13.1), of a user with groups: TAG stands for its tag, VERSION for the part before the dot
CREATE FUNCTION pg_temp.status(method text, target text, headers text, request text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', status, body::jsonb ->> 'scimType', regexp_replace(regexp_replace(body::jsonb ->> 'detail', '"[0-9a-f-]{36}"', '"<id>"'), '\.[0-9a-f]{16}', '.<digest>'))
    FROM (SELECT pg_temp.tag('/Users/' || id) AS tag FROM directory.users WHERE user_name = 'bj' AND deleted_at IS NULL) t,
        scim.request(method, target, replace(replace(headers, 'TAG', replace(tag, '"', '\"')), 'VERSION', split_part(split_part(tag, '"', 2), '.', 1))::jsonb, request)
$$;
SELECT headers, pg_temp.status('GET', :'bj', headers) AS get, pg_temp.status('HEAD', :'bj', headers) AS head,
    pg_temp.status('PUT', :'bj', headers, '{"userName": "bj", "title": "z"}') AS put,
    pg_temp.status('PATCH', :'bj', headers, '{"Operations": [{"op": "add", "path": "title", "value": "z"}]}') AS patch
FROM unnest(ARRAY['{"If-Match": "*"}', '{"If-Match": "W/\"VERSION\""}', '{"If-Match": "\"VERSION\""}', '{"If-Match": "VERSION"}', '{"If-Match": "W/\"VERSION.0\""}', '{"If-Match": "W/\"0\", W/\"VERSION.0\""}',
        '{"If-Match": "W/\"0\""}', '{"If-Match": "W/\"0.VERSION\""}', '{"If-Match": ""}',
        '{"If-None-Match": "*"}', '{"If-None-Match": "W/\"VERSION\""}', '{"If-None-Match": "W/\"0\", W/\"VERSION.0\""}', '{"If-None-Match": "W/\"0\""}',
        '{"If-Match": "*", "If-None-Match": "*"}', '{"If-Match": "W/\"0\"", "If-None-Match": "*"}']) WITH ORDINALITY h (headers, n)
ORDER BY n;
-- only the whole tag says that a copy is fresh
SELECT shown, status FROM unnest(ARRAY[:'user_tag', 'W/"x", ' || :'user_tag', replace(:'user_tag', 'W/', ''), split_part(:'user_tag', '.', 1) || '"', split_part(:'user_tag', '.', 1) || '.0"']) WITH ORDINALITY t (tag, n),
    LATERAL (SELECT regexp_replace(tag, '\.[0-9a-f]{16}', '.<digest>')) h (shown), scim.request('GET', :'bj', jsonb_build_object('If-None-Match', tag)) ORDER BY n;
-- of a collection, which is there and has no version; of a request that selects nothing
SELECT headers, pg_temp.status('POST', '/Users', headers, format('{"userName": "cond%s"}', n)) AS created,
    pg_temp.status('POST', '/Bulk', headers, '{"Operations": [{"method": "DELETE", "path": "/Users/1"}]}') AS bulk, pg_temp.status('POST', '/Users/.search', headers, '{}') AS search
FROM unnest(ARRAY['{"If-Match": "*"}', '{"If-Match": "W/\"1\""}', '{"If-None-Match": "*"}', '{"If-None-Match": "W/\"1\""}']) WITH ORDINALITY h (headers, n)
ORDER BY n;
-- no condition holds for what is not there
SELECT headers, pg_temp.status('PUT', '/Users/00000000-0000-7000-8000-00000000000a', headers, '{"userName": "x"}') FROM unnest(ARRAY['{"If-Match": "*"}', '{"If-None-Match": "*"}']) h (headers);
-- in SQL, and in a bulk request, where the version of a POST means nothing
DO $$ BEGIN PERFORM scim.replace_resource('User', (SELECT id FROM directory.users WHERE user_name = 'bj')::text, '{"userName": "bj"}', 'W/"0.1"'); EXCEPTION WHEN SQLSTATE 'SC412' THEN RAISE NOTICE 'SC412'; END $$;
SELECT jsonb_path_query_array(scim.bulk(jsonb_build_object('Operations', jsonb_build_array(
    jsonb_build_object('method', 'PATCH', 'path', :'bj', 'version', 'W/"0"', 'data', '{"Operations": [{"op": "add", "path": "title", "value": "b"}]}'::jsonb),
    jsonb_build_object('method', 'PATCH', 'path', :'bj', 'version', pg_temp.tag(:'bj'), 'data', '{"Operations": [{"op": "add", "path": "title", "value": "b"}]}'::jsonb),
    '{"method": "POST", "path": "/Users", "bulkId": "p", "version": "W/\"7\"", "data": {"userName": "posted"}}'::jsonb))), '$.Operations[*].status');
SELECT headers, pg_temp.status('DELETE', :'bj', headers)
FROM unnest(ARRAY['{"If-Match": "W/\"0\""}', '{"If-None-Match": "TAG"}', '{"If-None-Match": "*"}', '{"If-Match": "TAG", "If-None-Match": "W/\"0\""}']) WITH ORDINALITY h (headers, n) ORDER BY n;

-- Headers of answers: RFC 7644 sections 3.3, 3.4.1, 3.4.3, 3.5
SELECT pg_temp.create('/Users', '{"userName": "loc"}') AS loc \gset
SELECT method, target, status, replace(headers ->> 'Location', :'loc', '<id>') AS location, replace(headers ->> 'Content-Location', :'loc', '<id>') AS content_location
FROM (VALUES (1, 'GET', '/Users/ID', '{}', NULL), (2, 'HEAD', '/Users/ID', '{}', NULL), (3, 'GET', '/Users/ID?attributes=userName', '{}', NULL), (4, 'GET', '/Users/ID', '{"If-None-Match": "*"}', NULL),
    (5, 'PUT', '/Users/ID', '{}', '{"userName": "loc"}'), (6, 'PATCH', '/Users/ID', '{}', '{"Operations": [{"op": "add", "path": "title", "value": "a"}]}'),
    (7, 'PATCH', '/Users/ID?attributes=title', '{}', '{"Operations": [{"op": "add", "path": "title", "value": "b"}]}'), (8, 'PATCH', '/users/ID/', '{"Prefer": "return=minimal"}', '{"Operations": [{"op": "add", "path": "title", "value": "c"}]}'),
    (9, 'POST', '/Users/.search', '{}', '{}'), (10, 'POST', '/.search', '{}', '{}'), (11, 'GET', '/Users', '{}', NULL), (12, 'PUT', '/Users/ID', '{"If-Match": "W/\"0\""}', '{"userName": "loc"}')) t (n, method, target, headers_sent, request),
    scim.request(method, replace(target, 'ID', :'loc'), headers_sent::jsonb, request) ORDER BY n;

-- The answer to a write is what is stored after all triggers: those of the store's owner that change the row before and after, at the end of the transaction, too
CREATE FUNCTION directory.before() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.data := NEW.data || '{"nickName": "before"}';
    RETURN NEW;
END $$;
CREATE FUNCTION directory.after() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.user_name = 'gone at once' OR NEW.user_name = 'gone later' AND NEW.data ? 'title' THEN
        DELETE FROM directory.users WHERE id = NEW.id;
    ELSIF NEW.data ->> TG_ARGV[0] IS DISTINCT FROM TG_ARGV[1] THEN
        UPDATE directory.users SET data = data || jsonb_build_object(TG_ARGV[0], TG_ARGV[1]) WHERE id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER a_before BEFORE INSERT OR UPDATE ON directory.users FOR EACH ROW EXECUTE FUNCTION directory.before();
CREATE TRIGGER z_after AFTER INSERT OR UPDATE ON directory.users FOR EACH ROW EXECUTE FUNCTION directory.after('userType', 'after');
CREATE CONSTRAINT TRIGGER z_late AFTER INSERT OR UPDATE ON directory.users DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION directory.after('locale', 'late');
CREATE FUNCTION pg_temp.shown(answer jsonb, stored jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', answer ->> 'title', answer ->> 'nickName', answer ->> 'userType', answer ->> 'locale', answer #>> '{meta,version}',
        CASE WHEN answer = stored THEN 'as stored' ELSE format('but stored is %s', stored) END)
$$;
SELECT method, status, headers ->> 'ETag' = body::jsonb #>> '{meta,version}' AS same_version, pg_temp.shown(body::jsonb, scim.get_resource('User', body::jsonb ->> 'id')) AS shown
FROM (VALUES (1, 'POST', '/Users', '{"userName": "triggered", "title": "a"}'), (2, 'PUT', '/Users/' || :'loc', '{"userName": "loc", "title": "b"}'),
    (3, 'PATCH', '/Users/' || :'loc', '{"Operations": [{"op": "add", "path": "title", "value": "c"}, {"op": "remove", "path": "locale"}, {"op": "replace", "path": "userType", "value": "x"}]}')) t (n, method, target, request),
    scim.request(method, target, '{}', request) ORDER BY n;
SELECT o ->> 'status' AS status, o ->> 'version' = (SELECT headers ->> 'ETag' FROM scim.request('GET', '/Users/' || split_part(o ->> 'location', '/', 6))) AS stored_version
FROM scim.request('POST', '/Bulk', '{}', '{"Operations": [{"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "bulk"}}]}'), jsonb_array_elements(body::jsonb -> 'Operations') o;
-- SQL functions cannot wait for the end of the transaction
DROP TRIGGER z_late ON directory.users;
SELECT n, pg_temp.shown(answer, scim.get_resource('User', answer ->> 'id')) AS shown
FROM (SELECT 1, scim.create_resource('User', '{"userName": "by function"}') UNION ALL SELECT 2, scim.replace_resource('User', :'loc', '{"userName": "loc"}')
    UNION ALL SELECT 3, scim.patch_resource('User', :'loc', '[{"op": "remove", "path": "userType"}]')) t (n, answer) ORDER BY n;
-- or that take it away: nothing to show; a new one that does not stay was refused
INSERT INTO directory.users (data) VALUES ('{"userName": "gone later"}') RETURNING id AS gone \gset
SELECT status, body, headers FROM scim.request('PATCH', '/Users/' || :'gone', '{}', '{"Operations": [{"op": "add", "path": "title", "value": "c"}]}');
SELECT status FROM scim.request('GET', '/Users/' || :'gone');
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('POST', '/Users', '{}', '{"userName": "gone at once"}');
SELECT scim.create_resource('User', '{"userName": "gone at once"}');
INSERT INTO directory.users (data) VALUES ('{"userName": "gone later"}') RETURNING id AS gone \gset
SELECT scim.patch_resource('User', :'gone', '[{"op": "add", "path": "title", "value": "c"}]') IS NULL AS gone;

SET client_min_messages = warning;
SELECT scim.drop_store('directory', true);
