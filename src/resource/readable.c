/*
 * readable.c
 *		Values of documents as values of SQL, for the columns of views.
 *
 * A document may say anything where somebody has forced a change of schemas, and a view
 * must be readable all the same: what is not of the type that is asked for is NULL, and
 * nothing here is an error.
 */
#include "postgres.h"

#include "common/base64.h"
#include "datatype/timestamp.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "resource/resource.h"
#include "text/datetime.h"

/* That of the server, in seconds of that of Unix. */
#define SECONDS_OF_EPOCH \
	((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY)

PG_FUNCTION_INFO_V1(scim_as_boolean);
PG_FUNCTION_INFO_V1(scim_as_numeric);
PG_FUNCTION_INFO_V1(scim_as_bigint);
PG_FUNCTION_INFO_V1(scim_as_instant);
PG_FUNCTION_INFO_V1(scim_as_date);
PG_FUNCTION_INFO_V1(scim_ends_at);
PG_FUNCTION_INFO_V1(scim_as_bytes);
PG_FUNCTION_INFO_V1(scim_chosen_element);

/* The scalar that a jsonb is; false: it is none, or of another type. */
static bool
read_scalar(FunctionCallInfo fcinfo, enum jbvType type, JsonbValue *value)
{
	return JsonbExtractScalar(&PG_GETARG_JSONB_P(0)->root, value) && value->type == type;
}

/* scim_internal.as_boolean(value jsonb) returns boolean */
Datum
scim_as_boolean(PG_FUNCTION_ARGS)
{
	JsonbValue value;

	if (!read_scalar(fcinfo, jbvBool, &value))
		PG_RETURN_NULL();
	PG_RETURN_BOOL(value.val.boolean);
}

/* scim_internal.as_numeric(value jsonb) returns numeric */
Datum
scim_as_numeric(PG_FUNCTION_ARGS)
{
	JsonbValue value;

	if (!read_scalar(fcinfo, jbvNumeric, &value))
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(DatumGetNumericCopy(NumericGetDatum(value.val.numeric)));
}

/* scim_internal.as_bigint(value jsonb) returns bigint: an integer, where it is not too
 * large */
Datum
scim_as_bigint(PG_FUNCTION_ARGS)
{
	JsonbValue value;
	Datum number;

	if (!read_scalar(fcinfo, jbvNumeric, &value))
		PG_RETURN_NULL();
	number = NumericGetDatum(value.val.numeric);
	if (!DatumGetBool(DirectFunctionCall2(
			numeric_ge, number, NumericGetDatum(int64_to_numeric(PG_INT64_MIN)))) ||
		!DatumGetBool(DirectFunctionCall2(
			numeric_le, number, NumericGetDatum(int64_to_numeric(PG_INT64_MAX)))) ||
		!DatumGetBool(DirectFunctionCall2(
			numeric_eq, number,
			DirectFunctionCall2(numeric_trunc, number, Int32GetDatum(0)))))
		PG_RETURN_NULL();
	return DirectFunctionCall1(numeric_int8, number);
}

/* An instant as the server has it, to the microsecond; false: a text says none. */
static bool
read_instant(const char *text, size_t len, TimestampTz *result)
{
	ScimInstant instant;
	int64 seconds;

	if (!ScimInstantParse(text, len, &instant))
		return false;
	seconds = instant.seconds - SECONDS_OF_EPOCH;
	if (seconds > END_TIMESTAMP / USECS_PER_SEC - 1 ||
		seconds < MIN_TIMESTAMP / USECS_PER_SEC + 1)
		return false;
	*result = seconds * USECS_PER_SEC + (instant.nanoseconds + 500) / 1000;
	return true;
}

static bool
read_date(const char *text, size_t len, DateADT *result)
{
	int year;
	int month;
	int day;

	if (!ScimDateIsValid(text, len) ||
		sscanf(pnstrdup(text, len), "%4d-%2d-%2d", &year, &month, &day) != 3 ||
		!IS_VALID_JULIAN(year, month, day))
		return false;
	*result = date2j(year, month, day) - POSTGRES_EPOCH_JDATE;
	return true;
}

/* scim_internal.as_instant(value jsonb) returns timestamptz, to the microsecond */
Datum
scim_as_instant(PG_FUNCTION_ARGS)
{
	JsonbValue value;
	TimestampTz result;

	if (!read_scalar(fcinfo, jbvString, &value) ||
		!read_instant(value.val.string.val, value.val.string.len, &result))
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(result);
}

/* scim_internal.as_date(value jsonb) returns date */
Datum
scim_as_date(PG_FUNCTION_ARGS)
{
	JsonbValue value;
	DateADT result;

	if (!read_scalar(fcinfo, jbvString, &value) ||
		!read_date(value.val.string.val, value.val.string.len, &result))
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(result);
}

/* Where the seconds of 2026-01-31T10:00 would be. */
#define MINUTES_END 16

/* A dateTime of ISO 8601 without seconds, or the colon or minutes of its offset. */
static char *
spelt_out(const char *text, int len)
{
	StringInfoData full;
	int zone = MINUTES_END;

	while (zone < len && text[zone] != '+' && text[zone] != '-')
		zone++;
	initStringInfo(&full);
	appendBinaryStringInfo(&full, text, MINUTES_END);
	if (text[MINUTES_END] != ':')
		appendStringInfoString(&full, ":00");
	appendBinaryStringInfo(&full, text + MINUTES_END, zone - MINUTES_END);
	if (len - zone == strlen("+hh"))
		appendStringInfo(&full, "%s:00", text + zone);
	else if (len - zone == strlen("+hhmm"))
		appendStringInfo(&full, "%.3s:%s", text + zone, text + zone + 3);
	else
		appendStringInfoString(&full, text + zone);
	return full.data;
}

/*
 * scim_internal.ends_at(said text) returns timestamptz: of a date the end of its day in
 * UTC.  In C, since a cast of the server's would raise an error where there is no such
 * day.
 */
Datum
scim_ends_at(PG_FUNCTION_ARGS)
{
	char *said = text_to_cstring(PG_GETARG_TEXT_PP(0));
	size_t len = strlen(said);
	TimestampTz result;
	DateADT date;

	if (read_date(said, len, &date))
		PG_RETURN_TIMESTAMPTZ(((TimestampTz) date + 1) * USECS_PER_DAY);
	if (len < MINUTES_END || len > MAXDATELEN || said[MINUTES_END - 3] != ':')
		PG_RETURN_NULL();
	said = spelt_out(said, (int) len);
	if (!read_instant(said, strlen(said), &result))
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(result);
}

/* scim_internal.as_bytes(value jsonb) returns bytea: of base64, by either alphabet,
 * padded or not */
Datum
scim_as_bytes(PG_FUNCTION_ARGS)
{
	JsonbValue value;
	int len;
	int padded;
	int size;
	char *text;
	bytea *bytes;

	if (!read_scalar(fcinfo, jbvString, &value))
		PG_RETURN_NULL();
	len = value.val.string.len;
	text = palloc(len + 4);
	for (int i = 0; i < len; i++)
	{
		char c = value.val.string.val[i];

		text[i] = c == '-' ? '+' : c == '_' ? '/' : c;
	}
	for (padded = len; padded % 4 != 0; padded++)
		text[padded] = '=';
	bytes = palloc(VARHDRSZ + pg_b64_dec_len(padded));
	size = pg_b64_decode(text, padded, (void *) VARDATA(bytes), pg_b64_dec_len(padded));
	if (size < 0)
		PG_RETURN_NULL();
	SET_VARSIZE(bytes, VARHDRSZ + size);
	PG_RETURN_BYTEA_P(bytes);
}

/*
 * scim_internal.chosen_element(elements jsonb) returns jsonb: of several values the
 * primary one, or else the first.
 */
Datum
scim_chosen_element(PG_FUNCTION_ARGS)
{
	Jsonb *elements = PG_GETARG_JSONB_P(0);
	JsonbContainer *root = &elements->root;
	JsonbValue *chosen = NULL;

	if (!JsonContainerIsArray(root) || JsonContainerIsScalar(root))
		PG_RETURN_NULL();
	for (uint32 i = 0; i < JsonContainerSize(root); i++)
	{
		JsonbValue *element = getIthJsonbValueFromContainer(root, i);
		JsonbValue primary;

		if (chosen == NULL)
			chosen = element;
		if (element->type == jbvBinary &&
			JsonContainerIsObject(element->val.binary.data) &&
			getKeyJsonValueFromContainer(element->val.binary.data, "primary",
										 strlen("primary"), &primary) != NULL &&
			primary.type == jbvBool && primary.val.boolean)
		{
			chosen = element;
			break;
		}
	}
	if (chosen == NULL)
		PG_RETURN_NULL();
	PG_RETURN_JSONB_P(JsonbValueToJsonb(chosen));
}
