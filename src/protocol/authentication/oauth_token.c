/*
 * oauth_token.c
 *		Access tokens: RFC 6749 section 4.4, RFC 7009.
 *
 * One is a row of "token" with the client that it is of.  It has the form of other
 * secrets and names its client, so that logs do; it is found by its hash.  Who bears it
 * acts as the client: what audit, settings, policies and origins say of the client holds
 * for all its tokens, one behind the other.  They end with the client, and what it may no
 * more they may no more (authenticate.c).
 *
 * The audit has no row for each that is made: a client fetches one an hour, which changes
 * nothing of what it may; what it does with it is in the audit, and when it last asked is
 * in last_used_at.  One that is revoked before its time is.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "json/json.h"
#include "protocol/authentication/oauth.h"
#include "protocol/authentication/authentication.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/statement/written.h"
#include "text/find.h"

/* All that the client may, and what stands before the scopes of the store. */
#define SCOPE "scim"
#define OF_SCOPE SCOPE ":"
#define MAX_SCOPES 64

/* So many good ones a client has; those that would end first go. */
#define MAX_TOKENS 1000
/* So many go at a time, which is more than come. */
#define MAX_REMOVED 20

/*
 * The scopes that a request names, as in "token", or NULL; *all: it asks for everything
 * that the client may then, by "scim" or by naming none.  False: it names what is no
 * scope.
 */
static bool
read_scopes(ScimOAuthRequest *oauth, ArrayType **named, bool *all)
{
	const char *text = ScimOAuthParameter(oauth, "scope");
	Datum scopes[MAX_SCOPES];
	List *canonicals = NIL;
	int n = 0;

	*named = NULL;
	*all = text == NULL;
	while (text != NULL && *text != '\0')
	{
		int len = strcspn(text, " ");
		char *scope = pnstrdup(text, len);
		char *canonical;

		text += len;
		text += strspn(text, " ");
		if (len == 0)
			continue;
		if (strcmp(scope, SCOPE) == 0)
		{
			*all = true;
			continue;
		}
		if (strncmp(scope, OF_SCOPE, strlen(OF_SCOPE)) != 0)
			return false;
		/* RFC 6749 section 3.3: in one letter case, which is that of the metadata */
		canonical = ScimScopeCanonical(oauth->store, scope + strlen(OF_SCOPE));
		if (canonical == NULL || strcmp(canonical, scope + strlen(OF_SCOPE)) != 0)
			return false;
		if (ScimIsAmong(canonicals, canonical))
			continue;
		if (n == MAX_SCOPES)
			return false;
		canonicals = lappend(canonicals, canonical);
		scopes[n++] = CStringGetTextDatum(canonical);
	}
	if (n > 0)
		*named = construct_array(scopes, n, TEXTOID, -1, false, TYPALIGN_INT);
	return *all || n > 0;
}

/* Scopes one behind the other as an array; NULL: none. */
static ArrayType *
array_of(const char *packed)
{
	List *scopes = NIL;
	Datum *elements;
	ListCell *lc;

	for (const char *scope = packed; scope != NULL && *scope != '\0';
		 scope += strlen(scope) + 1)
		scopes = lappend(scopes, (void *) scope);
	if (scopes == NIL)
		return NULL;
	elements = palloc(sizeof(Datum) * list_length(scopes));
	foreach (lc, scopes)
		elements[foreach_current_index(lc)] = CStringGetTextDatum(lfirst(lc));
	return construct_array(elements, list_length(scopes), TEXTOID, -1, false,
						   TYPALIGN_INT);
}

/* What a token is good for, as the answer says it. */
static void
write_scopes(StringInfo out, const char *packed)
{
	StringInfoData text;

	initStringInfo(&text);
	for (const char *scope = packed; scope != NULL && *scope != '\0';
		 scope += strlen(scope) + 1)
		appendStringInfo(&text, "%s" OF_SCOPE "%s", text.len > 0 ? " " : "", scope);
	if (text.len == 0)
		appendStringInfoString(&text, SCOPE);
	ScimJsonWriteString(out, text.data, text.len);
}

/* Settings are those of the client, and the audit names it, until end_client. */
static ScimProof *
begin_client(const ScimStore *store, const ScimOAuthClient *client)
{
	ScimProof *before = ScimProofCopy(ScimProved());
	ScimProof proof = {.namespace_oid = store->namespace_oid,
					   .tenant_id = client->tenant_id,
					   .has_credential = true,
					   .credential_id = client->id,
					   .actor = psprintf("client: %s", client->name),
					   .me = ""};

	ScimProve(&proof);
	return before;
}

static void
end_client(const ScimProof *before)
{
	ScimProve(before);
}

/* What is not good any more goes, and what is more than anybody needs. */
static void
clean_up(const ScimStore *store, const ScimOAuthClient *client)
{
	static const char *const conditions[] = {
		"AND expires_at < clock_timestamp() ORDER BY expires_at LIMIT %d",
		"ORDER BY expires_at DESC OFFSET " CppAsString2(MAX_TOKENS) " LIMIT %d"};
	ScimParams params;

	ScimParamsOfResource(&params, client->tenant_id, &client->id);
	for (size_t i = 0; i < lengthof(conditions); i++)
	{
		char *condition = psprintf(conditions[i], MAX_REMOVED);

		ScimSpiExecute(
			psprintf("DELETE FROM %1$s.token WHERE tenant_id = $1 AND id = ANY (ARRAY("
					 "SELECT id FROM %1$s.token WHERE tenant_id = $1 AND client_id = $2 "
					 "%2$s FOR UPDATE SKIP LOCKED))",
					 store->quoted_name, condition),
			&params, false, 0);
	}
}

/* Makes one that is good for so many seconds, and returns its secret. */
static char *
make_token(const ScimStore *store, const ScimOAuthClient *client, ArrayType *scopes,
		   int seconds)
{
	char *secret = ScimSecretMake(client->tenant_id, &client->id);
	ScimIdentity caller;
	ScimParams params;
	pg_uuid_t id;

	ScimUuidV7(&id);
	ScimParamsOfResource(&params, client->tenant_id, &id);
	ScimParamsAdd(&params, BYTEAOID, ScimSecretHash(secret), false);
	/* no two have one */
	ScimParamsAdd(&params, TEXTOID,
				  CStringGetTextDatum(psprintf("%s %s", client->name, ScimUuidText(&id))),
				  false);
	ScimParamsAdd(&params, TIMESTAMPTZOID,
				  TimestampTzGetDatum(GetCurrentTimestamp() + seconds * USECS_PER_SEC),
				  false);
	ScimParamsAdd(&params, TEXTARRAYOID, PointerGetDatum(scopes), scopes == NULL);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&client->id), false);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	ScimSpiWriteRow(
		"token",
		psprintf("INSERT INTO %s.token (tenant_id, id, hash, description, expires_at, "
				 "scopes, client_id) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING "
				 "(tenant_id, id, hash, description, expires_at, scopes, client_id) "
				 "IS NOT DISTINCT FROM ($1, $2, $3, $4, $5, $6, $7)",
				 store->quoted_name),
		&params);
	clean_up(store, client);
	SPI_finish();
	ScimBeCaller(caller);
	return secret;
}

/* ScimOAuthAnswerToken: POST /.oauth/token, of a client that has proved who it is. */
void
ScimOAuthAnswerToken(ScimOAuthRequest *oauth, const ScimOAuthClient *client)
{
	const char *grant = ScimOAuthParameter(oauth, "grant_type");
	StringInfo out = &oauth->answer->body;
	const char *packed = NULL;
	ScimProof *before;
	ArrayType *scopes;
	char *secret;
	int seconds;
	bool all;

	if (grant == NULL)
	{
		(void) ScimOAuthRefuse(oauth, 400, "invalid_request", "grant_type is missing");
		return;
	}
	if (strcmp(grant, "client_credentials") != 0)
	{
		(void) ScimOAuthRefuse(oauth, 400, "unsupported_grant_type",
							   "grant_type is not client_credentials");
		return;
	}
	if (!read_scopes(oauth, &scopes, &all))
	{
		(void) ScimOAuthRefuse(oauth, 400, "invalid_scope",
							   "scope is not " SCOPE ", nor " OF_SCOPE
							   " with a scope of the store");
		return;
	}
	if (scopes != NULL)
		packed = ScimScopesPack(PointerGetDatum(scopes));
	if (packed != NULL && ScimScopesExceed(oauth->store, packed, client->scopes))
	{
		(void) ScimOAuthRefuse(oauth, 400, "invalid_scope",
							   "the client may not do all that scope asks for");
		return;
	}
	/* what the answer says is what it has, whatever the client may later */
	if (all)
	{
		packed = client->scopes;
		scopes = array_of(packed);
	}
	before = begin_client(oauth->store, client);
	seconds =
		ScimSettingInt(oauth->store->settings, SCIM_SETTING_ACCESS_TOKEN_LIFETIME, NULL);
	if (client->has_end)
		seconds = Min(seconds, (client->end - GetCurrentTimestamp()) / USECS_PER_SEC);
	seconds = Max(seconds, 1);
	secret = make_token(oauth->store, client, scopes, seconds);
	end_client(before);
	oauth->answer->status = 200;
	appendStringInfo(out,
					 "{\"access_token\":\"%s\",\"token_type\":\"Bearer\","
					 "\"expires_in\":%d,\"scope\":",
					 secret, seconds);
	write_scopes(out, packed);
	appendStringInfoChar(out, '}');
}

/*
 * ScimOAuthAnswerRevoke: POST /.oauth/revoke.  A token that is none, or is somebody
 * else's, is not good for this client anyway: RFC 7009 section 2.2 calls that a success.
 */
void
ScimOAuthAnswerRevoke(ScimOAuthRequest *oauth, const ScimOAuthClient *client)
{
	const char *token = ScimOAuthParameter(oauth, "token");
	const ScimStore *store = oauth->store;
	ScimIdentity caller;
	ScimProof *before;
	ScimParams params;

	if (token == NULL)
	{
		(void) ScimOAuthRefuse(oauth, 400, "invalid_request", "token is missing");
		return;
	}
	before = begin_client(store, client);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	ScimParamsOfResource(&params, client->tenant_id, &client->id);
	ScimParamsAdd(&params, BYTEAOID, ScimSecretHash(token), false);
	ScimSpiExecute(psprintf("UPDATE %s.token SET revoked_at = clock_timestamp() "
							"WHERE tenant_id = $1 AND client_id = $2 AND hash = $3 "
							"AND " SCIM_IS_LIVE,
							store->quoted_name),
				   &params, false, 0);
	SPI_finish();
	ScimBeCaller(caller);
	end_client(before);
	oauth->answer->status = 200;
}
