/*
 * error.c
 *		The one table of SCIM errors.  See error.h for how it is used.
 */
#include "postgres.h"

#include "error.h"
#include "lib/stringinfo.h"
#include "utils/elog.h"

/* So many problems are told of in one error. */
#define MAX_RAISED 100

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
	{SCIM_BAD_REQUEST, "SC400", 400, NULL},
	{SCIM_UNAUTHORIZED, "SC401", 401, NULL},
	{SCIM_FORBIDDEN, "SC403", 403, NULL},
	{SCIM_NOT_FOUND, "SC404", 404, NULL},
	{SCIM_METHOD_NOT_ALLOWED, "SC405", 405, NULL},
	{SCIM_CONFLICT, "SC409", 409, NULL},
	{SCIM_PRECONDITION_FAILED, "SC412", 412, NULL},
	{SCIM_TOO_LARGE, "SC413", 413, NULL},
	{SCIM_UNSUPPORTED_MEDIA_TYPE, "SC415", 415, NULL},
	{SCIM_UNPROCESSABLE, "SC422", 422, NULL},
	{SCIM_INTERNAL, "SC500", 500, NULL},
	{SCIM_NOT_IMPLEMENTED, "SC501", 501, NULL},
	{SCIM_UNAVAILABLE, "SC503", 503, NULL},
	{SCIM_GUARDED, "SCGRD", 503, NULL},
};

/* SQLSTATEs of the server, and what they are to a client; classes come last. */
static const struct
{
	int sqlstate;
	bool is_class;
	ScimErrorKind kind;
} owner_errors[] = {
	{ERRCODE_RAISE_EXCEPTION, false, SCIM_INVALID_VALUE},
	{ERRCODE_UNIQUE_VIOLATION, false, SCIM_UNIQUENESS},
	{ERRCODE_EXCLUSION_VIOLATION, false, SCIM_UNIQUENESS},
	{ERRCODE_FOREIGN_KEY_VIOLATION, false, SCIM_CONFLICT},
	{ERRCODE_RESTRICT_VIOLATION, false, SCIM_CONFLICT},
	{ERRCODE_INSUFFICIENT_PRIVILEGE, false, SCIM_FORBIDDEN},
	{ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION, true, SCIM_INVALID_VALUE},
	{ERRCODE_WITH_CHECK_OPTION_VIOLATION, true, SCIM_INVALID_VALUE},
	{ERRCODE_DATA_EXCEPTION, true, SCIM_INVALID_VALUE},
	{ERRCODE_PROGRAM_LIMIT_EXCEEDED, true, SCIM_TOO_LARGE},
};

static bool is_violation(const ErrorData *error);
static bool is_reference(const ErrorData *error);
static bool is_wrong_reference(const ErrorData *error);
static char *
violation_message(const ErrorData *error, ScimErrorKind kind, bool deletes, bool *inside);

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
 * ScimErrType, inside ereport(), is for an error whose scimType is not that of its
 * SQLSTATE: it travels in the field PG_DATATYPE_NAME.
 */
int
ScimErrType(const char *scim_type)
{
	if (scim_type != NULL)
		err_generic_string(PG_DIAG_DATATYPE_NAME, scim_type);
	return 0;
}

/*
 * ScimErrTrigger, inside ereport() of a lack of privilege, says that it is the owner of
 * the store who lacks it, by what he has made on a table: no fault of a client.
 */
int
ScimErrTrigger(const char *table)
{
	return err_generic_string(PG_DIAG_TABLE_NAME, table);
}

/* The first row with a status and a scimType, NULL too; any: whatever the one is. */
static const ScimErrorInfo *
find_error(int status, const char *scim_type)
{
	for (size_t i = 0; i < lengthof(scim_errors); i++)
	{
		const ScimErrorInfo *info = &scim_errors[i];

		if ((status == 0 || info->status == status) &&
			(scim_type == NULL || info->scim_type == NULL
				 ? scim_type == info->scim_type
				 : strcmp(info->scim_type, scim_type) == 0))
			return info;
	}
	return NULL;
}

/*
 * ScimProblemError gives the row of the table for a problem, and in *scim_type what a
 * client is told, which with an error of the problem's own need not be in the table.
 * A status without a word of its own keeps the kind's word where it is about a value.
 */
const ScimErrorInfo *
ScimProblemError(const ScimProblem *problem, const char **scim_type)
{
	const ScimErrorInfo *info = ScimErrorByKind(problem->kind);
	const ScimErrorInfo *found;
	int status = problem->own.status;

	*scim_type = info->scim_type;
	if (status == 0 && problem->own.scim_type == NULL)
		return info;
	if (problem->own.scim_type != NULL)
		*scim_type = problem->own.scim_type;
	else if (status != 400 && status != 422)
		*scim_type = NULL;
	found = find_error(status, *scim_type);
	if (found == NULL)
		found = find_error(status != 0 ? status : info->status, NULL);
	return found != NULL ? found : info;
}

char *
ScimFormat(const char *fmt, va_list args)
{
	StringInfoData text;
	char *copy;

	initStringInfo(&text);
	for (;;)
	{
		va_list again;
		int needed;

		va_copy(again, args);
		needed = appendStringInfoVA(&text, fmt, again);
		va_end(again);
		if (needed == 0)
			break;
		enlargeStringInfo(&text, needed);
	}
	/* there may be many: a StringInfo holds more than it needs */
	copy = pstrdup(text.data);
	pfree(text.data);
	return copy;
}

/*
 * ScimProblemMake allocates a problem in the current memory context.  path is
 * copied and may be NULL.
 */
ScimProblem *
ScimProblemMake(ScimErrorKind kind, const char *path, const char *fmt, ...)
{
	ScimProblem *problem = palloc0(sizeof(ScimProblem));
	va_list args;

	problem->kind = kind;
	problem->path = path ? pstrdup(path) : NULL;
	va_start(args, fmt);
	problem->message = ScimFormat(fmt, args);
	va_end(args);
	return problem;
}

/*
 * ScimProblemsRaise raises the first of a list of problems as an error and
 * names the others, up to a number, in its detail.  Returns when the list is empty.
 */
void
ScimProblemsRaise(List *problems)
{
	ScimProblem *first;
	const ScimErrorInfo *info;
	const char *scim_type;
	StringInfoData detail;

	if (problems == NIL)
		return;
	first = linitial(problems);
	info = ScimProblemError(first, &scim_type);
	initStringInfo(&detail);
	if (scim_type != NULL)
		appendStringInfo(&detail, "scimType: %s", scim_type);
	for (int i = 1; i < Min(list_length(problems), MAX_RAISED); i++)
	{
		ScimProblem *problem = list_nth(problems, i);

		appendStringInfo(&detail, "%s%s", detail.len > 0 ? "\n" : "", problem->message);
	}
	if (list_length(problems) > MAX_RAISED)
		appendStringInfo(&detail, "\nand %d more", list_length(problems) - MAX_RAISED);
	ereport(ERROR, (errcode(sqlstate_code(info->sqlstate)), errmsg("%s", first->message),
					detail.len > 0 ? errdetail_internal("%s", detail.data) : 0,
					first->hint != NULL ? errhint("%s", first->hint) : 0,
					ScimErrType(info->scim_type == NULL ? scim_type : NULL)));
}

/*
 * ScimErrorOfOwner says which error of SCIM an error of the server is, where a
 * store's owner has asked for it, and in *message what a client is told: what a
 * trigger says goes out as it is, and of a constraint its name.  *inside: that is what
 * only the database knows, a table, a constraint, or the server's own words of a value.
 * Returns false for any other error, which is nobody's but the server's.
 */
bool
ScimErrorOfOwner(const ErrorData *error, bool deletes, ScimErrorKind *kind,
				 const char **message, bool *inside)
{
	size_t i = 0;

	while (i < lengthof(owner_errors) &&
		   owner_errors[i].sqlstate != (owner_errors[i].is_class
											? ERRCODE_TO_CATEGORY(error->sqlerrcode)
											: error->sqlerrcode))
		i++;
	if (i == lengthof(owner_errors))
		return false;
	/* of ScimErrTrigger: the server itself names no table with this one */
	if (owner_errors[i].sqlstate == ERRCODE_INSUFFICIENT_PRIVILEGE &&
		error->table_name != NULL && !ScimErrorIsRaised(error))
		return false;
	*kind = owner_errors[i].kind;
	*message = error->message;
	*inside = !ScimErrorIsRaised(error);
	if (!*inside)
	{
		if (*kind == SCIM_TOO_LARGE)
			*kind = SCIM_INVALID_VALUE;
		return true;
	}
	if (is_violation(error))
	{
		if (is_wrong_reference(error) && !deletes)
			*kind = SCIM_INVALID_VALUE;
		else if (deletes && *kind == SCIM_INVALID_VALUE)
			*kind = SCIM_CONFLICT;
		*message = violation_message(error, *kind, deletes, inside);
	}
	else if (ScimErrorIsTooLongForIndex(error))
	{
		*kind = SCIM_INVALID_VALUE;
		*message = violation_message(error, *kind, deletes, inside);
	}
	else if (*kind == SCIM_TOO_LARGE || *kind == SCIM_FORBIDDEN)
	{
		*inside = false;
		*message = *kind == SCIM_FORBIDDEN
					   ? "the client is not permitted to do this"
					   : "the request, or what it asks for, is larger or nested deeper "
						 "than the server can hold at once";
	}
	return true;
}

/* ScimIsErrorType: may a scimType be this word? */
bool
ScimIsErrorType(const char *text)
{
	size_t len = strlen(text);

	return len > 0 && len < NAMEDATALEN &&
		   strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == len;
}

/* ScimErrorOwnType is the scimType that an error brings along, or NULL. */
const char *
ScimErrorOwnType(const ErrorData *error)
{
	return error->datatype_name != NULL && ScimIsErrorType(error->datatype_name)
			   ? error->datatype_name
			   : NULL;
}

/*
 * ScimErrorTold: what is said of an error to whoever wrote many rows, and is told of each
 * what is wrong with it: of violations what a client of HTTP is told, and anything else
 * as it is.  *scim_type is that of the answer, or NULL.
 */
const char *
ScimErrorTold(const ErrorData *error, bool deletes, const char **scim_type)
{
	const ScimErrorInfo *info = ScimErrorBySqlstate(error->sqlerrcode);
	ScimErrorKind kind;
	const char *message;
	bool inside;

	*scim_type = NULL;
	if (info != NULL)
		*scim_type = info->scim_type != NULL ? info->scim_type : ScimErrorOwnType(error);
	else if (ScimErrorOfOwner(error, deletes, &kind, &message, &inside))
	{
		*scim_type = ScimErrorByKind(kind)->scim_type;
		if (is_violation(error) || ScimErrorIsTooLongForIndex(error))
			return message;
	}
	return error->message;
}

/*
 * ScimErrorIsRaised: does the error come from a function in one of the procedural
 * languages, as RAISE in PL/pgSQL makes it?  Their text is a value, not a template.
 */
bool
ScimErrorIsRaised(const ErrorData *error)
{
	return error->message_id != NULL && strcmp(error->message_id, "%s") == 0;
}

/*
 * ScimReraiseViolation, in PG_CATCH(), raises the violation of a constraint as the
 * error of SCIM that it is, and any other error as it is, what a trigger raises
 * included.  context is that of PG_TRY().
 */
void
ScimReraiseViolation(MemoryContext context, bool deletes)
{
	ErrorData *error;
	ScimErrorKind kind;
	const char *message;
	bool inside;
	const ScimErrorInfo *info;

	MemoryContextSwitchTo(context);
	error = CopyErrorData();
	if (!(is_violation(error) || ScimErrorIsTooLongForIndex(error)) ||
		ScimErrorIsRaised(error) ||
		!ScimErrorOfOwner(error, deletes, &kind, &message, &inside))
		PG_RE_THROW();
	FlushErrorState();
	info = ScimErrorByKind(kind);
	error->message = unconstify(char *, message);
	/* the server's own detail says what is referred to, or else shows a whole row */
	if (info->scim_type != NULL)
		error->detail = psprintf("scimType: %s", info->scim_type);
	else if (!is_reference(error))
		error->detail = NULL;
	error->sqlerrcode = sqlstate_code(info->sqlstate);
	ReThrowError(error);
}

/*
 * ScimReraiseBook, in PG_CATCH() around a statement whose rows are all of the store's own
 * making: what a table does not take of those, since it has no partition for them or a
 * column or constraint that somebody has added, is no fault of whoever wrote what they
 * tell of.  Other errors are raised as they are.  context is that of PG_TRY().
 */
void
ScimReraiseBook(MemoryContext context)
{
	ErrorData *error;

	MemoryContextSwitchTo(context);
	error = CopyErrorData();
	if ((error->sqlerrcode != ERRCODE_CHECK_VIOLATION &&
		 error->sqlerrcode != ERRCODE_NOT_NULL_VIOLATION) ||
		ScimErrorIsRaised(error))
		PG_RE_THROW();
	FlushErrorState();
	/* a client learns no more than that it should come again */
	ereport(LOG_SERVER_ONLY, (errcode(error->sqlerrcode), errmsg("%s", error->message),
							  errhidestmt(true)));
	ereport(ERROR, (ScimErr(SCIM_UNAVAILABLE), errmsg("the change cannot be recorded"),
					errdetail_internal("%s", error->message),
					errhint("scim.readiness() says what a store lacks.")));
}

static bool
is_violation(const ErrorData *error)
{
	return ERRCODE_TO_CATEGORY(error->sqlerrcode) ==
		   ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION;
}

/*
 * ScimErrorIsTooLongForIndex: what is in our own indexes has a length that the door
 * knows, so this is about an index of the store's owner.  By the template of the message,
 * which is not translated: others of this SQLSTATE are about something else.
 */
bool
ScimErrorIsTooLongForIndex(const ErrorData *error)
{
	static const char template[] = "index row ";

	return error->sqlerrcode == ERRCODE_PROGRAM_LIMIT_EXCEEDED &&
		   error->message_id != NULL &&
		   strncmp(error->message_id, template, strlen(template)) == 0;
}

static bool
is_reference(const ErrorData *error)
{
	return error->sqlerrcode == ERRCODE_FOREIGN_KEY_VIOLATION ||
		   error->sqlerrcode == ERRCODE_RESTRICT_VIOLATION;
}

/*
 * A foreign key is violated at one end or the other, with the same SQLSTATE and the
 * same fields: by a value that refers to nothing, or by the end of what others
 * refer to.  Only the template of the message, which is not translated, tells.
 */
static bool
is_wrong_reference(const ErrorData *error)
{
	static const char template[] = "insert or update on table";

	return error->sqlerrcode == ERRCODE_FOREIGN_KEY_VIOLATION &&
		   error->message_id != NULL &&
		   strncmp(error->message_id, template, strlen(template)) == 0;
}

static char *
violation_message(const ErrorData *error, ScimErrorKind kind, bool deletes, bool *inside)
{
	char *table = psprintf("%s.%s", error->schema_name ? error->schema_name : "",
						   error->table_name ? error->table_name : "");
	bool is_too_long = ScimErrorIsTooLongForIndex(error);

	*inside = true;
	if (is_too_long && error->constraint_name != NULL)
		return psprintf("a value is too long for the index \"%s\"",
						error->constraint_name);
	if (is_too_long || kind == SCIM_UNIQUENESS)
	{
		*inside = false;
		return is_too_long ? "a value is too long for an index of the store's owner"
						   : "a resource with the same unique value exists already";
	}
	if (kind == SCIM_CONFLICT && error->table_name != NULL && is_reference(error))
		return psprintf("table \"%s\" still refers to the resource", table);
	if (deletes && error->table_name != NULL)
		return psprintf("table \"%s\" does not allow the resource to go", table);
	if (error->constraint_name != NULL)
		return psprintf(
			"a value violates the constraint \"%s\"%s", error->constraint_name,
			error->table_name != NULL ? psprintf(" of table \"%s\"", table) : "");
	if (error->column_name == NULL)
		return error->message;
	*inside = false;
	return psprintf("a value for \"%s\" is missing", error->column_name);
}
