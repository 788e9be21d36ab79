/*
 * flat_field.c
 *		Flat JSON <-> attributes: the fields of an endpoint, what they show and what a
 *		body may say of them.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "endpoint/flat/flat.h"
#include "mapping/predicate/predicate.h"
#include "path/path.h"
#include "policy/policy.h"
#include "query/query.h"
#include "schema/canonical/canonical.h"
#include "store/statement/plan.h"
#include "text/fold.h"

/* ScimFlatLeaf: the attribute whose values are at the end of a path. */
const ScimAttribute *
ScimFlatLeaf(const ScimFlatPath *path)
{
	return path->resolved.sub ? path->resolved.sub : path->resolved.attribute;
}

/*
 * ScimFlatIsMembers: are these the members of a group, or a part of them?  What a field
 * has that stands for no attribute is not.
 */
bool
ScimFlatIsMembers(const ScimEndpoint *endpoint, const ScimResolved *resolved)
{
	return endpoint->type->has_members && resolved->attribute != NULL &&
		   resolved->extension == NULL &&
		   strcmp(resolved->attribute->name, "members") == 0;
}

/* ScimFlatFieldByName finds the field that a body may have at a place, or NULL. */
const ScimFlatField *
ScimFlatFieldByName(const ScimEndpoint *endpoint, const char *name)
{
	for (int i = 0; i < endpoint->nfields; i++)
	{
		ListCell *lc;

		foreach (lc, endpoint->fields[i].places)
		{
			if (ScimNameEqual(lfirst(lc), name))
				return &endpoint->fields[i];
		}
	}
	return NULL;
}

/* ScimFlatSameValue: are two values at a path one to its attribute? */
bool
ScimFlatSameValue(const ScimFlatPath *path, const JsonbValue *a, const JsonbValue *b)
{
	return ScimSameValue(&path->resolved, a, b);
}

/* ---- which of several values ---- */

/* ScimFlatBindSelection: the filter of a path, for one value at a time. */
ScimBoundFilter *
ScimFlatBindSelection(const ScimRegistry *registry, const ScimResourceType *type,
					  const ScimFlatPath *path, ScimProblem **problem)
{
	ScimResolveContext context = {registry, type};
	ScimAttrInfo info = {0};

	info.type = path->resolved.attribute->type;
	info.multi_valued = true;
	info.case_exact = path->resolved.attribute->case_exact;
	info.nkeys = 1;
	info.key[0] = path->resolved.attribute->name;
	info.attribute = path->resolved.attribute;
	return ScimFilterBind(path->filter, 0, ScimResolveForFilter, &context, &info,
						  problem);
}

/* The filter of a path, as it is said outside, asks for what is stored of that. */
static void
select_stored(const ScimFlatCall *call, ScimFlatPath *path)
{
	ScimWireReading reading = {.wire = call->characters};
	ScimFlatPath stored = *path;
	ScimProblem *problem = NULL;
	ScimPath *parsed;

	if (path->filter == NULL)
		return;
	stored.text = ScimWirePath(&reading, path->text);
	if (strcmp(stored.text, path->text) == 0)
		return;
	parsed = ScimPathParse(stored.text, strlen(stored.text), &problem);
	if (parsed == NULL || ScimPathFilter(parsed) == NULL)
		return;
	stored.filter = (ScimFilter *) ScimPathFilter(parsed);
	stored.bound =
		ScimFlatBindSelection(call->store->registry, call->type, &stored, &problem);
	if (stored.bound != NULL)
		*path = stored;
}

/*
 * ScimFlatForStored returns the endpoint with filters that ask for what is stored, where
 * that has other characters: what is shown is what is written then.
 */
const ScimEndpoint *
ScimFlatForStored(const ScimFlatCall *call)
{
	ScimEndpoint *stored;

	if (call->characters == NULL)
		return call->endpoint;
	stored = memcpy(palloc(sizeof(ScimEndpoint)), call->endpoint, sizeof(ScimEndpoint));
	stored->fields = palloc(sizeof(ScimFlatField) * (stored->nfields + 1));
	stored->constants = palloc(sizeof(ScimFlatConstant) * (stored->nconstants + 1));
	for (int i = 0; i < stored->nfields; i++)
	{
		stored->fields[i] = call->endpoint->fields[i];
		select_stored(call, &stored->fields[i].path);
	}
	for (int i = 0; i < stored->nconstants; i++)
	{
		stored->constants[i] = call->endpoint->constants[i];
		select_stored(call, &stored->constants[i].path);
	}
	return stored;
}

/* ---- out ---- */

/* Is this a value that the filter of a path selects? */
static bool
is_selected(const ScimFlatPath *path, const JsonbValue *element)
{
	JsonbValue *object = (JsonbValue *) element;

	/* an element of a list of simple values is its own "value" */
	if (element->type != jbvObject)
	{
		object = ScimJsonNewObject();
		ScimJsonSet(object, "value", element);
	}
	return ScimFilterMatch(path->bound, &ScimJsonToJsonb(object)->root);
}

/* The one of a list that a field shows: the selected, or the primary, or the first. */
static const JsonbValue *
one_of(const ScimFlatPath *path, const JsonbValue *list)
{
	const JsonbValue *selected = NULL;
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext context;

	if (path->bound == NULL)
		return ScimChosenElement(list);
	/* they may be many, for each of many fields */
	context = AllocSetContextCreate(caller, "scim selection", ALLOCSET_SMALL_SIZES);
	MemoryContextSwitchTo(context);
	for (int i = 0; selected == NULL && i < list->val.array.nElems; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (is_selected(path, &list->val.array.elems[i]))
			selected = &list->val.array.elems[i];
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	return selected;
}

static const JsonbValue *
part_of(const ScimFlatPath *path, const JsonbValue *value)
{
	if (value == NULL || path->resolved.sub == NULL)
		return value;
	return ScimJsonGet(value, path->resolved.sub->name);
}

/* ScimFlatValueAt: the value at a path in the document of a resource, or NULL. */
const JsonbValue *
ScimFlatValueAt(const JsonbValue *document, const ScimFlatPath *path, bool one)
{
	const JsonbValue *value = document;
	JsonbValue *parts;

	if (path->resolved.extension != NULL)
		value = ScimJsonGet(document, path->resolved.extension->id);
	if (value == NULL)
		return NULL;
	value = ScimJsonGet(value, path->resolved.attribute->name);
	if (value == NULL || value->type != jbvArray)
		return part_of(path, value);
	if (one || path->bound != NULL)
		return part_of(path, one_of(path, value));
	if (path->resolved.sub == NULL)
		return value;
	parts = ScimJsonNewArray();
	for (int i = 0; i < value->val.array.nElems; i++)
	{
		const JsonbValue *part = part_of(path, &value->val.array.elems[i]);

		CHECK_FOR_INTERRUPTS();
		if (part != NULL)
			ScimJsonAppend(parts, part);
	}
	return parts->val.array.nElems > 0 ? parts : NULL;
}

/* What of a document, as it is stored, a field shows under no other name, or NULL. */
static const JsonbValue *
shown_at(const ScimFlatCall *call, const ScimFlatField *field, const JsonbValue *document)
{
	return ScimWireValueShown(call->characters, &field->path.resolved,
							  ScimFlatValueAt(document, &field->path, field->one));
}

/* The same for values that ScimFlatSameValue takes for one. */
static uint32
hash_value(const ScimFlatField *field, const JsonbValue *value)
{
	return ScimSameHash(&field->path.resolved, value);
}

/* The name of a field for a value that is stored, or NULL. */
static const ScimFlatValue *
named_value(const ScimFlatField *field, const JsonbValue *stored)
{
	if (field->nvalues == 0)
		return NULL;
	for (int at = ScimBucketsFirst(&field->by_stored, hash_value(field, stored)); at >= 0;
		 at = ScimBucketsNext(&field->by_stored, at))
	{
		const ScimFlatValue *value =
			&field->values[ScimBucketsItem(&field->by_stored, at)];

		if (ScimFlatSameValue(&field->path, value->stored, stored))
			return value;
	}
	return NULL;
}

/* What a value is that is said by its name, or NULL. */
static const ScimFlatValue *
value_of_name(const ScimFlatField *field, const JsonbValue *outside)
{
	if (field->nvalues == 0)
		return NULL;
	for (int at = ScimBucketsFirst(&field->by_outside, ScimJsonHash(outside)); at >= 0;
		 at = ScimBucketsNext(&field->by_outside, at))
	{
		const ScimFlatValue *value =
			&field->values[ScimBucketsItem(&field->by_outside, at)];

		if (ScimJsonEqual(value->outside, outside))
			return value;
	}
	return NULL;
}

/* What a stored value is called outside. */
static const JsonbValue *
outside_of(const ScimFlatField *field, const JsonbValue *stored)
{
	JsonbValue *list;

	if (field->nvalues == 0)
		return stored;
	if (stored->type != jbvArray)
	{
		const ScimFlatValue *value = named_value(field, stored);

		return value != NULL ? value->outside : stored;
	}
	list = ScimJsonNewArray();
	for (int i = 0; i < stored->val.array.nElems; i++)
		ScimJsonAppend(list, outside_of(field, &stored->val.array.elems[i]));
	return list;
}

/* Whether a table of the store has a row of the resource. */
static bool
has_row(ScimStore *store, const char *table, const ScimResource *resource)
{
	ScimParams params;
	bool found;

	SPI_connect();
	ScimParamsOfResource(&params, resource->tenant_id, &resource->id);
	ScimSpiExecute(psprintf("SELECT FROM %s.%s "
							"WHERE tenant_id = $1 AND resource_id = $2",
							store->quoted_name, table),
				   &params, false, 1);
	found = SPI_processed > 0;
	SPI_finish();
	return found;
}

static const JsonbValue *
shown_value(const ScimFlatCall *call, const ScimFlatField *field,
			const ScimResource *resource, const JsonbValue *document)
{
	const JsonbValue *value;
	const char *table;

	switch (field->kind)
	{
		case SCIM_FIELD_CONSTANT:
			return field->constant;
		case SCIM_FIELD_PRESENT:
			table = ScimPresenceTable(call->endpoint->type, &field->path.resolved);
			if (table != NULL)
				return ScimJsonNewBool(has_row(call->store, table, resource));
			value = ScimFlatValueAt(document, &field->path, false);
			return ScimJsonNewBool(value != NULL && !ScimJsonIsUnassigned(value));
		case SCIM_FIELD_ATTRIBUTE:
			value = shown_at(call, field, document);
			return value != NULL ? outside_of(field, value) : NULL;
		case SCIM_FIELD_TRANSIENT:
			break;
	}
	return NULL;
}

/* Sets a.b.c, with the objects that it takes. */
static void
set_place(JsonbValue *object, const char *place, const JsonbValue *value)
{
	for (;;)
	{
		int len = strcspn(place, ".");
		JsonbValue *inner;

		if (place[len] == '\0')
		{
			ScimJsonSetN(object, place, len, value);
			return;
		}
		inner = ScimJsonGet(object, pnstrdup(place, len));
		if (inner == NULL)
		{
			ScimJsonSetN(object, place, len, ScimJsonNewObject());
			inner = ScimJsonGet(object, pnstrdup(place, len));
		}
		object = inner;
		place += len + 1;
	}
}

/*
 * ScimFlatDocument is what the fields show of a resource, by attributes; *tag is the
 * entity-tag of that, where it is not NULL.
 */
const JsonbValue *
ScimFlatDocument(const ScimFlatCall *call, const ScimResource *resource, const char **tag)
{
	ScimResource named = resource->shown != NULL ? *resource->shown : *resource;
	StringInfoData text;
	const char *rendered;

	named.others = ScimWireOthers(call->store, resource->type);
	initStringInfo(&text);
	rendered = ScimRenderResource(&text, call->store, &named, call->endpoint->projection);
	if (tag != NULL)
		*tag = rendered;
	return ScimJsonParseOwn(text.data, text.len);
}

/*
 * ScimFlatShow makes of a resource what the endpoint shows of it, and sets the
 * entity-tag of that where tag is not NULL.
 */
JsonbValue *
ScimFlatShow(const ScimFlatCall *call, const ScimResource *resource, const char **tag)
{
	static JsonbValue null = {.type = jbvNull};
	const ScimEndpoint *endpoint = call->endpoint;
	JsonbValue *item = ScimJsonNewObject();
	const JsonbValue *document;

	document = ScimFlatDocument(call, resource, tag);
	for (int i = 0; i < endpoint->nfields; i++)
	{
		const ScimFlatField *field = &endpoint->fields[i];
		const JsonbValue *value =
			field->readable ? shown_value(call, field, resource, document) : NULL;

		if (value != NULL)
			set_place(item, field->name, value);
		else if (field->readable && endpoint->shows_null)
			set_place(item, field->name, &null);
	}
	return item;
}

/* ScimFlatIsShown: does a body say (NULL: nothing) what a field shows of a document? */
bool
ScimFlatIsShown(const ScimFlatCall *call, const ScimFlatField *field,
				const JsonbValue *document, const JsonbValue *said)
{
	const JsonbValue *shown = field->readable ? shown_at(call, field, document) : NULL;

	if (shown == NULL || ScimJsonIsUnassigned(shown))
		return said == NULL || ScimJsonIsUnassigned(said);
	return said != NULL && ScimJsonEqual(outside_of(field, shown), said);
}

/* ---- in ---- */

/*
 * What a body has at a.b.c, in any letter case, or NULL.  Where an object is null, all
 * that could be in it is.
 */
static const JsonbValue *
value_at_place(const JsonbValue *body, const char *place)
{
	while (body != NULL && body->type == jbvObject)
	{
		int len = strcspn(place, ".");

		body = ScimJsonGetFolded(body, pnstrdup(place, len));
		if (place[len] == '\0')
			return body;
		place += len + 1;
	}
	return body != NULL && body->type == jbvNull ? body : NULL;
}

/* ScimFlatItemField returns a field of what ScimFlatShow has made, or NULL. */
const JsonbValue *
ScimFlatItemField(const JsonbValue *item, const char *name)
{
	return value_at_place(item, name);
}

/* ScimFlatGiven: what a body says of a field, which may be at several places, or NULL. */
const JsonbValue *
ScimFlatGiven(const ScimFlatField *field, const JsonbValue *body)
{
	const JsonbValue *given = NULL;
	ListCell *lc;

	foreach (lc, field->places)
	{
		const JsonbValue *value = value_at_place(body, lfirst(lc));

		if (value == NULL)
			continue;
		if (given != NULL && !ScimJsonEqual(given, value))
			ereport(ERROR,
					(ScimErr(SCIM_INVALID_VALUE),
					 errmsg("field \"%s\" is given twice, as \"%s\" in other words",
							field->name, (char *) lfirst(lc))));
		given = value;
	}
	return given;
}

/* Does an object at this place hold a field? */
static bool
holds_field(const ScimEndpoint *endpoint, const char *place)
{
	size_t len = strlen(place);

	for (int i = 0; i < endpoint->nfields; i++)
	{
		ListCell *lc;

		foreach (lc, endpoint->fields[i].places)
		{
			const char *name = lfirst(lc);

			if (strlen(name) > len && name[len] == '.' &&
				ScimNameEqualN(name, len, place, len))
				return true;
		}
	}
	return false;
}

/*
 * The dots in the name of a field stand for objects within objects: a member that has
 * them in its own name is at no place where a field is looked for, and may not pass for
 * one, whatever becomes of unknown ones.
 */
static void
refuse_dotted(const ScimEndpoint *endpoint, const char *place)
{
	const char *last = strrchr(place, '.');

	if (ScimFlatFieldByName(endpoint, place) == NULL && !holds_field(endpoint, place))
		return;
	ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
					errmsg("unknown field \"%s\": say \"%s\" in the object \"%s\"",
						   ScimShortDetail(place), ScimShortDetail(last + 1),
						   ScimShortDetail(pnstrdup(place, last - place)))));
}

static void
check_object(const ScimEndpoint *endpoint, const JsonbValue *object, const char *prefix)
{
	check_stack_depth();
	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &object->val.object.pairs[i];
		char *key = ScimJsonStringCopy(&pair->key);
		char *place = psprintf("%s%s", prefix, key);

		CHECK_FOR_INTERRUPTS();
		if (strchr(key, '.') != NULL)
			refuse_dotted(endpoint, place);
		if (ScimFlatFieldByName(endpoint, place) != NULL)
		{
			if (ScimJsonGetFolded(object, key) != &pair->value)
				ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
								errmsg("field \"%s\" is given twice", place)));
			continue;
		}
		if (holds_field(endpoint, place) && pair->value.type == jbvObject)
			check_object(endpoint, &pair->value, psprintf("%s.", place));
		else if (!endpoint->ignores_unknown &&
				 !(holds_field(endpoint, place) && pair->value.type == jbvNull))
			ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
							errmsg("unknown field \"%s\"", ScimShortDetail(place))));
	}
}

static const char *
scalar_text(const JsonbValue *value)
{
	StringInfoData text;

	if (value->type == jbvString)
		return psprintf("\"%s\"", ScimShortDetail(ScimJsonStringCopy(value)));
	initStringInfo(&text);
	ScimJsonWrite(&text, value);
	return ScimShortDetail(text.data);
}

static void
add_unnamed(const ScimFlatField *field, const JsonbValue *stored,
			ScimFlatUnnamed *unnamed)
{
	CHECK_FOR_INTERRUPTS();
	if (named_value(field, stored) != NULL)
		return;
	ScimBucketsAdd(&unnamed->by_hash, hash_value(field, stored), unnamed->count);
	unnamed->values[unnamed->count++] = stored;
}

/*
 * ScimFlatUnnamedOf gathers for each field what it shows of a document as it is stored,
 * for want of a name.
 */
const ScimFlatUnnamed *
ScimFlatUnnamedOf(const ScimFlatCall *call, const JsonbValue *document)
{
	const ScimEndpoint *endpoint = call->endpoint;
	ScimFlatUnnamed *all = palloc0(sizeof(ScimFlatUnnamed) * (endpoint->nfields + 1));

	for (int i = 0; i < endpoint->nfields; i++)
	{
		const ScimFlatField *field = &endpoint->fields[i];
		const JsonbValue *shown;
		int n;

		if (field->kind != SCIM_FIELD_ATTRIBUTE || field->nvalues == 0 ||
			!field->readable)
			continue;
		shown = shown_at(call, field, document);
		if (shown == NULL)
			continue;
		n = shown->type == jbvArray ? shown->val.array.nElems : 1;
		all[i].values = palloc(sizeof(JsonbValue *) * (n + 1));
		ScimBucketsInit(&all[i].by_hash, n);
		if (shown->type != jbvArray)
			add_unnamed(field, shown, &all[i]);
		for (int j = 0; shown->type == jbvArray && j < n; j++)
			add_unnamed(field, &shown->val.array.elems[j], &all[i]);
	}
	return all;
}

/* What of that is of a field; NULL: nothing. */
static const ScimFlatUnnamed *
unnamed_of(const ScimFlatCall *call, const ScimFlatField *field)
{
	return call->unnamed != NULL ? &call->unnamed[field - call->endpoint->fields] : NULL;
}

static bool
is_shown(const ScimFlatField *field, const JsonbValue *outside,
		 const ScimFlatUnnamed *unnamed)
{
	if (unnamed == NULL || unnamed->count == 0)
		return false;
	for (int at = ScimBucketsFirst(&unnamed->by_hash, hash_value(field, outside));
		 at >= 0; at = ScimBucketsNext(&unnamed->by_hash, at))
	{
		if (ScimFlatSameValue(&field->path,
							  unnamed->values[ScimBucketsItem(&unnamed->by_hash, at)],
							  outside))
			return true;
	}
	return false;
}

/*
 * The first of what is said of a field that has no counterpart; NULL: all has.  What is
 * shown for want of a name may be said to be so.
 */
static const JsonbValue *
unnamed_value(const ScimFlatField *field, const JsonbValue *outside,
			  const ScimFlatUnnamed *shown)
{
	if (field->nvalues == 0 || ScimJsonIsUnassigned(outside))
		return NULL;
	if (outside->type == jbvArray)
	{
		for (int i = 0; i < outside->val.array.nElems; i++)
		{
			const JsonbValue *unnamed =
				unnamed_value(field, &outside->val.array.elems[i], shown);

			if (unnamed != NULL)
				return unnamed;
		}
		return NULL;
	}
	if (value_of_name(field, outside) != NULL)
		return NULL;
	return is_shown(field, outside, shown) ? NULL : outside;
}

/* ScimFlatIsUnnamed: does a body say of a field what has no counterpart? */
bool
ScimFlatIsUnnamed(const ScimEndpoint *endpoint, const JsonbValue *body)
{
	for (int i = 0; i < endpoint->nfields; i++)
	{
		const ScimFlatField *field = &endpoint->fields[i];
		const JsonbValue *value =
			field->kind == SCIM_FIELD_ATTRIBUTE && field->writable && field->nvalues > 0
				? ScimFlatGiven(field, body)
				: NULL;

		if (value != NULL && unnamed_value(field, value, NULL) != NULL)
			return true;
	}
	return false;
}

static char *
unnamed_message(const ScimFlatField *field, const JsonbValue *value)
{
	StringInfoData allowed;

	initStringInfo(&allowed);
	for (int i = 0; i < field->nvalues; i++)
		appendStringInfo(&allowed, "%s\"%s\"", i > 0 ? ", " : "",
						 ScimJsonStringCopy(field->values[i].outside));
	return psprintf("field \"%s\" must be one of %s, not %s", field->name, allowed.data,
					scalar_text(value));
}

/* ScimFlatStored with what may be said for want of a name, or NULL. */
static const JsonbValue *
stored_of(const ScimFlatField *field, const JsonbValue *outside,
		  const ScimFlatUnnamed *shown, ScimErrorKind error)
{
	const JsonbValue *unnamed = unnamed_value(field, outside, shown);
	const ScimFlatValue *value;
	JsonbValue *list;

	if (unnamed != NULL)
		ereport(ERROR,
				(ScimErr(error), errmsg_internal("%s", unnamed_message(field, unnamed))));
	if (field->nvalues == 0 || ScimJsonIsUnassigned(outside))
		return outside;
	if (outside->type == jbvArray)
	{
		list = ScimJsonNewArray();
		for (int i = 0; i < outside->val.array.nElems; i++)
			ScimJsonAppend(list,
						   stored_of(field, &outside->val.array.elems[i], shown, error));
		return list;
	}
	value = value_of_name(field, outside);
	return value != NULL ? value->stored : outside;
}

/*
 * ScimFlatStored returns what is stored where something is said outside.  Raises the
 * error for a value that has no counterpart.
 */
const JsonbValue *
ScimFlatStored(const ScimFlatField *field, const JsonbValue *outside, ScimErrorKind error)
{
	return stored_of(field, outside, NULL, error);
}

/* ScimFlatSaid is ScimFlatStored of what a body says of a field. */
const JsonbValue *
ScimFlatSaid(const ScimFlatCall *call, const ScimFlatField *field, const JsonbValue *said)
{
	return stored_of(field, said, unnamed_of(call, field), SCIM_INVALID_VALUE);
}

/* Raises what is wrong with a field, with the error that its attribute has for that. */
static void
refuse_field(const ScimFlatField *field, const ScimRules *rules, const char *message)
{
	ScimProblem *problem =
		ScimProblemMake(SCIM_INVALID_VALUE, field->path.text, "%s", message);
	List *problems = list_make1(problem);

	ScimViolationApply(rules, problems);
	ScimProblemsRaise(problems);
}

/*
 * Raises what is wrong with one value of several, which the operation that it becomes
 * knows by the name of its part only.
 */
static void
check_selected(const ScimFlatCall *call, const ScimFlatField *field,
			   const ScimRules *rules, const JsonbValue *value)
{
	static const char *const before = "attribute ";
	List *problems = NIL;
	ScimProblem *problem;

	if (value->type == jbvArray && value->val.array.nElems == 1 && !field->path.several)
		value = &value->val.array.elems[0];
	if (field->path.filter == NULL || ScimJsonIsUnassigned(value))
		return;
	(void) ScimCanonicaliseValue(call->endpoint->type, ScimFlatLeaf(&field->path),
								 ScimFlatSaid(call, field, value), field->name, 0,
								 &problems);
	if (problems == NIL)
		return;
	problem = linitial(problems);
	if (strncmp(problem->message, before, strlen(before)) == 0)
		problem->message = psprintf("field %s", problem->message + strlen(before));
	problem->path = pstrdup(field->path.text);
	problems = list_make1(problem);
	ScimViolationApply(rules, problems);
	ScimProblemsRaise(problems);
}

/*
 * ScimFlatCheckBody raises an error for a field that the endpoint does not know, and
 * for one that is required and has no value, or a value that it cannot have.  whole:
 * the body is all there is to say.
 */
void
ScimFlatCheckBody(const ScimFlatCall *call, const ScimRules *rules,
				  const JsonbValue *body, bool whole)
{
	const ScimEndpoint *endpoint = call->endpoint;

	check_object(endpoint, body, "");
	for (int i = 0; i < endpoint->nfields; i++)
	{
		const ScimFlatField *field = &endpoint->fields[i];
		const JsonbValue *value = field->writable ? ScimFlatGiven(field, body) : NULL;
		const JsonbValue *unnamed;

		if (field->required && (value == NULL ? whole : ScimJsonIsUnassigned(value)))
			refuse_field(field, rules, psprintf("field \"%s\" is required", field->name));
		if (value == NULL || field->kind != SCIM_FIELD_ATTRIBUTE)
			continue;
		unnamed = unnamed_value(field, value, unnamed_of(call, field));
		if (unnamed != NULL)
			refuse_field(field, rules, unnamed_message(field, unnamed));
		if (field->one && value->type == jbvArray && value->val.array.nElems > 1)
			refuse_field(field, rules,
						 psprintf("field \"%s\" has one value only", field->name));
		check_selected(call, field, rules, value);
	}
}

/* ScimFlatTransient returns the fields of the request itself that a body has, or NULL. */
const JsonbValue *
ScimFlatTransient(const ScimEndpoint *endpoint, const JsonbValue *body)
{
	JsonbValue *object = NULL;

	for (int i = 0; i < endpoint->nfields; i++)
	{
		const ScimFlatField *field = &endpoint->fields[i];
		const JsonbValue *value =
			field->kind == SCIM_FIELD_TRANSIENT ? ScimFlatGiven(field, body) : NULL;

		if (value == NULL)
			continue;
		if (object == NULL)
			object = ScimJsonNewObject();
		ScimJsonSet(object, field->name, value);
	}
	return object;
}
