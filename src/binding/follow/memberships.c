/*
 * memberships.c
 *		Memberships of groups that are bound, many at a time: of a statement, of all that
 * is there when a table is bound, and compared.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"

#include "binding/bound/bound.h"
#include "binding/follow/follow.h"
#include "binding/sides/sides.h"
#include "json/json.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/statement.h"

/* Memberships, some at a time: the keys of groups and members as texts of arrays. */
typedef struct Pairs
{
	ScimBinding *groups;
	List *people; /* ScimBinding *: of each tenant at most one */
	ScimPutDifference put;
	void *arg;
	MemoryContext context;
	/* those at hand */
	HeapTuple *rows;
	TupleDesc desc;
} Pairs;

static void
pass_keys(const Pairs *pairs, ScimParams *params, Datum *group_keys, Datum *member_keys,
		  int n)
{
	ScimParamsInit(params);
	ScimParamsAdd(params, UUIDOID, UUIDPGetDatum(&pairs->groups->id), false);
	ScimParamsAdd(params, TEXTARRAYOID, ScimArray(group_keys, NULL, n, TEXTOID), false);
	ScimParamsAdd(params, TEXTARRAYOID, ScimArray(member_keys, NULL, n, TEXTOID), false);
}

static void
pass_arrays(const Pairs *pairs, ScimParams *params, HeapTuple *rows, uint64 nrows,
			TupleDesc desc)
{
	Datum *keys[2];

	for (int column = 0; column < 2; column++)
	{
		keys[column] = palloc(sizeof(Datum) * nrows);
		for (uint64 i = 0; i < nrows; i++)
			keys[column][i] = ScimColumnValue(rows[i], desc, column + 1, TEXTOID);
	}
	pass_keys(pairs, params, keys[0], keys[1], (int) nrows);
}

/* The bindings of people, as a list of SQL. */
static char *
ids_of_people(const Pairs *pairs)
{
	StringInfoData ids;
	const ListCell *lc;

	initStringInfo(&ids);
	foreach (lc, pairs->people)
		appendStringInfo(&ids, "%s'%s'::uuid", ids.len > 0 ? ", " : "",
						 ScimUuidText(&((const ScimBinding *) lfirst(lc))->id));
	return ids.data;
}

/* The link of a key, of the tenant of the groups. */
static bool
find_link(const Pairs *pairs, const List *bindings, HeapTuple row, TupleDesc desc,
		  int column, ScimLink *link)
{
	char *said = TextDatumGetCString(ScimColumnValue(row, desc, column, TEXTOID));
	Datum key = OidInputFunctionCall(F_ARRAY_IN, said, TEXTOID, -1);
	const ListCell *lc;

	foreach (lc, bindings)
	{
		if (ScimLinkOfKey(lfirst(lc), pairs->groups->tenant_id, key, link))
			return true;
	}
	return false;
}

/*
 * pass_links passes keys and, of groups of one tenant, the links of both: each is found
 * by its index.  The planner knows nothing yet of links that have come in this
 * transaction, and would read all of them for each key.
 */
static void
pass_links(const Pairs *pairs, ScimParams *params, HeapTuple *rows, uint64 nrows,
		   TupleDesc desc)
{
	List *groups = list_make1(pairs->groups);

	pass_arrays(pairs, params, rows, nrows, desc);
	for (int column = 1; column <= 2 && !pairs->groups->every_tenant; column++)
	{
		Datum *ids = palloc0(sizeof(Datum) * nrows);
		bool *unknown = palloc0(sizeof(bool) * nrows);
		Datum *detached = palloc0(sizeof(Datum) * nrows);

		for (uint64 i = 0; i < nrows; i++)
		{
			ScimLink *link = palloc(sizeof(ScimLink));

			CHECK_FOR_INTERRUPTS();
			unknown[i] = !find_link(pairs, column == 1 ? groups : pairs->people, rows[i],
									desc, column, link);
			ids[i] = UUIDPGetDatum(&link->resource_id);
			detached[i] = BoolGetDatum(!unknown[i] && link->detached);
		}
		ScimParamsAdd(params, UUIDARRAYOID, ScimArray(ids, unknown, nrows, UUIDOID),
					  false);
		ScimParamsAdd(params, BOOLARRAYOID, ScimArray(detached, NULL, nrows, BOOLOID),
					  false);
	}
}

/*
 * The links of keys w, those of groups and members, as SQL: g and p, or nothing.  Where a
 * column says which tenant a group is of, its members are of the same one.
 */
static char *
links_joined(const Pairs *pairs)
{
	const ScimBinding *groups = pairs->groups;

	if (!groups->every_tenant)
		return psprintf(
			"(SELECT group_key::text[] AS group_key, member_key::text[] AS member_key, "
			"n, group_id, group_detached, member_id, member_detached "
			"FROM unnest($2, $3, $4, $5, $6, $7) WITH ORDINALITY AS w (group_key, "
			"member_key, group_id, group_detached, member_id, member_detached, n)) AS w "
			"CROSS JOIN LATERAL (SELECT %1$d AS tenant_id, w.group_id AS resource_id, "
			"nullif(w.group_detached, false) AS detached WHERE $1 IS NOT NULL) AS g "
			"CROSS JOIN LATERAL (SELECT %1$d AS tenant_id, w.member_id AS resource_id, "
			"nullif(w.member_detached, false) AS detached) AS p",
			groups->tenant_id);
	return psprintf(
		"(SELECT group_key::text[] AS group_key, member_key::text[] AS member_key, n "
		"FROM unnest($2, $3) WITH ORDINALITY AS w (group_key, member_key, n)) AS w "
		"LEFT JOIN %1$s.binding_link g ON g.binding_id = $1 AND g.key = w.group_key "
		"LEFT JOIN %1$s.binding_link p ON p.binding_id IN (%2$s) "
		"AND p.key = w.member_key AND (g.tenant_id IS NULL OR p.tenant_id = g.tenant_id)",
		groups->store->quoted_name, ids_of_people(pairs));
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
	ScimSpiForEachAs(
		pairs->groups->store->owner, "pg_catalog, pg_temp",
		psprintf("SELECT g.key::text, p.key::text, g.resource_id, p.resource_id "
				 "FROM %1$s.member AS m JOIN %1$s.binding_link g "
				 "ON g.tenant_id = m.tenant_id AND g.binding_id = $1 "
				 "AND g.resource_id = m.group_id AND g.detached IS NULL "
				 "JOIN %1$s.binding_link p ON p.tenant_id = m.tenant_id "
				 "AND p.binding_id IN (%2$s) AND p.resource_id = m.member_id "
				 "AND p.detached IS NULL ORDER BY 3, 4",
				 pairs->groups->store->quoted_name, ids_of_people(pairs)),
		&params, use, pairs);
}

/* What one of the two sides refuses is told, and all others are in. */
static void
is_written(void *arg, int from, int to)
{
}

static void
tell_refused(const Pairs *pairs, const char *side, int row, const ErrorData *error)
{
	char *key =
		TextDatumGetCString(ScimColumnValue(pairs->rows[row], pairs->desc, 1, TEXTOID));

	pairs->put(pairs->arg, side, OidInputFunctionCall(F_ARRAY_IN, key, TEXTOID, -1), NULL,
			   pairs->groups->members, NULL, NULL, error->message);
}

static void
row_is_refused(void *arg, int row, const ErrorData *error)
{
	tell_refused(arg, "table", row, error);
}

static void
membership_is_refused(void *arg, int row, const ErrorData *error)
{
	tell_refused(arg, "scim", row, error);
}

/* As the owner of the store: what is a member by the table is so in the store. */
static void
write_members_of_rows(void *arg, int from, int to)
{
	const Pairs *pairs = arg;
	const ScimStore *store = pairs->groups->store;
	ScimIdentity caller = ScimBeOwner(store->owner);
	ScimParams params;

	SPI_connect();
	pass_links(pairs, &params, pairs->rows + from, to - from, pairs->desc);
	ScimTakeInExecute(
		psprintf("INSERT INTO %1$s.member (tenant_id, group_id, member_id) "
				 "SELECT DISTINCT g.tenant_id, g.resource_id, p.resource_id FROM %2$s "
				 "WHERE g.detached IS NULL AND p.detached IS NULL "
				 "AND g.resource_id IS NOT NULL AND p.resource_id IS NOT NULL "
				 "AND NOT EXISTS (SELECT FROM %1$s.member e "
				 "WHERE e.tenant_id = g.tenant_id AND e.group_id = g.resource_id "
				 "AND e.member_id = p.resource_id)",
				 store->quoted_name, links_joined(pairs)),
		&params, false);
	SPI_finish();
	ScimBeCaller(caller);
}

static void
unite_with(Pairs *pairs, HeapTuple *rows, uint64 nrows, TupleDesc desc,
		   const ScimManyRows *many)
{
	MemoryContext old = MemoryContextSwitchTo(pairs->context);

	pairs->rows = rows;
	pairs->desc = desc;
	ScimAttemptMany(many, 0, (int) nrows);
	MemoryContextSwitchTo(old);
	MemoryContextReset(pairs->context);
}

static void
unite_rows(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	const ScimManyRows many = {write_members_of_rows, is_written, row_is_refused, arg};

	unite_with(arg, rows, nrows, desc, &many);
}

/* Pairs of keys w of which the table has no row, as SQL. */
static char *
missing_pairs(const ScimBoundTable *table)
{
	return psprintf(
		"(SELECT group_key::text[] AS group_key, member_key::text[] AS member_key, n "
		"FROM unnest($2, $3) WITH ORDINALITY AS w (group_key, member_key, n)) AS w "
		"WHERE $1 IS NOT NULL AND %s "
		"AND NOT EXISTS (SELECT FROM %s AS c WHERE %s AND %s)",
		ScimPairsAgree(table, "w.group_key", "w.member_key"), table->quoted,
		ScimKeyIs(table->key, "c", "w.group_key"),
		ScimKeyIs(table->member_key, "c", "w.member_key"));
}

/* The other way around, as the owner of the table. */
static void
write_rows_of_members(void *arg, int from, int to)
{
	const Pairs *pairs = arg;
	const ScimBinding *groups = pairs->groups;
	const ScimBoundTable *table = &groups->members->table;
	ScimIdentity caller = ScimBindingBeOwner(groups);
	StringInfoData columns;
	StringInfoData values;
	ScimParams params;

	initStringInfo(&columns);
	initStringInfo(&values);
	ScimAppendPair(&columns, &values, table, "w.group_key", "w.member_key");
	SPI_connect();
	pass_arrays(pairs, &params, pairs->rows + from, to - from, pairs->desc);
	ScimSpiExecuteIn(groups->search_path,
					 psprintf("INSERT INTO %s (%s) SELECT %s FROM %s", table->quoted,
							  columns.data, values.data, missing_pairs(table)),
					 &params, false, 0);
	ScimSpiExecuteIn(groups->search_path,
					 psprintf("SELECT FROM %s", missing_pairs(table)), &params, false, 1);
	if (SPI_processed > 0)
		ScimRowSkipped(groups->members->shown);
	SPI_finish();
	ScimBindingBeCaller(caller);
}

static void
unite_memberships(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	const ScimManyRows many = {write_rows_of_members, is_written, membership_is_refused,
							   arg};

	unite_with(arg, rows, nrows, desc, &many);
}

static bool
pairs_begin(Pairs *pairs, ScimBinding *groups)
{
	memset(pairs, 0, sizeof(Pairs));
	pairs->groups = groups;
	pairs->people = ScimMembersBindings(groups);
	if (pairs->people == NIL)
		return false;
	pairs->context = AllocSetContextCreate(CurrentMemoryContext, "scim members",
										   ALLOCSET_DEFAULT_SIZES);
	return true;
}

static void
unite(ScimBinding *binding, ScimPutDifference put, void *arg)
{
	Pairs pairs;

	if (!pairs_begin(&pairs, binding))
		return;
	pairs.put = put;
	pairs.arg = arg;
	SPI_connect();
	for_each_row(&pairs, unite_rows);
	for_each_membership(&pairs, unite_memberships);
	SPI_finish();
	MemoryContextDelete(pairs.context);
}

/*
 * ScimMembershipsUnite: what is a member on either side is so on both, when groups are
 * bound.  put is called with what one side refuses.
 */
void
ScimMembershipsUnite(ScimBinding *binding, ScimPutDifference put, void *arg)
{
	const ListCell *lc;

	if (binding->members != NULL)
		unite(binding, put, arg);
	foreach (lc, ScimBindingsOfStore(binding->store))
	{
		ScimBinding *groups = lfirst(lc);

		if (groups->members != NULL &&
			strcmp(groups->members->table.member_type, binding->type->name) == 0)
			unite(groups, put, arg);
	}
}

/* Which rows of keys, texts of arrays, does the table not have?  As who owns it. */
static bool *
missing_rows(const Pairs *pairs, Datum *group_keys, Datum *member_keys, int n)
{
	const ScimBinding *groups = pairs->groups;
	bool *missing = palloc0(sizeof(bool) * n);
	ScimIdentity caller = ScimBeReader(groups->owner);
	ScimParams params;

	pass_keys(pairs, &params, group_keys, member_keys, n);
	ScimSpiExecuteIn(
		groups->search_path,
		psprintf("SELECT w.n FROM %s", missing_pairs(&groups->members->table)), &params,
		false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
		missing[DatumGetInt64(ScimResultValue(i, 1, INT8OID)) - 1] = true;
	ScimBeCaller(caller);
	return missing;
}

/* Members of the store that come, or that go. */
typedef struct Members
{
	Datum *tenants;
	Datum *groups;
	Datum *members;
	int n;
} Members;

static Members
members_begin(int n)
{
	return (Members){palloc(sizeof(Datum) * n), palloc(sizeof(Datum) * n),
					 palloc(sizeof(Datum) * n), 0};
}

static Datum
copy_id(const pg_uuid_t *id)
{
	pg_uuid_t *copy = palloc(sizeof(pg_uuid_t));

	*copy = *id;
	return UUIDPGetDatum(copy);
}

static void
members_add(Members *to, const ScimLink *group, const ScimLink *member)
{
	to->tenants[to->n] = Int32GetDatum(group->tenant_id);
	to->groups[to->n] = copy_id(&group->resource_id);
	to->members[to->n++] = copy_id(&member->resource_id);
}

static void
write_members(const ScimBinding *groups, const Members *members, const char *statement)
{
	ScimIdentity caller;
	ScimParams params;
	bool written;

	if (members->n == 0)
		return;
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4ARRAYOID,
				  ScimArray(members->tenants, NULL, members->n, INT4OID), false);
	ScimParamsAdd(&params, UUIDARRAYOID,
				  ScimArray(members->groups, NULL, members->n, UUIDOID), false);
	ScimParamsAdd(&params, UUIDARRAYOID,
				  ScimArray(members->members, NULL, members->n, UUIDOID), false);
	caller = ScimBeOwner(groups->store->owner);
	ScimSpiExecuteOnce(psprintf(statement, groups->store->quoted_name), &params, false,
					   0);
	written = SPI_processed > 0;
	ScimBeCaller(caller);
	if (written)
		ScimScopeRequireOfCall(groups->store, groups->type->name, true);
}

/*
 * ScimMembershipRows: rows of keys may have come or gone.  What the store has to be told
 * of them it is told at once, so that each group changes once; what is not as plain as
 * that is left to ScimMembershipRow.
 */
void
ScimMembershipRows(ScimBinding *binding, const Datum *group_keys,
				   const Datum *member_keys, int n)
{
	Datum *texts[2] = {palloc(sizeof(Datum) * n), palloc(sizeof(Datum) * n)};
	Members here = members_begin(n);
	Members gone = members_begin(n);
	bool one_group = true;
	bool has_link = false;
	const ScimBinding *people = NULL;
	const bool *missing;
	ScimLink group;
	ScimRowAt at;
	Pairs pairs;

	if (!pairs_begin(&pairs, binding))
		return;
	SPI_connect();
	if (!binding->every_tenant)
		ScimMembershipsHold(binding, binding->tenant_id, member_keys, n);
	ScimMembershipsLock(binding, group_keys, n);
	for (int i = 0; i < n; i++)
	{
		texts[0][i] = CStringGetTextDatum(ScimKeyText(group_keys[i]));
		texts[1][i] = CStringGetTextDatum(ScimKeyText(member_keys[i]));
	}
	missing = missing_rows(&pairs, texts[0], texts[1], n);
	for (int i = 0; i < n; i++)
	{
		ScimLink member;
		int32 tenant_id;

		CHECK_FOR_INTERRUPTS();
		one_group = one_group && ScimKeyEqual(group_keys[i], group_keys[0]);
		if (i == 0 || !ScimKeyEqual(group_keys[i], group_keys[i - 1]))
			has_link = ScimMembershipsTenant(binding, group_keys[i], &tenant_id) &&
					   ScimLinkOfKey(binding, tenant_id, group_keys[i], &group) &&
					   !group.detached;
		if (has_link)
			people = ScimMembersBinding(binding, group.tenant_id);
		if (has_link && binding->every_tenant)
			ScimMembershipsHold(binding, group.tenant_id, &member_keys[i], 1);
		if (has_link && people != NULL &&
			ScimLinkOfKey(people, group.tenant_id, member_keys[i], &member) &&
			!member.detached)
			members_add(missing[i] ? &gone : &here, &group, &member);
	}
	if (one_group)
		ScimRowAtBegin(&at, binding, group_keys[0], list_make1(binding->members));
	write_members(binding, &gone,
				  "DELETE FROM %s.member AS e "
				  "USING unnest($1, $2, $3) AS m (tenant_id, group_id, member_id) "
				  "WHERE e.tenant_id = m.tenant_id AND e.group_id = m.group_id "
				  "AND e.member_id = m.member_id");
	write_members(binding, &here,
				  "INSERT INTO %1$s.member (tenant_id, group_id, member_id) "
				  "SELECT DISTINCT m.* "
				  "FROM unnest($1, $2, $3) AS m (tenant_id, group_id, member_id) "
				  "WHERE NOT EXISTS (SELECT FROM %1$s.member e "
				  "WHERE e.tenant_id = m.tenant_id AND e.group_id = m.group_id "
				  "AND e.member_id = m.member_id) ON CONFLICT DO NOTHING");
	if (one_group)
		ScimRowAtEnd(&at);
	SPI_finish();
	MemoryContextDelete(pairs.context);
}

/* Pairs of keys, in an order in which they can be compared. */
typedef struct KeyPair
{
	Datum group;
	Datum member;
} KeyPair;

static int
compare_pairs(const void *a, const void *b)
{
	const KeyPair *x = a;
	const KeyPair *y = b;
	int order = strcmp(ScimKeyText(x->group), ScimKeyText(y->group));

	return order != 0 ? order : strcmp(ScimKeyText(x->member), ScimKeyText(y->member));
}

/* What a statement has selected, two keys a row. */
static KeyPair *
read_pairs(MemoryContext context, int *n)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	KeyPair *pairs = palloc(sizeof(KeyPair) * (SPI_processed + 1));

	*n = (int) SPI_processed;
	for (int i = 0; i < *n; i++)
	{
		pairs[i].group =
			PointerGetDatum(DatumGetArrayTypePCopy(ScimResultValue(i, 1, TEXTARRAYOID)));
		pairs[i].member =
			PointerGetDatum(DatumGetArrayTypePCopy(ScimResultValue(i, 2, TEXTARRAYOID)));
	}
	MemoryContextSwitchTo(old);
	qsort(pairs, *n, sizeof(KeyPair), compare_pairs);
	return pairs;
}

/* Memberships that the store has of the resource of a key, of those that have rows. */
static KeyPair *
pairs_of_store(const ScimBinding *groups, const ScimBinding *people, const ScimLink *link,
			   bool of_group, int *n)
{
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller = ScimBeOwner(groups->store->owner);
	ScimParams params;
	KeyPair *pairs;

	SPI_connect();
	ScimParamsOfResource(&params, link->tenant_id, &link->resource_id);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&groups->id), false);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&people->id), false);
	ScimSpiExecute(psprintf("SELECT g.key, p.key FROM %1$s.member AS m "
							"JOIN %1$s.binding_link g ON g.tenant_id = m.tenant_id "
							"AND g.binding_id = $3 AND g.resource_id = m.group_id "
							"AND g.detached IS NULL "
							"JOIN %1$s.binding_link p ON p.tenant_id = m.tenant_id "
							"AND p.binding_id = $4 AND p.resource_id = m.member_id "
							"AND p.detached IS NULL "
							"WHERE m.tenant_id = $1 AND m.%2$s = $2",
							groups->store->quoted_name,
							of_group ? "group_id" : "member_id"),
				   &params, false, 0);
	pairs = read_pairs(context, n);
	SPI_finish();
	ScimBeCaller(caller);
	return pairs;
}

/* Rows of members of a key. */
static KeyPair *
pairs_of_table(const ScimBinding *groups, Datum key, bool of_group, int *n)
{
	const ScimBoundTable *table = &groups->members->table;
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller = ScimBeReader(groups->owner);
	ScimParams params;
	KeyPair *pairs;

	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTARRAYOID, key, false);
	ScimSpiExecuteIn(
		groups->search_path,
		psprintf("SELECT %s, %s FROM %s AS c WHERE %s", ScimKeyTexts(table->key, "c"),
				 ScimKeyTexts(table->member_key, "c"), table->quoted,
				 ScimKeyIs(of_group ? table->key : table->member_key, "c", "$1")),
		&params, false, 0);
	pairs = read_pairs(context, n);
	SPI_finish();
	ScimBeCaller(caller);
	return pairs;
}

/* Does a foreign key change rows of members along with the key of a table? */
static bool
follow_by_themselves(const ScimBinding *groups, Oid relid)
{
	ScimIdentity caller = ScimBeReader(groups->owner);
	ScimParams params;
	bool found;

	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, OIDOID, ObjectIdGetDatum(groups->members->table.relid), false);
	ScimParamsAdd(&params, OIDOID, ObjectIdGetDatum(relid), false);
	ScimSpiExecute("SELECT FROM pg_catalog.pg_constraint WHERE contype = 'f' "
				   "AND conrelid = $1 AND confrelid = $2 "
				   "AND confupdtype NOT IN ('a', 'r')",
				   &params, true, 1);
	found = SPI_processed > 0;
	SPI_finish();
	ScimBeCaller(caller);
	return found;
}

static void
take_moved(ScimBinding *groups, const ScimLink *link, Datum key, bool of_group,
		   Oid part_of)
{
	const ScimBinding *people = ScimMembersBinding(groups, link->tenant_id);
	KeyPair *store;
	KeyPair *table;
	Datum *group_keys;
	Datum *member_keys;
	int nstore;
	int ntable;
	int n = 0;

	if (people == NULL)
		return;
	store = pairs_of_store(groups, people, link, of_group, &nstore);
	table = pairs_of_table(groups, key, of_group, &ntable);
	/* they come when all partitions have been written, after our trigger */
	if (ntable == 0 && OidIsValid(part_of) && follow_by_themselves(groups, part_of))
		return;
	group_keys = palloc(sizeof(Datum) * (nstore + ntable + 1));
	member_keys = palloc(sizeof(Datum) * (nstore + ntable + 1));
	for (int i = 0, j = 0; i < nstore || j < ntable;)
	{
		int order = i == nstore   ? 1
					: j == ntable ? -1
								  : compare_pairs(&store[i], &table[j]);
		const KeyPair *pair = order <= 0 ? &store[i] : &table[j];

		if (order != 0)
		{
			group_keys[n] = pair->group;
			member_keys[n++] = pair->member;
		}
		i += order <= 0;
		j += order >= 0;
	}
	if (n > 0)
		ScimMembershipRows(groups, group_keys, member_keys, n);
}

/*
 * ScimMembershipsOfMoved: a row has another key now, that of a partition perhaps.  Rows
 * of members of the old key are not those of its resource any more, and those of the new
 * one are.
 */
void
ScimMembershipsOfMoved(ScimBinding *binding, int32 tenant_id, Datum key,
					   bool of_partition)
{
	Oid part_of = of_partition ? binding->relid : InvalidOid;
	ScimLink link;
	const ListCell *lc;

	if (!ScimLinkOfKey(binding, tenant_id, key, &link) || link.detached)
		return;
	if (binding->members != NULL)
		take_moved(binding, &link, key, true, part_of);
	foreach (lc, ScimBindingsOfGroups(binding->store, tenant_id, binding->type->name))
		take_moved(lfirst(lc), &link, key, false, part_of);
}

/* Has the row of a member in one of their tables a right to be nobody's? */
static bool
is_member_left_out(const Pairs *pairs, Datum key)
{
	const ListCell *lc;

	foreach (lc, pairs->people)
	{
		if (ScimRowIsLeftOut(lfirst(lc), key))
			return true;
	}
	return false;
}

static JsonbValue *
key_value(Datum key)
{
	return ScimJsonNewString(ScimKeyShown(key));
}

/* Is a row of a member bound nevertheless, in another tenant than the group is of? */
static bool
is_of_another_tenant(const Pairs *pairs, Datum key)
{
	ScimIdentity caller = ScimBeReader(pairs->groups->store->owner);
	ScimParams params;
	bool found;

	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTARRAYOID, key, false);
	ScimSpiExecuteOnce(psprintf("SELECT FROM %s.binding_link WHERE binding_id IN (%s) "
								"AND key = $1 AND detached IS NULL",
								pairs->groups->store->quoted_name, ids_of_people(pairs)),
					   &params, false, 1);
	found = SPI_processed > 0;
	SPI_finish();
	ScimBeCaller(caller);
	return found;
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
	else if (!(no_group && ScimRowIsLeftOut(pairs->groups, group_key)) &&
			 !(no_member && is_member_left_out(pairs, member_key)))
		pairs->put(pairs->arg, "table", group_key,
				   no_group ? NULL : DatumGetUUIDP(group_id), pairs->groups->members,
				   key_value(member_key), NULL,
				   no_group ? "the group is not bound"
				   : is_of_another_tenant(pairs, member_key)
					   ? "the member is not bound in the tenant of the group"
					   : "the member is not bound");
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
	pass_links(pairs, &params, rows, nrows, desc);
	ScimSpiExecuteOnce(
		/* without a group a key may be that of a member of several tenants */
		psprintf("SELECT group_key, member_key, group_id, member_id FROM "
				 "(SELECT DISTINCT ON (w.n) w.group_key, w.member_key, "
				 "g.resource_id AS group_id, p.resource_id AS member_id "
				 "FROM %2$s WHERE g.detached IS NULL AND p.detached IS NULL "
				 "AND NOT EXISTS (SELECT FROM %1$s.member e "
				 "WHERE e.tenant_id = g.tenant_id AND e.group_id = g.resource_id "
				 "AND e.member_id = p.resource_id) ORDER BY w.n) AS one "
				 "ORDER BY 3, 4, 1, 2",
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
