/*
 * sort.c
 *		Sorting by any attribute: RFC 7644 section 3.4.2.3.
 *
 * An attribute with a column sorts by the column.  Any other one sorts by a
 * text that orders as its values do: strings folded unless the attribute is
 * caseExact, instants as a fixed-width number of nanoseconds, numbers by sign,
 * exponent and digits.  Where these may stand beside each other, each says which
 * it is.  A multi-valued attribute sorts by its primary value or
 * else its first one, a complex one by its sub-attribute "value".  No more of a value
 * counts than an index takes, so that an index refuses none, and with one or without a
 * list has the same order.
 *
 * What the registry says of the attribute is written into the expression, which depends
 * on nothing else then: scim.create_sort_index makes an index over it, and one that was
 * made when the schema said otherwise is another expression's.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "mb/pg_wchar.h"
#include "port/pg_bswap.h"
#include "utils/builtins.h"

#include "json/json.h"
#include "path/path.h"
#include "query/query.h"
#include "store/statement/column.h"
#include "store/store.h"
#include "text/text.h"

PG_FUNCTION_INFO_V1(scim_sort_key);
PG_FUNCTION_INFO_V1(scim_sort_text);
PG_FUNCTION_INFO_V1(scim_sort_expression);

/* How the values of an attribute sort, in words. */
typedef struct SortKind
{
	const char *name;
	bool several;        /* numbers, then false and true, then strings */
	bool instant;        /* strings are instants */
	ScimFolding folding; /* of strings */
} SortKind;

static const SortKind sort_kinds[] = {
	{"folded", false, false, SCIM_FOLD_CASE},
	{"user name", false, false, SCIM_FOLD_USER_NAME},
	{"exact", false, false, SCIM_FOLD_NONE},
	{"instant", false, true, SCIM_FOLD_CASE},
	{"several folded", true, false, SCIM_FOLD_CASE},
	{"several user name", true, false, SCIM_FOLD_USER_NAME},
	{"several exact", true, false, SCIM_FOLD_NONE},
	{"several instant", true, true, SCIM_FOLD_CASE},
};

/* From the document to a value: an extension, an attribute, a sub-attribute. */
#define SORT_PATH_MAX 3

/*
 * Bytes of a value that it is sorted by: what an index takes beside the tenant and the
 * id, however badly it compresses.
 */
#define SORT_TEXT_MAX 2600

static bool
resolve_path(const ScimResourceType *type, const char *path_text, ScimResolved *resolved)
{
	ScimProblem *problem = NULL;
	ScimPath *path = ScimPathParse(path_text, strlen(path_text), &problem);
	ScimAttrRef ref;

	if (path == NULL)
		ereport(ERROR, (ScimErr(ScimRefusesUnknown(type) ? SCIM_INVALID_SYNTAX
														 : SCIM_INVALID_PATH),
						errmsg("invalid attribute \"%s\": %s", ScimPathShown(path_text),
							   problem->message)));
	if (ScimPathFilter(path) != NULL)
		ereport(ERROR, (ScimErr(ScimRefusesUnknown(type) ? SCIM_INVALID_SYNTAX
														 : SCIM_INVALID_PATH),
						errmsg("attribute \"%s\" must have no value filter here",
							   ScimPathShown(path_text))));
	ref = ScimPathAttrRef(path);
	if (!ScimResolve(type, &ref, resolved) || resolved->attribute == NULL)
		return false;
	if (resolved->sub == NULL && resolved->attribute->type == SCIM_TYPE_COMPLEX)
		resolved->sub = ScimAttributeSub(resolved->attribute, "value", 5);
	return true;
}

static const char *
column_of(const ScimResolved *resolved)
{
	const char *name = resolved->attribute->name;

	if (resolved->extension != NULL)
		return NULL;
	if (resolved->attribute->schema == NULL)
	{
		if (strcmp(name, "id") == 0)
			return "id";
		if (strcmp(name, "externalId") == 0)
			return "external_id";
		if (strcmp(name, "meta") != 0 || resolved->sub == NULL)
			return NULL;
		if (strcmp(resolved->sub->name, "created") == 0)
			return "created";
		if (strcmp(resolved->sub->name, "lastModified") == 0)
			return "last_modified";
		if (strcmp(resolved->sub->name, "version") == 0)
			return "version";
		if (strcmp(resolved->sub->name, "resourceType") == 0)
			return "resource_type";
		return "id"; /* location ends with it */
	}
	if (ScimIsKeyColumn(resolved->attribute, SCIM_KEY_USER_NAME))
		return resolved->attribute->case_exact ? "user_name"
											   : "scim.fold_user_name(user_name)";
	if (ScimIsKeyColumn(resolved->attribute, SCIM_KEY_DISPLAY_NAME))
		return resolved->attribute->case_exact ? "display_name"
											   : "scim.fold(display_name)";
	if (ScimIsKeyColumn(resolved->attribute, SCIM_KEY_ACTIVE))
		return "active";
	return NULL;
}

static const SortKind *
kind_of(const ScimResolved *resolved)
{
	const ScimAttribute *leaf = ScimLeaf(resolved);
	ScimFolding folding = ScimFoldingOf(resolved);
	bool several = leaf->type == SCIM_TYPE_SEVERAL;
	bool instant = ScimHasType(leaf, SCIM_TYPE_DATETIME);

	for (size_t i = 0; i < lengthof(sort_kinds); i++)
	{
		const SortKind *kind = &sort_kinds[i];

		if (kind->several == several && kind->instant == instant &&
			(instant || kind->folding == folding))
			return kind;
	}
	elog(ERROR, "attribute \"%s\" has no order", leaf->name);
	return NULL; /* not reached */
}

/* The keys that lead to a value, at most SORT_PATH_MAX. */
static int
path_of(const ScimResolved *resolved, const char **path)
{
	int n = 0;

	if (resolved->extension != NULL)
		path[n++] = resolved->extension->id;
	path[n++] = resolved->attribute->name;
	if (resolved->sub != NULL)
		path[n++] = resolved->sub->name;
	return n;
}

/* scim_internal.sort_text(data, ARRAY['name', 'familyName'], 'folded') COLLATE "C" */
static const char *
sort_text_call(const ScimResolved *resolved)
{
	const char *path[SORT_PATH_MAX];
	int n = path_of(resolved, path);
	StringInfoData call;

	initStringInfo(&call);
	appendStringInfoString(&call, "scim_internal.sort_text(data, ARRAY[");
	for (int i = 0; i < n; i++)
		appendStringInfo(&call, "%s%s", i > 0 ? ", " : "", quote_literal_cstr(path[i]));
	appendStringInfo(&call, "], %s) COLLATE \"C\"",
					 quote_literal_cstr(kind_of(resolved)->name));
	return call.data;
}

/*
 * ScimSortExpression returns the SQL expression by which a resource type sorts
 * for a sortBy parameter.  NULL: the attribute is unknown to the type.
 */
const char *
ScimSortExpression(const ScimResourceType *type, const char *sort_by)
{
	ScimResolved resolved;
	const char *column;

	if (!resolve_path(type, sort_by, &resolved))
		return NULL;
	/* an order tells what a filter may not, also that of a column */
	if (ScimIsSecret(resolved.attribute) || ScimIsSecret(ScimLeaf(&resolved)))
		ereport(ERROR, (ScimErr(SCIM_INVALID_PATH),
						errmsg("cannot sort by attribute \"%s\", which is never returned",
							   sort_by)));
	column = column_of(&resolved);
	if (column != NULL)
		return column;
	if (ScimLeaf(&resolved)->type == SCIM_TYPE_COMPLEX)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("cannot sort by complex attribute \"%s\"", sort_by),
						errhint("Name one of its sub-attributes.")));
	return sort_text_call(&resolved);
}

/*
 * ScimSortDescribe appends what an attribute of a type, by which it sorts, is: another
 * text where a change of the schema gives its values another order.
 */
void
ScimSortDescribe(StringInfo out, const ScimResourceType *type, const char *sort_by)
{
	ScimResolved resolved;

	if (!resolve_path(type, sort_by, &resolved))
		return;
	appendStringInfo(out, "%s %d %u %d %d", ScimSortExpression(type, sort_by),
					 (int) ScimLeaf(&resolved)->type,
					 (unsigned) ScimLeaf(&resolved)->types,
					 resolved.attribute->multi_valued, ScimLeaf(&resolved)->multi_valued);
}

/* ScimSortType returns the type of what ScimSortExpression returned. */
Oid
ScimSortType(const char *expression)
{
	if (strcmp(expression, "created") == 0 || strcmp(expression, "last_modified") == 0)
		return TIMESTAMPTZOID;
	if (strcmp(expression, "version") == 0)
		return INT8OID;
	if (strcmp(expression, "active") == 0)
		return BOOLOID;
	return TEXTOID;
}

/*
 * ScimSortKeyPack copies the sort key in a column of a row into a cursor: the
 * characters of a text, and 8 bytes of everything else.
 */
void
ScimSortKeyPack(const char *expression, HeapTuple tuple, TupleDesc desc, int column,
				ScimCursor *cursor)
{
	Datum key =
		ScimColumn(tuple, desc, column, ScimSortType(expression), &cursor->key_is_null);
	uint64 bytes;

	if (cursor->key_is_null)
		return;
	if (ScimSortType(expression) == TEXTOID)
	{
		cursor->key = TextDatumGetCString(key);
		cursor->key_len = strlen(cursor->key);
		return;
	}
	/* a cursor may go on at another server, with other bytes first */
	bytes =
		pg_hton64((uint64) (ScimSortType(expression) == BOOLOID ? DatumGetBool(key)
																: DatumGetInt64(key)));
	cursor->key = memcpy(palloc(sizeof(bytes)), &bytes, sizeof(bytes));
	cursor->key_len = sizeof(bytes);
}

/* ScimSortKeyUnpack gives the key, which is not null, of ScimSortType. */
Datum
ScimSortKeyUnpack(const char *expression, const ScimCursor *cursor)
{
	uint64 bytes;

	if (ScimSortType(expression) == TEXTOID)
		return PointerGetDatum(cstring_to_text_with_len(cursor->key, cursor->key_len));
	memcpy(&bytes, cursor->key, sizeof(bytes));
	bytes = pg_ntoh64(bytes);
	return ScimSortType(expression) == BOOLOID ? BoolGetDatum(bytes != 0)
											   : Int64GetDatum((int64) bytes);
}

/*
 * A number as a text that orders as the number does: its sign, its exponent
 * with an offset, its digits.  Those of a negative number are turned round, and
 * end in what is greater than a digit.
 */
static char *
number_text(Numeric number)
{
	char *plain = numeric_normalize(number);
	bool negative = *plain == '-';
	char *digits = palloc(strlen(plain) + 1);
	int ndigits = 0;
	int exponent = 0;
	bool fraction = false;

	for (const char *p = plain + negative; *p != '\0'; p++)
	{
		if (*p == '.')
			fraction = true;
		else if (ndigits > 0 || *p != '0')
		{
			digits[ndigits++] = negative ? '0' + '9' - *p : *p;
			exponent += !fraction;
		}
		else
			exponent -= fraction;
	}
	digits[ndigits] = '\0';
	if (ndigits == 0)
		return pstrdup("1");
	/* a numeric has at most 131072 digits before and 16383 behind the point */
	return psprintf("%c%06d%s%s", negative ? '0' : '2',
					500000 + (negative ? -exponent : exponent), digits,
					negative ? "~" : "");
}

static text *
text_of(const JsonbValue *value, const SortKind *kind)
{
	ScimInstant instant;
	size_t len;
	char *folded;

	switch (value->type)
	{
		case jbvString:
			if (kind->instant)
			{
				if (!ScimInstantParse(value->val.string.val, value->val.string.len,
									  &instant))
					return NULL;
				/* years before 1 do not occur: an offset makes every second positive */
				return cstring_to_text(psprintf(
					"%020lld.%09d", (long long) (instant.seconds + (INT64CONST(1) << 60)),
					instant.nanoseconds));
			}
			folded = ScimFoldBy(kind->folding, value->val.string.val,
								value->val.string.len, &len);
			return cstring_to_text_with_len(folded, len);
		case jbvNumeric:
			return cstring_to_text(number_text(value->val.numeric));
		case jbvBool:
			return cstring_to_text(value->val.boolean ? "true" : "false");
		default:
			return NULL;
	}
}

/* The text that a value sorts by, or NULL. */
static text *
sort_text(const JsonbValue *value, const SortKind *kind)
{
	text *key = text_of(value, kind);
	char order = value->type == jbvNumeric ? '1' : value->type == jbvBool ? '2' : '3';

	if (key != NULL && kind->several)
		key = cstring_to_text(psprintf("%c%s", order, text_to_cstring(key)));
	if (key != NULL && VARSIZE_ANY_EXHDR(key) > SORT_TEXT_MAX)
		SET_VARSIZE(key, VARHDRSZ + pg_mbcliplen(VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key),
												 SORT_TEXT_MAX));
	return key;
}

/*
 * Finds a value in a document without unfolding more of it than an array on the way.
 * False: there is none.
 */
static bool
find_value(Jsonb *document, int n, const char *const *path, JsonbValue *value)
{
	JsonbContainer *container = &document->root;
	const JsonbValue *chosen;

	if (!JB_ROOT_IS_OBJECT(document))
		return false;
	for (int i = 0; i < n; i++)
	{
		if (getKeyJsonValueFromContainer(container, path[i], strlen(path[i]), value) ==
			NULL)
			return false;
		if (value->type == jbvBinary && JsonContainerIsArray(value->val.binary.data))
		{
			Jsonb *array = JsonbValueToJsonb(value);

			chosen = ScimChosenElement(ScimJsonFromJsonb(array));
			if (chosen == NULL)
				return false;
			*value = *chosen;
		}
		if (i + 1 == n)
			break;
		if (value->type == jbvObject)
		{
			Jsonb *object = JsonbValueToJsonb(value);

			value->type = jbvBinary;
			value->val.binary.data = &object->root;
		}
		if (value->type != jbvBinary || !JsonContainerIsObject(value->val.binary.data))
			return false;
		container = value->val.binary.data;
	}
	return value->type != jbvNull;
}

/*
 * scim_internal.sort_text(document jsonb, path text[], kind text) returns text, or NULL
 * where the value is unassigned.
 */
Datum
scim_sort_text(PG_FUNCTION_ARGS)
{
	Jsonb *document = PG_GETARG_JSONB_P(0);
	List *path = ScimTextList(PG_GETARG_DATUM(1));
	char *name = text_to_cstring(PG_GETARG_TEXT_PP(2));
	const char *keys[SORT_PATH_MAX];
	const SortKind *kind = NULL;
	JsonbValue value;
	text *key;
	ListCell *lc;

	for (size_t i = 0; i < lengthof(sort_kinds) && kind == NULL; i++)
	{
		if (strcmp(sort_kinds[i].name, name) == 0)
			kind = &sort_kinds[i];
	}
	if (kind == NULL || path == NIL || list_length(path) > SORT_PATH_MAX)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("invalid argument of scim_internal.sort_text")));
	foreach (lc, path)
		keys[foreach_current_index(lc)] = lfirst(lc);
	if (!find_value(document, list_length(path), keys, &value))
		PG_RETURN_NULL();
	key = sort_text(&value, kind);
	if (key == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(key);
}

/* Resolves an attribute of a type of the current store, or raises. */
static void
resolve_argument(const char *type_name, const char *attribute, ScimResolved *resolved)
{
	const ScimResourceType *type = ScimTypeByName(ScimStoreConfigured(), type_name);

	if (!resolve_path(type, attribute, resolved))
		ereport(ERROR, (ScimErr(SCIM_INVALID_PATH),
						errmsg("unknown attribute \"%s\" of resource type \"%s\"",
							   attribute, type->name)));
}

/*
 * scim_internal.sort_key(document jsonb, sort_by text, resource_type text) returns
 * text, or NULL where the attribute is unassigned.
 */
Datum
scim_sort_key(PG_FUNCTION_ARGS)
{
	Jsonb *document = PG_GETARG_JSONB_P(0);
	const char *path[SORT_PATH_MAX];
	ScimResolved resolved;
	JsonbValue value;
	text *key;

	resolve_argument(text_to_cstring(PG_GETARG_TEXT_PP(2)),
					 text_to_cstring(PG_GETARG_TEXT_PP(1)), &resolved);
	if (!find_value(document, path_of(&resolved, path), path, &value))
		PG_RETURN_NULL();
	key = sort_text(&value, kind_of(&resolved));
	if (key == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(key);
}

/*
 * scim_internal.sort_expression(resource_type text, sort_by text) returns text: by what
 * searches of the current store sort.
 */
Datum
scim_sort_expression(PG_FUNCTION_ARGS)
{
	char *type_name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char *attribute = text_to_cstring(PG_GETARG_TEXT_PP(1));
	const ScimResourceType *type = ScimTypeByName(ScimStoreConfigured(), type_name);
	const char *expression = ScimSortExpression(type, attribute);

	if (expression == NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_PATH),
						errmsg("unknown attribute \"%s\" of resource type \"%s\"",
							   attribute, type->name)));
	PG_RETURN_TEXT_P(cstring_to_text(expression));
}
