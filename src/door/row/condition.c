/*
 * condition.c
 *		The policy "condition" on a document: what it refers to is looked up here.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "door/row/row.h"
#include "json/json.h"
#include "policy/policy.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/store.h"

/* A document that conditions are asked of. */
typedef struct Subject
{
	ScimStore *store;
	int32 tenant_id;
	const ScimResourceType *type;
	const pg_uuid_t *id; /* its own, or NULL: it has none yet */
	const JsonbValue *document;
	Jsonb *matched; /* the same, with the life-cycle */
	ScimTargets *targets;
	bool as_it_was; /* what it refers to counts as it was before the statement */
} Subject;

static bool applies(const Subject *subject, const ScimCondition *rule);
static bool refers_to_match(const Subject *subject, const ScimCondition *rule);
static bool target_matches(const Subject *subject, const ScimCondition *rule,
						   const Datum *ids, int nids);
static List *broken(const Subject *subject, const ScimRules *rules, bool through);
static bool matches_itself(const Subject *subject, const ScimCondition *rule);
static List *
not_kept(const Subject *before, const JsonbValue *document, const ScimRules *rules);

static Subject
subject_of(ScimStore *store, int32 tenant_id, const ScimRules *rules, const pg_uuid_t *id,
		   const JsonbValue *document)
{
	return (Subject){.store = store,
					 .tenant_id = tenant_id,
					 .type = rules->type,
					 .id = id,
					 .document = document};
}

/*
 * ScimCheckConditions appends what is wrong with a document by the policies
 * "condition", and was not before.  old_document NULL: a new one, or none to compare
 * with.  id is its own; NULL: it has none yet, or is not written.
 *
 * What a row refers to may be written by the same statement, itself first of all: what
 * has become of that counts, and is known when the statement has written all rows
 * (ScimCheckConditionsThrough).  Before that, at the door, only rules without "through"
 * decide; if these refuse the row, the others say what they think of it.
 */
void
ScimCheckConditions(ScimStore *store, int32 tenant_id, const ScimRules *rules,
					const pg_uuid_t *id, const JsonbValue *document, ScimStatus status,
					const JsonbValue *old_document, ScimStatus old_status,
					ScimTargets *targets, List **problems)
{
	Subject after = subject_of(store, tenant_id, rules, id, document);
	Subject before = subject_of(store, tenant_id, rules, id, old_document);
	List *found;

	if (rules->of[SCIM_RULE_CONDITION] == NIL)
		return;
	after.matched = ScimConditionDocument(document, status);
	found = broken(&after, rules, false);
	if (old_document != NULL)
	{
		before.matched = ScimConditionDocument(old_document, old_status);
		if (found != NIL)
			found = ScimProblemsOfWrite(found, broken(&before, rules, false));
		before.as_it_was = true;
		before.targets = targets;
		found = list_concat(found, not_kept(&before, document, rules));
	}
	*problems = list_concat(*problems, found);
	if (targets == NULL || found != NIL)
		ScimCheckConditionsThrough(store, tenant_id, rules, id, document, status,
								   old_document, old_status, NULL, problems);
}

/* ScimCheckConditionsThrough does so for the rules with "through". */
void
ScimCheckConditionsThrough(ScimStore *store, int32 tenant_id, const ScimRules *rules,
						   const pg_uuid_t *id, const JsonbValue *document,
						   ScimStatus status, const JsonbValue *old_document,
						   ScimStatus old_status, ScimTargets *targets, List **problems)
{
	Subject after = subject_of(store, tenant_id, rules, id, document);
	Subject before = subject_of(store, tenant_id, rules, id, old_document);
	List *found;

	after.targets = before.targets = targets;
	after.matched = ScimConditionDocument(document, status);
	found = broken(&after, rules, true);
	if (found != NIL && old_document != NULL)
	{
		before.matched = ScimConditionDocument(old_document, old_status);
		found = ScimProblemsOfWrite(found, broken(&before, rules, true));
	}
	*problems = list_concat(*problems, found);
}

/* ScimConditionsGoThrough: is there a rule that requires something, with "through"? */
bool
ScimConditionsGoThrough(const ScimRules *rules)
{
	const ListCell *lc;

	foreach (lc, rules->of[SCIM_RULE_CONDITION])
	{
		const ScimCondition *rule = ((const ScimRule *) lfirst(lc))->compiled;

		if (rule->require != NULL && rule->through != NULL)
			return true;
	}
	return false;
}

/* ScimConditionHolds: does what a rule is for hold of a document: "when", "through"? */
bool
ScimConditionHolds(ScimStore *store, int32 tenant_id, const ScimCondition *rule,
				   const JsonbValue *document, ScimStatus status)
{
	Subject subject = {.store = store, .tenant_id = tenant_id, .document = document};

	if (rule->when != NULL)
		subject.matched = ScimConditionDocument(document, status);
	return ScimRuleMatches(rule->when, subject.matched) && applies(&subject, rule);
}

/* The rules of "require" that a document breaks, of those that go through or do not. */
static List *
broken(const Subject *subject, const ScimRules *rules, bool through)
{
	List *problems = NIL;
	const ListCell *lc;

	foreach (lc, rules->of[SCIM_RULE_CONDITION])
	{
		const ScimCondition *rule = ((const ScimRule *) lfirst(lc))->compiled;

		CHECK_FOR_INTERRUPTS();
		/* what it refers to is looked up last */
		if (rule->require != NULL && (rule->through != NULL) == through &&
			ScimRuleMatches(rule->when, subject->matched) &&
			!ScimRuleMatches(rule->require, subject->matched) && applies(subject, rule))
			problems = lappend(problems, ScimConditionProblem(rule, subject->document));
	}
	return problems;
}

/* The rules of "keep" that held before the write, and whose attributes it changes. */
static List *
not_kept(const Subject *before, const JsonbValue *document, const ScimRules *rules)
{
	List *problems = NIL;
	const ListCell *lc;

	foreach (lc, rules->of[SCIM_RULE_CONDITION])
	{
		const ScimCondition *rule = ((const ScimRule *) lfirst(lc))->compiled;

		if (ScimConditionChanges(rule, before->document, document) &&
			ScimRuleMatches(rule->when, before->matched) && applies(before, rule))
			problems = lappend(problems, ScimConditionProblem(rule, document));
	}
	return problems;
}

/* Does a rule with "through" apply?  One without does. */
static bool
applies(const Subject *subject, const ScimCondition *rule)
{
	return rule->through == NULL || refers_to_match(subject, rule);
}

static bool
refers_to_match(const Subject *subject, const ScimCondition *rule)
{
	List *values = ScimRuleReferences(rule->through, subject->document);
	Datum *wanted = palloc(sizeof(Datum) * (list_length(values) + 1));
	int nwanted = 0;
	const ListCell *lc;

	foreach (lc, values)
	{
		pg_uuid_t *id = palloc(sizeof(pg_uuid_t));
		bool matched;

		if (!ScimReferredId(lfirst(lc), id))
			continue;
		if (subject->id != NULL && memcmp(subject->id, id, UUID_LEN) == 0)
		{
			if (matches_itself(subject, rule))
				return true;
			continue;
		}
		if (subject->targets != NULL &&
			ScimTargetsFind(subject->targets, rule, id, &matched))
		{
			if (matched)
				return true;
			continue;
		}
		wanted[nwanted++] = UUIDPGetDatum(id);
	}
	return nwanted > 0 && target_matches(subject, rule, wanted, nwanted);
}

/* Who refers to himself refers to what is asked about. */
static bool
matches_itself(const Subject *subject, const ScimCondition *rule)
{
	const ListCell *lc;

	foreach (lc, rule->targets)
	{
		const ScimConditionTarget *target = lfirst(lc);

		if (strcmp(target->type_name, subject->type->name) == 0)
			return ScimRuleMatches(target->matches, subject->matched);
	}
	return false;
}

/* Does one of some resources match?  They are read as the owner of the store. */
static bool
target_matches(const Subject *subject, const ScimCondition *rule, const Datum *ids,
			   int nids)
{
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller = ScimBeOwner(subject->store->owner);
	List *names = NIL;
	bool any = false;
	ScimParams params;
	const ListCell *lc;

	foreach (lc, rule->targets)
		names = lappend(names, (char *) ((ScimConditionTarget *) lfirst(lc))->type_name);
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(subject->tenant_id), false);
	if (nids == 1)
		ScimParamsAdd(&params, UUIDOID, ids[0], false);
	else
		ScimParamsAdd(&params, UUIDARRAYOID,
					  ScimArray((Datum *) ids, NULL, nids, UUIDOID), false);
	ScimSpiExecute(psprintf("SELECT r.id, r.resource_type, r.data, r.status, "
							"r.deleted_at IS NULL "
							"FROM %s.resource r WHERE r.resource_type IN (%s) "
							"AND r.tenant_id = $1 AND r.id = %s",
							subject->store->quoted_name, ScimTypeList(names),
							nids == 1 ? "$2" : "ANY ($2)"),
				   &params, subject->as_it_was, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		const pg_uuid_t *id = DatumGetUUIDP(ScimResultValue(i, 1, UUIDOID));
		const char *type_name = TextDatumGetCString(ScimResultValue(i, 2, TEXTOID));
		Jsonb *data = DatumGetJsonbP(ScimResultValue(i, 3, JSONBOID));
		ScimStatus status = SCIM_STATUS_ACTIVE;
		bool there = DatumGetBool(ScimResultValue(i, 5, BOOLOID));
		bool matched = false;

		(void) ScimStatusByName(TextDatumGetCString(ScimResultValue(i, 4, TEXTOID)),
								&status);
		foreach (lc, rule->targets)
		{
			const ScimConditionTarget *target = lfirst(lc);

			if (there && strcmp(target->type_name, type_name) == 0)
				matched = ScimRuleMatches(
					target->matches,
					ScimConditionDocument(
						ScimStoredDocument(
							ScimRegistryType(subject->store->registry, type_name), data),
						status));
		}
		if (subject->targets != NULL)
			ScimTargetsPut(subject->targets, rule, id, matched);
		any = any || matched;
	}
	SPI_finish();
	ScimBeCaller(caller);
	MemoryContextSwitchTo(context);
	return any;
}
