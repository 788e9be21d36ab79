/*
 * condition.h
 *		A filter on its way to SQL: what it asks of columns, of the document, of
 *		members and of groups; private to this folder.
 *
 *		predicate.c		ScimFilter -> Condition,
 *		target.c		by what answers each comparison
 *		split.c			what of an "and" an index on a column answers
 *		condition.c		conditions put together, such that few questions are left
 *		emit.c			Condition -> SQL
 *		related.c		the same for members and groups
 *		at_once.c		the same for much at a time, which the planner need not see
 *		groups_found.c	and for what much of it asks of groups
 *		group_edges.c	which groups are in which
 *		texts.c			and for what is asked of texts (text_program.c)
 *
 * SQL has three truth values and a filter two.  A comparison may be null where
 * it means false: that does no harm below "and" and "or", and "not" is written
 * as IS NOT TRUE.
 */
#ifndef SCIM_CONDITION_H
#define SCIM_CONDITION_H

#include "postgres.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "utils/uuid.h"

#include "filter/filter.h"
#include "mapping/predicate/predicate.h"
#include "store/credential/credential.h"
#include "store/statement/plan.h"
#include "store/store.h"
#include "text/fold.h"

/* What answers a comparison. */
typedef enum TargetKind
{
	TARGET_DATA, /* scim.matches() on the document */
	TARGET_TEXT, /* an SQL expression of this type */
	TARGET_ID,   /* one of type uuid; as text for all operators but eq and ne */
	TARGET_INSTANT,
	TARGET_BOOLEAN,
	TARGET_MEMBERS, /* rows of "member" of a group */
	TARGET_GROUPS   /* rows of "member" of a member */
} TargetKind;

typedef struct Target
{
	TargetKind kind;
	const char *expression;
	const char *text; /* TARGET_ID: the expression as text */
	ScimFolding fold; /* the expression, or text, is folded so already */
	bool always;      /* never null */
	bool reference;   /* TARGET_ID: of a member, which any text may be */
	bool joined;      /* of a member: asks the row x that is it, where there is one */
	bool inner;       /* and is null where there is none */
	bool typed;       /* of a group: of the row t that says direct or indirect */
	bool computed;    /* TARGET_TEXT: neither a column nor what an index is over */
	bool indexed;     /* of "resource": each type has an index that is over it */
	bool version;     /* meta.version: W/"3" means W/"3.<any digest>", too */
	/* what equals or begins with a value also by two expressions with an index each */
	const char *first;
	const char *second; /* with what has to hold besides ... */
	const char *key;    /* ... of a user name, by which an index finds it */
} Target;

typedef enum ConditionKind
{
	CONDITION_CONSTANT,
	CONDITION_AND,
	CONDITION_OR,
	CONDITION_NOT,
	CONDITION_DATA,    /* the document matches */
	CONDITION_COMPARE, /* a comparison with an expression */
	CONDITION_EQUAL,   /* an expression equals one of some values */
	CONDITION_PRESENT, /* an expression is not null */
	CONDITION_RELATED  /* there is a member, or a group, that ... */
} ConditionKind;

/* A group that satisfies a condition as an indirect one. */
typedef struct GroupBelow
{
	pg_uuid_t top;
	Datum ids; /* itself, and those below it: uuid[] */
} GroupBelow;

/* The groups that satisfy a condition, and those below them: uuid[]. */
typedef struct GroupsFound
{
	Datum ids;
	int64 nids;
	/* for a condition that asks for direct or indirect ones: ids are the direct
	 * ones; few that satisfy as an indirect one have those below each ... */
	List *indirect; /* of GroupBelow * */
	/* ... of more of them these are pairs of one that does ... */
	Datum tops;
	Datum below; /* ... and one below it */
	int64 npairs;
} GroupsFound;

typedef struct Condition Condition;

struct Condition
{
	ConditionKind kind;
	bool constant;              /* CONSTANT */
	List *children;             /* AND, OR, NOT: of Condition * */
	StringInfo data;            /* DATA: a filter ... */
	bool data_is_or;            /* ... of which the outermost operator is "or" */
	Target target;              /* COMPARE, EQUAL, PRESENT */
	const ScimFilterNode *node; /* COMPARE */
	const char *computed;       /* COMPARE: the text that is computed for it, or NULL */
	List *values;               /* EQUAL: of char *, or of pg_uuid_t * for TARGET_ID */

	TargetKind relation; /* RELATED: TARGET_MEMBERS or TARGET_GROUPS */
	Condition *element;  /* RELATED: what is asked of the member or group */
	GroupsFound *groups; /* RELATED: once they are looked up */
	int column;          /* RELATED: of the subquery that asks all at once; or 0 */
	Datum found;         /* and for the first of those, what all of them found; or 0 */

	/* of a target in it that is so, outside RELATED */
	bool joined;
	bool typed;
	bool inner;    /* true only where x is there */
	bool textual;  /* all that it asks is of texts: texts.c can write it */
	int nrelated;  /* conditions RELATED in it */
	int ncomputed; /* comparisons with a text that no index is over, outside RELATED */
	int nterms;    /* what it is made of in the end, theirs included */
};

/* What the names of a filter refer to. */
typedef enum Scope
{
	SCOPE_RESOURCE,  /* a row of "resource" */
	SCOPE_META,      /* meta[...] of the same row */
	SCOPE_COLUMN,    /* userName[...] and the like: "value" is the column */
	SCOPE_MEMBER,    /* members[...]: m is a row of "member", x the member itself */
	SCOPE_GROUP,     /* groups[...]: g is a group, t says direct or indirect */
	SCOPE_MEMBERSHIP /* m is a row of "member", g its group and x its member */
} Scope;

typedef struct Reader
{
	ScimStore *store;
	const ScimResourceType *type; /* NULL: any */
	const ScimFilter *filter;
	Scope scope;
	const Target *column;  /* of SCOPE_COLUMN */
	const char *within;    /* of SCOPE_MEMBERSHIP: the attribute before [...], or NULL */
	const bool *only_data; /* by node: does all of the subtree go to the document? */
	bool secrets;          /* it may be asked whether there is a password */
	int own;               /* so many terms are none of a client's */
} Reader;

/* target.c: each raises SCIM_INVALID_FILTER for a sub-attribute that is none there */
extern Target ScimTargetOfResource(const Reader *r, const ScimFilterNode *node);
extern Target ScimTargetOfMember(const Reader *r, const char *sub);
extern Target ScimTargetOfGroup(const Reader *r, const char *sub);
extern Target ScimTargetOfMembership(const Reader *r, const char *name, const char *sub);
/* In the scope where the reader is. */
extern Target ScimTargetOf(const Reader *r, const ScimFilterNode *node);

/* condition.c */
extern const char *
ScimTargetLiteral(const Target *target, const char *literal, size_t *len);
extern const char *ScimComparedText(const Condition *condition);
extern const char *
ScimComparedLiteral(const Condition *condition, const char *literal, size_t *len);
extern const char *ScimComputedText(const Condition *condition, bool *indexed);
extern Condition *ScimConditionConstant(bool value);
extern Condition *ScimConditionData(const char *data, bool is_or);
extern Condition *ScimConditionCompare(const Target *target, const ScimFilterNode *node,
									   const char *literal);
extern Condition *ScimConditionEqual(const Target *target, void *value);
extern Condition *ScimConditionPresent(const Target *target);
extern Condition *ScimConditionRelated(TargetKind relation, Condition *element);
extern Condition *ScimConditionNot(Condition *child);
extern Condition *ScimConditionAnd(List *children);
extern Condition *ScimConditionOr(List *children);

struct ScimPredicate
{
	ScimStore *store;
	const ScimResourceType *type; /* NULL: any */
	const ScimFilter *filter;
	Condition *condition;
	ScimFilter *of_document; /* the condition, where it is DATA; else NULL */
};

/* Where a predicate is written to. */
typedef struct Emission
{
	StringInfo out;
	ScimParams *params; /* NULL: write literals */
	const ScimPredicate *predicate;
	bool at_once;   /* within the subquery that asks all at once */
	bool joinable;  /* not below "or", so that a subquery becomes a join */
	int nors;       /* conditions OR around */
	List *computed; /* texts that a subquery "computed" has as text1, text2 ... */
} Emission;

/*
 * So many look-ups of members and groups have a subquery each, which the
 * planner may start from.  Planning takes longer with each: more of them are
 * asked at once.
 */
#define SCIM_SUBQUERIES_MAX 6

/* emit.c */
extern void ScimEmitCondition(Emission *e, Condition *condition);
extern ScimFilter *ScimDataFilter(const Condition *data);
/* related.c */
extern const char *ScimOwnerColumn(TargetKind relation);
extern char *ScimTypesWith(const Emission *e, TargetKind relation);
extern void ScimEmitTenant(Emission *e, const char *alias);
extern void ScimEmitGroups(Emission *e, const char *type);
extern void ScimEmitJoinMember(Emission *e, bool inner);
extern void ScimEmitFetchMember(Emission *e);
extern void ScimEmitRowCondition(Emission *e, Condition *related);
extern void ScimEmitExists(Emission *e, Condition *related);
extern void ScimEmitRelated(Emission *e, Condition *condition);
extern void ScimEmitOfMember(Emission *e, Condition *condition);
extern void ScimEmitAnyOfMember(Emission *e, const List *predicates);
/* at_once.c */
extern void ScimCollectTexts(List **texts, const Condition *condition);
extern Condition *ScimAllEqual(List *related);
extern void ScimEmitComputed(Emission *e);
extern void ScimEmitFound(Emission *e, Condition *related);
extern void ScimEmitAtOnce(Emission *e, Condition *condition);
/* texts.c */
extern const char *ScimComputedColumn(const Emission *e, const char *text);
extern bool ScimIsProgram(const Emission *e, const Condition *condition);
extern List *ScimTakeTexts(const Emission *e, List *children, List **others);
extern void ScimEmitVisits(Emission *e, const char *before, const char *after,
						   const List *conditions);
extern void ScimEmitTextsHold(Emission *e, ConditionKind kind, const List *conditions);
extern void ScimEmitTexts(Emission *e, const List *texts);
extern List *ScimEmitTextsAnswers(Emission *e, const List *elements, const char *rows);
/* group_edges.c */
#define SCIM_GROUP_LEVELS 8
typedef struct ScimGroupEdges ScimGroupEdges;
extern ScimGroupEdges *ScimGroupEdgesFetch(const Emission *e, const char *types);
extern const pg_uuid_t *
ScimGroupEdgesNext(const ScimGroupEdges *edges, const pg_uuid_t *above, size_t *at);
extern Datum ScimGroupsAllBelow(const Emission *e, const char *types, Datum groups);
/* groups_found.c */
extern Datum ScimGroupsFind(const Emission *e, List *related);

#endif /* SCIM_CONDITION_H */
