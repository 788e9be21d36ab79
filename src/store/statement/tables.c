/*
 * tables.c
 *		What makes a schema a store: its tables, their columns, their triggers.
 *
 * Names are no proof.  Anybody may have a schema with a table "resource", and
 * what is read from such a table, or written there as its owner, must be what
 * the code takes it for.  So a schema is a store where each table below is a
 * table, belongs to the owner of "resource", has columns of these types, and has
 * the triggers by which the store holds together: those whose function is ours,
 * wherever it is and whatever it is called.  A temporary schema is none.  A trigger of
 * ours that its owner has disabled, in a partition, too, is as good as gone.
 *
 * A dump is restored without triggers, until all rows are there, and among them may
 * be those of an application whose CHECK constraint reads the store: for that alone
 * the triggers are not needed.
 *
 * Nor has one that is not partitioned a child: what is read from the table is read from
 * that, too, whosever it is, and it has none of the triggers.  And partitions belong to
 * the same owner, who else could put theirs aside.
 *
 * A table may have more columns and triggers, and the store more tables.  This is
 * looked at when a store is cached, and again when one of its tables has changed.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_language.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "compat.h"
#include "extension.h"
#include "store/statement/rights.h"
#include "store/statement/shard.h"
#include "store/statement/tables.h"
#include "store/statement/trigger_type.h"

/* An entry without a name ends a list. */
#define MAX_COLUMNS 16
#define MAX_TRIGGERS 6

typedef struct Column
{
	const char *name;
	Oid type;
} Column;

/* A trigger is known by its C function, and by when it fires at least (TRIGGER_TYPE_...).
 */
typedef struct TableTrigger
{
	const char *symbol;
	PGFunction function;
	int16 type;
} TableTrigger;

typedef struct Table
{
	const char *name;
	Column columns[MAX_COLUMNS];
	TableTrigger triggers[MAX_TRIGGERS];
} Table;

extern Datum scim_resource_door(PG_FUNCTION_ARGS);
extern Datum scim_resource_record(PG_FUNCTION_ARGS);
extern Datum scim_resource_settle(PG_FUNCTION_ARGS);
extern Datum scim_member_door(PG_FUNCTION_ARGS);
extern Datum scim_member_record(PG_FUNCTION_ARGS);
extern Datum scim_registry_lock(PG_FUNCTION_ARGS);
extern Datum scim_registry_door(PG_FUNCTION_ARGS);
extern Datum scim_registry_record(PG_FUNCTION_ARGS);
extern Datum scim_registry_changed(PG_FUNCTION_ARGS);
extern Datum scim_policy_door(PG_FUNCTION_ARGS);
extern Datum scim_endpoint_lock(PG_FUNCTION_ARGS);
extern Datum scim_endpoint_door(PG_FUNCTION_ARGS);
extern Datum scim_endpoint_changed(PG_FUNCTION_ARGS);
extern Datum scim_setting_door(PG_FUNCTION_ARGS);
extern Datum scim_store_moved(PG_FUNCTION_ARGS);

#define TRIGGER(function) #function, function

static const Table tables[SCIM_TABLES] = {
	[SCIM_TABLE_RESOURCE] = {"resource",
							 {{"tenant_id", INT4OID},
							  {"resource_type", TEXTOID},
							  {"id", UUIDOID},
							  {"external_id", TEXTOID},
							  {"user_name", TEXTOID},
							  {"display_name", TEXTOID},
							  {"active", BOOLOID},
							  {"status", TEXTOID},
							  {"data", JSONBOID},
							  {"version", INT8OID},
							  {"created", TIMESTAMPTZOID},
							  {"last_modified", TIMESTAMPTZOID},
							  {"offboarding_at", TIMESTAMPTZOID},
							  {"deleted_at", TIMESTAMPTZOID}},
							 {{TRIGGER(scim_resource_door), BEFORE_ROW | ON_CHANGE},
							  {TRIGGER(scim_resource_record), AFTER_ROW | ON_CHANGE},
							  {TRIGGER(scim_resource_settle),
							   AFTER_STATEMENT | ON_UPDATE | ON_DELETE}}},
	[SCIM_TABLE_SCHEMA] = {"schema",
						   {{"id", TEXTOID}, {"document", JSONBOID}},
						   {{TRIGGER(scim_registry_lock), BEFORE_STATEMENT | ON_CHANGE},
							{TRIGGER(scim_registry_door), BEFORE_ROW | ON_CHANGE},
							{TRIGGER(scim_registry_changed), AFTER_STATEMENT | ON_INSERT},
							{TRIGGER(scim_registry_changed), AFTER_STATEMENT | ON_UPDATE},
							{TRIGGER(scim_registry_changed),
							 AFTER_STATEMENT | ON_DELETE}}},
	[SCIM_TABLE_RESOURCE_TYPE] =
		{"resource_type",
		 {{"name", TEXTOID}, {"document", JSONBOID}, {"table_name", NAMEOID}},
		 {{TRIGGER(scim_registry_lock), BEFORE_STATEMENT | ON_CHANGE},
		  {TRIGGER(scim_registry_door), BEFORE_ROW | ON_CHANGE},
		  {TRIGGER(scim_registry_record), AFTER_ROW | ON_INSERT | ON_DELETE},
		  {TRIGGER(scim_registry_changed), AFTER_STATEMENT | ON_INSERT},
		  {TRIGGER(scim_registry_changed), AFTER_STATEMENT | ON_UPDATE},
		  {TRIGGER(scim_registry_changed), AFTER_STATEMENT | ON_DELETE}}},
	[SCIM_TABLE_POLICY] =
		{"policy",
		 {{"tenant_id", INT4OID},
		  {"resource_type", TEXTOID},
		  {"kind", TEXTOID},
		  {"enabled", BOOLOID},
		  {"settings", JSONBOID}},
		 {{TRIGGER(scim_policy_door), BEFORE_ROW | ON_INSERT | ON_UPDATE},
		  {TRIGGER(scim_registry_changed), AFTER_STATEMENT | ON_INSERT},
		  {TRIGGER(scim_registry_changed), AFTER_STATEMENT | ON_UPDATE},
		  {TRIGGER(scim_registry_changed), AFTER_STATEMENT | ON_DELETE},
		  {TRIGGER(scim_registry_changed), AFTER_STATEMENT | TRIGGER_TYPE_TRUNCATE}}},
	[SCIM_TABLE_TENANT] = {"tenant", {{"tenant_id", INT4OID}}},
	[SCIM_TABLE_MEMBER] = {"member",
						   {{"tenant_id", INT4OID},
							{"group_id", UUIDOID},
							{"member_id", UUIDOID},
							{"member_type", TEXTOID},
							{"value", TEXTOID}},
						   {{TRIGGER(scim_member_door), BEFORE_ROW | ON_UPDATE},
							{TRIGGER(scim_member_record), AFTER_EITHER | ON_INSERT},
							{TRIGGER(scim_member_record), AFTER_EITHER | ON_DELETE}}},
	[SCIM_TABLE_UNIQUE_VALUE] = {"unique_value",
								 {{"tenant_id", INT4OID},
								  {"resource_type", TEXTOID},
								  {"attribute", TEXTOID},
								  {"value", TEXTOID},
								  {"resource_id", UUIDOID}}},
	[SCIM_TABLE_CREDENTIAL] = {"credential",
							   {{"tenant_id", INT4OID},
								{"resource_id", UUIDOID},
								{"secret", TEXTOID},
								{"changed", TIMESTAMPTZOID}}},
	[SCIM_TABLE_TOKEN] = {"token",
						  {{"tenant_id", INT4OID},
						   {"id", UUIDOID},
						   {"hash", BYTEAOID},
						   {"expires_at", TIMESTAMPTZOID},
						   {"revoked_at", TIMESTAMPTZOID}}},
	[SCIM_TABLE_SECRET] = {"secret", {{"purpose", TEXTOID}, {"value", BYTEAOID}}},
	[SCIM_TABLE_AUDIT] = {"audit",
						  {{"tenant_id", INT4OID},
						   {"actor", TEXTOID},
						   {"operation", TEXTOID},
						   {"resource_type", TEXTOID},
						   {"resource_id", UUIDOID},
						   {"version", INT8OID},
						   {"member_id", UUIDOID},
						   {"before", JSONBOID}}},
	[SCIM_TABLE_EVENT] = {"event",
						  {{"tenant_id", INT4OID},
						   {"event_uri", TEXTOID},
						   {"resource_type", TEXTOID},
						   {"resource_id", UUIDOID},
						   {"version", INT8OID}}},
	[SCIM_TABLE_STORE] = {"store", {{"version", TEXTOID}}},
	[SCIM_TABLE_AUTHENTICATION_SCHEME] = {"authentication_scheme",
										  {{"scheme", TEXTOID},
										   {"keyword", TEXTOID},
										   {"credential", TEXTOID},
										   {"second_header", TEXTOID},
										   {"type", TEXTOID},
										   {"name", TEXTOID},
										   {"description", TEXTOID},
										   {"spec_uri", TEXTOID},
										   {"is_primary", BOOLOID}}},
	[SCIM_TABLE_CLIENT] = {"client",
						   {{"tenant_id", INT4OID},
							{"id", UUIDOID},
							{"name", TEXTOID},
							{"scheme", TEXTOID},
							{"hash", BYTEAOID},
							{"secret", TEXTOID},
							{"second_hash", BYTEAOID},
							{"expires_at", TIMESTAMPTZOID},
							{"revoked_at", TIMESTAMPTZOID}}},
	[SCIM_TABLE_ENDPOINT] =
		{"endpoint",
		 {{"name", TEXTOID},
		  {"methods", TEXTARRAYOID},
		  {"path", TEXTOID},
		  {"resource_type", TEXTOID},
		  {"action", TEXTOID},
		  {"enabled", BOOLOID},
		  {"settings", JSONBOID},
		  {"id", UUIDOID}},
		 {{TRIGGER(scim_endpoint_lock), BEFORE_STATEMENT | ON_INSERT | ON_UPDATE},
		  {TRIGGER(scim_endpoint_door), BEFORE_ROW | ON_INSERT | ON_UPDATE},
		  {TRIGGER(scim_endpoint_changed), AFTER_STATEMENT | ON_CHANGE}}},
	[SCIM_TABLE_SETTING] =
		{"setting",
		 {{"name", TEXTOID},
		  {"resource_type", TEXTOID},
		  {"tenant_id", INT4OID},
		  {"token_id", UUIDOID},
		  {"value", JSONBOID}},
		 {{TRIGGER(scim_setting_door), BEFORE_ROW | ON_INSERT | ON_UPDATE},
		  {TRIGGER(scim_registry_changed), AFTER_STATEMENT | ON_CHANGE}}},
	[SCIM_TABLE_RECOVERY_CODE] = {"recovery_code",
								  {{"tenant_id", INT4OID},
								   {"resource_id", UUIDOID},
								   {"name", TEXTOID},
								   {"hash", BYTEAOID},
								   {"issued_at", TIMESTAMPTZOID},
								   {"expires_at", TIMESTAMPTZOID},
								   {"failures", INT4OID}}},
	[SCIM_TABLE_CONSUMER] = {"consumer",
							 {{"tenant_id", INT4OID},
							  {"id", UUIDOID},
							  {"name", TEXTOID},
							  {"filter", TEXTOID},
							  {"event_uris", TEXTARRAYOID},
							  {"resource_types", TEXTARRAYOID},
							  {"channel", TEXTOID},
							  {"max_attempts", INT4OID},
							  {"method", TEXTOID},
							  {"token_id", UUIDOID},
							  {"endpoint", TEXTOID},
							  {"audience", TEXTARRAYOID},
							  {"lease", INTERVALOID}}},
	[SCIM_TABLE_CONSUMER_POSITION] = {"consumer_position",
									  {{"tenant_id", INT4OID},
									   {"consumer_id", UUIDOID},
									   {"position", INT8OID}}},
	[SCIM_TABLE_DELIVERY] = {"delivery",
							 {{"tenant_id", INT4OID},
							  {"consumer_id", UUIDOID},
							  {"position", INT8OID},
							  {"event_id", UUIDOID},
							  {"resource_id", UUIDOID},
							  {"lease_id", UUIDOID},
							  {"attempts", INT4OID},
							  {"failures", INT4OID},
							  {"last_attempt_at", TIMESTAMPTZOID},
							  {"next_attempt_at", TIMESTAMPTZOID},
							  {"last_error", TEXTOID},
							  {"dead_at", TIMESTAMPTZOID}}},
	[SCIM_TABLE_LEASE] = {"lease",
						  {{"tenant_id", INT4OID},
						   {"consumer_id", UUIDOID},
						   {"resource_id", UUIDOID},
						   {"id", UUIDOID},
						   {"expires_at", TIMESTAMPTZOID}}},
	[SCIM_TABLE_EVENT_POSITION] = {"event_position",
								   {{"tenant_id", INT4OID}, {"last", INT8OID}}},
	[SCIM_TABLE_CONSUMER_SECRET] = {"consumer_secret",
									{{"tenant_id", INT4OID},
									 {"consumer_id", UUIDOID},
									 {"authorization", TEXTOID},
									 {"key", BYTEAOID}}},
	[SCIM_TABLE_SIGNING_KEY] = {"signing_key",
								{{"id", UUIDOID},
								 {"algorithm", TEXTOID},
								 {"private_key", BYTEAOID},
								 {"public_key", JSONBOID},
								 {"use_from", TIMESTAMPTZOID}}},
	[SCIM_TABLE_AUDIT_SEAL] = {"audit_seal",
							   {{"tenant_id", INT4OID},
								{"position", INT8OID},
								{"sealed_at", TIMESTAMPTZOID},
								{"horizon", TIMESTAMPTZOID},
								{"first_at", TIMESTAMPTZOID},
								{"last_at", TIMESTAMPTZOID},
								{"row_count", INT4OID},
								{"total", INT8OID},
								{"rows", BYTEAOID},
								{"previous", BYTEAOID},
								{"digest", BYTEAOID},
								{"locator", BYTEAOID}}},
	[SCIM_TABLE_TENANT_ROLE] = {"tenant_role",
								{{"role", NAMEOID}, {"tenant_id", INT4OID}}},
	[SCIM_TABLE_GUARD] = {"guard",
						  {{"tenant_id", INT4OID},
						   {"id", UUIDOID},
						   {"policy_id", UUIDOID},
						   {"key", TEXTOID},
						   {"actor", TEXTOID},
						   {"used", INT8OID},
						   {"changed_at", TIMESTAMPTZOID},
						   {"tripped_at", TIMESTAMPTZOID},
						   {"tripped_by", TEXTOID},
						   {"resource_id", UUIDOID}}},
	[SCIM_TABLE_GUARD_COUNT] = {"guard_count",
								{{"tenant_id", INT4OID},
								 {"guard_id", UUIDOID},
								 {"id", UUIDOID},
								 {"at", TIMESTAMPTZOID},
								 {"amount", INT8OID}}},
	[SCIM_TABLE_ORIGIN] = {"origin",
						   {{"tenant_id", INT4OID},
							{"resource_id", UUIDOID},
							{"token_id", UUIDOID},
							{"actor", TEXTOID},
							{"linked_at", TIMESTAMPTZOID},
							{"released_at", TIMESTAMPTZOID}}},
	[SCIM_TABLE_BINDING] = {"binding",
							{{"tenant_id", INT4OID},
							 {"id", UUIDOID},
							 {"resource_type", TEXTOID},
							 {"relation", REGCLASSOID},
							 {"others", REGCLASSARRAYOID},
							 {"mapping", JSONBOID}}},
	[SCIM_TABLE_BINDING_LINK] = {"binding_link",
								 {{"tenant_id", INT4OID},
								  {"binding_id", UUIDOID},
								  {"resource_id", UUIDOID},
								  {"key", TEXTARRAYOID},
								  {"detached", TIMESTAMPTZOID}}},
	[SCIM_TABLE_DATABASE_ROLE] = {"database_role",
								  {{"tenant_id", INT4OID},
								   {"resource_id", UUIDOID},
								   {"resource_type", TEXTOID},
								   {"role", TEXTOID},
								   {"role_id", OIDOID},
								   {"database_id", OIDOID},
								   {"made", BOOLOID},
								   {"login", BOOLOID},
								   {"granted", TEXTARRAYOID},
								   {"ends_sessions_before", TIMESTAMPTZOID},
								   {"server_id", INT8OID}}},
	[SCIM_TABLE_CLIENT_ASSERTION] = {"client_assertion",
									 {{"tenant_id", INT4OID},
									  {"client_id", UUIDOID},
									  {"jti", BYTEAOID},
									  {"expires_at", TIMESTAMPTZOID}}},
	[SCIM_TABLE_CLIENT_FAILURE] = {"client_failure",
								   {{"tenant_id", INT4OID},
									{"key", TEXTOID},
									{"failures", FLOAT4OID},
									{"at", TIMESTAMPTZOID}}},
};

bool
ScimTableIsCached(ScimTable table)
{
	switch (table)
	{
		case SCIM_TABLE_SCHEMA:
		case SCIM_TABLE_RESOURCE_TYPE:
		case SCIM_TABLE_POLICY:
		case SCIM_TABLE_STORE:
		case SCIM_TABLE_AUTHENTICATION_SCHEME:
		case SCIM_TABLE_ENDPOINT:
		case SCIM_TABLE_SETTING:
		case SCIM_TABLE_CONSUMER:
			return true;
		default:
			return false;
	}
}

bool
ScimTableIsOfBooks(const char *name)
{
	static const ScimTable books[] = {SCIM_TABLE_AUDIT,
									  SCIM_TABLE_AUDIT_SEAL,
									  SCIM_TABLE_UNIQUE_VALUE,
									  SCIM_TABLE_RECOVERY_CODE,
									  SCIM_TABLE_CONSUMER_POSITION,
									  SCIM_TABLE_EVENT_POSITION,
									  SCIM_TABLE_DELIVERY,
									  SCIM_TABLE_LEASE,
									  SCIM_TABLE_GUARD,
									  SCIM_TABLE_GUARD_COUNT,
									  SCIM_TABLE_ORIGIN,
									  SCIM_TABLE_BINDING,
									  SCIM_TABLE_BINDING_LINK,
									  SCIM_TABLE_DATABASE_ROLE,
									  SCIM_TABLE_CLIENT_ASSERTION,
									  SCIM_TABLE_CLIENT_FAILURE,
									  SCIM_TABLE_SECRET};

	for (size_t i = 0; i < lengthof(books); i++)
	{
		if (strcmp(tables[books[i]].name, name) == 0)
			return true;
	}
	return false;
}

/* ScimTableIsOnAllNodes: where Citus distributes a store, has each node all its rows? */
bool
ScimTableIsOnAllNodes(ScimTable table)
{
	switch (table)
	{
		case SCIM_TABLE_STORE:
		case SCIM_TABLE_TENANT:
		case SCIM_TABLE_TENANT_ROLE:
		case SCIM_TABLE_SCHEMA:
		case SCIM_TABLE_RESOURCE_TYPE:
		case SCIM_TABLE_POLICY:
		case SCIM_TABLE_AUTHENTICATION_SCHEME:
		case SCIM_TABLE_ENDPOINT:
		case SCIM_TABLE_SETTING:
		case SCIM_TABLE_BINDING:
		case SCIM_TABLE_SECRET:
		case SCIM_TABLE_SIGNING_KEY:
			return true;
		default:
			return false;
	}
}

bool
ScimTableNamedIsOnAllNodes(const char *name)
{
	for (int i = 0; i < SCIM_TABLES; i++)
	{
		if (strcmp(tables[i].name, name) == 0)
			return ScimTableIsOnAllNodes((ScimTable) i);
	}
	return false;
}

const char *
ScimTableName(ScimTable table)
{
	return tables[table].name;
}

const char *
ScimTriggerTable(const TriggerData *trigger)
{
	Oid table = ScimTableOfShard(RelationGetRelid(trigger->tg_relation));

	return OidIsValid(table) ? get_rel_name(table)
							 : RelationGetRelationName(trigger->tg_relation);
}

/*
 * Says whether a function of the catalogue is this one of ours, which C calls by this
 * name.
 */
static bool
is_function(Oid function_oid, const char *symbol, PGFunction function)
{
	HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function_oid));
	FmgrInfo info;
	Datum source;
	bool isnull;
	bool found;

	if (!HeapTupleIsValid(tuple))
		return false;
	source = SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_prosrc, &isnull);
	found = ((Form_pg_proc) GETSTRUCT(tuple))->prolang == ClanguageId && !isnull &&
			strcmp(TextDatumGetCString(source), symbol) == 0;
	ReleaseSysCache(tuple);
	if (!found)
		return false;
	/* and in this library */
	fmgr_info(function_oid, &info);
	return info.fn_addr == function;
}

TriggerDesc *
ScimTriggers(Relation relation)
{
	return CopyTriggerDesc(relation->trigdesc);
}

/* ScimTriggerIs: does a trigger call the function of ours that is this one in C? */
bool
ScimTriggerIs(const Trigger *trigger, const char *symbol, PGFunction function)
{
	return is_function(trigger->tgfoid, symbol, function);
}

/* What is missing of a table that is there; NULL: nothing. */
static char *
missing_column(Oid relid, const Column *column)
{
	HeapTuple tuple = SearchSysCacheAttName(relid, column->name);
	Oid type = InvalidOid;

	if (HeapTupleIsValid(tuple))
	{
		type = ((Form_pg_attribute) GETSTRUCT(tuple))->atttypid;
		ReleaseSysCache(tuple);
	}
	if (type == column->type)
		return NULL;
	return psprintf("column \"%s\" of type %s", column->name,
					format_type_be(column->type));
}

/*
 * ScimTriggerFires: does a trigger, a row of pg_trigger, fire when it should
 * (trigger_type.h), whatever a row says?
 */
bool
ScimTriggerFires(HeapTuple tuple, TupleDesc desc, int16 type)
{
	int16 timing = TRIGGER_TYPE_ROW | TRIGGER_TYPE_BEFORE | TRIGGER_TYPE_INSTEAD;
	Form_pg_trigger trigger = (Form_pg_trigger) GETSTRUCT(tuple);

	if (type & AFTER_EITHER)
		timing &= ~TRIGGER_TYPE_ROW;
	type &= ~AFTER_EITHER;
	return (trigger->tgtype & timing) == (type & timing) &&
		   (trigger->tgtype & type) == type &&
		   heap_attisnull(tuple, Anum_pg_trigger_tgqual, desc);
}

/* The one that no store has unless it is moved: moved.c. */
static const TableTrigger move_trigger[MAX_TRIGGERS] = {
	{TRIGGER(scim_store_moved), BEFORE_STATEMENT | ON_CHANGE | TRIGGER_TYPE_TRUNCATE}};

/* of_shard: Citus makes no trigger of TRUNCATE on a shard, which nobody truncates */
static char *
missing_trigger(Oid relid, const TableTrigger *triggers, bool of_shard)
{
	Relation catalog;
	SysScanDesc scan;
	ScanKeyData key;
	HeapTuple tuple;
	bool found[MAX_TRIGGERS] = {false};

	if (triggers[0].symbol == NULL)
		return NULL;
	catalog = table_open(TriggerRelationId, AccessShareLock);
	ScanKeyInit(&key, Anum_pg_trigger_tgrelid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(relid));
	scan = systable_beginscan(catalog, TriggerRelidNameIndexId, true, NULL, 1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_trigger trigger = (Form_pg_trigger) GETSTRUCT(tuple);

		for (int i = 0; i < MAX_TRIGGERS && triggers[i].symbol != NULL; i++)
		{
			if (!found[i] && trigger->tgattr.dim1 == 0 &&
				ScimTriggerFires(tuple, RelationGetDescr(catalog), triggers[i].type))
				found[i] = is_function(trigger->tgfoid, triggers[i].symbol,
									   triggers[i].function);
		}
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	for (int i = 0; i < MAX_TRIGGERS && triggers[i].symbol != NULL; i++)
	{
		if (!found[i] && !(of_shard && (triggers[i].type & TRIGGER_TYPE_TRUNCATE)))
			return psprintf("trigger of %s", triggers[i].symbol);
	}
	return NULL;
}

/* The name of a table that inherits from one; NULL: there is none. */
static char *
child_of(Oid relid)
{
	List *children = find_inheritance_children(relid, NoLock);

	return children != NIL ? get_rel_name(linitial_oid(children)) : NULL;
}

/* A table and its partitions, and theirs, of which some may go meanwhile. */
static List *
append_parts(List *parts, Oid relid)
{
	ListCell *lc;

	check_stack_depth();
	if (!SearchSysCacheExists1(RELOID, ObjectIdGetDatum(relid)))
		return parts;
	parts = lappend_oid(parts, relid);
	foreach (lc, find_inheritance_children(relid, NoLock))
		parts = append_parts(parts, lfirst_oid(lc));
	return parts;
}

/* ScimTableParts: the oids of the tables of a store that are partitioned, and of all
 * parts */
List *
ScimTableParts(const ScimTables *found)
{
	return append_parts(append_parts(NIL, found->relid[SCIM_TABLE_RESOURCE]),
						found->relid[SCIM_TABLE_AUDIT]);
}

/* A partition of a table that somebody else owns, as a sentence; NULL: there is none. */
static char *
foreign_partition(Oid namespace_oid, Oid relid, Oid owner)
{
	char *foreign = NULL;
	ListCell *lc;

	foreach (lc, append_parts(NIL, relid))
	{
		if (foreign == NULL)
			foreign = ScimTableForeign(namespace_oid, lfirst_oid(lc), owner);
	}
	return foreign;
}

/*
 * Looks at one table.  Returns what is wrong with it, as a sentence, or NULL.  The
 * owner is that of the first table, which is "resource".
 */
static char *
check_table(Oid namespace_oid, ScimTable number, Oid *relid, Oid *owner)
{
	const Table *table = &tables[number];
	HeapTuple tuple;
	char relkind = '\0';
	Oid relowner = InvalidOid;
	bool has_children = false;
	char *child;
	char *missing = NULL;

	*relid = ScimShardOf(get_relname_relid(table->name, namespace_oid));
	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(*relid));
	if (HeapTupleIsValid(tuple))
	{
		relkind = ((Form_pg_class) GETSTRUCT(tuple))->relkind;
		relowner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
		has_children = ((Form_pg_class) GETSTRUCT(tuple))->relhassubclass;
		ReleaseSysCache(tuple);
	}
	/* a view would run the functions of whoever made it as the owner of the store */
	if (relkind != RELKIND_PARTITIONED_TABLE &&
		(relkind != RELKIND_RELATION || number == SCIM_TABLE_RESOURCE))
		return psprintf(relkind == '\0' ? "It has no table \"%s\"."
						: relkind == RELKIND_RELATION
							? "Its table \"%s\" is not partitioned."
							: "Its \"%s\" is not a table.",
						table->name);
	/* what is read here without a statement has its rows in itself */
	if (relkind == RELKIND_PARTITIONED_TABLE && number != SCIM_TABLE_RESOURCE &&
		number != SCIM_TABLE_AUDIT)
		return psprintf("Table \"%s\" has partitions.", table->name);
	if (!OidIsValid(*owner))
		*owner = relowner;
	if (relowner != *owner)
		return ScimTableForeign(namespace_oid, *relid, *owner);
	/* it is said of a table until ANALYZE, when the last of them has gone */
	if (has_children && relkind == RELKIND_RELATION && (child = child_of(*relid)) != NULL)
		return psprintf("Table \"%s\" inherits from its table \"%s\".", child,
						table->name);
	if (has_children && relkind == RELKIND_PARTITIONED_TABLE &&
		(child = foreign_partition(namespace_oid, *relid, *owner)) != NULL)
		return child;
	for (int i = 0; i < MAX_COLUMNS && table->columns[i].name != NULL; i++)
	{
		missing = missing_column(*relid, &table->columns[i]);
		if (missing != NULL)
			break;
	}
	if (missing != NULL)
		return psprintf("Table \"%s\" has no %s.", table->name, missing);
	return NULL;
}

/* The same for the triggers of all tables. */
static char *
check_triggers(const ScimTables *found)
{
	for (int i = 0; i < SCIM_TABLES; i++)
	{
		char *missing = NULL;

		if (OidIsValid(found->relid[i]))
			missing = missing_trigger(found->relid[i], tables[i].triggers,
									  ScimShardsNumber(found->namespace_oid) != 0);
		if (missing != NULL)
			return psprintf("Table \"%s\" has no %s.", tables[i].name, missing);
	}
	return NULL;
}

/* The name of a trigger of ours of a table, or of one that does not fire; NULL: none. */
static char *
own_trigger(Oid relid, bool disabled)
{
	Relation catalog = table_open(TriggerRelationId, AccessShareLock);
	SysScanDesc scan;
	ScanKeyData key;
	HeapTuple tuple;
	char *name = NULL;

	ScanKeyInit(&key, Anum_pg_trigger_tgrelid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(relid));
	scan = systable_beginscan(catalog, TriggerRelidNameIndexId, true, NULL, 1, &key);
	while (name == NULL && HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_trigger trigger = (Form_pg_trigger) GETSTRUCT(tuple);

		if ((!disabled || (trigger->tgenabled != TRIGGER_FIRES_ON_ORIGIN &&
						   trigger->tgenabled != TRIGGER_FIRES_ALWAYS)) &&
			get_func_namespace(trigger->tgfoid) == ScimInternalNamespace())
			name = pstrdup(NameStr(trigger->tgname));
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return name;
}

static char *
find_disabled(Oid relid)
{
	char *name = own_trigger(relid, true);

	return name != NULL ? psprintf("Trigger \"%s\" of table \"%s\" is disabled.", name,
								   get_rel_name(relid))
						: NULL;
}

/* A trigger of ours of any table, or part of one, that does not fire, as a sentence. */
static char *
check_disabled(const ScimTables *found)
{
	ListCell *lc;
	char *disabled = NULL;

	/* parts come first: their rows are what all writers write */
	foreach (lc, ScimTableParts(found))
	{
		if (disabled == NULL)
			disabled = find_disabled(lfirst_oid(lc));
	}
	for (int i = 0; disabled == NULL && i < SCIM_TABLES; i++)
	{
		if (OidIsValid(found->relid[i]))
			disabled = find_disabled(found->relid[i]);
	}
	return disabled;
}

/* Has no table of a store a trigger of ours, as before pg_restore makes them? */
static bool
is_bare(const ScimTables *found)
{
	for (int i = 0; i < SCIM_TABLES; i++)
	{
		if (OidIsValid(found->relid[i]) && own_trigger(found->relid[i], false) != NULL)
			return false;
	}
	return true;
}

/* ScimRaiseNoStore raises the error that a schema is none, and what is wrong with it. */
void
ScimRaiseNoStore(Oid namespace_oid, const char *problem)
{
	ereport(
		ERROR,
		(errcode(ERRCODE_UNDEFINED_TABLE),
		 errmsg("schema \"%s\" is not a SCIM store", get_namespace_name(namespace_oid)),
		 errdetail_internal("%s", problem),
		 err_generic_string(PG_DIAG_SCHEMA_NAME, get_namespace_name(namespace_oid))));
}

/* ScimSchemaOwner: who owns a schema; InvalidOid where there is none. */
Oid
ScimSchemaOwner(Oid namespace_oid)
{
	HeapTuple tuple = SearchSysCache1(NAMESPACEOID, ObjectIdGetDatum(namespace_oid));
	Oid owner;

	if (!HeapTupleIsValid(tuple))
		return InvalidOid;
	owner = ((Form_pg_namespace) GETSTRUCT(tuple))->nspowner;
	ReleaseSysCache(tuple);
	return owner;
}

/*
 * Has a schema a table that version 0.1.0 did not have?  What else is in such a store
 * is its owner's, and may be called the same.
 */
static bool
has_later_table(Oid namespace_oid, ScimTable number, const ScimTables *found)
{
	const Table *table = &tables[number];
	Oid relid = get_relname_relid(table->name, namespace_oid);

	if (!OidIsValid(relid))
		return false;
	if (number == SCIM_TABLE_STORE)
		return missing_column(relid, &table->columns[0]) == NULL;
	return OidIsValid(found->relid[SCIM_TABLE_STORE]);
}

/*
 * ScimTablesFind finds the tables of the store that a schema is, and their owner,
 * and whether they have their triggers.  An error where it is none, or where they are of
 * no use to their owner, unless missing_ok: then false where it is none.
 */
bool
ScimTablesFind(Oid namespace_oid, ScimTables *found, bool missing_ok)
{
	char *problem = NULL;

	memset(found, 0, sizeof(ScimTables));
	found->namespace_oid = namespace_oid;
	if (isAnyTempNamespace(namespace_oid))
		problem = "It is a temporary schema.";
	for (int i = 0; problem == NULL && i < SCIM_TABLES; i++)
	{
		if (i < SCIM_TABLE_STORE || has_later_table(namespace_oid, (ScimTable) i, found))
			problem = check_table(namespace_oid, (ScimTable) i, &found->relid[i],
								  &found->owner);
	}
	if (problem == NULL)
	{
		found->has_triggers = check_triggers(found) == NULL;
		found->is_bare = !found->has_triggers && is_bare(found);
		found->all_fire = check_disabled(found) == NULL;
		found->moves = missing_trigger(found->relid[SCIM_TABLE_RESOURCE], move_trigger,
									   false) == NULL;
	}
	if (problem != NULL && !missing_ok)
		ScimRaiseNoStore(namespace_oid, problem);
	if (!missing_ok)
		ScimTablesRequireUsable(found);
	return problem == NULL;
}

/* ScimTablesLack: which trigger do the tables lack, or is disabled, as a sentence? */
char *
ScimTablesLack(const ScimTables *found)
{
	if (!found->has_triggers)
		return check_triggers(found);
	return found->all_fire ? NULL : check_disabled(found);
}
