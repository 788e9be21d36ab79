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
#include "access/sysattr.h"
#include "access/table.h"
#include "catalog/dependency.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_class.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "nodes/bitmapset.h"
#include "optimizer/optimizer.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/formatting.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "binding/binding.h"
#include "binding/bound/bound.h"
#include "binding/follow/follow.h"
#include "binding/sides/sides.h"
#include "json/json.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/statement.h"
#include "store/statement/trigger_type.h"
#include "store/statement/written.h"

PG_FUNCTION_INFO_V1(scim_bind_table);
SCIM_FUNCTION_OF_VALUES(scim_unbind_table);
PG_FUNCTION_INFO_V1(scim_binding_door);

/* May rows of "binding" be written just now? */
static bool is_open = false;

/* BEFORE INSERT OR UPDATE OR DELETE ... FOR EACH ROW on "binding" and "binding_link" */
Datum
scim_binding_door(PG_FUNCTION_ARGS)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "binding_door", BEFORE_ROW | ON_CHANGE);

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
		ereport(
			ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("mapping: tenant: that of table \"%s\", which is bound, cannot "
					"be replaced",
					binding->shown),
			 errhint("scim.unbind_table() ends the binding; then scim.bind_table() "
					 "links all rows anew: with \"missing\": \"report\" in the mapping, "
					 "or else each resource of a tenant that had no rows gets one.")));
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
tell_missing_index(Oid relid, const List *key)
{
	const char *shown = ScimRelationShown(relid);
	StringInfoData columns;
	const ListCell *lc;

	if (key == NIL || has_index(relid, key))
		return;
	initStringInfo(&columns);
	foreach (lc, key)
		appendStringInfo(&columns, "%s%s", columns.len > 0 ? ", " : "",
						 ((const ScimColumnInfo *) lfirst(lc))->quoted);
	ereport(
		NOTICE,
		(errmsg("table \"%s\" has no index that begins with %s", shown, columns.data),
		 errdetail("All of it is read for each row that is bound."),
		 errhint("CREATE INDEX ON %s (%s)", ScimRelationQuoted(relid), columns.data)));
}

/* The columns of an index, those of its expressions among them. */
static Bitmapset *
columns_of_index(Relation index)
{
	Bitmapset *columns = NULL;

	for (int i = 0; i < index->rd_index->indnkeyatts; i++)
	{
		if (index->rd_index->indkey.values[i] != 0)
			columns = bms_add_member(columns, index->rd_index->indkey.values[i] -
												  FirstLowInvalidHeapAttributeNumber);
	}
	pull_varattnos((Node *) RelationGetIndexExpressions(index), 1, &columns);
	return columns;
}

/* Does SCIM write a column, and nothing of the mapping change it in a row that stays? */
static bool
stays_taken(const ScimBinding *binding, const char *name)
{
	const ListCell *lc;

	foreach (lc, binding->end_set)
	{
		if (strcmp(((const ScimBoundWrite *) lfirst(lc))->column.name, name) == 0)
			return false;
	}
	return ScimColumnIsFilled(binding, name) &&
		   (binding->gone == NULL ||
			strstr(asc_tolower(binding->gone, strlen(binding->gone)),
				   asc_tolower(name, strlen(name))) == NULL);
}

static void
tell_kept_value(const ScimBinding *binding, Relation index)
{
	Bitmapset *columns = columns_of_index(index);
	StringInfoData names;
	bool of_key = true;
	int number = -1;

	initStringInfo(&names);
	while ((number = bms_next_member(columns, number)) >= 0)
	{
		AttrNumber at = number + FirstLowInvalidHeapAttributeNumber;
		char *name = get_attname(binding->relid, at, false);

		if (!stays_taken(binding, name))
			return;
		of_key &= ScimColumnPlace(at, binding->key) >= 0;
		appendStringInfo(&names, "%s%s", names.len > 0 ? ", " : "", name);
	}
	if (of_key)
		return;
	ereport(
		NOTICE,
		(errmsg("unique index \"%s\" of table \"%s\" holds %s of rows that stay when "
				"somebody is deleted, too",
				RelationGetRelationName(index), binding->shown, names.data),
		 errdetail("Nobody is created with the same in SCIM (409) until "
				   "scim.restore_resource() has brought back who had it."),
		 errhint("Give the index a condition, such as WHERE deleted_at IS NULL, or "
				 "change the value by \"delete\": {\"set\": ..., \"restore\": ...} of "
				 "the mapping.")));
}

/* Rows that count as deleted, or are kept, have their values still. */
static void
tell_kept_values(const ScimBinding *binding)
{
	Relation relation;
	const ListCell *lc;

	if (binding->row_end == SCIM_ROW_DELETE && binding->gone == NULL)
		return;
	relation = table_open(binding->relid, AccessShareLock);
	foreach (lc, RelationGetIndexList(relation))
	{
		Relation index = index_open(lfirst_oid(lc), AccessShareLock);

		if (index->rd_index->indisunique && RelationGetIndexPredicate(index) == NIL)
			tell_kept_value(binding, index);
		index_close(index, AccessShareLock);
	}
	table_close(relation, NoLock);
}

/* The number of a tenant by its name. */
static JsonbValue *
tenant_number(const ScimStore *store, const char *name, const char *place)
{
	ScimIdentity caller;
	ScimParams params;
	JsonbValue *number;

	caller = ScimBeReader(store->owner);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(name), false);
	ScimSpiExecute(
		psprintf("SELECT tenant_id FROM %s.tenant WHERE name = $1", store->quoted_name),
		&params, false, 1);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("mapping: %s: there is no tenant \"%s\"", place, name),
				 errhint("scim.create_tenant() makes one, and returns its number.")));
	number = ScimJsonNewInteger(DatumGetInt32(ScimResultValue(0, 1, INT4OID)));
	ScimBeCaller(caller);
	return number;
}

/* Tenants that a mapping names are the numbers that they have. */
static Jsonb *
with_tenant_numbers(const ScimStore *store, Jsonb *mapping)
{
	JsonbValue *document = ScimJsonCopy(ScimJsonFromJsonb(mapping));
	JsonbValue *tenant =
		document->type == jbvObject ? ScimJsonGet(document, "tenant") : NULL;
	const JsonbValue *name;
	const JsonbValue *values;
	JsonbValue *numbers;

	if (tenant == NULL || tenant->type != jbvObject)
		return mapping;
	name = ScimJsonGet(tenant, "name");
	values = ScimJsonGet(tenant, "values");
	if (name != NULL && name->type == jbvString && tenant->val.object.nPairs == 1)
	{
		numbers = tenant_number(store, ScimJsonStringCopy(name), "tenant.name");
		ScimJsonSet(document, "tenant", numbers);
		return ScimJsonToJsonb(document);
	}
	if (values == NULL || values->type != jbvObject)
		return mapping;
	numbers = ScimJsonNewObject();
	for (int i = 0; i < values->val.object.nPairs; i++)
	{
		char *key = ScimJsonStringCopy(&values->val.object.pairs[i].key);
		/* what is no name is said to be none where numbers are read */
		const char *number = key[0] == '\0' || strspn(key, "+-.0123456789") > 0
								 ? key
								 : ScimJsonText(tenant_number(
									   store, key, psprintf("tenant.values.%s", key)));

		if (ScimJsonGet(numbers, number) != NULL)
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("mapping: tenant.values.%s: tenant %s is named twice",
								   key, number)));
		ScimJsonSet(numbers, number, &values->val.object.pairs[i].value);
	}
	ScimJsonSet(tenant, "values", numbers);
	return ScimJsonToJsonb(document);
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

/*
 * Links of a binding whose row was lost, with triggers that were off: what the table is
 * nobody knows any more, and its rows and resources find each other anew.
 */
static void
forget_lost(const ScimStore *store, const ScimBinding *binding)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(binding->type->name), false);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(binding->tenant_id),
				  binding->every_tenant);
	write_binding(
		store,
		psprintf("DELETE FROM %1$s.binding_link l WHERE NOT EXISTS (SELECT FROM "
				 "%1$s.binding b WHERE b.id = l.binding_id) AND ($2 IS NULL OR "
				 "l.tenant_id = $2) AND NOT EXISTS (SELECT FROM %1$s.resource r WHERE "
				 "r.tenant_id = l.tenant_id AND r.id = l.resource_id "
				 "AND r.resource_type <> $1)",
				 store->quoted_name),
		&params);
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
	ScimLockRegistry(&store->tables);
	SPI_connect();
	mapping = with_tenant_numbers(store, mapping);
	find_former(store, relid, &former);
	if (former.found && strcmp(former.type_name, type->name) != 0)
		ereport(ERROR, (errcode(ERRCODE_DUPLICATE_OBJECT),
						errmsg("table \"%s\" is bound to %s already",
							   ScimRelationShown(relid), former.type_name),
						errhint("scim.unbind_table() ends it.")));
	/* before they are locked: nobody has those wait who write what is not his */
	if (!former.found)
	{
		ScimBindCheckTable(store, relid);
		ScimBindCheckFree(relid);
		ScimUuidV7(&former.id);
	}
	binding = ScimBindingCompile(CurrentMemoryContext, store, type, &former.id, relid,
								 mapping, NULL, 0);
	ScimBindCheckTable(store, relid);
	foreach (lc, binding->others)
		ScimBindCheckTable(store, ((const ScimBoundTable *) lfirst(lc))->relid);
	if (former.found)
		let_go = tables_let_go(&former, binding);
	ScimBindLockToTakeIn(binding, let_go);
	if (!former.found)
		ScimBindCheckFree(relid);
	ScimBindRequireSeen(store, type, relid);
	/* what it names may have changed while we waited */
	binding = ScimBindingCompile(CurrentMemoryContext, store, type, &former.id, relid,
								 mapping, NULL, 0);
	foreach (lc, binding->others)
	{
		const ScimBoundTable *other = lfirst(lc);

		ScimBindCheckTable(store, other->relid);
		LockRelationOid(other->relid, ExclusiveLock);
		if (!list_member_oid(former.others, other->relid))
			ScimBindCheckFree(other->relid);
		ScimTableRequireSeen(other->relid);
	}
	problem = ScimBindingProblem(binding, &sqlstate);
	if (problem != NULL)
		ereport(ERROR, (errcode(sqlstate), errmsg("%s", problem)));
	if (former.found)
		check_former(&former, binding);
	ScimBindCheck(store, binding);
	put_binding(store, binding, mapping, former.found);
	if (!former.found)
		forget_lost(store, binding);
	foreach (lc, let_go)
		ScimBoundTriggersDrop(lfirst_oid(lc));
	ScimBoundTriggersMake(store, binding);
	foreach (lc, binding->others)
	{
		const ScimBoundTable *other = lfirst(lc);

		tell_missing_index(other->relid, other->key);
		tell_missing_index(other->relid, other->member_key);
	}
	foreach (lc, binding->references)
		tell_missing_index(relid,
						   ((const ScimBoundAttribute *) lfirst(lc))->reference.columns);
	tell_kept_values(binding);
	CommandCounterIncrement();
	/* the triggers have changed what was known of it */
	store = ScimStoreCurrent();
	binding = ScimBindingOfTable(store, relid);
	if (binding == NULL)
		elog(ERROR, "the binding was not stored");
	ScimMembersCheckKeys(binding);
	ScimReferencesCheckKeys(binding);
	ScimTakeIn(binding, former.found ? ScimJsonGet(former.mapping, "attributes") : NULL,
			   result);
	SPI_finish();
	return (Datum) 0;
}

/* scim.unbind_table(relation regclass) */
static Datum
scim_unbind_table_given(PG_FUNCTION_ARGS)
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

	ScimRequireOwnerOf(store);
	ScimScopeRefuse(store->namespace_oid, "unbind tables");
	ScimLockRegistry(&store->tables);
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, REGCLASSOID, ObjectIdGetDatum(relid), false);
	ScimSpiExecute(psprintf("SELECT id, resource_type, others FROM %s.binding "
							"WHERE relation = $1",
							store->quoted_name),
				   &params, false, 1);
	if (SPI_processed == 0 && ScimBoundTriggersFree(store, relid))
	{
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
	locks = ScimBindAddLock(locks, relid, AccessExclusiveLock);
	for (int i = 0; i < n; i++)
		locks =
			ScimBindAddLock(locks, DatumGetObjectId(elements[i]), AccessExclusiveLock);
	ScimBindLockAll(ScimBindAddLock(locks, store->tables.relid[SCIM_TABLE_BINDING_LINK],
									ShareRowExclusiveLock));
	ScimBoundTriggersDrop(relid);
	for (int i = 0; i < n; i++)
		ScimBoundTriggersDrop(DatumGetObjectId(elements[i]));
	ScimParamsInit(&params);
	ScimParamsAdd(&params, UUIDOID, id, false);
	write_binding(
		store,
		psprintf("DELETE FROM %s.binding_link WHERE binding_id = $1", store->quoted_name),
		&params);
	write_binding(store,
				  psprintf("DELETE FROM %s.binding WHERE id = $1", store->quoted_name),
				  &params);
	ScimBoundTriggersLetGo(store, type_name);
	SPI_finish();
	PG_RETURN_VOID();
}
