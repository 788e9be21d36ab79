/*
 * patch.h
 *		What the files of PATCH share: patch.c applies operations, patch_path.c
 *		finds what a path selects, patch_keys.c what a path-less value names.
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

/* A member of a path-less value, of which the key is a path. */
typedef struct PatchMember
{
	int number;
	const char *key;
	ScimResolved target; /* attribute NULL: an extension as a whole */
	const ScimFilter *filter;
	const JsonbValue *value;
} PatchMember;

/* patch_keys.c */
extern void ScimPatchCollect(Patch *patch, const ScimSchema *extension,
							 const JsonbValue *object, List **members);
extern void ScimPatchCheckDistinct(const List *members);

/* patch_path.c */
extern ScimPath *ScimPatchParsePath(const char *text);
extern bool ScimPatchResolve(Patch *patch, const ScimPath *path, const ScimAttrRef *ref,
							 ScimResolved *target);
extern ScimBoundFilter *ScimPatchBindSelection(Patch *patch, const ScimResolved *target,
											   const ScimFilter *filter);
extern bool ScimPatchSelects(const ScimBoundFilter *bound, const JsonbValue *element);
extern bool ScimPatchValueNames(const JsonbValue *listed, const JsonbValue *element);
extern JsonbValue *ScimPatchElementValue(Patch *patch, const ScimAttribute *attribute,
										 const JsonbValue *raw);
extern JsonbValue *
ScimPatchElementFromFilter(Patch *patch, const ScimAttribute *attribute,
						   const ScimFilter *filter);
extern void ScimPatchMembers(Patch *patch, PatchOp op, const ScimResolved *target,
							 const ScimFilter *filter, const JsonbValue *value);

#endif /* SCIM_PATCH_H */
