/*
 * outbox.c
 *		What is told of something that happened to a resource: rows of "audit" and
 *		"event", in the same transaction.
 *
 * These functions run as the owner of the store, with SPI connected.
 */
#include "postgres.h"

#include "access/table.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/xid8.h"

#include "audit/audit.h"
#include "door/row/row.h"
#include "error.h"
#include "json/json.h"
#include "policy/policy.h"
#include "store/acting.h"
#include "store/preview.h"
#include "store/statement/insert.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/statement/written.h"
#include "store/store.h"

/* ScimAuditWrite writes the row of "audit" of what happened. */
void
ScimAuditWrite(const ScimOccurrence *occurrence)
{
	ScimAuditRow row = {.audit = occurrence->store->tables.relid[SCIM_TABLE_AUDIT],
						.tenant_id = occurrence->tenant_id,
						.at = occurrence->at,
						.operation = occurrence->operation,
						.resource_type = occurrence->type->name,
						.resource_id = occurrence->id,
						.version = occurrence->version,
						.status = occurrence->status_before,
						.before = occurrence->before,
						.detail = occurrence->detail};

	ScimAuditInsert(&row);
}

/* The columns of "event" that are written; the position comes from the first reader. */
typedef enum EventColumn
{
	EVENT_TENANT_ID,
	EVENT_ID,
	EVENT_AT,
	EVENT_TRANSACTION_ID,
	EVENT_URI,
	EVENT_RESOURCE_TYPE,
	EVENT_RESOURCE_ID,
	EVENT_VERSION,
	EVENT_CHANGE,
	EVENT_DATA,
	EVENT_OPERATION,
	EVENT_ACTOR,
	EVENT_EXTERNAL_ID,
	EVENT_ATTRIBUTES,
	EVENT_MEMBERS_ADDED,
	EVENT_MEMBERS_REMOVED,
	EVENT_POSITION
} EventColumn;
#define EVENT_COLUMNS (EVENT_POSITION + 1)

static const ScimInsertColumn event_columns[EVENT_COLUMNS] = {
	[EVENT_TENANT_ID] = {"tenant_id", INT4OID},
	[EVENT_ID] = {"id", UUIDOID},
	[EVENT_AT] = {"at", TIMESTAMPTZOID},
	[EVENT_TRANSACTION_ID] = {"transaction_id", XID8OID},
	[EVENT_URI] = {"event_uri", TEXTOID},
	[EVENT_RESOURCE_TYPE] = {"resource_type", TEXTOID},
	[EVENT_RESOURCE_ID] = {"resource_id", UUIDOID},
	[EVENT_VERSION] = {"version", INT8OID},
	[EVENT_CHANGE] = {"change", UUIDOID},
	[EVENT_DATA] = {"data", JSONBOID},
	[EVENT_OPERATION] = {"operation", TEXTOID},
	[EVENT_ACTOR] = {"actor", TEXTOID},
	[EVENT_EXTERNAL_ID] = {"external_id", TEXTOID},
	[EVENT_ATTRIBUTES] = {"attributes", TEXTARRAYOID},
	[EVENT_MEMBERS_ADDED] = {"members_added", UUIDARRAYOID},
	[EVENT_MEMBERS_REMOVED] = {"members_removed", UUIDARRAYOID},
	[EVENT_POSITION] = {"position", INT8OID},
};

typedef struct EventValues
{
	Datum values[EVENT_COLUMNS];
	bool nulls[EVENT_COLUMNS];
} EventValues;

static void
set(EventValues *row, EventColumn column, Datum value)
{
	row->values[column] = value;
	row->nulls[column] = false;
}

static void
set_text(EventValues *row, EventColumn column, const char *text)
{
	set(row, column, CStringGetTextDatum(text));
}

/* A list of ids, null where it is empty. */
static void
set_members(EventValues *row, EventColumn column, const List *members)
{
	Datum *ids;
	const ListCell *lc;

	if (members == NIL)
		return;
	ids = palloc(sizeof(Datum) * list_length(members));
	foreach (lc, members)
		ids[foreach_current_index(lc)] =
			UUIDPGetDatum(&((ScimMemberTold *) lfirst(lc))->id);
	set(row, column, ScimArray(ids, NULL, list_length(members), UUIDOID));
}

/* What a change is told of beside its data. */
static void
set_told(EventValues *row, const ScimTold *told)
{
	int n = list_length(told->attributes);

	if (told->has_attributes)
	{
		Datum *paths = palloc(sizeof(Datum) * (n + 1));

		for (int i = 0; i < n; i++)
			paths[i] = CStringGetTextDatum(list_nth(told->attributes, i));
		set(row, EVENT_ATTRIBUTES, ScimArray(paths, NULL, n, TEXTOID));
	}
	if (told->members == NULL)
		return;
	set_members(row, EVENT_MEMBERS_ADDED, told->members->added);
	set_members(row, EVENT_MEMBERS_REMOVED, told->members->removed);
}

/* Writes the row; by a statement where the table is one for which it takes that. */
static void
insert_row(const ScimStore *store, const EventValues *row)
{
	Relation table = table_open(store->tables.relid[SCIM_TABLE_EVENT], RowExclusiveLock);
	HeapTuple tuple =
		ScimInsertForm(table, event_columns, EVENT_COLUMNS, row->values, row->nulls);
	StringInfoData names;
	StringInfoData numbers;
	ScimParams params;

	if (tuple != NULL)
		ScimInsertTuple(table, tuple);
	table_close(table, NoLock);
	if (tuple != NULL)
		return;
	initStringInfo(&names);
	initStringInfo(&numbers);
	ScimParamsInit(&params);
	for (int i = 0; i < EVENT_POSITION; i++)
	{
		appendStringInfo(&names, "%s%s", i > 0 ? ", " : "", event_columns[i].name);
		appendStringInfo(
			&numbers, "%s$%d", i > 0 ? ", " : "",
			ScimParamsAdd(&params, event_columns[i].type, row->values[i], row->nulls[i]));
	}
	ScimSpiExecute(psprintf("INSERT INTO %s.event (%s) VALUES (%s)", store->quoted_name,
							names.data, numbers.data),
				   &params, false, 0);
}

static void
insert_event(const ScimStore *store, const EventValues *row)
{
	MemoryContext context = CurrentMemoryContext;
	int before = ScimOwnRowsBegin();

	PG_TRY();
	{
		insert_row(store, row);
	}
	PG_CATCH();
	{
		ScimOwnRowsEnd(before);
		ScimReraiseBook(context);
	}
	PG_END_TRY();
	ScimOwnRowsEnd(before);
}

static List *
preview_members(const List *members)
{
	List *ids = NIL;
	const ListCell *lc;

	foreach (lc, members)
		ids = ScimPreviewAppend(ids,
								ScimUuidText(&((const ScimMemberTold *) lfirst(lc))->id));
	return ids;
}

/* For who only wants to know what would be told. */
static void
note_preview(const ScimOccurrence *occurrence, const char *uri, const ScimTold *told,
			 const Jsonb *data)
{
	ScimPreviewNote *note =
		ScimPreviewAdd(SCIM_PREVIEW_EVENT, occurrence->operation, occurrence->type->name,
					   data != NULL ? VARSIZE(data) : 0);
	const ListCell *lc;

	if (note == NULL)
		return;
	note->id = *occurrence->id;
	note->version = occurrence->version;
	note->value = ScimPreviewText(uri);
	note->after = data != NULL ? ScimPreviewJsonb(data) : NULL;
	if (told == NULL)
		return;
	foreach (lc, told->attributes)
		note->texts = ScimPreviewAppend(note->texts, lfirst(lc));
	if (told->members != NULL)
	{
		note->added = preview_members(told->members->added);
		note->removed = preview_members(told->members->removed);
	}
}

/*
 * ScimEventWrite writes a row of "event".  told: what is told of the change, or NULL
 * where the document is as it was; data: what the event tells besides, or NULL.
 */
void
ScimEventWrite(const ScimOccurrence *occurrence, const char *uri, const ScimTold *told,
			   const Jsonb *data)
{
	EventValues row;
	pg_uuid_t id;
	pg_uuid_t change;
	JsonbValue key;
	JsonbValue *external_id;

	key.type = jbvString;
	key.val.string.val = "externalId";
	key.val.string.len = strlen("externalId");
	external_id = findJsonbValueFromContainer((JsonbContainer *) &occurrence->data->root,
											  JB_FOBJECT, &key);

	memset(row.nulls, true, sizeof(row.nulls));
	ScimUuidV7(&id);
	ScimChange(&change);
	set(&row, EVENT_TENANT_ID, Int32GetDatum(occurrence->tenant_id));
	set(&row, EVENT_ID, UUIDPGetDatum(&id));
	set(&row, EVENT_AT, TimestampTzGetDatum(occurrence->at));
	set(&row, EVENT_TRANSACTION_ID, FullTransactionIdGetDatum(GetTopFullTransactionId()));
	set_text(&row, EVENT_URI, uri);
	set_text(&row, EVENT_RESOURCE_TYPE, occurrence->type->name);
	set(&row, EVENT_RESOURCE_ID, UUIDPGetDatum(occurrence->id));
	set(&row, EVENT_VERSION, Int64GetDatum(occurrence->version));
	set(&row, EVENT_CHANGE, UUIDPGetDatum(&change));
	if (data != NULL)
		set(&row, EVENT_DATA, JsonbPGetDatum(data));
	set_text(&row, EVENT_OPERATION, occurrence->operation);
	set_text(&row, EVENT_ACTOR, ScimActorIn(occurrence->store->namespace_oid));
	if (external_id != NULL && external_id->type == jbvString)
		set(&row, EVENT_EXTERNAL_ID,
			PointerGetDatum(cstring_to_text_with_len(external_id->val.string.val,
													 external_id->val.string.len)));
	if (told != NULL)
		set_told(&row, told);
	insert_event(occurrence->store, &row);
	if (ScimPreviewing())
		note_preview(occurrence, uri, told, data);
	ScimChannelsNotify(occurrence->store, occurrence->tenant_id);
}

/*
 * ScimEventsEmit writes the events that the policies "emit" ask for.  transient: what
 * the request says that is not stored, or NULL.
 */
void
ScimEventsEmit(const ScimOccurrence *occurrence, const ScimRules *rules,
			   const ScimTold *told, const JsonbValue *transient)
{
	const JsonbValue *document;
	const JsonbValue *before = NULL;
	const ListCell *lc;

	if (rules->of[SCIM_RULE_EMIT] == NIL)
		return;
	document = ScimJsonFromJsonb(occurrence->data);
	if (occurrence->before != NULL)
		before = ScimJsonFromJsonb(occurrence->before);
	foreach (lc, rules->of[SCIM_RULE_EMIT])
	{
		const ScimEmitRule *rule = ((const ScimRule *) lfirst(lc))->compiled;

		CHECK_FOR_INTERRUPTS();
		if (ScimEmitApplies(rule, occurrence->operation, before, document, transient) &&
			ScimConditionHolds(occurrence->store, occurrence->tenant_id, rule->scope,
							   document, occurrence->status))
			ScimEventWrite(occurrence, rule->uri, told,
						   ScimEmitData(rule, document, transient));
	}
}

/*
 * ScimActionRecord tells of what somebody did with a resource that changed nothing of
 * its document, such as an invitation.  Whoever has to act upon it reads the event,
 * which is the point of it: there is one whatever the policy "events" says.
 */
void
ScimActionRecord(const ScimOccurrence *occurrence, const char *uri,
				 const JsonbValue *transient)
{
	ScimStore *store = occurrence->store;
	const ScimRules *rules = ScimRulesFor(store, occurrence->tenant_id, occurrence->type);
	ScimIdentity caller = ScimBeOwner(store->owner);

	SPI_connect();
	if (rules->of[SCIM_RULE_AUDIT] != NIL)
		ScimAuditWrite(occurrence);
	ScimEventWrite(occurrence, uri, NULL, NULL);
	ScimEventsEmit(occurrence, rules, NULL, transient);
	SPI_finish();
	ScimBeCaller(caller);
}
