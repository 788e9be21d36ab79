/*
 * members.h
 *		Members of groups at the door: what follows from who comes and goes, and
 *		how they are shown.
 *
 *		member_row.c	a row that anybody writes says who it is about
 *		member_check.c	what the members of a group must obey
 *		member_lock.c	who becomes a member stays meanwhile
 *		member_note.c	who came and went, until an event tells it
 *		member.c		group membership: what follows from it, and how it is shown
 *		groups.c		the groups that a resource is in, as they are shown
 *		member_audit.c	who came and went, in the audit
 *		member_change.c	what one write does to the members of a group
 */
#ifndef SCIM_MEMBERS_H
#define SCIM_MEMBERS_H

#include "postgres.h"
#include "commands/trigger.h"
#include "datatype/timestamp.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"
#include "utils/uuid.h"

#include "event/event.h"
#include "policy/policy.h"
#include "resource/resource.h"
#include "store/statement/plan.h"
#include "store/store.h"

/* member_check.c */
typedef void (*ScimPutProblem)(void *arg, const pg_uuid_t *id,
							   const ScimProblem *problem);
extern void ScimMemberRowPush(ErrorContextCallback *callback, const ScimStore *store,
							  const char *condition, const ScimParams *params);
extern void ScimCheckMemberTypes(ScimStore *store, const char *rows, ScimParams *params,
								 bool name_row);
extern void ScimCheckNewMembers(ScimStore *store, bool name_row);
/* What a row of "member" says of who it is about. */
typedef enum ScimMemberPart
{
	SCIM_MEMBER_TYPE,
	SCIM_MEMBER_VALUE
} ScimMemberPart;
extern void ScimMembersSpell(ScimStore *store, int32 tenant_id,
							 const ScimResourceType *type, const List *changes);
extern const char *
ScimMemberSpelled(ScimStore *store, int32 tenant_id, const pg_uuid_t *group_id,
				  ScimMemberPart part, const char *text);
extern void
ScimMembersValidate(ScimStore *store, int32 tenant_id, const ScimResourceType *type,
					ScimPutProblem put, void *arg);

/* member_change.c */
extern const pg_uuid_t *ScimGroupAtDoor;
extern const ScimResourceType *ScimGroupAtDoorType;
extern int64 ScimGroupAtDoorVersion;
extern TimestampTz ScimGroupChanges;
extern uint64 ScimMembersChange(ScimStore *store, int32 tenant_id,
								const pg_uuid_t *group_id, const ScimResourceType *type,
								int64 version, List *changes, TimestampTz now);
extern uint64
ScimMembersReplaceAtDoor(ScimStore *store, int32 tenant_id, const pg_uuid_t *group_id,
						 const ScimResourceType *type, int64 version,
						 const JsonbValue *members, TimestampTz now);
extern bool ScimMembersWouldChange(ScimStore *store, int32 tenant_id,
								   const pg_uuid_t *group_id, const JsonbValue *members);

/* member.c */
extern uint64 ScimMembersDelete(ScimStore *store, const char *which,
								const ScimParams *params, bool keep);
extern bool ScimMembersLeave(ScimStore *store, int32 tenant_id, Datum *members, int n,
							 const pg_uuid_t *group);
extern void ScimMembersDrop(ScimStore *store, int32 tenant_id, const pg_uuid_t *group_id,
							TimestampTz now);

/*
 * By what members are shown: those of a type by an attribute of theirs, where they have
 * it; the others, and all where there is no such thing, by their ids.
 */
typedef struct ScimMemberNaming
{
	const ScimResourceType *type;
	/* names[i] of ids[i], or NULL; the ids are in their order */
	void (*name)(const struct ScimMemberNaming *naming, int nids, const pg_uuid_t *ids,
				 const char **names);
	const void *context;
} ScimMemberNaming;

/* What an answer holds of each reference in "members" or "groups". */
typedef struct ScimReferenceParts
{
	const char *base_url;
	bool value;
	bool ref;
	bool type;
	bool display;
} ScimReferenceParts;
extern ScimReferenceParts
ScimReferencePartsOf(const ScimStore *store, const ScimProjection *projection,
					 const char *attribute);
extern void
ScimAppendReference(StringInfo out, const ScimReferenceParts *parts, const char *value,
					const char *name, const ScimResourceType *target, const char *type,
					const char *display);
extern bool ScimEndReferences(StringInfo out, int start);
/* Append the JSON array of members or groups; false (and nothing) where there are none.
 */
extern char *ScimMembersSelect(const ScimStore *store, const char *rows);
extern uint64
ScimMembersRenderRows(StringInfo out, ScimStore *store, const ScimResource *group,
					  const ScimProjection *projection, uint64 nrows, int max);
extern bool ScimMembersRender(StringInfo out, ScimStore *store, const ScimResource *group,
							  const ScimProjection *projection);

/* groups.c */
extern bool ScimIsInGroup(ScimStore *store, int32 tenant_id, const pg_uuid_t *id);
extern bool ScimGroupsRender(StringInfo out, ScimStore *store, const ScimResource *member,
							 const ScimProjection *projection);
extern void ScimFoundBeside(List *resources);

/*
 * member_audit.c: the groups whose members came or went in a statement, read once: what
 * is joined is these, and never a transition table, of whose size a kept plan knows
 * nothing.
 */
typedef struct ScimChangedGroups
{
	int n;
	Datum *tenants;
	Datum *ids;
	Datum *changes;  /* int8: how many came or went */
	bool is_at_door; /* it is one, whose own row is being written */
	/* of those that have been touched: with which version, and when */
	int ntouched;
	Datum *touched_tenants;
	Datum *touched_ids;
	Datum *touched_at;
	Datum *touched_versions;
	int nmembers;
	Datum *members; /* who, where they are few, or NULL */
} ScimChangedGroups;

/* As the owner of the store, with SPI connected. */
extern ScimChangedGroups
ScimChangedGroupsRead(const ScimStore *store, const TriggerData *trigger);
extern void ScimChangedGroupsExecute(const ScimChangedGroups *groups, const char *query,
									 const ScimParams *params);
extern void ScimChangedGroupsTouched(ScimChangedGroups *groups);
extern Datum ScimGroupTypes(const ScimStore *store);
extern void
ScimMembersAudit(ScimStore *store, const ScimChangedGroups *changed, bool inserted);

/* member_lock.c */
extern void ScimMembersLockNew(const ScimStore *store, const ScimChangedGroups *groups);
extern void ScimMembersLockFirst(ScimStore *store, int32 tenant_id, const char *group,
								 const JsonbValue *members, const JsonbValue *operations);
extern void ScimMembersCheckSeen(const ScimStore *store, const ScimParams *params);

/* member_note.c */
extern void ScimMemberNotesAdd(ScimStore *store, bool added);
extern ScimMembersTold *
ScimMemberNotesTake(const ScimStore *store, int32 tenant_id, const pg_uuid_t *group_id);
extern ScimMembersTold *
ScimMembersAllTold(const ScimStore *store, int32 tenant_id, const pg_uuid_t *group_id);

#endif /* SCIM_MEMBERS_H */
