/*
 * operation.h
 *		What is done to one resource, as statements: RFC 7644 sections 3.3 to 3.6.
 *
 *		operations.c	create, get, replace, patch, delete
 *		functions.c		the SQL functions over these, and over lists
 *		call_write.c	what those that write have in common
 *		membership.c	the same of memberships, which are rows of "member"
 *		lifecycle.c		suspension, activation, invitation, logging in and out, recovery
 *		guards.c		what policies "guard" have counted, and setting them going again
 *		database_roles.c	roles of the database compared with groups, and their sessions
 *		document.c		scim.validate, scim.canonicalise and scim.json_schema
 *		purge.c			what is out of sight, for good
 *		erase.c			the data of one person, audit and events included
 *		revert.c		what one transaction has changed is changed back
 *		unseal.c		keys to which a store seals, and what they open
 *		validate.c		who breaks a rule that came later
 *
 * A POST that meets a resource which is there: link/link.h; rows of views that people
 * read and write: view/view.h.
 */
#ifndef SCIM_OPERATION_H
#define SCIM_OPERATION_H

#include "postgres.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "storage/itemptr.h"
#include "utils/jsonb.h"
#include "utils/uuid.h"

#include "query/query.h"
#include "resource/resource.h"
#include "store/credential/credential.h"
#include "store/statement/plan.h"
#include "store/store.h"

/*
 * The values of an If-Match and an If-None-Match header (RFC 9110 section 13.1: a
 * list of entity-tags or "*"), each NULL where there is none, and the instant of an
 * If-Unmodified-Since, which is looked at without an If-Match only.
 */
typedef struct ScimPreconditions
{
	const char *if_match;
	const char *if_none_match;
	bool has_unmodified_since;
	int64 unmodified_since; /* seconds of ScimHttpSeconds */
} ScimPreconditions;

/*
 * Operations.  id is the text of a path segment or an SQL argument.  Each
 * raises the SCIM error that fits (404, 409, 412, 400 ...).  Documents are trees,
 * not necessarily canonical; the order of their keys may change, and an empty
 * "members" come in.  The id of a new resource may be NULL: then one is made.  What
 * a write returns is what its statement wrote; ScimStoredResource reads what has
 * become of it.
 */
extern ScimResource *ScimCreateResource(ScimStore *store, const ScimResourceType *type,
										const JsonbValue *document, const pg_uuid_t *id);
/* The same for who POSTs: by a policy "link" it may be one that is there. */
extern ScimResource *ScimPostResource(ScimStore *store, const ScimResourceType *type,
									  const JsonbValue *document, const pg_uuid_t *id);
extern ScimResource *
ScimFindResource(ScimStore *store, const ScimResourceType *type, const pg_uuid_t *id);
extern ScimResource *
ScimGetResource(ScimStore *store, const ScimResourceType *type, const char *id);
extern ScimResource *
ScimReplaceResource(ScimStore *store, const ScimResourceType *type, const char *id,
					const JsonbValue *document, const ScimPreconditions *conditions);
/* operations: the array of RFC 7644 section 3.5.2 */
extern JsonbValue *
ScimPatchDocument(ScimStore *store, const ScimResourceType *type,
				  const JsonbValue *document, const JsonbValue *operations,
				  bool by_client, List **member_changes);
extern ScimResource *
ScimPatchResource(ScimStore *store, const ScimResourceType *type, const char *id,
				  const JsonbValue *operations, bool by_client,
				  const ScimPreconditions *conditions);
extern void ScimDeleteResource(ScimStore *store, const ScimResourceType *type,
							   const char *id, const ScimPreconditions *conditions);
extern void
ScimCheckPreconditions(const ScimResource *resource, const ScimPreconditions *conditions);
extern const ScimResourceType *ScimTypeOfResource(ScimStore *store, const char *id);
extern const ScimResourceType *ScimTypeOfPerson(ScimStore *store, const char *id);
extern const char *ScimIdAsShown(const ScimResourceType *type, const char *id);
extern bool ScimIsThere(ScimStore *store, const ScimResourceType *type, const char *id);
extern ScimResource *ScimStoredResource(ScimStore *store, const ScimResource *written);
extern int64 ScimChangeMembers(ScimStore *store, const ScimResourceType *type,
							   const char *id, List *changes);
pg_noreturn extern void ScimRaiseNotFound(const ScimResourceType *type, const char *id);
pg_noreturn extern void ScimRaiseRefused(const ScimResourceType *type, const char *what);

/* membership.c: the operations above, of the type GroupMembership */
extern ScimResource *ScimMembershipCreate(ScimStore *store, const ScimResourceType *type,
										  const JsonbValue *document);
extern ScimResource *
ScimMembershipGet(ScimStore *store, const ScimResourceType *type, const char *id);
extern void ScimMembershipDelete(ScimStore *store, const ScimResourceType *type,
								 const char *id, const ScimPreconditions *conditions);
pg_noreturn extern void
ScimMembershipRefuse(ScimStore *store, const ScimResourceType *type, const char *id);

/*
 * lifecycle.c: what is done with a person, each with its event.  conditions may be
 * NULL.  Who is not there is an error (404).
 */
extern ScimResource *
ScimSuspendResource(ScimStore *store, const ScimResourceType *type, const char *id,
					const ScimPreconditions *conditions);
extern ScimResource *
ScimActivateResource(ScimStore *store, const ScimResourceType *type, const char *id,
					 const ScimPreconditions *conditions);
extern ScimResource *ScimInvite(ScimStore *store, const ScimResourceType *type,
								const char *id, const ScimPreconditions *conditions);
extern ScimResource *ScimLogOut(ScimStore *store, const ScimResourceType *type,
								const char *id, const ScimPreconditions *conditions);
/* An error (404) where nobody of that id is being off-boarded; type NULL: nobody is. */
extern void
ScimCompleteOffboarding(ScimStore *store, const ScimResourceType *type, const char *id);
/* The same where nobody of that id is deleted or being off-boarded. */
extern void
ScimRestoreResource(ScimStore *store, const ScimResourceType *type, const char *id);
/* Sets *code to the text of the code. */
extern ScimResource *
ScimIssueRecoveryCode(ScimStore *store, const ScimResourceType *type, const char *id,
					  const ScimPreconditions *conditions, const Interval *valid_for,
					  char **code);
/* The person whose code it was, or NULL; type NULL: of whatever type. */
extern ScimResource *
ScimRedeemRecoveryCode(ScimStore *store, const ScimResourceType *type, const char *code);

/* call_write.c */
extern Datum ScimCallWrite(FunctionCallInfo fcinfo, PGFunction function, bool deletes);

/* database_roles.c */
extern void ScimDatabaseRoleErase(ScimStore *store, int32 tenant_id, const pg_uuid_t *id);

extern void ScimExecuteWrite(const ScimStore *store, const char *query,
							 const ScimParams *params, const ScimResourceType *type);

/* net_change.c */
extern bool ScimWriteNet(ScimStore *store, const ScimResource *before,
						 void (*write)(void *arg), void *arg);

#endif /* SCIM_OPERATION_H */
