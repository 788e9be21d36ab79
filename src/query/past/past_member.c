/*
 * past_member.c
 *		Who was in a group at an instant: scim.members_at.
 *
 * The table has who is in it now, and some rows of the audit have who was in it with them
 * (door/members/member_audit.c).  The first such list after the instant, or else the
 * table, is where to begin; what the audit says first of each between the instant and
 * there takes that back: who left was there, who came was not.  Groups within the group
 * are gone through level by level.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/int.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "audit/audit.h"
#include "json/buckets.h"
#include "json/json.h"
#include "query/past/past.h"
#include "query/query.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "text/datetime.h"
#include "text/hash.h"

PG_FUNCTION_INFO_V1(scim_members_at);

#define MEMBER_COLUMNS 4

/* In which days after the instant a step is looked for first, and then. */
#define SOON 31
#define LATER 155

/* A group as it was, and the row of the audit that has a list of its members since. */
typedef struct PastGroup
{
	ScimPast past;
	bool has_list;
	TimestampTz list_at;
	pg_uuid_t list_id;
} PastGroup;

typedef struct PastMembers
{
	ScimStore *store;
	TimestampTz instant;
	ReturnSetInfo *result;
	MemoryContext context; /* of what is known of all levels */
	bool direct;
	const pg_uuid_t *root; /* the group, which may be in itself */
	List *found;           /* of pg_uuid_t *: members */
	ScimBuckets by_id;
	List *groups; /* of PastGroup *, at the level at hand */
	List *level;  /* of pg_uuid_t *: the groups among the members at hand */
} PastMembers;

/* Notes an id; false where it is noted already. */
static bool
note_id(PastMembers *members, const pg_uuid_t *id)
{
	uint32 hash = ScimHash(id->data, UUID_LEN);
	MemoryContext old;
	pg_uuid_t *copy;

	for (int at = ScimBucketsFirst(&members->by_id, hash); at >= 0;
		 at = ScimBucketsNext(&members->by_id, at))
	{
		if (memcmp(list_nth(members->found, ScimBucketsItem(&members->by_id, at)), id,
				   UUID_LEN) == 0)
			return false;
	}
	old = MemoryContextSwitchTo(members->context);
	ScimBucketsAdd(&members->by_id, hash, list_length(members->found));
	copy = palloc(sizeof(pg_uuid_t));
	*copy = *id;
	members->found = lappend(members->found, copy);
	MemoryContextSwitchTo(old);
	return true;
}

static void
start_params(const PastMembers *members, Datum ids, ScimParams *params)
{
	ScimParamsInit(params);
	ScimParamsAdd(params, INT4OID, Int32GetDatum(ScimTenant()), false);
	ScimParamsAdd(params, TIMESTAMPTZOID, TimestampTzGetDatum(members->instant), false);
	ScimParamsAdd(params, UUIDARRAYOID, ids, false);
	ScimParamsAdd(params, TIMESTAMPTZOID,
				  TimestampTzGetDatum(ScimPastHorizon(members->instant)), false);
}

static void
take_group(void *arg, const ScimPast *past)
{
	PastMembers *members = arg;
	MemoryContext old;
	PastGroup *copy;

	ScimPastRequire(past, members->instant);
	if (past->what != SCIM_PAST_THERE)
		return;
	old = MemoryContextSwitchTo(members->context);
	copy = palloc0(sizeof(PastGroup));
	copy->past = *past;
	copy->past.resource.data = NULL;
	members->groups = lappend(members->groups, copy);
	MemoryContextSwitchTo(old);
}

/* Finds the first list of a group's members after the instant. */
static void
find_list(const PastMembers *members, PastGroup *group)
{
	Datum id = UUIDPGetDatum(&group->past.resource.id);
	ScimParams params;

	start_params(members, ScimArray(&id, NULL, 1, UUIDOID), &params);
	ScimSpiExecuteForAny(
		psprintf("SELECT a.at, a.id FROM %s.audit a WHERE a.tenant_id = $1 "
				 "AND a.resource_id = ($3)[1] AND a.at > $2 AND a.at < $4 "
				 "AND a.member_id IS NOT NULL AND a.detail IS NOT NULL "
				 "ORDER BY a.at, a.id",
				 members->store->quoted_name),
		&params, false, 1);
	group->has_list = SPI_processed > 0;
	if (!group->has_list)
		return;
	group->list_at = DatumGetTimestampTz(ScimResultValue(0, 1, TIMESTAMPTZOID));
	group->list_id = *DatumGetUUIDP(ScimResultValue(0, 2, UUIDOID));
}

/*
 * Whoever comes to a group or leaves it moves its version.  So where a version is not in
 * the audit, there may be members who came or left unseen.  Of those after a list nobody
 * asks; the step to which it belongs is of the same instant.
 */
static void
require_versions(const PastMembers *members, const PastGroup *group)
{
	const ScimResource *resource = &group->past.resource;
	ScimParams params;
	Datum id = UUIDPGetDatum(&resource->id);

	start_params(members, ScimArray(&id, NULL, 1, UUIDOID), &params);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(resource->version), false);
	if (group->has_list)
		ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(group->list_at),
					  false);
	ScimSpiExecuteForAny(
		psprintf(
			"WITH step AS (SELECT a.version, a.at, a.id, a.operation = 'purge' "
			"OR a.operation = 'delete' AND a.detail -> 'was' ? 'last_modified' AS last "
			"FROM %1$s.audit a WHERE a.tenant_id = $1 AND a.resource_id = ANY ($3) "
			"AND a.at > $2 AND a.at < $4%2$s AND a.member_id IS NULL "
			"AND a.operation IN (" SCIM_AUDIT_STEPS ")), "
			"ends AS (SELECT s.at, s.id, s.version FROM step s WHERE s.last "
			"ORDER BY s.at, s.id LIMIT 1) "
			"SELECT count(*) FILTER (WHERE NOT s.last) + $5 "
			"= coalesce((SELECT e.version FROM ends e), (%3$s), -1) "
			"FROM step s WHERE NOT EXISTS (SELECT FROM ends e "
			"WHERE (s.at, s.id) > (e.at, e.id))",
			members->store->quoted_name, group->has_list ? " AND a.at <= $6" : "",
			group->has_list
				? "SELECT s.version FROM step s ORDER BY s.at DESC, s.id DESC LIMIT 1"
				: psprintf("SELECT r.version FROM %s.resource r WHERE r.tenant_id = $1 "
						   "AND r.id = ANY ($3) AND r.resource_type = %s",
						   members->store->quoted_name,
						   quote_literal_cstr(resource->type->name))),
		&params, false, 1);
	if (!DatumGetBool(ScimResultValue(0, 1, BOOLOID)))
		ScimPastLose(members->store, &group->past, members->instant);
}

/* What a member was called, by the document of then. */
static char *
display_of(const JsonbValue *document)
{
	const JsonbValue *value = NULL;

	if (document->type == jbvObject)
	{
		value = ScimJsonGet(document, "displayName");
		if (value == NULL || value->type != jbvString)
			value = ScimJsonGet(document, "userName");
	}
	return value != NULL && value->type == jbvString ? ScimJsonStringCopy(value) : NULL;
}

/* One member of the level: id, type, display, document of then, and its type. */
static void
put_member(void *arg, HeapTuple row, TupleDesc desc)
{
	PastMembers *members = arg;
	const pg_uuid_t *id = DatumGetUUIDP(ScimColumnValue(row, desc, 1, UUIDOID));
	const ScimResourceType *type;
	Datum values[MEMBER_COLUMNS];
	bool nulls[MEMBER_COLUMNS] = {false};
	bool has_document;
	bool isnull;
	Datum document;

	if (!note_id(members, id))
		return;
	values[0] = UUIDPGetDatum(id);
	values[1] = ScimColumn(row, desc, 2, TEXTOID, &nulls[1]);
	values[2] = ScimColumn(row, desc, 3, TEXTOID, &nulls[2]);
	document = ScimColumn(row, desc, 4, JSONBOID, &isnull);
	has_document = !isnull;
	if (has_document)
	{
		char *display = display_of(ScimStoredDocument(NULL, DatumGetJsonbP(document)));

		nulls[2] = display == NULL;
		values[2] = display != NULL ? CStringGetTextDatum(display) : (Datum) 0;
	}
	values[3] = BoolGetDatum(members->direct);
	type = nulls[1] ? NULL
					: ScimRegistryType(members->store->registry,
									   TextDatumGetCString(values[1]));
	/* what somebody may not read he is not told of, but that it is there */
	if (type != NULL && !ScimScopeAllows(members->store, type->name, false))
	{
		nulls[1] = nulls[2] = true;
		type = NULL;
	}
	tuplestore_putvalues(members->result->setResult, members->result->setDesc, values,
						 nulls);
	if (type != NULL && type->has_members && memcmp(id, members->root, UUID_LEN) != 0)
	{
		MemoryContext old = MemoryContextSwitchTo(members->context);
		pg_uuid_t *copy = palloc(sizeof(pg_uuid_t));

		*copy = *id;
		members->level = lappend(members->level, copy);
		MemoryContextSwitchTo(old);
	}
}

static void
put_members(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	ScimUseEachRow(put_member, arg, rows, nrows, desc);
}

/* The groups at hand as arrays: ids, and instants and ids of lists. */
static void
add_groups(const PastMembers *members, ScimParams *params)
{
	int n = list_length(members->groups);
	Datum *ids = palloc(sizeof(Datum) * n);
	Datum *list_instants = palloc0(sizeof(Datum) * n);
	Datum *list_ids = palloc0(sizeof(Datum) * n);
	bool *no_list = palloc(sizeof(bool) * n);

	for (int i = 0; i < n; i++)
	{
		PastGroup *group = list_nth(members->groups, i);

		ids[i] = UUIDPGetDatum(&group->past.resource.id);
		no_list[i] = !group->has_list;
		list_instants[i] = TimestampTzGetDatum(group->list_at);
		list_ids[i] = UUIDPGetDatum(&group->list_id);
	}
	start_params(members, ScimArray(ids, NULL, n, UUIDOID), params);
	ScimParamsAdd(params, TIMESTAMPTZARRAYOID,
				  ScimArray(list_instants, no_list, n, TIMESTAMPTZOID), false);
	ScimParamsAdd(params, UUIDARRAYOID, ScimArray(list_ids, no_list, n, UUIDOID), false);
}

/* An instant so many days after the one that is asked for. */
static void
add_later(const PastMembers *members, int days, ScimParams *params)
{
	TimestampTz latest = ScimPastHorizon(members->instant);
	TimestampTz later;

	if (pg_add_s64_overflow(members->instant, days * USECS_PER_DAY, &later))
		later = latest;
	ScimParamsAdd(params, TIMESTAMPTZOID, TimestampTzGetDatum(Min(later, latest)), false);
}

/*
 * The members of groups.  What each was called is in its row, where that has not changed
 * since, and else in the first step after the instant, which is looked for in the months
 * soon after it, then in later ones.  How many there are the planner cannot know: what is
 * LATERAL with LIMIT or OFFSET is looked up by its key.
 */
static void
find_members(PastMembers *members)
{
	ScimParams params;

	add_groups(members, &params);
	add_later(members, SOON, &params);
	add_later(members, LATER, &params);
	ScimSpiForEachForAny(
		psprintf(
			"WITH g AS (SELECT g.id, g.list_at, g.list_id, "
			"coalesce(g.list_at, $4) AS until "
			"FROM unnest($3, $5, $6) AS g (id, list_at, list_id)), "
			"since AS (SELECT DISTINCT ON (a.resource_id, a.member_id) "
			"a.resource_id, a.member_id, a.operation = 'remove member' AS was_there "
			"FROM g, LATERAL (SELECT * FROM %1$s.audit a WHERE a.tenant_id = $1 "
			"AND a.resource_id = g.id AND a.at > $2 AND a.at < $4 AND a.at <= g.until "
			"AND (g.list_at IS NULL OR (a.at, a.id) <= (g.list_at, g.list_id)) "
			"AND a.member_id IS NOT NULL OFFSET 0) AS a "
			"ORDER BY a.resource_id, a.member_id, a.at, a.id), "
			"list AS (SELECT g.id AS group_id, m.member_id, m.member_type FROM g, "
			"LATERAL (SELECT * FROM %1$s.member m WHERE m.tenant_id = $1 "
			"AND m.group_id = g.id AND g.list_at IS NULL OFFSET 0) AS m "
			"UNION ALL SELECT g.id, i.id::uuid, nullif(t.member_type, '') FROM g, "
			"LATERAL (SELECT a.detail -> 'members' AS list FROM %1$s.audit a "
			"WHERE a.tenant_id = $1 AND a.at = g.list_at AND a.id = g.list_id "
			"OFFSET 0) AS l, jsonb_each(l.list) AS t (member_type, ids), "
			"jsonb_array_elements_text(t.ids) AS i (id)), "
			"was AS (SELECT l.member_id, l.member_type FROM list l WHERE NOT EXISTS "
			"(SELECT FROM since s WHERE s.resource_id = l.group_id "
			"AND s.member_id = l.member_id) "
			"UNION ALL SELECT s.member_id, NULL FROM since s WHERE s.was_there) "
			"SELECT w.member_id, coalesce(s.resource_type, m.resource_type, "
			"l.resource_type, r.resource_type, w.member_type)::text, "
			"coalesce(r.display_name, r.user_name)::text, "
			"coalesce(s.before, m.before, l.before) "
			"FROM was w LEFT JOIN LATERAL (SELECT * FROM %1$s.resource r "
			"WHERE r.tenant_id = $1 AND r.id = w.member_id LIMIT 1) AS r ON true "
			"LEFT JOIN LATERAL (%2$s AND a.at > $2 AND a.at <= $7 "
			"ORDER BY a.at, a.id LIMIT 1) AS s ON true "
			"LEFT JOIN LATERAL (%2$s AND s.id IS NULL AND a.at > $7 AND a.at <= $8 "
			"ORDER BY a.at, a.id LIMIT 1) AS m ON true "
			"LEFT JOIN LATERAL (%2$s AND s.id IS NULL AND m.id IS NULL AND a.at > $8 "
			"AND a.at < $4 ORDER BY a.at, a.id LIMIT 1) AS l ON true "
			"ORDER BY w.member_id",
			members->store->quoted_name,
			psprintf("SELECT * FROM %s.audit a WHERE a.tenant_id = $1 "
					 "AND (r.id IS NULL OR r.last_modified > $2) "
					 "AND a.resource_id = w.member_id AND a.member_id IS NULL "
					 "AND a.operation IN (" SCIM_AUDIT_STEPS ") "
					 "AND a.operation <> 'create'",
					 members->store->quoted_name)),
		&params, put_members, members);
}

static const ScimResourceType *
type_of_group(ScimStore *store, const pg_uuid_t *id)
{
	const ScimResourceType *type;
	ScimParams params;

	ScimParamsOfResource(&params, ScimTenant(), id);
	ScimSpiExecuteForAny(psprintf("SELECT r.resource_type::text FROM %1$s.resource r "
								  "WHERE r.tenant_id = $1 AND r.id = $2",
								  store->quoted_name),
						 &params, false, 1);
	if (SPI_processed == 0)
		ScimSpiExecuteForAny(psprintf("SELECT a.resource_type::text FROM %s.audit a "
									  "WHERE a.tenant_id = $1 AND a.resource_id = $2 "
									  "AND a.resource_type IS NOT NULL "
									  "ORDER BY a.at DESC, a.id DESC",
									  store->quoted_name),
							 &params, false, 1);
	if (SPI_processed == 0)
		return NULL;
	type = ScimRegistryType(store->registry, ScimResultText(0, 1));
	return type != NULL && type->has_members ? type : NULL;
}

/* The groups of a level, as they were: by their types, since there may be several. */
static void
find_groups(PastMembers *members)
{
	ScimStore *store = members->store;
	int n = list_length(members->level);
	Datum *ids = palloc(sizeof(Datum) * (n + 1));

	members->groups = NIL;
	for (int i = 0; i < store->registry->ntypes; i++)
	{
		const ScimResourceType *type = &store->registry->types[i];
		int nids = 0;
		ListCell *lc;

		if (!type->has_members)
			continue;
		foreach (lc, members->level)
		{
			if (type_of_group(store, lfirst(lc)) == type)
				ids[nids++] = UUIDPGetDatum((pg_uuid_t *) lfirst(lc));
		}
		if (nids > 0)
			ScimPastEach(store, type, members->instant, ids, nids, take_group, members);
	}
}

/*
 * scim.members_at(group_id, instant timestamptz) returns setof (value uuid, type text,
 * display text, direct boolean)
 */
Datum
scim_members_at(PG_FUNCTION_ARGS)
{
	PastMembers members = {.store = ScimStoreCurrent()};
	const ScimResourceType *type;
	const char *id_text;
	pg_uuid_t id;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("group_id and instant must not be null")));
	id_text = ScimIdArgument(fcinfo, 0);
	members.instant = PG_GETARG_TIMESTAMPTZ(1);
	(void) ScimTenant();
	ScimRequireSelect(members.store, SCIM_TABLE_AUDIT);
	ScimRequireSelect(members.store, SCIM_TABLE_RESOURCE);
	ScimRequireSelect(members.store, SCIM_TABLE_MEMBER);
	InitMaterializedSRF(fcinfo, 0);
	members.result = (ReturnSetInfo *) fcinfo->resultinfo;
	if (!ScimUuidParse(id_text, &id))
		return (Datum) 0;
	SPI_connect();
	members.context = CurrentMemoryContext;
	type = type_of_group(members.store, &id);
	if (type != NULL)
		ScimScopeRequireOfCall(members.store, type->name, false);
	members.root = &id;
	ScimBucketsInit(&members.by_id, 0);
	members.level = type != NULL ? list_make1(&id) : NIL;
	members.direct = true;
	while (members.level != NIL)
	{
		ListCell *lc;

		CHECK_FOR_INTERRUPTS();
		find_groups(&members);
		members.level = NIL;
		if (members.groups == NIL)
			break;
		foreach (lc, members.groups)
		{
			PastGroup *group = lfirst(lc);

			find_list(&members, group);
			require_versions(&members, group);
		}
		find_members(&members);
		members.direct = false;
	}
	SPI_finish();
	return (Datum) 0;
}
