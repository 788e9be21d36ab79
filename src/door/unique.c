/*
 * unique.c
 *		The table "unique_value": attributes that are unique, kept so by its
 *		primary key.
 *
 * Each value of a unique attribute of a resource that is there has a row, written
 * by the AFTER trigger of "resource".  Two writers of the same value meet at the
 * primary key: the second waits for the first and then fails, or goes on where
 * the first was rolled back.  userName of the core User has a unique index of its
 * own instead.
 *
 * "server" holds within a tenant's resources of one type, "global" within those
 * of all tenants: its rows have the tenant 0.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"

#include "door/door.h"
#include "json/json.h"
#include "store/plan.h"
#include "store/store.h"

/* Longest part of a value in a message, in bytes. */
#define MAX_QUOTED 64

/* scim_check_unique_value need not look at what is written here. */
static bool is_writing = false;

static void execute_write(const char *query, const ScimParams *params);
static bool has_value(List *values, const ScimUniqueValue *value);
static void set_params(ScimParams *params, int32 tenant_id, const ScimResourceType *type,
					   const ScimUniqueValue *value, const pg_uuid_t *id);
static void raise_conflict(const ScimResourceType *type, const ScimUniqueValue *value);

/*
 * ScimUniqueChange moves the unique values of a resource from those of one
 * document to those of another; either may be NULL.  Raises 409 (uniqueness) where
 * another resource has one of the new values.  Call it as the store's owner,
 * connected to SPI.
 */
void
ScimUniqueChange(ScimStore *store, int32 tenant_id, const ScimResourceType *type,
				 const pg_uuid_t *id, const Jsonb *before, const Jsonb *after)
{
	List *old_values = NIL;
	List *new_values = NIL;
	ListCell *lc;
	ScimParams params;

	if (type->nunique == 0)
		return;
	if (before != NULL)
		old_values = ScimUniqueValues(type, ScimJsonFromJsonb(before));
	if (after != NULL)
		new_values = ScimUniqueValues(type, ScimJsonFromJsonb(after));
	foreach (lc, old_values)
	{
		const ScimUniqueValue *value = lfirst(lc);

		if (has_value(new_values, value))
			continue;
		set_params(&params, tenant_id, type, value, id);
		execute_write(psprintf("DELETE FROM %s.unique_value WHERE tenant_id = $1 "
							   "AND resource_type = $2 AND attribute = $3 "
							   "AND value = $4 AND resource_id = $5",
							   store->quoted_name),
					  &params);
	}
	foreach (lc, new_values)
	{
		const ScimUniqueValue *value = lfirst(lc);

		if (has_value(old_values, value))
			continue;
		set_params(&params, tenant_id, type, value, id);
		execute_write(
			psprintf("INSERT INTO %s.unique_value "
					 "(tenant_id, resource_type, attribute, value, resource_id) "
					 "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
					 store->quoted_name),
			&params);
		if (SPI_processed > 0)
			continue;
		/* a load may have brought its row already */
		ScimSpiExecute(psprintf("SELECT FROM %s.unique_value WHERE tenant_id = $1 "
								"AND resource_type = $2 AND attribute = $3 "
								"AND value = $4 AND resource_id = $5",
								store->quoted_name),
					   &params, false, 1);
		if (SPI_processed == 0)
			raise_conflict(type, value);
	}
}

/* ScimUniqueTenant is the tenant of the rows of a unique attribute. */
int32
ScimUniqueTenant(const ScimUniqueAttribute *attribute, int32 tenant_id)
{
	const ScimAttribute *last = attribute->sub ? attribute->sub : attribute->attribute;

	return last->uniqueness == SCIM_UNIQUENESS_GLOBAL ? 0 : tenant_id;
}

/* ScimUniqueIsWriting: are these functions writing the table at this moment? */
bool
ScimUniqueIsWriting(void)
{
	return is_writing;
}

static void
execute_write(const char *query, const ScimParams *params)
{
	bool outer = is_writing;

	is_writing = true;
	PG_TRY();
	{
		ScimSpiExecute(query, params, false, 0);
	}
	PG_FINALLY();
	{
		is_writing = outer;
	}
	PG_END_TRY();
}

/*
 * ScimUniqueForget removes the unique values of all resources of a type.  Call it
 * as the store's owner, connected to SPI.
 */
void
ScimUniqueForget(ScimStore *store, const char *type_name)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(type_name), false);
	execute_write(psprintf("DELETE FROM %s.unique_value WHERE resource_type = $1",
						   store->quoted_name),
				  &params);
}

static bool
has_value(List *values, const ScimUniqueValue *value)
{
	ListCell *lc;

	foreach (lc, values)
	{
		const ScimUniqueValue *other = lfirst(lc);

		if (other->attribute == value->attribute && strcmp(other->key, value->key) == 0)
			return true;
	}
	return false;
}

static void
set_params(ScimParams *params, int32 tenant_id, const ScimResourceType *type,
		   const ScimUniqueValue *value, const pg_uuid_t *id)
{
	const ScimUniqueAttribute *attribute = value->attribute;

	ScimParamsInit(params);
	ScimParamsAdd(params, INT4OID, Int32GetDatum(ScimUniqueTenant(attribute, tenant_id)),
				  false);
	ScimParamsAdd(params, TEXTOID, CStringGetTextDatum(type->name), false);
	ScimParamsAdd(params, TEXTOID, CStringGetTextDatum(attribute->path), false);
	ScimParamsAdd(params, TEXTOID, CStringGetTextDatum(value->key), false);
	ScimParamsAdd(params, UUIDOID, UUIDPGetDatum(id), false);
}

static void
raise_conflict(const ScimResourceType *type, const ScimUniqueValue *value)
{
	StringInfoData text;

	initStringInfo(&text);
	ScimJsonWrite(&text, value->value);
	if (text.len > MAX_QUOTED)
	{
		ereport(ERROR,
				(ScimErr(SCIM_UNIQUENESS), errmsg("a %s with the same %s exists already",
												  type->name, value->attribute->path)));
	}
	ereport(ERROR, (ScimErr(SCIM_UNIQUENESS),
					errmsg("a %s with the same %s exists already: %s", type->name,
						   value->attribute->path, text.data)));
}
