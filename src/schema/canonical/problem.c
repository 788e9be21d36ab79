/*
 * problem.c
 *		Which problems of a document are those of the write that makes it.
 *
 * A rule binds what a write changes.  Where a schema or policy has become
 * stricter, a document may hold what it does not allow, and whoever suspends the
 * user or changes his title is not to blame for it.  So each problem says what
 * breaks the rule: an attribute, and the value that it must not have or, where
 * it has none but must, nothing.  Values are known by what they are, not by
 * their place among the elements of an attribute.
 *
 * A problem that the document before the write had too is not the write's; one
 * for one, so that a second value that is wrong in the same way is.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"

#include "json/json.h"
#include "schema/canonical/canonical.h"

/* Problems of the document before: how often this one is there. */
typedef struct Slot
{
	const ScimProblem *problem; /* NULL: free */
	int count;
} Slot;

static Slot *find_slot(Slot *slots, uint32 mask, const ScimProblem *problem);
static bool same_problem(const ScimProblem *a, const ScimProblem *b);

/*
 * ScimProblemsOfWrite returns those of problems that are not among before, the
 * problems by the same rules of the document that the write replaces.
 */
List *
ScimProblemsOfWrite(List *problems, const List *before)
{
	List *own = NIL;
	uint32 mask;
	Slot *slots;
	ListCell *lc;

	if (problems == NIL || before == NIL)
		return problems;
	/* a hash table: both lists may be as long as a document has values */
	mask = pg_nextpower2_32(list_length(before)) * 2 - 1;
	slots = palloc0((mask + 1) * sizeof(Slot));
	foreach (lc, before)
	{
		const ScimProblem *problem = lfirst(lc);
		Slot *slot;

		CHECK_FOR_INTERRUPTS();
		if (problem->about == NULL)
			continue;
		slot = find_slot(slots, mask, problem);
		slot->problem = problem;
		slot->count++;
	}
	foreach (lc, problems)
	{
		ScimProblem *problem = lfirst(lc);
		Slot *slot = problem->about ? find_slot(slots, mask, problem) : NULL;

		CHECK_FOR_INTERRUPTS();
		if (slot == NULL || slot->count == 0)
			own = lappend(own, problem);
		else
			slot->count--;
	}
	pfree(slots);
	return own;
}

/* The slot of a problem, or the free one where it belongs. */
static Slot *
find_slot(Slot *slots, uint32 mask, const ScimProblem *problem)
{
	uint32 hash = hash_bytes((const unsigned char *) &problem->about, sizeof(void *));

	if (problem->value != NULL)
		hash = hash_combine(hash, ScimJsonHash(problem->value));
	hash &= mask;
	while (slots[hash].problem != NULL && !same_problem(slots[hash].problem, problem))
		hash = (hash + 1) & mask;
	return &slots[hash];
}

static bool
same_problem(const ScimProblem *a, const ScimProblem *b)
{
	if (a->about != b->about || a->kind != b->kind)
		return false;
	if (a->value == NULL || b->value == NULL)
		return a->value == b->value;
	return ScimJsonEqual(a->value, b->value);
}

static void
drop_missing(const void *about, const char *name, List **problems)
{
	ListCell *lc;

	foreach (lc, *problems)
	{
		const ScimProblem *problem = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		if (problem->about == about &&
			(problem->value == NULL ||
			 (problem->value->type == jbvObject && !ScimJsonGet(problem->value, name))))
			*problems = foreach_delete_current(*problems, lc);
	}
}

/* ScimDropMissing drops the problems that say of values that they lack a part. */
void
ScimDropMissing(const ScimAttribute *sub, List **problems)
{
	drop_missing(sub, sub->name, problems);
}

/* ScimDropMissingExtension: the same of a document that lacks an extension. */
void
ScimDropMissingExtension(const ScimSchema *schema, List **problems)
{
	drop_missing(schema, schema->id, problems);
}
