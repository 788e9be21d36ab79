/*
 * resource.c
 *		Resources that rows are bound to: read, and written through the door, as the owner
 *		of the store.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"

#include "binding/bound/bound.h"
#include "binding/sides/sides.h"
#include "json/json.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"

/*
 * A resource that is being written because of its row.  The trigger of resources has
 * nothing to tell that row: whoever writes the resource compares the two afterwards.
 */
typedef struct Written
{
	const pg_uuid_t *id;
	int times;     /* that the trigger has seen it */
	bool alone;    /* there are no triggers of others that might write it again */
	bool restores; /* it comes back into sight */
	struct Written *outer;
} Written;

static Written *written = NULL;

/*
 * ScimBoundIsOurs, for the trigger of resources: is it written because of its row?
 * comes_back: it was out of sight.
 */
bool
ScimBoundIsOurs(const pg_uuid_t *id, bool alone, bool comes_back)
{
	for (Written *at = written; at != NULL; at = at->outer)
	{
		if (memcmp(at->id, id, UUID_LEN) == 0)
		{
			at->times++;
			at->alone = alone;
			return at->restores || !comes_back;
		}
	}
	return false;
}

static void
start(ScimParams *params, int32 tenant_id, const pg_uuid_t *id)
{
	ScimParamsOfResource(params, tenant_id, id);
}

/*
 * Scopes bind who writes the application's table as they bind him in the store; what
 * follows from a write they do not, since that is done as one of the owners.
 */
static void
require_scope(const ScimBinding *binding)
{
	ScimScopeRequireOfCall(binding->store, binding->type->name, true);
}

static void
skipped(const ScimBinding *binding, const char *what)
{
	ereport(ERROR, (ScimErr(SCIM_FORBIDDEN),
					errmsg("a trigger of store \"%s\" has skipped %s %s",
						   binding->store->name, what, binding->type->name)));
}

/* ScimRaiseTakenAway: a trigger that came after has taken away again what was made. */
void
ScimRaiseTakenAway(const ScimBinding *binding)
{
	ereport(ERROR, (ScimErr(SCIM_FORBIDDEN),
					errmsg("a trigger of store \"%s\" has taken the new %s away again",
						   binding->store->name, binding->type->name)));
}

/* Are resources being made of rows that are there already? */
bool ScimTakingIn = false;

/*
 * ScimTakeInExecute executes a statement that makes the store say what rows say: it is
 * not followed back to them.
 */
void
ScimTakeInExecute(const char *query, const ScimParams *params, bool keeps_plan)
{
	bool before = ScimTakingIn;

	PG_TRY();
	{
		ScimTakingIn = true;
		if (keeps_plan)
			ScimSpiExecute(query, params, false, 0);
		else
			ScimSpiExecuteOnce(query, params, false, 0);
	}
	PG_FINALLY();
	{
		ScimTakingIn = before;
	}
	PG_END_TRY();
}

/* ScimTakeInMany: the same of n resources.  what: for the error where a trigger skips
 * one. */
void
ScimTakeInMany(const ScimBinding *binding, const char *query, const ScimParams *params,
			   int n, const char *what)
{
	ScimTakeInExecute(query, params, true);
	if (SPI_processed != (uint64) n)
		skipped(binding, what);
}

/* Has a statement that wrote nothing done what it was to do in another way? */
static bool
is_done(const ScimBinding *binding, bool deletes, const ScimParams *params)
{
	const char *status;

	ScimSpiExecute(
		psprintf("SELECT status::text FROM %s.resource WHERE resource_type = %s "
				 "AND tenant_id = $1 AND id = $2",
				 binding->store->quoted_name, quote_literal_cstr(binding->type->name)),
		params, false, 1);
	if (SPI_processed == 0)
		return true;
	/* by the policy "delete" a resource is out of sight, or on its way */
	status = ScimResultText(0, 1);
	return deletes &&
		   (strcmp(status, "DELETED") == 0 || strcmp(status, "OFFBOARDED") == 0 ||
			strcmp(status, "OFFBOARDING") == 0);
}

/* statement: up to its WHERE; the first two parameters say which resource it is. */
static void
execute(const ScimBinding *binding, const char *statement, const ScimParams *params)
{
	bool deletes = strncmp(statement, "DELETE", strlen("DELETE")) == 0;
	ScimParams which = *params;
	ScimIdentity caller;

	require_scope(binding);
	caller = ScimBeOwner(binding->store->owner);
	SPI_connect();
	ScimSpiExecute(psprintf("%s WHERE resource_type = %s AND tenant_id = $1 AND id = $2",
							statement, quote_literal_cstr(binding->type->name)),
				   params, false, 0);
	which.n = 2;
	if (SPI_processed == 0 && !is_done(binding, deletes, &which))
		skipped(binding, deletes ? "the end of the" : "a change of the");
	SPI_finish();
	ScimBeCaller(caller);
}

#define IS_INACTIVE "(r.status = 'SUSPENDED' OR r.active IS FALSE)"
#define IS_LEAVING "(r.status = 'OFFBOARDING')"

/* What is read of a resource, by a SELECT or by RETURNING. */
#define RESOURCE_COLUMNS \
	"r.data, r.deleted_at IS NOT NULL, r.version, " IS_INACTIVE ", " IS_LEAVING

static void
take_result(const ScimBinding *binding, ScimBoundResource *resource,
			MemoryContext context)
{
	Datum data = ScimResultValue(0, 1, JSONBOID);
	MemoryContext old = MemoryContextSwitchTo(context);

	resource->document = ScimStoredDocument(binding->type, DatumGetJsonbPCopy(data));
	MemoryContextSwitchTo(old);
	resource->gone = DatumGetBool(ScimResultValue(0, 2, BOOLOID));
	resource->version = DatumGetInt64(ScimResultValue(0, 3, INT8OID));
	resource->inactive = DatumGetBool(ScimResultValue(0, 4, BOOLOID));
	resource->leaving = DatumGetBool(ScimResultValue(0, 5, BOOLOID));
}

/* ScimBoundRead reads a resource; false: there is none, not even out of sight. */
bool
ScimBoundRead(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id,
			  ScimBoundResource *resource)
{
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller = ScimBeOwner(binding->store->owner);
	ScimParams params;
	bool found;

	SPI_connect();
	start(&params, tenant_id, id);
	ScimSpiExecute(psprintf("SELECT " RESOURCE_COLUMNS " FROM %s.resource AS r WHERE "
							"r.resource_type = %s AND r.tenant_id = $1 AND r.id = $2",
							binding->store->quoted_name,
							quote_literal_cstr(binding->type->name)),
				   &params, false, 1);
	found = SPI_processed > 0;
	memset(resource, 0, sizeof(ScimBoundResource));
	resource->id = *id;
	resource->tenant_id = tenant_id;
	if (found)
		take_result(binding, resource, context);
	SPI_finish();
	ScimBeCaller(caller);
	return found;
}

/*
 * Executes a statement that writes a resource and returns RESOURCE_COLUMNS; false: it has
 * written nothing.  The resource is then what is stored, of which another trigger may
 * have made something else since.
 */
static bool
write_resource(const ScimBinding *binding, const ScimRowView *row, const char *statement,
			   const ScimParams *params, bool restores, ScimBoundResource *resource)
{
	MemoryContext context = CurrentMemoryContext;
	pg_uuid_t id = resource->id;
	Written this = {.id = &id, .restores = restores, .outer = written};
	ScimIdentity caller;
	bool found;

	require_scope(binding);
	caller = ScimBeOwner(binding->store->owner);
	SPI_connect();
	PG_TRY();
	{
		written = &this;
		ScimSpiExecute(statement, params, false, 0);
	}
	PG_CATCH();
	{
		written = this.outer;
		ScimStoreRefuses(binding, row, resource, context);
	}
	PG_END_TRY();
	written = this.outer;
	found = SPI_processed == 1;
	if (found)
		take_result(binding, resource, context);
	SPI_finish();
	ScimBeCaller(caller);
	if (found && !(this.alone && this.times == 1) &&
		!ScimBoundRead(binding, resource->tenant_id, &id, resource))
		resource->gone = true;
	return found;
}

static void
add_document(ScimParams *params, const ScimBoundResource *resource)
{
	ScimParamsAdd(params, JSONBOID,
				  JsonbPGetDatum(ScimJsonToJsonb(ScimJsonCopy(resource->document))),
				  false);
}

/*
 * ScimBoundReplace writes the document of a resource that was read; it is then what is
 * stored.  Returns false where somebody else has written it since, and nothing is done.
 */
bool
ScimBoundReplace(const ScimBinding *binding, const ScimRowView *row,
				 ScimBoundResource *resource)
{
	ScimBoundResource now;
	ScimParams params;

	start(&params, resource->tenant_id, &resource->id);
	add_document(&params, resource);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(resource->version), false);
	if (write_resource(binding, row,
					   psprintf("UPDATE %s.resource AS r SET data = $3 WHERE "
								"r.resource_type = %s AND r.tenant_id = $1 AND r.id = $2 "
								"AND r.version = $4 AND r.deleted_at IS NULL "
								"RETURNING " RESOURCE_COLUMNS,
								binding->store->quoted_name,
								quote_literal_cstr(binding->type->name)),
					   &params, false, resource))
		return true;
	if (ScimBoundRead(binding, resource->tenant_id, &resource->id, &now) && !now.gone &&
		now.version == resource->version)
		skipped(binding, "a change of the");
	return false;
}

/* ScimBoundCreate makes a resource with an id; its document is then what is stored. */
void
ScimBoundCreate(const ScimBinding *binding, const ScimRowView *row,
				ScimBoundResource *resource)
{
	ScimParams params;

	start(&params, resource->tenant_id, &resource->id);
	add_document(&params, resource);
	if (!write_resource(binding, row,
						psprintf("INSERT INTO %s.resource AS r "
								 "(tenant_id, resource_type, id, data) "
								 "VALUES ($1, %s, $2, $3) RETURNING " RESOURCE_COLUMNS,
								 binding->store->quoted_name,
								 quote_literal_cstr(binding->type->name)),
						&params, false, resource))
		skipped(binding, "the new");
	if (resource->gone)
		ScimRaiseTakenAway(binding);
}

/* ScimBoundIsInactive: does a document say that nobody may sign in? */
bool
ScimBoundIsInactive(const JsonbValue *document)
{
	const JsonbValue *active = ScimJsonGet(document, "active");

	return active != NULL && active->type == jbvBool && !active->val.boolean;
}

/*
 * ScimBoundIsLetGo: is a resource that was read, and is in sight, what the end of its row
 * makes of one?
 */
bool
ScimBoundIsLetGo(const ScimBinding *binding, const ScimBoundResource *resource)
{
	return resource->leaving || binding->resource_end == SCIM_RESOURCE_KEEP ||
		   (binding->resource_end == SCIM_RESOURCE_SUSPEND && resource->inactive);
}

/* ScimBoundLetGoSql: the same as a condition on a row "r" of "resource". */
const char *
ScimBoundLetGoSql(const ScimBinding *binding)
{
	switch (binding->resource_end)
	{
		case SCIM_RESOURCE_DELETE:
			break;
		case SCIM_RESOURCE_SUSPEND:
			return "(" IS_LEAVING " OR " IS_INACTIVE ")";
		case SCIM_RESOURCE_KEEP:
			return "true";
	}
	return IS_LEAVING;
}

/* ScimBoundEnd: the row of a resource has gone. */
void
ScimBoundEnd(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id)
{
	const char *store = binding->store->quoted_name;
	ScimParams params;

	start(&params, tenant_id, id);
	switch (binding->resource_end)
	{
		case SCIM_RESOURCE_DELETE:
			execute(binding, psprintf("DELETE FROM %s.resource", store), &params);
			break;
		case SCIM_RESOURCE_SUSPEND:
			execute(binding,
					psprintf("UPDATE %s.resource SET %s", store,
							 ScimDeactivation(binding->type)),
					&params);
			break;
		case SCIM_RESOURCE_KEEP:
			break;
	}
}

/*
 * ScimBoundRestore: the row of a resource that is out of sight has come back.  It does so
 * with the document that is given, since what it said last may be somebody else's by now;
 * it is then what is stored.  That row is told nothing: who calls this compares the two.
 */
void
ScimBoundRestore(const ScimBinding *binding, const ScimRowView *row,
				 ScimBoundResource *resource)
{
	ScimBoundResource now;
	ScimParams params;

	start(&params, resource->tenant_id, &resource->id);
	add_document(&params, resource);
	if (!write_resource(binding, row,
						psprintf("UPDATE %s.resource AS r SET status = 'ACTIVE', "
								 "data = $3 WHERE r.resource_type = %s "
								 "AND r.tenant_id = $1 AND r.id = $2 "
								 "RETURNING " RESOURCE_COLUMNS,
								 binding->store->quoted_name,
								 quote_literal_cstr(binding->type->name)),
						&params, true, resource) &&
		ScimBoundRead(binding, resource->tenant_id, &resource->id, &now))
		skipped(binding, "a change of the");
}

/* ScimBoundTakeRow makes a document say of some attributes what a row does. */
void
ScimBoundTakeRow(const ScimBinding *binding, const ScimRowView *row, List *attributes,
				 JsonbValue *document)
{
	const ListCell *lc;

	foreach (lc, binding->attributes)
	{
		ScimBoundAttribute *attribute = lfirst(lc);
		const JsonbValue *value = row->values[foreach_current_index(lc)];

		if (attribute->is_id || attribute->kind == SCIM_BOUND_MEMBERS ||
			!list_member_ptr(attributes, attribute))
			continue;
		ScimBoundSet(attribute, document,
					 ScimBoundMerge(attribute,
									ScimRowStored(binding, row, attribute, value),
									ScimBoundGet(attribute, document)));
	}
}

/* ScimBoundDocument: a new document of a row. */
JsonbValue *
ScimBoundDocument(const ScimBinding *binding, const ScimRowView *row)
{
	JsonbValue *document = ScimJsonNewObject();

	ScimBoundTakeRow(binding, row, binding->attributes, document);
	return document;
}
