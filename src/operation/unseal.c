/*
 * unseal.c
 *		Keys to which a store seals, and what they open, for its owner.
 *
 * Who opens a value is written to the audit, with the place of it.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"

#include "audit/audit.h"
#include "json/json.h"
#include "path/path.h"
#include "store/acting.h"
#include "store/credential/credential.h"
#include "store/credential/jwe.h"
#include "store/credential/sealing.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/store.h"

/* The end of a sealed value, by which its row is found: the tag is no secret. */
#define SHOWN_END 22

SCIM_FUNCTION_OF_VALUES(scim_set_sealing_key);
PG_FUNCTION_INFO_V1(scim_create_sealing_key);
SCIM_FUNCTION_OF_VALUES(scim_drop_sealing_key);
PG_FUNCTION_INFO_V1(scim_sealing_keys);
PG_FUNCTION_INFO_V1(scim_seal_stored);
PG_FUNCTION_INFO_V1(scim_unseal);
SCIM_FUNCTION_OF_VALUES(scim_unseal_value);

static ScimStore *
begin(const char *what)
{
	ScimStore *store = ScimStoreConfigured();

	if (!has_privs_of_role(GetUserId(), store->owner))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("must be owner of store \"%s\" to %s", store->name, what)));
	ScimScopeRefuse(store->namespace_oid, what);
	return store;
}

/* scim.set_sealing_key(jwk jsonb) returns text: its kid */
static Datum
scim_set_sealing_key_given(PG_FUNCTION_ARGS)
{
	JsonbValue *jwk = ScimJsonFromJsonb(PG_GETARG_JSONB_P(0));
	ScimStore *store = begin("set keys");
	const char *problem = ScimJweKeyProblem(jwk);

	if (problem != NULL)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("the key %s", problem)));
	PG_RETURN_TEXT_P(cstring_to_text(ScimSealingKeySet(store, jwk)));
}

/* scim.create_sealing_key() returns text: its kid */
Datum
scim_create_sealing_key(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(ScimSealingKeySet(begin("make keys"), NULL)));
}

/* scim.drop_sealing_key(kid text) returns void */
static Datum
scim_drop_sealing_key_given(PG_FUNCTION_ARGS)
{
	ScimSealingKeyDrop(begin("drop keys"), text_to_cstring(PG_GETARG_TEXT_PP(0)));
	PG_RETURN_VOID();
}

/* scim.sealing_keys() returns jsonb: their public parts, a JWK Set */
Datum
scim_sealing_keys(PG_FUNCTION_ARGS)
{
	JsonbValue *set = ScimSealingKeys(begin("read its keys"));
	JsonbValue *keys;

	if (set == NULL)
	{
		set = ScimJsonNewObject();
		ScimJsonSet(set, "keys", ScimJsonNewArray());
	}
	keys = ScimJsonGet(set, "keys");
	for (int i = 0; i < keys->val.array.nElems; i++)
		ScimJsonRemove(&keys->val.array.elems[i], "d");
	PG_RETURN_JSONB_P(ScimJsonToJsonb(set));
}

/*
 * scim_internal.seal_stored(store name) returns bigint: of how many resources it has
 * sealed what was stored in clear.  For who is the owner of the store.
 */
Datum
scim_seal_stored(PG_FUNCTION_ARGS)
{
	Oid namespace_oid = DatumGetObjectId(DirectFunctionCall1(
		regnamespacein, CStringGetDatum(quote_identifier(NameStr(*PG_GETARG_NAME(0))))));
	ScimStore *store = ScimStoreByNamespace(namespace_oid);
	ScimIdentity caller;
	List *types = NIL;
	int64 count;

	ScimAuditRequireOwner(store);
	for (int i = 0; i < store->registry->ntypes; i++)
	{
		if (store->registry->types[i].has_sealed)
			types = lappend(types, &store->registry->types[i]);
	}
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	count = ScimSealStored(store, types);
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_INT64(count);
}

static void
write_audit(ScimStore *store, ScimAuditRow *row)
{
	ScimIdentity caller = ScimBeOwner(store->owner);

	row->audit = store->tables.relid[SCIM_TABLE_AUDIT];
	row->operation = "unseal";
	row->at = ScimClock(store, SCIM_NO_INSTANT);
	SPI_connect();
	ScimAuditInsert(row);
	SPI_finish();
	ScimBeCaller(caller);
}

/* scim.unseal(sealed text) returns jsonb */
Datum
scim_unseal(PG_FUNCTION_ARGS)
{
	char *sealed = text_to_cstring(PG_GETARG_TEXT_PP(0));
	ScimStore *store = begin("open what is sealed");
	int len = strlen(sealed);
	JsonbValue *value =
		ScimUnseal(ScimSealingKeys(store), sealed, len,
				   psprintf("It is of %d bytes and ends in \"%s\".", len,
							sealed + pg_mbcliplen(sealed, len, Max(len - SHOWN_END, 0))));
	ScimAuditRow row = {.tenant_id = ScimTenant(), .object = "secret", .key = "sealing"};

	write_audit(store, &row);
	PG_RETURN_JSONB_P(ScimJsonToJsonb(value));
}

/* Which attribute a path names: one that is sealed. */
static void
resolve(const ScimResourceType *type, const char *text, ScimResolved *resolved)
{
	ScimProblem *problem = NULL;
	ScimPath *path = ScimPathParse(text, strlen(text), &problem);
	ScimAttrRef ref;

	if (path == NULL)
		ScimProblemsRaise(list_make1(problem));
	ref = ScimPathAttrRef(path);
	if (ScimPathFilter(path) != NULL || !ScimResolve(type, &ref, resolved) ||
		resolved->attribute == NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_PATH),
						errmsg("path \"%s\" names no attribute of resource type \"%s\"",
							   text, type->name)));
	if (!ScimLeaf(resolved)->sealed)
		ereport(ERROR, (ScimErr(SCIM_INVALID_PATH),
						errmsg("attribute \"%s\" is not kept sealed", text)));
}

/* What is opened, for the detail of an error. */
typedef struct Opening
{
	const JsonbValue *keys;
	const char *id;
	const char *path;
	int number; /* of several values; -1: there is one */
} Opening;

static JsonbValue *
open_value(const Opening *opening, const JsonbValue *value)
{
	const char *which =
		opening->number < 0 ? "" : psprintf(", value %d", opening->number + 1);

	return ScimUnseal(opening->keys, value->val.string.val, value->val.string.len,
					  psprintf("It is that of \"%s\"%s, of resource \"%s\".",
							   opening->path, which, opening->id));
}

/* What is in a value, or in each of several; NULL: nothing. */
static JsonbValue *
open_values(Opening *opening, const JsonbValue *value)
{
	JsonbValue *opened;

	if (value == NULL)
		return NULL;
	if (value->type == jbvString)
		return open_value(opening, value);
	if (value->type != jbvArray)
		return NULL;
	opened = ScimJsonNewArray();
	for (int i = 0; i < value->val.array.nElems; i++)
	{
		JsonbValue *element;

		CHECK_FOR_INTERRUPTS();
		opening->number = i;
		element = open_values(opening, &value->val.array.elems[i]);
		if (element != NULL)
			ScimJsonAppend(opened, element);
	}
	return opened;
}

/* The same of a sub-attribute: of several values in their order, with null for none. */
static JsonbValue *
open_subs(Opening *opening, const JsonbValue *value, const char *name)
{
	static const JsonbValue null = {.type = jbvNull};
	JsonbValue *opened;

	if (value == NULL || value->type == jbvObject)
		return value == NULL ? NULL : open_values(opening, ScimJsonGet(value, name));
	if (value->type != jbvArray)
		return NULL;
	opened = ScimJsonNewArray();
	for (int i = 0; i < value->val.array.nElems; i++)
	{
		const JsonbValue *element;

		CHECK_FOR_INTERRUPTS();
		opening->number = i;
		element = open_subs(opening, &value->val.array.elems[i], name);
		ScimJsonAppend(opened, element != NULL ? element : &null);
	}
	return opened;
}

static void
refuse_unknown(const char *id)
{
	ereport(ERROR,
			(ScimErr(SCIM_NOT_FOUND), errmsg("resource \"%s\" does not exist", id)));
}

static JsonbValue *
read_document(ScimStore *store, int32 tenant_id, const pg_uuid_t *id,
			  const ScimResourceType **type)
{
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller = ScimBeReader(store->owner);
	MemoryContext old;
	Jsonb *data;
	ScimParams params;
	char *type_name;

	SPI_connect();
	ScimParamsOfResource(&params, tenant_id, id);
	ScimSpiExecute(psprintf("SELECT resource_type::text, data FROM %s.resource "
							"WHERE tenant_id = $1 AND id = $2",
							store->quoted_name),
				   &params, true, 1);
	if (SPI_processed == 0)
		refuse_unknown(ScimUuidText(id));
	old = MemoryContextSwitchTo(context);
	type_name = ScimResultText(0, 1);
	data = DatumGetJsonbPCopy(ScimResultValue(0, 2, JSONBOID));
	MemoryContextSwitchTo(old);
	SPI_finish();
	ScimBeCaller(caller);
	*type = ScimTypeByName(store, type_name);
	return ScimStoredDocument(*type, data);
}

/* scim.unseal_value(id uuid or text, path text) returns jsonb */
static Datum
scim_unseal_value_given(PG_FUNCTION_ARGS)
{
	const char *id_text = ScimIdArgument(fcinfo, 0);
	char *path = text_to_cstring(PG_GETARG_TEXT_PP(1));
	ScimStore *store = begin("open what is sealed");
	pg_uuid_t id;
	int32 tenant_id = ScimTenant();
	const ScimResourceType *type;
	JsonbValue *object;
	Opening opening = {ScimSealingKeys(store), id_text, path, -1};
	ScimAuditRow row = {.tenant_id = tenant_id, .resource_id = &id, .no_version = true};
	JsonbValue *detail = ScimJsonNewObject();
	const JsonbValue *value;
	JsonbValue *opened;
	ScimResolved resolved;

	if (!ScimUuidParse(id_text, &id))
		refuse_unknown(id_text);
	object = read_document(store, tenant_id, &id, &type);
	resolve(type, path, &resolved);
	if (resolved.extension != NULL)
		object = ScimJsonGet(object, resolved.extension->id);
	value = object != NULL && object->type == jbvObject
				? ScimJsonGet(object, resolved.attribute->name)
				: NULL;
	opened = resolved.sub != NULL ? open_subs(&opening, value, resolved.sub->name)
								  : open_values(&opening, value);
	row.resource_type = type->name;
	ScimJsonSet(detail, "path", ScimJsonNewString(path));
	row.detail = ScimJsonToJsonb(detail);
	write_audit(store, &row);
	if (opened == NULL)
		PG_RETURN_NULL();
	PG_RETURN_JSONB_P(ScimJsonToJsonb(opened));
}
