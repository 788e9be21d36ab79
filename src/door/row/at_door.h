/*
 * at_door.h
 *		A row of "resource" at the door, as its triggers see it.
 *
 *		row.c		its columns
 *		../door.c	BEFORE: what the row becomes
 *		row_document.c	what its document becomes
 *		row_fault.c	what a write past the door has left in its columns
 *		step.c		the life of a row: what a step does to it
 *		../leave.c	what becomes of it in place of what its statement says
 *		../record.c	AFTER: what follows from it
 *		excluded.c	what a row stated that ON CONFLICT DO UPDATE writes
 *		taken.c		who has the key of a new row already
 *		given.c		ids that the writer has given
 *		own.c		who has written it since somebody read it
 *		load.c		very many new rows at once
 *		row_context.c	which row is at the door
 */
#ifndef SCIM_AT_DOOR_H
#define SCIM_AT_DOOR_H

#include "postgres.h"
#include "commands/trigger.h"
#include "fmgr.h"

#include "door/row/row.h"
#include "policy/policy.h"
#include "resource/resource.h"
#include "store/store.h"

/* The columns of "resource", in the order of ResourceColumns.number. */
typedef enum ResourceColumn
{
	COLUMN_TENANT_ID = SCIM_KEY_COLUMNS, /* the key columns come first */
	COLUMN_RESOURCE_TYPE,
	COLUMN_ID,
	COLUMN_STATUS,
	COLUMN_DATA,
	COLUMN_VERSION,
	COLUMN_CREATED,
	COLUMN_LAST_MODIFIED,
	COLUMN_OFFBOARDING_AT,
	COLUMN_DELETED_AT,
	COLUMN_ACTIVATED_AT,
	COLUMN_DEACTIVATED_AT,
	COLUMN_SESSIONS_VALID_AFTER
} ResourceColumn;
#define RESOURCE_COLUMNS (COLUMN_SESSIONS_VALID_AFTER + 1)

typedef struct ScimDoorColumn
{
	const char *name;
	Oid type;
} ScimDoorColumn;
extern const ScimDoorColumn ScimDoorColumns[RESOURCE_COLUMNS];

/* excluded.c: what the last new row stated */
typedef struct StatedRow
{
	ScimPendingKey key;
	Jsonb *stated; /* the document that the door was given, or NULL: nothing is kept */
	uint64 data;   /* a digest of what it has made of that */
	bool has_password; /* or it is to go */
	bool has_members;
	bool is_new; /* it may have been written */
} StatedRow;

/* What is known of the partition at hand; kept for the statement. */
typedef struct ResourceColumns
{
	Oid relid;
	MemoryContext context; /* of the statement */
	int statement;         /* see pending.c; 0 until something is kept */
	/* a BEFORE trigger that comes after the door, or NULL */
	const char *after_door_on_insert;
	const char *after_door_on_update;
	bool has_type_name;    /* type_name is known: of new rows it is asked for */
	const char *type_name; /* of the only type that the table holds, or NULL */
	bool has_settles;      /* settles is known: when the statement is over, it is told */
	bool settles;
	int number[RESOURCE_COLUMNS];
	StatedRow stated;
	Oid reader; /* who may read them: the rest of this; see row_context.c */
	bool may_read;
	bool is_bound;           /* by row-level security */
	ScimTargets *targets;    /* that rows of the statement have referred to, or NULL */
	struct ScimLoad *load;   /* load.c; NULL: nothing is loaded */
	struct ScimTaken *taken; /* taken.c; NULL: nothing was looked for */
} ResourceColumns;

typedef struct ResourceRow
{
	Datum values[RESOURCE_COLUMNS];
	bool nulls[RESOURCE_COLUMNS];
} ResourceRow;

typedef struct Door
{
	ScimStore *store;
	const ScimResourceType *type;
	TriggerData *trigger;
	ResourceColumns *columns;
	int32 tenant_id;
	int64 number;               /* INSERT: of the row, or 0: it is not known */
	const ScimRules *rules;     /* that hold for the row */
	ResourceRow old;            /* UPDATE and DELETE */
	ResourceRow new;            /* INSERT and UPDATE */
	TimestampTz now;            /* of the change, while the row is locked */
	bool loads;                 /* INSERT: it is a row of a load */
	bool given;                 /* INSERT: the id is the writer's, as others may know */
	bool as_client;             /* nothing is written: what would come of a client's */
	bool removed;               /* UPDATE: the row is to be deleted instead */
	bool shown;                 /* errors may say whose row it is */
	const JsonbValue *document; /* of the new row, or NULL: not read yet */
	StatedRow stated; /* UPDATE: of its INSERT, whose document it does not write */
	List *missing;    /* ScimReference *, what rows of the statement may yet bring */
} Door;

extern void
ScimDoorOpen(Door *door, FunctionCallInfo fcinfo, ErrorContextCallback *callback);
extern const char *ScimDoorTriggerAfter(const Door *door);
extern void ScimDoorKey(const Door *door, ScimPendingKey *key);

/* row_document.c: today is what the old document would be if it was written now */
extern void ScimDoorMergeColumns(const Door *door, JsonbValue *document,
								 const JsonbValue *old_document);
extern void ScimDoorDeriveColumns(const ScimResourceType *type, ResourceRow *row,
								  const JsonbValue *document);
extern bool ScimDoorAsksChanges(const ScimRules *rules);
extern void
ScimDoorPrepare(Door *door, JsonbValue *document, const JsonbValue *old_document,
				const JsonbValue *today, ScimPrepared *prepared);
extern void ScimDoorCheckConditions(const Door *door, const JsonbValue *document,
									const JsonbValue *old_document);
extern void
ScimDoorSetDocument(Door *door, JsonbValue *document, const JsonbValue *old_document);
extern void ScimDoorCheckWritten(const Door *door, bool unsure);

/* row.c */
extern bool ScimDoorReplaces(const Door *door);
extern bool ScimDoorPatches(const Door *door);
extern bool ScimDoorTakesBack(const Door *door);
extern bool ScimDoorStates(const Door *door);
extern void ScimSetColumn(ResourceRow *row, int column, Datum value);
extern bool ScimSameColumn(const ResourceRow *a, const ResourceRow *b, int column);
extern ScimStatus ScimRowStatus(const ResourceRow *row);
extern bool ScimRowWasSuspended(const ResourceRow *row);
extern bool ScimRowMayAct(const Door *door, const ResourceRow *row);

/* row_fault.c */
extern char *
ScimRowFault(const ResourceRow *row, ScimStatus status, int column, TimestampTz now);
extern TimestampTz ScimLastModified(const ResourceRow *row);
extern bool ScimRowIsFaulty(const ResourceRow *row, TimestampTz now);
extern int64 ScimRowVersion(const Door *door);
extern void ScimRowMend(Door *door);

/* excluded.c: of an INSERT that may become an UPDATE, or has become the one at hand */
extern bool ScimDoorSets(const Door *door, int column);
extern Jsonb *ScimExcludedStated(const Door *door, JsonbValue *document);
extern bool ScimExcludedMake(Door *door, const JsonbValue *document);
extern void ScimExcludedNote(const Door *door, const Jsonb *stated, bool has_password,
							 bool has_members);
extern bool ScimExcludedIsWritten(const Door *door);
extern void ScimExcludedTake(Door *door);
extern void ScimExcludedCheck(const Door *door, const JsonbValue *document);

/* step.c: document is the canonical one, whose "active" may follow */
extern void ScimDoorBeginLife(Door *door, JsonbValue *document);
extern void ScimDoorCheckSessions(Door *door);
extern void
ScimDoorTakeStep(Door *door, JsonbValue *document, const JsonbValue *old_document);
extern void ScimDoorLeave(Door *door, JsonbValue *document);
extern bool ScimDoorSameContent(const Door *door, const JsonbValue *document,
								const JsonbValue *old_document);

/* leave.c: what a row is done to in place of what its statement says */
extern void ScimDoorKeep(const Door *door, ScimStatus status);
extern void ScimDoorRemove(const Door *door);
extern bool ScimDoorIsRemoved(const Door *door);

/* own.c: the row is written, or deleted */
extern void ScimOwnNote(const Door *door);

/* given.c: ids that the writer has given */
extern void ScimGivenNote(const Door *door);
extern bool ScimGivenIsThere(const Door *door);
extern bool ScimGivenCheck(const Door *door);

/* taken.c: somebody has the key of a new row, but for its id */
extern bool ScimHasKeys(const Door *door);
extern Oid ScimKeyTakenBy(const Door *door, HeapTuple tuple, bool waits);

/* load.c: rows of scim.begin_load */
extern bool ScimLoads(const Door *door);
extern void ScimLoadCount(const Door *door);
extern TimestampTz ScimLoadInstant(Door *door);
extern void ScimLoadCheckUnique(Door *door, HeapTuple tuple);
extern void ScimLoadLeaveOut(const Door *door, const ErrorData *error);
extern bool ScimLoadNote(const Door *door, const ScimOccurrence *happened);

/* row_context.c */
extern void ScimRowContextPush(ErrorContextCallback *callback, Door *door);

#endif /* SCIM_AT_DOOR_H */
