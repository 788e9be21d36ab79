/*
 * jwe.c
 *		JSON Web Encryption in compact form (RFC 7516), by the OpenSSL that the server
 * has.
 *
 * One algorithm, ECDH-ES to a key on P-256 or X25519 (RFC 7518 section 4.6, RFC 8037
 * section 3.2), and A256GCM (RFC 7518 section 5.3): what seals needs the public key only,
 * and any library for JOSE opens it.  Each value has a key of its own, made for it by
 * ECDH with a key that nobody keeps.
 *
 * Nothing is raised while OpenSSL holds something: functions return false, and their
 * callers free what there is.
 */
#include "postgres.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "miscadmin.h"

#include "error.h"
#include "json/json.h"
#include "lib/stringinfo.h"

#include "store/credential/jwe.h"
#include "store/credential/key_set.h"
#include "text/base64url.h"
#include "text/sealed.h"

#define ALGORITHM "ECDH-ES"
#define ENCRYPTION "A256GCM"
#define COORDINATE 32 /* bytes of a number of either curve */
#define POINT (1 + 2 * COORDINATE)
#define CEK 32
#define IV 12
#define TAG 16
#define MAX_KID 256
/* characters of a header: kid and epk, with room for what others put there */
#define MAX_HEADER 2048

typedef struct Curve
{
	const char *crv;
	const char *kty;
	const char *type; /* as OpenSSL calls it */
} Curve;

static const Curve curves[] = {{"P-256", "EC", "EC"}, {"X25519", "OKP", "X25519"}};

static bool
is_elliptic(const Curve *curve)
{
	return curve == &curves[0];
}

static const Curve *
curve_of(const JsonbValue *jwk)
{
	for (size_t i = 0; i < lengthof(curves); i++)
	{
		if (ScimJsonStringEquals(ScimJsonGet(jwk, "kty"), curves[i].kty) &&
			ScimJsonStringEquals(ScimJsonGet(jwk, "crv"), curves[i].crv))
			return &curves[i];
	}
	return NULL;
}

/* A number of a key: false where it is not one of 32 bytes in base64url. */
static bool
number_of(const JsonbValue *jwk, const char *name, unsigned char *bytes)
{
	const char *text = ScimJsonStringCopy(ScimJsonGet(jwk, name));

	return text != NULL && strlen(text) == (COORDINATE * 8 + 5) / 6 &&
		   ScimBase64UrlDecode(text, bytes) == COORDINATE;
}

static bool
is_sound(EVP_PKEY *key, bool is_private)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	bool good = context != NULL && (is_private ? EVP_PKEY_check(context) > 0
											   : EVP_PKEY_public_check(context) > 0);

	EVP_PKEY_CTX_free(context);
	return good;
}

static EVP_PKEY *
elliptic_key(const unsigned char *point, const unsigned char *d)
{
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	BIGNUM *number = d != NULL ? BN_secure_new() : NULL;
	OSSL_PARAM *parameters = NULL;
	EVP_PKEY *key = NULL;

	if (build != NULL && context != NULL &&
		OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1",
										0) &&
		OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, POINT) &&
		(d == NULL || (number != NULL && BN_bin2bn(d, COORDINATE, number) != NULL &&
					   OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, number))))
		parameters = OSSL_PARAM_BLD_to_param(build);
	if (parameters == NULL || EVP_PKEY_fromdata_init(context) <= 0 ||
		EVP_PKEY_fromdata(context, &key,
						  d != NULL ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
						  parameters) <= 0)
		key = NULL;
	OSSL_PARAM_free(parameters);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_CTX_free(context);
	BN_clear_free(number);
	if (key != NULL && !is_sound(key, d != NULL))
	{
		EVP_PKEY_free(key);
		return NULL;
	}
	return key;
}

/* The key of a JWK, to be freed; NULL: it is none. */
static EVP_PKEY *
key_of(const JsonbValue *jwk, bool is_private)
{
	const Curve *curve = curve_of(jwk);
	unsigned char point[POINT] = {POINT_CONVERSION_UNCOMPRESSED};
	unsigned char d[COORDINATE];
	EVP_PKEY *key = NULL;

	if (curve == NULL || !number_of(jwk, "x", point + 1) ||
		(is_elliptic(curve) && !number_of(jwk, "y", point + 1 + COORDINATE)) ||
		(is_private && !number_of(jwk, "d", d)))
		return NULL;
	if (is_elliptic(curve))
		key = elliptic_key(point, is_private ? d : NULL);
	else if (is_private)
		key = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, d, COORDINATE);
	else
		key = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, point + 1, COORDINATE);
	OPENSSL_cleanse(d, sizeof(d));
	ERR_clear_error();
	return key;
}

static bool
allows_use(const JsonbValue *jwk)
{
	const JsonbValue *use = ScimJsonGet(jwk, "use");
	const JsonbValue *alg = ScimJsonGet(jwk, "alg");

	return (use == NULL || ScimJsonStringEquals(use, "enc")) &&
		   (alg == NULL || ScimJsonStringEquals(alg, ALGORITHM));
}

static EVP_PKEY_CTX *generator_of(EVP_PKEY *key);
static bool make_ephemeral(EVP_PKEY *recipient, EVP_PKEY_CTX *generator,
						   const Curve *curve, unsigned char *point, unsigned char *cek);

/* ScimJweKeyProblem: what is wrong with a public JWK, or NULL. */
const char *
ScimJweKeyProblem(const JsonbValue *jwk)
{
	const JsonbValue *kid;
	unsigned char point[POINT];
	unsigned char cek[CEK];
	EVP_PKEY *key;
	EVP_PKEY_CTX *generator;
	bool agrees;

	if (jwk->type != jbvObject)
		return "is not a JSON object";
	if (ScimKeyTellsSecret(jwk))
		return "has a secret part: only the public one belongs here";
	kid = ScimJsonGet(jwk, "kid");
	if (kid != NULL && (kid->type != jbvString || kid->val.string.len == 0 ||
						kid->val.string.len > MAX_KID))
		return psprintf("has a \"kid\" that is no string of 1 to %d bytes", MAX_KID);
	if (!allows_use(jwk))
		return "is not for \"use\" \"enc\" and \"alg\" \"" ALGORITHM "\"";
	key = key_of(jwk, false);
	/* with a point of small order nothing is agreed (RFC 7748 section 6.1) */
	generator = key != NULL ? generator_of(key) : NULL;
	agrees =
		generator != NULL && make_ephemeral(key, generator, curve_of(jwk), point, cek);
	OPENSSL_cleanse(cek, sizeof(cek));
	EVP_PKEY_CTX_free(generator);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return !agrees ? "is no public key on P-256 (\"kty\" \"EC\") or X25519 (\"kty\" "
					 "\"OKP\")"
				   : NULL;
}

/* ScimJweThumbprint: RFC 7638, of a key without a problem. */
char *
ScimJweThumbprint(const JsonbValue *jwk)
{
	const Curve *curve = curve_of(jwk);
	unsigned char digest[SHA256_DIGEST_LENGTH];
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfo(&text, "{\"crv\":\"%s\",\"kty\":\"%s\",\"x\":\"%s\"", curve->crv,
					 curve->kty, ScimJsonStringCopy(ScimJsonGet(jwk, "x")));
	if (is_elliptic(curve))
		appendStringInfo(&text, ",\"y\":\"%s\"",
						 ScimJsonStringCopy(ScimJsonGet(jwk, "y")));
	appendStringInfoChar(&text, '}');
	SHA256((unsigned char *) text.data, text.len, digest);
	resetStringInfo(&text);
	ScimBase64Url(&text, digest, sizeof(digest));
	return text.data;
}

/* The public part of a key in bytes: a point, or x alone behind one byte. */
static bool
read_point(EVP_PKEY *key, const Curve *curve, unsigned char *point)
{
	size_t len = is_elliptic(curve) ? POINT : COORDINATE;

	if (!is_elliptic(curve))
		return EVP_PKEY_get_raw_public_key(key, point + 1, &len) > 0 && len == COORDINATE;
	return EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point, POINT,
										   &len) &&
		   len == POINT && point[0] == POINT_CONVERSION_UNCOMPRESSED;
}

static JsonbValue *
public_jwk(const Curve *curve, const unsigned char *point)
{
	JsonbValue *jwk = ScimJsonNewObject();

	ScimJsonSet(jwk, "kty", ScimJsonNewString(curve->kty));
	ScimJsonSet(jwk, "crv", ScimJsonNewString(curve->crv));
	ScimJsonSet(jwk, "x", ScimBase64UrlValue(point + 1, COORDINATE));
	if (is_elliptic(curve))
		ScimJsonSet(jwk, "y", ScimBase64UrlValue(point + 1 + COORDINATE, COORDINATE));
	return jwk;
}

/* ScimJweMakeKey makes a key on P-256: a JWK with "d" and its thumbprint for a kid. */
JsonbValue *
ScimJweMakeKey(void)
{
	unsigned char point[POINT];
	unsigned char d[COORDINATE];
	EVP_PKEY *key = EVP_EC_gen("P-256");
	BIGNUM *number = NULL;
	JsonbValue *jwk;
	bool made = key != NULL && read_point(key, &curves[0], point) &&
				EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &number) &&
				BN_bn2binpad(number, d, COORDINATE) == COORDINATE;

	BN_clear_free(number);
	EVP_PKEY_free(key);
	if (!made)
		ScimRaiseOpenSSL("make a key");
	jwk = public_jwk(&curves[0], point);
	ScimJsonSet(jwk, "kid", ScimJsonNewString(ScimJweThumbprint(jwk)));
	ScimJsonSet(jwk, "use", ScimJsonNewString("enc"));
	ScimJsonSet(jwk, "alg", ScimJsonNewString(ALGORITHM));
	ScimJsonSet(jwk, "d", ScimBase64UrlValue(d, sizeof(d)));
	OPENSSL_cleanse(d, sizeof(d));
	return jwk;
}

/* What two keys have in common, of which one is private: RFC 7518 section 4.6.2. */
static bool
agree(EVP_PKEY *own, EVP_PKEY *other, unsigned char *cek)
{
	/* the number of the round, Z, and what it is for: neither party has a name */
	static const unsigned char round[] = {0, 0, 0, 1};
	static const unsigned char purpose[] = {0,   0,   0,   7, 'A', '2', '5', '6',
											'G', 'C', 'M', 0, 0,   0,   0,   0,
											0,   0,   0,   0, 0,   1,   0};
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, own, NULL);
	EVP_MD_CTX *digest = EVP_MD_CTX_new();
	unsigned char z[COORDINATE];
	size_t len = sizeof(z);
	bool done = context != NULL && digest != NULL && EVP_PKEY_derive_init(context) > 0 &&
				/* whoever has made a key of it (key_of) has looked whether it is one */
				EVP_PKEY_derive_set_peer_ex(context, other, 0) > 0 &&
				EVP_PKEY_derive(context, z, &len) > 0 && len == sizeof(z) &&
				EVP_DigestInit_ex(digest, EVP_sha256(), NULL) &&
				EVP_DigestUpdate(digest, round, sizeof(round)) &&
				EVP_DigestUpdate(digest, z, sizeof(z)) &&
				EVP_DigestUpdate(digest, purpose, sizeof(purpose)) &&
				EVP_DigestFinal_ex(digest, cek, NULL);

	OPENSSL_cleanse(z, sizeof(z));
	EVP_MD_CTX_free(digest);
	EVP_PKEY_CTX_free(context);
	return done;
}

/*
 * A key of this value alone, and what it has in common with that of the store, of whose
 * kind generator makes keys.
 */
static bool
make_ephemeral(EVP_PKEY *recipient, EVP_PKEY_CTX *generator, const Curve *curve,
			   unsigned char *point, unsigned char *cek)
{
	EVP_PKEY *key = NULL;
	bool done = EVP_PKEY_generate(generator, &key) > 0 && read_point(key, curve, point) &&
				agree(key, recipient, cek);

	EVP_PKEY_free(key);
	return done;
}

/* What makes keys of the kind of a key, to be freed; NULL: OpenSSL does not do it. */
static EVP_PKEY_CTX *
generator_of(EVP_PKEY *key)
{
	EVP_PKEY_CTX *generator = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);

	if (generator != NULL && EVP_PKEY_keygen_init(generator) > 0)
		return generator;
	EVP_PKEY_CTX_free(generator);
	return NULL;
}

/*
 * The public key that a value was last sealed to.  To make it of its JWK, to look whether
 * it is one, and to set up what makes keys of its kind takes twice as long as to seal a
 * value.
 */
static struct
{
	const Curve *curve;
	unsigned char point[POINT];
	EVP_PKEY *key; /* NULL: there is none */
	EVP_PKEY_CTX *generator;
} last;

/* Sets last to the key of a JWK; false: it is none. */
static bool
remember(const JsonbValue *jwk, const Curve *curve)
{
	unsigned char point[POINT] = {POINT_CONVERSION_UNCOMPRESSED};

	if (!number_of(jwk, "x", point + 1) ||
		(is_elliptic(curve) && !number_of(jwk, "y", point + 1 + COORDINATE)))
		return false;
	if (last.key != NULL && last.curve == curve &&
		memcmp(last.point, point, sizeof(point)) == 0)
		return true;
	EVP_PKEY_CTX_free(last.generator);
	EVP_PKEY_free(last.key);
	last.generator = NULL;
	last.key = key_of(jwk, false);
	if (last.key != NULL)
		last.generator = generator_of(last.key);
	if (last.generator == NULL)
	{
		EVP_PKEY_free(last.key);
		last.key = NULL;
		return false;
	}
	last.curve = curve;
	memcpy(last.point, point, sizeof(point));
	return true;
}

static bool
encrypt(const unsigned char *cek, const unsigned char *iv, const char *aad, int aad_len,
		const char *text, int len, unsigned char *cipher, unsigned char *tag)
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	int n;
	bool done =
		context != NULL &&
		EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), NULL, cek, iv) > 0 &&
		EVP_EncryptUpdate(context, NULL, &n, (const unsigned char *) aad, aad_len) > 0 &&
		EVP_EncryptUpdate(context, cipher, &n, (const unsigned char *) text, len) > 0 &&
		n == len && EVP_EncryptFinal_ex(context, cipher + n, &n) > 0 &&
		EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, TAG, tag) > 0;

	EVP_CIPHER_CTX_free(context);
	return done;
}

static bool
decrypt(const unsigned char *cek, const unsigned char *iv, const char *aad, int aad_len,
		const unsigned char *cipher, int len, unsigned char *tag, unsigned char *text)
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	int n;
	bool done =
		context != NULL &&
		EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), NULL, cek, iv) > 0 &&
		EVP_DecryptUpdate(context, NULL, &n, (const unsigned char *) aad, aad_len) > 0 &&
		EVP_DecryptUpdate(context, text, &n, cipher, len) > 0 && n == len &&
		EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, TAG, tag) > 0 &&
		EVP_DecryptFinal_ex(context, text + n, &n) > 0;

	EVP_CIPHER_CTX_free(context);
	return done;
}

static void
write_header(StringInfo header, const Curve *curve, const JsonbValue *kid,
			 const unsigned char *point)
{
	initStringInfo(header);
	appendStringInfoString(header,
						   "{\"typ\":\"" SCIM_SEALED_TYPE "\",\"alg\":\"" ALGORITHM
						   "\",\"enc\":\"" ENCRYPTION "\",\"kid\":");
	ScimJsonWriteString(header, kid->val.string.val, kid->val.string.len);
	appendStringInfoString(header, ",\"epk\":");
	ScimJsonWrite(header, public_jwk(curve, point));
	appendStringInfoChar(header, '}');
}

/* Characters of so many bytes in base64url. */
static size_t
encoded(size_t len)
{
	return (len * 8 + 5) / 6;
}

/*
 * ScimJweLength returns how long the JWE of a text of so many bytes will be, for whoever
 * has the private part of a JWK: all that ScimJweSeal makes to it are alike.
 */
size_t
ScimJweLength(const JsonbValue *jwk, size_t len)
{
	static const unsigned char point[POINT];
	const Curve *curve = curve_of(jwk);
	StringInfoData header;
	size_t header_len;

	/* somebody has written it by hand: ScimJweSeal says so */
	if (curve == NULL)
		return 0;
	write_header(&header, curve, ScimJsonGet(jwk, "kid"), point);
	header_len = header.len;
	pfree(header.data);
	return encoded(header_len) + 2 + encoded(IV) + 1 + encoded(len) + 1 + encoded(TAG);
}

/*
 * ScimJweSeal makes the JWE of a text, for whoever has the private part of a JWK that has
 * no problem and a kid.  Error: 38000 where OpenSSL does not do it.
 */
char *
ScimJweSeal(const JsonbValue *jwk, const char *text, size_t len)
{
	const Curve *curve = curve_of(jwk);
	const JsonbValue *kid = ScimJsonGet(jwk, "kid");
	unsigned char point[POINT];
	unsigned char cek[CEK];
	unsigned char iv[IV];
	unsigned char tag[TAG];
	unsigned char *cipher = palloc(len + 1);
	StringInfoData header;
	StringInfoData out;
	bool done = curve != NULL && remember(jwk, curve) &&
				make_ephemeral(last.key, last.generator, curve, point, cek) &&
				RAND_bytes(iv, sizeof(iv)) > 0;

	if (!done)
		ScimRaiseOpenSSL("seal a value");
	write_header(&header, curve, kid, point);
	initStringInfo(&out);
	ScimBase64Url(&out, (unsigned char *) header.data, header.len);
	done = encrypt(cek, iv, out.data, out.len, text, len, cipher, tag);
	OPENSSL_cleanse(cek, sizeof(cek));
	if (!done)
		ScimRaiseOpenSSL("seal a value");
	/* no encrypted key: that of the content is what was agreed upon */
	appendStringInfoString(&out, "..");
	ScimBase64Url(&out, iv, sizeof(iv));
	appendStringInfoChar(&out, '.');
	ScimBase64Url(&out, cipher, len);
	appendStringInfoChar(&out, '.');
	ScimBase64Url(&out, tag, sizeof(tag));
	return out.data;
}

#define PARTS 5

typedef struct Parts
{
	const char *text[PARTS];
	size_t len[PARTS];
	JsonbValue *header;
} Parts;

static unsigned char *
decode(const Parts *parts, int part, int *len)
{
	unsigned char *bytes = palloc(parts->len[part] + 1);

	*len = ScimBase64UrlDecode(pnstrdup(parts->text[part], parts->len[part]), bytes);
	return bytes;
}

/* Takes a JWE apart; false: it is none that is made here. */
static bool
take_apart(const char *jwe, size_t len, Parts *parts)
{
	const char *end = jwe + len;
	const char *problem = NULL;
	unsigned char *header;
	int header_len;

	for (int i = 0; i < PARTS; i++)
	{
		const char *dot = i < PARTS - 1 ? memchr(jwe, '.', end - jwe) : end;

		if (dot == NULL)
			return false;
		parts->text[i] = jwe;
		parts->len[i] = dot - jwe;
		jwe = dot + 1;
	}
	if (memchr(parts->text[4], '.', parts->len[4]) != NULL || parts->len[1] != 0 ||
		parts->len[0] > MAX_HEADER)
		return false;
	header = decode(parts, 0, &header_len);
	if (header_len < 0)
		return false;
	parts->header = ScimJsonParse((char *) header, header_len, &problem);
	return parts->header != NULL && parts->header->type == jbvObject &&
		   ScimJsonStringEquals(ScimJsonGet(parts->header, "typ"), SCIM_SEALED_TYPE) &&
		   ScimJsonStringEquals(ScimJsonGet(parts->header, "alg"), ALGORITHM) &&
		   ScimJsonStringEquals(ScimJsonGet(parts->header, "enc"), ENCRYPTION) &&
		   ScimJsonGet(parts->header, "crit") == NULL &&
		   ScimJsonGet(parts->header, "zip") == NULL &&
		   ScimJsonGet(parts->header, "apu") == NULL &&
		   ScimJsonGet(parts->header, "apv") == NULL;
}

/* ScimJweKid: the kid of a JWE that is whole, as far as can be seen without its key. */
char *
ScimJweKid(const char *jwe, size_t len)
{
	Parts parts;
	const JsonbValue *epk;
	int n;
	EVP_PKEY *key;

	if (!take_apart(jwe, len, &parts))
		return NULL;
	(void) decode(&parts, 2, &n);
	if (n != IV)
		return NULL;
	(void) decode(&parts, 3, &n);
	if (n < 0)
		return NULL;
	(void) decode(&parts, 4, &n);
	epk = ScimJsonGet(parts.header, "epk");
	if (n != TAG || epk == NULL || epk->type != jbvObject)
		return NULL;
	key = key_of(epk, false);
	EVP_PKEY_free(key);
	return key != NULL ? ScimJsonStringCopy(ScimJsonGet(parts.header, "kid")) : NULL;
}

/* ScimJweOpen: the text in a JWE; NULL: it is none, or not for this key. */
char *
ScimJweOpen(const JsonbValue *jwk, const char *jwe, size_t len, size_t *text_len)
{
	Parts parts;
	const JsonbValue *epk;
	unsigned char cek[CEK];
	unsigned char *iv;
	unsigned char *cipher;
	unsigned char *tag;
	unsigned char *text;
	int lens[3];
	EVP_PKEY *own;
	EVP_PKEY *other;
	bool done;

	if (!take_apart(jwe, len, &parts))
		return NULL;
	iv = decode(&parts, 2, &lens[0]);
	cipher = decode(&parts, 3, &lens[1]);
	tag = decode(&parts, 4, &lens[2]);
	epk = ScimJsonGet(parts.header, "epk");
	if (lens[0] != IV || lens[1] < 0 || lens[2] != TAG || epk == NULL ||
		epk->type != jbvObject || curve_of(epk) == NULL || curve_of(epk) != curve_of(jwk))
		return NULL;
	text = palloc(lens[1] + 1);
	own = key_of(jwk, true);
	other = key_of(epk, false);
	done = own != NULL && other != NULL && agree(own, other, cek) &&
		   decrypt(cek, iv, parts.text[0], parts.len[0], cipher, lens[1], tag, text);
	EVP_PKEY_free(own);
	EVP_PKEY_free(other);
	OPENSSL_cleanse(cek, sizeof(cek));
	ERR_clear_error();
	if (!done)
		return NULL;
	text[lens[1]] = '\0';
	*text_len = lens[1];
	return (char *) text;
}
