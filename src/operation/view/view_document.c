/*
 * view_document.c
 *		What a row of a view says, in the document of a resource: values of columns as
 *		JSON, and where each stands (view.c), beside what that says itself.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "json/json.h"
#include "operation/view/view.h"
#include "text/base64url.h"
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
	const bytea *bytes = DatumGetByteaPP(datum);

	return ScimBase64(VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
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

/*
 * Makes a document say what a column does; value NULL: nothing.  keep: what a reference
 * says beside its value is no rest of a former one.
 */
static void
set_attribute(JsonbValue *document, const ViewColumn *column, const JsonbValue *value,
			  bool keep)
{
	JsonbValue *object = document;

	if (column->extension != NULL)
		object = ScimViewExtension(document, column->extension);
	if (column->chosen)
		set_chosen(object, column, value);
	else if (column->sub != NULL && strcmp(column->sub->name, "value") == 0 && !keep)
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

/* Two values, each of which may be NULL; an instant is the same by whatever offset. */
static bool
says_same(const JsonbValue *a, const JsonbValue *b, bool instants)
{
	if (a == NULL || b == NULL)
		return a == b;
	return instants ? ScimJsonSaysSame(a, b) : ScimJsonEqual(a, b);
}

/* ScimViewRefuseColumn: the row has something else beside a column, counted from 0. */
void
ScimViewRefuseColumn(const ViewCall *call, int i)
{
	ereport(ERROR,
			(ScimErr(SCIM_INVALID_VALUE),
			 errmsg("column \"%s\" and attribute \"%s\" of data say different things",
					NameStr(TupleDescAttr(call->desc, i)->attname),
					call->view->columns[i].path)));
}

/* What becomes of a column beside what else the row says of its attribute. */
typedef enum Beside
{
	BESIDE_NOTHING, /* it is set */
	BESIDE_SAME,    /* that says the same */
	BESIDE_WRONG    /* that is nothing the door takes, and it says so */
} Beside;

/*
 * How does a column go with the document that the row has as well?  An error where that
 * says something else, unless it was stored before, and nobody has touched it.
 */
static Beside
beside_document(const ViewCall *call, int i, const JsonbValue *value,
				const JsonbValue *document, const JsonbValue *before)
{
	const ScimResourceType *type = call->view->type;
	const ViewColumn *column = &call->view->columns[i];
	bool instants = TupleDescAttr(call->desc, i)->atttypid == TIMESTAMPTZOID;
	ViewStated stated = ScimViewStatedIn(type, document, column);
	ViewStated stored = {0};
	const JsonbValue *says;

	if (stated.no_object || stated.twice)
		return BESIDE_WRONG;
	if (before != NULL)
		stored = ScimViewStatedIn(type, before, column);
	if (!ScimViewCanHold(column, stated.value))
		return says_same(stated.value, stored.value, false) ? BESIDE_NOTHING
															: BESIDE_WRONG;
	says = ScimViewPart(column, stated.value);
	if (says == NULL ||
		(before != NULL && says_same(says, ScimViewPart(column, stored.value), instants)))
		return BESIDE_NOTHING;
	value = ScimViewCanonical(type, column->sub ? column->sub : column->attribute, value);
	if (says_same(says, value, instants))
		return BESIDE_SAME;
	ScimViewRefuseColumn(call, i);
}

/* Is the attribute of which a column is a part stated as a whole, by another column? */
static bool
is_part_of_stated(const ViewCall *call, int i)
{
	const ViewColumn *column = &call->view->columns[i];

	for (int j = 0; column->sub != NULL && j < call->view->natts; j++)
	{
		const ViewColumn *other = &call->view->columns[j];

		if (other->attribute == column->attribute && other->sub == NULL &&
			is_changed(call, j) && !is_nothing(call, j))
			return true;
	}
	return false;
}

/* Has the row's own document a new "$ref" beside the value that a column is? */
static bool
states_ref(const ScimResourceType *type, const ViewColumn *column,
		   const JsonbValue *document, const JsonbValue *before)
{
	ViewColumn ref = *column;

	if (column->sub == NULL || column->chosen)
		return false;
	ref.sub = ScimAttributeSub(column->attribute, "$ref", strlen("$ref"));
	if (ref.sub == NULL)
		return false;
	return !says_same(
		ScimViewPart(&ref, ScimViewStatedIn(type, document, &ref).value),
		before ? ScimViewPart(&ref, ScimViewStatedIn(type, before, &ref).value) : NULL,
		false);
}

/* Writes a column that is new into a document; false: what is there cannot be stored. */
static bool
take_column(const ViewCall *call, int i, JsonbValue *document, const JsonbValue *stated,
			const JsonbValue *before)
{
	const ScimResourceType *type = call->view->type;
	const ViewColumn *column = &call->view->columns[i];
	const JsonbValue *value = NULL;
	Beside beside = BESIDE_NOTHING;

	check_writable(call, i);
	if (!is_nothing(call, i))
		value =
			json_of(TupleDescAttr(call->desc, i)->atttypid, call->new[i], column->path);
	if (stated != NULL)
		beside = beside_document(call, i, value, stated, before);
	if (beside != BESIDE_NOTHING)
		return beside == BESIDE_SAME;
	if (is_part_of_stated(call, i) &&
		!ScimViewCanHold(column, ScimViewStatedIn(type, document, column).value))
		return false;
	if (stated != NULL)
		ScimViewGather(type, document, column);
	if (column->sub == NULL)
		value = ScimViewCanonical(type, column->attribute, value);
	set_attribute(document, column, value,
				  stated != NULL && states_ref(type, column, stated, before));
	return true;
}

/* The order of columns: what is whole, and a value before what is said beside it. */
static int
order_of(const ViewColumn *column)
{
	return column->sub == NULL ? 0 : strcmp(column->sub->name, "value") == 0 ? 1 : 2;
}

/*
 * ScimViewTake writes into a document what the row says that is new; false: nothing is.
 * stated is the document that the row itself has, or NULL, and before the one that is
 * stored, or NULL.  *unsaid: a column that is not written, since the door has to refuse
 * what stands in its place, or -1.
 */
bool
ScimViewTake(const ViewCall *call, JsonbValue *document, const JsonbValue *stated,
			 const JsonbValue *before, int *unsaid)
{
	const View *view = call->view;
	bool changed = false;

	*unsaid = -1;
	for (int order = 0; order <= 2; order++)
	{
		for (int i = 0; i < view->natts; i++)
		{
			const ViewColumn *column = &view->columns[i];

			if (column->path == NULL || order_of(column) != order || !is_changed(call, i))
				continue;
			if (!take_column(call, i, document, stated, before))
				*unsaid = i;
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
