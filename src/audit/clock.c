/*
 * clock.c
 *		The instant of a change, under the lock of what it changes.
 *
 * A transaction may begin long before it changes something, and so may a statement that
 * waits for a lock.  The clock is therefore asked once the row is locked; what depends
 * on the instant, last_modified and "at" of audit and event among it, has this one.  The
 * clock may be set back: the instants of one row rise all the same.
 *
 * Who is given an instant holds a lock on "audit", which stays until the transaction
 * ends and stops nobody.  So whoever seals the audit knows that rows may still come with
 * instants of before: while somebody holds one (seal.c).
 */
#include "postgres.h"

#include "access/xact.h"
#include "storage/lmgr.h"
#include "storage/proc.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "audit/audit.h"
#include "compat.h"
#include "store/statement/tables.h"

/* Of the transaction at hand, which has this number within the backend. */
static LocalTransactionId transaction = InvalidLocalTransactionId;
static TimestampTz first;
static TimestampTz last;
static pg_uuid_t promised_to;
static TimestampTz promised = SCIM_NO_INSTANT;
static SubTransactionId promised_in;

/*
 * Of the statements that have fired a trigger at each depth, the last: a statement that
 * writes has its number for itself.  Deeper ones have an instant for each row.
 */
#define MOST_STATEMENTS 32
typedef struct StatementInstant
{
	bool has_instant;
	CommandId command;
	TimestampTz instant;
} StatementInstant;
static StatementInstant statements[MOST_STATEMENTS];

TimestampTz
ScimClock(const ScimStore *store, TimestampTz former)
{
	return ScimClockOfAudit(store->tables.relid[SCIM_TABLE_AUDIT], former);
}

TimestampTz
ScimClockOfAudit(Oid audit, TimestampTz former)
{
	TimestampTz now;

	LockRelationOid(audit, RowExclusiveLock);
	now = GetCurrentTimestamp();
	if (now <= former)
		now = former + 1;
	if (transaction != ScimLocalTransaction())
	{
		transaction = ScimLocalTransaction();
		first = last = now;
		promised = SCIM_NO_INSTANT;
		memset(statements, 0, sizeof(statements));
	}
	first = Min(first, now);
	last = Max(last, now);
	return now;
}

/*
 * ScimClockOfStatement gives the rows of one statement one instant, in AFTER triggers of
 * theirs: of the first of them, when all are written.  So what a trigger of somebody's
 * does for that one to another of them, whose own turn comes later, stands behind the
 * statement.  Call it before any statement of one's own.
 */
TimestampTz
ScimClockOfStatement(Oid audit)
{
	int depth = ActiveSnapshotSet() ? ScimTriggerDepth() : MOST_STATEMENTS;
	CommandId command =
		ActiveSnapshotSet() ? GetActiveSnapshot()->curcid : InvalidCommandId;
	bool begins = transaction != ScimLocalTransaction();
	TimestampTz now;

	if (!begins && depth < MOST_STATEMENTS && statements[depth].has_instant &&
		statements[depth].command == command)
		return statements[depth].instant;
	now = ScimClockOfAudit(audit, begins ? SCIM_NO_INSTANT : last);
	if (depth < MOST_STATEMENTS)
		statements[depth] = (StatementInstant){true, command, now};
	return now;
}

bool
ScimClockGave(TimestampTz instant)
{
	return transaction == ScimLocalTransaction() && first <= instant && instant <= last;
}

TimestampTz
ScimClockFirst(void)
{
	return transaction == ScimLocalTransaction() ? first : DT_NOEND;
}

void
ScimClockPromise(const pg_uuid_t *id, TimestampTz instant)
{
	promised_to = *id;
	promised = instant;
	promised_in = GetCurrentSubTransactionId();
}

void
ScimClockPromiseEnd(void)
{
	promised = SCIM_NO_INSTANT;
}

TimestampTz
ScimClockOf(const ScimStore *store, const pg_uuid_t *id, TimestampTz former)
{
	/* what was promised before an error that was caught is not good any more */
	if (transaction == ScimLocalTransaction() &&
		promised_in == GetCurrentSubTransactionId() && promised > former &&
		memcmp(id, &promised_to, UUID_LEN) == 0)
		return promised;
	return ScimClock(store, former);
}
