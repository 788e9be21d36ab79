-- EXPLAIN ANALYZE tells an application's role nothing of what other tenants have, whichever index it takes
\set VERBOSITY terse
SELECT scim.create_store('explained');
SET scim.store = 'explained';
SET client_min_messages = warning;
SELECT scim.register_schema('{"id": "urn:example:device", "name": "Device", "attributes": [{"name": "userName", "type": "string", "multiValued": false}, {"name": "displayName", "type": "string", "multiValued": false}]}');
SELECT scim.register_resource_type('{"name": "Device", "endpoint": "/Devices", "schema": "urn:example:device"}');
RESET client_min_messages;
SELECT scim.create_tenant('two', 'https://two.example.com') AS two;
UPDATE explained.policy SET enabled = true WHERE kind = 'events';
-- what the other tenant has: of everything something
INSERT INTO explained.policy (tenant_id, resource_type, kind, name, settings) VALUES (2, 'User', 'unique', 'hidden', '{"attributes": ["externalId"]}');
INSERT INTO explained.setting (tenant_id, name, value) VALUES (2, 'max_results', '9');
SET scim.tenant = 2;
INSERT INTO explained.users (data) VALUES ('{"userName": "hidden", "displayName": "Hidden", "externalId": "hidden", "password": "correct horse", "emails": [{"value": "hidden@example.com"}]}');
INSERT INTO explained.groups (data) SELECT jsonb_build_object('displayName', 'Hidden', 'externalId', 'hidden', 'members', jsonb_build_array(jsonb_build_object('value', id))) FROM explained.users;
INSERT INTO explained.resource (resource_type, data) VALUES ('Device', '{"userName": "hidden", "displayName": "Hidden", "externalId": "hidden"}');
UPDATE explained.users SET data = data || '{"title": "x"}';
SELECT length(scim.issue_recovery_code(id)) AS code FROM explained.users;
SELECT length(secret) > 0 AS made FROM scim.create_token('hidden');
SELECT count(*) AS made FROM explained.token, scim.rotate_token(id);
INSERT INTO explained.authentication_scheme (scheme, keyword, credential, type) VALUES ('Basic', 'Basic', 'password', 'httpbasic');
SELECT length(secret) > 0 AS made FROM scim.create_client('hidden');
SELECT count(*) AS made FROM explained.client, scim.rotate_client(id);
SELECT scim.create_consumer('hidden', from_start => true) IS NOT NULL AS made;
SELECT count(*) > 0 AS taken FROM scim.next_events('hidden', 2);
SELECT count(*) AS failed FROM explained.delivery d, scim.fail_events('hidden', ARRAY[d.event_id]);
INSERT INTO explained.users (data) VALUES ('{"userName": "hidden later"}');
SELECT count(*) > 0 AS taken FROM scim.next_events('hidden', 100);
INSERT INTO explained.users (data) VALUES ('{"userName": "hidden last"}');
SELECT count(*) > 0 AS sealed FROM scim.seal_audit();
RESET scim.tenant;
INSERT INTO explained.users (data) VALUES ('{"userName": "mine", "displayName": "Mine", "externalId": "mine"}');
SELECT count(*) FROM scim.seal_audit() WHERE false;
-- it may read all there is; row-level security is what it has to pass
CREATE ROLE regress_scim_explain;
GRANT USAGE ON SCHEMA explained TO regress_scim_explain;
GRANT SELECT ON ALL TABLES IN SCHEMA explained TO regress_scim_explain;
INSERT INTO explained.tenant_role (role, tenant_id) VALUES ('regress_scim_explain', 1);
-- a probe for each column of each index, by a value that the other tenant has and by one that nobody has
CREATE TEMP TABLE probe AS
SELECT t.oid::regclass AS relation, i.indexrelid::regclass AS index, k AS column,
    pg_get_indexdef(i.indexrelid, k, true) AS expression, coalesce(' AND ' || pg_get_expr(i.indpred, i.indrelid, true), '') AS condition,
    NULL::text AS there, NULL::text AS absent
FROM pg_index i
JOIN pg_class t ON t.oid = i.indrelid
JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_am a ON a.oid = x.relam AND a.amname = 'btree'
CROSS JOIN generate_series(1, i.indnkeyatts) k
WHERE t.relnamespace = 'explained'::regnamespace AND t.relrowsecurity AND t.relkind = 'r'
  AND EXISTS (SELECT FROM pg_attribute c WHERE c.attrelid = t.oid AND c.attname = 'tenant_id')
  -- what doc/security.md says of these: who has rows is seen, and never what they say
  AND t.relname NOT IN ('tenant', 'setting', 'policy', 'binding');
DO $$
DECLARE
    p record;
BEGIN
    FOR p IN SELECT ctid, * FROM probe LOOP
        EXECUTE format('UPDATE probe SET (there, absent) = (SELECT format(%L, v::text, pg_typeof(v)), format(%L, CASE pg_typeof(v)::text WHEN ''uuid'' THEN gen_random_uuid()::text
            WHEN ''text'' THEN ''nothing'' WHEN ''name'' THEN ''nothing'' WHEN ''bytea'' THEN sha256(''nothing'')::text WHEN ''timestamp with time zone'' THEN ''2001-01-01'' ELSE ''77777'' END, pg_typeof(v))
            FROM (SELECT (%s) AS v FROM %s WHERE tenant_id = 2) AS f WHERE v IS NOT NULL LIMIT 1) WHERE ctid = %L', '%L::%s', '%L::%s', p.expression, p.relation, p.ctid);
    END LOOP;
END $$;
-- what there is nothing of: rows that are the same for all, or that no tenant has
SELECT relation, index, string_agg(expression, ' ' ORDER BY probe.column) AS columns FROM probe WHERE there IS NULL AND relation::text !~ 'audit_[0-9d]' GROUP BY 1, 2 ORDER BY 1, 2;
CREATE FUNCTION pg_temp.plan(relation regclass, expression text, condition text, value text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    line text;
    plan text := '';
BEGIN
    FOR line IN EXECUTE format('EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT FROM %s WHERE %s = %s%s', relation, expression, value, condition) LOOP
        -- what was counted, and not what was asked
        CONTINUE WHEN line ~ '^ *(Index Cond|Recheck Cond|Filter|One-Time Filter):';
        plan := plan || regexp_replace(line, ' on [^(]*', ' ') || E'\n';
    END LOOP;
    RETURN plan;
END $$;
DELETE FROM probe WHERE there IS NULL;
-- what the role sees may be counted
CREATE FUNCTION pg_temp.is_mine(relation regclass, expression text, value text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    mine boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE %s = %s)', relation, expression, value) INTO mine;
    RETURN mine;
END $$;
ALTER TABLE probe ADD COLUMN is_mine boolean;
GRANT ALL ON probe TO PUBLIC;
SELECT format('GRANT USAGE ON SCHEMA %s TO PUBLIC', pg_my_temp_schema()::regnamespace) AS grant_them \gset
:grant_them;
SET ROLE regress_scim_explain;
UPDATE probe SET is_mine = pg_temp.is_mine(relation, expression, there);
SET enable_seqscan = off;
SET enable_bitmapscan = off;
SELECT count(*) > 100 AS probes FROM probe;
SELECT relation, index, expression, a.plan AS there, b.plan AS absent FROM probe, pg_temp.plan(relation, expression, condition, there) a (plan), pg_temp.plan(relation, expression, condition, absent) b (plan)
WHERE NOT is_mine AND a.plan <> b.plan ORDER BY 1, 2, 3;
SET enable_bitmapscan = on;
SET enable_indexscan = off;
SET enable_indexonlyscan = off;
SELECT relation, index, expression, a.plan AS there, b.plan AS absent FROM probe, pg_temp.plan(relation, expression, condition, there) a (plan), pg_temp.plan(relation, expression, condition, absent) b (plan)
WHERE NOT is_mine AND a.plan <> b.plan ORDER BY 1, 2, 3;
-- the index over documents
SELECT filter, pg_temp.plan('explained.users', format('scim.matches(data, %L, ''User'')', filter), ' AND deleted_at IS NULL', 'true')
    = replace(pg_temp.plan('explained.users', format('scim.matches(data, %L, ''User'')', replace(filter, 'idde', 'othi')), ' AND deleted_at IS NULL', 'true'), 'othi', 'idde') AS same
FROM unnest(ARRAY['userName eq "hidden"', 'displayName co "idde"', 'emails[value ew "idden@example.com"]', 'title pr', 'userName sw "hid" or userName gt "hiddem"', 'not (userName eq "hidden")']) filter;
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT FROM explained.users WHERE data OPERATOR(scim.~) 'userName eq "hidden"' AND deleted_at IS NULL;
RESET enable_indexscan;
RESET enable_indexonlyscan;
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT FROM explained.users WHERE user_name = 'hidden';
RESET ROLE;
-- who writes no tenant has the index still
EXPLAIN (COSTS OFF) SELECT FROM explained.users WHERE user_name = 'hidden';
RESET enable_seqscan;
SET client_min_messages = warning;
SELECT scim.drop_store('explained');
DROP OWNED BY regress_scim_explain;
DROP ROLE regress_scim_explain;
