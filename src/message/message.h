/*
 * message.h
 *		Messages of RFC 7644 and HTTP: what a request says, and how answers are
 *		written.  What is served, and by what, is known to others.
 *
 *		target.c		path and query string, percent-decoding
 *		path.c			which paths SCIM serves itself
 *		headers.c		content negotiation, preferences, the base URL
 *		utf8.c			bytes that have to be text
 *		body.c			bytes -> JSON, within limits
 *		query.c			query string or SearchRequest -> ScimSearchRequest
 *		precondition.c	If-Match and If-None-Match
 *		response.c		headers and bodies
 *		perform.c		work on a request in a subtransaction, and the answer that an
 *						error becomes
 */
#ifndef SCIM_MESSAGE_H
#define SCIM_MESSAGE_H

#include "postgres.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"

#include "error.h"
#include "operation/operation.h"
#include "query/query.h"
#include "store/statement/proof.h"
#include "store/store.h"

#define SCIM_URN_LIST_RESPONSE "urn:ietf:params:scim:api:messages:2.0:ListResponse"
#define SCIM_URN_SEARCH_REQUEST "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
#define SCIM_URN_PATCH_OP "urn:ietf:params:scim:api:messages:2.0:PatchOp"
#define SCIM_URN_BULK_REQUEST "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
#define SCIM_URN_BULK_RESPONSE "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
/* Of our own: in the schemas of a bulk request, it asks for all or nothing. */
#define SCIM_URN_BULK_ATOMIC "urn:scim:params:bulk:atomic"
#define SCIM_URN_ERROR "urn:ietf:params:scim:api:messages:2.0:Error"

#define SCIM_MEDIA_TYPE "application/scim+json"

/*
 * A request target, decoded.  The segments are those behind the base path and
 * the version: /scim/v2/Users/1 has the two segments Users and 1.  A parameter
 * that is not given is NULL or NIL.
 */
typedef struct ScimTarget
{
	int nsegments;
	char **segments;
	const char *filter;
	const char *sort_by;
	const char *sort_order;
	const char *start_index;
	const char *count;
	const char *cursor;
	List *attributes; /* of char * */
	List *excluded;   /* of char * */
} ScimTarget;

/* One of a query string. */
typedef struct ScimParameter
{
	const char *name;
	const char *value;
} ScimParameter;

typedef struct ScimRequest
{
	const char *method;
	const char *target_text;
	ScimTarget target;   /* parsed by ScimDispatch */
	JsonbValue *headers; /* an object of strings */
	bool has_body;
	bool body_is_bytes; /* bytea, of unknown encoding; otherwise text */
	Datum body;
	bool parsing_body;    /* an error of the server now means bad JSON */
	bool answers_timeout; /* with 503; otherwise it is raised */
	bool needs_to_write;  /* and could not: the transaction or the server is read-only */

	/* of the gateway: as whom it serves which store, or InvalidOid */
	const ScimStore *gateway_store;
	Oid gateway_role;

	/* one operation of a bulk request: its answer needs no resource */
	bool is_operation;
	bool all_or_none;        /* where it fails, nothing of the others is left */
	bool defers;             /* its deferred constraints are checked later */
	JsonbValue *data;        /* its body, or NULL; also of one that is previewed */
	const pg_uuid_t *new_id; /* the id that a new resource gets */
	pg_uuid_t made_id;       /* that which it has: another one where it is linked */

	/* where the target leads */
	ScimStore *store;
	const ScimResourceType *type; /* NULL: all types */
	const char *id;
	bool is_me;     /* by way of /Me */
	const char *me; /* then the location that any answer names; NULL: nobody is there */

	/* ScimFlatFind has looked; what it found, or NULL: a request of SCIM */
	bool flat_sought;
	struct ScimFlat *flat;
	const char *flat_media_type; /* of what it found */

	bool is_oauth; /* for the endpoints of OAuth 2.0, whose errors have another form */
	bool base_url_is_claimed; /* by a header, since the store does not know it */
} ScimRequest;

typedef struct ScimAnswer
{
	int status;
	const char *media_type;
	JsonbValue *headers;      /* an object of strings */
	StringInfoData body;      /* empty: the answer has none */
	bool wrote;               /* the store may have changed */
	ScimErrorKind error_kind; /* of an error that has one */
	const char *error_detail; /* NULL: no such error */
	const char *error_type;   /* its scimType, or NULL */
	const char *error_field; /* of an endpoint of one's own, which it is about, or NULL */
} ScimAnswer;

/* target.c */
extern const char *ScimBasePathTrimmed(const ScimStore *store);
extern const char *ScimPathOfUrl(const char *url);
extern char *ScimTargetDecoded(const char *start, size_t len);
extern void ScimTargetParse(const ScimStore *store, const char *text, ScimTarget *target);
extern char **ScimTargetSplit(const char *text, int *nsegments, const char **query);
extern List *ScimTargetParameters(const char *query);
extern int
ScimTargetShared(const ScimStore *store, char **segments, int nsegments, bool *whole);
extern void ScimTargetStripSuffix(char *segment);
extern int ScimTargetBase(const ScimStore *store, char **segments, int nsegments);

/* path.c */
typedef enum ScimPathKind
{
	SCIM_PATH_OTHER, /* a resource type, or nothing */
	SCIM_PATH_SEARCH,
	SCIM_PATH_SERVICE_PROVIDER_CONFIG,
	SCIM_PATH_RESOURCE_TYPES, /* and /ResourceTypes/{name} */
	SCIM_PATH_SCHEMAS,        /* and /Schemas/{urn} */
	SCIM_PATH_ME,
	SCIM_PATH_BULK,
	SCIM_PATH_PREVIEW,
	SCIM_PATH_OPENAPI,
	SCIM_PATH_EVENTS,  /* /.events/{consumer} */
	SCIM_PATH_CONSOLE, /* /.console/{part} */
	SCIM_PATH_KEYS,
	SCIM_PATH_OAUTH /* /.oauth/token, /.oauth/revoke */
} ScimPathKind;

extern ScimPathKind ScimPathKindOf(const char *first, int nsegments);
extern bool ScimPathIsServed(const ScimStore *store, char **segments, int nsegments);

/* headers.c */
extern void ScimHeadersCheck(const JsonbValue *headers);
extern const char *ScimHeader(const ScimRequest *request, const char *name);
extern const char *ScimNegotiateMediaType(const ScimRequest *request);
extern bool ScimAccepts(const ScimRequest *request, const char *media_type);
extern bool ScimContentIs(const ScimRequest *request, const char *media_type);
extern void ScimCheckContent(const ScimRequest *request);
extern bool ScimPrefersMinimal(const ScimRequest *request);
extern char *ScimRequestBaseUrl(const ScimStore *store, const ScimRequest *request);

/* utf8.c */
extern void ScimRequireUtf8(const char *bytes, int len, const char *what);

/* utf8.c */
extern void ScimRequireUtf8(const char *bytes, int len, const char *what);

/* body.c */
extern JsonbValue *ScimRequestBody(ScimRequest *request);
extern bool ScimHasMessageSchema(const JsonbValue *message, const char *urn);
extern void ScimCheckMessageSchema(const JsonbValue *message, const char *urn);

/* query.c */
extern void ScimCheckProjection(const ScimTarget *target);
extern void ScimRefuseParameters(const ScimTarget *target);
extern void ScimRefuseFilter(const ScimTarget *target);
extern void ScimSearchFromTarget(const ScimTarget *target, ScimSearchRequest *search);
extern void ScimSearchFromBody(const JsonbValue *body, ScimSearchRequest *search);

/* precondition.c */
extern void ScimConditionsCheck(const ScimRequest *request);
extern ScimPreconditions ScimConditionsOf(const ScimRequest *request);
extern bool ScimIsFresh(const ScimRequest *request, const char *tag,
						TimestampTz last_modified, bool derived);
extern void ScimConditionsOfPost(const ScimRequest *request, const char *what);
extern void ScimConditionsOfAnswer(const ScimRequest *request, ScimAnswer *answer);

/* response.c */
extern const char *ScimShortDetail(const char *detail);
extern void ScimAnswerReset(ScimAnswer *answer);
extern void ScimAnswerHeader(ScimAnswer *answer, const char *name, const char *value);
extern void ScimAnswerNotAcceptable(const ScimRequest *request, ScimAnswer *answer,
									const char *media_types);
extern void
ScimAnswerErrorKind(ScimAnswer *answer, ScimErrorKind kind, const char *detail);
/* The same with a scimType that the table does not have; NULL: none. */
extern void ScimAnswerErrorType(ScimAnswer *answer, ScimErrorKind kind,
								const char *scim_type, const char *detail);
extern text *ScimAnswerTakeBody(ScimAnswer *answer);
extern void ScimAnswerFinish(ScimAnswer *answer, bool head);

typedef void (*ScimWork)(ScimRequest *request, ScimAnswer *answer, void *arg);

/* perform.c */
extern void
ScimPerform(ScimWork work, ScimRequest *request, ScimAnswer *answer, void *arg);
extern void
ScimPerformHere(ScimWork work, ScimRequest *request, ScimAnswer *answer, void *arg);
extern void ScimRequireReadWrite(ScimRequest *request);
extern bool ScimErrorEndsAll(const ScimRequest *request, const ErrorData *error);

#endif /* SCIM_MESSAGE_H */
