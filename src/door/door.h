/*
 * door.h
 *		What every write passes, whoever writes: the triggers of a store's tables
 *		of resources and members.
 *
 *		door.c			a row of "resource", BEFORE: what it becomes (row.h)
 *		row.c			its columns (row.h)
 *		row_document.c	its document (row.h)
 *		row_fault.c		what a write past the door has left in its columns (row.h)
 *		step.c			the life of a row: what a step does to it (row.h)
 *		record.c		a row of "resource", AFTER: audit, events, what follows (row.h)
 *		excluded.c		what a row stated that ON CONFLICT DO UPDATE writes (row.h)
 *		outbox.c		audit and events
 *		writes.c		how many writes there were, and whose they are
 *		given.c			ids that the writer has given (row.h)
 *		load.c			very many new resources at once (row.h)
 *		row_context.c	which row of "resource" is at the door, for errors and settings
 *		apply.c			what policies make of a document
 *		check.c			what a document must obey beyond its schemas
 *		condition.c		what has to hold where something else does
 *		referrers.c		what becomes of references when what they lead to goes
 *		settle.c		and when: what waits for all that a statement takes away
 *		managed.c		what belongs to a token
 *		guard.c			what is taken away, and is too much (guard.h); with
 *						guard_state.c and guard_last.c
 *		roles.c			whose roles of the database follow (roles.h); with roles_wanted.c,
 *						roles_plan.c, roles_server.c, roles_apply.c
 *		targets.c		what the rows of a statement refer to
 *		member_check.c	and what the members of a group must
 *		noted.c			tables and lists that last as long as the transaction
 *		pending.c		what is kept of a row until it is there
 *		member_lock.c	who becomes a member stays meanwhile
 *		member_note.c	who came and went, until an event tells it
 *		member.c		group membership: what follows from it, and how it is shown
 *		groups.c		the groups that a resource is in, as they are shown
 *		member_audit.c	who came and went, in the audit
 *		member_change.c	what one write does to the members of a group
 *		password.c		passwords: table "credential"
 *		recovery.c		codes by which people get back in
 *		consistency.c	rows of the other tables lead somewhere
 */
#ifndef SCIM_DOOR_H
#define SCIM_DOOR_H

#include "postgres.h"
#include "datatype/timestamp.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"
#include "utils/uuid.h"

#include "event/event.h"
#include "policy/policy.h"
#include "resource/resource.h"
#include "store/plan.h"
#include "store/store.h"

/* targets.c: what rows of one statement have referred to, in a context of theirs */
typedef struct ScimTargets ScimTargets;
extern ScimTargets *ScimTargetsMake(MemoryContext parent);
extern bool ScimTargetsFind(const ScimTargets *targets, const void *rule,
							const pg_uuid_t *id, bool *answer);
extern void
ScimTargetsPut(ScimTargets *targets, const void *rule, const pg_uuid_t *id, bool answer);

/*
 * check.c: what is wrong with a canonical document by the policies.  targets NULL:
 * nothing is written, and so nothing has to stay.
 */
extern void ScimCheckPolicies(ScimStore *store, int32 tenant_id,
							  const ScimResourceType *type, const JsonbValue *document,
							  const JsonbValue *old_document, List **problems);
extern void
ScimCheckReferences(ScimStore *store, int32 tenant_id, const ScimResourceType *type,
					const JsonbValue *document, const JsonbValue *old_document,
					const pg_uuid_t *own_id, ScimTargets *targets, List **problems);

/* condition.c: the same by the policies "condition", where it is in its life */
extern void
ScimCheckConditions(ScimStore *store, int32 tenant_id, const ScimRules *rules,
					const pg_uuid_t *id, const JsonbValue *document, ScimStatus status,
					const JsonbValue *old_document, ScimStatus old_status,
					ScimTargets *targets, List **problems);
extern void
ScimCheckConditionsThrough(ScimStore *store, int32 tenant_id, const ScimRules *rules,
						   const pg_uuid_t *id, const JsonbValue *document,
						   ScimStatus status, const JsonbValue *old_document,
						   ScimStatus old_status, ScimTargets *targets, List **problems);
extern bool ScimConditionsGoThrough(const ScimRules *rules);
extern bool
ScimConditionHolds(ScimStore *store, int32 tenant_id, const ScimCondition *rule,
				   const JsonbValue *document, ScimStatus status);

/* managed.c: what belongs to a token nobody else writes */
struct Door;
struct ScimOccurrence;
extern void ScimManagedApply(const struct Door *door, const JsonbValue *old_document,
							 const JsonbValue *document, List **problems);
extern bool
ScimManagedKeep(ScimStore *store, const ScimResource *resource, JsonbValue *stated);
extern void ScimManagedCheckRow(const struct Door *door,
								const struct ScimOccurrence *happened, bool password);
extern void ScimManagedCheckMembers(ScimStore *store, bool inserted);
extern void
ScimOriginNote(const struct Door *door, const struct ScimOccurrence *happened);
/* The resource that a POST makes just now, or NULL. */
extern const pg_uuid_t *ScimPostedAtDoor;
/* Who writes, as origins have it: the id of a credential, or NULL, and the actor. */
extern void ScimWriter(const ScimStore *store, const char **id, const char **actor);
/* An error (SC403) where who acts may not link a resource. */
extern void ScimManagedCheckLink(ScimStore *store, const ScimResourceType *type,
								 int32 tenant_id, const pg_uuid_t *id);
/* An error (SC403) where who acts may not make a resource nobody's (SPI is connected). */
extern void ScimManagedCheckUnlink(ScimStore *store, const ScimResource *resource);
/* Who acts has linked a resource.  It is nobody's: whose it was, or NULL. */
extern void ScimOriginLink(ScimStore *store, int32 tenant_id, const pg_uuid_t *id);
extern char *ScimOriginRelease(ScimStore *store, int32 tenant_id, const pg_uuid_t *id);
/* Who logs in just now, and becomes ACTIVE by that, or NULL. */
extern const pg_uuid_t *ScimLoggingIn;

/* guard.c: what is taken away, and is too much */
extern void
ScimGuardNoteRow(const struct Door *door, const struct ScimOccurrence *happened);
extern void ScimGuardNoteMembers(ScimStore *store);
extern void ScimGuardNoteDropped(const struct Door *door,
								 const struct ScimOccurrence *happened, uint64 amount);
extern void ScimGuardSettle(int depth);
/* guard_state.c: what was refused in this transaction is told of, if that can be */
extern void ScimGuardTellRefused(void);
extern uint64 ScimGuardLastRefused(void);
extern void ScimGuardForgetRefused(uint64 number);

/* roles.c: roles of the database follow people and their groups */
extern void ScimRolesInit(void);
extern void
ScimRolesNoteRow(const struct Door *door, const struct ScimOccurrence *happened);
extern void ScimRolesNoteMembers(ScimStore *store);
extern void ScimRolesSettle(int depth);

/* writes.c: how many writes of resources and members there were, and whose they are */
extern uint64 ScimDoorWrites(void);
extern void ScimDoorCountWrite(void);
/* Does a client write, by HTTP or a function, and not a statement or trigger of others?
 */
extern int ScimClientWriteBegin(void);
extern void ScimClientWriteEnd(int before);
extern bool ScimIsClientWrite(void);
/* Or the store itself, because of what somebody else has done? */
extern int ScimStoreWriteBegin(void);
extern void ScimStoreWriteEnd(int before);
extern bool ScimIsStoreWrite(void);
/* To a statement at which depth of triggers belongs what the door does now? */
extern int ScimSettleDepth(void);
extern int ScimSettleHold(void);
extern void ScimSettleRelease(int before);

/* apply.c: what policies make of a document */
extern bool ScimRulesComplete(const ScimRules *rules);
extern void
ScimApplyPolicies(const ScimRules *rules, const struct Door *door,
				  const JsonbValue *old_document, JsonbValue *document, List **problems);
/* The same for ScimPrepare, of who stands at the door. */
typedef struct ScimCompletion
{
	const struct Door *door;
	const JsonbValue *old_document;
} ScimCompletion;
extern void ScimComplete(void *arg, JsonbValue *document, List **problems);
/*
 * What a binding makes of the references of a document, which it shows in one form;
 * before: the stored document, or NULL.
 */
typedef void (*ScimSpell)(ScimStore *store, const ScimResourceType *type, int32 tenant_id,
						  const JsonbValue *before, JsonbValue *document);
extern void ScimReferencesAreSpelledBy(ScimSpell spell);
extern void
ScimSpellReferences(ScimStore *store, const ScimResourceType *type, int32 tenant_id,
					const JsonbValue *before, JsonbValue *document);
extern pg_uuid_t *ScimExistingIds(ScimStore *store, int32 tenant_id, const List *targets,
								  Datum *wanted, int nwanted, bool lock, uint64 *nfound);
extern bool ScimHasId(const pg_uuid_t *found, uint64 nfound, const pg_uuid_t *id);
/* The names of resource types as a list in SQL. */
extern char *ScimTypeList(const List *names);

/* referrers.c: a resource is out of sight now; what becomes of those that refer to it */
extern void ScimReferrersLose(ScimStore *store, int32 tenant_id,
							  const ScimResourceType *type, const pg_uuid_t *id);
extern char *ScimReferrerFilter(const ScimResourceType *from,
								const ScimResolved *resolved, const pg_uuid_t *to);

/* settle.c: a resource is out of sight now; when this has its consequences */
extern void ScimSettleTogether(void (*work)(void *arg), void *arg);
extern void ScimSettleGone(const ScimStore *store, int32 tenant_id,
						   const ScimResourceType *type, const pg_uuid_t *id);

/* member_check.c */
typedef void (*ScimPutProblem)(void *arg, const pg_uuid_t *id,
							   const ScimProblem *problem);
extern void ScimMemberRowPush(ErrorContextCallback *callback, const ScimStore *store,
							  const char *condition, const ScimParams *params);
extern void ScimCheckMemberTypes(ScimStore *store, const char *rows, ScimParams *params,
								 bool name_row);
extern void ScimCheckNewMembers(ScimStore *store, bool name_row);
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
extern void ScimMembersLeaveAll(ScimStore *store, int32 tenant_id, Datum *members, int n);
extern uint64 ScimMembersDrop(ScimStore *store, int32 tenant_id,
							  const pg_uuid_t *group_id, TimestampTz now);
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
extern bool
ScimMembersRenderRows(StringInfo out, ScimStore *store, const ScimResource *group,
					  const ScimProjection *projection, uint64 nrows);
extern bool ScimMembersRender(StringInfo out, ScimStore *store, const ScimResource *group,
							  const ScimProjection *projection);

/* groups.c */
extern bool ScimIsInGroup(ScimStore *store, int32 tenant_id, const pg_uuid_t *id);
extern bool ScimGroupsRender(StringInfo out, ScimStore *store, const ScimResource *member,
							 const ScimProjection *projection);
extern void ScimFoundBeside(List *resources);

/* noted.c */
typedef struct ScimNoted
{
	SubTransactionId subid; /* that made the note */
} ScimNoted;

typedef struct ScimNotedList
{
	List *all;           /* of ScimNoted *; inner subtransactions' behind the others */
	bool in_transaction; /* what ends them is registered */
	bool in_session;
} ScimNotedList;

extern void ScimNotedAdd(ScimNotedList *list, ScimNoted *note);
extern void ScimNotedTable(struct HTAB **table, const char *name, Size key_size,
						   Size entry_size, long entries);

/* pending.c */
typedef struct ScimPendingKey
{
	Oid namespace_oid;
	int32 tenant_id;
	pg_uuid_t id;
	int64 version;
	uint64 digest; /* of all columns */
} ScimPendingKey;
extern int ScimPendingStatement(MemoryContext context);
extern bool ScimPendingAny(void);
#define SCIM_NO_SECRET ""      /* in place of a secret: the password is to go */
#define SCIM_STORED_SECRET "*" /* it is another one, and stored already */
extern void ScimPendingPut(const ScimPendingKey *key, int statement, bool made,
						   bool unsure, const char *secret, JsonbValue *members);
extern bool ScimPendingTake(const ScimPendingKey *key, bool *unsure, char **secret,
							JsonbValue **members);

/* outbox.c */
/* Something that happened to a resource. */
typedef struct ScimOccurrence
{
	ScimStore *store;
	int32 tenant_id;
	const ScimResourceType *type;
	const pg_uuid_t *id;
	int64 version;             /* that it has since */
	const char *operation;     /* the word that the audit has for it */
	TimestampTz at;            /* when, while it was locked */
	const Jsonb *before;       /* the document before, or NULL */
	const Jsonb *data;         /* the document as it is, or was where it is gone */
	ScimStatus status;         /* the same of the life-cycle */
	const char *status_before; /* or NULL: it was not there */
	const Jsonb *detail;       /* what else the audit says, or NULL */
} ScimOccurrence;
extern void ScimAuditWrite(const ScimOccurrence *occurrence);
extern void ScimEventWrite(const ScimOccurrence *occurrence, const char *uri,
						   const ScimTold *told, const Jsonb *data);
extern void ScimEventsEmit(const ScimOccurrence *occurrence, const ScimRules *rules,
						   const ScimTold *told, const JsonbValue *transient);
extern void ScimActionRecord(const ScimOccurrence *occurrence, const char *uri,
							 const JsonbValue *transient);

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
	int nmembers;
	Datum *members; /* who, where they are few, or NULL */
} ScimChangedGroups;

/* As the owner of the store, with SPI connected. */
extern ScimChangedGroups
ScimChangedGroupsRead(const ScimStore *store, const TriggerData *trigger);
extern void ScimChangedGroupsExecute(const ScimChangedGroups *groups, const char *query,
									 const ScimParams *params);
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

/* row.c: the resource that a PUT replaces just now, or that a PATCH changes, or NULL */
extern const pg_uuid_t *ScimReplacedAtDoor;
extern const pg_uuid_t *ScimPatchedAtDoor;

/* password.c */
extern bool ScimKeepsPasswords(const ScimResourceType *type);
extern char *ScimCredentialSecret(const JsonbValue *password);
extern bool ScimSecretIsOf(const char *secret, const char *password);
extern void ScimCredentialSet(ScimStore *store, int32 tenant_id, const pg_uuid_t *id,
							  const char *secret);
extern bool ScimCredentialIsThere(ScimStore *store, int32 tenant_id, const pg_uuid_t *id);
extern void ScimCredentialDrop(ScimStore *store, int32 tenant_id, const pg_uuid_t *id);
extern const char *ScimCredentialWritten(const pg_uuid_t *id);

/* recovery.c */
extern char *ScimRecoverySet(ScimStore *store, int32 tenant_id, const pg_uuid_t *id,
							 TimestampTz issued_at, TimestampTz expires_at);
extern bool
ScimRecoveryTake(ScimStore *store, int32 tenant_id, const char *code, pg_uuid_t *id);
extern void ScimRecoveryDrop(ScimStore *store, int32 tenant_id, const pg_uuid_t *id);

/* load.c */
extern void ScimLoadInit(void);
extern void ScimLoadSettle(void);

/* row_context.c */
extern void ScimRowContextInit(void);
/* A row of a statement on a view. */
typedef struct ScimViewRow
{
	int64 number; /* INSERT: from 1 on */
	const char *view;
	const pg_uuid_t *id; /* UPDATE: of the resource that it is */
} ScimViewRow;
extern void ScimRowContextOfView(void *arg);

/* door.c: who goes for good, whatever the policy "delete" says; or NULL */
extern const pg_uuid_t *ScimErasedAtDoor;

/* consistency.c */
extern void ScimTenantRequire(ScimStore *store, int32 tenant_id);

#endif /* SCIM_DOOR_H */
