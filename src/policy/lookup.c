/*
 * lookup.c
 *		The policy "lookup": by which attributes a path finds a resource.
 *
 *		GET /Users/jane%40example.com
 *
 * They are tried in their order, and the first that has the value wins.  Each is one
 * that an index finds.  The id is tried last where it is not among them, since that is
 * where Location leads.
 */
#include "postgres.h"

#include "json/json.h"
#include "path/path.h"
#include "policy/lookup.h"

/* Why nobody is found by an attribute, or NULL. */
static const char *
attribute_fault(const ScimResourceType *type, const ScimResolved *resolved)
{
	const ScimAttribute *attribute = resolved->attribute;
	const ScimAttribute *leaf = ScimLeaf(resolved);

	if (leaf->type == SCIM_TYPE_COMPLEX)
		leaf = ScimAttributeSub(leaf, "value", strlen("value"));
	if (leaf == NULL ||
		(leaf->type != SCIM_TYPE_STRING && leaf->type != SCIM_TYPE_REFERENCE))
		return "is no string";
	if (ScimIsSecret(attribute) || ScimIsSecret(leaf))
		return "is never returned";
	if (attribute->schema == NULL && strcmp(attribute->name, "id") != 0 &&
		strcmp(attribute->name, "externalId") != 0)
		return "is in no index";
	if (ScimIsOfMemberships(type, attribute))
		return "is derived from memberships";
	return NULL;
}

/* ScimLookupKeyFault: why an attribute that a row names is none by which it can look. */
const char *
ScimLookupKeyFault(const ScimResourceType *type, const char *text, ScimLookupKey *key)
{
	ScimProblem *problem = NULL;
	ScimPath *path = ScimPathParse(text, strlen(text), &problem);
	ScimAttrRef ref;
	const char *fault;

	if (path == NULL)
		return psprintf("names \"%s\": %s", text, problem->message);
	if (ScimPathFilter(path) != NULL)
		return psprintf("names \"%s\", where a filter cannot be", text);
	ref = ScimPathAttrRef(path);
	if (!ScimResolve(type, &ref, &key->resolved) || key->resolved.attribute == NULL)
		return psprintf("names the unknown attribute \"%s\"", text);
	fault = attribute_fault(type, &key->resolved);
	if (fault != NULL)
		return psprintf("names the attribute \"%s\", which %s", text, fault);
	key->path = text;
	return NULL;
}

/* ScimLookupCompile compiles a row of the policy "lookup": a list of ScimLookupKey *. */
void *
ScimLookupCompile(const ScimRuleSource *source, const char **fault)
{
	const JsonbValue *attributes = ScimJsonGet(source->settings, "attributes");
	List *keys = NIL;
	bool by_id = false;
	ScimLookupKey *key;

	if (attributes == NULL || attributes->type != jbvArray ||
		attributes->val.array.nElems == 0 ||
		attributes->val.array.nElems > SCIM_MAX_LOOKUP_KEYS)
	{
		*fault = psprintf("needs the setting \"attributes\", an array of 1 to %d "
						  "attributes",
						  SCIM_MAX_LOOKUP_KEYS);
		return NULL;
	}
	for (int i = 0; i < attributes->val.array.nElems; i++)
	{
		const char *text = ScimJsonStringCopy(&attributes->val.array.elems[i]);
		ListCell *lc;

		key = palloc0(sizeof(ScimLookupKey));
		if (text == NULL)
			*fault = "has a setting \"attributes\" whose elements are not all strings";
		else
			*fault = ScimLookupKeyFault(source->type, text, key);
		foreach (lc, keys)
		{
			const ScimLookupKey *other = lfirst(lc);

			if (*fault == NULL &&
				(memcmp(&other->resolved, &key->resolved, sizeof(ScimResolved)) == 0 ||
				 (source->statuses->strict &&
				  ScimNamesSame(&other->resolved, &key->resolved))))
				*fault = psprintf("names the attribute \"%s\" twice", text);
		}
		if (*fault != NULL)
			return NULL;
		by_id = by_id || (key->resolved.attribute->schema == NULL &&
						  strcmp(key->resolved.attribute->name, "id") == 0);
		keys = lappend(keys, key);
	}
	if (!by_id)
	{
		key = palloc0(sizeof(ScimLookupKey));
		(void) ScimLookupKeyFault(source->type, "id", key);
		keys = lappend(keys, key);
	}
	return keys;
}
