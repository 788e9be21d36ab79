/*
 * locator.c
 *		By what an altered row of the audit is found, where whoever altered it has made
 *		the whole chain of seals anew.
 *
 * What is kept elsewhere cannot hold every row.  So it holds sums over groups of rows:
 * for each of the first 64 bits of the id (but the four that are the same in every uuid
 * version 7) one over the rows in which it is 1, and one over all, so that the rows in
 * which it is 0 have theirs, too.  A row that was altered, removed or added afterwards
 * changes one group of each pair, and the groups that differ spell its id: the time at
 * which it was written, to the quarter of a microsecond.  Where several rows are
 * concerned, what they have in common is spelled, which is at least from when to when.
 *
 * A sum does not depend on the order of rows, nor on how they were sealed.  It is one of
 * numbers of 1024 bits, which SHA-256 makes of the digest of a row; so many bits because
 * sums of few can be kept the same by altering very many rows at once.
 */
#include "postgres.h"

#include "common/cryptohash.h"
#include "port/pg_bswap.h"

#include "audit/audit.h"
#include "audit/locator.h"

#define BLOCKS (SCIM_LOCATOR_WORDS * 8 / SCIM_DIGEST_LENGTH)

/* SHA-256 (part, bytes) for one part. */
static void
hash_part(pg_cryptohash_ctx *context, uint8 part, const uint8 *bytes, size_t len,
		  uint8 *result)
{
	if (pg_cryptohash_init(context) < 0 || pg_cryptohash_update(context, &part, 1) < 0 ||
		pg_cryptohash_update(context, bytes, len) < 0 ||
		pg_cryptohash_final(context, result, SCIM_DIGEST_LENGTH) < 0)
		elog(ERROR, "could not compute a SHA-256");
}

static void
add_to(uint64 *sum, const uint64 *number, bool subtract)
{
	uint64 carry = 0;

	for (int i = 0; i < SCIM_LOCATOR_WORDS; i++)
	{
		uint64 before = sum[i];

		if (subtract)
		{
			sum[i] = before - number[i] - carry;
			carry = carry ? before <= number[i] : before < number[i];
		}
		else
		{
			sum[i] = before + number[i] + carry;
			carry = carry ? sum[i] <= before : sum[i] < before;
		}
	}
}

/* ScimLocatorBit: the number of a bit that tells rows apart, of 0 to 59. */
int
ScimLocatorBit(int number)
{
	return number < 48 ? number : number + 4;
}

static bool
has_bit(const pg_uuid_t *id, int number)
{
	int bit = ScimLocatorBit(number);

	return (id->data[bit / 8] >> (7 - bit % 8) & 1) != 0;
}

void
ScimLocatorAdd(ScimLocator *locator, const pg_uuid_t *id, const uint8 *digest)
{
	union
	{
		uint8 bytes[SCIM_LOCATOR_WORDS * 8];
		uint64 words[SCIM_LOCATOR_WORDS];
	} number;
	pg_cryptohash_ctx *context = pg_cryptohash_create(PG_SHA256);

	if (context == NULL)
		elog(ERROR, "could not compute a SHA-256");
	for (int i = 0; i < BLOCKS; i++)
		hash_part(context, (uint8) i, digest, SCIM_DIGEST_LENGTH,
				  number.bytes + i * SCIM_DIGEST_LENGTH);
	pg_cryptohash_free(context);
	for (int i = 0; i < SCIM_LOCATOR_WORDS; i++)
		number.words[i] = pg_ntoh64(number.words[i]);
	add_to(locator->sums[SCIM_LOCATOR_BITS], number.words, false);
	for (int i = 0; i < SCIM_LOCATOR_BITS; i++)
	{
		if (has_bit(id, i))
			add_to(locator->sums[i], number.words, false);
	}
}

/* Words are written with the highest byte first, as everything that is hashed here. */
void
ScimLocatorWrite(const ScimLocator *locator, uint8 *bytes)
{
	for (int i = 0; i <= SCIM_LOCATOR_BITS; i++)
	{
		for (int j = 0; j < SCIM_LOCATOR_WORDS; j++)
		{
			uint64 word = pg_hton64(locator->sums[i][j]);

			memcpy(bytes + (i * SCIM_LOCATOR_WORDS + j) * 8, &word, 8);
		}
	}
}

/* ScimLocatorRead returns false where there is not as much as there should be. */
bool
ScimLocatorRead(ScimLocator *locator, const uint8 *bytes, size_t len)
{
	if (len != SCIM_LOCATOR_SIZE)
		return false;
	for (int i = 0; i <= SCIM_LOCATOR_BITS; i++)
	{
		for (int j = 0; j < SCIM_LOCATOR_WORDS; j++)
		{
			uint64 word;

			memcpy(&word, bytes + (i * SCIM_LOCATOR_WORDS + j) * 8, 8);
			locator->sums[i][j] = pg_ntoh64(word);
		}
	}
	return true;
}

/*
 * ScimLocatorPrint makes of the sums what is kept elsewhere: 16 bytes of the SHA-256 of
 * each, for each bit those of the rows in which it is 0 and of those in which it is 1.
 */
void
ScimLocatorPrint(const ScimLocator *locator, uint8 *prints)
{
	pg_cryptohash_ctx *context = pg_cryptohash_create(PG_SHA256);

	if (context == NULL)
		elog(ERROR, "could not compute a SHA-256");
	for (int i = 0; i < 2 * SCIM_LOCATOR_BITS; i++)
	{
		uint64 sum[SCIM_LOCATOR_WORDS];
		uint8 digest[SCIM_DIGEST_LENGTH];

		memcpy(sum, locator->sums[i / 2], sizeof(sum));
		if (i % 2 == 0)
		{
			memcpy(sum, locator->sums[SCIM_LOCATOR_BITS], sizeof(sum));
			add_to(sum, locator->sums[i / 2], true);
		}
		for (int j = 0; j < SCIM_LOCATOR_WORDS; j++)
			sum[j] = pg_hton64(sum[j]);
		hash_part(context, (uint8) i, (const uint8 *) sum, sizeof(sum), digest);
		memcpy(prints + i * SCIM_PRINT_LENGTH, digest, SCIM_PRINT_LENGTH);
	}
	pg_cryptohash_free(context);
}
