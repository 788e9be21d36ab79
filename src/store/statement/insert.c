/*
 * insert.c
 *		Rows that are written without a statement.  See insert.h.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/rel.h"
#include "utils/rls.h"

#include "compat.h"
#include "store/statement/insert.h"
#include "store/statement/plan.h"

/*
 * Does inserting a row do nothing else than checking constraints, BEFORE triggers of the
 * row and indexes?  And may we?  Else a statement does it, or says why not.
 */
static bool
is_plain(Relation relation)
{
	Oid relid = RelationGetRelid(relation);

	if (relation->rd_rel->relkind != RELKIND_RELATION || relation->rd_rules != NULL ||
		XactReadOnly || IsInParallelMode())
		return false;
	if (relation->trigdesc != NULL && (relation->trigdesc->trig_insert_before_statement ||
									   relation->trigdesc->trig_insert_after_statement ||
									   relation->trigdesc->trig_insert_after_row))
		return false;
	return pg_class_aclcheck(relid, GetUserId(), ACL_INSERT) == ACLCHECK_OK &&
		   (!relation->rd_rel->relrowsecurity ||
			check_enable_rls(relid, InvalidOid, true) != RLS_ENABLED);
}

HeapTuple
ScimInsertForm(Relation relation, const ScimInsertColumn *columns, int ncolumns,
			   const Datum *values, const bool *nulls)
{
	TupleDesc desc = RelationGetDescr(relation);
	Datum *row;
	bool *isnull;
	int named = 0;
	int next = 0;

	if (!is_plain(relation))
		return NULL;
	row = palloc0(sizeof(Datum) * desc->natts);
	isnull = palloc(sizeof(bool) * desc->natts);
	for (int i = 0; i < desc->natts; i++)
	{
		const FormData_pg_attribute *attribute = TupleDescAttr(desc, i);
		int column = -1;

		isnull[i] = true;
		if (attribute->attisdropped)
			continue;
		/* mostly they stand in the same order */
		for (int n = 0; n < ncolumns && column < 0; n++)
		{
			if (strcmp(NameStr(attribute->attname),
					   columns[(next + n) % ncolumns].name) == 0)
				column = (next + n) % ncolumns;
		}
		if (column < 0 || attribute->atttypid != columns[column].type ||
			attribute->attgenerated != '\0' || attribute->attidentity != '\0')
			return NULL;
		row[i] = values[column];
		isnull[i] = nulls[column];
		named++;
		next = column + 1;
	}
	return named == ncolumns ? heap_form_tuple(desc, row, isnull) : NULL;
}

bool
ScimSameTuple(HeapTuple a, HeapTuple b)
{
	const Size header = offsetof(HeapTupleHeaderData, t_bits);

	return a->t_len == b->t_len &&
		   memcmp((const char *) a->t_data + header, (const char *) b->t_data + header,
				  a->t_len - header) == 0;
}

void
ScimInsertTuple(Relation relation, HeapTuple tuple)
{
	EState *estate = CreateExecutorState();
	ResultRelInfo *result = makeNode(ResultRelInfo);
	TupleTableSlot *slot =
		MakeSingleTupleTableSlot(RelationGetDescr(relation), &TTSOpsHeapTuple);
	bool skipped = false;
	int level;

	ScimGuardTable(relation);
	/* as in a statement: what triggers and checks of the owner set ends here
	 * (statement.c) */
	level = NewGUCNestLevel();
	InitResultRelInfo(result, relation, 0, NULL, 0);
	ExecStoreHeapTuple(tuple, slot, false);
	if (relation->trigdesc != NULL && relation->trigdesc->trig_insert_before_row)
	{
		skipped = !ExecBRInsertTriggers(estate, result, slot);
		if (!skipped && relation->rd_rel->relispartition &&
			!ScimSameTuple(ExecFetchSlotHeapTuple(slot, false, NULL), tuple))
			(void) ExecPartitionCheck(result, slot, estate, true);
	}
	if (!skipped)
	{
		ExecOpenIndices(result, false);
		if (RelationGetDescr(relation)->constr != NULL)
			ExecConstraints(result, slot, estate);
		table_tuple_insert(relation, slot, GetCurrentCommandId(true), 0, NULL);
		if (result->ri_NumIndices > 0)
			(void) ScimInsertIndexTuples(result, slot, estate);
		ExecCloseIndices(result);
	}
	ExecDropSingleTupleTableSlot(slot);
	FreeExecutorState(estate);
	AtEOXact_GUC(false, level);
	/* whatever comes next sees it */
	CommandCounterIncrement();
}
