/*
 * openapi.c
 *		GET /openapi.json: the HTTP API of a store as OpenAPI 3.1.
 *
 * The document is made in SQL (sql/install/openapi.sql), where it can be read.
 */
#include "postgres.h"

#include "executor/spi.h"

#include "protocol/protocol.h"

/* ScimAnswerOpenApi answers with scim.openapi(), whatever the client accepts. */
void
ScimAnswerOpenApi(ScimRequest *request, ScimAnswer *answer)
{
	answer->status = 200;
	answer->media_type = "application/json";
	SPI_connect();
	if (SPI_execute("SELECT scim.openapi()::text", true, 1) != SPI_OK_SELECT ||
		SPI_processed != 1)
		elog(ERROR, "could not make the OpenAPI document");
	appendStringInfoString(&answer->body,
						   SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1));
	SPI_finish();
}
