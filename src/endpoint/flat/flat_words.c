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
 * goes before one of its values, and the attribute itself before its "value".
 */
static const ScimFlatField *
field_of(const ScimEndpoint *endpoint, const ScimResolved *resolved)
{
	const ScimFlatField *found = NULL;
	int best = -1;

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
field_name(const ScimEndpoint *endpoint, const char *path)
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
			const ScimFlatField *field = field_of(endpoint, &resolved);

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

/*
 * ScimFlatWords says what a message says in the words of an endpoint.  id is the id
 * that the path has led to, or "", and argument what stood there.
 */
const char *
ScimFlatWords(const ScimEndpoint *endpoint, const char *message, const char *id,
			  const char *argument)
{
	StringInfoData out;
	const char *p = message;

	if (endpoint->type == NULL)
		return message;
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
			name = field_name(endpoint, pnstrdup(path, end - path));
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
