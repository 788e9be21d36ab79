/*
 * predicate.h
 *		A filter as SQL over the tables of a store.
 *
 *		predicate.c		what a filter asks of columns, document, members and groups;
 *		target.c		which column or expression answers it,
 *		condition.c		what it asks, put together (condition.h),
 *		emit.c			and written
 *		split.c			what of those an index on a column answers, and the rest
 *		related.c		those on members and groups; with at_once.c, much of it at a
 *						time, groups_found.c, what it asks of groups, with
 *						group_edges.c, which of them are in which, and texts.c, what it
 *						asks of texts, which text_program.c answers
 */
#ifndef SCIM_PREDICATE_H
#define SCIM_PREDICATE_H

#include "postgres.h"
#include "lib/stringinfo.h"

#include "filter/filter.h"
#include "store/credential/credential.h"
#include "store/statement/plan.h"
#include "store/store.h"

/*
 * predicate.c: a filter as SQL over a store's table "resource".  A filter that
 * looks up members and groups more often than the setting scim.max_filter_lookups
 * says is refused.
 */
typedef struct ScimPredicate ScimPredicate;
/* secrets: it may ask whether there is a password */
extern ScimPredicate *ScimPredicateMake(ScimStore *store, const ScimResourceType *type,
										const ScimFilter *filter, bool secrets);
extern ScimPredicate *
ScimPredicateMakeBeside(ScimStore *store, const ScimResourceType *type,
						const ScimFilter *filter, bool secrets, int own);
extern void
ScimPredicateAppend(StringInfo out, ScimParams *params, ScimPredicate *predicate);
/* Does it look up members or groups, which may take long for each row? */
extern bool ScimPredicateLooksUp(const ScimPredicate *predicate);
/* split.c: by what it finds few rows, whatever else it asks */
typedef enum ScimFinds
{
	SCIM_FINDS_OTHERWISE,   /* nobody knows how many */
	SCIM_FINDS_BY_DOCUMENT, /* what equals something in the document */
	SCIM_FINDS_BY_RANGE,    /* of a column; no document is asked, and no member */
	SCIM_FINDS_BY_KEY       /* columns that equal something */
} ScimFinds;
extern ScimFinds ScimPredicateFinds(const ScimPredicate *predicate);
extern bool ScimPredicateIsTrue(const ScimPredicate *predicate);
/* The predicate in two parts: what indexes on columns answer, and the rest. */
extern void
ScimPredicateAppendKeys(StringInfo out, ScimParams *params, ScimPredicate *predicate);
/* Of one range of instants, and nothing else: what lies outside; else false. */
extern bool
ScimPredicateAppendOutside(StringInfo out, ScimParams *params, ScimPredicate *predicate);
extern bool ScimPredicateHasRest(const ScimPredicate *predicate);
extern void
ScimPredicateAppendRest(StringInfo out, ScimParams *params, ScimPredicate *predicate);
/* What it asks of the document, if that is all that there is to ask; else NULL. */
extern ScimFilter *ScimPredicateOfDocument(const ScimPredicate *predicate);
/* Is it the password of a User? */
extern const char *
ScimPresenceTable(const ScimResourceType *type, const ScimResolved *resolved);
/* What a filter says, and means to the schemas of today: for a cursor. */
extern void
ScimFilterDescribe(StringInfo out, ScimStore *store, const ScimResourceType *type,
				   const ScimFilter *filter, bool secrets);
extern void
ScimMemberFilterDescribe(StringInfo out, ScimStore *store, const ScimResourceType *type,
						 const ScimFilter *filter);
/* Is a filter an eq on a key that at most one resource of the type has? */
extern bool
ScimFilterIsKey(ScimStore *store, const ScimResourceType *type, const ScimFilter *filter);
extern void ScimMemberPredicates(StringInfo out, ScimParams *params, ScimStore *store,
								 const ScimResourceType *type, const List *filters);
/*
 * A filter over memberships: rows m of "member", g of its group and x of its member, or
 * nulls where that may not be read.
 */
extern void
ScimMembershipPredicate(StringInfo out, ScimParams *params, ScimStore *store,
						const ScimResourceType *type, const ScimFilter *filter);
/* The text of the id of one, over the row m. */
extern const char ScimMembershipIdText[];
/* The types that have members and may be read, as in SQL. */
extern char *ScimGroupTypesReadable(const ScimStore *store);
extern void ScimMemberPredicate(StringInfo out, ScimParams *params, ScimStore *store,
								const ScimResourceType *type, const ScimFilter *filter);

#endif /* SCIM_PREDICATE_H */
