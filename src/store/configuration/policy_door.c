/*
 * policy_door.c
 *		The table "policy": a policy that cannot work is refused when it is written,
 *		and what is stored follows those that can.
 *
 *	1. BEFORE each row, scim_policy_door: the kind is one that is known, and a policy
 *	   without a name has that of its kind.
 *	2. AFTER each statement, scim_registry_changed (registry.c): those that are on
 *	   are compiled.  So they are after a change of schemas, which must leave them
 *	   what they name.  Then "unique_value" is made anew for policies "unique", and
 *	   resources are written again, through the door, for policies "status", which
 *	   show what their documents hold.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "json/json.h"
#include "policy/policy.h"
#include "resource/resource.h"
#include "store/at_tenant.h"
#include "store/configuration/configuration.h"
#include "store/configuration/registry.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/trigger_type.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(scim_follow_policies);

/* Longest name of a policy, in bytes. */
#define MAX_NAME 256

PG_FUNCTION_INFO_V1(scim_policy_door);

/* A policy as messages call it. */
static const char *
policy_title(const char *kind, const char *name, const char *type_name)
{
	if (strcmp(kind, name) == 0)
		return psprintf("policy \"%s\" of resource type \"%s\"", kind, type_name);
	return psprintf("policy \"%s\" named \"%s\" of resource type \"%s\"", kind, name,
					type_name);
}

static void
check_names(const char *kind_name, const char *name)
{
	ScimRuleKind kind;

	if (!ScimRuleKindByName(kind_name, &kind))
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("there is no policy of the kind \"%s\"", kind_name)));
	if (!ScimPolicyKinds[kind].several && strcmp(name, kind_name) != 0)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("policy \"%s\" cannot have the name \"%s\"", kind_name, name),
				 errhint("There is one of this kind for a resource type, which has the "
						 "name of its kind.")));
	if (name[0] == '\0' || strlen(name) > MAX_NAME)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("the name of a policy must have 1 to %d bytes", MAX_NAME)));
}

static Datum
admit_policy(FunctionCallInfo fcinfo)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "policy_door", BEFORE_ROW | ON_INSERT | ON_UPDATE);
	ScimTables tables;
	TupleDesc desc;
	HeapTuple tuple;
	int column;
	Datum values[2];
	bool nulls[2];

	ScimTablesOfTrigger(trigger, SCIM_TABLE_POLICY, &tables);
	desc = RelationGetDescr(trigger->tg_relation);
	tuple = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple
													   : trigger->tg_trigtuple;
	column = ScimColumnNumber(desc, "name", TEXTOID);
	values[0] = ScimColumn(tuple, desc, column, TEXTOID, &nulls[0]);
	values[1] = ScimColumn(tuple, desc, ScimColumnNumber(desc, "kind", TEXTOID), TEXTOID,
						   &nulls[1]);
	if (nulls[1])
		PG_RETURN_POINTER(tuple); /* the column is NOT NULL */
	if (nulls[0])
		values[0] = values[1];
	nulls[0] = false;
	check_names(TextDatumGetCString(values[1]), TextDatumGetCString(values[0]));
	PG_RETURN_POINTER(heap_modify_tuple_by_cols(tuple, desc, 1, &column, values, nulls));
}

/* BEFORE INSERT OR UPDATE ... FOR EACH ROW on "policy" */
Datum
scim_policy_door(PG_FUNCTION_ARGS)
{
	return ScimPlainRowAdmit(fcinfo, admit_policy);
}

/* A policy to be compiled, and what is wrong with it. */
typedef struct Tried
{
	const ScimRegistry *registry;
	const char *type_name;
	ScimRuleKind kind;
	const char *name;
	const Jsonb *settings;
	const ScimStatusRows *statuses;
	const char *fault;
} Tried;

static void
try_policy(void *arg)
{
	Tried *tried = arg;

	(void) ScimRuleCompile(tried->registry, tried->type_name, tried->kind, tried->name,
						   tried->settings, tried->statuses, &tried->fault);
}

/*
 * What is wrong with a policy, or NULL; kept in the current memory context.  Filters of
 * settings are held to the limits in force, but for what those before them, or NULL,
 * took.
 */
static const char *
policy_fault(const ScimRegistry *registry, const char *type_name, const char *kind_name,
			 const char *name, const Jsonb *settings, const Jsonb *before,
			 const ScimStatusRows *statuses)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext context =
		AllocSetContextCreate(caller, "scim policy check", ALLOCSET_DEFAULT_SIZES);
	ScimFilterLimits limits = ScimFilterLimitsInForce();
	Tried tried = {.registry = registry,
				   .type_name = type_name,
				   .name = name,
				   .settings = before,
				   .statuses = statuses};
	const char *fault;

	if (!ScimRuleKindByName(kind_name, &tried.kind))
		return "is of an unknown kind";
	MemoryContextSwitchTo(context);
	if (before != NULL)
	{
		ScimFilterLimits taken =
			ScimFilterWithin(&ScimFilterLimitsWidest, try_policy, &tried);

		limits = ScimFilterLimitsOr(&limits, &taken);
	}
	tried.settings = settings;
	tried.fault = NULL;
	(void) ScimFilterWithin(&limits, try_policy, &tried);
	fault = tried.fault;
	MemoryContextSwitchTo(caller);
	if (fault != NULL)
		fault = pstrdup(fault);
	MemoryContextDelete(context);
	return fault;
}

/* Whoever has more than SCIM_MAX_RULES is refused. */
static void
check_number(const ScimStore *store)
{
	/* with what others have committed while this waited, whatever the isolation level */
	PushActiveSnapshot(GetLatestSnapshot());
	ScimSpiExecute(psprintf("SELECT p.resource_type FROM %s.policy p WHERE p.enabled "
							"GROUP BY p.tenant_id, p.resource_type "
							"HAVING count(*) > %d LIMIT 1",
							store->quoted_name, SCIM_MAX_RULES),
				   NULL, true, 1);
	PopActiveSnapshot();
	if (SPI_processed > 0)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("resource type \"%s\" would have more than %d policies",
							   TextDatumGetCString(ScimResultValue(0, 1, TEXTOID)),
							   SCIM_MAX_RULES)));
}

bool ScimPoliciesRefresh = false;
void (*ScimPoliciesWrittenHook)(ScimStore *store, bool changed, bool was) = NULL;
void (*ScimTenantMadeHook)(ScimStore *store) = NULL;

/* The rows that a statement has written: what a FROM clause says, with its parameters. */
typedef struct Changed
{
	const char *rows;
	const ScimParams *params; /* or NULL */
} Changed;

static const Changed written_here = {"changed", NULL};

static bool
any_changed(const Changed *changed, const char *condition)
{
	ScimSpiExecuteOnce(psprintf("SELECT FROM %s c WHERE %s", changed->rows, condition),
					   changed->params, true, 1);
	return SPI_processed > 0;
}

/* What a policy "status" shows is kept in the documents, and so are characters. */
#define KEPT_IN_DOCUMENTS \
	"c.enabled AND (c.kind = 'status' OR c.kind = 'wire' AND c.settings ? 'characters')"

static void
refresh_type(const ScimStore *store, const Changed *changed, const char *type_name)
{
	MemoryContext context = CurrentMemoryContext;

	ScimPoliciesRefresh = true;
	PG_TRY();
	{
		(void) ScimSpiExecuteOnce(
			psprintf("UPDATE %s.resource r SET status = r.status FROM %s c "
					 "WHERE " KEPT_IN_DOCUMENTS " AND r.resource_type = c.resource_type "
					 "AND r.resource_type = %s "
					 "AND r.tenant_id = coalesce(c.tenant_id, r.tenant_id) "
					 "AND r.deleted_at IS NULL",
					 store->quoted_name, changed->rows, quote_literal_cstr(type_name)),
			changed->params, false, 0);
	}
	PG_CATCH();
	{
		ScimPoliciesRefresh = false;
		/* two may have had names that differ in what the policy makes the same */
		ScimReraiseDouble(store, type_name, context);
	}
	PG_END_TRY();
	ScimPoliciesRefresh = false;
}

/*
 * The documents of who is there pass the door again, while nobody writes who may not
 * know of the policy yet.
 */
static void
refresh_documents(const ScimStore *store, const Changed *changed)
{
	List *names = NIL;
	ListCell *lc;

	ScimSpiExecuteOnce(psprintf("SELECT DISTINCT c.resource_type FROM %s c "
								"WHERE " KEPT_IN_DOCUMENTS " ORDER BY 1",
								changed->rows),
					   changed->params, true, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
		names = lappend(names, ScimResultText(i, 1));
	if (names == NIL)
		return;
	ScimLockResources(store->tables.relid[SCIM_TABLE_RESOURCE], ShareRowExclusiveLock);
	ScimTableRequireSeen(store->tables.relid[SCIM_TABLE_RESOURCE]);
	foreach (lc, names)
		refresh_type(store, changed, lfirst(lc));
}

/* Policies "managed" that are about what their owner has made, and "link". */
#define ABOUT_OWN                            \
	"c.enabled AND (c.kind = 'managed' AND " \
	"c.settings ->> 'resources' = 'own' OR c.kind = 'link')"

/*
 * Who made what is there already is known by the audit, while nobody writes who may not
 * know of the policy yet.
 */
static void
find_origins(const ScimStore *store, const Changed *changed)
{
	if (!OidIsValid(store->tables.relid[SCIM_TABLE_ORIGIN]) ||
		!any_changed(changed, ABOUT_OWN))
		return;
	ScimLockResources(store->tables.relid[SCIM_TABLE_RESOURCE], ShareRowExclusiveLock);
	ScimTableRequireSeen(store->tables.relid[SCIM_TABLE_RESOURCE]);
	(void) ScimSpiExecuteOnce(
		psprintf("INSERT INTO %1$s.origin (tenant_id, resource_id, token_id, actor) "
				 "SELECT DISTINCT ON (a.tenant_id, a.resource_id) a.tenant_id, "
				 "a.resource_id, a.token_id, a.actor "
				 "FROM %2$s c JOIN %1$s.audit a ON a.resource_type = c.resource_type "
				 "AND a.tenant_id = coalesce(c.tenant_id, a.tenant_id) "
				 "JOIN %1$s.resource r ON r.tenant_id = a.tenant_id "
				 "AND r.id = a.resource_id AND r.resource_type = a.resource_type "
				 "WHERE " ABOUT_OWN " AND a.operation = 'create' "
				 "AND (a.token_id IS NOT NULL OR a.subject IS NOT NULL) "
				 "ORDER BY a.tenant_id, a.resource_id, a.at DESC ON CONFLICT DO NOTHING",
				 store->quoted_name, changed->rows),
		changed->params, false, 0);
}

/* What compilers have to know of rows of other kinds, for whatever tenant. */
static ScimStatusRows
read_others(const ScimStore *store)
{
	ScimStatusRows others = {NIL, NIL, true};

	ScimSpiExecute(psprintf("SELECT p.resource_type, p.settings, p.kind = 'status' "
							"FROM %s.policy p "
							"WHERE p.kind IN ('status', 'reference') AND p.enabled",
							store->quoted_name),
				   NULL, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		ScimStatusRow *row = palloc(sizeof(ScimStatusRow));

		row->type_name = TextDatumGetCString(ScimResultValue(i, 1, TEXTOID));
		row->settings = DatumGetJsonbPCopy(ScimResultValue(i, 2, JSONBOID));
		if (DatumGetBool(ScimResultValue(i, 3, BOOLOID)))
			others.rows = lappend(others.rows, row);
		else
			others.references = lappend(others.references, row);
	}
	return others;
}

/* Those that a statement has written, and are on. */
static void
check_written(const ScimStore *store, bool has_been)
{
	ScimStatusRows statuses = read_others(store);
	uint64 nrows;
	SPITupleTable *rows;

	check_number(store);
	if (SPI_execute(
			has_been ? "SELECT c.resource_type, c.kind, c.settings, c.name, w.settings "
					   "FROM changed c LEFT JOIN was w ON w.id = c.id AND w.kind = "
					   "c.kind WHERE c.enabled"
					 : "SELECT resource_type, kind, settings, name, NULL::jsonb "
					   "FROM changed WHERE enabled",
			true, 0) < 0)
		elog(ERROR, "could not read the transition table of \"policy\"");
	nrows = SPI_processed;
	rows = SPI_tuptable;
	for (uint64 i = 0; i < nrows; i++)
	{
		TupleDesc desc = rows->tupdesc;
		HeapTuple row = rows->vals[i];
		const char *type_name =
			TextDatumGetCString(ScimColumnValue(row, desc, 1, TEXTOID));
		const char *kind = TextDatumGetCString(ScimColumnValue(row, desc, 2, TEXTOID));
		const char *name = TextDatumGetCString(ScimColumnValue(row, desc, 4, TEXTOID));
		bool is_new;
		Datum before = ScimColumn(row, desc, 5, JSONBOID, &is_new);
		const char *fault =
			policy_fault(store->registry, type_name, kind, name,
						 DatumGetJsonbP(ScimColumnValue(row, desc, 3, JSONBOID)),
						 is_new ? NULL : DatumGetJsonbP(before), &statuses);

		CHECK_FOR_INTERRUPTS();
		if (fault != NULL)
			ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
							errmsg("%s %s", policy_title(kind, name, type_name), fault)));
	}
}

/*
 * Raises an error where no resource could have what policies of a tenant make of nothing:
 * it is longer than what may be, or not canonical where it must.
 */
static void
check_made(const ScimRules *rules)
{
	JsonbValue *document = ScimDefaultDocument(rules);
	List *problems = NIL;
	const ListCell *lc;
	const ScimProblem *first;

	ScimGenerateDocument(rules, document);
	ScimSpellCanonicalValues(rules, NULL, document);
	ScimCheckLimits(rules->type, document, NULL, &problems);
	ScimCheckSize(rules->type, ScimJsonToJsonb(ScimJsonCopy(document)), NULL, &problems);
	foreach (lc, rules->of[SCIM_RULE_CANONICAL])
		ScimCheckCanonicalValues(((const ScimRule *) lfirst(lc))->compiled, document,
								 &problems);
	if (problems == NIL)
		return;
	first = linitial(problems);
	ereport(ERROR,
			(ScimErr(SCIM_INVALID_VALUE),
			 errmsg("policies \"default\" and \"generate\" of resource type \"%s\" would "
					"give it what it cannot have: %s",
					rules->type->name, first->message)));
}

/* The same where the policy "status" shows what is not canonical where it must be. */
static void
check_shown(const ScimRules *rules)
{
	static const TimestampTz *const no_times[SCIM_LIFE_TIMES] = {NULL};
	const ScimStatusRule *status = ScimRuleOf(rules, SCIM_RULE_STATUS);
	List *problems = NIL;

	for (int i = 0; status != NULL && i < SCIM_STATUSES; i++)
	{
		JsonbValue *document = ScimJsonNewObject();
		const ListCell *lc;

		if (ScimStatusIsGone((ScimStatus) i) ||
			(i == SCIM_STATUS_PENDING && !status->pending))
			continue;
		ScimStatusShow(status, rules->type, document, (ScimStatus) i, no_times);
		foreach (lc, rules->of[SCIM_RULE_CANONICAL])
			ScimCheckCanonicalValues(((const ScimRule *) lfirst(lc))->compiled, document,
									 &problems);
	}
	if (problems != NIL)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("policy \"status\" of resource type \"%s\" would show what "
						"it cannot have: %s",
						rules->type->name,
						((const ScimProblem *) linitial(problems))->message)));
}

/*
 * Raises an error where the policies "generate" of a tenant do not go together, or what
 * is made of nothing cannot be.
 */
static void
check_generated(ScimStore *store, int32 tenant_id)
{
	for (int i = 0; i < store->registry->ntypes; i++)
	{
		const ScimResourceType *type = &store->registry->types[i];
		const ScimRules *rules = ScimRulesFor(store, tenant_id, type);
		const char *fault = ScimGenerateFault(rules);

		if (fault != NULL)
			ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
							errmsg("policies \"generate\" of resource type \"%s\" %s",
								   type->name, fault)));
		check_made(rules);
		check_shown(rules);
	}
}

/* Kinds that make values, and the one that says which these may be. */
#define MADE_TOGETHER "kind IN ('default', 'generate', 'status', 'canonical')"

/*
 * The same for whom it may have become wrong by what a statement has written or deleted
 * of such policies, as the rows of its transition tables say (NULL: it has none): of one
 * for all tenants those who have policies of their own, too.
 */
static void
check_together(ScimStore *store, const char *changed, const char *was)
{
	List *tenants = NIL;
	ListCell *lc;

	if (SPI_execute(psprintf("SELECT DISTINCT tenant_id FROM (%s%s%s) AS w "
							 "WHERE " MADE_TOGETHER " ORDER BY tenant_id NULLS FIRST",
							 changed != NULL ? "SELECT * FROM changed" : "",
							 changed != NULL && was != NULL ? " UNION ALL " : "",
							 was != NULL ? "SELECT * FROM was" : ""),
					true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not read the transition table of \"policy\"");
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		bool every_tenant;
		Datum tenant_id = ScimResult(i, 1, INT4OID, &every_tenant);

		if (every_tenant)
		{
			tenants = lcons_int(SCIM_EVERY_TENANT, ScimTenantsWithPolicies(store));
			break;
		}
		tenants = lappend_int(tenants, DatumGetInt32(tenant_id));
	}
	foreach (lc, tenants)
	{
		CHECK_FOR_INTERRUPTS();
		check_generated(store, lfirst_int(lc));
	}
}

/* What is unique, of the types that query selects or, where it is NULL, of all. */
static void
rebuild_unique(ScimStore *store, const char *query)
{
	List *names = NIL;

	if (query != NULL)
	{
		if (SPI_execute(query, true, 0) < 0)
			elog(ERROR, "could not read the transition table of \"policy\"");
		for (uint64 i = 0; i < SPI_processed; i++)
			names = lappend(names, TextDatumGetCString(ScimResultValue(i, 1, TEXTOID)));
	}
	for (int i = 0; i < store->registry->ntypes; i++)
	{
		const ScimResourceType *type = &store->registry->types[i];
		bool wanted = query == NULL;
		const ListCell *lc;

		foreach (lc, names)
			wanted = wanted || strcmp(lfirst(lc), type->name) == 0;
		if (wanted)
			ScimUniqueRebuild(store, type);
	}
}

/* What guards have counted goes with their policies. */
static void
forget_guards(const ScimStore *store)
{
	if (OidIsValid(store->tables.relid[SCIM_TABLE_GUARD]))
		ScimSpiExecute(psprintf("DELETE FROM %1$s.guard g WHERE NOT EXISTS "
								"(SELECT FROM %1$s.policy p WHERE p.id = g.policy_id)",
								store->quoted_name),
					   NULL, false, 0);
}

/* Roles are those of all nodes, and are made on the one where something is written. */
static void
refuse_roles(const ScimStore *store, const char *table)
{
	if (SPI_execute(psprintf("SELECT name FROM %s WHERE kind = 'database_roles' "
							 "AND enabled",
							 table),
					true, 1) != SPI_OK_SELECT)
		elog(ERROR, "could not read the transition table of \"policy\"");
	if (SPI_processed > 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("store \"%s\" is distributed, and can have no policy \"%s\" of "
						"kind database_roles",
						store->name, TextDatumGetCString(ScimResultValue(0, 1, TEXTOID))),
				 errdetail("The roles of a cluster are those of all its nodes, and are "
						   "not made on one.")));
}

/* A value of a query with one row; NULL: null. */
static char *
text_of(const char *query)
{
	bool isnull;
	Datum value;

	if (SPI_execute(query, true, 1) != SPI_OK_SELECT || SPI_processed != 1)
		elog(ERROR, "could not read the transition table of \"policy\"");
	value = ScimResult(0, 1, TEXTOID, &isnull);
	return isnull ? NULL : TextDatumGetCString(value);
}

/* What is stored on the nodes of a cluster follows there. */
static void
follow_on_nodes(ScimStore *store, bool has_changed, bool has_been, bool writes)
{
	char *changed = NULL;
	char *unique;

	if (has_changed)
	{
		refuse_roles(store, "changed");
		changed = text_of("SELECT jsonb_agg(to_jsonb(c))::text FROM changed c "
						  "WHERE " KEPT_IN_DOCUMENTS " OR " ABOUT_OWN);
	}
	unique = text_of(psprintf(
		"SELECT array_agg(DISTINCT u.resource_type)::text FROM (%s%s%s) u",
		has_changed ? "SELECT resource_type FROM changed WHERE kind = 'unique'" : "",
		has_changed && has_been ? " UNION " : "",
		has_been ? "SELECT resource_type FROM was WHERE kind = 'unique'" : ""));
	ScimRefuseUniqueOverTenants(store);
	if (changed != NULL || unique != NULL || !writes)
		ScimFollowPolicies(store, changed, unique, !writes);
}

/* Does what follow_on_nodes asks for, for the shards of a tenant. */
static void
follow_here(ScimStore *store, Jsonb *changed, ArrayType *unique, bool deleted)
{
	ScimParams params;
	Datum *names = NULL;
	int n = 0;

	if (changed != NULL)
	{
		Changed written = {
			psprintf("jsonb_populate_recordset(NULL::%s.policy, $1)", store->quoted_name),
			&params};

		ScimParamsInit(&params);
		ScimParamsAdd(&params, JSONBOID, JsonbPGetDatum(changed), false);
		refresh_documents(store, &written);
		find_origins(store, &written);
	}
	if (unique != NULL)
		deconstruct_array(unique, TEXTOID, -1, false, TYPALIGN_INT, &names, NULL, &n);
	for (int i = 0; i < n; i++)
	{
		const ScimResourceType *type =
			ScimRegistryType(store->registry, TextDatumGetCString(names[i]));

		if (type != NULL)
			ScimUniqueRebuild(store, type);
	}
	if (deleted)
		forget_guards(store);
}

/*
 * scim_internal.follow_policies(changed jsonb, unique_types text[], deleted boolean)
 * returns void
 */
Datum
scim_follow_policies(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreOfShards();
	ScimIdentity caller = ScimBeOwner(store->owner);

	SPI_connect();
	follow_here(store, PG_ARGISNULL(0) ? NULL : PG_GETARG_JSONB_P(0),
				PG_ARGISNULL(1) ? NULL : PG_GETARG_ARRAYTYPE_P(1), PG_GETARG_BOOL(2));
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_VOID();
}

/*
 * ScimPoliciesCheckWritten raises an error where one of those that a statement has
 * written cannot work; one that is off may be anything.  What is unique by policies
 * that the statement has written, changed or deleted is made anew.
 */
void
ScimPoliciesCheckWritten(const TriggerData *trigger, ScimStore *store)
{
	const char *changed = trigger->tg_trigger->tgnewtable;
	const char *was = trigger->tg_trigger->tgoldtable;
	bool writes = TRIGGER_FIRED_BY_INSERT(trigger->tg_event) ||
				  TRIGGER_FIRED_BY_UPDATE(trigger->tg_event);
	ScimIdentity caller;

	if (changed == NULL && writes)
	{
		/* a store of version 0.1.0 */
		ScimPoliciesCheck(store, true);
		return;
	}
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	if (changed != NULL || was != NULL)
		ScimUseChanged(trigger);
	if (ScimIsSpread(store))
	{
		if (changed != NULL)
			check_written(store, was != NULL);
		if (changed != NULL || was != NULL)
		{
			check_together(store, changed, was);
			follow_on_nodes(store, changed != NULL, was != NULL, writes);
		}
		SPI_finish();
		ScimBeCaller(caller);
		return;
	}
	if (changed != NULL)
	{
		check_written(store, was != NULL);
		check_together(store, changed, was);
		refresh_documents(store, &written_here);
		find_origins(store, &written_here);
	}
	else if (was != NULL)
		check_together(store, NULL, was);
	if (changed != NULL && was != NULL)
		rebuild_unique(store,
					   "SELECT resource_type FROM changed WHERE kind = 'unique' "
					   "UNION SELECT resource_type FROM was WHERE kind = 'unique'");
	else if (changed != NULL)
		rebuild_unique(store, "SELECT DISTINCT resource_type FROM changed "
							  "WHERE kind = 'unique'");
	else if (was != NULL)
		rebuild_unique(store, "SELECT DISTINCT resource_type FROM was "
							  "WHERE kind = 'unique'");
	else
		rebuild_unique(store, NULL);
	if (!writes)
		forget_guards(store);
	if (ScimPoliciesWrittenHook != NULL && (changed != NULL || was != NULL))
		ScimPoliciesWrittenHook(store, changed != NULL, was != NULL);
	SPI_finish();
	ScimBeCaller(caller);
}

/* Faults of those that could not work before a statement, char *, with their titles. */
static List *broken_before = NIL;

static void
forget_broken(void *arg)
{
	broken_before = NIL;
}

/* What is wrong with one that is on, with its title; NULL: nothing. */
static const char *
fault_with_title(const ScimStore *store, const ScimPolicy *policy)
{
	ScimStatusRows statuses = {NIL, NIL, false}; /* of which schemas say nothing */
	const char *fault =
		!policy->enabled
			? NULL
			: policy_fault(store->registry, policy->resource_type, policy->kind,
						   policy->name, policy->settings, policy->settings, &statuses);

	return fault == NULL
			   ? NULL
			   : psprintf("%s would not work: it %s",
						  policy_title(policy->kind, policy->name, policy->resource_type),
						  fault);
}

/*
 * ScimPoliciesNoteBroken notes which do not work before a statement changes schemas:
 * in these there is nothing left to break.
 */
void
ScimPoliciesNoteBroken(ScimStore *store)
{
	MemoryContext old;
	MemoryContextCallback *callback;
	ListCell *lc;
	List *broken = NIL;

	foreach (lc, ScimPoliciesAll(store))
	{
		const char *fault = fault_with_title(store, lfirst(lc));

		CHECK_FOR_INTERRUPTS();
		if (fault != NULL)
			broken = lappend(broken, (void *) fault);
	}
	broken_before = NIL;
	if (broken == NIL)
		return;
	old = MemoryContextSwitchTo(TopTransactionContext);
	foreach (lc, broken)
		broken_before = lappend(broken_before, pstrdup(lfirst(lc)));
	callback = palloc0(sizeof(MemoryContextCallback));
	callback->func = forget_broken;
	MemoryContextRegisterResetCallback(TopTransactionContext, callback);
	MemoryContextSwitchTo(old);
}

/*
 * ScimPoliciesCheck raises an error where a change of schemas has left one without
 * what it names, or a warning where it is by force.
 */
void
ScimPoliciesCheck(ScimStore *store, bool refuse)
{
	ListCell *lc;

	foreach (lc, ScimPoliciesAll(store))
	{
		const char *fault = fault_with_title(store, lfirst(lc));
		bool known = false;
		ListCell *cell;

		CHECK_FOR_INTERRUPTS();
		foreach (cell, broken_before)
			known = known || (fault != NULL && strcmp(lfirst(cell), fault) == 0);
		if (fault != NULL && !known)
			ereport(refuse ? ERROR : WARNING,
					(errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST), errmsg("%s", fault),
					 errhint("Change the policy first, or switch it off.")));
	}
}
