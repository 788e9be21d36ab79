/*
 * parse.c
 *		JSON text -> a tree.
 *
 * The server's own parser reads the text, but for what quick.c takes.  jsonb
 * would do so as well, but of members with the same key it keeps the last and
 * says nothing.
 */
#include "postgres.h"

#include "json/json.h"
#include "json/problem.h"

#include "compat.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"

#include "text/number.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

/* An object or array that is being read. */
typedef struct Level
{
	JsonbValue *container;
	char *key; /* of an object: of the member whose value comes next */
} Level;

/* So many keys are known from members before. */
#define KNOWN_KEYS 8

typedef struct Parse
{
	JsonbValue *root; /* NULL until its value is complete */
	bool own;
	bool long_number; /* there is one: ScimNumberFits */
	int nlevels;
	int max_levels;
	Level *levels;
	char *keys[KNOWN_KEYS];
	int next_key; /* which of them is replaced next */
} Parse;

static ScimJsonAction begin_object(void *state);
static ScimJsonAction begin_array(void *state);
static ScimJsonAction end_container(void *state);
static ScimJsonAction begin_member(void *state, char *name, bool isnull);
static ScimJsonAction put_scalar(void *state, char *token, JsonTokenType type);
static JsonbValue *
parse_text(Parse *parse, const char *text, int len, const char **problem);
static Numeric read_number(Parse *parse, const char *token);
static void push(Parse *parse, JsonbValue *container);
static void put_value(Parse *parse, const JsonbValue *value);

/*
 * ScimJsonParse makes a tree of JSON text (RFC 8259) in the encoding of the
 * database, or returns NULL and says what is wrong.  Members are in the order
 * of the text, and a key that is given twice is there twice.  A number that is
 * longer than SCIM_NUMBER_LIMITS is wrong.
 */
JsonbValue *
ScimJsonParse(const char *text, int len, const char **problem)
{
	JsonbValue *quick = ScimJsonReadQuick(text, len);
	Parse parse = {0};
	JsonbValue *tree;

	if (quick != NULL)
		return quick;
	tree = parse_text(&parse, text, len, problem);
	if (tree == NULL || !parse.long_number)
		return tree;
	*problem =
		psprintf(SCIM_JSON_HOLDS "a number that is too long%s: it may have "
								 "%s",
				 ScimJsonPlaceOfNumber(ScimJsonLongNumber(tree)), SCIM_NUMBER_LIMITS);
	return NULL;
}

/*
 * ScimJsonParseOwn makes a tree of what the server or this extension has written: in that
 * a stored number may be longer than a client may send by now.
 */
JsonbValue *
ScimJsonParseOwn(const char *text, int len)
{
	JsonbValue *quick = ScimJsonReadQuick(text, len);
	Parse parse = {.own = true};
	const char *problem;
	JsonbValue *tree;

	if (quick != NULL)
		return quick;
	tree = parse_text(&parse, text, len, &problem);
	if (tree == NULL)
		elog(ERROR, "what was written is not JSON: %s", problem);
	return tree;
}

static JsonbValue *
parse_text(Parse *parse, const char *text, int len, const char **problem)
{
	JsonLexContext *lex;
	JsonSemAction actions = {
		.semstate = parse,
		.object_start = begin_object,
		.object_end = end_container,
		.array_start = begin_array,
		.array_end = end_container,
		.object_field_start = begin_member,
		.scalar = put_scalar,
	};
	JsonParseErrorType result;

	lex = makeJsonLexContextCstringLen(NULL, text, len, GetDatabaseEncoding(), true);
	result = pg_parse_json(lex, &actions);
	if (result != JSON_SUCCESS)
	{
		*problem = result == JSON_UNICODE_CODE_POINT_ZERO
					   ? SCIM_JSON_HOLDS_NUL
					   : ScimJsonParseProblem(result, lex->token_start, text, len);
		return NULL;
	}
	return parse->root;
}

static ScimJsonAction
begin_object(void *state)
{
	push(state, ScimJsonNewObject());
	SCIM_JSON_CONTINUE;
}

static ScimJsonAction
begin_array(void *state)
{
	push(state, ScimJsonNewArray());
	SCIM_JSON_CONTINUE;
}

static ScimJsonAction
end_container(void *state)
{
	Parse *parse = state;
	JsonbValue *container = parse->levels[--parse->nlevels].container;

	put_value(parse, container);
	pfree(container);
	SCIM_JSON_CONTINUE;
}

/* The elements of a long array have the same few keys: one text for all of them. */
static char *
known_key(Parse *parse, char *name)
{
	for (int i = 0; i < KNOWN_KEYS && parse->keys[i] != NULL; i++)
	{
		if (strcmp(parse->keys[i], name) == 0)
		{
			pfree(name);
			return parse->keys[i];
		}
	}
	parse->keys[parse->next_key] = name;
	parse->next_key = (parse->next_key + 1) % KNOWN_KEYS;
	return name;
}

static ScimJsonAction
begin_member(void *state, char *name, bool isnull)
{
	Parse *parse = state;

	parse->levels[parse->nlevels - 1].key = known_key(parse, name);
	SCIM_JSON_CONTINUE;
}

static ScimJsonAction
put_scalar(void *state, char *token, JsonTokenType type)
{
	JsonbValue value;

	memset(&value, 0, sizeof(value));
	switch (type)
	{
		case JSON_TOKEN_STRING:
			value.type = jbvString;
			value.val.string.val = token;
			value.val.string.len = strlen(token);
			break;
		case JSON_TOKEN_NUMBER:
			value.type = jbvNumeric;
			value.val.numeric = read_number(state, token);
			break;
		case JSON_TOKEN_TRUE:
		case JSON_TOKEN_FALSE:
			value.type = jbvBool;
			value.val.boolean = type == JSON_TOKEN_TRUE;
			break;
		default:
			Assert(type == JSON_TOKEN_NULL);
			value.type = jbvNull;
			break;
	}
	put_value(state, &value);
	SCIM_JSON_CONTINUE;
}

/* One that is too long is none until its place is known. */
static Numeric
read_number(Parse *parse, const char *token)
{
	Numeric number = ScimNumberRead(token);

	if (number != NULL)
		return number;
	parse->long_number = true;
	return DatumGetNumeric(
		DirectFunctionCall3(numeric_in, CStringGetDatum(parse->own ? token : "NaN"),
							ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
}

static void
push(Parse *parse, JsonbValue *container)
{
	if (parse->nlevels == parse->max_levels)
	{
		int wanted = Max(2 * parse->max_levels, 16);

		if (parse->levels == NULL)
			parse->levels = palloc(wanted * sizeof(Level));
		else
			parse->levels = repalloc(parse->levels, wanted * sizeof(Level));
		parse->max_levels = wanted;
	}
	parse->levels[parse->nlevels].container = container;
	parse->levels[parse->nlevels].key = NULL;
	parse->nlevels++;
}

/* A complete value goes into the innermost object or array, or is the whole. */
static void
put_value(Parse *parse, const JsonbValue *value)
{
	const Level *level;

	CHECK_FOR_INTERRUPTS();
	if (parse->nlevels == 0)
	{
		parse->root = palloc(sizeof(JsonbValue));
		*parse->root = *value;
		return;
	}
	level = &parse->levels[parse->nlevels - 1];
	if (level->container->type == jbvArray)
		ScimJsonAppend(level->container, value);
	else
		ScimJsonAddN(level->container, level->key, strlen(level->key), value);
}
