/*
 * flat_agree.c
 *		What several fields of a body say of one attribute: all of it holds, or none.
 *
 * The fields of an endpoint may stand for a list, and for one of its values, or for an
 * object and a part of it.  A body may have several of them, which are written one
 * after the other.  Whether they went together shows in what has become of the
 * resource: each must read there as it was said, so that nothing gets lost unnoticed.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "endpoint/flat/flat.h"
#include "resource/patch/patch.h"
#include "text/fold.h"

/* Up to so many pairs of values each is compared with each. */
#define FEW_PAIRS 256

/* The values of a list that are there, for those that are looked for. */
typedef struct Found
{
	const JsonbValue *values;
	bool indexed;        /* not before one is not where it is expected */
	ScimBuckets by_hash; /* of a value, and of each part of it */
} Found;

static bool is_found(const ScimFlatCall *call, const JsonbValue *said,
					 const JsonbValue *found, int64 *looks);

static bool
is_scalar(const JsonbValue *value)
{
	return value->type != jbvArray && value->type != jbvObject;
}

static uint32
hash_pair(const JsonbPair *pair, uint32 value)
{
	return hash_combine(ScimJsonHash(&pair->key), value);
}

/* The same for values that say the same. */
static uint32
hash_value(const JsonbValue *value)
{
	uint32 hash = value->type;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	switch (value->type)
	{
		case jbvString:
			return ScimFoldHash(value->val.string.val, value->val.string.len);
		case jbvArray:
			for (int i = 0; i < value->val.array.nElems; i++)
				hash = hash_combine(hash, hash_value(&value->val.array.elems[i]));
			return hash;
		case jbvObject:
			/* whatever the order of members */
			for (int i = 0; i < value->val.object.nPairs; i++)
			{
				const JsonbPair *pair = &value->val.object.pairs[i];

				hash += murmurhash32(hash_pair(pair, hash_value(&pair->value)));
			}
			return hash;
		default:
			return ScimJsonHash(value);
	}
}

static void
make_index(Found *found)
{
	const JsonbValue *values = found->values;

	ScimBucketsInit(&found->by_hash, values->val.array.nElems);
	/* what is added last is found first */
	for (int i = values->val.array.nElems - 1; i >= 0; i--)
	{
		const JsonbValue *value = &values->val.array.elems[i];

		CHECK_FOR_INTERRUPTS();
		ScimBucketsAdd(&found->by_hash, hash_value(value), i);
		for (int j = 0; value->type == jbvObject && j < value->val.object.nPairs; j++)
		{
			const JsonbPair *pair = &value->val.object.pairs[j];

			if (is_scalar(&pair->value))
				ScimBucketsAdd(&found->by_hash, hash_pair(pair, hash_value(&pair->value)),
							   i);
		}
	}
	found->indexed = true;
}

/* Is it one of those with a hash?  Then which; else -1. */
static int
find_by_hash(const ScimFlatCall *call, Found *found, uint32 hash, const JsonbValue *said,
			 int64 *looks)
{
	for (int at = ScimBucketsFirst(&found->by_hash, hash); at >= 0;
		 at = ScimBucketsNext(&found->by_hash, at))
	{
		int item = ScimBucketsItem(&found->by_hash, at);

		CHECK_FOR_INTERRUPTS();
		if (is_found(call, said, &found->values->val.array.elems[item], looks))
			return item;
		ScimPatchCountVisits(call->type, 1, looks);
	}
	return -1;
}

/* Is an object one of those that have its rarest part?  *any: it has parts to go by. */
static int
find_by_part(const ScimFlatCall *call, Found *found, const JsonbValue *said, bool *any,
			 int64 *looks)
{
	int npairs = said->val.object.nPairs;
	uint32 *hashes = palloc((npairs + 1) * sizeof(uint32));
	int *at = palloc((npairs + 1) * sizeof(int));
	int count = 0;
	int item = -1;
	int64 steps = 0;

	for (int i = 0; i < npairs; i++)
	{
		const JsonbPair *pair = &said->val.object.pairs[i];

		if (!is_scalar(&pair->value))
			continue;
		hashes[count] = hash_pair(pair, hash_value(&pair->value));
		at[count] = ScimBucketsFirst(&found->by_hash, hashes[count]);
		count++;
	}
	*any = count > 0;
	/* all are followed at the same time, until the first is at its end */
	for (int i = 0; *any; i = (i + 1) % count)
	{
		CHECK_FOR_INTERRUPTS();
		if (at[i] < 0)
		{
			item = find_by_hash(call, found, hashes[i], said, looks);
			break;
		}
		at[i] = ScimBucketsNext(&found->by_hash, at[i]);
		steps++;
	}
	if (count > 1)
		ScimPatchCountVisits(call->type, steps / count, looks);
	pfree(hashes);
	pfree(at);
	return item;
}

/* Which of the values says what is said?  -1: none. */
static int
find_value(const ScimFlatCall *call, Found *found, const JsonbValue *said, int64 *looks)
{
	const JsonbValue *values = found->values;
	bool any = false;
	int item;

	if (!found->indexed)
		make_index(found);
	item = find_by_hash(call, found, hash_value(said), said, looks);
	if (item >= 0 || is_scalar(said))
		return item;
	/* it may say more by now than was said */
	if (said->type == jbvObject)
		item = find_by_part(call, found, said, &any, looks);
	for (int i = 0; !any && item < 0 && i < values->val.array.nElems; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (is_found(call, said, &values->val.array.elems[i], looks))
			item = i;
		else
			ScimPatchCountVisits(call->type, 1, looks);
	}
	return item;
}

/* Are all values of a list there?  Most are in the order in which they were said. */
static bool
are_found(const ScimFlatCall *call, const JsonbValue *said, const JsonbValue *values,
		  int64 *looks)
{
	Found found = {.values = values};
	int64 nsaid = said->val.array.nElems;
	int nfound = values->val.array.nElems;
	bool few = nsaid * nfound <= FEW_PAIRS;
	bool all = true;
	int next = 0;

	for (int i = 0; all && i < nsaid; i++)
	{
		const JsonbValue *value = &said->val.array.elems[i];
		int item = next;

		CHECK_FOR_INTERRUPTS();
		if (next == nfound ||
			!is_found(call, value, &values->val.array.elems[next], looks))
		{
			item = few ? nfound - 1 : find_value(call, &found, value, looks);
			while (few && item >= 0 &&
				   !is_found(call, value, &values->val.array.elems[item], looks))
				item--;
		}
		all = item >= 0;
		next = item + 1;
	}
	if (found.indexed)
		ScimBucketsFree(&found.by_hash);
	return all;
}

/*
 * Is what was said, in canonical form, what is there?  There may be more.  *looks counts
 * the values that were not the one.
 */
static bool
is_found(const ScimFlatCall *call, const JsonbValue *said, const JsonbValue *found,
		 int64 *looks)
{
	check_stack_depth();
	if (found == NULL)
		return said->type == jbvArray && said->val.array.nElems == 0;
	if (said->type == jbvArray)
	{
		if (found->type != jbvArray)
			return said->val.array.nElems == 0;
		return are_found(call, said, found, looks);
	}
	if (said->type == jbvObject)
	{
		for (int i = 0; i < said->val.object.nPairs; i++)
		{
			const JsonbPair *pair = &said->val.object.pairs[i];

			if (found->type != jbvObject ||
				!is_found(call, &pair->value, ScimJsonGetKey(found, &pair->key), looks))
				return false;
		}
		return true;
	}
	/* of values that differ in case only, the first stays as it was sent */
	if (said->type == jbvString && found->type == jbvString)
		return ScimFoldEqual(said->val.string.val, said->val.string.len,
							 found->val.string.val, found->val.string.len);
	return ScimJsonEqual(said, found);
}

/* What a field was said to be, as it is stored; NULL: nothing that is kept so. */
static const JsonbValue *
canonical_value(const ScimEndpoint *endpoint, const ScimFlatField *field,
				const JsonbValue *stored)
{
	const ScimAttribute *leaf = ScimFlatLeaf(&field->path);
	List *problems = NIL;
	JsonbValue *values;

	/* the list of a part of several values */
	if (stored->type == jbvArray && field->path.resolved.sub != NULL &&
		!leaf->multi_valued)
	{
		values = ScimJsonNewArray();
		for (int i = 0; i < stored->val.array.nElems; i++)
		{
			const JsonbValue *value =
				canonical_value(endpoint, field, &stored->val.array.elems[i]);

			CHECK_FOR_INTERRUPTS();
			if (value != NULL)
				ScimJsonAppend(values, value);
		}
		return values;
	}
	return ScimCanonicaliseValue(endpoint->type, leaf, stored, leaf->name, 0, &problems);
}

/* A whole value, or a list of these, without what is kept elsewhere. */
static JsonbValue *
without_secrets(const ScimAttribute *attribute, const JsonbValue *value)
{
	JsonbValue *rest = ScimJsonCopy(value);

	for (int i = 0; rest->type == jbvArray && i < rest->val.array.nElems; i++)
	{
		CHECK_FOR_INTERRUPTS();
		rest->val.array.elems[i] = *without_secrets(attribute, &rest->val.array.elems[i]);
	}
	for (int i = 0; rest->type == jbvObject && i < attribute->nsubs; i++)
	{
		if (ScimIsSecret(&attribute->subs[i]))
			ScimJsonRemove(rest, attribute->subs[i].name);
	}
	return rest;
}

/* Does a body say something of an attribute by a field that is kept in the document? */
static bool
is_said(const ScimEndpoint *endpoint, const ScimFlatField *field, const JsonbValue *body)
{
	const ScimResolved *resolved = &field->path.resolved;

	return field->kind == SCIM_FIELD_ATTRIBUTE && field->writable &&
		   resolved->attribute->mutability != SCIM_WRITE_ONLY &&
		   !(resolved->sub != NULL && resolved->sub->mutability == SCIM_WRITE_ONLY) &&
		   !ScimFlatIsMembers(endpoint, resolved) && ScimFlatGiven(field, body) != NULL;
}

/* Have two fields, or a field and a constant, to do with each other? */
static bool
is_related(const ScimFlatPath *a, const ScimFlatPath *b)
{
	if (a->resolved.attribute != b->resolved.attribute)
		return false;
	/* the parts of one value are independent of each other, those of several share them
	 */
	return a->resolved.attribute->multi_valued || a->filter != NULL ||
		   b->filter != NULL || a->resolved.sub == b->resolved.sub ||
		   a->resolved.sub == NULL || b->resolved.sub == NULL;
}

/*
 * What else is said of the attribute of a field, by another one, or by a constant where
 * the resource is new; NULL: nothing.
 */
static const char *
said_beside(const ScimFlatCall *call, const ScimFlatField *field, const JsonbValue *body)
{
	const ScimEndpoint *endpoint = call->endpoint;

	for (int i = 0; i < endpoint->nfields; i++)
	{
		const ScimFlatField *other = &endpoint->fields[i];

		if (other != field && is_related(&other->path, &field->path) &&
			is_said(endpoint, other, body))
			return other->name;
	}
	for (int i = 0; call->id == NULL && i < endpoint->nconstants; i++)
	{
		const ScimFlatConstant *constant = &endpoint->constants[i];

		/* the others are written before what the body says */
		if (constant->path.filter != NULL && is_related(&constant->path, &field->path) &&
			strcmp(constant->path.text, field->path.text) != 0)
			return constant->name;
	}
	return NULL;
}

static bool
agrees(const ScimFlatCall *call, const ScimFlatField *field, const JsonbValue *body,
	   const JsonbValue *document, int64 *looks)
{
	const JsonbValue *said = ScimFlatSaid(call, field, ScimFlatGiven(field, body));
	const JsonbValue *found = ScimFlatValueAt(document, &field->path, field->one);

	if (field->one && said->type == jbvArray && said->val.array.nElems == 1)
		said = &said->val.array.elems[0];
	/* what is cleared as a whole may get values, and parts, by other fields */
	if (ScimJsonIsUnassigned(said))
		return (field->path.filter == NULL && !field->one) || found == NULL ||
			   ScimJsonIsUnassigned(found);
	said = canonical_value(call->endpoint, field, said);
	if (said == NULL)
		return true;
	/* the one of a list is chosen, and not written with these */
	if (field->path.resolved.sub == NULL && field->path.resolved.attribute->seals &&
		!field->one)
		said = without_secrets(field->path.resolved.attribute, said);
	said = ScimWireValueStored(call->characters, &field->path.resolved, said);
	/* one value that a list may be written as */
	if (said->type != jbvArray && found != NULL && found->type == jbvArray)
	{
		JsonbValue *list = ScimJsonNewArray();

		ScimJsonAppend(list, said);
		said = list;
	}
	if (said->type == jbvArray && said->val.array.nElems == 1 && found != NULL &&
		found->type != jbvArray)
		said = &said->val.array.elems[0];
	return is_found(call, said, found, looks);
}

/*
 * ScimFlatCheckAgreement raises invalidValue where fields of a body that stand for one
 * attribute have said different things: one of them does not hold in the resource that
 * has come of it.
 */
void
ScimFlatCheckAgreement(const ScimFlatCall *call, const JsonbValue *body)
{
	const ScimEndpoint *endpoint = call->endpoint;
	const JsonbValue *document = NULL;
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext context =
		AllocSetContextCreate(caller, "scim fields that agree", ALLOCSET_DEFAULT_SIZES);
	int64 looks = 0;

	for (int i = 0; i < endpoint->nfields; i++)
	{
		const ScimFlatField *field = &endpoint->fields[i];
		const char *other;
		bool agreed;

		CHECK_FOR_INTERRUPTS();
		if (!is_said(endpoint, field, body))
			continue;
		other = said_beside(call, field, body);
		if (other == NULL)
			continue;
		if (document == NULL)
			document = ScimJsonFromJsonb(call->resource->data);
		MemoryContextSwitchTo(context);
		agreed = agrees(call, field, body, document, &looks);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(context);
		if (!agreed)
			ereport(ERROR,
					(ScimErr(SCIM_INVALID_VALUE),
					 errmsg("fields \"%s\" and \"%s\" say different things of "
							"\"%s\"",
							field->name, other, field->path.resolved.attribute->name)));
	}
	MemoryContextDelete(context);
}
