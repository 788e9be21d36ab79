/*
 * endpoint_value.c
 *		What an endpoint stores of itself: the values of fields that have names for
 *		them, and constants.
 *
 * They must be such as their attributes can have.  What the schemas refuse is refused
 * when the endpoint is compiled; what only a policy for all tenants refuses, when the
 * endpoint is written: one that comes later does not take the endpoint away.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "endpoint/endpoint_compile.h"
#include "policy/policy.h"
#include "resource/resource.h"

/* {"urn:...": {"emails": [{"value": ...}]}} */
static JsonbValue *
document_with(const ScimFlatPath *path, const JsonbValue *value)
{
	const ScimResolved *resolved = &path->resolved;
	JsonbValue *document = ScimJsonNewObject();
	JsonbValue *outer;

	if (resolved->sub != NULL)
	{
		JsonbValue *object = ScimJsonNewObject();

		ScimJsonSet(object, resolved->sub->name, value);
		value = object;
	}
	if (resolved->attribute->multi_valued && value->type != jbvArray)
	{
		JsonbValue *list = ScimJsonNewArray();

		ScimJsonAppend(list, value);
		value = list;
	}
	ScimJsonSet(document, resolved->attribute->name, value);
	if (resolved->extension == NULL)
		return document;
	outer = ScimJsonNewObject();
	ScimJsonSet(outer, resolved->extension->id, document);
	return outer;
}

/* Notes the first of some problems; partial: parts may be missing. */
static bool
note_problem(ScimCompile *c, const char *place, List *problems, bool partial)
{
	ListCell *lc;

	foreach (lc, problems)
	{
		const ScimProblem *problem = lfirst(lc);

		if (partial && problem->value == NULL)
			continue;
		ScimCompileFail(c, place, "%s", problem->message);
		return true;
	}
	return false;
}

/* The canonical form of a value at the end of a path, or NULL: it cannot be. */
static const JsonbValue *
canonical_value(ScimCompile *c, const char *place, const ScimFlatPath *path,
				const JsonbValue *value, bool partial)
{
	const ScimResourceType *type = c->endpoint->type;
	List *problems = NIL;
	const JsonbValue *canonical =
		ScimCanonicaliseValue(type, ScimFlatLeaf(path), value, path->text,
							  SCIM_BY_SERVICE | SCIM_ALL_KNOWN, &problems);

	if (canonical != NULL)
		ScimCheckLimits(type, document_with(path, canonical), NULL, &problems);
	return note_problem(c, place, problems, partial) ? NULL : canonical;
}

/*
 * ScimCompileStored returns the canonical form of what is stored where something is
 * said of a field, or NULL after it has noted why it cannot be.
 */
const JsonbValue *
ScimCompileStored(ScimCompile *c, const char *place, const ScimFlatPath *path,
				  const JsonbValue *value)
{
	const ScimAttribute *leaf = ScimFlatLeaf(path);
	const JsonbValue *canonical;

	if (value->type != jbvString && value->type != jbvBool && value->type != jbvNumeric)
		ScimCompileFail(c, place, "must be a string, a number, true or false");
	else if (leaf->type == SCIM_TYPE_COMPLEX)
		ScimCompileFail(c, place, "attribute \"%s\" has parts: name one of them",
						leaf->name);
	else if (ScimIsSecret(path->resolved.attribute) || ScimIsSecret(path->resolved.sub))
		ScimCompileFail(c, place, "attribute \"%s\" is a secret", leaf->name);
	else if (ScimJsonIsUnassigned(value))
		ScimCompileFail(c, place, "is no value");
	if (c->endpoint->problem != NULL)
		return NULL;
	canonical = canonical_value(c, place, path, value, false);
	if (canonical != NULL && canonical->type == jbvArray)
		canonical = &canonical->val.array.elems[0];
	return canonical;
}

static bool
is_no_name(void *context, const char *name)
{
	return false;
}

static const JsonbValue *
no_place(void *context, const char *name)
{
	return NULL;
}

/*
 * What of a constant is the same whatever a body says, or NULL; *partial: there is
 * more of it.
 */
static const JsonbValue *
settled_part(const JsonbValue *value, bool *partial)
{
	JsonbValue *part;

	check_stack_depth();
	if (value->type == jbvString)
	{
		if (ScimTemplateCheck(value, is_no_name, NULL) == NULL)
			return ScimTemplateFill(value, no_place, NULL);
		*partial = true;
		return NULL;
	}
	if (value->type == jbvArray)
	{
		part = ScimJsonNewArray();
		for (int i = 0; i < value->val.array.nElems; i++)
		{
			const JsonbValue *element = settled_part(&value->val.array.elems[i], partial);

			if (element != NULL)
				ScimJsonAppend(part, element);
		}
		return part;
	}
	if (value->type != jbvObject)
		return value;
	part = ScimJsonNewObject();
	for (int i = 0; i < value->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &value->val.object.pairs[i];
		const JsonbValue *member = settled_part(&pair->value, partial);

		if (member != NULL)
			ScimJsonSetN(part, pair->key.val.string.val, pair->key.val.string.len,
						 member);
	}
	return part;
}

/* A list of the values of a part that each element has: "emails.value". */
static const JsonbValue *
canonical_parts(ScimCompile *c, const char *place, const ScimFlatPath *path,
				const JsonbValue *values, bool partial)
{
	JsonbValue *list = ScimJsonNewArray();

	for (int i = 0; i < values->val.array.nElems; i++)
	{
		const JsonbValue *part =
			canonical_value(c, place, path, &values->val.array.elems[i], partial);

		if (part != NULL)
			ScimJsonAppend(list, part);
	}
	return list;
}

/*
 * ScimCompileCheckConstant notes what of a constant its attribute cannot have, as far
 * as that does not depend on what a body says.
 */
void
ScimCompileCheckConstant(ScimCompile *c, const char *place, ScimFlatConstant *constant)
{
	const ScimFlatPath *path = &constant->path;
	const ScimAttribute *leaf = ScimFlatLeaf(path);
	bool partial = false;
	const JsonbValue *value;

	if (c->endpoint->problem != NULL)
		return;
	value = settled_part(constant->value, &partial);
	if (value == NULL)
		return;
	if (ScimJsonIsUnassigned(value))
	{
		if (!partial)
			ScimCompileFail(c, place, "is no value");
		return;
	}
	/* of several values that have the part, or one that a filter selects */
	if (value->type == jbvArray && path->filter != NULL && path->resolved.sub == NULL &&
		value->val.array.nElems > 1)
		ScimCompileFail(c, place, "attribute \"%s\" is one value here", path->text);
	else if (value->type == jbvArray && path->several && !leaf->multi_valued)
		constant->stored = canonical_parts(c, place, path, value, partial);
	else
		constant->stored = canonical_value(c, place, path, value, partial);
	if (partial)
		constant->stored = NULL;
}

static const char *
rule_fault(const ScimRules *rules, const ScimFlatPath *path, const JsonbValue *value)
{
	List *problems = NIL;
	ListCell *lc;

	foreach (lc, rules->of[SCIM_RULE_CANONICAL])
		ScimCheckCanonicalValues(((const ScimRule *) lfirst(lc))->compiled,
								 document_with(path, value), &problems);
	return problems == NIL ? NULL : ((const ScimProblem *) linitial(problems))->message;
}

/*
 * ScimEndpointRuleFault returns what the policies for all tenants have against what an
 * endpoint stores of itself, with its place, or NULL.
 */
const char *
ScimEndpointRuleFault(ScimStore *store, const ScimEndpoint *endpoint, const char **place)
{
	const ScimRules *rules;
	const char *fault;

	if (endpoint->problem != NULL || !endpoint->action->takes_body)
		return NULL;
	rules = ScimRulesFor(store, SCIM_EVERY_TENANT, endpoint->type);
	if (rules->of[SCIM_RULE_CANONICAL] == NIL)
		return NULL;
	for (int i = 0; i < endpoint->nfields; i++)
	{
		const ScimFlatField *field = &endpoint->fields[i];

		for (int j = 0; j < field->nvalues && field->writable; j++)
		{
			fault = rule_fault(rules, &field->path, field->values[j].stored);
			*place = psprintf("settings.fields.%s.values.%s", field->name,
							  ScimJsonStringCopy(field->values[j].outside));
			if (fault != NULL)
				return fault;
		}
	}
	/* which only a new resource gets */
	for (int i = 0; i < endpoint->nconstants && !endpoint->action->of_resource; i++)
	{
		const ScimFlatConstant *constant = &endpoint->constants[i];

		if (constant->stored == NULL)
			continue;
		fault = rule_fault(rules, &constant->path, constant->stored);
		*place = psprintf("settings.constants.%s", constant->name);
		if (fault != NULL)
			return fault;
	}
	return NULL;
}
