/*
 * late.c
 *		Values that a table may have of a row that was read before they came.
 *
 * Where no foreign key asks for the row, its values may be there first, or come at the
 * same time; then who makes it finds them when its link is written (meet.c).
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "binding/bound/bound.h"
#include "binding/sides/sides.h"
#include "store/statement/column.h"

/* Has a foreign key the columns of a key, each with its own one there? */
static bool
is_of_key(const ForeignKeyCacheInfo *foreign, const ScimBinding *binding,
		  const ScimBoundTable *table)
{
	const ListCell *lc;
	const ListCell *of;

	if (foreign->confrelid != binding->relid ||
		foreign->nkeys != list_length(binding->key))
		return false;
	forboth (lc, table->key, of, binding->key)
	{
		bool found = false;

		for (int i = 0; i < foreign->nkeys; i++)
			found |=
				foreign->conkey[i] == ((const ScimColumnInfo *) lfirst(lc))->number &&
				foreign->confkey[i] == ((const ScimColumnInfo *) lfirst(of))->number;
		if (!found)
			return false;
	}
	return true;
}

/* Is it asked at once, of all rows, and not switched off? */
static bool
is_asked(Relation relation, Oid constraint)
{
	const TriggerDesc *triggers = ScimTriggers(relation);
	HeapTuple tuple = SearchSysCache1(CONSTROID, ObjectIdGetDatum(constraint));
	bool asked = false;
	Form_pg_constraint form;

	if (!HeapTupleIsValid(tuple))
		return false;
	form = (Form_pg_constraint) GETSTRUCT(tuple);
	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
		asked |= triggers->triggers[i].tgconstraint == constraint;
	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
		asked &= triggers->triggers[i].tgconstraint != constraint ||
				 triggers->triggers[i].tgenabled != TRIGGER_DISABLED;
	asked = asked && form->convalidated && !form->condeferrable;
	ReleaseSysCache(tuple);
	return asked;
}

/*
 * ScimValuesNeedRow: does a foreign key see to it that a table of values has none of a
 * key that is not there?
 */
bool
ScimValuesNeedRow(const ScimBinding *binding, const ScimBoundTable *table)
{
	Relation relation = table_open(table->relid, AccessShareLock);
	bool needs = false;
	const ListCell *lc;

	foreach (lc, RelationGetFKeyList(relation))
	{
		const ForeignKeyCacheInfo *foreign = lfirst(lc);

		needs = needs || (is_of_key(foreign, binding, table) &&
						  is_asked(relation, foreign->conoid));
	}
	table_close(relation, NoLock);
	return needs;
}

/*
 * ScimValuesMayBeThere: a row has been read before its link was put: may a table have
 * values of it that have come meanwhile?
 */
bool
ScimValuesMayBeThere(const ScimBinding *binding, Datum key)
{
	const ListCell *lc;

	foreach (lc, binding->attributes)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);
		ScimParams params;

		if (attribute->kind != SCIM_BOUND_TABLE ||
			ScimValuesNeedRow(binding, &attribute->table))
			continue;
		ScimParamsInit(&params);
		ScimParamsAdd(&params, TEXTARRAYOID, key, false);
		if (ScimOtherHasRows(binding, &attribute->table,
							 ScimKeyIs(attribute->table.key, "c", "$1"), &params))
			return true;
	}
	return false;
}
