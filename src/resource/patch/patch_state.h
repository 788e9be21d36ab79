/*
 * patch_state.h
 *		What the files of PATCH share: one that is being applied.
 */
#ifndef SCIM_PATCH_STATE_H
#define SCIM_PATCH_STATE_H

#include "path/path.h"
#include "resource/patch/patch.h"
#include "setting/setting.h"

/* So many bytes of what is looked through or made anew are as good as a value. */
#define SCIM_BYTES_OF_VISIT 64

typedef enum PatchOp
{
	PATCH_ADD,
	PATCH_REMOVE,
	PATCH_REPLACE,
	PATCH_LIST, /* these no client sends (patch_parts.c) */
	PATCH_CHOOSE,
	PATCH_SHOW,
	PATCH_ONLY,
	PATCH_GIVE
} PatchOp;

typedef struct Patch
{
	const ScimRegistry *registry;
	const ScimResourceType *type;
	/* what becomes part of the document or of member_changes is made in context; all
	 * else is gone with the operation */
	MemoryContext context;
	bool by_client;          /* the settings that make PATCH stricter hold */
	ScimJudgeProblems judge; /* or NULL */
	const void *judge_arg;
	const JsonbValue *before; /* the document as it was */
	JsonbValue *document;
	const char *field; /* for which the operation stands, or NULL */
	int operations;
	int64 visits; /* of values of multi-valued attributes */
	List *taken;  /* of PatchValues *: not in the document at present */
	int member_filters;
	List *member_changes; /* of ScimMemberChange * */
} Patch;

/* A member of a path-less value, of which the key is a path. */
typedef struct PatchMember
{
	int number;
	const char *key;
	bool qualified;      /* the key has a URN */
	ScimResolved target; /* attribute NULL: an extension as a whole */
	const ScimFilter *filter;
	const ScimFilterMeaning *meant; /* what the filter means; NULL: nothing */
	const JsonbValue *value;
} PatchMember;

/* patch_keys.c */
extern const ScimSchema *ScimPatchSchema(const Patch *patch, const ScimResolved *target);
extern void ScimPatchCollect(Patch *patch, const ScimSchema *schema,
							 const JsonbValue *object, List **members);
extern void ScimPatchCheckDistinct(Patch *patch, const List *members);

/* patch.c */
extern JsonbValue *
ScimPatchObject(Patch *patch, const ScimSchema *extension, bool create);
extern void ScimPatchCountOperation(Patch *patch);
extern void ScimPatchVisit(Patch *patch, int64 values);

/* patch_values.c */
typedef struct PatchValues PatchValues;
extern PatchValues *
ScimPatchTakeValues(Patch *patch, const ScimSchema *extension,
					const ScimAttribute *parent, const ScimAttribute *attribute);
extern PatchValues *ScimPatchLooseValues(Patch *patch, const ScimAttribute *attribute);
extern void ScimPatchLoadValues(PatchValues *values, const JsonbValue *stored);
extern JsonbValue *ScimPatchStoreValues(const PatchValues *values);
extern void ScimPatchFreeValues(PatchValues *values);
extern void ScimPatchSettle(Patch *patch, const ScimAttribute *attribute);
extern int ScimPatchCount(const PatchValues *values);
extern bool ScimPatchIsEmpty(const PatchValues *values);
extern JsonbValue *ScimPatchValueAt(PatchValues *values, int i);
extern void ScimPatchRemoveValue(PatchValues *values, int i);
extern void ScimPatchChangedValue(PatchValues *values, int i, bool made_primary);
extern void ScimPatchMergeTwins(PatchValues *values, List *changed);
extern void ScimPatchAppendValues(PatchValues *values, const JsonbValue *added);
extern void ScimPatchRemoveListed(PatchValues *values, const JsonbValue *listed);
extern List *ScimPatchSelect(PatchValues *values, const ScimFilter *filter,
							 const ScimBoundFilter *bound);

/* patch_attribute.c */
extern void ScimPatchSetMember(Patch *patch, JsonbValue *object, const char *name,
							   const JsonbValue *value);
extern JsonbValue *ScimPatchCopyToKeep(Patch *patch, const JsonbValue *value);
extern void ScimPatchMerge(Patch *patch, const ScimAttribute *attribute,
						   JsonbValue *target, const JsonbValue *stated);
extern void ScimPatchMergeKept(Patch *patch, const ScimAttribute *attribute,
							   JsonbValue *target, const JsonbValue *kept);
extern bool ScimPatchAllows(const Patch *patch, ScimSettingId setting);
extern void
ScimPatchCheckWritable(const ScimAttribute *attribute, const ScimAttribute *sub);
extern void ScimPatchRefusePart(const ScimAttribute *attribute);
extern void ScimPatchSetAttribute(Patch *patch, PatchOp op, const ScimResolved *target,
								  const JsonbValue *raw);
extern void
ScimPatchRemoveAttribute(Patch *patch, const ScimResolved *target, const JsonbValue *raw);
extern void
ScimPatchRemoveUnassigned(Patch *patch, JsonbValue *target,
						  const ScimAttribute *attribute, const JsonbValue *raw);
extern bool
ScimPatchChangesSubValues(PatchOp op, const ScimAttribute *sub, const JsonbValue *raw);
extern void ScimPatchChangeSubValues(Patch *patch, PatchOp op, PatchValues *values,
									 const ScimAttribute *sub, const JsonbValue *raw);
extern const JsonbValue *
ScimPatchSubValue(Patch *patch, PatchOp op, const ScimAttribute *sub,
				  const JsonbValue *raw);
extern void ScimPatchChangeSub(Patch *patch, PatchOp op, JsonbValue *complex,
							   const ScimAttribute *sub, const JsonbValue *raw,
							   const JsonbValue *value);

/* patch_selected.c */
extern bool ScimPatchMakesTwins(const ScimAttribute *sub);
extern void
ScimPatchChangeSubAttribute(Patch *patch, PatchOp op, const ScimResolved *target,
							const JsonbValue *raw);
extern void ScimPatchChangeSelected(Patch *patch, PatchOp op, const ScimResolved *target,
									const ScimFilter *filter, const ScimAttribute *sub,
									const JsonbValue *raw);
extern void
ScimPatchChangeSelectedSingle(Patch *patch, PatchOp op, const ScimResolved *target,
							  const ScimFilter *filter, const JsonbValue *raw);

/* patch_parts.c */
extern void
ScimPatchListParts(Patch *patch, const ScimResolved *target, const JsonbValue *listed);
extern void
ScimPatchOnlyOne(Patch *patch, const ScimResolved *target, const JsonbValue *listed);
extern void
ScimPatchGivePart(Patch *patch, const ScimResolved *target, const JsonbValue *raw);
extern void ScimPatchShowPart(Patch *patch, const ScimResolved *target,
							  const ScimFilter *filter, const JsonbValue *raw);
extern void ScimPatchChooseOne(Patch *patch, const ScimResolved *target,
							   const ScimFilter *filter, const JsonbValue *chosen);

/* patch_path.c */
extern ScimPath *ScimPatchParsePath(const char *text);
extern bool ScimPatchRemovesListed(const ScimAttribute *attribute, const JsonbValue *raw);
extern void ScimPatchCheckListed(Patch *patch, const ScimAttribute *attribute,
								 const JsonbValue *raw, const JsonbValue *listed);
extern void ScimPatchCheckPart(const ScimAttribute *sub, const JsonbValue *raw);
extern const JsonbValue *ScimPatchUnwrap(const JsonbValue *raw);
extern bool ScimPatchNamesParts(const JsonbValue *raw);
extern const JsonbValue *
ScimPatchRemovedValue(Patch *patch, const ScimAttribute *attribute,
					  const JsonbValue *raw);
extern bool ScimPatchIsMeant(const Patch *patch, const ScimAttribute *attribute,
							 const JsonbValue *removed, const JsonbValue *raw,
							 const JsonbValue *present);
extern bool ScimPatchIsListed(const Patch *patch, const ScimAttribute *attribute,
							  const JsonbValue *listed, const JsonbValue *element);
extern bool ScimPatchFind(Patch *patch, const ScimPath *path, const ScimAttrRef *ref,
						  ScimResolved *target);
extern bool ScimPatchResolve(Patch *patch, const ScimPath *path, const ScimAttrRef *ref,
							 ScimResolved *target);
extern ScimBoundFilter *
ScimPatchSelectionMeans(Patch *patch, const ScimResolved *target,
						const ScimFilter *filter, ScimProblem **problem);
extern ScimBoundFilter *ScimPatchBindSelection(Patch *patch, const ScimResolved *target,
											   const ScimFilter *filter);
extern Jsonb *ScimPatchFilterInput(JsonbValue *element);
extern bool
ScimPatchMatches(Patch *patch, const ScimBoundFilter *bound, const Jsonb *input);
extern ScimResolved ScimPatchPlace(const Patch *patch, const ScimAttribute *attribute);
extern bool ScimPatchValueNames(const ScimResolved *of, const JsonbValue *listed,
								const JsonbValue *element);
extern JsonbValue *
ScimPatchValue(Patch *patch, const ScimAttribute *attribute, const JsonbValue *raw);
extern JsonbValue *
ScimPatchNewValue(Patch *patch, const ScimAttribute *attribute, const JsonbValue *raw);
extern void ScimPatchKeepSealed(Patch *patch, const ScimAttribute *attribute,
								const JsonbValue *present, JsonbValue *value);
extern JsonbValue *
ScimPatchElementValue(Patch *patch, PatchOp op, const ScimAttribute *attribute,
					  const JsonbValue *raw);
extern JsonbValue *
ScimPatchElementFromFilter(Patch *patch, const ScimAttribute *attribute,
						   const ScimFilter *filter);
extern void ScimPatchRaise(Patch *patch, const ScimAttribute *attribute, List *problems);

/* patch_members.c */
extern void ScimPatchMembers(Patch *patch, PatchOp op, const ScimResolved *target,
							 const ScimFilter *filter, const JsonbValue *value);

#endif /* SCIM_PATCH_STATE_H */
