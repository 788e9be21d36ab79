/*
 * perform.c
 *		Work on a request, and the answer that an error becomes.
 *
 * The work runs in a subtransaction, so that an error leaves nothing behind
 * but its answer, and the caller can commit whatever the status is.
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"

#include "door/guard/guard.h"
#include "message/message.h"
#include "operation/operation.h"
#include "schema/schema.h"
#include "store/statement/plan.h"
#include "store/statement/rights.h"
#include "utils/resowner.h"

static void answer_error(const ScimRequest *request, const ErrorData *error, Oid user,
						 ScimAnswer *answer);
static bool lacks_grants(const ScimRequest *request, const ErrorData *error);
static bool owner_lacks(const ErrorData *error, Oid user);
static void log_for_operator(const ErrorData *error, int status);

/* The work, once there is a subtransaction. */
static void
do_work(ScimWork work, ScimRequest *request, ScimAnswer *answer, void *arg)
{
	int let_in;

	ScimJitOff();
	let_in = ScimScopeLetIn(); /* the dispatcher looks at what is asked for */
	work(request, answer, arg);
	ScimScopeLetOut(let_in);
}

/*
 * ScimPerformHere does a piece of work as ScimPerform does, in the subtransaction at
 * hand: an error is the caller's, who takes back what was spent as well.
 */
void
ScimPerformHere(ScimWork work, ScimRequest *request, ScimAnswer *answer, void *arg)
{
	bool began = ScimSpendingBegin();

	ScimAnswerReset(answer);
	do_work(work, request, answer, arg);
	ScimSpendingEnd(began);
	if (began && !request->all_or_none)
		ScimGuardTellRefused();
}

/*
 * ScimPerform does a piece of work on a request in a subtransaction, so that an
 * error undoes it and becomes its answer.  Errors that are not about the
 * request are passed on.  What guards have refused is told of here, unless that would be
 * taken back with all else.
 */
void
ScimPerform(ScimWork work, ScimRequest *request, ScimAnswer *answer, void *arg)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	bool began = ScimSpendingBegin(); /* not in an operation of a bulk request */
	SubTransactionId kept;

	ScimAnswerReset(answer);
	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	kept = ScimGuardKeep(GetCurrentSubTransactionId());
	if (request->all_or_none)
		(void) ScimGuardKeep(kept); /* what was done before goes as well */
	PG_TRY();
	{
		do_work(work, request, answer, arg);
		ScimSpendingEnd(began);
		(void) ScimGuardKeep(kept);
		ReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
	}
	PG_CATCH();
	{
		Oid user = GetUserId();
		ErrorData *error;

		ScimSpendingEnd(began);
		(void) ScimGuardKeep(kept);
		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
		if (ScimErrorEndsAll(request, error))
			ReThrowError(error);
		answer_error(request, error, user, answer);
		/* in any answer: RFC 7644 section 3.11 */
		if (request->me != NULL)
			ScimAnswerHeader(answer, "Location", request->me);
	}
	PG_END_TRY();
	/* what follows from a refusal is no part of what was refused */
	if (began && !request->all_or_none)
		ScimGuardTellRefused();
}

/*
 * ScimErrorEndsAll: is this an error that is not about the request?  The session is
 * asked to stop, or may not go on.
 */
bool
ScimErrorEndsAll(const ScimRequest *request, const ErrorData *error)
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
 * lacks_grants: has the operator not given the gateway what conf/postgrest.sql does, or
 * taken from it what all need who read?  That is no refusal of the client.
 */
static bool
lacks_grants(const ScimRequest *request, const ErrorData *error)
{
	static const char template[] = "permission denied for ";

	return error->sqlerrcode == ERRCODE_INSUFFICIENT_PRIVILEGE &&
		   error->message_id != NULL &&
		   strncmp(error->message_id, template, strlen(template)) == 0 &&
		   request->gateway_store != NULL &&
		   !ScimStoreIsGranted(request->gateway_store, request->gateway_role,
							   request->store != NULL);
}

/*
 * owner_lacks: is it the owner of the store who may not do something, as whom it was
 * done? A statement of ours has said so already; user: as whom the server says it of
 * another.
 */
static bool
owner_lacks(const ErrorData *error, Oid user)
{
	return ScimErrorIsFault(error) || ScimFaultBehind(error, user, false) != NULL;
}

/*
 * answer_error makes an answer of an error: by its SQLSTATE, never by its text.
 * What the error of another part of the server says is shown only where it can
 * be nothing but about the request's data, or where a trigger says it.
 */
static void
answer_error(const ScimRequest *request, const ErrorData *error, Oid user,
			 ScimAnswer *answer)
{
	int sqlstate = error->sqlerrcode;
	int category = ERRCODE_TO_CATEGORY(sqlstate);
	const ScimErrorInfo *info = ScimErrorBySqlstate(sqlstate);
	ScimErrorKind kind;
	const char *detail = error->message;
	bool inside;

	ScimAnswerReset(answer);
	if (info != NULL)
	{
		ScimAnswerErrorType(answer, info->kind,
							info->scim_type == NULL ? ScimErrorOwnType(error) : NULL,
							error->message);
		answer->error_field = error->column_name;
		return;
	}
	if (request->parsing_body && category == ERRCODE_TO_CATEGORY(ERRCODE_DATA_EXCEPTION))
	{
		kind = SCIM_INVALID_SYNTAX;
		/* in words of ours: those of the server may repeat what stands in it */
		detail = sqlstate == ERRCODE_UNTRANSLATABLE_CHARACTER
					 ? "the request body holds a character that the encoding of the "
					   "database does not have"
					 : "the request body is not valid JSON: it cannot be read";
	}
	else if (lacks_grants(request, error) || owner_lacks(error, user))
	{
		log_for_operator(error, 503);
		kind = SCIM_UNAVAILABLE;
		detail = "the service may not use its store";
	}
	else if (ScimErrorOfOwner(
				 error, request->method != NULL && strcmp(request->method, "DELETE") == 0,
				 &kind, &detail, &inside))
	{
		/* a constraint, a trigger or row-level security of the store's owner; where all
		 * is to the letter, what only the database knows is for the log */
		if (inside && ScimRefusesUnknown(NULL))
		{
			log_for_operator(error, ScimErrorByKind(kind)->status);
			detail = kind == SCIM_CONFLICT ? "something else needs the resource"
										   : "a rule of the service refuses a value";
		}
	}
	else if (error->schema_name != NULL && (sqlstate == ERRCODE_INVALID_SCHEMA_NAME ||
											sqlstate == ERRCODE_UNDEFINED_TABLE))
	{
		/* what the setting scim.store names is no store */
		log_for_operator(error, 503);
		kind = SCIM_UNAVAILABLE;
	}
	else if (sqlstate == ERRCODE_INVALID_ROLE_SPECIFICATION)
	{
		/* the role of clients, or that of an owner, is not there or may not be taken */
		log_for_operator(error, 503);
		kind = SCIM_UNAVAILABLE;
		detail = "the service is not set up for this";
	}
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
		/* no room on the disk, no connection to another server, ...: by the code */
		log_for_operator(error, 503);
		kind = SCIM_UNAVAILABLE;
		detail =
			psprintf("the service lacks what it needs for this (%s): try again later",
					 unpack_sql_state(sqlstate));
	}
	else if (ScimStoreMissing() != NULL)
	{
		/* it went while something of it was waited for */
		log_for_operator(error, 503);
		kind = SCIM_UNAVAILABLE;
		detail = psprintf("store \"%s\" does not exist", ScimStoreMissing());
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
	ereport(
		LOG_SERVER_ONLY,
		(errcode(error->sqlerrcode),
		 errmsg("scim.request answers %d: %s", status, error->message),
		 errdetail_internal("SQLSTATE %s", unpack_sql_state(error->sqlerrcode)),
		 error->hint != NULL && ScimErrorIsFault(error) ? errhint("%s", error->hint) : 0,
		 error->context != NULL ? errcontext("%s", error->context) : 0,
		 errhidestmt(true)));
}

/*
 * ScimRequireReadWrite raises the error for a request that writes, where nothing can be
 * written: it can later, or elsewhere, for which the gateway may see to it.
 */
void
ScimRequireReadWrite(ScimRequest *request)
{
	if (!XactReadOnly)
		return;
	request->needs_to_write = true;
	ereport(ERROR, (ScimErr(SCIM_UNAVAILABLE),
					errmsg("nothing can be changed here: the transaction or the server "
						   "is read-only")));
}
