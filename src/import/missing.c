/*
 * missing.c
 *		Who is not in the source: in a full import they are deactivated or deleted.
 *
 * Who came, or changed, while the difference was being made is nobody's business: what is
 * done to those who are missing is done in the version that was seen here, too.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "import/import.h"
#include "json/json.h"
#include "query/past/past.h"
#include "store/statement/column.h"
#include "store/statement/statement.h"

/* The resources that an import is about, as the rest of a statement. */
/* ScimImportDeactivated: what becomes of a document whose resource is deactivated. */
JsonbValue *
ScimImportDeactivated(const ScimImport *import, const JsonbValue *document)
{
	const ScimStatusRule *rule = ScimRuleOf(import->rules, SCIM_RULE_STATUS);
	JsonbValue *after = ScimJsonCopy(document);

	if (ScimTypeHasActive(import->type))
		ScimJsonSet(after, "active", ScimJsonNewBool(false));
	else if (rule != NULL && rule->attribute != NULL)
		ScimRuleSet(import->type, rule->attribute, after,
					ScimJsonNewString(rule->names[SCIM_STATUS_SUSPENDED]));
	return after;
}

static char *
in_scope(ScimImport *import, ScimParams *params, bool may_go)
{
	StringInfoData query;

	initStringInfo(&query);
	ScimParamsInit(params);
	ScimParamsAdd(params, INT4OID, Int32GetDatum(import->tenant_id), false);
	appendStringInfo(&query,
					 "FROM %s.resource r WHERE resource_type = %s AND tenant_id = $1 "
					 "AND deleted_at IS NULL%s",
					 import->store->quoted_name, quote_literal_cstr(import->type->name),
					 may_go ? " AND status <> 'OFFBOARDING'" : "");
	if (may_go && import->missing == SCIM_IMPORT_DEACTIVATE)
		appendStringInfoString(&query,
							   " AND active IS NOT FALSE AND status <> 'SUSPENDED'");
	if (import->scope_filter != NULL)
	{
		appendStringInfoString(&query, " AND ");
		ScimPredicateAppend(
			&query, params,
			ScimPredicateMake(import->store, import->type, import->scope_filter, false));
	}
	return query.data;
}

/* ScimCountInScope: how many there are, or only those that may go still. */
int64
ScimCountInScope(ScimImport *import, bool may_go)
{
	ScimParams params;
	char *rest = in_scope(import, &params, may_go);

	ScimSpiExecuteOnce(psprintf("SELECT count(*) %s", rest), &params, false, 0);
	return DatumGetInt64(ScimResultValue(0, 1, INT8OID));
}

static void
put_missing(void *arg, HeapTuple tuple, TupleDesc desc)
{
	ScimImport *import = arg;
	const pg_uuid_t *id = DatumGetUUIDP(ScimColumnValue(tuple, desc, 1, UUIDOID));
	int64 version = DatumGetInt64(ScimColumnValue(tuple, desc, 2, INT8OID));
	JsonbValue *before = ScimStoredDocument(
		import->type, DatumGetJsonbP(ScimColumnValue(tuple, desc, 3, JSONBOID)));
	JsonbValue *after = NULL;
	ScimStatus status = SCIM_STATUS_ACTIVE;
	const JsonbValue *name;
	const char *key = NULL;
	Jsonb *difference;

	if (import->match == SCIM_MATCH_ID)
		key = ScimUuidText(id);
	else
	{
		name = ScimJsonGet(before, ScimKeyColumnInfos[import->match].attribute);
		if (name != NULL && name->type == jbvString)
			key = ScimJsonStringCopy(name);
	}
	if (import->missing == SCIM_IMPORT_DEACTIVATE)
		after = ScimImportDeactivated(import, before);
	(void) ScimStatusByName(TextDatumGetCString(ScimColumnValue(tuple, desc, 4, TEXTOID)),
							&status);
	ScimFreedNote(import, ScimImportFrees(import, status, import->missing, before, after),
				  false);
	difference = ScimJsonToJsonb(ScimDisclosedDifference(import->type, before, after));
	import->counts[import->missing]++;
	if (import->apply)
	{
		Datum values[SCIM_PLAN_COLUMNS] = {0};
		bool nulls[SCIM_PLAN_COLUMNS] = {false};

		values[SCIM_PLAN_ACTION] = Int32GetDatum((int32) import->missing);
		nulls[SCIM_PLAN_LINE] = true;
		nulls[SCIM_PLAN_KEY] = key == NULL;
		if (key != NULL)
			values[SCIM_PLAN_KEY] = CStringGetTextDatum(key);
		values[SCIM_PLAN_ID] = UUIDPGetDatum(id);
		values[SCIM_PLAN_VERSION] = Int64GetDatum(version);
		nulls[SCIM_PLAN_DOCUMENT] = true;
		values[SCIM_PLAN_DIFFERENCE] = JsonbPGetDatum(difference);
		nulls[SCIM_PLAN_BEFORE] = true;
		tuplestore_putvalues(import->plan, import->plan_desc, values, nulls);
		import->nplan++;
	}
	else
	{
		ScimReportRow row = {.key = key, .id = id, .action = import->missing};

		row.version = version;
		row.difference = difference;
		ScimReport(import, &row);
	}
}

static void
put_all_missing(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	ScimUseEachRow(put_missing, arg, rows, nrows, desc);
}

/* ScimMissingMayGo: is anybody who is missing not there any more afterwards? */
bool
ScimMissingMayGo(const ScimImport *import)
{
	for (int i = 0; import->full && i < SCIM_STATUSES; i++)
	{
		if (ScimImportGoes(import, (ScimStatus) i, import->missing))
			return true;
	}
	return false;
}

static void
put_gone(void *arg, HeapTuple tuple, TupleDesc desc)
{
	ScimImport *import = arg;
	ScimStatus status = SCIM_STATUS_ACTIVE;

	(void) ScimStatusByName(TextDatumGetCString(ScimColumnValue(tuple, desc, 2, TEXTOID)),
							&status);
	if (ScimImportGoes(import, status, import->missing))
		ScimNamesPutGone(import, DatumGetUUIDP(ScimColumnValue(tuple, desc, 1, UUIDOID)));
}

static void
put_all_gone(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	ScimUseEachRow(put_gone, arg, rows, nrows, desc);
}

/* ScimFindGone notes those who will be gone, before it is said of whom rows name them. */
void
ScimFindGone(ScimImport *import, Tuplestorestate *matched, int64 nmatched)
{
	ScimParams params;
	char *rest;

	ScimRowsUse("looked_at", import->matched_desc, matched, nmatched);
	rest = in_scope(import, &params, true);
	ScimSpiForEachOfTenant(psprintf("SELECT r.id, r.status %s AND NOT EXISTS "
									"(SELECT FROM looked_at m WHERE m.id = r.id)",
									rest),
						   &params, false, put_all_gone, import);
}

/* ScimFindMissing adds those to the difference who are not in the source. */
void
ScimFindMissing(ScimImport *import)
{
	ScimParams params;
	char *rest;

	ScimRowsUse("matched", import->matched_desc, import->matched, import->nmatched);
	rest = in_scope(import, &params, true);
	ScimSpiForEachOfTenant(
		psprintf("SELECT r.id, r.version, r.data, r.status %s AND NOT EXISTS "
				 "(SELECT FROM matched m WHERE m.id = r.id)",
				 rest),
		&params, false, put_all_missing, import);
}
