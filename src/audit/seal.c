/*
 * seal.c
 *		scim.seal_audit: what is committed is chained, so that nothing goes missing
 * unseen.
 *
 * A link of the chain of a tenant lists rows of the audit with their digests, and holds
 * the digest of the link before.  Sealing follows commit: a row is sealed once it is
 * visible, whoever wrote it never waits.
 *
 * Rows do not become visible in the order of their instants, and the numbers of
 * transactions mean nothing after a restore.  So each call looks again at all rows that
 * are later than a horizon, until which none could still come when it was set: who is
 * given an instant holds a lock on "audit" from before (clock.c), so that it is the
 * instant at which this was asked, once all have ended who held such a lock then.  The
 * call waits for them for a moment; where they go on, the horizon stays where it is, and
 * the next call has more to look at.
 *
 * What the clock says may go back a little: so much is looked at once more.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "common/cryptohash.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "port/pg_bswap.h"
#include "storage/lmgr.h"
#include "storage/lock.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "audit/audit.h"
#include "audit/locator.h"
#include "extension.h"
#include "store/statement/column.h"

#define SEED "scim seal 1"

/* In a link: instant, id, digest. */
#define ENTRY_SIZE (8 + UUID_LEN + SCIM_DIGEST_LENGTH)

/* A link lists no more rows; many are made where there are more. */
#define MAX_ROWS 10000

/* So much is looked at again, and so long are writers waited for, in milliseconds. */
#define OVERLAP (10 * USECS_PER_SEC)
#define PATIENCE 1000

/* What is known of the chain of a tenant, while it gets new links. */
typedef struct Chain
{
	int32 tenant_id;
	int64 position; /* of the last link, 0: none */
	int64 total;    /* rows that are sealed */
	TimestampTz horizon;
	uint8 digest[SCIM_DIGEST_LENGTH];
	ScimLocator locator;
	bool moved;           /* locator: there is more until the new horizon */
	TimestampTz first_at; /* of the rows at hand */
	TimestampTz last_at;
	int nrows;
	StringInfoData rows;
} Chain;

/* A row that is sealed, and may be met again. */
typedef struct SealedKey
{
	int32 tenant_id;
	pg_uuid_t id;
} SealedKey;

typedef struct Sealing
{
	ScimStore *store;
	MemoryContext context;
	TimestampTz now;
	TimestampTz since;   /* rows of before are not looked at */
	TimestampTz horizon; /* of the links that are made */
	HTAB *sealed;        /* of SealedKey */
	List *chains;        /* of Chain * */
	int64 nrows;
} Sealing;

PG_FUNCTION_INFO_V1(scim_seal_audit);
PG_FUNCTION_INFO_V1(scim_audit_seal_rows);
PG_FUNCTION_INFO_V1(scim_audit_seal_digest);
PG_FUNCTION_INFO_V1(scim_audit_prints);

static void
put(StringInfo out, const void *bytes, size_t len)
{
	uint32 length = pg_hton32((uint32) len);

	appendBinaryStringInfo(out, (const char *) &length, sizeof(length));
	appendBinaryStringInfo(out, bytes, len);
}

static void
put_number(StringInfo out, uint64 number, bool isnull)
{
	uint32 none = 0xffffffff;
	uint64 bytes = pg_hton64(number);

	if (isnull)
		appendBinaryStringInfo(out, (const char *) &none, sizeof(none));
	else
		put(out, &bytes, sizeof(bytes));
}

/*
 * The digest of a link: all of its columns as int8send and timestamptz_send give them,
 * rows and previous as they are.
 */
static void
link_digest(int32 tenant_id, int64 position, TimestampTz sealed_at, TimestampTz horizon,
			const TimestampTz *first_at, const TimestampTz *last_at, int32 row_count,
			int64 total, const void *rows, size_t rows_len, const uint8 *previous,
			uint8 *digest)
{
	StringInfoData bytes;
	pg_cryptohash_ctx *context = pg_cryptohash_create(PG_SHA256);

	initStringInfo(&bytes);
	appendStringInfoString(&bytes, SEED);
	put_number(&bytes, (uint64) tenant_id, false);
	put_number(&bytes, (uint64) position, false);
	put_number(&bytes, (uint64) sealed_at, false);
	put_number(&bytes, (uint64) horizon, false);
	put_number(&bytes, first_at ? (uint64) *first_at : 0, first_at == NULL);
	put_number(&bytes, last_at ? (uint64) *last_at : 0, last_at == NULL);
	put_number(&bytes, (uint64) row_count, false);
	put_number(&bytes, (uint64) total, false);
	put(&bytes, rows, rows_len);
	put(&bytes, previous, SCIM_DIGEST_LENGTH);
	if (context == NULL || pg_cryptohash_init(context) < 0 ||
		pg_cryptohash_update(context, (const uint8 *) bytes.data, bytes.len) < 0 ||
		pg_cryptohash_final(context, digest, SCIM_DIGEST_LENGTH) < 0)
		elog(ERROR, "could not compute a SHA-256");
	pg_cryptohash_free(context);
	pfree(bytes.data);
}

static bytea *
make_bytea(const void *bytes, size_t len)
{
	bytea *result = palloc(VARHDRSZ + len);

	SET_VARSIZE(result, VARHDRSZ + len);
	memcpy(VARDATA(result), bytes, len);
	return result;
}

/* The chain of a tenant as its last link leaves it. */
static Chain *
read_chain(Sealing *sealing, int32 tenant_id)
{
	MemoryContext old = MemoryContextSwitchTo(sealing->context);
	Chain *chain = palloc0(sizeof(Chain));
	ScimParams params;

	chain->tenant_id = tenant_id;
	chain->horizon = DT_NOBEGIN;
	initStringInfo(&chain->rows);
	sealing->chains = lappend(sealing->chains, chain);
	MemoryContextSwitchTo(old);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimSpiExecute(psprintf("SELECT position, total, horizon, digest, locator "
							"FROM %s.audit_seal WHERE tenant_id = $1 "
							"ORDER BY position DESC LIMIT 1",
							sealing->store->quoted_name),
				   &params, false, 1);
	if (SPI_processed > 0)
	{
		const bytea *digest = DatumGetByteaPP(ScimResultValue(0, 4, BYTEAOID));
		bool isnull;
		Datum locator = ScimResult(0, 5, BYTEAOID, &isnull);
		const bytea *sums = isnull ? NULL : DatumGetByteaPP(locator);

		chain->position = DatumGetInt64(ScimResultValue(0, 1, INT8OID));
		chain->total = DatumGetInt64(ScimResultValue(0, 2, INT8OID));
		chain->horizon = DatumGetTimestampTz(ScimResultValue(0, 3, TIMESTAMPTZOID));
		if (VARSIZE_ANY_EXHDR(digest) != SCIM_DIGEST_LENGTH || sums == NULL ||
			!ScimLocatorRead(&chain->locator, (const uint8 *) VARDATA_ANY(sums),
							 VARSIZE_ANY_EXHDR(sums)))
			ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
							errmsg("the last seal of tenant %d is not whole", tenant_id),
							errhint("scim.verify_audit() says what else is wrong.")));
		memcpy(chain->digest, VARDATA_ANY(digest), SCIM_DIGEST_LENGTH);
	}
	return chain;
}

static Chain *
find_chain(Sealing *sealing, int32 tenant_id)
{
	ListCell *lc;

	foreach (lc, sealing->chains)
	{
		if (((const Chain *) lfirst(lc))->tenant_id == tenant_id)
			return lfirst(lc);
	}
	return read_chain(sealing, tenant_id);
}

/* A row until the new horizon that was not until the old one is summed up. */
static void
sum_up(const Sealing *sealing, Chain *chain, TimestampTz at, const pg_uuid_t *id,
	   const uint8 *digest)
{
	if (at > sealing->horizon)
		return;
	ScimLocatorAdd(&chain->locator, id, digest);
	chain->moved = true;
}

/* Write the rows at hand as a link. */
static void
write_link(Sealing *sealing, Chain *chain)
{
	const char *store = sealing->store->quoted_name;
	uint8 *sums = palloc(SCIM_LOCATOR_SIZE);
	bool has_rows = chain->nrows > 0;
	TimestampTz horizon = Max(sealing->horizon, chain->horizon);
	uint8 digest[SCIM_DIGEST_LENGTH];
	ScimParams params;

	if (chain->position > 0)
	{
		ScimParamsInit(&params);
		ScimParamsAdd(&params, INT4OID, Int32GetDatum(chain->tenant_id), false);
		ScimParamsAdd(&params, INT8OID, Int64GetDatum(chain->position), false);
		ScimAuditExecute(psprintf("UPDATE %s.audit_seal SET locator = NULL "
								  "WHERE tenant_id = $1 AND position = $2",
								  store),
						 &params, true);
	}
	chain->position++;
	chain->total += chain->nrows;
	link_digest(chain->tenant_id, chain->position, sealing->now, horizon,
				has_rows ? &chain->first_at : NULL, has_rows ? &chain->last_at : NULL,
				chain->nrows, chain->total, chain->rows.data, chain->rows.len,
				chain->digest, digest);
	ScimLocatorWrite(&chain->locator, sums);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(chain->tenant_id), false);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(chain->position), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(sealing->now), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(horizon), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(chain->first_at),
				  !has_rows);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(chain->last_at),
				  !has_rows);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(chain->nrows), false);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(chain->total), false);
	ScimParamsAdd(&params, BYTEAOID,
				  PointerGetDatum(make_bytea(chain->rows.data, chain->rows.len)), false);
	ScimParamsAdd(&params, BYTEAOID,
				  PointerGetDatum(make_bytea(chain->digest, SCIM_DIGEST_LENGTH)), false);
	ScimParamsAdd(&params, BYTEAOID,
				  PointerGetDatum(make_bytea(digest, SCIM_DIGEST_LENGTH)), false);
	ScimParamsAdd(&params, BYTEAOID, PointerGetDatum(make_bytea(sums, SCIM_LOCATOR_SIZE)),
				  false);
	ScimAuditExecute(psprintf("INSERT INTO %s.audit_seal (tenant_id, position, "
							  "sealed_at, horizon, first_at, last_at, row_count, total, "
							  "rows, previous, digest, locator) VALUES ($1, $2, $3, $4, "
							  "$5, $6, $7, $8, $9, $10, $11, $12)",
							  store),
					 &params, true);
	memcpy(chain->digest, digest, SCIM_DIGEST_LENGTH);
	sealing->nrows += chain->nrows;
	chain->nrows = 0;
	chain->moved = false;
	resetStringInfo(&chain->rows);
}

/* Rows that are not sealed yet go to the chains of their tenants. */
static void
add_rows(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	Sealing *sealing = arg;

	for (uint64 i = 0; i < nrows; i++)
	{
		SealedKey key = {0};
		TimestampTz at;
		const bytea *digest;
		bool isnull;
		Datum value;
		Chain *chain;
		uint64 instant;

		CHECK_FOR_INTERRUPTS();
		key.tenant_id = DatumGetInt32(ScimColumnValue(rows[i], desc, 1, INT4OID));
		at = DatumGetTimestampTz(ScimColumnValue(rows[i], desc, 2, TIMESTAMPTZOID));
		key.id = *DatumGetUUIDP(ScimColumnValue(rows[i], desc, 3, UUIDOID));
		value = ScimColumn(rows[i], desc, 4, BYTEAOID, &isnull);
		digest = isnull ? NULL : DatumGetByteaPP(value);
		/* what was not written by the store is no evidence: scim.verify_audit tells */
		if (digest == NULL || VARSIZE_ANY_EXHDR(digest) != SCIM_DIGEST_LENGTH ||
			hash_search(sealing->sealed, &key, HASH_FIND, NULL) != NULL)
			continue;
		chain = find_chain(sealing, key.tenant_id);
		instant = pg_hton64((uint64) at);
		appendBinaryStringInfo(&chain->rows, (const char *) &instant, sizeof(instant));
		appendBinaryStringInfo(&chain->rows, (const char *) key.id.data, UUID_LEN);
		appendBinaryStringInfo(&chain->rows, VARDATA_ANY(digest), SCIM_DIGEST_LENGTH);
		chain->first_at = chain->nrows == 0 ? at : Min(chain->first_at, at);
		chain->last_at = chain->nrows == 0 ? at : Max(chain->last_at, at);
		sum_up(sealing, chain, at, &key.id, (const uint8 *) VARDATA_ANY(digest));
		if (++chain->nrows == MAX_ROWS)
			write_link(sealing, chain);
	}
}

/* What is sealed already, of the rows that are looked at. */
static void
add_sealed(void *arg, HeapTuple *links, uint64 nlinks, TupleDesc desc)
{
	Sealing *sealing = arg;

	for (uint64 i = 0; i < nlinks; i++)
	{
		SealedKey key = {0};
		const bytea *rows = DatumGetByteaPP(ScimColumnValue(links[i], desc, 2, BYTEAOID));
		const uint8 *entry = (const uint8 *) VARDATA_ANY(rows);
		int n = VARSIZE_ANY_EXHDR(rows) / ENTRY_SIZE;

		key.tenant_id = DatumGetInt32(ScimColumnValue(links[i], desc, 1, INT4OID));
		for (int j = 0; j < n; j++, entry += ENTRY_SIZE)
		{
			uint64 instant;
			TimestampTz at;
			Chain *chain;

			CHECK_FOR_INTERRUPTS();
			memcpy(&instant, entry, sizeof(instant));
			at = (TimestampTz) pg_ntoh64(instant);
			if (at < sealing->since)
				continue;
			memcpy(key.id.data, entry + 8, UUID_LEN);
			(void) hash_search(sealing->sealed, &key, HASH_ENTER, NULL);
			chain = find_chain(sealing, key.tenant_id);
			if (at > chain->horizon)
				sum_up(sealing, chain, at, &key.id, entry + 8 + UUID_LEN);
		}
	}
}

/*
 * The instant until which all rows are visible by the next snapshot; "now" is one, where
 * all who held a lock then have ended.  This transaction has not: what is called by a
 * trigger, or in the midst of a statement, comes before rows with instants of before.
 */
static TimestampTz
find_horizon(const ScimStore *store, TimestampTz now, TimestampTz former)
{
	LOCKTAG tag;
	VirtualTransactionId *writers;
	int count;

	SET_LOCKTAG_RELATION(tag, MyDatabaseId, store->tables.relid[SCIM_TABLE_AUDIT]);
	writers = GetLockConflicts(&tag, ShareLock, &count);
	for (int waited = 0; count > 0; waited += 10)
	{
		while (count > 0 && VirtualXactLock(writers[count - 1], false))
			count--;
		if (count > 0 && waited >= PATIENCE)
			return former;
		if (count > 0)
			pg_usleep(10000);
		CHECK_FOR_INTERRUPTS();
	}
	return Min(now, ScimClockFirst() - 1);
}

static HTAB *
make_table(MemoryContext context)
{
	HASHCTL control;

	memset(&control, 0, sizeof(control));
	control.keysize = sizeof(SealedKey);
	control.entrysize = sizeof(SealedKey);
	control.hcxt = context;
	return hash_create("scim sealed rows", 1024, &control,
					   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/* Until when everything was sealed the last time. */
static TimestampTz
last_horizon(const ScimStore *store)
{
	bool isnull;
	Datum value;

	ScimSpiExecute(psprintf("SELECT max(horizon) FROM %s.audit_seal", store->quoted_name),
				   NULL, false, 1);
	value = ScimResult(0, 1, TIMESTAMPTZOID, &isnull);
	return isnull ? DT_NOBEGIN : DatumGetTimestampTz(value);
}

static void
seal(Sealing *sealing)
{
	const char *store = sealing->store->quoted_name;
	TimestampTz former = last_horizon(sealing->store);
	ScimParams params;
	ListCell *lc;

	sealing->now = GetCurrentTimestamp();
	sealing->horizon = find_horizon(sealing->store, sealing->now, former);
	sealing->since = former == DT_NOBEGIN ? DT_NOBEGIN : former - OVERLAP;
	sealing->sealed = make_table(sealing->context);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(sealing->since), false);
	ScimSpiForEach(
		psprintf("SELECT tenant_id, rows FROM %s.audit_seal WHERE last_at >= $1", store),
		&params, false, add_sealed, sealing);
	ScimSpiForEach(psprintf("SELECT tenant_id, at, id, digest FROM %s.audit "
							"WHERE at >= $1 ORDER BY tenant_id, at, id",
							store),
				   &params, false, add_rows, sealing);
	foreach (lc, sealing->chains)
	{
		Chain *chain = lfirst(lc);

		if (chain->nrows > 0 || chain->moved)
			write_link(sealing, chain);
	}
}

int64
ScimAuditSeal(ScimStore *store)
{
	Sealing sealing = {.store = store};
	ScimIdentity caller;

	ScimAuditRequireOwner(store);
	/* what others have written meanwhile has to be seen */
	if (IsolationUsesXactSnapshot())
		ereport(ERROR, (errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
						errmsg("the audit can be sealed in a transaction that is READ "
							   "COMMITTED only")));
	sealing.context =
		AllocSetContextCreate(CurrentMemoryContext, "scim seal", ALLOCSET_DEFAULT_SIZES);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	/* one at a time; readers go on */
	LockRelationOid(store->tables.relid[SCIM_TABLE_AUDIT_SEAL], ShareRowExclusiveLock);
	seal(&sealing);
	SPI_finish();
	ScimBeCaller(caller);
	MemoryContextDelete(sealing.context);
	return sealing.nrows;
}

/* scim.seal_audit() returns bigint */
Datum
scim_seal_audit(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();

	ScimScopeRefuse(store->namespace_oid, "seal the audit");
	PG_RETURN_INT64(ScimAuditSeal(store));
}

/* scim_internal.audit_seal_rows(rows bytea) returns setof (at, id, digest) */
Datum
scim_audit_seal_rows(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const bytea *rows = PG_GETARG_BYTEA_PP(0);
	const uint8 *entry = (const uint8 *) VARDATA_ANY(rows);
	int n = VARSIZE_ANY_EXHDR(rows) / ENTRY_SIZE;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < n; i++, entry += ENTRY_SIZE)
	{
		Datum values[3];
		bool nulls[3] = {false};
		pg_uuid_t id;
		uint64 instant;
		bytea *digest = make_bytea(entry + 8 + UUID_LEN, SCIM_DIGEST_LENGTH);

		CHECK_FOR_INTERRUPTS();
		memcpy(&instant, entry, sizeof(instant));
		memcpy(id.data, entry + 8, UUID_LEN);
		values[0] = TimestampTzGetDatum((TimestampTz) pg_ntoh64(instant));
		values[1] = UUIDPGetDatum(&id);
		values[2] = PointerGetDatum(digest);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		pfree(digest);
	}
	return (Datum) 0;
}

/*
 * scim_internal.audit_seal_digest(tenant_id int, position bigint, sealed_at, horizon,
 * first_at, last_at timestamptz, row_count int, total bigint, rows, previous bytea)
 * returns bytea
 */
Datum
scim_audit_seal_digest(PG_FUNCTION_ARGS)
{
	uint8 digest[SCIM_DIGEST_LENGTH];
	TimestampTz instants[2];
	const bytea *rows;
	const bytea *previous;

	for (int i = 0; i < 10; i++)
	{
		if (PG_ARGISNULL(i) && i != 4 && i != 5)
			PG_RETURN_NULL();
	}
	rows = PG_GETARG_BYTEA_PP(8);
	previous = PG_GETARG_BYTEA_PP(9);
	if (VARSIZE_ANY_EXHDR(previous) != SCIM_DIGEST_LENGTH)
		PG_RETURN_NULL();
	for (int i = 0; i < 2; i++)
		instants[i] = PG_ARGISNULL(4 + i) ? 0 : PG_GETARG_TIMESTAMPTZ(4 + i);
	link_digest(PG_GETARG_INT32(0), PG_GETARG_INT64(1), PG_GETARG_TIMESTAMPTZ(2),
				PG_GETARG_TIMESTAMPTZ(3), PG_ARGISNULL(4) ? NULL : &instants[0],
				PG_ARGISNULL(5) ? NULL : &instants[1], PG_GETARG_INT32(6),
				PG_GETARG_INT64(7), VARDATA_ANY(rows), VARSIZE_ANY_EXHDR(rows),
				(const uint8 *) VARDATA_ANY(previous), digest);
	PG_RETURN_BYTEA_P(make_bytea(digest, SCIM_DIGEST_LENGTH));
}

/* scim_internal.audit_prints(locator bytea) returns bytea: what is kept of it elsewhere
 */
Datum
scim_audit_prints(PG_FUNCTION_ARGS)
{
	const bytea *sums = PG_GETARG_BYTEA_PP(0);
	ScimLocator *locator = palloc(sizeof(ScimLocator));
	uint8 prints[SCIM_PRINTS_SIZE];

	if (!ScimLocatorRead(locator, (const uint8 *) VARDATA_ANY(sums),
						 VARSIZE_ANY_EXHDR(sums)))
		PG_RETURN_NULL();
	ScimLocatorPrint(locator, prints);
	PG_RETURN_BYTEA_P(make_bytea(prints, SCIM_PRINTS_SIZE));
}

PG_FUNCTION_INFO_V1(scim_audit_sums);

/* What a sum over rows needs besides. */
typedef struct Summing
{
	ScimLocator *locator;
	int64 count;
} Summing;

static void
sum_rows(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	Summing *summing = arg;

	for (uint64 i = 0; i < nrows; i++)
	{
		const bytea *digest =
			DatumGetByteaPP(ScimColumnValue(rows[i], desc, 2, BYTEAOID));

		CHECK_FOR_INTERRUPTS();
		if (VARSIZE_ANY_EXHDR(digest) != SCIM_DIGEST_LENGTH)
			continue;
		ScimLocatorAdd(summing->locator,
					   DatumGetUUIDP(ScimColumnValue(rows[i], desc, 1, UUIDOID)),
					   (const uint8 *) VARDATA_ANY(digest));
		summing->count++;
	}
}

/*
 * scim_internal.audit_sums(store name, tenant_id int, horizon, begins timestamptz,
 * OUT locator bytea, OUT row_count bigint)
 *
 * The locator as it is by the rows that are there now and, of those before an instant
 * that are not there any more, by what was sealed of them.
 */
Datum
scim_audit_sums(PG_FUNCTION_ARGS)
{
	const char *store = quote_identifier(NameStr(*PG_GETARG_NAME(0)));
	const char *internal = quote_identifier(get_namespace_name(ScimInternalNamespace()));
	Summing summing = {.locator = palloc0(sizeof(ScimLocator))};
	uint8 *sums = palloc(SCIM_LOCATOR_SIZE);
	ScimParams params;
	TupleDesc result;
	Datum values[2];
	bool nulls[2] = {false};

	if (get_call_result_type(fcinfo, NULL, &result) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	result = BlessTupleDesc(result);
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, PG_GETARG_DATUM(1), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID, PG_GETARG_DATUM(2), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID, PG_GETARG_DATUM(3), false);
	ScimSpiForEachOfTenant(
		psprintf("SELECT a.id, d.digest FROM %1$s.audit a, %2$s.audit_digest(a) d "
				 "WHERE a.tenant_id = $1 AND a.at <= $2 UNION ALL "
				 "SELECT e.id, e.digest FROM %1$s.audit_seal s, "
				 "%2$s.audit_seal_rows(s.rows) e WHERE s.tenant_id = $1 "
				 "AND s.first_at < $3 AND e.at < $3 AND e.at <= $2 AND NOT EXISTS "
				 "(SELECT FROM %1$s.audit a WHERE a.tenant_id = $1 AND a.at = e.at "
				 "AND a.id = e.id)",
				 store, internal),
		&params, true, sum_rows, &summing);
	SPI_finish();
	ScimLocatorWrite(summing.locator, sums);
	values[0] = PointerGetDatum(make_bytea(sums, SCIM_LOCATOR_SIZE));
	values[1] = Int64GetDatum(summing.count);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(result, values, nulls)));
}
