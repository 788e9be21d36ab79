/*
 * patch_path.c
 *		Where the path of a PATCH operation leads to: attributes, and the elements
 *		that a value filter selects.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "json/json.h"
#include "resource/patch/patch_state.h"
#include "schema/canonical/canonical.h"
#include "setting/setting.h"

static void raise_empty(const ScimAttribute *attribute, const JsonbValue *raw, int i);
static bool is_of_extension(const Patch *patch, const ScimAttribute *top);
static List *problems_before(Patch *patch, const ScimAttribute *attribute);

/* ScimPatchParsePath parses a path, and raises what is wrong with it. */
ScimPath *
ScimPatchParsePath(const char *text)
{
	ScimProblem *problem = NULL;
	ScimPath *path = ScimPathParse(text, strlen(text), &problem);

	if (path == NULL)
		ereport(ERROR, (ScimErr(problem->kind), errmsg("%s", problem->message)));
	return path;
}

/* A value filter selects values of an attribute, and a schema is none. */
static void
refuse_filter_of_schema(const Patch *patch, const ScimPath *path)
{
	ScimAttrRef whole = {ScimPathString(path, path->urn),
						 ScimPathString(path, path->name), NULL};
	ScimResolved target;
	StringInfoData text;

	if (path->filter == 0 || !ScimResolve(patch->type, &whole, &target) ||
		target.attribute != NULL)
		return;
	initStringInfo(&text);
	ScimPathPrint(&text, path);
	ereport(ERROR, (ScimErr(SCIM_INVALID_PATH),
					errmsg("path \"%s\" has a value filter behind a schema, which is no "
						   "attribute",
						   ScimPathShown(text.data))));
}

/* ScimPatchFind finds the attribute that a path names; false: there is none. */
bool
ScimPatchFind(Patch *patch, const ScimPath *path, const ScimAttrRef *ref,
			  ScimResolved *target)
{
	refuse_filter_of_schema(patch, path);
	if (ScimResolve(patch->type, ref, target))
	{
		/* The sub-attribute behind a bracket is part of the path, not of the reference.
		 */
		if (target->sub == NULL && path->sub != 0 && target->attribute != NULL)
		{
			const char *name = ScimPathString(path, path->sub);

			target->sub = ScimAttributeSub(target->attribute, name, strlen(name));
		}
		if (path->sub == 0 || target->sub != NULL || target->attribute == NULL ||
			ref->sub != NULL)
			return true;
	}
	return false;
}

/*
 * ScimPatchResolve does so.  An unknown one is an error (invalidPath; invalidSyntax where
 * nothing unknown is let in), or false where unknown_attributes says "ignore".
 */
bool
ScimPatchResolve(Patch *patch, const ScimPath *path, const ScimAttrRef *ref,
				 ScimResolved *target)
{
	StringInfoData text;

	if (ScimPatchFind(patch, path, ref, target))
		return true;
	if (ScimIgnoresUnknownAttributes(patch->type))
		return false;
	initStringInfo(&text);
	ScimPathPrint(&text, path);
	ereport(ERROR, (ScimErr(ScimRefusesUnknown(patch->type) ? SCIM_INVALID_SYNTAX
															: SCIM_INVALID_PATH),
					errmsg("path \"%s\" names no attribute of resource "
						   "type \"%s\"",
						   ScimPathShown(text.data), patch->type->name)));
}

/* The meaning of an attribute that holds the elements a filter is about. */
static void
selection_info(const ScimResolved *target, ScimAttrInfo *info)
{
	memset(info, 0, sizeof(ScimAttrInfo));
	info->type = target->attribute->type;
	info->multi_valued = true;
	info->case_exact = target->attribute->case_exact;
	info->nkeys = 1;
	info->key[0] = target->attribute->name;
	info->attribute = target->attribute;
}

/*
 * ScimPatchSelectionMeans binds the filter of a path to what its attribute has.  Returns
 * NULL and in *problem what is wrong.
 */
ScimBoundFilter *
ScimPatchSelectionMeans(Patch *patch, const ScimResolved *target,
						const ScimFilter *filter, ScimProblem **problem)
{
	ScimResolveContext context = {patch->registry, patch->type};
	ScimAttrInfo info;

	selection_info(target, &info);
	return ScimFilterBind(filter, 0, ScimResolveForFilter, &context, &info, problem);
}

/* ScimPatchBindSelection prepares the filter of a path for one element at a time. */
ScimBoundFilter *
ScimPatchBindSelection(Patch *patch, const ScimResolved *target, const ScimFilter *filter)
{
	ScimProblem *problem = NULL;
	ScimBoundFilter *bound = ScimPatchSelectionMeans(patch, target, filter, &problem);

	if (bound == NULL)
		ereport(ERROR, (ScimErr(problem->kind), errmsg("%s", problem->message)));
	return bound;
}

/* ScimPatchFilterInput makes of an element what a bound filter matches against. */
Jsonb *
ScimPatchFilterInput(JsonbValue *element)
{
	JsonbValue *object = element;

	/* an element of a multi-valued simple attribute is its own "value" */
	if (element->type != jbvObject)
	{
		object = ScimJsonNewObject();
		ScimJsonSet(object, "value", element);
	}
	return ScimJsonToJsonb(object);
}

/*
 * ScimPatchMatches: does a value match the filter of a path?  Each term at each value is
 * a visit, and of a long text each 64 bytes.
 */
bool
ScimPatchMatches(Patch *patch, const ScimBoundFilter *bound, const Jsonb *input)
{
	int64 visits = 0;
	bool matches = ScimFilterMatchOfMany(bound, (JsonbContainer *) &input->root, &visits);

	ScimPatchVisit(patch, visits);
	return matches;
}

/*
 * ScimPatchRemovesListed says whether a remove with this value means only what it
 * lists.  Without one, or with null, it means all; an empty list is of nothing.  What
 * else is empty, or holds what is, is neither, and an error: a client that meant
 * something must not be told that it is done.
 */
bool
ScimPatchRemovesListed(const ScimAttribute *attribute, const JsonbValue *raw)
{
	const JsonbValue *values = raw;
	int count = 1;

	if (raw == NULL || raw->type == jbvNull)
		return false;
	if (raw->type == jbvArray)
	{
		values = raw->val.array.elems;
		count = raw->val.array.nElems;
	}
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (ScimJsonIsUnassigned(&values[i]))
			raise_empty(attribute, raw, i);
	}
	return true;
}

/*
 * ScimPatchCheckListed raises an error where something that a remove lists has no
 * canonical form: it states nothing but what only the service writes.
 */
void
ScimPatchCheckListed(Patch *patch, const ScimAttribute *attribute, const JsonbValue *raw,
					 const JsonbValue *listed)
{
	int count = raw->type == jbvArray ? raw->val.array.nElems : 1;

	/* equal ones are listed once */
	if (listed != NULL && listed->val.array.nElems == count)
		return;
	for (int i = 0; i < count; i++)
	{
		const JsonbValue *value = raw->type == jbvArray ? &raw->val.array.elems[i] : raw;
		List *problems = NIL;

		CHECK_FOR_INTERRUPTS();
		if (ScimCanonicaliseValue(patch->type, attribute, value, attribute->name,
								  SCIM_KEEP_WRONG, &problems) == NULL)
			raise_empty(attribute, raw, i);
	}
}

/*
 * ScimPatchCheckPart raises an error where a part of what a remove states has no value:
 * null would be all of it, which is not what is said.  An empty list is of nothing.
 */
void
ScimPatchCheckPart(const ScimAttribute *sub, const JsonbValue *raw)
{
	if (!ScimPatchRemovesListed(sub, raw))
		raise_empty(sub, raw, 0);
}

static void
raise_empty(const ScimAttribute *attribute, const JsonbValue *raw, int i)
{
	ereport(ERROR,
			(ScimErr(SCIM_INVALID_VALUE),
			 errmsg("operation \"remove\" names no value of attribute \"%s%s%s\" by %s",
					attribute->parent ? attribute->parent->name : "",
					attribute->parent ? "." : "", attribute->name,
					raw->type == jbvArray ? psprintf("value[%d]", i) : "its value"),
			 errhint("Without a value it removes all, with an empty list none.")));
}

/* ScimPatchPlace is where the documents of the type have an attribute. */
ScimResolved
ScimPatchPlace(const Patch *patch, const ScimAttribute *attribute)
{
	const ScimAttribute *top = attribute->parent ? attribute->parent : attribute;

	return (ScimResolved){.extension = is_of_extension(patch, top) ? top->schema : NULL,
						  .attribute = top,
						  .sub = attribute->parent ? attribute : NULL};
}

/*
 * Does a value that a remove lists mean this element, as values of the attribute compare?
 * By "value", and "type" beside it, where it has one, otherwise by everything that it
 * states.
 */
bool
ScimPatchValueNames(const ScimResolved *of, const JsonbValue *listed,
					const JsonbValue *element)
{
	bool by_value;

	if (listed->type != jbvObject || element->type != jbvObject)
		return ScimSameValue(of, listed, element);
	by_value = ScimJsonGet(listed, "value") != NULL;
	for (int i = 0; i < listed->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &listed->val.object.pairs[i];
		const JsonbValue *other;

		if (by_value && !ScimJsonStringEquals(&pair->key, "value") &&
			!ScimJsonStringEquals(&pair->key, "type"))
			continue;
		other = ScimJsonGetKey(element, &pair->key);
		if (other == NULL || !ScimSamePart(of, &pair->key, &pair->value, other))
			return false;
	}
	return true;
}

/* Who is no client knows a part of an attribute by the whole path of it. */
static void
name_whole(const ScimAttribute *sub, ScimProblem *problem)
{
	char *part = psprintf("attribute \"%s", sub->name);
	size_t len = strlen(part);

	if (strncmp(problem->message, part, len) == 0 &&
		strchr("\".[", problem->message[len]) != NULL)
		problem->message = psprintf("attribute \"%s.%s%s", sub->parent->name, sub->name,
									problem->message + len);
}

static bool
is_of_extension(const Patch *patch, const ScimAttribute *top)
{
	return top->schema != NULL && top->schema != patch->type->schema &&
		   top->schema != patch->type->common;
}

/*
 * ScimPatchRaise raises what is wrong with a value of an attribute.  The paths of the
 * problems begin with its name; who judges them wants to know whose it is.
 */
void
ScimPatchRaise(Patch *patch, const ScimAttribute *attribute, List *problems)
{
	const ScimAttribute *top = attribute->parent ? attribute->parent : attribute;
	bool extends = is_of_extension(patch, top);
	ListCell *lc;

	foreach (lc, problems)
	{
		ScimProblem *problem = lfirst(lc);

		if (!patch->by_client && attribute->parent != NULL)
			name_whole(attribute, problem);
		problem->path =
			psprintf("%s%s%s%s%s", extends ? top->schema->id : "", extends ? ":" : "",
					 attribute->parent ? top->name : "", attribute->parent ? "." : "",
					 problem->path ? problem->path : attribute->name);
	}
	if (patch->judge != NULL)
		patch->judge(patch->judge_arg, problems);
	ScimProblemsRaise(problems);
}

/* parts: what is said need not be a whole value, and may lack what is required of that.
 */
static JsonbValue *
canonical_value(Patch *patch, const ScimAttribute *attribute, const JsonbValue *raw,
				bool parts, int options)
{
	List *problems = NIL;
	JsonbValue *value;

	if (raw == NULL)
		return NULL;
	options |= SCIM_KEEP_WRONG;
	value = ScimCanonicaliseValue(patch->type, attribute, raw, attribute->name, options,
								  &problems);
	if (problems != NIL)
	{
		List *before = problems_before(patch, attribute);

		if (list_length(problems) >= SCIM_MAX_PROBLEMS && before != NIL)
		{
			/* those may come first that were there before */
			problems = NIL;
			value = ScimCanonicaliseValue(patch->type, attribute, raw, attribute->name,
										  options | SCIM_ALL_PROBLEMS, &problems);
		}
		/*
		 * What nobody sees may be missing in what a client sends: it stays with the value
		 * that it is, as the door says, who knows all of them.
		 */
		for (int i = 0; i < attribute->nsubs; i++)
		{
			if (parts || ScimIsSecret(&attribute->subs[i]))
				ScimDropMissing(&attribute->subs[i], &problems);
		}
		ScimPatchRaise(patch, attribute, ScimProblemsOfWrite(problems, before));
	}
	if (value != NULL && attribute->multi_valued && value->type != jbvArray)
	{
		JsonbValue *array = ScimJsonNewArray();

		ScimJsonAppend(array, value);
		return array;
	}
	return value;
}

/*
 * ScimPatchValue makes the canonical form of a value for an attribute; NULL where
 * it is unassigned.  What is wrong with it is an error, unless the document said so
 * before.
 */
JsonbValue *
ScimPatchValue(Patch *patch, const ScimAttribute *attribute, const JsonbValue *raw)
{
	return canonical_value(patch, attribute, raw, false, 0);
}

/*
 * ScimPatchNewValue does so with what takes the place of another value.  Parts that are
 * kept sealed are null where it takes them away, which ScimPatchKeepSealed sees to.
 */
JsonbValue *
ScimPatchNewValue(Patch *patch, const ScimAttribute *attribute, const JsonbValue *raw)
{
	return canonical_value(
		patch, attribute, raw, false,
		attribute->seals ? SCIM_NULL_REMOVES | SCIM_NULL_VALUES | SCIM_KEEPS_SEALED : 0);
}

/*
 * ScimPatchKeepSealed: what takes the place of another value (NULL: of none) keeps what
 * is sealed in that, which no client can send back.  The new value may get parts of the
 * old one.
 */
void
ScimPatchKeepSealed(Patch *patch, const ScimAttribute *attribute,
					const JsonbValue *present, JsonbValue *value)
{
	List *problems = NIL;

	ScimKeepSealedValue(attribute, present, value, &problems);
	ScimPatchRaise(patch, attribute, problems);
}

/* One value may stand in an array, where an attribute has one. */
const JsonbValue *
ScimPatchUnwrap(const JsonbValue *raw)
{
	return raw->type == jbvArray && raw->val.array.nElems == 1 ? &raw->val.array.elems[0]
															   : raw;
}

/*
 * Does a value for something complex, an extension, or one of many name a part of it?
 * Then the operation is about these parts, even if it unassigns all of them.
 */
bool
ScimPatchNamesParts(const JsonbValue *raw)
{
	raw = ScimPatchUnwrap(raw);
	return raw->type == jbvObject && raw->val.object.nPairs > 0;
}

/*
 * What a remove says that a single value is, canonical; NULL where it says nothing, and
 * where that is none, which ScimPatchIsMeant tells apart.
 */
const JsonbValue *
ScimPatchRemovedValue(Patch *patch, const ScimAttribute *attribute, const JsonbValue *raw)
{
	const JsonbValue *value;

	if (!ScimPatchRemovesListed(attribute, raw))
		return NULL;
	value = canonical_value(patch, attribute, raw, true, 0);
	if (value == NULL)
		ScimPatchCheckListed(patch, attribute, raw, NULL);
	return value;
}

/* Does a remove mean the value that is there?  Where it states one, only that. */
bool
ScimPatchIsMeant(const Patch *patch, const ScimAttribute *attribute,
				 const JsonbValue *removed, const JsonbValue *raw,
				 const JsonbValue *present)
{
	ScimResolved of = ScimPatchPlace(patch, attribute);

	if (present == NULL || raw == NULL || raw->type == jbvNull)
		return present != NULL;
	return removed != NULL && ScimPatchValueNames(&of, removed, present);
}

/* Does one of the values that a remove lists, canonical or none, mean this element? */
bool
ScimPatchIsListed(const Patch *patch, const ScimAttribute *attribute,
				  const JsonbValue *listed, const JsonbValue *element)
{
	ScimResolved of = ScimPatchPlace(patch, attribute);

	for (int i = 0; listed != NULL && i < listed->val.array.nElems; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (ScimPatchValueNames(&of, &listed->val.array.elems[i], element))
			return true;
	}
	return false;
}

/* What was wrong with an attribute, or that of a sub-attribute, before the PATCH. */
static List *
problems_before(Patch *patch, const ScimAttribute *attribute)
{
	const ScimAttribute *top = attribute->parent ? attribute->parent : attribute;
	const JsonbValue *object = patch->before;
	const JsonbValue *value;
	List *problems = NIL;

	if (top->schema != NULL && top->schema != patch->type->schema)
		object = ScimJsonGet(object, top->schema->id);
	value = object == NULL ? NULL : ScimJsonGet(object, top->name);
	if (value == NULL)
		return NIL;
	ScimPatchVisit(patch, value->type == jbvArray ? value->val.array.nElems : 1);
	(void) ScimCanonicaliseValue(patch->type, top, value, top->name,
								 SCIM_KEEP_WRONG | SCIM_ALL_PROBLEMS, &problems);
	return problems;
}

/* The canonical form of one element; NULL where it is unassigned. */
JsonbValue *
ScimPatchElementValue(Patch *patch, PatchOp op, const ScimAttribute *attribute,
					  const JsonbValue *raw)
{
	int options = op == PATCH_REPLACE && attribute->seals
					  ? SCIM_NULL_REMOVES | SCIM_KEEPS_SEALED
					  : 0;
	JsonbValue *array = canonical_value(patch, attribute, raw, false, options);

	if (array == NULL)
		return NULL;
	if (array->val.array.nElems != 1)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("a path that selects values of \"%s\" takes one value, not %d",
						attribute->name, array->val.array.nElems)));
	return &array->val.array.elems[0];
}

/* The JSON value of a filter's literal. */
static JsonbValue *
literal_value(const ScimFilter *filter, const ScimFilterNode *node)
{
	JsonbValue *value;
	JsonbValue *number;

	switch ((ScimLiteralKind) node->literal)
	{
		case SCIM_LITERAL_TRUE:
			return ScimJsonNewBool(true);
		case SCIM_LITERAL_FALSE:
			return ScimJsonNewBool(false);
		case SCIM_LITERAL_STRING:
		case SCIM_LITERAL_NUMBER:
			value = ScimJsonNewStringN(ScimFilterString(filter, node->value),
									   node->value_len);
			number = palloc(sizeof(JsonbValue));
			if (node->literal == SCIM_LITERAL_NUMBER &&
				ScimCanonicaliseScalar(SCIM_TYPE_DECIMAL, value, number) == NULL)
				return number;
			return value; /* one that no attribute takes is named as it was written */
		case SCIM_LITERAL_NULL:
		case SCIM_LITERAL_NONE:
			break;
	}
	return NULL;
}

/*
 * ScimPatchElementFromFilter makes the element that a value filter describes:
 * type eq "work" gives {"type": "work"}.  Returns NULL where the filter is no
 * conjunction of eq on writable sub-attributes, and where the setting
 * create_on_absent is off.
 */
JsonbValue *
ScimPatchElementFromFilter(Patch *patch, const ScimAttribute *attribute,
						   const ScimFilter *filter)
{
	JsonbValue *element = ScimJsonNewObject();
	uint32 first = filter->nodes[0].kind == SCIM_NODE_AND ? 1 : 0;

	if (!ScimSettingInForce(SCIM_SETTING_CREATE_ON_ABSENT, patch->type->name) ||
		attribute->nsubs == 0)
		return NULL;
	for (uint32 i = first; i < filter->nnodes; i++)
	{
		const ScimFilterNode *node = &filter->nodes[i];
		const char *name = ScimFilterString(filter, node->name);
		const ScimAttribute *sub;
		JsonbValue *literal;
		JsonbValue *value;
		List *problems = NIL;

		if (node->kind != SCIM_NODE_COMPARE || node->op != SCIM_OP_EQ)
			return NULL;
		sub = ScimAttributeSub(attribute, name, strlen(name));
		literal = literal_value(filter, node);
		if (sub == NULL || sub->mutability == SCIM_READ_ONLY || literal == NULL)
			return NULL;
		value = ScimCanonicaliseValue(patch->type, sub, literal, sub->name, 0, &problems);
		ScimPatchRaise(patch, sub, problems);
		if (value != NULL)
			ScimJsonSet(element, sub->name, value);
	}
	return element;
}
