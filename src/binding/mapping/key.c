/*
 * key.c
 *		Keys of rows: columns that may be one, and their values as text.
 *
 * A link keeps the key of a row as text, and so do rows of values and members find the
 * row whose they are.  Where a type takes several spellings for equal, all of them make
 * the same text here (its canonical spelling), whoever makes it, SQL or C; and rows are
 * looked up by the equality of the type, which takes any.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/dependency.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "lib/stringinfo.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/formatting.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "binding/mapping/mapping.h"
#include "store/statement/statement.h"

/* What a bigint can be. */
#define INT8_LEAST "(-9223372036854775808)"
#define INT8_MOST "9223372036854775807"

/* So many digits a number has before the point, and after it. */
#define NUMERIC_DIGITS_MOST 131072
#define NUMERIC_SCALE_MOST 16383

/* Is it the type of the extension citext, and none of somebody else's that is called so?
 */
static bool
is_citext(Oid base)
{
	static Oid known = InvalidOid;
	HeapTuple tuple;
	bool named;
	Oid extension;

	if (base < FirstGenbkiObjectId || base == known)
		return base >= FirstGenbkiObjectId;
	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(base));
	if (!HeapTupleIsValid(tuple))
		return false;
	named = strcmp(NameStr(((Form_pg_type) GETSTRUCT(tuple))->typname), "citext") == 0;
	ReleaseSysCache(tuple);
	extension = named ? getExtensionOfObject(TypeRelationId, base) : InvalidOid;
	if (!OidIsValid(extension) || strcmp(get_extension_name(extension), "citext") != 0)
		return false;
	known = base;
	return true;
}

/* ScimColumnIsKey: is its text the same whatever the settings of the session? */
bool
ScimColumnIsKey(const ScimColumnInfo *column)
{
	switch (column->base)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case NUMERICOID:
			return true;
		default:
			return ScimTypeIsText(column->base);
	}
}

/* Values of one of them are spelled alike, whatever their type. */
typedef enum Spelling
{
	OTHER, /* nobody knows how */
	NUMBER,
	UUID,
	LABEL, /* of an enum */
	TEXT,
	TEXT_OF_ANY_CASE
} Spelling;

static Spelling
spelling_of(const ScimColumnInfo *column)
{
	Oid base = column->base;

	if (!ScimColumnIsKey(column))
		return OTHER;
	if (get_typtype(base) == TYPTYPE_ENUM)
		return LABEL;
	if (base == UUIDOID)
		return UUID;
	if (!ScimTypeIsText(base))
		return NUMBER;
	if (is_citext(base))
		return TEXT_OF_ANY_CASE;
	return base < FirstGenbkiObjectId &&
				   (!OidIsValid(column->collation) ||
					get_collation_isdeterministic(column->collation))
			   ? TEXT
			   : OTHER;
}

/*
 * ScimKeyProblem: why a column cannot be of a key, or NULL.  of: the column of the key
 * that it has to be equal to, or NULL: it is of the key itself.  cast: it is compared
 * with the text of that.
 */
char *
ScimKeyProblem(const ScimColumnInfo *column, const ScimColumnInfo *of, bool cast)
{
	Spelling spelling = spelling_of(column);
	Spelling other = of != NULL ? spelling_of(of) : spelling;

	if (spelling == OTHER && ScimColumnIsKey(column) && OidIsValid(column->collation) &&
		!get_collation_isdeterministic(column->collation))
		return psprintf(
			"column \"%s\" has a collation that takes several texts for equal, "
			"and cannot be of a key here",
			column->name);
	if (spelling == OTHER)
		return psprintf("column \"%s\" is of a type that cannot be a key here",
						column->name);
	if (of == NULL || other == OTHER ||
		(spelling == other && (spelling != LABEL || column->base == of->base)) ||
		(cast && spelling == TEXT && other != TEXT_OF_ANY_CASE))
		return NULL;
	return psprintf(
		"column \"%s\" of type %s cannot hold the key \"%s\", which is of type %s",
		column->name, format_type_be(column->type), of->name, format_type_be(of->type));
}

/* ScimTypeQuoted: a type, as SQL casts to it without a length. */
char *
ScimTypeQuoted(Oid type)
{
	/* without the flag "character" is one of one character */
	return format_type_extended(type, -1,
								FORMAT_TYPE_FORCE_QUALIFY | FORMAT_TYPE_TYPEMOD_GIVEN);
}

/* SQL for the canonical spelling of a column as text. */
static char *
column_text(const ScimColumnInfo *column, const char *row)
{
	if (column->base == NUMERICOID)
		return psprintf("pg_catalog.trim_scale(%s.%s)::text", row, column->quoted);
	if (is_citext(column->base))
		return psprintf("pg_catalog.lower(%s.%s::text COLLATE pg_catalog.\"default\")",
						row, column->quoted);
	return psprintf("%s.%s::text", row, column->quoted);
}

/* ScimKeyTextOf: what column_text makes of a value of a type. */
char *
ScimKeyTextOf(Oid type, Datum value)
{
	Oid base = getBaseType(type);
	char *text;

	if (base == NUMERICOID)
		value = DirectFunctionCall1(numeric_trim_scale, value);
	text = ScimColumnText(type, value);
	return is_citext(base) ? str_tolower(text, strlen(text), DEFAULT_COLLATION_OID)
						   : text;
}

/* ScimKeyTexts: SQL for the key of a row as text[]. */
char *
ScimKeyTexts(List *key, const char *row)
{
	StringInfoData sql;
	const ListCell *lc;

	initStringInfo(&sql);
	appendStringInfoString(&sql, "ARRAY[");
	foreach (lc, key)
		appendStringInfo(&sql, "%s%s", foreach_current_index(lc) > 0 ? ", " : "",
						 column_text(lfirst(lc), row));
	appendStringInfoString(&sql, "]");
	return sql.data;
}

/* ScimKeyEquals: the operator of equality of a column's type. */
char *
ScimKeyEquals(const ScimColumnInfo *column)
{
	Oid base = column->base;
	Oid equals;

	if (base < FirstGenbkiObjectId || get_typtype(base) == TYPTYPE_ENUM)
		return "OPERATOR(pg_catalog.=)";
	/* its own, which may be anywhere, such as that of citext */
	equals = lookup_type_cache(base, TYPECACHE_EQ_OPR)->eq_opr;
	return psprintf(
		"OPERATOR(%s.%s)",
		quote_identifier(get_namespace_name(get_func_namespace(get_opcode(equals)))),
		get_opname(equals));
}

/*
 * An element of a key as SQL, to compare a column with: NULL, and so equal to nothing,
 * where the column cannot hold it, as when the key that it refers to is of a wider type.
 */
static char *
key_element(const ScimColumnInfo *column, const char *array, int n)
{
	char *element = psprintf("%s[%d]", array, n);

	switch (column->base)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
			return psprintf(
				"(CASE WHEN %1$s::numeric OPERATOR(pg_catalog.>=) " INT8_LEAST
				" AND %1$s::numeric OPERATOR(pg_catalog.<=) " INT8_MOST
				" AND %1$s::numeric OPERATOR(pg_catalog.%%) 1 OPERATOR(pg_catalog.=) 0 "
				"THEN %1$s::bigint END)",
				element);
		default:
			return psprintf("%s::%s", element, ScimTypeQuoted(column->base));
	}
}

/* ScimKeyIs: SQL that finds rows by their key, the parameter array, by its index. */
char *
ScimKeyIs(List *key, const char *row, const char *array)
{
	StringInfoData sql;
	const ListCell *lc;

	initStringInfo(&sql);
	foreach (lc, key)
	{
		const ScimColumnInfo *column = lfirst(lc);
		int n = foreach_current_index(lc) + 1;

		appendStringInfo(&sql, "%s%s.%s %s %s", n > 1 ? " AND " : "", row, column->quoted,
						 ScimKeyEquals(column), key_element(column, array, n));
	}
	return sql.data;
}

/* Is a text what ScimKeyColumnText makes of a number?  One of any size has a scale. */
static bool
is_number(const char *text)
{
	const char *whole = text + (*text == '-');
	size_t nwhole = strspn(whole, "0123456789");
	const char *fraction = whole + nwhole;
	size_t nfraction = *fraction == '.' ? strspn(fraction + 1, "0123456789") : 0;

	if (strcmp(text, "NaN") == 0 || strcmp(whole, "Infinity") == 0)
		return true;
	if (nwhole == 0 || nwhole > NUMERIC_DIGITS_MOST || nfraction > NUMERIC_SCALE_MOST ||
		(nwhole > 1 && whole[0] == '0') || strcmp(text, "-0") == 0)
		return false;
	return *fraction == '\0' || (nfraction > 0 && fraction[nfraction + 1] == '\0' &&
								 fraction[nfraction] != '0');
}

static bool
is_uuid(const char *text)
{
	pg_uuid_t id;

	return ScimUuidParse(text, &id) && strcmp(ScimUuidText(&id), text) == 0;
}

static bool
can_be(const ScimColumnInfo *column, const char *text)
{
	switch (spelling_of(column))
	{
		case NUMBER:
			return is_number(text);
		case UUID:
			return is_uuid(text);
		case LABEL:
			return strlen(text) < NAMEDATALEN &&
				   SearchSysCacheExists2(ENUMTYPOIDNAME, ObjectIdGetDatum(column->base),
										 CStringGetDatum(text));
		default:
			return true;
	}
}

/*
 * ScimKeyMisfit: the place of the first element of a key that is no value of its column,
 * or -1: it may be that of a row.  What refers to rows by text may say anything.
 */
int
ScimKeyMisfit(const List *key, Datum array)
{
	Datum *elements;
	bool *nulls;
	int n;
	const ListCell *lc;

	deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT,
					  &elements, &nulls, &n);
	foreach (lc, key)
	{
		int i = foreach_current_index(lc);

		if (i < n && !nulls[i] && !can_be(lfirst(lc), TextDatumGetCString(elements[i])))
			return i;
	}
	return -1;
}

/* ScimPrimaryKeyColumns: of a table, ScimColumnInfo *; NIL where it has none. */
List *
ScimPrimaryKeyColumns(Oid relid)
{
	Relation relation = table_open(relid, AccessShareLock);
	List *columns = NIL;
	ListCell *lc;

	foreach (lc, RelationGetIndexList(relation))
	{
		HeapTuple tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(lfirst_oid(lc)));
		Form_pg_index index;

		/* DROP INDEX CONCURRENTLY */
		if (!HeapTupleIsValid(tuple))
			continue;
		index = (Form_pg_index) GETSTRUCT(tuple);
		for (int i = 0; index->indisprimary && i < index->indnkeyatts; i++)
		{
			ScimColumnInfo *column = palloc(sizeof(ScimColumnInfo));

			ScimColumnFind(relid, get_attname(relid, index->indkey.values[i], false),
						   "key", column);
			columns = lappend(columns, column);
		}
		ReleaseSysCache(tuple);
	}
	table_close(relation, AccessShareLock);
	return columns;
}

static bool
is_unique(Form_pg_index index, const List *key)
{
	if (!index->indisunique || !index->indisvalid || index->indnkeyatts == 0)
		return false;
	for (int i = 0; i < index->indnkeyatts; i++)
	{
		if (ScimColumnPlace(index->indkey.values[i], key) < 0)
			return false;
	}
	return true;
}

/*
 * ScimKeyIsUnique: does an index see to it that a key is that of one row?  *put_off: the
 * constraint that may do so at the end of the transaction only, or NULL.
 */
bool
ScimKeyIsUnique(Oid relid, List *key, char **put_off)
{
	Relation relation = table_open(relid, AccessShareLock);
	bool found = false;
	bool at_once = false;
	ListCell *lc;

	*put_off = NULL;
	foreach (lc, RelationGetIndexList(relation))
	{
		HeapTuple tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(lfirst_oid(lc)));
		Form_pg_index index;

		if (!HeapTupleIsValid(tuple))
			continue;
		index = (Form_pg_index) GETSTRUCT(tuple);
		if (heap_attisnull(tuple, Anum_pg_index_indpred, NULL) && is_unique(index, key))
		{
			found = true;
			at_once |= index->indimmediate;
			*put_off = get_rel_name(index->indexrelid);
		}
		ReleaseSysCache(tuple);
	}
	if (at_once)
		*put_off = NULL;
	table_close(relation, AccessShareLock);
	return found;
}

/* ScimKeyEqual: are two keys of rows the same?  Both are arrays of text as made here. */
bool
ScimKeyEqual(Datum a, Datum b)
{
	const ArrayType *x = DatumGetArrayTypeP(a);
	const ArrayType *y = DatumGetArrayTypeP(b);

	return VARSIZE(x) == VARSIZE(y) && memcmp(x, y, VARSIZE(x)) == 0;
}

/* ScimKeyShown: the key of a row, for errors. */
char *
ScimKeyShown(Datum key)
{
	StringInfoData shown;
	Datum *elements;
	bool *nulls;
	int n;

	initStringInfo(&shown);
	deconstruct_array(DatumGetArrayTypeP(key), TEXTOID, -1, false, TYPALIGN_INT,
					  &elements, &nulls, &n);
	for (int i = 0; i < n; i++)
		appendStringInfo(&shown, "%s%s", i > 0 ? ", " : "",
						 nulls[i] ? "null" : TextDatumGetCString(elements[i]));
	return shown.data;
}

/* ScimKeyText: the key of a row as the text of an array. */
char *
ScimKeyText(Datum key)
{
	return OidOutputFunctionCall(F_ARRAY_OUT, key);
}
