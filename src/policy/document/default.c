/*
 * default.c
 *		The policy "default": a value where whoever writes a resource leaves none.
 *
 *		{"attributes": {"userType": "member", "roles": ["member"]},
 *		 "on": ["create", "remove"]}
 *
 * A value may be whatever a client may send for the attribute, and takes its
 * canonical form.  It is filled in when a resource is created and, with "remove", when a
 * write takes away what the attribute has had.
 */
#include "postgres.h"

#include "json/json.h"
#include "policy/document/document.h"
#include "schema/canonical/canonical.h"

typedef struct DefaultValue
{
	ScimResolved resolved;
	const JsonbValue *value;
} DefaultValue;

typedef struct DefaultRule
{
	List *values; /* DefaultValue * */
	bool on_create;
	bool on_remove;
} DefaultRule;

static void
compile_on(const ScimRuleSource *source, DefaultRule *rule, const char **fault);
static DefaultValue *
compile_value(const ScimRuleSource *source, const JsonbPair *pair, const char **fault);

/* ScimDefaultCompile makes a DefaultRule. */
void *
ScimDefaultCompile(const ScimRuleSource *source, const char **fault)
{
	const JsonbValue *attributes = ScimRuleMembers(source, "attributes", fault);
	DefaultRule *rule = palloc0(sizeof(DefaultRule));

	if (*fault == NULL)
		compile_on(source, rule, fault);
	for (int i = 0; *fault == NULL && i < attributes->val.object.nPairs; i++)
	{
		DefaultValue *value =
			compile_value(source, &attributes->val.object.pairs[i], fault);
		const ListCell *lc;

		foreach (lc, *fault == NULL ? rule->values : NIL)
		{
			const ScimResolved *other = &((const DefaultValue *) lfirst(lc))->resolved;

			if ((other->attribute == value->resolved.attribute &&
				 other->sub == value->resolved.sub) ||
				(source->statuses->strict && ScimNamesSame(other, &value->resolved)))
				*fault = psprintf("names the attribute \"%s\" twice",
								  ScimRulePath(&value->resolved));
		}
		rule->values = lappend(rule->values, value);
	}
	return rule;
}

/* "on": one or both of "create", which is the default, and "remove" */
static void
compile_on(const ScimRuleSource *source, DefaultRule *rule, const char **fault)
{
	const JsonbValue *on = ScimJsonGet(source->settings, "on");

	rule->on_create = on == NULL;
	if (on == NULL)
		return;
	if (on->type != jbvArray || on->val.array.nElems == 0)
		*fault = "has the setting \"on\", which is not an array of \"create\" and "
				 "\"remove\"";
	for (int i = 0; *fault == NULL && i < on->val.array.nElems; i++)
	{
		const JsonbValue *word = &on->val.array.elems[i];
		bool *said = ScimJsonStringEquals(word, "create")   ? &rule->on_create
					 : ScimJsonStringEquals(word, "remove") ? &rule->on_remove
															: NULL;

		if (said == NULL)
			*fault = "has a setting \"on\" whose elements are not \"create\" or "
					 "\"remove\"";
		else if (*said)
			*fault = psprintf("has a setting \"on\" that says \"%s\" twice",
							  ScimJsonStringCopy(word));
		else
			*said = true;
	}
}

static DefaultValue *
compile_value(const ScimRuleSource *source, const JsonbPair *pair, const char **fault)
{
	const char *path = ScimJsonStringCopy(&pair->key);
	DefaultValue *value = palloc0(sizeof(DefaultValue));
	List *problems = NIL;

	*fault = ScimTargetFault(source->type, path, &value->resolved);
	if (*fault == NULL && value->resolved.sub != NULL &&
		value->resolved.attribute->multi_valued)
		*fault =
			psprintf("names a part of the attribute \"%s\", which has several values",
					 value->resolved.attribute->name);
	if (*fault != NULL)
		return NULL;
	value->value =
		ScimCanonicaliseValue(source->type, ScimLeaf(&value->resolved), &pair->value,
							  path, SCIM_BY_SERVICE | SCIM_ALL_KNOWN, &problems);
	if (problems != NIL)
		*fault = psprintf("has a value that cannot be: %s",
						  ((ScimProblem *) linitial(problems))->message);
	else if (value->value == NULL || ScimJsonIsUnassigned(value->value))
		*fault = psprintf("has no value for the attribute \"%s\"", path);
	else if (source->statuses->strict && ScimLeaf(&value->resolved)->required &&
			 ScimJsonIsBlank(value->value))
		*fault = psprintf("has a blank value for the attribute \"%s\", which is required",
						  path);
	return value;
}

/*
 * ScimDefaultApply fills in what a document has no value of: of a new one (old_document
 * NULL), or of one that the write has taken it away from.
 */
void
ScimDefaultApply(const ScimRules *rules, const JsonbValue *old_document,
				 JsonbValue *document)
{
	const ListCell *row;

	foreach (row, rules->of[SCIM_RULE_DEFAULT])
	{
		const DefaultRule *rule = ((const ScimRule *) lfirst(row))->compiled;
		const ListCell *lc;

		if (old_document == NULL ? !rule->on_create : !rule->on_remove)
			continue;
		foreach (lc, rule->values)
		{
			const DefaultValue *value = lfirst(lc);

			/* a copy: what comes later may change it */
			if (ScimRuleWhole(&value->resolved, document) == NULL &&
				(old_document == NULL ||
				 ScimRuleWhole(&value->resolved, old_document) != NULL))
				ScimRuleSet(rules->type, &value->resolved, document,
							ScimJsonCopy(value->value));
		}
	}
}

/* ScimDefaultDocument makes a document that has nothing but the values of all rows. */
JsonbValue *
ScimDefaultDocument(const ScimRules *rules)
{
	JsonbValue *document = ScimJsonNewObject();
	const ListCell *row;

	foreach (row, rules->of[SCIM_RULE_DEFAULT])
	{
		const DefaultRule *rule = ((const ScimRule *) lfirst(row))->compiled;
		const ListCell *lc;

		foreach (lc, rule->values)
		{
			const DefaultValue *value = lfirst(lc);

			if (ScimRuleWhole(&value->resolved, document) == NULL)
				ScimRuleSet(rules->type, &value->resolved, document,
							ScimJsonCopy(value->value));
		}
	}
	return document;
}
