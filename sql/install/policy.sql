-- Life-cycle: what the policies "identity" and "delete" let a caller do next.

CREATE FUNCTION scim.complete_offboarding(id uuid) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_complete_offboarding'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.complete_offboarding(uuid) IS
'Ends the off-boarding of a user: status OFFBOARDING becomes OFFBOARDED, active becomes false, the user leaves its groups, every list and its userName. Error SC404 where no such user is being off-boarded.';

CREATE FUNCTION scim.complete_offboarding(id text) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_complete_offboarding'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.complete_offboarding(text) IS
'scim.complete_offboarding(uuid) with the id as a text.';

CREATE FUNCTION scim.restore_resource(resource_type text, id uuid) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_restore_resource'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.restore_resource(text, uuid) IS
'Brings back a resource that was deleted (mode retain) or is or was off-boarded, and returns it. It becomes active again where it was active before. Errors: SC404 where there is none, SCUNI where its userName is taken by now.';

CREATE FUNCTION scim.restore_resource(resource_type text, id text) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_restore_resource'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.restore_resource(text, text) IS
'scim.restore_resource(text, uuid) with the id as a text.';

CREATE FUNCTION scim.purge(older_than interval) RETURNS bigint
    AS 'MODULE_PATHNAME', 'scim_purge'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.purge(interval) IS
'Removes for good what was deleted or off-boarded longer ago than the interval, in the current tenant of the current store. Returns the number of resources removed. One that a foreign key still refers to, or that a trigger keeps, stays, and a WARNING names it and says why. Deferred constraints are checked at once, as SET CONSTRAINTS ALL IMMEDIATE does, which also holds for the rest of the transaction.';

CREATE FUNCTION scim.verify_password(id uuid, password text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_verify_password'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.verify_password(uuid, text) IS
'Whether this is the password of a user that is neither suspended nor deleted; false too where the user has none.';

CREATE FUNCTION scim.verify_password(id text, password text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_verify_password'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.verify_password(text, text) IS
'scim.verify_password(uuid, text) with the id as a text.';
REVOKE ALL ON FUNCTION scim.verify_password(uuid, text), scim.verify_password(text, text) FROM PUBLIC;
