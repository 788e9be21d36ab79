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

/* Does a text name a resource, and not as one of another type, "../Groups/<id>"? */
static bool
leads_there(const ScimBoundAttribute *attribute, const char *text, const pg_uuid_t *id)
{
	const char *end = strrchr(text, '/');
	const char *start = end;
	const ScimResourceType *type;
	pg_uuid_t named;

	if (!ScimReferenceId(text, &named) || memcmp(&named, id, sizeof(pg_uuid_t)) != 0)
		return false;
	if (end == NULL)
		return true;
	while (start > text && start[-1] != '/')
		start--;
	type = ScimRegistryTypeByEndpoint(attribute->reference.type->registry, start,
									  end - start);
	return type == NULL || strcmp(type->name, attribute->reference.type->name) == 0;
}

/*
 * The id of a reference that a complex value states, in the form in which a row says it;
 * NULL: it states none, or what leads elsewhere.
 */
static JsonbValue *
id_stated(const ScimBoundAttribute *attribute, const JsonbValue *complex)
{
	const JsonbValue *said[] = {ScimJsonGet(complex, "value"),
								ScimJsonGet(complex, "$ref")};
	pg_uuid_t id;

	if (!ScimReferredId(complex, &id))
		return NULL;
	for (size_t i = 0; i < lengthof(said); i++)
	{
		const char *text = said[i] != NULL ? ScimJsonStringCopy(said[i]) : NULL;

		if (text != NULL && !leads_there(attribute, text, &id))
			return NULL;
	}
	return ScimJsonNewString(ScimUuidText(&id));
}

/*
 * Spell one: what leads there is as a row says it.  A value that is an id stays as it is
 * stated, and one that is a URL becomes the id, by which it is found (reference.c).
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
	const JsonbValue *value;

	if (same != NULL)
		same = ScimJsonGet(same, of->name);
	/* what nobody changes keeps the form that it has */
	if (complex == NULL || complex->type != jbvObject ||
		(same != NULL && ScimJsonEqual(same, complex)))
		return;
	id = id_stated(attribute, complex);
	if (id == NULL)
		return;
	value = ScimJsonGet(complex, "value");
	if (value == NULL || value->type != jbvString ||
		!ScimNameEqual(ScimJsonStringCopy(value), ScimJsonStringCopy(id)))
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
