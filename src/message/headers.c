/*
 * headers.c
 *		Request headers: RFC 9110 sections 8.3, 8.4 and 12.5 (content types and
 *		codings), RFC 7240 (Prefer), and where the service lives.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "json/json.h"
#include "message/message.h"
#include "text/fold.h"

/* One element of a header that is a list: a value, and what follows a ";". */
typedef struct Element
{
	const char *value;
	int len;
	const char *parameters;
	int parameters_len;
} Element;

static bool next_element(const char **header, Element *element);
static void set_end(Element *element, const char *end);
static bool element_is(const Element *element, const char *value);
static bool is_refused(const Element *element);
static char *next_parameter(const char **at, const char *stop, const char *name);
static char *find_parameter(const Element *element, const char *name);
static void check_coding(const ScimRequest *request);
static void check_type(const ScimRequest *request);
static void check_range(const ScimRequest *request);
static const char *find_end(const char *start, const char *stop, char c);
static char *unquote(const char *start, const char *end);
static void trim(const char **start, const char **end);
static bool is_host(const char *host);
static char *first_of_list(const char *header);

/*
 * ScimHeadersCheck raises an error unless headers is an object of strings
 * whose names differ in more than letter case.
 */
void
ScimHeadersCheck(const JsonbValue *headers)
{
	List *repeated;

	if (headers->type != jbvObject)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("the headers of a request are a JSON object")));
	for (int i = 0; i < headers->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &headers->val.object.pairs[i];

		CHECK_FOR_INTERRUPTS();
		if (pair->value.type != jbvString)
			ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
							errmsg("the value of header \"%s\" is not a string",
								   ScimJsonStringCopy(&pair->key))));
	}
	repeated = ScimJsonRepeatedKeys(headers);
	if (repeated != NIL)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE), errmsg("header \"%s\" is given twice",
													 (const char *) linitial(repeated))));
}

/* ScimHeader returns the value of a request header, or NULL. */
const char *
ScimHeader(const ScimRequest *request, const char *name)
{
	return ScimJsonStringCopy(ScimJsonGetFolded(request->headers, name));
}

/*
 * ScimNegotiateMediaType chooses the media type of the answer by the Accept
 * header (RFC 7644 section 3.8): application/scim+json where that is
 * acceptable, else application/json; NULL where neither is.
 */
const char *
ScimNegotiateMediaType(const ScimRequest *request)
{
	if (ScimAccepts(request, SCIM_MEDIA_TYPE))
		return SCIM_MEDIA_TYPE;
	if (ScimAccepts(request, "application/json"))
		return "application/json";
	return NULL;
}

/* Is an element this media type, whatever parameters either has? */
static bool
element_is_type(const Element *element, const char *media_type)
{
	size_t len = strcspn(media_type, "; \t");

	return ScimNameEqualN(element->value, element->len, media_type, len);
}

/* ScimAccepts: does the Accept header take a media type? */
bool
ScimAccepts(const ScimRequest *request, const char *media_type)
{
	/* what the most specific range says: -1 nothing yet, else 0 or 1 */
	int exactly = -1;
	int any_sub_type = -1;
	int any = -1;
	const char *header = ScimHeader(request, "Accept");
	char *range = psprintf("%.*s/*", (int) strcspn(media_type, "/"), media_type);
	Element element;

	if (header == NULL || header[strspn(header, " \t")] == '\0')
		return true;
	while (next_element(&header, &element))
	{
		int accepted = !is_refused(&element);

		if (element_is_type(&element, media_type))
			exactly = Max(exactly, accepted);
		else if (element_is(&element, range))
			any_sub_type = Max(any_sub_type, accepted);
		else if (element_is(&element, "*/*"))
			any = Max(any, accepted);
	}
	if (any_sub_type < 0)
		any_sub_type = any;
	return (exactly < 0 ? any_sub_type : exactly) > 0;
}

/*
 * ScimContentIs: is the body, as it is sent, of one media type, and of no coding?  Other
 * parameters of Content-Type do not count; a charset must be that of ASCII or UTF-8.
 */
bool
ScimContentIs(const ScimRequest *request, const char *media_type)
{
	const char *rest = ScimHeader(request, "Content-Type");
	const char *charset;
	Element element;

	check_coding(request);
	if (rest == NULL || !next_element(&rest, &element) || *rest != '\0' ||
		!element_is(&element, media_type))
		return false;
	charset = find_parameter(&element, "charset");
	return charset == NULL || ScimNameEqual(charset, "utf-8") ||
		   ScimNameEqual(charset, "utf8") || ScimNameEqual(charset, "us-ascii");
}

/*
 * ScimCheckContent raises 415 for a body that is not JSON in UTF-8 by its
 * Content-Type, or that is compressed by its Content-Encoding, and 400 for a part of one.
 */
void
ScimCheckContent(const ScimRequest *request)
{
	check_coding(request);
	check_type(request);
	check_range(request);
}

/* RFC 9110 section 14.5: a part must not be taken for the whole. */
static void
check_range(const ScimRequest *request)
{
	const char *header = ScimHeader(request, "Content-Range");

	if (header != NULL && strcmp(request->method, "PUT") == 0)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("Content-Range: %s is not supported: PUT sends the whole "
							   "resource",
							   header)));
}

static void
check_coding(const ScimRequest *request)
{
	const char *header = ScimHeader(request, "Content-Encoding");
	const char *rest = header;
	Element element;

	while (header != NULL && next_element(&rest, &element))
	{
		if (element.len > 0 && !element_is(&element, "identity"))
			ereport(
				ERROR,
				(ScimErr(SCIM_UNSUPPORTED_MEDIA_TYPE),
				 errmsg("content coding \"%s\" is not supported: send the body as it is",
						header)));
	}
}

/* A missing or empty header is taken as JSON. */
static void
check_type(const ScimRequest *request)
{
	const char *header = ScimHeader(request, "Content-Type");
	const char *rest = header;
	const char *charset;
	const char *at;
	Element element;

	if (header == NULL || !next_element(&rest, &element) ||
		(element.len == 0 && *rest == '\0'))
		return;
	/* of two types nobody knows which one the body has */
	if (*rest != '\0' ||
		(!element_is(&element, SCIM_MEDIA_TYPE) &&
		 !element_is(&element, "application/json") &&
		 !(request->flat != NULL && element_is_type(&element, request->flat_media_type))))
		ereport(ERROR,
				(ScimErr(SCIM_UNSUPPORTED_MEDIA_TYPE),
				 errmsg("content type \"%s\" is not supported: use \"%s\"", header,
						request->flat != NULL ? "application/json" : SCIM_MEDIA_TYPE)));
	at = element.parameters;
	charset = next_parameter(&at, element.parameters + element.parameters_len, "charset");
	if (charset != NULL &&
		next_parameter(&at, element.parameters + element.parameters_len, "charset") !=
			NULL)
		ereport(ERROR, (ScimErr(SCIM_UNSUPPORTED_MEDIA_TYPE),
						errmsg("content type \"%s\" has a charset twice", header)));
	if (charset != NULL && !ScimNameEqual(charset, "utf-8") &&
		!ScimNameEqual(charset, "utf8") && !ScimNameEqual(charset, "us-ascii"))
		ereport(ERROR,
				(ScimErr(SCIM_UNSUPPORTED_MEDIA_TYPE),
				 errmsg("charset \"%s\" is not supported: JSON is UTF-8", charset)));
}

/*
 * ScimPrefersMinimal: does the request say Prefer: return=minimal (RFC 7240)?  Of a
 * preference that is stated more than once the first counts (section 2).
 */
bool
ScimPrefersMinimal(const ScimRequest *request)
{
	const char *header = ScimHeader(request, "Prefer");
	Element element;

	if (header == NULL)
		return false;
	while (next_element(&header, &element))
	{
		const char *stop = element.value + element.len;
		const char *equals = memchr(element.value, '=', element.len);
		const char *value = equals != NULL ? equals + 1 : stop;
		Element name = {.value = element.value};

		/* blanks may be around the "=" */
		set_end(&name, equals != NULL ? equals : stop);
		trim(&value, &stop);
		if (element_is(&name, "return"))
			return ScimNameEqual(unquote(value, stop), "minimal");
	}
	return false;
}

/*
 * ScimRequestBaseUrl says where the client believes the service to be: the
 * host that a proxy or the client names, and the setting base_path.  A
 * header that names no host that could be one is ignored.
 */
char *
ScimRequestBaseUrl(const ScimStore *store, const ScimRequest *request)
{
	const char *path = ScimBasePathTrimmed(store);
	char *host = first_of_list(ScimHeader(request, "X-Forwarded-Host"));
	char *protocol = first_of_list(ScimHeader(request, "X-Forwarded-Proto"));
	bool secure = protocol != NULL && pg_strcasecmp(protocol, "https") == 0;

	if (!is_host(host))
		host = first_of_list(ScimHeader(request, "Host"));
	if (!is_host(host))
		return pstrdup(path);
	return psprintf("%s://%s%s", secure ? "https" : "http", host, path);
}

/*
 * next_element reads the next element of a comma-separated header and moves
 * header behind it.  False at the end.
 */
static bool
next_element(const char **header, Element *element)
{
	const char *start = *header;
	const char *end;
	const char *semicolon;

	if (*start == '\0')
		return false;
	end = find_end(start, NULL, ',');
	*header = *end == ',' ? end + 1 : end;
	semicolon = find_end(start, end, ';');
	element->parameters = semicolon;
	element->parameters_len = end - semicolon;
	element->value = start;
	set_end(element, semicolon);
	return true;
}

/* set_end: the value of an element is what is up to there, without blanks around it. */
static void
set_end(Element *element, const char *end)
{
	trim(&element->value, &end);
	element->len = end - element->value;
}

static bool
element_is(const Element *element, const char *value)
{
	return ScimNameEqualN(element->value, element->len, value, strlen(value));
}

/* The first of a character that is not in quotes, or stop; NULL: the end of the text. */
static const char *
find_end(const char *start, const char *stop, char c)
{
	const char *p = start;
	bool quoted = false;

	for (; p != stop && *p != '\0' && (quoted || *p != c); p++)
	{
		if (*p == '"')
			quoted = !quoted;
		else if (quoted && *p == '\\' && p + 1 != stop && p[1] != '\0')
			p++;
	}
	return p;
}

/*
 * unquote copies a value without the quotes around it: then a "\" stands for what follows
 * it (RFC 9110 section 5.6.4).
 */
static char *
unquote(const char *start, const char *end)
{
	bool quoted = end - start >= 2 && *start == '"' && end[-1] == '"';
	char *value;
	char *to;

	if (!quoted)
		return pnstrdup(start, end - start);
	start++;
	end--;
	to = value = palloc(end - start + 1);
	while (start < end)
	{
		if (*start == '\\' && start + 1 < end)
			start++;
		*to++ = *start++;
	}
	*to = '\0';
	return value;
}

/* is_refused: do the parameters of a media range say q=0 (or 0.0, 0.00 ...)? */
static bool
is_refused(const Element *element)
{
	const char *q = find_parameter(element, "q");

	return q != NULL && q[0] == '0' && q[strspn(q, "0.")] == '\0';
}

/*
 * next_parameter returns the value of a parameter, without quotes, from *at on, which is
 * then behind it, or NULL.
 */
static char *
next_parameter(const char **at, const char *stop, const char *name)
{
	size_t name_len = strlen(name);

	while (*at < stop)
	{
		const char *start = *at + 1; /* behind the ";" */
		const char *end = find_end(start, stop, ';');

		*at = end;
		trim(&start, &end);
		if (end - start <= name_len || start[name_len] != '=' ||
			!ScimNameEqualN(start, name_len, name, name_len))
			continue;
		start += name_len + 1;
		return unquote(start, end);
	}
	return NULL;
}

/* find_parameter returns the value of the first parameter of a name, or NULL. */
static char *
find_parameter(const Element *element, const char *name)
{
	const char *at = element->parameters;

	return next_parameter(&at, at + element->parameters_len, name);
}

static void
trim(const char **start, const char **end)
{
	while (*start < *end && (**start == ' ' || **start == '\t'))
		(*start)++;
	while (*end > *start && ((*end)[-1] == ' ' || (*end)[-1] == '\t'))
		(*end)--;
}

/* is_host: could this be a host, perhaps with a port?  It goes into URLs. */
static bool
is_host(const char *host)
{
	return host != NULL && host[0] != '\0' &&
		   host[strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
							 "0123456789.:[]_-")] == '\0';
}

/* first_of_list copies what stands before the first comma; proxies add theirs. */
static char *
first_of_list(const char *header)
{
	const char *end;

	if (header == NULL)
		return NULL;
	end = header + strcspn(header, ",");
	trim(&header, &end);
	return pnstrdup(header, end - header);
}
