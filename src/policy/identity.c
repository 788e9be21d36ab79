/*
 * identity.c
 *		The policy "identity": userName equals the primary e-mail.
 *
 * The primary e-mail is the one with primary true; a single e-mail without
 * that mark counts as primary.  Both attributes compare without regard to
 * case (RFC 7643 section 4.1), so they do so with each other.
 */
#include "postgres.h"

#include "error.h"
#include "json/json.h"
#include "policy/policy.h"
#include "text/fold.h"

/* ScimIdentityCompile: the setting "userName" says what there is, "primaryEmail". */
void *
ScimIdentityCompile(const ScimRuleSource *source, const char **fault)
{
	const ScimSchema *schema = source->type->schema;
	const ScimAttribute *user_name = ScimSchemaAttribute(schema, "userName", 8);
	const ScimAttribute *emails = ScimSchemaAttribute(schema, "emails", 6);
	const JsonbValue *setting = ScimJsonGet(source->settings, "userName");

	if (setting != NULL && !ScimJsonStringEquals(setting, "primaryEmail"))
		*fault = "has the setting \"userName\", which is not \"primaryEmail\"";
	else if (user_name == NULL || user_name->type != SCIM_TYPE_STRING || emails == NULL ||
			 !emails->multi_valued || ScimAttributeSub(emails, "value", 5) == NULL)
		*fault = "needs the attributes \"userName\" and \"emails\"";
	return NULL;
}

static const JsonbValue *
primary_email(const JsonbValue *document)
{
	const JsonbValue *emails = ScimJsonGet(document, "emails");

	if (emails == NULL || emails->type != jbvArray)
		return NULL;
	for (int i = 0; i < emails->val.array.nElems; i++)
	{
		const JsonbValue *email = &emails->val.array.elems[i];
		const JsonbValue *primary = ScimJsonGet(email, "primary");

		if (primary != NULL && primary->type == jbvBool && primary->val.boolean)
			return ScimJsonGet(email, "value");
	}
	if (emails->val.array.nElems == 1)
		return ScimJsonGet(&emails->val.array.elems[0], "value");
	return NULL;
}

/* userName says how: an address that is written otherwise is the same name. */
static bool
equal_folded(const JsonbValue *a, const JsonbValue *b)
{
	return ScimFoldByEqual(SCIM_FOLD_USER_NAME, a->val.string.val, a->val.string.len,
						   b->val.string.val, b->val.string.len);
}

/*
 * ScimCheckIdentity appends a problem where userName is not the primary e-mail.  It
 * is about both of them: a write that changes neither has not made it.
 */
void
ScimCheckIdentity(const ScimResourceType *type, const JsonbValue *document,
				  List **problems)
{
	const JsonbValue *user_name = ScimJsonGet(document, "userName");
	const JsonbValue *email = primary_email(document);
	JsonbValue *both;
	ScimProblem *problem;

	/* required, and a string: the schema says so, unless somebody has made it another */
	if (user_name == NULL || user_name->type != jbvString)
		return;
	if (email != NULL && email->type != jbvString)
		email = NULL;
	if (email == NULL)
		problem = ScimProblemMake(SCIM_INVALID_VALUE, "userName",
								  "userName \"%s\" must equal the primary e-mail, but "
								  "there is no primary e-mail",
								  ScimJsonStringCopy(user_name));
	else if (!equal_folded(user_name, email))
		problem =
			ScimProblemMake(SCIM_INVALID_VALUE, "userName",
							"userName \"%s\" must equal the primary e-mail \"%s\"",
							ScimJsonStringCopy(user_name), ScimJsonStringCopy(email));
	else
		return;
	both = ScimJsonNewArray();
	ScimJsonAppend(both, user_name);
	if (email != NULL)
		ScimJsonAppend(both, email);
	problem->about = type->schema;
	problem->value = both;
	*problems = lappend(*problems, problem);
}
