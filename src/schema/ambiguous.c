/*
 * ambiguous.c
 *		Names of which nobody can tell what they mean: the URN of a schema that is what
 *		an attribute of another schema of the same resource type is called.
 */
#include "postgres.h"

#include "schema/schema.h"
#include "text/fold.h"

/* What a text names within a schema: "name", "name.givenName", where the name of the
 * attribute is a URN with a colon for the dot, too (resolve.c).
 */
static const ScimAttribute *
named_within(const ScimSchema *schema, const char *text)
{
	size_t len = strlen(text);
	const ScimAttribute *found = ScimSchemaAttribute(schema, text, len);

	for (size_t at = 0; found == NULL && at < len; at++)
	{
		const ScimAttribute *attribute = text[at] == '.' || text[at] == ':'
											 ? ScimSchemaAttribute(schema, text, at)
											 : NULL;

		if (attribute != NULL)
			found = ScimAttributeSub(attribute, text + at + 1, len - at - 1);
	}
	return found;
}

/*
 * ScimSchemaCalls: which attribute of a schema, with or without its URN, is called so?
 * That of a base schema stands before what all resources have, too.
 */
const ScimAttribute *
ScimSchemaCalls(const ScimSchema *schema, bool is_base, const char *urn)
{
	size_t len = schema->id_len;
	const ScimAttribute *found = named_within(schema, urn);

	if (found != NULL || strlen(urn) <= len + 1 || urn[len] != ':' ||
		!ScimNameEqualN(schema->id, len, urn, len))
		return found;
	found = named_within(schema, urn + len + 1);
	return found == NULL && is_base ? named_within(ScimCommonSchema(), urn + len + 1)
									: found;
}
