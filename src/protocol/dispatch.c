/*
 * dispatch.c
 *		Endpoint and method -> operation of the store: RFC 7644 section 3.2.
 */
#include "postgres.h"

#include "access/xact.h"

#include "binding/follow/follow.h"
#include "json/json.h"
#include "operation/operation.h"
#include "policy/policy.h"
#include "protocol/protocol.h"
#include "protocol/wire/wire.h"
#include "resource/resource.h"
#include "store/acting.h"
#include "text/datetime.h"
#include "text/fold.h"
#include "utils/guc.h"

typedef enum RouteKind
{
	ROUTE_ROOT,       /* / */
	ROUTE_COLLECTION, /* /Users */
	ROUTE_RESOURCE,   /* /Users/{id} */
	ROUTE_MEMBERSHIP, /* /GroupMemberships/{id}, of which nothing changes */
	ROUTE_MEMBERS,    /* /Groups/{id}/members */
	ROUTE_SEARCH,     /* /.search, /Users/.search */
	ROUTE_SERVICE_PROVIDER_CONFIG,
	ROUTE_RESOURCE_TYPES,
	ROUTE_SCHEMAS,
	ROUTE_ME, /* where it stands for no resource */
	ROUTE_BULK,
	ROUTE_PREVIEW,
	ROUTE_OPENAPI,
	ROUTE_EVENTS,
	ROUTE_CONSOLE,
	ROUTE_KEYS
} RouteKind;

typedef void (*Handler)(ScimRequest *request, ScimAnswer *answer);

static void refuse_filter(const ScimRequest *request, RouteKind route);
static void require_writable(ScimRequest *request, RouteKind route);
static void require_scope(const ScimRequest *request, RouteKind route);
static RouteKind find_route(ScimRequest *request);
static RouteKind find_me(ScimRequest *request);
pg_noreturn static void raise_no_endpoint(const ScimTarget *target);
static Handler find_handler(RouteKind kind, const char *method, ScimAnswer *answer);

static void list_resources(ScimRequest *request, ScimAnswer *answer);
static void create_resource(ScimRequest *request, ScimAnswer *answer);
static void get_resource(ScimRequest *request, ScimAnswer *answer);
static void replace_resource(ScimRequest *request, ScimAnswer *answer);
static void patch_resource(ScimRequest *request, ScimAnswer *answer);
static void delete_resource(ScimRequest *request, ScimAnswer *answer);
static void list_members(ScimRequest *request, ScimAnswer *answer);
static void search(ScimRequest *request, ScimAnswer *answer);
static void not_supported(ScimRequest *request, ScimAnswer *answer);

static const ScimProjection *make_projection(ScimRequest *request);
static const ScimResource *
settle(const ScimRequest *request, const ScimResource *written);
static void answer_written(const ScimRequest *request, const ScimResource *written,
						   const ScimProjection *projection, ScimAnswer *answer);
static void
answer_resource(const ScimRequest *request, const ScimResource *resource,
				const ScimProjection *projection, int status, ScimAnswer *answer);
static const JsonbValue *patch_operations(ScimRequest *request, const JsonbValue *body);

/* What each endpoint can do.  HEAD is GET; OPTIONS is answered from this table. */
static const struct
{
	RouteKind kind;
	const char *method;
	Handler handler;
} handlers[] = {
	{ROUTE_ROOT, "GET", list_resources},
	{ROUTE_COLLECTION, "GET", list_resources},
	{ROUTE_COLLECTION, "POST", create_resource},
	{ROUTE_RESOURCE, "GET", get_resource},
	{ROUTE_RESOURCE, "PUT", replace_resource},
	{ROUTE_RESOURCE, "PATCH", patch_resource},
	{ROUTE_RESOURCE, "DELETE", delete_resource},
	{ROUTE_MEMBERSHIP, "GET", get_resource},
	{ROUTE_MEMBERSHIP, "DELETE", delete_resource},
	{ROUTE_MEMBERS, "GET", list_members},
	{ROUTE_SEARCH, "POST", search},
	{ROUTE_SERVICE_PROVIDER_CONFIG, "GET", ScimAnswerServiceProviderConfig},
	{ROUTE_RESOURCE_TYPES, "GET", ScimAnswerResourceTypes},
	{ROUTE_SCHEMAS, "GET", ScimAnswerSchemas},
	{ROUTE_ME, "GET", not_supported},
	{ROUTE_ME, "POST", not_supported},
	{ROUTE_ME, "PUT", not_supported},
	{ROUTE_ME, "PATCH", not_supported},
	{ROUTE_ME, "DELETE", not_supported},
	{ROUTE_BULK, "POST", ScimAnswerBulk},
	{ROUTE_PREVIEW, "POST", ScimAnswerPreview},
	{ROUTE_OPENAPI, "GET", ScimAnswerOpenApi},
	{ROUTE_EVENTS, "POST", ScimAnswerPoll},
	{ROUTE_CONSOLE, "GET", ScimAnswerConsole},
	{ROUTE_KEYS, "GET", ScimAnswerKeys},
};

/*
 * ScimDispatch parses the target of a request and does what it asks for.  An
 * operation of a bulk request can go to resources only.
 * Errors are raised, but for those that need a header or have no SQLSTATE: 405
 * and 406 are answered.
 */
void
ScimDispatch(ScimRequest *request, ScimAnswer *answer)
{
	const char *media_type = ScimNegotiateMediaType(request);
	RouteKind route;
	Handler handler;

	if (media_type == NULL)
	{
		ScimAnswerNotAcceptable(request, answer, SCIM_MEDIA_TYPE " or application/json");
		return;
	}
	answer->media_type = media_type;
	request->store = ScimStoreCurrent();
	ScimRequireNotLeft(request->store);
	ScimTargetParse(request->store, request->target_text, &request->target);
	route = find_route(request);
	if (request->is_operation && route != ROUTE_COLLECTION && route != ROUTE_RESOURCE &&
		route != ROUTE_MEMBERSHIP)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("path \"%s\" cannot be part of a bulk request",
							   request->target_text)));
	handler = find_handler(route, request->method, answer);
	if (handler != NULL)
	{
		require_scope(request, route);
		refuse_filter(request, route);
		if (!ScimTargetIsDiscovery(&request->target))
			ScimCheckProjection(&request->target); /* also where nothing is shown */
		require_writable(request, route);
		if (request->id != NULL && !request->is_me)
			request->id = ScimWireId(request->store, request->type, request->id);
		handler(request, answer);
		if (strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0)
			ScimConditionsOfAnswer(request, answer);
	}
	if (request->me != NULL)
		ScimAnswerHeader(answer, "Location", request->me);
}

/*
 * A filter where one resource is meant, or none is looked for: whoever states one would
 * take what is done for what it says.  Order and pages change nothing there, and have no
 * effect.  The endpoints of discovery, and searches, say so themselves.
 */
static void
refuse_filter(const ScimRequest *request, RouteKind route)
{
	const char *filter = request->target.filter;

	if (filter == NULL || filter[0] == '\0')
		return;
	if (route == ROUTE_RESOURCE || route == ROUTE_MEMBERSHIP || route == ROUTE_BULK ||
		route == ROUTE_PREVIEW || route == ROUTE_EVENTS ||
		(route == ROUTE_COLLECTION && strcmp(request->method, "POST") == 0))
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_FILTER),
				 errmsg("a filter is for lists of resources, and not for %s \"%s\"",
						request->method, request->target.segments[0])));
}

/*
 * What cannot be written now can be written later, or elsewhere.  Some parts of
 * a write would succeed, such as a bulk request whose operations all fail.  What is
 * previewed is looked at by itself.
 */
static void
require_writable(ScimRequest *request, RouteKind route)
{
	if (route == ROUTE_SEARCH || route == ROUTE_PREVIEW ||
		strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0)
		return;
	ScimRequireReadWrite(request);
	ScimRequireStays(request->store);
	ScimDeferredNothing(request->store);
}

/*
 * What a token or client is good for.  What the service can do anybody may know, and
 * each operation of a bulk request is looked at by itself.
 */
static void
require_scope(const ScimRequest *request, RouteKind route)
{
	bool reads = strcmp(request->method, "GET") == 0 ||
				 strcmp(request->method, "HEAD") == 0 || route == ROUTE_SEARCH;

	switch (route)
	{
		case ROUTE_ROOT:
		case ROUTE_COLLECTION:
		case ROUTE_RESOURCE:
		case ROUTE_MEMBERSHIP:
		case ROUTE_MEMBERS:
		case ROUTE_SEARCH:
			ScimScopeRequire(request->store, request->type ? request->type->name : NULL,
							 !reads);
			break;
		default:
			break;
	}
}

/*
 * find_route says what a path means, and raises 404 when it means nothing.
 * Endpoints are found in any letter case, like those of resource types.
 */
static RouteKind
find_route(ScimRequest *request)
{
	const ScimTarget *target = &request->target;
	const char *first = target->nsegments > 0 ? target->segments[0] : NULL;

	if (first == NULL)
		return ROUTE_ROOT;
	switch (ScimPathKindOf(first, target->nsegments))
	{
		case SCIM_PATH_SEARCH:
			return ROUTE_SEARCH;
		case SCIM_PATH_SERVICE_PROVIDER_CONFIG:
			return ROUTE_SERVICE_PROVIDER_CONFIG;
		case SCIM_PATH_RESOURCE_TYPES:
			return ROUTE_RESOURCE_TYPES;
		case SCIM_PATH_SCHEMAS:
			return ROUTE_SCHEMAS;
		case SCIM_PATH_ME:
			return find_me(request);
		case SCIM_PATH_BULK:
			return ROUTE_BULK;
		case SCIM_PATH_PREVIEW:
			return ROUTE_PREVIEW;
		case SCIM_PATH_OPENAPI:
			return ROUTE_OPENAPI;
		case SCIM_PATH_EVENTS:
			return ROUTE_EVENTS;
		case SCIM_PATH_CONSOLE:
			return ROUTE_CONSOLE;
		case SCIM_PATH_KEYS:
			return ROUTE_KEYS;
		case SCIM_PATH_OAUTH:
			raise_no_endpoint(target); /* what is there oauth.c has answered */
		case SCIM_PATH_OTHER:
			break;
	}
	request->type =
		ScimRegistryTypeByEndpoint(request->store->registry, first, strlen(first));
	if (request->type == NULL || target->nsegments > 3)
		raise_no_endpoint(target);
	if (target->nsegments == 3)
	{
		if (!request->type->has_members || !ScimNameEqual(target->segments[2], "members"))
			raise_no_endpoint(target);
		request->id = target->segments[1];
		return ROUTE_MEMBERS;
	}
	if (target->nsegments == 1)
		return ROUTE_COLLECTION;
	if (ScimNameEqual(target->segments[1], ".search"))
		return ROUTE_SEARCH;
	request->id = target->segments[1];
	return request->type->is_membership ? ROUTE_MEMBERSHIP : ROUTE_RESOURCE;
}

/*
 * ScimTargetIsDiscovery: is this an endpoint of RFC 7644 section 4, by which a
 * client learns what the service can do?
 */
bool
ScimTargetIsDiscovery(const ScimTarget *target)
{
	if (target->nsegments == 0)
		return false;
	switch (ScimPathKindOf(target->segments[0], target->nsegments))
	{
		case SCIM_PATH_SERVICE_PROVIDER_CONFIG:
		case SCIM_PATH_RESOURCE_TYPES:
		case SCIM_PATH_SCHEMAS:
		case SCIM_PATH_KEYS:
			return true;
		default:
			return false;
	}
}

/*
 * /Me stands for the User who asks (RFC 7644 section 3.11): whom the credentials
 * name, or the setting scim.me.  Nobody creates himself, nobody is there without
 * them, and nothing is below.
 */
static RouteKind
find_me(ScimRequest *request)
{
	const char *me = ScimMeIn(request->store->namespace_oid);
	const ScimResourceType *user;

	if (request->target.nsegments > 1)
		raise_no_endpoint(&request->target);
	if (me[0] == '\0' || strcmp(request->method, "POST") == 0)
		return ROUTE_ME;
	user = ScimTypeOfPerson(request->store, me);
	if (user == NULL)
		return ROUTE_ME;
	request->type = user;
	request->id = ScimIdAsShown(user, pstrdup(me));
	request->is_me = true;
	if (ScimIsThere(request->store, user, request->id))
		request->me = ScimLocation(ScimBaseUrl(request->store), user, request->id);
	return ROUTE_RESOURCE;
}

static void
raise_no_endpoint(const ScimTarget *target)
{
	StringInfoData path;

	initStringInfo(&path);
	for (int i = 0; i < target->nsegments; i++)
		appendStringInfo(&path, "/%s", target->segments[i]);
	ereport(ERROR,
			(ScimErr(SCIM_NOT_FOUND), errmsg("there is no endpoint \"%s\"", path.data)));
}

/*
 * find_handler returns NULL when it has given the answer itself: to OPTIONS,
 * and to a method that the endpoint does not have (RFC 7231 section 6.5.5).
 */
static Handler
find_handler(RouteKind kind, const char *method, ScimAnswer *answer)
{
	const char *wanted = strcmp(method, "HEAD") == 0 ? "GET" : method;
	StringInfoData allow;

	initStringInfo(&allow);
	for (size_t i = 0; i < lengthof(handlers); i++)
	{
		if (handlers[i].kind != kind)
			continue;
		if (strcmp(handlers[i].method, wanted) == 0)
			return handlers[i].handler;
		if (handlers[i].handler == not_supported)
			continue;
		appendStringInfo(&allow, "%s, ", handlers[i].method);
		if (strcmp(handlers[i].method, "GET") == 0)
			appendStringInfoString(&allow, "HEAD, ");
	}
	appendStringInfoString(&allow, "OPTIONS");
	ScimAnswerHeader(answer, "Allow", allow.data);
	if (strcmp(method, "OPTIONS") == 0)
		answer->status = 204;
	else
		ScimAnswerErrorKind(answer, SCIM_METHOD_NOT_ALLOWED,
							psprintf("method \"%s\" is not allowed here: use one of %s",
									 method, allow.data));
	return NULL;
}

/* GET /Users and GET /: RFC 7644 section 3.4.2. */
static void
list_resources(ScimRequest *request, ScimAnswer *answer)
{
	ScimSearchRequest parameters;

	ScimSearchFromTarget(&request->target, &parameters);
	ScimWireSearch(request, &parameters);
	answer->status = 200;
	ScimSearch(request->store, request->type, &parameters, &answer->body);
}

/* GET /Groups/{id}/members, which is our own. */
static void
list_members(ScimRequest *request, ScimAnswer *answer)
{
	ScimSearchRequest parameters;

	ScimSearchFromTarget(&request->target, &parameters);
	answer->status = 200;
	ScimWireMembers(request, ScimGetResource(request->store, request->type, request->id),
					&parameters, &answer->body);
}

/* POST /.search and /Users/.search: RFC 7644 section 3.4.3. */
static void
search(ScimRequest *request, ScimAnswer *answer)
{
	const char *path =
		psprintf("%s/.search", request->type != NULL ? request->type->endpoint : "");
	ScimSearchRequest parameters;

	ScimRefuseParameters(&request->target);
	ScimConditionsOfPost(request, path);
	ScimSearchFromBody(ScimRequestBody(request), &parameters);
	ScimWireSearch(request, &parameters);
	answer->status = 200;
	ScimSearch(request->store, request->type, &parameters, &answer->body);
	ScimAnswerHeader(answer, "Location",
					 psprintf("%s%s", ScimBaseUrl(request->store), path));
}

/* The policy "schemas" on a body. */
static void
check_schemas(const ScimRequest *request, const JsonbValue *body)
{
	ScimSchemasCheck(ScimRulesFor(request->store, ScimTenant(), request->type), body);
}

/* POST /Users: RFC 7644 section 3.3. */
static void
create_resource(ScimRequest *request, ScimAnswer *answer)
{
	const ScimProjection *projection = make_projection(request);
	JsonbValue *body;
	const ScimResource *resource;

	ScimConditionsOfPost(request, request->type->endpoint);
	body = ScimWireBody(request);
	check_schemas(request, body);
	answer->wrote = true;
	if (request->type->is_membership)
		resource = ScimMembershipCreate(request->store, request->type, body);
	else
		resource = ScimPostResource(request->store, request->type, body, request->new_id);
	resource = settle(request, resource);
	if (resource == NULL)
		ScimRaiseRefused(request->type, "the new");
	request->made_id = resource->id;
	answer_resource(request, resource, projection, 201, answer);
}

/* GET /Users/{id}: RFC 7644 section 3.4.1; If-None-Match: section 3.14. */
static void
get_resource(ScimRequest *request, ScimAnswer *answer)
{
	const ScimProjection *projection = make_projection(request);
	const ScimResource *resource =
		request->type->is_membership
			? ScimMembershipGet(request->store, request->type, request->id)
			: ScimGetResource(request->store, request->type, request->id);
	ScimPreconditions conditions = ScimConditionsOf(request);

	conditions.if_none_match = NULL; /* is no reason for 412, but for 304 */
	ScimCheckPreconditions(resource, &conditions);
	answer_resource(request, resource, projection, 200, answer);
}

/* PUT /Users/{id}: RFC 7644 section 3.5.1. */
static void
replace_resource(ScimRequest *request, ScimAnswer *answer)
{
	const ScimProjection *projection = make_projection(request);
	const JsonbValue *body = ScimWireBody(request);
	ScimPreconditions conditions = ScimConditionsOf(request);

	check_schemas(request, body);
	answer->wrote = true;
	answer_written(request,
				   ScimReplaceResource(request->store, request->type, request->id, body,
									   &conditions),
				   projection, answer);
}

/* PATCH /Users/{id}: RFC 7644 section 3.5.2. */
static void
patch_resource(ScimRequest *request, ScimAnswer *answer)
{
	const ScimProjection *projection = make_projection(request);
	const JsonbValue *body = ScimRequestBody(request);
	const JsonbValue *operations = patch_operations(request, body);
	ScimPreconditions conditions = ScimConditionsOf(request);

	check_schemas(request, body);
	answer->wrote = true;
	answer_written(request,
				   ScimPatchResource(request->store, request->type, request->id,
									 operations, true, &conditions),
				   projection, answer);
}

/* DELETE /Users/{id}: RFC 7644 section 3.6. */
static void
delete_resource(ScimRequest *request, ScimAnswer *answer)
{
	ScimPreconditions conditions = ScimConditionsOf(request);

	answer->wrote = true;
	if (request->type->is_membership)
		ScimMembershipDelete(request->store, request->type, request->id, &conditions);
	else
		ScimDeleteResource(request->store, request->type, request->id, &conditions);
	answer->status = 204;
}

/* /Me (RFC 7644 section 3.11) where it is nobody, or somebody is to be made there. */
static void
not_supported(ScimRequest *request, ScimAnswer *answer)
{
	const char *me = request->target.segments[0];

	if (ScimMeIn(request->store->namespace_oid)[0] != '\0' &&
		strcmp(request->method, "POST") == 0)
		ereport(ERROR,
				(ScimErr(SCIM_NOT_IMPLEMENTED),
				 errmsg("method POST is not supported at \"/%s\": nobody creates himself",
						me)));
	ereport(ERROR, (ScimErr(SCIM_NOT_IMPLEMENTED),
					errmsg("endpoint \"/%s\" is not supported", me)));
}

static const ScimProjection *
make_projection(ScimRequest *request)
{
	ScimCheckProjection(&request->target);
	ScimWireProjection(request);
	ScimCheckNamed(request->type->registry, request->type, request->target.attributes,
				   request->target.excluded);
	return ScimProjectionMake(request->type, request->target.attributes,
							  request->target.excluded);
}

/*
 * settle lets all triggers have their turn, those that wait for the end of the
 * transaction, too, and then reads what is stored: the answer to a write is that,
 * and not what was sent.  NULL: triggers took the resource away.
 */
static const ScimResource *
settle(const ScimRequest *request, const ScimResource *written)
{
	if (!request->defers)
	{
		ScimDeferredRequire();
		ScimCheckDeferredConstraints();
	}
	return ScimStoredResource(request->store, written);
}

/* answer_written answers a PUT or PATCH. */
static void
answer_written(const ScimRequest *request, const ScimResource *written,
			   const ScimProjection *projection, ScimAnswer *answer)
{
	const ScimResource *resource = settle(request, written);

	if (resource == NULL)
		answer->status = 204; /* done, and there is nothing to show */
	else
		answer_resource(request, resource, projection, 200, answer);
}

/*
 * answer_resource answers with a resource; after a write without its body where
 * the client prefers so (RFC 7240), or after a PATCH where the setting
 * patch_no_content says so.  A client that names attributes wants to see
 * them whatever it prefers.  A read is answered with 304 where the client has
 * this very representation.
 */
static void
answer_resource(const ScimRequest *request, const ScimResource *resource,
				const ScimProjection *projection, int status, ScimAnswer *answer)
{
	bool minimal = answer->wrote && ScimPrefersMinimal(request);
	bool silent =
		minimal || (strcmp(request->method, "PATCH") == 0 &&
					ScimSettingBool(request->store->settings,
									SCIM_SETTING_PATCH_NO_CONTENT, request->type->name));
	bool projected = request->target.attributes != NIL || request->target.excluded != NIL;
	/* the groups of a user, and the names of members, change without the resource */
	bool derived =
		(resource->type->has_groups && ScimProjectionHas(projection, "groups", NULL)) ||
		(resource->type->has_members && ScimProjectionHas(projection, "members", NULL));
	char *location = ScimResourceLocation(request->store, resource);
	const char *tag;

	answer->status = status;
	if (silent && !projected)
	{
		tag = ScimResourceVersion(resource);
		if (status == 200)
			answer->status = 204;
		if (minimal)
			ScimAnswerHeader(answer, "Preference-Applied", "return=minimal");
	}
	else if (request->is_operation)
		tag = ScimResourceVersion(resource);
	else
	{
		tag = ScimWireRender(&answer->body, request->store, resource, projection);
		if (!answer->wrote && ScimTagIsDated(tag))
			ScimAnswerHeader(answer, "Last-Modified",
							 ScimHttpDateText(resource->last_modified));
		if (!answer->wrote && ScimIsFresh(request, tag, resource->last_modified, derived))
		{
			resetStringInfo(&answer->body);
			answer->status = 304;
		}
		/* the body is what a GET of that would answer: RFC 9110 section 8.7 */
		if ((answer->wrote || request->is_me) && !projected)
			ScimAnswerHeader(answer, "Content-Location", location);
	}
	ScimAnswerHeader(answer, "ETag", tag);
	if (answer->status != 304)
		ScimAnswerHeader(answer, "Location", location);
}

/* The operation that a body is without its wrapper. */
static JsonbValue *
bare_operation(const JsonbValue *body)
{
	JsonbValue *operation = ScimJsonNewObject();

	for (int i = 0; i < body->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &body->val.object.pairs[i];

		if (!ScimNameEqual(ScimJsonStringCopy(&pair->key), "schemas"))
			ScimJsonSet(operation, ScimJsonStringCopy(&pair->key), &pair->value);
	}
	return operation;
}

/*
 * patch_operations returns the operations of a PATCH body, of which there must
 * be one at least, unless empty_patch is on.  What they hold is for the
 * store to check.
 */
static const JsonbValue *
patch_operations(ScimRequest *request, const JsonbValue *body)
{
	static const char *const known[] = {"schemas", "Operations", NULL};
	static const char *const known_bare[] = {"schemas", "op", "path", "value", NULL};
	JsonbValue *operations = ScimJsonGetFolded(body, "Operations");
	bool bare = ScimWireTakesBare(request, body);

	ScimCheckMessageSchema(body, SCIM_URN_PATCH_OP);
	ScimRequireKnownMembers(body, bare ? known_bare : known, "a PATCH body");
	if (bare)
	{
		operations = ScimJsonNewArray();
		ScimJsonAppend(operations, bare_operation(body));
	}
	if (operations == NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("the PATCH body has no \"Operations\"")));
	if (operations->type != jbvArray ||
		(operations->val.array.nElems == 0 &&
		 !ScimSettingBool(request->store->settings, SCIM_SETTING_EMPTY_PATCH,
						  request->type->name)))
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_SYNTAX),
				 errmsg("\"Operations\" of the PATCH body is not an array of one or "
						"more operations")));
	return ScimWireOperations(request, operations);
}
