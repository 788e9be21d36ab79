/*
 * error.c
 *		The one table of SCIM errors.  See error.h for how it is used.
 */
#include "postgres.h"

#include "error.h"
#include "lib/stringinfo.h"
#include "utils/elog.h"

/* In the order of ScimErrorKind. */
static const ScimErrorInfo scim_errors[] = {
	{SCIM_INVALID_FILTER, "SCFIL", 400, "invalidFilter"},
	{SCIM_TOO_MANY, "SCMNY", 400, "tooMany"},
	{SCIM_UNIQUENESS, "SCUNI", 409, "uniqueness"},
	{SCIM_MUTABILITY, "SCMUT", 400, "mutability"},
	{SCIM_INVALID_SYNTAX, "SCSYN", 400, "invalidSyntax"},
	{SCIM_INVALID_PATH, "SCPTH", 400, "invalidPath"},
	{SCIM_NO_TARGET, "SCTGT", 400, "noTarget"},
	{SCIM_INVALID_VALUE, "SCVAL", 400, "invalidValue"},
	{SCIM_INVALID_VERS, "SCVER", 400, "invalidVers"},
	{SCIM_SENSITIVE, "SCSEN", 403, "sensitive"},
	{SCIM_INVALID_CURSOR, "SCCUR", 400, "invalidCursor"},
	{SCIM_EXPIRED_CURSOR, "SCEXP", 400, "expiredCursor"},
	{SCIM_INVALID_COUNT, "SCCNT", 400, "invalidCount"},
	{SCIM_UNAUTHORIZED, "SC401", 401, NULL},
	{SCIM_FORBIDDEN, "SC403", 403, NULL},
	{SCIM_NOT_FOUND, "SC404", 404, NULL},
	{SCIM_METHOD_NOT_ALLOWED, "SC405", 405, NULL},
	{SCIM_CONFLICT, "SC409", 409, NULL},
	{SCIM_PRECONDITION_FAILED, "SC412", 412, NULL},
	{SCIM_TOO_LARGE, "SC413", 413, NULL},
	{SCIM_UNSUPPORTED_MEDIA_TYPE, "SC415", 415, NULL},
	{SCIM_INTERNAL, "SC500", 500, NULL},
	{SCIM_NOT_IMPLEMENTED, "SC501", 501, NULL},
	{SCIM_UNAVAILABLE, "SC503", 503, NULL},
};

static int
sqlstate_code(const char *sqlstate)
{
	return MAKE_SQLSTATE(sqlstate[0], sqlstate[1], sqlstate[2], sqlstate[3], sqlstate[4]);
}

/* ScimErrorByKind finds the row of the table for an error kind. */
const ScimErrorInfo *
ScimErrorByKind(ScimErrorKind kind)
{
	Assert(scim_errors[kind].kind == kind);
	return &scim_errors[kind];
}

/* ScimErrorBySqlstate finds the row for an error's sqlerrcode, or returns NULL. */
const ScimErrorInfo *
ScimErrorBySqlstate(int sqlerrcode)
{
	for (size_t i = 0; i < lengthof(scim_errors); i++)
	{
		if (sqlstate_code(scim_errors[i].sqlstate) == sqlerrcode)
			return &scim_errors[i];
	}
	return NULL;
}

/*
 * ScimErr, inside ereport(), sets the SQLSTATE of an error kind and names its
 * scimType (RFC 7644 section 3.12) in the detail.
 */
int
ScimErr(ScimErrorKind kind)
{
	const ScimErrorInfo *info = ScimErrorByKind(kind);

	errcode(sqlstate_code(info->sqlstate));
	if (info->scim_type != NULL)
		errdetail_internal("scimType: %s", info->scim_type);
	return 0;
}

/*
 * ScimProblemMake allocates a problem in the current memory context.  path is
 * copied and may be NULL.
 */
ScimProblem *
ScimProblemMake(ScimErrorKind kind, const char *path, const char *fmt, ...)
{
	ScimProblem *problem = palloc0(sizeof(ScimProblem));
	StringInfoData message;

	initStringInfo(&message);
	for (;;)
	{
		va_list args;
		int needed;

		va_start(args, fmt);
		needed = appendStringInfoVA(&message, fmt, args);
		va_end(args);
		if (needed == 0)
			break;
		enlargeStringInfo(&message, needed);
	}
	problem->kind = kind;
	problem->path = path ? pstrdup(path) : NULL;
	/* there may be many: a StringInfo holds more than it needs */
	problem->message = pstrdup(message.data);
	pfree(message.data);
	return problem;
}

/*
 * ScimProblemsRaise raises the first of a list of problems as an error and
 * names the others in its detail.  Returns when the list is empty.
 */
void
ScimProblemsRaise(List *problems)
{
	ScimProblem *first;
	const ScimErrorInfo *info;
	StringInfoData detail;

	if (problems == NIL)
		return;
	first = linitial(problems);
	info = ScimErrorByKind(first->kind);
	initStringInfo(&detail);
	if (info->scim_type != NULL)
		appendStringInfo(&detail, "scimType: %s", info->scim_type);
	for (int i = 1; i < list_length(problems); i++)
	{
		ScimProblem *problem = list_nth(problems, i);

		appendStringInfo(&detail, "%s%s", detail.len > 0 ? "\n" : "", problem->message);
	}
	ereport(ERROR, (errcode(sqlstate_code(info->sqlstate)), errmsg("%s", first->message),
					detail.len > 0 ? errdetail_internal("%s", detail.data) : 0));
}
