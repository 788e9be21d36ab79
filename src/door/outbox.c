/*
 * outbox.c
 *		What is told of something that happened to a resource: rows of "audit" and
 *		"event", in the same transaction.
 *
 * These functions run as the owner of the store, with SPI connected.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"

#include "door/door.h"
#include "store/plan.h"
#include "store/store.h"

/* ScimAuditWrite writes the row of "audit" of what happened. */
void
ScimAuditWrite(const ScimOccurrence *occurrence)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(occurrence->tenant_id), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(ScimActor()), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(occurrence->operation), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(occurrence->type->name), false);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(occurrence->id), false);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(occurrence->version), false);
	ScimParamsAdd(&params, JSONBOID, PointerGetDatum(occurrence->before),
				  occurrence->before == NULL);
	ScimSpiExecute(
		psprintf("INSERT INTO %s.audit (tenant_id, actor, operation, resource_type, "
				 "resource_id, version, before) "
				 "VALUES ($1, $2, $3, $4, $5, $6, $7)",
				 occurrence->store->quoted_name),
		&params, false, 0);
}

/* ScimEventWrite writes a row of "event"; data: what it tells besides, or NULL. */
void
ScimEventWrite(const ScimOccurrence *occurrence, const char *uri, const Jsonb *data)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(occurrence->tenant_id), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(uri), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(occurrence->type->name), false);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(occurrence->id), false);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(occurrence->version), false);
	ScimParamsAdd(&params, JSONBOID, PointerGetDatum(data), data == NULL);
	ScimSpiExecute(psprintf("INSERT INTO %s.event (tenant_id, event_uri, resource_type, "
							"resource_id, version, data) "
							"VALUES ($1, $2, $3, $4, $5, $6)",
							occurrence->store->quoted_name),
				   &params, false, 0);
}

/*
 * ScimActionRecord tells of what somebody did with a resource that changed nothing of
 * its document, such as an invitation.  Whoever has to act upon it reads the event,
 * which is the point of it: there is one whatever the policy "events" says.
 */
void
ScimActionRecord(const ScimOccurrence *occurrence, const char *uri)
{
	ScimStore *store = occurrence->store;
	const ScimRules *rules = ScimRulesFor(store, occurrence->tenant_id, occurrence->type);
	ScimIdentity caller = ScimBeOwner(store->owner);

	SPI_connect();
	if (rules->of[SCIM_RULE_AUDIT] != NIL)
		ScimAuditWrite(occurrence);
	ScimEventWrite(occurrence, uri, NULL);
	SPI_finish();
	ScimBeCaller(caller);
}
