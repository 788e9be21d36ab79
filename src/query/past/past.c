/*
 * past.c
 *		What resources were at an instant, from the audit.
 *
 * A row of the audit has the document from before a change, and the version from then
 * on.  So what a resource was is in the first step after the instant, or else in the
 * table; since when, is in the last step until then.  Where the two do not meet, steps in
 * between are not in the audit.  If all of these were before the instant, what was then
 * is known but for its lastModified; else nobody knows: that is an error, never a guess.
 *
 * When they were, only the audit of the policy "audit" can say.  So of a hole that it
 * does not explain nothing is known either, however it came about.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "audit/audit.h"
#include "json/json.h"
#include "query/past/past.h"
#include "query/query.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "text/datetime.h"

/* So many resources are made at a time. */
#define PASTS_AT_ONCE 200

/* To what is later than that nothing can be added. */
#define MAX_INSTANT (END_TIMESTAMP - 3 * USECS_PER_DAY)

/* What is missing, in the words of an error. */
#define DROPPED "the months of the audit that would say it have been dropped"

/* A step in the life of a resource, as the audit has it. */
typedef struct Step
{
	bool is_there;
	char *operation;
	int64 version;
	TimestampTz at;
	Jsonb *before;
	char *status; /* before; NULL in rows of old stores */
	JsonbValue *detail;
	bool erased;
} Step;

/* What there is to know of one resource. */
typedef struct Evidence
{
	pg_uuid_t id;
	Step next;          /* the first after the instant */
	Step last;          /* the last until then */
	TimestampTz loaded; /* when, where a load created it; DT_NOEND: it was not one */
	/* the row of the table */
	bool is_there;
	int64 version;
	Jsonb *data;
	TimestampTz created;
	TimestampTz last_modified;
	bool is_gone; /* out of sight */
} Evidence;

/* Until when is it known that nothing went unaudited since the instant? */
typedef struct Trust
{
	ScimStore *store;
	const ScimResourceType *type;
	TimestampTz instant;
	bool is_known;
	TimestampTz until; /* DT_NOEND: to this day */
	bool dropped;      /* a month ended it that is not there any more */
	/* before the instant: when the policy was last changed, as far as was looked */
	bool has_looked;
	TimestampTz looked_from;
	TimestampTz changed; /* DT_NOBEGIN: not since then */
} Trust;

static bool audits_until(Trust *trust, TimestampTz instant);
static bool explains(Trust *trust, const Step *last);
static Evidence read_evidence(uint64 row);
static void find_loads(const Trust *trust, Evidence *evidence, uint64 count,
					   const ScimParams *params);
static void judge(Trust *trust, const Evidence *evidence, ScimPast *past);
static void judge_before_step(Trust *trust, const Evidence *evidence, ScimPast *past);
static void judge_now(Trust *trust, const Evidence *evidence, ScimPast *past);

static const char *
evidence_query(const ScimStore *store, const ScimResourceType *type)
{
	const char *type_name = quote_literal_cstr(type->name);
	const char *step =
		"a.tenant_id = $1 AND a.resource_id = i.id "
		"AND a.member_id IS NULL AND a.operation IN (" SCIM_AUDIT_STEPS ")";

	return psprintf(
		"SELECT i.id, n.operation, n.version, n.at, n.before, n.status, n.detail, "
		"n.content_digest IS NOT NULL AND n.salt IS NULL, "
		"p.operation, p.version, p.at, NULL::jsonb, p.status, p.detail, "
		"p.content_digest IS NOT NULL AND p.salt IS NULL, "
		"r.version, r.data, r.created, r.last_modified, r.deleted_at IS NOT NULL "
		"FROM unnest($3) AS i (id) "
		"LEFT JOIN LATERAL (SELECT * FROM %1$s.audit a WHERE %3$s AND "
		"a.resource_type = %2$s AND a.at > $2 AND a.at < $4 "
		"ORDER BY a.at, a.id LIMIT 1) AS n ON true "
		"LEFT JOIN LATERAL (SELECT * FROM %1$s.audit a WHERE %3$s AND "
		"a.resource_type = %2$s AND a.at <= $2 ORDER BY a.at DESC, a.id DESC LIMIT 1) "
		"AS p ON true "
		"LEFT JOIN %1$s.resource r ON r.resource_type = %2$s AND r.tenant_id = $1 "
		"AND r.id = i.id",
		store->quoted_name, type_name, step);
}

static TimestampTz
instant_column(uint64 row, int column)
{
	return DatumGetTimestampTz(ScimResultValue(row, column, TIMESTAMPTZOID));
}

static Jsonb *
jsonb_column(uint64 row, int column)
{
	bool isnull;
	Datum value = ScimResult(row, column, JSONBOID, &isnull);

	return isnull ? NULL : DatumGetJsonbPCopy(value);
}

/* The columns of a step begin with "column". */
static Step
read_step(uint64 row, int column)
{
	Step step = {0};
	Jsonb *detail;
	bool isnull;
	Datum version;

	step.operation = ScimResultText(row, column);
	if (step.operation == NULL)
		return step;
	step.is_there = true;
	version = ScimResult(row, column + 1, INT8OID, &isnull);
	step.version = isnull ? 0 : DatumGetInt64(version);
	step.at = instant_column(row, column + 2);
	step.before = jsonb_column(row, column + 3);
	step.status = ScimResultText(row, column + 4);
	detail = jsonb_column(row, column + 5);
	step.detail = detail != NULL ? ScimJsonFromJsonb(detail) : NULL;
	step.erased = DatumGetBool(ScimResultValue(row, column + 6, BOOLOID));
	return step;
}

static Evidence
read_evidence(uint64 row)
{
	Evidence evidence = {0};
	bool isnull;
	Datum version;

	evidence.id = *DatumGetUUIDP(ScimResultValue(row, 1, UUIDOID));
	evidence.loaded = DT_NOEND;
	evidence.next = read_step(row, 2);
	evidence.last = read_step(row, 9);
	version = ScimResult(row, 16, INT8OID, &isnull);
	evidence.is_there = !isnull;
	if (isnull)
		return evidence;
	evidence.version = DatumGetInt64(version);
	evidence.data = jsonb_column(row, 17);
	evidence.created = instant_column(row, 18);
	evidence.last_modified = instant_column(row, 19);
	evidence.is_gone = DatumGetBool(ScimResultValue(row, 20, BOOLOID));
	return evidence;
}

static bool
is_operation(const Step *step, const char *operation)
{
	return step->is_there && strcmp(step->operation, operation) == 0;
}

/* The first step of who came with a load, as if the audit had a row for each of them. */
static Step
loaded_step(const Evidence *evidence)
{
	return (Step){
		.is_there = true, .operation = "create", .version = 1, .at = evidence->loaded};
}

/*
 * Of those who came with a load the audit has the range of their ids.  Who has one in
 * between without that has a row "create" of his own, and that is the first of his.
 */
static void
find_loads(const Trust *trust, Evidence *evidence, uint64 count, const ScimParams *params)
{
	const ScimStore *store = trust->store;
	const char *type_name = quote_literal_cstr(trust->type->name);

	ScimSpiExecuteForAny(
		psprintf(
			"SELECT i.number, l.at FROM unnest($3) WITH ORDINALITY AS i (id, number), "
			"LATERAL (SELECT a.at FROM %1$s.audit a WHERE " SCIM_AUDIT_LOADED
			" ORDER BY a.at LIMIT 1) AS l WHERE $2 IS NOT NULL",
			store->quoted_name, type_name, "$1", "i.id", "$4"),
		params, false, 0);
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		int64 number = DatumGetInt64(ScimResultValue(row, 1, INT8OID));
		Evidence *loaded = &evidence[number - 1];

		Assert(number >= 1 && number <= count);
		loaded->loaded = instant_column(row, 2);
		if (is_operation(&loaded->next, "create") ||
			is_operation(&loaded->last, "create"))
			loaded->loaded = DT_NOEND;
		else if (loaded->loaded > trust->instant &&
				 (!loaded->next.is_there || loaded->loaded < loaded->next.at))
			loaded->next = loaded_step(loaded);
		else if (loaded->loaded <= trust->instant && !loaded->last.is_there)
			loaded->last = loaded_step(loaded);
	}
	SPI_freetuptable(SPI_tuptable);
}

/* How many of some policies say whether resources of a type are audited? */
static int
of_audit(const List *policies, const ScimResourceType *type)
{
	int n = 0;
	const ListCell *lc;

	foreach (lc, policies)
	{
		const ScimPolicy *policy = lfirst(lc);

		if (strcmp(policy->kind, "audit") == 0 &&
			strcmp(policy->resource_type, type->name) == 0)
			n++;
	}
	return n;
}

/* How many policies say now whether resources of the type are audited? */
static int
count_policies(const Trust *trust)
{
	return of_audit(trust->store->policies, trust->type) +
		   of_audit(ScimPoliciesOfTenant(trust->store, ScimTenant()), trust->type);
}

/*
 * Is a row a of the audit about a policy that says whether the type is audited?  With the
 * one that a type has come with nothing begins that was not audited before.
 */
static char *
policy_row(const Trust *trust)
{
	return psprintf("(a.object = 'policy' AND (a.before ->> 'kind' = 'audit' "
					"AND a.before ->> 'resource_type' = %1$s "
					"OR a.detail -> 'after' ->> 'kind' = 'audit' "
					"AND a.detail -> 'after' ->> 'resource_type' = %1$s) "
					"AND (a.before IS NOT NULL OR NOT EXISTS (SELECT FROM %2$s.audit t "
					"WHERE t.tenant_id = 0 AND t.change = a.change "
					"AND t.operation = 'create resource_type' AND t.key = %1$s)))",
					quote_literal_cstr(trust->type->name), trust->store->quoted_name);
}

/*
 * When the policy "audit" was switched off first; at the instant, where it may have been
 * off then.  Of several policies that is not told apart.
 */
static TimestampTz
switched_off(const Trust *trust, const ScimParams *params)
{
	const char *store = trust->store->quoted_name;
	const char *type_name = quote_literal_cstr(trust->type->name);
	const char *is_on =
		"coalesce(%1$s ->> 'kind' = 'audit' AND %1$s ->> 'resource_type' = %2$s "
		"AND %1$s ->> 'enabled' = 'true' "
		"AND coalesce((%1$s ->> 'tenant_id')::int, $1) = $1, false)";
	bool is_off =
		ScimRulesFor(trust->store, ScimTenant(), trust->type)->of[SCIM_RULE_AUDIT] == NIL;
	char *was_on = psprintf(is_on, "a.before", type_name);
	char *key;

	ScimSpiExecuteForAny(psprintf("SELECT a.at, a.key::text, %2$s FROM %1$s.audit a "
								  "WHERE a.tenant_id IN (0, $1) AND a.at > $2 "
								  "AND a.at < $3 AND %4$s "
								  "AND NOT (%2$s AND %3$s) ORDER BY a.at, a.id",
								  store, was_on,
								  psprintf(is_on, "(a.detail -> 'after')", type_name),
								  policy_row(trust)),
						 params, false, 0);
	if (SPI_processed == 0)
		return is_off ? trust->instant : DT_NOEND;
	key = ScimResultText(0, 2);
	for (uint64 i = 1; i < SPI_processed; i++)
	{
		if (strcmp(ScimResultText(i, 2), key) != 0)
			return trust->instant;
	}
	return DatumGetBool(ScimResultValue(0, 3, BOOLOID)) && count_policies(trust) <= 1
			   ? instant_column(0, 1)
			   : trust->instant;
}

/* From when on months are not there any more. */
static TimestampTz
dropped(const Trust *trust, const ScimParams *params)
{
	bool isnull;
	Datum value;

	ScimSpiExecuteForAny(
		psprintf(
			"SELECT greatest($2, to_date(substr(min(a.key), 7), 'YYYY_MM')::timestamp "
			"AT TIME ZONE 'UTC') FROM %s.audit a WHERE a.tenant_id = 0 "
			"AND a.at > $2 AND a.at < $3 AND a.object = 'audit' "
			"AND a.operation = 'drop audit' "
			"AND a.key >= to_char($2 AT TIME ZONE 'UTC', '\"audit_\"YYYY_MM') "
			"HAVING count(*) > 0",
			trust->store->quoted_name),
		params, false, 1);
	if (SPI_processed == 0)
		return DT_NOEND;
	value = ScimResult(0, 1, TIMESTAMPTZOID, &isnull);
	return isnull ? trust->instant : DatumGetTimestampTz(value);
}

/*
 * Does the audit say that between a resource's last step and the instant it may have been
 * off?  Else what it lacks of the resource may as well have been after the instant.
 */
static bool
explains(Trust *trust, const Step *last)
{
	ScimParams params;

	if (!trust->has_looked)
	{
		trust->has_looked = true;
		trust->looked_from = trust->instant;
		trust->changed = DT_NOBEGIN;
	}
	/* each stretch of the audit is looked through once, whoever asks */
	if (trust->changed == DT_NOBEGIN && last->at <= trust->looked_from)
	{
		ScimParamsInit(&params);
		ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false);
		ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(last->at), false);
		ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(trust->looked_from),
					  false);
		ScimSpiExecuteForAny(psprintf("SELECT a.at FROM %s.audit a "
									  "WHERE a.tenant_id IN (0, $1) AND a.at >= $2 "
									  "AND a.at <= $3 AND %s ORDER BY a.at DESC",
									  trust->store->quoted_name, policy_row(trust)),
							 &params, false, 1);
		if (SPI_processed > 0)
			trust->changed = instant_column(0, 1);
		trust->looked_from = last->at;
	}
	return trust->changed != DT_NOBEGIN && last->at <= trust->changed;
}

/* Finds out until when every change since the instant is in the audit. */
static void
find_trust(Trust *trust)
{
	TimestampTz drop;
	ScimParams params;

	if (trust->is_known)
		return;
	trust->is_known = true;
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(trust->instant), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID,
				  TimestampTzGetDatum(ScimPastHorizon(trust->instant)), false);
	trust->until = switched_off(trust, &params);
	drop = dropped(trust, &params);
	trust->dropped = drop != DT_NOEND && drop <= trust->until;
	trust->until = Min(trust->until, drop);
}

/* Are all changes since the trust's instant until another in the audit? */
static bool
audits_until(Trust *trust, TimestampTz instant)
{
	find_trust(trust);
	return trust->until == DT_NOEND || instant < trust->until;
}

/* To this day? */
static bool
audits(Trust *trust)
{
	return audits_until(trust, DT_NOEND);
}

/* A time in the detail of a step, as it is or within "was"; false: there is none. */
static bool
detail_time(const Step *step, bool was, const char *name, TimestampTz *instant)
{
	const JsonbValue *value = step->detail;

	if (was && value != NULL)
		value = ScimJsonGet(value, "was");
	if (value != NULL)
		value = ScimJsonGet(value, name);
	if (value == NULL || value->type != jbvString)
		return false;
	*instant = DatumGetTimestampTz(
		DirectFunctionCall3(timestamptz_in, CStringGetDatum(ScimJsonStringCopy(value)),
							ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
	return true;
}

/* Has the row gone for good with a step, and not only out of sight? */
static bool
removes(const Step *step)
{
	TimestampTz at;

	return is_operation(step, "purge") || (is_operation(step, "delete") &&
										   detail_time(step, true, "last_modified", &at));
}

/* Is the resource out of sight after a step? */
static bool
hides(const Step *step)
{
	return is_operation(step, "purge") || is_operation(step, "delete") ||
		   is_operation(step, "complete");
}

/*
 * When the resource that is there after a step, the last until the instant if that
 * follows, had been created; false: nobody knows.  Mostly the row knows, or the step with
 * which it goes.
 */
static bool
find_created(const Trust *trust, const Evidence *evidence, bool follows,
			 TimestampTz *created)
{
	const char *step = "a.tenant_id = $1 AND a.resource_id = $2 "
					   "AND a.member_id IS NULL AND a.resource_type = %s";
	const ScimStore *store = trust->store;
	const Step *last = &evidence->last;
	ScimParams params;

	if (removes(&evidence->next) &&
		detail_time(&evidence->next, true, "created", created))
		return true;
	if (follows && is_operation(last, "create") && !last->erased)
	{
		if (!detail_time(last, false, "created", created))
			*created = last->at;
		return true;
	}
	if (evidence->is_there && evidence->created <= trust->instant)
	{
		*created = evidence->created;
		return true;
	}
	if (evidence->loaded <= trust->instant)
	{
		*created = evidence->loaded;
		return true;
	}
	step = psprintf(step, quote_literal_cstr(trust->type->name));
	ScimParamsOfResource(&params, ScimTenant(), &evidence->id);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(trust->instant), false);
	ScimSpiExecuteForAny(
		psprintf("SELECT (a.detail -> 'was' ->> 'created')::timestamptz "
				 "FROM %s.audit a WHERE %s AND a.at > $3 "
				 "AND (a.operation = 'purge' OR a.operation = 'delete' "
				 "AND a.detail -> 'was' ? 'last_modified') ORDER BY a.at, a.id",
				 store->quoted_name, step),
		&params, false, 1);
	if (SPI_processed == 0)
		ScimSpiExecuteForAny(
			psprintf("SELECT CASE WHEN a.content_digest IS NULL OR a.salt IS NOT NULL "
					 "THEN coalesce((a.detail ->> 'created')::timestamptz, a.at) END "
					 "FROM %s.audit a WHERE %s AND a.at <= $3 "
					 "AND a.operation = 'create' ORDER BY a.at DESC, a.id DESC",
					 store->quoted_name, step),
			&params, false, 1);
	if (SPI_processed > 0)
	{
		bool isnull;
		Datum value = ScimResult(0, 1, TIMESTAMPTZOID, &isnull);

		if (!isnull)
			*created = DatumGetTimestampTz(value);
		return !isnull;
	}
	return false;
}

/*
 * ScimPastHorizon is later than all that the audit has: rows that come from elsewhere may
 * be ahead of the clock, by a day.  So the partitions of months to come are passed by.
 */
TimestampTz
ScimPastHorizon(TimestampTz instant)
{
	TimestampTz latest = Max(instant, GetCurrentTimestamp());

	return latest < MAX_INSTANT ? latest + 2 * USECS_PER_DAY : DT_NOEND;
}

/* What the resource was, by what there is to know. */
static void
judge(Trust *trust, const Evidence *evidence, ScimPast *past)
{
	memset(past, 0, sizeof(ScimPast));
	past->resource.type = trust->type;
	past->resource.tenant_id = ScimTenant();
	past->resource.id = evidence->id;
	if (evidence->next.is_there)
		judge_before_step(trust, evidence, past);
	else
		judge_now(trust, evidence, past);
	if (past->what == SCIM_PAST_UNKNOWN)
	{
		find_trust(trust);
		past->dropped = trust->dropped;
	}
}

/* There was a step since: the resource is as it was before it. */
static void
judge_before_step(Trust *trust, const Evidence *evidence, ScimPast *past)
{
	const Step *next = &evidence->next;
	const Step *last = &evidence->last;
	ScimResource *resource = &past->resource;
	bool removed = removes(next);
	bool follows;

	if (is_operation(next, "create"))
	{
		bool known =
			is_operation(last, "purge") || is_operation(last, "delete") ||
			(audits_until(trust, next->at) && (!last->is_there || explains(trust, last)));

		past->what = known ? SCIM_PAST_ABSENT : SCIM_PAST_UNKNOWN;
		return;
	}
	/* rows of old stores do not say that they are the last of their resource */
	if (is_operation(next, "delete") && next->detail == NULL && last->is_there &&
		last->version == next->version)
		removed = true;
	resource->version = removed ? next->version : next->version - 1;
	follows = last->is_there && last->version == resource->version && !removes(last);
	past->has_last_modified = true;
	if (follows)
	{
		resource->last_modified = last->at;
		if (is_operation(last, "create"))
		{
			(void) detail_time(last, false, "last_modified", &resource->last_modified);
			past->has_last_modified = !last->erased;
		}
	}
	else if (!removed ||
			 !detail_time(next, true, "last_modified", &resource->last_modified) ||
			 resource->last_modified > trust->instant)
	{
		/* what came before the instant only is missed by nobody */
		past->has_last_modified = false;
		if (!audits_until(trust, next->at) ||
			(!follows && last->is_there && !explains(trust, last)))
		{
			past->what = SCIM_PAST_UNKNOWN;
			return;
		}
	}
	past->what = SCIM_PAST_ABSENT;
	if (next->status != NULL ? strcmp(next->status, "DELETED") == 0 ||
								   strcmp(next->status, "OFFBOARDED") == 0
		: follows ? hides(last)
				  : is_operation(next, "restore") || is_operation(next, "purge"))
		return;
	past->what = SCIM_PAST_ERASED;
	if (next->erased || next->before == NULL)
		return;
	past->what = SCIM_PAST_THERE;
	resource->data = ScimStoredData(trust->type, next->before);
	past->has_created = find_created(trust, evidence, follows, &resource->created);
}

/* There was no step since that the audit knows of: it is as it is now. */
static void
judge_now(Trust *trust, const Evidence *evidence, ScimPast *past)
{
	const Step *last = &evidence->last;
	ScimResource *resource = &past->resource;

	past->what = SCIM_PAST_ABSENT;
	if (!evidence->is_there)
	{
		/* who is gone went unseen, unless that was before */
		if (((!hides(last) || removes(last)) && !audits(trust)) ||
			(last->is_there && !hides(last) && !explains(trust, last)))
			past->what = trust->instant >= GetCurrentTimestamp() ? SCIM_PAST_ABSENT
																 : SCIM_PAST_UNKNOWN;
		return;
	}
	if (evidence->last_modified > trust->instant &&
		!(last->is_there && last->version == evidence->version))
	{
		if (last->is_there || evidence->created <= trust->instant)
			past->what = SCIM_PAST_UNKNOWN;
		return;
	}
	if (evidence->is_gone)
		return;
	past->what = SCIM_PAST_THERE;
	resource->data = ScimStoredData(trust->type, evidence->data);
	resource->version = evidence->version;
	resource->created = evidence->created;
	resource->last_modified = evidence->last_modified;
	past->has_created = past->has_last_modified = true;
}

/*
 * ScimPastEach hands over what each of n resources of a type was at an instant, ids as
 * uuids, in no particular order; SPI is connected.  What is handed over lives until use
 * returns.
 */
void
ScimPastEach(ScimStore *store, const ScimResourceType *type, TimestampTz instant,
			 Datum *ids, int n, void (*use)(void *arg, const ScimPast *past), void *arg)
{
	Trust trust = {.store = store, .type = type, .instant = instant};
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "scim past", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = CurrentMemoryContext;
	const char *query = evidence_query(store, type);
	Datum horizon = TimestampTzGetDatum(ScimPastHorizon(instant));

	for (int start = 0; start < n; start += PASTS_AT_ONCE)
	{
		SPITupleTable *rows;
		Evidence *evidence;
		uint64 count;
		ScimParams params;

		MemoryContextSwitchTo(context);
		ScimParamsInit(&params);
		ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false);
		ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(instant), false);
		ScimParamsAdd(
			&params, UUIDARRAYOID,
			ScimArray(ids + start, NULL, Min(n - start, PASTS_AT_ONCE), UUIDOID), false);
		ScimParamsAdd(&params, TIMESTAMPTZOID, horizon, false);
		ScimSpiExecuteForAny(query, &params, false, 0);
		rows = SPI_tuptable;
		count = SPI_processed;
		/* what follows may execute statements of its own */
		evidence = palloc(sizeof(Evidence) * Max(count, 1));
		for (uint64 i = 0; i < count; i++)
			evidence[i] = read_evidence(i);
		SPI_freetuptable(rows);
		find_loads(&trust, evidence, count, &params);
		for (uint64 i = 0; i < count; i++)
		{
			ScimPast past;

			CHECK_FOR_INTERRUPTS();
			judge(&trust, &evidence[i], &past);
			use(arg, &past);
		}
		MemoryContextSwitchTo(caller);
		MemoryContextReset(context);
	}
	MemoryContextDelete(context);
}

/* ScimPastRequire raises what is in the way of knowing what a resource was. */
void
ScimPastRequire(const ScimPast *past, TimestampTz instant)
{
	const ScimResource *resource = &past->resource;

	if (past->what == SCIM_PAST_UNKNOWN)
		ereport(
			ERROR,
			(ScimErr(SCIM_NOT_FOUND),
			 errmsg("what %s \"%s\" was at %s is unknown: %s", resource->type->name,
					ScimUuidText(&resource->id), ScimInstantText(instant),
					past->dropped ? DROPPED
								  : "there are changes that the audit has not seen")));
	if (past->what == SCIM_PAST_ERASED)
		ereport(ERROR,
				(ScimErr(SCIM_NOT_FOUND),
				 errmsg("what %s \"%s\" was at %s has been erased", resource->type->name,
						ScimUuidText(&resource->id), ScimInstantText(instant))));
}

/* ScimPastLose: changes of a resource after the instant are not in the audit. */
void
ScimPastLose(ScimStore *store, const ScimPast *past, TimestampTz instant)
{
	Trust trust = {.store = store, .type = past->resource.type, .instant = instant};
	ScimPast unknown = *past;

	find_trust(&trust);
	unknown.what = SCIM_PAST_UNKNOWN;
	unknown.dropped = trust.dropped;
	ScimPastRequire(&unknown, instant);
}

/*
 * ScimPastRequireAll raises what is in the way of knowing which resources of a type there
 * were at an instant.
 */
void
ScimPastRequireAll(ScimStore *store, const ScimResourceType *type, TimestampTz instant)
{
	Trust trust = {.store = store, .type = type, .instant = instant};

	if (instant < GetCurrentTimestamp() && !audits(&trust))
		ereport(
			ERROR,
			(ScimErr(SCIM_NOT_FOUND),
			 errmsg("which resources of type %s there were at %s is unknown: %s",
					type->name, ScimInstantText(instant),
					trust.dropped ? DROPPED
								  : "there may be changes that the audit has not seen")));
}
