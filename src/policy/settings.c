/*
 * settings.c
 *		Whether a policy can work: that its settings are known, and that what they
 *		name is there and can be enforced.
 */
#include "postgres.h"

#include "json/json.h"
#include "policy/policy.h"

/* A setting of a kind of policy, and what its value must be. */
typedef struct KnownSetting
{
	const char *kind;
	const char *name;
	enum jbvType type; /* jbvNull: something else looks at it */
	const char *only;  /* the one string that it may be, or NULL */
} KnownSetting;

/* Of kinds that are not here, nothing is said. */
static const KnownSetting known_settings[] = {
	{"identity", "userName", jbvString, "primaryEmail"},
	{"canonical", "attributes", jbvNull, NULL},
	{"reference", "attributes", jbvNull, NULL},
	{"reference", "missing", jbvNull, NULL}, /* constraint policy_reference */
	{"delete", "mode", jbvNull, NULL},       /* constraint policy_delete_mode */
	{"delete", "deactivate", jbvBool, NULL},
};

static const char *settings_fault(const char *kind, const JsonbValue *settings);
static const char *identity_fault(const ScimResourceType *type);
static const char *canonical_fault(const ScimResourceType *type,
								   const JsonbValue *settings, const Jsonb *stored);
static const char *
reference_fault(const ScimRegistry *registry, const ScimResourceType *type,
				const JsonbValue *settings);
static const char *
attribute_fault(const ScimResourceType *type, const char *path, ScimResolved *resolved);
static bool is_members(const ScimResourceType *type, const ScimResolved *resolved);
static const char *targets_fault(const ScimRegistry *registry, const JsonbValue *targets);

/*
 * ScimPolicyFault says what is wrong with a policy, in words that follow its name,
 * or returns NULL where it can work.
 */
const char *
ScimPolicyFault(const ScimRegistry *registry, const char *type_name, const char *kind,
				const Jsonb *settings)
{
	const ScimResourceType *type = ScimRegistryType(registry, type_name);
	const JsonbValue *tree = ScimJsonFromJsonb(settings);
	const char *fault;

	/* policies are found by the very name */
	if (type == NULL || strcmp(type->name, type_name) != 0)
		return "is for a resource type that is not registered";
	if (tree->type != jbvObject)
		return NULL; /* constraint policy_settings */
	fault = settings_fault(kind, tree);
	if (fault != NULL)
		return fault;
	if (strcmp(kind, "identity") == 0)
		return identity_fault(type);
	if (strcmp(kind, "canonical") == 0)
		return canonical_fault(type, tree, settings);
	if (strcmp(kind, "reference") == 0)
		return reference_fault(registry, type, tree);
	return NULL;
}

static const char *
settings_fault(const char *kind, const JsonbValue *settings)
{
	for (int i = 0; i < settings->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &settings->val.object.pairs[i];
		const char *name = ScimJsonStringCopy(&pair->key);
		const KnownSetting *known = NULL;
		bool any = false;

		for (size_t j = 0; j < lengthof(known_settings); j++)
		{
			if (strcmp(known_settings[j].kind, kind) != 0)
				continue;
			any = true;
			if (strcmp(known_settings[j].name, name) == 0)
				known = &known_settings[j];
		}
		if (any && known == NULL)
			return psprintf("has the unknown setting \"%s\"", name);
		if (known == NULL || known->type == jbvNull)
			continue;
		if (known->only != NULL && !ScimJsonStringEquals(&pair->value, known->only))
			return psprintf("has the setting \"%s\", which is not \"%s\"", name,
							known->only);
		if (pair->value.type != known->type)
			return psprintf("has the setting \"%s\", which is not true or false", name);
	}
	return NULL;
}

static const char *
identity_fault(const ScimResourceType *type)
{
	const ScimAttribute *user_name = ScimSchemaAttribute(type->schema, "userName", 8);
	const ScimAttribute *emails = ScimSchemaAttribute(type->schema, "emails", 6);

	if (user_name == NULL || user_name->type != SCIM_TYPE_STRING || emails == NULL ||
		!emails->multi_valued || ScimAttributeSub(emails, "value", 5) == NULL)
		return "needs the attributes \"userName\" and \"emails\"";
	return NULL;
}

static const char *
canonical_fault(const ScimResourceType *type, const JsonbValue *settings,
				const Jsonb *stored)
{
	const JsonbValue *attributes = ScimJsonGet(settings, "attributes");
	ScimResolved resolved;

	if (attributes != NULL && attributes->type != jbvArray)
		return NULL; /* constraint policy_canonical */
	for (int i = 0; attributes != NULL && i < attributes->val.array.nElems; i++)
	{
		const char *path = ScimJsonStringCopy(&attributes->val.array.elems[i]);
		const ScimAttribute *last;
		const char *fault;
		bool any;

		if (path == NULL)
			return "has a setting \"attributes\" whose elements are not all strings";
		fault = attribute_fault(type, path, &resolved);
		if (fault != NULL)
			return fault;
		last = resolved.sub ? resolved.sub : resolved.attribute;
		any = last->canonical_values != NIL;
		for (int j = 0; j < last->nsubs; j++)
			any = any || last->subs[j].canonical_values != NIL;
		if (!any)
			return psprintf("names the attribute \"%s\", which has no canonicalValues",
							path);
	}
	if (ScimCanonicalRules(type, stored) == NIL)
		return "names no attribute that has canonicalValues";
	return NULL;
}

static const char *
reference_fault(const ScimRegistry *registry, const ScimResourceType *type,
				const JsonbValue *settings)
{
	const JsonbValue *attributes = ScimJsonGet(settings, "attributes");
	ScimResolved resolved;

	if (attributes == NULL || attributes->type != jbvObject)
		return NULL; /* constraint policy_reference */
	if (attributes->val.object.nPairs == 0)
		return "names no attribute";
	for (int i = 0; i < attributes->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &attributes->val.object.pairs[i];
		const char *path = ScimJsonStringCopy(&pair->key);
		const char *fault = attribute_fault(type, path, &resolved);
		const ScimAttribute *last;

		if (fault != NULL)
			return fault;
		last = resolved.sub ? resolved.sub : resolved.attribute;
		if (last->type == SCIM_TYPE_COMPLEX)
			last = ScimAttributeSub(last, "value", 5);
		if (last == NULL ||
			(last->type != SCIM_TYPE_STRING && last->type != SCIM_TYPE_REFERENCE) ||
			(is_members(type, &resolved) && strcmp(last->name, "value") != 0))
			return psprintf("names the attribute \"%s\", whose values refer to nothing",
							path);
		fault = targets_fault(registry, &pair->value);
		if (fault != NULL)
			return fault;
	}
	return NULL;
}

/* An attribute that is there, and is kept as a client states it. */
static const char *
attribute_fault(const ScimResourceType *type, const char *path, ScimResolved *resolved)
{
	const ScimAttribute *attribute;
	const char *name;

	if (!ScimResolvePath(type, path, resolved))
		return psprintf("names the unknown attribute \"%s\"", path);
	attribute = resolved->attribute;
	name = attribute->name;
	if (attribute->schema == NULL && strcmp(name, "externalId") != 0)
		return psprintf("names the attribute \"%s\", which the store itself sets", path);
	if (type->has_groups && resolved->extension == NULL && strcmp(name, "groups") == 0)
		return psprintf("names the attribute \"%s\", which follows from the groups",
						path);
	if (type->has_groups && resolved->extension == NULL && strcmp(name, "password") == 0)
		return psprintf("names the attribute \"%s\", which is not kept", path);
	if (is_members(type, resolved) && resolved->sub != NULL &&
		strcmp(resolved->sub->name, "value") != 0 &&
		strcmp(resolved->sub->name, "type") != 0)
		return psprintf("names the attribute \"%s\", which follows from the member",
						path);
	return NULL;
}

static bool
is_members(const ScimResourceType *type, const ScimResolved *resolved)
{
	return type->has_members && resolved->extension == NULL &&
		   strcmp(resolved->attribute->name, "members") == 0;
}

/* The name of a resource type, or an array of one or more. */
static const char *
targets_fault(const ScimRegistry *registry, const JsonbValue *targets)
{
	const JsonbValue *names = targets;
	int count = 1;

	if (targets->type == jbvArray)
	{
		names = targets->val.array.elems;
		count = targets->val.array.nElems;
	}
	if (count == 0)
		return "has a reference to no resource type";
	for (int i = 0; i < count; i++)
	{
		const char *name = ScimJsonStringCopy(&names[i]);

		if (name == NULL)
			return "has a reference that is not the name of a resource type, or an "
				   "array of them";
		if (ScimRegistryType(registry, name) == NULL)
			return psprintf("names the unknown resource type \"%s\"", name);
	}
	return NULL;
}
