/*
 * token.c
 *		Events as Security Event Tokens: RFC 8417, in the profile of RFC 9967.
 *
 *		{"iss": "https://scim.example.com/v2", "aud": ["https://receiver.example.com"],
 *		 "iat": 1795682400, "jti": "<id of the event>", "toe": 1795682399,
 *		 "txn": "<change>",
 *		 "sub_id": {"format": "scim", "uri": "/Users/2819...", "id": "2819...",
 *					"externalId": "bjensen"},
 *		 "events": {"urn:ietf:params:scim:event:prov:patch:notice":
 *						{"version": "W/\"3\"", "attributes": ["title"]}}}
 *
 * What "activate" and "deactivate" must not tell, since only the URIs that end with
 * "notice" or "full" do (section 2.4), stands beside them as a second event of the same
 * token: the same change, told as a PATCH.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "event/event.h"
#include "event/sign.h"
#include "json/json.h"
#include "policy/policy.h"
#include "resource/resource.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "text/find.h"

PG_FUNCTION_INFO_V1(scim_issuer);

/* The columns of an event, as ScimEventsTake selects them. */
enum
{
	EVENT_ID = 2,
	EVENT_AT = 3,
	EVENT_URI = 4,
	EVENT_OPERATION = 5,
	EVENT_TYPE = 6,
	EVENT_RESOURCE_ID = 7,
	EVENT_EXTERNAL_ID = 8,
	EVENT_VERSION = 9,
	EVENT_CHANGE = 10,
	EVENT_ATTRIBUTES = 12,
	EVENT_DATA = 15
};

static int64
seconds(TimestampTz instant)
{
	return instant / USECS_PER_SEC +
		   (int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY;
}

static JsonbValue *
text_array(Datum array)
{
	JsonbValue *values = ScimJsonNewArray();
	ListCell *lc;

	foreach (lc, ScimTextList(array))
		ScimJsonAppend(values, ScimJsonNewString(lfirst(lc)));
	return values;
}

static JsonbValue *
subject(const ScimConsumer *consumer, HeapTuple event, TupleDesc desc)
{
	JsonbValue *sub_id = ScimJsonNewObject();
	const char *type_name =
		TextDatumGetCString(ScimColumnValue(event, desc, EVENT_TYPE, TEXTOID));
	const ScimResourceType *type = ScimRegistryType(consumer->store->registry, type_name);
	const char *id = ScimUuidText(
		DatumGetUUIDP(ScimColumnValue(event, desc, EVENT_RESOURCE_ID, UUIDOID)));
	bool isnull;
	Datum external_id = ScimColumn(event, desc, EVENT_EXTERNAL_ID, TEXTOID, &isnull);

	ScimJsonSet(sub_id, "format", ScimJsonNewString("scim"));
	ScimJsonSet(sub_id, "uri",
				ScimJsonNewString(type != NULL ? ScimLocation("", type, id)
											   : psprintf("/%s", id)));
	ScimJsonSet(sub_id, "id", ScimJsonNewString(id));
	if (!isnull)
		ScimJsonSet(sub_id, "externalId",
					ScimJsonNewString(TextDatumGetCString(external_id)));
	return sub_id;
}

/* version, and what "full" and "notice" tell; tells: the event may tell either */
static JsonbValue *
payload(HeapTuple event, TupleDesc desc, bool data, bool attributes)
{
	JsonbValue *object = ScimJsonNewObject();
	bool isnull;
	Datum value = ScimColumn(event, desc, EVENT_VERSION, INT8OID, &isnull);

	if (!isnull)
		ScimJsonSet(object, "version",
					ScimJsonNewString(ScimVersionTag(DatumGetInt64(value), NULL, "", 0)));
	value = ScimColumn(event, desc, EVENT_DATA, JSONBOID, &isnull);
	if (data && !isnull)
		ScimJsonSet(object, "data", ScimJsonFromJsonb(DatumGetJsonbP(value)));
	if (data && !isnull)
		return object;
	value = ScimColumn(event, desc, EVENT_ATTRIBUTES, TEXTARRAYOID, &isnull);
	if (attributes && !isnull)
		ScimJsonSet(object, "attributes", text_array(value));
	return object;
}

static JsonbValue *
payloads(HeapTuple event, TupleDesc desc)
{
	JsonbValue *events = ScimJsonNewObject();
	const char *uri =
		TextDatumGetCString(ScimColumnValue(event, desc, EVENT_URI, TEXTOID));
	bool no_data;
	bool no_attributes;
	JsonbValue *steps;

	(void) ScimColumn(event, desc, EVENT_DATA, JSONBOID, &no_data);
	(void) ScimColumn(event, desc, EVENT_ATTRIBUTES, TEXTARRAYOID, &no_attributes);
	/* what has lost its data is a notice */
	if (no_data && ScimEndsWith(uri, ":full") &&
		strncmp(uri, SCIM_EVENT(""), strlen(SCIM_EVENT(""))) == 0)
		uri = psprintf("%.*s:notice", (int) (strlen(uri) - strlen(":full")), uri);
	if (strcmp(uri, SCIM_EVENT("prov:delete")) == 0)
		ScimJsonSet(events, uri, ScimJsonNewObject());
	else if (strcmp(uri, SCIM_EVENT("prov:activate")) == 0 ||
			 strcmp(uri, SCIM_EVENT("prov:deactivate")) == 0)
	{
		bool isnull;
		Datum operation = ScimColumn(event, desc, EVENT_OPERATION, TEXTOID, &isnull);

		steps = payload(event, desc, false, false);
		if (!isnull)
			ScimJsonSet(steps, "operation",
						ScimJsonNewString(TextDatumGetCString(operation)));
		ScimJsonSet(events, uri, steps);
		if (!no_data)
			ScimJsonSet(events, SCIM_EVENT("prov:patch:full"),
						payload(event, desc, true, false));
		else if (!no_attributes)
			ScimJsonSet(events, SCIM_EVENT("prov:patch:notice"),
						payload(event, desc, false, true));
	}
	else if (strncmp(uri, SCIM_EVENT(""), strlen(SCIM_EVENT(""))) == 0)
		ScimJsonSet(events, uri,
					payload(event, desc, ScimEndsWith(uri, ":full"),
							ScimEndsWith(uri, ":notice")));
	else
		ScimJsonSet(events, uri, payload(event, desc, true, false));
	return events;
}

/*
 * ScimIssuer is the claim iss: the base_url of the tenant who acts or of the store, or
 * where the request at hand came in.  NULL: nowhere that others could name.
 */
const char *
ScimIssuer(const ScimStore *store)
{
	const char *base_url = ScimBaseUrl(store);

	return strncmp(base_url, "http", 4) == 0 ? base_url : NULL;
}

/* scim_internal.issuer() returns text */
Datum
scim_issuer(PG_FUNCTION_ARGS)
{
	const char *issuer = ScimIssuer(ScimStoreConfigured());

	if (issuer == NULL)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(CStringGetTextDatum(issuer));
}

/* ScimSecurityEventToken makes the token of an event for a consumer. */
char *
ScimSecurityEventToken(const ScimConsumer *consumer, const ScimSigner *signer,
					   HeapTuple event, TupleDesc desc)
{
	JsonbValue *claims = ScimJsonNewObject();
	const char *issuer = ScimBaseUrl(consumer->store);
	JsonbValue *audience = ScimJsonNewArray();
	TimestampTz at =
		DatumGetTimestampTz(ScimColumnValue(event, desc, EVENT_AT, TIMESTAMPTZOID));
	bool isnull;
	Datum change = ScimColumn(event, desc, EVENT_CHANGE, UUIDOID, &isnull);

	if (!consumer->no_audience)
		audience = text_array(consumer->audience);
	else
		ScimJsonAppend(audience, ScimJsonNewString(consumer->name));
	ScimJsonSet(claims, "iss", ScimJsonNewString(issuer));
	ScimJsonSet(claims, "aud", audience);
	ScimJsonSet(claims, "iat", ScimJsonNewInteger(seconds(GetCurrentTimestamp())));
	ScimJsonSet(claims, "jti",
				ScimJsonNewString(ScimUuidText(
					DatumGetUUIDP(ScimColumnValue(event, desc, EVENT_ID, UUIDOID)))));
	ScimJsonSet(claims, "toe", ScimJsonNewInteger(seconds(at)));
	if (!isnull)
		ScimJsonSet(claims, "txn",
					ScimJsonNewString(ScimUuidText(DatumGetUUIDP(change))));
	ScimJsonSet(claims, "sub_id", subject(consumer, event, desc));
	ScimJsonSet(claims, "events", payloads(event, desc));
	return ScimSign(signer, "secevent+jwt", claims);
}

static List *
add_uri(List *uris, const char *uri)
{
	ListCell *lc;

	foreach (lc, uris)
	{
		if (strcmp(lfirst(lc), uri) == 0)
			return uris;
	}
	return lappend(uris, (char *) uri);
}

/* Those of a resource type, as its policies are for all tenants or the one who acts. */
static List *
add_uris_of(List *uris, const ScimRules *rules)
{
	static const char *const plain[] = {SCIM_EVENT("prov:delete"),
										SCIM_EVENT("prov:activate"),
										SCIM_EVENT("prov:deactivate")};
	static const char *const telling[] = {
		SCIM_EVENT("prov:create:"), SCIM_EVENT("prov:patch:"), SCIM_EVENT("prov:put:")};
	const ListCell *lc;

	for (size_t i = 0; rules->of[SCIM_RULE_EVENTS] != NIL && i < lengthof(telling); i++)
	{
		uris = add_uri(uris, psprintf("%snotice", telling[i]));
		if (ScimEventsAreFull(rules))
			uris = add_uri(uris, psprintf("%sfull", telling[i]));
	}
	for (size_t i = 0; rules->of[SCIM_RULE_EVENTS] != NIL && i < lengthof(plain); i++)
		uris = add_uri(uris, plain[i]);
	foreach (lc, rules->of[SCIM_RULE_EMIT])
	{
		const ScimEmitRule *rule = ((const ScimRule *) lfirst(lc))->compiled;

		uris = add_uri(uris, rule->uri);
	}
	return uris;
}

/* ScimEventUris lists the events that policies ask for; NIL: there are none. */
List *
ScimEventUris(const ScimStore *store)
{
	List *uris = NIL;
	int32 tenant_id;

	if (!ScimTenantShown(&tenant_id))
		return NIL;
	for (int i = 0; i < store->registry->ntypes; i++)
		uris = add_uris_of(uris, ScimRulesFor((ScimStore *) store, tenant_id,
											  &store->registry->types[i]));
	return uris;
}
