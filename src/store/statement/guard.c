/*
 * guard.c
 *		Whose triggers a statement of ours fires.
 *
 * We write the tables of a store as its owner, whatever the caller may.  A trigger runs
 * as whoever writes, and to make one takes the privilege TRIGGER only: so somebody who
 * was granted it could have his function run as the owner of the store.  Who made a
 * trigger is not recorded, but what it calls belongs to somebody.
 *
 * So before such a statement is executed, all triggers of the tables that it writes are
 * looked at: what they call has to belong to the owner of the table, who could do what it
 * does anyway, to a superuser or to whom the statement is executed as.  The tables are
 * locked by then, so that no trigger is made between the look and the write.
 *
 * And whatever the owner's trigger does: a table in which the store keeps its books has
 * no BEFORE row trigger and no rule but the store's own, which might make another row of
 * one of ours, or none, without a word.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/transam.h"
#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/objectaddress.h"
#include "catalog/partition.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi_priv.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "parser/parser.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/plancache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "error.h"
#include "extension.h"
#include "store/statement/plan.h"
#include "store/statement/rights.h"
#include "store/statement/shard.h"
#include "store/statement/tables.h"

PG_FUNCTION_INFO_V1(scim_is_of_books);

/*
 * The trigger of the partitioned table of which one is a clone, or InvalidOid; *relid:
 * the table of the one asked about.
 */
static Oid
parent_of(Oid trigger_oid, Oid *relid)
{
	Relation catalog = table_open(TriggerRelationId, AccessShareLock);
	SysScanDesc scan;
	ScanKeyData key;
	HeapTuple tuple;
	Oid parent = InvalidOid;

	ScanKeyInit(&key, Anum_pg_trigger_oid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(trigger_oid));
	scan = systable_beginscan(catalog, TriggerOidIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
	{
		parent = ((Form_pg_trigger) GETSTRUCT(tuple))->tgparentid;
		*relid = ((Form_pg_trigger) GETSTRUCT(tuple))->tgrelid;
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return parent;
}

/* The name of the table that a trigger was made for: not of a partition. */
static const char *
table_of(Relation relation, const Trigger *trigger)
{
	Oid relid = RelationGetRelid(relation);

	for (Oid oid = trigger->tgoid; OidIsValid(oid);)
		oid = parent_of(oid, &relid);
	return get_rel_name(relid);
}

/* The owner of a function or type; InvalidOid where it is gone. */
static Oid
owner_of(const ObjectAddress *object)
{
	bool function = object->classId == ProcedureRelationId;
	HeapTuple tuple =
		SearchSysCache1(function ? PROCOID : TYPEOID, ObjectIdGetDatum(object->objectId));
	Oid owner;

	if (!HeapTupleIsValid(tuple))
		return InvalidOid;
	owner = function ? ((Form_pg_proc) GETSTRUCT(tuple))->proowner
					 : ((Form_pg_type) GETSTRUCT(tuple))->typowner;
	ReleaseSysCache(tuple);
	return owner;
}

static void
check_owner(Relation relation, const Trigger *trigger, const ObjectAddress *called)
{
	Oid table_owner = relation->rd_rel->relowner;
	Oid owner;
	char *table_owner_name;

	if (called->objectId < FirstNormalObjectId)
		return; /* of the server itself */
	owner = owner_of(called);
	if (owner == table_owner || owner == GetUserId() || superuser_arg(owner))
		return;
	table_owner_name = GetUserNameFromId(table_owner, false);
	ereport(
		ERROR,
		(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
		 errmsg("trigger \"%s\" of table \"%s\" must not run as \"%s\"", trigger->tgname,
				table_of(relation, trigger), GetUserNameFromId(GetUserId(), false)),
		 errdetail("It calls %s, which belongs to \"%s\".",
				   getObjectDescription(called, false),
				   OidIsValid(owner) ? GetUserNameFromId(owner, false) : ""),
		 errhint("A trigger of a store's table calls what belongs to \"%s\" or a "
				 "superuser: drop it, or ALTER ... OWNER TO. The privilege TRIGGER is "
				 "for nobody else.",
				 table_owner_name),
		 ScimErrTrigger(table_of(relation, trigger))));
}

/* What the condition of a trigger calls is among what the trigger depends on. */
static void
check_condition(Relation relation, const Trigger *trigger, Oid trigger_oid)
{
	Relation catalog = table_open(DependRelationId, AccessShareLock);
	SysScanDesc scan;
	ScanKeyData keys[2];
	HeapTuple tuple;

	ScanKeyInit(&keys[0], Anum_pg_depend_classid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(TriggerRelationId));
	ScanKeyInit(&keys[1], Anum_pg_depend_objid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(trigger_oid));
	scan = systable_beginscan(catalog, DependDependerIndexId, true, NULL, 2, keys);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_depend depend = (Form_pg_depend) GETSTRUCT(tuple);
		ObjectAddress called = {depend->refclassid, depend->refobjid, 0};

		if (called.classId == OperatorRelationId)
			ObjectAddressSet(called, ProcedureRelationId, get_opcode(called.objectId));
		/* a domain calls what its constraints do */
		if (called.classId == ProcedureRelationId || called.classId == TypeRelationId)
			check_owner(relation, trigger, &called);
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
}

/* Is a table, or the one that it is a partition of, one of those of a store's books? */
static bool
is_of_books(Relation relation)
{
	Oid relid = RelationGetRelid(relation);
	ScimTables found;

	if (relation->rd_rel->relispartition)
		relid = llast_oid(get_partition_ancestors(relid));
	return ScimTableIsOfBooks(get_rel_name(relid)) &&
		   ScimTablesFind(get_rel_namespace(relid), &found, true);
}

/* An error where a BEFORE row trigger of somebody's stands in a table of the books. */
static void
check_books(Relation relation, const Trigger *trigger)
{
	if (!TRIGGER_FOR_ROW(trigger->tgtype) || !TRIGGER_FOR_BEFORE(trigger->tgtype) ||
		get_func_namespace(trigger->tgfoid) == ScimInternalNamespace() ||
		!is_of_books(relation))
		return;
	ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					errmsg("trigger \"%s\" of table \"%s\" must not act before rows are "
						   "written",
						   trigger->tgname, table_of(relation, trigger)),
					errdetail("Only the store writes the rows of this table."),
					errhint("Make it an AFTER trigger."),
					ScimErrTrigger(table_of(relation, trigger))));
}

static void
check_triggers(Relation relation)
{
	TriggerDesc *triggers = ScimTriggers(relation);

	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
	{
		const Trigger *trigger = &triggers->triggers[i];
		ObjectAddress function;
		Oid relid;

		if (trigger->tgenabled == TRIGGER_DISABLED)
			continue;
		ObjectAddressSet(function, ProcedureRelationId, trigger->tgfoid);
		check_owner(relation, trigger, &function);
		/* what the condition of a clone calls is noted of the first of them */
		for (Oid oid = trigger->tgqual ? trigger->tgoid : InvalidOid; OidIsValid(oid);
			 oid = parent_of(oid, &relid))
			check_condition(relation, trigger, oid);
		check_books(relation, trigger);
	}
	FreeTriggerDesc(triggers);
}

/* A table that a statement writes; it is locked. */
static void
check_table(Oid relid, bool inserts)
{
	Relation relation = table_open(relid, NoLock);
	ListCell *lc;

	check_triggers(relation);
	/* which partition a row goes to is not known yet */
	if (inserts && relation->rd_rel->relkind == RELKIND_PARTITIONED_TABLE)
	{
		foreach (lc, find_all_inheritors(relid, RowExclusiveLock, NULL))
		{
			Relation partition = table_open(lfirst_oid(lc), NoLock);

			check_triggers(partition);
			table_close(partition, NoLock);
		}
	}
	table_close(relation, NoLock);
}

/*
 * scim_internal.is_of_books(name) returns boolean: does only the store write a table of
 * this name, with no BEFORE row trigger or rule of anybody's?
 */
Datum
scim_is_of_books(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(ScimTableIsOfBooks(NameStr(*PG_GETARG_NAME(0))));
}

/* The table that a statement, as it was parsed, writes, or NULL. */
static const RangeVar *
table_written(const Node *statement, CmdType *command)
{
	switch (nodeTag(statement))
	{
		case T_InsertStmt:
			*command = CMD_INSERT;
			return ((const InsertStmt *) statement)->relation;
		case T_UpdateStmt:
			*command = CMD_UPDATE;
			return ((const UpdateStmt *) statement)->relation;
		case T_DeleteStmt:
			*command = CMD_DELETE;
			return ((const DeleteStmt *) statement)->relation;
		default:
			*command = CMD_UNKNOWN;
			return NULL;
	}
}

/* An error where a rule makes another statement of one that writes the books. */
static void
check_rules(const CachedPlan *cached, const Node *written)
{
	const PlannedStmt *statement =
		list_length(cached->stmt_list) == 1 ? linitial(cached->stmt_list) : NULL;
	CmdType command;
	const RangeVar *table = table_written(written, &command);
	ScimTables found;

	if (table == NULL)
		return;
	if (statement != NULL && statement->commandType == command &&
		statement->resultRelations != NIL)
	{
		const RangeTblEntry *entry =
			list_nth(statement->rtable, linitial_int(statement->resultRelations) - 1);

		if (RangeVarGetRelid(table, NoLock, true) == entry->relid ||
			get_rel_relispartition(entry->relid))
			return;
	}
	/* of a table that Citus has distributed, which has no rules, it makes another plan */
	if (ScimIsDistributed(RangeVarGetRelid(table, NoLock, true)))
		return;
	if (table->schemaname != NULL && ScimTableIsOfBooks(table->relname) &&
		ScimTablesFind(get_namespace_oid(table->schemaname, true), &found, true))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("a rule of table \"%s\" keeps the store from writing it",
							   table->relname),
						ScimErrTrigger(table->relname)));
}

/* ScimRaiseSkipped: somebody's trigger, rule or policy keeps a row of ours as it was. */
void
ScimRaiseSkipped(const char *table)
{
	ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					errmsg("a trigger or rule of table \"%s\" keeps the store from "
						   "writing it",
						   table)));
}

/* Is it a table of a store, and has it rules? */
static bool
has_rules(const RangeVar *table)
{
	Oid relid = RangeVarGetRelid(table, NoLock, true);
	ScimTables found;
	Relation relation;
	bool ruled;

	if (!OidIsValid(relid) || !ScimTablesFind(get_rel_namespace(relid), &found, true))
		return false;
	relation = table_open(relid, AccessShareLock);
	ruled = relation->rd_rules != NULL;
	table_close(relation, AccessShareLock);
	return ruled;
}

/* Finds the first such table that a statement writes: its name to *name. */
static bool
find_ruled(Node *node, void *name)
{
	const RangeVar *table;
	CmdType command;

	if (node == NULL)
		return false;
	table = table_written(node, &command);
	if (table != NULL && has_rules(table))
	{
		*(const char **) name = table->relname;
		return true;
	}
	return raw_expression_tree_walker(node, find_ruled, name);
}

/*
 * ScimGuardRethrow, in PG_CATCH: what PostgreSQL does not do for a table with rules, as
 * RETURNING and ON CONFLICT, is said of the table and not of our statement, and what the
 * owner of a store lacks of him.  Any other error is thrown again.
 */
void
ScimGuardRethrow(const char *query, MemoryContext caller)
{
	const char *table = NULL;
	ErrorData *error;
	ListCell *lc;

	ScimFaultRethrow(caller);
	if (geterrcode() != ERRCODE_FEATURE_NOT_SUPPORTED)
		PG_RE_THROW();
	MemoryContextSwitchTo(caller);
	error = CopyErrorData();
	if (error->funcname != NULL && strcmp(error->funcname, "RewriteQuery") == 0)
	{
		foreach (lc, raw_parser(query, RAW_PARSE_DEFAULT))
		{
			if (find_ruled(lfirst_node(RawStmt, lc)->stmt, &table))
				break;
		}
		if (table != NULL)
		{
			FlushErrorState();
			ScimRaiseSkipped(table);
		}
	}
	PG_RE_THROW();
}

void
ScimGuardTable(Relation relation)
{
	if (InLocalUserIdChange())
		check_triggers(relation);
}

/*
 * ScimGuardWrite looks at a statement that is about to be executed, where we are somebody
 * else than the caller.  SPI is connected.
 */
void
ScimGuardWrite(SPIPlanPtr plan)
{
	CachedPlan *cached;
	ListCell *lc;

	if (!InLocalUserIdChange())
		return;
	cached = SPI_plan_get_cached_plan(plan); /* takes its locks */
	if (cached == NULL)
		elog(ERROR, "a statement of ours is several");
	if (list_length(plan->plancache_list) == 1)
		check_rules(
			cached,
			((CachedPlanSource *) linitial(plan->plancache_list))->raw_parse_tree->stmt);
	foreach (lc, cached->stmt_list)
	{
		const PlannedStmt *statement = lfirst_node(PlannedStmt, lc);
		const ListCell *result;

		foreach (result, statement->resultRelations)
		{
			const RangeTblEntry *entry =
				list_nth(statement->rtable, lfirst_int(result) - 1);

			check_table(entry->relid, statement->commandType == CMD_INSERT);
		}
	}
	ReleaseCachedPlan(cached, plan->saved ? CurrentResourceOwner : NULL);
}
