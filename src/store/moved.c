/*
 * moved.c
 *		A store that is moved to another server, or has been: it is read, and nobody
 *		writes it.
 *
 * bin/scim-move says so by a trigger on every table of the store, partitions included.
 * To make it takes a lock that waits for whoever writes, and whoever comes later finds
 * it, whatever his snapshot is: so no write is under way when the trigger is there.  It
 * does not fire for the rows that logical replication brings.
 *
 * Its arguments: "moving", "moved", "left" or "arriving"; the other server, for people;
 * and until when, in seconds since 1970, or nothing.  A pause ends by itself, so that a
 * command that died in it leaves nobody waiting.  What has been left follows the other
 * server no more, and answers no requests, not even those that read.
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/pg_trigger.h"
#include "commands/trigger.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "error.h"
#include "store/statement/trigger_type.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(scim_store_moved);

/* So many seconds from 1970 to 2000, where timestamps begin. */
#define EPOCHS_APART ((POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * (double) SECS_PER_DAY)

/* Does what a trigger says still hold? */
static bool
holds(const Trigger *trigger)
{
	const char *until = trigger->tgnargs > 2 ? trigger->tgargs[2] : "";
	double now = (double) GetCurrentTimestamp() / USECS_PER_SEC + EPOCHS_APART;

	return until[0] == '\0' || now < strtod(until, NULL);
}

static void
refuse(const char *store, const Trigger *trigger)
{
	const char *state = trigger->tgnargs > 0 ? trigger->tgargs[0] : "";
	const char *place = trigger->tgnargs > 1 ? trigger->tgargs[1] : "";

	if (strcmp(state, "moving") == 0)
		ereport(
			ERROR,
			(ScimErr(SCIM_UNAVAILABLE),
			 errmsg("store \"%s\" is being moved: nothing can be changed for a moment",
					store)));
	if (strcmp(state, "arriving") == 0)
		ereport(ERROR, (ScimErr(SCIM_UNAVAILABLE),
						errmsg("store \"%s\" is being moved here: nothing can be changed "
							   "yet",
							   store)));
	ereport(ERROR, (ScimErr(SCIM_UNAVAILABLE),
					errmsg("store \"%s\" has moved: nothing can be changed here", store),
					place[0] == '\0' ? 0 : errhint("It is at %s now.", place)));
}

/* The trigger by which a store does not take writes now, in a relation that is open. */
static const Trigger *
find_trigger(Relation relation)
{
	const TriggerDesc *triggers = ScimTriggers(relation);

	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
	{
		if (triggers->triggers[i].tgenabled != TRIGGER_DISABLED &&
			ScimTriggerIs(&triggers->triggers[i], "scim_store_moved", scim_store_moved) &&
			holds(&triggers->triggers[i]))
			return &triggers->triggers[i];
	}
	return NULL;
}

/* The error where the trigger of "resource" says so. */
static void
refuse_where_moved(const char *store, Oid relid)
{
	Relation relation = table_open(relid, AccessShareLock);
	const Trigger *trigger = find_trigger(relation);

	/* an error closes it */
	if (trigger != NULL)
		refuse(store, trigger);
	table_close(relation, AccessShareLock);
}

/*
 * scim_internal.store_moved(state, place, until): BEFORE statement trigger of all tables
 * of a store that is moved; error SC503.  What counts are the arguments of the trigger of
 * "resource", so that one statement changes what all of them do.
 */
Datum
scim_store_moved(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = ScimTriggerCalled(fcinfo, "store_moved",
											 BEFORE_STATEMENT | ON_CHANGE | ON_TRUNCATE);
	Oid namespace_oid = RelationGetNamespace(trigger->tg_relation);
	Oid relid = get_relname_relid("resource", namespace_oid);
	ScimTables tables;

	if (OidIsValid(relid))
		refuse_where_moved(get_namespace_name(namespace_oid), relid);
	/* it is made on what else is in the schema, too */
	if (ScimStoreCached(namespace_oid) == NULL)
		(void) ScimTablesFind(namespace_oid, &tables, false);
	PG_RETURN_POINTER(NULL);
}

/* ScimStoreMoves: does a store take no writes, because it is moved or was? */
bool
ScimStoreMoves(const ScimStore *store)
{
	Relation relation;
	bool moves;

	if (!store->tables.moves)
		return false;
	relation = table_open(store->tables.relid[SCIM_TABLE_RESOURCE], AccessShareLock);
	moves = find_trigger(relation) != NULL;
	table_close(relation, AccessShareLock);
	return moves;
}

/* ScimRequireStays raises the error that a write of it would, before there is one. */
void
ScimRequireStays(const ScimStore *store)
{
	if (store->tables.moves)
		refuse_where_moved(store->name, store->tables.relid[SCIM_TABLE_RESOURCE]);
}

/*
 * ScimRequireNotLeft raises the error of a store that has moved for good and is not kept
 * up to date here: requests do not read it either.
 */
void
ScimRequireNotLeft(const ScimStore *store)
{
	Relation relation;
	const Trigger *trigger;

	if (!store->tables.moves)
		return;
	relation = table_open(store->tables.relid[SCIM_TABLE_RESOURCE], AccessShareLock);
	trigger = find_trigger(relation);
	/* an error closes it */
	if (trigger != NULL && trigger->tgnargs > 0 &&
		strcmp(trigger->tgargs[0], "left") == 0)
		ereport(ERROR, (ScimErr(SCIM_UNAVAILABLE),
						errmsg("store \"%s\" has moved: nothing is answered here",
							   store->name)));
	table_close(relation, AccessShareLock);
}
