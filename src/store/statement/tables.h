/*
 * tables.h
 *		The tables by which a schema is a store.
 */
#ifndef SCIM_TABLES_H
#define SCIM_TABLES_H

#include "postgres.h"
#include "catalog/pg_trigger.h"
#include "commands/trigger.h"
#include "fmgr.h"

/*
 * "resource" comes first: its owner is that of the store.  From "store" on are those
 * that version 0.1.0 did not have.
 */
typedef enum ScimTable
{
	SCIM_TABLE_RESOURCE,
	SCIM_TABLE_SCHEMA,
	SCIM_TABLE_RESOURCE_TYPE,
	SCIM_TABLE_POLICY,
	SCIM_TABLE_TENANT,
	SCIM_TABLE_MEMBER,
	SCIM_TABLE_UNIQUE_VALUE,
	SCIM_TABLE_CREDENTIAL,
	SCIM_TABLE_TOKEN,
	SCIM_TABLE_SECRET,
	SCIM_TABLE_AUDIT,
	SCIM_TABLE_EVENT,
	SCIM_TABLE_STORE,
	SCIM_TABLE_AUTHENTICATION_SCHEME,
	SCIM_TABLE_CLIENT,
	SCIM_TABLE_ENDPOINT,
	SCIM_TABLE_SETTING,
	SCIM_TABLE_RECOVERY_CODE,
	SCIM_TABLE_CONSUMER,
	SCIM_TABLE_CONSUMER_POSITION,
	SCIM_TABLE_DELIVERY,
	SCIM_TABLE_LEASE,
	SCIM_TABLE_EVENT_POSITION,
	SCIM_TABLE_CONSUMER_SECRET,
	SCIM_TABLE_SIGNING_KEY,
	SCIM_TABLE_AUDIT_SEAL,
	SCIM_TABLE_TENANT_ROLE,
	SCIM_TABLE_GUARD,
	SCIM_TABLE_GUARD_COUNT,
	SCIM_TABLE_ORIGIN,
	SCIM_TABLE_BINDING,
	SCIM_TABLE_BINDING_LINK,
	SCIM_TABLE_DATABASE_ROLE,
	SCIM_TABLE_CLIENT_ASSERTION,
	SCIM_TABLE_CLIENT_FAILURE
} ScimTable;
#define SCIM_TABLES (SCIM_TABLE_CLIENT_FAILURE + 1)

typedef struct ScimTables
{
	Oid namespace_oid;
	Oid owner;
	bool has_triggers;      /* all by which the store holds together */
	bool is_bare;           /* no trigger of ours at all */
	bool all_fire;          /* no trigger of ours is disabled */
	bool moves;             /* has the trigger of moved.c, in force or not */
	Oid relid[SCIM_TABLES]; /* InvalidOid: a store of a version that has no such table */
} ScimTables;

/* Is what a table says cached, so that it has to be read anew when it changes? */
extern bool ScimTableIsCached(ScimTable table);
/* Is there such a table of a store that nobody but the store writes? */
extern bool ScimTableIsOfBooks(const char *name);
/* Of a store that Citus has distributed: its rows are the same on all nodes. */
extern bool ScimTableIsOnAllNodes(ScimTable table);
extern bool ScimTableNamedIsOnAllNodes(const char *name);
/* Which table of a store a trigger was called on, also where that is a shard of it. */
extern const char *ScimTriggerTable(const TriggerData *trigger);
extern const char *ScimTableName(ScimTable table);
extern bool ScimTablesFind(Oid namespace_oid, ScimTables *found, bool missing_ok);
pg_noreturn extern void ScimRaiseNoStore(Oid namespace_oid, const char *problem);
/* rights.c: an error where their owner may not use the schema that they are in, or read
 * one */
extern void ScimTablesRequireUsable(const ScimTables *found);
extern Oid ScimSchemaOwner(Oid namespace_oid);
/* Those of its tables that are partitioned, and all their partitions: Oid. */
extern List *ScimTableParts(const ScimTables *tables);
/* Which trigger do they lack, or is disabled, as a sentence; NULL: none. */
extern char *ScimTablesLack(const ScimTables *tables);
/*
 * What a trigger function of ours was called with; an error (39P01) where that is not as
 * type says, in the bits of pg_trigger.tgtype.  All events that a function knows are
 * named: the rows that there are differ with the event.
 */
extern TriggerData *
ScimTriggerCalled(FunctionCallInfo fcinfo, const char *name, int16 type);
extern bool ScimTriggerFires(HeapTuple tuple, TupleDesc desc, int16 type);
/*
 * ScimTriggers: the triggers of an open relation, or NULL.  A copy: those of the relation
 * cache are freed as soon as another session has changed anything about the table, as
 * ANALYZE does, which any look into the catalogue may find out.
 */
extern TriggerDesc *ScimTriggers(Relation relation);
extern bool
ScimTriggerIs(const Trigger *trigger, const char *symbol, PGFunction function);
extern const char *ScimTriggerBehind(Relation relation, const char *symbol,
									 PGFunction function, int16 event);
extern void ScimRefuseTriggerBehind(const TriggerData *trigger, const char *symbol,
									PGFunction function);
/* How many triggers are running, one within the other. */
extern int ScimTriggerDepth(void);
extern Oid ScimTriggerRoot(const TriggerData *trigger, ScimTable table);
extern void ScimTriggerCheck(const TriggerData *trigger, ScimTable table, Oid root,
							 const ScimTables *found);
/* version.c */
extern void
ScimTablesOfTrigger(const TriggerData *trigger, ScimTable table, ScimTables *found);

#endif /* SCIM_TABLES_H */
