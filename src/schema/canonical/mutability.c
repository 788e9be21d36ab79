/*
 * mutability.c
 *		What a write may change (RFC 7643 section 2.2, "mutability").
 */
#include "postgres.h"

#include "schema/canonical/canonical.h"

#include "common/hashfn.h"

#include "json/buckets.h"
#include "json/json.h"
#include "miscadmin.h"

/* What goes through the recursion unchanged. */
typedef struct Check
{
	const ScimResourceType *type;
	int options;
	bool gone; /* new_object stands for one that the new document does not have */
	List **problems;
} Check;

static void check_attributes(const Check *check, const ScimAttribute *attributes,
							 int count, const JsonbValue *old_object,
							 JsonbValue *new_object, const char *prefix);
static void
check_immutable(const Check *check, const ScimAttribute *attribute,
				const JsonbValue *old_value, JsonbValue *new_object, const char *prefix);
static void keep_value(const ScimAttribute *attribute, const JsonbValue *old_value,
					   JsonbValue *new_object);
static bool same_when_completed(const Check *check, const ScimAttribute *attribute,
								const JsonbValue *old_value, JsonbValue *new_value);
static bool same_when_canonical(const Check *check, const ScimAttribute *attribute,
								const JsonbValue *old_value, const JsonbValue *new_value);
static void check_nested(const Check *check, const ScimAttribute *attributes, int count,
						 const char *key, const JsonbValue *old_value,
						 JsonbValue *new_object, const char *prefix, bool recreate);
static bool has_kept(const ScimAttribute *attribute);
static void
check_elements(const Check *check, const ScimAttribute *attribute,
			   const JsonbValue *old_value, JsonbValue *new_array, const char *prefix);
static void drop_stale_members(const ScimAttribute *attribute,
							   const JsonbValue *old_object, JsonbValue *new_object);

/*
 * ScimCheckMutability compares two canonical documents of a type.
 *
 * An immutable attribute that has a value keeps it: where new_document leaves it
 * out it is set (RFC 7643 section 7: "SHALL NOT be updated"), and where
 * new_document has another value, a problem (mutability) is appended.
 *
 * A readOnly attribute, which no client's document has, keeps its value too,
 * unless the service itself writes (SCIM_BY_SERVICE); a readOnly sub-attribute of what
 * has a "value" or "$ref" as long as that is there.  So does what is required and never
 * returned, which no client can send back.
 *
 * Of several values each is compared with the one of before that it is (pairs.c): one
 * that is new has nothing to keep.
 *
 * What is kept shares memory with old_document.
 */
void
ScimCheckMutability(const ScimResourceType *type, const JsonbValue *old_document,
					JsonbValue *new_document, int options, List **problems)
{
	Check check = {type, options, false, problems};

	check_attributes(&check, type->common->attributes, type->common->nattributes,
					 old_document, new_document, "");
	check_attributes(&check, type->schema->attributes, type->schema->nattributes,
					 old_document, new_document, "");
	for (int i = 0; i < type->nextensions; i++)
	{
		const ScimSchema *schema = type->extensions[i].schema;
		const JsonbValue *old_value = ScimJsonGet(old_document, schema->id);

		if (old_value != NULL && old_value->type == jbvObject)
			check_nested(&check, schema->attributes, schema->nattributes, schema->id,
						 old_value, new_document, psprintf("%s:", schema->id), true);
	}
	ScimSetSchemas(type, new_document);
}

/*
 * ScimDropStale takes out of new_document, which a client has not made canonical
 * yet, what the schemas do not know any more: members that a document stored
 * under an earlier schema has, too.  Nobody can see them, so they must not stand
 * in the way of a change.
 */
void
ScimDropStale(const ScimResourceType *type, const JsonbValue *old_document,
			  JsonbValue *new_document)
{
	for (int i = new_document->val.object.nPairs - 1; i >= 0; i--)
	{
		JsonbPair *pair = &new_document->val.object.pairs[i];
		const char *key = ScimJsonStringCopy(&pair->key);
		int len = pair->key.val.string.len;
		const JsonbValue *old_value = ScimJsonGet(old_document, key);
		const ScimSchema *schema = ScimResourceTypeSchema(type, key, len);
		const ScimAttribute *attribute;

		if (old_value == NULL)
			continue;
		if (schema != NULL && schema != type->schema)
		{
			if (old_value->type != jbvObject || pair->value.type != jbvObject)
				continue;
			for (int j = pair->value.val.object.nPairs - 1; j >= 0; j--)
			{
				JsonbPair *inner = &pair->value.val.object.pairs[j];
				const char *name = ScimJsonStringCopy(&inner->key);
				const JsonbValue *old_inner = ScimJsonGet(old_value, name);

				if (old_inner == NULL)
					continue;
				attribute = ScimSchemaAttribute(schema, name, inner->key.val.string.len);
				if (attribute != NULL)
					drop_stale_members(attribute, old_inner, &inner->value);
				else if (ScimJsonEqual(old_inner, &inner->value))
					ScimJsonRemove(&pair->value, name);
			}
			continue;
		}
		attribute = ScimSchemaAttribute(type->schema, key, len);
		if (attribute == NULL)
			attribute = ScimSchemaAttribute(type->common, key, len);
		if (attribute != NULL)
			drop_stale_members(attribute, old_value, &pair->value);
		else if (ScimJsonEqual(old_value, &pair->value))
			ScimJsonRemove(new_document, key);
	}
}

static void
check_attributes(const Check *check, const ScimAttribute *attributes, int count,
				 const JsonbValue *old_object, JsonbValue *new_object, const char *prefix)
{
	check_stack_depth();

	for (int i = 0; i < count; i++)
	{
		const ScimAttribute *attribute = &attributes[i];
		const JsonbValue *old_value = ScimJsonGet(old_object, attribute->name);
		JsonbValue *new_value;

		if (old_value == NULL)
			continue;
		new_value = ScimJsonGet(new_object, attribute->name);
		if (attribute->mutability == SCIM_IMMUTABLE)
			check_immutable(check, attribute, old_value, new_object, prefix);
		else if (attribute->mutability == SCIM_READ_ONLY)
		{
			if (new_value == NULL && (check->options & SCIM_BY_SERVICE) == 0)
				keep_value(attribute, old_value, new_object);
		}
		else if (attribute->required && attribute->returned == SCIM_RETURNED_NEVER &&
				 new_value == NULL && !check->gone)
			keep_value(attribute, old_value, new_object);
		else if (attribute->nsubs > 0 && !attribute->multi_valued)
		{
			Check inner = *check;

			/* another value has nothing of the service's own yet */
			if (new_value != NULL && !ScimSameName(attribute, old_value, new_value))
				inner.options |= SCIM_BY_SERVICE;
			check_nested(&inner, attribute->subs, attribute->nsubs, attribute->name,
						 old_value, new_object,
						 psprintf("%s%s.", prefix, attribute->name),
						 !ScimHasName(attribute));
		}
		else if (attribute->nsubs > 0 && new_value != NULL)
			check_elements(check, attribute, old_value, new_value,
						   psprintf("%s%s.", prefix, attribute->name));
	}
}

static void
check_immutable(const Check *check, const ScimAttribute *attribute,
				const JsonbValue *old_value, JsonbValue *new_object, const char *prefix)
{
	JsonbValue *new_value = ScimJsonGet(new_object, attribute->name);

	if (new_value == NULL)
		keep_value(attribute, old_value, new_object);
	else if (!ScimJsonEqual(old_value, new_value) &&
			 !same_when_completed(check, attribute, old_value, new_value) &&
			 !same_when_canonical(check, attribute, old_value, new_value))
	{
		char *path = psprintf("%s%s", prefix, attribute->name);

		*check->problems = lappend(
			*check->problems,
			ScimProblemMake(SCIM_MUTABILITY, path,
							"attribute \"%s\" is immutable and has a value", path));
	}
}

/* A value that stays; what was stored before the attribute became a list is one now. */
static void
keep_value(const ScimAttribute *attribute, const JsonbValue *old_value,
		   JsonbValue *new_object)
{
	if (attribute->multi_valued && old_value->type != jbvArray)
	{
		JsonbValue *array = ScimJsonNewArray();

		ScimJsonAppend(array, old_value);
		old_value = array;
	}
	ScimJsonSetN(new_object, attribute->name, attribute->name_len, old_value);
}

/* What no client can send back is missing: then it is there again. */
static bool
same_when_completed(const Check *check, const ScimAttribute *attribute,
					const JsonbValue *old_value, JsonbValue *new_value)
{
	List *ignored = NIL;
	Check inner = {check->type, check->options, false, &ignored};
	JsonbValue *completed;

	if (!has_kept(attribute))
		return false;
	completed = ScimJsonCopy(new_value);
	if (attribute->multi_valued)
		check_elements(&inner, attribute, old_value, completed, "");
	else if (old_value->type == jbvObject && completed->type == jbvObject)
		check_attributes(&inner, attribute->subs, attribute->nsubs, old_value, completed,
						 "");
	if (!ScimJsonEqual(old_value, completed))
		return false;
	*new_value = *completed;
	return true;
}

/* A document that was stored under an earlier schema may have another form. */
static bool
same_when_canonical(const Check *check, const ScimAttribute *attribute,
					const JsonbValue *old_value, const JsonbValue *new_value)
{
	List *problems = NIL;
	const JsonbValue *canonical = ScimCanonicaliseValue(check->type, attribute, old_value,
														attribute->name, 0, &problems);

	return canonical != NULL && ScimJsonEqual(canonical, new_value);
}

/*
 * The attributes within one object.  Where it is gone, it comes back if it has to
 * keep something: what is immutable, with what is required beside it, and with
 * recreate what is readOnly.
 */
static void
check_nested(const Check *check, const ScimAttribute *attributes, int count,
			 const char *key, const JsonbValue *old_value, JsonbValue *new_object,
			 const char *prefix, bool recreate)
{
	JsonbValue *new_value = ScimJsonGet(new_object, key);
	Check inner = *check;
	bool kept = false;

	if (old_value->type != jbvObject)
		return;
	if (new_value != NULL)
	{
		if (new_value->type == jbvObject)
			check_attributes(check, attributes, count, old_value, new_value, prefix);
		return;
	}
	inner.gone = true;
	if (!recreate)
		inner.options |= SCIM_BY_SERVICE;
	new_value = ScimJsonNewObject();
	check_attributes(&inner, attributes, count, old_value, new_value, prefix);
	for (int i = 0; i < count; i++)
	{
		const ScimAttribute *attribute = &attributes[i];

		kept = kept || (attribute->mutability == SCIM_IMMUTABLE &&
						ScimJsonGet(new_value, attribute->name) != NULL);
	}
	for (int i = 0; kept && i < count; i++)
	{
		const ScimAttribute *attribute = &attributes[i];
		const JsonbValue *required =
			attribute->required ? ScimJsonGet(old_value, attribute->name) : NULL;

		if (required != NULL)
			ScimJsonSetN(new_value, attribute->name, attribute->name_len, required);
	}
	if (new_value->val.object.nPairs > 0)
		ScimJsonSet(new_object, key, new_value);
}

/* Has an attribute parts, at any depth, that stay as they are? */
static bool
has_kept(const ScimAttribute *attribute)
{
	for (int i = 0; i < attribute->nsubs; i++)
	{
		const ScimAttribute *sub = &attribute->subs[i];

		if (sub->mutability == SCIM_READ_ONLY || sub->mutability == SCIM_IMMUTABLE ||
			has_kept(sub))
			return true;
	}
	return false;
}

/* Each element is checked against the one of before that it is (pairs.c), if any. */
static void
check_elements(const Check *check, const ScimAttribute *attribute,
			   const JsonbValue *old_value, JsonbValue *new_array, const char *prefix)
{
	const JsonbValue *old;
	int *pairs;
	int count;

	if (new_array->type != jbvArray || !has_kept(attribute))
		return;
	old = ScimElementsOf(old_value, &count);
	pairs = ScimElementsPair(attribute, old_value, new_array);
	for (int i = 0; i < new_array->val.array.nElems; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (pairs[i] >= 0)
			check_attributes(check, attribute->subs, attribute->nsubs, &old[pairs[i]],
							 &new_array->val.array.elems[i], prefix);
	}
	pfree(pairs);
}

/* Members that the schema does not know, by name and value. */
typedef struct Stale
{
	List *pairs; /* of const JsonbPair *, each once */
	ScimBuckets by_hash;
} Stale;

static uint32
hash_pair(const JsonbPair *pair)
{
	return hash_combine(ScimJsonHash(&pair->key), ScimJsonHash(&pair->value));
}

static bool
is_stale(const Stale *stale, const JsonbPair *pair)
{
	for (int at = ScimBucketsFirst(&stale->by_hash, hash_pair(pair)); at >= 0;
		 at = ScimBucketsNext(&stale->by_hash, at))
	{
		const JsonbPair *other =
			list_nth(stale->pairs, ScimBucketsItem(&stale->by_hash, at));

		if (ScimJsonEqual(&other->key, &pair->key) &&
			ScimJsonEqual(&other->value, &pair->value))
			return true;
	}
	return false;
}

static void
collect_stale(const ScimAttribute *attribute, const JsonbValue *object, Stale *stale)
{
	CHECK_FOR_INTERRUPTS();
	for (int i = 0; object->type == jbvObject && i < object->val.object.nPairs; i++)
	{
		JsonbPair *pair = &object->val.object.pairs[i];

		if (ScimAttributeSub(attribute, pair->key.val.string.val,
							 pair->key.val.string.len) != NULL)
			continue;
		if (stale->pairs == NIL)
			ScimBucketsInit(&stale->by_hash, 0);
		else if (is_stale(stale, pair))
			continue;
		ScimBucketsAdd(&stale->by_hash, hash_pair(pair), list_length(stale->pairs));
		stale->pairs = lappend(stale->pairs, pair);
	}
}

static void
drop_stale(const ScimAttribute *attribute, const Stale *stale, JsonbValue *object)
{
	CHECK_FOR_INTERRUPTS();
	if (object->type != jbvObject)
		return;
	for (int i = object->val.object.nPairs - 1; i >= 0; i--)
	{
		const JsonbPair *pair = &object->val.object.pairs[i];

		if (ScimAttributeSub(attribute, pair->key.val.string.val,
							 pair->key.val.string.len) == NULL &&
			is_stale(stale, pair))
			ScimJsonRemove(object, ScimJsonStringCopy(&pair->key));
	}
}

/* Sub-attributes that are not known: in an object, or in the elements of an array. */
static void
drop_stale_members(const ScimAttribute *attribute, const JsonbValue *old_value,
				   JsonbValue *new_value)
{
	bool is_array = old_value->type == jbvArray;
	Stale stale = {NIL};

	if (attribute->nsubs == 0 || old_value->type != new_value->type)
		return;
	collect_stale(attribute, old_value, &stale);
	for (int i = 0; is_array && i < old_value->val.array.nElems; i++)
		collect_stale(attribute, &old_value->val.array.elems[i], &stale);
	if (stale.pairs == NIL)
		return;
	drop_stale(attribute, &stale, new_value);
	for (int i = 0; is_array && i < new_value->val.array.nElems; i++)
		drop_stale(attribute, &stale, &new_value->val.array.elems[i]);
}
