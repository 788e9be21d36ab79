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
#include "partitioning/partbounds.h"
#include "partitioning/partdesc.h"
#include "storage/bufmgr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/partcache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "query/query.h"
#include "store/acting.h"
#include "store/column.h"
#include "store/plan.h"
#include "store/store.h"

/*
 * To look at a row costs some six times of what its keys cost in the index; of a range
 * that is not all there is, more.  There are about eight rows on a page.  Few rows cost
 * nothing either way, and to count more than many would be felt by who has more.
 */
#define ROWS_OF_PAGES(pages) ((pages) / 4)
#define FEW_ROWS 50
#define MANY_ROWS 20000

/* The partition of a resource type; InvalidOid: it is not known. */
static Oid
find_partition(const ScimStore *store, const ScimResourceType *type)
{
	Relation table =
		table_open(store->tables.relid[SCIM_TABLE_RESOURCE], AccessShareLock);
	PartitionKey key = RelationGetPartitionKey(table);
	Oid relid = InvalidOid;
	bool equal = false;

	if (key != NULL && key->strategy == PARTITION_STRATEGY_LIST && key->partnatts == 1 &&
		key->parttypid[0] == TEXTOID)
	{
		PartitionDesc partitions = RelationGetPartitionDesc(table, true);
		int number = -1;

		if (partitions->nparts > 0)
			number = partition_list_bsearch(key->partsupfunc, key->partcollation,
											partitions->boundinfo,
											CStringGetTextDatum(type->name), &equal);
		if (number >= 0 && equal)
			number = partitions->boundinfo->indexes[number];
		if (number >= 0 && equal && partitions->is_leaf[number])
			relid = partitions->oids[number];
	}
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

/*
 * How many of all rows of a table ANALYZE has seen to be a tenant's; -1: it has not, or
 * not so many that it would know.
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
	if (HeapTupleIsValid(statistics))
		ReleaseSysCache(statistics);
	if (HeapTupleIsValid(relation))
		ReleaseSysCache(relation);
	return rows;
}

/*
 * ScimListRows estimates how many resources of a type the tenant has; -1: nobody knows.
 * most: are that half of all there are of that type, or more?
 */
double
ScimListRows(const ScimStore *store, const ScimResourceType *type, bool *most)
{
	Oid relid = find_partition(store, type);
	double rows = -1;
	double all;

	*most = false;
	if (!OidIsValid(relid))
		return rows;
	rows = rows_of_tenant(relid, ScimTenant(), &all);
	*most = rows > 0 && rows >= all / 2;
	return rows;
}

/*
 * ScimListIsSmall: does the tenant have so few resources of a type, beside those of the
 * others, that it is better to look at each of them than to ask the index on documents
 * for a range of its keys?  False where there is no other tenant.  SPI must be connected.
 */
bool
ScimListIsSmall(const ScimStore *store, const ScimResourceType *type)
{
	int32 tenant_id = ScimTenant();
	ScimParams params;
	int64 most;
	double all;
	Oid relid;

	if (ScimTenantIsOnly(store->namespace_oid))
		return false;
	relid = find_partition(store, type);
	most = OidIsValid(relid) ? rows_that_are_few(relid) : 0;
	if (most < FEW_ROWS || rows_of_tenant(relid, tenant_id, &all) > most)
		return false;
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(tenant_id), false);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(most + 1), false);
	ScimSpiExecuteByKey(
		psprintf("SELECT count(*) FROM (SELECT FROM %s.resource WHERE resource_type = %s "
				 "AND tenant_id = $1 AND deleted_at IS NULL LIMIT $2) AS rows",
				 store->quoted_name, quote_literal_cstr(type->name)),
		&params, 0);
	return DatumGetInt64(ScimResultValue(0, 1, INT8OID)) <= most;
}
