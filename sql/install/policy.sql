-- What policies let a caller do: the life-cycle, passwords and logging in, recovery codes, purging,
-- guards, links, and roles of the database.

CREATE FUNCTION scim.complete_offboarding(id uuid) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_complete_offboarding'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.complete_offboarding(uuid) IS
'Ends the off-boarding of a user, or any other resource: status OFFBOARDING becomes OFFBOARDED, active becomes false, the user leaves its groups, every list and its userName. Error SC404 where no such one is being off-boarded.';

CREATE FUNCTION scim.complete_offboarding(id text) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_complete_offboarding'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.complete_offboarding(text) IS
'Ends the off-boarding of a user, or any other resource: as scim.complete_offboarding(uuid), with the id as a text.';

CREATE FUNCTION scim.restore_resource(resource_type text, id uuid) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_restore_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.restore_resource(text, uuid) IS
'Brings back a resource that was deleted (mode retain) or is or was off-boarded, and returns it. It becomes active again where it was active before. Errors: SC404 where there is none, SCUNI where its userName is taken by now.';

CREATE FUNCTION scim.restore_resource(resource_type text, id text) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_restore_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.restore_resource(text, text) IS
'Brings back a resource that was deleted (mode retain) or is or was off-boarded, and returns it: as scim.restore_resource(text, uuid), with the id as a text.';

CREATE FUNCTION scim.purge(older_than interval) RETURNS bigint
    AS 'MODULE_PATHNAME', 'scim_purge'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.purge(interval) IS
'Removes for good what was deleted or off-boarded longer ago than the interval, in the current tenant of the current store. Returns the number of resources removed. One that a foreign key still refers to, or that a trigger keeps, stays, and a WARNING names it and says why. Deferred constraints are checked at once, as SET CONSTRAINTS ALL IMMEDIATE does, which also holds for the rest of the transaction.';

CREATE FUNCTION scim.verify_password(id uuid, password text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_verify_password'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.verify_password(uuid, text) IS
'Whether this is the password of a user that is neither suspended nor deleted; false too where the user has none, and where the schema of users has no password, so that none is kept.';

CREATE FUNCTION scim.verify_password(id text, password text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_verify_password'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.verify_password(text, text) IS
'Whether this is the password of a user that is neither suspended nor deleted: as scim.verify_password(uuid, text), with the id as a text.';
REVOKE ALL ON FUNCTION scim.verify_password(uuid, text), scim.verify_password(text, text) FROM PUBLIC;

CREATE FUNCTION scim.suspend_resource(resource_type text, id uuid) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_suspend_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.suspend_resource(text, uuid) IS
'Ends the access of somebody, and his sessions, and returns the resource: status PENDING or ACTIVE becomes SUSPENDED, active becomes false where the type has it. Who is suspended already, or is being off-boarded, stays so. Errors: SC404 where there is none, SCMUT of who is being off-boarded with access and has no active that would end it.';

CREATE FUNCTION scim.suspend_resource(resource_type text, id text) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_suspend_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.suspend_resource(text, text) IS
'Ends the access of somebody, and his sessions, and returns the resource: as scim.suspend_resource(text, uuid), with the id as a text.';

CREATE FUNCTION scim.activate_resource(resource_type text, id uuid) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_activate_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.activate_resource(text, uuid) IS
'Gives somebody access, and returns the resource: status PENDING, SUSPENDED or OFFBOARDING becomes ACTIVE, active becomes true where the type has it. Error SC404 where there is none.';

CREATE FUNCTION scim.activate_resource(resource_type text, id text) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_activate_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.activate_resource(text, text) IS
'Gives somebody access, and returns the resource: as scim.activate_resource(text, uuid), with the id as a text.';

CREATE FUNCTION scim.invite(id uuid) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_invite'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.invite(uuid) IS
'Writes the event upon which whoever sends invitations sends one to this user. Errors: SC404 where there is none, SCVAL where he is not active.';

CREATE FUNCTION scim.invite(id text) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_invite'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.invite(text) IS
'Writes the event upon which whoever sends invitations sends one to this user: as scim.invite(uuid), with the id as a text.';

CREATE FUNCTION scim.record_login(id uuid) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_record_login'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.record_login(uuid) IS
'Whether a user who has proved who he is may log in: he is there, and not suspended. With his first login status PENDING becomes ACTIVE. Waits for whoever suspends him at the moment.';

CREATE FUNCTION scim.record_login(id text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_record_login'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.record_login(text) IS
'Whether a user who has proved who he is may log in: as scim.record_login(uuid), with the id as a text.';

CREATE FUNCTION scim.log_out(id uuid) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_log_out'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.log_out(uuid) IS
'Logs a user out everywhere: no session that has begun until now is valid any more, as scim.session_is_valid says. Error SC404 where there is none.';

CREATE FUNCTION scim.log_out(id text) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_log_out'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.log_out(text) IS
'Logs a user out everywhere: as scim.log_out(uuid), with the id as a text.';

CREATE FUNCTION scim.session_is_valid(id uuid, issued_at timestamptz) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_session_is_valid'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.session_is_valid(uuid, timestamptz) IS
'Whether a session of a user, or a token, that was issued at that instant is still good: he is there and not suspended, and has not been logged out since.';

CREATE FUNCTION scim.session_is_valid(id text, issued_at timestamptz) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_session_is_valid'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.session_is_valid(text, timestamptz) IS
'Whether a session of a user, or a token, that was issued at that instant is still good: as scim.session_is_valid(uuid, timestamptz), with the id as a text.';

CREATE FUNCTION scim.issue_recovery_code(id uuid, valid_for interval DEFAULT '1 hour') RETURNS text
    AS 'MODULE_PATHNAME', 'scim_issue_recovery_code'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.issue_recovery_code(uuid, interval) IS
'A code by which a user gets back in who has lost his password, in place of one that he may have. It is shown here only, good once and for as long as is said, 30 days at most; kept is its SHA-256. Errors: SC404 where there is no such user, SCVAL where he is not active.';

CREATE FUNCTION scim.issue_recovery_code(id text, valid_for interval DEFAULT '1 hour') RETURNS text
    AS 'MODULE_PATHNAME', 'scim_issue_recovery_code'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.issue_recovery_code(text, interval) IS
'A code by which a user gets back in who has lost his password, in place of one that he may have: as scim.issue_recovery_code(uuid, interval), with the id as a text.';

CREATE FUNCTION scim.redeem_recovery_code(code text) RETURNS uuid
    AS 'MODULE_PATHNAME', 'scim_redeem_recovery_code'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.redeem_recovery_code(text) IS
'Uses a recovery code up, and returns the id of the user who may choose a new password by it. Null where it is not good, or not any more; five wrong guesses that begin like a code end it. Letter case, hyphens and spaces do not count.';
REVOKE ALL ON FUNCTION scim.session_is_valid(uuid, timestamptz), scim.session_is_valid(text, timestamptz),
    scim.issue_recovery_code(uuid, interval), scim.issue_recovery_code(text, interval),
    scim.redeem_recovery_code(text) FROM PUBLIC;

CREATE FUNCTION scim.guards(
        OUT name text, OUT resource_type text, OUT key text, OUT actor text, OUT state text, OUT used bigint,
        OUT at_most bigint, OUT within interval, OUT at_least bigint, OUT since timestamptz,
        OUT tripped_at timestamptz, OUT tripped_by text, OUT resource_id uuid) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_guards'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.guards() IS
'The policies "guard" that hold in the current tenant, a row for each by whom it counts: key, empty for all in the tenant, the id of a token or client, "subject: " or "role: " and a name, null where it has counted nothing yet; actor, who that is; state, armed or tripped; used, how many were counted since, of at_most within that time; or at_least, how many must stay; since when it has tripped, by whom, and with which resource.';

CREATE FUNCTION scim.release_guard(name text DEFAULT NULL, resource_type text DEFAULT NULL, key text DEFAULT NULL) RETURNS bigint
    AS 'MODULE_PATHNAME', 'scim_release_guard'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.release_guard(text, text, text) IS
'Sets the guards of the current tenant going again that have tripped: the one of that name, resource type and key as scim.guards() shows them, where they are given. They count from nothing; the audit and an event tell. Returns how many there were. Error SC404 where there is no guard of that name.';
REVOKE ALL ON FUNCTION scim.guards(), scim.release_guard(text, text, text) FROM PUBLIC;

CREATE FUNCTION scim.link_candidates(resource_type text, candidates jsonb DEFAULT NULL, writer text DEFAULT NULL, settings jsonb DEFAULT NULL)
    RETURNS TABLE (candidate jsonb, action text, resource_id uuid, matched_by text, reason text)
    AS 'MODULE_PATHNAME', 'scim_link_candidates'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.link_candidates(text, jsonb, text, jsonb) IS
'What the policy "link" would do with those whom somebody POSTs, a row for each: nothing is linked.
candidates: an array of texts, each of which stands for userName, e-mail address and whatever else the policy compares, and of resources as they would be POSTed. Null: each resource that is there, such as those of a bound table, as if somebody POSTed the same of it.
writer: who POSTs, by the description of a token, the name of a client, the id of either, or "subject: ..." or "role: ..."; null: who calls.
settings: those of a policy to try, in place of the one that holds.
Result: the candidate; the action: "create", "link", "conflict" (409), "refuse" (403), "invalid", or of a resource "linked"; the resource that is met; the attribute by which; and why it is not linked.
To be called by whoever may SELECT from "origin". Errors: SC404 where there is no policy for the writer, SCVAL where the settings are wrong.';

CREATE FUNCTION scim.unlink_resource(resource_type text, id uuid) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_unlink_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.unlink_resource(text, uuid) IS
'Makes a resource nobody''s again: its externalId goes, and the next POST that meets it may link it (policy "link"). Returns whether it was somebody''s. The audit and an event tell. Errors: SC404 where there is none; SC403 where it is its owner''s by a policy "managed" about what he has made, and who calls is neither he nor the owner of the store, nor may break the glass.';

CREATE FUNCTION scim.unlink_resource(resource_type text, id text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_unlink_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.unlink_resource(text, text) IS
'Makes a resource nobody''s again: as scim.unlink_resource(text, uuid), with the id as a text.';
REVOKE ALL ON FUNCTION scim.unlink_resource(text, uuid), scim.unlink_resource(text, text) FROM PUBLIC;

CREATE FUNCTION scim_internal.database_role_door() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_database_role_door'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.database_role_door() IS
'BEFORE row trigger of a store''s table "database_role": only the store writes it, since by its rows roles are altered and sessions ended. Error 55000.';

CREATE FUNCTION scim.check_database_roles(
        OUT resource_id uuid, OUT name text, OUT login_role text, OUT action text, OUT role text, OUT problem text) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_check_database_roles'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.check_database_roles() IS
'In what the roles of the database differ from what the policies "database_roles" of the current tenant make of its groups (doc/database-roles.md), a row for each: whose it is, and what people call him, null for members of granted roles who are nobody in the store; the role that he logs in as; the action that is missing: create, rename, login, no login, grant or revoke; the role that is to be granted or revoked; and the problem, why that cannot be: null where scim.sync_database_roles() does it. For the owner of the store.';

CREATE FUNCTION scim.sync_database_roles(dry_run boolean DEFAULT false,
        OUT resource_id uuid, OUT name text, OUT login_role text, OUT action text, OUT role text, OUT problem text) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_sync_database_roles'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.sync_database_roles(boolean) IS
'Brings the roles of the database in line with the groups of the current tenant, as far as it can, and returns what was done and, with a problem, what could not be: rows as of scim.check_database_roles(). With dry_run it only says. For the owner of the store.';

CREATE FUNCTION scim.adopt_database_role(id uuid, role text) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_adopt_database_role'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.adopt_database_role(uuid, text) IS
'Makes a role of the database that is there already the one that a person logs in as: from now on it follows his groups and his leave to log in, as far as the policies "database_roles" say. Refused are superusers, roles with CREATEROLE, CREATEDB, REPLICATION or BYPASSRLS, those of server and product, the owner of the store, members of superusers, the owner and roles of the product (42501), and one that is somebody else''s, in this store or another one (SC409). Of nobody who is there: SC404, as of who is deleted. For the owner of the store.';

CREATE FUNCTION scim.adopt_database_role(id text, role text) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_adopt_database_role'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.adopt_database_role(text, text) IS
'Makes a role of the database that is there already the one that a person logs in as: as scim.adopt_database_role(uuid, text), with the id as a text.';

CREATE FUNCTION scim.release_database_role(role text) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_release_database_role'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.release_database_role(text) IS
'Ends that a role of the database is the one of a person of the current tenant: it stays as it is, with what it was granted, and the policies "database_roles" do not touch it any more. Error SC404 where it is nobody''s. For the owner of the store.';

CREATE FUNCTION scim.end_database_sessions(
        OUT pid int, OUT login_role text, OUT database text, OUT resource_id uuid, OUT ended boolean) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_end_database_sessions'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.end_database_sessions() IS
'Ends the sessions, in all databases of the server, of those people of the current store, of whatever tenant, who may not log in any more by the policies "database_roles", and those that began before their person lost a role. Returns a row for each: ended is whether it could be told, false where the owner of the store may not alter the role. To be called in a transaction of its own, when an event urn:ietf:params:scim:event:misc:database-role has come and every now and then. Takes pg_signal_backend and pg_read_all_stats.';
REVOKE ALL ON FUNCTION scim.check_database_roles(), scim.sync_database_roles(boolean), scim.adopt_database_role(uuid, text),
    scim.adopt_database_role(text, text), scim.release_database_role(text), scim.end_database_sessions() FROM PUBLIC;
