/*
 * log_entry.c
 *		scim_internal.log_entry: a line of the log of the gateway as a row.
 *
 * A query reads the whole log, and a log has lines that are broken: where the disk was
 * full, or one is just being written.  So nothing here raises an error.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "datatype/timestamp.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "json/json.h"
#include "protocol/protocol.h"

PG_FUNCTION_INFO_V1(scim_log_entry);

/* In the order of the columns of scim_internal.log_entry. */
enum
{
	AT,
	REQUEST_ID,
	TENANT_ID,
	TOKEN_ID,
	ADDRESS,
	METHOD,
	PATH,
	ENDPOINT,
	STATUS,
	SCIM_TYPE,
	DETAIL,
	SECONDS,
	RECEIVED,
	SENT,
	AGENT,
	COLUMNS
};

typedef struct Row
{
	const JsonbValue *entry;
	Datum values[COLUMNS];
	bool nulls[COLUMNS];
} Row;

static void
set(Row *row, int column, Datum value)
{
	row->values[column] = value;
	row->nulls[column] = false;
}

/* The text of a member, or NULL where there is none, or it is empty. */
static char *
text_of(const Row *row, const char *name)
{
	const JsonbValue *value = ScimJsonGet(row->entry, name);

	if (value == NULL || value->type != jbvString || value->val.string.len == 0)
		return NULL;
	return ScimJsonStringCopy(value);
}

static void
set_text(Row *row, int column, const char *name)
{
	char *value = text_of(row, name);

	if (value != NULL)
		set(row, column, CStringGetTextDatum(value));
}

/* A number that is at least 0 and below a bound, or -1. */
static double
number_of(const Row *row, const char *name, double bound)
{
	const JsonbValue *value = ScimJsonGet(row->entry, name);
	double number;

	if (value == NULL || value->type != jbvNumeric)
		return -1;
	number = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow,
												NumericGetDatum(value->val.numeric)));
	return number >= 0 && number < bound ? number : -1;
}

static void
set_bytes(Row *row, int column, const char *name)
{
	double number = number_of(row, name, 1e15);

	if (number >= 0)
		set(row, column, Int64GetDatum((int64) number));
}

/* Whose token it was, as that says. */
static void
set_token(Row *row)
{
	const char *tenant = text_of(row, "tenant");
	const char *token = text_of(row, "token");

	if (tenant != NULL && strlen(tenant) <= 9 &&
		strspn(tenant, "0123456789") == strlen(tenant))
		set(row, TENANT_ID, Int32GetDatum(atoi(tenant)));
	if (token != NULL && strlen(token) == 2 * UUID_LEN &&
		strspn(token, "0123456789abcdef") == 2 * UUID_LEN)
		set(row, TOKEN_ID, DirectFunctionCall1(uuid_in, CStringGetDatum(token)));
}

/* The first part of the path below that of the store, whose URL is the base. */
static void
set_endpoint(Row *row)
{
	const char *base = text_of(row, "base");
	const char *path = text_of(row, "path");
	const char *host = base ? strstr(base, "://") : NULL;
	const char *prefix = host ? strchr(host + 3, '/') : NULL;
	size_t len = prefix ? strlen(prefix) : 0;

	while (len > 0 && prefix[len - 1] == '/')
		len--;
	if (path == NULL || strncmp(path, prefix ? prefix : "", len) != 0)
		path = "";
	else
		path += len;
	path += strspn(path, "/");
	set(row, ENDPOINT,
		PointerGetDatum(cstring_to_text_with_len(path, strcspn(path, "/"))));
}

/* The log has it as it stood in the JSON of the error: quoted once more. */
static void
set_detail(Row *row)
{
	char *detail = text_of(row, "detail");
	char *to = detail;

	if (detail == NULL)
		return;
	for (const char *from = detail; *from != '\0'; from++)
	{
		if (*from == '\\' && (from[1] == '"' || from[1] == '\\' || from[1] == '/'))
			from++;
		*to++ = *from;
	}
	*to = '\0';
	set(row, DETAIL, CStringGetTextDatum(detail));
}

/*
 * scim_internal.log_entry(line text) returns record: NULL where the line is none that
 * log_format of conf/nginx.conf.in has made.
 */
Datum
scim_log_entry(PG_FUNCTION_ARGS)
{
	text *line = PG_GETARG_TEXT_PP(0);
	const char *problem;
	TupleDesc desc;
	Row row;
	double number;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE ||
		desc->natts != COLUMNS)
		elog(ERROR, "unexpected result of scim_internal.log_entry");
	row.entry = ScimJsonParse(VARDATA_ANY(line), VARSIZE_ANY_EXHDR(line), &problem);
	if (row.entry == NULL || row.entry->type != jbvObject)
		PG_RETURN_NULL();
	memset(row.values, 0, sizeof(row.values));
	memset(row.nulls, true, sizeof(row.nulls));

	number = number_of(&row, "at", 1e11);
	if (number < 0 || ScimJsonGet(row.entry, "request_id") == NULL)
		PG_RETURN_NULL();
	number -= (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * (double) SECS_PER_DAY;
	set(&row, AT, TimestampTzGetDatum((TimestampTz) rint(number * USECS_PER_SEC)));
	number = number_of(&row, "status", 1000);
	set(&row, STATUS, Int32GetDatum(number > 0 ? (int32) number : 0));
	number = number_of(&row, "seconds", 1e9);
	set(&row, SECONDS, Float8GetDatum(number > 0 ? number : 0));
	set_text(&row, REQUEST_ID, "request_id");
	set_token(&row);
	set_text(&row, ADDRESS, "address");
	set_text(&row, METHOD, "method");
	set_text(&row, PATH, "path");
	set_endpoint(&row);
	set_text(&row, SCIM_TYPE, "scim_type");
	set_detail(&row);
	set_bytes(&row, RECEIVED, "received");
	set_bytes(&row, SENT, "sent");
	set_text(&row, AGENT, "agent");
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(desc, row.values, row.nulls)));
}
