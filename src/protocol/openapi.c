/*
 * openapi.c
 *		GET /openapi.json: the HTTP API of a store as OpenAPI 3.1.
 *
 * The document is made in SQL (sql/install/openapi.sql), where it can be read.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"

#include "protocol/protocol.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"

PG_FUNCTION_INFO_V1(scim_membership_type);

/*
 * scim_internal.membership_type() returns jsonb: the resource type that is in no table;
 * null where the current store does not serve it.
 */
Datum
scim_membership_type(PG_FUNCTION_ARGS)
{
	/* which has its settings in force */
	if (ScimRegistryMemberships(ScimStoreConfigured()->registry) == NULL)
		PG_RETURN_NULL();
	PG_RETURN_JSONB_P(ScimMembershipType());
}

/* ScimAnswerOpenApi answers with scim.openapi(), which is application/json. */
void
ScimAnswerOpenApi(ScimRequest *request, ScimAnswer *answer)
{
	ScimRefuseFilter(&request->target);
	if (!ScimAccepts(request, "application/json"))
	{
		ScimAnswerNotAcceptable(request, answer, "application/json");
		return;
	}
	answer->status = 200;
	answer->media_type = "application/json";
	SPI_connect();
	ScimSpiExecute("SELECT scim.openapi()::text", NULL, true, 1);
	appendStringInfoString(&answer->body,
						   TextDatumGetCString(ScimResultValue(0, 1, TEXTOID)));
	SPI_finish();
}
