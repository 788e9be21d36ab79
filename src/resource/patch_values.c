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
 *		- values are found by hash: of all that they say, and of each of their
 *		  sub-attributes.  The hash of what a value said before may lead to it
 *		  still, so what is found is compared;
 *		- what filters match against, a jsonb of each value, is made once.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "json/buckets.h"
#include "json/json.h"
#include "miscadmin.h"
#include "resource/patch.h"
#include "text/fold.h"
#include "utils/memutils.h"

/* Up to so many values, looking at each is as good as looking one up. */
#define FEW_VALUES 16

#define NO_PRIMARY (-1)
#define UNKNOWN_PRIMARY (-2) /* several, or not looked for */

typedef struct PatchValue
{
	JsonbValue value;
	Jsonb *jsonb; /* for filters; NULL: not made yet */
	bool gone;
	int found_by; /* number of the last search that found it */
} PatchValue;

struct PatchValues
{
	Patch *patch;
	MemoryContext context;
	const ScimSchema *extension;    /* or NULL */
	const ScimAttribute *parent;    /* of a sub-attribute, or NULL */
	const ScimAttribute *attribute; /* the sub-attribute itself in that case */
	int count;                      /* those that are gone included */
	int ngone;
	int capacity;
	PatchValue *values;
	int primary;
	bool indexed;
	int reindexed; /* values, since the index was made */
	ScimBuckets by_hash;
	int searches;
	List *found; /* of int, by the last search */
};

static PatchValues *
make_values(Patch *patch, const ScimSchema *extension, const ScimAttribute *parent,
			const ScimAttribute *attribute);
static void put_back(PatchValues *values);
static JsonbValue *holder_of(const PatchValues *values, bool create);
static void add_value(PatchValues *values, const JsonbValue *value);
static void make_primary(PatchValues *values, int chosen);
static void make_index(PatchValues *values);
static void index_value(PatchValues *values, int i);
static uint32 hash_member(const char *name, int len, const JsonbValue *value);
static uint32 hash_text_member(const char *name, const char *text, int text_len);
static bool is_scalar(const JsonbValue *value);
static void begin_search(PatchValues *values);
static void note(PatchValues *values, int i);
static void find_all(PatchValues *values);
static void find_by_hash(PatchValues *values, uint32 hash);
static int find_same(PatchValues *values, const JsonbValue *value);
static bool
says_the_same(const PatchValues *values, const JsonbValue *a, const JsonbValue *b);
static bool
same_pair(const PatchValues *values, const JsonbValue *a, const JsonbValue *b);
static int find_twin(PatchValues *values, int i);
static bool same_member(const JsonbValue *a, const JsonbValue *b, const char *key);
static void find_listed(PatchValues *values, const JsonbValue *listed);
static bool find_candidates(PatchValues *values, const ScimFilter *filter, uint32 index);
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
	if (values->indexed)
		index_value(values, values->count - 1);
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
	if (values->indexed && ++values->reindexed > values->count)
	{
		/* enough of what values said before: the next search makes a new index */
		ScimBucketsFree(&values->by_hash);
		values->indexed = false;
	}
	if (values->indexed)
		index_value(values, i);
	if (made_primary)
		make_primary(values, i);
	else if (ScimPatchIsPrimary(&changed->value) != (values->primary == i))
		values->primary = values->primary == i ? NO_PRIMARY : UNKNOWN_PRIMARY;
}

/* ScimPatchIsPrimary: does a value say that it is the primary one? */
bool
ScimPatchIsPrimary(const JsonbValue *value)
{
	const JsonbValue *primary =
		value->type == jbvObject ? ScimJsonGet(value, "primary") : NULL;

	return primary != NULL && primary->type == jbvBool && primary->val.boolean;
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
		if (i == chosen || other->gone || !ScimPatchIsPrimary(&other->value))
			continue;
		ScimJsonSet(&other->value, "primary", ScimJsonNewBool(false));
		ScimPatchChangedValue(values, i, false);
	}
	MemoryContextSwitchTo(caller);
}

/*
 * ScimPatchMergeTwin makes one of a value and of another one that has the same value
 * and type by now, or the same value where one has no type (RFC 7643 section 2.4): the
 * first of them, which the other adds to.
 */
void
ScimPatchMergeTwin(PatchValues *values, int i)
{
	int twin = find_twin(values, i);
	int first = Min(i, twin);
	int last = Max(i, twin);
	const JsonbValue *value;
	JsonbValue *other;
	bool made_primary;

	if (twin < 0)
		return;
	value = &values->values[first].value;
	other = &values->values[last].value;
	made_primary = ScimPatchIsPrimary(other);
	/* these stay as they were sent first */
	ScimJsonSet(other, "value", ScimJsonGet(value, "value"));
	if (ScimJsonGet(value, "type") != NULL)
		ScimJsonSet(other, "type", ScimJsonGet(value, "type"));
	ScimPatchMerge(values->patch, &values->values[first].value, other);
	ScimPatchRemoveValue(values, last);
	ScimPatchChangedValue(values, first, made_primary);
}

/* Another value that same_pair says is the same; -1: none. */
static int
find_twin(PatchValues *values, int i)
{
	const JsonbValue *value = &values->values[i].value;
	const JsonbValue *part =
		value->type == jbvObject ? ScimJsonGet(value, "value") : NULL;
	ListCell *lc;

	if (part == NULL || part->type != jbvString)
		return -1;
	begin_search(values);
	if (values->count <= FEW_VALUES)
		find_all(values);
	else
		find_by_hash(values, hash_member("value", 5, part));
	foreach (lc, values->found)
	{
		if (lfirst_int(lc) != i &&
			same_pair(values, &values->values[lfirst_int(lc)].value, value))
			return lfirst_int(lc);
	}
	return -1;
}

/*
 * ScimPatchAppendValues adds the values of an array.  One that is there already, or
 * has the value and type of one that is there (RFC 7643 section 2.4: such a pair
 * should not occur twice), or its value where one has no type, gives that one what it
 * says.
 */
void
ScimPatchAppendValues(PatchValues *values, const JsonbValue *added)
{
	Patch *patch = values->patch;

	for (int i = 0; i < added->val.array.nElems; i++)
	{
		const JsonbValue *value = &added->val.array.elems[i];
		int at = find_same(values, value);

		CHECK_FOR_INTERRUPTS();
		if (at >= 0 && value->type == jbvObject)
		{
			ScimPatchMerge(patch, &values->values[at].value, value);
			ScimPatchChangedValue(values, at, ScimPatchIsPrimary(value));
		}
		else if (at < 0)
		{
			MemoryContext caller = MemoryContextSwitchTo(patch->context);

			add_value(values, ScimJsonCopy(value));
			MemoryContextSwitchTo(caller);
			if (ScimPatchIsPrimary(value))
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
		find_listed(values, &listed->val.array.elems[i]);
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

	begin_search(values);
	if (values->count <= FEW_VALUES || !find_candidates(values, filter, 0))
	{
		begin_search(values);
		find_all(values);
	}
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
	}
	return ScimPatchMatches(values->patch, bound, value->jsonb);
}

/* ---- finding values by hash */

static void
make_index(PatchValues *values)
{
	MemoryContext caller = MemoryContextSwitchTo(values->context);

	if (!values->indexed)
	{
		ScimPatchVisit(values->patch, values->count);
		ScimBucketsInit(&values->by_hash, 4 * values->count);
		values->indexed = true;
		values->reindexed = 0;
		for (int i = 0; i < values->count; i++)
		{
			CHECK_FOR_INTERRUPTS();
			if (!values->values[i].gone)
				index_value(values, i);
		}
	}
	MemoryContextSwitchTo(caller);
}

static void
index_value(PatchValues *values, int i)
{
	const JsonbValue *value = &values->values[i].value;

	ScimBucketsAdd(&values->by_hash, ScimJsonHash(value), i);
	if (is_scalar(value))
		ScimBucketsAdd(&values->by_hash, hash_member("value", 5, value), i);
	for (int j = 0; value->type == jbvObject && j < value->val.object.nPairs; j++)
	{
		const JsonbPair *pair = &value->val.object.pairs[j];
		const char *name = pair->key.val.string.val;
		int len = pair->key.val.string.len;
		const JsonbValue *array = &pair->value;

		if (is_scalar(&pair->value))
			ScimBucketsAdd(&values->by_hash, hash_member(name, len, &pair->value), i);
		for (int k = 0; array->type == jbvArray && k < array->val.array.nElems; k++)
		{
			if (is_scalar(&array->val.array.elems[k]))
				ScimBucketsAdd(&values->by_hash,
							   hash_member(name, len, &array->val.array.elems[k]), i);
		}
	}
}

static bool
is_scalar(const JsonbValue *value)
{
	return value->type == jbvString || value->type == jbvNumeric ||
		   value->type == jbvBool;
}

/* The same for names and strings that differ in case only. */
static uint32
hash_member(const char *name, int len, const JsonbValue *value)
{
	uint32 hash = value->type == jbvString
					  ? ScimFoldHash(value->val.string.val, value->val.string.len)
					  : ScimJsonHash(value);

	return hash_combine(ScimFoldHash(name, len), hash);
}

static uint32
hash_text_member(const char *name, const char *text, int text_len)
{
	return hash_combine(ScimFoldHash(name, strlen(name)), ScimFoldHash(text, text_len));
}

static void
begin_search(PatchValues *values)
{
	list_free(values->found);
	values->found = NIL;
	values->searches++;
}

static void
note(PatchValues *values, int i)
{
	PatchValue *value = &values->values[i];
	MemoryContext caller;

	if (value->gone || value->found_by == values->searches)
		return;
	value->found_by = values->searches;
	caller = MemoryContextSwitchTo(values->context);
	values->found = lappend_int(values->found, i);
	MemoryContextSwitchTo(caller);
}

static void
find_all(PatchValues *values)
{
	ScimPatchVisit(values->patch, values->count);
	for (int i = 0; i < values->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		note(values, i);
	}
}

static void
find_by_hash(PatchValues *values, uint32 hash)
{
	make_index(values);
	for (int at = ScimBucketsFirst(&values->by_hash, hash); at >= 0;
		 at = ScimBucketsNext(&values->by_hash, at))
	{
		CHECK_FOR_INTERRUPTS();
		note(values, ScimBucketsItem(&values->by_hash, at));
	}
}

/* The first value that says the same as another one; -1: none. */
static int
find_same(PatchValues *values, const JsonbValue *value)
{
	const JsonbValue *part =
		value->type == jbvObject ? ScimJsonGet(value, "value") : NULL;
	int first = -1;
	ListCell *lc;

	begin_search(values);
	if (values->count <= FEW_VALUES || (part != NULL && !is_scalar(part)))
		find_all(values);
	else
	{
		find_by_hash(values, ScimJsonHash(value));
		if (part != NULL)
			find_by_hash(values, hash_member("value", 5, part));
	}
	foreach (lc, values->found)
	{
		int i = lfirst_int(lc);

		if ((first < 0 || i < first) &&
			says_the_same(values, &values->values[i].value, value))
			first = i;
	}
	return first;
}

static bool
says_the_same(const PatchValues *values, const JsonbValue *a, const JsonbValue *b)
{
	if (ScimJsonEqual(a, b) || same_pair(values, a, b))
		return true;
	return a->type == jbvObject && b->type == jbvObject &&
		   ScimJsonGet(b, "value") != NULL && same_member(a, b, "value") &&
		   same_member(a, b, "type");
}

/* Do two values have the same by caseExact under a name of a sub-attribute? */
static bool
same_string(const ScimAttribute *sub, const JsonbValue *a, const JsonbValue *b)
{
	if (a->type != jbvString || b->type != jbvString)
		return false;
	return sub->case_exact ? ScimJsonEqual(a, b)
						   : ScimFoldEqual(a->val.string.val, a->val.string.len,
										   b->val.string.val, b->val.string.len);
}

/* Do they have the same value, and the same type unless one of them has none? */
static bool
same_pair(const PatchValues *values, const JsonbValue *a, const JsonbValue *b)
{
	const ScimAttribute *value = ScimAttributeSub(values->attribute, "value", 5);
	const ScimAttribute *type = ScimAttributeSub(values->attribute, "type", 4);
	const JsonbValue *a_value;
	const JsonbValue *b_value;
	const JsonbValue *a_type;
	const JsonbValue *b_type;

	if (value == NULL || type == NULL || a->type != jbvObject || b->type != jbvObject)
		return false;
	a_value = ScimJsonGet(a, value->name);
	b_value = ScimJsonGet(b, value->name);
	a_type = ScimJsonGet(a, type->name);
	b_type = ScimJsonGet(b, type->name);
	return a_value != NULL && b_value != NULL && same_string(value, a_value, b_value) &&
		   (a_type == NULL || b_type == NULL || same_string(type, a_type, b_type));
}

/* Do two objects hold the same under a key, or both nothing? */
static bool
same_member(const JsonbValue *a, const JsonbValue *b, const char *key)
{
	const JsonbValue *in_a = ScimJsonGet(a, key);
	const JsonbValue *in_b = ScimJsonGet(b, key);

	if (in_a == NULL || in_b == NULL)
		return in_a == in_b;
	return ScimJsonEqual(in_a, in_b);
}

/* The values that one of a list to remove means. */
static void
find_listed(PatchValues *values, const JsonbValue *listed)
{
	const JsonbPair *pair = NULL;
	List *named = NIL;
	ListCell *lc;

	/* any member that it states will do, "value" is the one that tells most */
	for (int i = 0; listed->type == jbvObject && i < listed->val.object.nPairs; i++)
	{
		const JsonbPair *candidate = &listed->val.object.pairs[i];

		if (is_scalar(&candidate->value) &&
			(pair == NULL || ScimJsonStringEquals(&candidate->key, "value")))
			pair = candidate;
	}
	begin_search(values);
	if (values->count <= FEW_VALUES || (listed->type == jbvObject && pair == NULL))
		find_all(values);
	else if (pair != NULL)
		find_by_hash(values, hash_member(pair->key.val.string.val,
										 pair->key.val.string.len, &pair->value));
	else
		find_by_hash(values, ScimJsonHash(listed));
	foreach (lc, values->found)
	{
		if (ScimPatchValueNames(listed, &values->values[lfirst_int(lc)].value))
			named = lappend_int(named, lfirst_int(lc));
	}
	begin_search(values);
	foreach (lc, named)
		note(values, lfirst_int(lc));
	list_free(named);
}

/*
 * Find the values among which are all that a node of a filter matches.  False where
 * that would be any: what is no comparison of strings for equality leaves it open.
 */
static bool
find_candidates(PatchValues *values, const ScimFilter *filter, uint32 index)
{
	const ScimFilterNode *node = &filter->nodes[index];
	const char *name = ScimFilterString(filter, node->name);
	const ScimAttribute *sub;
	bool found;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	switch ((ScimNodeKind) node->kind)
	{
		case SCIM_NODE_COMPARE:
			if (node->op != SCIM_OP_EQ || node->literal != SCIM_LITERAL_STRING ||
				node->value_len == 0 || node->sub != 0)
				return false;
			/* a simple value is its own "value" */
			sub = values->attribute->nsubs == 0
					  ? values->attribute
					  : ScimAttributeSub(values->attribute, name, strlen(name));
			if (sub == NULL ||
				(sub->type != SCIM_TYPE_STRING && sub->type != SCIM_TYPE_REFERENCE &&
				 sub->type != SCIM_TYPE_BINARY))
				return false;
			find_by_hash(values,
						 hash_text_member(name, ScimFilterString(filter, node->value),
										  node->value_len));
			return true;
		case SCIM_NODE_AND:
		case SCIM_NODE_OR:
			found = node->kind == SCIM_NODE_OR;
			for (uint32 child = index + 1; child < index + node->size;
				 child += filter->nodes[child].size)
			{
				if (find_candidates(values, filter, child) != found)
					return !found;
			}
			return found;
		case SCIM_NODE_NOT:
		case SCIM_NODE_VALUE_PATH:
			break;
	}
	return false;
}
