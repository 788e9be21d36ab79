/*
 * mapping_part.c
 *		The parts that a mapping is made of: settings, columns, SQL and lists of values,
 * of which each error names the place.
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/namespace.h"
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "rewrite/prs2lock.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/rel.h"
#include "utils/varlena.h"

#include "binding/mapping/mapping_state.h"
#include "json/json.h"

/* Is what is compiled bound already? */
bool ScimMappingInUse = false;

/* ScimMappingCode: the SQLSTATE of what is wrong; of what was bound, that it cannot be
 * used. */
int
ScimMappingCode(int sqlstate)
{
	if (!ScimMappingInUse)
		return errcode(sqlstate);
	ScimErr(SCIM_UNAVAILABLE);
	return errhint(SCIM_HINT_REPLACE);
}

/* ScimMappingWrong: an error (22023) that names the place. */
void
ScimMappingWrong(const char *place, const char *problem)
{
	ereport(ERROR, (ScimMappingCode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("mapping: %s: %s", place, problem)));
}

/* ScimMappingWrongNow: the same of what was let pass once, and may be in use. */
void
ScimMappingWrongNow(const char *place, const char *problem)
{
	if (!ScimMappingInUse)
		ScimMappingWrong(place, problem);
}

/* ScimMappingMember: a setting of an object, or NULL. */
const JsonbValue *
ScimMappingMember(const JsonbValue *object, const char *name)
{
	const JsonbValue *value = ScimJsonGet(object, name);

	return value != NULL && value->type == jbvNull ? NULL : value;
}

/* ScimMappingCheckMembers: an error where an object has a setting that there is not. */
void
ScimMappingCheckMembers(const JsonbValue *object, const char *place,
						const char *const *known)
{
	if (object->type != jbvObject)
		ScimMappingWrong(place, "must be an object");
	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		char *name = ScimJsonStringCopy(&object->val.object.pairs[i].key);
		const char *const *at = known;

		while (*at != NULL && strcmp(*at, name) != 0)
			at++;
		if (*at == NULL)
			ScimMappingWrong(psprintf("%s.%s", place, name), "there is no such setting");
	}
}

/* ScimMappingText: a setting that is a text, or NULL; place NULL: of the whole. */
char *
ScimMappingText(const JsonbValue *object, const char *name, const char *place)
{
	const JsonbValue *value = ScimMappingMember(object, name);

	if (value == NULL)
		return NULL;
	if (value->type != jbvString)
		ScimMappingWrong(place != NULL ? psprintf("%s.%s", place, name) : name,
						 "must be a string");
	return ScimJsonStringCopy(value);
}

/* ScimMappingColumn: an error (42703) where a table has no such column. */
void
ScimMappingColumn(Oid relid, const char *name, const char *place, ScimColumnInfo *column)
{
	if (get_attnum(relid, name) <= 0)
		ereport(ERROR, (ScimMappingCode(ERRCODE_UNDEFINED_COLUMN),
						errmsg("mapping: %s: table \"%s\" has no column \"%s\"", place,
							   ScimRelationShown(relid), name)));
	ScimColumnFind(relid, name, place, column);
}

/* ScimMappingColumns: of one column name or an array of them, ScimColumnInfo *. */
List *
ScimMappingColumns(Oid relid, const JsonbValue *value, const char *place)
{
	List *columns = NIL;
	int n = value->type == jbvArray ? value->val.array.nElems : 1;

	for (int i = 0; i < n; i++)
	{
		const JsonbValue *name =
			value->type == jbvArray ? &value->val.array.elems[i] : value;
		ScimColumnInfo *column = palloc(sizeof(ScimColumnInfo));

		if (name->type != jbvString)
			ScimMappingWrong(place, "must be the name of a column, or an array of them");
		ScimMappingColumn(relid, ScimJsonStringCopy(name), place, column);
		if (ScimColumnPlace(column->number, columns) >= 0)
			ScimMappingWrong(place, psprintf("names column \"%s\" twice", column->name));
		columns = lappend(columns, column);
	}
	if (columns == NIL || list_length(columns) > 8)
		ScimMappingWrong(place, "must name 1 to 8 columns");
	return columns;
}

/*
 * ScimMappingCheckHolds: an error where columns cannot hold the keys of the rows of a
 * binding.  number: what is told where they are not as many as such a key has.
 */
void
ScimMappingCheckHolds(const List *columns, const ScimBinding *of, const char *number,
					  const char *place)
{
	const ListCell *lc;
	const ListCell *key;

	if (list_length(columns) != list_length(of->key))
		ScimMappingWrong(place, number);
	forboth (lc, columns, key, of->key)
	{
		char *problem = ScimKeyProblem(lfirst(lc), lfirst(key), true);

		if (problem != NULL)
			ScimMappingWrong(place, problem);
	}
}

/* Which part of the mapping an error of the parser is about. */
static void
describe_place(void *arg)
{
	errcontext("mapping: %s", (const char *) arg);
}

/* ScimMappingTable: an error where there is no table of a name. */
Oid
ScimMappingTable(const char *name, const char *place)
{
	ErrorContextCallback callback = {error_context_stack, describe_place, (void *) place};
	Oid relid;

	error_context_stack = &callback;
	relid = ScimRelationNamed(name);
	error_context_stack = callback.previous;
	return relid;
}

/* ScimMappingSearchPath: a list of schemas, which are there when a table is bound. */
void
ScimMappingSearchPath(const char *path)
{
	List *schemas;
	const ListCell *lc;

	if (!SplitIdentifierString(pstrdup(path), ',', &schemas))
		ScimMappingWrong("search_path", "must be a list of schemas, as SET takes it");
	foreach (lc, schemas)
	{
		const char *schema = lfirst(lc);

		if (!OidIsValid(get_namespace_oid(schema, true)) &&
			strcmp(schema, "$user") != 0 && strcmp(schema, "pg_temp") != 0)
			ScimMappingWrongNow("search_path",
								psprintf("schema \"%s\" does not exist", schema));
	}
}

/* ScimMappingTenant: the number of a tenant. */
int32
ScimMappingTenant(const JsonbValue *value, const char *place)
{
	JsonbValue number;
	Numeric least = int64_to_numeric(1);
	Numeric most = int64_to_numeric(PG_INT32_MAX);

	if (ScimCanonicaliseScalar(SCIM_TYPE_INTEGER, value, &number) != NULL ||
		DatumGetBool(DirectFunctionCall2(numeric_lt, NumericGetDatum(number.val.numeric),
										 NumericGetDatum(least))) ||
		DatumGetBool(DirectFunctionCall2(numeric_gt, NumericGetDatum(number.val.numeric),
										 NumericGetDatum(most))))
		ScimMappingWrong(place, "must be the number of a tenant");
	return DatumGetInt32(
		DirectFunctionCall1(numeric_int4, NumericGetDatum(number.val.numeric)));
}

/* ScimMappingExpression: is a text one expression, and nothing behind it? */
char *
ScimMappingExpression(const char *text, const char *place)
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
		ScimMappingWrong(place, "must be an SQL expression");
	select = (const SelectStmt *) linitial_node(RawStmt, statements)->stmt;
	if (select->op != SETOP_NONE || list_length(select->targetList) != 1 ||
		select->fromClause != NIL || select->whereClause != NULL ||
		select->groupClause != NIL || select->havingClause != NULL ||
		select->windowClause != NIL || select->sortClause != NIL ||
		select->limitCount != NULL || select->limitOffset != NULL ||
		select->lockingClause != NIL || select->intoClause != NULL ||
		select->valuesLists != NIL || select->withClause != NULL)
		ScimMappingWrong(place, "must be an SQL expression");
	return psprintf("(%s\n)", text);
}

/*
 * ScimMappingValue: the same of one that is read as a value.  A literal alone has no type
 * of its own yet: it is a text, as SELECT takes it.
 */
char *
ScimMappingValue(const char *text, const char *place)
{
	char *expression = ScimMappingExpression(text, place);
	const List *statements =
		raw_parser(psprintf("SELECT %s", expression), RAW_PARSE_DEFAULT);
	const SelectStmt *select =
		(const SelectStmt *) linitial_node(RawStmt, statements)->stmt;
	const Node *value = linitial_node(ResTarget, select->targetList)->val;

	if (value == NULL || !IsA(value, A_Const) ||
		!(((const A_Const *) value)->isnull ||
		  IsA(&((const A_Const *) value)->val, String)))
		return expression;
	return psprintf("%s::text", expression);
}

/*
 * ScimMappingWrites: {"column": "expression"}; an expression may be null, for the
 * default. ScimBoundWrite *
 */
List *
ScimMappingWrites(Oid relid, const JsonbValue *object, const char *place)
{
	List *writes = NIL;

	if (object->type != jbvObject)
		ScimMappingWrong(place, "must be an object of columns and expressions");
	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		char *name = ScimJsonStringCopy(&object->val.object.pairs[i].key);
		const JsonbValue *value = &object->val.object.pairs[i].value;
		char *at = psprintf("%s.%s", place, name);
		ScimBoundWrite *write = palloc0(sizeof(ScimBoundWrite));

		ScimMappingColumn(relid, name, at, &write->column);
		if (write->column.generated)
			ScimMappingWrong(at, "the column is generated, and cannot be written");
		if (value->type == jbvString)
			write->expression = ScimMappingExpression(ScimJsonStringCopy(value), at);
		else if (value->type != jbvNull)
			ScimMappingWrong(at, "must be a string that is an SQL expression");
		writes = lappend(writes, write);
	}
	if (writes == NIL)
		ScimMappingWrong(place, "must name a column");
	return writes;
}

static bool
shares_text(const List *values, const ScimBoundValue *value)
{
	const ListCell *lc;
	const ListCell *text;
	const ListCell *other;

	foreach (lc, values)
	{
		foreach (other, ((const ScimBoundValue *) lfirst(lc))->texts)
		{
			foreach (text, value->texts)
			{
				if (lfirst(text) != NULL && lfirst(other) != NULL
						? strcmp(lfirst(text), lfirst(other)) == 0
						: lfirst(text) == lfirst(other))
					return true;
			}
		}
	}
	return false;
}

/* ScimMappingValues: {"true": "enabled", "false": ["disabled", "locked"]} */
List *
ScimMappingValues(const JsonbValue *object, const ScimAttribute *attribute,
				  const char *place)
{
	List *values = NIL;

	if (object->type != jbvObject || object->val.object.nPairs == 0)
		ScimMappingWrong(place, "must be an object of values of the attribute");
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
			value->value = ScimJsonNewInteger(ScimMappingTenant(key, at));
		}
		else if (key->val.string.len > 0)
		{
			if (ScimCanonicaliseSimple(attribute, key, canonical) != NULL)
				ScimMappingWrong(at, "is no value of the attribute");
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
				ScimMappingWrong(at,
								 "must be what the column holds, or an array of that");
		}
		if (value->texts == NIL)
			ScimMappingWrong(at, "must be at least one value of the column");
		if (attribute == NULL && shares_text(values, value))
			ScimMappingWrongNow(at, "the column says so of another one, too");
		values = lappend(values, value);
	}
	return values;
}

/* ScimMappingCheckRules: where there are some, what the store wrote would not get there.
 */
void
ScimMappingCheckRules(Oid relid)
{
	static const char *const events[] = {
		[CMD_INSERT] = "INSERT", [CMD_UPDATE] = "UPDATE", [CMD_DELETE] = "DELETE"};
	Relation relation = table_open(relid, AccessShareLock);
	const RuleLock *rules = relation->rd_rules;

	for (int i = 0; rules != NULL && i < rules->numLocks; i++)
	{
		const RewriteRule *rule = rules->rules[i];

		if (rule->isInstead && rule->event != CMD_SELECT)
			ereport(ERROR,
					(ScimMappingCode(ERRCODE_WRONG_OBJECT_TYPE),
					 errmsg("table \"%s\" has a rule ON %s DO INSTEAD, and what is "
							"written may not get there",
							ScimRelationShown(relid), events[rule->event])));
	}
	table_close(relation, NoLock);
}
