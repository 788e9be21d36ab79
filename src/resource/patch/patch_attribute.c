/*
 * patch_attribute.c
 *		What an operation of PATCH does to an attribute as a whole, and to a sub-attribute
 *		of one complex value.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "json/json.h"
#include "path/path.h"
#include "resource/patch/patch_state.h"
#include "schema/canonical/canonical.h"
#include "setting/setting.h"

/* Set a member of an object of the document to a copy of a value. */
void
ScimPatchSetMember(Patch *patch, JsonbValue *object, const char *name,
				   const JsonbValue *value)
{
	MemoryContext caller = MemoryContextSwitchTo(patch->context);

	ScimJsonSet(object, name, ScimJsonCopy(value));
	MemoryContextSwitchTo(caller);
}

/* Where a reference gets another value, its "$ref" leads to what it was. */
static void
drop_stale_reference(const Patch *patch, const ScimAttribute *attribute,
					 JsonbValue *reference, const JsonbValue *value)
{
	const JsonbValue *present = ScimJsonGet(reference, "value");
	const JsonbValue *name = ScimJsonNewString("value");
	ScimResolved of = ScimPatchPlace(patch, attribute);

	if (value != NULL && present != NULL && !ScimSamePart(&of, name, present, value))
		ScimJsonRemove(reference, "$ref");
}

/* A copy that may become part of the document. */
JsonbValue *
ScimPatchCopyToKeep(Patch *patch, const JsonbValue *value)
{
	MemoryContext caller = MemoryContextSwitchTo(patch->context);
	JsonbValue *copy = ScimJsonCopy(value);

	MemoryContextSwitchTo(caller);
	return copy;
}

/* Set the members that an object states, which may be part of the document. */
void
ScimPatchMergeKept(Patch *patch, const ScimAttribute *attribute, JsonbValue *target,
				   const JsonbValue *stated)
{
	MemoryContext caller = MemoryContextSwitchTo(patch->context);

	if (ScimJsonGet(stated, "$ref") == NULL)
		drop_stale_reference(patch, attribute, target, ScimJsonGet(stated, "value"));
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
ScimPatchMerge(Patch *patch, const ScimAttribute *attribute, JsonbValue *target,
			   const JsonbValue *stated)
{
	ScimPatchMergeKept(patch, attribute, target, ScimPatchCopyToKeep(patch, stated));
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

/* Of what is sealed nobody knows the parts. */
void
ScimPatchRefusePart(const ScimAttribute *attribute)
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
void
ScimPatchRemoveUnassigned(Patch *patch, JsonbValue *target,
						  const ScimAttribute *attribute, const JsonbValue *raw)
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
		ScimJsonRemove(target, sub->name);
		if (strcmp(sub->name, "value") == 0)
			ScimJsonRemove(target, "$ref");
	}
}

void
ScimPatchCheckWritable(const ScimAttribute *attribute, const ScimAttribute *sub)
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
	ScimPatchSetMember(patch, patch->document, attribute->name, &null);
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
bool
ScimPatchAllows(const Patch *patch, ScimSettingId setting)
{
	return !patch->by_client || ScimSettingInForce(setting, patch->type->name);
}

/* add or replace of a whole attribute */
void
ScimPatchSetAttribute(Patch *patch, PatchOp op, const ScimResolved *target,
					  const JsonbValue *raw)
{
	const ScimAttribute *attribute = target->attribute;
	JsonbValue *value;
	JsonbValue *object;
	JsonbValue *present;
	/* of a complex attribute: what is not named stays */
	bool merges =
		op == PATCH_ADD || ScimPatchAllows(patch, SCIM_SETTING_PATCH_REPLACE_MERGES);
	bool replaces = op == PATCH_REPLACE && (attribute->multi_valued || !merges);

	value = replaces ? ScimPatchNewValue(patch, attribute, raw)
					 : ScimPatchValue(patch, attribute, raw);
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
	if (value != NULL && replaces)
	{
		ScimPatchKeepSealed(patch, attribute, present, value);
		/* of nothing but nulls nothing is left */
		if ((value->type == jbvObject && value->val.object.nPairs == 0) ||
			(value->type == jbvArray && value->val.array.nElems == 0))
			value = NULL;
	}
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
			ScimPatchRemoveUnassigned(patch, present, attribute, raw);
		if (present->type != jbvObject || attribute->multi_valued || !merges ||
			!ScimPatchNamesParts(raw) || present->val.object.nPairs == 0)
			ScimJsonRemove(object, attribute->name);
	}
	else if (attribute->type == SCIM_TYPE_COMPLEX && !attribute->multi_valued && merges &&
			 present != NULL && present->type == jbvObject && value->type == jbvObject)
	{
		ScimPatchMerge(patch, attribute, present, value);
		ScimPatchRemoveUnassigned(patch, present, attribute, raw);
	}
	else
		ScimPatchSetMember(patch, object, attribute->name, value);
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
void
ScimPatchChangeSubValues(Patch *patch, PatchOp op, PatchValues *values,
						 const ScimAttribute *sub, const JsonbValue *raw)
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
bool
ScimPatchChangesSubValues(PatchOp op, const ScimAttribute *sub, const JsonbValue *raw)
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
const JsonbValue *
ScimPatchSubValue(Patch *patch, PatchOp op, const ScimAttribute *sub,
				  const JsonbValue *raw)
{
	const JsonbValue *value = NULL;

	if (op == PATCH_REMOVE && !sub->multi_valued)
		return ScimPatchRemovedValue(patch, sub, raw); /* not stored */
	if (op != PATCH_REMOVE && !ScimPatchChangesSubValues(op, sub, raw))
		value = ScimPatchValue(patch, sub, raw);
	return value == NULL ? NULL : ScimPatchCopyToKeep(patch, value);
}

/*
 * One element or single complex value: add, replace or remove a sub-attribute of it.
 * value is that of sub_value.
 */
void
ScimPatchChangeSub(Patch *patch, PatchOp op, JsonbValue *complex,
				   const ScimAttribute *sub, const JsonbValue *raw,
				   const JsonbValue *value)
{
	const JsonbValue *present = ScimJsonGet(complex, sub->name);
	MemoryContext caller;

	if (sub->sealed && op == PATCH_REMOVE)
		refuse_value(sub, ScimPatchRemovedValue(patch, sub, raw));
	if (ScimPatchChangesSubValues(op, sub, raw))
	{
		PatchValues *values = ScimPatchLooseValues(patch, sub);

		ScimPatchLoadValues(values, present);
		ScimPatchChangeSubValues(patch, op, values, sub, raw);
		value = ScimPatchStoreValues(values);
		ScimPatchFreeValues(values);
	}
	else if (op == PATCH_REMOVE)
	{
		if (!sub->multi_valued && !ScimPatchIsMeant(patch, sub, value, raw, present))
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
			drop_stale_reference(patch, sub->parent, complex, value);
		ScimJsonSet(complex, sub->name, value);
		MemoryContextSwitchTo(caller);
	}
	else if (sub->required && present != NULL)
		ereport(ERROR, (ScimErr(SCIM_MUTABILITY),
						errmsg("attribute \"%s.%s\" is required and cannot be removed",
							   sub->parent->name, sub->name)));
	else if (strcmp(sub->name, "value") == 0)
		ScimReferenceSetValue(sub->parent, complex, NULL);
	else
		ScimJsonRemove(complex, sub->name);
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
			ScimPatchChangeSub(patch, PATCH_REMOVE, complex, sub, &pair->value,
							   ScimPatchSubValue(patch, PATCH_REMOVE, sub, &pair->value));
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

		if (sub == NULL || sub->mutability != SCIM_READ_ONLY)
			return true;
	}
	return false;
}

/* Does an object say all parts of a complex value that not only the service writes? */
static bool
says_all(const ScimAttribute *attribute, const JsonbValue *object,
		 const JsonbValue *complex)
{
	for (int i = 0; i < complex->val.object.nPairs; i++)
	{
		const JsonbValue *key = &complex->val.object.pairs[i].key;
		const ScimAttribute *sub =
			ScimAttributeSub(attribute, key->val.string.val, key->val.string.len);

		if (sub != NULL && sub->mutability != SCIM_READ_ONLY &&
			ScimJsonGet(object, sub->name) == NULL)
			return false;
	}
	return true;
}

void
ScimPatchRemoveAttribute(Patch *patch, const ScimResolved *target, const JsonbValue *raw)
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
		removed->type == jbvObject && ScimJsonGet(removed, "value") == NULL &&
		!(says_all(attribute, removed, present) &&
		  ScimPatchIsMeant(patch, attribute, removed, raw, present)))
	{
		remove_parts(patch, attribute, present, raw);
		if (has_writable(attribute, present))
			return;
	}
	else if (!ScimPatchIsMeant(patch, attribute, removed, raw, present))
		return;
	refuse_required(attribute);
	check_removable(attribute);
	if (object != NULL)
		ScimJsonRemove(object, attribute->name);
}
