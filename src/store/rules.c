/*
 * rules.c
 *		The policies of a store, compiled for each resource type and tenant.
 *
 * They live with the cached store.  A tenant without policies of its own shares
 * those for all tenants.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

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
	const ScimRules *rules; /* NULL: not compiled yet */
} RulesEntry;

/* ScimPoliciesRead reads what store->policies is, as the owner of the store, by SPI. */
List *
ScimPoliciesRead(const ScimStore *store, MemoryContext context)
{
	/* stores of versions before 0.3.0 have no such column */
	bool named = get_attnum(store->tables.relid[SCIM_TABLE_POLICY], "name") > 0;
	List *policies = NIL;
	char *query = psprintf("SELECT tenant_id, resource_type, kind, enabled, settings, "
						   "%s, %s FROM %s.policy ORDER BY 6",
						   named ? "name" : "kind", named ? "id" : "NULL::uuid",
						   store->quoted_name);

	ScimSpiExecute(query, NULL, true, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(context);
		ScimPolicy *policy = palloc0(sizeof(ScimPolicy));
		Datum tenant_id = ScimResult(i, 1, INT4OID, &policy->every_tenant);

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

/* A tenant's row goes before the row of the same name for all tenants. */
static bool
is_replaced(const ScimStore *store, const ScimPolicy *policy, int32 tenant_id)
{
	ListCell *lc;

	foreach (lc, store->policies)
	{
		const ScimPolicy *other = lfirst(lc);

		if (!other->every_tenant && other->tenant_id == tenant_id &&
			strcmp(other->resource_type, policy->resource_type) == 0 &&
			strcmp(other->kind, policy->kind) == 0 &&
			strcmp(other->name, policy->name) == 0)
			return true;
	}
	return false;
}

/* Does a policy hold in a tenant, of whatever type and kind? */
static bool
holds(const ScimStore *store, const ScimPolicy *policy, int32 tenant_id)
{
	return policy->enabled &&
		   (policy->every_tenant ? !is_replaced(store, policy, tenant_id)
								 : policy->tenant_id == tenant_id);
}

/* The rows of a kind that hold in a tenant: ScimStatusRow *. */
static List *
rows_of(const ScimStore *store, int32 tenant_id, ScimRuleKind kind)
{
	List *rows = NIL;
	ListCell *lc;

	foreach (lc, store->policies)
	{
		const ScimPolicy *policy = lfirst(lc);
		ScimStatusRow *row;

		if (strcmp(policy->kind, ScimPolicyKinds[kind].name) != 0 ||
			!holds(store, policy, tenant_id))
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
	int32 tenant_id;
	ScimRules *rules;
} Compiling;

static void
compile_all(void *arg)
{
	Compiling *compiling = arg;
	const ScimStore *store = compiling->store;
	int32 tenant_id = compiling->tenant_id;
	ScimRules *rules = compiling->rules;
	const ScimResourceType *type = rules->type;
	ScimStatusRows statuses = {rows_of(store, tenant_id, SCIM_RULE_STATUS),
							   rows_of(store, tenant_id, SCIM_RULE_REFERENCE), false};
	ListCell *lc;

	foreach (lc, store->policies)
	{
		const ScimPolicy *policy = lfirst(lc);
		ScimRuleKind kind;
		ScimRule *rule;
		const char *fault;
		void *compiled;

		if (strcmp(policy->resource_type, type->name) != 0 ||
			!ScimRuleKindByName(policy->kind, &kind) || !holds(store, policy, tenant_id))
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
compile_rules(const ScimStore *store, int32 tenant_id, const ScimResourceType *type)
{
	ScimRules *rules = palloc0(sizeof(ScimRules));
	Compiling compiling = {store, tenant_id, rules};

	rules->type = type;
	(void) ScimFilterWithin(&ScimFilterLimitsWidest, compile_all, &compiling);
	return rules;
}

/* An empty table, but for the tenants that have policies of their own: type NULL. */
static HTAB *
make_table(const ScimStore *store)
{
	HASHCTL control = {.keysize = sizeof(RulesKey),
					   .entrysize = sizeof(RulesEntry),
					   .hcxt = store->context};
	HTAB *table =
		hash_create("scim rules", 16, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	ListCell *lc;

	foreach (lc, store->policies)
	{
		const ScimPolicy *policy = lfirst(lc);
		RulesKey key = {policy->tenant_id, NULL};

		if (!policy->every_tenant)
			((RulesEntry *) hash_search(table, &key, HASH_ENTER, NULL))->rules = NULL;
	}
	return table;
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

	if (store->rules == NULL)
		store->rules = make_table(store);
	if (hash_search(store->rules, &key, HASH_FIND, NULL) == NULL)
		key.tenant_id = SCIM_EVERY_TENANT;
	key.type = type;
	entry = hash_search(store->rules, &key, HASH_ENTER, &found);
	if (!found)
		entry->rules = NULL;
	if (entry->rules == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(store->context);

		entry->rules = compile_rules(store, key.tenant_id, type);
		MemoryContextSwitchTo(old);
	}
	return entry->rules;
}

/* ScimRuleAny: is a policy of a kind on, for whatever type and tenant? */
bool
ScimRuleAny(const ScimStore *store, ScimRuleKind kind)
{
	ListCell *lc;

	foreach (lc, store->policies)
	{
		const ScimPolicy *policy = lfirst(lc);

		if (policy->enabled && strcmp(policy->kind, ScimPolicyKinds[kind].name) == 0)
			return true;
	}
	return false;
}
