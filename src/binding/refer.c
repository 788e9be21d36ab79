/*
 * refer.c
 *		Columns that hold the key of another row: the attribute refers to the resource of
 *		that, as "manager" does to a User (RFC 7643 section 4.3).
 *
 * A key is one of a row of the same tenant, that is bound to the type which the mapping
 * names; links know whose it is, those of rows that were kept included.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "binding/binding.h"
#include "door/door.h"
#include "json/json.h"

/* ScimReferred: the binding of the rows of a tenant that a reference leads to, or NULL.
 */
ScimBinding *
ScimReferred(const ScimBoundAttribute *attribute, int32 tenant_id)
{
	ScimStore *store = attribute->reference.of->store;
	const ScimResourceType *type =
		ScimRegistryType(store->registry, attribute->reference.type);
	ScimBinding *binding = type != NULL ? ScimBindingFor(store, type, tenant_id) : NULL;

	if (binding != NULL)
		ScimLinksRequireLabels(binding);
	return binding;
}

/* ScimReferenceIdText: the id that a value is, or a URL that ends with it; else itself.
 */
JsonbValue *
ScimReferenceIdText(const JsonbValue *value)
{
	pg_uuid_t id;

	return ScimReferenceId(ScimJsonStringCopy(value), &id)
			   ? ScimJsonNewString(ScimUuidText(&id))
			   : (JsonbValue *) value;
}

/* ScimReferenceOfKey: the id of the resource whose row has a key, or NULL. */
JsonbValue *
ScimReferenceOfKey(const ScimBoundAttribute *attribute, int32 tenant_id, Datum key)
{
	const ScimBinding *binding = ScimReferred(attribute, tenant_id);
	ScimLink link;

	return binding != NULL && ScimLinkOfKey(binding, tenant_id, key, &link)
			   ? ScimJsonNewString(ScimUuidText(&link.resource_id))
			   : NULL;
}

/* ScimReferenceKey: the key of the row of what a value refers to; false: it has none. */
bool
ScimReferenceKey(const ScimBoundAttribute *attribute, int32 tenant_id,
				 const JsonbValue *value, Datum *key)
{
	const ScimBinding *binding;
	ScimLink link;
	pg_uuid_t id;

	if (value->type != jbvString || !ScimReferenceId(ScimJsonStringCopy(value), &id))
		return false;
	binding = ScimReferred(attribute, tenant_id);
	if (binding == NULL || !ScimLinkOfResource(binding, tenant_id, &id, &link) ||
		!link.has_key)
		return false;
	*key = link.key;
	return true;
}

/* ScimReferenceUri: what a "$ref" says of an id, relative to the endpoint of who refers.
 */
JsonbValue *
ScimReferenceUri(const ScimBoundAttribute *attribute, const JsonbValue *id)
{
	const ScimResourceType *type = ScimRegistryType(
		attribute->reference.of->store->registry, attribute->reference.type);

	return ScimJsonNewString(psprintf("..%s/%s", type->endpoint, ScimJsonStringCopy(id)));
}

/*
 * The id of a reference that a document states, in the form in which a row says it; NULL:
 * it states none, or what leads elsewhere.
 */
static JsonbValue *
id_stated(const ScimBoundAttribute *attribute, const JsonbValue *document,
		  const JsonbValue *uri)
{
	const ScimResourceType *type = ScimRegistryType(
		attribute->reference.of->store->registry, attribute->reference.type);
	JsonbValue *value = ScimBoundGet(attribute, document);
	const char *shown = uri != NULL ? ScimJsonStringCopy(uri) : NULL;
	const char *end;
	pg_uuid_t id;

	if (type == NULL || value == NULL || value->type != jbvString ||
		!ScimReferenceId(ScimJsonStringCopy(value), &id))
		return NULL;
	end = psprintf("%s/%s", type->endpoint, ScimUuidText(&id));
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
	JsonbValue *object = attribute->target.extension != NULL
							 ? ScimJsonGet(document, attribute->target.extension->id)
							 : document;
	JsonbValue *complex = object != NULL ? ScimJsonGet(object, of->name) : NULL;
	const JsonbValue *same = before;
	const JsonbValue *id;

	if (same != NULL && attribute->target.extension != NULL)
		same = ScimJsonGet(same, attribute->target.extension->id);
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

/*
 * ScimBindingInit: a reference that a column holds looks the same whoever has written
 * last: "../Users/<id>", relative to the endpoint, as RFC 7643 section 8.3 shows it.
 */
void
ScimBindingInit(void)
{
	ScimReferencesAreSpelledBy(spell_references);
}
