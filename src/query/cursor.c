/*
 * cursor.c
 *		Cursors of RFC 9865: a place in a sorted list, sealed.
 *
 * The server keeps nothing of a cursor.  It is the base64url of
 *
 *		tag			32 bytes, HMAC-SHA-256 of the query and the place
 *		place		version, time of issue, count, total, id and sort key of
 *					the last resource, XORed with a stream that the tag starts
 *
 * which is a synthetic-IV encryption: nobody without the key can make a cursor,
 * change one, use it for another query, tenant or store, or read it.  The key
 * is the row "cursor" of the store's table "secret", which only the owner of
 * the store reads.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/hmac.h"
#include "common/sha2.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "port/pg_bswap.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/timestamp.h"

#include "query/query.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/store.h"
#include "text/base64url.h"

#define CURSOR_VERSION 1
#define TAG_LEN PG_SHA256_DIGEST_LENGTH
#define KEY_LEN 32

/* version, issued, count, total, id, whether a key follows */
#define PLACE_LEN (1 + 3 * sizeof(uint64) + UUID_LEN + 1)

pg_noreturn static void
raise_no_secret(const ScimStore *store)
{
	ereport(ERROR,
			(ScimErr(SCIM_UNAVAILABLE),
			 errmsg("the store has no secret of %d bytes for cursors", KEY_LEN),
			 errhint("SELECT scim.repair_store(%s) makes one; cursors from before are "
					 "not good any more.",
					 quote_literal_cstr(store->name))));
}

static void
read_key(ScimStore *store, uint8 *key)
{
	ScimIdentity caller = ScimBeReader(store->owner);
	bytea *secret;

	SPI_connect();
	ScimSpiExecute(psprintf("SELECT value FROM %s.secret WHERE purpose = 'cursor'",
							store->quoted_name),
				   NULL, true, 1);
	if (SPI_processed == 0)
		raise_no_secret(store);
	secret = DatumGetByteaPP(ScimResultValue(0, 1, BYTEAOID));
	if (VARSIZE_ANY_EXHDR(secret) != KEY_LEN)
		raise_no_secret(store);
	memcpy(key, VARDATA_ANY(secret), KEY_LEN);
	SPI_finish();
	ScimBeCaller(caller);
}

/* HMAC-SHA-256 of two pieces, the first behind its length. */
static void
compute_hmac(const uint8 *key, const void *a, uint32 a_len, const void *b, uint32 b_len,
			 uint8 *result)
{
	pg_hmac_ctx *context = pg_hmac_create(PG_SHA256);
	uint32 length = pg_hton32(a_len);

	if (pg_hmac_init(context, key, KEY_LEN) < 0 ||
		pg_hmac_update(context, (const uint8 *) &length, sizeof(length)) < 0 ||
		pg_hmac_update(context, a, a_len) < 0 || pg_hmac_update(context, b, b_len) < 0 ||
		pg_hmac_final(context, result, TAG_LEN) < 0)
		elog(ERROR, "could not compute an HMAC");
	pg_hmac_free(context);
}

/* XOR the place with the stream that belongs to its tag; twice is nothing. */
static void
apply_stream(const uint8 *key, const uint8 *tag, uint8 *place, int len)
{
	uint8 stream_key[TAG_LEN];
	uint8 stream[TAG_LEN];

	compute_hmac(key, "stream", 6, NULL, 0, stream_key);
	for (int i = 0; i < len; i++)
	{
		if (i % TAG_LEN == 0)
		{
			uint32 block = pg_hton32(i / TAG_LEN);

			CHECK_FOR_INTERRUPTS();
			compute_hmac(stream_key, tag, TAG_LEN, &block, sizeof(block), stream);
		}
		place[i] ^= stream[i % TAG_LEN];
	}
}

static uint8 *
put_int64(uint8 *p, int64 value)
{
	uint64 big_endian = pg_hton64((uint64) value);

	memcpy(p, &big_endian, sizeof(big_endian));
	return p + sizeof(big_endian);
}

static const uint8 *
get_int64(const uint8 *p, int64 *value)
{
	uint64 big_endian;

	memcpy(&big_endian, p, sizeof(big_endian));
	*value = (int64) pg_ntoh64(big_endian);
	return p + sizeof(big_endian);
}

/* What a cursor tells, as its total, depends on what may be read. */
static StringInfo
with_scopes(const ScimStore *store, const StringInfo query)
{
	const char *types = ScimScopeTypes(store);
	StringInfo sealed = query;

	if (types == NULL)
		return query;
	sealed = makeStringInfo();
	appendBinaryStringInfo(sealed, query->data, query->len);
	appendStringInfo(sealed, "of %s", types);
	return sealed;
}

/*
 * ScimCursorSeal makes the text of a cursor that is good for one query: all
 * that must be the same on every page but the count.
 */
char *
ScimCursorSeal(ScimStore *store, const ScimCursor *cursor, const StringInfo query)
{
	StringInfoData text;
	int len = PLACE_LEN + (cursor->key_is_null ? 0 : cursor->key_len);
	uint8 *bytes = palloc(TAG_LEN + len);
	uint8 *p = bytes + TAG_LEN;
	uint8 key[KEY_LEN];
	StringInfo sealed = with_scopes(store, query);

	*p++ = CURSOR_VERSION;
	p = put_int64(p, GetCurrentTimestamp());
	p = put_int64(p, cursor->count);
	p = put_int64(p, cursor->total);
	memcpy(p, cursor->id.data, UUID_LEN);
	p += UUID_LEN;
	*p++ = cursor->key_is_null ? 0 : 1;
	if (!cursor->key_is_null)
		memcpy(p, cursor->key, cursor->key_len);

	read_key(store, key);
	compute_hmac(key, sealed->data, sealed->len, bytes + TAG_LEN, len, bytes);
	apply_stream(key, bytes, bytes + TAG_LEN, len);
	initStringInfo(&text);
	ScimBase64Url(&text, bytes, TAG_LEN + len);
	return text.data;
}

/* Raises invalidCursor, with one text for every reason, or expiredCursor. */
static void
unseal(ScimStore *store, const char *text, const StringInfo query, ScimCursor *cursor)
{
	uint8 *bytes = palloc(strlen(text) + 1);
	int len = ScimBase64UrlDecode(text, bytes) - TAG_LEN;
	uint8 *place = bytes + TAG_LEN;
	const uint8 *p = place + 1;
	uint8 key[KEY_LEN];
	uint8 tag[TAG_LEN];
	int64 issued;
	bool genuine = false;
	StringInfo sealed = with_scopes(store, query);
	int timeout = ScimSettingInt(store->settings, SCIM_SETTING_CURSOR_TIMEOUT, NULL);

	if (len >= (int) PLACE_LEN)
	{
		read_key(store, key);
		apply_stream(key, bytes, place, len);
		compute_hmac(key, sealed->data, sealed->len, place, len, tag);
		genuine = timingsafe_bcmp(tag, bytes, TAG_LEN) == 0;
	}
	if (!genuine || place[0] != CURSOR_VERSION)
		ereport(ERROR, (ScimErr(SCIM_INVALID_CURSOR),
						errmsg("the cursor is not one of this query"),
						errhint("Begin again with an empty cursor.")));
	p = get_int64(p, &issued);
	p = get_int64(p, &cursor->count);
	p = get_int64(p, &cursor->total);
	memcpy(cursor->id.data, p, UUID_LEN);
	p += UUID_LEN;
	cursor->key_is_null = *p++ == 0;
	cursor->key = (const char *) p;
	cursor->key_len = len - PLACE_LEN;
	if (timeout > 0 && GetCurrentTimestamp() - issued > timeout * USECS_PER_SEC)
		ereport(ERROR, (ScimErr(SCIM_EXPIRED_CURSOR),
						errmsg("the cursor is older than %d seconds", timeout),
						errhint("Begin again with an empty cursor.")));
}

/*
 * ScimCursorOpen reads the cursor of a request, which ScimCursorSeal has made
 * for the same query.  False where it is empty, which asks for the first page.
 * Raises invalidCursor, expiredCursor, invalidCount for a count that is not the
 * first page's or more than a page holds, and invalidValue for a startIndex.
 */
bool
ScimCursorOpen(ScimStore *store, const ScimResourceType *type,
			   const ScimSearchRequest *request, const StringInfo query,
			   ScimCursor *cursor)
{
	int max = ScimSettingInt(store->settings, SCIM_SETTING_MAX_RESULTS,
							 type != NULL ? type->name : NULL);

	if (request->start_index_given)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("\"startIndex\" and \"cursor\" exclude each other")));
	if (request->count > max)
		ereport(ERROR, (ScimErr(SCIM_INVALID_COUNT),
						errmsg("count " INT64_FORMAT " is more than a page can hold, %d",
							   request->count, max)));
	if (request->cursor[0] == '\0')
		return false;
	unseal(store, request->cursor, query, cursor);
	if (cursor->count != request->count)
		ereport(ERROR, (ScimErr(SCIM_INVALID_COUNT),
						errmsg("\"count\" is not the one that the query began with")));
	return true;
}
