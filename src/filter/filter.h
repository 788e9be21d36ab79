/*
 * filter.h
 *		The filter language of RFC 7644 section 3.4.2.2.
 *
 * Stages, one file each; none of them touches a table:
 *
 *		scan.c		text -> tokens (shared with src/path)
 *		parse.c		tokens -> ScimFilter, the flat tree
 *		print.c		ScimFilter -> canonical text
 *		op.c		comparison and hashing of filters
 *		io.c		the SQL type scim.filter
 *		language.c	what the types scim.filter and scim.path have in common
 *		bind.c		ScimFilter + the attributes of a schema -> ScimBoundFilter
 *		match.c		ScimBoundFilter x jsonb -> boolean
 *		frozen.c	ScimBoundFilter -> text that needs no schema, and back
 *
 * The flat tree is a varlena with the nodes in preorder, so that a reader needs
 * no pointers: the first child of nodes[i] is nodes[i + 1], its next sibling
 * nodes[i + nodes[i].size].  Strings are NUL-terminated and stand behind the
 * nodes; a node holds their offsets from the start of the varlena, 0 = absent.
 * For instance
 *
 *		userName eq "a" and not (emails[type eq "work"])
 *
 *		0 AND size 5
 *		1   COMPARE size 1, name userName, op eq, STRING "a"
 *		2   NOT size 3
 *		3     VALUE_PATH size 2, name emails
 *		4       COMPARE size 1, name type, op eq, STRING "work"
 *
 * AND and OR take two or more children and never hold a child of their own
 * kind; parentheses leave no trace beyond the shape.
 */
#ifndef SCIM_FILTER_H
#define SCIM_FILTER_H

#include "postgres.h"
#include "lib/stringinfo.h"
#include "utils/jsonb.h"

#include "error.h"

#define SCIM_FILTER_FORMAT 1 /* of the flat tree and of binary I/O */

typedef enum ScimNodeKind
{
	SCIM_NODE_AND,
	SCIM_NODE_OR,
	SCIM_NODE_NOT,
	SCIM_NODE_COMPARE,   /* attribute op literal, or attribute pr */
	SCIM_NODE_VALUE_PATH /* attribute[child] */
} ScimNodeKind;

typedef enum ScimOp
{
	SCIM_OP_EQ,
	SCIM_OP_NE,
	SCIM_OP_CO,
	SCIM_OP_SW,
	SCIM_OP_EW,
	SCIM_OP_GT,
	SCIM_OP_GE,
	SCIM_OP_LT,
	SCIM_OP_LE,
	SCIM_OP_PR
} ScimOp;

/* ScimIsSubstring: is it a question about parts of a text? */
static inline bool
ScimIsSubstring(ScimOp op)
{
	return op == SCIM_OP_CO || op == SCIM_OP_SW || op == SCIM_OP_EW;
}

typedef enum ScimLiteralKind
{
	SCIM_LITERAL_NONE, /* operator pr */
	SCIM_LITERAL_NULL,
	SCIM_LITERAL_FALSE,
	SCIM_LITERAL_TRUE,
	SCIM_LITERAL_NUMBER, /* the text of a JSON number */
	SCIM_LITERAL_STRING  /* decoded UTF-8, may not hold NUL */
} ScimLiteralKind;

typedef struct ScimFilterNode
{
	uint8 kind;
	uint8 op;
	uint8 literal;
	uint8 unused;
	uint32 size;      /* nodes in this subtree, this one included */
	uint32 urn;       /* schema URN before the attribute name */
	uint32 name;      /* attribute name as written */
	uint32 sub;       /* sub-attribute name as written */
	uint32 value;     /* text of a NUMBER or STRING literal */
	uint32 value_len; /* its length in bytes */
} ScimFilterNode;

typedef struct ScimFilter
{
	int32 vl_len_;
	uint16 format;     /* SCIM_FILTER_FORMAT */
	uint16 references; /* 1: its "ew" asks for URLs of resources, for an index */
	uint32 nnodes;
	ScimFilterNode nodes[FLEXIBLE_ARRAY_MEMBER];
} ScimFilter;

#define ScimFilterString(filter, offset) \
	((offset) == 0 ? NULL : (const char *) (filter) + (offset))
#define DatumGetScimFilterP(d) ((ScimFilter *) PG_DETOAST_DATUM(d))
#define PG_GETARG_SCIM_FILTER_P(n) DatumGetScimFilterP(PG_GETARG_DATUM(n))

/*
 * An attribute as a client writes it: [urn ":"] name ["." sub].  The strings
 * are NUL-terminated; urn and sub may be NULL.  Since a schema URN may itself
 * look like urn:name, whoever resolves a reference without sub must also try
 * urn ":" name as a whole schema URN.
 */
typedef struct ScimAttrRef
{
	const char *urn;
	const char *name;
	const char *sub;
} ScimAttrRef;

/* RFC 7643 section 2.3; ANY is an attribute of which no schema is known. */
typedef enum ScimType
{
	SCIM_TYPE_STRING,
	SCIM_TYPE_BOOLEAN,
	SCIM_TYPE_DECIMAL,
	SCIM_TYPE_INTEGER,
	SCIM_TYPE_DATETIME,
	SCIM_TYPE_BINARY,
	SCIM_TYPE_REFERENCE,
	SCIM_TYPE_COMPLEX,
	SCIM_TYPE_SEVERAL, /* of those in a ScimTypes: which of them, each value says itself
						*/
	SCIM_TYPE_ANY
} ScimType;

/*
 * The types of an attribute of several: one at most of those whose values are strings
 * in JSON, and one of those whose values are numbers.
 */
typedef uint16 ScimTypes;
#define SCIM_TYPE_BIT(type) ((ScimTypes) 1 << (type))
#define SCIM_TYPES_OF_STRINGS                                              \
	(SCIM_TYPE_BIT(SCIM_TYPE_STRING) | SCIM_TYPE_BIT(SCIM_TYPE_DATETIME) | \
	 SCIM_TYPE_BIT(SCIM_TYPE_BINARY) | SCIM_TYPE_BIT(SCIM_TYPE_REFERENCE))
#define SCIM_TYPES_OF_NUMBERS \
	(SCIM_TYPE_BIT(SCIM_TYPE_DECIMAL) | SCIM_TYPE_BIT(SCIM_TYPE_INTEGER))

/* What an attribute reference means: the jsonb keys that lead to the value. */
typedef struct ScimAttrInfo
{
	ScimType type;
	ScimTypes types; /* of SCIM_TYPE_SEVERAL */
	bool multi_valued;
	bool case_exact;
	bool date;      /* a string that is a day of the calendar */
	bool version;   /* meta.version, whose digest does not count */
	bool user_name; /* userName, whatever the keys say */
	bool whole;     /* an extension as a whole, which is present or is not */
	bool fold_keys; /* keys are as a client wrote them: compare them case-insensitively */
	int nkeys;      /* 1 to 3: [extension URN,] attribute [, sub-attribute] */
	const char *key[3];    /* canonical names */
	const void *attribute; /* the resolver's own object, or NULL */
} ScimAttrInfo;

/*
 * A resolver says what an attribute reference means.  parent is NULL at the
 * top of a document, and the attribute before the bracket inside [...]: there
 * the keys are relative to one element of it.  A complex attribute with a
 * sub-attribute "value" that a filter names without a sub-attribute in a
 * comparison resolves to that sub-attribute when want_value is set.  Returns
 * NULL when info is filled, else the problem (invalidFilter).
 */
typedef ScimProblem *(*ScimAttrResolver)(void *context, const ScimAttrRef *ref,
										 const ScimAttrInfo *parent, bool want_value,
										 ScimAttrInfo *info);

typedef struct ScimBoundFilter ScimBoundFilter;     /* filter/bound.h */
typedef struct ScimFilterMeaning ScimFilterMeaning; /* what one asks */

/*
 * Limits: those of the store for which something is parsed, or of the session alone
 * (setting/).  The hook puts the latter in force.
 */
#define SCIM_MAX_FILTER_LENGTH_DEFAULT 65536    /* bytes */
#define SCIM_MAX_FILTER_DEPTH_DEFAULT 100       /* parentheses and brackets */
#define SCIM_MAX_FILTER_NODES_DEFAULT 10000     /* nodes of the tree */
#define SCIM_MAX_FILTER_VISITS_DEFAULT 50000000 /* values times terms */
/* what the settings may be */
#define SCIM_MAX_FILTER_LENGTH_MOST (16 * 1024 * 1024)
#define SCIM_MAX_FILTER_DEPTH_MOST 10000
#define SCIM_MAX_FILTER_NODES_MOST 1000000
extern int scim_max_filter_length;
extern int scim_max_filter_depth;
extern int scim_max_filter_nodes;
extern int scim_max_filter_visits;
extern void (*ScimFilterLimitsHook)(void);

/*
 * A limit binds what is changed: what a store holds was within those of its time, and
 * what is made here knows none.
 */
typedef struct ScimFilterLimits
{
	int length;
	int depth;
	int nodes;
} ScimFilterLimits;

/* language.c */
extern const ScimFilterLimits ScimFilterLimitsWidest;
extern ScimFilterLimits ScimFilterLimitsInForce(void);
extern ScimFilterLimits
ScimFilterLimitsOr(const ScimFilterLimits *a, const ScimFilterLimits *b);
extern ScimFilterLimits ScimFilterLimitsBeside(int own);
extern ScimFilterLimits
ScimFilterWithin(const ScimFilterLimits *limits, void (*work)(void *arg), void *arg);
/* The most that any text took since it was set to nothing: the parsers say so. */
extern ScimFilterLimits scim_filter_needs;
extern ScimFilter *
ScimFilterParseStored(const char *text, size_t len, ScimProblem **problem);
extern ScimFilter *ScimFilterParseOwn(const char *text);
extern ScimFilter *ScimFilterParseReferences(const char *text);

/* parse.c */
extern ScimFilter *ScimFilterParse(const char *text, size_t len, ScimProblem **problem);
/* print.c */
extern void ScimFilterPrint(StringInfo out, const ScimFilter *filter);
extern void ScimFilterPrintNode(StringInfo out, const ScimFilter *filter, uint32 node);
extern const char *ScimOpName(ScimOp op);
/* io.c */
extern void ScimFilterRaise(const ScimProblem *problem, struct Node *escontext);
/* op.c */
extern int ScimFilterCompare(const ScimFilter *a, const ScimFilter *b);
extern ScimFilterMeaning *ScimBoundFilterMeaning(const ScimBoundFilter *filter);
extern int
ScimFilterMeaningCompare(const ScimFilterMeaning *a, const ScimFilterMeaning *b);
extern void ScimFilterHashKey(StringInfo key, const ScimFilter *filter);
/* bind.c */
extern ScimBoundFilter *
ScimFilterBind(const ScimFilter *filter, uint32 node, ScimAttrResolver resolver,
			   void *context, const ScimAttrInfo *parent, ScimProblem **problem);
/* frozen.c: as text, with what its names mean; false: that cannot be written */
#define SCIM_FROZEN_NODES_MAX 50
extern bool
ScimFilterFreeze(const ScimBoundFilter *bound, char **filter, char **attributes);
extern void ScimBoundFilterDescribe(StringInfo out, const ScimBoundFilter *bound);
/* match.c */
/* What comparing a text of so many bytes with one literal counts for, if it is read. */
#define SCIM_FILTER_VISITS(len) (1 + (int64) (len) / 64)
pg_noreturn extern void ScimFilterVisitsExceeded(void);
extern bool ScimTextHolds(ScimOp op, const char *text, size_t len, const char *literal,
						  size_t literal_len);
extern bool ScimFilterMatch(const ScimBoundFilter *filter, JsonbContainer *document);
extern bool ScimFilterMatchWithin(const ScimBoundFilter *filter, JsonbContainer *document,
								  int64 max_visits);
extern bool ScimFilterMatchOfMany(const ScimBoundFilter *filter, JsonbContainer *document,
								  int64 *visits);
extern bool ScimFilterMatchNode(const ScimBoundFilter *filter, uint32 node,
								JsonbContainer *document, int64 *visits);

#endif /* SCIM_FILTER_H */
