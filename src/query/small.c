/*
 * small.c
 *		Which lists are small beside the table that they lie in.
 *
 * The keys of the index on documents are those of all tenants.  What asks for a range of
 * them, or for a part of a text, reads the keys of everybody before it knows whose they
 * are, and so a tenant of a hundred people would pay for a million others.  His people
 * are looked at one by one instead.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_statistic.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "storage/bufmgr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "query/query.h"
#include "store/acting.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/store.h"

/*
 * To look at a row costs some six times of what its keys cost in the index; of a range
 * that is not all there is, more.  There are about eight rows on a page.  Few rows cost
 * nothing either way, and to count more than many would be felt by who has more.
 */
#define ROWS_OF_PAGES(pages) ((pages) / 4)
#define FEW_ROWS 50
#define MANY_ROWS 20000

/* ScimListTable: the partition of a resource type; InvalidOid: there is none. */
Oid
ScimListTable(const ScimStore *store, const ScimResourceType *type)
{
	Relation table =
		table_open(store->tables.relid[SCIM_TABLE_RESOURCE], AccessShareLock);
	Oid relid = ScimPartitionFind(table, type->name);

	table_close(table, AccessShareLock);
	return relid;
}

/* How many rows a list may have that is small in a table. */
static int64
rows_that_are_few(Oid relid)
{
	Relation table = table_open(relid, AccessShareLock);
	int64 rows = 0;

	if (RELKIND_HAS_STORAGE(table->rd_rel->relkind))
		rows = Min(ROWS_OF_PAGES(RelationGetNumberOfBlocks(table)), MANY_ROWS);
	table_close(table, AccessShareLock);
	return rows;
}

/* Has a table become twice as large since its statistics were made? */
static bool
has_grown(Oid relid, Form_pg_class form)
{
	Relation table = table_open(relid, AccessShareLock);
	bool grown = RELKIND_HAS_STORAGE(form->relkind) &&
				 RelationGetNumberOfBlocks(table) / 2 > (BlockNumber) form->relpages;

	table_close(table, AccessShareLock);
	return grown;
}

/*
 * How many of all rows of a table ANALYZE has seen to be a tenant's; -1: it has not, or
 * not so many that it would know, or most rows came later.
 */
static double
rows_of_tenant(Oid relid, int32 tenant_id, double *all)
{
	HeapTuple relation = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	HeapTuple statistics = SearchSysCache3(STATRELATTINH, ObjectIdGetDatum(relid),
										   Int16GetDatum(get_attnum(relid, "tenant_id")),
										   BoolGetDatum(false));
	AttStatsSlot common;
	double rows = -1;

	*all =
		HeapTupleIsValid(relation) ? ((Form_pg_class) GETSTRUCT(relation))->reltuples : 0;
	if (HeapTupleIsValid(statistics) &&
		get_attstatsslot(&common, statistics, STATISTIC_KIND_MCV, InvalidOid,
						 ATTSTATSSLOT_VALUES | ATTSTATSSLOT_NUMBERS))
	{
		for (int i = 0; common.valuetype == INT4OID && i < common.nvalues; i++)
		{
			if (DatumGetInt32(common.values[i]) == tenant_id)
				rows = common.numbers[i] * *all;
		}
		free_attstatsslot(&common);
	}
	if (rows >= 0 && has_grown(relid, (Form_pg_class) GETSTRUCT(relation)))
		rows = -1;
	if (HeapTupleIsValid(statistics))
		ReleaseSysCache(statistics);
	if (HeapTupleIsValid(relation))
		ReleaseSysCache(relation);
	return rows;
}

/* ScimListSizeFind: what is known of how many resources of a type the tenant has. */
void
ScimListSizeFind(const ScimStore *store, const ScimResourceType *type, ScimListSize *size)
{
	size->table = ScimListTable(store, type);
	size->rows = -1;
	size->all = 0;
	if (OidIsValid(size->table))
		size->rows = rows_of_tenant(size->table, ScimTenant(), &size->all);
}

/*
 * ScimListIsSmall: does the tenant have so few resources of a type, beside those of the
 * others, that it is better to look at each of them than to ask the index on documents
 * for a range of its keys?  There are other tenants.  SPI must be connected.
 */
bool
ScimListIsSmall(const ScimStore *store, const ScimResourceType *type,
				const ScimListSize *size)
{
	ScimParams params;
	int64 most = OidIsValid(size->table) ? rows_that_are_few(size->table) : 0;

	if (most < FEW_ROWS || size->rows > most)
		return false;
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(ScimTenant()), false);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(most + 1), false);
	ScimSpiExecuteByKey(
		psprintf("SELECT count(*) FROM (SELECT FROM %s.resource WHERE resource_type = %s "
				 "AND tenant_id = $1 AND deleted_at IS NULL LIMIT $2) AS rows",
				 store->quoted_name, quote_literal_cstr(type->name)),
		&params, 0);
	return DatumGetInt64(ScimResultValue(0, 1, INT8OID)) <= most;
}
