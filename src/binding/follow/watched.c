/*
 * watched.c
 *		The columns of a bound table, or of one of its values and members, that say
 *		something: of whom a row is, and whether a change of it is one.
 */
#include "postgres.h"

#include <ctype.h>

#include "access/htup_details.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/formatting.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "binding/bound/bound.h"
#include "binding/follow/watched.h"
#include "binding/sides/sides.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/trigger_type.h"

static int
number_of(Relation relation, const ScimColumnInfo *column)
{
	int number = get_attnum(RelationGetRelid(relation), column->name);

	if (number <= 0)
		elog(ERROR, "column \"%s\" of \"%s\" has gone", column->name,
			 RelationGetRelationName(relation));
	return number;
}

static List *
numbers_of(Relation relation, const List *columns)
{
	List *numbers = NIL;
	const ListCell *lc;

	foreach (lc, columns)
		numbers = lappend_int(numbers, number_of(relation, lfirst(lc)));
	return numbers;
}

/* Does SQL name the row as a whole, as t or t.*? */
static bool
names_row(const char *sql)
{
	for (const char *at = strchr(sql, 't'); at != NULL; at = strchr(at + 1, 't'))
	{
		char before = at == sql ? ' ' : at[-1];

		if (!isalnum((unsigned char) before) && strchr("_.$\"'", before) == NULL &&
			((!isalnum((unsigned char) at[1]) && strchr("_.$\"'", at[1]) == NULL) ||
			 strncmp(at, "t.*", strlen("t.*")) == 0))
			return true;
	}
	return false;
}

/* The columns that SQL over a row names, perhaps. */
static List *
add_named(List *numbers, Relation relation, const char *sql)
{
	TupleDesc desc = RelationGetDescr(relation);
	char *lower = asc_tolower(sql, strlen(sql));
	bool all = names_row(lower);

	for (int i = 0; i < desc->natts; i++)
	{
		const FormData_pg_attribute *column = TupleDescAttr(desc, i);
		const char *name = NameStr(column->attname);

		if (!column->attisdropped &&
			(all || strstr(lower, asc_tolower(name, strlen(name))) != NULL))
			numbers = list_append_unique_int(numbers, i + 1);
	}
	return numbers;
}

static bool
fires(Relation relation, const char *name)
{
	const TriggerDesc *triggers = ScimTriggers(relation);

	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
	{
		if (strcmp(triggers->triggers[i].tgname, name) == 0)
			return triggers->triggers[i].tgenabled != TRIGGER_DISABLED;
	}
	return false;
}

/* other NULL: the table itself */
ScimWatched *
ScimWatchedFind(FunctionCallInfo fcinfo, Relation relation, const ScimBinding *binding,
				const ScimBoundAttribute *other)
{
	ScimWatched *watched = fcinfo->flinfo->fn_extra;
	MemoryContext old;
	const ListCell *lc;

	if (watched != NULL && watched->relid == RelationGetRelid(relation))
		return watched;
	old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	watched = palloc0(sizeof(ScimWatched));
	watched->relid = RelationGetRelid(relation);
	watched->followed = ScimFollowedBegin();
	watched->follows = fires(relation, "scim_binding");
	watched->is_moved = fires(relation, SCIM_QUEUE_TRIGGER);
	watched->key = numbers_of(relation, other != NULL ? other->table.key : binding->key);
	watched->watched = list_copy(watched->key);
	if (other != NULL)
	{
		watched->member = numbers_of(relation, other->table.member_key);
		watched->watched = list_concat_copy(watched->watched, watched->member);
		foreach (lc, other->table.subs)
			watched->watched = lappend_int(
				watched->watched,
				number_of(relation, &((const ScimBoundSub *) lfirst(lc))->column));
	}
	else
	{
		watched->all = binding->reads_all;
		if (binding->gone != NULL)
			watched->named = add_named(watched->named, relation, binding->gone);
		if (binding->tenant.name != NULL)
		{
			watched->tenant = number_of(relation, &binding->tenant);
			watched->watched = lappend_int(watched->watched, watched->tenant);
		}
		foreach (lc, binding->attributes)
		{
			const ScimBoundAttribute *attribute = lfirst(lc);

			if (attribute->kind == SCIM_BOUND_COLUMN)
				watched->watched = lappend_int(watched->watched,
											   number_of(relation, &attribute->column));
			if (attribute->kind == SCIM_BOUND_REFERENCE)
			{
				List *numbers = numbers_of(relation, attribute->reference.columns);

				watched->references = lappend(watched->references, numbers);
				watched->watched = list_concat(watched->watched, numbers);
			}
			if (attribute->kind == SCIM_BOUND_EXPRESSION)
				watched->named = add_named(watched->named, relation, attribute->read);
		}
	}
	MemoryContextSwitchTo(old);
	fcinfo->flinfo->fn_extra = watched;
	return watched;
}

/*
 * What says of whom a row of the table is, and that it moves; to be had without a trigger
 * of it.
 */
ScimWatched
ScimWatchedOfRow(Relation relation, const ScimBinding *binding)
{
	ScimWatched watched = {.relid = binding->relid};

	watched.is_moved = fires(relation, SCIM_QUEUE_TRIGGER);
	watched.key = numbers_of(relation, binding->key);
	if (binding->tenant.name != NULL)
		watched.tenant = number_of(relation, &binding->tenant);
	return watched;
}

static bool
is_same(Relation relation, int number, HeapTuple a, HeapTuple b)
{
	const FormData_pg_attribute *attribute =
		TupleDescAttr(RelationGetDescr(relation), number - 1);
	bool a_null;
	bool b_null;
	Datum x =
		ScimColumn(a, RelationGetDescr(relation), number, attribute->atttypid, &a_null);
	Datum y =
		ScimColumn(b, RelationGetDescr(relation), number, attribute->atttypid, &b_null);

	if (a_null || b_null)
		return a_null == b_null;
	return datum_image_eq(x, y, attribute->attbyval, attribute->attlen);
}

static bool
are_same(const TriggerData *trigger, const List *numbers)
{
	const ListCell *lc;

	foreach (lc, numbers)
	{
		if (!is_same(trigger->tg_relation, lfirst_int(lc), trigger->tg_trigtuple,
					 trigger->tg_newtuple))
			return false;
	}
	return true;
}

/*
 * Has an UPDATE changed no column that is bound, or that SQL of the mapping names?  What
 * functions read that it calls nobody knows.
 */
bool
ScimWatchedSaysSame(const TriggerData *trigger, const ScimWatched *watched)
{
	return TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) &&
		   are_same(trigger, watched->watched) && are_same(trigger, watched->named);
}

/* Has an UPDATE changed nothing that is bound? */
bool
ScimWatchedIsUnchanged(const TriggerData *trigger, const ScimWatched *watched)
{
	Relation relation = trigger->tg_relation;

	if (!TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		return false;
	for (int i = 1; watched->all && i <= RelationGetDescr(relation)->natts; i++)
	{
		if (!TupleDescAttr(RelationGetDescr(relation), i - 1)->attisdropped &&
			!is_same(relation, i, trigger->tg_trigtuple, trigger->tg_newtuple))
			return false;
	}
	return are_same(trigger, watched->watched);
}

static char *
text_of(Relation relation, int number, HeapTuple tuple, char *(*text)(Oid, Datum))
{
	Oid type = TupleDescAttr(RelationGetDescr(relation), number - 1)->atttypid;
	bool isnull;
	Datum value = ScimColumn(tuple, RelationGetDescr(relation), number, type, &isnull);

	return isnull ? NULL : text(type, value);
}

/* ScimWatched as text[]; false: one of them is null. */
bool
ScimWatchedKey(Relation relation, const List *numbers, HeapTuple tuple, Datum *key)
{
	Datum *elements = palloc(sizeof(Datum) * list_length(numbers));
	const ListCell *lc;

	foreach (lc, numbers)
	{
		char *text = text_of(relation, lfirst_int(lc), tuple, ScimKeyTextOf);

		if (text == NULL)
			return false;
		elements[foreach_current_index(lc)] = CStringGetTextDatum(text);
	}
	*key = ScimArray(elements, NULL, list_length(numbers), TEXTOID);
	return true;
}

/* What a row says of its tenant, as it is read elsewhere; NULL: nothing. */
static char *
tenant_of(const ScimBinding *binding, Relation relation, const ScimWatched *watched,
		  HeapTuple tuple)
{
	char *text;
	int level;

	if (watched->tenant == 0)
		return NULL;
	/* numbers have no settings */
	if (binding->tenants == NIL)
		return text_of(relation, watched->tenant, tuple, ScimColumnText);
	level = ScimStatementBeginOfText(binding->search_path);
	text = text_of(relation, watched->tenant, tuple, ScimColumnText);
	ScimStatementEnd(level);
	return text;
}

ScimTenantKey
ScimTenantKeyOf(const ScimBinding *binding, Relation relation, const ScimWatched *watched,
				HeapTuple tuple)
{
	ScimTenantKey place = {false};

	if (tuple == NULL)
		return place;
	place.there = ScimWatchedKey(relation, watched->key, tuple, &place.key) &&
				  ScimTenantOfText(binding, tenant_of(binding, relation, watched, tuple),
								   &place.tenant_id);
	return place;
}
