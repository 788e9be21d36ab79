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

/* What a request has said; those that triggers make meanwhile are told of their own. */
typedef struct Said
{
	JsonbValue *object;     /* NULL: nothing */
	SubTransactionId subid; /* in which it began */
	struct Said *outer;
} Said;

static Said *said = NULL; /* the innermost, in TopTransactionContext */

PG_FUNCTION_INFO_V1(scim_transient);

static void
forget_at_end(XactEvent event, void *arg)
{
	if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT ||
		event == XACT_EVENT_PREPARE)
		said = NULL;
}

/*
 * A request whose change is undone has said nothing; one of whose triggers undoes
 * something of its own, a request perhaps, has.
 */
static void
forget_at_abort(SubXactEvent event, SubTransactionId mine, SubTransactionId parent,
				void *arg)
{
	while (event == SUBXACT_EVENT_ABORT_SUB && said != NULL && said->subid >= mine)
		said = said->outer;
}

/* ScimTransientInit sees to it that what was said ends with its transaction. */
void
ScimTransientInit(void)
{
	RegisterXactCallback(forget_at_end, NULL);
	RegisterSubXactCallback(forget_at_abort, NULL);
}

/* ScimTransientBegin: a request begins, which has said nothing yet. */
void
ScimTransientBegin(void)
{
	Said *inner = MemoryContextAllocZero(TopTransactionContext, sizeof(Said));

	inner->subid = GetCurrentSubTransactionId();
	inner->outer = said;
	said = inner;
}

/* ScimTransientEnd: it ends; what the one has said in which it was made is told again. */
void
ScimTransientEnd(void)
{
	Said *inner = said;

	said = inner->outer;
	pfree(inner);
}

/* ScimTransientSet keeps a copy of what the request at hand says. */
void
ScimTransientSet(const JsonbValue *object)
{
	MemoryContext old = MemoryContextSwitchTo(TopTransactionContext);

	said->object = object == NULL ? NULL : ScimJsonCopy(object);
	MemoryContextSwitchTo(old);
}

/* ScimTransient returns the fields that the request at hand has said, or NULL. */
const JsonbValue *
ScimTransient(void)
{
	return said != NULL ? said->object : NULL;
}

/* scim.transient() */
Datum
scim_transient(PG_FUNCTION_ARGS)
{
	if (ScimTransient() == NULL)
		PG_RETURN_NULL();
	PG_RETURN_JSONB_P(ScimJsonToJsonb(ScimJsonCopy(ScimTransient())));
}
