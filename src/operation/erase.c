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
 * Of others whose documents have ever had the id, those that the audit has lose their
 * content as a whole where they say more of the person: there is no other way to keep its
 * digest.  By a name alone nobody is found, since others may have the same.
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
#include "binding/sides/sides.h"
#include "door/row/row.h"
#include "json/json.h"
#include "operation/operation.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/statement/written.h"

SCIM_FUNCTION_OF_VALUES(scim_erase);
PG_FUNCTION_INFO_V1(scim_without_references);

/* The person, and what is known of him by which others may speak of him. */
typedef struct Erasure
{
	ScimStore *store;
	int32 tenant_id;
	pg_uuid_t id;
	const char *id_text;
	char *
		names; /* a pattern of names and addresses, in lower case; NULL: there are none */
	Datum referrers; /* ids of those whose documents have had the id, as an array */
} Erasure;

static void
start_params(const Erasure *erasure, ScimParams *params)
{
	ScimParamsOfResource(params, erasure->tenant_id, &erasure->id);
}

/* Ids, in their order. */
typedef struct Ids
{
	const pg_uuid_t *ids;
	int n;
} Ids;

/* Does a reference name one of them? */
static bool
is_one_of(const void *arg, const JsonbValue *reference)
{
	const Ids *gone = arg;
	pg_uuid_t id;

	return ScimReferredId(reference, &id) &&
		   bsearch(&id, gone->ids, gone->n, UUID_LEN, ScimCompareIds) != NULL;
}

static bool
is_empty(const JsonbValue *value)
{
	return (value->type == jbvArray && value->val.array.nElems == 0) ||
		   (value->type == jbvObject && value->val.object.nPairs == 0);
}

static bool is_taken(const Ids *gone, JsonbValue *value, bool *taken);

/*
 * Takes references out of a document, and what is empty without them; returns whether
 * there were any.
 */
static bool
take_out(const Ids *gone, JsonbValue *value)
{
	bool taken = false;
	int kept = 0;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (value->type == jbvArray)
	{
		for (int i = 0; i < value->val.array.nElems; i++)
		{
			JsonbValue *element = &value->val.array.elems[i];

			if (!is_taken(gone, element, &taken))
				value->val.array.elems[kept++] = *element;
		}
		value->val.array.nElems = kept;
	}
	else if (value->type == jbvObject)
	{
		for (int i = 0; i < value->val.object.nPairs; i++)
		{
			JsonbPair *pair = &value->val.object.pairs[i];

			/* beside a value that names somebody else */
			if (pair->value.type == jbvString &&
				ScimJsonStringEquals(&pair->key, "$ref") && is_one_of(gone, &pair->value))
				taken = true;
			else if (!is_taken(gone, &pair->value, &taken))
				value->val.object.pairs[kept++] = *pair;
		}
		value->val.object.nPairs = kept;
		ScimJsonForgetKeys(value);
	}
	return taken;
}

/* Is one of the values of another a reference, or empty without those in it? */
static bool
is_taken(const Ids *gone, JsonbValue *value, bool *taken)
{
	bool is_reference = value->type == jbvObject && is_one_of(gone, value);

	if (!is_reference && !take_out(gone, value))
		return false;
	*taken = true;
	return is_reference || is_empty(value);
}

/* Takes out what one attribute says of them, or one of its parts. */
static void
clear(const Ids *gone, const ScimResourceType *type, const ScimResolved *resolved,
	  JsonbValue *document)
{
	ScimValueRule rule = {.resolved = *resolved};

	ScimClearReferences(type, &rule, document, is_one_of, gone);
}

/* Does an attribute lead to resources, by its schema? */
static bool
leads_here(const ScimResourceType *type, const ScimAttribute *attribute)
{
	const ListCell *lc;

	if (!ScimHasType(attribute, SCIM_TYPE_REFERENCE))
		return false;
	foreach (lc, attribute->reference_types)
	{
		if (ScimRegistryType(type->registry, lfirst(lc)) != NULL)
			return true;
	}
	/* and not to what is external */
	return attribute->reference_types == NIL;
}

static void
clear_of_schema(const Ids *gone, const ScimResourceType *type, const ScimSchema *schema,
				const ScimSchema *extension, JsonbValue *document)
{
	for (int i = 0; i < schema->nattributes; i++)
	{
		ScimResolved resolved = {extension, &schema->attributes[i], NULL};

		if (leads_here(type, resolved.attribute))
			clear(gone, type, &resolved, document);
		for (int j = 0; j < resolved.attribute->nsubs; j++)
		{
			resolved.sub = &resolved.attribute->subs[j];
			if (leads_here(type, resolved.sub))
				clear(gone, type, &resolved, document);
		}
	}
}

/*
 * Takes all references to them out of a document, which changes: those that say so by
 * their form, of type reference, and what policies say are some.
 */
static void
forget(const Ids *gone, ScimStore *store, int32 tenant_id, const ScimResourceType *type,
	   JsonbValue *document)
{
	const ScimRules *rules;
	const ListCell *lc;

	(void) take_out(gone, document);
	if (type == NULL || document->type != jbvObject)
		return;
	clear_of_schema(gone, type, type->schema, NULL, document);
	for (int i = 0; i < type->nextensions; i++)
		clear_of_schema(gone, type, type->extensions[i].schema,
						type->extensions[i].schema, document);
	rules = ScimRulesFor(store, tenant_id, type);
	foreach (lc, rules->of[SCIM_RULE_REFERENCE])
	{
		const ListCell *rule;

		foreach (rule, (List *) ((const ScimRule *) lfirst(lc))->compiled)
			clear(gone, type, &((const ScimValueRule *) lfirst(rule))->resolved,
				  document);
	}
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
	const Ids gone = {&erasure->id, 1};
	const char *store = erasure->store->quoted_name;
	ScimParams params;
	uint64 nrows;
	SPITupleTable *rows;

	start_params(erasure, &params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(erasure->id_text), false);
	ScimSpiExecuteOnce(
		psprintf("SELECT r.id, r.data, r.resource_type FROM %s.resource r "
				 "WHERE r.tenant_id = $1 AND r.id <> $2 "
				 "AND r.deleted_at IS NULL "
				 "AND position($3 IN lower(r.data::text)) > 0 ORDER BY r.id "
				 "FOR NO KEY UPDATE",
				 store),
		&params, false, 0);
	nrows = SPI_processed;
	rows = SPI_tuptable;
	for (uint64 i = 0; i < nrows; i++)
	{
		Datum id = ScimColumnValue(rows->vals[i], rows->tupdesc, 1, UUIDOID);
		Jsonb *data =
			DatumGetJsonbP(ScimColumnValue(rows->vals[i], rows->tupdesc, 2, JSONBOID));
		const ScimResourceType *type = ScimRegistryType(
			erasure->store->registry, TextDatumGetCString(ScimColumnValue(
										  rows->vals[i], rows->tupdesc, 3, TEXTOID)));
		Jsonb *stored = ScimStoredData(type, data);
		const JsonbValue *before = ScimJsonFromJsonb(stored);
		JsonbValue *document = ScimJsonCopy(before);

		forget(&gone, erasure->store, erasure->tenant_id, type, document);
		/* what a document should not hold at all goes with the id in it */
		if (stored == data && ScimJsonEqual(before, document))
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

/* The last columns of a person's documents, of all times. */
static const char documents_of[] =
	"(SELECT r.data FROM %1$s.resource r WHERE r.tenant_id = $1 AND r.id = $2 "
	"UNION ALL SELECT a.before FROM %1$s.audit a WHERE a.tenant_id = $1 "
	"AND a.resource_id = $2 AND a.member_id IS NULL) AS d (document)";

/*
 * Finds out what the person was called and where he could be reached, and whose documents
 * have had the id.  Names are words: within a longer text, and not within another word.
 */
static void
find_traces(Erasure *erasure)
{
	const char *store = erasure->store->quoted_name;
	ScimParams params;
	bool isnull;

	start_params(erasure, &params);
	ScimSpiExecuteOnce(
		psprintf(
			"SELECT '(^|\\W)(' || string_agg(DISTINCT "
			"regexp_replace(lower(n.name), '([^[:alnum:][:space:]])', '\\\\\\1', 'g'), "
			"'|') "
			"|| ')($|\\W)' FROM %s, "
			"unnest('{$.userName,$.externalId,$.displayName,$.nickName,$.profileUrl,"
			"$.name.*,$.emails.value,$.phoneNumbers.value,$.ims.value,$.photos.value,"
			"$.addresses.formatted,$.addresses.streetAddress,"
			"\"$.\\\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\\\""
			".employeeNumber\"}'::jsonpath[]) AS p (path), "
			"jsonb_path_query(d.document, p.path) AS v, "
			"LATERAL (VALUES (v #>> '{}'), (substr(v::text, 2, length(v::text) - 2))) AS "
			"n (name) "
			"WHERE jsonb_typeof(v) = 'string' AND length(n.name) > 1",
			psprintf(documents_of, store)),
		&params, false, 1);
	erasure->names = ScimResultText(0, 1);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(erasure->id_text), false);
	ScimSpiExecuteOnce(
		psprintf(
			"SELECT coalesce(array_agg(f.id), '{}') FROM ("
			"SELECT r.id FROM %1$s.resource r WHERE r.tenant_id = $1 "
			"AND r.id <> $2 AND position($3 IN lower(r.data::text)) > 0 "
			"UNION SELECT a.resource_id FROM %1$s.audit a WHERE a.tenant_id = $1 "
			"AND a.resource_id <> $2 AND position($3 IN lower(a.before::text)) > 0) AS f",
			store),
		&params, false, 1);
	erasure->referrers = ScimResult(0, 1, UUIDARRAYOID, &isnull);
}

/* $1 and $2 are the tenant and the id, $3 the names, $4 the referrers. */
static void
start_traces(const Erasure *erasure, ScimParams *params)
{
	start_params(erasure, params);
	ScimParamsAdd(params, TEXTOID,
				  erasure->names != NULL ? CStringGetTextDatum(erasure->names)
										 : (Datum) 0,
				  erasure->names == NULL);
	ScimParamsAdd(params, UUIDARRAYOID, erasure->referrers, false);
}

/*
 * The documents of others that the audit has: those that name the person.  Returns the
 * ids of the rows.
 */
static JsonbValue *
rows_of_others(const Erasure *erasure)
{
	JsonbValue *ids = ScimJsonNewArray();
	ScimParams params;

	start_traces(erasure, &params);
	ScimSpiExecuteOnce(
		psprintf("SELECT a.id::text FROM %s.audit a WHERE a.tenant_id = $1 "
				 "AND a.resource_id <> $2 AND a.resource_id = ANY ($4) "
				 "AND a.salt IS NOT NULL "
				 "AND (lower(a.before::text) ~ $3 OR lower(a.detail::text) ~ $3) "
				 "ORDER BY a.at, a.id",
				 erasure->store->quoted_name),
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
	bool delivers = OidIsValid(erasure->store->tables.relid[SCIM_TABLE_DELIVERY]);
	char *named = "(e.resource_id = $2 OR position($2::text IN lower(e.data::text)) > 0 "
				  "OR e.resource_id = ANY ($4) AND lower(e.data::text) ~ $3)";
	char *which = psprintf("e.tenant_id = $1 AND (e.data IS NOT NULL "
						   "OR e.resource_id = $2 AND e.external_id IS NOT NULL) AND %s",
						   named);
	ScimParams params;

	start_traces(erasure, &params);
	if (delivers)
		ScimSpiExecuteOnce(
			psprintf("UPDATE %1$s.delivery d SET last_error = NULL "
					 "WHERE d.tenant_id = $1 AND d.last_error IS NOT NULL "
					 "AND (d.resource_id = $2 OR position($2::text IN "
					 "lower(d.last_error)) > 0 "
					 "OR lower(d.last_error) ~ $3 OR EXISTS "
					 "(SELECT FROM %1$s.event e WHERE e.tenant_id = $1 "
					 "AND e.id = d.event_id AND (%2$s OR $2 = ANY (e.members_added) "
					 "OR $2 = ANY (e.members_removed))))",
					 store, named),
			&params, false, 0);
	ScimSpiExecuteOnce(
		psprintf("UPDATE %s.event e SET data = NULL, "
				 "external_id = CASE WHEN e.resource_id <> $2 THEN e.external_id END, "
				 "event_uri = regexp_replace(e.event_uri, "
				 "'^(urn:ietf:params:scim:event:.*):full$', '\\1:notice') WHERE %s",
				 store, which),
		&params, false, 0);
	if (ScimHasOtherTrigger(erasure->store->tables.relid[SCIM_TABLE_EVENT],
							TRIGGER_TYPE_UPDATE))
	{
		ScimSpiExecuteOnce(psprintf("SELECT FROM %s.event e WHERE %s", store, which),
						   &params, false, 1);
		if (SPI_processed > 0)
			ScimRaiseSkipped("event");
	}
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

static Datum
erase(PG_FUNCTION_ARGS)
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
	if (type != NULL)
		ScimBindingLock(store, type, erasure.tenant_id, &erasure.id, true);
	find_traces(&erasure);
	forget_references(&erasure);
	/* who has gone meanwhile is erased as who had gone before */
	if (type != NULL && !remove_resource(&erasure) &&
		ScimTypeOfResource(store, erasure.id_text) != NULL)
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

/* scim.erase(id) returns bigint */
static Datum
scim_erase_given(PG_FUNCTION_ARGS)
{
	return ScimCallWrite(fcinfo, erase, true);
}

/*
 * scim_internal.without_references(resource_type text, document jsonb, ids uuid[])
 * returns jsonb
 */
Datum
scim_without_references(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	char *type = text_to_cstring(PG_GETARG_TEXT_PP(0));
	JsonbValue *document = ScimJsonFromJsonb(PG_GETARG_JSONB_P(1));
	Datum *ids;
	bool *nulls;
	int n;
	pg_uuid_t *known;
	Ids gone;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(2), UUIDOID, UUID_LEN, false, TYPALIGN_CHAR,
					  &ids, &nulls, &n);
	known = palloc_extended(Max(n, 1) * sizeof(pg_uuid_t), MCXT_ALLOC_HUGE);
	gone.ids = known;
	gone.n = 0;
	for (int i = 0; i < n; i++)
	{
		if (!nulls[i])
			known[gone.n++] = *DatumGetUUIDP(ids[i]);
	}
	qsort(known, gone.n, sizeof(pg_uuid_t), ScimCompareIds);
	forget(&gone, store, ScimTenant(), ScimRegistryType(store->registry, type), document);
	PG_RETURN_JSONB_P(ScimJsonToJsonb(document));
}
