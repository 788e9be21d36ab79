/*
 * link.c
 *		The policy "link": a POST that meets a resource which is there already, and which
 *		no identity provider has made or linked, becomes that one.
 *
 *		{"by": "Okta", "match": ["externalId", "userName",
 *			{"attribute": "emails", "action": "conflict"}],
 *		 "document": "merge", "inactive": "conflict", "when": "userType eq \"staff\""}
 *
 * "by" is who POSTs, as the "owner" of the policy "managed" names him, or "role: " and a
 * role where nobody is proved; without it whoever does.  Of an attribute with several
 * values the primary one is compared, or the only one: others somebody may have put
 * there himself.
 */
#include "postgres.h"

#include "json/json.h"
#include "path/path.h"
#include "policy/lookup.h"
#include "policy/policy.h"
#include "schema/canonical/canonical.h"

static const char *const action_words[] = {"link", "conflict", "refuse", NULL};

static void
add_key(const ScimRuleSource *source, ScimLinkRule *rule, const char *path,
		ScimLinkAction action, List **named, const char **fault)
{
	ScimLinkKey *key = palloc0(sizeof(ScimLinkKey));
	ScimLookupKey lookup = {0};

	*fault = ScimLookupKeyFault(source->type, path, &lookup);
	if (*fault != NULL)
		return;
	key->path = path;
	key->resolved = lookup.resolved;
	key->action = action;
	if (key->resolved.sub == NULL && key->resolved.attribute->type == SCIM_TYPE_COMPLEX)
		key->resolved.sub = ScimAttributeSub(key->resolved.attribute, "value", 5);
	if (key->resolved.attribute->schema == NULL &&
		strcmp(key->resolved.attribute->name, "id") == 0)
		*fault = "names the attribute \"id\", which nobody states";
	else
		*fault = ScimRuleTwiceFault(source, named, &key->resolved);
	rule->keys = lappend(rule->keys, key);
}

/* One element of "match": a path, or {"attribute": path, "action": word}. */
static void
compile_key(const ScimRuleSource *source, ScimLinkRule *rule, const JsonbValue *element,
			ScimLinkAction action, List **named, const char **fault)
{
	static const char *const known[] = {"attribute", "action", NULL};
	const JsonbValue *path = element;

	if (element->type == jbvObject)
	{
		ScimRuleSource own = *source;

		*fault = ScimUnknownMemberFault(element, known);
		own.settings = element;
		if (*fault == NULL && ScimJsonGet(element, "action") != NULL)
			action = (ScimLinkAction) ScimRuleChoice(&own, "action", action_words, fault);
		path = ScimJsonGet(element, "attribute");
	}
	if (*fault == NULL && (path == NULL || path->type != jbvString))
		*fault = "has the setting \"match\", whose elements are neither attributes nor "
				 "objects with an \"attribute\"";
	if (*fault == NULL)
		add_key(source, rule, ScimJsonStringCopy(path), action, named, fault);
}

/* Where nothing is said: by what an identity provider knows it, and by its name. */
static void
add_default_keys(const ScimRuleSource *source, ScimLinkRule *rule, ScimLinkAction action,
				 List **named, const char **fault)
{
	static const char *const names[] = {"userName", "displayName"};

	add_key(source, rule, "externalId", action, named, fault);
	for (size_t i = 0; i < lengthof(names) && *fault == NULL; i++)
	{
		ScimResolved resolved;

		if (ScimResolvePath(source->type, names[i], &resolved))
		{
			add_key(source, rule, names[i], action, named, fault);
			return;
		}
	}
}

static void
compile_match(const ScimRuleSource *source, ScimLinkRule *rule, ScimLinkAction action,
			  const char **fault)
{
	const JsonbValue *match = ScimJsonGet(source->settings, "match");
	List *named = NIL;

	if (match == NULL)
	{
		add_default_keys(source, rule, action, &named, fault);
		return;
	}
	if (match->type != jbvArray || match->val.array.nElems == 0 ||
		match->val.array.nElems > SCIM_MAX_LOOKUP_KEYS)
		*fault = psprintf(
			"has the setting \"match\", which is not an array of 1 to %d attributes",
			SCIM_MAX_LOOKUP_KEYS);
	for (int i = 0; *fault == NULL && i < match->val.array.nElems; i++)
		compile_key(source, rule, &match->val.array.elems[i], action, &named, fault);
}

/* ScimLinkCompile makes a ScimLinkRule. */
void *
ScimLinkCompile(const ScimRuleSource *source, const char **fault)
{
	static const char *const documents[] = {"merge", "replace", "keep", NULL};
	static const char *const inactives[] = {"conflict", "keep", "activate", NULL};
	static const char *const external_ids[] = {"protects", "replace", NULL};
	ScimLinkRule *rule = palloc0(sizeof(ScimLinkRule));
	int action = ScimRuleChoice(source, "action", action_words, fault);

	rule->name = source->name;
	rule->type = source->type;
	rule->document =
		(ScimLinkDocument) ScimRuleChoice(source, "document", documents, fault);
	rule->inactive =
		(ScimLinkInactive) ScimRuleChoice(source, "inactive", inactives, fault);
	rule->replaces_external_id =
		ScimRuleChoice(source, "externalId", external_ids, fault) == 1;
	if (*fault == NULL)
		rule->by = ScimRuleTexts(source, "by", false, fault);
	if (*fault == NULL)
		rule->when = ScimRuleFilterCompile(source, "when", fault);
	if (*fault == NULL)
		compile_match(source, rule, (ScimLinkAction) action, fault);
	return rule;
}

/* ScimLinkIsFor: is the rule for somebody, as ScimWriter says who that is? */
bool
ScimLinkIsFor(const ScimLinkRule *rule, const char *id, const char *actor)
{
	const ListCell *lc;

	if (rule->by == NIL || ScimIsOneOf(rule->by, id, actor))
		return true;
	foreach (lc, rule->by)
	{
		if (strncmp(actor, "role: ", 6) == 0 && strcmp(lfirst(lc), actor) == 0)
			return true;
	}
	return false;
}

/* ScimLinkRuleFor gives the first rule that is for somebody; NULL: none is. */
const ScimLinkRule *
ScimLinkRuleFor(const ScimRules *rules, const char *id, const char *actor)
{
	const ListCell *lc;

	foreach (lc, rules->of[SCIM_RULE_LINK])
	{
		const ScimLinkRule *rule = ((const ScimRule *) lfirst(lc))->compiled;

		if (ScimLinkIsFor(rule, id, actor))
			return rule;
	}
	return NULL;
}

/*
 * ScimLinkText is what a canonical document has of the attribute of a key: of several
 * values that of the primary one, or of the only one.  NULL: nothing.
 */
char *
ScimLinkText(const ScimLinkKey *key, const JsonbValue *document)
{
	ScimResolved whole = {key->resolved.extension, key->resolved.attribute, NULL};
	const JsonbValue *value = ScimRuleWhole(&whole, document);

	if (value != NULL && value->type == jbvArray)
	{
		const JsonbValue *primary = ScimPrimaryElement(value);

		if (primary == NULL && value->val.array.nElems == 1)
			primary = &value->val.array.elems[0];
		value = primary;
	}
	if (value != NULL && key->resolved.sub != NULL)
		value =
			value->type == jbvObject ? ScimJsonGet(value, key->resolved.sub->name) : NULL;
	return value != NULL && value->type == jbvString && value->val.string.len > 0
			   ? ScimJsonStringCopy(value)
			   : NULL;
}
