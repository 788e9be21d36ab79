/*
 * authenticate.c
 *		Who presents these credentials: RFC 6750 (Bearer), RFC 7617 (Basic), and
 *		whatever other keyword a store takes (store/scheme.c).
 *
 * A random secret is of no use to whoever reads its SHA-256, so that is what is
 * kept of it.  It names the row that it is of; those of before version 0.4.0 are found by
 * their hash.  A password that somebody has chosen is kept as a
 * SCRAM secret, which takes milliseconds to try: an unknown name takes as long.
 *
 * The secrets of "token" and "client" are read as the owner of the store.  What
 * comes back is compared in constant time.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "common/base64.h"
#include "common/sha2.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "door/row/row.h"
#include "json/json.h"
#include "mb/pg_wchar.h"

#include "protocol/authentication/authentication.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "text/base64url.h"
#include "text/hex.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

/* Longer ones are nobody's, and are not hashed. */
#define MAX_CREDENTIAL 1024

/* Bytes of all challenges: nginx takes 16 KB of headers (conf/scim_request.conf). */
#define MAX_CHALLENGES 4096

/* The secret of a password that nobody has: all keys are zero. */
#define NO_SECRET                                   \
	"SCRAM-SHA-256$4096:AAAAAAAAAAAAAAAAAAAAAA==$"  \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:" \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

/* A row of "token" or "client" that may be the one. */
typedef struct Candidate
{
	pg_uuid_t id;
	int32 tenant_id;
	char *actor;
	bytea *hash;        /* SHA-256, or NULL */
	char *secret;       /* SCRAM, or NULL */
	char *scheme;       /* the only one it is for; NULL: every one for tokens */
	bytea *second_hash; /* or NULL */
	/* before the secret was changed, as long as they are good */
	bytea *former_hash;
	bytea *former_second_hash;
	char *scopes; /* as in a proof */
	/* its last use is not known well enough, or that of the secrets before */
	bool untraced;
	bool former_untraced;
	bool by_former; /* those were shown */
	bool is_client;
} Candidate;

PG_FUNCTION_INFO_V1(scim_authenticate);

static void leave_trace(ScimRequest *request, ScimAnswer *answer, void *arg);
static bool prove_by(ScimStore *store, ScimCredentialKind kind, const char *authorization,
					 const JsonbValue *headers, ScimProof *proof, ScimTrace *trace);
static char *credential_of(const ScimScheme *scheme, const char *authorization);
static bool
prove_token(ScimStore *store, const ScimScheme *scheme, const JsonbValue *headers,
			const char *secret, ScimProof *proof, ScimTrace *trace);
static bool
prove_password(ScimStore *store, const ScimScheme *scheme, const JsonbValue *headers,
			   const char *credential, ScimProof *proof, ScimTrace *trace);
static bool prove_access_token(ScimStore *store, const ScimScheme *scheme,
							   const char *secret, ScimProof *proof, ScimTrace *trace);
static const char *
candidate_query(const ScimStore *store, bool of_client, const char *condition);
static bool has_later_columns(const ScimStore *store);
static bool has_former_use(const ScimStore *store);
static bytea *result_hash(int number);
static Candidate *find_candidate(ScimStore *store, const char *query, ScimParams *params);
static bool has_second_secret(const ScimScheme *scheme, const JsonbValue *headers,
							  const bytea *second_hash);
static bool has_secrets(const ScimScheme *scheme, const JsonbValue *headers,
						Candidate *candidate, const char *secret);
static bytea *sha256(const char *secret);
static void fill_proof(const ScimStore *store, const Candidate *candidate,
					   ScimProof *proof, ScimTrace *trace);
static char *claimed_scopes(const JsonbValue *claim);
static bool has_element(const JsonbValue *value, const char *text);
static bool is_in_future(const JsonbValue *instant);

/*
 * ScimAuthenticate says whether the value of an Authorization header and, where
 * its scheme wants one, a second secret among the headers (an object of strings,
 * or NULL) are the credentials of somebody.  Fills proof and trace where they are.
 */
bool
ScimAuthenticate(ScimStore *store, const char *authorization, const JsonbValue *headers,
				 ScimProof *proof, ScimTrace *trace)
{
	/* a token is looked for before a password is tried, which may take long */
	return prove_by(store, SCIM_CREDENTIAL_TOKEN, authorization, headers, proof, trace) ||
		   prove_by(store, SCIM_CREDENTIAL_PASSWORD, authorization, headers, proof,
					trace);
}

/*
 * ScimTraceLeave writes down that a token or client was used, where that was not known
 * of the last hour and can be written.  Who does the same at the moment is not waited
 * for; and nothing fails for want of a trace, as in a transaction that sees the row as
 * it was.
 */
void
ScimTraceLeave(ScimTrace *trace, bool in_any_case)
{
	ScimRequest request = {.answers_timeout = in_any_case};
	ScimAnswer answer = {0};

	if (trace->store != NULL && !XactReadOnly && !ScimStoreMoves(trace->store))
		ScimPerform(leave_trace, &request, &answer, trace);
}

static void
leave_trace(ScimRequest *request, ScimAnswer *answer, void *arg)
{
	const ScimTrace *trace = arg;
	ScimIdentity caller;
	ScimParams params;

	caller = ScimBeOwner(trace->store->owner);
	SPI_connect();
	ScimParamsOfResource(&params, trace->tenant_id, &trace->id);
	/* a store of an earlier version does not know of secrets before */
	ScimSpiExecute(
		psprintf("UPDATE %1$s.%2$s SET last_used_at = t.now%4$s "
				 "FROM (SELECT clock_timestamp() AS now) AS t "
				 "WHERE tenant_id = $1 AND id = (SELECT id FROM %1$s.%2$s "
				 "WHERE tenant_id = $1 AND id = $2 AND %3$s "
				 "FOR NO KEY UPDATE SKIP LOCKED)",
				 trace->store->quoted_name, trace->is_client ? "client" : "token",
				 trace->by_former               ? SCIM_IS_UNTRACED("former_used_at")
				 : has_former_use(trace->store) ? SCIM_IS_UNTRACED_NOW
												: SCIM_IS_UNTRACED("last_used_at"),
				 trace->by_former ? ", former_used_at = t.now" : ""),
		&params, false, 0);
	SPI_finish();
	ScimBeCaller(caller);
	answer->status = 204;
}

/* ScimClaimsTenant: the tenant that claims name, by a number or a string of digits. */
bool
ScimClaimsTenant(const JsonbValue *claims, int32 *tenant_id)
{
	const JsonbValue *tenant = ScimJsonGet(claims, "tenant");
	const char *digits;

	if (tenant != NULL && tenant->type == jbvNumeric)
		digits = DatumGetCString(
			DirectFunctionCall1(numeric_out, NumericGetDatum(tenant->val.numeric)));
	else
		digits = ScimJsonStringCopy(tenant);
	if (digits == NULL || strlen(digits) < 1 || strlen(digits) > 9 ||
		digits[strspn(digits, "0123456789")] != '\0')
		return false;
	*tenant_id = atoi(digits);
	return true;
}

/*
 * ScimAuthenticateClaims says whether the claims of a JSON web token, which the
 * transport has verified, let somebody into a store.  role is what the token
 * must name.  Fills proof where they do.
 *
 * PostgREST accepts tokens without an expiry or an audience, and knows nothing
 * of stores: a token for one would be good for all behind the same gateway.
 */
bool
ScimAuthenticateClaims(ScimStore *store, const JsonbValue *claims, const char *role,
					   ScimProof *proof)
{
	const char *subject = ScimJsonStringCopy(ScimJsonGet(claims, "sub"));
	const char *me = ScimJsonStringCopy(ScimJsonGet(claims, "scim_id"));
	bool accepted = false;
	int32 tenant_id;
	ListCell *lc;

	foreach (lc, store->schemes)
	{
		if (((const ScimScheme *) lfirst(lc))->kind == SCIM_CREDENTIAL_JWT)
			accepted = true;
	}
	if (!accepted || !ScimJsonStringEquals(ScimJsonGet(claims, "role"), role) ||
		!ScimJsonStringEquals(ScimJsonGet(claims, "store"), store->name) ||
		!has_element(ScimJsonGet(claims, "aud"), "scim") ||
		!is_in_future(ScimJsonGet(claims, "exp")))
		return false;

	if (!ScimClaimsTenant(claims, &tenant_id))
		return false;

	memset(proof, 0, sizeof(ScimProof));
	proof->namespace_oid = store->namespace_oid;
	proof->tenant_id = tenant_id;
	proof->actor = psprintf("subject: %s", subject != NULL ? subject : "");
	proof->subject = subject;
	proof->me = me != NULL ? me : "";
	proof->scopes = claimed_scopes(ScimJsonGet(claims, "scim_scopes"));
	/* a token and a client have a tenant that is there; a claim may name any */
	return ScimTenantExists(store, proof->tenant_id);
}

/*
 * ScimChallenge makes the value of WWW-Authenticate (RFC 9110 section 11.6.1):
 * one challenge for each keyword that the store takes, as far as a header holds them.
 */
char *
ScimChallenge(const ScimStore *store, bool refused)
{
	StringInfoData value;
	ListCell *lc;

	initStringInfo(&value);
	foreach (lc, store->schemes)
	{
		const ScimScheme *scheme = lfirst(lc);
		bool repeated = scheme->keyword[0] == '\0';

		for (int i = 0; i < foreach_current_index(lc) && !repeated; i++)
			repeated =
				pg_strcasecmp(((const ScimScheme *) list_nth(store->schemes, i))->keyword,
							  scheme->keyword) == 0;
		if (repeated)
			continue;
		if (value.len + strlen(scheme->keyword) > MAX_CHALLENGES)
			break;
		appendStringInfo(&value, "%s%s realm=\"scim\"", value.len > 0 ? ", " : "",
						 scheme->keyword);
		if (pg_strcasecmp(scheme->keyword, "Basic") == 0)
			appendStringInfoString(&value, ", charset=\"UTF-8\"");
		else if (refused && pg_strcasecmp(scheme->keyword, "Bearer") == 0)
			appendStringInfoString(&value, ", error=\"invalid_token\"");
	}
	/* a store that takes bare keys only: there must be a challenge */
	if (value.len == 0)
		appendStringInfoString(&value, "ApiKey realm=\"scim\"");
	return value.data;
}

/*
 * scim.authenticate(authorization text) returns int
 *
 * It proves who acts, to the end of the transaction.  Who asks is known in a store of any
 * version: what is asked gets the 503.
 */
Datum
scim_authenticate(PG_FUNCTION_ARGS)
{
	ScimProof proof;
	ScimTrace trace = {0};

	ScimProve(NULL);
	if (PG_ARGISNULL(0) ||
		!ScimAuthenticate(ScimStoreForReading(), text_to_cstring(PG_GETARG_TEXT_PP(0)),
						  NULL, &proof, &trace))
		PG_RETURN_NULL();
	ScimTraceLeave(&trace, false);
	ScimProve(&proof);
	PG_RETURN_INT32(proof.tenant_id);
}

/* Do the schemes of one kind know these credentials? */
static bool
prove_by(ScimStore *store, ScimCredentialKind kind, const char *authorization,
		 const JsonbValue *headers, ScimProof *proof, ScimTrace *trace)
{
	bool has_keyword = false;
	ListCell *lc;

	/* what begins with a keyword of the store is no credential that stands alone */
	foreach (lc, store->schemes)
	{
		const ScimScheme *scheme = lfirst(lc);

		if (scheme->keyword[0] != '\0' && credential_of(scheme, authorization) != NULL)
			has_keyword = true;
	}
	foreach (lc, store->schemes)
	{
		const ScimScheme *scheme = lfirst(lc);
		const char *credential;

		/* an access token is one as well */
		if ((scheme->kind == SCIM_CREDENTIAL_ACCESS_TOKEN ? SCIM_CREDENTIAL_TOKEN
														  : scheme->kind) != kind ||
			(has_keyword && scheme->keyword[0] == '\0'))
			continue;
		credential = credential_of(scheme, authorization);
		if (credential == NULL)
			continue;
		if (scheme->kind == SCIM_CREDENTIAL_ACCESS_TOKEN)
		{
			if (prove_access_token(store, scheme, credential, proof, trace))
				return true;
		}
		else if (kind == SCIM_CREDENTIAL_TOKEN
					 ? prove_token(store, scheme, headers, credential, proof, trace)
					 : prove_password(store, scheme, headers, credential, proof, trace))
			return true;
	}
	return false;
}

/* What stands behind the keyword of a scheme; NULL: the header is of another one. */
static char *
credential_of(const ScimScheme *scheme, const char *authorization)
{
	size_t keyword_len = strlen(scheme->keyword);
	size_t len;

	authorization += strspn(authorization, " ");
	if (keyword_len > 0)
	{
		if (pg_strncasecmp(authorization, scheme->keyword, keyword_len) != 0 ||
			authorization[keyword_len] != ' ')
			return NULL;
		authorization += keyword_len;
		authorization += strspn(authorization, " ");
	}
	len = strlen(authorization);
	while (len > 0 && authorization[len - 1] == ' ')
		len--;
	if (len == 0 || len > MAX_CREDENTIAL)
		return NULL;
	return pnstrdup(authorization, len);
}

static bool
prove_token(ScimStore *store, const ScimScheme *scheme, const JsonbValue *headers,
			const char *secret, ScimProof *proof, ScimTrace *trace)
{
	ScimParams params;
	Candidate *candidate;
	const char *condition = "hash = $1";
	const char *query;
	int32 tenant_id;
	pg_uuid_t id;

	if (ScimSecretNames(secret, &tenant_id, &id))
	{
		condition = "tenant_id = $1 AND id = $2";
		ScimParamsOfResource(&params, tenant_id, &id);
	}
	else
	{
		if (has_later_columns(store))
			condition = "(hash = $1 OR former_hash = $1)";
		ScimParamsInit(&params);
		ScimParamsAdd(&params, BYTEAOID, PointerGetDatum(sha256(secret)), false);
	}
	query = candidate_query(store, false, condition);
	if (OidIsValid(store->tables.relid[SCIM_TABLE_CLIENT]))
		query =
			psprintf("%s UNION ALL %s", query, candidate_query(store, true, condition));
	candidate = find_candidate(store, query, &params);
	if (candidate == NULL)
		return false;
	if (!has_secrets(scheme, headers, candidate, secret))
		return false;
	if (candidate->scheme != NULL && strcmp(candidate->scheme, scheme->scheme) != 0)
		return false;
	fill_proof(store, candidate, proof, trace);
	return true;
}

/*
 * An access token names its client, and is found by its hash.  Who bears it is the
 * client, as long as both are good, and may do what both may.
 */
static bool
prove_access_token(ScimStore *store, const ScimScheme *scheme, const char *secret,
				   ScimProof *proof, ScimTrace *trace)
{
	MemoryContext context = CurrentMemoryContext;
	Candidate candidate = {.is_client = true};
	char *more_scopes = NULL;
	ScimIdentity caller;
	ScimParams params;
	bool found;

	if (!ScimSecretNames(secret, &candidate.tenant_id, &candidate.id))
		return false;
	ScimParamsOfResource(&params, candidate.tenant_id, &candidate.id);
	ScimParamsAdd(&params, BYTEAOID, PointerGetDatum(sha256(secret)), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(scheme->scheme), false);
	caller = ScimBeReader(store->owner);
	SPI_connect();
	ScimSpiExecute(
		psprintf("SELECT 'client: ' || c.name, t.hash, t.scopes, c.scopes, %2$s "
				 "FROM (SELECT hash, scopes FROM %1$s.token WHERE tenant_id = $1 "
				 "AND client_id = $2 AND hash = $3 AND " SCIM_IS_LIVE ") AS t, "
				 "(SELECT name, scopes, last_used_at FROM %1$s.client "
				 "WHERE tenant_id = $1 AND id = $2 AND scheme = $4 AND " SCIM_IS_LIVE
				 ") AS c",
				 store->quoted_name, SCIM_IS_UNTRACED("c.last_used_at")),
		&params, true, 1);
	found = SPI_processed == 1;
	if (found)
	{
		MemoryContext old = MemoryContextSwitchTo(context);
		bool isnull;
		Datum value;

		candidate.actor = ScimResultText(0, 1);
		candidate.hash = result_hash(2);
		value = ScimResult(0, 3, TEXTARRAYOID, &isnull);
		candidate.scopes = isnull ? NULL : ScimScopesPack(value);
		value = ScimResult(0, 4, TEXTARRAYOID, &isnull);
		more_scopes = isnull ? NULL : ScimScopesPack(value);
		candidate.untraced = DatumGetBool(ScimResultValue(0, 5, BOOLOID));
		MemoryContextSwitchTo(old);
	}
	SPI_finish();
	ScimBeCaller(caller);
	if (!found || !ScimIsHashOf(candidate.hash, secret))
		return false;
	fill_proof(store, &candidate, proof, trace);
	proof->is_access_token = true;
	proof->more_scopes = more_scopes;
	return true;
}

/* Has the store the columns that "token" and "client" got in version 0.4.0? */
static bool
has_later_columns(const ScimStore *store)
{
	return OidIsValid(store->tables.relid[SCIM_TABLE_TENANT_ROLE]);
}

/* Has the store a column for when the secret before the last rotation was used? */
static bool
has_former_use(const ScimStore *store)
{
	return get_attnum(store->tables.relid[SCIM_TABLE_TOKEN], "former_used_at") !=
		   InvalidAttrNumber;
}

/*
 * Candidates of "token" or "client" that are good.  An access token is none: it is for
 * the scheme of its client only.
 */
static const char *
candidate_query(const ScimStore *store, bool of_client, const char *condition)
{
	const char *later = "NULL::bytea, NULL::bytea, NULL::text[], false, false";

	if (has_later_columns(store))
		later =
			psprintf("CASE WHEN former_until > clock_timestamp() THEN former_hash END, "
					 "CASE WHEN former_until > clock_timestamp() THEN %s END, scopes, %s",
					 of_client ? "former_second_hash" : "NULL::bytea",
					 has_former_use(store) ? SCIM_IS_UNTRACED_NOW
						 ", " SCIM_IS_UNTRACED("former_used_at")
										   : SCIM_IS_UNTRACED("last_used_at") ", false");
	return psprintf(
		"SELECT id, tenant_id, %s, %s, hash, %s, %s, created FROM %s.%s "
		"WHERE %s AND " SCIM_IS_LIVE "%s",
		of_client ? "true" : "false",
		of_client ? "'client: ' || name" : "'token: ' || description",
		of_client ? "secret, scheme, second_hash" : "NULL::text, NULL::text, NULL::bytea",
		later, store->quoted_name, of_client ? "client" : "token", condition,
		!of_client && OidIsValid(store->tables.relid[SCIM_TABLE_CLIENT_ASSERTION])
			? " AND client_id IS NULL"
			: "");
}

/* ScimSecretNames: the key in scim_TENANT_ID_RANDOM; false: one of another form. */
bool
ScimSecretNames(const char *secret, int32 *tenant_id, pg_uuid_t *id)
{
	const char *digits = secret + strlen(SCIM_SECRET_PREFIX);
	const char *hex;

	if (strncmp(secret, SCIM_SECRET_PREFIX, strlen(SCIM_SECRET_PREFIX)) != 0)
		return false;
	hex = digits + strspn(digits, "0123456789");
	if (hex == digits || hex - digits > 10 || *hex++ != '_' ||
		strspn(hex, "0123456789abcdef") != 2 * UUID_LEN || hex[2 * UUID_LEN] != '_')
		return false;
	*tenant_id = (int32) strtoul(digits, NULL, 10);
	for (int i = 0; i < UUID_LEN; i++)
		id->data[i] = (unsigned char) (ScimHexDigit(hex[2 * i]) << 4 |
									   ScimHexDigit(hex[2 * i + 1]));
	return true;
}

/* Its one spelling: the gateway counts requests by that. */
static bool
is_base64_of(const char *text, const char *bytes, int len)
{
	return strcmp(ScimBase64(bytes, len), text) == 0;
}

static bool
prove_password(ScimStore *store, const ScimScheme *scheme, const JsonbValue *headers,
			   const char *credential, ScimProof *proof, ScimTrace *trace)
{
	int len = strlen(credential);
	char *name = palloc(pg_b64_dec_len(len) + 1);
	char *password;
	ScimParams params;
	Candidate *candidate;
	bool verified;

	len = pg_b64_decode(credential, len, (void *) name, pg_b64_dec_len(len));
	if (len < 0 || memchr(name, '\0', len) != NULL ||
		!is_base64_of(credential, name, len) ||
		!pg_verify_mbstr(PG_UTF8, name, len, true))
		return false;
	name[len] = '\0';
	password = strchr(name, ':');
	if (password == NULL)
		return false;
	*password++ = '\0';

	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(name), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(scheme->scheme), false);
	candidate = find_candidate(
		store, candidate_query(store, true, "name = $1 AND scheme = $2"), &params);
	if (candidate != NULL && candidate->hash != NULL)
		verified = has_secrets(scheme, headers, candidate, password);
	else
	{
		bool has_secret = candidate != NULL && candidate->secret != NULL;

		verified = ScimSecretIsOf(has_secret ? candidate->secret : NO_SECRET, password) &&
				   candidate != NULL &&
				   has_second_secret(scheme, headers, candidate->second_hash);
	}
	if (candidate == NULL || !verified)
		return false;
	fill_proof(store, candidate, proof, trace);
	return true;
}

/* A column of the first row, or NULL. */
static bytea *
result_hash(int number)
{
	bool isnull;
	Datum value = ScimResult(0, number, BYTEAOID, &isnull);

	return isnull ? NULL : DatumGetByteaPCopy(value);
}

/* The first row of a query for Candidates; NULL: there is none. */
static Candidate *
find_candidate(ScimStore *store, const char *query, ScimParams *params)
{
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller = ScimBeReader(store->owner);
	Candidate *candidate = NULL;

	SPI_connect();
	/* of several with one secret, the first who had it */
	ScimSpiExecute(psprintf("%s ORDER BY created, id", query), params, true, 1);
	if (SPI_processed == 1)
	{
		MemoryContext old = MemoryContextSwitchTo(context);
		bool isnull;
		Datum value;

		candidate = palloc0(sizeof(Candidate));
		candidate->id = *DatumGetUUIDP(ScimResultValue(0, 1, UUIDOID));
		candidate->tenant_id = DatumGetInt32(ScimResultValue(0, 2, INT4OID));
		candidate->is_client = DatumGetBool(ScimResultValue(0, 3, BOOLOID));
		candidate->actor = ScimResultText(0, 4);
		candidate->hash = result_hash(5);
		candidate->secret = ScimResultText(0, 6);
		candidate->scheme = ScimResultText(0, 7);
		candidate->second_hash = result_hash(8);
		candidate->former_hash = result_hash(9);
		candidate->former_second_hash = result_hash(10);
		value = ScimResult(0, 11, TEXTARRAYOID, &isnull);
		candidate->scopes = isnull ? NULL : ScimScopesPack(value);
		candidate->untraced = DatumGetBool(ScimResultValue(0, 12, BOOLOID));
		candidate->former_untraced = DatumGetBool(ScimResultValue(0, 13, BOOLOID));
		MemoryContextSwitchTo(old);
	}
	SPI_finish();
	ScimBeCaller(caller);
	return candidate;
}

/* Does the second secret come along, where the scheme wants one? */
static bool
has_second_secret(const ScimScheme *scheme, const JsonbValue *headers,
				  const bytea *second_hash)
{
	const char *secret = NULL;

	if (scheme->second_header == NULL)
		return true;
	if (headers != NULL)
		secret = ScimJsonStringCopy(ScimJsonGetFolded(headers, scheme->second_header));
	return secret != NULL && strlen(secret) <= MAX_CREDENTIAL &&
		   ScimIsHashOf(second_hash, secret);
}

/* Has somebody shown the secrets that are now, or those that are about to end? */
static bool
has_secrets(const ScimScheme *scheme, const JsonbValue *headers, Candidate *candidate,
			const char *secret)
{
	/* both, so that time does not tell which */
	bool is_now = ScimIsHashOf(candidate->hash, secret);
	bool is_former = ScimIsHashOf(candidate->former_hash, secret);

	if (is_now && has_second_secret(scheme, headers, candidate->second_hash))
		return true;
	candidate->by_former =
		is_former && has_second_secret(scheme, headers, candidate->former_second_hash);
	return candidate->by_former;
}

/* ScimIsHashOf compares in constant time; hash may be NULL. */
bool
ScimIsHashOf(const bytea *hash, const char *secret)
{
	const unsigned char *a;
	const unsigned char *b;
	unsigned char difference = 0;

	if (hash == NULL || VARSIZE_ANY_EXHDR(hash) != PG_SHA256_DIGEST_LENGTH)
		return false;
	a = (const unsigned char *) VARDATA_ANY(hash);
	b = (const unsigned char *) VARDATA_ANY(sha256(secret));
	for (int i = 0; i < PG_SHA256_DIGEST_LENGTH; i++)
		difference |= a[i] ^ b[i];
	return difference == 0;
}

static bytea *
sha256(const char *secret)
{
	return DatumGetByteaPP(
		DirectFunctionCall1(sha256_bytea, PointerGetDatum(cstring_to_text(secret))));
}

static void
fill_proof(const ScimStore *store, const Candidate *candidate, ScimProof *proof,
		   ScimTrace *trace)
{
	memset(proof, 0, sizeof(ScimProof));
	proof->namespace_oid = store->namespace_oid;
	proof->tenant_id = candidate->tenant_id;
	proof->has_credential = true;
	proof->credential_id = candidate->id;
	proof->actor = candidate->actor != NULL ? candidate->actor : "";
	proof->me = "";
	proof->scopes = candidate->scopes;
	if (candidate->by_former ? candidate->former_untraced : candidate->untraced)
	{
		trace->store = store;
		trace->is_client = candidate->is_client;
		trace->by_former = candidate->by_former;
		trace->tenant_id = candidate->tenant_id;
		trace->id = candidate->id;
	}
}

/* A string, or an array of strings; NULL where there is no such claim: everything. */
static char *
claimed_scopes(const JsonbValue *claim)
{
	StringInfoData packed;
	int n = 1;

	if (claim == NULL)
		return NULL;
	initStringInfo(&packed);
	if (claim->type == jbvArray)
		n = claim->val.array.nElems;
	for (int i = 0; i < n; i++)
	{
		const char *scope = ScimJsonStringCopy(
			claim->type == jbvArray ? &claim->val.array.elems[i] : claim);

		if (scope != NULL && scope[0] != '\0')
			appendBinaryStringInfo(&packed, scope, strlen(scope) + 1);
	}
	appendStringInfoChar(&packed, '\0');
	return packed.data;
}

/* Is a value this string, or an array that holds it? */
static bool
has_element(const JsonbValue *value, const char *text)
{
	if (value == NULL || value->type != jbvArray)
		return ScimJsonStringEquals(value, text);
	for (int i = 0; i < value->val.array.nElems; i++)
	{
		if (ScimJsonStringEquals(&value->val.array.elems[i], text))
			return true;
	}
	return false;
}

/* A NumericDate of RFC 7519: seconds since 1970. */
static bool
is_in_future(const JsonbValue *instant)
{
	double now = (double) GetCurrentTimestamp() / USECS_PER_SEC +
				 (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * (double) SECS_PER_DAY;

	return instant != NULL && instant->type == jbvNumeric &&
		   DatumGetFloat8(DirectFunctionCall1(
			   numeric_float8_no_overflow, NumericGetDatum(instant->val.numeric))) > now;
}
