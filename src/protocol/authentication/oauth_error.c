/*
 * oauth_error.c
 *		Errors in the form of RFC 6749 section 5.2.
 */
#include "postgres.h"

#include "protocol/authentication/oauth.h"

#define MAX_DESCRIPTION 512

/* What may stand in error_description: RFC 6749 section 5.2. */
static char *
printable(const char *text)
{
	char *copy = pstrdup(text);

	if (strlen(copy) > MAX_DESCRIPTION)
		copy[MAX_DESCRIPTION] = '\0';
	for (char *p = copy; *p != '\0'; p++)
	{
		if (*p == '"' || *p == '\\')
			*p = '\'';
		else if (*p < ' ' || *p > '~')
			*p = '?';
	}
	return copy;
}

/* ScimOAuthWriteError gives an answer the body of an error of RFC 6749. */
void
ScimOAuthWriteError(ScimAnswer *answer, const char *error, const char *description)
{
	answer->media_type = "application/json";
	resetStringInfo(&answer->body);
	appendStringInfo(&answer->body, "{\"error\":\"%s\",\"error_description\":\"%s\"}",
					 error, printable(description));
}

/* ScimOAuthRefuse answers a request with an error of RFC 6749; false, for who returns. */
bool
ScimOAuthRefuse(ScimOAuthRequest *oauth, int status, const char *error,
				const char *description)
{
	oauth->answer->status = status;
	ScimOAuthWriteError(oauth->answer, error, description);
	return false;
}
