-- Tables beside those of resources: rows that contradict each other are refused, whoever writes them
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('others');
SET scim.store = 'others';
INSERT INTO others.tenant (tenant_id, name) VALUES (2, 'two');
\set user1 00000000-0000-7000-8000-00000000000a
\set user2 00000000-0000-7000-8000-00000000000b
\set group1 00000000-0000-7000-8000-00000000000c
\set token1 00000000-0000-7000-8000-000000000011
\set token2 00000000-0000-7000-8000-000000000012
\set client1 00000000-0000-7000-8000-000000000021
\set nobody 00000000-0000-7000-8000-0000000000ff
INSERT INTO others.users (tenant_id, id, data) VALUES (1, :'user1', '{"userName": "one", "password": "t1meMa$heen"}'), (2, :'user2', '{"userName": "two"}');
INSERT INTO others.groups (id, data) VALUES (:'group1', '{"displayName": "g"}');
INSERT INTO others.token (tenant_id, id, hash, description) VALUES (1, :'token1', sha256('1'), 'one'), (2, :'token2', sha256('2'), 'two');
INSERT INTO others.client (id, name, scheme, hash) VALUES (:'client1', 'one', 'Bearer', sha256('3'));

--
-- setting
--
INSERT INTO others.setting (name, token_id, value) VALUES ('max_results', :'nobody', '1');
INSERT INTO others.setting (name, tenant_id, token_id, value) VALUES ('max_results', 1, :'token2', '1');
INSERT INTO others.setting (name, tenant_id, token_id, value) VALUES
    ('max_results', 1, :'token1', '1'), ('max_results', NULL, :'token2', '2'), ('max_results', 1, :'client1', '3');
UPDATE others.setting SET token_id = :'nobody' WHERE token_id = :'token1';
UPDATE others.token SET tenant_id = 2 WHERE id = :'token1';
UPDATE others.token SET description = 'uno' WHERE id = :'token1';
DELETE FROM others.token WHERE id = :'token1';
DELETE FROM others.client WHERE id = :'client1';
SELECT token_id, value FROM others.setting;
-- in a load the order does not matter
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
INSERT INTO others.setting (name, token_id, value) VALUES ('max_results', :'token1', '1');
INSERT INTO others.token (id, hash, description) VALUES (:'token1', sha256('1'), 'one');
COMMIT;
-- what is no URL
DO $$
DECLARE url text;
BEGIN
    FOREACH url IN ARRAY ARRAY['not a url', 'example.com', '/scim/v2', 'ftp://x', 'https://', 'https:///x', 'https://h?q', 'https://h/a b', 'https://h/é', 'https://h/', 'https://h', 'http://h:8080/scim/v2', ''] LOOP
        BEGIN
            INSERT INTO others.setting (name, value) VALUES ('base_url', to_jsonb(url));
            DELETE FROM others.setting WHERE name = 'base_url';
            RAISE WARNING '%: ok', url;
        EXCEPTION WHEN OTHERS THEN RAISE WARNING '%: % %', url, SQLSTATE, SQLERRM;
        END;
    END LOOP;
END $$;
-- nothing comes behind the door
CREATE FUNCTION others.behind() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.value := '"nonsense"'; RETURN new; END $$;
CREATE TRIGGER zz BEFORE INSERT OR UPDATE ON others.setting FOR EACH ROW EXECUTE FUNCTION others.behind();
INSERT INTO others.setting (name, value) VALUES ('max_results', '5');
UPDATE others.setting SET value = '5';
ALTER TABLE others.setting DISABLE TRIGGER zz;
INSERT INTO others.setting (name, value) VALUES ('default_results', '5') RETURNING value;
DROP TRIGGER zz ON others.setting;

--
-- member: a value that is an id is none
--
INSERT INTO others.member (group_id, member_id, value) VALUES (:'group1', :'user1', upper(:'user1')), (:'group1', scim.member_key('elsewhere'), 'elsewhere'), (:'group1', :'nobody', :'nobody')
RETURNING member_id = scim.member_key('elsewhere') AS key, value;
INSERT INTO others.member (group_id, member_id, value) VALUES (:'group1', :'user2', upper(:'user1'));
SELECT jsonb_agg(m ->> 'value' ORDER BY 1) FROM jsonb_array_elements(scim.get_resource('Group', :'group1') -> 'members') m WHERE m ->> 'value' LIKE '%a';
CREATE TRIGGER zz BEFORE INSERT ON others.member FOR EACH ROW EXECUTE FUNCTION others.behind();
INSERT INTO others.member (group_id, member_id, value) VALUES (:'group1', scim.member_key('x'), 'x');
DROP TRIGGER zz ON others.member;

--
-- credential, recovery_code: of whom
--
SELECT secret FROM others.credential \gset
INSERT INTO others.credential (resource_id, secret) VALUES (:'group1', :'secret');
UPDATE others.credential SET resource_id = :'group1';
INSERT INTO others.recovery_code (tenant_id, resource_id, name, hash, issued_at, expires_at) VALUES (1, :'nobody', 'ABCDEFGHJK', sha256('x'), now(), now());
INSERT INTO others.recovery_code (tenant_id, resource_id, name, hash, issued_at, expires_at) VALUES (9, :'user1', 'ABCDEFGHJK', sha256('x'), now(), now());
INSERT INTO others.recovery_code (tenant_id, resource_id, name, hash, issued_at, expires_at, failures) VALUES (1, :'user1', 'ABCDEFGHJK', sha256('x'), now(), now(), -1);
INSERT INTO others.recovery_code (tenant_id, resource_id, name, hash, issued_at, expires_at, failures) VALUES (1, :'user1', 'ABCDEFGHJK', sha256('x'), now(), now(), 6);
INSERT INTO others.recovery_code (tenant_id, resource_id, name, hash, issued_at, expires_at) VALUES (1, :'user1', 'ABCDEFGHJK', sha256('x'), now(), 'infinity');
INSERT INTO others.recovery_code (tenant_id, resource_id, name, hash, issued_at, expires_at) VALUES (1, :'user1', 'ABCDEFGHJK', sha256('x'), '-infinity', now());
INSERT INTO others.recovery_code (tenant_id, resource_id, name, hash, issued_at, expires_at) VALUES (1, :'user1', 'ABCDEFGHJK', sha256('x'), now(), now());
SELECT scim.issue_recovery_code(:'user1') IS NOT NULL AS issued;
DELETE FROM others.users WHERE id = :'user1';
INSERT INTO others.recovery_code (tenant_id, resource_id, name, hash, issued_at, expires_at) VALUES (1, :'user1', 'ABCDEFGHJK', sha256('x'), now(), now());

--
-- client, authentication_scheme
--
INSERT INTO others.authentication_scheme (scheme, keyword, credential, type) VALUES ('bearer', 'Other', 'token', 'oauth');
INSERT INTO others.authentication_scheme (scheme, keyword, credential, type) VALUES ('Lower', 'bearer', 'token', 'oauth');
INSERT INTO others.authentication_scheme (scheme, keyword, credential, second_header, type) VALUES
    ('Basic', 'Basic', 'password', NULL, 'httpbasic'), ('Two', 'ApiKey', 'token', 'x-second', 'oauth');
INSERT INTO others.client (name, scheme, secret) VALUES ('password of a token', 'Bearer', :'secret');
INSERT INTO others.client (name, scheme, hash) VALUES ('of the gateway', 'JWT', sha256('4'));
INSERT INTO others.client (name, scheme, hash) VALUES ('one secret', 'Two', sha256('4'));
SELECT (c).id IS NOT NULL AS made FROM unnest(ARRAY['Basic', 'Two', 'Bearer']) s, LATERAL (SELECT scim.create_client('by ' || s, s) AS c) x;
SELECT (scim.create_client('chosen', 'Basic', 'a password')).id IS NOT NULL AS made;
UPDATE others.client SET scheme = 'Two' WHERE name = 'by Bearer';
UPDATE others.client SET scheme = 'Bearer' WHERE name = 'chosen';
UPDATE others.client SET second_hash = NULL WHERE name = 'by Two';
UPDATE others.authentication_scheme SET credential = 'token' WHERE scheme = 'Basic';
UPDATE others.authentication_scheme SET second_header = 'x-second' WHERE scheme = 'Basic';
DELETE FROM others.authentication_scheme WHERE scheme = 'JWT';
UPDATE others.authentication_scheme SET credential = 'jwt', second_header = NULL, keyword = 'Bearer', scheme = 'Three' WHERE scheme = 'Two';
UPDATE others.authentication_scheme SET second_header = NULL, scheme = 'Three' WHERE scheme = 'Two';
UPDATE others.client SET revoked_at = now() WHERE name IN ('chosen', 'by Basic');
UPDATE others.authentication_scheme SET credential = 'token' WHERE scheme = 'Basic';
UPDATE others.client SET revoked_at = NULL WHERE name = 'chosen';
SELECT name, scheme, revoked_at IS NOT NULL AS revoked FROM others.client ORDER BY name;

--
-- Times that there are
--
INSERT INTO others.token (hash, description, created) VALUES (sha256('9'), 'x', 'infinity');
INSERT INTO others.client (name, scheme, hash, created) VALUES ('x', 'Bearer', sha256('9'), '-infinity');
INSERT INTO others.tenant (tenant_id, name, created) VALUES (3, 'x', 'infinity');

--
-- A resource type that goes takes along what is said of it
--
SELECT scim.register_schema('{"id": "urn:example:Thing", "name": "Thing", "attributes": [{"name": "label"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "Thing", "endpoint": "/Things", "schema": "urn:example:Thing"}') ->> 'name' AS type;
INSERT INTO others.setting (name, resource_type, value) VALUES ('max_results', 'Thing', '7'), ('max_results', 'User', '8');
INSERT INTO others.endpoint (methods, path, resource_type, action, enabled) VALUES ('{GET}', '/things', 'thing', 'list', false), ('{GET}', '/people', 'User', 'list', false);
DELETE FROM others.resource_type WHERE name = 'Thing';
SELECT resource_type, value FROM others.setting WHERE resource_type IS NOT NULL;
SELECT resource_type FROM others.endpoint;
SELECT count(*) FROM others.policy WHERE resource_type = 'Thing';

--
-- audit, event: the store writes them
--
CREATE ROLE others_clerk;
GRANT USAGE ON SCHEMA others TO others_clerk;
GRANT ALL ON ALL TABLES IN SCHEMA others TO others_clerk;
INSERT INTO others.tenant_role (role, tenant_id) VALUES ('others_clerk', 1);
SET ROLE others_clerk;
INSERT INTO others.users (data) VALUES ('{"userName": "by a clerk"}');
SELECT count(*) > 0 AS seen FROM others.audit;
INSERT INTO others.audit (tenant_id, actor, operation, resource_type, resource_id) VALUES (1, 'nobody', 'nonsense', 'Nothing', :'nobody');
INSERT INTO others.event (tenant_id, event_uri, resource_type, resource_id) VALUES (9, 'urn:nonsense', 'Nothing', :'nobody');
UPDATE others.audit SET actor = 'somebody else';
DELETE FROM others.audit;
UPDATE others.event SET event_uri = 'x';
DELETE FROM others.event;
RESET ROLE;
SELECT count(*) AS altered FROM others.audit WHERE actor = 'somebody else';
SELECT scim.drop_store('others', true);
DROP ROLE others_clerk;
