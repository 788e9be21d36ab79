/*
 * guard.c
 *		The policy "guard": not too much is taken away at once, and not the last.
 *
 *		{"on": ["suspend", "offboard", "delete"], "limit": 10, "seconds": 3600,
 *		 "per": "token", "when": "userType eq \"Employee\""}
 *
 * So many of these may happen within a time, in a tenant or by who acts; with the last
 * of them the guard trips, and nothing of the kind happens until scim.release_guard().
 *
 *		{"holders": "roles.value eq \"admin\"", "least": 1}
 *		{"group": "displayName eq \"Administrators\"", "least": 1}
 *
 * Of those that are active so many match "holders", or are members of each group that
 * matches: who would be one too few to go stays what he is.
 */
#include "postgres.h"

#include "json/json.h"
#include "policy/policy.h"

#define MAX_LIMIT 1000000000
#define MAX_SECONDS (366 * 86400)

/* In the order of the bits. */
static const char *const words[] = {"suspend", "offboard", "complete", "delete",
									"remove member"};

/* A setting that is an integer of a range; fallback where it is not there. */
static int64
compile_integer(const ScimRuleSource *source, const char *setting, int64 least,
				int64 most, int64 fallback, const char **fault)
{
	const JsonbValue *value = ScimJsonGet(source->settings, setting);
	int64 number = fallback;

	if (*fault == NULL && value != NULL &&
		(!ScimMessageInteger(value, &number) || number < least || number > most))
		*fault =
			psprintf("has the setting \"%s\", which is not an integer from " INT64_FORMAT
					 " to " INT64_FORMAT,
					 setting, least, most);
	return number;
}

static void
compile_on(const ScimRuleSource *source, ScimGuardRule *rule, const char **fault)
{
	const JsonbValue *on = ScimJsonGet(source->settings, "on");

	if (*fault != NULL)
		return;
	if (on == NULL || on->type != jbvArray || on->val.array.nElems == 0)
	{
		*fault = "needs the setting \"on\", an array of what is counted";
		return;
	}
	for (int i = 0; i < on->val.array.nElems; i++)
	{
		size_t word = 0;

		while (word < lengthof(words) &&
			   !ScimJsonStringEquals(&on->val.array.elems[i], words[word]))
			word++;
		if (word == lengthof(words))
		{
			*fault =
				"has the setting \"on\", of which each is \"suspend\", \"offboard\", "
				"\"complete\", \"delete\" or \"remove member\"";
			return;
		}
		if ((1 << word) == SCIM_GUARD_REMOVE_MEMBER && !source->type->has_members)
			*fault = "is on \"remove member\" of what has no members";
		rule->on |= 1 << word;
	}
}

static void
compile_limit(const ScimRuleSource *source, ScimGuardRule *rule, const char **fault)
{
	static const char *const per[] = {"tenant", "token", NULL};

	compile_on(source, rule, fault);
	rule->limit = compile_integer(source, "limit", 1, MAX_LIMIT, 0, fault);
	rule->seconds = compile_integer(source, "seconds", 1, MAX_SECONDS, 0, fault);
	if (*fault == NULL && (rule->limit == 0 || rule->seconds == 0))
		*fault = "needs the settings \"limit\" and \"seconds\"";
	rule->per_token = ScimRuleChoice(source, "per", per, fault) == 1;
	if (*fault == NULL)
		rule->scope = ScimConditionScope(source, fault);
}

/* What only one of the two forms has. */
static void
refuse_settings(const ScimRuleSource *source, const char *const *settings,
				const char *beside, const char **fault)
{
	for (int i = 0; settings[i] != NULL && *fault == NULL; i++)
	{
		if (ScimJsonGet(source->settings, settings[i]) != NULL)
			*fault = psprintf("has the setting \"%s\", which does not go with \"%s\"",
							  settings[i], beside);
	}
}

/* ScimGuardCompile makes a ScimGuardRule. */
void *
ScimGuardCompile(const ScimRuleSource *source, const char **fault)
{
	static const char *const of_limits[] = {"on",   "limit",   "seconds", "per",
											"when", "through", "matches", NULL};
	static const char *const of_last[] = {"least", NULL};
	const JsonbValue *message = ScimJsonGet(source->settings, "message");
	bool holders = ScimJsonGet(source->settings, "holders") != NULL;
	bool group = ScimJsonGet(source->settings, "group") != NULL;
	ScimGuardRule *rule = palloc0(sizeof(ScimGuardRule));

	rule->name = source->name;
	rule->type = source->type;
	if (message != NULL && message->type != jbvString)
		*fault = "has the setting \"message\", which is not a string";
	else if (message != NULL)
		rule->message = ScimJsonStringCopy(message);
	if (holders && group)
		*fault = "has both of the settings \"holders\" and \"group\"";
	if (*fault != NULL)
		return rule;
	if (!holders && !group)
	{
		refuse_settings(source, of_last, "limit", fault);
		compile_limit(source, rule, fault);
		return rule;
	}
	refuse_settings(source, of_limits, holders ? "holders" : "group", fault);
	rule->least = compile_integer(source, "least", 1, MAX_LIMIT, 1, fault);
	if (*fault == NULL && group && !source->type->has_members)
		*fault = "has the setting \"group\", and is for what has no members";
	if (*fault != NULL)
		return rule;
	if (holders)
		rule->holders = ScimRuleFilterCompile(source, "holders", fault);
	else
		rule->group = ScimRuleFilterCompile(source, "group", fault);
	return rule;
}

/* ScimGuardStep is the bit of an operation, by the words of the audit; 0: none. */
unsigned
ScimGuardStep(const char *operation)
{
	for (size_t i = 0; i < lengthof(words); i++)
	{
		if (strcmp(operation, words[i]) == 0)
			return 1 << i;
	}
	return 0;
}

/* ScimGuardSteps names what a guard counts: "suspend, delete". */
char *
ScimGuardSteps(const ScimGuardRule *rule)
{
	StringInfoData text;

	initStringInfo(&text);
	for (size_t i = 0; i < lengthof(words); i++)
	{
		if (rule->on & (1 << i))
			appendStringInfo(&text, "%s%s", text.len > 0 ? ", " : "", words[i]);
	}
	return text.data;
}
