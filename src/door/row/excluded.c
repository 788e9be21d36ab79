/*
 * excluded.c
 *		What a new row stated beside its document, where INSERT ... ON CONFLICT DO UPDATE
 *		writes another one in its place.
 *
 * Password and members are no part of the document that "excluded" has: the door has kept
 * them (pending.c).  SET data = excluded.data means what the INSERT stated, all of it. Of
 * any other document that is made there nobody can tell whether they are meant: it says
 * so itself, or is refused.
 *
 * That the UPDATE is that of the INSERT is told by their order: the trigger of a table is
 * called for a row that is inserted, and next for one that is updated, by one statement,
 * while the first is not there.  (It is where the statement is MERGE.)
 */
#include "postgres.h"

#include "access/sysattr.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "nodes/bitmapset.h"

#include "door/row/at_door.h"
#include "door/row/row.h"
#include "json/json.h"
#include "store/statement/plan.h"

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

/* ScimExcludedNote: a new row is on its way, and this is what it states. */
void
ScimExcludedNote(const Door *door, bool has_password, bool no_password, bool has_members)
{
	StatedRow *stated = &door->columns->stated;

	memset(stated, 0, sizeof(StatedRow));
	if (!has_password && !no_password && !has_members)
		return;
	ScimDoorKey(door, &stated->key);
	stated->data = data_digest(&door->new);
	stated->has_password = has_password;
	stated->no_password = no_password;
	stated->has_members = has_members;
}

/* Is the row that was to be inserted there? */
static bool
is_inserted(const Door *door, const StatedRow *stated)
{
	ScimIdentity caller;
	ScimParams params;
	bool found;

	if (memcmp(&stated->key.id, DatumGetUUIDP(door->old.values[COLUMN_ID]), UUID_LEN) ==
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
 * ScimExcludedTake: what the UPDATE at the door is given of the INSERT that it takes the
 * place of.
 */
void
ScimExcludedTake(const Door *door, ScimExcluded *excluded)
{
	StatedRow *stated = &door->columns->stated;
	StatedRow last = *stated;
	bool unsure;
	char *secret;

	memset(excluded, 0, sizeof(ScimExcluded));
	if (!last.has_password && !last.no_password && !last.has_members)
		return;
	memset(stated, 0, sizeof(StatedRow));
	if (!ScimDoorSets(door, COLUMN_DATA) || door->new.nulls[COLUMN_DATA] ||
		is_inserted(door, &last))
		return;
	excluded->is = true;
	excluded->stated = last;
	if (data_digest(&door->new) != last.data)
		return;
	(void) ScimPendingTake(&last.key, &unsure, &secret, &excluded->members);
	excluded->secret = secret;
	excluded->no_password = last.no_password;
	excluded->has_members = last.has_members;
}

/*
 * ScimExcludedCheck: an error where the UPDATE writes another document than that of the
 * INSERT, which leaves out what that one stated.
 */
void
ScimExcludedCheck(const Door *door, const ScimExcluded *excluded,
				  const JsonbValue *document)
{
	const StatedRow *stated = &excluded->stated;
	const char *missing = NULL;

	if (!excluded->is || data_digest(&door->new) == stated->data)
		return;
	if ((stated->has_password || stated->no_password) &&
		ScimJsonGetFolded(document, "password") == NULL)
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
