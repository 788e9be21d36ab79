/*
 * rules.c
 *		The policies of a store, compiled for each resource type and tenant.
 *
 * They live with the cached store.  A tenant without policies of its own shares
 * those for all tenants.  The policies of a tenant are read when they are asked for
 * first: a store may have very many tenants, and is read anew after each change of what
 * it is configured to be.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "json/json.h"
#include "policy/policy.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/store.h"

/* Without padding, which would be compared, too. */
typedef struct RulesKey
{
	int64 tenant_id;
	const ScimResourceType *type;
} RulesKey;

typedef struct RulesEntry
{
	RulesKey key;
	List *own;              /* of ScimPolicy *, by name, of a tenant: type NULL */
	const ScimRules *rules; /* of a type; NULL: not compiled yet */
} RulesEntry;

/* The rows of "policy" of which condition is true, by name; SPI is connected. */
static List *
read_policies(const ScimStore *store, const char *condition, const ScimParams *params,
			  MemoryContext context)
{
	/* stores of versions before 0.3.0 have no such column */
	bool named = get_attnum(store->tables.relid[SCIM_TABLE_POLICY], "name") > 0;
	List *policies = NIL;
	char *query = psprintf("SELECT tenant_id, resource_type, kind, enabled, settings, "
						   "%s, %s FROM %s.policy WHERE %s ORDER BY 6",
						   named ? "name" : "kind", named ? "id" : "NULL::uuid",
						   store->quoted_name, condition);

	ScimSpiExecute(query, params, true, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(context);
		ScimPolicy *policy = palloc0(sizeof(ScimPolicy));
		Datum tenant_id = ScimResult(i, 1, INT4OID, &policy->every_tenant);

		CHECK_FOR_INTERRUPTS();
		if (!policy->every_tenant)
			policy->tenant_id = DatumGetInt32(tenant_id);
		policy->resource_type = TextDatumGetCString(ScimResultValue(i, 2, TEXTOID));
		policy->kind = TextDatumGetCString(ScimResultValue(i, 3, TEXTOID));
		policy->enabled = DatumGetBool(ScimResultValue(i, 4, BOOLOID));
		policy->settings =
			(Jsonb *) PG_DETOAST_DATUM_COPY(ScimResultValue(i, 5, JSONBOID));
		policy->name = TextDatumGetCString(ScimResultValue(i, 6, TEXTOID));
		if (named)
			policy->id = *DatumGetUUIDP(ScimResultValue(i, 7, UUIDOID));
		policies = lappend(policies, policy);
		MemoryContextSwitchTo(old);
	}
	return policies;
}

/*
 * ScimPoliciesRead reads what a store has of its policies from the start: those for all
 * tenants, and of which kinds there are any.  As the owner of the store, by SPI.
 */
void
ScimPoliciesRead(ScimStore *store)
{
	store->policies = read_policies(store, "tenant_id IS NULL", NULL, store->context);
	ScimSpiExecute(
		psprintf("SELECT DISTINCT kind FROM %s.policy WHERE enabled", store->quoted_name),
		NULL, true, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		ScimRuleKind kind;

		if (ScimRuleKindByName(TextDatumGetCString(ScimResultValue(i, 1, TEXTOID)),
							   &kind))
			store->kinds |= UINT64CONST(1) << kind;
	}
}

/*
 * What is read later is read by the snapshot that the store was read by: the newest, but
 * in a parallel query, which can take none.  SPI is connected between these two.
 */
static ScimIdentity
begin_reading(ScimStore *store)
{
	ScimIdentity caller = ScimBeReader(store->owner);

	if (IsInParallelMode())
		store->parallel = true;
	PushActiveSnapshot(IsInParallelMode() ? GetActiveSnapshot() : GetLatestSnapshot());
	SPI_connect();
	return caller;
}

static void
end_reading(ScimIdentity caller)
{
	SPI_finish();
	PopActiveSnapshot();
	ScimBeCaller(caller);
}

/* ScimPoliciesAll: ScimPolicy * of all tenants, by name, in the current memory context.
 */
List *
ScimPoliciesAll(ScimStore *store)
{
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller = begin_reading(store);
	List *policies = read_policies(store, "true", NULL, context);

	end_reading(caller);
	return policies;
}

/* ScimTenantsWithPolicies: who has policies of his own: int, each once, in order. */
List *
ScimTenantsWithPolicies(ScimStore *store)
{
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller = begin_reading(store);
	MemoryContext old;
	List *tenants = NIL;

	ScimSpiExecute(psprintf("SELECT DISTINCT tenant_id FROM %s.policy "
							"WHERE tenant_id IS NOT NULL ORDER BY tenant_id",
							store->quoted_name),
				   NULL, true, 0);
	old = MemoryContextSwitchTo(context);
	for (uint64 i = 0; i < SPI_processed; i++)
		tenants = lappend_int(tenants, DatumGetInt32(ScimResultValue(i, 1, INT4OID)));
	MemoryContextSwitchTo(old);
	end_reading(caller);
	return tenants;
}

/* ScimPoliciesOfTenant: those that are of a tenant alone, by name. */
const List *
ScimPoliciesOfTenant(ScimStore *store, int32 tenant_id)
{
	RulesKey key = {tenant_id, NULL};
	RulesEntry *entry;
	List *own = NIL;

	if (store->rules == NULL)
	{
		HASHCTL control = {.keysize = sizeof(RulesKey),
						   .entrysize = sizeof(RulesEntry),
						   .hcxt = store->context};

		store->rules = hash_create("scim rules", 16, &control,
								   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	if (tenant_id == SCIM_EVERY_TENANT)
		return NIL;
	entry = hash_search(store->rules, &key, HASH_FIND, NULL);
	if (entry == NULL)
	{
		ScimIdentity caller;
		ScimParams params;

		ScimParamsInit(&params);
		ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
		caller = begin_reading(store);
		own = read_policies(store, "tenant_id = $1", &params, store->context);
		end_reading(caller);
		entry = hash_search(store->rules, &key, HASH_ENTER, NULL);
		entry->own = own;
		entry->rules = NULL;
	}
	return entry->own;
}

/* A tenant's row goes before the row of the same name for all tenants. */
static bool
is_replaced(const List *own, const ScimPolicy *policy)
{
	const ListCell *lc;

	foreach (lc, own)
	{
		const ScimPolicy *other = lfirst(lc);

		if (strcmp(other->resource_type, policy->resource_type) == 0 &&
			strcmp(other->kind, policy->kind) == 0 &&
			strcmp(other->name, policy->name) == 0)
			return true;
	}
	return false;
}

static int
by_name(const ListCell *a, const ListCell *b)
{
	return strcmp(((const ScimPolicy *) lfirst(a))->name,
				  ((const ScimPolicy *) lfirst(b))->name);
}

/* What holds in a tenant, of whatever type and kind, in the order of their names. */
static List *
policies_in_force(ScimStore *store, int32 tenant_id)
{
	const List *own = ScimPoliciesOfTenant(store, tenant_id);
	List *policies = NIL;
	const ListCell *lc;

	foreach (lc, store->policies)
	{
		ScimPolicy *policy = lfirst(lc);

		if (policy->enabled && !is_replaced(own, policy))
			policies = lappend(policies, policy);
	}
	foreach (lc, own)
	{
		ScimPolicy *policy = lfirst(lc);

		if (policy->enabled)
			policies = lappend(policies, policy);
	}
	list_sort(policies, by_name);
	return policies;
}

/* Those of a kind: ScimStatusRow *. */
static List *
rows_of(const List *policies, ScimRuleKind kind)
{
	List *rows = NIL;
	const ListCell *lc;

	foreach (lc, policies)
	{
		const ScimPolicy *policy = lfirst(lc);
		ScimStatusRow *row;

		if (strcmp(policy->kind, ScimPolicyKinds[kind].name) != 0)
			continue;
		row = palloc(sizeof(ScimStatusRow));
		row->type_name = policy->resource_type;
		row->settings = policy->settings;
		rows = lappend(rows, row);
	}
	return rows;
}

/* What is compiled, and for whom. */
typedef struct Compiling
{
	const ScimStore *store;
	const List *policies; /* that hold there */
	ScimRules *rules;
} Compiling;

static void
compile_all(void *arg)
{
	Compiling *compiling = arg;
	const ScimStore *store = compiling->store;
	ScimRules *rules = compiling->rules;
	const ScimResourceType *type = rules->type;
	ScimStatusRows statuses = {rows_of(compiling->policies, SCIM_RULE_STATUS),
							   rows_of(compiling->policies, SCIM_RULE_REFERENCE), false};
	const ListCell *lc;

	foreach (lc, compiling->policies)
	{
		const ScimPolicy *policy = lfirst(lc);
		ScimRuleKind kind;
		ScimRule *rule;
		const char *fault;
		void *compiled;

		if (strcmp(policy->resource_type, type->name) != 0 ||
			!ScimRuleKindByName(policy->kind, &kind))
			continue;
		compiled = ScimRuleCompile(store->registry, policy->resource_type, kind,
								   policy->name, policy->settings, &statuses, &fault);
		if (fault != NULL)
			continue;
		rule = palloc(sizeof(ScimRule));
		rule->name = policy->name;
		rule->id = policy->id;
		rule->compiled = compiled;
		rules->of[kind] = lappend(rules->of[kind], rule);
	}
	ScimStatusNamesStored(rules);
}

/*
 * In the current memory context.  What has been left without what it names, by force,
 * is passed over; limits that came down, or that a session has of its own, are none for
 * what holds already.
 */
static ScimRules *
compile_rules(ScimStore *store, int32 tenant_id, const ScimResourceType *type)
{
	ScimRules *rules = palloc0(sizeof(ScimRules));
	List *policies = policies_in_force(store, tenant_id);
	Compiling compiling = {store, policies, rules};

	rules->type = type;
	(void) ScimFilterWithin(&ScimFilterLimitsWidest, compile_all, &compiling);
	list_free(policies);
	return rules;
}

/*
 * ScimRulesFor gives what holds for a resource type in a tenant.  It lives as long as
 * the store is cached.
 */
const ScimRules *
ScimRulesFor(ScimStore *store, int32 tenant_id, const ScimResourceType *type)
{
	RulesKey key = {tenant_id, NULL};
	RulesEntry *entry;
	bool found;

	if (ScimPoliciesOfTenant(store, tenant_id) == NIL)
		key.tenant_id = SCIM_EVERY_TENANT;
	key.type = type;
	entry = hash_search(store->rules, &key, HASH_ENTER, &found);
	if (!found)
		entry->rules = NULL;
	if (entry->rules == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(store->context);

		entry->own = NIL;
		entry->rules = compile_rules(store, key.tenant_id, type);
		MemoryContextSwitchTo(old);
	}
	return entry->rules;
}

/* ScimRuleAny: is a policy of a kind on, for whatever type and tenant? */
bool
ScimRuleAny(const ScimStore *store, ScimRuleKind kind)
{
	return (store->kinds & UINT64CONST(1) << kind) != 0;
}
