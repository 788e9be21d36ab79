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
 * sub-attribute "value", for which "$ref" may say it (schema/canonical/reference.c).  The
 * error is what "missing" says: "invalidValue", which is the default, or "notFound".
 *
 *		{"attributes": {"urn:...:User:packageId": "Package",
 *						"members": ["User", "Group"]}, "missing": "notFound"}
 *
 * In place of a type, {"type": "Package", "onDelete": "restrict"} says what happens when
 * what is referred to goes: it may not ("restrict"); the reference goes as well, which
 * is "clear"; or it stays, "leave", the default.  Who leaves leaves all groups.
 */
#include "postgres.h"

#include "json/json.h"
#include "miscadmin.h"
#include "policy/document/document.h"
#include "schema/canonical/canonical.h"
#include "text/fold.h"

static ScimValueRule *make_rule(const char *path, const ScimResolved *resolved);
static void add_canonical_rules(List **rules, const ScimSchema *extension,
								const ScimAttribute *attribute);
static void add_schema_rules(List **rules, const ScimSchema *schema, bool is_extension);
static char *attribute_path(const ScimSchema *extension, const ScimAttribute *attribute,
							const ScimAttribute *sub);
static ScimOnDelete read_on_delete(const ScimRuleSource *source, ScimValueRule *rule,
								   const JsonbValue *setting, const char **fault);
static ScimValueRule *
reference_rule(const ScimRuleSource *source, const JsonbPair *pair, const char **fault);
static List *
target_names(const ScimRegistry *registry, const JsonbValue *setting, const char **fault);
static char *value_text(const JsonbValue *value);
static void
check_canonical(const ScimValueRule *rule, const JsonbValue *value, List **found);
static const ScimAttribute *rule_attribute(const ScimValueRule *rule);

/* ScimCanonicalCompile makes a list of ScimValueRule *. */
void *
ScimCanonicalCompile(const ScimRuleSource *source, const char **fault)
{
	const ScimResourceType *type = source->type;
	const JsonbValue *attributes = ScimJsonGet(source->settings, "attributes");
	List *rules = NIL;
	List *named = NIL;

	if (attributes == NULL)
	{
		add_schema_rules(&rules, type->schema, false);
		for (int i = 0; i < type->nextensions; i++)
			add_schema_rules(&rules, type->extensions[i].schema, true);
	}
	else if (attributes->type != jbvArray)
	{
		*fault = "has the setting \"attributes\", which is not an array";
		return NIL;
	}
	for (int i = 0; attributes != NULL && i < attributes->val.array.nElems; i++)
	{
		char *path = ScimJsonStringCopy(&attributes->val.array.elems[i]);
		int already = list_length(rules);
		ScimResolved resolved;

		if (path == NULL)
			*fault = "has a setting \"attributes\" whose elements are not all strings";
		else
			*fault = ScimAttributeFault(type, path, &resolved);
		if (*fault != NULL)
			return NIL;
		if (resolved.sub == NULL && resolved.attribute->type == SCIM_TYPE_COMPLEX)
			add_canonical_rules(&rules, resolved.extension, resolved.attribute);
		else if ((resolved.sub ? resolved.sub : resolved.attribute)->canonical_values)
			rules = lappend(rules, make_rule(path, &resolved));
		if (list_length(rules) == already)
		{
			*fault = psprintf("names the attribute \"%s\", which has no canonicalValues",
							  path);
			return NIL;
		}
		for (int j = already; j < list_length(rules); j++)
		{
			ScimValueRule *rule = list_nth(rules, j);

			*fault = ScimRuleTwiceFault(source, &named, &rule->resolved);
			if (*fault != NULL)
				return NIL;
		}
	}
	if (rules == NIL)
		*fault = "names no attribute that has canonicalValues";
	return rules;
}

/* ScimReferenceCompile makes a list of ScimValueRule *. */
void *
ScimReferenceCompile(const ScimRuleSource *source, const char **fault)
{
	const JsonbValue *attributes = ScimJsonGet(source->settings, "attributes");
	const JsonbValue *missing = ScimJsonGet(source->settings, "missing");
	ScimErrorKind kind = SCIM_INVALID_VALUE;
	List *rules = NIL;
	List *named = NIL;

	if (attributes == NULL || attributes->type != jbvObject)
		*fault = "needs the setting \"attributes\", an object";
	else if (attributes->val.object.nPairs == 0)
		*fault = "names no attribute";
	else if (missing != NULL && ScimJsonStringEquals(missing, "notFound"))
		kind = SCIM_NOT_FOUND;
	else if (missing != NULL && !ScimJsonStringEquals(missing, "invalidValue"))
		*fault = "has the setting \"missing\", which is neither \"invalidValue\" nor "
				 "\"notFound\"";
	for (int i = 0; *fault == NULL && i < attributes->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &attributes->val.object.pairs[i];
		ScimValueRule *rule = reference_rule(source, pair, fault);

		if (*fault == NULL)
			*fault = ScimRuleTwiceFault(source, &named, &rule->resolved);
		if (*fault == NULL)
		{
			rule->missing = kind;
			rules = lappend(rules, rule);
		}
	}
	return rules;
}

/* A member of the setting "attributes": a path, and what it refers to. */
static ScimValueRule *
reference_rule(const ScimRuleSource *source, const JsonbPair *pair, const char **fault)
{
	const char *path = ScimJsonStringCopy(&pair->key);
	ScimResolved resolved;
	ScimValueRule *rule;

	*fault = ScimRuleReferenceFault(source->type, path, &resolved);
	if (*fault != NULL)
		return NULL;
	rule = make_rule(path, &resolved);
	if (pair->value.type == jbvObject)
		rule->on_delete = read_on_delete(source, rule, &pair->value, fault);
	else
		rule->targets = target_names(source->registry, &pair->value, fault);
	return rule;
}

/* {"type": ..., "onDelete": ...} */
static ScimOnDelete
read_on_delete(const ScimRuleSource *source, ScimValueRule *rule,
			   const JsonbValue *setting, const char **fault)
{
	static const char *const known[] = {"type", "onDelete", NULL};
	static const char *const names[] = {"leave", "restrict", "clear"};
	const JsonbValue *type = ScimJsonGet(setting, "type");
	const JsonbValue *on_delete = ScimJsonGet(setting, "onDelete");
	const ScimResolved *resolved = &rule->resolved;
	size_t i = 0;

	*fault = ScimUnknownMemberFault(setting, known);
	if (*fault == NULL && type == NULL)
		*fault = psprintf("has for the attribute \"%s\" no \"type\"", rule->path);
	if (*fault == NULL)
		rule->targets = target_names(source->registry, type, fault);
	if (*fault != NULL || on_delete == NULL)
		return SCIM_ON_DELETE_LEAVE;
	while (i < lengthof(names) && !ScimJsonStringEquals(on_delete, names[i]))
		i++;
	if (i == lengthof(names))
		*fault = psprintf("has for the attribute \"%s\" an \"onDelete\" that is not "
						  "\"restrict\", \"clear\" or \"leave\"",
						  rule->path);
	else if (i == SCIM_ON_DELETE_CLEAR && !ScimIsOfMembers(source->type, resolved) &&
			 (resolved->attribute->required ||
			  resolved->attribute->mutability == SCIM_IMMUTABLE ||
			  rule_attribute(rule)->mutability == SCIM_IMMUTABLE))
		*fault =
			psprintf("names the attribute \"%s\", which cannot be cleared", rule->path);
	return (ScimOnDelete) i;
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

/*
 * ScimReferenceTargets says to which resource types an attribute leads, char *, by rows
 * (ScimStatusRow *) of the kind "reference".
 */
List *
ScimReferenceTargets(const ScimRuleSource *source, const List *rows,
					 const ScimResolved *resolved)
{
	List *targets = NIL;
	const ListCell *lc;

	foreach (lc, rows)
	{
		const ScimStatusRow *row = lfirst(lc);
		ScimRuleSource other = *source;
		const char *fault = NULL;
		const ListCell *cell;
		List *rules;

		if (strcmp(row->type_name, source->type->name) != 0)
			continue;
		other.settings = ScimJsonFromJsonb(row->settings);
		if (other.settings->type != jbvObject)
			continue;
		rules = ScimReferenceCompile(&other, &fault);
		foreach (cell, fault == NULL ? rules : NIL)
		{
			const ScimValueRule *rule = lfirst(cell);

			if (rule->resolved.attribute == resolved->attribute &&
				rule->resolved.sub == resolved->sub)
				targets = list_concat(targets, rule->targets);
		}
	}
	return targets;
}

/* "User" or ["User", "Group"] as a list of char *, the names of resource types. */
static List *
target_names(const ScimRegistry *registry, const JsonbValue *setting, const char **fault)
{
	const JsonbValue *names = setting;
	int count = 1;
	List *targets = NIL;

	if (setting->type == jbvArray)
	{
		names = setting->val.array.elems;
		count = setting->val.array.nElems;
	}
	if (count == 0)
		*fault = "has a reference to no resource type";
	for (int i = 0; i < count && *fault == NULL; i++)
	{
		const char *name = ScimJsonStringCopy(&names[i]);
		const ScimResourceType *type =
			name != NULL ? ScimRegistryType(registry, name) : NULL;

		if (name == NULL)
			*fault = "has a reference that is not the name of a resource type, or an "
					 "array of them";
		else if (type == NULL)
			*fault = psprintf("names the unknown resource type \"%s\"", name);
		else
			targets = lappend(targets, pstrdup(type->name));
	}
	return targets;
}

/*
 * ScimCheckCanonicalValues appends a problem for each value that is none of its
 * attribute's canonicalValues, where rules (ScimValueRule *) want it.
 */
void
ScimCheckCanonicalValues(const List *rules, const JsonbValue *document, List **problems)
{
	const ListCell *lc;

	foreach (lc, rules)
	{
		const ScimValueRule *rule = lfirst(lc);
		const ListCell *value;

		foreach (value, ScimRuleEach(&rule->resolved, document))
			check_canonical(rule, lfirst(value), problems);
	}
}

/*
 * ScimCanonicalSpelling: how do canonicalValues of an attribute that is not caseExact
 * spell a value?  NULL: as it is, or they have no such value.
 */
const char *
ScimCanonicalSpelling(const ScimAttribute *attribute, const char *text)
{
	const ListCell *lc;

	if (attribute->case_exact)
		return NULL;
	foreach (lc, attribute->canonical_values)
	{
		if (strcmp(text, lfirst(lc)) == 0)
			return NULL;
	}
	foreach (lc, attribute->canonical_values)
	{
		if (ScimNameEqual(text, lfirst(lc)))
			return lfirst(lc);
	}
	return NULL;
}

static void
spell_value(const ScimAttribute *attribute, JsonbValue *value)
{
	const char *text = ScimJsonStringCopy(value);
	const char *spelled = text != NULL ? ScimCanonicalSpelling(attribute, text) : NULL;

	if (spelled != NULL)
		*value = *ScimJsonNewString(spelled);
}

static void
spell(const ScimValueRule *rule, JsonbValue *value, bool at_sub)
{
	CHECK_FOR_INTERRUPTS();
	if (value->type == jbvArray)
	{
		for (int i = 0; i < value->val.array.nElems; i++)
			spell(rule, &value->val.array.elems[i], at_sub);
	}
	else if (rule->resolved.sub != NULL && !at_sub)
	{
		value = value->type == jbvObject ? ScimJsonGet(value, rule->resolved.sub->name)
										 : NULL;
		if (value != NULL)
			spell(rule, value, true);
	}
	else
		spell_value(rule_attribute(rule), value);
}

/*
 * ScimSpellCanonicalValues writes values of attributes that are not caseExact as
 * canonicalValues spell them.  What old_document (NULL for a new resource) says, too,
 * stays as it is.
 */
void
ScimSpellCanonicalValues(const ScimRules *rules, const JsonbValue *old_document,
						 JsonbValue *document)
{
	const ListCell *row;

	foreach (row, rules->of[SCIM_RULE_CANONICAL])
	{
		const ListCell *lc;

		foreach (lc, (List *) ((const ScimRule *) lfirst(row))->compiled)
		{
			const ScimValueRule *rule = lfirst(lc);
			ScimResolved whole = {rule->resolved.extension, rule->resolved.attribute,
								  NULL};
			const JsonbValue *value;
			const JsonbValue *before;
			JsonbValue *spelled;

			if (rule_attribute(rule)->case_exact)
				continue;
			value = ScimRuleWhole(&whole, document);
			before = old_document ? ScimRuleWhole(&whole, old_document) : NULL;
			if (value == NULL || (before != NULL && ScimJsonEqual(before, value)))
				continue;
			spelled = ScimJsonCopy(value);
			spell(rule, spelled, false);
			if (!ScimJsonEqual(spelled, value))
				ScimRuleSet(rules->type, &whole, document, spelled);
		}
	}
}

/*
 * ScimReferences lists the references of a document that rules (ScimValueRule *) want
 * checked: ScimReference *.
 */
List *
ScimReferences(const List *rules, const JsonbValue *document)
{
	List *references = NIL;
	const ListCell *lc;

	foreach (lc, rules)
	{
		const ScimValueRule *rule = lfirst(lc);
		const ListCell *value;

		foreach (value, ScimRuleReferences(&rule->resolved, document))
		{
			char *text = value_text(lfirst(value));
			ScimReference *reference;

			if (text == NULL)
				continue;
			reference = palloc(sizeof(ScimReference));
			reference->rule = rule;
			reference->value = text;
			reference->problem = *ScimReferenceProblem(rule, text);
			references = lappend(references, reference);
		}
	}
	return references;
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

	/* what is sealed has been looked at before */
	if (text == NULL || ScimIsSealedValue(value) ||
		ScimIsCanonicalValue(rule_attribute(rule), text))
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

/*
 * ScimReferenceProblem says that a reference leads nowhere; what the error is, is
 * the setting "missing".
 */
ScimProblem *
ScimReferenceProblem(const ScimValueRule *rule, const char *text)
{
	StringInfoData targets;
	ScimProblem *problem;
	ListCell *lc;

	initStringInfo(&targets);
	foreach (lc, rule->targets)
		appendStringInfo(&targets, "%s%s", targets.len > 0 ? " or " : "",
						 (const char *) lfirst(lc));
	problem =
		ScimProblemMake(rule->missing, rule->path,
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

/* ScimRefersTo: has a document a value of the attribute that refers says yes to? */
bool
ScimRefersTo(const ScimValueRule *rule, const JsonbValue *document, ScimRefers refers,
			 const void *arg)
{
	const ListCell *lc;

	foreach (lc, ScimRuleReferences(&rule->resolved, document))
	{
		if (refers(arg, lfirst(lc)))
			return true;
	}
	return false;
}

/*
 * One of several values, or the only one, without what refers; NULL: all of it does.  Of
 * a sub-attribute with several values those that do not refer stay.
 */
static const JsonbValue *
left_of(const ScimValueRule *rule, const JsonbValue *element, ScimRefers refers,
		const void *arg)
{
	const ScimAttribute *sub = rule->resolved.sub;
	const JsonbValue *said = ScimRuleReferred(&rule->resolved, element);
	JsonbValue *kept;
	JsonbValue *copy;

	if (sub == NULL || said == NULL || said->type != jbvArray)
		return said != NULL && refers(arg, said) ? NULL : element;
	kept = ScimJsonNewArray();
	for (int i = 0; i < said->val.array.nElems; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!refers(arg, &said->val.array.elems[i]))
			ScimJsonAppend(kept, &said->val.array.elems[i]);
	}
	if (kept->val.array.nElems == said->val.array.nElems)
		return element;
	if (kept->val.array.nElems == 0)
		return NULL;
	copy = ScimJsonCopy(element);
	ScimJsonSet(copy, sub->name, kept);
	return copy;
}

/*
 * ScimClearReferences takes them out: of several values those that hold one, of one
 * complex value all of it where its "value" is one.
 */
void
ScimClearReferences(const ScimResourceType *type, const ScimValueRule *rule,
					JsonbValue *document, ScimRefers refers, const void *arg)
{
	ScimResolved whole = {rule->resolved.extension, rule->resolved.attribute, NULL};
	const JsonbValue *value = ScimRuleWhole(&whole, document);
	const JsonbValue *left;

	if (value == NULL)
		return;
	if (value->type == jbvArray)
	{
		JsonbValue *kept = ScimJsonNewArray();

		for (int i = 0; i < value->val.array.nElems; i++)
		{
			left = left_of(rule, &value->val.array.elems[i], refers, arg);
			if (left != NULL)
				ScimJsonAppend(kept, left);
		}
		ScimRuleSet(type, &whole, document, kept->val.array.nElems > 0 ? kept : NULL);
		return;
	}
	left = left_of(rule, value, refers, arg);
	if (left == NULL)
		ScimRuleSet(type,
					rule->resolved.sub != NULL &&
							strcmp(rule->resolved.sub->name, "value") != 0
						? &rule->resolved
						: &whole,
					document, NULL);
	else if (left != value)
		ScimRuleSet(type, &whole, document, left);
}
