-- From one tenant to another, by SQL: as the role of the gateway, as that of an application, with every setting
-- that a session can make; rows, functions, events, audit, tokens, errors, uniqueness
\set VERBOSITY terse
CREATE ROLE regress_scim_api;
CREATE ROLE regress_scim_shop;
SELECT scim.create_store('crossing');
SET scim.store = 'crossing';
SELECT scim.create_tenant('two') AS two;
GRANT USAGE ON SCHEMA crossing TO regress_scim_api, regress_scim_shop;
-- more than either ever gets
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA crossing TO regress_scim_api, regress_scim_shop;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA scim TO regress_scim_api, regress_scim_shop;
INSERT INTO crossing.tenant_role (role, tenant_id) VALUES ('regress_scim_shop', 1);
UPDATE crossing.policy SET enabled = true WHERE kind = 'events';
\set u1 00000000-0000-7000-8000-000000000001
\set u2 00000000-0000-7000-8000-000000000002
\set g2 00000000-0000-7000-8000-0000000000a2
SET scim.tenant = 2;
INSERT INTO crossing.users (id, data) VALUES (:'u2', '{"userName": "theirs", "title": "secret", "password": "t1meMa$heen"}');
INSERT INTO crossing.groups (id, data) VALUES (:'g2', '{"displayName": "secret", "members": [{"value": "00000000-0000-7000-8000-000000000002"}]}');
INSERT INTO crossing.policy (tenant_id, resource_type, kind, settings) VALUES (2, 'User', 'delete', '{"mode": "hard"}');
INSERT INTO crossing.setting (name, tenant_id, value) VALUES ('max_results', 2, '7');
SELECT id AS token2, secret AS t2 FROM scim.create_token('of two') \gset
SELECT id AS client2 FROM scim.create_client('of two', 'Bearer') \gset
SELECT scim.issue_recovery_code(:'u2') IS NOT NULL AS code;
RESET scim.tenant;
INSERT INTO crossing.users (id, data) VALUES (:'u1', '{"userName": "mine"}');
SELECT secret AS t1 FROM scim.create_token('of one') \gset

-- every table that has rows of a tenant, read and written: how many of the other's; the settings of a session
CREATE FUNCTION pg_temp.cross(OUT what text, OUT seen bigint, OUT changed bigint, OUT removed bigint) RETURNS SETOF record LANGUAGE plpgsql AS $$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
        WHERE c.relnamespace = 'crossing'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY c.relname COLLATE "C"
    LOOP
        what := t.relname;
        BEGIN
            EXECUTE format('SELECT count(*) FROM crossing.%I WHERE tenant_id = 2', t.relname) INTO seen;
            EXECUTE format('UPDATE crossing.%I SET tenant_id = tenant_id WHERE tenant_id = 2', t.relname);
            GET DIAGNOSTICS changed = ROW_COUNT;
            EXECUTE format('DELETE FROM crossing.%I WHERE tenant_id = 2', t.relname);
            GET DIAGNOSTICS removed = ROW_COUNT;
        EXCEPTION WHEN insufficient_privilege OR feature_not_supported THEN changed := -1;
        END;
        CONTINUE WHEN seen = 0 AND coalesce(changed, 0) <= 0 AND coalesce(removed, 0) = 0;
        RETURN NEXT;
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION pg_temp.cross TO PUBLIC;
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    EXECUTE statement INTO answer;
    RETURN coalesce(answer, 'nothing');
EXCEPTION WHEN OTHERS THEN RETURN sqlstate || ' ' || regexp_replace(regexp_replace(sqlerrm, 'role "[^"]*"', 'role'), '"01[0-9a-f-]{34}"', '"..."');
END $$;
GRANT EXECUTE ON FUNCTION pg_temp.try TO PUBLIC;
SELECT format('GRANT USAGE ON SCHEMA %s TO PUBLIC', pg_my_temp_schema()::regnamespace) AS grant_them \gset
:grant_them;
CREATE TEMP TABLE attempt AS SELECT * FROM (VALUES
    (1, format('SELECT scim.get_resource(''User'', %L)', :'u2')),
    (2, format('SELECT scim.replace_resource(''User'', %L, ''{"userName": "x"}'')', :'u2')),
    (3, format('SELECT scim.patch_resource(''User'', %L, ''[{"op": "add", "path": "title", "value": "x"}]'')', :'u2')),
    (4, format('SELECT scim.delete_resource(''User'', %L)', :'u2')),
    (5, format('SELECT scim.suspend_resource(''User'', %L)', :'u2')),
    (6, format('SELECT scim.restore_resource(''User'', %L)', :'u2')),
    (7, format('SELECT scim.complete_offboarding(%L)', :'u2')),
    (8, format('SELECT scim.invite(%L)', :'u2')),
    (9, format('SELECT scim.record_login(%L)', :'u2')),
    (10, format('SELECT scim.log_out(%L)', :'u2')),
    (11, format('SELECT scim.session_is_valid(%L, now())', :'u2')),
    (12, format('SELECT scim.issue_recovery_code(%L)', :'u2')),
    (13, format('SELECT scim.verify_password(%L, ''t1meMa$heen'')', :'u2')),
    (14, format('SELECT scim.revoke_token(%L)', :'token2')),
    (15, format('SELECT scim.rotate_token(%L)', :'token2')),
    (16, format('SELECT scim.revoke_client(%L)', :'client2')),
    (17, format('SELECT scim.rotate_client(%L)', :'client2')),
    (18, 'SELECT scim.search(''User'', ''userName eq "theirs" or title pr'') -> ''totalResults'''),
    (19, 'SELECT scim.search(NULL, ''id pr'') ->> ''Resources'' LIKE ''%secret%'''),
    (20, format('SELECT scim.search(''User'', ''groups.value eq "%s"'') -> ''totalResults''', :'g2')),
    (21, format('SELECT body::jsonb #>> ''{Operations,0,status}'' FROM scim.request(''POST'', ''/Bulk'', ''{}'', ''{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [{"method": "DELETE", "path": "/Users/%s"}]}'')', :'u2')),
    (22, format('INSERT INTO crossing.users (tenant_id, data) VALUES (2, ''{"userName": "smuggled"}'')')),
    (23, format('INSERT INTO crossing.resource (tenant_id, resource_type, data) VALUES (2, ''User'', ''{"userName": "smuggled"}'')')),
    (24, format('INSERT INTO crossing.member (tenant_id, group_id, member_id) VALUES (2, %L, %L)', :'g2', :'u1')),
    (25, format('INSERT INTO crossing.member (group_id, member_id) VALUES (%L, %L)', :'g2', :'u1')),
    (26, format('UPDATE crossing.users SET tenant_id = 2 WHERE id = %L RETURNING 1', :'u1')),
    (27, 'INSERT INTO crossing.token (tenant_id, hash, description) VALUES (2, sha256(''x''), ''x'')'),
    (28, 'INSERT INTO crossing.client (tenant_id, name, scheme, hash) VALUES (2, ''x'', ''Bearer'', sha256(''x''))'),
    (29, format('INSERT INTO crossing.credential (tenant_id, resource_id, secret) SELECT 2, %L, ''SCRAM-SHA-256$4096:AAAA$'' || repeat(''A'', 43) || ''=:'' || repeat(''A'', 43) || ''='' RETURNING 1', :'u2')),
    (30, 'INSERT INTO crossing.policy (tenant_id, resource_type, kind, enabled) VALUES (2, ''User'', ''audit'', false)'),
    (31, 'INSERT INTO crossing.policy (resource_type, kind, enabled) VALUES (''Group'', ''generate'', false)'),
    (32, 'INSERT INTO crossing.setting (name, tenant_id, value) VALUES (''max_values'', 2, ''1'')'),
    (33, 'INSERT INTO crossing.tenant (tenant_id, name) VALUES (3, ''mine'')'),
    (34, 'INSERT INTO crossing.tenant_role (role) VALUES (current_user)'),
    (35, 'SELECT count(*) FROM crossing.tenant_role'),
    (36, 'SELECT count(*) FROM crossing.secret'),
    (37, 'SELECT scim.create_tenant(''mine'')'),
    (38, 'SELECT scim.drop_tenant(2)'),
    (39, 'SELECT count(*) FROM ONLY crossing.users WHERE tenant_id = 2'),
    (40, 'SELECT count(*) FROM crossing.audit WHERE tenant_id = 2 OR before::text LIKE ''%theirs%'''),
    (41, 'SELECT count(*) FROM crossing.event WHERE tenant_id = 2')) a (n, statement);
GRANT SELECT ON attempt TO PUBLIC;

-- as the role of the gateway, with nothing proved; whatever it says
SET ROLE regress_scim_api;
SELECT * FROM pg_temp.cross();
SET scim.tenant = 2;
SET scim.actor = 'token: of two';
SET scim.me = :'u2';
SELECT * FROM pg_temp.cross();
SELECT n, pg_temp.try(statement) AS as_the_api FROM attempt ORDER BY n;
SELECT status FROM scim.request('GET', '/Me');
-- with a token of the first tenant
BEGIN;
SELECT scim.authenticate(:'t1') AS proved;
SELECT * FROM pg_temp.cross();
SELECT n, pg_temp.try(statement) AS as_the_first FROM attempt ORDER BY n;
SELECT status FROM scim.request('GET', '/Me');
SELECT status FROM scim.request('GET', '/Users/' || :'u1');
ROLLBACK;
-- as the role of an application that acts for the first
SET ROLE regress_scim_shop;
SELECT * FROM pg_temp.cross();
RESET scim.tenant;
RESET scim.actor;
RESET scim.me;
SELECT * FROM pg_temp.cross();
SELECT n, pg_temp.try(statement) AS as_the_shop FROM attempt ORDER BY n;
-- a name that is taken there is free here
SELECT pg_temp.try('INSERT INTO crossing.users (data) VALUES (''{"userName": "theirs"}'') RETURNING tenant_id') AS tenant;
-- with the token of the second it is the second, and no longer the first
BEGIN;
SELECT scim.authenticate(:'t2') AS proved;
SELECT user_name FROM crossing.users;
SELECT count(*) FROM crossing.users WHERE tenant_id = 1;
UPDATE crossing.users SET data = data || '{"title": "changed"}' WHERE id = :'u2' RETURNING version;
SELECT DISTINCT actor FROM crossing.audit WHERE resource_id = :'u2' ORDER BY 1;
COMMIT;
SELECT user_name FROM crossing.users ORDER BY 1;
RESET ROLE;
-- nothing of the second has changed but by its own token
SELECT user_name, status, data ->> 'title' AS title, version FROM crossing.users WHERE tenant_id = 2;
SELECT revoked_at, former_hash FROM crossing.token WHERE tenant_id = 2 UNION ALL SELECT revoked_at, former_hash FROM crossing.client WHERE tenant_id = 2;
SELECT count(*) FROM crossing.member WHERE tenant_id = 2;
SET client_min_messages = warning;
DROP OWNED BY regress_scim_api, regress_scim_shop;
DROP ROLE regress_scim_api, regress_scim_shop;
SELECT scim.drop_store('crossing', true);
