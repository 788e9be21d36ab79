/*
 * registry.c
 *		The tables "schema" and "resource_type": how the registry of a store
 *		changes.
 *
 * As with resources there is one door, whatever writes: scim.register_schema and
 * its like are a few statements, and these triggers do the rest.
 *
 *	1. BEFORE each statement, scim_registry_lock: only the store's owner may, and
 *	   from here to the end of the transaction no resource is written, so that
 *	   none is checked against a registry on its way out.  Readers go on.
 *	2. BEFORE each row, scim_registry_door: the document is checked and brought
 *	   into the form that discovery shows.
 *	3. AFTER each row of "resource_type", scim_registry_record: a resource type
 *	   gets its partition, or loses it.
 *	4. AFTER each statement, scim_registry_changed: the registry as a whole must
 *	   hold together, and every stored resource of a type that changed must be
 *	   valid, or the change is refused.  One that is valid but not canonical any
 *	   more, since a single value has become a list for instance, is rewritten.
 *
 *	5. What logical replication applies fires scim_registry_replicated only.
 *
 * The setting scim.check_resources = off ("force") lets resources that are not
 * valid stay as they are.  Uniqueness is never waived.  partition.c and recheck.c do
 * what the last two ask for.
 */
#include "postgres.h"

#include <ctype.h>

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/guc.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "json/json.h"
#include "store/configuration/configuration.h"
#include "store/configuration/registry.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/shard.h"
#include "store/statement/trigger_type.h"
#include "store/store.h"
#include "text/fold.h"

/* Longest table name that is made; its indexes' names go on. */
#define MAX_TABLE_NAME 40

/* and of the name of one that somebody gives; its indexes differ in what is added */
#define MAX_GIVEN_NAME (NAMEDATALEN - 4)

static bool check_resources = true;

PG_FUNCTION_INFO_V1(scim_registry_lock);
PG_FUNCTION_INFO_V1(scim_registry_door);
PG_FUNCTION_INFO_V1(scim_registry_record);
PG_FUNCTION_INFO_V1(scim_registry_changed);
PG_FUNCTION_INFO_V1(scim_registry_replicated);

static ScimTable table_of(const TriggerData *trigger);
static bool is_schema_table(const TriggerData *trigger);
static HeapTuple
check_row(const TriggerData *trigger, HeapTuple old_tuple, HeapTuple new_tuple);
static void refuse_column(const char *kind, const char *column);
static void refuse_delete(const TriggerData *trigger, const char *key);
static char *table_name_of(const char *endpoint);
static char *column_text(const TriggerData *trigger, HeapTuple tuple, const char *column);
static List *changed_keys(const TriggerData *trigger, const ScimStore *store,
						  bool schemas, List **before_all, bool *written);
static void check_common(const ScimResourceType *type, const Jsonb *schema_before);
static void check_names(const ScimResourceType *type, const Jsonb *type_before,
						const Jsonb *schema_before);
static void check_all(const ScimStore *store, List *keys, List *before, bool schemas);
static bool same_rules(const Jsonb *old_document, const Jsonb *new_document);
static void drop_descriptions(JsonbValue *document);
static void follow_in_views(const ScimStore *store);
static bool concerns(const ScimResourceType *type, List *keys, bool schemas);

/* ScimRegistryInit defines the setting scim.check_resources. */
void
ScimRegistryInit(void)
{
	DefineCustomBoolVariable(
		"scim.check_resources",
		"Whether a change of schemas is refused where stored resources would not be "
		"valid.",
		NULL, &check_resources, true, PGC_USERSET, 0, NULL, NULL, NULL);
}

/* ScimChecksResources: is a change of schemas refused for what it breaks? */
bool
ScimChecksResources(void)
{
	return check_resources;
}

/* BEFORE INSERT OR UPDATE OR DELETE ... FOR EACH STATEMENT */
Datum
scim_registry_lock(PG_FUNCTION_ARGS)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "registry_lock", BEFORE_STATEMENT | ON_CHANGE);
	ScimTables tables;
	ScimTable table;
	bool of_schemas;
	LOCKMODE mode;

	if (ScimRestores(fcinfo))
		return ScimRestored(fcinfo);
	table = table_of(trigger);
	of_schemas = table == SCIM_TABLE_SCHEMA || table == SCIM_TABLE_RESOURCE_TYPE;
	ScimTablesOfTrigger(trigger, table, &tables);
	if (of_schemas)
		ScimRequireOwner(tables.owner, get_namespace_name(tables.namespace_oid));
	if (of_schemas && ScimIsDistributed(tables.relid[SCIM_TABLE_RESOURCE]))
		ScimRequireCoordinator(get_namespace_name(tables.namespace_oid),
							   "its schemas and resource types are changed");
	ScimLockRegistry(&tables);
	if (!of_schemas)
		PG_RETURN_POINTER(NULL);
	ScimPoliciesNoteBroken(ScimStoreByNamespace(tables.namespace_oid));

	/* a new schema concerns no resource until a resource type names it */
	if (is_schema_table(trigger) && TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
		PG_RETURN_POINTER(NULL);
	mode = is_schema_table(trigger) || !TRIGGER_FIRED_BY_DELETE(trigger->tg_event)
			   ? ExclusiveLock
			   : AccessExclusiveLock; /* a partition will be dropped */
	ScimLockResources(tables.relid[SCIM_TABLE_RESOURCE], mode);
	PG_RETURN_POINTER(NULL);
}

/* While the registry has the type still. */
static void
remove_resources(const TriggerData *trigger, const ScimTables *tables)
{
	ScimIdentity caller = ScimBeOwner(tables->owner);

	SPI_connect();
	ScimRemoveResources(tables->namespace_oid,
						column_text(trigger, trigger->tg_trigtuple, "name"));
	SPI_finish();
	ScimBeCaller(caller);
}

/* A type that goes leaves no table of an application bound to it. */
static void
refuse_bound(const TriggerData *trigger, const ScimTables *tables)
{
	Oid relid = tables->relid[SCIM_TABLE_BINDING];
	char *name = column_text(trigger, trigger->tg_trigtuple, "name");
	ScimIdentity caller;
	ScimParams params;
	char *bound;

	if (!OidIsValid(relid))
		return;
	caller = ScimBeOwner(tables->owner);
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(name), false);
	ScimSpiExecute(
		psprintf("SELECT string_agg(DISTINCT b.relation::text, ', ') FROM %s b "
				 "WHERE b.resource_type = $1",
				 quote_qualified_identifier(get_namespace_name(tables->namespace_oid),
											get_rel_name(relid))),
		&params, false, 1);
	bound = ScimResultText(0, 1);
	if (bound != NULL)
		ereport(ERROR, (errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
						errmsg("resource type \"%s\" is bound to table %s", name, bound),
						errhint("scim.unbind_table() ends the binding.")));
	SPI_finish();
	ScimBeCaller(caller);
}

/* BEFORE INSERT OR UPDATE OR DELETE ... FOR EACH ROW */
Datum
scim_registry_door(PG_FUNCTION_ARGS)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "registry_door", BEFORE_ROW | ON_CHANGE);
	ScimTables tables;
	HeapTuple tuple;

	if (ScimRestores(fcinfo))
		return ScimRestored(fcinfo);
	ScimTablesOfTrigger(trigger, table_of(trigger), &tables);
	ScimRefuseTriggerBehind(trigger, "scim_registry_door", scim_registry_door);
	ScimSettingsUseOf(&tables);
	if (TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
	{
		tuple = trigger->tg_trigtuple;
		if (is_schema_table(trigger))
			refuse_delete(trigger, column_text(trigger, tuple, "id"));
		else
		{
			refuse_bound(trigger, &tables);
			if (!check_resources)
				remove_resources(trigger, &tables);
		}
	}
	else if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		tuple = check_row(trigger, trigger->tg_trigtuple, trigger->tg_newtuple);
	else
		tuple = check_row(trigger, NULL, trigger->tg_trigtuple);
	PG_RETURN_POINTER(tuple);
}

/* AFTER INSERT OR DELETE ... FOR EACH ROW on "resource_type" */
Datum
scim_registry_record(PG_FUNCTION_ARGS)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "registry_record", AFTER_ROW | ON_INSERT | ON_DELETE);
	ScimTables tables;
	ScimIdentity caller;
	char *type_name;
	char *table_name;
	const ScimResourceType *type;

	if (ScimRestores(fcinfo))
		return ScimRestored(fcinfo);
	ScimTablesOfTrigger(trigger, SCIM_TABLE_RESOURCE_TYPE, &tables);
	caller = ScimBeOwner(tables.owner);
	SPI_connect();
	type_name = column_text(trigger, trigger->tg_trigtuple, "name");
	table_name = column_text(trigger, trigger->tg_trigtuple, "table_name");
	if (TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
	{
		/* an endpoint that is taken is a better message than a table that is */
		ScimInvalidate(RelationGetRelid(trigger->tg_relation));
		CommandCounterIncrement();
		type =
			ScimRegistryType(ScimStoreJudge(tables.namespace_oid)->registry, type_name);
		if (type != NULL)
		{
			check_common(type, NULL);
			check_names(type, NULL, NULL);
		}
		ScimPartitionMake(tables.namespace_oid, type_name, table_name);
	}
	else
		ScimPartitionDrop(tables.namespace_oid, type_name, table_name, check_resources);
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_POINTER(NULL);
}

/*
 * AFTER ... FOR EACH ROW, ENABLE ALWAYS: what logical replication applies fires nothing
 * else, and statement triggers not even so.  Other nodes have checked what they send.
 */
Datum
scim_registry_replicated(PG_FUNCTION_ARGS)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "registry_replicated", AFTER_ROW | ON_CHANGE);

	if (SessionReplicationRole == SESSION_REPLICATION_ROLE_REPLICA)
		ScimInvalidate(RelationGetRelid(trigger->tg_relation));
	else if (!ScimRestores(fcinfo))
		ScimTriggerRequireTable(trigger);
	PG_RETURN_POINTER(NULL);
}

/*
 * AFTER ... FOR EACH STATEMENT on "schema", "resource_type", "policy", "store" and the
 * other tables of which something is remembered: makes every session read them anew.  In
 * the transition table "changed" are the old rows of the first two, and the new rows of
 * "policy".
 */
Datum
scim_registry_changed(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = ScimTriggerCalled(fcinfo, "registry_changed",
											 AFTER_STATEMENT | ON_CHANGE | ON_TRUNCATE);
	bool schemas;
	ScimTables tables;
	ScimStore *store;
	ScimIdentity caller;
	List *keys;
	List *before = NIL;
	List *types = NIL;
	bool written;

	ScimInvalidate(RelationGetRelid(trigger->tg_relation));
	if (ScimRestores(fcinfo))
		return ScimRestored(fcinfo);
	/* the version of a store, which may be on its way to another one */
	if (table_of(trigger) == SCIM_TABLE_STORE)
	{
		ScimTriggerRequireTable(trigger);
		PG_RETURN_POINTER(NULL);
	}
	if (table_of(trigger) == SCIM_TABLE_POLICY)
	{
		CommandCounterIncrement();
		ScimPoliciesCheckWritten(trigger, ScimStoreOfTrigger(trigger, SCIM_TABLE_POLICY));
		PG_RETURN_POINTER(NULL);
	}
	ScimTablesOfTrigger(trigger, table_of(trigger), &tables);
	if (table_of(trigger) == SCIM_TABLE_TENANT && ScimTenantMadeHook != NULL &&
		TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
	{
		CommandCounterIncrement();
		ScimTenantMadeHook(ScimStoreByNamespace(tables.namespace_oid));
	}
	if (table_of(trigger) != SCIM_TABLE_SCHEMA &&
		table_of(trigger) != SCIM_TABLE_RESOURCE_TYPE)
		PG_RETURN_POINTER(NULL);
	schemas = is_schema_table(trigger);

	/* the invalidation reaches this session with the next command */
	CommandCounterIncrement();
	store = ScimStoreJudge(tables.namespace_oid);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	keys = changed_keys(trigger, store, schemas, &before, &written);
	check_all(store, keys, before, schemas);
	for (int i = 0; keys != NIL && i < store->registry->ntypes; i++)
	{
		const ScimResourceType *type = &store->registry->types[i];

		if (concerns(type, keys, schemas))
			types = lappend(types, (void *) type);
	}
	ScimPoliciesCheck(store, check_resources);
	ScimRefuseUniqueOverTenants(store);
	ScimFollowTypes(store, types, check_resources);
	/* of a new type there is no view, and a new schema is of no type */
	if (written)
		follow_in_views(store);
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_POINTER(NULL);
}

/* Views of resources get columns for attributes that are new. */
static void
follow_in_views(const ScimStore *store)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(store->name), false);
	ScimSpiExecute("SELECT scim_internal.refresh_views($1::name, false)", &params, false,
				   0);
}

/* Which table of the registry is it, if it is one? */
static ScimTable
table_of(const TriggerData *trigger)
{
	static const struct
	{
		const char *name;
		ScimTable table;
	} others[] = {{"schema", SCIM_TABLE_SCHEMA},
				  {"policy", SCIM_TABLE_POLICY},
				  {"store", SCIM_TABLE_STORE},
				  {"authentication_scheme", SCIM_TABLE_AUTHENTICATION_SCHEME},
				  {"setting", SCIM_TABLE_SETTING},
				  {"tenant", SCIM_TABLE_TENANT},
				  {"tenant_role", SCIM_TABLE_TENANT_ROLE},
				  {"binding", SCIM_TABLE_BINDING},
				  {"consumer", SCIM_TABLE_CONSUMER}};
	const char *name = ScimTriggerTable(trigger);

	for (size_t i = 0; i < lengthof(others); i++)
	{
		if (strcmp(name, others[i].name) == 0)
			return others[i].table;
	}
	return SCIM_TABLE_RESOURCE_TYPE;
}

static bool
is_schema_table(const TriggerData *trigger)
{
	return table_of(trigger) == SCIM_TABLE_SCHEMA;
}

/*
 * ScimRequireOwner raises an error where the current user may not act as the
 * owner of a store.
 */
void
ScimRequireOwner(Oid owner, const char *store_name)
{
	if (!has_privs_of_role(GetUserId(), owner))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("must be owner of store \"%s\" to change its schemas",
							   store_name)));
}

static bool
says_the_same(TupleDesc desc, int column, HeapTuple old_tuple, Datum document)
{
	bool isnull;
	Datum old = ScimColumn(old_tuple, desc, column, JSONBOID, &isnull);

	return !isnull && datum_image_eq(old, document, false, -1);
}

/* The new row, checked and completed; old_tuple NULL for an INSERT. */
static HeapTuple
check_row(const TriggerData *trigger, HeapTuple old_tuple, HeapTuple new_tuple)
{
	bool schemas = is_schema_table(trigger);
	const char *key_column = schemas ? "id" : "name";
	const char *kind = schemas ? "schema" : "resource type";
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);
	char *stated = column_text(trigger, new_tuple, key_column);
	char *before = old_tuple ? column_text(trigger, old_tuple, key_column) : NULL;
	char *table_name = schemas ? NULL : column_text(trigger, new_tuple, "table_name");
	int columns[3];
	Datum values[3];
	bool nulls[3] = {false};
	JsonbValue *document;
	const JsonbValue *was = NULL;
	char *key;
	NameData name;

	columns[0] = ScimColumnNumber(desc, "document", JSONBOID);
	columns[1] = ScimColumnNumber(desc, key_column, TEXTOID);
	values[0] = ScimColumn(new_tuple, desc, columns[0], JSONBOID, &nulls[0]);
	if (nulls[0])
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("the document of a %s must not be null", kind)));
	document = ScimJsonFromJsonb(DatumGetJsonbP(values[0]));
	if (old_tuple == NULL || !says_the_same(desc, columns[0], old_tuple, values[0]))
		ScimRequireShortNumbers(document, psprintf("the document of a %s", kind));
	if (old_tuple != NULL)
	{
		bool isnull;
		Datum old = ScimColumn(old_tuple, desc, columns[0], JSONBOID, &isnull);

		was = isnull ? NULL : ScimJsonFromJsonb(DatumGetJsonbP(old));
	}
	document = schemas ? ScimCheckSchemaDocument(document, was)
					   : ScimCheckResourceTypeDocument(document, was);
	key = ScimJsonStringCopy(ScimJsonGet(document, key_column));
	/* a column that still says what it said follows the document */
	if (stated != NULL && strcmp(stated, key) != 0 &&
		(before == NULL || strcmp(stated, before) != 0))
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("%s \"%s\": column \"%s\" says \"%s\"", kind, key,
							   key_column, stated)));
	if (before != NULL &&
		!(schemas ? ScimNameEqual(before, key) : strcmp(before, key) == 0))
		refuse_column(kind, key_column);
	values[0] = JsonbPGetDatum(ScimJsonToJsonb(document));
	values[1] = CStringGetTextDatum(key);
	if (schemas)
		return heap_modify_tuple_by_cols(new_tuple, desc, 2, columns, values, nulls);

	if (old_tuple != NULL)
	{
		char *old_name = column_text(trigger, old_tuple, "table_name");

		if (table_name == NULL || strcmp(table_name, old_name) != 0)
			refuse_column(kind, "table_name");
	}
	else if (table_name != NULL && strlen(table_name) > MAX_GIVEN_NAME)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("the table_name of a resource type may have %d bytes, not "
							   "%zu",
							   MAX_GIVEN_NAME, strlen(table_name))));
	if (table_name == NULL)
		table_name = table_name_of(ScimJsonStringCopy(ScimJsonGet(document, "endpoint")));
	namestrcpy(&name, table_name);
	columns[2] = ScimColumnNumber(desc, "table_name", NAMEOID);
	values[2] = NameGetDatum(&name);
	return heap_modify_tuple_by_cols(new_tuple, desc, 3, columns, values, nulls);
}

static void
refuse_column(const char *kind, const char *column)
{
	ereport(ERROR, (ScimErr(SCIM_MUTABILITY),
					errmsg("the %s of a %s cannot be changed", column, kind)));
}

/* Discovery describes itself with these: RFC 7643 section 8.7.2. */
static void
refuse_delete(const TriggerData *trigger, const char *key)
{
	static const char *const kept[] = {
		"urn:ietf:params:scim:schemas:core:2.0:Schema",
		"urn:ietf:params:scim:schemas:core:2.0:ResourceType",
		"urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"};

	for (size_t i = 0; i < lengthof(kept); i++)
	{
		if (ScimNameEqual(kept[i], key))
			ereport(ERROR, (ScimErr(SCIM_MUTABILITY),
							errmsg("schema \"%s\" is part of the protocol and cannot be "
								   "removed",
								   key)));
	}
}

/* /CostCentres -> cost_centres */
static char *
table_name_of(const char *endpoint)
{
	StringInfoData name;

	initStringInfo(&name);
	for (const char *p = endpoint[0] == '/' ? endpoint + 1 : endpoint;
		 *p != '\0' && name.len < MAX_TABLE_NAME; p++)
	{
		unsigned char c = *p;

		if (isupper(c) && name.len > 0 && p[-1] != '/' &&
			!isupper((unsigned char) p[-1]) && name.data[name.len - 1] != '_')
			appendStringInfoChar(&name, '_');
		appendStringInfoChar(&name, isalnum(c) ? tolower(c) : '_');
	}
	return name.data;
}

/* A column as text, or NULL. */
static char *
column_text(const TriggerData *trigger, HeapTuple tuple, const char *column)
{
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);

	return SPI_getvalue(tuple, desc, SPI_fnumber(desc, column));
}

/*
 * What was changed or deleted: URNs or names, as char *.  Where only descriptions
 * are others, nothing was: they bind no resource.  *written: a row that was there before
 * has been, be it by the same.
 */
static List *
changed_keys(const TriggerData *trigger, const ScimStore *store, bool schemas,
			 List **before_all, bool *written)
{
	const char *key_column = schemas ? "id" : "name";
	const char *query =
		psprintf("SELECT document FROM %s.%s WHERE %s = $1", store->quoted_name,
				 schemas ? "schema" : "resource_type", key_column);
	List *keys = NIL;
	uint64 n;
	char **changed;
	Jsonb **before;

	*written = false;
	if (trigger->tg_trigger->tgoldtable == NULL)
		return NIL;
	/* apart: Citus plans nothing of a transition table and a table of its own */
	ScimUseChanged(trigger);
	if (SPI_execute(psprintf("SELECT %s, document FROM changed", key_column), true, 0) <
		0)
		elog(ERROR, "could not read the transition table");
	n = SPI_processed;
	*written = n > 0;
	changed = palloc(sizeof(char *) * Max(n, 1));
	before = palloc(sizeof(Jsonb *) * Max(n, 1));
	for (uint64 i = 0; i < n; i++)
	{
		bool isnull;
		Datum document = ScimResult(i, 2, JSONBOID, &isnull);

		changed[i] = TextDatumGetCString(ScimResultValue(i, 1, TEXTOID));
		before[i] = isnull ? NULL : DatumGetJsonbPCopy(document);
	}
	for (uint64 i = 0; i < n; i++)
	{
		ScimParams params;
		bool isnull = true;
		Datum after = (Datum) 0;

		ScimParamsInit(&params);
		ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(changed[i]), false);
		/* not read-only: what the statement has written must be seen */
		ScimSpiExecute(query, &params, false, 1);
		if (SPI_processed > 0)
			after = ScimResult(0, 1, JSONBOID, &isnull);
		if (before[i] == NULL || isnull || !same_rules(before[i], DatumGetJsonbP(after)))
		{
			keys = lappend(keys, changed[i]);
			*before_all = lappend(*before_all, before[i]);
		}
	}
	return keys;
}

/* The schema of a document; NULL: of none. */
static const ScimSchema *
schema_of(const Jsonb *document)
{
	if (document == NULL)
		return NULL;
	return ScimRegistryBuild(CurrentMemoryContext, list_make1((void *) document), NIL)
		->schemas;
}

/*
 * Every resource has schemas, id, externalId and meta, whatever its schema says: one that
 * said something else of them would only be shown.  schema_before: the base schema as it
 * was, whose faults may stay, or NULL.
 */
static void
check_common(const ScimResourceType *type, const Jsonb *schema_before)
{
	const ScimAttribute *fault = ScimCommonFault(type->schema, schema_of(schema_before));

	if (fault != NULL)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("schema \"%s\": attribute \"%s\" is one that all resources have, "
						"and can only be what RFC 7643 section 3.1 says of it",
						type->schema->id, fault->name),
				 errhint("Leave it out of the schema.")));
}

/* Does the document of a resource type name a schema, as its own or an extension? */
static bool
is_schema_of(const Jsonb *type_document, const char *urn)
{
	const JsonbValue *document = ScimJsonFromJsonb(type_document);
	const JsonbValue *extensions = ScimJsonGet(document, "schemaExtensions");
	const char *base = ScimJsonStringCopy(ScimJsonGet(document, "schema"));

	if (base != NULL && ScimNameEqual(base, urn))
		return true;
	for (int i = 0; extensions != NULL && extensions->type == jbvArray &&
					i < extensions->val.array.nElems;
		 i++)
	{
		const JsonbValue *extension = &extensions->val.array.elems[i];
		const char *named = extension->type == jbvObject
								? ScimJsonStringCopy(ScimJsonGet(extension, "schema"))
								: NULL;

		if (named != NULL && ScimNameEqual(named, urn))
			return true;
	}
	return false;
}

/*
 * In no resource type the URN of a schema is what an attribute of another one is called:
 * in a document it would be the one, and in a path the other.  type_before,
 * schema_before: the resource type, or one of its schemas, as it was, whose faults may
 * stay; or NULL.
 */
static void
check_names(const ScimResourceType *type, const Jsonb *type_before,
			const Jsonb *schema_before)
{
	const ScimSchema *before = schema_of(schema_before);

	for (int i = -1; i < type->nextensions; i++)
	{
		const ScimSchema *schema = i < 0 ? type->schema : type->extensions[i].schema;

		for (int j = -1; j < type->nextensions; j++)
		{
			const char *urn = j < 0 ? type->schema->id : type->extensions[j].schema->id;
			const ScimAttribute *called =
				i != j ? ScimSchemaCalls(schema, i < 0, urn) : NULL;

			CHECK_FOR_INTERRUPTS();
			if (called == NULL ||
				(before != NULL && (!ScimNameEqual(before->id, schema->id) ||
									ScimSchemaCalls(before, i < 0, urn) != NULL)) ||
				(type_before != NULL && is_schema_of(type_before, schema->id) &&
				 is_schema_of(type_before, urn)))
				continue;
			ereport(ERROR,
					(ScimErr(SCIM_INVALID_VALUE),
					 errmsg("resource type \"%s\": \"%s\" is a schema, and would be the "
							"attribute \"%s\" of schema \"%s\" as well",
							type->name, urn, called->name, schema->id),
					 errhint("One of them needs another name.")));
		}
	}
}

/*
 * The same of all types whose base schema has changed, or is another one; and what their
 * schemas are called.
 */
static void
check_all(const ScimStore *store, List *keys, List *before, bool schemas)
{
	const ListCell *key;
	const ListCell *was;

	forboth (key, keys, was, before)
	{
		const Jsonb *document = lfirst(was);

		for (int i = 0; document != NULL && i < store->registry->ntypes; i++)
		{
			const ScimResourceType *type = &store->registry->types[i];

			if (schemas)
			{
				if (ScimNameEqual(type->schema->id, lfirst(key)))
					check_common(type, document);
				if (ScimResourceTypeSchema(type, lfirst(key), strlen(lfirst(key))) !=
					NULL)
					check_names(type, NULL, document);
			}
			else if (strcmp(type->name, lfirst(key)) == 0)
			{
				const JsonbValue *schema =
					ScimJsonGet(ScimJsonFromJsonb(document), "schema");

				if (schema == NULL || schema->type != jbvString ||
					!ScimNameEqual(ScimJsonStringCopy(schema), type->schema->id))
					check_common(type, NULL);
				check_names(type, document, NULL);
			}
		}
	}
}

/* Do two documents say the same but for descriptions? */
static bool
same_rules(const Jsonb *old_document, const Jsonb *new_document)
{
	JsonbValue *rules[2];

	for (int i = 0; i < 2; i++)
	{
		rules[i] = ScimJsonFromJsonb(i == 0 ? old_document : new_document);
		drop_descriptions(rules[i]);
	}
	return ScimJsonEqual(rules[0], rules[1]);
}

/* Of a schema, its attributes and their sub-attributes. */
static void
drop_descriptions(JsonbValue *document)
{
	check_stack_depth();

	if (document->type == jbvArray)
	{
		for (int i = 0; i < document->val.array.nElems; i++)
			drop_descriptions(&document->val.array.elems[i]);
	}
	else if (document->type == jbvObject)
	{
		ScimJsonRemove(document, "description");
		for (int i = 0; i < document->val.object.nPairs; i++)
			drop_descriptions(&document->val.object.pairs[i].value);
	}
}

static bool
concerns(const ScimResourceType *type, List *keys, bool schemas)
{
	ListCell *lc;

	foreach (lc, keys)
	{
		const char *key = lfirst(lc);

		if (schemas ? ScimResourceTypeSchema(type, key, strlen(key)) != NULL
					: strcmp(type->name, key) == 0)
			return true;
	}
	return false;
}
