/*
 * plan.h
 *		SPI plans, prepared once per backend and kept.
 *
 * A plan is found by the text of its query, so that every call site and every
 * shape of a search has its plan without a registry of names.  Values always
 * travel as parameters.
 */
#ifndef SCIM_PLAN_H
#define SCIM_PLAN_H

#include "postgres.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "utils/relcache.h"
#include "utils/uuid.h"

#include "compat.h"

#define SCIM_MAX_PARAMS 8

typedef struct ScimParams
{
	int n;
	int capacity;
	Oid *types;
	Datum *values;
	char *nulls;
} ScimParams;

extern void ScimParamsInit(ScimParams *params);
/* Returns the number of the parameter: $1, $2 ... */
extern int ScimParamsAdd(ScimParams *params, Oid type, Datum value, bool isnull);
/* Starts with $1 and $2: the key of a resource. */
extern void
ScimParamsOfResource(ScimParams *params, int32 tenant_id, const pg_uuid_t *id);
/* An array of uuid, text or int4, for one; nulls may be NULL. */
extern Datum ScimArray(Datum *values, bool *nulls, int n, Oid type);

/*
 * Between SPI_connect and SPI_finish; count 0 = all rows.  All that follow leave the
 * current memory context as it was, which SPI's own functions do not: they leave that of
 * the connection.
 */
extern int
ScimSpiExecute(const char *query, const ScimParams *params, bool read_only, long count);
/* The same with another search_path, which what it calls on its way has, too. */
extern int ScimSpiExecuteIn(const char *search_path, const char *query,
							const ScimParams *params, bool read_only, long count);
extern int ScimSpiExecuteInByKey(const char *search_path, const char *query,
								 const ScimParams *params, long count);
extern bool ScimErrorIsOfTrigger(void);
/* The same, kept as parsed, but planned each time for the values at hand. */
extern int ScimSpiExecuteForValues(const char *query, const ScimParams *params,
								   bool read_only, long count);
/* The same, planned once for any values. */
extern int ScimSpiExecuteForAny(const char *query, const ScimParams *params,
								bool read_only, long count);
/* The same for rows that are found by keys, however few there were when it was planned.
 */
extern int ScimSpiExecuteByKey(const char *query, const ScimParams *params, long count);
/*
 * Hands over each row of a query as the executor comes across it, for who keeps few of
 * many; use may run no statements.  by_values: planned for the values at hand; otherwise
 * once, for rows that are found by keys, as by ScimSpiExecuteByKey.
 */
typedef void (*ScimUseSlot)(void *arg, TupleTableSlot *slot);
extern void ScimSpiStream(const char *query, const ScimParams *params, bool by_values,
						  ScimUseSlot use, void *arg);
/* The same, but it may stop on the way, and go on after other statements. */
typedef struct ScimStream ScimStream;
extern ScimStream *ScimStreamOpen(const char *query, const ScimParams *params,
								  bool by_values, ScimUseSlot use, void *arg);
/* Hands over so many rows, 0: all that are left; returns how many there were. */
extern uint64 ScimStreamRun(ScimStream *stream, long count);
extern void ScimStreamClose(ScimStream *stream);
/* Does an index give the rows of a query, planned as by ScimSpiExecuteByKey, in order? */
extern bool ScimSpiIsInOrder(const char *query, const ScimParams *params);
extern bool ScimSpiSeeOne(bool one);
extern bool ScimSpiSeesOne(void);
extern int ScimSpiExecuteOnce(const char *query, const ScimParams *params, bool read_only,
							  long count);

/* The same while is_open is true, by which a trigger knows that the store itself writes.
 */
extern void
ScimSpiExecuteOpening(bool *is_open, const char *query, const ScimParams *params);

/* role_row.c: a statement that writes a store's table "database_role" */
extern void ScimDatabaseRoleWrite(const char *statement, const ScimParams *params);

/* guard.c: no trigger of somebody else's runs as the owner of a store */
extern void ScimGuardWrite(SPIPlanPtr plan);
pg_noreturn extern void ScimRaiseSkipped(const char *table);
/* In PG_CATCH around a statement: is it a rule that the error is about, or what the owner
 * of the store lacks? */
pg_noreturn extern void ScimGuardRethrow(const char *query, MemoryContext caller);
/* The same of a table that is written without a statement; it is locked. */
extern void ScimGuardTable(Relation relation);

/*
 * statement.c: the settings of our statements, whatever those of the session are, from
 * Begin, which returns what End takes.  search_path NULL: ours.  OfText: those, too, that
 * shape values as text.  StatementsBegin: for many that follow.
 */
extern int ScimStatementBegin(void);
extern int ScimStatementsBegin(void);
extern int ScimStatementBeginIn(const char *search_path);
extern int ScimStatementBeginOfText(const char *search_path);
extern void ScimStatementEnd(int level);
/* Until then a setting has this value. */
extern void ScimStatementFix(const char *name, const char *value);

/*
 * In between, plans of statements that are made for their values read no table as a whole
 * (apart: rows of other tenants may be there).  An error is undone by the end of the
 * (sub)transaction.
 */
extern int ScimSpiBeginApart(bool apart);
extern void ScimSpiEndApart(int level);

/* A cursor over the rows of a query that has many: SPI closes it. */
extern Portal ScimSpiCursor(const char *query, const ScimParams *params);
extern void ScimSpiFetch(Portal portal, long count);

/* The transition tables of a trigger, "changed" and "was", for statements. */
extern void ScimUseChanged(const TriggerData *trigger);

/* For all statements until the level of settings ends. */
extern void ScimJitOff(void);

/*
 * Calls use with the rows of a query, some at a time: memory does not grow with
 * their number.  use may run other statements.
 */
typedef void (*ScimUseRows)(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc);
extern void ScimSpiForEach(const char *query, const ScimParams *params, bool read_only,
						   ScimUseRows use, void *arg);
/* ... that are one tenant's, of a table of all of them: that is not read as a whole. */
extern void ScimSpiForEachOfTenant(const char *query, const ScimParams *params,
								   bool read_only, ScimUseRows use, void *arg);
extern void ScimSpiForEachForAny(const char *query, const ScimParams *params,
								 ScimUseRows use, void *arg);
extern void
ScimSpiForEachIn(const char *search_path, const char *query, const ScimParams *params,
				 bool read_only, ScimUseRows use, void *arg);
/* The same, read as somebody who may do no more on the way; used as the caller. */
extern void ScimSpiForEachAs(Oid reader, const char *search_path, const char *query,
							 const ScimParams *params, ScimUseRows use, void *arg);
/* For a ScimUseRows: calls use with one row after the other, each connected to SPI for
 * itself: what is made of one is gone before the next. */
typedef void (*ScimUseRow)(void *arg, HeapTuple row, TupleDesc desc);
extern void
ScimUseEachRow(ScimUseRow use, void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc);

/*
 * behalf.c: the owner of a store does what its triggers have to, whatever the caller may.
 * ScimBeOwner switches to it and to the settings of our statements (statement.c),
 * ScimBeCaller back, which ends what was set meanwhile by whomever.  An error in between
 * is undone by the end of the (sub)transaction.
 */
typedef struct ScimIdentity
{
	Oid user;
	int security_context;
	int guc_level;
} ScimIdentity;
extern ScimIdentity ScimBeOwner(Oid owner);
/* The same for statements that only read: whatever runs on the way may do no more. */
extern ScimIdentity ScimBeReader(Oid owner);
/*
 * The same for the owner of a table, whose code nobody need trust: it can do nothing in
 * the session of somebody who is exposed to it.
 */
extern ScimIdentity ScimBeOwnerFor(Oid owner);
extern bool ScimIsExposedTo(Oid owner);
/* Is one of ours under way by which somebody is protected so?  Is it the last one? */
extern bool ScimIsConfined(void);
extern bool ScimEndsConfinement(void);
/*
 * A statement on his table, which somebody has written himself and is followed, lets that
 * code run as it likes: until ScimOpenEnd nobody is exposed to it by us.  Returns what
 * that takes, after an error as well.
 */
typedef struct ScimOpen
{
	Oid owner;
	struct ScimOpen *outer;
} ScimOpen;
extern ScimOpen *ScimOpenTo(ScimOpen *open, Oid owner);
extern void ScimOpenEnd(ScimOpen *before);
extern void ScimBeCaller(ScimIdentity caller);
/*
 * In a trigger of ours on a table of such an owner: who acts is who did when that one was
 * let write, whatever his own triggers have proved in the same statement.  Returns what
 * ScimActAsBefore takes.
 */
extern int ScimActAsBegun(void);
/*
 * In a trigger of ours on a table of a store: within one of our statements who acts is
 * who did when that began, whatever triggers, policies and checks that its owner has
 * added have proved meanwhile.  Calls work, and returns what that does.
 */
extern Datum
ScimDoAsAsked(FunctionCallInfo fcinfo, Datum (*work)(FunctionCallInfo fcinfo));
extern void ScimActAsBefore(int level);
/* Who acts: the current user or, where we are the owner of a store, on whose behalf. */
extern Oid ScimActingRole(void);
/* Are we the owner of a store? */
extern bool ScimIsOnBehalf(void);
/* May whoever acts read a table, so that errors may show it? */
extern bool ScimMayRead(Oid relid);

/* constraint.c: SET CONSTRAINTS ALL IMMEDIATE */
extern void ScimCheckDeferredConstraints(void);
/* ... or of some, RangeVar * */
extern void ScimConstraintsSet(List *constraints, bool deferred);
/* Has the transaction asked all, so that none waits? */
extern bool ScimConstraintsAreAsked(void);

#endif /* SCIM_PLAN_H */
