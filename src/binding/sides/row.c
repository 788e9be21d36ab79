/*
 * row.c
 *		Rows of a table that is bound: read as SCIM sees them, and written, as the owner
 *		of the table.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"

#include "binding/bound/bound.h"
#include "binding/sides/sides.h"
#include "json/json.h"
#include "store/preview.h"
#include "store/statement/column.h"

/* What a row is read as before the values: see mapping.c. */
#define COLUMN_KEY 1
#define COLUMN_TENANT 2
#define COLUMN_GONE 3
#define FIRST_VALUE 4

/* The attribute of which a value is being made, for errors. */
static const ScimBoundAttribute *making = NULL;

/* ScimTenantOfText: which tenant a row says that it is of; false: none that there is. */
bool
ScimTenantOfText(const ScimBinding *binding, const char *text, int32 *tenant_id)
{
	const ListCell *lc;
	const ListCell *one;

	*tenant_id = binding->tenant_id;
	if (!binding->every_tenant)
		return true;
	if (text == NULL)
		return false;
	if (binding->tenants == NIL)
	{
		char *end;
		long number = strtol(text, &end, 10);

		*tenant_id = (int32) number;
		return *end == '\0' && number > 0 && number <= PG_INT32_MAX;
	}
	foreach (lc, binding->tenants)
	{
		const ScimBoundValue *value = lfirst(lc);

		foreach (one, value->texts)
		{
			if (lfirst(one) == NULL || strcmp(lfirst(one), text) != 0)
				continue;
			*tenant_id = DatumGetInt32(DirectFunctionCall1(
				numeric_int4, NumericGetDatum(value->value->val.numeric)));
			return true;
		}
	}
	return false;
}

/* ScimTextsOfTenant: what rows of a tenant say in the column that says it, as text[]. */
Datum
ScimTextsOfTenant(const ScimBinding *binding, int32 tenant_id)
{
	const JsonbValue *number = ScimJsonNewInteger(tenant_id);
	List *texts = NIL;
	Datum *elements;
	int n = 0;
	const ListCell *lc;

	if (binding->tenants == NIL)
		texts = list_make1(psprintf("%d", tenant_id));
	foreach (lc, binding->tenants)
	{
		const ScimBoundValue *one = lfirst(lc);

		if (ScimJsonEqual(one->value, number))
			texts = list_concat(texts, one->texts);
	}
	elements = palloc(sizeof(Datum) * (list_length(texts) + 1));
	foreach (lc, texts)
	{
		if (lfirst(lc) != NULL)
			elements[n++] = CStringGetTextDatum(lfirst(lc));
	}
	return ScimArray(elements, NULL, n, TEXTOID);
}

/* The key that columns of a row hold, read as an array of texts. */
static Datum
key_of_reference(const JsonbValue *texts)
{
	int n = texts->val.array.nElems;
	Datum *elements = palloc(sizeof(Datum) * n);

	for (int i = 0; i < n; i++)
		elements[i] = CStringGetTextDatum(ScimJsonStringCopy(&texts->val.array.elems[i]));
	return ScimArray(elements, NULL, n, TEXTOID);
}

/* ScimRowViewOf: a row that was read; in the current memory context. */
ScimRowView *
ScimRowViewOf(const ScimBinding *binding, HeapTuple tuple, TupleDesc desc)
{
	ScimRowView *row = palloc0(sizeof(ScimRowView));
	int n = list_length(binding->attributes);
	bool isnull;
	Datum tenant;

	row->key_array = PointerGetDatum(
		DatumGetArrayTypePCopy(ScimColumnValue(tuple, desc, COLUMN_KEY, TEXTARRAYOID)));
	tenant = ScimColumn(tuple, desc, COLUMN_TENANT, TEXTOID, &isnull);
	row->has_tenant = ScimTenantOfText(
		binding, isnull ? NULL : TextDatumGetCString(tenant), &row->tenant_id);
	row->gone = DatumGetBool(ScimColumnValue(tuple, desc, COLUMN_GONE, BOOLOID));
	row->values = palloc0(sizeof(JsonbValue *) * n);
	if (binding->references != NIL)
		row->refers = palloc0(sizeof(Datum) * n);
	for (int i = 0; i < n; i++)
	{
		const ScimBoundAttribute *attribute = list_nth(binding->attributes, i);
		Datum value = ScimColumn(tuple, desc, FIRST_VALUE + i, JSONBOID, &isnull);
		static const JsonbValue null = {.type = jbvNull};

		if (attribute->kind == SCIM_BOUND_REFERENCE)
		{
			if (isnull)
				continue;
			row->refers[i] = key_of_reference(
				ScimJsonFromJsonb((Jsonb *) PG_DETOAST_DATUM_COPY(value)));
			if (row->has_tenant)
				row->values[i] =
					ScimReferenceOfKey(attribute, row->tenant_id, row->refers[i]);
			continue;
		}
		/* what is made of it points into it */
		row->values[i] = ScimBoundConform(
			attribute,
			isnull ? &null : ScimJsonFromJsonb((Jsonb *) PG_DETOAST_DATUM_COPY(value)));
	}
	return row;
}

/* The first row of a result, in a context that outlives it. */
static pg_noinline ScimRowView *
returned_row(const ScimBinding *binding, MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	ScimRowView *row =
		ScimRowViewOf(binding, SPI_tuptable->vals[0], SPI_tuptable->tupdesc);

	MemoryContextSwitchTo(old);
	return row;
}

/*
 * Two rows may have a key until the end of the transaction, but links cannot tell them
 * apart: it is said now what the constraint would say then.
 */
static void
raise_two(const ScimBinding *binding, Datum key)
{
	ereport(ERROR,
			(errcode(ERRCODE_UNIQUE_VIOLATION),
			 errmsg("duplicate key value violates unique constraint \"%s\"",
					binding->key_put_off),
			 ScimKeyMayBeTold(binding)
				 ? errdetail("Two rows of table \"%s\", which is bound, have the key %s.",
							 binding->shown, ScimKeyShown(key))
				 : errdetail("Two rows of table \"%s\", which is bound, have one key.",
							 binding->shown),
			 err_generic_string(PG_DIAG_CONSTRAINT_NAME, binding->key_put_off),
			 err_generic_string(PG_DIAG_TABLE_NAME, get_rel_name(binding->relid)),
			 err_generic_string(PG_DIAG_SCHEMA_NAME,
								get_namespace_name(get_rel_namespace(binding->relid)))));
}

/* ScimRowFind: the row of a key, or NULL. */
ScimRowView *
ScimRowFind(const ScimBinding *binding, Datum key)
{
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller;
	ScimRowView *row;
	ScimParams params;
	ScimRowAt at;

	if (!ScimLinkMayLead(binding, key))
		return NULL;
	caller = ScimBeReader(binding->owner);
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTARRAYOID, key, false);
	ScimRowAtBegin(&at, binding, key, NIL);
	PG_TRY();
	{
		ScimSpiExecuteIn(binding->search_path,
						 psprintf("SELECT %s FROM %s AS t WHERE %s", binding->select,
								  binding->quoted, ScimKeyIs(binding->key, "t", "$1")),
						 &params, false, binding->key_put_off != NULL ? 2 : 1);
	}
	PG_CATCH();
	{
		ErrorData *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		ScimRaiseUnworkable(binding, error);
		ScimRaiseKeyGone(binding, key, error);
		PG_RE_THROW();
	}
	PG_END_TRY();
	if (SPI_processed > 1)
		raise_two(binding, key);
	ScimRowAtEnd(&at);
	row = SPI_processed > 0 ? returned_row(binding, context) : NULL;
	SPI_finish();
	ScimBeCaller(caller);
	return row;
}

/*
 * ScimRowFindOf: the row of a key that is linked to a resource of a tenant, or NULL.  One
 * that says another tenant, or none, is not that resource's, whatever the link says: the
 * row alone says whose it is.
 */
ScimRowView *
ScimRowFindOf(const ScimBinding *binding, int32 tenant_id, Datum key)
{
	ScimRowView *row = ScimRowFind(binding, key);

	return row != NULL && row->has_tenant && row->tenant_id == tenant_id ? row : NULL;
}

/* A row that was written has a key that no other one has, whatever is put off. */
static void
require_own_key(const ScimBinding *binding, const ScimRowView *row)
{
	if (binding->key_put_off != NULL)
		(void) ScimRowFind(binding, row->key_array);
}

/* Columns, and what is written to each, as SQL over parameters. */
typedef struct Writing
{
	const ScimBinding *binding;
	const ScimBoundResource *resource;
	ScimParams params;
	List *columns; /* const char *, quoted */
	List *sql;     /* char * */
	int document;  /* the number of the parameter, 0: not yet */
} Writing;

static void
write_sql(Writing *writing, const ScimColumnInfo *column, char *sql)
{
	const ListCell *lc;

	foreach (lc, writing->columns)
	{
		if (strcmp(lfirst(lc), column->quoted) == 0)
			return;
	}
	writing->columns = lappend(writing->columns, column->quoted);
	writing->sql = lappend(writing->sql, sql);
}

static void
write_value(Writing *writing, const ScimColumnInfo *column, const JsonbValue *value)
{
	bool isnull;
	Datum datum = ScimColumnDatum(writing->binding, column, value, &isnull);

	write_sql(
		writing, column,
		psprintf("$%d", ScimParamsAdd(&writing->params, column->type, datum, isnull)));
}

/*
 * ScimWriteSql: the SQL of what an expression writes, over two parameters.  The row that
 * is updated is in sight as t; a new one has nothing yet, and inserts says so.
 */
char *
ScimWriteSql(const ScimBinding *binding, const ScimBoundWrite *write, int value,
			 int document, bool inserts)
{
	char *sql = psprintf("(SELECT %s FROM (SELECT $%d::text AS value, $%d::jsonb AS "
						 "document) AS attribute)",
						 write->expression, value, document);

	return inserts ? psprintf("(SELECT %s FROM (SELECT (NULL::%s).*) AS t)", sql,
							  binding->quoted)
				   : sql;
}

static char *
over_value(Writing *writing, const ScimBoundWrite *write, const JsonbValue *value,
		   bool inserts)
{
	Datum text = (Datum) 0;
	int number;

	if (value != NULL && value->type == jbvString)
		text = PointerGetDatum(
			cstring_to_text_with_len(value->val.string.val, value->val.string.len));
	else if (value != NULL)
	{
		StringInfoData json;

		initStringInfo(&json);
		ScimJsonWrite(&json, value);
		text = CStringGetTextDatum(json.data);
	}
	number = ScimParamsAdd(&writing->params, TEXTOID, text, value == NULL);
	if (writing->document == 0)
		writing->document = ScimParamsAdd(
			&writing->params, JSONBOID,
			JsonbPGetDatum(ScimJsonToJsonb(ScimJsonCopy(writing->resource->document))),
			false);
	return ScimWriteSql(writing->binding, write, number, writing->document, inserts);
}

/* What cannot be null is what it is without us. */
static void
write_nothing(Writing *writing, const ScimColumnInfo *column, bool inserts)
{
	if (!column->has_default)
		write_value(writing, column, NULL);
	else if (!inserts)
		write_sql(writing, column, column->not_null ? "DEFAULT" : "NULL");
}

/* The word of a value, as the column has it; its default is for what is nothing there. */
static void
write_word(Writing *writing, const ScimColumnInfo *column, const char *place,
		   const ScimBoundValue *value, bool inserts)
{
	bool isnull;
	Datum datum;

	if (linitial(value->texts) == NULL && column->has_default)
	{
		write_nothing(writing, column, inserts);
		return;
	}
	datum = ScimWordDatum(writing->binding, column, place, value, &isnull);
	write_sql(
		writing, column,
		psprintf("$%d", ScimParamsAdd(&writing->params, column->type, datum, isnull)));
}

/* Does the last SQL that is to be written make nothing of a row, whose key is $1? */
static bool
makes_nothing(Writing *writing)
{
	const ScimBinding *binding = writing->binding;

	ScimSpiExecuteIn(binding->search_path,
					 psprintf("SELECT FROM %s AS t WHERE %s AND %s IS NULL",
							  binding->quoted, ScimKeyIs(binding->key, "t", "$1"),
							  (char *) llast(writing->sql)),
					 &writing->params, false, 1);
	return SPI_processed > 0;
}

/* The key of the row of what a resource refers to. */
static void
write_reference(Writing *writing, const ScimBoundAttribute *attribute, bool inserts)
{
	const ScimBoundReference *reference = &attribute->reference;
	const JsonbValue *value = ScimBoundGet(attribute, writing->resource->document);
	Datum *texts = NULL;
	Datum key;
	int n;
	const ListCell *lc;

	if (value != NULL &&
		ScimReferenceKey(attribute, writing->resource->tenant_id, value, &key))
		deconstruct_array(DatumGetArrayTypeP(key), TEXTOID, -1, false, TYPALIGN_INT,
						  &texts, NULL, &n);
	foreach (lc, reference->columns)
	{
		const ScimColumnInfo *column = lfirst(lc);

		if (column->generated || ScimReferenceShares(reference, column))
			continue;
		if (texts == NULL)
			write_nothing(writing, column, inserts);
		else
			write_value(
				writing, column,
				ScimJsonNewString(TextDatumGetCString(texts[foreach_current_index(lc)])));
	}
}

static void
write_attribute(Writing *writing, const ScimBoundAttribute *attribute, bool inserts)
{
	const ScimColumnInfo *column = &attribute->column;
	const JsonbValue *value;
	const ListCell *lc;

	if (attribute->kind == SCIM_BOUND_REFERENCE)
	{
		making = attribute;
		write_reference(writing, attribute, inserts);
		making = NULL;
		return;
	}
	value = ScimRowValue(attribute, writing->resource);
	making = attribute;
	if (attribute->kind == SCIM_BOUND_EXPRESSION)
	{
		foreach (lc, attribute->writes)
		{
			const ScimBoundWrite *write = lfirst(lc);

			if (!inserts || value != NULL || !write->column.has_default)
				write_sql(writing, &write->column,
						  over_value(writing, write, value, inserts));
			/* no more than a column of its own does it make null what cannot be */
			if (!inserts && value == NULL && write->column.not_null &&
				write->column.has_default && makes_nothing(writing))
				llast(writing->sql) = "DEFAULT";
		}
	}
	else if (attribute->kind == SCIM_BOUND_COLUMN && !column->generated)
	{
		const ScimBoundValue *word = ScimWordsFind(&attribute->words, value);

		if (word != NULL)
			write_word(writing, column, psprintf("attributes.%s", attribute->path), word,
					   inserts);
		else if (value != NULL)
			write_value(writing, column, value);
		else
			write_nothing(writing, column, inserts);
	}
	making = NULL;
}

/* The tenant of a resource, as the column says it. */
static void
write_tenant(Writing *writing)
{
	const ScimBinding *binding = writing->binding;
	const ListCell *lc;
	JsonbValue *number = ScimJsonNewInteger(writing->resource->tenant_id);

	if (binding->tenant.name == NULL)
		return;
	if (binding->tenants == NIL)
	{
		write_value(writing, &binding->tenant, number);
		return;
	}
	foreach (lc, binding->tenants)
	{
		const ScimBoundValue *one = lfirst(lc);

		if (!ScimJsonEqual(one->value, number) || linitial(one->texts) == NULL)
			continue;
		write_word(writing, &binding->tenant, "tenant", one, true);
		return;
	}
	ereport(ERROR, (ScimErr(SCIM_FORBIDDEN),
					errmsg("table \"%s\" has no word for tenant %d", binding->shown,
						   writing->resource->tenant_id)));
}

static char *
joined(const List *texts)
{
	StringInfoData sql;
	const ListCell *lc;

	initStringInfo(&sql);
	foreach (lc, texts)
		appendStringInfo(&sql, "%s%s", sql.len > 0 ? ", " : "", (char *) lfirst(lc));
	return sql.data;
}

/* For constraints that are put off, and for who only wants to know what would change. */
static void
note_write(const ScimBinding *binding, const char *operation, Datum key)
{
	ScimPreviewNote *note =
		ScimPreviewAdd(SCIM_PREVIEW_ROW, operation, binding->shown, 0);
	Datum *texts;
	bool *nulls;
	int n;

	ScimDeferredNote(binding, key, (Datum) 0, strcmp(operation, "delete") == 0);
	if (note == NULL)
		return;
	note->value = ScimPreviewText(binding->type->name);
	deconstruct_array(DatumGetArrayTypeP(key), TEXTOID, -1, false, TYPALIGN_INT, &texts,
					  &nulls, &n);
	for (int i = 0; i < n; i++)
		note->texts =
			ScimPreviewAppend(note->texts, nulls[i] ? "" : TextDatumGetCString(texts[i]));
}

/*
 * A row that was written says in a column of its own key, or its tenant, what the key of
 * the row that it refers to says there; else it would refer to another one (SC400
 * invalidValue).
 */
static void
require_shared(const ScimBinding *binding, const ScimBoundResource *resource,
			   const ScimRowView *row, const List *attributes)
{
	const ListCell *lc;
	const ListCell *column;

	foreach (lc, binding->references)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);
		Datum written = row->refers[attribute->reference.number];
		const JsonbValue *value;
		Datum *of_row;
		Datum *wanted;
		Datum key;
		int n;

		if (!attribute->reference.shares || written == (Datum) 0 ||
			!list_member_ptr(attributes, attribute))
			continue;
		value = ScimBoundGet(attribute, resource->document);
		if (value == NULL ||
			!ScimReferenceKey(attribute, resource->tenant_id, value, &key))
			continue;
		deconstruct_array(DatumGetArrayTypeP(key), TEXTOID, -1, false, TYPALIGN_INT,
						  &wanted, NULL, &n);
		deconstruct_array(DatumGetArrayTypeP(written), TEXTOID, -1, false, TYPALIGN_INT,
						  &of_row, NULL, &n);
		foreach (column, attribute->reference.columns)
		{
			int i = foreach_current_index(column);

			if (!ScimReferenceShares(&attribute->reference, lfirst(column)) ||
				strcmp(TextDatumGetCString(wanted[i]), TextDatumGetCString(of_row[i])) ==
					0)
				continue;
			ereport(ERROR,
					(ScimErr(SCIM_INVALID_VALUE),
					 errmsg("table \"%s\" cannot hold %s: column \"%s\" is of both keys, "
							"and is %s of the %s and %s of the %s that it refers to",
							binding->shown, attribute->path,
							((const ScimColumnInfo *) lfirst(column))->name,
							TextDatumGetCString(of_row[i]), binding->type->name,
							TextDatumGetCString(wanted[i]),
							attribute->reference.type->name)));
		}
	}
}

/* ScimRowInsert makes the row of a resource, but for its values in other tables. */
ScimRowView *
ScimRowInsert(const ScimBinding *binding, const ScimBoundResource *resource)
{
	MemoryContext context = CurrentMemoryContext;
	Writing writing = {.binding = binding, .resource = resource};
	ScimIdentity caller = ScimBindingBeOwner(binding);
	ScimRowView *row = NULL;
	const ListCell *lc;

	SPI_connect();
	PG_TRY();
	{
		ScimParamsInit(&writing.params);
		foreach (lc, binding->attributes)
			write_attribute(&writing, lfirst(lc), true);
		write_tenant(&writing);
		ScimSpiExecuteIn(
			binding->search_path,
			writing.columns == NIL
				? psprintf("INSERT INTO %s AS t DEFAULT VALUES RETURNING %s",
						   binding->quoted, binding->select)
				: psprintf("INSERT INTO %s AS t (%s) VALUES (%s) RETURNING %s",
						   binding->quoted, joined(writing.columns), joined(writing.sql),
						   binding->select),
			&writing.params, false, 0);
		if (SPI_processed != 1)
			ScimRowSkipped(binding->shown);
		row = returned_row(binding, context);
		require_own_key(binding, row);
		require_shared(binding, resource, row, binding->references);
	}
	PG_CATCH();
	{
		const ScimBoundAttribute *at = making;

		making = NULL;
		ScimTableRefuses(binding, binding->attributes, at, context, false);
	}
	PG_END_TRY();
	SPI_finish();
	ScimBindingBeCaller(caller);
	note_write(binding, "insert", row->key_array);
	return row;
}

/*
 * ScimRowUpdate makes a row say the same as its resource of some attributes.  Returns the
 * row, which may have another key then, but for its values in other tables; NULL: it was
 * left alone.  *vanished: somebody else has taken it away meanwhile, or its key.
 */
const ScimRowView *
ScimRowUpdate(const ScimBinding *binding, const ScimBoundResource *resource,
			  const ScimRowView *row, List *attributes, bool *vanished)
{
	MemoryContext context = CurrentMemoryContext;
	Writing writing = {.binding = binding, .resource = resource};
	ScimIdentity caller = ScimBindingBeOwner(binding);
	ScimRowView *volatile written = NULL;
	StringInfoData sql;
	const ListCell *lc;

	SPI_connect();
	PG_TRY();
	{
		ScimParamsInit(&writing.params);
		ScimParamsAdd(&writing.params, TEXTARRAYOID, row->key_array, false);
		foreach (lc, attributes)
			write_attribute(&writing, lfirst(lc), false);
		if (writing.columns != NIL)
		{
			initStringInfo(&sql);
			appendStringInfo(&sql, "UPDATE %s AS t SET ", binding->quoted);
			for (int i = 0; i < list_length(writing.columns); i++)
				appendStringInfo(&sql, "%s%s = %s", i > 0 ? ", " : "",
								 (char *) list_nth(writing.columns, i),
								 (char *) list_nth(writing.sql, i));
			appendStringInfo(&sql, " WHERE %s RETURNING %s",
							 ScimKeyIs(binding->key, "t", "$1"), binding->select);
			ScimSpiExecuteIn(binding->search_path, sql.data, &writing.params, false, 0);
			*vanished =
				SPI_processed == 0 && ScimRowFind(binding, row->key_array) == NULL;
			if (SPI_processed != 1 && !*vanished)
				ScimRowSkipped(binding->shown);
			if (!*vanished)
			{
				written = returned_row(binding, context);
				require_own_key(binding, written);
				require_shared(binding, resource, written, attributes);
			}
		}
		foreach (lc, *vanished ? NIL : attributes)
		{
			ScimBoundAttribute *attribute = lfirst(lc);

			if (attribute->kind != SCIM_BOUND_TABLE)
				continue;
			making = attribute;
			for (int i = 0; i < list_length(binding->attributes); i++)
			{
				if (list_nth(binding->attributes, i) == attribute)
					ScimChildrenWrite(binding, attribute,
									  written != NULL ? written->key_array
													  : row->key_array,
									  row->values[i], ScimRowValue(attribute, resource));
			}
			making = NULL;
		}
	}
	PG_CATCH();
	{
		const ScimBoundAttribute *at = making;

		making = NULL;
		ScimTableRefuses(binding, attributes, at, context, false);
	}
	PG_END_TRY();
	SPI_finish();
	ScimBindingBeCaller(caller);
	if (!*vanished)
		note_write(binding, "update",
				   written != NULL ? written->key_array : row->key_array);
	return written;
}

/* One that a trigger skips may have been marked instead: that is up to the application.
 */
void
ScimRowDelete(const ScimBinding *binding, Datum key)
{
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller = ScimBindingBeOwner(binding);
	ScimParams params;

	SPI_connect();
	PG_TRY();
	{
		ScimParamsInit(&params);
		ScimParamsAdd(&params, TEXTARRAYOID, key, false);
		ScimChildrenDelete(binding, key);
		ScimSpiExecuteIn(binding->search_path,
						 psprintf("DELETE FROM %s AS t WHERE %s", binding->quoted,
								  ScimKeyIs(binding->key, "t", "$1")),
						 &params, false, 0);
	}
	PG_CATCH();
	{
		ScimTableRefuses(binding, NIL, NULL, context, true);
	}
	PG_END_TRY();
	SPI_finish();
	ScimBindingBeCaller(caller);
	note_write(binding, "delete", key);
}

/* ScimRowMark sets columns of a row whose resource goes or comes back. */
void
ScimRowMark(const ScimBinding *binding, Datum key, List *writes)
{
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller = ScimBindingBeOwner(binding);
	StringInfoData sql;
	ScimParams params;
	const ListCell *lc;

	SPI_connect();
	PG_TRY();
	{
		initStringInfo(&sql);
		ScimParamsInit(&params);
		ScimParamsAdd(&params, TEXTARRAYOID, key, false);
		appendStringInfo(&sql, "UPDATE %s AS t SET ", binding->quoted);
		foreach (lc, writes)
		{
			const ScimBoundWrite *write = lfirst(lc);

			appendStringInfo(&sql, "%s%s = %s", foreach_current_index(lc) > 0 ? ", " : "",
							 write->column.quoted,
							 write->expression != NULL ? write->expression : "DEFAULT");
		}
		appendStringInfo(&sql, " WHERE %s", ScimKeyIs(binding->key, "t", "$1"));
		ScimSpiExecuteIn(binding->search_path, sql.data, &params, false, 0);
		if (SPI_processed == 0 && ScimRowFind(binding, key) != NULL)
			ScimRowSkipped(binding->shown);
	}
	PG_CATCH();
	{
		ScimTableRefuses(binding, NIL, NULL, context, writes != binding->end_back);
	}
	PG_END_TRY();
	SPI_finish();
	ScimBindingBeCaller(caller);
	note_write(binding, "update", key);
}
