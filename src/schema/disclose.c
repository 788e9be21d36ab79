/*
 * disclose.c
 *		The document of a schema as discovery shows it.
 *
 * Clients know RFC 7643 section 7.  What ours has beyond it is said in words, in the
 * description of an attribute, and for programs in members of their own, which clients
 * pass over: "types", all that a value may have, of which "type" is the first; "format";
 * "pattern".  Some clients refuse whatever they do not know: they get the words alone.
 */
#include "postgres.h"

#include "schema/schema.h"

#include "json/json.h"
#include "miscadmin.h"

static void disclose_attribute(JsonbValue *document, bool beyond);
static void append_types(StringInfo words, const JsonbValue *types);

/*
 * ScimDiscloseSchema changes a registered document into the one to show.  beyond: with
 * members that RFC 7643 does not have.
 */
void
ScimDiscloseSchema(JsonbValue *document, bool beyond)
{
	static const char *const keys[] = {"attributes", "subAttributes"};

	check_stack_depth();
	for (int i = 0; i < lengthof(keys); i++)
	{
		JsonbValue *attributes = ScimJsonGet(document, keys[i]);

		for (int j = 0; attributes != NULL && attributes->type == jbvArray &&
						j < attributes->val.array.nElems;
			 j++)
		{
			CHECK_FOR_INTERRUPTS();
			if (attributes->val.array.elems[j].type != jbvObject)
				continue;
			disclose_attribute(&attributes->val.array.elems[j], beyond);
			ScimDiscloseSchema(&attributes->val.array.elems[j], beyond);
		}
	}
}

static void
disclose_attribute(JsonbValue *document, bool beyond)
{
	const JsonbValue *description = ScimJsonGet(document, "description");
	const JsonbValue *type = ScimJsonGet(document, "type");
	const JsonbValue *pattern = ScimJsonGet(document, "pattern");
	StringInfoData words;

	if (description == NULL || description->type != jbvString)
		return; /* none that was registered */
	initStringInfo(&words);
	appendBinaryStringInfo(&words, description->val.string.val,
						   description->val.string.len);
	if (type != NULL && type->type == jbvArray)
		append_types(&words, type);
	if (ScimJsonGet(document, "format") != NULL)
		appendStringInfoString(&words, " (A date such as 2026-01-31.)");
	if (pattern != NULL)
		appendStringInfo(&words, " (It matches %s)", ScimJsonStringCopy(pattern));
	ScimJsonSet(document, "description", ScimJsonNewStringN(words.data, words.len));
	if (type != NULL && type->type == jbvArray)
	{
		const JsonbValue *types = ScimJsonCopy(type);

		ScimJsonSet(document, "type", ScimJsonCopy(&types->val.array.elems[0]));
		if (beyond)
			ScimJsonSet(document, "types", types);
	}
	if (!beyond)
	{
		ScimJsonRemove(document, "format");
		ScimJsonRemove(document, "pattern");
	}
}

/* " (Of type string, decimal or boolean.)" */
static void
append_types(StringInfo words, const JsonbValue *types)
{
	int count = types->val.array.nElems;

	appendStringInfoString(words, " (Of type ");
	for (int i = 0; i < count; i++)
		appendStringInfo(words, "%s%s",
						 i == 0          ? ""
						 : i < count - 1 ? ", "
										 : " or ",
						 ScimJsonStringCopy(&types->val.array.elems[i]));
	appendStringInfoString(words, ".)");
}
