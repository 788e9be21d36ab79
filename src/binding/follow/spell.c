/*
 * spell.c
 *		The one form of references that a column of a table holds, whoever writes them.
 *
 * A row knows whom it refers to, and not how a client has named him.  So what leads there
 * is written as the row would say it, "../Users/<id>": relative to the endpoint, as RFC
 * 7643 section 8.3 shows it.  What leads elsewhere, and what nobody changes, stays.
 */
#include "postgres.h"

#include "binding/bound/bound.h"
#include "binding/follow/follow.h"
#include "door/row/row.h"
#include "json/json.h"
#include "store/statement/statement.h"

/*
 * The id of a reference that a document states, in the form in which a row says it; NULL:
 * it states none, or what leads elsewhere.
 */
static JsonbValue *
id_stated(const ScimBoundAttribute *attribute, const JsonbValue *document,
		  const JsonbValue *uri)
{
	JsonbValue *value = ScimBoundGet(attribute, document);
	const char *shown = uri != NULL ? ScimJsonStringCopy(uri) : NULL;
	const char *end;
	pg_uuid_t id;

	if (value == NULL || value->type != jbvString ||
		!ScimReferenceId(ScimJsonStringCopy(value), &id))
		return NULL;
	end = psprintf("%s/%s", attribute->reference.type->endpoint, ScimUuidText(&id));
	if (shown != NULL && (strlen(shown) < strlen(end) ||
						  !ScimNameEqual(shown + strlen(shown) - strlen(end), end)))
		return NULL;
	return ScimJsonNewString(ScimUuidText(&id));
}

/* Spell one: the value stays as it is stated, and what leads there is as a row says it.
 */
static void
spell_one(const ScimBoundAttribute *attribute, const JsonbValue *before,
		  JsonbValue *document)
{
	const ScimAttribute *of = attribute->target.attribute;
	JsonbValue *object = ScimBoundContainer(attribute, document);
	JsonbValue *complex = object != NULL ? ScimJsonGet(object, of->name) : NULL;
	const JsonbValue *same =
		before != NULL ? ScimBoundContainer(attribute, before) : NULL;
	const JsonbValue *id;

	if (same != NULL)
		same = ScimJsonGet(same, of->name);
	/* what nobody changes keeps the form that it has */
	if (complex == NULL || complex->type != jbvObject ||
		(same != NULL && ScimJsonEqual(same, complex)))
		return;
	id = id_stated(attribute, document, ScimJsonGet(complex, "$ref"));
	if (id == NULL)
		return;
	if (ScimJsonGet(complex, "value") == NULL)
		ScimJsonSet(complex, "value", id);
	ScimJsonSet(complex, "$ref", ScimReferenceUri(attribute, id));
}

static void
spell_references(ScimStore *store, const ScimResourceType *type, int32 tenant_id,
				 const JsonbValue *before, JsonbValue *document)
{
	const ListCell *lc;
	const ListCell *reference;

	foreach (lc, ScimBindingsOfStore(store))
	{
		const ScimBinding *binding = lfirst(lc);

		if (strcmp(binding->type->name, type->name) != 0 ||
			(!binding->every_tenant && binding->tenant_id != tenant_id))
			continue;
		foreach (reference, binding->references)
		{
			const ScimBoundAttribute *attribute = lfirst(reference);

			if (attribute->choose == NIL && !attribute->target.attribute->multi_valued &&
				ScimIsReference(attribute->target.attribute))
				spell_one(attribute, before, document);
		}
	}
}

/* ScimBindingInit: the door and imports ask this room for the form of references. */
void
ScimBindingInit(void)
{
	ScimSeenInit();
	ScimReferencesAreSpelledBy(spell_references);
}
