/*
 * row.c
 *		The columns of a row of "resource" at the door: set, compared, read; whether a PUT
 *		replaces it; the key by which it is known until it is written.
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "door/row/at_door.h"
#include "door/row/row.h"
#include "store/statement/statement.h"

/* The resource that a PUT replaces just now, or that a PATCH changes, or NULL. */
const pg_uuid_t *ScimReplacedAtDoor = NULL;
const pg_uuid_t *ScimPatchedAtDoor = NULL;
const ScimStatedIds *ScimStatedAtDoor = NULL;
const pg_uuid_t *ScimErasedAtDoor = NULL;

/* The columns of "resource" that the door sees to. */
const ScimDoorColumn ScimDoorColumns[RESOURCE_COLUMNS] = {
	[SCIM_KEY_EXTERNAL_ID] = {"external_id", TEXTOID},
	[SCIM_KEY_USER_NAME] = {"user_name", TEXTOID},
	[SCIM_KEY_DISPLAY_NAME] = {"display_name", TEXTOID},
	[SCIM_KEY_ACTIVE] = {"active", BOOLOID},
	[COLUMN_TENANT_ID] = {"tenant_id", INT4OID},
	[COLUMN_RESOURCE_TYPE] = {"resource_type", TEXTOID},
	[COLUMN_ID] = {"id", UUIDOID},
	[COLUMN_STATUS] = {"status", TEXTOID},
	[COLUMN_DATA] = {"data", JSONBOID},
	[COLUMN_VERSION] = {"version", INT8OID},
	[COLUMN_CREATED] = {"created", TIMESTAMPTZOID},
	[COLUMN_LAST_MODIFIED] = {"last_modified", TIMESTAMPTZOID},
	[COLUMN_OFFBOARDING_AT] = {"offboarding_at", TIMESTAMPTZOID},
	[COLUMN_DELETED_AT] = {"deleted_at", TIMESTAMPTZOID},
	[COLUMN_ACTIVATED_AT] = {"activated_at", TIMESTAMPTZOID},
	[COLUMN_DEACTIVATED_AT] = {"deactivated_at", TIMESTAMPTZOID},
	[COLUMN_SESSIONS_VALID_AFTER] = {"sessions_valid_after", TIMESTAMPTZOID},
};

static bool
is_row_of(const Door *door, const pg_uuid_t *id)
{
	return id != NULL &&
		   memcmp(id, DatumGetUUIDP(door->new.values[COLUMN_ID]), UUID_LEN) == 0;
}

/* ScimDoorReplaces: is the row that of the resource that a PUT replaces? */
bool
ScimDoorReplaces(const Door *door)
{
	return is_row_of(door, ScimReplacedAtDoor);
}

/* ScimDoorPatches: or of that which a PATCH changes, whose document is all there is? */
bool
ScimDoorPatches(const Door *door)
{
	return is_row_of(door, ScimPatchedAtDoor);
}

/* ScimDoorTakesBack: or of one of those that a change is taken back of? */
bool
ScimDoorTakesBack(const Door *door)
{
	return ScimStatedAtDoor != NULL &&
		   bsearch(DatumGetUUIDP(door->new.values[COLUMN_ID]), ScimStatedAtDoor->ids,
				   ScimStatedAtDoor->n, sizeof(pg_uuid_t), ScimCompareIds) != NULL;
}

/* ScimDoorStates: has the document all that is to be sealed in it? */
bool
ScimDoorStates(const Door *door)
{
	return ScimDoorPatches(door) || ScimDoorTakesBack(door);
}

/* ScimSetColumn sets a column of a row. */
void
ScimSetColumn(ResourceRow *row, int column, Datum value)
{
	row->values[column] = value;
	row->nulls[column] = false;
}

/* ScimSameColumn says whether two rows have the same in a column. */
bool
ScimSameColumn(const ResourceRow *a, const ResourceRow *b, int column)
{
	if (a->nulls[column] || b->nulls[column])
		return a->nulls[column] == b->nulls[column];
	switch (column)
	{
		case COLUMN_TENANT_ID:
			return DatumGetInt32(a->values[column]) == DatumGetInt32(b->values[column]);
		case COLUMN_ID:
			return memcmp(DatumGetUUIDP(a->values[column]),
						  DatumGetUUIDP(b->values[column]), UUID_LEN) == 0;
		case SCIM_KEY_ACTIVE:
			return DatumGetBool(a->values[column]) == DatumGetBool(b->values[column]);
		case COLUMN_VERSION:
		case COLUMN_CREATED:
		case COLUMN_LAST_MODIFIED:
		case COLUMN_OFFBOARDING_AT:
		case COLUMN_DELETED_AT:
		case COLUMN_ACTIVATED_AT:
		case COLUMN_DEACTIVATED_AT:
		case COLUMN_SESSIONS_VALID_AFTER:
			return DatumGetInt64(a->values[column]) == DatumGetInt64(b->values[column]);
		case COLUMN_DATA:
			return DatumGetBool(
				DirectFunctionCall2(jsonb_eq, a->values[column], b->values[column]));
		default:
			return DatumGetBool(DirectFunctionCall2Coll(
				texteq, C_COLLATION_OID, a->values[column], b->values[column]));
	}
}

/* ScimRowStatus reads the column "status"; an error where it holds no status. */
ScimStatus
ScimRowStatus(const ResourceRow *row)
{
	char *name =
		row->nulls[COLUMN_STATUS] ? "" : TextDatumGetCString(row->values[COLUMN_STATUS]);
	ScimStatus status;

	if (!ScimStatusByName(name, &status))
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE), errmsg("unknown status \"%s\"", name)));
	return status;
}

/*
 * ScimRowWasSuspended: was a row that is on its way out, or out of sight, suspended when
 * that began?
 */
bool
ScimRowWasSuspended(const ResourceRow *row)
{
	int began =
		row->nulls[COLUMN_OFFBOARDING_AT] ? COLUMN_DELETED_AT : COLUMN_OFFBOARDING_AT;

	return !row->nulls[COLUMN_DEACTIVATED_AT] && !row->nulls[began] &&
		   DatumGetTimestampTz(row->values[COLUMN_DEACTIVATED_AT]) <
			   DatumGetTimestampTz(row->values[began]);
}

/* ScimRowMayAct: may whoever the row is act, by the rule of store/access.c? */
bool
ScimRowMayAct(const Door *door, const ResourceRow *row)
{
	ScimStatus status = ScimRowStatus(row);
	bool has_active = !row->nulls[SCIM_KEY_ACTIVE];

	if (!row->nulls[COLUMN_DELETED_AT] ||
		(has_active && !DatumGetBool(row->values[SCIM_KEY_ACTIVE])))
		return false;
	if (status == SCIM_STATUS_OFFBOARDING)
		return has_active || (ScimKeepsAccess(door->store, door->tenant_id, door->type) &&
							  !ScimRowWasSuspended(row));
	return ScimStatusIsActive(status);
}

/* All that the door sees to, in 64 bits. */
static uint64
row_digest(const ResourceRow *row)
{
	uint64 digest = 0;

	for (int i = 0; i < RESOURCE_COLUMNS; i++)
	{
		Datum value = row->values[i];

		if (row->nulls[i])
			digest = hash_bytes_extended(NULL, 0, digest);
		else if (ScimDoorColumns[i].type == UUIDOID)
			digest = hash_bytes_extended(DatumGetUUIDP(value)->data, UUID_LEN, digest);
		else if (ScimDoorColumns[i].type == TEXTOID ||
				 ScimDoorColumns[i].type == JSONBOID)
		{
			struct varlena *bytes = PG_DETOAST_DATUM_PACKED(value);

			digest = hash_bytes_extended((const unsigned char *) VARDATA_ANY(bytes),
										 VARSIZE_ANY_EXHDR(bytes), digest + 1);
		}
		else
			digest = hash_bytes_extended((const unsigned char *) &value, sizeof(value),
										 digest);
	}
	return digest;
}

/* ScimDoorKey makes the key by which the new row is kept for the AFTER trigger. */
void
ScimDoorKey(const Door *door, ScimPendingKey *key)
{
	memset(key, 0, sizeof(ScimPendingKey));
	key->namespace_oid = door->store->namespace_oid;
	key->tenant_id = door->tenant_id;
	key->id = *DatumGetUUIDP(door->new.values[COLUMN_ID]);
	key->version = DatumGetInt64(door->new.values[COLUMN_VERSION]);
	key->digest = row_digest(&door->new);
}
