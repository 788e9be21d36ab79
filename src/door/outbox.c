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
#include "utils/timestamp.h"

#include "audit/audit.h"
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
	ScimAuditRow row = {.audit = occurrence->store->tables.relid[SCIM_TABLE_AUDIT],
						.tenant_id = occurrence->tenant_id,
						.at = occurrence->at,
						.operation = occurrence->operation,
						.resource_type = occurrence->type->name,
						.resource_id = occurrence->id,
						.version = occurrence->version,
						.status = occurrence->status_before,
						.before = occurrence->before,
						.detail = occurrence->detail};

	ScimAuditInsert(&row);
}

/* A parameter of a list of ids, NULL where it is empty. */
static void
add_members(ScimParams *params, const List *members)
{
	Datum *ids = palloc(sizeof(Datum) * (list_length(members) + 1));
	const ListCell *lc;

	foreach (lc, members)
		ids[foreach_current_index(lc)] =
			UUIDPGetDatum(&((ScimMemberTold *) lfirst(lc))->id);
	ScimParamsAdd(params, UUIDARRAYOID,
				  members != NIL ? ScimArray(ids, NULL, list_length(members), UUIDOID)
								 : (Datum) 0,
				  members == NIL);
}

/* A parameter of what a change is told of beside its data. */
static void
add_told(ScimParams *params, const ScimTold *told)
{
	int n = told != NULL ? list_length(told->attributes) : 0;
	bool has_attributes = told != NULL && told->has_attributes;
	const ScimMembersTold *members = told != NULL ? told->members : NULL;
	Datum *paths = palloc(sizeof(Datum) * (n + 1));

	for (int i = 0; i < n; i++)
		paths[i] = CStringGetTextDatum(list_nth(told->attributes, i));
	ScimParamsAdd(params, TEXTARRAYOID,
				  has_attributes ? ScimArray(paths, NULL, n, TEXTOID) : (Datum) 0,
				  !has_attributes);
	add_members(params, members != NULL ? members->added : NIL);
	add_members(params, members != NULL ? members->removed : NIL);
}

/*
 * ScimEventWrite writes a row of "event".  told: what is told of the change, or NULL
 * where the document is as it was; data: what the event tells besides, or NULL.
 */
void
ScimEventWrite(const ScimOccurrence *occurrence, const char *uri, const ScimTold *told,
			   const Jsonb *data)
{
	ScimParams params;
	JsonbValue key;
	JsonbValue *external_id;

	key.type = jbvString;
	key.val.string.val = "externalId";
	key.val.string.len = strlen("externalId");
	external_id = findJsonbValueFromContainer((JsonbContainer *) &occurrence->data->root,
											  JB_FOBJECT, &key);

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(occurrence->tenant_id), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(uri), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(occurrence->type->name), false);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(occurrence->id), false);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(occurrence->version), false);
	ScimParamsAdd(&params, JSONBOID, PointerGetDatum(data), data == NULL);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(occurrence->operation), false);
	ScimParamsAdd(&params, TEXTOID,
				  CStringGetTextDatum(ScimActorIn(occurrence->store->namespace_oid)),
				  false);
	ScimParamsAdd(&params, TEXTOID,
				  external_id != NULL && external_id->type == jbvString
					  ? PointerGetDatum(cstring_to_text_with_len(
							external_id->val.string.val, external_id->val.string.len))
					  : (Datum) 0,
				  external_id == NULL || external_id->type != jbvString);
	add_told(&params, told);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(occurrence->at), false);
	ScimSpiExecute(
		psprintf("INSERT INTO %s.event (tenant_id, event_uri, resource_type, "
				 "resource_id, version, data, operation, actor, external_id, "
				 "attributes, members_added, members_removed, at) "
				 "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
				 occurrence->store->quoted_name),
		&params, false, 0);
	ScimChannelsNotify(occurrence->store, occurrence->tenant_id);
}

/*
 * ScimEventsEmit writes the events that the policies "emit" ask for.  transient: what
 * the request says that is not stored, or NULL.
 */
void
ScimEventsEmit(const ScimOccurrence *occurrence, const ScimRules *rules,
			   const ScimTold *told, const JsonbValue *transient)
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
			ScimEventWrite(occurrence, rule->uri, told,
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
	ScimEventWrite(occurrence, uri, NULL, NULL);
	ScimEventsEmit(occurrence, rules, NULL, transient);
	SPI_finish();
	ScimBeCaller(caller);
}
