/*
 * report.c
 *		The rows that scim.import returns.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "import/import.h"
#include "json/json.h"
#include "store/statement/statement.h"

typedef enum ReportColumn
{
	REPORT_LINE,
	REPORT_KEY,
	REPORT_RESOURCE_ID,
	REPORT_ACTION,
	REPORT_VERSION,
	REPORT_DIFFERENCE,
	REPORT_PROBLEMS
} ReportColumn;
#define REPORT_COLUMNS (REPORT_PROBLEMS + 1)

/* The word for what is done. */
const char *
ScimImportActionName(ScimImportAction action)
{
	static const char *const names[SCIM_IMPORT_ACTIONS] = {
		[SCIM_IMPORT_CREATE] = "create",         [SCIM_IMPORT_CHANGE] = "change",
		[SCIM_IMPORT_DEACTIVATE] = "deactivate", [SCIM_IMPORT_DELETE] = "delete",
		[SCIM_IMPORT_UNCHANGED] = "unchanged",   [SCIM_IMPORT_INVALID] = "invalid",
		[SCIM_IMPORT_CONFLICT] = "conflict",     [SCIM_IMPORT_REFUSED] = "refused",
	};

	return names[action];
}

/* ScimReport adds a row to the result. */
void
ScimReport(ScimImport *import, const ScimReportRow *row)
{
	Datum values[REPORT_COLUMNS] = {0};
	bool nulls[REPORT_COLUMNS];

	nulls[REPORT_LINE] = !row->has_line;
	values[REPORT_LINE] = Int64GetDatum(row->line);
	nulls[REPORT_KEY] = row->key == NULL;
	if (row->key != NULL)
		values[REPORT_KEY] = CStringGetTextDatum(row->key);
	nulls[REPORT_RESOURCE_ID] = row->id == NULL;
	if (row->id != NULL)
		values[REPORT_RESOURCE_ID] = UUIDPGetDatum(row->id);
	nulls[REPORT_ACTION] = false;
	values[REPORT_ACTION] = CStringGetTextDatum(ScimImportActionName(row->action));
	nulls[REPORT_VERSION] = row->version == 0;
	values[REPORT_VERSION] = Int64GetDatum(row->version);
	nulls[REPORT_DIFFERENCE] = row->difference == NULL;
	if (row->difference != NULL)
		values[REPORT_DIFFERENCE] = JsonbPGetDatum(row->difference);
	nulls[REPORT_PROBLEMS] = row->problems == NULL;
	if (row->problems != NULL)
		values[REPORT_PROBLEMS] = JsonbPGetDatum(row->problems);
	tuplestore_putvalues(import->result->setResult, import->result->setDesc, values,
						 nulls);
}

/* ScimProblemAdd appends a problem of a row. */
List *
ScimProblemAdd(List *problems, ScimErrorKind kind, const char *path, const char *fmt, ...)
{
	ScimProblem *problem;
	va_list args;

	va_start(args, fmt);
	problem = ScimProblemMake(kind, path, "%s", ScimFormat(fmt, args));
	va_end(args);
	return lappend(problems, problem);
}

/* What is wrong with a row: [{"scimType": ..., "attribute": ..., "detail": ...}] */
Jsonb *
ScimProblemsJson(List *problems)
{
	JsonbValue *array = ScimJsonNewArray();
	const ListCell *lc;

	foreach (lc, problems)
	{
		const ScimProblem *problem = lfirst(lc);
		const char *scim_type;

		(void) ScimProblemError(problem, &scim_type);
		ScimJsonAppend(array,
					   ScimProblemJson(scim_type, problem->path, problem->message));
	}
	return ScimJsonToJsonb(array);
}
