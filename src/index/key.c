/*
 * key.c
 *		The bytes of one key, as index.h describes them.
 */
#include "postgres.h"

#include "compat.h"
#include "common/hashfn.h"
#include "index/index.h"
#include "text/number.h"
#include "utils/builtins.h"

/* Starts the key of one attribute, path, and one kind of value. */
void
ScimIndexKeyStart(ScimIndexKey *key, const char *path, int path_len, ScimIndexTag tag)
{
	key->len = ScimIndexPathBytes(path, path_len, key->data);
	key->data[key->len++] = (char) tag;
}

/* ScimIndexKeyMark makes the key that is all of a document has or has not. */
void
ScimIndexKeyMark(ScimIndexKey *key, ScimIndexPath mark)
{
	key->data[0] = (char) mark;
	key->len = 1;
}

/* ScimIndexKeyOfUserName makes the key that a document has that needs no mark of its own.
 */
void
ScimIndexKeyOfUserName(ScimIndexKey *key)
{
	ScimIndexKeyStart(key, "username", strlen("username"), SCIM_TAG_PRESENT);
}

/*
 * ScimIndexKeyStartText does so for a string.  Where attributes share it, it returns
 * which of them this is; the key then ends with 0x00 and that byte.
 */
int
ScimIndexKeyStartText(ScimIndexKey *key, const char *path, int path_len)
{
	ScimIndexPath with;
	int whose = ScimIndexPathShared(path, path_len, &with);

	if (whose != 0)
	{
		key->data[0] = (char) with;
		key->len = 1;
	}
	else
		ScimIndexKeyStart(key, path, path_len, SCIM_TAG_TEXT);
	return whose;
}

/* Appends bytes, for which there is room. */
void
ScimIndexKeyAppend(ScimIndexKey *key, const char *bytes, int len)
{
	Assert(key->len + len <= SCIM_INDEX_KEY_MAX);
	memcpy(key->data + key->len, bytes, len);
	key->len += len;
}

/* Appends a folded string, or the head and a hash of it. */
void
ScimIndexKeyAppendText(ScimIndexKey *key, const char *text, int len)
{
	uint32 hash;

	if (len <= SCIM_INDEX_TEXT_MAX)
	{
		ScimIndexKeyAppend(key, text, len);
		return;
	}
	hash = hash_bytes((const unsigned char *) text, len);
	ScimIndexKeyAppend(key, text, SCIM_INDEX_HEAD);
	ScimIndexKeyAppend(key, (const char *) &hash, sizeof(hash));
}

/* ScimIndexFormerKeyStart is ScimIndexKeyStart for the former format. */
void
ScimIndexFormerKeyStart(ScimIndexKey *key, const char *path, int path_len,
						ScimIndexTag tag)
{
	char *at = key->data;

	*at++ = SCIM_INDEX_VERSION;
	if (path_len <= SCIM_INDEX_PATH_MAX)
	{
		memcpy(at, path, path_len);
		at += path_len;
	}
	else
	{
		uint64 hash = hash_bytes_extended((const unsigned char *) path, path_len, 0);

		*at++ = SCIM_INDEX_SEPARATOR; /* no path starts with it */
		memcpy(at, &hash, sizeof(hash));
		at += sizeof(hash);
	}
	*at++ = '\0';
	*at++ = (char) tag;
	key->len = at - key->data;
}

/* ScimIndexFormerKeyAppend appends a value, and cuts it. */
void
ScimIndexFormerKeyAppend(ScimIndexKey *key, const char *bytes, int len)
{
	ScimIndexKeyAppend(key, bytes, Min(len, SCIM_INDEX_FORMER_TEXT_MAX));
}

static void
encode_uint64(uint64 value, char *bytes)
{
	for (int i = 7; i >= 0; i--, value >>= 8)
		bytes[i] = (char) (value & 0xff);
}

/*
 * The nearest double, so that its bytes compare as numbers do: what is less
 * comes before or at the same place.
 */
void
ScimIndexEncodeNumber(Numeric number, char bytes[8])
{
	char *text = ScimNumberText(number);
	float8 value = strtod(text, NULL);
	uint64 bits;

	pfree(text);
	memcpy(&bits, &value, sizeof(bits));
	if (value == 0)
		bits = 0; /* of two zeroes one */
	bits = (bits >> 63) ? ~bits : bits | (UINT64CONST(1) << 63);
	encode_uint64(bits, bytes);
}

/* Bytes that compare as instants do. */
void
ScimIndexEncodeInstant(const ScimInstant *instant, char bytes[12])
{
	uint32 nanoseconds = (uint32) instant->nanoseconds;

	encode_uint64((uint64) instant->seconds ^ (UINT64CONST(1) << 63), bytes);
	for (int i = 3; i >= 0; i--, nanoseconds >>= 8)
		bytes[8 + i] = (char) (nanoseconds & 0xff);
}

/* The key as a bytea: with a header of one byte, since it is short. */
Datum
ScimIndexKeyDatum(const ScimIndexKey *key)
{
	bytea *datum = palloc(VARHDRSZ_SHORT + key->len);

	StaticAssertStmt(VARHDRSZ_SHORT + SCIM_INDEX_KEY_MAX <= VARATT_SHORT_MAX,
					 "an index key must fit a short varlena");
	SET_VARSIZE_SHORT(datum, VARHDRSZ_SHORT + key->len);
	memcpy(VARDATA_SHORT(datum), key->data, key->len);
	return PointerGetDatum(datum);
}
