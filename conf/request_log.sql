-- The requests of a store, as nginx has logged them, in SQL:
--
--      psql -v store=directory -v file=/var/log/scim/requests.log -f request_log.sql
--
-- Run it once for each store, as a superuser; it may be run again, and has to be where the
-- log is elsewhere.  It is for a PostgreSQL on the machine of nginx, or where the log is
-- brought to, and its server has to be able to read the file.  Where there is no superuser,
-- or no such file, -v table=on makes an ordinary table of it, as the owner of store and
-- database, and what has been logged is brought there:
--
--      psql -c "\copy scim_log.request_line FROM requests.log WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')"
--
-- The views lie in the schema of the store and belong to its owner; those of the roles of
-- roles.sql that are there may read them: scim_auditor and scim_operator the requests of the
-- tenant for whom they act, scim_monitor the figures.  doc/watching.md says what to ask.
--
--      request_log             a row for each request
--      failed_request          what failed: how often, by which token, and the last of it
--      request_statistics      figures by endpoint: how many, and how long they took
--      refused_credential      tokens that somebody still comes with, and why they are refused

\set ON_ERROR_STOP on
\if :{?store} \else \set store directory \endif
\if :{?file} \else \set file /var/log/scim/requests.log \endif
BEGIN;
-- whatever one's own search_path holds
SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL client_min_messages = warning;

SELECT quote_ident(:'store') AS quoted, '"store":' || to_json(:'store'::text) || ',' AS mark \gset

-- What who runs this keeps: the log as it is, and of it what is of each store.
CREATE SCHEMA IF NOT EXISTS scim_log;
COMMENT ON SCHEMA scim_log IS 'The log of the gateway, for the views request_log of stores (conf/request_log.sql).';
\if :{?table} \else \set table off \endif
\if :table
SELECT 'DROP FOREIGN TABLE scim_log.request_line CASCADE'
WHERE EXISTS (SELECT FROM pg_class WHERE oid = to_regclass('scim_log.request_line') AND relkind = 'f') \gexec
CREATE TABLE IF NOT EXISTS scim_log.request_line (line text COLLATE "C");
COMMENT ON TABLE scim_log.request_line IS 'What somebody has brought here of the log of the gateway, of all stores.';
COMMENT ON COLUMN scim_log.request_line.line IS 'A JSON object, as log_format in nginx.conf makes it.';
\else
CREATE EXTENSION IF NOT EXISTS file_fdw SCHEMA scim_log;
SELECT 'CREATE SERVER scim_log FOREIGN DATA WRAPPER file_fdw'
WHERE NOT EXISTS (SELECT FROM pg_foreign_server WHERE srvname = 'scim_log') \gexec
-- Each line is one value: the log holds no control characters that could part it.
CREATE FOREIGN TABLE IF NOT EXISTS scim_log.request_line (line text COLLATE "C") SERVER scim_log
    OPTIONS (filename :'file', format 'csv', delimiter E'\x01', quote E'\x02', escape E'\x02');
ALTER FOREIGN TABLE scim_log.request_line OPTIONS (SET filename :'file');
COMMENT ON FOREIGN TABLE scim_log.request_line IS 'The log of the gateway as it is, of all stores.';
COMMENT ON COLUMN scim_log.request_line.line IS 'A JSON object, as log_format in nginx.conf makes it.';
\endif

CREATE OR REPLACE VIEW scim_log.:"store" WITH (security_barrier = true) AS
    SELECT (l.entry).*
    FROM (
        SELECT scim_internal.log_entry(line) AS entry
        FROM scim_log.request_line
        WHERE strpos(line, :'mark') > 0
        -- once for each line, and not for each column of it
        OFFSET 0) AS l
    -- a line that is not whole yet, or somebody else's, is none
    WHERE (l.entry).at IS NOT NULL;
COMMENT ON VIEW scim_log.:"store" IS 'The lines of the log that are of this store.';

-- What the owner of the store has.
SELECT format('GRANT USAGE ON SCHEMA scim_log TO %1$I; GRANT SELECT ON scim_log.%2$I TO %1$I; SET LOCAL ROLE %1$I', nspowner::regrole::name, nspname)
FROM pg_namespace WHERE nspname = :'store' \gexec

CREATE OR REPLACE VIEW :"store".request_log WITH (security_barrier = true) AS
    SELECT l.at, l.request_id, l.tenant_id, l.token_id,
        coalesce((SELECT t.description FROM :"store".token t WHERE t.tenant_id = l.tenant_id AND t.id = l.token_id),
                 (SELECT c.name FROM :"store".client c WHERE c.tenant_id = l.tenant_id AND c.id = l.token_id)) AS token,
        l.address, l.method, l.path, l.endpoint, l.status, l.scim_type, l.detail, make_interval(secs => l.seconds) AS duration, l.received, l.sent, l.agent,
        CASE WHEN l.status = 401 THEN
            coalesce((SELECT CASE WHEN t.expires_at <= l.at THEN 'expired' WHEN t.revoked_at <= l.at THEN 'revoked' ELSE 'wrong secret' END
                      FROM :"store".token t WHERE t.tenant_id = l.tenant_id AND t.id = l.token_id),
                     (SELECT CASE WHEN c.expires_at <= l.at THEN 'expired' WHEN c.revoked_at <= l.at THEN 'revoked' ELSE 'wrong secret' END
                      FROM :"store".client c WHERE c.tenant_id = l.tenant_id AND c.id = l.token_id),
                     CASE WHEN l.token_id IS NULL THEN 'no token' ELSE 'unknown' END) END AS refused
    FROM scim_log.:"store" l
    WHERE scim_internal.is_owner(:'quoted'::regnamespace) OR l.tenant_id = scim.tenant(:'quoted'::regnamespace)
        -- of nobody: for who is alone in the store
        OR l.tenant_id IS NULL AND scim.tenant(:'quoted'::regnamespace) IS NOT NULL AND (SELECT count(*) FROM :"store".tenant) = 1;
COMMENT ON VIEW :"store".request_log IS 'Requests to this store, as nginx has logged them since the log was begun: of the tenant for whom you act; for the owner of the store of all.';
COMMENT ON COLUMN :"store".request_log.at IS 'When it was answered, by the clock of the gateway.';
COMMENT ON COLUMN :"store".request_log.request_id IS 'Which request it was, as in the audit and in the header X-Request-Id of its answer.';
COMMENT ON COLUMN :"store".request_log.tenant_id IS 'The tenant of the token; null where there was none, or a JSON web token or a password.';
COMMENT ON COLUMN :"store".request_log.token_id IS 'The id of the token or client, as its secret says; where the status is 401 nobody has proved it.';
COMMENT ON COLUMN :"store".request_log.token IS 'What this token or client is called today.';
COMMENT ON COLUMN :"store".request_log.address IS 'From where it came: the client, or a proxy before nginx.';
COMMENT ON COLUMN :"store".request_log.method IS 'The method, such as PATCH.';
COMMENT ON COLUMN :"store".request_log.path IS 'The path that was asked for, without its query.';
COMMENT ON COLUMN :"store".request_log.endpoint IS 'The first part of the path below that of the store, such as Users.';
COMMENT ON COLUMN :"store".request_log.status IS 'The status of the answer; 499 where the client did not wait for it, 0 where there was none.';
COMMENT ON COLUMN :"store".request_log.scim_type IS 'The scimType of the error, such as uniqueness (RFC 7644 section 3.12); null where it has none.';
COMMENT ON COLUMN :"store".request_log.detail IS 'What the error said, where the status is 403, 404, 409, 412 or 503: of others it may repeat what was sent.';
COMMENT ON COLUMN :"store".request_log.duration IS 'From the first byte of the request to the last of the answer.';
COMMENT ON COLUMN :"store".request_log.received IS 'How many bytes the request had.';
COMMENT ON COLUMN :"store".request_log.sent IS 'How many bytes the answer had.';
COMMENT ON COLUMN :"store".request_log.agent IS 'What the client called itself.';
COMMENT ON COLUMN :"store".request_log.refused IS 'Why the status is 401: the token or client has expired or is revoked; wrong secret: it is good, and this is not its secret, as one before a rotation; unknown: this store has none of that id, as where it is of another store; no token: nothing was shown that names one.';

CREATE OR REPLACE VIEW :"store".failed_request WITH (security_invoker = true) AS
    SELECT tenant_id, token_id, token, method, endpoint, status, scim_type, count(*) AS requests, min(at) AS first_at, max(at) AS last_at,
        (array_agg(detail ORDER BY at DESC))[1] AS last_detail, (array_agg(request_id ORDER BY at DESC))[1] AS last_request_id, refused
    FROM :"store".request_log
    WHERE status >= 400 OR status = 0
    -- what is not the client's fault is told apart by what it says
    GROUP BY tenant_id, token_id, token, method, endpoint, status, scim_type, refused, CASE WHEN status = 503 THEN detail END;
COMMENT ON VIEW :"store".failed_request IS 'What failed, by token: a row for each kind of error, and the last of its kind.';
COMMENT ON COLUMN :"store".failed_request.tenant_id IS 'The tenant of the token; null where none was shown.';
COMMENT ON COLUMN :"store".failed_request.token_id IS 'The id of the token or client; null where none was shown.';
COMMENT ON COLUMN :"store".failed_request.token IS 'What this token or client is called today.';
COMMENT ON COLUMN :"store".failed_request.method IS 'The method, such as POST.';
COMMENT ON COLUMN :"store".failed_request.endpoint IS 'The first part of the path below that of the store, such as Users.';
COMMENT ON COLUMN :"store".failed_request.status IS 'The status of the answer, from 400 on; 0: none.';
COMMENT ON COLUMN :"store".failed_request.scim_type IS 'The scimType of the error; null where it has none.';
COMMENT ON COLUMN :"store".failed_request.requests IS 'How many requests failed so.';
COMMENT ON COLUMN :"store".failed_request.first_at IS 'When the first of them was answered.';
COMMENT ON COLUMN :"store".failed_request.last_at IS 'When the last of them was answered.';
COMMENT ON COLUMN :"store".failed_request.last_detail IS 'What the last error said, where the log keeps that.';
COMMENT ON COLUMN :"store".failed_request.last_request_id IS 'Which request the last one was.';
COMMENT ON COLUMN :"store".failed_request.refused IS 'Why the status is 401, as in request_log; null where it is another.';

-- of all tenants, and without names of anybody
CREATE OR REPLACE VIEW :"store".request_statistics AS
    SELECT l.method, CASE WHEN l.endpoint = ANY (k.known) THEN l.endpoint ELSE 'other' END AS endpoint, l.status, coalesce(l.scim_type, '') AS scim_type,
        count(*) AS requests, sum(l.seconds) AS seconds, percentile_cont(0.5) WITHIN GROUP (ORDER BY l.seconds) AS median,
        percentile_cont(0.95) WITHIN GROUP (ORDER BY l.seconds) AS percentile_95, max(l.seconds) AS longest
    FROM scim_log.:"store" l
    -- what anybody may ask for is no label
    CROSS JOIN (
        SELECT '{"",Bulk,Me,.search,.preview,.events,.console,.oauth,GroupMemberships,Schemas,ResourceTypes,ServiceProviderConfig,openapi.json,jwks.json}'::text[]
            || array(SELECT ltrim(document ->> 'endpoint', '/') FROM :"store".resource_type)
            || array(SELECT split_part(path, '/', 2) FROM :"store".endpoint) AS known) AS k
    GROUP BY 1, 2, 3, 4;
COMMENT ON VIEW :"store".request_statistics IS 'Requests of all tenants of this store since the log was begun, as figures.';
COMMENT ON COLUMN :"store".request_statistics.method IS 'The method, such as GET.';
COMMENT ON COLUMN :"store".request_statistics.endpoint IS 'The first part of the path below that of the store; "other" where the store has no such.';
COMMENT ON COLUMN :"store".request_statistics.status IS 'The status of the answer; 0: none.';
COMMENT ON COLUMN :"store".request_statistics.scim_type IS 'The scimType of errors; empty where they have none.';
COMMENT ON COLUMN :"store".request_statistics.requests IS 'How many there were.';
COMMENT ON COLUMN :"store".request_statistics.seconds IS 'How long all of them took.';
COMMENT ON COLUMN :"store".request_statistics.median IS 'Half of them took no longer than this, in seconds.';
COMMENT ON COLUMN :"store".request_statistics.percentile_95 IS 'Of twenty, nineteen took no longer than this, in seconds.';
COMMENT ON COLUMN :"store".request_statistics.longest IS 'How long the longest took, in seconds.';

CREATE OR REPLACE VIEW :"store".refused_credential AS
    SELECT c.tenant_id, c.kind, c.id AS token_id, c.name AS token,
        CASE WHEN c.expires_at <= l.at THEN 'expired' WHEN c.revoked_at <= l.at THEN 'revoked' WHEN c.id IS NOT NULL THEN 'wrong secret'
            WHEN l.token_id IS NOT NULL THEN 'unknown' ELSE 'no token' END AS reason,
        count(*) AS requests, min(l.at) AS first_at, max(l.at) AS last_at
    FROM scim_log.:"store" l
    LEFT JOIN (
        SELECT tenant_id, 'token' AS kind, id, description AS name, expires_at, revoked_at FROM :"store".token
        UNION ALL
        SELECT tenant_id, 'client', id, name, expires_at, revoked_at FROM :"store".client) AS c ON c.tenant_id = l.tenant_id AND c.id = l.token_id
    WHERE l.status = 401
    GROUP BY 1, 2, 3, 4, 5;
COMMENT ON VIEW :"store".refused_credential IS 'Tokens and clients of all tenants of this store that somebody still comes with and that are refused, since the log was begun: how often, and why.';
COMMENT ON COLUMN :"store".refused_credential.tenant_id IS 'The tenant of the token; null where this store has none of that id, or none was shown.';
COMMENT ON COLUMN :"store".refused_credential.kind IS 'Which table it is a row of: token or client.';
COMMENT ON COLUMN :"store".refused_credential.token_id IS 'Its id.';
COMMENT ON COLUMN :"store".refused_credential.token IS 'What this token or client is called today.';
COMMENT ON COLUMN :"store".refused_credential.reason IS 'Why: expired, revoked, wrong secret, unknown or no token, as "refused" of request_log.';
COMMENT ON COLUMN :"store".refused_credential.requests IS 'How many requests were.';
COMMENT ON COLUMN :"store".refused_credential.first_at IS 'When the first of them was answered.';
COMMENT ON COLUMN :"store".refused_credential.last_at IS 'When the last of them was answered.';

-- For whom; not for the gateway, to which postgrest.sql grants what is made here.
SELECT format('REVOKE ALL ON %1$I.request_log, %1$I.failed_request, %1$I.request_statistics, %1$I.refused_credential FROM scim_client', :'store')
WHERE EXISTS (SELECT FROM pg_roles WHERE rolname = 'scim_client') \gexec
SELECT format('GRANT SELECT ON %1$I.request_log, %1$I.failed_request TO %2$I', :'store', rolname)
FROM pg_roles WHERE rolname IN ('scim_auditor', 'scim_operator') \gexec
SELECT format('GRANT SELECT ON %1$I.request_statistics, %1$I.refused_credential TO scim_monitor', :'store')
FROM pg_roles WHERE rolname = 'scim_monitor' \gexec
COMMIT;
