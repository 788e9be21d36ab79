/*
 * violation.c
 *		The policy "violation": what the error is where a value is not what its
 *		schema says.
 *
 *		{"attributes": {"urn:...:User:customAttributes": {"status": 422, "scimType":
 *		"invalidValue"}}}
 *
 * It holds for the attribute and all that is within it.
 */
#include "postgres.h"

#include "json/json.h"
#include "policy/document/document.h"

typedef struct Violation
{
	ScimResolved resolved;
	ScimOwnError error;
} Violation;

/* ScimViolationCompile makes a list of Violation *. */
void *
ScimViolationCompile(const ScimRuleSource *source, const char **fault)
{
	static const char *const known[] = {"status", "scimType", NULL};
	const JsonbValue *attributes = ScimRuleMembers(source, "attributes", fault);
	List *all = NIL;
	List *named = NIL;

	for (int i = 0; *fault == NULL && i < attributes->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &attributes->val.object.pairs[i];
		const char *path = ScimJsonStringCopy(&pair->key);
		Violation *violation = palloc0(sizeof(Violation));

		if (!ScimResolvePath(source->type, path, &violation->resolved))
			*fault = psprintf("names the unknown attribute \"%s\"", path);
		else if (pair->value.type != jbvObject || pair->value.val.object.nPairs == 0)
			*fault = psprintf("has for the attribute \"%s\" what is not an object of "
							  "\"status\" and \"scimType\"",
							  path);
		else
		{
			*fault = ScimUnknownMemberFault(&pair->value, known);
			if (*fault == NULL)
				violation->error = ScimRuleError(&pair->value, fault);
		}
		if (*fault == NULL)
			*fault = ScimRuleTwiceFault(source, &named, &violation->resolved);
		if (*fault != NULL)
			break;
		all = lappend(all, violation);
	}
	return all;
}

/* "emails[1].type" without the numbers. */
static char *
without_indexes(const char *path)
{
	char *plain = palloc(strlen(path) + 1);
	char *to = plain;
	bool within = false;

	for (; *path != '\0'; path++)
	{
		if (*path == '[')
			within = true;
		if (!within)
			*to++ = *path;
		if (*path == ']')
			within = false;
	}
	*to = '\0';
	return plain;
}

/*
 * The attribute that a problem is about, or in which it is: the path of an unknown
 * member leads to the attribute before it.
 */
static bool
resolve_outer(const ScimResourceType *type, const char *path, ScimResolved *resolved)
{
	char *plain = without_indexes(path);

	while (!ScimResolvePath(type, plain, resolved))
	{
		char *dot = strrchr(plain, '.');

		if (dot == NULL)
			return false;
		*dot = '\0';
	}
	return true;
}

static bool
is_within(const ScimResolved *inner, const ScimResolved *outer)
{
	return inner->extension == outer->extension && inner->attribute == outer->attribute &&
		   (outer->sub == NULL || inner->sub == outer->sub);
}

/* ScimViolationApply gives those problems that come from schemas their own errors. */
void
ScimViolationApply(const ScimRules *rules, List *problems)
{
	const ListCell *lc;

	if (rules->of[SCIM_RULE_VIOLATION] == NIL)
		return;
	foreach (lc, problems)
	{
		ScimProblem *problem = lfirst(lc);
		ScimResolved resolved;
		const ListCell *row;

		if (problem->rule != NULL || problem->path == NULL ||
			!resolve_outer(rules->type, problem->path, &resolved))
			continue;
		foreach (row, rules->of[SCIM_RULE_VIOLATION])
		{
			const ListCell *cell;

			foreach (cell, (List *) ((const ScimRule *) lfirst(row))->compiled)
			{
				const Violation *violation = lfirst(cell);

				if (is_within(&resolved, &violation->resolved))
					problem->own = violation->error;
			}
		}
	}
}
