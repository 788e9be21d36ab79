/*
 * database_roles.c
 *		What the policy "database_roles" leaves to who runs the database: to compare the
 *		roles with the groups and bring them in line, to give people roles that are there
 *		already, and to end sessions.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_type.h"
#include "commands/dbcommands.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "audit/audit.h"

#include "door/roles/roles.h"
#include "json/json.h"
#include "operation/operation.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"

PG_FUNCTION_INFO_V1(scim_check_database_roles);
PG_FUNCTION_INFO_V1(scim_sync_database_roles);
SCIM_FUNCTION_OF_VALUES(scim_adopt_database_role);
SCIM_FUNCTION_OF_VALUES(scim_release_database_role);
PG_FUNCTION_INFO_V1(scim_end_database_sessions);

/* The current store, of which who calls must be the owner. */
static ScimStore *
own_store(void)
{
	ScimStore *store = ScimStoreCurrent();

	if (!has_privs_of_role(GetUserId(), store->owner))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("must be owner of store \"%s\" to see to the roles of its "
							   "people",
							   store->name)));
	ScimScopeRefuse(store->namespace_oid, "see to roles of the database");
	return store;
}

/* Columns of scim.check_database_roles(). */
#define DIFFERENCE_COLUMNS 6

static void
put_text(const char *text, Datum *value, bool *isnull)
{
	*isnull = text == NULL;
	if (text != NULL)
		*value = CStringGetTextDatum(text);
}

static void
put_difference(void *arg, const ScimRolesDifference *difference)
{
	ReturnSetInfo *result = arg;
	Datum values[DIFFERENCE_COLUMNS] = {0};
	bool nulls[DIFFERENCE_COLUMNS] = {0};

	nulls[0] = difference->person == NULL;
	if (difference->person != NULL)
		values[0] = UUIDPGetDatum(difference->person);
	put_text(difference->name, &values[1], &nulls[1]);
	put_text(difference->login, &values[2], &nulls[2]);
	put_text(difference->action, &values[3], &nulls[3]);
	put_text(difference->role, &values[4], &nulls[4]);
	put_text(difference->problem, &values[5], &nulls[5]);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

static void
compare(FunctionCallInfo fcinfo, ScimRolesMode mode)
{
	ScimStore *store = own_store();
	int32 tenant_id = ScimTenant();
	ScimRolesRun run;

	InitMaterializedSRF(fcinfo, 0);
	ScimRolesStart(&run, store, tenant_id, mode);
	run.tell = put_difference;
	run.arg = fcinfo->resultinfo;
	ScimRolesApplyAll(&run);
}

/* scim.check_database_roles() returns table */
Datum
scim_check_database_roles(PG_FUNCTION_ARGS)
{
	compare(fcinfo, SCIM_ROLES_CHECK);
	return (Datum) 0;
}

/* scim.sync_database_roles(dry_run boolean) returns the same */
Datum
scim_sync_database_roles(PG_FUNCTION_ARGS)
{
	bool dry_run = !PG_ARGISNULL(0) && PG_GETARG_BOOL(0);

	compare(fcinfo, dry_run ? SCIM_ROLES_CHECK : SCIM_ROLES_SYNC);
	return (Datum) 0;
}

/* A role as rows of the table may mean it: $1 to $4 of IS_ROLE. */
#define IS_ROLE                                                               \
	"((role_id = $2 AND database_id = $3 AND (server_id = $4 OR role = $1)) " \
	"OR role = $1)"

static void
role_params(const char *role, ScimParams *params)
{
	ScimParamsInit(params);
	ScimParamsAdd(params, TEXTOID, CStringGetTextDatum(role), false);
	ScimParamsAdd(params, OIDOID, ObjectIdGetDatum(ScimRoleOid(role)), false);
	ScimParamsAdd(params, OIDOID, ObjectIdGetDatum(MyDatabaseId), false);
	ScimParamsAdd(params, INT8OID, Int64GetDatum(ScimRoleServer()), false);
}

/* Whose is a role in the table, of whatever tenant, but for one?  False: nobody's. */
static bool
role_is_of(const ScimStore *store, const char *role, int32 own_tenant,
		   const pg_uuid_t *own, int32 *tenant_id, pg_uuid_t *id)
{
	ScimParams params;

	role_params(role, &params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(own_tenant), false);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(own), false);
	ScimSpiExecute(psprintf("SELECT tenant_id, resource_id FROM %s.database_role "
							"WHERE " IS_ROLE " AND (tenant_id, resource_id) <> ($5, $6)",
							store->quoted_name),
				   &params, false, 1);
	if (SPI_processed == 0)
		return false;
	*tenant_id = DatumGetInt32(ScimResultValue(0, 1, INT4OID));
	*id = *DatumGetUUIDP(ScimResultValue(0, 2, UUIDOID));
	return true;
}

/*
 * The role that somebody has in the table, or NULL; and what it is called by now, or NULL
 * where it is not there.
 */
static char *
role_of(const ScimStore *store, int32 tenant_id, const pg_uuid_t *id, bool *made,
		char **called)
{
	ScimParams params;
	char *role;

	*called = NULL;
	*made = false;
	ScimParamsOfResource(&params, tenant_id, id);
	ScimSpiExecute(psprintf("SELECT role, role_id, database_id, server_id, made "
							"FROM %s.database_role "
							"WHERE tenant_id = $1 AND resource_id = $2",
							store->quoted_name),
				   &params, false, 1);
	if (SPI_processed == 0)
		return NULL;
	role = ScimResultText(0, 1);
	*called = ScimRoleName(role, DatumGetObjectId(ScimResultValue(0, 2, OIDOID)),
						   DatumGetObjectId(ScimResultValue(0, 3, OIDOID)),
						   DatumGetInt64(ScimResultValue(0, 4, INT8OID)));
	*made = DatumGetBool(ScimResultValue(0, 5, BOOLOID));
	return role;
}

/* Is it the role of a person in another store of the database? */
static bool
is_of_store(Oid namespace_oid, const char *role)
{
	ScimStore other = {.namespace_oid = namespace_oid};
	ScimIdentity caller;
	ScimParams params;
	bool found;

	if (!ScimTablesFind(namespace_oid, &other.tables, true) ||
		!OidIsValid(other.tables.relid[SCIM_TABLE_DATABASE_ROLE]))
		return false;
	/* what its owner could not have adopted says nothing */
	other.owner = other.tables.owner;
	if (!ScimRoleMayBeAltered(&other, ScimRoleOid(role)))
		return false;
	role_params(role, &params);
	caller = ScimBeReader(other.owner);
	ScimSpiExecute(
		psprintf("SELECT FROM %s.database_role WHERE role_id = $2 AND database_id = $3 "
				 "AND (server_id = $4 OR role = $1)",
				 quote_identifier(get_namespace_name(namespace_oid))),
		&params, true, 1);
	found = SPI_processed > 0;
	ScimBeCaller(caller);
	return found;
}

/* Raises an error where it is that of a person in another store, or another database. */
static void
require_of_no_other_store(const ScimStore *store, const char *role)
{
	char *database;
	bool has_comment;
	Oid *namespaces;
	int n;

	ScimSpiExecute("SELECT c.relnamespace FROM pg_catalog.pg_class c "
				   "WHERE c.relname = 'database_role' AND c.relkind = 'r' ORDER BY 1",
				   NULL, true, 0);
	n = (int) SPI_processed;
	namespaces = palloc(sizeof(Oid) * (n + 1));
	for (int i = 0; i < n; i++)
		namespaces[i] = DatumGetObjectId(ScimResultValue(i, 1, OIDOID));
	for (int i = 0; i < n; i++)
	{
		if (namespaces[i] != store->namespace_oid && is_of_store(namespaces[i], role))
			ereport(ERROR, (ScimErr(SCIM_CONFLICT),
							errmsg("role \"%s\" is that of a person of store \"%s\"",
								   role, get_namespace_name(namespaces[i])),
							errhint("scim.release_database_role() there ends that.")));
	}
	database = ScimRoleSigned(ScimRoleOid(role), &has_comment);
	if (database != NULL && strcmp(database, get_database_name(MyDatabaseId)) != 0 &&
		OidIsValid(get_database_oid(database, true)))
		ereport(ERROR, (ScimErr(SCIM_CONFLICT),
						errmsg("role \"%s\" is that of a person in database \"%s\", as "
							   "its comment says",
							   role, database),
						errhint("scim.release_database_role() there ends that; where "
								"that is not so: COMMENT ON ROLE %s IS NULL;",
								quote_identifier(role))));
}

/* Do policies grant the role? */
static bool
is_granted(const ScimStore *store, const char *role)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(role), false);
	ScimSpiExecute(psprintf("SELECT FROM %s.policy p, LATERAL "
							"jsonb_path_query(p.settings, 'lax $.grants[*].roles[*]') r "
							"WHERE p.kind = 'database_roles' AND r #>> '{}' = $1",
							store->quoted_name),
				   &params, false, 1);
	return SPI_processed > 0;
}

static void
audit(const ScimStore *store, int32 tenant_id, const char *type_name, const pg_uuid_t *id,
	  const char *what, const char *role)
{
	JsonbValue *detail = ScimJsonNewObject();
	ScimAuditRow row = {.audit = store->tables.relid[SCIM_TABLE_AUDIT],
						.tenant_id = tenant_id,
						.at = ScimClock(store, SCIM_NO_INSTANT),
						.operation = "database role",
						.resource_type = type_name,
						.resource_id = id,
						.no_version = true};

	ScimJsonSet(detail, what, ScimJsonNewBool(true));
	ScimJsonSet(detail, "role", ScimJsonNewString(role));
	row.detail = ScimJsonToJsonb(detail);
	ScimAuditInsert(&row);
}

/* Raises an error where a role cannot become that of a person. */
static void
require_adoptable(const ScimStore *store, int32 tenant_id, const pg_uuid_t *id,
				  const char *role)
{
	Oid oid = ScimRoleOid(role);
	char *called;
	bool made;
	char *own = role_of(store, tenant_id, id, &made, &called);
	const char *fault;
	const char *hint;
	int32 other_tenant;
	pg_uuid_t other;

	if (!OidIsValid(oid))
		ereport(ERROR, (ScimErr(SCIM_NOT_FOUND),
						errmsg("role \"%s\" does not exist in the database", role)));
	if (own != NULL && strcmp(own, role) != 0 &&
		(called != NULL ? strcmp(called, role) != 0 : OidIsValid(ScimRoleOid(own))))
		ereport(ERROR,
				(ScimErr(SCIM_CONFLICT),
				 errmsg("resource \"%s\" has role \"%s\" already", ScimUuidText(id), own),
				 errhint("scim.release_database_role() ends that.")));
	if (role_is_of(store, role, tenant_id, id, &other_tenant, &other))
		ereport(ERROR, (ScimErr(SCIM_CONFLICT),
						errmsg("role \"%s\" is that of resource \"%s\" of tenant %d",
							   role, ScimUuidText(&other), other_tenant),
						errhint("scim.release_database_role() ends that.")));
	require_of_no_other_store(store, role);
	if (is_granted(store, role))
		ereport(ERROR, (ScimErr(SCIM_CONFLICT),
						errmsg("role \"%s\" is one that policies grant", role)));
	fault = ScimRoleLoginFault(store, role, oid, &hint);
	if (fault != NULL)
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("role \"%s\" %s", role, fault),
						hint != NULL ? errhint("%s", hint) : 0));
}

/* Is somebody there, and in sight?  Nobody changes that before we are done. */
static bool
is_in_sight(const ScimStore *store, int32 tenant_id, const pg_uuid_t *id)
{
	ScimParams params;

	ScimParamsOfResource(&params, tenant_id, id);
	ScimSpiExecute(psprintf("SELECT FROM %s.resource r WHERE r.tenant_id = $1 "
							"AND r.id = $2 AND r.deleted_at IS NULL FOR NO KEY UPDATE",
							store->quoted_name),
				   &params, false, 1);
	return SPI_processed > 0;
}

/* scim.adopt_database_role(id, role text) returns void */
static Datum
scim_adopt_database_role_given(PG_FUNCTION_ARGS)
{
	ScimStore *store = own_store();
	int32 tenant_id = ScimTenant();
	const char *id_text = ScimIdArgument(fcinfo, 0);
	const char *role = text_to_cstring(PG_GETARG_TEXT_PP(1));
	const ScimResourceType *type;
	ScimIdentity caller;
	ScimParams params;
	ScimRolesRun run;
	pg_uuid_t id;
	Datum ids[1];
	bool has_comment;

	caller = ScimBeOwner(store->owner);
	SPI_connect();
	type = ScimUuidParse(id_text, &id) ? ScimTypeOfResource(store, id_text) : NULL;
	if (type == NULL || type->has_members || !is_in_sight(store, tenant_id, &id))
		ereport(ERROR, (ScimErr(SCIM_NOT_FOUND),
						errmsg("there is no person with the id \"%s\"", id_text)));
	ScimRolesLock();
	require_adoptable(store, tenant_id, &id, role);
	ScimParamsOfResource(&params, tenant_id, &id);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(type->name), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(role), false);
	ScimParamsAdd(&params, OIDOID, ObjectIdGetDatum(ScimRoleOid(role)), false);
	ScimParamsAdd(&params, OIDOID, ObjectIdGetDatum(MyDatabaseId), false);
	ScimParamsAdd(&params, BOOLOID, BoolGetDatum(ScimRoleMayLogIn(ScimRoleOid(role))),
				  false);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(ScimRoleServer()), false);
	/* what policies grant, and it has already, goes where his groups do not say so */
	ScimDatabaseRoleWrite(
		psprintf("INSERT INTO %1$s.database_role AS d (tenant_id, resource_id, "
				 "resource_type, role, role_id, database_id, made, login, server_id, "
				 "granted) SELECT $1, $2, $3, $4, $5, $6, false, $7, $8, "
				 "ARRAY(SELECT DISTINCT "
				 "g.rolname::text FROM pg_catalog.pg_auth_members a "
				 "JOIN pg_catalog.pg_roles g ON g.oid = a.roleid WHERE a.member = $5 "
				 "AND g.rolname::text IN (SELECT r #>> '{}' FROM %1$s.policy p, LATERAL "
				 "jsonb_path_query(p.settings, 'lax $.grants[*].roles[*]') r "
				 "WHERE p.kind = 'database_roles' UNION SELECT unnest(o.granted) "
				 "FROM %1$s.database_role o WHERE o.tenant_id = $1 "
				 "AND o.resource_id = $2)) "
				 "ON CONFLICT (tenant_id, resource_id) DO UPDATE SET "
				 "role = excluded.role, role_id = excluded.role_id, "
				 "database_id = excluded.database_id, server_id = excluded.server_id, "
				 "login = excluded.login, granted = excluded.granted",
				 store->quoted_name),
		&params);
	(void) ScimRoleSigned(ScimRoleOid(role), &has_comment);
	if (!has_comment)
		ScimRoleSign(store, tenant_id, type->name, &id, role, "Adopted");
	audit(store, tenant_id, type->name, &id, "adopted", role);
	ScimRolesStart(&run, store, tenant_id, SCIM_ROLES_WRITE);
	ids[0] = UUIDPGetDatum(&id);
	if (run.rules != NIL)
		ScimRolesApply(&run, ids, 1);
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_VOID();
}

/* scim.release_database_role(role text) returns void */
static Datum
scim_release_database_role_given(PG_FUNCTION_ARGS)
{
	ScimStore *store = own_store();
	int32 tenant_id = ScimTenant();
	const char *role = text_to_cstring(PG_GETARG_TEXT_PP(0));
	ScimIdentity caller = ScimBeOwner(store->owner);
	ScimParams params;
	char *called;

	SPI_connect();
	ScimRolesLock();
	role_params(role, &params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	/* by the name in the table, or the one that somebody has given it */
	ScimDatabaseRoleWrite(
		psprintf("DELETE FROM %1$s.database_role WHERE tenant_id = $5 "
				 "AND resource_id = (SELECT resource_id FROM %1$s.database_role "
				 "WHERE tenant_id = $5 AND " IS_ROLE " ORDER BY role <> $1 LIMIT 1) "
				 "RETURNING resource_id, resource_type, role, role_id, database_id, "
				 "server_id",
				 store->quoted_name),
		&params);
	if (SPI_processed == 0)
		ereport(ERROR, (ScimErr(SCIM_NOT_FOUND),
						errmsg("role \"%s\" is not that of anybody in the store", role)));
	called = ScimRoleName(ScimResultText(0, 3),
						  DatumGetObjectId(ScimResultValue(0, 4, OIDOID)),
						  DatumGetObjectId(ScimResultValue(0, 5, OIDOID)),
						  DatumGetInt64(ScimResultValue(0, 6, INT8OID)));
	audit(store, tenant_id, ScimResultText(0, 2),
		  DatumGetUUIDP(ScimResultValue(0, 1, UUIDOID)), "released", role);
	if (called != NULL)
		ScimRoleUnsign(store, called);
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_VOID();
}

/*
 * ScimDatabaseRoleErase takes the name of a person who goes for good out of the role that
 * the policy has made for him; one that was adopted is not his any more (as the owner of
 * the store, SPI is connected).
 */
void
ScimDatabaseRoleErase(ScimStore *store, int32 tenant_id, const pg_uuid_t *id)
{
	ScimRolesRun run = {.store = store};
	ScimParams params;
	char *role;
	char *called;
	char *name;
	bool made;

	if (role_of(store, tenant_id, id, &made, &called) == NULL)
		return;
	ScimRolesLock();
	role = role_of(store, tenant_id, id, &made, &called);
	if (role == NULL)
		return;
	ScimParamsOfResource(&params, tenant_id, id);
	if (!made || called == NULL)
	{
		ScimDatabaseRoleWrite(psprintf("DELETE FROM %s.database_role "
									   "WHERE tenant_id = $1 AND resource_id = $2",
									   store->quoted_name),
							  &params);
		if (called != NULL)
			ScimRoleUnsign(store, called);
		ereport(WARNING,
				(errmsg("role \"%s\" keeps its name, as it was not made by the store",
						called != NULL ? called : role)));
		return;
	}
	name = psprintf("erased_%s", ScimUuidText(id));
	ScimRoleRename(&run, called, name);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(name), false);
	ScimDatabaseRoleWrite(psprintf("UPDATE %s.database_role SET role = $3 "
								   "WHERE tenant_id = $1 AND resource_id = $2",
								   store->quoted_name),
						  &params);
}

/* A session that may have to end. */
typedef struct Session
{
	int32 pid;
	Oid role;
	const char *role_name;
	const char *database; /* or NULL */
	bool has_start;
	TimestampTz start;
} Session;

static List *
read_sessions(void)
{
	List *sessions = NIL;

	ScimSpiExecute("SELECT a.pid, a.usesysid, a.usename::text, a.datname::text, "
				   "a.backend_start FROM pg_catalog.pg_stat_activity a "
				   "WHERE a.usesysid IS NOT NULL AND a.usename IS NOT NULL "
				   "AND a.pid <> pg_catalog.pg_backend_pid() ORDER BY a.pid",
				   NULL, true, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		Session *session = palloc0(sizeof(Session));
		bool isnull;

		session->pid = DatumGetInt32(ScimResultValue(i, 1, INT4OID));
		session->role = DatumGetObjectId(ScimResultValue(i, 2, OIDOID));
		session->role_name = ScimResultText(i, 3);
		session->database = ScimResultText(i, 4);
		session->start = DatumGetTimestampTz(ScimResult(i, 5, TIMESTAMPTZOID, &isnull));
		session->has_start = !isnull;
		sessions = lappend(sessions, session);
	}
	return sessions;
}

/* Is it the session of somebody who may not log in, or has lost a role since it began? */
static bool
is_over(const ScimStore *store, const Session *session, pg_uuid_t *id)
{
	ScimParams params;
	bool isnull;
	TimestampTz before;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, OIDOID, ObjectIdGetDatum(session->role), false);
	ScimParamsAdd(&params, OIDOID, ObjectIdGetDatum(MyDatabaseId), false);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(ScimRoleServer()), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(session->role_name), false);
	ScimSpiExecute(psprintf("SELECT resource_id, login, ends_sessions_before "
							"FROM %s.database_role WHERE role_id = $1 "
							"AND database_id = $2 AND (server_id = $3 OR role = $4)",
							store->quoted_name),
				   &params, true, 1);
	if (SPI_processed == 0)
		return false;
	*id = *DatumGetUUIDP(ScimResultValue(0, 1, UUIDOID));
	if (!DatumGetBool(ScimResultValue(0, 2, BOOLOID)))
		return true;
	before = DatumGetTimestampTz(ScimResult(0, 3, TIMESTAMPTZOID, &isnull));
	return !isnull && session->has_start && session->start < before;
}

/* Who may not see when sessions began, or end them, would leave some of them. */
static void
require_signals(void)
{
	if (has_privs_of_role(GetUserId(), ROLE_PG_SIGNAL_BACKEND) &&
		has_privs_of_role(GetUserId(), ROLE_PG_READ_ALL_STATS))
		return;
	ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					errmsg("permission denied to end sessions of others"),
					errhint("GRANT pg_signal_backend, pg_read_all_stats TO %s;",
							quote_identifier(GetUserNameFromId(GetUserId(), false)))));
}

/* scim.end_database_sessions() returns table: those that were ended */
Datum
scim_end_database_sessions(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ScimStore *store = ScimStoreCurrent();
	List *sessions;
	const ListCell *lc;

	ScimScopeRefuse(store->namespace_oid, "end sessions of the database");
	require_signals();
	InitMaterializedSRF(fcinfo, 0);
	SPI_connect();
	sessions = read_sessions();
	foreach (lc, sessions)
	{
		const Session *session = lfirst(lc);
		ScimIdentity caller = ScimBeReader(store->owner);
		Datum values[5];
		bool nulls[5] = {0};
		pg_uuid_t id;
		bool over = is_over(store, session, &id);

		ScimBeCaller(caller);
		CHECK_FOR_INTERRUPTS();
		if (!over)
			continue;
		/* whoever writes the table must not end what its owner could not let in */
		if (ScimRoleMayBeAltered(store, session->role))
			values[4] = DirectFunctionCall2(
				pg_terminate_backend, Int32GetDatum(session->pid), Int64GetDatum(0));
		else
			values[4] = BoolGetDatum(false);
		values[0] = Int32GetDatum(session->pid);
		values[1] = CStringGetTextDatum(session->role_name);
		put_text(session->database, &values[2], &nulls[2]);
		values[3] = UUIDPGetDatum(&id);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	SPI_finish();
	return (Datum) 0;
}
