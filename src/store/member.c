/*
 * member.c
 *		Group membership: the table "member", one row per membership.
 *
 * A group's document never holds its members: adding or removing one costs the
 * same in a group of ten and of a million.  A client's list of members becomes
 * three arrays (member_id, value, member_type) and one set-based statement.
 *
 * Whatever changes the table, the statement trigger scim_member_record touches
 * each group concerned (version + 1) once per statement, in the order of their
 * ids, and writes the audit.  Only a group that is itself at the door (its row
 * is being written by the very statement that states its members) is left
 * alone: the door moves its version.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/rel.h"

#include "json/json.h"
#include "resource/resource.h"
#include "store/internal.h"

/* The group whose row is at the door, while its members are written. */
static const pg_uuid_t *group_at_door = NULL;

PG_FUNCTION_INFO_V1(scim_member_door);
PG_FUNCTION_INFO_V1(scim_member_record);

/* Arrays of one list of members, for unnest(). */
typedef struct MemberArrays
{
	Datum ids;    /* uuid[] */
	Datum values; /* text[]: the reference as sent, where it is no id */
	Datum types;  /* text[]: as sent, or null */
} MemberArrays;

static Datum
make_array(Datum *values, bool *nulls, int n, Oid type)
{
	int lower = 1;

	if (type == UUIDOID)
		return PointerGetDatum(construct_md_array(values, nulls, 1, &n, &lower, UUIDOID,
												  UUID_LEN, false, TYPALIGN_CHAR));
	return PointerGetDatum(construct_md_array(values, nulls, 1, &n, &lower, TEXTOID, -1,
											  false, TYPALIGN_INT));
}

static MemberArrays
member_arrays(const JsonbValue *members)
{
	int n = members == NULL ? 0 : members->val.array.nElems;
	Datum *ids = palloc(sizeof(Datum) * (n + 1));
	Datum *values = palloc(sizeof(Datum) * (n + 1));
	Datum *types = palloc(sizeof(Datum) * (n + 1));
	bool *id_nulls = palloc0(n + 1);
	bool *value_nulls = palloc0(n + 1);
	bool *type_nulls = palloc0(n + 1);
	MemberArrays arrays;

	for (int i = 0; i < n; i++)
	{
		const JsonbValue *member = &members->val.array.elems[i];
		const JsonbValue *value = ScimJsonGet(member, "value");
		const JsonbValue *type = ScimJsonGet(member, "type");
		pg_uuid_t *key = palloc(sizeof(pg_uuid_t));

		CHECK_FOR_INTERRUPTS();
		if (value == NULL || value->type != jbvString)
			ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
							errmsg("attribute \"members.value\" is required")));
		ScimMemberKey(value->val.string.val, value->val.string.len, key, &value_nulls[i]);
		ids[i] = UUIDPGetDatum(key);
		values[i] = value_nulls[i] ? (Datum) 0
								   : PointerGetDatum(cstring_to_text_with_len(
										 value->val.string.val, value->val.string.len));
		type_nulls[i] = type == NULL || type->type != jbvString;
		types[i] = type_nulls[i] ? (Datum) 0
								 : PointerGetDatum(cstring_to_text_with_len(
									   type->val.string.val, type->val.string.len));
	}
	arrays.ids = make_array(ids, id_nulls, n, UUIDOID);
	arrays.values = make_array(values, value_nulls, n, TEXTOID);
	arrays.types = make_array(types, type_nulls, n, TEXTOID);
	return arrays;
}

static void
start_params(ScimParams *params, int32 tenant_id, const pg_uuid_t *id)
{
	ScimParamsInit(params);
	ScimParamsAdd(params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimParamsAdd(params, UUIDOID, UUIDPGetDatum(id), false);
}

/* Between SPI_connect and SPI_finish; each returns the number of rows. */
static uint64
add_members(ScimStore *store, int32 tenant_id, const pg_uuid_t *group_id,
			const MemberArrays *arrays)
{
	ScimParams params;

	start_params(&params, tenant_id, group_id);
	ScimParamsAdd(&params, UUIDARRAYOID, arrays->ids, false);
	ScimParamsAdd(&params, TEXTARRAYOID, arrays->values, false);
	ScimParamsAdd(&params, TEXTARRAYOID, arrays->types, false);
	ScimSpiExecute(
		psprintf(
			"INSERT INTO %s.member (tenant_id, group_id, member_id, value, member_type) "
			"SELECT $1, $2, m.id, m.value, m.type "
			"FROM unnest($3, $4, $5) AS m (id, value, type) "
			"ON CONFLICT DO NOTHING",
			store->quoted_name),
		&params, false, 0);
	return SPI_processed;
}

static uint64
remove_members(ScimStore *store, int32 tenant_id, const pg_uuid_t *group_id,
			   const char *condition, const MemberArrays *arrays)
{
	ScimParams params;

	start_params(&params, tenant_id, group_id);
	ScimParamsAdd(&params, UUIDARRAYOID, arrays->ids, false);
	ScimSpiExecute(
		psprintf("DELETE FROM %s.member "
				 "WHERE tenant_id = $1 AND group_id = $2 AND member_id %s ($3)",
				 store->quoted_name, condition),
		&params, false, 0);
	return SPI_processed;
}

static uint64
replace_members(ScimStore *store, int32 tenant_id, const pg_uuid_t *group_id,
				const JsonbValue *members)
{
	MemberArrays arrays = member_arrays(members);
	uint64 changed = remove_members(store, tenant_id, group_id,
									"OPERATOR(pg_catalog.<>) ALL", &arrays);

	if (members != NULL)
		changed += add_members(store, tenant_id, group_id, &arrays);
	return changed;
}

static uint64
remove_by_filter(ScimStore *store, int32 tenant_id, const pg_uuid_t *group_id,
				 const ScimResourceType *type, const ScimFilter *filter)
{
	ScimParams params;
	StringInfoData query;

	start_params(&params, tenant_id, group_id);
	initStringInfo(&query);
	appendStringInfo(&query,
					 "DELETE FROM %s.member m WHERE m.tenant_id = $1 AND m.group_id = $2 "
					 "AND ",
					 store->quoted_name);
	ScimMemberPredicate(&query, &params, store, type, filter);
	ScimSpiExecute(query.data, &params, false, 0);
	return SPI_processed;
}

/*
 * ScimMembersChange applies what a PATCH does to the members of a group: a
 * list of ScimMemberChange, in order.
 */
void
ScimMembersChange(ScimStore *store, int32 tenant_id, const pg_uuid_t *group_id,
				  const ScimResourceType *type, List *changes)
{
	ListCell *lc;

	SPI_connect();
	foreach (lc, changes)
	{
		const ScimMemberChange *change = lfirst(lc);
		MemberArrays arrays;

		switch (change->action)
		{
			case SCIM_MEMBERS_ADD:
				arrays = member_arrays(change->members);
				add_members(store, tenant_id, group_id, &arrays);
				break;
			case SCIM_MEMBERS_REMOVE:
				arrays = member_arrays(change->members);
				remove_members(store, tenant_id, group_id, "OPERATOR(pg_catalog.=) ANY",
							   &arrays);
				break;
			case SCIM_MEMBERS_REMOVE_FILTER:
				remove_by_filter(store, tenant_id, group_id, type, change->filter);
				break;
			case SCIM_MEMBERS_REPLACE:
				replace_members(store, tenant_id, group_id, change->members);
				break;
		}
	}
	SPI_finish();
}

/*
 * ScimMembersReplaceAtDoor sets the members of a group whose own row is being
 * written.  Returns how many memberships came and went.
 */
uint64
ScimMembersReplaceAtDoor(ScimStore *store, int32 tenant_id, const pg_uuid_t *group_id,
						 const JsonbValue *members)
{
	const pg_uuid_t *outer = group_at_door;
	uint64 changed = 0;

	group_at_door = group_id;
	PG_TRY();
	{
		SPI_connect();
		changed = replace_members(store, tenant_id, group_id, members);
		SPI_finish();
	}
	PG_FINALLY();
	{
		group_at_door = outer;
	}
	PG_END_TRY();
	return changed;
}

static void
delete_memberships(ScimStore *store, int32 tenant_id, const char *column,
				   const pg_uuid_t *id)
{
	ScimParams params;

	start_params(&params, tenant_id, id);
	ScimSpiExecute(psprintf("DELETE FROM %s.member WHERE tenant_id = $1 AND %s = $2",
							store->quoted_name, column),
				   &params, false, 0);
}

/* ScimMembersLeaveAll takes a member out of all its groups (SPI is connected). */
void
ScimMembersLeaveAll(ScimStore *store, int32 tenant_id, const pg_uuid_t *member_id)
{
	delete_memberships(store, tenant_id, "member_id", member_id);
}

/* ScimMembersDrop removes all memberships of a group that is gone (SPI is connected). */
void
ScimMembersDrop(ScimStore *store, int32 tenant_id, const pg_uuid_t *group_id)
{
	delete_memberships(store, tenant_id, "group_id", group_id);
}

static char *
column_text(HeapTuple tuple, int column)
{
	return SPI_getvalue(tuple, SPI_tuptable->tupdesc, column);
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

/*
 * Append the rows of the query at hand, (value, endpoint, display, type), as an
 * array of {value, $ref, type, display}, cut down to what the projection holds.
 */
static bool
render_references(StringInfo out, const char *attribute, const ScimProjection *projection)
{
	bool has_value = ScimProjectionHas(projection, attribute, "value");
	bool has_ref = ScimProjectionHas(projection, attribute, "$ref");
	bool has_type = ScimProjectionHas(projection, attribute, "type");
	bool has_display = ScimProjectionHas(projection, attribute, "display");

	if (SPI_processed == 0)
		return false;
	appendStringInfoChar(out, '[');
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		HeapTuple tuple = SPI_tuptable->vals[i];
		char *value = column_text(tuple, 1);
		char *endpoint = column_text(tuple, 2);
		char *display = column_text(tuple, 3);
		char *type = column_text(tuple, 4);
		int start;

		CHECK_FOR_INTERRUPTS();
		appendStringInfoString(out, i > 0 ? ",{" : "{");
		start = out->len;
		if (has_value)
			append_member(out, out->len == start, "value", value);
		if (has_ref && endpoint != NULL)
			append_member(out, out->len == start, "$ref",
						  psprintf("%s%s/%s", ScimBaseUrl(), endpoint, value));
		if (has_type && type != NULL)
			append_member(out, out->len == start, "type", type);
		if (has_display && display != NULL)
			append_member(out, out->len == start, "display", display);
		appendStringInfoChar(out, '}');
	}
	appendStringInfoChar(out, ']');
	return true;
}

/*
 * ScimMembersRender appends the members of a group: type and display come from
 * the live row of each member (RFC 7643 section 4.2).
 */
bool
ScimMembersRender(StringInfo out, ScimStore *store, const ScimResource *group,
				  const ScimProjection *projection)
{
	ScimParams params;
	bool any;

	SPI_connect();
	start_params(&params, group->tenant_id, &group->id);
	ScimSpiExecute(
		psprintf(
			"SELECT coalesce(m.value, m.member_id::text), t.document ->> 'endpoint', "
			"coalesce(r.display_name, r.user_name), "
			"coalesce(r.resource_type, m.member_type) "
			"FROM %1$s.member m "
			"LEFT JOIN %1$s.resource r ON r.tenant_id = m.tenant_id "
			"AND r.id = m.member_id AND r.deleted_at IS NULL "
			"LEFT JOIN %1$s.resource_type t ON t.name = r.resource_type "
			"WHERE m.tenant_id = $1 AND m.group_id = $2 ORDER BY m.member_id",
			store->quoted_name),
		&params, false, 0);
	any = render_references(out, "members", projection);
	SPI_finish();
	return any;
}

/*
 * ScimGroupsRender appends the groups of a member, type "direct" or, through
 * other groups, "indirect" (RFC 7643 section 4.1.2).
 */
bool
ScimGroupsRender(StringInfo out, ScimStore *store, const ScimResource *member,
				 const ScimProjection *projection)
{
	ScimParams params;
	bool any;

	SPI_connect();
	start_params(&params, member->tenant_id, &member->id);
	ScimSpiExecute(
		psprintf(
			"WITH RECURSIVE up (id, type) AS ("
			"SELECT m.group_id, 'direct' FROM %1$s.member m "
			"WHERE m.tenant_id = $1 AND m.member_id = $2 "
			"UNION SELECT m.group_id, 'indirect' FROM up JOIN %1$s.member m "
			"ON m.tenant_id = $1 AND m.member_id = up.id) "
			"SELECT g.id::text, min(t.document ->> 'endpoint'), min(g.display_name), "
			"min(up.type) FROM up "
			"JOIN %1$s.resource g ON g.tenant_id = $1 AND g.id = up.id "
			"AND g.deleted_at IS NULL "
			"JOIN %1$s.resource_type t ON t.name = g.resource_type "
			"GROUP BY g.id ORDER BY g.id",
			store->quoted_name),
		&params, false, 0);
	any = render_references(out, "groups", projection);
	SPI_finish();
	return any;
}

/* BEFORE UPDATE ... FOR EACH ROW on "member" */
Datum
scim_member_door(PG_FUNCTION_ARGS)
{
	ereport(ERROR, (ScimErr(SCIM_MUTABILITY), errmsg("a membership cannot be changed"),
					errhint("Delete the row and insert another.")));
	PG_RETURN_POINTER(NULL);
}

/*
 * Touch the groups in the transition table.  A group that is not there is an
 * error, unless its row is at the door.
 */
static void
touch_groups(ScimStore *store, bool inserted)
{
	ScimParams params;
	uint64 ngroups;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, UUIDOID,
				  group_at_door ? UUIDPGetDatum(group_at_door) : (Datum) 0,
				  group_at_door == NULL);
	ScimSpiExecute(psprintf("SELECT r.id FROM %s.resource r WHERE (r.tenant_id, r.id) IN "
							"(SELECT c.tenant_id, c.group_id FROM changed_member c "
							"WHERE c.group_id IS DISTINCT FROM $1) ORDER BY r.id "
							"FOR NO KEY UPDATE",
							store->quoted_name),
				   &params, false, 0);
	ngroups = SPI_processed;
	if (inserted)
	{
		ScimSpiExecute(psprintf("SELECT DISTINCT c.tenant_id, c.group_id "
								"FROM changed_member c /* of %s */ "
								"WHERE c.group_id IS DISTINCT FROM $1",
								store->quoted_name),
					   &params, false, 0);
		if (SPI_processed != ngroups)
			ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
							errmsg("a membership needs a group that exists")));
	}
	if (ngroups > 0)
		ScimSpiExecute(psprintf("UPDATE %s.resource r SET version = version + 1 "
								"WHERE r.deleted_at IS NULL AND (r.tenant_id, r.id) IN "
								"(SELECT c.tenant_id, c.group_id FROM changed_member c "
								"WHERE c.group_id IS DISTINCT FROM $1)",
								store->quoted_name),
					   &params, false, 0);
}

static void
audit_members(ScimStore *store, bool inserted)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(ScimActor()), false);
	ScimParamsAdd(&params, TEXTOID,
				  CStringGetTextDatum(inserted ? "add member" : "remove member"), false);
	ScimSpiExecute(
		psprintf("INSERT INTO %s.audit (tenant_id, actor, operation, "
				 "resource_type, resource_id, member_id) "
				 "SELECT c.tenant_id, $1, $2, 'Group', c.group_id, c.member_id "
				 "FROM changed_member c",
				 store->quoted_name),
		&params, false, 0);
}

/* AFTER INSERT or DELETE ... FOR EACH STATEMENT on "member", with changed_member */
Datum
scim_member_record(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	bool inserted;
	ScimStore *store;
	ScimIdentity caller;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_AFTER(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event))
		ereport(
			ERROR,
			(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
			 errmsg("scim.member_record must be called as an AFTER statement trigger")));
	inserted = TRIGGER_FIRED_BY_INSERT(trigger->tg_event);
	store = ScimStoreByNamespace(RelationGetNamespace(trigger->tg_relation));
	SPI_connect();
	if (SPI_register_trigger_data(trigger) < 0)
		elog(ERROR, "could not register the transition table of \"member\"");
	ScimSpiExecute(
		psprintf("SELECT FROM changed_member /* of %s */ LIMIT 1", store->quoted_name),
		NULL, false, 1);
	if (SPI_processed > 0)
	{
		caller = ScimBeOwner(store->owner);
		touch_groups(store, inserted);
		if (ScimPolicyFind(store, ScimTenant(), "Group", "audit") != NULL)
			audit_members(store, inserted);
		ScimBeCaller(caller);
	}
	SPI_finish();
	PG_RETURN_POINTER(NULL);
}
