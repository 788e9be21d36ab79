/*
 * plain_values.c
 *		Rows of the tables that are no resources, by themselves: no instant that is none,
 *		no count that cannot be, and no row that contradicts itself or leads nowhere.
 *
 * Only what a write changes is asked about: what is stored stays, and can be mended.
 * What they need of resources door/consistency.c knows.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "store/configuration/configuration.h"
#include "store/credential/sealing.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/statement/tables.h"
#include "store/store.h"

/* What is counted goes on being counted: far below what the type holds. */
#define MOST INT64CONST(1000000000)
#define MOST_LONG (PG_INT64_MAX / 2)

/* Numbers and instants.  Of an instant there is no bound but that it is one. */
static const struct
{
	const char *table;
	const char *column;
	Oid type;
	int64 least;
	int64 most;
} values[] = {
	{"delivery", "position", INT8OID, 1, MOST_LONG},
	{"delivery", "attempts", INT4OID, 0, MOST},
	{"delivery", "failures", INT4OID, 0, MOST},
	{"delivery", "last_attempt_at", TIMESTAMPTZOID, 0, 0},
	{"delivery", "next_attempt_at", TIMESTAMPTZOID, 0, 0},
	{"delivery", "dead_at", TIMESTAMPTZOID, 0, 0},
	{"lease", "expires_at", TIMESTAMPTZOID, 0, 0},
	{"consumer_position", "position", INT8OID, 0, MOST_LONG},
	{"event_position", "last", INT8OID, 0, MOST_LONG},
	{"guard", "used", INT8OID, 0, MOST_LONG},
	{"guard", "changed_at", TIMESTAMPTZOID, 0, 0},
	{"guard", "tripped_at", TIMESTAMPTZOID, 0, 0},
	{"guard_count", "at", TIMESTAMPTZOID, 0, 0},
	{"guard_count", "amount", INT8OID, 0, MOST_LONG},
	{"signing_key", "created", TIMESTAMPTZOID, 0, 0},
};

/* Bytes of what a failure of a client is counted by: "address ", and an address. */
#define MAX_FAILURE_KEY 256

typedef struct Written
{
	const TriggerData *trigger;
	HeapTuple tuple;
	TupleDesc desc;
} Written;

static Datum
value_of(const Written *row, const char *name, Oid type, bool *isnull)
{
	return ScimColumn(row->tuple, row->desc, ScimColumnNumber(row->desc, name, type),
					  type, isnull);
}

/* Is a column another one than it was?  Of a new row all are. */
static bool
is_said(const Written *row, const char *name, Oid type)
{
	int column = ScimColumnNumber(row->desc, name, type);
	const FormData_pg_attribute *form = TupleDescAttr(row->desc, column - 1);
	bool was_null;
	bool isnull;
	Datum was;
	Datum is;

	if (TRIGGER_FIRED_BY_INSERT(row->trigger->tg_event))
		return true;
	was = ScimColumn(row->trigger->tg_trigtuple, row->desc, column, type, &was_null);
	is = ScimColumn(row->tuple, row->desc, column, type, &isnull);
	return was_null != isnull ||
		   (!isnull && !datum_image_eq(was, is, form->attbyval, form->attlen));
}

static void
refuse_contradiction(const char *message)
{
	ereport(ERROR, (errcode(ERRCODE_CHECK_VIOLATION), errmsg("%s", message)));
}

static void
check_value(const Written *row, const char *column, Oid type, int64 least, int64 most)
{
	bool isnull;
	Datum value = value_of(row, column, type, &isnull);
	int64 number;

	if (isnull || !is_said(row, column, type))
		return;
	if (type == TIMESTAMPTZOID)
	{
		if (TIMESTAMP_NOT_FINITE(DatumGetTimestampTz(value)))
			refuse_contradiction(
				psprintf("column \"%s\" must be an instant, not infinity", column));
		return;
	}
	number = type == INT4OID ? DatumGetInt32(value) : DatumGetInt64(value);
	if (number < least || number > most)
		refuse_contradiction(psprintf("column \"%s\" must be from " INT64_FORMAT
									  " to " INT64_FORMAT ", not " INT64_FORMAT,
									  column, least, most, number));
}

/* Is one instant of a row before another, both of which it has? */
static bool
is_before(const Written *row, const char *one, const char *other)
{
	bool isnull[2];
	TimestampTz a = DatumGetTimestampTz(value_of(row, one, TIMESTAMPTZOID, &isnull[0]));
	TimestampTz b = DatumGetTimestampTz(value_of(row, other, TIMESTAMPTZOID, &isnull[1]));

	return !isnull[0] && !isnull[1] &&
		   (is_said(row, one, TIMESTAMPTZOID) || is_said(row, other, TIMESTAMPTZOID)) &&
		   a < b;
}

static size_t
text_length(const Written *row, const char *column)
{
	bool isnull;
	Datum value = value_of(row, column, TEXTOID, &isnull);

	return isnull ? 0 : VARSIZE_ANY_EXHDR(DatumGetTextPP(value));
}

static void
check_recovery_code(const Written *row)
{
	bool isnull[2];
	TimestampTz issued =
		DatumGetTimestampTz(value_of(row, "issued_at", TIMESTAMPTZOID, &isnull[0]));
	TimestampTz expires =
		DatumGetTimestampTz(value_of(row, "expires_at", TIMESTAMPTZOID, &isnull[1]));

	if (is_said(row, "name", TEXTOID) &&
		text_length(row, "name") != SCIM_RECOVERY_NAME_LENGTH)
		refuse_contradiction(psprintf("the name of a recovery code must have %d letters",
									  SCIM_RECOVERY_NAME_LENGTH));
	if (is_before(row, "expires_at", "issued_at"))
		refuse_contradiction("a recovery code must not expire before it has been issued");
	if (!isnull[0] && !isnull[1] && !TIMESTAMP_NOT_FINITE(issued) &&
		!TIMESTAMP_NOT_FINITE(expires) &&
		(is_said(row, "issued_at", TIMESTAMPTZOID) ||
		 is_said(row, "expires_at", TIMESTAMPTZOID)) &&
		expires - SCIM_MAX_RECOVERY_DAYS * USECS_PER_DAY > issued)
		refuse_contradiction(
			psprintf("a recovery code must not be good for more than %d days",
					 SCIM_MAX_RECOVERY_DAYS));
}

/* Does a table of the store have a row for the tenant $1, the uuid $2, and $3 if any? */
static bool
has_row(const ScimStore *store, const char *from, int32 tenant_id, Datum id,
		const Datum *second)
{
	ScimIdentity caller = ScimBeOwner(store->owner);
	ScimParams params;
	bool found;

	SPI_connect();
	ScimParamsOfResource(&params, tenant_id, DatumGetUUIDP(id));
	if (second != NULL)
		ScimParamsAdd(&params, UUIDOID, *second, false);
	ScimSpiExecute(psprintf("SELECT FROM %s.%s", store->quoted_name, from), &params,
				   false, 1);
	found = SPI_processed > 0;
	SPI_finish();
	ScimBeCaller(caller);
	return found;
}

/* What a row says by a uuid is there, or null. */
static void
require_there(const Written *row, ScimTable table, const char *column,
			  const char *const *from, const char *what)
{
	bool isnull;
	Datum id = value_of(row, column, UUIDOID, &isnull);
	int32 tenant_id;
	const ScimStore *store;

	if (isnull || !(is_said(row, column, UUIDOID) || is_said(row, "tenant_id", INT4OID)))
		return;
	tenant_id = DatumGetInt32(value_of(row, "tenant_id", INT4OID, &isnull));
	if (isnull)
		return;
	store = ScimStoreOfTrigger(row->trigger, table);
	for (; *from != NULL; from++)
	{
		if (has_row(store, *from, tenant_id, id, NULL))
			return;
	}
	ereport(ERROR, (errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
					errmsg("there is no %s \"%s\" in tenant %d", what,
						   ScimUuidText(DatumGetUUIDP(id)), tenant_id)));
}

/* Is one of the columns said that are there together, or none of them? */
static bool
is_half_said(const Written *row, int n, const char *const *columns, const Oid *types)
{
	bool said = false;
	int nnull = 0;

	for (int i = 0; i < n; i++)
	{
		bool isnull;

		(void) value_of(row, columns[i], types[i], &isnull);
		nnull += isnull;
		said = said || is_said(row, columns[i], types[i]);
	}
	return said && nnull > 0 && nnull < n;
}

static void
check_guard(const Written *row)
{
	static const char *const guards[] = {"policy WHERE id = $2 AND kind = 'guard' AND "
										 "(tenant_id IS NULL OR tenant_id = $1)",
										 NULL};
	static const char *const tenants[] = {
		"tenant WHERE tenant_id = $1 AND $2 IS NOT NULL", NULL};
	static const char *const trip[] = {"tripped_at", "tripped_by", "resource_id"};
	static const Oid types[] = {TIMESTAMPTZOID, TEXTOID, UUIDOID};

	if (is_half_said(row, lengthof(trip), trip, types))
		refuse_contradiction("a guard that has tripped says tripped_at, tripped_by and "
							 "resource_id, and another one none of them");
	require_there(row, SCIM_TABLE_GUARD, "policy_id", tenants, "guard for policy");
	require_there(row, SCIM_TABLE_GUARD, "policy_id", guards, "policy \"guard\"");
}

/* Is there a row of a table for the tenant, $2 and $3, the uuids of two columns? */
static bool
leads_to(const Written *row, ScimTable table, const char *from, const char *one,
		 const char *other)
{
	bool isnull[3];
	Datum tenant_id = value_of(row, "tenant_id", INT4OID, &isnull[0]);
	Datum id = value_of(row, one, UUIDOID, &isnull[1]);
	Datum second = value_of(row, other, UUIDOID, &isnull[2]);

	/* which a constraint refuses */
	if (isnull[0] || isnull[1] || isnull[2] ||
		!(is_said(row, "tenant_id", INT4OID) || is_said(row, one, UUIDOID) ||
		  is_said(row, other, UUIDOID)))
		return true;
	return has_row(ScimStoreOfTrigger(row->trigger, table), from,
				   DatumGetInt32(tenant_id), id, &second);
}

static const char *
shown_uuid(const Written *row, const char *column)
{
	bool isnull;

	return ScimUuidText(DatumGetUUIDP(value_of(row, column, UUIDOID, &isnull)));
}

static void
check_delivery(const Written *row)
{
	if (!leads_to(row, SCIM_TABLE_DELIVERY,
				  "event WHERE tenant_id = $1 AND id = $2 AND resource_id = $3",
				  "event_id", "resource_id"))
		ereport(ERROR,
				(errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
				 errmsg("there is no event \"%s\" of resource \"%s\"",
						shown_uuid(row, "event_id"), shown_uuid(row, "resource_id"))));
}

/* The resource itself may have gone: who reads is told of that, too. */
static void
check_lease(const Written *row)
{
	if (!leads_to(row, SCIM_TABLE_LEASE,
				  "delivery WHERE tenant_id = $1 AND consumer_id = $2 AND "
				  "resource_id = $3",
				  "consumer_id", "resource_id"))
		ereport(ERROR,
				(errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
				 errmsg("there is nothing to lease: no event of resource \"%s\" "
						"waits for consumer \"%s\"",
						shown_uuid(row, "resource_id"), shown_uuid(row, "consumer_id"))));
}

/* $1 the tenant: how far his events are numbered, by what is asked for each of these. */
#define LAST_GIVEN \
	"(SELECT max(p.last) FROM %1$s.event_position p WHERE p.tenant_id = $1)"
#define LAST_EVENT                                                                \
	"(SELECT e.position FROM %1$s.event e WHERE e.tenant_id = $1 AND e.position " \
	"IS NOT NULL ORDER BY e.position DESC LIMIT 1)"
#define LAST_READ \
	"(SELECT max(c.position) FROM %1$s.consumer_position c WHERE c.tenant_id = $1)"

static int64
last_position(const Written *row, ScimTable table, const char *expression)
{
	const ScimStore *store = ScimStoreOfTrigger(row->trigger, table);
	ScimIdentity caller = ScimBeOwner(store->owner);
	ScimParams params;
	bool isnull;
	Datum tenant_id = value_of(row, "tenant_id", INT4OID, &isnull);
	int64 last;

	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, tenant_id, isnull);
	ScimSpiExecute(psprintf(expression, store->quoted_name), &params, false, 1);
	last = DatumGetInt64(ScimResultValue(0, 1, INT8OID));
	SPI_finish();
	ScimBeCaller(caller);
	return last;
}

/* Who stands beyond the last event would never be told of those that come. */
static void
check_consumer_position(const Written *row)
{
	bool isnull;
	int64 position = DatumGetInt64(value_of(row, "position", INT8OID, &isnull));
	int64 last;

	if (isnull || !is_said(row, "position", INT8OID) || position == 0)
		return;
	last = last_position(row, SCIM_TABLE_CONSUMER_POSITION,
						 "SELECT coalesce(" LAST_GIVEN ", " LAST_EVENT ", 0)");
	if (position > last)
		refuse_contradiction(psprintf("a consumer cannot stand at position " INT64_FORMAT
									  ": the last of the tenant is " INT64_FORMAT,
									  position, last));
}

/* No position is given twice: the next event would have one that there is. */
static void
check_event_position(const Written *row)
{
	bool isnull;
	int64 position = DatumGetInt64(value_of(row, "last", INT8OID, &isnull));
	int64 last;

	if (isnull || !is_said(row, "last", INT8OID))
		return;
	last = last_position(row, SCIM_TABLE_EVENT_POSITION,
						 "SELECT greatest(" LAST_EVENT ", " LAST_READ ", 0)");
	if (position < last)
		refuse_contradiction(psprintf("the last position cannot be " INT64_FORMAT
									  ": " INT64_FORMAT " has been given or read",
									  position, last));
}

static void
check_secret(const Written *row)
{
	bool isnull;
	Datum purpose = value_of(row, "purpose", TEXTOID, &isnull);
	char *name;

	if (isnull || !is_said(row, "purpose", TEXTOID))
		return;
	name = TextDatumGetCString(purpose);
	if (strcmp(name, "cursor") != 0 && strcmp(name, SCIM_SEALING_PURPOSE) != 0)
		refuse_contradiction("the purpose of a secret must be \"cursor\" or "
							 "\"" SCIM_SEALING_PURPOSE "\"");
}

static void
check_consumer_secret(const Written *row)
{
	bool isnull[2];

	(void) value_of(row, "authorization", TEXTOID, &isnull[0]);
	(void) value_of(row, "key", BYTEAOID, &isnull[1]);
	if (isnull[0] && isnull[1] &&
		(is_said(row, "authorization", TEXTOID) || is_said(row, "key", BYTEAOID)))
		refuse_contradiction("a secret of a consumer must say authorization or key");
}

static void
check_origin(const Written *row)
{
	static const char *const bearers[] = {"token WHERE tenant_id = $1 AND id = $2",
										  "client WHERE tenant_id = $1 AND id = $2",
										  NULL};

	bool isnull;

	(void) value_of(row, "actor", TEXTOID, &isnull);
	if (!isnull && is_said(row, "actor", TEXTOID) && text_length(row, "actor") == 0)
		refuse_contradiction("the actor of an origin must not be empty");
	if (is_before(row, "released_at", "linked_at"))
		refuse_contradiction("a resource must not be released before it was linked");
	require_there(row, SCIM_TABLE_ORIGIN, "token_id", bearers, "token or client");
}

/* ScimPlainValuesCheck raises an error where a row says what cannot be. */
void
ScimPlainValuesCheck(const TriggerData *trigger, HeapTuple tuple, const char *table)
{
	static const struct
	{
		const char *table;
		void (*check)(const Written *row);
	} checks[] = {
		{"recovery_code", check_recovery_code},
		{"origin", check_origin},
		{"guard", check_guard},
		{"delivery", check_delivery},
		{"lease", check_lease},
		{"consumer_position", check_consumer_position},
		{"event_position", check_event_position},
		{"secret", check_secret},
		{"consumer_secret", check_consumer_secret},
	};
	Written row = {trigger, tuple, RelationGetDescr(trigger->tg_relation)};

	for (size_t i = 0; i < lengthof(values); i++)
	{
		if (strcmp(values[i].table, table) == 0)
			check_value(&row, values[i].column, values[i].type, values[i].least,
						values[i].most);
	}
	for (size_t i = 0; i < lengthof(checks); i++)
	{
		if (strcmp(checks[i].table, table) == 0)
			checks[i].check(&row);
	}
	if (strcmp(table, "client_failure") == 0 && is_said(&row, "key", TEXTOID) &&
		text_length(&row, "key") > MAX_FAILURE_KEY)
		refuse_contradiction(
			psprintf("column \"key\" must have at most %d bytes", MAX_FAILURE_KEY));
}
