/*
 * digest.c
 *		What a row of "audit" carries of itself.
 *
 *		content_digest	SHA-256 (salt, before, detail), null where there is no content
 *		digest			SHA-256 ("scim audit 1", the columns below, content_digest)
 *
 * Each value is written as its length, four bytes of which the first is the highest, and
 * its bytes; null as the length ffffffff.  The salt stands without a length.  So no two
 * rows are written alike.  Bytes are those that the server's functions int4send,
 * int8send, uuid_send and timestamptz_send give; of texts, and of jsonb as text, those of
 * UTF-8.  jsonb with a number that is longer than it may be (ScimNumberFits), from
 * earlier versions, is compact text with exponents: written out it could be larger than
 * anything that the server holds.  Those versions wrote it out, where they could.
 */
#include "postgres.h"

#include <openssl/evp.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "port/pg_bswap.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/jsonb.h"
#include "utils/typcache.h"
#include "utils/uuid.h"

#include "audit/audit.h"
#include "compat.h"
#include "json/json.h"
#include "store/statement/column.h"
#include "store/statement/statement.h"

#define SEED "scim audit 1"

/* Those that are digested stand first, in the order in which they are written. */
const ScimInsertColumn ScimAuditColumns[SCIM_AUDIT_COLUMNS] = {
	[SCIM_AUDIT_TENANT_ID] = {"tenant_id", INT4OID},
	[SCIM_AUDIT_ID] = {"id", UUIDOID},
	[SCIM_AUDIT_AT] = {"at", TIMESTAMPTZOID},
	[SCIM_AUDIT_TRANSACTION_ID] = {"transaction_id", XID8OID},
	[SCIM_AUDIT_ACTOR] = {"actor", TEXTOID},
	[SCIM_AUDIT_DB_USER] = {"db_user", NAMEOID},
	[SCIM_AUDIT_OPERATION] = {"operation", TEXTOID},
	[SCIM_AUDIT_RESOURCE_TYPE] = {"resource_type", TEXTOID},
	[SCIM_AUDIT_RESOURCE_ID] = {"resource_id", UUIDOID},
	[SCIM_AUDIT_VERSION] = {"version", INT8OID},
	[SCIM_AUDIT_MEMBER_ID] = {"member_id", UUIDOID},
	[SCIM_AUDIT_CHANGE] = {"change", UUIDOID},
	[SCIM_AUDIT_TOKEN_ID] = {"token_id", UUIDOID},
	[SCIM_AUDIT_SUBJECT] = {"subject", TEXTOID},
	[SCIM_AUDIT_ROLE] = {"role", NAMEOID},
	[SCIM_AUDIT_REQUEST_ID] = {"request_id", TEXTOID},
	[SCIM_AUDIT_OBJECT] = {"object", TEXTOID},
	[SCIM_AUDIT_KEY] = {"key", TEXTOID},
	[SCIM_AUDIT_STATUS] = {"status", TEXTOID},
	[SCIM_AUDIT_BEFORE] = {"before", JSONBOID},
	[SCIM_AUDIT_DETAIL] = {"detail", JSONBOID},
	[SCIM_AUDIT_SALT] = {"salt", BYTEAOID},
	[SCIM_AUDIT_CONTENT_DIGEST] = {"content_digest", BYTEAOID},
	[SCIM_AUDIT_DIGEST] = {"digest", BYTEAOID},
};
#define FIRST_OF_CONTENT SCIM_AUDIT_BEFORE
#define END_OF_CONTENT SCIM_AUDIT_SALT

static void
put_bytes(StringInfo out, const void *bytes, size_t len)
{
	uint32 length = pg_hton32((uint32) len);

	appendBinaryStringInfo(out, (const char *) &length, sizeof(length));
	appendBinaryStringInfo(out, bytes, len);
}

static void
put_null(StringInfo out)
{
	static const char none[4] = {'\xff', '\xff', '\xff', '\xff'};

	appendBinaryStringInfo(out, none, sizeof(none));
}

static void
put_text(StringInfo out, const char *text, int len)
{
	char *utf8 = pg_server_to_any(text, len, PG_UTF8);

	put_bytes(out, utf8, utf8 == text ? len : strlen(utf8));
}

static void
put_jsonb(StringInfo out, Jsonb *jsonb, bool written_out)
{
	const JsonbValue *tree = ScimJsonFromJsonb(jsonb);
	StringInfoData text;

	initStringInfo(&text);
	if (written_out || ScimJsonLongNumber(tree) == NULL)
		(void) JsonbToCString(&text, &jsonb->root, VARSIZE(jsonb));
	else
		ScimJsonWrite(&text, tree);
	put_text(out, text.data, text.len);
	pfree(text.data);
}

static void
put_value(StringInfo out, Oid type, Datum value, bool written_out)
{
	switch (type)
	{
		case INT4OID:
		{
			uint32 number = pg_hton32((uint32) DatumGetInt32(value));

			put_bytes(out, &number, sizeof(number));
			break;
		}
		case INT8OID:
		case XID8OID:
		case TIMESTAMPTZOID:
		{
			uint64 number = pg_hton64((uint64) DatumGetInt64(value));

			put_bytes(out, &number, sizeof(number));
			break;
		}
		case UUIDOID:
			put_bytes(out, DatumGetUUIDP(value)->data, UUID_LEN);
			break;
		case NAMEOID:
		{
			const char *name = NameStr(*DatumGetName(value));

			put_text(out, name, strlen(name));
			break;
		}
		case JSONBOID:
			put_jsonb(out, DatumGetJsonbP(value), written_out);
			break;
		case BYTEAOID:
		{
			const bytea *bytes = DatumGetByteaPP(value);

			put_bytes(out, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
			break;
		}
		default:
		{
			const text *t = DatumGetTextPP(value);

			Assert(type == TEXTOID);
			put_text(out, VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t));
		}
	}
}

static void
put_columns(StringInfo out, const ScimAuditValues *row, int from, int end,
			bool written_out)
{
	for (int i = from; i < end; i++)
	{
		if (row->nulls[i])
			put_null(out);
		else
			put_value(out, ScimAuditColumns[i].type, row->values[i], written_out);
	}
}

pg_noreturn static void
raise_no_digest(void)
{
	elog(ERROR, "could not compute a SHA-256");
}

/*
 * SHA-256 of some bytes.  What the server has for it, cryptohash.h, looks in OpenSSL for
 * the algorithm each time, which takes longer than to use it.
 */
static Datum
sha256(const StringInfo bytes)
{
	static EVP_MD_CTX *context = NULL;
	bytea *result = palloc(VARHDRSZ + SCIM_DIGEST_LENGTH);
	unsigned int length;

	SET_VARSIZE(result, VARHDRSZ + SCIM_DIGEST_LENGTH);
	if (context == NULL)
	{
		EVP_MD_CTX *made = EVP_MD_CTX_new();

		if (made == NULL || EVP_DigestInit_ex(made, EVP_sha256(), NULL) != 1)
		{
			EVP_MD_CTX_free(made);
			raise_no_digest();
		}
		context = made;
	}
	else if (EVP_DigestInit_ex(context, NULL, NULL) != 1)
		raise_no_digest();
	if (EVP_DigestUpdate(context, bytes->data, bytes->len) != 1 ||
		EVP_DigestFinal_ex(context, (unsigned char *) VARDATA(result), &length) != 1 ||
		length != SCIM_DIGEST_LENGTH)
		raise_no_digest();
	return PointerGetDatum(result);
}

/* ScimAuditRead reads what a row has in the columns of the audit, but its digest. */
void
ScimAuditRead(HeapTuple tuple, TupleDesc desc, ScimAuditValues *row)
{
	int number = 0;

	for (int i = 0; i < SCIM_AUDIT_DIGEST; i++)
	{
		number = ScimColumnNumberFrom(desc, number, ScimAuditColumns[i].name,
									  ScimAuditColumns[i].type);
		row->values[i] =
			ScimColumn(tuple, desc, number, ScimAuditColumns[i].type, &row->nulls[i]);
	}
}

/* Of the content of a row that has a salt. */
static Datum
content_digest(const ScimAuditValues *row, bool written_out)
{
	const bytea *salt = DatumGetByteaPP(row->values[SCIM_AUDIT_SALT]);
	StringInfoData bytes;
	Datum digest;

	initStringInfo(&bytes);
	appendBinaryStringInfo(&bytes, VARDATA_ANY(salt), VARSIZE_ANY_EXHDR(salt));
	put_columns(&bytes, row, FIRST_OF_CONTENT, END_OF_CONTENT, written_out);
	digest = sha256(&bytes);
	pfree(bytes.data);
	return digest;
}

/* Has a row a number that an earlier version may have written out? */
static bool
has_long_number(const ScimAuditValues *row)
{
	for (int i = FIRST_OF_CONTENT; i < END_OF_CONTENT; i++)
	{
		if (ScimAuditColumns[i].type == JSONBOID && !row->nulls[i] &&
			ScimJsonLongNumber(ScimJsonFromJsonb(DatumGetJsonbP(row->values[i]))) != NULL)
			return true;
	}
	return false;
}

/*
 * ScimAuditDigest makes the digests of a row.  Without a salt the content is not looked
 * at, and content_digest is that of the row, which may be null; with one, it says what an
 * earlier version may have digested.
 */
void
ScimAuditDigest(ScimAuditValues *row)
{
	StringInfoData bytes;

	initStringInfo(&bytes);
	if (!row->nulls[SCIM_AUDIT_SALT])
	{
		Datum digest = content_digest(row, false);

		if (!row->nulls[SCIM_AUDIT_CONTENT_DIGEST] &&
			!datum_image_eq(row->values[SCIM_AUDIT_CONTENT_DIGEST], digest, false, -1) &&
			has_long_number(row))
			digest = content_digest(row, true);
		row->values[SCIM_AUDIT_CONTENT_DIGEST] = digest;
		row->nulls[SCIM_AUDIT_CONTENT_DIGEST] = false;
	}
	appendBinaryStringInfo(&bytes, SEED, strlen(SEED));
	put_columns(&bytes, row, 0, FIRST_OF_CONTENT, false);
	put_columns(&bytes, row, SCIM_AUDIT_CONTENT_DIGEST, SCIM_AUDIT_CONTENT_DIGEST + 1,
				false);
	row->values[SCIM_AUDIT_DIGEST] = sha256(&bytes);
	row->nulls[SCIM_AUDIT_DIGEST] = false;
	pfree(bytes.data);
}

/* ScimAuditComplete gives a new row its digests, with a salt where it has content. */
void
ScimAuditComplete(ScimAuditValues *row)
{
	bool has_content = false;

	for (int i = FIRST_OF_CONTENT; i < END_OF_CONTENT; i++)
		has_content |= !row->nulls[i];
	row->nulls[SCIM_AUDIT_SALT] = !has_content;
	row->nulls[SCIM_AUDIT_CONTENT_DIGEST] = true;
	if (has_content)
	{
		bytea *salt = palloc(VARHDRSZ + SCIM_SALT_LENGTH);

		SET_VARSIZE(salt, VARHDRSZ + SCIM_SALT_LENGTH);
		ScimRandomBytes((unsigned char *) VARDATA(salt), SCIM_SALT_LENGTH);
		row->values[SCIM_AUDIT_SALT] = PointerGetDatum(salt);
	}
	ScimAuditDigest(row);
}

PG_FUNCTION_INFO_V1(scim_audit_digest);

/*
 * scim_internal.audit_digest(audit record, OUT content_digest bytea, OUT digest bytea)
 *
 * What the row should carry, by what it says: of content that is gone, the digest that
 * it has.
 */
Datum
scim_audit_digest(PG_FUNCTION_ARGS)
{
	HeapTupleHeader row = PG_GETARG_HEAPTUPLEHEADER(0);
	HeapTupleData tuple = {.t_len = HeapTupleHeaderGetDatumLength(row), .t_data = row};
	TupleDesc desc = lookup_rowtype_tupdesc_copy(HeapTupleHeaderGetTypeId(row),
												 HeapTupleHeaderGetTypMod(row));
	ScimAuditValues values;
	TupleDesc result;

	if (get_call_result_type(fcinfo, NULL, &result) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	ScimAuditRead(&tuple, desc, &values);
	ScimAuditDigest(&values);
	/* the two stand one behind the other */
	PG_RETURN_DATUM(HeapTupleGetDatum(
		heap_form_tuple(BlessTupleDesc(result), values.values + SCIM_AUDIT_CONTENT_DIGEST,
						values.nulls + SCIM_AUDIT_CONTENT_DIGEST)));
}
