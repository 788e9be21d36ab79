/*
 * policy.h
 *		What holds beyond the schemas, as rows of a store's table "policy".
 *
 *		kinds.c			the kinds there are: a line for each, and how it is compiled
 *						(rules.h)
 *		read.c			what compilers need to read settings (rules.h)
 *		attribute.c		what a document has of an attribute that a rule names
 *
 *		condition.c		what has to hold where something else does
 *		database_roles.c	who is in a group has roles of the database
 *		default.c		a value where none is stated
 *		emit.c			events of one's own
 *		events.c		how much events tell
 *		fixed.c			what clients do not change
 *		generate.c		what follows from other attributes
 *		guard.c			not too much is taken away at once, and not the last
 *		identity.c		userName equals the primary e-mail
 *		link.c			whom a POST meets that is there already
 *		managed.c		what belongs to a token
 *		schemas.c		whether bodies have to name their schemas
 *		status.c		the life-cycle in the document
 *		unique.c		what no other resource may have
 *		values.c		values that are canonical, references that lead somewhere
 *		violation.c		what the error is where a schema is not obeyed
 *		lookup.c		by which attributes a path finds a resource (lookup.h)
 *		wire_compile.c	how resources look to clients of SCIM (wire/wire.h)
 *		lifecycle.c		PENDING, ACTIVE, SUSPENDED, OFFBOARDING, OFFBOARDED, DELETED
 *
 * Pure functions over documents and states; who calls them reads the rows.
 */
#ifndef SCIM_POLICY_H
#define SCIM_POLICY_H

#include "postgres.h"
#include "datatype/timestamp.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"

#include "policy/rules.h"
#include "schema/schema.h"

/*
 * The life of a resource.  PENDING is active, but has never logged in; where the
 * policy "status" says nothing of it, life begins with ACTIVE.  ACTIVE and SUSPENDED
 * follow the attribute "active".  OFFBOARDING is still there for everybody; OFFBOARDED
 * and DELETED are kept for the auditor, but gone for every client (column deleted_at is
 * set).
 */
typedef enum ScimStatus
{
	SCIM_STATUS_PENDING,
	SCIM_STATUS_ACTIVE,
	SCIM_STATUS_SUSPENDED,
	SCIM_STATUS_OFFBOARDING,
	SCIM_STATUS_OFFBOARDED,
	SCIM_STATUS_DELETED
} ScimStatus;
#define SCIM_STATUSES (SCIM_STATUS_DELETED + 1)

/* What DELETE does: the setting "mode" of the policy "delete". */
typedef enum ScimDeleteMode
{
	SCIM_DELETE_HARD,    /* the row goes */
	SCIM_DELETE_RETAIN,  /* the row is kept, out of sight */
	SCIM_DELETE_OFFBOARD /* off-boarding begins */
} ScimDeleteMode;

/* The policy "delete". */
typedef struct ScimDeleteRule
{
	ScimDeleteMode mode[SCIM_STATUSES]; /* of who is in that state */
	bool deletes[SCIM_STATUSES];        /* "active" that becomes false deletes, too */
	ScimDeleteMode deactivate[SCIM_STATUSES]; /* in this way */
	bool deactivates; /* off-boarding sets "active" to false at once */
} ScimDeleteRule;

/* Times of a life that a document may show. */
typedef enum ScimLifeTime
{
	SCIM_LIFE_ACTIVATED,
	SCIM_LIFE_DEACTIVATED,
	SCIM_LIFE_OFFBOARDING,
	SCIM_LIFE_SESSIONS
} ScimLifeTime;
#define SCIM_LIFE_TIMES (SCIM_LIFE_SESSIONS + 1)

/* The policy "status". */
typedef struct ScimStatusRule
{
	ScimResolved *attribute; /* or NULL */
	const char *names[SCIM_STATUSES];
	bool pending;                         /* life begins so */
	bool writable;                        /* clients may activate and deactivate by it */
	ScimResolved *times[SCIM_LIFE_TIMES]; /* each or NULL */
} ScimStatusRule;

/* condition.c */
/* A filter of a rule, bound to a resource type and the life-cycle. */
typedef struct ScimRuleFilter
{
	const char *text;
	ScimFilter *parsed;
	ScimBoundFilter *bound;
	List *about; /* ScimResolved *, the attributes that it names */
} ScimRuleFilter;

/* What "through" may refer to. */
typedef struct ScimConditionTarget
{
	const char *type_name;
	ScimRuleFilter *matches;
} ScimConditionTarget;

typedef struct ScimCondition
{
	const char *name;
	ScimRuleFilter *when;    /* or NULL: always */
	ScimRuleFilter *require; /* or NULL: keep */
	List *keep;              /* ScimResolved * */
	bool clear;              /* keep: but may go */
	ScimResolved *through;   /* or NULL */
	List *targets;           /* ScimConditionTarget * */
	List *about;             /* ScimResolved *, what the rule is about */
	const char *message;
	ScimOwnError error;
} ScimCondition;

/* Where a rule holds: the settings "when", "through" and "matches". */
extern ScimCondition *
ScimConditionScope(const ScimRuleSource *source, const char **fault);
extern Jsonb *ScimConditionDocument(const JsonbValue *document, ScimStatus status);
/* A setting that is a filter over what documents of the type hold, or NULL. */
extern ScimRuleFilter *ScimRuleFilterCompile(const ScimRuleSource *source,
											 const char *setting, const char **fault);
/* The same of a text that no policy holds: what is wrong with it, or NULL. */
extern const char *ScimStoredFilterFault(const ScimRegistry *registry,
										 const ScimResourceType *type, const char *text);
extern bool ScimRuleMatches(const ScimRuleFilter *filter, Jsonb *document);
extern ScimProblem *
ScimConditionProblem(const ScimCondition *rule, const JsonbValue *document);
/* Does a write change what a rule keeps? */
extern bool ScimConditionChanges(const ScimCondition *rule, const JsonbValue *before,
								 const JsonbValue *document);

/* database_roles.c */
/* What happens to somebody in such a group who has no role to log in as. */
typedef enum ScimRolesMissing
{
	SCIM_ROLES_REFUSE, /* he does not get into it */
	SCIM_ROLES_CREATE, /* he gets one */
	SCIM_ROLES_IGNORE  /* nothing */
} ScimRolesMissing;

/* Members of groups that match have these roles. */
typedef struct ScimGroupRoles
{
	const ScimResourceType *type;
	ScimRuleFilter *group;
	List *roles; /* char * */
} ScimGroupRoles;

typedef struct ScimRolesRule
{
	const ScimResourceType *type; /* of the people */
	ScimResolved login;           /* what the role is called that they log in as */
	const char *prefix;           /* behind this */
	ScimRolesMissing missing;
	bool nested;      /* members of groups within a group, too */
	List *grants;     /* ScimGroupRoles * */
	List *roles;      /* char *, those of all grants, each once */
	List *privileged; /* char * */
} ScimRolesRule;
extern const char *ScimRoleNameFault(const char *name);
extern bool ScimRoleIsPredefined(const char *name);
extern bool ScimRolesPrivileged(const ScimRolesRule *rule, const char *name);
extern char *ScimRolesLogin(const ScimRolesRule *rule, const JsonbValue *document);

/* default.c */
extern void ScimDefaultApply(const ScimRules *rules, const JsonbValue *old_document,
							 JsonbValue *document);
extern JsonbValue *ScimDefaultDocument(const ScimRules *rules);

/* emit.c */
typedef struct ScimEmitRule
{
	const char *uri;
	List *operations;     /* char *, words of the audit */
	ScimCondition *scope; /* where it holds */
	List *changed;        /* ScimResolved *, of which one must have; NIL: whatever */
	ScimBoundFilter *transient; /* or NULL */
	List *data;                 /* what the event tells */
} ScimEmitRule;
extern bool
ScimEmitApplies(const ScimEmitRule *rule, const char *operation, const JsonbValue *before,
				const JsonbValue *document, const JsonbValue *transient);
extern Jsonb *ScimEmitData(const ScimEmitRule *rule, const JsonbValue *document,
						   const JsonbValue *transient);

/* events.c */
/* Do the events of a type tell the values, too?  False: or does it have none at all. */
extern bool ScimEventsAreFull(const ScimRules *rules);

/* fixed.c */
extern void
ScimFixedKeep(const ScimRules *rules, const JsonbValue *old_document, JsonbValue *stated);
extern void
ScimFixedApply(const ScimRules *rules, bool by_client, const JsonbValue *old_document,
			   JsonbValue *document, List **problems);

/* and the same for one attribute, whatever keeps it */
extern void ScimKeepStated(const ScimResolved *resolved, const JsonbValue *old_document,
						   JsonbValue *stated);

/* guard.c */
/* What a guard counts. */
#define SCIM_GUARD_SUSPEND 1u
#define SCIM_GUARD_OFFBOARD 2u
#define SCIM_GUARD_COMPLETE 4u
#define SCIM_GUARD_DELETE 8u
#define SCIM_GUARD_REMOVE_MEMBER 16u

/* One of three: what is counted, who holds something, members of a group. */
typedef struct ScimGuardRule
{
	const char *name;
	const ScimResourceType *type;
	unsigned on; /* SCIM_GUARD_... */
	int64 limit;
	int64 seconds;
	bool per_token;
	ScimCondition *scope;    /* of whom it is counted */
	ScimRuleFilter *holders; /* or NULL */
	ScimRuleFilter *group;   /* or NULL */
	int64 least;             /* of these */
	const char *message;     /* or NULL */
} ScimGuardRule;
extern unsigned ScimGuardStep(const char *operation);
extern char *ScimGuardSteps(const ScimGuardRule *rule);

/* link.c */
/* What a POST does that meets a resource by an attribute. */
typedef enum ScimLinkAction
{
	SCIM_LINK,          /* becomes it */
	SCIM_LINK_CONFLICT, /* 409 */
	SCIM_LINK_REFUSE    /* 403 */
} ScimLinkAction;

/* What becomes of the document that was there. */
typedef enum ScimLinkDocument
{
	SCIM_LINK_MERGE,   /* what the POST states is changed */
	SCIM_LINK_REPLACE, /* what it does not state goes */
	SCIM_LINK_KEEP     /* externalId is changed, and nothing else */
} ScimLinkDocument;

/* What becomes of who is suspended or being off-boarded. */
typedef enum ScimLinkInactive
{
	SCIM_LINK_INACTIVE_CONFLICT,
	SCIM_LINK_INACTIVE_KEEP,
	SCIM_LINK_INACTIVE_ACTIVATE
} ScimLinkInactive;

typedef struct ScimLinkKey
{
	const char *path;
	ScimResolved resolved; /* of a string */
	ScimLinkAction action;
} ScimLinkKey;

typedef struct ScimLinkRule
{
	const char *name;
	const ScimResourceType *type;
	List *by;   /* char *, who it is for; NIL: whoever POSTs */
	List *keys; /* ScimLinkKey *, in their order */
	ScimLinkDocument document;
	ScimLinkInactive inactive;
	bool replaces_external_id; /* another externalId does not keep it */
	ScimRuleFilter *when;      /* or NULL: whom else it links */
} ScimLinkRule;
extern bool ScimLinkIsFor(const ScimLinkRule *rule, const char *id, const char *actor);
extern const ScimLinkRule *
ScimLinkRuleFor(const ScimRules *rules, const char *id, const char *actor);
extern char *ScimLinkText(const ScimLinkKey *key, const JsonbValue *document);

/* managed.c */
/* What may belong to the owner beside attributes. */
typedef enum ScimManagedOperation
{
	SCIM_MANAGED_CREATE = 1,
	SCIM_MANAGED_UPDATE = 2,
	SCIM_MANAGED_LIFECYCLE = 4, /* activate, suspend, restore */
	SCIM_MANAGED_DELETE = 8     /* off-board, and go in whatever way */
} ScimManagedOperation;

typedef struct ScimManagedRule
{
	const char *name;
	const ScimResourceType *type;
	List *owners;        /* char * */
	List *attributes;    /* ScimResolved *, but "members" */
	bool members;        /* those of groups */
	unsigned operations; /* ScimManagedOperation */
	bool own;            /* only of what the owner has made */
	List *break_glass;   /* char *, names of roles */
} ScimManagedRule;
extern bool ScimIsOneOf(const List *owners, const char *id, const char *actor);
extern bool
ScimManagedIsOwner(const ScimManagedRule *rule, const char *id, const char *actor);
extern const ScimResolved *
ScimManagedChange(const ScimManagedRule *rule, const JsonbValue *old_document,
				  const JsonbValue *document);
extern ScimProblem *
ScimManagedAttributeProblem(const ScimManagedRule *rule, const char *path);
extern ScimProblem *ScimManagedProblem(const ScimManagedRule *rule,
									   ScimManagedOperation operation, const char *id);

/* generate.c */
extern const char *ScimGenerateFault(const ScimRules *rules);
extern void ScimGenerateApply(const ScimRules *rules, const JsonbValue *old_document,
							  JsonbValue *document, List **problems);
extern void ScimGenerateDocument(const ScimRules *rules, JsonbValue *document);
extern void
ScimGenerateCheck(const ScimRules *rules, const JsonbValue *document, List **problems);

/* schemas.c */
extern void ScimSchemasCheck(const ScimRules *rules, const JsonbValue *body);

/* wire_compile.c */
extern const char *ScimWireIdentityFault(const ScimRules *rules);

/* unique.c */
/* With this begin the keys of such attributes, and those of no others. */
#define SCIM_UNIQUE_BY_POLICY "policy "
extern List *ScimUniqueByPolicy(const ScimRules *rules);

/* violation.c */
extern void ScimViolationApply(const ScimRules *rules, List *problems);

/* identity.c */
extern void ScimCheckIdentity(const ScimResourceType *type, const JsonbValue *document,
							  List **problems);

/* values.c */
/* What becomes of a reference when what it leads to goes. */
typedef enum ScimOnDelete
{
	SCIM_ON_DELETE_LEAVE,    /* it stays, and leads nowhere */
	SCIM_ON_DELETE_RESTRICT, /* what it leads to stays */
	SCIM_ON_DELETE_CLEAR     /* it goes, too */
} ScimOnDelete;

/* To which resource types rows of the kind "reference" say that an attribute leads. */
extern List *ScimReferenceTargets(const ScimRuleSource *source, const List *rows,
								  const ScimResolved *resolved);

/* What the policies of values are about: an attribute, and the values it may have. */
typedef struct ScimValueRule
{
	const char *path;      /* of the attribute, as the policy names it */
	ScimResolved resolved; /* of a simple attribute or sub-attribute */
	List *targets;         /* "reference": names of resource types, char * */
	ScimErrorKind missing; /* "reference": what it is to refer to nothing */
	ScimOnDelete on_delete;
} ScimValueRule;

/* A value that must be the id of a resource that is there, and the problem if not. */
typedef struct ScimReference
{
	ScimProblem problem; /* first, so that a list of these is one of problems */
	const ScimValueRule *rule;
	const char *value;
} ScimReference;

extern void
ScimCheckCanonicalValues(const List *rules, const JsonbValue *document, List **problems);
extern void
ScimSpellCanonicalValues(const ScimRules *rules, const JsonbValue *old_document,
						 JsonbValue *document);
extern List *ScimReferences(const List *rules, const JsonbValue *document);
extern const char *
ScimCanonicalSpelling(const ScimAttribute *attribute, const char *text);
extern bool ScimIsCanonicalValue(const ScimAttribute *attribute, const char *text);
extern ScimProblem *ScimCanonicalProblem(const ScimValueRule *rule, const char *text);
extern ScimProblem *ScimReferenceProblem(const ScimValueRule *rule, const char *text);
/* The document without the values of a rule that refer says yes to. */
typedef bool (*ScimRefers)(const void *arg, const JsonbValue *value);
extern bool ScimRefersTo(const ScimValueRule *rule, const JsonbValue *document,
						 ScimRefers refers, const void *arg);
extern void ScimClearReferences(const ScimResourceType *type, const ScimValueRule *rule,
								JsonbValue *document, ScimRefers refers, const void *arg);

/* lifecycle.c */
extern const char *ScimStatusName(ScimStatus status);
extern bool ScimStatusByName(const char *name, ScimStatus *status);
extern bool ScimStatusByFoldedName(const char *name, ScimStatus *status);
extern ScimStatus ScimStatusByActive(const JsonbValue *document);
extern bool ScimStatusIsGone(ScimStatus status);
extern bool ScimStatusIsActive(ScimStatus status);
extern bool ScimStatusMayFollow(ScimStatus before, ScimStatus after);

/* status.c */
extern bool ScimStatusStated(const ScimStatusRule *rule, const JsonbValue *document,
							 const JsonbValue *before, ScimStatus now, ScimStatus *status,
							 List **problems);
extern bool ScimStatusIsSaid(const ScimStatusRule *rule, const JsonbValue *document,
							 ScimStatus status);
extern void
ScimStatusShow(const ScimStatusRule *rule, const ScimResourceType *type,
			   JsonbValue *document, ScimStatus status, const TimestampTz *const *times);
/* The status that rows call by a name, in any letter case. */
extern bool
ScimStatusByOwnName(const ScimStatusRows *statuses, const ScimResourceType *type,
					const char *name, ScimStatus *status, bool *several);

#endif /* SCIM_POLICY_H */
