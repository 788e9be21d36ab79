/*
 * values.c
 *		The policies "canonical" and "reference": which values an attribute may
 *		have.
 *
 * "canonical" makes canonicalValues, which are suggestions (RFC 7643 section 7),
 * the only values: of the attributes that it names, or of all of the type.  A
 * complex attribute stands for its sub-attributes that have canonicalValues.
 *
 *		{"attributes": ["userType", "emails.type"]}
 *
 * "reference" says that a value is the id of a resource, of one of some types, that
 * is there.  Its end of a URL will do.  A complex attribute stands for its
 * sub-attribute "value".  "missing" is "invalidValue", which is the default, or
 * "notFound", and says what the error is.
 *
 *		{"attributes": {"urn:...:User:packageId": "Package", "members": ["User",
 *"Group"]}, "missing": "notFound"}
 */
#include "postgres.h"

#include "json/json.h"
#include "miscadmin.h"
#include "path/path.h"
#include "policy/policy.h"
#include "text/fold.h"

typedef void (*ValueVisitor)(const ScimValueRule *rule, const JsonbValue *value,
							 List **found);

static ScimValueRule *make_rule(const char *path, const ScimResolved *resolved);
static void add_canonical_rules(List **rules, const ScimSchema *extension,
								const ScimAttribute *attribute);
static void add_schema_rules(List **rules, const ScimSchema *schema, bool is_extension);
static char *attribute_path(const ScimSchema *extension, const ScimAttribute *attribute,
							const ScimAttribute *sub);
static List *target_names(const JsonbValue *setting);
static void visit_values(const ScimValueRule *rule, const JsonbValue *document,
						 ValueVisitor visitor, List **found);
static void visit_value(const ScimValueRule *rule, const JsonbValue *value, bool at_sub,
						ValueVisitor visitor, List **found);
static char *value_text(const JsonbValue *value);
static void
check_canonical(const ScimValueRule *rule, const JsonbValue *value, List **found);
static void note_text(const ScimValueRule *rule, const JsonbValue *value, List **found);
static const ScimAttribute *rule_attribute(const ScimValueRule *rule);

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
 * ScimCanonicalRules lists what the policy "canonical" with these settings holds
 * for: ScimValueRule *.
 */
List *
ScimCanonicalRules(const ScimResourceType *type, const Jsonb *settings)
{
	const JsonbValue *attributes = ScimJsonGet(ScimJsonFromJsonb(settings), "attributes");
	List *rules = NIL;

	if (attributes == NULL)
	{
		add_schema_rules(&rules, type->schema, false);
		for (int i = 0; i < type->nextensions; i++)
			add_schema_rules(&rules, type->extensions[i].schema, true);
		return rules;
	}
	for (int i = 0; attributes->type == jbvArray && i < attributes->val.array.nElems; i++)
	{
		char *path = ScimJsonStringCopy(&attributes->val.array.elems[i]);
		ScimResolved resolved;

		if (path == NULL || !ScimResolvePath(type, path, &resolved))
			continue;
		if (resolved.sub == NULL && resolved.attribute->type == SCIM_TYPE_COMPLEX)
			add_canonical_rules(&rules, resolved.extension, resolved.attribute);
		else
			rules = lappend(rules, make_rule(path, &resolved));
	}
	return rules;
}

/* ScimReferenceRules does so for the policy "reference". */
List *
ScimReferenceRules(const ScimResourceType *type, const Jsonb *settings)
{
	const JsonbValue *attributes = ScimJsonGet(ScimJsonFromJsonb(settings), "attributes");
	List *rules = NIL;

	for (int i = 0; attributes != NULL && attributes->type == jbvObject &&
					i < attributes->val.object.nPairs;
		 i++)
	{
		const JsonbPair *pair = &attributes->val.object.pairs[i];
		const char *path = ScimJsonStringCopy(&pair->key);
		ScimResolved resolved;
		ScimValueRule *rule;

		if (!ScimResolvePath(type, path, &resolved))
			continue;
		if (resolved.sub == NULL && resolved.attribute->type == SCIM_TYPE_COMPLEX)
		{
			resolved.sub = ScimAttributeSub(resolved.attribute, "value", 5);
			if (resolved.sub == NULL)
				continue;
		}
		rule = make_rule(path, &resolved);
		rule->targets = target_names(&pair->value);
		rules = lappend(rules, rule);
	}
	return rules;
}

static ScimValueRule *
make_rule(const char *path, const ScimResolved *resolved)
{
	ScimValueRule *rule = palloc0(sizeof(ScimValueRule));

	rule->path = path;
	rule->resolved = *resolved;
	return rule;
}

/* An attribute and its sub-attributes, those that have canonicalValues. */
static void
add_canonical_rules(List **rules, const ScimSchema *extension,
					const ScimAttribute *attribute)
{
	for (int i = -1; i < attribute->nsubs; i++)
	{
		const ScimAttribute *sub = i < 0 ? NULL : &attribute->subs[i];
		ScimResolved resolved = {extension, attribute, sub};

		if ((sub ? sub : attribute)->canonical_values != NIL)
			*rules = lappend(
				*rules, make_rule(attribute_path(extension, attribute, sub), &resolved));
	}
}

static void
add_schema_rules(List **rules, const ScimSchema *schema, bool is_extension)
{
	for (int i = 0; i < schema->nattributes; i++)
		add_canonical_rules(rules, is_extension ? schema : NULL, &schema->attributes[i]);
}

static char *
attribute_path(const ScimSchema *extension, const ScimAttribute *attribute,
			   const ScimAttribute *sub)
{
	return psprintf("%s%s%s%s%s", extension ? extension->id : "", extension ? ":" : "",
					attribute->name, sub ? "." : "", sub ? sub->name : "");
}

/* "User" or ["User", "Group"] as a list of char *. */
static List *
target_names(const JsonbValue *setting)
{
	List *names = NIL;

	if (setting->type == jbvString)
		return list_make1(ScimJsonStringCopy(setting));
	for (int i = 0; setting->type == jbvArray && i < setting->val.array.nElems; i++)
	{
		if (setting->val.array.elems[i].type == jbvString)
			names = lappend(names, ScimJsonStringCopy(&setting->val.array.elems[i]));
	}
	return names;
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
	ListCell *lc;

	foreach (lc, ScimCanonicalRules(type, settings))
		visit_values(lfirst(lc), document, check_canonical, problems);
}

/*
 * ScimReferences lists the references of a document that the policy "reference"
 * with these settings wants checked: ScimReference *.
 */
List *
ScimReferences(const ScimResourceType *type, const Jsonb *settings,
			   const JsonbValue *document)
{
	List *references = NIL;
	ListCell *lc;

	foreach (lc, ScimReferenceRules(type, settings))
	{
		const ScimValueRule *rule = lfirst(lc);
		List *values = NIL;
		ListCell *value;

		visit_values(rule, document, note_text, &values);
		foreach (value, values)
		{
			ScimReference *reference = palloc(sizeof(ScimReference));

			reference->rule = rule;
			reference->value = lfirst(value);
			reference->problem = *ScimReferenceProblem(rule, settings, lfirst(value));
			references = lappend(references, reference);
		}
	}
	return references;
}

static void
visit_values(const ScimValueRule *rule, const JsonbValue *document, ValueVisitor visitor,
			 List **found)
{
	const JsonbValue *value;

	if (rule->resolved.extension != NULL)
		document = ScimJsonGet(document, rule->resolved.extension->id);
	if (document == NULL || document->type != jbvObject)
		return;
	value = ScimJsonGet(document, rule->resolved.attribute->name);
	if (value != NULL)
		visit_value(rule, value, false, visitor, found);
}

static void
visit_value(const ScimValueRule *rule, const JsonbValue *value, bool at_sub,
			ValueVisitor visitor, List **found)
{
	CHECK_FOR_INTERRUPTS();
	if (value->type == jbvArray)
	{
		for (int i = 0; i < value->val.array.nElems; i++)
			visit_value(rule, &value->val.array.elems[i], at_sub, visitor, found);
	}
	else if (rule->resolved.sub != NULL && !at_sub)
	{
		value = ScimJsonGet(value, rule->resolved.sub->name);
		if (value != NULL)
			visit_value(rule, value, true, visitor, found);
	}
	else
		visitor(rule, value, found);
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
check_canonical(const ScimValueRule *rule, const JsonbValue *value, List **found)
{
	char *text = value_text(value);
	ScimProblem *problem;

	if (text == NULL || ScimIsCanonicalValue(rule_attribute(rule), text))
		return;
	problem = ScimCanonicalProblem(rule, text);
	problem->value = value;
	*found = lappend(*found, problem);
}

/* ScimIsCanonicalValue: is it one of the attribute's, or has it none? */
bool
ScimIsCanonicalValue(const ScimAttribute *attribute, const char *text)
{
	ListCell *lc;

	foreach (lc, attribute->canonical_values)
	{
		const char *canonical = lfirst(lc);

		if (attribute->case_exact ? strcmp(text, canonical) == 0
								  : ScimNameEqual(text, canonical))
			return true;
	}
	return attribute->canonical_values == NIL;
}

/* ScimCanonicalProblem says that a value is none of those that a rule allows. */
ScimProblem *
ScimCanonicalProblem(const ScimValueRule *rule, const char *text)
{
	StringInfoData allowed;
	ScimProblem *problem;
	ListCell *lc;

	initStringInfo(&allowed);
	foreach (lc, rule_attribute(rule)->canonical_values)
		appendStringInfo(&allowed, "%s\"%s\"", allowed.len > 0 ? ", " : "",
						 (const char *) lfirst(lc));
	problem = ScimProblemMake(SCIM_INVALID_VALUE, rule->path,
							  "attribute \"%s\" must be one of %s, not \"%s\"",
							  rule->path, allowed.data, text);
	problem->about = rule_attribute(rule);
	return problem;
}

static void
note_text(const ScimValueRule *rule, const JsonbValue *value, List **found)
{
	char *text = value_text(value);

	if (text != NULL)
		*found = lappend(*found, text);
}

/*
 * ScimReferenceProblem says that a reference leads nowhere; what the error is, is
 * the setting "missing".
 */
ScimProblem *
ScimReferenceProblem(const ScimValueRule *rule, const Jsonb *settings, const char *text)
{
	const JsonbValue *missing = ScimJsonGet(ScimJsonFromJsonb(settings), "missing");
	bool not_found = missing != NULL && ScimJsonStringEquals(missing, "notFound");
	StringInfoData targets;
	ScimProblem *problem;
	ListCell *lc;

	initStringInfo(&targets);
	foreach (lc, rule->targets)
		appendStringInfo(&targets, "%s%s", targets.len > 0 ? " or " : "",
						 (const char *) lfirst(lc));
	problem =
		ScimProblemMake(not_found ? SCIM_NOT_FOUND : SCIM_INVALID_VALUE, rule->path,
						"attribute \"%s\" refers to %s \"%s\", which does not exist",
						rule->path, targets.data, text);
	problem->about = rule_attribute(rule);
	problem->value = ScimJsonNewString(text);
	return problem;
}

static const ScimAttribute *
rule_attribute(const ScimValueRule *rule)
{
	return rule->resolved.sub ? rule->resolved.sub : rule->resolved.attribute;
}
