/*
 * conformance.c
 *		Does a store answer as draft-zollner-scim-interop-profile-01 asks?
 *
 * It is looked at each time, and never said by anybody: settings, policies and schemas
 * are what a store is, and they may be those of a tenant or of a token.  What is beyond
 * the database, as TLS, is up to who runs the service; doc/conformance.md has it row by
 * row.
 */
#include "postgres.h"

#include "door/row/row.h"
#include "policy/policy.h"
#include "protocol/protocol.h"

/* A page has so many resources where nobody says how many, and may have so many. */
#define PAGE_LEAST 100

/* A page of so many resources comes whole, if each has no more than this many bytes. */
#define RESOURCE_BYTES 10000

/*
 * Filters such as emails[type eq "work" and value eq "..."], with an attribute named by
 * its URN and "and" another one, are within what a filter may have.
 */
#define FILTER_BYTES 1024
#define FILTER_DEPTH 2
#define FILTER_NODES 10

/* What such a request, or the filter of a page of 100, may look at. */
#define VISITS 100000

/*
 * What a request with a whole resource, 50 members or 50 operations takes, which a draft
 * asks for and no limit may refuse.
 */
static const struct
{
	ScimSettingId id;
	int least;
} limits[] = {{SCIM_SETTING_DEFAULT_RESULTS, PAGE_LEAST},
			  {SCIM_SETTING_MAX_RESULTS, PAGE_LEAST},
			  {SCIM_SETTING_MAX_ANSWER_SIZE, PAGE_LEAST *RESOURCE_BYTES},
			  {SCIM_SETTING_MAX_FILTER_LENGTH, FILTER_BYTES},
			  {SCIM_SETTING_MAX_FILTER_DEPTH, FILTER_DEPTH},
			  {SCIM_SETTING_MAX_FILTER_NODES, FILTER_NODES},
			  {SCIM_SETTING_MAX_FILTER_LOOKUPS, FILTER_NODES},
			  {SCIM_SETTING_MAX_BODY_SIZE, 10 * RESOURCE_BYTES},
			  {SCIM_SETTING_MAX_BODY_DEPTH, 10},
			  {SCIM_SETTING_MAX_BODY_MEMBERS, 50},
			  {SCIM_SETTING_MAX_BODY_VALUES, 1000},
			  {SCIM_SETTING_MAX_PATCH_OPERATIONS, 50},
			  {SCIM_SETTING_MAX_VALUES, 100},
			  {SCIM_SETTING_MAX_RESOURCE_SIZE, 10 * RESOURCE_BYTES},
			  {SCIM_SETTING_MAX_BODY_VISITS, VISITS},
			  {SCIM_SETTING_MAX_FILTER_VISITS, VISITS},
			  {SCIM_SETTING_MAX_PATCH_VISITS, VISITS}};

static bool
settings_conform(ScimSettings *settings, const char *type)
{
	static const ScimSettingId off[] = {
		SCIM_SETTING_CREATE_ON_ABSENT, SCIM_SETTING_EMPTY_PATCH,
		SCIM_SETTING_PATCH_REPLACE_MERGES, SCIM_SETTING_PATCH_SELECTS_VALUES,
		SCIM_SETTING_PATCH_WITHOUT_PATH};

	for (size_t i = 0; i < lengthof(off); i++)
	{
		if (ScimSettingBool(settings, off[i], type))
			return false;
	}
	for (size_t i = 0; i < lengthof(limits); i++)
	{
		if (ScimSettingInt(settings, limits[i].id, type) < limits[i].least)
			return false;
	}
	return ScimSettingInt(settings, SCIM_SETTING_UNKNOWN_ATTRIBUTES, type) ==
			   SCIM_UNKNOWN_REJECT &&
		   ScimSettingInt(settings, SCIM_SETTING_UNKNOWN_SCHEMAS, type) ==
			   SCIM_UNKNOWN_REJECT;
}

/*
 * DELETE takes away, and nothing else does; resources are found and look as RFC 7644
 * says; who is there already is a conflict, and what a client writes of an attribute that
 * the schema lets it write is what it has then.  A policy that only refuses what the
 * application does not allow is none of these (RFC 7644 section 3.12).
 */
static bool
rules_conform(const ScimRules *rules)
{
	static const ScimRuleKind other[] = {SCIM_RULE_FIXED, SCIM_RULE_GENERATE,
										 SCIM_RULE_LINK,  SCIM_RULE_LOOKUP,
										 SCIM_RULE_WIRE,  SCIM_RULE_VIOLATION};
	const ScimDeleteRule *rule = ScimRuleOf(rules, SCIM_RULE_DELETE);

	for (size_t i = 0; i < lengthof(other); i++)
	{
		if (rules->of[other[i]] != NIL)
			return false;
	}
	for (int i = 0; rule != NULL && i < SCIM_STATUSES; i++)
	{
		if (rule->mode[i] == SCIM_DELETE_OFFBOARD || rule->deletes[i])
			return false;
	}
	return true;
}

/* Does each sub-attribute "type" say what its values are? */
static bool
schema_conforms(const ScimSchema *schema)
{
	for (int i = 0; i < schema->nattributes; i++)
	{
		const ScimAttribute *attribute = &schema->attributes[i];
		const ScimAttribute *type = ScimAttributeSub(attribute, "type", strlen("type"));

		if (type != NULL && type->canonical_values == NIL)
			return false;
	}
	return true;
}

/* Names of users: no two have one, in whichever letter case. */
static bool
names_conform(const ScimResourceType *type)
{
	const ScimAttribute *name =
		ScimSchemaAttribute(type->schema, "userName", strlen("userName"));

	return !ScimNameEqual(type->schema->id, SCIM_URN_USER) ||
		   (name != NULL && name->type == SCIM_TYPE_STRING && !name->multi_valued &&
			!name->case_exact && name->uniqueness != SCIM_UNIQUENESS_NONE);
}

/*
 * ScimConformsToInterop: does what is served to who asks conform to the interoperability
 * profile, as far as the store decides that?
 */
bool
ScimConformsToInterop(ScimStore *store)
{
	const ScimRegistry *registry = store->registry;
	int32 tenant_id;

	if (!ScimTenantShown(&tenant_id))
		tenant_id = SCIM_EVERY_TENANT;
	for (int i = 0; i < registry->ntypes; i++)
	{
		const ScimResourceType *type = &registry->types[i];

		if (!settings_conform(store->settings, type->name) ||
			!rules_conform(ScimRulesFor(store, tenant_id, type)) || !names_conform(type))
			return false;
	}
	/* what is readOnly is written by no client */
	if (ScimWritesReadOnly(store))
		return false;
	/* all of them are shown, those that no type has as well */
	for (int i = 0; i < registry->nschemas; i++)
	{
		if (!schema_conforms(&registry->schemas[i]))
			return false;
	}
	/* a type has one endpoint */
	return registry->ntypes > 0 && store->endpoints == NIL;
}

/* ScimSetsPasswords: is there a type whose resources have a password? */
bool
ScimSetsPasswords(const ScimStore *store)
{
	for (int i = 0; i < store->registry->ntypes; i++)
	{
		if (ScimKeepsPasswords(&store->registry->types[i]))
			return true;
	}
	return false;
}
