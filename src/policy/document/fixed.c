/*
 * fixed.c
 *		The policy "fixed": attributes that clients do not change.
 *
 *		{"attributes": ["name", "userName"], "on": "ignore", "writers": "everybody"}
 *
 * "on" says what becomes of a change: "refuse", which is the default, or "ignore".
 * Clients come by HTTP and by the functions of schema scim; "writers" with the value
 * "everybody" binds plain SQL as well.  Whoever creates a resource states what he likes.
 */
#include "postgres.h"

#include "json/json.h"
#include "policy/document/document.h"

typedef struct FixedRule
{
	bool ignores;
	bool binds_everybody;
	List *attributes; /* ScimResolved * */
} FixedRule;

/* ScimFixedCompile makes a FixedRule. */
void *
ScimFixedCompile(const ScimRuleSource *source, const char **fault)
{
	static const char *const on[] = {"refuse", "ignore", NULL};
	static const char *const writers[] = {"clients", "everybody", NULL};
	FixedRule *rule = palloc0(sizeof(FixedRule));

	rule->attributes = ScimRuleAttributes(source, "attributes", fault);
	rule->ignores = ScimRuleChoice(source, "on", on, fault) == 1;
	rule->binds_everybody = ScimRuleChoice(source, "writers", writers, fault) == 1;
	return rule;
}

/* A member of what a client states, in any letter case; an object is made of none. */
static JsonbValue *
stated_object(JsonbValue *stated, const char *name)
{
	JsonbValue *object = ScimJsonGetFolded(stated, name);

	if (object == NULL)
	{
		ScimJsonSet(stated, name, ScimJsonNewObject());
		return ScimJsonGet(stated, name);
	}
	if (object->type == jbvNull)
		*object = *ScimJsonNewObject();
	return object->type == jbvObject ? object : NULL;
}

/*
 * ScimKeepStated gives a document that replaces another an attribute which is left out
 * here, or null, as what is immutable keeps its value.
 */
void
ScimKeepStated(const ScimResolved *resolved, const JsonbValue *old_document,
			   JsonbValue *stated)
{
	const JsonbValue *before = ScimRuleWhole(resolved, old_document);
	const char *name = ScimLeaf(resolved)->name;
	JsonbValue *object = stated;
	JsonbValue *value;

	if (before == NULL)
		return;
	if (resolved->extension != NULL)
		object = stated_object(object, resolved->extension->id);
	if (object != NULL && resolved->sub != NULL)
		object = stated_object(object, resolved->attribute->name);
	if (object == NULL)
		return;
	value = ScimJsonGetFolded(object, name);
	if (value != NULL && !ScimJsonIsUnassigned(value))
		return;
	if (value != NULL)
		*value = *ScimJsonCopy(before);
	else
		ScimJsonSet(object, name, ScimJsonCopy(before));
}

/* ScimFixedKeep does so for what is fixed. */
void
ScimFixedKeep(const ScimRules *rules, const JsonbValue *old_document, JsonbValue *stated)
{
	const ListCell *row;

	foreach (row, rules->of[SCIM_RULE_FIXED])
	{
		const FixedRule *rule = ((const ScimRule *) lfirst(row))->compiled;
		const ListCell *lc;

		foreach (lc, rule->attributes)
			ScimKeepStated(lfirst(lc), old_document, stated);
	}
}

/*
 * ScimFixedApply compares a document with the one that it replaces: what is fixed and
 * has changed is set back, or a problem (mutability).
 */
void
ScimFixedApply(const ScimRules *rules, bool by_client, const JsonbValue *old_document,
			   JsonbValue *document, List **problems)
{
	const ListCell *row;

	foreach (row, rules->of[SCIM_RULE_FIXED])
	{
		const FixedRule *rule = ((const ScimRule *) lfirst(row))->compiled;
		const ListCell *lc;

		if (!by_client && !rule->binds_everybody)
			continue;
		foreach (lc, rule->attributes)
		{
			const ScimResolved *resolved = lfirst(lc);
			const JsonbValue *before = ScimRuleWhole(resolved, old_document);
			const JsonbValue *after = ScimRuleWhole(resolved, document);
			ScimProblem *problem;
			char *path;

			if (ScimJsonSame(before, after))
				continue;
			if (rule->ignores)
			{
				ScimRuleSet(rules->type, resolved, document,
							before ? ScimJsonCopy(before) : NULL);
				continue;
			}
			path = ScimRulePath(resolved);
			problem = ScimProblemMake(SCIM_MUTABILITY, path,
									  "attribute \"%s\" may not be changed", path);
			problem->rule = "fixed";
			*problems = lappend(*problems, problem);
		}
	}
}
