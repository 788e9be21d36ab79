/*
 * entry.c
 *		One entry of a plan: a key, or a range of keys, that GIN looks up.
 */
#include "postgres.h"

#include "index/index.h"

/* ScimIndexPlanAdd adds an entry, whose key is the caller's to make. */
ScimIndexEntry *
ScimIndexPlanAdd(ScimIndexPlan *plan, const ScimIndexNode *node, ScimEntryMode mode)
{
	ScimIndexEntry *entry = &plan->entries[plan->nentries++];

	memset(entry, 0, sizeof(*entry));
	entry->plan = plan;
	entry->mode = mode;
	entry->literal = ScimIndexString(plan->query, node->value);
	entry->literal_len = node->value_len;
	entry->endpoints_len = node->endpoints_len;
	return entry;
}
