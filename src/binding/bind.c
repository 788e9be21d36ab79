/*
 * bind.c
 *		scim.bind_table and scim.unbind_table: triggers on both sides, and the row of
 *		"binding" that says what they do.
 *
 * The triggers of the application's tables are made FROM the table "binding": so they
 * find the store, whatever it is called by then, and go where it goes.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "catalog/dependency.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "binding/binding.h"
#include "json/json.h"
#include "store/column.h"
#include "store/written.h"

PG_FUNCTION_INFO_V1(scim_bind_table);
PG_FUNCTION_INFO_V1(scim_unbind_table);
PG_FUNCTION_INFO_V1(scim_binding_door);

/* May rows of "binding" be written just now? */
static bool is_open = false;

/* BEFORE INSERT OR UPDATE OR DELETE ... FOR EACH ROW on "binding" and "binding_link" */
Datum
scim_binding_door(PG_FUNCTION_ARGS)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "binding_door", TRIGGER_TYPE_BEFORE | TRIGGER_TYPE_ROW);

	if (ScimRestores(fcinfo))
		return ScimRestored(fcinfo);
	if (!is_open && !ScimIsOwnRow())
	{
		const char *table = RelationGetRelationName(trigger->tg_relation);

		ereport(
			ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 strcmp(table, "binding") == 0
				 ? errmsg("table \"%s\" of a SCIM store is written by "
						  "scim.bind_table() and scim.unbind_table() only",
						  table)
				 : errmsg("table \"%s\" of a SCIM store is written by the store only, "
						  "when rows and resources come and go",
						  table)));
	}
	PG_RETURN_POINTER(TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple
																 : trigger->tg_trigtuple);
}

static void
write_binding(const ScimStore *store, const char *statement, const ScimParams *params)
{
	ScimIdentity caller = ScimBeOwner(store->owner);

	ScimSpiExecuteOpening(&is_open, statement, params);
	ScimBeCaller(caller);
}

/* Statements about triggers are the caller's, who owns the tables. */
static void
execute(char *statement)
{
	(void) ScimSpiExecuteOnce(statement, NULL, false, 0);
}

/* What a table was bound as before: its mapping is replaced, and its links stay. */
typedef struct Former
{
	bool found;
	pg_uuid_t id;
	char *type_name;
	bool every_tenant;
	int32 tenant_id;
	List *others; /* Oid */
	const JsonbValue *mapping;
} Former;

static void
find_former(const ScimStore *store, Oid relid, Former *former)
{
	ScimParams params;
	Datum *others;
	int n;

	memset(former, 0, sizeof(Former));
	ScimParamsInit(&params);
	ScimParamsAdd(&params, REGCLASSOID, ObjectIdGetDatum(relid), false);
	ScimSpiExecute(
		psprintf("SELECT id, resource_type, tenant_id, others, mapping FROM %s.binding "
				 "WHERE relation = $1",
				 store->quoted_name),
		&params, false, 1);
	former->found = SPI_processed > 0;
	if (!former->found)
		return;
	former->id = *DatumGetUUIDP(ScimResultValue(0, 1, UUIDOID));
	former->type_name = ScimResultText(0, 2);
	former->tenant_id = DatumGetInt32(ScimResult(0, 3, INT4OID, &former->every_tenant));
	deconstruct_array(DatumGetArrayTypePCopy(ScimResultValue(0, 4, REGCLASSARRAYOID)),
					  REGCLASSOID, sizeof(Oid), true, TYPALIGN_INT, &others, NULL, &n);
	for (int i = 0; i < n; i++)
		former->others = lappend_oid(former->others, DatumGetObjectId(others[i]));
	former->mapping =
		ScimJsonFromJsonb(DatumGetJsonbPCopy(ScimResultValue(0, 5, JSONBOID)));
}

/* Links are of the keys and tenants that rows have: those stay as they are. */
static void
check_former(const Former *former, const ScimBinding *binding)
{
	const JsonbValue *key = ScimJsonGet(former->mapping, "key");
	const JsonbValue *tenant = ScimJsonGet(former->mapping, "tenant");
	bool same = former->every_tenant == binding->every_tenant &&
				(binding->every_tenant || former->tenant_id == binding->tenant_id);
	const ListCell *lc;

	if (same && binding->every_tenant && tenant != NULL)
	{
		if (tenant->type == jbvObject)
			tenant = ScimJsonGet(tenant, "column");
		same = tenant != NULL && ScimJsonStringEquals(tenant, binding->tenant.name);
	}
	if (!same)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("mapping: tenant: that of table \"%s\", which is bound, cannot "
						"be replaced",
						binding->shown),
				 errhint("scim.unbind_table() ends the binding; then scim.bind_table() "
						 "links all rows anew.")));
	same = key != NULL && key->type == jbvArray &&
		   key->val.array.nElems == list_length(binding->key);
	foreach (lc, same ? binding->key : NIL)
		same &= ScimJsonStringEquals(&key->val.array.elems[foreach_current_index(lc)],
									 ((const ScimColumnInfo *) lfirst(lc))->name);
	if (!same)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("mapping: key: that of table \"%s\", which is bound, "
							   "cannot be replaced",
							   binding->shown),
						errhint("scim.unbind_table() ends the binding; then "
								"scim.bind_table() links all rows anew.")));
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
}

static void
bind_triggers(const ScimStore *store, Oid relid)
{
	if (!ScimTableIsBound(relid))
		execute(psprintf("CREATE CONSTRAINT TRIGGER scim_binding "
						 "AFTER INSERT OR UPDATE OR DELETE ON %s FROM %s.binding "
						 "DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW "
						 "EXECUTE FUNCTION scim_internal.binding_row()",
						 ScimRelationQuoted(relid), store->quoted_name));
	/* before those of others, by its name, and never put off; an earlier version had none
	 */
	if (!OidIsValid(get_trigger_oid(relid, SCIM_QUEUE_TRIGGER, true)))
		execute(psprintf("CREATE CONSTRAINT TRIGGER " SCIM_QUEUE_TRIGGER " "
						 "AFTER INSERT OR UPDATE OR DELETE ON %s FROM %s.binding "
						 "NOT DEFERRABLE FOR EACH ROW "
						 "EXECUTE FUNCTION scim_internal.binding_row('queue')",
						 ScimRelationQuoted(relid), store->quoted_name));
	bind_truncate(store, relid);
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
}

/* Is there an index that begins with one of the columns of a key? */
static bool
has_index(Oid relid, const List *key)
{
	Relation relation = table_open(relid, AccessShareLock);
	List *indexes = RelationGetIndexList(relation);
	bool found = false;
	const ListCell *lc;
	const ListCell *column;

	foreach (lc, indexes)
	{
		Relation index = index_open(lfirst_oid(lc), AccessShareLock);

		foreach (column, key)
			found |= index->rd_index->indkey.values[0] ==
					 ((const ScimColumnInfo *) lfirst(column))->number;
		index_close(index, AccessShareLock);
	}
	table_close(relation, NoLock);
	return found;
}

/* Rows of a table of values are looked up by their key, for each row of the other one. */
static void
tell_missing_index(const ScimBoundTable *table, const List *key)
{
	const char *shown = ScimRelationShown(table->relid);
	StringInfoData columns;
	const ListCell *lc;

	if (key == NIL || has_index(table->relid, key))
		return;
	initStringInfo(&columns);
	foreach (lc, key)
		appendStringInfo(&columns, "%s%s", columns.len > 0 ? ", " : "",
						 ((const ScimColumnInfo *) lfirst(lc))->quoted);
	ereport(NOTICE,
			(errmsg("table \"%s\" has no index that begins with %s", shown, columns.data),
			 errdetail("All of it is read for each row that is bound."),
			 errhint("CREATE INDEX ON %s (%s)", table->quoted, columns.data)));
}

/* The partition of a resource type. */
static Oid
table_of_type(const ScimStore *store, const char *type_name)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(type_name), false);
	ScimSpiExecute(psprintf("SELECT table_name::text FROM %s.resource_type "
							"WHERE name = $1",
							store->quoted_name),
				   &params, true, 1);
	return SPI_processed > 0
			   ? get_relname_relid(ScimResultText(0, 1), store->namespace_oid)
			   : InvalidOid;
}

static void
bind_store(const ScimStore *store, const ScimBinding *binding)
{
	execute(psprintf("CREATE OR REPLACE TRIGGER scim_binding "
					 "AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW "
					 "EXECUTE FUNCTION scim_internal.binding_resource()",
					 ScimRelationQuoted(table_of_type(store, binding->type->name))));
	if (binding->members != NULL)
		execute(psprintf("CREATE OR REPLACE TRIGGER scim_binding "
						 "AFTER INSERT OR DELETE ON %s.member FOR EACH ROW "
						 "EXECUTE FUNCTION scim_internal.binding_member()",
						 store->quoted_name));
}

/* The mapping with what it left to be understood. */
static Datum
complete_mapping(const ScimBinding *binding, const Jsonb *mapping)
{
	JsonbValue *document = ScimJsonCopy(ScimJsonFromJsonb(mapping));
	JsonbValue *key = ScimJsonNewArray();
	const ListCell *lc;

	foreach (lc, binding->key)
		ScimJsonAppend(key, ScimJsonNewString(((ScimColumnInfo *) lfirst(lc))->name));
	ScimJsonSet(document, "key", key);
	if (!binding->every_tenant)
		ScimJsonSet(document, "tenant", ScimJsonNewInteger(binding->tenant_id));
	return JsonbPGetDatum(ScimJsonToJsonb(document));
}

/* replaces: there is one of the id already */
static void
put_binding(const ScimStore *store, const ScimBinding *binding, const Jsonb *mapping,
			bool replaces)
{
	Datum *others = palloc(sizeof(Datum) * (list_length(binding->others) + 1));
	const ListCell *lc;
	ScimParams params;

	foreach (lc, binding->others)
		others[foreach_current_index(lc)] =
			ObjectIdGetDatum(((const ScimBoundTable *) lfirst(lc))->relid);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(binding->tenant_id),
				  binding->every_tenant);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&binding->id), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(binding->type->name), false);
	ScimParamsAdd(&params, REGCLASSOID, ObjectIdGetDatum(binding->relid), false);
	ScimParamsAdd(&params, REGCLASSARRAYOID,
				  ScimArray(others, NULL, list_length(binding->others), REGCLASSOID),
				  false);
	ScimParamsAdd(&params, JSONBOID, complete_mapping(binding, mapping), false);
	write_binding(
		store,
		psprintf(replaces ? "UPDATE %s.binding SET tenant_id = $1, resource_type = $3, "
							"relation = $4, others = $5, mapping = $6 WHERE id = $2"
						  : "INSERT INTO %s.binding "
							"(tenant_id, id, resource_type, relation, others, mapping) "
							"VALUES ($1, $2, $3, $4, $5, $6)",
				 store->quoted_name),
		&params);
}

static List *add_locks(List *locks, Oid relid, LOCKMODE mode);
static void lock_all(const List *locks);
static void drop_triggers(Oid relid);

/*
 * Who writes both sides has one locked and waits for the other: so all that triggers are
 * made on is locked together, while we hold none of it.
 */
static void
lock_both_sides(const ScimStore *store, const ScimResourceType *type, Oid relid,
				const List *let_go)
{
	List *locks = add_locks(NIL, relid, ShareRowExclusiveLock);
	const ListCell *lc;

	/* their triggers are dropped */
	foreach (lc, let_go)
		locks = add_locks(locks, lfirst_oid(lc), AccessExclusiveLock);

	locks = add_locks(locks, table_of_type(store, type->name), ShareRowExclusiveLock);
	if (type->has_members)
		locks = add_locks(locks, store->tables.relid[SCIM_TABLE_MEMBER],
						  ShareRowExclusiveLock);
	lock_all(locks);
}

/* Tables of the former mapping that the new one does not name. */
static List *
tables_let_go(const Former *former, const ScimBinding *binding)
{
	List *let_go = list_copy(former->others);
	const ListCell *lc;

	foreach (lc, binding->others)
		let_go = list_delete_oid(let_go, ((const ScimBoundTable *) lfirst(lc))->relid);
	return let_go;
}

static void
let_tables_go(const List *let_go)
{
	int level = NewGUCNestLevel();
	const ListCell *lc;

	(void) set_config_option("client_min_messages", "warning", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	foreach (lc, let_go)
		drop_triggers(lfirst_oid(lc));
	AtEOXact_GUC(true, level);
}

/* The triggers of all tables of a binding; those that are there already stay. */
static void
bind_all(const ScimStore *store, const ScimBinding *binding)
{
	const ListCell *lc;

	bind_triggers(store, binding->relid);
	foreach (lc, binding->others)
	{
		const ScimBoundTable *other = lfirst(lc);

		bind_triggers(store, other->relid);
		tell_missing_index(other, other->key);
		tell_missing_index(other, other->member_key);
	}
	if (binding->members != NULL)
		bind_note(store, binding->members->table.relid);
	bind_going(store, binding);
	bind_store(store, binding);
}

/* scim.bind_table(resource_type text, relation regclass, mapping jsonb) */
Datum
scim_bind_table(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreConfigured();
	const ScimResourceType *type;
	ScimBinding *binding;
	ReturnSetInfo *result;
	Jsonb *mapping;
	Former former;
	List *let_go = NIL;
	Oid relid;
	char *problem;
	int sqlstate;
	const ListCell *lc;

	if (store->distributed)
		ereport(
			ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("store \"%s\" is distributed, and has no bound tables", store->name),
			 errdetail("A table of an application is on one node, and resources are on "
					   "all of them.")));
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("resource type, table and mapping must not be null")));
	ScimRequireOwnerOf(store);
	ScimScopeRefuse(store->namespace_oid, "bind tables");
	type = ScimTypeByName(store, text_to_cstring(PG_GETARG_TEXT_PP(0)));
	relid = PG_GETARG_OID(1);
	mapping = PG_GETARG_JSONB_P(2);
	InitMaterializedSRF(fcinfo, 0);
	result = (ReturnSetInfo *) fcinfo->resultinfo;
	/* one at a time changes what the store is configured to be; nobody writes the table
	 */
	ScimLockRegistry(store->tables.relid[SCIM_TABLE_SCHEMA]);
	SPI_connect();
	find_former(store, relid, &former);
	if (former.found && strcmp(former.type_name, type->name) != 0)
		ereport(ERROR, (errcode(ERRCODE_DUPLICATE_OBJECT),
						errmsg("table \"%s\" is bound to %s already",
							   ScimRelationShown(relid), former.type_name),
						errhint("scim.unbind_table() ends it.")));
	if (!former.found)
		ScimUuidV7(&former.id);
	else
		let_go = tables_let_go(&former,
							   ScimBindingCompile(CurrentMemoryContext, store, type,
												  &former.id, relid, mapping, NULL, 0));
	lock_both_sides(store, type, relid, let_go);
	ScimBindCheckTable(store, relid, former.found);
	binding = ScimBindingCompile(CurrentMemoryContext, store, type, &former.id, relid,
								 mapping, NULL, 0);
	foreach (lc, binding->others)
	{
		const ScimBoundTable *other = lfirst(lc);

		LockRelationOid(other->relid, ShareRowExclusiveLock);
		ScimBindCheckTable(store, other->relid,
						   list_member_oid(former.others, other->relid));
	}
	problem = ScimBindingProblem(binding, &sqlstate);
	if (problem != NULL)
		ereport(ERROR, (errcode(sqlstate), errmsg("%s", problem)));
	if (former.found)
		check_former(&former, binding);
	ScimBindCheck(store, binding);
	put_binding(store, binding, mapping, former.found);
	let_tables_go(let_go);
	bind_all(store, binding);
	CommandCounterIncrement();
	/* the triggers have changed what was known of it */
	store = ScimStoreCurrent();
	binding = ScimBindingOfTable(store, relid);
	if (binding == NULL)
		elog(ERROR, "the binding was not stored");
	ScimMembersCheckKeys(binding);
	ScimTakeIn(binding, former.found ? ScimJsonGet(former.mapping, "attributes") : NULL,
			   result);
	SPI_finish();
	return (Datum) 0;
}

/* A table, and how it is to be locked. */
typedef struct Lock
{
	Oid relid;
	LOCKMODE mode;
} Lock;

static List *
add_locks(List *locks, Oid relid, LOCKMODE mode)
{
	ListCell *lc;

	if (get_rel_name(relid) == NULL)
		return locks;
	foreach (lc, find_all_inheritors(relid, NoLock, NULL))
	{
		Lock *lock = palloc(sizeof(Lock));

		*lock = (Lock){lfirst_oid(lc), mode};
		locks = lappend(locks, lock);
	}
	return locks;
}

/*
 * Writers of the two sides lock these in opposite orders.  So we wait for one while we
 * hold none, and where another one cannot be had at once begin anew with that.
 */
static void
lock_all(const List *locks)
{
	int first = 0;
	int n = 0;

	while (n < list_length(locks))
	{
		const Lock *lock = list_nth(locks, first);

		CHECK_FOR_INTERRUPTS();
		LockRelationOid(lock->relid, lock->mode);
		for (n = 0; n < list_length(locks); n++)
		{
			lock = list_nth(locks, n);
			if (n != first && !ConditionalLockRelationOid(lock->relid, lock->mode))
				break;
		}
		if (n == list_length(locks))
			return;
		for (int i = 0; i < list_length(locks); i++)
		{
			lock = list_nth(locks, i);
			if (i < n || i == first)
				UnlockRelationOid(lock->relid, lock->mode);
		}
		first = n;
		n = 0;
	}
}

/* For a while, while others may have to wait for us. */
static bool
lock_soon(Oid relid)
{
	for (int i = 0; i < 50; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (ConditionalLockRelationOid(relid, AccessExclusiveLock))
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

static void
drop_triggers(Oid relid)
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
 * A partition that is detached keeps its clone of our trigger, since that names another
 * table, and cannot be attached again with it.  It is taken away as the server does those
 * of others.  Returns false where there is none.
 */
static bool
free_partition(const ScimStore *store, Oid relid)
{
	Relation relation;
	const TriggerDesc *triggers;
	List *found = NIL;
	const ListCell *lc;

	if (get_rel_relkind(relid) != RELKIND_RELATION &&
		get_rel_relkind(relid) != RELKIND_PARTITIONED_TABLE)
		return false;
	relation = table_open(relid, AccessExclusiveLock);
	triggers = relation->rd_rel->relispartition ? NULL : ScimTriggers(relation);
	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
	{
		const Trigger *one = &triggers->triggers[i];

		if (one->tgisclone &&
			one->tgconstrrelid == store->tables.relid[SCIM_TABLE_BINDING])
			found = lappend_oid(found, one->tgoid);
	}
	if (found != NIL && !has_privs_of_role(GetUserId(), relation->rd_rel->relowner))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("must be owner of table \"%s\"", ScimRelationShown(relid))));
	table_close(relation, NoLock);
	foreach (lc, found)
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

/* scim.unbind_table(relation regclass) */
Datum
scim_unbind_table(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	Oid relid = PG_GETARG_OID(0);
	ScimParams params;
	Datum id;
	Datum others;
	Datum *elements;
	char *type_name;
	List *locks = NIL;
	int n;
	int level;

	ScimRequireOwnerOf(store);
	ScimScopeRefuse(store->namespace_oid, "unbind tables");
	ScimLockRegistry(store->tables.relid[SCIM_TABLE_SCHEMA]);
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, REGCLASSOID, ObjectIdGetDatum(relid), false);
	ScimSpiExecute(psprintf("SELECT id, resource_type, others FROM %s.binding "
							"WHERE relation = $1",
							store->quoted_name),
				   &params, false, 1);
	if (SPI_processed == 0 && free_partition(store, relid))
	{
		level = NewGUCNestLevel();
		(void) set_config_option("client_min_messages", "warning", PGC_USERSET,
								 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
		drop_triggers(relid);
		AtEOXact_GUC(true, level);
		SPI_finish();
		PG_RETURN_VOID();
	}
	if (SPI_processed == 0)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
						errmsg("table \"%s\" is not bound to store \"%s\"",
							   ScimRelationShown(relid), store->name)));
	id = PointerGetDatum(palloc(UUID_LEN));
	memcpy(DatumGetPointer(id), DatumGetUUIDP(ScimResultValue(0, 1, UUIDOID)), UUID_LEN);
	type_name = ScimResultText(0, 2);
	others = ScimResultValue(0, 3, REGCLASSARRAYOID);
	deconstruct_array(DatumGetArrayTypePCopy(others), REGCLASSOID, sizeof(Oid), true,
					  TYPALIGN_INT, &elements, NULL, &n);
	ScimQueueFlushStore(store);
	ScimQueueRequireEmpty(relid);
	for (int i = 0; i < n; i++)
		ScimQueueRequireEmpty(DatumGetObjectId(elements[i]));
	locks = add_locks(locks, relid, AccessExclusiveLock);
	for (int i = 0; i < n; i++)
		locks = add_locks(locks, DatumGetObjectId(elements[i]), AccessExclusiveLock);
	lock_all(add_locks(locks, store->tables.relid[SCIM_TABLE_BINDING_LINK],
					   ShareRowExclusiveLock));
	/* what is not there need not be dropped, and nobody has to know */
	level = NewGUCNestLevel();
	(void) set_config_option("client_min_messages", "warning", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	drop_triggers(relid);
	for (int i = 0; i < n; i++)
		drop_triggers(DatumGetObjectId(elements[i]));
	ScimParamsInit(&params);
	ScimParamsAdd(&params, UUIDOID, id, false);
	write_binding(
		store,
		psprintf("DELETE FROM %s.binding_link WHERE binding_id = $1", store->quoted_name),
		&params);
	write_binding(store,
				  psprintf("DELETE FROM %s.binding WHERE id = $1", store->quoted_name),
				  &params);
	if (!is_used(store, type_name))
		drop_trigger_soon(table_of_type(store, type_name));
	if (!is_used(store, NULL))
		drop_trigger_soon(store->tables.relid[SCIM_TABLE_MEMBER]);
	AtEOXact_GUC(true, level);
	SPI_finish();
	PG_RETURN_VOID();
}
