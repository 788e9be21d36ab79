/*
 * bound.h
 *		A filter bound to the attributes of a schema; private to bind.c, op.c,
 *		match.c, src/index, which asks an index what match.c asks a document,
 *		and src/mapping/mapped.c, which asks a table.
 *
 * The nodes are those of the ScimFilter, in the same preorder, with everything
 * worked out that does not depend on a document.
 */
#ifndef SCIM_BOUND_H
#define SCIM_BOUND_H

#include "filter/filter.h"
#include "text/datetime.h"
#include "text/fold.h"
#include "utils/numeric.h"

/* What a COMPARE node asks of the values of its attribute. */
typedef enum BoundTest
{
	TEST_PRESENT, /* there is one */
	TEST_ABSENT,  /* there is none */
	TEST_TEXT,    /* compare strings byte by byte */
	TEST_FOLDED,  /* compare strings folded by the rule of the attribute */
	TEST_VERSION, /* compare entity-tags without their digests */
	TEST_NUMBER,
	TEST_BOOLEAN,
	TEST_INSTANT
} BoundTest;

/*
 * Terms side by side, any of which will do, that compare one attribute with texts: a
 * document's values are read once for all of them.
 */
typedef struct BoundRun
{
	uint32 size;                   /* nodes that it is made of, those of "not" included */
	const struct BoundNode *first; /* its attribute and test are those of all */
	int nequal;                    /* "eq", by length and bytes */
	const struct BoundNode **equal;
	int nothers; /* with another operator than "ne" */
	const struct BoundNode **others;
} BoundRun;

typedef struct BoundNode
{
	uint8 kind;        /* ScimNodeKind */
	uint8 op;          /* ScimOp, for the tests that compare */
	uint8 test;        /* BoundTest */
	bool scalar_value; /* the attribute "value" of an element: a scalar element is its own
						*/
	uint8 folding;     /* ScimFolding, of TEST_FOLDED */
	uint32 size;
	ScimAttrInfo attribute;
	const char *text; /* TEST_TEXT, _FOLDED, _VERSION: the literal, as it is compared */
	size_t text_len;
	const BoundRun *run; /* the run that begins here, or NULL */
	union
	{
		Numeric number;
		bool boolean;
		ScimInstant instant;
	} literal;
} BoundNode;

/* bind.c: by length and bytes */
extern int ScimBoundTextCompare(const char *a, size_t alen, const char *b, size_t blen);

struct ScimBoundFilter
{
	const ScimFilter *filter; /* a copy of ours: attributes may point into it */
	uint32 nnodes;
	BoundNode nodes[FLEXIBLE_ARRAY_MEMBER];
};

#endif /* SCIM_BOUND_H */
