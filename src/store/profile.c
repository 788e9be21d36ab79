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
PG_FUNCTION_INFO_V1(scim_profile_error);

/*
 * scim_internal.registered_form(resource_type boolean, document jsonb) returns jsonb:
 * what the table "resource_type", or else "schema", would hold of a document.  Errors:
 * SCVAL, as when it is registered, but for how many attributes a schema may have: that
 * binds who writes it.
 */
Datum
scim_registered_form(PG_FUNCTION_ARGS)
{
	const JsonbValue *document = ScimJsonFromJsonb(PG_GETARG_JSONB_P(1));

	PG_RETURN_JSONB_P(ScimJsonToJsonb(
		PG_GETARG_BOOL(0) ? ScimCheckResourceTypeDocument(document, document)
						  : ScimCheckSchemaDocument(document, document)));
}

/*
 * scim_internal.profile_error(place text, state text, message text, detail text,
 * hint text) returns void: raises an error that names a place in the document.  detail
 * and hint may be null.
 */
Datum
scim_profile_error(PG_FUNCTION_ARGS)
{
	char *texts[5];

	for (int i = 0; i < 5; i++)
		texts[i] = PG_ARGISNULL(i) ? "" : text_to_cstring(PG_GETARG_TEXT_PP(i));
	if (strlen(texts[1]) != 5)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("unexpected SQLSTATE \"%s\"", texts[1])));
	ereport(ERROR, (errcode(MAKE_SQLSTATE(texts[1][0], texts[1][1], texts[1][2],
										  texts[1][3], texts[1][4])),
					errmsg("profile: %s: %s", texts[0], texts[2]),
					texts[3][0] != '\0' ? errdetail_internal("%s", texts[3]) : 0,
					texts[4][0] != '\0' ? errhint("%s", texts[4]) : 0));
	PG_RETURN_VOID();
}
