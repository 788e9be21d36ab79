/*
 * source.c
 *		The rows of the source: a table, or what a query returns, read once.
 *
 * It is read as the caller, with his search_path and under the scopes that he has: what
 * the query calls on its way may do no more than if he called it himself.  What he asks
 * for means what it means in his session; what its columns are as text is the same in
 * every one, or the next import would find everybody changed.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"
#include "utils/plancache.h"

#include "door/row/row.h"
#include "import/import.h"
#include "json/json.h"
#include "store/statement/column.h"
#include "store/statement/statement.h"

/* What the whole row is called in the statement; no column is. */
#define SOURCE_ALIAS "_scim_source_row"

/* The columns of "source". */
typedef enum SourceColumn
{
	SOURCE_N,
	SOURCE_LINE,
	SOURCE_MATCH,
	SOURCE_ID, /* the same, where it is one */
	SOURCE_USER_NAME,
	SOURCE_NEW_ID, /* that it gets, if it is created */
	SOURCE_ROW
} SourceColumn;
#define SOURCE_COLUMNS (SOURCE_ROW + 1)

/* ScimRowsBegin makes a place for rows, on disk where they are many. */
Tuplestorestate *
ScimRowsBegin(ScimImport *import)
{
	MemoryContext old = MemoryContextSwitchTo(import->context);
	ResourceOwner owner = CurrentResourceOwner;
	Tuplestorestate *rows;

	/* its file is to outlast a subtransaction that is taken back */
	CurrentResourceOwner = import->owner;
	rows = tuplestore_begin_heap(false, false, work_mem);
	CurrentResourceOwner = owner;
	import->stores = lappend(import->stores, rows);
	MemoryContextSwitchTo(old);
	return rows;
}

/* ScimRowsUse makes a table of them, for statements at this level of SPI. */
void
ScimRowsUse(const char *name, TupleDesc desc, Tuplestorestate *rows, int64 nrows)
{
	EphemeralNamedRelation relation = palloc0(sizeof(EphemeralNamedRelationData));

	relation->md.name = (char *) name;
	relation->md.reliddesc = InvalidOid;
	relation->md.tupdesc = desc;
	relation->md.enrtype = ENR_NAMED_TUPLESTORE;
	relation->md.enrtuples = (double) nrows;
	relation->reldata = rows;
	if (SPI_register_relation(relation) != SPI_OK_REL_REGISTER)
		elog(ERROR, "could not register the rows \"%s\"", name);
}

static TupleDesc
source_desc(void)
{
	TupleDesc desc = CreateTemplateTupleDesc(SOURCE_COLUMNS);

	TupleDescInitEntry(desc, SOURCE_N + 1, "n", INT8OID, -1, 0);
	TupleDescInitEntry(desc, SOURCE_LINE + 1, "line", INT8OID, -1, 0);
	TupleDescInitEntry(desc, SOURCE_MATCH + 1, "match", TEXTOID, -1, 0);
	TupleDescInitEntry(desc, SOURCE_ID + 1, "id", UUIDOID, -1, 0);
	TupleDescInitEntry(desc, SOURCE_USER_NAME + 1, "user_name", TEXTOID, -1, 0);
	TupleDescInitEntry(desc, SOURCE_NEW_ID + 1, "new_id", UUIDOID, -1, 0);
	TupleDescInitEntry(desc, SOURCE_ROW + 1, "row", JSONBOID, -1, 0);
	return desc;
}

/* ---- what one row says ---- */

static bool
read_integer(const JsonbValue *value, int64 *number)
{
	JsonbValue canonical;

	if (ScimCanonicaliseScalar(SCIM_TYPE_INTEGER, value, &canonical) != NULL ||
		canonical.type != jbvNumeric)
		return false;
	return ScimMessageInteger(&canonical, number);
}

/* What is said of the row itself. */
static void
read_about_row(ScimImportRow *row, const ScimField *field, const JsonbValue *value)
{
	if (value == NULL || ScimJsonIsUnassigned(value))
		return;
	switch (field->kind)
	{
		case SCIM_FIELD_LINE:
			if (!read_integer(value, &row->line))
				row->problems = ScimProblemAdd(row->problems, SCIM_INVALID_VALUE, NULL,
											   "_line must be a number, not \"%s\"",
											   ScimJsonText(value));
			break;
		case SCIM_FIELD_VERSION:
			row->has_version = read_integer(value, &row->version) && row->version >= 0;
			if (!row->has_version)
				row->problems = ScimProblemAdd(row->problems, SCIM_INVALID_VALUE, NULL,
											   "_version must be a number, not \"%s\"",
											   ScimJsonText(value));
			break;
		default:
			row->action = ScimJsonText(value);
			if (strcmp(row->action, "deactivate") == 0 ||
				strcmp(row->action, "delete") == 0)
				break;
			row->problems = ScimProblemAdd(
				row->problems, SCIM_INVALID_VALUE, NULL,
				"_action must be \"deactivate\" or \"delete\", not \"%s\"", row->action);
			row->action = NULL;
	}
}

/* What a row says of an attribute is what would be stored of it, whoever compares it. */
static void
state(const ScimImport *import, List **stated, const ScimField *field, JsonbValue *value,
	  bool in_document)
{
	ScimStated *one = palloc(sizeof(ScimStated));

	one->field = field;
	one->said = one->value = value;
	if (field->kind == SCIM_FIELD_ATTRIBUTE)
		one->value =
			(JsonbValue *) ScimWireValueStored(import->wire, &field->bound.target, value);
	one->in_document = in_document;
	*stated = lappend(*stated, one);
}

static void
read_member_of_document(ScimImport *import, ScimImportRow *row, const ScimField *field,
						JsonbValue *value)
{
	switch (field->kind)
	{
		case SCIM_FIELD_LINE:
		case SCIM_FIELD_VERSION:
		case SCIM_FIELD_ACTION:
			read_about_row(row, field, value);
			break;
		case SCIM_FIELD_IGNORED:
			break;
		case SCIM_FIELD_UNKNOWN:
		case SCIM_FIELD_DOCUMENT:
			state(import, &row->unknown, field, value, true);
			break;
		default:
			if (!ScimFieldSaysNothing(field, value) ||
				(!import->keep_empty && ScimFieldNamesParts(field, value)))
				state(import, &row->stated, field, value, true);
			else if (!import->keep_empty)
				state(import, &row->stated, field, NULL, true);
	}
}

/* The attributes of an extension, or those of a schema that stands before them. */
static void
read_schema(ScimImport *import, ScimImportRow *row, const ScimField *field,
			JsonbValue *value)
{
	if (ScimJsonIsUnassigned(value) && value->type != jbvObject)
	{
		for (int i = 0; !import->keep_empty && i < field->schema->nattributes; i++)
		{
			char *key =
				psprintf("%s:%s", field->schema->id, field->schema->attributes[i].name);

			read_member_of_document(
				import, row, ScimFieldFind(&import->keys, key, strlen(key)), value);
		}
		return;
	}
	if (value->type != jbvObject)
	{
		row->problems = ScimProblemAdd(row->problems, SCIM_INVALID_VALUE, field->key,
									   "attribute \"%s\" must be an object", field->key);
		return;
	}
	for (int i = 0; i < value->val.object.nPairs; i++)
	{
		JsonbPair *pair = &value->val.object.pairs[i];
		char *key = psprintf("%s:%.*s", field->schema->id, pair->key.val.string.len,
							 pair->key.val.string.val);
		const ScimField *of = ScimFieldFind(&import->keys, key, strlen(key));

		if (of->kind == SCIM_FIELD_SCHEMA)
			state(import, &row->unknown, of, &pair->value, true);
		else
			read_member_of_document(import, row, of, &pair->value);
	}
}

/* A key may be written in several ways: what it means is said once. */
static void
check_said_once(ScimImportRow *row, int from)
{
	int n = list_length(row->stated);
	ScimBuckets said;

	ScimBucketsInit(&said, n - from);
	for (int i = from; i < n; i++)
	{
		const ScimField *field = ((const ScimStated *) list_nth(row->stated, i))->field;
		uint32 hash = ScimFieldHash(field);
		const ScimField *first = NULL;

		CHECK_FOR_INTERRUPTS();
		for (int at = ScimBucketsFirst(&said, hash); at >= 0 && first == NULL;
			 at = ScimBucketsNext(&said, at))
		{
			const ScimStated *other = list_nth(row->stated, ScimBucketsItem(&said, at));

			if (ScimFieldsAreSame(other->field, field))
				first = other->field;
		}
		if (first == NULL)
			ScimBucketsAdd(&said, hash, i);
		else
			row->problems = ScimProblemAdd(row->problems, SCIM_INVALID_SYNTAX, field->key,
										   "\"%s\" and \"%s\" are the same attribute",
										   first->key, field->key);
		if (list_length(row->problems) >= SCIM_MAX_PROBLEMS)
			break;
	}
	ScimBucketsFree(&said);
}

static void
read_document(ScimImport *import, ScimImportRow *row, JsonbValue *document)
{
	int before = list_length(row->stated);
	bool distinct;

	if (document->type != jbvObject)
	{
		row->problems = ScimProblemAdd(row->problems, SCIM_INVALID_SYNTAX, NULL,
									   "a resource must be a JSON object");
		return;
	}
	ScimCheckDistinctKeys(document, &row->problems);
	distinct = row->problems == NIL;
	for (int i = 0; i < document->val.object.nPairs; i++)
	{
		JsonbPair *pair = &document->val.object.pairs[i];
		const ScimField *field = ScimFieldFind(&import->keys, pair->key.val.string.val,
											   pair->key.val.string.len);

		if (field->kind == SCIM_FIELD_SCHEMA)
			read_schema(import, row, field, &pair->value);
		else
			read_member_of_document(import, row, field, &pair->value);
	}
	if (distinct)
		check_said_once(row, before);
}

static bool
is_key_column(const ScimField *field, ScimImportMatch match)
{
	return field->kind == SCIM_FIELD_ATTRIBUTE && field->bound.target.extension == NULL &&
		   field->bound.target.sub == NULL && match != SCIM_MATCH_ID &&
		   ScimIsKeyColumn(field->bound.target.attribute, (ScimKeyColumn) match);
}

/* ScimImportFold: a name in the way it is compared. */
char *
ScimImportFold(ScimFolding folding, const char *text)
{
	size_t len;
	const char *folded = ScimFoldBy(folding, text, strlen(text), &len);

	return pnstrdup(folded, len);
}

static ScimFolding
match_folding(ScimImportMatch match)
{
	return match == SCIM_MATCH_EXTERNAL_ID ? SCIM_FOLD_NONE
		   : match == SCIM_MATCH_USER_NAME ? SCIM_FOLD_USER_NAME
										   : SCIM_FOLD_CASE;
}

/* What would be stored of somebody new of whom is known what the row says. */
static JsonbValue *
document_of_row(const ScimImport *import, const ScimImportRow *row)
{
	JsonbValue *said = ScimJsonNewObject();
	List *problems = NIL;
	JsonbValue *document;
	const ListCell *lc;

	foreach (lc, row->stated)
	{
		const ScimStated *stated = lfirst(lc);

		if (stated->field->kind == SCIM_FIELD_ATTRIBUTE && stated->value != NULL)
			ScimFieldSet(stated->field, said, ScimJsonCopy(stated->value));
	}
	document = ScimCanonicalise(import->type, said, SCIM_KEEP_WRONG, &problems);
	if (document != NULL)
		ScimApplyPolicies(import->rules, NULL, NULL, document, &problems);
	return document;
}

/*
 * A name that a policy makes is not the one that the row says, if any: it is what follows
 * from the rest of it.  Where that does not say all, what it says is taken for the key,
 * and whether somebody has the name is found out by who writes it.
 */
static void
read_made(ScimImport *import, ScimImportRow *row, ScimImportMatch match)
{
	bool is_key = match == import->match;
	JsonbValue *document = ScimJsonNewObject();
	const JsonbValue *value = NULL;
	ScimResolved resolved;
	bool follows;

	if (!ScimResolvePath(import->type, ScimKeyColumnInfos[match].attribute, &resolved) ||
		!ScimGenerateMakes(import->rules, &resolved, document, ScimRowStates, row,
						   &follows))
		return;
	document = document_of_row(import, row);
	if (document != NULL &&
		ScimGenerateMakes(import->rules, &resolved, document, ScimRowStates, row,
						  &follows) &&
		follows)
		value = ScimRuleWhole(&resolved, document);
	if (value != NULL && value->type == jbvString)
	{
		char *text = ScimJsonStringCopy(value);
		char *folded = ScimImportFold(match_folding(match), text);

		if (is_key && row->key == NULL)
			row->key = text;
		if (is_key)
			row->match = folded;
		else
			row->user_name = folded;
	}
	else if (!is_key)
		row->user_name = NULL;
}

/* Which resource the row means. */
static void
read_key(ScimImport *import, ScimImportRow *row)
{
	const ListCell *lc;

	foreach (lc, row->stated)
	{
		const ScimStated *stated = lfirst(lc);
		bool is_user_name = import->type->has_groups &&
							is_key_column(stated->field, SCIM_MATCH_USER_NAME);
		bool is_key = import->match == SCIM_MATCH_ID
						  ? stated->field->kind == SCIM_FIELD_ID
						  : is_key_column(stated->field, import->match);
		char *text;

		if ((!is_key && !is_user_name) || stated->value == NULL ||
			stated->value->type != jbvString)
			continue;
		text = ScimJsonStringCopy(stated->value);
		if (is_user_name && !is_key)
			row->user_name = ScimImportFold(SCIM_FOLD_USER_NAME, text);
		if (!is_key)
			continue;
		row->key = ScimJsonStringCopy(stated->said);
		if (import->match == SCIM_MATCH_ID)
		{
			row->has_id = ScimUuidParse(text, &row->id);
			row->match = row->has_id ? ScimUuidText(&row->id) : text;
		}
		else
			row->match = ScimImportFold(match_folding(import->match), text);
	}
	if (import->rules->of[SCIM_RULE_GENERATE] == NIL || row->problems != NIL)
		return;
	if (import->match != SCIM_MATCH_ID)
		read_made(import, row, import->match);
	if (import->type->has_groups && import->match != SCIM_MATCH_USER_NAME)
		read_made(import, row, SCIM_MATCH_USER_NAME);
}

/* ScimSourceRow reads a row of the source, of a line, in the current context. */
ScimImportRow *
ScimSourceRow(ScimImport *import, const Jsonb *json, int64 line)
{
	ScimImportRow *row = palloc0(sizeof(ScimImportRow));
	JsonbValue *object = ScimJsonFromJsonb(json);
	const ListCell *lc;

	row->line = line;
	foreach (lc, import->in_order)
	{
		const ScimField *field = lfirst(lc);
		JsonbValue *raw = ScimJsonGet(object, field->key);
		JsonbValue *value;

		if (raw == NULL)
			continue;
		switch (field->kind)
		{
			case SCIM_FIELD_IGNORED:
				break;
			case SCIM_FIELD_LINE:
			case SCIM_FIELD_VERSION:
			case SCIM_FIELD_ACTION:
				read_about_row(row, field, ScimFieldWord(field, raw));
				break;
			case SCIM_FIELD_DOCUMENT:
				read_document(import, row, raw);
				break;
			default:
				value = ScimFieldConform(import, field, raw, &row->problems);
				if (value != NULL || !import->keep_empty)
					state(import, &row->stated, field, value, false);
		}
	}
	ScimRowAgree(import, row);
	read_key(import, row);
	return row;
}

/* ---- all rows ---- */

/* Rows on their way, and what is read of them. */
typedef struct Reading
{
	ScimImport *import;
	const Jsonb **rows;
	ScimImportRow *read;
	MemoryContext context; /* of what is kept of them */
	MemoryContext scratch; /* of one row */
	int64 before;          /* so many came before these */
} Reading;

static void
read_rows(void *arg, int from, int to)
{
	Reading *reading = arg;
	MemoryContext old = MemoryContextSwitchTo(reading->scratch);

	for (int i = from; i < to; i++)
	{
		ScimImportRow *kept = &reading->read[i];

		CHECK_FOR_INTERRUPTS();
		MemoryContextReset(reading->scratch);
		*kept =
			*ScimSourceRow(reading->import, reading->rows[i], reading->before + i + 1);
		ScimNamesNote(reading->import, kept);
		MemoryContextSwitchTo(reading->context);
		if (kept->match != NULL)
			kept->match = pstrdup(kept->match);
		if (kept->user_name != NULL)
			kept->user_name = pstrdup(kept->user_name);
		MemoryContextSwitchTo(reading->scratch);
	}
	MemoryContextSwitchTo(old);
}

static void
rows_are_read(void *arg, int from, int to)
{
	const Reading *reading = arg;
	ScimImport *import = reading->import;

	for (int i = from; i < to; i++)
	{
		const ScimImportRow *row = &reading->read[i];
		Datum values[SOURCE_COLUMNS] = {0};
		bool nulls[SOURCE_COLUMNS] = {false};
		pg_uuid_t new_id;

		ScimUuidV7(&new_id);
		if (row->match == NULL)
			import->nkeyless++;
		values[SOURCE_N] = Int64GetDatum(reading->before + i + 1);
		values[SOURCE_LINE] = Int64GetDatum(row->line);
		nulls[SOURCE_MATCH] = row->match == NULL;
		if (row->match != NULL)
			values[SOURCE_MATCH] = CStringGetTextDatum(row->match);
		nulls[SOURCE_ID] = !row->has_id;
		values[SOURCE_ID] = UUIDPGetDatum(&row->id);
		nulls[SOURCE_USER_NAME] = row->user_name == NULL;
		if (row->user_name != NULL)
			values[SOURCE_USER_NAME] = CStringGetTextDatum(row->user_name);
		values[SOURCE_NEW_ID] = UUIDPGetDatum(&new_id);
		values[SOURCE_ROW] = JsonbPGetDatum(reading->rows[i]);
		tuplestore_putvalues(import->source, import->source_desc, values, nulls);
	}
}

/* Nobody knows whom the row means; why is told when it is compared. */
static void
row_is_unreadable(void *arg, int at, const ErrorData *error)
{
	Reading *reading = arg;

	memset(&reading->read[at], 0, sizeof(ScimImportRow));
	reading->read[at].line = reading->before + at + 1;
	rows_are_read(arg, at, at + 1);
}

/* Rows as documents, by their columns. */
static void
rows_as_json(const Jsonb **json, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	FmgrInfo function;
	int level = ScimStatementBeginOfText(namespace_search_path);

	/* it has to know that it is given a row */
	fmgr_info(F_TO_JSONB, &function);
	fmgr_info_set_expr(
		(Node *) makeFuncExpr(F_TO_JSONB, JSONBOID,
							  list_make1(makeNullConst(RECORDOID, -1, InvalidOid)),
							  InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL),
		&function);
	for (uint64 i = 0; i < nrows; i++)
	{
		CHECK_FOR_INTERRUPTS();
		json[i] = DatumGetJsonbP(
			FunctionCall1(&function, ScimColumnValue(rows[i], desc, 1, RECORDOID)));
	}
	ScimStatementEnd(level);
}

static void
keep_rows(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	ScimImport *import = arg;
	Reading reading = {.import = import, .before = import->nsource};
	const ScimManyRows many = {read_rows, rows_are_read, row_is_unreadable, &reading};
	MemoryContext old;

	reading.context = AllocSetContextCreate(CurrentMemoryContext, "scim import source",
											ALLOCSET_DEFAULT_SIZES);
	reading.scratch = AllocSetContextCreate(reading.context, "scim import source row",
											ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(reading.context);
	reading.rows = palloc(sizeof(Jsonb *) * nrows);
	reading.read = palloc0(sizeof(ScimImportRow) * nrows);
	rows_as_json(reading.rows, rows, nrows, desc);
	ScimAttemptMany(&many, 0, (int) nrows);
	import->nsource += nrows;
	MemoryContextSwitchTo(old);
	MemoryContextDelete(reading.context);
}

/* The statement of which the rows are the source. */
static char *
source_text(const ScimImport *import)
{
	if (import->source_query != NULL)
		return import->source_query;
	return psprintf("SELECT * FROM %s", ScimRelationQuoted(import->source_relid));
}

static void
describe(ScimImport *import, const char *text)
{
	SPIPlanPtr plan = SPI_prepare(text, 0, NULL);
	List *sources = plan != NULL ? SPI_plan_get_plan_sources(plan) : NIL;
	const CachedPlanSource *source = sources != NIL ? linitial(sources) : NULL;

	if (list_length(sources) != 1 || source->commandTag != CMDTAG_SELECT ||
		source->resultDesc == NULL)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("the source must be a table or view, or one SELECT statement")));
	ScimFieldsOfColumns(import, source->resultDesc);
	(void) SPI_freeplan(plan);
}

/* ScimSourceRead reads all rows; SPI is connected. */
void
ScimSourceRead(ScimImport *import)
{
	char *text = source_text(import);
	MemoryContext old = MemoryContextSwitchTo(import->context);

	import->source_desc = source_desc();
	MemoryContextSwitchTo(old);
	import->source = ScimRowsBegin(import);
	describe(import, text);
	ScimSpiForEachIn(
		namespace_search_path,
		psprintf("SELECT " SOURCE_ALIAS " FROM (\n%s\n) AS " SOURCE_ALIAS, text), NULL,
		false, keep_rows, import);
	ScimRowsUse("source", import->source_desc, import->source, import->nsource);
}
