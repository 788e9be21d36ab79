/*
 * default.c
 *		The policy "default": a value where whoever creates a resource states none.
 *
 *		{"attributes": {"userType": "member", "roles": ["member"]}}
 *
 * A value may be whatever a client may send for the attribute, and takes its
 * canonical form.
 */
#include "postgres.h"

#include "json/json.h"
#include "policy/policy.h"

typedef struct DefaultValue
{
	ScimResolved resolved;
	const JsonbValue *value;
} DefaultValue;

/* ScimDefaultCompile makes a list of DefaultValue *. */
void *
ScimDefaultCompile(const ScimRuleSource *source, const char **fault)
{
	const JsonbValue *attributes = ScimRuleMembers(source, "attributes", fault);
	List *values = NIL;

	for (int i = 0; *fault == NULL && i < attributes->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &attributes->val.object.pairs[i];
		const char *path = ScimJsonStringCopy(&pair->key);
		DefaultValue *value = palloc0(sizeof(DefaultValue));
		List *problems = NIL;
		const ListCell *lc;

		*fault = ScimTargetFault(source->type, path, &value->resolved);
		if (*fault == NULL && value->resolved.sub != NULL &&
			value->resolved.attribute->multi_valued)
			*fault = psprintf("names a part of the attribute \"%s\", which has several "
							  "values",
							  value->resolved.attribute->name);
		if (*fault != NULL)
			break;
		foreach (lc, values)
		{
			const ScimResolved *other = &((const DefaultValue *) lfirst(lc))->resolved;

			if (other->attribute == value->resolved.attribute &&
				other->sub == value->resolved.sub)
				*fault = psprintf("names the attribute \"%s\" twice", path);
		}
		if (*fault != NULL)
			break;
		value->value = ScimCanonicaliseValue(
			source->type, ScimRuleAttribute(&value->resolved), &pair->value, path,
			SCIM_BY_SERVICE | SCIM_ALL_KNOWN, &problems);
		if (problems != NIL)
			*fault = psprintf("has a value that cannot be: %s",
							  ((ScimProblem *) linitial(problems))->message);
		else if (value->value == NULL || ScimJsonIsUnassigned(value->value))
			*fault = psprintf("has no value for the attribute \"%s\"", path);
		values = lappend(values, value);
	}
	return values;
}

/* ScimDefaultApply fills in what a new document has no value of. */
void
ScimDefaultApply(const ScimRules *rules, JsonbValue *document)
{
	const ListCell *row;

	foreach (row, rules->of[SCIM_RULE_DEFAULT])
	{
		const ListCell *lc;

		foreach (lc, (List *) ((const ScimRule *) lfirst(row))->compiled)
		{
			const DefaultValue *value = lfirst(lc);

			/* a copy: what comes later may change it */
			if (ScimRuleWhole(&value->resolved, document) == NULL)
				ScimRuleSet(rules->type, &value->resolved, document,
							ScimJsonCopy(value->value));
		}
	}
}
