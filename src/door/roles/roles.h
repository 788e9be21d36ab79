/*
 * roles.h
 *		The policy "database_roles" at the door: who is in a group has roles of the
 *		database, and who may not log in any more does not there either.
 *
 *		roles.c			who is concerned by a write, noted until the statement is over
 *		roles_wanted.c	what groups say of people, and what the table "database_role"
 *						does
 *		roles_plan.c	in what the roles of the database are to follow
 *		roles_server.c	these roles: which may be touched, and the statements that do
 *		roles_apply.c	one person after the other, told of where somebody asks
 *
 * The table says what the policy has made of the roles; a write acts where the groups
 * say something else than that.  What somebody does to the roles by hand is found by
 * scim.check_database_roles() and taken back by scim.sync_database_roles().
 */
#ifndef SCIM_DOOR_ROLES_H
#define SCIM_DOOR_ROLES_H

#include "postgres.h"
#include "nodes/pg_list.h"
#include "utils/hsearch.h"
#include "utils/uuid.h"

#include "policy/policy.h"
#include "store/store.h"

struct Door;
struct ScimOccurrence;

typedef enum ScimRolesMode
{
	SCIM_ROLES_WRITE, /* a resource is written: what cannot be is an error */
	SCIM_ROLES_SYNC,  /* all is brought in line with the groups, as far as it can be */
	SCIM_ROLES_CHECK  /* only told */
} ScimRolesMode;

/* In what the database differs, or differed. */
typedef struct ScimRolesDifference
{
	const pg_uuid_t *person; /* or NULL: of nobody in the store */
	const char *name;        /* what people call him, or NULL */
	const char *login;       /* the role that he logs in as, or NULL */
	const char *action;  /* "create", "rename", "login", "no login", "grant", "revoke" */
	const char *role;    /* that is granted or revoked; or NULL */
	const char *problem; /* why that cannot be; NULL: it can, or has been done */
} ScimRolesDifference;
typedef void (*ScimRolesTell)(void *arg, const ScimRolesDifference *difference);

/* The policies that are on in a tenant, and what is known while they are applied. */
typedef struct ScimRolesRun
{
	ScimStore *store;
	int32 tenant_id;
	ScimRolesMode mode;
	ScimRolesTell tell; /* or NULL */
	void *arg;
	MemoryContext context; /* of all that the run knows */
	List *rules;           /* const ScimRolesRule *, of different types */
	HTAB *groups;          /* that have been looked at (roles_wanted.c) */
	HTAB *checked;         /* roles that may be granted, or not (roles_server.c) */
	HTAB *names;           /* of all roles, folded; NULL: not read yet */
	List *dangerous;       /* Oid, of roles that are more than ordinary ones */
	bool dangerous_known;
} ScimRolesRun;

/* A role that groups give to somebody. */
typedef struct ScimRoleWanted
{
	const char *role;
	pg_uuid_t group; /* one of these groups */
	const char *group_name;
} ScimRoleWanted;

/* A person, and what the table "database_role" says. */
typedef struct ScimRolesPerson
{
	pg_uuid_t id;
	const ScimRolesRule *rule;
	const char *type_name;
	const char *name; /* what people call him */
	bool there;
	bool may_log_in;
	const char *login; /* as the role is to be called; NULL: he says nothing of it */
	List *wanted;      /* ScimRoleWanted * */

	bool known;         /* he has a row */
	bool ours;          /* the role that the row means is there */
	const char *noted;  /* what the row calls it */
	const char *role;   /* what it is called by now, whoever has renamed it */
	const char *called; /* as it is to be called; one that was adopted as it is */
	const char *stray;  /* not ours, and perhaps it under another name; or NULL */
	Oid role_id;
	bool made;
	bool may;      /* log in, as the policy has left it */
	List *granted; /* char * */
} ScimRolesPerson;

/* What is to be done, or why it cannot be. */
typedef struct ScimRolesStep
{
	const char *action; /* as of ScimRolesDifference */
	const char *role;
	const ScimRoleWanted *wanted; /* of "grant" */
	const char *problem;
	const char *hint;
	ScimErrorKind kind; /* of the problem */
} ScimRolesStep;

/* roles_wanted.c */
/* as the owner of the store, with SPI connected */
extern List *ScimRolesRules(ScimStore *store, int32 tenant_id);
extern bool ScimRolesGive(ScimRolesRun *run, const Datum *groups, int ngroups);
extern Datum *ScimRolesBelow(ScimRolesRun *run, const Datum *ids, int n, int *nbelow);
extern void ScimRolesHoldGroups(ScimRolesRun *run, const Datum *ids, int n);
extern Datum *ScimRolesEverybody(ScimRolesRun *run, int *n);
extern List *ScimRolesPeople(ScimRolesRun *run, const Datum *ids, int n);

/* roles_plan.c: List of ScimRolesStep * */
extern List *ScimRolesPlan(ScimRolesRun *run, const ScimRolesPerson *person);

/* roles_server.c */
extern HTAB *
ScimRolesTable(const ScimRolesRun *run, const char *name, Size key_size, Size entry_size);
extern void ScimRolesLock(void);
extern Oid ScimRoleOid(const char *name);
extern int64 ScimRoleServer(void);
extern char *
ScimRoleName(const char *noted, Oid role_id, Oid database_id, int64 server_id);
extern bool ScimRoleMayBeAltered(const ScimStore *store, Oid role);
extern bool ScimRoleMayLogIn(Oid role);
extern bool ScimRoleHasMember(Oid role, Oid member);
extern bool ScimRoleIsSuperuser(Oid role);
extern void
ScimRoleCheckGrant(ScimRolesRun *run, const ScimRolesPerson *person, ScimRolesStep *step);
extern void ScimRoleCheckRevoke(ScimRolesRun *run, const ScimRolesPerson *person,
								ScimRolesStep *step);
extern void
ScimRoleCheckAlter(ScimRolesRun *run, const ScimRolesPerson *person, ScimRolesStep *step);
extern void ScimRoleCheckName(ScimRolesRun *run, const ScimRolesPerson *person,
							  const char *name, ScimRolesStep *step);
extern const char *
ScimRoleLoginFault(const ScimStore *store, const char *name, Oid role, const char **hint);
extern void ScimRoleSign(const ScimStore *store, int32 tenant_id, const char *type_name,
						 const pg_uuid_t *id, const char *role, const char *verb);
extern char *ScimRoleSigned(Oid role, bool *has_comment);
extern void ScimRoleUnsign(const ScimStore *store, const char *role);
extern void ScimRoleCreate(ScimRolesRun *run, const ScimRolesPerson *person);
extern void ScimRoleRename(const ScimRolesRun *run, const char *from, const char *to);
extern void ScimRoleLet(const char *role, bool log_in);
extern void ScimRoleGrant(const char *role, const char *member);
extern void ScimRoleRevoke(const char *role, const char *member);

/* roles_apply.c; as whoever */
extern void
ScimRolesStart(ScimRolesRun *run, ScimStore *store, int32 tenant_id, ScimRolesMode mode);
extern void ScimRolesApply(ScimRolesRun *run, const Datum *ids, int n);
extern void ScimRolesApplyAll(ScimRolesRun *run);

/* roles.c: roles of the database follow people and their groups */
extern void ScimRolesInit(void);
extern void
ScimRolesNoteRow(const struct Door *door, const struct ScimOccurrence *happened);
extern void ScimRolesNoteMembers(ScimStore *store);
extern void ScimRolesSettle(int depth);

#endif /* SCIM_DOOR_ROLES_H */
