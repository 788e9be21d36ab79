/*
 * key_set.c
 *		JSON Web Key Sets (RFC 7517): public keys of clients, and whether they have signed
 *		something (RFC 7515), by the OpenSSL that the server has.
 *
 * Which algorithm a signature is of is said by whoever signs, and so is nothing to be
 * trusted: each goes with one type of key only, there is none without a key, and none
 * whose key is a shared secret.  A key that says its algorithm or its use is for that
 * only.
 */
#include "postgres.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "miscadmin.h"

#include "json/json.h"
#include "store/credential/key_set.h"
#include "text/base64url.h"

#define MAX_KEYS 50
#define MAX_ADDRESS 2048 /* bytes, as the table "client" has it */
#define MIN_RSA_BITS 2048
#define MAX_RSA_BITS 8192 /* what verifying takes rises with them */
#define MAX_EXPONENT_BITS 32
#define P256_BYTES 32
#define ED25519_BYTES 32
#define MAX_NUMBER 2048 /* characters of a number of a key */

typedef enum KeyType
{
	KEY_RSA,
	KEY_EC,
	KEY_OKP
} KeyType;

static const struct
{
	const char *name;
	KeyType type;
	bool pss;
} algorithms[] = {
	{"RS256", KEY_RSA, false},
	{"PS256", KEY_RSA, true},
	{"ES256", KEY_EC, false},
	{"EdDSA", KEY_OKP, false},
};

static int
find_algorithm(const char *name)
{
	for (size_t i = 0; i < lengthof(algorithms); i++)
	{
		if (strcmp(algorithms[i].name, name) == 0)
			return i;
	}
	return -1;
}

/* ScimSignatureIsKnown: is that an algorithm whose signatures are verified? */
bool
ScimSignatureIsKnown(const char *algorithm)
{
	return find_algorithm(algorithm) >= 0;
}

/* A member that is bytes in base64url; -1: it is not there, or none. */
static int
bytes_of(const JsonbValue *jwk, const char *name, unsigned char *bytes)
{
	const char *text = ScimJsonStringCopy(ScimJsonGet(jwk, name));

	if (text == NULL || text[0] == '\0' || strlen(text) > MAX_NUMBER)
		return -1;
	return ScimBase64UrlDecode(text, bytes);
}

/* A key of some parameters, which are freed. */
static EVP_PKEY *
key_from(const char *type, OSSL_PARAM_BLD *build)
{
	OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(build);
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (parameters == NULL || context == NULL || EVP_PKEY_fromdata_init(context) <= 0 ||
		EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) <= 0)
		key = NULL;
	EVP_PKEY_CTX_free(context);
	OSSL_PARAM_free(parameters);
	return key;
}

static EVP_PKEY *
rsa_key(const JsonbValue *jwk)
{
	unsigned char bytes[2][MAX_NUMBER];
	int n_len = bytes_of(jwk, "n", bytes[0]);
	int e_len = bytes_of(jwk, "e", bytes[1]);
	OSSL_PARAM_BLD *build;
	BIGNUM *n;
	BIGNUM *e;
	EVP_PKEY *key = NULL;

	if (n_len <= 0 || e_len <= 0)
		return NULL;
	n = BN_bin2bn(bytes[0], n_len, NULL);
	e = BN_bin2bn(bytes[1], e_len, NULL);
	build = OSSL_PARAM_BLD_new();
	if (n != NULL && e != NULL && build != NULL && BN_num_bits(n) >= MIN_RSA_BITS &&
		BN_num_bits(n) <= MAX_RSA_BITS && BN_is_odd(n) && BN_is_odd(e) && !BN_is_one(e) &&
		BN_num_bits(e) <= MAX_EXPONENT_BITS &&
		OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) &&
		OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e))
		key = key_from("RSA", build);
	OSSL_PARAM_BLD_free(build);
	BN_free(n);
	BN_free(e);
	return key;
}

/* Is what was made of an elliptic key a point of its curve? */
static bool
is_on_curve(EVP_PKEY *key)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	bool good = context != NULL && EVP_PKEY_public_check(context) > 0;

	EVP_PKEY_CTX_free(context);
	return good;
}

static EVP_PKEY *
elliptic_key(const JsonbValue *jwk)
{
	unsigned char bytes[2][MAX_NUMBER];
	unsigned char point[1 + 2 * P256_BYTES] = {POINT_CONVERSION_UNCOMPRESSED};
	OSSL_PARAM_BLD *build;
	EVP_PKEY *key = NULL;

	if (!ScimJsonStringEquals(ScimJsonGet(jwk, "crv"), "P-256") ||
		bytes_of(jwk, "x", bytes[0]) != P256_BYTES ||
		bytes_of(jwk, "y", bytes[1]) != P256_BYTES)
		return NULL;
	memcpy(point + 1, bytes[0], P256_BYTES);
	memcpy(point + 1 + P256_BYTES, bytes[1], P256_BYTES);
	build = OSSL_PARAM_BLD_new();
	if (build != NULL &&
		OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1",
										0) &&
		OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point,
										 sizeof(point)))
		key = key_from("EC", build);
	OSSL_PARAM_BLD_free(build);
	if (key != NULL && !is_on_curve(key))
	{
		EVP_PKEY_free(key);
		return NULL;
	}
	return key;
}

/*
 * Is a point of the curve one of the few whose order is 8 or less?  Under such a key
 * signatures are easily found that are good for anything (RFC 8032 section 8.9 has no
 * check, RFC 7748 section 7 says why of its twin).  What stands here are the ordinates,
 * without the bit of the sign; the last two are written with the modulus, or more.
 */
static bool
has_small_order(const unsigned char *point)
{
	static const unsigned char ordinates[][ED25519_BYTES] = {
		{0x00},
		{0x01},
		{0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
		 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
		 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
		{0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
		 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
		 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
		{0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
		{0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
		{0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
	};

	for (size_t i = 0; i < lengthof(ordinates); i++)
	{
		if (memcmp(point, ordinates[i], ED25519_BYTES - 1) == 0 &&
			(point[ED25519_BYTES - 1] & 0x7f) == ordinates[i][ED25519_BYTES - 1])
			return true;
	}
	return false;
}

static EVP_PKEY *
edwards_key(const JsonbValue *jwk)
{
	unsigned char bytes[MAX_NUMBER];

	if (!ScimJsonStringEquals(ScimJsonGet(jwk, "crv"), "Ed25519") ||
		bytes_of(jwk, "x", bytes) != ED25519_BYTES || has_small_order(bytes))
		return NULL;
	return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, bytes, ED25519_BYTES);
}

static bool
has_type(const JsonbValue *jwk, KeyType type)
{
	static const char *const names[] = {
		[KEY_RSA] = "RSA", [KEY_EC] = "EC", [KEY_OKP] = "OKP"};

	return ScimJsonStringEquals(ScimJsonGet(jwk, "kty"), names[type]);
}

/* The key of a JWK, to be freed; NULL: it is none of that type that can be used. */
static EVP_PKEY *
key_of(const JsonbValue *jwk, KeyType type)
{
	EVP_PKEY *key = NULL;

	if (!has_type(jwk, type))
		return NULL;
	switch (type)
	{
		case KEY_RSA:
			key = rsa_key(jwk);
			break;
		case KEY_EC:
			key = elliptic_key(jwk);
			break;
		case KEY_OKP:
			key = edwards_key(jwk);
			break;
	}
	ERR_clear_error();
	return key;
}

/* Is a key for signatures, and for those of this algorithm (RFC 7517 section 4)? */
static bool
may_verify(const JsonbValue *jwk, const char *algorithm)
{
	const JsonbValue *use = ScimJsonGet(jwk, "use");
	const JsonbValue *alg = ScimJsonGet(jwk, "alg");
	const JsonbValue *operations = ScimJsonGet(jwk, "key_ops");
	bool verifies = operations == NULL;

	if (operations != NULL && operations->type == jbvArray)
	{
		for (int i = 0; i < operations->val.array.nElems; i++)
			verifies |= ScimJsonStringEquals(&operations->val.array.elems[i], "verify");
	}
	return verifies && (use == NULL || ScimJsonStringEquals(use, "sig")) &&
		   (alg == NULL || algorithm == NULL || ScimJsonStringEquals(alg, algorithm));
}

static bool
is_usable(const JsonbValue *jwk)
{
	for (size_t i = 0; i < lengthof(algorithms); i++)
	{
		EVP_PKEY *key;

		if (!may_verify(jwk, algorithms[i].name))
			continue;
		key = key_of(jwk, algorithms[i].type);
		EVP_PKEY_free(key);
		if (key != NULL)
			return true;
	}
	return false;
}

/* ScimKeyTellsSecret: has a JWK what only its owner may know (RFC 7518 section 6)? */
bool
ScimKeyTellsSecret(const JsonbValue *jwk)
{
	static const char *const members[] = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"};

	for (size_t i = 0; i < lengthof(members); i++)
	{
		if (ScimJsonGet(jwk, members[i]) != NULL)
			return true;
	}
	return false;
}

/*
 * ScimKeySetProblem says what is wrong with a key set, as in "it has no key"; NULL:
 * nothing.  Keys of other kinds may be among them (RFC 7517 section 5), but one at least
 * can be used, and none is secret.
 */
const char *
ScimKeySetProblem(const JsonbValue *set)
{
	const JsonbValue *keys = set->type == jbvObject ? ScimJsonGet(set, "keys") : NULL;
	bool usable = false;

	if (keys == NULL || keys->type != jbvArray)
		return "is not an object with an array \"keys\"";
	if (keys->val.array.nElems > MAX_KEYS)
		return psprintf("has more than %d keys", MAX_KEYS);
	if (strlen(ScimJsonText(set)) > SCIM_MAX_KEY_SET)
		return psprintf("is longer than %d bytes", SCIM_MAX_KEY_SET);
	for (int i = 0; i < keys->val.array.nElems; i++)
	{
		const JsonbValue *jwk = &keys->val.array.elems[i];

		CHECK_FOR_INTERRUPTS();
		if (jwk->type != jbvObject)
			return "has a key that is not an object";
		if (ScimKeyTellsSecret(jwk))
			return "has a key with a secret part: only the public one belongs there";
		usable = usable || is_usable(jwk);
	}
	if (!usable)
		return "has no key for RS256, PS256, ES256 or EdDSA (RSA of 2048 to 8192 bits, "
			   "P-256, Ed25519)";
	return NULL;
}

/*
 * ScimKeyAddressProblem says what is wrong with an address where a key set is fetched, as
 * in "it is no address"; NULL: nothing.
 */
const char *
ScimKeyAddressProblem(const char *address)
{
	static const char scheme[] = "https://";
	size_t len = strlen(address);
	const char *host = address + strlen(scheme);

	if (len > MAX_ADDRESS)
		return psprintf("has %zu bytes: it may have %d", len, MAX_ADDRESS);
	if (strncmp(address, scheme, strlen(scheme)) != 0)
		return psprintf("\"%s\" does not begin with https://", address);
	for (const char *p = host; *p != '\0'; p++)
	{
		if (*p < '!' || *p > '~')
			return psprintf("\"%s\" is not of printable ASCII without spaces", address);
	}
	if (*host != '[' && !isalnum((unsigned char) *host))
		return psprintf("\"%s\" has no host behind https://", address);
	return NULL;
}

/* A signature of two numbers, one behind the other, as OpenSSL takes it; to be freed. */
static unsigned char *
der_of(const unsigned char *signature, int len, int *der_len)
{
	ECDSA_SIG *pair;
	BIGNUM *r;
	BIGNUM *s;
	unsigned char *der = NULL;

	if (len != 2 * P256_BYTES)
		return NULL;
	pair = ECDSA_SIG_new();
	r = BN_bin2bn(signature, P256_BYTES, NULL);
	s = BN_bin2bn(signature + P256_BYTES, P256_BYTES, NULL);
	if (pair != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(pair, r, s))
	{
		*der_len = i2d_ECDSA_SIG(pair, &der);
		if (*der_len <= 0)
			der = NULL;
	}
	else
	{
		BN_free(r);
		BN_free(s);
	}
	ECDSA_SIG_free(pair);
	return der;
}

/* Has this key signed it?  Nothing in here is raised, which would leave keys behind. */
static bool
verify(EVP_PKEY *key, int algorithm, const char *data, int len,
	   const unsigned char *signature, int signature_len)
{
	KeyType type = algorithms[algorithm].type;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	EVP_PKEY_CTX *of_key = NULL;
	unsigned char *der = NULL;
	bool good = false;

	if (type == KEY_EC)
	{
		der = der_of(signature, signature_len, &signature_len);
		signature = der;
	}
	if (context != NULL && signature != NULL &&
		EVP_DigestVerifyInit(context, &of_key, type == KEY_OKP ? NULL : EVP_sha256(),
							 NULL, key) > 0 &&
		(!algorithms[algorithm].pss ||
		 (EVP_PKEY_CTX_set_rsa_padding(of_key, RSA_PKCS1_PSS_PADDING) > 0 &&
		  EVP_PKEY_CTX_set_rsa_pss_saltlen(of_key, RSA_PSS_SALTLEN_DIGEST) > 0)))
		good = EVP_DigestVerify(context, signature, signature_len,
								(const unsigned char *) data, len) == 1;
	EVP_MD_CTX_free(context);
	OPENSSL_free(der);
	ERR_clear_error();
	return good;
}

/*
 * ScimKeySetVerify: has a key of a set signed these bytes, by this algorithm?  Where the
 * signature names a key, kid, it is that one; else any that the algorithm can have.
 */
ScimSignature
ScimKeySetVerify(const JsonbValue *set, const char *algorithm, const char *kid,
				 const char *data, int len, const unsigned char *signature,
				 int signature_len)
{
	const JsonbValue *keys = ScimJsonGet(set, "keys");
	int number = find_algorithm(algorithm);
	ScimSignature result = SCIM_SIGNATURE_NO_KEY;

	if (number < 0 || keys == NULL || keys->type != jbvArray)
		return SCIM_SIGNATURE_NO_KEY;
	for (int i = 0; i < Min(keys->val.array.nElems, MAX_KEYS); i++)
	{
		const JsonbValue *jwk = &keys->val.array.elems[i];
		EVP_PKEY *key;

		CHECK_FOR_INTERRUPTS();
		if (jwk->type != jbvObject || !may_verify(jwk, algorithm) ||
			(kid != NULL && !ScimJsonStringEquals(ScimJsonGet(jwk, "kid"), kid)))
			continue;
		key = key_of(jwk, algorithms[number].type);
		if (key == NULL)
			continue;
		result = verify(key, number, data, len, signature, signature_len)
					 ? SCIM_SIGNATURE_GOOD
					 : SCIM_SIGNATURE_WRONG;
		EVP_PKEY_free(key);
		if (result == SCIM_SIGNATURE_GOOD)
			break;
	}
	return result;
}

/* ScimBase64UrlValue: bytes as a member of a key or a token has them. */
JsonbValue *
ScimBase64UrlValue(const unsigned char *bytes, int len)
{
	StringInfoData text;

	initStringInfo(&text);
	ScimBase64Url(&text, bytes, len);
	return ScimJsonNewStringN(text.data, text.len);
}

/* ScimRaiseOpenSSL: an error of what OpenSSL could not do, with its reason. */
void
ScimRaiseOpenSSL(const char *what)
{
	unsigned long code = ERR_get_error();
	char reason[256] = "no reason was given";

	if (code != 0)
		ERR_error_string_n(code, reason, sizeof(reason));
	ERR_clear_error();
	ereport(ERROR, (errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION),
					errmsg("could not %s: %s", what, reason)));
}
