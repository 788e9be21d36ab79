/*
 * row.h
 *		What becomes of a row of "resource" at the door, and what is told of it.
 *
 *		row.c			its columns (at_door.h)
 *		row_document.c	its document (at_door.h)
 *		row_fault.c		what a write past the door has left in its columns (at_door.h)
 *		step.c			the life of a row: what a step does to it (at_door.h)
 *		excluded.c		what a row stated that ON CONFLICT DO UPDATE writes (at_door.h)
 *		outbox.c		audit and events
 *		writes.c		how many writes there were, and whose they are
 *		given.c			ids that the writer has given (at_door.h)
 *		taken.c			who has the key of a new row already (at_door.h)
 *		load.c			very many new resources at once (at_door.h)
 *		row_context.c	which row of "resource" is at the door, for errors and settings
 *		apply.c			what policies make of a document
 *		check.c			what a document must obey beyond its schemas
 *		condition.c		what has to hold where something else does
 *		referrers.c		what becomes of references when what they lead to goes
 *		managed.c		what belongs to a token
 *		targets.c		what the rows of a statement refer to
 *		noted.c			tables and lists that last as long as the transaction
 *		own.c			who has written a resource since somebody read it
 *		pending.c		what is kept of a row until it is there
 *		password.c		passwords: table "credential"
 *		recovery.c		codes by which people get back in
 */
#ifndef SCIM_ROW_H
#define SCIM_ROW_H

#include "postgres.h"
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

extern void ScimSpellAsStored(const ScimRules *rules, JsonbValue *document);

/* The same for ScimPrepare, of who stands at the door. */
typedef struct ScimCompletion
{
	const struct Door *door;
	const JsonbValue *old_document;
} ScimCompletion;
extern const JsonbValue *ScimComplete(void *arg, JsonbValue *document,
									  const JsonbValue *old_document, List **problems);

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
extern char *
ScimReferrerFilter(const ScimResourceType *from, const ScimResolved *resolved,
				   const pg_uuid_t *to, const char *endpoint);

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

/* own.c: is what has become of a resource since somebody read it his own doing? */
extern void ScimOwnBegin(void);
extern bool
ScimOwnSince(const ScimStore *store, int32 tenant_id, const pg_uuid_t *id, int64 version);
extern bool ScimOwnRowSince(const ScimStore *store, int32 tenant_id, const pg_uuid_t *id,
							int64 version, TransactionId xmin);
extern Jsonb *ScimOwnMerge(const Jsonb *before, const Jsonb *after, const Jsonb *now);

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

/* row.c: the resource that a PUT replaces just now, or that a PATCH changes, or NULL */
extern const pg_uuid_t *ScimReplacedAtDoor;
extern const pg_uuid_t *ScimPatchedAtDoor;
/* and those whose documents a statement says with all that is sealed in them; or NULL */
typedef struct ScimStatedIds
{
	pg_uuid_t *ids; /* sorted */
	int n;
} ScimStatedIds;
extern const ScimStatedIds *ScimStatedAtDoor;
/* and who goes for good, whatever the policy "delete" says; or NULL */
extern const pg_uuid_t *ScimErasedAtDoor;

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

#endif /* SCIM_ROW_H */
