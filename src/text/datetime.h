/*
 * datetime.h
 *		xsd:dateTime (RFC 7643 section 2.3.5) as an instant, and HTTP-dates.
 */
#ifndef SCIM_DATETIME_H
#define SCIM_DATETIME_H

#include "postgres.h"
#include "datatype/timestamp.h"

/* Seconds since 1970-01-01T00:00:00Z and nanoseconds into that second. */
typedef struct ScimInstant
{
	int64 seconds;
	int32 nanoseconds;
} ScimInstant;

extern bool ScimInstantParse(const char *text, size_t len, ScimInstant *instant);
extern bool ScimInstantIsShown(TimestampTz instant);
extern TimestampTz ScimInstantShown(TimestampTz instant);
/* In UTC, with microseconds: 2026-11-26T03:51:27.710002Z */
extern char *ScimInstantText(TimestampTz instant);
/* Whole seconds since 1970, which is what an HTTP-date says (RFC 9110 section 5.6.7) */
extern int64 ScimHttpSeconds(TimestampTz instant);
extern bool ScimHttpDateParse(const char *text, int64 *seconds);
/* Sun, 06 Nov 1994 08:49:37 GMT */
extern char *ScimHttpDateText(TimestampTz instant);
extern bool ScimDateIsValid(const char *text, size_t len);
extern int ScimInstantCompare(const ScimInstant *a, const ScimInstant *b);

#endif /* SCIM_DATETIME_H */
