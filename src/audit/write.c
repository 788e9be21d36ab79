/*
 * write.c
 *		Rows of "audit".
 *
 * A row goes straight to the partition of its month: which that is costs less to find
 * than it costs a statement over all of them to be told.  Where somebody has made
 * triggers of statements or rules for the whole table, these are not passed by.
 */
#include "postgres.h"

#include "access/table.h"
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

#include "audit/audit.h"
#include "store/acting.h"
#include "store/plan.h"
#include "store/proof.h"

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
	const TriggerDesc *triggers = audit->trigdesc;

	return audit->rd_rules != NULL ||
		   (triggers != NULL && (triggers->trig_insert_before_statement ||
								 triggers->trig_insert_after_statement));
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
add(StringInfo columns, StringInfo values, ScimParams *params, const char *column,
	Oid type, Datum value, bool isnull)
{
	appendStringInfo(columns, "%s%s", columns->len > 0 ? ", " : "", column);
	appendStringInfo(values, "%s$%d", values->len > 0 ? ", " : "",
					 ScimParamsAdd(params, type, value, isnull));
}

static void
add_text(StringInfo columns, StringInfo values, ScimParams *params, const char *column,
		 const char *text)
{
	add(columns, values, params, column, TEXTOID, text ? CStringGetTextDatum(text) : 0,
		text == NULL);
}

/*
 * ScimAuditWho adds who acts, in which request: what is proved, where something is, and
 * the role beside it.
 */
void
ScimAuditWho(Oid audit, StringInfo columns, StringInfo values, ScimParams *params)
{
	Oid namespace_oid = get_rel_namespace(audit);
	const ScimProof *proof = ScimProved();
	const char *request_id = ScimRequestId();
	const char *role = GetUserNameFromId(ScimActingRole(), false);
	NameData *name = palloc(sizeof(NameData));

	/* what is proved is so for one store */
	if (proof != NULL && proof->namespace_oid != namespace_oid)
		proof = NULL;
	namestrcpy(name, role);
	add_text(columns, values, params, "actor", ScimActorIn(namespace_oid));
	add(columns, values, params, "token_id", UUIDOID,
		proof != NULL ? UUIDPGetDatum(&proof->credential_id) : (Datum) 0,
		proof == NULL || !proof->has_credential);
	add_text(columns, values, params, "subject", proof != NULL ? proof->subject : NULL);
	add(columns, values, params, "role", NAMEOID, NameGetDatum(name), false);
	add_text(columns, values, params, "request_id",
			 request_id[0] != '\0' ? request_id : NULL);
}

/* ScimAuditExecute runs a statement that inserts rows, of which digest.c makes digests.
 */
void
ScimAuditExecute(const char *query, const ScimParams *params, bool keep)
{
	int before = ScimAuditOpen();

	PG_TRY();
	{
		if (keep)
			ScimSpiExecute(query, params, false, 0);
		else
			ScimSpiExecuteOnce(query, params, false, 0);
	}
	PG_FINALLY();
	{
		ScimAuditClose(before);
	}
	PG_END_TRY();
}

/* ScimAuditInsert writes a row. */
void
ScimAuditInsert(const ScimAuditRow *row)
{
	StringInfoData columns;
	StringInfoData values;
	ScimParams params;
	bool of_resource = row->resource_id != NULL;

	initStringInfo(&columns);
	initStringInfo(&values);
	ScimParamsInit(&params);
	add(&columns, &values, &params, "tenant_id", INT4OID, Int32GetDatum(row->tenant_id),
		false);
	add(&columns, &values, &params, "at", TIMESTAMPTZOID, TimestampTzGetDatum(row->at),
		false);
	ScimAuditWho(row->audit, &columns, &values, &params);
	add_text(&columns, &values, &params, "operation", row->operation);
	add_text(&columns, &values, &params, "resource_type", row->resource_type);
	add(&columns, &values, &params, "resource_id", UUIDOID,
		of_resource ? UUIDPGetDatum(row->resource_id) : (Datum) 0, !of_resource);
	add(&columns, &values, &params, "version", INT8OID, Int64GetDatum(row->version),
		!of_resource || row->no_version);
	add_text(&columns, &values, &params, "object", row->object);
	add_text(&columns, &values, &params, "key", row->key);
	add_text(&columns, &values, &params, "status", row->status);
	add(&columns, &values, &params, "before", JSONBOID, PointerGetDatum(row->before),
		row->before == NULL);
	add(&columns, &values, &params, "detail", JSONBOID, PointerGetDatum(row->detail),
		row->detail == NULL);
	ScimAuditExecute(psprintf("INSERT INTO %s (%s) VALUES (%s)",
							  ScimAuditTable(row->audit, row->at, row->at), columns.data,
							  values.data),
					 &params, true);
}
