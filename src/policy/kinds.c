/*
 * kinds.c
 *		The kinds of policies: what rows of a store's table "policy" may be about.
 */
#include "postgres.h"

#include "json/json.h"
#include "policy/rules.h"

static const char *const canonical_settings[] = {"attributes", NULL};
static const char *const delete_settings[] = {"mode", "deactivate", NULL};
static const char *const identity_settings[] = {"userName", NULL};
static const char *const lookup_settings[] = {"attributes", NULL};
static const char *const reference_settings[] = {"attributes", "missing", NULL};
static const char *const wire_settings[] = {"aliases",    "characters", "colons",
											"nested",     "plain",      "bareOperation",
											"identifier", NULL};

const ScimPolicyKind ScimPolicyKinds[SCIM_RULE_KINDS] = {
	[SCIM_RULE_AUDIT] = {"audit", false, NULL, NULL},
	[SCIM_RULE_CANONICAL] = {"canonical", true, canonical_settings, ScimCanonicalCompile},
	[SCIM_RULE_DELETE] = {"delete", false, delete_settings, ScimDeleteCompile},
	[SCIM_RULE_EVENTS] = {"events", false, NULL, NULL},
	[SCIM_RULE_IDENTITY] = {"identity", false, identity_settings, ScimIdentityCompile},
	[SCIM_RULE_LOOKUP] = {"lookup", false, lookup_settings, ScimLookupCompile},
	[SCIM_RULE_REFERENCE] = {"reference", true, reference_settings, ScimReferenceCompile},
	[SCIM_RULE_WIRE] = {"wire", true, wire_settings, ScimWireCompile},
};

/* ScimRuleKindByName sets *kind and returns true where the name is one. */
bool
ScimRuleKindByName(const char *name, ScimRuleKind *kind)
{
	for (int i = 0; i < SCIM_RULE_KINDS; i++)
	{
		if (strcmp(ScimPolicyKinds[i].name, name) == 0)
		{
			*kind = (ScimRuleKind) i;
			return true;
		}
	}
	return false;
}

/* The first member that a kind does not know, or NULL. */
static const char *
unknown_setting(const ScimPolicyKind *kind, const JsonbValue *settings)
{
	for (int i = 0; kind->settings != NULL && i < settings->val.object.nPairs; i++)
	{
		const JsonbValue *key = &settings->val.object.pairs[i].key;
		int j = 0;

		while (kind->settings[j] != NULL && !ScimJsonStringEquals(key, kind->settings[j]))
			j++;
		if (kind->settings[j] == NULL)
			return ScimJsonStringCopy(key);
	}
	return NULL;
}

/*
 * ScimRuleCompile compiles a row of "policy".  *fault is NULL, or says why it cannot
 * work, in words that follow its name.
 */
void *
ScimRuleCompile(const ScimRegistry *registry, const char *type_name, ScimRuleKind kind,
				const char *name, const Jsonb *settings, const char **fault)
{
	ScimRuleSource source = {registry, ScimRegistryType(registry, type_name), name,
							 ScimJsonFromJsonb(settings)};
	const char *unknown;

	*fault = NULL;
	/* policies are found by the very name */
	if (source.type == NULL || strcmp(source.type->name, type_name) != 0)
		*fault = "is for a resource type that is not registered";
	else if (source.settings->type != jbvObject)
		*fault = "has settings that are not an object";
	else if ((unknown = unknown_setting(&ScimPolicyKinds[kind], source.settings)) != NULL)
		*fault = psprintf("has the unknown setting \"%s\"", unknown);
	else if (ScimPolicyKinds[kind].compile != NULL)
		return ScimPolicyKinds[kind].compile(&source, fault);
	return NULL;
}

/* ScimRuleOf gives what the rule of a kind that has one row has compiled to. */
const void *
ScimRuleOf(const ScimRules *rules, ScimRuleKind kind)
{
	List *of_kind = rules->of[kind];

	return of_kind == NIL ? NULL : ((const ScimRule *) linitial(of_kind))->compiled;
}
