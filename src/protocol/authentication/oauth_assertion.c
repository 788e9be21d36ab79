/*
 * oauth_assertion.c
 *		A JSON web token by which a client says who it is: RFC 7523 section 3, RFC 7519,
 *		RFC 7515.
 *
 * It is made of three parts in base64url: a header, claims, and a signature of both.
 * Nothing that it says is believed before the signature is verified (oauth_client.c), but
 * whom it says that it is of, and by which algorithm and key: these say what to verify.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "json/json.h"
#include "protocol/authentication/oauth.h"
#include "store/credential/key_set.h"
#include "store/statement/plan.h"
#include "text/base64url.h"

#define MAX_ASSERTION (16 * 1024)
#define MAX_DEPTH 16
#define MAX_JTI 1024

/* By how much clocks may differ, and how long one may be good, in seconds. */
#define LEEWAY 60
#define MAX_LIFETIME 3600

/* So many that are not good any more go at a time, which is more than one comes. */
#define MAX_REMOVED "20"

/* The bytes of a part; NULL: it is none. */
static unsigned char *
part_of(const char *text, int len, int *part_len)
{
	unsigned char *bytes = palloc(len + 1);

	*part_len = len > 0 ? ScimBase64UrlDecode(pnstrdup(text, len), bytes) : -1;
	if (*part_len < 0)
		return NULL;
	bytes[*part_len] = '\0';
	return bytes;
}

/* Are brackets nested no deeper than anybody needs?  The parser goes down with them. */
static bool
is_shallow(const char *text)
{
	int depth = 0;

	for (; *text != '\0'; text++)
	{
		if ((*text == '[' || *text == '{') && ++depth > MAX_DEPTH)
			return false;
		if (*text == ']' || *text == '}')
			depth--;
	}
	return true;
}

/* A part that is an object whose members differ; NULL: it is none. */
static JsonbValue *
object_of(const char *text, int len)
{
	int part_len;
	char *bytes = (char *) part_of(text, len, &part_len);
	const char *problem;
	JsonbValue *tree;

	if (bytes == NULL || memchr(bytes, '\0', part_len) != NULL ||
		!pg_verify_mbstr(PG_UTF8, bytes, part_len, true) || !is_shallow(bytes))
		return NULL;
	tree = ScimJsonParse(bytes, part_len, &problem);
	if (tree == NULL || tree->type != jbvObject || ScimJsonRepeatedKeys(tree) != NIL)
		return NULL;
	return tree;
}

/*
 * ScimAssertionParse takes an assertion apart.  Returns what is wrong with it, as in
 * "it %s", or NULL.
 */
const char *
ScimAssertionParse(const char *text, ScimAssertion *assertion)
{
	const char *dot = strchr(text, '.');
	const char *second = dot != NULL ? strchr(dot + 1, '.') : NULL;
	const JsonbValue *header;
	const char *issuer;
	const char *not_one = "is not a signed JSON web token";

	memset(assertion, 0, sizeof(ScimAssertion));
	if (strlen(text) > MAX_ASSERTION)
		return psprintf("is longer than %d bytes", MAX_ASSERTION);
	if (second == NULL || strchr(second + 1, '.') != NULL)
		return not_one;
	header = object_of(text, dot - text);
	assertion->claims = object_of(dot + 1, second - dot - 1);
	assertion->text = text;
	assertion->signed_len = second - text;
	if (header == NULL || assertion->claims == NULL)
		return not_one;
	assertion->algorithm = ScimJsonStringCopy(ScimJsonGet(header, "alg"));
	if (assertion->algorithm == NULL || !ScimSignatureIsKnown(assertion->algorithm))
		return "is not signed by RS256, PS256, ES256 or EdDSA";
	/* RFC 7515 section 4.1.11: what has to be understood, and is not */
	if (ScimJsonGet(header, "crit") != NULL)
		return "has a header \"crit\"";
	assertion->kid = ScimJsonStringCopy(ScimJsonGet(header, "kid"));
	if (assertion->kid == NULL && ScimJsonGet(header, "kid") != NULL)
		return "has a header \"kid\" that is not a string";
	assertion->signature =
		part_of(second + 1, strlen(second + 1), &assertion->signature_len);
	if (assertion->signature == NULL)
		return not_one;
	assertion->client = ScimJsonStringCopy(ScimJsonGet(assertion->claims, "sub"));
	issuer = ScimJsonStringCopy(ScimJsonGet(assertion->claims, "iss"));
	if (assertion->client == NULL || assertion->client[0] == '\0' || issuer == NULL ||
		strcmp(issuer, assertion->client) != 0)
		return "has not the client_id as its claims \"iss\" and \"sub\"";
	return NULL;
}

/* Seconds since 1970 (RFC 7519 section 2); false: the claim is none, or no instant. */
static bool
read_instant(const JsonbValue *claim, double *seconds)
{
	if (claim == NULL || claim->type != jbvNumeric)
		return false;
	*seconds = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow,
												  NumericGetDatum(claim->val.numeric)));
	return isfinite(*seconds);
}

static double
seconds_now(void)
{
	return (double) GetCurrentTimestamp() / USECS_PER_SEC +
		   (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * (double) SECS_PER_DAY;
}

/* Is it for us: for the token endpoint, or for the issuer that the metadata name? */
static bool
is_for_us(const ScimOAuthRequest *oauth, const JsonbValue *audience)
{
	const char *endpoint = psprintf("%s" SCIM_OAUTH_TOKEN_PATH, oauth->issuer);
	int n =
		audience != NULL && audience->type == jbvArray ? audience->val.array.nElems : 1;

	for (int i = 0; i < n; i++)
	{
		const JsonbValue *one = audience != NULL && audience->type == jbvArray
									? &audience->val.array.elems[i]
									: audience;

		if (ScimJsonStringEquals(one, oauth->issuer) ||
			ScimJsonStringEquals(one, endpoint))
			return true;
	}
	return false;
}

/*
 * ScimAssertionCheck looks at the claims of an assertion that the client has signed.
 * Returns what is wrong with them, or NULL.
 */
const char *
ScimAssertionCheck(const ScimOAuthRequest *oauth, const ScimAssertion *assertion)
{
	const JsonbValue *claims = assertion->claims;
	const char *jti = ScimJsonStringCopy(ScimJsonGet(claims, "jti"));
	double instant;

	if (!is_for_us(oauth, ScimJsonGet(claims, "aud")))
		return "is not for this token endpoint: the claim \"aud\" is its URL, or the "
			   "issuer";
	if (!read_instant(ScimJsonGet(claims, "exp"), &instant))
		return "has no claim \"exp\" that is a number of seconds";
	if (instant <= seconds_now() - LEEWAY)
		return "has expired";
	if (instant > seconds_now() + MAX_LIFETIME + LEEWAY)
		return psprintf("is good for longer than %d seconds", MAX_LIFETIME);
	if (ScimJsonGet(claims, "nbf") != NULL &&
		(!read_instant(ScimJsonGet(claims, "nbf"), &instant) ||
		 instant > seconds_now() + LEEWAY))
		return "is not good yet, by its claim \"nbf\"";
	if (ScimJsonGet(claims, "iat") != NULL &&
		(!read_instant(ScimJsonGet(claims, "iat"), &instant) ||
		 instant > seconds_now() + LEEWAY))
		return "was made in the future, by its claim \"iat\"";
	if (jti == NULL || jti[0] == '\0' || strlen(jti) > MAX_JTI)
		return psprintf("has no claim \"jti\" of 1 to %d bytes", MAX_JTI);
	return NULL;
}

/*
 * ScimAssertionTake accepts an assertion that is good, once: of two that come at the same
 * time, one waits for the other.  It is remembered until it would have expired.
 */
bool
ScimAssertionTake(ScimStore *store, const ScimOAuthClient *client,
				  const ScimAssertion *assertion)
{
	const char *jti = ScimJsonStringCopy(ScimJsonGet(assertion->claims, "jti"));
	ScimIdentity caller = ScimBeOwner(store->owner);
	ScimParams params;
	double expires = 0;
	bool taken;

	(void) read_instant(ScimJsonGet(assertion->claims, "exp"), &expires);
	SPI_connect();
	ScimParamsOfResource(&params, client->tenant_id, &client->id);
	ScimParamsAdd(&params, BYTEAOID, ScimSecretHash(jti), false);
	ScimParamsAdd(&params, FLOAT8OID, Float8GetDatum(expires + LEEWAY), false);
	ScimSpiExecute(
		psprintf(
			"INSERT INTO %s.client_assertion (tenant_id, client_id, jti, expires_at) "
			"VALUES ($1, $2, $3, to_timestamp($4)) ON CONFLICT DO NOTHING",
			store->quoted_name),
		&params, false, 0);
	taken = SPI_processed == 1;
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(client->tenant_id), false);
	ScimSpiExecute(psprintf("DELETE FROM %1$s.client_assertion WHERE tenant_id = $1 "
							"AND (client_id, jti) IN (SELECT client_id, jti FROM "
							"%1$s.client_assertion WHERE tenant_id = $1 "
							"AND expires_at < clock_timestamp() ORDER BY expires_at "
							"LIMIT " MAX_REMOVED " FOR UPDATE SKIP LOCKED)",
							store->quoted_name),
				   &params, false, 0);
	SPI_finish();
	ScimBeCaller(caller);
	return taken;
}
