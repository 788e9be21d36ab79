/*
 * member_row.c
 *		A row of "member" that anybody writes has no value that is an id.
 *
 * A member may refer to a resource that is not there: clients send groups before people.
 * Its group is there, which member.c sees to.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "door/members/members.h"
#include "policy/policy.h"
#include "store/configuration/configuration.h"
#include "store/statement/column.h"
#include "store/statement/statement.h"
#include "store/statement/trigger_type.h"
#include "store/store.h"
#include "text/datetime.h"
#include "text/utf8.h"

PG_FUNCTION_INFO_V1(scim_member_value);

/* What is wrong with the row at hand a constraint of the table says. */
static Datum
same_row(FunctionCallInfo fcinfo)
{
	PG_RETURN_POINTER(((TriggerData *) fcinfo->context)->tg_trigtuple);
}

/* The same for what no constraint can say, which has a clock. */
static Datum
refuse_created(FunctionCallInfo fcinfo)
{
	ereport(ERROR,
			(ScimErr(SCIM_INVALID_VALUE),
			 errmsg("column \"created\" must be a time in the years 1 to 9999, and "
					"not in the future")));
}

/* Nor what none of a table says that was there before there was this rule. */
static Datum
refuse_blank(FunctionCallInfo fcinfo)
{
	ereport(ERROR, (errcode(ERRCODE_CHECK_VIOLATION),
					errmsg("column \"value\" of a member must not be empty")));
}

/* Can a membership have begun then?  As of resources: the clock of elsewhere may be fast.
 */
static bool
can_have_begun(TimestampTz created)
{
	return ScimInstantIsShown(created) &&
		   created <= GetCurrentTransactionStartTimestamp() + USECS_PER_DAY;
}

/* The row with a column as it is spelled; with another value it has another id. */
static HeapTuple
spell_column(ScimStore *store, HeapTuple tuple, TupleDesc desc, ScimMemberPart part)
{
	int columns[2] = {ScimColumnNumber(
		desc, part == SCIM_MEMBER_TYPE ? "member_type" : "value", TEXTOID)};
	bool nulls[2] = {false, false};
	Datum values[2];
	int n = 1;
	bool isnull;
	Datum was = ScimColumn(tuple, desc, columns[0], TEXTOID, &isnull);
	const char *spelled;
	pg_uuid_t id;
	bool is_id;

	if (isnull)
		return tuple;
	spelled = ScimMemberSpelled(
		store, DatumGetInt32(ScimColumnNamed(tuple, desc, "tenant_id", INT4OID)),
		DatumGetUUIDP(ScimColumnNamed(tuple, desc, "group_id", UUIDOID)), part,
		TextDatumGetCString(was));
	if (spelled == NULL)
		return tuple;
	values[0] = CStringGetTextDatum(spelled);
	if (part == SCIM_MEMBER_VALUE)
	{
		ScimMemberKey(spelled, strlen(spelled), &id, &is_id);
		columns[n] = ScimColumnNumber(desc, "member_id", UUIDOID);
		values[n++] = UUIDPGetDatum(&id);
	}
	return heap_modify_tuple_by_cols(tuple, desc, n, columns, values, nulls);
}

/* The row as the policy "canonical" wants it spelled. */
static HeapTuple
spelled_member(const TriggerData *trigger, HeapTuple tuple)
{
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);
	const ScimStore *cached = ScimStoreCached(RelationGetNamespace(trigger->tg_relation));
	ScimStore *store;

	if (cached != NULL && !ScimRuleAny(cached, SCIM_RULE_CANONICAL))
		return tuple;
	store = ScimStoreOfTrigger(trigger, SCIM_TABLE_MEMBER);
	tuple = spell_column(store, tuple, desc, SCIM_MEMBER_TYPE);
	return spell_column(store, tuple, desc, SCIM_MEMBER_VALUE);
}

/*
 * BEFORE INSERT ... FOR EACH ROW on "member": a value that is an id, however it is
 * written, is the member's, and no value, and canonicalValues are as they are spelled.
 * Errors name the row, of which most are good as they are, and only counted.
 */
Datum
scim_member_value(PG_FUNCTION_ARGS)
{
	static const struct
	{
		const char *name;
		Oid type;
	} keys[] = {{"tenant_id", INT4OID}, {"group_id", UUIDOID}, {"member_id", UUIDOID}};
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "member_value", BEFORE_ROW | ON_INSERT);
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);
	HeapTuple tuple = trigger->tg_trigtuple;
	Datum member_id = (Datum) 0;
	int column = 0;
	Datum value;
	bool isnull;
	pg_uuid_t id;
	bool is_id;

	if (ScimRestores(fcinfo))
		return ScimRestored(fcinfo);
	/* the first row of a statement */
	if (fcinfo->flinfo->fn_extra == NULL)
		(void) ScimStoreOfTrigger(trigger, SCIM_TABLE_MEMBER);
	for (size_t i = 0; i < lengthof(keys); i++)
	{
		column = ScimColumnNumberFrom(desc, column, keys[i].name, keys[i].type);
		member_id = ScimColumn(tuple, desc, column, keys[i].type, &isnull);
		if (isnull)
			return ScimPlainRowAdmit(fcinfo, same_row);
	}
	column = ScimColumnNumberFrom(desc, column, "value", TEXTOID);
	value = ScimColumn(tuple, desc, column, TEXTOID, &isnull);
	if (!isnull)
	{
		ScimRefuseTriggerBehind(trigger, "scim_member_value", scim_member_value);
		if (ScimTextIsBlank(VARDATA_ANY(DatumGetTextPP(value)),
							VARSIZE_ANY_EXHDR(DatumGetTextPP(value))))
			return ScimPlainRowAdmit(fcinfo, refuse_blank);
		ScimMemberKey(VARDATA_ANY(DatumGetTextPP(value)),
					  VARSIZE_ANY_EXHDR(DatumGetTextPP(value)), &id, &is_id);
		if (memcmp(DatumGetUUIDP(member_id), &id, UUID_LEN) != 0)
			return ScimPlainRowAdmit(fcinfo, same_row);
		if (is_id)
		{
			value = (Datum) 0;
			isnull = true;
			tuple = heap_modify_tuple_by_cols(tuple, desc, 1, &column, &value, &isnull);
		}
	}
	tuple = spelled_member(trigger, tuple);
	column = ScimColumnNumberFrom(desc, column, "created", TIMESTAMPTZOID);
	value = ScimColumn(tuple, desc, column, TIMESTAMPTZOID, &isnull);
	if (isnull)
		return ScimPlainRowAdmit(fcinfo, same_row);
	if (!can_have_begun(DatumGetTimestampTz(value)))
		return ScimPlainRowAdmit(fcinfo, refuse_created);
	ScimPlainRowCount(fcinfo);
	PG_RETURN_POINTER(tuple);
}
