/*
 * constraint.c
 *		Constraints that wait for the end of the transaction, asked.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_inherits.h"
#include "commands/trigger.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/parsenodes.h"
#include "storage/proc.h"
#include "utils/guc.h"
#include "utils/syscache.h"

#include "compat.h"
#include "store/statement/plan.h"

PG_FUNCTION_INFO_V1(scim_ask_constraints);

/*
 * In which transaction all of them have been asked, so that none waits, and how deep in
 * subtransactions: the server takes it back with that one.
 */
static LocalTransactionId asked_in = InvalidLocalTransactionId;
static int asked_level = 0;

static void
subtransaction_ends(SubXactEvent event, SubTransactionId id, SubTransactionId parent,
					void *arg)
{
	int level = GetCurrentTransactionNestLevel();

	if (asked_level < level)
		return;
	if (event == SUBXACT_EVENT_ABORT_SUB)
		asked_in = InvalidLocalTransactionId;
	else if (event == SUBXACT_EVENT_COMMIT_SUB)
		asked_level = level - 1;
}

static void
note_asked(void)
{
	static bool registered = false;

	if (!registered)
		RegisterSubXactCallback(subtransaction_ends, NULL);
	registered = true;
	if (asked_in == ScimLocalTransaction())
		return;
	asked_in = ScimLocalTransaction();
	asked_level = GetCurrentTransactionNestLevel();
}

/*
 * ScimConstraintsSet does SET CONSTRAINTS of some, RangeVar *; NIL: of all.  What
 * triggers of others set on the way ends here, as in statements (statement.c).
 */
void
ScimConstraintsSet(List *constraints, bool deferred)
{
	ConstraintsSetStmt *stmt = makeNode(ConstraintsSetStmt);
	int level = NewGUCNestLevel();

	stmt->constraints = constraints;
	stmt->deferred = deferred;
	AfterTriggerSetState(stmt);
	AtEOXact_GUC(false, level);
	if (deferred)
		asked_in = InvalidLocalTransactionId;
}

/*
 * ScimCheckDeferredConstraints does SET CONSTRAINTS ALL IMMEDIATE: after a success
 * nothing may fail at commit, when no answer can be given any more.
 */
void
ScimCheckDeferredConstraints(void)
{
	ScimConstraintsSet(NIL, false);
	note_asked();
}

/* ScimConstraintsAreAsked: has that been done, and nothing been put off by us since? */
bool
ScimConstraintsAreAsked(void)
{
	return asked_in == ScimLocalTransaction();
}

/*
 * scim_internal.ask_constraints(relation regclass): where a row of a table waits for what
 * was put off, PostgreSQL lets nobody change the table or its indexes, obeyed or not.  So
 * all are asked, and nothing where none waits.
 */
Datum
scim_ask_constraints(PG_FUNCTION_ARGS)
{
	Oid relid = PG_GETARG_OID(0);
	const ListCell *lc;

	if (!SearchSysCacheExists1(RELOID, ObjectIdGetDatum(relid)))
		PG_RETURN_VOID();
	foreach (lc, find_all_inheritors(relid, AccessShareLock, NULL))
	{
		if (!AfterTriggerPendingOnRel(lfirst_oid(lc)))
			continue;
		ScimCheckDeferredConstraints();
		break;
	}
	PG_RETURN_VOID();
}
