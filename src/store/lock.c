/*
 * lock.c
 *		How a change of rules keeps writers of resources out, and sees what they have
 *		written.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "compat.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/seen.h"
#include "store/statement/shard.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(scim_require_seen);

/*
 * Of a store that is distributed: whoever writes for a tenant holds a lock of the table
 * on his node (shard.c), and Citus locks it on all of them.
 */
static void
lock_on_all_nodes(Oid resource_oid, LOCKMODE mode)
{
	const char *name = mode == ShareRowExclusiveLock ? "SHARE ROW EXCLUSIVE"
					   : mode == ExclusiveLock       ? "EXCLUSIVE"
													 : "ACCESS EXCLUSIVE";

	SPI_connect();
	ScimSpiExecuteOnce(psprintf("LOCK TABLE ONLY %s IN %s MODE",
								quote_qualified_identifier(
									get_namespace_name(get_rel_namespace(resource_oid)),
									get_rel_name(resource_oid)),
								name),
					   NULL, false, 0);
	SPI_finish();
}

/* The store may have been dropped while we waited for a table of it. */
static void
require_there(Oid relid)
{
	if (!SearchSysCacheExists1(RELOID, ObjectIdGetDatum(relid)))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE),
						errmsg("the store has been dropped meanwhile")));
}

/* Whether this transaction has a lock of a relation, of any strength. */
static bool
holds_lock(const LOCKTAG *tag)
{
	for (LOCKMODE mode = AccessShareLock; mode <= AccessExclusiveLock; mode++)
		if (ScimHoldsLock(tag, mode))
			return true;
	return false;
}

/*
 * ScimLockAtOnce locks a relation, and returns false where somebody else has it.  A
 * conditional lock is refused also for who only waits behind a weaker lock of our own,
 * which we do not give back: asked for again and again, as long as he waits, none of us
 * would come to an end, and nobody finds a deadlock.  Where he is all there is, the
 * server lets us pass him.
 */
bool
ScimLockAtOnce(Oid relid, LOCKMODE mode)
{
	LOCKTAG tag;
	int holders;

	if (ConditionalLockRelationOid(relid, mode))
		return true;
	SET_LOCKTAG_RELATION(tag, MyDatabaseId, relid);
	if (!holds_lock(&tag))
		return false;
	pfree(GetLockConflicts(&tag, mode, &holders));
	if (holders > 0)
		return false;
	LockRelationOid(relid, mode);
	return true;
}

/*
 * ScimLockResources locks the table "resource" and its partitions.  Some writers come by
 * way of the table and some to a partition first, so that no order of ours suits all:
 * while this waits for one of them, it holds none.
 */
void
ScimLockResources(Oid resource_oid, LOCKMODE mode)
{
	Oid awaited = resource_oid;

	if (ScimShardsNumber(get_rel_namespace(resource_oid)) == 0 &&
		ScimIsDistributed(resource_oid))
	{
		lock_on_all_nodes(resource_oid, mode);
		return;
	}
	for (;;)
	{
		List *relations = find_all_inheritors(resource_oid, NoLock, NULL);
		List *locked = list_make1_oid(awaited);
		Oid busy = InvalidOid;
		ListCell *lc;

		CHECK_FOR_INTERRUPTS();
		LockRelationOid(awaited, mode);
		require_there(resource_oid);
		foreach (lc, relations)
		{
			if (lfirst_oid(lc) == awaited)
				continue;
			if (!ScimLockAtOnce(lfirst_oid(lc), mode))
			{
				busy = lfirst_oid(lc);
				break;
			}
			locked = lappend_oid(locked, lfirst_oid(lc));
		}
		/* nobody adds or drops a partition from here on */
		if (!OidIsValid(busy) &&
			equal(relations, find_all_inheritors(resource_oid, NoLock, NULL)))
			return;
		foreach (lc, locked)
			UnlockRelationOid(lfirst_oid(lc), mode);
		awaited = OidIsValid(busy) ? busy : resource_oid;
	}
}

/* The rows that there are are those that this transaction sees. (40001) */
static void
require_seen(const char *from, const char *problem)
{
	SPI_connect();
	if (!ScimRowsAreSeen(from, NULL))
		ereport(ERROR, (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
						errmsg("could not serialize access: %s meanwhile", problem)));
	SPI_finish();
}

/*
 * ScimTableRequireSeen: a transaction that keeps its snapshot sees all rows of a table
 * and its partitions as they are, or it is to come again.  Whoever takes in what is
 * stored already, for it is under a new rule from now on, asks this once nobody else can
 * write it: nobody would look at what others have committed since the snapshot.
 */
void
ScimTableRequireSeen(Oid relid)
{
	if (IsolationUsesXactSnapshot())
		require_seen(psprintf("%s AS c", quote_qualified_identifier(
											 get_namespace_name(get_rel_namespace(relid)),
											 get_rel_name(relid))),
					 psprintf("rows of \"%s\" have been written", get_rel_name(relid)));
}

/*
 * ScimDefinitionsRequireSeen: the same of what a store consists of, and of what depends
 * on its tables, for who makes, looks for or drops some of that by what the catalog says.
 */
void
ScimDefinitionsRequireSeen(Oid namespace_oid)
{
	if (IsolationUsesXactSnapshot())
		require_seen(psprintf("(SELECT c.ctid, c.tableoid FROM pg_class c "
							  "WHERE c.relnamespace = %1$u UNION ALL "
							  "SELECT d.ctid, d.tableoid FROM pg_depend d WHERE "
							  "(d.refclassid = 'pg_namespace'::regclass AND "
							  "d.refobjid = %1$u) OR "
							  "(d.refclassid = 'pg_class'::regclass AND d.refobjid IN "
							  "(SELECT c.oid FROM pg_class c "
							  "WHERE c.relnamespace = %1$u))) AS c",
							  namespace_oid),
					 psprintf("store \"%s\" or what depends on it has been changed",
							  get_namespace_name(namespace_oid)));
}

/*
 * scim_internal.require_seen(store regnamespace, tables name[]):
 * ScimDefinitionsRequireSeen and ScimTableRequireSeen of some tables of a store, those
 * that there are.
 */
Datum
scim_require_seen(PG_FUNCTION_ARGS)
{
	Oid namespace_oid = PG_GETARG_OID(0);
	Datum *names;
	int n;

	ScimDefinitionsRequireSeen(namespace_oid);
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), NAMEOID, NAMEDATALEN, false,
					  TYPALIGN_CHAR, &names, NULL, &n);
	for (int i = 0; i < n; i++)
	{
		Oid relid = get_relname_relid(NameStr(*DatumGetName(names[i])), namespace_oid);

		if (OidIsValid(relid))
			ScimTableRequireSeen(relid);
	}
	PG_RETURN_VOID();
}

/*
 * Whose snapshot is older than what a store is configured to be would change what he does
 * not see: he is to come again.
 */
static void
require_configuration_seen(const ScimTables *tables)
{
	static const ScimTable configured[] = {SCIM_TABLE_SCHEMA,  SCIM_TABLE_RESOURCE_TYPE,
										   SCIM_TABLE_POLICY,  SCIM_TABLE_ENDPOINT,
										   SCIM_TABLE_SETTING, SCIM_TABLE_BINDING};
	ScimIdentity caller = ScimBeOwner(tables->owner);

	for (int i = 0; i < lengthof(configured); i++)
		if (OidIsValid(tables->relid[configured[i]]))
			ScimTableRequireSeen(tables->relid[configured[i]]);
	ScimBeCaller(caller);
}

/*
 * ScimLockRegistry lets one session at a time write what a store is configured to be,
 * until its transaction ends: schemas and what names them, policies, endpoints, settings
 * and bindings.  Whoever waits for it has locked the table that he writes already, as
 * writers do, and the lock of the others is compatible with that: nobody waits in a
 * circle.  It comes before the locks of ScimLockResources.
 */
void
ScimLockRegistry(const ScimTables *tables)
{
	Oid schema_oid = tables->relid[SCIM_TABLE_SCHEMA];
	LOCKTAG tag;
	bool is_first;

	SET_LOCKTAG_RELATION(tag, MyDatabaseId, schema_oid);
	is_first = !ScimHoldsLock(&tag, ShareUpdateExclusiveLock);
	LockRelationOid(schema_oid, ShareUpdateExclusiveLock);
	require_there(schema_oid);
	if (is_first && IsolationUsesXactSnapshot())
		require_configuration_seen(tables);
}
