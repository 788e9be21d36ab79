/*
 * roles_plan.c
 *		In what the roles of the database are to follow the groups of a person, and what
 *		stands in the way.
 *
 * A write compares what the groups say with what the policy has done, as the table
 * "database_role" has it; whoever checks or brings in line compares it with the database.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "door/roles/roles.h"

typedef struct Planning
{
	ScimRolesRun *run;
	const ScimRolesPerson *person;
	Oid role; /* that the person logs in as, or InvalidOid */
	List *steps;
} Planning;

static ScimRolesStep *
add_step(Planning *planning, const char *action)
{
	ScimRolesStep *step = palloc0(sizeof(ScimRolesStep));

	step->action = action;
	planning->steps = lappend(planning->steps, step);
	return step;
}

static void
add_problem(Planning *planning, const char *action, ScimErrorKind kind,
			const char *problem, const char *hint)
{
	ScimRolesStep *step = add_step(planning, action);

	step->kind = kind;
	step->problem = problem;
	step->hint = hint;
}

static bool
has_name(const List *names, const char *name)
{
	const ListCell *lc;

	foreach (lc, names)
	{
		if (strcmp(lfirst(lc), name) == 0)
			return true;
	}
	return false;
}

/* Has the person a role by now, as the mode sees it? */
static bool
has_role(const Planning *planning, const char *name)
{
	Oid role;

	if (planning->run->mode == SCIM_ROLES_WRITE)
		return OidIsValid(planning->role) && has_name(planning->person->granted, name);
	role = ScimRoleOid(name);
	return OidIsValid(role) && OidIsValid(planning->role) &&
		   ScimRoleHasMember(role, planning->role);
}

static void
plan_grants(Planning *planning)
{
	const ListCell *lc;

	foreach (lc, planning->person->wanted)
	{
		const ScimRoleWanted *wanted = lfirst(lc);
		ScimRolesStep *step;

		if (has_role(planning, wanted->role))
			continue;
		step = add_step(planning, "grant");
		step->role = wanted->role;
		step->wanted = wanted;
		ScimRoleCheckGrant(planning->run, planning->person, step);
	}
}

static bool
is_wanted(const ScimRolesPerson *person, const char *name)
{
	const ListCell *lc;

	foreach (lc, person->wanted)
	{
		if (strcmp(((const ScimRoleWanted *) lfirst(lc))->role, name) == 0)
			return true;
	}
	return false;
}

static void
plan_revokes(Planning *planning, const List *names, const List *seen)
{
	const ListCell *lc;

	foreach (lc, names)
	{
		const char *name = lfirst(lc);
		ScimRolesStep *step;

		if (is_wanted(planning->person, name) || has_name(seen, name) ||
			!has_role(planning, name))
			continue;
		step = add_step(planning, "revoke");
		step->role = name;
		ScimRoleCheckRevoke(planning->run, planning->person, step);
	}
}

static void
plan_creation(Planning *planning)
{
	ScimRolesStep *step = add_step(planning, "create");

	ScimRoleCheckName(planning->run, planning->person, planning->person->login, step);
	plan_grants(planning);
}

/* Somebody who has no role yet. */
static void
plan_newcomer(Planning *planning)
{
	const ScimRolesPerson *person = planning->person;

	if (person->wanted == NIL || !person->may_log_in)
		return;
	switch (person->rule->missing)
	{
		case SCIM_ROLES_IGNORE:
			break;
		case SCIM_ROLES_CREATE:
			plan_creation(planning);
			break;
		case SCIM_ROLES_REFUSE:
			add_problem(planning, "create", SCIM_UNAVAILABLE,
						psprintf("this %s has no role of the database to log in as",
								 person->type_name),
						"scim.adopt_database_role() gives him one that there is.");
			break;
	}
}

/* Is anything to be done to the role, of what the policy has left it with? */
static bool
is_touched(const ScimRolesPerson *person)
{
	const ListCell *lc;

	if (person->may != (person->there && person->may_log_in) ||
		(person->made && person->there && person->login != NULL &&
		 strcmp(person->login, person->noted) != 0))
		return true;
	foreach (lc, person->granted)
	{
		if (!is_wanted(person, lfirst(lc)))
			return true;
	}
	return false;
}

static const char *
loss_of(const Planning *planning)
{
	const ScimRolesPerson *person = planning->person;

	if (person->stray != NULL)
		return psprintf("role \"%s\" is not there any more, and may be \"%s\" now",
						person->noted, person->stray);
	if (!OidIsValid(planning->role))
		return psprintf("role \"%s\" is not there any more", person->noted);
	return psprintf("role \"%s\" is another one than was made or adopted for this %s",
					person->noted, person->type_name);
}

/*
 * Somebody whose role is not there any more, or is another one.  Where there is none at
 * all, nobody can log in as that; else nobody leaves who might still do so.
 */
static void
plan_lost(Planning *planning)
{
	const ScimRolesPerson *person = planning->person;
	bool gone = !OidIsValid(planning->role) && person->stray == NULL;

	if (person->wanted != NIL && person->may_log_in && gone && person->made &&
		person->rule->missing == SCIM_ROLES_CREATE)
		plan_creation(planning);
	else if (person->wanted != NIL && person->may_log_in)
		add_problem(planning, gone ? "create" : "grant", SCIM_UNAVAILABLE,
					loss_of(planning), "scim.adopt_database_role() makes one his.");
	else if (!gone && (is_touched(person) || (planning->run->mode != SCIM_ROLES_WRITE &&
											  (person->may || person->granted != NIL))))
		add_problem(planning, "no login", SCIM_UNAVAILABLE, loss_of(planning),
					"scim.adopt_database_role() makes one his, "
					"scim.release_database_role() forgets it.");
}

/*
 * Its name follows the document where the policy has made it.  A name that somebody else
 * has given it stays until the document says another one, or all is brought in line; that
 * of one that was adopted is written down.
 */
static void
plan_name(Planning *planning)
{
	const ScimRolesPerson *person = planning->person;
	ScimRolesStep *step;

	if (strcmp(person->called, person->noted) == 0 &&
		(planning->run->mode == SCIM_ROLES_WRITE ||
		 strcmp(person->called, person->role) == 0))
		return;
	if (!person->made && planning->run->mode == SCIM_ROLES_WRITE)
		return;
	step = add_step(planning, "rename");
	if (strcmp(person->called, person->role) == 0)
		return;
	ScimRoleCheckName(planning->run, person, person->called, step);
	if (step->problem == NULL)
		ScimRoleCheckAlter(planning->run, person, step);
}

static void
plan_login(Planning *planning)
{
	const ScimRolesPerson *person = planning->person;
	bool wanted = person->there && person->may_log_in;
	bool may = planning->run->mode == SCIM_ROLES_WRITE ? person->may
													   : ScimRoleMayLogIn(planning->role);

	if (wanted != may)
		ScimRoleCheckAlter(planning->run, person,
						   add_step(planning, wanted ? "login" : "no login"));
}

List *
ScimRolesPlan(ScimRolesRun *run, const ScimRolesPerson *person)
{
	Planning planning = {.run = run, .person = person};

	planning.role = !person->known ? InvalidOid
					: person->ours ? person->role_id
								   : ScimRoleOid(person->noted);
	if (!person->known)
		plan_newcomer(&planning);
	else if (!person->ours)
		plan_lost(&planning);
	else
	{
		plan_name(&planning);
		plan_login(&planning);
		plan_revokes(&planning, person->granted, NIL);
		if (run->mode != SCIM_ROLES_WRITE)
			plan_revokes(&planning, person->rule->roles, person->granted);
		plan_grants(&planning);
	}
	return planning.steps;
}
