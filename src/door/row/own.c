/*
 * own.c
 *		Whether what has become of a resource since somebody read it is his own doing.
 *
 * Who changes many resources, each in the version that he has read, may come upon some
 * that his own earlier writes have changed: a trigger of somebody's, a foreign key of a
 * bound table.  That is no change of somebody else.  Others may have changed them in
 * between, before the first of his own writes, from which on the row is locked: so the
 * version is noted that this one has found.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "miscadmin.h"
#include "utils/hsearch.h"

#include "door/row/at_door.h"
#include "door/row/row.h"
#include "json/json.h"

/* Of so many the version is known, of more it is not. */
#define OWN_MAX 262144

typedef struct OwnKey
{
	Oid namespace_oid;
	int32 tenant_id;
	pg_uuid_t id;
} OwnKey;

typedef struct Own
{
	OwnKey key;
	int64 found; /* the last version before this transaction wrote the row */
} Own;

static void merge(JsonbValue *now, const JsonbValue *was, const JsonbValue *is);

/* Own, in TopTransactionContext; NULL: nobody has asked for it. */
static HTAB *written = NULL;

static OwnKey
make_key(Oid namespace_oid, int32 tenant_id, const pg_uuid_t *id)
{
	OwnKey key;

	memset(&key, 0, sizeof(key));
	key.namespace_oid = namespace_oid;
	key.tenant_id = tenant_id;
	key.id = *id;
	return key;
}

/* ScimOwnBegin: from now on until the transaction ends ScimOwnSince knows. */
void
ScimOwnBegin(void)
{
	if (written == NULL)
		ScimNotedTable(&written, "scim own writes", sizeof(OwnKey), sizeof(Own), 64);
}

/*
 * ScimOwnNote is called with each stored row that is written or deleted.  What a
 * subtransaction noted that was rolled back is noted again if others have come between.
 */
void
ScimOwnNote(const Door *door)
{
	HeapTuple tuple = door->trigger->tg_trigtuple;
	bool is_own;
	bool found;
	OwnKey key;
	Own *own;

	if (written == NULL)
		return;
	key = make_key(door->store->namespace_oid, door->tenant_id,
				   DatumGetUUIDP(door->old.values[COLUMN_ID]));
	is_own = TransactionIdIsCurrentTransactionId(HeapTupleHeaderGetXmin(tuple->t_data));
	own = hash_search(written, &key,
					  hash_get_num_entries(written) < OWN_MAX ? HASH_ENTER : HASH_FIND,
					  &found);
	if (own != NULL && (!found || !is_own))
		own->found = DatumGetInt64(door->old.values[COLUMN_VERSION]);
}

/*
 * ScimOwnSince: has nobody but this transaction written the resource, which is gone,
 * since it had this version?
 */
bool
ScimOwnSince(const ScimStore *store, int32 tenant_id, const pg_uuid_t *id, int64 version)
{
	OwnKey key = make_key(store->namespace_oid, tenant_id, id);
	const Own *own = written != NULL ? hash_search(written, &key, HASH_FIND, NULL) : NULL;

	return own != NULL && own->found <= version;
}

/* ScimOwnRowSince: the same of a resource that is there, by the xmin of its row. */
bool
ScimOwnRowSince(const ScimStore *store, int32 tenant_id, const pg_uuid_t *id,
				int64 version, TransactionId xmin)
{
	return TransactionIdIsCurrentTransactionId(xmin) &&
		   ScimOwnSince(store, tenant_id, id, version);
}

/* What was and what is of a key: where they differ, the object now gets what is. */
static void
merge_key(JsonbValue *now, const JsonbValue *key, const JsonbValue *was,
		  const JsonbValue *is)
{
	JsonbValue *value = ScimJsonGetKey(now, key);
	char *name;

	if (ScimJsonSame(was, is) || ScimJsonSame(value, is))
		return;
	if (value != NULL && was != NULL && is != NULL && value->type == jbvObject &&
		was->type == jbvObject && is->type == jbvObject)
	{
		merge(value, was, is);
		return;
	}
	name = ScimJsonStringCopy(key);
	if (is != NULL)
		ScimJsonSet(now, name, is);
	else
		ScimJsonRemove(now, name);
}

static void
merge(JsonbValue *now, const JsonbValue *was, const JsonbValue *is)
{
	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	for (int i = 0; i < was->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &was->val.object.pairs[i];

		merge_key(now, &pair->key, &pair->value, ScimJsonGetKey(is, &pair->key));
	}
	for (int i = 0; i < is->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &is->val.object.pairs[i];

		if (ScimJsonGetKey(was, &pair->key) == NULL)
			merge_key(now, &pair->key, NULL, &pair->value);
	}
}

/*
 * ScimOwnMerge: of what a document has become since somebody has read it and made another
 * one of it, what his says as he said it, and the rest as it is now.
 */
Jsonb *
ScimOwnMerge(const Jsonb *before, const Jsonb *after, const Jsonb *now)
{
	JsonbValue *merged = ScimJsonFromJsonb(now);
	JsonbValue *was = ScimJsonFromJsonb(before);
	JsonbValue *is = ScimJsonFromJsonb(after);

	/* it follows from what is there */
	(void) ScimJsonRemove(was, "schemas");
	(void) ScimJsonRemove(is, "schemas");
	merge(merged, was, is);
	return ScimJsonToJsonb(merged);
}
