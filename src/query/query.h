/*
 * query.h
 *		Lists of resources: RFC 7644 section 3.4.2, RFC 9865.
 *
 *		search.c		filter, sort and page: what is asked, and which way leads there,
 *		list_sql.c		by which statements (list.h),
 *		list_total.c	how many there are,
 *		list_page.c		and the resources of a page
 *		declared.c		filters that have an index of their own
 *		request.c		what a request for a list says, and how its answer begins
 *		pass.c			the first rows of a list and their number, in one pass
 *		sort.c			the key that an attribute sorts by
 *		cursor.c		places in a list, sealed
 *		member_list.c	the members of a group, in pages
 *		membership.c	memberships as resources, one or a list
 *		row.c			a row read, and written as JSON
 *		whereabouts.c	where the rows are that this transaction has written
 *		lookup.c		resources found by what an attribute holds, and named by it
 *		to_sql.c		a filter as SQL for the caller
 *
 * Above it is past/, what was, from the audit.
 */
#ifndef SCIM_QUERY_H
#define SCIM_QUERY_H

#include "postgres.h"
#include "access/htup.h"
#include "access/tupdesc.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "utils/uuid.h"

#include "filter/filter.h"
#include "mapping/predicate/predicate.h"
#include "resource/resource.h"
#include "store/credential/credential.h"
#include "store/statement/plan.h"
#include "store/store.h"

/* Appends the JSON text of a resource, and returns its entity-tag. */
typedef const char *(*ScimRenderer)(StringInfo out, ScimStore *store,
									const ScimResource *resource,
									const ScimProjection *projection);

typedef struct ScimSearchRequest
{
	const char *filter;  /* text, or NULL */
	const char *sort_by; /* attribute path, or NULL: by id */
	bool descending;
	int64 start_index; /* 1-based; less than 1 is taken as 1 */
	bool start_index_given;
	int64 count;        /* -1: not given; otherwise 0 or more */
	const char *cursor; /* "" begins; NULL: page by index */
	List *attributes;   /* of char *: attribute paths; NIL = not given */
	List *excluded;     /* of char * */
	/* for endpoints of one's own */
	int64 max_count;     /* 0: the setting max_results */
	bool uncounted;      /* the total is what the page holds, however large it is */
	bool whole;          /* a page that is too large is an error, and not a shorter one */
	bool secrets;        /* the filter may ask whether there is a password */
	int own;             /* bytes of the filter that are no client's, beside the limits */
	int own_terms;       /* of it, beside the limit of what is looked up */
	ScimRenderer render; /* NULL: ScimRenderResource */
} ScimSearchRequest;

/* ScimFirstRow: which of all rows is the first one of the page, counted from 1. */
static inline int64
ScimFirstRow(const ScimSearchRequest *request)
{
	return Max(request->start_index, 1);
}

/* What a search finds. */
typedef struct ScimPage
{
	List *resources; /* of ScimResource * */
	int64 total;
	char *next_cursor; /* by cursor only; NULL: this is the last page */
} ScimPage;

extern void ScimSearchPage(ScimStore *store, const ScimResourceType *type,
						   const ScimSearchRequest *request, ScimPage *page);

/* Appends a ListResponse.  type NULL: all resource types. */
extern void ScimSearch(ScimStore *store, const ScimResourceType *type,
					   const ScimSearchRequest *request, StringInfo out);

/* The same as jsonb. */
extern Jsonb *ScimSearchBinary(ScimStore *store, const ScimResourceType *type,
							   const ScimSearchRequest *request);

/* Appends a ListResponse of the members of a group. */
extern void ScimMembersList(ScimStore *store, const ScimResource *group,
							const ScimSearchRequest *request, StringInfo out);

/*
 * row.c.  ScimRenderResource appends the JSON text of a resource, and returns its
 * entity-tag.  A projection comes from ScimProjectionMake.
 */
extern const char *
ScimRenderResource(StringInfo out, ScimStore *store, const ScimResource *resource,
				   const ScimProjection *projection);
extern void
ScimRenderResourceBinary(ScimJsonWriter *out, ScimStore *store,
						 const ScimResource *resource, const ScimProjection *projection);

/* The id, {base}/Users/{id} and W/"3" */
extern char *ScimResourceId(const ScimResource *resource);
extern char *ScimResourceLocation(const ScimStore *store, const ScimResource *resource);
extern char *ScimResourceVersion(const ScimResource *resource);

/* the columns of a row r that make a ScimResource, in this order */
extern char *ScimResourceColumns(const ScimStore *store);
extern const char *ScimResourceColumnsOfNew(void);
extern const char *ScimResourceColumnsOfMany(void);
#define SCIM_RESOURCE_NCOLUMNS 7
#define SCIM_RESOURCE_ID_COLUMN 2
#define SCIM_RESOURCE_DATA_COLUMN 3
extern ScimResource *ScimResourceFromTuple(const ScimResourceType *type, HeapTuple tuple,
										   TupleDesc desc, MemoryContext context);

/* sort.c */
extern const char *ScimSortExpression(const ScimResourceType *type, const char *sort_by);
extern Oid ScimSortType(const char *expression);
extern void
ScimSortDescribe(StringInfo out, const ScimResourceType *type, const char *sort_by);

/* A place in a sorted list: behind the resource with this sort key and id. */
typedef struct ScimCursor
{
	pg_uuid_t id;
	bool key_is_null;
	const char *key; /* packed */
	int key_len;
	int64 count; /* of the request; -1: not given */
	int64 total;
} ScimCursor;
extern void ScimSortKeyPack(const char *expression, HeapTuple tuple, TupleDesc desc,
							int column, ScimCursor *cursor);
extern Datum ScimSortKeyUnpack(const char *expression, const ScimCursor *cursor);

/* pass.c: what rows are ordered by, in columns of the query */
typedef struct ScimPassOrder
{
	int id_column;
	int key_column; /* before the id; 0: there is no such key */
	Oid key_type;   /* one of ScimSortType; texts in the order of their bytes */
	bool descending;
} ScimPassOrder;

typedef struct ScimPassRows
{
	int n;
	HeapTuple *tuples;
	TupleDesc desc; /* NULL where there are none */
} ScimPassRows;

/* After so many rows a pass pauses once: true ends it. */
typedef struct ScimPassPause
{
	long after; /* 0: it does not */
	bool (*ends)(void *arg);
	void *arg;
} ScimPassPause;

extern int64 ScimPassOver(const char *query, const ScimParams *params, bool by_values,
						  const ScimPassOrder *order, int max, const ScimPassPause *pause,
						  ScimPassRows *rows);

/* small.c */
extern Oid ScimListTable(const ScimStore *store, const ScimResourceType *type);
/* between SPI_connect and SPI_finish */
typedef struct ScimListSize
{
	Oid table;   /* of the type; InvalidOid: it is not known */
	double rows; /* of the tenant, as ANALYZE has seen them; -1: nobody knows */
	double all;  /* in the table */
} ScimListSize;

extern void ScimListSizeFind(const ScimStore *store, const ScimResourceType *type,
							 ScimListSize *size);
extern bool ScimListIsSmall(const ScimStore *store, const ScimResourceType *type,
							const ScimListSize *size);

/* cursor.c */
extern char *
ScimCursorSeal(ScimStore *store, const ScimCursor *cursor, const StringInfo query);
extern bool ScimCursorOpen(ScimStore *store, const ScimResourceType *type,
						   const ScimSearchRequest *request, const StringInfo query,
						   ScimCursor *cursor);

/* lookup.c */
extern ScimResource *ScimFindBy(ScimStore *store, const ScimResourceType *type,
								const char *path, const char *text);
extern void ScimFindEach(ScimStore *store, const ScimResourceType *type, const char *path,
						 const ScimResolved *resolved, int ntexts, const char **texts,
						 const char **ids);
extern const char ScimFoundSeveral[];
extern List *ScimValuesAt(const JsonbValue *document, const ScimResolved *resolved);
extern void ScimRaiseSeveral(const ScimResourceType *type, const char *path,
							 const char *text, ScimErrorKind kind);
extern void
ScimNameEach(ScimStore *store, const ScimResourceType *type, const ScimResolved *resolved,
			 int nids, const pg_uuid_t *ids, const char **names);

/* membership.c */
extern void ScimMembershipPage(ScimStore *store, const ScimResourceType *type,
							   const ScimSearchRequest *request, ScimPage *page);
extern ScimResource *
ScimMembershipFind(ScimStore *store, const ScimResourceType *type,
				   const pg_uuid_t *group_id, const pg_uuid_t *member_id,
				   const ScimResourceType **group_type);

/* whereabouts.c */
extern void ScimTidNote(const ScimStore *store, int32 tenant_id, const pg_uuid_t *id,
						const ItemPointerData *tid);
extern const ItemPointerData *
ScimTidOf(const ScimStore *store, int32 tenant_id, const pg_uuid_t *id);

/* request.c */
#define SCIM_LIST_RESPONSE "urn:ietf:params:scim:api:messages:2.0:ListResponse"
extern ScimFilter *
ScimSearchFilter(const ScimStore *store, const ScimSearchRequest *request);
extern int64 ScimSearchLimit(const ScimStore *store, const ScimResourceType *type,
							 const ScimSearchRequest *request);
extern void ScimSearchWriteHead(StringInfo out, const ScimSearchRequest *request,
								int64 total, int nresources, const char *next_cursor);

#endif /* SCIM_QUERY_H */
