/*
 * error.h
 *		The errors of SCIM: SQLSTATE, HTTP status and scimType in one table.
 *
 * Every error that a SCIM client can cause is raised with a SQLSTATE of class
 * SC, so that an SQL caller can tell them apart and the protocol maps them to
 * an answer without looking at a text:
 *
 *		ereport(ERROR, (ScimErr(SCIM_INVALID_FILTER), errmsg(...)));
 *
 * ScimErr sets errcode and errdetail ("scimType: invalidFilter"); the caller
 * adds errmsg and, where it helps, errhint.
 *
 * Errors that a store's owner has asked for, by constraints, triggers or row-level
 * security of his own, have SQLSTATEs of the server; what SCIM makes of these is
 * a table here, too.
 */
#ifndef SCIM_ERROR_H
#define SCIM_ERROR_H

#include "postgres.h"
#include "nodes/pg_list.h"

#include "compat.h"

typedef enum ScimErrorKind
{
	/* RFC 7644 section 3.12, table 9 */
	SCIM_INVALID_FILTER,
	SCIM_TOO_MANY,
	SCIM_UNIQUENESS,
	SCIM_MUTABILITY,
	SCIM_INVALID_SYNTAX,
	SCIM_INVALID_PATH,
	SCIM_NO_TARGET,
	SCIM_INVALID_VALUE,
	SCIM_INVALID_VERS,
	SCIM_SENSITIVE,
	/* RFC 9865 section 2.1, table 3 */
	SCIM_INVALID_CURSOR,
	SCIM_EXPIRED_CURSOR,
	SCIM_INVALID_COUNT,
	/* errors that HTTP names and SCIM has no scimType for */
	SCIM_BAD_REQUEST,
	SCIM_UNAUTHORIZED,
	SCIM_FORBIDDEN,
	SCIM_NOT_FOUND,
	SCIM_METHOD_NOT_ALLOWED,
	SCIM_CONFLICT,
	SCIM_PRECONDITION_FAILED,
	SCIM_TOO_LARGE,
	SCIM_UNSUPPORTED_MEDIA_TYPE,
	SCIM_UNPROCESSABLE,
	SCIM_INTERNAL,
	SCIM_NOT_IMPLEMENTED,
	SCIM_UNAVAILABLE,
	SCIM_GUARDED /* a guard has tripped: until it is released */
} ScimErrorKind;

typedef struct ScimErrorInfo
{
	ScimErrorKind kind;
	char sqlstate[6];
	int status;            /* HTTP status code */
	const char *scim_type; /* RFC 7644 table 9, or NULL */
} ScimErrorInfo;

/* What a policy says that an error is; nothing of its own: 0 and NULL. */
typedef struct ScimOwnError
{
	int status;            /* 400, 403, 404, 409 or 422 */
	const char *scim_type; /* a word of the table above, or of one's own */
} ScimOwnError;

/*
 * One thing that is wrong with a document, a filter or a path.  Of a document,
 * "about" and "value" say what breaks a rule, so that it is known again in
 * another document: see schema/canonical/problem.c.
 */
typedef struct ScimProblem
{
	ScimErrorKind kind;
	char *path;        /* attribute path, e.g. emails[1].type, or NULL */
	char *message;     /* one line, lower case, quotes the input */
	int position;      /* 1-based character position in a text, or 0 */
	const char *rule;  /* the kind of the policy that is broken; NULL: a schema */
	const void *about; /* the attribute or schema; NULL: the input alone is at fault */
	const struct JsonbValue *value; /* its wrong value; NULL: it has none */
	ScimOwnError own;               /* goes before kind */
	const char *hint;               /* for who sees more than a client of SCIM, or NULL */
} ScimProblem;

extern int ScimErr(ScimErrorKind kind);
/* Inside ereport(), the same for a scimType that is not in the table; NULL: none. */
extern int ScimErrType(const char *scim_type);
extern bool ScimIsErrorType(const char *text);
/* What an error says that its scimType is, or NULL: it says none, or no word of letters.
 */
extern const char *ScimErrorOwnType(const ErrorData *error);
extern int ScimErrTrigger(const char *table);
extern const ScimErrorInfo *ScimErrorByKind(ScimErrorKind kind);
extern const ScimErrorInfo *ScimErrorBySqlstate(int sqlerrcode);

/*
 * What the constraints, triggers and row-level security of a store's owner raise.
 * deletes: a resource was to go, so that no value of the client's can be wrong.
 * *inside: the message tells what only the database knows.
 */
extern bool ScimErrorOfOwner(const ErrorData *error, bool deletes, ScimErrorKind *kind,
							 const char **message, bool *inside);
extern const char *
ScimErrorTold(const ErrorData *error, bool deletes, const char **scim_type);
extern bool ScimErrorIsTooLongForIndex(const ErrorData *error);
extern bool ScimErrorIsRaised(const ErrorData *error);
pg_noreturn extern void ScimReraiseViolation(MemoryContext context, bool deletes);
extern void ScimReraiseBook(MemoryContext context);

/* What psprintf makes, of arguments that somebody else was given. */
extern char *ScimFormat(const char *fmt, va_list args) pg_attribute_printf(1, 0);
extern ScimProblem *ScimProblemMake(ScimErrorKind kind, const char *path, const char *fmt,
									...) pg_attribute_printf(3, 4);
extern void ScimProblemsRaise(List *problems);
/* The row of the table for a problem, and its scimType, which may be another, or NULL. */
extern const ScimErrorInfo *
ScimProblemError(const ScimProblem *problem, const char **scim_type);

#endif /* SCIM_ERROR_H */
