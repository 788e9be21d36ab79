/*
 * child.c
 *		Rows of the tables that hold the values of multi-valued attributes.
 *
 * Written as the owner of the bound table, who owns these, too; SPI is connected.  Which
 * value comes from which row is up to child_match.c.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/rel.h"

#include "binding/bound/bound.h"
#include "binding/sides/child.h"
#include "binding/sides/sides.h"
#include "json/buckets.h"
#include "json/json.h"
#include "schema/canonical/canonical.h"
#include "store/statement/column.h"

/* So many rows are each found by what they say. */
#define FEW_ROWS 8

/* What a value says that says nothing: who is not the primary one need not say so. */
static const JsonbValue *
unsaid(const ScimBoundSub *sub)
{
	JsonbValue *no = ScimJsonNewBool(false);

	return strcmp(sub->attribute->name, "primary") == 0 &&
				   ScimWordsFind(&sub->words, no) != NULL
			   ? no
			   : NULL;
}

/* WHERE: the rows c that are of a key and say what the element does. */
static char *
is_element(const ScimBinding *binding, const ScimBoundTable *table, ScimParams *params,
		   const JsonbValue *element)
{
	StringInfoData sql;
	const ListCell *lc;

	initStringInfo(&sql);
	appendStringInfoString(&sql, ScimKeyIs(table->key, "c", "$1"));
	foreach (lc, table->subs)
	{
		const ScimBoundSub *sub = lfirst(lc);
		const JsonbValue *part = ScimChildPart(element, sub->attribute->name);
		bool isnull = part == NULL;
		Datum datum = (Datum) 0;
		int n;

		if (sub->words.values != NIL)
		{
			ScimWordsAre(&sub->words, &sub->column, part != NULL ? part : unsaid(sub),
						 part == NULL, &sql, params);
			continue;
		}
		/* rows that say nothing are looked for, whether a row may or not */
		if (!isnull)
			datum = ScimColumnDatum(binding, &sub->column, part, &isnull);
		n = ScimParamsAdd(params, sub->column.type, datum, isnull);
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

/* What a statement, up to its condition, makes of the rows of a value. */
static void
execute_on_element(const ScimBinding *binding, const ScimBoundTable *table, Datum key,
				   const JsonbValue *element, const char *statement, long count)
{
	ScimParams params;
	char *condition;

	start(&params, key);
	condition = is_element(binding, table, &params, element);
	ScimSpiExecuteIn(
		binding->search_path,
		psprintf("%s FROM %s AS c WHERE %s", statement, table->quoted, condition),
		&params, false, count);
}

static bool
element_is_there(const ScimBinding *binding, const ScimBoundTable *table, Datum key,
				 const JsonbValue *element)
{
	execute_on_element(binding, table, key, element, "SELECT", 1);
	return SPI_processed > 0;
}

/*
 * Rows that were written may have been given to somebody else by a trigger, of which the
 * store would know nothing.
 */
static void
require_own(const ScimBinding *binding, const ScimBoundTable *table)
{
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		bool isnull;

		if (!DatumGetBool(ScimResult(i, 1, BOOLOID, &isnull)) || isnull)
			ScimRowGivenAway(ScimRelationShown(table->relid), binding->type->name);
	}
}

/*
 * So many rows that say what a value did have been written: a trigger may have skipped
 * them, or somebody else have written them since.
 */
static void
require_written(const ScimBinding *binding, const ScimBoundTable *table, Datum key,
				const JsonbValue *was, uint64 nrows)
{
	if (nrows == 0 && element_is_there(binding, table, key, was))
		ScimRowSkipped(ScimRelationShown(table->relid));
}

static void
delete_element(const ScimBinding *binding, const ScimBoundTable *table, Datum key,
			   const JsonbValue *element)
{
	execute_on_element(binding, table, key, element, "DELETE", 0);
	require_written(binding, table, key, element, SPI_processed);
}

/* Deletes rows by where they are.  Returns whether all of them were there still. */
static bool
delete_places(const ScimBinding *binding, const ScimBoundTable *table, Datum key,
			  List *places)
{
	bool all = true;

	while (places != NIL)
	{
		int n = list_length(places);
		ScimParams params;
		char *condition;

		start(&params, key);
		condition = ScimPlacesTable(&places, table, &params);
		ScimSpiExecuteInByKey(
			binding->search_path,
			psprintf("DELETE FROM %s AS c WHERE %s", table->quoted, condition), &params,
			0);
		all &= SPI_processed == (uint64) (n - list_length(places));
	}
	return all;
}

/* Rows that no value comes from, and that are not the application's alone. */
static void
delete_rows(const ScimBinding *binding, const Values *values, Datum key,
			const List *elements)
{
	List *places = NIL;
	bool all = true;
	const ListCell *lc;

	foreach (lc, values->places != NULL ? elements : NIL)
	{
		int n = list_length(places);

		CHECK_FOR_INTERRUPTS();
		places = ScimPlacesAdd(places, values->places, lfirst(lc));
		all &= list_length(places) > n;
	}
	if (values->places != NULL && delete_places(binding, values->table, key, places) &&
		all)
		return;
	foreach (lc, elements)
		delete_element(binding, values->table, key, lfirst(lc));
}

/*
 * What a value says of a sub-attribute, as a column has it; NULL: nothing.  Who is not
 * the primary one need not say so; nor need others say what has no default.
 */
static const JsonbValue *
part_written(const ScimBoundSub *sub, const JsonbValue *element)
{
	const JsonbValue *part = ScimChildPart(element, sub->attribute->name);
	bool is_false =
		strcmp(sub->attribute->name, "primary") == 0 || !sub->column.has_default;

	if (part != NULL || sub->words.values != NIL)
		return part != NULL ? part : unsaid(sub);
	return is_false && sub->column.base == BOOLOID && sub->column.not_null
			   ? ScimJsonNewBool(false)
			   : NULL;
}

/* Is a column its default where a value says this of it? */
static bool
part_is_default(const ScimBoundSub *sub, const JsonbValue *part)
{
	const ScimBoundValue *word = ScimWordsFind(&sub->words, part);

	return sub->column.has_default &&
		   (word != NULL ? linitial(word->texts) == NULL : part == NULL);
}

static Datum
sub_datum(const ScimBinding *binding, const ScimBoundSub *sub, const JsonbValue *part,
		  bool *isnull)
{
	const ScimBoundValue *word = ScimWordsFind(&sub->words, part);

	return word != NULL ? ScimWordDatum(binding, &sub->column, sub->place, word, isnull)
						: ScimColumnDatum(binding, &sub->column, part, isnull);
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
		const JsonbValue *part = ScimChildPart(element, sub->attribute->name);
		bool isnull;
		Datum datum;

		if (part_is_default(sub, part))
			continue;
		datum = sub_datum(binding, sub, part_written(sub, element), &isnull);
		appendStringInfo(&columns, ", %s", sub->column.quoted);
		appendStringInfo(&values, ", $%d",
						 ScimParamsAdd(&params, sub->column.type, datum, isnull));
	}
	ScimSpiExecuteIn(binding->search_path,
					 psprintf("INSERT INTO %s AS c (%s) VALUES (%s) RETURNING %s",
							  table->quoted, columns.data, values.data,
							  ScimKeyIs(table->key, "c", "$1")),
					 &params, false, 0);
	require_own(binding, table);
	if (SPI_processed == 0)
		ScimRowSkipped(ScimRelationShown(table->relid));
	SPI_freetuptable(SPI_tuptable);
}

/*
 * Makes rows that a condition over parameters finds, and that say what a value did, say
 * what it does now; *now: where they are then.  Returns how many there were, or 1 where
 * nothing differs in them.
 */
static uint64
update_rows(const ScimBinding *binding, const ScimBoundTable *table, ScimParams *params,
			const char *condition, bool by_place, const JsonbValue *before,
			const JsonbValue *after, List **now)
{
	MemoryContext context = CurrentMemoryContext;
	StringInfoData set;
	char *sql;
	uint64 nrows;
	const ListCell *lc;

	initStringInfo(&set);
	foreach (lc, table->subs)
	{
		const ScimBoundSub *sub = lfirst(lc);
		const JsonbValue *part = part_written(sub, after);
		bool isnull;
		Datum datum;

		/* of several words the one that is there stays */
		if (sub->words.values != NIL && ScimJsonSame(part_written(sub, before), part))
			continue;
		appendStringInfo(&set, "%s%s = ", set.len > 0 ? ", " : "", sub->column.quoted);
		/* what cannot be null is what it is without us, as in a new row */
		if (sub->column.not_null && part_is_default(sub, part))
		{
			appendStringInfoString(&set, "DEFAULT");
			continue;
		}
		datum = sub_datum(binding, sub, part, &isnull);
		appendStringInfo(&set, "$%d",
						 ScimParamsAdd(params, sub->column.type, datum, isnull));
	}
	if (set.len == 0)
		return 1;
	sql = psprintf("UPDATE %s AS c SET %s WHERE %s RETURNING %s, c.tableoid, c.ctid",
				   table->quoted, set.data, condition, ScimKeyIs(table->key, "c", "$1"));
	if (by_place)
		ScimSpiExecuteInByKey(binding->search_path, sql, params, 0);
	else
		ScimSpiExecuteIn(binding->search_path, sql, params, false, 0);
	nrows = SPI_processed;
	require_own(binding, table);
	*now = list_concat(*now, ScimPlacesResult(context, 2));
	SPI_freetuptable(SPI_tuptable);
	return nrows;
}

/* Makes the rows that a value comes from say something. */
static void
update_element(const ScimBinding *binding, const Values *values, Datum key, int at,
			   const JsonbValue *after)
{
	const ScimBoundTable *table = values->table;
	const JsonbValue *before = values->sources[at];
	List *places = values->moved[at];
	List *now = NIL;
	uint64 nrows = 0;
	uint64 expected;
	ScimParams params;
	char *condition;

	if (places == NIL && values->places != NULL)
		places = ScimPlacesAdd(NIL, values->places, before);
	expected = list_length(places);
	while (places != NIL)
	{
		start(&params, key);
		condition = ScimPlacesTable(&places, table, &params);
		nrows +=
			update_rows(binding, table, &params, condition, true, before, after, &now);
	}
	if (expected == 0 || nrows < expected)
	{
		start(&params, key);
		condition = is_element(binding, table, &params, before);
		nrows +=
			update_rows(binding, table, &params, condition, false, before, after, &now);
	}
	require_written(binding, table, key, before, nrows);
	if (values->places != NULL)
		values->moved[at] = now;
}

/*
 * The sub-attributes of which a unique index lets a key have no two values alike: a List
 * of lists of ScimBoundSub *, one for each index.
 */
static List *
unique_subs(const ScimBoundTable *table)
{
	Relation relation = table_open(table->relid, AccessShareLock);
	List *found = NIL;
	const ListCell *lc;
	const ListCell *other;

	foreach (lc, RelationGetIndexList(relation))
	{
		Relation index = index_open(lfirst_oid(lc), AccessShareLock);
		const FormData_pg_index *form = index->rd_index;
		bool is_known = form->indisunique && form->indimmediate;
		List *subs = NIL;

		for (int i = 0; is_known && i < form->indnkeyatts; i++)
		{
			int number = form->indkey.values[i];

			is_known = ScimColumnPlace(number, table->key) >= 0;
			foreach (other, table->subs)
			{
				if (((const ScimBoundSub *) lfirst(other))->column.number != number)
					continue;
				is_known = true;
				subs = lappend(subs, lfirst(other));
			}
		}
		index_close(index, NoLock);
		if (is_known && subs != NIL)
			found = lappend(found, subs);
	}
	table_close(relation, NoLock);
	return found;
}

/* Values that have yet to be written, in the order of the document. */
typedef struct Unwritten
{
	const Values *values;
	List *indexes;        /* of unique_subs */
	ScimBuckets *sources; /* of each of these: values by what their rows say there */
	List *primary;        /* int: values whose rows are the primary one */
	int nsources;
	bool *waits;  /* of each value */
	bool *parked; /* it has given way already */
} Unwritten;

/* What an element says of sub-attributes; false: of one of them nothing. */
static bool
hash_subs(const JsonbValue *element, const List *subs, uint32 *hash)
{
	const ListCell *lc;

	*hash = 0;
	foreach (lc, subs)
	{
		const ScimBoundSub *sub = lfirst(lc);
		const JsonbValue *part = ScimChildPart(element, sub->attribute->name);

		if (part == NULL)
			return false;
		*hash = hash_combine(*hash, ScimJsonHash(part));
	}
	return true;
}

/*
 * Does a row that another value comes from have what this one is to say, so that it would
 * be there twice?  *subs: what that is of, of the primary value NIL.
 */
static bool
is_in_the_way(const Unwritten *unwritten, const JsonbValue *element,
			  const JsonbValue *of_row, List **subs)
{
	const ListCell *lc;
	const ListCell *sub;

	*subs = NIL;
	if (ScimIsPrimary(element) && ScimIsPrimary(of_row))
		return true;
	foreach (lc, unwritten->indexes)
	{
		bool all = true;

		*subs = lfirst(lc);
		foreach (sub, *subs)
		{
			const char *name = ((const ScimBoundSub *) lfirst(sub))->attribute->name;

			all &= ScimChildPart(element, name) != NULL &&
				   ScimChildPartsEqual(element, of_row, name);
		}
		if (all)
			return true;
	}
	return false;
}

/* Rows that values come from, to be found where they are in the way of others. */
static void
note_sources(Unwritten *unwritten)
{
	const Values *values = unwritten->values;
	const ListCell *lc;

	unwritten->sources =
		palloc(sizeof(ScimBuckets) * Max(list_length(unwritten->indexes), 1));
	foreach (lc, unwritten->indexes)
		ScimBucketsInit(&unwritten->sources[foreach_current_index(lc)], values->nvalues);
	for (int i = 0; i < values->nvalues; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!unwritten->waits[i] || values->sources[i] == NULL)
			continue;
		unwritten->nsources++;
		if (ScimIsPrimary(values->sources[i]))
			unwritten->primary = lappend_int(unwritten->primary, i);
		foreach (lc, unwritten->indexes)
		{
			uint32 hash;

			if (hash_subs(values->sources[i], lfirst(lc), &hash))
				ScimBucketsAdd(&unwritten->sources[foreach_current_index(lc)], hash, i);
		}
	}
}

/* Is the row of a value in the way of another one, and before whom was found? */
static void
look_in_the_way(const Unwritten *unwritten, int at, int other, int *found, List **subs)
{
	const Values *values = unwritten->values;
	List *of_this;

	if (other == at || (*found >= 0 && other >= *found) || !unwritten->waits[other] ||
		values->sources[other] == NULL ||
		!is_in_the_way(unwritten, &values->document->val.array.elems[at],
					   values->sources[other], &of_this))
		return;
	*found = other;
	*subs = of_this;
}

/* The first value whose row is in the way of one that is to be written, or -1. */
static int
find_in_the_way(const Unwritten *unwritten, int at, List **subs)
{
	const JsonbValue *element = &unwritten->values->document->val.array.elems[at];
	int found = -1;
	const ListCell *lc;

	if (unwritten->nsources == 0)
		return -1;
	foreach (lc, ScimIsPrimary(element) ? unwritten->primary : NIL)
		look_in_the_way(unwritten, at, lfirst_int(lc), &found, subs);
	foreach (lc, unwritten->indexes)
	{
		const ScimBuckets *sources = &unwritten->sources[foreach_current_index(lc)];
		uint32 hash;

		if (!hash_subs(element, lfirst(lc), &hash))
			continue;
		for (int i = ScimBucketsFirst(sources, hash); i >= 0;
			 i = ScimBucketsNext(sources, i))
			look_in_the_way(unwritten, at, ScimBucketsItem(sources, i), &found, subs);
	}
	return found;
}

static void
write_element(const ScimBinding *binding, const Values *values, Datum key, int at)
{
	const JsonbValue *element = &values->document->val.array.elems[at];

	if (values->sources[at] != NULL)
		update_element(binding, values, key, at, element);
	else
		insert_element(binding, values->table, key, element);
}

/*
 * Values that exchange something which is there once only: one of them says nothing of it
 * for a while, where its column can be null, or else makes room and comes back.
 */
static void
give_way(const ScimBinding *binding, Unwritten *unwritten, Datum key, int at,
		 const List *subs)
{
	const Values *values = unwritten->values;
	const JsonbValue *source = values->sources[at];
	JsonbValue *element = ScimJsonCopy(source);
	bool can_be_null = subs == NIL;
	const ListCell *lc;

	unwritten->parked[at] = true;
	foreach (lc, subs)
	{
		const ScimBoundSub *sub = lfirst(lc);

		if (can_be_null || sub->column.not_null)
			continue;
		can_be_null = true;
		(void) ScimJsonRemove(element, sub->attribute->name);
	}
	if (subs == NIL)
		(void) ScimJsonRemove(element, "primary");
	if (can_be_null)
		update_element(binding, values, key, at, element);
	else
		delete_element(binding, values->table, key, source);
	values->sources[at] = can_be_null ? element : NULL;
}

/* Who is the primary one no more goes first, and then who has nobody in his way. */
static void
write_values(const ScimBinding *binding, Datum key, const Values *values)
{
	Unwritten unwritten = {.values = values};
	int nwaiting = 0;
	int first = 0;

	unwritten.waits = palloc0(sizeof(bool) * (values->nvalues + 1));
	unwritten.parked = palloc0(sizeof(bool) * (values->nvalues + 1));
	for (int i = 0; i < values->nvalues; i++)
		nwaiting += unwritten.waits[i] = !values->said[i];
	if (nwaiting == 0)
		return;
	unwritten.indexes = unique_subs(values->table);
	note_sources(&unwritten);
	while (nwaiting > 0)
	{
		int next = -1;
		int blocked = -1;
		int in_the_way = -1;
		List *subs = NIL;
		List *of_this;

		CHECK_FOR_INTERRUPTS();
		while (!unwritten.waits[first])
			first++;
		for (int pass = 0; pass < 2; pass++)
		{
			for (int i = first; next < 0 && i < values->nvalues; i++)
			{
				int other;

				if (!unwritten.waits[i] ||
					ScimIsPrimary(&values->document->val.array.elems[i]) != (pass == 1))
					continue;
				other = find_in_the_way(&unwritten, i, &of_this);
				if (other < 0)
					next = i;
				else if (in_the_way < 0 && !unwritten.parked[other])
				{
					in_the_way = other;
					subs = of_this;
				}
				else if (blocked < 0)
					blocked = i;
			}
		}
		if (next < 0 && in_the_way >= 0)
		{
			give_way(binding, &unwritten, key, in_the_way, subs);
			continue;
		}
		/* the table says what it has against that */
		if (next < 0)
			next = blocked;
		write_element(binding, values, key, next);
		unwritten.waits[next] = false;
		nwaiting--;
	}
}

/*
 * Rows that are one with a value, and say something that it does not have: that they say
 * no more.
 */
static void
take_from_rows(const ScimBinding *binding, const Values *values, Datum key)
{
	const ListCell *lc;

	for (int i = 0; i < values->nrows; i++)
	{
		const JsonbValue *before = &values->rows->val.array.elems[i];
		JsonbValue *after;
		List *now = NIL;
		ScimParams params;
		char *condition;

		/* rows that say the same are written together */
		if (values->more[i] == NULL ||
			ScimValuesFind(values->all, values->rows, before) != i)
			continue;
		after = ScimJsonCopy(before);
		foreach (lc, values->table->subs)
		{
			const char *name = ((const ScimBoundSub *) lfirst(lc))->attribute->name;

			if (ScimChildPart(values->more[i], name) == NULL ||
				(strcmp(name, "primary") == 0 && !ScimIsPrimary(values->more[i])))
				(void) ScimJsonRemove(after, name);
		}
		start(&params, key);
		condition = is_element(binding, values->table, &params, before);
		require_written(binding, values->table, key, before,
						update_rows(binding, values->table, &params, condition, false,
									before, after, &now));
	}
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
	Values values = {
		.attribute = attribute, .table = table, .rows = of_row, .document = of_document};
	List *going = NIL;
	int nwritten;

	ScimChildMatch(&values);
	/* rows that say the same go together */
	for (int i = 0; i < values.nrows; i++)
	{
		JsonbValue *element = &of_row->val.array.elems[i];

		if (!values.stays[i] && ScimValuesFind(values.all, of_row, element) == i)
			going = lappend(going, element);
	}
	nwritten = list_length(going);
	for (int i = 0; i < values.nvalues; i++)
		nwritten += values.sources[i] != NULL;
	if (nwritten > FEW_ROWS)
		values.places = ScimPlacesRead(binding, attribute, key);
	/* what goes makes room for what comes */
	delete_rows(binding, &values, key, going);
	take_from_rows(binding, &values, key);
	ScimValuesForget(values.all);
	write_values(binding, key, &values);
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

/*
 * ScimOtherHasRows: are there rows c of one of the other tables of a binding, as a
 * condition over parameters says?
 */
bool
ScimOtherHasRows(const ScimBinding *binding, const ScimBoundTable *table,
				 const char *condition, const ScimParams *params)
{
	ScimIdentity caller = ScimBeReader(binding->owner);
	bool found;

	SPI_connect();
	ScimSpiExecuteIn(binding->search_path,
					 psprintf("SELECT FROM %s AS c WHERE %s", table->quoted, condition),
					 params, false, 1);
	found = SPI_processed > 0;
	SPI_finish();
	ScimBeCaller(caller);
	return found;
}

/* They go since their row has, which this transaction has taken away. */
static int endings = 0;

/* ScimChildrenAreEnding: nobody can have a row of their key until it ends. */
bool
ScimChildrenAreEnding(void)
{
	return endings > 0;
}

/* ScimChildrenEndLeft: the row has gone, and its rows in other tables do. */
void
ScimChildrenEndLeft(const ScimBinding *binding, Datum key)
{
	bool are_left = false;
	ScimIdentity caller;
	ScimParams params;
	const ListCell *lc;

	start(&params, key);
	foreach (lc, binding->others)
	{
		const ScimBoundTable *table = lfirst(lc);

		are_left =
			are_left ||
			ScimOtherHasRows(binding, table, ScimKeyIs(table->key, "c", "$1"), &params);
	}
	if (!are_left)
		return;
	caller = ScimBindingBeOwner(binding);
	SPI_connect();
	endings++;
	PG_TRY();
	{
		ScimChildrenDelete(binding, key);
	}
	PG_FINALLY();
	{
		endings--;
	}
	PG_END_TRY();
	SPI_finish();
	ScimBindingBeCaller(caller);
}
