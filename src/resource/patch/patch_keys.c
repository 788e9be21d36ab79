/*
 * patch_keys.c
 *		The keys of a path-less PATCH value: which attributes they name, and
 *		that no two of them are about the same.
 *
 * Clients write paths as keys (RFC 7644 has attribute names only), so that one
 * attribute has many spellings:
 *
 *		{"name.familyName": "Jensen", "name": {"familyName": "Jenson"}}
 *
 * Which of them holds would depend on the order of members, and JSON objects
 * have none.  So a key may not name what another one names, or a part of it: an
 * attribute of a schema beside the schema, too.
 * What different filters select may be the same at one time and not at another;
 * nobody can tell from the keys.  Filters are compared by what they mean, so that
 * "WORK" is "work" where the attribute says so.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "json/json.h"
#include "resource/patch/patch_state.h"
#include "text/fold.h"

static void check_parts(const Patch *patch, PatchMember *const *members, int nmembers);
static int compare_members(const void *a, const void *b);
static int compare_pointers(const void *a, const void *b);
static void check_attribute(PatchMember *const *members, int nmembers);
static void raise_same(const PatchMember *a, const PatchMember *b);

/* ScimPatchSchema is the schema that a target names, which is no attribute. */
const ScimSchema *
ScimPatchSchema(const Patch *patch, const ScimResolved *target)
{
	return target->extension != NULL ? target->extension : patch->type->schema;
}

/*
 * ScimPatchCollect appends what the keys of a path-less value name, as PatchMember
 * in the order of the keys.  Those of the object of a schema (NULL: none is named) are
 * relative to that, and one that it does not have is invalidSyntax.  Raises invalidPath
 * for a key that is no path or names nothing, and leaves it out where it has no value or
 * the setting scim.unknown_attributes says so.
 */
void
ScimPatchCollect(Patch *patch, const ScimSchema *schema, const JsonbValue *object,
				 List **members)
{
	const ScimSchema *extension = schema != patch->type->schema ? schema : NULL;
	PatchMember **own;
	int nown = 0;

	check_stack_depth();
	if (schema != NULL && object->type != jbvObject)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("the value for schema \"%s\" must be an object", schema->id)));
	if (object == NULL || object->type != jbvObject)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("an operation without a path needs an object as its value")));
	own = palloc(sizeof(PatchMember *) * object->val.object.nPairs);
	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		JsonbPair *pair = &object->val.object.pairs[i];
		PatchMember *member = palloc0(sizeof(PatchMember));
		const char *key;
		ScimPath *path;
		bool found;
		ScimAttrRef ref;

		ScimPatchCountOperation(patch);
		key = member->key = ScimJsonStringCopy(&pair->key);
		member->value = &pair->value;
		if (ScimNameEqual(member->key, "schemas") &&
			(extension == NULL ||
			 ScimSchemaAttribute(extension, member->key, strlen(member->key)) == NULL))
		{
			/* it follows from the rest; some repeat it in an extension */
			ScimCheckSchemas(patch->type, &pair->value);
			continue;
		}
		member->qualified = strchr(member->key, ':') != NULL;
		if (extension != NULL && !member->qualified)
			member->key = psprintf("%s:%s", extension->id, member->key);
		path = ScimPatchParsePath(member->key);
		ref = ScimPathAttrRef(path);
		found = ScimPatchFind(patch, path, &ref, &member->target);
		/* what the core schema does not have, an extension may: not where that is strict
		 */
		if (found && schema != NULL && !member->qualified &&
			ScimPatchSchema(patch, &member->target) != schema &&
			ScimRefusesUnknown(patch->type))
			found = false;
		/* as in a POST, where an unknown attribute without a value is none */
		if (!found)
		{
			if ((ScimJsonIsUnassigned(&pair->value) &&
				 !ScimRefusesUnknown(patch->type)) ||
				ScimIgnoresUnknownAttributes(patch->type))
				continue;
			/* a part of a value, and no path, as in the value of a complex attribute */
			if (schema != NULL && !member->qualified)
				ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
								errmsg("unknown attribute \"%s:%s\"", schema->id, key)));
			(void) ScimPatchResolve(patch, path, &ref, &member->target);
		}
		member->filter = ScimPathFilter(path);
		member->number = list_length(*members);
		own[nown++] = member;
		if (member->target.attribute == NULL &&
			(member->target.extension == NULL || ScimPatchNamesParts(&pair->value) ||
			 !ScimJsonIsUnassigned(&pair->value)))
			ScimPatchCollect(patch, ScimPatchSchema(patch, &member->target), &pair->value,
							 members);
		else
			*members = lappend(*members, member);
		if (member->filter == NULL)
			pfree(path); /* they may be many */
	}
	check_parts(patch, own, nown);
	pfree(own);
}

/*
 * The keys of one object: where one names a schema as a whole, no other may name an
 * attribute of it by its URN.  Some clients put attributes of extensions at the top.
 */
static void
check_parts(const Patch *patch, PatchMember *const *members, int nmembers)
{
	for (int i = 0; i < nmembers; i++)
	{
		const PatchMember *whole = members[i];

		if (whole->target.attribute != NULL)
			continue;
		for (int j = 0; j < nmembers; j++)
		{
			const ScimAttribute *attribute = members[j]->target.attribute;
			const ScimSchema *schema = ScimPatchSchema(patch, &whole->target);

			CHECK_FOR_INTERRUPTS();
			if (members[j]->qualified && attribute != NULL && attribute->schema == schema)
				ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
								errmsg("attribute \"%s\" is a part of \"%s\", which is "
									   "given as well",
									   members[j]->key, whole->key)));
		}
	}
}

/*
 * ScimPatchCheckDistinct raises invalidSyntax where one of the members of a value
 * names what another one names, or a part of it.
 */
void
ScimPatchCheckDistinct(Patch *patch, const List *members)
{
	int count = list_length(members);
	PatchMember **sorted = palloc(count * sizeof(PatchMember *));
	ListCell *lc;
	int next;

	foreach (lc, members)
	{
		PatchMember *member = lfirst(lc);
		ScimProblem *problem;

		/* what is wrong with one is told when it is done, if it is */
		if (count > 1 && member->filter != NULL && member->target.attribute != NULL)
		{
			const ScimBoundFilter *bound =
				ScimPatchSelectionMeans(patch, &member->target, member->filter, &problem);

			member->meant = bound != NULL ? ScimBoundFilterMeaning(bound) : NULL;
		}
		sorted[foreach_current_index(lc)] = member;
	}
	qsort(sorted, count, sizeof(PatchMember *), compare_members);
	for (int first = 0; first < count; first = next)
	{
		const ScimResolved *target = &sorted[first]->target;

		next = first + 1;
		if (target->attribute == NULL)
		{
			/* an extension as a whole */
			if (next < count && sorted[next]->target.extension == target->extension)
				raise_same(sorted[first], sorted[next]);
			continue;
		}
		while (next < count && sorted[next]->target.attribute == target->attribute)
			next++;
		check_attribute(&sorted[first], next - first);
	}
	pfree(sorted);
}

/* Orders filters; 0: they mean the same. */
static int
compare_filters(const PatchMember *x, const PatchMember *y)
{
	if (x->meant != NULL && y->meant != NULL)
		return ScimFilterMeaningCompare(x->meant, y->meant);
	if (x->meant != NULL || y->meant != NULL)
		return (x->meant != NULL) - (y->meant != NULL);
	return ScimFilterCompare(x->filter, y->filter);
}

/* By extension, attribute, filter and sub-attribute, each with "none" first. */
static int
compare_members(const void *a, const void *b)
{
	const PatchMember *x = *(PatchMember *const *) a;
	const PatchMember *y = *(PatchMember *const *) b;
	int order = compare_pointers(x->target.extension, y->target.extension);

	if (order == 0)
		order = compare_pointers(x->target.attribute, y->target.attribute);
	if (order == 0 && x->filter != NULL && y->filter != NULL)
		order = compare_filters(x, y);
	else if (order == 0)
		order = (x->filter != NULL) - (y->filter != NULL);
	if (order == 0)
		order = compare_pointers(x->target.sub, y->target.sub);
	return order != 0 ? order : x->number - y->number;
}

static int
compare_pointers(const void *a, const void *b)
{
	return ((uintptr_t) a > (uintptr_t) b) - ((uintptr_t) a < (uintptr_t) b);
}

/* Members that name one attribute, sorted: its parts in all values come first. */
static void
check_attribute(PatchMember *const *members, int nmembers)
{
	int nplain = 0;
	int first = 0; /* of those with the same filter */

	if (nmembers > 1 && members[0]->filter == NULL && members[0]->target.sub == NULL)
		raise_same(members[0], members[1]);
	while (nplain < nmembers && members[nplain]->filter == NULL)
		nplain++;
	for (int i = 1; i < nmembers; i++)
	{
		const ScimAttribute *sub = members[i]->target.sub;
		bool same_filter = i < nplain || (i > nplain && compare_filters(members[first],
																		members[i]) == 0);

		if (!same_filter)
			first = i;
		else if (members[first]->target.sub == NULL)
			raise_same(members[first], members[i]);
		else if (members[i - 1]->target.sub == sub)
			raise_same(members[i - 1], members[i]);
		for (int j = 0; i >= nplain && j < nplain; j++)
		{
			if (sub == NULL || members[j]->target.sub == sub)
				raise_same(members[j], members[i]);
		}
	}
}

static void
raise_same(const PatchMember *a, const PatchMember *b)
{
	if (ScimNameEqual(a->key, b->key))
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("attribute \"%s\" is given twice", a->key)));
	ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
					errmsg("\"%s\" and \"%s\" in one object are about the same attribute",
						   a->number < b->number ? a->key : b->key,
						   a->number < b->number ? b->key : a->key)));
}
