/*
 * authentication.h
 *		Who asks: the credentials of a request, and how clients get them.
 *
 *		authenticate.c	who presents these credentials
 *		oauth.c			access tokens for clients: OAuth 2.0 (oauth.h); with
 *						oauth_error.c, oauth_form.c, oauth_client.c,
 *						oauth_assertion.c, oauth_failure.c, oauth_token.c
 */
#ifndef SCIM_AUTHENTICATION_H
#define SCIM_AUTHENTICATION_H

#include "message/message.h"

/* A token or client of whose use the last hour does not know; store NULL: none. */
typedef struct ScimTrace
{
	const ScimStore *store;
	bool is_client;
	bool by_former; /* by the secret before the last rotation */
	int32 tenant_id;
	pg_uuid_t id;
} ScimTrace;

/* Of what use is not known well enough: of the last hour, or since the former secret. */
#define SCIM_TRACE_INTERVAL "interval '1 hour'"
#define SCIM_IS_UNTRACED(column) \
	"(" column " IS NULL OR " column " < clock_timestamp() - " SCIM_TRACE_INTERVAL ")"
#define SCIM_IS_UNTRACED_NOW \
	"(" SCIM_IS_UNTRACED(    \
		"last_used_at") " OR coalesce(last_used_at <= former_used_at, false))"

/* authenticate.c */
extern bool
ScimAuthenticate(ScimStore *store, const char *authorization, const JsonbValue *headers,
				 ScimProof *proof, ScimTrace *trace);
/* in_any_case: not even a timeout is raised. */
extern void ScimTraceLeave(ScimTrace *trace, bool in_any_case);
extern bool ScimAuthenticateClaims(ScimStore *store, const JsonbValue *claims,
								   const char *role, ScimProof *proof);
extern bool ScimClaimsTenant(const JsonbValue *claims, int32 *tenant_id);
/* The row that a secret of ours says that it is of; false: it says none. */
extern bool ScimSecretNames(const char *secret, int32 *tenant_id, pg_uuid_t *id);
extern bool ScimIsHashOf(const bytea *hash, const char *secret);
extern char *ScimChallenge(const ScimStore *store, bool refused);

/* oauth.c: Find looks whether a request is for it, and Finish gives answers their form */
extern bool ScimOAuthFind(ScimStore *store, ScimRequest *request);
extern void ScimOAuthServe(ScimRequest *request, ScimAnswer *answer);
extern void ScimOAuthFinish(const ScimRequest *request, ScimAnswer *answer);

#endif /* SCIM_AUTHENTICATION_H */
