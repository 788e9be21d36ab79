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

/*
 * ScimRejectUnknownSchemas raises invalidSyntax where unknown_schemas is "reject" and a
 * list of URNs, or one, names what nobody has registered.
 */
void
ScimRejectUnknownSchemas(const ScimResourceType *type, const JsonbValue *schemas)
{
	const JsonbValue *urns = schemas;
	int count = 1;

	if (!rejects_unknown_schemas(type))
		return;
	if (schemas->type == jbvArray)
	{
		urns = schemas->val.array.elems;
		count = schemas->val.array.nElems;
	}
	for (int i = 0; i < count; i++)
	{
		const char *urn = ScimJsonStringCopy(&urns[i]);

		CHECK_FOR_INTERRUPTS();
		if (urn != NULL && ScimResourceTypeSchema(type, urn, strlen(urn)) == NULL &&
			ScimRegistrySchema(type->registry, urn) == NULL)
			ereport(ERROR,
					(ScimErr(SCIM_INVALID_SYNTAX),
					 errmsg("\"schemas\" names \"%s\", which is no schema here", urn)));
	}
}

/*
 * ScimCheckStatedSchemas raises invalidValue where the "schemas" of a client's document
 * name a schema that resources of this type do not have: it is for another endpoint.
 * Of what is registered nowhere clients send all kinds; like that, and like what the
 * setting unknown_attributes ignores, it has no effect: what is stored follows
 * from the rest.  Where unknown_schemas is "reject" it is invalidSyntax.
 */
void
ScimCheckStatedSchemas(const ScimResourceType *type, const JsonbValue *document)
{
	const JsonbValue *schemas =
		document->type == jbvObject ? ScimJsonGetFolded(document, "schemas") : NULL;

	if (schemas != NULL)
		ScimRejectUnknownSchemas(type, schemas);
	if (schemas == NULL || schemas->type != jbvArray ||
		ScimIgnoresUnknownAttributes(type))
		return;
	for (int i = 0; i < schemas->val.array.nElems; i++)
	{
		const JsonbValue *schema = &schemas->val.array.elems[i];
		const char *urn = ScimJsonStringCopy(schema);

		CHECK_FOR_INTERRUPTS();
		if (urn != NULL && ScimResourceTypeSchema(type, urn, strlen(urn)) == NULL &&
			ScimRegistrySchema(type->registry, urn) != NULL)
			ereport(ERROR, (ScimErr(rejects_unknown_schemas(type) ? SCIM_INVALID_SYNTAX
																  : SCIM_INVALID_VALUE),
							errmsg("\"schemas\" names \"%s\", which resources of type "
								   "\"%s\" do not have",
								   urn, type->name)));
	}
}
