/*
 * row.c
 *		A row of "resource" read, and written as the JSON of the resource.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "door/members/members.h"
#include "query/query.h"
#include "resource/resource.h"
#include "store/statement/column.h"
#include "store/statement/statement.h"
#include "store/store.h"
#include "text/datetime.h"

#define ROW_COLUMNS "r.tenant_id, r.id, r.data, r.version, r.created, r.last_modified, "

/*
 * ScimResourceColumns returns the select list that ScimResourceFromTuple reads.
 * The last column is true where the resource is a member of some group, and
 * null otherwise: a subquery with LIMIT, since the planner may answer EXISTS
 * from a hash of the whole table.
 */
char *
ScimResourceColumns(const ScimStore *store)
{
	return psprintf(ROW_COLUMNS
					"(SELECT true FROM %s.member m "
					"WHERE m.tenant_id = r.tenant_id AND m.member_id = r.id LIMIT 1)",
					store->quoted_name);
}

/* ScimResourceColumnsOfNew: the same of one whose id is new, and so in no group. */
const char *
ScimResourceColumnsOfNew(void)
{
	return ROW_COLUMNS "null::boolean";
}

/*
 * ScimResourceColumnsOfMany: the same of rows of which few are shown, whose groups one
 * statement looks for (door/members/groups.c).
 */
const char *
ScimResourceColumnsOfMany(void)
{
	return ROW_COLUMNS "true";
}

/* ScimResourceFromTuple copies a row of ScimResourceColumns into a memory context. */
ScimResource *
ScimResourceFromTuple(const ScimResourceType *type, HeapTuple tuple, TupleDesc desc,
					  MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	ScimResource *resource = palloc0(sizeof(ScimResource));
	bool isnull;

	resource->type = type;
	resource->tenant_id = DatumGetInt32(ScimColumnValue(tuple, desc, 1, INT4OID));
	resource->id = *DatumGetUUIDP(ScimColumnValue(tuple, desc, 2, UUIDOID));
	resource->data = ScimStoredData(
		type, (Jsonb *) PG_DETOAST_DATUM_COPY(ScimColumnValue(tuple, desc, 3, JSONBOID)));
	resource->version = DatumGetInt64(ScimColumnValue(tuple, desc, 4, INT8OID));
	resource->created = ScimInstantShown(
		DatumGetTimestampTz(ScimColumnValue(tuple, desc, 5, TIMESTAMPTZOID)));
	resource->last_modified = ScimInstantShown(
		DatumGetTimestampTz(ScimColumnValue(tuple, desc, 6, TIMESTAMPTZOID)));
	(void) ScimColumn(tuple, desc, 7, BOOLOID, &isnull);
	resource->in_groups = !isnull;
	MemoryContextSwitchTo(old);
	return resource;
}

/* ScimResourceId is the id of a resource as clients have it. */
char *
ScimResourceId(const ScimResource *resource)
{
	return resource->type->is_membership
			   ? ScimMembershipId(&resource->id, &resource->member_id)
			   : ScimUuidText(&resource->id);
}

/* ScimResourceLocation is where a resource is, as its meta.location says. */
char *
ScimResourceLocation(const ScimStore *store, const ScimResource *resource)
{
	return ScimLocation(ScimBaseUrl(store), resource->type, ScimResourceId(resource));
}

/* W/"3": RFC 7644 section 3.14, where nothing derived is shown */
char *
ScimResourceVersion(const ScimResource *resource)
{
	return ScimVersionTag(resource->version, NULL, "", 0);
}

/* What is derived of a resource. */
typedef struct Derivation
{
	ScimStore *store;
	const ScimResource *resource;
	const ScimProjection *projection;
} Derivation;

static bool
derive_members(StringInfo out, void *arg)
{
	const Derivation *of = arg;

	return ScimMembersRender(out, of->store, of->resource, of->projection);
}

static bool
derive_groups(StringInfo out, void *arg)
{
	const Derivation *of = arg;

	return ScimGroupsRender(out, of->store, of->resource, of->projection);
}

static ScimRenderInput
render_input(ScimStore *store, const ScimResource *resource,
			 const ScimProjection *projection, Derivation *derivation)
{
	ScimRenderInput input = {0};

	derivation->store = store;
	derivation->resource = resource;
	derivation->projection = projection;
	input.type = resource->type;
	input.id = &resource->id;
	if (resource->type->is_membership)
		input.id_text = ScimResourceId(resource);
	input.borrowed = resource->borrowed;
	input.data = resource->data;
	input.version = resource->version;
	input.created = resource->created;
	input.last_modified = resource->last_modified;
	input.base_url = ScimBaseUrl(store);
	input.derive_arg = derivation;
	if (resource->type->has_members && ScimProjectionHas(projection, "members", NULL))
	{
		input.derived_name = "members";
		input.derive = derive_members;
	}
	else if (resource->type->has_groups && resource->in_groups &&
			 ScimProjectionHas(projection, "groups", NULL))
	{
		input.derived_name = "groups";
		input.derive = derive_groups;
	}
	return input;
}

/*
 * Appends the JSON text of a resource, with what is derived from rows.  Returns
 * the entity-tag, which is meta.version in it.
 */
const char *
ScimRenderResource(StringInfo out, ScimStore *store, const ScimResource *resource,
				   const ScimProjection *projection)
{
	Derivation derivation;
	ScimRenderInput input = render_input(store, resource, projection, &derivation);

	return ScimRender(out, &input, projection);
}

/* Writes the same as a value of a jsonb. */
void
ScimRenderResourceBinary(ScimJsonWriter *out, ScimStore *store,
						 const ScimResource *resource, const ScimProjection *projection)
{
	Derivation derivation;
	ScimRenderInput input = render_input(store, resource, projection, &derivation);

	(void) ScimRenderBinary(out, &input, projection);
}
