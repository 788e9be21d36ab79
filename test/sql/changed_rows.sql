-- Triggers of the owner's on other tables of a store: what is stored is what was written, or the write is refused
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('rows');
SET scim.store = 'rows';
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE detail text;
BEGIN
    EXECUTE statement;
    RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN concat_ws(' ', SQLSTATE, SQLERRM, CASE WHEN detail LIKE '%\\x%' OR detail LIKE '%SCRAM%' THEN 'SHOWS A SECRET' END);
END
$$;
\set user1 00000000-0000-7000-8000-000000000001
\set group1 00000000-0000-7000-8000-00000000000a
\set group2 00000000-0000-7000-8000-00000000000b
INSERT INTO rows.users (id, data) VALUES (:'user1', '{"userName": "one"}');
INSERT INTO rows.groups (id, data) VALUES (:'group1', '{"displayName": "one"}'), (:'group2', '{"displayName": "two"}');
CREATE FUNCTION rows.nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE FUNCTION rows.as_it_is() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
CREATE FUNCTION rows.other_type() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.member_type := 'Group'; RETURN new; END $$;
CREATE FUNCTION rows.other_group() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.group_id := '00000000-0000-7000-8000-00000000000b'; RETURN new; END $$;
CREATE FUNCTION rows.other_scopes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.scopes := '{bogus,5}'; RETURN new; END $$;
CREATE FUNCTION rows.other_hash() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.hash := sha256('mine'); RETURN new; END $$;
CREATE FUNCTION rows.other_secret() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.secret := 'SCRAM-nonsense'; RETURN new; END $$;

-- with a trigger of each kind on each table: the ways to write there
CREATE FUNCTION pg_temp.with(relation text, function text, VARIADIC statements text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE statement text;
BEGIN
    EXECUTE format('CREATE TRIGGER a_own BEFORE INSERT ON rows.%I FOR EACH ROW EXECUTE FUNCTION rows.%I()', relation, function);
    FOREACH statement IN ARRAY statements LOOP
        RETURN NEXT pg_temp.try(statement);
    END LOOP;
    EXECUTE format('DROP TRIGGER a_own ON rows.%I', relation);
END
$$;
SELECT f.function, pg_temp.with('member', f.function,
    $$SELECT scim.create_resource('Group', '{"displayName": "new", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}')$$,
    $$SELECT scim.patch_resource('Group', '00000000-0000-7000-8000-00000000000a', '[{"op": "add", "path": "members", "value": [{"value": "00000000-0000-7000-8000-000000000001"}]}]')$$)
FROM unnest('{nothing,other_type,other_group,as_it_is}'::text[]) f (function);
SELECT group_id = :'group1' AS group1, group_id = :'group2' AS group2, member_type FROM rows.member ORDER BY 1, 2;
SELECT f.function, pg_temp.with('credential', f.function,
    $$SELECT scim.create_resource('User', '{"userName": "new", "password": "t1meMa$heen"}')$$,
    $$UPDATE rows.users SET data = data || '{"password": "t1meMa$heen"}' WHERE user_name = 'one'$$)
FROM unnest('{nothing,other_secret,as_it_is}'::text[]) f (function);
SELECT count(*) FROM rows.credential;
SELECT f.function, pg_temp.with('token', f.function, format($$SELECT scim.create_token('%s')$$, f.function))
FROM unnest('{nothing,other_scopes,other_hash,as_it_is}'::text[]) f (function);
SELECT description, scopes FROM rows.token;
SELECT f.function, pg_temp.with('client', f.function, format($$SELECT scim.create_client('%s', 'bearer')$$, f.function))
FROM unnest('{nothing,other_scopes,other_hash,as_it_is}'::text[]) f (function);
SELECT f.function, pg_temp.with('audit', f.function,
    format($$SELECT scim.create_resource('User', '{"userName": "%s"}')$$, f.function), $$INSERT INTO rows.setting (name, value) VALUES ('max_results', '7')$$)
FROM unnest('{nothing,as_it_is}'::text[]) f (function);
SELECT user_name FROM rows.users ORDER BY 1;

-- what should go or end, and is kept
CREATE FUNCTION rows.goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN CASE TG_OP WHEN 'DELETE' THEN old ELSE new END; END $$;
CREATE FUNCTION rows.not_ended() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.revoked_at := NULL; RETURN new; END $$;
CREATE FUNCTION pg_temp.keeping(event text, relation text, function text, VARIADIC statements text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE statement text;
BEGIN
    EXECUTE format('CREATE TRIGGER a_own BEFORE %s ON rows.%I FOR EACH ROW EXECUTE FUNCTION rows.%I()', event, relation, function);
    FOREACH statement IN ARRAY statements LOOP
        BEGIN
            EXECUTE statement;
            RAISE SQLSTATE 'UNDO1';
        EXCEPTION WHEN SQLSTATE 'UNDO1' THEN
            RETURN NEXT 'ok';
        WHEN OTHERS THEN
            RETURN NEXT SQLSTATE || ' ' || SQLERRM;
        END;
    END LOOP;
    EXECUTE format('DROP TRIGGER a_own ON rows.%I', relation);
END
$$;
SELECT f.function, pg_temp.keeping('DELETE', 'member', f.function,
    $$SELECT scim.patch_resource('Group', '00000000-0000-7000-8000-00000000000a', '[{"op": "remove", "path": "members[value eq \"00000000-0000-7000-8000-000000000001\"]"}]')$$,
    $$SELECT scim.patch_resource('Group', '00000000-0000-7000-8000-00000000000a', '[{"op": "remove", "path": "members[display eq \"one\"]"}]')$$,
    $$SELECT scim.replace_resource('Group', '00000000-0000-7000-8000-00000000000a', '{"displayName": "one"}')$$,
    $$SELECT scim.delete_resource('Group', '00000000-0000-7000-8000-00000000000a')$$,
    $$SELECT scim.delete_resource('User', '00000000-0000-7000-8000-000000000001')$$)
FROM unnest('{nothing,goes}'::text[]) f (function);
SELECT f.function, pg_temp.keeping('DELETE', 'credential', f.function, $$SELECT scim.delete_resource('User', '00000000-0000-7000-8000-000000000001')$$,
    $$SELECT scim.patch_resource('User', '00000000-0000-7000-8000-000000000001', '[{"op": "remove", "path": "password"}]')$$)
FROM unnest('{nothing,goes}'::text[]) f (function);
SELECT id AS token FROM rows.token \gset
SELECT f.function, pg_temp.keeping('UPDATE', 'token', f.function, format('SELECT scim.revoke_token(%L)', :'token'), format('SELECT scim.rotate_token(%L)', :'token'), $$SELECT scim.revoke_token('00000000-0000-7000-8000-0000000000ff')$$)
FROM unnest('{nothing,not_ended,other_hash,goes}'::text[]) f (function);
SELECT id AS client FROM rows.client \gset
SELECT f.function, pg_temp.keeping('UPDATE', 'client', f.function, format('SELECT scim.revoke_client(%L)', :'client'), format('SELECT scim.rotate_client(%L)', :'client'))
FROM unnest('{nothing,not_ended,other_hash,goes}'::text[]) f (function);

-- tables that nobody but the store writes have no such trigger or rule, whatever it does; those that act afterwards stay
SELECT scim.register_schema('{"id": "urn:rows", "name": "Rows", "attributes": [{"name": "badge", "type": "string", "uniqueness": "server"}]}') IS NOT NULL AS registered;
SELECT scim.register_resource_type('{"name": "Robot", "endpoint": "/Robots", "schema": "urn:rows"}') IS NOT NULL AS registered;
SELECT scim.create_consumer('reads', from_start => true) IS NOT NULL AS made;
UPDATE rows.policy SET enabled = true WHERE kind = 'events';
INSERT INTO rows.users (data) VALUES ('{"userName": "told of"}');
SELECT r.relation, e.event, f.function, pg_temp.keeping(e.event, r.relation, f.function, r.statement) FROM (VALUES
    ('audit', 'INSERT', $$INSERT INTO rows.users (data) VALUES ('{"userName": "two"}')$$),
    ('audit', 'INSERT', $$INSERT INTO rows.member (group_id, member_id) VALUES ('00000000-0000-7000-8000-00000000000b', '00000000-0000-7000-8000-000000000001')$$),
    ('audit_seal', 'INSERT', 'SELECT scim.seal_audit()'),
    ('unique_value', 'INSERT', $$SELECT scim.create_resource('Robot', '{"badge": "1"}')$$),
    ('recovery_code', 'INSERT', $$SELECT scim.issue_recovery_code('00000000-0000-7000-8000-000000000001')$$),
    ('signing_key', 'INSERT', 'SELECT scim.create_signing_key()'),
    ('consumer', 'INSERT', $$SELECT scim.create_consumer('other')$$),
    ('consumer_position', 'INSERT', $$SELECT scim.create_consumer('other')$$),
    ('event_position', 'INSERT', $$SELECT FROM scim.next_events('reads')$$),
    ('delivery', 'INSERT', $$SELECT FROM scim.next_events('reads')$$),
    ('lease', 'INSERT', $$SELECT FROM scim.next_events('reads')$$),
    ('event', 'INSERT', $$INSERT INTO rows.users (data) VALUES ('{"userName": "two"}')$$)) r (relation, event, statement), unnest('{nothing,goes}'::text[]) f (function), LATERAL (SELECT r.event) e;
SELECT r.relation, t.doing, pg_temp.try(format('CREATE RULE own AS ON INSERT TO rows.%I DO %s', r.relation, t.doing)) AS made, pg_temp.try(r.statement) AS used, pg_temp.try(format('DROP RULE own ON rows.%I', r.relation)) AS dropped
FROM (VALUES ('event', $$SELECT scim.create_resource('User', jsonb_build_object('userName', gen_random_uuid()))$$), ('event_position', $$SELECT FROM scim.next_events('reads')$$), ('delivery', $$SELECT FROM scim.next_events('reads')$$), ('lease', $$SELECT FROM scim.next_events('reads')$$), ('audit', $$INSERT INTO rows.users (data) VALUES (jsonb_build_object('userName', gen_random_uuid()))$$), ('unique_value', $$SELECT scim.create_resource('Robot', jsonb_build_object('badge', gen_random_uuid()))$$),
    ('member', $$SELECT scim.create_resource('Group', '{"displayName": "new", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}')$$),
    ('member', $$SELECT scim.patch_resource('Group', '00000000-0000-7000-8000-00000000000b', '[{"op": "add", "path": "members", "value": [{"value": "00000000-0000-7000-8000-000000000001"}, {"value": "00000000-0000-7000-8000-000000000009"}]}]')$$),
    ('token', $$SELECT scim.create_token('x')$$), ('client', $$SELECT scim.create_client('x', 'bearer')$$), ('recovery_code', $$SELECT scim.issue_recovery_code('00000000-0000-7000-8000-000000000001')$$), ('credential', $$SELECT scim.create_resource('User', jsonb_build_object('userName', gen_random_uuid(), 'password', 't1meMa$heen'))$$)) r (relation, statement), unnest('{INSTEAD NOTHING,ALSO SELECT 1}'::text[]) t (doing);
CREATE RULE own AS ON DELETE TO rows.member DO INSTEAD NOTHING;
SELECT pg_temp.try($$SELECT scim.patch_resource('Group', '00000000-0000-7000-8000-00000000000a', '[{"op": "remove", "path": "members[value eq \"00000000-0000-7000-8000-000000000001\"]"}]')$$), pg_temp.try($$SELECT scim.replace_resource('Group', '00000000-0000-7000-8000-00000000000a', '{"displayName": "one"}')$$);
DROP RULE own ON rows.member;

-- what keeps a row of configuration from being written is said, and in no case done as if it were: a rule, a trigger, on each table
CREATE FUNCTION pg_temp.kept(relation text, event text, how text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE said text; context text;
BEGIN
    IF how = 'rule' THEN
        EXECUTE format('CREATE RULE own AS ON %s TO rows.%I DO INSTEAD NOTHING', event, relation);
    ELSE
        EXECUTE format('CREATE TRIGGER a_own BEFORE %s ON rows.%I FOR EACH ROW EXECUTE FUNCTION rows.nothing()', event, relation);
    END IF;
    EXECUTE statement;
    RAISE EXCEPTION 'done' USING ERRCODE = 'ZZZZZ';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS context = PG_EXCEPTION_CONTEXT;
    RETURN concat_ws(' ', SQLSTATE, SQLERRM, CASE WHEN context ~ 'RETURNING' THEN 'SHOWS OUR STATEMENT' END);
END
$$;
SELECT scim.register_schema('{"id": "urn:example:kept", "name": "Kept", "attributes": [{"name": "x"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "Kept", "endpoint": "/Kept", "schema": "urn:example:kept"}', table_name => 'kept') ->> 'name' AS type;
SELECT scim.register_schema('{"id": "urn:example:spare", "name": "Spare", "attributes": [{"name": "x"}]}') ->> 'id' AS schema;
INSERT INTO rows.setting (name, value) VALUES ('max_results', '50');
SELECT k.relation, k.event, how, pg_temp.kept(k.relation, k.event, how, k.statement) AS said FROM (VALUES
    (1, 'schema', 'INSERT', $$SELECT scim.register_schema('{"id": "urn:example:new", "name": "New", "attributes": [{"name": "x"}]}')$$),
    (2, 'schema', 'UPDATE', $$SELECT scim.register_schema('{"id": "urn:example:spare", "name": "Other", "attributes": [{"name": "x"}]}')$$),
    (3, 'schema', 'DELETE', $$SELECT scim.unregister_schema('urn:example:spare')$$),
    (4, 'resource_type', 'INSERT', $$SELECT scim.register_resource_type('{"name": "New", "endpoint": "/New", "schema": "urn:example:spare"}', table_name => 'news')$$),
    (5, 'resource_type', 'DELETE', $$SELECT scim.unregister_resource_type('Kept')$$),
    (6, 'tenant', 'INSERT', $$SELECT scim.create_tenant('two')$$),
    (7, 'consumer', 'UPDATE', $$SELECT scim.deliver_by_webhook('reads', 'https://example.com/')$$),
    (8, 'consumer', 'DELETE', $$SELECT scim.drop_consumer('reads')$$),
    (9, 'consumer_secret', 'INSERT', $$SELECT scim.deliver_by_webhook('reads', 'https://example.com/')$$),
    (10, 'token', 'INSERT', $$SELECT scim.create_token('y')$$),
    (11, 'signing_key', 'INSERT', $$SELECT scim.create_signing_key()$$),
    (12, 'policy', 'INSERT', $$SELECT scim.apply_profile('{"scim": "profile/1", "policies": [{"resourceType": "User", "kind": "fixed", "settings": {"values": {"title": "x"}}}]}')$$),
    (13, 'policy', 'UPDATE', $$SELECT scim.apply_profile('{"scim": "profile/1", "policies": [{"resourceType": "Kept", "kind": "events", "enabled": true, "settings": {}}]}')$$),
    (14, 'setting', 'INSERT', $$SELECT scim.apply_profile('{"scim": "profile/1", "settings": [{"name": "max_values", "value": 9}]}')$$),
    (15, 'setting', 'UPDATE', $$SELECT scim.apply_profile('{"scim": "profile/1", "settings": [{"name": "max_results", "value": 9}]}')$$),
    (16, 'authentication_scheme', 'INSERT', $$SELECT scim.apply_profile('{"scim": "profile/1", "authenticationSchemes": [{"scheme": "X", "keyword": "X", "credential": "token", "type": "oauthbearertoken", "name": "x", "description": "x"}]}')$$),
    (17, 'endpoint', 'INSERT', $$SELECT scim.apply_profile('{"scim": "profile/1", "endpoints": [{"name": "e", "methods": ["GET"], "path": "/api/e/{id}", "resourceType": "User", "action": "read", "settings": {}}]}')$$)
    ) k (n, relation, event, statement), unnest('{rule,trigger}'::text[]) how ORDER BY n, how;
SELECT count(*) FROM rows.policy WHERE kind = 'fixed';

-- over HTTP, and in scim.verify_audit
CREATE TRIGGER a_own BEFORE INSERT ON rows.audit FOR EACH ROW EXECUTE FUNCTION rows.nothing();
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('POST', '/Users', '{}', '{"userName": "http"}');
SELECT problem, detail FROM scim.verify_audit();
DROP TRIGGER a_own ON rows.audit;
SELECT problem, detail FROM scim.verify_audit();
CREATE TRIGGER a_own BEFORE INSERT ON rows.credential FOR EACH ROW EXECUTE FUNCTION rows.nothing();
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('POST', '/Users', '{}', '{"userName": "http", "password": "t1meMa$heen"}');
SELECT scim.drop_store('rows', true);
