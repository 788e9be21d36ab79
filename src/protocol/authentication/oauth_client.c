/*
 * oauth_client.c
 *		Which client sends a request to the endpoints of OAuth 2.0: RFC 6749 section 2.3.
 *
 * It says so in one way only: by name and secret in the header Authorization
 * (client_secret_basic) or in the body (client_secret_post), or by an assertion that it
 * has signed (private_key_jwt, RFC 7523 section 2.2).  A client that has keys has no
 * secret, so that nobody gets in by the weaker way.
 *
 * What is refused is answered and not raised: that somebody has failed is to stay
 * written.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/base64.h"
#include "executor/spi.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "json/json.h"
#include "protocol/authentication/oauth.h"
#include "protocol/authentication/authentication.h"
#include "store/acting.h"
#include "store/credential/key_set.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"

/* Longer ones are nobody's. */
#define MAX_HEADER 4096

#define BEARER_ASSERTION "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

/* A key that is asked for again so soon is not noted anew. */
#define WANTED_INTERVAL "interval '10 seconds'"

/* What is said of whoever it is: never whether there is such a client. */
#define NOT_AUTHENTICATED "the client could not be authenticated"

/* What a request says of its client. */
typedef struct Presented
{
	ScimOAuthMethod method;
	const char *name;
	const char *other_name; /* what it could have meant, or NULL */
	const char *secret;
	ScimAssertion assertion;
} Presented;

/* RFC 6749 section 5.2: 401 and a challenge where the client used the header. */
static bool
refuse_client(ScimOAuthRequest *oauth, const char *description)
{
	if (ScimHeader(oauth->request, "Authorization") == NULL)
		return ScimOAuthRefuse(oauth, 400, "invalid_client", description);
	ScimAnswerHeader(oauth->answer, "WWW-Authenticate",
					 "Basic realm=\"scim\", charset=\"UTF-8\"");
	return ScimOAuthRefuse(oauth, 401, "invalid_client", description);
}

/*
 * Name and secret of RFC 6749 section 2.3.1, which are encoded as in a form before they
 * are joined.  Not every client knows that: other_name is the name as it came.
 */
static bool
read_basic(const char *header, Presented *presented)
{
	const char *keyword = "Basic ";
	int len;
	char *text;
	char *colon;

	header += strspn(header, " ");
	if (strlen(header) > MAX_HEADER ||
		pg_strncasecmp(header, keyword, strlen(keyword)) != 0)
		return false;
	header += strlen(keyword);
	header += strspn(header, " ");
	len = strlen(header);
	while (len > 0 && header[len - 1] == ' ')
		len--;
	text = palloc(pg_b64_dec_len(len) + 1);
	len = pg_b64_decode(header, len, (void *) text, pg_b64_dec_len(len));
	if (len < 0 || memchr(text, '\0', len) != NULL ||
		!pg_verify_mbstr(PG_UTF8, text, len, true))
		return false;
	text[len] = '\0';
	colon = strchr(text, ':');
	if (colon == NULL)
		return false;
	presented->name = ScimOAuthDecode(text, colon - text);
	presented->other_name = pnstrdup(text, colon - text);
	presented->secret = ScimOAuthDecode(colon + 1, strlen(colon + 1));
	/* one that is not encoded may hold anything */
	if (presented->name == NULL)
		presented->name = presented->other_name;
	if (presented->secret == NULL)
		presented->secret = colon + 1;
	return true;
}

/* What a request says of its client; false: it has been refused. */
static bool
read_presented(ScimOAuthRequest *oauth, Presented *presented)
{
	const char *header = ScimHeader(oauth->request, "Authorization");
	const char *client_id = ScimOAuthParameter(oauth, "client_id");
	const char *secret = ScimOAuthParameter(oauth, "client_secret");
	const char *assertion = ScimOAuthParameter(oauth, "client_assertion");
	const char *type = ScimOAuthParameter(oauth, "client_assertion_type");
	const char *problem;

	memset(presented, 0, sizeof(Presented));
	if ((header != NULL) + (secret != NULL) + (assertion != NULL || type != NULL) > 1)
		return ScimOAuthRefuse(oauth, 400, "invalid_request",
							   "the client authenticates in more than one way");
	if (header != NULL)
	{
		presented->method = SCIM_OAUTH_BASIC;
		if (!read_basic(header, presented))
			return refuse_client(oauth, "the header Authorization is not Basic with the "
										"base64 of client_id:client_secret");
	}
	else if (secret != NULL)
	{
		presented->method = SCIM_OAUTH_POST;
		if (client_id == NULL)
			return ScimOAuthRefuse(oauth, 400, "invalid_request", "client_id is missing");
		presented->name = client_id;
		presented->secret = secret;
	}
	else if (assertion != NULL || type != NULL)
	{
		presented->method = SCIM_OAUTH_ASSERTION;
		if (assertion == NULL || type == NULL)
			return ScimOAuthRefuse(oauth, 400, "invalid_request",
								   "client_assertion and client_assertion_type belong "
								   "together");
		if (strcmp(type, BEARER_ASSERTION) != 0)
			return refuse_client(oauth, "client_assertion_type is not " BEARER_ASSERTION);
		problem = ScimAssertionParse(assertion, &presented->assertion);
		if (problem != NULL)
			return refuse_client(oauth, psprintf("client_assertion %s", problem));
		presented->name = presented->assertion.client;
	}
	else
		return refuse_client(oauth, "the client does not authenticate");
	if (client_id != NULL && strcmp(client_id, presented->name) != 0 &&
		(presented->other_name == NULL || strcmp(client_id, presented->other_name) != 0))
		return refuse_client(oauth,
							 "client_id is not that of the client that authenticates");
	return true;
}

static bytea *
hash_of_result(int number)
{
	bool isnull;
	Datum value = ScimResult(0, number, BYTEAOID, &isnull);

	return isnull ? NULL : DatumGetByteaPCopy(value);
}

/*
 * ScimOAuthFindClient finds a client that fetches access tokens and is good, by its name;
 * NULL: there is none.
 */
ScimOAuthClient *
ScimOAuthFindClient(ScimStore *store, const char *name)
{
	const ScimScheme *scheme = ScimSchemeOfAccessTokens(store);
	MemoryContext context = CurrentMemoryContext;
	ScimOAuthClient *client = NULL;
	ScimIdentity caller;
	ScimParams params;

	if (scheme == NULL)
		return NULL;
	caller = ScimBeReader(store->owner);
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(name), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(scheme->scheme), false);
	ScimSpiExecute(
		psprintf("SELECT tenant_id, id, name, hash, CASE WHEN former_until > "
				 "clock_timestamp() THEN former_hash END, jwks, jwks_uri IS NOT NULL, "
				 "scopes, expires_at, %s, %s FROM %s.client "
				 "WHERE name = $1 AND scheme = $2 AND " SCIM_IS_LIVE,
				 SCIM_IS_UNTRACED_NOW, SCIM_IS_UNTRACED("former_used_at"),
				 store->quoted_name),
		&params, true, 1);
	if (SPI_processed == 1)
	{
		MemoryContext old = MemoryContextSwitchTo(context);
		bool isnull;
		Datum value;

		client = palloc0(sizeof(ScimOAuthClient));
		client->tenant_id = DatumGetInt32(ScimResultValue(0, 1, INT4OID));
		client->id = *DatumGetUUIDP(ScimResultValue(0, 2, UUIDOID));
		client->name = ScimResultText(0, 3);
		client->hash = hash_of_result(4);
		client->former_hash = hash_of_result(5);
		value = ScimResult(0, 6, JSONBOID, &isnull);
		if (!isnull)
			client->jwks = ScimJsonCopy(ScimJsonFromJsonb(DatumGetJsonbP(value)));
		client->fetches_keys = DatumGetBool(ScimResultValue(0, 7, BOOLOID));
		value = ScimResult(0, 8, TEXTARRAYOID, &isnull);
		client->scopes = isnull ? NULL : ScimScopesPack(value);
		value = ScimResult(0, 9, TIMESTAMPTZOID, &isnull);
		client->has_end = !isnull;
		client->end = isnull ? 0 : DatumGetTimestampTz(value);
		client->untraced = DatumGetBool(ScimResultValue(0, 10, BOOLOID));
		client->former_untraced = DatumGetBool(ScimResultValue(0, 11, BOOLOID));
		MemoryContextSwitchTo(old);
	}
	SPI_finish();
	ScimBeCaller(caller);
	return client;
}

/* The client of that name, which is one of the tenant who is served here. */
static ScimOAuthClient *
find_client(const ScimOAuthRequest *oauth, const Presented *presented)
{
	ScimOAuthClient *client = ScimOAuthFindClient(oauth->store, presented->name);

	if (client == NULL && presented->other_name != NULL)
		client = ScimOAuthFindClient(oauth->store, presented->other_name);
	if (client != NULL &&
		!ScimTenantIsAt(oauth->store->namespace_oid, client->tenant_id, oauth->issuer))
		return NULL;
	return client;
}

/* Both, so that time does not tell which. */
static bool
has_secret(ScimOAuthClient *client, const char *secret)
{
	bool is_now = client != NULL && ScimIsHashOf(client->hash, secret);
	bool is_former = client != NULL && ScimIsHashOf(client->former_hash, secret);

	if (client != NULL)
		client->by_former = is_former && !is_now;
	return is_now || is_former;
}

/* The relay is to fetch the keys of a client anew. */
static void
want_keys(const ScimStore *store, const ScimOAuthClient *client)
{
	ScimIdentity caller = ScimBeOwner(store->owner);
	ScimParams params;

	SPI_connect();
	ScimParamsOfResource(&params, client->tenant_id, &client->id);
	ScimSpiExecute(
		psprintf("UPDATE %1$s.client SET jwks_wanted_at = clock_timestamp() "
				 "WHERE tenant_id = $1 AND id = (SELECT id FROM %1$s.client "
				 "WHERE tenant_id = $1 AND id = $2 AND (jwks_wanted_at IS NULL OR "
				 "jwks_wanted_at < clock_timestamp() - " WANTED_INTERVAL ") "
				 "FOR NO KEY UPDATE SKIP LOCKED)",
				 store->quoted_name),
		&params, false, 0);
	SPI_finish();
	ScimBeCaller(caller);
}

static bool
has_signed(const ScimOAuthRequest *oauth, const ScimOAuthClient *client,
		   const ScimAssertion *assertion)
{
	ScimSignature signature = SCIM_SIGNATURE_NO_KEY;

	if (client == NULL)
		return false;
	if (client->jwks != NULL)
		signature = ScimKeySetVerify(client->jwks, assertion->algorithm, assertion->kid,
									 assertion->text, assertion->signed_len,
									 assertion->signature, assertion->signature_len);
	if (signature != SCIM_SIGNATURE_GOOD && client->fetches_keys)
		want_keys(oauth->store, client);
	return signature == SCIM_SIGNATURE_GOOD;
}

/*
 * ScimOAuthAuthenticate finds out which client sends a request.  NULL: none, and the
 * request is answered.
 */
ScimOAuthClient *
ScimOAuthAuthenticate(ScimOAuthRequest *oauth)
{
	Presented presented;
	ScimOAuthClient *client;
	const char *problem;
	bool proved;

	if (!read_presented(oauth, &presented))
		return NULL;
	client = find_client(oauth, &presented);
	if (ScimOAuthMustWait(oauth, client))
	{
		ScimAnswerHeader(oauth->answer, "Retry-After", "10");
		(void) ScimOAuthRefuse(oauth, 429, "temporarily_unavailable",
							   "too many attempts have failed of late");
		return NULL;
	}
	proved = presented.method == SCIM_OAUTH_ASSERTION
				 ? has_signed(oauth, client, &presented.assertion)
				 : has_secret(client, presented.secret);
	if (!proved)
	{
		ScimOAuthCountFailure(oauth, client);
		(void) refuse_client(oauth, NOT_AUTHENTICATED);
		return NULL;
	}
	if (presented.method != SCIM_OAUTH_ASSERTION)
		return client;
	problem = ScimAssertionCheck(oauth, &presented.assertion);
	if (problem == NULL && !ScimAssertionTake(oauth->store, client, &presented.assertion))
		problem = "was accepted before: its jti is to be another one each time";
	if (problem == NULL)
		return client;
	(void) refuse_client(oauth, psprintf("client_assertion %s", problem));
	return NULL;
}
