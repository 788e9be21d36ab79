/*
 * flat_template.c
 *		JSON with places to be filled in.
 *
 *		{"data": "{items}", "pagination": {"totalPages": "{pages}"}}
 *
 * A string that is nothing but a name in braces becomes the value of that name, of
 * whatever type; where there is none, the member or element is left out.  In a
 * longer string it becomes text.  A brace itself is written twice.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "endpoint/flat/flat.h"

/* What a string is made of. */
typedef enum PieceKind
{
	PIECE_TEXT,
	PIECE_NAME,
	PIECE_WRONG /* a brace that is neither */
} PieceKind;

/* The next piece of a string, behind which at moves; the text of it is copied. */
static PieceKind
next_piece(const char **at, const char *end, char **piece)
{
	const char *start = *at;
	const char *close;

	if ((*start == '{' || *start == '}') && start + 1 < end && start[1] == *start)
	{
		*piece = pnstrdup(start, 1);
		*at = start + 2;
		return PIECE_TEXT;
	}
	if (*start == '{')
	{
		close = memchr(start, '}', end - start);
		*at = close != NULL ? close + 1 : end;
		*piece = pnstrdup(start + 1, (close != NULL ? close : end) - start - 1);
		return close != NULL && **piece != '\0' ? PIECE_NAME : PIECE_WRONG;
	}
	if (*start == '}')
	{
		*piece = pstrdup("}");
		*at = start + 1;
		return PIECE_WRONG;
	}
	while (*at < end && **at != '{' && **at != '}')
		(*at)++;
	*piece = pnstrdup(start, *at - start);
	return PIECE_TEXT;
}

static void
append_text(StringInfo out, const JsonbValue *value)
{
	if (value == NULL || value->type == jbvNull)
		return;
	if (value->type == jbvString)
		appendBinaryStringInfo(out, value->val.string.val, value->val.string.len);
	else
		ScimJsonWrite(out, value);
}

static JsonbValue *
fill_string(const JsonbValue *template, ScimPlace place, void *context)
{
	const char *at = template->val.string.val;
	const char *end = at + template->val.string.len;
	StringInfoData text;
	char *piece;

	if (at < end && *at == '{')
	{
		const char *after = at;

		if (next_piece(&after, end, &piece) == PIECE_NAME && after == end)
			return (JsonbValue *) place(context, piece);
	}
	initStringInfo(&text);
	while (at < end)
	{
		if (next_piece(&at, end, &piece) == PIECE_NAME)
			append_text(&text, place(context, piece));
		else
			appendStringInfoString(&text, piece);
	}
	return ScimJsonNewStringN(text.data, text.len);
}

/*
 * ScimTemplateFill fills in a template, asking place for each name.  Returns NULL
 * where the whole of it is a name that has no value.  What is returned may share
 * memory with the template and with the values.
 */
JsonbValue *
ScimTemplateFill(const JsonbValue *template, ScimPlace place, void *context)
{
	JsonbValue *result;
	const JsonbValue *filled;

	check_stack_depth();
	switch (template->type)
	{
		case jbvString:
			return fill_string(template, place, context);
		case jbvArray:
			result = ScimJsonNewArray();
			for (int i = 0; i < template->val.array.nElems; i++)
			{
				filled = ScimTemplateFill(&template->val.array.elems[i], place, context);
				if (filled != NULL)
					ScimJsonAppend(result, filled);
			}
			return result;
		case jbvObject:
			result = ScimJsonNewObject();
			for (int i = 0; i < template->val.object.nPairs; i++)
			{
				const JsonbPair *pair = &template->val.object.pairs[i];

				filled = ScimTemplateFill(&pair->value, place, context);
				if (filled != NULL)
					ScimJsonSetN(result, pair->key.val.string.val,
								 pair->key.val.string.len, filled);
			}
			return result;
		default:
			return (JsonbValue *) template;
	}
}

/*
 * ScimTemplateCheck returns what is wrong with a template, or NULL: a brace that
 * belongs to nothing, or a name that is not known.
 */
const char *
ScimTemplateCheck(const JsonbValue *template,
				  bool (*known)(void *context, const char *name), void *context)
{
	const char *wrong = NULL;

	check_stack_depth();
	if (template->type == jbvString)
	{
		const char *at = template->val.string.val;
		const char *end = at + template->val.string.len;
		char *piece;

		while (at < end)
		{
			switch (next_piece(&at, end, &piece))
			{
				case PIECE_TEXT:
					break;
				case PIECE_NAME:
					if (!known(context, piece))
						return psprintf("there is nothing of the name \"{%s}\" here",
										piece);
					break;
				case PIECE_WRONG:
					return psprintf("a brace belongs to no name in \"%s\"",
									ScimJsonStringCopy(template));
			}
		}
	}
	for (int i = 0;
		 template->type == jbvArray && wrong == NULL && i < template->val.array.nElems;
		 i++)
		wrong = ScimTemplateCheck(&template->val.array.elems[i], known, context);
	for (int i = 0;
		 template->type == jbvObject && wrong == NULL && i < template->val.object.nPairs;
		 i++)
		wrong = ScimTemplateCheck(&template->val.object.pairs[i].value, known, context);
	return wrong;
}
