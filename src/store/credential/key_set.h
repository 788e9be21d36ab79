/*
 * key_set.h
 *		JSON Web Key Sets (RFC 7517): public keys, and what they have signed.
 */
#ifndef SCIM_KEY_SET_H
#define SCIM_KEY_SET_H

#include "postgres.h"
#include "utils/jsonb.h"

#include "compat.h"

/* Longest key set that is kept, in bytes of JSON. */
#define SCIM_MAX_KEY_SET (64 * 1024)

typedef enum ScimSignature
{
	SCIM_SIGNATURE_GOOD,
	SCIM_SIGNATURE_WRONG,
	SCIM_SIGNATURE_NO_KEY /* the set has no such key for this algorithm */
} ScimSignature;

/* The algorithms of RFC 7518 and RFC 8037 that are verified, as JSON: "RS256","PS256",...
 */
#define SCIM_SIGNATURE_ALGORITHMS "\"RS256\",\"PS256\",\"ES256\",\"EdDSA\""

extern bool ScimKeyTellsSecret(const JsonbValue *jwk);
extern bool ScimSignatureIsKnown(const char *algorithm);
/* What is wrong with a key set, as in "it %s"; NULL: nothing. */
extern const char *ScimKeySetProblem(const JsonbValue *set);
/* The same of the address of one, as the table "client" has it. */
extern const char *ScimKeyAddressProblem(const char *address);
/* kid may be NULL: any key of the set that the algorithm can have. */
extern ScimSignature ScimKeySetVerify(const JsonbValue *set, const char *algorithm,
									  const char *kid, const char *data, int len,
									  const unsigned char *signature, int signature_len);
/* For who makes keys and signatures */
extern JsonbValue *ScimBase64UrlValue(const unsigned char *bytes, int len);
pg_noreturn extern void ScimRaiseOpenSSL(const char *what);

#endif /* SCIM_KEY_SET_H */
