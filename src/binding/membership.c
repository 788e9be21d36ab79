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

#include "binding/binding.h"
#include "json/json.h"
#include "store/column.h"

PG_FUNCTION_INFO_V1(scim_binding_member);

/* The binding of the members of groups, or NULL. */
static ScimBinding *
binding_of_members(const ScimBinding *groups, int32 tenant_id)
{
	const ScimBoundTable *table = &groups->members->table;
	const ScimResourceType *type =
		ScimRegistryType(groups->store->registry, table->member_type);

	return type != NULL ? ScimBindingFor(groups->store, type, tenant_id) : NULL;
}

/* Columns of a key, from an array of its texts. */
static void
append_key(StringInfo columns, StringInfo values, const List *key, const char *array)
{
	const ListCell *lc;

	foreach (lc, key)
	{
		const ScimColumnInfo *column = lfirst(lc);

		appendStringInfo(columns, "%s%s", columns->len > 0 ? ", " : "", column->quoted);
		appendStringInfo(
			values, "%s%s[%d]::%s", values->len > 0 ? ", " : "", array,
			foreach_current_index(lc) + 1,
			format_type_extended(column->type, -1, FORMAT_TYPE_FORCE_QUALIFY));
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

/* Makes or removes the row of a membership, as the owner of the table. */
static void
write_pair(const ScimBinding *groups, Datum group_key, Datum member_key, bool there)
{
	const ScimBoundTable *table = &groups->members->table;
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller = ScimBeOwnerFor(groups->owner, groups->store->owner);
	StringInfoData columns;
	StringInfoData values;
	ScimParams params;

	SPI_connect();
	start(&params, group_key, member_key);
	initStringInfo(&columns);
	initStringInfo(&values);
	append_key(&columns, &values, table->key, "$1");
	append_key(&columns, &values, table->member_key, "$2");
	PG_TRY();
	{
		ScimSpiExecuteIn(
			groups->search_path,
			there
				? psprintf("INSERT INTO %1$s (%2$s) SELECT %3$s WHERE NOT EXISTS "
						   "(SELECT FROM %1$s AS c WHERE %4$s)",
						   table->quoted, columns.data, values.data, is_pair(table))
				: psprintf("DELETE FROM %s AS c WHERE %s", table->quoted, is_pair(table)),
			&params, false, 0);
	}
	PG_CATCH();
	{
		ScimTableRefuses(groups, list_make1(groups->members), groups->members, context,
						 !there);
	}
	PG_END_TRY();
	SPI_finish();
	ScimBeCaller(caller);
	ScimDeferredNote(groups, group_key, !there);
}

static bool
pair_is_there(const ScimBinding *groups, Datum group_key, Datum member_key)
{
	const ScimBoundTable *table = &groups->members->table;
	ScimIdentity caller = ScimBeReader(groups->owner);
	ScimParams params;
	bool found;

	SPI_connect();
	start(&params, group_key, member_key);
	ScimSpiExecuteIn(
		groups->search_path,
		psprintf("SELECT FROM %s AS c WHERE %s", table->quoted, is_pair(table)), &params,
		false, 1);
	found = SPI_processed > 0;
	SPI_finish();
	ScimBeCaller(caller);
	return found;
}

/* Makes or removes the membership of a resource, as the owner of the store. */
static void
write_member(const ScimBinding *groups, int32 tenant_id, const pg_uuid_t *group_id,
			 const pg_uuid_t *member_id, bool there)
{
	const char *store = groups->store->quoted_name;
	ScimIdentity caller = ScimBeOwner(groups->store->owner);
	ScimParams params;
	bool written;

	SPI_connect();
	ScimParamsOfResource(&params, tenant_id, group_id);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(member_id), false);
	ScimSpiExecute(
		there ? psprintf("INSERT INTO %s.member (tenant_id, group_id, member_id) "
						 "VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
						 store)
			  : psprintf("DELETE FROM %s.member WHERE tenant_id = $1 AND group_id = $2 "
						 "AND member_id = $3",
						 store),
		&params, false, 0);
	written = SPI_processed > 0;
	SPI_finish();
	ScimBeCaller(caller);
	/* who says what is so already writes nothing, and needs no scope for it */
	if (written)
		ScimScopeRequireOfCall(groups->store, groups->type->name, true);
}

/* ScimMembershipRow: the row of two keys has come or gone. */
void
ScimMembershipRow(ScimBinding *binding, const ScimBoundAttribute *members,
				  Datum group_key, Datum member_key)
{
	ScimBinding *people;
	ScimLink group;
	ScimLink member;
	int32 tenant_id = binding->tenant_id;
	ScimRowAt at;

	if (binding->every_tenant)
	{
		const ScimRowView *row = ScimRowFind(binding, group_key);

		if (row == NULL || !row->has_tenant)
			return;
		tenant_id = row->tenant_id;
	}
	people = binding_of_members(binding, tenant_id);
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

/* The same from the other side: a membership of two resources. */
static void
follow_member(const ScimBinding *groups, int32 tenant_id, const pg_uuid_t *group_id,
			  const pg_uuid_t *member_id, bool there)
{
	ScimBinding *people = binding_of_members(groups, tenant_id);
	ScimLink group;
	ScimLink member;
	ScimRowAt at;

	if (people == NULL || !ScimLinkOfResource(groups, tenant_id, group_id, &group) ||
		!group.has_key || (there && group.detached) ||
		!ScimLinkOfResource(people, tenant_id, member_id, &member) || !member.has_key ||
		(there && member.detached))
		return;
	ScimBindingRequireOwners(groups);
	ScimRowAtBegin(&at, groups, group.key, NIL);
	write_pair(groups, group.key, member.key, there);
	ScimRowAtEnd(&at);
}

/* The bindings of groups with members of a tenant: of any, or of those of one type. */
static List *
bindings_of_groups(ScimStore *store, int32 tenant_id, const char *member_type)
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
	List *groups = bindings_of_groups(binding->store, tenant_id, binding->type->name);
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
	foreach (lc, bindings_of_groups(binding->store, tenant_id, binding->type->name))
		take_rows(lfirst(lc), key, false);
}

/* ScimMembershipsEnd: the row of a key is about to go, and its memberships before it. */
void
ScimMembershipsEnd(ScimBinding *binding, int32 tenant_id, Datum key)
{
	const ListCell *lc;

	foreach (lc, bindings_of_groups(binding->store, tenant_id, binding->type->name))
	{
		const ScimBinding *groups = lfirst(lc);
		const ScimBoundTable *table = &groups->members->table;
		ScimIdentity caller = ScimBeOwnerFor(groups->owner, groups->store->owner);
		ScimParams params;

		SPI_connect();
		ScimParamsInit(&params);
		ScimParamsAdd(&params, TEXTARRAYOID, key, false);
		ScimSpiExecuteIn(groups->search_path,
						 psprintf("DELETE FROM %s AS c WHERE %s", table->quoted,
								  ScimKeyIs(table->member_key, "c", "$1")),
						 &params, false, 0);
		SPI_finish();
		ScimBeCaller(caller);
	}
}

/* Memberships, some at a time: the keys of groups and members as texts of arrays. */
typedef struct Pairs
{
	ScimBinding *groups;
	ScimBinding *people;
	ScimPutDifference put;
	void *arg;
	MemoryContext context;
} Pairs;

static void
pass_arrays(const Pairs *pairs, ScimParams *params, HeapTuple *rows, uint64 nrows,
			TupleDesc desc)
{
	Datum *keys = palloc(sizeof(Datum) * nrows);

	ScimParamsInit(params);
	ScimParamsAdd(params, UUIDOID, UUIDPGetDatum(&pairs->groups->id), false);
	ScimParamsAdd(params, UUIDOID, UUIDPGetDatum(&pairs->people->id), false);
	for (int column = 1; column <= 2; column++)
	{
		for (uint64 i = 0; i < nrows; i++)
			keys[i] = ScimColumnValue(rows[i], desc, column, TEXTOID);
		ScimParamsAdd(params, TEXTARRAYOID, ScimArray(keys, NULL, (int) nrows, TEXTOID),
					  false);
	}
}

/* The links of keys w, those of groups and members, as SQL: g and p, or nothing. */
static char *
links_joined(const Pairs *pairs)
{
	const ScimBinding *groups = pairs->groups;
	const char *store = groups->store->quoted_name;
	/* a column says which tenant it is: of the two the same */
	const char *tenant =
		groups->every_tenant ? "true" : psprintf("tenant_id = %d", groups->tenant_id);

	return psprintf(
		"(SELECT group_key::text[] AS group_key, member_key::text[] AS member_key, n "
		"FROM unnest($3, $4) WITH ORDINALITY AS w (group_key, member_key, n)) AS w "
		"LEFT JOIN %1$s.binding_link g ON g.binding_id = $1 AND g.key = w.group_key "
		"AND g.%2$s LEFT JOIN %1$s.binding_link p ON p.binding_id = $2 "
		"AND p.key = w.member_key AND (g.tenant_id IS NULL OR p.tenant_id = g.tenant_id) "
		"AND p.%2$s",
		store, tenant);
}

/* Keys of the table of members, as its owner. */
static void
for_each_row(Pairs *pairs, ScimUseRows use)
{
	const ScimBoundTable *table = &pairs->groups->members->table;
	StringInfoData sql;
	const ListCell *lc;

	initStringInfo(&sql);
	appendStringInfo(&sql, "SELECT DISTINCT %s::text, %s::text FROM %s AS c WHERE true",
					 ScimKeyTexts(table->key, "c"), ScimKeyTexts(table->member_key, "c"),
					 table->quoted);
	foreach (lc, table->key)
		appendStringInfo(&sql, " AND c.%s IS NOT NULL",
						 ((const ScimColumnInfo *) lfirst(lc))->quoted);
	foreach (lc, table->member_key)
		appendStringInfo(&sql, " AND c.%s IS NOT NULL",
						 ((const ScimColumnInfo *) lfirst(lc))->quoted);
	ScimSpiForEachAs(pairs->groups->owner, pairs->groups->search_path, sql.data, NULL,
					 use, pairs);
}

/* Memberships of groups and people that have rows, as the owner of the store. */
static void
for_each_membership(Pairs *pairs, ScimUseRows use)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&pairs->groups->id), false);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&pairs->people->id), false);
	ScimSpiForEachAs(
		pairs->groups->store->owner, "pg_catalog, pg_temp",
		psprintf("SELECT g.key::text, p.key::text, g.resource_id, p.resource_id "
				 "FROM %1$s.member AS m JOIN %1$s.binding_link g "
				 "ON g.tenant_id = m.tenant_id AND g.binding_id = $1 "
				 "AND g.resource_id = m.group_id AND g.detached IS NULL "
				 "JOIN %1$s.binding_link p ON p.tenant_id = m.tenant_id "
				 "AND p.binding_id = $2 AND p.resource_id = m.member_id "
				 "AND p.detached IS NULL ORDER BY 3, 4",
				 pairs->groups->store->quoted_name),
		&params, use, pairs);
}

/* As the owner of the store: what is a member by the table is so in the store. */
static void
unite_rows(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	const Pairs *pairs = arg;
	const ScimStore *store = pairs->groups->store;
	MemoryContext old = MemoryContextSwitchTo(pairs->context);
	ScimIdentity caller = ScimBeOwner(store->owner);
	bool before = ScimTakingIn;
	ScimParams params;

	SPI_connect();
	pass_arrays(pairs, &params, rows, nrows, desc);
	PG_TRY();
	{
		ScimTakingIn = true;
		ScimSpiExecuteOnce(
			psprintf(
				"INSERT INTO %1$s.member (tenant_id, group_id, member_id) "
				"SELECT DISTINCT g.tenant_id, g.resource_id, p.resource_id FROM %2$s "
				"WHERE g.detached IS NULL AND p.detached IS NULL "
				"AND g.resource_id IS NOT NULL AND p.resource_id IS NOT NULL "
				"AND NOT EXISTS (SELECT FROM %1$s.member e "
				"WHERE e.tenant_id = g.tenant_id AND e.group_id = g.resource_id "
				"AND e.member_id = p.resource_id)",
				store->quoted_name, links_joined(pairs)),
			&params, false, 0);
	}
	PG_FINALLY();
	{
		ScimTakingIn = before;
	}
	PG_END_TRY();
	SPI_finish();
	ScimBeCaller(caller);
	MemoryContextSwitchTo(old);
	MemoryContextReset(pairs->context);
}

/* Pairs of keys w of which the table has no row, as SQL. */
static char *
missing_pairs(const ScimBoundTable *table)
{
	return psprintf(
		"(SELECT group_key::text[] AS group_key, member_key::text[] AS member_key, n "
		"FROM unnest($3, $4) WITH ORDINALITY AS w (group_key, member_key, n)) AS w "
		"WHERE $1 IS NOT NULL AND $2 IS NOT NULL "
		"AND NOT EXISTS (SELECT FROM %s AS c WHERE %s AND %s)",
		table->quoted, ScimKeyIs(table->key, "c", "w.group_key"),
		ScimKeyIs(table->member_key, "c", "w.member_key"));
}

/* The other way around, as the owner of the table. */
static void
unite_memberships(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	const Pairs *pairs = arg;
	const ScimBinding *groups = pairs->groups;
	const ScimBoundTable *table = &groups->members->table;
	MemoryContext old = MemoryContextSwitchTo(pairs->context);
	ScimIdentity caller = ScimBeOwnerFor(groups->owner, groups->store->owner);
	StringInfoData columns;
	StringInfoData values;
	ScimParams params;

	initStringInfo(&columns);
	initStringInfo(&values);
	append_key(&columns, &values, table->key, "w.group_key");
	append_key(&columns, &values, table->member_key, "w.member_key");
	SPI_connect();
	pass_arrays(pairs, &params, rows, nrows, desc);
	ScimSpiExecuteIn(groups->search_path,
					 psprintf("INSERT INTO %s (%s) SELECT %s FROM %s", table->quoted,
							  columns.data, values.data, missing_pairs(table)),
					 &params, false, 0);
	SPI_finish();
	ScimBeCaller(caller);
	MemoryContextSwitchTo(old);
	MemoryContextReset(pairs->context);
}

static bool
pairs_begin(Pairs *pairs, ScimBinding *groups)
{
	memset(pairs, 0, sizeof(Pairs));
	pairs->groups = groups;
	pairs->people = binding_of_members(groups, groups->tenant_id);
	if (pairs->people == NULL)
		return false;
	pairs->context = AllocSetContextCreate(CurrentMemoryContext, "scim members",
										   ALLOCSET_DEFAULT_SIZES);
	return true;
}

static void
unite(ScimBinding *binding)
{
	Pairs pairs;

	if (!pairs_begin(&pairs, binding))
		return;
	SPI_connect();
	for_each_row(&pairs, unite_rows);
	for_each_membership(&pairs, unite_memberships);
	SPI_finish();
	MemoryContextDelete(pairs.context);
}

/*
 * ScimMembershipsUnite: what is a member on either side is so on both, when groups are
 * bound.
 */
void
ScimMembershipsUnite(ScimBinding *binding)
{
	const ListCell *lc;

	if (binding->members != NULL)
		unite(binding);
	foreach (lc, ScimBindingsOfStore(binding->store))
	{
		ScimBinding *groups = lfirst(lc);

		if (groups->members != NULL &&
			strcmp(groups->members->table.member_type, binding->type->name) == 0)
			unite(groups);
	}
}

/* Has a row that nobody is linked to a right to be so: is it gone, or of nobody? */
static bool
is_left_out(const ScimBinding *binding, Datum key)
{
	const ScimRowView *row = ScimRowFind(binding, key);

	return row != NULL && (row->gone || !row->has_tenant);
}

static JsonbValue *
key_value(Datum key)
{
	return ScimJsonNewString(ScimKeyShown(key));
}

/* A row of members and what the store has of it; of those without a link only a name. */
static void
compare_pair(const Pairs *pairs, HeapTuple row, TupleDesc desc)
{
	bool no_group;
	bool no_member;
	Datum group_key = ScimColumnValue(row, desc, 1, TEXTARRAYOID);
	Datum member_key = ScimColumnValue(row, desc, 2, TEXTARRAYOID);
	Datum group_id = ScimColumn(row, desc, 3, UUIDOID, &no_group);
	Datum member_id = ScimColumn(row, desc, 4, UUIDOID, &no_member);

	if (!no_group && !no_member)
		pairs->put(pairs->arg, "both", group_key, DatumGetUUIDP(group_id),
				   pairs->groups->members,
				   ScimJsonNewString(ScimUuidText(DatumGetUUIDP(member_id))), NULL, NULL);
	else if (!(no_group && is_left_out(pairs->groups, group_key)) &&
			 !(no_member && is_left_out(pairs->people, member_key)))
		pairs->put(pairs->arg, "table", group_key,
				   no_group ? NULL : DatumGetUUIDP(group_id), pairs->groups->members,
				   key_value(member_key), NULL,
				   no_group ? "the group is not bound" : "the member is not bound");
}

static void
compare_rows(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	const Pairs *pairs = arg;
	const char *store = pairs->groups->store->quoted_name;
	MemoryContext old = MemoryContextSwitchTo(pairs->context);
	ScimIdentity caller = ScimBeReader(pairs->groups->store->owner);
	SPITupleTable *found;
	uint64 nfound;
	ScimParams params;

	SPI_connect();
	pass_arrays(pairs, &params, rows, nrows, desc);
	ScimSpiExecuteOnce(
		psprintf("SELECT w.group_key, w.member_key, g.resource_id, p.resource_id "
				 "FROM %2$s WHERE g.detached IS NULL AND p.detached IS NULL "
				 "AND NOT EXISTS (SELECT FROM %1$s.member e "
				 "WHERE e.tenant_id = g.tenant_id AND e.group_id = g.resource_id "
				 "AND e.member_id = p.resource_id) ORDER BY 3, 4, 1, 2",
				 store, links_joined(pairs)),
		&params, false, 0);
	found = SPI_tuptable;
	nfound = SPI_processed;
	ScimBeCaller(caller);
	for (uint64 i = 0; i < nfound; i++)
		compare_pair(pairs, found->vals[i], found->tupdesc);
	SPI_finish();
	MemoryContextSwitchTo(old);
	MemoryContextReset(pairs->context);
}

static void
compare_memberships(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	const Pairs *pairs = arg;
	const ScimBinding *groups = pairs->groups;
	MemoryContext old = MemoryContextSwitchTo(pairs->context);
	ScimIdentity caller = ScimBeReader(groups->owner);
	SPITupleTable *found;
	uint64 nfound;
	ScimParams params;

	SPI_connect();
	pass_arrays(pairs, &params, rows, nrows, desc);
	ScimSpiExecuteIn(groups->search_path,
					 psprintf("SELECT w.n, w.group_key FROM %s ORDER BY 1",
							  missing_pairs(&groups->members->table)),
					 &params, false, 0);
	found = SPI_tuptable;
	nfound = SPI_processed;
	ScimBeCaller(caller);
	for (uint64 i = 0; i < nfound; i++)
	{
		HeapTuple row = rows[DatumGetInt64(ScimColumnValue(found->vals[i], found->tupdesc,
														   1, INT8OID)) -
							 1];

		pairs->put(pairs->arg, "both",
				   ScimColumnValue(found->vals[i], found->tupdesc, 2, TEXTARRAYOID),
				   DatumGetUUIDP(ScimColumnValue(row, desc, 3, UUIDOID)), groups->members,
				   NULL,
				   ScimJsonNewString(ScimUuidText(
					   DatumGetUUIDP(ScimColumnValue(row, desc, 4, UUIDOID)))),
				   NULL);
	}
	SPI_finish();
	MemoryContextSwitchTo(old);
	MemoryContextReset(pairs->context);
}

/* ScimMembershipsCompare: which memberships are on one side alone, for check_binding. */
void
ScimMembershipsCompare(ScimBinding *binding, ScimPutDifference put, void *arg)
{
	Pairs pairs;

	if (!pairs_begin(&pairs, binding))
		return;
	pairs.put = put;
	pairs.arg = arg;
	SPI_connect();
	for_each_row(&pairs, compare_rows);
	for_each_membership(&pairs, compare_memberships);
	SPI_finish();
	MemoryContextDelete(pairs.context);
}

/* AFTER INSERT OR DELETE ... FOR EACH ROW on "member" */
Datum
scim_binding_member(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = ScimTriggerCalled(fcinfo, "binding_member",
											 TRIGGER_TYPE_AFTER | TRIGGER_TYPE_ROW);
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
	foreach (lc, bindings_of_groups(store, tenant_id, NULL))
		follow_member(lfirst(lc), tenant_id, group_id, member_id,
					  TRIGGER_FIRED_BY_INSERT(trigger->tg_event));
	PG_RETURN_POINTER(NULL);
}
