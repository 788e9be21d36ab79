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
 * ScimTypeHasActive: has the schema of a type the "active" that says whether a resource
 * is in use?  Groups have none, nor has a type whose schema calls something else by that
 * name: of these the status alone says so.
 */
bool
ScimTypeHasActive(const ScimResourceType *type)
{
	const char *name = ScimKeyColumnInfos[SCIM_KEY_ACTIVE].attribute;
	const ScimAttribute *active = ScimSchemaAttribute(type->schema, name, strlen(name));

	return active != NULL && ScimIsKeyColumn(active, SCIM_KEY_ACTIVE);
}

/*
 * Take an attribute out of the document.  Returns a copy of its value, or NULL where
 * it is not there, or is a stored value of another type, which nothing can use.
 */
static JsonbValue *
take(JsonbValue *document, const char *name, enum jbvType type)
{
	JsonbValue *value = ScimJsonGet(document, name);
	JsonbValue *taken;

	if (value == NULL)
		return NULL;
	taken = palloc(sizeof(JsonbValue));
	*taken = *value;
	ScimJsonRemove(document, name);
	return taken->type == type ? taken : NULL;
}

/*
 * ScimStatesMembers says whether a client's document of a group holds its members,
 * perhaps none: "members", with or without the URN of the schema, in any letter
 * case.
 */
bool
ScimStatesMembers(const ScimResourceType *type, const JsonbValue *document)
{
	char *qualified = psprintf("%s:members", type->schema->id);

	return type->has_members && (ScimJsonGetFolded(document, "members") != NULL ||
								 ScimJsonGetFolded(document, qualified) != NULL);
}

/*
 * ScimStoredToday makes of a stored document what the door would make of it if it were
 * written now, under schemas that may be others than when it was: what no schema knows
 * goes, and a value takes the form that its attribute has by now.  Who writes a resource
 * has changed what differs from that; the rest is the door's doing.
 */
JsonbValue *
ScimStoredToday(const ScimResourceType *type, const JsonbValue *document)
{
	List *ignored = NIL;
	JsonbValue *known = ScimJsonCopy(document);
	JsonbValue *today;

	ScimDropStale(type, document, known);
	today = ScimCanonicalise(
		type, known,
		SCIM_BY_SERVICE | SCIM_OF_STORED | SCIM_KEEP_WRONG | SCIM_ALL_PROBLEMS, &ignored);
	return today != NULL ? today : known;
}

/*
 * ScimKnown: a stored document, or a copy of it without what no schema knows any more.
 */
JsonbValue *
ScimKnown(const ScimResourceType *type, JsonbValue *document)
{
	JsonbValue *known = ScimJsonCopy(document);

	ScimDropStale(type, document, known);
	if (ScimJsonEqual(document, known))
		return document;
	/* it follows from what is there */
	ScimSetSchemas(type, known);
	return known;
}

/*
 * ScimPrepare makes a document canonical, checks it against its schemas and
 * against the document that it replaces (NULL for a new resource), and takes
 * out what lives elsewhere.  options: of ScimCanonicalise, SCIM_BY_SERVICE where the
 * service itself writes, so that readOnly attributes are set as the document says, and
 * SCIM_NULL_REMOVES where a null takes away what is sealed, SCIM_SEALED_STATED where
 * whatever is not there does.  complete (or NULL) completes
 * the canonical document.  A value that the schemas do not allow and that was there
 * before stays as it is.  Returns false where problems were appended.
 */
bool
ScimPrepare(const ScimResourceType *type, const JsonbValue *document,
			const JsonbValue *old_document, int options, ScimCompleteDocument complete,
			void *arg, ScimPrepared *prepared, List **problems)
{
	int already = list_length(*problems);
	const JsonbValue *spelled = old_document;
	List *found = NIL;

	if (old_document != NULL)
		options |= SCIM_OF_STORED | SCIM_KEEP_WRONG;
	else
		options &= ~SCIM_NULL_REMOVES;
	if (old_document != NULL && (options & (SCIM_SEALED_STATED | SCIM_NULL_REMOVES)) == 0)
		options |= SCIM_KEEPS_UNSEEN;
	if (type->has_sealed && old_document != NULL && (options & SCIM_SEALED_STATED) == 0)
		options |= SCIM_KEEPS_SEALED;
	if ((options & SCIM_NULL_REMOVES) != 0)
		options |= SCIM_NULL_VALUES;
	if (complete != NULL)
		options |= SCIM_KEEP_WRONG;
	memset(prepared, 0, sizeof(ScimPrepared));
	ScimCheckSent(type, document, old_document, options, problems);
	if (list_length(*problems) > already)
		return false;
	if (old_document != NULL)
		document = ScimDropStaleReferences(type, old_document, document,
										   (options & SCIM_NULL_REMOVES) != 0);
	prepared->document = ScimCanonicalise(type, document, options, &found);
	if (found != NIL && old_document != NULL)
	{
		List *before = NIL;

		(void) ScimCanonicalise(type, old_document, options, &before);
		if (list_length(found) >= SCIM_MAX_PROBLEMS &&
			list_length(before) >= SCIM_MAX_PROBLEMS)
		{
			/* those may come first that were there before */
			options |= SCIM_ALL_PROBLEMS;
			found = before = NIL;
			prepared->document = ScimCanonicalise(type, document, options, &found);
			(void) ScimCanonicalise(type, old_document, options, &before);
		}
		found = ScimProblemsOfWrite(found, before);
	}
	if ((options & SCIM_KEEPS_UNSEEN) != 0 && prepared->document != NULL)
		ScimKeepUnseen(type, old_document, prepared->document, options, &found);
	if ((options & SCIM_KEEPS_SEALED) != 0 && prepared->document != NULL)
		ScimKeepSealed(type, old_document, prepared->document, &found);
	/* what was missing may have been sealed */
	if (found != NIL && old_document != NULL && prepared->document != NULL)
		ScimKeepUnseen(type, old_document, prepared->document,
					   options & ~SCIM_KEEPS_UNSEEN, &found);
	if (complete != NULL && prepared->document != NULL)
		spelled = complete(arg, prepared->document, old_document, &found);
	*problems = list_concat(*problems, found);
	if (found != NIL)
		return false;
	ScimCheckLimits(type, prepared->document, old_document, problems);
	if (old_document != NULL)
		ScimCheckMutability(type, spelled, prepared->document, options, problems);
	if (type->has_members)
	{
		const JsonbValue *members = ScimJsonGet(prepared->document, "members");

		prepared->has_members = ScimStatesMembers(type, document) &&
								(members == NULL || members->type == jbvArray);
		prepared->members = take(prepared->document, "members", jbvArray);
	}
	if (type->has_password)
		prepared->password = take(prepared->document, "password", jbvString);
	return list_length(*problems) == already;
}
