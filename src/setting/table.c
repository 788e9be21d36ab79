/*
 * table.c
 *		The settings there are, each a line of one table.
 *
 * Of each line come the setting of the session, which is unset by default, the check
 * of a row, and what scim.settings() shows, of which the manual is made.
 */
#include "postgres.h"

#include <limits.h>

#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "filter/filter.h"
#include "json/json.h"
#include "path/path.h"
#include "setting/setting.h"
#include "text/fold.h"

/* Of a setting of the session that is not made. */
#define UNSET (-1)
#define UNSET_TEXT "unset"

#define PREFIX_LEN ((int) strlen("scim."))

#define INTEGER(name, number, min, max, unit, is_bound, by_type, description, detail)  \
	{                                                                                  \
		"scim." name, SCIM_SETTING_INTEGER, number, min, max, unit, is_bound, by_type, \
			NULL, description, detail                                                  \
	}
#define OTHER(name, kind, number, by_type, text, description, detail)                  \
	{                                                                                  \
		"scim." name, kind, number, 0, 1, 0, false, by_type, text, description, detail \
	}
#define BOUND true

static const ScimSettingDefinition definitions[SCIM_SETTINGS] = {
	[SCIM_SETTING_ACCESS_TOKEN_LIFETIME] =
		INTEGER("access_token_lifetime", 3600, 1, 86400, GUC_UNIT_S, false, false,
				"How long an access token is good for that a client fetches (RFC 6749).",
				"Never longer than the client. A row for a client is one with its id as "
				"token_id."),
	[SCIM_SETTING_ADVERTISE_PAGINATION] =
		OTHER("advertise_pagination", SCIM_SETTING_BOOLEAN, true, false, NULL,
			  "Shows \"pagination\" (RFC 9865) in the ServiceProviderConfig.",
			  "Off for clients that refuse what RFC 7643 does not know."),
	[SCIM_SETTING_ADVERTISE_TYPES] = OTHER(
		"advertise_types", SCIM_SETTING_BOOLEAN, false, false, NULL,
		"Shows \"types\", \"format\" and \"pattern\" of attributes in /Schemas.",
		"For programs that know them: some clients refuse what RFC 7643 does not know."),
	[SCIM_SETTING_AUDIT_RETENTION] =
		INTEGER("audit_retention", 0, 0, 36500, 0, false, false,
				"How many days scim.apply_retention keeps the audit; 0: for ever.",
				"It drops whole months, and looks at the row for the whole store only."),
	[SCIM_SETTING_BASE_PATH] =
		OTHER("base_path", SCIM_SETTING_TEXT, 0, false, "/scim/v2",
			  "Path under which the store is served.",
			  "It is stripped from request targets, and locations begin with it where "
			  "neither base_url nor the request names a host. A row for base_url that "
			  "has none for base_path beside it states the path as well."),
	[SCIM_SETTING_BASE_URL] =
		OTHER("base_url", SCIM_SETTING_TEXT, 0, false, "",
			  "The URL of the service, for meta.location.",
			  "For instance https://example.com/scim/v2. Empty: what the request says."),
	[SCIM_SETTING_CREATE_ON_ABSENT] = OTHER(
		"create_on_absent", SCIM_SETTING_BOOLEAN, true, true, NULL,
		"Whether PATCH makes the value that the filter of a path describes.",
		"Off: a filter that selects nothing is an error, noTarget, as in RFC 7644."),
	[SCIM_SETTING_CURSOR_TIMEOUT] =
		INTEGER("cursor_timeout", 3600, 0, INT_MAX, GUC_UNIT_S, false, false,
				"How long a cursor is good for; 0: without end.", NULL),
	[SCIM_SETTING_DEFAULT_RESULTS] =
		INTEGER("default_results", 100, 0, 100000, 0, false, true,
				"Resources in a ListResponse whose request does not say how many.",
				"Never more than max_results."),
	[SCIM_SETTING_DORMANT_AFTER] =
		INTEGER("dormant_after", 90, 0, 36500, 0, false, false,
				"After how many days without use the view dormant_token shows a token or "
				"client.",
				NULL),
	[SCIM_SETTING_EMPTY_PATCH] =
		OTHER("empty_patch", SCIM_SETTING_BOOLEAN, false, true, NULL,
			  "Whether a PATCH without operations is a success.",
			  "RFC 7644 wants one operation at least."),
	[SCIM_SETTING_EVENT_RETENTION] =
		INTEGER("event_retention", 0, 0, 36500, 0, false, false,
				"How many days scim.apply_retention keeps events; 0: for ever.",
				"It looks at the row for the whole store only."),
	[SCIM_SETTING_GROUP_MEMBERSHIPS] = OTHER(
		"group_memberships", SCIM_SETTING_BOOLEAN, false, false, NULL,
		"Serves the memberships of groups as resources, at /GroupMemberships.",
		"A registered type or schema of that name, endpoint or URN goes before them."),
	[SCIM_SETTING_LEAVER_FILTER] = OTHER(
		"leaver_filter", SCIM_SETTING_TEXT, 0, false, "",
		"A filter that people match who have left, for the view active_leaver.",
		"For instance userType eq \"former\". Of attributes that no schema knows it "
		"asks for what is stored. Empty: none."),
	[SCIM_SETTING_LEAVING_DATE] =
		OTHER("leaving_date", SCIM_SETTING_TEXT, 0, false, "",
			  "The attribute that says until when somebody stays, for the views leaver "
			  "and active_leaver.",
			  "A path as the schema spells it, of a date or an instant. Empty: none."),
	[SCIM_SETTING_MAX_ANSWER_SIZE] =
		INTEGER("max_answer_size", 64 * 1024 * 1024, 1024, MaxAllocSize / 4,
				GUC_UNIT_BYTE, BOUND, false, "Largest list in an answer, in bytes.",
				"A page ends before its documents are larger. One resource is shown, "
				"however large it is."),
	[SCIM_SETTING_MAX_BODY_DEPTH] =
		INTEGER("max_body_depth", 64, 1, 1000, 0, BOUND, false,
				"Deepest nesting of arrays and objects in a request body.", NULL),
	[SCIM_SETTING_MAX_BODY_MEMBERS] =
		INTEGER("max_body_members", 100000, 1, 100000000, 0, BOUND, false,
				"The most members of groups that one request may name.",
				"All operations of a bulk request together."),
	[SCIM_SETTING_MAX_BODY_PASSWORDS] = INTEGER(
		"max_body_passwords", 500, 1, 100000000, 0, BOUND, false,
		"The most passwords that one request may set.",
		"All operations of a bulk request together. Each 64 bytes of a longer one "
		"are another one."),
	[SCIM_SETTING_MAX_BODY_SEALED] = INTEGER(
		"max_body_sealed", 10000, 1, 100000000, 0, BOUND, false,
		"The most values of writeOnly attributes that one request may set.",
		"All operations of a bulk request together. Each is sealed, which takes long for "
		"a few bytes."),
	[SCIM_SETTING_MAX_BODY_SIZE] =
		INTEGER("max_body_size", 10 * 1024 * 1024, 1, MaxAllocSize / 4, GUC_UNIT_BYTE,
				BOUND, false, "Largest request body, in bytes.", NULL),
	[SCIM_SETTING_MAX_BODY_VALUES] =
		INTEGER("max_body_values", 1000000, 1, 100000000, 0, BOUND, false,
				"The most values, of any kind, in a request body.",
				"Each takes memory, however few bytes say it."),
	[SCIM_SETTING_MAX_BODY_VISITS] = INTEGER(
		"max_body_visits", 20000000, 1000, INT_MAX, 0, BOUND, false,
		"How many values the changes of one request may look at in all.",
		"Operations of a bulk request, those that are refused, too, until they have "
		"looked at more. Each value in a list of a resource that is changed is 100."),
	[SCIM_SETTING_MAX_BULK_OPERATIONS] =
		INTEGER("max_bulk_operations", 1000, 1, 1000000, 0, BOUND, false,
				"The most operations in one bulk request.", NULL),
	[SCIM_SETTING_MAX_FILTER_DEPTH] =
		INTEGER("max_filter_depth", SCIM_MAX_FILTER_DEPTH_DEFAULT, 1,
				SCIM_MAX_FILTER_DEPTH_MOST, 0, BOUND, false,
				"Deepest nesting of parentheses and brackets in a SCIM filter.", NULL),
	[SCIM_SETTING_MAX_FILTER_LENGTH] =
		INTEGER("max_filter_length", SCIM_MAX_FILTER_LENGTH_DEFAULT, 1,
				SCIM_MAX_FILTER_LENGTH_MOST, GUC_UNIT_BYTE, BOUND, false,
				"Longest SCIM filter or path that is accepted.", NULL),
	[SCIM_SETTING_MAX_FILTER_LOOKUPS] = INTEGER(
		"max_filter_lookups", 500, 0, SCIM_MAX_FILTER_LOOKUPS_MAX, 0, BOUND, false,
		"Largest number of look-ups of members and groups that a SCIM filter "
		"takes.",
		"Terms that are joined by \"or\" are looked up together."),
	[SCIM_SETTING_MAX_FILTER_NODES] =
		INTEGER("max_filter_nodes", SCIM_MAX_FILTER_NODES_DEFAULT, 1,
				SCIM_MAX_FILTER_NODES_MOST, 0, BOUND, false,
				"Largest number of terms and logical operators in a SCIM filter.", NULL),
	[SCIM_SETTING_MAX_FILTER_VISITS] =
		INTEGER("max_filter_visits", SCIM_MAX_FILTER_VISITS_DEFAULT, 1000, INT_MAX, 0,
				BOUND, false,
				"How many values the terms of a SCIM filter may look at: of one "
				"document and, of many terms, of all that a search reads.",
				"Each term at each value is one, and of a long text each 64 bytes."),
	[SCIM_SETTING_MAX_PATCH_OPERATIONS] =
		INTEGER("max_patch_operations", 100000, 1, 10000000, 0, BOUND, true,
				"The most operations in one PATCH.",
				"The attributes of an operation without a path count."),
	[SCIM_SETTING_MAX_PATCH_VISITS] = INTEGER(
		"max_patch_visits", 10000000, 1000, INT_MAX, 0, BOUND, true,
		"How many values the operations of one PATCH may look at in all.",
		"What selects by equality looks at those that are equal, another filter at "
		"each."),
	[SCIM_SETTING_MAX_RESOURCE_SIZE] =
		INTEGER("max_resource_size", 10 * 1024 * 1024, 1024, INT_MAX, GUC_UNIT_BYTE,
				BOUND, true, "Largest stored document of a resource, in bytes.", NULL),
	[SCIM_SETTING_MAX_RESULTS] = INTEGER("max_results", 200, 1, 100000, 0, BOUND, true,
										 "The most resources in one ListResponse.", NULL),
	[SCIM_SETTING_MAX_SCHEMA_ATTRIBUTES] =
		INTEGER("max_schema_attributes", 1000, 1, 100000, 0, BOUND, false,
				"The most attributes and sub-attributes of one schema.", NULL),
	[SCIM_SETTING_MAX_VALUES] =
		INTEGER("max_values", 100000, 1, 100000000, 0, BOUND, true,
				"The most values in the multi-valued attributes of a resource.",
				"Members of a group do not count."),
	[SCIM_SETTING_MEMBER_DISPLAY] =
		OTHER("member_display", SCIM_SETTING_BOOLEAN, true, true, NULL,
			  "Whether members of a group are shown with their names.", NULL),
	[SCIM_SETTING_PATCH_NO_CONTENT] =
		OTHER("patch_no_content", SCIM_SETTING_OF_TYPE, false, true, NULL,
			  "Whether a PATCH is answered by 204 without a body.",
			  "Otherwise by 200 with the resource. The setting of the session names "
			  "resource types, separated by commas, as in \"Group\"."),
	[SCIM_SETTING_PATCH_REPLACE_MERGES] =
		OTHER("patch_replace_merges", SCIM_SETTING_BOOLEAN, true, true, NULL,
			  "Whether \"replace\" of a complex attribute leaves what it does not name.",
			  "Off: it replaces the attribute as a whole. \"add\" merges in any case."),
	[SCIM_SETTING_PATCH_SELECTS_VALUES] = OTHER(
		"patch_selects_values", SCIM_SETTING_BOOLEAN, true, true, NULL,
		"Whether the path of a PATCH may select whole values, or several at once.",
		"Off: a filter in a path selects one value, of which the path names a part."),
	[SCIM_SETTING_PATCH_WITHOUT_PATH] =
		OTHER("patch_without_path", SCIM_SETTING_BOOLEAN, true, true, NULL,
			  "Whether an operation of a PATCH may do without a path.",
			  "Off: it is an error, invalidSyntax."),
	[SCIM_SETTING_UNKNOWN_ATTRIBUTES] =
		OTHER("unknown_attributes", SCIM_SETTING_CHOICE, SCIM_UNKNOWN_REJECT, true, NULL,
			  "What becomes of attributes that no schema knows, and of members that a "
			  "message does not have.",
			  "\"reject\" makes them an error, \"ignore\" drops them."),
	[SCIM_SETTING_UNKNOWN_SCHEMAS] = OTHER(
		"unknown_schemas", SCIM_SETTING_CHOICE, SCIM_UNKNOWN_IGNORE, true, NULL,
		"What becomes of URNs in \"schemas\" of a resource that nobody has "
		"registered.",
		"\"reject\" makes them an error, \"ignore\" drops them. Where both this and "
		"unknown_attributes are \"reject\", nothing unknown is let in, without a "
		"value neither."),
};

static const struct config_enum_entry boolean_options[] = {
	{UNSET_TEXT, UNSET, false}, {"on", true, false},    {"off", false, false},
	{"true", true, true},       {"false", false, true}, {"yes", true, true},
	{"no", false, true},        {"1", true, true},      {"0", false, true},
	{NULL, 0, false},
};

/* There is one kind of choice only, that of unknown_attributes and unknown_schemas. */
static const struct config_enum_entry choice_options[] = {
	{UNSET_TEXT, UNSET, false},
	{"reject", SCIM_UNKNOWN_REJECT, false},
	{"ignore", SCIM_UNKNOWN_IGNORE, false},
	{NULL, 0, false},
};

/* The settings of the session. */
static int session_numbers[SCIM_SETTINGS];
static char *session_texts[SCIM_SETTINGS];

/* A location is this and an endpoint, which begins with a slash. */
static const char *
base_url_problem(const char *url)
{
	size_t len = strlen(url);

	return len > 0 && url[len - 1] == '/' ? "must not end with a slash" : NULL;
}

/* A row states a whole one; a request that names no host has a path in its place. */
static const char *
row_url_problem(const char *url)
{
	const char *host = strncmp(url, "https://", 8) == 0  ? url + 8
					   : strncmp(url, "http://", 7) == 0 ? url + 7
														 : NULL;

	if (url[0] == '\0')
		return NULL;
	if (strlen(url) > SCIM_MAX_BASE_URL)
		return psprintf("may have %d bytes, not %zu", SCIM_MAX_BASE_URL, strlen(url));
	if (host == NULL || host[0] == '\0' || host[0] == '/' || host[0] == ':')
		return "must be empty, or an http or https URL";
	for (; *host != '\0'; host++)
	{
		if (*host <= ' ' || *host > '~' || strchr("?#\"<>\\^`{|}", *host) != NULL)
			return "must be an http or https URL without query and fragment";
	}
	return base_url_problem(url);
}

static const char *
base_path_problem(const char *path)
{
	if (path[0] != '\0' && path[0] != '/')
		return "must be empty or begin with \"/\"";
	for (; *path != '\0'; path++)
	{
		if (*path <= ' ' || *path > '~' || strchr("?#\"\\%", *path) != NULL)
			return "must hold printable ASCII characters only, and neither of ?, #, \", "
				   "\\ and %";
	}
	return NULL;
}

static const char *
filter_problem(const char *text)
{
	ScimProblem *problem = NULL;

	if (text[0] == '\0' || ScimFilterParse(text, strlen(text), &problem) != NULL)
		return NULL;
	return psprintf("must be empty or a filter: %s", problem->message);
}

/* An attribute, and no values of it that a filter would choose. */
static const char *
attribute_problem(const char *text)
{
	ScimProblem *problem = NULL;
	ScimPath *path;

	if (text[0] == '\0')
		return NULL;
	path = ScimPathParse(text, strlen(text), &problem);
	if (path == NULL)
		return psprintf("must be empty or the path of an attribute: %s",
						problem->message);
	return ScimPathFilter(path) != NULL ? "must be a path without a filter" : NULL;
}

/* What is wrong with a text; NULL: nothing. */
static const char *
text_problem(ScimSettingId id, const char *text)
{
	if (id == SCIM_SETTING_BASE_URL)
		return base_url_problem(text);
	if (id == SCIM_SETTING_BASE_PATH)
		return base_path_problem(text);
	if (id == SCIM_SETTING_LEAVER_FILTER)
		return filter_problem(text);
	if (id == SCIM_SETTING_LEAVING_DATE)
		return attribute_problem(text);
	return NULL;
}

static bool
check_text(ScimSettingId id, const char *text)
{
	const char *problem = strcmp(text, UNSET_TEXT) == 0 ? NULL : text_problem(id, text);

	if (problem != NULL)
		GUC_check_errdetail("It %s.", problem);
	return problem == NULL;
}

static bool
check_base_url(char **newval, void **extra, GucSource source)
{
	return check_text(SCIM_SETTING_BASE_URL, *newval);
}

static bool
check_base_path(char **newval, void **extra, GucSource source)
{
	return check_text(SCIM_SETTING_BASE_PATH, *newval);
}

static bool
check_leaver_filter(char **newval, void **extra, GucSource source)
{
	return check_text(SCIM_SETTING_LEAVER_FILTER, *newval);
}

static bool
check_leaving_date(char **newval, void **extra, GucSource source)
{
	return check_text(SCIM_SETTING_LEAVING_DATE, *newval);
}

/* A check hook is not told of which setting. */
static GucStringCheckHook
text_hook(ScimSettingId id)
{
	switch (id)
	{
		case SCIM_SETTING_BASE_URL:
			return check_base_url;
		case SCIM_SETTING_BASE_PATH:
			return check_base_path;
		case SCIM_SETTING_LEAVER_FILTER:
			return check_leaver_filter;
		case SCIM_SETTING_LEAVING_DATE:
			return check_leaving_date;
		default:
			return NULL;
	}
}

/* What the server checks itself is that UNSET is the least. */
static bool
check_least(int value, int min)
{
	if (value == UNSET || value >= min)
		return true;
	GUC_check_errdetail("The least is %d, and -1 leaves it to the store.", min);
	return false;
}

static bool
check_from_1(int *newval, void **extra, GucSource source)
{
	return check_least(*newval, 1);
}

static bool
check_from_1000(int *newval, void **extra, GucSource source)
{
	return check_least(*newval, 1000);
}

static bool
check_from_1024(int *newval, void **extra, GucSource source)
{
	return check_least(*newval, 1024);
}

static GucIntCheckHook
least_hook(int min)
{
	switch (min)
	{
		case 0:
			return NULL;
		case 1:
			return check_from_1;
		case 1000:
			return check_from_1000;
		case 1024:
			return check_from_1024;
		default:
			elog(ERROR, "no setting begins at %d", min);
			return NULL;
	}
}

static const struct config_enum_entry *
options_of(const ScimSettingDefinition *setting)
{
	return setting->kind == SCIM_SETTING_CHOICE ? choice_options : boolean_options;
}

/* ScimSettingInit defines the settings of the session. */
void
ScimSettingInit(void)
{
	for (int i = 0; i < SCIM_SETTINGS; i++)
	{
		const ScimSettingDefinition *setting = &definitions[i];

		switch (setting->kind)
		{
			case SCIM_SETTING_INTEGER:
				DefineCustomIntVariable(setting->guc, setting->description,
										setting->detail, &session_numbers[i], UNSET,
										UNSET, setting->max, PGC_USERSET, setting->unit,
										least_hook(setting->min), NULL, NULL);
				break;
			case SCIM_SETTING_BOOLEAN:
			case SCIM_SETTING_CHOICE:
				DefineCustomEnumVariable(setting->guc, setting->description,
										 setting->detail, &session_numbers[i], UNSET,
										 options_of(setting), PGC_USERSET, 0, NULL, NULL,
										 NULL);
				break;
			case SCIM_SETTING_TEXT:
			case SCIM_SETTING_OF_TYPE:
				DefineCustomStringVariable(setting->guc, setting->description,
										   setting->detail, &session_texts[i], UNSET_TEXT,
										   PGC_USERSET, 0, text_hook((ScimSettingId) i),
										   NULL, NULL);
				break;
		}
	}
}

const ScimSettingDefinition *
ScimSettingDefined(ScimSettingId id)
{
	return &definitions[id];
}

/* ScimSettingName gives the name by which rows have a setting. */
const char *
ScimSettingName(ScimSettingId id)
{
	return definitions[id].guc + PREFIX_LEN;
}

/* ScimSettingFind finds a setting by the name that rows have. */
bool
ScimSettingFind(const char *name, ScimSettingId *id)
{
	for (int i = 0; i < SCIM_SETTINGS; i++)
	{
		if (strcmp(name, ScimSettingName((ScimSettingId) i)) != 0)
			continue;
		*id = (ScimSettingId) i;
		return true;
	}
	return false;
}

/* Does a list of names, as the setting of the session has it, hold one? */
static bool
names_type(const char *names, const char *type)
{
	while (*names != '\0')
	{
		const char *end = names + strcspn(names, ",");
		const char *start = names;
		const char *stop = end;

		while (start < stop && *start == ' ')
			start++;
		while (stop > start && stop[-1] == ' ')
			stop--;
		if (ScimNameEqualN(start, stop - start, type, strlen(type)))
			return true;
		names = *end == ',' ? end + 1 : end;
	}
	return false;
}

bool
ScimSettingOfSession(ScimSettingId id, const char *type, ScimSettingValue *value)
{
	const char *text = session_texts[id];

	switch (definitions[id].kind)
	{
		case SCIM_SETTING_TEXT:
			value->text = text;
			return strcmp(text, UNSET_TEXT) != 0;
		case SCIM_SETTING_OF_TYPE:
			value->number = type != NULL && names_type(text, type);
			return strcmp(text, UNSET_TEXT) != 0;
		default:
			value->number = session_numbers[id];
			return session_numbers[id] != UNSET;
	}
}

/* A number as JSON, or a text as SET takes it: 10485760 or "10MB". */
static bool
read_integer(const JsonbValue *json, int unit, int *number)
{
	char *text = ScimJsonStringCopy(json);

	if (json->type == jbvNumeric)
	{
		text = numeric_normalize(json->val.numeric);
		if (text[strspn(text, "-0123456789")] != '\0')
			return false; /* parse_int rounds */
	}
	return text != NULL && parse_int(text, number, unit, NULL);
}

/* What the options have, but for "unset". */
static bool
read_option(const JsonbValue *json, const struct config_enum_entry *option, int *number)
{
	char *text = ScimJsonStringCopy(json);

	if (json->type == jbvBool)
		text = json->val.boolean ? "true" : "false";
	for (; text != NULL && option->name != NULL; option++)
	{
		*number = option->val;
		if (option->val != UNSET && pg_strcasecmp(option->name, text) == 0)
			return true;
	}
	return false;
}

const char *
ScimSettingRead(ScimSettingId id, const JsonbValue *json, ScimSettingValue *value)
{
	const ScimSettingDefinition *setting = &definitions[id];

	value->number = 0;
	value->text = NULL;
	switch (setting->kind)
	{
		case SCIM_SETTING_INTEGER:
			if (read_integer(json, setting->unit, &value->number) &&
				value->number >= setting->min && value->number <= setting->max)
				return NULL;
			return psprintf("must be an integer from %d to %d", setting->min,
							setting->max);
		case SCIM_SETTING_CHOICE:
			if (read_option(json, choice_options, &value->number))
				return NULL;
			return "must be \"reject\" or \"ignore\"";
		case SCIM_SETTING_BOOLEAN:
		case SCIM_SETTING_OF_TYPE:
			if (read_option(json, boolean_options, &value->number))
				return NULL;
			return "must be true or false";
		case SCIM_SETTING_TEXT:
			value->text = ScimJsonStringCopy(json);
			if (value->text == NULL)
				return "must be a string";
			return id == SCIM_SETTING_BASE_URL ? row_url_problem(value->text)
											   : text_problem(id, value->text);
	}
	return NULL;
}

void
ScimSettingWrite(ScimSettingId id, const ScimSettingValue *value, JsonbValue *json)
{
	switch (definitions[id].kind)
	{
		case SCIM_SETTING_INTEGER:
			json->type = jbvNumeric;
			json->val.numeric = int64_to_numeric(value->number);
			break;
		case SCIM_SETTING_BOOLEAN:
		case SCIM_SETTING_OF_TYPE:
			json->type = jbvBool;
			json->val.boolean = value->number != 0;
			break;
		default:
			json->type = jbvString;
			json->val.string.val = unconstify(char *, value->text);
			if (definitions[id].kind == SCIM_SETTING_CHOICE)
				json->val.string.val =
					value->number == SCIM_UNKNOWN_IGNORE ? "ignore" : "reject";
			json->val.string.len = strlen(json->val.string.val);
			break;
	}
}
