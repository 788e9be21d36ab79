/*
 * prepare.c
 *		A client's document taken apart into what is stored of it.
 */
#include "postgres.h"

#include "json/json.h"
#include "resource/resource.h"
#include "text/fold.h"

const ScimKeyColumnInfo ScimKeyColumnInfos[SCIM_KEY_COLUMNS] = {
	[SCIM_KEY_EXTERNAL_ID] = {"external_id", "externalId"},
	[SCIM_KEY_USER_NAME] = {"user_name", "userName"},
	[SCIM_KEY_DISPLAY_NAME] = {"display_name", "displayName"},
	[SCIM_KEY_ACTIVE] = {"active", "active"},
};

/*
 * ScimIsKeyColumn compares the type as well as the name: a resource type of a
 * user's own may have an "active" that is no boolean.
 */
bool
ScimIsKeyColumn(const ScimAttribute *attribute, ScimKeyColumn column)
{
	ScimType type = column == SCIM_KEY_ACTIVE ? SCIM_TYPE_BOOLEAN : SCIM_TYPE_STRING;

	return attribute->type == type && !attribute->multi_valued &&
		   strcmp(attribute->name, ScimKeyColumnInfos[column].attribute) == 0;
}

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
 * ScimCheckMembers appends a problem for each member without a value, which
 * would otherwise vanish, or empty the group.
 */
void
ScimCheckMembers(const JsonbValue *members, List **problems)
{
	if (members == NULL || members->type != jbvArray)
		return;
	for (int i = 0; i < members->val.array.nElems; i++)
	{
		const JsonbValue *member = &members->val.array.elems[i];
		const JsonbValue *value;

		if (member->type != jbvObject || ScimJsonIsUnassigned(member))
			continue;
		value = ScimJsonGetFolded(member, "value");
		if (value == NULL || ScimJsonIsUnassigned(value))
			*problems = lappend(
				*problems,
				ScimProblemMake(SCIM_INVALID_VALUE, "members.value",
								"attribute \"members[%d].value\" is required", i));
	}
}

/*
 * ScimPrepare makes a document canonical, checks it against its schemas and
 * against the document that it replaces (NULL for a new resource), and takes
 * out what lives elsewhere.  by_service: the service itself writes, so that
 * readOnly attributes are set as the document says.  A value that the schemas do
 * not allow and that was there before stays as it is.  Returns false where problems
 * were appended.
 */
bool
ScimPrepare(const ScimResourceType *type, const JsonbValue *document,
			const JsonbValue *old_document, bool by_service, ScimPrepared *prepared,
			List **problems)
{
	int already = list_length(*problems);
	int options = by_service ? SCIM_BY_SERVICE : 0;
	List *found = NIL;

	if (old_document != NULL)
		options |= SCIM_OF_STORED | SCIM_KEEP_WRONG;
	memset(prepared, 0, sizeof(ScimPrepared));
	prepared->document = ScimCanonicalise(type, document, options, &found);
	if (found != NIL && old_document != NULL)
	{
		List *before = NIL;

		(void) ScimCanonicalise(type, old_document, options, &before);
		found = ScimProblemsOfWrite(found, before);
	}
	*problems = list_concat(*problems, found);
	if (found != NIL)
		return false;
	ScimCheckLimits(type, prepared->document, old_document, problems);
	if (old_document != NULL)
		ScimCheckMutability(type, old_document, prepared->document, options, problems);
	if (type->has_members)
	{
		const JsonbValue *members = ScimJsonGetFolded(document, "members");

		ScimCheckMembers(members, problems);
		prepared->has_members = members != NULL;
		prepared->members = take(prepared->document, "members");
	}
	if (ScimNameEqual(type->schema->id, SCIM_URN_USER))
		prepared->password = take(prepared->document, "password");
	return list_length(*problems) == already;
}
