/*
 * config.c
 *		What a store is configured to be is audited like its resources: the trigger of
 *		policies, settings, endpoints, tokens and their like.
 *
 * A row of the audit names the table and the row, and says what the row was and has
 * become, without the secrets in it: of these only that they have changed.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/sysattr.h"
#include "access/tableam.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "audit/audit.h"
#include "extension.h"
#include "json/json.h"
#include "store/acting.h"
#include "store/at_tenant.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/shard.h"
#include "store/statement/tables.h"
#include "store/statement/trigger_type.h"
#include "store/store.h"

/* A column of the table, by what the trigger was made with. */
typedef enum Mention
{
	SHOWN,
	SECRET, /* an argument names it, or it is of type bytea */
	IGNORED /* an argument names it with "-" in front: nobody has changed anything */
} Mention;

/* In front of a column: a row in which it is null is bookkeeping, as if it were not. */
#define ONLY_WITH '+'

/*
 * In front of a column: a row in which it is not null, and that the store itself makes or
 * removes, is bookkeeping.  One that somebody writes himself is not.
 */
#define UNLESS_OURS_WITH '!'

PG_FUNCTION_INFO_V1(scim_audit_change);
PG_FUNCTION_INFO_V1(scim_audit_config);

static Mention
mention_of(const Trigger *trigger, const FormData_pg_attribute *attribute)
{
	const char *name = NameStr(attribute->attname);

	for (int i = 0; i < trigger->tgnargs; i++)
	{
		const char *argument = trigger->tgargs[i];

		if (strcmp(argument, name) == 0)
			return SECRET;
		if (argument[0] == '-' && strcmp(argument + 1, name) == 0)
			return IGNORED;
	}
	return attribute->atttypid == BYTEAOID ? SECRET : SHOWN;
}

/* Does a row count, by the columns that arguments name with "+" or "!" in front? */
static bool
counts(const TriggerData *trigger, HeapTuple tuple)
{
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);

	for (int i = 0; i < trigger->tg_trigger->tgnargs; i++)
	{
		const char *argument = trigger->tg_trigger->tgargs[i];

		if (argument[0] != ONLY_WITH && argument[0] != UNLESS_OURS_WITH)
			continue;
		for (int column = 0; column < desc->natts; column++)
		{
			const FormData_pg_attribute *attribute = TupleDescAttr(desc, column);

			if (!attribute->attisdropped &&
				strcmp(argument + 1, NameStr(attribute->attname)) == 0 &&
				(argument[0] == ONLY_WITH
					 ? heap_attisnull(tuple, column + 1, desc)
					 : ScimIsOnBehalf() && !heap_attisnull(tuple, column + 1, desc)))
				return false;
		}
	}
	return true;
}

/* A row without secrets; NULL: there is none. */
static JsonbValue *
document_of(const TriggerData *trigger, HeapTuple tuple)
{
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);
	JsonbValue *document;
	int level;
	text *json;

	if (tuple == NULL)
		return NULL;
	/* so that the same row always reads the same */
	level = ScimStatementBeginOfText(NULL);
	json = DatumGetTextPP(
		DirectFunctionCall1(row_to_json, heap_copy_tuple_as_datum(tuple, desc)));
	ScimStatementEnd(level);
	document = ScimJsonParseOwn(VARDATA_ANY(json), VARSIZE_ANY_EXHDR(json));
	for (int i = 0; i < desc->natts; i++)
	{
		const FormData_pg_attribute *attribute = TupleDescAttr(desc, i);

		if (!attribute->attisdropped &&
			mention_of(trigger->tg_trigger, attribute) == SECRET)
			ScimJsonRemove(document, NameStr(attribute->attname));
	}
	return document;
}

static bool
is_same(TupleDesc desc, int number, HeapTuple a, HeapTuple b)
{
	const FormData_pg_attribute *attribute = TupleDescAttr(desc, number - 1);
	bool a_null;
	bool b_null;
	Datum a_value = ScimColumn(a, desc, number, attribute->atttypid, &a_null);
	Datum b_value = ScimColumn(b, desc, number, attribute->atttypid, &b_null);

	if (a_null || b_null)
		return a_null == b_null;
	return datum_image_eq(a_value, b_value, attribute->attbyval, attribute->attlen);
}

/*
 * Has an UPDATE changed anything that counts?  *secrets gets the names of those that
 * are others now, NULL where none is.
 */
static bool
is_changed(const TriggerData *trigger, JsonbValue **secrets)
{
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);
	bool changed = false;

	*secrets = NULL;
	for (int i = 0; i < desc->natts; i++)
	{
		const FormData_pg_attribute *attribute = TupleDescAttr(desc, i);
		Mention mention;

		if (attribute->attisdropped ||
			is_same(desc, i + 1, trigger->tg_trigtuple, trigger->tg_newtuple))
			continue;
		mention = mention_of(trigger->tg_trigger, attribute);
		changed = changed || mention != IGNORED;
		if (mention != SECRET)
			continue;
		if (*secrets == NULL)
			*secrets = ScimJsonNewArray();
		ScimJsonAppend(*secrets, ScimJsonNewString(NameStr(attribute->attname)));
	}
	return changed;
}

/* The primary key of a row as text, without the tenant where there is more of it. */
static char *
key_of(const TriggerData *trigger, HeapTuple tuple)
{
	Relation relation = trigger->tg_relation;
	TupleDesc desc = RelationGetDescr(relation);
	Bitmapset *columns =
		RelationGetIndexAttrBitmap(relation, INDEX_ATTR_BITMAP_PRIMARY_KEY);
	bool several = bms_num_members(columns) > 1;
	StringInfoData key;
	int member = -1;

	initStringInfo(&key);
	while ((member = bms_next_member(columns, member)) >= 0)
	{
		int number = member + FirstLowInvalidHeapAttributeNumber;
		const FormData_pg_attribute *attribute;
		Datum value;
		bool isnull;
		Oid output;
		bool is_varlena;

		if (number < 1)
			continue;
		attribute = TupleDescAttr(desc, number - 1);
		if (several && strcmp(NameStr(attribute->attname), "tenant_id") == 0)
			continue;
		value = ScimColumn(tuple, desc, number, attribute->atttypid, &isnull);
		getTypeOutputInfo(attribute->atttypid, &output, &is_varlena);
		appendStringInfo(&key, "%s%s", key.len > 0 ? " " : "",
						 isnull ? "" : OidOutputFunctionCall(output, value));
	}
	return key.data;
}

/* Whose row it is; 0: that of all tenants. */
static int32
tenant_of(const TriggerData *trigger, HeapTuple tuple)
{
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);

	for (int i = 0; i < desc->natts; i++)
	{
		const FormData_pg_attribute *attribute = TupleDescAttr(desc, i);
		bool isnull;
		Datum value;

		if (attribute->attisdropped || attribute->atttypid != INT4OID ||
			strcmp(NameStr(attribute->attname), "tenant_id") != 0)
			continue;
		value = ScimColumn(tuple, desc, i + 1, INT4OID, &isnull);
		return isnull ? 0 : DatumGetInt32(value);
	}
	return 0;
}

static const char *
json_text(const Jsonb *json)
{
	return json == NULL
			   ? NULL
			   : DatumGetCString(DirectFunctionCall1(jsonb_out, JsonbPGetDatum(json)));
}

/* The audit of a tenant is on his node. */
static void
insert_at_tenant(int32 tenant_id, const ScimAuditRow *row)
{
	const char *arguments[5] = {row->operation, row->object, row->key,
								json_text(row->before), json_text(row->detail)};

	(void) ScimAtTenant(
		ScimStoreByNamespace(get_rel_namespace(row->audit)), tenant_id, true,
		psprintf("SELECT %s.audit_config($1, $2, $3, $4::jsonb, $5::jsonb)",
				 get_namespace_name(ScimInternalNamespace())),
		ScimAtTenantArguments(arguments, lengthof(arguments)));
}

/*
 * ScimAuditInsertFor writes a row of the audit for a tenant, at its instant or, where
 * that is SCIM_NO_INSTANT, now; who acts is the owner.
 */
void
ScimAuditInsertFor(int32 tenant_id, ScimAuditRow *row)
{
	int32 before = ScimWrittenTenant;

	if (ScimShardsNumber(get_rel_namespace(row->audit)) == 0 &&
		ScimIsDistributed(row->audit))
	{
		insert_at_tenant(tenant_id, row);
		return;
	}

	row->tenant_id = tenant_id;
	if (row->at == SCIM_NO_INSTANT)
		row->at = ScimClockOfAudit(row->audit, SCIM_NO_INSTANT);
	PG_TRY();
	{
		ScimWrittenTenant = tenant_id;
		ScimAuditInsert(row);
	}
	PG_FINALLY();
	{
		ScimWrittenTenant = before;
	}
	PG_END_TRY();
}

/*
 * before and after: the row, NULL where there is none.  What goes from one tenant to
 * another both can see, and all where it was or becomes that of all.
 */
static void
record(const TriggerData *trigger, const ScimTables *tables, const char *verb,
	   HeapTuple before, HeapTuple after, const JsonbValue *secrets)
{
	const char *object = ScimTriggerTable(trigger);
	JsonbValue *was = document_of(trigger, before);
	JsonbValue *is = document_of(trigger, after);
	JsonbValue *detail = NULL;
	ScimAuditRow row = {.audit = tables->relid[SCIM_TABLE_AUDIT],
						.at = ScimClockOfStatement(tables->relid[SCIM_TABLE_AUDIT])};
	ScimIdentity caller;
	int32 from = tenant_of(trigger, before != NULL ? before : after);
	int32 to = tenant_of(trigger, after != NULL ? after : before);

	if (is != NULL || secrets != NULL)
		detail = ScimJsonNewObject();
	if (is != NULL)
		ScimJsonSet(detail, "after", is);
	if (secrets != NULL)
		ScimJsonSet(detail, "secrets", secrets);
	row.operation = psprintf("%s %s", verb, object);
	row.object = object;
	row.key = key_of(trigger, before != NULL ? before : after);
	row.before = was != NULL ? ScimJsonToJsonb(was) : NULL;
	row.detail = detail != NULL ? ScimJsonToJsonb(detail) : NULL;

	caller = ScimBeOwner(tables->owner);
	SPI_connect();
	ScimAuditInsertFor(to == 0 ? 0 : from, &row);
	if (from != 0 && to != 0 && from != to)
		ScimAuditInsertFor(to, &row);
	SPI_finish();
	ScimBeCaller(caller);
}

/* All rows go at once. */
static void
record_truncate(const TriggerData *trigger, const ScimTables *tables)
{
	Relation relation = trigger->tg_relation;
	TupleTableSlot *slot;
	TableScanDesc scan;
	List *rows = NIL;
	ListCell *lc;

	if (relation->rd_rel->relkind != RELKIND_RELATION)
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
						errmsg("table \"%s\" has partitions, and holds no configuration",
							   RelationGetRelationName(relation))));
	slot = table_slot_create(relation, NULL);
	scan = table_beginscan(relation, GetActiveSnapshot(), 0, NULL);
	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
		rows = lappend(rows, ExecCopySlotHeapTuple(slot));
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	foreach (lc, rows)
	{
		CHECK_FOR_INTERRUPTS();
		if (counts(trigger, lfirst(lc)))
			record(trigger, tables, "delete", lfirst(lc), NULL, NULL);
	}
}

/*
 * AFTER INSERT OR UPDATE OR DELETE ... FOR EACH ROW, and BEFORE TRUNCATE, on a table of
 * configuration.  Arguments are the names of columns that hold secrets, with "-" in
 * front of those that are no configuration, with "+" of one without which a row that
 * comes or goes is none, and with "!" of one with which a row that the store itself makes
 * or removes is none.
 */
Datum
scim_audit_change(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	bool truncated =
		CALLED_AS_TRIGGER(fcinfo) && TRIGGER_FIRED_BY_TRUNCATE(trigger->tg_event);
	ScimTables tables;
	JsonbValue *secrets = NULL;

	if (ScimRestores(fcinfo))
		return ScimRestored(fcinfo);
	trigger = ScimTriggerCalled(fcinfo, "audit_change",
								truncated ? BEFORE_STATEMENT | ON_TRUNCATE
										  : AFTER_ROW | ON_CHANGE);
	(void) ScimTablesFind(RelationGetNamespace(trigger->tg_relation), &tables, false);
	if (trigger->tg_relation->rd_rel->relowner != tables.owner)
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
						errmsg("\"%s\" is not a table of a SCIM store",
							   ScimTriggerTable(trigger))));
	ScimTriggerRequireTable(trigger);
	ScimScopeRefuse(RelationGetNamespace(trigger->tg_relation),
					"change what the store is configured to be");
	if (truncated)
		record_truncate(trigger, &tables);
	else if (TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
	{
		if (counts(trigger, trigger->tg_trigtuple))
			record(trigger, &tables, "create", NULL, trigger->tg_trigtuple, NULL);
	}
	else if (TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
	{
		if (counts(trigger, trigger->tg_trigtuple))
			record(trigger, &tables, "delete", trigger->tg_trigtuple, NULL, NULL);
	}
	else if (is_changed(trigger, &secrets))
		record(trigger, &tables, "update", trigger->tg_trigtuple, trigger->tg_newtuple,
			   secrets);
	PG_RETURN_POINTER(NULL);
}

/*
 * scim_internal.audit_config(operation, object, key text, before, detail jsonb): a row of
 * the audit of the tenant for whom something is done on this node, about what was changed
 * where scim.at_tenant() was called from.  For the owner of the store.
 */
Datum
scim_audit_config(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	ScimAuditRow row = {.audit = store->tables.relid[SCIM_TABLE_AUDIT],
						.at = SCIM_NO_INSTANT};
	ScimIdentity caller;
	int32 tenant_id;

	if (!ScimIsOwner(store->namespace_oid) ||
		!ScimShardsTenant(store->namespace_oid, &tenant_id))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("only the store writes its audit")));
	row.operation = text_to_cstring(PG_GETARG_TEXT_PP(0));
	row.object = text_to_cstring(PG_GETARG_TEXT_PP(1));
	row.key = text_to_cstring(PG_GETARG_TEXT_PP(2));
	row.before = PG_ARGISNULL(3) ? NULL : PG_GETARG_JSONB_P(3);
	row.detail = PG_ARGISNULL(4) ? NULL : PG_GETARG_JSONB_P(4);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	ScimAuditInsertFor(tenant_id, &row);
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_VOID();
}
