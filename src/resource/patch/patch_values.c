/*
 * patch_values.c
 *		The values of a multi-valued attribute while a PATCH works on them.
 *
 * Clients send an operation for each of very many values, and lists of very many
 * values in one.  So the array of an attribute is taken out of the document with
 * the first operation on it, and put back when something else needs it there, or
 * at the end (ScimPatchSettle).  In between
 *
 *		- a value that is removed only gets a mark, so that no others move;
 *		- the one primary value is known;
 *		- values are found by hash: of their value and type, or of all that they
 *		  say where these do not tell, and of each of their sub-attributes.  What
 *		  is found is compared.  Each look is a visit: very many may share one
 *		  sub-attribute;
 *		- what filters match against, a jsonb of each value, is made once.
 */
#include "postgres.h"

#include "json/json.h"
#include "miscadmin.h"
#include "resource/patch/patch_values.h"
#include "schema/canonical/canonical.h"
#include "utils/memutils.h"

#define NO_PRIMARY (-1)
#define UNKNOWN_PRIMARY (-2) /* several, or not looked for */

static PatchValues *
make_values(Patch *patch, const ScimSchema *extension, const ScimAttribute *parent,
			const ScimAttribute *attribute);
static void put_back(PatchValues *values);
static JsonbValue *holder_of(const PatchValues *values, bool create);
static void add_value(PatchValues *values, const JsonbValue *value);
static void forget_values(PatchValues *values);
static void make_primary(PatchValues *values, int chosen);
static int compare_ascending(const ListCell *a, const ListCell *b);
static void merge_twin(PatchValues *values, int i);
static bool selects(PatchValues *values, const ScimBoundFilter *bound, int i);
static int compare_descending(const ListCell *a, const ListCell *b);

/*
 * ScimPatchTakeValues takes the values of a multi-valued attribute out of the
 * document; with parent, those of a sub-attribute of a single value.
 */
PatchValues *
ScimPatchTakeValues(Patch *patch, const ScimSchema *extension,
					const ScimAttribute *parent, const ScimAttribute *attribute)
{
	PatchValues *values;
	MemoryContext caller;
	JsonbValue *holder;
	ListCell *lc;

	foreach (lc, patch->taken)
	{
		values = lfirst(lc);
		if (values->attribute == attribute)
			return values;
	}
	values = make_values(patch, extension, parent, attribute);
	holder = holder_of(values, false);
	if (holder != NULL)
		ScimPatchLoadValues(values, ScimJsonGet(holder, attribute->name));
	caller = MemoryContextSwitchTo(patch->context);
	patch->taken = lappend(patch->taken, values);
	MemoryContextSwitchTo(caller);
	return values;
}

/*
 * ScimPatchLooseValues is for the values of a sub-attribute of one of several
 * values: load, change and store them, and free them.
 */
PatchValues *
ScimPatchLooseValues(Patch *patch, const ScimAttribute *attribute)
{
	return make_values(patch, NULL, NULL, attribute);
}

static PatchValues *
make_values(Patch *patch, const ScimSchema *extension, const ScimAttribute *parent,
			const ScimAttribute *attribute)
{
	MemoryContext context =
		AllocSetContextCreate(patch->context, "scim patch values", ALLOCSET_SMALL_SIZES);
	PatchValues *values = MemoryContextAllocZero(context, sizeof(PatchValues));

	values->patch = patch;
	values->context = context;
	values->extension = extension;
	values->parent = parent;
	values->attribute = attribute;
	values->of = ScimPatchPlace(patch, attribute);
	values->value_sub = ScimAttributeSub(attribute, "value", strlen("value"));
	values->type_sub = ScimAttributeSub(attribute, "type", strlen("type"));
	values->primary = UNKNOWN_PRIMARY;
	return values;
}

/* ScimPatchLoadValues adds the values that the document has; stored may be NULL. */
void
ScimPatchLoadValues(PatchValues *values, const JsonbValue *stored)
{
	if (stored == NULL)
		return;
	/* what an earlier schema knew as one value is the only one of a list */
	if (stored->type != jbvArray)
		add_value(values, stored);
	else
		ScimPatchVisit(values->patch, stored->val.array.nElems);
	for (int i = 0; stored->type == jbvArray && i < stored->val.array.nElems; i++)
		add_value(values, &stored->val.array.elems[i]);
}

/* ScimPatchStoreValues makes an array of the values, or none is left: NULL. */
JsonbValue *
ScimPatchStoreValues(const PatchValues *values)
{
	MemoryContext caller = MemoryContextSwitchTo(values->patch->context);
	JsonbValue *array = NULL;

	for (int i = 0; i < values->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (values->values[i].gone)
			continue;
		if (array == NULL)
			array = ScimJsonNewArray();
		ScimJsonAppend(array, &values->values[i].value);
	}
	MemoryContextSwitchTo(caller);
	return array;
}

void
ScimPatchFreeValues(PatchValues *values)
{
	MemoryContextDelete(values->context);
}

/*
 * ScimPatchSettle puts what was taken out back into the document: all of it, or
 * that of an attribute and its sub-attributes.
 */
void
ScimPatchSettle(Patch *patch, const ScimAttribute *attribute)
{
	ListCell *lc;

	foreach (lc, patch->taken)
	{
		PatchValues *values = lfirst(lc);

		if (attribute != NULL && values->attribute != attribute &&
			values->parent != attribute)
			continue;
		put_back(values);
		ScimPatchFreeValues(values);
		patch->taken = foreach_delete_current(patch->taken, lc);
	}
}

static void
put_back(PatchValues *values)
{
	JsonbValue *array = ScimPatchStoreValues(values);
	JsonbValue *holder = holder_of(values, array != NULL);
	MemoryContext caller = MemoryContextSwitchTo(values->patch->context);

	if (array != NULL)
		ScimJsonSet(holder, values->attribute->name, array);
	else if (holder != NULL)
		ScimJsonRemove(holder, values->attribute->name);
	MemoryContextSwitchTo(caller);
}

/* The object of the document in which the attribute stands, or NULL. */
static JsonbValue *
holder_of(const PatchValues *values, bool create)
{
	JsonbValue *object = ScimPatchObject(values->patch, values->extension, create);

	if (object == NULL || values->parent == NULL)
		return object;
	/* whoever takes it away settles first */
	object = ScimJsonGet(object, values->parent->name);
	Assert(!create || object != NULL);
	return object;
}

/* The value is not copied. */
static void
add_value(PatchValues *values, const JsonbValue *value)
{
	PatchValue *added;

	CHECK_FOR_INTERRUPTS();
	if (values->count == values->capacity)
	{
		MemoryContext caller = MemoryContextSwitchTo(values->context);

		values->capacity = Max(8, 2 * values->capacity);
		values->values =
			values->values == NULL
				? palloc(values->capacity * sizeof(PatchValue))
				: repalloc_huge(values->values, values->capacity * sizeof(PatchValue));
		MemoryContextSwitchTo(caller);
	}
	added = &values->values[values->count++];
	memset(added, 0, sizeof(PatchValue));
	added->value = *value;
	added->entry = -1;
	if (values->indexed)
		ScimPatchIndexValue(values, values->count - 1);
}

/* What there is gives way to what is added next. */
static void
forget_values(PatchValues *values)
{
	for (int i = 0; i < values->count; i++)
	{
		if (values->values[i].jsonb != NULL)
			pfree(values->values[i].jsonb);
	}
	if (values->indexed)
		ScimBucketsFree(&values->by_hash);
	values->indexed = false;
	values->count = 0;
	values->ngone = 0;
	values->primary = UNKNOWN_PRIMARY;
}

/* ScimPatchCount is the number of values, with those that are gone. */
int
ScimPatchCount(const PatchValues *values)
{
	return values->count;
}

/* ScimPatchIsEmpty: is no value left? */
bool
ScimPatchIsEmpty(const PatchValues *values)
{
	return values->count == values->ngone;
}

/* ScimPatchValueAt returns one of the values, or NULL where it is gone. */
JsonbValue *
ScimPatchValueAt(PatchValues *values, int i)
{
	return values->values[i].gone ? NULL : &values->values[i].value;
}

/* ScimPatchRemoveValue removes one of the values. */
void
ScimPatchRemoveValue(PatchValues *values, int i)
{
	PatchValue *removed = &values->values[i];

	if (removed->jsonb != NULL)
		pfree(removed->jsonb);
	removed->jsonb = NULL;
	removed->gone = true;
	ScimBucketsRemove(&values->by_hash, removed->entry);
	removed->entry = -1;
	values->ngone++;
	if (values->primary == i)
		values->primary = NO_PRIMARY;
}

/*
 * ScimPatchChangedValue has to be told of a value that was changed, and whether that
 * made it the primary one: then no other one stays so (RFC 7644 section 3.5.2).
 */
void
ScimPatchChangedValue(PatchValues *values, int i, bool made_primary)
{
	PatchValue *changed = &values->values[i];

	if (changed->jsonb != NULL)
		pfree(changed->jsonb);
	changed->jsonb = NULL;
	if (values->indexed)
	{
		ScimBucketsRemove(&values->by_hash, changed->entry);
		ScimPatchIndexValue(values, i);
	}
	if (made_primary)
		make_primary(values, i);
	else if (ScimIsPrimary(&changed->value) != (values->primary == i))
		values->primary = values->primary == i ? NO_PRIMARY : UNKNOWN_PRIMARY;
}

static void
make_primary(PatchValues *values, int chosen)
{
	MemoryContext caller = MemoryContextSwitchTo(values->patch->context);
	bool all = values->primary == UNKNOWN_PRIMARY;
	int first = all ? 0 : values->primary;
	int last = all ? values->count - 1 : values->primary;

	values->primary = chosen;
	for (int i = Max(first, 0); i <= last; i++)
	{
		PatchValue *other = &values->values[i];

		CHECK_FOR_INTERRUPTS();
		if (i == chosen || other->gone || !ScimIsPrimary(&other->value))
			continue;
		ScimJsonSet(&other->value, "primary", ScimJsonNewBool(false));
		ScimPatchChangedValue(values, i, false);
	}
	MemoryContextSwitchTo(caller);
}

/*
 * ScimPatchMergeTwins makes one of each of the values that were changed (a list of int,
 * which is sorted) and of another one that has the same value and type by now, or the
 * same value where one has no type (RFC 7643 section 2.4): the first of them, which the
 * other adds to.  The numbers of the values are good no longer.
 */
void
ScimPatchMergeTwins(PatchValues *values, List *changed)
{
	MemoryContext caller;
	JsonbValue *array;
	ListCell *lc;

	if (values->value_sub == NULL || values->type_sub == NULL || changed == NIL)
		return;
	if (list_length(changed) <= Max(FEW_VALUES, values->count / FEW_VALUES))
	{
		list_sort(changed, compare_ascending);
		foreach (lc, changed)
			merge_twin(values, lfirst_int(lc));
		return;
	}
	/* those who are found may be as many for each of so many: all at once, therefore */
	array = ScimPatchStoreValues(values);
	if (array == NULL)
		return;
	caller = MemoryContextSwitchTo(values->patch->context);
	ScimElementsMerge(values->attribute, array);
	MemoryContextSwitchTo(caller);
	if (array->val.array.nElems < values->count - values->ngone)
	{
		forget_values(values);
		for (int i = 0; i < array->val.array.nElems; i++)
			add_value(values, &array->val.array.elems[i]);
	}
	pfree(array->val.array.elems);
	pfree(array);
}

/* The same of one value. */
static void
merge_twin(PatchValues *values, int i)
{
	int twin = ScimPatchFindTwin(values, i);
	int first = Min(i, twin);
	int last = Max(i, twin);
	const char *value_name;
	const char *type_name;
	const JsonbValue *value;
	JsonbValue *other;
	bool made_primary;

	if (twin < 0)
		return;
	value_name = values->value_sub->name;
	type_name = values->type_sub->name;
	value = &values->values[first].value;
	other = &values->values[last].value;
	made_primary = ScimIsPrimary(other);
	/* these stay as they were sent first */
	ScimJsonSet(other, value_name, ScimJsonGet(value, value_name));
	if (ScimJsonGet(value, type_name) != NULL)
		ScimJsonSet(other, type_name, ScimJsonGet(value, type_name));
	ScimPatchMerge(values->patch, values->attribute, &values->values[first].value, other);
	ScimPatchRemoveValue(values, last);
	ScimPatchChangedValue(values, first, made_primary);
}

/*
 * ScimPatchAppendValues adds the values of an array.  One that is there already, or
 * has the value and type of one that is there (RFC 7643 section 2.4: such a pair
 * should not occur twice), or its value where one has no type, gives that one what it
 * says.  Where the schema does not have both, all that is said tells.
 */
void
ScimPatchAppendValues(PatchValues *values, const JsonbValue *added)
{
	Patch *patch = values->patch;

	for (int i = 0; i < added->val.array.nElems; i++)
	{
		const JsonbValue *value = &added->val.array.elems[i];
		int at = ScimPatchFindSame(values, value);

		CHECK_FOR_INTERRUPTS();
		if (at >= 0 && value->type == jbvObject)
		{
			ScimPatchMerge(patch, values->attribute, &values->values[at].value, value);
			ScimPatchChangedValue(values, at, ScimIsPrimary(value));
		}
		else if (at < 0)
		{
			MemoryContext caller = MemoryContextSwitchTo(patch->context);

			add_value(values, ScimJsonCopy(value));
			MemoryContextSwitchTo(caller);
			if (ScimIsPrimary(value))
				make_primary(values, values->count - 1);
		}
	}
}

/* ScimPatchRemoveListed removes the values that an array names. */
void
ScimPatchRemoveListed(PatchValues *values, const JsonbValue *listed)
{
	for (int i = 0; i < listed->val.array.nElems; i++)
	{
		ListCell *lc;

		CHECK_FOR_INTERRUPTS();
		ScimPatchSearchListed(values, &listed->val.array.elems[i]);
		foreach (lc, values->found)
			ScimPatchRemoveValue(values, lfirst_int(lc));
	}
}

/*
 * ScimPatchSelect returns the values that the filter of a path selects, as a list of
 * int that is good until the next call: the last of them first.
 */
List *
ScimPatchSelect(PatchValues *values, const ScimFilter *filter,
				const ScimBoundFilter *bound)
{
	List *selected = NIL;
	ListCell *lc;

	ScimPatchSearchSelected(values, filter);
	foreach (lc, values->found)
	{
		CHECK_FOR_INTERRUPTS();
		if (selects(values, bound, lfirst_int(lc)))
			selected = lappend_int(selected, lfirst_int(lc));
	}
	list_sort(selected, compare_descending);
	return selected;
}

static int
compare_ascending(const ListCell *a, const ListCell *b)
{
	return lfirst_int(a) - lfirst_int(b);
}

static int
compare_descending(const ListCell *a, const ListCell *b)
{
	return lfirst_int(b) - lfirst_int(a);
}

static bool
selects(PatchValues *values, const ScimBoundFilter *bound, int i)
{
	PatchValue *value = &values->values[i];

	if (value->jsonb == NULL)
	{
		Jsonb *jsonb = ScimPatchFilterInput(&value->value);

		value->jsonb = MemoryContextAlloc(values->context, VARSIZE(jsonb));
		memcpy(value->jsonb, jsonb, VARSIZE(jsonb));
		pfree(jsonb);
		ScimPatchVisit(values->patch, VARSIZE(value->jsonb) / SCIM_BYTES_OF_VISIT);
	}
	return ScimPatchMatches(values->patch, bound, value->jsonb);
}
