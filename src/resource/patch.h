/*
 * patch.h
 *		What the two files of PATCH share: patch.c applies operations,
 *		patch_path.c finds what a path selects.
 */
#ifndef SCIM_PATCH_H
#define SCIM_PATCH_H

#include "path/path.h"
#include "resource/resource.h"

typedef enum PatchOp
{
	PATCH_ADD,
	PATCH_REMOVE,
	PATCH_REPLACE
} PatchOp;

typedef struct Patch
{
	const ScimRegistry *registry;
	const ScimResourceType *type;
	JsonbValue *document;
	List *member_changes; /* of ScimMemberChange * */
} Patch;

extern bool ScimPatchResolve(Patch *patch, const ScimPath *path, const ScimAttrRef *ref,
							 ScimResolved *target);
extern ScimBoundFilter *ScimPatchBindSelection(Patch *patch, const ScimResolved *target,
											   const ScimFilter *filter);
extern bool ScimPatchSelects(const ScimBoundFilter *bound, const JsonbValue *element);
extern bool ScimPatchValueNames(const JsonbValue *listed, const JsonbValue *element);
extern JsonbValue *ScimPatchValue(Patch *patch, const ScimAttribute *attribute,
								  const JsonbValue *raw, const JsonbValue *present);
extern JsonbValue *
ScimPatchElementValue(Patch *patch, const ScimAttribute *attribute, const JsonbValue *raw,
					  const JsonbValue *present);
extern JsonbValue *
ScimPatchElementFromFilter(Patch *patch, const ScimAttribute *attribute,
						   const ScimFilter *filter);
extern void ScimPatchMembers(Patch *patch, PatchOp op, const ScimResolved *target,
							 const ScimFilter *filter, const JsonbValue *value);

#endif /* SCIM_PATCH_H */
