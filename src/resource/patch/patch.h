/*
 * patch.h
 *		PATCH operations (RFC 7644 section 3.5.2) on the document of a resource.
 *
 *		patch.c			applies operations, one after the other (patch_state.h)
 *		patch_attribute.c	what they do to an attribute as a whole, or to a part of it
 *		patch_selected.c	what they do to the values that a filter selects
 *		patch_parts.c	one part of several values as a list, and which of them is the one
 *		patch_path.c	where an operation's path leads to
 *		patch_members.c	what it does to the members of a group
 *		patch_keys.c	what the keys of a path-less value name
 *		patch_values.c	the values of one attribute, many of them
 *		patch_search.c	how these are found (patch_values.h)
 */
#ifndef SCIM_PATCH_H
#define SCIM_PATCH_H

#include "resource/resource.h"

/* What a PATCH does to the members of a group, in order. */
typedef enum ScimMemberAction
{
	SCIM_MEMBERS_ADD,           /* members: array */
	SCIM_MEMBERS_REMOVE,        /* members: array */
	SCIM_MEMBERS_REMOVE_NAMED,  /* named: those of whom the rest is true as well */
	SCIM_MEMBERS_REMOVE_FILTER, /* filters: those that one of them matches */
	SCIM_MEMBERS_REPLACE        /* members: array, or NULL for none */
} ScimMemberAction;

/* A member that a filter names by "value eq", and what else it asks of it. */
typedef struct ScimNamedMember
{
	JsonbValue *member; /* {value} */
	const ScimBoundFilter *filter;
	const List *conditions; /* nodes of the filter, all of which have to match */
} ScimNamedMember;

typedef struct ScimMemberChange
{
	ScimMemberAction action;
	JsonbValue *members;
	List *named;   /* of ScimNamedMember * */
	List *filters; /* of ScimFilter * */
	int64 visits;  /* what the PATCH has looked at without them */
} ScimMemberChange;

extern void
ScimPatchCountVisits(const ScimResourceType *type, int64 values, int64 *visits);
extern void ScimPatchVisitMembers(const ScimResourceType *type, int64 terms,
								  int64 members, int64 *visits);

/*
 * Operations beside those of RFC 7644, for who is no client (by_client): the values
 * of an attribute are those whose parts, as of emails.value, are listed, with whatever
 * else they have; and the value with a part, or which is this, is the one that the filter
 * of the path describes, or the primary, or the first.
 * And what the path of a part with a filter leads to is replaced, unless the first value
 * that is selected says so already.
 * And the one value that a list has, unless it is the primary or the first of it already.
 * And the primary or the first of the values, or a new one, gets this part.
 *
 * Any of their operations may say for which field it stands: an error of it has that as
 * its column.
 */
#define SCIM_PATCH_FIELD "field"

#define SCIM_PATCH_LIST "list"
#define SCIM_PATCH_CHOOSE "choose"
#define SCIM_PATCH_SHOW "show"
#define SCIM_PATCH_ONLY "only"
#define SCIM_PATCH_GIVE "give"

/* Says which errors the problems of a write are, as policies want it. */
typedef void (*ScimJudgeProblems)(const void *arg, List *problems);

extern JsonbValue *
ScimPatch(const ScimRegistry *registry, const ScimResourceType *type,
		  const JsonbValue *document, const JsonbValue *operations, bool by_client,
		  ScimJudgeProblems judge, const void *judge_arg, List **member_changes);

#endif /* SCIM_PATCH_H */
