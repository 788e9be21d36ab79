/*
 * index.h
 *		The GIN operator class scim.gin_ops: one index for every attribute and
 *		every operator of a filter.
 *
 * Stages, one file each:
 *
 *		key.c			the bytes of one key
 *		extract.c		jsonb -> its keys
 *		query.c			ScimBoundFilter -> ScimIndexQuery, what a filter asks of keys
 *		plan.c			ScimIndexQuery -> the entries that GIN looks up, and
 *						what finding them says about a document
 *		substrings.c	the option of the operator class
 *		gin.c			the support functions of the operator class
 *		gin_int4.c		the operator class of the tenant, beside it
 *		support.c		the planner: a function call as an index condition
 *		selectivity.c	the planner: how many documents match
 *		explain.c		scim.explain_filter
 *
 * Keys.  They depend on the document alone, not on any schema: names are
 * folded, positions in arrays left out, strings folded and cut, and a string
 * that is a dateTime has a key as an instant besides.  A key is
 *
 *		version byte, path, 0x00, tag, value
 *
 * for instance (^ is the version byte, | the byte 0x00, \1 separates names)
 *
 *		{"userName": "Babs", "active": true,
 *		 "emails": [{"value": "b@x.org"}, {"value": "B@y.org"}]}
 *
 *		^|p						it is a document
 *		^username|p				userName is present
 *		^username|sbabs			a string
 *		^|tbab, ^|tabs, ^|tbs\0	its trigrams
 *		^active|p, ^active|b\1
 *		^emails|p, ^emails|m	present, and more than once
 *		^emails\1value|p, ^emails\1value|m
 *		^emails\1value|sb@x.org, ^emails\1value|sb@y.org
 *		^|tb@x, ...
 *
 * A path longer than SCIM_INDEX_PATH_MAX, any path in an extension for one,
 * stands as 0x01 and a hash of 8 bytes.  The key of a string is cut after
 * SCIM_INDEX_TEXT_MAX bytes.
 *
 * Trigrams are of bytes, for the attributes that the option "substrings" of the
 * operator class names; the last two bytes with a 0x00 behind answer "ew".
 * They belong to the document: userName, displayName, name and e-mail
 * addresses share most of theirs, and to keep them apart would double the number
 * of keys and more than double the cost of a write.
 *
 * Whatever this does not describe faithfully, such as an object with two names
 * that differ in case only, has the key ^|x besides and is a candidate of
 * every query.
 *
 * A change of any of this is a new version byte and asks for REINDEX.
 */
#ifndef SCIM_INDEX_H
#define SCIM_INDEX_H

#include "postgres.h"
#include "access/gin.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "filter/filter.h"
#include "text/datetime.h"

#define SCIM_INDEX_VERSION 0x01
#define SCIM_INDEX_PATH_MAX 40 /* bytes of a path that is written out */
#define SCIM_INDEX_TEXT_MAX 64 /* bytes of a folded string */
#define SCIM_INDEX_KEY_MAX (1 + SCIM_INDEX_PATH_MAX + 2 + SCIM_INDEX_TEXT_MAX)
#define SCIM_INDEX_SEPARATOR '\1' /* between the names of a path */
#define SCIM_INDEX_TRIGRAM 3

typedef enum ScimIndexTag
{
	SCIM_TAG_BOOLEAN = 'b',
	SCIM_TAG_INSTANT = 'i',
	SCIM_TAG_SEVERAL = 'm',
	SCIM_TAG_NUMBER = 'n',
	SCIM_TAG_PRESENT = 'p',
	SCIM_TAG_TEXT = 's',
	SCIM_TAG_TRIGRAM = 't',
	SCIM_TAG_IRREGULAR = 'x'
} ScimIndexTag;

typedef struct ScimIndexKey
{
	int len;
	char data[SCIM_INDEX_KEY_MAX];
} ScimIndexKey;

/* The attributes whose strings have trigrams: opclass option "substrings". */
typedef struct ScimIndexPaths
{
	bool all;
	int npaths;
	char **paths; /* folded names with separators between */
} ScimIndexPaths;

/*
 * What a filter asks of the keys of a document: a tree in preorder as in
 * ScimFilter, which needs neither schema nor filter any more.
 */
typedef enum ScimIndexNodeKind
{
	SCIM_INDEX_AND,
	SCIM_INDEX_OR,
	SCIM_INDEX_NOT,
	SCIM_INDEX_LEAF,
	SCIM_INDEX_MAYBE /* no key can tell */
} ScimIndexNodeKind;

typedef struct ScimIndexNode
{
	uint8 kind;  /* ScimIndexNodeKind */
	uint8 tag;   /* LEAF: ScimIndexTag, the kind of the keys */
	uint8 op;    /* LEAF: ScimOp; PR for any key of that kind */
	bool exact;  /* LEAF: finding the key proves the comparison, if none of it is cut */
	uint32 size; /* nodes in this subtree */
	uint32 term; /* number of the node of the filter that it comes from */
	uint32 path; /* offsets from the start, and lengths */
	uint32 path_len;
	uint32 value;
	uint32 value_len;
} ScimIndexNode;

typedef struct ScimIndexQuery
{
	int32 vl_len_;
	uint32 nnodes;
	ScimIndexNode nodes[FLEXIBLE_ARRAY_MEMBER];
} ScimIndexQuery;

#define ScimIndexString(query, offset) ((const char *) (query) + (offset))
#define DatumGetScimIndexQueryP(d) ((ScimIndexQuery *) PG_DETOAST_DATUM(d))

/* How an entry is looked up. */
typedef enum ScimEntryMode
{
	SCIM_ENTRY_EXACT,    /* the key */
	SCIM_ENTRY_PREFIX,   /* keys that start with it */
	SCIM_ENTRY_FROM,     /* it and the keys of the attribute behind it */
	SCIM_ENTRY_UPTO,     /* the keys of the attribute up to it */
	SCIM_ENTRY_CONTAINS, /* keys of the attribute with the text in them */
	SCIM_ENTRY_ENDS      /* keys of the attribute that end with the text */
} ScimEntryMode;

typedef struct ScimIndexPlan ScimIndexPlan;

typedef struct ScimIndexEntry
{
	const ScimIndexPlan *plan;
	ScimEntryMode mode;
	bool exclusive;      /* FROM, UPTO: not the key itself */
	ScimIndexKey key;    /* what is looked for */
	int prefix_len;      /* the bytes of it that all keys of the attribute share */
	const char *literal; /* CONTAINS, ENDS */
	int literal_len;
} ScimIndexEntry;

/* The entries of one node are those from first[] on: all of them must be there. */
struct ScimIndexPlan
{
	const ScimIndexQuery *query;
	bool needs_document; /* a document without any of the keys may match */
	bool *exact;         /* by node */
	int *first;
	int *count; /* 0: too many entries, or the node has none: maybe */
	int nentries;
	ScimIndexEntry *entries;
};

/* The first entry of every plan; where the document itself is needed, it is the last. */
#define SCIM_ENTRY_OF_IRREGULAR 0

/* key.c */
extern void
ScimIndexKeyStart(ScimIndexKey *key, const char *path, int path_len, ScimIndexTag tag);
extern void ScimIndexKeyAppend(ScimIndexKey *key, const char *bytes, int len);
extern void ScimIndexEncodeNumber(Numeric number, char bytes[8]);
extern void ScimIndexEncodeInstant(const ScimInstant *instant, char bytes[12]);
extern Datum ScimIndexKeyDatum(const ScimIndexKey *key);

/* extract.c */
extern Datum *
ScimIndexExtract(Jsonb *document, const ScimIndexPaths *substrings, int *nkeys);

/* query.c */
extern ScimIndexQuery *ScimIndexQueryMake(const ScimBoundFilter *filter);

/* plan.c */
extern ScimIndexPlan *
ScimIndexPlanMake(const ScimIndexQuery *query, const ScimIndexPaths *substrings);
extern GinTernaryValue
ScimIndexPlanEvaluate(const ScimIndexPlan *plan, const GinTernaryValue *check);
extern int ScimIndexEntryCompare(const ScimIndexEntry *entry, const char *key, int len);

/* selectivity.c */
struct PlannerInfo;
struct Node;
extern double
ScimIndexSelectivity(struct PlannerInfo *root, Oid function, struct Node *document,
					 struct Node *filter, struct Node *resource_type, int varRelid);

/* explain.c */
extern void ScimIndexQueryPrint(StringInfo out, const ScimIndexPlan *plan);

/* substrings.c */
extern const ScimIndexPaths *ScimIndexPathsOf(FunctionCallInfo fcinfo);
extern const ScimIndexPaths *ScimIndexDefaultPaths(void);
extern bool ScimIndexPathsInclude(const ScimIndexPaths *paths, const char *path, int len);

#endif /* SCIM_INDEX_H */
