/*
 * cursor.c
 *		A query, a line feed, and any bytes as its cursor: no cursor is good that
 *		was not made, and one that was made is good for its query only, as it is.
 */
#include "shim.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "query/query.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/store.h"

extern int LLVMFuzzerTestOneInput(const uint8 *data, size_t size);

/* ---- a store that has a secret */

uint64 SPI_processed = 1;
SPITupleTable *SPI_tuptable;

int
SPI_connect(void)
{
	return SPI_OK_CONNECT;
}

int
SPI_finish(void)
{
	return SPI_OK_FINISH;
}

int
ScimSpiExecute(const char *query, const ScimParams *params, bool read_only, long count)
{
	return SPI_OK_SELECT;
}

Datum
ScimResultValue(uint64 row, int number, Oid type)
{
	bytea *secret = palloc(VARHDRSZ + 32);

	SET_VARSIZE(secret, VARHDRSZ + 32);
	memset(VARDATA(secret), 0x5a, 32);
	return PointerGetDatum(secret);
}

ScimIdentity
ScimBeReader(Oid owner)
{
	ScimIdentity caller = {0};

	return caller;
}

void
ScimBeCaller(ScimIdentity caller)
{
}

char *
ScimScopeTypes(const ScimStore *store)
{
	return NULL;
}

int
ScimSettingInt(ScimSettings *settings, ScimSettingId id, const char *type)
{
	return 1000;
}

/* ---- cursors */

typedef struct Opening
{
	ScimStore *store;
	StringInfoData query;
	ScimSearchRequest request;
	ScimCursor cursor;
} Opening;

static void
open_cursor(void *argument)
{
	Opening *opening = argument;

	ScimCursorOpen(opening->store, NULL, &opening->request, &opening->query,
				   &opening->cursor);
}

int
LLVMFuzzerTestOneInput(const uint8 *data, size_t size)
{
	const uint8 *line = memchr(data, '\n', size);
	size_t query_len = line == NULL ? size : line - data;
	const uint8 *rest = line == NULL ? data + size : line + 1;
	size_t rest_len = data + size - rest;
	ScimStore store = {.quoted_name = "directory"};
	Opening opening = {.store = &store};
	ScimCursor made = {.count = 10, .total = 1000, .key = (const char *) rest, .key_len = rest_len};
	char *text;
	size_t at;

	initStringInfo(&opening.query);
	appendBinaryStringInfo(&opening.query, data, query_len);
	opening.request.count = 10;

	/* any bytes; an empty one is the first page's */
	opening.request.cursor = pnstrdup((const char *) rest, rest_len);
	if (shim_try(open_cursor, &opening) && opening.request.cursor[0] != '\0')
		shim_fail("is taken for a cursor", opening.request.cursor);

	/* one that was made */
	memcpy(made.id.data, data, Min(size, UUID_LEN));
	made.key_is_null = rest_len == 0;
	text = ScimCursorSeal(&store, &made, &opening.query);
	opening.request.cursor = text;
	if (!shim_try(open_cursor, &opening))
		shim_fail("is not taken any more", text);
	if (memcmp(&opening.cursor.id, &made.id, UUID_LEN) != 0 || opening.cursor.total != 1000 ||
		opening.cursor.key_len != (int) rest_len ||
		memcmp(opening.cursor.key, rest, rest_len) != 0)
		shim_fail("leads to another place", text);

	/* for another query, or changed */
	appendStringInfoChar(&opening.query, 'x');
	if (shim_try(open_cursor, &opening))
		shim_fail("is good for two queries", text);
	opening.query.data[--opening.query.len] = '\0';
	at = (size == 0 ? 0 : data[size - 1]) % strlen(text);
	text[at] = text[at] == 'A' ? 'B' : 'A';
	if (shim_try(open_cursor, &opening))
		shim_fail("is good though it was changed", text);
	shim_reset();
	return 0;
}
