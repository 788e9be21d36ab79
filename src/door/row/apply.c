/*
 * apply.c
 *		What policies make of a document before it is checked.
 *
 * In this order: "fixed", "managed", "default", "generate"; what these make, and what was
 * said, is stored with the characters that "wire" wants, and as "canonical" spells it.
 */
#include "postgres.h"

#include "door/row/at_door.h"
#include "door/row/row.h"
#include "json/json.h"
#include "policy/wire/wire.h"
#include "store/store.h"

/* ScimRulesComplete: is there something for ScimApplyPolicies to do? */
bool
ScimRulesComplete(const ScimRules *rules)
{
	return rules->of[SCIM_RULE_DEFAULT] != NIL || rules->of[SCIM_RULE_FIXED] != NIL ||
		   rules->of[SCIM_RULE_GENERATE] != NIL || rules->of[SCIM_RULE_MANAGED] != NIL ||
		   rules->of[SCIM_RULE_CANONICAL] != NIL || ScimWireCharactersOf(rules) != NULL;
}

/*
 * What is wrong is that a value is missing which is not: the problem of a required
 * attribute tells of no value.
 */
static bool
is_mended(const ScimResourceType *type, const JsonbValue *document,
		  const ScimProblem *problem)
{
	ScimResolved resolved;

	return problem->about != NULL && problem->value == NULL && problem->path != NULL &&
		   ScimResolvePath(type, problem->path, &resolved) &&
		   ScimLeaf(&resolved) == problem->about &&
		   ScimRuleWhole(&resolved, document) != NULL;
}

/* What was stored before there was such a policy has not changed; documents may be NULL.
 */
static const JsonbValue *
with_characters(const ScimWire *wire, const JsonbValue *document)
{
	JsonbValue *copy;

	if (wire == NULL || document == NULL)
		return document;
	copy = ScimJsonCopy(document);
	ScimWireCharactersIn(wire, copy);
	return copy;
}

/*
 * ScimApplyPolicies completes a canonical document; old_document NULL: a new one; door
 * NULL: it is only looked at, as a client's.  Problems of what is missing no more go, and
 * those of what is fixed come.
 */
void
ScimApplyPolicies(const ScimRules *rules, const struct Door *door,
				  const JsonbValue *old_document, JsonbValue *document, List **problems)
{
	const ScimWire *wire = ScimWireCharactersOf(rules);
	ListCell *lc;

	if (wire != NULL)
	{
		ScimWireCharactersIn(wire, document);
		old_document = with_characters(wire, old_document);
	}
	ScimSpellCanonicalValues(rules, old_document, document);
	if (old_document != NULL && !ScimIsStoreWrite())
		ScimFixedApply(rules, door == NULL || door->as_client || ScimIsClientWrite(),
					   old_document, document, problems);
	if (door != NULL)
		ScimManagedApply(door, old_document, document, problems);
	if (old_document == NULL || !ScimIsStoreWrite())
		ScimDefaultApply(rules, old_document, document);
	if (wire != NULL)
		ScimWireCharactersIn(wire, document);
	ScimGenerateApply(rules, old_document, document, problems);
	ScimSpellCanonicalValues(rules, old_document, document);
	if (wire != NULL)
		ScimWireCharactersIn(wire, document);
	foreach (lc, *problems)
	{
		if (is_mended(rules->type, document, lfirst(lc)))
			*problems = foreach_delete_current(*problems, lc);
	}
}

/*
 * ScimSpellAsStored: a canonical document with the characters and spellings that are
 * stored, and nothing else of what policies make of it.
 */
void
ScimSpellAsStored(const ScimRules *rules, JsonbValue *document)
{
	const ScimWire *wire = ScimWireCharactersOf(rules);

	if (wire != NULL)
		ScimWireCharactersIn(wire, document);
	ScimSpellCanonicalValues(rules, NULL, document);
	if (wire != NULL)
		ScimWireCharactersIn(wire, document);
}

/* ScimComplete is ScimApplyPolicies as ScimPrepare calls it; arg: a ScimCompletion. */
const JsonbValue *
ScimComplete(void *arg, JsonbValue *document, const JsonbValue *old_document,
			 List **problems)
{
	const ScimCompletion *completion = arg;
	const ScimRules *rules = completion->door->rules;

	ScimApplyPolicies(rules, completion->door, completion->old_document, document,
					  problems);
	return with_characters(ScimWireCharactersOf(rules), old_document);
}

static ScimSpell spells = NULL;

/* ScimReferencesAreSpelledBy: tables are bound further up, where this is known. */
void
ScimReferencesAreSpelledBy(ScimSpell spell)
{
	spells = spell;
}

/*
 * ScimSpellReferences gives references of a prepared document, where columns of a table
 * hold them, the one form that they have, whoever writes: door and import say the same.
 */
void
ScimSpellReferences(ScimStore *store, const ScimResourceType *type, int32 tenant_id,
					const JsonbValue *before, JsonbValue *document)
{
	if (spells != NULL && OidIsValid(store->tables.relid[SCIM_TABLE_BINDING]))
		spells(store, type, tenant_id, before, document);
}
