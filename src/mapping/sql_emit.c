/*
 * sql_emit.c
 *		Comparisons of a filter as SQL.  See sql_emit.h.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "pgtime.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "mapping/sql_emit.h"

/* ScimSqlOperator is the SQL operator of a filter's operator that has one. */
const char *
ScimSqlOperator(ScimOp op)
{
	switch (op)
	{
		case SCIM_OP_EQ:
			return "=";
		case SCIM_OP_NE:
			return "IS DISTINCT FROM";
		case SCIM_OP_GT:
			return ">";
		case SCIM_OP_GE:
			return ">=";
		case SCIM_OP_LT:
			return "<";
		case SCIM_OP_LE:
			return "<=";
		case SCIM_OP_SW:
			return "^@";
		case SCIM_OP_CO:
		case SCIM_OP_EW:
		case SCIM_OP_PR:
			break;
	}
	elog(ERROR, "no SQL operator for SCIM operator %d", (int) op);
}

/*
 * ScimSqlValue appends a value: as a parameter, or as its text in quotes with a
 * cast ("::uuid", or "").
 */
void
ScimSqlValue(StringInfo out, ScimParams *params, Oid type, const char *cast, Datum value,
			 const char *text)
{
	if (params != NULL)
		appendStringInfo(out, "$%d", ScimParamsAdd(params, type, value, false));
	else
		appendStringInfo(out, "%s%s", quote_literal_cstr(text), cast);
}

static void
append_text(StringInfo out, ScimParams *params, const char *text, size_t len)
{
	ScimSqlValue(out, params, TEXTOID, "",
				 PointerGetDatum(cstring_to_text_with_len(text, len)),
				 pnstrdup(text, len));
}

/* ScimSqlEnd is the end of an expression of type text, as long as a literal. */
char *
ScimSqlEnd(const char *expression, const char *literal, size_t len)
{
	return psprintf("right(%s, %d)", expression, pg_mbstrlen_with_len(literal, len));
}

/* ScimSqlCompareText appends a comparison of an expression of type text. */
void
ScimSqlCompareText(StringInfo out, ScimParams *params, const char *expression, ScimOp op,
				   const char *literal, size_t len)
{
	if (op == SCIM_OP_CO)
	{
		appendStringInfo(out, "strpos(%s, ", expression);
		append_text(out, params, literal, len);
		appendStringInfoString(out, ") > 0");
		return;
	}
	if (op == SCIM_OP_EW)
		appendStringInfo(out, "%s = ", ScimSqlEnd(expression, literal, len));
	else
		appendStringInfo(out, "%s %s ", expression, ScimSqlOperator(op));
	append_text(out, params, literal, len);
}

/* An instant in microseconds, rounded down; false beyond what timestamptz holds. */
static bool
timestamp_from_instant(const ScimInstant *instant, TimestampTz *timestamp)
{
	int64 seconds = instant->seconds -
					((int64) POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY;

	if (seconds >= END_TIMESTAMP / USECS_PER_SEC)
		return false;
	*timestamp = seconds * USECS_PER_SEC + instant->nanoseconds / 1000;
	return true;
}

/* In UTC, whatever the settings of the session. */
static char *
timestamp_text(TimestampTz timestamp)
{
	struct pg_tm tm;
	fsec_t microseconds;
	char text[MAXDATELEN + 1];

	if (timestamp2tm(timestamp, NULL, &tm, &microseconds, NULL, NULL) != 0)
		ereport(ERROR, (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
						errmsg("timestamp out of range")));
	tm.tm_isdst = 0; /* or the zone is left out */
	EncodeDateTime(&tm, microseconds, true, 0, NULL, USE_ISO_DATES, text);
	return pstrdup(text);
}

/*
 * ScimSqlCompareInstant appends a comparison of an expression of type
 * timestamptz.  That holds microseconds, a literal may have more digits:
 * between two microseconds it equals neither, and the one below it is less.
 * The year of a literal may also be beyond the last one that timestamptz has.
 */
void
ScimSqlCompareInstant(StringInfo out, ScimParams *params, const char *expression,
					  ScimOp op, const ScimInstant *literal)
{
	TimestampTz timestamp;
	bool in_range = timestamp_from_instant(literal, &timestamp);

	if ((op == SCIM_OP_EQ || op == SCIM_OP_NE) &&
		(!in_range || literal->nanoseconds % 1000 != 0))
	{
		appendStringInfoString(out, op == SCIM_OP_NE ? "true" : "false");
		return;
	}
	if (!in_range)
	{
		if (op == SCIM_OP_LT || op == SCIM_OP_LE)
			appendStringInfo(out, "%s IS NOT NULL", expression);
		else
			appendStringInfoString(out, "false");
		return;
	}
	if (literal->nanoseconds % 1000 != 0)
	{
		if (op == SCIM_OP_GE)
			op = SCIM_OP_GT;
		else if (op == SCIM_OP_LT)
			op = SCIM_OP_LE;
	}
	appendStringInfo(out, "%s %s ", expression, ScimSqlOperator(op));
	ScimSqlValue(out, params, TIMESTAMPTZOID, "::timestamptz",
				 TimestampTzGetDatum(timestamp),
				 params == NULL ? timestamp_text(timestamp) : NULL);
}

/* ScimSqlCompareBoolean appends "eq" or "ne" for an expression of type boolean. */
void
ScimSqlCompareBoolean(StringInfo out, const char *expression, ScimOp op, bool literal)
{
	appendStringInfo(out, "%s %s %s", expression, ScimSqlOperator(op),
					 literal ? "true" : "false");
}

/*
 * ScimSqlInstantText is the text of an expression of type timestamptz, as
 * render.c writes it, or that folded; order is that of the bytes.
 */
char *
ScimSqlInstantText(const char *expression, bool folded)
{
	return psprintf("to_char(%s AT TIME ZONE 'UTC', '%s') COLLATE \"C\"", expression,
					folded ? "YYYY-MM-DD\"t\"HH24:MI:SS.US\"z\""
						   : "YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"");
}
