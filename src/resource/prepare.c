/*
 * prepare.c
 *		A client's document taken apart into what is stored of it.
 */
#include "postgres.h"

#include "filter/fold.h"
#include "json/json.h"
#include "resource/resource.h"

const ScimKeyColumnInfo ScimKeyColumnInfos[SCIM_KEY_COLUMNS] = {
	[SCIM_KEY_EXTERNAL_ID] = {"external_id", "externalId"},
	[SCIM_KEY_USER_NAME] = {"user_name", "userName"},
	[SCIM_KEY_DISPLAY_NAME] = {"display_name", "displayName"},
	[SCIM_KEY_ACTIVE] = {"active", "active"},
};

/*
 * Take an attribute out of the document.  Returns a copy of its value, or NULL
 * where it is not there.
 */
static JsonbValue *
take(JsonbValue *document, const char *name)
{
	JsonbValue *value = ScimJsonGet(document, name);
	JsonbValue *taken;

	if (value == NULL)
		return NULL;
	taken = palloc(sizeof(JsonbValue));
	*taken = *value;
	ScimJsonRemove(document, name);
	return taken;
}

/*
 * ScimPrepare makes a document canonical, checks it against its schemas and
 * against the document that it replaces (NULL for a new resource), and takes
 * out what lives elsewhere.  Returns false where problems were appended.
 */
bool
ScimPrepare(const ScimResourceType *type, const JsonbValue *document,
			const JsonbValue *old_document, ScimPrepared *prepared, List **problems)
{
	int already = list_length(*problems);

	memset(prepared, 0, sizeof(ScimPrepared));
	prepared->document = ScimCanonicalise(type, document, problems);
	if (prepared->document == NULL || list_length(*problems) > already)
		return false;
	if (old_document != NULL)
		ScimCheckImmutable(type, old_document, prepared->document, problems);
	if (type->has_members)
	{
		prepared->has_members = ScimJsonGetFolded(document, "members") != NULL;
		prepared->members = take(prepared->document, "members");
	}
	if (ScimNameEqual(type->schema->id, SCIM_URN_USER))
		prepared->password = take(prepared->document, "password");
	return list_length(*problems) == already;
}
