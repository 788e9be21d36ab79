/*
 * compat.h
 *		The only place that knows PG_VERSION_NUM.
 *
 * Wrappers carry the name of the newest API; older servers get a definition
 * that does the same with what they have.
 */
#ifndef SCIM_COMPAT_H
#define SCIM_COMPAT_H

#include "postgres.h"
#include "fmgr.h"

#if PG_VERSION_NUM < 160000
/* One function for all catalogs: of these, schemas are all that is asked about. */
#define object_aclcheck(catalog, oid, role, mode) \
	((void) (catalog), pg_namespace_aclcheck(oid, role, mode))
#endif

/* Since 16 CREATEROLE is about roles of which one has ADMIN OPTION, and no others. */
#define SCIM_CREATEROLE_NEEDS_ADMIN (PG_VERSION_NUM >= 160000)
/* Who has nothing but ADMIN OPTION since then is no member in any other way. */
#if PG_VERSION_NUM >= 160000
#define SCIM_IS_MEMBER(row) ((row)->inherit_option || (row)->set_option)
#else
#define SCIM_IS_MEMBER(row) ((void) (row), true)
#endif

#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"
#include "varatt.h"
#define FCINFO_ESCONTEXT(fcinfo) ((fcinfo)->context)
#else
/* Soft errors came with 16: before, an error is always thrown. */
#define FCINFO_ESCONTEXT(fcinfo) ((Node *) NULL)
#define errsave(escontext, ...)      \
	do                               \
	{                                \
		(void) (escontext);          \
		ereport(ERROR, __VA_ARGS__); \
	} while (0)
#endif

#if PG_VERSION_NUM < 160000
/* What hangs on a setting came from malloc before. */
#define guc_malloc(elevel, size) malloc(size)
#define guc_free(pointer) free(pointer)
#endif

/*
 * The callbacks of the JSON parser return an error code since 16, and 17 lets the
 * caller say where the lexer's state lives (NULL: anywhere).
 */
#if PG_VERSION_NUM >= 160000
#define ScimJsonAction JsonParseErrorType
#define SCIM_JSON_CONTINUE return JSON_SUCCESS
#else
#define ScimJsonAction void
#define SCIM_JSON_CONTINUE return
#endif
#if PG_VERSION_NUM < 170000
#define makeJsonLexContextCstringLen(lex, json, len, encoding, need_escapes) \
	((makeJsonLexContextCstringLen) ((char *) (json), len, encoding, need_escapes))
#endif

#if PG_VERSION_NUM < 180000
/* No key of ours is deferrable. */
#include "utils/relcache.h"
#define RelationGetPrimaryKeyIndex(relation, deferrable_ok) \
	((RelationGetPrimaryKeyIndex) (relation))
#endif

/* CHECK constraints may be NOT ENFORCED since 18. */
#if PG_VERSION_NUM >= 180000
#define ScimCheckIsEnforced(check) ((check)->ccenforced)
#else
#define ScimCheckIsEnforced(check) true
#endif

/* All indexes, of a new row. */
#if PG_VERSION_NUM >= 160000
#define ScimInsertIndexTuples(result, slot, estate) \
	ExecInsertIndexTuples(result, slot, estate, false, false, NULL, NIL, false)
#else
#define ScimInsertIndexTuples(result, slot, estate) \
	ExecInsertIndexTuples(result, slot, estate, false, false, NULL, NIL)
#endif

/* In front of a declaration, as 18 wants it. */
#ifndef pg_noreturn
#define pg_noreturn pg_attribute_noreturn()
#endif

/* The transaction of this backend at hand, by a number that no other one of it has. */
#if PG_VERSION_NUM >= 170000
#define ScimLocalTransaction() (MyProc->vxid.lxid)
#else
#define ScimLocalTransaction() (MyProc->lxid)
#endif

/* A stronger lock is as good only where that is asked for since 17. */
#include "storage/lock.h"
#if PG_VERSION_NUM >= 170000
#define ScimHoldsLock(tag, mode) LockHeldByMe(tag, mode, false)
#else
#define ScimHoldsLock(tag, mode) LockHeldByMe(tag, mode)
#endif

/* Who counts the scans of an index is told since 18. */
#include "access/genam.h"
#if PG_VERSION_NUM >= 180000
#define ScimIndexBeginScan(heap, index, snapshot, nkeys) \
	index_beginscan(heap, index, snapshot, NULL, nkeys, 0)
#else
#define ScimIndexBeginScan(heap, index, snapshot, nkeys) \
	index_beginscan(heap, index, snapshot, nkeys, 0)
#endif

/* Where what a node of a plan tells of itself is declared. */
#if PG_VERSION_NUM >= 180000
#define SCIM_EXPLAIN_FORMAT_H "commands/explain_format.h"
#define SCIM_EXPLAIN_STATE_H "commands/explain_state.h"
#else
#define SCIM_EXPLAIN_FORMAT_H "commands/explain.h"
#define SCIM_EXPLAIN_STATE_H "commands/explain.h"
#endif

/* The pages of a bitmap, one after the other; of a lossy one ntuples is less than 0. */
#include "access/htup_details.h"
#include "nodes/tidbitmap.h"
typedef struct ScimBitmapPage
{
	BlockNumber blockno;
	int ntuples;
	bool recheck;
	OffsetNumber offsets[MaxHeapTuplesPerPage];
} ScimBitmapPage;

#if PG_VERSION_NUM >= 180000
typedef TBMPrivateIterator *ScimBitmapIterator;
#define ScimBitmapBegin(iterator, bitmap) \
	(*(iterator) = tbm_begin_private_iterate(bitmap))
#define ScimBitmapEnd(iterator) tbm_end_private_iterate(*(iterator))

static inline bool
ScimBitmapNext(ScimBitmapIterator *iterator, ScimBitmapPage *page)
{
	TBMIterateResult result;

	if (!tbm_private_iterate(*iterator, &result))
		return false;
	page->blockno = result.blockno;
	page->recheck = result.recheck;
	page->ntuples = result.lossy ? -1
								 : tbm_extract_page_tuple(&result, page->offsets,
														  MaxHeapTuplesPerPage);
	return true;
}
#else
typedef TBMIterator *ScimBitmapIterator;
#define ScimBitmapBegin(iterator, bitmap) (*(iterator) = tbm_begin_iterate(bitmap))
#define ScimBitmapEnd(iterator) tbm_end_iterate(*(iterator))

static inline bool
ScimBitmapNext(ScimBitmapIterator *iterator, ScimBitmapPage *page)
{
	const TBMIterateResult *result = tbm_iterate(*iterator);

	if (result == NULL)
		return false;
	page->blockno = result->blockno;
	page->recheck = result->recheck;
	page->ntuples = result->ntuples;
	if (result->ntuples > 0)
		memcpy(page->offsets, result->offsets, sizeof(OffsetNumber) * result->ntuples);
	return true;
}
#endif

#endif /* SCIM_COMPAT_H */
