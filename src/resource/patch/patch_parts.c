/*
 * patch_parts.c
 *		One part of several values as a list, such as emails.value, and which of them is
 *		the one: operations that no client of SCIM can send, for those who know values by
 *		such lists only.
 *
 * What a list says of the values that have the part already leaves all else of them, and
 * values that have no such part stay.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "json/buckets.h"
#include "json/json.h"
#include "resource/patch/patch_state.h"
#include "schema/canonical/canonical.h"

/* A list that is being applied. */
typedef struct Listing
{
	Patch *patch;
	const ScimResolved *target;
	JsonbValue *before; /* array: the values as they are */
	JsonbValue *parts;  /* array: what the list says, canonical */
	bool *taken;        /* of before: it has its part */
} Listing;

/* The part of a value, or NULL. */
static JsonbValue *
part_of(const ScimResolved *target, const JsonbValue *element)
{
	if (target->sub == NULL)
		return (JsonbValue *) element;
	return element->type == jbvObject ? ScimJsonGet(element, target->sub->name) : NULL;
}

/* The values of an attribute, in the document; an array. */
static JsonbValue *
present_values(Patch *patch, const ScimResolved *target)
{
	JsonbValue *object;
	JsonbValue *present;
	JsonbValue *array;

	ScimPatchSettle(patch, target->attribute);
	object = ScimPatchObject(patch, target->extension, false);
	present = object == NULL ? NULL : ScimJsonGet(object, target->attribute->name);
	if (present != NULL && present->type == jbvArray)
		return present;
	/* what an earlier schema knew as one value is the only one of a list */
	array = ScimJsonNewArray();
	if (present != NULL)
		ScimJsonAppend(array, present);
	return array;
}

/* What a list says, in canonical form; what says nothing is not in it. */
static JsonbValue *
canonical_parts(Patch *patch, const ScimResolved *target, const JsonbValue *listed)
{
	JsonbValue *parts = ScimJsonNewArray();

	for (int i = 0; listed->type == jbvArray && i < listed->val.array.nElems; i++)
	{
		const JsonbValue *part =
			ScimPatchValue(patch, target->sub, &listed->val.array.elems[i]);

		CHECK_FOR_INTERRUPTS();
		if (part != NULL)
			ScimJsonAppend(parts, part);
	}
	return parts;
}

/* Do the values say this already? */
static bool
says_so(const Listing *listing)
{
	int n = 0;

	for (int i = 0; i < listing->before->val.array.nElems; i++)
	{
		const JsonbValue *part =
			part_of(listing->target, &listing->before->val.array.elems[i]);

		CHECK_FOR_INTERRUPTS();
		if (part == NULL)
			continue;
		if (n == listing->parts->val.array.nElems ||
			!ScimJsonEqual(part, &listing->parts->val.array.elems[n]))
			return false;
		n++;
	}
	return n == listing->parts->val.array.nElems;
}

/* Finds for each part the first value that has it and is no other one's, or -1. */
static int *
find_values(Listing *listing)
{
	const JsonbValue *before = listing->before;
	const JsonbValue *parts = listing->parts;
	int *found = palloc((parts->val.array.nElems + 1) * sizeof(int));
	ScimBuckets buckets;

	ScimBucketsInit(&buckets, before->val.array.nElems);
	/* what is added last is found first */
	for (int i = before->val.array.nElems - 1; i >= 0; i--)
	{
		const JsonbValue *part = part_of(listing->target, &before->val.array.elems[i]);

		CHECK_FOR_INTERRUPTS();
		if (part != NULL)
			ScimBucketsAdd(&buckets, ScimSameHash(listing->target, part), i);
	}
	for (int i = 0; i < parts->val.array.nElems; i++)
	{
		const JsonbValue *part = &parts->val.array.elems[i];
		uint32 hash = ScimSameHash(listing->target, part);

		CHECK_FOR_INTERRUPTS();
		found[i] = -1;
		for (int at = ScimBucketsFirst(&buckets, hash); at >= 0;
			 at = ScimBucketsNext(&buckets, at))
		{
			int item = ScimBucketsItem(&buckets, at);

			if (!ScimSameValue(listing->target, part,
							   part_of(listing->target, &before->val.array.elems[item])))
				continue;
			found[i] = item;
			listing->taken[item] = true;
			ScimBucketsRemove(&buckets, at);
			break;
		}
	}
	ScimBucketsFree(&buckets);
	return found;
}

/*
 * A value is who it is by its "value"; by another part it is not, so that one whose part
 * the list does not say gets one that nobody has, and then those that have none.
 */
static void
give_away(Listing *listing, int *found)
{
	const JsonbValue *before = listing->before;
	bool has_part = true;
	int next = 0;

	for (int i = 0; i < listing->parts->val.array.nElems; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (found[i] >= 0)
			continue;
		for (;; next++)
		{
			if (next == before->val.array.nElems && has_part)
			{
				has_part = false;
				next = 0;
			}
			if (next == before->val.array.nElems)
				return;
			if (!listing->taken[next] &&
				before->val.array.elems[next].type == jbvObject &&
				(part_of(listing->target, &before->val.array.elems[next]) != NULL) ==
					has_part)
				break;
		}
		found[i] = next;
		listing->taken[next] = true;
	}
}

/* A value, or a new one where there is none, with this as its part; NULL: without it. */
static JsonbValue *
with_part(Listing *listing, JsonbValue *element, const JsonbValue *part)
{
	const ScimAttribute *sub = listing->target->sub;
	static const JsonbValue null = {.type = jbvNull};
	MemoryContext caller = MemoryContextSwitchTo(listing->patch->context);

	if (element == NULL)
		element = ScimJsonNewObject();
	MemoryContextSwitchTo(caller);
	if (part != NULL)
		part = ScimPatchCopyToKeep(listing->patch, part);
	ScimPatchChangeSub(listing->patch, PATCH_REPLACE, element, sub, part ? part : &null,
					   part);
	return element;
}

/*
 * ScimPatchListParts makes the values of an attribute have these parts: in their order,
 * each the value that has it already.  A value whose "value" is not in the list goes;
 * another part is taken away from those whose part is not, or given to those that have
 * none.  What is left has none, and stays.
 */
void
ScimPatchListParts(Patch *patch, const ScimResolved *target, const JsonbValue *listed)
{
	Listing listing = {.patch = patch, .target = target};
	bool is_value = strcmp(target->sub->name, "value") == 0;
	const ScimAttribute *attribute = target->attribute;
	MemoryContext caller;
	JsonbValue *after;
	int *found;

	listing.before = present_values(patch, target);
	listing.parts = canonical_parts(patch, target, listed);
	ScimPatchVisit(patch, listing.before->val.array.nElems +
							  (int64) listing.parts->val.array.nElems);
	if (says_so(&listing))
		return;
	listing.taken = palloc0((listing.before->val.array.nElems + 1) * sizeof(bool));
	found = find_values(&listing);
	if (!is_value)
		give_away(&listing, found);
	after = ScimJsonNewArray();
	for (int i = 0; i < listing.parts->val.array.nElems; i++)
	{
		const JsonbValue *part = &listing.parts->val.array.elems[i];
		JsonbValue *element =
			found[i] >= 0 ? &listing.before->val.array.elems[found[i]] : NULL;
		const JsonbValue *present = element != NULL ? part_of(target, element) : NULL;

		CHECK_FOR_INTERRUPTS();
		if (present == NULL || !ScimJsonEqual(part, present))
			element = with_part(&listing, element, part);
		ScimJsonAppend(after, element);
	}
	for (int i = 0; i < listing.before->val.array.nElems; i++)
	{
		JsonbValue *element = &listing.before->val.array.elems[i];
		bool has_part = part_of(target, element) != NULL;

		CHECK_FOR_INTERRUPTS();
		if (listing.taken[i] || (has_part && is_value))
			continue;
		if (has_part)
			element = with_part(&listing, element, NULL);
		if (element->type != jbvObject || element->val.object.nPairs > 0)
			ScimJsonAppend(after, element);
	}
	/* what one has become another may have been */
	caller = MemoryContextSwitchTo(patch->context);
	ScimElementsMerge(attribute, after);
	MemoryContextSwitchTo(caller);
	if (after->val.array.nElems > 0)
		ScimPatchSetMember(patch, ScimPatchObject(patch, target->extension, true),
						   attribute->name, after);
	else if (ScimPatchObject(patch, target->extension, false) != NULL)
		ScimJsonRemove(ScimPatchObject(patch, target->extension, false), attribute->name);
}

/* The part of the first of the values that a filter selects, or NULL. */
static const JsonbValue *
shown_part(Patch *patch, const ScimResolved *target, const ScimFilter *filter,
		   PatchValues *values)
{
	/* the last of them first */
	List *selected =
		ScimPatchSelect(values, filter, ScimPatchBindSelection(patch, target, filter));

	return selected != NIL
			   ? part_of(target, ScimPatchValueAt(values, llast_int(selected)))
			   : NULL;
}

/* What a filter selects has become what it does not select: nobody would see it. */
static void
raise_not_shown(const ScimResolved *target)
{
	ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
					errmsg("attribute \"%s%s%s\" may not become what its filter "
						   "does not select",
						   target->attribute->name, target->sub != NULL ? "." : "",
						   target->sub != NULL ? target->sub->name : "")));
}

/*
 * ScimPatchShowPart makes the part of the values that a filter selects be this, or takes
 * it away (a "value" with all that it has), where the first of them does not say so
 * already: by that one they are known.
 */
void
ScimPatchShowPart(Patch *patch, const ScimResolved *target, const ScimFilter *filter,
				  const JsonbValue *raw)
{
	const JsonbValue *part = ScimPatchValue(patch, target->sub, raw);
	const JsonbValue *shown = shown_part(
		patch, target, filter,
		ScimPatchTakeValues(patch, target->extension, NULL, target->attribute));

	if (part == NULL ? shown == NULL : shown != NULL && ScimJsonEqual(part, shown))
		return;
	if (part == NULL && strcmp(target->sub->name, "value") == 0)
		ScimPatchChangeSelected(patch, PATCH_REMOVE, target, filter, NULL, NULL);
	else
		ScimPatchChangeSelected(patch, PATCH_REPLACE, target, filter, target->sub, raw);
	shown = shown_part(
		patch, target, filter,
		ScimPatchTakeValues(patch, target->extension, NULL, target->attribute));
	if (part == NULL ? shown != NULL
					 : shown == NULL || !ScimSameValue(target, part, shown))
		raise_not_shown(target);
}

/* Is a value what is to be seen of another?  Who sends it knows nothing of the rest. */
static bool
is_as_shown(const ScimAttribute *attribute, const JsonbValue *value,
			const JsonbValue *shown)
{
	JsonbValue *seen;

	if (shown->type != jbvObject)
		return ScimJsonEqual(value, shown);
	seen = ScimJsonCopy(shown);
	for (int i = 0; i < attribute->nsubs; i++)
	{
		const ScimAttribute *sub = &attribute->subs[i];

		if (ScimIsSecret(sub) || sub->mutability == SCIM_READ_ONLY)
			ScimJsonRemove(seen, sub->name);
	}
	return ScimJsonEqual(value, seen);
}

/*
 * ScimPatchOnlyOne makes a list of one value, or of one part of a value, all that the
 * attribute has, unless the primary or the first of its values is that already.
 */
void
ScimPatchOnlyOne(Patch *patch, const ScimResolved *target, const JsonbValue *listed)
{
	const ScimAttribute *attribute = target->attribute;
	const ScimAttribute *leaf = target->sub != NULL ? target->sub : attribute;
	const JsonbValue *one = ScimChosenElement(present_values(patch, target));
	const JsonbValue *said = NULL;

	if (listed->type == jbvArray && listed->val.array.nElems == 1)
		said = ScimPatchValue(patch, leaf, &listed->val.array.elems[0]);
	if (said != NULL && target->sub == NULL && said->type == jbvArray)
		said = ScimPatchUnwrap(said);
	if (one != NULL && target->sub != NULL)
		one = part_of(target, one);
	if (said == NULL ? one == NULL : one != NULL && is_as_shown(leaf, said, one))
		return;
	if (target->sub != NULL)
		ScimPatchListParts(patch, target, listed);
	else
		ScimPatchSetAttribute(patch, PATCH_REPLACE, target, listed);
}

/*
 * ScimPatchGivePart makes this a part of the primary or the first of the values, or of a
 * new one where there is none.
 */
void
ScimPatchGivePart(Patch *patch, const ScimResolved *target, const JsonbValue *raw)
{
	const JsonbValue *part = ScimPatchSubValue(patch, PATCH_REPLACE, target->sub, raw);
	JsonbValue *present = present_values(patch, target);
	const JsonbValue *one = ScimChosenElement(present);
	const JsonbValue *had = one != NULL ? part_of(target, one) : NULL;
	int i = one != NULL ? one - present->val.array.elems : -1;
	PatchValues *values;
	JsonbValue *element;

	if (part == NULL || (had != NULL && ScimSameValue(target, part, had)) ||
		(one != NULL && one->type != jbvObject))
		return;
	values = ScimPatchTakeValues(patch, target->extension, NULL, target->attribute);
	if (one == NULL)
	{
		JsonbValue *array = ScimJsonNewArray();

		element = ScimJsonNewObject();
		ScimPatchChangeSub(patch, PATCH_REPLACE, element, target->sub, raw, part);
		ScimJsonAppend(array, element);
		ScimPatchAppendValues(values, array);
		return;
	}
	ScimPatchVisit(patch, ScimPatchCount(values));
	element = ScimPatchValueAt(values, i);
	ScimPatchChangeSub(patch, PATCH_REPLACE, element, target->sub, raw, part);
	ScimPatchChangedValue(values, i, ScimIsPrimary(element));
	if (ScimPatchMakesTwins(target->sub))
		ScimPatchMergeTwins(values, list_make1_int(i));
}

/* Takes from a value what a filter describes. */
static void
unmark(Patch *patch, PatchValues *values, int i, const ScimAttribute *attribute,
	   const JsonbValue *described)
{
	static const JsonbValue null = {.type = jbvNull};
	JsonbValue *element = ScimPatchValueAt(values, i);

	if (element == NULL || element->type != jbvObject)
		return;
	for (int j = 0; j < described->val.object.nPairs; j++)
	{
		const JsonbValue *key = &described->val.object.pairs[j].key;

		ScimPatchChangeSub(
			patch, PATCH_REPLACE, element,
			ScimAttributeSub(attribute, key->val.string.val, key->val.string.len), &null,
			NULL);
	}
	ScimPatchChangedValue(values, i, false);
	if (element->val.object.nPairs == 0)
		ScimPatchRemoveValue(values, i);
}

/*
 * The value that a filter describes is the one with this part (NULL: none is), which is
 * marked so, or added where there is none; those that were it keep all else.
 */
static void
choose_selected(Patch *patch, const ScimResolved *target, const ScimFilter *filter,
				const JsonbValue *part, const JsonbValue *raw)
{
	const ScimAttribute *attribute = target->attribute;
	JsonbValue *described = ScimPatchElementFromFilter(patch, attribute, filter);
	PatchValues *values = ScimPatchTakeValues(patch, target->extension, NULL, attribute);
	const JsonbValue *shown;
	List *selected;
	ListCell *lc;
	JsonbValue *array;

	shown = shown_part(patch, target, filter, values);
	if (part == NULL ? shown == NULL
					 : shown != NULL && ScimSameValue(target, part, shown))
		return;
	/* a filter such as type ne "work" marks nothing */
	if (described == NULL)
	{
		ScimPatchChangeSelected(patch, PATCH_REPLACE, target, filter, target->sub, raw);
		return;
	}
	selected = list_copy(
		ScimPatchSelect(values, filter, ScimPatchBindSelection(patch, target, filter)));
	foreach (lc, selected)
		unmark(patch, values, lfirst_int(lc), attribute, described);
	if (part == NULL)
		return;
	ScimJsonSet(described, target->sub->name, part);
	array = ScimJsonNewArray();
	ScimJsonAppend(array, described);
	ScimPatchAppendValues(values, array);
}

/* A value gets what a filter describes; what it says itself may be nothing else. */
static void
describe(const ScimResolved *target, const JsonbValue *described, JsonbValue *value)
{
	const ScimAttribute *attribute = target->attribute;

	for (int i = 0; i < described->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &described->val.object.pairs[i];
		char *name = ScimJsonStringCopy(&pair->key);
		ScimResolved of = {.extension = target->extension,
						   .attribute = attribute,
						   .sub = ScimAttributeSub(attribute, name, strlen(name))};
		const JsonbValue *said = ScimJsonGet(value, name);

		if (said == NULL)
			ScimJsonSet(value, name, &pair->value);
		else if (!ScimSameValue(&of, said, &pair->value))
			ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
							errmsg("attribute \"%s.%s\" is not that of the value "
								   "that is meant",
								   attribute->name, name)));
	}
}

/*
 * The value that a filter selects is this one, which need not say itself what the filter
 * describes; where several are selected, each is, unless the first is it already.
 */
static void
replace_selected(Patch *patch, const ScimResolved *target, const ScimFilter *filter,
				 const JsonbValue *raw)
{
	const ScimAttribute *attribute = target->attribute;
	JsonbValue *described = ScimPatchElementFromFilter(patch, attribute, filter);
	JsonbValue *value = ScimPatchElementValue(patch, PATCH_REPLACE, attribute, raw);

	if (value != NULL)
	{
		PatchValues *values =
			ScimPatchTakeValues(patch, target->extension, NULL, attribute);
		const JsonbValue *shown = shown_part(patch, target, filter, values);

		if (shown != NULL && is_as_shown(attribute, value, shown))
			return;
		if (described != NULL && value->type == jbvObject)
		{
			describe(target, described, value);
			if (shown != NULL && is_as_shown(attribute, value, shown))
				return;
			if (shown == NULL)
			{
				JsonbValue *array = ScimJsonNewArray();

				ScimJsonAppend(array, value);
				ScimPatchAppendValues(values, array);
				return;
			}
		}
	}
	ScimPatchChangeSelected(patch, PATCH_REPLACE, target, filter, NULL,
							value != NULL ? value : raw);
	if (value != NULL && shown_part(patch, target, filter,
									ScimPatchTakeValues(patch, target->extension, NULL,
														attribute)) == NULL)
		raise_not_shown(target);
}

/*
 * ScimPatchChooseOne makes the value with this part, or which is this, the one that a
 * filter describes; without a filter the primary, or the first where there is no such
 * thing, if it is among the values.  Nothing where it is that already.
 */
void
ScimPatchChooseOne(Patch *patch, const ScimResolved *target, const ScimFilter *filter,
				   const JsonbValue *chosen)
{
	const ScimAttribute *attribute = target->attribute;
	const ScimAttribute *leaf = target->sub != NULL ? target->sub : attribute;
	const JsonbValue *part;
	const JsonbValue *one;
	JsonbValue *values;
	JsonbValue *elems;

	if (filter != NULL && target->sub == NULL)
	{
		replace_selected(patch, target, filter, chosen);
		return;
	}
	part = ScimPatchValue(patch, leaf, chosen);
	if (filter != NULL)
	{
		choose_selected(patch, target, filter, part, chosen);
		return;
	}
	values = present_values(patch, target);
	elems = values->val.array.elems;
	one = ScimChosenElement(values);
	/* of a list of whole values the canonical form is a list */
	if (part != NULL && target->sub == NULL && part->type == jbvArray)
		part = ScimPatchUnwrap(part);
	if (part == NULL || one == NULL)
		return;
	ScimPatchVisit(patch, values->val.array.nElems);
	if (part_of(target, one) != NULL && ScimSameValue(target, part, part_of(target, one)))
		return;
	for (int i = 0; i < values->val.array.nElems; i++)
	{
		JsonbValue first = elems[0];

		CHECK_FOR_INTERRUPTS();
		if (part_of(target, &elems[i]) == NULL ||
			!ScimSameValue(target, part, part_of(target, &elems[i])))
			continue;
		if (elems[i].type == jbvObject &&
			ScimAttributeSub(attribute, "primary", strlen("primary")) != NULL)
		{
			PatchValues *taken =
				ScimPatchTakeValues(patch, target->extension, NULL, attribute);
			MemoryContext caller = MemoryContextSwitchTo(patch->context);

			ScimJsonSet(ScimPatchValueAt(taken, i), "primary", ScimJsonNewBool(true));
			MemoryContextSwitchTo(caller);
			ScimPatchChangedValue(taken, i, true);
		}
		else
		{
			elems[0] = elems[i];
			elems[i] = first;
		}
		return;
	}
}
