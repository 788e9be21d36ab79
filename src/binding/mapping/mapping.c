/*
 * mapping.c
 *		The document that scim.bind_table is given, compiled.
 *
 *		{"key": ["id"], "tenant": 1, "match": "userName",
 *		 "attributes": {
 *		   "userName": "email",
 *		   "active": {"column": "state", "values": {"true": "on", "false": "off"}},
 *		   "displayName": {"read": "initcap(login)", "write": {"login": "lower(value)"}},
 *		   "manager": {"column": "manager_id", "references": "User"},
 *		   "emails": {"table": "app.emails", "key": ["user_id"],
 *					  "columns": {"value": "address", "type": "kind"}}},
 *		 "delete": {"set": {"deleted_at": "now()"}}, "gone": "deleted_at IS NOT NULL",
 *		 "removed": "suspend", "search_path": "app, public"}
 *
 * mapping_part.c reads settings, columns and SQL, mapping_attribute.c each attribute.
 *
 * It is compiled when a table is bound, and whenever a session looks at the binding anew.
 * Until then a column may have gone: what cannot work any more is unavailable, and says
 * why.  What comes from a table of the store's owner is his; see bound/bound.c.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_type.h"
#include "policy/policy.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "binding/mapping/mapping_state.h"
#include "json/json.h"
#include "store/statement/column.h"

static void
compile_tenant(ScimBinding *binding, const JsonbValue *value)
{
	static const char *const known[] = {"column", "values", NULL};

	if (value->type == jbvNumeric)
	{
		binding->tenant_id = ScimMappingTenant(value, "tenant");
		return;
	}
	binding->every_tenant = true;
	if (value->type == jbvString)
		ScimMappingColumn(binding->relid, ScimJsonStringCopy(value), "tenant",
						  &binding->tenant);
	else if (value->type != jbvObject)
		ScimMappingWrong("tenant",
						 "must be the number of a tenant, the name of a column, "
						 "{\"name\": ...} of a tenant, or {\"column\": ..., \"values\": "
						 "...}");
	else
	{
		char *column;

		/* by which it was looked up, where it could be */
		if (ScimMappingMember(value, "name") != NULL)
			ScimMappingWrong("tenant.name",
							 "must be the name of a tenant, with nothing beside it");
		ScimMappingCheckMembers(value, "tenant", known);
		column = ScimMappingText(value, "column", "tenant");
		if (column == NULL || ScimMappingMember(value, "values") == NULL)
			ScimMappingWrong("tenant",
							 "must have \"name\", or \"column\" and \"values\"");
		ScimMappingColumn(binding->relid, column, "tenant.column", &binding->tenant);
		binding->tenants =
			ScimMappingValues(ScimMappingMember(value, "values"), NULL, "tenant.values");
	}
	if (binding->tenant.generated)
		ScimMappingWrong("tenant", "the column is generated, and cannot be written");
	if (binding->tenants == NIL && binding->tenant.base != INT2OID &&
		binding->tenant.base != INT4OID && binding->tenant.base != INT8OID)
		ScimMappingWrong(
			"tenant", "must be a column of an integer type that holds numbers of "
					  "tenants, or {\"column\": ..., \"values\": {\"name of a tenant\": "
					  "what the column says}}");
}

static void
compile_ends(ScimBinding *binding, const JsonbValue *mapping)
{
	static const char *const known[] = {"set", "restore", NULL};
	const JsonbValue *value = ScimMappingMember(mapping, "delete");
	char *removed = ScimMappingText(mapping, "removed", NULL);
	char *gone = ScimMappingText(mapping, "gone", NULL);

	if (value == NULL || ScimJsonStringEquals(value, "delete"))
		binding->row_end = SCIM_ROW_DELETE;
	else if (ScimJsonStringEquals(value, "keep"))
		binding->row_end = SCIM_ROW_KEEP;
	else if (value->type == jbvObject)
	{
		const JsonbValue *back = ScimMappingMember(value, "restore");
		const ListCell *lc;

		ScimMappingCheckMembers(value, "delete", known);
		if (ScimMappingMember(value, "set") == NULL)
			ScimMappingWrong("delete", "must be \"delete\", \"keep\" or have \"set\"");
		binding->row_end = SCIM_ROW_SET;
		binding->end_set = ScimMappingWrites(
			binding->relid, ScimMappingMember(value, "set"), "delete.set");
		foreach (lc, binding->end_set)
		{
			const ScimColumnInfo *column = &((const ScimBoundWrite *) lfirst(lc))->column;

			if (ScimColumnPlace(column->number, binding->key) >= 0)
				ScimMappingWrong("delete.set",
								 psprintf("column \"%s\" is of the key", column->name));
		}
		if (back != NULL)
			binding->end_back = ScimMappingWrites(binding->relid, back, "delete.restore");
		else
		{
			foreach (lc, binding->end_set)
			{
				ScimBoundWrite *write = palloc(sizeof(ScimBoundWrite));

				*write = *(const ScimBoundWrite *) lfirst(lc);
				write->expression = NULL;
				binding->end_back = lappend(binding->end_back, write);
			}
		}
	}
	else
		ScimMappingWrong("delete", "must be \"delete\", \"keep\" or have \"set\"");
	if (gone != NULL)
		binding->gone = ScimMappingExpression(gone, "gone");
	if (gone != NULL && binding->row_end == SCIM_ROW_KEEP)
		ScimMappingWrong(
			"delete", "must not be \"keep\" beside \"gone\": a row that stays as it is "
					  "would not count as deleted");
	if (removed == NULL || strcmp(removed, "delete") == 0)
		binding->resource_end = SCIM_RESOURCE_DELETE;
	else if (strcmp(removed, "suspend") == 0)
		binding->resource_end = SCIM_RESOURCE_SUSPEND;
	else if (strcmp(removed, "keep") == 0)
		binding->resource_end = SCIM_RESOURCE_KEEP;
	else
		ScimMappingWrong("removed", "must be \"delete\", \"suspend\" or \"keep\"");
}

/* What becomes of resources that have no row when the table is bound. */
static void
compile_missing(ScimBinding *binding, const JsonbValue *mapping)
{
	char *missing = ScimMappingText(mapping, "missing", NULL);

	binding->reports_missing = missing != NULL && strcmp(missing, "report") == 0;
	if (missing != NULL && !binding->reports_missing && strcmp(missing, "insert") != 0)
		ScimMappingWrong("missing", "must be \"insert\" or \"report\"");
}

/* By which attribute a row and a resource that are there already are the same. */
static void
compile_match(ScimBinding *binding, const JsonbValue *mapping)
{
	char *name = ScimMappingText(mapping, "match", NULL);
	const ListCell *lc;

	foreach (lc, binding->attributes)
	{
		const ScimBoundAttribute *bound = lfirst(lc);
		const ScimAttribute *attribute = bound->target.attribute;

		if (bound->target.extension != NULL || bound->target.sub != NULL)
			continue;
		for (int i = 0; i < SCIM_KEY_ACTIVE; i++)
		{
			if (ScimIsKeyColumn(attribute, (ScimKeyColumn) i) &&
				(name != NULL ? pg_strcasecmp(name, attribute->name) == 0
							  : i == (binding->type->has_members ? SCIM_KEY_DISPLAY_NAME
																 : SCIM_KEY_USER_NAME)))
				binding->match = attribute;
		}
	}
	if (name != NULL && binding->match == NULL)
		ScimMappingWrong("match",
						 "must be userName, displayName or externalId, and be bound");
}

/* The name of a constraint that is put off, for SET CONSTRAINTS. */
static void
add_deferred(ScimBinding *binding, const FormData_pg_constraint *constraint)
{
	char *name = quote_qualified_identifier(get_namespace_name(constraint->connamespace),
											NameStr(constraint->conname));

	if (!constraint->condeferred)
		return;
	binding->deferred =
		binding->deferred == NULL ? name : psprintf("%s, %s", binding->deferred, name);
}

/* Which constraint is about which columns, so that errors can name them. */
static List *
read_constraints(ScimBinding *binding, Oid relid)
{
	Relation catalog = table_open(ConstraintRelationId, AccessShareLock);
	List *constraints = NIL;
	SysScanDesc scan;
	ScanKeyData key;
	HeapTuple tuple;

	ScanKeyInit(&key, Anum_pg_constraint_conrelid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(relid));
	scan =
		systable_beginscan(catalog, ConstraintRelidTypidNameIndexId, true, NULL, 1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		ScimBoundConstraint *constraint = palloc0(sizeof(ScimBoundConstraint));
		bool isnull;
		Datum numbers = ScimColumn(tuple, RelationGetDescr(catalog),
								   Anum_pg_constraint_conkey, INT2ARRAYOID, &isnull);
		Datum *elements;
		int n;

		add_deferred(binding, (Form_pg_constraint) GETSTRUCT(tuple));
		if (isnull)
			continue;
		constraint->name =
			pstrdup(NameStr(((Form_pg_constraint) GETSTRUCT(tuple))->conname));
		deconstruct_array(DatumGetArrayTypeP(numbers), INT2OID, sizeof(int16), true,
						  TYPALIGN_SHORT, &elements, NULL, &n);
		for (int i = 0; i < n; i++)
		{
			char *name = get_attname(relid, DatumGetInt16(elements[i]), true);

			if (name != NULL)
				constraint->columns = lappend(constraint->columns, name);
		}
		constraints = lappend(constraints, constraint);
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return constraints;
}

static bool
has_triggers(Oid relid)
{
	Relation relation = table_open(relid, AccessShareLock);
	const TriggerDesc *triggers = ScimTriggers(relation);
	bool found = false;

	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
		found |= !triggers->triggers[i].tgisinternal &&
				 TRIGGER_FOR_AFTER(triggers->triggers[i].tgtype) &&
				 strcmp(triggers->triggers[i].tgname, SCIM_QUEUE_TRIGGER) != 0 &&
				 strncmp(triggers->triggers[i].tgname, "scim_binding",
						 strlen("scim_binding")) != 0;
	table_close(relation, NoLock);
	return found;
}

/* What a row t is read as, as SQL: its key, tenant, whether it is gone, and values. */
static char *
select_row(const ScimBinding *binding)
{
	StringInfoData sql;
	const ListCell *lc;

	initStringInfo(&sql);
	appendStringInfo(&sql, "%s, ", ScimKeyTexts(binding->key, "t"));
	if (binding->tenant.name != NULL)
		appendStringInfo(&sql, "t.%s::text", binding->tenant.quoted);
	else
		appendStringInfoString(&sql, "NULL::text");
	if (binding->gone != NULL)
		appendStringInfo(&sql, ", coalesce(%s, false)", binding->gone);
	else
		appendStringInfoString(&sql, ", false");
	foreach (lc, binding->attributes)
		appendStringInfo(&sql, ", %s", ((const ScimBoundAttribute *) lfirst(lc))->read);
	return sql.data;
}

/* Attributes belong into "attributes". */
static void
check_settings(const ScimResourceType *type, const JsonbValue *mapping,
			   const char *const *known)
{
	for (int i = 0; mapping->type == jbvObject && i < mapping->val.object.nPairs; i++)
	{
		ScimBoundAttribute bound = {
			.path = ScimJsonStringCopy(&mapping->val.object.pairs[i].key)};
		const char *const *at = known;

		while (*at != NULL && strcmp(*at, bound.path) != 0)
			at++;
		if (*at == NULL && ScimBoundResolve(type, &bound) == NULL)
			ereport(ERROR,
					(ScimMappingCode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("mapping: mapping.%s: there is no such setting", bound.path),
					 errhint("It is an attribute: {\"attributes\": {\"%s\": ...}}.",
							 bound.path)));
	}
	ScimMappingCheckMembers(mapping, "mapping", known);
}

static void
words_are_stored(ScimBoundWords *words, const ScimWire *wire,
				 const ScimResolved *resolved)
{
	const ListCell *lc;

	foreach (lc, words->values)
	{
		ScimBoundValue *one = lfirst(lc);
		bool is_else = words->otherwise != NULL && one->value == words->otherwise;

		one->value = ScimWireValueStored(wire, resolved, one->value);
		if (is_else)
			words->otherwise = one->value;
	}
}

/*
 * Values that the mapping has of attributes are compared with what is stored: they are
 * what the store makes of them, where it has other characters.
 */
static void
take_stored(ScimBinding *binding)
{
	int32 tenant_id = binding->every_tenant ? 0 : binding->tenant_id;
	const ScimWire *wire =
		ScimWireCharactersOf(ScimRulesFor(binding->store, tenant_id, binding->type));
	const ListCell *lc;
	const ListCell *sub;

	if (wire == NULL)
		return;
	foreach (lc, binding->attributes)
	{
		ScimBoundAttribute *bound = lfirst(lc);

		ScimBoundChooseStored(bound, wire);
		words_are_stored(&bound->words, wire, &bound->target);
		foreach (sub, bound->table.subs)
		{
			ScimBoundSub *part = lfirst(sub);
			ScimResolved resolved = bound->target;

			resolved.sub = part->attribute;
			words_are_stored(&part->words, wire, &resolved);
		}
	}
}

static void
compile(ScimMappingState *compiling, const Jsonb *document)
{
	static const char *const known[] = {"key",     "tenant", "attributes", "match",
										"delete",  "gone",   "removed",    "search_path",
										"missing", NULL};
	ScimBinding *binding = compiling->binding;
	const JsonbValue *mapping = ScimJsonFromJsonb(document);
	const JsonbValue *attributes;
	const JsonbValue *value;
	const ListCell *lc;

	ScimMappingCheckRules(binding->relid);
	check_settings(binding->type, mapping, known);
	value = ScimMappingMember(mapping, "key");
	binding->key = value != NULL ? ScimMappingColumns(binding->relid, value, "key")
								 : ScimPrimaryKeyColumns(binding->relid);
	if (binding->key == NIL)
		ScimMappingWrong(
			"key", psprintf("table \"%s\" has no primary key: name the columns by which "
							"a row is known",
							binding->shown));
	foreach (lc, binding->key)
	{
		char *problem = ScimKeyProblem(lfirst(lc), NULL, false);

		if (problem != NULL)
			ScimMappingWrongNow("key", problem);
		if (!ScimColumnIsKey(lfirst(lc)))
			ScimMappingWrong(
				"key", psprintf("column \"%s\" is of a type that cannot be a key here",
								((const ScimColumnInfo *) lfirst(lc))->name));
		if (!((const ScimColumnInfo *) lfirst(lc))->not_null)
			ScimMappingWrong("key",
							 psprintf("column \"%s\" may be null",
									  ((const ScimColumnInfo *) lfirst(lc))->name));
	}
	if (!ScimKeyIsUnique(binding->relid, binding->key, &binding->key_put_off))
		ScimMappingWrong("key", psprintf("no unique index of table \"%s\" is of the key",
										 binding->shown));
	value = ScimMappingMember(mapping, "tenant");
	if (value != NULL)
		compile_tenant(binding, value);
	else if (!ScimTenantKnown(&binding->tenant_id))
		ScimMappingWrong("tenant", "must be said, since you act for no tenant");
	attributes = ScimMappingMember(mapping, "attributes");
	if (attributes == NULL || attributes->type != jbvObject ||
		attributes->val.object.nPairs == 0)
		ScimMappingWrong("attributes", "must be an object of attributes and columns");
	for (int i = 0; i < attributes->val.object.nPairs; i++)
		ScimMappingAttribute(compiling,
							 ScimJsonStringCopy(&attributes->val.object.pairs[i].key),
							 &attributes->val.object.pairs[i].value);
	compile_ends(binding, mapping);
	compile_match(binding, mapping);
	compile_missing(binding, mapping);
	binding->search_path = ScimMappingText(mapping, "search_path", NULL);
	if (binding->search_path == NULL)
		binding->search_path = psprintf(
			"pg_catalog, %s, pg_temp",
			quote_identifier(get_namespace_name(get_rel_namespace(binding->relid))));
	ScimMappingSearchPath(binding->search_path);
	binding->constraints = read_constraints(binding, binding->relid);
	binding->has_triggers = has_triggers(binding->relid);
	foreach (lc, binding->others)
	{
		const ScimBoundTable *other = lfirst(lc);

		(void) read_constraints(binding, other->relid);
		binding->has_triggers |= has_triggers(other->relid);
	}
	foreach (lc, binding->attributes)
	{
		const ScimBoundAttribute *bound = lfirst(lc);

		binding->reads_all |= bound->kind == SCIM_BOUND_EXPRESSION;
	}
	binding->reads_all |= binding->gone != NULL;
	binding->select = select_row(binding);
	take_stored(binding);
}

/*
 * ScimBindingCompile compiles a mapping, into a context below parent.  others: the tables
 * of its attributes, NULL: they are found by their names, since it is being bound.
 */
ScimBinding *
ScimBindingCompile(MemoryContext parent, ScimStore *store, const ScimResourceType *type,
				   const pg_uuid_t *id, Oid relid, const Jsonb *mapping,
				   const Oid *others, int nothers)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "scim binding", ALLOCSET_SMALL_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	ScimBinding *binding = palloc0(sizeof(ScimBinding));
	ScimMappingState compiling = {binding, others, nothers};
	bool before = ScimMappingInUse;
	HeapTuple tuple;

	binding->labels = palloc0(sizeof(uint64));
	binding->waiting = palloc0(sizeof(ScimWaiting));
	binding->context = context;
	binding->store = store;
	binding->id = *id;
	binding->type = type;
	binding->relid = relid;
	ScimMappingInUse = others != NULL;
	PG_TRY();
	{
		Jsonb *copy = palloc(VARSIZE(mapping));

		/* what is compiled points into it */
		memcpy(copy, mapping, VARSIZE(mapping));
		binding->mapping = copy;
		if (!ScimRelationStays(relid))
			ereport(ERROR,
					(ScimMappingCode(ERRCODE_UNDEFINED_TABLE),
					 errmsg("the table to which resources of type \"%s\" are bound has "
							"gone",
							type->name)));
		binding->quoted = ScimRelationQuoted(relid);
		binding->shown = ScimRelationShown(relid);
		tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
		binding->owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
		ReleaseSysCache(tuple);
		compile(&compiling, copy);
	}
	PG_FINALLY();
	{
		ScimMappingInUse = before;
	}
	PG_END_TRY();
	MemoryContextSwitchTo(caller);
	MemoryContextSetParent(context, parent);
	return binding;
}
