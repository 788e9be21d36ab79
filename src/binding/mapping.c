/*
 * mapping.c
 *		The document that scim.bind_table is given, compiled.
 *
 *		{"key": ["id"], "tenant": 1, "match": "userName",
 *		 "attributes": {
 *		   "userName": "email",
 *		   "active": {"column": "state", "values": {"true": "on", "false": "off"}},
 *		   "displayName": {"read": "initcap(login)", "write": {"login": "lower(value)"}},
 *		   "emails": {"table": "app.emails", "key": ["user_id"],
 *					  "columns": {"value": "address", "type": "kind"}}},
 *		 "delete": {"set": {"deleted_at": "now()"}}, "gone": "deleted_at IS NOT NULL",
 *		 "removed": "suspend", "search_path": "app, public"}
 *
 * It is compiled when a table is bound, and whenever a session looks at the binding anew.
 * Until then a column may have gone: what cannot work any more is unavailable, and says
 * why.  What comes from a table of the store's owner is his; see bound.c.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_type.h"
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "binding/binding.h"
#include "json/json.h"
#include "path/path.h"
#include "store/column.h"

typedef struct Compiling
{
	ScimBinding *binding;
	const Oid *others; /* NULL: the tables are found by their names */
	int nothers;
} Compiling;

/* Is what is compiled bound already? */
static bool in_use = false;

/* The SQLSTATE of what is wrong: of what was bound, that it cannot be used. */
static int
code(int sqlstate)
{
	if (!in_use)
		return errcode(sqlstate);
	ScimErr(SCIM_UNAVAILABLE);
	return errhint("scim.unbind_table() ends the binding; then scim.bind_table() can be "
				   "given another mapping.");
}

static void
wrong(const char *place, const char *problem)
{
	ereport(ERROR, (code(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("mapping: %s: %s", place, problem)));
}

static const JsonbValue *
member(const JsonbValue *object, const char *name)
{
	const JsonbValue *value = ScimJsonGet(object, name);

	return value != NULL && value->type == jbvNull ? NULL : value;
}

static void
check_members(const JsonbValue *object, const char *place, const char *const *known)
{
	if (object->type != jbvObject)
		wrong(place, "must be an object");
	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		char *name = ScimJsonStringCopy(&object->val.object.pairs[i].key);
		const char *const *at = known;

		while (*at != NULL && strcmp(*at, name) != 0)
			at++;
		if (*at == NULL)
			wrong(psprintf("%s.%s", place, name), "there is no such setting");
	}
}

static char *
text_member(const JsonbValue *object, const char *name, const char *place)
{
	const JsonbValue *value = member(object, name);

	if (value == NULL)
		return NULL;
	if (value->type != jbvString)
		wrong(psprintf("%s.%s", place, name), "must be a string");
	return ScimJsonStringCopy(value);
}

static void
find_column(Oid relid, const char *name, const char *place, ScimColumnInfo *column)
{
	if (get_attnum(relid, name) <= 0)
		ereport(ERROR, (code(ERRCODE_UNDEFINED_COLUMN),
						errmsg("mapping: %s: table \"%s\" has no column \"%s\"", place,
							   ScimRelationShown(relid), name)));
	ScimColumnFind(relid, name, place, column);
}

/* One column name or an array of them. */
static List *
columns_of(Oid relid, const JsonbValue *value, const char *place)
{
	List *columns = NIL;
	const ListCell *lc;
	int n = value->type == jbvArray ? value->val.array.nElems : 1;

	for (int i = 0; i < n; i++)
	{
		const JsonbValue *name =
			value->type == jbvArray ? &value->val.array.elems[i] : value;
		ScimColumnInfo *column = palloc(sizeof(ScimColumnInfo));

		if (name->type != jbvString)
			wrong(place, "must be the name of a column, or an array of them");
		find_column(relid, ScimJsonStringCopy(name), place, column);
		foreach (lc, columns)
		{
			if (((const ScimColumnInfo *) lfirst(lc))->number == column->number)
				wrong(place, psprintf("names column \"%s\" twice", column->name));
		}
		columns = lappend(columns, column);
	}
	if (columns == NIL || list_length(columns) > 8)
		wrong(place, "must name 1 to 8 columns");
	return columns;
}

/* Which part of the mapping an error of the parser is about. */
static void
describe_place(void *arg)
{
	errcontext("mapping: %s", (const char *) arg);
}

/* Is a text one expression, and nothing behind it? */
static char *
check_expression(const char *text, const char *place)
{
	char *query = psprintf("SELECT (%s\n)", text);
	ErrorContextCallback callback = {error_context_stack, describe_place, (void *) place};
	List *statements;
	const SelectStmt *select;

	error_context_stack = &callback;
	statements = raw_parser(query, RAW_PARSE_DEFAULT);
	error_context_stack = callback.previous;

	if (list_length(statements) != 1 ||
		!IsA(linitial_node(RawStmt, statements)->stmt, SelectStmt))
		wrong(place, "must be an SQL expression");
	select = (const SelectStmt *) linitial_node(RawStmt, statements)->stmt;
	if (select->op != SETOP_NONE || list_length(select->targetList) != 1 ||
		select->fromClause != NIL || select->whereClause != NULL ||
		select->groupClause != NIL || select->havingClause != NULL ||
		select->windowClause != NIL || select->sortClause != NIL ||
		select->limitCount != NULL || select->limitOffset != NULL ||
		select->lockingClause != NIL || select->intoClause != NULL ||
		select->valuesLists != NIL || select->withClause != NULL)
		wrong(place, "must be an SQL expression");
	return psprintf("(%s\n)", text);
}

/* {"column": "expression"}; an expression may be null, for the default */
static List *
writes_of(Oid relid, const JsonbValue *object, const char *place)
{
	List *writes = NIL;

	if (object->type != jbvObject)
		wrong(place, "must be an object of columns and expressions");
	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		char *name = ScimJsonStringCopy(&object->val.object.pairs[i].key);
		const JsonbValue *value = &object->val.object.pairs[i].value;
		char *at = psprintf("%s.%s", place, name);
		ScimBoundWrite *write = palloc0(sizeof(ScimBoundWrite));

		find_column(relid, name, at, &write->column);
		if (write->column.generated)
			wrong(at, "the column is generated, and cannot be written");
		if (value->type == jbvString)
			write->expression = check_expression(ScimJsonStringCopy(value), at);
		else if (value->type != jbvNull)
			wrong(at, "must be a string that is an SQL expression");
		writes = lappend(writes, write);
	}
	return writes;
}

/* {"true": "enabled", "false": ["disabled", "locked"]} */
static List *
values_of(const JsonbValue *object, const ScimAttribute *attribute, const char *place)
{
	List *values = NIL;

	if (object->type != jbvObject || object->val.object.nPairs == 0)
		wrong(place, "must be an object of values of the attribute");
	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		JsonbValue *key =
			ScimJsonNewString(ScimJsonStringCopy(&object->val.object.pairs[i].key));
		const JsonbValue *texts = &object->val.object.pairs[i].value;
		char *at = psprintf("%s.%s", place, ScimJsonStringCopy(key));
		int n = texts->type == jbvArray ? texts->val.array.nElems : 1;
		ScimBoundValue *value = palloc0(sizeof(ScimBoundValue));
		JsonbValue *canonical = palloc(sizeof(JsonbValue));

		if (attribute == NULL)
		{
			if (ScimCanonicaliseScalar(SCIM_TYPE_INTEGER, key, canonical) != NULL)
				wrong(at, "must be the number of a tenant");
			value->value = canonical;
		}
		else if (key->val.string.len > 0)
		{
			if (ScimCanonicaliseSimple(attribute, key, canonical) != NULL)
				wrong(at, "is no value of the attribute");
			value->value = canonical;
		}
		for (int j = 0; j < n; j++)
		{
			const JsonbValue *text =
				texts->type == jbvArray ? &texts->val.array.elems[j] : texts;

			if (text->type == jbvNull)
				value->texts = lappend(value->texts, NULL);
			else if (text->type == jbvString)
				value->texts = lappend(value->texts, ScimJsonStringCopy(text));
			else if (text->type == jbvNumeric || text->type == jbvBool)
			{
				StringInfoData written;

				initStringInfo(&written);
				ScimJsonWrite(&written, text);
				value->texts = lappend(value->texts, written.data);
			}
			else
				wrong(at, "must be what the column holds, or an array of that");
		}
		values = lappend(values, value);
	}
	return values;
}

/*
 * ScimBoundResolve: what a path names, and which of several values.  Returns NULL, or
 * what is wrong with it.
 */
const char *
ScimBoundResolve(const ScimResourceType *type, ScimBoundAttribute *bound)
{
	ScimProblem *problem = NULL;
	ScimPath *path = ScimPathParse(bound->path, strlen(bound->path), &problem);
	ScimAttrRef ref;
	const ScimFilter *filter;
	const ScimAttribute *attribute;

	if (path == NULL)
		return problem->message;
	ref = ScimPathAttrRef(path);
	filter = ScimPathFilter(path);
	if (!ScimResolve(type, &ref, &bound->target) || bound->target.attribute == NULL)
		return psprintf("resource type \"%s\" has no such attribute", type->name);
	attribute = bound->target.attribute;
	if (bound->target.sub == NULL && path->sub != 0)
	{
		const char *name = ScimPathString(path, path->sub);

		bound->target.sub = ScimAttributeSub(attribute, name, strlen(name));
		if (bound->target.sub == NULL)
			return "there is no such sub-attribute";
	}
	for (uint32 i = 0; filter != NULL && i < filter->nnodes; i++)
	{
		const ScimFilterNode *node = &filter->nodes[i];
		const char *name = ScimFilterString(filter, node->name);
		ScimChosen *chosen;

		if (node->kind == SCIM_NODE_AND)
			continue;
		chosen = palloc0(sizeof(ScimChosen));
		if (node->kind == SCIM_NODE_COMPARE && node->op == SCIM_OP_EQ && node->sub == 0 &&
			node->urn == 0)
			chosen->sub = ScimAttributeSub(attribute, name, strlen(name));
		if (node->literal == SCIM_LITERAL_STRING)
			chosen->value = ScimJsonNewString(ScimFilterString(filter, node->value));
		else if (node->literal == SCIM_LITERAL_TRUE ||
				 node->literal == SCIM_LITERAL_FALSE)
			chosen->value = ScimJsonNewBool(node->literal == SCIM_LITERAL_TRUE);
		if (chosen->sub == NULL || chosen->value == NULL)
			return "the filter must be of the form type eq \"work\", with \"and\" "
				   "between several";
		bound->choose = lappend(bound->choose, chosen);
	}
	if (bound->choose != NIL && bound->target.sub == NULL)
		return "must name a sub-attribute behind the filter";
	return NULL;
}

static void
resolve_path(const ScimBinding *binding, ScimBoundAttribute *bound, const char *place)
{
	const char *problem = ScimBoundResolve(binding->type, bound);

	if (problem != NULL)
		wrong(place, problem);
}

/* Is it one that SCIM itself writes? */
static bool
is_derived(const ScimBoundAttribute *bound)
{
	return bound->target.attribute->mutability == SCIM_READ_ONLY ||
		   (bound->target.sub != NULL && bound->target.sub->mutability == SCIM_READ_ONLY);
}

static void
check_attribute(ScimBoundAttribute *bound, const char *place)
{
	const ScimAttribute *attribute = bound->target.attribute;

	bound->is_id = bound->target.extension == NULL && attribute->schema == NULL &&
				   strcmp(attribute->name, "id") == 0;
	if (ScimIsSecret(attribute) ||
		(bound->target.sub != NULL && ScimIsSecret(bound->target.sub)))
		wrong(place, "what is never returned, such as a password, stays in the store");
	if (!bound->is_id && is_derived(bound))
		wrong(place, "the attribute is read-only");
	if (bound->target.extension == NULL && attribute->schema == NULL && !bound->is_id &&
		strcmp(attribute->name, "externalId") != 0)
		wrong(place, "the attribute is kept by the store");
}

static Oid
table_of(Compiling *compiling, const JsonbValue *object, const char *place)
{
	char *name = text_member(object, "table", place);
	int n = list_length(compiling->binding->others);
	Oid relid;

	if (compiling->others == NULL)
		return DatumGetObjectId(OidFunctionCall1(F_REGCLASSIN, CStringGetDatum(name)));
	relid = n < compiling->nothers ? compiling->others[n] : InvalidOid;
	if (get_rel_name(relid) == NULL)
		wrong(place, psprintf("table \"%s\" has gone", name));
	return relid;
}

/* Reads all values of a row as an array of objects. */
static char *
read_table(const ScimBinding *binding, const ScimBoundTable *table)
{
	StringInfoData sql;
	const ListCell *lc;
	const ListCell *other;

	initStringInfo(&sql);
	appendStringInfoString(&sql, "(SELECT jsonb_agg(jsonb_build_object(");
	foreach (lc, table->subs)
	{
		const ScimBoundSub *sub = lfirst(lc);

		appendStringInfo(&sql, "%s%s, %s", foreach_current_index(lc) > 0 ? ", " : "",
						 quote_literal_cstr(sub->attribute->name),
						 ScimColumnRead(&sub->column, "c"));
	}
	appendStringInfo(&sql, ")) FROM %s AS c WHERE ", table->quoted);
	forboth (lc, table->key, other, binding->key)
	{
		appendStringInfo(&sql, "%sc.%s = t.%s",
						 foreach_current_index(lc) > 0 ? " AND " : "",
						 ((const ScimColumnInfo *) lfirst(lc))->quoted,
						 ((const ScimColumnInfo *) lfirst(other))->quoted);
	}
	appendStringInfoChar(&sql, ')');
	return sql.data;
}

static void
compile_table(Compiling *compiling, ScimBoundAttribute *bound, const JsonbValue *object,
			  const char *place)
{
	static const char *const known[] = {"table", "key", "columns", "wins", NULL};
	static const char *const known_of_members[] = {"table", "key", "member", "type",
												   NULL};
	ScimBinding *binding = compiling->binding;
	ScimBoundTable *table = &bound->table;
	const ScimAttribute *attribute = bound->target.attribute;
	bool members = ScimIsMembers(binding->type, attribute);
	const JsonbValue *key = member(object, "key");
	const JsonbValue *columns = member(object, "columns");

	check_members(object, place, members ? known_of_members : known);
	if (bound->target.sub != NULL || !attribute->multi_valued)
		wrong(place, "a table of its own is for all values of a multi-valued attribute");
	table->relid = table_of(compiling, object, psprintf("%s.table", place));
	table->quoted = ScimRelationQuoted(table->relid);
	if (get_rel_relkind(table->relid) != RELKIND_RELATION &&
		get_rel_relkind(table->relid) != RELKIND_PARTITIONED_TABLE)
		wrong(psprintf("%s.table", place), "must be a table");
	if (key == NULL)
		wrong(psprintf("%s.key", place),
			  "must say which columns are the key of the row of the bound table");
	table->key = columns_of(table->relid, key, psprintf("%s.key", place));
	if (list_length(table->key) != list_length(binding->key))
		wrong(psprintf("%s.key", place), "must have as many columns as the key");
	bound->shown = ScimRelationShown(table->relid);
	binding->others = lappend(binding->others, table);
	if (members)
	{
		const JsonbValue *by = member(object, "member");
		const ListCell *lc;
		const ListCell *other;

		bound->kind = SCIM_BOUND_MEMBERS;
		binding->members = bound;
		bound->read = "NULL::jsonb";
		table->member_type = text_member(object, "type", place);
		if (table->member_type == NULL)
			table->member_type = "User";
		if (by == NULL)
			wrong(psprintf("%s.member", place),
				  "must say which columns are the key of the member");
		table->member_key = columns_of(table->relid, by, psprintf("%s.member", place));
		if (ScimRegistryType(binding->store->registry, table->member_type) == NULL)
			wrong(psprintf("%s.type", place),
				  psprintf("there is no resource type \"%s\"", table->member_type));
		foreach (lc, table->member_key)
		{
			foreach (other, table->key)
			{
				if (((const ScimColumnInfo *) lfirst(lc))->number ==
					((const ScimColumnInfo *) lfirst(other))->number)
					wrong(psprintf("%s.member", place),
						  psprintf("column \"%s\" is of the key",
								   ((const ScimColumnInfo *) lfirst(lc))->name));
			}
		}
		return;
	}
	bound->kind = SCIM_BOUND_TABLE;
	if (columns == NULL || columns->type != jbvObject || columns->val.object.nPairs == 0)
		wrong(psprintf("%s.columns", place), "must be an object of sub-attributes");
	for (int i = 0; i < columns->val.object.nPairs; i++)
	{
		char *name = ScimJsonStringCopy(&columns->val.object.pairs[i].key);
		const JsonbValue *column = &columns->val.object.pairs[i].value;
		char *at = psprintf("%s.columns.%s", place, name);
		ScimBoundSub *sub = palloc0(sizeof(ScimBoundSub));

		sub->attribute = attribute->type == SCIM_TYPE_COMPLEX
							 ? ScimAttributeSub(attribute, name, strlen(name))
							 : NULL;
		if (sub->attribute == NULL)
			wrong(at, "there is no such sub-attribute");
		if (column->type != jbvString)
			wrong(at, "must be the name of a column");
		find_column(table->relid, ScimJsonStringCopy(column), at, &sub->column);
		ScimColumnCheck(&sub->column, sub->attribute, false, at);
		table->subs = lappend(table->subs, sub);
	}
	bound->read = read_table(binding, table);
}

static void
compile_expression(const ScimBinding *binding, ScimBoundAttribute *bound,
				   const JsonbValue *object, const char *place)
{
	static const char *const known[] = {"read", "write", "wins", NULL};
	const JsonbValue *write = member(object, "write");
	char *read = text_member(object, "read", place);
	StringInfoData shown;
	const ListCell *lc;

	check_members(object, place, known);
	bound->kind = SCIM_BOUND_EXPRESSION;
	bound->read =
		psprintf("to_jsonb(%s)", check_expression(read, psprintf("%s.read", place)));
	bound->shown = read;
	if (write == NULL)
	{
		bound->wins = SCIM_WINS_TABLE;
		return;
	}
	bound->writes = writes_of(binding->relid, write, psprintf("%s.write", place));
	initStringInfo(&shown);
	foreach (lc, bound->writes)
	{
		const ScimBoundWrite *one = lfirst(lc);

		if (one->expression == NULL)
			wrong(psprintf("%s.write.%s", place, one->column.name),
				  "must be a string that is an SQL expression");
		appendStringInfo(&shown, "%s%s", shown.len > 0 ? ", " : "", one->column.name);
	}
	bound->shown = shown.data;
}

static void
compile_column(const ScimBinding *binding, ScimBoundAttribute *bound, const char *name,
			   const JsonbValue *values, const char *place)
{
	const ScimAttribute *of = ScimLeaf(&bound->target);
	bool several = bound->choose == NIL && bound->target.attribute->multi_valued;

	find_column(binding->relid, name, place, &bound->column);
	bound->kind = SCIM_BOUND_COLUMN;
	bound->shown = bound->column.name;
	if (bound->column.generated)
		bound->wins = SCIM_WINS_TABLE;
	if (values != NULL)
	{
		if (several || of->type == SCIM_TYPE_COMPLEX)
			wrong(place, "values are for attributes of one simple value");
		bound->values = values_of(values, of, psprintf("%s.values", place));
		bound->read = psprintf("to_jsonb(t.%s::text)", bound->column.quoted);
		return;
	}
	ScimColumnCheck(&bound->column, of, several, place);
	bound->read = ScimColumnRead(&bound->column, "t");
}

static ScimWins
wins_of(const JsonbValue *object, const char *place)
{
	char *wins = text_member(object, "wins", place);

	if (wins == NULL || strcmp(wins, "last") == 0)
		return SCIM_WINS_LAST;
	if (strcmp(wins, "scim") == 0)
		return SCIM_WINS_RESOURCE;
	if (strcmp(wins, "table") == 0)
		return SCIM_WINS_TABLE;
	wrong(psprintf("%s.wins", place), "must be \"last\", \"scim\" or \"table\"");
	return SCIM_WINS_LAST;
}

static bool
writes_column(const ScimBoundAttribute *bound, int16 number)
{
	const ListCell *lc;

	if (bound->kind == SCIM_BOUND_COLUMN)
		return bound->column.number == number && !bound->column.generated;
	foreach (lc, bound->writes)
	{
		if (((const ScimBoundWrite *) lfirst(lc))->column.number == number)
			return true;
	}
	return false;
}

/* Is a part of one attribute bound beside the whole of it? */
static bool
overlap(const ScimBoundAttribute *a, const ScimBoundAttribute *b)
{
	if (a->target.attribute != b->target.attribute ||
		a->target.extension != b->target.extension)
		return false;
	if (a->target.sub == NULL || b->target.sub == NULL)
		return true;
	/* of all values, and of one of them */
	return a->target.attribute->multi_valued && (a->choose == NIL || b->choose == NIL);
}

/* No two attributes are the same column, or parts of each other. */
static void
check_others(const ScimBinding *binding, const ScimBoundAttribute *bound,
			 const char *place)
{
	const ListCell *lc;
	const ListCell *write;

	foreach (lc, binding->attributes)
	{
		const ScimBoundAttribute *other = lfirst(lc);

		if (other == bound)
			continue;
		if (overlap(bound, other))
			wrong(place, psprintf("cannot be bound beside \"%s\"", other->path));
		if (bound->kind == SCIM_BOUND_COLUMN && !bound->column.generated &&
			writes_column(other, bound->column.number))
			wrong(place, psprintf("column \"%s\" is attribute \"%s\" already",
								  bound->column.name, other->path));
		foreach (write, bound->writes)
		{
			const ScimColumnInfo *column =
				&((const ScimBoundWrite *) lfirst(write))->column;

			if (writes_column(other, column->number))
				wrong(place, psprintf("column \"%s\" is attribute \"%s\" already",
									  column->name, other->path));
		}
	}
}

static void
compile_attribute(Compiling *compiling, char *path, const JsonbValue *value)
{
	static const char *const known[] = {"column", "values", "wins", NULL};
	ScimBinding *binding = compiling->binding;
	ScimBoundAttribute *bound = palloc0(sizeof(ScimBoundAttribute));
	char *place = psprintf("attributes.%s", path);

	bound->path = path;
	resolve_path(binding, bound, place);
	check_attribute(bound, place);
	binding->attributes = lappend(binding->attributes, bound);
	if (value->type == jbvString)
		compile_column(binding, bound, ScimJsonStringCopy(value), NULL, place);
	else if (value->type != jbvObject)
		wrong(place, "must be the name of a column, or an object");
	else
	{
		bound->wins = wins_of(value, place);
		if (member(value, "table") != NULL)
			compile_table(compiling, bound, value, place);
		else if (member(value, "read") != NULL)
			compile_expression(binding, bound, value, place);
		else
		{
			char *column = text_member(value, "column", place);

			check_members(value, place, known);
			if (column == NULL)
				wrong(place, "must have \"column\", \"table\" or \"read\"");
			compile_column(binding, bound, column, member(value, "values"), place);
		}
	}
	check_others(binding, bound, place);
	if (bound->is_id)
	{
		if (bound->kind != SCIM_BOUND_COLUMN || bound->column.base != UUIDOID)
			wrong(place, "must be a column of type uuid");
		bound->wins = SCIM_WINS_RESOURCE;
	}
}

static void
compile_tenant(ScimBinding *binding, const JsonbValue *value)
{
	static const char *const known[] = {"column", "values", NULL};
	JsonbValue number;

	if (value->type == jbvNumeric)
	{
		if (ScimCanonicaliseScalar(SCIM_TYPE_INTEGER, value, &number) != NULL)
			wrong("tenant", "must be the number of a tenant");
		binding->tenant_id = DatumGetInt32(
			DirectFunctionCall1(numeric_int4, NumericGetDatum(number.val.numeric)));
		return;
	}
	binding->every_tenant = true;
	if (value->type == jbvString)
		find_column(binding->relid, ScimJsonStringCopy(value), "tenant",
					&binding->tenant);
	else
	{
		char *column;

		check_members(value, "tenant", known);
		column = text_member(value, "column", "tenant");
		if (column == NULL || member(value, "values") == NULL)
			wrong("tenant", "must have \"column\" and \"values\"");
		find_column(binding->relid, column, "tenant.column", &binding->tenant);
		binding->tenants = values_of(member(value, "values"), NULL, "tenant.values");
	}
	if (binding->tenant.generated)
		wrong("tenant", "the column is generated, and cannot be written");
	if (binding->tenants == NIL && binding->tenant.base != INT2OID &&
		binding->tenant.base != INT4OID && binding->tenant.base != INT8OID)
		wrong("tenant", "must be a column of an integer type, or have \"values\"");
}

static void
compile_ends(ScimBinding *binding, const JsonbValue *mapping)
{
	static const char *const known[] = {"set", "restore", NULL};
	const JsonbValue *value = member(mapping, "delete");
	char *removed = text_member(mapping, "removed", "removed");
	char *gone = text_member(mapping, "gone", "gone");

	if (value == NULL || ScimJsonStringEquals(value, "delete"))
		binding->row_end = SCIM_ROW_DELETE;
	else if (ScimJsonStringEquals(value, "keep"))
		binding->row_end = SCIM_ROW_KEEP;
	else if (value->type == jbvObject)
	{
		const JsonbValue *back = member(value, "restore");
		const ListCell *lc;

		check_members(value, "delete", known);
		if (member(value, "set") == NULL)
			wrong("delete", "must be \"delete\", \"keep\" or have \"set\"");
		binding->row_end = SCIM_ROW_SET;
		binding->end_set = writes_of(binding->relid, member(value, "set"), "delete.set");
		foreach (lc, binding->end_set)
		{
			const ListCell *key;

			foreach (key, binding->key)
			{
				if (((const ScimColumnInfo *) lfirst(key))->number ==
					((const ScimBoundWrite *) lfirst(lc))->column.number)
					wrong("delete.set",
						  psprintf("column \"%s\" is of the key",
								   ((const ScimColumnInfo *) lfirst(key))->name));
			}
		}
		if (binding->end_set == NIL)
			wrong("delete.set", "must name a column");
		if (back != NULL)
			binding->end_back = writes_of(binding->relid, back, "delete.restore");
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
		wrong("delete", "must be \"delete\", \"keep\" or have \"set\"");
	if (gone != NULL)
		binding->gone = check_expression(gone, "gone");
	if (gone != NULL && binding->row_end == SCIM_ROW_KEEP)
		wrong("delete", "must not be \"keep\" beside \"gone\": a row that stays as it is "
						"would not count as deleted");
	if (removed == NULL || strcmp(removed, "delete") == 0)
		binding->resource_end = SCIM_RESOURCE_DELETE;
	else if (strcmp(removed, "suspend") == 0)
		binding->resource_end = SCIM_RESOURCE_SUSPEND;
	else if (strcmp(removed, "keep") == 0)
		binding->resource_end = SCIM_RESOURCE_KEEP;
	else
		wrong("removed", "must be \"delete\", \"suspend\" or \"keep\"");
}

/* By which attribute a row and a resource that are there already are the same. */
static void
compile_match(ScimBinding *binding, const JsonbValue *mapping)
{
	char *name = text_member(mapping, "match", "match");
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
		wrong("match", "must be userName, displayName or externalId, and be bound");
}

/* Which constraint is about which columns, so that errors can name them. */
static List *
read_constraints(Oid relid)
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
	const TriggerDesc *triggers = relation->trigdesc;
	bool found = false;

	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
		found |= !triggers->triggers[i].tgisinternal &&
				 strncmp(triggers->triggers[i].tgname, "scim_binding",
						 strlen("scim_binding")) != 0;
	table_close(relation, NoLock);
	return found;
}

static void
compile(Compiling *compiling, const Jsonb *document)
{
	static const char *const known[] = {"key",     "tenant",      "attributes",
										"match",   "delete",      "gone",
										"removed", "search_path", NULL};
	ScimBinding *binding = compiling->binding;
	const JsonbValue *mapping = ScimJsonFromJsonb(document);
	const JsonbValue *attributes;
	const JsonbValue *value;
	const ListCell *lc;

	check_members(mapping, "mapping", known);
	value = member(mapping, "key");
	binding->key = value != NULL ? columns_of(binding->relid, value, "key")
								 : ScimPrimaryKeyColumns(binding->relid);
	if (binding->key == NIL)
		wrong("key",
			  psprintf("table \"%s\" has no primary key: name the columns by which "
					   "a row is known",
					   binding->shown));
	foreach (lc, binding->key)
	{
		if (!ScimColumnIsKey(lfirst(lc)))
			wrong("key", psprintf("column \"%s\" is of a type that cannot be a key here",
								  ((const ScimColumnInfo *) lfirst(lc))->name));
		if (!((const ScimColumnInfo *) lfirst(lc))->not_null)
			wrong("key", psprintf("column \"%s\" may be null",
								  ((const ScimColumnInfo *) lfirst(lc))->name));
	}
	if (!ScimKeyIsUnique(binding->relid, binding->key))
		wrong("key",
			  psprintf("no unique index of table \"%s\" is of the key", binding->shown));
	value = member(mapping, "tenant");
	if (value != NULL)
		compile_tenant(binding, value);
	else if (!ScimTenantKnown(&binding->tenant_id))
		wrong("tenant", "must be said, since you act for no tenant");
	attributes = member(mapping, "attributes");
	if (attributes == NULL || attributes->type != jbvObject ||
		attributes->val.object.nPairs == 0)
		wrong("attributes", "must be an object of attributes and columns");
	for (int i = 0; i < attributes->val.object.nPairs; i++)
		compile_attribute(compiling,
						  ScimJsonStringCopy(&attributes->val.object.pairs[i].key),
						  &attributes->val.object.pairs[i].value);
	compile_ends(binding, mapping);
	compile_match(binding, mapping);
	binding->search_path = text_member(mapping, "search_path", "search_path");
	if (binding->search_path == NULL)
		binding->search_path = psprintf(
			"pg_catalog, %s, pg_temp",
			quote_identifier(get_namespace_name(get_rel_namespace(binding->relid))));
	binding->constraints = read_constraints(binding->relid);
	binding->has_triggers = has_triggers(binding->relid);
	foreach (lc, binding->attributes)
	{
		const ScimBoundAttribute *bound = lfirst(lc);

		binding->reads_all |= bound->kind == SCIM_BOUND_EXPRESSION;
	}
	binding->reads_all |= binding->gone != NULL;
	binding->select = ScimRowSelect(binding);
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
	Compiling compiling = {binding, others, nothers};
	bool before = in_use;
	HeapTuple tuple;

	binding->context = context;
	binding->store = store;
	binding->id = *id;
	binding->type = type;
	binding->relid = relid;
	in_use = others != NULL;
	PG_TRY();
	{
		Jsonb *copy = palloc(VARSIZE(mapping));

		/* what is compiled points into it */
		memcpy(copy, mapping, VARSIZE(mapping));
		binding->quoted = ScimRelationQuoted(relid);
		binding->shown = ScimRelationShown(relid);
		if (binding->quoted == NULL)
			ereport(ERROR,
					(code(ERRCODE_UNDEFINED_TABLE),
					 errmsg("the table to which resources of type \"%s\" are bound has "
							"gone",
							type->name)));
		tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
		binding->owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
		ReleaseSysCache(tuple);
		compile(&compiling, copy);
	}
	PG_FINALLY();
	{
		in_use = before;
	}
	PG_END_TRY();
	MemoryContextSwitchTo(caller);
	MemoryContextSetParent(context, parent);
	return binding;
}
