/*
 * write.c
 *		Rows of "audit".
 *
 * A row goes straight to the partition of its month: which that is costs less to find
 * than it costs a statement over all of them to be told; and most rows need no statement
 * at all.  Where somebody has made triggers of statements or rules for the whole table,
 * these are not passed by.
 */
#include "postgres.h"

#include "access/table.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "partitioning/partbounds.h"
#include "partitioning/partdesc.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/partcache.h"
#include "utils/rel.h"
#include "utils/timestamp.h"
#include "utils/xid8.h"

#include "audit/audit.h"
#include "error.h"
#include "store/acting.h"
#include "store/statement/plan.h"
#include "store/statement/proof.h"
#include "store/statement/statement.h"

/* The partition for an instant; InvalidOid: whatever the server says. */
static Oid
find_partition(Relation audit, TimestampTz at)
{
	PartitionKey key = RelationGetPartitionKey(audit);
	PartitionDesc partitions;
	Datum value = TimestampTzGetDatum(at);
	bool equal;
	int number;

	if (key == NULL || key->strategy != PARTITION_STRATEGY_RANGE || key->partnatts != 1 ||
		key->parttypid[0] != TIMESTAMPTZOID)
		return InvalidOid;
	partitions = RelationGetPartitionDesc(audit, true);
	if (partitions->nparts == 0)
		return InvalidOid;
	number = partition_range_datum_bsearch(key->partsupfunc, key->partcollation,
										   partitions->boundinfo, 1, &value, &equal);
	number = partitions->boundinfo->indexes[number + 1];
	if (number < 0)
		number = partitions->boundinfo->default_index;
	if (number < 0 || !partitions->is_leaf[number] ||
		get_rel_relkind(partitions->oids[number]) != RELKIND_RELATION)
		return InvalidOid;
	return partitions->oids[number];
}

/* Has somebody made something that statements on the whole table set off? */
static bool
is_watched(Relation audit)
{
	return audit->rd_rules != NULL ||
		   (audit->trigdesc != NULL && (audit->trigdesc->trig_insert_before_statement ||
										audit->trigdesc->trig_insert_after_statement));
}

/*
 * ScimAuditTable says where to insert rows whose instants are from first to last, as SQL.
 */
char *
ScimAuditTable(Oid audit, TimestampTz first, TimestampTz last)
{
	Relation relation = table_open(audit, RowExclusiveLock);
	Oid relid = is_watched(relation) ? InvalidOid : find_partition(relation, first);
	char *name;

	if (last != first && relid != find_partition(relation, last))
		relid = InvalidOid;
	if (!OidIsValid(relid))
		relid = audit;
	name = quote_qualified_identifier(get_namespace_name(get_rel_namespace(relid)),
									  get_rel_name(relid));
	table_close(relation, NoLock);
	return name;
}

static void
set(ScimAuditValues *row, ScimAuditColumn column, Datum value)
{
	row->values[column] = value;
	row->nulls[column] = false;
}

static void
set_text(ScimAuditValues *row, ScimAuditColumn column, const char *text)
{
	if (text != NULL)
		set(row, column, CStringGetTextDatum(text));
}

static void
set_name(ScimAuditValues *row, ScimAuditColumn column, Oid role)
{
	NameData *name = palloc(sizeof(NameData));

	namestrcpy(name, GetUserNameFromId(role, false));
	set(row, column, NameGetDatum(name));
}

/* Who acts, in which request: what is proved, where something is, and the role. */
static const ScimAuditColumn who[] = {SCIM_AUDIT_ACTOR, SCIM_AUDIT_TOKEN_ID,
									  SCIM_AUDIT_SUBJECT, SCIM_AUDIT_ROLE,
									  SCIM_AUDIT_REQUEST_ID};

static void
set_who(ScimAuditValues *row, Oid audit)
{
	Oid namespace_oid = get_rel_namespace(audit);
	const ScimProof *proof = ScimProved();
	const char *request_id = ScimRequestId();

	/* what is proved is so for one store */
	if (proof != NULL && proof->namespace_oid != namespace_oid)
		proof = NULL;
	set_text(row, SCIM_AUDIT_ACTOR, ScimActorIn(namespace_oid));
	if (proof != NULL && proof->has_credential)
		set(row, SCIM_AUDIT_TOKEN_ID, UUIDPGetDatum(&proof->credential_id));
	set_text(row, SCIM_AUDIT_SUBJECT, proof != NULL ? proof->subject : NULL);
	set_name(row, SCIM_AUDIT_ROLE, ScimActingRole());
	set_text(row, SCIM_AUDIT_REQUEST_ID, request_id[0] != '\0' ? request_id : NULL);
}

static void
add_column(StringInfo columns, StringInfo values, ScimParams *params,
		   const ScimAuditValues *row, ScimAuditColumn column)
{
	appendStringInfo(columns, "%s%s", columns->len > 0 ? ", " : "",
					 ScimAuditColumns[column].name);
	appendStringInfo(values, "%s$%d", values->len > 0 ? ", " : "",
					 ScimParamsAdd(params, ScimAuditColumns[column].type,
								   row->values[column], row->nulls[column]));
}

/* ScimAuditWho adds who acts, for a statement. */
void
ScimAuditWho(Oid audit, StringInfo columns, StringInfo values, ScimParams *params)
{
	ScimAuditValues row;

	memset(row.nulls, true, sizeof(row.nulls));
	set_who(&row, audit);
	for (size_t i = 0; i < lengthof(who); i++)
		add_column(columns, values, params, &row, who[i]);
}

/* ScimAuditExecute runs a statement that inserts rows, of which digest.c makes digests.
 */
void
ScimAuditExecute(const char *query, const ScimParams *params, bool keep)
{
	MemoryContext context = CurrentMemoryContext;
	int before = ScimAuditOpen();

	PG_TRY();
	{
		if (keep)
			ScimSpiExecute(query, params, false, 0);
		else
			ScimSpiExecuteOnce(query, params, false, 0);
	}
	PG_CATCH();
	{
		ScimAuditClose(before);
		ScimReraiseBook(context);
	}
	PG_END_TRY();
	ScimAuditClose(before);
}

/* Inserts a row that has its digests. */
static void
insert_made(Relation partition, HeapTuple tuple)
{
	MemoryContext context = CurrentMemoryContext;
	int before = ScimAuditOpen();

	ScimAuditMade = tuple;
	PG_TRY();
	{
		ScimInsertTuple(partition, tuple);
	}
	PG_CATCH();
	{
		ScimAuditMade = NULL;
		ScimAuditClose(before);
		ScimReraiseBook(context);
	}
	PG_END_TRY();
	ScimAuditMade = NULL;
	ScimAuditClose(before);
}

/*
 * Writes a row into the partition of its month without a statement.  Returns false where
 * it takes one.
 */
static bool
insert_directly(Oid audit, ScimAuditValues *row)
{
	Relation table = table_open(audit, RowExclusiveLock);
	Oid relid =
		is_watched(table)
			? InvalidOid
			: find_partition(table, DatumGetTimestampTz(row->values[SCIM_AUDIT_AT]));
	Relation partition;
	HeapTuple tuple;

	table_close(table, NoLock);
	if (!OidIsValid(relid))
		return false;
	partition = table_open(relid, RowExclusiveLock);
	ScimAuditComplete(row);
	tuple = ScimInsertForm(partition, ScimAuditColumns, SCIM_AUDIT_COLUMNS, row->values,
						   row->nulls);
	if (tuple != NULL)
		insert_made(partition, tuple);
	table_close(partition, NoLock);
	return tuple != NULL;
}

static void
insert_by_statement(Oid audit, TimestampTz at, const ScimAuditValues *row)
{
	StringInfoData columns;
	StringInfoData values;
	ScimParams params;

	initStringInfo(&columns);
	initStringInfo(&values);
	ScimParamsInit(&params);
	for (int i = 0; i < SCIM_AUDIT_SALT; i++)
		add_column(&columns, &values, &params, row, (ScimAuditColumn) i);
	ScimAuditExecute(psprintf("INSERT INTO %s (%s) VALUES (%s)",
							  ScimAuditTable(audit, at, at), columns.data, values.data),
					 &params, true);
}

/* ScimAuditInsert writes a row. */
void
ScimAuditInsert(const ScimAuditRow *row)
{
	ScimAuditValues values;
	pg_uuid_t id;
	pg_uuid_t change;

	memset(values.nulls, true, sizeof(values.nulls));
	ScimUuidV7(&id);
	ScimChange(&change);
	set(&values, SCIM_AUDIT_TENANT_ID, Int32GetDatum(row->tenant_id));
	set(&values, SCIM_AUDIT_ID, UUIDPGetDatum(&id));
	set(&values, SCIM_AUDIT_AT, TimestampTzGetDatum(row->at));
	set(&values, SCIM_AUDIT_TRANSACTION_ID,
		FullTransactionIdGetDatum(GetTopFullTransactionId()));
	set_name(&values, SCIM_AUDIT_DB_USER, GetSessionUserId());
	set_who(&values, row->audit);
	set_text(&values, SCIM_AUDIT_OPERATION, row->operation);
	set_text(&values, SCIM_AUDIT_RESOURCE_TYPE, row->resource_type);
	if (row->resource_id != NULL)
		set(&values, SCIM_AUDIT_RESOURCE_ID, UUIDPGetDatum(row->resource_id));
	if (row->resource_id != NULL && !row->no_version)
		set(&values, SCIM_AUDIT_VERSION, Int64GetDatum(row->version));
	if (row->member_id != NULL)
		set(&values, SCIM_AUDIT_MEMBER_ID, UUIDPGetDatum(row->member_id));
	set(&values, SCIM_AUDIT_CHANGE, UUIDPGetDatum(&change));
	set_text(&values, SCIM_AUDIT_OBJECT, row->object);
	set_text(&values, SCIM_AUDIT_KEY, row->key);
	set_text(&values, SCIM_AUDIT_STATUS, row->status);
	if (row->before != NULL)
		set(&values, SCIM_AUDIT_BEFORE, JsonbPGetDatum(row->before));
	if (row->detail != NULL)
		set(&values, SCIM_AUDIT_DETAIL, JsonbPGetDatum(row->detail));
	if (!insert_directly(row->audit, &values))
		insert_by_statement(row->audit, row->at, &values);
}
