/*
 * client_keys.c
 *		Clients that fetch access tokens (protocol/oauth.h), and the public keys by which
 *		some of them sign who they are: made, set, and fetched by the relay.
 *
 * Keys that are fetched are taken for good until others have been: an address that does
 * not answer locks nobody out.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "json/json.h"
#include "store/credential/credential.h"
#include "store/credential/key_set.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/proof.h"
#include "store/statement/statement.h"
#include "store/statement/written.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(scim_create_oauth_client);
PG_FUNCTION_INFO_V1(scim_set_client_keys);
SCIM_FUNCTION_OF_VALUES(scim_next_key_sets);
SCIM_FUNCTION_OF_VALUES(scim_keep_key_set);
SCIM_FUNCTION_OF_VALUES(scim_key_set_failed);

#define MAX_AT_ONCE 1000
#define MAX_ERROR 1000
#define KEY_SET_COLUMNS 3

/* After which keys are fetched anew, and at the earliest where there is a reason. */
#define REFRESH_INTERVAL "interval '1 hour'"
#define RETRY_INTERVAL "interval '1 minute'"

/* The scheme of such clients. */
static const ScimScheme *
require_scheme(const ScimStore *store)
{
	const ScimScheme *scheme = ScimSchemeOfAccessTokens(store);

	if (scheme == NULL)
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the store has no scheme for access tokens"),
			 errhint("A row of its table \"authentication_scheme\" with the credential "
					 "\"access_token\" makes one (doc/oauth.md).")));
	return scheme;
}

/* Adds the arguments jwks and jwks_uri, checked; returns whether one of them is given. */
static bool
add_keys(ScimParams *params, FunctionCallInfo fcinfo, int n)
{
	bool has_keys = !PG_ARGISNULL(n);
	bool has_address = !PG_ARGISNULL(n + 1);
	const char *problem;

	if (has_keys)
	{
		problem = ScimKeySetProblem(ScimJsonFromJsonb(PG_GETARG_JSONB_P(n)));
		if (problem != NULL)
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("the key set %s", problem)));
	}
	if (has_address)
	{
		problem = ScimKeyAddressProblem(text_to_cstring(PG_GETARG_TEXT_PP(n + 1)));
		if (problem != NULL)
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("jwks_uri %s", problem)));
	}
	ScimParamsAdd(params, JSONBOID, has_keys ? PG_GETARG_DATUM(n) : (Datum) 0, !has_keys);
	ScimParamsAdd(params, TEXTOID, has_address ? PG_GETARG_DATUM(n + 1) : (Datum) 0,
				  !has_address);
	return has_keys || has_address;
}

/*
 * scim.create_oauth_client(name text, jwks jsonb, jwks_uri text, expires_at timestamptz,
 * scopes text[]) returns record (id uuid, secret text)
 */
Datum
scim_create_oauth_client(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	const ScimScheme *scheme;
	int32 tenant_id = ScimTenant();
	pg_uuid_t *id = palloc(sizeof(pg_uuid_t));
	char *secret = NULL;
	ScimIdentity caller;
	ScimParams params;
	TupleDesc desc;
	Datum values[2] = {0};
	bool nulls[2] = {false};
	bool has_keys;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	if (PG_ARGISNULL(0))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("the name of a client must not be null")));
	ScimCheckClientName(PG_GETARG_DATUM(0));
	ScimExpiryCheck(fcinfo, 3, "client", SCIM_NO_EXPIRY);
	ScimScopeRefuse(store->namespace_oid, "make clients");
	ScimRequireWrite(store, SCIM_TABLE_CLIENT, "name", "INSERT");
	ScimTenantRequire(store, tenant_id);
	scheme = require_scheme(store);
	ScimUuidV7(id);
	ScimParamsOfResource(&params, tenant_id, id);
	ScimParamsAdd(&params, TEXTOID, PG_GETARG_DATUM(0), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(scheme->scheme), false);
	has_keys = add_keys(&params, fcinfo, 1);
	if (!has_keys)
		secret = ScimSecretMake(tenant_id, id);
	ScimParamsAdd(&params, BYTEAOID, has_keys ? (Datum) 0 : ScimSecretHash(secret),
				  has_keys);
	ScimParamsAdd(&params, TIMESTAMPTZOID,
				  PG_ARGISNULL(3) ? (Datum) 0 : PG_GETARG_DATUM(3), PG_ARGISNULL(3));
	ScimScopesArgument(&params, store, fcinfo, 4);
	values[0] = UUIDPGetDatum(id);
	nulls[1] = has_keys;
	if (!has_keys)
		values[1] = CStringGetTextDatum(secret);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	ScimWriteNewClient(
		store, tenant_id, PG_GETARG_DATUM(0),
		psprintf("INSERT INTO %s.client (tenant_id, id, name, scheme, jwks, jwks_uri, "
				 "hash, expires_at, scopes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
				 "RETURNING (tenant_id, id, name, scheme, jwks, jwks_uri, hash, "
				 "expires_at, scopes) "
				 "IS NOT DISTINCT FROM ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
				 store->quoted_name),
		&params);
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_DATUM(
		HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}

/* scim.set_client_keys(id, jwks jsonb, jwks_uri text) returns void */
Datum
scim_set_client_keys(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	const ScimScheme *scheme;
	int32 tenant_id = ScimTenant();
	const char *text;
	ScimIdentity caller;
	ScimParams params;
	pg_uuid_t id;
	bool found = false;
	bool no_scopes;
	Datum scopes;

	text = ScimIdArgument(fcinfo, 0);
	ScimScopeRefuse(store->namespace_oid, "change the keys of clients");
	ScimRequireWrite(store, SCIM_TABLE_CLIENT, "name", "UPDATE");
	scheme = require_scheme(store);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	if (ScimUuidParse(text, &id))
	{
		ScimParamsOfResource(&params, tenant_id, &id);
		ScimSpiExecute(
			psprintf("SELECT scheme, scopes FROM %s.client WHERE tenant_id = $1 "
					 "AND id = $2 AND " SCIM_IS_LIVE " FOR UPDATE",
					 store->quoted_name),
			&params, false, 1);
		found = SPI_processed > 0;
	}
	if (!found)
		ereport(ERROR, (ScimErr(SCIM_NOT_FOUND),
						errmsg("there is no client \"%s\" that is good", text)));
	if (strcmp(ScimResultText(0, 1), scheme->scheme) != 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("client \"%s\" is of scheme \"%s\", which has no keys",
							   text, ScimResultText(0, 1))));
	scopes = ScimResult(0, 2, TEXTARRAYOID, &no_scopes);
	ScimScopeGiveAnew(store, scopes, no_scopes);
	if (!add_keys(&params, fcinfo, 1))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("neither jwks nor jwks_uri is given")));
	ScimSpiWriteRow(
		"client",
		psprintf("UPDATE %s.client SET jwks = $3, jwks_uri = $4, jwks_fetched_at = NULL, "
				 "jwks_tried_at = NULL, jwks_wanted_at = NULL, jwks_error = NULL, "
				 "hash = NULL, former_hash = NULL, former_until = NULL, "
				 "former_used_at = NULL "
				 "WHERE tenant_id = $1 AND id = $2 RETURNING "
				 "(tenant_id, id, jwks, jwks_uri) IS NOT DISTINCT FROM ($1, $2, $3, $4)",
				 store->quoted_name),
		&params);
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_VOID();
}

/*
 * EXECUTE is a right in all stores of a database.  Who fetches keys has one in this
 * store, too: to write when that was tried, which conf/relay.sql grants.
 */
static void
require_relay(const ScimStore *store)
{
	ScimScopeRefuse(store->namespace_oid, "fetch the keys of clients");
	if (ScimMayWrite(store, SCIM_TABLE_CLIENT, "jwks_tried_at", "UPDATE"))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("role \"%s\" may not fetch the keys of clients of store \"%s\"",
					GetUserNameFromId(GetUserId(), false), store->name),
			 errhint("conf/relay.sql grants that, once for each store.")));
}

/* scim.next_key_sets(max int) returns setof (tenant_id int, client_id uuid, url text) */
static Datum
scim_next_key_sets_given(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	int at_most = PG_GETARG_INT32(0);
	ScimStore *store = ScimStoreCurrent();
	const ScimScheme *scheme = ScimSchemeOfAccessTokens(store);
	ScimIdentity caller;
	ScimParams params;

	if (at_most < 1 || at_most > MAX_AT_ONCE)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("max must be between 1 and %d", MAX_AT_ONCE)));
	require_relay(store);
	InitMaterializedSRF(fcinfo, 0);
	if (scheme == NULL)
		return (Datum) 0;
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(at_most), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(scheme->scheme), false);
	ScimSpiExecute(
		psprintf("UPDATE %1$s.client AS c SET jwks_tried_at = clock_timestamp() "
				 "FROM (SELECT tenant_id, id FROM %1$s.client "
				 "WHERE jwks_uri IS NOT NULL AND scheme = $2 AND " SCIM_IS_LIVE " "
				 "AND (jwks_tried_at IS NULL "
				 "OR jwks_tried_at < clock_timestamp() - " REFRESH_INTERVAL " "
				 "OR (jwks_tried_at < clock_timestamp() - " RETRY_INTERVAL " "
				 "AND (jwks_fetched_at IS NULL OR jwks_fetched_at < jwks_tried_at "
				 "OR jwks_wanted_at > jwks_tried_at))) "
				 "ORDER BY jwks_tried_at NULLS FIRST LIMIT $1 "
				 "FOR NO KEY UPDATE SKIP LOCKED) AS due "
				 "WHERE c.tenant_id = due.tenant_id AND c.id = due.id "
				 "RETURNING c.tenant_id, c.id, c.jwks_uri",
				 store->quoted_name),
		&params, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		Datum values[KEY_SET_COLUMNS];
		bool nulls[KEY_SET_COLUMNS] = {false};

		values[0] = ScimResultValue(i, 1, INT4OID);
		values[1] = ScimResultValue(i, 2, UUIDOID);
		values[2] = ScimResultValue(i, 3, TEXTOID);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	SPI_finish();
	ScimBeCaller(caller);
	return (Datum) 0;
}

/* The tree of a document that is a key set; NULL: *problem is why it is none. */
static JsonbValue *
read_key_set(text *document, const char **problem)
{
	int depth = 0;
	JsonbValue *set;

	if (VARSIZE_ANY_EXHDR(document) > SCIM_MAX_KEY_SET)
	{
		*problem = psprintf("is longer than %d bytes", SCIM_MAX_KEY_SET);
		return NULL;
	}
	/* a key set is an object of arrays of objects, with arrays in these */
	for (size_t i = 0; i < VARSIZE_ANY_EXHDR(document); i++)
	{
		char c = VARDATA_ANY(document)[i];

		depth += (c == '{' || c == '[') - (c == '}' || c == ']');
		if (depth > 16)
		{
			*problem = "is nested too deep";
			return NULL;
		}
	}
	set = ScimJsonParse(VARDATA_ANY(document), VARSIZE_ANY_EXHDR(document), problem);
	if (set == NULL)
		*problem = psprintf("is not JSON: %s", *problem);
	else if (ScimJsonRepeatedKeys(set) != NIL)
		*problem = "has a member twice";
	else
		*problem = ScimKeySetProblem(set);
	return *problem == NULL ? set : NULL;
}

/* Is that still the address of a client?  It is locked then. */
static bool
lock_client(const ScimStore *store, FunctionCallInfo fcinfo, ScimParams *params)
{
	ScimParamsOfResource(params, PG_GETARG_INT32(0), PG_GETARG_UUID_P(1));
	ScimParamsAdd(params, TEXTOID, PG_GETARG_DATUM(2), false);
	ScimSpiExecute(psprintf("SELECT FROM %s.client WHERE tenant_id = $1 AND id = $2 "
							"AND jwks_uri = $3 FOR UPDATE",
							store->quoted_name),
				   params, false, 1);
	return SPI_processed > 0;
}

/* Notes why the keys of the client are not others than before. */
static void
keep_error(const ScimStore *store, FunctionCallInfo fcinfo, const char *error)
{
	ScimParams params;

	if (!lock_client(store, fcinfo, &params))
		return;
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(error), false);
	ScimSpiExecute(psprintf("UPDATE %s.client SET jwks_error = left($4, " CppAsString2(
								MAX_ERROR) ") WHERE tenant_id = $1 AND id = $2 "
										   "AND jwks_uri = $3",
							store->quoted_name),
				   &params, false, 0);
}

/* scim.keep_key_set(tenant_id int, client_id uuid, url text, body text) returns text
 */
static Datum
scim_keep_key_set_given(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	const char *problem = NULL;
	JsonbValue *set;
	ScimProof *before = ScimProofCopy(ScimProved());
	ScimProof proof = {.namespace_oid = store->namespace_oid,
					   .tenant_id = PG_GETARG_INT32(0),
					   .actor = "relay",
					   .me = ""};
	ScimIdentity caller;
	ScimParams params;

	require_relay(store);
	set = read_key_set(PG_GETARG_TEXT_PP(3), &problem);
	ScimProve(&proof);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	if (set == NULL)
		keep_error(store, fcinfo, psprintf("the key set %s", problem));
	else if (lock_client(store, fcinfo, &params))
	{
		ScimParamsAdd(&params, JSONBOID, JsonbPGetDatum(ScimJsonToJsonb(set)), false);
		ScimSpiWriteRow(
			"client",
			psprintf(
				"UPDATE %s.client SET jwks = $4, jwks_fetched_at = clock_timestamp(), "
				"jwks_error = NULL WHERE tenant_id = $1 AND id = $2 "
				"AND jwks_uri = $3 RETURNING jwks IS NOT DISTINCT FROM $4",
				store->quoted_name),
			&params);
	}
	SPI_finish();
	ScimBeCaller(caller);
	ScimProve(before);
	if (problem == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(psprintf("the key set %s", problem)));
}

/* scim.key_set_failed(tenant_id int, client_id uuid, url text, error text) returns void
 */
static Datum
scim_key_set_failed_given(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	ScimIdentity caller;

	require_relay(store);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	keep_error(store, fcinfo, text_to_cstring(PG_GETARG_TEXT_PP(3)));
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_VOID();
}
