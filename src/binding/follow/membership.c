/*
 * membership.c
 *		Members of groups that are bound, and rows of the application's table of them.
 *
 * A membership is a row where both the group and the member have one.  Others, such as
 * a group within a group, stay in the store alone.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/rel.h"

#include "binding/follow/follow.h"
#include "binding/mapping/mapping.h"
#include "binding/sides/sides.h"
#include "json/json.h"
#include "store/configuration/configuration.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/trigger_type.h"

PG_FUNCTION_INFO_V1(scim_binding_member);

/* ScimMembersBinding: the binding of the members of groups, or NULL. */
ScimBinding *
ScimMembersBinding(const ScimBinding *groups, int32 tenant_id)
{
	const ScimBoundTable *table = &groups->members->table;
	const ScimResourceType *type =
		ScimRegistryType(groups->store->registry, table->member_type);

	return type != NULL ? ScimBindingFor(groups->store, type, tenant_id) : NULL;
}

/* ScimMembersBindings: all of those of members of groups, of whatever tenants. */
List *
ScimMembersBindings(const ScimBinding *groups)
{
	const char *member_type = groups->members->table.member_type;
	const ScimResourceType *type = ScimRegistryType(groups->store->registry, member_type);
	ScimBinding *one;

	if (type == NULL)
		return NIL;
	if (groups->every_tenant)
		return ScimBindingsOfType(groups->store, type);
	one = ScimBindingFor(groups->store, type, groups->tenant_id);
	return one != NULL ? list_make1(one) : NIL;
}

/* Can the table of members hold the keys of these people? */
static void
check_member_key(const ScimBinding *groups, const ScimBinding *people)
{
	ScimMappingCheckHolds(
		groups->members->table.member_key, people,
		psprintf("must have as many columns as the key of table \"%s\"", people->shown),
		psprintf("attributes.%s.member", groups->members->path));
}

/*
 * ScimMembersCheckKeys: of a table that has just been bound, an error (22023) where rows
 * of members cannot hold the keys of members, whichever of the two it is.
 */
void
ScimMembersCheckKeys(ScimBinding *binding)
{
	const ListCell *lc;

	foreach (lc, binding->members != NULL ? ScimMembersBindings(binding) : NIL)
		check_member_key(binding, lfirst(lc));
	foreach (lc, ScimBindingsOfStore(binding->store))
	{
		const ScimBinding *groups = lfirst(lc);

		if (groups->members != NULL && groups != binding &&
			list_member_ptr(ScimMembersBindings(groups), binding))
			check_member_key(groups, binding);
	}
}

static void
append_key(StringInfo columns, StringInfo values, const List *key, const List *but,
		   const char *array)
{
	const ListCell *lc;

	foreach (lc, key)
	{
		const ScimColumnInfo *column = lfirst(lc);

		if (ScimColumnPlace(column->number, but) >= 0)
			continue;
		appendStringInfo(columns, "%s%s", columns->len > 0 ? ", " : "", column->quoted);
		appendStringInfo(values, "%s%s[%d]::%s", values->len > 0 ? ", " : "", array,
						 foreach_current_index(lc) + 1, ScimTypeQuoted(column->type));
	}
}

/*
 * ScimAppendPair appends the columns of a row of members, and them from arrays of the
 * texts of the two keys.  A column that is of both, such as that of the tenant, is the
 * group's.
 */
void
ScimAppendPair(StringInfo columns, StringInfo values, const ScimBoundTable *table,
			   const char *group_array, const char *member_array)
{
	append_key(columns, values, table->key, NIL, group_array);
	append_key(columns, values, table->member_key, table->key, member_array);
}

/* ScimPairsAgree: SQL for that the two keys say the same in columns that are of both. */
char *
ScimPairsAgree(const ScimBoundTable *table, const char *group_array,
			   const char *member_array)
{
	StringInfoData sql;
	const ListCell *lc;

	initStringInfo(&sql);
	appendStringInfoString(&sql, "true");
	foreach (lc, table->member_key)
	{
		int place =
			ScimColumnPlace(((const ScimColumnInfo *) lfirst(lc))->number, table->key);

		if (place >= 0)
			appendStringInfo(&sql, " AND %s[%d] = %s[%d]", group_array, place + 1,
							 member_array, foreach_current_index(lc) + 1);
	}
	return sql.data;
}

/* A row cannot say two things in one column. */
static void
require_pair_agrees(const ScimBinding *groups, Datum group_key, Datum member_key)
{
	const ScimBoundTable *table = &groups->members->table;
	Datum *of_group;
	Datum *of_member;
	int ngroup;
	int nmember;
	const ListCell *lc;

	deconstruct_array(DatumGetArrayTypeP(group_key), TEXTOID, -1, false, TYPALIGN_INT,
					  &of_group, NULL, &ngroup);
	deconstruct_array(DatumGetArrayTypeP(member_key), TEXTOID, -1, false, TYPALIGN_INT,
					  &of_member, NULL, &nmember);
	foreach (lc, table->member_key)
	{
		const ScimColumnInfo *column = lfirst(lc);
		int of = ScimColumnPlace(column->number, table->key);
		int at = foreach_current_index(lc);

		if (of < 0 || of >= ngroup || at >= nmember ||
			strcmp(TextDatumGetCString(of_group[of]),
				   TextDatumGetCString(of_member[at])) == 0)
			continue;
		ereport(
			ERROR,
			(ScimErr(SCIM_INVALID_VALUE),
			 errmsg("table \"%s\" cannot hold the membership: column \"%s\" is of both "
					"keys, and is %s of the %s and %s of the %s",
					groups->members->shown, column->name,
					TextDatumGetCString(of_group[of]), groups->type->name,
					TextDatumGetCString(of_member[at]), table->member_type)));
	}
}

static char *
is_pair(const ScimBoundTable *table)
{
	return psprintf("%s AND %s", ScimKeyIs(table->key, "c", "$1"),
					ScimKeyIs(table->member_key, "c", "$2"));
}

static void
start(ScimParams *params, Datum group_key, Datum member_key)
{
	ScimParamsInit(params);
	ScimParamsAdd(params, TEXTARRAYOID, group_key, false);
	ScimParamsAdd(params, TEXTARRAYOID, member_key, false);
}

/* The store writes rows of members just now: what is said of them it has locked. */
static int writes = 0;

/*
 * They go since a person does: he leaves his groups when all that go by the statement
 * have gone (door/settle.c), and not by each row.
 */
static int endings = 0;

/* ScimMembershipsAreEnding: are rows of members taken away with their people? */
bool
ScimMembershipsAreEnding(void)
{
	return endings > 0;
}

static bool
find_pair(const ScimBinding *groups, const ScimParams *params)
{
	const ScimBoundTable *table = &groups->members->table;

	ScimSpiExecuteIn(
		groups->search_path,
		psprintf("SELECT FROM %s AS c WHERE %s", table->quoted, is_pair(table)), params,
		false, 1);
	return SPI_processed > 0;
}

static bool
pair_is_there(const ScimBinding *groups, Datum group_key, Datum member_key)
{
	ScimIdentity caller = ScimBeReader(groups->owner);
	ScimParams params;
	bool found;

	SPI_connect();
	start(&params, group_key, member_key);
	found = find_pair(groups, &params);
	SPI_finish();
	ScimBeCaller(caller);
	return found;
}

/*
 * What was to be written of a pair: a trigger may have skipped it, or made another one of
 * it, of which the store would know nothing.
 */
static void
require_pair(const ScimBinding *groups, const ScimParams *params, bool there)
{
	bool isnull;
	bool written = SPI_processed > 0;

	/* as it came back */
	if (there && SPI_processed == 1 && DatumGetBool(ScimResult(0, 1, BOOLOID, &isnull)) &&
		!isnull)
		return;
	if (!there && SPI_processed > 0)
		return;
	if (find_pair(groups, params) == there)
		return;
	if (written)
		ScimRowGivenAway(groups->members->shown, groups->members->table.member_type);
	ScimRowSkipped(groups->members->shown);
}

/* Makes or removes the row of a membership, as the owner of the table. */
static void
write_pair(const ScimBinding *groups, Datum group_key, Datum member_key, bool there)
{
	const ScimBoundTable *table = &groups->members->table;
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller = ScimBindingBeOwner(groups);
	StringInfoData columns;
	StringInfoData values;
	ScimParams params;

	SPI_connect();
	start(&params, group_key, member_key);
	initStringInfo(&columns);
	initStringInfo(&values);
	ScimAppendPair(&columns, &values, table, "$1", "$2");
	if (there)
		require_pair_agrees(groups, group_key, member_key);
	writes++;
	PG_TRY();
	{
		ScimSpiExecuteIn(
			groups->search_path,
			there
				? psprintf("INSERT INTO %1$s AS c (%2$s) SELECT %3$s WHERE NOT EXISTS "
						   "(SELECT FROM %1$s AS c WHERE %4$s) RETURNING %4$s",
						   table->quoted, columns.data, values.data, is_pair(table))
				: psprintf("DELETE FROM %s AS c WHERE %s", table->quoted, is_pair(table)),
			&params, false, 0);
		require_pair(groups, &params, there);
	}
	PG_CATCH();
	{
		writes--;
		ScimTableRefuses(groups, list_make1(groups->members), groups->members, context,
						 !there);
	}
	PG_END_TRY();
	writes--;
	SPI_finish();
	ScimBindingBeCaller(caller);
	ScimDeferredNote(groups, group_key, member_key, !there);
}

/* Is it a member in the store already, or not any more? */
static bool
member_is_there(const ScimStore *store, const ScimParams *params)
{
	ScimSpiExecute(psprintf("SELECT FROM %s.member WHERE tenant_id = $1 "
							"AND group_id = $2 AND member_id = $3",
							store->quoted_name),
				   params, false, 1);
	return SPI_processed > 0;
}

/* Makes or removes the membership of a resource, as the owner of the store. */
static void
write_member(const ScimBinding *groups, int32 tenant_id, const pg_uuid_t *group_id,
			 const pg_uuid_t *member_id, bool there)
{
	const char *store = groups->store->quoted_name;
	ScimIdentity caller = ScimBeOwner(groups->store->owner);
	ScimParams params;
	bool written = false;

	SPI_connect();
	ScimParamsOfResource(&params, tenant_id, group_id);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(member_id), false);
	if (member_is_there(groups->store, &params) != there)
	{
		ScimSpiExecute(
			there ? psprintf("INSERT INTO %s.member (tenant_id, group_id, member_id) "
							 "VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
							 store)
				  : psprintf("DELETE FROM %s.member WHERE tenant_id = $1 "
							 "AND group_id = $2 AND member_id = $3",
							 store),
			&params, false, 0);
		written = SPI_processed > 0;
	}
	SPI_finish();
	ScimBeCaller(caller);
	/* who says what is so already writes nothing, and needs no scope for it */
	if (written)
		ScimScopeRequireOfCall(groups->store, groups->type->name, true);
}

/*
 * ScimMembershipsLock locks the groups whose rows of members have been written, and come
 * or go; nothing has been read of them yet.
 */
void
ScimMembershipsLock(const ScimBinding *groups, const Datum *group_keys, int n)
{
	if (writes == 0)
		ScimGroupsLock(groups, group_keys, n);
}

/*
 * ScimMembershipsTenant: the tenant of a group, whose key is held first; false: its row
 * says none.
 */
bool
ScimMembershipsTenant(const ScimBinding *groups, Datum group_key, int32 *tenant_id)
{
	bool found;

	*tenant_id = groups->tenant_id;
	if (!groups->every_tenant)
	{
		if (writes == 0)
			ScimReferToKey(groups, *tenant_id, group_key);
		return true;
	}
	found = ScimRowTenant(groups, group_key, tenant_id);
	if (!found && writes == 0)
	{
		ScimReferToKeyOfAny(groups, group_key);
		found = ScimRowTenant(groups, group_key, tenant_id);
	}
	if (!found)
		return false;
	if (writes == 0)
		ScimReferToKey(groups, *tenant_id, group_key);
	return true;
}

/*
 * ScimMembershipsHold holds the keys of members of a tenant, before it is looked up whose
 * they are.
 */
void
ScimMembershipsHold(const ScimBinding *groups, int32 tenant_id, const Datum *member_keys,
					int n)
{
	const ScimBinding *people = ScimMembersBinding(groups, tenant_id);

	if (people != NULL && writes == 0)
		ScimReferToKeys(people, tenant_id, member_keys, n);
}

/* ScimMembershipRow: the row of two keys has come or gone. */
void
ScimMembershipRow(ScimBinding *binding, const ScimBoundAttribute *members,
				  Datum group_key, Datum member_key)
{
	ScimBinding *people;
	ScimLink group;
	ScimLink member;
	int32 tenant_id;
	ScimRowAt at;

	/* before the group is locked, where it is known of which tenant that is */
	if (!binding->every_tenant)
		ScimMembershipsHold(binding, binding->tenant_id, &member_key, 1);
	ScimMembershipsLock(binding, &group_key, 1);
	if (!ScimMembershipsTenant(binding, group_key, &tenant_id))
		return;
	if (binding->every_tenant)
		ScimMembershipsHold(binding, tenant_id, &member_key, 1);
	people = ScimMembersBinding(binding, tenant_id);
	if (people != NULL)
		ScimLinksRequireLabels(people);
	if (people == NULL || !ScimLinkOfKey(binding, tenant_id, group_key, &group) ||
		!ScimLinkOfKey(people, tenant_id, member_key, &member))
		return;
	ScimRowAtBegin(&at, binding, group_key, list_make1((void *) members));
	if (!pair_is_there(binding, group_key, member_key))
		write_member(binding, tenant_id, &group.resource_id, &member.resource_id, false);
	else if (!group.detached && !member.detached)
		write_member(binding, tenant_id, &group.resource_id, &member.resource_id, true);
	ScimRowAtEnd(&at);
}

/*
 * The same from the other side: a membership of two resources.  That somebody has gone
 * whose row was kept is no news of his memberships: they are kept with it.
 */
static void
follow_member(const ScimBinding *groups, int32 tenant_id, const pg_uuid_t *group_id,
			  const pg_uuid_t *member_id, bool there)
{
	ScimBinding *people = ScimMembersBinding(groups, tenant_id);
	Datum id = UUIDPGetDatum(group_id);
	ScimBoundResource resource;
	ScimLink group;
	ScimLink member;
	ScimRowAt at;

	/* who writes the row of a member meanwhile waits, or is waited for */
	if (people != NULL)
	{
		ScimLinksRequireLabels(people);
		ScimReferToResource(people, tenant_id, member_id);
		ScimReferToResource(groups, tenant_id, group_id);
		ScimResourcesLock(groups, tenant_id, &id, 1);
	}
	if (people == NULL || !ScimLinkOfResource(groups, tenant_id, group_id, &group) ||
		!group.has_key || group.detached ||
		!ScimLinkOfResource(people, tenant_id, member_id, &member) || !member.has_key ||
		member.detached)
		return;
	/* rows that another tenant has by now are none of theirs, whatever the links say */
	if ((groups->every_tenant && !ScimRowIsOf(groups, tenant_id, group.key)) ||
		(people->every_tenant && !ScimRowIsOf(people, tenant_id, member.key)))
		return;
	/* nor that a group has, which has not been said of its row yet */
	if (!there && groups->row_end != SCIM_ROW_DELETE &&
		!ScimBoundRead(groups, tenant_id, group_id, &resource))
		return;
	ScimBindingRequireSound(groups);
	ScimRowAtBegin(&at, groups, group.key, NIL);
	write_pair(groups, group.key, member.key, there);
	ScimRowAtEnd(&at);
}

/* ScimMembershipFollow: the table says of a membership what the store does. */
void
ScimMembershipFollow(const ScimBinding *groups, int32 tenant_id,
					 const pg_uuid_t *group_id, const pg_uuid_t *member_id, bool there)
{
	follow_member(groups, tenant_id, group_id, member_id, there);
}

/*
 * ScimBindingsOfGroups: those of groups with members of a tenant: of any members, or of
 * those of one type.
 */
List *
ScimBindingsOfGroups(ScimStore *store, int32 tenant_id, const char *member_type)
{
	List *found = NIL;
	const ListCell *lc;

	foreach (lc, ScimBindingsOfStore(store))
	{
		const ScimBinding *binding = lfirst(lc);

		if (binding->members != NULL &&
			(binding->every_tenant || binding->tenant_id == tenant_id) &&
			(member_type == NULL ||
			 strcmp(binding->members->table.member_type, member_type) == 0))
			found = lappend(found, lfirst(lc));
	}
	return found;
}

/*
 * ScimMembershipsOfNewRow: a resource has a row now, and so have its memberships and, of
 * a group, its members.
 */
void
ScimMembershipsOfNewRow(ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id)
{
	List *groups = ScimBindingsOfGroups(binding->store, tenant_id, binding->type->name);
	ScimIdentity caller;
	ScimParams params;
	SPITupleTable *rows;
	uint64 nrows;
	const ListCell *lc;

	if (groups == NIL && binding->members == NULL)
		return;
	caller = ScimBeOwner(binding->store->owner);
	SPI_connect();
	ScimParamsOfResource(&params, tenant_id, id);
	ScimSpiExecute(psprintf("SELECT group_id, member_id FROM %s.member "
							"WHERE tenant_id = $1 AND %s = $2",
							binding->store->quoted_name,
							binding->members != NULL ? "group_id" : "member_id"),
				   &params, false, 0);
	rows = SPI_tuptable;
	nrows = SPI_processed;
	for (uint64 i = 0; i < nrows; i++)
	{
		const pg_uuid_t *group_id =
			DatumGetUUIDP(ScimColumnValue(rows->vals[i], rows->tupdesc, 1, UUIDOID));
		const pg_uuid_t *member_id =
			DatumGetUUIDP(ScimColumnValue(rows->vals[i], rows->tupdesc, 2, UUIDOID));

		CHECK_FOR_INTERRUPTS();
		if (binding->members != NULL)
			follow_member(binding, tenant_id, group_id, member_id, true);
		foreach (lc, binding->members != NULL ? NIL : groups)
			follow_member(lfirst(lc), tenant_id, group_id, member_id, true);
	}
	SPI_finish();
	ScimBeCaller(caller);
}

/* The rows of memberships of a key: its own, or of a group those of its members. */
static void
take_rows(ScimBinding *groups, Datum key, bool of_group)
{
	const ScimBoundTable *table = &groups->members->table;
	ScimIdentity caller = ScimBeReader(groups->owner);
	SPITupleTable *rows;
	uint64 nrows;
	ScimParams params;

	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTARRAYOID, key, false);
	ScimSpiExecuteIn(
		groups->search_path,
		psprintf("SELECT %s FROM %s AS c WHERE %s",
				 ScimKeyTexts(of_group ? table->member_key : table->key, "c"),
				 table->quoted,
				 ScimKeyIs(of_group ? table->key : table->member_key, "c", "$1")),
		&params, false, 0);
	rows = SPI_tuptable;
	nrows = SPI_processed;
	ScimBeCaller(caller);
	caller = ScimBeOwner(groups->store->owner);
	for (uint64 i = 0; i < nrows; i++)
	{
		Datum other = PointerGetDatum(DatumGetArrayTypePCopy(
			ScimColumnValue(rows->vals[i], rows->tupdesc, 1, TEXTARRAYOID)));

		CHECK_FOR_INTERRUPTS();
		ScimMembershipRow(groups, groups->members, of_group ? key : other,
						  of_group ? other : key);
	}
	ScimBeCaller(caller);
	SPI_finish();
}

/*
 * ScimMembershipsOfRow: a row is that of a resource now, and was there before: so may
 * rows of its memberships have been.
 */
void
ScimMembershipsOfRow(ScimBinding *binding, int32 tenant_id, Datum key)
{
	const ListCell *lc;

	if (binding->members != NULL)
		take_rows(binding, key, true);
	foreach (lc, ScimBindingsOfGroups(binding->store, tenant_id, binding->type->name))
		take_rows(lfirst(lc), key, false);
}

/* Rows of members c of a key, $1, of groups of a tenant, where a column says which. */
static char *
are_of_member(const ScimBinding *groups, int32 tenant_id, ScimParams *params, Datum key)
{
	const ScimBoundTable *table = &groups->members->table;
	const char *is_member = ScimKeyIs(table->member_key, "c", "$1");
	StringInfoData sql;
	const ListCell *lc;
	const ListCell *of;

	ScimParamsInit(params);
	ScimParamsAdd(params, TEXTARRAYOID, key, false);
	initStringInfo(&sql);
	appendStringInfoString(&sql, is_member);
	if (!groups->every_tenant)
		return sql.data;
	/* people of another tenant may have the same key in a table of their own */
	appendStringInfo(&sql, " AND EXISTS (SELECT FROM %s AS t WHERE ", groups->quoted);
	forboth (lc, table->key, of, groups->key)
		appendStringInfo(
			&sql, "c.%s %s t.%s AND ", ((const ScimColumnInfo *) lfirst(lc))->quoted,
			ScimKeyEquals(lfirst(of)), ((const ScimColumnInfo *) lfirst(of))->quoted);
	appendStringInfo(
		&sql, "t.%s::text = ANY ($%d))", groups->tenant.quoted,
		ScimParamsAdd(params, TEXTARRAYOID, ScimTextsOfTenant(groups, tenant_id), false));
	return sql.data;
}

static void
end_rows_of_member(const ScimBinding *groups, int32 tenant_id, Datum key)
{
	const ScimBoundTable *table = &groups->members->table;
	ScimIdentity caller = ScimBindingBeOwner(groups);
	ScimParams params;
	char *condition;

	SPI_connect();
	condition = are_of_member(groups, tenant_id, &params, key);
	endings++;
	PG_TRY();
	{
		ScimSpiExecuteIn(
			groups->search_path,
			psprintf("DELETE FROM %s AS c WHERE %s", table->quoted, condition), &params,
			false, 0);
	}
	PG_FINALLY();
	{
		endings--;
	}
	PG_END_TRY();
	SPI_finish();
	ScimBindingBeCaller(caller);
}

/* ScimMembershipsEnd: the row of a key is about to go, and its memberships before it. */
void
ScimMembershipsEnd(ScimBinding *binding, int32 tenant_id, Datum key)
{
	const ListCell *lc;

	foreach (lc, ScimBindingsOfGroups(binding->store, tenant_id, binding->type->name))
		end_rows_of_member(lfirst(lc), tenant_id, key);
}

/*
 * ScimMembershipsEndLeft: the row of a key has gone, and its memberships do, where there
 * are any left.
 */
void
ScimMembershipsEndLeft(const ScimBinding *binding, int32 tenant_id, Datum key)
{
	const ListCell *lc;

	foreach (lc, ScimBindingsOfGroups(binding->store, tenant_id, binding->type->name))
	{
		const ScimBinding *groups = lfirst(lc);
		ScimParams params;
		const char *condition = are_of_member(groups, tenant_id, &params, key);

		if (ScimOtherHasRows(groups, &groups->members->table, condition, &params))
			end_rows_of_member(groups, tenant_id, key);
	}
}

static Datum
follow_membership(FunctionCallInfo fcinfo)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "binding_member", AFTER_ROW | ON_INSERT | ON_DELETE);
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);
	HeapTuple tuple = trigger->tg_trigtuple;
	ScimStore *store;
	int32 tenant_id;
	const pg_uuid_t *group_id;
	const pg_uuid_t *member_id;
	const ListCell *lc;

	if (ScimTakingIn || TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		PG_RETURN_POINTER(NULL);
	store = ScimStoreOfTrigger(trigger, SCIM_TABLE_MEMBER);
	tenant_id = DatumGetInt32(ScimColumnValue(
		tuple, desc, ScimColumnNumber(desc, "tenant_id", INT4OID), INT4OID));
	group_id = DatumGetUUIDP(ScimColumnValue(
		tuple, desc, ScimColumnNumber(desc, "group_id", UUIDOID), UUIDOID));
	member_id = DatumGetUUIDP(ScimColumnValue(
		tuple, desc, ScimColumnNumber(desc, "member_id", UUIDOID), UUIDOID));
	foreach (lc, ScimBindingsOfGroups(store, tenant_id, NULL))
		follow_member(lfirst(lc), tenant_id, group_id, member_id,
					  TRIGGER_FIRED_BY_INSERT(trigger->tg_event));
	PG_RETURN_POINTER(NULL);
}

/* What a table refuses says which membership of the statement it is about. */
static Datum
follow_named(FunctionCallInfo fcinfo)
{
	return ScimPlainRowNamed(fcinfo, follow_membership);
}

static Datum
follow_within(FunctionCallInfo fcinfo)
{
	return ScimDeferredWithin(fcinfo, follow_named);
}

/* AFTER INSERT OR DELETE ... FOR EACH ROW on "member" */
Datum
scim_binding_member(PG_FUNCTION_ARGS)
{
	return ScimTriggerRun(fcinfo, follow_within);
}
