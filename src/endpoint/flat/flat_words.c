/*
 * flat_words.c
 *		The messages of errors in the words of an endpoint.
 *
 * What is wrong is found where fields are attributes already, and resources ids.  A
 * client that knows neither is told of the field, and of what stood in the path:
 *
 *		attribute "externalId" may not be changed
 *		field "crewNo" may not be changed
 */
#include "postgres.h"

#include "endpoint/flat/flat.h"

/* How messages go on where a body has a member twice. */
#define TWICE "\" is given twice"

/* What a list calls the parameter that SCIM calls count. */
#define COUNT "\"count\" "

/* What stands before the path of an attribute in messages, and what behind it. */
static const struct
{
	const char *before;
	const char *in_their_words;
	char end;
} places[] = {
	{"attribute \"", "field \"", '"'},
	{"with the same ", "with the same ", ' '},
	{"comparison in filter: ", "comparison in filter: ", ' '},
};

/*
 * The field that stands for an attribute or a part of it, or NULL.  The whole of a list
 * goes before one of its values, and the attribute itself before its "value"; and before
 * all the one that an error is about, if it is known.
 */
static const ScimFlatField *
field_of(const ScimEndpoint *endpoint, const ScimResolved *resolved,
		 const ScimFlatField *about)
{
	const ScimFlatField *found = NULL;
	int best = -1;

	if (about != NULL && about->path.resolved.attribute == resolved->attribute)
	{
		const ScimAttribute *sub = about->path.resolved.sub;

		if (resolved->sub == NULL || resolved->sub == sub)
			return about;
		/* another part is within it, or of another field */
		if (sub == NULL)
			return strcmp(resolved->sub->name, "value") == 0 ? about : NULL;
	}

	for (int i = 0; i < endpoint->nfields; i++)
	{
		const ScimFlatField *field = &endpoint->fields[i];
		const ScimResolved *of = &field->path.resolved;
		const ScimAttribute *sub = resolved->sub;
		int rank = (of->sub == sub) * 4 + (field->path.filter == NULL) * 2 + !field->one;

		if (field->kind != SCIM_FIELD_ATTRIBUTE || of->attribute != resolved->attribute)
			continue;
		if (of->sub != sub &&
			!(sub == NULL && of->sub != NULL && strcmp(of->sub->name, "value") == 0) &&
			!(of->sub == NULL && sub != NULL && strcmp(sub->name, "value") == 0))
			continue;
		if (rank > best)
		{
			found = field;
			best = rank;
		}
	}
	return found;
}

/* The end of what stands before the indexes at the end of a path. */
static size_t
before_indexes(const char *path, size_t len)
{
	while (len > 0 && path[len - 1] == ']')
	{
		size_t i = len - 1;

		while (i > 0 && path[i] != '[')
			i--;
		if (i == 0)
			break;
		len = i;
	}
	return len;
}

/*
 * The name of the field that a path means, with what of the path is within it; NULL
 * where there is none.
 */
static char *
field_name(const ScimEndpoint *endpoint, const ScimFlatField *about, const char *path)
{
	size_t len = strlen(path);

	for (;;)
	{
		size_t plain = before_indexes(path, len);
		char *name = pnstrdup(path, plain);
		ScimResolved resolved;

		if (strchr(name, '[') == NULL &&
			ScimResolvePath(endpoint->type, name, &resolved) &&
			resolved.attribute != NULL)
		{
			const ScimFlatField *field = field_of(endpoint, &resolved, about);

			if (field != NULL)
				return psprintf("%s%s", field->name, path + plain);
		}
		while (len > 0 && path[len - 1] != '.')
			len--;
		if (len == 0)
			return NULL;
		len--;
	}
}

/* Is this the name of a constant, which no body has said? */
static bool
is_constant(const ScimEndpoint *endpoint, const char *name)
{
	for (int i = 0; i < endpoint->nconstants; i++)
	{
		if (strcmp(endpoint->constants[i].name, name) == 0)
			return true;
	}
	return false;
}

/*
 * ScimFlatWords says what a message says in the words of an endpoint.  about names the
 * field, or constant, that the error is about, or is NULL; id is the id that the path has
 * led to, or "", and argument what stood there.
 */
const char *
ScimFlatWords(const ScimEndpoint *endpoint, const char *message, const char *about,
			  const char *id, const char *argument)
{
	StringInfoData out;
	const char *p = message;
	const ScimFlatField *field;
	bool constant;

	if (endpoint->type == NULL)
		return message;
	field = about != NULL ? ScimFlatFieldByName(endpoint, about) : NULL;
	if (field != NULL && field->kind != SCIM_FIELD_ATTRIBUTE)
		field = NULL;
	constant = field == NULL && about != NULL && is_constant(endpoint, about);
	initStringInfo(&out);
	while (*p != '\0')
	{
		size_t id_len = strlen(id);
		char *name = NULL;

		for (size_t i = 0; i < lengthof(places) && name == NULL; i++)
		{
			size_t before = strlen(places[i].before);
			const char *path = p + before;
			const char *end;

			if (strncmp(p, places[i].before, before) != 0 ||
				(end = strchr(path, places[i].end)) == NULL)
				continue;
			if (constant && i == 0)
			{
				appendStringInfo(&out, "constant \"%s", about);
				name = pstrdup(about);
				p = end;
				continue;
			}
			name = field_name(endpoint, field, pnstrdup(path, end - path));
			if (name == NULL && strncmp(end, TWICE, strlen(TWICE)) == 0)
				name = pnstrdup(path, end - path); /* in the body, as it came */
			if (name == NULL)
				continue;
			appendStringInfo(&out, "%s%s", places[i].in_their_words, name);
			p = end;
		}
		if (name != NULL)
			continue;
		if (*p == '"' && id_len > 0 && argument != NULL &&
			strncmp(p + 1, id, id_len) == 0 && p[id_len + 1] == '"')
		{
			appendStringInfo(&out, "\"%s\"", argument);
			p += id_len + 2;
			continue;
		}
		if (strncmp(p, COUNT, strlen(COUNT)) == 0 && endpoint->list.limit != NULL)
		{
			appendStringInfo(&out, "\"%s\" ", endpoint->list.limit);
			p += strlen(COUNT);
			continue;
		}
		appendStringInfoChar(&out, *p++);
	}
	return out.data;
}
