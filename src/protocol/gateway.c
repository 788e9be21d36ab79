/*
 * gateway.c
 *		scim.gateway: what a gateway of nginx and PostgREST calls for each request.
 *
 * PostgREST understands neither the methods, media types and queries of SCIM nor
 * its tokens.  So nginx makes each request one POST of its bytes, and says in
 * headers X-Scim-... what it was:
 *
 *		X-Scim-Method			the method
 *		X-Scim-Target			path and query as they came
 *		X-Scim-Store			the store, by the path or host that was asked for
 *		X-Scim-Base-Url			where the store is served: https://host/scim/v2
 *		X-Scim-Authorization	the client's Authorization, unless it is a JSON web
 *								token, which PostgREST verifies
 *		X-Scim-X-Real-Ip		the address that it came from
 *		X-Scim-Come-Again		that status 421 makes nginx bring a request again which
 *								came by way of the function that reads, by the one that
 *								writes
 *		X-Scim-<header>			another header of the client's
 *
 * Nothing else comes from the client, above all no header X-Scim-....  The answer
 * goes back as PostgREST wants it: the body as the result, status and headers in
 * the settings response.status and response.headers.
 *
 * Whoever may execute scim.gateway is believed what these headers say, and what
 * the setting request.jwt.claims says of a JSON web token.
 */
#include "postgres.h"

#include "access/xact.h"
#include "access/xlog.h"
#include "endpoint/endpoint.h"
#include "extension.h"
#include "fmgr.h"

#include "json/json.h"
#include "protocol/authentication/authentication.h"
#include "miscadmin.h"

#include "protocol/protocol.h"
#include "store/acting.h"
#include "store/at_tenant.h"
#include "store/statement/proof.h"
#include "store/statement/shard.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/guc.h"
#include "utils/memutils.h"

/* The role as which a request runs whose credentials are good. */
#define CLIENT_ROLE "scim_client"

/* Upon which nginx brings a request by way of the function that writes. */
#define COME_AGAIN 421

#define PREFIX "x-scim-"
#define CLAIMS_SETTING "request.jwt.claims"

/* A request of the gateway, beside what of it is a request of SCIM. */
typedef struct Envelope
{
	const char *authorization; /* or NULL */
	const char *store;         /* or NULL: the setting scim.store */
	const char *base_url;      /* or NULL: the setting scim.base_url */
	bool can_come_again;       /* with the status COME_AGAIN */
} Envelope;

typedef enum Caller
{
	CALLER_UNKNOWN, /* no credentials */
	CALLER_REFUSED, /* wrong ones */
	CALLER_PROVED
} Caller;

PG_FUNCTION_INFO_V1(scim_gateway);
PG_FUNCTION_INFO_V1(scim_gateway_answer);

/* One request: what it was called with, and what is left to do behind it. */
typedef struct Call
{
	FunctionCallInfo fcinfo;
	ScimTrace trace;
	bool is_passed_on;   /* another node has called it, as the owner of the store */
	bool can_come_again; /* what it came for writes, which by this way it cannot */
	Oid namespace_oid;   /* of a distributed store, whose tenant is here: */
	int32 tenant_id;
} Call;

static void answer_call(Call *call, ScimRequest *request, ScimAnswer *answer);
static void serve(ScimRequest *request, ScimAnswer *answer, void *arg);
static void serve_store(Call *call, ScimStore *store, const Envelope *envelope,
						ScimRequest *request, ScimAnswer *answer);
static void serve_distributed(Call *call, ScimStore *store, const Envelope *envelope,
							  ScimRequest *request, ScimAnswer *answer);
static void open_envelope(text *headers, Envelope *envelope, ScimRequest *request);
static void state_place(const Envelope *envelope);
static void state(const char *setting, const char *value);
static Caller find_caller(ScimStore *store, const Envelope *envelope,
						  const ScimRequest *request, ScimProof *proof, ScimTrace *trace);
static void take_role(const Call *call);
static void serve_oauth(ScimStore *store, const Envelope *envelope, ScimRequest *request,
						ScimAnswer *answer);
static bool can_write_elsewhere(const Envelope *envelope, const ScimStore *store);
static JsonbValue *web_token_claims(void);
static bool may_be_unknown(const ScimStore *store, const ScimRequest *request);
static void set_local(const char *setting, const char *value);
static text *hand_over(ScimAnswer *answer);
static void
append_header(StringInfo headers, const char *name, const char *value, int len);

/*
 * scim.gateway(headers json, body bytea) returns text: answers a request.
 *
 * Raised are only shutdown, corruption and lack of memory.  Above all no
 * serialization failure leaves it, after which PostgREST would repeat the
 * transaction without end; and a timeout is answered, with 503.
 */
Datum
scim_gateway(PG_FUNCTION_ARGS)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "scim gateway",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	ScimRequest request = {0};
	ScimAnswer answer = {0};
	Call call = {.fcinfo = fcinfo};
	text *body;

	answer_call(&call, &request, &answer);
	MemoryContextSwitchTo(caller);
	/* the body lies in the context, which goes with the caller's */
	body = hand_over(&answer);
	PG_RETURN_TEXT_P(body);
}

/*
 * scim_internal.gateway_answer(headers json, body bytea) returns scim.response: the same
 * on the node of a tenant, called by scim.gateway on another one.
 */
Datum
scim_gateway_answer(PG_FUNCTION_ARGS)
{
	ScimRequest request = {0};
	ScimAnswer answer = {0};
	Call call = {.fcinfo = fcinfo, .is_passed_on = true};

	answer_call(&call, &request, &answer);
	return ScimAnswerDatum(fcinfo, &answer);
}

static void
answer_call(Call *call, ScimRequest *request, ScimAnswer *answer)
{
	int32 tenant_id;

	request->body_is_bytes = true;
	request->answers_timeout = true;
	answer->media_type = SCIM_MEDIA_TYPE;
	ScimPerform(serve, request, answer, call);
	/* what there is by this path the gateway could not know */
	if (request->needs_to_write && call->can_come_again)
	{
		ScimAnswerReset(answer);
		answer->status = COME_AGAIN;
	}
	/* an error has undone that, too */
	if (OidIsValid(call->namespace_oid) && call->trace.store != NULL &&
		!ScimShardsTenant(call->namespace_oid, &tenant_id) &&
		!ScimShardsEnter(call->namespace_oid, call->tenant_id))
		call->trace.store = NULL;
	/* a request that is refused is a use, too */
	ScimTraceLeave(&call->trace, true);
	ScimFlatFinish(request, answer);
	ScimOAuthFinish(request, answer);
	ScimAnswerFinish(answer, false);
	if (OidIsValid(call->namespace_oid))
		ScimShardsLeave();
}

/*
 * serve does all of it in the one subtransaction: after an error the role is the
 * caller's again, and nothing is proved any more.
 */
static void
serve(ScimRequest *request, ScimAnswer *answer, void *arg)
{
	Call *call = arg;
	FunctionCallInfo fcinfo = call->fcinfo;
	Envelope envelope = {0};
	ScimStore *store;
	int nestlevel;

	request->headers = ScimJsonNewObject();
	if (!PG_ARGISNULL(0))
		open_envelope(PG_GETARG_TEXT_PP(0), &envelope, request);
	if (request->method == NULL || request->target_text == NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("this is not a request of the gateway")));
	request->has_body = !PG_ARGISNULL(1);
	if (request->has_body)
		request->body = PG_GETARG_DATUM(1);

	nestlevel = NewGUCNestLevel();
	state_place(&envelope);
	store = ScimStoreForGateway();
	ScimProve(NULL);
	if (ScimIsSpread(store))
		serve_distributed(call, store, &envelope, request, answer);
	else
		serve_store(call, store, &envelope, request, answer);
	AtEOXact_GUC(true, nestlevel);
}

/*
 * The rows of the tenant, his tokens and clients among them, are on this node, or another
 * one is asked.  It is called as the owner of the store: no client has a right there, nor
 * could he log in to it.
 */
static void
serve_distributed(Call *call, ScimStore *store, const Envelope *envelope,
				  ScimRequest *request, ScimAnswer *answer)
{
	FunctionCallInfo fcinfo = call->fcinfo;
	int32 tenant_id =
		ScimRouteTenant(store, request, envelope->authorization, web_token_claims());
	const char *arguments[2] = {NULL, NULL};

	if (ScimShardsEnter(store->namespace_oid, tenant_id))
	{
		call->namespace_oid = store->namespace_oid;
		call->tenant_id = tenant_id;
		serve_store(call, ScimStoreForGateway(), envelope, request, answer);
		return;
	}
	arguments[0] = text_to_cstring(PG_GETARG_TEXT_PP(0));
	if (!PG_ARGISNULL(1))
		arguments[1] = DatumGetCString(DirectFunctionCall1(byteaout, PG_GETARG_DATUM(1)));
	ScimAnswerOf(ScimAtTenant(store, tenant_id, true,
							  psprintf("SELECT status, headers, body FROM "
									   "%s.gateway_answer($1::json, $2::bytea)",
									   get_namespace_name(ScimInternalNamespace())),
							  ScimAtTenantArguments(arguments, 2)),
				 answer);
	request->is_oauth = false; /* its answer has the form already */
}

static void
serve_store(Call *call, ScimStore *store, const Envelope *envelope, ScimRequest *request,
			ScimAnswer *answer)
{
	ScimProof proof;
	Caller caller;
	int32 tenant_id;

	if (ScimOAuthFind(store, request))
	{
		ScimRequireNotLeft(store);
		serve_oauth(store, envelope, request, answer);
		return;
	}
	ScimFlatFind(store, request); /* so that errors have its form */
	ScimRequireNotLeft(store);    /* nor are tokens of today known here */
	caller = find_caller(store, envelope, request, &proof, &call->trace);
	if (caller == CALLER_PROVED &&
		(!ScimTenantIsAt(store->namespace_oid, proof.tenant_id, ScimBaseUrl(store)) ||
		 (ScimShardsTenant(store->namespace_oid, &tenant_id) &&
		  tenant_id != proof.tenant_id)))
	{
		call->trace.store = NULL;
		caller = CALLER_REFUSED;
	}
	/* once an hour, to leave the trace of a use */
	if (caller == CALLER_PROVED && call->trace.store != NULL &&
		can_write_elsewhere(envelope, call->trace.store))
	{
		answer->status = COME_AGAIN;
		return;
	}
	if (caller == CALLER_PROVED)
	{
		ScimProve(&proof);
		take_role(call);
	}
	if (caller == CALLER_PROVED ||
		(caller == CALLER_UNKNOWN && may_be_unknown(store, request)))
	{
		request->gateway_store = store;
		request->gateway_role = GetUserId();
		call->can_come_again = can_write_elsewhere(envelope, store);
		/* who is nobody is told what holds for all who are served there */
		if (caller == CALLER_UNKNOWN)
			ScimTenantServed = ScimTenantAt(store->namespace_oid, ScimBaseUrl(store));
		PG_TRY();
		{
			ScimServe(request, answer);
		}
		PG_FINALLY();
		{
			ScimTenantServed = 0;
		}
		PG_END_TRY();
	}
	else
	{
		ScimAnswerErrorKind(answer, SCIM_UNAUTHORIZED,
							"missing, invalid or expired credentials");
		ScimAnswerHeader(answer, "WWW-Authenticate",
						 ScimChallenge(store, caller == CALLER_REFUSED));
	}
}

/*
 * From here on it is the client's role that acts.  That there is none, or that the
 * gateway may not take it, is a fault of the installation: the log has it, and the client
 * learns that he should come again.
 */
static void
take_role(const Call *call)
{
	MemoryContext context = CurrentMemoryContext;

	PG_TRY();
	{
		if (call->is_passed_on)
			(void) set_config_option("role", CLIENT_ROLE, PGC_USERSET, PGC_S_SESSION,
									 GUC_ACTION_SAVE, true, 0, false);
		else
			set_local("role", CLIENT_ROLE);
	}
	PG_CATCH();
	{
		ErrorData *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		ereport(ERROR, (errcode(ERRCODE_INVALID_ROLE_SPECIFICATION),
						errmsg("the gateway cannot act as role \"%s\": %s", CLIENT_ROLE,
							   error->message)));
	}
	PG_END_TRY();
}

/*
 * Who wants a token proves who he is by what is in the request.  A JSON web token that
 * PostgREST has verified is no way to do that.
 */
static void
serve_oauth(ScimStore *store, const Envelope *envelope, ScimRequest *request,
			ScimAnswer *answer)
{
	const char *authorization =
		web_token_claims() != NULL ? "Bearer" : envelope->authorization;

	if (authorization != NULL)
		ScimJsonSet(request->headers, "Authorization", ScimJsonNewString(authorization));
	request->gateway_store = store;
	request->gateway_role = GetUserId();
	ScimServe(request, answer);
}

/*
 * Could a request that came by way of the function that reads come again by the one that
 * writes?  Only where the gateway can do that, and not on a standby or while the store is
 * moved.
 */
static bool
can_write_elsewhere(const Envelope *envelope, const ScimStore *store)
{
	return XactReadOnly && envelope->can_come_again && !RecoveryInProgress() &&
		   !ScimStoreMoves(store);
}

/* open_envelope reads the headers that the gateway has set, and skips all others. */
static void
open_envelope(text *headers, Envelope *envelope, ScimRequest *request)
{
	const char *problem;
	JsonbValue *tree =
		ScimJsonParse(VARDATA_ANY(headers), VARSIZE_ANY_EXHDR(headers), &problem);

	if (tree == NULL || tree->type != jbvObject)
		return;
	for (int i = 0; i < tree->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &tree->val.object.pairs[i];
		const char *name = ScimJsonStringCopy(&pair->key);
		const char *value = ScimJsonStringCopy(&pair->value);

		if (value == NULL || value[0] == '\0' ||
			pg_strncasecmp(name, PREFIX, strlen(PREFIX)) != 0)
			continue;
		name += strlen(PREFIX);
		if (pg_strcasecmp(name, "method") == 0)
			request->method = strcmp(value, "HEAD") == 0 ? "GET" : value;
		else if (pg_strcasecmp(name, "target") == 0)
			request->target_text = value;
		else if (pg_strcasecmp(name, "store") == 0)
			envelope->store = value;
		else if (pg_strcasecmp(name, "base-url") == 0)
			envelope->base_url = value;
		else if (pg_strcasecmp(name, "authorization") == 0)
			envelope->authorization = value;
		else if (pg_strcasecmp(name, "come-again") == 0)
			envelope->can_come_again = true;
		else
			ScimJsonSet(request->headers, name, &pair->value);
	}
}

/*
 * state_place makes the settings that say which store is meant and where it is,
 * until the end of the request.
 */
static void
state_place(const Envelope *envelope)
{
	if (envelope->store != NULL)
		state("scim.store", envelope->store);
	if (envelope->base_url != NULL)
	{
		if (strlen(envelope->base_url) > SCIM_MAX_BASE_URL)
			ereport(ERROR,
					(errcode(ERRCODE_CONFIG_FILE_ERROR),
					 errmsg("the gateway states a \"scim.base_url\" of %zu bytes, of "
							"which there may be %d",
							strlen(envelope->base_url), SCIM_MAX_BASE_URL)));
		state("scim.base_url", envelope->base_url);
		state("scim.base_path", ScimPathOfUrl(envelope->base_url));
	}
}

/* An impossible value is the gateway's mistake, not the client's. */
static void
state(const char *setting, const char *value)
{
	if (set_config_option(setting, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
						  true, DEBUG1, false) <= 0)
		ereport(ERROR, (errcode(ERRCODE_CONFIG_FILE_ERROR),
						errmsg("the gateway states an impossible \"%s\": \"%s\"", setting,
							   value)));
}

/* find_caller looks at the credentials that came with a request, and fills proof. */
static Caller
find_caller(ScimStore *store, const Envelope *envelope, const ScimRequest *request,
			ScimProof *proof, ScimTrace *trace)
{
	const JsonbValue *claims = web_token_claims();
	bool proved;

	if (claims == NULL && envelope->authorization == NULL)
		return CALLER_UNKNOWN;
	if (claims == NULL)
		proved = ScimAuthenticate(store, envelope->authorization, request->headers, proof,
								  trace);
	else
		proved = envelope->authorization == NULL &&
				 ScimAuthenticateClaims(store, claims, CLIENT_ROLE, proof);
	return proved ? CALLER_PROVED : CALLER_REFUSED;
}

/*
 * The claims of the JSON web token that PostgREST has verified, or NULL: without a
 * token it sets the role alone.
 */
static JsonbValue *
web_token_claims(void)
{
	const char *text = GetConfigOption(CLAIMS_SETTING, true, false);
	const char *problem;
	JsonbValue *claims;

	if (text == NULL || text[0] == '\0')
		return NULL;
	claims = ScimJsonParse(text, strlen(text), &problem);
	/* U+0000, a number without end: whoever has signed that has named nobody */
	if (claims == NULL || claims->type != jbvObject)
		return ScimJsonNewObject();
	for (int i = 0; i < claims->val.object.nPairs; i++)
	{
		if (!ScimJsonStringEquals(&claims->val.object.pairs[i].key, "role"))
			return claims;
	}
	return NULL;
}

/*
 * Discovery may be read by anyone (RFC 7643 section 5), but not with wrong
 * credentials: a client would take that for a successful login.
 */
static bool
may_be_unknown(const ScimStore *store, const ScimRequest *request)
{
	ScimTarget target;

	if (strcmp(request->method, "GET") != 0 || request->flat != NULL)
		return false;
	ScimTargetParse(store, request->target_text, &target);
	return ScimTargetIsDiscovery(&target);
}

/* Until the end of the transaction, as SET LOCAL does. */
static void
set_local(const char *setting, const char *value)
{
	(void) set_config_option(setting, value, superuser() ? PGC_SUSET : PGC_USERSET,
							 PGC_S_SESSION, GUC_ACTION_LOCAL, true, 0, false);
}

/*
 * hand_over gives status and headers to PostgREST, which commits first and reads
 * them afterwards: what it cannot read would be a 500 after a successful write.
 *
 * The body of an error travels in the header X-Scim-Error, which nginx sends in
 * the place of whatever else there is to say.  PostgREST has its own opinion of
 * Content-Type, so that is renamed, too, and of 503, which it takes for a lost
 * database: nginx makes one of 504.
 */
static text *
hand_over(ScimAnswer *answer)
{
	bool is_error = answer->status >= 400;
	StringInfoData headers;
	char number[12];

	if (answer->status < 200 || answer->status > 599)
		elog(ERROR, "a request was answered with status %d", answer->status);
	initStringInfo(&headers);
	appendStringInfoChar(&headers, '[');
	for (int i = 0; i < answer->headers->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &answer->headers->val.object.pairs[i];
		const char *name = ScimJsonStringCopy(&pair->key);

		append_header(&headers,
					  strcmp(name, "Content-Type") == 0 ? "X-Scim-Content-Type" : name,
					  pair->value.val.string.val, pair->value.val.string.len);
	}
	if (is_error)
		append_header(&headers, "X-Scim-Error", answer->body.data, answer->body.len);
	else if (answer->body.len > 0)
	{
		/* so that HEAD, which nginx answers from a GET, tells the length */
		snprintf(number, sizeof(number), "%d", answer->body.len);
		append_header(&headers, "Content-Length", number, strlen(number));
	}
	appendStringInfoChar(&headers, ']');
	snprintf(number, sizeof(number), "%d", answer->status == 503 ? 504 : answer->status);
	set_local("response.status", number);
	set_local("response.headers", headers.data);
	return is_error ? cstring_to_text("") : ScimAnswerTakeBody(answer);
}

/* A value of more than one line would be more than one header. */
static void
append_header(StringInfo headers, const char *name, const char *value, int len)
{
	char *line = pnstrdup(value, len);

	for (char *p = line; *p != '\0'; p++)
	{
		if (*p == '\r' || *p == '\n')
			*p = ' ';
	}
	appendStringInfoString(headers, headers->len > 1 ? ",{" : "{");
	ScimJsonWriteString(headers, name, strlen(name));
	appendStringInfoChar(headers, ':');
	ScimJsonWriteString(headers, line, len);
	appendStringInfoChar(headers, '}');
}
