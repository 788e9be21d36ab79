/*
 * targets.c
 *		What the rows of one statement refer to: whoever writes many rows that refer to
 *		the same resource has it looked up once.
 *
 * It is known until the statement ends, as the snapshot is that a statement sees.
 */
#include "postgres.h"

#include "utils/hsearch.h"

#include "door/row/row.h"
#include "text/hash.h"

/* So many answers are kept, and then all are forgotten. */
#define MAX_TARGETS 10000

typedef struct TargetKey
{
	const void *rule;
	pg_uuid_t id;
} TargetKey;

typedef struct Target
{
	TargetKey key;
	bool answer;
} Target;

struct ScimTargets
{
	MemoryContext parent;
	HTAB *table; /* NULL: nothing is known */
};

/* ScimTargetsMake makes an empty one. */
ScimTargets *
ScimTargetsMake(MemoryContext parent)
{
	ScimTargets *targets = MemoryContextAllocZero(parent, sizeof(ScimTargets));

	targets->parent = parent;
	return targets;
}

/* ScimTargetsFind sets *answer and returns true where a rule has been asked of an id. */
bool
ScimTargetsFind(const ScimTargets *targets, const void *rule, const pg_uuid_t *id,
				bool *answer)
{
	TargetKey key = {rule, *id};
	const Target *target;

	if (targets->table == NULL)
		return false;
	target = hash_search(targets->table, &key, HASH_FIND, NULL);
	if (target == NULL)
		return false;
	*answer = target->answer;
	return true;
}

/* ScimTargetsPut keeps an answer. */
void
ScimTargetsPut(ScimTargets *targets, const void *rule, const pg_uuid_t *id, bool answer)
{
	TargetKey key = {rule, *id};

	if (targets->table != NULL && hash_get_num_entries(targets->table) >= MAX_TARGETS)
	{
		hash_destroy(targets->table);
		targets->table = NULL;
	}
	if (targets->table == NULL)
	{
		HASHCTL control = {.keysize = sizeof(TargetKey),
						   .hash = ScimHash,
						   .entrysize = sizeof(Target),
						   .hcxt = targets->parent};

		targets->table = hash_create("scim targets", 16, &control,
									 HASH_ELEM | HASH_FUNCTION | HASH_CONTEXT);
	}
	((Target *) hash_search(targets->table, &key, HASH_ENTER, NULL))->answer = answer;
}
