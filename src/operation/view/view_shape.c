/*
 * view_shape.c
 *		What a view is that people read and write: which table it reads, and what the
 *		arguments of its trigger say of its columns (view.c).
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "rewrite/rewriteHandler.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "compat.h"
#include "operation/view/view.h"
#include "store/configuration/configuration.h"

const struct ScimViewKey ScimViewKeys[VIEW_KEYS] = {
	[VIEW_ID] = {"id", UUIDOID},
	[VIEW_TENANT_ID] = {"tenant_id", INT4OID},
	[VIEW_DATA] = {"data", JSONBOID},
	[VIEW_STATUS] = {"status", TEXTOID},
	[VIEW_VERSION] = {"version", INT8OID},
	[VIEW_CREATED] = {"created", TIMESTAMPTZOID},
	[VIEW_LAST_MODIFIED] = {"last_modified", TIMESTAMPTZOID},
};

/*
 * ScimViewTable: the table that a view reads, InvalidOid where that is not one: a view
 * has its own name among its tables as well, for rules.
 */
Oid
ScimViewTable(Relation relation)
{
	Oid table = InvalidOid;
	ListCell *lc;

	if (relation->rd_rel->relkind != RELKIND_VIEW)
		return InvalidOid;
	foreach (lc, get_view_query(relation)->rtable)
	{
		const RangeTblEntry *entry = lfirst_node(RangeTblEntry, lc);

		if (entry->rtekind != RTE_RELATION || entry->relid == RelationGetRelid(relation))
			continue;
		if (OidIsValid(table))
			return InvalidOid;
		table = entry->relid;
	}
	return table;
}

/* ScimViewRefuse: a view is not what it has to be. */
void
ScimViewRefuse(const char *view, const char *why)
{
	ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
					errmsg("\"%s\" is not a view as scim.create_view makes them", view),
					errdetail("%s", why)));
}

/* Where a path leads; an attribute that is not there leaves it NULL. */
static void
read_path(View *view, const char *path, ViewColumn *column)
{
	static const char chosen[] = "[primary eq true]";
	const ScimSchema *schema = view->type->schema;
	const char *name = path;
	const char *end;
	size_t len;

	column->path = path;
	if (*path == '-')
		return;
	if (pg_strncasecmp(path, "urn:", 4) == 0)
	{
		const char *colon = strrchr(path, ':');

		column->extension = ScimResourceTypeSchema(view->type, path, colon - path);
		if (column->extension == NULL)
			return;
		schema = column->extension;
		name = colon + 1;
	}
	end = strpbrk(name, "[.");
	len = end != NULL ? end - name : strlen(name);
	column->attribute = ScimSchemaAttribute(schema, name, len);
	if (column->attribute == NULL && column->extension == NULL)
		column->attribute = ScimSchemaAttribute(view->type->common, name, len);
	if (column->attribute == NULL || end == NULL)
		return;
	if (strncmp(end, chosen, strlen(chosen)) == 0)
	{
		column->chosen = true;
		end += strlen(chosen);
	}
	if (*end == '.')
		column->sub = ScimAttributeSub(column->attribute, end + 1, strlen(end + 1));
	if (column->sub == NULL || column->chosen != column->attribute->multi_valued)
		column->attribute = NULL;
}

static void
read_columns(View *view, Relation relation, const Trigger *trigger)
{
	TupleDesc desc = RelationGetDescr(relation);
	const char *shown = RelationGetRelationName(relation);

	view->natts = Min(desc->natts, trigger->tgnargs - 1);
	view->columns = palloc0(sizeof(ViewColumn) * Max(desc->natts, 1));
	for (int i = 0; i < view->natts; i++)
	{
		const char *path = trigger->tgargs[i + 1];
		int key = 0;

		if (*path != '@')
		{
			read_path(view, pstrdup(path), &view->columns[i]);
			continue;
		}
		while (key < VIEW_KEYS && strcmp(ScimViewKeys[key].name, path + 1) != 0)
			key++;
		if (key == VIEW_KEYS ||
			TupleDescAttr(desc, i)->atttypid != ScimViewKeys[key].type)
			ScimViewRefuse(shown,
						   psprintf("Its column \"%s\" is not \"%s\".",
									NameStr(TupleDescAttr(desc, i)->attname), path));
		view->key[key] = i + 1;
	}
	if (view->key[VIEW_ID] == 0 || view->key[VIEW_TENANT_ID] == 0 ||
		view->key[VIEW_DATA] == 0 || view->key[VIEW_STATUS] == 0)
		ScimViewRefuse(shown, "It needs id, tenant_id, status and data.");
}

static bool
may_read(Oid relid)
{
	return pg_class_aclcheck(relid, GetUserId(), ACL_SELECT) == ACLCHECK_OK;
}

static char *
quoted_name(Oid relid)
{
	return quote_qualified_identifier(get_namespace_name(get_rel_namespace(relid)),
									  get_rel_name(relid));
}

/* ScimViewFind: what the trigger was called on, found once for a statement. */
View *
ScimViewFind(FunctionCallInfo fcinfo, const TriggerData *trigger)
{
	Relation relation = trigger->tg_relation;
	TupleDesc desc = RelationGetDescr(relation);
	View *view = fcinfo->flinfo->fn_extra;
	MemoryContext caller;

	if (view != NULL && view->relid == RelationGetRelid(relation))
		return view;
	caller = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	view = palloc0(sizeof(View));
	view->relid = RelationGetRelid(relation);
	view->table = ScimViewTable(relation);
	if (!OidIsValid(view->table) || !get_rel_relispartition(view->table))
		ScimViewRefuse(RelationGetRelationName(relation),
					   "It has to read one table of resources, and nothing else.");
	view->store = ScimStoreOfPartition(view->table);
	if (view->store == NULL)
		ScimViewRefuse(RelationGetRelationName(relation), "What it reads is no store's.");
	if (trigger->tg_trigger->tgnargs < 1)
		ScimViewRefuse(RelationGetRelationName(relation),
					   "Its trigger has no arguments.");
	view->type = ScimTypeByName(view->store, trigger->tg_trigger->tgargs[0]);
	SPI_connect();
	if (!ScimPartitionIsOf(view->table, view->store->namespace_oid, view->type->name))
		ScimViewRefuse(
			RelationGetRelationName(relation),
			psprintf("What it reads are no resources of type \"%s\".", view->type->name));
	SPI_finish();
	MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	read_columns(view, relation, trigger->tg_trigger);
	view->quoted_view = quoted_name(view->relid);
	view->quoted_table = quoted_name(view->table);
	view->reread = psprintf(
		"SELECT v.* FROM %s v WHERE v.%s = $1 AND v.%s = $2", view->quoted_view,
		quote_identifier(
			NameStr(TupleDescAttr(desc, view->key[VIEW_TENANT_ID] - 1)->attname)),
		quote_identifier(NameStr(TupleDescAttr(desc, view->key[VIEW_ID] - 1)->attname)));
	view->may_read = may_read(view->relid) && may_read(view->table);
	fcinfo->flinfo->fn_extra = view;
	MemoryContextSwitchTo(caller);
	return view;
}
