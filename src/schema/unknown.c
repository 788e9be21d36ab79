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
 * ScimCheckStatedSchemas raises invalidValue where the "schemas" of a client's document
 * name a schema that resources of this type do not have: it is for another endpoint.
 * Of what is registered nowhere clients send all kinds; like that, and like what the
 * setting unknown_attributes ignores, it has no effect: what is stored follows
 * from the rest.
 */
void
ScimCheckStatedSchemas(const ScimResourceType *type, const JsonbValue *document)
{
	const JsonbValue *schemas =
		document->type == jbvObject ? ScimJsonGetFolded(document, "schemas") : NULL;

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
			ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
							errmsg("\"schemas\" names \"%s\", which resources of type "
								   "\"%s\" do not have",
								   urn, type->name)));
	}
}
