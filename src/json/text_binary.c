/*
 * text_binary.c
 *		JSON text -> jsonb, without a tree in between.
 *
 * What we have written ourselves is nearly always compact and without \u escapes.  To
 * read that takes a fourth of the time that the server's parser takes, which is for the
 * rest.
 */
#include "postgres.h"

#include "json/json.h"

#include "json/problem.h"
#include "compat.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

/* What is deeper, and numbers that are longer, the server reads. */
#define MAX_DEPTH 32
#define MAX_DIGITS 18

/* So many keys are known from members before. */
#define KNOWN_KEYS 16

/* What the server's parser has read. */
typedef struct Parse
{
	ScimJsonWriter *writer;
	char *keys[KNOWN_KEYS];
	int next_key; /* which of them is replaced next */
} Parse;

/* The end of a run of characters that mean themselves in a string. */
static inline const char *
skip_plain(const char *at, const char *end)
{
	while (at < end && *at != '"' && *at != '\\' && (unsigned char) *at >= ' ')
		at++;
	return at;
}

/* Writes a string with escapes; returns what follows it, or NULL. */
static const char *
read_escaped(ScimJsonWriter *writer, const char *at, const char *end)
{
	static const char escaped[] = "\"\\/bfnrt";
	static const char meant[] = "\"\\/\b\f\n\r\t";
	StringInfoData text;

	initStringInfo(&text);
	for (;;)
	{
		const char *stop = skip_plain(at, end);
		const char *which;

		appendBinaryStringInfo(&text, at, stop - at);
		at = stop + 2;
		if (stop < end && *stop == '"')
		{
			ScimJsonPutString(writer, text.data, text.len);
			pfree(text.data);
			return stop + 1;
		}
		if (end - stop < 2 || *stop != '\\' || stop[1] == '\0')
			return NULL;
		which = strchr(escaped, stop[1]);
		if (which == NULL)
			return NULL;
		appendStringInfoCharMacro(&text, meant[which - escaped]);
	}
}

/* The same of any string. */
static const char *
read_string(ScimJsonWriter *writer, const char *at, const char *end)
{
	const char *stop = skip_plain(at, end);

	if (stop == end || *stop != '"')
		return read_escaped(writer, at, end);
	ScimJsonPutString(writer, at, stop - at);
	return stop + 1;
}

/* The same of a number that is a few digits. */
static const char *
read_number(ScimJsonWriter *writer, const char *at, const char *end)
{
	const char *start = at;
	int64 number = 0;

	while (at < end && at - start < MAX_DIGITS && *at >= '0' && *at <= '9')
		number = number * 10 + (*at++ - '0');
	/* what follows is a delimiter, or else it is no such number */
	if (at == start || at == end || (*at != ',' && *at != '}' && *at != ']') ||
		(*start == '0' && at - start > 1))
		return NULL;
	ScimJsonPutInteger(writer, number);
	return at;
}

static const char *
skip_word(const char *at, const char *end, const char *word)
{
	size_t len = strlen(word);

	return (size_t) (end - at) >= len && memcmp(at, word, len) == 0 ? at + len : NULL;
}

static const char *
read_scalar(ScimJsonWriter *writer, const char *at, const char *end)
{
	switch (*at)
	{
		case '"':
			return read_string(writer, at + 1, end);
		case 't':
			ScimJsonPutBool(writer, true);
			return skip_word(at, end, "true");
		case 'f':
			ScimJsonPutBool(writer, false);
			return skip_word(at, end, "false");
		case 'n':
			ScimJsonPutNull(writer);
			return skip_word(at, end, "null");
		default:
			return read_number(writer, at, end);
	}
}

/* Passes the key of a member, and the colon behind it. */
static const char *
read_key(ScimJsonWriter *writer, const char *at, const char *end)
{
	const char *stop;

	if (at == end || *at != '"')
		return NULL;
	stop = skip_plain(++at, end);
	if (end - stop < 2 || *stop != '"' || stop[1] != ':')
		return NULL;
	ScimJsonPutKey(writer, at, stop - at);
	return stop + 2;
}

/*
 * Reads an object or array that is compact and simple; false where it is not, whatever is
 * written by then.
 */
static bool
read_quickly(ScimJsonWriter *writer, const char *text, const char *end)
{
	const char *at = text;
	bool value = true; /* a value comes, or else what stands behind one */
	char closes[MAX_DEPTH];
	int depth = 0;

	do
	{
		if (at == end)
			return false;
		if (value && (*at == '{' || *at == '['))
		{
			if (depth == MAX_DEPTH)
				return false;
			closes[depth++] = *at == '{' ? '}' : ']';
			ScimJsonBegin(writer);
			at++;
			value = at == end || *at != closes[depth - 1];
			if (value && at[-1] == '{')
				at = read_key(writer, at, end);
		}
		else if (depth == 0)
			return false;
		else if (value)
		{
			at = read_scalar(writer, at, end);
			value = false;
		}
		else if (*at == ',')
		{
			at++;
			if (closes[depth - 1] == '}')
				at = read_key(writer, at, end);
			value = true;
		}
		else if (*at == closes[depth - 1])
		{
			at++;
			if (closes[--depth] == '}')
				ScimJsonEndObject(writer);
			else
				ScimJsonEndArray(writer);
		}
		else
			return false;
	} while (at != NULL && depth > 0);
	return at == end;
}

static ScimJsonAction
begin_container(void *state)
{
	ScimJsonBegin(((Parse *) state)->writer);
	SCIM_JSON_CONTINUE;
}

static ScimJsonAction
end_array(void *state)
{
	ScimJsonEndArray(((Parse *) state)->writer);
	SCIM_JSON_CONTINUE;
}

static ScimJsonAction
end_object(void *state)
{
	ScimJsonEndObject(((Parse *) state)->writer);
	SCIM_JSON_CONTINUE;
}

/* A key stays until its object ends; the elements of a long array have the same few. */
static ScimJsonAction
begin_member(void *state, char *name, bool isnull)
{
	Parse *parse = state;
	char *key = NULL;

	for (int i = 0; i < KNOWN_KEYS && parse->keys[i] != NULL && key == NULL; i++)
	{
		if (strcmp(parse->keys[i], name) == 0)
			key = parse->keys[i];
	}
	if (key == NULL)
	{
		key = parse->keys[parse->next_key] = name;
		parse->next_key = (parse->next_key + 1) % KNOWN_KEYS;
	}
	else
		pfree(name);
	ScimJsonPutKey(parse->writer, key, strlen(key));
	SCIM_JSON_CONTINUE;
}

static ScimJsonAction
put_scalar(void *state, char *token, JsonTokenType type)
{
	ScimJsonWriter *writer = ((Parse *) state)->writer;

	switch (type)
	{
		case JSON_TOKEN_STRING:
			ScimJsonPutString(writer, token, strlen(token));
			break;
		case JSON_TOKEN_NUMBER:
			ScimJsonPutNumber(writer,
							  DatumGetNumeric(DirectFunctionCall3(
								  numeric_in, CStringGetDatum(token),
								  ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1))));
			break;
		case JSON_TOKEN_TRUE:
		case JSON_TOKEN_FALSE:
			ScimJsonPutBool(writer, type == JSON_TOKEN_TRUE);
			break;
		default:
			ScimJsonPutNull(writer);
			break;
	}
	if (token != NULL)
		pfree(token);
	SCIM_JSON_CONTINUE;
}

static void
read_by_server(ScimJsonWriter *writer, const char *text, int len)
{
	Parse parse = {.writer = writer};
	JsonSemAction actions = {
		.semstate = &parse,
		.object_start = begin_container,
		.object_end = end_object,
		.array_start = begin_container,
		.array_end = end_array,
		.object_field_start = begin_member,
		.scalar = put_scalar,
	};
	JsonLexContext *lex =
		makeJsonLexContextCstringLen(NULL, text, len, GetDatabaseEncoding(), true);
	JsonParseErrorType result = pg_parse_json(lex, &actions);

	if (result != JSON_SUCCESS)
		elog(ERROR, "a text is not JSON: %s",
			 ScimJsonParseProblem(result, lex->token_start, text, len));
}

/*
 * ScimJsonPutText writes the object or array that a text is, which is known to be JSON,
 * behind a key, or NULL in an array.
 */
void
ScimJsonPutText(ScimJsonWriter *writer, const char *key, const char *text, int len)
{
	ScimJsonPlace place = ScimJsonHere(writer);

	if (key != NULL)
		ScimJsonPutKey(writer, key, strlen(key));
	if (read_quickly(writer, text, text + len))
		return;
	ScimJsonRewind(writer, place);
	if (key != NULL)
		ScimJsonPutKey(writer, key, strlen(key));
	read_by_server(writer, text, len);
}

/* ScimJsonTextToJsonb makes a jsonb of the text of an object or array. */
Jsonb *
ScimJsonTextToJsonb(const char *text, int len)
{
	ScimJsonWriter *writer = ScimJsonWriterMake(len + len / 2);

	ScimJsonPutText(writer, NULL, text, len);
	return ScimJsonWriterEnd(writer);
}
