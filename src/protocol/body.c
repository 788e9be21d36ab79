/*
 * body.c
 *		Request bodies: bytes -> JSON object, within limits.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "fmgr.h"
#include "json/json.h"
#include "protocol/protocol.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/memutils.h"

int ScimMaxBodySize = 10 * 1024 * 1024;

static int max_body_depth = 64;
static int max_body_values = 1000000;

static char *body_text(const ScimRequest *request);
static void check_structure(const char *text);

/* ScimBodyInit registers the limits of request bodies. */
void
ScimBodyInit(void)
{
	DefineCustomIntVariable("scim.max_body_size", "Largest request body, in bytes.", NULL,
							&ScimMaxBodySize, 10 * 1024 * 1024, 1, MaxAllocSize / 4,
							PGC_USERSET, GUC_UNIT_BYTE, NULL, NULL, NULL);
	DefineCustomIntVariable(
		"scim.max_body_depth", "Deepest nesting of arrays and objects in a request body.",
		NULL, &max_body_depth, 64, 1, 1000, PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable(
		"scim.max_body_values", "The most values, of any kind, in a request body.",
		"Each takes memory, however few bytes say it.", &max_body_values, 1000000, 1,
		100000000, PGC_USERSET, 0, NULL, NULL, NULL);
}

/*
 * ScimRequestBody parses the body of a request that needs one.
 *
 * Raises 415 for a content that is not plain JSON, 413 for a body above the
 * setting scim.max_body_size or scim.max_body_values, and invalidSyntax for one that
 * is missing, nested deeper than scim.max_body_depth, or not a JSON object.
 */
JsonbValue *
ScimRequestBody(ScimRequest *request)
{
	char *text;
	const char *problem;
	JsonbValue *tree;

	if (request->is_operation)
		return request->data;
	if (!request->has_body || toast_raw_datum_size(request->body) <= VARHDRSZ)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX), errmsg("the request has no body")));
	ScimCheckContent(request);
	if (toast_raw_datum_size(request->body) - VARHDRSZ > ScimMaxBodySize)
		ereport(ERROR, (ScimErr(SCIM_TOO_LARGE),
						errmsg("the request body is larger than maxPayloadSize, %d bytes",
							   ScimMaxBodySize)));
	text = body_text(request);
	check_structure(text);

	request->parsing_body = true;
	tree = ScimJsonParse(text, strlen(text), &problem);
	request->parsing_body = false;

	if (tree == NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("the request body is not valid JSON: %s", problem)));
	if (tree->type != jbvObject)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("the request body is not a JSON object")));
	ScimRequireDistinctKeys(tree);
	return tree;
}

static char *
body_text(const ScimRequest *request)
{
	char *body = TextDatumGetCString(request->body);

	/* a text is UTF-8 already */
	if (request->body_is_bytes)
		ScimRequireUtf8(body, toast_raw_datum_size(request->body) - VARHDRSZ,
						"request body");
	return body;
}

/*
 * check_structure counts brackets and commas outside strings, so that a body of
 * brackets is refused before the parser recurses into it, and one of many values
 * before it makes a tree of them.
 */
static void
check_structure(const char *text)
{
	bool in_string = false;
	int depth = 0;
	int values = 1;

	for (const char *p = text; *p != '\0'; p++)
	{
		if (in_string)
		{
			if (*p == '\\' && p[1] != '\0')
				p++;
			else if (*p == '"')
				in_string = false;
			continue;
		}
		switch (*p)
		{
			case '"':
				in_string = true;
				break;
			case ']':
			case '}':
				depth--;
				break;
			case '[':
			case '{':
				values++;
				if (++depth > max_body_depth)
					ereport(ERROR,
							(ScimErr(SCIM_INVALID_SYNTAX),
							 errmsg("the request body is nested deeper than %d levels",
									max_body_depth)));
				break;
			case ',':
				values++;
				break;
		}
	}
	if (values > max_body_values)
		ereport(ERROR, (ScimErr(SCIM_TOO_LARGE),
						errmsg("the request body has more than %d values "
							   "(scim.max_body_values)",
							   max_body_values)));
}

/* ScimHasMessageSchema: do the "schemas" of a message name this URN? */
bool
ScimHasMessageSchema(const JsonbValue *message, const char *urn)
{
	const JsonbValue *schemas = ScimJsonGetFolded(message, "schemas");

	if (schemas == NULL || schemas->type != jbvArray)
		return false;
	for (int i = 0; i < schemas->val.array.nElems; i++)
	{
		const char *schema = ScimJsonStringCopy(&schemas->val.array.elems[i]);

		if (schema != NULL && pg_strcasecmp(schema, urn) == 0)
			return true;
	}
	return false;
}

/*
 * ScimCheckMessageSchema raises invalidSyntax when the "schemas" of a message
 * (RFC 7644 section 3.1) do not name its URN.  Clients leave them out; that is
 * fine.
 */
void
ScimCheckMessageSchema(const JsonbValue *message, const char *urn)
{
	const JsonbValue *schemas = ScimJsonGetFolded(message, "schemas");

	if (schemas != NULL && schemas->type != jbvNull &&
		!ScimHasMessageSchema(message, urn))
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("\"schemas\" of the request does not hold \"%s\"", urn)));
}
