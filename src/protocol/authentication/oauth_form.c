/*
 * oauth_form.c
 *		The parameters of a request: application/x-www-form-urlencoded, RFC 6749
 *		appendix B.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "protocol/authentication/oauth.h"
#include "text/hex.h"

#define FORM_TYPE "application/x-www-form-urlencoded"
#define MAX_FORM (64 * 1024)
#define MAX_PARAMETERS 64

/* ScimOAuthDecode decodes a name or a value; NULL: it is not encoded so. */
char *
ScimOAuthDecode(const char *text, int len)
{
	char *decoded = palloc(len + 1);
	char *out = decoded;
	const char *end = text + len;

	while (text < end)
	{
		if (*text == '%')
		{
			int high = end - text > 2 ? ScimHexDigit(text[1]) : -1;
			int low = end - text > 2 ? ScimHexDigit(text[2]) : -1;

			if (high < 0 || low < 0 || (high == 0 && low == 0))
				return NULL;
			*out++ = (char) (high << 4 | low);
			text += 3;
		}
		else
		{
			*out++ = *text == '+' ? ' ' : *text;
			text++;
		}
	}
	*out = '\0';
	if (!pg_verify_mbstr(PG_UTF8, decoded, out - decoded, true))
		return NULL;
	return decoded;
}

static char *
decode(const char *text, int len)
{
	char *decoded = ScimOAuthDecode(text, len);

	if (decoded == NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("the request body is not encoded as a form")));
	return decoded;
}

static const char *
find(const List *parameters, const char *name)
{
	const ListCell *lc;

	foreach (lc, parameters)
	{
		const ScimParameter *parameter = lfirst(lc);

		if (strcmp(parameter->name, name) == 0)
			return parameter->value;
	}
	return NULL;
}

/*
 * ScimOAuthForm returns the parameters of a body.  RFC 6749 section 3.2: one without a
 * value is as if it were not there, and none may be there twice; which ones there are is
 * left to others, who do not look at those that they do not know.
 *
 * Raises 415 for another content, 413 for a longer one, and invalidSyntax for what is no
 * form.
 */
List *
ScimOAuthForm(ScimRequest *request)
{
	List *named = NIL;
	List *parameters = NIL;
	char *body;
	const char *at;
	const char *end;

	if (!ScimContentIs(request, FORM_TYPE))
		ereport(ERROR, (ScimErr(SCIM_UNSUPPORTED_MEDIA_TYPE),
						errmsg("the request body is to be " FORM_TYPE " in UTF-8")));
	if (!request->has_body || toast_raw_datum_size(request->body) <= VARHDRSZ)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX), errmsg("the request has no body")));
	if (toast_raw_datum_size(request->body) - VARHDRSZ > MAX_FORM)
		ereport(ERROR, (ScimErr(SCIM_TOO_LARGE),
						errmsg("the request body is larger than %d bytes", MAX_FORM)));
	body = TextDatumGetCString(request->body);
	end = body + (toast_raw_datum_size(request->body) - VARHDRSZ);
	if (memchr(body, '\0', end - body) != NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("the request body is not encoded as a form")));
	for (at = body; at < end;)
	{
		const char *stop = at + strcspn(at, "&");
		const char *equals = memchr(at, '=', stop - at);
		ScimParameter *parameter = palloc(sizeof(ScimParameter));

		CHECK_FOR_INTERRUPTS();
		parameter->name = decode(at, (equals != NULL ? equals : stop) - at);
		parameter->value = equals != NULL ? decode(equals + 1, stop - equals - 1) : "";
		if (stop > at)
		{
			if (find(named, parameter->name) != NULL)
				ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
								errmsg("a parameter is given twice")));
			named = lappend(named, parameter);
			if (list_length(named) > MAX_PARAMETERS)
				ereport(ERROR,
						(ScimErr(SCIM_INVALID_SYNTAX),
						 errmsg("there are more than %d parameters", MAX_PARAMETERS)));
			if (parameter->value[0] != '\0')
				parameters = lappend(parameters, parameter);
		}
		at = *stop == '&' ? stop + 1 : stop;
	}
	return parameters;
}

/* ScimOAuthParameter returns the value of a parameter; NULL: it is not there. */
const char *
ScimOAuthParameter(const ScimOAuthRequest *oauth, const char *name)
{
	return find(oauth->parameters, name);
}
