-- Lists of memberships: filters, pages, what they read, and who may see what.
\set VERBOSITY terse
SELECT scim.create_store('membership_list');
SET scim.store = 'membership_list';
UPDATE membership_list.policy SET enabled = false WHERE kind IN ('audit', 'events');
ALTER TABLE membership_list.users SET (autovacuum_enabled = false);
ALTER TABLE membership_list.groups SET (autovacuum_enabled = false);
ALTER TABLE membership_list.member SET (autovacuum_enabled = false);
INSERT INTO membership_list.setting (name, value) VALUES ('group_memberships', 'true');

-- rows of these tables that a search reads, by an index or not
CREATE FUNCTION pg_temp.read(OUT rows bigint, OUT scans bigint) LANGUAGE sql AS
    $$ SELECT sum(coalesce(idx_tup_fetch, 0) + seq_tup_read), sum(seq_scan) FROM pg_stat_xact_user_tables WHERE schemaname = 'membership_list' AND relname IN ('users', 'groups', 'member') $$;
CREATE FUNCTION pg_temp.page(query text, OUT total int, OUT items int, OUT few boolean, OUT scanned boolean, OUT next text) LANGUAGE plpgsql AS $$
DECLARE
    before record := pg_temp.read();
    after record;
    answer jsonb;
BEGIN
    SELECT body::jsonb INTO answer FROM scim.request('GET', '/GroupMemberships?' || query);
    after := pg_temp.read();
    total := answer ->> 'totalResults';
    items := answer ->> 'itemsPerPage';
    next := answer ->> 'nextCursor';
    -- a row of member, its group and its member each, once for the page and once for the total
    few := after.rows - before.rows <= 3 * (items + total) + 20;
    scanned := after.scans > before.scans;
END $$;
-- the plans are made while there is nobody
SELECT p.* FROM unnest(ARRAY['', 'cursor', 'filter=group.value+eq+"x"', 'filter=member.value+eq+"x"', 'filter=group.value+eq+"x"+and+member.value+eq+"y"']) WITH ORDINALITY t (query, n), pg_temp.page(query) p ORDER BY n;

INSERT INTO membership_list.users (id, data) SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, jsonb_build_object('userName', 'user' || i) || CASE WHEN i % 3 = 0 THEN jsonb_build_object('displayName', 'Person ' || i) ELSE '{}' END
FROM generate_series(1, 2000) i;
INSERT INTO membership_list.groups (id, data) SELECT ('00000000-0000-7000-9000-' || lpad(to_hex(i), 12, '0'))::uuid, jsonb_build_object('displayName', 'Group ' || i) FROM generate_series(1, 40) i;
INSERT INTO membership_list.member (group_id, member_id)
SELECT g.id, u.id FROM membership_list.groups g, membership_list.users u WHERE (substr(u.user_name, 5)::int + substr(g.display_name, 7)::int) % 13 = 0
UNION ALL SELECT a.id, b.id FROM membership_list.groups a JOIN membership_list.groups b ON b.id > a.id WHERE a.display_name = 'Group 7' AND b.display_name LIKE '%3';
INSERT INTO membership_list.member (group_id, member_id, value) SELECT id, scim.member_key('ext'), 'ext' FROM membership_list.groups WHERE display_name < 'Group 3';
SELECT count(*) > 5000 AS enough FROM membership_list.member;

-- Each row of a page once, by an index, however deep and whatever was there when its plan was made
BEGIN;
SELECT p.total, p.items, p.few, p.scanned FROM unnest(ARRAY['filter=group.value+eq+"00000000-0000-7000-9000-000000000007"&count=20', 'filter=member.value+eq+"00000000-0000-7000-8000-000000000077"',
    'filter=group.value+eq+"00000000-0000-7000-9000-000000000006"+and+member.value+eq+"00000000-0000-7000-8000-000000000007"',
    'filter=member[value+eq+"00000000-0000-7000-8000-000000000077"]&count=2', 'filter=group.value+eq+"nothing"',
    'filter=id+eq+"AAAAAAAAcACQAAAAAAAABgAAAAAAAHAAgAAAAAAAAAc"']) WITH ORDINALITY t (query, n), pg_temp.page(query) p ORDER BY n;
CREATE FUNCTION pg_temp.walk(query text, OUT ids text[], OUT pages int, OUT totals int[], OUT dear int) LANGUAGE plpgsql AS $$
DECLARE
    answer jsonb;
    cursor text := '';
    before record;
BEGIN
    pages := 0;
    dear := 0;
    LOOP
        before := pg_temp.read();
        SELECT body::jsonb INTO answer FROM scim.request('GET', '/GroupMemberships?' || query || '&cursor=' || cursor);
        -- beyond the first, which counts all
        dear := dear + (pages > 0 AND (pg_temp.read()).rows - before.rows > 3 * (jsonb_array_length(answer -> 'Resources') + 1) + 10)::int;
        pages := pages + 1;
        ids := ids || ARRAY(SELECT r ->> 'id' FROM jsonb_array_elements(answer -> 'Resources') WITH ORDINALITY e (r, n) ORDER BY n);
        totals := ARRAY(SELECT DISTINCT unnest(totals || (answer ->> 'totalResults')::int));
        cursor := answer ->> 'nextCursor';
        EXIT WHEN cursor IS NULL;
    END LOOP;
END $$;
CREATE TEMP VIEW membership AS SELECT translate(rtrim(encode(uuid_send(m.group_id) || uuid_send(m.member_id), 'base64'), '='), '+/', '-_') AS id, m.group_id, m.member_id, m.created
FROM membership_list.member m WHERE EXISTS (SELECT FROM membership_list.resource r WHERE r.id = m.member_id);
SELECT pages, totals = ARRAY[(SELECT count(*) FROM membership)]::int[] AS totals, dear, ids = ARRAY(SELECT id FROM membership ORDER BY group_id, member_id) AS all_in_order FROM pg_temp.walk('count=200');
SELECT pages, dear, ids = ARRAY(SELECT id FROM membership ORDER BY group_id DESC, member_id DESC) AS all_in_order FROM pg_temp.walk('count=200&sortBy=group.value&sortOrder=descending');
SELECT pages, dear, ids = ARRAY(SELECT id FROM membership WHERE group_id = '00000000-0000-7000-9000-000000000007' ORDER BY member_id) AS all_in_order FROM pg_temp.walk('count=20&filter=group.value+eq+"00000000-0000-7000-9000-000000000007"');
COMMIT;
-- by index
SELECT array_agg(r ->> 'id' ORDER BY page, n) = ARRAY(SELECT id FROM membership ORDER BY group_id, member_id) AS all_in_order
FROM generate_series(0, (SELECT count(*) FROM membership)::int / 200) page, scim.request('GET', '/GroupMemberships?count=200&startIndex=' || page * 200 + 1) l, jsonb_array_elements(l.body::jsonb -> 'Resources') WITH ORDINALITY e (r, n);
SELECT query, status, body::jsonb - 'Resources' - 'schemas' AS page FROM unnest(ARRAY['count=0', 'count=3&startIndex=0', 'count=5000', 'startIndex=999999', 'count=x', 'count=1&sortBy=id', 'sortBy=member.value', 'sortBy=nope', 'sortBy=group.display', 'cursor=x', 'startIndex=1&cursor', 'count=9999&cursor']) query, scim.request('GET', '/GroupMemberships?' || query);
SELECT status, body::jsonb -> 'totalResults' AS total, jsonb_array_length(body::jsonb -> 'Resources') AS items, headers ->> 'Location' AS location
FROM scim.request('POST', '/GroupMemberships/.search', '{}', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": "member.display co \"PERSON 1\"", "count": 4, "attributes": ["member.display"]}');
-- a cursor is for one query
SELECT body::jsonb ->> 'nextCursor' AS next FROM scim.request('GET', '/GroupMemberships?count=1&cursor') \gset
SELECT query, status FROM unnest(ARRAY['count=1', 'count=1&filter=id+pr', 'count=1&sortBy=id&sortOrder=descending', 'count=2']) query, scim.request('GET', '/GroupMemberships?' || query || '&cursor=' || :'next');
-- small pages where answers may not be large
INSERT INTO membership_list.setting (name, value) VALUES ('max_answer_size', '4096');
SELECT body::jsonb -> 'itemsPerPage' AS items, body::jsonb ? 'nextCursor' AS more FROM unnest(ARRAY['count=50&cursor', 'count=50']) query, scim.request('GET', '/GroupMemberships?' || query);
DELETE FROM membership_list.setting WHERE name = 'max_answer_size';

-- A filter means what it means of the document
CREATE TEMP TABLE document AS SELECT r ->> 'id' AS id, r AS document
FROM generate_series(0, 9) page, scim.request('GET', '/GroupMemberships?count=200&filter=' || 'member.type+eq+"group"+or+group.display+eq+"Group+7"+or+member.display+sw+"person+1"' || '&startIndex=' || page * 200 + 1) l, jsonb_array_elements(l.body::jsonb -> 'Resources') r;
CREATE FUNCTION pg_temp.differ(filter text, OUT of_document int, OUT differ int) LANGUAGE plpgsql AS $$
DECLARE
    answer jsonb := scim.search('GroupMembership', format('(%s) and (member.type eq "group" or group.display eq "Group 7" or member.display sw "person 1")', filter), count => 100);
BEGIN
    SELECT count(*) FILTER (WHERE scim.matches(d.document, filter::scim.filter)), abs(count(*) FILTER (WHERE scim.matches(d.document, filter::scim.filter)) - (answer ->> 'totalResults')::int)
        + count(*) FILTER (WHERE answer @> jsonb_build_object('Resources', jsonb_build_array(jsonb_build_object('id', d.id))) AND NOT scim.matches(d.document, filter::scim.filter))
    INTO of_document, differ FROM document d;
END $$;
SELECT filter, d.* FROM unnest(ARRAY['id pr', 'schemas eq "urn:ietf:params:scim:schemas:core:2.0:GroupMembership"', 'schemas eq "x"', 'meta.resourceType eq "GroupMembership"',
    'group.value eq "00000000-0000-7000-9000-000000000007"', 'group.value eq "00000000-0000-7000-9000-00000000000A"', 'group.value ne "00000000-0000-7000-9000-000000000007"', 'group.value gt "00000000-0000-7000-9000-000000000007"',
    'group.value co "9000"', 'member.value ew "7"', 'member.value sw "0000"', 'member.value pr', 'member.value eq null', 'member pr', 'not (member.value eq "00000000-0000-7000-8000-000000000006")',
    'group.display eq "group 7"', 'group.display co "1"', 'group.display ew "3" and member.display co "person"', 'member.display eq "Person 102"', 'member.display ne "Person 102"', 'member.display ge "User9"', 'member.type eq "GROUP"', 'member.type ne "Group"', 'member[type eq "User" and display co "9"]',
    'group[value eq "00000000-0000-7000-9000-000000000007" or display eq "Group 20"]', 'member.$ref co "/Groups/"', 'group.$ref ew "7"', 'meta.created pr', 'meta.lastModified gt "2000-01-01T00:00:00Z"', 'meta.created lt "2000-01-01T00:00:00Z"', 'meta[created gt "2000-01-01T00:00:00Z"]', 'meta.location co "/GroupMemberships/AAAA"',
    'member.value eq "00000000-0000-7000-8000-000000000006" or member.value eq "00000000-0000-7000-8000-000000000013"', 'id sw "AAAAAAAAcACQ"', 'id eq "AAAAAAAAcACQAAAAAAAABgAAAAAAAHAAgAAAAAAAAAc"', 'id ne "x"', 'id eq "x"',
    'not (group.display eq "Group 7" and not (member.type eq "Group"))']) WITH ORDINALITY f (filter, n), pg_temp.differ(filter) d ORDER BY n;
-- what a document alone does not tell
SELECT filter, scim.search('GroupMembership', filter, count => 0) -> 'totalResults' AS total FROM unnest(ARRAY['group eq "00000000-0000-7000-9000-000000000007"', 'group.value eq "00000000-0000-7000-9000-000000000007"', 'urn:ietf:params:scim:schemas:core:2.0:GroupMembership:member.display eq "person 102"', 'member.display eq "person 102"']) filter;
SELECT scim.search('GroupMembership', 'meta.version eq "W/\"1\""', count => 0) -> 'totalResults' = scim.search('GroupMembership', count => 0) -> 'totalResults' AS version;
SELECT filter, r.status, r.body::jsonb ->> 'scimType' AS scim_type, r.body::jsonb ->> 'detail' AS detail FROM unnest(ARRAY['userName eq "x"', 'group.nope eq "x"', 'member.type gt 1', 'member.value xx "1"', 'members.value eq "x"', 'groups pr', 'nope pr', 'group[nope eq "x"]', 'meta.created eq "x"']) filter,
    scim.request('POST', '/GroupMemberships/.search', '{}', jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]'::jsonb, 'filter', filter)::text) r;

-- Scopes are those of the group; who may not read the member learns who it is, as from the group
CREATE TEMP TABLE token (name text, secret text);
INSERT INTO token SELECT name, (scim.create_token(name, scopes => what::text[])).secret FROM (VALUES ('all', NULL), ('user', '{User}'), ('group', '{Group}'), ('group read', '{Group:read}'), ('read', '{read}')) t (name, what);
SELECT scim.create_token('x', scopes => '{GroupMembership}');
CREATE FUNCTION pg_temp.ask(token text, method text, target text, body text DEFAULT NULL, OUT status int, OUT answer jsonb) LANGUAGE plpgsql AS $$
DECLARE
    reply scim.response;
BEGIN
    PERFORM scim.authenticate('Bearer ' || t.secret) FROM token t WHERE t.name = token;
    reply := scim.request(method, target, '{}', body);
    status := reply.status;
    answer := reply.body::jsonb;
    RAISE EXCEPTION 'undone' USING ERRCODE = 'ZZZZZ';
EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN RETURN;
END $$;
SELECT t.name, string_agg(a.status::text, ' ' ORDER BY n) AS answers FROM token t, (VALUES (1, 'GET', '/GroupMemberships?count=1', NULL), (2, 'GET', '/GroupMemberships/AAAAAAAAcACQAAAAAAAABgAAAAAAAHAAgAAAAAAAAAc', NULL), (3, 'POST', '/GroupMemberships/.search', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]}'),
    (4, 'POST', '/GroupMemberships', '{"group": {"value": "00000000-0000-7000-9000-000000000007"}, "member": {"value": "00000000-0000-7000-8000-000000000007"}}'), (5, 'DELETE', '/GroupMemberships/AAAAAAAAcACQAAAAAAAABgAAAAAAAHAAgAAAAAAAAAc', NULL),
    (6, 'GET', '/ResourceTypes/GroupMembership', NULL)) r (n, method, target, body), pg_temp.ask(t.name, method, target, body) a GROUP BY t.name ORDER BY t.name;
SELECT t.name, a.answer -> 'member' AS member FROM token t, pg_temp.ask(t.name, 'GET', '/GroupMemberships/AAAAAAAAcACQAAAAAAAABgAAAAAAAHAAgAAAAAAAAAc') a WHERE t.name IN ('all', 'group');
SELECT t.name, a.answer -> 'totalResults' AS total FROM token t, pg_temp.ask(t.name, 'GET', '/GroupMemberships?filter=member.display+eq+"user7"&count=1') a WHERE t.name IN ('all', 'group');
-- the scope of SQL functions
BEGIN;
SELECT scim.authenticate('Bearer ' || secret) AS tenant FROM token WHERE name = 'group read';
SAVEPOINT s;
SELECT scim.create_resource('GroupMembership', '{"group": {"value": "00000000-0000-7000-9000-000000000007"}, "member": {"value": "00000000-0000-7000-8000-000000000007"}}');
ROLLBACK TO s;
SELECT scim.search('GroupMembership', count => 0) -> 'totalResults' = to_jsonb((SELECT count(*) FROM membership)) AS may_read;
ROLLBACK;

-- Row-level security: a group, or a member, that may not be seen has no memberships
CREATE ROLE membership_reader;
GRANT USAGE ON SCHEMA membership_list TO membership_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA membership_list TO membership_reader;
CREATE POLICY some_groups ON membership_list.resource AS RESTRICTIVE FOR SELECT TO membership_reader USING (display_name IS NULL OR display_name IN ('Group 7', 'Person 102'));
BEGIN;
SET LOCAL scim.tenant = 1;
SET LOCAL ROLE membership_reader;
SELECT count(*) FILTER (WHERE r #>> '{group,display}' <> 'Group 7') AS others, count(*) FILTER (WHERE r #>> '{member,display}' LIKE 'Person%') AS persons, count(*) > 10 AS rest
FROM jsonb_array_elements(scim.search('GroupMembership', count => 200) -> 'Resources') r;
ROLLBACK;

-- Policies are those of the group: a count of members who are taken away
INSERT INTO membership_list.policy (resource_type, kind, name, settings) VALUES ('Group', 'guard', 'few', '{"on": ["remove member"], "limit": 1, "seconds": 3600}');
SELECT n, status, body::jsonb ->> 'detail' AS detail FROM generate_series(1, 2) n, scim.request('DELETE', '/GroupMemberships/' || (SELECT id FROM membership ORDER BY group_id, member_id OFFSET n LIMIT 1));
DELETE FROM membership_list.policy WHERE kind = 'guard';
-- and who may write them
INSERT INTO membership_list.policy (resource_type, kind, name, settings) SELECT 'Group', 'managed', 'owned', jsonb_build_object('owner', 'Okta', 'attributes', '["members"]'::jsonb);
SELECT method, r.status, r.body::jsonb ->> 'detail' AS detail FROM (VALUES ('POST', '/GroupMemberships', '{"group": {"value": "00000000-0000-7000-9000-000000000007"}, "member": {"value": "00000000-0000-7000-8000-000000000007"}}'), ('DELETE', '/GroupMemberships/AAAAAAAAcACQAAAAAAAABgAAAAAAAHAAgAAAAAAAAAc', NULL)) t (method, target, sent), scim.request(method, target, '{}', sent) r;

SET client_min_messages = warning;
SELECT scim.drop_store('membership_list', true);
DROP ROLE membership_reader;
