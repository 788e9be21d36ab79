/*
 * view.c
 *		Views that people read and write, as scim.create_view makes them: a column for
 *		each attribute, and triggers by which a row of the view becomes one of the store.
 *
 * What the columns are is SQL (sql/install/people.sql).  The trigger is told by its
 * arguments: the name of the resource type, and for each column of the view, whatever
 * that is called by now, what it is:
 *
 *		@id, @status ...					a column of the table "resource"
 *		title, name.givenName, urn:...:x	an attribute
 *		emails[primary eq true].value		a part of one of several values: of the
 *											primary one, or else the first
 *		-title								an attribute that was there once
 *
 * Which table it is about the view itself says, by what it reads.  Nothing here writes
 * what the caller could not write himself: the statements are his, on the table of the
 * store, and pass the door.  So arguments that somebody has made up do no harm.
 *
 * A row of a view is not locked when the trigger gets it.  So the row of the store is,
 * here, and where somebody else has changed it meanwhile the statement fails like one
 * that cannot be serialized: its conditions and values were those of another row.
 */
#include "postgres.h"

#include "access/relation.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "nodes/value.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/timestamp.h"
#include "utils/varlena.h"

#include "binding/sides/sides.h"
#include "door/row/row.h"
#include "json/json.h"
#include "query/query.h"
#include "operation/view/view.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/statement/trigger_type.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(scim_view_row);
PG_FUNCTION_INFO_V1(scim_view_paths);
PG_FUNCTION_INFO_V1(scim_view_table);
SCIM_FUNCTION_OF_VALUES(scim_create_view);

/* The row of the view as it is stored by now, in the context around SPI; NULL: none. */
static HeapTuple
read_again(const ViewCall *call, int32 tenant_id, const pg_uuid_t *id)
{
	ScimParams params;
	TupleDesc found;

	if (!call->view->may_read)
		return NULL;
	ScimParamsOfResource(&params, tenant_id, id);
	ScimSpiExecute(call->view->reread, &params, false, 1);
	if (SPI_processed == 0)
		return NULL;
	found = SPI_tuptable->tupdesc;
	if (found->natts != call->desc->natts)
		return NULL;
	for (int i = 0; i < found->natts; i++)
	{
		if (TupleDescAttr(found, i)->atttypid != TupleDescAttr(call->desc, i)->atttypid)
			return NULL;
	}
	return SPI_copytuple(SPI_tuptable->vals[0]);
}

static HeapTuple
insert_row(const ViewCall *call)
{
	const View *view = call->view;
	StringInfoData columns;
	StringInfoData values;
	ScimParams params;
	JsonbValue *document = ScimJsonNewObject();
	const JsonbValue *stated = NULL;
	HeapTuple stored = NULL;
	bool isnull;
	int unsaid;

	initStringInfo(&columns);
	initStringInfo(&values);
	ScimParamsInit(&params);
	for (int key = 0; key < VIEW_KEYS; key++)
	{
		Datum value = ScimViewKeyValue(call, true, (ViewKey) key, &isnull);

		if (isnull)
			continue;
		if (key == VIEW_DATA)
		{
			document = ScimViewObject(value);
			stated = ScimViewObject(value);
		}
		else
		{
			appendStringInfo(&columns, "%s, ", ScimViewKeys[key].name);
			appendStringInfo(
				&values, "$%d, ",
				ScimParamsAdd(&params, ScimViewKeys[key].type, value, false));
		}
	}
	(void) ScimViewTake(call, document, stated, NULL, &unsaid);
	ScimSpiExecute(
		psprintf("INSERT INTO %s (%sdata) VALUES (%s$%d)%s", view->quoted_table,
				 columns.data, values.data,
				 ScimParamsAdd(&params, JSONBOID,
							   JsonbPGetDatum(ScimJsonToJsonb(document)), false),
				 view->may_read ? " RETURNING tenant_id, id" : ""),
		&params, false, 0);
	if (SPI_processed == 0)
		return NULL; /* a trigger has skipped it, as it would a row of the table */
	if (unsaid >= 0)
		ScimViewRefuseColumn(call, unsaid);
	if (view->may_read)
	{
		int32 tenant_id = DatumGetInt32(ScimResultValue(0, 1, INT4OID));
		pg_uuid_t id = *DatumGetUUIDP(ScimResultValue(0, 2, UUIDOID));

		stored = read_again(call, tenant_id, &id);
	}
	return stored != NULL ? stored : call->trigger->tg_trigtuple;
}

/* What is stored of the row, which is locked. */
typedef struct Stored
{
	Jsonb *data;
	char *status;
} Stored;

static bool
same_document(const Jsonb *a, const Jsonb *b)
{
	return VARSIZE(a) == VARSIZE(b) && memcmp(a, b, VARSIZE(a)) == 0;
}

static bool
read_stored(const View *view, int32 tenant_id, const pg_uuid_t *id, const char *lock,
			Stored *stored, bool *own)
{
	ScimParams params;
	bool isnull;

	ScimParamsOfResource(&params, tenant_id, id);
	ScimSpiExecute(psprintf("SELECT data, status, deleted_at, xmin FROM %s "
							"WHERE tenant_id = $1 AND id = $2%s",
							view->quoted_table, lock),
				   &params, false, 1);
	if (SPI_processed == 0)
		return false;
	(void) ScimResult(0, 3, TIMESTAMPTZOID, &isnull);
	if (!isnull)
		return false;
	stored->data = DatumGetJsonbPCopy(ScimResultValue(0, 1, JSONBOID));
	stored->status = TextDatumGetCString(ScimResultValue(0, 2, TEXTOID));
	if (own != NULL)
		*own = TransactionIdIsCurrentTransactionId(
			DatumGetTransactionId(ScimResultValue(0, 4, XIDOID)));
	return true;
}

/*
 * Locks the row that is to be written.  False: it has gone meanwhile.  What this
 * transaction itself has made of it, by the rows before or what followed from them, is
 * no change by somebody else.
 */
static bool
lock_row(const ViewCall *call, int32 tenant_id, const pg_uuid_t *id, const char *lock,
		 Stored *stored)
{
	bool isnull[2];
	Datum data = ScimViewKeyValue(call, false, VIEW_DATA, &isnull[0]);
	Datum status = ScimViewKeyValue(call, false, VIEW_STATUS, &isnull[1]);
	bool own;

	ScimBindingLock(call->view->store, call->view->type, tenant_id, id,
					strcmp(lock, " FOR UPDATE") == 0);
	if (!read_stored(call->view, tenant_id, id, lock, stored, &own))
		return false;
	if (own || isnull[0] || isnull[1])
		return true;
	if (!same_document(stored->data, DatumGetJsonbP(data)) ||
		strcmp(stored->status, TextDatumGetCString(status)) != 0)
		ereport(ERROR, (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
						errmsg("%s %s was changed by somebody else meanwhile",
							   call->view->type->name, ScimUuidText(id)),
						errhint("Repeat the transaction.")));
	return true;
}

/* Tenant and id of the row as it was. */
static void
find_key(const ViewCall *call, int32 *tenant_id, pg_uuid_t *id)
{
	bool isnull[2];
	Datum tenant = ScimViewKeyValue(call, false, VIEW_TENANT_ID, &isnull[0]);
	Datum uuid = ScimViewKeyValue(call, false, VIEW_ID, &isnull[1]);

	if (isnull[0] || isnull[1])
		ScimViewRefuse(RelationGetRelationName(call->trigger->tg_relation),
					   "A row of it has no id, or no tenant_id.");
	*tenant_id = DatumGetInt32(tenant);
	*id = *DatumGetUUIDP(uuid);
}

/* May it be said of a column that the store keeps?  The next version may. */
static void
check_kept(const ViewCall *call)
{
	static const ViewKey kept[] = {VIEW_ID, VIEW_TENANT_ID, VIEW_CREATED,
								   VIEW_LAST_MODIFIED, VIEW_VERSION};

	for (size_t i = 0; i < lengthof(kept); i++)
	{
		bool isnull[2];
		Datum before;
		Datum after;

		if (!ScimViewKeyIsChanged(call, kept[i]))
			continue;
		before = ScimViewKeyValue(call, false, kept[i], &isnull[0]);
		after = ScimViewKeyValue(call, true, kept[i], &isnull[1]);
		if (kept[i] == VIEW_VERSION && !isnull[0] && !isnull[1] &&
			DatumGetInt64(before) < PG_INT64_MAX &&
			DatumGetInt64(after) == DatumGetInt64(before) + 1)
			continue;
		ereport(ERROR,
				(ScimErr(SCIM_MUTABILITY),
				 errmsg("column \"%s\" is kept by the store and cannot be set",
						NameStr(TupleDescAttr(call->desc, call->view->key[kept[i]] - 1)
									->attname))));
	}
}

static HeapTuple
update_row(const ViewCall *call)
{
	const View *view = call->view;
	HeapTuple tuple;
	Stored stored;
	Stored after;
	ScimParams params;
	StringInfoData set;
	JsonbValue *document;
	const JsonbValue *stated = NULL;
	bool of_data;
	bool of_status;
	bool isnull;
	int unsaid;
	int32 tenant_id;
	pg_uuid_t id;

	find_key(call, &tenant_id, &id);
	check_kept(call);
	if (!lock_row(call, tenant_id, &id, " FOR NO KEY UPDATE", &stored))
		return NULL;
	of_data = ScimViewKeyIsChanged(call, VIEW_DATA);
	if (of_data)
	{
		Datum data = ScimViewKeyValue(call, true, VIEW_DATA, &isnull);

		if (isnull)
			ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
							errmsg("data, version and status of a resource must not be "
								   "null")));
		/* what the stored one should not have is not stated by it */
		data = JsonbPGetDatum(
			ScimStoredAsWritten(view->type, stored.data, DatumGetJsonbP(data)));
		document = ScimViewObject(data);
		stated = ScimViewObject(data);
	}
	else
		document = ScimStoredDocument(view->type, stored.data);
	of_data |= ScimViewTake(call, document, stated,
							ScimStoredDocument(view->type, stored.data), &unsaid);
	of_status = ScimViewKeyIsChanged(call, VIEW_STATUS);

	ScimParamsOfResource(&params, tenant_id, &id);
	initStringInfo(&set);
	if (of_data)
		appendStringInfo(&set, "data = $%d",
						 ScimParamsAdd(&params, JSONBOID,
									   JsonbPGetDatum(ScimJsonToJsonb(document)), false));
	if (of_status)
	{
		Datum status = ScimViewKeyValue(call, true, VIEW_STATUS, &isnull);

		appendStringInfo(&set, "%sstatus = $%d", of_data ? ", " : "",
						 ScimParamsAdd(&params, TEXTOID, status, isnull));
	}
	if (!of_data && !of_status && ScimViewKeyIsChanged(call, VIEW_VERSION))
		appendStringInfoString(&set, "version = version + 1");
	if (set.len > 0)
	{
		ScimSpiExecute(psprintf("UPDATE %s SET %s WHERE tenant_id = $1 AND id = $2",
								view->quoted_table, set.data),
					   &params, false, 0);
		/* skipped: by a trigger, unless the row has gone by the policy "delete" */
		if (SPI_processed == 0 && read_stored(view, tenant_id, &id, "", &after, NULL))
			return NULL;
		if (unsaid >= 0)
			ScimViewRefuseColumn(call, unsaid);
	}
	tuple = read_again(call, tenant_id, &id);
	return tuple != NULL ? tuple : call->trigger->tg_newtuple;
}

static HeapTuple
delete_row(const ViewCall *call)
{
	Stored stored;
	Stored after;
	ScimParams params;
	int32 tenant_id;
	pg_uuid_t id;

	find_key(call, &tenant_id, &id);
	if (!lock_row(call, tenant_id, &id, " FOR UPDATE", &stored))
		return NULL;
	ScimParamsOfResource(&params, tenant_id, &id);
	ScimSpiExecute(psprintf("DELETE FROM %s WHERE tenant_id = $1 AND id = $2",
							call->view->quoted_table),
				   &params, false, 0);
	/* the row may be kept, out of sight or on its way; or a trigger has skipped it */
	if (SPI_processed == 0 && read_stored(call->view, tenant_id, &id, "", &after, NULL) &&
		strcmp(stored.status, after.status) == 0)
		return NULL;
	return call->trigger->tg_trigtuple;
}

static void
deform(const ViewCall *call, HeapTuple tuple, Datum **values, bool **nulls)
{
	int natts = call->desc->natts;
	int *numbers = palloc(sizeof(int) * Max(natts, 1));
	Oid *types = palloc(sizeof(Oid) * Max(natts, 1));

	for (int i = 0; i < natts; i++)
	{
		numbers[i] = i + 1;
		types[i] = TupleDescAttr(call->desc, i)->atttypid;
	}
	*values = palloc(sizeof(Datum) * Max(natts, 1));
	*nulls = palloc(sizeof(bool) * Max(natts, 1));
	ScimColumns(tuple, call->desc, natts, numbers, types, *values, *nulls);
}

/*
 * INSTEAD OF INSERT OR UPDATE OR DELETE ... FOR EACH ROW, of a view that scim.create_view
 * has made.  What RETURNING shows is what is stored.
 */
Datum
scim_view_row(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = ScimTriggerCalled(fcinfo, "view_row", INSTEAD_ROW | ON_CHANGE);
	ViewCall call = {.trigger = trigger};
	ScimViewRow row = {.view = RelationGetRelationName(trigger->tg_relation)};
	ErrorContextCallback around = {
		.callback = ScimRowContextOfView, .arg = &row, .previous = error_context_stack};
	View *view = ScimViewFind(fcinfo, trigger);
	HeapTuple tuple;
	int32 tenant_id;
	pg_uuid_t id;

	call.view = view;
	call.desc = RelationGetDescr(trigger->tg_relation);
	/* once: what its own rows put off can wait as long as they do */
	if (!view->followed)
		ScimQueueFlushForView(view->store);
	view->followed = true;
	SPI_connect();
	if (TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
	{
		row.number = ++view->nrows;
		error_context_stack = &around;
		deform(&call, trigger->tg_trigtuple, &call.new, &call.new_nulls);
		tuple = insert_row(&call);
	}
	else
	{
		deform(&call, trigger->tg_trigtuple, &call.old, &call.old_nulls);
		if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		{
			deform(&call, trigger->tg_newtuple, &call.new, &call.new_nulls);
			find_key(&call, &tenant_id, &id);
			row.id = &id;
			error_context_stack = &around;
			tuple = update_row(&call);
		}
		else
			tuple = delete_row(&call);
	}
	error_context_stack = around.previous;
	SPI_finish();
	PG_RETURN_POINTER(tuple);
}

/* ---- for the SQL that makes views */

/* The trigger of a view that is ours, or NULL. */
static const Trigger *
trigger_of_view(Relation relation)
{
	const TriggerDesc *triggers = ScimTriggers(relation);

	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
	{
		if (TRIGGER_FOR_INSERT(triggers->triggers[i].tgtype) &&
			ScimTriggerIs(&triggers->triggers[i], "scim_view_row", scim_view_row))
			return &triggers->triggers[i];
	}
	return NULL;
}

/*
 * scim_internal.view_paths(view regclass) returns text[]: what the trigger of a view of
 * ours is told, but for the type; NULL: it is none.
 */
Datum
scim_view_paths(PG_FUNCTION_ARGS)
{
	Relation relation = try_relation_open(PG_GETARG_OID(0), AccessShareLock);
	const Trigger *trigger = relation ? trigger_of_view(relation) : NULL;
	Datum result = (Datum) 0;

	if (trigger != NULL && trigger->tgnargs > 0)
	{
		Datum *paths = palloc(sizeof(Datum) * trigger->tgnargs);

		for (int i = 1; i < trigger->tgnargs; i++)
			paths[i - 1] = CStringGetTextDatum(trigger->tgargs[i]);
		result = ScimArray(paths, NULL, trigger->tgnargs - 1, TEXTOID);
	}
	if (relation != NULL)
		relation_close(relation, AccessShareLock);
	if (result == (Datum) 0)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(result);
}

/* scim_internal.view_table(view regclass) returns regclass: the one table that it reads
 */
Datum
scim_view_table(PG_FUNCTION_ARGS)
{
	Relation relation = try_relation_open(PG_GETARG_OID(0), AccessShareLock);
	Oid table = relation ? ScimViewTable(relation) : InvalidOid;

	if (relation != NULL)
		relation_close(relation, AccessShareLock);
	if (!OidIsValid(table))
		PG_RETURN_NULL();
	PG_RETURN_OID(table);
}

/*
 * scim.create_view(resource_type text, name text) returns regclass, as the owner of the
 * store: so the view is his, and can follow the schemas.
 */
static Datum
scim_create_view_given(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreConfigured();
	const ScimResourceType *type;
	List *names = textToQualifiedNameList(PG_GETARG_TEXT_PP(1));
	const char *schema = store->name;
	Oid view;
	ScimIdentity caller;
	ScimParams params;

	if (!has_privs_of_role(GetUserId(), store->owner))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("must be owner of store \"%s\"", store->name)));
	ScimScopeRefuse(store->namespace_oid, "make views");
	type = ScimTypeByName(store, text_to_cstring(PG_GETARG_TEXT_PP(0)));
	if (list_length(names) > 2)
		ereport(ERROR, (errcode(ERRCODE_INVALID_NAME),
						errmsg("the name of a view may have a schema before it, and no "
							   "more: \"%s\"",
							   text_to_cstring(PG_GETARG_TEXT_PP(1)))));
	if (list_length(names) == 2)
		schema = strVal(linitial(names));
	/* other sessions could not make it follow the schemas */
	if (strncmp(schema, "pg_temp", strlen("pg_temp")) == 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_TABLE_DEFINITION),
						errmsg("a view of resources cannot be temporary")));
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(store->name), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(type->name), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(schema), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(strVal(llast(names))), false);
	caller = ScimBeOwner(store->owner);
	ScimDefinitionsRequireSeen(get_namespace_oid(schema, true));
	SPI_connect();
	ScimSpiExecute(
		"SELECT scim_internal.create_view($1::name, $2, $3::name, $4::name)::oid",
		&params, false, 0);
	view = DatumGetObjectId(ScimResultValue(0, 1, OIDOID));
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_OID(view);
}
