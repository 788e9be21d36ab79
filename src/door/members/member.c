/*
 * member.c
 *		Group membership: the table "member", one row per membership.
 *
 * A group's document never holds its members: adding or removing one costs the
 * same in a group of ten and of a million.
 *
 * Whatever changes the table, the trigger scim_member_record touches each group
 * concerned (version + 1) once per statement, in the order of their ids, and writes
 * the audit.  It is one of rows, which are all there when the first of them fires it, and
 * does the work for all then: so it comes before whatever triggers of others do for a
 * row, and what they change stands behind the statement that fired them.  Only a group
 * that is itself at the door (its row is written by whoever writes its members,
 * member_change.c) is left alone: there its version moves once, with all that is changed.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "audit/audit.h"
#include "door/guard/guard.h"
#include "door/members/members.h"
#include "door/roles/roles.h"
#include "door/row/row.h"
#include "json/json.h"
#include "mapping/predicate/predicate.h"
#include "policy/wire/wire.h"
#include "resource/resource.h"
#include "store/acting.h"
#include "store/configuration/configuration.h"
#include "store/credential/credential.h"
#include "store/preview.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/statement/trigger_type.h"
#include "store/statement/written.h"
#include "store/store.h"

/* How many members are rendered at a time. */
#define MEMBERS_AT_ONCE 1000

/* Bytes of an answer: beyond, the server could not send it. */
#define MAX_RENDERED (512 * 1024 * 1024)

PG_FUNCTION_INFO_V1(scim_member_door);
PG_FUNCTION_INFO_V1(scim_member_record);

/*
 * ScimMembersDelete deletes the rows m of "member" that a condition says, and has it that
 * none of them is left.  Returns how many they were.
 */
uint64
ScimMembersDelete(ScimStore *store, const char *which, const ScimParams *params,
				  bool keep)
{
	return ScimSpiDelete(
		store->tables.relid[SCIM_TABLE_MEMBER],
		psprintf("DELETE FROM %s.member m WHERE %s", store->quoted_name, which),
		psprintf("SELECT FROM %s.member m WHERE %s", store->quoted_name, which), params,
		keep);
}

/*
 * ScimMembersLeave takes members, n uuids of one tenant, out of a group; NULL: of all
 * their groups (SPI is connected).  The groups are locked first, as whoever changes a
 * group does, lest two that meet here lock each other out.  false: none of them was in
 * that group.
 */
bool
ScimMembersLeave(ScimStore *store, int32 tenant_id, Datum *members, int n,
				 const pg_uuid_t *group)
{
	const char *which = group == NULL ? "" : " AND m.group_id = $3";
	ScimParams params;
	int before;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimParamsAdd(&params, UUIDARRAYOID, ScimArray(members, NULL, n, UUIDOID), false);
	if (group != NULL)
		ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(group), false);
	else
		ScimMembersCheckSeen(store, &params);
	ScimSpiExecute(
		psprintf("SELECT FROM %1$s.resource r WHERE r.tenant_id = $1 AND r.id IN "
				 "(SELECT m.group_id FROM %1$s.member m "
				 "WHERE m.tenant_id = $1 AND m.member_id = ANY ($2)%2$s) "
				 "ORDER BY r.id FOR NO KEY UPDATE",
				 store->quoted_name, which),
		&params, false, 0);
	if (group != NULL && SPI_processed == 0)
		return false;
	/* nobody has written this */
	before = ScimStoreWriteBegin();
	PG_TRY();
	{
		(void) ScimMembersDelete(
			store,
			psprintf("m.tenant_id = $1 AND m.member_id OPERATOR(pg_catalog.=) ANY ($2)%s",
					 which),
			&params, true);
	}
	PG_FINALLY();
	{
		ScimStoreWriteEnd(before);
	}
	PG_END_TRY();
	return true;
}

/*
 * ScimMembersDrop removes all memberships of a group that is gone, at an instant (SPI is
 * connected).
 */
void
ScimMembersDrop(ScimStore *store, int32 tenant_id, const pg_uuid_t *group_id,
				TimestampTz now)
{
	const pg_uuid_t *outer = ScimGroupAtDoor;
	const ScimResourceType *outer_type = ScimGroupAtDoorType;
	TimestampTz outer_changes = ScimGroupChanges;
	int before = ScimStoreWriteBegin();
	ScimParams params;

	ScimParamsOfResource(&params, tenant_id, group_id);
	ScimGroupAtDoor = group_id;
	ScimGroupAtDoorType = NULL; /* it is gone: what is known of it is looked up */
	ScimGroupChanges = now;
	PG_TRY();
	{
		(void) ScimMembersDelete(store, "m.tenant_id = $1 AND m.group_id = $2", &params,
								 true);
	}
	PG_FINALLY();
	{
		ScimGroupAtDoor = outer;
		ScimGroupAtDoorType = outer_type;
		ScimGroupChanges = outer_changes;
		ScimStoreWriteEnd(before);
	}
	PG_END_TRY();
}

static void
append_member(StringInfo out, bool first, const char *key, const char *value)
{
	if (!first)
		appendStringInfoChar(out, ',');
	ScimJsonWriteString(out, key, strlen(key));
	appendStringInfoChar(out, ':');
	ScimJsonWriteString(out, value, strlen(value));
}

ScimReferenceParts
ScimReferencePartsOf(const ScimStore *store, const ScimProjection *projection,
					 const char *attribute)
{
	ScimReferenceParts parts;

	parts.base_url = ScimBaseUrl(store);
	parts.value = ScimProjectionHas(projection, attribute, "value");
	parts.ref = ScimProjectionHas(projection, attribute, "$ref");
	parts.type = ScimProjectionHas(projection, attribute, "type");
	parts.display = ScimProjectionHas(projection, attribute, "display");
	return parts;
}

/*
 * Append one {value, $ref, type, display}.  target is the resource type of what
 * is referred to, NULL where there is no such resource; type and display may be
 * NULL.  value is the id, unless there is another name.
 */
void
ScimAppendReference(StringInfo out, const ScimReferenceParts *parts, const char *value,
					const char *name, const ScimResourceType *target, const char *type,
					const char *display)
{
	int before = out->len;
	int start;

	appendStringInfoString(out,
						   out->len > 0 && out->data[out->len - 1] == '}' ? ",{" : "{");
	start = out->len;
	if (parts->value)
		append_member(out, out->len == start, "value", name ? name : value);
	if (parts->ref && target != NULL)
		append_member(out, out->len == start, "$ref",
					  ScimLocation(parts->base_url, target, value));
	if (parts->type && type != NULL)
		append_member(out, out->len == start, "type", type);
	if (parts->display && display != NULL)
		append_member(out, out->len == start, "display", display);
	if (out->len > start)
		appendStringInfoChar(out, '}');
	else
		out->len = before; /* nothing is left of it */
}

/* Ends the array that begins at start; false, and nothing, where it has no element. */
bool
ScimEndReferences(StringInfo out, int start)
{
	if (out->len == start + 1)
	{
		out->len = start;
		out->data[start] = '\0';
		return false;
	}
	appendStringInfoChar(out, ']');
	return true;
}

/*
 * ScimMembersSelect returns the statement that shows rows m of "member", which
 * are a FROM item, in the order of their ids: type and display come from the
 * live row of each member (RFC 7643 section 4.2).
 */
char *
ScimMembersSelect(const ScimStore *store, const char *rows)
{
	const char *readable = ScimScopeTypes(store);

	return psprintf("SELECT coalesce(m.value, m.member_id::text), r.resource_type, "
					"m.member_type, coalesce(r.display_name, r.user_name), m.member_id, "
					"r.display_name IS NULL "
					"FROM %2$s m "
					"LEFT JOIN %1$s.resource r ON r.tenant_id = m.tenant_id "
					"AND r.id = m.member_id AND r.deleted_at IS NULL%3$s "
					"ORDER BY m.member_id",
					store->quoted_name, rows,
					readable ? psprintf(" AND r.resource_type IN (%s)", readable) : "");
}

/* By what the members in these rows are shown; NULL: all by their ids. */
static const char **
name_members(const ScimMemberNaming *naming, uint64 nrows)
{
	pg_uuid_t *ids = palloc(nrows * sizeof(pg_uuid_t));
	uint64 *rows = palloc(nrows * sizeof(uint64));
	const char **found = palloc0(nrows * sizeof(char *));
	const char **names = palloc0(nrows * sizeof(char *));
	int n = 0;

	for (uint64 i = 0; i < nrows; i++)
	{
		const char *type = ScimResultText(i, 2);

		if (type == NULL || strcmp(type, naming->type->name) != 0)
			continue;
		ids[n] = *DatumGetUUIDP(ScimResultValue(i, 5, UUIDOID));
		rows[n++] = i;
	}
	naming->name(naming, n, ids, found);
	for (int i = 0; i < n; i++)
		names[rows[i]] = found[i];
	return names;
}

/*
 * The rows of a statement of ScimMembersSelect, which are at hand, as far as they have no
 * more than max bytes, but one at least.  Returns how many these are.
 */
static uint64
append_members(StringInfo out, ScimStore *store, const ScimReferenceParts *parts,
			   const ScimResource *group, uint64 nrows, int max)
{
	const char **names =
		group->naming != NULL && parts->value ? name_members(group->naming, nrows) : NULL;
	int start = out->len;

	for (uint64 i = 0; i < nrows; i++)
	{
		char *value = TextDatumGetCString(ScimResultValue(i, 1, TEXTOID));
		char *live_type = ScimResultText(i, 2);
		char *type = live_type ? live_type : ScimResultText(i, 3);
		const ScimResourceType *target =
			live_type ? ScimTypeByName(store, live_type) : NULL;
		const char *display = ScimResultText(i, 4);
		int before = out->len;

		CHECK_FOR_INTERRUPTS();
		if (display != NULL && group->others != NIL)
			display =
				ScimWireDisplay(group->others, target,
								DatumGetBool(ScimResultValue(i, 6, BOOLOID)), display);
		ScimAppendReference(out, parts, value, names ? names[i] : NULL, target, type,
							display);
		if (out->len - start > max && i > 0)
		{
			out->len = before;
			out->data[before] = '\0';
			return i;
		}
		if (out->len > MAX_RENDERED)
			ereport(ERROR, (ScimErr(SCIM_TOO_MANY),
							errmsg("the answer would have more than %d MB: read a group "
								   "this large without \"members\", or page by page",
								   MAX_RENDERED / 1024 / 1024)));
	}
	return nrows;
}

static ScimReferenceParts
member_parts(const ScimStore *store, const ScimResourceType *type,
			 const ScimProjection *projection)
{
	ScimReferenceParts parts = ScimReferencePartsOf(store, projection, "members");

	parts.display =
		parts.display &&
		ScimSettingBool(store->settings, SCIM_SETTING_MEMBER_DISPLAY, type->name);
	return parts;
}

/*
 * ScimMembersRender appends the members of a group, of which there may be very many:
 * a few of them are in memory at a time.
 */
bool
ScimMembersRender(StringInfo out, ScimStore *store, const ScimResource *group,
				  const ScimProjection *projection)
{
	ScimReferenceParts parts = member_parts(store, group->type, projection);
	int start = out->len;
	MemoryContext caller;
	MemoryContext context;
	ScimParams params;
	Portal portal;
	uint64 nrows;

	SPI_connect();
	caller = CurrentMemoryContext;
	context = AllocSetContextCreate(caller, "scim members", ALLOCSET_DEFAULT_SIZES);
	ScimParamsOfResource(&params, group->tenant_id, &group->id);
	portal = ScimSpiCursor(
		ScimMembersSelect(store, psprintf("(SELECT * FROM %s.member "
										  "WHERE tenant_id = $1 AND group_id = $2)",
										  store->quoted_name)),
		&params);
	appendStringInfoChar(out, '[');
	do
	{
		ScimSpiFetch(portal, MEMBERS_AT_ONCE);
		nrows = SPI_processed;
		MemoryContextSwitchTo(context);
		(void) append_members(out, store, &parts, group, nrows, INT_MAX);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(context);
		SPI_freetuptable(SPI_tuptable);
	} while (nrows == MEMBERS_AT_ONCE);
	SPI_cursor_close(portal);
	SPI_finish();
	return ScimEndReferences(out, start);
}

/*
 * ScimMembersRenderRows appends the first nrows rows of a statement of ScimMembersSelect
 * as a JSON array, as far as they have no more than max bytes, but one at least.  Returns
 * how many these are; where there is none, nothing is appended.
 */
uint64
ScimMembersRenderRows(StringInfo out, ScimStore *store, const ScimResource *group,
					  const ScimProjection *projection, uint64 nrows, int max)
{
	ScimReferenceParts parts = member_parts(store, group->type, projection);
	int start = out->len;
	uint64 n;

	parts.value = true; /* who it is: each row is seen, whatever is asked for */
	appendStringInfoChar(out, '[');
	n = append_members(out, store, &parts, group, nrows, max);
	(void) ScimEndReferences(out, start);
	return n;
}

static Datum
refuse_change(FunctionCallInfo fcinfo)
{
	ereport(ERROR, (ScimErr(SCIM_MUTABILITY), errmsg("a membership cannot be changed"),
					errhint("Delete the row and insert another.")));
	PG_RETURN_POINTER(NULL);
}

/* BEFORE UPDATE ... FOR EACH ROW on "member" */
Datum
scim_member_door(PG_FUNCTION_ARGS)
{
	return ScimPlainRowNamed(fcinfo, refuse_change);
}

static void
raise_no_group_named(const char *group)
{
	ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
					errmsg("a membership needs a group that exists, and \"%s\" is none",
						   group)));
}

/* Names the group that is not there, of a membership that was added. */
static void
raise_no_group(const ScimStore *store)
{
	char *condition = psprintf("c.group_id IS DISTINCT FROM $1 AND NOT EXISTS "
							   "(SELECT FROM %s.resource r WHERE r.deleted_at IS NULL "
							   "AND r.resource_type = ANY ($2) "
							   "AND r.tenant_id = c.tenant_id AND r.id = c.group_id)",
							   store->quoted_name);
	ErrorContextCallback callback;
	ScimParams params;
	char *group = "";

	ScimParamsInit(&params);
	ScimParamsAdd(&params, UUIDOID,
				  ScimGroupAtDoor ? UUIDPGetDatum(ScimGroupAtDoor) : (Datum) 0,
				  ScimGroupAtDoor == NULL);
	ScimParamsAdd(&params, TEXTARRAYOID, ScimGroupTypes(store), false);
	ScimSpiExecute(
		psprintf("SELECT c.group_id::text FROM changed_member c WHERE %s", condition),
		&params, false, 1);
	if (SPI_processed > 0)
		group = ScimResultText(0, 1);
	ScimMemberRowPush(&callback, store, condition, &params);
	raise_no_group_named(group);
}

/*
 * The group at the door is not touched, but nobody becomes a member of one that is gone:
 * it has gone after the door where a trigger of somebody's has taken it away, since those
 * have left who go by the same change.  One that was out of sight there has its version.
 */
static void
require_group_at_door(const ScimStore *store, const ScimChangedGroups *groups)
{
	ScimParams params;
	int at = 0;

	while (at < groups->n &&
		   memcmp(DatumGetUUIDP(groups->ids[at]), ScimGroupAtDoor, UUID_LEN) != 0)
		at++;
	if (at == groups->n)
		return;
	ScimParamsOfResource(&params, DatumGetInt32(groups->tenants[at]), ScimGroupAtDoor);
	ScimParamsAdd(&params, TEXTARRAYOID, ScimGroupTypes(store), false);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(ScimGroupAtDoorVersion), false);
	ScimSpiExecute(psprintf("SELECT FROM %s.resource r WHERE r.tenant_id = $1 "
							"AND r.id = $2 AND r.resource_type = ANY ($3) "
							"AND (r.deleted_at IS NULL OR r.version = $4)",
							store->quoted_name),
				   &params, false, 1);
	if (SPI_processed == 0)
		raise_no_group_named(ScimUuidText(ScimGroupAtDoor));
}

/*
 * Members of a group whose schema has no such attribute any more are none that a client
 * could add.  Those that are there may go.
 */
static void
refuse_unknown_members(const ScimStore *store)
{
	const ScimRegistry *registry = store->registry;
	Datum *names = palloc(sizeof(Datum) * (registry->ntypes + 1));
	const char *type_name;
	char *condition;
	ErrorContextCallback callback;
	ScimParams params;
	int n = 0;

	for (int i = 0; i < registry->ntypes; i++)
	{
		const ScimResourceType *type = &registry->types[i];

		if (type->has_members &&
			ScimSchemaAttribute(type->schema, "members", strlen("members")) == NULL)
			names[n++] = CStringGetTextDatum(type->name);
	}
	if (n == 0)
		return;
	condition = psprintf("EXISTS (SELECT FROM %s.resource r "
						 "WHERE r.resource_type = ANY ($1) "
						 "AND r.tenant_id = c.tenant_id AND r.id = c.group_id)",
						 store->quoted_name);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTARRAYOID, ScimArray(names, NULL, n, TEXTOID), false);
	ScimSpiExecute(psprintf("SELECT r.resource_type FROM changed_member c "
							"JOIN %s.resource r ON r.resource_type = ANY ($1) "
							"AND r.tenant_id = c.tenant_id AND r.id = c.group_id",
							store->quoted_name),
				   &params, false, 1);
	if (SPI_processed == 0)
		return;
	type_name = ScimResultText(0, 1);
	ScimMemberRowPush(&callback, store, condition, &params);
	ereport(ERROR,
			(ScimErr(SCIM_INVALID_SYNTAX),
			 errmsg("unknown attribute \"members\" of resource type \"%s\"", type_name)));
}

/* $1 tenants, $2 groups whose members came or went, but the one at the door. */
static int
add_touched(ScimParams *params, const ScimChangedGroups *groups)
{
	Datum *tenants = palloc(sizeof(Datum) * (groups->n + 1));
	Datum *ids = palloc(sizeof(Datum) * (groups->n + 1));
	int n = 0;

	for (int i = 0; i < groups->n; i++)
	{
		if (ScimGroupAtDoor != NULL &&
			memcmp(DatumGetUUIDP(groups->ids[i]), ScimGroupAtDoor, UUID_LEN) == 0)
			continue;
		tenants[n] = groups->tenants[i];
		ids[n++] = groups->ids[i];
	}
	ScimParamsAdd(params, INT4ARRAYOID, ScimArray(tenants, NULL, n, INT4OID), false);
	ScimParamsAdd(params, UUIDARRAYOID, ScimArray(ids, NULL, n, UUIDOID), false);
	return n;
}

/* The rows of those that are there, to follow SELECT or UPDATE: $1 to $3. */
#define TOUCHED_GROUPS                                           \
	"WHERE r.deleted_at IS NULL AND r.resource_type = ANY ($3) " \
	"AND (r.tenant_id, r.id) IN (SELECT * FROM unnest($1, $2))"

/*
 * Touch the groups whose members came or went, but the one whose row is at the door.
 * That somebody comes to a group that is not there is an error.
 */
static void
touch_groups(ScimStore *store, ScimChangedGroups *groups, bool inserted)
{
	ScimParams params;
	uint64 ngroups;
	int n;

	if (inserted && ScimGroupAtDoor != NULL && ScimHasFollower(&store->tables))
		require_group_at_door(store, groups);
	ScimParamsInit(&params);
	n = add_touched(&params, groups);
	if (n == 0)
		return;
	ScimParamsAdd(&params, TEXTARRAYOID, ScimGroupTypes(store), false);
	ScimChangedGroupsExecute(groups,
							 psprintf("SELECT r.id FROM %s.resource r " TOUCHED_GROUPS
									  " ORDER BY r.id FOR NO KEY UPDATE",
									  store->quoted_name),
							 &params);
	ngroups = SPI_processed;
	if (inserted && ngroups != n)
		raise_no_group(store);
	if (ngroups == 0)
		return;
	ScimChangedGroupsExecute(
		groups,
		psprintf("UPDATE %s.resource r SET version = version + 1 " TOUCHED_GROUPS
				 " RETURNING r.tenant_id, r.id, r.last_modified, r.version",
				 store->quoted_name),
		&params);
	ScimChangedGroupsTouched(groups);
	if (SPI_processed == ngroups)
		return;
	/* what a trigger has made of it may be that the group goes, by the policy "delete" */
	ngroups = SPI_processed;
	ScimChangedGroupsExecute(
		groups, psprintf("SELECT FROM %s.resource r " TOUCHED_GROUPS, store->quoted_name),
		&params);
	if (SPI_processed > ngroups)
		ScimRaiseSkipped("resource");
}

/* Notes for a preview, of rows of one statement. */
typedef struct Previewed
{
	const char *operation;
	bool has_room;
} Previewed;

static void
note_preview_rows(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	Previewed *previewed = arg;

	for (uint64 i = 0; i < nrows && previewed->has_room; i++)
	{
		bool no_value;
		Datum value = ScimColumn(rows[i], desc, 3, TEXTOID, &no_value);
		ScimPreviewNote *note = ScimPreviewAdd(
			SCIM_PREVIEW_MEMBER, previewed->operation,
			TextDatumGetCString(ScimColumnValue(rows[i], desc, 4, TEXTOID)),
			sizeof(ScimPreviewNote));

		CHECK_FOR_INTERRUPTS();
		previewed->has_room = note != NULL;
		if (note == NULL)
			return;
		note->id = *DatumGetUUIDP(ScimColumnValue(rows[i], desc, 1, UUIDOID));
		note->member = *DatumGetUUIDP(ScimColumnValue(rows[i], desc, 2, UUIDOID));
		note->value = no_value ? NULL : ScimPreviewText(TextDatumGetCString(value));
	}
}

/* Groups of which not all can be noted. */
static void
note_more_rows(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	for (uint64 i = 0; i < nrows; i++)
	{
		ScimPreviewNote *note = ScimPreviewAdd(
			SCIM_PREVIEW_MORE, arg,
			TextDatumGetCString(ScimColumnValue(rows[i], desc, 2, TEXTOID)),
			sizeof(ScimPreviewNote));

		CHECK_FOR_INTERRUPTS();
		if (note == NULL)
			return;
		note->id = *DatumGetUUIDP(ScimColumnValue(rows[i], desc, 1, UUIDOID));
	}
}

/* Who came and went, for who only wants to know that. */
static void
note_preview(const ScimStore *store, bool inserted)
{
	static const char from[] = "coalesce(r.resource_type, 'Group') FROM changed_member c "
							   "LEFT JOIN %s.resource r ON r.tenant_id = c.tenant_id "
							   "AND r.id = c.group_id";
	Previewed previewed = {inserted ? "add member" : "remove member", true};
	char *whose = psprintf(from, store->quoted_name);

	ScimSpiForEach(psprintf("SELECT c.group_id, c.member_id, c.value, %s", whose), NULL,
				   false, note_preview_rows, &previewed);
	if (!previewed.has_room)
		ScimSpiForEach(psprintf("SELECT DISTINCT c.group_id, %s", whose), NULL, false,
					   note_more_rows, (void *) previewed.operation);
}

/* Members are of their group: may who acts write that?  Of one that is gone as well. */
static void
require_scope(const ScimStore *store)
{
	const ScimRegistry *registry = store->registry;
	ScimIdentity caller;
	List *types = NIL;
	ListCell *lc;

	if (!ScimScopeBindsStatement(store->namespace_oid))
		return;
	caller = ScimBeOwner(store->owner);
	ScimSpiExecute(psprintf("SELECT DISTINCT r.resource_type FROM %s.resource r WHERE "
							"(r.tenant_id, r.id) IN (SELECT c.tenant_id, c.group_id "
							"FROM changed_member c)",
							store->quoted_name),
				   NULL, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
		types = lappend(types, ScimResultText(i, 1));
	ScimBeCaller(caller);
	foreach (lc, types)
		ScimScopeRequireOfCall(store, lfirst(lc), true);
	if (types != NIL)
		return;
	/* nobody is told whether there is such a group */
	for (int i = 0; i < registry->ntypes; i++)
	{
		if (registry->types[i].has_members)
			ScimScopeRequireOfCall(store, registry->types[i].name, true);
	}
}

static Datum
record_members(FunctionCallInfo fcinfo)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	bool inserted;
	const char *changed;
	ScimStore *store;
	ScimIdentity caller;
	ScimParams params;
	ScimChangedGroups groups;

	/* a store of before 0.12.0 has it of statements, and has to be brought forward first
	 */
	if (CALLED_AS_TRIGGER(fcinfo) && TRIGGER_FIRED_AFTER(trigger->tg_event) &&
		TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event) &&
		(TRIGGER_FIRED_BY_INSERT(trigger->tg_event) ||
		 TRIGGER_FIRED_BY_DELETE(trigger->tg_event)))
		(void) ScimStoreOfTrigger(trigger, SCIM_TABLE_MEMBER);
	trigger =
		ScimTriggerCalled(fcinfo, "member_record", AFTER_ROW | ON_INSERT | ON_DELETE);
	ScimDoorCountWrite();
	inserted = TRIGGER_FIRED_BY_INSERT(trigger->tg_event);
	store = ScimStoreOfTrigger(trigger, SCIM_TABLE_MEMBER);
	changed =
		inserted ? trigger->tg_trigger->tgnewtable : trigger->tg_trigger->tgoldtable;
	if ((!inserted && !TRIGGER_FIRED_BY_DELETE(trigger->tg_event)) || changed == NULL ||
		strcmp(changed, "changed_member") != 0)
		ereport(
			ERROR,
			(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
			 errmsg(
				 "scim_internal.member_record must be called for INSERT or DELETE, with "
				 "a transition table \"changed_member\"")));
	SPI_connect();
	if (SPI_register_trigger_data(trigger) < 0)
		elog(ERROR, "could not register the transition table of \"member\"");
	groups = ScimChangedGroupsRead(store, trigger);
	if (groups.n > 0)
	{
		require_scope(store);
		caller = ScimBeOwner(store->owner);
		ScimMemberNotesAdd(store, inserted);
		if (ScimPreviewing())
			note_preview(store, inserted);
		ScimManagedCheckMembers(store, inserted);
		if (inserted)
		{
			refuse_unknown_members(store);
			ScimMembersLockNew(store, &groups);
		}
		touch_groups(store, &groups, inserted);
		if (inserted)
		{
			/* who writes a group's own row has looked already (member_change.c) */
			if (ScimGroupAtDoor == NULL)
			{
				ScimParamsInit(&params);
				ScimCheckMemberTypes(store, "changed_member", &params, true);
			}
			ScimCheckNewMembers(store, ScimGroupAtDoor == NULL);
		}
		PG_TRY();
		{
			ScimWrittenTenant = DatumGetInt32(groups.tenants[0]);
			ScimMembersAudit(store, &groups, inserted);
		}
		PG_FINALLY();
		{
			ScimWrittenTenant = SCIM_NOBODYS;
		}
		PG_END_TRY();
		if (!inserted)
			ScimGuardNoteMembers(store);
		/* with the policies that hold by now: the groups are locked */
		ScimRolesNoteMembers(ScimStoreByNamespace(store->namespace_oid));
		ScimBeCaller(caller);
	}
	SPI_finish();
	/* what a request does to a group is one change, which is not over yet */
	if (ScimGroupAtDoor == NULL)
	{
		ScimGuardSettle(ScimTriggerDepth());
		ScimRolesSettle(ScimTriggerDepth());
	}
	PG_RETURN_POINTER(NULL);
}

/*
 * Has the trigger been called for another row of the same transition table?  That lasts
 * as long as what a statement keeps of its triggers.  What a foreign key takes away
 * later, in the same statement, is in a table of its own.
 */
static bool
is_called_again(FunctionCallInfo fcinfo)
{
	const TriggerData *trigger;
	void *rows;

	if (!CALLED_AS_TRIGGER(fcinfo))
		return false;
	trigger = (const TriggerData *) fcinfo->context;
	rows = TRIGGER_FIRED_BY_INSERT(trigger->tg_event) ? trigger->tg_newtable
													  : trigger->tg_oldtable;
	if (rows == NULL)
		return false;
	if (fcinfo->flinfo->fn_extra == rows)
		return true;
	fcinfo->flinfo->fn_extra = rows;
	return false;
}

/* AFTER INSERT or DELETE ... FOR EACH ROW on "member", with changed_member */
Datum
scim_member_record(PG_FUNCTION_ARGS)
{
	if (is_called_again(fcinfo))
		PG_RETURN_POINTER(NULL);
	return ScimTriggerRun(fcinfo, record_members);
}
