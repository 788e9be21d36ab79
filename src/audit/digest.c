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
 *int8send, uuid_send and timestamptz_send give; of texts, and of jsonb as text, those of
 *UTF-8.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "common/cryptohash.h"
#include "fmgr.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "port/pg_bswap.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/typcache.h"
#include "utils/uuid.h"

#include "audit/audit.h"
#include "store/column.h"

#define SEED "scim audit 1"

/* In the order in which they are written. */
static const struct
{
	const char *name;
	Oid type;
} columns[] = {
	{"tenant_id", INT4OID},   {"id", UUIDOID},
	{"at", TIMESTAMPTZOID},   {"transaction_id", XID8OID},
	{"actor", TEXTOID},       {"db_user", NAMEOID},
	{"operation", TEXTOID},   {"resource_type", TEXTOID},
	{"resource_id", UUIDOID}, {"version", INT8OID},
	{"member_id", UUIDOID},   {"change", UUIDOID},
	{"token_id", UUIDOID},    {"subject", TEXTOID},
	{"role", NAMEOID},        {"request_id", TEXTOID},
	{"object", TEXTOID},      {"key", TEXTOID},
	{"status", TEXTOID},      {"before", JSONBOID},
	{"detail", JSONBOID},
};
#define COLUMNS ((int) lengthof(columns))
#define FIRST_OF_CONTENT (COLUMNS - 2)

/*
 * The number of a column.  Those of the table that was looked at last are tried first:
 * a row is written by a statement of its own, and nothing else outlives that.
 */
static int
column_number(TupleDesc desc, int column)
{
	static int known[COLUMNS];
	int number = known[column];

	if (number >= 1 && number <= desc->natts)
	{
		const FormData_pg_attribute *attribute = TupleDescAttr(desc, number - 1);

		if (attribute->atttypid == columns[column].type && !attribute->attisdropped &&
			strcmp(NameStr(attribute->attname), columns[column].name) == 0)
			return number;
	}
	known[column] = ScimColumnNumber(desc, columns[column].name, columns[column].type);
	return known[column];
}

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
put_value(StringInfo out, Oid type, Datum value)
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
		{
			Jsonb *jsonb = DatumGetJsonbP(value);
			StringInfoData text;

			initStringInfo(&text);
			(void) JsonbToCString(&text, &jsonb->root, VARSIZE(jsonb));
			put_text(out, text.data, text.len);
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

/* What a row has in these columns. */
typedef struct Values
{
	Datum values[COLUMNS];
	bool nulls[COLUMNS];
} Values;

static void
read_values(HeapTuple tuple, TupleDesc desc, Values *row)
{
	for (int i = 0; i < COLUMNS; i++)
		row->values[i] = ScimColumn(tuple, desc, column_number(desc, i), columns[i].type,
									&row->nulls[i]);
}

static void
put_columns(StringInfo out, const Values *row, int from, int end)
{
	for (int i = from; i < end; i++)
	{
		if (row->nulls[i])
			put_null(out);
		else
			put_value(out, columns[i].type, row->values[i]);
	}
}

/* SHA-256 of some bytes. */
static bytea *
sha256(const StringInfo bytes)
{
	bytea *result = palloc(VARHDRSZ + SCIM_DIGEST_LENGTH);
	pg_cryptohash_ctx *context = pg_cryptohash_create(PG_SHA256);

	SET_VARSIZE(result, VARHDRSZ + SCIM_DIGEST_LENGTH);
	if (context == NULL || pg_cryptohash_init(context) < 0 ||
		pg_cryptohash_update(context, (const uint8 *) bytes->data, bytes->len) < 0 ||
		pg_cryptohash_final(context, (uint8 *) VARDATA(result), SCIM_DIGEST_LENGTH) < 0)
		elog(ERROR, "could not compute a SHA-256");
	pg_cryptohash_free(context);
	return result;
}

/* ScimAuditHasContent: does a row say what something was, or what became of it? */
bool
ScimAuditHasContent(HeapTuple tuple, TupleDesc desc)
{
	for (int i = FIRST_OF_CONTENT; i < COLUMNS; i++)
	{
		bool isnull;

		(void) ScimColumn(tuple, desc, column_number(desc, i), columns[i].type, &isnull);
		if (!isnull)
			return true;
	}
	return false;
}

/*
 * ScimAuditDigest makes the digests of a row.  salt NULL: the content is not looked at,
 * and *content_digest is that of the row, which may be NULL; else it is made.
 */
void
ScimAuditDigest(HeapTuple tuple, TupleDesc desc, const bytea *salt,
				const bytea **content_digest, const bytea **digest)
{
	StringInfoData bytes;
	Values row;

	read_values(tuple, desc, &row);
	initStringInfo(&bytes);
	if (salt != NULL)
	{
		appendBinaryStringInfo(&bytes, VARDATA_ANY(salt), VARSIZE_ANY_EXHDR(salt));
		put_columns(&bytes, &row, FIRST_OF_CONTENT, COLUMNS);
		*content_digest = sha256(&bytes);
		resetStringInfo(&bytes);
	}
	appendStringInfoString(&bytes, SEED);
	put_columns(&bytes, &row, 0, FIRST_OF_CONTENT);
	if (*content_digest == NULL)
		put_null(&bytes);
	else
		put_bytes(&bytes, VARDATA_ANY(*content_digest),
				  VARSIZE_ANY_EXHDR(*content_digest));
	*digest = sha256(&bytes);
	pfree(bytes.data);
}

/* A column of type bytea; NULL where it is null. */
static const bytea *
bytea_column(HeapTuple tuple, TupleDesc desc, const char *name)
{
	bool isnull;
	Datum value = ScimColumn(tuple, desc, ScimColumnNumber(desc, name, BYTEAOID),
							 BYTEAOID, &isnull);

	return isnull ? NULL : DatumGetByteaPP(value);
}

PG_FUNCTION_INFO_V1(scim_audit_digest);

/*
 * scim_internal.audit_digest(row record, OUT content_digest bytea, OUT digest bytea)
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
	const bytea *salt = bytea_column(&tuple, desc, "salt");
	const bytea *content_digest = bytea_column(&tuple, desc, "content_digest");
	const bytea *digest;
	TupleDesc result;
	Datum values[2];
	bool nulls[2] = {false};

	if (get_call_result_type(fcinfo, NULL, &result) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	ScimAuditDigest(&tuple, desc, salt, &content_digest, &digest);
	nulls[0] = content_digest == NULL;
	values[0] = PointerGetDatum(content_digest);
	values[1] = PointerGetDatum(digest);
	PG_RETURN_DATUM(
		HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(result), values, nulls)));
}
