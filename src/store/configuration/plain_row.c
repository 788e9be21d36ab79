/*
 * plain_row.c
 *		Rows of the tables that are no resources: which one an error is about, and
 *		secrets that no error may show.
 *
 *		CONTEXT:  row 2 for table "token": description "payroll"
 *
 * PostgreSQL shows the whole of a row that breaks a constraint, and COPY the line that
 * it has read: hashes of tokens, secrets of clients.  So what the constraints of such a
 * table refuse is refused here before, with the same SQLSTATE, and the line is hidden.
 * Whose value is taken already PostgreSQL must find out, since ON CONFLICT may follow:
 * the indexes are over digests, which is what it shows of them.
 */
#include "postgres.h"

#include "catalog/partition.h"
#include "catalog/pg_type.h"
#include "commands/copyfrom_internal.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "mb/pg_wchar.h"
#include "nodes/nodeFuncs.h"
#include "utils/acl.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "compat.h"
#include "json/json.h"
#include "schema/schema.h"
#include "store/configuration/configuration.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/shard.h"
#include "store/statement/statement.h"
#include "store/statement/tables.h"
#include "store/statement/trigger_type.h"
#include "store/statement/written.h"
#include "store/store.h"
#include "text/fold.h"

PG_FUNCTION_INFO_V1(scim_plain_row);

/* Longest value that is shown, in bytes. */
#define MAX_SHOWN 64

#define MAX_COLUMNS 4

/* The row that a trigger was called for, while errors name it. */
typedef struct PlainRow
{
	ErrorContextCallback callback;
	const TriggerData *trigger;
	const char *table; /* of the store, which the one at hand may be a partition of */
	HeapTuple tuple;
	int64 number; /* of the row in its INSERT, from 1 on, or 0 */
	bool shown;   /* whoever acts may read it, or has stated it */
} PlainRow;

/* By what people know the rows of a table. */
static const struct
{
	const char *table;
	const char *columns[MAX_COLUMNS];
} tables_shown[] = {
	{"tenant", {"tenant_id", "name"}},
	{"policy", {"resource_type", "kind", "name", "tenant_id"}},
	{"setting", {"name", "resource_type", "tenant_id"}},
	{"endpoint", {"name", "path"}},
	{"token", {"description", "tenant_id"}},
	{"client", {"name", "tenant_id"}},
	{"credential", {"resource_id", "tenant_id"}},
	{"recovery_code", {"resource_id", "tenant_id"}},
	{"secret", {"purpose"}},
	{"signing_key", {"id"}},
	{"consumer_secret", {"consumer_id", "tenant_id"}},
	{"authentication_scheme", {"scheme"}},
	{"binding", {"resource_type", "tenant_id"}},
	{"member", {"group_id", "member_id", "value", "tenant_id"}},
	{"consumer", {"name", "tenant_id"}},
	{"origin", {"resource_id", "tenant_id"}},
	{"tenant_role", {"role", "tenant_id"}},
	{"store", {"version"}},
	{"event", {"id", "event_uri", "resource_id", "tenant_id"}},
	{"event_position", {"tenant_id"}},
	{"consumer_position", {"consumer_id", "tenant_id"}},
	{"unique_value", {"attribute", "resource_id", "resource_type", "tenant_id"}},
	{"binding_link", {"binding_id", "resource_id", "tenant_id"}},
	{"database_role", {"role", "resource_id", "tenant_id"}},
	{"audit", {"operation", "resource_id", "tenant_id"}},
	{"audit_seal", {"position", "tenant_id"}},
	{"delivery", {"consumer_id", "event_id", "tenant_id"}},
	{"lease", {"consumer_id", "resource_id", "tenant_id"}},
	{"guard", {"policy_id", "id", "tenant_id"}},
	{"guard_count", {"guard_id", "id", "tenant_id"}},
	{"client_assertion", {"client_id", "tenant_id"}},
	{"client_failure", {"key", "tenant_id"}},
};

static const char *const *
columns_of(const char *table)
{
	static const char *const none[MAX_COLUMNS] = {NULL};

	for (size_t i = 0; i < lengthof(tables_shown); i++)
	{
		if (strcmp(tables_shown[i].table, table) == 0)
			return tables_shown[i].columns;
	}
	return none;
}

static void
append_value(StringInfo out, Oid type, Datum value)
{
	struct varlena *text = (struct varlena *) DatumGetPointer(value);
	int len;
	int shown;

	if (type == INT4OID)
		appendStringInfo(out, "%d", DatumGetInt32(value));
	else if (type == INT8OID)
		appendStringInfo(out, INT64_FORMAT, DatumGetInt64(value));
	else if (type == UUIDOID)
		appendStringInfoString(out, ScimUuidText(DatumGetUUIDP(value)));
	else if (type == NAMEOID)
		appendStringInfo(out, "\"%s\"", NameStr(*DatumGetName(value)));
	else if (type != TEXTOID || VARATT_IS_EXTERNAL(text) || VARATT_IS_COMPRESSED(text))
		appendStringInfoString(out, "...");
	else
	{
		len = VARSIZE_ANY_EXHDR(text);
		shown = pg_mbcliplen(VARDATA_ANY(text), len, MAX_SHOWN);
		appendStringInfo(out, "\"%.*s%s\"", shown, VARDATA_ANY(text),
						 shown < len ? "..." : "");
	}
}

/* Nothing in here may fail, or look anything up. */
static void
describe_row(void *arg)
{
	const PlainRow *row = arg;
	const TriggerData *trigger = row->trigger;
	bool inserted = TRIGGER_FIRED_BY_INSERT(trigger->tg_event);
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);
	const char *table = row->table;
	const char *const *columns = columns_of(table);
	StringInfoData names;

	initStringInfo(&names);
	for (int i = 0; row->shown && i < MAX_COLUMNS && columns[i] != NULL; i++)
	{
		for (int j = 0; j < desc->natts; j++)
		{
			const FormData_pg_attribute *column = TupleDescAttr(desc, j);
			bool isnull;
			Datum value;

			if (column->attisdropped || strcmp(NameStr(column->attname), columns[i]) != 0)
				continue;
			value = ScimColumn(row->tuple, desc, j + 1, column->atttypid, &isnull);
			if (isnull)
				continue;
			appendStringInfo(&names, "%s%s ", names.len > 0 ? ", " : ": ", columns[i]);
			append_value(&names, column->atttypid, value);
		}
	}
	if (inserted)
		errcontext("row%s for table \"%s\"%s", ScimRowNumberText(row->number), table,
				   names.data);
	else
		errcontext("row of table \"%s\"%s", table, names.data);
}

/* Counts a row that a BEFORE row trigger is called for. */
static int64
count_row(FunctionCallInfo fcinfo)
{
	const TriggerData *trigger = (const TriggerData *) fcinfo->context;

	return TRIGGER_FIRED_BY_INSERT(trigger->tg_event)
			   ? ScimRowNumber(fcinfo, fcinfo->flinfo->fn_oid)
			   : 0;
}

/* ScimPlainRowCount is for rows that are good as they are: instead of ScimPlainRowAdmit.
 */
void
ScimPlainRowCount(FunctionCallInfo fcinfo)
{
	(void) count_row(fcinfo);
}

/* Makes errors say which row a BEFORE row trigger was called for, until close_row. */
static void
open_row(PlainRow *row, FunctionCallInfo fcinfo)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	row->callback.previous = error_context_stack;
	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_FOR_ROW(trigger->tg_event))
		return; /* which is somebody else's error */
	row->number = count_row(fcinfo);
	row->trigger = trigger;
	row->table = ScimTriggerTable(trigger);
	if (trigger->tg_relation->rd_rel->relispartition)
		row->table = get_rel_name(
			llast_oid(get_partition_ancestors(RelationGetRelid(trigger->tg_relation))));
	row->tuple = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple
															: trigger->tg_trigtuple;
	row->shown = (TRIGGER_FIRED_BY_INSERT(trigger->tg_event) && !ScimIsOnBehalf()) ||
				 ScimMayRead(RelationGetRelid(trigger->tg_relation));
	row->callback.callback = describe_row;
	row->callback.arg = row;
	error_context_stack = &row->callback;
}

static void
close_row(PlainRow *row)
{
	error_context_stack = row->callback.previous;
}

/*
 * ScimHideCopyLine: what goes wrong with the row at hand from here on does not show the
 * line of which COPY made it, which may hold a secret; the number of the line stays.
 */
void
ScimHideCopyLine(void)
{
	for (const ErrorContextCallback *at = error_context_stack; at != NULL;
		 at = at->previous)
	{
		if (at->callback == CopyFromErrorCallback)
			((CopyFromState) at->arg)->line_buf_valid = false;
	}
}

/*
 * What the columns are of which the owner makes something himself (GENERATED ALWAYS AS):
 * the executor sets them only later.
 */
static void
generate_columns(TupleDesc desc, TupleTableSlot *slot, EState *estate)
{
	ExprContext *context = GetPerTupleExprContext(estate);

	for (int i = 0; i < desc->constr->num_defval; i++)
	{
		const AttrDefault *of = &desc->constr->defval[i];
		const FormData_pg_attribute *column = TupleDescAttr(desc, of->adnum - 1);
		Expr *expression;

		if (column->attgenerated == '\0' || column->attisdropped)
			continue;
		expression = stringToNode(of->adbin);
		slot->tts_values[of->adnum - 1] =
			ExecEvalExpr(ExecPrepareExpr(expression, estate), context,
						 &slot->tts_isnull[of->adnum - 1]);
	}
}

/* An error of a CHECK: what it wants, or as the executor says it. */
static void
refuse_check(Relation relation, const char *constraint)
{
	const char *wanted = ScimPlainLimit(constraint);

	ereport(ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 wanted != NULL ? errmsg("%s", wanted)
							: errmsg("new row for relation \"%s\" violates check "
									 "constraint \"%s\"",
									 RelationGetRelationName(relation), constraint),
			 errtableconstraint(relation, constraint)));
}

static void
refuse_null(Relation relation, int column)
{
	ereport(ERROR,
			(errcode(ERRCODE_NOT_NULL_VIOLATION),
			 errmsg("null value in column \"%s\" of relation \"%s\" "
					"violates not-null constraint",
					NameStr(TupleDescAttr(RelationGetDescr(relation), column)->attname),
					RelationGetRelationName(relation)),
			 errtablecol(relation, column + 1)));
}

/*
 * The NOT NULL of a table without CHECK or GENERATED, as those are that each write adds
 * rows to.
 */
static void
check_nulls(Relation relation, HeapTuple tuple)
{
	TupleDesc desc = RelationGetDescr(relation);

	for (int i = 0; HeapTupleHasNulls(tuple) && i < desc->natts; i++)
	{
		const FormData_pg_attribute *column = TupleDescAttr(desc, i);

		if (column->attnotnull && !column->attisdropped &&
			heap_attisnull(tuple, i + 1, desc))
			refuse_null(relation, i);
	}
}

/*
 * Raises an error where a row breaks a NOT NULL or CHECK of its table, as the executor
 * does, if in words that say more.
 */
static void
check_row(Relation relation, HeapTuple tuple)
{
	TupleDesc desc = RelationGetDescr(relation);
	const TupleConstr *constraints = desc->constr;
	EState *estate;
	ExprContext *context;
	TupleTableSlot *slot;

	if (constraints == NULL)
		return;
	if (constraints->num_check == 0 && !constraints->has_generated_stored)
	{
		check_nulls(relation, tuple);
		return;
	}
	estate = CreateExecutorState();
	context = GetPerTupleExprContext(estate);
	slot = MakeSingleTupleTableSlot(desc, &TTSOpsVirtual);
	ExecForceStoreHeapTuple(tuple, slot, false);
	context->ecxt_scantuple = slot;
	generate_columns(desc, slot, estate);
	for (int i = 0; i < desc->natts; i++)
	{
		const FormData_pg_attribute *column = TupleDescAttr(desc, i);

		if (column->attnotnull && !column->attisdropped && slot->tts_isnull[i])
			refuse_null(relation, i);
	}
	for (int i = 0; i < constraints->num_check; i++)
	{
		const ConstrCheck *check = &constraints->check[i];
		Expr *expression = stringToNode(check->ccbin);

		if (ScimCheckIsEnforced(check) &&
			!ExecCheck(ExecPrepareExpr(expression, estate), context))
			refuse_check(relation, check->ccname);
	}
	ExecDropSingleTupleTableSlot(slot);
	FreeExecutorState(estate);
}

/* Any JSON that a row says, and did not say before, has numbers that can be shown. */
static void
check_numbers(const TriggerData *trigger, HeapTuple tuple)
{
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);

	for (int i = 0; i < desc->natts; i++)
	{
		const FormData_pg_attribute *column = TupleDescAttr(desc, i);
		bool isnull;
		bool was_null;
		Datum value;
		Datum old;

		if (column->attisdropped || column->atttypid != JSONBOID)
			continue;
		value = ScimColumn(tuple, desc, i + 1, JSONBOID, &isnull);
		if (isnull)
			continue;
		if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		{
			old = ScimColumn(trigger->tg_trigtuple, desc, i + 1, JSONBOID, &was_null);
			if (!was_null && datum_image_eq(old, value, false, -1))
				continue;
		}
		ScimRequireShortNumbers(ScimJsonFromJsonb(DatumGetJsonbP(value)),
								psprintf("column \"%s\"", NameStr(column->attname)));
	}
}

/*
 * ScimPlainRowAdmit is a BEFORE row trigger that checks what the function admit has made
 * of the row as the executor will, so that errors of both name the row.
 */
Datum
ScimPlainRowAdmit(FunctionCallInfo fcinfo, Datum (*admit)(FunctionCallInfo fcinfo))
{
	PlainRow row;
	Datum result;

	if (ScimRestores(fcinfo))
		return ScimRestored(fcinfo);
	open_row(&row, fcinfo);
	result = admit(fcinfo);
	ScimTriggerRequireTable(row.trigger);
	check_numbers(row.trigger, (HeapTuple) DatumGetPointer(result));
	check_row(row.trigger->tg_relation, (HeapTuple) DatumGetPointer(result));
	close_row(&row);
	return result;
}

/* ScimPlainRowNamed calls what a row trigger does so that its errors name the row. */
Datum
ScimPlainRowNamed(FunctionCallInfo fcinfo, Datum (*call)(FunctionCallInfo fcinfo))
{
	PlainRow row;
	Datum result;

	open_row(&row, fcinfo);
	result = call(fcinfo);
	close_row(&row);
	return result;
}

/* A role that is not there yet would count for tenants as soon as somebody makes it. */
static void
require_role(const TriggerData *trigger, HeapTuple tuple)
{
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);
	bool isnull;
	Datum role = ScimColumn(tuple, desc, ScimColumnNumber(desc, "role", NAMEOID), NAMEOID,
							&isnull);

	if (!isnull)
		(void) get_role_oid(NameStr(*DatumGetName(role)), false);
}

/* Is a column of text another one than it was?  Its value to *text; null is none. */
static bool
says_text(const TriggerData *trigger, HeapTuple tuple, const char *column, text **said)
{
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);
	int number = ScimColumnNumber(desc, column, TEXTOID);
	bool isnull;
	Datum value = ScimColumn(tuple, desc, number, TEXTOID, &isnull);
	Datum old;

	if (isnull)
		return false;
	*said = DatumGetTextPP(value);
	if (TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
		return true;
	old = ScimColumn(trigger->tg_trigtuple, desc, number, TEXTOID, &isnull);
	return isnull || !datum_image_eq(old, value, false, -1);
}

/* Who is told of by a name has one. */
static void
require_name(const TriggerData *trigger, HeapTuple tuple)
{
	text *name;

	if (says_text(trigger, tuple, "name", &name) && VARSIZE_ANY_EXHDR(name) == 0)
		ereport(ERROR, (errcode(ERRCODE_CHECK_VIOLATION),
						errmsg("the name of a tenant must not be empty")));
}

/* Clients read it in the ServiceProviderConfig. */
static void
require_spec_uri(const TriggerData *trigger, HeapTuple tuple)
{
	text *uri;

	if (says_text(trigger, tuple, "spec_uri", &uri) &&
		!ScimIsUri(VARDATA_ANY(uri), VARSIZE_ANY_EXHDR(uri)))
		ereport(ERROR, (errcode(ERRCODE_CHECK_VIOLATION),
						errmsg("column \"spec_uri\" must be a URI")));
}

/* What is a resource's asks for scopes of its type; of the rest who has any writes none.
 */
static void
require_scope(const TriggerData *trigger, HeapTuple tuple, const char *table)
{
	if (ScimIsOwnRow())
		return;
	if (strcmp(table, "credential") != 0)
		ScimScopeRefuseRow(trigger);
	else
	{
		ScimScopeRequireCredential(trigger, tuple);
		if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
			ScimScopeRequireCredential(trigger, trigger->tg_trigtuple);
	}
}

static Datum
admit_row(FunctionCallInfo fcinfo)
{
	const TriggerData *trigger = (const TriggerData *) fcinfo->context;
	HeapTuple tuple = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple
																 : trigger->tg_trigtuple;
	const char *table = ScimTriggerTable(trigger);

	require_scope(trigger, tuple, table);
	if (strcmp(table, "tenant_role") == 0)
		require_role(trigger, tuple);
	else if (strcmp(table, "tenant") == 0)
		require_name(trigger, tuple);
	else if (strcmp(table, "authentication_scheme") == 0)
		require_spec_uri(trigger, tuple);
	else
		ScimPlainValuesCheck(trigger, tuple, table);
	PG_RETURN_POINTER(tuple);
}

/* Of a secret of ours no constraint of the owner's own may tell. */
static bool
is_credential(Relation relation)
{
	Oid table = ScimTableOfShard(RelationGetRelid(relation));

	return strcmp(OidIsValid(table) ? get_rel_name(table)
									: RelationGetRelationName(relation),
				  "credential") == 0;
}

/*
 * scim_internal.plain_row(), BEFORE INSERT OR UPDATE ... FOR EACH ROW on the tables of
 * credentials and such.
 */
Datum
scim_plain_row(PG_FUNCTION_ARGS)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "plain_row", BEFORE_ROW | ON_INSERT | ON_UPDATE);

	if ((ScimIsOwnRow() && !is_credential(trigger->tg_relation)) || ScimUniqueIsWriting())
		PG_RETURN_POINTER(TRIGGER_FIRED_BY_UPDATE(trigger->tg_event)
							  ? trigger->tg_newtuple
							  : trigger->tg_trigtuple);
	ScimHideCopyLine();
	return ScimPlainRowAdmit(fcinfo, admit_row);
}
