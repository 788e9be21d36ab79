/*
 * list.h
 *		A list on its way from a request to a page; private to this folder.
 *
 *		search.c		what is asked, and which way leads to it
 *		list_sql.c		the parts of the statements
 *		list_total.c	how many there are
 *		list_page.c		the resources of one page
 */
#ifndef SCIM_LIST_H
#define SCIM_LIST_H

#include "postgres.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"

#include "query/query.h"
#include "store/credential/credential.h"
#include "store/statement/plan.h"
#include "store/store.h"

/*
 * So many rows are kept for a page, with those before it.  For the next pages by cursor
 * so many matches are gathered and sorted; where there are more, a walk in the order of
 * the page comes across enough of them soon.
 */
#define SCIM_GATHERED_MATCHES 10000

typedef struct ScimList
{
	ScimStore *store;
	const ScimResourceType *type; /* NULL: all */
	ScimFilter *filter;           /* NULL: none */
	ScimPredicate *predicate;     /* of the filter */
	const char *sort;             /* SQL expression; NULL: by id */
	bool descending;
	bool by_cursor;
	int64 limit;
	MemoryContext context;
	bool is_key;          /* the filter finds one at most, by a key */
	bool by_values;       /* the best plan depends on the values in the filter */
	bool by_keys;         /* an index on a column finds few, or what there is to find */
	bool by_range;        /* it is a range, of which the values say how much it is */
	bool is_small;        /* the rest of the filter is asked of each row */
	bool is_most;         /* most rows of the type are the tenant's */
	ScimListSize size;    /* of the list, where it has been looked at */
	const char *declared; /* the predicate of an index of the filter alone, or NULL */
	ScimFilter *by_index; /* what the index on documents tells all of, or NULL */
	int64 matches;        /* of the filter, in all; -1: not counted */
	/* the page */
	List *page;      /* of ScimResource *, in context */
	ScimCursor last; /* where it ends, by cursor only */
	bool more;       /* by cursor: there is a next page */
	int64 room;      /* bytes that are left for it; -1: any number */
	bool whole;      /* it is an error where there are not enough */
	bool full;       /* it ends since there were not enough */
} ScimList;

/* Resources without a sort key come last ascending and first descending. */
typedef enum ScimListSegment
{
	SCIM_SEGMENT_ALL,
	SCIM_SEGMENT_KEYS,
	SCIM_SEGMENT_NULLS
} ScimListSegment;

/* declared.c: the predicate of the index that a filter has, or NULL */
extern const char *ScimDeclaredFind(const ScimStore *store, const ScimResourceType *type,
									const ScimPredicate *predicate);

/* list_sql.c */
/* Returns the number of the parameter. */
extern int ScimListAddTenant(ScimParams *params, const ScimList *search);
/* type NULL: any.  tenant: the number of its parameter. */
extern void ScimListAppendRows(StringInfo query, const ScimList *search,
							   const ScimResourceType *type, int tenant);
extern void
ScimListAppendCandidates(StringInfo query, ScimParams *params, const ScimList *search);
extern void
ScimListAppendConditions(StringInfo query, ScimParams *params, const ScimList *search);
/* What comes after a cursor, or the whole of a segment where it is NULL. */
extern void
ScimListAppendSegment(StringInfo query, ScimParams *params, const ScimList *search,
					  ScimListSegment segment, const ScimCursor *after);
extern void ScimListAppendOrder(StringInfo query, const ScimList *search);
extern void ScimListAppendLimit(StringInfo query, int64 wanted);
/* What a row of a page has. */
extern void ScimListAppendColumns(StringInfo query, const ScimList *search);
/* What comes first in the order of the list: so many rows of it. */
extern void ScimListAppendFirst(StringInfo query, ScimParams *params,
								const ScimList *search, int64 most);
/* What may be asked of the index on documents alone; or NULL. */
extern ScimFilter *ScimListExact(const ScimList *search);
/* Runs a statement with a plan that suits the filter. */
extern void ScimListExecute(const ScimList *search, const char *query,
							const ScimParams *params, long count);

/* list_total.c: each raises what the filter's statements raise; SPI is connected. */
extern int64 ScimListCount(const ScimList *search);
extern int64 ScimListCountByIndex(const ScimList *search);
extern int64 ScimListCountMany(const ScimList *search, bool dense);
/* A page that ends the list says how long it is; others are counted. */
extern int64 ScimListTotal(ScimList *search, int64 offset);

/* list_page.c: fills search->page, up to search->limit; SPI is connected. */
extern int ScimMaxAnswerSize(const ScimStore *store);
pg_noreturn extern void ScimRaiseTooLarge(int max);
extern bool ScimListIsOnePass(const ScimList *search, int64 offset);
/* From an offset on, and counts what the filter finds. */
extern void ScimListFetchInOnePass(ScimList *search, int64 offset);
extern void ScimListFetchRows(ScimList *search, ScimListSegment segment,
							  const ScimCursor *after, int64 offset);
/* From the beginning of the list, if the page is there. */
extern bool ScimListFetchInWalk(ScimList *search, int64 offset);
extern void ScimListFetchAfter(ScimList *search, const ScimCursor *after);

#endif /* SCIM_LIST_H */
