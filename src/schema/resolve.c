/*
 * resolve.c
 *		What an attribute reference means: [urn ":"] name ["." sub].
 */
#include "postgres.h"

#include "schema/schema.h"

#include "text/fold.h"

static bool resolve_in_schema(const ScimSchema *schema, const ScimAttrRef *ref,
							  ScimResolved *resolved);
static bool resolve_common(const ScimResourceType *type, const ScimAttrRef *ref,
						   ScimResolved *resolved);
static bool resolve_in_extensions(const ScimResourceType *type, const ScimAttrRef *ref,
								  ScimResolved *resolved);
static bool resolve_qualified(const ScimResourceType *type, const ScimAttrRef *ref,
							  ScimResolved *resolved);
static bool resolve_nested(const ScimResourceType *type, const ScimAttrRef *ref,
						   ScimResolved *resolved);
static bool is_whole_urn(const ScimSchema *schema, const ScimAttrRef *ref);
static bool resolve_without_type(const ScimRegistry *registry, const ScimAttrRef *ref,
								 ScimResolved *resolved);
static ScimProblem *
resolve_in_value(const ScimAttrRef *ref, const ScimAttrInfo *parent, ScimAttrInfo *info);
static ScimProblem *fill_info(const ScimAttrRef *ref, const ScimResolved *resolved,
							  bool want_value, ScimAttrInfo *info);
static void fill_any(const ScimAttrRef *ref, ScimAttrInfo *info);
static void take_attribute(ScimAttrInfo *info, const ScimAttribute *attribute);
static ScimProblem *refused(const ScimAttrRef *ref);
static ScimProblem *check_filterable(const ScimAttrRef *ref, const ScimAttrInfo *info);
static ScimProblem *
unknown_attribute(const ScimAttrRef *ref, const char *of, const char *name);
static char *reference_text(const ScimAttrRef *ref);

/*
 * ScimResolve says what a reference names within a resource type.  Without a
 * URN these are tried: the common attributes, the base schema, and then the
 * extensions, of which exactly one may have the attribute.  A whole schema URN
 * resolves to the schema, and what stands behind a dot after it to an attribute
 * of the schema ("urn:...:User.manager").  An attribute whose name is a URN (RFC 9944
 * section 7.1.3) is named by it, with or without the URN of its schema before, and what
 * stands behind a dot or a colon after it is its sub-attribute.  Returns false when it
 * is unknown.
 */
bool
ScimResolve(const ScimResourceType *type, const ScimAttrRef *ref, ScimResolved *resolved)
{
	memset(resolved, 0, sizeof(ScimResolved));
	if (ref->urn != NULL)
		return resolve_qualified(type, ref, resolved);
	return resolve_common(type, ref, resolved) ||
		   resolve_in_schema(type->schema, ref, resolved) ||
		   resolve_in_extensions(type, ref, resolved);
}

/*
 * ScimResolveForFilter is the ScimAttrResolver over a ScimResolveContext.  The
 * first key of an extension's attribute is the extension's URN.  Within [...]
 * the keys are relative to one element; one of a multi-valued simple attribute
 * is known as "value".
 */
ScimProblem *
ScimResolveForFilter(void *context, const ScimAttrRef *ref, const ScimAttrInfo *parent,
					 bool want_value, ScimAttrInfo *info)
{
	const ScimResolveContext *scope = context;
	ScimResolved resolved;

	memset(info, 0, sizeof(ScimAttrInfo));
	if (parent != NULL)
		return resolve_in_value(ref, parent, info);
	if (scope->type != NULL)
	{
		if (!ScimResolve(scope->type, ref, &resolved))
			return unknown_attribute(ref, "resource type", scope->type->name);
		return fill_info(ref, &resolved, want_value, info);
	}
	if (scope->registry != NULL && resolve_without_type(scope->registry, ref, &resolved))
		return fill_info(ref, &resolved, want_value, info);
	fill_any(ref, info);
	return NULL;
}

static bool
resolve_in_schema(const ScimSchema *schema, const ScimAttrRef *ref,
				  ScimResolved *resolved)
{
	const ScimAttribute *attribute =
		ScimSchemaAttribute(schema, ref->name, strlen(ref->name));
	const ScimAttribute *sub = NULL;

	if (attribute == NULL)
		return false;
	if (ref->sub != NULL)
	{
		sub = ScimAttributeSub(attribute, ref->sub, strlen(ref->sub));
		if (sub == NULL)
			return false;
	}
	resolved->attribute = attribute;
	resolved->sub = sub;
	return true;
}

/* The attributes that all resources have; but a membership has no externalId. */
static bool
resolve_common(const ScimResourceType *type, const ScimAttrRef *ref,
			   ScimResolved *resolved)
{
	if (type->is_membership && ScimNameEqual(ref->name, "externalId"))
		return false;
	return resolve_in_schema(type->common, ref, resolved);
}

/* An attribute without URN that exactly one extension has. */
static bool
resolve_in_extensions(const ScimResourceType *type, const ScimAttrRef *ref,
					  ScimResolved *resolved)
{
	for (int i = 0; i < type->nextensions; i++)
	{
		ScimResolved candidate;

		if (!resolve_in_schema(type->extensions[i].schema, ref, &candidate))
			continue;
		if (resolved->extension != NULL)
		{
			memset(resolved, 0, sizeof(ScimResolved));
			return false;
		}
		*resolved = candidate;
		resolved->extension = type->extensions[i].schema;
	}
	return resolved->extension != NULL;
}

static bool
resolve_qualified(const ScimResourceType *type, const ScimAttrRef *ref,
				  ScimResolved *resolved)
{
	const ScimSchema *schema = ScimResourceTypeSchema(type, ref->urn, strlen(ref->urn));

	if (schema == type->schema)
	{
		if (resolve_common(type, ref, resolved) ||
			resolve_in_schema(schema, ref, resolved))
			return true;
	}
	else if (schema != NULL && resolve_in_schema(schema, ref, resolved))
	{
		resolved->extension = schema;
		return true;
	}

	/* urn:name may be a schema as a whole */
	for (int i = -1; i < type->nextensions; i++)
	{
		schema = i < 0 ? type->schema : type->extensions[i].schema;
		if (!is_whole_urn(schema, ref))
			continue;
		if (ref->sub != NULL)
		{
			ScimAttrRef inner = {NULL, ref->sub, NULL};

			if (!resolve_in_schema(schema, &inner, resolved))
				return false;
		}
		resolved->extension = i < 0 ? NULL : schema;
		return true;
	}
	return resolve_nested(type, ref, resolved);
}

/* The attribute of a schema that is named by a URN, or by that of the schema and it. */
static const ScimAttribute *
nested_attribute(const ScimSchema *schema, const char *text)
{
	size_t len = strlen(text);

	if (len > schema->id_len + 1 && text[schema->id_len] == ':' &&
		ScimNameEqualN(schema->id, schema->id_len, text, schema->id_len))
		text += schema->id_len + 1;
	return memchr(text, ':', strlen(text)) != NULL
			   ? ScimSchemaAttribute(schema, text, strlen(text))
			   : NULL;
}

/* urn:name.sub, and urn:sub, where the attribute has a URN for its name */
static bool
resolve_nested(const ScimResourceType *type, const ScimAttrRef *ref,
			   ScimResolved *resolved)
{
	char *whole = psprintf("%s:%s", ref->urn, ref->name);

	for (int i = -1; i < type->nextensions; i++)
	{
		const ScimSchema *schema = i < 0 ? type->schema : type->extensions[i].schema;
		const ScimAttribute *attribute = nested_attribute(schema, whole);
		const char *sub = ref->sub;

		if (attribute == NULL && sub == NULL)
		{
			attribute = nested_attribute(schema, ref->urn);
			sub = ref->name;
		}
		if (attribute == NULL)
			continue;
		resolved->sub =
			sub != NULL ? ScimAttributeSub(attribute, sub, strlen(sub)) : NULL;
		if (sub != NULL && resolved->sub == NULL)
			return false;
		resolved->attribute = attribute;
		resolved->extension = i < 0 ? NULL : schema;
		return true;
	}
	return false;
}

/* Is urn ":" name the URN of a schema? */
static bool
is_whole_urn(const ScimSchema *schema, const ScimAttrRef *ref)
{
	size_t len = strlen(ref->urn);

	return schema->id_len == len + 1 + strlen(ref->name) && schema->id[len] == ':' &&
		   ScimNameEqualN(schema->id, len, ref->urn, len) &&
		   ScimNameEqual(schema->id + len + 1, ref->name);
}

/* All resource types, then the schemas that no resource type uses. */
static bool
resolve_without_type(const ScimRegistry *registry, const ScimAttrRef *ref,
					 ScimResolved *resolved)
{
	const ScimSchema *schema;

	for (int i = 0; i < registry->ntypes; i++)
	{
		if (ScimResolve(&registry->types[i], ref, resolved))
			return true;
	}
	memset(resolved, 0, sizeof(ScimResolved));
	if (ref->urn == NULL)
		return false;
	schema = ScimRegistrySchema(registry, ref->urn);
	if (schema == NULL || !resolve_in_schema(schema, ref, resolved))
		return false;
	resolved->extension = schema;
	return true;
}

/* A reference within parent[...]. */
static ScimProblem *
resolve_in_value(const ScimAttrRef *ref, const ScimAttrInfo *parent, ScimAttrInfo *info)
{
	const ScimAttribute *attribute = parent->attribute;
	const ScimAttribute *sub;

	if (parent->type == SCIM_TYPE_ANY || attribute == NULL)
	{
		fill_any(ref, info);
		return NULL;
	}
	if (ref->urn != NULL)
		return unknown_attribute(ref, "attribute", attribute->name);
	if (attribute->type != SCIM_TYPE_COMPLEX)
	{
		if (ref->sub != NULL || !ScimNameEqual(ref->name, "value"))
			return unknown_attribute(ref, "attribute", attribute->name);
		take_attribute(info, attribute);
		info->multi_valued = false;
		info->key[0] = "value";
		return check_filterable(ref, info);
	}
	sub = ScimAttributeSub(attribute, ref->name, strlen(ref->name));
	if (sub == NULL)
		return unknown_attribute(ref, "attribute", attribute->name);
	take_attribute(info, sub);
	if (ref->sub != NULL)
	{
		sub = ScimAttributeSub(sub, ref->sub, strlen(ref->sub));
		if (sub == NULL)
			return unknown_attribute(ref, "attribute", attribute->name);
		take_attribute(info, sub);
	}
	return check_filterable(ref, info);
}

static ScimProblem *
fill_info(const ScimAttrRef *ref, const ScimResolved *resolved, bool want_value,
		  ScimAttrInfo *info)
{
	const ScimAttribute *value;

	if (resolved->attribute == NULL)
	{
		/* an extension as a whole can be present; the base schema always is */
		if (resolved->extension == NULL)
			return ScimProblemMake(SCIM_INVALID_FILTER, NULL,
								   "\"%s\" is a schema, not an attribute",
								   reference_text(ref));
		info->type = SCIM_TYPE_COMPLEX;
		info->whole = true;
		info->key[info->nkeys++] = resolved->extension->id;
		return NULL;
	}
	if (resolved->extension != NULL)
		info->key[info->nkeys++] = resolved->extension->id;
	take_attribute(info, resolved->attribute);
	if (resolved->sub != NULL)
		take_attribute(info, resolved->sub);
	else if (want_value && info->type == SCIM_TYPE_COMPLEX)
	{
		value = ScimAttributeSub(resolved->attribute, "value", strlen("value"));
		if (value != NULL)
			take_attribute(info, value);
	}
	return check_filterable(ref, info);
}

/*
 * ScimFoldingOf tells how the strings of what is named compare: as they are where it is
 * caseExact, userName as RFC 7644 section 5 says, and any other without regard to case.
 */
ScimFolding
ScimFoldingOf(const ScimResolved *resolved)
{
	if (ScimLeaf(resolved)->case_exact)
		return SCIM_FOLD_NONE;
	if (resolved->extension == NULL && resolved->attribute->schema != NULL &&
		ScimNameEqual(resolved->attribute->name, "userName") &&
		(resolved->sub == NULL || ScimNameEqual(resolved->sub->name, "value")))
		return SCIM_FOLD_USER_NAME;
	return SCIM_FOLD_CASE;
}

/* Nothing is known about the attribute: the keys are as the client wrote them. */
static void
fill_any(const ScimAttrRef *ref, ScimAttrInfo *info)
{
	info->type = SCIM_TYPE_ANY;
	info->fold_keys = true;
	if (ref->urn != NULL)
		info->key[info->nkeys++] = ref->urn;
	info->key[info->nkeys++] = ref->name;
	if (ref->sub != NULL)
		info->key[info->nkeys++] = ref->sub;
}

/* Descends into an attribute: its name is the next key, its type the type. */
static void
take_attribute(ScimAttrInfo *info, const ScimAttribute *attribute)
{
	info->type = attribute->type;
	info->types = attribute->types;
	info->multi_valued = info->multi_valued || attribute->multi_valued;
	info->case_exact = attribute->case_exact;
	info->date = attribute->date;
	info->version = ScimIsVersion(attribute);
	info->key[info->nkeys++] = attribute->name;
	info->attribute = attribute;
}

static ScimProblem *
refused(const ScimAttrRef *ref)
{
	return ScimProblemMake(SCIM_INVALID_FILTER, reference_text(ref),
						   "attribute \"%s\" may not be used in a filter",
						   reference_text(ref));
}

/* A secret must not be found out by asking (RFC 7643 section 7, "never"). */
static ScimProblem *
check_filterable(const ScimAttrRef *ref, const ScimAttrInfo *info)
{
	for (const ScimAttribute *attribute = info->attribute; attribute != NULL;
		 attribute = attribute->parent)
	{
		if (ScimIsSecret(attribute))
			return refused(ref);
	}
	return NULL;
}

static ScimProblem *
unknown_attribute(const ScimAttrRef *ref, const char *of, const char *name)
{
	char *text = reference_text(ref);

	return ScimProblemMake(SCIM_INVALID_FILTER, text,
						   "unknown attribute \"%s\" in filter for %s \"%s\"", text, of,
						   name);
}

static char *
reference_text(const ScimAttrRef *ref)
{
	return psprintf("%s%s%s%s%s", ref->urn ? ref->urn : "", ref->urn ? ":" : "",
					ref->name, ref->sub ? "." : "", ref->sub ? ref->sub : "");
}
