/*
 * row.c
 *		The columns of a row of "resource" at the door: set, compared, read; whether a PUT
 *		replaces it.
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "door/row.h"

/* The resource that a PUT replaces just now, or NULL. */
const pg_uuid_t *ScimReplacedAtDoor = NULL;

/* ScimDoorReplaces: is the row that of the resource that a PUT replaces? */
bool
ScimDoorReplaces(const Door *door)
{
	return ScimReplacedAtDoor != NULL &&
		   memcmp(ScimReplacedAtDoor, DatumGetUUIDP(door->new.values[COLUMN_ID]),
				  UUID_LEN) == 0;
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

/* ScimRowMayLogIn: is it there, and not said to be inactive? */
bool
ScimRowMayLogIn(const ResourceRow *row)
{
	return row->nulls[COLUMN_DELETED_AT] &&
		   (row->nulls[SCIM_KEY_ACTIVE] || DatumGetBool(row->values[SCIM_KEY_ACTIVE]));
}

/* ScimLastModified: when a row last changed, which stored ones may not say. */
TimestampTz
ScimLastModified(const ResourceRow *row)
{
	return row->nulls[COLUMN_LAST_MODIFIED]
			   ? DT_NOBEGIN
			   : DatumGetTimestampTz(row->values[COLUMN_LAST_MODIFIED]);
}
