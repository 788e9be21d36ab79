/*
 * value.c
 *		The values of attributes, simple and complex, single and multi-valued.
 */
#include "postgres.h"

#include "schema/canonical/value.h"

#include "json/json.h"
#include "miscadmin.h"
#include "nodes/bitmapset.h"

#include "text/number.h"

static bool
canonicalise_array(const ScimValueContext *context, const ScimAttribute *attribute,
				   const JsonbValue *value, const ScimPlace *place, JsonbValue *result);
static bool wrong_value(const ScimValueContext *context, const ScimAttribute *attribute,
						const JsonbValue *value, const ScimPlace *place, const char *what,
						JsonbValue *result);
static bool
canonicalise_single(const ScimValueContext *context, const ScimAttribute *attribute,
					const JsonbValue *value, const ScimPlace *place, JsonbValue *result);
static bool
canonicalise_complex(const ScimValueContext *context, const ScimAttribute *attribute,
					 const JsonbValue *value, const ScimPlace *place, JsonbValue *result);
static void
check_reference(const ScimValueContext *context, const ScimAttribute *attribute,
				JsonbValue *object, const ScimPlace *place);
static const JsonbValue *element_identity(const JsonbValue *object);
static void
put_sub_attribute(const ScimValueContext *context, const ScimAttribute *attribute,
				  const JsonbPair *pair, const ScimPlace *place, Bitmapset **seen,
				  JsonbValue *object);
static const char *number_or_description(const JsonbValue *value);
static bool is_hidden(const ScimAttribute *attribute);
static bool has_writable(const ScimAttribute *attribute, const JsonbValue *object);
static bool says_only_nulls(const JsonbValue *object);

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
	int before = list_length(*context->problems);

	if (attribute->nsubs == 0)
	{
		ScimCheckKnown(context, attribute, value, place);
		if (list_length(*context->problems) > before)
		{
			*result = *value;
			return (context->options & SCIM_KEEP_WRONG) != 0;
		}
	}
	/* it tells who keeps the value that it is to go (sealed.c) */
	if (attribute->sealed && ScimIsNone(attribute, value) &&
		(context->options & SCIM_NULL_REMOVES) != 0)
	{
		result->type = jbvNull;
		return true;
	}
	if (attribute->multi_valued)
		return canonicalise_array(context, attribute, value, place, result);
	/* of nulls that remove what is sealed each is read */
	if (ScimIsNone(attribute, value) &&
		(!attribute->seals || (context->options & SCIM_NULL_REMOVES) == 0 ||
		 value->type != jbvObject))
	{
		ScimCheckKnown(context, attribute, value, place);
		return false;
	}
	if (value->type == jbvArray && value->val.array.nElems == 1)
		value = &value->val.array.elems[0];
	/* what one value has to be says nothing where there are several */
	else if (value->type == jbvArray && attribute->type == SCIM_TYPE_COMPLEX)
		return wrong_value(
			context, attribute, value, place,
			psprintf("has one value only, not %d", value->val.array.nElems), result);
	return canonicalise_single(context, attribute, value, place, result);
}

/*
 * ScimIsNone: is there no value in what is given for one?  An object is none where one
 * belongs, alone or in an array, and its parts are; anywhere else it is of the wrong
 * type, whatever it holds.
 */
bool
ScimIsNone(const ScimAttribute *attribute, const JsonbValue *value)
{
	if (!ScimJsonIsUnassigned(value))
		return false;
	if (!ScimJsonHoldsObject(value))
		return true;
	if (attribute->type != SCIM_TYPE_COMPLEX)
		return false;
	for (int i = 0; value->type == jbvArray && i < value->val.array.nElems; i++)
	{
		const JsonbValue *element = &value->val.array.elems[i];

		CHECK_FOR_INTERRUPTS();
		if ((element->type == jbvArray && ScimJsonHoldsObject(element)) ||
			!ScimIsNone(attribute, element))
			return false;
	}
	for (int i = 0; value->type == jbvObject && i < value->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &value->val.object.pairs[i];
		const ScimAttribute *sub = ScimAttributeSub(attribute, pair->key.val.string.val,
													pair->key.val.string.len);

		CHECK_FOR_INTERRUPTS();
		if (sub != NULL && sub->mutability != SCIM_READ_ONLY &&
			!ScimIsNone(sub, &pair->value))
			return false;
	}
	return true;
}

/* What is simple has no parts: each member of an object in its place is unknown. */
static void
check_parts(const ScimValueContext *context, const ScimAttribute *attribute,
			const JsonbValue *value, const ScimPlace *place)
{
	if (attribute->nsubs == 0 && !ScimRefusesUnknown(context->type))
		return;
	check_stack_depth();
	if (value->type == jbvArray)
	{
		for (int i = 0; i < value->val.array.nElems && !ScimProblemsFull(context); i++)
		{
			ScimPlace inner = *place;

			CHECK_FOR_INTERRUPTS();
			if (attribute->multi_valued && inner.index < 0)
				inner.index = i;
			check_parts(context, attribute, &value->val.array.elems[i], &inner);
		}
	}
	for (int i = 0; value->type == jbvObject && i < value->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &value->val.object.pairs[i];
		const char *name = pair->key.val.string.val;
		int len = pair->key.val.string.len;
		const ScimAttribute *sub = ScimAttributeSub(attribute, name, len);
		ScimPlace inner = ScimPlaceOf(place, name, len);

		CHECK_FOR_INTERRUPTS();
		if (sub == NULL)
			ScimUnknownMember(context, pair, place);
		else
			check_parts(context, sub, &pair->value, &inner);
	}
}

/*
 * ScimCheckKnown: of a value that does not count, since there is none in it or it is
 * read-only, each part is one that there is, where nothing unknown is let in.
 */
void
ScimCheckKnown(const ScimValueContext *context, const ScimAttribute *attribute,
			   const JsonbValue *value, const ScimPlace *place)
{
	if ((value->type == jbvObject || value->type == jbvArray) &&
		ScimRefusesUnknown(context->type))
		check_parts(context, attribute, value, place);
}

/*
 * ScimCheckKnownValue does so with a value that a client states of an attribute, which
 * path names in the problems that are appended.
 */
void
ScimCheckKnownValue(const ScimResourceType *type, const ScimAttribute *attribute,
					const JsonbValue *value, const char *path, List **problems)
{
	ScimValueContext context = {type, problems, 0};
	ScimPlace place = ScimPlaceOf(NULL, path, strlen(path));

	ScimCheckKnown(&context, attribute, value, &place);
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

/* A multi-valued attribute: equal values once, at most one of them primary. */
static bool
canonicalise_array(const ScimValueContext *context, const ScimAttribute *attribute,
				   const JsonbValue *value, const ScimPlace *place, JsonbValue *result)
{
	const JsonbValue *elems = value;
	int count = 1;
	bool is_members = ScimIsMembers(context->type, attribute);
	int before = list_length(*context->problems);
	JsonbValue *array = ScimJsonNewArray();

	if (value->type == jbvArray)
	{
		elems = value->val.array.elems;
		count = value->val.array.nElems;
	}
	/* who keeps values that nobody sees is told that they are to go (sealed.c) */
	if (attribute->seals && (context->options & SCIM_NULL_REMOVES) != 0 &&
		(context->options & SCIM_OF_STORED) != 0 &&
		(count == 0 || value->type == jbvNull || ScimJsonStringEquals(value, "")))
	{
		result->type = jbvNull;
		return true;
	}
	if (value->type == jbvNull || ScimJsonStringEquals(value, ""))
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
			int known = list_length(*context->problems);

			/* it says something that nobody knows: so that it is what is wrong */
			check_parts(context, attribute, &elems[i], &inner);
			if (list_length(*context->problems) > known)
				continue;
			ScimPlaceProblem(context, SCIM_INVALID_VALUE, &missing,
							 "is required where \"$ref\" does not lead to a resource");
			continue;
		}
		if (ScimIsNone(attribute, stated) &&
			(stated->type != jbvObject || !attribute->seals ||
			 (context->options & SCIM_NULL_VALUES) == 0))
			ScimCheckKnown(context, attribute, stated, &inner);
		else if (canonicalise_single(context, attribute, stated, &inner, &element))
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
	if (!(attribute->seals && (context->options & SCIM_KEEPS_SEALED) != 0) &&
		!((context->options & SCIM_KEEPS_UNSEEN) != 0 && ScimHasUnseen(attribute)))
		ScimElementsDistinct(attribute, array);
	ScimElementsMerge(attribute, array);
	if (ScimElementsPrimary(attribute, array) > 1)
		return wrong_value(context, attribute, array, place,
						   "has more than one primary value", result);
	*result = *array;
	return true;
}

/* Is what an attribute has nobody's to see, in a message neither? */
static bool
is_hidden(const ScimAttribute *attribute)
{
	return ScimIsSecret(attribute) || ScimIsSecret(attribute->parent);
}

/* What is given for an object may have been meant for a part of it that nobody shows. */
static const char *
describe_no_object(const ScimAttribute *attribute, const JsonbValue *value)
{
	bool hidden = is_hidden(attribute);

	for (int i = 0; !hidden && i < attribute->nsubs; i++)
		hidden = ScimIsSecret(&attribute->subs[i]);
	return hidden && value->type == jbvString ? "what was given"
											  : ScimDescribeValue(value);
}

/* One value, which is not unassigned. */
static bool
canonicalise_single(const ScimValueContext *context, const ScimAttribute *attribute,
					const JsonbValue *value, const ScimPlace *place, JsonbValue *result)
{
	const char *expected;

	/* what is in there is seen by nobody here */
	if (attribute->sealed && ScimIsSealedValue(value))
	{
		*result = *value;
		return true;
	}
	if (attribute->type == SCIM_TYPE_COMPLEX)
		return canonicalise_complex(context, attribute, value, place, result);
	expected = ScimCanonicaliseSimple(attribute, value, result);
	if (expected != NULL)
	{
		const char *found =
			value->type == jbvString && is_hidden(attribute) ? "what was given"
			: !is_hidden(attribute) && (ScimHasType(attribute, SCIM_TYPE_INTEGER) ||
										ScimHasType(attribute, SCIM_TYPE_DECIMAL))
				? number_or_description(value)
				: ScimDescribeValue(value);

		return wrong_value(context, attribute, value, place,
						   psprintf("must be %s, not %s", expected, found), result);
	}
	if (ScimIsSealedValue(result))
		return wrong_value(context, attribute, value, place,
						   "begins as only what is sealed does, which belongs to "
						   "writeOnly attributes",
						   result);
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
		return wrong_value(context, attribute, value, place,
						   psprintf("must be a JSON object, not %s",
									describe_no_object(attribute, value)),
						   result);
	object = ScimJsonNewObject();
	for (int i = 0; i < value->val.object.nPairs && !ScimProblemsFull(context); i++)
		put_sub_attribute(context, attribute, &value->val.object.pairs[i], place, &seen,
						  object);
	bms_free(seen);
	if (object->val.object.nPairs == 0 ||
		(!keep && list_length(*context->problems) > before))
		return false;
	if ((context->options & SCIM_NULL_REMOVES) != 0 && attribute->seals &&
		says_only_nulls(object))
	{
		*result = *object;
		return !attribute->multi_valued || (context->options & SCIM_NULL_VALUES) != 0;
	}
	check_reference(context, attribute, object, place);
	/* of what has only the service's own parts nothing else is wanted */
	for (int i = 0; has_writable(attribute, object) && i < attribute->nsubs; i++)
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
	pfree(object);
	return keep || list_length(*context->problems) == before;
}

/* Has an object something that clients write? */
static bool
has_writable(const ScimAttribute *attribute, const JsonbValue *object)
{
	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &object->val.object.pairs[i];
		const ScimAttribute *sub = ScimAttributeSub(attribute, pair->key.val.string.val,
													pair->key.val.string.len);

		if (sub == NULL || sub->mutability != SCIM_READ_ONLY)
			return true;
	}
	return false;
}

/* Is all that it says that what is sealed goes? */
static bool
says_only_nulls(const JsonbValue *object)
{
	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		const JsonbValue *value = &object->val.object.pairs[i].value;

		if (value->type != jbvNull &&
			(value->type != jbvObject || !says_only_nulls(value)))
			return false;
	}
	return true;
}

/* What refers to a resource says one thing of it, unless nobody minds. */
static void
check_reference(const ScimValueContext *context, const ScimAttribute *attribute,
				JsonbValue *object, const ScimPlace *place)
{
	const ScimResourceType *target;
	const char *fault;
	ScimProblem *problem;

	if (ScimAttributeSub(attribute, "$ref", strlen("$ref")) == NULL)
		return;
	fault = ScimReferenceFault(context, attribute, object, &target);
	if (fault != NULL && !ScimIgnoresUnknownAttributes(context->type))
	{
		problem = ScimPlaceProblem(context, SCIM_INVALID_VALUE, place, fault);
		problem->about = attribute;
		problem->value = ScimJsonCopy(object);
	}
	/* which is all that is kept of it */
	if (target != NULL && ScimIsMembers(context->type, attribute) &&
		ScimJsonGet(object, "type") == NULL &&
		ScimAttributeSub(attribute, "type", strlen("type")) != NULL)
		ScimJsonSet(object, "type", ScimJsonNewString(target->name));
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
	if (sub->mutability == SCIM_READ_ONLY && (context->options & SCIM_BY_SERVICE) == 0)
		ScimCheckKnown(context, sub, &pair->value, &inner);
	else if (ScimCanonicaliseAttribute(context, sub, &pair->value, &inner, &canonical))
		ScimJsonSetN(object, sub->name, sub->name_len, &canonical);
}

/* For numbers: one that is no integer is better named, where it is not too long. */
static const char *
number_or_description(const JsonbValue *value)
{
	if (value->type != jbvNumeric)
		return ScimDescribeValue(value);
	if (!ScimNumberFits(value->val.numeric))
		return "a longer one";
	return ScimNumberText(value->val.numeric);
}
