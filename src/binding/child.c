/*
 * child.c
 *		Rows of the tables that hold the values of multi-valued attributes.
 *
 * A value that changes stays the row that it was where its "value" is the same, so that
 * what refers to the row still does.  As the owner of the bound table, who owns these,
 * too; SPI is connected.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"

#include "binding/binding.h"
#include "json/json.h"

static const JsonbValue *
part_of(const JsonbValue *element, const char *name)
{
	const JsonbValue *part =
		element->type == jbvObject ? ScimJsonGet(element, name) : NULL;

	return part == NULL || ScimJsonIsUnassigned(part) ? NULL : part;
}

static const JsonbValue *
find_equal(const ScimBoundTable *table, const JsonbValue *in, const JsonbValue *element)
{
	for (int i = 0; in != NULL && i < in->val.array.nElems; i++)
	{
		if (ScimBoundElementsEqual(table, &in->val.array.elems[i], element))
			return &in->val.array.elems[i];
	}
	return NULL;
}

/* One in the other list with the same "value" that has no equal one there. */
static const JsonbValue *
find_changed(const ScimBoundTable *table, const JsonbValue *in, const JsonbValue *not_in,
			 const JsonbValue *element)
{
	const JsonbValue *value = part_of(element, "value");

	for (int i = 0; value != NULL && in != NULL && i < in->val.array.nElems; i++)
	{
		const JsonbValue *other = &in->val.array.elems[i];
		const JsonbValue *others = part_of(other, "value");

		if (others != NULL && ScimJsonEqual(value, others) &&
			find_equal(table, not_in, other) == NULL)
			return other;
	}
	return NULL;
}

/*
 * Does a row stay that no value is equal to?  What the store makes one with another is
 * the application's, and one that has changed is the row that it was.
 */
static bool
stays(const ScimBoundAttribute *attribute, const JsonbValue *of_row,
	  const JsonbValue *of_document, const JsonbValue *element)
{
	const ScimBoundTable *table = &attribute->table;
	const JsonbValue *changed = find_changed(table, of_document, of_row, element);

	for (int i = 0; of_document != NULL && i < of_document->val.array.nElems; i++)
	{
		if (ScimBoundSameEntry(attribute, element, &of_document->val.array.elems[i]))
			return true;
	}
	/* rows that say the same are written together */
	return changed != NULL &&
		   ScimBoundElementsEqual(
			   table, find_changed(table, of_row, of_document, changed), element);
}

/* WHERE: the rows c that are of a key and say what the element does. */
static char *
is_element(const ScimBoundTable *table, ScimParams *params, const JsonbValue *element)
{
	StringInfoData sql;
	const ListCell *lc;

	initStringInfo(&sql);
	appendStringInfoString(&sql, ScimKeyIs(table->key, "c", "$1"));
	foreach (lc, table->subs)
	{
		const ScimBoundSub *sub = lfirst(lc);
		const JsonbValue *part = part_of(element, sub->attribute->name);
		bool isnull;
		Datum datum = ScimColumnDatum(&sub->column, part, &isnull);
		int n = ScimParamsAdd(params, sub->column.type, datum, isnull);

		if (isnull)
			/* nothing, an empty text, or not the primary one */
			appendStringInfo(&sql, " AND coalesce(c.%s::text, '') IN ('', 'false')",
							 sub->column.quoted);
		else
			appendStringInfo(&sql, " AND c.%1$s::text = $%2$d::%3$s::text",
							 sub->column.quoted, n, ScimTypeQuoted(sub->column.type));
	}
	return sql.data;
}

static void
start(ScimParams *params, Datum key)
{
	ScimParamsInit(params);
	ScimParamsAdd(params, TEXTARRAYOID, key, false);
}

static void
delete_element(const ScimBinding *binding, const ScimBoundTable *table, Datum key,
			   const JsonbValue *element)
{
	ScimParams params;
	char *condition;

	start(&params, key);
	condition = is_element(table, &params, element);
	ScimSpiExecuteIn(binding->search_path,
					 psprintf("DELETE FROM %s AS c WHERE %s", table->quoted, condition),
					 &params, false, 0);
}

static void
insert_element(const ScimBinding *binding, const ScimBoundTable *table, Datum key,
			   const JsonbValue *element)
{
	ScimParams params;
	StringInfoData columns;
	StringInfoData values;
	const ListCell *lc;

	start(&params, key);
	initStringInfo(&columns);
	initStringInfo(&values);
	foreach (lc, table->key)
	{
		const ScimColumnInfo *column = lfirst(lc);

		appendStringInfo(&columns, "%s%s", columns.len > 0 ? ", " : "", column->quoted);
		appendStringInfo(&values, "%s$1[%d]::%s", values.len > 0 ? ", " : "",
						 foreach_current_index(lc) + 1, ScimTypeQuoted(column->type));
	}
	foreach (lc, table->subs)
	{
		const ScimBoundSub *sub = lfirst(lc);
		const JsonbValue *part = part_of(element, sub->attribute->name);
		bool isnull;
		Datum datum;

		if (part == NULL && sub->column.has_default)
			continue;
		/* who is not the primary one need not say so */
		if (part == NULL && sub->column.base == BOOLOID && sub->column.not_null)
			part = ScimJsonNewBool(false);
		datum = ScimColumnDatum(&sub->column, part, &isnull);
		appendStringInfo(&columns, ", %s", sub->column.quoted);
		appendStringInfo(&values, ", $%d",
						 ScimParamsAdd(&params, sub->column.type, datum, isnull));
	}
	ScimSpiExecuteIn(binding->search_path,
					 psprintf("INSERT INTO %s (%s) VALUES (%s)", table->quoted,
							  columns.data, values.data),
					 &params, false, 0);
}

static void
update_element(const ScimBinding *binding, const ScimBoundTable *table, Datum key,
			   const JsonbValue *before, const JsonbValue *after)
{
	ScimParams params;
	StringInfoData set;
	char *condition;
	const ListCell *lc;

	start(&params, key);
	initStringInfo(&set);
	condition = is_element(table, &params, before);
	foreach (lc, table->subs)
	{
		const ScimBoundSub *sub = lfirst(lc);
		const JsonbValue *part = part_of(after, sub->attribute->name);
		bool isnull;
		Datum datum;

		if (part == NULL && sub->column.base == BOOLOID && sub->column.not_null)
			part = ScimJsonNewBool(false);
		datum = ScimColumnDatum(&sub->column, part, &isnull);
		appendStringInfo(&set, "%s%s = $%d", set.len > 0 ? ", " : "", sub->column.quoted,
						 ScimParamsAdd(&params, sub->column.type, datum, isnull));
	}
	ScimSpiExecuteIn(
		binding->search_path,
		psprintf("UPDATE %s AS c SET %s WHERE %s", table->quoted, set.data, condition),
		&params, false, 0);
}

/*
 * ScimChildrenWrite makes the rows of a key say what a document does of an attribute;
 * of_row: what they say now.  Either may be NULL: nothing.
 */
void
ScimChildrenWrite(const ScimBinding *binding, const ScimBoundAttribute *attribute,
				  Datum key, const JsonbValue *of_row, const JsonbValue *of_document)
{
	const ScimBoundTable *table = &attribute->table;

	/* what goes makes room for what comes */
	for (int i = 0; of_row != NULL && i < of_row->val.array.nElems; i++)
	{
		const JsonbValue *element = &of_row->val.array.elems[i];

		if (find_equal(table, of_document, element) == NULL &&
			!stays(attribute, of_row, of_document, element))
			delete_element(binding, table, key, element);
	}
	for (int pass = 0; pass < 2; pass++)
	{
		/* who is the primary one no more first, then who is */
		for (int i = 0; of_document != NULL && i < of_document->val.array.nElems; i++)
		{
			const JsonbValue *element = &of_document->val.array.elems[i];
			const JsonbValue *primary = part_of(element, "primary");
			const JsonbValue *before;

			if ((primary != NULL && primary->type == jbvBool && primary->val.boolean) !=
					(pass == 1) ||
				find_equal(table, of_row, element) != NULL)
				continue;
			before = find_changed(table, of_row, of_document, element);
			if (before != NULL)
				update_element(binding, table, key, before, element);
			else
				insert_element(binding, table, key, element);
		}
	}
}

/* ScimChildrenDelete: the row goes, and its values do before. */
void
ScimChildrenDelete(const ScimBinding *binding, Datum key)
{
	const ListCell *lc;
	ScimParams params;

	foreach (lc, binding->others)
	{
		const ScimBoundTable *table = lfirst(lc);

		start(&params, key);
		ScimSpiExecuteIn(binding->search_path,
						 psprintf("DELETE FROM %s AS c WHERE %s", table->quoted,
								  ScimKeyIs(table->key, "c", "$1")),
						 &params, false, 0);
	}
}
