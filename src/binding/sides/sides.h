/*
 * sides.h
 *		The two sides of a binding: rows and resources, read and written, locked,
 *		refused.
 *
 *		row.c			a row of the table: read, made, changed, taken away
 *		rows.c			all rows of the table, read
 *		child.c			rows of the tables of multi-valued attributes (child.h)
 *		child_match.c	which of them a value comes from (child.h)
 *		places.c		where they are, for statements about many of them
 *		resource.c		resources: read, made, changed, taken away
 *		lock.c			rows and resources, locked before they are read
 *		late.c			values that come before the row whose they are
 *		store_refuses.c	errors of the store that name row, column and attribute
 *		table_refuses.c	and those of the table
 *		taken.c			who has a value that a row could not have
 *		deferred.c		rows that constraints are asked about later
 *		waiting.c		which constraints wait; where they may not: asked with each
 *		queue.c			rows that were written, and are followed later
 *		held.c			rows that are there when a table is bound, and linked to nobody
 */
#ifndef SCIM_SIDES_H
#define SCIM_SIDES_H

#include "postgres.h"
#include "access/htup.h"
#include "fmgr.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"
#include "utils/uuid.h"

#include "binding/bound/bound.h"
#include "store/statement/plan.h"

/* row.c */
extern char *ScimWriteSql(const ScimBinding *binding, const ScimBoundWrite *write,
						  int value, int document, bool inserts);
extern ScimRowView *
ScimRowViewOf(const ScimBinding *binding, HeapTuple tuple, TupleDesc desc);
extern ScimRowView *ScimRowFind(const ScimBinding *binding, Datum key);
extern ScimRowView *ScimRowFindOf(const ScimBinding *binding, int32 tenant_id, Datum key);
extern bool ScimRowIsOf(const ScimBinding *binding, int32 tenant_id, Datum key);
extern bool ScimRowTenant(const ScimBinding *binding, Datum key, int32 *tenant_id);
extern bool ScimRowIsLeftOut(const ScimBinding *binding, Datum key);
extern ScimRowView *
ScimRowInsert(const ScimBinding *binding, const ScimBoundResource *resource);
extern const ScimRowView *
ScimRowUpdate(const ScimBinding *binding, const ScimBoundResource *resource,
			  const ScimRowView *row, List *attributes, bool *vanished);
extern void ScimRowDelete(const ScimBinding *binding, Datum key);
extern void ScimRowMark(const ScimBinding *binding, Datum key, List *writes);
pg_noreturn extern void ScimRowSkipped(const char *table);
pg_noreturn extern void ScimRowGivenAway(const char *table, const char *type_name);
extern Datum ScimTextsOfTenant(const ScimBinding *binding, int32 tenant_id);
extern bool
ScimTenantOfText(const ScimBinding *binding, const char *text, int32 *tenant_id);

/* rows.c */
typedef void (*ScimUseRowViews)(void *arg, ScimRowView **rows, int n);

/* attribute NULL: it is not about one alone */
typedef void (*ScimUseBadRow)(void *arg, Datum key, const ScimBoundAttribute *attribute,
							  const char *problem);
extern void ScimRowsRead(const ScimBinding *binding, bool by_key, ScimUseRowViews use,
						 ScimUseBadRow bad, void *arg);
extern ScimRowView *ScimRowReadable(const ScimBinding *binding, Datum key);
/* Rows of a query whose first column is a tenant: which of the keys are theirs? */
extern bool *ScimRowsExist(const ScimBinding *binding, HeapTuple *rows, TupleDesc desc,
						   Datum *keys, bool *nulls, int n);

/* child.c */
extern void
ScimChildrenWrite(const ScimBinding *binding, const ScimBoundAttribute *attribute,
				  Datum key, const JsonbValue *of_row, const JsonbValue *of_document);
extern void ScimChildrenDelete(const ScimBinding *binding, Datum key);
extern bool ScimOtherHasRows(const ScimBinding *binding, const ScimBoundTable *table,
							 const char *condition, const ScimParams *params);
extern bool ScimChildrenAreEnding(void);
extern void ScimChildrenEndLeft(const ScimBinding *binding, Datum key);

/* places.c */
typedef struct ScimRowPlace ScimRowPlace;

typedef struct ScimRowPlaces ScimRowPlaces;
extern ScimRowPlaces *ScimPlacesRead(const ScimBinding *binding,
									 const ScimBoundAttribute *attribute, Datum key);
extern List *
ScimPlacesAdd(List *list, const ScimRowPlaces *places, const JsonbValue *element);
extern List *ScimPlacesResult(MemoryContext context, int column);
extern char *
ScimPlacesTable(List **list, const ScimBoundTable *table, ScimParams *params);

/* lock.c */
extern bool ScimRowLock(const ScimBinding *binding, Datum key, bool for_update);
extern void ScimBindingLock(ScimStore *store, const ScimResourceType *type,
							int32 tenant_id, const pg_uuid_t *id, bool for_update);
extern void
ScimResourcesLock(const ScimBinding *binding, int32 tenant_id, Datum *ids, int n);
extern void ScimGroupsLock(const ScimBinding *groups, const Datum *keys, int n);

/* late.c */
extern bool ScimValuesNeedRow(const ScimBinding *binding, const ScimBoundTable *table);
extern bool ScimValuesMayBeThere(const ScimBinding *binding, Datum key);

/* resource.c */
extern bool ScimTakingIn;
extern void
ScimTakeInExecute(const char *query, const ScimParams *params, bool keeps_plan);
extern void ScimTakeInMany(const ScimBinding *binding, const char *query,
						   const ScimParams *params, int n, const char *what);
extern bool ScimBoundRead(const ScimBinding *binding, int32 tenant_id,
						  const pg_uuid_t *id, ScimBoundResource *resource);
extern bool ScimBoundReplace(const ScimBinding *binding, const ScimRowView *row,
							 ScimBoundResource *resource);
pg_noreturn extern void ScimRaiseTakenAway(const ScimBinding *binding);
extern void ScimBoundCreate(const ScimBinding *binding, const ScimRowView *row,
							ScimBoundResource *resource);
extern bool ScimBoundIsInactive(const JsonbValue *document);
extern bool
ScimBoundIsLetGo(const ScimBinding *binding, const ScimBoundResource *resource);
extern const char *ScimBoundLetGoSql(const ScimBinding *binding);
extern void
ScimBoundEnd(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id);
extern void ScimBoundRestore(const ScimBinding *binding, const ScimRowView *row,
							 ScimBoundResource *resource);
extern JsonbValue *ScimBoundDocument(const ScimBinding *binding, const ScimRowView *row);
extern void ScimBoundTakeRow(const ScimBinding *binding, const ScimRowView *row,
							 List *attributes, JsonbValue *document);
extern bool ScimBoundIsOurs(const pg_uuid_t *id, bool alone, bool comes_back);

/* store_refuses.c */
typedef struct ScimRowAt
{
	ErrorContextCallback callback;
	const ScimBinding *binding;
	Datum key;
	List *attributes;
	bool tells; /* whoever acts may read the key */
} ScimRowAt;
extern void
ScimRowAtBegin(ScimRowAt *at, const ScimBinding *binding, Datum key, List *attributes);
extern void ScimRowAtEnd(ScimRowAt *at);
extern void ScimRowRequireSeen(const ScimBinding *binding, const ScimRowView *row,
							   const List *attributes);
extern char *
ScimUnknownValue(const ScimBoundAttribute *attribute, const JsonbValue *value);
extern void ScimStoreSays(const ScimBinding *binding, const ScimRowView *row,
						  const ScimBoundResource *resource, ErrorData *error);
pg_noreturn extern void
ScimStoreRefuses(const ScimBinding *binding, const ScimRowView *row,
				 const ScimBoundResource *resource, MemoryContext context);

/* table_refuses.c */
extern void
ScimRaiseKeyGone(const ScimBinding *binding, Datum key, const ErrorData *error);
extern void ScimRaiseUnworkable(const ScimBinding *binding, const ErrorData *error);
pg_noreturn extern void
ScimTableRefuses(const ScimBinding *binding, List *attributes,
				 const ScimBoundAttribute *at, MemoryContext context, bool deletes);
pg_noreturn extern void
ScimTableRefusesLate(const ScimBinding *binding, MemoryContext context, bool deletes,
					 bool moved);

/* taken.c */
extern int ScimTakenAttribute(const ScimBinding *binding, const ErrorData *error,
							  const char **column);
extern bool ScimTakenMayBeTold(const ScimBinding *binding, int number);
extern bool ScimKeyMayBeTold(const ScimBinding *binding);
extern char *ScimKeyTold(const ScimBinding *binding, Datum key);
extern char *
ScimTakenBy(const ScimBinding *binding, const ScimRowView *row, const ErrorData *error);
extern char *ScimTakenHolder(const ScimBinding *binding, const ScimRowView *row,
							 const ErrorData *error);

/* deferred.c */
/* Of so many rows each is known. */
#define SCIM_MAX_KNOWN 1000

/* A row that was written, or one of members. */
typedef struct ScimKnownRow
{
	Datum key;
	Datum member; /* or 0 */
} ScimKnownRow;

/* Rows of a table that were written in this transaction. */
typedef struct ScimWrittenRows
{
	const ScimBinding *binding; /* stays until the transaction ends */
	Datum key;                  /* of the one row; 0: there are several */
	bool deletes;               /* all of them have gone */
	ScimKnownRow *known;        /* those that have not */
	int nknown;                 /* more than SCIM_MAX_KNOWN: there are others */
} ScimWrittenRows;

extern void
ScimDeferredNote(const ScimBinding *binding, Datum key, Datum member, bool deletes);
extern List *ScimDeferredTake(void);

/* waiting.c */
extern void ScimDeferredAsk(const ScimBinding *binding, List *names);
extern void ScimDeferredAgain(const ScimBinding *binding);
extern bool ScimDeferredIsAsked(const ScimBinding *binding, Oid constraint);
/* ScimBeOwnerFor of a table that is written then. */
extern ScimIdentity ScimBindingBeOwner(const ScimBinding *binding);
extern void ScimBindingBeCaller(ScimIdentity caller);
extern Datum
ScimDeferredWithin(FunctionCallInfo fcinfo, Datum (*work)(FunctionCallInfo fcinfo));

/* queue.c */
extern void ScimQueueAdd(Oid relid);
extern void ScimQueueFollow(Oid relid, Oid owner, void (*follow)(void *arg), void *arg);
extern void ScimQueueRequireEmpty(Oid relid);
extern void ScimQueueFlushStore(ScimStore *store);
extern void ScimQueueFlushForView(ScimStore *store);
extern void ScimQueueRequireFollowed(const ScimBinding *binding);

/* held.c */
typedef struct ScimHeld ScimHeld;

typedef struct ScimHeldRow
{
	Datum key;
	bool gone;   /* it counts as deleted */
	bool linked; /* it is known by now whose it is */
} ScimHeldRow;
extern ScimHeld *ScimHeldBegin(void);
extern void ScimHeldEnd(ScimHeld *held);
extern void
ScimHeldAdd(ScimHeld *held, const ScimBinding *binding, const ScimRowView *view);
extern ScimHeldRow *ScimHeldFind(ScimHeld *held, const ScimBinding *binding,
								 const ScimBoundResource *resource);
extern void ScimHeldCount(ScimHeld *held, const ScimBinding *binding,
						  const ScimBoundResource *resource);
extern ScimHeldRow *ScimHeldFindGone(ScimHeld *held, const ScimBinding *binding,
									 const ScimBoundResource *resource);
extern bool ScimHeldHasGone(const ScimHeld *held);

#endif /* SCIM_SIDES_H */
