/*
 * bound.c
 *		The bindings of a store, compiled, and kept while nothing that they depend on
 *		changes: the rows of "binding", the registry, the tables that are bound.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "binding/bound/bound.h"
#include "extension.h"
#include "store/statement/column.h"
#include "store/statement/statement.h"

typedef struct Bindings
{
	MemoryContext context;
	bool valid;
	bool replaced; /* by those of a store that was built later */
	Oid namespace_oid;
	uint64 store; /* number of the store, whose registry they point into */
	ScimTables tables;
	List *bindings; /* ScimBinding * */
	List *faults;   /* Fault *: those that cannot be compiled */
} Bindings;

/* A binding that does not work any more, and why. */
typedef struct Fault
{
	char *resource_type;
	bool every_tenant;
	int32 tenant_id;
	Oid relid;
	List *others; /* Oid */
	ErrorData *error;
} Fault;

static uint64 changes = 0;  /* of anything that they depend on, perhaps */
static List *all = NIL;     /* of Bindings * */
static List *retired = NIL; /* not valid any more; somebody may be using them */

static bool
concerns(const Bindings *bindings, Oid relid)
{
	const ListCell *lc;

	if (relid == InvalidOid || relid == bindings->tables.relid[SCIM_TABLE_BINDING] ||
		relid == bindings->tables.relid[SCIM_TABLE_SCHEMA] ||
		relid == bindings->tables.relid[SCIM_TABLE_RESOURCE_TYPE] ||
		relid == bindings->tables.relid[SCIM_TABLE_RESOURCE])
		return true;
	foreach (lc, bindings->bindings)
	{
		const ScimBinding *binding = lfirst(lc);
		const ListCell *other;

		if (binding->relid == relid)
			return true;
		foreach (other, binding->others)
		{
			if (((const ScimBoundTable *) lfirst(other))->relid == relid)
				return true;
		}
	}
	foreach (lc, bindings->faults)
	{
		const Fault *fault = lfirst(lc);

		if (fault->relid == relid || list_member_oid(fault->others, relid))
			return true;
	}
	return false;
}

static void
invalidated(Oid relid)
{
	ListCell *lc;

	changes++;
	foreach (lc, all)
	{
		Bindings *bindings = lfirst(lc);

		if (bindings->valid && concerns(bindings, relid))
			bindings->valid = false;
	}
}

static void
transaction_ends(XactEvent event, void *arg)
{
	ListCell *lc;

	if (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT &&
		event != XACT_EVENT_PREPARE)
		return;
	foreach (lc, retired)
		MemoryContextDelete(((Bindings *) lfirst(lc))->context);
	list_free(retired);
	retired = NIL;
	/* nobody has the store any more that they are of */
	foreach (lc, all)
	{
		Bindings *bindings = lfirst(lc);

		if (!bindings->replaced)
			continue;
		all = foreach_delete_current(all, lc);
		MemoryContextDelete(bindings->context);
	}
}

/* A row of "binding", while it is compiled. */
typedef struct Row
{
	ScimStore *store;
	MemoryContext parent;
	pg_uuid_t id;
	char *resource_type;
	Oid relid;
	Oid *others;
	int nothers;
	Jsonb *mapping;
	ScimBinding *binding;
} Row;

static void
compile_row(void *arg)
{
	Row *row = arg;

	row->binding = ScimBindingCompile(
		row->parent, row->store, ScimTypeByName(row->store, row->resource_type), &row->id,
		row->relid, row->mapping, row->others, row->nothers);
}

/* Its paths were within the limits of their time. */
static void
compile_within(void *arg)
{
	(void) ScimFilterWithin(&ScimFilterLimitsWidest, compile_row, arg);
}

/* An error that says nothing of the mapping, and is not there the next time. */
static bool
is_passing(const ErrorData *error)
{
	int category = ERRCODE_TO_CATEGORY(error->sqlerrcode);

	return category == ERRCODE_OPERATOR_INTERVENTION ||
		   category == ERRCODE_TRANSACTION_ROLLBACK ||
		   category == ERRCODE_INSUFFICIENT_RESOURCES ||
		   error->sqlerrcode == ERRCODE_LOCK_NOT_AVAILABLE;
}

static void
add_row(Bindings *bindings, Row *row, bool every_tenant, int32 tenant_id)
{
	ErrorData *error = ScimAttempt(compile_within, row);
	MemoryContext old = MemoryContextSwitchTo(bindings->context);

	if (error == NULL)
	{
		row->binding->every_tenant = every_tenant;
		row->binding->tenant_id = tenant_id;
		bindings->bindings = lappend(bindings->bindings, row->binding);
	}
	else
	{
		Fault *fault = palloc0(sizeof(Fault));

		if (is_passing(error))
			ThrowErrorData(error);
		fault->resource_type = pstrdup(row->resource_type);
		fault->every_tenant = every_tenant;
		fault->tenant_id = tenant_id;
		fault->relid = row->relid;
		for (int i = 0; i < row->nothers; i++)
			fault->others = lappend_oid(fault->others, row->others[i]);
		fault->error = palloc0(sizeof(ErrorData));
		fault->error->message = pstrdup(error->message);
		bindings->faults = lappend(bindings->faults, fault);
	}
	MemoryContextSwitchTo(old);
}

static Bindings *
read_bindings(ScimStore *store)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "scim bindings",
												  ALLOCSET_SMALL_SIZES);
	Bindings *bindings = MemoryContextAllocZero(context, sizeof(Bindings));
	ScimIdentity caller;
	SPITupleTable *rows;
	uint64 nrows;

	bindings->context = context;
	bindings->namespace_oid = store->namespace_oid;
	bindings->store = store->number;
	bindings->tables = store->tables;
	caller = ScimBeReader(store->owner);
	SPI_connect();
	/* the newest that is committed, as of the registry: this outlives the transaction */
	if (!IsInParallelMode())
		PushActiveSnapshot(GetLatestSnapshot());
	ScimSpiExecute(
		psprintf("SELECT tenant_id, id, resource_type, relation, others, mapping "
				 "FROM %s.binding ORDER BY id",
				 store->quoted_name),
		NULL, true, 0);
	if (!IsInParallelMode())
		PopActiveSnapshot();
	rows = SPI_tuptable;
	nrows = SPI_processed;
	for (uint64 i = 0; i < nrows; i++)
	{
		HeapTuple tuple = rows->vals[i];
		TupleDesc desc = rows->tupdesc;
		Row row = {.store = store, .parent = context};
		bool every_tenant;
		int32 tenant_id =
			DatumGetInt32(ScimColumn(tuple, desc, 1, INT4OID, &every_tenant));
		Datum *elements;

		row.id = *DatumGetUUIDP(ScimColumnValue(tuple, desc, 2, UUIDOID));
		row.resource_type = TextDatumGetCString(ScimColumnValue(tuple, desc, 3, TEXTOID));
		row.relid = DatumGetObjectId(ScimColumnValue(tuple, desc, 4, REGCLASSOID));
		deconstruct_array(
			DatumGetArrayTypeP(ScimColumnValue(tuple, desc, 5, REGCLASSARRAYOID)),
			REGCLASSOID, sizeof(Oid), true, TYPALIGN_INT, &elements, NULL, &row.nothers);
		row.others = palloc(sizeof(Oid) * (row.nothers + 1));
		for (int j = 0; j < row.nothers; j++)
			row.others[j] = DatumGetObjectId(elements[j]);
		row.mapping = DatumGetJsonbP(ScimColumnValue(tuple, desc, 6, JSONBOID));
		add_row(bindings, &row, every_tenant, tenant_id);
	}
	SPI_finish();
	ScimBeCaller(caller);
	MemoryContextSetParent(context, CacheMemoryContext);
	return bindings;
}

/* Those of the store that was built last are the first, and stay. */
static void
know(Bindings *bindings)
{
	MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);
	ListCell *lc;

	foreach (lc, all)
	{
		Bindings *other = lfirst(lc);

		if (other->namespace_oid != bindings->namespace_oid)
			continue;
		if (other->store < bindings->store)
			other->replaced = true;
		else
			bindings->replaced = true;
	}
	all = bindings->replaced ? lappend(all, bindings) : lcons(bindings, all);
	MemoryContextSwitchTo(old);
}

/*
 * The bindings of a store.  One that has been replaced keeps its own until the
 * transaction ends: whoever has it works on with it, row by row, while triggers find the
 * new one, and the two would compile theirs in turns.
 */
static Bindings *
find_bindings(ScimStore *store)
{
	static bool registered = false;
	Bindings *bindings;
	MemoryContext old;
	uint64 before;
	ListCell *lc;

	if (!registered)
	{
		ScimWhenRelationChanges(invalidated);
		RegisterXactCallback(transaction_ends, NULL);
		registered = true;
	}
	foreach (lc, all)
	{
		bindings = lfirst(lc);
		if (bindings->namespace_oid != store->namespace_oid ||
			bindings->store != store->number)
			continue;
		if (bindings->valid)
			return bindings;
		all = foreach_delete_current(all, lc);
		old = MemoryContextSwitchTo(TopMemoryContext);
		retired = lappend(retired, bindings);
		MemoryContextSwitchTo(old);
	}
	if (!OidIsValid(store->tables.relid[SCIM_TABLE_BINDING]))
		ereport(ERROR, (ScimErr(SCIM_UNAVAILABLE),
						errmsg("store \"%s\" has no table \"binding\"", store->name),
						errhint("scim.upgrade_store() makes it.")));
	before = changes;
	bindings = read_bindings(store);
	bindings->valid = changes == before;
	know(bindings);
	return bindings;
}

static void
raise_fault(const Fault *fault)
{
	ereport(ERROR, (ScimErr(SCIM_UNAVAILABLE),
					errmsg("%s \"%s\" is bound to a table as it cannot be any more: %s",
						   "resource type", fault->resource_type, fault->error->message),
					errhint(SCIM_HINT_REPLACE)));
}

/* ScimBindingsAtFault: calls for each that does not work with its table, and why. */
void
ScimBindingsAtFault(ScimStore *store, void (*use)(void *arg, Oid relid, const char *why),
					void *arg)
{
	const ListCell *lc;

	foreach (lc, find_bindings(store)->faults)
	{
		const Fault *fault = lfirst(lc);

		use(arg, fault->relid, fault->error->message);
	}
}

/* ScimBindingsOfStore: those that work. */
List *
ScimBindingsOfStore(ScimStore *store)
{
	return find_bindings(store)->bindings;
}

/* ScimBindingsBut: the same but for that of a table. */
List *
ScimBindingsBut(ScimStore *store, Oid relid)
{
	const Bindings *bindings = find_bindings(store);
	List *others = NIL;
	const ListCell *lc;

	foreach (lc, bindings->faults)
	{
		if (((const Fault *) lfirst(lc))->relid != relid)
			raise_fault(lfirst(lc));
	}
	foreach (lc, bindings->bindings)
	{
		if (((const ScimBinding *) lfirst(lc))->relid != relid)
			others = lappend(others, lfirst(lc));
	}
	return others;
}

/*
 * ScimBindingFor: the one of the resources of a type and tenant, or NULL; an error where
 * it does not work.
 */
ScimBinding *
ScimBindingFor(ScimStore *store, const ScimResourceType *type, int32 tenant_id)
{
	const Bindings *bindings = find_bindings(store);
	const ListCell *lc;

	foreach (lc, bindings->bindings)
	{
		ScimBinding *binding = lfirst(lc);

		if (strcmp(binding->type->name, type->name) == 0 &&
			(binding->every_tenant || binding->tenant_id == tenant_id))
			return binding;
	}
	foreach (lc, bindings->faults)
	{
		const Fault *fault = lfirst(lc);

		if (strcmp(fault->resource_type, type->name) == 0 &&
			(fault->every_tenant || fault->tenant_id == tenant_id))
			raise_fault(fault);
	}
	return NULL;
}

/* ScimBindingsOfType: those of a type, of all tenants; an error where one does not work.
 */
List *
ScimBindingsOfType(ScimStore *store, const ScimResourceType *type)
{
	const Bindings *bindings = find_bindings(store);
	List *found = NIL;
	const ListCell *lc;

	foreach (lc, bindings->faults)
	{
		if (strcmp(((const Fault *) lfirst(lc))->resource_type, type->name) == 0)
			raise_fault(lfirst(lc));
	}
	foreach (lc, bindings->bindings)
	{
		if (strcmp(((const ScimBinding *) lfirst(lc))->type->name, type->name) == 0)
			found = lappend(found, lfirst(lc));
	}
	return found;
}

/*
 * ScimBindingStands: a table may be unbound while we wait for it; then what is done to
 * resources is nothing to it any more.  From here on it is not unbound.  Where it has got
 * another mapping meanwhile, who writes has to come again (40001).
 */
bool
ScimBindingStands(const ScimBinding *binding, int32 tenant_id)
{
	const ScimBinding *now;

	LockRelationOid(binding->relid, RowExclusiveLock);
	now = ScimBindingFor(binding->store, binding->type, tenant_id);
	if (now == NULL || memcmp(&now->id, &binding->id, UUID_LEN) != 0)
		return false;
	if (VARSIZE(now->mapping) != VARSIZE(binding->mapping) ||
		memcmp(now->mapping, binding->mapping, VARSIZE(now->mapping)) != 0)
		ereport(ERROR, (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
						errmsg("the mapping of table \"%s\" has been replaced meanwhile",
							   binding->shown)));
	return true;
}

/* ScimBindingOfTable: the one of a table, or NULL. */
ScimBinding *
ScimBindingOfTable(ScimStore *store, Oid relid)
{
	const Bindings *bindings = find_bindings(store);
	const ListCell *lc;

	foreach (lc, bindings->bindings)
	{
		if (((ScimBinding *) lfirst(lc))->relid == relid)
			return lfirst(lc);
	}
	foreach (lc, bindings->faults)
	{
		if (((const Fault *) lfirst(lc))->relid == relid)
			raise_fault(lfirst(lc));
	}
	return NULL;
}

/* ScimBindingOfOther: the same of a table of values or members, and of which attribute.
 */
ScimBinding *
ScimBindingOfOther(ScimStore *store, Oid relid, ScimBoundAttribute **attribute)
{
	const Bindings *bindings = find_bindings(store);
	const ListCell *lc;
	const ListCell *bound;

	foreach (lc, bindings->bindings)
	{
		ScimBinding *binding = lfirst(lc);

		foreach (bound, binding->attributes)
		{
			*attribute = lfirst(bound);
			if ((*attribute)->table.relid == relid)
				return binding;
		}
	}
	foreach (lc, bindings->faults)
	{
		if (list_member_oid(((const Fault *) lfirst(lc))->others, relid))
			raise_fault(lfirst(lc));
	}
	return NULL;
}

/* ScimRequireOwnerOf: bindings are for the owner of a store. */
void
ScimRequireOwnerOf(const ScimStore *store)
{
	if (!has_privs_of_role(GetUserId(), store->owner))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("must be owner of store \"%s\" to bind tables to it",
							   store->name)));
}

static Oid
owner_of(Oid relid)
{
	HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Oid owner = InvalidOid;

	if (!HeapTupleIsValid(tuple))
		return InvalidOid;
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return owner;
}

/* Partitions are something else. */
static bool
is_inherited(Oid relid)
{
	return get_rel_relkind(relid) == RELKIND_RELATION && has_subclass(relid) &&
		   find_inheritance_children(relid, NoLock) != NIL;
}

/*
 * ScimBindingProblem: the mapping is a row of the owner of the store, and what it says is
 * done as the owner of the table: so he has to be able to do that anyway.  And rows of
 * tables that inherit would be read with the table's, but no trigger follows them.
 * Returns what is wrong, and its SQLSTATE; NULL: nothing.
 */
char *
ScimBindingProblem(const ScimBinding *binding, int *sqlstate)
{
	const ListCell *lc;

	*sqlstate = ERRCODE_INSUFFICIENT_PRIVILEGE;
	if (!has_privs_of_role(binding->store->owner, binding->owner))
		return psprintf("the owner of store \"%s\" must have the privileges of the "
						"owner of table \"%s\", which is bound to it",
						binding->store->name, binding->shown);
	foreach (lc, binding->others)
	{
		Oid owner = owner_of(((const ScimBoundTable *) lfirst(lc))->relid);

		/* he writes it, and what belongs to its owner runs as him */
		if (owner != binding->owner && !(has_privs_of_role(binding->owner, owner) &&
										 has_privs_of_role(owner, binding->owner)))
			return psprintf(
				"the owner of table \"%s\" must own table \"%s\", too", binding->shown,
				ScimRelationShown(((const ScimBoundTable *) lfirst(lc))->relid));
	}
	*sqlstate = ERRCODE_WRONG_OBJECT_TYPE;
	if (is_inherited(binding->relid))
		return psprintf("tables inherit from table \"%s\", which is bound",
						binding->shown);
	foreach (lc, binding->others)
	{
		const ScimBoundTable *other = lfirst(lc);

		if (is_inherited(other->relid))
			return psprintf("tables inherit from table \"%s\", which is bound",
							ScimRelationShown(other->relid));
	}
	return NULL;
}

/*
 * ScimBindingRequireSound: a binding with a problem does not work any more, which is no
 * client's fault.
 */
void
ScimBindingRequireSound(const ScimBinding *binding)
{
	int sqlstate;
	const char *problem = ScimBindingProblem(binding, &sqlstate);

	if (problem != NULL)
		ereport(ERROR, (ScimErr(SCIM_UNAVAILABLE), errmsg("%s", problem)));
	ScimLinksRequireLabels(binding);
}
