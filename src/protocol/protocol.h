/*
 * protocol.h
 *		RFC 7644 as a function: method, target, headers and body in; status,
 *		headers and body out.  Messages: message/message.h; endpoints of one's own:
 *		endpoint/endpoint.h.
 *
 *		gateway.c		scim.gateway: the request as nginx and PostgREST bring it
 *		log_entry.c		a line of its log as a row
 *		authenticate.c	who presents these credentials
 *		route.c			where a request of a distributed store is answered
 *		oauth.c			access tokens for clients: OAuth 2.0 (oauth.h); with
 *						oauth_error.c, oauth_form.c, oauth_client.c,
 *						oauth_assertion.c, oauth_failure.c, oauth_token.c
 *		request.c		scim.request: what it is called with and returns
 *		perform.c		the subtransaction, errors into answers
 *		dispatch.c		endpoint and method -> operation of the store
 *		bulk.c			/Bulk: many operations in one request (bulk.h); with
 *						bulk_message.c, bulk_id.c, bulk_reference.c, bulk_perform.c,
 *						bulk_together.c, bulk_atomic.c, bulk_result.c
 *		preview.c		/.preview: what a request would do
 *		discovery.c		/ServiceProviderConfig, /ResourceTypes, /Schemas
 *		conformance.c	whether the store conforms to the interoperability profile
 *		openapi.c		/openapi.json
 *		poll.c			/.events, /jwks.json
 *		console.c		/.console: what the page for people shows
 *		wire.c			how resources look to clients (wire.h); wire_identifier.c,
 *							wire_schema.c
 */
#ifndef SCIM_PROTOCOL_H
#define SCIM_PROTOCOL_H

#include "message/message.h"

typedef void (*ScimWork)(ScimRequest *request, ScimAnswer *answer, void *arg);

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

/* route.c: of a store that is distributed, for which tenant a request is */
extern int32 ScimRouteTenant(ScimStore *store, ScimRequest *request,
							 const char *authorization, const JsonbValue *claims);
/* The answer of another node, as rows of ScimAtTenant. */
extern void ScimAnswerOf(List *rows, ScimAnswer *answer);

/* oauth.c: Find looks whether a request is for it, and Finish gives answers their form */
extern bool ScimOAuthFind(ScimStore *store, ScimRequest *request);
extern void ScimOAuthServe(ScimRequest *request, ScimAnswer *answer);
extern void ScimOAuthFinish(const ScimRequest *request, ScimAnswer *answer);

/* request.c */
extern void ScimProtocolInit(void);
extern void ScimServe(ScimRequest *request, ScimAnswer *answer);
extern Datum ScimAnswerDatum(FunctionCallInfo fcinfo, ScimAnswer *answer);

/* perform.c */
extern void
ScimPerform(ScimWork work, ScimRequest *request, ScimAnswer *answer, void *arg);
extern void
ScimPerformHere(ScimWork work, ScimRequest *request, ScimAnswer *answer, void *arg);
extern bool ScimErrorEndsAll(const ScimRequest *request, const ErrorData *error);

/* dispatch.c */
extern void ScimDispatch(ScimRequest *request, ScimAnswer *answer);
extern bool ScimTargetIsDiscovery(const ScimTarget *target);

/* bulk.c */
extern void ScimAnswerBulk(ScimRequest *request, ScimAnswer *answer);

/* bulk_reference.c */
typedef void (*ScimMayRefer)(JsonbValue *value, void *arg);
extern void ScimBulkPlaces(ScimStore *store, const char *path, JsonbValue *data,
						   ScimMayRefer found, void *arg);

/* preview.c */
extern void ScimAnswerPreview(ScimRequest *request, ScimAnswer *answer);

/* discovery.c */
extern void ScimAnswerServiceProviderConfig(ScimRequest *request, ScimAnswer *answer);
extern void ScimAnswerResourceTypes(ScimRequest *request, ScimAnswer *answer);
extern void ScimAnswerSchemas(ScimRequest *request, ScimAnswer *answer);

/* conformance.c */
extern bool ScimConformsToInterop(ScimStore *store);
extern bool ScimSetsPasswords(const ScimStore *store);

/* openapi.c */
extern void ScimAnswerOpenApi(ScimRequest *request, ScimAnswer *answer);

/* console.c */
extern void ScimAnswerConsole(ScimRequest *request, ScimAnswer *answer);

/* poll.c */
extern void ScimAnswerPoll(ScimRequest *request, ScimAnswer *answer);
extern void ScimAnswerKeys(ScimRequest *request, ScimAnswer *answer);

#endif /* SCIM_PROTOCOL_H */
