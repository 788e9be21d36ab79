/*
 * route.c
 *		Where a request is answered, of a store that Citus has distributed: on the node of
 *		the tenant for whom it is.
 *
 * Which tenant that is, is read from the credentials, and proves nothing: they are looked
 * at where the tenant's tokens and clients are.  A secret of ours names its tenant, and
 * so do the claims of a JSON web token; of other secrets and of names all nodes are
 * asked.  What names nobody is answered, and refused, where the first tenant is.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/base64.h"
#include "executor/spi.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

#include "error.h"
#include "json/json.h"
#include "protocol/authentication/authentication.h"
#include "protocol/authentication/oauth.h"
#include "protocol/protocol.h"
#include "store/at_tenant.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/shard.h"

/* Longer ones are nobody's. */
#define MAX_CREDENTIAL 4096

/* The only tenant for which a query finds a row; false: there is none, or several. */
static bool
find_only(const ScimStore *store, const char *query, const ScimParams *params,
		  int32 *tenant_id)
{
	ScimIdentity caller = ScimBeReader(store->owner);
	bool found;

	SPI_connect();
	ScimSpiExecuteOnce(query, params, true, 2);
	found = SPI_processed == 1;
	if (found)
		*tenant_id = DatumGetInt32(ScimResultValue(0, 1, INT4OID));
	SPI_finish();
	ScimBeCaller(caller);
	return found;
}

/* Whose client has a name, on whatever node. */
static bool
find_by_name(const ScimStore *store, const char *name, int32 *tenant_id)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(name), false);
	return find_only(store,
					 psprintf("SELECT DISTINCT tenant_id FROM %s.client "
							  "WHERE name = $1 AND revoked_at IS NULL",
							  store->quoted_name),
					 &params, tenant_id);
}

/* Whose token or client has a secret that does not say so. */
static bool
find_by_secret(const ScimStore *store, const char *secret, int32 *tenant_id)
{
	static const char *const tables[] = {"token", "client"};
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, BYTEAOID, ScimSecretHash(secret), false);
	for (size_t i = 0; i < lengthof(tables); i++)
	{
		if (find_only(store,
					  psprintf("SELECT DISTINCT tenant_id FROM %s.%s "
							   "WHERE (hash = $1 OR former_hash = $1) "
							   "AND revoked_at IS NULL",
							   store->quoted_name, tables[i]),
					  &params, tenant_id))
			return true;
	}
	return false;
}

/* The name in the credentials of RFC 7617, or NULL. */
static char *
name_of_basic(const char *credential)
{
	int len = strlen(credential);
	char *text = palloc(pg_b64_dec_len(len) + 1);
	char *colon;

	len = pg_b64_decode(credential, len, (void *) text, pg_b64_dec_len(len));
	if (len < 0 || memchr(text, '\0', len) != NULL ||
		!pg_verify_mbstr(PG_UTF8, text, len, true))
		return NULL;
	text[len] = '\0';
	colon = strchr(text, ':');
	return colon != NULL ? pnstrdup(text, colon - text) : NULL;
}

/* A header is a keyword and a credential, or a credential that stands alone. */
static bool
find_by_header(const ScimStore *store, const char *header, int32 *tenant_id)
{
	const char *space;
	char *credential;
	pg_uuid_t id;
	char *name;
	size_t len;

	header += strspn(header, " ");
	len = strlen(header);
	while (len > 0 && header[len - 1] == ' ')
		len--;
	if (len == 0 || len > MAX_CREDENTIAL)
		return false;
	credential = pnstrdup(header, len);
	space = strrchr(credential, ' ');
	if (space != NULL)
		credential += space + 1 - credential;
	if (ScimSecretNames(credential, tenant_id, &id))
		return true;
	if (space != NULL && pg_strncasecmp(header, "Basic ", strlen("Basic ")) == 0)
	{
		name = name_of_basic(credential);
		if (name == NULL)
			return false;
		if (find_by_name(store, name, tenant_id))
			return true;
		/* of RFC 6749 section 2.3.1 it is encoded once more */
		name = ScimOAuthDecode(name, strlen(name));
		return name != NULL && find_by_name(store, name, tenant_id);
	}
	return find_by_secret(store, credential, tenant_id);
}

/* The form of a request to the endpoints of OAuth 2.0; what is none is refused later. */
static bool
find_by_form(const ScimStore *store, ScimRequest *request, int32 *tenant_id)
{
	ScimOAuthRequest oauth = {.request = request};
	ScimAssertion assertion;
	const char *text;
	pg_uuid_t id;

	if (request->method == NULL || strcmp(request->method, "POST") != 0)
		return false;
	oauth.parameters = ScimOAuthForm(request);
	text = ScimOAuthParameter(&oauth, "client_id");
	if (text != NULL)
		return find_by_name(store, text, tenant_id);
	text = ScimOAuthParameter(&oauth, "client_assertion");
	if (text != NULL && ScimAssertionParse(text, &assertion) == NULL)
		return find_by_name(store, assertion.client, tenant_id);
	text = ScimOAuthParameter(&oauth, "token");
	return text != NULL && ScimSecretNames(text, tenant_id, &id);
}

int32
ScimRouteTenant(ScimStore *store, ScimRequest *request, const char *authorization,
				const JsonbValue *claims)
{
	int32 tenant_id;
	ScimParams params;

	if (claims != NULL && ScimClaimsTenant(claims, &tenant_id) &&
		ScimTenantExists(store, tenant_id))
		return tenant_id;
	if (claims == NULL && authorization != NULL &&
		find_by_header(store, authorization, &tenant_id) &&
		ScimTenantExists(store, tenant_id))
		return tenant_id;
	if (ScimOAuthFind(store, request) && find_by_form(store, request, &tenant_id))
		return tenant_id;
	ScimParamsInit(&params);
	if (!find_only(store,
				   psprintf("SELECT min(tenant_id) FROM %s.tenant", store->quoted_name),
				   &params, &tenant_id))
		ereport(ERROR, (ScimErr(SCIM_UNAVAILABLE),
						errmsg("store \"%s\" has no tenant", store->name)));
	return tenant_id;
}

/*
 * ScimAnswerOf fills an answer with that of a node: a row of a query with the columns
 * status, headers and body of scim.response.
 */
void
ScimAnswerOf(List *rows, ScimAnswer *answer)
{
	const JsonbValue *row;
	const JsonbValue *headers;
	const JsonbValue *body;
	const JsonbValue *status;

	if (list_length(rows) != 1)
		elog(ERROR, "a node of the cluster has answered %d times", list_length(rows));
	row = ScimJsonFromJsonb(linitial(rows));
	status = ScimJsonGet(row, "status");
	headers = ScimJsonGet(row, "headers");
	body = ScimJsonGet(row, "body");
	if (status == NULL || status->type != jbvNumeric || headers == NULL ||
		headers->type != jbvObject)
		elog(ERROR, "what a node of the cluster has answered is no answer");
	ScimAnswerReset(answer);
	answer->status = DatumGetInt32(
		DirectFunctionCall1(numeric_int4, NumericGetDatum(status->val.numeric)));
	for (int i = 0; i < headers->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &headers->val.object.pairs[i];
		const char *name = ScimJsonStringCopy(&pair->key);
		const char *value = ScimJsonStringCopy(&pair->value);

		ScimAnswerHeader(answer, name, value);
		if (pg_strcasecmp(name, "Content-Type") == 0)
			answer->media_type = value;
	}
	if (body != NULL && body->type == jbvString)
		appendBinaryStringInfo(&answer->body, body->val.string.val, body->val.string.len);
}
