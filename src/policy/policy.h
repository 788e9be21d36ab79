/*
 * policy.h
 *		What holds beyond the schemas, as rows of a store's table "policy".
 *
 *		kinds.c			the kinds there are: a line for each, and how it is compiled
 *						(kinds.h)
 *
 * Of what documents hold, document/ has the kinds.  The others:
 *
 *		database_roles.c	who is in a group has roles of the database
 *		emit.c			events of one's own
 *		events.c		how much events tell
 *		guard.c			not too much is taken away at once, and not the last
 *		link.c			whom a POST meets that is there already
 *		managed.c		what belongs to a token
 *		schemas.c		whether bodies have to name their schemas
 *		lookup.c		by which attributes a path finds a resource (lookup.h)
 *		wire_compile.c	how resources look to clients of SCIM (wire/wire.h)
 *
 * Pure functions over documents and states; who calls them reads the rows.
 */
#ifndef SCIM_POLICY_H
#define SCIM_POLICY_H

#include "postgres.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"

#include "policy/document/document.h"
#include "policy/kinds.h"

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

/* schemas.c */
extern void ScimSchemasCheck(const ScimRules *rules, const JsonbValue *body);

#endif /* SCIM_POLICY_H */
