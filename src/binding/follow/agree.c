/*
 * agree.c
 *		The two sides answer each other until they say the same.
 *
 * What one side has told the other comes back to it where that makes something else of
 * it: another round.  There are only so many, and when the last has ended what was told
 * is what both say, or it is an error.
 */
#include "postgres.h"

#include "binding/bound/bound.h"
#include "binding/follow/follow.h"
#include "binding/sides/sides.h"
#include "error.h"
#include "store/credential/credential.h"
#include "store/statement/statement.h"

/* So often may the two sides answer each other about one resource. */
#define MAX_ROUNDS 8

/* What is being written, the innermost last. */
typedef struct Round
{
	pg_uuid_t binding_id;
	pg_uuid_t resource_id;
	struct Round *outer;
} Round;

static Round *rounds = NULL;

/* ScimRoundsAreOn: is one side being told what the other one says, further out? */
bool
ScimRoundsAreOn(void)
{
	return rounds != NULL;
}

/* ScimRaiseDifference: attributes that the two sides never come to say the same of. */
void
ScimRaiseDifference(const ScimBinding *binding, const List *attributes,
					const pg_uuid_t *id)
{
	StringInfoData about;
	bool expression = false;
	const ListCell *lc;

	initStringInfo(&about);
	foreach (lc, attributes)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);

		appendStringInfo(&about, "%s%s (%s)", about.len > 0 ? ", " : "", attribute->path,
						 attribute->shown);
		expression |= attribute->kind == SCIM_BOUND_EXPRESSION;
	}
	ereport(ERROR,
			(ScimErr(SCIM_CONFLICT),
			 errmsg("table \"%s\" and store \"%s\" do not agree about %s of %s",
					binding->shown, binding->store->name, about.data,
					ScimScopeNamed(binding->store, binding->type->name, id)),
			 expression ? errhint("\"read\" of the mapping has to read what \"write\" "
								  "has written; triggers of the table and policies of "
								  "the store may change it, too.")
						: errhint("Each changes what the other one says: look at "
								  "triggers of the table, at policies of the store, and "
								  "at what the type of the column can hold.")));
}

/*
 * ScimRoundsDo does what one side has to say to the other about attributes of a resource.
 * Where they would never agree, it is an error.
 */
void
ScimRoundsDo(const ScimBinding *binding, const pg_uuid_t *id, const List *attributes,
			 void (*work)(void *arg), void *arg)
{
	Round round = {binding->id, *id, rounds};
	Round *before = rounds;
	int n = 0;

	for (const Round *at = rounds; at != NULL; at = at->outer)
		n += memcmp(&at->binding_id, &binding->id, UUID_LEN) == 0 &&
			 memcmp(&at->resource_id, id, UUID_LEN) == 0;
	if (n >= MAX_ROUNDS)
		ScimRaiseDifference(binding, attributes, id);
	rounds = &round;
	PG_TRY();
	{
		work(arg);
	}
	PG_FINALLY();
	{
		rounds = before;
	}
	PG_END_TRY();
}

/*
 * ScimRequireAgreement reads a resource and its row once more, of which some attributes
 * were written.  Returns the row, or NULL.
 */
const ScimRowView *
ScimRequireAgreement(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id,
					 const List *attributes)
{
	ScimBoundResource resource;
	const ScimRowView *row;
	ScimLink link;
	List *differ = NIL;
	const ListCell *lc;

	if (!ScimLinkOfResource(binding, tenant_id, id, &link) || !link.has_key ||
		!ScimBoundRead(binding, tenant_id, id, &resource) ||
		(link.detached && !resource.gone))
		return NULL;
	row = ScimRowFindOf(binding, tenant_id, link.key);
	if (row == NULL || row->gone || resource.gone)
		return row;
	foreach (lc, ScimBoundDiffer(binding, row, &resource))
	{
		if (list_member_ptr(attributes, lfirst(lc)))
			differ = lappend(differ, lfirst(lc));
	}
	if (differ != NIL)
		ScimRaiseDifference(binding, differ, id);
	return row;
}
