/*
 * deferred.c
 *		What constraints of the application put off until the end of the transaction.
 *
 * A request asks all of them before it is answered, and is told no more than that there
 * is something.  So those of tables that are bound are asked first, about rows that the
 * store has written.  Who writes many, and tells of each what has become of it, asks
 * after each; what is written next may be put off again.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "storage/proc.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "binding/binding.h"
#include "compat.h"
#include "store/column.h"

/* Of so many rows each is known. */
#define MAX_KNOWN 1000

/* A row that was written, or one of members. */
typedef struct Known
{
	Datum key;
	Datum member; /* or 0 */
} Known;

/* Rows of a table that were written in this transaction. */
typedef struct Written
{
	const ScimBinding *binding; /* stays until the transaction ends */
	Datum key;                  /* of the one row; 0: there are several */
	bool deletes;               /* all of them have gone */
	Known *known;               /* those that have not */
	int nknown;                 /* more than MAX_KNOWN: there are others */
} Written;

static List *written = NIL;
static LocalTransactionId written_in = InvalidLocalTransactionId;

static Written *
find_written(const ScimBinding *binding)
{
	const ListCell *lc;

	foreach (lc, written)
	{
		Written *rows = lfirst(lc);

		if (rows->binding == binding)
			return rows;
	}
	return NULL;
}

/* In the memory of the transaction. */
static void
know(Written *rows, Datum key, Datum member)
{
	const Known *last = rows->nknown > 0 && rows->nknown <= MAX_KNOWN
							? &rows->known[rows->nknown - 1]
							: NULL;

	if (rows->nknown > MAX_KNOWN ||
		(last != NULL && member == (Datum) 0 && last->member == (Datum) 0 &&
		 ScimKeyEqual(last->key, key)))
		return;
	if (rows->nknown == MAX_KNOWN)
	{
		rows->nknown++;
		return;
	}
	if (rows->known == NULL)
		rows->known = palloc(sizeof(Known));
	else if ((rows->nknown & (rows->nknown - 1)) == 0)
		rows->known = repalloc(rows->known, sizeof(Known) * rows->nknown * 2);
	rows->known[rows->nknown].key = datumCopy(key, false, -1);
	rows->known[rows->nknown++].member =
		member != (Datum) 0 ? datumCopy(member, false, -1) : (Datum) 0;
}

/*
 * ScimDeferredNote: a row was written that constraints may have something against; one of
 * members by the keys of both, else member is 0.
 */
void
ScimDeferredNote(const ScimBinding *binding, Datum key, Datum member, bool deletes)
{
	MemoryContext old;
	Written *rows;

	if (binding->deferred == NULL)
		return;
	if (written_in != ScimLocalTransaction())
		written = NIL;
	written_in = ScimLocalTransaction();
	rows = find_written(binding);
	old = MemoryContextSwitchTo(TopTransactionContext);
	if (rows == NULL)
	{
		rows = palloc0(sizeof(Written));
		rows->binding = binding;
		rows->key = datumCopy(key, false, -1);
		rows->deletes = true;
		written = lappend(written, rows);
	}
	rows->deletes &= deletes;
	if (rows->key != (Datum) 0 && !ScimKeyEqual(rows->key, key))
	{
		pfree(DatumGetPointer(rows->key));
		rows->key = (Datum) 0;
	}
	if (!deletes)
		know(rows, key, member);
	MemoryContextSwitchTo(old);
}

/* Does a row refer to who is not there any more, and its resource to somebody? */
static bool
refers_to_nobody(const ScimBinding *binding, Datum key)
{
	const ScimRowView *row = ScimRowFind(binding, key);
	ScimBoundResource resource;
	ScimLink link;
	const ListCell *lc;

	if (row == NULL || !row->has_tenant ||
		!ScimLinkOfKey(binding, row->tenant_id, key, &link) ||
		!ScimBoundRead(binding, row->tenant_id, &link.resource_id, &resource))
		return false;
	foreach (lc, binding->references)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);
		Datum refers = row->refers[attribute->reference.number];
		const ScimBinding *other = ScimReferred(attribute, row->tenant_id);

		if (refers != (Datum) 0 && other != NULL &&
			ScimBoundGet(attribute, resource.document) != NULL &&
			ScimRowFind(other, refers) == NULL)
			return true;
	}
	return false;
}

typedef struct Asking
{
	const Written *rows;
	bool moved;
} Asking;

/*
 * Does one of the rows that the store has written refer to a row that was there when it
 * was looked up, and that somebody else has taken away or given another key since?
 */
static void
ask_for_moved(void *arg)
{
	Asking *asking = arg;
	const Written *rows = asking->rows;

	asking->moved = rows->nknown > MAX_KNOWN;
	for (int i = 0; i < rows->nknown && !asking->moved; i++)
	{
		const Known *known = &rows->known[i];
		ScimBinding *people = NULL;
		int32 tenant_id;

		CHECK_FOR_INTERRUPTS();
		if (known->member == (Datum) 0)
			asking->moved = refers_to_nobody(rows->binding, known->key);
		else if (ScimRowTenant(rows->binding, known->key, &tenant_id))
			people = ScimMembersBinding(rows->binding, tenant_id);
		if (people != NULL)
			asking->moved = ScimRowFind(people, known->member) == NULL;
	}
}

static void
ask_constraints(void *arg)
{
	const Written *rows = arg;

	SPI_connect();
	(void) ScimSpiExecuteOnce(
		psprintf("SET CONSTRAINTS %s IMMEDIATE", rows->binding->deferred), NULL, false,
		0);
	SPI_finish();
}

static void
require_constraints(const Written *rows)
{
	const ScimBinding *binding = rows->binding;
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller = ScimBeOwnerFor(binding->owner);
	Asking asking = {.rows = rows};
	ErrorData *error;
	ScimRowAt at;

	if (rows->key != (Datum) 0)
		ScimRowAtBegin(&at, binding, rows->key, NIL);
	error = ScimAttempt(ask_constraints, (void *) rows);
	if (rows->key != (Datum) 0)
		ScimRowAtEnd(&at);
	ScimBeCaller(caller);
	if (error == NULL)
		return;
	/* it may be about rows that the application has written itself before */
	if (error->sqlerrcode == ERRCODE_FOREIGN_KEY_VIOLATION &&
		ScimAttempt(ask_for_moved, &asking) != NULL)
		asking.moved = true;
	PG_TRY();
	{
		ReThrowError(error);
	}
	PG_CATCH();
	{
		ScimTableRefusesLate(binding, context, rows->deletes, asking.moved);
	}
	PG_END_TRY();
}

/* ScimDeferredRequire: what constraints have against the rows that were written. */
void
ScimDeferredRequire(void)
{
	List *asked = written;
	const ListCell *lc;

	if (written_in != ScimLocalTransaction())
		return;
	/* who is refused has written nothing */
	written = NIL;
	foreach (lc, asked)
		require_constraints(lfirst(lc));
	list_free(asked);
}

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

/* As the owner of the table; what has been put off is not asked. */
static void
put_off(const ScimBinding *binding)
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

/* Whose constraints wait again when the outermost write of ours has been done. */
static List *asked_for = NIL;
static LocalTransactionId asked_in = InvalidLocalTransactionId;

/*
 * ScimBindingBeOwner is ScimBeOwnerFor of a table that is written then.  Where somebody
 * is exposed to the code of its owner nothing can be put off: so what would be is asked
 * with each statement, there and of who refers to the table.
 */
ScimIdentity
ScimBindingBeOwner(const ScimBinding *binding)
{
	MemoryContext old;

	if (ScimConstraintsAreAsked() || !ScimIsExposedTo(binding->owner))
		return ScimBeOwnerFor(binding->owner);
	if (!binding->waiting->known)
		find_waiting(binding);
	if (binding->waiting->all == NIL)
		return ScimBeOwnerFor(binding->owner);
	/* an error may have left some */
	if (asked_in != ScimLocalTransaction() || !ScimIsConfined())
		asked_for = NIL;
	asked_in = ScimLocalTransaction();
	ScimDeferredAsk(binding, binding->waiting->all);
	old = MemoryContextSwitchTo(TopTransactionContext);
	asked_for = list_append_unique_ptr(asked_for, (void *) binding);
	MemoryContextSwitchTo(old);
	return ScimBeOwnerFor(binding->owner);
}

/* ScimBindingBeCaller ends that. */
void
ScimBindingBeCaller(ScimIdentity caller)
{
	bool last = ScimEndsConfinement();
	List *again = asked_for;
	const ListCell *lc;

	ScimBeCaller(caller);
	if (!last || again == NIL || asked_in != ScimLocalTransaction())
		return;
	asked_for = NIL;
	foreach (lc, again)
		put_off(lfirst(lc));
	list_free(again);
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

/*
 * ScimDeferredNothing: a request, or an import, that writes tables of somebody to whose
 * code it is exposed asks all constraints before it begins, and none waits in it: those
 * of tables that triggers write besides, which nobody can know, do not either.
 */
void
ScimDeferredNothing(ScimStore *store)
{
	const ListCell *lc;

	foreach (lc, ScimBindingsOfStore(store))
	{
		if (!ScimIsExposedTo(((const ScimBinding *) lfirst(lc))->owner))
			continue;
		ScimQueueFlushStore(store);
		ScimCheckDeferredConstraints();
		return;
	}
}

/*
 * ScimDeferredPutOff: constraints of tables that were asked wait for what is written
 * next, where that may put something off.
 */
void
ScimDeferredPutOff(const List *bindings)
{
	bool all = ScimConstraintsAreAsked();
	const ListCell *lc;

	foreach (lc, bindings)
	{
		if (all && ScimIsExposedTo(((const ScimBinding *) lfirst(lc))->owner))
			return;
	}
	foreach (lc, bindings)
		put_off(lfirst(lc));
}
