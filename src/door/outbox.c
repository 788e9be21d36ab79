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
#include "miscadmin.h"
#include "utils/builtins.h"

#include "door/door.h"
#include "json/json.h"
#include "policy/policy.h"
#include "store/acting.h"
#include "store/plan.h"
#include "store/store.h"

/* ScimAuditWrite writes the row of "audit" of what happened. */
void
ScimAuditWrite(const ScimOccurrence *occurrence)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(occurrence->tenant_id), false);
	ScimParamsAdd(&params, TEXTOID,
				  CStringGetTextDatum(ScimActorIn(occurrence->store->namespace_oid)),
				  false);
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
 * ScimEventsEmit writes the events that the policies "emit" ask for.  transient: what
 * the request says that is not stored, or NULL.
 */
void
ScimEventsEmit(const ScimOccurrence *occurrence, const ScimRules *rules,
			   const JsonbValue *transient)
{
	const JsonbValue *document;
	const JsonbValue *before = NULL;
	const ListCell *lc;

	if (rules->of[SCIM_RULE_EMIT] == NIL)
		return;
	document = ScimJsonFromJsonb(occurrence->data);
	if (occurrence->before != NULL)
		before = ScimJsonFromJsonb(occurrence->before);
	foreach (lc, rules->of[SCIM_RULE_EMIT])
	{
		const ScimEmitRule *rule = ((const ScimRule *) lfirst(lc))->compiled;

		CHECK_FOR_INTERRUPTS();
		if (ScimEmitApplies(rule, occurrence->operation, before, document, transient) &&
			ScimConditionHolds(occurrence->store, occurrence->tenant_id, rule->scope,
							   document, occurrence->status))
			ScimEventWrite(occurrence, rule->uri,
						   ScimEmitData(rule, document, transient));
	}
}

/*
 * ScimActionRecord tells of what somebody did with a resource that changed nothing of
 * its document, such as an invitation.  Whoever has to act upon it reads the event,
 * which is the point of it: there is one whatever the policy "events" says.
 */
void
ScimActionRecord(const ScimOccurrence *occurrence, const char *uri,
				 const JsonbValue *transient)
{
	ScimStore *store = occurrence->store;
	const ScimRules *rules = ScimRulesFor(store, occurrence->tenant_id, occurrence->type);
	ScimIdentity caller = ScimBeOwner(store->owner);

	SPI_connect();
	if (rules->of[SCIM_RULE_AUDIT] != NIL)
		ScimAuditWrite(occurrence);
	ScimEventWrite(occurrence, uri, NULL);
	ScimEventsEmit(occurrence, rules, transient);
	SPI_finish();
	ScimBeCaller(caller);
}
