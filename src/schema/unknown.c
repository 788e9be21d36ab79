/*
 * unknown.c
 *		What becomes of members that no schema and no message knows.
 */
#include "postgres.h"

#include "schema/schema.h"

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
