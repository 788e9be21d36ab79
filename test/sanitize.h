/*
 * sanitize.h
 *		For "bin/test sanitize": what we allocate is an allocation of its own.
 *
 * The sanitizer knows malloc and free, and nothing of memory contexts: these hand out
 * pieces of blocks, which they keep when they are deleted.  Included before each of our
 * files, this has the contexts that we make, and those of SPI, take each piece from
 * malloc and give back each block, so that what is used after its context has gone, or
 * beyond its end, is seen.  It looks into contexts as no extension else should, and
 * stops where they are not as it knows them.
 */
#define SCIM_SANITIZE

#include "postgres.h"

#include "nodes/memnodes.h"
#include "utils/memutils.h"

/* of executor/spi.h, whose names not all of our files leave free */
extern PGDLLIMPORT int SPI_connect(void);

/* AllocSetContext, as utils/mmgr/aset.c has it */
typedef struct SanitizedContext
{
	MemoryContextData header;
	void *blocks;
	void *freelist[11];
#if PG_VERSION_NUM < 170000
	Size initBlockSize;
	Size maxBlockSize;
	Size nextBlockSize;
	Size allocChunkLimit;
	void *keeper;
#else
	uint32 initBlockSize;
	uint32 maxBlockSize;
	uint32 nextBlockSize;
	uint32 allocChunkLimit;
#endif
	int freeListIndex;
} SanitizedContext;

/* Gives back its blocks when it is deleted, and so do its children. */
static inline void
sanitize_end(MemoryContext context)
{
	SanitizedContext *set = (SanitizedContext *) context;

	if (!IsA(context, AllocSetContext))
		return;
	if (set->freeListIndex < -1 || set->freeListIndex > 1 || set->initBlockSize < 1024 ||
		set->initBlockSize > set->maxBlockSize)
		elog(FATAL, "memory contexts are not as test/sanitize.h knows them");
	set->freeListIndex = -1;
	for (MemoryContext child = context->firstchild; child != NULL;
		 child = child->nextchild)
		sanitize_end(child);
}

/* A new one: no piece of it shares a block, but for those that palloc(0) makes. */
static inline MemoryContext
sanitize_begin(MemoryContext context)
{
	sanitize_end(context);
	((SanitizedContext *) context)->allocChunkLimit = 8;
	return context;
}

static inline int
sanitize_spi_connect(void)
{
	int result = SPI_connect();
	MemoryContext exec = CurrentMemoryContext->parent->firstchild;

	(void) sanitize_begin(CurrentMemoryContext);
	if (exec != CurrentMemoryContext && strcmp(exec->name, "SPI Exec") == 0)
		(void) sanitize_begin(exec);
	return result;
}

#define SPI_connect sanitize_spi_connect
#define AllocSetContextCreateInternal(...) \
	sanitize_begin((AllocSetContextCreateInternal) (__VA_ARGS__))
