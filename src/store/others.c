/*
 * others.c
 *		The names of resources where others show them, "display" of members and groups:
 *		they have the characters that the policies "wire" of their own types give them.
 */
#include "postgres.h"

#include "policy/policy.h"
#include "policy/wire/wire.h"
#include "resource/resource.h"
#include "store/store.h"

/* An attribute whose column members and groups show, where the type has it. */
static void
find_name(const ScimResourceType *type, const char *name, ScimKeyColumn column,
		  ScimResolved *resolved)
{
	if (!ScimWireResolve(type, name, resolved) || resolved->extension != NULL ||
		resolved->sub != NULL || !ScimIsKeyColumn(resolved->attribute, column))
		memset(resolved, 0, sizeof(ScimResolved));
}

/* Have these attributes other characters? */
static bool
has_characters(const ScimWireOther *other)
{
	ListCell *lc;

	foreach (lc, other->wire->characters)
	{
		const ScimAttribute *attribute =
			((const ScimWireCharacters *) lfirst(lc))->resolved.attribute;

		if (attribute == other->display_name.attribute ||
			attribute == other->user_name.attribute)
			return true;
	}
	return false;
}

/*
 * ScimWireOthers returns the types whose names, as resources of a type show them, have
 * other characters than are stored.
 */
List *
ScimWireOthers(ScimStore *store, const ScimResourceType *type)
{
	const ScimRegistry *registry = store->registry;
	List *others = NIL;

	if (!(type->has_members || type->has_groups || type->is_membership) ||
		!ScimRuleAny(store, SCIM_RULE_WIRE))
		return NIL;
	for (int i = 0; i < registry->ntypes; i++)
	{
		ScimWireOther *other = palloc0(sizeof(ScimWireOther));

		other->type = &registry->types[i];
		other->wire =
			ScimWireCharactersOf(ScimRulesFor(store, ScimTenant(), other->type));
		if (other->wire == NULL)
			continue;
		find_name(other->type, "displayName", SCIM_KEY_DISPLAY_NAME,
				  &other->display_name);
		find_name(other->type, "userName", SCIM_KEY_USER_NAME, &other->user_name);
		if (!has_characters(other))
			continue;
		other->location = ScimLocation(ScimBaseUrl(store), other->type, "");
		others = lappend(others, other);
	}
	return others;
}

/*
 * ScimWireWithOthers returns a policy "wire" of a type, which may be NULL, that knows of
 * the names that members and groups show; itself where there is nothing to be known.
 */
const ScimWire *
ScimWireWithOthers(ScimStore *store, const ScimResourceType *type, const ScimWire *wire)
{
	List *others = ScimWireOthers(store, type);
	ScimWire *with;

	if (others == NIL)
		return wire;
	with = palloc0(sizeof(ScimWire));
	if (wire != NULL)
		*with = *wire;
	with->type = type;
	with->others = others;
	return with;
}
