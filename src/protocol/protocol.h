/*
 * protocol.h
 *		RFC 7644 as a function: method, target, headers and body in; status,
 *		headers and body out.  Messages: message/message.h; endpoints of one's own:
 *		endpoint/endpoint.h; who asks: authentication/authentication.h; how
 *		resources look to clients: wire/wire.h.
 *
 *		gateway.c		scim.gateway: the request as nginx and PostgREST bring it
 *		log_entry.c		a line of its log as a row
 *		route.c			where a request of a distributed store is answered
 *		request.c		scim.request: what it is called with and returns
 *		dispatch.c		endpoint and method -> operation of the store
 *		bulk.c			/Bulk: many operations in one request (bulk.h); with
 *						bulk_message.c, bulk_id.c, bulk_reference.c, bulk_perform.c,
 *						bulk_together.c, bulk_leave.c, bulk_atomic.c, bulk_result.c
 *		preview.c		/.preview: what a request would do
 *		discovery.c		/ServiceProviderConfig, /ResourceTypes, /Schemas
 *		conformance.c	whether the store conforms to the interoperability profile
 *		openapi.c		/openapi.json
 *		poll.c			/.events, /jwks.json
 *		console.c		/.console: what the page for people shows
 */
#ifndef SCIM_PROTOCOL_H
#define SCIM_PROTOCOL_H

#include "message/message.h"

/* route.c: of a store that is distributed, for which tenant a request is */
extern int32 ScimRouteTenant(ScimStore *store, ScimRequest *request,
							 const char *authorization, const JsonbValue *claims);
/* The answer of another node, as rows of ScimAtTenant. */
extern void ScimAnswerOf(List *rows, ScimAnswer *answer);

/* request.c */
extern void ScimProtocolInit(void);
extern void ScimServe(ScimRequest *request, ScimAnswer *answer);
extern Datum ScimAnswerDatum(FunctionCallInfo fcinfo, ScimAnswer *answer);

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
