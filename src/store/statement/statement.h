/*
 * statement.h
 *		Statements of ours, and the rows that they read and write: whose rights
 *		they have, on which tables.
 *
 *		tables.c		what makes a schema a store (tables.h)
 *		called.c		how a trigger function of ours was called (tables.h)
 *		proof.c			who acts, where that is proved and not said (proof.h)
 *		attempt.c		what may fail without taking all before it along
 *		column.c		values out of rows, each only as the type that it has (column.h)
 *		shard.c			the tables of a store that Citus has distributed (shard.h)
 *		plan.c			SPI plans, prepared once and kept (plan.h)
 *		statement.c		the settings that statements of ours run with (plan.h)
 *		behalf.c		under which identity they run, and on whose behalf (plan.h)
 *		constraint.c	constraints that wait for the end of a transaction (plan.h)
 *		guard.c			whose triggers a statement of ours fires (plan.h)
 *		rights.c		whose a store is, and what its owner may do in it (rights.h)
 *		written.c		whether what we write is what is stored (written.h)
 *		seen.c			whether a transaction sees the rows that there are (seen.h)
 *		insert.c		rows that are written without a statement (insert.h)
 *		row_number.c	which row of an INSERT a trigger is called for
 *		ids.c			uuids: of resources, and of what a member refers to
 */
#ifndef SCIM_STATEMENT_H
#define SCIM_STATEMENT_H

#include "postgres.h"
#include "fmgr.h"
#include "utils/jsonb.h"
#include "utils/uuid.h"

/* row_number.c */
extern int64 ScimRowNumber(FunctionCallInfo fcinfo, Oid kind);
extern const char *ScimRowNumberText(int64 number);

/* A new id, the one of all changes of the transaction, and the text of one. */
extern void ScimUuidV7(pg_uuid_t *uuid);
extern bool ScimUuidIsMade(const pg_uuid_t *uuid);
extern bool ScimUuidTakeMade(const pg_uuid_t *uuid);
extern void ScimChange(pg_uuid_t *uuid);
extern void ScimRandomBytes(unsigned char *bytes, int len);
extern char *ScimUuidText(const pg_uuid_t *uuid);
extern bool ScimUuidParse(const char *text, pg_uuid_t *uuid);
extern int ScimCompareIds(const void *a, const void *b);
/* The id of a membership, of those of its group and its member, and these again. */
extern char *ScimMembershipId(const pg_uuid_t *group_id, const pg_uuid_t *member_id);
extern bool
ScimMembershipIdParse(const char *id, pg_uuid_t *group_id, pg_uuid_t *member_id);
/* Whom a reference names (schema/canonical/reference.c): the id at the end of a URL, too.
 */
extern bool ScimReferenceId(const char *text, pg_uuid_t *id);
extern bool ScimReferredId(const JsonbValue *reference, pg_uuid_t *id);
extern char *ScimReferredText(const JsonbValue *reference);
/* The id that an SQL function is called with, a text or a uuid. */
extern char *ScimIdArgument(FunctionCallInfo fcinfo, int n);
/*
 * In place of PG_FUNCTION_INFO_V1, of a function that does something and needs all of its
 * arguments: a null is an error, and not, as of one that is STRICT, nothing done and
 * nothing said.  Its body is that of NAME_given.
 */
extern void ScimRefuseNulls(FunctionCallInfo fcinfo);
#define SCIM_FUNCTION_OF_VALUES(name)            \
	static Datum name##_given(PG_FUNCTION_ARGS); \
	PG_FUNCTION_INFO_V1(name);                   \
	Datum name(PG_FUNCTION_ARGS)                 \
	{                                            \
		ScimRefuseNulls(fcinfo);                 \
		return name##_given(fcinfo);             \
	}                                            \
	extern int no_such_variable
/* A text that it is called with, or NULL. */
extern char *ScimTextArgument(FunctionCallInfo fcinfo, int n);
/* The member_id of a reference: the uuid that it is, or one made from its text. */
extern void ScimMemberKey(const char *value, int len, pg_uuid_t *key, bool *is_id);

/* attempt.c */
extern ErrorData *ScimAttempt(void (*work)(void *arg), void *arg);
extern ErrorData *ScimAttemptUndone(void (*work)(void *arg), void *arg);
/* What an error names as the constraint that keeps one person from his role. */
#define SCIM_DATABASE_ROLES "database_roles"
extern bool ScimErrorIsAboutRow(const ErrorData *error);
extern JsonbValue *
ScimProblemJson(const char *scim_type, const char *path, const char *detail);
extern Jsonb *ScimErrorJson(const ErrorData *error, bool deletes);

/* Many rows that are written at once, but for those that cannot be. */
typedef struct ScimManyRows
{
	void (*write)(void *arg, int from, int to);
	void (*written)(void *arg, int from, int to); /* that part is */
	void (*refused)(void *arg, int row, const ErrorData *error);
	void *arg;
} ScimManyRows;
extern void ScimAttemptMany(const ScimManyRows *rows, int from, int to);

#endif /* SCIM_STATEMENT_H */
