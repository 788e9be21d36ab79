/*
 * reference.c
 *		Whom a reference names.
 *
 * A simple value says so itself; a complex one, such as "manager", by its "value" or,
 * where that says nothing, by the "$ref" beside it (RFC 7643 section 2.4).  What is said
 * is an id, or a URL that ends with it, relative or not: an id is a uuid, which
 * nobody else has, so that it does not matter by which name of a server it is reached.
 * ScimReferredId (store/statement/ids.c) reads the id.
 *
 * Whoever asks to whom a reference leads asks here, be it when that is written or goes,
 * in a view or for a bound table.
 */
#include "postgres.h"

#include "json/json.h"
#include "schema/canonical/canonical.h"
#include "text/text.h"

/* ScimReferenceIsSaid: is there anything that could be seen? */
bool
ScimReferenceIsSaid(const JsonbValue *value)
{
	return value != NULL && !ScimJsonIsUnassigned(value) && !ScimJsonIsBlank(value);
}

/* ScimReferenceSaid: what a canonical value says of whom it names; NULL: nothing. */
const JsonbValue *
ScimReferenceSaid(const JsonbValue *value)
{
	const JsonbValue *said = value;

	if (value != NULL && value->type == jbvObject)
	{
		const JsonbValue *ref = ScimJsonGet(value, "$ref");

		said = ScimJsonGet(value, "value");
		if (!ScimReferenceIsSaid(said) && ScimReferenceIsSaid(ref))
			said = ref;
	}
	return said != NULL && !ScimJsonIsUnassigned(said) ? said : NULL;
}
