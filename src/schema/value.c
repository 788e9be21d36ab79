/*
 * value.c
 *		The values of attributes, simple and complex, single and multi-valued.
 */
#include "postgres.h"

#include "schema/value.h"

#include "common/hashfn.h"
#include "json/buckets.h"
#include "json/json.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/bitmapset.h"
#include "setting/setting.h"
#include "text/fold.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

/* Longest part of a client's string in a message, in bytes. */
#define MAX_QUOTED 64

static bool
canonicalise_array(const ScimValueContext *context, const ScimAttribute *attribute,
				   const JsonbValue *value, const ScimPlace *place, JsonbValue *result);
static void merge_same_typed(const ScimAttribute *attribute, JsonbValue *array);
static bool
canonicalise_single(const ScimValueContext *context, const ScimAttribute *attribute,
					const JsonbValue *value, const ScimPlace *place, JsonbValue *result);
static bool
canonicalise_complex(const ScimValueContext *context, const ScimAttribute *attribute,
					 const JsonbValue *value, const ScimPlace *place, JsonbValue *result);
static const JsonbValue *element_identity(const JsonbValue *object);
static void
put_sub_attribute(const ScimValueContext *context, const ScimAttribute *attribute,
				  const JsonbPair *pair, const ScimPlace *place, Bitmapset **seen,
				  JsonbValue *object);
static const char *number_or_description(const JsonbValue *value);
static char *place_text(const ScimPlace *place);
static void append_place(StringInfo out, const ScimPlace *place);

/* ScimIgnoresUnknownAttributes says whether unknown_attributes is "ignore". */
bool
ScimIgnoresUnknownAttributes(const ScimResourceType *type)
{
	return ScimSettingInForce(SCIM_SETTING_UNKNOWN_ATTRIBUTES,
							  type != NULL ? type->name : NULL) == SCIM_UNKNOWN_IGNORE;
}

/*
 * ScimCanonicaliseValue makes the canonical form of one value of an attribute or
 * sub-attribute, which path names in problems.  Returns NULL when the value is
 * unassigned, and when problems were appended, unless with SCIM_KEEP_WRONG.
 */
JsonbValue *
ScimCanonicaliseValue(const ScimResourceType *type, const ScimAttribute *attribute,
					  const JsonbValue *value, const char *path, int options,
					  List **problems)
{
	ScimValueContext context = {type, problems, options};
	ScimPlace place = ScimPlaceOf(NULL, path, strlen(path));
	JsonbValue *result = palloc(sizeof(JsonbValue));
	int before = list_length(*problems);

	if (!ScimCanonicaliseAttribute(&context, attribute, value, &place, result) ||
		((options & SCIM_KEEP_WRONG) == 0 && list_length(*problems) > before))
		return NULL;
	return result;
}

/*
 * ScimCanonicaliseAttribute puts the canonical form of an attribute's value into
 * *result.  Returns false when the value is unassigned, and when it is wrong: then
 * there is a problem more, and place says where.  With SCIM_KEEP_WRONG, what is wrong
 * stands in *result as it is.
 */
bool
ScimCanonicaliseAttribute(const ScimValueContext *context, const ScimAttribute *attribute,
						  const JsonbValue *value, const ScimPlace *place,
						  JsonbValue *result)
{
	if (attribute->multi_valued)
		return canonicalise_array(context, attribute, value, place, result);
	if (ScimJsonIsUnassigned(value))
		return false;
	if (value->type == jbvArray && value->val.array.nElems == 1)
		value = &value->val.array.elems[0];
	return canonicalise_single(context, attribute, value, place, result);
}

/* ScimProblemsFull: are enough problems known, so that there is no use in more? */
bool
ScimProblemsFull(const ScimValueContext *context)
{
	return list_length(*context->problems) >= SCIM_MAX_PROBLEMS &&
		   (context->options & SCIM_ALL_PROBLEMS) == 0;
}

/*
 * ScimUnknownMember deals with a member that no schema knows: one without a value
 * is dropped, another is a problem (invalidSyntax) or dropped, as the setting
 * scim.unknown_attributes says.  outer is the object in which it stands.
 */
void
ScimUnknownMember(const ScimValueContext *context, const JsonbPair *pair,
				  const ScimPlace *outer)
{
	ScimPlace place =
		ScimPlaceOf(outer, pair->key.val.string.val, pair->key.val.string.len);
	char *path;

	if ((ScimIgnoresUnknownAttributes(context->type) &&
		 (context->options & SCIM_ALL_KNOWN) == 0) ||
		ScimProblemsFull(context) || ScimJsonIsUnassigned(&pair->value))
		return;
	path = place_text(&place);
	*context->problems =
		lappend(*context->problems,
				ScimProblemMake(SCIM_INVALID_SYNTAX, path,
								"unknown attribute \"%s\" of resource type \"%s\"", path,
								context->type->name));
}

/* ScimPlaceOf names a member of what outer names, or the top if outer is NULL. */
ScimPlace
ScimPlaceOf(const ScimPlace *outer, const char *name, int name_len)
{
	ScimPlace place = {outer, name, name_len, -1, false};

	return place;
}

/*
 * ScimPlaceProblem appends a problem and returns it: 'attribute "emails[0].type" '
 * and what.  It is the input's own, until the caller says what it is about.  Where
 * there are enough it is none that anybody sees.
 */
ScimProblem *
ScimPlaceProblem(const ScimValueContext *context, ScimErrorKind kind,
				 const ScimPlace *place, const char *what)
{
	static ScimProblem one_too_many;
	char *path;
	ScimProblem *problem;

	if (ScimProblemsFull(context))
		return &one_too_many;
	path = place_text(place);
	problem = ScimProblemMake(kind, path, "attribute \"%s\" %s", path, what);
	*context->problems = lappend(*context->problems, problem);
	return problem;
}

/*
 * A value of an attribute is wrong.  Returns true with the value as it is in
 * *result where it is to be kept.
 */
static bool
wrong_value(const ScimValueContext *context, const ScimAttribute *attribute,
			const JsonbValue *value, const ScimPlace *place, const char *what,
			JsonbValue *result)
{
	ScimProblem *problem = ScimPlaceProblem(context, SCIM_INVALID_VALUE, place, what);
	JsonbValue *kept = palloc(sizeof(JsonbValue));

	*kept = *value;
	problem->about = attribute;
	problem->value = kept;
	*result = *value;
	return (context->options & SCIM_KEEP_WRONG) != 0;
}

/* ScimDescribeValue says in words what a value is, for messages. */
const char *
ScimDescribeValue(const JsonbValue *value)
{
	int len;

	switch (value->type)
	{
		case jbvNull:
			return "null";
		case jbvBool:
			return "a boolean";
		case jbvNumeric:
			return "a number";
		case jbvArray:
			return "an array";
		case jbvObject:
			return "an object";
		default:
			len = pg_mbcliplen(value->val.string.val, value->val.string.len, MAX_QUOTED);
			return psprintf("\"%.*s%s\"", len, value->val.string.val,
							len < value->val.string.len ? "..." : "");
	}
}

/* A multi-valued attribute: equal values once, at most one of them primary. */
static bool
canonicalise_array(const ScimValueContext *context, const ScimAttribute *attribute,
				   const JsonbValue *value, const ScimPlace *place, JsonbValue *result)
{
	const JsonbValue *elems = value;
	int count = 1;
	bool has_primary = ScimAttributeSub(attribute, "primary", 7) != NULL;
	bool is_members = ScimIsMembers(context->type, attribute);
	int nprimary = 0;
	int before = list_length(*context->problems);
	JsonbValue *array = ScimJsonNewArray();

	if (value->type == jbvArray)
	{
		elems = value->val.array.elems;
		count = value->val.array.nElems;
	}
	else if (value->type == jbvNull || ScimJsonStringEquals(value, ""))
		return false;
	for (int i = 0; i < count; i++)
	{
		const JsonbValue *stated = &elems[i];
		ScimPlace inner = *place;
		JsonbValue element;

		CHECK_FOR_INTERRUPTS();
		if (ScimProblemsFull(context))
			break;
		if (value->type == jbvArray)
			inner.index = i;
		if (is_members && (stated = ScimMemberWithValue(stated)) == NULL)
		{
			ScimPlace missing = ScimPlaceOf(&inner, "value", strlen("value"));

			ScimPlaceProblem(context, SCIM_INVALID_VALUE, &missing,
							 "is required where \"$ref\" does not lead to a resource");
			continue;
		}
		if (!ScimJsonIsUnassigned(stated) &&
			canonicalise_single(context, attribute, stated, &inner, &element))
			ScimJsonAppend(array, &element);
	}
	if (array->val.array.nElems == 0)
		return false;
	/* not even the brackets are put around a value that is wrong */
	if (value->type != jbvArray && list_length(*context->problems) > before)
	{
		*result = *value;
		return true;
	}
	ScimJsonDistinct(array);
	merge_same_typed(attribute, array);
	for (int i = 0; has_primary && i < array->val.array.nElems; i++)
	{
		const JsonbValue *primary = ScimJsonGet(&array->val.array.elems[i], "primary");

		if (primary != NULL && primary->type == jbvBool && primary->val.boolean)
			nprimary++;
	}
	if (nprimary > 1)
		return wrong_value(context, attribute, array, place,
						   "has more than one primary value", result);
	*result = *array;
	return true;
}

/* The string that an element has under a sub-attribute's name, or NULL. */
static const JsonbValue *
string_part(const JsonbValue *element, const ScimAttribute *sub)
{
	const JsonbValue *part = ScimJsonGet(element, sub->name);

	return part != NULL && part->type == jbvString ? part : NULL;
}

static uint32
hash_part(const JsonbValue *part, const ScimAttribute *sub)
{
	if (!sub->case_exact)
		return ScimFoldHash(part->val.string.val, part->val.string.len);
	return hash_bytes((const unsigned char *) part->val.string.val, part->val.string.len);
}

static bool
same_part(const JsonbValue *a, const JsonbValue *b, const ScimAttribute *sub)
{
	if (!sub->case_exact)
		return ScimFoldEqual(a->val.string.val, a->val.string.len, b->val.string.val,
							 b->val.string.len);
	return ScimJsonEqual(a, b);
}

/* Give one element what the other has beside its value and type. */
static void
merge_element(JsonbValue *target, const JsonbValue *element,
			  const ScimAttribute *value_sub, const ScimAttribute *type_sub)
{
	for (int i = 0; i < element->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &element->val.object.pairs[i];

		/* these stay as they were sent first */
		if (ScimJsonStringEquals(&pair->key, value_sub->name) ||
			ScimJsonStringEquals(&pair->key, type_sub->name))
			continue;
		ScimJsonSetN(target, pair->key.val.string.val, pair->key.val.string.len,
					 &pair->value);
	}
}

/*
 * Elements with the same value and type are one (RFC 7643 section 2.4), which has
 * what any of them has; where they differ, the last says it.
 */
static void
merge_same_typed(const ScimAttribute *attribute, JsonbValue *array)
{
	const ScimAttribute *value_sub = ScimAttributeSub(attribute, "value", 5);
	const ScimAttribute *type_sub = ScimAttributeSub(attribute, "type", 4);
	JsonbValue *elems = array->val.array.elems;
	int count = array->val.array.nElems;
	ScimBuckets typed;
	int kept = 0;

	if (count < 2 || value_sub == NULL || type_sub == NULL)
		return;
	ScimBucketsInit(&typed, count);
	for (int i = 0; i < count; i++)
	{
		const JsonbValue *value = string_part(&elems[i], value_sub);
		const JsonbValue *type = string_part(&elems[i], type_sub);
		uint32 hash;
		int at;

		CHECK_FOR_INTERRUPTS();
		if (value == NULL || type == NULL)
		{
			elems[kept++] = elems[i];
			continue;
		}
		hash = hash_combine(hash_part(value, value_sub), hash_part(type, type_sub));
		for (at = ScimBucketsFirst(&typed, hash); at >= 0;
			 at = ScimBucketsNext(&typed, at))
		{
			JsonbValue *other = &elems[ScimBucketsItem(&typed, at)];

			if (same_part(string_part(other, value_sub), value, value_sub) &&
				same_part(string_part(other, type_sub), type, type_sub))
			{
				merge_element(other, &elems[i], value_sub, type_sub);
				break;
			}
		}
		if (at >= 0)
			continue;
		ScimBucketsAdd(&typed, hash, kept);
		elems[kept++] = elems[i];
	}
	array->val.array.nElems = kept;
	ScimBucketsFree(&typed);
}

/* One value, which is not unassigned. */
static bool
canonicalise_single(const ScimValueContext *context, const ScimAttribute *attribute,
					const JsonbValue *value, const ScimPlace *place, JsonbValue *result)
{
	const char *expected;

	if (attribute->type == SCIM_TYPE_COMPLEX)
		return canonicalise_complex(context, attribute, value, place, result);
	expected = ScimCanonicaliseScalar(attribute->type, value, result);
	if (expected != NULL)
	{
		const char *found = attribute->type == SCIM_TYPE_INTEGER
								? number_or_description(value)
								: ScimDescribeValue(value);

		return wrong_value(context, attribute, value, place,
						   psprintf("must be %s, not %s", expected, found), result);
	}
	return true;
}

/* An object, or the bare string that is its sub-attribute "value". */
static bool
canonicalise_complex(const ScimValueContext *context, const ScimAttribute *attribute,
					 const JsonbValue *value, const ScimPlace *place, JsonbValue *result)
{
	bool keep = (context->options & SCIM_KEEP_WRONG) != 0;
	int before = list_length(*context->problems);
	JsonbValue *object;
	Bitmapset *seen = NULL;

	check_stack_depth();

	if (value->type == jbvString && ScimAttributeSub(attribute, "value", 5) != NULL)
	{
		JsonbValue *wrapped = ScimJsonNewObject();

		ScimJsonSetN(wrapped, "value", 5, value);
		value = wrapped;
	}
	if (value->type != jbvObject)
		return wrong_value(
			context, attribute, value, place,
			psprintf("must be a JSON object, not %s", ScimDescribeValue(value)), result);
	object = ScimJsonNewObject();
	for (int i = 0; i < value->val.object.nPairs && !ScimProblemsFull(context); i++)
		put_sub_attribute(context, attribute, &value->val.object.pairs[i], place, &seen,
						  object);
	if (object->val.object.nPairs == 0 ||
		(!keep && list_length(*context->problems) > before))
		return false;
	for (int i = 0; i < attribute->nsubs; i++)
	{
		const ScimAttribute *sub = &attribute->subs[i];
		ScimPlace inner = ScimPlaceOf(place, sub->name, sub->name_len);
		ScimProblem *problem;

		if (!sub->required || sub->mutability == SCIM_READ_ONLY ||
			ScimJsonGet(object, sub->name) != NULL)
			continue;
		problem = ScimPlaceProblem(context, SCIM_INVALID_VALUE, &inner, "is required");
		problem->about = sub;
		if (attribute->multi_valued)
			problem->value = element_identity(object);
	}
	*result = *object;
	return keep || list_length(*context->problems) == before;
}

/*
 * An element is known by all that it says: one that changes is another one.  Whether
 * it is primary is said of the others as well.
 */
static const JsonbValue *
element_identity(const JsonbValue *object)
{
	JsonbValue *identity = ScimJsonCopy(object);

	ScimJsonRemove(identity, "primary");
	return identity;
}

static void
put_sub_attribute(const ScimValueContext *context, const ScimAttribute *attribute,
				  const JsonbPair *pair, const ScimPlace *place, Bitmapset **seen,
				  JsonbValue *object)
{
	const char *name = pair->key.val.string.val;
	int len = pair->key.val.string.len;
	const ScimAttribute *sub = ScimAttributeSub(attribute, name, len);
	ScimPlace inner = ScimPlaceOf(place, name, len);
	JsonbValue canonical;

	if (sub == NULL)
	{
		ScimUnknownMember(context, pair, place);
		return;
	}
	if (bms_is_member(sub - attribute->subs, *seen))
	{
		ScimPlaceProblem(context, SCIM_INVALID_SYNTAX, &inner, "is given twice");
		return;
	}
	*seen = bms_add_member(*seen, sub - attribute->subs);
	if ((sub->mutability != SCIM_READ_ONLY ||
		 (context->options & SCIM_BY_SERVICE) != 0) &&
		ScimCanonicaliseAttribute(context, sub, &pair->value, &inner, &canonical))
		ScimJsonSetN(object, sub->name, sub->name_len, &canonical);
}

/* For integers: a number that is none is better named. */
static const char *
number_or_description(const JsonbValue *value)
{
	if (value->type != jbvNumeric)
		return ScimDescribeValue(value);
	return DatumGetCString(
		DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
}

static char *
place_text(const ScimPlace *place)
{
	StringInfoData text;

	initStringInfo(&text);
	append_place(&text, place);
	return text.data;
}

static void
append_place(StringInfo out, const ScimPlace *place)
{
	check_stack_depth();

	if (place->outer != NULL)
	{
		append_place(out, place->outer);
		appendStringInfoChar(out, place->outer->is_urn ? ':' : '.');
	}
	appendBinaryStringInfo(out, place->name, place->name_len);
	if (place->index >= 0)
		appendStringInfo(out, "[%d]", place->index);
}
