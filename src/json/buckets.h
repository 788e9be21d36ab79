/*
 * buckets.h
 *		Items by hash: which of many may be equal to the one at hand.
 *
 * What compares each value of a list with each is slow where clients decide how
 * many there are.  Here items are numbers, such as indexes of an array, and several
 * may have the same hash; whoever asks compares what he finds:
 *
 *		for (int at = ScimBucketsFirst(&buckets, hash); at >= 0;
 *			 at = ScimBucketsNext(&buckets, at))
 *		{
 *			if (ScimJsonEqual(&elems[ScimBucketsItem(&buckets, at)], value))
 *				...
 *		}
 */
#ifndef SCIM_BUCKETS_H
#define SCIM_BUCKETS_H

#include "postgres.h"

typedef struct ScimBucketEntry
{
	uint32 hash;
	int item;
	int next;  /* in the same bucket, or -1 */
	int prior; /* the same the other way; of an entry that is free, the next such one */
	int also;  /* another entry that goes with this one, or -1 */
} ScimBucketEntry;

typedef struct ScimBuckets
{
	uint32 mask;
	int *heads;   /* of the buckets: entry numbers, or -1 */
	int nentries; /* free ones included */
	int capacity;
	int free; /* first entry whose item was removed, or -1 */
	ScimBucketEntry *entries;
} ScimBuckets;

extern void ScimBucketsInit(ScimBuckets *buckets, int expected);
extern void ScimBucketsFree(ScimBuckets *buckets);
extern void ScimBucketsAdd(ScimBuckets *buckets, uint32 hash, int item);
extern int ScimBucketsAddAlso(ScimBuckets *buckets, uint32 hash, int item, int also);
extern void ScimBucketsRemove(ScimBuckets *buckets, int at);
extern int ScimBucketsFirst(const ScimBuckets *buckets, uint32 hash);
extern int ScimBucketsNext(const ScimBuckets *buckets, int at);

static inline int
ScimBucketsItem(const ScimBuckets *buckets, int at)
{
	return buckets->entries[at].item;
}

#endif /* SCIM_BUCKETS_H */
