-- The policy "lookup": what stands in a path may be other things than an id
\set VERBOSITY terse
SELECT scim.create_store('found');
SET scim.store = 'found';
SET scim.base_url = 'https://example.com/scim/v2';
CREATE FUNCTION pg_temp.call(method text, target text, body jsonb DEFAULT NULL, headers jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
    SELECT r.status || coalesce(' ' || coalesce(r.body::jsonb ->> 'userName', (r.body::jsonb ->> 'detail')), '')
    FROM scim.request(method, target, headers, body::text) r
$$;
\set pat '''00000000-0000-7000-8000-000000000001'''
INSERT INTO found.users (id, data) VALUES
    (:pat, '{"userName": "pat", "externalId": "E1", "emails": [{"value": "pat@example.com", "primary": true}, {"value": "pat@home.org"}]}'),
    ('00000000-0000-7000-8000-000000000002', '{"userName": "quinn", "externalId": "pat", "emails": [{"value": "quinn@example.com"}, {"value": "both@example.com"}]}'),
    ('00000000-0000-7000-8000-000000000003', '{"userName": "E1", "emails": [{"value": "quinn", "type": "work"}, {"value": "both@example.com"}], "nickName": "a/b c"}'),
    ('00000000-0000-7000-8000-000000000004', '{"userName": "00000000-0000-7000-8000-000000000001"}');
-- ids only, without it
SELECT pg_temp.call('GET', '/Users/pat'), pg_temp.call('GET', '/Users/' || :pat);
-- bad ones
CREATE FUNCTION pg_temp.try(resource_type text, settings jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO found.policy (resource_type, kind, settings) VALUES (resource_type, 'lookup', settings);
    DELETE FROM found.policy WHERE kind = 'lookup';
    RETURN 'taken';
EXCEPTION WHEN OTHERS THEN
    RETURN sqlstate || ' ' || sqlerrm;
END
$$;
SELECT pg_temp.try('User', s::jsonb) FROM unnest(ARRAY[
    '{}', '{"attributes": "id"}', '{"attributes": []}', '{"attributes": [1]}', '{"attributes": ["id", "mail"]}', '{"attributes": ["id", "password"]}', '{"attributes": ["active"]}',
    '{"attributes": ["name"]}', '{"attributes": ["groups.value"]}', '{"attributes": ["meta.location"]}', '{"attributes": ["schemas"]}', '{"attributes": ["userName", "username"]}',
    '{"attributes": ["emails[primary eq true].value"]}', '{"attributes": ["urn:ietf:params:scim:schemas:core:2.0:User"]}', '{"attributes": ["id"], "exact": true}']) s;
SELECT pg_temp.try('Group', s::jsonb) FROM unnest(ARRAY['{"attributes": ["members.value"]}', '{"attributes": ["members.display"]}', '{"attributes": ["displayName"]}']) s;

INSERT INTO found.policy (resource_type, kind, settings) VALUES ('User', 'lookup', '{"attributes": ["id", "userName", "emails.value", "externalId", "nickName"]}');
-- in their order: the first that has it wins
SELECT s, pg_temp.call('GET', '/Users/' || s) FROM unnest(ARRAY[:pat, 'pat', 'PAT', 'pat@example.com', 'PAT@Home.org', 'pat%40home.org', 'E1', 'e1', 'quinn', 'a%2Fb%20c',
    'nobody', 'both@example.com', 'pa', '%22%20or%20id%20pr%20or%20userName%20eq%20%22', 'pat@example.com.scim']) s;
DELETE FROM found.users WHERE user_name = 'E1';
SELECT s, pg_temp.call('GET', '/Users/' || s) FROM unnest(ARRAY['E1', 'e1', 'both@example.com']) s;
-- every method; Location is by the id
SELECT status, headers ->> 'Location' AS location, body::jsonb #>> '{meta,location}' AS meta FROM scim.request('GET', '/Users/pat@home.org');
SELECT status FROM scim.request('HEAD', '/Users/pat@home.org');
SELECT status, headers ->> 'Location' AS location, body::jsonb ->> 'title' AS title
FROM scim.request('PATCH', '/Users/E1', '{}', '{"Operations": [{"op": "add", "path": "title", "value": "T"}]}');
SELECT status, headers ->> 'Location' AS location, headers ->> 'Content-Location' AS content FROM scim.request('PUT', '/Users/pat@example.com', '{"If-Match": "W/\"2\""}', '{"userName": "pat", "title": "U"}');
SELECT pg_temp.call('GET', '/Users/pat@example.com'), pg_temp.call('PUT', '/Users/pat@example.com', '{"userName": "x"}');
-- what an endpoint can do does not depend on who is there
SELECT method, status, headers ->> 'Allow' AS allow FROM unnest(ARRAY['OPTIONS', 'POST', 'GET']) method, scim.request(method, '/Users/nobody', '{}', '{}');
-- /Bulk; /Me is by id; /.search and the like are what they were
SELECT o ->> 'status' AS status, o ->> 'location' AS location FROM scim.request('POST', '/Bulk', '{}', '{"Operations": [
    {"method": "PATCH", "path": "/Users/quinn@example.com", "data": {"Operations": [{"op": "add", "path": "title", "value": "T"}]}},
    {"method": "DELETE", "path": "/Users/nobody@example.com"}]}'), jsonb_array_elements(body::jsonb -> 'Operations') o;
SET scim.me = 'pat';
SELECT pg_temp.call('GET', '/Me');
RESET scim.me;
SELECT pg_temp.call('DELETE', '/Users/quinn'), pg_temp.call('GET', '/Users/quinn'), pg_temp.call('DELETE', '/Users/quinn');
-- groups, and what is below them
INSERT INTO found.policy (resource_type, kind, settings) VALUES ('Group', 'lookup', '{"attributes": ["displayName"]}');
INSERT INTO found.groups (id, data) VALUES ('00000000-0000-7000-8000-0000000000a1', '{"displayName": "Crew", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}');
SELECT status, body::jsonb #>> '{Resources,0,display}' AS member FROM scim.request('GET', '/Groups/crew/members');
SELECT status, body::jsonb ->> 'displayName' AS name FROM scim.request('GET', '/Groups/00000000-0000-7000-8000-0000000000a1');
INSERT INTO found.groups (data) VALUES ('{"displayName": "crew"}');
SELECT pg_temp.call('GET', '/Groups/crew');
-- characters that are stored as others are in paths, too
INSERT INTO found.policy (resource_type, kind, settings) VALUES ('User', 'wire', '{"characters": {"userName": {"@": "[at]"}}}');
SELECT pg_temp.call('POST', '/Users', '{"userName": "rae@example.com"}'), pg_temp.call('GET', '/Users/rae@example.com'), pg_temp.call('GET', '/Users/rae%5Bat%5Dexample.com');
-- openapi.json tells
SELECT scim.openapi() #> ARRAY['paths', '/Users/{id}', 'parameters', '0', 'description'] AS users, scim.openapi() #> ARRAY['paths', '/Groups/{id}', 'parameters', '0', 'description'] AS groups;
-- another tenant's people are not there
SET scim.tenant = 2;
SELECT pg_temp.call('GET', '/Users/pat');
RESET scim.tenant;

--
-- Each is found by an index: nothing reads the table from end to end
--
INSERT INTO found.users (data) SELECT jsonb_build_object('userName', 'user' || i, 'externalId', 'X' || i, 'nickName', 'nick ' || i,
    'emails', jsonb_build_array(jsonb_build_object('value', 'user' || i || '@example.com'))) FROM generate_series(1, 5000) i;
ANALYZE found.resource;
CREATE FUNCTION pg_temp.scans(segment text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    scans bigint := seq_scan FROM pg_stat_xact_user_tables WHERE schemaname = 'found' AND relname = 'users';
    fetched bigint := seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables WHERE schemaname = 'found' AND relname = 'users';
    answer text := pg_temp.call('GET', '/Users/' || segment);
BEGIN
    RETURN answer || format(': %s scans of all, %s',
        (SELECT seq_scan FROM pg_stat_xact_user_tables WHERE schemaname = 'found' AND relname = 'users') - scans,
        CASE WHEN (SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables WHERE schemaname = 'found' AND relname = 'users') - fetched < 20
            THEN 'few rows' ELSE 'many rows' END);
END
$$;
SELECT pg_temp.scans(s) FROM unnest(ARRAY['user77', 'user78@example.com', 'X79', 'nick%2080', 'not there']) s;

RESET scim.base_url;
SET client_min_messages = warning;  -- no list of what CASCADE drops
SELECT scim.drop_store('found', true);
