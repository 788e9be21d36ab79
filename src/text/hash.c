/*
 * hash.c
 *		Hashes of what clients send, by which items are found in memory.
 *
 * PostgreSQL's hash functions are known, and can be computed backwards: whoever wants to
 * can send ten thousands of texts that have the same hash, so that what looks one up
 * looks at all.  Here each process has a seed of its own that nobody knows.  So none of
 * these hashes may be stored, shown or sent.
 */
#include "postgres.h"

#include "text/hash.h"

#include "common/hashfn.h"

/* ScimHashSeed is the same for as long as the process lives, and never 0. */
uint64
ScimHashSeed(void)
{
	static uint64 seed = 0;

	while (seed == 0)
	{
		if (!pg_strong_random(&seed, sizeof(seed)))
			ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR),
							errmsg("could not generate random values")));
	}
	return seed;
}

/* ScimHash hashes bytes, such as the key of a hash table (HASH_FUNCTION). */
uint32
ScimHash(const void *data, Size len)
{
	return (uint32) hash_bytes_extended(data, (int) len, ScimHashSeed());
}
