/*
 * cleared.c
 *		What a row takes away, and is immutable.
 *
 * Of a client's document the door takes what is immutable and not in it for left out, and
 * keeps it.  A row that names such a value and says that there is none means it, so that
 * it says another one.  A list does not name the parts that its values leave out.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "import/import.h"
#include "json/json.h"

/* What is asked of one statement. */
typedef struct Cleared
{
	const ScimImport *import;
	const ScimStated *stated;
	const char *prefix; /* of the path: the URN of an extension */
	List **problems;
} Cleared;

static bool
is_known(const Cleared *cleared, const char *path)
{
	const ListCell *lc;

	foreach (lc, *cleared->problems)
	{
		const ScimProblem *problem = lfirst(lc);

		if (problem->path != NULL && strcmp(problem->path, path) == 0)
			return true;
	}
	return false;
}

/* The words of who says another value (mutability.c), once for each attribute. */
static void
refuse(const Cleared *cleared, const ScimAttribute *attribute, const ScimAttribute *sub)
{
	char *path = psprintf("%s%s%s%s", cleared->prefix, attribute->name,
						  sub != NULL ? "." : "", sub != NULL ? sub->name : "");

	if (!is_known(cleared, path))
		*cleared->problems =
			ScimProblemAdd(*cleared->problems, SCIM_MUTABILITY, path,
						   "attribute \"%s\" is immutable and has a value", path);
}

static const JsonbValue *
value_in(const JsonbValue *object, const ScimAttribute *attribute)
{
	const JsonbValue *value = object != NULL && object->type == jbvObject
								  ? ScimJsonGet(object, attribute->name)
								  : NULL;

	return value == NULL || ScimJsonIsUnassigned(value) ? NULL : value;
}

static bool
has_immutable(const ScimAttribute *attribute)
{
	bool found = attribute->mutability == SCIM_IMMUTABLE;

	for (int i = 0; i < attribute->nsubs; i++)
		found = found || attribute->subs[i].mutability == SCIM_IMMUTABLE;
	return found;
}

/* Is it gone from what the row says, and there again in what is stored of that? */
static bool
has_come_back(const ScimAttribute *attribute, const JsonbValue *was,
			  const JsonbValue *says, const JsonbValue *is)
{
	return attribute->mutability == SCIM_IMMUTABLE && value_in(was, attribute) != NULL &&
		   value_in(says, attribute) == NULL && value_in(is, attribute) != NULL;
}

/*
 * The attribute as a whole, and the parts of one value.  What the row does not name of
 * these is in the document still.  Returns whether there can be more.
 */
static bool
check_whole(const Cleared *cleared, const JsonbValue *was, const JsonbValue *says,
			const JsonbValue *is)
{
	const ScimAttribute *attribute = cleared->stated->field->bound.target.attribute;

	if (has_come_back(attribute, was, says, is))
	{
		refuse(cleared, attribute, NULL);
		return false;
	}
	was = value_in(was, attribute);
	says = value_in(says, attribute);
	is = value_in(is, attribute);
	/* a text in place of the object names none of its parts */
	if (attribute->multi_valued || was == NULL || is == NULL ||
		(says != NULL && says->type != jbvObject))
		return true;
	for (int i = 0; i < attribute->nsubs; i++)
	{
		if (has_come_back(&attribute->subs[i], was, says, is))
			refuse(cleared, attribute, &attribute->subs[i]);
	}
	return true;
}

/* A part of several values, or of those that a filter chooses. */
static void
check_part(const Cleared *cleared, const JsonbValue *before, const JsonbValue *document,
		   const JsonbValue *after)
{
	const ScimBoundAttribute *bound = &cleared->stated->field->bound;
	const ScimAttribute *sub = bound->target.sub;

	if (sub != NULL && sub->mutability == SCIM_IMMUTABLE &&
		bound->target.attribute->multi_valued && ScimBoundGet(bound, before) != NULL &&
		ScimBoundGet(bound, document) == NULL && ScimBoundGet(bound, after) != NULL)
		refuse(cleared, bound->target.attribute, sub);
}

/* Does a value of a list say of a part that there is none? */
static bool
says_none(const JsonbValue *element, const ScimAttribute *sub)
{
	const JsonbValue *part =
		element->type == jbvObject ? ScimJsonGetFolded(element, sub->name) : NULL;

	return part != NULL && ScimJsonIsUnassigned(part);
}

/* Of the values that a list says, each as it is stored, in their order. */
static JsonbValue *
canonical_elements(const Cleared *cleared, const JsonbValue *said)
{
	const ScimResolved *target = &cleared->stated->field->bound.target;
	JsonbValue *all = ScimJsonNewArray();

	for (int i = 0; i < said->val.array.nElems; i++)
	{
		static const JsonbValue nothing = {.type = jbvNull};
		JsonbValue *one = ScimJsonNewArray();
		const JsonbValue *made;
		List *ignored = NIL;

		CHECK_FOR_INTERRUPTS();
		ScimJsonAppend(one, &said->val.array.elems[i]);
		made = ScimCanonicaliseValue(
			cleared->import->type, target->attribute,
			ScimWireValueStored(cleared->import->wire, target, one),
			target->attribute->name, SCIM_OF_STORED | SCIM_KEEP_WRONG, &ignored);
		ScimJsonAppend(all, made != NULL && made->type == jbvArray &&
									made->val.array.nElems == 1
								? &made->val.array.elems[0]
								: &nothing);
	}
	return all;
}

/* A part of which a value of a list says that there is none, and which it had. */
static void
check_elements(const Cleared *cleared, const JsonbValue *was)
{
	const ScimAttribute *attribute = cleared->stated->field->bound.target.attribute;
	const JsonbValue *said = cleared->stated->said;
	const JsonbValue *old = NULL;
	int *pairs = NULL;
	int nold;

	was = value_in(was, attribute);
	if (!attribute->multi_valued || cleared->stated->field->bound.target.sub != NULL ||
		was == NULL || said == NULL || said->type != jbvArray)
		return;
	for (int i = 0; i < attribute->nsubs; i++)
	{
		const ScimAttribute *sub = &attribute->subs[i];

		for (int j = 0; sub->mutability == SCIM_IMMUTABLE && j < said->val.array.nElems;
			 j++)
		{
			CHECK_FOR_INTERRUPTS();
			if (!says_none(&said->val.array.elems[j], sub))
				continue;
			if (pairs == NULL)
			{
				old = ScimElementsOf(was, &nold);
				pairs =
					ScimElementsPair(attribute, was, canonical_elements(cleared, said));
			}
			if (pairs[j] >= 0 && value_in(&old[pairs[j]], sub) != NULL)
			{
				refuse(cleared, attribute, sub);
				break;
			}
		}
	}
}

/*
 * ScimImportCheckCleared adds a problem for each immutable value of a resource that a row
 * takes away: before is the resource, document what the row makes of it, and after what
 * is stored of that.
 */
void
ScimImportCheckCleared(const ScimImport *import, const ScimImportRow *row,
					   const JsonbValue *before, const JsonbValue *document,
					   const JsonbValue *after, List **problems)
{
	const ListCell *lc;

	foreach (lc, row->stated)
	{
		const ScimStated *stated = lfirst(lc);
		const ScimBoundAttribute *bound = &stated->field->bound;
		Cleared cleared = {import, stated, "", problems};
		const JsonbValue *was;

		if (import->keep_empty || stated->field->kind != SCIM_FIELD_ATTRIBUTE ||
			!has_immutable(bound->target.attribute))
			continue;
		if (bound->target.extension != NULL)
			cleared.prefix = psprintf("%s:", bound->target.extension->id);
		was = ScimBoundContainer(bound, before);
		if (!check_whole(&cleared, was, ScimBoundContainer(bound, document),
						 ScimBoundContainer(bound, after)))
			continue;
		check_part(&cleared, before, document, after);
		/* columns go before the document */
		if (!stated->in_document || !ScimRowColumnSays(row, stated))
			check_elements(&cleared, was);
	}
}
