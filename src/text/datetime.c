/*
 * datetime.c
 *		xsd:dateTime (RFC 7643 section 2.3.5, XML Schema part 2 section 3.2.7), and
 *		the dates of HTTP (RFC 9110 section 5.6.7).
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "text/datetime.h"

#define SECONDS_PER_DAY 86400
#define YEAR_DIGITS_MAX 9     /* far from where 64 bits of seconds end */
#define FRACTION_DIGITS_MAX 9 /* of a nanosecond; more are truncated */
#define ZONE_MINUTES_MAX (14 * 60)

/* Reads exactly two digits and moves *at behind them. */
static bool
two_digits(const char **at, const char *end, int *value)
{
	const char *p = *at;

	if (end - p < 2 || p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
		return false;
	*value = (p[0] - '0') * 10 + (p[1] - '0');
	*at += 2;
	return true;
}

static bool
one_of(const char **at, const char *end, const char *accepted)
{
	if (*at >= end || **at == '\0' || strchr(accepted, **at) == NULL)
		return false;
	(*at)++;
	return true;
}

/* A year has four digits, or more without a leading zero; there is no year 0. */
static bool
read_year(const char **at, const char *end, int *year)
{
	const char *start = *at;

	*year = 0;
	while (*at < end && **at >= '0' && **at <= '9')
	{
		if (*at - start == YEAR_DIGITS_MAX)
			return false;
		*year = *year * 10 + (**at - '0');
		(*at)++;
	}
	if (*at - start < 4 || (*at - start > 4 && *start == '0'))
		return false;
	return *year > 0;
}

static bool
read_fraction(const char **at, const char *end, int32 *nanoseconds)
{
	int digits = 0;

	*nanoseconds = 0;
	if (!one_of(at, end, "."))
		return true;
	for (; *at < end && **at >= '0' && **at <= '9'; (*at)++, digits++)
	{
		if (digits < FRACTION_DIGITS_MAX)
			*nanoseconds = *nanoseconds * 10 + (**at - '0');
	}
	if (digits == 0)
		return false;
	for (; digits < FRACTION_DIGITS_MAX; digits++)
		*nanoseconds *= 10;
	return true;
}

/* Z, +hh:mm, -hh:mm, or nothing: then UTC is meant. */
static bool
read_zone(const char **at, const char *end, int *minutes_east)
{
	int hours;
	int minutes;
	bool west;

	*minutes_east = 0;
	if (*at == end || one_of(at, end, "Zz"))
		return true;
	west = **at == '-';
	if (!one_of(at, end, "+-") || !two_digits(at, end, &hours) || !one_of(at, end, ":") ||
		!two_digits(at, end, &minutes) || minutes > 59)
		return false;
	*minutes_east = hours * 60 + minutes;
	if (*minutes_east > ZONE_MINUTES_MAX)
		return false;
	if (west)
		*minutes_east = -*minutes_east;
	return true;
}

static int
days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/* Days from 1970-01-01 in the proleptic Gregorian calendar, years from March. */
static int64
days_since_epoch(int year, int month, int day)
{
	int64 y = month > 2 ? year : year - 1;
	int64 m = month > 2 ? month - 3 : month + 9;

	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

/* ScimDateIsValid: is it a day of the calendar, in the form 2026-01-31? */
bool
ScimDateIsValid(const char *text, size_t len)
{
	const char *at = text;
	const char *end = text + len;
	int year;
	int month;
	int day;

	return len == strlen("2026-01-31") && read_year(&at, end, &year) &&
		   one_of(&at, end, "-") && two_digits(&at, end, &month) &&
		   one_of(&at, end, "-") && two_digits(&at, end, &day) && at == end &&
		   month >= 1 && month <= 12 && day >= 1 && day <= days_in_month(year, month);
}

/*
 * ScimInstantParse reads an xsd:dateTime, for instance 2011-05-13T04:42:34.123Z
 * or 2011-05-13T06:42:34+02:00.  24:00:00 is the start of the next day and a
 * leap second the instant after it.  Returns false when the text is anything
 * else, or names a day that the calendar does not have.
 */
bool
ScimInstantParse(const char *text, size_t len, ScimInstant *instant)
{
	const char *at = text;
	const char *end = text + len;
	int year;
	int month;
	int day;
	int hour;
	int minute;
	int second;
	int minutes_east;
	int32 nanoseconds;

	if (!read_year(&at, end, &year) || !one_of(&at, end, "-") ||
		!two_digits(&at, end, &month) || !one_of(&at, end, "-") ||
		!two_digits(&at, end, &day) || !one_of(&at, end, "Tt") ||
		!two_digits(&at, end, &hour) || !one_of(&at, end, ":") ||
		!two_digits(&at, end, &minute) || !one_of(&at, end, ":") ||
		!two_digits(&at, end, &second) || !read_fraction(&at, end, &nanoseconds) ||
		!read_zone(&at, end, &minutes_east) || at != end)
		return false;
	if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) ||
		hour > 24 || minute > 59 || second > 60)
		return false;
	if (hour == 24 && (minute != 0 || second != 0 || nanoseconds != 0))
		return false;
	instant->seconds = days_since_epoch(year, month, day) * SECONDS_PER_DAY +
					   hour * 3600 + (minute - minutes_east) * 60 + second;
	instant->nanoseconds = nanoseconds;
	return true;
}

/* ScimInstantCompare returns a negative number, 0 or a positive number. */
int
ScimInstantCompare(const ScimInstant *a, const ScimInstant *b)
{
	if (a->seconds != b->seconds)
		return a->seconds < b->seconds ? -1 : 1;
	return (a->nanoseconds > b->nanoseconds) - (a->nanoseconds < b->nanoseconds);
}

/* The first instant of year 1, and that of year 10000. */
#define FIRST_SHOWN \
	(((int64) 1721426 - POSTGRES_EPOCH_JDATE) * SECONDS_PER_DAY * USECS_PER_SEC)
#define BEHIND_SHOWN \
	(((int64) 5373485 - POSTGRES_EPOCH_JDATE) * SECONDS_PER_DAY * USECS_PER_SEC)

/* ScimInstantIsShown: has an xsd:dateTime of four digits of a year this instant? */
bool
ScimInstantIsShown(TimestampTz instant)
{
	return instant >= FIRST_SHOWN && instant < BEHIND_SHOWN;
}

/* ScimInstantShown is an instant, or the first or the last that is shown. */
TimestampTz
ScimInstantShown(TimestampTz instant)
{
	return Min(Max(instant, FIRST_SHOWN), BEHIND_SHOWN - 1);
}

/* A number with leading zeros, and what follows it; returns where it goes on. */
static char *
append_number(char *at, int number, int digits, char end)
{
	at = pg_ultostr_zeropad(at, number, digits);
	*at = end;
	return at + 1;
}

/*
 * ScimInstantText writes an instant of the server as an xsd:dateTime: the first or the
 * last that there is, where a row that nobody has checked has one beyond.
 */
char *
ScimInstantText(TimestampTz instant)
{
	struct pg_tm tm;
	fsec_t microseconds;
	char *text;
	char *at;

	instant = ScimInstantShown(instant);
	if (timestamp2tm(instant, NULL, &tm, &microseconds, NULL, NULL) != 0)
		ereport(ERROR, (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
						errmsg("timestamp out of range")));
	text = palloc(sizeof("0000-00-00T00:00:00.000000Z"));
	at = append_number(text, tm.tm_year, 4, '-');
	at = append_number(at, tm.tm_mon, 2, '-');
	at = append_number(at, tm.tm_mday, 2, 'T');
	at = append_number(at, tm.tm_hour, 2, ':');
	at = append_number(at, tm.tm_min, 2, ':');
	at = append_number(at, tm.tm_sec, 2, '.');
	at = append_number(at, microseconds, 6, 'Z');
	*at = '\0';
	return text;
}

/* ---- dates of HTTP */

static const char *const day_names[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
										"Thursday", "Friday", "Saturday"};
static const char month_names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

/* Reads a text, and moves *at behind it. */
static bool
read_text(const char **at, const char *text)
{
	if (strncmp(*at, text, strlen(text)) != 0)
		return false;
	*at += strlen(text);
	return true;
}

/* The name of a day, the first three letters of it or all. */
static bool
read_day_name(const char **at, bool *whole)
{
	for (size_t i = 0; i < lengthof(day_names); i++)
	{
		if (strncmp(*at, day_names[i], 3) != 0)
			continue;
		*whole = strncmp(*at, day_names[i], strlen(day_names[i])) == 0;
		*at += *whole ? strlen(day_names[i]) : 3;
		return true;
	}
	return false;
}

static bool
read_month_name(const char **at, int *month)
{
	for (*month = 1; *month <= 12; (*month)++)
	{
		if (strncmp(*at, &month_names[3 * (*month - 1)], 3) == 0)
		{
			*at += 3;
			return true;
		}
	}
	return false;
}

/* 08:49:37 */
static bool
read_time(const char **at, const char *end, int *seconds)
{
	int hour;
	int minute;
	int second;

	if (!two_digits(at, end, &hour) || !read_text(at, ":") ||
		!two_digits(at, end, &minute) || !read_text(at, ":") ||
		!two_digits(at, end, &second) || hour > 23 || minute > 59 || second > 60)
		return false;
	*seconds = hour * 3600 + minute * 60 + second;
	return true;
}

/* Two digits of a year mean one that is not more than 50 years ahead. */
static int
recent_year(int digits)
{
	struct pg_tm tm;
	fsec_t microseconds;
	int year;

	if (timestamp2tm(GetCurrentTimestamp(), NULL, &tm, &microseconds, NULL, NULL) != 0)
		return 2000 + digits;
	year = tm.tm_year - tm.tm_year % 100 + digits;
	return year > tm.tm_year + 50 ? year - 100 : year;
}

/*
 * ScimHttpDateParse reads an HTTP-date in any of its three forms,
 *
 *		Sun, 06 Nov 1994 08:49:37 GMT
 *		Sunday, 06-Nov-94 08:49:37 GMT
 *		Sun Nov  6 08:49:37 1994
 *
 * as seconds since 1970.  Returns false for anything else.
 */
bool
ScimHttpDateParse(const char *text, int64 *seconds)
{
	const char *at = text + strspn(text, " \t");
	const char *end = at + strlen(at);
	bool whole;
	int century;
	int year;
	int month;
	int day;
	int time;

	while (end > at && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	if (!read_day_name(&at, &whole))
		return false;
	if (whole)
	{
		if (!read_text(&at, ", ") || !two_digits(&at, end, &day) ||
			!read_text(&at, "-") || !read_month_name(&at, &month) ||
			!read_text(&at, "-") || !two_digits(&at, end, &year) ||
			!read_text(&at, " ") || !read_time(&at, end, &time) ||
			!read_text(&at, " GMT"))
			return false;
		year = recent_year(year);
	}
	else if (read_text(&at, ", "))
	{
		if (!two_digits(&at, end, &day) || !read_text(&at, " ") ||
			!read_month_name(&at, &month) || !read_text(&at, " ") ||
			!two_digits(&at, end, &century) || !two_digits(&at, end, &year) ||
			!read_text(&at, " ") || !read_time(&at, end, &time) ||
			!read_text(&at, " GMT"))
			return false;
		year += 100 * century;
	}
	else
	{
		if (!read_text(&at, " ") || !read_month_name(&at, &month) || !read_text(&at, " "))
			return false;
		if (read_text(&at, " "))
		{
			if (*at < '0' || *at > '9')
				return false;
			day = *at++ - '0';
		}
		else if (!two_digits(&at, end, &day))
			return false;
		if (!read_text(&at, " ") || !read_time(&at, end, &time) || !read_text(&at, " ") ||
			!two_digits(&at, end, &century) || !two_digits(&at, end, &year))
			return false;
		year += 100 * century;
	}
	if (at != end || year < 1 || day < 1 || day > days_in_month(year, month))
		return false;
	*seconds = days_since_epoch(year, month, day) * SECONDS_PER_DAY + time;
	return true;
}

/* ScimHttpSeconds: whole seconds, since 1970; what has begun does not count. */
int64
ScimHttpSeconds(TimestampTz instant)
{
	int64 seconds = instant / USECS_PER_SEC;

	if (instant % USECS_PER_SEC < 0)
		seconds--;
	return seconds + (int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECONDS_PER_DAY;
}

/* ScimHttpDateText writes an instant of the server as an HTTP-date: one that is shown. */
char *
ScimHttpDateText(TimestampTz instant)
{
	struct pg_tm tm;
	fsec_t microseconds;

	instant = ScimInstantShown(instant);
	if (timestamp2tm(instant, NULL, &tm, &microseconds, NULL, NULL) != 0)
		ereport(ERROR, (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
						errmsg("timestamp out of range")));
	return psprintf("%.3s, %02d %.3s %04d %02d:%02d:%02d GMT",
					day_names[j2day(date2j(tm.tm_year, tm.tm_mon, tm.tm_mday))],
					tm.tm_mday, &month_names[3 * (tm.tm_mon - 1)], tm.tm_year, tm.tm_hour,
					tm.tm_min, tm.tm_sec);
}
