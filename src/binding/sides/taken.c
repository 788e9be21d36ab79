/*
 * taken.c
 *		Who has the value that a row could not have, since nobody else may.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"

#include "binding/bound/bound.h"
#include "binding/sides/sides.h"
#include "compat.h"
#include "json/json.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/statement.h"
#include "text/fold.h"

/*
 * ScimTakenAttribute: which attribute of a row it is that somebody else in the store has,
 * or -1; *column: where that is kept.
 */
int
ScimTakenAttribute(const ScimBinding *binding, const ErrorData *error,
				   const char **column)
{
	const char *taken = ScimUniqueAttributeOf(error->constraint_name);
	const ListCell *lc;

	if (error->sqlerrcode != ERRCODE_UNIQUE_VIOLATION)
		return -1;
	foreach (lc, binding->attributes)
	{
		int key = ScimBoundKeyColumn(lfirst(lc));

		if (key >= 0 && strcmp(ScimKeyColumnInfos[key].attribute, taken) == 0)
		{
			*column = ScimKeyColumnInfos[key].column;
			return foreach_current_index(lc);
		}
	}
	return -1;
}

static bool
may_read_key(const ScimBinding *binding, Oid role)
{
	const ListCell *lc;

	foreach (lc, binding->key)
	{
		if (pg_attribute_aclcheck(binding->relid,
								  ((const ScimColumnInfo *) lfirst(lc))->number, role,
								  ACL_SELECT) != ACLCHECK_OK)
			return false;
	}
	return true;
}

/*
 * ScimKeyMayBeTold: may whoever acts know which row of a table it is?  Where he may read
 * its key, and his scopes allow to read whose row it is; row-level security does not bind
 * who owns it for us.
 */
bool
ScimKeyMayBeTold(const ScimBinding *binding)
{
	Oid role = ScimActingRole();

	if (!ScimScopeProvedReads(binding->store, binding->type->name))
		return false;
	if (has_privs_of_role(role, binding->owner))
		return true;
	if (check_enable_rls(binding->relid, role, true) == RLS_ENABLED)
		return false;
	return pg_class_aclcheck(binding->relid, role, ACL_SELECT) == ACLCHECK_OK ||
		   may_read_key(binding, role);
}

/* ScimKeyTold: a row, for errors: by its key, where that may be told. */
char *
ScimKeyTold(const ScimBinding *binding, Datum key)
{
	return ScimKeyMayBeTold(binding) ? psprintf("row %s", ScimKeyShown(key))
									 : pstrdup("a row");
}

/*
 * ScimTakenMayBeTold: may whoever acts know who has a value, of an attribute by its
 * number? Where he may read the row that it is of, as the server decides that for the
 * detail of its own unique indexes (BuildIndexValueDescription).
 */
bool
ScimTakenMayBeTold(const ScimBinding *binding, int number)
{
	const ScimBoundAttribute *attribute = list_nth(binding->attributes, number);
	Oid role = ScimActingRole();

	if (check_enable_rls(binding->relid, role, true) == RLS_ENABLED)
		return false;
	if (pg_class_aclcheck(binding->relid, role, ACL_SELECT) == ACLCHECK_OK)
		return true;
	return may_read_key(binding, role) && attribute->kind == SCIM_BOUND_COLUMN &&
		   pg_attribute_aclcheck(binding->relid, attribute->column.number, role,
								 ACL_SELECT) == ACLCHECK_OK;
}

/* What is stored of what a row says of an attribute, by its number. */
static const JsonbValue *
value_of(const ScimBinding *binding, const ScimRowView *row, int number)
{
	return ScimRowStored(binding, row, list_nth(binding->attributes, number),
						 row->values[number]);
}

/*
 * ScimTakenBy says who has the value that a row could not have, as an attempt has told
 * that was undone: his id, and the key of his row.  NULL: it was something else, or
 * whoever acts may not read that.
 */
char *
ScimTakenBy(const ScimBinding *binding, const ScimRowView *row, const ErrorData *error)
{
	const char *column = NULL;
	const JsonbValue *value;
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller;
	ScimParams params;
	char *who = NULL;
	int n = ScimTakenAttribute(binding, error, &column);

	value = n >= 0 ? value_of(binding, row, n) : NULL;
	if (value == NULL || value->type != jbvString || !ScimTakenMayBeTold(binding, n))
		return NULL;
	caller = ScimBeReader(binding->store->owner);
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(row->tenant_id), false);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&binding->id), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(ScimJsonStringCopy(value)),
				  false);
	ScimSpiExecute(psprintf("SELECT concat_ws(', ', 'id ' || r.id, CASE WHEN "
							"l.detached IS NULL THEN 'row ' || "
							"array_to_string(l.key, ', ') END) FROM %1$s.resource r "
							"LEFT JOIN %1$s.binding_link l "
							"ON l.tenant_id = r.tenant_id AND l.binding_id = $2 "
							"AND l.resource_id = r.id WHERE r.resource_type = %2$s "
							"AND r.tenant_id = $1 AND r.deleted_at IS NULL AND %3$s",
							binding->store->quoted_name,
							quote_literal_cstr(binding->type->name),
							ScimColumnIs(column, "$3")),
				   &params, false, 1);
	if (SPI_processed > 0)
		who = MemoryContextStrdup(context, ScimResultText(0, 1));
	SPI_finish();
	ScimBeCaller(caller);
	return who;
}

/* Which row of a table of resources has a value, by the unique index that says so. */
static bool
find_holder(const ErrorData *error, int32 tenant_id, const JsonbValue *value,
			const char *column, pg_uuid_t *id)
{
	Oid schema = get_namespace_oid(error->schema_name, true);
	Oid index_oid = OidIsValid(schema) ? get_relname_relid(error->constraint_name, schema)
									   : InvalidOid;
	Relation index;
	Relation table;
	TupleTableSlot *slot;
	IndexScanDesc scan;
	SnapshotData dirty;
	ScanKeyData keys[2];
	const char *text = value->val.string.val;
	size_t len = value->val.string.len;
	bool found = false;

	if (!OidIsValid(index_oid) || get_rel_relkind(index_oid) != RELKIND_INDEX)
		return false;
	if (strcmp(column, "user_name") == 0)
		text = ScimFoldUserName(text, len, &len);
	else if (strcmp(column, "external_id") != 0)
		text = ScimFold(text, len, &len);
	index = index_open(index_oid, AccessShareLock);
	table = table_open(index->rd_index->indrelid, AccessShareLock);
	if (index->rd_index->indnkeyatts == 2 && index->rd_opcintype[0] == INT4OID &&
		index->rd_opcintype[1] == TEXTOID)
	{
		ScanKeyEntryInitialize(&keys[0], 0, 1, BTEqualStrategyNumber, InvalidOid,
							   InvalidOid, F_INT4EQ, Int32GetDatum(tenant_id));
		ScanKeyEntryInitialize(
			&keys[1], 0, 2, BTEqualStrategyNumber, InvalidOid, index->rd_indcollation[1],
			F_TEXTEQ, PointerGetDatum(cstring_to_text_with_len(text, (int) len)));
		slot = table_slot_create(table, NULL);
		InitDirtySnapshot(dirty);
		scan = ScimIndexBeginScan(table, index, &dirty, 2);
		index_rescan(scan, keys, 2, NULL, 0);
		while (!found && index_getnext_slot(scan, ForwardScanDirection, slot))
		{
			bool isnull;
			Datum held = ScimSlotColumn(
				slot, ScimColumnNumber(RelationGetDescr(table), "id", UUIDOID), UUIDOID,
				&isnull);

			found = !isnull;
			if (found)
				*id = *DatumGetUUIDP(held);
		}
		index_endscan(scan);
		ExecDropSingleTupleTableSlot(slot);
	}
	table_close(table, NoLock);
	index_close(index, NoLock);
	return found;
}

/*
 * ScimTakenHolder: who has the value that a row could not have, or NULL: his id, and the
 * key of his row, where whoever acts may read that.  In PG_CATCH() no statement may be
 * run, so both are found by their indexes.
 */
char *
ScimTakenHolder(const ScimBinding *binding, const ScimRowView *row,
				const ErrorData *error)
{
	const char *column = NULL;
	int n = ScimTakenAttribute(binding, error, &column);
	const JsonbValue *value = n >= 0 ? value_of(binding, row, n) : NULL;
	bool before;
	pg_uuid_t id;
	ScimLink link;
	char *who;

	if (value == NULL || value->type != jbvString || error->schema_name == NULL ||
		!ScimTakenMayBeTold(binding, n) || !ActiveSnapshotSet() ||
		!find_holder(error, row->tenant_id, value, column, &id))
		return NULL;
	who = psprintf("id %s", ScimUuidText(&id));
	/* with the snapshot at hand */
	before = ScimSpiSeeOne(true);
	if (ScimLinkOfResourceByIndex(binding, row->tenant_id, &id, &link) && link.has_key &&
		!link.detached)
		who = psprintf("%s, row %s", who, ScimKeyShown(link.key));
	(void) ScimSpiSeeOne(before);
	return who;
}
