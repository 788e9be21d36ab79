/*
 * view_document.c
 *		What a row of a view says, in the document of a resource: values of columns as
 *		JSON, and where each stands (view.c).
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/base64.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "json/json.h"
#include "operation/view.h"
#include "text/datetime.h"

static void
refuse_infinite(const char *path)
{
	ereport(ERROR,
			(ScimErr(SCIM_INVALID_VALUE),
			 errmsg("attribute \"%s\" must be a time in the years 1 to 9999", path)));
}

static JsonbValue *
number_value(Numeric number)
{
	JsonbValue *value = palloc(sizeof(JsonbValue));

	value->type = jbvNumeric;
	value->val.numeric = number;
	return value;
}

static char *
base64_of(Datum datum)
{
	bytea *bytes = DatumGetByteaPP(datum);
	int size = pg_b64_enc_len(VARSIZE_ANY_EXHDR(bytes));
	char *text = palloc(size + 1);
	int len =
		pg_b64_encode((void *) VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes), text, size);

	text[Max(len, 0)] = '\0';
	return text;
}

static char *
date_text(Datum datum, const char *path)
{
	DateADT date = DatumGetDateADT(datum);
	int year;
	int month;
	int day;

	if (DATE_NOT_FINITE(date))
		refuse_infinite(path);
	j2date(date + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	if (year < 1 || year > 9999)
		refuse_infinite(path);
	return psprintf("%04d-%02d-%02d", year, month, day);
}

/* A value of a column as JSON; the door says what it has to be. */
static JsonbValue *
json_of(Oid type, Datum datum, const char *path)
{
	JsonbValue *value;
	Oid output;
	bool varlena;

	switch (type)
	{
		case BOOLOID:
			return ScimJsonNewBool(DatumGetBool(datum));
		case INT8OID:
			return ScimJsonNewInteger(DatumGetInt64(datum));
		case NUMERICOID:
			if (numeric_is_nan(DatumGetNumeric(datum)) ||
				numeric_is_inf(DatumGetNumeric(datum)))
				break;
			return number_value(DatumGetNumeric(datum));
		case JSONBOID:
			value = ScimJsonFromJsonb(DatumGetJsonbP(datum));
			return value;
		case TIMESTAMPTZOID:
			if (!ScimInstantIsShown(DatumGetTimestampTz(datum)))
				refuse_infinite(path);
			return ScimJsonNewString(ScimInstantText(DatumGetTimestampTz(datum)));
		case DATEOID:
			return ScimJsonNewString(date_text(datum, path));
		case BYTEAOID:
			return ScimJsonNewString(base64_of(datum));
		case TEXTOID:
			return ScimJsonNewString(TextDatumGetCString(datum));
		default:
			break;
	}
	getTypeOutputInfo(type, &output, &varlena);
	return ScimJsonNewString(OidOutputFunctionCall(output, datum));
}

/* ---- documents */

/* The member of an object that is an object, made where it is not. */
static JsonbValue *
object_member(JsonbValue *object, const char *name)
{
	JsonbValue *member = ScimJsonGet(object, name);

	if (member == NULL || member->type != jbvObject)
	{
		ScimJsonSet(object, name, ScimJsonNewObject());
		member = ScimJsonGet(object, name);
	}
	return member;
}

static int
chosen_index(const JsonbValue *array)
{
	const JsonbValue *chosen = ScimChosenElement(array);

	return chosen != NULL ? (int) (chosen - array->val.array.elems) : -1;
}

/* A part of the primary of several values; without it, that value goes. */
static void
set_chosen(JsonbValue *object, const ViewColumn *column, const JsonbValue *value)
{
	const ScimAttribute *attribute = column->attribute;
	JsonbValue *array = ScimJsonGet(object, attribute->name);
	int at;

	if (array == NULL || array->type != jbvArray)
	{
		if (value == NULL)
			return;
		ScimJsonSet(object, attribute->name, ScimJsonNewArray());
		array = ScimJsonGet(object, attribute->name);
	}
	at = chosen_index(array);
	if (value == NULL)
	{
		if (at >= 0)
			ScimJsonRemoveAt(array, at);
		return;
	}
	if (at < 0 || array->val.array.elems[at].type != jbvObject)
	{
		JsonbValue *element = ScimJsonNewObject();

		if (ScimAttributeSub(attribute, "primary", strlen("primary")) != NULL)
			ScimJsonSet(element, "primary", ScimJsonNewBool(true));
		ScimJsonAppend(array, element);
		at = array->val.array.nElems - 1;
	}
	ScimJsonSet(&array->val.array.elems[at], column->sub->name, value);
}

/* Makes a document say what a column does; value NULL: nothing. */
static void
set_attribute(JsonbValue *document, const ViewColumn *column, const JsonbValue *value)
{
	JsonbValue *object = document;

	if (column->extension != NULL)
		object = object_member(document, column->extension->id);
	if (column->chosen)
		set_chosen(object, column, value);
	else if (column->sub != NULL && strcmp(column->sub->name, "value") == 0)
		ScimReferenceSetValue(column->attribute,
							  object_member(object, column->attribute->name), value);
	else if (column->sub != NULL)
		ScimJsonSetOrRemove(object_member(object, column->attribute->name),
							column->sub->name, value);
	else
		ScimJsonSetOrRemove(object, column->attribute->name, value);
}

static void
check_writable(const ViewCall *call, int i)
{
	const ViewColumn *column = &call->view->columns[i];
	const char *name = NameStr(TupleDescAttr(call->desc, i)->attname);

	if (column->attribute == NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("column \"%s\" of view \"%s\" is no attribute any more",
							   name, RelationGetRelationName(call->trigger->tg_relation)),
						errhint("scim.create_view() makes the view anew.")));
	if ((column->attribute->mutability == SCIM_READ_ONLY ||
		 (column->sub != NULL && column->sub->mutability == SCIM_READ_ONLY)) &&
		!ScimWritesReadOnly(call->view->store))
		ereport(ERROR, (ScimErr(SCIM_MUTABILITY),
						errmsg("attribute \"%s\" is readOnly", column->path)));
}

/* Does the row say nothing of a column?  An attribute that is "" has no value. */
static bool
is_nothing(const ViewCall *call, int i)
{
	Form_pg_attribute att = TupleDescAttr(call->desc, i);

	if (call->new_nulls[i])
		return true;
	if (i >= call->view->natts || call->view->columns[i].path == NULL)
		return false;
	switch (att->atttypid)
	{
		case TEXTOID:
			return VARSIZE_ANY_EXHDR(DatumGetTextPP(call->new[i])) == 0;
		case BYTEAOID:
			return VARSIZE_ANY_EXHDR(DatumGetByteaPP(call->new[i])) == 0;
		case JSONBOID:
			return ScimJsonIsUnassigned(ScimJsonFromJsonb(DatumGetJsonbP(call->new[i])));
		default:
			return false;
	}
}

static bool
is_changed(const ViewCall *call, int i)
{
	Form_pg_attribute att = TupleDescAttr(call->desc, i);
	bool was_nothing = call->old == NULL || call->old_nulls[i];

	if (!was_nothing && !call->new_nulls[i] &&
		datum_image_eq(call->old[i], call->new[i], att->attbyval, att->attlen))
		return false;
	return !was_nothing || !is_nothing(call, i);
}

/* What a document states of the attribute of a column, in whatever spelling; or NULL. */
static const JsonbValue *
stated_in(const JsonbValue *document, const ViewColumn *column)
{
	const JsonbValue *value = document;

	if (column->extension != NULL)
		value = ScimJsonGetFolded(value, column->extension->id);
	if (value != NULL && value->type == jbvObject)
		value = ScimJsonGetFolded(value, column->attribute->name);
	else
		value = NULL;
	if (column->chosen && value != NULL)
		value = value->type == jbvArray ? ScimChosenElement(value) : NULL;
	if (column->sub != NULL && value != NULL)
		value =
			value->type == jbvObject ? ScimJsonGetFolded(value, column->sub->name) : NULL;
	return value == NULL || ScimJsonIsUnassigned(value) ? NULL : value;
}

/* Two values, each of which may be NULL; an instant is the same by whatever offset. */
static bool
says_same(const JsonbValue *a, const JsonbValue *b, bool instants)
{
	ScimInstant at[2];

	if (a == NULL || b == NULL)
		return a == b;
	if (instants && a->type == jbvString && b->type == jbvString &&
		ScimInstantParse(a->val.string.val, a->val.string.len, &at[0]) &&
		ScimInstantParse(b->val.string.val, b->val.string.len, &at[1]))
		return ScimInstantCompare(&at[0], &at[1]) == 0;
	return ScimJsonEqual(a, b);
}

/*
 * Does the document that the row has as well say what a column does?  An error where it
 * says something else, unless that was stored before, and nobody has touched it.
 */
static bool
is_stated(const ViewCall *call, int i, const JsonbValue *value, const JsonbValue *stated,
		  const JsonbValue *before)
{
	const ViewColumn *column = &call->view->columns[i];
	bool instants = TupleDescAttr(call->desc, i)->atttypid == TIMESTAMPTZOID;
	const JsonbValue *says = stated_in(stated, column);

	if (says == NULL ||
		(before != NULL && says_same(says, stated_in(before, column), instants)))
		return false;
	if (says_same(says, value, instants))
		return true;
	ereport(ERROR,
			(ScimErr(SCIM_INVALID_VALUE),
			 errmsg("column \"%s\" and attribute \"%s\" of data say different things",
					NameStr(TupleDescAttr(call->desc, i)->attname), column->path)));
}

/*
 * ScimViewTake writes into a document what the row says that is new; false: nothing is.
 * Whole values first, then parts of them.  stated is the document that the row itself
 * has, or NULL, and before the one that is stored, or NULL.
 */
bool
ScimViewTake(const ViewCall *call, JsonbValue *document, const JsonbValue *stated,
			 const JsonbValue *before)
{
	const View *view = call->view;
	bool changed = false;

	for (int parts = 0; parts < 2; parts++)
	{
		for (int i = 0; i < view->natts; i++)
		{
			const ViewColumn *column = &view->columns[i];
			JsonbValue *value = NULL;

			if (column->path == NULL || column->chosen != (parts == 1) ||
				!is_changed(call, i))
				continue;
			check_writable(call, i);
			if (!is_nothing(call, i))
				value = json_of(TupleDescAttr(call->desc, i)->atttypid, call->new[i],
								column->path);
			if (stated == NULL || !is_stated(call, i, value, stated, before))
				set_attribute(document, column, value);
			changed = true;
		}
	}
	for (int i = view->natts; i < call->desc->natts; i++)
	{
		if (is_changed(call, i))
			check_writable(call, i);
	}
	return changed;
}

/* ScimViewKeyValue: a column of the table, of the row as it was or as it is to be. */
Datum
ScimViewKeyValue(const ViewCall *call, bool new, ViewKey key, bool *isnull)
{
	int number = call->view->key[key];
	const bool *nulls = new ? call->new_nulls : call->old_nulls;

	*isnull = number == 0 || nulls[number - 1];
	return *isnull ? (Datum) 0 : (new ? call->new : call->old)[number - 1];
}

/* ScimViewKeyIsChanged: does the row say something else of it? */
bool
ScimViewKeyIsChanged(const ViewCall *call, ViewKey key)
{
	return call->view->key[key] > 0 && is_changed(call, call->view->key[key] - 1);
}

/* ScimViewObject: a document that a row has. */
JsonbValue *
ScimViewObject(Datum data)
{
	JsonbValue *document = ScimJsonFromJsonb(DatumGetJsonbP(data));

	if (document->type != jbvObject)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("the data of a resource must be a JSON object")));
	return document;
}
