-- What a person, a membership and a row of the audit take on the disk, in a store of its own.
--
--      psql -v users=50000 -f size.sql
\set ON_ERROR_STOP on
SET client_min_messages = warning;
\pset format unaligned
\pset tuples_only on
SELECT scim.create_store('sized') \g /dev/null
SET scim.store = 'sized';
CREATE TEMP TABLE point (what text, bytes bigint, heap bigint, audit bigint);
CREATE FUNCTION pg_temp.note(what text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO pg_temp.point
    SELECT what, sum(pg_total_relation_size(oid)) FILTER (WHERE NOT audit), sum(pg_table_size(oid)) FILTER (WHERE NOT audit), sum(pg_total_relation_size(oid)) FILTER (WHERE audit)
    FROM (SELECT oid, relname ~ '^audit' AS audit FROM pg_class WHERE relnamespace = 'sized'::regnamespace AND relkind = 'r') AS tables
$$;
SELECT pg_temp.note('begin') \g /dev/null

-- as Entra ID and Okta send them
INSERT INTO sized.users (data)
SELECT jsonb_build_object(
    'userName', 'first' || i % 997 || '.last' || i || '@example.com', 'externalId', md5('e' || i), 'displayName', 'First' || i % 997 || ' Last' || i,
    'nickName', 'Nick' || i % 997, 'title', 'Title ' || i % 50, 'userType', 'Employee', 'preferredLanguage', 'en-US', 'locale', 'en-US',
    'timezone', 'America/Los_Angeles', 'active', true,
    'name', jsonb_build_object('formatted', 'First' || i % 997 || ' Last' || i, 'givenName', 'First' || i % 997, 'familyName', 'Last' || i),
    'emails', jsonb_build_array(jsonb_build_object('value', 'first' || i % 997 || '.last' || i || '@example.com', 'type', 'work', 'primary', true),
                                jsonb_build_object('value', 'private' || i || '@example.org', 'type', 'home')),
    'phoneNumbers', jsonb_build_array(jsonb_build_object('value', '+1-555-' || lpad(i::text, 7, '0'), 'type', 'work')),
    'addresses', jsonb_build_array(jsonb_build_object('type', 'work', 'streetAddress', i || ' Universal City Plaza', 'locality', 'Hollywood', 'region', 'CA', 'postalCode', (90000 + i % 999)::text, 'country', 'US')),
    'roles', jsonb_build_array(jsonb_build_object('value', 'role' || i % 20, 'primary', true)),
    'entitlements', jsonb_build_array(jsonb_build_object('value', 'licence' || i % 7)),
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
    jsonb_build_object('employeeNumber', i::text, 'department', 'Department ' || i % 40, 'costCenter', (4000 + i % 100)::text, 'organization', 'Universal Studios', 'division', 'Theme Park'))
FROM generate_series(1, :users) AS i;
VACUUM ANALYZE;
SELECT pg_temp.note('people') \g /dev/null
INSERT INTO sized.groups (data) SELECT jsonb_build_object('displayName', 'group ' || i) FROM generate_series(1, 100) AS i;
VACUUM ANALYZE;
SELECT pg_temp.note('groups') \g /dev/null
INSERT INTO sized.member (group_id, member_id)
SELECT g.id, u.id FROM (SELECT id, row_number() OVER () AS n FROM sized.users) AS u JOIN (SELECT id, row_number() OVER () AS n FROM sized.groups) AS g ON g.n = u.n % 100 + 1;
VACUUM ANALYZE;
SELECT pg_temp.note('members') \g /dev/null
UPDATE sized.users SET data = jsonb_set(data, '{title}', '"Another"');
VACUUM ANALYZE;
SELECT pg_temp.note('changes') \g /dev/null

SELECT format('%s people whose documents have %s bytes, of %s attributes', :users, round(avg(length(data::text))), round(avg((SELECT count(*) FROM jsonb_object_keys(data)))))
FROM sized.users;
SELECT what || ': ' || round((bytes - before) / n::numeric) || ' bytes each, of which indexes ' || round((bytes - heap - before + heap_before) / n::numeric)
    || '; of the audit ' || round((audit - audit_before) / n::numeric)
FROM (SELECT *, lag(bytes) OVER w AS before, lag(heap) OVER w AS heap_before, lag(audit) OVER w AS audit_before, :users::int AS n
      FROM (SELECT row_number() OVER () AS at, * FROM point) AS p WINDOW w AS (ORDER BY at)) AS steps
WHERE what IN ('people', 'members', 'changes') ORDER BY at;
SELECT scim.drop_store('sized', true) \g /dev/null
