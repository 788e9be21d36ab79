/*
 * excluded.c
 *		What a new row stated, where INSERT ... ON CONFLICT DO UPDATE writes another one.
 *
 * PostgreSQL calls the door for the new row first, and "excluded" is what it makes of it.
 * Nothing of that is written: what the door adds to a new resource nobody has stated, and
 * password and members are no part of the document.  SET data = excluded.data means what
 * the INSERT stated, all of it and no more, and so writes the document as it was stated.
 * Of any other document that is made there nobody can tell whether password and members
 * are meant: it says so itself, or is refused.
 *
 * A row whose key somebody has already will not be written: it fails by that, or becomes
 * an UPDATE, which is judged beside the row that is there.  Rules are not asked of it as
 * of a new one.  It has a version that no row has, by which it is known if it is written
 * all the same, because who had its key has gone meanwhile.
 *
 * That the UPDATE is that of the INSERT is told by their order: the trigger of a table is
 * called for a row that is inserted, and next for one that is updated, by one statement,
 * while the first is not there.  (It is where the statement is MERGE.)
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/sysattr.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "nodes/bitmapset.h"
#include "utils/builtins.h"
#include "utils/rel.h"

#include "door/row/at_door.h"
#include "door/row/row.h"
#include "json/json.h"
#include "policy/policy.h"
#include "resource/resource.h"
#include "store/acting.h"
#include "store/credential/sealing.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"

/* The version of a row that is not to be written. */
#define NOT_WRITTEN 0

/* ScimDoorSets: does the UPDATE at the door write a column, by its SET? */
bool
ScimDoorSets(const Door *door, int column)
{
	return bms_is_member(door->columns->number[column] -
							 FirstLowInvalidHeapAttributeNumber,
						 door->trigger->tg_updatedcols);
}

static uint64
data_digest(const ResourceRow *row)
{
	const Jsonb *data = DatumGetJsonbP(row->values[COLUMN_DATA]);

	return hash_bytes_extended((const unsigned char *) VARDATA(data),
							   VARSIZE(data) - VARHDRSZ, 0);
}

/*
 * ScimExcludedStated: the document that a new row states, its key columns brought into
 * it.
 */
Jsonb *
ScimExcludedStated(const Door *door, JsonbValue *document)
{
	for (int column = 0; column < SCIM_KEY_COLUMNS; column++)
	{
		if (!door->new.nulls[column])
			return ScimJsonToJsonb(document);
	}
	return door->new.nulls[COLUMN_DATA] ? ScimJsonToJsonb(document)
										: DatumGetJsonbP(door->new.values[COLUMN_DATA]);
}

/*
 * What "excluded" has of a document: its canonical form, wrong values as they are.  NULL:
 * that has not all that is wrong with it, a name that nobody knows or that is there
 * twice.
 */
static JsonbValue *
canonical_form(const Door *door, const JsonbValue *document)
{
	const ScimResourceType *type = door->type;
	int options = SCIM_OF_STORED | SCIM_KEEP_WRONG | SCIM_ALL_PROBLEMS;
	List *problems = NIL;
	List *left = NIL;
	JsonbValue *canonical;

	if (ScimWritesReadOnly(door->store))
		options |= SCIM_BY_SERVICE;
	canonical = ScimCanonicalise(type, document, options, &problems);
	if (canonical == NULL)
		return NULL;
	if (problems != NIL)
	{
		(void) ScimCanonicalise(type, ScimJsonCopy(canonical), options, &left);
		if (list_length(left) < list_length(problems))
			return NULL;
	}
	if (type->has_password)
		ScimJsonRemove(canonical, "password");
	if (type->has_members)
		ScimJsonRemove(canonical, "members");
	ScimSpellAsStored(door->rules, canonical);
	return canonical;
}

/* Does the row at the door come from somebody's own statement, with ON CONFLICT perhaps?
 */
static bool
may_become_update(const Door *door)
{
	return !door->loads && !ScimIsClientWrite() && !ScimIsStoreWrite();
}

/* The new row as it is by now. */
static HeapTuple
new_row(const Door *door)
{
	return heap_modify_tuple_by_cols(
		door->trigger->tg_trigtuple, RelationGetDescr(door->trigger->tg_relation),
		RESOURCE_COLUMNS, (int *) door->columns->number, (Datum *) door->new.values,
		(bool *) door->new.nulls);
}

/*
 * ScimExcludedMake: is the key of a new row taken?  Then it becomes what "excluded" has,
 * which no rule is asked of.  An id that was made here nobody has.
 */
bool
ScimExcludedMake(Door *door, const JsonbValue *document)
{
	ResourceRow *new = &door->new;
	ResourceRow before = *new;
	bool there;
	JsonbValue *canonical;

	if (!may_become_update(door))
		return false;
	there = ScimGivenIsThere(door);
	if (!there && !ScimHasKeys(door))
		return false;
	canonical = canonical_form(door, document);
	/* which is refused as a new resource, whoever has its key */
	if (canonical == NULL)
		return false;
	ScimDoorDeriveColumns(door->type, new, canonical);
	ScimSetColumn(new, COLUMN_DATA, JsonbPGetDatum(ScimJsonToJsonb(canonical)));
	if (!there && !OidIsValid(ScimKeyTakenBy(door, new_row(door), true)))
	{
		*new = before;
		return false;
	}
	if (door->type->has_sealed)
	{
		ScimSealDocument(door->store, door->type, canonical, NULL);
		ScimSetColumn(new, COLUMN_DATA, JsonbPGetDatum(ScimJsonToJsonb(canonical)));
	}
	if (new->nulls[COLUMN_ID])
	{
		pg_uuid_t *made = palloc(sizeof(pg_uuid_t));

		ScimUuidV7(made);
		ScimSetColumn(new, COLUMN_ID, UUIDPGetDatum(made));
	}
	if (new->nulls[COLUMN_STATUS])
		ScimSetColumn(new, COLUMN_STATUS,
					  CStringGetTextDatum(ScimStatusName(ScimStatusByActive(canonical))));
	(void) ScimRowStatus(new);
	ScimSetColumn(new, COLUMN_VERSION, Int64GetDatum(NOT_WRITTEN));
	if (new->nulls[COLUMN_CREATED])
		ScimSetColumn(new, COLUMN_CREATED, TimestampTzGetDatum(door->now));
	if (new->nulls[COLUMN_LAST_MODIFIED])
		ScimSetColumn(new, COLUMN_LAST_MODIFIED, new->values[COLUMN_CREATED]);
	return true;
}

/* ScimExcludedIsWritten: has a row come in that was judged as one whose key is taken? */
bool
ScimExcludedIsWritten(const Door *door)
{
	return DatumGetInt64(door->new.values[COLUMN_VERSION]) == NOT_WRITTEN;
}

/*
 * ScimExcludedNote: a new row is on its way, and this is what it states.  has_password:
 * it says something of it.
 */
void
ScimExcludedNote(const Door *door, const Jsonb *stated, bool has_password,
				 bool has_members)
{
	StatedRow *row = &door->columns->stated;

	if (row->stated != NULL)
		pfree(row->stated);
	memset(row, 0, sizeof(StatedRow));
	if (ScimIsClientWrite() || ScimIsStoreWrite())
		return;
	row->is_new = !ScimExcludedIsWritten(door);
	if (row->is_new && (has_password || has_members))
		ScimDoorKey(door, &row->key);
	row->key.tenant_id = door->tenant_id;
	row->key.id = *DatumGetUUIDP(door->new.values[COLUMN_ID]);
	row->stated = MemoryContextAlloc(door->columns->context, VARSIZE(stated));
	memcpy(row->stated, stated, VARSIZE(stated));
	row->data = data_digest(&door->new);
	row->has_password = has_password;
	row->has_members = has_members;
}

/* Is the row that was to be inserted there? */
static bool
is_inserted(const Door *door, const StatedRow *stated)
{
	ScimIdentity caller;
	ScimParams params;
	bool found;

	if (!stated->is_new ||
		memcmp(&stated->key.id, DatumGetUUIDP(door->old.values[COLUMN_ID]), UUID_LEN) ==
			0)
		return false;
	caller = ScimBeOwner(door->store->owner);
	SPI_connect();
	ScimParamsOfResource(&params, stated->key.tenant_id, &stated->key.id);
	ScimSpiExecute(psprintf("SELECT FROM %s.resource WHERE tenant_id = $1 AND id = $2",
							door->store->quoted_name),
				   &params, false, 1);
	found = SPI_processed > 0;
	SPI_finish();
	ScimBeCaller(caller);
	return found;
}

/*
 * The row writes the document that was stated.  So it does where columns of it are
 * written as "excluded" has them.
 */
static void
write_stated(Door *door, const StatedRow *last)
{
	ResourceRow *new = &door->new;
	ResourceRow made;
	bool unsure;
	char *secret;
	JsonbValue *members;

	ScimDoorDeriveColumns(door->type, &made,
						  ScimJsonFromJsonb(DatumGetJsonbP(new->values[COLUMN_DATA])));
	for (int column = 0; column < SCIM_KEY_COLUMNS; column++)
	{
		if (ScimDoorSets(door, column) && ScimSameColumn(new, &made, column))
		{
			new->values[column] = door->old.values[column];
			new->nulls[column] = door->old.nulls[column];
		}
	}
	ScimSetColumn(new, COLUMN_DATA, JsonbPGetDatum(last->stated));
	/* what waits until the new row is there */
	if (last->is_new && (last->has_password || last->has_members))
		(void) ScimPendingTake(&last->key, &unsure, &secret, &members);
}

/*
 * ScimExcludedTake: the UPDATE at the door writes what the INSERT stated that it takes
 * the place of.
 */
void
ScimExcludedTake(Door *door)
{
	StatedRow *row = &door->columns->stated;
	StatedRow last = *row;
	bool same;

	if (row->stated == NULL)
		return;
	last.stated = memcpy(palloc(VARSIZE(row->stated)), row->stated, VARSIZE(row->stated));
	pfree(row->stated);
	memset(row, 0, sizeof(StatedRow));
	if (!ScimDoorSets(door, COLUMN_DATA) || door->new.nulls[COLUMN_DATA])
		return;
	same = data_digest(&door->new) == last.data;
	if ((!same && !last.has_password && !last.has_members) || is_inserted(door, &last))
		return;
	if (same)
		write_stated(door, &last);
	else
		door->stated = last;
}

/*
 * ScimExcludedCheck: an error where the UPDATE writes another document than that of the
 * INSERT, which leaves out what that one stated.
 */
void
ScimExcludedCheck(const Door *door, const JsonbValue *document)
{
	const StatedRow *stated = &door->stated;
	const char *missing = NULL;

	if (stated->has_password && ScimJsonGetFolded(document, "password") == NULL)
		missing = "password";
	else if (stated->has_members && ScimJsonGetFolded(document, "members") == NULL)
		missing = "members";
	if (missing != NULL)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("the INSERT states \"%s\", and what ON CONFLICT DO UPDATE writes "
						"into \"data\" does not",
						missing),
				 errhint("SET data = excluded.data takes it along; any other value of "
						 "\"data\" has to state it.")));
}
