/*
 * events.c
 *		The policy "events": whether there are events, and how much they tell.
 *
 *		{"mode": "full"}
 *
 * RFC 9967 section 2.4: "notice", which is meant where nothing is said, tells which
 * attributes have changed, "full" tells their values, too.
 */
#include "postgres.h"

#include "json/json.h"
#include "policy/policy.h"

/* ScimEventsCompile makes a bool: are they full? */
void *
ScimEventsCompile(const ScimRuleSource *source, const char **fault)
{
	static const char *const modes[] = {"notice", "full", NULL};
	bool *full = palloc0(sizeof(bool));

	if (ScimJsonGet(source->settings, "mode") != NULL)
		*full = ScimRuleChoice(source, "mode", modes, fault) == 1;
	return full;
}

/* ScimEventsAreFull: see policy.h */
bool
ScimEventsAreFull(const ScimRules *rules)
{
	const bool *full = ScimRuleOf(rules, SCIM_RULE_EVENTS);

	return full != NULL && *full;
}
