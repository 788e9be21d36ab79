-- Views in each store: what an auditor asks every week, as a role that may read and no more
CREATE ROLE regress_scim_auditor;
SELECT scim.create_store('seen');
SET scim.store = 'seen';
GRANT USAGE ON SCHEMA seen TO regress_scim_auditor;
GRANT SELECT ON seen.resource, seen.member, seen.audit, seen.audit_seal, seen.setting, seen.policy TO regress_scim_auditor;
GRANT SELECT (tenant_id, id, description, scopes, created, expires_at, revoked_at, former_until, former_used_at, last_used_at, client_id) ON seen.token TO regress_scim_auditor;
GRANT SELECT (tenant_id, id, name, scopes, created, expires_at, revoked_at, former_until, former_used_at, last_used_at) ON seen.client TO regress_scim_auditor;
SELECT string_agg(format('GRANT SELECT ON %s TO regress_scim_auditor', oid::regclass), '; ') AS grant_them FROM pg_class WHERE relnamespace = 'seen'::regnamespace AND relkind = 'v' \gset
:grant_them;
SELECT relname, reloptions FROM pg_class WHERE relnamespace = 'seen'::regnamespace AND relkind = 'v' ORDER BY 1;
SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname ~ 'hash|salt|secret$|value' WHERE c.relnamespace = 'seen'::regnamespace AND c.relkind = 'v';

-- two tenants; identity providers with tokens, one of them never used
SELECT scim.create_tenant('two') AS two;
INSERT INTO seen.tenant_role (role, tenant_id) VALUES ('regress_scim_auditor', 1);
SELECT schema ->> 'id' AS schema FROM scim.register_schema('{"id": "urn:example:Staff:1.0:User", "name": "Staff", "attributes": [{"name": "endDate"}]}') schema;
SELECT resource_type ->> 'name' AS resource_type FROM scim.register_resource_type(jsonb_insert((SELECT document FROM seen.resource_type WHERE name = 'User'), '{schemaExtensions,-1}',
    '{"schema": "urn:example:Staff:1.0:User", "required": false}', true)) resource_type;
INSERT INTO seen.setting (name, value) VALUES ('leaving_date', '"urn:example:Staff:1.0:User:endDate"'), ('leaver_filter', '"userType eq \"Former\""');
SELECT id AS okta, secret FROM scim.create_token('Okta', now() + interval '10 days 1 hour') \gset
SELECT (scim.create_token('Payroll')).id AS payroll \gset
INSERT INTO seen.authentication_scheme (scheme, keyword, credential, type, name, description) VALUES ('Basic', 'Basic', 'password', 'httpbasic', 'HTTP Basic', 'Name and password');
SELECT (scim.create_client('reports', password => 'correct horse')).id AS reports \gset
UPDATE seen.token SET created = now() - interval '100 days' WHERE id = :'payroll';
UPDATE seen.client SET created = now() - interval '40 days', last_used_at = now() - interval '30 days 1 hour' WHERE id = :'reports';

BEGIN;
SELECT scim.authenticate('Bearer ' || :'secret') AS tenant;
SET LOCAL scim.request_id = 'r-1';
INSERT INTO seen.users (id, data) VALUES
    ('00000000-0000-7000-8000-000000000001', '{"userName": "ada", "externalId": "1", "emails": [{"value": "ada@example.com", "primary": true}],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "00000000-0000-7000-8000-000000000003"}}}'),
    ('00000000-0000-7000-8000-000000000002', '{"userName": "bob", "externalId": "2", "emails": [{"value": "bob@example.com"}], "userType": "former", "urn:example:Staff:1.0:User": {"endDate": "2020-01-31"}}'),
    ('00000000-0000-7000-8000-000000000003', '{"userName": "cleo", "externalId": "3", "emails": [{"value": "cleo@example.com", "primary": true}], "urn:example:Staff:1.0:User": {"endDate": "2020-02-01T12:00:00Z"}}'),
    ('00000000-0000-7000-8000-000000000004', jsonb_build_object('userName', 'dan', 'externalId', '4', 'password', 't1meMa$heen', 'urn:example:Staff:1.0:User', jsonb_build_object('endDate', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD')))),
    ('00000000-0000-7000-8000-000000000005', '{"userName": "eve", "externalId": "5", "urn:example:Staff:1.0:User": {"endDate": "2020-02-31"},
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "nobody"}}}');
INSERT INTO seen.groups (id, data) VALUES ('00000000-0000-7000-8000-0000000000a1', '{"displayName": "Treasury"}'), ('00000000-0000-7000-8000-0000000000a2', '{"displayName": "Finance"}'), ('00000000-0000-7000-8000-0000000000a3', '{"displayName": "All"}');
INSERT INTO seen.member (group_id, member_id) VALUES ('00000000-0000-7000-8000-0000000000a1', '00000000-0000-7000-8000-000000000001'), ('00000000-0000-7000-8000-0000000000a1', '00000000-0000-7000-8000-000000000004'), ('00000000-0000-7000-8000-0000000000a2', '00000000-0000-7000-8000-0000000000a1'), ('00000000-0000-7000-8000-0000000000a3', '00000000-0000-7000-8000-0000000000a2'),
    ('00000000-0000-7000-8000-0000000000a2', '00000000-0000-7000-8000-000000000001'), ('00000000-0000-7000-8000-0000000000a3', '00000000-0000-7000-8000-000000000099'), ('00000000-0000-7000-8000-0000000000a1', '00000000-0000-7000-8000-0000000000a3');
COMMIT;
INSERT INTO seen.users (id, data) VALUES ('00000000-0000-7000-8000-000000000006', '{"userName": "made by hand", "emails": [{"value": "x@example.com", "primary": true}]}');
INSERT INTO seen.users (tenant_id, id, data) VALUES (2, '00000000-0000-7000-8000-000000000007', '{"userName": "stranger", "userType": "Former"}');
INSERT INTO seen.groups (tenant_id, id, data) VALUES (2, '00000000-0000-7000-8000-0000000000a7', '{"displayName": "Strangers", "members": [{"value": "00000000-0000-7000-8000-000000000007"}]}');
UPDATE seen.users SET active = false WHERE user_name = 'stranger';

-- who leaves: suspended, off-boarded with access and without, deleted
UPDATE seen.users SET active = false WHERE user_name = 'eve';
UPDATE seen.policy SET settings = '{"mode": "offboard"}' WHERE (kind, resource_type) = ('delete', 'User');
DELETE FROM seen.users WHERE user_name = 'cleo';
UPDATE seen.policy SET settings = '{"mode": "offboard", "deactivate": false}' WHERE (kind, resource_type) = ('delete', 'User');
DELETE FROM seen.users WHERE user_name = 'dan';
UPDATE seen.policy SET settings = '{"mode": "hard"}' WHERE (kind, resource_type) = ('delete', 'User');
INSERT INTO seen.users (id, data) VALUES ('00000000-0000-7000-8000-000000000008', '{"userName": "gone", "externalId": "8"}');
DELETE FROM seen.users WHERE user_name = 'gone';
DELETE FROM seen.groups WHERE display_name = 'All';

SET ROLE regress_scim_auditor;
SELECT at > now() - interval '1 hour' AS at, user_name, operation, status_before, status_now, CASE WHEN user_name <> 'dan' THEN leaving_date END AS leaving_date, delay > interval '1 year' AS late, delay < '0' AS early, actor = session_user AS by_me FROM seen.leaver ORDER BY seen.leaver.at;
SELECT user_name, status, reason, leaving_date ~ '^2020' AS leaving_date, since AT TIME ZONE 'UTC' AS since FROM seen.active_leaver WHERE reason <> 'status' UNION ALL
SELECT user_name, status, reason, leaving_date ~ '^2020', NULL FROM seen.active_leaver WHERE reason = 'status' ORDER BY 1, 3;
SELECT user_name, manager_id, manager_user_name, manager_status, since IS NOT NULL AS since FROM seen.manager_left ORDER BY 1;
SELECT user_name, status, emails FROM seen.missing_primary_email ORDER BY 1;
SELECT group_name, member_type, coalesce(user_name, display_name) AS member, status, has_access, direct, since IS NOT NULL AS since, through FROM seen.effective_member ORDER BY 1, 3;
SELECT user_name, group_name, direct, since IS NOT NULL AS since, through FROM seen.effective_group ORDER BY 1, 2;
SELECT count(*) FROM (SELECT tenant_id, group_id, member_id AS id, direct, since, through FROM seen.effective_member WHERE member_type = 'User') m FULL JOIN seen.effective_group g USING (tenant_id, group_id, id) WHERE (m.direct, m.since, m.through) IS DISTINCT FROM (g.direct, g.since, g.through);
SELECT group_name, operation, member_name, token_id = :'okta' AS by_okta, request_id FROM seen.membership_change ORDER BY at, member_name;
SELECT object, operation, before #>> '{settings,mode}' AS before, after #>> '{settings,mode}' AS after, db_user = session_user AS by_me FROM seen.configuration_change WHERE object = 'policy' ORDER BY at;
SELECT object, operation, secrets, after ? 'hash' OR before ? 'hash' AS hash FROM seen.configuration_change WHERE object IN ('token', 'client') AND operation LIKE 'create%' ORDER BY at;
SELECT operation, name, member_name, token, actor, request_id, password_set FROM seen.activity WHERE token = 'Okta' AND resource_type = 'User' ORDER BY at;
SELECT kind, name, state, days_unused, days_left FROM seen.token_use ORDER BY 1, 2;
SELECT kind, name, days_unused, dormant_after FROM seen.dormant_token;
SET scim.dormant_after = 30;
SELECT kind, name, days_unused, dormant_after FROM seen.dormant_token ORDER BY 2;
RESET scim.dormant_after;
SELECT user_name, by_hand, actor = session_user AS by_me, token_id = :'okta' AS by_okta, request_id FROM seen.account_origin ORDER BY 1;
SELECT user_name, by_hand FROM seen.orphan_account;
SELECT * FROM seen.last_seal;
RESET ROLE;
-- the owner sees all tenants, and says which
SELECT tenant_id, user_name FROM seen.leaver WHERE tenant_id > 1;
SELECT tenant_id, group_name, user_name, has_access FROM seen.effective_member WHERE tenant_id = 2;
-- a setting of a tenant; sealed; somebody erased
INSERT INTO seen.setting (name, tenant_id, value) VALUES ('leaver_filter', 1, '""'), ('dormant_after', 1, '31'), ('dormant_after', NULL, '7');
SELECT scim.seal_audit() > 0 AS sealed;
SELECT (scim.create_token('Workday')).id IS NOT NULL AS made;
SELECT scim.erase('00000000-0000-7000-8000-000000000005') > 0 AS erased;
SET ROLE regress_scim_auditor;
SELECT user_name, reason FROM seen.active_leaver ORDER BY 1, 2;
SELECT name, dormant_after FROM seen.dormant_token;
SELECT tenant_id, sealed_at > now() - interval '1 hour' AS sealed_at, horizon <= sealed_at AS horizon, total > 0 AS total, unsealed > 0 AS unsealed FROM seen.last_seal ORDER BY 1;
SELECT operation, user_name, status_now FROM seen.leaver WHERE id = '00000000-0000-7000-8000-000000000005';
SELECT operation, name FROM seen.activity WHERE resource_id = '00000000-0000-7000-8000-000000000005' ORDER BY at;
RESET ROLE;

-- names of who is gone: what they were called last, whatever the step says; and tokens that have another name since
UPDATE seen.groups SET data = data || '{"displayName": "Old"}' WHERE display_name = 'Finance';
INSERT INTO seen.users (id, data) VALUES ('00000000-0000-7000-8000-00000000000b', '{"userName": "went", "externalId": "11", "displayName": "W"}');
INSERT INTO seen.member (group_id, member_id) VALUES ('00000000-0000-7000-8000-0000000000a2', '00000000-0000-7000-8000-00000000000b');
UPDATE seen.users SET data = data || '{"userName": "has gone"}' WHERE user_name = 'went';
UPDATE seen.groups SET data = data || '{"displayName": "New"}' WHERE display_name = 'Old';
DELETE FROM seen.users WHERE user_name = 'has gone';
DELETE FROM seen.groups WHERE display_name = 'New';
UPDATE seen.token SET description = 'Okta 2' WHERE id = :'okta';
SET ROLE regress_scim_auditor;
SELECT operation, name, member_name FROM seen.activity WHERE resource_id IN ('00000000-0000-7000-8000-0000000000a2', '00000000-0000-7000-8000-00000000000b') ORDER BY at, member_name;
SELECT group_name, operation, member_name FROM seen.membership_change WHERE member_id = '00000000-0000-7000-8000-00000000000b' ORDER BY at;
SELECT replace(a, :'okta', 'ID') AS actor, (SELECT count(*) FROM scim.changes(NULL, NULL, actor => a)) > 5 AS all, (SELECT count(*) FROM seen.activity WHERE token = a) > 5 AS token, (SELECT count(*) FROM seen.activity c WHERE c.actor = a) > 5 AS called_then
FROM unnest(ARRAY['Okta', 'token: Okta', 'Okta 2', 'token: Okta 2', :'okta', 'client: Okta 2']) a;
RESET ROLE;
REVOKE SELECT (description) ON seen.token FROM regress_scim_auditor;
SET ROLE regress_scim_auditor;
SELECT a AS actor, count(c) > 5 AS known FROM unnest(ARRAY['Okta', 'Okta 2']) a LEFT JOIN LATERAL scim.changes(NULL, NULL, actor => a) c ON true GROUP BY 1 ORDER BY 1;
RESET ROLE;
GRANT SELECT (description) ON seen.token TO regress_scim_auditor;
UPDATE seen.token SET description = 'Okta' WHERE id = :'okta';

-- what these settings may be
\set VERBOSITY terse
INSERT INTO seen.setting (name, value) VALUES ('leaver_filter', '"userType eq"');
INSERT INTO seen.setting (name, value) VALUES ('leaving_date', '"emails[type eq \"work\"].value"');
INSERT INTO seen.setting (name, value) VALUES ('leaving_date', '"end date"');
INSERT INTO seen.setting (name, value) VALUES ('dormant_after', '-2');
-- nor what these people do not have, or what nobody could ask of them
DO $$
DECLARE s record; why text;
BEGIN
    FOR s IN VALUES ('leaver_filter', 'nope eq 1'), ('leaver_filter', 'password pr'), ('leaver_filter', 'members pr'), ('leaver_filter', 'groups.value eq "x"'),
        ('leaver_filter', 'meta.version pr'), ('leaver_filter', 'active gt "x"'), ('leaver_filter', 'status eq "SUSPENDED"'), ('leaver_filter', 'emails[nope eq "x"]'),
        ('leaver_filter', 'not (title pr and urn:example:Staff:1.0:User:nope pr)'), ('leaver_filter', 'urn:example:Staff:1.0:User:endDate pr and name[familyName eq "x"]'),
        ('leaving_date', 'nope.x'), ('leaving_date', 'urn:example:Staff:1.0:User:nope'), ('leaving_date', 'urn:example:Staff:1.0:User'), ('leaving_date', 'password'),
        ('leaving_date', 'members.value'), ('leaving_date', 'meta.created'), ('leaving_date', 'active'), ('leaving_date', 'name'), ('leaving_date', 'emails.value'),
        ('leaving_date', 'id'), ('leaving_date', 'NAME.honorificSuffix') LOOP
        why := 'taken';
        BEGIN
            INSERT INTO seen.setting (name, tenant_id, value) VALUES (s.column1, 2, to_jsonb(s.column2));
            DELETE FROM seen.setting WHERE tenant_id = 2;
        EXCEPTION WHEN OTHERS THEN why := sqlstate || ' ' || sqlerrm;
        END;
        RAISE NOTICE '%: %', s.column2, why;
    END LOOP;
END $$;
SET scim.leaver_filter = 'userType eq';
SET scim.leaving_date = 'end date';
\set VERBOSITY default
SELECT name, value, source FROM scim.settings() WHERE name ~ '^(leav|dorm)' ORDER BY 1;

-- instants and paths
SELECT path, scim_internal.text_at(d, path) AS text, scim_internal.end_at(d, path) AT TIME ZONE 'UTC' AS ends
FROM (VALUES ('{"title": "2026-03-31", "name": {"familyName": "2026-03-31T10:00:00+02:00"}, "emails": [{"value": "x"}], "urn:example:Staff:1.0:User": {"endDate": "2026-02-31", "x": {"y": "2026-12-31T24:00:00Z"}}}'::jsonb)) v (d),
    unnest(ARRAY['title', 'urn:ietf:params:scim:schemas:core:2.0:User:title', 'name.familyName', 'emails', 'URN:example:staff:1.0:user:endDate', 'urn:example:Staff:1.0:User:x.y', 'urn:example:Staff:1.0:User', 'urn:example:Other:title', 'nothing', NULL]) path;

-- 5,000 people in 100 groups, one inside of another: who is asked for is found by indexes
INSERT INTO seen.users (data) SELECT jsonb_build_object('userName', 'u' || i, 'externalId', i::text, 'userType', CASE WHEN i % 500 = 0 THEN 'former' ELSE 'staff' END,
    'emails', jsonb_build_array(jsonb_build_object('value', i || '@example.com', 'primary', true))) FROM generate_series(1, 5000) i;
INSERT INTO seen.groups (data) SELECT jsonb_build_object('displayName', 'g' || i) FROM generate_series(1, 100) i;
INSERT INTO seen.member (group_id, member_id) SELECT g.id, u.id FROM seen.users u JOIN seen.groups g ON g.tenant_id = 1 AND g.display_name = 'g' || substr(u.user_name, 2)::int % 100 + 1 WHERE u.user_name ~ '^u\d';
INSERT INTO seen.member (group_id, member_id) SELECT g.id, h.id FROM seen.groups g JOIN seen.groups h ON 'g' || substr(g.display_name, 2)::int + 1 = h.display_name WHERE g.display_name ~ '^g\d+[1-9]$';
ANALYZE seen.users, seen.groups, seen.member, seen.audit, seen.token, seen.client;
DELETE FROM seen.setting WHERE name = 'leaver_filter' AND tenant_id = 1;
-- whatever reads a table with many rows from end to end; partitions of months without rows cost nothing
CREATE FUNCTION pg_temp.read_whole(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    line text;
    found text[] := '{}';
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (costs off) ' || query LOOP
        found := found || (SELECT m[1] FROM regexp_match(line, 'Seq Scan on (users|member|' || to_char(now() AT TIME ZONE 'UTC', '"audit_"YYYY_MM') || ')\M') m WHERE m IS NOT NULL);
    END LOOP;
    RETURN array_to_string(found, ' ');
END
$$;
GRANT EXECUTE ON FUNCTION pg_temp.read_whole TO PUBLIC;
SELECT format('GRANT USAGE ON SCHEMA %s TO PUBLIC', pg_my_temp_schema()::regnamespace) AS grant_them \gset
:grant_them;
SELECT id AS one FROM seen.users WHERE user_name = 'u77' \gset
SELECT id AS "group" FROM seen.groups WHERE display_name = 'g55' \gset
CREATE TEMP TABLE question AS SELECT n, replace(replace(query, '$u', quote_literal(:'one')), '$g', quote_literal(:'group')) AS query FROM (VALUES
    (1, 'leaver WHERE at > now()'), (2, 'leaver WHERE id = $u'), (3, 'active_leaver WHERE reason <> ''status'''), (4, 'active_leaver WHERE id = $u'), (5, 'manager_left WHERE id = $u'),
    (6, 'missing_primary_email WHERE id = $u'), (7, 'effective_member WHERE group_id = $g'), (8, 'effective_group WHERE id = $u'), (9, 'effective_group WHERE user_name = ''u77'''),
    (10, 'membership_change WHERE at > now()'), (11, 'membership_change WHERE group_id = $g'), (12, 'membership_change WHERE member_id = $u'),
    (13, 'activity WHERE at > now()'), (14, 'activity WHERE resource_id = $u'), (15, 'configuration_change WHERE at > now()'), (16, 'configuration_change WHERE object = ''policy'''),
    (17, 'account_origin WHERE id = $u'), (18, 'orphan_account'), (19, 'orphan_account WHERE id = $u'), (20, 'last_seal')) q (n, query);
GRANT SELECT ON question TO PUBLIC;
SET ROLE regress_scim_auditor;
SELECT regexp_replace(query, '''[0-9a-f-]{36}''', 'ID') AS query, pg_temp.read_whole('SELECT * FROM seen.' || query) AS whole FROM question ORDER BY n;
SELECT count(*) FROM seen.active_leaver WHERE reason = 'leaver_filter';
SELECT count(*), count(*) FILTER (WHERE direct) AS direct FROM seen.effective_member WHERE group_name = 'g55';
SELECT group_name, direct FROM seen.effective_group WHERE user_name = 'u77' ORDER BY length(group_name), 1;
RESET ROLE;

-- a resource type cannot have the name of a view for its table; a relation of theirs that has one stays in an upgrade
SELECT scim.register_schema('{"id": "urn:example:Leaver", "name": "Leaver", "attributes": [{"name": "x"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "Leaver", "endpoint": "/Leaver", "schema": "urn:example:Leaver"}');
SELECT scim.register_resource_type('{"name": "Leaver", "endpoint": "/Leaver", "schema": "urn:example:Leaver"}', table_name => 'leavers') ->> 'name' AS made;
DROP VIEW seen.leaver;
CREATE VIEW seen.leaver AS SELECT 1 AS theirs;
SELECT count(*) FROM scim_internal.store_repairs('seen') WHERE statement ~ 'seen\.leaver\M';
SELECT statement FROM scim_internal.store_repairs('seen') WHERE statement ~ 'VIEW seen\.dormant_token\M' AND statement ~ '^COMMENT';
-- columns of one's own come and go
ALTER TABLE seen.resource ADD COLUMN badge text;
ALTER TABLE seen.resource DROP COLUMN badge;
SET client_min_messages = warning;
SELECT scim.drop_store('seen', true);
DROP ROLE regress_scim_auditor;
