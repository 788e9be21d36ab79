/*
 * lifecycle.c
 *		What is done with a person and changes nothing, or little, of the document:
 *		suspension and activation, the end of off-boarding and what takes it back,
 *		invitation, logging in and out, recovery.
 *
 * Each is a statement as the caller, under his grants and row-level security, that
 * locks the row; what follows from it, event and audit, is written in the same
 * transaction.  policy/document/lifecycle.c says which steps there are.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "audit/audit.h"
#include "binding/follow/follow.h"
#include "binding/sides/sides.h"
#include "door/row/row.h"
#include "json/json.h"
#include "operation/operation.h"
#include "policy/policy.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/store.h"

/* A person, locked, and where he is in his life. */
typedef struct Person
{
	ScimResource *resource;
	ScimStatus status;
	bool may_log_in; /* neither suspended nor gone */
} Person;

SCIM_FUNCTION_OF_VALUES(scim_invite);
SCIM_FUNCTION_OF_VALUES(scim_record_login);
SCIM_FUNCTION_OF_VALUES(scim_log_out);
PG_FUNCTION_INFO_V1(scim_session_is_valid);
SCIM_FUNCTION_OF_VALUES(scim_issue_recovery_code);
PG_FUNCTION_INFO_V1(scim_redeem_recovery_code);

/* Of which type is a person?  An error where no type is one of people. */
static const ScimResourceType *
person_type(ScimStore *store, const char *id)
{
	const ScimResourceType *type = ScimTypeOfPerson(store, id);

	return type != NULL ? type : ScimTypeByName(store, "User");
}

/* Scopes have to allow to write people of every type. */
static void
require_people(const ScimStore *store)
{
	const ScimRegistry *registry = store->registry;

	for (int i = 0; i < registry->ntypes; i++)
	{
		if (registry->types[i].has_groups)
			ScimScopeRequireOfCall(store, registry->types[i].name, true);
	}
}

/* Finds a person, locked until the end of the transaction; false: there is none. */
static bool
lock_person(ScimStore *store, const ScimResourceType *type, const char *id,
			MemoryContext context, Person *person)
{
	HeapTuple tuple;
	TupleDesc desc;
	ScimParams params;
	pg_uuid_t uuid;
	bool is_there;

	if (!ScimUuidParse(id, &uuid))
		return false;
	ScimBindingLock(store, type, ScimTenant(), &uuid, false);
	ScimParamsOfResource(&params, ScimTenant(), &uuid);
	ScimSpiExecute(
		psprintf("SELECT %s, r.deleted_at, r.status, %s FROM %s.resource r "
				 "WHERE r.resource_type = %s AND r.tenant_id = $1 AND r.id = $2 "
				 "FOR NO KEY UPDATE",
				 ScimResourceColumns(store), ScimMayAct(store, ScimTenant(), type, "r"),
				 store->quoted_name, quote_literal_cstr(type->name)),
		&params, false, 1);
	if (SPI_processed == 0)
	{
		/* row-level security may let be read what may not be locked */
		ScimSpiExecute(
			psprintf("SELECT FROM %s.resource r WHERE r.resource_type = %s "
					 "AND r.tenant_id = $1 AND r.id = $2 AND r.deleted_at IS NULL",
					 store->quoted_name, quote_literal_cstr(type->name)),
			&params, false, 1);
		if (SPI_processed > 0)
			ScimRaiseRefused(type, "a change of the");
		return false;
	}
	tuple = SPI_tuptable->vals[0];
	desc = SPI_tuptable->tupdesc;
	(void) ScimColumn(tuple, desc, SCIM_RESOURCE_NCOLUMNS + 1, TIMESTAMPTZOID, &is_there);
	if (!is_there ||
		!ScimStatusByName(TextDatumGetCString(ScimColumnValue(
							  tuple, desc, SCIM_RESOURCE_NCOLUMNS + 2, TEXTOID)),
						  &person->status))
		return false;
	person->may_log_in =
		DatumGetBool(ScimColumnValue(tuple, desc, SCIM_RESOURCE_NCOLUMNS + 3, BOOLOID));
	person->resource = ScimResourceFromTuple(type, tuple, desc, context);
	return true;
}

static void
require_person(ScimStore *store, const ScimResourceType *type, const char *id,
			   const ScimPreconditions *conditions, MemoryContext context, Person *person)
{
	if (!lock_person(store, type, id, context, person))
		ereport(ERROR, (ScimErr(SCIM_NOT_FOUND),
						errmsg("%s \"%s\" does not exist", type->name, id)));
	if (conditions != NULL)
		ScimCheckPreconditions(person->resource, conditions);
}

static void
require_access(const Person *person)
{
	if (!person->may_log_in)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("%s \"%s\" is not active", person->resource->type->name,
							   ScimUuidText(&person->resource->id))));
}

/* Sets a column of a person who is locked; returns what is stored. */
static ScimResource *
set_column(ScimStore *store, const Person *person, const char *assignment,
		   MemoryContext context)
{
	const ScimResource *resource = person->resource;
	ScimParams params;

	ScimParamsOfResource(&params, resource->tenant_id, &resource->id);
	ScimExecuteWrite(store,
					 psprintf("UPDATE %s.resource r SET %s WHERE r.resource_type = %s "
							  "AND r.tenant_id = $1 AND r.id = $2 RETURNING %s",
							  store->quoted_name, assignment,
							  quote_literal_cstr(resource->type->name),
							  ScimResourceColumns(store)),
					 &params, resource->type);
	if (SPI_processed == 0)
		ScimRaiseRefused(resource->type, "a change of the");
	return ScimResourceFromTuple(resource->type, SPI_tuptable->vals[0],
								 SPI_tuptable->tupdesc, context);
}

/*
 * ScimSuspendResource ends the access of somebody.  Who is being off-boarded still is
 * afterwards.
 */
ScimResource *
ScimSuspendResource(ScimStore *store, const ScimResourceType *type, const char *id,
					const ScimPreconditions *conditions)
{
	MemoryContext context = CurrentMemoryContext;
	Person person;

	SPI_connect();
	require_person(store, type, id, conditions, context, &person);
	if (person.status == SCIM_STATUS_OFFBOARDING && person.may_log_in)
	{
		if (!ScimTypeHasActive(type))
			ereport(ERROR,
					(ScimErr(SCIM_MUTABILITY),
					 errmsg("%s \"%s\" keeps its access while it is being off-boarded: "
							"its type has no \"active\" that would end it",
							type->name, id),
					 errhint("scim.complete_offboarding() ends it.")));
		person.resource = set_column(store, &person, "active = false", context);
	}
	else if (ScimStatusIsActive(person.status))
		person.resource = set_column(store, &person, "status = 'SUSPENDED'", context);
	SPI_finish();
	return person.resource;
}

/*
 * ScimActivateResource gives somebody access: who is suspended, has not logged in yet,
 * or is being off-boarded, which is over then.
 */
ScimResource *
ScimActivateResource(ScimStore *store, const ScimResourceType *type, const char *id,
					 const ScimPreconditions *conditions)
{
	MemoryContext context = CurrentMemoryContext;
	Person person;

	SPI_connect();
	require_person(store, type, id, conditions, context, &person);
	if (person.status != SCIM_STATUS_ACTIVE)
		person.resource = set_column(store, &person, "status = 'ACTIVE'", context);
	SPI_finish();
	return person.resource;
}

/*
 * Set the status of one resource by a statement; comes_back: of one out of sight, which
 * is called what its row is by now.  Returns the number of rows.
 */
static uint64
set_status(ScimStore *store, const ScimResourceType *type, const char *id,
		   const char *expression, const char *condition, bool comes_back)
{
	ScimParams params;
	JsonbValue *named = NULL;
	pg_uuid_t uuid;
	uint64 updated;

	if (!ScimUuidParse(id, &uuid))
		return 0;
	ScimBindingLock(store, type, ScimTenant(), &uuid, false);
	SPI_connect();
	ScimParamsOfResource(&params, ScimTenant(), &uuid);
	if (comes_back)
		named = ScimBindingNamed(store, type, ScimTenant(), &uuid);
	if (named != NULL)
		ScimParamsAdd(&params, JSONBOID, JsonbPGetDatum(ScimJsonToJsonb(named)), false);
	ScimExecuteWrite(
		store,
		psprintf("UPDATE %s.resource SET status = %s%s WHERE resource_type = %s "
				 "AND tenant_id = $1 AND id = $2 AND %s",
				 store->quoted_name, expression, named != NULL ? ", data = $3" : "",
				 quote_literal_cstr(type->name), condition),
		&params, type);
	updated = SPI_processed;
	SPI_finish();
	return updated;
}

void
ScimCompleteOffboarding(ScimStore *store, const ScimResourceType *type, const char *id)
{
	if (type == NULL ||
		set_status(store, type, id, "'OFFBOARDED'", "status = 'OFFBOARDING'", false) == 0)
		ereport(ERROR, (ScimErr(SCIM_NOT_FOUND),
						errmsg("no %s \"%s\" is being off-boarded",
							   type != NULL ? type->name : "User", id)));
}

void
ScimRestoreResource(ScimStore *store, const ScimResourceType *type, const char *id)
{
	if (set_status(store, type, id,
				   /* off-boarding makes "active" false of everybody */
				   psprintf("CASE WHEN coalesce(CASE WHEN status = 'DELETED' "
							"THEN NOT active END, %s) "
							"THEN 'SUSPENDED' ELSE 'ACTIVE' END",
							ScimSuspendedBefore("resource")),
				   "status IN ('OFFBOARDING', 'OFFBOARDED', 'DELETED')", true) == 0)
		ereport(ERROR,
				(ScimErr(SCIM_NOT_FOUND),
				 errmsg("no %s \"%s\" is deleted or being off-boarded", type->name, id)));
}

/* transient: what the action knows that is not stored, or NULL. */
static void
record(ScimStore *store, const ScimResource *resource, ScimStatus status,
	   const char *operation, const char *uri, const JsonbValue *transient)
{
	ScimOccurrence occurrence = {.store = store,
								 .tenant_id = resource->tenant_id,
								 .type = resource->type,
								 .id = &resource->id,
								 .version = resource->version,
								 .operation = operation,
								 .at = ScimClock(store, resource->last_modified - 1),
								 .data = resource->data,
								 .status = status,
								 .status_before = ScimStatusName(status)};

	ScimActionRecord(&occurrence, uri, transient ? transient : ScimTransient());
}

/* ScimInvite tells whoever sends invitations to send one. */
ScimResource *
ScimInvite(ScimStore *store, const ScimResourceType *type, const char *id,
		   const ScimPreconditions *conditions)
{
	MemoryContext context = CurrentMemoryContext;
	Person person;

	SPI_connect();
	require_person(store, type, id, conditions, context, &person);
	require_access(&person);
	record(store, person.resource, person.status, "invite", SCIM_EVENT("misc:invite"),
		   NULL);
	SPI_finish();
	return person.resource;
}

/* ScimLogOut ends all sessions of somebody that have begun until now. */
ScimResource *
ScimLogOut(ScimStore *store, const ScimResourceType *type, const char *id,
		   const ScimPreconditions *conditions)
{
	MemoryContext context = CurrentMemoryContext;
	Person person;

	SPI_connect();
	require_person(store, type, id, conditions, context, &person);
	person.resource =
		set_column(store, &person, "sessions_valid_after = clock_timestamp()", context);
	SPI_finish();
	return person.resource;
}

/* From now on for so long, which has bounds. */
static TimestampTz
end_of(TimestampTz now, const Interval *valid_for)
{
	TimestampTz end = DatumGetTimestampTz(DirectFunctionCall2(
		timestamptz_pl_interval, TimestampTzGetDatum(now), IntervalPGetDatum(valid_for)));

	if (end <= now || end > now + SCIM_MAX_RECOVERY_DAYS * USECS_PER_DAY)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("a recovery code is valid for some time, and not for more "
							   "than %d days",
							   SCIM_MAX_RECOVERY_DAYS)));
	return end;
}

/*
 * ScimIssueRecoveryCode makes a code by which somebody gets back in, once.  A policy
 * "emit" may tell it to whoever sends it, as "transient.code"; nobody else is told.
 */
ScimResource *
ScimIssueRecoveryCode(ScimStore *store, const ScimResourceType *type, const char *id,
					  const ScimPreconditions *conditions, const Interval *valid_for,
					  char **code)
{
	MemoryContext context = CurrentMemoryContext;
	TimestampTz now = GetCurrentTimestamp();
	TimestampTz end = end_of(now, valid_for);
	JsonbValue *transient = ScimJsonNewObject();
	ScimIdentity caller;
	Person person;

	/* who has taken the password out of the schema of users keeps no credentials */
	if (type->has_password && !ScimKeepsPasswords(type))
		ereport(ERROR, (ScimErr(SCIM_FORBIDDEN),
						errmsg("resources of type \"%s\" have no \"password\", and so no "
							   "recovery code",
							   type->name)));
	SPI_connect();
	require_person(store, type, id, conditions, context, &person);
	require_access(&person);
	caller = ScimBeOwner(store->owner);
	*code =
		MemoryContextStrdup(context, ScimRecoverySet(store, person.resource->tenant_id,
													 &person.resource->id, now, end));
	ScimBeCaller(caller);
	ScimJsonSet(transient, "code", ScimJsonNewString(*code));
	record(store, person.resource, person.status, "recover",
		   SCIM_RISC_EVENT("recovery-activated"), transient);
	SPI_finish();
	return person.resource;
}

/* The person of that id, if he is there and may log in; as the owner of the store. */
static ScimResource *
find_active(ScimStore *store, const ScimResourceType *type, const pg_uuid_t *id,
			ScimStatus *status, MemoryContext context)
{
	ScimParams params;
	HeapTuple tuple;
	TupleDesc desc;

	ScimParamsOfResource(&params, ScimTenant(), id);
	ScimSpiExecute(
		psprintf("SELECT %s, r.status FROM %s.resource r WHERE r.resource_type = %s "
				 "AND r.tenant_id = $1 AND r.id = $2 AND %s",
				 ScimResourceColumns(store), store->quoted_name,
				 quote_literal_cstr(type->name),
				 ScimMayAct(store, ScimTenant(), type, "r")),
		&params, false, 1);
	if (SPI_processed == 0)
		return NULL;
	tuple = SPI_tuptable->vals[0];
	desc = SPI_tuptable->tupdesc;
	if (!ScimStatusByName(TextDatumGetCString(ScimColumnValue(
							  tuple, desc, SCIM_RESOURCE_NCOLUMNS + 1, TEXTOID)),
						  status))
		return NULL;
	return ScimResourceFromTuple(type, tuple, desc, context);
}

/*
 * ScimRedeemRecoveryCode uses a code up and returns whose it was; NULL where it is not
 * good, or its owner may not log in.
 */
ScimResource *
ScimRedeemRecoveryCode(ScimStore *store, const ScimResourceType *type, const char *code)
{
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller = ScimBeOwner(store->owner);
	ScimResource *resource = NULL;
	ScimStatus status;
	pg_uuid_t id;

	SPI_connect();
	if (ScimRecoveryTake(store, ScimTenant(), code, &id))
	{
		if (type == NULL)
			type = person_type(store, ScimUuidText(&id));
		if (!type->has_password || ScimKeepsPasswords(type))
			resource = find_active(store, type, &id, &status, context);
	}
	if (resource != NULL)
		record(store, resource, status, "redeem", SCIM_EVENT("misc:recover"), NULL);
	SPI_finish();
	ScimBeCaller(caller);
	return resource;
}

static Datum
invite(PG_FUNCTION_ARGS)
{
	const char *id = ScimIdArgument(fcinfo, 0);
	ScimStore *store = ScimStoreCurrent();
	const ScimResourceType *type = person_type(store, id);
	int before = ScimScopeEnter(store, type->name);

	(void) ScimInvite(store, type, id, NULL);
	ScimScopeLetOut(before);
	PG_RETURN_VOID();
}

/* scim.invite(id) returns void */
static Datum
scim_invite_given(PG_FUNCTION_ARGS)
{
	return ScimCallWrite(fcinfo, invite, false);
}

static Datum
record_login(PG_FUNCTION_ARGS)
{
	const char *id = ScimIdArgument(fcinfo, 0);
	ScimStore *store = ScimStoreCurrent();
	const ScimResourceType *type = person_type(store, id);
	int before = ScimScopeEnter(store, type->name);
	Person person;
	bool may_log_in;

	SPI_connect();
	may_log_in =
		lock_person(store, type, id, CurrentMemoryContext, &person) && person.may_log_in;
	if (may_log_in && person.status == SCIM_STATUS_PENDING)
	{
		ScimLoggingIn = &person.resource->id;
		PG_TRY();
		{
			(void) set_column(store, &person, "status = 'ACTIVE'", CurrentMemoryContext);
		}
		PG_FINALLY();
		{
			ScimLoggingIn = NULL;
		}
		PG_END_TRY();
	}
	SPI_finish();
	ScimScopeLetOut(before);
	PG_RETURN_BOOL(may_log_in);
}

/*
 * scim.record_login(id) returns boolean
 *
 * Locked, so that who is being suspended meanwhile does not log in behind it.
 */
static Datum
scim_record_login_given(PG_FUNCTION_ARGS)
{
	return ScimCallWrite(fcinfo, record_login, false);
}

static Datum
log_out(PG_FUNCTION_ARGS)
{
	const char *id = ScimIdArgument(fcinfo, 0);
	ScimStore *store = ScimStoreCurrent();
	const ScimResourceType *type = person_type(store, id);
	int before = ScimScopeEnter(store, type->name);

	(void) ScimLogOut(store, type, id, NULL);
	ScimScopeLetOut(before);
	PG_RETURN_VOID();
}

/* scim.log_out(id) returns void */
static Datum
scim_log_out_given(PG_FUNCTION_ARGS)
{
	return ScimCallWrite(fcinfo, log_out, false);
}

/* scim.session_is_valid(id, issued_at timestamptz) returns boolean */
Datum
scim_session_is_valid(PG_FUNCTION_ARGS)
{
	const char *id = ScimIdArgument(fcinfo, 0);
	ScimStore *store = ScimStoreCurrent();
	const ScimResourceType *type = person_type(store, id);
	ScimIdentity caller;
	ScimParams params;
	pg_uuid_t uuid;
	bool valid;

	ScimRequireSelect(store, SCIM_TABLE_RESOURCE);
	ScimScopeRequireOfCall(store, type->name, false);
	if (!ScimUuidParse(id, &uuid))
		PG_RETURN_BOOL(false);
	caller = ScimBeReader(store->owner);
	SPI_connect();
	ScimParamsOfResource(&params, ScimTenant(), &uuid);
	ScimParamsAdd(&params, TIMESTAMPTZOID, PG_GETARG_DATUM(1), false);
	ScimSpiExecute(
		psprintf("SELECT FROM %s.resource r WHERE r.resource_type = %s "
				 "AND r.tenant_id = $1 AND r.id = $2 AND %s "
				 "AND (r.sessions_valid_after IS NULL OR r.sessions_valid_after <= $3)",
				 store->quoted_name, quote_literal_cstr(type->name),
				 ScimMayAct(store, ScimTenant(), type, "r")),
		&params, true, 1);
	valid = SPI_processed > 0;
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_BOOL(valid);
}

static Datum
issue_recovery_code(PG_FUNCTION_ARGS)
{
	const char *id = ScimIdArgument(fcinfo, 0);
	ScimStore *store = ScimStoreCurrent();
	const ScimResourceType *type = person_type(store, id);
	int before = ScimScopeEnter(store, type->name);
	char *code;

	(void) ScimIssueRecoveryCode(store, type, id, NULL, PG_GETARG_INTERVAL_P(1), &code);
	ScimScopeLetOut(before);
	PG_RETURN_TEXT_P(cstring_to_text(code));
}

/* scim.issue_recovery_code(id, valid_for interval) returns text */
static Datum
scim_issue_recovery_code_given(PG_FUNCTION_ARGS)
{
	return ScimCallWrite(fcinfo, issue_recovery_code, false);
}

static Datum
redeem_recovery_code(PG_FUNCTION_ARGS)
{
	char *code = text_to_cstring(PG_GETARG_TEXT_PP(0));
	ScimStore *store = ScimStoreCurrent();
	ScimResource *resource;
	int before;

	ScimRequireTable(store, SCIM_TABLE_RESOURCE, ACL_UPDATE);
	/* whose it is, is known only once it is used up */
	require_people(store);
	before = ScimScopeLetIn();
	resource = ScimRedeemRecoveryCode(store, NULL, code);
	ScimScopeLetOut(before);
	if (resource == NULL)
		PG_RETURN_NULL();
	PG_RETURN_UUID_P(&resource->id);
}

/* scim.redeem_recovery_code(code text) returns uuid */
Datum
scim_redeem_recovery_code(PG_FUNCTION_ARGS)
{
	return ScimCallWrite(fcinfo, redeem_recovery_code, false);
}
