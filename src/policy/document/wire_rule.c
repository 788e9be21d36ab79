/*
 * wire_rule.c
 *		The policies "wire" of a resource type, taken together: what is stored of a value
 *		others who compare ask, too.
 */
#include "postgres.h"

#include "common/hashfn.h"

#include "policy/document/document.h"
#include "policy/wire/wire.h"

/*
 * ScimWireOf gives what all policies "wire" of a resource type say, or NULL.  Where two
 * say different things of one, the one whose name comes first holds.
 */
const ScimWire *
ScimWireOf(const ScimRules *rules)
{
	List *rows = rules->of[SCIM_RULE_WIRE];
	ScimWire *all;
	ListCell *lc;

	if (rows == NIL)
		return NULL;
	if (list_length(rows) == 1)
		return ((const ScimRule *) linitial(rows))->compiled;
	all = palloc0(sizeof(ScimWire));
	all->type = rules->type;
	foreach (lc, rows)
	{
		const ScimWire *wire = ((const ScimRule *) lfirst(lc))->compiled;

		all->aliases = list_concat(all->aliases, wire->aliases);
		all->plain = list_concat(all->plain, wire->plain);
		all->nested = list_concat(all->nested, wire->nested);
		all->characters = list_concat(all->characters, wire->characters);
		all->colons = all->colons || wire->colons;
		all->bare_operation = all->bare_operation || wire->bare_operation;
		if (all->identifier == NULL)
			all->identifier = wire->identifier;
		all->answers = all->answers || wire->answers;
		all->digest = hash_combine64(all->digest, wire->digest);
	}
	return all;
}

/*
 * ScimWireCharactersOf gives what the policies "wire" say of characters, and nothing
 * else; NULL: nothing.
 */
const ScimWire *
ScimWireCharactersOf(const ScimRules *rules)
{
	const ScimWire *wire = ScimWireOf(rules);
	ScimWire *characters;

	if (wire == NULL || wire->characters == NIL)
		return NULL;
	characters = palloc0(sizeof(ScimWire));
	characters->type = wire->type;
	characters->characters = wire->characters;
	return characters;
}
