/*
 * client.c
 *		scim.create_client: named clients and their secrets; the end of a client's
 *		and a token's.
 *
 * A secret that is made here is random, shown once, and kept as its SHA-256.  A
 * password that somebody has chosen can be guessed, and is kept as the
 * SCRAM-SHA-256 secret that the server would keep of it (RFC 5803).
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "store/column.h"
#include "store/plan.h"
#include "store/store.h"

/*
 * From libpq/scram.h, which pulls in headers of GSSAPI and TLS that the
 * server's development package does not bring.
 */
extern char *pg_be_scram_build_secret(const char *password);

#define RANDOM_BYTES 32
#define MAX_PASSWORD 1024 /* as in a request, see protocol/authenticate.c */

PG_FUNCTION_INFO_V1(scim_create_client);
PG_FUNCTION_INFO_V1(scim_revoke_client);
PG_FUNCTION_INFO_V1(scim_revoke_token);

static const ScimScheme *find_scheme(const ScimStore *store, const char *name);
static char *make_secret(void);
static Datum sha256(const char *secret);
static void end_secret(const char *table, const char *id);

/*
 * scim.create_client(name text, scheme text, password text, expires_at timestamptz)
 * returns record (id uuid, secret text, second_secret text).
 */
Datum
scim_create_client(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	const ScimScheme *scheme;
	char *secret = NULL;
	char *second_secret = NULL;
	ScimParams params;
	TupleDesc desc;
	Datum values[3] = {0};
	bool nulls[3] = {false};
	Datum result;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("name and scheme of a client must not be null")));
	scheme = find_scheme(store, text_to_cstring(PG_GETARG_TEXT_PP(1)));
	if (!PG_ARGISNULL(3) && PG_GETARG_TIMESTAMPTZ(3) <= GetCurrentTimestamp())
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("the client would expire in the past")));

	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, PG_GETARG_DATUM(0), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(scheme->scheme), false);
	if (PG_ARGISNULL(2))
	{
		secret = make_secret();
		ScimParamsAdd(&params, BYTEAOID, sha256(secret), false);
		ScimParamsAdd(&params, TEXTOID, (Datum) 0, true);
	}
	else
	{
		char *password = text_to_cstring(PG_GETARG_TEXT_PP(2));

		if (scheme->kind != SCIM_CREDENTIAL_PASSWORD)
			ereport(
				ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a secret of scheme \"%s\" is made, not chosen", scheme->scheme),
				 errdetail("It is found by its hash, which for a chosen one could "
						   "be guessed.")));
		if (password[0] == '\0' || strlen(password) > MAX_PASSWORD)
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("a password has 1 to %d bytes", MAX_PASSWORD)));
		ScimParamsAdd(&params, BYTEAOID, (Datum) 0, true);
		ScimParamsAdd(&params, TEXTOID,
					  CStringGetTextDatum(pg_be_scram_build_secret(password)), false);
	}
	if (scheme->second_header != NULL)
		second_secret = make_secret();
	ScimParamsAdd(&params, BYTEAOID, second_secret ? sha256(second_secret) : (Datum) 0,
				  second_secret == NULL);
	ScimParamsAdd(&params, TIMESTAMPTZOID,
				  PG_ARGISNULL(3) ? (Datum) 0 : PG_GETARG_DATUM(3), PG_ARGISNULL(3));

	nulls[1] = secret == NULL;
	if (!nulls[1])
		values[1] = CStringGetTextDatum(secret);
	nulls[2] = second_secret == NULL;
	if (!nulls[2])
		values[2] = CStringGetTextDatum(second_secret);
	SPI_connect();
	ScimSpiExecute(psprintf("INSERT INTO %s.client (name, scheme, hash, secret, "
							"second_hash, expires_at) VALUES ($1, $2, $3, $4, $5, $6) "
							"RETURNING id",
							store->quoted_name),
				   &params, false, 0);
	if (SPI_processed != 1)
		elog(ERROR, "the client was not inserted");
	values[0] = SPI_datumTransfer(ScimResultValue(0, 1, UUIDOID), false, UUID_LEN);
	SPI_finish();
	result = HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
	PG_RETURN_DATUM(result);
}

/* The scheme of that name, which must be one that clients have secrets for. */
static const ScimScheme *
find_scheme(const ScimStore *store, const char *name)
{
	const ScimScheme *scheme = ScimSchemeFind(store, name);

	if (scheme == NULL)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("the store does not accept scheme \"%s\"", name),
						errhint("Its table \"authentication_scheme\" has those that it "
								"accepts.")));
	if (scheme->kind == SCIM_CREDENTIAL_JWT)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("scheme \"%s\" has no secrets of clients", name)));
	return scheme;
}

/* 64 hexadecimal digits. */
static char *
make_secret(void)
{
	uint8 bytes[RANDOM_BYTES];
	char *secret = palloc(2 * RANDOM_BYTES + 1);

	if (!pg_strong_random(bytes, sizeof(bytes)))
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR),
						errmsg("could not generate random values")));
	secret[hex_encode((const char *) bytes, sizeof(bytes), secret)] = '\0';
	return secret;
}

static Datum
sha256(const char *secret)
{
	return DirectFunctionCall1(sha256_bytea, PointerGetDatum(cstring_to_text(secret)));
}

/* scim.revoke_client(id) returns void */
Datum
scim_revoke_client(PG_FUNCTION_ARGS)
{
	end_secret("client", ScimIdArgument(fcinfo, 0));
	PG_RETURN_VOID();
}

/* scim.revoke_token(id) returns void */
Datum
scim_revoke_token(PG_FUNCTION_ARGS)
{
	end_secret("token", ScimIdArgument(fcinfo, 0));
	PG_RETURN_VOID();
}

/* Ends what a row of the current tenant in a table is for, as the caller. */
static void
end_secret(const char *table, const char *id)
{
	ScimStore *store = ScimStoreCurrent();
	ScimParams params;
	pg_uuid_t uuid;
	bool found = false;

	if (ScimUuidParse(id, &uuid))
	{
		SPI_connect();
		ScimParamsOfResource(&params, ScimTenant(), &uuid);
		ScimSpiExecute(
			psprintf("UPDATE %s.%s SET revoked_at = coalesce(revoked_at, now()) "
					 "WHERE tenant_id = $1 AND id = $2",
					 store->quoted_name, table),
			&params, false, 0);
		found = SPI_processed > 0;
		SPI_finish();
	}
	if (!found)
		ereport(ERROR,
				(ScimErr(SCIM_NOT_FOUND), errmsg("%s \"%s\" does not exist", table, id)));
}
