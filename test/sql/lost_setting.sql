-- Settings of a token or client go with it, by TRUNCATE as by DELETE; one that leads nowhere is told of.
SET client_min_messages = warning;
SELECT scim.create_store('lost_setting');
SET scim.store = 'lost_setting';
INSERT INTO lost_setting.token (id, tenant_id, hash, description) VALUES ('00000000-0000-7000-8000-000000000001', 1, sha256('t'), 't');
INSERT INTO lost_setting.authentication_scheme (scheme, keyword, credential, type) VALUES ('Own', 'Own', 'token', 'oauth2');
SELECT id AS client FROM scim.create_client('c', 'Own') \gset
INSERT INTO lost_setting.setting (name, value, tenant_id, token_id) VALUES ('max_results', '5', 1, '00000000-0000-7000-8000-000000000001'), ('max_results', '6', 1, :'client');
INSERT INTO lost_setting.setting (name, value) VALUES ('max_results', '7');

BEGIN;
TRUNCATE lost_setting.token;
SELECT name, value FROM lost_setting.setting ORDER BY value;
SELECT operation, before ->> 'value' AS value FROM lost_setting.audit WHERE operation = 'delete setting';
ROLLBACK;
BEGIN;
TRUNCATE lost_setting.client CASCADE;
SELECT name, value FROM lost_setting.setting ORDER BY value;
ROLLBACK;
SELECT count(*) FROM scim.validate_store();

-- as a load without triggers leaves them
SET session_replication_role = replica;
DELETE FROM lost_setting.token;
INSERT INTO lost_setting.setting (name, value, resource_type) VALUES ('max_results', '8', 'Nothing');
RESET session_replication_role;
SELECT resource_type, id = (SELECT s.id FROM lost_setting.setting s WHERE s.value = CASE path WHEN 'token_id' THEN '5' ELSE '8' END::jsonb) AS of_row, rule, path, message FROM scim.validate_store() ORDER BY path;
DELETE FROM lost_setting.setting WHERE id IN (SELECT id FROM scim.validate_store() WHERE rule = 'setting');
SELECT count(*) FROM scim.validate_store();
SELECT scim.drop_store('lost_setting', true);
