/*
 * recheck.c
 *		The stored resources against a registry that has changed.
 *
 * Every resource of a type that changed must be valid, or the change is refused.
 * One that is valid but not canonical any more, since a single value has become a
 * list for instance, is rewritten.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "json/json.h"
#include "store/configuration/registry.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/store.h"

/* How many resources an error names. */
#define MAX_NAMED 5
/* What is wrong with the stored resources. */
typedef struct Findings
{
	int64 invalid;
	StringInfoData named; /* the first of them, one per line */
	List *changed;        /* of ResourceKey *: valid, but not canonical any more */
} Findings;

typedef struct ResourceKey
{
	const ScimResourceType *type;
	int32 tenant_id;
	pg_uuid_t id;
} ResourceKey;

/* What the rows of a type are checked with. */
typedef struct TypeCheck
{
	ScimStore *store;
	const ScimResourceType *type;
	Findings *findings;
	MemoryContext context; /* of the findings */
} TypeCheck;

static void
check_row(void *arg, HeapTuple tuple, TupleDesc desc)
{
	const TypeCheck *check = arg;
	const ScimResourceType *type = check->type;
	Findings *findings = check->findings;
	int32 tenant_id = DatumGetInt32(ScimColumnValue(tuple, desc, 1, INT4OID));
	const pg_uuid_t *id = DatumGetUUIDP(ScimColumnValue(tuple, desc, 2, UUIDOID));
	Jsonb *data = DatumGetJsonbP(ScimColumnValue(tuple, desc, 3, JSONBOID));
	JsonbValue *document = ScimStoredDocument(type, data);
	List *problems = NIL;
	JsonbValue *canonical = ScimCanonicalise(
		type, document, SCIM_BY_SERVICE | SCIM_OF_STORED | SCIM_ALL_KNOWN, &problems);
	MemoryContext old;

	if (problems != NIL)
	{
		const ScimProblem *problem = linitial(problems);

		if (findings->invalid++ < MAX_NAMED)
			appendStringInfo(&findings->named, "%s%s %s: %s",
							 findings->named.len > 0 ? "\n" : "", type->name,
							 ScimUuidText(id), problem->message);
	}
	else if (!ScimJsonEqual(ScimJsonFromJsonb(data), canonical))
	{
		ResourceKey *key;

		old = MemoryContextSwitchTo(check->context);
		key = palloc(sizeof(ResourceKey));
		key->type = type;
		key->tenant_id = tenant_id;
		key->id = *id;
		findings->changed = lappend(findings->changed, key);
		MemoryContextSwitchTo(old);
	}
	ScimUniqueChange(check->store, tenant_id, type, id, NULL, data, true);
}

static void
check_rows(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	ScimUseEachRow(check_row, arg, rows, nrows, desc);
}

/* Every resource of a type that can be seen, against the registry as it is now. */
static void
check_type(ScimStore *store, const ScimResourceType *type, Findings *findings)
{
	TypeCheck check = {store, type, findings, CurrentMemoryContext};

	ScimUniqueForget(store->quoted_name, type->name);
	ScimSpiForEach(psprintf("SELECT tenant_id, id, data FROM %s.resource "
							"WHERE resource_type = %s AND deleted_at IS NULL "
							"ORDER BY tenant_id, id",
							store->quoted_name, quote_literal_cstr(type->name)),
				   NULL, false, check_rows, &check);
}

/* The change is refused. */
static void
report(const Findings *findings)
{
	ereport(
		ERROR,
		(errcode(ERRCODE_CHECK_VIOLATION),
		 errmsg_plural(INT64_FORMAT " stored resource would not be valid",
					   INT64_FORMAT " stored resources would not be valid",
					   findings->invalid, findings->invalid),
		 errdetail_internal("%s%s", findings->named.data,
							findings->invalid > MAX_NAMED ? "\n..." : ""),
		 errhint("Change them first. Or register the schema or resource type by itself "
				 "with force => true: then they stay as they are, and later changes are "
				 "held to the new rules in what they change.")));
}

static void
rewrite_resource(const ScimStore *store, const ResourceKey *key)
{
	MemoryContext context = CurrentMemoryContext;
	ScimParams params;

	ScimParamsOfResource(&params, key->tenant_id, &key->id);
	PG_TRY();
	{
		ScimSpiExecute(psprintf("UPDATE %s.resource SET data = data "
								"WHERE resource_type = %s AND tenant_id = $1 AND id = $2",
								store->quoted_name, quote_literal_cstr(key->type->name)),
					   &params, false, 0);
	}
	PG_CATCH();
	{
		ScimReraiseDouble(store, key->type->name, context);
	}
	PG_END_TRY();
}

/* Through the door of "resource", which makes them canonical. */
static void
rewrite_resources(ScimStore *store, List *keys)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext context =
		AllocSetContextCreate(caller, "scim registry rewrite", ALLOCSET_DEFAULT_SIZES);
	ListCell *lc;

	foreach (lc, keys)
	{
		CHECK_FOR_INTERRUPTS();
		MemoryContextSwitchTo(context);
		rewrite_resource(store, lfirst(lc));
		MemoryContextSwitchTo(caller);
		MemoryContextReset(context);
	}
	MemoryContextDelete(context);
}

/*
 * ScimRecheckResources checks the stored resources of a store's types (a list of
 * const ScimResourceType *) and rewrites those that are not canonical any more.
 * refuse: raise an error where one is not valid, else leave it as it is.  That two
 * have a value which must be unique is an error in any case.
 */
void
ScimRecheckResources(ScimStore *store, List *types, bool refuse)
{
	Findings findings = {0};
	ListCell *lc;

	initStringInfo(&findings.named);
	foreach (lc, types)
		check_type(store, lfirst(lc), &findings);
	if (findings.invalid > 0 && refuse)
		report(&findings);
	rewrite_resources(store, findings.changed);
}
