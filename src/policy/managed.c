/*
 * managed.c
 *		The policy "managed": what belongs to a token, so that nobody else writes it.
 *
 *		{"owner": "HR feed", "attributes": ["name", "active"], "operations": ["delete"],
 *		 "resources": "own", "breakGlass": ["directory_emergency"]}
 *
 * "owner" is the description of a token, the name of a client, "subject: " and the
 * subject of a JSON web token, or the id of a token or client; or an array of these.
 * "attributes" belong to it, and "operations" on the resource; where neither is said, the
 * whole resource does.  Who owns "active" owns "lifecycle".  With "resources": "own" this
 * is so of what the owner has made.  Roles of "breakGlass" may all the same.
 */
#include "postgres.h"

#include "json/json.h"
#include "policy/policy.h"

/* In the order of the bits. */
static const char *const operation_words[] = {"create", "update", "lifecycle", "delete"};

static void
compile_attributes(const ScimRuleSource *source, ScimManagedRule *rule,
				   const char **fault)
{
	const JsonbValue *array = ScimJsonGet(source->settings, "attributes");
	List *named = NIL;

	if (array == NULL || *fault != NULL)
		return;
	if (array->type != jbvArray)
		*fault = "has the setting \"attributes\", which is not an array of attributes";
	else if (array->val.array.nElems == 0)
		*fault = "names no attribute";
	for (int i = 0; *fault == NULL && i < array->val.array.nElems; i++)
	{
		const char *path = ScimJsonStringCopy(&array->val.array.elems[i]);
		ScimResolved *resolved = palloc(sizeof(ScimResolved));

		if (path == NULL)
			*fault = "has a setting \"attributes\" whose elements are not all strings";
		else
			*fault = ScimAttributeFault(source->type, path, resolved);
		if (*fault == NULL && resolved->sub != NULL && resolved->attribute->multi_valued)
			*fault = psprintf("names a part of the attribute \"%s\", which has several "
							  "values",
							  resolved->attribute->name);
		if (*fault == NULL)
			*fault = ScimRuleTwiceFault(source, &named, resolved);
		if (*fault != NULL)
			break;
		if (ScimIsOfMembers(source->type, resolved))
		{
			rule->members = true;
			continue;
		}
		if (resolved->extension == NULL && resolved->sub == NULL &&
			strcmp(resolved->attribute->name, "active") == 0)
			rule->operations |= SCIM_MANAGED_LIFECYCLE;
		rule->attributes = lappend(rule->attributes, resolved);
	}
}

static void
compile_operations(const ScimRuleSource *source, ScimManagedRule *rule,
				   const char **fault)
{
	const JsonbValue *array = ScimJsonGet(source->settings, "operations");
	bool whole = array == NULL && ScimJsonGet(source->settings, "attributes") == NULL;

	if (*fault != NULL)
		return;
	if (whole)
	{
		rule->operations = SCIM_MANAGED_CREATE | SCIM_MANAGED_UPDATE |
						   SCIM_MANAGED_LIFECYCLE | SCIM_MANAGED_DELETE;
		/* whoever is not the owner makes resources that are none of the owner's */
		if (rule->own)
			rule->operations &= ~SCIM_MANAGED_CREATE;
	}
	if (array == NULL)
		return;
	if (array->type != jbvArray || array->val.array.nElems == 0)
	{
		*fault = "has the setting \"operations\", which is not an array of operations";
		return;
	}
	for (int i = 0; i < array->val.array.nElems; i++)
	{
		size_t word = 0;

		while (word < lengthof(operation_words) &&
			   !ScimJsonStringEquals(&array->val.array.elems[i], operation_words[word]))
			word++;
		if (word == lengthof(operation_words))
		{
			*fault = "has the setting \"operations\", of which each is \"create\", "
					 "\"update\", \"lifecycle\" or \"delete\"";
			return;
		}
		if (rule->own && word == 0)
			*fault = "is about resources that the owner has made, and so not about "
					 "\"create\"";
		rule->operations |= 1 << word;
	}
}

/* ScimManagedCompile makes a ScimManagedRule. */
void *
ScimManagedCompile(const ScimRuleSource *source, const char **fault)
{
	static const char *const resources[] = {"all", "own", NULL};
	ScimManagedRule *rule = palloc0(sizeof(ScimManagedRule));

	rule->name = source->name;
	rule->type = source->type;
	rule->owners = ScimRuleTexts(source, "owner", true, fault);
	rule->break_glass = ScimRuleTexts(source, "breakGlass", false, fault);
	rule->own = ScimRuleChoice(source, "resources", resources, fault) == 1;
	compile_attributes(source, rule, fault);
	compile_operations(source, rule, fault);
	if (rule->operations & SCIM_MANAGED_UPDATE)
		rule->members = source->type->has_members;
	return rule;
}

/*
 * ScimManagedIsOwner: is it the owner who has a credential of this id, NULL for none, and
 * whom the audit calls by this name: "token: ...", "client: ..." or "subject: ..."?
 */
bool
ScimManagedIsOwner(const ScimManagedRule *rule, const char *id, const char *actor)
{
	return ScimIsOneOf(rule->owners, id, actor);
}

static bool
spells_id(const char *owner)
{
	return strlen(owner) == 36 && strspn(owner, "0123456789abcdefABCDEF-") == 36;
}

/*
 * ScimIsOneOf: the same of a list of owners, char *.  What spells a subject or an id is
 * that, and not a token or client that somebody has called so.
 */
bool
ScimIsOneOf(const List *owners, const char *id, const char *actor)
{
	static const char *const prefixes[] = {"token: ", "client: "};
	const ListCell *lc;

	foreach (lc, owners)
	{
		const char *owner = lfirst(lc);

		if ((id != NULL && pg_strcasecmp(owner, id) == 0) ||
			(strncmp(actor, "subject: ", 9) == 0 && strcmp(owner, actor) == 0))
			return true;
		if (strncmp(owner, "subject: ", 9) == 0 || spells_id(owner))
			continue;
		for (size_t i = 0; id != NULL && i < lengthof(prefixes); i++)
		{
			size_t len = strlen(prefixes[i]);

			if (strncmp(actor, prefixes[i], len) == 0 && strcmp(owner, actor + len) == 0)
				return true;
		}
	}
	return false;
}

/*
 * ScimManagedChange gives the first attribute of the owner's that is another one in a
 * document than in the one before, NULL for a new one; or NULL.
 */
const ScimResolved *
ScimManagedChange(const ScimManagedRule *rule, const JsonbValue *old_document,
				  const JsonbValue *document)
{
	const ListCell *lc;

	foreach (lc, rule->attributes)
	{
		const ScimResolved *resolved = lfirst(lc);
		const JsonbValue *before =
			old_document != NULL ? ScimRuleWhole(resolved, old_document) : NULL;
		const JsonbValue *after = ScimRuleWhole(resolved, document);

		if (!ScimJsonSame(before, after))
			return resolved;
	}
	return NULL;
}

/* The owners as an error names them. */
static char *
owners_text(const ScimManagedRule *rule)
{
	StringInfoData text;
	const ListCell *lc;

	initStringInfo(&text);
	foreach (lc, rule->owners)
		appendStringInfo(&text, "%s\"%s\"", text.len > 0 ? " or " : "",
						 (const char *) lfirst(lc));
	return text.data;
}

/* Which policy it is says a hint: that is for the store's own people, and no client. */
static void
by_policy(ScimProblem *problem, const ScimManagedRule *rule)
{
	problem->rule = "managed";
	problem->hint = psprintf("The policy \"managed\" named \"%s\" says so.", rule->name);
}

/* ScimManagedAttributeProblem: somebody else writes an attribute; "members", too. */
ScimProblem *
ScimManagedAttributeProblem(const ScimManagedRule *rule, const char *path)
{
	ScimProblem *problem =
		ScimProblemMake(SCIM_FORBIDDEN, path, "attribute \"%s\" of a %s is managed by %s",
						path, rule->type->name, owners_text(rule));

	by_policy(problem, rule);
	return problem;
}

/* ScimManagedProblem: somebody else takes one of the steps of a resource. */
ScimProblem *
ScimManagedProblem(const ScimManagedRule *rule, ScimManagedOperation operation,
				   const char *id)
{
	static const struct
	{
		ScimManagedOperation operation;
		const char *text;
	} texts[] = {{SCIM_MANAGED_CREATE, "created"},
				 {SCIM_MANAGED_UPDATE, "changed"},
				 {SCIM_MANAGED_LIFECYCLE, "activated, suspended or restored"},
				 {SCIM_MANAGED_DELETE, "off-boarded or deleted"}};
	const char *text = "";
	ScimProblem *problem;

	for (size_t i = 0; i < lengthof(texts); i++)
	{
		if (texts[i].operation == operation)
			text = texts[i].text;
	}
	problem = ScimProblemMake(SCIM_FORBIDDEN, NULL,
							  "%s \"%s\" is managed by %s: it cannot be %s by others",
							  rule->type->name, id, owners_text(rule), text);
	if (operation == SCIM_MANAGED_CREATE)
		problem->message = psprintf("resources of type %s are made by %s alone",
									rule->type->name, owners_text(rule));
	by_policy(problem, rule);
	return problem;
}
