/*
 * oauth.c
 *		The endpoints of OAuth 2.0, in stores that have a scheme for access tokens.
 *
 *		POST {base}/.oauth/token	an access token for a client: RFC 6749
 *		POST {base}/.oauth/revoke	the end of one: RFC 7009
 *		GET  /.well-known/oauth-authorization-server{path of base}
 *		GET  {base}/.well-known/oauth-authorization-server
 *									what there is: RFC 8414
 *
 * All are below the base URL of the store, which is the issuer, but for the first form of
 * the metadata, which RFC 8414 section 3.1 puts in front.  Who sends a request is proved
 * by what is in it, here and not by the gateway.
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"

#include "json/json.h"
#include "protocol/authentication/oauth.h"
#include "protocol/authentication/authentication.h"
#include "store/credential/key_set.h"
#include "store/preview.h"
#include "store/statement/plan.h"
#include "text/fold.h"

#define WELL_KNOWN ".well-known"
#define METADATA "oauth-authorization-server"

typedef enum Endpoint
{
	ENDPOINT_NONE,
	ENDPOINT_TOKEN,
	ENDPOINT_REVOKE,
	ENDPOINT_METADATA
} Endpoint;

static bool
is_metadata(char **segments)
{
	return ScimNameEqual(segments[0], WELL_KNOWN) && ScimNameEqual(segments[1], METADATA);
}

/*
 * The issuer is what tokens and assertions are for: who asks does not decide what it is,
 * by the host that he names (RFC 8414 section 2 wants a URL).
 */
static void
require_issuer(const ScimRequest *request, const char *issuer)
{
	bool is_url = pg_strncasecmp(issuer, "https://", 8) == 0 ||
				  pg_strncasecmp(issuer, "http://", 7) == 0;

	if (request->base_url_is_claimed || !is_url)
		ereport(ERROR,
				(ScimErr(SCIM_UNAVAILABLE),
				 errmsg("OAuth 2.0 is not set up: the store does not know its own URL"),
				 errhint("It is the setting \"base_url\" of the store, or what nginx "
						 "states as X-Scim-Base-Url.")));
}

/* Which endpoint a path leads to. */
static Endpoint
find_endpoint(const ScimStore *store, const char *target, bool *has_query)
{
	const char *query;
	char **segments;
	int nsegments;
	int skip;
	bool whole;

	/* most requests are not for these */
	if (strstr(target, ".oauth") == NULL && strstr(target, METADATA) == NULL)
		return ENDPOINT_NONE;
	segments = ScimTargetSplit(target, &nsegments, &query);
	if (segments == NULL)
		return ENDPOINT_NONE;
	*has_query = *query != '\0';
	if (nsegments >= 2 && is_metadata(segments) &&
		ScimTargetShared(store, segments + 2, nsegments - 2, &whole) == nsegments - 2 &&
		(whole || nsegments == 2))
		return ENDPOINT_METADATA;
	skip = ScimTargetBase(store, segments, nsegments);
	if (skip < 0 || nsegments - skip != 2)
		return ENDPOINT_NONE;
	segments += skip;
	if (is_metadata(segments))
		return ENDPOINT_METADATA;
	if (!ScimNameEqual(segments[0], ".oauth"))
		return ENDPOINT_NONE;
	if (ScimNameEqual(segments[1], "token"))
		return ENDPOINT_TOKEN;
	return ScimNameEqual(segments[1], "revoke") ? ENDPOINT_REVOKE : ENDPOINT_NONE;
}

/*
 * ScimOAuthFind says whether a request is for one of the endpoints, and remembers that.
 * One that is part of another, as of a bulk request or a preview, is not.
 */
bool
ScimOAuthFind(ScimStore *store, ScimRequest *request)
{
	bool has_query;

	request->is_oauth =
		ScimSchemeOfAccessTokens(store) != NULL && !request->is_operation &&
		!ScimPreviewing() &&
		find_endpoint(store, request->target_text, &has_query) != ENDPOINT_NONE;
	return request->is_oauth;
}

/*
 * ScimOAuthFinish sees to what every answer of these endpoints has, and gives an error
 * that was raised the form of the others.
 */
void
ScimOAuthFinish(const ScimRequest *request, ScimAnswer *answer)
{
	const char *error = "invalid_request";

	if (!request->is_oauth)
		return;
	if (answer->status >= 400 && answer->error_detail != NULL)
	{
		if (answer->status == 503)
			error = "temporarily_unavailable";
		else if (answer->status >= 500)
			error = "server_error";
		ScimOAuthWriteError(answer, error, answer->error_detail);
	}
	if (answer->status == 415)
		ScimAnswerHeader(answer, "Accept", "application/x-www-form-urlencoded");
	/* metadata may be kept, and nothing else */
	if (answer->status >= 400 ||
		(strcmp(request->method, "GET") != 0 && strcmp(request->method, "HEAD") != 0))
	{
		ScimAnswerHeader(answer, "Cache-Control", "no-store");
		ScimAnswerHeader(answer, "Pragma", "no-cache");
	}
}

/* The scopes that there are: RFC 8414 section 2. */
static void
write_scopes(StringInfo out, const ScimStore *store)
{
	appendStringInfoString(out, "[\"scim\",\"scim:read\",\"scim:write\"");
	for (int i = 0; i < store->registry->ntypes; i++)
	{
		static const char *const ends[] = {"", ":read", ":write"};

		for (size_t j = 0; j < lengthof(ends); j++)
		{
			char *scope = psprintf("scim:%s%s", store->registry->types[i].name, ends[j]);

			appendStringInfoChar(out, ',');
			ScimJsonWriteString(out, scope, strlen(scope));
		}
	}
	appendStringInfoChar(out, ']');
}

static void
write_url(StringInfo out, const char *name, const char *issuer, const char *path)
{
	char *url = psprintf("%s%s", issuer, path);

	appendStringInfo(out, "\"%s\":", name);
	ScimJsonWriteString(out, url, strlen(url));
	appendStringInfoChar(out, ',');
}

static void
write_methods(StringInfo out, const char *endpoint)
{
	appendStringInfo(
		out,
		"\"%1$s_endpoint_auth_methods_supported\":[\"client_secret_basic\","
		"\"client_secret_post\",\"private_key_jwt\"],"
		"\"%1$s_endpoint_auth_signing_alg_values_supported\":[" SCIM_SIGNATURE_ALGORITHMS
		"],",
		endpoint);
}

/* RFC 8414 section 2.  There is no endpoint that would have a response_type. */
static void
answer_metadata(ScimOAuthRequest *oauth)
{
	StringInfo out = &oauth->answer->body;

	oauth->answer->status = 200;
	appendStringInfoChar(out, '{');
	write_url(out, "issuer", oauth->issuer, "");
	write_url(out, "token_endpoint", oauth->issuer, SCIM_OAUTH_TOKEN_PATH);
	write_methods(out, "token");
	write_url(out, "revocation_endpoint", oauth->issuer, SCIM_OAUTH_REVOKE_PATH);
	write_methods(out, "revocation");
	appendStringInfoString(out, "\"grant_types_supported\":[\"client_credentials\"],"
								"\"response_types_supported\":[],\"scopes_supported\":");
	write_scopes(out, oauth->store);
	appendStringInfoChar(out, '}');
}

/* It was used at this time; which is written once an hour. */
static void
leave_trace(const ScimStore *store, const ScimOAuthClient *client)
{
	ScimTrace trace = {
		.store = (client->by_former ? client->former_untraced : client->untraced) ? store
																				  : NULL,
		.is_client = true,
		.by_former = client->by_former,
		.tenant_id = client->tenant_id,
		.id = client->id};

	ScimTraceLeave(&trace, false);
}

static void
answer_post(ScimOAuthRequest *oauth, Endpoint endpoint, bool has_query)
{
	const ScimOAuthClient *client;

	ScimRequireReadWrite(oauth->request);
	/* RFC 6749 section 2.3.1: a secret is not to stand there, where it would be logged */
	if (has_query)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("parameters are to be in the request body")));
	oauth->parameters = ScimOAuthForm(oauth->request);
	oauth->answer->wrote = true;
	client = ScimOAuthAuthenticate(oauth);
	if (client == NULL)
		return;
	ScimConditionsOfPost(oauth->request, endpoint == ENDPOINT_TOKEN
											 ? SCIM_OAUTH_TOKEN_PATH
											 : SCIM_OAUTH_REVOKE_PATH);
	if (endpoint == ENDPOINT_TOKEN)
		ScimOAuthAnswerToken(oauth, client);
	else
		ScimOAuthAnswerRevoke(oauth, client);
	leave_trace(oauth->store, client);
}

/* ScimOAuthServe answers a request for which ScimOAuthFind has said so. */
void
ScimOAuthServe(ScimRequest *request, ScimAnswer *answer)
{
	ScimOAuthRequest oauth = {.request = request, .answer = answer};
	bool has_query = false;
	Endpoint endpoint;
	const char *method = strcmp(request->method, "HEAD") == 0 ? "GET" : request->method;
	const char *wanted;

	answer->media_type = "application/json";
	oauth.store = request->store = ScimStoreConfigured();
	oauth.issuer = ScimBaseUrl(oauth.store);
	endpoint = find_endpoint(oauth.store, request->target_text, &has_query);
	wanted = endpoint == ENDPOINT_METADATA ? "GET" : "POST";
	if (strcmp(method, wanted) == 0)
	{
		require_issuer(request, oauth.issuer);
		if (endpoint == ENDPOINT_METADATA)
		{
			answer_metadata(&oauth);
			ScimConditionsOfAnswer(request, answer);
		}
		else
			answer_post(&oauth, endpoint, has_query);
		return;
	}
	ScimAnswerHeader(answer, "Allow",
					 endpoint == ENDPOINT_METADATA ? "GET, HEAD, OPTIONS"
												   : "POST, OPTIONS");
	if (strcmp(method, "OPTIONS") == 0)
		answer->status = 204;
	else
		(void) ScimOAuthRefuse(&oauth, 405, "invalid_request",
							   psprintf("the method is not %s", wanted));
}
