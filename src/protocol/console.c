/*
 * console.c
 *		GET /.console/{part}: what the page for people shows beside resources.
 *
 * The parts are made in SQL (sql/install/watch.sql), where they can be read, of the
 * tenant that is proved, and of resources of the types that its scopes allow to read.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"

#include "protocol/protocol.h"
#include "store/acting.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"

static const char *const parts[] = {"people", "changes", "requests", "tokens", "leaving"};

/*
 * ScimAnswerConsole answers with a JSON object, which is application/json.  Raises
 * 403 without the scope ".console", 404 for a part that there is not.
 */
void
ScimAnswerConsole(ScimRequest *request, ScimAnswer *answer)
{
	ScimStore *store = request->store;
	const char *part = request->target.nsegments == 2 ? request->target.segments[1] : "";
	char *types;
	ScimIdentity caller;
	ScimParams params;
	NameData name;
	size_t i = 0;

	ScimRefuseFilter(&request->target);
	ScimScopeRequireConsole(store);
	while (i < lengthof(parts) && strcmp(part, parts[i]) != 0)
		i++;
	if (i == lengthof(parts))
		ereport(ERROR, (ScimErr(SCIM_NOT_FOUND),
						errmsg("the console has no part \"%s\"", part)));
	if (!ScimAccepts(request, "application/json"))
	{
		ScimAnswerNotAcceptable(request, answer, "application/json");
		return;
	}
	types = ScimScopeProvedTypes(store);
	namestrcpy(&name, store->name);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, NAMEOID, NameGetDatum(&name), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(part), false);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false);
	caller = ScimBeReader(store->owner);
	SPI_connect();
	ScimSpiExecute(
		psprintf("SELECT scim_internal.console($1, $2, $3, %s)::text",
				 types == NULL ? "NULL" : psprintf("ARRAY[%s]::text[]", types)),
		&params, true, 1);
	appendStringInfoString(&answer->body,
						   TextDatumGetCString(ScimResultValue(0, 1, TEXTOID)));
	SPI_finish();
	ScimBeCaller(caller);
	answer->status = 200;
	answer->media_type = "application/json";
}
