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

/* scim_internal.as_instant(value jsonb) returns timestamptz, to the microsecond */
Datum
scim_as_instant(PG_FUNCTION_ARGS)
{
	JsonbValue value;
	ScimInstant instant;
	int64 seconds;
	TimestampTz result;

	if (!read_scalar(fcinfo, jbvString, &value) ||
		!ScimInstantParse(value.val.string.val, value.val.string.len, &instant))
		PG_RETURN_NULL();
	seconds = instant.seconds - SECONDS_OF_EPOCH;
	if (seconds > END_TIMESTAMP / USECS_PER_SEC - 1 ||
		seconds < MIN_TIMESTAMP / USECS_PER_SEC + 1)
		PG_RETURN_NULL();
	result = seconds * USECS_PER_SEC + (instant.nanoseconds + 500) / 1000;
	PG_RETURN_TIMESTAMPTZ(result);
}

/* scim_internal.as_date(value jsonb) returns date */
Datum
scim_as_date(PG_FUNCTION_ARGS)
{
	JsonbValue value;
	int year;
	int month;
	int day;

	if (!read_scalar(fcinfo, jbvString, &value) ||
		!ScimDateIsValid(value.val.string.val, value.val.string.len) ||
		sscanf(pnstrdup(value.val.string.val, value.val.string.len), "%4d-%2d-%2d", &year,
			   &month, &day) != 3 ||
		!IS_VALID_JULIAN(year, month, day))
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(date2j(year, month, day) - POSTGRES_EPOCH_JDATE);
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
