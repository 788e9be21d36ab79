/*
 * unknown.c
 *		What becomes of members that no schema and no message knows.
 */
#include "postgres.h"

#include "schema/schema.h"

#include "json/json.h"
#include "miscadmin.h"
#include "setting/setting.h"

/* ScimIgnoresUnknownAttributes says whether unknown_attributes is "ignore". */
bool
ScimIgnoresUnknownAttributes(const ScimResourceType *type)
{
	return ScimSettingInForce(SCIM_SETTING_UNKNOWN_ATTRIBUTES,
							  type != NULL ? type->name : NULL) == SCIM_UNKNOWN_IGNORE;
}

/*
 * ScimRefusesUnknown: is whatever nobody knows an error, whether or not it has a value,
 * and wherever it stands?  So it is where both unknown_attributes and unknown_schemas are
 * "reject"; by the former alone what has no value is left out, as clients send it.
 */
bool
ScimRefusesUnknown(const ScimResourceType *type)
{
	const char *name = type != NULL ? type->name : NULL;

	return ScimSettingInForce(SCIM_SETTING_UNKNOWN_ATTRIBUTES, name) ==
			   SCIM_UNKNOWN_REJECT &&
		   ScimSettingInForce(SCIM_SETTING_UNKNOWN_SCHEMAS, name) == SCIM_UNKNOWN_REJECT;
}

/* Is a URN that nobody has registered an error? */
static bool
rejects_unknown_schemas(const ScimResourceType *type)
{
	return ScimSettingInForce(SCIM_SETTING_UNKNOWN_SCHEMAS, type->name) ==
		   SCIM_UNKNOWN_REJECT;
}

/* One of what "schemas" name. */
static void
check_stated(const ScimResourceType *type, const JsonbValue *schema)
{
	const char *urn = ScimJsonStringCopy(schema);
	bool registered;

	if (urn == NULL || ScimResourceTypeSchema(type, urn, strlen(urn)) != NULL)
		return;
	registered = ScimRegistrySchema(type->registry, urn) != NULL;
	if (!registered && rejects_unknown_schemas(type))
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_SYNTAX),
				 errmsg("\"schemas\" names \"%s\", which is no schema here", urn)));
	if (registered &&
		(rejects_unknown_schemas(type) || !ScimIgnoresUnknownAttributes(type)))
		ereport(ERROR, (ScimErr(rejects_unknown_schemas(type) ? SCIM_INVALID_SYNTAX
															  : SCIM_INVALID_VALUE),
						errmsg("\"schemas\" names \"%s\", which resources of type "
							   "\"%s\" do not have",
							   urn, type->name)));
}

/*
 * ScimCheckSchemas raises invalidValue where "schemas" that a client states, a list of
 * URNs or one of them, name a schema that resources of this type do not have: it is for
 * another endpoint.  Of what is registered nowhere clients send all kinds; like that, and
 * like what the setting unknown_attributes ignores, it has no effect: what is stored
 * follows from the rest.  Where unknown_schemas is "reject" both are invalidSyntax.
 */
void
ScimCheckSchemas(const ScimResourceType *type, const JsonbValue *schemas)
{
	if (schemas->type != jbvArray)
		check_stated(type, schemas);
	for (int i = 0; schemas->type == jbvArray && i < schemas->val.array.nElems; i++)
	{
		CHECK_FOR_INTERRUPTS();
		check_stated(type, &schemas->val.array.elems[i]);
	}
}

/* ScimCheckStatedSchemas does so with those of a client's document. */
void
ScimCheckStatedSchemas(const ScimResourceType *type, const JsonbValue *document)
{
	const JsonbValue *schemas =
		document->type == jbvObject ? ScimJsonGetFolded(document, "schemas") : NULL;

	if (schemas != NULL)
		ScimCheckSchemas(type, schemas);
}
