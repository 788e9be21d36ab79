-- What a search_path holds in front of pg_catalog changes nothing of what the store's own
-- statements mean, whoever comes with it and by which way
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('own_path');
SET scim.store = 'own_path';
INSERT INTO own_path.tenant (tenant_id, name) VALUES (2, 'two');

-- every operator of these types, and every function of these names, leads astray
CREATE SCHEMA regress_scim_lure;
CREATE FUNCTION regress_scim_lure.lured(what text) RETURNS void LANGUAGE plpgsql AS
    $$BEGIN RAISE EXCEPTION 'lured as %: %', current_user, what; END$$;
DO $$
DECLARE
    types CONSTANT regtype[] := '{int4, int8, int2, text, uuid, bool, jsonb, json, timestamptz, name, bytea, text[],
        uuid[], interval, oid, numeric, "char", anyelement, anyarray, anynonarray, anycompatible, anycompatiblearray}';
    o record;
    number int := 0;
BEGIN
    FOR o IN
        SELECT oprname, oprkind, oprleft::regtype AS l, oprright::regtype AS r, oprresult::regtype AS result
        FROM pg_operator
        WHERE oprnamespace = 'pg_catalog'::regnamespace AND (oprkind = 'l' OR oprleft = ANY (types)) AND oprright = ANY (types)
        UNION ALL
        -- nothing of pg_catalog is as exact as these
        SELECT n, 'b', l::regtype, r::regtype, 'text'
        FROM unnest('{||, ||, ||, =, <>}'::text[], '{text, bigint, text, uuid, text}'::text[],
                    '{bigint, text, uuid, text, name}'::text[]) AS x (n, l, r)
    LOOP
        number := number + 1;
        BEGIN
            EXECUTE format('CREATE FUNCTION regress_scim_lure.f%s(%s %s) RETURNS %s LANGUAGE plpgsql AS
                    $f$BEGIN PERFORM regress_scim_lure.lured(%L); RETURN NULL; END$f$',
                number, CASE o.oprkind WHEN 'b' THEN o.l::text || ',' END, o.r, o.result, o.oprname);
            EXECUTE format('CREATE OPERATOR regress_scim_lure.%s (%s RIGHTARG = %s, FUNCTION = regress_scim_lure.f%s)',
                o.oprname, CASE o.oprkind WHEN 'b' THEN 'LEFTARG = ' || o.l || ',' END, o.r, number);
        EXCEPTION
            WHEN duplicate_function OR invalid_function_definition THEN NULL;
        END;
    END LOOP;
    FOR o IN
        SELECT proname, proretset, pg_get_function_result(oid) AS result, pg_get_function_identity_arguments(oid) AS arguments
        FROM pg_proc
        WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f' AND provariadic = 0
          AND proargtypes::regtype[] <@ types
          AND proname IN ('now', 'to_char', 'strpos', 'right', 'left', 'lower', 'jsonb_build_object', 'unnest', 'format',
            'quote_ident', 'quote_literal', 'current_setting', 'set_config', 'sha256', 'encode', 'convert_to', 'uuid_send',
            'gen_random_uuid', 'jsonb_typeof', 'jsonb_array_elements', 'jsonb_each_text', 'concat', 'octet_length',
            'clock_timestamp', 'pg_get_expr', 'to_jsonb', 'jsonb_set', 'timezone', 'replace', 'regexp_replace', 'text', 'name')
    LOOP
        EXECUTE format('CREATE FUNCTION regress_scim_lure.%I(%s) RETURNS %s LANGUAGE plpgsql AS
                $f$BEGIN PERFORM regress_scim_lure.lured(%L); RETURN%s; END$f$',
            o.proname, o.arguments, o.result, o.proname, CASE WHEN o.proretset THEN '' ELSE ' NULL' END);
    END LOOP;
END
$$;
SELECT count(*) > 300 AS operators FROM pg_operator WHERE oprnamespace = 'regress_scim_lure'::regnamespace;
CREATE FUNCTION regress_scim_lure.step(text) RETURNS text LANGUAGE plpgsql AS
    $$BEGIN PERFORM regress_scim_lure.lured('count'); RETURN NULL; END$$;
-- a count that is no bigint
CREATE AGGREGATE regress_scim_lure.count(*) (SFUNC = regress_scim_lure.step, STYPE = text, INITCOND = '');
CREATE DOMAIN regress_scim_lure.text AS int;
CREATE DOMAIN regress_scim_lure.uuid AS int;
CREATE DOMAIN regress_scim_lure.jsonb AS int;
CREATE DOMAIN regress_scim_lure.bytea AS int;
CREATE DOMAIN regress_scim_lure.name AS int;
CREATE DOMAIN regress_scim_lure.timestamptz AS int;
CREATE DOMAIN regress_scim_lure.regclass AS int;
CREATE COLLATION regress_scim_lure."C" FROM "POSIX";
CREATE TABLE regress_scim_lure.pg_class (x int);
CREATE TABLE regress_scim_lure.pg_namespace (x int);
CREATE TABLE regress_scim_lure.pg_trigger (x int);
CREATE TABLE regress_scim_lure.resource (x int);
CREATE ROLE regress_scim_lured;
INSERT INTO own_path.tenant_role (role, tenant_id) VALUES ('regress_scim_lured', 1);
GRANT USAGE ON SCHEMA own_path, regress_scim_lure TO regress_scim_lured;
GRANT SELECT, INSERT, UPDATE, DELETE ON own_path.resource, own_path.users, own_path.groups, own_path.member,
    own_path.schema, own_path.resource_type, own_path.token, own_path.client TO regress_scim_lured;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA scim TO regress_scim_lured;
\set user1 00000000-0000-7000-8000-000000000001
\set group1 00000000-0000-7000-8000-00000000000a
\set group2 00000000-0000-7000-8000-00000000000b

SET ROLE regress_scim_lured;
-- tables of a transition, of the catalogue and of a store, in the session's own schema
CREATE TEMP TABLE changed (id text, name text);
CREATE TEMP TABLE changed_member (x int);
CREATE TEMP TABLE users (x int);
CREATE TEMP TABLE token (x int);
SET search_path = pg_temp, regress_scim_lure, pg_catalog;
SELECT 1 = 1;
--
-- plain DML: the door and what follows it
--
INSERT INTO own_path.users (id, data) VALUES (:'user1', '{"userName": "bjensen", "password": "t1meMa$heen",
    "active": true, "emails": [{"value": "bjensen@example.com", "type": "work"}]}');
INSERT INTO own_path.groups (id, data) VALUES
    (:'group1', '{"displayName": "G", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}'),
    (:'group2', '{"displayName": "H", "members": [{"value": "00000000-0000-7000-8000-00000000000a"}]}');
UPDATE own_path.users SET active = false WHERE id OPERATOR(pg_catalog.=) :'user1' RETURNING version, status;
UPDATE own_path.users SET version = 3, active = true;
UPDATE own_path.users SET active = true RETURNING version;
INSERT INTO own_path.member (group_id, member_id) VALUES (:'group2', :'user1');
DELETE FROM own_path.member WHERE group_id OPERATOR(pg_catalog.=) :'group2' AND member_id OPERATOR(pg_catalog.=) :'user1';
--
-- functions
--
SELECT scim.create_resource('User', '{"userName": "mandy", "name": {"familyName": "Pepperidge"}}') IS NOT NULL;
SELECT scim.get_resource('User', :'user1', 'userName,groups.display');
SELECT scim.get_resource('Group', :'group1', 'members.display');
SELECT scim.replace_resource('User', :'user1', '{"userName": "bjensen", "password": "t1meMa$heen",
    "emails": [{"value": "bjensen@example.com"}]}', 'W/"3"') IS NOT NULL;
SELECT scim.patch_resource('User', :'user1', '[{"op": "add", "path": "title", "value": "t"}]') IS NOT NULL;
SELECT scim.patch_resource('Group', :'group1', '[{"op": "add", "path": "members", "value": [{"value": "x"}]},
    {"op": "remove", "path": "members[value eq \"x\"]"},
    {"op": "remove", "path": "members[display co \"nobody\"]"},
    {"op": "replace", "path": "members", "value": [{"value": "y"}, {"value": "00000000-0000-7000-8000-000000000001"}]}]') IS NOT NULL;
SELECT scim.resource_json(u) IS NOT NULL FROM own_path.users u;
SELECT f, pg_catalog.jsonb_path_query(scim.search('User', f, attributes => 'userName'), '$.totalResults')
FROM pg_catalog.unnest(ARRAY['userName eq "bjensen"', 'userName co "b"', 'userName ne "x"', 'userName sw "m" or title pr',
    'not (active eq true)', 'externalId pr', 'meta.created gt "2020-01-01T00:00:00Z"', 'meta.lastModified sw "20"',
    'meta.version eq "W/\"1\""', 'meta.location co "Users"', 'id sw "0"', 'id ne "x"', 'groups.display eq "G"',
    'groups.value eq "00000000-0000-7000-8000-00000000000a"', 'groups pr', 'groups[display co "G"]',
    'groups.$ref co "Groups"', 'emails.value ew "com"', 'emails[value sw "b"] and title eq "t"']) f;
SELECT f, pg_catalog.jsonb_path_query(scim.search('Group', f, attributes => 'id'), '$.totalResults')
FROM pg_catalog.unnest(ARRAY['members.value eq "y"', 'members.display eq "bjensen"', 'members.type eq "User"',
    'members.$ref co "Users"', 'members[value sw "0"]', 'members pr', 'displayName lt "Z"']) f;
SELECT pg_catalog.jsonb_path_query(scim.search(NULL, 'meta.resourceType eq "User" and groups pr'), '$.totalResults');
SELECT s, pg_catalog.jsonb_path_query(scim.search('User', NULL, s), '$.totalResults'),
    pg_catalog.jsonb_path_query(scim.search('User', NULL, s, 'descending', cursor => '', count => 1), '$.nextCursor') IS NOT NULL AS more
FROM pg_catalog.unnest(ARRAY['userName', 'id', 'meta.created', 'name.familyName', 'active', 'externalId', 'meta.version']) s;
SELECT scim.verify_password(:'user1', 't1meMa$heen');
SELECT secret IS NOT NULL AS token FROM scim.create_token('x');
SELECT scim.revoke_token(id) FROM own_path.token;
SELECT (scim.create_client('c', 'Bearer')).secret IS NOT NULL AS client;
SELECT scim.revoke_client(id) FROM own_path.client;
SELECT scim.authenticate('Bearer x'), scim.authenticate('Basic eDp5');
SELECT scim.gateway('{"x-scim-method": "GET", "x-scim-target": "/Users", "x-scim-authorization": "Bearer x"}', NULL),
    scim.gateway('{"x-scim-method": "GET", "x-scim-target": "/Schemas"}', NULL) OPERATOR(pg_catalog.<>) '' AS discovered;
SELECT * FROM scim.validate('User', '{"userName": "x", "emails": [{"value": 5}]}');
SELECT scim.is_valid('User', '{"userName": "x"}'), scim.canonicalise('User', '{"USERNAME": "x"}'),
    scim.json_schema('User') IS NOT NULL AS json_schema, scim.openapi() IS NOT NULL AS openapi;
SELECT scim.matches('{"userName": "x"}', 'userName eq "x"', 'User'),
    '{"userName": "x"}'::pg_catalog.jsonb OPERATOR(scim.~) 'userName eq "x"'::scim.filter;
SELECT * FROM scim.explain_filter('userName eq "x"', 'User');
SELECT scim.bulk('{"Operations": [{"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "bulk"}}]}') IS NOT NULL;
--
-- requests
--
SELECT target, status FROM pg_catalog.unnest(ARRAY['/Users?sortBy=userName&count=1&cursor=', '/Users?filter=userName%20co%20%22b%22',
    '/Groups/00000000-0000-7000-8000-00000000000a/members?filter=display%20eq%20%22bjensen%22',
    '/Groups/00000000-0000-7000-8000-00000000000a/members?cursor=&count=1', '/Users/00000000-0000-7000-8000-000000000001',
    '/Schemas', '/Schemas/urn:ietf:params:scim:schemas:core:2.0:User', '/ResourceTypes', '/ResourceTypes/User',
    '/ServiceProviderConfig', '/openapi.json']) target, scim.request('GET', target);
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "post"}');
SELECT status FROM scim.request('POST', '/Bulk', '{}', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
    "Operations": [{"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "first"}},
                   {"method": "POST", "path": "/Groups", "bulkId": "b", "data": {"displayName": "B", "members": [{"value": "bulkId:a"}]}}]}');
SELECT status FROM scim.request('PATCH', '/Users/00000000-0000-7000-8000-000000000001', '{}',
    '{"Operations": [{"op": "replace", "path": "active", "value": false}]}');
SELECT status FROM scim.request('DELETE', '/Users/00000000-0000-7000-8000-000000000001');
SELECT scim.restore_resource('User', :'user1') IS NOT NULL AS restored;
DELETE FROM own_path.users WHERE id OPERATOR(pg_catalog.=) :'user1';
SELECT scim.purge('0 s');
SELECT pg_catalog.current_setting('search_path'), current_user;
RESET ROLE;
--
-- the owner
--
SET search_path = pg_temp, regress_scim_lure, pg_catalog;
UPDATE own_path.policy SET settings = '{"mode": "offboard"}' WHERE kind OPERATOR(pg_catalog.=) 'delete';
INSERT INTO own_path.policy (resource_type, kind, settings) VALUES ('User', 'reference',
    '{"attributes": {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value": "User"}}');
COPY own_path.users (id, data) FROM stdin;
00000000-0000-7000-8000-000000000001	{"userName": "bjensen", "password": "x"}
\.
SELECT scim.create_resource('User', '{"userName": "referring", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":
    {"manager": {"value": "00000000-0000-7000-8000-000000000001"}}}') IS NOT NULL;
SELECT scim.delete_resource('User', :'user1'), scim.complete_offboarding(:'user1');
SELECT scim.register_schema('{"id": "urn:example:Badge", "name": "Badge", "attributes": [{"name": "badge", "uniqueness": "server"}]}') IS NOT NULL;
SELECT scim.register_resource_type('{"name": "Thing", "endpoint": "/Things", "schema": "urn:example:Badge"}') IS NOT NULL;
INSERT INTO own_path.things (data) VALUES ('{"badge": "1"}');
SELECT scim.register_schema('{"id": "urn:example:Badge", "name": "Badge", "attributes": [
    {"name": "badge", "uniqueness": "server", "multiValued": true}]}') IS NOT NULL;
SELECT data FROM own_path.things;
UPDATE own_path.unique_value SET value = value;
DELETE FROM own_path.things;
UPDATE own_path.schema SET document = document WHERE id OPERATOR(pg_catalog.=) 'urn:example:Badge';
SELECT scim.unregister_resource_type('Thing'), scim.unregister_schema('urn:example:Badge');
UPDATE own_path.credential SET secret = secret;
DELETE FROM own_path.tenant_role;
DELETE FROM own_path.tenant WHERE tenant_id OPERATOR(pg_catalog.=) 2;
SELECT pg_catalog.count(*) OPERATOR(pg_catalog.>) 10 AS repairs FROM scim_internal.store_repairs('own_path');
SELECT scim.upgrade_store('own_path'), scim.upgrade_store('own_path', true);
SELECT scim.create_store('other_path'), scim.drop_store('other_path', true);
SELECT pg_catalog.current_setting('search_path');
RESET search_path;

--
-- a trigger of the user's: where the store writes, it finds what is in pg_catalog and says
-- itself where else it looks; what it sets ends with our statement, and stays after one of the session
--
CREATE TABLE regress_scim_lure.note (user_name pg_catalog.text, path pg_catalog.text);
CREATE FUNCTION regress_scim_lure.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO regress_scim_lure.note VALUES (NEW.user_name, current_setting('search_path'));
    PERFORM set_config('regress.noted', NEW.user_name, false);
    RETURN NULL;
END
$$;
CREATE TRIGGER note AFTER INSERT ON own_path.users FOR EACH ROW EXECUTE FUNCTION regress_scim_lure.note();
INSERT INTO own_path.users (data) VALUES ('{"userName": "by DML"}');
SELECT scim.create_resource('User', '{"userName": "by function"}') IS NOT NULL;
SELECT current_setting('regress.noted') AS noted;
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "by request"}');
SELECT current_setting('regress.noted') AS noted;
TABLE regress_scim_lure.note;

DROP OWNED BY regress_scim_lured CASCADE;
DROP ROLE regress_scim_lured;
SELECT scim.drop_store('own_path', true);
DROP SCHEMA regress_scim_lure CASCADE;
