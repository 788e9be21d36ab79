/*
 * resource.c
 *		Resources that rows are bound to: read, and written through the door, as the owner
 *		of the store.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"

#include "binding/binding.h"
#include "json/json.h"
#include "store/column.h"

/* The id of the resource that is being made of a row, or NULL. */
const pg_uuid_t *ScimBoundCreating = NULL;

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

/* ScimBoundRead reads a resource; false: there is none, not even out of sight. */
bool
ScimBoundRead(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id, bool lock,
			  ScimBoundResource *resource)
{
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller = ScimBeOwner(binding->store->owner);
	ScimParams params;
	bool found;

	SPI_connect();
	start(&params, tenant_id, id);
	ScimSpiExecute(psprintf("SELECT data, deleted_at IS NOT NULL FROM %s.resource "
							"WHERE resource_type = %s AND tenant_id = $1 AND id = $2%s",
							binding->store->quoted_name,
							quote_literal_cstr(binding->type->name),
							lock ? " FOR NO KEY UPDATE" : ""),
				   &params, false, 1);
	found = SPI_processed > 0;
	memset(resource, 0, sizeof(ScimBoundResource));
	resource->id = *id;
	resource->tenant_id = tenant_id;
	if (found)
	{
		Datum data = ScimResultValue(0, 1, JSONBOID);
		MemoryContext old = MemoryContextSwitchTo(context);

		resource->document = ScimJsonFromJsonb(DatumGetJsonbPCopy(data));
		MemoryContextSwitchTo(old);
		resource->gone = DatumGetBool(ScimResultValue(0, 2, BOOLOID));
	}
	SPI_finish();
	ScimBeCaller(caller);
	return found;
}

/* ScimBoundReplace writes the document of a resource; it is then what is stored. */
void
ScimBoundReplace(const ScimBinding *binding, ScimBoundResource *resource)
{
	pg_uuid_t id = resource->id;
	ScimParams params;

	start(&params, resource->tenant_id, &resource->id);
	ScimParamsAdd(&params, JSONBOID,
				  JsonbPGetDatum(ScimJsonToJsonb(ScimJsonCopy(resource->document))),
				  false);
	execute(binding,
			psprintf("UPDATE %s.resource SET data = $3", binding->store->quoted_name),
			&params);
	(void) ScimBoundRead(binding, resource->tenant_id, &id, false, resource);
}

/* ScimBoundCreate makes a resource with an id; its document is then what is stored. */
void
ScimBoundCreate(const ScimBinding *binding, ScimBoundResource *resource)
{
	MemoryContext context = CurrentMemoryContext;
	const pg_uuid_t *before = ScimBoundCreating;
	ScimIdentity caller;
	ScimParams params;

	require_scope(binding);
	caller = ScimBeOwner(binding->store->owner);
	SPI_connect();
	start(&params, resource->tenant_id, &resource->id);
	ScimParamsAdd(&params, JSONBOID,
				  JsonbPGetDatum(ScimJsonToJsonb(ScimJsonCopy(resource->document))),
				  false);
	PG_TRY();
	{
		ScimBoundCreating = &resource->id;
		ScimSpiExecute(psprintf("INSERT INTO %s.resource AS r "
								"(tenant_id, resource_type, id, data) "
								"VALUES ($1, %s, $2, $3) RETURNING r.data",
								binding->store->quoted_name,
								quote_literal_cstr(binding->type->name)),
					   &params, false, 0);
	}
	PG_FINALLY();
	{
		ScimBoundCreating = before;
	}
	PG_END_TRY();
	if (SPI_processed != 1)
		skipped(binding, "the new");
	{
		Datum data = ScimResultValue(0, 1, JSONBOID);
		MemoryContext old = MemoryContextSwitchTo(context);

		resource->document = ScimJsonFromJsonb(DatumGetJsonbPCopy(data));
		MemoryContextSwitchTo(old);
	}
	SPI_finish();
	ScimBeCaller(caller);
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
			execute(binding, psprintf("UPDATE %s.resource SET active = false", store),
					&params);
			break;
		case SCIM_RESOURCE_KEEP:
			break;
	}
}

/* ScimBoundRestore: the row of a resource that is out of sight has come back. */
void
ScimBoundRestore(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id)
{
	ScimParams params;

	start(&params, tenant_id, id);
	execute(
		binding,
		psprintf("UPDATE %s.resource SET status = 'ACTIVE'", binding->store->quoted_name),
		&params);
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

		if (attribute->is_id || attribute->kind == SCIM_BOUND_MEMBERS ||
			!list_member_ptr(attributes, attribute))
			continue;
		ScimBoundSet(attribute, document,
					 ScimBoundMerge(attribute, row->values[foreach_current_index(lc)],
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
