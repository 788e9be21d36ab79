/*
 * kinds.c
 *		The kinds of policies: what rows of a store's table "policy" may be about.
 */
#include "postgres.h"

#include "json/json.h"
#include "policy/kinds.h"

static const char *const condition_settings[] = {
	"when",  "through", "matches",  "require", "keep",
	"clear", "message", "scimType", "status",  NULL};
static const char *const attributes_settings[] = {"attributes", NULL};
static const char *const database_roles_settings[] = {
	"login", "prefix", "missing", "nested", "grants", "privileged", NULL};
static const char *const default_settings[] = {"attributes", "on", NULL};
static const char *const delete_settings[] = {"mode", "deactivate", "byStatus", NULL};
static const char *const emit_settings[] = {
	"event", "on", "when", "through", "matches", "changed", "transient", "data", NULL};
static const char *const events_settings[] = {"mode", NULL};
static const char *const fixed_settings[] = {"attributes", "on", "writers", NULL};
static const char *const guard_settings[] = {"on",    "limit",   "seconds", "per",
											 "when",  "through", "matches", "holders",
											 "group", "least",   "message", NULL};
static const char *const identity_settings[] = {"userName", NULL};
static const char *const link_settings[] = {
	"by", "match", "action", "document", "inactive", "externalId", "when", NULL};
static const char *const lookup_settings[] = {"attributes", NULL};
static const char *const managed_settings[] = {"owner",     "attributes", "operations",
											   "resources", "breakGlass", NULL};
static const char *const no_settings[] = {NULL};
static const char *const reference_settings[] = {"attributes", "missing", NULL};
static const char *const unique_settings[] = {"attributes", "primary", "scope", NULL};
static const char *const schemas_settings[] = {"required", NULL};
static const char *const status_settings[] = {"attribute", "values", "pending",
											  "writable",  "times",  NULL};
static const char *const wire_settings[] = {"aliases",    "characters", "colons",
											"nested",     "plain",      "bareOperation",
											"identifier", NULL};

const ScimPolicyKind ScimPolicyKinds[SCIM_RULE_KINDS] = {
	[SCIM_RULE_AUDIT] = {"audit", false, no_settings, NULL},
	[SCIM_RULE_CANONICAL] = {"canonical", true, attributes_settings,
							 ScimCanonicalCompile},
	[SCIM_RULE_CONDITION] = {"condition", true, condition_settings, ScimConditionCompile},
	[SCIM_RULE_DATABASE_ROLES] = {"database_roles", false, database_roles_settings,
								  ScimRolesCompile},
	[SCIM_RULE_DEFAULT] = {"default", true, default_settings, ScimDefaultCompile},
	[SCIM_RULE_DELETE] = {"delete", false, delete_settings, ScimDeleteCompile},
	[SCIM_RULE_EMIT] = {"emit", true, emit_settings, ScimEmitCompile},
	[SCIM_RULE_EVENTS] = {"events", false, events_settings, ScimEventsCompile},
	[SCIM_RULE_FIXED] = {"fixed", true, fixed_settings, ScimFixedCompile},
	[SCIM_RULE_GENERATE] = {"generate", true, attributes_settings, ScimGenerateCompile},
	[SCIM_RULE_GUARD] = {"guard", true, guard_settings, ScimGuardCompile},
	[SCIM_RULE_IDENTITY] = {"identity", false, identity_settings, ScimIdentityCompile},
	[SCIM_RULE_LINK] = {"link", true, link_settings, ScimLinkCompile},
	[SCIM_RULE_LOOKUP] = {"lookup", false, lookup_settings, ScimLookupCompile},
	[SCIM_RULE_MANAGED] = {"managed", true, managed_settings, ScimManagedCompile},
	[SCIM_RULE_REFERENCE] = {"reference", true, reference_settings, ScimReferenceCompile},
	[SCIM_RULE_SCHEMAS] = {"schemas", false, schemas_settings, ScimSchemasCompile},
	[SCIM_RULE_STATUS] = {"status", false, status_settings, ScimStatusCompile},
	[SCIM_RULE_UNIQUE] = {"unique", true, unique_settings, ScimUniqueCompile},
	[SCIM_RULE_VIOLATION] = {"violation", true, attributes_settings,
							 ScimViolationCompile},
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

/*
 * ScimRuleCompile compiles a row of "policy".  *fault is NULL, or says why it cannot
 * work, in words that follow its name.
 */
void *
ScimRuleCompile(const ScimRegistry *registry, const char *type_name, ScimRuleKind kind,
				const char *name, const Jsonb *settings, const ScimStatusRows *statuses,
				const char **fault)
{
	ScimRuleSource source = {registry, ScimRegistryType(registry, type_name), name,
							 ScimJsonFromJsonb(settings), statuses};
	*fault = NULL;
	/* policies are found by the very name */
	if (source.type == NULL || strcmp(source.type->name, type_name) != 0)
		*fault = "is for a resource type that is not registered";
	else if (source.settings->type != jbvObject)
		*fault = "has settings that are not an object";
	else if (ScimPolicyKinds[kind].settings != NULL)
		*fault = ScimUnknownMemberFault(source.settings, ScimPolicyKinds[kind].settings);
	if (*fault != NULL || ScimPolicyKinds[kind].compile == NULL)
		return NULL;
	return ScimPolicyKinds[kind].compile(&source, fault);
}

/* ScimRuleOf gives what the rule of a kind that has one row has compiled to. */
const void *
ScimRuleOf(const ScimRules *rules, ScimRuleKind kind)
{
	List *of_kind = rules->of[kind];

	return of_kind == NIL ? NULL : ((const ScimRule *) linitial(of_kind))->compiled;
}
