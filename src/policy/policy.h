/*
 * policy.h
 *		What holds beyond the schemas, as rows of a store's table "policy".
 *
 *		identity.c		userName equals the primary e-mail
 *		values.c		values that are canonical, references that lead somewhere
 *		lifecycle.c		PENDING, ACTIVE, SUSPENDED, OFFBOARDING, OFFBOARDED, DELETED
 *
 * Pure functions over documents and states; who calls them reads the rows.
 */
#ifndef SCIM_POLICY_H
#define SCIM_POLICY_H

#include "postgres.h"
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
	ScimDeleteMode mode;
	bool deactivates; /* off-boarding sets "active" to false at once */
} ScimDeleteRule;

/* identity.c */
extern void ScimCheckIdentity(const ScimResourceType *type, const JsonbValue *document,
							  List **problems);

/* values.c */
/* What the policies of values are about: an attribute, and the values it may have. */
typedef struct ScimValueRule
{
	const char *path;      /* of the attribute, as the policy names it */
	ScimResolved resolved; /* of a simple attribute or sub-attribute */
	List *targets;         /* "reference": names of resource types, char * */
	ScimErrorKind missing; /* "reference": what it is to refer to nothing */
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
extern List *ScimReferences(const List *rules, const JsonbValue *document);
extern bool ScimIsCanonicalValue(const ScimAttribute *attribute, const char *text);
extern ScimProblem *ScimCanonicalProblem(const ScimValueRule *rule, const char *text);
extern ScimProblem *ScimReferenceProblem(const ScimValueRule *rule, const char *text);

/* lifecycle.c */
extern const char *ScimStatusName(ScimStatus status);
extern bool ScimStatusByName(const char *name, ScimStatus *status);
extern bool ScimStatusIsGone(ScimStatus status);
extern bool ScimStatusIsActive(ScimStatus status);
extern bool ScimStatusMayFollow(ScimStatus before, ScimStatus after);

#endif /* SCIM_POLICY_H */
