/*
 * request.c
 *		scim.request: one HTTP request of RFC 7644, whatever carried it.
 *
 * The work runs in a subtransaction, so that an error leaves nothing behind
 * but its answer, and the caller can commit whatever the status is.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "funcapi.h"
#include "json/json.h"
#include "operation/operation.h"
#include "protocol/protocol.h"
#include "store/plan.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

PG_FUNCTION_INFO_V1(scim_request);
PG_FUNCTION_INFO_V1(scim_request_bytes);

static Datum answer_call(FunctionCallInfo fcinfo, bool body_is_bytes);
static void perform(ScimRequest *request, ScimAnswer *answer, void *arg);
static void set_base_url(const ScimRequest *request);
static bool must_rethrow(const ScimRequest *request, const ErrorData *error);
static void
answer_error(const ScimRequest *request, const ErrorData *error, ScimAnswer *answer);
static void log_for_operator(const ErrorData *error, int status);
static Datum answer_datum(FunctionCallInfo fcinfo, ScimAnswer *answer);

/* ScimProtocolInit registers the settings of the protocol part. */
void
ScimProtocolInit(void)
{
	ScimTargetInit();
	ScimBodyInit();
	ScimDispatchInit();
	ScimBulkInit();
	ScimDiscoveryInit();
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
	ScimAnswerFinish(&answer,
					 request.method != NULL && strcmp(request.method, "HEAD") == 0);

	MemoryContextSwitchTo(caller);
	result = answer_datum(fcinfo, &answer);
	MemoryContextDelete(context);
	return result;
}

/*
 * ScimPerform does a piece of work on a request in a subtransaction, so that an
 * error undoes it and becomes its answer.  Errors that are not about the
 * request are passed on.
 */
void
ScimPerform(ScimWork work, ScimRequest *request, ScimAnswer *answer, void *arg)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;

	ScimAnswerReset(answer);
	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		ScimJitOff();
		work(request, answer, arg);
		ReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
	}
	PG_CATCH();
	{
		ErrorData *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
		if (must_rethrow(request, error))
			ReThrowError(error);
		answer_error(request, error, answer);
		/* in any answer: RFC 7644 section 3.11 */
		if (request->me != NULL)
			ScimAnswerHeader(answer, "Location", request->me);
	}
	PG_END_TRY();
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
	ScimServe(request, answer);
}

/*
 * ScimServe does what a request asks for, and sees to it that nothing is left that
 * could fail at commit.
 */
void
ScimServe(ScimRequest *request, ScimAnswer *answer)
{
	int nestlevel = NewGUCNestLevel();

	ScimHeadersCheck(request->headers);
	if (ScimBaseUrl()[0] == '\0')
		set_base_url(request);
	ScimFlatFind(ScimStoreForReading(), request);
	ScimConditionsCheck(request);
	if (request->flat != NULL)
		ScimFlatServe(request, answer);
	else
		ScimDispatch(request, answer);
	if (answer->wrote)
		ScimCheckDeferredConstraints();
	AtEOXact_GUC(true, nestlevel);
}

/* Locations are rendered by the store, which knows the setting only. */
static void
set_base_url(const ScimRequest *request)
{
	(void) set_config_option("scim.base_url", ScimRequestBaseUrl(request), PGC_USERSET,
							 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

/*
 * must_rethrow: is this an error that is not about the request?  The session is
 * asked to stop, or may not go on.
 */
static bool
must_rethrow(const ScimRequest *request, const ErrorData *error)
{
	switch (error->sqlerrcode)
	{
		case ERRCODE_QUERY_CANCELED: /* by the user or by a timeout */
			return !request->answers_timeout;
		case ERRCODE_ADMIN_SHUTDOWN:
		case ERRCODE_CRASH_SHUTDOWN:
		case ERRCODE_CANNOT_CONNECT_NOW:
		case ERRCODE_DATABASE_DROPPED:
		case ERRCODE_OUT_OF_MEMORY:
		case ERRCODE_DATA_CORRUPTED:
		case ERRCODE_INDEX_CORRUPTED:
			return true;
		default:
			return false;
	}
}

/*
 * answer_error makes an answer of an error: by its SQLSTATE, never by its text.
 * What the error of another part of the server says is shown only where it can
 * be nothing but about the request's data, or where a trigger says it.
 */
static void
answer_error(const ScimRequest *request, const ErrorData *error, ScimAnswer *answer)
{
	int sqlstate = error->sqlerrcode;
	int category = ERRCODE_TO_CATEGORY(sqlstate);
	const ScimErrorInfo *info = ScimErrorBySqlstate(sqlstate);
	ScimErrorKind kind;
	const char *detail = error->message;

	ScimAnswerReset(answer);
	if (info != NULL)
	{
		ScimAnswerErrorKind(answer, info->kind, error->message);
		return;
	}
	if (request->parsing_body &&
		(category == ERRCODE_TO_CATEGORY(ERRCODE_DATA_EXCEPTION) ||
		 category == ERRCODE_TO_CATEGORY(ERRCODE_PROGRAM_LIMIT_EXCEEDED)))
	{
		kind = SCIM_INVALID_SYNTAX;
		detail = psprintf("the request body is not valid JSON: %s",
						  error->detail != NULL ? error->detail : error->message);
	}
	else if (ScimErrorOfOwner(
				 error, request->method != NULL && strcmp(request->method, "DELETE") == 0,
				 &kind, &detail))
		; /* a constraint, a trigger or row-level security of the store's owner */
	else if (sqlstate == ERRCODE_READ_ONLY_SQL_TRANSACTION)
	{
		kind = SCIM_UNAVAILABLE;
		detail =
			"nothing can be changed here: the transaction or the server is read-only";
	}
	else if (sqlstate == ERRCODE_QUERY_CANCELED)
	{
		kind = SCIM_UNAVAILABLE;
		detail = "the request took too long";
	}
	else if (category == ERRCODE_TO_CATEGORY(ERRCODE_TRANSACTION_ROLLBACK) ||
			 sqlstate == ERRCODE_LOCK_NOT_AVAILABLE)
	{
		kind = SCIM_UNAVAILABLE;
		detail = "the resource is being changed by another request: try again";
	}
	else if (category == ERRCODE_TO_CATEGORY(ERRCODE_INSUFFICIENT_RESOURCES) ||
			 category == ERRCODE_TO_CATEGORY(ERRCODE_CONNECTION_EXCEPTION) ||
			 category == ERRCODE_TO_CATEGORY(ERRCODE_OPERATOR_INTERVENTION))
	{
		/* no room on the disk, no connection to another server, ... */
		log_for_operator(error, 503);
		kind = SCIM_UNAVAILABLE;
		detail = "the service lacks what it needs for this: try again later";
	}
	else
	{
		log_for_operator(error, 500);
		kind = SCIM_INTERNAL;
		detail = "internal error";
	}
	ScimAnswerErrorKind(answer, kind, detail);
}

/* Without the statement, which holds the body and so perhaps a password. */
static void
log_for_operator(const ErrorData *error, int status)
{
	ereport(LOG_SERVER_ONLY,
			(errcode(error->sqlerrcode),
			 errmsg("scim.request answers %d: %s", status, error->message),
			 errdetail_internal("SQLSTATE %s", unpack_sql_state(error->sqlerrcode)),
			 error->context != NULL ? errcontext("%s", error->context) : 0,
			 errhidestmt(true)));
}

static Datum
answer_datum(FunctionCallInfo fcinfo, ScimAnswer *answer)
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
