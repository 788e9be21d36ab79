/*
 * row_context.c
 *		Which row is at the door: for errors, a line of their context, and for
 *		settings, its tenant.
 *
 *		CONTEXT:  row 3 for table "users": userName "bjensen@example.com"
 *		CONTEXT:  row 2 written to table "users": userName "bjensen@example.com"
 *		CONTEXT:  row of table "users" with id 0198..., userName "bjensen"
 *
 * A statement may write many rows.  What is shown of one are names, nothing else
 * of its document: context goes to logs.  Nothing is shown to who may not read the row:
 * of a new one he has stated himself what it says.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/partition.h"
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/timestamp.h"

#include "door/row/at_door.h"
#include "door/row/row.h"
#include "json/json.h"
#include "store/acting.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"

/* Longest part of a name that is shown, in bytes. */
#define MAX_SHOWN 64

static bool is_shown(const Door *door);
static void describe_row(void *arg);
static void append_id(StringInfo out, const Door *door, const ResourceRow *row);
static bool is_just_made(const pg_uuid_t *id);
static void append_names(StringInfo out, const Door *door, const ResourceRow *row);
static void append_name(StringInfo out, const char *attribute, const char *text, int len);

/*
 * ScimRowContextPush makes errors say which row door is about, until the caller sets
 * error_context_stack to callback->previous.
 */
void
ScimRowContextPush(ErrorContextCallback *callback, Door *door)
{
	door->shown = is_shown(door);
	callback->callback = describe_row;
	callback->arg = door;
	callback->previous = error_context_stack;
	error_context_stack = callback;
}

/* May whoever acts read the table, or that of which it is a partition? */
static bool
may_read(Oid relid)
{
	return ScimMayRead(relid) || (get_rel_relispartition(relid) &&
								  ScimMayRead(llast_oid(get_partition_ancestors(relid))));
}

static bool
is_shown(const Door *door)
{
	ResourceColumns *columns = door->columns;
	bool inserted = TRIGGER_FIRED_BY_INSERT(door->trigger->tg_event);
	const ResourceRow *row = inserted ? &door->new : &door->old;
	Oid role = ScimActingRole();
	int32 tenant_id;

	if (inserted && !ScimIsOnBehalf())
		return true;
	if (columns->reader != role)
	{
		columns->may_read = may_read(columns->relid);
		columns->is_bound = check_enable_rls(columns->relid, role, true) == RLS_ENABLED;
		columns->reader = role;
	}
	return columns->may_read &&
		   (!columns->is_bound ||
			(!row->nulls[COLUMN_TENANT_ID] &&
			 ScimTenantIn(door->store->namespace_oid, &tenant_id) &&
			 tenant_id == DatumGetInt32(row->values[COLUMN_TENANT_ID])));
}

/* The tenant of the innermost row at the door, or 0. */
static int32
row_tenant(void)
{
	for (const ErrorContextCallback *at = error_context_stack; at != NULL;
		 at = at->previous)
	{
		if (at->callback == describe_row)
			return ((const Door *) at->arg)->tenant_id;
	}
	return 0;
}

/* ScimRowContextInit tells src/store whom to ask. */
void
ScimRowContextInit(void)
{
	ScimRowTenantHook = row_tenant;
}

/*
 * ScimRowContextOfView, as a callback with a ScimViewRow as argument: a row of the
 * statement around is written by a statement of its own, and that is the number of the
 * one around. It says so itself where no row is at the door, as when an index finds a
 * name taken.
 */
void
ScimRowContextOfView(void *arg)
{
	const ScimViewRow *row = arg;

	for (const ErrorContextCallback *at = error_context_stack;
		 at != NULL && at->arg != arg; at = at->previous)
	{
		if (at->callback == describe_row)
			return;
	}
	if (row->id != NULL)
		errcontext("row of view \"%s\" with id %s", row->view, ScimUuidText(row->id));
	else
		errcontext("row " INT64_FORMAT " written to view \"%s\"", row->number, row->view);
}

/* Which row of its INSERT is at the door, or 0; of a view's, of the statement on the
 * view.
 */
static int64
row_number(const Door *door)
{
	bool inside = false;

	for (const ErrorContextCallback *at = error_context_stack; at != NULL;
		 at = at->previous)
	{
		if (at->callback == describe_row && inside)
			break; /* a trigger of that row wrote this one */
		if (at->callback == describe_row && at->arg == door)
			inside = true;
		if (at->callback == ScimRowContextOfView && inside &&
			((const ScimViewRow *) at->arg)->id == NULL)
			return ((const ScimViewRow *) at->arg)->number;
	}
	return door->number;
}

/* Nothing in here may fail, or look anything up. */
static void
describe_row(void *arg)
{
	const Door *door = arg;
	bool inserted = TRIGGER_FIRED_BY_INSERT(door->trigger->tg_event);
	const ResourceRow *row = TRIGGER_FIRED_BY_UPDATE(door->trigger->tg_event) || inserted
								 ? &door->new
								 : &door->old;
	const char *table = RelationGetRelationName(door->trigger->tg_relation);
	StringInfoData names;

	initStringInfo(&names);
	if (!inserted && door->shown)
		append_id(&names, door, &door->old);
	if (door->shown)
		append_names(&names, door, row);
	if (inserted && names.len == 0 && door->shown)
		append_id(&names, door, row);
	if (inserted)
		errcontext("row%s %s table \"%s\"%s%s", ScimRowNumberText(row_number(door)),
				   TRIGGER_FIRED_BEFORE(door->trigger->tg_event) ? "for" : "written to",
				   table, names.len > 0 ? ": " : "", names.data);
	else
		errcontext("row of table \"%s\"%s%s", table, names.len > 0 ? " with " : "",
				   names.data);
}

static Oid
column_type(const Door *door, int column)
{
	TupleDesc desc = RelationGetDescr(door->trigger->tg_relation);

	return TupleDescAttr(desc, door->columns->number[column] - 1)->atttypid;
}

static void
append_id(StringInfo out, const Door *door, const ResourceRow *row)
{
	const pg_uuid_t *id;

	if (row->nulls[COLUMN_ID] || column_type(door, COLUMN_ID) != UUIDOID)
		return;
	id = DatumGetUUIDP(row->values[COLUMN_ID]);
	if (!TRIGGER_FIRED_BY_INSERT(door->trigger->tg_event) || !is_just_made(id))
		appendStringInfo(out, "id %s", ScimUuidText(id));
}

/* An id that this transaction has made goes with it, and says nothing to anybody. */
static bool
is_just_made(const pg_uuid_t *id)
{
	int64 start = GetCurrentTransactionStartTimestamp() / 1000 +
				  (int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY * 1000;
	int64 made = 0;

	if (id->data[6] >> 4 != 7)
		return false;
	for (int i = 0; i < 6; i++)
		made = made << 8 | id->data[i];
	return made >= start;
}

/* What the document says or, where it has not been read, what the columns do. */
static void
append_names(StringInfo out, const Door *door, const ResourceRow *row)
{
	static const ScimKeyColumn shown[] = {SCIM_KEY_USER_NAME, SCIM_KEY_DISPLAY_NAME,
										  SCIM_KEY_EXTERNAL_ID};

	for (size_t i = 0; i < lengthof(shown); i++)
	{
		const char *attribute = ScimKeyColumnInfos[shown[i]].attribute;
		const JsonbValue *stated =
			door->document ? ScimJsonGetFolded(door->document, attribute) : NULL;
		struct varlena *column = (struct varlena *) row->values[shown[i]];

		if (stated != NULL && stated->type == jbvString)
			append_name(out, attribute, stated->val.string.val, stated->val.string.len);
		else if (!row->nulls[shown[i]] && column_type(door, shown[i]) == TEXTOID &&
				 !VARATT_IS_EXTERNAL(column) && !VARATT_IS_COMPRESSED(column))
			append_name(out, attribute, VARDATA_ANY(column), VARSIZE_ANY_EXHDR(column));
	}
}

static void
append_name(StringInfo out, const char *attribute, const char *text, int len)
{
	int shown = pg_mbcliplen(text, len, MAX_SHOWN);

	appendStringInfo(out, "%s%s \"%.*s%s\"", out->len > 0 ? ", " : "", attribute, shown,
					 text, shown < len ? "..." : "");
}
