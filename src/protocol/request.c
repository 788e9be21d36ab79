/*
 * request.c
 *		scim.request: one HTTP request of RFC 7644, whatever carried it.
 */
#include "postgres.h"

#include "access/htup_details.h"

#include "binding/follow/follow.h"
#include "endpoint/endpoint.h"
#include "funcapi.h"
#include "json/json.h"
#include "operation/operation.h"
#include "protocol/authentication/authentication.h"
#include "protocol/protocol.h"
#include "store/acting.h"
#include "store/at_tenant.h"
#include "store/statement/plan.h"
#include "store/statement/shard.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(scim_request);
PG_FUNCTION_INFO_V1(scim_request_bytes);

static Datum answer_call(FunctionCallInfo fcinfo, bool body_is_bytes);
static void perform(ScimRequest *request, ScimAnswer *answer, void *arg);
static void state_request_id(const ScimRequest *request);
static void set_base_url(const ScimStore *store, const ScimRequest *request);
static bool
perform_elsewhere(ScimRequest *request, ScimAnswer *answer, FunctionCallInfo fcinfo);

/* ScimProtocolInit registers the settings of the protocol part. */
void
ScimProtocolInit(void)
{
}

/*
 * scim.request(method text, target text, headers jsonb, body text): answers a
 * SCIM request (RFC 7644) with (status int, headers jsonb, body text).
 *
 * Whatever is wrong with the request is answered as RFC 7644 section 3.12
 * says; so are errors of the database.  Raised are only cancellation, shutdown,
 * corruption and lack of memory.
 */
Datum
scim_request(PG_FUNCTION_ARGS)
{
	return answer_call(fcinfo, false);
}

/* The same with a bytea as body, so that bytes that are no text get an answer. */
Datum
scim_request_bytes(PG_FUNCTION_ARGS)
{
	return answer_call(fcinfo, true);
}

static Datum
answer_call(FunctionCallInfo fcinfo, bool body_is_bytes)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "scim request",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	ScimRequest request = {0};
	ScimAnswer answer = {0};
	Datum result;

	request.body_is_bytes = body_is_bytes;
	answer.media_type = SCIM_MEDIA_TYPE;
	ScimPerform(perform, &request, &answer, fcinfo);
	ScimFlatFinish(&request, &answer);
	ScimOAuthFinish(&request, &answer);
	ScimAnswerFinish(&answer,
					 request.method != NULL && strcmp(request.method, "HEAD") == 0);

	MemoryContextSwitchTo(caller);
	result = ScimAnswerDatum(fcinfo, &answer);
	MemoryContextDelete(context);
	return result;
}

static void
perform(ScimRequest *request, ScimAnswer *answer, void *arg)
{
	FunctionCallInfo fcinfo = arg;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_SYNTAX), errmsg("the request has no method")));
	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_SYNTAX), errmsg("the request has no target")));
	request->method = text_to_cstring(PG_GETARG_TEXT_PP(0));
	request->target_text = text_to_cstring(PG_GETARG_TEXT_PP(1));
	request->headers =
		PG_ARGISNULL(2) ? ScimJsonNewObject() : ScimJsonFromJsonb(PG_GETARG_JSONB_P(2));
	request->has_body = !PG_ARGISNULL(3);
	if (request->has_body)
		request->body = PG_GETARG_DATUM(3);
	if (!perform_elsewhere(request, answer, fcinfo))
		ScimServe(request, answer);
}

/*
 * Of a store that is distributed, a request is answered where the tenant's rows are, for
 * whom the caller acts.  Returns false where that is here.
 */
static bool
perform_elsewhere(ScimRequest *request, ScimAnswer *answer, FunctionCallInfo fcinfo)
{
	ScimStore *store = ScimStoreForReading();
	const char *arguments[4] = {request->method, request->target_text, NULL, NULL};
	int32 tenant_id;

	if (!ScimIsSpread(store))
		return false;
	if (!ScimTenantIn(store->namespace_oid, &tenant_id))
		ScimTenantRaise(store->name);
	if (ScimShardsEnter(store->namespace_oid, tenant_id))
	{
		ScimServe(request, answer);
		ScimShardsLeave();
		return true;
	}
	arguments[2] = DatumGetCString(DirectFunctionCall1(
		jsonb_out, JsonbPGetDatum(ScimJsonToJsonb(request->headers))));
	if (request->has_body)
		arguments[3] = request->body_is_bytes
						   ? DatumGetCString(DirectFunctionCall1(byteaout, request->body))
						   : TextDatumGetCString(request->body);
	ScimAnswerOf(ScimAtTenant(store, tenant_id, false,
							  psprintf("SELECT status, headers, body FROM "
									   "scim.request($1, $2, $3::jsonb, $4%s)",
									   request->body_is_bytes ? "::bytea" : ""),
							  ScimAtTenantArguments(arguments, 4)),
				 answer);
	return true;
}

/*
 * ScimServe does what a request asks for, and sees to it that nothing is left that
 * could fail at commit.
 */
void
ScimServe(ScimRequest *request, ScimAnswer *answer)
{
	int nestlevel = NewGUCNestLevel();
	ScimStore *store;

	ScimTransientBegin();
	ScimHeadersCheck(request->headers);
	state_request_id(request);
	store = ScimStoreForReading();
	if (ScimBaseUrl(store)[0] == '\0')
	{
		set_base_url(store, request);
		request->base_url_is_claimed = true;
	}
	if (!ScimOAuthFind(store, request))
		ScimFlatFind(store, request);
	ScimConditionsCheck(request);
	if (request->is_oauth)
		ScimOAuthServe(request, answer);
	else if (request->flat != NULL)
		ScimFlatServe(request, answer);
	else
	{
		int level = ScimStatementsBegin();

		ScimDispatch(request, answer);
		/* what is put off until the end is done as the session has it */
		ScimStatementEnd(level);
	}
	if (answer->wrote)
	{
		ScimDeferredRequire();
		ScimCheckDeferredConstraints();
	}
	ScimTransientEnd();
	AtEOXact_GUC(false, nestlevel);
}

/* For the audit, where it says one. */
static void
state_request_id(const ScimRequest *request)
{
	const char *id = ScimHeader(request, "X-Request-Id");

	if (id != NULL)
		(void) set_config_option("scim.request_id", id, PGC_USERSET, PGC_S_SESSION,
								 GUC_ACTION_SAVE, true, DEBUG1, false);
}

/* Locations are rendered by the store, which knows settings only. */
static void
set_base_url(const ScimStore *store, const ScimRequest *request)
{
	(void) set_config_option("scim.base_url", ScimRequestBaseUrl(store, request),
							 PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

/* ScimAnswerDatum: an answer as (status int, headers jsonb, body text) */
Datum
ScimAnswerDatum(FunctionCallInfo fcinfo, ScimAnswer *answer)
{
	TupleDesc desc;
	Datum values[3] = {0};
	bool nulls[3] = {false};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	values[0] = Int32GetDatum(answer->status);
	values[1] = JsonbPGetDatum(ScimJsonToJsonb(answer->headers));
	nulls[2] = answer->body.len == 0;
	if (!nulls[2])
		values[2] = PointerGetDatum(ScimAnswerTakeBody(answer));
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}
