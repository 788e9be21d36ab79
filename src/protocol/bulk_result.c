/*
 * bulk_result.c
 *		What the operations of a bulk request have come to, as its answer says it.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "json/json.h"
#include "operation/operation.h"
#include "protocol/bulk.h"
#include "text/hex.h"

/*
 * A segment of a path as a URL may hold it (RFC 3986 section 3.3).  raw: it is as it
 * came, so that what is encoded in it stays so.
 */
static char *
encoded_segment(const char *text, int len, bool raw)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
								"0123456789-._~!$&'()*+,;=:@";
	StringInfoData out;

	initStringInfo(&out);
	for (int i = 0; i < len; i++)
	{
		bool encoded = raw && text[i] == '%' && len - i > 2 &&
					   ScimHexDigit(text[i + 1]) >= 0 && ScimHexDigit(text[i + 2]) >= 0;

		if (encoded || strchr(plain, text[i]) != NULL)
			appendStringInfoChar(&out, text[i]);
		else
			appendStringInfo(&out, "%%%02X", (unsigned char) text[i]);
	}
	return out.data;
}

/*
 * ScimBulkLocation: the location of what an operation was about; NULL for a failed POST,
 * and for what is no resource of ours.
 */
const char *
ScimBulkLocation(const Bulk *bulk, const Operation *operation, const ScimRequest *request,
				 const ScimAnswer *answer)
{
	if (strcmp(operation->method, "POST") == 0)
		return ScimJsonStringCopy(ScimJsonGet(answer->headers, "Location"));
	if (request->type != NULL && request->id != NULL)
	{
		const char *id = ScimIdAsShown(request->type, request->id);

		return ScimLocation(ScimBaseUrl(bulk->store), request->type,
							encoded_segment(id, strlen(id), false));
	}
	return NULL;
}

/*
 * The location of what an operation that was not performed is about: its path may lead to
 * a resource of some type, there or not.  NULL: it does not.
 */
static const char *
location_of_path(const Bulk *bulk, const char *path)
{
	const ScimResourceType *type;
	const char *decoded;
	const char *id;
	size_t len;

	path += path[0] == '/' ? 1 : 0;
	len = strcspn(path, "/?");
	type = ScimRegistryTypeByEndpoint(bulk->store->registry, path, len);
	if (type == NULL || path[len] != '/')
		return NULL;
	path += len + 1;
	len = strcspn(path, "/?");
	if (len == 0)
		return NULL;
	decoded = ScimTargetDecoded(path, len);
	id = decoded != NULL ? ScimIdAsShown(type, decoded) : NULL;
	return ScimLocation(ScimBaseUrl(bulk->store), type,
						id != decoded ? id : encoded_segment(path, len, true));
}

/* ScimBulkFail notes why an operation has failed. */
void
ScimBulkFail(const Bulk *bulk, Operation *operation, ScimErrorKind kind,
			 const char *scim_type, const char *detail)
{
	ScimAnswer answer = {0};

	ScimAnswerReset(&answer);
	ScimAnswerErrorType(&answer, kind, scim_type, detail);
	operation->status = answer.status;
	operation->error = answer.body.data;
	operation->error_kind = kind;
	operation->error_type = answer.error_type;
	operation->error_detail = detail;
	operation->etag = NULL;
	operation->location = NULL;
	if (operation->method != NULL && operation->path != NULL &&
		strcmp(operation->method, "POST") != 0)
		operation->location = location_of_path(bulk, operation->path);
}

/* ScimBulkRaise raises the error of one operation as that of the request. */
void
ScimBulkRaise(const Operation *operation)
{
	ereport(ERROR,
			(ScimErr(operation->error_kind),
			 errmsg("operation %d%s%s%s: %s", operation->number,
					operation->bulk_id != NULL ? ", bulkId \"" : "",
					operation->bulk_id != NULL ? operation->bulk_id : "",
					operation->bulk_id != NULL ? "\"" : "", operation->error_detail),
			 ScimErrType(ScimErrorByKind(operation->error_kind)->scim_type == NULL
							 ? operation->error_type
							 : NULL)));
}

static void
write_member(StringInfo out, const char *name, const char *value)
{
	if (value == NULL)
		return;
	appendStringInfo(out, "\"%s\":", name);
	ScimJsonWriteString(out, value, strlen(value));
	appendStringInfoChar(out, ',');
}

/* ScimBulkWriteResult appends what an operation has come to. */
void
ScimBulkWriteResult(StringInfo out, const Operation *operation)
{
	appendStringInfoChar(out, '{');
	write_member(out, "method", operation->method);
	write_member(out, "bulkId", operation->bulk_id);
	write_member(out, "version", operation->etag);
	write_member(out, "location", operation->location);
	if (operation->error != NULL)
		appendStringInfo(out, "\"response\":%s,", operation->error);
	appendStringInfo(out, "\"status\":\"%d\"}", operation->status);
}
