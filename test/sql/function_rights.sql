-- EXECUTE is for all stores of a database; what somebody may do in one, its schema and tables say: every function
-- that people call, as a role without any right on the store, and as one that may use its schema only
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('walked');
SET scim.store = 'walked';
CREATE ROLE regress_scim_walker;
INSERT INTO walked.users (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"userName": "ann", "password": "sesame sesame"}');
INSERT INTO walked.groups (id, data) VALUES ('00000000-0000-7000-8000-000000000002', '{"displayName": "g"}');
UPDATE walked.policy SET enabled = true WHERE kind = 'link';
SELECT id AS token_id, secret AS token FROM scim.create_token('walked') \gset
INSERT INTO walked.authentication_scheme (scheme, keyword, credential, type, name, description) VALUES ('Basic', 'Basic', 'password', 'httpbasic', 'HTTP Basic', 'Name and password');
SELECT id AS client_id FROM scim.create_client('walked') \gset
SELECT scim.create_consumer('walked', from_start => true) IS NOT NULL AS made;
SELECT id AS consumer_id FROM walked.consumer \gset
SELECT id AS key_id FROM scim.create_signing_key('ES256') AS id \gset
SELECT scim.issue_recovery_code('00000000-0000-7000-8000-000000000001'::uuid, '1 hour') AS code \gset
SELECT id AS event_id FROM walked.event LIMIT 1 \gset
SELECT change FROM walked.audit WHERE resource_id = '00000000-0000-7000-8000-000000000002' LIMIT 1 \gset
CREATE TABLE public.walked_table (id int PRIMARY KEY, name text);
INSERT INTO public.walked_table VALUES (1, 'x');
ALTER TABLE public.walked_table OWNER TO regress_scim_walker;
CREATE TEMP TABLE call (name text, arguments text);
INSERT INTO call VALUES
    ('fold', '''X'''), ('fold_user_name', '''X'''), ('equal_user_names', '''walked'''), ('uuid_v7', ''), ('change', ''), ('member_key', '''00000000-0000-7000-8000-000000000001''::uuid'), ('store', ''), ('actor', ''),
    ('matches', '''{"userName": "ann"}'', ''userName eq "ann"'''), ('to_sql', '''userName eq "ann"'', ''{"userName": "name"}''::jsonb'), ('to_sql', '''userName eq "ann"'', ''User''::text'), ('explain_filter', '''userName eq "ann"'''),
    ('transient', ''), ('profile_schema', ''), ('profiles', ''), ('tenant', ''), ('tenant', '(SELECT oid FROM pg_namespace WHERE nspname = ''walked'')::regnamespace'),
    ('validate', '''User'', ''{}'''), ('is_valid', '''User'', ''{}'''), ('canonicalise', '''User'', ''{}'''), ('json_schema', '''User'''), ('validate_store', ''), ('settings', ''), ('openapi', ''), ('jwks', ''),
    ('register_schema', '''{"id": "urn:x:y", "name": "x", "attributes": []}'''), ('unregister_schema', '''urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'''), ('register_resource_type', '''{"name": "X", "endpoint": "/Xs", "schema": "urn:ietf:params:scim:schemas:core:2.0:User"}'''), ('unregister_resource_type', '''User'''),
    ('create_store', '''walked_too'''), ('drop_store', '''walked'''), ('upgrade_store', '''walked'''), ('repair_store', '''walked'''), ('create_view', '''User'', ''public.walked_view'''),
    ('create_resource', '''User'', ''{"userName": "bob"}'''), ('get_resource', '''User'', ''00000000-0000-7000-8000-000000000001'''), ('replace_resource', '''User'', ''00000000-0000-7000-8000-000000000001'', ''{"userName": "ann"}'''),
    ('patch_resource', '''User'', ''00000000-0000-7000-8000-000000000001'', ''[{"op": "add", "path": "title", "value": "x"}]'''), ('delete_resource', '''User'', ''00000000-0000-7000-8000-000000000001'''), ('resource_json', '(SELECT ROW(1))'), ('search', '''User'''), ('bulk', '''{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [{"method": "DELETE", "path": "/Users/00000000-0000-7000-8000-000000000001"}]}'''),
    ('request', '''GET'', ''/Users/00000000-0000-7000-8000-000000000001'''), ('preview', '''DELETE'', ''/Users/00000000-0000-7000-8000-000000000001'''), ('gateway', '''{"x-scim-store": "walked", "x-scim-method": "GET", "x-scim-target": "/Users"}'', '''''), ('authenticate', format('%L', 'Bearer ' || :'token')),
    ('create_consumer', '''another'''), ('drop_consumer', '''walked'''), ('consumers', ''), ('next_events', '''walked'''), ('acknowledge_events', format('''walked'', ARRAY[%L]::uuid[]', :'event_id')), ('fail_events', format('''walked'', ARRAY[%L]::uuid[], ''x''', :'event_id')), ('dead_events', '''walked'''), ('retry_events', '''walked'''), ('drop_events', 'now()'),
    ('deliver_by_poll', format('''walked'', %L::uuid', :'token_id')), ('deliver_by_push', '''walked'', ''https://x.org/'''), ('deliver_by_webhook', '''walked'', ''https://x.org/'''), ('create_signing_key', '''ES256'''), ('set_sealing_key', '''{"kty": "OKP", "crv": "X25519", "x": "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo"}'''), ('create_sealing_key', ''), ('drop_sealing_key', '''u809Vppx5ixWMOohxWr2aM3m5bD0LQ67g_GPmubQus4'''), ('sealing_keys', ''), ('unseal', '''x'''), ('unseal_value', '''00000000-0000-7000-8000-000000000001''::uuid, ''password'''), ('drop_signing_key', format('%L::uuid', :'key_id')),
    ('next_deliveries', ''), ('delivered', format('1, %L, ARRAY[%L]::uuid[], %2$L', :'consumer_id', :'event_id')), ('delivery_failed', format('1, %L, %L, ''x'', ''1 second'', %2$L', :'consumer_id', :'event_id')),
    ('complete_offboarding', '''00000000-0000-7000-8000-000000000001'''), ('restore_resource', '''User'', ''00000000-0000-7000-8000-000000000001'''), ('purge', '''1 day'''), ('suspend_resource', '''User'', ''00000000-0000-7000-8000-000000000001'''), ('activate_resource', '''User'', ''00000000-0000-7000-8000-000000000001'''),
    ('invite', '''00000000-0000-7000-8000-000000000001'''), ('record_login', '''00000000-0000-7000-8000-000000000001'''), ('log_out', '''00000000-0000-7000-8000-000000000001'''), ('verify_password', '''00000000-0000-7000-8000-000000000001'', ''sesame sesame'''), ('session_is_valid', '''00000000-0000-7000-8000-000000000001'', now()'),
    ('issue_recovery_code', '''00000000-0000-7000-8000-000000000001'', ''1 hour'''), ('redeem_recovery_code', format('%L', :'code')), ('guards', ''), ('release_guard', ''), ('link_candidates', '''User'', ''[{"userName": "ann"}]'''), ('unlink_resource', '''User'', ''00000000-0000-7000-8000-000000000001'''),
    ('check_database_roles', ''), ('sync_database_roles', ''), ('adopt_database_role', '''00000000-0000-7000-8000-000000000001'', ''regress_scim_walker'''), ('release_database_role', '''regress_scim_walker'''), ('end_database_sessions', ''),
    ('seal_audit', ''), ('audit_head', ''), ('verify_audit', ''), ('apply_retention', ''), ('erase', '''00000000-0000-7000-8000-000000000001'''), ('history', '''00000000-0000-7000-8000-000000000001'''), ('resource_at', '''User'', ''00000000-0000-7000-8000-000000000001'', now()'), ('resources_at', '''User'', now()'), ('members_at', '''00000000-0000-7000-8000-000000000002'', now()'),
    ('changes', 'now() - interval ''1 day'', now()'), ('revert_change', format('%L', :'change')),
    ('create_token', '''another'''), ('rotate_token', format('%L, ''0''', :'token_id')), ('revoke_token', format('%L', :'token_id')), ('create_client', '''another'''), ('create_oauth_client', '''another'''), ('set_client_keys', format('%L, ''{}''', :'client_id')), ('next_key_sets', ''), ('keep_key_set', format('1, %L, ''https://x.org/'', ''{}''', :'client_id')), ('key_set_failed', format('1, %L, ''https://x.org/'', ''x''', :'client_id')), ('rotate_client', format('%L, ''0''', :'client_id')), ('revoke_client', format('%L', :'client_id')), ('create_tenant', '''two'''), ('drop_tenant', '1'),
    ('export_profile', ''), ('diff_profile', '''{}''::jsonb'), ('apply_profile', '''{"name": "x", "version": "1"}''::jsonb'),
    ('create_sort_index', '''User'', ''name.familyName'''), ('create_filter_index', '''User'', ''nickName pr'''), ('readiness', ''), ('statistics', ''),
    ('bind_table', '''User'', ''public.walked_table'', ''{"userName": "name"}'''), ('unbind_table', '''public.walked_table'''), ('check_binding', '''public.walked_table'''), ('mend_binding', '''public.walked_table'', ''table'''),
    ('import', '''User'', ''public.walked_table''::regclass'), ('export', '''User'''), ('export_csv', '''User'''),
    ('begin_load', '''User'''), ('end_load', '''User'''), ('distribute_store', '''walked'''), ('at_tenant', '1, ''SELECT 1''');
-- none is forgotten
SELECT DISTINCT p.proname FROM pg_proc p WHERE p.pronamespace = 'scim'::regnamespace AND p.prokind = 'f' AND p.prorettype <> 'trigger'::regtype AND p.proname NOT IN (SELECT name FROM call)
  AND NOT EXISTS (SELECT FROM pg_operator o WHERE o.oprcode = p.oid) ORDER BY 1;
SELECT format('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA scim TO regress_scim_walker') AS grant_it \gset
:grant_it;
CREATE FUNCTION pg_temp.answer(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE query;
    RAISE EXCEPTION 'answers' USING ERRCODE = 'P9999';
EXCEPTION
    WHEN OTHERS THEN RETURN CASE WHEN SQLSTATE = 'P9999' THEN SQLERRM ELSE SQLSTATE || ' ' || regexp_replace(SQLERRM, 'database \w+', 'database') END;
END $$;
GRANT SELECT ON call TO regress_scim_walker;
SET ROLE regress_scim_walker;
CREATE TEMP TABLE without AS SELECT name, pg_temp.answer(format('SELECT count(x) FROM (SELECT scim.%I(%s) AS x) AS called', name, arguments)) AS answer FROM call;
RESET ROLE;
GRANT USAGE ON SCHEMA walked TO regress_scim_walker;
SET ROLE regress_scim_walker;
CREATE TEMP TABLE used AS SELECT name, pg_temp.answer(format('SELECT count(x) FROM (SELECT scim.%I(%s) AS x) AS called', name, arguments)) AS answer FROM call;
RESET ROLE;
-- what is no store's, or answers as HTTP does
SELECT * FROM without WHERE answer NOT LIKE '42501 %' ORDER BY name COLLATE "C", answer;
-- who may use the schema learns what is configured and no more
SELECT * FROM used WHERE answer NOT LIKE '42501 %' AND name NOT IN (SELECT name FROM without WHERE answer NOT LIKE '42501 %') ORDER BY name COLLATE "C", answer;
SELECT answer, count(*), string_agg(name, ' ' ORDER BY name COLLATE "C") FROM used WHERE answer LIKE '42501 %' GROUP BY answer ORDER BY answer COLLATE "C";
-- over HTTP that is a status
SET ROLE regress_scim_walker;
SELECT (scim.request('GET', '/Users')).status, (scim.preview('DELETE', '/Users/00000000-0000-7000-8000-000000000001')).status, scim.bulk('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [{"method": "DELETE", "path": "/Users/00000000-0000-7000-8000-000000000001"}]}') #>> '{Operations,0,status}' AS bulk;
RESET ROLE;
REVOKE USAGE ON SCHEMA walked FROM regress_scim_walker;
SET ROLE regress_scim_walker;
SELECT (scim.request('GET', '/Users')).status, (scim.preview('DELETE', '/Users/00000000-0000-7000-8000-000000000001')).status;
RESET ROLE;
-- with what each takes, it is done
GRANT USAGE ON SCHEMA walked TO regress_scim_walker;
GRANT SELECT, UPDATE ON walked.resource TO regress_scim_walker;
GRANT SELECT, INSERT, DELETE ON walked.consumer TO regress_scim_walker;
GRANT UPDATE (last_error) ON walked.delivery TO regress_scim_walker;
GRANT SELECT, UPDATE (changed_at) ON walked.guard TO regress_scim_walker;
SET ROLE regress_scim_walker;
SELECT name, pg_temp.answer(format('SELECT count(x) FROM (SELECT scim.%I(%s) AS x) AS called', name, arguments)) AS answer FROM call
WHERE name IN ('verify_password', 'session_is_valid', 'redeem_recovery_code', 'create_consumer', 'drop_consumer', 'consumers', 'next_events', 'acknowledge_events', 'fail_events', 'retry_events', 'dead_events', 'guards', 'release_guard') ORDER BY 1;
RESET ROLE;
-- of all that the owner may do, what is left with a token proved that reads: what does not write, and what is about events
ALTER TABLE public.walked_table OWNER TO CURRENT_USER;
SELECT secret AS reader FROM scim.create_token('reader', scopes => '{read}') \gset
SELECT set_config('walked.reader', :'reader', false) IS NOT NULL AS set;
CREATE FUNCTION pg_temp.answer_reader(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM scim.authenticate('Bearer ' || current_setting('walked.reader'));
    EXECUTE query;
    RAISE EXCEPTION 'answers' USING ERRCODE = 'P9999';
EXCEPTION
    WHEN OTHERS THEN RETURN CASE WHEN SQLSTATE = 'P9999' THEN SQLERRM WHEN SQLSTATE = 'SC403' THEN 'SC403' ELSE SQLSTATE || ' ' || regexp_replace(SQLERRM, 'database \w+', 'database') END;
END $$;
CREATE TEMP TABLE read_only AS SELECT name, pg_temp.answer_reader(format('SELECT count(x) FROM (SELECT scim.%I(%s) AS x) AS called', name, arguments)) AS answer FROM call;
SELECT CASE WHEN answer LIKE 'answers' THEN answer ELSE 'SC403' END AS answer, string_agg(name, ' ' ORDER BY name COLLATE "C") FROM read_only WHERE answer IN ('answers', 'SC403') GROUP BY 1 ORDER BY 1;
SELECT name, answer FROM read_only WHERE answer NOT IN ('answers', 'SC403') ORDER BY name COLLATE "C", answer;
DROP TABLE public.walked_table;
DROP OWNED BY regress_scim_walker;
DROP ROLE regress_scim_walker;
SELECT scim.drop_store('walked', true);
