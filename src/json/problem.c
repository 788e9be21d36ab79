/*
 * problem.c
 *		What is wrong with a text that is not JSON, and where, but never the text.
 *
 * The server's own json_errdetail() repeats what it stumbles over, and that may be a
 * password: a quote that is missing is enough.
 */
#include "postgres.h"

#include "json/problem.h"

#include "mb/pg_wchar.h"

static const char *
what_is_wrong(JsonParseErrorType error, const char *token)
{
	switch (error)
	{
		case JSON_ESCAPING_INVALID:
			return "a string has an unknown escape sequence";
		case JSON_ESCAPING_REQUIRED:
			return "a string has a control character that is not escaped";
		case JSON_EXPECTED_ARRAY_FIRST:
			return "a value or \"]\" is expected";
		case JSON_EXPECTED_ARRAY_NEXT:
			return "\",\" or \"]\" is expected";
		case JSON_EXPECTED_COLON:
			return "\":\" is expected";
		case JSON_EXPECTED_END:
			return "nothing more is expected";
		case JSON_EXPECTED_JSON:
			return "a value is expected";
		case JSON_EXPECTED_MORE:
			return "it ends too early";
		case JSON_EXPECTED_OBJECT_FIRST:
			return "a name in quotes or \"}\" is expected";
		case JSON_EXPECTED_OBJECT_NEXT:
			return "\",\" or \"}\" is expected";
		case JSON_EXPECTED_STRING:
			return "a name in quotes is expected";
		case JSON_INVALID_TOKEN:
			return token != NULL && *token == '"' ? "a string has no end"
												  : "what stands there is no value";
		case JSON_UNICODE_ESCAPE_FORMAT:
			return "\"\\u\" of a string is not followed by four hexadecimal digits";
		case JSON_UNICODE_HIGH_SURROGATE:
			return "a string has a high surrogate behind another";
		case JSON_UNICODE_LOW_SURROGATE:
			return "a string has a high or low surrogate alone";
		default:
			return "it cannot be read";
	}
}

/*
 * ScimJsonParseProblem says why pg_parse_json() has not read a text, and where: token is
 * the lexer's token_start, NULL at the end of the text.
 */
char *
ScimJsonParseProblem(JsonParseErrorType error, const char *token, const char *text,
					 int len)
{
	const char *what = what_is_wrong(error, token);
	const char *line = text;
	int lines = 1;

	if (error == JSON_EXPECTED_MORE)
		return pstrdup(what);
	if (token == NULL || token < text || token >= text + len)
		return psprintf("%s, at its end", what);
	for (const char *p = text; p < token; p++)
	{
		if (*p == '\n')
		{
			lines++;
			line = p + 1;
		}
	}
	return psprintf("%s, at line %d, column %d", what, lines,
					pg_mbstrlen_with_len(line, token - line) + 1);
}
