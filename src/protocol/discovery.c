/*
 * discovery.c
 *		/ServiceProviderConfig, /ResourceTypes and /Schemas: RFC 7644 section 4.
 */
#include "postgres.h"

#include "event/sign.h"
#include "json/json.h"
#include "miscadmin.h"

#include "policy/policy.h"
#include "protocol/protocol.h"
#include "text/fold.h"
#include "utils/builtins.h"

#define SCHEMA_URN "urn:ietf:params:scim:schemas:core:2.0:"

typedef Jsonb *(*FindDocument)(ScimStore *store, const char *id);
typedef List *(*ListDocuments)(ScimStore *store);

PG_FUNCTION_INFO_V1(scim_authentication_schemes);

static void write_schemes(StringInfo out, const ScimStore *store);
static void write_member(StringInfo out, const char *name, const char *value);
static void write_pagination(StringInfo out, ScimSettings *settings);
static void write_events(StringInfo out, const ScimStore *store);
static void answer_documents(ScimRequest *request, ScimAnswer *answer, const char *name,
							 FindDocument find, ListDocuments list);
static void write_document(StringInfo out, ScimStore *store, Jsonb *jsonb,
						   const char *name, const char *endpoint);
static void write_meta(StringInfo out, const char *name, const char *location);

/*
 * ScimAnswerServiceProviderConfig says what this service can do (RFC 7643
 * section 5).
 */
void
ScimAnswerServiceProviderConfig(ScimRequest *request, ScimAnswer *answer)
{
	StringInfo out = &answer->body;
	ScimSettings *settings = request->store->settings;

	ScimRefuseFilter(&request->target);
	answer->status = 200;
	appendStringInfo(
		out,
		"{\"schemas\":[\"" SCHEMA_URN "ServiceProviderConfig\"]"
		",\"patch\":{\"supported\":true}"
		",\"bulk\":{\"supported\":true,\"maxOperations\":%d,\"maxPayloadSize\":%d}"
		",\"filter\":{\"supported\":true,\"maxResults\":%d}"
		",\"changePassword\":{\"supported\":%s}"
		",\"sort\":{\"supported\":true}"
		",\"etag\":{\"supported\":true}"
		",\"authenticationSchemes\":",
		ScimSettingInt(settings, SCIM_SETTING_MAX_BULK_OPERATIONS, NULL),
		ScimSettingInt(settings, SCIM_SETTING_MAX_BODY_SIZE, NULL),
		ScimSettingInt(settings, SCIM_SETTING_MAX_RESULTS, NULL),
		ScimSetsPasswords(request->store) ? "true" : "false");
	write_schemes(out, request->store);
	if (ScimSettingBool(settings, SCIM_SETTING_ADVERTISE_PAGINATION, NULL))
		write_pagination(out, settings);
	write_events(out, request->store);
	/* draft-zollner-scim-interop-profile: where it is so, and only there */
	if (ScimConformsToInterop(request->store))
		appendStringInfoString(out, ",\"interopProfileConformant\":true");
	write_meta(out, "ServiceProviderConfig",
			   psprintf("%s/ServiceProviderConfig", ScimBaseUrl(request->store)));
	appendStringInfoChar(out, '}');
}

/* The ways to authenticate that the store shows: RFC 7643 section 5. */
static void
write_schemes(StringInfo out, const ScimStore *store)
{
	bool first = true;
	ListCell *lc;

	appendStringInfoChar(out, '[');
	foreach (lc, store->schemes)
	{
		const ScimScheme *scheme = lfirst(lc);

		if (scheme->name == NULL)
			continue;
		appendStringInfo(out, "%s{\"type\":\"%s\"", first ? "" : ",", scheme->type);
		write_member(out, "name", scheme->name);
		write_member(out, "description", scheme->description);
		write_member(out, "specUri", scheme->spec_uri);
		if (scheme->primary)
			appendStringInfoString(out, ",\"primary\":true");
		appendStringInfoChar(out, '}');
		first = false;
	}
	appendStringInfoChar(out, ']');
}

/*
 * scim_internal.authentication_schemes() returns jsonb
 *
 * A client may not read the table that they are from.
 */
Datum
scim_authentication_schemes(PG_FUNCTION_ARGS)
{
	StringInfoData out;
	ListCell *lc;

	initStringInfo(&out);
	appendStringInfoChar(&out, '[');
	foreach (lc, ScimStoreConfigured()->schemes)
	{
		const ScimScheme *scheme = lfirst(lc);

		appendStringInfo(&out, "%s{\"jwt\":%s,\"fetched\":%s", out.len > 1 ? "," : "",
						 scheme->kind == SCIM_CREDENTIAL_JWT ? "true" : "false",
						 scheme->kind == SCIM_CREDENTIAL_ACCESS_TOKEN ? "true" : "false");
		write_member(&out, "scheme", scheme->scheme);
		write_member(&out, "keyword", scheme->keyword);
		write_member(&out, "second_header", scheme->second_header);
		write_member(&out, "name", scheme->name);
		write_member(&out, "description", scheme->description);
		appendStringInfoChar(&out, '}');
	}
	appendStringInfoChar(&out, ']');
	PG_RETURN_DATUM(DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data)));
}

static void
write_member(StringInfo out, const char *name, const char *value)
{
	if (value == NULL)
		return;
	appendStringInfo(out, ",\"%s\":", name);
	ScimJsonWriteString(out, value, strlen(value));
}

/* RFC 9865 section 4 */
static void
write_pagination(StringInfo out, ScimSettings *settings)
{
	int max = ScimSettingInt(settings, SCIM_SETTING_MAX_RESULTS, NULL);
	int usual = ScimSettingInt(settings, SCIM_SETTING_DEFAULT_RESULTS, NULL);
	int timeout = ScimSettingInt(settings, SCIM_SETTING_CURSOR_TIMEOUT, NULL);

	appendStringInfo(out,
					 ",\"pagination\":{\"cursor\":true,\"index\":true"
					 ",\"defaultPaginationMethod\":\"index\""
					 ",\"defaultPageSize\":%d,\"maxPageSize\":%d",
					 Min(usual, max), max);
	if (timeout > 0)
		appendStringInfo(out, ",\"cursorTimeout\":%d", timeout);
	appendStringInfoChar(out, '}');
}

/* RFC 9967 section 4: nothing where no policy asks for events */
static void
write_events(StringInfo out, const ScimStore *store)
{
	List *uris = ScimEventUris(store);
	ListCell *lc;

	if (uris == NIL)
		return;
	appendStringInfoString(
		out, ",\"securityEvents\":{\"asyncRequest\":\"none\",\"eventUris\":[");
	foreach (lc, uris)
	{
		if (foreach_current_index(lc) > 0)
			appendStringInfoChar(out, ',');
		ScimJsonWriteString(out, lfirst(lc), strlen(lfirst(lc)));
	}
	appendStringInfoString(out, "]}");
}

/* ScimAnswerResourceTypes lists the resource types, or shows one by its name. */
void
ScimAnswerResourceTypes(ScimRequest *request, ScimAnswer *answer)
{
	answer_documents(request, answer, "ResourceType", ScimResourceTypeDocument,
					 ScimResourceTypeDocuments);
}

/* ScimAnswerSchemas lists the schemas, or shows one by its URN. */
void
ScimAnswerSchemas(ScimRequest *request, ScimAnswer *answer)
{
	answer_documents(request, answer, "Schema", ScimSchemaDocument, ScimSchemaDocuments);
}

static void
answer_documents(ScimRequest *request, ScimAnswer *answer, const char *name,
				 FindDocument find, ListDocuments list)
{
	const ScimTarget *target = &request->target;
	const char *endpoint = target->segments[0];
	StringInfo out = &answer->body;
	List *documents;

	ScimRefuseFilter(target);
	answer->status = 200;
	if (target->nsegments > 1)
	{
		Jsonb *document = find(request->store, target->segments[1]);

		if (document == NULL)
			ereport(ERROR, (ScimErr(SCIM_NOT_FOUND),
							errmsg("there is no %s \"%s\"", name, target->segments[1])));
		write_document(out, request->store, document, name, endpoint);
		return;
	}
	documents = list(request->store);
	appendStringInfo(out,
					 "{\"schemas\":[\"" SCIM_URN_LIST_RESPONSE "\"],\"totalResults\":%d"
					 ",\"startIndex\":1,\"itemsPerPage\":%d,\"Resources\":[",
					 list_length(documents), list_length(documents));
	for (int i = 0; i < list_length(documents); i++)
	{
		if (i > 0)
			appendStringInfoChar(out, ',');
		write_document(out, request->store, list_nth(documents, i), name, endpoint);
	}
	appendStringInfoString(out, "]}");
}

/* The attribute of a document, or of one of its attributes, that has a name. */
static JsonbValue *
find_attribute(JsonbValue *document, const char *key, const char *name)
{
	JsonbValue *attributes = ScimJsonGet(document, key);

	for (int i = 0; attributes != NULL && attributes->type == jbvArray &&
					i < attributes->val.array.nElems;
		 i++)
	{
		JsonbValue *attribute = &attributes->val.array.elems[i];
		const JsonbValue *own =
			attribute->type == jbvObject ? ScimJsonGet(attribute, "name") : NULL;

		if (own != NULL && ScimJsonStringEquals(own, name))
			return attribute;
	}
	return NULL;
}

/* Is an attribute of a schema unique among the resources of a type, by a policy? */
static const ScimUniqueAttribute *
find_unique(const ScimRules *rules, const ScimUniqueAttribute *wanted)
{
	const ListCell *lc;

	foreach (lc, ScimUniqueByPolicy(rules))
	{
		const ScimUniqueAttribute *unique = lfirst(lc);

		/* of the primary one alone the schema has no word */
		if (!unique->primary && unique->attribute->schema == wanted->attribute->schema &&
			strcmp(unique->path, wanted->path) == 0)
			return unique;
	}
	return NULL;
}

/*
 * What policies make unique of a schema, for the types that have it and whoever asks, is
 * so for clients as what the schema says.
 */
static void
show_unique(ScimStore *store, const char *urn, JsonbValue *document)
{
	const ScimRegistry *registry = store->registry;
	const ScimRules *first = NULL;
	const ListCell *lc;
	int32 tenant_id;

	if (!ScimTenantShown(&tenant_id))
		tenant_id = SCIM_EVERY_TENANT;
	for (int i = 0; first == NULL && i < registry->ntypes; i++)
	{
		if (ScimResourceTypeSchema(&registry->types[i], urn, strlen(urn)) != NULL)
			first = ScimRulesFor(store, tenant_id, &registry->types[i]);
	}
	foreach (lc, first != NULL ? ScimUniqueByPolicy(first) : NIL)
	{
		const ScimUniqueAttribute *unique = lfirst(lc);
		const ScimSchema *schema = unique->attribute->schema;
		bool global = unique->of_all_tenants;
		bool everywhere = !unique->primary;
		JsonbValue *attribute;

		CHECK_FOR_INTERRUPTS();
		if (schema == NULL || !ScimNameEqual(schema->id, urn))
			continue;
		for (int i = 0; everywhere && i < registry->ntypes; i++)
		{
			const ScimUniqueAttribute *same;

			if (ScimResourceTypeSchema(&registry->types[i], urn, strlen(urn)) == NULL)
				continue;
			same =
				find_unique(ScimRulesFor(store, tenant_id, &registry->types[i]), unique);
			everywhere = same != NULL;
			global &= same != NULL && same->of_all_tenants;
		}
		attribute = everywhere
						? find_attribute(document, "attributes", unique->attribute->name)
						: NULL;
		if (attribute != NULL && unique->sub != NULL)
			attribute = find_attribute(attribute, "subAttributes", unique->sub->name);
		if (attribute == NULL ||
			(unique->sub != NULL ? unique->sub : unique->attribute)->uniqueness !=
				SCIM_UNIQUENESS_NONE)
			continue;
		ScimJsonSet(attribute, "uniqueness",
					ScimJsonNewString(global ? "global" : "server"));
	}
}

/*
 * write_document writes a registered document as a resource: with "schemas"
 * first, and with its "meta".  The id of a resource type is its name, where
 * the document leaves it out.
 */
static void
write_document(StringInfo out, ScimStore *store, Jsonb *jsonb, const char *name,
			   const char *endpoint)
{
	JsonbValue *document = ScimJsonFromJsonb(jsonb);
	const char *id = ScimJsonStringCopy(ScimJsonGet(document, "id"));

	if (id == NULL)
		id = ScimJsonStringCopy(ScimJsonGet(document, "name"));
	if (id == NULL)
		elog(ERROR, "a document of the registry has no id");
	if (strcmp(name, "Schema") == 0)
	{
		show_unique(store, id, document);
		ScimDiscloseSchema(document, ScimSettingBool(store->settings,
													 SCIM_SETTING_ADVERTISE_TYPES, NULL));
	}
	appendStringInfo(out, "{\"schemas\":[\"" SCHEMA_URN "%s\"],\"id\":", name);
	ScimJsonWriteString(out, id, strlen(id));
	for (int i = 0; i < document->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &document->val.object.pairs[i];

		if (ScimJsonStringEquals(&pair->key, "schemas") ||
			ScimJsonStringEquals(&pair->key, "id") ||
			ScimJsonStringEquals(&pair->key, "meta"))
			continue;
		appendStringInfoChar(out, ',');
		ScimJsonWriteString(out, pair->key.val.string.val, pair->key.val.string.len);
		appendStringInfoChar(out, ':');
		ScimJsonWrite(out, &pair->value);
	}
	write_meta(out, name, psprintf("%s/%s/%s", ScimBaseUrl(store), endpoint, id));
	appendStringInfoChar(out, '}');
}

static void
write_meta(StringInfo out, const char *name, const char *location)
{
	appendStringInfo(out, ",\"meta\":{\"resourceType\":\"%s\",\"location\":", name);
	ScimJsonWriteString(out, location, strlen(location));
	appendStringInfoChar(out, '}');
}
