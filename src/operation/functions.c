/*
 * functions.c
 *		The SQL functions over a store's resources.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "door/members/members.h"
#include "json/json.h"
#include "operation/operation.h"
#include "policy/policy.h"
#include "policy/wire/wire.h"
#include "query/query.h"
#include "resource/resource.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/store.h"

/* What a resource takes beside its document: id, meta and groups. */
#define INITIAL_BYTES 1024

PG_FUNCTION_INFO_V1(scim_create_resource);
PG_FUNCTION_INFO_V1(scim_get_resource);
PG_FUNCTION_INFO_V1(scim_replace_resource);
PG_FUNCTION_INFO_V1(scim_patch_resource);
PG_FUNCTION_INFO_V1(scim_delete_resource);
PG_FUNCTION_INFO_V1(scim_search);
PG_FUNCTION_INFO_V1(scim_resource_json);
SCIM_FUNCTION_OF_VALUES(scim_complete_offboarding);
SCIM_FUNCTION_OF_VALUES(scim_restore_resource);
SCIM_FUNCTION_OF_VALUES(scim_suspend_resource);
SCIM_FUNCTION_OF_VALUES(scim_activate_resource);

static char *
required_text(FunctionCallInfo fcinfo, int n, const char *name)
{
	if (PG_ARGISNULL(n))
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE), errmsg("%s must not be null", name)));
	return text_to_cstring(PG_GETARG_TEXT_PP(n));
}

static JsonbValue *
required_json(FunctionCallInfo fcinfo, int n, const char *name)
{
	if (PG_ARGISNULL(n))
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE), errmsg("%s must not be null", name)));
	return ScimJsonFromJsonb(PG_GETARG_JSONB_P(n));
}

static JsonbValue *
required_object(FunctionCallInfo fcinfo, int n)
{
	JsonbValue *object = required_json(fcinfo, n, "resource");

	if (object->type != jbvObject)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("a resource must be a JSON object")));
	return object;
}

/* The type of what is to be read, which scopes have to allow. */
static const ScimResourceType *
type_to_read(FunctionCallInfo fcinfo, ScimStore *store, int n)
{
	const ScimResourceType *type =
		ScimTypeServed(store, required_text(fcinfo, n, "resource_type"));

	ScimScopeRequireOfCall(store, type->name, false);
	return type;
}

/* The same of what is to be written, which is let in. */
static const ScimResourceType *
type_to_write(FunctionCallInfo fcinfo, ScimStore *store, int n)
{
	const ScimResourceType *type =
		ScimTypeServed(store, required_text(fcinfo, n, "resource_type"));

	(void) ScimScopeEnter(store, type->name);
	return type;
}

/* The same of what has a life of its own. */
static const ScimResourceType *
living_type_to_write(FunctionCallInfo fcinfo, ScimStore *store, int n)
{
	const ScimResourceType *type =
		ScimTypeByName(store, required_text(fcinfo, n, "resource_type"));

	(void) ScimScopeEnter(store, type->name);
	return type;
}

/* "userName, emails.value" as a list of char *; NULL and "" are NIL. */
static List *
attribute_list(const char *text)
{
	return text == NULL ? NIL : ScimSplitAttributes(NIL, text);
}

static Datum
resource_to_jsonb(ScimStore *store, const ScimResource *resource, const char *attributes,
				  const char *excluded)
{
	List *names = attribute_list(attributes);
	List *excluded_names = attribute_list(excluded);
	ScimJsonWriter *out;

	ScimCheckAttributes(names, excluded_names);
	ScimCheckNamed(resource->type->registry, resource->type, names, excluded_names);
	out = ScimJsonWriterMake(VARSIZE_ANY(resource->data) + INITIAL_BYTES);
	ScimRenderResourceBinary(out, store, resource,
							 ScimProjectionMake(resource->type, names, excluded_names));
	PG_RETURN_JSONB_P(ScimJsonWriterEnd(out));
}

/* What is stored of a resource that was written; null where a trigger took it away. */
static Datum
stored_to_jsonb(FunctionCallInfo fcinfo, ScimStore *store, const ScimResource *written)
{
	ScimResource *resource = ScimStoredResource(store, written);

	if (resource == NULL)
		PG_RETURN_NULL();
	return resource_to_jsonb(store, resource, NULL, NULL);
}

static Datum
create_resource(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	const ScimResourceType *type = type_to_write(fcinfo, store, 0);
	JsonbValue *document = required_object(fcinfo, 1);
	ScimResource *resource;

	ScimSchemasCheck(ScimRulesFor(store, ScimTenant(), type), document);
	resource = type->is_membership ? ScimMembershipCreate(store, type, document)
								   : ScimCreateResource(store, type, document, NULL);
	resource = ScimStoredResource(store, resource);
	if (resource == NULL)
		ScimRaiseRefused(type, "the new");
	PG_RETURN_DATUM(resource_to_jsonb(store, resource, NULL, NULL));
}

/* scim.create_resource(resource_type text, resource jsonb) returns jsonb */
Datum
scim_create_resource(PG_FUNCTION_ARGS)
{
	return ScimCallWrite(fcinfo, create_resource, false);
}

/* scim.get_resource(resource_type, id, attributes, excluded_attributes) returns jsonb */
Datum
scim_get_resource(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	const ScimResourceType *type = type_to_read(fcinfo, store, 0);
	const char *id = ScimIdArgument(fcinfo, 1);
	ScimResource *resource = type->is_membership ? ScimMembershipGet(store, type, id)
												 : ScimGetResource(store, type, id);

	PG_RETURN_DATUM(resource_to_jsonb(store, resource, ScimTextArgument(fcinfo, 2),
									  ScimTextArgument(fcinfo, 3)));
}

static Datum
replace_resource(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	const ScimResourceType *type = type_to_write(fcinfo, store, 0);
	ScimPreconditions conditions = {.if_match = ScimTextArgument(fcinfo, 3)};
	JsonbValue *document = required_object(fcinfo, 2);

	if (type->is_membership)
		ScimMembershipRefuse(store, type, ScimIdArgument(fcinfo, 1));
	ScimSchemasCheck(ScimRulesFor(store, ScimTenant(), type), document);
	return stored_to_jsonb(fcinfo, store,
						   ScimReplaceResource(store, type, ScimIdArgument(fcinfo, 1),
											   document, &conditions));
}

/* scim.replace_resource(resource_type, id, resource jsonb, if_match) returns jsonb */
Datum
scim_replace_resource(PG_FUNCTION_ARGS)
{
	return ScimCallWrite(fcinfo, replace_resource, false);
}

/* Operations whose values are compared with those that are there, as they are stored. */
static const JsonbValue *
with_characters(ScimStore *store, const ScimResourceType *type,
				const JsonbValue *operations)
{
	ScimWireReading reading = {
		.wire = ScimWireWithOthers(
			store, type, ScimWireCharactersOf(ScimRulesFor(store, ScimTenant(), type)))};

	return reading.wire != NULL && operations->type == jbvArray
			   ? ScimWireOperationsIn(&reading, operations)
			   : operations;
}

static Datum
patch_resource(PG_FUNCTION_ARGS)
{
	static const char *const known[] = {"schemas", "Operations", NULL};
	ScimStore *store = ScimStoreCurrent();
	const ScimResourceType *type = type_to_write(fcinfo, store, 0);
	JsonbValue *operations = required_json(fcinfo, 2, "operations");
	ScimPreconditions conditions = {.if_match = ScimTextArgument(fcinfo, 3)};

	ScimRequireDistinctKeys(operations);
	ScimRequireShortNumbers(operations, "the operations");
	/* a whole PatchOp message will do as well */
	if (operations->type == jbvObject)
	{
		ScimRequireKnownMembers(operations, known, "a PATCH body");
		operations = ScimJsonGetFolded(operations, "Operations");
		if (operations == NULL)
			ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
							errmsg("a PATCH needs an array of operations")));
	}
	if (type->is_membership)
		ScimMembershipRefuse(store, type, ScimIdArgument(fcinfo, 1));
	return stored_to_jsonb(fcinfo, store,
						   ScimPatchResource(store, type, ScimIdArgument(fcinfo, 1),
											 with_characters(store, type, operations),
											 true, &conditions));
}

/* scim.patch_resource(resource_type, id, operations jsonb, if_match) returns jsonb */
Datum
scim_patch_resource(PG_FUNCTION_ARGS)
{
	return ScimCallWrite(fcinfo, patch_resource, false);
}

static Datum
delete_resource(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	const ScimResourceType *type = type_to_write(fcinfo, store, 0);
	ScimPreconditions conditions = {.if_match = ScimTextArgument(fcinfo, 2)};

	if (type->is_membership)
		ScimMembershipDelete(store, type, ScimIdArgument(fcinfo, 1), &conditions);
	else
		ScimDeleteResource(store, type, ScimIdArgument(fcinfo, 1), &conditions);
	PG_RETURN_VOID();
}

/* scim.delete_resource(resource_type, id, if_match) returns void */
Datum
scim_delete_resource(PG_FUNCTION_ARGS)
{
	return ScimCallWrite(fcinfo, delete_resource, true);
}

static bool
is_descending(const char *sort_order)
{
	if (sort_order == NULL || pg_strcasecmp(sort_order, "ascending") == 0)
		return false;
	if (pg_strcasecmp(sort_order, "descending") != 0)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("sort order must be \"ascending\" or \"descending\", not \"%s\"",
						sort_order)));
	return true;
}

/*
 * scim.search(resource_type, filter, sort_by, sort_order, start_index, count,
 * cursor, attributes, excluded_attributes) returns jsonb
 */
Datum
scim_search(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	const ScimResourceType *type =
		PG_ARGISNULL(0) ? NULL : type_to_read(fcinfo, store, 0);
	ScimSearchRequest request;

	if (type == NULL)
		ScimScopeRequireOfCall(store, NULL, false);
	memset(&request, 0, sizeof(request));
	request.filter = ScimTextArgument(fcinfo, 1);
	request.sort_by = ScimTextArgument(fcinfo, 2);
	request.descending = is_descending(ScimTextArgument(fcinfo, 3));
	request.start_index = PG_ARGISNULL(4) ? 1 : PG_GETARG_INT64(4);
	request.count = PG_ARGISNULL(5) ? -1 : Max(PG_GETARG_INT64(5), 0);
	request.start_index_given = !PG_ARGISNULL(4);
	request.cursor = ScimTextArgument(fcinfo, 6);
	request.attributes = attribute_list(ScimTextArgument(fcinfo, 7));
	request.excluded = attribute_list(ScimTextArgument(fcinfo, 8));
	PG_RETURN_JSONB_P(ScimSearchBinary(store, type, &request));
}

/* The store of a row of "resource" or one of its partitions. */
static ScimStore *
row_store(HeapTupleHeader row)
{
	Oid relid = get_typ_typrelid(HeapTupleHeaderGetTypeId(row));
	ScimStore *store = OidIsValid(relid) ? ScimStoreOfPartition(relid) : NULL;

	if (store != NULL)
		return store;
	ereport(ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
			 errmsg("scim.resource_json needs a row of a store's table \"resource\" "
					"or of one of its partitions")));
}

/* scim.resource_json(row record) returns jsonb: row is one of a store's "resource" */
Datum
scim_resource_json(PG_FUNCTION_ARGS)
{
	HeapTupleHeader row = PG_GETARG_HEAPTUPLEHEADER(0);
	ScimStore *store = row_store(row);
	TupleDesc desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(row),
											HeapTupleHeaderGetTypMod(row));
	HeapTupleData tuple = {.t_len = HeapTupleHeaderGetDatumLength(row), .t_data = row};
	ScimResource resource = {0};

	resource.type = ScimTypeByName(store, TextDatumGetCString(ScimColumnNamed(
											  &tuple, desc, "resource_type", TEXTOID)));
	ScimScopeRequireOfCall(store, resource.type->name, false);
	resource.tenant_id =
		DatumGetInt32(ScimColumnNamed(&tuple, desc, "tenant_id", INT4OID));
	resource.id = *DatumGetUUIDP(ScimColumnNamed(&tuple, desc, "id", UUIDOID));
	resource.data = ScimStoredData(
		resource.type, DatumGetJsonbP(ScimColumnNamed(&tuple, desc, "data", JSONBOID)));
	resource.version = DatumGetInt64(ScimColumnNamed(&tuple, desc, "version", INT8OID));
	resource.created =
		DatumGetTimestampTz(ScimColumnNamed(&tuple, desc, "created", TIMESTAMPTZOID));
	resource.last_modified = DatumGetTimestampTz(
		ScimColumnNamed(&tuple, desc, "last_modified", TIMESTAMPTZOID));
	ReleaseTupleDesc(desc);
	/* most are in none, which is known sooner than in which */
	resource.in_groups = resource.type->has_groups &&
						 ScimIsInGroup(store, resource.tenant_id, &resource.id);
	PG_RETURN_DATUM(resource_to_jsonb(store, &resource, NULL, NULL));
}

static Datum
complete_offboarding(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	const char *id = ScimIdArgument(fcinfo, 0);
	const ScimResourceType *type = ScimTypeOfResource(store, id);

	(void) ScimScopeEnter(store, type != NULL ? type->name : "User");
	ScimCompleteOffboarding(store, type, id);
	PG_RETURN_VOID();
}

/* scim.complete_offboarding(id) returns void */
static Datum
scim_complete_offboarding_given(PG_FUNCTION_ARGS)
{
	return ScimCallWrite(fcinfo, complete_offboarding, true);
}

static Datum
restore_resource(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	const ScimResourceType *type = living_type_to_write(fcinfo, store, 0);
	const char *id = ScimIdArgument(fcinfo, 1);

	ScimRestoreResource(store, type, id);
	PG_RETURN_DATUM(
		resource_to_jsonb(store, ScimGetResource(store, type, id), NULL, NULL));
}

/* scim.restore_resource(resource_type, id) returns jsonb */
static Datum
scim_restore_resource_given(PG_FUNCTION_ARGS)
{
	return ScimCallWrite(fcinfo, restore_resource, false);
}

static Datum
suspend_resource(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	const ScimResourceType *type = living_type_to_write(fcinfo, store, 0);

	return stored_to_jsonb(
		fcinfo, store, ScimSuspendResource(store, type, ScimIdArgument(fcinfo, 1), NULL));
}

/* scim.suspend_resource(resource_type, id) returns jsonb */
static Datum
scim_suspend_resource_given(PG_FUNCTION_ARGS)
{
	return ScimCallWrite(fcinfo, suspend_resource, false);
}

static Datum
activate_resource(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	const ScimResourceType *type = living_type_to_write(fcinfo, store, 0);

	return stored_to_jsonb(
		fcinfo, store,
		ScimActivateResource(store, type, ScimIdArgument(fcinfo, 1), NULL));
}

/* scim.activate_resource(resource_type, id) returns jsonb */
static Datum
scim_activate_resource_given(PG_FUNCTION_ARGS)
{
	return ScimCallWrite(fcinfo, activate_resource, false);
}
