/*
 * load.c
 *		Very many new resources at once: what scim.begin_load changes for its session.
 *
 * The owner of a store loads a table of resources.  Each row passes the door as ever, but
 *
 *		- one that breaks a rule is left out and told of at the end, and the others are
 *		  written;
 *		- all that a statement writes has one instant, and the audit has one row of it
 *		  for each tenant, which names the first and the last id.  Ids that are made here
 *		  rise, so that whoever has one in between and no row "create" of his own came
 *		  with it (ScimLoaded in past.c).  A row that the range cannot stand for, since it
 *		  brings an id, times or a password, has one of its own.
 *
 * That a session loads is a setting: it is undone with the transaction, by RESET ALL and
 * by DISCARD ALL, and a role that does not own the store gets nothing by it.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/stratnum.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/index.h"
#include "catalog/pg_trigger.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/execnodes.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "audit/audit.h"
#include "compat.h"
#include "door/row/at_door.h"
#include "door/row/row.h"
#include "json/json.h"
#include "store/preview.h"
#include "store/statement/plan.h"
#include "store/statement/proof.h"
#include "store/statement/statement.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(scim_load_begin);
PG_FUNCTION_INFO_V1(scim_load_end);

/* A load that has more rows like that has another problem. */
#define MAX_LEFT_OUT 10000

/* What a statement at hand needs for its rows; lasts as long as it does. */
struct ScimLoad
{
	TimestampTz at; /* the instant of all rows */
};

/* Resources of which no row of the audit tells but one that is to be written. */
typedef struct Run
{
	ScimNoted noted;
	ScimStore *store;
	Oid namespace_oid;
	int32 tenant_id;
	TimestampTz at;
	pg_uuid_t first;
	pg_uuid_t last;
	int64 count;
	char type[FLEXIBLE_ARRAY_MEMBER];
} Run;

/* A row that was left out. */
typedef struct LeftOut
{
	int64 line;
	char *key; /* what it is called; NULL: nothing */
	Jsonb *problems;
} LeftOut;

/* The tables that this session loads: their OIDs, with a comma in between. */
static char *loaded_tables = NULL;

static ScimNotedList runs; /* of Run *, that statements at hand have not told of yet */

/* What has come to a table since scim_load_begin. */
typedef struct Report
{
	Oid relid;
	int64 lines;
	List *rows; /* of LeftOut *, in this context: */
	MemoryContext context;
} Report;

static List *reports = NIL; /* of Report * */
static int untold = 0;      /* how many rows were left out that no warning has counted */

static bool refuse_commit_registered = false;

static bool is_loaded(Oid relid);
static void start_statement(Door *door);
static char *row_key(const Door *door);

void
ScimLoadInit(void)
{
	DefineCustomStringVariable(
		"scim.load", "The tables that this session loads.",
		"scim.begin_load and scim.end_load set it, for the owner of a store.",
		&loaded_tables, "", PGC_USERSET, GUC_NO_SHOW_ALL | GUC_NOT_IN_SAMPLE, NULL, NULL,
		NULL);
}

static bool
is_loaded(Oid relid)
{
	const char *rest = loaded_tables;

	while (rest != NULL && *rest != '\0')
	{
		char *end;
		unsigned long oid = strtoul(rest, &end, 10);

		if (end == rest)
			break;
		if (oid == relid)
			return true;
		rest = *end == ',' ? end + 1 : end;
	}
	return false;
}

/*
 * ScimLoads: is the new row at the door one of a load?  Who calls a function, or
 * scim.import, wants to know what became of it; who has proved who he is, is told of in
 * the audit, and who only wants to know what would change, is told of each row.
 */
bool
ScimLoads(const Door *door)
{
	return loaded_tables != NULL && loaded_tables[0] != '\0' &&
		   TRIGGER_FIRED_BY_INSERT(door->trigger->tg_event) &&
		   is_loaded(RelationGetRelid(door->trigger->tg_relation)) &&
		   has_privs_of_role(GetUserId(), door->store->owner) && ScimProved() == NULL &&
		   !ScimIsClientWrite() && !ScimPreviewing();
}

/* ScimLoadInstant is when all rows of the statement are written. */
TimestampTz
ScimLoadInstant(Door *door)
{
	if (door->columns->load == NULL)
		start_statement(door);
	return door->columns->load->at;
}

static void
start_statement(Door *door)
{
	MemoryContext old = MemoryContextSwitchTo(door->columns->context);
	struct ScimLoad *load = palloc0(sizeof(struct ScimLoad));

	load->at = ScimClock(door->store, SCIM_NO_INSTANT);
	door->columns->load = load;
	MemoryContextSwitchTo(old);
}

/*
 * ScimLoadCheckUnique raises an error about the row where somebody has what is unique of
 * it, as the index would a little later, which nobody could go on after.  Whom another
 * transaction has not committed yet it leaves to that.
 */
void
ScimLoadCheckUnique(Door *door, HeapTuple tuple)
{
	Oid taken = ScimKeyTakenBy(door, tuple, false);

	if (OidIsValid(taken))
		ereport(ERROR, (ScimErr(SCIM_UNIQUENESS),
						errmsg("a %s with the same %s exists already", door->type->name,
							   ScimUniqueAttributeOf(get_rel_name(taken)))));
}

/* What a row is called, for who looks for it in what was loaded. */
static char *
row_key(const Door *door)
{
	static const char *const names[] = {"userName", "displayName", "externalId"};

	if (door->document == NULL || door->document->type != jbvObject)
		return NULL;
	for (size_t i = 0; i < lengthof(names); i++)
	{
		const JsonbValue *value = ScimJsonGetFolded(door->document, names[i]);

		if (value != NULL && value->type == jbvString && value->val.string.len > 0)
			return ScimJsonStringCopy(value);
	}
	return NULL;
}

/* The report on a table: a new one, where there is none. */
static Report *
report_on(Oid relid)
{
	MemoryContext old;
	Report *report;
	ListCell *lc;

	foreach (lc, reports)
	{
		report = lfirst(lc);
		if (report->relid == relid)
			return report;
	}
	old = MemoryContextSwitchTo(TopMemoryContext);
	report = palloc0(sizeof(Report));
	report->relid = relid;
	report->context =
		AllocSetContextCreate(TopMemoryContext, "scim load report", ALLOCSET_SMALL_SIZES);
	reports = lappend(reports, report);
	MemoryContextSwitchTo(old);
	return report;
}

/* ScimLoadCount counts a row that came to a table. */
void
ScimLoadCount(const Door *door)
{
	report_on(RelationGetRelid(door->trigger->tg_relation))->lines++;
}

/* ScimLoadLeaveOut notes why the row at the door, the last that came, is not written. */
void
ScimLoadLeaveOut(const Door *door, const ErrorData *error)
{
	Report *report = report_on(RelationGetRelid(door->trigger->tg_relation));
	MemoryContext old;
	LeftOut *row;

	if (list_length(report->rows) >= MAX_LEFT_OUT)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("more than %d rows of a load break rules", MAX_LEFT_OUT),
						errdetail_internal("%s", error->message),
						errhint("scim.end_load() returns those of before.")));
	old = MemoryContextSwitchTo(report->context);
	row = palloc(sizeof(LeftOut));
	row->line = report->lines;
	row->key = row_key(door);
	row->problems = ScimErrorJson(error, false);
	report->rows = lappend(report->rows, row);
	MemoryContextSwitchTo(old);
	untold++;
}

/* Rows that were written and nobody tells of: the statement's trigger is not there. */
static void
refuse_commit(XactEvent event, void *arg)
{
	if ((event == XACT_EVENT_PRE_COMMIT || event == XACT_EVENT_PRE_PREPARE) &&
		runs.all != NIL)
		ereport(
			ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("a load is not in the audit yet"),
			 errhint("A trigger scim_settle of the store is missing, disabled, or of an "
					 "earlier version: scim.upgrade_store() brings it back.")));
}

/*
 * ScimLoadNote leaves the audit of a resource that was created to the end of the
 * statement.  False: it needs a row of its own.
 */
bool
ScimLoadNote(const Door *door, const ScimOccurrence *happened)
{
	const pg_uuid_t *id = happened->id;
	Run *run = runs.all != NIL ? llast(runs.all) : NULL;

	if (!door->loads || door->given || happened->detail != NULL || happened->version != 1)
		return false;
	if (run == NULL || run->noted.subid != GetCurrentSubTransactionId() ||
		run->namespace_oid != door->store->namespace_oid ||
		run->tenant_id != door->tenant_id || run->at != happened->at ||
		strcmp(run->type, door->type->name) != 0 || memcmp(id, &run->last, UUID_LEN) <= 0)
	{
		run = MemoryContextAllocZero(TopTransactionContext,
									 offsetof(Run, type) + strlen(door->type->name) + 1);
		run->namespace_oid = door->store->namespace_oid;
		run->tenant_id = door->tenant_id;
		run->at = happened->at;
		run->first = *id;
		strcpy(run->type, door->type->name);
		ScimNotedAdd(&runs, &run->noted);
		if (!refuse_commit_registered)
			RegisterXactCallback(refuse_commit, NULL);
		refuse_commit_registered = true;
	}
	run->last = *id;
	run->count++;
	return true;
}

static void
write_run(const Run *run)
{
	ScimStore *store = ScimStoreByNamespace(run->namespace_oid);
	JsonbValue *detail = ScimJsonNewObject();
	ScimAuditRow row = {.audit = store->tables.relid[SCIM_TABLE_AUDIT],
						.tenant_id = run->tenant_id,
						.at = run->at,
						.operation = "load",
						.resource_type = run->type,
						.object = "load",
						.key = run->type};
	ScimIdentity caller = ScimBeOwner(store->owner);

	ScimJsonSet(detail, "first", ScimJsonNewString(ScimUuidText(&run->first)));
	ScimJsonSet(detail, "last", ScimJsonNewString(ScimUuidText(&run->last)));
	ScimJsonSet(detail, "count", ScimJsonNewInteger(run->count));
	row.detail = ScimJsonToJsonb(detail);
	SPI_connect();
	ScimAuditInsert(&row);
	SPI_finish();
	ScimBeCaller(caller);
}

/* ScimLoadSettle, at the end of a statement, writes the audit of what it has loaded. */
void
ScimLoadSettle(void)
{
	int left_out = untold;
	List *ended = runs.all;
	ListCell *lc;

	if (ended != NIL)
	{
		runs.all = NIL;
		foreach (lc, ended)
			write_run(lfirst(lc));
		list_free_deep(ended);
	}
	if (left_out <= 0)
		return;
	untold = 0;
	ereport(WARNING, (errmsg_plural("%d row was left out", "%d rows were left out",
									left_out, left_out),
					  errhint("scim.end_load() says which, and why.")));
}

/* The partition, which the caller must own the store of. */
static Oid
table_argument(FunctionCallInfo fcinfo)
{
	Oid relid = PG_GETARG_OID(0);
	Oid namespace_oid = get_rel_namespace(relid);

	if (!OidIsValid(namespace_oid))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE),
						errmsg("relation with OID %u does not exist", relid)));
	ScimAuditRequireOwner(ScimStoreByNamespace(namespace_oid));
	return relid;
}

static void
set_tables(const char *value)
{
	(void) set_config_option("scim.load", value, PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SET, true, 0, false);
}

/*
 * scim_internal.load_begin(relation regclass) returns void: from now on this session
 * loads a table of resources.
 */
Datum
scim_load_begin(PG_FUNCTION_ARGS)
{
	Oid relid = table_argument(fcinfo);

	if (!is_loaded(relid))
	{
		Report *report = report_on(relid);

		MemoryContextReset(report->context);
		report->rows = NIL;
		report->lines = 0;
		set_tables(loaded_tables == NULL || loaded_tables[0] == '\0'
					   ? psprintf("%u", relid)
					   : psprintf("%s,%u", loaded_tables, relid));
	}
	PG_RETURN_VOID();
}

/*
 * scim_internal.load_end(relation regclass) returns setof (line, key, problems): no
 * more, and the rows that were left out.
 */
Datum
scim_load_end(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Oid relid = table_argument(fcinfo);
	StringInfoData rest;
	ListCell *lc;
	char *name;
	char *tables = pstrdup(loaded_tables != NULL ? loaded_tables : "");

	InitMaterializedSRF(fcinfo, 0);
	initStringInfo(&rest);
	for (name = strtok(tables, ","); name != NULL; name = strtok(NULL, ","))
	{
		if (strtoul(name, NULL, 10) != relid)
			appendStringInfo(&rest, "%s%s", rest.len > 0 ? "," : "", name);
	}
	set_tables(rest.data);
	foreach (lc, report_on(relid)->rows)
	{
		const LeftOut *row = lfirst(lc);
		Datum values[3] = {Int64GetDatum(row->line)};
		bool nulls[3] = {false, row->key == NULL, false};

		CHECK_FOR_INTERRUPTS();
		if (row->key != NULL)
			values[1] = CStringGetTextDatum(row->key);
		values[2] = JsonbPGetDatum(row->problems);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
