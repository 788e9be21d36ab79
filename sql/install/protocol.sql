-- The protocol: RFC 7644 as a function.

CREATE TYPE scim.response AS (status int, headers jsonb, body text);
COMMENT ON TYPE scim.response IS 'An HTTP response, as scim.request makes it for a transport to send.';
COMMENT ON COLUMN scim.response.status IS 'The HTTP status code, such as 200.';
COMMENT ON COLUMN scim.response.headers IS 'The header fields to send: an object of strings.';
COMMENT ON COLUMN scim.response.body IS 'The JSON text to send; NULL where there is none to send, as with 204 and HEAD.';

CREATE FUNCTION scim.request(method text, target text, headers jsonb DEFAULT '{}',
        body text DEFAULT NULL)
    RETURNS scim.response
    LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000
    AS 'MODULE_PATHNAME', 'scim_request';
COMMENT ON FUNCTION scim.request(text, text, jsonb, text) IS
'Answers a SCIM request (RFC 7644).
method: GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS, in upper case.
target: path and query as on the request line, percent-encoded, with or without scim.base_path; or a whole URL.
headers: an object of strings, names in any case. Used are Accept, Content-Type, Content-Encoding, If-Match, If-None-Match, Prefer, and for meta.location, where scim.base_url is empty, X-Forwarded-Proto, X-Forwarded-Host and Host.
body: JSON, up to scim.max_body_size bytes and scim.max_body_depth levels.
Result: status, headers and body; the body is NULL for 204, 304 and HEAD.
Whatever is wrong with the request is answered with a body as in RFC 7644 section 3.12 and has no other effect: commit whatever the status is. A serialization failure, a deadlock, a lock that is not to be had, a read-only transaction and lacking resources are answered with 503 and Retry-After, an unexpected error with 500 and a line in the server log. Raised are cancellation, timeouts, shutdown, corruption and lack of memory only.
GET, HEAD and .search work in a read-only transaction and on a hot standby. Every other request that succeeds has checked the deferred constraints, as SET CONSTRAINTS ALL IMMEDIATE does, which also holds for the rest of the transaction.';

CREATE FUNCTION scim.request(method text, target text, headers jsonb, body bytea)
    RETURNS scim.response
    LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000
    AS 'MODULE_PATHNAME', 'scim_request_bytes';
COMMENT ON FUNCTION scim.request(text, text, jsonb, bytea) IS
'Answers a SCIM request (RFC 7644) like scim.request(text, text, jsonb, text), for transports that carry bytes: a body that is not UTF-8 is answered with 400 invalidSyntax.';

CREATE TYPE scim.previewed AS (status int, headers jsonb, body text, changes jsonb, tables jsonb, events jsonb, complete boolean);
COMMENT ON TYPE scim.previewed IS 'What a request would be answered, and what it would change, as scim.preview says.';
COMMENT ON COLUMN scim.previewed.status IS 'The HTTP status code that scim.request would answer.';
COMMENT ON COLUMN scim.previewed.headers IS 'The header fields of that answer: an object of strings.';
COMMENT ON COLUMN scim.previewed.body IS 'The JSON text of that answer; NULL where there is none.';
COMMENT ON COLUMN scim.previewed.changes IS 'An array of resources that would change: resourceType, id, operations (words of the audit, in their order), version, and as difference the operations of RFC 6902 from what it is to what it would be, members included; null where the caller may not read it. password is true where that would change.';
COMMENT ON COLUMN scim.previewed.tables IS 'An array of rows of bound tables that would be written: table, operation, key.';
COMMENT ON COLUMN scim.previewed.events IS 'An array of rows of "event" that would be written: event, operation, resourceType, id, version, attributes, membersAdded, membersRemoved, data.';
COMMENT ON COLUMN scim.previewed.complete IS 'Whether these are all: false where there are more than 10,000, or of more than 64 MB.';

CREATE FUNCTION scim.preview(method text, target text, headers jsonb DEFAULT '{}', body text DEFAULT NULL)
    RETURNS scim.previewed
    LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000
    AS 'MODULE_PATHNAME', 'scim_preview';
COMMENT ON FUNCTION scim.preview(text, text, jsonb, text) IS
'What scim.request would answer to a request, and what that would change: it is done, as the caller, through the door, with deferred constraints checked, and taken back. Nothing stays, and nothing is sent: no audit, event, notification, count of a guard. What triggers do outside of the database is done, and sequences go on. Locks that it takes are held until it ends. Arguments are those of scim.request; an error of the request is its status. Raised is what scim.request raises, SCVAL within another preview, and SCSYN where method or target is null. Of a write in a read-only transaction the status is 503.';

CREATE FUNCTION scim.bulk(request jsonb) RETURNS jsonb
    LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000
    AS 'MODULE_PATHNAME', 'scim_bulk';
COMMENT ON FUNCTION scim.bulk(jsonb) IS
'Performs a BulkRequest (RFC 7644 section 3.7) and returns the BulkResponse. Each operation succeeds or fails alone, unless schemas hold "urn:scim:params:bulk:atomic": then the first failure is raised and names its operation, so that all are done or none. bulkId references may point forwards, backwards and in circles; a circle is done as a whole. Raised too: SC413 for more operations than the setting scim.max_bulk_operations, SCSYN and SCVAL for a request that cannot be read.';

CREATE FUNCTION scim.gateway(headers json, body bytea) RETURNS text
    LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000
    AS 'MODULE_PATHNAME', 'scim_gateway';
COMMENT ON FUNCTION scim.gateway(json, bytea) IS
'Answers a request as nginx and PostgREST bring it (doc/gateway.md): checks the credentials, becomes role scim_client and the tenant of these until the end of the transaction, and does what scim.request does.
headers: those that nginx has set, an object of strings: X-Scim-Method, X-Scim-Target, X-Scim-Store, X-Scim-Base-Url, X-Scim-Authorization, and every header H of the client that counts as X-Scim-H. Without X-Scim-Store and X-Scim-Base-Url the settings scim.store, scim.base_url and scim.base_path hold. The claims of a JSON web token are those of the setting request.jwt.claims.
Result: the body; status and headers are in the settings response.status and response.headers, as PostgREST reads them. Where the status is 400 or more the result is empty and the body is the header X-Scim-Error; Content-Type is X-Scim-Content-Type, and 503 is 504.
Whoever may execute this function is believed what the headers and the claims say: grant it to the roles of PostgREST only.';
REVOKE ALL ON FUNCTION scim.gateway(json, bytea) FROM PUBLIC;
