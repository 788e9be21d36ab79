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
static void grow(ScimBuckets *buckets);
static int *head_of(const ScimBuckets *buckets, uint32 hash);
static void link_entry(ScimBuckets *buckets, int at);

/*
 * ScimBucketsInit makes buckets without an item in the current memory context, in
 * which they also grow.
 */
void
ScimBucketsInit(ScimBuckets *buckets, int expected)
{
	buckets->nentries = 0;
	buckets->free = -1;
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
	(void) ScimBucketsAddAlso(buckets, hash, item, -1);
}

/*
 * ScimBucketsAddAlso adds an item that has several hashes: also is what the call for
 * the one before returned, -1 for the first.  Returns what ScimBucketsRemove takes to
 * remove the item with all of them.
 */
int
ScimBucketsAddAlso(ScimBuckets *buckets, uint32 hash, int item, int also)
{
	ScimBucketEntry *entry;
	int at = buckets->free;

	if (at >= 0)
		buckets->free = buckets->entries[at].prior;
	else
	{
		if (buckets->nentries == buckets->capacity)
			grow(buckets);
		at = buckets->nentries++;
	}
	entry = &buckets->entries[at];
	entry->hash = hash;
	entry->item = item;
	entry->also = also;
	link_entry(buckets, at);
	return at;
}

/* No entry is free. */
static void
grow(ScimBuckets *buckets)
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

/*
 * ScimBucketsRemove removes an item with all its hashes.  at is what ScimBucketsAddAlso
 * returned for the last of them; -1 is of none.
 */
void
ScimBucketsRemove(ScimBuckets *buckets, int at)
{
	while (at >= 0)
	{
		ScimBucketEntry *entry = &buckets->entries[at];
		int also = entry->also;

		if (entry->prior >= 0)
			buckets->entries[entry->prior].next = entry->next;
		else
			*head_of(buckets, entry->hash) = entry->next;
		if (entry->next >= 0)
			buckets->entries[entry->next].prior = entry->prior;
		entry->prior = buckets->free;
		buckets->free = at;
		at = also;
	}
}

/* ScimBucketsFirst finds an entry with this hash, the last that was added; -1: none. */
int
ScimBucketsFirst(const ScimBuckets *buckets, uint32 hash)
{
	return find_from(buckets, *head_of(buckets, hash), hash);
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

static int *
head_of(const ScimBuckets *buckets, uint32 hash)
{
	return &buckets->heads[murmurhash32(hash) & buckets->mask];
}

static void
link_entry(ScimBuckets *buckets, int at)
{
	ScimBucketEntry *entry = &buckets->entries[at];
	int *head = head_of(buckets, entry->hash);

	entry->prior = -1;
	entry->next = *head;
	if (entry->next >= 0)
		buckets->entries[entry->next].prior = at;
	*head = at;
}
