/*
 * register.c
 *		scim.register_schema, scim.register_resource_type and their opposites.
 *
 * They run as the caller, who must be the store's owner, and change rows of the
 * tables "schema" and "resource_type"; whatever else has to happen is done by the
 * triggers of those tables (registry.c).
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/guc.h"

#include "json/json.h"
#include "store/configuration/configuration.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/statement/written.h"
#include "store/store.h"
#include "text/fold.h"

SCIM_FUNCTION_OF_VALUES(scim_register_schema);
PG_FUNCTION_INFO_V1(scim_register_resource_type);
SCIM_FUNCTION_OF_VALUES(scim_unregister_schema);
SCIM_FUNCTION_OF_VALUES(scim_unregister_resource_type);

static ScimStore *begin(bool force, int *guc_level);
static void end(int guc_level);
static void lock_table(ScimStore *store, const char *table);
static Jsonb *put_document(ScimStore *store, const char *table, const char *key_column,
						   Jsonb *document, const char *table_name);
static char *
find_key(ScimStore *store, const char *table, const char *key_column, const char *key);
static void
delete_row(ScimStore *store, const char *table, const char *key_column, const char *key);
static void take_extension_away(ScimStore *store, const char *type_name, const char *urn);

/*
 * scim.register_schema(document jsonb, force boolean) returns jsonb: registers a
 * schema (RFC 7643 section 7), or replaces the one with its id.
 */
static Datum
scim_register_schema_given(PG_FUNCTION_ARGS)
{
	int guc_level;
	ScimStore *store = begin(PG_GETARG_BOOL(1), &guc_level);
	Jsonb *registered = put_document(store, "schema", "id", PG_GETARG_JSONB_P(0), NULL);

	end(guc_level);
	PG_RETURN_JSONB_P(registered);
}

/*
 * scim.register_resource_type(document jsonb, force boolean, table_name name)
 * returns jsonb: registers a resource type (RFC 7643 section 6), or replaces the
 * one with its name.  table_name may be null.
 */
Datum
scim_register_resource_type(PG_FUNCTION_ARGS)
{
	int guc_level;
	ScimStore *store;
	Jsonb *registered;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("document and force must not be null")));
	store = begin(PG_GETARG_BOOL(1), &guc_level);
	registered = put_document(store, "resource_type", "name", PG_GETARG_JSONB_P(0),
							  PG_ARGISNULL(2) ? NULL : NameStr(*PG_GETARG_NAME(2)));
	end(guc_level);
	PG_RETURN_JSONB_P(registered);
}

/*
 * scim.unregister_schema(schema text, force boolean) returns void: takes an extension
 * away from the resource types that have it, and removes the schema.
 */
static Datum
scim_unregister_schema_given(PG_FUNCTION_ARGS)
{
	int guc_level;
	ScimStore *store = begin(PG_GETARG_BOOL(1), &guc_level);
	char *urn;

	lock_table(store, "schema");
	urn = find_key(store, "schema", "id", text_to_cstring(PG_GETARG_TEXT_PP(0)));
	for (int i = 0; i < store->registry->ntypes; i++)
	{
		const ScimResourceType *type = &store->registry->types[i];

		if (ScimNameEqual(type->schema->id, urn))
			ereport(ERROR, (errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
							errmsg("schema \"%s\" is the base of resource type \"%s\"",
								   urn, type->name),
							errhint("Remove the resource type first, with "
									"scim.unregister_resource_type().")));
	}
	for (int i = 0; i < store->registry->ntypes; i++)
	{
		const ScimResourceType *type = &store->registry->types[i];

		if (ScimResourceTypeSchema(type, urn, strlen(urn)) != NULL)
			take_extension_away(store, type->name, urn);
	}
	delete_row(store, "schema", "id", urn);
	end(guc_level);
	PG_RETURN_VOID();
}

/*
 * scim.unregister_resource_type(resource_type text, force boolean) returns void: removes
 * a resource type with its table.
 */
static Datum
scim_unregister_resource_type_given(PG_FUNCTION_ARGS)
{
	int guc_level;
	ScimStore *store = begin(PG_GETARG_BOOL(1), &guc_level);
	char *name;

	lock_table(store, "resource_type");
	name =
		find_key(store, "resource_type", "name", text_to_cstring(PG_GETARG_TEXT_PP(0)));
	delete_row(store, "resource_type", "name", name);
	end(guc_level);
	PG_RETURN_VOID();
}

/* Connects to SPI; scim.check_resources is off until end() where force is true. */
static ScimStore *
begin(bool force, int *guc_level)
{
	ScimStore *store = ScimStoreConfigured();

	ScimRequireOwner(store->owner, store->name);
	*guc_level = NewGUCNestLevel();
	(void) set_config_option("scim.check_resources", force ? "off" : "on", PGC_USERSET,
							 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	SPI_connect();
	return store;
}

static void
end(int guc_level)
{
	SPI_finish();
	AtEOXact_GUC(false, guc_level);
}

/* Registrations wait for each other; readers go on. */
static void
lock_table(ScimStore *store, const char *table)
{
	if (SPI_execute(psprintf("LOCK TABLE %s.%s IN SHARE ROW EXCLUSIVE MODE",
							 store->quoted_name, table),
					false, 0) < 0)
		elog(ERROR, "could not lock table \"%s\"", table);
}

/* Inserts or updates a row; returns its document, copied out of SPI. */
static Jsonb *
put_document(ScimStore *store, const char *table, const char *key_column, Jsonb *document,
			 const char *table_name)
{
	JsonbValue *tree = ScimJsonFromJsonb(document);
	const JsonbValue *key =
		tree->type == jbvObject ? ScimJsonGetFolded(tree, key_column) : NULL;
	char *found = NULL;
	ScimParams params;
	Datum registered;

	lock_table(store, table);
	if (key != NULL && key->type == jbvString)
	{
		ScimParamsInit(&params);
		ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(ScimJsonStringCopy(key)),
					  false);
		ScimSpiExecute(
			psprintf("SELECT %s FROM %s.%s WHERE scim.fold(%s) = scim.fold($1)",
					 key_column, store->quoted_name, table, key_column),
			&params, false, 1);
		if (SPI_processed > 0)
			found = ScimResultText(0, 1);
	}
	ScimParamsInit(&params);
	ScimParamsAdd(&params, JSONBOID, JsonbPGetDatum(document), false);
	if (found != NULL && table_name != NULL)
	{
		ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(found), false);
		ScimParamsAdd(&params, NAMEOID,
					  DirectFunctionCall1(namein, CStringGetDatum(table_name)), false);
		ScimSpiWrite(table,
					 psprintf("UPDATE %s.%s SET document = $1, table_name = $3 "
							  "WHERE %s = $2 RETURNING document",
							  store->quoted_name, table, key_column),
					 &params);
	}
	else if (found != NULL)
	{
		ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(found), false);
		ScimSpiWrite(
			table,
			psprintf("UPDATE %s.%s SET document = $1 WHERE %s = $2 RETURNING document",
					 store->quoted_name, table, key_column),
			&params);
	}
	else if (table_name != NULL)
	{
		ScimParamsAdd(&params, NAMEOID,
					  DirectFunctionCall1(namein, CStringGetDatum(table_name)), false);
		ScimSpiWrite(table,
					 psprintf("INSERT INTO %s.%s (document, table_name) "
							  "VALUES ($1, $2) RETURNING document",
							  store->quoted_name, table),
					 &params);
	}
	else
		ScimSpiWrite(
			table,
			psprintf("INSERT INTO %s.%s (document) VALUES ($1) RETURNING document",
					 store->quoted_name, table),
			&params);
	registered = ScimResultValue(0, 1, JSONBOID);
	return (Jsonb *) DatumGetPointer(SPI_datumTransfer(registered, false, -1));
}

/* A key as it is registered; an error (404) where it is not. */
static char *
find_key(ScimStore *store, const char *table, const char *key_column, const char *key)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(key), false);
	ScimSpiExecute(psprintf("SELECT %s FROM %s.%s WHERE scim.fold(%s) = scim.fold($1)",
							key_column, store->quoted_name, table, key_column),
				   &params, false, 1);
	if (SPI_processed == 0)
		ereport(ERROR,
				(ScimErr(SCIM_NOT_FOUND),
				 errmsg("%s \"%s\" is not registered",
						strcmp(table, "schema") == 0 ? "schema" : "resource type", key)));
	return TextDatumGetCString(ScimResultValue(0, 1, TEXTOID));
}

static void
delete_row(ScimStore *store, const char *table, const char *key_column, const char *key)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(key), false);
	ScimSpiWrite(table,
				 psprintf("DELETE FROM %s.%s WHERE %s = $1", store->quoted_name, table,
						  key_column),
				 &params);
}

static void
take_extension_away(ScimStore *store, const char *type_name, const char *urn)
{
	Jsonb *registered = ScimResourceTypeDocument(store, type_name);
	JsonbValue *document;
	JsonbValue *extensions;

	if (registered == NULL)
		elog(ERROR, "resource type \"%s\" has no row", type_name);
	document = ScimJsonFromJsonb(registered);
	extensions = ScimJsonGet(document, "schemaExtensions");
	if (extensions == NULL || extensions->type != jbvArray)
		return;
	for (int i = extensions->val.array.nElems - 1; i >= 0; i--)
	{
		const char *schema =
			ScimJsonStringCopy(ScimJsonGet(&extensions->val.array.elems[i], "schema"));

		if (schema != NULL && ScimNameEqual(schema, urn))
			ScimJsonRemoveAt(extensions, i);
	}
	put_document(store, "resource_type", "name", ScimJsonToJsonb(document), NULL);
}
