/*
 * whereabouts.c
 *		Where the rows are that this transaction has written last.
 *
 * Each change of a row leaves its former version in place, and until the transaction
 * ends nothing may remove it.  Who looks for the row by its key comes across all of
 * them: a bulk request of 1,000 changes of one resource would look at half a million.
 * So the place of what was written is kept, and tried first.
 *
 * It is no more than a hint.  What is there by now is asked for its key, and for the
 * transaction that wrote it: a subtransaction may have been rolled back, and its place
 * taken.  A version of our own is locked against all others by being there.
 */
#include "postgres.h"

#include "access/xact.h"
#include "common/hashfn.h"

#include "query/query.h"

#define PLACES 256

typedef struct Place
{
	FullTransactionId transaction;
	Oid store; /* its schema */
	int32 tenant_id;
	pg_uuid_t id;
	ItemPointerData tid;
} Place;

static Place places[PLACES];

static Place *
place_of(const pg_uuid_t *id)
{
	return &places[hash_bytes(id->data, UUID_LEN) % PLACES];
}

/* ScimTidNote keeps where a row is that was just written; tid NULL: somewhere. */
void
ScimTidNote(const ScimStore *store, int32 tenant_id, const pg_uuid_t *id,
			const ItemPointerData *tid)
{
	Place *place = place_of(id);

	/* a shard is on any node */
	if (tid == NULL || store->distributed)
		return;
	place->transaction = GetTopFullTransactionId();
	place->store = store->tables.namespace_oid;
	place->tenant_id = tenant_id;
	place->id = *id;
	place->tid = *tid;
}

/* ScimTidOf: where may a row be that this transaction has written?  NULL: not known. */
const ItemPointerData *
ScimTidOf(const ScimStore *store, int32 tenant_id, const pg_uuid_t *id)
{
	const Place *place = place_of(id);
	FullTransactionId now = GetTopFullTransactionIdIfAny();

	if (!FullTransactionIdIsValid(now) ||
		!FullTransactionIdEquals(place->transaction, now) ||
		place->store != store->tables.namespace_oid || place->tenant_id != tenant_id ||
		memcmp(&place->id, id, UUID_LEN) != 0)
		return NULL;
	return &place->tid;
}
