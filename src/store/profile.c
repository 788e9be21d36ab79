/*
 * profile.c
 *		What a profile needs to compare a document with what a store has.
 *
 * A profile is applied in SQL (sql/install/profile.sql).  A schema or a resource type
 * that it names is in the store already where both have the same registered form.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "json/json.h"
#include "schema/schema.h"

PG_FUNCTION_INFO_V1(scim_registered_form);

/*
 * scim_internal.registered_form(resource_type boolean, document jsonb) returns jsonb:
 * what the table "resource_type", or else "schema", would hold of a document.  Errors:
 * SCVAL, as when it is registered.
 */
Datum
scim_registered_form(PG_FUNCTION_ARGS)
{
	const JsonbValue *document = ScimJsonFromJsonb(PG_GETARG_JSONB_P(1));

	PG_RETURN_JSONB_P(ScimJsonToJsonb(PG_GETARG_BOOL(0)
										  ? ScimCheckResourceTypeDocument(document)
										  : ScimCheckSchemaDocument(document)));
}
