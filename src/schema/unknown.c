/*
 * unknown.c
 *		What becomes of members that no schema and no message knows.
 */
#include "postgres.h"

#include "schema/schema.h"

#include "json/json.h"
#include "miscadmin.h"
#include "utils/guc.h"

typedef enum UnknownAttributes
{
	UNKNOWN_REJECT,
	UNKNOWN_IGNORE
} UnknownAttributes;

static int unknown_attributes = UNKNOWN_REJECT;

static const struct config_enum_entry unknown_attributes_options[] = {
	{"reject", UNKNOWN_REJECT, false},
	{"ignore", UNKNOWN_IGNORE, false},
	{NULL, 0, false},
};

/* ScimIgnoresUnknownAttributes says whether scim.unknown_attributes is "ignore". */
bool
ScimIgnoresUnknownAttributes(void)
{
	return unknown_attributes == UNKNOWN_IGNORE;
}

/* ScimSchemaInit defines the setting scim.unknown_attributes. */
void
ScimSchemaInit(void)
{
	DefineCustomEnumVariable(
		"scim.unknown_attributes",
		"What becomes of attributes that no schema knows, and of members that a message "
		"does not have.",
		"\"reject\" makes them an error, \"ignore\" drops them.", &unknown_attributes,
		UNKNOWN_REJECT, unknown_attributes_options, PGC_USERSET, 0, NULL, NULL, NULL);
	ScimDocumentInit();
}

/*
 * ScimCheckStatedSchemas raises invalidValue where the "schemas" of a client's document
 * name a schema that resources of this type do not have: it is for another endpoint.
 * Of what is registered nowhere clients send all kinds; like that, and like what the
 * setting scim.unknown_attributes ignores, it has no effect: what is stored follows
 * from the rest.
 */
void
ScimCheckStatedSchemas(const ScimResourceType *type, const JsonbValue *document)
{
	const JsonbValue *schemas =
		document->type == jbvObject ? ScimJsonGetFolded(document, "schemas") : NULL;

	if (schemas == NULL || schemas->type != jbvArray || ScimIgnoresUnknownAttributes())
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
