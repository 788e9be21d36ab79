/*
 * sort.c
 *		Sorting by any attribute: RFC 7644 section 3.4.2.3.
 *
 * An attribute with a column sorts by the column.  Any other one sorts by a
 * text that orders as its values do: strings folded unless the attribute is
 * caseExact, instants as a fixed-width number of nanoseconds, numbers by sign,
 * exponent and digits.  Where these may stand beside each other, each says which
 * it is.  A multi-valued attribute sorts by its primary value or
 * else its first one, a complex one by its sub-attribute "value".
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "port/pg_bswap.h"
#include "utils/builtins.h"

#include "json/json.h"
#include "path/path.h"
#include "query/query.h"
#include "store/column.h"
#include "store/store.h"
#include "text/text.h"

PG_FUNCTION_INFO_V1(scim_sort_key);

static bool
resolve_path(const ScimResourceType *type, const char *path_text, ScimResolved *resolved)
{
	ScimProblem *problem = NULL;
	ScimPath *path = ScimPathParse(path_text, strlen(path_text), &problem);
	ScimAttrRef ref;

	if (path == NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_PATH), errmsg("invalid attribute \"%s\": %s",
														   path_text, problem->message)));
	if (ScimPathFilter(path) != NULL)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_PATH),
				 errmsg("attribute \"%s\" must have no value filter here", path_text)));
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
		return resolved->attribute->case_exact ? "user_name" : "scim.fold(user_name)";
	if (ScimIsKeyColumn(resolved->attribute, SCIM_KEY_DISPLAY_NAME))
		return resolved->attribute->case_exact ? "display_name"
											   : "scim.fold(display_name)";
	if (ScimIsKeyColumn(resolved->attribute, SCIM_KEY_ACTIVE))
		return "active";
	return NULL;
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
	const char *key;

	if (!resolve_path(type, sort_by, &resolved))
		return NULL;
	column = column_of(&resolved);
	if (column != NULL)
		return column;
	/* an order tells what a filter may not */
	if (ScimIsSecret(resolved.attribute) || ScimIsSecret(ScimLeaf(&resolved)))
		ereport(ERROR, (ScimErr(SCIM_INVALID_PATH),
						errmsg("cannot sort by attribute \"%s\", which is never returned",
							   sort_by)));
	if (ScimLeaf(&resolved)->type == SCIM_TYPE_COMPLEX)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("cannot sort by complex attribute \"%s\"", sort_by),
						errhint("Name one of its sub-attributes.")));
	key = psprintf("scim_internal.sort_key(data, %s, %s)", quote_literal_cstr(sort_by),
				   quote_literal_cstr(type->name));
	return psprintf("%s COLLATE \"C\"", key);
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

/* The value that a multi-valued attribute sorts by: the primary, else the first. */
static const JsonbValue *
sort_element(const JsonbValue *value)
{
	return value != NULL && value->type == jbvArray ? ScimChosenElement(value) : value;
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
sort_text(const JsonbValue *value, const ScimAttribute *attribute)
{
	ScimInstant instant;
	size_t len;
	char *folded;

	switch (value->type)
	{
		case jbvString:
			if (ScimHasType(attribute, SCIM_TYPE_DATETIME))
			{
				if (!ScimInstantParse(value->val.string.val, value->val.string.len,
									  &instant))
					return NULL;
				/* years before 1 do not occur: an offset makes every second positive */
				return cstring_to_text(psprintf(
					"%020lld.%09d", (long long) (instant.seconds + (INT64CONST(1) << 60)),
					instant.nanoseconds));
			}
			if (attribute->case_exact)
				return cstring_to_text_with_len(value->val.string.val,
												value->val.string.len);
			folded = ScimFold(value->val.string.val, value->val.string.len, &len);
			return cstring_to_text_with_len(folded, len);
		case jbvNumeric:
			return cstring_to_text(number_text(value->val.numeric));
		case jbvBool:
			return cstring_to_text(value->val.boolean ? "true" : "false");
		default:
			return NULL;
	}
}

/* Of an attribute of several types: numbers, then false and true, then strings. */
static text *
sort_text_of_several(const JsonbValue *value, const ScimAttribute *attribute)
{
	text *key = sort_text(value, attribute);
	char kind = value->type == jbvNumeric ? '1' : value->type == jbvBool ? '2' : '3';

	if (key == NULL)
		return NULL;
	return cstring_to_text(psprintf("%c%s", kind, text_to_cstring(key)));
}

/*
 * scim_internal.sort_key(document jsonb, sort_by text, resource_type text) returns
 * text, or NULL where the attribute is unassigned.
 */
Datum
scim_sort_key(PG_FUNCTION_ARGS)
{
	Jsonb *document = PG_GETARG_JSONB_P(0);
	char *attribute = text_to_cstring(PG_GETARG_TEXT_PP(1));
	char *type_name = text_to_cstring(PG_GETARG_TEXT_PP(2));
	const ScimResourceType *type = ScimTypeByName(ScimStoreCurrent(), type_name);
	ScimResolved resolved;
	const JsonbValue *value;
	text *key;

	if (!resolve_path(type, attribute, &resolved))
		ereport(ERROR, (ScimErr(SCIM_INVALID_PATH),
						errmsg("unknown attribute \"%s\" of resource type \"%s\"",
							   attribute, type->name)));
	value = ScimJsonFromJsonb(document);
	if (resolved.extension != NULL)
		value = ScimJsonGet(value, resolved.extension->id);
	if (value != NULL && value->type == jbvObject)
		value = sort_element(ScimJsonGet(value, resolved.attribute->name));
	if (value != NULL && value->type == jbvObject && resolved.sub != NULL)
		value = ScimJsonGet(value, resolved.sub->name);
	if (value == NULL || value->type == jbvNull)
		PG_RETURN_NULL();
	key = ScimLeaf(&resolved)->type == SCIM_TYPE_SEVERAL
			  ? sort_text_of_several(value, ScimLeaf(&resolved))
			  : sort_text(value, ScimLeaf(&resolved));
	if (key == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(key);
}
