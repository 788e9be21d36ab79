/*
 * values.c
 *		The policies "canonical" and "reference": which values an attribute may
 *		have.
 *
 * "canonical" makes canonicalValues, which are suggestions (RFC 7643 section 7),
 * the only values: of the attributes that it names, or of all of the type.
 *
 *		{"attributes": ["userType", "emails.type"]}
 *
 * "reference" says that a value is the id of a resource of a type that is there.
 * Its end of a URL will do.  "missing" is "invalidValue", which is the default,
 * or "notFound", and says what the error is.
 *
 *		{"attributes": {"urn:...:User:packageId": "Package"}, "missing": "notFound"}
 */
#include "postgres.h"

#include "json/json.h"
#include "miscadmin.h"
#include "path/path.h"
#include "policy/policy.h"
#include "text/fold.h"

typedef void (*ValueVisitor)(void *context, const ScimAttribute *attribute,
							 const JsonbValue *value);

/* What check_canonical and note_reference are called with. */
typedef struct Visit
{
	const char *path;
	const char *target; /* name of a resource type */
	List **found;       /* of ScimProblem * or ScimReference * */
} Visit;

static bool
resolve(const ScimResourceType *type, const char *path, ScimResolved *resolved)
{
	ScimProblem *problem = NULL;
	ScimPath *parsed = ScimPathParse(path, strlen(path), &problem);
	ScimAttrRef ref;

	if (parsed == NULL || ScimPathFilter(parsed) != NULL)
		return false;
	ref = ScimPathAttrRef(parsed);
	return ScimResolve(type, &ref, resolved) && resolved->attribute != NULL;
}

static void
visit_value(const ScimResolved *resolved, const JsonbValue *value, bool at_sub,
			ValueVisitor visitor, void *context)
{
	CHECK_FOR_INTERRUPTS();
	if (value->type == jbvArray)
	{
		for (int i = 0; i < value->val.array.nElems; i++)
			visit_value(resolved, &value->val.array.elems[i], at_sub, visitor, context);
	}
	else if (resolved->sub != NULL && !at_sub)
	{
		value = value->type == jbvObject ? ScimJsonGet(value, resolved->sub->name) : NULL;
		if (value != NULL)
			visit_value(resolved, value, true, visitor, context);
	}
	else
		visitor(context, resolved->sub ? resolved->sub : resolved->attribute, value);
}

static void
visit_values(const ScimResolved *resolved, const JsonbValue *document,
			 ValueVisitor visitor, void *context)
{
	const JsonbValue *value;

	if (resolved->extension != NULL)
		document = ScimJsonGet(document, resolved->extension->id);
	if (document == NULL || document->type != jbvObject)
		return;
	value = ScimJsonGet(document, resolved->attribute->name);
	if (value != NULL)
		visit_value(resolved, value, false, visitor, context);
}

/* A simple value as text; NULL for an object. */
static char *
value_text(const JsonbValue *value)
{
	StringInfoData text;

	if (value->type == jbvString)
		return ScimJsonStringCopy(value);
	if (value->type == jbvObject)
		return NULL;
	initStringInfo(&text);
	ScimJsonWrite(&text, value);
	return text.data;
}

static void
check_canonical(void *context, const ScimAttribute *attribute, const JsonbValue *value)
{
	const Visit *visit = context;
	char *text = value_text(value);
	StringInfoData allowed;
	ListCell *lc;

	if (text == NULL || attribute->canonical_values == NIL)
		return;
	initStringInfo(&allowed);
	foreach (lc, attribute->canonical_values)
	{
		const char *canonical = lfirst(lc);

		if (attribute->case_exact ? strcmp(text, canonical) == 0
								  : ScimNameEqual(text, canonical))
			return;
		appendStringInfo(&allowed, "%s\"%s\"", allowed.len > 0 ? ", " : "", canonical);
	}
	*visit->found =
		lappend(*visit->found, ScimProblemMake(SCIM_INVALID_VALUE, visit->path,
											   "attribute \"%s\" must be one of %s, not "
											   "\"%s\"",
											   visit->path, allowed.data, text));
}

static void
check_canonical_of(const ScimSchema *schema, bool is_extension,
				   const JsonbValue *document, List **problems)
{
	for (int i = 0; i < schema->nattributes; i++)
	{
		const ScimAttribute *attribute = &schema->attributes[i];

		for (int j = -1; j < attribute->nsubs; j++)
		{
			const ScimAttribute *sub = j < 0 ? NULL : &attribute->subs[j];
			ScimResolved resolved = {is_extension ? schema : NULL, attribute, sub};
			Visit visit = {NULL, NULL, problems};

			if ((sub ? sub : attribute)->canonical_values == NIL)
				continue;
			visit.path = psprintf("%s%s%s%s%s", is_extension ? schema->id : "",
								  is_extension ? ":" : "", attribute->name,
								  sub ? "." : "", sub ? sub->name : "");
			visit_values(&resolved, document, check_canonical, &visit);
		}
	}
}

/*
 * ScimCheckCanonicalValues appends a problem for each value that is none of its
 * attribute's canonicalValues, where the policy "canonical" with these settings
 * wants it.
 */
void
ScimCheckCanonicalValues(const ScimResourceType *type, const Jsonb *settings,
						 const JsonbValue *document, List **problems)
{
	const JsonbValue *attributes = ScimJsonGet(ScimJsonFromJsonb(settings), "attributes");

	if (attributes == NULL)
	{
		check_canonical_of(type->schema, false, document, problems);
		for (int i = 0; i < type->nextensions; i++)
			check_canonical_of(type->extensions[i].schema, true, document, problems);
		return;
	}
	for (int i = 0; attributes->type == jbvArray && i < attributes->val.array.nElems; i++)
	{
		const JsonbValue *element = &attributes->val.array.elems[i];
		Visit visit = {NULL, NULL, problems};
		ScimResolved resolved;

		if (element->type != jbvString)
			continue;
		visit.path = ScimJsonStringCopy(element);
		if (resolve(type, visit.path, &resolved))
			visit_values(&resolved, document, check_canonical, &visit);
	}
}

static void
note_reference(void *context, const ScimAttribute *attribute, const JsonbValue *value)
{
	const Visit *visit = context;
	char *text = value_text(value);
	ScimReference *reference;

	if (text == NULL)
		return;
	reference = palloc(sizeof(ScimReference));
	reference->path = visit->path;
	reference->target = visit->target;
	reference->value = text;
	*visit->found = lappend(*visit->found, reference);
}

/*
 * ScimReferences lists the references of a document that the policy "reference"
 * with these settings wants checked: ScimReference *.
 */
List *
ScimReferences(const ScimResourceType *type, const Jsonb *settings,
			   const JsonbValue *document)
{
	const JsonbValue *attributes = ScimJsonGet(ScimJsonFromJsonb(settings), "attributes");
	List *references = NIL;

	for (int i = 0; attributes != NULL && attributes->type == jbvObject &&
					i < attributes->val.object.nPairs;
		 i++)
	{
		const JsonbPair *pair = &attributes->val.object.pairs[i];
		Visit visit = {ScimJsonStringCopy(&pair->key), NULL, &references};
		ScimResolved resolved;

		if (pair->value.type != jbvString || !resolve(type, visit.path, &resolved))
			continue;
		visit.target = ScimJsonStringCopy(&pair->value);
		visit_values(&resolved, document, note_reference, &visit);
	}
	return references;
}

/* The error where a reference leads nowhere: the setting "missing". */
ScimErrorKind
ScimMissingReferenceError(const Jsonb *settings)
{
	const JsonbValue *missing = ScimJsonGet(ScimJsonFromJsonb(settings), "missing");

	if (missing != NULL && ScimJsonStringEquals(missing, "notFound"))
		return SCIM_NOT_FOUND;
	return SCIM_INVALID_VALUE;
}

/*
 * ScimPolicyUnknown returns what settings of these policies name and the registry
 * does not know, an attribute or a resource type, or NULL.
 */
const char *
ScimPolicyUnknown(const ScimRegistry *registry, const ScimResourceType *type,
				  const Jsonb *settings)
{
	const JsonbValue *attributes = ScimJsonGet(ScimJsonFromJsonb(settings), "attributes");
	ScimResolved resolved;

	if (attributes == NULL)
		return NULL;
	for (int i = 0; attributes->type == jbvArray && i < attributes->val.array.nElems; i++)
	{
		const char *path = value_text(&attributes->val.array.elems[i]);

		if (path == NULL || !resolve(type, path, &resolved))
			return psprintf("attribute \"%s\"", path ? path : "{}");
	}
	for (int i = 0; attributes->type == jbvObject && i < attributes->val.object.nPairs;
		 i++)
	{
		const JsonbPair *pair = &attributes->val.object.pairs[i];
		const char *path = ScimJsonStringCopy(&pair->key);
		const char *target = value_text(&pair->value);

		if (!resolve(type, path, &resolved))
			return psprintf("attribute \"%s\"", path);
		if (target == NULL || ScimRegistryType(registry, target) == NULL)
			return psprintf("resource type \"%s\"", target ? target : "{}");
	}
	return NULL;
}
