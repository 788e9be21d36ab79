/*
 * sign.c
 *		Keys that sign Security Event Tokens: made here, kept in the table
 *		"signing_key" of a store, shown to nobody.
 *
 * RFC 7515 (JWS), RFC 7517 (JWK), RFC 7518: ES256 and RS256, by the OpenSSL that the
 * server has.  The key that signs is the newest that may be used by now; all that are
 * there are shown as JWKs, so that a receiver knows a key before he needs it and as long
 * as he may.
 */
#include "postgres.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "event/event.h"
#include "event/sign.h"
#include "json/json.h"
#include "store/configuration/configuration.h"
#include "store/credential/credential.h"
#include "store/credential/key_set.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/statement/trigger_type.h"
#include "store/statement/written.h"
#include "text/base64url.h"

SCIM_FUNCTION_OF_VALUES(scim_create_signing_key);
SCIM_FUNCTION_OF_VALUES(scim_drop_signing_key);
PG_FUNCTION_INFO_V1(scim_jwks);
PG_FUNCTION_INFO_V1(scim_signing_key_row);

#define RSA_BITS 2048
#define P256_BYTES 32
#define MAX_NUMBER 1024 /* bytes of a number of a key */

struct ScimSigner
{
	char *kid;
	bool elliptic;
	EVP_PKEY *key;
	MemoryContextCallback callback;
};

/* A number of an RSA key, as a JWK shows it; false: it has none. */
static bool
set_number(JsonbValue *jwk, const char *name, EVP_PKEY *key, const char *parameter)
{
	BIGNUM *number = NULL;
	unsigned char bytes[MAX_NUMBER];
	int len;

	if (!EVP_PKEY_get_bn_param(key, parameter, &number))
		return false;
	len = BN_num_bytes(number) <= MAX_NUMBER ? BN_bn2bin(number, bytes) : 0;
	BN_free(number);
	if (len > 0)
		ScimJsonSet(jwk, name, ScimBase64UrlValue(bytes, len));
	return len > 0;
}

/* The two coordinates of the point of an elliptic key. */
static bool
set_point(JsonbValue *jwk, EVP_PKEY *key)
{
	unsigned char point[1 + 2 * P256_BYTES];
	size_t len = 0;

	if (!EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point,
										 sizeof(point), &len) ||
		len != sizeof(point) || point[0] != POINT_CONVERSION_UNCOMPRESSED)
		return false;
	ScimJsonSet(jwk, "crv", ScimJsonNewString("P-256"));
	ScimJsonSet(jwk, "x", ScimBase64UrlValue(point + 1, P256_BYTES));
	ScimJsonSet(jwk, "y", ScimBase64UrlValue(point + 1 + P256_BYTES, P256_BYTES));
	return true;
}

/* The public part of a key: RFC 7517; NULL: it could not be taken apart. */
static JsonbValue *
public_jwk(EVP_PKEY *key, const char *kid, bool elliptic)
{
	JsonbValue *jwk = ScimJsonNewObject();

	ScimJsonSet(jwk, "kty", ScimJsonNewString(elliptic ? "EC" : "RSA"));
	ScimJsonSet(jwk, "kid", ScimJsonNewString(kid));
	ScimJsonSet(jwk, "use", ScimJsonNewString("sig"));
	ScimJsonSet(jwk, "alg", ScimJsonNewString(elliptic ? "ES256" : "RS256"));
	if (elliptic ? !set_point(jwk, key)
				 : !set_number(jwk, "n", key, OSSL_PKEY_PARAM_RSA_N) ||
					   !set_number(jwk, "e", key, OSSL_PKEY_PARAM_RSA_E))
		return NULL;
	return jwk;
}

/* Does a private key sign by an algorithm as it should? */
static bool
signs_by(EVP_PKEY *key, bool elliptic)
{
	char curve[64];

	if (!elliptic)
		return EVP_PKEY_is_a(key, "RSA") && EVP_PKEY_get_bits(key) >= RSA_BITS;
	return EVP_PKEY_is_a(key, "EC") &&
		   EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, curve,
										  sizeof(curve), NULL) &&
		   strcmp(curve, SN_X9_62_prime256v1) == 0;
}

/* Has a JWK each member that another one has, and the same value? */
static bool
covers(const JsonbValue *jwk, const JsonbValue *wanted)
{
	for (int i = 0; i < wanted->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &wanted->val.object.pairs[i];
		const JsonbValue *value = ScimJsonGet(
			jwk, pnstrdup(pair->key.val.string.val, pair->key.val.string.len));

		if (value == NULL || !ScimJsonEqual(value, &pair->value))
			return false;
	}
	return true;
}

/* Of NULLs and of other algorithms the constraints tell. */
static Datum
admit_key(FunctionCallInfo fcinfo)
{
	const TriggerData *trigger = (const TriggerData *) fcinfo->context;
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);
	HeapTuple tuple = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple
																 : trigger->tg_trigtuple;
	static const struct
	{
		const char *name;
		Oid type;
	} columns[] = {{"id", UUIDOID},
				   {"algorithm", TEXTOID},
				   {"private_key", BYTEAOID},
				   {"public_key", JSONBOID}};
	Datum values[lengthof(columns)];
	char *algorithm;
	bytea *private_key;
	const unsigned char *bytes;
	JsonbValue *jwk = NULL;
	JsonbValue *stated;
	bool elliptic;
	bool signs;
	EVP_PKEY *key;

	for (size_t i = 0; i < lengthof(columns); i++)
	{
		bool isnull;

		values[i] = ScimColumn(tuple, desc,
							   ScimColumnNumber(desc, columns[i].name, columns[i].type),
							   columns[i].type, &isnull);
		if (isnull)
			PG_RETURN_POINTER(tuple);
	}
	algorithm = TextDatumGetCString(values[1]);
	elliptic = strcmp(algorithm, "ES256") == 0;
	if (!elliptic && strcmp(algorithm, "RS256") != 0)
		PG_RETURN_POINTER(tuple);
	private_key = DatumGetByteaPP(values[2]);
	stated = ScimJsonFromJsonb(DatumGetJsonbP(values[3]));
	bytes = (const unsigned char *) VARDATA_ANY(private_key);
	key = d2i_AutoPrivateKey(NULL, &bytes, VARSIZE_ANY_EXHDR(private_key));
	signs = key != NULL && signs_by(key, elliptic);
	if (signs)
		jwk = public_jwk(key, ScimUuidText(DatumGetUUIDP(values[0])), elliptic);
	EVP_PKEY_free(key);
	ERR_clear_error();
	if (!signs)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("column \"private_key\" has no key that signs by %s",
							   algorithm)));
	if (jwk == NULL || stated->type != jbvObject || !covers(stated, jwk))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("column \"public_key\" is not the public part of column "
							   "\"private_key\", with the id for its kid")));
	if (ScimKeyTellsSecret(stated))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("column \"public_key\" has a secret part")));
	PG_RETURN_POINTER(tuple);
}

/*
 * scim_internal.signing_key_row(), BEFORE INSERT OR UPDATE ... FOR EACH ROW: what is
 * published verifies what is signed.
 */
Datum
scim_signing_key_row(PG_FUNCTION_ARGS)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "signing_key_row", BEFORE_ROW | ON_INSERT | ON_UPDATE);

	if (strcmp(ScimTriggerTable(trigger), "signing_key") != 0)
		ScimTriggerCheck(trigger, SCIM_TABLE_SIGNING_KEY, InvalidOid, NULL);
	ScimHideCopyLine();
	return ScimPlainRowAdmit(fcinfo, admit_key);
}

/* scim.create_signing_key(algorithm text, use_from timestamptz) returns uuid */
static Datum
scim_create_signing_key_given(PG_FUNCTION_ARGS)
{
	char *algorithm = text_to_cstring(PG_GETARG_TEXT_PP(0));
	bool elliptic = strcmp(algorithm, "ES256") == 0;
	ScimStore *store = ScimStoreConfigured();
	pg_uuid_t *id = palloc(sizeof(pg_uuid_t));
	unsigned char *der = NULL;
	JsonbValue *jwk = NULL;
	bytea *private_key = NULL;
	ScimParams params;
	EVP_PKEY *key;
	int len = 0;

	if (!elliptic && strcmp(algorithm, "RS256") != 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("no key signs by \"%s\": use ES256 or RS256", algorithm)));
	ScimScopeRefuse(store->namespace_oid, "make keys");
	ScimUuidV7(id);
	key = elliptic ? EVP_EC_gen("P-256") : EVP_RSA_gen(RSA_BITS);
	if (key != NULL)
	{
		jwk = public_jwk(key, ScimUuidText(id), elliptic);
		len = i2d_PrivateKey(key, &der);
		EVP_PKEY_free(key);
	}
	if (len > 0)
	{
		private_key = palloc(VARHDRSZ + len);
		SET_VARSIZE(private_key, VARHDRSZ + len);
		memcpy(VARDATA(private_key), der, len);
		OPENSSL_clear_free(der, len);
	}
	if (jwk == NULL || private_key == NULL)
		ScimRaiseOpenSSL("make a key");

	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(id), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(algorithm), false);
	ScimParamsAdd(&params, BYTEAOID, PointerGetDatum(private_key), false);
	ScimParamsAdd(&params, JSONBOID, JsonbPGetDatum(ScimJsonToJsonb(jwk)), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID, PG_GETARG_DATUM(1), false);
	ScimSpiWriteRow(
		"signing_key",
		psprintf("INSERT INTO %s.signing_key (id, algorithm, private_key, public_key, "
				 "use_from) VALUES ($1, $2, $3, $4, $5) RETURNING (id, algorithm, "
				 "private_key, public_key, use_from) IS NOT DISTINCT FROM ($1, $2, $3, "
				 "$4, $5)",
				 store->quoted_name),
		&params);
	SPI_finish();
	PG_RETURN_UUID_P(id);
}

/* Of the key that signs now, as SQL. */
#define SIGNS_NOW(columns)                      \
	"SELECT " columns " FROM %1$s.signing_key " \
	"WHERE use_from <= clock_timestamp() ORDER BY use_from DESC, id DESC LIMIT 1"

/* Who is told by tokens would be told nothing any more. */
static void
refuse_used_key(const ScimStore *store, const char *id, const ScimParams *params)
{
	ScimSpiExecute(
		psprintf("SELECT FROM %1$s.consumer c WHERE c.method IN ('poll', 'push') "
				 "AND ($1 = (" SIGNS_NOW(
					 "id") ") "
						   "OR $1 = ALL (SELECT k.id FROM %1$s.signing_key k)) "
						   "AND EXISTS (SELECT FROM %1$s.signing_key k WHERE k.id = $1)",
				 store->quoted_name),
		params, false, 1);
	if (SPI_processed > 0)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("signing key \"%s\" signs what consumers are told", id),
						errhint("Make another one with scim.create_signing_key(), which "
								"signs from its use_from on.")));
}

/* scim.drop_signing_key(id) returns void */
static Datum
scim_drop_signing_key_given(PG_FUNCTION_ARGS)
{
	char *id = ScimIdArgument(fcinfo, 0);
	ScimStore *store = ScimStoreConfigured();
	ScimParams params;
	pg_uuid_t uuid;
	bool found = false;

	if (ScimUuidParse(id, &uuid))
	{
		SPI_connect();
		ScimParamsInit(&params);
		ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&uuid), false);
		refuse_used_key(store, id, &params);
		found =
			ScimSpiDelete(
				store->tables.relid[SCIM_TABLE_SIGNING_KEY],
				psprintf("DELETE FROM %s.signing_key WHERE id = $1", store->quoted_name),
				psprintf("SELECT FROM %s.signing_key WHERE id = $1", store->quoted_name),
				&params, true) > 0;
		SPI_finish();
	}
	if (!found)
		ereport(ERROR, (ScimErr(SCIM_NOT_FOUND),
						errmsg("signing key \"%s\" does not exist", id)));
	PG_RETURN_VOID();
}

/* ScimJwks is the set of all public keys of a store: RFC 7517 section 5. */
Jsonb *
ScimJwks(ScimStore *store)
{
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller = ScimBeReader(store->owner);
	MemoryContext old;
	Jsonb *set;

	SPI_connect();
	ScimSpiExecute(
		psprintf("SELECT jsonb_build_object('keys', coalesce("
				 "jsonb_agg(k.public_key ORDER BY k.id), '[]')) FROM %s.signing_key k",
				 store->quoted_name),
		NULL, true, 1);
	old = MemoryContextSwitchTo(context);
	set = DatumGetJsonbPCopy(ScimResultValue(0, 1, JSONBOID));
	MemoryContextSwitchTo(old);
	SPI_finish();
	ScimBeCaller(caller);
	return set;
}

/* scim.jwks() returns jsonb */
Datum
scim_jwks(PG_FUNCTION_ARGS)
{
	PG_RETURN_JSONB_P(ScimJwks(ScimStoreConfigured()));
}

static void
free_key(void *arg)
{
	EVP_PKEY_free(((ScimSigner *) arg)->key);
}

/*
 * ScimSignerOpen reads the key that signs by now; it goes with the memory context that
 * is current.  An error, or with missing_ok NULL, where the store has none (SPI is
 * connected, as the owner).
 */
ScimSigner *
ScimSignerOpen(ScimStore *store, bool missing_ok)
{
	ScimSigner *signer = palloc0(sizeof(ScimSigner));
	const unsigned char *bytes;
	bytea *private_key;

	ScimSpiExecute(psprintf(SIGNS_NOW("id, algorithm, private_key"), store->quoted_name),
				   NULL, false, 1);
	if (SPI_processed == 0 && missing_ok)
		return NULL;
	if (SPI_processed == 0)
		ereport(ERROR, (ScimErr(SCIM_UNAVAILABLE),
						errmsg("store \"%s\" has no key that signs events", store->name),
						errhint("Make one with scim.create_signing_key().")));
	signer->kid = ScimUuidText(DatumGetUUIDP(ScimResultValue(0, 1, UUIDOID)));
	signer->elliptic =
		strcmp(TextDatumGetCString(ScimResultValue(0, 2, TEXTOID)), "ES256") == 0;
	private_key = DatumGetByteaPP(ScimResultValue(0, 3, BYTEAOID));
	bytes = (const unsigned char *) VARDATA_ANY(private_key);
	signer->key = d2i_AutoPrivateKey(NULL, &bytes, VARSIZE_ANY_EXHDR(private_key));
	if (signer->key == NULL)
		ScimRaiseOpenSSL("read a key");
	signer->callback.func = free_key;
	signer->callback.arg = signer;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &signer->callback);
	return signer;
}

/* r and s of an ECDSA signature in DER, each of 32 bytes: RFC 7518 section 3.4. */
static bool
plain_signature(const unsigned char *der, size_t len, unsigned char *plain)
{
	ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &der, len);
	bool done;

	if (signature == NULL)
		return false;
	done = BN_bn2binpad(ECDSA_SIG_get0_r(signature), plain, P256_BYTES) == P256_BYTES &&
		   BN_bn2binpad(ECDSA_SIG_get0_s(signature), plain + P256_BYTES, P256_BYTES) ==
			   P256_BYTES;
	ECDSA_SIG_free(signature);
	return done;
}

static bool
sign(const ScimSigner *signer, const char *text, size_t len, unsigned char *signature,
	 size_t *signature_len)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool done = context != NULL &&
				EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, signer->key) > 0 &&
				EVP_DigestSign(context, signature, signature_len,
							   (const unsigned char *) text, len) > 0;

	EVP_MD_CTX_free(context);
	return done;
}

/* ScimSign makes a JWS in compact form: RFC 7515 section 3.1.  type: its "typ". */
char *
ScimSign(const ScimSigner *signer, const char *type, const JsonbValue *claims)
{
	unsigned char signature[MAX_NUMBER];
	unsigned char plain[2 * P256_BYTES];
	size_t len = sizeof(signature);
	StringInfoData part;
	StringInfoData out;

	initStringInfo(&out);
	initStringInfo(&part);
	appendStringInfo(&part, "{\"alg\":\"%s\",\"kid\":\"%s\",\"typ\":\"%s\"}",
					 signer->elliptic ? "ES256" : "RS256", signer->kid, type);
	ScimBase64Url(&out, (unsigned char *) part.data, part.len);
	appendStringInfoChar(&out, '.');
	resetStringInfo(&part);
	ScimJsonWrite(&part, claims);
	ScimBase64Url(&out, (unsigned char *) part.data, part.len);
	if (!sign(signer, out.data, out.len, signature, &len))
		ScimRaiseOpenSSL("sign an event");
	if (signer->elliptic && !plain_signature(signature, len, plain))
		ScimRaiseOpenSSL("sign an event");
	appendStringInfoChar(&out, '.');
	if (signer->elliptic)
		ScimBase64Url(&out, plain, sizeof(plain));
	else
		ScimBase64Url(&out, signature, len);
	return out.data;
}
