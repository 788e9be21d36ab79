/*
 * refer.c
 *		Columns that hold the key of another row: the attribute refers to the resource of
 *		that, as "manager" does to a User (RFC 7643 section 4.3).
 *
 * A key is one of a row of the same tenant, that is bound to the type which the mapping
 * names; links know whose it is, those of rows that were kept included.
 */
#include "postgres.h"

#include "binding/bound/bound.h"
#include "json/json.h"
#include "store/statement/statement.h"

/* ScimReferred: the binding of the rows of a tenant that a reference leads to, or NULL.
 */
ScimBinding *
ScimReferred(const ScimBoundAttribute *attribute, int32 tenant_id)
{
	const ScimBoundReference *reference = &attribute->reference;
	ScimBinding *binding =
		ScimBindingFor(reference->of->store, reference->type, tenant_id);

	if (binding != NULL)
		ScimLinksRequireLabels(binding);
	return binding;
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

	if (!ScimReferredId(value, &id))
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
	return ScimJsonNewString(
		psprintf("..%s/%s", attribute->reference.type->endpoint, ScimJsonStringCopy(id)));
}
