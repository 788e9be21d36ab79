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
#include "policy/document/document.h"
#include "policy/wire/wire.h"
#include "schema/canonical/canonical.h"
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
	const JsonbValue *primary;

	if (emails == NULL || emails->type != jbvArray)
		return NULL;
	primary = ScimPrimaryElement(emails);
	if (primary == NULL && emails->val.array.nElems == 1)
		primary = &emails->val.array.elems[0];
	return primary != NULL ? ScimJsonGet(primary, "value") : NULL;
}

/* userName says how: an address that is written otherwise is the same name. */
static bool
equal_folded(const JsonbValue *a, const JsonbValue *b)
{
	return ScimFoldByEqual(SCIM_FOLD_USER_NAME, a->val.string.val, a->val.string.len,
						   b->val.string.val, b->val.string.len);
}

/* What is stored as one of the two where what the other one holds is said to be it. */
static const JsonbValue *
stored_as(const ScimRules *rules, const char *path, const JsonbValue *value)
{
	ScimResolved resolved;

	return ScimResolvePath(rules->type, path, &resolved)
			   ? ScimWireValueStored(ScimWireOf(rules), &resolved, value)
			   : value;
}

/*
 * ScimCheckIdentity appends a problem where userName is not the primary e-mail, but for
 * characters that are others in one of them.  It is about both of them: a write that
 * changes neither has not made it.  quote: it may say the e-mail, which who writes the
 * userName need not know.
 */
void
ScimCheckIdentity(const ScimRules *rules, const JsonbValue *document, bool quote,
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
	else if (!equal_folded(stored_as(rules, "emails.value", user_name),
						   stored_as(rules, "userName", email)))
		problem =
			ScimProblemMake(SCIM_INVALID_VALUE, "userName",
							"userName \"%s\" must equal the primary e-mail%s",
							ScimJsonStringCopy(user_name),
							quote ? psprintf(" \"%s\"", ScimJsonStringCopy(email)) : "");
	else
		return;
	both = ScimJsonNewArray();
	ScimJsonAppend(both, user_name);
	if (email != NULL)
		ScimJsonAppend(both, email);
	problem->about = rules->type->schema;
	problem->value = both;
	*problems = lappend(*problems, problem);
}
