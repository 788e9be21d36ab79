/*
 * status.c
 *		The policy "status": where a resource is in its life, as its document shows it.
 *
 *		{"attribute": "urn:...:User:status", "pending": true, "writable": true,
 *		 "values": {"PENDING": "pending", "ACTIVE": "activated",
 *					"SUSPENDED": "deactivated"},
 *		 "times": {"deactivated_at": "urn:...:User:deactivated"}}
 *
 * The attributes are kept in the document, and so are found like any other: whoever
 * filters, sorts or matches a document needs to know nothing of this.
 */
#include "postgres.h"

#include "json/json.h"
#include "policy/document/document.h"
#include "policy/wire/wire.h"
#include "text/datetime.h"
#include "text/fold.h"

/* The columns that "times" may show. */
static const char *const time_columns[SCIM_LIFE_TIMES] = {
	[SCIM_LIFE_ACTIVATED] = "activated_at",
	[SCIM_LIFE_DEACTIVATED] = "deactivated_at",
	[SCIM_LIFE_OFFBOARDING] = "offboarding_at",
	[SCIM_LIFE_SESSIONS] = "sessions_valid_after",
};

/* What a column of the table follows, or what only one resource may have. */
static bool
is_taken(const ScimResolved *resolved)
{
	static const char *const columns[] = {"externalId", "userName", "displayName",
										  "active"};

	for (size_t i = 0; resolved->extension == NULL && i < lengthof(columns); i++)
	{
		if (strcmp(resolved->attribute->name, columns[i]) == 0)
			return true;
	}
	return ScimLeaf(resolved)->uniqueness != SCIM_UNIQUENESS_NONE;
}

/* An attribute with one value of a type, which clients may write or not. */
static ScimResolved *
compile_attribute(const ScimRuleSource *source, const JsonbValue *path, ScimType type,
				  bool writable, const char **fault)
{
	const char *text = ScimJsonStringCopy(path);
	ScimResolved *resolved = palloc0(sizeof(ScimResolved));
	const ScimAttribute *last;

	if (text == NULL)
	{
		*fault = "names an attribute by what is not a string";
		return NULL;
	}
	*fault = ScimTargetFault(source->type, text, resolved);
	if (*fault != NULL)
		return NULL;
	last = ScimLeaf(resolved);
	if (last->type != type || !ScimRuleIsSingle(resolved))
		*fault = psprintf("names the attribute \"%s\", which is not one %s", text,
						  ScimTypeName(type));
	else if (is_taken(resolved))
		*fault =
			psprintf("names the attribute \"%s\", which is for something else", text);
	else if (writable && last->mutability != SCIM_READ_WRITE)
		*fault = psprintf("is writable, but its attribute \"%s\" is not readWrite", text);
	else if (!writable && last->mutability != SCIM_READ_ONLY)
		*fault = psprintf("names the attribute \"%s\", which is not readOnly", text);
	return resolved;
}

static bool
read_bool(const ScimRuleSource *source, const char *setting, const char **fault)
{
	const JsonbValue *value = ScimJsonGet(source->settings, setting);

	if (value == NULL)
		return false;
	if (value->type != jbvBool && *fault == NULL)
		*fault = psprintf("has the setting \"%s\", which is not true or false", setting);
	return value->type == jbvBool && value->val.boolean;
}

/* The names of one's own; those that are not said are ours. */
static void
compile_values(const ScimRuleSource *source, ScimStatusRule *rule, const char **fault)
{
	const JsonbValue *values = ScimJsonGet(source->settings, "values");

	for (int i = 0; i < SCIM_STATUSES; i++)
		rule->names[i] = ScimStatusName((ScimStatus) i);
	if (values == NULL)
		return;
	if (values->type != jbvObject)
		*fault = "has the setting \"values\", which is not an object";
	for (int i = 0; *fault == NULL && i < values->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &values->val.object.pairs[i];
		const char *name = ScimJsonStringCopy(&pair->key);
		ScimStatus status;

		if (!ScimStatusByName(name, &status))
			*fault = psprintf("names the unknown status \"%s\"", name);
		else if (pair->value.type != jbvString || pair->value.val.string.len == 0)
			*fault = psprintf("has a name of status \"%s\" that is not a string", name);
		else
			rule->names[status] = ScimJsonStringCopy(&pair->value);
	}
}

static void
compile_times(const ScimRuleSource *source, ScimStatusRule *rule, const char **fault)
{
	const JsonbValue *times = ScimJsonGet(source->settings, "times");

	if (times == NULL)
		return;
	if (times->type != jbvObject)
		*fault = "has the setting \"times\", which is not an object";
	for (int i = 0; *fault == NULL && i < times->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &times->val.object.pairs[i];
		int time = 0;

		while (time < SCIM_LIFE_TIMES &&
			   !ScimJsonStringEquals(&pair->key, time_columns[time]))
			time++;
		if (time == SCIM_LIFE_TIMES)
			*fault =
				psprintf("names the unknown time \"%s\"", ScimJsonStringCopy(&pair->key));
		else
			rule->times[time] =
				compile_attribute(source, &pair->value, SCIM_TYPE_DATETIME, false, fault);
	}
	for (int i = 0; i < SCIM_LIFE_TIMES; i++)
	{
		for (int j = 0; j < i && *fault == NULL && rule->times[i] != NULL; j++)
		{
			if (rule->times[j] != NULL &&
				memcmp(rule->times[i], rule->times[j], sizeof(ScimResolved)) == 0)
				*fault = psprintf("names the attribute \"%s\" twice",
								  ScimRulePath(rule->times[i]));
		}
	}
}

/*
 * ScimStatusByOwnName sets *status and returns true where rows of the kind, of a
 * resource type, have it under a name.  *several: a row has several under it, and so
 * nobody can tell which is meant.
 */
bool
ScimStatusByOwnName(const ScimStatusRows *statuses, const ScimResourceType *type,
					const char *name, ScimStatus *status, bool *several)
{
	bool found = false;
	const ListCell *lc;

	*several = false;

	foreach (lc, statuses->rows)
	{
		const ScimStatusRow *row = lfirst(lc);
		const JsonbValue *values =
			ScimJsonGet(ScimJsonFromJsonb(row->settings), "values");
		bool in_row = false;

		if (strcmp(row->type_name, type->name) != 0 || values == NULL ||
			values->type != jbvObject)
			continue;
		for (int i = 0; i < values->val.object.nPairs; i++)
		{
			const JsonbPair *pair = &values->val.object.pairs[i];
			ScimStatus of_name;

			if (pair->value.type != jbvString ||
				!ScimFoldEqual(name, strlen(name), pair->value.val.string.val,
							   pair->value.val.string.len) ||
				!ScimStatusByName(ScimJsonStringCopy(&pair->key), &of_name))
				continue;
			*several = *several || in_row;
			in_row = true;
			if (!found)
				*status = of_name;
			found = true;
		}
	}
	return found && !*several;
}

/* Are two names of a status the same to the attribute that shows them? */
static bool
same_name(const ScimStatusRule *rule, const char *a, const char *b)
{
	if (ScimLeaf(rule->attribute)->case_exact)
		return strcmp(a, b) == 0;
	return ScimFoldEqual(a, strlen(a), b, strlen(b));
}

/* What is shown is what the schema of the attribute wants: its format, its pattern. */
static void
check_names(const ScimStatusRule *rule, const char **fault)
{
	for (int i = 0; i < SCIM_STATUSES && *fault == NULL; i++)
	{
		JsonbValue canonical;
		const char *expected;

		if ((i == SCIM_STATUS_PENDING && !rule->pending) ||
			ScimStatusIsGone((ScimStatus) i))
			continue;
		expected = ScimCanonicaliseSimple(ScimLeaf(rule->attribute),
										  ScimJsonNewString(rule->names[i]), &canonical);
		if (expected != NULL)
			*fault = psprintf("shows the status %s as \"%s\", but attribute \"%s\" must "
							  "be %s",
							  ScimStatusName((ScimStatus) i), rule->names[i],
							  ScimRulePath(rule->attribute), expected);
	}
}

/* ScimStatusCompile makes a ScimStatusRule. */
void *
ScimStatusCompile(const ScimRuleSource *source, const char **fault)
{
	const JsonbValue *attribute = ScimJsonGet(source->settings, "attribute");
	ScimStatusRule *rule = palloc0(sizeof(ScimStatusRule));

	rule->pending = read_bool(source, "pending", fault);
	rule->writable = read_bool(source, "writable", fault);
	if (*fault == NULL && attribute != NULL)
		rule->attribute =
			compile_attribute(source, attribute, SCIM_TYPE_STRING, rule->writable, fault);
	if (*fault == NULL)
		compile_values(source, rule, fault);
	if (*fault == NULL)
		compile_times(source, rule, fault);
	if (*fault != NULL)
		return NULL;
	if (attribute == NULL && rule->writable)
		*fault = "is writable, but names no attribute";
	else if (rule->writable && same_name(rule, rule->names[SCIM_STATUS_ACTIVE],
										 rule->names[SCIM_STATUS_SUSPENDED]))
		*fault = "is writable, but has one name for ACTIVE and SUSPENDED";
	else if (rule->attribute != NULL && source->statuses->strict)
		check_names(rule, fault);
	return rule;
}

/* ScimStatusNamesStored: what the names are in a document, once all rules are compiled.
 */
void
ScimStatusNamesStored(const ScimRules *rules)
{
	const ScimWire *wire = rules->of[SCIM_RULE_STATUS] != NIL ? ScimWireOf(rules) : NULL;
	const ListCell *lc;

	foreach (lc, rules->of[SCIM_RULE_STATUS])
	{
		ScimStatusRule *rule =
			(ScimStatusRule *) ((const ScimRule *) lfirst(lc))->compiled;

		for (int i = 0; i < SCIM_STATUSES && rule->attribute != NULL; i++)
			rule->names[i] = ScimWireStored(wire, rule->attribute, rule->names[i]);
	}
}

/*
 * ScimStatusStated says which status a document asks for.  before is the document that
 * it replaces, of a resource whose status is now; NULL: a new one.  Returns false where
 * it asks for none: it may not, or says nothing, or what it said, or what is.  What
 * nobody can ask for is a problem.
 */
bool
ScimStatusStated(const ScimStatusRule *rule, const JsonbValue *document,
				 const JsonbValue *before, ScimStatus now, ScimStatus *status,
				 List **problems)
{
	const JsonbValue *value;
	const JsonbValue *said;
	const char *text;

	if (rule == NULL || !rule->writable)
		return false;
	value = ScimRuleWhole(rule->attribute, document);
	said = before ? ScimRuleWhole(rule->attribute, before) : NULL;
	if (value == NULL || value->type != jbvString ||
		(said != NULL && ScimJsonEqual(said, value)))
		return false;
	text = ScimJsonStringCopy(value);
	/* of a word that several have, it means the status that is */
	if (same_name(rule, text, rule->names[now]))
		return false;
	if (before == NULL && rule->pending &&
		same_name(rule, text, rule->names[SCIM_STATUS_PENDING]))
		*status = SCIM_STATUS_PENDING;
	else if (same_name(rule, text, rule->names[SCIM_STATUS_ACTIVE]))
		*status = SCIM_STATUS_ACTIVE;
	else if (same_name(rule, text, rule->names[SCIM_STATUS_SUSPENDED]))
		*status = SCIM_STATUS_SUSPENDED;
	else
	{
		ScimProblem *problem = ScimProblemMake(
			SCIM_INVALID_VALUE, ScimRulePath(rule->attribute),
			"attribute \"%s\" may become \"%s\" or \"%s\", not \"%s\"",
			ScimRulePath(rule->attribute), rule->names[SCIM_STATUS_ACTIVE],
			rule->names[SCIM_STATUS_SUSPENDED], text);

		problem->rule = "status";
		*problems = lappend(*problems, problem);
		return false;
	}
	return true;
}

/* ScimStatusIsSaid: does a document name a status by the attribute that clients write? */
bool
ScimStatusIsSaid(const ScimStatusRule *rule, const JsonbValue *document,
				 ScimStatus status)
{
	const JsonbValue *value;

	if (rule == NULL || !rule->writable)
		return false;
	value = ScimRuleWhole(rule->attribute, document);
	return value != NULL && value->type == jbvString &&
		   same_name(rule, ScimJsonStringCopy(value), rule->names[status]);
}

/* ScimStatusShow writes status and times into a document; a time may be NULL. */
void
ScimStatusShow(const ScimStatusRule *rule, const ScimResourceType *type,
			   JsonbValue *document, ScimStatus status, const TimestampTz *const *times)
{
	if (rule->attribute != NULL)
		ScimRuleSet(type, rule->attribute, document,
					ScimJsonNewString(rule->names[status]));
	for (int i = 0; i < SCIM_LIFE_TIMES; i++)
	{
		if (rule->times[i] != NULL)
			ScimRuleSet(type, rule->times[i], document,
						times[i] ? ScimJsonNewString(ScimInstantText(*times[i])) : NULL);
	}
}

/* ScimStatusHideTimes takes the times away again. */
void
ScimStatusHideTimes(const ScimStatusRule *rule, const ScimResourceType *type,
					JsonbValue *document)
{
	for (int i = 0; i < SCIM_LIFE_TIMES; i++)
	{
		if (rule->times[i] != NULL)
			ScimRuleSet(type, rule->times[i], document, NULL);
	}
}
