/*
 * past.h
 *		What was, from the audit.
 *
 *		past.c			what resources were at an instant
 *		past_resource.c	these as rows, and lists of them
 *		past_member.c	the members of a group as they were
 *		history.c		what has become of one resource, step by step
 */
#ifndef SCIM_PAST_H
#define SCIM_PAST_H

#include "postgres.h"
#include "datatype/timestamp.h"

#include "query/query.h"

/* history.c: what makes a document of another, without secrets; both change */
extern JsonbValue *ScimDisclosedDifference(const ScimResourceType *type,
										   JsonbValue *before, JsonbValue *after);

/* past.c: what a resource was at an instant */
typedef enum ScimPastKind
{
	SCIM_PAST_THERE,
	SCIM_PAST_ABSENT,
	SCIM_PAST_UNKNOWN, /* there are changes that the audit has not seen */
	SCIM_PAST_ERASED
} ScimPastKind;

typedef struct ScimPast
{
	ScimPastKind what;
	ScimResource resource; /* SCIM_PAST_THERE; else type and id of it */
	/* of these times of the resource, which may be unknown */
	bool has_created;
	bool has_last_modified;
	bool dropped; /* SCIM_PAST_UNKNOWN: with months of the audit */
} ScimPast;

extern void
ScimPastEach(ScimStore *store, const ScimResourceType *type, TimestampTz instant,
			 Datum *ids, int n, void (*use)(void *arg, const ScimPast *past), void *arg);
extern TimestampTz ScimPastHorizon(TimestampTz instant);
/* An error where nobody knows. */
extern void ScimPastRequire(const ScimPast *past, TimestampTz instant);
extern void
ScimPastRequireAll(ScimStore *store, const ScimResourceType *type, TimestampTz instant);
extern void ScimPastLose(ScimStore *store, const ScimPast *past, TimestampTz instant);

#endif /* SCIM_PAST_H */
