-- One relay serves all tenants of a store, whatever tenant_role says, and no store that has not granted it to him.
\set ECHO errors
SET client_min_messages = warning;
SELECT scim.create_store('post');
SELECT scim.create_store('other');
SET scim.store = 'post';
SET scim.base_url = 'https://scim.example.com/v2';
SELECT scim.create_tenant('two');
CREATE ROLE regress_scim_relay;
GRANT USAGE ON SCHEMA scim, post, other TO regress_scim_relay;
GRANT EXECUTE ON FUNCTION scim.next_deliveries(int, uuid[]), scim.delivered(int, uuid, uuid[], uuid), scim.delivery_failed(int, uuid, uuid, text, interval, uuid) TO regress_scim_relay;
GRANT UPDATE (last_attempt_at) ON post.delivery TO regress_scim_relay;
UPDATE post.policy SET enabled = true WHERE kind = 'events';
\pset format unaligned
\set ECHO all
SET scim.tenant = 1;
SELECT scim.create_consumer('hr') IS NOT NULL AS made;
SELECT scim.deliver_by_push('hr', 'https://one.example.com/');
SET scim.tenant = 2;
SELECT scim.create_consumer('hr') IS NOT NULL AS made;
SELECT left(scim.deliver_by_webhook('hr', 'https://two.example.com/'), 6) AS secret;
INSERT INTO post.users (data) VALUES ('{"userName": "bob"}');
SET scim.tenant = 1;
INSERT INTO post.users (data) VALUES ('{"userName": "ada"}');

-- whoever he acts for, or for nobody, or for one of them alone
CREATE TEMP TABLE sent (tenant_id int, consumer_id uuid, id uuid, lease_id uuid, url text);
GRANT ALL ON sent TO regress_scim_relay;
SET ROLE regress_scim_relay;
RESET scim.tenant;
INSERT INTO sent SELECT tenant_id, consumer_id, id, lease_id, url FROM scim.next_deliveries();
SELECT tenant_id, url FROM sent ORDER BY 1;
SELECT scim.delivery_failed(tenant_id, consumer_id, id, 'not now', '0 s', lease_id) AS failed FROM sent;
RESET ROLE;
INSERT INTO post.tenant_role (role, tenant_id) VALUES ('regress_scim_relay', 2);
DELETE FROM sent;
SET ROLE regress_scim_relay;
INSERT INTO sent SELECT tenant_id, consumer_id, id, lease_id, url FROM scim.next_deliveries();
SELECT tenant_id, url FROM sent ORDER BY 1;
SELECT tenant_id, scim.delivered(tenant_id, consumer_id, ARRAY[id], lease_id) AS delivered FROM sent ORDER BY 1;
-- a store that he has no right in
SET scim.store = 'other';
SELECT * FROM scim.next_deliveries();
SELECT scim.delivered(1, gen_random_uuid(), '{}', gen_random_uuid());
SELECT scim.delivery_failed(1, gen_random_uuid(), gen_random_uuid(), 'no', NULL, gen_random_uuid());
-- and nothing but that
SET scim.store = 'post';
SELECT * FROM post.delivery;
SELECT * FROM scim.next_events('hr');
RESET ROLE;
SELECT count(*) AS left FROM post.delivery;
DROP OWNED BY regress_scim_relay;
SET client_min_messages = warning;
SELECT scim.drop_store('post', true), scim.drop_store('other', true);
DROP ROLE regress_scim_relay;
