/*
 * bind_trigger.c
 *		The triggers by which the two sides of a binding follow each other: made, looked
 *		for, made again and taken away.
 *
 * What has lost one of them is written without the other side's knowledge.  So who asks
 * for differences, or whether the store is ready, is told which one it is; and
 * scim.repair_store() puts it back.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "binding/binding.h"
#include "binding/bound/bound.h"
#include "extension.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/tables.h"
#include "store/statement/trigger_type.h"
#include "text/find.h"

PG_FUNCTION_INFO_V1(scim_binding_problems);
PG_FUNCTION_INFO_V1(scim_repair_binding);

typedef struct WantedTrigger
{
	const char *name;
	const char *function;
	int16 type;
	const char *arguments; /* as SQL has them */
} WantedTrigger;

static const WantedTrigger follows = {"scim_binding", "binding_row",
									  AFTER_ROW | ON_CHANGE, ""};
static const WantedTrigger queues = {SCIM_QUEUE_TRIGGER, "binding_row",
									 AFTER_ROW | ON_CHANGE, "'queue'"};
static const WantedTrigger notes = {"scim_binding_note", "binding_note",
									BEFORE_ROW | ON_DELETE, ""};
static const WantedTrigger keeps = {"scim_binding_truncate", "binding_truncate",
									BEFORE_STATEMENT | ON_TRUNCATE, ""};
static const WantedTrigger of_resources = {"scim_binding", "binding_resource",
										   AFTER_ROW | ON_CHANGE, ""};
static const WantedTrigger of_members = {"scim_binding", "binding_member",
										 AFTER_ROW | ON_INSERT | ON_DELETE, ""};

/* Has a table a trigger, and does it fire? */
typedef enum State
{
	STATE_LACKS,
	STATE_OFF,
	STATE_FIRES
} State;

static State
state_of(Oid relid, const WantedTrigger *wanted)
{
	Relation catalog = table_open(TriggerRelationId, AccessShareLock);
	State state = STATE_LACKS;
	SysScanDesc scan;
	ScanKeyData keys[2];
	HeapTuple tuple;

	ScanKeyInit(&keys[0], Anum_pg_trigger_tgrelid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(relid));
	ScanKeyInit(&keys[1], Anum_pg_trigger_tgname, BTEqualStrategyNumber, F_NAMEEQ,
				CStringGetDatum(wanted->name));
	scan = systable_beginscan(catalog, TriggerRelidNameIndexId, true, NULL, 2, keys);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
	{
		Form_pg_trigger trigger = (Form_pg_trigger) GETSTRUCT(tuple);
		char *function = get_func_name(trigger->tgfoid);

		if (function != NULL && strcmp(function, wanted->function) == 0 &&
			get_func_namespace(trigger->tgfoid) == ScimInternalNamespace() &&
			trigger->tgattr.dim1 == 0 &&
			ScimTriggerFires(tuple, RelationGetDescr(catalog), wanted->type))
			state = trigger->tgenabled == TRIGGER_FIRES_ON_ORIGIN ||
							trigger->tgenabled == TRIGGER_FIRES_ALWAYS
						? STATE_FIRES
						: STATE_OFF;
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return state;
}

/* Tables whose triggers are those of another one: it, and its partitions. */
static List *
with_partitions(Oid relid)
{
	return find_all_inheritors(relid, NoLock, NULL);
}

/* Statements about triggers are the caller's, who owns the tables; no notices. */
static void
execute(char *statement)
{
	int level = NewGUCNestLevel();

	(void) set_config_option("client_min_messages", "warning", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	(void) ScimSpiExecuteOnce(statement, NULL, false, 0);
	AtEOXact_GUC(false, level);
}

static void
switch_on(Oid relid, const WantedTrigger *wanted)
{
	const ListCell *lc;

	CommandCounterIncrement();
	foreach (lc, with_partitions(relid))
	{
		if (state_of(lfirst_oid(lc), wanted) == STATE_OFF)
			execute(psprintf("ALTER TABLE %s ENABLE TRIGGER %s",
							 ScimRelationQuoted(lfirst_oid(lc)), wanted->name));
	}
}

/*
 * Makes a trigger that a table or one of its partitions has not, as the statement says;
 * what is off is switched on.
 */
static void
make(Oid relid, const WantedTrigger *wanted, char *statement)
{
	const ListCell *lc;
	bool lacks = false;

	foreach (lc, with_partitions(relid))
		lacks |= state_of(lfirst_oid(lc), wanted) == STATE_LACKS;
	if (lacks)
	{
		execute(psprintf("DROP TRIGGER IF EXISTS %s ON %s", wanted->name,
						 ScimRelationQuoted(relid)));
		execute(statement);
	}
	switch_on(relid, wanted);
}

/* A trigger of a table of the application's goes with the store. */
static void
depend_on_store(const ScimStore *store, Oid relid, const char *name)
{
	ObjectAddress trigger;
	ObjectAddress table;

	CommandCounterIncrement();
	ObjectAddressSet(trigger, TriggerRelationId, get_trigger_oid(relid, name, false));
	ObjectAddressSet(table, RelationRelationId, store->tables.relid[SCIM_TABLE_BINDING]);
	recordDependencyOn(&trigger, &table, DEPENDENCY_AUTO);
}

/* Partitions have no trigger on TRUNCATE of the table that they are of. */
static void
bind_truncate(const ScimStore *store, Oid relid)
{
	ListCell *lc;

	foreach (lc, find_all_inheritors(relid, ShareRowExclusiveLock, NULL))
	{
		execute(psprintf("CREATE OR REPLACE TRIGGER scim_binding_truncate "
						 "BEFORE TRUNCATE ON %s "
						 "EXECUTE FUNCTION scim_internal.binding_truncate()",
						 ScimRelationQuoted(lfirst_oid(lc))));
		depend_on_store(store, lfirst_oid(lc), "scim_binding_truncate");
	}
	switch_on(relid, &keeps);
}

static void
bind_triggers(const ScimStore *store, Oid relid)
{
	make(relid, &follows,
		 psprintf("CREATE CONSTRAINT TRIGGER scim_binding "
				  "AFTER INSERT OR UPDATE OR DELETE ON %s FROM %s.binding "
				  "DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW "
				  "EXECUTE FUNCTION scim_internal.binding_row()",
				  ScimRelationQuoted(relid), store->quoted_name));
	/* before those of others, by its name, and never put off; an earlier version had none
	 */
	make(relid, &queues,
		 psprintf("CREATE CONSTRAINT TRIGGER " SCIM_QUEUE_TRIGGER " "
				  "AFTER INSERT OR UPDATE OR DELETE ON %s FROM %s.binding "
				  "NOT DEFERRABLE FOR EACH ROW "
				  "EXECUTE FUNCTION scim_internal.binding_row('queue')",
				  ScimRelationQuoted(relid), store->quoted_name));
	bind_truncate(store, relid);
}

/* Another mapping may make of a table of members one of values, which has no such note.
 */
static void
free_note(Oid relid)
{
	execute(psprintf("DROP TRIGGER IF EXISTS scim_binding_note ON %s",
					 ScimRelationQuoted(relid)));
}

/* All members that a statement writes are known before the first of them is followed. */
static void
bind_note(const ScimStore *store, Oid relid)
{
	execute(psprintf("CREATE OR REPLACE TRIGGER scim_binding_note "
					 "BEFORE INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW "
					 "EXECUTE FUNCTION scim_internal.binding_note()",
					 ScimRelationQuoted(relid)));
	depend_on_store(store, relid, "scim_binding_note");
	switch_on(relid, &notes);
}

/*
 * The columns that "gone" may be about, all whose names are in it, and those of the key
 * where a row that gets another one may go to another partition, as literals.  They are
 * no list of columns of the trigger: the type of such a column could not be changed.
 * NULL: there are none.
 */
static char *
columns_of_going(const ScimBinding *binding)
{
	bool moves = get_rel_relkind(binding->relid) == RELKIND_PARTITIONED_TABLE;
	Datum *names = palloc(sizeof(Datum) * list_length(binding->key));
	ScimParams params;
	bool isnull;
	Datum columns;
	const ListCell *lc;

	foreach (lc, binding->key)
		names[foreach_current_index(lc)] =
			CStringGetTextDatum(((const ScimColumnInfo *) lfirst(lc))->name);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, OIDOID, ObjectIdGetDatum(binding->relid), false);
	ScimParamsAdd(&params, TEXTOID,
				  CStringGetTextDatum(binding->gone != NULL ? binding->gone : ""), false);
	ScimParamsAdd(&params, TEXTARRAYOID,
				  ScimArray(names, NULL, moves ? list_length(binding->key) : 0, TEXTOID),
				  false);
	ScimSpiExecute("SELECT string_agg(quote_literal(attname), ', ' ORDER BY attnum) "
				   "FROM pg_attribute WHERE attrelid = $1 AND attnum > 0 "
				   "AND NOT attisdropped AND (position(lower(attname) IN lower($2)) > 0 "
				   "OR attname = ANY ($3))",
				   &params, true, 1);
	columns = ScimResult(0, 1, TEXTOID, &isnull);
	return isnull ? NULL : TextDatumGetCString(columns);
}

/* All rows that a statement takes away are known before the first of them is followed. */
static void
bind_going(const ScimStore *store, const ScimBinding *binding)
{
	char *columns = columns_of_going(binding);

	execute(psprintf("CREATE OR REPLACE TRIGGER scim_binding_note "
					 "BEFORE DELETE%s ON %s FOR EACH ROW "
					 "EXECUTE FUNCTION scim_internal.binding_note('going'%s%s)",
					 columns != NULL ? " OR UPDATE" : "", binding->quoted,
					 columns != NULL ? ", " : "", columns != NULL ? columns : ""));
	depend_on_store(store, binding->relid, "scim_binding_note");
	switch_on(binding->relid, &notes);
}

/* The partition of a resource type, whatever somebody calls it. */
static Oid
table_of_type(const ScimStore *store, const char *type_name)
{
	Relation resource =
		table_open(store->tables.relid[SCIM_TABLE_RESOURCE], AccessShareLock);
	Oid relid = ScimPartitionFind(resource, type_name);

	table_close(resource, NoLock);
	return relid;
}

static void
bind_store(const ScimStore *store, const ScimBinding *binding)
{
	Oid relid = table_of_type(store, binding->type->name);
	Oid members = store->tables.relid[SCIM_TABLE_MEMBER];

	make(relid, &of_resources,
		 psprintf("CREATE TRIGGER scim_binding AFTER INSERT OR UPDATE OR DELETE ON %s "
				  "FOR EACH ROW EXECUTE FUNCTION scim_internal.binding_resource()",
				  ScimRelationQuoted(relid)));
	if (binding->members != NULL)
		make(members, &of_members,
			 psprintf("CREATE TRIGGER scim_binding AFTER INSERT OR DELETE ON %s "
					  "FOR EACH ROW EXECUTE FUNCTION scim_internal.binding_member()",
					  ScimRelationQuoted(members)));
}

/*
 * ScimBoundTriggersMake makes the triggers of all tables of a binding, on both sides, or
 * those of them that are not there.  SPI is connected.
 */
void
ScimBoundTriggersMake(const ScimStore *store, const ScimBinding *binding)
{
	const ListCell *lc;

	bind_triggers(store, binding->relid);
	foreach (lc, binding->others)
	{
		const ScimBoundTable *other = lfirst(lc);

		bind_triggers(store, other->relid);
		if (binding->members != NULL && other->relid == binding->members->table.relid)
			bind_note(store, other->relid);
		else
			free_note(other->relid);
	}
	bind_going(store, binding);
	bind_store(store, binding);
}

/* A table, and how it is to be locked. */
typedef struct Lock
{
	Oid relid;
	LOCKMODE mode;
} Lock;

/* ScimBindAddLock: one table has one lock, the strongest that is asked for. */
List *
ScimBindAddLock(List *locks, Oid relid, LOCKMODE mode)
{
	const ListCell *lc;
	Lock *lock;

	foreach (lc, locks)
	{
		lock = lfirst(lc);
		if (lock->relid == relid)
		{
			lock->mode = Max(lock->mode, mode);
			return locks;
		}
	}
	lock = palloc(sizeof(Lock));
	*lock = (Lock){relid, mode};
	return lappend(locks, lock);
}

/* The same with the partitions that there are just now, of tables that are there. */
static List *
add_partitions(const List *tables)
{
	List *locks = NIL;
	const ListCell *lc;
	const ListCell *partition;

	foreach (lc, tables)
	{
		const Lock *lock = lfirst(lc);

		if (get_rel_name(lock->relid) == NULL)
			continue;
		foreach (partition, with_partitions(lock->relid))
			locks = ScimBindAddLock(locks, lfirst_oid(partition), lock->mode);
	}
	return locks;
}

static bool
same_locks(const List *a, const List *b)
{
	const ListCell *one;
	const ListCell *other;

	if (list_length(a) != list_length(b))
		return false;
	forboth (one, a, other, b)
	{
		if (((const Lock *) lfirst(one))->relid != ((const Lock *) lfirst(other))->relid)
			return false;
	}
	return true;
}

/*
 * Waits for the lock of one, "first", and takes the others where they can be had at once:
 * returns -1, or else, with none of them, the number of the one that could not.
 */
static int
lock_all_of(const List *locks, int first)
{
	const Lock *lock = list_nth(locks, first);
	int busy = -1;

	CHECK_FOR_INTERRUPTS();
	LockRelationOid(lock->relid, lock->mode);
	for (int i = 0; i < list_length(locks) && busy < 0; i++)
	{
		lock = list_nth(locks, i);
		if (i != first && !ScimLockAtOnce(lock->relid, lock->mode))
			busy = i;
	}
	for (int i = 0; i < list_length(locks) && busy >= 0; i++)
	{
		lock = list_nth(locks, i);
		if (i < busy || i == first)
			UnlockRelationOid(lock->relid, lock->mode);
	}
	return busy;
}

/*
 * ScimBindLockAll locks tables and their partitions.  Writers of the two sides lock these
 * in opposite orders.  So we wait for one while we hold none, and where another one
 * cannot be had at once begin anew with that.
 */
void
ScimBindLockAll(const List *tables)
{
	List *locks = add_partitions(tables);

	while (locks != NIL)
	{
		int next = 0;
		List *now;
		const ListCell *lc;

		while (next >= 0)
			next = lock_all_of(locks, next);
		/* nobody adds or drops a partition from here on */
		now = add_partitions(tables);
		if (same_locks(locks, now))
			return;
		foreach (lc, locks)
			UnlockRelationOid(((const Lock *) lfirst(lc))->relid,
							  ((const Lock *) lfirst(lc))->mode);
		locks = now;
	}
}

/* Nobody has those wait who write what is not his, or is gone. */
static bool
is_own(Oid relid)
{
	HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	bool own =
		HeapTupleIsValid(tuple) &&
		has_privs_of_role(GetUserId(), ((Form_pg_class) GETSTRUCT(tuple))->relowner);

	if (HeapTupleIsValid(tuple))
		ReleaseSysCache(tuple);
	return own;
}

/* The tables of a binding on both sides, which have its triggers. */
static List *
add_sides(List *locks, const ScimBinding *binding, LOCKMODE mode)
{
	const ScimStore *store = binding->store;
	List *tables = list_make1_oid(binding->relid);
	const ListCell *lc;

	foreach (lc, binding->others)
		tables = lappend_oid(tables, ((const ScimBoundTable *) lfirst(lc))->relid);
	foreach (lc, tables)
	{
		if (is_own(lfirst_oid(lc)))
			locks = ScimBindAddLock(locks, lfirst_oid(lc), mode);
	}
	locks = ScimBindAddLock(locks, table_of_type(store, binding->type->name), mode);
	if (binding->type->has_members)
		locks = ScimBindAddLock(locks, store->tables.relid[SCIM_TABLE_MEMBER], mode);
	return locks;
}

/*
 * ScimBindLock: who writes both sides has one locked and waits for the other: so all that
 * triggers are made on is locked together, while we hold none of it.
 */
void
ScimBindLock(const ScimBinding *binding)
{
	ScimBindLockAll(add_sides(NIL, binding, ShareRowExclusiveLock));
}

/* Do rows of a binding say who is who by keys of another one, as members or references?
 */
static bool
refers(const ScimBinding *binding, const ScimBinding *other)
{
	const char *type = other->type->name;
	const ListCell *lc;

	if (binding->members != NULL &&
		strcmp(binding->members->table.member_type, type) == 0)
		return true;
	foreach (lc, binding->references)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);

		if (strcmp(attribute->reference.type->name, type) == 0)
			return true;
	}
	return false;
}

/*
 * ScimBindLockToTakeIn: the same for a table whose rows are taken in.  That writes rows
 * on both sides, locks whom they refer to, and writes who refers to them.  Who has locked
 * such a row may want to write the next moment, and would wait for us while we wait for
 * him: so locks of rows are waited for, too, of all tables that are bound and have to do
 * with this one.  let_go: tables whose triggers are dropped.
 */
void
ScimBindLockToTakeIn(const ScimBinding *binding, const List *let_go)
{
	List *locks = add_sides(NIL, binding, ExclusiveLock);
	const ListCell *lc;

	foreach (lc, let_go)
		locks = ScimBindAddLock(locks, lfirst_oid(lc), AccessExclusiveLock);
	foreach (lc, ScimBindingsOfStore(binding->store))
	{
		const ScimBinding *other = lfirst(lc);

		if (other->relid != binding->relid &&
			(other->every_tenant || binding->every_tenant ||
			 other->tenant_id == binding->tenant_id) &&
			(refers(binding, other) || refers(other, binding)))
			locks = add_sides(locks, other, ExclusiveLock);
	}
	ScimBindLockAll(locks);
}

/*
 * ScimBindRequireSeen: what is there of both sides, which is locked, is taken in, so we
 * see all of it.
 */
void
ScimBindRequireSeen(const ScimStore *store, const ScimResourceType *type, Oid relid)
{
	ScimTableRequireSeen(relid);
	ScimTableRequireSeen(table_of_type(store, type->name));
	if (type->has_members)
		ScimTableRequireSeen(store->tables.relid[SCIM_TABLE_MEMBER]);
}

/* For a while, while others may have to wait for us. */
static bool
lock_soon(Oid relid)
{
	for (int i = 0; i < 50; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (ScimLockAtOnce(relid, AccessExclusiveLock))
			return true;
		pg_usleep(10000L);
	}
	return false;
}

/*
 * The trigger of a table of the store stays where somebody is writing that just now, who
 * may be waiting for us: it does nothing for what is not bound.
 */
static void
drop_trigger_soon(Oid relid)
{
	if (OidIsValid(relid) && lock_soon(relid))
		execute(psprintf("DROP TRIGGER IF EXISTS scim_binding ON %s",
						 ScimRelationQuoted(relid)));
}

/* ScimBoundTriggersDrop: what is not there need not be dropped, and nobody has to know.
 */
void
ScimBoundTriggersDrop(Oid relid)
{
	const char *table = ScimRelationQuoted(relid);
	ListCell *lc;

	if (table == NULL)
		return;
	execute(psprintf("DROP TRIGGER IF EXISTS scim_binding ON %s", table));
	execute(psprintf("DROP TRIGGER IF EXISTS " SCIM_QUEUE_TRIGGER " ON %s", table));
	execute(psprintf("DROP TRIGGER IF EXISTS scim_binding_note ON %s", table));
	foreach (lc, find_all_inheritors(relid, ShareRowExclusiveLock, NULL))
		execute(psprintf("DROP TRIGGER IF EXISTS scim_binding_truncate ON %s",
						 ScimRelationQuoted(lfirst_oid(lc))));
}

/* Does a binding use the triggers of the store: of a type, NULL: of members? */
static bool
is_used(const ScimStore *store, const char *type_name)
{
	ScimParams params;

	ScimParamsInit(&params);
	if (type_name != NULL)
		ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(type_name), false);
	ScimSpiExecute(psprintf("SELECT FROM %s.binding%s", store->quoted_name,
							type_name != NULL ? " WHERE resource_type = $1" : ""),
				   &params, false, 1);
	return SPI_processed > 0;
}

/*
 * ScimBoundTriggersLetGo: those of the store that no binding uses any more, after one of
 * a type has ended.
 */
void
ScimBoundTriggersLetGo(const ScimStore *store, const char *type_name)
{
	if (!is_used(store, type_name))
		drop_trigger_soon(table_of_type(store, type_name));
	if (!is_used(store, NULL))
		drop_trigger_soon(store->tables.relid[SCIM_TABLE_MEMBER]);
}

/* Triggers that a table which is no partition has as one: Oid. */
static List *
clones_left(const ScimStore *store, Oid relid, Oid *owner)
{
	Relation relation = table_open(relid, AccessShareLock);
	const TriggerDesc *triggers =
		relation->rd_rel->relispartition ? NULL : ScimTriggers(relation);
	List *found = NIL;

	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
	{
		const Trigger *one = &triggers->triggers[i];

		if (one->tgisclone &&
			one->tgconstrrelid == store->tables.relid[SCIM_TABLE_BINDING])
			found = lappend_oid(found, one->tgoid);
	}
	*owner = relation->rd_rel->relowner;
	table_close(relation, NoLock);
	return found;
}

/*
 * A partition that is detached keeps its clone of our trigger, since that names another
 * table, and cannot be attached again with it.  It is taken away as the server does those
 * of others.  Returns false where there is none.
 */
static bool
free_partition(const ScimStore *store, Oid relid)
{
	Oid owner;
	List *found = clones_left(store, relid, &owner);
	const ListCell *lc;

	if (found == NIL)
		return false;
	/* nobody has those wait who use what is not his */
	if (!has_privs_of_role(GetUserId(), owner))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("must be owner of table \"%s\"", ScimRelationShown(relid))));
	LockRelationOid(relid, AccessExclusiveLock);
	foreach (lc, clones_left(store, relid, &owner))
	{
		ObjectAddress object;

		(void) deleteDependencyRecordsFor(TriggerRelationId, lfirst_oid(lc), false);
		CommandCounterIncrement();
		ObjectAddressSet(object, TriggerRelationId, lfirst_oid(lc));
		performDeletion(&object, DROP_RESTRICT, PERFORM_DELETION_INTERNAL);
		CommandCounterIncrement();
	}
	return found != NIL;
}

/* Are there triggers of a binding of this store, whose row is lost? */
static bool
is_left(const ScimStore *store, Oid relid)
{
	Relation relation = table_open(relid, AccessShareLock);
	const TriggerDesc *triggers = ScimTriggers(relation);
	bool found = false;

	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
		found |= !triggers->triggers[i].tgisclone &&
				 !triggers->triggers[i].tgisinternal &&
				 triggers->triggers[i].tgconstrrelid ==
					 store->tables.relid[SCIM_TABLE_BINDING];
	table_close(relation, NoLock);
	return found;
}

/*
 * ScimBoundTriggersFree takes triggers away from a table that is not bound: those of a
 * binding whose row was lost, and clones that a partition keeps which was detached.
 * Returns false where there are none.  SPI is connected.
 */
bool
ScimBoundTriggersFree(const ScimStore *store, Oid relid)
{
	char kind = ScimRelationStays(relid) ? get_rel_relkind(relid) : '\0';

	if (kind != RELKIND_RELATION && kind != RELKIND_PARTITIONED_TABLE)
		return false;
	if (!free_partition(store, relid) && !is_left(store, relid))
		return false;
	ScimBoundTriggersDrop(relid);
	return true;
}

/* Adds what a table and its partitions lack of one trigger. */
static List *
add_lacks(List *problems, Oid relid, const WantedTrigger *wanted, bool of_partitions,
		  const char *so)
{
	const ListCell *lc;

	foreach (lc, with_partitions(relid))
	{
		State state = state_of(lfirst_oid(lc), wanted);

		CHECK_FOR_INTERRUPTS();
		if (state != STATE_FIRES && (of_partitions || lfirst_oid(lc) == relid))
			problems = lappend(
				problems, psprintf("trigger \"%s\" of table \"%s\" is %s: %s",
								   wanted->name, ScimRelationShown(lfirst_oid(lc)),
								   state == STATE_OFF ? "switched off" : "missing", so));
	}
	return problems;
}

/*
 * ScimBindingLacks: which triggers of a binding are not there, or off, and what comes of
 * it: char *.  whole: of partitions also those on TRUNCATE, which one does not have that
 * was made later.  SPI is connected.
 */
List *
ScimBindingLacks(const ScimBinding *binding, bool whole)
{
	const ScimStore *store = binding->store;
	List *tables = list_make1_oid(binding->relid);
	List *problems = NIL;
	const ListCell *lc;

	foreach (lc, binding->others)
		tables = lappend_oid(tables, ((const ScimBoundTable *) lfirst(lc))->relid);
	foreach (lc, tables)
	{
		Oid relid = lfirst_oid(lc);

		problems = add_lacks(problems, relid, &follows, true,
							 "the store does not follow what is written there");
		problems = add_lacks(problems, relid, &queues, true,
							 "the store loses whose a row is that gets another key");
		problems = add_lacks(problems, relid, &keeps, whole,
							 "TRUNCATE takes rows that the store does not see");
	}
	problems = add_lacks(problems, binding->relid, &notes, true,
						 "rows that go are followed one by one, and one that "
						 "moves to another partition may get lost");
	if (binding->members != NULL)
		problems = add_lacks(problems, binding->members->table.relid, &notes, true,
							 "members are followed one by one");
	problems =
		add_lacks(problems, table_of_type(store, binding->type->name), &of_resources,
				  true, psprintf("no row of table \"%s\" follows", binding->shown));
	if (binding->members != NULL)
		problems = add_lacks(
			problems, store->tables.relid[SCIM_TABLE_MEMBER], &of_members, true,
			psprintf("no row of members of table \"%s\" follows", binding->shown));
	return problems;
}

/*
 * ScimBindingsLost calls for each binding whose row is not there any more, while triggers
 * or links of it are: with its table, or InvalidOid.  SPI is connected, as who may read
 * the store.
 */
void
ScimBindingsLost(const ScimStore *store,
				 void (*use)(void *arg, Oid relid, const char *why), void *arg)
{
	ScimParams params;
	SPITupleTable *rows;
	uint64 nrows;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, OIDOID,
				  ObjectIdGetDatum(store->tables.relid[SCIM_TABLE_BINDING]), false);
	ScimSpiExecute(
		psprintf("SELECT DISTINCT t.tgrelid FROM pg_trigger t WHERE t.tgconstrrelid = $1 "
				 "AND NOT t.tgisinternal AND t.tgparentid = 0 AND NOT EXISTS (SELECT "
				 "FROM %s.binding b "
				 "WHERE t.tgrelid = b.relation OR t.tgrelid = ANY (b.others)) ORDER BY 1",
				 store->quoted_name),
		&params, true, 0);
	rows = SPI_tuptable;
	nrows = SPI_processed;
	for (uint64 i = 0; i < nrows; i++)
	{
		Oid relid =
			DatumGetObjectId(ScimColumnValue(rows->vals[i], rows->tupdesc, 1, OIDOID));

		use(arg, relid,
			psprintf("table \"%s\" has triggers of a binding that is not in \"binding\" "
					 "any more, and is not followed: scim.unbind_table() takes them "
					 "away, and then scim.bind_table() binds it anew",
					 ScimRelationShown(relid)));
	}
	/* one step for each binding and tenant, however many links there are */
	ScimSpiExecute(
		psprintf(
			"WITH RECURSIVE step AS ((SELECT tenant_id, binding_id "
			"FROM %1$s.binding_link ORDER BY tenant_id, binding_id LIMIT 1) "
			"UNION ALL SELECT n.* FROM step s, LATERAL (SELECT l.tenant_id, "
			"l.binding_id FROM %1$s.binding_link l WHERE (l.tenant_id, l.binding_id) "
			"> (s.tenant_id, s.binding_id) ORDER BY l.tenant_id, l.binding_id "
			"LIMIT 1) n) SELECT DISTINCT coalesce((SELECT r.resource_type "
			"FROM %1$s.binding_link l JOIN %1$s.resource r "
			"ON (r.tenant_id, r.id) = (l.tenant_id, l.resource_id) "
			"WHERE (l.tenant_id, l.binding_id) = (s.tenant_id, s.binding_id) "
			"LIMIT 1), 'nobody') FROM step s "
			"WHERE NOT EXISTS (SELECT FROM %1$s.binding b "
			"WHERE b.id = s.binding_id) ORDER BY 1",
			store->quoted_name),
		NULL, true, 0);
	rows = SPI_tuptable;
	nrows = SPI_processed;
	for (uint64 i = 0; i < nrows; i++)
		use(arg, InvalidOid,
			psprintf("\"binding_link\" has rows of a table that was bound to %s, and "
					 "\"binding\" has not: scim.bind_table() binds it anew",
					 TextDatumGetCString(
						 ScimColumnValue(rows->vals[i], rows->tupdesc, 1, TEXTOID))));
}

static void
put_row(ReturnSetInfo *result, Oid relid, const char *why, bool repairable, bool blocks)
{
	Datum values[4] = {ObjectIdGetDatum(relid), CStringGetTextDatum(why),
					   BoolGetDatum(repairable), BoolGetDatum(blocks)};
	bool nulls[4] = {!OidIsValid(relid), false, false, false};

	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

static void
put_lost(void *arg, Oid relid, const char *why)
{
	put_row(arg, relid, why, false, true);
}

static void
put_fault(void *arg, Oid relid, const char *why)
{
	const char *table = ScimRelationShown(relid);

	put_lost(arg, relid,
			 psprintf("the binding of table \"%s\" does not work any more: %s",
					  table != NULL ? table : psprintf("%u", relid), why));
}

typedef struct Words
{
	ReturnSetInfo *result;
	const ScimBinding *binding;
} Words;

/* What says such a word cannot be written; all else is. */
static void
put_word(void *arg, const ScimBoundAttribute *attribute, const ScimColumnInfo *column,
		 const char *problem)
{
	const Words *words = arg;

	put_row(words->result, words->binding->relid,
			psprintf("the binding of table \"%s\" does not work as it was made: %s",
					 words->binding->shown, problem),
			false, false);
}

/*
 * scim_internal.binding_problems(store regnamespace) returns table (relation regclass,
 * problem text, repairable boolean, blocks boolean): what keeps the two sides of bindings
 * from following each other, where blocks is false only when somebody does what he need
 * not, or writes one value.
 */
Datum
scim_binding_problems(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreByNamespace(PG_GETARG_OID(0));
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ScimIdentity caller;
	const ListCell *lc;
	const ListCell *problem;

	InitMaterializedSRF(fcinfo, 0);
	if (store->distributed)
		return (Datum) 0;
	ScimBindingsAtFault(store, put_fault, result);
	caller = ScimBeReader(store->owner);
	SPI_connect();
	foreach (lc, ScimBindingsOfStore(store))
	{
		const ScimBinding *binding = lfirst(lc);
		Words words = {result, binding};
		List *blocking;
		int sqlstate;
		char *why = ScimBindingProblem(binding, &sqlstate);

		if (why != NULL)
			put_fault(result, binding->relid, why);
		blocking = ScimBindingLacks(binding, false);
		foreach (problem, ScimBindingLacks(binding, true))
			put_row(result, binding->relid, lfirst(problem), true,
					ScimIsAmong(blocking, lfirst(problem)));
		if (why == NULL)
			ScimWordsTell(binding, put_word, &words);
	}
	ScimBindingsLost(store, put_lost, result);
	SPI_finish();
	ScimBeCaller(caller);
	return (Datum) 0;
}

/*
 * scim_internal.repair_binding(store regnamespace, relation regclass) returns void: makes
 * the triggers that the tables of a binding have lost.  What was written meanwhile stays
 * as it is on each side: whose word holds only its owner knows.
 */
Datum
scim_repair_binding(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreByNamespace(PG_GETARG_OID(0));
	Oid relid = PG_GETARG_OID(1);
	ScimBinding *binding;
	const ListCell *lc;

	ScimRequireOwnerOf(store);
	ScimScopeRefuse(store->namespace_oid, "bind tables");
	ScimLockRegistry(&store->tables);
	binding = ScimBindingOfTable(store, relid);
	if (binding == NULL)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
						errmsg("table \"%s\" is not bound to store \"%s\"",
							   ScimRelationShown(relid), store->name)));
	SPI_connect();
	ScimBindCheckTable(store, relid);
	foreach (lc, binding->others)
		ScimBindCheckTable(store, ((const ScimBoundTable *) lfirst(lc))->relid);
	ScimBindLock(binding);
	ScimBoundTriggersMake(store, binding);
	SPI_finish();
	ereport(WARNING,
			(errmsg("table \"%s\" and store \"%s\" have not followed each other, and do "
					"so again",
					ScimRelationShown(relid), store->name),
			 errhint("SELECT * FROM scim.check_binding(%s) tells what differs by now; "
					 "scim.mend_binding() takes it from one side.",
					 quote_literal_cstr(ScimRelationQuoted(relid)))));
	PG_RETURN_VOID();
}
