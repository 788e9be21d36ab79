/*
 * pending.c
 *		What a row states that lives in other tables, on its way from BEFORE to
 *		AFTER.
 *
 * A row at the door may never be written: ON CONFLICT DO NOTHING or another
 * trigger drops it.  Its password, and the members of a new group, therefore
 * wait here until the AFTER trigger says that the row is there.  What never
 * gets that far is forgotten with the transaction, or with the next row of
 * that id.
 */
#include "postgres.h"

#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "door/door.h"
#include "json/json.h"
#include "store/store.h"

typedef struct PendingKey
{
	Oid namespace_oid;
	int32 tenant_id;
	pg_uuid_t id;
} PendingKey;

typedef struct PendingRow
{
	PendingKey key;
	char *secret;
	Jsonb *members;
} PendingRow;

static HTAB *rows = NULL; /* in TopTransactionContext, or NULL */

static void
forget_all(void *arg)
{
	rows = NULL;
}

static void
make_table(void)
{
	HASHCTL control;
	MemoryContextCallback *callback =
		MemoryContextAlloc(TopTransactionContext, sizeof(MemoryContextCallback));

	memset(&control, 0, sizeof(control));
	control.keysize = sizeof(PendingKey);
	control.entrysize = sizeof(PendingRow);
	control.hcxt = TopTransactionContext;
	rows = hash_create("scim pending rows", 64, &control,
					   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	callback->func = forget_all;
	callback->arg = NULL;
	MemoryContextRegisterResetCallback(TopTransactionContext, callback);
}

static PendingKey
make_key(const ScimStore *store, int32 tenant_id, const pg_uuid_t *id)
{
	PendingKey key;

	memset(&key, 0, sizeof(key));
	key.namespace_oid = store->namespace_oid;
	key.tenant_id = tenant_id;
	key.id = *id;
	return key;
}

static void
free_row(PendingRow *row)
{
	if (row->secret != NULL)
		pfree(row->secret);
	if (row->members != NULL)
		pfree(row->members);
}

/*
 * ScimPendingPut keeps the secret of a password and the members that a row
 * states, in place of what was kept for its id.  Either may be NULL.
 */
void
ScimPendingPut(const ScimStore *store, int32 tenant_id, const pg_uuid_t *id,
			   const char *secret, JsonbValue *members)
{
	PendingKey key = make_key(store, tenant_id, id);
	PendingRow *row;
	bool found;

	if (secret == NULL && members == NULL)
	{
		row = rows ? hash_search(rows, &key, HASH_FIND, NULL) : NULL;
		if (row != NULL)
		{
			free_row(row);
			hash_search(rows, &key, HASH_REMOVE, NULL);
		}
		return;
	}
	if (rows == NULL)
		make_table();
	row = hash_search(rows, &key, HASH_ENTER, &found);
	if (found)
		free_row(row);
	row->secret = NULL;
	row->members = NULL;
	if (secret != NULL)
		row->secret = MemoryContextStrdup(TopTransactionContext, secret);
	if (members != NULL)
	{
		Jsonb *jsonb = ScimJsonToJsonb(members);

		row->members = MemoryContextAlloc(TopTransactionContext, VARSIZE(jsonb));
		memcpy(row->members, jsonb, VARSIZE(jsonb));
	}
}

/*
 * ScimPendingTake hands over what was kept for a row, in the current memory
 * context.  Returns false where that is nothing.
 */
bool
ScimPendingTake(const ScimStore *store, int32 tenant_id, const pg_uuid_t *id,
				char **secret, JsonbValue **members)
{
	PendingKey key = make_key(store, tenant_id, id);
	PendingRow *row = rows ? hash_search(rows, &key, HASH_FIND, NULL) : NULL;

	if (row == NULL)
		return false;
	*secret = row->secret ? pstrdup(row->secret) : NULL;
	*members = NULL;
	if (row->members != NULL)
		*members = ScimJsonFromJsonb(
			memcpy(palloc(VARSIZE(row->members)), row->members, VARSIZE(row->members)));
	free_row(row);
	hash_search(rows, &key, HASH_REMOVE, NULL);
	return true;
}
