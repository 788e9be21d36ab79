/*
 * watched.h
 *		The columns of a bound table, or of one of its values and members, that say
 *		something.
 */
#ifndef SCIM_WATCHED_H
#define SCIM_WATCHED_H

#include "postgres.h"
#include "access/htup.h"
#include "commands/trigger.h"
#include "fmgr.h"
#include "nodes/pg_list.h"
#include "utils/relcache.h"

#include "binding/bound/bound.h"
#include "binding/follow/follow.h"

/* Which columns of a table, or a partition of it, matter; kept for the statement. */
typedef struct ScimWatched
{
	Oid relid;
	List *key;    /* int */
	List *member; /* int */
	int tenant;   /* or 0 */
	bool all;
	List *watched;          /* int */
	List *named;            /* int: by SQL of the mapping */
	List *references;       /* List * of int, of each of the binding's references */
	bool follows;           /* the trigger that follows rows is there, and fires */
	bool is_moved;          /* so is the one that sees to their keys at once */
	ScimFollowed *followed; /* of a table of values: rows whose they are */
} ScimWatched;

/* A row as it was or is: its key and tenant. */
typedef struct ScimTenantKey
{
	bool there;
	int32 tenant_id;
	Datum key;
} ScimTenantKey;

extern ScimWatched *
ScimWatchedFind(FunctionCallInfo fcinfo, Relation relation, const ScimBinding *binding,
				const ScimBoundAttribute *other);
extern ScimWatched ScimWatchedOfRow(Relation relation, const ScimBinding *binding);
extern bool ScimWatchedSaysSame(const TriggerData *trigger, const ScimWatched *watched);
extern bool
ScimWatchedIsUnchanged(const TriggerData *trigger, const ScimWatched *watched);
extern bool
ScimWatchedKey(Relation relation, const List *numbers, HeapTuple tuple, Datum *key);
extern ScimTenantKey ScimTenantKeyOf(const ScimBinding *binding, Relation relation,
									 const ScimWatched *watched, HeapTuple tuple);

#endif
