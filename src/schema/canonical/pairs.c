/*
 * pairs.c
 *		Which of the values that a multi-valued attribute had each of those is that it
 *		has now.
 *
 * SCIM gives them no identity, and clients send whole lists.  What stays with a value
 * (readOnly, immutable and sealed parts) stays with the one that is
 *
 *	- the same in all that a client can see and write, else
 *	- the same in all that answers show, where nothing is stated that they do not, else
 *	- the same in a sub-attribute whose values are unique, else
 *	- of the same "value", or of the same "$ref" where it has no "value".  Of several of
 *	  them it is the one whose immutable parts and "type" are the same as well, or one of
 *	  these two.
 *
 * One that has neither "value" nor "$ref" is known by its immutable parts, or else by its
 * "type", unless there is nothing beside these that could change.  Each of before is one
 * of now at most; of those that look alike the first is the first.
 */
#include "postgres.h"

#include "schema/canonical/canonical.h"

#include "common/hashfn.h"

#include "json/buckets.h"
#include "json/json.h"
#include "miscadmin.h"

/* By what an element of before is found again, the surest first. */
typedef enum Likeness
{
	LIKE_WHOLE,  /* with what is sealed in it */
	LIKE_SEEN,   /* in all that a client can see and write */
	LIKE_SHOWN,  /* in all that answers show, where nothing else is stated */
	LIKE_UNIQUE, /* in the first of its parts that is unique */
	LIKE_EXACT,  /* in its name, its type and what is immutable */
	LIKE_MARKED, /* in its name and what is immutable */
	LIKE_TYPED,  /* in its name and its type */
	LIKE_NAMED,  /* in its name: "value" or "$ref" */
	LIKENESSES
} Likeness;

/* The sub-attributes that tell elements apart. */
typedef struct Kind
{
	const ScimAttribute *attribute;
	const ScimAttribute *names[2]; /* "value", "$ref"; or NULL */
	const ScimAttribute *type;     /* or NULL */
	bool has_unique;
	bool has_marks; /* immutable ones */
	bool has_unshown;
	bool goes_by_type; /* an element without a name */
} Kind;

typedef struct Pairing
{
	const Kind *kind;
	const JsonbValue *old;
	int old_count;
	const JsonbValue *new;
	int new_count;
	bool *taken;
	int *pairs;
	int left; /* new ones that are none of the old ones yet */
} Pairing;

/* What is to be seen of an element, whoever wrote it. */
static bool
is_seen(const ScimAttribute *sub)
{
	return !sub->sealed && sub->mutability != SCIM_READ_ONLY;
}

/* Is that so, and no answer has it but one that was asked for it? */
static bool
is_unshown(const ScimAttribute *sub)
{
	return is_seen(sub) && (ScimIsSecret(sub) || sub->returned == SCIM_RETURNED_REQUEST);
}

/* Does an element state something that answers do not show? */
static bool
states_unshown(const ScimAttribute *attribute, const JsonbValue *element)
{
	for (int i = 0; i < attribute->nsubs; i++)
	{
		if (is_unshown(&attribute->subs[i]) &&
			ScimJsonGet(element, attribute->subs[i].name) != NULL)
			return true;
	}
	return false;
}

static uint32
hash_seen(const ScimAttribute *attribute, const JsonbValue *value, bool shown)
{
	uint32 hash = 0;

	check_stack_depth();
	if (value->type == jbvArray)
	{
		for (int i = 0; i < value->val.array.nElems; i++)
		{
			CHECK_FOR_INTERRUPTS();
			hash = hash_combine(hash,
								hash_seen(attribute, &value->val.array.elems[i], shown));
		}
		return hash;
	}
	if (attribute->nsubs == 0 || value->type != jbvObject)
		return ScimJsonHash(value);
	for (int i = 0; i < attribute->nsubs; i++)
	{
		const ScimAttribute *sub = &attribute->subs[i];
		const JsonbValue *part = ScimJsonGet(value, sub->name);

		if (is_seen(sub) && !(shown && is_unshown(sub)))
			hash = hash_combine(hash, part != NULL ? hash_seen(sub, part, shown) : 0);
	}
	return hash;
}

static bool
same_seen(const ScimAttribute *attribute, const JsonbValue *a, const JsonbValue *b,
		  bool shown)
{
	check_stack_depth();
	if (a->type == jbvArray && b->type == jbvArray)
	{
		if (a->val.array.nElems != b->val.array.nElems)
			return false;
		for (int i = 0; i < a->val.array.nElems; i++)
		{
			CHECK_FOR_INTERRUPTS();
			if (!same_seen(attribute, &a->val.array.elems[i], &b->val.array.elems[i],
						   shown))
				return false;
		}
		return true;
	}
	if (attribute->nsubs == 0 || a->type != jbvObject || b->type != jbvObject)
		return ScimJsonEqual(a, b);
	for (int i = 0; i < attribute->nsubs; i++)
	{
		const ScimAttribute *sub = &attribute->subs[i];
		const JsonbValue *of_a = ScimJsonGet(a, sub->name);
		const JsonbValue *of_b = ScimJsonGet(b, sub->name);

		if (is_seen(sub) && !(shown && is_unshown(sub)) &&
			((of_a == NULL) != (of_b == NULL) ||
			 (of_a != NULL && !same_seen(sub, of_a, of_b, shown))))
			return false;
	}
	return true;
}

/* Has an object something that is sealed already? */
static bool
has_sealed(const ScimAttribute *attributes, int count, const JsonbValue *object)
{
	check_stack_depth();
	for (int i = 0; object->type == jbvObject && i < count; i++)
	{
		const JsonbValue *value = ScimJsonGet(object, attributes[i].name);

		if (value == NULL)
			continue;
		if (attributes[i].sealed
				? ScimIsSealedValue(value)
				: attributes[i].seals &&
					  has_sealed(attributes[i].subs, attributes[i].nsubs, value))
			return true;
	}
	return false;
}

/* ScimHoldsSealed: has a value of an attribute something that is sealed already? */
bool
ScimHoldsSealed(const ScimAttribute *attribute, const JsonbValue *value)
{
	return attribute->seals && has_sealed(attribute->subs, attribute->nsubs, value);
}

/* A part that tells elements apart, compared as its attribute wants it. */
static uint32
hash_part(const ScimAttribute *sub, const JsonbValue *part)
{
	ScimResolved of = {.attribute = sub->parent, .sub = sub};

	return ScimSameHash(&of, part);
}

static bool
same_part(const ScimAttribute *sub, const JsonbValue *a, const JsonbValue *b)
{
	ScimResolved of = {.attribute = sub->parent, .sub = sub};

	if (a == NULL || b == NULL)
		return a == b;
	return ScimSameValue(&of, a, b);
}

static Kind
kind_of(const ScimAttribute *attribute)
{
	Kind kind = {.attribute = attribute};

	kind.names[0] = ScimAttributeSub(attribute, "value", strlen("value"));
	kind.names[1] = ScimAttributeSub(attribute, "$ref", strlen("$ref"));
	kind.type = ScimAttributeSub(attribute, "type", strlen("type"));
	for (int i = 0; i < lengthof(kind.names); i++)
	{
		if (kind.names[i] != NULL && !is_seen(kind.names[i]))
			kind.names[i] = NULL;
	}
	if (kind.type != NULL && !is_seen(kind.type))
		kind.type = NULL;
	for (int i = 0; i < attribute->nsubs; i++)
	{
		const ScimAttribute *sub = &attribute->subs[i];

		kind.has_unshown |= is_unshown(sub);
		if (!is_seen(sub))
			continue;
		kind.has_unique |= sub->uniqueness != SCIM_UNIQUENESS_NONE;
		if (sub->mutability == SCIM_IMMUTABLE)
			kind.has_marks = true;
		else if (sub != kind.type && strcmp(sub->name, "primary") != 0)
			kind.goes_by_type = true;
	}
	return kind;
}

/* The name of an element: its "value", or else its "$ref"; NULL: it has none. */
static const JsonbValue *
name_of(const Kind *kind, const JsonbValue *element, const ScimAttribute **sub)
{
	for (int i = 0; i < lengthof(kind->names); i++)
	{
		const JsonbValue *name =
			kind->names[i] != NULL ? ScimJsonGet(element, kind->names[i]->name) : NULL;

		*sub = kind->names[i];
		if (name != NULL)
			return name;
	}
	*sub = NULL;
	return NULL;
}

/* The first part of an element that is unique, or NULL. */
static const JsonbValue *
unique_of(const Kind *kind, const JsonbValue *element, const ScimAttribute **sub)
{
	for (int i = 0; i < kind->attribute->nsubs; i++)
	{
		const JsonbValue *part;

		*sub = &kind->attribute->subs[i];
		if ((*sub)->uniqueness == SCIM_UNIQUENESS_NONE || !is_seen(*sub))
			continue;
		part = ScimJsonGet(element, (*sub)->name);
		if (part != NULL)
			return part;
	}
	*sub = NULL;
	return NULL;
}

static bool
is_mark(const ScimAttribute *sub)
{
	return sub->mutability == SCIM_IMMUTABLE && is_seen(sub);
}

static bool
asks_marks(Likeness likeness)
{
	return likeness == LIKE_EXACT || likeness == LIKE_MARKED;
}

static bool
asks_type(Likeness likeness)
{
	return likeness == LIKE_EXACT || likeness == LIKE_TYPED;
}

/* Can an element be found so?  Then *hash is that of what it has to have. */
static bool
hash_for(const Kind *kind, Likeness likeness, const JsonbValue *element, uint32 *hash)
{
	const ScimAttribute *attribute = kind->attribute;
	const ScimAttribute *sub;
	const JsonbValue *part;
	bool known;

	if (likeness == LIKE_WHOLE)
	{
		*hash = ScimJsonHash(element);
		return ScimHoldsSealed(attribute, element);
	}
	if (likeness == LIKE_SEEN || likeness == LIKE_SHOWN)
	{
		*hash = hash_seen(attribute, element, likeness == LIKE_SHOWN);
		return true;
	}
	if (likeness == LIKE_UNIQUE)
	{
		part = unique_of(kind, element, &sub);
		*hash = part != NULL ? hash_part(sub, part) : 0;
		return part != NULL;
	}
	part = name_of(kind, element, &sub);
	known = part != NULL;
	*hash = known ? hash_part(sub, part) : 0;
	for (int i = 0; asks_marks(likeness) && i < attribute->nsubs; i++)
	{
		sub = &attribute->subs[i];
		part = is_mark(sub) ? ScimJsonGet(element, sub->name) : NULL;
		if (part != NULL)
			*hash = hash_combine(*hash, hash_part(sub, part));
		known |= part != NULL;
	}
	if (asks_type(likeness) && kind->type != NULL)
	{
		part = ScimJsonGet(element, kind->type->name);
		if (part != NULL)
			*hash = hash_combine(*hash, hash_part(kind->type, part));
		known |= part != NULL && kind->goes_by_type;
	}
	return known;
}

static bool
is_like(const Kind *kind, Likeness likeness, const JsonbValue *a, const JsonbValue *b)
{
	const ScimAttribute *attribute = kind->attribute;
	const ScimAttribute *sub_a;
	const ScimAttribute *sub_b;
	const JsonbValue *of_a;
	const JsonbValue *of_b;

	if (likeness == LIKE_WHOLE)
		return ScimJsonEqual(a, b);
	if (likeness == LIKE_SEEN || likeness == LIKE_SHOWN)
		return same_seen(attribute, a, b, likeness == LIKE_SHOWN);
	of_a =
		likeness == LIKE_UNIQUE ? unique_of(kind, a, &sub_a) : name_of(kind, a, &sub_a);
	of_b =
		likeness == LIKE_UNIQUE ? unique_of(kind, b, &sub_b) : name_of(kind, b, &sub_b);
	if (sub_a != sub_b || (sub_a != NULL && !same_part(sub_a, of_a, of_b)))
		return false;
	for (int i = 0; asks_marks(likeness) && i < attribute->nsubs; i++)
	{
		const ScimAttribute *sub = &attribute->subs[i];

		if (is_mark(sub) &&
			!same_part(sub, ScimJsonGet(a, sub->name), ScimJsonGet(b, sub->name)))
			return false;
	}
	return !asks_type(likeness) || kind->type == NULL ||
		   same_part(kind->type, ScimJsonGet(a, kind->type->name),
					 ScimJsonGet(b, kind->type->name));
}

/* Find those of the new elements that are none of the old ones yet. */
static void
pair_by(Pairing *pairing, Likeness likeness)
{
	ScimBuckets buckets;
	uint32 hash;

	ScimBucketsInit(&buckets, pairing->old_count);
	/* the last first: so the first is found first */
	for (int i = pairing->old_count - 1; i >= 0; i--)
	{
		CHECK_FOR_INTERRUPTS();
		if (!pairing->taken[i] && pairing->old[i].type == jbvObject &&
			hash_for(pairing->kind, likeness, &pairing->old[i], &hash))
			ScimBucketsAdd(&buckets, hash, i);
	}
	for (int i = 0; i < pairing->new_count; i++)
	{
		const JsonbValue *element = &pairing->new[i];

		CHECK_FOR_INTERRUPTS();
		if (pairing->pairs[i] >= 0 || element->type != jbvObject ||
			(likeness == LIKE_SHOWN &&
			 states_unshown(pairing->kind->attribute, element)) ||
			!hash_for(pairing->kind, likeness, element, &hash))
			continue;
		for (int at = ScimBucketsFirst(&buckets, hash); at >= 0;
			 at = ScimBucketsNext(&buckets, at))
		{
			int item = ScimBucketsItem(&buckets, at);

			CHECK_FOR_INTERRUPTS();
			if (!is_like(pairing->kind, likeness, &pairing->old[item], element))
				continue;
			pairing->taken[item] = true;
			pairing->pairs[i] = item;
			pairing->left--;
			ScimBucketsRemove(&buckets, at);
			break;
		}
	}
	ScimBucketsFree(&buckets);
}

/*
 * ScimElementsPair: for each value of an attribute that takes the place of old_value, the
 * number of the one of these that it is, or -1: it is new.  old_value NULL: there was
 * none; a single one is what was stored before the attribute became a list.
 */
int *
ScimElementsPair(const ScimAttribute *attribute, const JsonbValue *old_value,
				 const JsonbValue *new_array)
{
	Kind kind = kind_of(attribute);
	Pairing pairing = {.kind = &kind,
					   .new = new_array->val.array.elems,
					   .new_count = new_array->val.array.nElems,
					   .left = new_array->val.array.nElems};

	pairing.old = ScimElementsOf(old_value, &pairing.old_count);
	pairing.taken = palloc0(pairing.old_count + 1);
	pairing.pairs = palloc(sizeof(int) * (pairing.new_count + 1));
	for (int i = 0; i < pairing.new_count; i++)
		pairing.pairs[i] = -1;
	for (Likeness likeness = LIKE_WHOLE;
		 likeness < LIKENESSES && pairing.left > 0 && pairing.old_count > 0; likeness++)
	{
		if ((likeness == LIKE_WHOLE && !attribute->seals) ||
			(likeness == LIKE_SHOWN && !kind.has_unshown) ||
			(likeness == LIKE_UNIQUE && !kind.has_unique) ||
			(likeness == LIKE_MARKED && !kind.has_marks))
			continue;
		pair_by(&pairing, likeness);
	}
	pfree(pairing.taken);
	return pairing.pairs;
}

/*
 * ScimElementsOf: the values of an attribute, *count of them, whether there is a list or
 * one alone; value NULL: none.
 */
const JsonbValue *
ScimElementsOf(const JsonbValue *value, int *count)
{
	*count = value == NULL ? 0 : value->type == jbvArray ? value->val.array.nElems : 1;
	return value != NULL && value->type == jbvArray ? value->val.array.elems : value;
}

/* ScimHasName: are the values of an attribute told apart by "value" or "$ref"? */
bool
ScimHasName(const ScimAttribute *attribute)
{
	Kind kind = kind_of(attribute);

	return kind.names[0] != NULL || kind.names[1] != NULL;
}

/*
 * ScimSameName: is what has taken the place of one value still that one, as far as its
 * "value" tells, or its "$ref"?
 */
bool
ScimSameName(const ScimAttribute *attribute, const JsonbValue *old_value,
			 const JsonbValue *new_value)
{
	Kind kind = kind_of(attribute);
	const ScimAttribute *old_sub;
	const ScimAttribute *new_sub;
	const JsonbValue *old_name;
	const JsonbValue *new_name;

	if (old_value->type != jbvObject || new_value->type != jbvObject)
		return false;
	old_name = name_of(&kind, old_value, &old_sub);
	new_name = name_of(&kind, new_value, &new_sub);
	/* who puts back what he got does not state it */
	if (new_name == NULL && old_name != NULL && is_unshown(old_sub))
		return true;
	return old_sub == new_sub &&
		   (old_sub == NULL || same_part(old_sub, old_name, new_name));
}
