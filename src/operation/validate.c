/*
 * validate.c
 *		scim.validate_store: which of the stored resources break a rule.  Endpoints that
 *		do not work any more are found in src/protocol.
 *
 * A rule that comes later leaves those alone who were there before (schema/problem.c);
 * here its author sees who they are.  Resources are read in the order of their ids,
 * some at a time, and what is found goes to a tuplestore: memory does not grow with
 * the store.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "door/door.h"
#include "door/row.h"
#include "json/json.h"
#include "store/column.h"
#include "store/plan.h"

PG_FUNCTION_INFO_V1(scim_validate_store);
PG_FUNCTION_INFO_V1(scim_validate_books);

/* The columns of scim.problem. */
typedef enum ProblemColumn
{
	PROBLEM_RESOURCE_TYPE,
	PROBLEM_ID,
	PROBLEM_RULE,
	PROBLEM_PATH,
	PROBLEM_SCIM_TYPE,
	PROBLEM_MESSAGE
} ProblemColumn;
#define PROBLEM_COLUMNS (PROBLEM_MESSAGE + 1)

static void
validate_type(ScimStore *store, const ScimResourceType *type, ReturnSetInfo *result);
static void validate_rows(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc);
static List *document_problems(ScimStore *store, const ScimResourceType *type,
							   const Jsonb *data, ScimStatus status);
static void put_problem(void *arg, const pg_uuid_t *id, const ScimProblem *problem);

/* What the rows of a resource type are validated with. */
typedef struct Validation
{
	ScimStore *store;
	const ScimResourceType *type;
	ReturnSetInfo *result;
} Validation;

/*
 * scim_internal.validate_resources(resource_type text) returns a set of scim.problem:
 * what is wrong, by the schemas and policies of today, with the resources of the current
 * tenant that are there; NULL: of all types.  The caller sees what he may read.
 */
Datum
scim_validate_store(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	const ScimResourceType *only = NULL;
	ReturnSetInfo *result;

	if (!PG_ARGISNULL(0))
		only = ScimTypeByName(store, text_to_cstring(PG_GETARG_TEXT_PP(0)));
	ScimScopeRequireOfCall(store, only != NULL ? only->name : NULL, false);
	InitMaterializedSRF(fcinfo, 0);
	result = (ReturnSetInfo *) fcinfo->resultinfo;
	if (result->setDesc->natts != PROBLEM_COLUMNS ||
		TupleDescAttr(result->setDesc, PROBLEM_ID)->atttypid != UUIDOID)
		elog(ERROR, "unexpected result type of scim.validate_store");
	for (int i = 0; i < store->registry->ntypes; i++)
	{
		const ScimResourceType *type = &store->registry->types[i];

		if (only == NULL || type == only)
			validate_type(store, type, result);
	}
	return (Datum) 0;
}

/*
 * scim_internal.validate_books(resource_type text) returns a set of scim.problem: what
 * the tables that are derived from resources have too much or too little, of the current
 * tenant, for the owner of the store; nothing for others.
 */
Datum
scim_validate_books(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	ReturnSetInfo *result;
	ScimIdentity caller;
	ScimParams params;
	NameData name;

	InitMaterializedSRF(fcinfo, 0);
	result = (ReturnSetInfo *) fcinfo->resultinfo;
	if (!has_privs_of_role(GetUserId(), store->owner))
		return (Datum) 0;
	namestrcpy(&name, store->name);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, NAMEOID, NameGetDatum(&name), false);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false);
	ScimParamsAdd(&params, TEXTOID, PG_ARGISNULL(0) ? (Datum) 0 : PG_GETARG_DATUM(0),
				  PG_ARGISNULL(0));
	caller = ScimBeReader(store->owner);
	SPI_connect();
	ScimSpiExecute("SELECT * FROM scim_internal.wrong_books($1, $2) b "
				   "WHERE $3 IS NULL OR b.resource_type = $3",
				   &params, true, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
		tuplestore_puttuple(result->setResult, SPI_tuptable->vals[i]);
	SPI_finish();
	ScimBeCaller(caller);
	return (Datum) 0;
}

static void
validate_type(ScimStore *store, const ScimResourceType *type, ReturnSetInfo *result)
{
	Validation validation = {store, type, result};
	ScimParams params;

	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false);
	ScimSpiForEachOfTenant(
		psprintf("SELECT r.id, r.data, r.status, r.external_id, r.user_name, "
				 "r.display_name, r.active FROM %s.resource r "
				 "WHERE r.resource_type = %s AND r.tenant_id = $1 "
				 "AND r.deleted_at IS NULL ORDER BY r.id",
				 store->quoted_name, quote_literal_cstr(type->name)),
		&params, true, validate_rows, &validation);
	ScimMembersValidate(store, ScimTenant(), type, put_problem, &validation);
	SPI_finish();
}

/* A problem of a column, which only a write past the door leaves. */
static List *
add_column_problem(List *problems, const char *path, const char *message)
{
	ScimProblem *problem = ScimProblemMake(SCIM_INVALID_VALUE, path, "%s", message);

	problem->rule = "column";
	return lappend(problems, problem);
}

static const char *
column_text(const ResourceRow *row, int column)
{
	if (row->nulls[column])
		return "nothing";
	if (column == SCIM_KEY_ACTIVE)
		return DatumGetBool(row->values[column]) ? "true" : "false";
	return psprintf("\"%s\"", TextDatumGetCString(row->values[column]));
}

/*
 * What the columns say otherwise than the document of a row: the key columns, and the
 * status, which "active" and the attribute of the policy "status" show.
 */
static List *
column_problems(const Validation *validation, HeapTuple row, TupleDesc desc,
				const Jsonb *data, ScimStatus status)
{
	const ScimResourceType *type = validation->type;
	const ScimStatusRule *rule =
		ScimRuleOf(ScimRulesFor(validation->store, ScimTenant(), type), SCIM_RULE_STATUS);
	const JsonbValue *document = ScimJsonFromJsonb(data);
	ResourceRow stored;
	ResourceRow derived;
	List *problems = NIL;

	if (document->type != jbvObject)
		return NIL; /* the schemas say so */
	memset(&derived, 0, sizeof(derived));
	ScimDoorDeriveColumns(type, &derived, document);
	for (int column = 0; column < SCIM_KEY_COLUMNS; column++)
	{
		const ScimKeyColumnInfo *info = &ScimKeyColumnInfos[column];

		stored.values[column] = ScimColumn(row, desc, column + 4,
										   column == SCIM_KEY_ACTIVE ? BOOLOID : TEXTOID,
										   &stored.nulls[column]);
		if (!ScimSameColumn(&stored, &derived, column))
			problems = add_column_problem(
				problems, info->attribute,
				psprintf("column \"%s\" says %s, and attribute \"%s\" %s", info->column,
						 column_text(&stored, column), info->attribute,
						 column_text(&derived, column)));
	}
	if (ScimTypeHasActive(type) && status != SCIM_STATUS_OFFBOARDING &&
		ScimStatusIsActive(status) != ScimStatusIsActive(ScimStatusByActive(document)))
		problems = add_column_problem(
			problems, "active",
			psprintf("status \"%s\" and attribute \"active\" say different things",
					 ScimStatusName(status)));
	if (rule != NULL && rule->attribute != NULL)
	{
		const JsonbValue *shown = ScimRuleWhole(rule->attribute, document);
		const char *path = ScimRulePath(rule->attribute);

		if (shown == NULL || !ScimJsonStringEquals(shown, rule->names[status]))
			problems = add_column_problem(
				problems, path,
				psprintf("attribute \"%s\" does not show status \"%s\" as \"%s\"", path,
						 ScimStatusName(status), rule->names[status]));
	}
	return problems;
}

static void
validate_row(void *arg, HeapTuple row, TupleDesc desc)
{
	const Validation *validation = arg;
	const pg_uuid_t *id = DatumGetUUIDP(ScimColumnValue(row, desc, 1, UUIDOID));
	const Jsonb *data = DatumGetJsonbP(ScimColumnValue(row, desc, 2, JSONBOID));
	ScimStatus status = SCIM_STATUS_ACTIVE;
	ListCell *lc;

	(void) ScimStatusByName(TextDatumGetCString(ScimColumnValue(row, desc, 3, TEXTOID)),
							&status);
	foreach (lc, document_problems(validation->store, validation->type, data, status))
		put_problem(arg, id, lfirst(lc));
	foreach (lc, column_problems(validation, row, desc, data, status))
		put_problem(arg, id, lfirst(lc));
}

static void
validate_rows(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	ScimUseEachRow(validate_row, arg, rows, nrows, desc);
}

/* By its schemas, and by the policies as far as it is what its schemas say. */
static List *
document_problems(ScimStore *store, const ScimResourceType *type, const Jsonb *data,
				  ScimStatus status)
{
	const ScimRules *rules = ScimRulesFor(store, ScimTenant(), type);
	List *problems = NIL;
	JsonbValue *document = ScimCanonicalise(
		type, ScimJsonFromJsonb(data),
		SCIM_BY_SERVICE | SCIM_OF_STORED | SCIM_ALL_KNOWN | SCIM_KEEP_WRONG, &problems);

	if (document != NULL)
	{
		ScimCheckPolicies(store, ScimTenant(), type, document, NULL, &problems);
		ScimCheckReferences(store, ScimTenant(), type, document, NULL, NULL, NULL,
							&problems);
		ScimGenerateCheck(rules, document, &problems);
		ScimCheckConditions(store, ScimTenant(), rules, NULL, document, status, NULL,
							status, NULL, &problems);
	}
	ScimViolationApply(rules, problems);
	return problems;
}

static void
put_problem(void *arg, const pg_uuid_t *id, const ScimProblem *problem)
{
	const Validation *validation = arg;
	const char *scim_type;
	const char *texts[PROBLEM_COLUMNS] = {
		[PROBLEM_RESOURCE_TYPE] = validation->type->name,
		[PROBLEM_RULE] = problem->rule ? problem->rule : "schema",
		[PROBLEM_PATH] = problem->path,
		[PROBLEM_MESSAGE] = problem->message,
	};
	Datum values[PROBLEM_COLUMNS] = {0};
	bool nulls[PROBLEM_COLUMNS] = {false};

	(void) ScimProblemError(problem, &scim_type);
	texts[PROBLEM_SCIM_TYPE] = scim_type;
	for (int i = 0; i < PROBLEM_COLUMNS; i++)
	{
		nulls[i] = texts[i] == NULL;
		if (!nulls[i])
			values[i] = CStringGetTextDatum(texts[i]);
	}
	values[PROBLEM_ID] = UUIDPGetDatum(id);
	nulls[PROBLEM_ID] = false;
	tuplestore_putvalues(validation->result->setResult, validation->result->setDesc,
						 values, nulls);
}
