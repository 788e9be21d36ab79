/*
 * endpoint_setting.c
 *		The settings of a row of table "endpoint", read one by one.
 *
 * The first thing that is wrong is noted, with its place, and reading goes on with
 * something harmless.
 */
#include "postgres.h"

#include "utils/numeric.h"

#include "endpoint/endpoint_compile.h"
#include "path/path.h"

#define MAX_LIKE 8 /* rows that lean on each other */

/* The settings, and whether a row gets them from the one that it is like. */
static const struct
{
	const char *name;
	bool inherited;
} settings_known[] = {
	{"like", false},   {"fields", true}, {"constants", true}, {"unknown", true},
	{"absent", true},  {"error", true},  {"mediaType", true}, {"list", false},
	{"status", false}, {"body", false},  {"shadows", false},  {"validMinutes", false},
	{"reveal", false}, {"code", false},
};

/* ScimCompileSettings: those of a row as a tree; NULL where they are no object. */
const JsonbValue *
ScimCompileSettings(const ScimEndpointRow *row)
{
	const JsonbValue *settings = ScimJsonFromJsonb(row->settings);

	return settings->type == jbvObject ? settings : NULL;
}

static const ScimEndpointRow *
find_row(List *rows, const char *name)
{
	ListCell *lc;

	foreach (lc, rows)
	{
		ScimEndpointRow *row = lfirst(lc);

		if (strcmp(row->name, name) == 0)
			return row;
	}
	return NULL;
}

/* A setting of the row, or of the row that it is like, and so on; *holder has it. */
static const JsonbValue *
find_setting(ScimCompile *c, const char *name, const ScimEndpointRow **holder)
{
	const ScimEndpointRow *row = c->row;
	bool inherited = false;

	*holder = NULL;

	for (size_t i = 0; i < lengthof(settings_known); i++)
	{
		if (strcmp(settings_known[i].name, name) == 0)
			inherited = settings_known[i].inherited;
	}
	for (int depth = 0; depth <= MAX_LIKE && row != NULL; depth++)
	{
		const JsonbValue *settings = ScimCompileSettings(row);
		const JsonbValue *value = settings ? ScimJsonGet(settings, name) : NULL;
		char *like;

		if (value != NULL)
			*holder = row;
		if (value != NULL || !inherited || settings == NULL)
			return value;
		like = ScimJsonStringCopy(ScimJsonGet(settings, "like"));
		row = like ? find_row(c->rows, like) : NULL;
	}
	return NULL;
}

static void
append_step(StringInfo pointer, const char *key, int len)
{
	appendStringInfoChar(pointer, '/');
	for (int i = 0; i < len; i++)
	{
		if (key[i] == '~' || key[i] == '/')
			appendStringInfoString(pointer, key[i] == '~' ? "~0" : "~1");
		else
			appendStringInfoChar(pointer, key[i]);
	}
}

/* The longest member of an object that a place begins with; the names may have dots. */
static const JsonbPair *
first_step(const JsonbValue *object, const char *place)
{
	const JsonbPair *best = NULL;

	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &object->val.object.pairs[i];
		int len = pair->key.val.string.len;

		if (strncmp(pair->key.val.string.val, place, len) == 0 &&
			(place[len] == '\0' || place[len] == '.') &&
			(best == NULL || len > best->key.val.string.len))
			best = pair;
	}
	return best;
}

/*
 * ScimEndpointPointer makes a JSON pointer (RFC 6901) of a place in a row, such as
 * settings.fields.name.first, in which it stands in a profile.
 */
const char *
ScimEndpointPointer(const ScimEndpointRow *row, const char *place)
{
	const JsonbValue *value = ScimCompileSettings(row);
	int len = strcspn(place, ".");
	StringInfoData pointer;

	initStringInfo(&pointer);
	if (strcmp(place, "resource_type") == 0)
		return "/resourceType";
	append_step(&pointer, place, len);
	place += len;
	while (*place == '.' && value != NULL && value->type == jbvObject)
	{
		const JsonbPair *pair = first_step(value, ++place);

		if (pair == NULL)
			break;
		append_step(&pointer, pair->key.val.string.val, pair->key.val.string.len);
		place += pair->key.val.string.len;
		value = &pair->value;
	}
	return pointer.data;
}

/* The row that has what stands at a place: this one, or one that it is like. */
static const ScimEndpointRow *
row_of_place(ScimCompile *c, const char *place)
{
	const ScimEndpointRow *holder = NULL;

	if (strncmp(place, "settings.", strlen("settings.")) == 0)
	{
		const char *name = place + strlen("settings.");

		(void) find_setting(c, pnstrdup(name, strcspn(name, ".")), &holder);
	}
	return holder != NULL ? holder : c->row;
}

/* ScimCompileFail notes what is wrong, and where, unless something is already. */
void
ScimCompileFail(ScimCompile *c, const char *place, const char *format, ...)
{
	ScimEndpoint *endpoint = c->endpoint;
	va_list args;

	if (endpoint->problem != NULL)
		return;
	endpoint->problem_row = row_of_place(c, place);
	endpoint->problem_place = ScimEndpointPointer(endpoint->problem_row, place);
	va_start(args, format);
	endpoint->problem = psprintf("%s: %s", place, ScimFormat(format, args));
	va_end(args);
}

/*
 * ScimCompileUnfit does so for what no row may have any more: it is refused when it is
 * written, and what has it already works without it.
 */
void
ScimCompileUnfit(ScimCompile *c, const char *place, const char *format, ...)
{
	ScimEndpoint *endpoint = c->endpoint;
	va_list args;

	if (endpoint->unfit != NULL)
		return;
	endpoint->unfit_row = row_of_place(c, place);
	endpoint->unfit_place = ScimEndpointPointer(endpoint->unfit_row, place);
	va_start(args, format);
	endpoint->unfit = psprintf("%s: %s", place, ScimFormat(format, args));
	va_end(args);
}

/*
 * ScimCompileSetting: one of the row, or of the row that it is like, and so on; NULL:
 * none has it.
 */
const JsonbValue *
ScimCompileSetting(ScimCompile *c, const char *name)
{
	const ScimEndpointRow *holder;

	return find_setting(c, name, &holder);
}

static void
check_like(ScimCompile *c)
{
	const ScimEndpointRow *row = c->row;

	for (int depth = 0;; depth++)
	{
		const JsonbValue *settings = ScimCompileSettings(row);
		const JsonbValue *like = settings ? ScimJsonGet(settings, "like") : NULL;

		if (like == NULL)
			return;
		if (like->type != jbvString)
		{
			ScimCompileFail(c, "settings.like", "must be the name of another endpoint");
			return;
		}
		row = find_row(c->rows, ScimJsonStringCopy(like));
		if (row == NULL)
		{
			ScimCompileFail(c, "settings.like", "there is no endpoint \"%s\"",
							ScimJsonStringCopy(like));
			return;
		}
		if (row == c->row || depth == MAX_LIKE)
		{
			ScimCompileFail(c, "settings.like",
							"the endpoint is like itself, or like too many");
			return;
		}
	}
}

/* ScimCompileKeys refuses members of an object that are not known, up to a NULL. */
bool
ScimCompileKeys(ScimCompile *c, const char *place, const JsonbValue *object,
				const char *const *known)
{
	if (object->type != jbvObject)
	{
		ScimCompileFail(c, place, "must be an object");
		return false;
	}
	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		char *key = ScimJsonStringCopy(&object->val.object.pairs[i].key);
		int k = 0;

		while (known[k] != NULL && strcmp(known[k], key) != 0)
			k++;
		if (known[k] == NULL)
		{
			ScimCompileFail(c, place, "there is no setting \"%s\"", key);
			return false;
		}
	}
	return true;
}

/* ScimCompileBool: a member that is true or false. */
bool
ScimCompileBool(ScimCompile *c, const char *place, const JsonbValue *object,
				const char *name)
{
	const JsonbValue *value = object ? ScimJsonGet(object, name) : NULL;

	if (value == NULL)
		return false;
	if (value->type != jbvBool)
		ScimCompileFail(c, psprintf("%s.%s", place, name), "must be true or false");
	return value->type == jbvBool && value->val.boolean;
}

/* ScimCompileString: a member that is a string or null; NULL for the latter. */
const char *
ScimCompileString(ScimCompile *c, const char *place, const JsonbValue *object,
				  const char *name, const char *by_default)
{
	const JsonbValue *value = object ? ScimJsonGet(object, name) : NULL;

	if (value == NULL)
		return by_default;
	if (value->type != jbvString && value->type != jbvNull)
		ScimCompileFail(c, psprintf("%s.%s", place, name), "must be a string");
	return ScimJsonStringCopy(value);
}

/* ScimCompileInteger: an integer within bounds. */
int64
ScimCompileInteger(ScimCompile *c, const char *place, const JsonbValue *value, int64 min,
				   int64 max)
{
	if (value->type == jbvNumeric)
	{
		const char *text = numeric_normalize(value->val.numeric);
		const char *digits = text + (*text == '-');

		if (strlen(text) < 18 && digits[strspn(digits, "0123456789")] == '\0')
		{
			int64 number = strtoll(text, NULL, 10);

			if (number >= min && number <= max)
				return number;
		}
	}
	ScimCompileFail(c, place, "must be an integer from " INT64_FORMAT " to " INT64_FORMAT,
					min, max);
	return min;
}

/* ScimCompileMember: a member that is one. */
int64
ScimCompileMember(ScimCompile *c, const char *place, const JsonbValue *object,
				  const char *name, int64 by_default, int64 min, int64 max)
{
	const JsonbValue *value = object ? ScimJsonGet(object, name) : NULL;

	return value == NULL
			   ? by_default
			   : ScimCompileInteger(c, psprintf("%s.%s", place, name), value, min, max);
}

/* ScimCompileWord: one of two words, of which the first is the default; true: the second.
 */
bool
ScimCompileWord(ScimCompile *c, const char *name, const char *first, const char *second)
{
	const JsonbValue *value = ScimCompileSetting(c, name);

	if (value == NULL || ScimJsonStringEquals(value, first))
		return false;
	if (!ScimJsonStringEquals(value, second))
		ScimCompileFail(c, psprintf("settings.%s", name), "must be \"%s\" or \"%s\"",
						first, second);
	return true;
}

/* ScimCompileCheckSettings refuses what no row can have, and a row that is like itself.
 */
void
ScimCompileCheckSettings(ScimCompile *c)
{
	const JsonbValue *settings = ScimCompileSettings(c->row);

	if (settings == NULL)
	{
		ScimCompileFail(c, "settings", "must be an object");
		return;
	}
	for (int i = 0; i < settings->val.object.nPairs; i++)
	{
		char *key = ScimJsonStringCopy(&settings->val.object.pairs[i].key);
		size_t k = 0;

		while (k < lengthof(settings_known) && strcmp(settings_known[k].name, key) != 0)
			k++;
		if (k == lengthof(settings_known))
			ScimCompileFail(c, "settings", "there is no setting \"%s\"", key);
	}
	check_like(c);
}

/* ScimCompilePath reads the path of an attribute of a type; false: it has none such. */
bool
ScimCompilePath(ScimCompile *c, const char *place, const ScimResourceType *type,
				const char *text, ScimFlatPath *result)
{
	ScimProblem *problem = NULL;
	ScimPath *path = ScimPathParse(text, strlen(text), &problem);
	StringInfoData canonical;
	ScimAttrRef ref;

	memset(result, 0, sizeof(ScimFlatPath));
	if (path == NULL)
	{
		ScimCompileFail(c, place, "%s", problem->message);
		return false;
	}
	ref = ScimPathAttrRef(path);
	if (!ScimResolve(type, &ref, &result->resolved) || result->resolved.attribute == NULL)
	{
		ScimCompileFail(c, place, "unknown attribute \"%s\" of resource type \"%s\"",
						text, type->name);
		return false;
	}
	initStringInfo(&canonical);
	ScimPathPrint(&canonical, path);
	result->text = canonical.data;
	result->several =
		(result->resolved.attribute->multi_valued && ScimPathFilter(path) == NULL) ||
		(result->resolved.sub != NULL && result->resolved.sub->multi_valued);
	if (ScimPathFilter(path) != NULL)
	{
		result->filter = (ScimFilter *) ScimPathFilter(path);
		if (!result->resolved.attribute->multi_valued)
		{
			ScimCompileFail(c, place,
							"attribute \"%s\" has one value only, and needs no filter",
							result->resolved.attribute->name);
			return false;
		}
		result->bound =
			ScimFlatBindSelection(c->registry, c->endpoint->type, result, &problem);
		if (result->bound == NULL)
		{
			ScimCompileFail(c, place, "%s", problem->message);
			return false;
		}
	}
	return true;
}
