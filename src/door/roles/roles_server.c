/*
 * roles_server.c
 *		Roles of the database, for the policy "database_roles": which of them may be
 *		touched, and the statements that do.
 *
 * The statements run as the owner of the store, with what he may and no more.  What he
 * may not is looked at before, so that the error can say who is missing what.  Before
 * PostgreSQL 16 CREATEROLE is all that it takes; since then it is ADMIN OPTION on the
 * role itself, and CREATEROLE besides for all but to grant it.
 *
 * Whatever a policy says, nobody is granted, and nobody logs in as, a superuser, the
 * owner of the store, or a role of the product; nor a role that is a member of these.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/pg_auth_members.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_type.h"
#include "commands/dbcommands.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "compat.h"
#include "door/roles/roles.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "text/fold.h"

/* Tells our lock from those that the server takes of roles. */
#define LOCK_NUMBER 0x5c1

/* A role that is to be granted, by its name. */
typedef struct Checked
{
	NameData name;
	const char *problem; /* or NULL */
	const char *hint;
} Checked;

/* All roles by their folded names. */
typedef struct Named
{
	uint32 hash;
	List *names; /* char * */
} Named;

/* A table of what a run knows. */
HTAB *
ScimRolesTable(const ScimRolesRun *run, const char *name, Size key_size, Size entry_size)
{
	HASHCTL control;

	memset(&control, 0, sizeof(control));
	control.keysize = key_size;
	control.entrysize = entry_size;
	control.hcxt = run->context;
	return hash_create(name, 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/*
 * ScimRolesLock lets one transaction at a time change roles because of a policy, in the
 * whole server: concurrent GRANTs and ALTER ROLEs fail otherwise ("tuple concurrently
 * updated").  Nobody else can take this lock, as he could an advisory one.
 */
void
ScimRolesLock(void)
{
	LockSharedObject(AuthIdRelationId, BOOTSTRAP_SUPERUSERID, LOCK_NUMBER, ExclusiveLock);
}

Oid
ScimRoleOid(const char *name)
{
	return strlen(name) < NAMEDATALEN ? get_role_oid(name, true) : InvalidOid;
}

/* ScimRoleServer: what tells this server from others, in which oids mean other roles. */
int64
ScimRoleServer(void)
{
	return (int64) GetSystemIdentifier();
}

/*
 * ScimRoleName gives what the role that the table means is called by now; NULL: it is not
 * there, or may be another one.  On the server on which it was written down its oid is
 * enough, whoever has renamed it; elsewhere, as behind pg_upgrade, it must have its name,
 * too.
 */
char *
ScimRoleName(const char *noted, Oid role_id, Oid database_id, int64 server_id)
{
	char *name = database_id == MyDatabaseId ? GetUserNameFromId(role_id, true) : NULL;

	if (name != NULL && server_id != ScimRoleServer() && strcmp(name, noted) != 0)
		return NULL;
	return name;
}

/* The row of a role, which is to be released; NULL: it is gone. */
static Form_pg_authid
role_form(Oid role, HeapTuple *tuple)
{
	*tuple = SearchSysCache1(AUTHOID, ObjectIdGetDatum(role));
	return HeapTupleIsValid(*tuple) ? (Form_pg_authid) GETSTRUCT(*tuple) : NULL;
}

bool
ScimRoleMayLogIn(Oid role)
{
	HeapTuple tuple;
	Form_pg_authid form = role_form(role, &tuple);
	bool may = form != NULL && form->rolcanlogin;

	if (form != NULL)
		ReleaseSysCache(tuple);
	return may;
}

bool
ScimRoleIsSuperuser(Oid role)
{
	HeapTuple tuple;
	Form_pg_authid form = role_form(role, &tuple);
	bool super = form != NULL && form->rolsuper;

	if (form != NULL)
		ReleaseSysCache(tuple);
	return super;
}

/* ScimRoleHasMember: is there a row in pg_auth_members, whoever granted it? */
bool
ScimRoleHasMember(Oid role, Oid member)
{
	CatCList *rows = SearchSysCacheList2(AUTHMEMROLEMEM, ObjectIdGetDatum(role),
										 ObjectIdGetDatum(member));
	bool has = false;

	for (int i = 0; i < rows->n_members; i++)
	{
		Form_pg_auth_members row =
			(Form_pg_auth_members) GETSTRUCT(&rows->members[i]->tuple);

		has = has || SCIM_IS_MEMBER(row);
	}
	ReleaseSysCacheList(rows);
	return has;
}

/* Who has granted a role to a member. */
static List *
grantors_of(Oid role, Oid member)
{
	CatCList *rows = SearchSysCacheList2(AUTHMEMROLEMEM, ObjectIdGetDatum(role),
										 ObjectIdGetDatum(member));
	List *grantors = NIL;

	for (int i = 0; i < rows->n_members; i++)
	{
		Form_pg_auth_members row =
			(Form_pg_auth_members) GETSTRUCT(&rows->members[i]->tuple);

		grantors = lappend_oid(grantors, row->grantor);
	}
	ReleaseSysCacheList(rows);
	return grantors;
}

/* May the owner of a store alter a role, or drop the like? */
static bool
may_alter(Oid owner, Oid role)
{
	if (superuser_arg(owner))
		return true;
	if (ScimRoleIsSuperuser(role) || !has_createrole_privilege(owner))
		return false;
	return !SCIM_CREATEROLE_NEEDS_ADMIN || is_admin_of_role(owner, role);
}

static bool
may_grant(Oid owner, Oid role)
{
	if (superuser_arg(owner))
		return true;
	if (ScimRoleIsSuperuser(role))
		return false;
	return is_admin_of_role(owner, role) ||
		   (!SCIM_CREATEROLE_NEEDS_ADMIN && has_createrole_privilege(owner));
}

static char *
role_text(Oid role)
{
	return GetUserNameFromId(role, false);
}

/* What makes a role more than an ordinary one, by itself; NULL: nothing. */
static const char *
attribute_of(const FormData_pg_authid *form)
{
	return form->rolcreaterole    ? "CREATEROLE"
		   : form->rolcreatedb    ? "CREATEDB"
		   : form->rolreplication ? "REPLICATION"
		   : form->rolbypassrls   ? "BYPASSRLS"
								  : NULL;
}

/*
 * Roles of which nobody becomes a member by mistake; those of which nobody ever does
 * come first.
 */
static void
find_dangerous(ScimRolesRun *run)
{
	ScimParams params;
	MemoryContext old;

	if (run->dangerous_known)
		return;
	ScimParamsInit(&params);
	ScimParamsAdd(&params, OIDOID, ObjectIdGetDatum(run->store->owner), false);
	ScimSpiExecute(
		"SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolsuper OR r.rolcreaterole "
		"OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls OR r.oid = $1 "
		"OR r.rolname ~ '^(pg|scim)_' "
		"ORDER BY NOT r.rolsuper, r.oid <> $1, r.rolname !~ '^scim_', r.rolname",
		&params, false, 0);
	old = MemoryContextSwitchTo(run->context);
	for (uint64 i = 0; i < SPI_processed; i++)
		run->dangerous =
			lappend_oid(run->dangerous, DatumGetObjectId(ScimResultValue(i, 1, OIDOID)));
	run->dangerous_known = true;
	MemoryContextSwitchTo(old);
}

/*
 * What is wrong with being one of these, or a member.  rule NULL: it is to be the role
 * of a person, who may well be a member of what is only more than ordinary.
 */
static const char *
fault_of_dangerous(const ScimRolesRun *run, const ScimRolesRule *rule, const char *name,
				   Oid role, Oid dangerous)
{
	HeapTuple tuple;
	Form_pg_authid form = role_form(dangerous, &tuple);
	const char *other;
	const char *fault = NULL;

	if (form == NULL)
		return NULL;
	other = pstrdup(NameStr(form->rolname));
	if (form->rolsuper)
		fault = "is a superuser";
	else if (dangerous == run->store->owner)
		fault = "is the owner of the store";
	else if (strncmp(other, "scim_", 5) == 0)
		fault = "belongs to the product";
	else if (rule != NULL
				 ? ScimRolesPrivileged(rule, name) || ScimRolesPrivileged(rule, other)
				 : role != dangerous)
		fault = NULL;
	else if (attribute_of(form) != NULL)
		fault = psprintf("has %s", attribute_of(form));
	else
		fault = "is predefined";
	ReleaseSysCache(tuple);
	if (fault == NULL || role == dangerous)
		return fault;
	return psprintf("is a member of \"%s\", which %s", other, fault);
}

/* What a role that is there must not be; rule NULL: to be the role of a person. */
static const char *
danger_of(ScimRolesRun *run, const ScimRolesRule *rule, const char *name, Oid role)
{
	const ListCell *lc;

	find_dangerous(run);
	foreach (lc, run->dangerous)
	{
		const char *fault;

		if (role != lfirst_oid(lc) && !is_member_of_role_nosuper(role, lfirst_oid(lc)))
			continue;
		fault = fault_of_dangerous(run, rule, name, role, lfirst_oid(lc));
		if (fault != NULL)
			return fault;
	}
	return NULL;
}

/*
 * ScimRoleMayBeAltered: is it a role that the owner of the store may alter, and none that
 * nobody of the store can have?
 */
bool
ScimRoleMayBeAltered(const ScimStore *store, Oid role)
{
	char *name = GetUserNameFromId(role, true);

	return name != NULL && role != store->owner && !ScimRoleIsSuperuser(role) &&
		   strncmp(name, "scim_", 5) != 0 && may_alter(store->owner, role);
}

/* Is it the role that somebody of the store logs in as? */
static bool
is_login(const ScimRolesRun *run, const char *name)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(name), false);
	ScimParamsAdd(&params, OIDOID, ObjectIdGetDatum(ScimRoleOid(name)), false);
	ScimParamsAdd(&params, OIDOID, ObjectIdGetDatum(MyDatabaseId), false);
	ScimSpiExecute(psprintf("SELECT FROM %s.database_role WHERE role = $1 "
							"OR (role_id = $2 AND database_id = $3)",
							run->store->quoted_name),
				   &params, false, 1);
	return SPI_processed > 0;
}

static char *
admin_hint(const ScimRolesRun *run, const char *name)
{
	return psprintf("GRANT %s TO %s WITH ADMIN OPTION;", quote_identifier(name),
					quote_identifier(role_text(run->store->owner)));
}

/* Once for each role and run. */
static const Checked *
check_role(ScimRolesRun *run, const ScimRolesRule *rule, const char *name)
{
	NameData key;
	bool found;
	Checked *checked;
	Oid role;
	const char *fault;
	const char *problem = NULL;
	const char *hint = NULL;

	memset(&key, 0, sizeof(key));
	namestrcpy(&key, name);
	if (run->checked == NULL)
		run->checked = ScimRolesTable(run, "scim roles that are granted",
									  sizeof(NameData), sizeof(Checked));
	checked = hash_search(run->checked, &key, HASH_FIND, NULL);
	if (checked != NULL)
		return checked;
	role = ScimRoleOid(name);
	if (!OidIsValid(role))
	{
		problem = psprintf("role \"%s\" does not exist", name);
		hint = psprintf("CREATE ROLE %s;", quote_identifier(name));
	}
	else if ((fault = danger_of(run, rule, name, role)) != NULL)
		problem = psprintf("role \"%s\" %s", name, fault);
	else if (is_login(run, name))
		problem = psprintf("role \"%s\" is that of a person", name);
	else if (!may_grant(run->store->owner, role))
	{
		problem = psprintf("\"%s\", the owner of the store, may not grant role \"%s\"",
						   role_text(run->store->owner), name);
		hint = admin_hint(run, name);
	}
	checked = hash_search(run->checked, &key, HASH_ENTER, &found);
	checked->problem =
		problem != NULL ? MemoryContextStrdup(run->context, problem) : NULL;
	checked->hint = hint != NULL ? MemoryContextStrdup(run->context, hint) : NULL;
	return checked;
}

static void
set_problem(ScimRolesStep *step, ScimErrorKind kind, const char *problem,
			const char *hint)
{
	step->kind = kind;
	step->problem = problem;
	step->hint = hint;
}

/*
 * The following say what is wrong with a step in its "problem".  What only who runs the
 * database can mend is 503.
 */
void
ScimRoleCheckGrant(ScimRolesRun *run, const ScimRolesPerson *person, ScimRolesStep *step)
{
	const Checked *checked = check_role(run, person->rule, step->role);
	Oid role;

	if (checked->problem != NULL)
	{
		set_problem(step, SCIM_UNAVAILABLE, checked->problem, checked->hint);
		return;
	}
	role = person->known ? ScimRoleOid(person->role) : InvalidOid;
	if (OidIsValid(role) && ScimRoleIsSuperuser(role))
		set_problem(step, SCIM_UNAVAILABLE,
					psprintf("role \"%s\" has become a superuser", person->role), NULL);
	else if (OidIsValid(role) && is_member_of_role_nosuper(ScimRoleOid(step->role), role))
		set_problem(
			step, SCIM_UNAVAILABLE,
			psprintf("role \"%s\" is a member of \"%s\"", step->role, person->role),
			NULL);
}

/*
 * Since version 16 each grantor has a grant of his own, which is ours to take where we
 * have his privileges.  Of grants of which none is, whoever compares is told; somebody
 * who leaves does so all the same.
 */
void
ScimRoleCheckRevoke(ScimRolesRun *run, const ScimRolesPerson *person, ScimRolesStep *step)
{
	Oid role = ScimRoleOid(step->role);
	List *grantors;
	const ListCell *lc;

	if (!OidIsValid(role))
		return;
	if (may_grant(run->store->owner, role))
	{
		grantors = grantors_of(role, ScimRoleOid(person->role));
		foreach (lc, grantors)
		{
			if (has_privs_of_role(run->store->owner, lfirst_oid(lc)))
				return;
		}
		if (SCIM_CREATEROLE_NEEDS_ADMIN && run->mode != SCIM_ROLES_WRITE &&
			grantors != NIL)
			set_problem(
				step, SCIM_UNAVAILABLE,
				psprintf("it was granted by \"%s\"", role_text(linitial_oid(grantors))),
				NULL);
		return;
	}
	set_problem(step, SCIM_UNAVAILABLE,
				psprintf("\"%s\", the owner of the store, may not revoke role \"%s\"",
						 role_text(run->store->owner), step->role),
				admin_hint(run, step->role));
}

void
ScimRoleCheckAlter(ScimRolesRun *run, const ScimRolesPerson *person, ScimRolesStep *step)
{
	Oid role = ScimRoleOid(person->role);

	if (ScimRoleIsSuperuser(role))
		set_problem(step, SCIM_UNAVAILABLE,
					psprintf("role \"%s\" has become a superuser", person->role), NULL);
	else if (!may_alter(run->store->owner, role))
		set_problem(step, SCIM_UNAVAILABLE,
					psprintf("\"%s\", the owner of the store, may not alter role \"%s\"",
							 role_text(run->store->owner), person->role),
					!has_createrole_privilege(run->store->owner)
						? psprintf("ALTER ROLE %s CREATEROLE;",
								   quote_identifier(role_text(run->store->owner)))
						: admin_hint(run, person->role));
}

/* The names of all roles, those that the tables and policies of the store have, too. */
static void
read_names(ScimRolesRun *run)
{
	MemoryContext old;

	run->names = ScimRolesTable(run, "scim role names", sizeof(uint32), sizeof(Named));
	ScimSpiExecute(psprintf("SELECT rolname::text FROM pg_catalog.pg_roles "
							"UNION SELECT role FROM %1$s.database_role "
							"UNION SELECT r #>> '{}' FROM %1$s.policy p, LATERAL "
							"jsonb_path_query(p.settings, 'lax $.grants[*].roles[*]') r "
							"WHERE p.kind = 'database_roles'",
							run->store->quoted_name),
				   NULL, false, 0);
	old = MemoryContextSwitchTo(run->context);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		char *name = ScimResultText(i, 1);
		uint32 hash = ScimFoldHash(name, strlen(name));
		bool found;
		Named *named = hash_search(run->names, &hash, HASH_ENTER, &found);

		if (!found)
			named->names = NIL;
		named->names = lappend(named->names, pstrdup(name));
	}
	MemoryContextSwitchTo(old);
}

/* Is it the name of a person's own role, or was it, and is nobody's by now? */
static bool
is_own_name(const ScimRolesPerson *person, const char *name)
{
	if (!person->known)
		return false;
	return strcmp(name, person->role) == 0 ||
		   (strcmp(name, person->noted) == 0 && !OidIsValid(ScimRoleOid(name)));
}

/* Another name than his own that is the same without regard to case, or NULL. */
static const char *
taken_name(ScimRolesRun *run, const char *name, const ScimRolesPerson *person)
{
	uint32 hash = ScimFoldHash(name, strlen(name));
	const Named *named;
	const ListCell *lc;

	if (run->names == NULL)
		read_names(run);
	named = hash_search(run->names, &hash, HASH_FIND, NULL);
	foreach (lc, named != NULL ? named->names : NIL)
	{
		const char *other = lfirst(lc);

		if (!is_own_name(person, other) &&
			ScimFoldEqual(name, strlen(name), other, strlen(other)))
			return other;
	}
	return NULL;
}

/* What is to be done where a role is there that is not the person's. */
static const char *
taken_hint(const ScimRolesRun *run, const ScimRolesPerson *person, const char *path,
		   const char *taken)
{
	Oid role = ScimRoleOid(taken);
	const char *hint = NULL;
	const char *fault =
		OidIsValid(role) ? ScimRoleLoginFault(run->store, taken, role, &hint) : NULL;

	if (fault != NULL && hint == NULL)
		return psprintf("It %s, and becomes nobody's: attribute \"%s\" has to have "
						"another value.",
						fault, path);
	if (person->known && person->ours)
		return "scim.release_database_role() ends the one that he has; then "
			   "scim.adopt_database_role() makes it his.";
	return "scim.adopt_database_role() makes it his.";
}

/* ScimRoleCheckName: may a person's role be called as his document says, or NULL? */
void
ScimRoleCheckName(ScimRolesRun *run, const ScimRolesPerson *person, const char *name,
				  ScimRolesStep *step)
{
	char *path = ScimRulePath(&person->rule->login);
	const char *wrong;
	const char *taken;

	if (name == NULL)
	{
		set_problem(
			step, SCIM_INVALID_VALUE,
			psprintf("attribute \"%s\", which names the role, has no value", path), NULL);
		return;
	}
	wrong = ScimRoleNameFault(name);
	if (wrong == NULL && ScimRoleIsPredefined(name))
		wrong = "begins with \"pg_\", as roles of the server do";
	if (wrong != NULL)
	{
		set_problem(step, SCIM_INVALID_VALUE,
					psprintf("no role can be called as attribute \"%s\" says: the name "
							 "%s",
							 path, wrong),
					NULL);
		return;
	}
	taken = taken_name(run, name, person);
	if (taken != NULL)
	{
		set_problem(step, SCIM_UNIQUENESS,
					psprintf("role \"%s\" exists already, and is not that of this %s",
							 taken, person->type_name),
					taken_hint(run, person, path, taken));
		return;
	}
	if (!superuser_arg(run->store->owner) && !has_createrole_privilege(run->store->owner))
		set_problem(step, SCIM_UNAVAILABLE,
					psprintf("\"%s\", the owner of the store, may not create roles",
							 role_text(run->store->owner)),
					psprintf("ALTER ROLE %s CREATEROLE;",
							 quote_identifier(role_text(run->store->owner))));
}

/*
 * ScimRoleLoginFault says why nobody of the store may log in as a role that is there, in
 * words that follow its name; NULL: nothing speaks against it.
 */
const char *
ScimRoleLoginFault(const ScimStore *store, const char *name, Oid role, const char **hint)
{
	ScimRolesRun run = {.store = (ScimStore *) store, .context = CurrentMemoryContext};
	const char *fault = ScimRoleNameFault(name);

	*hint = NULL;
	if (fault != NULL)
		return psprintf("cannot be that of a person: its name %s", fault);
	fault = danger_of(&run, NULL, name, role);
	if (fault != NULL)
		return fault;
	if (may_alter(store->owner, role))
		return NULL;
	*hint = !has_createrole_privilege(store->owner)
				? psprintf("ALTER ROLE %s CREATEROLE;",
						   quote_identifier(role_text(store->owner)))
				: admin_hint(&run, name);
	return psprintf("may not be altered by \"%s\", the owner of the store",
					role_text(store->owner));
}

/* Our own settings, whatever the session's are, and no notices. */
static void
execute(const char *statement)
{
	int level = NewGUCNestLevel();

	(void) set_config_option("client_min_messages", "warning", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	/* since 16: who makes a role does not become a member of it that inherits from it */
	if (SCIM_CREATEROLE_NEEDS_ADMIN)
		(void) set_config_option("createrole_self_grant", "", PGC_USERSET, PGC_S_SESSION,
								 GUC_ACTION_SAVE, true, 0, false);
	ScimSpiExecuteOnce(statement, NULL, false, 0);
	AtEOXact_GUC(false, level);
}

static void
add_name(ScimRolesRun *run, const char *name)
{
	uint32 hash = ScimFoldHash(name, strlen(name));
	MemoryContext old;
	bool found;
	Named *named;

	if (run->names == NULL)
		return;
	old = MemoryContextSwitchTo(run->context);
	named = hash_search(run->names, &hash, HASH_ENTER, &found);
	if (!found)
		named->names = NIL;
	named->names = lappend(named->names, pstrdup(name));
	MemoryContextSwitchTo(old);
}

/*
 * ScimRoleSign says in the comment of a role whose it is, for stores of other databases,
 * which cannot know it otherwise.
 */
void
ScimRoleSign(const ScimStore *store, int32 tenant_id, const char *type_name,
			 const pg_uuid_t *id, const char *role, const char *verb)
{
	execute(psprintf("COMMENT ON ROLE %s IS %s", quote_identifier(role),
					 quote_literal_cstr(
						 psprintf("%s for %s %s of the SCIM store \"%s\", tenant %d, in "
								  "database \"%s\".",
								  verb, type_name, ScimUuidText(id), store->name,
								  tenant_id, get_database_name(MyDatabaseId)))));
}

/*
 * ScimRoleSigned gives the database in which a role is that of a person, as its comment
 * says, or NULL; has_comment: whether it has one at all.
 */
char *
ScimRoleSigned(Oid role, bool *has_comment)
{
	ScimParams params;
	bool isnull;
	Datum database;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, OIDOID, ObjectIdGetDatum(role), false);
	ScimSpiExecute("SELECT c IS NOT NULL, substring(c FROM '^(?:Made|Adopted) for .+ of "
				   "the SCIM store \".*\", tenant [0-9]+, in database \"(.+)\"[.]$') "
				   "FROM pg_catalog.shobj_description($1, 'pg_authid') c",
				   &params, true, 1);
	*has_comment = DatumGetBool(ScimResultValue(0, 1, BOOLOID));
	database = ScimResult(0, 2, TEXTOID, &isnull);
	return isnull ? NULL : TextDatumGetCString(database);
}

/* ScimRoleUnsign takes such a comment of this database away. */
void
ScimRoleUnsign(const ScimStore *store, const char *role)
{
	bool has_comment;
	char *database = ScimRoleSigned(ScimRoleOid(role), &has_comment);

	if (database != NULL && strcmp(database, get_database_name(MyDatabaseId)) == 0 &&
		ScimRoleMayBeAltered(store, ScimRoleOid(role)))
		execute(psprintf("COMMENT ON ROLE %s IS NULL", quote_identifier(role)));
}

/* ScimRoleCreate makes the role that a person logs in as. */
void
ScimRoleCreate(ScimRolesRun *run, const ScimRolesPerson *person)
{
	execute(psprintf("CREATE ROLE %s LOGIN", quote_identifier(person->login)));
	ScimRoleSign(run->store, run->tenant_id, person->type_name, &person->id,
				 person->login, "Made");
	add_name(run, person->login);
}

void
ScimRoleRename(const ScimRolesRun *run, const char *from, const char *to)
{
	execute(psprintf("ALTER ROLE %s RENAME TO %s", quote_identifier(from),
					 quote_identifier(to)));
	add_name((ScimRolesRun *) run, to);
}

void
ScimRoleLet(const char *role, bool log_in)
{
	execute(psprintf("ALTER ROLE %s %s", quote_identifier(role),
					 log_in ? "LOGIN" : "NOLOGIN"));
}

void
ScimRoleGrant(const char *role, const char *member)
{
	execute(psprintf("GRANT %s TO %s", quote_identifier(role), quote_identifier(member)));
}

/*
 * ScimRoleRevoke takes a role away, with what the member has granted of it.  Since
 * version 16 each grantor has a grant of his own: those go that are ours to take, and a
 * warning tells of others.
 */
void
ScimRoleRevoke(const char *role, const char *member)
{
	Oid role_id = ScimRoleOid(role);
	Oid member_id = ScimRoleOid(member);
	const ListCell *lc;

	if (!OidIsValid(role_id) || !OidIsValid(member_id))
		return;
	foreach (lc, grantors_of(role_id, member_id))
	{
		Oid grantor = lfirst_oid(lc);

		if (!SCIM_CREATEROLE_NEEDS_ADMIN)
			execute(psprintf("REVOKE %s FROM %s", quote_identifier(role),
							 quote_identifier(member)));
		else if (has_privs_of_role(GetUserId(), grantor))
			execute(psprintf("REVOKE %s FROM %s GRANTED BY %s CASCADE",
							 quote_identifier(role), quote_identifier(member),
							 quote_identifier(role_text(grantor))));
		else
			ereport(WARNING,
					(errmsg("role \"%s\" is still granted to \"%s\", by \"%s\"", role,
							member, role_text(grantor)),
					 errhint("scim.check_database_roles() lists what differs.")));
	}
}
