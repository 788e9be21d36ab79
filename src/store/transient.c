/*
 * transient.c
 *		What a request says that is not stored.
 *
 * A flat endpoint may have fields such as "sendMail" that belong to the request
 * and not to the resource.  While its change is written, triggers and events can
 * ask for them.
 */
#include "postgres.h"

#include "access/xact.h"
#include "fmgr.h"
#include "utils/memutils.h"

#include "json/json.h"
#include "store/store.h"

static JsonbValue *transient = NULL; /* in TopTransactionContext */
static SubTransactionId said_in;     /* the subtransaction that has set it */

PG_FUNCTION_INFO_V1(scim_transient);

static void
forget_at_end(XactEvent event, void *arg)
{
	if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT ||
		event == XACT_EVENT_PREPARE)
		transient = NULL;
}

/*
 * A request whose change is undone has said nothing; one of whose triggers undoes
 * something of its own has.
 */
static void
forget_at_abort(SubXactEvent event, SubTransactionId mine, SubTransactionId parent,
				void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB && mine <= said_in)
		transient = NULL;
}

/* ScimTransientInit sees to it that what was said ends with its transaction. */
void
ScimTransientInit(void)
{
	RegisterXactCallback(forget_at_end, NULL);
	RegisterSubXactCallback(forget_at_abort, NULL);
}

/* ScimTransientSet keeps a copy of an object; NULL: nothing was said. */
void
ScimTransientSet(const JsonbValue *object)
{
	MemoryContext old = MemoryContextSwitchTo(TopTransactionContext);

	transient = object == NULL ? NULL : ScimJsonCopy(object);
	said_in = GetCurrentSubTransactionId();
	MemoryContextSwitchTo(old);
}

/* ScimTransient returns the fields that the request at hand has said, or NULL. */
const JsonbValue *
ScimTransient(void)
{
	return transient;
}

/* scim.transient() */
Datum
scim_transient(PG_FUNCTION_ARGS)
{
	if (transient == NULL)
		PG_RETURN_NULL();
	PG_RETURN_JSONB_P(ScimJsonToJsonb(ScimJsonCopy(transient)));
}
