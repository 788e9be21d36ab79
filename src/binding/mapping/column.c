/*
 * column.c
 *		Tables and columns of an application, and values of their types.
 *
 * What is bound by a column alone is of a type of the list below; of others an
 * expression makes one of these.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "parser/parse_coerce.h"
#include "storage/lmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "binding/mapping/mapping.h"
#include "json/json.h"
#include "store/statement/plan.h"
#include "text/datetime.h"

/* ScimRelationQuoted: a table as SQL names it. */
char *
ScimRelationQuoted(Oid relid)
{
	char *name = get_rel_name(relid);

	if (name == NULL)
		return NULL;
	return quote_qualified_identifier(get_namespace_name(get_rel_namespace(relid)), name);
}

/* ScimRelationShown: the same for errors. */
char *
ScimRelationShown(Oid relid)
{
	char *name = get_rel_name(relid);

	if (name == NULL)
		return psprintf("%u", relid);
	return psprintf("%s.%s", get_namespace_name(get_rel_namespace(relid)), name);
}

/*
 * ScimRelationStays: is a relation there, so that it is until the transaction ends?  One
 * that nobody has locked goes while it is asked what it is.
 */
bool
ScimRelationStays(Oid relid)
{
	if (!OidIsValid(relid))
		return false;
	LockRelationOid(relid, AccessShareLock);
	return SearchSysCacheExists1(RELOID, ObjectIdGetDatum(relid));
}

/* ScimColumnFind: an error (42703) where a table has no such column. */
void
ScimColumnFind(Oid relid, const char *name, const char *place, ScimColumnInfo *column)
{
	HeapTuple tuple = SearchSysCacheAttName(relid, name);
	Form_pg_attribute attribute;

	if (!HeapTupleIsValid(tuple) || ((Form_pg_attribute) GETSTRUCT(tuple))->attnum <= 0)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
						errmsg("table \"%s\" has no column \"%s\"",
							   ScimRelationShown(relid), name),
						errdetail("It is named at %s of the mapping.", place)));
	attribute = (Form_pg_attribute) GETSTRUCT(tuple);
	memset(column, 0, sizeof(ScimColumnInfo));
	column->name = pstrdup(name);
	column->quoted = pstrdup(quote_identifier(name));
	column->number = attribute->attnum;
	column->type = attribute->atttypid;
	column->typmod = attribute->atttypmod;
	column->collation = attribute->attcollation;
	column->base = getBaseType(column->type);
	column->element = get_element_type(column->base);
	column->not_null = attribute->attnotnull;
	column->has_default = attribute->atthasdef || attribute->attidentity != '\0';
	column->generated = attribute->attgenerated != '\0' ||
						attribute->attidentity == ATTRIBUTE_IDENTITY_ALWAYS;
	ReleaseSysCache(tuple);
}

/* ScimTypeIsText: is a type written as JSON writes a string? */
bool
ScimTypeIsText(Oid type)
{
	char category;
	bool preferred;

	get_type_category_preferred(type, &category, &preferred);
	return category == TYPCATEGORY_STRING || type == UUIDOID || get_typtype(type) == 'e';
}

/* Which types a column may have that is an attribute of a type. */
static bool
fits(Oid type, const ScimAttribute *attribute)
{
	bool several = attribute->type == SCIM_TYPE_SEVERAL;

	if (ScimTypeIsText(type))
		return attribute->type != SCIM_TYPE_COMPLEX;
	switch (type)
	{
		case BOOLOID:
			return several || attribute->type == SCIM_TYPE_BOOLEAN ||
				   attribute->type == SCIM_TYPE_STRING;
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case NUMERICOID:
		case FLOAT4OID:
		case FLOAT8OID:
			return several || attribute->type == SCIM_TYPE_INTEGER ||
				   attribute->type == SCIM_TYPE_DECIMAL ||
				   attribute->type == SCIM_TYPE_STRING;
		case TIMESTAMPTZOID:
		case TIMESTAMPOID:
			return several || attribute->type == SCIM_TYPE_DATETIME ||
				   attribute->type == SCIM_TYPE_STRING;
		case DATEOID:
			return several || attribute->type == SCIM_TYPE_DATETIME ||
				   attribute->type == SCIM_TYPE_STRING;
		case BYTEAOID:
			return attribute->type == SCIM_TYPE_BINARY;
		case JSONOID:
		case JSONBOID:
			return true;
		default:
			return false;
	}
}

/*
 * ScimColumnCheck: an error where a column cannot be an attribute as it is.  several: all
 * values of a multi-valued one; each: of which each is several itself.
 */
void
ScimColumnCheck(const ScimColumnInfo *column, const ScimAttribute *attribute,
				bool several, bool each, const char *place)
{
	bool json = column->base == JSONBOID || column->base == JSONOID;
	bool part = attribute->parent != NULL && attribute->multi_valued;
	const ScimAttribute *all = attribute->parent != NULL ? attribute->parent : attribute;
	/* by which one of several would be bound */
	const char *one = all != attribute ? attribute->name
					  : ScimAttributeSub(all, "value", strlen("value")) != NULL ? "value"
																				: NULL;

	if (several && !json && (each || !OidIsValid(column->element)))
		ereport(
			ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("%s: column \"%s\" of type %s cannot hold all values of \"%s\"",
					place, column->name, format_type_be(column->type),
					attribute->parent != NULL
						? psprintf("%s.%s", attribute->parent->name, attribute->name)
						: attribute->name),
			 each   ? errhint("jsonb can.")
			 : part ? errhint("An array can, or jsonb.")
			 : one != NULL && ScimAttributeSub(all, "type", strlen("type")) != NULL
				 ? errhint(
					   "An array can, jsonb, or a table of its own. What one column "
					   "holds is one of them, such as \"%s[type eq \\\"work\\\"].%s\".",
					   all->name, one)
				 : errhint("An array can, jsonb, or a table of its own.")));
	if (!several && OidIsValid(column->element))
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
						errmsg("%s: column \"%s\" is an array, and attribute \"%s\" has "
							   "one value",
							   place, column->name, attribute->name)));
	if (!fits(several && !json ? getBaseType(column->element) : column->base, attribute))
		ereport(
			ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("%s: column \"%s\" of type %s cannot be attribute \"%s\"", place,
					column->name, format_type_be(column->type), attribute->name),
			 errhint("An expression can make it one that can: {\"read\": ..., \"write\": "
					 "...}.")));
}

/* ScimColumnRead: SQL that makes jsonb of a column. */
char *
ScimColumnRead(const ScimColumnInfo *column, const char *row)
{
	if (column->base == JSONBOID || column->base == JSONOID)
		return psprintf("%s.%s::jsonb", row, column->quoted);
	if (column->base == BYTEAOID)
		return psprintf("to_jsonb(translate(encode(%s.%s, 'base64'), E'\\n', ''))", row,
						column->quoted);
	if (OidIsValid(column->element) && getBaseType(column->element) == BYTEAOID)
		return psprintf("(SELECT jsonb_agg(translate(encode(b, 'base64'), E'\\n', '') "
						"ORDER BY i) FROM unnest(%s.%s) WITH ORDINALITY AS u (b, i))",
						row, column->quoted);
	/* the blanks that fill it are not of the value, as they are not of a key */
	if (column->base == BPCHAROID)
		return psprintf("to_jsonb(%s.%s::text)", row, column->quoted);
	if (OidIsValid(column->element) && getBaseType(column->element) == BPCHAROID)
		return psprintf("to_jsonb(%s.%s::text[])", row, column->quoted);
	return psprintf("to_jsonb(%s.%s)", row, column->quoted);
}

/*
 * ScimColumnText: a value of a type as text, as a cast of SQL makes it with the settings
 * that are now.
 */
char *
ScimColumnText(Oid type, Datum value)
{
	Oid base = getBaseType(type);
	Oid output;
	Oid cast;
	bool is_varlena;

	/* a truth value and an address have a cast that says more than their output */
	if (base < FirstGenbkiObjectId && base != TEXTOID &&
		find_coercion_pathway(TEXTOID, base, COERCION_EXPLICIT, &cast) ==
			COERCION_PATH_FUNC &&
		cast < FirstGenbkiObjectId)
		return TextDatumGetCString(OidFunctionCall1(cast, value));
	getTypeOutputInfo(type, &output, &is_varlena);
	return OidOutputFunctionCall(output, value);
}

/* An instant as a timestamp of the server's, in UTC. */
static bool
instant_of(const JsonbValue *value, TimestampTz *at)
{
	ScimInstant instant;
	int64 seconds;

	if (value->type != jbvString ||
		!ScimInstantParse(value->val.string.val, value->val.string.len, &instant))
		return false;
	seconds = instant.seconds -
			  ((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE)) * SECS_PER_DAY;
	if (seconds > (int64) 366 * 10000 * SECS_PER_DAY ||
		seconds < -(int64) 366 * 2001 * SECS_PER_DAY)
		return false;
	*at = seconds * USECS_PER_SEC + (instant.nanoseconds + 500) / 1000;
	return true;
}

/* What the store takes as base64, without padding or of the other alphabet, too. */
static char *
padded_base64(char *text)
{
	size_t len = strlen(text);

	for (char *at = text; *at != '\0'; at++)
	{
		if (*at == '-')
			*at = '+';
		else if (*at == '_')
			*at = '/';
	}
	return len % 4 == 0 ? text : psprintf("%s%s", text, "===" + (len % 4 - 1));
}

/*
 * Does what a type takes a text for, or what its text is, depend on the session?  Those
 * of others may ask for anything, and the checks of a domain name what they call.
 */
static bool
depends_on_session(Oid type)
{
	switch (type)
	{
		case DATEOID:
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			return true;
		default:
			return type >= FirstGenbkiObjectId && get_typtype(type) != TYPTYPE_ENUM;
	}
}

static Datum
read_text(Oid type, int32 typmod, char *text)
{
	Oid input;
	Oid parameter;

	getTypeInputInfo(type, &input, &parameter);
	return OidInputFunctionCall(input, text, parameter, typmod);
}

/* An instant is one wherever the session is, and a domain takes it as its type does. */
static Datum
scalar_datum(Oid type, int32 typmod, const JsonbValue *value)
{
	Oid base = getBaseType(type);
	TimestampTz at;
	Datum datum;

	if ((base == TIMESTAMPTZOID || base == TIMESTAMPOID || base == DATEOID) &&
		instant_of(value, &at))
	{
		datum = TimestampTzGetDatum(at);
		if (base == DATEOID)
			datum = DirectFunctionCall1(timestamp_date, TimestampGetDatum(at));
	}
	else if (base == BYTEAOID && value->type == jbvString)
		datum = DirectFunctionCall2(
			binary_decode,
			PointerGetDatum(cstring_to_text(padded_base64(ScimJsonText(value)))),
			PointerGetDatum(cstring_to_text("base64")));
	else
		return read_text(type, typmod, ScimJsonText(value));
	return base == type ? datum : read_text(type, typmod, ScimColumnText(base, datum));
}

static Datum
array_datum(const ScimColumnInfo *column, const JsonbValue *array)
{
	int n = array->val.array.nElems;
	Datum *elements = palloc(sizeof(Datum) * Max(n, 1));
	int16 len;
	bool by_value;
	char align;
	Datum datum;

	for (int i = 0; i < n; i++)
		elements[i] =
			scalar_datum(column->element, column->typmod, &array->val.array.elems[i]);
	get_typlenbyvalalign(column->element, &len, &by_value, &align);
	datum = PointerGetDatum(
		construct_array(elements, n, column->element, len, by_value, align));
	return column->base == column->type ? datum
										: read_text(column->type, column->typmod,
													ScimColumnText(column->base, datum));
}

/*
 * ScimColumnDatum makes of a value, NULL for none, one of the type of a column; an error
 * of the server's where it is none.  With the settings of the statements that write it
 * (ScimSpiExecuteIn), whatever those of the session are.
 */
Datum
ScimColumnDatum(const ScimBinding *binding, const ScimColumnInfo *column,
				const JsonbValue *value, bool *isnull)
{
	bool several =
		value != NULL && OidIsValid(column->element) && value->type == jbvArray;
	bool settings = depends_on_session(column->type) ||
					(several && depends_on_session(column->element));
	int level;
	Datum datum = (Datum) 0;

	*isnull = value == NULL;
	if (*isnull && get_typtype(column->type) != TYPTYPE_DOMAIN)
		return (Datum) 0;
	level = settings ? ScimStatementBeginOfText(binding->search_path) : 0;
	if (*isnull)
		domain_check((Datum) 0, true, column->type, NULL, NULL);
	else
		datum = several ? array_datum(column, value)
						: scalar_datum(column->type, column->typmod, value);
	if (settings)
		ScimStatementEnd(level);
	return datum;
}

int
ScimColumnPlace(int number, const List *columns)
{
	const ListCell *lc;

	foreach (lc, columns)
	{
		if (((const ScimColumnInfo *) lfirst(lc))->number == number)
			return foreach_current_index(lc);
	}
	return -1;
}

/*
 * ScimReferenceShares: is a column of a reference one of the row's own key, or its
 * tenant?  It is not written for the sake of the reference.
 */
bool
ScimReferenceShares(const ScimBoundReference *reference, const ScimColumnInfo *column)
{
	const ScimBinding *binding = reference->of;

	return ScimColumnPlace(column->number, binding->key) >= 0 ||
		   (binding->tenant.name != NULL && binding->tenant.number == column->number);
}

/* ScimColumnIsFilled: does anything in the mapping write a column? */
bool
ScimColumnIsFilled(const ScimBinding *binding, const char *column)
{
	const ListCell *lc;
	const ListCell *write;

	if (binding->tenant.name != NULL && strcmp(binding->tenant.name, column) == 0)
		return true;
	foreach (lc, binding->attributes)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);

		if (attribute->kind == SCIM_BOUND_COLUMN &&
			strcmp(attribute->column.name, column) == 0)
			return true;
		foreach (write, attribute->reference.columns)
		{
			if (strcmp(((const ScimColumnInfo *) lfirst(write))->name, column) == 0)
				return true;
		}
		foreach (write, attribute->writes)
		{
			if (strcmp(((const ScimBoundWrite *) lfirst(write))->column.name, column) ==
				0)
				return true;
		}
	}
	return false;
}

/* ScimColumnUnfilled: one that must not be null, and that nothing fills, or NULL. */
char *
ScimColumnUnfilled(const ScimBinding *binding)
{
	Relation relation = table_open(binding->relid, AccessShareLock);
	TupleDesc desc = RelationGetDescr(relation);
	char *found = NULL;

	for (int i = 0; i < desc->natts && found == NULL; i++)
	{
		const FormData_pg_attribute *column = TupleDescAttr(desc, i);

		if (!column->attisdropped && column->attnotnull && !column->atthasdef &&
			column->attidentity == '\0' &&
			!ScimColumnIsFilled(binding, NameStr(column->attname)))
			found = pstrdup(NameStr(column->attname));
	}
	table_close(relation, NoLock);
	return found;
}

/* ScimUnfilledProblem: what is told of such a column. */
char *
ScimUnfilledProblem(const char *column)
{
	return psprintf("column \"%s\" must not be null, and no attribute fills it", column);
}
