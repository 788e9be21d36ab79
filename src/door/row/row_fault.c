/*
 * row_fault.c
 *		What only a write past the door leaves in the columns that the store keeps of a
 *		row: versions and times that none can have, and a status that contradicts them.
 *
 * scim.validate_store lists it, and the next write of the row mends it, such that nobody
 * is in sight or may act afterwards who was not before.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/timestamp.h"

#include "door/row/at_door.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "text/datetime.h"

/* A row that comes from elsewhere may have half of what there is; nobody counts so far.
 */
#define MAX_VERSION (PG_INT64_MAX / 4 * 3)

/* The clock of elsewhere may be fast. */
#define MAX_AHEAD USECS_PER_DAY

static bool
is_column_of_life(int column)
{
	return ScimDoorColumns[column].type == TIMESTAMPTZOID || column == COLUMN_VERSION;
}

static bool
says_active(const ResourceRow *row)
{
	return !row->nulls[SCIM_KEY_ACTIVE] && DatumGetBool(row->values[SCIM_KEY_ACTIVE]);
}

/* Does a time go with the status, there or not? */
static bool
goes_with(ScimStatus status, int column, bool is_there)
{
	bool in_use = ScimStatusIsActive(status);

	switch (column)
	{
		case COLUMN_DELETED_AT:
			return ScimStatusIsGone(status) == is_there;
		case COLUMN_OFFBOARDING_AT:
			return is_there ? !in_use && status != SCIM_STATUS_SUSPENDED
							: status != SCIM_STATUS_OFFBOARDING;
		case COLUMN_DEACTIVATED_AT:
			return !is_there || !in_use;
		default:
			return true;
	}
}

/*
 * ScimRowFault says what is wrong with a column of a stored row; NULL: nothing.  Only
 * versions, times, and "active" of who has left are looked at.  status: of the row.
 */
char *
ScimRowFault(const ResourceRow *row, ScimStatus status, int column, TimestampTz now)
{
	const char *name = ScimDoorColumns[column].name;
	bool isnull = row->nulls[column];
	TimestampTz instant;

	if (column == SCIM_KEY_ACTIVE)
		return status == SCIM_STATUS_OFFBOARDED && says_active(row)
				   ? psprintf("status \"%s\" and column \"active\" say different things",
							  ScimStatusName(status))
				   : NULL;
	if (!is_column_of_life(column))
		return NULL;
	if (isnull && (column == COLUMN_VERSION || column == COLUMN_CREATED ||
				   column == COLUMN_LAST_MODIFIED))
		return psprintf("column \"%s\" is null", name);
	if (column == COLUMN_VERSION)
	{
		int64 version = DatumGetInt64(row->values[column]);

		return version < 1 || version > MAX_VERSION
				   ? psprintf("column \"version\" is not from 1 to " INT64_FORMAT,
							  (int64) MAX_VERSION)
				   : NULL;
	}
	if (!goes_with(status, column, !isnull))
		return isnull ? psprintf("status \"%s\" needs %s", ScimStatusName(status), name)
					  : psprintf("status \"%s\" does not go with %s",
								 ScimStatusName(status), name);
	if (isnull)
		return NULL;
	instant = DatumGetTimestampTz(row->values[column]);
	if (!ScimInstantIsShown(instant))
		return psprintf("column \"%s\" is not a time in the years 1 to 9999", name);
	if ((column == COLUMN_LAST_MODIFIED || column == COLUMN_SESSIONS_VALID_AFTER) &&
		instant > now + MAX_AHEAD)
		return psprintf("column \"%s\" is in the future", name);
	return NULL;
}

/*
 * ScimLastModified: when a row last changed.  A stored one may not say, or say what
 * cannot be: then it is long ago.
 */
TimestampTz
ScimLastModified(const ResourceRow *row)
{
	/* whatever its status is, which the row may not have yet */
	return ScimRowFault(row, SCIM_STATUS_ACTIVE, COLUMN_LAST_MODIFIED,
						GetCurrentTimestamp()) != NULL
			   ? DT_NOBEGIN
			   : DatumGetTimestampTz(row->values[COLUMN_LAST_MODIFIED]);
}

/* ScimRowIsFaulty: is anything wrong with the columns of a stored row? */
bool
ScimRowIsFaulty(const ResourceRow *row, TimestampTz now)
{
	ScimStatus status = ScimRowStatus(row);

	for (int column = 0; column < RESOURCE_COLUMNS; column++)
	{
		if (ScimRowFault(row, status, column, now) != NULL)
			return true;
	}
	return false;
}

/*
 * ScimRowVersion is the version of the row that is at the door: where the row has none
 * that can be, the last one of which the audit knows, or 0.
 */
int64
ScimRowVersion(const Door *door)
{
	const ResourceRow *old = &door->old;
	ScimIdentity caller;
	ScimParams params;
	bool isnull;
	Datum version;

	if (ScimRowFault(old, ScimRowStatus(old), COLUMN_VERSION, door->now) == NULL)
		return DatumGetInt64(old->values[COLUMN_VERSION]);
	caller = ScimBeOwner(door->store->owner);
	SPI_connect();
	ScimParamsOfResource(&params, door->tenant_id, DatumGetUUIDP(old->values[COLUMN_ID]));
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(MAX_VERSION), false);
	ScimSpiExecute(psprintf("SELECT max(a.version) FROM %s.audit a "
							"WHERE a.tenant_id = $1 AND a.resource_id = $2 "
							"AND a.version BETWEEN 1 AND $3",
							door->store->quoted_name),
				   &params, false, 1);
	version = ScimResult(0, 1, INT8OID, &isnull);
	SPI_finish();
	ScimBeCaller(caller);
	return isnull ? 0 : DatumGetInt64(version);
}

/*
 * ScimRowMend sets the columns of the new row right, whose status is known; the version
 * and last_modified are those of the change.
 */
void
ScimRowMend(Door *door)
{
	ResourceRow *new = &door->new;
	ScimStatus status = ScimRowStatus(new);

	for (int column = 0; column < RESOURCE_COLUMNS; column++)
	{
		TimestampTz instant;

		if (column == SCIM_KEY_ACTIVE || column == COLUMN_VERSION ||
			column == COLUMN_LAST_MODIFIED ||
			ScimRowFault(new, status, column, door->now) == NULL)
			continue;
		if (!new->nulls[column] && !goes_with(status, column, true))
		{
			new->nulls[column] = true;
			continue;
		}
		/* what comes before what stays so */
		instant =
			new->nulls[column] ? door->now : DatumGetTimestampTz(new->values[column]);
		ScimSetColumn(new, column,
					  TimestampTzGetDatum(instant > door->now || new->nulls[column]
											  ? door->now
											  : ScimInstantShown(instant)));
	}
}
