/*
 * audit.h
 *		The audit: who changed what and when, in rows that nobody alters unseen.
 *
 *		clock.c		the instant of a change, under the lock of what it changes
 *		write.c		rows of "audit"
 *		digest.c	what a row carries of itself
 *		guard.c		the triggers of "audit": digests, and nothing is altered
 *		config.c	the trigger of what the store is configured to be
 *		seal.c		what is committed is chained, so that nothing goes missing
 *		retention.c	what is old goes, a month at a time
 *		locator.c	by what an altered row is found where the chain was made anew
 */
#ifndef SCIM_AUDIT_H
#define SCIM_AUDIT_H

#include "postgres.h"
#include "access/htup.h"
#include "access/tupdesc.h"
#include "datatype/timestamp.h"
#include "utils/jsonb.h"
#include "utils/uuid.h"

#include "store/plan.h"
#include "store/store.h"

/* clock.c */
#define SCIM_NO_INSTANT DT_NOBEGIN
/*
 * The instant of a change to what changed last at "former", SCIM_NO_INSTANT for never,
 * and is locked: later than that, whatever the clock says.
 */
extern TimestampTz ScimClock(const ScimStore *store, TimestampTz former);
extern TimestampTz ScimClockOfAudit(Oid audit, TimestampTz former);
/* Is it one that this transaction was given? */
extern bool ScimClockGave(TimestampTz instant);
/*
 * The next change to a resource, which is locked, is one with what was done already, at
 * that instant.
 */
extern void ScimClockPromise(const pg_uuid_t *id, TimestampTz instant);
extern TimestampTz
ScimClockOf(const ScimStore *store, const pg_uuid_t *id, TimestampTz former);

/* write.c: something that happened, and is written by the owner of the store */
typedef struct ScimAuditRow
{
	Oid audit; /* the table */
	int32 tenant_id;
	TimestampTz at;
	const char *operation;
	const char *resource_type; /* with resource_id and version, or object and key */
	const pg_uuid_t *resource_id;
	int64 version;
	bool no_version;
	const char *object;
	const char *key;
	const char *status;  /* before, or NULL */
	const Jsonb *before; /* or NULL */
	const Jsonb *detail; /* or NULL */
} ScimAuditRow;
/*
 * What a resource goes through from version to version, as a list in SQL: rows of other
 * operations leave its row as it is, but for the end of sessions.
 */
#define SCIM_AUDIT_STEPS                                                                \
	"'create', 'update', 'activate', 'suspend', 'reactivate', 'offboard', 'complete', " \
	"'restore', 'delete', 'purge'"
/* As the owner of the store, with SPI connected. */
extern void ScimAuditInsert(const ScimAuditRow *row);
/*
 * The same for many: query is an INSERT into %s of these columns and of what
 * ScimAuditWho adds as parameters, whose names and numbers it appends.
 */
extern char *ScimAuditTable(Oid audit, TimestampTz first, TimestampTz last);
extern void
ScimAuditWho(Oid audit, StringInfo columns, StringInfo values, ScimParams *params);
extern void ScimAuditExecute(const char *query, const ScimParams *params, bool keep);

/* seal.c: returns how many rows were sealed */
extern int64 ScimAuditSeal(ScimStore *store);

/* digest.c: of a row as it stands in a table or result, by the names of its columns */
#define SCIM_DIGEST_LENGTH 32
#define SCIM_SALT_LENGTH 16
extern bool ScimAuditHasContent(HeapTuple tuple, TupleDesc desc);
extern void ScimAuditDigest(HeapTuple tuple, TupleDesc desc, const bytea *salt,
							const bytea **content_digest, const bytea **digest);

/* guard.c: until the next statement of the caller's is over, rows may be written */
extern int ScimAuditOpen(void);
extern void ScimAuditClose(int before);
/* An error where somebody else acts than the owner of the store. */
extern void ScimAuditRequireOwner(const ScimStore *store);

#endif /* SCIM_AUDIT_H */
