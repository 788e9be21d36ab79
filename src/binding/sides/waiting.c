/*
 * waiting.c
 *		Constraints of tables that are bound, and of others that refer to them, which the
 *		application has made so that they wait for the end of the transaction.
 *
 * They cannot where somebody is exposed to the code of the owner of a table, see
 * ScimBeOwnerFor: there the server lets nothing be put off.  So they are asked with each
 * statement that writes such a table, and wait again afterwards.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "storage/proc.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "binding/bound/bound.h"
#include "binding/sides/sides.h"
#include "compat.h"
#include "store/statement/column.h"

static Datum
tables_of(const ScimBinding *binding)
{
	Datum *relids = palloc(sizeof(Datum) * (list_length(binding->others) + 1));
	int n = 0;
	const ListCell *lc;

	relids[n++] = ObjectIdGetDatum(binding->relid);
	foreach (lc, binding->others)
		relids[n++] = ObjectIdGetDatum(((const ScimBoundTable *) lfirst(lc))->relid);
	return ScimArray(relids, NULL, n, OIDOID);
}

/*
 * The constraints of the tables, and those of others that refer to them, that the
 * application has made so that they wait.  A name is that of all constraints in a schema
 * that have it: where another one does not wait, it cannot be made to again.
 */
static void
find_waiting(const ScimBinding *binding)
{
	ScimWaiting *waiting = binding->waiting;
	ScimIdentity caller = ScimBeReader(binding->owner);
	MemoryContext old;
	ScimParams params;

	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, OIDARRAYOID, tables_of(binding), false);
	ScimSpiExecute(
		"WITH tables AS (SELECT unnest($1) AS relid UNION "
		"SELECT p.relid FROM unnest($1) AS t (relid), pg_partition_tree(t.relid) AS p) "
		"SELECT n.nspname::text, c.conname::text, bool_and(NOT EXISTS "
		"(SELECT FROM pg_constraint o WHERE o.conname = c.conname "
		"AND o.connamespace = c.connamespace AND NOT o.condeferred)) "
		"FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace "
		"WHERE c.condeferred AND c.conparentid = 0 "
		"AND (c.conrelid IN (TABLE tables) OR c.confrelid IN (TABLE tables)) "
		"AND has_schema_privilege(n.oid, 'USAGE') GROUP BY 1, 2 ORDER BY 1, 2",
		&params, true, 0);
	old = MemoryContextSwitchTo(binding->context);
	waiting->all = waiting->again = NIL;
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		RangeVar *name =
			makeRangeVar(TextDatumGetCString(ScimResultValue(i, 1, TEXTOID)),
						 TextDatumGetCString(ScimResultValue(i, 2, TEXTOID)), -1);

		waiting->all = lappend(waiting->all, name);
		if (DatumGetBool(ScimResultValue(i, 3, BOOLOID)))
			waiting->again = lappend(waiting->again, name);
	}
	waiting->known = true;
	MemoryContextSwitchTo(old);
	SPI_finish();
	ScimBeCaller(caller);
}

/*
 * ScimDeferredAgain: what was asked waits again.  As the owner of the table; what has
 * been put off is not asked.
 */
void
ScimDeferredAgain(const ScimBinding *binding)
{
	ScimIdentity caller;

	if (!binding->waiting->known)
		find_waiting(binding);
	if (binding->waiting->again == NIL)
		return;
	caller = ScimBeOwnerFor(binding->owner);
	ScimConstraintsSet(binding->waiting->again, true);
	ScimBeCaller(caller);
}

static bool
may_name(const List *names)
{
	const char *last = NULL;
	const ListCell *lc;

	foreach (lc, names)
	{
		const char *schema = ((const RangeVar *) lfirst(lc))->schemaname;

		if (last != NULL && strcmp(last, schema) == 0)
			continue;
		if (!DatumGetBool(
				DirectFunctionCall2(has_schema_privilege_id,
									ObjectIdGetDatum(get_namespace_oid(schema, true)),
									CStringGetTextDatum("USAGE"))))
			return false;
		last = schema;
	}
	return true;
}

/*
 * ScimDeferredAsk: what waits of constraints, RangeVar *, is done now, as at the end of
 * the transaction: as whoever is there then, but that he stays who he is.  Who may not
 * name them cannot have written these tables by himself: what does wait is the owner's
 * then.
 */
void
ScimDeferredAsk(const ScimBinding *binding, List *names)
{
	ScimIdentity owner;
	Oid user;
	int security_context;

	GetUserIdAndSecContext(&user, &security_context);
	if ((security_context & SECURITY_RESTRICTED_OPERATION) == 0)
	{
		SetUserIdAndSecContext(GetOuterUserId(), SECURITY_LOCAL_USERID_CHANGE);
		if (may_name(names))
		{
			ScimConstraintsSet(names, false);
			SetUserIdAndSecContext(user, security_context);
			return;
		}
		SetUserIdAndSecContext(user, security_context);
	}
	owner = ScimBeOwnerFor(binding->owner);
	ScimConstraintsSet(names, false);
	ScimBeCaller(owner);
}

/*
 * Whose constraints wait again when the outermost write of ours has been done, or the
 * outermost trigger that does such; of which nothing has to be asked again meanwhile,
 * since the subtransaction goes on in which it was.
 */
static List *asked_for = NIL;
static List *asked_here = NIL;
static LocalTransactionId asked_in = InvalidLocalTransactionId;
static SubTransactionId asked_sub = InvalidSubTransactionId;
static int within = 0;

static void
note_asked(const ScimBinding *binding)
{
	MemoryContext old = MemoryContextSwitchTo(TopTransactionContext);

	if (asked_for == NIL)
		asked_sub = GetCurrentSubTransactionId();
	asked_for = list_append_unique_ptr(asked_for, (void *) binding);
	if (asked_sub == GetCurrentSubTransactionId())
		asked_here = list_append_unique_ptr(asked_here, (void *) binding);
	MemoryContextSwitchTo(old);
}

static void
wait_again(void)
{
	List *again = asked_for;
	const ListCell *lc;

	if (again == NIL || asked_in != ScimLocalTransaction())
		return;
	asked_for = asked_here = NIL;
	foreach (lc, again)
		ScimDeferredAgain(lfirst(lc));
	list_free(again);
}

/*
 * ScimBindingBeOwner is ScimBeOwnerFor of a table that is written then.  Where somebody
 * is exposed to the code of its owner nothing can be put off: so what would be is asked
 * with each statement, there and of who refers to the table.
 */
ScimIdentity
ScimBindingBeOwner(const ScimBinding *binding)
{
	if (ScimConstraintsAreAsked() || !ScimIsExposedTo(binding->owner))
		return ScimBeOwnerFor(binding->owner);
	if (!binding->waiting->known)
		find_waiting(binding);
	if (binding->waiting->all == NIL)
		return ScimBeOwnerFor(binding->owner);
	/* an error may have left some */
	if (asked_in != ScimLocalTransaction() || (!ScimIsConfined() && within == 0) ||
		!SubTransactionIsActive(asked_sub))
		asked_for = asked_here = NIL;
	asked_in = ScimLocalTransaction();
	if (asked_sub != GetCurrentSubTransactionId() ||
		!list_member_ptr(asked_here, binding))
	{
		ScimDeferredAsk(binding, binding->waiting->all);
		note_asked(binding);
	}
	return ScimBeOwnerFor(binding->owner);
}

/* ScimBindingBeCaller ends that. */
void
ScimBindingBeCaller(ScimIdentity caller)
{
	bool last = ScimEndsConfinement();

	ScimBeCaller(caller);
	if (last && within == 0)
		wait_again();
}

/* ScimDeferredWithin does the work of a trigger that writes such tables, once or often.
 */
Datum
ScimDeferredWithin(FunctionCallInfo fcinfo, Datum (*work)(FunctionCallInfo fcinfo))
{
	int before = within;
	Datum result;

	within++;
	PG_TRY();
	{
		result = work(fcinfo);
	}
	PG_FINALLY();
	{
		within = before;
	}
	PG_END_TRY();
	if (within == 0 && !ScimIsConfined())
		wait_again();
	return result;
}

/*
 * ScimDeferredIsAsked: is a constraint one of those that are asked with each statement?
 * The catalogue is all that may be asked here.
 */
bool
ScimDeferredIsAsked(const ScimBinding *binding, Oid constraint)
{
	HeapTuple tuple = SearchSysCache1(CONSTROID, ObjectIdGetDatum(constraint));
	bool found = false;
	const ListCell *lc;

	if (!HeapTupleIsValid(tuple))
		return false;
	foreach (lc, binding->waiting->all)
	{
		const Form_pg_constraint form = (Form_pg_constraint) GETSTRUCT(tuple);
		const RangeVar *name = lfirst(lc);

		found |= strcmp(name->relname, NameStr(form->conname)) == 0 &&
				 get_namespace_oid(name->schemaname, true) == form->connamespace;
	}
	ReleaseSysCache(tuple);
	return found;
}
