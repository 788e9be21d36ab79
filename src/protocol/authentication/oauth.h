/*
 * oauth.h
 *		OAuth 2.0 for clients of a store: RFC 6749 section 4.4, of which they get access
 *		tokens, RFC 7009, RFC 7523 and RFC 8414.
 *
 *		oauth.c				the endpoints: what is served where
 *		oauth_error.c		the form of errors
 *		oauth_form.c		the parameters of a request
 *		oauth_client.c		which client sends it
 *		oauth_assertion.c	a JSON web token by which a client says so
 *		oauth_failure.c		who has failed of late, and has to wait
 *		oauth_token.c		access tokens: made, revoked, cleaned up
 */
#ifndef SCIM_OAUTH_H
#define SCIM_OAUTH_H

#include "message/message.h"

/* Behind the base URL of the store. */
#define SCIM_OAUTH_TOKEN_PATH "/.oauth/token"
#define SCIM_OAUTH_REVOKE_PATH "/.oauth/revoke"

typedef enum ScimOAuthMethod
{
	SCIM_OAUTH_BASIC,    /* client_secret_basic */
	SCIM_OAUTH_POST,     /* client_secret_post */
	SCIM_OAUTH_ASSERTION /* private_key_jwt */
} ScimOAuthMethod;

/* A client of the store that is good. */
typedef struct ScimOAuthClient
{
	int32 tenant_id;
	pg_uuid_t id;
	char *name;
	bytea *hash;        /* SHA-256 of its secret, or NULL */
	bytea *former_hash; /* that is good for a while, or NULL */
	JsonbValue *jwks;   /* its keys, or NULL */
	bool fetches_keys;  /* they are fetched, and may be others by now */
	char *scopes;       /* packed, or NULL */
	bool has_end;
	TimestampTz end;
	/* its last use is not known well enough, or that of the secret before */
	bool untraced;
	bool former_untraced;
	bool by_former; /* that was shown */
} ScimOAuthClient;

typedef struct ScimOAuthRequest
{
	ScimRequest *request;
	ScimAnswer *answer;
	ScimStore *store;
	const char *issuer; /* the base URL of the store */
	List *parameters;   /* of ScimParameter *, none of them empty or twice */
} ScimOAuthRequest;

/* oauth_error.c: answers, and returns false, so that what was written stays written */
extern bool ScimOAuthRefuse(ScimOAuthRequest *oauth, int status, const char *error,
							const char *description);
extern void
ScimOAuthWriteError(ScimAnswer *answer, const char *error, const char *description);

/* oauth_form.c: raises an error where the body is no form */
extern List *ScimOAuthForm(ScimRequest *request);
extern const char *ScimOAuthParameter(const ScimOAuthRequest *oauth, const char *name);
extern char *ScimOAuthDecode(const char *text, int len);

/* oauth_client.c: NULL: it has answered */
extern ScimOAuthClient *ScimOAuthAuthenticate(ScimOAuthRequest *oauth);
extern ScimOAuthClient *ScimOAuthFindClient(ScimStore *store, const char *name);

/* oauth_assertion.c */
typedef struct ScimAssertion
{
	char *client; /* whom it says that it is of: nothing is proved by that */
	char *algorithm;
	char *kid;          /* or NULL */
	JsonbValue *claims; /* an object */
	const char *text;
	int signed_len; /* of the text that is signed */
	unsigned char *signature;
	int signature_len;
} ScimAssertion;

/* What is wrong with it, or NULL. */
extern const char *ScimAssertionParse(const char *text, ScimAssertion *assertion);
extern const char *
ScimAssertionCheck(const ScimOAuthRequest *oauth, const ScimAssertion *assertion);
/* False: it was accepted before. */
extern bool ScimAssertionTake(ScimStore *store, const ScimOAuthClient *client,
							  const ScimAssertion *assertion);

/* oauth_failure.c: client may be NULL */
extern bool
ScimOAuthMustWait(const ScimOAuthRequest *oauth, const ScimOAuthClient *client);
extern void
ScimOAuthCountFailure(const ScimOAuthRequest *oauth, const ScimOAuthClient *client);

/* oauth_token.c */
extern void ScimOAuthAnswerToken(ScimOAuthRequest *oauth, const ScimOAuthClient *client);
extern void ScimOAuthAnswerRevoke(ScimOAuthRequest *oauth, const ScimOAuthClient *client);

#endif /* SCIM_OAUTH_H */
