/*
 * schemas.c
 *		The policy "schemas": whether the member "schemas" must be in bodies.
 *
 *		{"required": true}
 *
 * RFC 7643 section 3 wants it there, and many clients leave it out.  A row of a table
 * is no body.
 */
#include "postgres.h"

#include "json/json.h"
#include "policy/policy.h"

/* ScimSchemasCompile makes a bool. */
void *
ScimSchemasCompile(const ScimRuleSource *source, const char **fault)
{
	const JsonbValue *required = ScimJsonGet(source->settings, "required");
	bool *rule = palloc(sizeof(bool));

	if (required == NULL || required->type != jbvBool)
		*fault = "needs the setting \"required\", true or false";
	*rule = required != NULL && required->type == jbvBool && required->val.boolean;
	return rule;
}

/* ScimSchemasCheck raises an error where a body has to name its schemas and does not. */
void
ScimSchemasCheck(const ScimRules *rules, const JsonbValue *body)
{
	const bool *required = ScimRuleOf(rules, SCIM_RULE_SCHEMAS);
	const JsonbValue *schemas;

	if (required == NULL || !*required || body->type != jbvObject)
		return;
	schemas = ScimJsonGetFolded(body, "schemas");
	if (schemas == NULL || ScimJsonIsUnassigned(schemas))
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("attribute \"schemas\" is required")));
}
