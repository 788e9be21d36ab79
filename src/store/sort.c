/*
 * sort.c
 *		Sorting by any attribute: RFC 7644 section 3.4.2.3.
 *
 * An attribute with a column sorts by the column.  Any other one sorts by a
 * text that orders as its values do: strings folded unless the attribute is
 * caseExact, instants as a fixed-width number of nanoseconds, numbers through
 * a cast.  A multi-valued attribute sorts by its primary value or else its
 * first one, a complex one by its sub-attribute "value".
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "filter/datetime.h"
#include "filter/fold.h"
#include "json/json.h"
#include "path/path.h"
#include "store/internal.h"

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

static const ScimAttribute *
leaf_of(const ScimResolved *resolved)
{
	return resolved->sub ? resolved->sub : resolved->attribute;
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
	if (strcmp(name, "userName") == 0)
		return "scim.fold(user_name)";
	if (strcmp(name, "displayName") == 0)
		return "scim.fold(display_name)";
	if (strcmp(name, "active") == 0)
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
	if (leaf_of(&resolved)->type == SCIM_TYPE_COMPLEX)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("cannot sort by complex attribute \"%s\"", sort_by),
						errhint("Name one of its sub-attributes.")));
	key = psprintf("scim.sort_key(data, %s, %s)", quote_literal_cstr(sort_by),
				   quote_literal_cstr(type->name));
	if (leaf_of(&resolved)->type == SCIM_TYPE_INTEGER ||
		leaf_of(&resolved)->type == SCIM_TYPE_DECIMAL)
		return psprintf("%s::numeric", key);
	return psprintf("%s COLLATE \"C\"", key);
}

/* The value that a multi-valued attribute sorts by: the primary, else the first. */
static const JsonbValue *
sort_element(const JsonbValue *value)
{
	if (value == NULL || value->type != jbvArray)
		return value;
	for (int i = 0; i < value->val.array.nElems; i++)
	{
		const JsonbValue *element = &value->val.array.elems[i];
		const JsonbValue *primary =
			element->type == jbvObject ? ScimJsonGet(element, "primary") : NULL;

		if (primary != NULL && primary->type == jbvBool && primary->val.boolean)
			return element;
	}
	return value->val.array.nElems > 0 ? &value->val.array.elems[0] : NULL;
}

static text *
sort_text(const JsonbValue *value, const ScimAttribute *attribute)
{
	StringInfoData out;
	size_t len;
	char *folded;

	if (value->type == jbvString && attribute->type == SCIM_TYPE_DATETIME)
	{
		ScimInstant instant;

		if (!ScimInstantParse(value->val.string.val, value->val.string.len, &instant))
			return NULL;
		/* years before 1 do not occur: an offset makes every second positive */
		return cstring_to_text(psprintf(
			"%020lld.%09d", (long long) (instant.seconds + (INT64CONST(1) << 60)),
			instant.nanoseconds));
	}
	if (value->type == jbvString && attribute->case_exact)
		return cstring_to_text_with_len(value->val.string.val, value->val.string.len);
	if (value->type == jbvString)
	{
		folded = ScimFold(value->val.string.val, value->val.string.len, &len);
		return cstring_to_text_with_len(folded, len);
	}
	if (value->type == jbvObject || value->type == jbvArray)
		return NULL;
	initStringInfo(&out);
	ScimJsonWrite(&out, value);
	return cstring_to_text_with_len(out.data, out.len);
}

/*
 * scim.sort_key(document jsonb, attribute text, resource_type text) returns
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
	key = sort_text(value, leaf_of(&resolved));
	if (key == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(key);
}
