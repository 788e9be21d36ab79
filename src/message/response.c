/*
 * response.c
 *		Answers: status, headers, body.
 */
#include "postgres.h"

#include "json/json.h"
#include "mb/pg_wchar.h"
#include "message/message.h"

/*
 * A transport may have to carry an error body in a header, and a detail quotes
 * the input: longer ones are cut.
 */
#define MAX_DETAIL 1024

/* Somebody has to release a guard: seconds after which it may be worth to ask again. */
#define RETRY_GUARDED "300"

/* ScimShortDetail cuts what is too long for a header. */
const char *
ScimShortDetail(const char *detail)
{
	int len = strlen(detail);

	if (len <= MAX_DETAIL)
		return detail;
	return psprintf("%.*s...", pg_mbcliplen(detail, len, MAX_DETAIL), detail);
}

/* ScimAnswerReset makes an answer empty; its media type stays. */
void
ScimAnswerReset(ScimAnswer *answer)
{
	answer->status = 0;
	answer->headers = ScimJsonNewObject();
	initStringInfo(&answer->body);
	answer->wrote = false;
	answer->error_detail = NULL;
	answer->error_field = NULL;
}

/* ScimAnswerHeader sets a header of an answer; neither is copied. */
void
ScimAnswerHeader(ScimAnswer *answer, const char *name, const char *value)
{
	ScimJsonSet(answer->headers, name, ScimJsonNewString(value));
}

/*
 * Makes an answer the error message of RFC 7644 section 3.12.
 * scim_type may be NULL.  Headers that are set already stay.
 */
static void
answer_error(ScimAnswer *answer, int status, const char *scim_type, const char *detail)
{
	answer->status = status;
	detail = ScimShortDetail(detail);
	resetStringInfo(&answer->body);
	appendStringInfoString(&answer->body, "{\"schemas\":[\"" SCIM_URN_ERROR "\"]");
	if (scim_type != NULL)
		appendStringInfo(&answer->body, ",\"scimType\":\"%s\"", scim_type);
	appendStringInfoString(&answer->body, ",\"detail\":");
	ScimJsonWriteString(&answer->body, detail, strlen(detail));
	appendStringInfo(&answer->body, ",\"status\":\"%d\"}", status);
}

/* ScimAnswerNotAcceptable answers a request that does not accept these media types. */
void
ScimAnswerNotAcceptable(const ScimRequest *request, ScimAnswer *answer,
						const char *media_types)
{
	answer->error_detail =
		psprintf("the answer is %s, and \"Accept: %s\" does not take that", media_types,
				 ScimHeader(request, "Accept"));
	answer->error_type = NULL;
	answer_error(answer, 406, NULL, answer->error_detail);
}

/* ScimAnswerErrorKind does so for an error of the table in error.c. */
void
ScimAnswerErrorKind(ScimAnswer *answer, ScimErrorKind kind, const char *detail)
{
	const ScimErrorInfo *info = ScimErrorByKind(kind);

	answer_error(answer, info->status, info->scim_type, detail);
	answer->error_kind = kind;
	answer->error_detail = detail;
	answer->error_type = info->scim_type;
}

/* ScimAnswerErrorType is the same with a scimType that the table does not have. */
void
ScimAnswerErrorType(ScimAnswer *answer, ScimErrorKind kind, const char *scim_type,
					const char *detail)
{
	ScimAnswerErrorKind(answer, kind, detail);
	if (scim_type == NULL)
		return;
	answer_error(answer, answer->status, scim_type, detail);
	answer->error_type = scim_type;
}

/*
 * ScimAnswerFinish adds what every answer has.  The answer to HEAD says how
 * long the body is that GET would have got, and has none.
 */
void
ScimAnswerFinish(ScimAnswer *answer, bool head)
{
	if (answer->status == 401 && ScimJsonGet(answer->headers, "WWW-Authenticate") == NULL)
		ScimAnswerHeader(answer, "WWW-Authenticate", "Bearer realm=\"scim\"");
	if (answer->status == 415)
	{
		if (ScimJsonGet(answer->headers, "Accept") == NULL)
			ScimAnswerHeader(answer, "Accept", SCIM_MEDIA_TYPE ", application/json");
		ScimAnswerHeader(answer, "Accept-Encoding", "identity");
	}
	if (answer->status == 503 && ScimJsonGet(answer->headers, "Retry-After") == NULL)
		ScimAnswerHeader(answer, "Retry-After",
						 answer->error_detail != NULL &&
								 answer->error_kind == SCIM_GUARDED
							 ? RETRY_GUARDED
							 : "1");
	if (answer->body.len == 0)
		return;
	ScimAnswerHeader(answer, "Content-Type", answer->media_type);
	if (head)
	{
		ScimAnswerHeader(answer, "Content-Length", psprintf("%d", answer->body.len));
		resetStringInfo(&answer->body);
	}
}

/*
 * ScimAnswerTakeBody returns the body as a text: the same bytes, moved, since a large
 * group's are many.  The answer has none any more.
 */
text *
ScimAnswerTakeBody(ScimAnswer *answer)
{
	int len = answer->body.len;
	text *body;

	enlargeStringInfo(&answer->body, VARHDRSZ);
	body = (text *) answer->body.data;
	memmove(VARDATA(body), answer->body.data, len);
	SET_VARSIZE(body, VARHDRSZ + len);
	initStringInfo(&answer->body);
	return body;
}
