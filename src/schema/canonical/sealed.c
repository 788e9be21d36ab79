/*
 * sealed.c
 *		writeOnly values (RFC 7643 section 2.2) in a document: they stand there sealed,
 * each a string that only who has the key can open.
 *
 * What is sealed is the value of a writeOnly attribute or sub-attribute, whatever its
 * type; of several values each by itself, so that others can be added.  The password of
 * the core User is none of them: it is kept as a hash, elsewhere.
 */
#include "postgres.h"

#include "schema/canonical/canonical.h"

#include "json/json.h"
#include "miscadmin.h"

static bool
keep_in_object(const ScimAttribute *attributes, int count, const JsonbValue *old_object,
			   JsonbValue *new_object, bool is_part, List **problems);
static void keep_in_elements(const ScimAttribute *attribute, const JsonbValue *old_array,
							 JsonbValue *new_array, List **problems);
static bool
keep_in_values(const ScimAttribute *attribute, const JsonbValue *old_value,
			   JsonbValue *new_object, const ScimAttribute **missing, List **problems);

/* One value of an attribute that is sealed, or each of them. */
static void
use_values(JsonbValue *value, const char *path, ScimUseSealed use, void *arg)
{
	if (value->type != jbvArray)
	{
		use(arg, value, path, true);
		return;
	}
	for (int i = 0; i < value->val.array.nElems; i++)
	{
		CHECK_FOR_INTERRUPTS();
		use(arg, &value->val.array.elems[i], path, true);
	}
}

/* Sealed values where none belong, at any depth. */
static void
use_strays(JsonbValue *value, const char *path, ScimUseSealed use, void *arg)
{
	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (ScimIsSealedValue(value))
		use(arg, value, path, false);
	else if (value->type == jbvArray)
	{
		for (int i = 0; i < value->val.array.nElems; i++)
			use_strays(&value->val.array.elems[i], path, use, arg);
	}
	else if (value->type == jbvObject)
	{
		for (int i = 0; i < value->val.object.nPairs; i++)
			use_strays(&value->val.object.pairs[i].value, path, use, arg);
	}
}

static const ScimAttribute *
find(const ScimAttribute *attributes, int count, const JsonbValue *key)
{
	for (int i = 0; i < count; i++)
	{
		if (attributes[i].name_len == key->val.string.len &&
			memcmp(attributes[i].name, key->val.string.val, attributes[i].name_len) == 0)
			return &attributes[i];
	}
	return NULL;
}

static void
use_object(const ScimAttribute *attributes, int count, JsonbValue *object,
		   const char *prefix, ScimUseSealed use, void *arg)
{
	check_stack_depth();
	if (object->type == jbvArray)
	{
		for (int i = 0; i < object->val.array.nElems; i++)
		{
			CHECK_FOR_INTERRUPTS();
			use_object(attributes, count, &object->val.array.elems[i], prefix, use, arg);
		}
		return;
	}
	if (object->type != jbvObject)
	{
		use_strays(object, prefix, use, arg);
		return;
	}
	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		JsonbPair *pair = &object->val.object.pairs[i];
		const ScimAttribute *attribute = find(attributes, count, &pair->key);
		const char *path;

		CHECK_FOR_INTERRUPTS();
		/* what no schema knows nobody sees */
		if (attribute == NULL)
			continue;
		path = psprintf("%s%s%.*s", prefix,
						prefix[0] == '\0' || prefix[strlen(prefix) - 1] == ':' ? "" : ".",
						pair->key.val.string.len, pair->key.val.string.val);
		if (attribute->sealed)
			use_values(&pair->value, path, use, arg);
		else if (attribute->nsubs > 0)
			use_object(attribute->subs, attribute->nsubs, &pair->value, path, use, arg);
		else
			use_strays(&pair->value, path, use, arg);
	}
}

/*
 * ScimForEachSealed calls use with each value of a stored document that is sealed, or
 * ought to be (belongs), and with each that is sealed where none belongs.  use may put
 * another value in its place.
 */
void
ScimForEachSealed(const ScimResourceType *type, JsonbValue *document, ScimUseSealed use,
				  void *arg)
{
	if (document->type != jbvObject)
		return;
	for (int i = 0; i < document->val.object.nPairs; i++)
	{
		JsonbPair *pair = &document->val.object.pairs[i];
		char *key = pnstrdup(pair->key.val.string.val, pair->key.val.string.len);
		const ScimSchema *schema = ScimResourceTypeSchema(type, key, strlen(key));
		JsonbValue alone;

		CHECK_FOR_INTERRUPTS();
		if (schema != NULL && schema != type->schema)
		{
			use_object(schema->attributes, schema->nattributes, &pair->value,
					   psprintf("%s:", schema->id), use, arg);
			continue;
		}
		/* an object of this one member, which shares its place */
		alone.type = jbvObject;
		alone.val.object.nPairs = 1;
		alone.val.object.pairs = pair;
		use_object(type->schema->attributes, type->schema->nattributes, &alone, "", use,
				   arg);
	}
}

/*
 * ScimIsHidden: has an object, or a list of them, nothing at any depth that a client can
 * write, and that answers show who do not ask for it?
 */
bool
ScimIsHidden(const ScimAttribute *attributes, int count, const JsonbValue *object)
{
	check_stack_depth();
	if (object->type == jbvArray)
	{
		for (int i = 0; i < object->val.array.nElems; i++)
		{
			CHECK_FOR_INTERRUPTS();
			if (!ScimIsHidden(attributes, count, &object->val.array.elems[i]))
				return false;
		}
		return true;
	}
	if (object->type != jbvObject)
		return false;
	for (int i = 0; i < count; i++)
	{
		const ScimAttribute *attribute = &attributes[i];
		const JsonbValue *value = ScimIsSecret(attribute) ||
										  attribute->mutability == SCIM_READ_ONLY ||
										  attribute->returned == SCIM_RETURNED_REQUEST
									  ? NULL
									  : ScimJsonGet(object, attribute->name);

		if (value != NULL && (attribute->nsubs == 0 ||
							  !ScimIsHidden(attribute->subs, attribute->nsubs, value)))
			return false;
	}
	return true;
}

/* A member that is an object of these attributes: what is sealed in it stays. */
static bool
keep_in_member(const ScimAttribute *attributes, int count, const char *key,
			   const JsonbValue *old_value, JsonbValue *new_object, List **problems)
{
	JsonbValue *new_value = ScimJsonGet(new_object, key);
	bool kept;

	if (new_value == NULL)
	{
		/* a client who could see that it is there has left it out */
		if (old_value == NULL || old_value->type != jbvObject ||
			!ScimIsHidden(attributes, count, old_value))
			return false;
		new_value = ScimJsonNewObject();
		kept = keep_in_object(attributes, count, old_value, new_value, true, problems);
		if (kept)
			ScimJsonSet(new_object, key, new_value);
		return kept;
	}
	kept = keep_in_object(attributes, count, old_value, new_value, true, problems);
	/* of nothing but nulls nothing is left */
	if (new_value->type == jbvObject && new_value->val.object.nPairs == 0)
		ScimJsonRemove(new_object, key);
	return kept;
}

/* A null has taken away what is required, of a value that is still there. */
static void
raise_required(const ScimAttribute *attribute, List **problems)
{
	char *path = psprintf("%s%s%s", attribute->parent ? attribute->parent->name : "",
						  attribute->parent ? "." : "", attribute->name);

	*problems = lappend(*problems, ScimProblemMake(SCIM_INVALID_VALUE, path,
												   "attribute \"%s\" is required", path));
}

/*
 * is_part: the object is one of a document, which may go as a whole.  Returns whether
 * something has been kept.
 */
static bool
keep_in_object(const ScimAttribute *attributes, int count, const JsonbValue *old_object,
			   JsonbValue *new_object, bool is_part, List **problems)
{
	const ScimAttribute *missing = NULL;
	bool kept = false;

	check_stack_depth();
	if (new_object->type != jbvObject)
		return false;
	if (old_object != NULL && old_object->type != jbvObject)
		old_object = NULL;
	for (int i = 0; i < count; i++)
	{
		const ScimAttribute *attribute = &attributes[i];
		const JsonbValue *old_value;
		JsonbValue *new_value;

		if (!attribute->sealed && !attribute->seals)
			continue;
		old_value = old_object != NULL ? ScimJsonGet(old_object, attribute->name) : NULL;
		new_value = ScimJsonGet(new_object, attribute->name);
		if (attribute->sealed && new_value != NULL && new_value->type == jbvNull)
		{
			ScimJsonRemove(new_object, attribute->name);
			if (attribute->required)
				missing = attribute;
		}
		else if (attribute->sealed && new_value == NULL && old_value != NULL)
		{
			ScimJsonSetN(new_object, attribute->name, attribute->name_len, old_value);
			kept = true;
		}
		else if (!attribute->sealed &&
				 (attribute->multi_valued
					  ? keep_in_values(attribute, old_value, new_object, &missing,
									   problems)
					  : keep_in_member(attribute->subs, attribute->nsubs, attribute->name,
									   old_value, new_object, problems)))
		{
			kept = true;
			if (new_value == NULL)
				ScimDropMissing(attribute, problems);
		}
	}
	if (missing != NULL && (!is_part || new_object->val.object.nPairs > 0))
		raise_required(missing, problems);
	return kept;
}

/*
 * The values of a multi-valued attribute.  One that is left out keeps those of before
 * that no client can see; a null, which only SQL can say, takes them all away.
 */
static bool
keep_in_values(const ScimAttribute *attribute, const JsonbValue *old_value,
			   JsonbValue *new_object, const ScimAttribute **missing, List **problems)
{
	JsonbValue *new_value = ScimJsonGet(new_object, attribute->name);
	bool stated = new_value != NULL;

	if (stated && new_value->type == jbvNull)
	{
		ScimJsonRemove(new_object, attribute->name);
		if (attribute->required)
			*missing = attribute;
		return false;
	}
	if (!stated)
		new_value = ScimJsonNewArray();
	/* one that is wrong stays as it is */
	if (new_value->type != jbvArray)
		return false;
	keep_in_elements(attribute, old_value, new_value, problems);
	if (new_value->val.array.nElems > 0)
	{
		if (!stated)
			ScimJsonSetN(new_object, attribute->name, attribute->name_len, new_value);
		return !stated;
	}
	if (stated)
		ScimJsonRemove(new_object, attribute->name);
	if (stated && attribute->required)
		*missing = attribute;
	return false;
}

/* Does an element keep what is sealed in the old one?  Sets it where it does not say. */
static void
keep_in_element(const ScimAttribute *attribute, const JsonbValue *old_element,
				JsonbValue *element, List **problems)
{
	(void) keep_in_object(attribute->subs, attribute->nsubs, old_element, element, true,
						  problems);
}

/*
 * ScimKeepHidden: of the elements of before that are none of the new ones (taken: those
 * that are), and of which no client can see and write anything, stays where it was what
 * stays says: nobody could have sent it back.
 */
void
ScimKeepHidden(const ScimAttribute *attribute, const JsonbValue *old_array,
			   const bool *taken, ScimStays stays, int options, JsonbValue *new_array)
{
	JsonbValue *merged = ScimJsonNewArray();
	int next = 0;

	for (int i = 0; i < old_array->val.array.nElems; i++)
	{
		const JsonbValue *old = &old_array->val.array.elems[i];
		const JsonbValue *kept;

		CHECK_FOR_INTERRUPTS();
		if (taken[i] || old->type != jbvObject ||
			!ScimIsHidden(attribute->subs, attribute->nsubs, old))
			continue;
		kept = stays(attribute, old, options);
		if (kept == NULL)
			continue;
		while (next < new_array->val.array.nElems && merged->val.array.nElems < i)
			ScimJsonAppend(merged, &new_array->val.array.elems[next++]);
		ScimJsonAppend(merged, kept);
	}
	/* there are none */
	if (merged->val.array.nElems == 0)
		return;
	while (next < new_array->val.array.nElems)
		ScimJsonAppend(merged, &new_array->val.array.elems[next++]);
	*new_array = *merged;
}

/* An element that has something that is sealed. */
static const JsonbValue *
with_sealed(const ScimAttribute *attribute, const JsonbValue *element, int options)
{
	return ScimHoldsSealed(attribute, element) ? element : NULL;
}

/* An element of nothing but nulls has taken away what it stood for. */
static void
drop_empty(JsonbValue *array)
{
	int left = 0;

	for (int i = 0; i < array->val.array.nElems; i++)
	{
		const JsonbValue *element = &array->val.array.elems[i];

		CHECK_FOR_INTERRUPTS();
		if (element->type != jbvObject || element->val.object.nPairs > 0)
			array->val.array.elems[left++] = *element;
	}
	array->val.array.nElems = left;
}

/*
 * An element keeps what is sealed in the one of before that it is (pairs.c).  Those that
 * have nothing else stay.
 */
static void
keep_in_elements(const ScimAttribute *attribute, const JsonbValue *old_array,
				 JsonbValue *new_array, List **problems)
{
	int *pairs;
	int old_count = 0;
	bool *taken;

	if (old_array != NULL && old_array->type != jbvArray)
		old_array = NULL;
	if (old_array != NULL)
		old_count = old_array->val.array.nElems;
	taken = palloc0(old_count + 1);
	pairs = ScimElementsPair(attribute, old_array, new_array);
	for (int i = 0; i < new_array->val.array.nElems; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (pairs[i] >= 0)
			taken[pairs[i]] = true;
		keep_in_element(attribute,
						pairs[i] >= 0 ? &old_array->val.array.elems[pairs[i]] : NULL,
						&new_array->val.array.elems[i], problems);
	}
	pfree(pairs);
	drop_empty(new_array);
	if (old_array != NULL)
		ScimKeepHidden(attribute, old_array, taken, with_sealed, 0, new_array);
	pfree(taken);
	/* only now is it known which of them are the same */
	ScimJsonDistinct(new_array);
}

/*
 * ScimKeepSealedValue does what ScimKeepSealed does for one value of an attribute that
 * takes the place of another (NULL: of none): all values of a multi-valued one, or an
 * element of it, that is kept where it is as before or has the same "value".
 */
void
ScimKeepSealedValue(const ScimAttribute *attribute, const JsonbValue *old_value,
					JsonbValue *new_value, List **problems)
{
	if (!attribute->seals)
		return;
	if (new_value->type == jbvArray)
		keep_in_elements(attribute, old_value, new_value, problems);
	else if (!attribute->multi_valued)
		keep_in_element(attribute, old_value, new_value, problems);
	else
	{
		JsonbValue *alone = ScimJsonNewArray();

		ScimJsonAppend(alone, new_value);
		if (ScimElementsPair(attribute, old_value, alone)[0] < 0)
			old_value = NULL;
		keep_in_element(attribute, old_value, new_value, problems);
	}
}

/*
 * ScimKeepSealed: what is sealed in old_document, and not in a canonical document that is
 * to take its place, stays: a client cannot send back what he never sees (RFC 7644
 * section 3.5.1).  A PATCH and its like, which have read what is sealed, say with
 * SCIM_SEALED_STATED that the document has all of it.  A null in its place, which
 * ScimCanonicalise leaves there with the option SCIM_NULL_REMOVES, takes it away; of what
 * is required that is a problem.  What goes with an extension or a complex value goes
 * with it, unless that has nothing that a client could see; so does one of several
 * values.
 */
void
ScimKeepSealed(const ScimResourceType *type, const JsonbValue *old_document,
			   JsonbValue *document, List **problems)
{
	(void) keep_in_object(type->schema->attributes, type->schema->nattributes,
						  old_document, document, false, problems);
	for (int i = 0; i < type->nextensions; i++)
	{
		const ScimSchema *schema = type->extensions[i].schema;
		bool stated = ScimJsonGet(document, schema->id) != NULL;

		if (keep_in_member(schema->attributes, schema->nattributes, schema->id,
						   ScimJsonGet(old_document, schema->id), document, problems) &&
			!stated)
			ScimDropMissingExtension(schema, problems);
	}
	ScimSetSchemas(type, document);
}
