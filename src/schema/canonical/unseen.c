/*
 * unseen.c
 *		What a PUT does not take away, since no client can say it: above all what clients
 *		have to write and never see, which is required of a value and never returned.
 *
 * Where clients see nothing of a value that they can write, they cannot say either that
 * it is there.  What is sealed is kept afterwards (sealed.c).
 */
#include "postgres.h"

#include "schema/canonical/canonical.h"

#include "json/json.h"
#include "miscadmin.h"

static JsonbValue *unseen_of(const ScimAttribute *attributes, int count,
							 const JsonbValue *value, int options);

/* Does a part stay where all is left out?  options: of ScimCanonicalise. */
static bool
stays(const ScimAttribute *sub, int options)
{
	return ScimIsUnseen(sub) ||
		   (sub->required && sub->returned == SCIM_RETURNED_REQUEST) ||
		   (sub->mutability == SCIM_READ_ONLY && (options & SCIM_BY_SERVICE) == 0) ||
		   (sub->mutability == SCIM_IMMUTABLE && ScimIsSecret(sub));
}

static bool
has_staying(const ScimAttribute *attribute, int options)
{
	for (int i = 0; i < attribute->nsubs; i++)
	{
		if (stays(&attribute->subs[i], options))
			return true;
	}
	return false;
}

/* The problem that one of several values, as it is yet, lacks a part. */
static void
drop_missing_of(const ScimAttribute *sub, const JsonbValue *value, List **problems)
{
	ListCell *lc;

	foreach (lc, *problems)
	{
		const ScimProblem *problem = lfirst(lc);

		if (problem->about == sub && problem->value != NULL &&
			ScimJsonEqual(problem->value, value))
		{
			*problems = foreach_delete_current(*problems, lc);
			return;
		}
	}
}

/*
 * A value has such a part of the one that it is (NULL: it is new).  Returns whether, or
 * that one lacks it as well: that is no fault of the write.
 */
static bool
keep_unseen_part(const ScimAttribute *sub, const JsonbValue *old_value,
				 JsonbValue *new_value, List **problems)
{
	const JsonbValue *part;

	if (old_value != NULL && old_value->type != jbvObject)
		old_value = NULL;
	part = old_value != NULL && !sub->sealed ? ScimJsonGet(old_value, sub->name) : NULL;

	if (new_value->type != jbvObject || ScimJsonGet(new_value, sub->name) != NULL)
		return true;
	if (part == NULL && (old_value == NULL || ScimJsonGet(old_value, sub->name) != NULL))
		return false;
	drop_missing_of(sub, new_value, problems);
	if (part != NULL)
		ScimJsonSetN(new_value, sub->name, sub->name_len, part);
	return true;
}

/* The parts of an object that stay where nothing else does, or NULL. */
static JsonbValue *
unseen_of_object(const ScimAttribute *attributes, int count, const JsonbValue *object,
				 int options)
{
	JsonbValue *kept = ScimJsonNewObject();

	for (int i = 0; i < count; i++)
	{
		const ScimAttribute *attribute = &attributes[i];
		const JsonbValue *value = ScimJsonGet(object, attribute->name);

		if (value == NULL)
			continue;
		if (!stays(attribute, options))
			value = unseen_of(attribute->subs, attribute->nsubs, value, options);
		if (value != NULL)
			ScimJsonSetN(kept, attribute->name, attribute->name_len, value);
	}
	return kept->val.object.nPairs > 0 ? kept : NULL;
}

/* The same of an object or a list of them. */
static JsonbValue *
unseen_of(const ScimAttribute *attributes, int count, const JsonbValue *value,
		  int options)
{
	JsonbValue *kept;

	check_stack_depth();
	if (value->type == jbvObject)
		return unseen_of_object(attributes, count, value, options);
	if (value->type != jbvArray)
		return NULL;
	kept = ScimJsonNewArray();
	for (int i = 0; i < value->val.array.nElems; i++)
	{
		const JsonbValue *element =
			unseen_of(attributes, count, &value->val.array.elems[i], options);

		CHECK_FOR_INTERRUPTS();
		if (element != NULL)
			ScimJsonAppend(kept, element);
	}
	return kept->val.array.nElems > 0 ? kept : NULL;
}

/*
 * A member that is left out, of which no client can see that it is there: what is unseen
 * of it stays.  Returns whether there is something.
 */
static bool
keep_hidden_member(const ScimAttribute *attributes, int count, const char *key,
				   const JsonbValue *old_value, JsonbValue *new_object, int options)
{
	JsonbValue *kept;

	if (old_value == NULL || ScimJsonGet(new_object, key) != NULL ||
		!ScimIsHidden(attributes, count, old_value))
		return false;
	kept = unseen_of(attributes, count, old_value, options);
	if (kept == NULL)
		return false;
	ScimJsonSet(new_object, key, kept);
	return true;
}

/* The parts of one value that another takes the place of. */
static void
keep_unseen_parts(const ScimAttribute *attribute, const JsonbValue *old_value,
				  JsonbValue *new_value, List **problems)
{
	if (old_value != NULL && !ScimSameName(attribute, old_value, new_value))
		old_value = NULL;
	for (int i = 0; i < attribute->nsubs; i++)
	{
		const ScimAttribute *sub = &attribute->subs[i];

		/* nothing lacks it any more */
		if (ScimIsUnseen(sub) && keep_unseen_part(sub, old_value, new_value, problems))
			ScimDropMissing(sub, problems);
	}
}

/* A value of which no client can say that it is there, or what stays of it. */
static const JsonbValue *
staying_element(const ScimAttribute *attribute, const JsonbValue *element, int options)
{
	return ScimHoldsSealed(attribute, element)
			   ? element
			   : unseen_of(attribute->subs, attribute->nsubs, element, options);
}

/* The parts of several values, and where a PUT replaces them those that nobody can state.
 */
static void
keep_unseen_elements(const ScimAttribute *attribute, const JsonbValue *old_value,
					 JsonbValue *new_array, int options, List **problems)
{
	int nold;
	const JsonbValue *old = ScimElementsOf(old_value, &nold);
	int *pairs = ScimElementsPair(attribute, old_value, new_array);
	bool *taken = palloc0(nold + 1);

	for (int i = 0; i < attribute->nsubs; i++)
	{
		const ScimAttribute *sub = &attribute->subs[i];
		bool all = true;

		if (!ScimIsUnseen(sub))
			continue;
		for (int j = 0; j < new_array->val.array.nElems; j++)
		{
			CHECK_FOR_INTERRUPTS();
			all &= keep_unseen_part(sub, pairs[j] >= 0 ? &old[pairs[j]] : NULL,
									&new_array->val.array.elems[j], problems);
		}
		if (all)
			ScimDropMissing(sub, problems);
	}
	for (int i = 0; i < new_array->val.array.nElems; i++)
	{
		if (pairs[i] >= 0)
			taken[pairs[i]] = true;
	}
	if ((options & SCIM_KEEPS_UNSEEN) != 0 && old_value != NULL &&
		old_value->type == jbvArray)
		ScimKeepHidden(attribute, old_value, taken, staying_element, options, new_array);
	/* only now, or when what is sealed is there as well, are those known that are one */
	if ((options & SCIM_KEEPS_UNSEEN) != 0 && !attribute->seals &&
		ScimHasUnseen(attribute))
		ScimElementsDistinct(attribute, new_array);
	pfree(pairs);
	pfree(taken);
}

static void
keep_unseen_in(const ScimAttribute *attributes, int count, const JsonbValue *old_object,
			   JsonbValue *new_object, int options, List **problems)
{
	bool replaces = (options & SCIM_KEEPS_UNSEEN) != 0;

	for (int i = 0; i < count && new_object->type == jbvObject; i++)
	{
		const ScimAttribute *attribute = &attributes[i];
		const JsonbValue *old_value;
		JsonbValue *new_value;

		/* which stays as a whole (mutability.c) */
		if (attribute->nsubs == 0 || attribute->mutability == SCIM_READ_ONLY ||
			attribute->mutability == SCIM_IMMUTABLE)
			continue;
		old_value = ScimJsonGet(old_object, attribute->name);
		if (replaces &&
			keep_hidden_member(attribute->subs, attribute->nsubs, attribute->name,
							   old_value, new_object, options))
			ScimDropMissing(attribute, problems);
		new_value = ScimJsonGet(new_object, attribute->name);
		if (new_value == NULL || (!replaces && *problems == NIL) ||
			!(ScimHasUnseen(attribute) || (replaces && has_staying(attribute, options))))
			continue;
		if (new_value->type == jbvArray && attribute->multi_valued)
			keep_unseen_elements(attribute, old_value, new_value, options, problems);
		else if (*problems != NIL)
			keep_unseen_parts(attribute, old_value, new_value, problems);
	}
}

/*
 * ScimKeepUnseen: where a canonical document that is to take the place of old_document
 * has a value still, and not what is unseen of it, it gets that; the problem that it is
 * missing goes.  options: of ScimCanonicalise, with SCIM_KEEPS_UNSEEN where the document
 * is what a client has sent for all of the resource.  Then so it does where he leaves out
 * what he cannot say to be there.
 */
void
ScimKeepUnseen(const ScimResourceType *type, const JsonbValue *old_document,
			   JsonbValue *document, int options, List **problems)
{
	bool replaces = (options & SCIM_KEEPS_UNSEEN) != 0;

	keep_unseen_in(type->schema->attributes, type->schema->nattributes, old_document,
				   document, options, problems);
	for (int i = 0; i < type->nextensions; i++)
	{
		const ScimSchema *schema = type->extensions[i].schema;
		const JsonbValue *old_object = ScimJsonGet(old_document, schema->id);
		JsonbValue *new_object;

		if (old_object == NULL || old_object->type != jbvObject)
			continue;
		if (replaces && keep_hidden_member(schema->attributes, schema->nattributes,
										   schema->id, old_object, document, options))
			ScimDropMissingExtension(schema, problems);
		new_object = ScimJsonGet(document, schema->id);
		if (new_object != NULL)
			keep_unseen_in(schema->attributes, schema->nattributes, old_object,
						   new_object, options, problems);
	}
	if (replaces)
		ScimSetSchemas(type, document);
}
