/*
 * client.c
 *		scim.create_token and scim.create_client: tokens, named clients and their
 *		secrets, new secrets for them, and their end.
 *
 * A secret that is made here is random, shown once, and kept as its SHA-256.  It names
 * its row, scim_TENANT_ID_RANDOM, so that it is found by the primary key.  A
 * password that somebody has chosen can be guessed, and is kept as the
 * SCRAM-SHA-256 secret that the server would keep of it (RFC 5803).
 */
#include "postgres.h"

#include "access/detoast.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/statement/written.h"
#include "store/store.h"

/*
 * From libpq/scram.h, which pulls in headers of GSSAPI and TLS that the
 * server's development package does not bring.
 */
extern char *pg_be_scram_build_secret(const char *password);

#define RANDOM_BYTES 32
#define MAX_PASSWORD 1024 /* as in a request, see protocol/authenticate.c */

PG_FUNCTION_INFO_V1(scim_create_token);
PG_FUNCTION_INFO_V1(scim_rotate_token);
PG_FUNCTION_INFO_V1(scim_create_client);
PG_FUNCTION_INFO_V1(scim_rotate_client);
SCIM_FUNCTION_OF_VALUES(scim_revoke_client);
SCIM_FUNCTION_OF_VALUES(scim_revoke_token);

static const ScimScheme *find_scheme(const ScimStore *store, const char *name);
static void require_update(const ScimStore *store, bool is_client);
static Datum rotate(FunctionCallInfo fcinfo, const char *table);
static void refuse_rotation(const ScimStore *store, const char *table, int32 tenant_id,
							const char *id_text, const pg_uuid_t *id);
static char *random_hex(void);
static void end_secret(const char *table, const char *id);

/*
 * ScimCheckLength: an error where an argument, which is not null, has more bytes than the
 * table has room for, or none though it needs some.
 */
void
ScimCheckLength(Datum argument, const char *what, int least, int most)
{
	Size length = toast_raw_datum_size(argument) - VARHDRSZ;

	if (length < (Size) least || length > (Size) most)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						least > 0 ? errmsg("%s must have %d to %d bytes, and has %zu",
										   what, least, most, length)
								  : errmsg("%s must have at most %d bytes, and has %zu",
										   what, most, length)));
}

/* ScimCheckClientName: the same of the name of a client, which a header may carry. */
void
ScimCheckClientName(Datum argument)
{
	const text *name;

	ScimCheckLength(argument, "the name of a client", 1, 256);
	name = DatumGetTextPP(argument);
	if (memchr(VARDATA_ANY(name), ':', VARSIZE_ANY_EXHDR(name)) != NULL)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("the name of a client must not hold \":\": \"%s\"",
							   text_to_cstring(name)),
						errdetail("It ends the name in HTTP's scheme Basic.")));
}

/*
 * An error where a tenant has a row that says the same, $1 and $2 of the parameters, and
 * is not revoked.  One that has expired is revoked: it does not keep what it says.
 */
static void
refuse_same(const ScimStore *store, const char *table, const char *column,
			const ScimParams *params, Datum said, const char *is)
{
	ScimSpiExecute(psprintf("UPDATE %s.%s SET revoked_at = greatest(created, expires_at) "
							"WHERE tenant_id = $1 AND %s = $2 "
							"AND revoked_at IS NULL AND expires_at <= clock_timestamp()",
							store->quoted_name, table, column),
				   params, false, 0);
	ScimSpiExecute(psprintf("SELECT id::text FROM %s.%s WHERE tenant_id = $1 "
							"AND %s = $2 AND revoked_at IS NULL",
							store->quoted_name, table, column),
				   params, false, 1);
	if (SPI_processed > 0)
		ereport(ERROR, (errcode(ERRCODE_UNIQUE_VIOLATION),
						errmsg("there is a %s \"%s\" already that is %s", table,
							   text_to_cstring(DatumGetTextPP(said)), is),
						errhint("scim.rotate_%s('%s') gives it another secret, and "
								"scim.revoke_%s ends it.",
								table, ScimResultText(0, 1), table)));
}

typedef struct NewRow
{
	const char *table;
	const char *query;
	const ScimParams *params;
} NewRow;

static void
write_row(void *arg)
{
	const NewRow *row = arg;

	ScimSpiWriteRow(row->table, row->query, row->params);
}

/* Writes such a row, or says whose is there, also of somebody who has been faster. */
static void
write_new(const ScimStore *store, const NewRow *row, const char *column, int32 tenant_id,
		  Datum said, const char *is)
{
	ScimParams params;
	ErrorData *error;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimParamsAdd(&params, TEXTOID, said, false);
	refuse_same(store, row->table, column, &params, said, is);
	/* the name of a client is one of all tenants */
	error = ScimWriteNew(
		write_row, (void *) row,
		psprintf("%s.%s WHERE %s AND %s = $2 AND revoked_at IS NULL", store->quoted_name,
				 row->table,
				 strcmp(row->table, "client") == 0 ? "$1 IS NOT NULL" : "tenant_id = $1",
				 column),
		&params,
		psprintf("there is a %s \"%s\" by now", row->table,
				 text_to_cstring(DatumGetTextPP(said))));
	if (error == NULL)
		return;
	refuse_same(store, row->table, column, &params, said, is);
	ReThrowError(error);
}

/*
 * ScimWriteNewClient writes the row of a client; an error where the tenant has one of
 * that name.  Whose name it is in another tenant the index tells nobody.
 */
void
ScimWriteNewClient(const ScimStore *store, int32 tenant_id, Datum name, const char *query,
				   const ScimParams *params)
{
	NewRow row = {"client", query, params};

	write_new(store, &row, "substr(name, 1)", tenant_id, name, "not revoked");
}

/*
 * scim.create_token(description text, expires_at timestamptz, scopes text[])
 * returns record (id uuid, secret text).
 */
Datum
scim_create_token(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	int32 tenant_id = ScimTenant();
	pg_uuid_t *id = palloc(sizeof(pg_uuid_t));
	char *secret;
	ScimParams params;
	NewRow row = {"token", NULL, &params};
	ScimIdentity caller;
	TupleDesc desc;
	Datum values[2];
	bool nulls[2] = {false};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	if (PG_ARGISNULL(0))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("the description of a token must not be null")));
	ScimCheckLength(PG_GETARG_DATUM(0), "the description of a token", 0, 1024);
	ScimExpiryCheck(fcinfo, 1, "token", SCIM_NO_EXPIRY);
	ScimScopeRefuse(store->namespace_oid, "make tokens");
	ScimRequireWrite(store, SCIM_TABLE_TOKEN, "description", "INSERT");
	ScimTenantRequire(store, tenant_id);
	ScimUuidV7(id);
	secret = ScimSecretMake(tenant_id, id);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimParamsAdd(&params, TEXTOID, PG_GETARG_DATUM(0), false);

	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(id), false);
	ScimParamsAdd(&params, BYTEAOID, ScimSecretHash(secret), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID,
				  PG_ARGISNULL(1) ? (Datum) 0 : PG_GETARG_DATUM(1), PG_ARGISNULL(1));
	ScimScopesArgument(&params, store, fcinfo, 2);

	caller = ScimBeOwner(store->owner);
	SPI_connect();
	row.query = psprintf("INSERT INTO %s.token (tenant_id, description, id, hash, "
						 "expires_at, scopes) VALUES ($1, $2, $3, $4, $5, $6) RETURNING "
						 "(tenant_id, description, id, hash, expires_at, scopes) "
						 "IS NOT DISTINCT FROM ($1, $2, $3, $4, $5, $6)",
						 store->quoted_name);
	write_new(store, &row, "description", tenant_id, PG_GETARG_DATUM(0), "good");
	SPI_finish();
	ScimBeCaller(caller);
	values[0] = UUIDPGetDatum(id);
	values[1] = CStringGetTextDatum(secret);
	PG_RETURN_DATUM(
		HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}

/*
 * scim.create_client(name text, scheme text, password text, expires_at timestamptz,
 * scopes text[]) returns record (id uuid, secret text, second_secret text).
 */
Datum
scim_create_client(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	const ScimScheme *scheme;
	int32 tenant_id = ScimTenant();
	pg_uuid_t *id = palloc(sizeof(pg_uuid_t));
	char *secret = NULL;
	char *second_secret = NULL;
	ScimParams params;
	ScimIdentity caller;
	TupleDesc desc;
	Datum values[3] = {0};
	bool nulls[3] = {false};
	Datum result;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("name and scheme of a client must not be null")));
	ScimCheckClientName(PG_GETARG_DATUM(0));
	scheme = find_scheme(store, text_to_cstring(PG_GETARG_TEXT_PP(1)));
	ScimExpiryCheck(fcinfo, 3, "client", SCIM_NO_EXPIRY);
	ScimScopeRefuse(store->namespace_oid, "make clients");
	ScimRequireWrite(store, SCIM_TABLE_CLIENT, "name", "INSERT");
	ScimTenantRequire(store, tenant_id);

	ScimUuidV7(id);
	ScimParamsOfResource(&params, tenant_id, id);
	ScimParamsAdd(&params, TEXTOID, PG_GETARG_DATUM(0), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(scheme->scheme), false);
	if (PG_ARGISNULL(2))
	{
		secret = ScimSecretMake(tenant_id, id);
		ScimParamsAdd(&params, BYTEAOID, ScimSecretHash(secret), false);
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
		second_secret = random_hex();
	ScimParamsAdd(&params, BYTEAOID,
				  second_secret ? ScimSecretHash(second_secret) : (Datum) 0,
				  second_secret == NULL);
	ScimParamsAdd(&params, TIMESTAMPTZOID,
				  PG_ARGISNULL(3) ? (Datum) 0 : PG_GETARG_DATUM(3), PG_ARGISNULL(3));
	ScimScopesArgument(&params, store, fcinfo, 4);

	values[0] = UUIDPGetDatum(id);
	nulls[1] = secret == NULL;
	if (!nulls[1])
		values[1] = CStringGetTextDatum(secret);
	nulls[2] = second_secret == NULL;
	if (!nulls[2])
		values[2] = CStringGetTextDatum(second_secret);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	ScimWriteNewClient(
		store, tenant_id, PG_GETARG_DATUM(0),
		psprintf("INSERT INTO %s.client (tenant_id, id, name, scheme, hash, "
				 "secret, second_hash, expires_at, scopes) "
				 "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING "
				 "(tenant_id, id, name, scheme, hash, secret, second_hash, expires_at, "
				 "scopes) IS NOT DISTINCT FROM ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
				 store->quoted_name),
		&params);
	SPI_finish();
	ScimBeCaller(caller);
	result = HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
	PG_RETURN_DATUM(result);
}

/*
 * scim.rotate_token(id, overlap interval, expires_at timestamptz)
 * returns record (id, secret text)
 */
Datum
scim_rotate_token(PG_FUNCTION_ARGS)
{
	return rotate(fcinfo, "token");
}

/*
 * scim.rotate_client(id, overlap interval, expires_at timestamptz)
 * returns record (id, secret text, second_secret text)
 */
Datum
scim_rotate_client(PG_FUNCTION_ARGS)
{
	return rotate(fcinfo, "client");
}

/* What is said of a row that has got a new secret, and may surprise its bearer. */
static void
tell_rotation(const char *table, const char *name, const char *expires,
			  const char *former_until, const char *former_used)
{
	if (former_until != NULL)
		ereport(
			WARNING,
			(errmsg(
				 "the secret of %s \"%s\" before the last one was good until %s, and is "
				 "no more",
				 table, name, former_until),
			 former_used != NULL
				 ? errdetail("It was last used at %s.", former_used)
				 : errdetail("Nobody has used it since the rotation before this one."),
			 errhint("Whoever still has it needs the new one.")));
	if (expires != NULL)
		ereport(NOTICE, (errmsg("%s \"%s\" expires at %s, with its new secret as well",
								table, name, expires),
						 errhint("Argument expires_at makes it later.")));
}

/* A text of the current context that outlives SPI, or NULL. */
static char *
kept_text(MemoryContext context, int number)
{
	char *text = ScimResultText(0, number);

	return text != NULL ? MemoryContextStrdup(context, text) : NULL;
}

/* Gives a row of the current tenant in a table a new secret. */
static Datum
rotate(FunctionCallInfo fcinfo, const char *table)
{
	ScimStore *store = ScimStoreCurrent();
	bool is_client = strcmp(table, "client") == 0;
	int32 tenant_id = ScimTenant();
	char *id_text;
	pg_uuid_t id;
	char *secret = NULL;
	char *second_secret = NULL;
	ScimParams params;
	ScimIdentity caller;
	TupleDesc desc;
	Datum values[3] = {0};
	bool nulls[3] = {false};
	bool found = false;
	bool no_scopes;
	Datum scopes;
	MemoryContext context = CurrentMemoryContext;
	char *name;
	char *expires;
	char *former_until;
	char *former_used;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	id_text = ScimIdArgument(fcinfo, 0);
	if (PG_ARGISNULL(1))
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE), errmsg("overlap must not be null")));
	ScimExpiryCheck(fcinfo, 2, table, "NULL leaves its end as it is.");
	if (DatumGetBool(DirectFunctionCall2(interval_lt, PG_GETARG_DATUM(1),
										 IntervalPGetDatum(palloc0(sizeof(Interval))))))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("the overlap must not be negative")));
	ScimScopeRefuse(store->namespace_oid, "make new secrets");
	require_update(store, is_client);
	if (!PG_ARGISNULL(2))
		ScimRequireWrite(store, is_client ? SCIM_TABLE_CLIENT : SCIM_TABLE_TOKEN,
						 "expires_at", "UPDATE");
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	if (ScimUuidParse(id_text, &id))
	{
		ScimParamsOfResource(&params, tenant_id, &id);
		ScimSpiExecute(
			psprintf(
				"SELECT hash IS NOT NULL, %s, %s, "
				"CASE WHEN former_until > clock_timestamp() THEN former_until END::text, "
				"former_used_at::text, scopes FROM %s.%s WHERE tenant_id = $1 "
				"AND id = $2 AND " SCIM_IS_LIVE "%s FOR UPDATE",
				is_client ? "second_hash IS NOT NULL, secret IS NOT NULL"
						  : "false, false",
				is_client ? "name" : "description", store->quoted_name, table,
				is_client ? "" : " AND client_id IS NULL"),
			&params, false, 1);
		found = SPI_processed > 0;
	}
	if (!found)
		refuse_rotation(store, table, tenant_id, id_text,
						ScimUuidParse(id_text, &id) ? &id : NULL);
	name = kept_text(context, 4);
	former_until = kept_text(context, 5);
	former_used = kept_text(context, 6);
	if (!DatumGetBool(ScimResultValue(0, 1, BOOLOID)))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						DatumGetBool(ScimResultValue(0, 3, BOOLOID))
							? errmsg("the password of client \"%s\" was chosen, not made",
									 id_text)
							: errmsg("client \"%s\" has keys, and no secret", id_text)));
	scopes = ScimResult(0, 7, TEXTARRAYOID, &no_scopes);
	ScimScopeGiveAnew(store, scopes, no_scopes);
	if (DatumGetBool(ScimResultValue(0, 2, BOOLOID)))
		second_secret = MemoryContextStrdup(CurTransactionContext, random_hex());
	secret = MemoryContextStrdup(CurTransactionContext, ScimSecretMake(tenant_id, &id));
	ScimParamsAdd(&params, BYTEAOID, ScimSecretHash(secret), false);
	ScimParamsAdd(&params, INTERVALOID, PG_GETARG_DATUM(1), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID,
				  PG_ARGISNULL(2) ? (Datum) 0 : PG_GETARG_DATUM(2), PG_ARGISNULL(2));
	if (is_client)
		ScimParamsAdd(&params, BYTEAOID,
					  second_secret ? ScimSecretHash(second_secret) : (Datum) 0,
					  second_secret == NULL);
	ScimSpiWriteRow(
		table,
		psprintf("UPDATE %s.%s SET hash = $3, "
				 "former_hash = CASE WHEN $4 > '0' THEN hash END, "
				 "former_until = CASE WHEN $4 > '0' THEN least(clock_timestamp() + $4, "
				 "coalesce($5, expires_at)) END, former_used_at = NULL, "
				 "expires_at = coalesce($5, expires_at)%s "
				 "WHERE tenant_id = $1 AND id = $2 RETURNING tenant_id = $1 AND id = $2 "
				 "AND hash IS NOT DISTINCT FROM $3 AND ($5 IS NULL OR expires_at = $5)%s",
				 store->quoted_name, table,
				 is_client
					 ? ", second_hash = $6, "
					   "former_second_hash = CASE WHEN $4 > '0' THEN second_hash END"
					 : "",
				 is_client ? " AND second_hash IS NOT DISTINCT FROM $6" : ""),
		&params);
	ScimSpiExecute(
		psprintf("SELECT CASE WHEN expires_at < now() + interval '30 days' THEN "
				 "expires_at::text END FROM %s.%s "
				 "WHERE tenant_id = $1 AND id = $2",
				 store->quoted_name, table),
		&params, false, 1);
	expires = kept_text(context, 1);
	SPI_finish();
	ScimBeCaller(caller);
	tell_rotation(table, name, expires, former_until, former_used);
	values[0] = PG_GETARG_DATUM(0);
	values[1] = CStringGetTextDatum(secret);
	nulls[2] = second_secret == NULL;
	if (!nulls[2])
		values[2] = CStringGetTextDatum(second_secret);
	PG_RETURN_DATUM(
		HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}

/*
 * There is none that may have a new secret: what there is of that id in this store, for
 * whoever may rotate those of this tenant.  Called as the owner of the store.
 */
static void
refuse_rotation(const ScimStore *store, const char *table, int32 tenant_id,
				const char *id_text, const pg_uuid_t *id)
{
	const char *end = NULL;
	ScimParams params;

	if (id != NULL)
	{
		ScimParamsOfResource(&params, tenant_id, id);
		ScimSpiExecute(
			psprintf("SELECT CASE WHEN revoked_at IS NOT NULL THEN 'was revoked at ' "
					 "|| revoked_at ELSE 'expired at ' || expires_at END FROM %s.%s "
					 "WHERE tenant_id = $1 AND id = $2 AND NOT (" SCIM_IS_LIVE ")%s",
					 store->quoted_name, table,
					 strcmp(table, "client") == 0 ? "" : " AND client_id IS NULL"),
			&params, false, 1);
		if (SPI_processed > 0)
			end = ScimResultText(0, 1);
	}
	if (end != NULL)
		ereport(ERROR,
				(ScimErr(SCIM_NOT_FOUND), errmsg("%s \"%s\" %s", table, id_text, end),
				 errhint("scim.create_%s makes another.", table)));
	ereport(ERROR, (ScimErr(SCIM_NOT_FOUND),
					errmsg("there is no %s \"%s\" that is good in tenant %d of store "
						   "\"%s\"",
						   table, id_text, tenant_id, store->name),
					errhint("Settings scim.store and scim.tenant say where it is looked "
							"for.")));
}

/* The right that a new secret and the end of one take. */
static void
require_update(const ScimStore *store, bool is_client)
{
	if (is_client)
		ScimRequireWrite(store, SCIM_TABLE_CLIENT, "name", "UPDATE");
	else
		ScimRequireWrite(store, SCIM_TABLE_TOKEN, "description", "UPDATE");
}

/*
 * ScimExpiryCheck checks an argument that says until when something is good; null: what
 * NULL does, as a hint.
 */
void
ScimExpiryCheck(FunctionCallInfo fcinfo, int n, const char *what, const char *null)
{
	TimestampTz expires;

	if (PG_ARGISNULL(n))
		return;
	expires = PG_GETARG_TIMESTAMPTZ(n);
	if (TIMESTAMP_IS_NOEND(expires))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("the %s would never expire", what), errhint("%s", null)));
	if (expires <= GetCurrentTimestamp())
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("the %s would expire in the past", what)));
}

/* ScimScopesArgument adds the argument scopes, checked, as a parameter. */
void
ScimScopesArgument(ScimParams *params, const ScimStore *store, FunctionCallInfo fcinfo,
				   int n)
{
	ScimParamsAdd(params, TEXTARRAYOID,
				  PG_ARGISNULL(n) ? (Datum) 0
								  : ScimScopesCheck(store, PG_GETARG_DATUM(n)),
				  PG_ARGISNULL(n));
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

/* ScimSecretMake makes a secret of the row with that key. */
char *
ScimSecretMake(int32 tenant_id, const pg_uuid_t *id)
{
	char hex[2 * UUID_LEN + 1];

	hex[hex_encode((const char *) id->data, UUID_LEN, hex)] = '\0';
	return psprintf(SCIM_SECRET_PREFIX "%d_%s_%s", tenant_id, hex, random_hex());
}

/* 64 hexadecimal digits. */
static char *
random_hex(void)
{
	uint8 bytes[RANDOM_BYTES];
	char *secret = palloc(2 * RANDOM_BYTES + 1);

	if (!pg_strong_random(bytes, sizeof(bytes)))
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR),
						errmsg("could not generate random values")));
	secret[hex_encode((const char *) bytes, sizeof(bytes), secret)] = '\0';
	return secret;
}

/* ScimSecretHash is what is kept of a secret: its SHA-256, a bytea. */
Datum
ScimSecretHash(const char *secret)
{
	return DirectFunctionCall1(sha256_bytea, PointerGetDatum(cstring_to_text(secret)));
}

/* scim.revoke_client(id) returns void */
static Datum
scim_revoke_client_given(PG_FUNCTION_ARGS)
{
	end_secret("client", ScimIdArgument(fcinfo, 0));
	PG_RETURN_VOID();
}

/* scim.revoke_token(id) returns void */
static Datum
scim_revoke_token_given(PG_FUNCTION_ARGS)
{
	end_secret("token", ScimIdArgument(fcinfo, 0));
	PG_RETURN_VOID();
}

/* Ends what a row of the current tenant in a table is for. */
static void
end_secret(const char *table, const char *id)
{
	ScimStore *store = ScimStoreCurrent();
	bool is_client = strcmp(table, "client") == 0;
	int32 tenant_id = ScimTenant();
	ScimParams params;
	ScimIdentity caller;
	pg_uuid_t uuid;
	bool found = false;

	ScimScopeRefuse(store->namespace_oid, "revoke secrets");
	require_update(store, is_client);
	if (ScimUuidParse(id, &uuid))
	{
		caller = ScimBeOwner(store->owner);
		SPI_connect();
		ScimParamsOfResource(&params, tenant_id, &uuid);
		ScimSpiExecute(
			psprintf("SELECT FROM %s.%s WHERE tenant_id = $1 AND id = $2 FOR UPDATE",
					 store->quoted_name, table),
			&params, false, 0);
		found = SPI_processed > 0;
		if (found)
			ScimSpiWriteRow(
				table,
				psprintf("UPDATE %s.%s SET revoked_at = coalesce(revoked_at, now()) "
						 "WHERE tenant_id = $1 AND id = $2 "
						 "RETURNING id = $2 AND revoked_at IS NOT NULL",
						 store->quoted_name, table),
				&params);
		SPI_finish();
		ScimBeCaller(caller);
	}
	if (!found)
		ereport(ERROR,
				(ScimErr(SCIM_NOT_FOUND), errmsg("%s \"%s\" does not exist", table, id)));
}

/*
 * ScimBearerLock: is there a token or client of an id, of a tenant or of any?  It stays
 * until the end of the transaction.
 */
bool
ScimBearerLock(ScimStore *store, Datum id, Datum tenant_id, bool any_tenant)
{
	static const char *const tables[] = {"token", "client"};
	ScimIdentity caller = ScimBeOwner(store->owner);
	ScimParams params;
	bool found = false;

	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, UUIDOID, id, false);
	ScimParamsAdd(&params, INT4OID, tenant_id, any_tenant);
	for (size_t i = 0; i < lengthof(tables) && !found; i++)
	{
		ScimSpiExecute(psprintf("SELECT FROM %s.%s WHERE id = $1 "
								"AND tenant_id = coalesce($2, tenant_id) FOR KEY SHARE",
								store->quoted_name, tables[i]),
					   &params, false, 1);
		found = SPI_processed > 0;
	}
	SPI_finish();
	ScimBeCaller(caller);
	return found;
}
