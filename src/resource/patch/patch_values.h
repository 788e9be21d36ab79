/*
 * patch_values.h
 *		The values of a multi-valued attribute while a PATCH works on them; private to
 *		the files that do: patch_values.c changes them, patch_search.c finds them.
 */
#ifndef SCIM_PATCH_VALUES_H
#define SCIM_PATCH_VALUES_H

#include "json/buckets.h"
#include "resource/patch/patch_state.h"

/* Up to so many values, looking at each is as good as looking one up. */
#define FEW_VALUES 16

typedef struct PatchValue
{
	JsonbValue value;
	Jsonb *jsonb; /* for filters; NULL: not made yet */
	int entry;    /* in the index, or -1 */
	bool gone;
	int found_by; /* number of the last search that found it */
} PatchValue;

struct PatchValues
{
	Patch *patch;
	MemoryContext context;
	const ScimSchema *extension;    /* or NULL */
	const ScimAttribute *parent;    /* of a sub-attribute, or NULL */
	const ScimAttribute *attribute; /* the sub-attribute itself in that case */
	ScimResolved of;                /* by which values compare (canonical/same.c) */
	const ScimAttribute *value_sub; /* "value" and "type" of it, or NULL */
	const ScimAttribute *type_sub;
	int count; /* those that are gone included */
	int ngone;
	int capacity;
	PatchValue *values;
	int primary;
	bool indexed;
	ScimBuckets by_hash;
	int searches;
	List *found; /* of int, by the last search */
};

/* patch_search.c */
extern void ScimPatchIndexValue(PatchValues *values, int i);
extern void ScimPatchSearchSelected(PatchValues *values, const ScimFilter *filter);
extern void ScimPatchSearchListed(PatchValues *values, const JsonbValue *listed);
extern int ScimPatchFindSame(PatchValues *values, const JsonbValue *element);
extern int ScimPatchFindTwin(PatchValues *values, int i);

#endif /* SCIM_PATCH_VALUES_H */
