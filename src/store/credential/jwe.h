/*
 * jwe.h
 *		JSON Web Encryption in compact form (RFC 7516): values sealed to a public key.
 */
#ifndef SCIM_JWE_H
#define SCIM_JWE_H

#include "postgres.h"
#include "utils/jsonb.h"

/* What is wrong with a public JWK to seal to, as in "it %s"; NULL: nothing. */
extern const char *ScimJweKeyProblem(const JsonbValue *jwk);
/* The name of a key that has none: its thumbprint (RFC 7638). */
extern char *ScimJweThumbprint(const JsonbValue *jwk);
/* A new key of both parts. */
extern JsonbValue *ScimJweMakeKey(void);
/* The JWE of a text, for a JWK with a kid. */
extern char *ScimJweSeal(const JsonbValue *jwk, const char *text, size_t len);
/* How long that of a text of so many bytes is. */
extern size_t ScimJweLength(const JsonbValue *jwk, size_t len);
/* The kid of a JWE that ScimJweSeal could have made, or NULL: it is none. */
extern char *ScimJweKid(const char *jwe, size_t len);
/* The text in a JWE; NULL: this private JWK does not open it. */
extern char *
ScimJweOpen(const JsonbValue *jwk, const char *jwe, size_t len, size_t *text_len);

#endif /* SCIM_JWE_H */
