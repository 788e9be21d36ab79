/*
 * mapping_attribute.c
 *		What one of the "attributes" of a mapping is: a column, an expression with its
 *		inverse, a reference to another row, a table of values or of members.
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "binding/mapping/mapping_state.h"
#include "json/json.h"
#include "path/path.h"

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

/*
 * ScimBoundChooseStored: the values that a filter chooses by are what is stored of them,
 * with the characters of a policy "wire", or NULL.
 */
void
ScimBoundChooseStored(ScimBoundAttribute *bound, const ScimWire *wire)
{
	ListCell *lc;

	foreach (lc, bound->choose)
	{
		ScimChosen *chosen = lfirst(lc);
		ScimResolved resolved = bound->target;

		resolved.sub = chosen->sub;
		chosen->value = ScimWireValueStored(wire, &resolved, chosen->value);
	}
}

/* ScimBoundSeveral: may it have several values, what a path names? */
bool
ScimBoundSeveral(const ScimBoundAttribute *attribute)
{
	const ScimAttribute *sub = attribute->target.sub;

	return (attribute->choose == NIL && attribute->target.attribute->multi_valued) ||
		   (sub != NULL && sub->multi_valued);
}

/* ScimBoundSeveralEach: are each of them several values themselves? */
bool
ScimBoundSeveralEach(const ScimBoundAttribute *attribute)
{
	const ScimAttribute *sub = attribute->target.sub;

	return attribute->choose == NIL && attribute->target.attribute->multi_valued &&
		   sub != NULL && sub->multi_valued;
}

static void
resolve_path(const ScimBinding *binding, ScimBoundAttribute *bound, const char *place)
{
	const char *problem = ScimBoundResolve(binding->type, bound);

	if (problem != NULL)
		ScimMappingWrong(place, problem);
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
		ScimMappingWrong(
			place, "what is never returned, such as a password, stays in the store");
	if (!bound->is_id && is_derived(bound))
		ScimMappingWrong(place, "the attribute is read-only");
	if (bound->target.extension == NULL && attribute->schema == NULL && !bound->is_id &&
		strcmp(attribute->name, "externalId") != 0)
		ScimMappingWrong(place, "the attribute is kept by the store");
}

static Oid
table_of(ScimMappingState *compiling, const JsonbValue *object, const char *place)
{
	char *name = ScimMappingText(object, "table", place);
	int n = list_length(compiling->binding->others);
	Oid relid;

	if (compiling->others == NULL)
		return ScimMappingTable(name, psprintf("%s.table", place));
	relid = n < compiling->nothers ? compiling->others[n] : InvalidOid;
	if (!ScimRelationStays(relid))
		ScimMappingWrong(psprintf("%s.table", place),
						 psprintf("table \"%s\" has gone", name));
	return relid;
}

/* Each table is one thing. */
static void
check_table(const ScimBinding *binding, Oid relid, const char *place)
{
	const ListCell *lc;

	if (relid == binding->relid)
		ScimMappingWrong(place, "must be another table than the one that is bound");
	foreach (lc, binding->others)
	{
		if (((const ScimBoundTable *) lfirst(lc))->relid == relid)
			ScimMappingWrong(place, psprintf("table \"%s\" is that of another attribute",
											 ScimRelationShown(relid)));
	}
}

/* "else": one of the values of the attribute that "values" have. */
static void
compile_else(ScimBoundWords *words, const JsonbValue *value, const char *place)
{
	const ListCell *lc;

	if (value == NULL)
		return;
	if (words->values == NIL)
		ScimMappingWrong(place, "is for \"values\"");
	foreach (lc, words->values)
	{
		const ScimBoundValue *one = lfirst(lc);
		StringInfoData shown;

		if (one->value == NULL)
			continue;
		initStringInfo(&shown);
		ScimJsonWrite(&shown, one->value);
		if (ScimJsonSame(one->value, value) ||
			(value->type == jbvString && one->value->type != jbvString &&
			 ScimJsonStringEquals(value, shown.data)))
			words->otherwise = one->value;
	}
	if (words->otherwise == NULL)
		ScimMappingWrong(place, "must be one of \"values\"");
}

/* Each column of it is one sub-attribute, and none of the key. */
static void
check_sub(const ScimBoundTable *table, const ScimBoundSub *sub, const char *place)
{
	const ListCell *lc;

	if (ScimColumnPlace(sub->column.number, table->key) >= 0)
		ScimMappingWrongNow(place,
							psprintf("column \"%s\" is of the key", sub->column.name));
	foreach (lc, table->subs)
	{
		const ScimBoundSub *other = lfirst(lc);

		if (other->attribute == sub->attribute)
			ScimMappingWrongNow(place, "is named twice");
		if (other->column.number == sub->column.number)
			ScimMappingWrongNow(place,
								psprintf("column \"%s\" is sub-attribute \"%s\" already",
										 sub->column.name, other->attribute->name));
	}
}

/* ScimElementRead: SQL that reads a row of a table of values as an object. */
char *
ScimElementRead(const ScimBoundTable *table, const char *row)
{
	StringInfoData sql;
	const ListCell *lc;

	initStringInfo(&sql);
	appendStringInfoString(&sql, "jsonb_build_object(");
	foreach (lc, table->subs)
	{
		const ScimBoundSub *sub = lfirst(lc);

		appendStringInfo(&sql, "%s%s, %s", foreach_current_index(lc) > 0 ? ", " : "",
						 quote_literal_cstr(sub->attribute->name),
						 sub->words.values != NIL
							 ? psprintf("to_jsonb(%s.%s::text)", row, sub->column.quoted)
							 : ScimColumnRead(&sub->column, row));
	}
	appendStringInfoChar(&sql, ')');
	return sql.data;
}

/* Reads all values of a row as an array of objects. */
static char *
read_table(const ScimBinding *binding, const ScimBoundTable *table)
{
	StringInfoData sql;
	const ListCell *lc;
	const ListCell *other;

	initStringInfo(&sql);
	appendStringInfo(&sql, "(SELECT jsonb_agg(%s) FROM %s AS c WHERE ",
					 ScimElementRead(table, "c"), table->quoted);
	forboth (lc, table->key, other, binding->key)
	{
		appendStringInfo(
			&sql, "%sc.%s %s t.%s", foreach_current_index(lc) > 0 ? " AND " : "",
			((const ScimColumnInfo *) lfirst(lc))->quoted, ScimKeyEquals(lfirst(lc)),
			((const ScimColumnInfo *) lfirst(other))->quoted);
	}
	appendStringInfoChar(&sql, ')');
	return sql.data;
}

/*
 * Can columns hold the key of the table that is bound, or, where that is NIL, one at all?
 * cast: they are compared with its text.
 */
static void
check_key(const List *columns, const List *key, bool cast, const char *place)
{
	const ListCell *lc;

	foreach (lc, columns)
	{
		const ScimColumnInfo *of =
			key != NIL ? list_nth(key, foreach_current_index(lc)) : NULL;
		char *problem = ScimKeyProblem(lfirst(lc), of, cast);

		if (problem != NULL)
			ScimMappingWrongNow(place, problem);
	}
}

/* Rows that the store makes there say the key. */
static void
check_written(const List *columns, const char *place)
{
	const ListCell *lc;

	foreach (lc, columns)
	{
		const ScimColumnInfo *column = lfirst(lc);

		if (column->generated)
			ScimMappingWrongNow(
				place, psprintf("column \"%s\" is generated, and cannot be written",
								column->name));
	}
}

/* Are the columns of one key all of another one? */
static bool
are_among(const List *columns, const List *others)
{
	const ListCell *lc;

	foreach (lc, columns)
	{
		if (ScimColumnPlace(((const ScimColumnInfo *) lfirst(lc))->number, others) < 0)
			return false;
	}
	return true;
}

/*
 * The value of what refers to a resource is the id of that, which no number is: a key of
 * the application's would be shown as one, and lead nowhere.
 */
static void
check_reference(const ScimAttribute *attribute, const ScimColumnInfo *column,
				const char *place)
{
	bool whole = attribute->type == SCIM_TYPE_COMPLEX && !attribute->multi_valued;
	const ScimAttribute *of = whole ? attribute : attribute->parent;

	if (of == NULL || (!whole && strcmp(attribute->name, "value") != 0) ||
		column->base == JSONBOID || column->base == JSONOID ||
		ScimAttributeSub(of, "$ref", strlen("$ref")) == NULL ||
		ScimTypeIsText(column->base) || OidIsValid(column->element))
		return;
	if (ScimMappingInUse)
		return;
	ereport(
		ERROR,
		(errcode(ERRCODE_DATATYPE_MISMATCH),
		 errmsg("mapping: %s: \"%s.value\" is the id of a resource, which column "
				"\"%s\" of type %s cannot hold",
				place, of->name, column->name, format_type_be(column->type)),
		 errhint("A column that holds the key of a row of a bound table is {\"column\": "
				 "\"%s\", \"references\": \"User\"}, of the type to which that table "
				 "is bound.",
				 column->name)));
}

/* A column of a table of values, or what is said of one, with "values" as above. */
static void
compile_sub(const ScimBoundTable *table, ScimBoundSub *sub, const JsonbValue *object,
			char *place)
{
	static const char *const known[] = {"column", "values", "else", NULL};
	const JsonbValue *values = NULL;
	char *column = NULL;

	sub->place = place;
	if (object->type == jbvString)
		column = ScimJsonStringCopy(object);
	else if (object->type == jbvObject)
	{
		ScimMappingCheckMembers(object, place, known);
		column = ScimMappingText(object, "column", place);
		values = ScimMappingMember(object, "values");
	}
	if (column == NULL)
		ScimMappingWrong(place,
						 "must be the name of a column, or an object with \"column\"");
	ScimMappingColumn(table->relid, column, place, &sub->column);
	if (values != NULL)
		sub->words.values =
			ScimMappingValues(values, sub->attribute, psprintf("%s.values", place));
	else
	{
		if (!ScimMappingInUse || !sub->attribute->multi_valued)
			ScimColumnCheck(&sub->column, sub->attribute, sub->attribute->multi_valued,
							false, place);
		check_reference(sub->attribute, &sub->column, place);
	}
	compile_else(&sub->words,
				 object->type == jbvObject ? ScimMappingMember(object, "else") : NULL,
				 psprintf("%s.else", place));
}

static void
compile_table(ScimMappingState *compiling, ScimBoundAttribute *bound,
			  const JsonbValue *object, const char *place)
{
	static const char *const known[] = {"table", "key", "columns", "wins", NULL};
	static const char *const known_of_members[] = {"table", "key", "member", "type",
												   NULL};
	ScimBinding *binding = compiling->binding;
	ScimBoundTable *table = &bound->table;
	const ScimAttribute *attribute = bound->target.attribute;
	bool members = ScimIsMembers(binding->type, attribute);
	const JsonbValue *key = ScimMappingMember(object, "key");
	const JsonbValue *columns = ScimMappingMember(object, "columns");

	ScimMappingCheckMembers(object, place, members ? known_of_members : known);
	if (bound->target.sub != NULL || !attribute->multi_valued)
		ScimMappingWrong(
			place, "a table of its own is for all values of a multi-valued attribute");
	table->relid = table_of(compiling, object, place);
	check_table(binding, table->relid, psprintf("%s.table", place));
	table->quoted = ScimRelationQuoted(table->relid);
	if (get_rel_relkind(table->relid) != RELKIND_RELATION &&
		get_rel_relkind(table->relid) != RELKIND_PARTITIONED_TABLE)
		ScimMappingWrong(psprintf("%s.table", place), "must be a table");
	ScimMappingCheckRules(table->relid);
	if (key == NULL)
		ScimMappingWrong(
			psprintf("%s.key", place),
			"must say which columns are the key of the row of the bound table");
	table->key = ScimMappingColumns(table->relid, key, psprintf("%s.key", place));
	if (list_length(table->key) != list_length(binding->key))
		ScimMappingWrong(psprintf("%s.key", place),
						 "must have as many columns as the key");
	check_key(table->key, binding->key, members, psprintf("%s.key", place));
	check_written(table->key, psprintf("%s.key", place));
	bound->shown = ScimRelationShown(table->relid);
	binding->others = lappend(binding->others, table);
	if (members)
	{
		const JsonbValue *by = ScimMappingMember(object, "member");

		bound->kind = SCIM_BOUND_MEMBERS;
		binding->members = bound;
		bound->read = "NULL::jsonb";
		table->member_type = ScimMappingText(object, "type", place);
		if (table->member_type == NULL)
			table->member_type = "User";
		if (by == NULL)
			ScimMappingWrong(psprintf("%s.member", place),
							 "must say which columns are the key of the member");
		table->member_key =
			ScimMappingColumns(table->relid, by, psprintf("%s.member", place));
		if (ScimRegistryType(binding->store->registry, table->member_type) == NULL)
			ScimMappingWrong(
				psprintf("%s.type", place),
				psprintf("there is no resource type \"%s\"", table->member_type));
		/* one that is of both, such as that of the tenant, says the same of both */
		if (are_among(table->member_key, table->key))
			ScimMappingWrong(psprintf("%s.member", place),
							 "must have a column that is not of the key");
		check_written(table->member_key, psprintf("%s.member", place));
		check_key(table->member_key, NIL, true, psprintf("%s.member", place));
		return;
	}
	bound->kind = SCIM_BOUND_TABLE;
	if (columns == NULL || columns->type != jbvObject || columns->val.object.nPairs == 0)
		ScimMappingWrong(psprintf("%s.columns", place),
						 "must be an object of sub-attributes");
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
			ScimMappingWrong(at, "there is no such sub-attribute");
		compile_sub(table, sub, column, at);
		check_sub(table, sub, at);
		table->subs = lappend(table->subs, sub);
	}
	bound->read = read_table(binding, table);
}

static void
compile_expression(const ScimBinding *binding, ScimBoundAttribute *bound,
				   const JsonbValue *object, const char *place)
{
	static const char *const known[] = {"read", "write", "wins", NULL};
	const JsonbValue *write = ScimMappingMember(object, "write");
	char *read = ScimMappingText(object, "read", place);
	StringInfoData shown;
	const ListCell *lc;

	ScimMappingCheckMembers(object, place, known);
	bound->kind = SCIM_BOUND_EXPRESSION;
	bound->read =
		psprintf("to_jsonb(%s)", ScimMappingValue(read, psprintf("%s.read", place)));
	bound->shown = read;
	if (write == NULL)
	{
		bound->wins = SCIM_WINS_TABLE;
		return;
	}
	bound->writes = ScimMappingWrites(binding->relid, write, psprintf("%s.write", place));
	initStringInfo(&shown);
	foreach (lc, bound->writes)
	{
		const ScimBoundWrite *one = lfirst(lc);

		if (one->expression == NULL)
			ScimMappingWrong(psprintf("%s.write.%s", place, one->column.name),
							 "must be a string that is an SQL expression");
		appendStringInfo(&shown, "%s%s", shown.len > 0 ? ", " : "", one->column.name);
	}
	bound->shown = shown.data;
}

/* Can an attribute refer to one resource of a type? */
static void
check_refers(const ScimBoundAttribute *bound, const char *type, const char *place)
{
	const ScimAttribute *of = ScimLeaf(&bound->target);
	const ScimAttribute *value = of;
	const ScimAttribute *ref;
	const List *types;
	const ListCell *lc;

	if (bound->choose == NIL && bound->target.attribute->multi_valued)
		ScimMappingWrong(place, "references are for attributes of one value");
	if (bound->target.sub == NULL && of->type == SCIM_TYPE_COMPLEX)
		value = ScimAttributeSub(of, "value", strlen("value"));
	if (value == NULL ||
		(bound->target.sub != NULL && strcmp(value->name, "value") != 0) ||
		!(ScimHasType(value, SCIM_TYPE_STRING) ||
		  ScimHasType(value, SCIM_TYPE_REFERENCE)))
		ScimMappingWrong(place, "must be an attribute that refers to a resource: a "
								"reference, a string, or a complex one with a \"value\"");
	ref = value->parent != NULL ? ScimAttributeSub(value->parent, "$ref", strlen("$ref"))
								: value;
	types = ref != NULL ? ref->reference_types : NIL;
	foreach (lc, types)
	{
		if (ScimNameEqual(lfirst(lc), type))
			return;
	}
	if (types != NIL)
		ScimMappingWrong(
			psprintf("%s.references", place),
			psprintf("the attribute does not refer to resources of type \"%s\"", type));
}

/*
 * Columns that hold the key of a row: the attribute refers to the resource of that.  One
 * that is of the row's own key, or the tenant, says the same of both, and is not written.
 */
static void
compile_reference(ScimBinding *binding, ScimBoundAttribute *bound,
				  const JsonbValue *object, const char *place)
{
	static const char *const known[] = {"column", "references", "wins", NULL};
	ScimBoundReference *reference = &bound->reference;
	const JsonbValue *columns = ScimMappingMember(object, "column");
	char *type;
	StringInfoData shown;
	bool has_own = false;
	const ListCell *lc;

	ScimMappingCheckMembers(object, place, known);
	if (columns == NULL)
		ScimMappingWrong(psprintf("%s.column", place),
						 "must say which columns are the key of the row that is meant");
	bound->kind = SCIM_BOUND_REFERENCE;
	reference->of = binding;
	reference->number = list_length(binding->attributes) - 1;
	type = ScimMappingText(object, "references", place);
	reference->type = ScimRegistryType(binding->store->registry, type);
	if (reference->type == NULL)
		ScimMappingWrong(psprintf("%s.references", place),
						 psprintf("there is no resource type \"%s\"", type));
	check_refers(bound, reference->type->name, place);
	reference->columns =
		ScimMappingColumns(binding->relid, columns, psprintf("%s.column", place));
	check_key(reference->columns, NIL, true, psprintf("%s.column", place));
	initStringInfo(&shown);
	foreach (lc, reference->columns)
	{
		const ScimColumnInfo *column = lfirst(lc);

		appendStringInfo(&shown, "%s%s", shown.len > 0 ? ", " : "", column->name);
		if (ScimReferenceShares(reference, column))
		{
			reference->shares = true;
			continue;
		}
		has_own = true;
		if (column->generated)
			bound->wins = SCIM_WINS_TABLE;
	}
	if (!has_own)
		ScimMappingWrong(psprintf("%s.column", place),
						 "must have a column that is neither of the key nor the tenant");
	bound->shown = shown.data;
	initStringInfo(&shown);
	appendStringInfoString(&shown, "CASE WHEN ");
	foreach (lc, reference->columns)
		appendStringInfo(&shown, "%st.%s IS NOT NULL",
						 foreach_current_index(lc) > 0 ? " AND " : "",
						 ((const ScimColumnInfo *) lfirst(lc))->quoted);
	appendStringInfo(&shown, " THEN to_jsonb(%s) END",
					 ScimKeyTexts(reference->columns, "t"));
	bound->read = shown.data;
	binding->references = lappend(binding->references, bound);
}

static void
compile_column(const ScimBinding *binding, ScimBoundAttribute *bound, const char *name,
			   const JsonbValue *values, const char *place)
{
	const ScimAttribute *of = ScimLeaf(&bound->target);
	bool several = ScimBoundSeveral(bound);

	ScimMappingColumn(binding->relid, name, place, &bound->column);
	bound->kind = SCIM_BOUND_COLUMN;
	bound->shown = bound->column.name;
	if (bound->column.generated)
		bound->wins = SCIM_WINS_TABLE;
	if (values != NULL)
	{
		if (several || of->type == SCIM_TYPE_COMPLEX)
			ScimMappingWrong(place, "values are for attributes of one simple value");
		bound->words.values = ScimMappingValues(values, of, psprintf("%s.values", place));
		bound->read = psprintf("to_jsonb(t.%s::text)", bound->column.quoted);
		return;
	}
	check_reference(of, &bound->column, place);
	/* of several in one value it has been asked since 0.14 only */
	if (!ScimMappingInUse || of->parent == NULL || !of->multi_valued)
		ScimColumnCheck(&bound->column, of, several, ScimBoundSeveralEach(bound), place);
	bound->read = ScimColumnRead(&bound->column, "t");
}

static ScimWins
wins_of(const JsonbValue *object, const char *place)
{
	char *wins = ScimMappingText(object, "wins", place);

	if (wins == NULL || strcmp(wins, "last") == 0)
		return SCIM_WINS_LAST;
	if (strcmp(wins, "scim") == 0)
		return SCIM_WINS_RESOURCE;
	if (strcmp(wins, "table") == 0)
		return SCIM_WINS_TABLE;
	ScimMappingWrong(psprintf("%s.wins", place),
					 "must be \"last\", \"scim\" or \"table\"");
	return SCIM_WINS_LAST;
}

static bool
writes_column(const ScimBoundAttribute *bound, int16 number)
{
	const ListCell *lc;

	if (bound->kind == SCIM_BOUND_COLUMN)
		return bound->column.number == number && !bound->column.generated;
	foreach (lc, bound->reference.columns)
	{
		const ScimColumnInfo *column = lfirst(lc);

		if (column->number == number && !column->generated &&
			!ScimReferenceShares(&bound->reference, column))
			return true;
	}
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

/* A column that is another attribute already: both could write it. */
static void
raise_written(const char *place, const char *column, const ScimBoundAttribute *other)
{
	ereport(ERROR,
			(ScimMappingCode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("mapping: %s: column \"%s\" is attribute \"%s\" already", place,
					column, other->path),
			 errhint("One of the two writes it; the other one only reads, with the "
					 "mapping {\"read\": \"%s\"}.",
					 quote_identifier(column))));
}

/* No two attributes are the same column, or parts of each other. */
static void
check_others(const ScimBinding *binding, const ScimBoundAttribute *bound,
			 const char *place)
{
	const ListCell *lc;
	const ListCell *write;

	if (binding->tenant.name != NULL && writes_column(bound, binding->tenant.number))
		ScimMappingWrongNow(
			place, psprintf("column \"%s\" is the tenant", binding->tenant.name));
	foreach (lc, binding->attributes)
	{
		const ScimBoundAttribute *other = lfirst(lc);

		if (other == bound)
			continue;
		if (overlap(bound, other))
			ScimMappingWrong(place,
							 psprintf("cannot be bound beside \"%s\"", other->path));
		if (bound->kind == SCIM_BOUND_COLUMN && !bound->column.generated &&
			writes_column(other, bound->column.number))
			raise_written(place, bound->column.name, other);
		foreach (write, bound->reference.columns)
		{
			const ScimColumnInfo *column = lfirst(write);

			if (!ScimReferenceShares(&bound->reference, column) &&
				writes_column(other, column->number))
				raise_written(place, column->name, other);
		}
		foreach (write, bound->writes)
		{
			const ScimColumnInfo *column =
				&((const ScimBoundWrite *) lfirst(write))->column;

			if (writes_column(other, column->number))
				raise_written(place, column->name, other);
		}
	}
}

/* ScimMappingAttribute compiles one of "attributes". */
void
ScimMappingAttribute(ScimMappingState *compiling, char *path, const JsonbValue *value)
{
	static const char *const known[] = {"column", "values", "else", "wins", NULL};
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
		ScimMappingWrong(place, "must be the name of a column, or an object");
	else
	{
		bound->wins = wins_of(value, place);
		if (ScimMappingMember(value, "table") != NULL)
			compile_table(compiling, bound, value, place);
		else if (ScimMappingMember(value, "read") != NULL)
			compile_expression(binding, bound, value, place);
		else if (ScimMappingMember(value, "references") != NULL)
			compile_reference(binding, bound, value, place);
		else
		{
			char *column = ScimMappingText(value, "column", place);

			ScimMappingCheckMembers(value, place, known);
			if (column == NULL)
				ScimMappingWrong(place, "must have \"column\", \"table\" or \"read\"");
			compile_column(binding, bound, column, ScimMappingMember(value, "values"),
						   place);
			compile_else(&bound->words, ScimMappingMember(value, "else"),
						 psprintf("%s.else", place));
		}
	}
	check_others(binding, bound, place);
	if (bound->is_id)
	{
		if (bound->kind != SCIM_BOUND_COLUMN || bound->column.base != UUIDOID)
			ScimMappingWrong(place, "must be a column of type uuid");
		bound->wins = SCIM_WINS_RESOURCE;
	}
}
