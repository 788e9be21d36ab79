/*
 * buckets.c
 *		Items by hash, in chains.  See buckets.h.
 */
#include "postgres.h"

#include "json/buckets.h"

#include "common/hashfn.h"
#include "port/pg_bitutils.h"
#include "utils/memutils.h"

#define MIN_ENTRIES 16

static int find_from(const ScimBuckets *buckets, int at, uint32 hash);
static void link_entry(ScimBuckets *buckets, int at);

/*
 * ScimBucketsInit makes buckets without an item in the current memory context, in
 * which they also grow.
 */
void
ScimBucketsInit(ScimBuckets *buckets, int expected)
{
	buckets->nentries = 0;
	buckets->capacity = pg_nextpower2_32(Max(expected, MIN_ENTRIES));
	buckets->mask = buckets->capacity - 1;
	buckets->heads = palloc(buckets->capacity * sizeof(int));
	memset(buckets->heads, -1, buckets->capacity * sizeof(int));
	buckets->entries =
		palloc_extended(buckets->capacity * sizeof(ScimBucketEntry), MCXT_ALLOC_HUGE);
}

void
ScimBucketsFree(ScimBuckets *buckets)
{
	pfree(buckets->heads);
	pfree(buckets->entries);
}

/* ScimBucketsAdd adds an item; another of the same hash may be there. */
void
ScimBucketsAdd(ScimBuckets *buckets, uint32 hash, int item)
{
	ScimBucketEntry *entry;

	if (buckets->nentries == buckets->capacity)
	{
		buckets->capacity *= 2;
		buckets->mask = buckets->capacity - 1;
		buckets->heads = repalloc_huge(buckets->heads, buckets->capacity * sizeof(int));
		memset(buckets->heads, -1, buckets->capacity * sizeof(int));
		buckets->entries =
			repalloc_huge(buckets->entries, buckets->capacity * sizeof(ScimBucketEntry));
		for (int at = 0; at < buckets->nentries; at++)
			link_entry(buckets, at);
	}
	entry = &buckets->entries[buckets->nentries];
	entry->hash = hash;
	entry->item = item;
	link_entry(buckets, buckets->nentries++);
}

/* ScimBucketsFirst finds an entry with this hash, the last that was added; -1: none. */
int
ScimBucketsFirst(const ScimBuckets *buckets, uint32 hash)
{
	return find_from(buckets, buckets->heads[murmurhash32(hash) & buckets->mask], hash);
}

/* ScimBucketsNext finds the entry with the same hash that was added before; -1: none. */
int
ScimBucketsNext(const ScimBuckets *buckets, int at)
{
	const ScimBucketEntry *entry = &buckets->entries[at];

	return find_from(buckets, entry->next, entry->hash);
}

static int
find_from(const ScimBuckets *buckets, int at, uint32 hash)
{
	while (at >= 0 && buckets->entries[at].hash != hash)
		at = buckets->entries[at].next;
	return at;
}

static void
link_entry(ScimBuckets *buckets, int at)
{
	ScimBucketEntry *entry = &buckets->entries[at];
	int *head = &buckets->heads[murmurhash32(entry->hash) & buckets->mask];

	entry->next = *head;
	*head = at;
}
