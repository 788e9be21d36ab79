/*
 * again.c
 *		Who comes back by a new row: the resource that the old one let go, and still has
 *		the name.
 *
 * A resource whose row has gone, and that stays in sight ("removed" suspends or keeps it,
 * or the policy off-boards it), has the user name still.  An application that makes a new
 * row of that name means the same person, and nobody else could be it.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"

#include "binding/bound/bound.h"
#include "binding/follow/follow.h"
#include "binding/sides/sides.h"
#include "json/json.h"
#include "store/statement/column.h"
#include "store/statement/statement.h"

/* ScimMatchColumn: where the store has the attribute by which rows and resources go. */
const char *
ScimMatchColumn(const ScimBinding *binding)
{
	for (int i = 0; i < SCIM_KEY_COLUMNS; i++)
	{
		if (ScimIsKeyColumn(binding->match, (ScimKeyColumn) i))
			return ScimKeyColumnInfos[i].column;
	}
	return NULL;
}

/* ScimMatchValue: what is stored of what a row says of it, or NULL. */
const JsonbValue *
ScimMatchValue(const ScimBinding *binding, const ScimRowView *row)
{
	const ListCell *lc;

	foreach (lc, binding->attributes)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);
		const JsonbValue *value = row->values[foreach_current_index(lc)];

		if (attribute->target.attribute == binding->match && value != NULL &&
			value->type == jbvString)
			return ScimRowStored(binding, row, attribute, value);
	}
	return NULL;
}

/*
 * The resource in sight, linked to no row that is there, that a condition finds; let_go:
 * it has a link, of a row that is not.
 */
static bool
find(const ScimBinding *binding, const char *condition, ScimParams *params, bool let_go,
	 pg_uuid_t *id)
{
	ScimIdentity caller = ScimBeOwner(binding->store->owner);
	bool found;

	SPI_connect();
	ScimSpiExecute(psprintf("SELECT r.id FROM %1$s.resource r "
							"LEFT JOIN %1$s.binding_link l "
							"ON l.tenant_id = r.tenant_id AND l.binding_id = $2 "
							"AND l.resource_id = r.id "
							"WHERE r.resource_type = %2$s AND r.tenant_id = $1 "
							"AND r.deleted_at IS NULL AND %3$s AND l.%4$s",
							binding->store->quoted_name,
							quote_literal_cstr(binding->type->name), condition,
							let_go ? "detached IS NOT NULL" : "resource_id IS NULL"),
				   params, false, 2);
	/* of two that have a name nobody knows who it is */
	found = SPI_processed == 1;
	if (found)
		*id = *DatumGetUUIDP(ScimResultValue(0, 1, UUIDOID));
	SPI_finish();
	ScimBeCaller(caller);
	return found;
}

/*
 * The one that has an id, or, where that is NULL, the value of "match" that a row has.
 */
static bool
find_of_row(const ScimBinding *binding, const ScimRowView *row, const pg_uuid_t *id,
			bool let_go, pg_uuid_t *found)
{
	const JsonbValue *value = NULL;
	const char *column = NULL;
	ScimParams params;

	if (id == NULL && binding->match != NULL)
	{
		column = ScimMatchColumn(binding);
		value = ScimMatchValue(binding, row);
	}
	if (id == NULL && (column == NULL || value == NULL))
		return false;
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(row->tenant_id), false);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&binding->id), false);
	if (id != NULL)
		ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(id), false);
	else
		ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(ScimJsonStringCopy(value)),
					  false);
	return find(binding, id != NULL ? "r.id = $3" : ScimColumnIs(column, "$3"), &params,
				let_go, found);
}

/* ScimRowStatesId: the id that a row wants, where one of its columns is that. */
bool
ScimRowStatesId(const ScimBinding *binding, const ScimRowView *row, pg_uuid_t *id)
{
	const ListCell *lc;

	foreach (lc, binding->attributes)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);
		const JsonbValue *value = row->values[foreach_current_index(lc)];

		if (attribute->is_id && value != NULL && value->type == jbvString)
			return ScimUuidParse(ScimJsonStringCopy(value), id);
	}
	return false;
}

/*
 * ScimLinkWithoutRow links a row that was there before to the resource that it is, which
 * has never had one: by the id that it states, or, by_match, the value of "match".
 * Returns whether there is one.  A new row is not linked so: who may insert one would get
 * to be whom he names.
 */
bool
ScimLinkWithoutRow(const ScimBinding *binding, const ScimRowView *row, bool by_match)
{
	pg_uuid_t stated;
	pg_uuid_t found;

	if (!(ScimRowStatesId(binding, row, &stated) &&
		  find_of_row(binding, row, &stated, false, &found)) &&
		!(by_match && find_of_row(binding, row, NULL, false, &found)))
		return false;
	ScimLinkPut(binding, row->tenant_id, &found, row->key_array, true, false);
	return true;
}

/*
 * ScimResourceLetGo: the resource that a row without one is, since it has the id that the
 * row states, or, where that is NULL, the value of "match", and its own row is there no
 * more, or counts as deleted.  *link is its link; returns false where there is none.
 */
bool
ScimResourceLetGo(const ScimBinding *binding, const ScimRowView *row, const pg_uuid_t *id,
				  ScimLink *link)
{
	const ScimRowView *other;
	pg_uuid_t found;

	if (!find_of_row(binding, row, id, true, &found) ||
		!ScimLinkOfResource(binding, row->tenant_id, &found, link) || !link->detached)
		return false;
	other = link->has_key ? ScimRowFind(binding, link->key) : NULL;
	return other == NULL || other->gone || !other->has_tenant ||
		   other->tenant_id != row->tenant_id;
}
