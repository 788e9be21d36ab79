/*
 * follow.h
 *		One side follows the other: the triggers of both, members, references.
 *
 *		to_table.c		from a resource to its row, and the trigger of resources
 *		spell.c			the one form of references that a column of keys holds
 *		reference.c		who refers to a row that comes or goes
 *		seen.c			whether an older snapshot sees who refers to whom
 *		agree.c			how often the two answer each other, and that they agree then
 *		put_off.c		constraints that wait are asked, before a request is answered
 *		to_resource.c	from a row to its resource
 *		membership.c	members of groups that are bound, and the trigger of members
 *		memberships.c	many of them at a time
 *		statement.c		rows of members that one statement writes
 *		row_trigger.c	the triggers of tables that are bound
 *		unbound.c		and where they are on a table that is not
 *		watched.c		which of their columns say something (watched.h)
 *		followed.c		rows whose values were read while a statement is followed
 *		again.c			who comes back by a new row
 */
#ifndef SCIM_FOLLOW_H
#define SCIM_FOLLOW_H

#include "postgres.h"
#include "access/htup.h"
#include "commands/trigger.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"
#include "utils/relcache.h"
#include "utils/uuid.h"

#include "binding/bound/bound.h"
#include "store/statement/plan.h"
#include "store/store.h"

/* spell.c */
extern void ScimBindingInit(void);

/* reference.c */
extern char *ScimReferenceStranger(const ScimBoundAttribute *attribute,
								   const ScimRowView *row, int number);
extern char *
ScimReferenceRowless(const ScimBoundAttribute *attribute, const ScimRowView *row,
					 int number, const ScimBoundResource *resource);
extern void ScimReferencesCheckKeys(ScimBinding *binding);
extern void ScimReferencesSaid(ScimBinding *binding, int32 tenant_id, Datum key,
							   const List *attributes);
extern List *
ScimReferencesLeadingTo(const ScimBinding *other, const ScimBinding *binding);
extern char *ScimReferencesTo(const ScimBinding *binding,
							  const ScimBoundAttribute *attribute, int32 tenant_id,
							  const pg_uuid_t *id, const char *alias, ScimParams *params);
extern void ScimReferencesHold(const ScimBinding *binding, const ScimRowView *row);
extern void ScimReferencesHoldOf(const ScimBinding *binding, int32 tenant_id,
								 const JsonbValue *document, const List *attributes);
extern void ScimReferencesOfRow(const ScimBinding *binding, int32 tenant_id, Datum key);
extern void ScimReferencesEnd(const ScimBinding *binding, int32 tenant_id, Datum key,
							  const pg_uuid_t *id);

/* seen.c */
extern void ScimSeenInit(void);

/* agree.c */
extern bool ScimRoundsAreOn(void);
extern void ScimRoundsDo(const ScimBinding *binding, const pg_uuid_t *id,
						 const List *attributes, void (*work)(void *arg), void *arg);
extern void ScimRaiseDifference(const ScimBinding *binding, const List *attributes,
								const pg_uuid_t *id);
extern const ScimRowView *
ScimRequireAgreement(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id,
					 const List *attributes);

/* put_off.c */
extern void ScimDeferredRequire(void);
extern void ScimDeferredNothing(ScimStore *store);
extern void ScimDeferredPutOff(const List *bindings);
extern void ScimDeferredAskAll(ScimStore *store);

/* to_table.c */
extern bool
ScimToTable(ScimBinding *binding, const ScimBoundResource *resource, List *attributes);
extern void ScimRowBegin(ScimBinding *binding, const ScimBoundResource *resource,
						 bool is_new, bool was_gone);
extern bool ScimRowIsBeingWritten(const ScimBinding *binding, Datum key);
extern bool ScimRowIsWritten(const ScimBinding *binding, Datum key);
extern bool ScimRowIsComing(const ScimBinding *binding, int32 tenant_id, Datum key);

extern bool ScimBoundIsActive(const ScimBoundAttribute *attribute);

/* to_resource.c */
extern JsonbValue *ScimBindingNamed(ScimStore *store, const ScimResourceType *type,
									int32 tenant_id, const pg_uuid_t *id);
extern char *ScimRowProblem(ScimBinding *binding, const ScimRowView *row);
extern void
ScimToResource(ScimBinding *binding, int32 tenant_id, Datum key, bool was_there);
extern void ScimToResourceAgain(ScimBinding *binding, int32 tenant_id, Datum key);
extern bool ScimTakeFromTable(ScimBinding *binding, const ScimRowView **row,
							  const ScimLink *link, bool only_its_own,
							  const ScimBoundResource *read, ScimBoundResource *resource);
extern bool ScimRowIsPresent(const ScimRowView *row, int32 tenant_id);
extern void ScimRowEnded(ScimBinding *binding, const ScimRowView *row,
						 const ScimLink *link, Datum key);

/* followed.c */
typedef struct ScimFollowed ScimFollowed;
extern ScimFollowed *ScimFollowedBegin(void);
extern bool ScimFollowedSaw(const ScimFollowed *followed, Datum key, Relation relation,
							HeapTuple tuple, bool deleted);
extern void ScimFollowedNote(ScimFollowed *followed, Datum key, CommandId command);

/* unbound.c */
pg_noreturn extern void ScimRaiseUnbound(const TriggerData *trigger);
extern bool ScimBoundTriggerIsLeft(const TriggerData *trigger, const char *name);

/* membership.c */
extern ScimBinding *ScimMembersBinding(const ScimBinding *groups, int32 tenant_id);
extern List *ScimMembersBindings(const ScimBinding *groups);
extern void ScimMembersCheckKeys(ScimBinding *binding);
extern void
ScimAppendPair(StringInfo columns, StringInfo values, const ScimBoundTable *table,
			   const char *group_array, const char *member_array);
extern char *ScimPairsAgree(const ScimBoundTable *table, const char *group_array,
							const char *member_array);
extern List *
ScimBindingsOfGroups(ScimStore *store, int32 tenant_id, const char *member_type);
extern void
ScimMembershipsOfNewRow(ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id);
extern void ScimMembershipsOfRow(ScimBinding *binding, int32 tenant_id, Datum key);
extern void
ScimMembershipsLock(const ScimBinding *groups, const Datum *group_keys, int n);
extern bool ScimMembershipsAreEnding(void);
extern bool
ScimMembershipsTenant(const ScimBinding *groups, Datum group_key, int32 *tenant_id);
extern void ScimMembershipsHold(const ScimBinding *groups, int32 tenant_id,
								const Datum *member_keys, int n);
extern void ScimMembershipsEnd(ScimBinding *binding, int32 tenant_id, Datum key);
extern void
ScimMembershipsEndLeft(const ScimBinding *binding, int32 tenant_id, Datum key);
extern void ScimMembershipsOfMoved(ScimBinding *binding, int32 tenant_id, Datum key,
								   bool of_partition);
extern void
ScimMembershipFollow(const ScimBinding *groups, int32 tenant_id,
					 const pg_uuid_t *group_id, const pg_uuid_t *member_id, bool there);
extern void ScimMembershipRow(ScimBinding *binding, const ScimBoundAttribute *members,
							  Datum group_key, Datum member_key);

/* memberships.c */
extern void ScimMembershipRows(ScimBinding *binding, const Datum *group_keys,
							   const Datum *member_keys, int n);

/* A difference: side, key and resource; attribute and its values, or NULL; a problem. */
typedef void (*ScimPutDifference)(const void *arg, const char *side, Datum key,
								  const pg_uuid_t *id,
								  const ScimBoundAttribute *attribute,
								  const JsonbValue *of_table, const JsonbValue *of_scim,
								  const char *problem);
extern void ScimReferencesUnite(ScimBinding *binding, bool has_resources,
								ScimPutDifference put, void *arg);
extern void ScimMembershipsUnite(ScimBinding *binding, ScimPutDifference put, void *arg);
extern void
ScimMembershipsCompare(ScimBinding *binding, ScimPutDifference put, void *arg);

/* statement.c */
extern bool ScimStatementHasRows(Oid relid);
extern HeapTuple *ScimStatementRows(Relation relation, int *n);
extern const HeapTuple *ScimStatementKeys(Relation relation, int *n);

/* again.c */
extern const char *ScimMatchColumn(const ScimBinding *binding);
extern const JsonbValue *
ScimMatchValue(const ScimBinding *binding, const ScimRowView *row);
extern bool
ScimRowStatesId(const ScimBinding *binding, const ScimRowView *row, pg_uuid_t *id);
extern bool
ScimLinkWithoutRow(const ScimBinding *binding, const ScimRowView *row, bool by_match);
extern bool ScimResourceLetGo(const ScimBinding *binding, const ScimRowView *row,
							  const pg_uuid_t *id, ScimLink *link);

#endif /* SCIM_FOLLOW_H */
