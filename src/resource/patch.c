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

#include "miscadmin.h"

#include "json/json.h"
#include "path/path.h"
#include "resource/patch.h"
#include "text/fold.h"

#define PATCH_OP_ADD "add"
#define PATCH_OP_REMOVE "remove"
#define PATCH_OP_REPLACE "replace"

static void
apply_at_path(Patch *patch, PatchOp op, const ScimPath *path, const JsonbValue *value);

static void
raise_problem(const ScimProblem *problem)
{
	ereport(ERROR, (ScimErr(problem->kind), errmsg("%s", problem->message)));
}

static ScimPath *
parse_path(const char *text)
{
	ScimProblem *problem = NULL;
	ScimPath *path = ScimPathParse(text, strlen(text), &problem);

	if (path == NULL)
		raise_problem(problem);
	return path;
}

/* The object that holds the attributes of a schema: the document, or an extension. */
static JsonbValue *
schema_object(Patch *patch, const ScimSchema *extension, bool create)
{
	JsonbValue *object;

	if (extension == NULL)
		return patch->document;
	object = ScimJsonGet(patch->document, extension->id);
	if (object != NULL && object->type != jbvObject)
		object = NULL;
	if (object == NULL && create)
	{
		ScimJsonSet(patch->document, extension->id, ScimJsonNewObject());
		object = ScimJsonGet(patch->document, extension->id);
	}
	return object;
}

/* The canonical form of a value for an attribute; NULL where it is unassigned. */
static JsonbValue *
canonical(Patch *patch, const ScimAttribute *attribute, const JsonbValue *value)
{
	List *problems = NIL;
	JsonbValue *result;

	if (value == NULL)
		return NULL;
	result =
		ScimCanonicaliseValue(patch->type, attribute, value, attribute->name, &problems);
	ScimProblemsRaise(problems);
	return result;
}

static bool
is_primary(const JsonbValue *element)
{
	const JsonbValue *primary =
		element->type == jbvObject ? ScimJsonGet(element, "primary") : NULL;

	return primary != NULL && primary->type == jbvBool && primary->val.boolean;
}

/* RFC 7644 section 3.5.2: where one value becomes primary, no other one is. */
static void
keep_one_primary(JsonbValue *array, int chosen)
{
	for (int i = 0; i < array->val.array.nElems; i++)
	{
		JsonbValue *element = &array->val.array.elems[i];

		if (i != chosen && is_primary(element))
			ScimJsonSet(element, "primary", ScimJsonNewBool(false));
	}
}

/* The values of a multi-valued attribute, as an array also where one value is stored. */
static JsonbValue *
attribute_array(JsonbValue *object, const ScimAttribute *attribute, bool create)
{
	const JsonbValue *present = ScimJsonGet(object, attribute->name);
	JsonbValue *array;

	if (present == NULL ? !create : present->type == jbvArray)
		return (JsonbValue *) present;
	array = ScimJsonNewArray();
	if (present != NULL)
		ScimJsonAppend(array, present);
	ScimJsonSet(object, attribute->name, array);
	return ScimJsonGet(object, attribute->name);
}

/* What is stored in place of a complex value, of an earlier schema, gives way to one. */
static void
make_complex(JsonbValue *value)
{
	if (value->type != jbvObject)
		*value = *ScimJsonNewObject();
}

/* Set the sub-attributes that a complex value states, and leave the others. */
static void
merge_complex(JsonbValue *target, const JsonbValue *stated)
{
	make_complex(target);
	for (int i = 0; i < stated->val.object.nPairs; i++)
	{
		JsonbPair *pair = &stated->val.object.pairs[i];

		ScimJsonSetN(target, pair->key.val.string.val, pair->key.val.string.len,
					 &pair->value);
	}
}

/* Do two objects hold the same under a key, or both nothing? */
static bool
same_member(const JsonbValue *a, const JsonbValue *b, const char *key)
{
	const JsonbValue *in_a = ScimJsonGet(a, key);
	const JsonbValue *in_b = ScimJsonGet(b, key);

	if (in_a == NULL || in_b == NULL)
		return in_a == in_b;
	return ScimJsonEqual(in_a, in_b);
}

/*
 * The element that says the same: it equals the value or, both having a
 * "value", it has the same one and the same "type" (RFC 7643 section 2.4: such a
 * pair should not occur twice).  -1: none.
 */
static int
find_same(const JsonbValue *array, const JsonbValue *value)
{
	for (int i = 0; i < array->val.array.nElems; i++)
	{
		const JsonbValue *element = &array->val.array.elems[i];

		if (ScimJsonEqual(element, value))
			return i;
		if (element->type == jbvObject && value->type == jbvObject &&
			ScimJsonGet(value, "value") != NULL && same_member(element, value, "value") &&
			same_member(element, value, "type"))
			return i;
	}
	return -1;
}

static void
append_values(JsonbValue *object, const ScimAttribute *attribute,
			  const JsonbValue *values)
{
	JsonbValue *array = attribute_array(object, attribute, true);

	for (int i = 0; i < values->val.array.nElems; i++)
	{
		const JsonbValue *value = &values->val.array.elems[i];
		int at = find_same(array, value);

		CHECK_FOR_INTERRUPTS();
		if (at >= 0 && value->type == jbvObject)
			merge_complex(&array->val.array.elems[at], value);
		else if (at < 0)
		{
			at = array->val.array.nElems;
			ScimJsonAppend(array, value);
		}
		if (is_primary(value))
			keep_one_primary(array, at);
	}
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
 * A sub-attribute that a client states as null (or "", []) is taken away from
 * the value it is merged into.
 */
static void
remove_unassigned(JsonbValue *target, const ScimAttribute *attribute,
				  const JsonbValue *raw)
{
	if (raw->type != jbvObject)
		return;
	for (int i = 0; i < raw->val.object.nPairs; i++)
	{
		JsonbPair *pair = &raw->val.object.pairs[i];
		const ScimAttribute *sub = ScimAttributeSub(attribute, pair->key.val.string.val,
													pair->key.val.string.len);

		if (sub == NULL || !ScimJsonIsUnassigned(&pair->value) ||
			ScimJsonGet(target, sub->name) == NULL)
			continue;
		check_removable(sub);
		ScimJsonRemove(target, sub->name);
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

/*
 * A complex value that states nothing but null for some of its sub-attributes:
 * these are taken away and the others left.  One that is known by its "value",
 * as a manager is, goes with it.
 */
static bool
clears_parts_only(const ScimAttribute *attribute, const JsonbValue *raw)
{
	if (attribute->multi_valued || attribute->type != SCIM_TYPE_COMPLEX ||
		raw->type != jbvObject || raw->val.object.nPairs == 0)
		return false;
	return ScimJsonGetFolded(raw, "value") == NULL;
}

/* add or replace of a whole attribute */
static void
set_attribute(Patch *patch, PatchOp op, const ScimResolved *target, const JsonbValue *raw)
{
	const ScimAttribute *attribute = target->attribute;
	JsonbValue *object = schema_object(patch, target->extension, true);
	JsonbValue *value = canonical(patch, attribute, raw);
	JsonbValue *present = ScimJsonGet(object, attribute->name);

	if (value == NULL)
	{
		/* unassigned: replacing by it clears, adding it adds nothing */
		if (present == NULL || (op == PATCH_ADD && attribute->multi_valued))
			return;
		check_removable(attribute);
		if (clears_parts_only(attribute, raw))
			remove_unassigned(present, attribute, raw);
		else
			ScimJsonRemove(object, attribute->name);
		return;
	}
	if (attribute->multi_valued)
	{
		if (op == PATCH_ADD)
			append_values(object, attribute, value);
		else
			ScimJsonSet(object, attribute->name, value);
		return;
	}
	if (attribute->type == SCIM_TYPE_COMPLEX && present != NULL)
	{
		merge_complex(present, value);
		remove_unassigned(present, attribute, raw);
		return;
	}
	ScimJsonSet(object, attribute->name, value);
}

static void
remove_listed_values(JsonbValue *array, const JsonbValue *listed)
{
	for (int i = array->val.array.nElems - 1; i >= 0; i--)
	{
		const JsonbValue *element = &array->val.array.elems[i];

		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < listed->val.array.nElems; j++)
		{
			if (ScimPatchValueNames(&listed->val.array.elems[j], element))
			{
				ScimJsonRemoveAt(array, i);
				break;
			}
		}
	}
}

static void
remove_attribute(Patch *patch, const ScimResolved *target, const JsonbValue *raw)
{
	const ScimAttribute *attribute = target->attribute;
	JsonbValue *object = schema_object(patch, target->extension, false);
	JsonbValue *present;

	if (attribute->required)
		ereport(ERROR, (ScimErr(SCIM_MUTABILITY),
						errmsg("attribute \"%s\" is required and cannot be removed",
							   attribute->name)));
	present = object == NULL ? NULL : ScimJsonGet(object, attribute->name);
	if (present == NULL)
		return;
	check_removable(attribute);
	if (raw != NULL && raw->type != jbvNull && attribute->multi_valued)
	{
		JsonbValue *listed = canonical(patch, attribute, raw);

		present = attribute_array(object, attribute, false);
		if (listed != NULL)
			remove_listed_values(present, listed);
		if (present->val.array.nElems == 0)
			ScimJsonRemove(object, attribute->name);
		return;
	}
	ScimJsonRemove(object, attribute->name);
}

/* One element or single complex value: add, replace or remove a sub-attribute of it. */
static void
change_sub(Patch *patch, PatchOp op, JsonbValue *complex, const ScimAttribute *sub,
		   const JsonbValue *raw)
{
	JsonbValue *value = op == PATCH_REMOVE ? NULL : canonical(patch, sub, raw);
	const JsonbValue *present;

	make_complex(complex);
	present = ScimJsonGet(complex, sub->name);
	if (present != NULL && (value == NULL || !ScimJsonEqual(present, value)))
		check_removable(sub);
	if (value == NULL)
	{
		if (sub->required)
			ereport(ERROR,
					(ScimErr(SCIM_MUTABILITY),
					 errmsg("attribute \"%s.%s\" is required and cannot be removed",
							sub->parent->name, sub->name)));
		ScimJsonRemove(complex, sub->name);
	}
	else if (op == PATCH_ADD && sub->multi_valued)
		append_values(complex, sub, value);
	else
		ScimJsonSet(complex, sub->name, value);
}

/* name.familyName, or emails.value for every e-mail */
static void
change_sub_attribute(Patch *patch, PatchOp op, const ScimResolved *target,
					 const JsonbValue *raw)
{
	const ScimAttribute *attribute = target->attribute;
	JsonbValue *object = schema_object(patch, target->extension, op != PATCH_REMOVE);
	JsonbValue *present = object == NULL ? NULL : ScimJsonGet(object, attribute->name);

	if (present == NULL)
	{
		JsonbValue *complex;

		if (op == PATCH_REMOVE)
			return;
		complex = ScimJsonNewObject();
		change_sub(patch, op, complex, target->sub, raw);
		if (complex->val.object.nPairs == 0)
			return;
		if (attribute->multi_valued)
			ScimJsonAppend(attribute_array(object, attribute, true), complex);
		else
			ScimJsonSet(object, attribute->name, complex);
		return;
	}
	if (!attribute->multi_valued)
	{
		change_sub(patch, op, present, target->sub, raw);
		if (present->val.object.nPairs == 0)
			ScimJsonRemove(object, attribute->name);
		return;
	}
	present = attribute_array(object, attribute, false);
	for (int i = 0; i < present->val.array.nElems; i++)
		change_sub(patch, op, &present->val.array.elems[i], target->sub, raw);
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
	JsonbValue *object = schema_object(patch, target->extension, op != PATCH_REMOVE);
	JsonbValue *array = object == NULL ? NULL : attribute_array(object, attribute, false);
	ScimBoundFilter *bound = ScimPatchBindSelection(patch, target, filter);
	JsonbValue *value = NULL;
	bool selected = false;

	if (sub == NULL && op != PATCH_REMOVE)
		value = ScimPatchElementValue(patch, attribute, raw);
	for (int i = (array == NULL ? 0 : array->val.array.nElems) - 1; i >= 0; i--)
	{
		JsonbValue *element = &array->val.array.elems[i];

		CHECK_FOR_INTERRUPTS();
		if (!ScimPatchSelects(bound, element))
			continue;
		selected = true;
		if (sub != NULL)
			change_sub(patch, op, element, sub, raw);
		else if (op == PATCH_REMOVE || value == NULL)
		{
			ScimJsonRemoveAt(array, i);
			continue;
		}
		else if (op == PATCH_ADD && element->type == jbvObject)
			merge_complex(element, ScimJsonCopy(value));
		else
			*element = *ScimJsonCopy(value);
		if (element->type == jbvObject && is_primary(element))
			keep_one_primary(array, i);
	}
	if (array != NULL && array->val.array.nElems == 0)
		ScimJsonRemove(object, attribute->name);
	if (selected || op == PATCH_REMOVE)
		return;

	/* Nothing selected: create what the filter describes, or say that there is no target.
	 */
	if (sub != NULL && !ScimJsonIsUnassigned(raw))
	{
		JsonbValue *element = ScimPatchElementFromFilter(patch, attribute, filter);

		if (element != NULL)
		{
			change_sub(patch, op, element, sub, raw);
			array = attribute_array(object, attribute, true);
			ScimJsonAppend(array, element);
			if (is_primary(element))
				keep_one_primary(array, array->val.array.nElems - 1);
			return;
		}
	}
	if (sub != NULL && ScimJsonIsUnassigned(raw))
		return;
	raise_nothing_selected(attribute);
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
	JsonbValue *object = schema_object(patch, target->extension, false);
	JsonbValue *present = object == NULL ? NULL : ScimJsonGet(object, attribute->name);
	ScimBoundFilter *bound = ScimPatchBindSelection(patch, target, filter);

	if (present == NULL || !ScimPatchSelects(bound, present))
	{
		JsonbValue *described = NULL;

		if (op == PATCH_REMOVE || (target->sub != NULL && ScimJsonIsUnassigned(raw)))
			return;
		if (present == NULL && target->sub != NULL)
			described = ScimPatchElementFromFilter(patch, attribute, filter);
		if (described == NULL)
			raise_nothing_selected(attribute);
		object = schema_object(patch, target->extension, true);
		ScimJsonSet(object, attribute->name, described);
	}
	if (target->sub != NULL)
		change_sub_attribute(patch, op, target, raw);
	else if (op == PATCH_REMOVE)
		remove_attribute(patch, target, NULL);
	else
		set_attribute(patch, op, target, raw);
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
	check_stack_depth();
	if (object == NULL || object->type != jbvObject)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("an operation without a path needs an object as its value")));
	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		JsonbPair *pair = &object->val.object.pairs[i];
		char *key = pnstrdup(pair->key.val.string.val, pair->key.val.string.len);
		ScimPath *path;
		ScimAttrRef ref;
		ScimResolved target;

		if (ScimNameEqual(key, "schemas"))
			continue; /* it follows from the rest; some repeat it in an extension */
		if (extension != NULL && strchr(key, ':') == NULL)
			key = psprintf("%s:%s", extension->id, key);
		path = parse_path(key);
		ref = ScimPathAttrRef(path);
		if (ScimResolve(patch->type, &ref, &target) && target.attribute != NULL &&
			(target.attribute->mutability == SCIM_READ_ONLY ||
			 (target.sub != NULL && target.sub->mutability == SCIM_READ_ONLY)))
			continue;
		apply_at_path(patch, op, path, &pair->value);
	}
}

static void
apply_to_extension(Patch *patch, PatchOp op, const ScimSchema *extension,
				   const JsonbValue *value)
{
	if (op == PATCH_REMOVE || ScimJsonIsUnassigned(value))
		ScimJsonRemove(patch->document, extension->id);
	else
		apply_object(patch, op, extension, value);
}

static void
apply_at_path(Patch *patch, PatchOp op, const ScimPath *path, const JsonbValue *value)
{
	ScimAttrRef ref = ScimPathAttrRef(path);
	const ScimFilter *filter = ScimPathFilter(path);
	ScimResolved target;
	const ScimAttribute *sub;

	if (!ScimPatchResolve(patch, path, &ref, &target))
		return; /* an unknown attribute that the settings say to ignore */
	if (target.attribute == NULL)
	{
		if (target.extension != NULL)
			apply_to_extension(patch, op, target.extension, value);
		else if (op == PATCH_REMOVE)
			ereport(ERROR, (ScimErr(SCIM_INVALID_PATH),
							errmsg("path \"%s\" names a schema, not an attribute",
								   patch->type->schema->id)));
		else
			apply_object(patch, op, NULL, value);
		return;
	}
	sub = target.sub;
	check_writable(target.attribute, sub);
	if (patch->type->has_members && target.extension == NULL &&
		strcmp(target.attribute->name, "members") == 0)
	{
		ScimPatchMembers(patch, op, &target, filter, value);
		return;
	}
	if (filter != NULL && target.attribute->multi_valued)
		change_selected(patch, op, &target, filter, sub, value);
	else if (filter != NULL)
		change_selected_single(patch, op, &target, filter, value);
	else if (sub != NULL)
		change_sub_attribute(patch, op, &target, value);
	else if (op == PATCH_REMOVE)
		remove_attribute(patch, &target, value);
	else
		set_attribute(patch, op, &target, value);
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
	const JsonbValue *path;
	const JsonbValue *value;
	PatchOp op;

	if (operation->type != jbvObject)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("an operation must be a JSON object")));
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
		if (op == PATCH_REMOVE)
			ereport(ERROR, (ScimErr(SCIM_NO_TARGET),
							errmsg("operation \"%s\" needs a path", PATCH_OP_REMOVE)));
		apply_object(patch, op, NULL, value);
	}
	else
		apply_at_path(patch, op, parse_path(ScimJsonStringCopy(path)), value);
}

/*
 * ScimPatch applies an array of operations to a copy of a document and returns
 * the copy.  What happens to members is appended to *member_changes as
 * ScimMemberChange.  Raises the error of the first operation that fails.
 */
JsonbValue *
ScimPatch(const ScimRegistry *registry, const ScimResourceType *type,
		  const JsonbValue *document, const JsonbValue *operations, List **member_changes)
{
	Patch patch;

	if (operations->type != jbvArray)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("\"Operations\" must be an array")));
	patch.registry = registry;
	patch.type = type;
	patch.document = ScimJsonCopy(document);
	make_complex(patch.document);
	patch.member_changes = NIL;
	for (int i = 0; i < operations->val.array.nElems; i++)
	{
		CHECK_FOR_INTERRUPTS();
		apply_operation(&patch, &operations->val.array.elems[i]);
	}
	*member_changes = patch.member_changes;
	return patch.document;
}
