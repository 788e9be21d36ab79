/*
 * member_change.c
 *		What one write does to the members of a group.
 *
 * Whatever number of operations it has, it is one change.  They are gone through in
 * order, and what is left of them is one statement that removes members and one that
 * adds some:
 *
 *		add 1; remove 1				1 goes, if it was there
 *		remove 1; add 1				nothing, if it was there, else 1 comes
 *		replace by 1, 2; add 3		all but 1, 2 and 3 go, those of them come
 *									that were not there
 *
 * A remove by a filter that does not name its members reads which they are: those
 * that are there by then.  Those that are named and have to be something besides are
 * fetched before the first operation, at once.
 *
 * A member that is there stays as it is, whatever else is said of it.  One that is
 * removed and added again is as it was added: of what the table has of it, its type
 * where no live resource tells another.
 *
 * Meanwhile the group is at the door: the caller moves its version, once.
 */
#include "postgres.h"

#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "door/guard/guard.h"
#include "door/members/members.h"
#include "door/roles/roles.h"
#include "json/buckets.h"
#include "json/json.h"
#include "mapping/predicate/predicate.h"
#include "resource/patch/patch.h"
#include "resource/resource.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/statement/written.h"
#include "store/store.h"
#include "text/hash.h"

/*
 * An array of more than so many ids is planned for anew: the server hashes it
 * then, while a kept plan compares each row with each of them.
 */
#define MANY_MEMBERS 100

/* How many filters one statement reads by. */
#define FILTERS_AT_ONCE 50

/* A member is fetched by such a statement in the time of so many visits of a value. */
#define MEMBER_VISITS 30

/*
 * The group that is at the door, or NULL: scim_member_record does not touch it, and its
 * members come and go at this instant.
 */
const pg_uuid_t *ScimGroupAtDoor = NULL;
const ScimResourceType *ScimGroupAtDoorType = NULL;
int64 ScimGroupAtDoorVersion;
TimestampTz ScimGroupChanges;

/* What is stored of a member of whom a filter asks more than who it is. */
typedef struct Stored
{
	bool there;            /* a member of before */
	const char *type;      /* of the membership, or NULL */
	const char *live_type; /* of the resource, NULL: there is none */
	const char *display;
} Stored;

/* A member that the operations name. */
typedef struct NetMember
{
	pg_uuid_t id;
	bool is_id;               /* else it is made from the value */
	bool added;               /* there, unless it was added before the last replace */
	int replaces;             /* how many there were when it was added */
	bool removed;             /* the row of before is not there any more */
	int survived;             /* how many replaces the row of before has survived */
	const JsonbValue *member; /* as it was added, or else removed */
	const Stored *stored;     /* NULL: no filter asks */
} NetMember;

typedef struct Net
{
	ScimStore *store;
	int32 tenant_id;
	const pg_uuid_t *group_id;
	int64 stored; /* how many members it had before; -1: not counted */
	int64 visits; /* what the PATCH has looked at */
	int replaces; /* each removes all that it does not list */
	int count;
	int capacity;
	NetMember *members;
	ScimBuckets by_id;
} Net;

/* Which of the members an array is of. */
typedef enum Part
{
	PART_STATED,  /* those of whom something is said */
	PART_PRESENT, /* those that are there */
	PART_STALE,   /* those whose row of before is not */
	PART_GONE,    /* of these, those that are not there again */
	PART_RENEWED  /* of these, those that are */
} Part;

static void start_net(Net *net);
static bool is_present(const Net *net, const NetMember *member);
static bool is_stale(const Net *net, const NetMember *member);
static bool is_in(const Net *net, const NetMember *member, Part part);
static NetMember *net_member(Net *net, const pg_uuid_t *id);
static NetMember *named_member(Net *net, const JsonbValue *member, bool *is_id);
static void
apply_change(Net *net, const ScimResourceType *type, const ScimMemberChange *change);
static void replace_members(Net *net, const JsonbValue *members);
static void fetch_named(Net *net, const List *changes);
static void
remove_named(Net *net, const ScimResourceType *type, const ScimMemberChange *change);
static void remove_matching(Net *net, const ScimResourceType *type, List *filters);
static uint64 delete_matching(Net *net, const ScimResourceType *type, List *filters);
static void append_filters(StringInfo query, ScimParams *params, const Net *net,
						   const ScimResourceType *type, List *filters, int first);
static bool states_types(const Net *net);
static uint64 write_net(const Net *net);
static void start_params(ScimParams *params, const Net *net);
static int add_ids(ScimParams *params, const Net *net, Part part);
static void add_texts(ScimParams *params, const Net *net, Part part, const char *name);

/*
 * ScimMembersChange applies what a PATCH does to the members of a group at an instant: a
 * list of ScimMemberChange, in order.  Returns how many memberships came and went; where
 * there are any, the caller moves the version of the group.
 */
uint64
ScimMembersChange(ScimStore *store, int32 tenant_id, const pg_uuid_t *group_id,
				  const ScimResourceType *type, int64 version, List *changes,
				  TimestampTz now)
{
	const ScimMemberChange *first = linitial(changes);
	const pg_uuid_t *outer = ScimGroupAtDoor;
	const ScimResourceType *outer_type = ScimGroupAtDoorType;
	int64 outer_version = ScimGroupAtDoorVersion;
	TimestampTz outer_changes = ScimGroupChanges;
	Net net = {.store = store,
			   .tenant_id = tenant_id,
			   .group_id = group_id,
			   .stored = -1,
			   .visits = first->visits};
	uint64 changed = 0;
	ListCell *lc;

	ScimMembersSpell(store, tenant_id, type, changes);
	ScimGroupAtDoor = group_id;
	ScimGroupAtDoorType = type;
	ScimGroupAtDoorVersion = version;
	ScimGroupChanges = now;
	PG_TRY();
	{
		/* all memory goes with SPI's */
		SPI_connect();
		start_net(&net);
		if (list_length(changes) == 1 && first->action == SCIM_MEMBERS_REMOVE_FILTER)
			changed = delete_matching(&net, type, first->filters);
		else
		{
			fetch_named(&net, changes);
			foreach (lc, changes)
				apply_change(&net, type, lfirst(lc));
			changed = write_net(&net);
		}
		SPI_finish();
	}
	PG_FINALLY();
	{
		ScimGroupAtDoor = outer;
		ScimGroupAtDoorType = outer_type;
		ScimGroupAtDoorVersion = outer_version;
		ScimGroupChanges = outer_changes;
	}
	PG_END_TRY();
	ScimGuardSettle(ScimTriggerDepth() + 1);
	ScimRolesSettle(ScimTriggerDepth() + 1);
	return changed;
}

/*
 * ScimMembersReplaceAtDoor sets the members of a group whose own row is being
 * written.  Returns how many memberships came and went.
 */
uint64
ScimMembersReplaceAtDoor(ScimStore *store, int32 tenant_id, const pg_uuid_t *group_id,
						 const ScimResourceType *type, int64 version,
						 const JsonbValue *members, TimestampTz now)
{
	ScimMemberChange change = {.action = SCIM_MEMBERS_REPLACE,
							   .members = (JsonbValue *) members};
	List *changes = list_make1(&change);
	uint64 changed =
		ScimMembersChange(store, tenant_id, group_id, type, version, changes, now);

	list_free(changes);
	return changed;
}

/*
 * ScimMembersWouldChange: would that be any?  Who is a member already stays as he is,
 * whatever else is said of him.
 */
bool
ScimMembersWouldChange(ScimStore *store, int32 tenant_id, const pg_uuid_t *group_id,
					   const JsonbValue *members)
{
	Net net = {.store = store, .tenant_id = tenant_id, .group_id = group_id};
	ScimIdentity caller = ScimBeOwner(store->owner);
	ScimParams params;
	bool changes;

	SPI_connect();
	start_net(&net);
	replace_members(&net, members);
	start_params(&params, &net);
	add_ids(&params, &net, PART_PRESENT);
	ScimSpiExecuteOnce(
		psprintf("SELECT EXISTS (SELECT FROM %1$s.member m WHERE m.tenant_id = $1 "
				 "AND m.group_id = $2 AND m.member_id OPERATOR(pg_catalog.<>) ALL ($3)) "
				 "OR EXISTS (SELECT FROM unnest($3) AS a (id) WHERE NOT EXISTS "
				 "(SELECT FROM %1$s.member m WHERE m.tenant_id = $1 "
				 "AND m.group_id = $2 AND m.member_id = a.id))",
				 store->quoted_name),
		&params, false, 1);
	changes = DatumGetBool(ScimResultValue(0, 1, BOOLOID));
	SPI_finish();
	ScimBeCaller(caller);
	return changes;
}

/* Nobody has been named. */
static void
start_net(Net *net)
{
	net->capacity = 64;
	net->members = palloc(net->capacity * sizeof(NetMember));
	ScimBucketsInit(&net->by_id, net->capacity);
}

static bool
is_present(const Net *net, const NetMember *member)
{
	return member->added && member->replaces == net->replaces;
}

static bool
is_stale(const Net *net, const NetMember *member)
{
	return member->removed || member->survived < net->replaces;
}

static bool
is_in(const Net *net, const NetMember *member, Part part)
{
	switch (part)
	{
		case PART_STATED:
			return member->member != NULL;
		case PART_PRESENT:
			return is_present(net, member);
		case PART_STALE:
			return is_stale(net, member);
		case PART_GONE:
			return is_stale(net, member) && !is_present(net, member);
		case PART_RENEWED:
			return is_stale(net, member) && is_present(net, member);
	}
	return false;
}

/* The member with an id, which is noted where it is not yet. */
static NetMember *
net_member(Net *net, const pg_uuid_t *id)
{
	uint32 hash = ScimHash(id->data, UUID_LEN);
	NetMember *member;

	for (int at = ScimBucketsFirst(&net->by_id, hash); at >= 0;
		 at = ScimBucketsNext(&net->by_id, at))
	{
		member = &net->members[ScimBucketsItem(&net->by_id, at)];
		if (memcmp(&member->id, id, UUID_LEN) == 0)
			return member;
	}
	if (net->count == net->capacity)
	{
		net->capacity *= 2;
		net->members = repalloc_huge(net->members, net->capacity * sizeof(NetMember));
	}
	ScimBucketsAdd(&net->by_id, hash, net->count);
	member = &net->members[net->count++];
	memset(member, 0, sizeof(NetMember));
	member->id = *id;
	return member;
}

/* The same for what a client says of a member. */
static NetMember *
named_member(Net *net, const JsonbValue *member, bool *is_id)
{
	const JsonbValue *value = ScimJsonGet(member, "value");
	pg_uuid_t id;

	CHECK_FOR_INTERRUPTS();
	if (value == NULL || value->type != jbvString)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("attribute \"members.value\" is required")));
	ScimMemberKey(value->val.string.val, value->val.string.len, &id, is_id);
	return net_member(net, &id);
}

static void
add_member(Net *net, const JsonbValue *stated)
{
	bool is_id;
	NetMember *member = named_member(net, stated, &is_id);

	if (!is_present(net, member))
	{
		member->member = stated;
		member->is_id = is_id;
	}
	member->added = true;
	member->replaces = net->replaces;
}

static void
remove_member(NetMember *member)
{
	member->added = false;
	member->removed = true;
}

static void
apply_change(Net *net, const ScimResourceType *type, const ScimMemberChange *change)
{
	const JsonbValue *members = change->members;
	bool is_id;

	if (members != NULL)
		ScimSpendMembers(members->val.array.nElems);
	switch (change->action)
	{
		case SCIM_MEMBERS_ADD:
			for (int i = 0; i < members->val.array.nElems; i++)
				add_member(net, &members->val.array.elems[i]);
			break;
		case SCIM_MEMBERS_REMOVE:
			for (int i = 0; i < members->val.array.nElems; i++)
			{
				const JsonbValue *stated = &members->val.array.elems[i];
				NetMember *member = named_member(net, stated, &is_id);

				if (!is_present(net, member))
					member->member = stated;
				remove_member(member);
			}
			break;
		case SCIM_MEMBERS_REMOVE_NAMED:
			remove_named(net, type, change);
			break;
		case SCIM_MEMBERS_REMOVE_FILTER:
			remove_matching(net, type, change->filters);
			break;
		case SCIM_MEMBERS_REPLACE:
			replace_members(net, members);
			break;
	}
}

/* members NULL: by none */
static void
replace_members(Net *net, const JsonbValue *members)
{
	int before = net->replaces++;

	for (int i = 0; members != NULL && i < members->val.array.nElems; i++)
	{
		const JsonbValue *stated = &members->val.array.elems[i];
		bool is_id;
		NetMember *member = named_member(net, stated, &is_id);

		if (!member->removed && member->survived == before)
			member->survived = net->replaces;
		/* who was there until now stays */
		if (member->added && member->replaces == before)
			member->replaces = net->replaces;
		add_member(net, stated);
	}
}

/* Fetches what is stored of those of whom filters ask more than who they are. */
static void
fetch_named(Net *net, const List *changes)
{
	const char *readable = ScimScopeTypes(net->store);
	Datum *ids;
	ScimParams params;
	int n = 0;
	ListCell *lc;
	ListCell *lc2;

	foreach (lc, changes)
	{
		foreach (lc2, ((const ScimMemberChange *) lfirst(lc))->named)
		{
			const ScimNamedMember *named = lfirst(lc2);
			bool is_id;

			(void) named_member(net, named->member, &is_id);
		}
	}
	if (net->count == 0)
		return;
	ScimSpendVisits((int64) MEMBER_VISITS * net->count);
	ids = palloc(sizeof(Datum) * net->count);
	for (int i = 0; i < net->count; i++)
		ids[n++] = UUIDPGetDatum(&net->members[i].id);
	start_params(&params, net);
	ScimParamsAdd(&params, UUIDARRAYOID, ScimArray(ids, NULL, n, UUIDOID), false);
	ScimSpiExecuteOnce(
		psprintf("SELECT a.id, m.member_id IS NOT NULL, m.member_type, x.resource_type, "
				 "coalesce(x.display_name, x.user_name) FROM unnest($3) AS a (id) "
				 "LEFT JOIN %1$s.member m ON m.tenant_id = $1 AND m.group_id = $2 "
				 "AND m.member_id = a.id "
				 "LEFT JOIN %1$s.resource x ON x.tenant_id = $1 AND x.id = a.id "
				 "AND x.deleted_at IS NULL%2$s",
				 net->store->quoted_name,
				 readable ? psprintf(" AND x.resource_type IN (%s)", readable) : ""),
		&params, false, 0);
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		NetMember *member =
			net_member(net, DatumGetUUIDP(ScimResultValue(row, 1, UUIDOID)));
		Stored *stored = palloc(sizeof(Stored));

		CHECK_FOR_INTERRUPTS();
		stored->there = DatumGetBool(ScimResultValue(row, 2, BOOLOID));
		stored->type = ScimResultText(row, 3);
		stored->live_type = ScimResultText(row, 4);
		stored->display = ScimResultText(row, 5);
		member->stored = stored;
	}
	SPI_freetuptable(SPI_tuptable);
}

/* A member as a filter sees it; NULL where it is none by now. */
static Jsonb *
filter_input(const Net *net, const NetMember *member, const ScimNamedMember *named,
			 bool is_id)
{
	const Stored *stored = member->stored;
	const ScimReferenceParts parts = {ScimBaseUrl(net->store), true, true, true, true};
	const JsonbValue *added;
	const char *type = stored->live_type;
	StringInfoData text;

	if (stored->there && !is_stale(net, member))
		type = type != NULL ? type : stored->type;
	else if (is_present(net, member))
	{
		added = ScimJsonGet(member->member, "type");
		if (type == NULL && added != NULL)
			type = ScimJsonStringCopy(added);
	}
	else
		return NULL;
	initStringInfo(&text);
	ScimAppendReference(
		&text, &parts,
		is_id ? ScimUuidText(&member->id)
			  : ScimJsonStringCopy(ScimJsonGet(named->member, "value")),
		NULL, stored->live_type ? ScimTypeByName(net->store, stored->live_type) : NULL,
		type, stored->display);
	return ScimJsonTextToJsonb(text.data, text.len);
}

/* Remove those of the named members, who are there by now, of whom the rest holds. */
static void
remove_named(Net *net, const ScimResourceType *type, const ScimMemberChange *change)
{
	MemoryContext scratch =
		AllocSetContextCreate(CurrentMemoryContext, "scim member", ALLOCSET_SMALL_SIZES);
	ListCell *lc;
	ListCell *lc2;

	ScimSpendMembers(list_length(change->named));
	foreach (lc, change->named)
	{
		const ScimNamedMember *named = lfirst(lc);
		MemoryContext caller = MemoryContextSwitchTo(scratch);
		bool is_id;
		NetMember *member = named_member(net, named->member, &is_id);
		const Jsonb *input = filter_input(net, member, named, is_id);
		bool matches = input != NULL;

		foreach (lc2, named->conditions)
		{
			int64 visits = 0;

			matches =
				matches && ScimFilterMatchNode(named->filter, lfirst_int(lc2),
											   (JsonbContainer *) &input->root, &visits);
			ScimPatchVisitMembers(type, visits, 1, &net->visits);
		}
		if (matches)
			remove_member(member);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(scratch);
	}
	MemoryContextDelete(scratch);
}

/*
 * Counts what filters look at: each of their terms at each member.  That these are
 * fetched counts for the request as a whole: a change by itself does so a few times at
 * most.
 */
static void
visit_members(Net *net, const ScimResourceType *type, const List *filters)
{
	int64 statements = (list_length(filters) - 1) / FILTERS_AT_ONCE + 1;
	int64 terms = 0;
	ListCell *lc;

	foreach (lc, filters)
		terms += ((const ScimFilter *) lfirst(lc))->nnodes;
	if (net->stored < 0)
	{
		ScimParams params;

		start_params(&params, net);
		ScimSpiExecute(psprintf("SELECT count(*) FROM %s.member "
								"WHERE tenant_id = $1 AND group_id = $2",
								net->store->quoted_name),
					   &params, false, 0);
		net->stored = DatumGetInt64(ScimResultValue(0, 1, INT8OID));
	}
	ScimSpendVisits(statements * MEMBER_VISITS * (net->stored + net->count));
	ScimPatchVisitMembers(type, terms, net->stored + net->count, &net->visits);
}

/* Remove the members that one of some filters matches, of those that are there by now. */
static void
remove_matching(Net *net, const ScimResourceType *type, List *filters)
{
	const char *store = net->store->quoted_name;

	visit_members(net, type, filters);
	for (int i = 0; i < list_length(filters); i += FILTERS_AT_ONCE)
	{
		StringInfoData query;
		ScimParams params;

		start_params(&params, net);
		add_ids(&params, net, PART_STALE);
		add_ids(&params, net, PART_PRESENT);
		add_texts(&params, net, PART_PRESENT, "value");
		add_texts(&params, net, PART_PRESENT, "type");
		initStringInfo(&query);
		appendStringInfo(
			&query,
			"SELECT m.member_id FROM ("
			"SELECT tenant_id, group_id, member_id, value, member_type FROM %1$s.member "
			"WHERE tenant_id = $1 AND group_id = $2 "
			"AND member_id OPERATOR(pg_catalog.<>) ALL ($3)%2$s "
			"UNION ALL SELECT $1, $2, a.id, a.value COLLATE \"C\", a.type COLLATE \"C\" "
			"FROM unnest($4, $5, $6) AS a (id, value, type) "
			"WHERE a.id OPERATOR(pg_catalog.=) ANY ($3) OR NOT EXISTS "
			"(SELECT FROM %1$s.member e WHERE e.tenant_id = $1 AND e.group_id = $2 "
			"AND e.member_id = a.id)"
			") AS m (tenant_id, group_id, member_id, value, member_type) WHERE ",
			store,
			net->replaces > 0 ? " AND member_id OPERATOR(pg_catalog.=) ANY ($4)" : "");
		append_filters(&query, &params, net, type, filters, i);
		ScimSpiExecuteOnce(query.data, &params, false, 0);
		for (uint64 row = 0; row < SPI_processed; row++)
		{
			Datum id = ScimResultValue(row, 1, UUIDOID);

			CHECK_FOR_INTERRUPTS();
			remove_member(net_member(net, DatumGetUUIDP(id)));
		}
		SPI_freetuptable(SPI_tuptable);
	}
}

/* The same where nothing else is changed, so that nobody needs to be read. */
static uint64
delete_matching(Net *net, const ScimResourceType *type, List *filters)
{
	uint64 deleted = 0;

	visit_members(net, type, filters);
	for (int i = 0; i < list_length(filters); i += FILTERS_AT_ONCE)
	{
		StringInfoData query;
		ScimParams params;

		start_params(&params, net);
		initStringInfo(&query);
		appendStringInfoString(&query, "m.tenant_id = $1 AND m.group_id = $2 AND ");
		append_filters(&query, &params, net, type, filters, i);
		deleted += ScimMembersDelete(net->store, query.data, &params, true);
	}
	return deleted;
}

/* Does one of the filters from the first on match a row m? */
static void
append_filters(StringInfo query, ScimParams *params, const Net *net,
			   const ScimResourceType *type, List *filters, int first)
{
	int end = Min(first + FILTERS_AT_ONCE, list_length(filters));
	List *some = NIL;

	for (int i = first; i < end; i++)
		some = lappend(some, list_nth(filters, i));
	ScimMemberPredicates(query, params, net->store, type, some);
}

/* Does any member that is there have a type as it was stated? */
static bool
states_types(const Net *net)
{
	for (int i = 0; i < net->count; i++)
	{
		if (is_in(net, &net->members[i], PART_STATED) &&
			ScimJsonGet(net->members[i].member, "type") != NULL)
			return true;
	}
	return false;
}

#define INSERT_MEMBERS(rows)                                     \
	"INSERT INTO %1$s.member AS m "                              \
	"(tenant_id, group_id, member_id, value, member_type) " rows \
	" ON CONFLICT DO NOTHING"
#define ALL_MEMBERS                         \
	"SELECT $1, $2, a.id, a.value, a.type " \
	"FROM unnest($3, $4, $5) AS a (id, value, type)"

/*
 * The same where a trigger of somebody's may make other rows of them, or none: what is
 * stored is what was written, or nothing is.
 */
static uint64
insert_watched(const Net *net, const ScimParams *params)
{
	const char *store = net->store->quoted_name;
	uint64 inserted;

	ScimSpiExecute(
		psprintf(
			"WITH written AS (" INSERT_MEMBERS(
				ALL_MEMBERS) " RETURNING m.tenant_id, m.group_id, "
							 "m.member_id, m.value, m.member_type) SELECT count(*), "
							 "count(*) FILTER (WHERE NOT EXISTS ("
							 "SELECT FROM unnest($3, $4, $5) AS a (id, value, type) "
							 "WHERE w.tenant_id = $1 AND w.group_id = $2 AND w.member_id "
							 "= a.id "
							 "AND w.value IS NOT DISTINCT FROM a.value COLLATE \"C\" "
							 "AND w.member_type IS NOT DISTINCT FROM a.type COLLATE "
							 "\"C\")) "
							 "FROM written w",
			store),
		params, false, 0);
	inserted = DatumGetInt64(ScimResultValue(0, 1, INT8OID));
	if (DatumGetInt64(ScimResultValue(0, 2, INT8OID)) > 0)
		ScimRaiseChanged("member");
	ScimSpiExecute(
		psprintf("SELECT FROM unnest($3, $4, $5) AS a (id, value, type) "
				 "WHERE NOT EXISTS (SELECT FROM %s.member m WHERE m.tenant_id = $1 "
				 "AND m.group_id = $2 AND m.member_id = a.id)",
				 store),
		params, false, 1);
	if (SPI_processed > 0)
		ScimRaiseSkipped("member");
	return inserted;
}

/* What is left of all operations.  Returns the number of rows. */
static uint64
write_net(const Net *net)
{
	bool replaced = net->replaces > 0;
	const char *store = net->store->quoted_name;
	ScimParams params;
	uint64 changed = 0;
	int nids;

	if (states_types(net))
	{
		/* of those, too, that are members already and stay as they are, or go */
		start_params(&params, net);
		add_ids(&params, net, PART_STATED);
		add_texts(&params, net, PART_STATED, "type");
		ScimCheckMemberTypes(net->store,
							 "(SELECT $1 AS tenant_id, a.id AS member_id, "
							 "a.type AS member_type FROM unnest($3, $4) AS a (id, type))",
							 &params, false);
	}
	start_params(&params, net);
	nids = add_ids(&params, net, replaced ? PART_PRESENT : PART_GONE);
	if (replaced || nids > 0)
	{
		char *which = psprintf(
			"m.tenant_id = $1 AND m.group_id = $2 AND m.member_id %s ($3)",
			replaced ? "OPERATOR(pg_catalog.<>) ALL" : "OPERATOR(pg_catalog.=) ANY");

		changed = ScimMembersDelete(net->store, which, &params, nids <= MANY_MEMBERS);
	}
	start_params(&params, net);
	if (add_ids(&params, net, PART_RENEWED) > 0)
	{
		add_texts(&params, net, PART_RENEWED, "type");
		ScimSpiExecute(
			psprintf("DELETE FROM %1$s.member m USING unnest($3, $4) AS a (id, type) "
					 "WHERE m.tenant_id = $1 AND m.group_id = $2 AND m.member_id = a.id "
					 "AND m.member_type IS DISTINCT FROM a.type "
					 "AND NOT EXISTS (SELECT FROM %1$s.resource r "
					 "WHERE r.tenant_id = $1 AND r.id = a.id AND r.deleted_at IS NULL)",
					 store),
			&params, false, 0);
		changed += SPI_processed;
	}
	start_params(&params, net);
	nids = add_ids(&params, net, PART_PRESENT);
	if (nids > 0)
	{
		add_texts(&params, net, PART_PRESENT, "value");
		add_texts(&params, net, PART_PRESENT, "type");
		if (ScimHasOtherTrigger(net->store->tables.relid[SCIM_TABLE_MEMBER],
								TRIGGER_TYPE_INSERT))
			return changed + insert_watched(net, &params);
		/* most of the time it is one, for whom a join is dear */
		ScimSpiExecute(
			psprintf(nids == 1 ? INSERT_MEMBERS("VALUES ($1, $2, $3[1], $4[1], $5[1])")
							   : INSERT_MEMBERS(ALL_MEMBERS),
					 store),
			&params, false, 0);
		changed += SPI_processed;
	}
	return changed;
}

/* $1 tenant, $2 group */
static void
start_params(ScimParams *params, const Net *net)
{
	ScimParamsInit(params);
	ScimParamsAdd(params, INT4OID, Int32GetDatum(net->tenant_id), false);
	ScimParamsAdd(params, UUIDOID, UUIDPGetDatum(net->group_id), false);
}

/* Adds the ids of some members, uuid[]; returns how many there are. */
static int
add_ids(ScimParams *params, const Net *net, Part part)
{
	Datum *ids = palloc(sizeof(Datum) * (net->count + 1));
	int n = 0;

	for (int i = 0; i < net->count; i++)
	{
		if (is_in(net, &net->members[i], part))
			ids[n++] = UUIDPGetDatum(&net->members[i].id);
	}
	ScimParamsAdd(params, UUIDARRAYOID, ScimArray(ids, NULL, n, UUIDOID), false);
	pfree(ids);
	return n;
}

/*
 * Adds what some members, which are there, were stated to have, text[].  The value is
 * kept only where it is no id.
 */
static void
add_texts(ScimParams *params, const Net *net, Part part, const char *name)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext context =
		AllocSetContextCreate(caller, "scim member texts", ALLOCSET_DEFAULT_SIZES);
	bool is_value = strcmp(name, "value") == 0;
	Datum *texts;
	bool *nulls;
	int n = 0;

	MemoryContextSwitchTo(context);
	texts = palloc(sizeof(Datum) * (net->count + 1));
	nulls = palloc0(net->count + 1);
	for (int i = 0; i < net->count; i++)
	{
		const NetMember *member = &net->members[i];
		const JsonbValue *text;

		if (!is_in(net, member, part))
			continue;
		text = ScimJsonGet(member->member, name);
		nulls[n] = text == NULL || text->type != jbvString || (is_value && member->is_id);
		if (!nulls[n])
			texts[n] = PointerGetDatum(
				cstring_to_text_with_len(text->val.string.val, text->val.string.len));
		n++;
	}
	MemoryContextSwitchTo(caller);
	ScimParamsAdd(params, TEXTARRAYOID, ScimArray(texts, nulls, n, TEXTOID), false);
	MemoryContextDelete(context);
}
