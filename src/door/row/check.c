/*
 * check.c
 *		What a document must obey beyond its schemas: the store's policies.
 *
 * A policy that comes later binds what a write changes: what was wrong before and
 * stays as it was is no problem of the write (schema/canonical/problem.c).
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "door/row/row.h"
#include "json/json.h"
#include "policy/policy.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/store.h"

static List *check_values(const ScimRules *rules, const JsonbValue *document, bool quote);
static List *all_references(const ScimRules *rules, const JsonbValue *document);
static List *check_references(ScimStore *store, int32 tenant_id, const ScimRules *rules,
							  const JsonbValue *document, const JsonbValue *old_document,
							  const pg_uuid_t *own_id, ScimTargets *targets);
static List *
other_references(const ScimResourceType *type, List *references, const pg_uuid_t *own_id);
static void look_up(ScimStore *store, int32 tenant_id, List *references, int start,
					int end, ScimTargets *targets, List **problems);
static void set_rule(List *problems, const char *rule);

/*
 * ScimCheckPolicies appends what is wrong with a canonical document by the
 * policies "identity" and "canonical", and what is not wrong with old_document (NULL
 * for a new resource) too.  No rule keeps the store from what it writes itself.
 */
void
ScimCheckPolicies(ScimStore *store, int32 tenant_id, const ScimResourceType *type,
				  const JsonbValue *document, const JsonbValue *old_document,
				  List **problems)
{
	const ScimRules *rules = ScimRulesFor(store, tenant_id, type);
	bool quote = ScimScopeProvedReads(store, type->name);
	List *found = ScimIsStoreWrite() ? NIL : check_values(rules, document, quote);

	if (found != NIL && old_document != NULL)
		found = ScimProblemsOfWrite(found, check_values(rules, old_document, quote));
	*problems = list_concat(*problems, found);
}

/*
 * ScimCheckReferences does so by the policies "reference".  Who refers to himself, by
 * his own id (NULL: he has none), is there.  With targets, what is referred to stays
 * until the end of the transaction.
 */
void
ScimCheckReferences(ScimStore *store, int32 tenant_id, const ScimResourceType *type,
					const JsonbValue *document, const JsonbValue *old_document,
					const pg_uuid_t *own_id, ScimTargets *targets, List **problems)
{
	*problems =
		list_concat(*problems, check_references(store, tenant_id,
												ScimRulesFor(store, tenant_id, type),
												document, old_document, own_id, targets));
}

/* What a document alone shows: the policies "identity" and "canonical". */
static List *
check_values(const ScimRules *rules, const JsonbValue *document, bool quote)
{
	List *identity = NIL;
	List *canonical = NIL;
	const ListCell *lc;

	if (rules->of[SCIM_RULE_IDENTITY] != NIL)
		ScimCheckIdentity(rules, document, quote, &identity);
	foreach (lc, rules->of[SCIM_RULE_CANONICAL])
		ScimCheckCanonicalValues(((const ScimRule *) lfirst(lc))->compiled, document,
								 &canonical);
	set_rule(identity, "identity");
	set_rule(canonical, "canonical");
	return list_concat(identity, canonical);
}

static List *
all_references(const ScimRules *rules, const JsonbValue *document)
{
	List *references = NIL;
	const ListCell *lc;

	foreach (lc, rules->of[SCIM_RULE_REFERENCE])
		references = list_concat(
			references,
			ScimReferences(((const ScimRule *) lfirst(lc))->compiled, document));
	return references;
}

static List *
check_references(ScimStore *store, int32 tenant_id, const ScimRules *rules,
				 const JsonbValue *document, const JsonbValue *old_document,
				 const pg_uuid_t *own_id, ScimTargets *targets)
{
	List *references;
	List *problems = NIL;
	int start = 0;

	if (rules->of[SCIM_RULE_REFERENCE] == NIL)
		return NIL;
	references = all_references(rules, document);
	if (references != NIL && old_document != NULL)
		references = ScimProblemsOfWrite(references, all_references(rules, old_document));
	if (own_id != NULL)
		references = other_references(rules->type, references, own_id);
	/* those of an attribute stand together */
	for (int i = 1; i <= list_length(references); i++)
	{
		const ScimReference *first = list_nth(references, start);

		if (i < list_length(references) &&
			((const ScimReference *) list_nth(references, i))->rule == first->rule)
			continue;
		look_up(store, tenant_id, references, start, i, targets, &problems);
		start = i;
	}
	set_rule(problems, "reference");
	return problems;
}

static bool
is_target(const ScimValueRule *rule, const ScimResourceType *type)
{
	const ListCell *lc;

	foreach (lc, rule->targets)
	{
		if (strcmp(lfirst(lc), type->name) == 0)
			return true;
	}
	return false;
}

/* References without those of a resource to itself. */
static List *
other_references(const ScimResourceType *type, List *references, const pg_uuid_t *own_id)
{
	List *others = NIL;
	const ListCell *lc;

	foreach (lc, references)
	{
		const ScimReference *reference = lfirst(lc);
		pg_uuid_t id;

		if (!ScimReferenceId(reference->value, &id) ||
			memcmp(&id, own_id, sizeof(pg_uuid_t)) != 0 ||
			!is_target(reference->rule, type))
			others = lappend(others, (void *) reference);
	}
	return others;
}

/* Append those of references start to end - 1, all of one rule, that lead nowhere. */
static void
look_up(ScimStore *store, int32 tenant_id, List *references, int start, int end,
		ScimTargets *targets, List **problems)
{
	const ScimReference *first = list_nth(references, start);
	pg_uuid_t *ids = palloc(sizeof(pg_uuid_t) * (end - start));
	bool *valid = palloc(end - start);
	bool *known = palloc0(end - start);
	Datum *wanted = palloc(sizeof(Datum) * (end - start));
	int nwanted = 0;
	pg_uuid_t *found = NULL;
	uint64 nfound = 0;

	for (int i = 0; i < end - start; i++)
	{
		const ScimReference *reference = list_nth(references, start + i);

		valid[i] = ScimReferenceId(reference->value, &ids[i]);
		if (valid[i] && targets != NULL)
			(void) ScimTargetsFind(targets, first->rule, &ids[i], &known[i]);
		if (valid[i] && !known[i])
			wanted[nwanted++] = UUIDPGetDatum(&ids[i]);
	}
	if (nwanted > 0)
		found = ScimExistingIds(store, tenant_id, first->rule->targets, wanted, nwanted,
								targets != NULL, &nfound);
	for (int i = 0; i < end - start; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (known[i])
			continue;
		if (!valid[i] || !ScimHasId(found, nfound, &ids[i]))
			*problems = lappend(*problems, list_nth(references, start + i));
		else if (targets != NULL)
			/* it stays: this transaction has locked it */
			ScimTargetsPut(targets, first->rule, &ids[i], true);
	}
}

/*
 * ScimExistingIds finds which of some ids are those of resources of one of some
 * types that are there.  lock: they stay until the end of the transaction.  The
 * result is for ScimHasId.
 */
pg_uuid_t *
ScimExistingIds(ScimStore *store, int32 tenant_id, const List *targets, Datum *wanted,
				int nwanted, bool lock, uint64 *nfound)
{
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller = ScimBeOwner(store->owner);
	ScimParams params;
	pg_uuid_t *found;

	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	/* of one id the planner knows how few rows there are, and keeps its plan */
	if (nwanted == 1)
		ScimParamsAdd(&params, UUIDOID, wanted[0], false);
	else
		ScimParamsAdd(&params, UUIDARRAYOID, ScimArray(wanted, NULL, nwanted, UUIDOID),
					  false);
	/* deleted_at as a condition would make the planner prefer a partial index */
	ScimSpiExecute(psprintf("SELECT r.id, r.deleted_at IS NULL FROM %s.resource r "
							"WHERE r.resource_type IN (%s) AND r.tenant_id = $1 "
							"AND r.id = %s%s",
							store->quoted_name, ScimTypeList(targets),
							nwanted == 1 ? "$2" : "ANY ($2)",
							lock ? " FOR KEY SHARE" : ""),
				   &params, !lock, 0);
	*nfound = 0;
	found = MemoryContextAlloc(context, sizeof(pg_uuid_t) * (SPI_processed + 1));
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		if (DatumGetBool(ScimResultValue(i, 2, BOOLOID)))
			found[(*nfound)++] = *DatumGetUUIDP(ScimResultValue(i, 1, UUIDOID));
	}
	SPI_finish();
	ScimBeCaller(caller);
	qsort(found, *nfound, sizeof(pg_uuid_t), ScimCompareIds);
	return found;
}

/* ScimHasId: is an id among those that ScimExistingIds has found? */
bool
ScimHasId(const pg_uuid_t *found, uint64 nfound, const pg_uuid_t *id)
{
	return nfound > 0 &&
		   bsearch(id, found, nfound, sizeof(pg_uuid_t), ScimCompareIds) != NULL;
}

/* ScimTypeList writes the names of resource types as SQL: 'User', 'Group'. */
char *
ScimTypeList(const List *names)
{
	StringInfoData out;
	const ListCell *lc;

	initStringInfo(&out);
	foreach (lc, names)
		appendStringInfo(&out, "%s%s", out.len > 0 ? ", " : "",
						 quote_literal_cstr(lfirst(lc)));
	return out.data;
}

static void
set_rule(List *problems, const char *rule)
{
	ListCell *lc;

	foreach (lc, problems)
		((ScimProblem *) lfirst(lc))->rule = rule;
}
