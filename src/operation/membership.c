/*
 * membership.c
 *		Memberships created and deleted: draft-zollner-scim-group-members.
 *
 * Either is what a PATCH of the group with one member does, and so passes the same door:
 * policies, tables that are bound, audit, event and version are those of the group.
 */
#include "postgres.h"

#include "door/members/members.h"
#include "json/json.h"
#include "operation/operation.h"
#include "resource/patch/patch.h"
#include "store/statement/statement.h"

/* The id of the end of a membership that a document states. */
static void
read_end(const JsonbValue *document, const char *name, pg_uuid_t *id)
{
	const char *value =
		ScimJsonStringCopy(ScimJsonGet(ScimJsonGet(document, name), "value"));

	if (!ScimUuidParse(value, id))
		ereport(
			ERROR,
			(ScimErr(SCIM_INVALID_VALUE),
			 errmsg("\"%s.value\" of the membership, \"%s\", is the id of no resource",
					name, value)));
}

/* What a client states, canonical; it states nothing that would be forgotten. */
static JsonbValue *
read_document(const ScimResourceType *type, const JsonbValue *document)
{
	List *problems = NIL;
	JsonbValue *canonical = ScimCanonicalise(type, document, 0, &problems);

	ScimProblemsRaise(problems);
	/* whatever its value: where nothing unknown is let in, null is no exception */
	if (ScimJsonGet(canonical, "externalId") != NULL ||
		(ScimRefusesUnknown(type) && ScimJsonGetFolded(document, "externalId") != NULL))
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("a membership has no \"externalId\"")));
	return canonical;
}

pg_noreturn static void
raise_missing(const char *name, const pg_uuid_t *id, bool is_group)
{
	ereport(
		ERROR,
		(ScimErr(SCIM_INVALID_VALUE),
		 errmsg(is_group
					? "\"%s.value\" of the membership, \"%s\", is no group"
					: "\"%s.value\" of the membership, \"%s\", is the id of no resource",
				name, ScimUuidText(id))));
}

/* The resource at an end; an error where there is none that may be seen. */
static ScimResource *
find_end(ScimStore *store, const char *name, const pg_uuid_t *id, bool is_group)
{
	const ScimResourceType *type = ScimTypeOfResource(store, ScimUuidText(id));
	ScimResource *resource = NULL;

	if (type != NULL && is_group && type->has_members)
		ScimScopeRequire(store, type->name, true);
	if (type != NULL && (!is_group || type->has_members))
		resource = ScimFindResource(store, type, id);
	if (resource == NULL)
		raise_missing(name, id, is_group);
	return resource;
}

/* A change by one member. */
static List *
one_change(ScimMemberAction action, const pg_uuid_t *member_id)
{
	ScimMemberChange *change = palloc0(sizeof(ScimMemberChange));
	JsonbValue *member = ScimJsonNewObject();

	ScimJsonSet(member, "value", ScimJsonNewString(ScimUuidText(member_id)));
	change->action = action;
	change->members = ScimJsonNewArray();
	ScimJsonAppend(change->members, member);
	return list_make1(change);
}

/*
 * ScimMembershipCreate makes a resource a member of a group.  Raises invalidValue where
 * one of them is not there, and uniqueness where it is a member already.
 */
ScimResource *
ScimMembershipCreate(ScimStore *store, const ScimResourceType *type,
					 const JsonbValue *document)
{
	JsonbValue *canonical;
	pg_uuid_t group_id;
	pg_uuid_t member_id;
	const ScimResource *group;
	ScimResource *membership;
	int64 changed;

	ScimCheckStatedSchemas(type, document);
	canonical = read_document(type, document);
	read_end(canonical, "group", &group_id);
	read_end(canonical, "member", &member_id);
	/* who is being deleted has been by then */
	ScimMembersLockFirst(store, ScimTenant(), ScimUuidText(&group_id),
						 ScimJsonNewString(ScimUuidText(&member_id)), NULL);
	group = find_end(store, "group", &group_id, true);
	(void) find_end(store, "member", &member_id, false);
	changed = ScimChangeMembers(store, group->type, ScimUuidText(&group_id),
								one_change(SCIM_MEMBERS_ADD, &member_id));
	/* somebody has deleted it just now */
	if (changed < 0)
		raise_missing("group", &group_id, true);
	if (changed == 0)
		ereport(ERROR, (ScimErr(SCIM_UNIQUENESS),
						errmsg("\"%s\" is a member of group \"%s\" already",
							   ScimUuidText(&member_id), ScimUuidText(&group_id))));
	membership = ScimMembershipFind(store, type, &group_id, &member_id, NULL);
	if (membership == NULL)
		ScimRaiseRefused(type, "the new");
	return membership;
}

/* The membership of an id, and the type of its group. */
static ScimResource *
find_membership(ScimStore *store, const ScimResourceType *type, const char *id,
				const ScimResourceType **group_type)
{
	ScimResource *membership = NULL;
	pg_uuid_t group_id;
	pg_uuid_t member_id;

	if (ScimMembershipIdParse(id, &group_id, &member_id))
		membership = ScimMembershipFind(store, type, &group_id, &member_id, group_type);
	if (membership == NULL)
		ScimRaiseNotFound(type, id);
	return membership;
}

/* ScimMembershipGet reads one. */
ScimResource *
ScimMembershipGet(ScimStore *store, const ScimResourceType *type, const char *id)
{
	return find_membership(store, type, id, NULL);
}

/* ScimMembershipDelete takes a member out of its group. */
void
ScimMembershipDelete(ScimStore *store, const ScimResourceType *type, const char *id,
					 const ScimPreconditions *conditions)
{
	const ScimResourceType *group_type;
	ScimResource *membership = find_membership(store, type, id, &group_type);

	ScimScopeRequire(store, group_type->name, true);
	ScimCheckPreconditions(membership, conditions);
	/* somebody else was faster */
	if (ScimChangeMembers(store, group_type, ScimUuidText(&membership->id),
						  one_change(SCIM_MEMBERS_REMOVE, &membership->member_id)) <= 0)
		ScimRaiseNotFound(type, id);
}

/* ScimMembershipRefuse: nothing of a membership can be changed. */
void
ScimMembershipRefuse(ScimStore *store, const ScimResourceType *type, const char *id)
{
	(void) ScimMembershipGet(store, type, id);
	ereport(ERROR, (ScimErr(SCIM_MUTABILITY),
					errmsg("%s \"%s\" cannot be changed", type->name, id),
					errhint("Delete it and create another.")));
}
