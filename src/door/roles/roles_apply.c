/*
 * roles_apply.c
 *		The policy "database_roles" applied to some people: what is to be done is done, or
 *		told of, and written down: in the table "database_role", the audit and an event,
 *		by which sessions are ended once all is committed.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "audit/audit.h"

#include "door/roles/roles.h"
#include "event/event.h"
#include "json/json.h"
#include "store/acting.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/statement/written.h"

/* So many people are looked at together. */
#define PEOPLE_AT_ONCE 500

/* A person with what is to be done, for ScimAttempt. */
typedef struct Work
{
	ScimRolesRun *run;
	const ScimRolesPerson *person;
	List *steps;
} Work;

/*
 * ScimRolesStart begins a run: what it knows is in the current memory context.  Nobody
 * else changes roles from here on; a check only looks.
 */
void
ScimRolesStart(ScimRolesRun *run, ScimStore *store, int32 tenant_id, ScimRolesMode mode)
{
	memset(run, 0, sizeof(*run));
	run->store = store;
	run->tenant_id = tenant_id;
	run->mode = mode;
	run->context = CurrentMemoryContext;
	run->rules = ScimRolesRules(store, tenant_id);
	if (mode != SCIM_ROLES_CHECK)
		ScimRolesLock();
}

/* What an error says of a step, and who is concerned. */
static char *
describe(const ScimRolesPerson *person, const ScimRolesStep *step)
{
	if (step->wanted != NULL)
		return psprintf("group \"%s\" cannot give role \"%s\" to %s \"%s\": %s",
						step->wanted->group_name, step->role, person->type_name,
						person->name, step->problem);
	if (step->role != NULL)
		return psprintf("role \"%s\" cannot be taken from %s \"%s\": %s", step->role,
						person->type_name, person->name, step->problem);
	if (person->wanted != NIL &&
		(strcmp(step->action, "create") == 0 || strcmp(step->action, "grant") == 0))
	{
		const ScimRoleWanted *first = linitial(person->wanted);

		return psprintf("group \"%s\" cannot give role \"%s\" to %s \"%s\": %s",
						first->group_name, first->role, person->type_name, person->name,
						step->problem);
	}
	return psprintf("the role of %s \"%s\" cannot follow: %s", person->type_name,
					person->name, step->problem);
}

/* What a person is called in an error: to who may not read him, by his id. */
static const char *
name_told(const ScimRolesRun *run, const ScimRolesPerson *person)
{
	return ScimScopeProvedReads(run->store, person->type_name)
			   ? person->name
			   : ScimUuidText(&person->id);
}

/* May who acts know people like that, and the groups that give them roles? */
static bool
may_be_told(const ScimRolesRun *run, const ScimRolesPerson *person)
{
	const ScimRegistry *registry = run->store->registry;

	for (int i = 0; i < registry->ntypes; i++)
	{
		const ScimResourceType *type = &registry->types[i];

		if ((type->has_members || strcmp(type->name, person->type_name) == 0) &&
			!ScimScopeProvedReads(run->store, type->name))
			return false;
	}
	return true;
}

/* A role is called after a person, and given by a group: either may be out of scope. */
pg_noreturn static void
refuse(const ScimRolesRun *run, const ScimRolesPerson *person, const ScimRolesStep *step)
{
	bool told = may_be_told(run, person);

	ereport(ERROR, (ScimErr(step->kind),
					told ? errmsg("%s", describe(person, step))
						 : errmsg("the database role of %s \"%s\" cannot follow",
								  person->type_name, name_told(run, person)),
					told ? 0 : errdetail_log("%s", describe(person, step)),
					/* of this person: see ScimErrorIsAboutRow */
					err_generic_string(PG_DIAG_CONSTRAINT_NAME, SCIM_DATABASE_ROLES),
					told && step->hint != NULL ? errhint("%s", step->hint) : 0));
}

/* Which person it was, where the server refuses what nobody has foreseen. */
static void
add_context(void *arg)
{
	const Work *work = arg;

	errcontext("roles of %s \"%s\"", work->person->type_name,
			   name_told(work->run, work->person));
}

static void
tell(const ScimRolesRun *run, const ScimRolesPerson *person, const ScimRolesStep *step,
	 const char *problem)
{
	ScimRolesDifference difference = {.person = &person->id,
									  .name = person->name,
									  .login =
										  person->known ? person->role : person->login,
									  .action = step->action,
									  .role = step->role,
									  .problem = problem};

	if (run->tell != NULL)
		run->tell(run->arg, &difference);
}

/* Names of roles, char *, as a text[]. */
static Datum
names_array(const List *names)
{
	Datum *texts = palloc(sizeof(Datum) * (list_length(names) + 1));
	const ListCell *lc;

	foreach (lc, names)
		texts[foreach_current_index(lc)] = CStringGetTextDatum(lfirst(lc));
	return ScimArray(texts, NULL, list_length(names), TEXTOID);
}

static void
write_row(const ScimRolesRun *run, const ScimRolesPerson *person, const char *role,
		  Oid role_id, bool made, bool may, const List *granted, bool ends_sessions)
{
	ScimParams params;

	ScimParamsOfResource(&params, run->tenant_id, &person->id);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(person->type_name), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(role), false);
	ScimParamsAdd(&params, OIDOID, ObjectIdGetDatum(role_id), false);
	ScimParamsAdd(&params, OIDOID, ObjectIdGetDatum(MyDatabaseId), false);
	ScimParamsAdd(&params, BOOLOID, BoolGetDatum(made), false);
	ScimParamsAdd(&params, BOOLOID, BoolGetDatum(may), false);
	ScimParamsAdd(&params, TEXTARRAYOID, names_array(granted), false);
	ScimParamsAdd(&params, BOOLOID, BoolGetDatum(ends_sessions), false);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(ScimRoleServer()), false);
	ScimDatabaseRoleWrite(
		psprintf(
			"INSERT INTO %s.database_role AS d (tenant_id, resource_id, resource_type, "
			"role, role_id, database_id, made, login, granted, ends_sessions_before, "
			"server_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
			"CASE WHEN $10 THEN clock_timestamp() END, $11) "
			"ON CONFLICT (tenant_id, resource_id) DO UPDATE SET "
			"resource_type = excluded.resource_type, role = excluded.role, "
			"role_id = excluded.role_id, database_id = excluded.database_id, "
			"made = excluded.made, login = excluded.login, granted = excluded.granted, "
			"server_id = excluded.server_id, "
			"ends_sessions_before = "
			"coalesce(excluded.ends_sessions_before, d.ends_sessions_before)",
			run->store->quoted_name),
		&params);
}

static void
append_text(JsonbValue *object, const char *key, const char *text)
{
	JsonbValue *array = ScimJsonGet(object, key);

	if (array == NULL)
	{
		ScimJsonSet(object, key, ScimJsonNewArray());
		array = ScimJsonGet(object, key);
	}
	ScimJsonAppend(array, ScimJsonNewString(text));
}

/* The audit and an event, whatever the policies of these say. */
static void
record(const ScimRolesRun *run, const ScimRolesPerson *person, JsonbValue *detail)
{
	ScimStore *store = run->store;
	TimestampTz now = ScimClock(store, SCIM_NO_INSTANT);
	Jsonb *data = ScimJsonToJsonb(detail);
	ScimAuditRow row = {.audit = store->tables.relid[SCIM_TABLE_AUDIT],
						.tenant_id = run->tenant_id,
						.at = now,
						.operation = "database role",
						.resource_type = person->type_name,
						.resource_id = &person->id,
						.no_version = true,
						.detail = data};
	ScimParams params;

	ScimAuditInsert(&row);
	ScimParamsOfResource(&params, run->tenant_id, &person->id);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(SCIM_EVENT("misc:database-role")),
				  false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(person->type_name), false);
	ScimParamsAdd(&params, JSONBOID, JsonbPGetDatum(data), false);
	ScimParamsAdd(&params, TEXTOID,
				  CStringGetTextDatum(ScimActorIn(store->namespace_oid)), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(now), false);
	ScimSpiWriteOwn(psprintf("INSERT INTO %s.event (tenant_id, event_uri, resource_type, "
							 "resource_id, data, operation, actor, at) "
							 "VALUES ($1, $3, $4, $2, $5, 'database role', $6, $7)",
							 store->quoted_name),
					&params);
	ScimChannelsNotify(store, run->tenant_id);
}

static List *
without_name(List *names, const char *name)
{
	ListCell *lc;

	foreach (lc, names)
	{
		if (strcmp(lfirst(lc), name) == 0)
			names = foreach_delete_current(names, lc);
	}
	return names;
}

/* What he has besides of what his groups say, and whether he may log in, as it is. */
static List *
note_grants(const ScimRolesPerson *person, const char *role, List *granted, bool *may)
{
	Oid member = ScimRoleOid(role);
	const ListCell *lc;

	foreach (lc, person->wanted)
	{
		const char *name = ((const ScimRoleWanted *) lfirst(lc))->role;
		Oid id = ScimRoleOid(name);

		if (OidIsValid(id) && ScimRoleHasMember(id, member))
			granted = lappend(without_name(granted, name), (void *) name);
	}
	*may = ScimRoleMayLogIn(member);
	return granted;
}

/*
 * Errors of the server that nobody has foreseen say whose role it is, and which group
 * gives it; those that have nothing to do with it stay as they are.
 */
static bool
is_about_roles(const ErrorData *error)
{
	if (error->sqlerrcode == ERRCODE_LOCK_NOT_AVAILABLE)
		return false;
	switch (ERRCODE_TO_CATEGORY(error->sqlerrcode))
	{
		case ERRCODE_TRANSACTION_ROLLBACK:
		case ERRCODE_INSUFFICIENT_RESOURCES:
		case ERRCODE_OPERATOR_INTERVENTION:
		case ERRCODE_SYSTEM_ERROR:
			return false;
		default:
			return true;
	}
}

/* Does what a step says to a role, and gives what it is called from then on. */
static const char *
take_step(ScimRolesRun *run, const ScimRolesPerson *person, const ScimRolesStep *step,
		  const char *role)
{
	if (strcmp(step->action, "create") == 0)
	{
		ScimRoleCreate(run, person);
		return person->login;
	}
	if (strcmp(step->action, "rename") == 0)
	{
		/* of one that was adopted its name is written down, whatever it is */
		if (strcmp(role, person->called) != 0)
			ScimRoleRename(run, role, person->called);
		return person->called;
	}
	if (strcmp(step->action, "revoke") == 0)
		ScimRoleRevoke(step->role, role);
	else if (strcmp(step->action, "grant") == 0)
		ScimRoleGrant(step->role, role);
	else
		ScimRoleLet(role, strcmp(step->action, "login") == 0);
	return role;
}

static const char *
try_step(ScimRolesRun *run, const ScimRolesPerson *person, const ScimRolesStep *step,
		 const char *role)
{
	MemoryContext context = CurrentMemoryContext;
	const char *volatile called = role;

	if (run->mode != SCIM_ROLES_WRITE)
		return take_step(run, person, step, role);
	PG_TRY();
	{
		called = take_step(run, person, step, role);
	}
	PG_CATCH();
	{
		ScimRolesStep failed = *step;
		ErrorData *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		if (!is_about_roles(error))
			PG_RE_THROW();
		FlushErrorState();
		failed.kind = SCIM_UNAVAILABLE;
		failed.problem = error->message;
		failed.hint = error->hint;
		refuse(run, person, &failed);
	}
	PG_END_TRY();
	return called;
}

/* Does what can be done for a person, and writes it down. */
static void
follow(void *arg)
{
	Work *work = arg;
	ScimRolesRun *run = work->run;
	const ScimRolesPerson *person = work->person;
	const char *role = person->role;
	const char *noted = person->noted;
	Oid role_id = person->role_id;
	bool made = person->made;
	bool may = person->may;
	List *granted = list_copy(person->granted);
	JsonbValue *detail = ScimJsonNewObject();
	bool ends_sessions = false;
	bool stopped = false;
	const ListCell *lc;
	ErrorContextCallback context = {error_context_stack, add_context, work};

	error_context_stack = &context;
	SPI_connect();
	foreach (lc, work->steps)
	{
		const ScimRolesStep *step = lfirst(lc);
		const char *before;

		if (step->problem != NULL)
		{
			/* without a role to log in as there is nobody to grant anything to */
			stopped = stopped || strcmp(step->action, "create") == 0;
			continue;
		}
		if (stopped && strcmp(step->action, "grant") == 0)
			continue;
		before = role;
		role = try_step(run, person, step, role);
		if (strcmp(step->action, "create") == 0)
		{
			noted = role;
			role_id = ScimRoleOid(role);
			made = true;
			may = true;
			list_free(granted);
			granted = NIL;
			ScimJsonSet(detail, "created", ScimJsonNewBool(true));
		}
		else if (strcmp(step->action, "rename") == 0)
		{
			if (strcmp(before, role) == 0)
				before = noted;
			ScimJsonSet(detail, "before", ScimJsonNewString(before));
			noted = role;
		}
		else if (strcmp(step->action, "revoke") == 0)
		{
			granted = without_name(granted, step->role);
			append_text(detail, "revoked", step->role);
			ends_sessions = true;
		}
		else if (strcmp(step->action, "grant") == 0)
		{
			JsonbValue *one = ScimJsonNewObject();

			granted = lappend(without_name(granted, step->role), (void *) step->role);
			ScimJsonSet(one, "role", ScimJsonNewString(step->role));
			ScimJsonSet(one, "group",
						ScimJsonNewString(ScimUuidText(&step->wanted->group)));
			if (ScimJsonGet(detail, "granted") == NULL)
				ScimJsonSet(detail, "granted", ScimJsonNewArray());
			ScimJsonAppend(ScimJsonGet(detail, "granted"), one);
		}
		else
		{
			may = strcmp(step->action, "login") == 0;
			ScimJsonSet(detail, "login", ScimJsonNewBool(may));
			ends_sessions = ends_sessions || !may;
		}
	}
	if (run->mode == SCIM_ROLES_SYNC && role != NULL)
		granted = note_grants(person, role, granted, &may);
	if (detail->val.object.nPairs > 0)
	{
		ScimJsonSet(detail, "role", ScimJsonNewString(role));
		write_row(run, person, noted, role_id, made, may, granted, ends_sessions);
		record(run, person, detail);
	}
	SPI_finish();
	error_context_stack = context.previous;
}

/* Those that cannot follow are told of, and so is who did where it was to be told. */
static void
follow_as_can_be(Work *work)
{
	const ListCell *lc;
	bool any = false;
	ErrorData *error = NULL;

	foreach (lc, work->steps)
		any = any || ((const ScimRolesStep *) lfirst(lc))->problem == NULL;
	if (any && work->run->mode == SCIM_ROLES_SYNC)
		error = ScimAttempt(follow, work);
	if (error != NULL && (error->sqlerrcode == ERRCODE_QUERY_CANCELED ||
						  error->sqlerrcode == ERRCODE_ADMIN_SHUTDOWN))
		ReThrowError(error);
	foreach (lc, work->steps)
	{
		const ScimRolesStep *step = lfirst(lc);
		const char *problem = step->problem;

		if (problem == NULL && error != NULL)
			problem = error->message;
		tell(work->run, work->person, step, problem);
	}
}

/* Is what the table has of a person what he has, where nothing is left to be done? */
static bool
is_noted(const ScimRolesPerson *person)
{
	const ListCell *lc;

	if (person->may != (person->there && person->may_log_in) ||
		list_length(person->granted) != list_length(person->wanted))
		return false;
	foreach (lc, person->wanted)
	{
		const ListCell *cell;
		bool found = false;

		foreach (cell, person->granted)
			found = found || strcmp(lfirst(cell),
									((const ScimRoleWanted *) lfirst(lc))->role) == 0;
		if (!found)
			return false;
	}
	return true;
}

static void
note_as_is(ScimRolesRun *run, const ScimRolesPerson *person)
{
	List *names = NIL;
	const ListCell *lc;

	foreach (lc, person->wanted)
		names = lappend(names, (void *) ((const ScimRoleWanted *) lfirst(lc))->role);
	write_row(run, person, person->noted, person->role_id, person->made,
			  person->there && person->may_log_in, names, false);
}

static void
apply_to(ScimRolesRun *run, const ScimRolesPerson *person)
{
	Work work = {run, person, ScimRolesPlan(run, person)};
	const ListCell *lc;

	if (work.steps == NIL)
	{
		if (run->mode == SCIM_ROLES_SYNC && person->known && person->ours &&
			!is_noted(person))
			note_as_is(run, person);
		return;
	}
	if (run->mode != SCIM_ROLES_WRITE)
	{
		follow_as_can_be(&work);
		return;
	}
	foreach (lc, work.steps)
	{
		const ScimRolesStep *step = lfirst(lc);

		if (step->problem != NULL)
			refuse(run, person, step);
	}
	follow(&work);
}

/*
 * ScimRolesApply has the roles of some people follow their groups; what is no person is
 * passed over.
 */
void
ScimRolesApply(ScimRolesRun *run, const Datum *ids, int n)
{
	ScimIdentity caller = ScimBeOwner(run->store->owner);

	for (int i = 0; i < n; i += PEOPLE_AT_ONCE)
	{
		const ListCell *lc;
		List *people;

		CHECK_FOR_INTERRUPTS();
		/* all memory goes with SPI's */
		SPI_connect();
		people = ScimRolesPeople(run, ids + i, Min(PEOPLE_AT_ONCE, n - i));
		foreach (lc, people)
		{
			CHECK_FOR_INTERRUPTS();
			apply_to(run, lfirst(lc));
		}
		SPI_finish();
	}
	ScimBeCaller(caller);
}

/*
 * Members of roles that policies grant who are nobody of the store; since version 16 not
 * those who have ADMIN OPTION and nothing else.
 */
static void
tell_strangers(ScimRolesRun *run)
{
	List *roles = NIL;
	const ListCell *lc;
	ScimParams params;

	foreach (lc, run->rules)
		roles = list_concat(roles, ((const ScimRolesRule *) lfirst(lc))->roles);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTARRAYOID, names_array(roles), false);
	ScimParamsAdd(&params, OIDOID, ObjectIdGetDatum(run->store->owner), false);
	ScimParamsAdd(&params, OIDOID, ObjectIdGetDatum(MyDatabaseId), false);
	ScimSpiExecute(psprintf("SELECT DISTINCT r.rolname::text, m.rolname::text "
							"FROM pg_catalog.pg_auth_members a "
							"JOIN pg_catalog.pg_roles r ON r.oid = a.roleid "
							"JOIN pg_catalog.pg_roles m ON m.oid = a.member "
							"WHERE r.rolname::text = ANY ($1) AND a.member <> $2 "
							"AND coalesce(to_jsonb(a) ->> 'inherit_option' = 'true' "
							"OR to_jsonb(a) ->> 'set_option' = 'true', true) "
							"AND NOT EXISTS (SELECT FROM %s.database_role d "
							"WHERE d.role = m.rolname::text "
							"OR (d.role_id = m.oid AND d.database_id = $3)) "
							"ORDER BY 1, 2",
							run->store->quoted_name),
				   &params, true, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		ScimRolesDifference stranger = {.action = "revoke",
										.role = ScimResultText(i, 1),
										.login = ScimResultText(i, 2),
										.problem =
											"not the role of anybody in the store"};

		run->tell(run->arg, &stranger);
	}
}

/* ScimRolesApplyAll does so with all whom the policies are about. */
void
ScimRolesApplyAll(ScimRolesRun *run)
{
	ScimIdentity caller;
	Datum *ids;
	int n;

	if (run->rules == NIL)
		return;
	caller = ScimBeOwner(run->store->owner);
	SPI_connect();
	ids = ScimRolesEverybody(run, &n);
	ScimRolesApply(run, ids, n);
	if (run->tell != NULL && run->mode != SCIM_ROLES_WRITE)
		tell_strangers(run);
	SPI_finish();
	ScimBeCaller(caller);
}
