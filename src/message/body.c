/*
 * body.c
 *		Request bodies: bytes -> JSON object, within limits.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "fmgr.h"
#include "json/json.h"
#include "message/message.h"
#include "miscadmin.h"

#include "schema/schema.h"
#include "setting/setting.h"
#include "store/store.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

static char *body_text(const ScimRequest *request);
static void check_structure(const ScimStore *store, const char *text);

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
	int max_size;

	if (request->is_operation)
		return request->data;
	if (request->data != NULL)
	{
		ScimCheckContent(request);
		return request->data;
	}
	if (!request->has_body || toast_raw_datum_size(request->body) <= VARHDRSZ)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX), errmsg("the request has no body")));
	ScimCheckContent(request);
	max_size = ScimSettingInt(request->store->settings, SCIM_SETTING_MAX_BODY_SIZE, NULL);
	if (toast_raw_datum_size(request->body) - VARHDRSZ > max_size)
		ereport(ERROR, (ScimErr(SCIM_TOO_LARGE),
						errmsg("the request body is larger than maxPayloadSize, %d bytes",
							   max_size)));
	text = body_text(request);
	check_structure(request->store, text);

	request->parsing_body = true;
	tree = ScimJsonParse(text, strlen(text), &problem);
	request->parsing_body = false;

	/* JSON it is, with what cannot be stored */
	if (tree == NULL && strncmp(problem, SCIM_JSON_HOLDS, strlen(SCIM_JSON_HOLDS)) == 0)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE), errmsg("the request body %s", problem)));
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
check_structure(const ScimStore *store, const char *text)
{
	int max_depth = ScimSettingInt(store->settings, SCIM_SETTING_MAX_BODY_DEPTH, NULL);
	int max_values = ScimSettingInt(store->settings, SCIM_SETTING_MAX_BODY_VALUES, NULL);
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
				if (++depth > max_depth)
					ereport(ERROR,
							(ScimErr(SCIM_INVALID_SYNTAX),
							 errmsg("the request body is nested deeper than %d levels",
									max_depth)));
				break;
			case ',':
				values++;
				break;
		}
	}
	if (values > max_values)
		ereport(ERROR, (ScimErr(SCIM_TOO_LARGE),
						errmsg("the request body has more than %d values", max_values),
						errhint("The setting max_body_values is the limit.")));
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

/* Where unknown_schemas is "reject": nothing is named but what the message is. */
static void
reject_unknown_schemas(const JsonbValue *schemas, const char *urn)
{
	if (schemas->type != jbvArray ||
		ScimSettingInForce(SCIM_SETTING_UNKNOWN_SCHEMAS, NULL) != SCIM_UNKNOWN_REJECT)
		return;
	for (int i = 0; i < schemas->val.array.nElems; i++)
	{
		const char *named = ScimJsonStringCopy(&schemas->val.array.elems[i]);

		CHECK_FOR_INTERRUPTS();
		/* what makes a bulk request atomic stands beside what it is */
		if (named == NULL || (pg_strcasecmp(named, urn) != 0 &&
							  (strcmp(urn, SCIM_URN_BULK_ATOMIC) != 0 ||
							   pg_strcasecmp(named, SCIM_URN_BULK_REQUEST) != 0)))
			ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
							errmsg("\"schemas\" of the request names %s%s%s, which is no "
								   "schema of it",
								   named != NULL ? "\"" : "",
								   named != NULL ? named : "something",
								   named != NULL ? "\"" : "")));
	}
}

/*
 * ScimCheckMessageSchema raises invalidSyntax when the "schemas" of a message
 * (RFC 7644 section 3.1) do not name its URN, and where they name anything else and
 * unknown_schemas is "reject".  Clients leave them out; that is fine.
 */
void
ScimCheckMessageSchema(const JsonbValue *message, const char *urn)
{
	const JsonbValue *schemas = ScimJsonGetFolded(message, "schemas");

	if (schemas != NULL && schemas->type != jbvNull && schemas->type != jbvArray)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("\"schemas\" of the request must be an array")));
	if (schemas != NULL && schemas->type != jbvNull &&
		!ScimHasMessageSchema(message, urn))
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("\"schemas\" of the request does not hold \"%s\"", urn)));
	if (schemas != NULL)
		reject_unknown_schemas(schemas, urn);
}
