/*
 * seen.c
 *		Does a transaction that keeps its snapshot see the rows that there are?
 *
 * One of REPEATABLE READ or above reads what was there when it began.  What others have
 * committed since is there all the same, and what it decides by what it sees may be wrong
 * of that: then it is to come again.  Who asks has locked out whoever could write more.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/snapmgr.h"

#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/seen.h"

/* What a query of one text says by a snapshot. */
static char *
by_snapshot(const char *query, const ScimParams *params, Snapshot snapshot)
{
	char *result;

	PushActiveSnapshot(snapshot);
	ScimSpiExecute(query, params, true, 1);
	result = ScimResultText(0, 1);
	PopActiveSnapshot();
	return result;
}

/*
 * ScimRowsAreSeen: are the rows of a table or subquery those that this transaction sees,
 * in the same versions?  from: what stands behind FROM, its alias is "c", and it has
 * ctid and tableoid.  Within SPI, at any level of isolation.
 */
bool
ScimRowsAreSeen(const char *from, const ScimParams *params)
{
	char *query = psprintf("SELECT concat_ws(' ', count(*), "
						   "sum(hashtidextended(c.ctid, c.tableoid::bigint))) FROM %s",
						   from);
	char *seen;

	CommandCounterIncrement();
	seen = by_snapshot(query, params, GetTransactionSnapshot());
	return strcmp(seen, by_snapshot(query, params, GetLatestSnapshot())) == 0;
}

/*
 * ScimRowsRequireSeen: there are no more rows (from: what stands behind FROM) than a
 * transaction that keeps its snapshot sees (40001).  Whoever takes along what belongs to
 * something that goes asks this, for he would leave behind what others have added.  Its
 * own deletions count as such.  what: what has happened meanwhile, for the message.
 * Within SPI.
 */
void
ScimRowsRequireSeen(const char *from, const ScimParams *params, const char *what)
{
	char *query = psprintf("SELECT count(*)::text FROM %s", from);
	int64 seen;

	if (!IsolationUsesXactSnapshot())
		return;
	CommandCounterIncrement();
	seen = atoll(by_snapshot(query, params, GetTransactionSnapshot()));
	if (atoll(by_snapshot(query, params, GetLatestSnapshot())) > seen)
		ereport(ERROR, (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
						errmsg("could not serialize access: %s", what)));
}
