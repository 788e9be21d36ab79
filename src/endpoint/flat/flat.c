/*
 * flat.c
 *		Serves the requests of endpoints of one's own: see endpoint/endpoint.h.
 *
 * What goes wrong is raised as everywhere, and answered in the form of the
 * endpoint in the end, whoever has raised it.
 */
#include "postgres.h"

#include "access/xact.h"

#include "binding/follow/follow.h"
#include "endpoint/flat/flat.h"
#include "mb/pg_wchar.h"
#include "policy/policy.h"
#include "text/fold.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

/* What is said of errors for which SCIM has no name of its own. */
static const struct
{
	int status;
	const char *name;
	const char *title;
} statuses[] = {
	{400, "badRequest", "Bad Request"},
	{401, "unauthorized", "Unauthorized"},
	{403, "forbidden", "Forbidden"},
	{404, "notFound", "Not Found"},
	{405, "methodNotAllowed", "Method Not Allowed"},
	{406, "notAcceptable", "Not Acceptable"},
	{409, "conflict", "Conflict"},
	{412, "preconditionFailed", "Precondition Failed"},
	{413, "contentTooLarge", "Content Too Large"},
	{415, "unsupportedMediaType", "Unsupported Media Type"},
	{422, "unprocessableContent", "Unprocessable Content"},
	{429, "tooManyRequests", "Too Many Requests"},
	{500, "internalServerError", "Internal Server Error"},
	{501, "notImplemented", "Not Implemented"},
	{503, "serviceUnavailable", "Service Unavailable"},
};

/*
 * The statuses that an error can be given.  nginx hands on those of error_page in
 * conf/scim_server.conf; of the others some are signals to itself (420, 421, 494), some
 * end the connection (408, 444), some become 503 (502, 504), and the rest have no body.
 */
static const struct
{
	int first;
	int last;
} arriving[] = {
	{400, 406}, {409, 417}, {422, 424}, {426, 426}, {428, 429}, {431, 431},
	{451, 451}, {500, 501}, {503, 503}, {505, 505}, {507, 508},
};

/*
 * What of the request an error tells, in bytes: as long as it goes into a header, and
 * what must go into it in any case.
 */
static const int told_bytes[] = {1024, 256, 64, 16, 0};
#define TOLD_LEAST 256

/* What an error body can say. */
typedef struct ErrorPlaces
{
	const ScimRequest *request;
	int told; /* at most so many bytes of each text that is of the request */
	int status;
	const char *type;
	const char *message;
} ErrorPlaces;

static const char *
status_name(int status, bool title)
{
	for (size_t i = 0; i < lengthof(statuses); i++)
	{
		if (statuses[i].status == status)
			return title ? statuses[i].title : statuses[i].name;
	}
	return title ? "Error" : "error";
}

/* ScimFlatIsErrorName: may the status of an error be said under this name? */
bool
ScimFlatIsErrorName(const char *name)
{
	for (size_t i = 0; i < lengthof(statuses); i++)
	{
		char number[12];

		snprintf(number, sizeof(number), "%d", statuses[i].status);
		if (strcmp(statuses[i].name, name) == 0 || strcmp(number, name) == 0)
			return true;
	}
	for (int kind = 0; kind <= SCIM_GUARDED; kind++)
	{
		const char *scim_type = ScimErrorByKind((ScimErrorKind) kind)->scim_type;

		if (scim_type != NULL && strcmp(scim_type, name) == 0)
			return true;
	}
	return false;
}

/* ScimFlatStatusArrives: does an error of this status reach the client with its body? */
bool
ScimFlatStatusArrives(int status)
{
	for (size_t i = 0; i < lengthof(arriving); i++)
	{
		if (status >= arriving[i].first && status <= arriving[i].last)
			return true;
	}
	return false;
}

/* ScimFlatStatusNames lists them, for messages. */
const char *
ScimFlatStatusNames(void)
{
	StringInfoData names;

	initStringInfo(&names);
	for (size_t i = 0; i < lengthof(arriving); i++)
	{
		appendStringInfo(&names, "%s%d", i > 0 ? ", " : "", arriving[i].first);
		if (arriving[i].last > arriving[i].first)
			appendStringInfo(&names, "%s%d",
							 arriving[i].last > arriving[i].first + 1 ? " to " : ", ",
							 arriving[i].last);
	}
	return names.data;
}

static const JsonbValue *
item_place(void *context, const char *name)
{
	ScimFlatCall *call = context;

	if (strcmp(name, "result") == 0)
		return call->result;
	if (call->item == NULL && call->resource != NULL)
		call->item = ScimFlatShow(call, call->resource, &call->tag);
	if (call->item == NULL || strcmp(name, "item") == 0)
		return call->item;
	return ScimFlatItemField(call->item, name);
}

/*
 * ScimFlatStatus says with which status an endpoint answers when it has done what it
 * does, and with which template; *template NULL: without a body.
 */
int
ScimFlatStatus(const ScimEndpoint *endpoint, const JsonbValue **template)
{
	int status = endpoint->action->status;
	const JsonbValue *body = endpoint->body;

	if (strcmp(endpoint->action->name, "list") == 0)
		body = endpoint->list.body;
	else if (body == NULL && status != 204 && endpoint->status != 204)
		body = ScimJsonNewString("{item}");
	else if (body != NULL && body->type == jbvNull)
		body = NULL;
	*template = body;
	if (endpoint->status != 0)
		return endpoint->status;
	if (body != NULL && status == 204)
		return 200;
	if (body == NULL && status == 200)
		return 204;
	return status;
}

/*
 * All triggers have their turn, those that wait for the end of the transaction, too:
 * the answer to a write is what is stored then.
 */
static void
settle(ScimFlatCall *call)
{
	ScimDeferredRequire();
	ScimCheckDeferredConstraints();
	if (call->resource != NULL && call->item == NULL)
	{
		call->resource = ScimStoredResource(call->store, call->resource);
		if (call->resource == NULL && call->endpoint->action->status == 201)
			ScimRaiseRefused(call->type, "the new");
	}
}

/* The answer to what was done with one resource. */
static void
answer_one(ScimFlatCall *call, ScimAnswer *answer)
{
	const ScimAction *action = call->endpoint->action;
	const char *if_none_match = ScimHeader(call->request, "If-None-Match");
	const JsonbValue *template;
	const JsonbValue *body = NULL;

	answer->status = ScimFlatStatus(call->endpoint, &template);
	if (template != NULL)
		body = ScimTemplateFill(template, item_place, call);
	if (body == NULL && answer->status == 200)
		answer->status = 204; /* done, and there is nothing to show */
	if (call->resource != NULL && call->tag == NULL)
		call->tag = ScimResourceVersion(call->resource);
	if (body != NULL)
		ScimJsonWrite(&answer->body, body);
	/*
	 * What is shown depends on the endpoint as well, and after a write it is what the
	 * next reader is shown; not what is told once, such as a code.
	 */
	if (call->resource != NULL && body != NULL &&
		(!action->writes ||
		 (call->item != NULL && call->result == NULL && !action->removes)))
		call->tag =
			ScimVersionTag(call->resource->version,
						   psprintf("%s %s", call->tag, answer->body.data), "", 0);
	if (call->tag != NULL && !action->removes)
		ScimAnswerHeader(answer, "ETag", call->tag);
	if (!action->writes && if_none_match != NULL &&
		ScimTagMatches(if_none_match, call->tag))
	{
		resetStringInfo(&answer->body);
		answer->status = 304;
	}
}

/*
 * The answer is of the media type of the endpoint or, for who does not take that, of
 * the one that it has anyway; false: he takes neither (RFC 9110 section 12.5.1).
 */
static bool
negotiate(const ScimRequest *request, const ScimEndpoint *endpoint, ScimAnswer *answer)
{
	bool own = ScimAccepts(request, endpoint->media_type);

	if (own || ScimAccepts(request, "application/json"))
	{
		answer->media_type = own ? endpoint->media_type : "application/json";
		return true;
	}
	ScimAnswerNotAcceptable(request, answer, endpoint->media_type);
	return false;
}

/* What is wrong is for the operator to know, and to mend; the client may come again. */
static void
raise_broken(const ScimEndpoint *endpoint)
{
	ereport(LOG_SERVER_ONLY,
			(errcode(ERRCODE_CONFIG_FILE_ERROR),
			 errmsg("scim.request answers 503: endpoint \"%s\" cannot work: %s",
					endpoint->row->name, endpoint->problem),
			 errhidestmt(true)));
	ereport(ERROR, (ScimErr(SCIM_UNAVAILABLE),
					errmsg("endpoint \"%s\" is out of order", endpoint->row->name)));
}

/* Is it one that a list takes, as a filter or for something else? */
static bool
is_list_parameter(const ScimListSettings *list, const char *name)
{
	const char *const names[] = {list->filter, list->query, list->sort,
								 list->order,  list->limit, list->position};

	for (size_t i = 0; i < lengthof(names); i++)
	{
		if (names[i] != NULL && ScimNameEqual(names[i], name))
			return true;
	}
	return false;
}

/*
 * A filter is for lists that take one: who sends one elsewhere may not take what is done
 * for what it says.  As with resources of SCIM, other parameters have no effect
 * (refuse_filter of dispatch.c); a list says which it takes.
 */
static void
refuse_filter(const ScimRequest *request, const ScimEndpoint *endpoint)
{
	bool lists = strcmp(endpoint->action->name, "list") == 0;
	ListCell *lc;

	if (lists && is_list_parameter(&endpoint->list, "filter"))
		return;
	foreach (lc, ScimTargetParameters(request->flat->query))
	{
		const ScimParameter *parameter = lfirst(lc);

		if (pg_strcasecmp(parameter->name, "filter") == 0 && parameter->value != NULL &&
			parameter->value[0] != '\0' && lists)
			ereport(ERROR, (ScimErr(SCIM_INVALID_FILTER),
							errmsg("endpoint \"%s\" takes no parameter \"filter\"",
								   endpoint->row->name)));
		if (pg_strcasecmp(parameter->name, "filter") == 0 && parameter->value != NULL &&
			parameter->value[0] != '\0')
			ereport(ERROR, (ScimErr(SCIM_INVALID_FILTER),
							errmsg("a filter is for lists of resources, and not for %s "
								   "at endpoint \"%s\"",
								   request->method, endpoint->row->name)));
	}
}

/* Is all that the endpoint reads or writes in scope: its type, and that of an owner? */
static bool
is_in_scope(const ScimFlatCall *call)
{
	const ScimEndpoint *endpoint = call->endpoint;
	const ScimResourceType *owner = endpoint->list.owner;

	return ScimScopeAllowsEndpoint(call->store, endpoint->row->name, call->type->name,
								   endpoint->action->writes) &&
		   (owner == NULL || ScimScopeAllowsEndpoint(call->store, endpoint->row->name,
													 owner->name, false));
}

/*
 * ScimFlatServe answers a request for which ScimFlatFind has found something.  Errors
 * are raised, but for 405, which needs a header.
 */
void
ScimFlatServe(ScimRequest *request, ScimAnswer *answer)
{
	const ScimFlat *flat = request->flat;
	const ScimEndpoint *endpoint = flat->endpoint;
	ScimFlatCall call = {0};

	if (flat->allow == NULL)
		ereport(ERROR,
				(ScimErr(SCIM_NOT_FOUND),
				 errmsg("there is no endpoint \"%.*s\"",
						(int) strcspn(request->target_text, "?"), request->target_text)));
	if (endpoint == NULL)
	{
		ScimAnswerHeader(answer, "Allow", flat->allow);
		if (strcmp(request->method, "OPTIONS") == 0)
			answer->status = 204;
		else
			ScimAnswerErrorKind(
				answer, SCIM_METHOD_NOT_ALLOWED,
				psprintf("method \"%s\" is not allowed here: use one of %s",
						 request->method, flat->allow));
		return;
	}
	if (endpoint->problem != NULL)
		raise_broken(endpoint);
	request->store = ScimStoreCurrent();
	ScimRequireNotLeft(request->store);
	if (!negotiate(request, endpoint, answer))
		return;
	answer->wrote = endpoint->action->writes;
	call.flat = flat;
	call.endpoint = endpoint;
	call.request = request;
	call.store = request->store;
	call.type = ScimTypeByName(call.store, endpoint->row->resource_type);
	if (!is_in_scope(&call))
		ereport(ERROR, (ScimErr(SCIM_FORBIDDEN),
						errmsg("the scopes of these credentials do not allow to use "
							   "endpoint \"%s\"",
							   endpoint->row->name)));
	refuse_filter(request, endpoint);
	call.characters =
		ScimWireCharactersOf(ScimRulesFor(call.store, ScimTenant(), call.type));
	call.endpoint = ScimFlatForStored(&call);
	if (endpoint->action->of_resource)
	{
		call.id = ScimFlatLookUp(&call, call.type);
		strlcpy(request->flat->id, call.id, sizeof(flat->id));
	}
	if (endpoint->action->writes)
	{
		ScimRequireReadWrite(request);
		ScimRequireStays(call.store);
		ScimDeferredNothing(call.store);
	}
	endpoint->action->perform(&call, answer);
	if (endpoint->action->writes)
		settle(&call);
	if (answer->status == 0)
		answer_one(&call, answer);
	if (!endpoint->action->writes)
		ScimConditionsOfAnswer(request, answer);
}

/* A text of the request, as much of it as is told. */
static const JsonbValue *
told(const ErrorPlaces *places, const char *text)
{
	int len = strlen(text);

	if (len > places->told)
		text = psprintf("%.*s...", pg_mbcliplen(text, len, places->told), text);
	return ScimJsonNewString(text);
}

static const JsonbValue *
error_place(void *context, const char *name)
{
	const ErrorPlaces *places = context;
	const ScimRequest *request = places->request;
	const char *target = request->target_text;

	if (strcmp(name, "status") == 0)
		return ScimJsonNewInteger(places->status);
	if (strcmp(name, "type") == 0)
		return ScimJsonNewString(places->type);
	if (strcmp(name, "title") == 0)
		return ScimJsonNewString(status_name(places->status, true));
	if (strcmp(name, "message") == 0)
		return told(places, places->message);
	if (strcmp(name, "path") == 0)
		return told(places, pnstrdup(target, strcspn(target, "?")));
	if (strcmp(name, "method") == 0)
		return told(places, request->method);
	return told(places, request->flat->trace_id);
}

/* Fills in the body of an error. */
static void
write_error(StringInfo out, const ScimEndpoint *endpoint, ErrorPlaces *places)
{
	JsonbValue *body = ScimTemplateFill(endpoint->error_body, error_place, places);

	resetStringInfo(out);
	if (body != NULL)
		ScimJsonWrite(out, body);
}

/*
 * ScimFlatErrorFault says what is wrong with the form of errors, or NULL: filled in with
 * a message and a path that still say something, it is too long for a header.
 */
const char *
ScimFlatErrorFault(const ScimEndpoint *endpoint)
{
	char text[TOLD_LEAST + 1];
	ScimFlat flat = {.trace_id = text};
	ScimRequest request = {.method = "DELETE", .target_text = text, .flat = &flat};
	ErrorPlaces places = {&request, TOLD_LEAST, 412, "preconditionFailed", text};
	const JsonbValue *types = endpoint->error_types;
	StringInfoData body;

	memset(text, 'x', TOLD_LEAST);
	text[TOLD_LEAST] = '\0';
	for (int i = 0; types != NULL && i < types->val.object.nPairs; i++)
	{
		const char *type = ScimJsonStringCopy(&types->val.object.pairs[i].value);

		if (strlen(type) > strlen(places.type))
			places.type = type;
	}
	initStringInfo(&body);
	write_error(&body, endpoint, &places);
	if (body.len <= SCIM_MAX_FLAT_ERROR)
		return NULL;
	return psprintf(
		"the body of an error, with %d bytes of message and path, may have %d "
		"bytes, not %d",
		TOLD_LEAST, SCIM_MAX_FLAT_ERROR, body.len);
}

/* What a setting has for an error, by its name or by its number, or NULL. */
static const JsonbValue *
of_error(const JsonbValue *setting, int status, const char *type)
{
	char number[12];
	const char *names[] = {type, status_name(status, false), number};

	snprintf(number, sizeof(number), "%d", status);
	for (size_t i = 0; i < lengthof(names) && setting != NULL; i++)
	{
		const JsonbValue *value = ScimJsonGet(setting, names[i]);

		if (value != NULL)
			return value;
	}
	return NULL;
}

/* The status that the endpoint has for an error. */
static int
error_status(const ScimEndpoint *endpoint, int status, const char *type)
{
	const JsonbValue *value = of_error(endpoint->error_status, status, type);

	return value == NULL ? status
						 : DatumGetInt32(DirectFunctionCall1(
							   numeric_int4, NumericGetDatum(value->val.numeric)));
}

/* What the endpoint calls an error. */
static const char *
error_word(const ScimEndpoint *endpoint, int status, const char *type)
{
	const JsonbValue *value = of_error(endpoint->error_types, status, type);

	return value == NULL ? type : ScimJsonStringCopy(value);
}

/*
 * ScimFlatFinish gives an error the form that the endpoint has for errors, where
 * the request was for one.
 */
void
ScimFlatFinish(const ScimRequest *request, ScimAnswer *answer)
{
	const ScimEndpoint *endpoint = request->flat ? request->flat->nearest : NULL;
	ErrorPlaces places = {.request = request};
	bool own_type;

	if (endpoint == NULL || answer->status < 400 || endpoint->error_body == NULL)
		return;
	own_type = pg_strncasecmp(endpoint->media_type, "application/json",
							  strlen("application/json")) != 0;
	if (answer->status == 415)
		ScimAnswerHeader(answer, "Accept",
						 psprintf("application/json%s%s", own_type ? ", " : "",
								  own_type ? endpoint->media_type : ""));
	if (answer->error_detail != NULL)
		places.type = answer->error_type;
	if (places.type == NULL)
		places.type = status_name(answer->status, false);
	places.message =
		answer->error_detail != NULL
			? ScimFlatWords(endpoint, answer->error_detail, answer->error_field,
							request->flat->id, request->flat->argument)
			: status_name(answer->status, true);
	places.status = error_status(endpoint, answer->status, places.type);
	places.type = error_word(endpoint, answer->status, places.type);
	answer->status = places.status;
	answer->media_type = endpoint->media_type;
	/* characters that are escaped take more room */
	for (size_t i = 0; i < lengthof(told_bytes); i++)
	{
		places.told = told_bytes[i];
		write_error(&answer->body, endpoint, &places);
		if (answer->body.len <= SCIM_MAX_FLAT_ERROR)
			break;
	}
}
