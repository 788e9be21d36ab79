/*
 * validate.c
 *		scim.validate_store: which of the stored resources break a rule.  Endpoints that
 *		do not work any more are found in src/protocol.
 *
 * A rule that comes later leaves those alone who were there before, see
 * schema/canonical/problem.c; here its author sees who they are.  Resources are read in
 * the order of their ids, some at a time, and what is found goes to a tuplestore: memory
 * does not grow with the store.
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
#include "utils/timestamp.h"

#include "door/members/members.h"
#include "door/row/at_door.h"
#include "door/row/row.h"
#include "json/json.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/shard.h"

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
 * One that was registered when there was no limit does not go into the headers of an
 * answer: what was written is 503.
 */
static void
validate_endpoint(ScimStore *store, const ScimResourceType *type, ReturnSetInfo *result)
{
	Validation validation = {store, type, result};
	ScimProblem *problem;

	if (strlen(type->endpoint) - 1 <= SCIM_MAX_TYPE_ENDPOINT)
		return;
	problem = ScimProblemMake(SCIM_INVALID_VALUE, "endpoint",
							  "the endpoint of the resource type is longer than %d bytes",
							  SCIM_MAX_TYPE_ENDPOINT);
	problem->rule = "resource_type";
	put_problem(&validation, NULL, problem);
}

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

		if (only != NULL && type != only)
			continue;
		validate_endpoint(store, type, result);
		validate_type(store, type, result);
	}
	return (Datum) 0;
}

/* Resources of tenants that are not there, whom nobody can act for. */
static void
put_homeless(ScimStore *store, ScimParams *params, ReturnSetInfo *result)
{
	ScimSpiExecute(
		psprintf(
			"SELECT r.resource_type::text, r.id, 'column', 'tenant_id', NULL::text, "
			"format('tenant %%s is not there', r.tenant_id) FROM %1$s.resource r "
			"WHERE r.tenant_id <> ALL (ARRAY(SELECT t.tenant_id FROM %1$s.tenant t)) "
			"AND ($3 IS NULL OR r.resource_type = $3) "
			"AND $1 IS NOT NULL AND $2 IS NOT NULL ORDER BY r.tenant_id, r.id",
			store->quoted_name),
		params, true, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
		tuplestore_puttuple(result->setResult, SPI_tuptable->vals[i]);
}

/* Settings of tokens, clients and resource types that are not there; params as above. */
static void
put_lost_settings(ScimStore *store, ScimParams *params, ReturnSetInfo *result)
{
	if (!OidIsValid(store->tables.relid[SCIM_TABLE_SETTING]))
		return;
	ScimSpiExecute(
		psprintf(
			"SELECT s.resource_type::text, s.id, 'setting', l.path, NULL::text, "
			"format('the setting \"%%s\" is of a %%s that is not there', s.name, l.what) "
			"FROM %1$s.setting s, LATERAL (VALUES "
			"('token_id', 'token or client', s.token_id IS NOT NULL "
			"AND NOT EXISTS (SELECT FROM %1$s.token t WHERE t.id = s.token_id) "
			"AND NOT EXISTS (SELECT FROM %1$s.client c WHERE c.id = s.token_id)), "
			"('resource_type', 'resource type', s.resource_type IS NOT NULL "
			"AND NOT EXISTS (SELECT FROM %1$s.resource_type t "
			"WHERE t.name = s.resource_type))) AS l (path, what, is_lost) "
			"WHERE l.is_lost AND ($3 IS NULL OR s.resource_type = $3) "
			"AND $1 IS NOT NULL AND $2 IS NOT NULL ORDER BY s.id, l.path",
			store->quoted_name),
		params, true, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
		tuplestore_puttuple(result->setResult, SPI_tuptable->vals[i]);
}

/*
 * scim_internal.validate_books(resource_type text) returns a set of scim.problem: what
 * the tables that are derived from resources have too much or too little, of the current
 * tenant, and resources of tenants that are not there, for the owner of the store;
 * nothing for others.
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
	/* nodes of a cluster have some of the tenants each */
	if (!ScimStoreIsDistributed(store->namespace_oid))
	{
		put_homeless(store, &params, result);
		put_lost_settings(store, &params, result);
	}
	SPI_finish();
	ScimBeCaller(caller);
	return (Datum) 0;
}

static void
validate_type(ScimStore *store, const ScimResourceType *type, ReturnSetInfo *result)
{
	Validation validation = {store, type, result};
	ScimParams params;

	StringInfoData columns;

	initStringInfo(&columns);
	for (int i = 0; i < RESOURCE_COLUMNS; i++)
		appendStringInfo(&columns, "%sr.%s", i > 0 ? ", " : "", ScimDoorColumns[i].name);
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false);
	/* those who are out of sight where it is not sure that they are, or come back right
	 */
	ScimSpiForEachOfTenant(
		psprintf("SELECT %s FROM %s.resource r "
				 "WHERE r.resource_type = %s AND r.tenant_id = $1 "
				 "AND (r.deleted_at IS NULL OR r.status NOT IN ('DELETED', 'OFFBOARDED') "
				 "OR r.status = 'OFFBOARDED' AND r.active "
				 "OR NOT isfinite(r.deleted_at)) ORDER BY r.id",
				 columns.data, store->quoted_name, quote_literal_cstr(type->name)),
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

/* What a document holds that a write through the door never leaves there. */
static List *
data_problems(const ScimResourceType *type, const Jsonb *data)
{
	const JsonbValue *raw = ScimJsonFromJsonb(data);
	const JsonbValue *schemas;
	JsonbValue *stated;
	List *problems = NIL;

	if (raw->type != jbvObject)
		return add_column_problem(
			NIL, NULL, "the document is not an object, and counts as an empty one");
	for (int i = 0; i < raw->val.object.nPairs; i++)
	{
		const char *fault = ScimStoredFault(type, raw, i);

		if (fault != NULL)
			problems = add_column_problem(
				problems, ScimJsonStringCopy(&raw->val.object.pairs[i].key), fault);
	}
	/* what was an extension once may still be there */
	schemas = ScimJsonGet(raw, "schemas");
	stated = ScimJsonNewObject();
	for (int i = 0;
		 schemas != NULL && schemas->type == jbvArray && i < schemas->val.array.nElems;
		 i++)
	{
		const char *urn = ScimJsonStringCopy(&schemas->val.array.elems[i]);
		const ScimSchema *schema =
			urn != NULL ? ScimResourceTypeSchema(type, urn, strlen(urn)) : NULL;

		CHECK_FOR_INTERRUPTS();
		if (schema != NULL)
			ScimJsonSet(stated, schema->id, ScimJsonNewBool(true));
	}
	if (ScimJsonGet(stated, type->schema->id) == NULL)
		return add_column_problem(
			problems, "schemas",
			psprintf("the document does not name its schema \"%s\"", type->schema->id));
	for (int i = 0; i < type->nextensions; i++)
	{
		const char *id = type->extensions[i].schema->id;

		const JsonbValue *extension = ScimJsonGet(raw, id);

		if (extension != NULL && extension->type == jbvObject &&
			ScimJsonGet(stated, id) == NULL)
			problems = add_column_problem(
				problems, "schemas",
				psprintf("the document does not name its schema \"%s\"", id));
	}
	return problems;
}

/*
 * What the columns say otherwise than the document of a row: the key columns, and the
 * status, which "active" and the attribute of the policy "status" show.
 */
static List *
column_problems(const Validation *validation, const ResourceRow *stored,
				const JsonbValue *document, ScimStatus status)
{
	const ScimResourceType *type = validation->type;
	const ScimStatusRule *rule =
		ScimRuleOf(ScimRulesFor(validation->store, ScimTenant(), type), SCIM_RULE_STATUS);
	ResourceRow derived;
	List *problems = NIL;

	memset(&derived, 0, sizeof(derived));
	ScimDoorDeriveColumns(type, &derived, document);
	for (int column = 0; column < SCIM_KEY_COLUMNS; column++)
	{
		const ScimKeyColumnInfo *info = &ScimKeyColumnInfos[column];

		if (!ScimSameColumn(stored, &derived, column))
			problems = add_column_problem(
				problems, info->attribute,
				psprintf("column \"%s\" says %s, and attribute \"%s\" %s", info->column,
						 column_text(stored, column), info->attribute,
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

/* What the policy "delete" says of who is being off-boarded, and was not done to him. */
static List *
leaver_problems(const Validation *validation, const ResourceRow *row,
				const JsonbValue *document)
{
	const ScimDeleteRule *rule =
		ScimRuleOf(ScimRulesFor(validation->store, ScimTenant(), validation->type),
				   SCIM_RULE_DELETE);
	ScimProblem *problem;

	if (!ScimTypeHasActive(validation->type) || (rule != NULL && !rule->deactivates) ||
		(!row->nulls[SCIM_KEY_ACTIVE] && !DatumGetBool(row->values[SCIM_KEY_ACTIVE])) ||
		ScimStatusByActive(document) != SCIM_STATUS_ACTIVE)
		return NIL;
	problem = ScimProblemMake(SCIM_INVALID_VALUE, "active",
							  "who is being off-boarded is still active");
	problem->rule = "delete";
	return list_make1(problem);
}

static void
put_problems(void *arg, const pg_uuid_t *id, const List *problems)
{
	const ListCell *lc;

	foreach (lc, problems)
		put_problem(arg, id, lfirst(lc));
}

static void
validate_row(void *arg, HeapTuple tuple, TupleDesc desc)
{
	const Validation *validation = arg;
	const ScimResourceType *type = validation->type;
	ScimStatus status = SCIM_STATUS_ACTIVE;
	TimestampTz now = GetCurrentTimestamp();
	ResourceRow row;
	const pg_uuid_t *id;
	const Jsonb *data;
	JsonbValue *document;
	List *problems = NIL;
	bool out;

	for (int i = 0; i < RESOURCE_COLUMNS; i++)
		row.values[i] =
			ScimColumn(tuple, desc, i + 1, ScimDoorColumns[i].type, &row.nulls[i]);
	id = DatumGetUUIDP(row.values[COLUMN_ID]);
	data = DatumGetJsonbP(row.values[COLUMN_DATA]);
	document = ScimStoredDocument(type, data);
	(void) ScimStatusByName(TextDatumGetCString(row.values[COLUMN_STATUS]), &status);
	out = !row.nulls[COLUMN_DELETED_AT];
	if (!out)
	{
		put_problems(arg, id,
					 document_problems(validation->store, type,
									   ScimStoredData(type, data), status));
		put_problems(arg, id, data_problems(type, data));
		if (!ScimStatusIsGone(status))
			put_problems(arg, id, column_problems(validation, &row, document, status));
		if (status == SCIM_STATUS_OFFBOARDING)
			put_problems(arg, id, leaver_problems(validation, &row, document));
	}
	for (int i = 0; i < RESOURCE_COLUMNS; i++)
	{
		const char *fault = ScimRowFault(&row, status, i, now);

		if (fault != NULL)
			problems = add_column_problem(problems,
										  i == SCIM_KEY_ACTIVE ? "active" : NULL, fault);
	}
	put_problems(arg, id, problems);
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
	if (id != NULL)
		values[PROBLEM_ID] = UUIDPGetDatum(id);
	nulls[PROBLEM_ID] = id == NULL;
	tuplestore_putvalues(validation->result->setResult, validation->result->setDesc,
						 values, nulls);
}
