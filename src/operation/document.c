/*
 * document.c
 *		scim.validate, scim.canonicalise and scim.json_schema.
 */
#include "postgres.h"

#include "schema/schema.h"

#include "door/row/row.h"
#include "fmgr.h"
#include "funcapi.h"

#include "json/json.h"
#include "store/store.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(scim_validate);
PG_FUNCTION_INFO_V1(scim_is_valid);
PG_FUNCTION_INFO_V1(scim_canonicalise);
PG_FUNCTION_INFO_V1(scim_json_schema);

static const ScimResourceType *type_argument(text *name);
static List *problems_of(text *type_name, const Jsonb *document);

/*
 * scim_validate(resource_type text, resource jsonb) returns a set of (path,
 * scim_type, message): what is wrong with a client's document by its schemas and,
 * where nothing is, by the policies of the current store and tenant.  No row: it is
 * valid.
 */
Datum
scim_validate(PG_FUNCTION_ARGS)
{
	List *problems = problems_of(PG_GETARG_TEXT_PP(0), PG_GETARG_JSONB_P(1));
	ReturnSetInfo *result;
	ListCell *lc;

	InitMaterializedSRF(fcinfo, 0);
	result = (ReturnSetInfo *) fcinfo->resultinfo;
	foreach (lc, problems)
	{
		const ScimProblem *problem = lfirst(lc);
		const char *scim_type;
		Datum values[3] = {0};
		bool nulls[3] = {problem->path == NULL, false, false};

		(void) ScimProblemError(problem, &scim_type);
		nulls[1] = scim_type == NULL;
		if (problem->path != NULL)
			values[0] = CStringGetTextDatum(problem->path);
		if (scim_type != NULL)
			values[1] = CStringGetTextDatum(scim_type);
		values[2] = CStringGetTextDatum(problem->message);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/*
 * scim_is_valid(resource_type text, resource jsonb): has scim_validate no row?  Null,
 * which a constraint lets be, while the store is being restored: what it would say of a
 * document that was stored before is nothing to whether that comes back.
 */
Datum
scim_is_valid(PG_FUNCTION_ARGS)
{
	if (ScimStoreArrives())
		PG_RETURN_NULL();
	PG_RETURN_BOOL(problems_of(PG_GETARG_TEXT_PP(0), PG_GETARG_JSONB_P(1)) == NIL);
}

/*
 * scim_canonicalise(resource_type text, resource jsonb) returns jsonb: a client's
 * document in the form in which it is stored.  Raises the first problem that
 * scim.validate reports.
 */
Datum
scim_canonicalise(PG_FUNCTION_ARGS)
{
	const ScimResourceType *type = type_argument(PG_GETARG_TEXT_PP(0));
	List *problems = NIL;
	JsonbValue *canonical =
		ScimCanonicalise(type, ScimJsonFromJsonb(PG_GETARG_JSONB_P(1)), 0, &problems);

	ScimProblemsRaise(problems);
	/* that it has a canonical form is not all that is asked of it */
	ScimProblemsRaise(problems_of(PG_GETARG_TEXT_PP(0), PG_GETARG_JSONB_P(1)));
	PG_RETURN_JSONB_P(ScimJsonToJsonb(canonical));
}

/*
 * scim_json_schema(resource_type text [, for_request boolean]) returns jsonb: the type
 * as a JSON Schema, of answers or of requests.
 */
Datum
scim_json_schema(PG_FUNCTION_ARGS)
{
	bool for_request = PG_NARGS() > 1 && PG_GETARG_BOOL(1);
	const ScimResourceType *type =
		ScimTypeServed(ScimStoreForReading(), text_to_cstring(PG_GETARG_TEXT_PP(0)));
	StringInfoData out;

	initStringInfo(&out);
	ScimJsonSchema(&out, type, for_request, true);
	PG_RETURN_JSONB_P(ScimJsonTextToJsonb(out.data, out.len));
}

static List *
problems_of(text *type_name, const Jsonb *document)
{
	ScimStore *store = ScimStoreForReading();
	const ScimResourceType *type = type_argument(type_name);
	const ScimRules *rules = ScimRulesFor(store, ScimTenant(), type);
	bool completes = ScimRulesComplete(rules);
	List *problems = NIL;
	JsonbValue *canonical = ScimCanonicalise(type, ScimJsonFromJsonb(document),
											 completes ? SCIM_KEEP_WRONG : 0, &problems);

	if (completes && canonical != NULL)
		ScimApplyPolicies(rules, NULL, NULL, canonical, &problems);
	if (problems == NIL)
		ScimCheckLimits(type, canonical, NULL, &problems);
	/* the canonical document is about as large */
	if (problems == NIL && VARSIZE(document) > 1024)
		ScimCheckSize(type, ScimJsonToJsonb(ScimJsonCopy(canonical)), NULL, &problems);
	if (problems == NIL)
	{
		ScimStatus status = ScimStatusByActive(canonical);

		ScimCheckPolicies(store, ScimTenant(), type, canonical, NULL, &problems);
		ScimCheckReferences(store, ScimTenant(), type, canonical, NULL, NULL, NULL,
							&problems);
		if (problems == NIL)
			ScimCheckConditions(store, ScimTenant(), rules, NULL, canonical, status, NULL,
								status, NULL, &problems);
	}
	ScimViolationApply(rules, problems);
	return problems;
}

static const ScimResourceType *
type_argument(text *name)
{
	const char *type_name = text_to_cstring(name);
	const ScimResourceType *type =
		ScimRegistryType(ScimStoreForReading()->registry, type_name);

	if (type == NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("unknown resource type \"%s\"", type_name)));
	return type;
}
