-- A password that somebody writes into the table "credential" himself is a change of its resource like one by its document
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('creds');
SET scim.store = 'creds';
\set u 00000000-0000-7000-8000-000000000001
\set v 00000000-0000-7000-8000-000000000002
UPDATE creds.policy SET enabled = true WHERE kind IN ('events', 'delete');
CREATE VIEW told AS SELECT a.operation, a.version, a.detail, a.before IS NOT NULL AS before, right(a.resource_id::text, 1) AS whose FROM creds.audit a WHERE a.resource_id IS NOT NULL ORDER BY a.id;
INSERT INTO creds.users (id, data) VALUES (:'u', '{"userName": "u"}'), (:'v', '{"userName": "v"}');
-- what the door does of it
UPDATE creds.users SET data = data || '{"password": "t1meMa$heen"}' WHERE id = :'u';
UPDATE creds.users SET data = data || '{"password": null}' WHERE id = :'u';
SELECT version FROM creds.users WHERE id = :'u';
SELECT * FROM told;
SELECT secret FROM (SELECT 1) x, LATERAL (SELECT 'SCRAM-SHA-256$4096:' || encode(sha256('s'), 'base64') || '$' || encode(sha256('a'), 'base64') || ':' || encode(sha256('b'), 'base64')) s (secret) \gset
CREATE VIEW since AS SELECT t.* FROM told t OFFSET 4;
-- the same by plain DML
INSERT INTO creds.credential (tenant_id, resource_id, secret) VALUES (1, :'u', :'secret');
SELECT version FROM creds.users WHERE id = :'u';
UPDATE creds.credential SET secret = replace(secret, '4096', '4097');
UPDATE creds.credential SET changed = '2001-01-01Z';
UPDATE creds.credential SET changed = changed;
UPDATE creds.credential SET changed = '2999-01-01Z';
INSERT INTO creds.credential (tenant_id, resource_id, secret) VALUES (1, :'u', :'secret') ON CONFLICT DO NOTHING;
INSERT INTO creds.credential (tenant_id, resource_id, secret) VALUES (1, :'u', :'secret') ON CONFLICT (tenant_id, resource_id) DO UPDATE SET secret = excluded.secret;
UPDATE creds.credential SET resource_id = :'v';
DELETE FROM creds.credential;
SELECT * FROM since;
SELECT right(id::text, 1) AS whose, version FROM creds.users ORDER BY id;
SELECT count(*) FROM creds.credential;
SELECT event_uri, attributes, version, right(resource_id::text, 1) AS whose FROM creds.event WHERE version > 3 OR resource_id = :'v' ORDER BY id;
-- by COPY, and by an ETag of before
COPY creds.credential (tenant_id, resource_id, secret) FROM stdin;
1	00000000-0000-7000-8000-000000000001	SCRAM-SHA-256$4096:Q0zdB5J5yGjCyGN/7F1eFlYlWnGVUx6Im4R2MEGTZVo=$ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=:PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0=
\.
SELECT version, scim.verify_password(:'u', 'no') FROM creds.users WHERE id = :'u';
SELECT status FROM scim.request('PATCH', '/Users/00000000-0000-7000-8000-000000000001', '{"If-Match": "W/\"8\""}', '{"Operations": [{"op": "replace", "path": "title", "value": "x"}]}');
-- no secret is in the audit or an event
SELECT count(*) FROM creds.audit a WHERE a::text ~ 'SCRAM|ypeBEsob';
SELECT count(*) FROM creds.event e WHERE e::text ~ 'SCRAM|ypeBEsob';
-- who is refused changes nothing, and who is gone has no version to count
INSERT INTO creds.credential (tenant_id, resource_id, secret) VALUES (1, '00000000-0000-7000-8000-0000000000ff', :'secret');
INSERT INTO creds.credential (tenant_id, resource_id, secret) VALUES (1, :'v', 'plain');
SELECT version FROM creds.users WHERE id = :'v';
TRUNCATE creds.credential;
SELECT scim.drop_store('creds', true);
DROP VIEW IF EXISTS told CASCADE;
