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
#include "catalog/pg_class.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "common/base64.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "nodes/value.h"
#include "rewrite/rewriteHandler.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/rel.h"
#include "utils/timestamp.h"
#include "utils/varlena.h"

#include "compat.h"
#include "door/door.h"
#include "json/json.h"
#include "operation/operation.h"
#include "store/column.h"
#include "store/plan.h"
#include "store/store.h"
#include "text/datetime.h"

PG_FUNCTION_INFO_V1(scim_view_row);
PG_FUNCTION_INFO_V1(scim_view_paths);
PG_FUNCTION_INFO_V1(scim_view_table);
PG_FUNCTION_INFO_V1(scim_create_view);

/* Columns of the table "resource" that a view has. */
typedef enum ViewKey
{
	VIEW_ID,
	VIEW_TENANT_ID,
	VIEW_DATA,
	VIEW_STATUS,
	VIEW_VERSION,
	VIEW_CREATED,
	VIEW_LAST_MODIFIED,
	VIEW_KEYS
} ViewKey;

static const struct
{
	const char *name;
	Oid type;
} keys[VIEW_KEYS] = {
	[VIEW_ID] = {"id", UUIDOID},
	[VIEW_TENANT_ID] = {"tenant_id", INT4OID},
	[VIEW_DATA] = {"data", JSONBOID},
	[VIEW_STATUS] = {"status", TEXTOID},
	[VIEW_VERSION] = {"version", INT8OID},
	[VIEW_CREATED] = {"created", TIMESTAMPTZOID},
	[VIEW_LAST_MODIFIED] = {"last_modified", TIMESTAMPTZOID},
};

/* A column that is an attribute; attribute NULL: one that is not there any more. */
typedef struct ViewColumn
{
	const char *path; /* NULL: the column is one of the keys */
	const ScimSchema *extension;
	const ScimAttribute *attribute;
	const ScimAttribute *sub; /* or NULL */
	bool chosen;              /* of one of several values */
} ViewColumn;

/* What a view is, for as long as one statement on it is executed. */
typedef struct View
{
	Oid relid;
	Oid table;
	ScimStore *store;
	const ScimResourceType *type;
	char *quoted_view;
	char *quoted_table;
	char *reread; /* the row of the view by tenant and id */
	int natts;
	ViewColumn *columns;
	int key[VIEW_KEYS]; /* their numbers, from 1; 0: the view has no such column */
	bool may_read;      /* may the caller read the whole of both? */
	int64 nrows;        /* so many have been inserted, or begun to be */
} View;

/* A call of the trigger. */
typedef struct ViewCall
{
	const View *view;
	const TriggerData *trigger;
	TupleDesc desc;
	Datum *old;
	bool *old_nulls;
	Datum *new;
	bool *new_nulls;
} ViewCall;

/*
 * The table that a view reads, InvalidOid where that is not one: a view has its own
 * name among its tables as well, for rules.
 */
static Oid
table_of_view(Relation relation)
{
	Oid table = InvalidOid;
	ListCell *lc;

	if (relation->rd_rel->relkind != RELKIND_VIEW)
		return InvalidOid;
	foreach (lc, get_view_query(relation)->rtable)
	{
		const RangeTblEntry *entry = lfirst_node(RangeTblEntry, lc);

		if (entry->rtekind != RTE_RELATION || entry->relid == RelationGetRelid(relation))
			continue;
		if (OidIsValid(table))
			return InvalidOid;
		table = entry->relid;
	}
	return table;
}

/* The trigger of a view that is ours, or NULL. */
static const Trigger *
trigger_of_view(Relation relation)
{
	const TriggerDesc *triggers = relation->trigdesc;

	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
	{
		if (TRIGGER_FOR_INSERT(triggers->triggers[i].tgtype) &&
			ScimTriggerIs(&triggers->triggers[i], "scim_view_row", scim_view_row))
			return &triggers->triggers[i];
	}
	return NULL;
}

pg_noreturn static void
refuse_view(const char *view, const char *why)
{
	ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
					errmsg("\"%s\" is not a view as scim.create_view makes them", view),
					errdetail("%s", why)));
}

/* Where a path leads; an attribute that is not there leaves it NULL. */
static void
read_path(View *view, const char *path, ViewColumn *column)
{
	static const char chosen[] = "[primary eq true]";
	const ScimSchema *schema = view->type->schema;
	const char *name = path;
	const char *end;
	size_t len;

	column->path = path;
	if (*path == '-')
		return;
	if (pg_strncasecmp(path, "urn:", 4) == 0)
	{
		const char *colon = strrchr(path, ':');

		column->extension = ScimResourceTypeSchema(view->type, path, colon - path);
		if (column->extension == NULL)
			return;
		schema = column->extension;
		name = colon + 1;
	}
	end = strpbrk(name, "[.");
	len = end != NULL ? end - name : strlen(name);
	column->attribute = ScimSchemaAttribute(schema, name, len);
	if (column->attribute == NULL && column->extension == NULL)
		column->attribute = ScimSchemaAttribute(view->type->common, name, len);
	if (column->attribute == NULL || end == NULL)
		return;
	if (strncmp(end, chosen, strlen(chosen)) == 0)
	{
		column->chosen = true;
		end += strlen(chosen);
	}
	if (*end == '.')
		column->sub = ScimAttributeSub(column->attribute, end + 1, strlen(end + 1));
	if (column->sub == NULL || column->chosen != column->attribute->multi_valued)
		column->attribute = NULL;
}

static void
read_columns(View *view, Relation relation, const Trigger *trigger)
{
	TupleDesc desc = RelationGetDescr(relation);
	const char *shown = RelationGetRelationName(relation);

	view->natts = Min(desc->natts, trigger->tgnargs - 1);
	view->columns = palloc0(sizeof(ViewColumn) * Max(desc->natts, 1));
	for (int i = 0; i < view->natts; i++)
	{
		const char *path = trigger->tgargs[i + 1];
		int key = 0;

		if (*path != '@')
		{
			read_path(view, pstrdup(path), &view->columns[i]);
			continue;
		}
		while (key < VIEW_KEYS && strcmp(keys[key].name, path + 1) != 0)
			key++;
		if (key == VIEW_KEYS || TupleDescAttr(desc, i)->atttypid != keys[key].type)
			refuse_view(shown, psprintf("Its column \"%s\" is not \"%s\".",
										NameStr(TupleDescAttr(desc, i)->attname), path));
		view->key[key] = i + 1;
	}
	if (view->key[VIEW_ID] == 0 || view->key[VIEW_TENANT_ID] == 0 ||
		view->key[VIEW_DATA] == 0 || view->key[VIEW_STATUS] == 0)
		refuse_view(shown, "It needs id, tenant_id, status and data.");
}

static bool
may_read(Oid relid)
{
	return pg_class_aclcheck(relid, GetUserId(), ACL_SELECT) == ACLCHECK_OK;
}

static char *
quoted_name(Oid relid)
{
	return quote_qualified_identifier(get_namespace_name(get_rel_namespace(relid)),
									  get_rel_name(relid));
}

/* What the trigger was called on, found once for a statement. */
static const View *
find_view(FunctionCallInfo fcinfo, const TriggerData *trigger)
{
	Relation relation = trigger->tg_relation;
	TupleDesc desc = RelationGetDescr(relation);
	View *view = fcinfo->flinfo->fn_extra;
	MemoryContext caller;

	if (view != NULL && view->relid == RelationGetRelid(relation))
		return view;
	caller = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	view = palloc0(sizeof(View));
	view->relid = RelationGetRelid(relation);
	view->table = table_of_view(relation);
	if (!OidIsValid(view->table) || !get_rel_relispartition(view->table))
		refuse_view(RelationGetRelationName(relation),
					"It has to read one table of resources, and nothing else.");
	view->store = ScimStoreOfPartition(view->table);
	if (view->store == NULL)
		refuse_view(RelationGetRelationName(relation), "What it reads is no store's.");
	if (trigger->tg_trigger->tgnargs < 1)
		refuse_view(RelationGetRelationName(relation), "Its trigger has no arguments.");
	view->type = ScimTypeByName(view->store, trigger->tg_trigger->tgargs[0]);
	SPI_connect();
	if (!ScimPartitionIsOf(view->table, view->store->namespace_oid, view->type->name))
		refuse_view(
			RelationGetRelationName(relation),
			psprintf("What it reads are no resources of type \"%s\".", view->type->name));
	SPI_finish();
	MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	read_columns(view, relation, trigger->tg_trigger);
	view->quoted_view = quoted_name(view->relid);
	view->quoted_table = quoted_name(view->table);
	view->reread = psprintf(
		"SELECT v.* FROM %s v WHERE v.%s = $1 AND v.%s = $2", view->quoted_view,
		quote_identifier(
			NameStr(TupleDescAttr(desc, view->key[VIEW_TENANT_ID] - 1)->attname)),
		quote_identifier(NameStr(TupleDescAttr(desc, view->key[VIEW_ID] - 1)->attname)));
	view->may_read = may_read(view->relid) && may_read(view->table);
	fcinfo->flinfo->fn_extra = view;
	MemoryContextSwitchTo(caller);
	return view;
}

/* ---- values */

static void
refuse_infinite(const char *path)
{
	ereport(ERROR,
			(ScimErr(SCIM_INVALID_VALUE),
			 errmsg("attribute \"%s\" must be a time in the years 1 to 9999", path)));
}

static JsonbValue *
number_value(Numeric number)
{
	JsonbValue *value = palloc(sizeof(JsonbValue));

	value->type = jbvNumeric;
	value->val.numeric = number;
	return value;
}

static char *
base64_of(Datum datum)
{
	bytea *bytes = DatumGetByteaPP(datum);
	int size = pg_b64_enc_len(VARSIZE_ANY_EXHDR(bytes));
	char *text = palloc(size + 1);
	int len =
		pg_b64_encode((void *) VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes), text, size);

	text[Max(len, 0)] = '\0';
	return text;
}

static char *
date_text(Datum datum, const char *path)
{
	DateADT date = DatumGetDateADT(datum);
	int year;
	int month;
	int day;

	if (DATE_NOT_FINITE(date))
		refuse_infinite(path);
	j2date(date + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	if (year < 1 || year > 9999)
		refuse_infinite(path);
	return psprintf("%04d-%02d-%02d", year, month, day);
}

/* A value of a column as JSON; the door says what it has to be. */
static JsonbValue *
json_of(Oid type, Datum datum, const char *path)
{
	JsonbValue *value;
	Oid output;
	bool varlena;

	switch (type)
	{
		case BOOLOID:
			return ScimJsonNewBool(DatumGetBool(datum));
		case INT8OID:
			return ScimJsonNewInteger(DatumGetInt64(datum));
		case NUMERICOID:
			if (numeric_is_nan(DatumGetNumeric(datum)) ||
				numeric_is_inf(DatumGetNumeric(datum)))
				break;
			return number_value(DatumGetNumeric(datum));
		case JSONBOID:
			value = ScimJsonFromJsonb(DatumGetJsonbP(datum));
			return value;
		case TIMESTAMPTZOID:
			if (!ScimInstantIsShown(DatumGetTimestampTz(datum)))
				refuse_infinite(path);
			return ScimJsonNewString(ScimInstantText(DatumGetTimestampTz(datum)));
		case DATEOID:
			return ScimJsonNewString(date_text(datum, path));
		case BYTEAOID:
			return ScimJsonNewString(base64_of(datum));
		case TEXTOID:
			return ScimJsonNewString(TextDatumGetCString(datum));
		default:
			break;
	}
	getTypeOutputInfo(type, &output, &varlena);
	return ScimJsonNewString(OidOutputFunctionCall(output, datum));
}

/* ---- documents */

/* The member of an object that is an object, made where it is not. */
static JsonbValue *
object_member(JsonbValue *object, const char *name)
{
	JsonbValue *member = ScimJsonGet(object, name);

	if (member == NULL || member->type != jbvObject)
	{
		ScimJsonSet(object, name, ScimJsonNewObject());
		member = ScimJsonGet(object, name);
	}
	return member;
}

static int
chosen_index(const JsonbValue *array)
{
	const JsonbValue *chosen = ScimChosenElement(array);

	return chosen != NULL ? (int) (chosen - array->val.array.elems) : -1;
}

/* A part of the primary of several values; without it, that value goes. */
static void
set_chosen(JsonbValue *object, const ViewColumn *column, const JsonbValue *value)
{
	const ScimAttribute *attribute = column->attribute;
	JsonbValue *array = ScimJsonGet(object, attribute->name);
	int at;

	if (array == NULL || array->type != jbvArray)
	{
		if (value == NULL)
			return;
		ScimJsonSet(object, attribute->name, ScimJsonNewArray());
		array = ScimJsonGet(object, attribute->name);
	}
	at = chosen_index(array);
	if (value == NULL)
	{
		if (at >= 0)
			ScimJsonRemoveAt(array, at);
		return;
	}
	if (at < 0 || array->val.array.elems[at].type != jbvObject)
	{
		JsonbValue *element = ScimJsonNewObject();

		if (ScimAttributeSub(attribute, "primary", strlen("primary")) != NULL)
			ScimJsonSet(element, "primary", ScimJsonNewBool(true));
		ScimJsonAppend(array, element);
		at = array->val.array.nElems - 1;
	}
	ScimJsonSet(&array->val.array.elems[at], column->sub->name, value);
}

/* Makes a document say what a column does; value NULL: nothing. */
static void
set_attribute(JsonbValue *document, const ViewColumn *column, const JsonbValue *value)
{
	JsonbValue *object = document;

	if (column->extension != NULL)
		object = object_member(document, column->extension->id);
	if (column->chosen)
		set_chosen(object, column, value);
	else if (column->sub != NULL)
		ScimJsonSetOrRemove(object_member(object, column->attribute->name),
							column->sub->name, value);
	else
		ScimJsonSetOrRemove(object, column->attribute->name, value);
}

static void
check_writable(const ViewCall *call, int i)
{
	const ViewColumn *column = &call->view->columns[i];
	const char *name = NameStr(TupleDescAttr(call->desc, i)->attname);

	if (column->attribute == NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("column \"%s\" of view \"%s\" is no attribute any more",
							   name, RelationGetRelationName(call->trigger->tg_relation)),
						errhint("scim.create_view() makes the view anew.")));
	if ((column->attribute->mutability == SCIM_READ_ONLY ||
		 (column->sub != NULL && column->sub->mutability == SCIM_READ_ONLY)) &&
		!ScimWritesReadOnly(call->view->store))
		ereport(ERROR, (ScimErr(SCIM_MUTABILITY),
						errmsg("attribute \"%s\" is readOnly", column->path)));
}

/* Does the row say nothing of a column?  An attribute that is "" has no value. */
static bool
is_nothing(const ViewCall *call, int i)
{
	Form_pg_attribute att = TupleDescAttr(call->desc, i);

	if (call->new_nulls[i])
		return true;
	if (i >= call->view->natts || call->view->columns[i].path == NULL)
		return false;
	switch (att->atttypid)
	{
		case TEXTOID:
			return VARSIZE_ANY_EXHDR(DatumGetTextPP(call->new[i])) == 0;
		case BYTEAOID:
			return VARSIZE_ANY_EXHDR(DatumGetByteaPP(call->new[i])) == 0;
		case JSONBOID:
			return ScimJsonIsUnassigned(ScimJsonFromJsonb(DatumGetJsonbP(call->new[i])));
		default:
			return false;
	}
}

static bool
is_changed(const ViewCall *call, int i)
{
	Form_pg_attribute att = TupleDescAttr(call->desc, i);
	bool was_nothing = call->old == NULL || call->old_nulls[i];

	if (!was_nothing && !call->new_nulls[i] &&
		datum_image_eq(call->old[i], call->new[i], att->attbyval, att->attlen))
		return false;
	return !was_nothing || !is_nothing(call, i);
}

/*
 * Writes into a document what the row says that is new; false: nothing is.  Whole values
 * first, then parts of them.
 */
static bool
take_attributes(const ViewCall *call, JsonbValue *document)
{
	const View *view = call->view;
	bool changed = false;

	for (int parts = 0; parts < 2; parts++)
	{
		for (int i = 0; i < view->natts; i++)
		{
			const ViewColumn *column = &view->columns[i];
			JsonbValue *value = NULL;

			if (column->path == NULL || column->chosen != (parts == 1) ||
				!is_changed(call, i))
				continue;
			check_writable(call, i);
			if (!is_nothing(call, i))
				value = json_of(TupleDescAttr(call->desc, i)->atttypid, call->new[i],
								column->path);
			set_attribute(document, column, value);
			changed = true;
		}
	}
	for (int i = view->natts; i < call->desc->natts; i++)
	{
		if (is_changed(call, i))
			check_writable(call, i);
	}
	return changed;
}

/* A column of the table, of the row as it was or as it is to be. */
static Datum
key_value(const ViewCall *call, bool new, ViewKey key, bool *isnull)
{
	int number = call->view->key[key];
	const bool *nulls = new ? call->new_nulls : call->old_nulls;

	*isnull = number == 0 || nulls[number - 1];
	return *isnull ? (Datum) 0 : (new ? call->new : call->old)[number - 1];
}

static bool
key_is_changed(const ViewCall *call, ViewKey key)
{
	return call->view->key[key] > 0 && is_changed(call, call->view->key[key] - 1);
}

static JsonbValue *
object_of(Datum data)
{
	JsonbValue *document = ScimJsonFromJsonb(DatumGetJsonbP(data));

	if (document->type != jbvObject)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("the data of a resource must be a JSON object")));
	return document;
}

/* ---- rows */

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
	HeapTuple stored = NULL;
	bool isnull;

	initStringInfo(&columns);
	initStringInfo(&values);
	ScimParamsInit(&params);
	for (int key = 0; key < VIEW_KEYS; key++)
	{
		Datum value = key_value(call, true, (ViewKey) key, &isnull);

		if (isnull)
			continue;
		if (key == VIEW_DATA)
			document = object_of(value);
		else
		{
			appendStringInfo(&columns, "%s, ", keys[key].name);
			appendStringInfo(&values, "$%d, ",
							 ScimParamsAdd(&params, keys[key].type, value, false));
		}
	}
	(void) take_attributes(call, document);
	ScimSpiExecute(
		psprintf("INSERT INTO %s (%sdata) VALUES (%s$%d)%s", view->quoted_table,
				 columns.data, values.data,
				 ScimParamsAdd(&params, JSONBOID,
							   JsonbPGetDatum(ScimJsonToJsonb(document)), false),
				 view->may_read ? " RETURNING tenant_id, id" : ""),
		&params, false, 0);
	if (SPI_processed == 0)
		return NULL; /* a trigger has skipped it, as it would a row of the table */
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
	Datum data = key_value(call, false, VIEW_DATA, &isnull[0]);
	Datum status = key_value(call, false, VIEW_STATUS, &isnull[1]);
	bool own;

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
	Datum tenant = key_value(call, false, VIEW_TENANT_ID, &isnull[0]);
	Datum uuid = key_value(call, false, VIEW_ID, &isnull[1]);

	if (isnull[0] || isnull[1])
		refuse_view(RelationGetRelationName(call->trigger->tg_relation),
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

		if (!key_is_changed(call, kept[i]))
			continue;
		before = key_value(call, false, kept[i], &isnull[0]);
		after = key_value(call, true, kept[i], &isnull[1]);
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
	bool of_data;
	bool of_status;
	bool isnull;
	int32 tenant_id;
	pg_uuid_t id;

	find_key(call, &tenant_id, &id);
	check_kept(call);
	if (!lock_row(call, tenant_id, &id, " FOR NO KEY UPDATE", &stored))
		return NULL;
	of_data = key_is_changed(call, VIEW_DATA);
	if (of_data)
	{
		Datum data = key_value(call, true, VIEW_DATA, &isnull);

		if (isnull)
			ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
							errmsg("data, version and status of a resource must not be "
								   "null")));
		document = object_of(data);
	}
	else
		document = object_of(JsonbPGetDatum(stored.data));
	of_data |= take_attributes(call, document);
	of_status = key_is_changed(call, VIEW_STATUS);

	ScimParamsOfResource(&params, tenant_id, &id);
	initStringInfo(&set);
	if (of_data)
		appendStringInfo(&set, "data = $%d",
						 ScimParamsAdd(&params, JSONBOID,
									   JsonbPGetDatum(ScimJsonToJsonb(document)), false));
	if (of_status)
	{
		Datum status = key_value(call, true, VIEW_STATUS, &isnull);

		appendStringInfo(&set, "%sstatus = $%d", of_data ? ", " : "",
						 ScimParamsAdd(&params, TEXTOID, status, isnull));
	}
	if (!of_data && !of_status && key_is_changed(call, VIEW_VERSION))
		appendStringInfoString(&set, "version = version + 1");
	if (set.len > 0)
	{
		ScimSpiExecute(psprintf("UPDATE %s SET %s WHERE tenant_id = $1 AND id = $2",
								view->quoted_table, set.data),
					   &params, false, 0);
		/* skipped: by a trigger, unless the row has gone by the policy "delete" */
		if (SPI_processed == 0 && read_stored(view, tenant_id, &id, "", &after, NULL))
			return NULL;
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
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "view_row", TRIGGER_TYPE_INSTEAD | TRIGGER_TYPE_ROW);
	ViewCall call = {.trigger = trigger};
	ErrorContextCallback around;
	HeapTuple tuple;

	call.view = find_view(fcinfo, trigger);
	call.desc = RelationGetDescr(trigger->tg_relation);
	SPI_connect();
	if (TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
	{
		((View *) call.view)->nrows++;
		around.callback = ScimRowContextOfView;
		around.arg = (void *) &call.view->nrows;
		around.previous = error_context_stack;
		error_context_stack = &around;
		deform(&call, trigger->tg_trigtuple, &call.new, &call.new_nulls);
		tuple = insert_row(&call);
		error_context_stack = around.previous;
	}
	else
	{
		deform(&call, trigger->tg_trigtuple, &call.old, &call.old_nulls);
		if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		{
			deform(&call, trigger->tg_newtuple, &call.new, &call.new_nulls);
			tuple = update_row(&call);
		}
		else
			tuple = delete_row(&call);
	}
	SPI_finish();
	PG_RETURN_POINTER(tuple);
}

/* ---- for the SQL that makes views */

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
	Oid table = relation ? table_of_view(relation) : InvalidOid;

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
Datum
scim_create_view(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
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
	SPI_connect();
	ScimSpiExecute(
		"SELECT scim_internal.create_view($1::name, $2, $3::name, $4::name)::oid",
		&params, false, 0);
	view = DatumGetObjectId(ScimResultValue(0, 1, OIDOID));
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_OID(view);
}
