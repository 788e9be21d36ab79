/*
 * retention.c
 *		scim.apply_retention: what is old goes, and there is room for what is to come.
 *
 *		what "audit_default" has taken in moves to partitions of its months
 *		the months to come have partitions
 *		months that are older than the setting audit_retention go, sealed before
 *		events that are older than event_retention go
 *		access tokens that have expired go
 *
 * Writers do not wait for this, but for a moment where a month goes: the server wants
 * the whole table for that.  Where they do not let it have that, the month goes the next
 * time.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "audit/audit.h"
#include "extension.h"
#include "json/json.h"
#include "store/at_tenant.h"
#include "store/statement/column.h"
#include "store/statement/shard.h"
#include "store/statement/statement.h"

/* What has a month that a partition can be named for. */
#define HAS_MONTH "at >= '1000-01-01Z' AND at < '9999-12-01Z'"

/* So long the table is waited for, to drop a month. */
#define LOCK_TIMEOUT "2s"

PG_FUNCTION_INFO_V1(scim_apply_retention);
PG_FUNCTION_INFO_V1(scim_retain_shards);

typedef struct Retention
{
	ScimStore *store;
	const char *internal; /* the schema of our functions, as SQL */
	ReturnSetInfo *result;
} Retention;

static void
tell(const Retention *retention, const char *what)
{
	Datum value = CStringGetTextDatum(what);
	bool isnull = false;

	tuplestore_putvalues(retention->result->setResult, retention->result->setDesc, &value,
						 &isnull);
}

/* Rows of a statement, the first two columns of which are text, in a context. */
static List *
read_pairs(const char *query, const ScimParams *params, MemoryContext context)
{
	List *pairs = NIL;

	ScimSpiExecuteOnce(query, params, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		char *first = ScimResultText(i, 1);
		char *second = ScimResultText(i, 2);
		MemoryContext old = MemoryContextSwitchTo(context);

		pairs = lappend(pairs, list_make2(pstrdup(first), pstrdup(second)));
		MemoryContextSwitchTo(old);
	}
	return pairs;
}

/* The columns that a row is written with, those of the owner's own among them. */
static char *
columns_of(const Retention *retention, MemoryContext context)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, OIDOID,
				  ObjectIdGetDatum(retention->store->tables.relid[SCIM_TABLE_AUDIT]),
				  false);
	ScimSpiExecuteOnce("SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) "
					   "FROM pg_attribute WHERE attrelid = $1 AND attnum > 0 "
					   "AND NOT attisdropped AND attgenerated = ''",
					   &params, false, 1);
	return MemoryContextStrdup(context, ScimResultText(0, 1));
}

/*
 * Makes the partition of a month by the statements of
 * scim_internal.audit_table_statements, of which the last attaches it: before that it
 * gets its rows.
 */
static void
move_month(const Retention *retention, const char *name, const char *bounds,
		   TimestampTz first)
{
	const char *store = retention->store->quoted_name;
	MemoryContext context = CurrentMemoryContext;
	char *columns = columns_of(retention, context);
	List *statements = NIL;
	ScimParams params;
	ListCell *lc;
	NameData store_name;

	namestrcpy(&store_name, retention->store->name);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, NAMEOID, NameGetDatum(&store_name), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(name), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(bounds), false);
	ScimSpiExecuteOnce(
		psprintf("SELECT s FROM %s.audit_table_statements($1, $2::name, $3) "
				 "AS s",
				 retention->internal),
		&params, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		char *statement = ScimResultText(i, 1);
		MemoryContext old = MemoryContextSwitchTo(context);

		statements = lappend(statements, pstrdup(statement));
		MemoryContextSwitchTo(old);
	}
	foreach (lc, statements)
	{
		CHECK_FOR_INTERRUPTS();
		if (lnext(statements, lc) == NULL)
		{
			ScimParamsInit(&params);
			ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(first), false);
			ScimSpiExecuteOnce(psprintf("INSERT INTO %1$s.%2$s (%3$s) SELECT %3$s "
										"FROM %1$s.audit_default "
										"WHERE date_trunc('month', at, 'UTC') = $1",
										store, quote_identifier(name), columns),
							   &params, false, 0);
			ScimAuditExecute(psprintf("DELETE FROM %s.audit_default "
									  "WHERE date_trunc('month', at, 'UTC') = $1",
									  store),
							 &params, false);
			tell(retention, psprintf(UINT64_FORMAT " rows moved from audit_default to %s",
									 SPI_processed, name));
		}
		ScimSpiExecuteOnce(lfirst(lc), NULL, false, 0);
	}
}

static void
empty_default(const Retention *retention)
{
	const char *store = retention->store->quoted_name;
	Oid relid = get_relname_relid("audit_default", retention->store->namespace_oid);
	MemoryContext context = CurrentMemoryContext;
	List *months;
	ListCell *lc;

	if (!OidIsValid(relid) || get_rel_relkind(relid) != RELKIND_RELATION)
		return;
	ScimSpiExecuteOnce(
		psprintf("SELECT FROM %s.audit_default WHERE " HAS_MONTH " LIMIT 1", store), NULL,
		false, 1);
	if (SPI_processed == 0)
		return;
	/* nobody writes there meanwhile, or the partition could not be attached */
	LockRelationOid(relid, AccessExclusiveLock);
	months = read_pairs(
		psprintf(
			"SELECT to_char(m AT TIME ZONE 'UTC', '\"audit_\"YYYY_MM'), "
			"extract(epoch FROM m)::text FROM (SELECT DISTINCT "
			"date_trunc('month', at, 'UTC') AS m FROM %1$s.audit_default "
			"WHERE " HAS_MONTH ") AS months WHERE to_regclass(format('%%I.%%I', "
			"%2$s::text, to_char(m AT TIME ZONE 'UTC', '\"audit_\"YYYY_MM'))) IS NULL "
			"ORDER BY m",
			store, quote_literal_cstr(retention->store->name)),
		NULL, context);
	foreach (lc, months)
	{
		const char *name = linitial(lfirst(lc));
		ScimParams params;
		TimestampTz first;
		char *bounds;

		ScimParamsInit(&params);
		ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(lsecond(lfirst(lc))), false);
		ScimSpiExecuteOnce(psprintf("SELECT %s.audit_month_bounds(m), m FROM "
									"to_timestamp($1::double precision) AS m",
									retention->internal),
						   &params, false, 1);
		bounds = MemoryContextStrdup(context, ScimResultText(0, 1));
		first = DatumGetTimestampTz(ScimResultValue(0, 2, TIMESTAMPTZOID));
		move_month(retention, name, bounds, first);
	}
}

static void
make_months(const Retention *retention)
{
	ScimParams params;
	NameData store_name;

	namestrcpy(&store_name, retention->store->name);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, NAMEOID, NameGetDatum(&store_name), false);
	ScimSpiExecuteOnce(psprintf("SELECT t::text FROM %s.create_audit_tables($1) AS t",
								retention->internal),
					   &params, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
		tell(retention, psprintf("%s made", ScimResultText(i, 1)));
}

/* The setting of the whole store, in days; 0: for ever. */
static int
days_of(const Retention *retention, const char *setting)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(setting), false);
	ScimSpiExecuteOnce(psprintf("SELECT (value #>> '{}')::int FROM %s.setting "
								"WHERE name = $1 AND resource_type IS NULL "
								"AND tenant_id IS NULL AND token_id IS NULL",
								retention->store->quoted_name),
					   &params, false, 1);
	return SPI_processed > 0 ? DatumGetInt32(ScimResultValue(0, 1, INT4OID)) : 0;
}

/* A month goes, and the audit says so. */
static void
drop_month(const Retention *retention, const char *name)
{
	Oid audit = retention->store->tables.relid[SCIM_TABLE_AUDIT];
	const char *table =
		psprintf("%s.%s", retention->store->quoted_name, quote_identifier(name));
	JsonbValue *detail = ScimJsonNewObject();
	ScimAuditRow row = {
		.audit = audit, .at = SCIM_NO_INSTANT, .object = "audit", .key = name};
	int64 nrows;

	(void) set_config_option("lock_timeout", LOCK_TIMEOUT, PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	LockRelationOid(audit, AccessExclusiveLock);
	ScimSpiExecuteOnce(psprintf("SELECT count(*) FROM %s", table), NULL, false, 1);
	nrows = DatumGetInt64(ScimResultValue(0, 1, INT8OID));
	ScimSpiExecuteOnce(psprintf("DROP TABLE %s", table), NULL, false, 0);
	ScimJsonSet(detail, "rows", ScimJsonNewInteger(nrows));
	row.operation = "drop audit";
	row.detail = ScimJsonToJsonb(detail);
	ScimAuditInsertFor(0, &row);
	tell(retention, psprintf("%s dropped, with " INT64_FORMAT " rows", name, nrows));
}

typedef struct Month
{
	const Retention *retention;
	const char *name;
} Month;

static void
drop_one(void *arg)
{
	const Month *month = arg;

	drop_month(month->retention, month->name);
}

static void
try_to_drop(const Retention *retention, const char *name)
{
	Month month = {.retention = retention, .name = name};
	ErrorData *error = ScimAttempt(drop_one, &month);

	if (error == NULL)
		return;
	if (error->sqlerrcode != ERRCODE_LOCK_NOT_AVAILABLE)
		ReThrowError(error);
	ereport(WARNING, (errmsg("%s is in use, and goes the next time", name)));
}

static List *
months_to_drop(const Retention *retention)
{
	int days = days_of(retention, ScimSettingName(SCIM_SETTING_AUDIT_RETENTION));
	TimestampTz until = GetCurrentTimestamp() - days * USECS_PER_DAY;
	ScimParams params;
	NameData store_name;

	if (days == 0)
		return NIL;
	namestrcpy(&store_name, retention->store->name);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, NAMEOID, NameGetDatum(&store_name), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(until), false);
	return read_pairs(psprintf("SELECT m.table_name::text, ''::text "
							   "FROM %s.audit_months($1) AS m "
							   "WHERE m.ends <= $2 ORDER BY m.begins",
							   retention->internal),
					  &params, CurrentMemoryContext);
}

static void
drop_months(const Retention *retention)
{
	List *months = months_to_drop(retention);
	ListCell *lc;

	if (months == NIL)
		return;
	/* what goes leaves its seals */
	if (!ScimIsSpread(retention->store))
		(void) ScimAuditSeal(retention->store);
	/* on the nodes it has been said of all of them */
	foreach (lc, months)
	{
		if (ScimIsSpread(retention->store))
			drop_month(retention, linitial(lfirst(lc)));
		else
			try_to_drop(retention, linitial(lfirst(lc)));
	}
}

static void
drop_events(const Retention *retention)
{
	int days = days_of(retention, ScimSettingName(SCIM_SETTING_EVENT_RETENTION));
	ScimParams params;
	NameData store_name;

	if (days == 0)
		return;
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TIMESTAMPTZOID,
				  TimestampTzGetDatum(GetCurrentTimestamp() - days * USECS_PER_DAY),
				  false);
	ScimSpiExecuteOnce(
		psprintf("DELETE FROM %s.event WHERE at < $1", retention->store->quoted_name),
		&params, false, 0);
	if (SPI_processed == 0)
		return;
	tell(retention, psprintf(UINT64_FORMAT " events removed", SPI_processed));
	ScimParamsInit(&params);
	namestrcpy(&store_name, retention->store->name);
	ScimParamsAdd(&params, NAMEOID, NameGetDatum(&store_name), false);
	ScimSpiExecuteOnce("SELECT scim_internal.drop_lost_deliveries($1)", &params, false,
					   0);
}

/*
 * Access tokens that are not good any more, and what is kept of those who ask for them:
 * of a client who comes no more, too, since else they go with the next request.
 */
static void
drop_access_tokens(const Retention *retention)
{
	static const struct
	{
		const char *condition;
		const char *what;
	} tables[] = {
		{"token WHERE client_id IS NOT NULL AND expires_at < clock_timestamp()",
		 "access tokens"},
		{"client_assertion WHERE expires_at < clock_timestamp()", "assertions"},
		{"client_failure WHERE at < clock_timestamp() - interval '1 hour'",
		 "counts of failed attempts"},
	};

	for (size_t i = 0; i < lengthof(tables); i++)
	{
		ScimSpiExecuteOnce(psprintf("DELETE FROM %s.%s", retention->store->quoted_name,
									tables[i].condition),
						   NULL, false, 0);
		if (SPI_processed > 0)
			tell(retention,
				 psprintf(UINT64_FORMAT " %s removed", SPI_processed, tables[i].what));
	}
}

/* What is in no month would have to be moved on all nodes. */
static void
require_empty_default(const Retention *retention)
{
	ScimRequireCoordinator(retention->store->name, "months of its audit come and go");
	if (!OidIsValid(get_relname_relid("audit_default", retention->store->namespace_oid)))
		return;
	ScimSpiExecuteOnce(psprintf("SELECT FROM %s.audit_default WHERE " HAS_MONTH
								" LIMIT 1",
								retention->store->quoted_name),
					   NULL, false, 1);
	if (SPI_processed > 0)
		ereport(
			ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("partition audit_default of store \"%s\" has rows, and the store is "
					"distributed",
					retention->store->name),
			 errdetail("They came in months for which no partition was made before.")));
}

/* What lies in shards goes there, shard by shard. */
static void
retain_on_nodes(const Retention *retention)
{
	ListCell *lc;

	foreach (lc, ScimAtEachShard(retention->store,
								 psprintf("SELECT t AS told FROM %s.retain_shards() AS t",
										  retention->internal),
								 ScimAtTenantArguments(NULL, 0)))
	{
		const JsonbValue *row = ScimJsonFromJsonb(lfirst(lc));

		tell(retention, ScimJsonStringCopy(ScimJsonGet(row, "told")));
	}
}

/* That a month goes is in the audit of each tenant who has rows in it. */
static void
tell_tenants(const Retention *retention, const char *name)
{
	uint64 n;
	int32 *tenants;
	int64 *counts;

	ScimSpiExecuteOnce(psprintf("SELECT tenant_id, count(*) FROM %s.%s "
								"WHERE tenant_id <> 0 GROUP BY 1 ORDER BY 1",
								retention->store->quoted_name, quote_identifier(name)),
					   NULL, false, 0);
	n = SPI_processed;
	tenants = palloc(sizeof(int32) * Max(n, 1));
	counts = palloc(sizeof(int64) * Max(n, 1));
	for (uint64 i = 0; i < n; i++)
	{
		tenants[i] = DatumGetInt32(ScimResultValue(i, 1, INT4OID));
		counts[i] = DatumGetInt64(ScimResultValue(i, 2, INT8OID));
	}
	for (uint64 i = 0; i < n; i++)
	{
		JsonbValue *detail = ScimJsonNewObject();
		ScimAuditRow row = {.audit = retention->store->tables.relid[SCIM_TABLE_AUDIT],
							.at = SCIM_NO_INSTANT,
							.object = "audit",
							.key = name,
							.operation = "drop audit"};

		CHECK_FOR_INTERRUPTS();
		ScimJsonSet(detail, "rows", ScimJsonNewInteger(counts[i]));
		row.detail = ScimJsonToJsonb(detail);
		ScimAuditInsertFor(tenants[i], &row);
	}
}

/* What a call of the store's owner begins with. */
static void
begin(FunctionCallInfo fcinfo, ScimStore *store, Retention *retention)
{
	ScimAuditRequireOwner(store);
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	retention->store = store;
	retention->result = (ReturnSetInfo *) fcinfo->resultinfo;
	retention->internal = quote_identifier(get_namespace_name(ScimInternalNamespace()));
}

/*
 * scim_internal.retain_shards() returns setof text: what of it is done for the shards of
 * a tenant, on the node where they are.  Months go for all of them, and leave their
 * seals.
 */
Datum
scim_retain_shards(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	Retention retention;
	ScimIdentity caller;
	List *months;
	ListCell *lc;

	begin(fcinfo, store, &retention);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	drop_events(&retention);
	drop_access_tokens(&retention);
	months = months_to_drop(&retention);
	if (months != NIL)
		(void) ScimAuditSeal(store);
	foreach (lc, months)
		tell_tenants(&retention, linitial(lfirst(lc)));
	SPI_finish();
	ScimBeCaller(caller);
	return (Datum) 0;
}

/* scim.apply_retention() returns setof text */
Datum
scim_apply_retention(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreConfigured();
	Retention retention;
	ScimIdentity caller;

	begin(fcinfo, store, &retention);
	ScimScopeRefuse(store->namespace_oid, "remove what is kept for long enough");
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	/* one at a time; writers go on */
	LockRelationOid(store->tables.relid[SCIM_TABLE_AUDIT], ShareUpdateExclusiveLock);
	if (ScimIsSpread(store))
	{
		require_empty_default(&retention);
		make_months(&retention);
		retain_on_nodes(&retention);
		drop_months(&retention);
	}
	else
	{
		empty_default(&retention);
		make_months(&retention);
		drop_events(&retention);
		drop_months(&retention);
		drop_access_tokens(&retention);
	}
	SPI_finish();
	ScimBeCaller(caller);
	return (Datum) 0;
}
