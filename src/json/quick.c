/*
 * quick.c
 *		JSON text -> a tree, where that is simple.
 *
 * Nearly all documents are short, flat and without \u escapes.  To read these takes a
 * fourth of the time that the server's parser takes, which is for the rest, and for
 * whatever is no JSON: it knows what is wrong.
 */
#include "postgres.h"

#include "json/json.h"

#include "text/number.h"

#define MAX_LENGTH (64 * 1024)
#define MAX_DEPTH 32

/* What is left of a copy of the text, in which strings stay. */
typedef struct Reader
{
	char *at;
	char *end; /* a zero byte */
	int depth;
} Reader;

static bool read_value(Reader *reader, JsonbValue *value);
static bool read_container(Reader *reader, JsonbValue *value);
static bool read_string(Reader *reader, JsonbValue *value);
static bool read_number(Reader *reader, JsonbValue *value);
static bool read_word(Reader *reader, const char *word);
static char next(Reader *reader);
static bool skip_digits(Reader *reader);

/* ScimJsonReadQuick returns NULL for what it does not take, whatever is wrong. */
JsonbValue *
ScimJsonReadQuick(const char *text, int len)
{
	Reader reader;
	JsonbValue *value;

	if (len > MAX_LENGTH)
		return NULL;
	reader.at = pnstrdup(text, len);
	reader.end = reader.at + len;
	reader.depth = 0;
	value = palloc0(sizeof(JsonbValue));
	if (read_value(&reader, value) && next(&reader) == '\0' && reader.at == reader.end)
		return value;
	return NULL;
}

static bool
read_value(Reader *reader, JsonbValue *value)
{
	switch (next(reader))
	{
		case '{':
		case '[':
			return read_container(reader, value);
		case '"':
			return read_string(reader, value);
		case 't':
		case 'f':
			value->type = jbvBool;
			value->val.boolean = *reader->at == 't';
			return read_word(reader, value->val.boolean ? "true" : "false");
		case 'n':
			value->type = jbvNull;
			return read_word(reader, "null");
		default:
			return read_number(reader, value);
	}
}

/* An object or array; what it holds is copied into it, one by one. */
static bool
read_container(Reader *reader, JsonbValue *value)
{
	bool object = *reader->at == '{';
	char close = object ? '}' : ']';
	JsonbValue *container = object ? ScimJsonNewObject() : ScimJsonNewArray();
	char delimiter;

	if (++reader->depth > MAX_DEPTH)
		return false;
	reader->at++;
	delimiter = next(reader) == close ? close : ',';
	if (delimiter == close)
		reader->at++;
	while (delimiter == ',')
	{
		JsonbValue key;
		JsonbValue item;

		if (object)
		{
			if (next(reader) != '"' || !read_string(reader, &key) || next(reader) != ':')
				return false;
			reader->at++;
		}
		memset(&item, 0, sizeof(item));
		if (!read_value(reader, &item))
			return false;
		if (object)
			ScimJsonAddN(container, key.val.string.val, key.val.string.len, &item);
		else
			ScimJsonAppend(container, &item);
		delimiter = next(reader);
		reader->at++;
	}
	reader->depth--;
	*value = *container;
	return delimiter == close;
}

/* The escapes are undone where they stand. */
static bool
read_string(Reader *reader, JsonbValue *value)
{
	static const char escaped[] = "\"\\/bfnrt";
	static const char meant[] = "\"\\/\b\f\n\r\t";
	char *at = reader->at + 1;
	char *to;

	value->type = jbvString;
	value->val.string.val = at;
	while (*at != '"' && *at != '\\' && (unsigned char) *at >= ' ')
		at++;
	for (to = at; *at != '"'; at++)
	{
		if ((unsigned char) *at < ' ')
			return false;
		if (*at == '\\')
		{
			const char *which = at[1] != '\0' ? strchr(escaped, at[1]) : NULL;

			if (which == NULL)
				return false;
			*to++ = meant[which - escaped];
			at++;
		}
		else
			*to++ = *at;
	}
	value->val.string.len = to - value->val.string.val;
	reader->at = at + 1;
	return true;
}

static bool
read_number(Reader *reader, JsonbValue *value)
{
	char *start = reader->at;

	if (*reader->at == '-')
		reader->at++;
	if (*reader->at == '0')
		reader->at++;
	else if (!skip_digits(reader))
		return false;
	if (*reader->at == '.')
	{
		reader->at++;
		if (!skip_digits(reader))
			return false;
	}
	if (*reader->at == 'e' || *reader->at == 'E')
	{
		reader->at++;
		if (*reader->at == '+' || *reader->at == '-')
			reader->at++;
		if (!skip_digits(reader))
			return false;
	}
	value->type = jbvNumeric;
	value->val.numeric = ScimNumberRead(pnstrdup(start, reader->at - start));
	return value->val.numeric != NULL;
}

static bool
read_word(Reader *reader, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(reader->at, word, len) != 0)
		return false;
	reader->at += len;
	return true;
}

/* The next character that is no white space, which is not passed. */
static char
next(Reader *reader)
{
	while (*reader->at == ' ' || *reader->at == '\t' || *reader->at == '\n' ||
		   *reader->at == '\r')
		reader->at++;
	return *reader->at;
}

/* One or more. */
static bool
skip_digits(Reader *reader)
{
	char *start = reader->at;

	while (*reader->at >= '0' && *reader->at <= '9')
		reader->at++;
	return reader->at > start;
}
