/*
 * unique.c
 *		The policy "unique": attributes that are so although their schema does not say
 *		it.
 *
 *		{"attributes": ["emails.value", "externalId"], "primary": true, "scope": "global"}
 *
 * With "primary", of several values only the primary one is, which is the one that says
 * so, or the only one.  "scope" is "server", the default: within a tenant; or "global".
 * The values stand in the table "unique_value", each policy's by themselves.
 */
#include "postgres.h"

#include "json/json.h"
#include "policy/document/document.h"

/* ScimUniqueCompile makes a list of ScimUniqueAttribute *. */
void *
ScimUniqueCompile(const ScimRuleSource *source, const char **fault)
{
	static const char *const scopes[] = {"server", "global", NULL};
	const JsonbValue *paths = ScimJsonGet(source->settings, "attributes");
	const JsonbValue *primary = ScimJsonGet(source->settings, "primary");
	bool of_all_tenants = ScimRuleChoice(source, "scope", scopes, fault) == 1;
	List *attributes = NIL;
	List *named = NIL;

	if (paths == NULL || paths->type != jbvArray)
		*fault = "needs the setting \"attributes\", an array of attributes";
	else if (paths->val.array.nElems == 0)
		*fault = "names no attribute";
	else if (primary != NULL && primary->type != jbvBool)
		*fault = "has the setting \"primary\", which is not true or false";
	for (int i = 0; *fault == NULL && i < paths->val.array.nElems; i++)
	{
		const char *path = ScimJsonStringCopy(&paths->val.array.elems[i]);
		ScimUniqueAttribute *attribute = palloc0(sizeof(ScimUniqueAttribute));
		ScimResolved resolved;
		ScimResolved *kept;

		if (path == NULL)
			*fault = "has a setting \"attributes\" whose elements are not all strings";
		else
			*fault = ScimTargetFault(source->type, path, &resolved);
		if (*fault != NULL)
			break;
		if (resolved.sub == NULL && resolved.attribute->type == SCIM_TYPE_COMPLEX)
			resolved.sub = ScimAttributeSub(resolved.attribute, "value", 5);
		if (ScimLeaf(&resolved)->type == SCIM_TYPE_COMPLEX)
			*fault = psprintf("names the attribute \"%s\", which has no value", path);
		else if (ScimIsSecret(ScimLeaf(&resolved)))
			*fault =
				psprintf("names the attribute \"%s\", which nobody may find out", path);
		kept = palloc(sizeof(ScimResolved));
		*kept = resolved;
		if (*fault == NULL)
			*fault = ScimRuleTwiceFault(source, &named, kept);
		attribute->path = ScimRulePath(&resolved);
		attribute->key =
			psprintf(SCIM_UNIQUE_BY_POLICY "%s %s", source->name, attribute->path);
		attribute->of_all_tenants = of_all_tenants;
		attribute->primary =
			primary != NULL && primary->type == jbvBool && primary->val.boolean;
		attribute->extension = resolved.extension;
		attribute->attribute = resolved.attribute;
		attribute->sub = resolved.sub;
		attributes = lappend(attributes, attribute);
	}
	return attributes;
}

/* ScimUniqueByPolicy lists them of all policies: ScimUniqueAttribute *. */
List *
ScimUniqueByPolicy(const ScimRules *rules)
{
	List *attributes = NIL;
	const ListCell *lc;

	foreach (lc, rules->of[SCIM_RULE_UNIQUE])
		attributes =
			list_concat(attributes, (List *) ((const ScimRule *) lfirst(lc))->compiled);
	return attributes;
}
