/*
 * patch_members.c
 *		What a PATCH does to the members of a group, which its document does not hold:
 *		who comes and who goes, noted for whoever writes "member".
 */
#include "postgres.h"

#include "miscadmin.h"

#include "json/json.h"
#include "resource/patch/patch_state.h"
#include "text/fold.h"

/*
 * How many filters of a PATCH may say which members to remove and not name them: each
 * looks at all members.
 */
#define MAX_MEMBER_FILTERS 100

/* The change that the next operation on members joins, or a new one. */
static ScimMemberChange *
member_change(Patch *patch, ScimMemberAction action)
{
	ScimMemberChange *change =
		patch->member_changes != NIL ? llast(patch->member_changes) : NULL;

	if (change != NULL && change->action == action && action != SCIM_MEMBERS_REPLACE)
		return change;
	change = palloc0(sizeof(ScimMemberChange));
	change->action = action;
	patch->member_changes = lappend(patch->member_changes, change);
	return change;
}

/* members: an array, which is the change's from now on, or NULL for none */
static void
add_member_change(Patch *patch, ScimMemberAction action, JsonbValue *members)
{
	ScimMemberChange *change = member_change(patch, action);

	if (change->members == NULL)
	{
		change->members = members;
		return;
	}
	for (int i = 0; members != NULL && i < members->val.array.nElems; i++)
	{
		CHECK_FOR_INTERRUPTS();
		ScimJsonAppend(change->members, &members->val.array.elems[i]);
	}
}

/* The filter of a path that removes members. */
typedef struct Removal
{
	Patch *patch;
	const ScimResolved *target;
	const ScimFilter *filter;
	const ScimBoundFilter *bound; /* NULL: not needed until now */
} Removal;

static bool names_members(const ScimFilter *filter, uint32 at);

/* The first child of an "and" that names members; 0: none does. */
static uint32
naming_child(const ScimFilter *filter, uint32 at)
{
	uint32 end = at + filter->nodes[at].size;

	for (uint32 child = at + 1; child < end; child += filter->nodes[child].size)
	{
		if (names_members(filter, child))
			return child;
	}
	return 0;
}

/*
 * Does a filter match none but members that it names: value eq "x", alone, beside other
 * conditions, or several of these joined by "or"?
 */
static bool
names_members(const ScimFilter *filter, uint32 at)
{
	const ScimFilterNode *node = &filter->nodes[at];
	uint32 end = at + node->size;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	switch ((ScimNodeKind) node->kind)
	{
		case SCIM_NODE_COMPARE:
			return node->op == SCIM_OP_EQ && node->literal == SCIM_LITERAL_STRING &&
				   node->value_len > 0 &&
				   ScimNameEqual(ScimFilterString(filter, node->name), "value");
		case SCIM_NODE_AND:
			return naming_child(filter, at) != 0;
		case SCIM_NODE_OR:
			for (uint32 child = at + 1; child < end; child += filter->nodes[child].size)
			{
				if (!names_members(filter, child))
					return false;
			}
			return true;
		case SCIM_NODE_NOT:
		case SCIM_NODE_VALUE_PATH:
			break;
	}
	return false;
}

/* Notes that a member goes where the conditions, nodes of the filter, hold of it. */
static void
remove_member(Removal *removal, const ScimFilterNode *node, const List *conditions)
{
	const char *value = ScimFilterString(removal->filter, node->value);
	JsonbValue *member = ScimJsonNewObject();
	ScimMemberChange *change;
	ScimNamedMember *named;

	ScimJsonSet(member, "value",
				ScimJsonNewStringN(pnstrdup(value, node->value_len), node->value_len));
	if (conditions == NIL)
	{
		JsonbValue *members = ScimJsonNewArray();

		ScimJsonAppend(members, member);
		add_member_change(removal->patch, SCIM_MEMBERS_REMOVE, members);
		return;
	}
	if (removal->bound == NULL)
		removal->bound =
			ScimPatchBindSelection(removal->patch, removal->target, removal->filter);
	change = member_change(removal->patch, SCIM_MEMBERS_REMOVE_NAMED);
	named = palloc(sizeof(ScimNamedMember));
	named->member = member;
	named->filter = removal->bound;
	named->conditions = conditions;
	change->named = lappend(change->named, named);
}

/* The same of all that a node names. */
static void
remove_named(Removal *removal, uint32 at, const List *conditions)
{
	const ScimFilter *filter = removal->filter;
	const ScimFilterNode *node = &filter->nodes[at];
	uint32 end = at + node->size;
	uint32 naming;
	List *all;

	check_stack_depth();
	switch ((ScimNodeKind) node->kind)
	{
		case SCIM_NODE_COMPARE:
			remove_member(removal, node, conditions);
			break;
		case SCIM_NODE_OR:
			for (uint32 child = at + 1; child < end; child += filter->nodes[child].size)
				remove_named(removal, child, conditions);
			break;
		case SCIM_NODE_AND:
			naming = naming_child(filter, at);
			all = list_copy(conditions);
			for (uint32 child = at + 1; child < end; child += filter->nodes[child].size)
			{
				if (child != naming)
					all = lappend_int(all, child);
			}
			remove_named(removal, naming, all);
			break;
		case SCIM_NODE_NOT:
		case SCIM_NODE_VALUE_PATH:
			pg_unreachable();
	}
}

static void
remove_by_filter(Patch *patch, const ScimResolved *target, const ScimFilter *filter)
{
	Removal removal = {patch, target, filter, NULL};
	ScimMemberChange *change;

	if (names_members(filter, 0))
	{
		remove_named(&removal, 0, NIL);
		return;
	}
	change = member_change(patch, SCIM_MEMBERS_REMOVE_FILTER);
	if (++patch->member_filters > MAX_MEMBER_FILTERS)
		ereport(ERROR,
				(ScimErr(SCIM_TOO_LARGE),
				 errmsg("a PATCH may remove members by %d filters that do not name "
						"them by \"value eq\"",
						MAX_MEMBER_FILTERS)));
	change->filters = lappend(change->filters,
							  memcpy(palloc(VARSIZE(filter)), filter, VARSIZE(filter)));
}

/* The members that an operation states, or NULL. */
static JsonbValue *
stated_members(Patch *patch, PatchOp op, const ScimAttribute *attribute,
			   const JsonbValue *value)
{
	List *problems = NIL;
	JsonbValue *members;

	if (value == NULL)
		return NULL;
	members = ScimCanonicaliseValue(patch->type, attribute, value, attribute->name, 0,
									&problems);
	ScimPatchRaise(patch, attribute, problems);
	if (op == PATCH_REMOVE)
		ScimPatchCheckListed(patch, attribute, value, members);
	return members;
}

/*
 * ScimPatchMembers notes what an operation does to the members of a group.
 * Their sub-attributes are immutable (RFC 7643 section 4.2), so members are
 * only added and removed.
 */
void
ScimPatchMembers(Patch *patch, PatchOp op, const ScimResolved *target,
				 const ScimFilter *filter, const JsonbValue *value)
{
	MemoryContext caller;
	JsonbValue *members;

	/* bound here, so that a bad filter is found before anything is changed */
	if (filter != NULL)
		ScimPatchBindSelection(patch, target, filter);
	if (target->sub != NULL)
		ereport(ERROR,
				(ScimErr(SCIM_MUTABILITY),
				 errmsg("attribute \"members.%s\" is immutable", target->sub->name),
				 errhint("Remove the member and add another one.")));
	if (filter != NULL)
	{
		if (op != PATCH_REMOVE)
			ereport(ERROR,
					(ScimErr(SCIM_MUTABILITY),
					 errmsg("a member of a group cannot be changed, only added and "
							"removed")));
		if (value != NULL && value->type != jbvNull)
			ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
							errmsg("members are removed by a filter of the path or by a "
								   "value, not by both")));
	}
	caller = MemoryContextSwitchTo(patch->context);
	if (filter != NULL)
		remove_by_filter(patch, target, filter);
	else if (op == PATCH_REMOVE && !ScimPatchRemovesListed(target->attribute, value))
		add_member_change(patch, SCIM_MEMBERS_REPLACE, NULL);
	else
	{
		members = stated_members(patch, op, target->attribute, value);
		if (op == PATCH_REPLACE)
			add_member_change(patch, SCIM_MEMBERS_REPLACE, members);
		else if (members != NULL)
			add_member_change(
				patch, op == PATCH_ADD ? SCIM_MEMBERS_ADD : SCIM_MEMBERS_REMOVE, members);
	}
	MemoryContextSwitchTo(caller);
}
