/*
 * index.h
 *		The GIN operator class scim.gin_ops: one index for every attribute and
 *		every operator of a filter.
 *
 * Stages, one file each:
 *
 *		path.c			the path of an attribute in a key
 *		key.c			the bytes of one key
 *		entry.c			one key, or a range, to look up
 *		gram.c			the parts of a text, of a document and of a filter
 *		extract.c		jsonb -> its keys
 *		query.c			ScimBoundFilter -> ScimIndexQuery, what a filter asks of keys
 *		plan.c			ScimIndexQuery -> the entries that GIN looks up, and
 *						what finding them says about a document
 *		lookup.c		the entries of one comparison
 *		former.c		the same of the former format
 *		substrings.c	the option of the operator class
 *		gin.c			the support functions of the operator class
 *		gin_int4.c		the operator class of the tenant, beside it
 *		support.c		the planner: a function call as an index condition
 *		count.c			the planner and the executor: rows counted without visits
 *		selectivity.c	the planner: how many documents match
 *		explain.c		scim.explain_filter
 *
 * Keys.  They depend on the document alone, not on any schema: names are
 * folded, positions in arrays left out, strings folded and cut, and a string
 * that is a dateTime has a key as an instant besides.  A key is
 *
 *		path, tag, value
 *
 * where the paths of RFC 7643 are one byte each, and any other is a hash.  What is
 * written to an index is counted in keys first and in bytes then: so there are as few as
 * tell everything.  For instance (<a> is the byte of a path)
 *
 *		{"userName": "Babs", "active": true,
 *		 "emails": [{"value": "b@x.org"}, {"value": "B@y.org"}]}
 *
 *		<userName>p				userName is present, so this is a document
 *		<address>babs|1			a string of userName
 *		<active>b\1				active is true, and present
 *		<emails>m				present more than once
 *		<emails.value>m
 *		<address>b@x.org|2, <address>b@y.org|2
 *		<gram>babs, <gram>bs||, <gram>b@x., ...
 *
 * An attribute that is present has one of p, m and b; a document without
 * <userName>p has <document>.  Two attributes that mostly have the same string
 * (userName and emails.value, displayName and name.formatted) share the key of it,
 * which ends with 0x00 and a byte of whose it is.
 *
 * A string longer than SCIM_INDEX_TEXT_MAX stands as its head and a hash.
 *
 * Grams are of the attributes that the option "substrings" of the operator class
 * names: four bytes from every other position of each word, which overlap, so that any
 * three bytes are in one of them (gram.c); 0x00 stands behind the text.  They belong to
 * the document: userName, displayName, name and e-mail addresses share most of theirs.
 *
 * Whatever this does not describe faithfully, such as an object with two names
 * that differ in case only, has the key <irregular> besides and is a candidate of
 * every query.
 *
 * The former format, that of operator class scim.gin_ops_1, which was scim.gin_ops until
 * version 0.5.0, is read and written as it was: there are indexes of it until they are
 * made anew. Its keys are
 *
 *		0x01, path, 0x00, tag, value
 *
 * with the path in full, up to SCIM_INDEX_PATH_MAX bytes, |p of whatever is present, |m
 * besides, and trigrams ^|tbab, ^|tabs, ^|tbs\0 of all positions.  Statistics over
 * documents (scim_internal.index_keys) are of these.
 *
 * userName is folded as RFC 7644 section 5 compares it (text/precis.c).  Until version
 * 0.8.0 scim.gin_ops, which is scim.gin_ops_2 now, had it folded as any other string, and
 * that is in indexes until they are made anew.  Of what was folded so the user name can
 * still be told: a comparison reads all keys of the attribute in an index of these two.
 *
 * A change of any of this is another operator class.
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

/* The bytes of keys that are laid out differently; their numbers are those of the
 * classes. */
typedef enum ScimIndexFormat
{
	SCIM_INDEX_FORMER = 1,
	SCIM_INDEX_FOLDED, /* as the present one, but user names folded as any other string */
	SCIM_INDEX_FORMAT
} ScimIndexFormat;

#define SCIM_INDEX_SEPARATOR '\1' /* between the names of a path */
#define SCIM_INDEX_TEXT_MAX 48    /* bytes of a folded string that is not cut */
#define SCIM_INDEX_HEAD 45        /* bytes of one that is, before a hash */
#define SCIM_INDEX_GRAM 4

#define SCIM_INDEX_VERSION 0x01       /* former keys begin with it */
#define SCIM_INDEX_PATH_MAX 40        /* bytes of a path that is written out there */
#define SCIM_INDEX_FORMER_TEXT_MAX 64 /* bytes of a string that is cut behind them */
#define SCIM_INDEX_TRIGRAM 3
#define SCIM_INDEX_KEY_MAX (1 + SCIM_INDEX_PATH_MAX + 2 + SCIM_INDEX_FORMER_TEXT_MAX)

/* The first byte of a key; from SCIM_PATH_KNOWN on it is an attribute of RFC 7643. */
typedef enum ScimIndexPath
{
	SCIM_PATH_HASHED = 1, /* a hash of the path follows */
	SCIM_PATH_GRAM,
	SCIM_PATH_IRREGULAR,
	SCIM_PATH_DOCUMENT,
	SCIM_PATH_ADDRESS, /* a string of userName or emails.value */
	SCIM_PATH_NAME,    /* a string of displayName or name.formatted */
	SCIM_PATH_KNOWN = 0x10
} ScimIndexPath;

typedef enum ScimIndexTag
{
	SCIM_TAG_BOOLEAN = 'b',
	SCIM_TAG_GRAM = 'g', /* in no key: it tells people what an entry is */
	SCIM_TAG_INSTANT = 'i',
	SCIM_TAG_SEVERAL = 'm',
	SCIM_TAG_NUMBER = 'n',
	SCIM_TAG_PRESENT = 'p',
	SCIM_TAG_TEXT = 's',
	SCIM_TAG_TRIGRAM = 't', /* former */
	SCIM_TAG_IRREGULAR = 'x'
} ScimIndexTag;

typedef struct ScimIndexKey
{
	int len;
	char data[SCIM_INDEX_KEY_MAX];
} ScimIndexKey;

/* The attributes whose strings have grams: opclass option "substrings". */
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
	uint32 endpoints_len; /* LEAF of references: of the endpoints behind the value */
} ScimIndexNode;

typedef struct ScimIndexQuery
{
	int32 vl_len_;
	uint32 nnodes;
	uint32 filter;        /* offset of the filter that it is of; 0: not known */
	uint32 resource_type; /* and of the name of a type, 0: any */
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
	SCIM_ENTRY_ENDS,     /* keys of the attribute that end with the text */
	SCIM_ENTRY_REFERS,   /* the same of URLs of resources */
	SCIM_ENTRY_SHARED,   /* the key of a string that attributes share */
	SCIM_ENTRY_USER_NAME /* keys of userName that pass once they are folded as one */
} ScimEntryMode;

typedef struct ScimIndexPlan ScimIndexPlan;

typedef struct ScimIndexEntry
{
	ScimIndexPlan *plan;
	ScimEntryMode mode;
	uint8 alternative; /* those of a node with the same number must all be there */
	uint8 tag;         /* ScimIndexTag, for people */
	uint8 shared;      /* whose the string has to be, where attributes share a key */
	uint8 op;          /* USER_NAME: ScimOp */
	bool exclusive;    /* FROM, UPTO: not the key itself */
	bool has_last;     /* PREFIX of grams: which end with this byte */
	char last;
	ScimIndexKey key;    /* what is looked for */
	int prefix_len;      /* the bytes of it that all keys of the attribute share */
	const char *literal; /* CONTAINS, ENDS, and what is compared with strings */
	int literal_len;
	int endpoints_len; /* REFERS: what stands behind the literal, "\1users\1groups\1" */
} ScimIndexEntry;

/* The entries of one node are those from first[] on. */
struct ScimIndexPlan
{
	const ScimIndexQuery *query;
	ScimIndexFormat format;
	const ScimIndexPaths *substrings;
	bool needs_document; /* a document without any of the keys may match */
	int document;        /* then these entries, to the end, are those of all documents */
	int question;        /* of those that GIN asks before it reads, or 0 */
	bool *exact;         /* by node */
	int *first;
	int *count; /* 0: too many entries, or the node has none: maybe */
	int nentries;
	ScimIndexEntry *entries;
};

/* The first entry of every plan; where the document itself is needed, that is at the end.
 */
#define SCIM_ENTRY_OF_IRREGULAR 0
#define SCIM_ENTRIES_OF_NODE 10 /* at most */

/* path.c */
extern int ScimIndexPathBytes(const char *path, int path_len, char bytes[5]);
extern int ScimIndexPathShared(const char *path, int path_len, ScimIndexPath *with);
extern bool ScimIndexIsUserName(const char *path, int path_len);

/* key.c */
extern void
ScimIndexKeyStart(ScimIndexKey *key, const char *path, int path_len, ScimIndexTag tag);
extern int ScimIndexKeyStartText(ScimIndexKey *key, const char *path, int path_len);
extern void ScimIndexKeyMark(ScimIndexKey *key, ScimIndexPath mark);
extern void ScimIndexKeyOfUserName(ScimIndexKey *key);
extern void ScimIndexKeyAppend(ScimIndexKey *key, const char *bytes, int len);
extern void ScimIndexKeyAppendText(ScimIndexKey *key, const char *text, int len);
extern void ScimIndexFormerKeyStart(ScimIndexKey *key, const char *path, int path_len,
									ScimIndexTag tag);
extern void ScimIndexFormerKeyAppend(ScimIndexKey *key, const char *bytes, int len);
extern void ScimIndexEncodeNumber(Numeric number, char bytes[8]);
extern void ScimIndexEncodeInstant(const ScimInstant *instant, char bytes[12]);
extern Datum ScimIndexKeyDatum(const ScimIndexKey *key);

/* entry.c */
extern ScimIndexEntry *
ScimIndexPlanAdd(ScimIndexPlan *plan, const ScimIndexNode *node, ScimEntryMode mode);

/* gram.c */
extern void ScimIndexGramKey(ScimIndexKey *key, const char gram[SCIM_INDEX_GRAM]);
extern bool ScimIndexGramBegins(const char *text, int at, bool *even);
extern bool ScimIndexAddGrams(ScimIndexPlan *plan, const ScimIndexNode *node);

/* extract.c */
extern Datum *ScimIndexExtract(Jsonb *document, ScimIndexFormat format,
							   const ScimIndexPaths *substrings, int *nkeys);

/* query.c */
extern ScimIndexQuery *ScimIndexQueryMake(const ScimBoundFilter *filter);
extern ScimIndexQuery *
ScimIndexQueryOf(const ScimFilter *filter, const char *resource_type);

/* plan.c */
extern ScimIndexPlan *
ScimIndexPlanMake(const ScimIndexQuery *query, ScimIndexFormat format,
				  const ScimIndexPaths *substrings);
extern GinTernaryValue
ScimIndexPlanEvaluate(const ScimIndexPlan *plan, const GinTernaryValue *check);
/* Do the keys of a document alone say whether it matches, and no document need be read?
 */
extern bool ScimIndexIsExact(const ScimBoundFilter *filter);

/* lookup.c */
extern bool ScimIndexAddLeaf(ScimIndexPlan *plan, const ScimIndexNode *node);
extern bool ScimIndexIsUserNameOf(const ScimIndexPlan *plan, const ScimIndexNode *node);
extern bool
ScimIndexUserNamePasses(const ScimIndexEntry *entry, const char *key, int len);
extern int ScimIndexEntryCompare(const ScimIndexEntry *entry, const char *key, int len);

/* former.c */
extern void ScimIndexFormerAddMark(ScimIndexPlan *plan, const ScimIndexNode *document,
								   ScimIndexTag tag);
extern bool ScimIndexFormerAddLeaf(ScimIndexPlan *plan, const ScimIndexNode *node);
extern int
ScimIndexFormerEntryCompare(const ScimIndexEntry *entry, const char *key, int len);

/* selectivity.c */
struct PlannerInfo;
struct Node;
extern double
ScimIndexSelectivity(struct PlannerInfo *root, Oid function, struct Node *document,
					 struct Node *filter, struct Node *resource_type, int varRelid);

/* count.c */
extern void ScimIndexInit(void);

/* explain.c */
extern void ScimIndexQueryPrint(StringInfo out, const ScimIndexPlan *plan);

/* substrings.c */
extern const ScimIndexPaths *ScimIndexPathsOf(FunctionCallInfo fcinfo);
extern const ScimIndexPaths *ScimIndexDefaultPaths(void);
extern bool ScimIndexPathsInclude(const ScimIndexPaths *paths, const char *path, int len);

#endif /* SCIM_INDEX_H */
