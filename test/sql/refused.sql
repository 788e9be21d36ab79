-- Who comes with what is good no more, of the log of the gateway: why, and how often
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('refusing');
SET scim.store = 'refusing';
\set ECHO none
\set store refusing
\set table on
\i conf/request_log.sql
\i conf/request_log.sql
\set ECHO all
\set ON_ERROR_STOP off
SELECT id AS good FROM scim.create_token('good') \gset
SELECT id AS gone FROM scim.create_token('gone') \gset
SELECT id AS ended FROM scim.create_token('ended') \gset
SELECT scim.revoke_token(:'gone');
UPDATE refusing.token SET created = now() - interval '9 days', expires_at = now() - interval '1 day' WHERE id = :'ended';
SELECT id AS client FROM scim.create_client('client', 'Bearer', expires_at => now() + interval '1 day') \gset
CREATE FUNCTION pg_temp.line(token text, tenant text, status int, detail text) RETURNS text LANGUAGE sql AS $$
SELECT format('{"time":"x","at":%s,"request_id":"r","store":"refusing","base":"https://x/scim/v2","tenant":"%s","token":"%s","address":"10.0.0.1","method":"GET","path":"/scim/v2/Users","status":%s,"scim_type":"","detail":"%s","seconds":0.1,"upstream":"0.1","received":1,"sent":1,"agent":"x"}',
    extract(epoch FROM clock_timestamp())::numeric(20, 3), tenant, replace(token, '-', ''), status, detail) $$;
INSERT INTO scim_log.request_line SELECT pg_temp.line(t, '1', 401, '') FROM unnest(ARRAY[:'good', :'gone', :'ended', :'ended', :'client', '00000000-0000-7000-8000-000000000009']) t;
INSERT INTO scim_log.request_line VALUES (pg_temp.line('', '', 401, '')), (pg_temp.line(:'good', '1', 200, '')), (pg_temp.line('', '', 503, 'no disk')), (pg_temp.line('', '', 503, 'no memory')), (pg_temp.line('', '', 503, 'no disk'));
SELECT token, status, refused, count(*) FROM refusing.request_log GROUP BY 1, 2, 3 ORDER BY 2, 3, 1;
-- and 503 by what they say
SELECT token, status, refused, requests, last_detail FROM refusing.failed_request ORDER BY 2, 3, 1, 5;
SELECT tenant_id, kind, token, reason, requests, last_at >= first_at AS in_time FROM refusing.refused_credential ORDER BY 4, 3;
SELECT name, labels - 'id' AS labels, labels ? 'id' AS of_one, CASE name WHEN 'credentials_refused' THEN value::text ELSE (value < 600)::text END AS value
FROM scim.statistics('requests') WHERE labels ? 'reason' ORDER BY labels ->> 'reason', labels ->> 'kind', 1;
-- what has happened before its end was something else
UPDATE refusing.token SET created = now() - interval '9 days', expires_at = NULL, revoked_at = NULL WHERE id = :'ended';
SELECT refused FROM refusing.request_log WHERE token = 'ended';
DROP SCHEMA scim_log CASCADE;
SELECT scim.drop_store('refusing', true);
