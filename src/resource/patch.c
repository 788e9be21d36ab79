/*
 * patch.c
 *		PATCH on a document tree: RFC 7644 section 3.5.2.
 *
 * The operations are applied in order to a copy of the document, each to what
 * the one before has left; the first that cannot be applied raises its error,
 * so that nothing is half-done.  What the result has to obey as a whole
 * (required attributes, types of what was there before) is checked when it is
 * written.
 *
 * What real clients send and the RFC does not say is accepted: "op" in any
 * case; keys of a path-less value that are themselves paths; a remove that
 * lists the values to remove; add and replace that create the element that
 * their value filter describes.
 *
 * The members of a group are no part of its document: what a PATCH does to
 * them is returned as a list of changes for the table "member".
 */
#include "postgres.h"

#include <limits.h>

#include "miscadmin.h"
#include "utils/memutils.h"

#include "json/json.h"
#include "path/path.h"
#include "resource/patch.h"
#include "setting/setting.h"
#include "text/fold.h"

#define PATCH_OP_ADD "add"
#define PATCH_OP_REMOVE "remove"
#define PATCH_OP_REPLACE "replace"

static void apply_to_target(Patch *patch, PatchOp op, const ScimResolved *target,
							const ScimFilter *filter, const JsonbValue *value);

/*
 * ScimPatchObject returns the object that holds the attributes of a schema: the
 * document, or what it has under an extension's URN.
 */
JsonbValue *
ScimPatchObject(Patch *patch, const ScimSchema *extension, bool create)
{
	JsonbValue *object;
	MemoryContext caller;

	if (extension == NULL)
		return patch->document;
	object = ScimJsonGet(patch->document, extension->id);
	/* what is stored there by an earlier schema gives way to an object */
	if (object != NULL && object->type != jbvObject)
		object = NULL;
	if (object == NULL && create)
	{
		caller = MemoryContextSwitchTo(patch->context);
		ScimJsonSet(patch->document, extension->id, ScimJsonNewObject());
		MemoryContextSwitchTo(caller);
		object = ScimJsonGet(patch->document, extension->id);
	}
	return object;
}

/* Set a member of an object of the document to a copy of a value. */
static void
set_member(Patch *patch, JsonbValue *object, const char *name, const JsonbValue *value)
{
	MemoryContext caller = MemoryContextSwitchTo(patch->context);

	ScimJsonSet(object, name, ScimJsonCopy(value));
	MemoryContextSwitchTo(caller);
}

/* Where a reference gets another value, its "$ref" leads to what it was. */
static void
drop_stale_reference(JsonbValue *reference, const JsonbValue *value)
{
	const JsonbValue *present = ScimJsonGet(reference, "value");

	if (value != NULL && present != NULL && !ScimJsonEqual(present, value))
		ScimJsonRemove(reference, "$ref");
}

/* A copy that may become part of the document. */
static JsonbValue *
copy_to_keep(Patch *patch, const JsonbValue *value)
{
	MemoryContext caller = MemoryContextSwitchTo(patch->context);
	JsonbValue *copy = ScimJsonCopy(value);

	MemoryContextSwitchTo(caller);
	return copy;
}

/* Set the members that an object states, which may be part of the document. */
static void
merge(Patch *patch, JsonbValue *target, const JsonbValue *stated)
{
	MemoryContext caller = MemoryContextSwitchTo(patch->context);

	if (ScimJsonGet(stated, "$ref") == NULL)
		drop_stale_reference(target, ScimJsonGet(stated, "value"));
	for (int i = 0; i < stated->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &stated->val.object.pairs[i];

		ScimJsonSetN(target, pair->key.val.string.val, pair->key.val.string.len,
					 &pair->value);
	}
	MemoryContextSwitchTo(caller);
}

/* ScimPatchMerge sets the members that an object states, and leaves the others. */
void
ScimPatchMerge(Patch *patch, JsonbValue *target, const JsonbValue *stated)
{
	merge(patch, target, copy_to_keep(patch, stated));
}

/* What an attribute loses it could get anew: that would be changing it. */
static void
check_removable(const ScimAttribute *attribute)
{
	if (attribute->mutability == SCIM_IMMUTABLE)
		ereport(ERROR, (ScimErr(SCIM_MUTABILITY),
						errmsg("attribute \"%s%s%s\" is immutable and has a value",
							   attribute->parent ? attribute->parent->name : "",
							   attribute->parent ? "." : "", attribute->name)));
}

/*
 * Take an attribute out of an object.  Where it, or a part of it, is kept sealed, a null
 * is left in its place, which tells who keeps it that it is to go (schema/sealed.c).
 */
static void
drop_member(Patch *patch, JsonbValue *object, const ScimAttribute *attribute)
{
	static const JsonbValue null = {.type = jbvNull};
	const JsonbValue *present = ScimJsonGet(object, attribute->name);
	const JsonbValue *left = NULL;

	if (present == NULL)
		return;
	if (attribute->sealed)
		left = &null;
	else if (attribute->seals && !attribute->multi_valued)
		left = ScimNullsForSealed(attribute->subs, attribute->nsubs, present);
	if (left != NULL)
		set_member(patch, object, attribute->name, left);
	else
		ScimJsonRemove(object, attribute->name);
}

/* Of what is sealed nobody knows the parts. */
static void
refuse_part(const ScimAttribute *attribute)
{
	if (attribute->sealed)
		ereport(ERROR, (ScimErr(SCIM_MUTABILITY),
						errmsg("attribute \"%s\" is kept sealed: it is written and "
							   "removed as a whole",
							   attribute->name)));
}

/*
 * A sub-attribute that a client states as null (or "", []) is taken away from
 * the value it is merged into, and what leads to a value with it.
 */
static void
remove_unassigned(Patch *patch, JsonbValue *target, const ScimAttribute *attribute,
				  const JsonbValue *raw)
{
	raw = ScimPatchUnwrap(raw);
	if (raw->type != jbvObject)
		return;
	for (int i = 0; i < raw->val.object.nPairs; i++)
	{
		JsonbPair *pair = &raw->val.object.pairs[i];
		const ScimAttribute *sub = ScimAttributeSub(attribute, pair->key.val.string.val,
													pair->key.val.string.len);

		if (sub == NULL || sub->mutability == SCIM_READ_ONLY ||
			!ScimJsonIsUnassigned(&pair->value) || ScimJsonGet(target, sub->name) == NULL)
			continue;
		check_removable(sub);
		drop_member(patch, target, sub);
		if (strcmp(sub->name, "value") == 0)
			ScimJsonRemove(target, "$ref");
	}
}

static void
check_writable(const ScimAttribute *attribute, const ScimAttribute *sub)
{
	if (attribute->mutability == SCIM_READ_ONLY)
		ereport(ERROR, (ScimErr(SCIM_MUTABILITY),
						errmsg("attribute \"%s\" is read-only", attribute->name)));
	if (sub != NULL && sub->mutability == SCIM_READ_ONLY)
		ereport(ERROR,
				(ScimErr(SCIM_MUTABILITY),
				 errmsg("attribute \"%s.%s\" is read-only", attribute->name, sub->name)));
}

/* The password is kept elsewhere, so that the document does not tell whether it is set.
 */
static bool
is_password(const Patch *patch, const ScimResolved *target)
{
	return patch->type->has_password && target->extension == NULL &&
		   strcmp(target->attribute->name, "password") == 0;
}

static void
refuse_required(const ScimAttribute *attribute)
{
	if (attribute->required)
		ereport(ERROR, (ScimErr(SCIM_MUTABILITY),
						errmsg("attribute \"%s\" is required and cannot be removed",
							   attribute->name)));
}

/* Null is what tells who keeps the password that it is to go (RFC 7644 section 3.5.2.2).
 */
static void
remove_password(Patch *patch, const ScimAttribute *attribute)
{
	static const JsonbValue null = {.type = jbvNull};

	refuse_required(attribute);
	check_removable(attribute);
	set_member(patch, patch->document, attribute->name, &null);
}

/* Nobody finds out by a remove what a secret is. */
static void
refuse_value(const ScimAttribute *attribute, const JsonbValue *value)
{
	if (value != NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("attribute \"%s\" is removed without a value: none "
							   "is compared with it",
							   attribute->name)));
}

/* Nor by a remove that lists a value, or parts, with the secret in it. */
static void
refuse_secret_parts(const ScimAttribute *attribute, const JsonbValue *raw)
{
	int n = raw == NULL ? 0 : raw->type == jbvArray ? raw->val.array.nElems : 1;

	if (attribute->type != SCIM_TYPE_COMPLEX)
		return;
	for (int i = 0; i < n; i++)
	{
		const JsonbValue *value = raw->type == jbvArray ? &raw->val.array.elems[i] : raw;

		CHECK_FOR_INTERRUPTS();
		for (int j = 0; value->type == jbvObject && j < value->val.object.nPairs; j++)
		{
			const JsonbPair *pair = &value->val.object.pairs[j];
			const ScimAttribute *sub = ScimAttributeSub(
				attribute, pair->key.val.string.val, pair->key.val.string.len);

			if (sub != NULL && sub->sealed && !ScimJsonIsUnassigned(&pair->value))
				ereport(ERROR,
						(ScimErr(SCIM_INVALID_VALUE),
						 errmsg("values of attribute \"%s\" are removed without \"%s\": "
								"none is compared with it",
								attribute->name, sub->name)));
		}
	}
}

/* Does one of the settings that make PATCH stricter let something be? */
static bool
allows(const Patch *patch, ScimSettingId setting)
{
	return !patch->by_client || ScimSettingInForce(setting, patch->type->name);
}

/* add or replace of a whole attribute */
static void
set_attribute(Patch *patch, PatchOp op, const ScimResolved *target, const JsonbValue *raw)
{
	const ScimAttribute *attribute = target->attribute;
	JsonbValue *value = ScimPatchValue(patch, attribute, raw);
	JsonbValue *object;
	JsonbValue *present;
	/* of a complex attribute: what is not named stays */
	bool merges = op == PATCH_ADD || allows(patch, SCIM_SETTING_PATCH_REPLACE_MERGES);

	if (attribute->multi_valued && op == PATCH_ADD)
	{
		if (value != NULL)
			ScimPatchAppendValues(
				ScimPatchTakeValues(patch, target->extension, NULL, attribute), value);
		return;
	}
	if (value == NULL && op == PATCH_ADD && attribute->type == SCIM_TYPE_COMPLEX &&
		!ScimPatchNamesParts(raw))
		return; /* adding nothing */
	ScimPatchSettle(patch, attribute);
	object = ScimPatchObject(patch, target->extension, value != NULL);
	present = object == NULL ? NULL : ScimJsonGet(object, attribute->name);
	if (present != NULL && ScimJsonEqual(present, raw))
		return; /* whatever its form: it may be of an earlier schema */
	if (value == NULL && is_password(patch, target))
	{
		if (op == PATCH_REPLACE)
			remove_password(patch, attribute);
	}
	else if (value == NULL)
	{
		/* unassigned: replacing by it clears */
		if (present == NULL)
			return;
		check_removable(attribute);
		if (present->type == jbvObject && !attribute->multi_valued && merges &&
			ScimPatchNamesParts(raw))
			remove_unassigned(patch, present, attribute, raw);
		if (present->type != jbvObject || attribute->multi_valued || !merges ||
			!ScimPatchNamesParts(raw) || present->val.object.nPairs == 0)
			drop_member(patch, object, attribute);
	}
	else if (attribute->type == SCIM_TYPE_COMPLEX && !attribute->multi_valued && merges &&
			 present != NULL && present->type == jbvObject && value->type == jbvObject)
	{
		ScimPatchMerge(patch, present, value);
		remove_unassigned(patch, present, attribute, raw);
	}
	else
		set_member(patch, object, attribute->name, value);
}

/* Remove the values that a list names. */
static void
remove_listed(Patch *patch, PatchValues *values, const ScimAttribute *attribute,
			  const JsonbValue *raw)
{
	const JsonbValue *listed = ScimPatchValue(patch, attribute, raw);

	ScimPatchCheckListed(patch, attribute, raw, listed);
	if (listed != NULL)
		ScimPatchRemoveListed(values, listed);
}

/* Values of a sub-attribute that are added, or some of them removed. */
static void
change_sub_values(Patch *patch, PatchOp op, PatchValues *values, const ScimAttribute *sub,
				  const JsonbValue *raw)
{
	const JsonbValue *value;

	if (op == PATCH_REMOVE)
	{
		remove_listed(patch, values, sub, raw);
		return;
	}
	value = ScimPatchValue(patch, sub, raw);
	if (value != NULL)
		ScimPatchAppendValues(values, value);
}

/* Does an operation change single values of a multi-valued sub-attribute? */
static bool
changes_sub_values(PatchOp op, const ScimAttribute *sub, const JsonbValue *raw)
{
	if (!sub->multi_valued || sub->mutability == SCIM_IMMUTABLE)
		return false;
	return op == PATCH_ADD ? !ScimJsonIsUnassigned(raw)
						   : op == PATCH_REMOVE && ScimPatchRemovesListed(sub, raw);
}

/*
 * What an operation makes of a sub-attribute, for all values that it changes: NULL where
 * it is taken away, or where that depends on each (changes_sub_values).  Of a remove: the
 * value that it is about.
 */
static const JsonbValue *
sub_value(Patch *patch, PatchOp op, const ScimAttribute *sub, const JsonbValue *raw)
{
	const JsonbValue *value = NULL;

	if (op == PATCH_REMOVE && !sub->multi_valued)
		return ScimPatchRemovedValue(patch, sub, raw); /* not stored */
	if (op != PATCH_REMOVE && !changes_sub_values(op, sub, raw))
		value = ScimPatchValue(patch, sub, raw);
	return value == NULL ? NULL : copy_to_keep(patch, value);
}

/*
 * One element or single complex value: add, replace or remove a sub-attribute of it.
 * value is that of sub_value.
 */
static void
change_sub(Patch *patch, PatchOp op, JsonbValue *complex, const ScimAttribute *sub,
		   const JsonbValue *raw, const JsonbValue *value)
{
	const JsonbValue *present = ScimJsonGet(complex, sub->name);
	MemoryContext caller;

	if (sub->sealed && op == PATCH_REMOVE)
		refuse_value(sub, ScimPatchRemovedValue(patch, sub, raw));
	if (changes_sub_values(op, sub, raw))
	{
		PatchValues *values = ScimPatchLooseValues(patch, sub);

		ScimPatchLoadValues(values, present);
		change_sub_values(patch, op, values, sub, raw);
		value = ScimPatchStoreValues(values);
		ScimPatchFreeValues(values);
	}
	else if (op == PATCH_REMOVE)
	{
		if (!sub->multi_valued && !ScimPatchIsMeant(value, raw, present))
			return;
		value = NULL;
	}
	if (value == NULL && op == PATCH_ADD && sub->multi_valued)
		return; /* adding nothing to a list */
	if (present != NULL && (value == NULL || !ScimJsonEqual(present, value)))
		check_removable(sub);
	if (value != NULL)
	{
		caller = MemoryContextSwitchTo(patch->context);
		if (strcmp(sub->name, "value") == 0)
			drop_stale_reference(complex, value);
		ScimJsonSet(complex, sub->name, value);
		MemoryContextSwitchTo(caller);
	}
	else if (sub->required && present != NULL)
		ereport(ERROR, (ScimErr(SCIM_MUTABILITY),
						errmsg("attribute \"%s.%s\" is required and cannot be removed",
							   sub->parent->name, sub->name)));
	else
		drop_member(patch, complex, sub);
}

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

/*
 * Remove the parts of a single complex value that an object states: of each, only what
 * equals that.
 */
static void
remove_parts(Patch *patch, const ScimAttribute *attribute, JsonbValue *complex,
			 const JsonbValue *raw)
{
	raw = ScimPatchUnwrap(raw);
	for (int i = 0; i < raw->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &raw->val.object.pairs[i];
		const ScimAttribute *sub = ScimAttributeSub(attribute, pair->key.val.string.val,
													pair->key.val.string.len);

		if (sub == NULL || sub->mutability == SCIM_READ_ONLY)
			continue;
		ScimPatchCheckPart(sub, &pair->value);
		if (ScimJsonGet(complex, sub->name) != NULL)
			change_sub(patch, PATCH_REMOVE, complex, sub, &pair->value,
					   sub_value(patch, PATCH_REMOVE, sub, &pair->value));
	}
}

/* Is there anything left in a complex value that not only the service writes? */
static bool
has_writable(const ScimAttribute *attribute, const JsonbValue *complex)
{
	for (int i = 0; i < complex->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &complex->val.object.pairs[i];
		const JsonbValue *key = &pair->key;
		const ScimAttribute *sub =
			ScimAttributeSub(attribute, key->val.string.val, key->val.string.len);

		if (pair->value.type != jbvNull && /* drop_member */
			(sub == NULL || sub->mutability != SCIM_READ_ONLY))
			return true;
	}
	return false;
}

static void
remove_attribute(Patch *patch, const ScimResolved *target, const JsonbValue *raw)
{
	const ScimAttribute *attribute = target->attribute;
	const JsonbValue *removed;
	JsonbValue *object;
	JsonbValue *present;

	if (attribute->sealed)
		refuse_value(attribute, ScimPatchRemovedValue(patch, attribute, raw));
	refuse_secret_parts(attribute, raw);
	if (attribute->multi_valued && ScimPatchRemovesListed(attribute, raw))
	{
		PatchValues *values =
			ScimPatchTakeValues(patch, target->extension, NULL, attribute);

		if (!ScimPatchIsEmpty(values))
		{
			refuse_required(attribute);
			check_removable(attribute);
		}
		remove_listed(patch, values, attribute, raw);
		return;
	}
	if (is_password(patch, target))
	{
		refuse_value(attribute, ScimPatchRemovedValue(patch, attribute, raw));
		/* an empty list is of nothing */
		if (raw == NULL || raw->type == jbvNull)
			remove_password(patch, attribute);
		return;
	}
	ScimPatchSettle(patch, attribute);
	object = ScimPatchObject(patch, target->extension, false);
	present = object == NULL ? NULL : ScimJsonGet(object, attribute->name);
	removed = ScimPatchRemovedValue(patch, attribute, raw);
	if (present != NULL && present->type == jbvObject && removed != NULL &&
		removed->type == jbvObject && ScimJsonGet(removed, "value") == NULL)
	{
		remove_parts(patch, attribute, present, raw);
		if (has_writable(attribute, present))
			return;
	}
	else if (!ScimPatchIsMeant(removed, raw, present))
		return;
	refuse_required(attribute);
	check_removable(attribute);
	if (object != NULL)
		drop_member(patch, object, attribute);
}

/* Can values become one by a change of this sub-attribute?  NULL: of a whole value. */
static bool
makes_twins(const ScimAttribute *sub)
{
	return sub == NULL || strcmp(sub->name, "value") == 0 ||
		   strcmp(sub->name, "type") == 0;
}

/* A client that is held to one value has to say which, where there are several. */
static void
require_one(const Patch *patch, PatchValues *values, const ScimResolved *target)
{
	int count = 0;

	if (allows(patch, SCIM_SETTING_PATCH_SELECTS_VALUES))
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
						"one (patch_selects_values)",
						target->attribute->name, target->sub->name, count)));
}

/* emails.value, of every e-mail */
static void
change_sub_of_all(Patch *patch, PatchOp op, const ScimResolved *target,
				  const JsonbValue *raw)
{
	PatchValues *values =
		ScimPatchTakeValues(patch, target->extension, NULL, target->attribute);
	const JsonbValue *value = sub_value(patch, op, target->sub, raw);
	List *changed = NIL;

	require_one(patch, values, target);
	if (ScimPatchIsEmpty(values) && op != PATCH_REMOVE)
	{
		JsonbValue *array = ScimJsonNewArray();
		JsonbValue *element = ScimJsonNewObject();

		change_sub(patch, op, element, target->sub, raw, value);
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
		change_sub(patch, op, element, target->sub, raw, value);
		ScimPatchChangedValue(values, i, false);
		changed = lappend_int(changed, i);
	}
	/* when all are changed: what one is by then, the next one may be too */
	if (makes_twins(target->sub))
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
static void
change_sub_attribute(Patch *patch, PatchOp op, const ScimResolved *target,
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
	if (changes_sub_values(op, target->sub, raw) && present != NULL &&
		present->type == jbvObject)
	{
		change_sub_values(
			patch, op,
			ScimPatchTakeValues(patch, target->extension, attribute, target->sub),
			target->sub, raw);
		return;
	}
	ScimPatchSettle(patch, attribute);
	present = present_value(patch, target);
	value = sub_value(patch, op, target->sub, raw);
	/* a value of an earlier schema that is not complex makes room for one that is */
	if (present == NULL || present->type != jbvObject)
	{
		JsonbValue *complex = ScimJsonNewObject();

		if (op == PATCH_REMOVE)
			return;
		change_sub(patch, op, complex, target->sub, raw, value);
		if (complex->val.object.nPairs > 0)
			set_member(patch, ScimPatchObject(patch, target->extension, true),
					   attribute->name, complex);
		return;
	}
	change_sub(patch, op, present, target->sub, raw, value);
	if (present->val.object.nPairs == 0)
		ScimJsonRemove(ScimPatchObject(patch, target->extension, false), attribute->name);
}

static void
raise_nothing_selected(const ScimAttribute *attribute)
{
	ereport(ERROR, (ScimErr(SCIM_NO_TARGET),
					errmsg("no value of attribute \"%s\" matches the filter of the path",
						   attribute->name)));
}

/* emails[type eq "work"] and emails[type eq "work"].value */
static void
change_selected(Patch *patch, PatchOp op, const ScimResolved *target,
				const ScimFilter *filter, const ScimAttribute *sub, const JsonbValue *raw)
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
		value = sub_value(patch, op, sub, raw);
	else if (op == PATCH_REMOVE)
	{
		listed = ScimPatchRemovesListed(attribute, raw);
		if (listed && (value = ScimPatchValue(patch, attribute, raw)) == NULL)
			ScimPatchCheckListed(patch, attribute, raw, value);
	}
	else
	{
		value = ScimPatchElementValue(patch, attribute, raw);
		parts = ScimPatchNamesParts(raw) && (op == PATCH_ADD || value == NULL);
	}
	selected = ScimPatchSelect(values, filter, bound);
	if (list_length(selected) > 1 && !allows(patch, SCIM_SETTING_PATCH_SELECTS_VALUES))
		ereport(ERROR, (ScimErr(SCIM_INVALID_FILTER),
						errmsg("the filter of the path selects %d values of attribute "
							   "\"%s\": it may select one (patch_selects_values)",
							   list_length(selected), attribute->name)));
	if (op != PATCH_REMOVE)
		visit_copies(patch, list_length(selected), value);
	if (op != PATCH_REMOVE && sub == NULL && value != NULL && selected != NIL)
		value = copy_to_keep(patch, value);
	foreach (lc, selected)
	{
		JsonbValue *element = ScimPatchValueAt(values, lfirst_int(lc));

		CHECK_FOR_INTERRUPTS();
		Assert(element != NULL);
		if (sub == NULL && op == PATCH_REMOVE)
		{
			if (listed && value != NULL)
				ScimPatchVisit(patch, value->val.array.nElems);
			if (!listed || ScimPatchIsListed(value, element))
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
			change_sub(patch, op, element, sub, raw, value);
		else if (parts && element->type == jbvObject)
		{
			if (value != NULL)
				merge(patch, element, value);
			remove_unassigned(patch, element, attribute, raw);
			if (element->val.object.nPairs == 0)
			{
				ScimPatchRemoveValue(values, lfirst_int(lc));
				continue;
			}
		}
		else if (value != NULL)
		{
			/* what is in it is shared; its members are its own */
			*element = *value;
			if (value->type == jbvObject)
			{
				MemoryContext caller = MemoryContextSwitchTo(patch->context);
				JsonbValue *object = ScimJsonNewObject();

				*element = *object;
				pfree(object);
				MemoryContextSwitchTo(caller);
				merge(patch, element, value);
			}
		}
		ScimPatchChangedValue(values, lfirst_int(lc), ScimPatchIsPrimary(element));
		changed = lappend_int(changed, lfirst_int(lc));
	}
	if (makes_twins(sub))
		ScimPatchMergeTwins(values, changed);
	if (selected != NIL || op == PATCH_REMOVE ||
		(sub != NULL && ScimJsonIsUnassigned(raw)))
		return;

	/* Nothing selected: create what the filter describes, or say that there is no
	 * target. */
	described = sub == NULL ? NULL : ScimPatchElementFromFilter(patch, attribute, filter);
	if (described == NULL)
		raise_nothing_selected(attribute);
	change_sub(patch, op, described, sub, raw, value);
	array = ScimJsonNewArray();
	ScimJsonAppend(array, described);
	ScimPatchAppendValues(values, array);
}

/*
 * manager[value eq "26118915"]: a value filter on a single-valued attribute
 * selects its value or nothing.  Unlike the elements of a multi-valued
 * attribute, a value that is there and not selected leaves no room for another.
 */
static void
change_selected_single(Patch *patch, PatchOp op, const ScimResolved *target,
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

		if (op == PATCH_REMOVE || (target->sub != NULL && ScimJsonIsUnassigned(raw)))
			return;
		if (present == NULL && target->sub != NULL)
			described = ScimPatchElementFromFilter(patch, attribute, filter);
		if (described == NULL)
			raise_nothing_selected(attribute);
		set_member(patch, ScimPatchObject(patch, target->extension, true),
				   attribute->name, described);
	}
	if (target->sub != NULL)
		change_sub_attribute(patch, op, target, raw);
	else if (op == PATCH_REMOVE)
		remove_attribute(patch, target, raw);
	else
		set_attribute(patch, op, target, raw);
}

/*
 * ScimPatchCountOperation counts one: each is more work, and the attributes of a
 * path-less one are as many.
 */
void
ScimPatchCountOperation(Patch *patch)
{
	int max = ScimSettingInForce(SCIM_SETTING_MAX_PATCH_OPERATIONS, patch->type->name);

	CHECK_FOR_INTERRUPTS();
	if (++patch->operations > max)
		ereport(ERROR,
				(ScimErr(SCIM_TOO_LARGE),
				 errmsg("a PATCH may have %d operations (scim.max_patch_operations), the "
						"attributes of those without a path counted",
						max)));
}

static void
raise_visits(int max)
{
	ereport(ERROR, (ScimErr(SCIM_TOO_LARGE),
					errmsg("the operations of a PATCH may look at %d values of "
						   "multi-valued attributes in all (scim.max_patch_visits)",
						   max)));
}

/*
 * ScimPatchVisitMembers counts terms of filters at members, of a PATCH that has looked
 * at *visits values until then.
 */
void
ScimPatchVisitMembers(const ScimResourceType *type, int64 terms, int64 members,
					  int64 *visits)
{
	int max = ScimSettingInForce(SCIM_SETTING_MAX_PATCH_VISITS, type->name);

	*visits += terms * members;
	ScimSpendVisits(terms * members);
	if (*visits > max)
		raise_visits(max);
}

/*
 * ScimPatchVisit counts values that an operation looks at: very many operations may
 * each look at very many.
 */
void
ScimPatchVisit(Patch *patch, int64 values)
{
	int max = ScimSettingInForce(SCIM_SETTING_MAX_PATCH_VISITS, patch->type->name);

	patch->visits += values;
	ScimSpendVisits(values);
	if (patch->visits > max)
		raise_visits(max);
}

/*
 * A path-less value, or the object of an extension: each key is an attribute,
 * a path, a qualified name or an extension.  Read-only attributes are ignored
 * here, since clients send back whole resources (RFC 7644 section 3.5.2.1).
 */
static void
apply_object(Patch *patch, PatchOp op, const ScimSchema *extension,
			 const JsonbValue *object)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext context;
	List *members = NIL;
	ListCell *lc;

	ScimPatchCollect(patch, extension, object, &members);
	ScimPatchCheckDistinct(members);
	context = AllocSetContextCreate(caller, "scim patch attribute", ALLOCSET_SMALL_SIZES);
	foreach (lc, members)
	{
		const PatchMember *member = lfirst(lc);
		const ScimResolved *target = &member->target;

		CHECK_FOR_INTERRUPTS();
		if (target->attribute != NULL &&
			(target->attribute->mutability == SCIM_READ_ONLY ||
			 (target->sub != NULL && target->sub->mutability == SCIM_READ_ONLY)))
			continue;
		MemoryContextSwitchTo(context);
		apply_to_target(patch, op, target, member->filter, member->value);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(context);
	}
	MemoryContextDelete(context);
}

/* All that there is of an extension, what is sealed of it as well. */
static void
remove_extension(Patch *patch, const ScimSchema *extension)
{
	MemoryContext caller = MemoryContextSwitchTo(patch->context);
	const JsonbValue *nulls =
		ScimNullsForSealed(extension->attributes, extension->nattributes,
						   ScimJsonGet(patch->document, extension->id));

	if (nulls != NULL)
		ScimJsonSet(patch->document, extension->id, nulls);
	else
		ScimJsonRemove(patch->document, extension->id);
	MemoryContextSwitchTo(caller);
}

static void
apply_to_extension(Patch *patch, PatchOp op, const ScimSchema *extension,
				   const JsonbValue *value)
{
	bool nothing =
		value == NULL || (ScimJsonIsUnassigned(value) && !ScimPatchNamesParts(value));

	if (op == PATCH_REMOVE && value != NULL && value->type != jbvNull)
	{
		if (nothing && value->type != jbvArray)
			ereport(
				ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("operation \"remove\" names nothing of \"%s\" by its value",
						extension->id),
				 errhint("Without a value it removes all, with an empty list none.")));
		if (!nothing)
			apply_object(patch, op, extension, ScimPatchUnwrap(value));
	}
	else if (!nothing)
		apply_object(patch, op, extension, ScimPatchUnwrap(value));
	else if (op != PATCH_ADD)
	{
		ScimPatchSettle(patch, NULL);
		remove_extension(patch, extension);
	}
}

static void
apply_at_path(Patch *patch, PatchOp op, const ScimPath *path, const JsonbValue *value)
{
	ScimAttrRef ref = ScimPathAttrRef(path);
	ScimResolved target;

	/* false: an unknown attribute that the settings say to ignore */
	if (ScimPatchResolve(patch, path, &ref, &target))
		apply_to_target(patch, op, &target, ScimPathFilter(path), value);
}

static void
apply_to_target(Patch *patch, PatchOp op, const ScimResolved *target,
				const ScimFilter *filter, const JsonbValue *value)
{
	if (target->attribute == NULL)
	{
		if (target->extension != NULL)
			apply_to_extension(patch, op, target->extension, value);
		else if (op == PATCH_REMOVE)
			ereport(ERROR, (ScimErr(SCIM_INVALID_PATH),
							errmsg("path \"%s\" names a schema, not an attribute",
								   patch->type->schema->id)));
		else
			apply_object(patch, op, NULL, value);
		return;
	}
	check_writable(target->attribute, target->sub);
	if (target->sub != NULL || filter != NULL)
		refuse_part(target->attribute);
	if (value != NULL && target->attribute->schema == NULL &&
		strcmp(target->attribute->name, "schemas") == 0)
		ScimRejectUnknownSchemas(patch->type, value);
	if (filter != NULL && target->sub == NULL &&
		!allows(patch, SCIM_SETTING_PATCH_SELECTS_VALUES))
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_PATH),
				 errmsg("the path selects whole values of attribute \"%s\": it has "
						"to name a part of one (patch_selects_values)",
						target->attribute->name)));
	if (patch->type->has_members && target->extension == NULL &&
		strcmp(target->attribute->name, "members") == 0)
	{
		ScimPatchMembers(patch, op, target, filter, value);
		return;
	}
	if (filter != NULL && target->attribute->multi_valued)
		change_selected(patch, op, target, filter, target->sub, value);
	else if (filter != NULL)
		change_selected_single(patch, op, target, filter, value);
	else if (target->sub != NULL)
		change_sub_attribute(patch, op, target, value);
	else if (op == PATCH_REMOVE)
		remove_attribute(patch, target, value);
	else
		set_attribute(patch, op, target, value);
}

static PatchOp
parse_op(const JsonbValue *operation)
{
	const JsonbValue *op = ScimJsonGetFolded(operation, "op");
	char *name;

	if (op == NULL || op->type != jbvString)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("an operation needs \"op\": add, remove or replace")));
	name = ScimJsonStringCopy(op);
	if (ScimNameEqual(name, PATCH_OP_ADD))
		return PATCH_ADD;
	if (ScimNameEqual(name, PATCH_OP_REMOVE))
		return PATCH_REMOVE;
	if (ScimNameEqual(name, PATCH_OP_REPLACE))
		return PATCH_REPLACE;
	ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
					errmsg("unknown operation \"%s\": it must be add, remove or replace",
						   name)));
}

static void
apply_operation(Patch *patch, const JsonbValue *operation)
{
	static const char *const known[] = {"op", "path", "value", NULL};
	const JsonbValue *path;
	const JsonbValue *value;
	PatchOp op;

	if (operation->type != jbvObject)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("an operation must be a JSON object")));
	ScimRequireKnownMembers(operation, known, "an operation");
	op = parse_op(operation);
	path = ScimJsonGetFolded(operation, "path");
	value = ScimJsonGetFolded(operation, "value");
	if (path != NULL && path->type != jbvString && path->type != jbvNull)
		ereport(ERROR, (ScimErr(SCIM_INVALID_PATH),
						errmsg("the path of an operation must be a string")));
	if (op != PATCH_REMOVE && value == NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("operation \"%s\" needs a value",
							   op == PATCH_ADD ? PATCH_OP_ADD : PATCH_OP_REPLACE)));
	if (path == NULL || path->type == jbvNull || path->val.string.len == 0)
	{
		if (!allows(patch, SCIM_SETTING_PATCH_WITHOUT_PATH))
			ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
							errmsg("an operation needs a path (patch_without_path)")));
		if (op == PATCH_REMOVE)
			ereport(ERROR, (ScimErr(SCIM_NO_TARGET),
							errmsg("operation \"%s\" needs a path", PATCH_OP_REMOVE)));
		apply_object(patch, op, NULL, value);
	}
	else
		apply_at_path(patch, op, ScimPatchParsePath(ScimJsonStringCopy(path)), value);
}

/*
 * ScimPatch applies an array of operations to a copy of a document and returns
 * the copy.  What happens to members is appended to *member_changes as
 * ScimMemberChange.  Raises the error of the first operation that fails; judge (or
 * NULL) may say which error the problems of a value are.  by_client: a client has sent
 * the operations, upon whom the settings are that make PATCH stricter.
 */
JsonbValue *
ScimPatch(const ScimRegistry *registry, const ScimResourceType *type,
		  const JsonbValue *document, const JsonbValue *operations, bool by_client,
		  ScimJudgeProblems judge, const void *judge_arg, List **member_changes)
{
	int count = operations->type == jbvArray ? operations->val.array.nElems : 0;
	Patch patch = {.registry = registry, .type = type, .context = CurrentMemoryContext};
	MemoryContext scratch;
	ListCell *lc;

	if (operations->type != jbvArray)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("\"Operations\" must be an array")));
	patch.by_client = by_client;
	patch.judge = judge;
	patch.judge_arg = judge_arg;
	patch.before = document;
	patch.document =
		document->type == jbvObject ? ScimJsonCopy(document) : ScimJsonNewObject();
	scratch = AllocSetContextCreate(patch.context, "scim patch operation",
									ALLOCSET_DEFAULT_SIZES);
	for (int i = 0; i < count; i++)
	{
		ScimPatchCountOperation(&patch);
		MemoryContextSwitchTo(scratch);
		apply_operation(&patch, &operations->val.array.elems[i]);
		MemoryContextSwitchTo(patch.context);
		MemoryContextReset(scratch);
	}
	ScimPatchSettle(&patch, NULL);
	MemoryContextDelete(scratch);
	foreach (lc, patch.member_changes)
		((ScimMemberChange *) lfirst(lc))->visits = patch.visits;
	*member_changes = patch.member_changes;
	return patch.document;
}
