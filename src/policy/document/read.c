/*
 * read.c
 *		What the compilers of policies need to read settings.
 */
#include "postgres.h"

#include "json/json.h"
#include "path/path.h"
#include "policy/document/rules.h"

/*
 * ScimResolvePath finds the attribute that a policy names.  False where there is
 * none: an unknown one, a schema, a value path.
 */
bool
ScimResolvePath(const ScimResourceType *type, const char *path, ScimResolved *resolved)
{
	ScimProblem *problem = NULL;
	ScimPath *parsed = ScimPathParse(path, strlen(path), &problem);
	ScimAttrRef ref;

	if (parsed == NULL || ScimPathFilter(parsed) != NULL)
		return false;
	ref = ScimPathAttrRef(parsed);
	return ScimResolve(type, &ref, resolved) && resolved->attribute != NULL;
}

/*
 * ScimAttributeFault resolves the path of an attribute that is there, and is kept as
 * a client states it; or says, in words that follow the name of a policy, what is wrong.
 */
const char *
ScimAttributeFault(const ScimResourceType *type, const char *path, ScimResolved *resolved)
{
	const ScimAttribute *attribute;
	const char *name;

	if (!ScimResolvePath(type, path, resolved))
		return psprintf("names the unknown attribute \"%s\"", path);
	attribute = resolved->attribute;
	name = attribute->name;
	if (attribute->schema == NULL && strcmp(name, "externalId") != 0)
		return psprintf("names the attribute \"%s\", which the store itself sets", path);
	if (type->has_groups && resolved->extension == NULL && strcmp(name, "groups") == 0)
		return psprintf("names the attribute \"%s\", which follows from the groups",
						path);
	if (type->has_groups && resolved->extension == NULL && strcmp(name, "password") == 0)
		return psprintf("names the attribute \"%s\", which is not kept", path);
	/* what follows from a value tells it, and so does what compares it */
	if (ScimIsSecret(attribute) || ScimIsSecret(resolved->sub))
		return psprintf("names the attribute \"%s\", which nobody may find out", path);
	if (ScimIsOfMembers(type, resolved) && resolved->sub != NULL &&
		strcmp(resolved->sub->name, "value") != 0 &&
		strcmp(resolved->sub->name, "type") != 0)
		return psprintf("names the attribute \"%s\", which follows from the member",
						path);
	return NULL;
}

/* ScimIsOfMembers: is it the attribute "members" of a group, or a part of it? */
bool
ScimIsOfMembers(const ScimResourceType *type, const ScimResolved *resolved)
{
	return type->has_members && resolved->extension == NULL &&
		   strcmp(resolved->attribute->name, "members") == 0;
}

/*
 * ScimTargetFault is ScimAttributeFault for an attribute that a rule is to write: not
 * the members of a group.
 */
const char *
ScimTargetFault(const ScimResourceType *type, const char *path, ScimResolved *resolved)
{
	const char *fault = ScimAttributeFault(type, path, resolved);

	if (fault == NULL && ScimIsOfMembers(type, resolved))
		fault = psprintf("names the attribute \"%s\", which is kept elsewhere", path);
	return fault;
}

/* ScimShownFault is ScimTargetFault for what is shown whole, with all of its parts. */
const char *
ScimShownFault(const ScimResourceType *type, const char *path, ScimResolved *resolved)
{
	const char *fault = ScimTargetFault(type, path, resolved);

	if (fault == NULL && resolved->sub == NULL)
	{
		for (int i = 0; i < resolved->attribute->nsubs; i++)
		{
			if (ScimIsSecret(&resolved->attribute->subs[i]))
				return psprintf("names the attribute \"%s\", of which nobody may find "
								"out the part \"%s\"",
								path, resolved->attribute->subs[i].name);
		}
	}
	return fault;
}

/*
 * ScimRuleReferenceFault is ScimAttributeFault for one whose values are ids; a complex
 * attribute stands for its sub-attribute "value".
 */
const char *
ScimRuleReferenceFault(const ScimResourceType *type, const char *path,
					   ScimResolved *resolved)
{
	const char *fault = ScimAttributeFault(type, path, resolved);
	const ScimAttribute *last;

	if (fault != NULL)
		return fault;
	if (resolved->sub == NULL && resolved->attribute->type == SCIM_TYPE_COMPLEX)
		resolved->sub = ScimAttributeSub(resolved->attribute, "value", 5);
	last = ScimLeaf(resolved);
	if ((last->type != SCIM_TYPE_STRING && last->type != SCIM_TYPE_REFERENCE) ||
		(ScimIsOfMembers(type, resolved) && strcmp(last->name, "value") != 0))
		return psprintf("names the attribute \"%s\", whose values refer to nothing",
						path);
	return NULL;
}

/* ScimRuleMembers reads a setting that is an object and not empty. */
const JsonbValue *
ScimRuleMembers(const ScimRuleSource *source, const char *setting, const char **fault)
{
	const JsonbValue *object = ScimJsonGet(source->settings, setting);

	if (object == NULL || object->type != jbvObject)
		*fault = psprintf("needs the setting \"%s\", an object", setting);
	else if (object->val.object.nPairs == 0)
		*fault = "names no attribute";
	return object;
}

/* ScimRuleAttributes reads a setting that is an array of paths: ScimResolved *. */
List *
ScimRuleAttributes(const ScimRuleSource *source, const char *setting, const char **fault)
{
	const JsonbValue *array = ScimJsonGet(source->settings, setting);
	List *attributes = NIL;
	List *named = NIL;

	if (array == NULL || array->type != jbvArray)
	{
		*fault = psprintf("needs the setting \"%s\", an array of attributes", setting);
		return NIL;
	}
	if (array->val.array.nElems == 0)
		*fault = "names no attribute";
	for (int i = 0; *fault == NULL && i < array->val.array.nElems; i++)
	{
		const char *path = ScimJsonStringCopy(&array->val.array.elems[i]);
		ScimResolved *resolved = palloc(sizeof(ScimResolved));

		if (path == NULL)
			*fault = psprintf("has a setting \"%s\" whose elements are not all strings",
							  setting);
		else
			*fault = ScimTargetFault(source->type, path, resolved);
		if (*fault == NULL && resolved->sub != NULL && resolved->attribute->multi_valued)
			*fault = psprintf("names a part of the attribute \"%s\", which has several "
							  "values",
							  resolved->attribute->name);
		if (*fault == NULL)
			*fault = ScimRuleTwiceFault(source, &named, resolved);
		attributes = lappend(attributes, resolved);
	}
	return attributes;
}

/* ScimRuleTexts reads a setting that is a text, or an array of texts, none of them empty.
 */
List *
ScimRuleTexts(const ScimRuleSource *source, const char *setting, bool must,
			  const char **fault)
{
	const JsonbValue *value = ScimJsonGet(source->settings, setting);
	bool is_array = value != NULL && value->type == jbvArray;
	int n = value == NULL ? 0 : is_array ? value->val.array.nElems : 1;
	List *texts = NIL;

	for (int i = 0; i < n && *fault == NULL; i++)
	{
		char *text = ScimJsonStringCopy(is_array ? &value->val.array.elems[i] : value);

		if (text == NULL || text[0] == '\0')
			*fault = psprintf("has the setting \"%s\", which is neither a text nor an "
							  "array of texts",
							  setting);
		else
			texts = lappend(texts, text);
	}
	if (*fault == NULL && texts == NIL && (must || value != NULL))
		*fault =
			psprintf("needs the setting \"%s\", a text or an array of texts", setting);
	return texts;
}

/*
 * ScimRuleChoice reads a setting that is one of some strings, NULL at their end, and
 * returns its number; the first is the default.  There are two or three.
 */
int
ScimRuleChoice(const ScimRuleSource *source, const char *setting,
			   const char *const *choices, const char **fault)
{
	const JsonbValue *value = ScimJsonGet(source->settings, setting);

	if (value == NULL)
		return 0;
	for (int i = 0; choices[i] != NULL; i++)
	{
		if (ScimJsonStringEquals(value, choices[i]))
			return i;
	}
	if (*fault == NULL && choices[2] == NULL)
		*fault = psprintf("has the setting \"%s\", which is neither \"%s\" nor \"%s\"",
						  setting, choices[0], choices[1]);
	else if (*fault == NULL)
		*fault =
			psprintf("has the setting \"%s\", which is none of \"%s\", \"%s\" and \"%s\"",
					 setting, choices[0], choices[1], choices[2]);
	return 0;
}

/*
 * ScimRuleTwiceFault adds an attribute to those that a row has named, ScimResolved *, or
 * says that it is one of them, in other words or in another letter case.
 */
const char *
ScimRuleTwiceFault(const ScimRuleSource *source, List **named,
				   const ScimResolved *resolved)
{
	const ListCell *lc;

	foreach (lc, *named)
	{
		const ScimResolved *other = lfirst(lc);

		if (source->statuses->strict && other->attribute == resolved->attribute &&
			other->sub == resolved->sub)
			return psprintf("names the attribute \"%s\" twice", ScimRulePath(resolved));
	}
	*named = lappend(*named, (void *) resolved);
	return NULL;
}

/*
 * ScimNamesSame: do two rows of settings name the same values?  An attribute with a
 * "value" names that, where it is asked for its value.
 */
bool
ScimNamesSame(const ScimResolved *a, const ScimResolved *b)
{
	const ScimAttribute *value =
		a->attribute->type == SCIM_TYPE_COMPLEX
			? ScimAttributeSub(a->attribute, "value", strlen("value"))
			: NULL;

	return a->attribute == b->attribute &&
		   (a->sub != NULL ? a->sub : value) == (b->sub != NULL ? b->sub : value);
}

/* ScimUnknownMemberFault: does an object within settings have a member not known? */
const char *
ScimUnknownMemberFault(const JsonbValue *object, const char *const *known)
{
	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		const JsonbValue *key = &object->val.object.pairs[i].key;
		int j = 0;

		while (known[j] != NULL && !ScimJsonStringEquals(key, known[j]))
			j++;
		if (known[j] == NULL)
			return psprintf("has the unknown setting \"%s\"", ScimJsonStringCopy(key));
	}
	return NULL;
}

/* ScimRuleError reads "status" and "scimType", which say what an error is. */
ScimOwnError
ScimRuleError(const JsonbValue *settings, const char **fault)
{
	static const int statuses[] = {400, 403, 404, 409, 422};
	const JsonbValue *status = ScimJsonGet(settings, "status");
	const JsonbValue *scim_type = ScimJsonGet(settings, "scimType");
	ScimOwnError error = {0};

	if (scim_type != NULL)
	{
		const char *text = ScimJsonStringCopy(scim_type);

		if (text == NULL || !ScimIsErrorType(text))
			*fault = "has the setting \"scimType\", which is not a word of letters";
		error.scim_type = text;
	}
	for (size_t i = 0; status != NULL && i < lengthof(statuses); i++)
	{
		int64 number;

		if (ScimMessageInteger(status, &number) && number == statuses[i])
			error.status = statuses[i];
	}
	if (status != NULL && error.status == 0)
		*fault = "has the setting \"status\", which is not 400, 403, 404, 409 or 422";
	return error;
}
