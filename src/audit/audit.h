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

#include "store/credential/credential.h"
#include "store/statement/insert.h"
#include "store/statement/plan.h"
#include "store/store.h"

/* clock.c */
#define SCIM_NO_INSTANT DT_NOBEGIN
/*
 * The instant of a change to what changed last at "former", SCIM_NO_INSTANT for never,
 * and is locked: later than that, whatever the clock says.
 */
extern TimestampTz ScimClock(const ScimStore *store, TimestampTz former);
extern TimestampTz ScimClockOfAudit(Oid audit, TimestampTz former);
extern TimestampTz ScimClockOfStatement(Oid audit);
/* Is it one that this transaction was given? */
extern bool ScimClockGave(TimestampTz instant);
/* The earliest instant that this transaction has been given, or DT_NOEND. */
extern TimestampTz ScimClockFirst(void);
/*
 * The next change to a resource, which is locked, is one with what was done already, at
 * that instant; until the end of that, or of the subtransaction.
 */
extern void ScimClockPromise(const pg_uuid_t *id, TimestampTz instant);
extern void ScimClockPromiseEnd(void);
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
	const pg_uuid_t *member_id; /* or NULL */
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
/*
 * Is a row a of the audit that of a load (door/row/load.c) which may have created a
 * resource? A condition in SQL, of a type as a literal, a tenant, an id, and what is
 * later than all.
 */
#define SCIM_AUDIT_LOADED                                                        \
	"a.tenant_id = %3$s AND a.object = 'load' AND a.key = %2$s AND a.at < %5$s " \
	"AND a.operation = 'load' AND (a.detail ->> 'first')::uuid <= %4$s "         \
	"AND (a.detail ->> 'last')::uuid >= %4$s"
/* As the owner of the store, with SPI connected. */
extern void ScimAuditInsert(const ScimAuditRow *row);
extern void ScimAuditInsertFor(int32 tenant_id, ScimAuditRow *row);
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

/* digest.c: the columns of a row, and what it carries of itself */
#define SCIM_DIGEST_LENGTH 32
#define SCIM_SALT_LENGTH 16
typedef enum ScimAuditColumn
{
	SCIM_AUDIT_TENANT_ID,
	SCIM_AUDIT_ID,
	SCIM_AUDIT_AT,
	SCIM_AUDIT_TRANSACTION_ID,
	SCIM_AUDIT_ACTOR,
	SCIM_AUDIT_DB_USER,
	SCIM_AUDIT_OPERATION,
	SCIM_AUDIT_RESOURCE_TYPE,
	SCIM_AUDIT_RESOURCE_ID,
	SCIM_AUDIT_VERSION,
	SCIM_AUDIT_MEMBER_ID,
	SCIM_AUDIT_CHANGE,
	SCIM_AUDIT_TOKEN_ID,
	SCIM_AUDIT_SUBJECT,
	SCIM_AUDIT_ROLE,
	SCIM_AUDIT_REQUEST_ID,
	SCIM_AUDIT_OBJECT,
	SCIM_AUDIT_KEY,
	SCIM_AUDIT_STATUS,
	SCIM_AUDIT_BEFORE,
	SCIM_AUDIT_DETAIL,
	SCIM_AUDIT_SALT,
	SCIM_AUDIT_CONTENT_DIGEST,
	SCIM_AUDIT_DIGEST
} ScimAuditColumn;
#define SCIM_AUDIT_COLUMNS (SCIM_AUDIT_DIGEST + 1)
typedef struct ScimAuditValues
{
	Datum values[SCIM_AUDIT_COLUMNS];
	bool nulls[SCIM_AUDIT_COLUMNS];
} ScimAuditValues;
extern const ScimInsertColumn ScimAuditColumns[SCIM_AUDIT_COLUMNS];
extern void ScimAuditRead(HeapTuple tuple, TupleDesc desc, ScimAuditValues *row);
extern void ScimAuditDigest(ScimAuditValues *row);
extern void ScimAuditComplete(ScimAuditValues *row);

/* guard.c: until the next statement of the caller's is over, rows may be written */
extern int ScimAuditOpen(void);
extern void ScimAuditClose(int before);
/* The row that write.c is inserting, with its digests, or NULL. */
extern HeapTuple ScimAuditMade;
/* An error where somebody else acts than the owner of the store. */
extern void ScimAuditRequireOwner(const ScimStore *store);

#endif /* SCIM_AUDIT_H */
