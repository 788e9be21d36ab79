/*
 * member.c
 *		Group membership: the table "member", one row per membership.
 *
 * A group's document never holds its members: adding or removing one costs the
 * same in a group of ten and of a million.
 *
 * Whatever changes the table, the statement trigger scim_member_record touches
 * each group concerned (version + 1) once per statement, in the order of their
 * ids, and writes the audit.  Only a group that is itself at the door (its row
 * is written by whoever writes its members, member_change.c) is left alone: there
 * its version moves once, with all that is changed.
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
#include "door/door.h"
#include "json/json.h"
#include "mapping/predicate.h"
#include "resource/resource.h"
#include "store/acting.h"
#include "store/column.h"
#include "store/plan.h"
#include "store/preview.h"
#include "store/store.h"

/* How many members are rendered at a time. */
#define MEMBERS_AT_ONCE 1000

/* More groups than so many in one statement have a plan of their own. */
#define FEW_GROUPS 10
/* So many members at a time are audited one by one. */
#define FEW_MEMBERS 4

PG_FUNCTION_INFO_V1(scim_member_door);
PG_FUNCTION_INFO_V1(scim_member_record);

/*
 * ScimMembersLeaveAll takes members, n uuids of one tenant, out of all their groups (SPI
 * is connected).  The groups are locked first, as whoever changes a group does, lest two
 * that meet here lock each other out.
 */
void
ScimMembersLeaveAll(ScimStore *store, int32 tenant_id, Datum *members, int n)
{
	ScimParams params;
	int before;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimParamsAdd(&params, UUIDARRAYOID, ScimArray(members, NULL, n, UUIDOID), false);
	ScimSpiExecute(
		psprintf("SELECT FROM %1$s.resource r WHERE r.tenant_id = $1 AND r.id IN "
				 "(SELECT m.group_id FROM %1$s.member m "
				 "WHERE m.tenant_id = $1 AND m.member_id = ANY ($2)) "
				 "ORDER BY r.id FOR NO KEY UPDATE",
				 store->quoted_name),
		&params, false, 0);
	/* nobody has written this */
	before = ScimStoreWriteBegin();
	PG_TRY();
	{
		ScimSpiExecute(psprintf("DELETE FROM %s.member "
								"WHERE tenant_id = $1 AND member_id = ANY ($2)",
								store->quoted_name),
					   &params, false, 0);
	}
	PG_FINALLY();
	{
		ScimStoreWriteEnd(before);
	}
	PG_END_TRY();
}

/*
 * ScimMembersDrop removes all memberships of a group that is gone, at an instant (SPI is
 * connected).  Returns how many there were.
 */
uint64
ScimMembersDrop(ScimStore *store, int32 tenant_id, const pg_uuid_t *group_id,
				TimestampTz now)
{
	const pg_uuid_t *outer = ScimGroupAtDoor;
	TimestampTz outer_changes = ScimGroupChanges;
	int before = ScimStoreWriteBegin();
	uint64 dropped = 0;
	ScimParams params;

	ScimParamsOfResource(&params, tenant_id, group_id);
	ScimGroupAtDoor = group_id;
	ScimGroupChanges = now;
	PG_TRY();
	{
		ScimSpiExecute(
			psprintf("DELETE FROM %s.member WHERE tenant_id = $1 AND group_id = $2",
					 store->quoted_name),
			&params, false, 0);
		dropped = SPI_processed;
	}
	PG_FINALLY();
	{
		ScimGroupAtDoor = outer;
		ScimGroupChanges = outer_changes;
		ScimStoreWriteEnd(before);
	}
	PG_END_TRY();
	return dropped;
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
					"m.member_type, coalesce(r.display_name, r.user_name), m.member_id "
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

/* The rows of a statement of ScimMembersSelect, which are at hand. */
static void
append_members(StringInfo out, ScimStore *store, const ScimReferenceParts *parts,
			   const ScimMemberNaming *naming, uint64 nrows)
{
	const char **names =
		naming != NULL && parts->value ? name_members(naming, nrows) : NULL;

	for (uint64 i = 0; i < nrows; i++)
	{
		char *value = TextDatumGetCString(ScimResultValue(i, 1, TEXTOID));
		char *live_type = ScimResultText(i, 2);
		char *type = live_type ? live_type : ScimResultText(i, 3);

		CHECK_FOR_INTERRUPTS();
		ScimAppendReference(out, parts, value, names ? names[i] : NULL,
							live_type ? ScimTypeByName(store, live_type) : NULL, type,
							ScimResultText(i, 4));
	}
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
		SPI_cursor_fetch(portal, true, MEMBERS_AT_ONCE);
		nrows = SPI_processed;
		MemoryContextSwitchTo(context);
		append_members(out, store, &parts, group->naming, nrows);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(context);
		SPI_freetuptable(SPI_tuptable);
	} while (nrows == MEMBERS_AT_ONCE);
	SPI_cursor_close(portal);
	SPI_finish();
	return ScimEndReferences(out, start);
}

/*
 * ScimMembersRenderRows appends the first rows of a statement of
 * ScimMembersSelect as a JSON array.  False, and nothing, where there is none.
 */
bool
ScimMembersRenderRows(StringInfo out, ScimStore *store, const ScimResource *group,
					  const ScimProjection *projection, uint64 nrows)
{
	ScimReferenceParts parts = member_parts(store, group->type, projection);
	int start = out->len;

	parts.value = true; /* who it is: each row is seen, whatever is asked for */
	appendStringInfoChar(out, '[');
	append_members(out, store, &parts, group->naming, nrows);
	return ScimEndReferences(out, start);
}

/* BEFORE UPDATE ... FOR EACH ROW on "member" */
Datum
scim_member_door(PG_FUNCTION_ARGS)
{
	ereport(ERROR, (ScimErr(SCIM_MUTABILITY), errmsg("a membership cannot be changed"),
					errhint("Delete the row and insert another.")));
	PG_RETURN_POINTER(NULL);
}

/* The names of the resource types that have members, text[]. */
static Datum
group_types(const ScimStore *store)
{
	const ScimRegistry *registry = store->registry;
	Datum *names = palloc(sizeof(Datum) * (registry->ntypes + 1));
	int n = 0;

	for (int i = 0; i < registry->ntypes; i++)
	{
		if (registry->types[i].has_members)
			names[n++] = CStringGetTextDatum(registry->types[i].name);
	}
	return ScimArray(names, palloc0(registry->ntypes + 1), n, TEXTOID);
}

/*
 * The groups whose members came or went, read once: what is joined is these, and never a
 * transition table, of whose size a kept plan knows nothing.
 */
typedef struct ChangedGroups
{
	int n;
	Datum *tenants;
	Datum *ids;
	bool is_at_door; /* it is one, whose own row is being written */
	/* the rows themselves, where they are few: tenant, group, member */
	uint64 nrows;
	SPITupleTable *members; /* or NULL */
} ChangedGroups;

/* Takes the groups of the rows at hand, each once; of few rows. */
static void
take_few_groups(ChangedGroups *groups)
{
	groups->nrows = SPI_processed;
	groups->members = SPI_tuptable;
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		Datum tenant = ScimResultValue(row, 1, INT4OID);
		Datum id = ScimResultValue(row, 2, UUIDOID);
		int i = 0;

		while (i < groups->n &&
			   (groups->tenants[i] != tenant ||
				memcmp(DatumGetUUIDP(groups->ids[i]), DatumGetUUIDP(id), UUID_LEN) != 0))
			i++;
		groups->tenants[i] = tenant;
		groups->ids[i] = id;
		groups->n = Max(groups->n, i + 1);
	}
}

static ChangedGroups
read_changed_groups(const ScimStore *store)
{
	ChangedGroups groups = {0};

	ScimSpiExecute(psprintf("SELECT tenant_id, group_id, member_id "
							"FROM changed_member /* of %s */ LIMIT %d",
							store->quoted_name, FEW_MEMBERS + 1),
				   NULL, false, 0);
	if (SPI_processed > FEW_MEMBERS)
		ScimSpiExecute(psprintf("SELECT DISTINCT tenant_id, group_id "
								"FROM changed_member /* of %s */",
								store->quoted_name),
					   NULL, false, 0);
	groups.tenants = palloc(sizeof(Datum) * (SPI_processed + 1));
	groups.ids = palloc(sizeof(Datum) * (SPI_processed + 1));
	if (SPI_tuptable->tupdesc->natts > 2)
		take_few_groups(&groups);
	else
	{
		groups.n = SPI_processed;
		for (int i = 0; i < groups.n; i++)
		{
			CHECK_FOR_INTERRUPTS();
			groups.tenants[i] = ScimResultValue(i, 1, INT4OID);
			groups.ids[i] = ScimResultValue(i, 2, UUIDOID);
		}
	}
	groups.is_at_door =
		groups.n == 1 && ScimGroupAtDoor != NULL &&
		memcmp(DatumGetUUIDP(groups.ids[0]), ScimGroupAtDoor, UUID_LEN) == 0;
	return groups;
}

/* $1 tenants, $2 groups; a group whose row is at the door only with_door. */
static int
group_params(ScimParams *params, const ChangedGroups *groups, bool with_door)
{
	Datum *tenants = palloc(sizeof(Datum) * (groups->n + 1));
	Datum *ids = palloc(sizeof(Datum) * (groups->n + 1));
	int n = 0;

	for (int i = 0; i < groups->n; i++)
	{
		if (!with_door && ScimGroupAtDoor != NULL &&
			memcmp(DatumGetUUIDP(groups->ids[i]), ScimGroupAtDoor, UUID_LEN) == 0)
			continue;
		tenants[n] = groups->tenants[i];
		ids[n++] = groups->ids[i];
	}
	ScimParamsInit(params);
	ScimParamsAdd(params, INT4ARRAYOID, ScimArray(tenants, NULL, n, INT4OID), false);
	ScimParamsAdd(params, UUIDARRAYOID, ScimArray(ids, NULL, n, UUIDOID), false);
	return n;
}

/* A kept plan is made for the few groups of most statements, and one for many for them.
 */
static void
execute_for(int ngroups, const char *query, const ScimParams *params)
{
	if (ngroups > FEW_GROUPS)
		ScimSpiExecuteOnce(query, params, false, 0);
	else
		ScimSpiExecute(query, params, false, 0);
}

/* Names the group that is not there, of a membership that was added. */
static void
raise_no_group(const ScimStore *store, const ScimParams *params)
{
	ScimSpiExecute(psprintf("SELECT c.id::text FROM unnest($1, $2) AS c (tenant_id, id) "
							"WHERE NOT EXISTS (SELECT FROM %s.resource r "
							"WHERE r.deleted_at IS NULL AND r.resource_type = ANY ($3) "
							"AND r.tenant_id = c.tenant_id AND r.id = c.id)",
							store->quoted_name),
				   params, false, 1);
	ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
					errmsg("a membership needs a group that exists, and \"%s\" is none",
						   SPI_processed > 0 ? ScimResultText(0, 1) : "")));
}

/*
 * Touch the groups whose members came or went.  A group that is not there is an error,
 * unless its row is at the door.
 */
static void
touch_groups(ScimStore *store, const ChangedGroups *groups, bool inserted)
{
	ScimParams params;
	uint64 ngroups;
	int n = group_params(&params, groups, false);

	if (n == 0)
		return;
	ScimParamsAdd(&params, TEXTARRAYOID, group_types(store), false);
	execute_for(n,
				psprintf("SELECT r.id FROM %s.resource r WHERE r.deleted_at IS NULL "
						 "AND r.resource_type = ANY ($3) AND (r.tenant_id, r.id) IN "
						 "(SELECT * FROM unnest($1, $2)) ORDER BY r.id "
						 "FOR NO KEY UPDATE",
						 store->quoted_name),
				&params);
	ngroups = SPI_processed;
	if (inserted && ngroups != n)
		raise_no_group(store, &params);
	if (ngroups > 0)
		execute_for(n,
					psprintf("UPDATE %s.resource r SET version = version + 1 "
							 "WHERE r.deleted_at IS NULL "
							 "AND r.resource_type = ANY ($3) "
							 "AND (r.tenant_id, r.id) IN (SELECT * FROM unnest($1, $2))",
							 store->quoted_name),
					&params);
}

/* The groups whose members came or went, and are audited: as arrays. */
typedef struct AuditedGroups
{
	int n;
	Datum *tenants;
	Datum *ids;
	Datum *types;
	Datum *instants;
	TimestampTz first;
	TimestampTz last;
} AuditedGroups;

/*
 * The groups whose members came or went, with their types and instants.  One that is
 * gone has the type that the audit knows of it: that it went, if nothing else.  Those
 * that have been touched were just then.  Returns whether all types are known.
 */
static bool
read_groups(const ScimStore *store, const ChangedGroups *changed, TimestampTz now,
			bool look_for_gone)
{
	const char *gone = look_for_gone ? psprintf("(SELECT a.resource_type FROM %s.audit a "
												"WHERE a.tenant_id = c.tenant_id "
												"AND a.resource_id = c.id "
												"ORDER BY a.at DESC, a.id DESC LIMIT 1)",
												store->quoted_name)
									 : "NULL";
	ScimParams params;

	(void) group_params(&params, changed, true);
	ScimParamsAdd(&params, TEXTARRAYOID, group_types(store), false);
	ScimParamsAdd(&params, UUIDOID,
				  ScimGroupAtDoor ? UUIDPGetDatum(ScimGroupAtDoor) : (Datum) 0,
				  ScimGroupAtDoor == NULL);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(ScimGroupChanges), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(now), false);
	execute_for(changed->n,
				psprintf("SELECT c.tenant_id, c.id, coalesce(r.resource_type, %2$s), "
						 "CASE WHEN c.id = $4 THEN $5 WHEN r.deleted_at IS NULL "
						 "THEN coalesce(r.last_modified, $6) "
						 "ELSE greatest(r.last_modified, $6) END "
						 "FROM unnest($1, $2) AS c (tenant_id, id) "
						 "LEFT JOIN %1$s.resource r ON r.resource_type = ANY ($3) "
						 "AND r.tenant_id = c.tenant_id AND r.id = c.id",
						 store->quoted_name, gone),
				&params);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		if (ScimResultText(i, 3) == NULL)
			return false;
	}
	return true;
}

/* Of the group at the door nothing has to be looked up. */
static void
take_group_at_door(ScimStore *store, const ChangedGroups *changed, AuditedGroups *groups)
{
	const ScimResourceType *type = ScimGroupAtDoorType;

	groups->n = ScimRulesFor(store, DatumGetInt32(changed->tenants[0]), type)
							->of[SCIM_RULE_AUDIT] != NIL
					? 1
					: 0;
	groups->tenants = changed->tenants;
	groups->ids = changed->ids;
	groups->types = palloc(sizeof(Datum));
	groups->types[0] = CStringGetTextDatum(type->name);
	groups->instants = palloc(sizeof(Datum));
	groups->instants[0] = TimestampTzGetDatum(ScimGroupChanges);
	groups->first = groups->last = ScimGroupChanges;
}

/* Each group has the policies of its own resource type and tenant. */
static void
find_audited_groups(ScimStore *store, const ChangedGroups *changed, AuditedGroups *groups)
{
	TimestampTz now;

	if (changed->is_at_door && ScimGroupAtDoorType != NULL)
	{
		take_group_at_door(store, changed, groups);
		return;
	}
	now = ScimClock(store, SCIM_NO_INSTANT);
	if (!read_groups(store, changed, now, false))
		(void) read_groups(store, changed, now, true);
	groups->n = 0;
	groups->tenants = palloc(sizeof(Datum) * SPI_processed);
	groups->ids = palloc(sizeof(Datum) * SPI_processed);
	groups->types = palloc(sizeof(Datum) * SPI_processed);
	groups->instants = palloc(sizeof(Datum) * SPI_processed);
	groups->first = groups->last = now;
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		int32 tenant_id = DatumGetInt32(ScimResultValue(i, 1, INT4OID));
		const char *name = ScimResultText(i, 3);
		const ScimResourceType *type =
			name != NULL ? ScimRegistryType(store->registry, name) : NULL;
		TimestampTz instant;

		CHECK_FOR_INTERRUPTS();
		if (type == NULL ||
			ScimRulesFor(store, tenant_id, type)->of[SCIM_RULE_AUDIT] == NIL)
			continue;
		groups->tenants[groups->n] = Int32GetDatum(tenant_id);
		groups->ids[groups->n] = ScimResultValue(i, 2, UUIDOID);
		groups->instants[groups->n] = ScimResultValue(i, 4, TIMESTAMPTZOID);
		instant = DatumGetTimestampTz(groups->instants[groups->n]);
		groups->first = groups->n == 0 ? instant : Min(groups->first, instant);
		groups->last = groups->n == 0 ? instant : Max(groups->last, instant);
		groups->types[groups->n++] = CStringGetTextDatum(type->name);
	}
}

/* The audit of a few members of one group, for which a statement with a join costs more.
 */
static void
audit_few_members(const ScimStore *store, const ChangedGroups *changed,
				  const AuditedGroups *groups, const char *operation)
{
	ScimAuditRow row = {.audit = store->tables.relid[SCIM_TABLE_AUDIT],
						.tenant_id = DatumGetInt32(groups->tenants[0]),
						.at = groups->first,
						.operation = operation,
						.resource_type = TextDatumGetCString(groups->types[0]),
						.resource_id = DatumGetUUIDP(groups->ids[0]),
						.no_version = true};

	for (uint64 i = 0; i < changed->nrows; i++)
	{
		Datum id = ScimColumnValue(changed->members->vals[i], changed->members->tupdesc,
								   3, UUIDOID);

		row.member_id = DatumGetUUIDP(id);
		ScimAuditInsert(&row);
	}
}

static void
audit_members(ScimStore *store, const ChangedGroups *changed, bool inserted)
{
	AuditedGroups groups;
	StringInfoData columns;
	StringInfoData values;
	const char *operation = inserted ? "add member" : "remove member";
	ScimParams params;

	if (!ScimRuleAny(store, SCIM_RULE_AUDIT))
		return;
	find_audited_groups(store, changed, &groups);
	if (groups.n == 0)
		return;
	if (changed->n == 1 && changed->members != NULL)
	{
		audit_few_members(store, changed, &groups, operation);
		return;
	}
	initStringInfo(&columns);
	initStringInfo(&values);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4ARRAYOID,
				  ScimArray(groups.tenants, NULL, groups.n, INT4OID), false);
	ScimParamsAdd(&params, UUIDARRAYOID, ScimArray(groups.ids, NULL, groups.n, UUIDOID),
				  false);
	ScimParamsAdd(&params, TEXTARRAYOID, ScimArray(groups.types, NULL, groups.n, TEXTOID),
				  false);
	ScimParamsAdd(&params, TIMESTAMPTZARRAYOID,
				  ScimArray(groups.instants, NULL, groups.n, TIMESTAMPTZOID), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(operation), false);
	ScimAuditWho(store->tables.relid[SCIM_TABLE_AUDIT], &columns, &values, &params);
	/* a kept plan is made for the few groups of most statements */
	ScimAuditExecute(
		psprintf("INSERT INTO %s (%s, operation, tenant_id, at, resource_type, "
				 "resource_id, member_id) "
				 "SELECT %s, $5, c.tenant_id, g.at, g.resource_type, c.group_id, "
				 "c.member_id FROM changed_member c /* of %s */ "
				 "JOIN unnest($1, $2, $3, $4) AS g (tenant_id, group_id, resource_type, "
				 "at) ON g.tenant_id = c.tenant_id AND g.group_id = c.group_id",
				 ScimAuditTable(store->tables.relid[SCIM_TABLE_AUDIT], groups.first,
								groups.last),
				 columns.data, values.data, store->quoted_name),
		&params, groups.n <= FEW_GROUPS);
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

/* AFTER INSERT or DELETE ... FOR EACH STATEMENT on "member", with changed_member */
Datum
scim_member_record(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = ScimTriggerCalled(fcinfo, "member_record",
											 TRIGGER_TYPE_AFTER | TRIGGER_TYPE_STATEMENT);
	bool inserted;
	const char *changed;
	ScimStore *store;
	ScimIdentity caller;
	ScimParams params;
	ChangedGroups groups;

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
	groups = read_changed_groups(store);
	if (groups.n > 0)
	{
		require_scope(store);
		caller = ScimBeOwner(store->owner);
		ScimMemberNotesAdd(store, inserted);
		if (ScimPreviewing())
			note_preview(store, inserted);
		ScimManagedCheckMembers(store, inserted);
		touch_groups(store, &groups, inserted);
		if (inserted)
		{
			/* who writes a group's own row has looked already (member_change.c) */
			if (ScimGroupAtDoor == NULL)
			{
				ScimParamsInit(&params);
				ScimCheckMemberTypes(store, "changed_member", &params);
			}
			ScimCheckNewMembers(store);
		}
		PG_TRY();
		{
			ScimWrittenTenant = DatumGetInt32(groups.tenants[0]);
			audit_members(store, &groups, inserted);
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
