/*
 * net_change.c
 *		A write after which a resource says what it said before is none.
 *
 * The table that a resource is bound to may make something else of what it is told: a
 * trigger that writes in lower case, a column that is never null.  What it makes of it
 * comes back within the same statement, and may be what was there before.  Then the
 * statement is taken back, with the versions, the rows of the audit and the events that
 * told of a change and of its undoing.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"

#include "binding/bound/bound.h"
#include "door/row/row.h"
#include "json/json.h"
#include "operation/operation.h"
#include "store/statement/column.h"
#include "store/statement/statement.h"

typedef struct NetChange
{
	ScimStore *store;
	const ScimResource *before;
	void (*write)(void *arg);
	void *arg;
	bool is_nothing;
} NetChange;

static bool
says_the_same(const NetChange *change)
{
	const ScimResource *before = change->before;
	ScimParams params;
	bool same;

	SPI_connect();
	ScimParamsOfResource(&params, before->tenant_id, &before->id);
	ScimSpiExecute(psprintf("SELECT r.data FROM %s.resource r WHERE r.resource_type = %s "
							"AND r.tenant_id = $1 AND r.id = $2 "
							"AND r.deleted_at IS NULL",
							change->store->quoted_name,
							quote_literal_cstr(before->type->name)),
				   &params, false, 1);
	same =
		SPI_processed > 0 &&
		ScimJsonEqual(ScimJsonFromJsonb(before->data),
					  ScimStoredDocument(
						  before->type, DatumGetJsonbP(ScimResultValue(0, 1, JSONBOID))));
	SPI_finish();
	return same;
}

static void
write_once(void *arg)
{
	NetChange *change = arg;
	uint64 writes = ScimDoorWrites();

	change->write(change->arg);
	/* one write is the client's own, and the door does not write what is there */
	if (ScimDoorWrites() <= writes + 1 || !says_the_same(change))
		return;
	change->is_nothing = true;
	ereport(ERROR, (ScimErr(SCIM_CONFLICT), errmsg_internal("nothing has changed")));
}

/*
 * ScimWriteNet writes one resource, of which before is what was there, and its document
 * all that write changes.  Returns false where that came to nothing in the end, and has
 * been taken back.
 */
bool
ScimWriteNet(ScimStore *store, const ScimResource *before, void (*write)(void *arg),
			 void *arg)
{
	NetChange change = {store, before, write, arg, false};
	ErrorData *error;

	/* without a table there is nobody who makes something else of it */
	if (ScimBindingFor(store, before->type, before->tenant_id) == NULL)
	{
		write(arg);
		return true;
	}
	error = ScimAttempt(write_once, &change);
	if (error != NULL && !change.is_nothing)
		ReThrowError(error);
	return !change.is_nothing;
}
