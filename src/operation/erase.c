/*
 * erase.c
 *		scim.erase: the data of a person leave the store, and the audit stays provable.
 *
 *		the resource goes for good, whatever the policy "delete" says, and leaves its
 *		groups; references to it are taken out of the documents of others
 *		the audit loses what its documents said: content and salt go, and their digest
 *		says nothing any more of what they were
 *		events lose their data
 *		a role of the database that the store has made for the person loses his name
 *
 * What stays is that somebody with this id was there, what was done when and by whom.
 * Documents of others that the audit has from before, and that say more of the person
 * than the id, lose their content as a whole: there is no other way to keep its digest.
 */
#include "postgres.h"

#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/array.h"
#include "utils/memutils.h"

#include "audit/audit.h"
#include "door/door.h"
#include "json/json.h"
#include "operation/operation.h"
#include "store/column.h"
#include "store/plan.h"
#include "store/written.h"

PG_FUNCTION_INFO_V1(scim_erase);
PG_FUNCTION_INFO_V1(scim_without_references);

/* The person, and what is known of him by which others may speak of him. */
typedef struct Erasure
{
	ScimStore *store;
	int32 tenant_id;
	pg_uuid_t id;
	const char *id_text;
} Erasure;

static void
start_params(const Erasure *erasure, ScimParams *params)
{
	ScimParamsOfResource(params, erasure->tenant_id, &erasure->id);
}

/* Is a value a reference to the person, alone or with more beside it? */
static bool
refers(const Erasure *erasure, const JsonbValue *value)
{
	const JsonbValue *of = ScimJsonGet(value, "value");
	const JsonbValue *ref = ScimJsonGet(value, "$ref");
	pg_uuid_t id;

	if (ScimJsonStringEquals(of, erasure->id_text))
		return true;
	return ref != NULL && ref->type == jbvString &&
		   ScimReferenceId(ScimJsonStringCopy(ref), &id) &&
		   memcmp(&id, &erasure->id, UUID_LEN) == 0;
}

static bool
is_empty(const JsonbValue *value)
{
	return (value->type == jbvArray && value->val.array.nElems == 0) ||
		   (value->type == jbvObject && value->val.object.nPairs == 0);
}

/*
 * Takes references out of a document, and what is empty without them; returns whether
 * there were any.
 */
static bool
take_out(const Erasure *erasure, JsonbValue *value)
{
	bool taken = false;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (value->type == jbvArray)
	{
		for (int i = value->val.array.nElems - 1; i >= 0; i--)
		{
			JsonbValue *element = &value->val.array.elems[i];

			if (element->type == jbvObject && refers(erasure, element))
			{
				ScimJsonRemoveAt(value, i);
				taken = true;
			}
			else if (take_out(erasure, element))
			{
				taken = true;
				if (is_empty(element))
					ScimJsonRemoveAt(value, i);
			}
		}
	}
	else if (value->type == jbvObject)
	{
		for (int i = value->val.object.nPairs - 1; i >= 0; i--)
		{
			JsonbPair *pair = &value->val.object.pairs[i];

			if (pair->value.type == jbvObject && refers(erasure, &pair->value))
			{
				(void) ScimJsonRemove(value, ScimJsonStringCopy(&pair->key));
				taken = true;
			}
			else if (take_out(erasure, &pair->value))
			{
				taken = true;
				if (is_empty(&pair->value))
					(void) ScimJsonRemove(value, ScimJsonStringCopy(&pair->key));
			}
		}
	}
	return taken;
}

/* As the store's own write, which no rule keeps from being done. */
static void
store_document(const Erasure *erasure, const pg_uuid_t *id, JsonbValue *document)
{
	ScimParams params;
	int before = ScimStoreWriteBegin();

	ScimParamsOfResource(&params, erasure->tenant_id, id);
	ScimParamsAdd(&params, JSONBOID, JsonbPGetDatum(ScimJsonToJsonb(document)), false);
	PG_TRY();
	{
		ScimSpiExecute(psprintf("UPDATE %s.resource SET data = $3 "
								"WHERE tenant_id = $1 AND id = $2",
								erasure->store->quoted_name),
					   &params, false, 0);
		if (SPI_processed == 0)
			ScimRaiseSkipped("resource");
	}
	PG_FINALLY();
	{
		ScimStoreWriteEnd(before);
	}
	PG_END_TRY();
}

/* What others say of the person in their documents. */
static void
forget_references(const Erasure *erasure)
{
	const char *store = erasure->store->quoted_name;
	ScimParams params;
	uint64 nrows;
	SPITupleTable *rows;

	start_params(erasure, &params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(erasure->id_text), false);
	ScimSpiExecuteOnce(psprintf("SELECT r.id, r.data FROM %s.resource r "
								"WHERE r.tenant_id = $1 AND r.id <> $2 "
								"AND r.deleted_at IS NULL "
								"AND position($3 IN r.data::text) > 0 ORDER BY r.id "
								"FOR NO KEY UPDATE",
								store),
					   &params, false, 0);
	nrows = SPI_processed;
	rows = SPI_tuptable;
	for (uint64 i = 0; i < nrows; i++)
	{
		Datum id = ScimColumnValue(rows->vals[i], rows->tupdesc, 1, UUIDOID);
		JsonbValue *document = ScimJsonFromJsonb(
			DatumGetJsonbP(ScimColumnValue(rows->vals[i], rows->tupdesc, 2, JSONBOID)));

		if (!take_out(erasure, document))
			continue;
		store_document(erasure, DatumGetUUIDP(id), document);
	}
}

/* The row itself; false: there is none. */
static bool
remove_resource(const Erasure *erasure)
{
	ScimParams params;
	const pg_uuid_t *outer = ScimErasedAtDoor;
	uint64 removed = 0;

	start_params(erasure, &params);
	ScimErasedAtDoor = &erasure->id;
	PG_TRY();
	{
		ScimSpiExecute(
			psprintf("DELETE FROM %s.resource WHERE tenant_id = $1 AND id = $2",
					 erasure->store->quoted_name),
			&params, false, 0);
		removed = SPI_processed;
	}
	PG_FINALLY();
	{
		ScimErasedAtDoor = outer;
	}
	PG_END_TRY();
	return removed > 0;
}

/*
 * The documents of others that the audit has: those that name the person by the id and
 * by one of the names or addresses that he had.  Returns the ids of the rows.
 */
static JsonbValue *
rows_of_others(const Erasure *erasure)
{
	const char *store = erasure->store->quoted_name;
	JsonbValue *ids = ScimJsonNewArray();
	ScimParams params;

	start_params(erasure, &params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(erasure->id_text), false);
	ScimSpiExecuteOnce(
		psprintf("WITH name AS (SELECT DISTINCT lower(v #>> '{}') AS name "
				 "FROM %1$s.audit a, LATERAL jsonb_path_query(a.before, "
				 "'$.keyvalue() ? (@.key == \"userName\" || @.key == \"displayName\" "
				 "|| @.key == \"nickName\").value') AS v "
				 "WHERE a.tenant_id = $1 AND a.resource_id = $2 "
				 "UNION SELECT lower(v #>> '{}') FROM %1$s.audit a, LATERAL "
				 "jsonb_path_query(a.before, '$.name.*') AS v "
				 "WHERE a.tenant_id = $1 AND a.resource_id = $2 "
				 "UNION SELECT lower(v #>> '{}') FROM %1$s.audit a, LATERAL "
				 "jsonb_path_query(a.before, '$.emails[*].value') AS v "
				 "WHERE a.tenant_id = $1 AND a.resource_id = $2) "
				 "SELECT a.id::text FROM %1$s.audit a WHERE a.tenant_id = $1 "
				 "AND a.resource_id <> $2 AND a.salt IS NOT NULL "
				 "AND position($3 IN a.before::text) > 0 AND EXISTS "
				 "(SELECT FROM name n WHERE length(n.name) > 1 AND position("
				 "to_json(n.name)::text IN lower(a.before::text)) > 0) "
				 "ORDER BY a.at, a.id",
				 store),
		&params, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
		ScimJsonAppend(ids, ScimJsonNewString(ScimResultText(i, 1)));
	return ids;
}

/* Content and salt of rows of the audit; returns of how many. */
static int64
forget_audit(const Erasure *erasure, const JsonbValue *others)
{
	const char *store = erasure->store->quoted_name;
	Datum *ids = palloc(sizeof(Datum) * (others->val.array.nElems + 1));
	ScimParams params;
	int n = 0;

	for (int i = 0; i < others->val.array.nElems; i++)
	{
		pg_uuid_t *id = palloc(sizeof(pg_uuid_t));

		if (ScimUuidParse(ScimJsonStringCopy(&others->val.array.elems[i]), id))
			ids[n++] = UUIDPGetDatum(id);
	}
	start_params(erasure, &params);
	ScimParamsAdd(&params, UUIDARRAYOID, ScimArray(ids, NULL, n, UUIDOID), false);
	ScimAuditExecute(psprintf("UPDATE %s.audit SET before = NULL, detail = NULL, "
							  "salt = NULL WHERE tenant_id = $1 AND salt IS NOT NULL "
							  "AND (resource_id = $2 OR id = ANY ($3)) "
							  "AND operation <> 'erase'",
							  store),
					 &params, false);
	return SPI_processed;
}

/*
 * Events that wait keep who it was by the id only, and are notices without their data;
 * deliveries lose what a receiver has said of them.
 */
static void
forget_events(const Erasure *erasure)
{
	const char *store = erasure->store->quoted_name;
	const char *which = "tenant_id = $1 AND (resource_id = $2 "
						"AND (data IS NOT NULL OR external_id IS NOT NULL) "
						"OR position($3 IN data::text) > 0)";
	ScimParams params;

	start_params(erasure, &params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(erasure->id_text), false);
	ScimSpiExecuteOnce(
		psprintf("UPDATE %s.event SET data = NULL, "
				 "external_id = CASE WHEN resource_id <> $2 THEN external_id END, "
				 "event_uri = regexp_replace(event_uri, "
				 "'^(urn:ietf:params:scim:event:.*):full$', '\\1:notice') WHERE %s",
				 store, which),
		&params, false, 0);
	if (ScimHasOtherTrigger(erasure->store->tables.relid[SCIM_TABLE_EVENT],
							TRIGGER_TYPE_UPDATE))
	{
		ScimSpiExecuteOnce(psprintf("SELECT FROM %s.event WHERE %s", store, which),
						   &params, false, 1);
		if (SPI_processed > 0)
			ScimRaiseSkipped("event");
	}
	if (!OidIsValid(erasure->store->tables.relid[SCIM_TABLE_DELIVERY]))
		return;
	ScimSpiExecuteOnce(
		psprintf("UPDATE %s.delivery SET last_error = NULL "
				 "WHERE tenant_id = $1 AND last_error IS NOT NULL "
				 "AND (resource_id = $2 OR position($3 IN last_error) > 0)",
				 store),
		&params, false, 0);
}

/* The type that the audit knows of who is not there any more; NULL: of nobody. */
static char *
type_of_gone(const Erasure *erasure)
{
	ScimParams params;

	start_params(erasure, &params);
	ScimSpiExecuteOnce(psprintf("SELECT resource_type FROM %s.audit WHERE tenant_id = $1 "
								"AND resource_id = $2 ORDER BY at DESC, id DESC LIMIT 1",
								erasure->store->quoted_name),
					   &params, false, 1);
	return SPI_processed > 0 ? ScimResultText(0, 1) : NULL;
}

/* scim.erase(id) returns bigint */
Datum
scim_erase(PG_FUNCTION_ARGS)
{
	Erasure erasure = {.store = ScimStoreCurrent(), .tenant_id = ScimTenant()};
	ScimStore *store = erasure.store;
	const ScimResourceType *type;
	ScimAuditRow row = {.audit = store->tables.relid[SCIM_TABLE_AUDIT]};
	JsonbValue *others;
	JsonbValue *detail;
	ScimIdentity caller;
	int64 count;

	erasure.id_text = ScimIdArgument(fcinfo, 0);
	ScimAuditRequireOwner(store);
	ScimScopeRefuse(store->namespace_oid, "erase what is known of somebody");
	if (!ScimUuidParse(erasure.id_text, &erasure.id))
		ereport(ERROR, (ScimErr(SCIM_NOT_FOUND),
						errmsg("resource \"%s\" does not exist", erasure.id_text)));
	erasure.id_text = ScimUuidText(&erasure.id);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	type = ScimTypeOfResource(store, erasure.id_text);
	row.resource_type = type != NULL ? type->name : type_of_gone(&erasure);
	if (row.resource_type == NULL)
		ereport(ERROR, (ScimErr(SCIM_NOT_FOUND),
						errmsg("resource \"%s\" does not exist", erasure.id_text)));
	forget_references(&erasure);
	if (type != NULL && !remove_resource(&erasure))
		ScimRaiseRefused(type, "to erase the");
	ScimDatabaseRoleErase(store, erasure.tenant_id, &erasure.id);
	others = rows_of_others(&erasure);
	count = forget_audit(&erasure, others);
	forget_events(&erasure);
	row.tenant_id = erasure.tenant_id;
	row.resource_id = &erasure.id;
	row.operation = "erase";
	row.no_version = true;
	if (others->val.array.nElems > 0)
	{
		detail = ScimJsonNewObject();
		ScimJsonSet(detail, "rows", others);
		row.detail = ScimJsonToJsonb(detail);
	}
	row.at = ScimClock(store, SCIM_NO_INSTANT);
	ScimAuditInsert(&row);
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_INT64(count);
}

/*
 * scim_internal.without_references(document jsonb, ids uuid[]) returns jsonb
 */
Datum
scim_without_references(PG_FUNCTION_ARGS)
{
	JsonbValue *document = ScimJsonFromJsonb(PG_GETARG_JSONB_P(0));
	Datum *ids;
	bool *nulls;
	int n;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), UUIDOID, UUID_LEN, false, TYPALIGN_CHAR,
					  &ids, &nulls, &n);
	for (int i = 0; i < n; i++)
	{
		Erasure erasure = {0};

		CHECK_FOR_INTERRUPTS();
		if (nulls[i])
			continue;
		erasure.id = *DatumGetUUIDP(ids[i]);
		erasure.id_text = ScimUuidText(&erasure.id);
		(void) take_out(&erasure, document);
	}
	PG_RETURN_JSONB_P(ScimJsonToJsonb(document));
}
