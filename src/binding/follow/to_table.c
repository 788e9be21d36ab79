/*
 * to_table.c
 *		From a resource to its row: what the trigger of a table of resources does.
 *
 * It runs when the row of the resource is written and all that follows from it in the
 * store has been done, and looks at what the resource is by then.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_am.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "binding/bound/bound.h"
#include "binding/follow/follow.h"
#include "binding/sides/sides.h"
#include "door/door.h"
#include "json/json.h"
#include "policy/policy.h"
#include "store/statement/column.h"
#include "store/statement/trigger_type.h"

PG_FUNCTION_INFO_V1(scim_binding_resource);

/*
 * A row that is being written, by several statements perhaps: what triggers say of it
 * meanwhile is looked at once, when all is written.
 */
typedef struct Writing
{
	pg_uuid_t binding_id;
	bool is_new; /* the key is not known yet */
	Datum key;
	int times;   /* that a trigger has said something of it */
	List *comes; /* Coming *: all that may be its new key, or that of another row */
	MemoryContext context;
	struct Writing *outer;
} Writing;

/* A row that has come meanwhile. */
typedef struct Coming
{
	int32 tenant_id;
	Datum key;
} Coming;

static Writing *writing = NULL;

static Writing *
find_writing(const ScimBinding *binding, Datum key)
{
	for (Writing *at = writing; at != NULL; at = at->outer)
	{
		if (!at->is_new && memcmp(&at->binding_id, &binding->id, UUID_LEN) == 0 &&
			ScimKeyEqual(at->key, key))
			return at;
	}
	return NULL;
}

/* ScimRowIsBeingWritten: is it the row of a resource that is being written just now? */
bool
ScimRowIsBeingWritten(const ScimBinding *binding, Datum key)
{
	return find_writing(binding, key) != NULL;
}

/*
 * ScimRowIsWritten: the same for a trigger that has something to say of the row.  What is
 * said more than once makes the row be looked at again, so each asks only once.
 */
bool
ScimRowIsWritten(const ScimBinding *binding, Datum key)
{
	Writing *at = find_writing(binding, key);

	if (at != NULL)
		at->times++;
	return at != NULL;
}

/*
 * ScimRowIsComing: may a row of a key that nobody knows be one that is being made, or is
 * getting that key?  One that is not is looked at when all is written.
 */
bool
ScimRowIsComing(const ScimBinding *binding, int32 tenant_id, Datum key)
{
	for (Writing *at = writing; at != NULL; at = at->outer)
	{
		MemoryContext old;
		Coming *coming;

		if (memcmp(&at->binding_id, &binding->id, UUID_LEN) != 0)
			continue;
		old = MemoryContextSwitchTo(at->context);
		coming = palloc(sizeof(Coming));
		coming->tenant_id = tenant_id;
		coming->key = datumCopy(key, false, -1);
		at->comes = lappend(at->comes, coming);
		MemoryContextSwitchTo(old);
		return true;
	}
	return false;
}

/*
 * Rows that triggers of the application have made while one was written get resources,
 * but for the row itself.  Returns how often that has come.
 */
static int
take_others(ScimBinding *binding, const List *comes, Datum key)
{
	int n = 0;
	const ListCell *lc;

	foreach (lc, comes)
	{
		const Coming *coming = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		if (ScimKeyEqual(coming->key, key))
			n++;
		else
			ScimToResource(binding, coming->tenant_id, coming->key, false);
	}
	return n;
}

typedef struct Work
{
	ScimBinding *binding;
	const ScimBoundResource *resource;
	const ScimRowView *row;
	List *attributes;
	Datum key;     /* of the row since */
	bool vanished; /* somebody else has taken it away, or its key */
} Work;

static bool
has_tables(const List *attributes)
{
	const ListCell *lc;

	foreach (lc, attributes)
	{
		if (((const ScimBoundAttribute *) lfirst(lc))->kind == SCIM_BOUND_TABLE)
			return true;
	}
	return false;
}

/* Does a row that was written not say the same, but for its values in other tables? */
static bool
says_other(const ScimBinding *binding, const ScimRowView *row,
		   const ScimBoundResource *resource)
{
	const ListCell *lc;

	foreach (lc, ScimBoundDiffer(binding, row, resource))
	{
		if (((const ScimBoundAttribute *) lfirst(lc))->kind != SCIM_BOUND_TABLE)
			return true;
	}
	return false;
}

/* Writes some attributes; returns whether the row has to be looked at again. */
static bool
write_row(Work *work)
{
	ScimBinding *binding = work->binding;
	const ScimRowView *row = NULL;
	Writing this = {.binding_id = binding->id,
					.key = work->row->key_array,
					.context = CurrentMemoryContext,
					.outer = writing};
	Writing *before = writing;
	ScimLink link;

	writing = &this;
	PG_TRY();
	{
		row = ScimRowUpdate(binding, work->resource, work->row, work->attributes,
							&work->vanished);
	}
	PG_FINALLY();
	{
		writing = before;
	}
	PG_END_TRY();
	if (work->vanished)
		return false;
	work->key = row != NULL ? row->key_array : this.key;
	if (!ScimKeyEqual(work->key, this.key) &&
		ScimLinkOfResource(binding, work->resource->tenant_id, &work->resource->id,
						   &link) &&
		!ScimKeyEqual(work->key, link.key))
		ScimLinkPut(binding, link.tenant_id, &link.resource_id, work->key, true,
					link.detached);
	take_others(binding, this.comes, work->key);
	/*
	 * What our own statement has made of the row it has returned, and the trigger has
	 * said so once.  It has not what other triggers did afterwards, nor values in other
	 * tables.
	 */
	return this.comes != NIL || this.times > (row != NULL ? 1 : 0) ||
		   binding->has_triggers || has_tables(work->attributes) ||
		   (row != NULL && (row->gone || says_other(binding, row, work->resource)));
}

static void
update_row(void *arg)
{
	Work *work = arg;

	if (write_row(work))
		ScimToResource(work->binding, work->resource->tenant_id, work->key, true);
}

/*
 * ScimToTable makes a row say what its resource does of some attributes.  Returns whether
 * it has been written.
 */
bool
ScimToTable(ScimBinding *binding, const ScimBoundResource *resource, List *attributes)
{
	List *written = ScimBoundAllBut(attributes, SCIM_WINS_TABLE);
	Work work = {.binding = binding, .resource = resource};
	ScimBoundResource now;
	ScimLink link;
	ScimLink now_link;
	ScimRowView *row;
	const ScimRowView *taken;
	const ListCell *lc;

	if (attributes == NIL ||
		!ScimLinkOfResource(binding, resource->tenant_id, &resource->id, &link) ||
		link.detached)
		return false;
	ScimReferencesHoldOf(binding, resource->tenant_id, resource->document, attributes);
	row = ScimRowFindOf(binding, resource->tenant_id, link.key);
	if (row == NULL)
	{
		ScimQueueRequireFollowed(binding);
		return false;
	}
	foreach (lc, binding->attributes)
	{
		ScimBoundAttribute *attribute = lfirst(lc);

		/* of values that have a part in common one may have been taken away: each counts
		 */
		if (list_member_ptr(written, attribute) &&
			!ScimBoundEqual(attribute, row->values[foreach_current_index(lc)],
							ScimRowValue(attribute, resource), NULL))
			work.attributes = lappend(work.attributes, attribute);
	}
	/* who gives the row to another tenant meanwhile is waited for */
	if (work.attributes != NIL && binding->every_tenant)
	{
		(void) ScimRowLock(binding, link.key, false);
		row = ScimRowFindOf(binding, resource->tenant_id, link.key);
		if (row == NULL)
			return false;
	}
	/* nor can one be written that the application has marked, and nobody has followed */
	if (work.attributes != NIL && row->gone)
		ScimQueueRequireFollowed(binding);
	if (work.attributes != NIL && !ScimBindingStands(binding, resource->tenant_id))
		return false;
	if (work.attributes != NIL)
	{
		work.row = row;
		ScimRoundsDo(binding, &resource->id, work.attributes, update_row, &work);
	}
	if (work.vanished)
	{
		/* by its new key, where it has one; without a row there is nothing to say */
		if (ScimLinkOfResource(binding, resource->tenant_id, &resource->id, &now_link) &&
			!now_link.detached && !ScimKeyEqual(now_link.key, link.key))
			return ScimToTable(binding, resource, attributes);
		return false;
	}
	if (list_length(written) == list_length(attributes))
		return work.attributes != NIL;
	if (work.attributes != NIL)
		row = ScimRowFindOf(binding, resource->tenant_id, work.key);
	taken = row;
	if (taken != NULL)
		(void) ScimTakeFromTable(binding, &taken, &link, true, NULL, &now);
	return work.attributes != NIL;
}

static List *
tables_of(const ScimBinding *binding, const ScimBoundResource *resource)
{
	List *tables = NIL;
	const ListCell *lc;

	foreach (lc, binding->attributes)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);

		if (attribute->kind == SCIM_BOUND_TABLE &&
			ScimBoundGet(attribute, resource->document) != NULL)
			tables = lappend(tables, lfirst(lc));
	}
	return tables;
}

/* A row that counts as deleted is nobody's; comes_back: it was to do so no more. */
static void
require_present(const ScimBinding *binding, const ScimRowView *row, bool comes_back)
{
	if (row != NULL && row->gone)
		ereport(ERROR,
				(ScimErr(SCIM_CONFLICT),
				 errmsg("the row of the %s in table \"%s\" counts as deleted by \"gone\"",
						binding->type->name, binding->shown),
				 comes_back ? errhint("Who comes back needs a mapping that says how: "
									  "\"delete\": {\"set\": ..., \"restore\": ...}.")
							: errhint("A trigger or default of the table has made it so, "
									  "or what was written: nobody is changed and "
									  "deleted at once.")));
}

/* A row that was made for a resource says that it is of its tenant. */
static void
require_tenant(const ScimBinding *binding, const ScimRowView *row, int32 tenant_id)
{
	if (!row->has_tenant || row->tenant_id != tenant_id)
		ereport(ERROR, (ScimErr(SCIM_CONFLICT),
						errmsg("the row of the %s in table \"%s\" says %s tenant",
							   binding->type->name, binding->shown,
							   row->has_tenant ? "another" : "no"),
						errhint("A trigger of the table has made it so, or what was "
								"written.")));
}

/* One that is left counts as deleted, where the mapping says which do. */
static void
require_gone(const ScimBinding *binding, const ScimRowView *row)
{
	if (binding->gone != NULL && row != NULL && !row->gone)
		ereport(ERROR,
				(ScimErr(SCIM_CONFLICT),
				 errmsg("the row of the %s in table \"%s\" would still be there: by "
						"\"gone\" it does not count as deleted after \"delete\"",
						binding->type->name, binding->shown),
				 errhint("\"delete\": {\"set\": ...} of the mapping must make \"gone\" "
						 "true.")));
}

/* *comes: rows that came meanwhile, Coming *. */
static ScimRowView *
insert_alone(const ScimBinding *binding, const ScimBoundResource *resource, List **comes)
{
	Writing this = {.binding_id = binding->id,
					.is_new = true,
					.context = CurrentMemoryContext,
					.outer = writing};
	Writing *before = writing;
	ScimRowView *row;

	writing = &this;
	PG_TRY();
	{
		row = ScimRowInsert(binding, resource);
	}
	PG_FINALLY();
	{
		writing = before;
	}
	PG_END_TRY();
	*comes = this.comes;
	return row;
}

static void
insert_row(void *arg)
{
	Work *work = arg;
	ScimBinding *binding = work->binding;
	const ScimBoundResource *resource = work->resource;
	List *tables = tables_of(binding, resource);
	List *comes;
	ScimRowView *row;
	bool look_again;

	ScimReferencesHoldOf(binding, resource->tenant_id, resource->document,
						 binding->references);
	row = insert_alone(binding, resource, &comes);
	require_tenant(binding, row, resource->tenant_id);
	require_present(binding, row, false);
	ScimLinkPut(binding, resource->tenant_id, &resource->id, row->key_array, true, false);
	look_again =
		list_difference_ptr(ScimBoundDiffer(binding, row, resource), tables) != NIL;
	look_again |= ScimValuesMayBeThere(binding, row->key_array);
	if (tables != NIL)
	{
		work->row = row;
		work->attributes = tables;
		look_again |= write_row(work);
	}
	ScimMembershipsOfNewRow(binding, resource->tenant_id, &resource->id);
	/* a trigger may have written rows of members of a key that nobody knew by then */
	ScimMembershipsOfRow(binding, resource->tenant_id, row->key_array);
	ScimReferencesOfRow(binding, resource->tenant_id, row->key_array);
	look_again |= take_others(binding, comes, row->key_array) > 1;
	if (look_again)
		ScimToResource(binding, resource->tenant_id, row->key_array, false);
}

/* A row comes back; what it says else is not taken for news. */
static void
mark_back(ScimBinding *binding, Datum key)
{
	Writing this = {.binding_id = binding->id,
					.key = key,
					.context = CurrentMemoryContext,
					.outer = writing};
	Writing *before = writing;

	writing = &this;
	PG_TRY();
	{
		ScimRowMark(binding, key, binding->end_back);
	}
	PG_FINALLY();
	{
		writing = before;
	}
	PG_END_TRY();
	take_others(binding, this.comes, key);
}

/* ScimBoundIsActive: is it the attribute that says whether somebody may sign in? */
bool
ScimBoundIsActive(const ScimBoundAttribute *attribute)
{
	return attribute->target.extension == NULL && attribute->target.attribute != NULL &&
		   strcmp(attribute->target.attribute->name, "active") == 0;
}

/*
 * A resource that was out of sight, where nobody could write it, comes back to a row that
 * was kept: what the application has written since is the last word, but for whether
 * somebody may sign in, which is what has just been said.
 */
static void
meet_again(ScimBinding *binding, const ScimBoundResource *resource, const ScimLink *link)
{
	ScimBoundResource now;
	const ScimRowView *row;
	List *said = NIL;
	const ListCell *lc;

	foreach (lc, binding->attributes)
	{
		if (ScimBoundIsActive(lfirst(lc)))
			said = lappend(said, lfirst(lc));
	}
	ScimToTable(binding, resource, said);
	row = ScimRowFindOf(binding, resource->tenant_id, link->key);
	if (row == NULL)
		return;
	ScimReferencesHold(binding, row);
	if (ScimTakeFromTable(binding, &row, link, false, NULL, &now))
		ScimToTable(binding, &now, binding->attributes);
}

/*
 * ScimRowBegin makes the row of a resource that has none, or takes it up again; was_gone:
 * the resource was out of sight.  A row that is of another tenant by now is somebody
 * else's: he gets one of his own.
 */
void
ScimRowBegin(ScimBinding *binding, const ScimBoundResource *resource, bool is_new,
			 bool was_gone)
{
	Work work = {.binding = binding, .resource = resource};
	ScimLink link;

	if (!ScimBindingStands(binding, resource->tenant_id))
		return;
	if (!is_new &&
		ScimLinkOfResource(binding, resource->tenant_id, &resource->id, &link) &&
		link.has_key && ScimRowLock(binding, link.key, false) &&
		ScimRowIsOf(binding, resource->tenant_id, link.key))
	{
		ScimLinkPut(binding, resource->tenant_id, &resource->id, link.key, true, false);
		if (binding->row_end == SCIM_ROW_SET)
			mark_back(binding, link.key);
		require_present(binding, ScimRowFind(binding, link.key), true);
		link.detached = false;
		if (was_gone)
			meet_again(binding, resource, &link);
		else
			ScimToTable(binding, resource, binding->attributes);
		ScimMembershipsOfRow(binding, resource->tenant_id, link.key);
		ScimReferencesOfRow(binding, resource->tenant_id, link.key);
		/* and those that the store has got meanwhile */
		ScimMembershipsOfNewRow(binding, resource->tenant_id, &resource->id);
		return;
	}
	ScimRoundsDo(binding, &resource->id, binding->attributes, insert_row, &work);
}

/* The resource is out of sight now: what becomes of its row. */
static void
end_row(ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id, bool for_good)
{
	const ScimRowView *row;
	ScimLink link;

	if (!ScimBindingStands(binding, tenant_id) ||
		!ScimLinkOfResource(binding, tenant_id, id, &link))
		return;
	if (link.detached)
	{
		if (for_good && !link.has_key)
			ScimLinkDrop(binding, tenant_id, id);
		return;
	}
	/* a row that another tenant has by now is not his to end */
	if (binding->every_tenant && ScimRowLock(binding, link.key, true) &&
		!ScimRowIsOf(binding, tenant_id, link.key))
	{
		ScimLinkForget(binding, tenant_id, id, for_good);
		ScimReferencesEnd(binding, tenant_id, link.key, id);
		return;
	}
	/* before the row is written, so that nobody takes that for the application's */
	ScimLinkPut(binding, tenant_id, id, link.key, true, true);
	switch (binding->row_end)
	{
		case SCIM_ROW_DELETE:
			ScimMembershipsEnd(binding, tenant_id, link.key);
			ScimRowDelete(binding, link.key);
			row = ScimRowFind(binding, link.key);
			require_gone(binding, row);
			if (row == NULL)
			{
				ScimLinkForget(binding, tenant_id, id, for_good);
				ScimReferencesEnd(binding, tenant_id, link.key, id);
			}
			break;
		case SCIM_ROW_SET:
			ScimRowMark(binding, link.key, binding->end_set);
			require_gone(binding, ScimRowFind(binding, link.key));
			break;
		case SCIM_ROW_KEEP:
			break;
	}
}

/* What is read of a row of "resource". */
typedef struct Columns
{
	Oid relid;
	int tenant_id;
	int resource_type;
	int id;
	int status;
	int data;
	int deleted_at;
	bool alone;  /* no trigger of others has written the row again by now */
	void *shown; /* what errors need to say which row it is */
} Columns;

static bool
has_others(const Relation relation)
{
	const TriggerDesc *triggers = ScimTriggers(relation);
	int n = 0;

	for (int i = 0; i < triggers->numtriggers; i++)
		n += TRIGGER_FOR_AFTER(triggers->triggers[i].tgtype) &&
			 TRIGGER_FOR_ROW(triggers->triggers[i].tgtype) &&
			 !triggers->triggers[i].tgisinternal;
	/* the door's, and this one */
	return n > 2;
}

static Columns *
find_columns(FunctionCallInfo fcinfo, Relation relation)
{
	Columns *columns = fcinfo->flinfo->fn_extra;
	TupleDesc desc = RelationGetDescr(relation);

	if (columns != NULL && columns->relid == RelationGetRelid(relation))
		return columns;
	(void) ScimStoreOfTrigger((const TriggerData *) fcinfo->context, SCIM_TABLE_RESOURCE);
	columns = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(Columns));
	columns->relid = RelationGetRelid(relation);
	columns->tenant_id = ScimColumnNumber(desc, "tenant_id", INT4OID);
	columns->resource_type = ScimColumnNumber(desc, "resource_type", TEXTOID);
	columns->id = ScimColumnNumber(desc, "id", UUIDOID);
	columns->status = ScimColumnNumber(desc, "status", TEXTOID);
	columns->data = ScimColumnNumber(desc, "data", JSONBOID);
	columns->deleted_at = ScimColumnNumber(desc, "deleted_at", TIMESTAMPTZOID);
	columns->alone = !has_others(relation);
	fcinfo->flinfo->fn_extra = columns;
	return columns;
}

static JsonbValue *
document_of(const ScimResourceType *type, HeapTuple tuple, TupleDesc desc,
			const Columns *columns)
{
	Datum data = ScimColumnValue(tuple, desc, columns->data, JSONBOID);

	return ScimStoredDocument(type, DatumGetJsonbPCopy(data));
}

/* Is a row that this transaction has written as it is now, or has another one followed?
 */
static bool
is_latest(const Relation relation, HeapTuple tuple)
{
	uint16 infomask = tuple->t_data->t_infomask;

	return relation->rd_rel->relam == HEAP_TABLE_AM_OID &&
		   ((infomask & HEAP_XMAX_INVALID) != 0 || HEAP_XMAX_IS_LOCKED_ONLY(infomask));
}

static bool
is_visible(HeapTuple tuple, TupleDesc desc, const Columns *columns)
{
	return heap_attisnull(tuple, columns->deleted_at, desc);
}

static bool
has_status(HeapTuple tuple, TupleDesc desc, const Columns *columns, ScimStatus status)
{
	char *name =
		TextDatumGetCString(ScimColumnValue(tuple, desc, columns->status, TEXTOID));

	return strcmp(name, ScimStatusName(status)) == 0;
}

/*
 * Does a resource that has been in sight come back, so that it has a row again?  It does
 * by its status, which there is without "active" as well: from suspension to whatever
 * else is no way out, and from off-boarding, be it to suspension.  A row that was written
 * past the door may say so by "active" alone.
 */
static bool
comes_back(HeapTuple old, HeapTuple new, TupleDesc desc, const Columns *columns,
		   const JsonbValue *before, const JsonbValue *now)
{
	if (has_status(new, desc, columns, SCIM_STATUS_OFFBOARDING))
		return false;
	if (has_status(old, desc, columns, SCIM_STATUS_OFFBOARDING))
		return true;
	if (has_status(new, desc, columns, SCIM_STATUS_SUSPENDED))
		return false;
	return has_status(old, desc, columns, SCIM_STATUS_SUSPENDED) ||
		   (ScimBoundIsInactive(before) && !ScimBoundIsInactive(now));
}

/* Has what was made of the row ended the resource? */
static bool
is_let_go(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id)
{
	ScimLink link;

	return ScimLinkOfResource(binding, tenant_id, id, &link) && link.detached;
}

/*
 * Triggers of others may have written either side meanwhile, where nobody has followed:
 * of what was written both are read once more.  told: the row is among that.
 */
static void
require_agreement(ScimBinding *binding, const Columns *columns, int32 tenant_id,
				  const pg_uuid_t *id, const List *attributes, bool told)
{
	const ScimRowView *row;
	ScimLink link;

	if (writing != NULL || ScimRoundsAreOn() ||
		(columns->alone && !binding->has_triggers &&
		 !(told && is_let_go(binding, tenant_id, id))))
		return;
	/* the resource was in sight when this began */
	row = ScimRequireAgreement(binding, tenant_id, id, attributes);
	require_present(binding, row, false);
	/* it may be there still, and count as deleted */
	if (told && row == NULL && ScimLinkOfResource(binding, tenant_id, id, &link) &&
		link.has_key)
		require_present(binding, ScimRowFindOf(binding, tenant_id, link.key), false);
	if (told && row == NULL)
		ereport(ERROR,
				(ScimErr(SCIM_CONFLICT),
				 errmsg("a trigger has taken away the row of the %s in table \"%s\", "
						"which was to be written",
						binding->type->name, binding->shown)));
}

/*
 * Somebody has changed a resource that is in sight.  Returns which attributes of it;
 * *told: its row has been written.
 */
static List *
follow_change(ScimBinding *binding, const ScimBoundResource *resource, bool is_back,
			  const JsonbValue *before, bool *told)
{
	ScimLink link;
	List *changed = NIL;
	const ListCell *lc;

	/* who had no row any more, and comes back, gets one */
	if (is_back &&
		(!ScimLinkOfResource(binding, resource->tenant_id, &resource->id, &link) ||
		 link.detached))
	{
		ScimRowBegin(binding, resource, false, false);
		*told = true;
		return binding->attributes;
	}
	foreach (lc, binding->attributes)
	{
		ScimBoundAttribute *attribute = lfirst(lc);

		if (!attribute->is_id &&
			!ScimBoundEqual(attribute, ScimBoundGet(attribute, before),
							ScimBoundGet(attribute, resource->document), NULL))
			changed = lappend(changed, attribute);
	}
	ScimReferencesHoldOf(binding, resource->tenant_id, before, changed);
	*told = ScimToTable(binding, resource, changed);
	return changed;
}

static void
follow(const TriggerData *trigger, const Columns *columns)
{
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);
	bool inserted = TRIGGER_FIRED_BY_INSERT(trigger->tg_event);
	bool deleted = TRIGGER_FIRED_BY_DELETE(trigger->tg_event);
	HeapTuple old = inserted ? NULL : trigger->tg_trigtuple;
	HeapTuple new = inserted  ? trigger->tg_trigtuple
					: deleted ? NULL
							  : trigger->tg_newtuple;
	bool was_there = old != NULL && is_visible(old, desc, columns);
	bool is_there = new != NULL &&is_visible(new, desc, columns);
	HeapTuple tuple = new != NULL ? new : old;
	ScimStore *store = ScimStoreOfTrigger(trigger, SCIM_TABLE_RESOURCE);
	const pg_uuid_t *id =
		DatumGetUUIDP(ScimColumnValue(tuple, desc, columns->id, UUIDOID));
	int32 tenant_id =
		DatumGetInt32(ScimColumnValue(tuple, desc, columns->tenant_id, INT4OID));
	char *type_name = TextDatumGetCString(
		ScimColumnValue(tuple, desc, columns->resource_type, TEXTOID));
	const ScimResourceType *type = ScimRegistryType(store->registry, type_name);
	ScimBoundResource resource;
	ScimBinding *binding;
	List *changed = NIL;
	bool told = true;

	if (type == NULL)
		return;
	/* who writes it because of its row compares the two himself */
	if (ScimBoundIsOurs(id, columns->alone, !inserted && !was_there) && is_there)
		return;
	binding = ScimBindingFor(store, type, tenant_id);
	if (binding == NULL)
		return;
	ScimBindingRequireSound(binding);
	if (!is_there)
	{
		if (was_there || deleted)
			end_row(binding, tenant_id, id, deleted);
		return;
	}
	if (is_latest(trigger->tg_relation, new))
		resource = (ScimBoundResource){
			.id = *id,
			.tenant_id = tenant_id,
			.document = document_of(binding->type, new, desc, columns)};
	else if (!ScimBoundRead(binding, tenant_id, id, &resource) || resource.gone)
		return;
	if (was_there)
	{
		const JsonbValue *before = document_of(binding->type, old, desc, columns);

		changed =
			follow_change(binding, &resource,
						  comes_back(old, new, desc, columns, before, resource.document),
						  before, &told);
	}
	else
		ScimRowBegin(binding, &resource, inserted && columns->alone, !inserted);
	require_agreement(binding, columns, tenant_id, id,
					  was_there ? changed : binding->attributes, told);
}

/* Has an UPDATE left a column as it was? */
static bool
is_same(const TriggerData *trigger, TupleDesc desc, int number, Oid type)
{
	return datum_image_eq(ScimColumnValue(trigger->tg_trigtuple, desc, number, type),
						  ScimColumnValue(trigger->tg_newtuple, desc, number, type),
						  false, -1);
}

static Datum
follow_resource(FunctionCallInfo fcinfo)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "binding_resource", AFTER_ROW | ON_CHANGE);
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);
	Columns *columns;
	ErrorContextCallback *outer;
	MemoryContext context;
	MemoryContext caller;

	if (ScimTakingIn)
		PG_RETURN_POINTER(NULL);
	columns = find_columns(fcinfo, trigger->tg_relation);
	if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) &&
		is_visible(trigger->tg_trigtuple, desc, columns) ==
			is_visible(trigger->tg_newtuple, desc, columns) &&
		is_same(trigger, desc, columns->data, JSONBOID) &&
		is_same(trigger, desc, columns->status, TEXTOID))
		PG_RETURN_POINTER(NULL);
	context =
		AllocSetContextCreate(CurrentMemoryContext, "scim binding", ALLOCSET_SMALL_SIZES);
	caller = MemoryContextSwitchTo(context);
	outer = error_context_stack;
	ScimRowContextOpen(fcinfo, &columns->shown);
	follow(trigger, columns);
	error_context_stack = outer;
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	PG_RETURN_POINTER(NULL);
}

static Datum
follow_within(FunctionCallInfo fcinfo)
{
	return ScimDeferredWithin(fcinfo, follow_resource);
}

/* AFTER INSERT OR UPDATE OR DELETE ... FOR EACH ROW on a table of resources */
Datum
scim_binding_resource(PG_FUNCTION_ARGS)
{
	return ScimTriggerRun(fcinfo, follow_within);
}
