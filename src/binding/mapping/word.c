/*
 * word.c
 *		"values" of a mapping: which value of an attribute is which word of a column.
 *
 * A word is text, as the column is read; whether its type takes that, and says it so, is
 * asked when the table is bound.  Types change afterwards: a label of an enum gets
 * another name, a domain a constraint.  Then no client can mend what he is refused, so it
 * is unavailable to him, and the owner of the table is told before.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "binding/mapping/mapping_state.h"
#include "error.h"
#include "json/json.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"

/* ScimWordsRead: the value that a word of a column is, or NULL; one of none is "else". */
JsonbValue *
ScimWordsRead(const ScimBoundWords *words, const JsonbValue *raw)
{
	const ListCell *lc;
	const ListCell *text;

	foreach (lc, words->values)
	{
		const ScimBoundValue *value = lfirst(lc);

		foreach (text, value->texts)
		{
			if (raw->type == jbvNull
					? lfirst(text) == NULL
					: lfirst(text) != NULL && ScimJsonStringEquals(raw, lfirst(text)))
				return (JsonbValue *) value->value;
		}
	}
	if (raw->type == jbvNull)
		return NULL;
	return (JsonbValue *) (words->otherwise != NULL ? words->otherwise : raw);
}

/*
 * ScimWordsFind: the line of "values" that is of a value of the attribute, NULL for none;
 * of a value that has no line it is that of "else", which it would be read as anyway.
 * Returns NULL where there is none.
 */
const ScimBoundValue *
ScimWordsFind(const ScimBoundWords *words, const JsonbValue *value)
{
	const ListCell *lc;
	const ScimBoundValue *otherwise = NULL;

	foreach (lc, words->values)
	{
		const ScimBoundValue *one = lfirst(lc);

		if (ScimJsonSame(one->value, value))
			return one;
		if (value != NULL && words->otherwise != NULL && one->value == words->otherwise)
			otherwise = one;
	}
	return otherwise;
}

static bool
null_is_word(const ScimBoundWords *words)
{
	const ListCell *lc;
	const ListCell *text;

	foreach (lc, words->values)
	{
		foreach (text, ((const ScimBoundValue *) lfirst(lc))->texts)
		{
			if (lfirst(text) == NULL)
				return true;
		}
	}
	return false;
}

/*
 * ScimWordsAre appends, behind a condition, SQL for that a column of a row c says a
 * value, NULL for none: one of its words, or, where the value is what others are, none of
 * the others; else itself.  or_null: a row that says nothing is meant, too.
 */
void
ScimWordsAre(const ScimBoundWords *words, const ScimColumnInfo *column,
			 const JsonbValue *value, bool or_null, StringInfo sql, ScimParams *params)
{
	bool is_else = value != NULL && words->otherwise != NULL &&
				   ScimJsonSame(words->otherwise, value);
	List *those = NIL;
	bool has_null = false;
	const ListCell *lc;
	const ListCell *text;
	Datum *elements;
	int n = 0;

	foreach (lc, words->values)
	{
		const ScimBoundValue *one = lfirst(lc);
		bool is_it = ScimJsonSame(one->value, value);

		foreach (text, is_it != is_else ? one->texts : NIL)
		{
			if (lfirst(text) != NULL)
				those = lappend(those, lfirst(text));
		}
		foreach (text, one->texts)
			has_null |= lfirst(text) == NULL && is_it;
	}
	/* null that is no word says nothing, and so does a word of no value */
	has_null |= or_null && !null_is_word(words);
	if (those == NIL && value != NULL && !is_else && ScimWordsFind(words, value) == NULL)
		those = list_make1(ScimJsonText(value));
	elements = palloc(sizeof(Datum) * (list_length(those) + 1));
	foreach (lc, those)
		elements[n++] = CStringGetTextDatum(lfirst(lc));
	appendStringInfo(
		sql, " AND (c.%s::text %s ($%d)%s)", column->quoted, is_else ? "<> ALL" : "= ANY",
		ScimParamsAdd(params, TEXTARRAYOID, ScimArray(elements, NULL, n, TEXTOID), false),
		has_null ? psprintf(" OR c.%s IS NULL", column->quoted) : "");
}

/* Where in the mapping a line of "values" is. */
static char *
place_of(const char *place, const ScimBoundValue *value)
{
	StringInfoData shown;

	initStringInfo(&shown);
	appendStringInfo(&shown, "%s.values.", place);
	if (value->value != NULL && value->value->type == jbvString)
		appendStringInfoString(&shown, ScimJsonStringCopy(value->value));
	else if (value->value != NULL)
		ScimJsonWrite(&shown, value->value);
	return shown.data;
}

/* A word that is tried. */
typedef struct Trial
{
	const ScimBinding *binding;
	const ScimColumnInfo *column;
	const char *word;
	MemoryContext context;
	char *spelled; /* as the column says it */
} Trial;

static void
try_word(void *arg)
{
	Trial *trial = arg;
	MemoryContext old;
	ScimParams params;
	bool isnull;
	Datum value;

	SPI_connect();
	value = ScimColumnDatum(trial->binding, trial->column, ScimJsonNewString(trial->word),
							&isnull);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, trial->column->type, value, isnull);
	ScimSpiExecuteIn(trial->binding->search_path, "SELECT $1::text", &params, true, 1);
	old = MemoryContextSwitchTo(trial->context);
	trial->spelled = ScimResultText(0, 1);
	MemoryContextSwitchTo(old);
	SPI_finish();
}

static bool
is_about_value(const ErrorData *error)
{
	int category = ERRCODE_TO_CATEGORY(error->sqlerrcode);

	return category == ERRCODE_DATA_EXCEPTION ||
		   category == ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION;
}

static char *
cannot_hold(const ScimColumnInfo *column, const char *word, const char *why)
{
	return psprintf("column \"%s\" of type %s cannot hold \"%s\": %s", column->name,
					format_type_be(column->type), word, why);
}

/*
 * Why a word, NULL for null, cannot be written to a column; NULL: it can, and *spelled is
 * how the column says it.
 */
static char *
problem_of(const ScimBinding *binding, const ScimColumnInfo *column, const char *word,
		   char **spelled)
{
	Trial trial = {binding, column, word, CurrentMemoryContext, (char *) word};
	bool is_plain = column->type == column->base && column->typmod < 0;
	ScimIdentity caller;
	ErrorData *error;

	*spelled = (char *) word;
	if (word == NULL)
		return column->not_null && !column->has_default
				   ? psprintf("column \"%s\" must not be null", column->name)
				   : NULL;
	if (is_plain && column->type == TEXTOID)
		return NULL;
	if (is_plain && get_typtype(column->type) == TYPTYPE_ENUM)
		return SearchSysCacheExists2(ENUMTYPOIDNAME, ObjectIdGetDatum(column->type),
									 CStringGetDatum(word))
				   ? NULL
				   : cannot_hold(column, word, "it is no label of the type");
	caller = ScimBeReader(binding->owner);
	error = ScimAttempt(try_word, &trial);
	ScimBeCaller(caller);
	if (error != NULL && !is_about_value(error))
		ThrowErrorData(error);
	*spelled = trial.spelled;
	return error != NULL ? cannot_hold(column, word, error->message) : NULL;
}

/* Calls for each word of a binding; is_written: others of the same value are not. */
typedef void (*UseWord)(void *arg, const ScimBoundAttribute *attribute,
						const ScimColumnInfo *column, const char *place, const char *word,
						bool is_written);

static void
for_each_of(const ScimBoundAttribute *attribute, const ScimColumnInfo *column,
			const List *values, const char *place, UseWord use, void *arg)
{
	const ListCell *lc;
	const ListCell *text;

	foreach (lc, values)
	{
		const ScimBoundValue *value = lfirst(lc);

		foreach (text, value->texts)
			use(arg, attribute, column, place_of(place, value), lfirst(text),
				foreach_current_index(text) == 0 && !column->generated);
	}
}

static void
for_each_word(const ScimBinding *binding, UseWord use, void *arg)
{
	const ListCell *lc;
	const ListCell *sub;

	for_each_of(NULL, &binding->tenant, binding->tenants, "tenant", use, arg);
	foreach (lc, binding->attributes)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);

		for_each_of(attribute, &attribute->column, attribute->words.values,
					psprintf("attributes.%s", attribute->path), use, arg);
		foreach (sub, attribute->table.subs)
			for_each_of(attribute, &((const ScimBoundSub *) lfirst(sub))->column,
						((const ScimBoundSub *) lfirst(sub))->words.values,
						((const ScimBoundSub *) lfirst(sub))->place, use, arg);
	}
}

static void
require_word(void *arg, const ScimBoundAttribute *attribute, const ScimColumnInfo *column,
			 const char *place, const char *word, bool is_written)
{
	char *spelled;
	char *problem = problem_of(arg, column, word, &spelled);

	if (problem != NULL && (word != NULL || is_written))
		ScimMappingWrong(place, problem);
	if (problem == NULL && word != NULL && strcmp(spelled, word) != 0)
		ScimMappingWrong(
			place, psprintf("column \"%s\" of type %s says \"%s\" for \"%s\": that "
							"is what must stand here",
							column->name, format_type_be(column->type), spelled, word));
}

/*
 * ScimWordsRequire: of a table that is being bound, an error (22023) where a column
 * cannot hold one of its words, or says it in another way, so that it would never be
 * read.
 */
void
ScimWordsRequire(const ScimBinding *binding)
{
	for_each_word(binding, require_word, (void *) binding);
}

typedef struct Telling
{
	const ScimBinding *binding;
	ScimUseWordProblem use;
	void *arg;
} Telling;

static void
tell_word(void *arg, const ScimBoundAttribute *attribute, const ScimColumnInfo *column,
		  const char *place, const char *word, bool is_written)
{
	const Telling *telling = arg;
	char *spelled;
	char *problem =
		is_written ? problem_of(telling->binding, column, word, &spelled) : NULL;

	if (problem != NULL)
		telling->use(telling->arg, attribute, column,
					 psprintf("mapping: %s: %s", place, problem));
}

/* ScimWordsTell calls for each word that a column cannot hold any more; attribute NULL:
 * it is that of a tenant. */
void
ScimWordsTell(const ScimBinding *binding, ScimUseWordProblem use, void *arg)
{
	Telling telling = {binding, use, arg};

	for_each_word(binding, tell_word, &telling);
}

/*
 * ScimWordDatum makes of the word of a value, which is to be written, one of the type of
 * the column; an error (SC503) where that cannot hold it any more.
 */
Datum
ScimWordDatum(const ScimBinding *binding, const ScimColumnInfo *column, const char *place,
			  const ScimBoundValue *value, bool *isnull)
{
	MemoryContext context = CurrentMemoryContext;
	const char *word = linitial(value->texts);
	char *volatile problem = NULL;
	volatile Datum datum = (Datum) 0;

	*isnull = word == NULL;
	if (word == NULL && column->not_null)
		problem = psprintf("column \"%s\" must not be null", column->name);
	PG_TRY();
	{
		if (word != NULL)
			datum = ScimColumnDatum(binding, column, ScimJsonNewString(word), isnull);
	}
	PG_CATCH();
	{
		ErrorData *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		if (!is_about_value(error))
			PG_RE_THROW();
		FlushErrorState();
		problem = cannot_hold(column, word, error->message);
	}
	PG_END_TRY();
	if (problem != NULL)
		ereport(
			ERROR,
			(ScimErr(SCIM_UNAVAILABLE),
			 errmsg("table \"%s\" is not any more as it was bound to %s: mapping: "
					"%s: %s",
					binding->shown, binding->type->name, place_of(place, value), problem),
			 errhint(SCIM_HINT_REPLACE)));
	return datum;
}
