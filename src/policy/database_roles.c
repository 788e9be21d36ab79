/*
 * database_roles.c
 *		The policy "database_roles": who is in a group has roles of the database.
 *
 *		{"login": "userName", "prefix": "acme_", "missing": "create",
 *		 "grants": [{"group": "displayName eq \"Analysts\"", "roles": ["analyst"]}]}
 *
 * "login" is the attribute by which the role is called that a person logs in as, behind
 * "prefix"; "missing" what happens where he has none yet.  Roles of "grants" are all that
 * are ever granted: to the members of groups that match, and of groups within these
 * unless "nested" is false.  Those of "privileged" may be more than ordinary ones.
 */
#include "postgres.h"

#include "json/json.h"
#include "policy/policy.h"
#include "text/fold.h"

#define MAX_GRANTS 1000
#define MAX_ROLES 1000

/*
 * ScimRoleNameFault says why no role of a person, or that a person is granted, may be
 * called so, in words that follow "the name"; NULL: nothing speaks against it.
 */
const char *
ScimRoleNameFault(const char *name)
{
	size_t len = strlen(name);
	char *folded;

	if (len == 0)
		return "is empty";
	if (len >= NAMEDATALEN)
		return psprintf("is longer than %d bytes", NAMEDATALEN - 1);
	for (size_t i = 0; i < len; i++)
	{
		if ((unsigned char) name[i] < ' ' || name[i] == 0x7f)
			return "has control characters";
	}
	folded = ScimFold(name, len, NULL);
	if (strncmp(folded, "scim_", 5) == 0)
		return "begins with \"scim_\", as roles of the product do";
	if (strcmp(folded, "public") == 0 || strcmp(folded, "none") == 0)
		return "means something else in the database";
	return NULL;
}

/* ScimRoleIsPredefined: does a name begin as those do that belong to the server? */
bool
ScimRoleIsPredefined(const char *name)
{
	return strncmp(ScimFold(name, strlen(name), NULL), "pg_", 3) == 0;
}

static bool
has_role(const List *roles, const char *name)
{
	const ListCell *lc;

	foreach (lc, roles)
	{
		if (strcmp(lfirst(lc), name) == 0)
			return true;
	}
	return false;
}

/* ScimRolesPrivileged: may a role be granted that is more than an ordinary one? */
bool
ScimRolesPrivileged(const ScimRolesRule *rule, const char *name)
{
	return has_role(rule->privileged, name);
}

/* An array of names of roles, each once. */
static List *
compile_roles(const JsonbValue *array, const char *setting, const char **fault)
{
	List *roles = NIL;

	if (*fault != NULL)
		return NIL;
	if (array == NULL || array->type != jbvArray || array->val.array.nElems > MAX_ROLES)
	{
		*fault = psprintf("needs \"%s\", an array of at most %d names of roles", setting,
						  MAX_ROLES);
		return NIL;
	}
	for (int i = 0; i < array->val.array.nElems && *fault == NULL; i++)
	{
		char *name = ScimJsonStringCopy(&array->val.array.elems[i]);
		const char *wrong = name != NULL ? ScimRoleNameFault(name) : "is none";

		/* whoever owns the database is its member, and nobody else can be */
		if (wrong == NULL && strcmp(name, "pg_database_owner") == 0)
			wrong = "is that of a role which nobody can be granted";
		if (wrong != NULL)
			*fault = psprintf("has in \"%s\" a role whose name %s%s%s%s", setting, wrong,
							  name != NULL ? ": \"" : "", name != NULL ? name : "",
							  name != NULL ? "\"" : "");
		else if (has_role(roles, name))
			*fault = psprintf("has in \"%s\" the role \"%s\" twice", setting, name);
		else
			roles = lappend(roles, name);
	}
	return roles;
}

static void
compile_login(const ScimRuleSource *source, ScimRolesRule *rule, const char **fault)
{
	static const char *const missing[] = {"refuse", "create", "ignore", NULL};
	const JsonbValue *login = ScimJsonGet(source->settings, "login");
	const JsonbValue *prefix = ScimJsonGet(source->settings, "prefix");
	const char *path = login != NULL ? ScimJsonStringCopy(login) : "userName";

	rule->missing = (ScimRolesMissing) ScimRuleChoice(source, "missing", missing, fault);
	if (*fault != NULL)
		return;
	if (path == NULL)
		*fault = "has the setting \"login\", which is not the name of an attribute";
	else
		*fault = ScimTargetFault(source->type, path, &rule->login);
	if (*fault == NULL && (!ScimRuleIsSingle(&rule->login) ||
						   ScimLeaf(&rule->login)->type != SCIM_TYPE_STRING))
		*fault = psprintf("names the attribute \"%s\", which is not a string with one "
						  "value",
						  path);
	rule->prefix = prefix != NULL ? ScimJsonStringCopy(prefix) : "";
	if (*fault == NULL && rule->prefix == NULL)
		*fault = "has the setting \"prefix\", which is not a string";
	if (*fault == NULL && rule->prefix[0] != '\0')
	{
		const char *wrong = ScimRoleNameFault(rule->prefix);

		if (wrong == NULL && ScimRoleIsPredefined(rule->prefix))
			wrong = "begins with \"pg_\", as roles of the server do";
		if (wrong != NULL)
			*fault =
				psprintf("has a \"prefix\" with which no role can begin: it %s", wrong);
	}
}

static void
compile_grant(const ScimRuleSource *source, const JsonbValue *element,
			  ScimRolesRule *rule, const char **fault)
{
	static const char *const known[] = {"group", "roles", "type", NULL};
	ScimGroupRoles *grant = palloc0(sizeof(ScimGroupRoles));
	ScimRuleSource of_group = *source;
	const JsonbValue *type;
	const char *type_name;
	const ListCell *lc;

	if (element->type != jbvObject)
	{
		*fault = "has in \"grants\" what is no object";
		return;
	}
	*fault = ScimUnknownMemberFault(element, known);
	if (*fault != NULL)
		return;
	type = ScimJsonGet(element, "type");
	type_name = type != NULL ? ScimJsonStringCopy(type) : "Group";
	of_group.settings = element;
	of_group.type =
		type_name != NULL ? ScimRegistryType(source->registry, type_name) : NULL;
	if (of_group.type == NULL || strcmp(of_group.type->name, type_name) != 0 ||
		!of_group.type->has_members)
	{
		*fault = "has in \"grants\" a \"type\" that is no resource type with members";
		return;
	}
	if (ScimJsonGet(element, "group") == NULL)
	{
		*fault = "has in \"grants\" one without \"group\", a filter";
		return;
	}
	grant->type = of_group.type;
	grant->group = ScimRuleFilterCompile(&of_group, "group", fault);
	grant->roles = compile_roles(ScimJsonGet(element, "roles"), "roles", fault);
	if (*fault != NULL)
		return;
	foreach (lc, grant->roles)
	{
		if (!has_role(rule->roles, lfirst(lc)))
			rule->roles = lappend(rule->roles, lfirst(lc));
	}
	rule->grants = lappend(rule->grants, grant);
}

/* ScimRolesCompile makes a ScimRolesRule. */
void *
ScimRolesCompile(const ScimRuleSource *source, const char **fault)
{
	const JsonbValue *grants = ScimJsonGet(source->settings, "grants");
	const JsonbValue *nested = ScimJsonGet(source->settings, "nested");
	const JsonbValue *privileged = ScimJsonGet(source->settings, "privileged");
	ScimRolesRule *rule = palloc0(sizeof(ScimRolesRule));
	const ListCell *lc;

	rule->type = source->type;
	rule->nested = nested == NULL || (nested->type == jbvBool && nested->val.boolean);
	compile_login(source, rule, fault);
	if (*fault == NULL && source->type->has_members)
		*fault = "is for what has members: it is the people who log in";
	if (*fault == NULL && nested != NULL && nested->type != jbvBool)
		*fault = "has the setting \"nested\", which is not true or false";
	if (*fault == NULL && (grants == NULL || grants->type != jbvArray ||
						   grants->val.array.nElems > MAX_GRANTS))
		*fault = psprintf("needs the setting \"grants\", an array of at most %d objects",
						  MAX_GRANTS);
	for (int i = 0; *fault == NULL && i < grants->val.array.nElems; i++)
		compile_grant(source, &grants->val.array.elems[i], rule, fault);
	if (privileged != NULL)
		rule->privileged = compile_roles(privileged, "privileged", fault);
	foreach (lc, rule->roles)
	{
		if (*fault == NULL && ScimRoleIsPredefined(lfirst(lc)) &&
			!ScimRolesPrivileged(rule, lfirst(lc)))
			*fault = psprintf("grants the role \"%s\", which is predefined and not in "
							  "\"privileged\"",
							  (const char *) lfirst(lc));
	}
	return rule;
}

/*
 * ScimRolesLogin gives the name of the role that a person with this document logs in as,
 * or NULL where the attribute has no value.
 */
char *
ScimRolesLogin(const ScimRolesRule *rule, const JsonbValue *document)
{
	const JsonbValue *value = ScimRuleValue(&rule->login, document);

	if (value == NULL || value->type != jbvString)
		return NULL;
	return psprintf("%s%.*s", rule->prefix, value->val.string.len, value->val.string.val);
}
