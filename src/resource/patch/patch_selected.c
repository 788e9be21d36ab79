/*
 * patch_selected.c
 *		What an operation of PATCH does to several values of an attribute: those that its
 *		value filter selects, or all.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "json/json.h"
#include "path/path.h"
#include "resource/patch/patch_state.h"
#include "schema/canonical/canonical.h"
#include "setting/setting.h"

/* What it takes to put a value where another was, beyond a look at that. */
static int64
weight_of(const JsonbValue *value)
{
	int64 weight = 0;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (value->type == jbvString)
		weight = value->val.string.len / SCIM_BYTES_OF_VISIT;
	for (int i = 0; value->type == jbvArray && i < value->val.array.nElems; i++)
		weight += 1 + weight_of(&value->val.array.elems[i]);
	for (int i = 0; value->type == jbvObject && i < value->val.object.nPairs; i++)
		weight += weight_of(&value->val.object.pairs[i].value);
	return weight;
}

/* So many values are to be what one value is, or NULL: what is long is so for each. */
static void
visit_copies(Patch *patch, int count, const JsonbValue *value)
{
	if (value != NULL && count > 1)
		ScimPatchVisit(patch, count * weight_of(value));
}

/* ScimPatchMakesTwins: can values become one by a change of this sub-attribute?  NULL: of
 * a whole value. */
bool
ScimPatchMakesTwins(const ScimAttribute *sub)
{
	return sub == NULL || strcmp(sub->name, "value") == 0 ||
		   strcmp(sub->name, "type") == 0;
}

/* A client that is held to one value has to say which, where there are several. */
static void
require_one(const Patch *patch, PatchValues *values, const ScimResolved *target)
{
	int count = 0;

	if (ScimPatchAllows(patch, SCIM_SETTING_PATCH_SELECTS_VALUES))
		return;
	for (int i = 0; i < ScimPatchCount(values); i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (ScimPatchValueAt(values, i) != NULL)
			count++;
	}
	if (count > 1)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_PATH),
				 errmsg("the path names \"%s.%s\" of %d values: a filter has to select "
						"one",
						target->attribute->name, target->sub->name, count),
				 errhint("The setting patch_selects_values is off.")));
}

/* emails.value, of every e-mail */
static void
change_sub_of_all(Patch *patch, PatchOp op, const ScimResolved *target,
				  const JsonbValue *raw)
{
	PatchValues *values =
		ScimPatchTakeValues(patch, target->extension, NULL, target->attribute);
	const JsonbValue *value = ScimPatchSubValue(patch, op, target->sub, raw);
	List *changed = NIL;

	require_one(patch, values, target);
	if (ScimPatchIsEmpty(values) && op != PATCH_REMOVE)
	{
		JsonbValue *array = ScimJsonNewArray();
		JsonbValue *element = ScimJsonNewObject();

		ScimPatchChangeSub(patch, op, element, target->sub, raw, value);
		ScimJsonAppend(array, element);
		if (element->val.object.nPairs > 0)
			ScimPatchAppendValues(values, array);
		return;
	}
	ScimPatchVisit(patch, ScimPatchCount(values));
	if (op != PATCH_REMOVE)
		visit_copies(patch, ScimPatchCount(values), value);
	for (int i = 0; i < ScimPatchCount(values); i++)
	{
		JsonbValue *element = ScimPatchValueAt(values, i);

		CHECK_FOR_INTERRUPTS();
		if (element == NULL || element->type != jbvObject)
			continue;
		ScimPatchChangeSub(patch, op, element, target->sub, raw, value);
		ScimPatchChangedValue(values, i, false);
		changed = lappend_int(changed, i);
	}
	/* when all are changed: what one is by then, the next one may be too */
	if (ScimPatchMakesTwins(target->sub))
		ScimPatchMergeTwins(values, changed);
}

/* The value that the document has of an attribute, or NULL. */
static JsonbValue *
present_value(Patch *patch, const ScimResolved *target)
{
	JsonbValue *object = ScimPatchObject(patch, target->extension, false);

	return object == NULL ? NULL : ScimJsonGet(object, target->attribute->name);
}

/* name.familyName */
void
ScimPatchChangeSubAttribute(Patch *patch, PatchOp op, const ScimResolved *target,
							const JsonbValue *raw)
{
	const ScimAttribute *attribute = target->attribute;
	JsonbValue *present;
	const JsonbValue *value;

	if (attribute->multi_valued)
	{
		change_sub_of_all(patch, op, target, raw);
		return;
	}
	present = present_value(patch, target);
	if (ScimPatchChangesSubValues(op, target->sub, raw) && present != NULL &&
		present->type == jbvObject)
	{
		ScimPatchChangeSubValues(
			patch, op,
			ScimPatchTakeValues(patch, target->extension, attribute, target->sub),
			target->sub, raw);
		return;
	}
	ScimPatchSettle(patch, attribute);
	present = present_value(patch, target);
	value = ScimPatchSubValue(patch, op, target->sub, raw);
	/* a value of an earlier schema that is not complex makes room for one that is */
	if (present == NULL || present->type != jbvObject)
	{
		JsonbValue *complex = ScimJsonNewObject();

		if (op == PATCH_REMOVE)
			return;
		ScimPatchChangeSub(patch, op, complex, target->sub, raw, value);
		if (complex->val.object.nPairs > 0)
			ScimPatchSetMember(patch, ScimPatchObject(patch, target->extension, true),
							   attribute->name, complex);
		return;
	}
	ScimPatchChangeSub(patch, op, present, target->sub, raw, value);
	if (present->val.object.nPairs == 0)
		ScimJsonRemove(ScimPatchObject(patch, target->extension, false), attribute->name);
}

static void
raise_nothing_selected(const Patch *patch, const ScimAttribute *attribute)
{
	/* who knows fields sees neither a filter nor a path */
	if (patch->field != NULL)
		ereport(ERROR, (ScimErr(SCIM_NO_TARGET),
						errmsg("there is no value that attribute \"%s\" stands for",
							   attribute->name)));
	ereport(ERROR, (ScimErr(SCIM_NO_TARGET),
					errmsg("no value of attribute \"%s\" matches the filter of the path",
						   attribute->name)));
}

/*
 * Where values that are not there are created, taking a part of one away is done already;
 * else they have to be there (RFC 7644 section 3.5.2.3).
 */
static bool
ignores_absent(const Patch *patch)
{
	return ScimSettingInForce(SCIM_SETTING_CREATE_ON_ABSENT, patch->type->name);
}

/* emails[type eq "work"] and emails[type eq "work"].value */
void
ScimPatchChangeSelected(Patch *patch, PatchOp op, const ScimResolved *target,
						const ScimFilter *filter, const ScimAttribute *sub,
						const JsonbValue *raw)
{
	const ScimAttribute *attribute = target->attribute;
	ScimBoundFilter *bound = ScimPatchBindSelection(patch, target, filter);
	PatchValues *values = ScimPatchTakeValues(patch, target->extension, NULL, attribute);
	const JsonbValue *value = NULL;
	JsonbValue *described;
	JsonbValue *array;
	List *selected;
	List *changed = NIL;
	ListCell *lc;
	bool parts = false; /* of each value, the others stay */
	bool listed = false;

	if (sub != NULL)
		value = ScimPatchSubValue(patch, op, sub, raw);
	else if (op == PATCH_REMOVE)
	{
		listed = ScimPatchRemovesListed(attribute, raw);
		if (listed && (value = ScimPatchValue(patch, attribute, raw)) == NULL)
			ScimPatchCheckListed(patch, attribute, raw, value);
	}
	else
	{
		value = ScimPatchElementValue(patch, op, attribute, raw);
		parts = ScimPatchNamesParts(raw) && (op == PATCH_ADD || value == NULL);
	}
	selected = ScimPatchSelect(values, filter, bound);
	if (list_length(selected) > 1 &&
		!ScimPatchAllows(patch, SCIM_SETTING_PATCH_SELECTS_VALUES))
		ereport(ERROR, (ScimErr(SCIM_INVALID_FILTER),
						errmsg("the filter of the path selects %d values of attribute "
							   "\"%s\": it may select one",
							   list_length(selected), attribute->name),
						errhint("The setting patch_selects_values is off.")));
	if (op != PATCH_REMOVE)
		visit_copies(patch, list_length(selected), value);
	if (op != PATCH_REMOVE && sub == NULL && value != NULL && selected != NIL)
		value = ScimPatchCopyToKeep(patch, value);
	foreach (lc, selected)
	{
		JsonbValue *element = ScimPatchValueAt(values, lfirst_int(lc));

		CHECK_FOR_INTERRUPTS();
		Assert(element != NULL);
		if (sub == NULL && op == PATCH_REMOVE)
		{
			if (listed && value != NULL)
				ScimPatchVisit(patch, value->val.array.nElems);
			if (!listed || ScimPatchIsListed(patch, attribute, value, element))
				ScimPatchRemoveValue(values, lfirst_int(lc));
			continue;
		}
		if (sub == NULL && value == NULL && !parts)
		{
			/* replacing by nothing clears, adding it does nothing */
			if (op == PATCH_REPLACE)
				ScimPatchRemoveValue(values, lfirst_int(lc));
			continue;
		}
		if (sub != NULL && element->type != jbvObject)
			continue;
		if (sub != NULL)
			ScimPatchChangeSub(patch, op, element, sub, raw, value);
		else if (parts && element->type == jbvObject)
		{
			if (value != NULL)
				ScimPatchMergeKept(patch, attribute, element, value);
			ScimPatchRemoveUnassigned(patch, element, attribute, raw);
			if (element->val.object.nPairs == 0)
			{
				ScimPatchRemoveValue(values, lfirst_int(lc));
				continue;
			}
		}
		else if (value != NULL)
		{
			JsonbValue present = *element;

			/* what is in it is shared; its members are its own */
			*element = *value;
			if (value->type == jbvObject)
			{
				MemoryContext caller = MemoryContextSwitchTo(patch->context);
				JsonbValue *object = ScimJsonNewObject();

				*element = *object;
				pfree(object);
				MemoryContextSwitchTo(caller);
				ScimPatchMergeKept(patch, attribute, element, value);
			}
			if (attribute->seals)
			{
				MemoryContext caller = MemoryContextSwitchTo(patch->context);

				*element = *ScimJsonCopy(element);
				ScimPatchKeepSealed(patch, attribute, &present, element);
				MemoryContextSwitchTo(caller);
			}
		}
		ScimPatchChangedValue(values, lfirst_int(lc), ScimIsPrimary(element));
		changed = lappend_int(changed, lfirst_int(lc));
	}
	if (ScimPatchMakesTwins(sub))
		ScimPatchMergeTwins(values, changed);
	if (selected != NIL || op == PATCH_REMOVE ||
		(sub != NULL && ScimJsonIsUnassigned(raw) && ignores_absent(patch)))
		return;

	/* Nothing selected: create what the filter describes, or say that there is no
	 * target. */
	described = sub == NULL ? NULL : ScimPatchElementFromFilter(patch, attribute, filter);
	if (described == NULL)
		raise_nothing_selected(patch, attribute);
	ScimPatchChangeSub(patch, op, described, sub, raw, value);
	array = ScimJsonNewArray();
	ScimJsonAppend(array, described);
	ScimPatchAppendValues(values, array);
}

/*
 * manager[value eq "26118915"]: a value filter on a single-valued attribute
 * selects its value or nothing.  Unlike the elements of a multi-valued
 * attribute, a value that is there and not selected leaves no room for another.
 */
void
ScimPatchChangeSelectedSingle(Patch *patch, PatchOp op, const ScimResolved *target,
							  const ScimFilter *filter, const JsonbValue *raw)
{
	const ScimAttribute *attribute = target->attribute;
	ScimBoundFilter *bound = ScimPatchBindSelection(patch, target, filter);
	JsonbValue *present;

	ScimPatchSettle(patch, attribute);
	present = present_value(patch, target);
	if (present == NULL || !ScimPatchMatches(patch, bound, ScimPatchFilterInput(present)))
	{
		JsonbValue *described = NULL;

		if (op == PATCH_REMOVE ||
			(target->sub != NULL && ScimJsonIsUnassigned(raw) && ignores_absent(patch) &&
			 ScimPatchValue(patch, target->sub, raw) == NULL))
			return;
		if (present == NULL && target->sub != NULL)
			described = ScimPatchElementFromFilter(patch, attribute, filter);
		if (described == NULL)
			raise_nothing_selected(patch, attribute);
		ScimPatchSetMember(patch, ScimPatchObject(patch, target->extension, true),
						   attribute->name, described);
	}
	if (target->sub != NULL)
		ScimPatchChangeSubAttribute(patch, op, target, raw);
	else if (op == PATCH_REMOVE)
		ScimPatchRemoveAttribute(patch, target, raw);
	else
		ScimPatchSetAttribute(patch, op, target, raw);
}
