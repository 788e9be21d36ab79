/*
 * patch_search.c
 *		How a PATCH finds the values that it is about among very many.
 *
 * Each value is in an index by hash: of its value and type, or of all that a client can
 * say of it where these do not tell, and of each of its sub-attributes.  What is found is
 * compared.  Very many may share a sub-attribute, so each look is a visit
 * (ScimPatchVisit), and where several sub-attributes are known, the search goes by the
 * one that the fewest share.
 */
#include "postgres.h"

#include "common/hashfn.h"

#include "json/json.h"
#include "miscadmin.h"

#include "resource/patch/patch_values.h"
#include "schema/canonical/canonical.h"
#include "text/fold.h"
#include "utils/memutils.h"

static void make_index(PatchValues *values);
static bool get_pair(const PatchValues *values, const JsonbValue *element,
					 const JsonbValue **value, const JsonbValue **type);
static uint32
hash_pair(const PatchValues *values, const JsonbValue *value, const JsonbValue *type);
static uint32 hash_stated(const PatchValues *values, const JsonbValue *element);
static uint32 hash_member(const PatchValues *values, const char *name, int len,
						  const JsonbValue *value);
static bool is_scalar(const JsonbValue *value);
static void begin_search(PatchValues *values);
static void note(PatchValues *values, int i);
static void find_all(PatchValues *values);
static void find_by_hash(PatchValues *values, uint32 hash);
static void find_by_fewest(PatchValues *values, const uint32 *hashes, int count);
static int first_same(const PatchValues *values, const JsonbValue *value);
static bool says_the_same(const PatchValues *values, const JsonbValue *value,
						  const JsonbValue *added);
static bool
has_all(const PatchValues *values, const JsonbValue *value, const JsonbValue *added);
static bool
same_pair(const PatchValues *values, const JsonbValue *a, const JsonbValue *b);
static bool same_member(const PatchValues *values, const JsonbValue *a,
						const JsonbValue *b, const ScimAttribute *sub);
static bool find_candidates_listed(PatchValues *values, const JsonbValue *listed);
static bool hash_of_term(const PatchValues *values, const ScimFilter *filter,
						 const ScimFilterNode *node, uint32 *hash);
static bool find_candidates(PatchValues *values, const ScimFilter *filter, uint32 index);

static void
make_index(PatchValues *values)
{
	MemoryContext caller = MemoryContextSwitchTo(values->context);

	if (!values->indexed)
	{
		ScimPatchVisit(values->patch, values->count);
		ScimBucketsInit(&values->by_hash, 4 * values->count);
		values->indexed = true;
		for (int i = 0; i < values->count; i++)
		{
			CHECK_FOR_INTERRUPTS();
			if (!values->values[i].gone)
				ScimPatchIndexValue(values, i);
		}
	}
	MemoryContextSwitchTo(caller);
}

/* A value in the index: its last entry, and what it took, in bytes. */
typedef struct Indexed
{
	int entry;
	int64 bytes;
} Indexed;

static void
index_hash(PatchValues *values, int i, uint32 hash, Indexed *indexed)
{
	indexed->entry = ScimBucketsAddAlso(&values->by_hash, hash, i, indexed->entry);
}

static void
index_member(PatchValues *values, int i, const JsonbValue *key, const JsonbValue *value,
			 Indexed *indexed)
{
	if (!is_scalar(value))
		return;
	index_hash(values, i,
			   hash_member(values, key->val.string.val, key->val.string.len, value),
			   indexed);
	if (value->type == jbvString)
		indexed->bytes += value->val.string.len;
}

/* ScimPatchIndexValue puts a value, which is not in the index, into it. */
void
ScimPatchIndexValue(PatchValues *values, int i)
{
	const JsonbValue *element = &values->values[i].value;
	Indexed indexed = {-1, 0};
	const JsonbValue *value;
	const JsonbValue *type;

	if (get_pair(values, element, &value, &type))
		index_hash(values, i, hash_pair(values, value, type), &indexed);
	else
		index_hash(values, i, hash_stated(values, element), &indexed);
	if (is_scalar(element))
		index_hash(values, i, hash_member(values, "value", 5, element), &indexed);
	for (int j = 0; element->type == jbvObject && j < element->val.object.nPairs; j++)
	{
		const JsonbPair *pair = &element->val.object.pairs[j];
		const JsonbValue *array = &pair->value;

		index_member(values, i, &pair->key, &pair->value, &indexed);
		for (int k = 0; array->type == jbvArray && k < array->val.array.nElems; k++)
		{
			CHECK_FOR_INTERRUPTS();
			index_member(values, i, &pair->key, &array->val.array.elems[k], &indexed);
			indexed.bytes += SCIM_BYTES_OF_VISIT;
		}
	}
	values->values[i].entry = indexed.entry;
	ScimPatchVisit(values->patch, indexed.bytes / SCIM_BYTES_OF_VISIT);
}

/*
 * What tells one value from others where its schema has "value" and "type", and it has a
 * "value" that is a string.  False: all that it says.
 */
static bool
get_pair(const PatchValues *values, const JsonbValue *element, const JsonbValue **value,
		 const JsonbValue **type)
{
	*value = *type = NULL;
	if (element->type != jbvObject)
		return false;
	if (values->value_sub != NULL)
		*value = ScimJsonGet(element, values->value_sub->name);
	if (values->type_sub != NULL)
		*type = ScimJsonGet(element, values->type_sub->name);
	return *value != NULL && (*value)->type == jbvString && values->type_sub != NULL;
}

/*
 * May a value have this part without that being said of one that is added, and be that?
 * A client cannot write it or, where a "value" tells what it means, does not see it.
 */
static bool
may_be_unsaid(const PatchValues *values, const JsonbValue *key)
{
	const ScimAttribute *sub =
		ScimAttributeSub(values->attribute, key->val.string.val, key->val.string.len);

	return sub == NULL || (sub != values->value_sub && sub != values->type_sub &&
						   (sub->mutability == SCIM_READ_ONLY ||
							(ScimIsSecret(sub) && values->value_sub != NULL)));
}

/* The same for all values of which has_all says so. */
static uint32
hash_stated(const PatchValues *values, const JsonbValue *element)
{
	JsonbValue stated = *element;
	uint32 hash;

	if (element->type != jbvObject)
		return ScimSameHash(&values->of, element);
	stated.val.object.pairs =
		palloc((element->val.object.nPairs + 1) * sizeof(JsonbPair));
	stated.val.object.nPairs = 0;
	for (int i = 0; i < element->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &element->val.object.pairs[i];

		if (!may_be_unsaid(values, &pair->key))
			stated.val.object.pairs[stated.val.object.nPairs++] = *pair;
	}
	hash = ScimSameHash(&values->of, &stated);
	pfree(stated.val.object.pairs);
	return hash;
}

/* By what values of a sub-attribute compare. */
static ScimResolved
place_of(const PatchValues *values, const ScimAttribute *sub)
{
	ScimResolved place = values->of;

	place.sub = sub;
	return place;
}

/* The same for parts that are one; sub NULL: those that the schema does not know. */
static uint32
hash_part(const PatchValues *values, const ScimAttribute *sub, const JsonbValue *part)
{
	ScimResolved place = place_of(values, sub);

	return sub != NULL ? ScimSameHash(&place, part) : ScimJsonHash(part);
}

static uint32
hash_pair(const PatchValues *values, const JsonbValue *value, const JsonbValue *type)
{
	return hash_combine(hash_part(values, values->value_sub, value),
						type == NULL ? 0 : hash_part(values, values->type_sub, type));
}

static bool
is_scalar(const JsonbValue *value)
{
	return value->type == jbvString || value->type == jbvNumeric ||
		   value->type == jbvBool;
}

/*
 * The same for values that are one to the sub-attribute of a name, however that is spelt,
 * and for all that a filter takes for one.  A simple value is its own "value".
 */
static uint32
hash_member(const PatchValues *values, const char *name, int len, const JsonbValue *value)
{
	uint32 hash =
		values->attribute->nsubs == 0
			? ScimSameHash(&values->of, value)
			: hash_part(values, ScimAttributeSub(values->attribute, name, len), value);

	return hash_combine(ScimFoldHash(name, len), hash);
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
	int64 looks = 0;

	make_index(values);
	for (int at = ScimBucketsFirst(&values->by_hash, hash); at >= 0;
		 at = ScimBucketsNext(&values->by_hash, at))
	{
		CHECK_FOR_INTERRUPTS();
		note(values, ScimBucketsItem(&values->by_hash, at));
		looks++;
	}
	ScimPatchVisit(values->patch, looks);
}

/*
 * Find by the one of several hashes that the fewest values have.  All are followed at the
 * same time, until the first is at its end.
 */
static void
find_by_fewest(PatchValues *values, const uint32 *hashes, int count)
{
	int *at = palloc(count * sizeof(int));
	int64 looks = 0;
	int i = 0;

	make_index(values);
	for (int j = 0; j < count; j++)
		at[j] = ScimBucketsFirst(&values->by_hash, hashes[j]);
	while (at[i] >= 0)
	{
		CHECK_FOR_INTERRUPTS();
		at[i] = ScimBucketsNext(&values->by_hash, at[i]);
		i = (i + 1) % count;
		looks++;
	}
	pfree(at);
	if (count > 1)
		ScimPatchVisit(values->patch, looks);
	find_by_hash(values, hashes[i]);
}

/*
 * Can a value that is added be no new one, since a part is not said that clients have to
 * write and never see?
 */
static bool
lacks_unseen(const PatchValues *values, const JsonbValue *added)
{
	for (int i = 0; added->type == jbvObject && i < values->attribute->nsubs; i++)
	{
		const ScimAttribute *sub = &values->attribute->subs[i];

		if (ScimIsUnseen(sub) && ScimJsonGet(added, sub->name) == NULL)
			return true;
	}
	return false;
}

/* The first value that has the "value" and "type" of an object; -1: none. */
static int
find_named(PatchValues *values, const JsonbValue *object)
{
	const ScimAttribute *sub = values->value_sub;
	const JsonbValue *value = sub != NULL ? ScimJsonGet(object, sub->name) : NULL;
	int first = -1;
	ListCell *lc;

	if (value == NULL || !is_scalar(value))
		return -1;
	if (values->count > FEW_VALUES)
		find_by_hash(values, hash_member(values, sub->name, sub->name_len, value));
	foreach (lc, values->found)
	{
		int i = lfirst_int(lc);

		if ((first < 0 || i < first) &&
			same_member(values, &values->values[i].value, object, sub) &&
			same_member(values, &values->values[i].value, object, values->type_sub))
			first = i;
	}
	return first;
}

/* ScimPatchFindSame finds the first value that says the same as another one; -1: none. */
int
ScimPatchFindSame(PatchValues *values, const JsonbValue *element)
{
	const JsonbValue *value;
	const JsonbValue *type;
	bool has_value = get_pair(values, element, &value, &type);
	int first;

	begin_search(values);
	if (values->count <= FEW_VALUES)
		find_all(values);
	else if (!has_value)
		find_by_hash(values, hash_stated(values, element));
	else
	{
		find_by_hash(values, hash_pair(values, value, type));
		if (type != NULL)
			find_by_hash(values, hash_pair(values, value, NULL));
	}
	first = first_same(values, element);
	if (first >= 0)
		return first;
	if (!has_value)
		return lacks_unseen(values, element) ? find_named(values, element) : -1;
	if (values->count <= FEW_VALUES || type != NULL)
		return -1;
	/* without a type, it is any that has its value */
	find_by_hash(values, hash_member(values, values->value_sub->name,
									 values->value_sub->name_len, value));
	return first_same(values, element);
}

/*
 * ScimPatchFindTwin finds the first other value that has the same value and type as one
 * of the values, or its value where one of them has no type; -1: none.
 */
int
ScimPatchFindTwin(PatchValues *values, int i)
{
	const JsonbValue *element = &values->values[i].value;
	const JsonbValue *value;
	const JsonbValue *type;
	int first = -1;
	ListCell *lc;

	if (values->values[i].gone || !get_pair(values, element, &value, &type))
		return -1;
	begin_search(values);
	if (values->count <= FEW_VALUES)
		find_all(values);
	else if (type == NULL)
		find_by_hash(values, hash_member(values, values->value_sub->name,
										 values->value_sub->name_len, value));
	else
	{
		find_by_hash(values, hash_pair(values, value, type));
		find_by_hash(values, hash_pair(values, value, NULL));
	}
	foreach (lc, values->found)
	{
		int j = lfirst_int(lc);

		if (j != i && (first < 0 || j < first) &&
			same_pair(values, &values->values[j].value, element))
			first = j;
	}
	return first;
}

/* The first of those found that says the same; -1: none. */
static int
first_same(const PatchValues *values, const JsonbValue *value)
{
	int first = -1;
	ListCell *lc;

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
says_the_same(const PatchValues *values, const JsonbValue *value, const JsonbValue *added)
{
	return has_all(values, value, added) || same_pair(values, value, added);
}

/* Has a value what one that is added says, and nothing else that could have been said? */
static bool
has_all(const PatchValues *values, const JsonbValue *value, const JsonbValue *added)
{
	if (value->type != jbvObject || added->type != jbvObject)
		return ScimSameValue(&values->of, value, added);
	for (int i = 0; i < added->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &added->val.object.pairs[i];
		const JsonbValue *part = ScimJsonGetKey(value, &pair->key);

		if (part == NULL || !ScimSamePart(&values->of, &pair->key, part, &pair->value))
			return false;
	}
	for (int i = 0; i < value->val.object.nPairs; i++)
	{
		const JsonbValue *key = &value->val.object.pairs[i].key;

		if (!may_be_unsaid(values, key) && ScimJsonGetKey(added, key) == NULL)
			return false;
	}
	return true;
}

/* Are two parts the same to their sub-attribute? */
static bool
same_part(const PatchValues *values, const ScimAttribute *sub, const JsonbValue *a,
		  const JsonbValue *b)
{
	ScimResolved place = place_of(values, sub);

	return ScimSameValue(&place, a, b);
}

/* Do two values have the same part, or both none?  sub NULL: the schema has none. */
static bool
same_member(const PatchValues *values, const JsonbValue *a, const JsonbValue *b,
			const ScimAttribute *sub)
{
	const JsonbValue *in_a;
	const JsonbValue *in_b;

	if (sub == NULL)
		return true;
	if (a->type != jbvObject || b->type != jbvObject)
		return false;
	in_a = ScimJsonGet(a, sub->name);
	in_b = ScimJsonGet(b, sub->name);
	return in_a != NULL && in_b != NULL ? same_part(values, sub, in_a, in_b)
										: in_a == in_b;
}

/*
 * Do they have the same value, a string, and the same type unless one of them has none?
 * See ScimElementsMerge.
 */
static bool
same_pair(const PatchValues *values, const JsonbValue *a, const JsonbValue *b)
{
	const JsonbValue *a_value;
	const JsonbValue *b_value;
	const JsonbValue *a_type;
	const JsonbValue *b_type;

	return get_pair(values, a, &a_value, &a_type) &&
		   get_pair(values, b, &b_value, &b_type) &&
		   same_part(values, values->value_sub, a_value, b_value) &&
		   (a_type == NULL || b_type == NULL ||
			same_part(values, values->type_sub, a_type, b_type));
}

/*
 * Find the values among which are all that one of a list to remove means: by its value
 * and type, or else by each member that it states.  False where that would be any.
 */
static bool
find_candidates_listed(PatchValues *values, const JsonbValue *listed)
{
	const JsonbValue *value;
	const JsonbValue *type;
	uint32 *hashes;
	int nhashes = 0;

	if (listed->type != jbvObject)
	{
		find_by_hash(values, ScimSameHash(&values->of, listed));
		return true;
	}
	if (get_pair(values, listed, &value, &type) && type != NULL)
	{
		find_by_hash(values, hash_pair(values, value, type));
		return true;
	}
	hashes = palloc((listed->val.object.nPairs + 1) * sizeof(uint32));
	for (int i = 0; i < listed->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &listed->val.object.pairs[i];

		if (is_scalar(&pair->value) && (value == NULL || value == &pair->value))
			hashes[nhashes++] = hash_member(values, pair->key.val.string.val,
											pair->key.val.string.len, &pair->value);
	}
	if (nhashes > 0)
		find_by_fewest(values, hashes, nhashes);
	pfree(hashes);
	return nhashes > 0;
}

/* ScimPatchSearchListed finds the values that one of a list to remove means. */
void
ScimPatchSearchListed(PatchValues *values, const JsonbValue *listed)
{
	List *named = NIL;
	ListCell *lc;

	begin_search(values);
	if (values->count <= FEW_VALUES || !find_candidates_listed(values, listed))
		find_all(values);
	foreach (lc, values->found)
	{
		if (ScimPatchValueNames(&values->of, listed,
								&values->values[lfirst_int(lc)].value))
			named = lappend_int(named, lfirst_int(lc));
	}
	begin_search(values);
	foreach (lc, named)
		note(values, lfirst_int(lc));
	list_free(named);
}

/* The hash of the values that a comparison of strings for equality matches. */
static bool
hash_of_term(const PatchValues *values, const ScimFilter *filter,
			 const ScimFilterNode *node, uint32 *hash)
{
	const char *name = ScimFilterString(filter, node->name);
	const ScimAttribute *sub;

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
	*hash = hash_member(
		values, name, strlen(name),
		ScimJsonNewStringN(ScimFilterString(filter, node->value), node->value_len));
	return true;
}

/*
 * Find the values among which are all that a node of a filter matches.  False where
 * that would be any: what is no comparison of strings for equality leaves it open.
 */
static bool
find_candidates(PatchValues *values, const ScimFilter *filter, uint32 index)
{
	const ScimFilterNode *node = &filter->nodes[index];
	uint32 hash;
	uint32 *hashes;
	int nhashes = 0;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	switch ((ScimNodeKind) node->kind)
	{
		case SCIM_NODE_COMPARE:
			if (!hash_of_term(values, filter, node, &hash))
				return false;
			find_by_hash(values, hash);
			return true;
		case SCIM_NODE_AND:
			hashes = palloc(node->size * sizeof(uint32));
			for (uint32 child = index + 1; child < index + node->size;
				 child += filter->nodes[child].size)
			{
				if (filter->nodes[child].kind == SCIM_NODE_COMPARE &&
					hash_of_term(values, filter, &filter->nodes[child], &hash))
					hashes[nhashes++] = hash;
			}
			if (nhashes > 0)
				find_by_fewest(values, hashes, nhashes);
			pfree(hashes);
			if (nhashes > 0)
				return true;
			for (uint32 child = index + 1; child < index + node->size;
				 child += filter->nodes[child].size)
			{
				if (find_candidates(values, filter, child))
					return true;
			}
			return false;
		case SCIM_NODE_OR:
			for (uint32 child = index + 1; child < index + node->size;
				 child += filter->nodes[child].size)
			{
				if (!find_candidates(values, filter, child))
					return false;
			}
			return true;
		case SCIM_NODE_NOT:
		case SCIM_NODE_VALUE_PATH:
			break;
	}
	return false;
}

/*
 * ScimPatchSearchSelected finds the values among which are all that the filter of a path
 * matches.
 */
void
ScimPatchSearchSelected(PatchValues *values, const ScimFilter *filter)
{
	begin_search(values);
	if (values->count > FEW_VALUES && find_candidates(values, filter, 0))
		return;
	begin_search(values);
	find_all(values);
}
