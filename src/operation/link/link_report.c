/*
 * link_report.c
 *		scim.link_candidates: what a policy "link" would make of whom, without doing it.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "door/row/row.h"
#include "json/json.h"
#include "operation/link/link.h"
#include "operation/operation.h"
#include "policy/wire/wire.h"
#include "store/acting.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"

PG_FUNCTION_INFO_V1(scim_link_candidates);

typedef struct Report
{
	Newcomer newcomer;
	ReturnSetInfo *result;
	MemoryContext context; /* of one row */
} Report;

static void
put_row(const Report *report, const JsonbValue *candidate, const char *action,
		const pg_uuid_t *id, const char *matched, const char *reason)
{
	Datum values[5] = {0};
	bool nulls[5] = {candidate == NULL, false, id == NULL, matched == NULL,
					 reason == NULL};

	if (candidate != NULL)
		values[0] = JsonbPGetDatum(ScimJsonToJsonb(ScimJsonCopy(candidate)));
	values[1] = CStringGetTextDatum(action);
	if (id != NULL)
		values[2] = UUIDPGetDatum(id);
	if (matched != NULL)
		values[3] = CStringGetTextDatum(matched);
	if (reason != NULL)
		values[4] = CStringGetTextDatum(reason);
	tuplestore_putvalues(report->result->setResult, report->result->setDesc, values,
						 nulls);
}

static void
put_judgement(const Report *report, const JsonbValue *candidate, const Judgement *met)
{
	static const char *const actions[] = {"create", "link", "conflict", "refuse"};

	put_row(report, candidate, actions[met->outcome],
			met->resource != NULL ? &met->resource->id : NULL,
			met->key != NULL ? met->key->path : NULL, met->reason);
}

/* A text stands for somebody of whom each attribute of the policy says that, as stored.
 */
static JsonbValue *
document_of_text(const Report *report, const JsonbValue *text)
{
	const Newcomer *newcomer = &report->newcomer;
	const ScimWire *wire =
		ScimWireCharactersOf(ScimRulesFor(newcomer->store, ScimTenant(), newcomer->type));
	JsonbValue *document = ScimJsonNewObject();
	const ListCell *lc;

	foreach (lc, newcomer->rule->keys)
	{
		const ScimLinkKey *key = lfirst(lc);
		const JsonbValue *stored = ScimWireValueStored(wire, &key->resolved, text);
		const JsonbValue *value = stored;

		if (key->resolved.sub != NULL)
		{
			JsonbValue *object = ScimJsonNewObject();

			ScimJsonSet(object, key->resolved.sub->name, stored);
			value = object;
		}
		if (key->resolved.attribute->multi_valued)
		{
			JsonbValue *array = ScimJsonNewArray();

			ScimJsonAppend(array, value);
			value = array;
		}
		if (key->resolved.extension != NULL)
		{
			JsonbValue *extension = ScimJsonGet(document, key->resolved.extension->id);

			if (extension == NULL)
			{
				ScimJsonSet(document, key->resolved.extension->id, ScimJsonNewObject());
				extension = ScimJsonGet(document, key->resolved.extension->id);
			}
			ScimJsonSet(extension, key->resolved.attribute->name, value);
		}
		else
			ScimJsonSet(document, key->resolved.attribute->name, value);
	}
	return document;
}

/* One of a list: a text, or a document as it would be POSTed. */
static void
report_candidate(Report *report, const JsonbValue *candidate)
{
	MemoryContext caller = MemoryContextSwitchTo(report->context);
	Newcomer *newcomer = &report->newcomer;
	JsonbValue *stated = NULL;
	JsonbValue *completed = NULL;

	if (candidate->type == jbvString)
	{
		newcomer->document = document_of_text(report, candidate);
		completed = (JsonbValue *) newcomer->document;
	}
	else if (candidate->type == jbvObject)
	{
		if (!ScimLinkRead(newcomer->store, newcomer->type, candidate, &stated,
						  &completed))
			completed = NULL;
		newcomer->document = completed;
	}
	if (completed == NULL)
		put_row(report, candidate, "invalid", NULL, NULL,
				"it is neither a text nor a valid resource: scim.validate() says what is "
				"wrong");
	else
	{
		Judgement met = ScimLinkJudge(newcomer, "");

		put_judgement(report, candidate, &met);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextReset(report->context);
}

/* What a document has of the attributes that are compared. */
static JsonbValue *
excerpt(const Report *report, const JsonbValue *document)
{
	JsonbValue *result = ScimJsonNewObject();
	const ListCell *lc;

	foreach (lc, report->newcomer.rule->keys)
	{
		const ScimLinkKey *key = lfirst(lc);
		char *text = ScimLinkText(key, document);

		if (text != NULL)
			ScimJsonSet(result, key->path, ScimJsonNewString(text));
	}
	return result;
}

/* One that is there: somebody who states the same would meet it, and perhaps others. */
static void
report_resource(void *arg, HeapTuple row, TupleDesc desc)
{
	Report *report = arg;
	Newcomer *newcomer = &report->newcomer;
	ScimResource *resource =
		ScimResourceFromTuple(newcomer->type, row, desc, CurrentMemoryContext);
	const JsonbValue *document = ScimJsonFromJsonb(resource->data);
	const char *owner = ScimLinkOwner(newcomer, resource);
	JsonbValue *shown = excerpt(report, document);

	newcomer->document = document;
	if (owner != NULL)
		put_row(report, shown, "linked", &resource->id, NULL,
				psprintf("it is made or linked by %s", owner));
	else if (shown->val.object.nPairs == 0)
		put_row(report, shown, "create", &resource->id, NULL,
				"it has nothing by which it could be met");
	else
	{
		Judgement met = ScimLinkJudge(newcomer, "");

		met.resource = resource;
		put_judgement(report, shown, &met);
	}
}

static void
report_resources(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	ScimUseEachRow(report_resource, arg, rows, nrows, desc);
}

static void
report_all(Report *report)
{
	ScimStore *store = report->newcomer.store;
	ScimParams params;

	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false);
	ScimSpiForEachOfTenant(
		psprintf("SELECT %s FROM %s.resource r WHERE r.resource_type = %s "
				 "AND r.tenant_id = $1 AND r.deleted_at IS NULL ORDER BY r.id",
				 ScimResourceColumns(store), store->quoted_name,
				 quote_literal_cstr(report->newcomer.type->name)),
		&params, false, report_resources, report);
	SPI_finish();
}

/* Settings to try, or those of the policy that is for somebody: NULL, who calls. */
static const ScimLinkRule *
rule_to_report(ScimStore *store, const ScimResourceType *type, const char *by,
			   const Jsonb *settings)
{
	const ScimRules *rules = ScimRulesFor(store, ScimTenant(), type);
	ScimStatusRows statuses = {NIL, NIL, true};
	const ScimLinkRule *rule;
	const char *fault;
	const char *id = NULL;
	const char *actor = NULL;

	if (settings != NULL)
	{
		rule = ScimRuleCompile(store->registry, type->name, SCIM_RULE_LINK, "link",
							   settings, &statuses, &fault);
		if (fault != NULL)
			ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
							errmsg("policy \"link\" of resource type \"%s\" %s",
								   type->name, fault)));
		return rule;
	}
	if (by == NULL)
		ScimWriter(store, &id, &actor);
	else if (strncmp(by, "role: ", 6) == 0 || strncmp(by, "subject: ", 9) == 0)
		actor = by;
	else
	{
		/* the description or the id of a token, or the name of a client */
		id = by;
		actor = psprintf("token: %s", by);
	}
	rule = ScimLinkRuleFor(rules, id, actor);
	if (rule == NULL)
		ereport(ERROR, (ScimErr(SCIM_NOT_FOUND),
						errmsg("no policy \"link\" of resource type \"%s\" is for \"%s\"",
							   type->name, by != NULL ? by : actor),
						errhint("Name who POSTs, or say the settings to try.")));
	return rule;
}

/*
 * scim.link_candidates(resource_type text, candidates jsonb, writer text, settings jsonb)
 * returns setof (candidate jsonb, action text, resource_id uuid, matched_by text,
 * reason text)
 */
Datum
scim_link_candidates(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	Report report = {.newcomer = {.store = store}};
	const JsonbValue *candidates = NULL;
	const ScimResourceType *type;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE), errmsg("resource_type must not be null")));
	type = ScimTypeByName(store, text_to_cstring(PG_GETARG_TEXT_PP(0)));
	ScimScopeRequireOfCall(store, type->name, false);
	ScimRequireSelect(store, SCIM_TABLE_ORIGIN);
	ScimRequireSelect(store, SCIM_TABLE_RESOURCE);
	report.newcomer.type = type;
	report.newcomer.rule = rule_to_report(store, type, ScimTextArgument(fcinfo, 2),
										  PG_ARGISNULL(3) ? NULL : PG_GETARG_JSONB_P(3));
	/* nobody's origin is noted while there is no such policy */
	report.newcomer.of_audit =
		ScimRulesFor(store, ScimTenant(), type)->of[SCIM_RULE_LINK] == NIL;
	if (!PG_ARGISNULL(1))
	{
		candidates = ScimJsonFromJsonb(PG_GETARG_JSONB_P(1));
		if (candidates->type != jbvArray)
			ereport(ERROR,
					(ScimErr(SCIM_INVALID_VALUE),
					 errmsg("candidates must be an array of texts and resources")));
	}
	InitMaterializedSRF(fcinfo, 0);
	report.result = (ReturnSetInfo *) fcinfo->resultinfo;
	report.context = AllocSetContextCreate(CurrentMemoryContext, "scim link candidates",
										   ALLOCSET_DEFAULT_SIZES);
	if (candidates == NULL)
		report_all(&report);
	for (int i = 0; candidates != NULL && i < candidates->val.array.nElems; i++)
	{
		CHECK_FOR_INTERRUPTS();
		report_candidate(&report, &candidates->val.array.elems[i]);
	}
	MemoryContextDelete(report.context);
	return (Datum) 0;
}
