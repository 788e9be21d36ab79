/*
 * policy.h
 *		What holds beyond the schemas, as rows of a store's table "policy".
 *
 *		identity.c		userName equals the primary e-mail
 *		values.c		values that are canonical, references that lead somewhere
 *		lifecycle.c		ACTIVE, SUSPENDED, OFFBOARDING, OFFBOARDED, DELETED
 *
 * Pure functions over documents and states; who calls them reads the rows.
 */
#ifndef SCIM_POLICY_H
#define SCIM_POLICY_H

#include "postgres.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"

#include "schema/schema.h"

/*
 * The life of a resource.  ACTIVE and SUSPENDED follow the attribute "active".
 * OFFBOARDING is still there for everybody; OFFBOARDED and DELETED are kept
 * for the auditor, but gone for every client (column deleted_at is set).
 */
typedef enum ScimStatus
{
	SCIM_STATUS_ACTIVE,
	SCIM_STATUS_SUSPENDED,
	SCIM_STATUS_OFFBOARDING,
	SCIM_STATUS_OFFBOARDED,
	SCIM_STATUS_DELETED
} ScimStatus;

/* What DELETE does: the setting "mode" of the policy "delete". */
typedef enum ScimDeleteMode
{
	SCIM_DELETE_HARD,    /* the row goes */
	SCIM_DELETE_RETAIN,  /* the row is kept, out of sight */
	SCIM_DELETE_OFFBOARD /* off-boarding begins */
} ScimDeleteMode;

extern void ScimCheckIdentity(const JsonbValue *document, List **problems);

/* A value that must be the id of a resource that is there. */
typedef struct ScimReference
{
	const char *path;   /* of the attribute, as the policy names it */
	const char *target; /* name of a resource type */
	const char *value;
} ScimReference;
extern void ScimCheckCanonicalValues(const ScimResourceType *type, const Jsonb *settings,
									 const JsonbValue *document, List **problems);
extern List *ScimReferences(const ScimResourceType *type, const Jsonb *settings,
							const JsonbValue *document);
extern ScimErrorKind ScimMissingReferenceError(const Jsonb *settings);
extern const char *ScimPolicyUnknown(const ScimRegistry *registry,
									 const ScimResourceType *type, const Jsonb *settings);

extern const char *ScimStatusName(ScimStatus status);
extern bool ScimStatusByName(const char *name, ScimStatus *status);
extern bool ScimStatusIsGone(ScimStatus status);
extern bool ScimStatusMayFollow(ScimStatus before, ScimStatus after);
extern ScimDeleteMode ScimDeleteModeOf(const Jsonb *settings);
extern bool ScimOffboardingDeactivates(const Jsonb *settings);

#endif /* SCIM_POLICY_H */
