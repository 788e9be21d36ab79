/*
 * door.c
 *		The row triggers of the table "resource": the one door for every write.
 *
 * BEFORE, scim_resource_door: whatever wrote the row (HTTP, an SQL function,
 * COPY or plain DML), it leaves here with a canonical document that obeys
 * its schemas and the store's policies, with the key columns, version and
 * timestamps that belong to it.
 *
 *	- A key column and its attribute say the same.  Where only one of them is
 *	  written, the other follows; where both are and they differ, it is an error.
 *	- Writing "status" is taking a step in the life of the resource, and writing
 *	  "sessions_valid_after" ends the sessions that began before.
 *	- UPDATE ... SET version = version + 1 and nothing else touches the resource,
 *	  whatever a trigger before the door adds; version and the timestamps cannot be set
 *	  otherwise.
 *	- What a document says of readOnly attributes is ignored, as RFC 7644 wants it;
 *	  with the setting scim.write_read_only on, the store's owner sets them.
 *	- DELETE follows the policy "delete": where the row is kept, the trigger
 *	  changes its status and skips the DELETE.  A row that is out of sight
 *	  already is deleted for good.
 *	- A row leaves without its password and members.  One whose key is taken is not
 *	  judged: ON CONFLICT DO UPDATE SET data = excluded.data is, as the UPDATE that it
 *	  is, of all that was stated (excluded.c).
 *
 * The steps themselves are in step.c; what happens after the row is written is in
 * record.c.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/toast_internals.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "nodes/primnodes.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#include "audit/audit.h"
#include "door/door.h"
#include "door/members/members.h"
#include "door/row/at_door.h"
#include "door/row/row.h"
#include "json/json.h"
#include "policy/policy.h"
#include "resource/resource.h"
#include "store/acting.h"
#include "store/configuration/configuration.h"
#include "store/credential/credential.h"
#include "store/credential/sealing.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/statement/trigger_type.h"
#include "store/statement/written.h"
#include "store/store.h"
#include "text/datetime.h"

/* From so many bytes on, copies of a document take time that somebody notices. */
#define LARGE_DOCUMENT (1024 * 1024)

PG_FUNCTION_INFO_V1(scim_resource_door);

/* The name of a trigger that comes behind the door, kept in a context; NULL: none. */
static const char *
trigger_after_door(Relation relation, int16 event, MemoryContext context)
{
	const char *name =
		ScimTriggerBehind(relation, "scim_resource_door", scim_resource_door, event);

	return name ? MemoryContextStrdup(context, name) : NULL;
}

/*
 * The type whose resources a partition holds, kept in a context; NULL: not one alone.  A
 * row that is none of them PostgreSQL would only refuse with us as the reason.
 */
static const char *
type_of_partition(Relation relation, MemoryContext context)
{
	HeapTuple tuple = SearchSysCache1(RELOID, RelationGetRelid(relation));
	const char *name = NULL;
	Datum written;
	bool isnull;

	if (!HeapTupleIsValid(tuple))
		return NULL;
	written = SysCacheGetAttr(RELOID, tuple, Anum_pg_class_relpartbound, &isnull);
	if (!isnull)
	{
		PartitionBoundSpec *bound =
			castNode(PartitionBoundSpec, stringToNode(TextDatumGetCString(written)));
		const Const *value =
			list_length(bound->listdatums) == 1 ? linitial(bound->listdatums) : NULL;

		if (value != NULL && value->consttype == TEXTOID && !value->constisnull)
			name = MemoryContextStrdup(context, TextDatumGetCString(value->constvalue));
	}
	ReleaseSysCache(tuple);
	return name;
}

/* kept is where the caller keeps them for the statement. */
static ResourceColumns *
find_columns(void **kept, MemoryContext context, Relation relation)
{
	ResourceColumns *columns = *kept;

	if (columns != NULL && columns->relid == RelationGetRelid(relation))
		return columns;
	columns = MemoryContextAllocZero(context, sizeof(ResourceColumns));
	columns->relid = RelationGetRelid(relation);
	columns->context = context;
	columns->targets = ScimTargetsMake(context);
	columns->after_door_on_insert =
		trigger_after_door(relation, TRIGGER_TYPE_INSERT, context);
	columns->after_door_on_update =
		trigger_after_door(relation, TRIGGER_TYPE_UPDATE, context);
	for (int i = 0; i < RESOURCE_COLUMNS; i++)
		columns->number[i] = ScimColumnNumberFrom(
			RelationGetDescr(relation), i > 0 ? columns->number[i - 1] : 0,
			ScimDoorColumns[i].name, ScimDoorColumns[i].type);
	*kept = columns;
	return columns;
}

static void
read_row(const Door *door, HeapTuple tuple, ResourceRow *row)
{
	Oid types[RESOURCE_COLUMNS];

	for (int i = 0; i < RESOURCE_COLUMNS; i++)
		types[i] = ScimDoorColumns[i].type;
	ScimColumns(tuple, RelationGetDescr(door->trigger->tg_relation), RESOURCE_COLUMNS,
				door->columns->number, types, row->values, row->nulls);
}

/* A stored row is what its table let in: without its constraints, that is anything. */
static void
read_old_row(const Door *door, HeapTuple tuple, ResourceRow *row)
{
	read_row(door, tuple, row);
	if (row->nulls[COLUMN_ID])
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("the id of a stored resource is null")));
	if (row->nulls[COLUMN_DATA])
		ScimSetColumn(row, COLUMN_DATA,
					  JsonbPGetDatum(ScimJsonToJsonb(ScimJsonNewObject())));
}

/*
 * The documents as everybody reads them (resource/stored.c).  What an UPDATE takes along
 * of that which the stored one should not have is not stated by it.
 */
static void
read_documents(Door *door)
{
	bool before = TRIGGER_FIRED_BEFORE(door->trigger->tg_event);
	bool updates = TRIGGER_FIRED_BY_UPDATE(door->trigger->tg_event);
	ResourceRow *new = &door->new;
	Jsonb *raw;
	Jsonb *stored;

	if (TRIGGER_FIRED_BY_INSERT(door->trigger->tg_event))
		return;
	raw = DatumGetJsonbP(door->old.values[COLUMN_DATA]);
	stored = ScimStoredData(door->type, raw);
	if (stored != raw)
	{
		ScimSetColumn(&door->old, COLUMN_DATA, JsonbPGetDatum(stored));
		if (updates && before && !new->nulls[COLUMN_DATA])
		{
			Jsonb *data = DatumGetJsonbP(new->values[COLUMN_DATA]);

			/* a PUT or PATCH says all that it says itself */
			if (DatumGetBool(DirectFunctionCall2(jsonb_eq, JsonbPGetDatum(raw),
												 JsonbPGetDatum(data))))
				data = stored;
			else if (!ScimDoorReplaces(door) && !ScimDoorPatches(door))
				data = ScimStoredAsWritten(door->type, raw, data);
			ScimSetColumn(new, COLUMN_DATA, JsonbPGetDatum(data));
		}
	}
	if (updates && !before && !new->nulls[COLUMN_DATA])
		ScimSetColumn(new, COLUMN_DATA,
					  JsonbPGetDatum(ScimStoredData(
						  door->type, DatumGetJsonbP(new->values[COLUMN_DATA]))));
}

/* Is a new row of another type than its table? */
static void
check_type(Door *door, const char *type_name)
{
	ResourceColumns *columns = door->columns;

	if (!columns->has_type_name)
		columns->type_name =
			type_of_partition(door->trigger->tg_relation, columns->context);
	columns->has_type_name = true;
	if (columns->type_name == NULL || strcmp(columns->type_name, type_name) == 0)
		return;
	/* for the names in the context of the error */
	if (!door->new.nulls[COLUMN_DATA] &&
		JB_ROOT_IS_OBJECT(DatumGetJsonbP(door->new.values[COLUMN_DATA])))
		door->document = ScimJsonFromJsonb(DatumGetJsonbP(door->new.values[COLUMN_DATA]));
	ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
					errmsg("table \"%s\" holds resources of type \"%s\", not \"%s\"",
						   RelationGetRelationName(door->trigger->tg_relation),
						   columns->type_name, type_name)));
}

/*
 * ScimDoorOpen reads what the trigger was called with.  Errors say from here on which
 * row they are about, until the caller takes callback off error_context_stack.
 */
void
ScimDoorOpen(Door *door, FunctionCallInfo fcinfo, ErrorContextCallback *callback)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	const ResourceRow *row;
	char *type_name;

	memset(door, 0, sizeof(Door));
	door->trigger = trigger;
	door->store = ScimStoreOfTrigger(trigger, SCIM_TABLE_RESOURCE);
	door->columns = find_columns(&fcinfo->flinfo->fn_extra, fcinfo->flinfo->fn_mcxt,
								 trigger->tg_relation);
	if (TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
	{
		door->number = ScimRowNumber(fcinfo, InvalidOid);
		read_row(door, trigger->tg_trigtuple, &door->new);
		row = &door->new;
	}
	else
	{
		read_old_row(door, trigger->tg_trigtuple, &door->old);
		row = &door->old;
		if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
			read_row(door, trigger->tg_newtuple, &door->new);
	}
	ScimHideCopyLine();
	ScimRowContextPush(callback, door);
	if (row->nulls[COLUMN_TENANT_ID] && row == &door->new &&
		!ScimTenantIn(door->store->namespace_oid, &door->tenant_id))
		ScimTenantRaise(door->store->name); /* its default */
	if (row->nulls[COLUMN_RESOURCE_TYPE] || row->nulls[COLUMN_TENANT_ID])
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("resource_type and tenant_id of a resource must not be null")));
	type_name = TextDatumGetCString(row->values[COLUMN_RESOURCE_TYPE]);
	door->type = ScimRegistryType(door->store->registry, type_name);
	if (door->type == NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("unknown resource type \"%s\"", type_name)));
	if (TRIGGER_FIRED_BEFORE(trigger->tg_event) &&
		TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		ScimExcludedTake(door);
	read_documents(door);
	/* the door has looked at what comes after the row is written */
	if (row == &door->new &&TRIGGER_FIRED_BEFORE(trigger->tg_event))
		check_type(door, type_name);
	door->tenant_id = DatumGetInt32(row->values[COLUMN_TENANT_ID]);
	door->rules = ScimRulesFor(door->store, door->tenant_id, door->type);
}

/*
 * ScimRowContextOpen has errors say which row of "resource" an AFTER trigger is called
 * for that is none of the door's, until the caller sets error_context_stack to what it
 * was.  In the current memory context; *kept is NULL at first, and stays for the
 * statement.
 */
void
ScimRowContextOpen(FunctionCallInfo fcinfo, void **kept)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	ErrorContextCallback *callback = palloc0(sizeof(ErrorContextCallback));
	Door *door = palloc0(sizeof(Door));
	ResourceRow *row = &door->old;

	door->trigger = trigger;
	door->store = ScimStoreOfTrigger(trigger, SCIM_TABLE_RESOURCE);
	door->columns = find_columns(kept, fcinfo->flinfo->fn_mcxt, trigger->tg_relation);
	if (TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
	{
		door->number = ScimRowNumber(fcinfo, fcinfo->flinfo->fn_oid);
		row = &door->new;
	}
	read_row(door, trigger->tg_trigtuple, row);
	if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		read_row(door, trigger->tg_newtuple, &door->new);
	if (!row->nulls[COLUMN_TENANT_ID])
		door->tenant_id = DatumGetInt32(row->values[COLUMN_TENANT_ID]);
	ScimRowContextPush(callback, door);
}

static void
refuse_column(const char *column)
{
	ereport(ERROR,
			(ScimErr(SCIM_MUTABILITY),
			 errmsg("column \"%s\" is kept by the store and cannot be set", column)));
}

/*
 * A document that is large is compressed here, as its table would do it: what becomes of
 * the row from here on is several copies, and between the last of them and the
 * compression nothing looks whether the statement is to end.
 */
static Datum
compress_large(const Door *door, Datum data)
{
	Form_pg_attribute attribute =
		TupleDescAttr(RelationGetDescr(door->trigger->tg_relation),
					  door->columns->number[COLUMN_DATA] - 1);
	Datum compressed;

	if (VARATT_IS_EXTENDED(DatumGetPointer(data)) ||
		VARSIZE(DatumGetPointer(data)) < LARGE_DOCUMENT ||
		(attribute->attstorage != TYPSTORAGE_EXTENDED &&
		 attribute->attstorage != TYPSTORAGE_MAIN))
		return data;
	CHECK_FOR_INTERRUPTS();
	compressed = toast_compress_datum(data, attribute->attcompression);
	CHECK_FOR_INTERRUPTS();
	return DatumGetPointer(compressed) != NULL ? compressed : data;
}

static HeapTuple
write_row(Door *door, HeapTuple tuple)
{
	Datum values[RESOURCE_COLUMNS];

	memcpy(values, door->new.values, sizeof(values));
	if (!door->new.nulls[COLUMN_DATA])
		values[COLUMN_DATA] = compress_large(door, values[COLUMN_DATA]);
	return heap_modify_tuple_by_cols(tuple, RelationGetDescr(door->trigger->tg_relation),
									 RESOURCE_COLUMNS, (int *) door->columns->number,
									 values, door->new.nulls);
}

/* ScimDoorTriggerAfter names a BEFORE trigger that gets the row after the door. */
const char *
ScimDoorTriggerAfter(const Door *door)
{
	return TRIGGER_FIRED_BY_INSERT(door->trigger->tg_event)
			   ? door->columns->after_door_on_insert
			   : door->columns->after_door_on_update;
}

/* Does a document say null of the password, to be rid of it? */
static bool
says_no_password(const Door *door, const JsonbValue *document)
{
	const JsonbValue *password =
		door->type->has_password ? ScimJsonGetFolded(document, "password") : NULL;
	/* a schema that is another one by now may have none */
	const ScimAttribute *attribute =
		ScimSchemaAttribute(door->type->schema, "password", strlen("password"));

	return password != NULL && password->type == jbvNull && attribute != NULL &&
		   !attribute->required;
}

/* Does a document say something of the password, with or without the URN? */
static bool
states_password(const Door *door, const JsonbValue *document)
{
	return door->type->has_password &&
		   (ScimJsonGetFolded(document, "password") != NULL ||
			ScimJsonGetFolded(document,
							  psprintf("%s:password", door->type->schema->id)) != NULL);
}

/*
 * Password and members wait for the AFTER trigger, which runs if the row is written;
 * the row itself does where another trigger may change it until then.
 */
static void
keep_for_after(const Door *door, const char *secret, JsonbValue *members)
{
	bool made = ScimDoorTriggerAfter(door) != NULL;
	ScimPendingKey key;

	if (secret == NULL)
		secret = ScimCredentialWritten(DatumGetUUIDP(door->new.values[COLUMN_ID]));
	if (!made && secret == NULL && members == NULL && door->missing == NIL &&
		!ScimPendingAny())
		return;
	if (door->columns->statement == 0)
		door->columns->statement = ScimPendingStatement(door->columns->context);
	ScimDoorKey(door, &key);
	ScimPendingPut(&key, door->columns->statement, made, door->missing != NIL, secret,
				   members);
}

/* A row that comes from elsewhere has a history that can be shown and goes on. */
static void
check_history(const ResourceRow *row, TimestampTz now)
{
	/* half of what there is, and so counting up never ends */
	if (DatumGetInt64(row->values[COLUMN_VERSION]) < 1 ||
		DatumGetInt64(row->values[COLUMN_VERSION]) > PG_INT64_MAX / 2)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("column \"version\" must be from 1 to " INT64_FORMAT,
							   (int64) (PG_INT64_MAX / 2))));
	for (int column = 0; column < RESOURCE_COLUMNS; column++)
	{
		if (ScimDoorColumns[column].type == TIMESTAMPTZOID && !row->nulls[column] &&
			!ScimInstantIsShown(DatumGetTimestampTz(row->values[column])))
			ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
							errmsg("column \"%s\" must be a time in the years 1 to 9999",
								   ScimDoorColumns[column].name)));
	}
	/* what changes is later than that; the clock of elsewhere may be fast */
	if (DatumGetTimestampTz(row->values[COLUMN_LAST_MODIFIED]) > now + USECS_PER_DAY)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("column \"last_modified\" cannot be in the future")));
}

/* The version of the old row, counted up. */
static void
count_up(Door *door)
{
	ScimSetColumn(&door->new, COLUMN_VERSION, Int64GetDatum(ScimRowVersion(door) + 1));
	ScimSetColumn(&door->new, COLUMN_LAST_MODIFIED, TimestampTzGetDatum(door->now));
}

static HeapTuple
insert_row(Door *door)
{
	ResourceRow *new = &door->new;
	JsonbValue *document;
	Jsonb *stated;
	ScimPrepared prepared;
	HeapTuple tuple;
	const char *secret = NULL;
	bool has_password;

	door->now =
		door->loads ? ScimLoadInstant(door) : ScimClock(door->store, SCIM_NO_INSTANT);
	document = new->nulls[COLUMN_DATA]
				   ? ScimJsonNewObject()
				   : ScimJsonFromJsonb(DatumGetJsonbP(new->values[COLUMN_DATA]));
	door->document = document;
	if (document->type != jbvObject)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("the data of a resource must be a JSON object")));
	ScimTenantRequire(door->store, door->tenant_id);
	has_password = states_password(door, document);
	ScimDoorMergeColumns(door, document, NULL);
	stated = ScimExcludedStated(door, document);
	if (ScimExcludedMake(door, document))
	{
		ScimExcludedNote(door, stated, has_password,
						 ScimStatesMembers(door->type, document));
		return write_row(door, door->trigger->tg_trigtuple);
	}
	ScimDoorPrepare(door, document, NULL, NULL, &prepared);
	ScimDoorBeginLife(door, prepared.document);
	ScimDoorCheckConditions(door, prepared.document, NULL);

	ScimDoorDeriveColumns(door->type, new, prepared.document);
	ScimDoorSetDocument(door, prepared.document, NULL);
	if (new->nulls[COLUMN_ID])
	{
		pg_uuid_t *made = palloc(sizeof(pg_uuid_t));

		ScimUuidV7(made);
		ScimSetColumn(new, COLUMN_ID, UUIDPGetDatum(made));
	}
	/* A row that comes from elsewhere keeps its history. */
	if (new->nulls[COLUMN_VERSION])
		ScimSetColumn(new, COLUMN_VERSION, Int64GetDatum(1));
	if (new->nulls[COLUMN_CREATED])
		ScimSetColumn(new, COLUMN_CREATED, TimestampTzGetDatum(door->now));
	if (new->nulls[COLUMN_LAST_MODIFIED])
		ScimSetColumn(new, COLUMN_LAST_MODIFIED, new->values[COLUMN_CREATED]);
	check_history(new, door->now);
	tuple = write_row(door, door->trigger->tg_trigtuple);
	if (door->loads)
		ScimLoadCheckUnique(door, tuple);
	ScimGivenNote(door);
	if (prepared.password != NULL)
		secret = ScimCredentialSecret(prepared.password);
	keep_for_after(door, secret, prepared.members);
	ScimExcludedNote(door, stated, has_password, prepared.has_members);
	return tuple;
}

typedef struct LoadedRow
{
	Door *door;
	HeapTuple tuple;
} LoadedRow;

static void
insert_loaded(void *arg)
{
	LoadedRow *row = arg;

	row->tuple = insert_row(row->door);
}

/* A row of a load: one that breaks a rule is left out, and the others come in. */
static HeapTuple
load_row(Door *door)
{
	LoadedRow row = {door, NULL};
	ErrorData *error;

	ScimLoadCount(door);
	(void) ScimLoadInstant(door); /* it outlives an error */
	error = ScimAttempt(insert_loaded, &row);
	if (error == NULL)
		return row.tuple;
	if (!ScimErrorIsAboutRow(error))
		ReThrowError(error);
	ScimLoadLeaveOut(door, error);
	return NULL;
}

/* Does the row say version + 1? */
static bool
says_next_version(const Door *door)
{
	int64 version = DatumGetInt64(door->old.values[COLUMN_VERSION]);

	return version < PG_INT64_MAX &&
		   DatumGetInt64(door->new.values[COLUMN_VERSION]) == version + 1;
}

/* A touch: version + 1 and nothing else.  Returns false where it is none. */
static bool
touch_row(Door *door)
{
	for (int column = 0; column < RESOURCE_COLUMNS; column++)
	{
		if (column != COLUMN_VERSION && !ScimSameColumn(&door->old, &door->new, column))
			return false;
	}
	if (!says_next_version(door))
		return false;
	ScimSetColumn(&door->new, COLUMN_LAST_MODIFIED, TimestampTzGetDatum(door->now));
	return true;
}

/*
 * Is it a touch by its statement, which writes the version and no other column of ours?
 * What differs besides a trigger before the door has made of it, and is a part of the
 * version.
 */
static bool
is_touched(const Door *door)
{
	for (int column = 0; column < RESOURCE_COLUMNS; column++)
	{
		if (ScimDoorSets(door, column) != (column == COLUMN_VERSION))
			return false;
	}
	return says_next_version(door);
}

/*
 * The row goes out of sight.  Whoever has just found it, to refer to it or to make it a
 * member, holds a lock on its key, which an UPDATE would not wait for: so this does, and
 * he who comes later waits for the end of this transaction.
 */
static void
lock_key(const Door *door)
{
	ScimParams params;
	ScimIdentity caller = ScimBeOwner(door->store->owner);

	SPI_connect();
	ScimParamsOfResource(&params, DatumGetInt32(door->old.values[COLUMN_TENANT_ID]),
						 DatumGetUUIDP(door->old.values[COLUMN_ID]));
	ScimSpiExecute(psprintf("SELECT FROM %s.resource WHERE resource_type = %s "
							"AND tenant_id = $1 AND id = $2 FOR UPDATE",
							door->store->quoted_name,
							quote_literal_cstr(door->type->name)),
				   &params, false, 0);
	SPI_finish();
	ScimBeCaller(caller);
}

/*
 * Does the row just go, its document untouched?  Then the document is not
 * checked again: what a schema or policy of today would refuse can leave.
 */
static bool
is_leaving(const Door *door)
{
	const ResourceRow *old = &door->old;
	const ResourceRow *new = &door->new;
	ScimStatus after = ScimRowStatus(new);

	if (after == ScimRowStatus(old) || ScimStatusIsActive(after) ||
		after == SCIM_STATUS_SUSPENDED || !ScimSameColumn(old, new, COLUMN_DATA))
		return false;
	for (int column = 0; column < SCIM_KEY_COLUMNS; column++)
	{
		if (!ScimSameColumn(old, new, column))
			return false;
	}
	return true;
}

static bool
is_being_removed(const Door *door)
{
	if (ScimErasedAtDoor != NULL &&
		memcmp(ScimErasedAtDoor, DatumGetUUIDP(door->old.values[COLUMN_ID]), UUID_LEN) ==
			0)
		return true;
	if (ScimTypeRemoved != NULL && strcmp(ScimTypeRemoved, door->type->name) == 0)
		return true;
	return ScimDoorIsRemoved(door);
}

/* What the row has in clear of writeOnly attributes is sealed: nothing else changes. */
static HeapTuple
seal_row(Door *door)
{
	JsonbValue *document =
		ScimJsonFromJsonb(DatumGetJsonbP(door->old.values[COLUMN_DATA]));

	ScimSealDocument(door->store, door->type, document, document);
	ScimDoorDeriveColumns(door->type, &door->new, document);
	ScimSetColumn(&door->new, COLUMN_DATA, JsonbPGetDatum(ScimJsonToJsonb(document)));
	return write_row(door, door->trigger->tg_newtuple);
}

/*
 * The members that an UPDATE states come now.  Where a trigger behind the door may keep
 * the row from being written, they wait until it is: *waiting.  So they do where somebody
 * has a trigger on members, which may write other rows of the statement: of these it
 * could none any more (leave.c).  Returns whether any come or go.
 */
static bool
replace_members(Door *door, JsonbValue *members, JsonbValue **waiting)
{
	const pg_uuid_t *id = DatumGetUUIDP(door->new.values[COLUMN_ID]);

	if (ScimDoorTriggerAfter(door) == NULL &&
		!ScimHasForeignTrigger(door->store->tables.relid[SCIM_TABLE_MEMBER]))
		return ScimMembersReplaceAtDoor(door->store, door->tenant_id, id, door->type,
										DatumGetInt64(door->old.values[COLUMN_VERSION]),
										members, door->now) > 0;
	if (!ScimMembersWouldChange(door->store, door->tenant_id, id, members))
		return false;
	*waiting = members != NULL ? members : ScimJsonNewArray();
	return true;
}

/* Is a stored row out of sight, by its status or by its time? */
static bool
is_out(const ResourceRow *row)
{
	return ScimStatusIsGone(ScimRowStatus(row)) || !row->nulls[COLUMN_DELETED_AT];
}

/* Does an UPDATE leave all as it is? */
static bool
says_nothing(const Door *door)
{
	for (int column = 0; column < RESOURCE_COLUMNS; column++)
	{
		if (!ScimSameColumn(&door->old, &door->new, column))
			return false;
	}
	return true;
}

/*
 * Of who is out of sight by his status or by his time only, the other one follows: nobody
 * comes back by that.
 */
static HeapTuple
mend_out_of_sight(Door *door)
{
	ResourceRow *new = &door->new;
	JsonbValue *document = ScimJsonFromJsonb(DatumGetJsonbP(new->values[COLUMN_DATA]));

	if (new->nulls[COLUMN_DELETED_AT])
		lock_key(door);
	ScimDoorLeave(door, document);
	ScimRowMend(door);
	ScimDoorDeriveColumns(door->type, new, document);
	ScimSetColumn(new, COLUMN_DATA, JsonbPGetDatum(ScimJsonToJsonb(document)));
	count_up(door);
	keep_for_after(door, NULL, NULL);
	return write_row(door, door->trigger->tg_newtuple);
}

static HeapTuple
update_row(Door *door)
{
	static const ResourceColumn kept[] = {
		COLUMN_TENANT_ID,      COLUMN_RESOURCE_TYPE, COLUMN_ID,
		COLUMN_VERSION,        COLUMN_CREATED,       COLUMN_LAST_MODIFIED,
		COLUMN_OFFBOARDING_AT, COLUMN_DELETED_AT,    COLUMN_ACTIVATED_AT,
		COLUMN_DEACTIVATED_AT};
	ResourceRow *new = &door->new;
	const ResourceRow *old = &door->old;
	JsonbValue *old_document;
	JsonbValue *today;
	JsonbValue *document;
	ScimPrepared prepared;
	const char *secret = NULL;
	JsonbValue *members = NULL; /* that wait for the AFTER trigger */
	bool leaves;
	bool changed;
	bool touched;
	bool faulty;

	if (new->nulls[COLUMN_DATA] || new->nulls[COLUMN_VERSION] ||
		new->nulls[COLUMN_STATUS])
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("data, version and status of a resource must not be null")));
	door->now = ScimClockOf(door->store, DatumGetUUIDP(old->values[COLUMN_ID]),
							ScimLastModified(old));
	faulty = ScimRowIsFaulty(old, door->now);
	if (!faulty && touch_row(door))
	{
		keep_for_after(door, NULL, NULL);
		return write_row(door, door->trigger->tg_newtuple);
	}
	touched = is_touched(door);
	if (touched)
		ScimSetColumn(new, COLUMN_VERSION, old->values[COLUMN_VERSION]);
	for (size_t i = 0; i < lengthof(kept); i++)
	{
		if (!ScimSameColumn(old, new, kept[i]))
			refuse_column(ScimDoorColumns[kept[i]].name);
	}
	ScimDoorCheckSessions(door);
	if (faulty && is_out(old) && says_nothing(door))
		return mend_out_of_sight(door);
	if (is_out(old) &&
		(!ScimStatusIsGone(ScimRowStatus(old)) || ScimStatusIsGone(ScimRowStatus(new))))
		ereport(ERROR, (ScimErr(SCIM_NOT_FOUND),
						errmsg("resource %s is deleted",
							   ScimUuidText(DatumGetUUIDP(old->values[COLUMN_ID]))),
						errhint("scim.restore_resource() brings it back.")));

	old_document = ScimJsonFromJsonb(DatumGetJsonbP(old->values[COLUMN_DATA]));
	document = ScimJsonFromJsonb(DatumGetJsonbP(new->values[COLUMN_DATA]));
	door->document = document;
	if (document->type != jbvObject)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("the data of a resource must be a JSON object")));
	ScimExcludedCheck(door, document);
	if (says_no_password(door, document) &&
		ScimCredentialIsThere(door->store, door->tenant_id,
							  DatumGetUUIDP(old->values[COLUMN_ID])))
		secret = SCIM_NO_SECRET;
	ScimDropStale(door->type, old_document, document);
	ScimDoorMergeColumns(door, document, old_document);
	leaves = is_leaving(door);
	today = !leaves && ScimDoorAsksChanges(door->rules)
				? ScimStoredToday(door->type, old_document)
				: old_document;
	if (leaves)
		prepared = (ScimPrepared){.document = document};
	else
		ScimDoorPrepare(door, document, old_document, today, &prepared);
	ScimDoorTakeStep(door, prepared.document, today);
	if (door->removed)
	{
		ScimDoorRemove(door);
		return NULL;
	}
	if (!leaves)
		ScimDoorCheckConditions(door, prepared.document, today);
	if (ScimStatusIsGone(ScimRowStatus(new)))
		lock_key(door);

	ScimDoorDeriveColumns(door->type, new, prepared.document);
	ScimDoorSetDocument(door, prepared.document, old_document);
	if (prepared.password != NULL)
		secret = ScimCredentialSecret(prepared.password);
	changed = touched || !ScimSameColumn(old, new, COLUMN_DATA) ||
			  !ScimSameColumn(old, new, COLUMN_STATUS) || secret != NULL;
	if (prepared.has_members && replace_members(door, prepared.members, &members))
		changed = true;
	if (faulty)
		ScimRowMend(door);
	if (changed || faulty)
		count_up(door);
	keep_for_after(door, secret, members);
	return write_row(door, door->trigger->tg_newtuple);
}

static HeapTuple
delete_row(Door *door)
{
	const ScimDeleteRule *rule = ScimRuleOf(door->rules, SCIM_RULE_DELETE);
	ScimStatus status = ScimRowStatus(&door->old);
	ScimDeleteMode mode = rule ? rule->mode[status] : SCIM_DELETE_HARD;

	if (mode == SCIM_DELETE_HARD || ScimStatusIsGone(status) || is_being_removed(door))
		return door->trigger->tg_trigtuple;
	if (mode == SCIM_DELETE_RETAIN && status != SCIM_STATUS_OFFBOARDING)
		ScimDoorKeep(door, SCIM_STATUS_DELETED);
	else if (mode == SCIM_DELETE_OFFBOARD && status != SCIM_STATUS_OFFBOARDING)
		ScimDoorKeep(door, SCIM_STATUS_OFFBOARDING);
	return NULL;
}

static Datum
pass_row(FunctionCallInfo fcinfo)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "resource_door", BEFORE_ROW | ON_CHANGE);
	MemoryContext caller;
	MemoryContext context;
	Door door;
	ErrorContextCallback callback;
	HeapTuple tuple;

	/* what the document was made of is gone before indexes read the row */
	caller = CurrentMemoryContext;
	context = AllocSetContextCreate(caller, "scim door", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(context);
	ScimDoorOpen(&door, fcinfo, &callback);
	ScimScopeRequireOfCall(door.store, door.type->name, true);
	if (!TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
		ScimOwnNote(&door);
	if (TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
	{
		door.loads = ScimLoads(&door);
		tuple = door.loads ? load_row(&door) : insert_row(&door);
	}
	else if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		tuple = ScimSealsStored() ? seal_row(&door) : update_row(&door);
	else
		tuple = delete_row(&door);
	error_context_stack = callback.previous;
	MemoryContextSwitchTo(caller);
	if (tuple != NULL && tuple != trigger->tg_trigtuple)
		tuple = heap_copytuple(tuple);
	MemoryContextDelete(context);
	PG_RETURN_POINTER(tuple);
}

/* BEFORE INSERT OR UPDATE OR DELETE ... FOR EACH ROW on "resource" */
Datum
scim_resource_door(PG_FUNCTION_ARGS)
{
	return ScimTriggerRun(fcinfo, pass_row);
}
