/*
 * import.h
 *		Many resources at once: from a table or query that somebody has loaded, and out
 *		again.
 *
 *		import.c		scim.import: what is asked for, in which order
 *		limit.c			how much may come to an end or change
 *		field.c			columns and keys, and the attributes that they are
 *		source.c		the rows of the source, read once
 *		agree.c			what a row says of one attribute in several ways
 *		cleared.c		what a row takes away, and is immutable
 *		compare.c		what a row makes of the resource that it means, if any
 *		member_name.c	the attribute by which members of groups are named
 *		member.c		members of groups by their names
 *		named.c			whom rows name, and what the same source makes of them
 *		missing.c		who is not in the source
 *		freed.c			rows that want what others give up, or name whom others make
 *		apply.c			what has been found out is done
 *		report.c		the rows that scim.import returns
 *		told.c			the versions in these, once all is written
 *		export.c		scim.export, scim.export_csv
 *
 * The source is read once, as the caller and before anything else is let in, into a
 * tuplestore, and all that is found out about it goes to another: what does not fit in
 * work_mem is on disk, so that memory does not grow with the number of rows.  Both are
 * tables to the statements here, "source" and "plan".
 *
 * First the difference is made as a whole, and nothing is written before it is known how
 * much would change.  Then rows are written by statements of many at a time, as the
 * caller and through the door like anybody's, each resource only where it has the version
 * that it was compared in, or nobody but the import itself has changed it since.
 */
#ifndef SCIM_IMPORT_H
#define SCIM_IMPORT_H

#include "postgres.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"
#include "utils/resowner.h"
#include "utils/tuplestore.h"
#include "utils/uuid.h"

#include "binding/bound/bound.h"
#include "json/buckets.h"
#include "policy/policy.h"
#include "policy/wire/wire.h"
#include "query/query.h"
#include "store/statement/plan.h"
#include "store/store.h"
#include "text/fold.h"

/* What is done with a resource, in the order in which it is done. */
typedef enum ScimImportAction
{
	SCIM_IMPORT_CREATE,
	SCIM_IMPORT_CHANGE,
	SCIM_IMPORT_DEACTIVATE,
	SCIM_IMPORT_DELETE,
	/* nothing: */
	SCIM_IMPORT_UNCHANGED,
	SCIM_IMPORT_INVALID,
	SCIM_IMPORT_CONFLICT, /* it is not what somebody has seen */
	SCIM_IMPORT_REFUSED   /* the whole would be */
} ScimImportAction;
#define SCIM_IMPORT_WRITES SCIM_IMPORT_UNCHANGED
#define SCIM_IMPORT_ACTIONS (SCIM_IMPORT_REFUSED + 1)

/* By what a row and a resource are the same. */
typedef enum ScimImportMatch
{
	SCIM_MATCH_EXTERNAL_ID = SCIM_KEY_EXTERNAL_ID,
	SCIM_MATCH_USER_NAME = SCIM_KEY_USER_NAME,
	SCIM_MATCH_DISPLAY_NAME = SCIM_KEY_DISPLAY_NAME,
	SCIM_MATCH_ID
} ScimImportMatch;

/* So many, or so many of a hundred. */
typedef struct ScimLimit
{
	const char *argument; /* "max_missing" */
	const char *text;     /* as it was given; NULL: none */
	int64 number;
	double percent; /* negative: it is a number */
} ScimLimit;

/* What a column or key is. */
typedef enum ScimFieldKind
{
	SCIM_FIELD_ATTRIBUTE,
	SCIM_FIELD_MEMBERS,
	SCIM_FIELD_PASSWORD,
	SCIM_FIELD_ID,
	SCIM_FIELD_SCHEMA,   /* the object of an extension */
	SCIM_FIELD_DOCUMENT, /* the column "data" */
	SCIM_FIELD_LINE,
	SCIM_FIELD_VERSION,
	SCIM_FIELD_ACTION,
	SCIM_FIELD_IGNORED,
	SCIM_FIELD_UNKNOWN
} ScimFieldKind;

typedef struct ScimField
{
	char *key; /* the name of the column, or the key in a document */
	ScimFieldKind kind;
	ScimBoundAttribute bound; /* path, target and choose */
	const ScimSchema *schema;
	JsonbValue *values; /* of the mapping, or NULL */
	Oid type;           /* of a column, or of its elements, under domains */
} ScimField;

/* What a row says of an attribute. */
typedef struct ScimStated
{
	const ScimField *field;
	JsonbValue *value;      /* as it is stored; NULL: that there is nothing */
	const JsonbValue *said; /* the same as the row has it */
	bool in_document;
} ScimStated;

/* Fields by their keys; they come in the same order again and again. */
typedef struct ScimFields
{
	const ScimResourceType *type;
	const ScimWire *wire; /* as that of the import */
	MemoryContext context;
	List *fields;       /* ScimField * */
	ScimBuckets by_key; /* which of them, once there are any */
	int next;           /* the one behind that which was found last */
} ScimFields;

/* A row of the source, read. */
typedef struct ScimImportRow
{
	int64 line;
	List *stated;   /* ScimStated * */
	List *unknown;  /* ScimStated *: what no schema has */
	List *problems; /* ScimProblem * */
	/* agree.c: which of what is stated is of an attribute, and of one part of it */
	ScimBuckets by_attribute;
	ScimBuckets by_field;
	char *key;   /* as it is shown; NULL: it says none */
	char *match; /* as it is compared */
	bool has_id; /* the key is one */
	pg_uuid_t id;
	char *user_name; /* folded, where that is another than the key */
	bool has_version;
	int64 version;
	const char *action; /* or NULL */
} ScimImportRow;

typedef struct ScimImport
{
	ScimStore *store;
	const ScimResourceType *type;
	int32 tenant_id;
	const ScimRules *rules;
	const ScimWire *wire;  /* which characters are others in what is stored, or NULL */
	MemoryContext context; /* of the call */

	bool apply;
	bool full;
	bool force;
	bool refuse_invalid;
	bool keep_empty;
	bool set_passwords;
	ScimImportMatch match;
	ScimImportAction missing; /* deactivate or delete */
	bool missing_may_go;      /* so that somebody is not there any more */
	const char *separator;    /* or NULL */
	const char *members;      /* by what members are named */
	const char *scope;        /* a filter, or NULL */
	ScimFilter *scope_filter;
	ScimBoundFilter *scope_bound;
	int64 scope_visits;
	ScimLimit max_missing;
	ScimLimit max_changed;

	Oid source_relid; /* or */
	char *source_query;
	const JsonbValue *mapping; /* or NULL */
	ScimFields columns;
	ScimFields keys;
	List *in_order; /* ScimField *: columns, in the order in which they are applied */

	Tuplestorestate *source;
	int64 nsource;
	int64 nkeyless; /* rows of whom nobody knows whom they mean */
	Tuplestorestate *plan;
	int64 nplan;
	Tuplestorestate *matched;
	int64 nmatched;
	/* freed.c: unique values that others have, and that come free; rows that wait */
	Tuplestorestate *wanted;
	int64 nwanted;
	Tuplestorestate *freed;
	int64 nfreed;
	Tuplestorestate *waiting;
	int64 nwaiting;
	Tuplestorestate *later; /* those of them that can be, by their rank */
	int64 nlater;
	TupleDesc value_desc;
	TupleDesc waiting_desc;
	/* members that other rows make, by the rows that name them; and rows left out */
	Tuplestorestate *depends;
	int64 ndepends;
	Tuplestorestate *left_out;
	int64 nleft_out;
	Tuplestorestate *ready; /* rows that name whom others make, and can be */
	int64 nready;
	Tuplestorestate *relied_on; /* whom those name */
	int64 nrelied_on;
	TupleDesc depends_desc;
	TupleDesc left_out_desc;
	TupleDesc relied_on_desc;
	struct ScimNames *names; /* named.c, or NULL */
	bool names_ids;          /* members may be named by their ids */
	int64 nends;             /* rows that say that somebody leaves */
	bool looks;              /* rows are compared only to know whom they make */
	TupleDesc source_desc;
	TupleDesc plan_desc;
	TupleDesc matched_desc;
	int64 counts[SCIM_IMPORT_ACTIONS];
	int64 counts_before[SCIM_IMPORT_ACTIONS]; /* rows that wait were settled, */
	Tuplestorestate *held_before;             /* and what was told by then, or NULL */
	ResourceOwner owner;                      /* of the call */
	List *stores;                             /* Tuplestorestate *: all of them */
	ReturnSetInfo *result;
} ScimImport;

/* The columns of "plan". */
typedef enum ScimPlanColumn
{
	SCIM_PLAN_ACTION,
	SCIM_PLAN_LINE,
	SCIM_PLAN_KEY,
	SCIM_PLAN_ID,
	SCIM_PLAN_VERSION,
	SCIM_PLAN_DOCUMENT,
	SCIM_PLAN_DIFFERENCE,
	SCIM_PLAN_BEFORE /* of what changes: the document that was compared */
} ScimPlanColumn;
#define SCIM_PLAN_COLUMNS (SCIM_PLAN_BEFORE + 1)

/* Those of "waiting" and "later" begin with these. */
typedef enum ScimWaitingColumn
{
	SCIM_WAITING_RANK = SCIM_PLAN_COLUMNS,
	SCIM_WAITING_IS_THERE, /* the resource */
	SCIM_WAITING_PROBLEMS  /* if it cannot be */
} ScimWaitingColumn;
#define SCIM_WAITING_COLUMNS (SCIM_WAITING_PROBLEMS + 1)

/* field.c */
extern bool ScimFieldsAreSame(const ScimField *a, const ScimField *b);
extern uint32 ScimFieldHash(const ScimField *field);
#define SCIM_FIELD_ORDERS 6
extern int ScimFieldOrder(const ScimField *field);
extern ScimField *ScimFieldFind(ScimFields *fields, const char *key, int len);
extern void ScimFieldsOfColumns(ScimImport *import, TupleDesc desc);
extern JsonbValue *ScimFieldWord(const ScimField *field, JsonbValue *raw);
extern bool ScimFieldSaysNothing(const ScimField *field, const JsonbValue *value);
extern bool ScimFieldNamesParts(const ScimField *field, const JsonbValue *value);
extern JsonbValue *ScimFieldConform(const ScimImport *import, const ScimField *field,
									JsonbValue *raw, List **problems);
extern bool
ScimFieldSays(const ScimField *field, const JsonbValue *now, const JsonbValue *value);
extern void
ScimFieldSet(const ScimField *field, JsonbValue *document, const JsonbValue *value);

/* agree.c */
extern void ScimRowAgree(const ScimImport *import, ScimImportRow *row);
extern bool ScimRowColumnSays(const ScimImportRow *row, const ScimStated *stated);
extern bool ScimRowStates(const void *arg, const ScimResolved *resolved);

/* cleared.c */
extern void ScimImportCheckCleared(const ScimImport *import, const ScimImportRow *row,
								   const JsonbValue *before, const JsonbValue *document,
								   const JsonbValue *after, List **problems);

/* source.c */
extern char *ScimImportFold(ScimFolding folding, const char *text);
extern void ScimSourceRead(ScimImport *import);
extern ScimImportRow *ScimSourceRow(ScimImport *import, const Jsonb *row, int64 line);
extern Tuplestorestate *ScimRowsBegin(ScimImport *import);
extern void
ScimRowsUse(const char *name, TupleDesc desc, Tuplestorestate *rows, int64 nrows);

/* compare.c */
extern void ScimCompareAll(ScimImport *import);

/* member_name.c */
extern bool
ScimMemberName(const ScimResourceType *type, const char *path, ScimResolved *resolved);
extern void ScimMembersCheck(const ScimRegistry *registry, const char *path);
extern const ScimResourceType *
ScimMembersAssume(const ScimRegistry *registry, const char *path);

/* member.c */
extern JsonbValue *
ScimMembersNamed(ScimImport *import, const pg_uuid_t *group_id, const JsonbValue *stated,
				 List **depends, List **problems);
extern bool ScimMembersDiffer(ScimImport *import, const pg_uuid_t *id,
							  const JsonbValue *members, JsonbValue *difference);

/* named.c */
/* A member whom another row makes, or gives its name. */
typedef struct ScimDepends
{
	pg_uuid_t id;
	Jsonb *problems; /* if that row is not done */
} ScimDepends;
/* A value by which whom a row makes may be named. */
typedef struct ScimMadeName
{
	int path; /* which of those by which rows name somebody */
	char *text;
} ScimMadeName;
extern void ScimNamesNote(ScimImport *import, const ScimImportRow *row);
extern bool ScimNamesRead(const ScimImport *import);
extern bool ScimNamesEnd(const ScimImport *import);
extern void ScimNamesBegin(ScimImport *import);
extern List *ScimNamesOf(const ScimImport *import, const JsonbValue *document);
extern void ScimNamesPutMade(ScimImport *import, const pg_uuid_t *id, const List *names);
extern void ScimNamesPutGone(ScimImport *import, const pg_uuid_t *id);
extern void ScimNamesFind(const ScimImport *import, const ScimResolved *resolved, int n,
						  const char **texts, const char **ids, bool *depends);
extern bool ScimNamesMemberGone(const ScimImport *import, const pg_uuid_t *id);
extern void ScimNamesCheckReferences(const ScimImport *import, const ScimImportRow *row,
									 const JsonbValue *before, const JsonbValue *after,
									 List **problems);

/* missing.c */
extern JsonbValue *
ScimImportDeactivated(const ScimImport *import, const JsonbValue *document);
extern bool ScimMissingMayGo(const ScimImport *import);
extern void ScimFindGone(ScimImport *import, Tuplestorestate *matched, int64 nmatched);
extern void ScimFindMissing(ScimImport *import);
extern int64 ScimCountInScope(ScimImport *import, bool may_go);

/* freed.c */
extern char *ScimImportNameKey(const char *folded);
extern char *ScimImportValueKey(const ScimImport *import, const ScimUniqueValue *value);
extern List *
ScimImportFrees(const ScimImport *import, ScimStatus status, ScimImportAction action,
				const JsonbValue *before, const JsonbValue *after);
extern bool
ScimImportGoes(const ScimImport *import, ScimStatus status, ScimImportAction action);
extern void ScimFreedBegin(ScimImport *import);
extern void ScimDependsNote(ScimImport *import, const List *depends);
extern void ScimLeftOutNote(ScimImport *import, const pg_uuid_t *id, bool waits);
extern bool ScimLeftOutRelied(ScimImport *import);
extern void ScimFreedNote(ScimImport *import, List *keys, bool waits);
extern void ScimWaitingPut(ScimImport *import, Datum *values, bool *nulls, List *keys);
extern void ScimWaitingSettle(ScimImport *import);

/* limit.c */
extern void ScimLimitRead(ScimLimit *limit, const char *argument, const char *text);
/* Why the whole is refused; NULL: it is not. */
extern char *ScimImportTooMuch(ScimImport *import);

/* apply.c */
extern void ScimImportApply(ScimImport *import, Tuplestorestate *result);

/* report.c */
typedef struct ScimReportRow
{
	bool has_line;
	int64 line;
	const char *key; /* or NULL */
	const pg_uuid_t *id;
	ScimImportAction action;
	int64 version; /* 0: none */
	const Jsonb *difference;
	const Jsonb *problems;
} ScimReportRow;
extern const char *ScimImportActionName(ScimImportAction action);
extern void ScimReport(ScimImport *import, const ScimReportRow *row);
extern List *ScimProblemAdd(List *problems, ScimErrorKind kind, const char *path,
							const char *fmt, ...) pg_attribute_printf(4, 5);
extern Jsonb *ScimProblemsJson(List *problems);

/* told.c */
extern Tuplestorestate *ScimToldHold(ScimImport *import);
extern void ScimToldRelease(ScimImport *import, Tuplestorestate *result, bool again);

#endif /* SCIM_IMPORT_H */
