/*
 * place.c
 *		Where in a document a value stands, and what is wrong there.
 */
#include "postgres.h"

#include "schema/canonical/value.h"

#include "json/json.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"

/* Longest part of a client's string in a message, in bytes. */
#define MAX_QUOTED 64

static char *place_text(const ScimPlace *place);
static void append_place(StringInfo out, const ScimPlace *place);

/* ScimPlaceOf names a member of what outer names, or the top if outer is NULL. */
ScimPlace
ScimPlaceOf(const ScimPlace *outer, const char *name, int name_len)
{
	ScimPlace place = {outer, name, name_len, -1, false};

	return place;
}

/* ScimProblemsFull: are enough problems known, so that there is no use in more? */
bool
ScimProblemsFull(const ScimValueContext *context)
{
	return list_length(*context->problems) >= SCIM_MAX_PROBLEMS &&
		   (context->options & SCIM_ALL_PROBLEMS) == 0;
}

/*
 * ScimPlaceProblem appends a problem and returns it: 'attribute "emails[0].type" '
 * and what.  It is the input's own, until the caller says what it is about.  Where
 * there are enough it is none that anybody sees.
 */
ScimProblem *
ScimPlaceProblem(const ScimValueContext *context, ScimErrorKind kind,
				 const ScimPlace *place, const char *what)
{
	static ScimProblem one_too_many;
	char *path;
	ScimProblem *problem;

	if (ScimProblemsFull(context))
		return &one_too_many;
	path = place_text(place);
	problem = ScimProblemMake(kind, path, "attribute \"%s\" %s", path, what);
	*context->problems = lappend(*context->problems, problem);
	return problem;
}

/*
 * ScimUnknownMember deals with a member that no schema knows: one without a value
 * is dropped, another is a problem (invalidSyntax) or dropped, as the setting
 * unknown_attributes says; where nothing unknown is let in, that without a value is a
 * problem, too.  outer is the object in which it stands.
 */
void
ScimUnknownMember(const ScimValueContext *context, const JsonbPair *pair,
				  const ScimPlace *outer)
{
	ScimPlace place =
		ScimPlaceOf(outer, pair->key.val.string.val, pair->key.val.string.len);
	char *path;

	if ((ScimIgnoresUnknownAttributes(context->type) &&
		 (context->options & SCIM_ALL_KNOWN) == 0) ||
		ScimProblemsFull(context) ||
		(ScimJsonIsUnassigned(&pair->value) && !ScimRefusesUnknown(context->type)))
		return;
	path = place_text(&place);
	*context->problems =
		lappend(*context->problems,
				ScimProblemMake(SCIM_INVALID_SYNTAX, path,
								"unknown attribute \"%s\" of resource type \"%s\"", path,
								context->type->name));
}

/* ScimDescribeValue says in words what a value is, for messages. */
const char *
ScimDescribeValue(const JsonbValue *value)
{
	int len;

	switch (value->type)
	{
		case jbvNull:
			return "null";
		case jbvBool:
			return "a boolean";
		case jbvNumeric:
			return "a number";
		case jbvArray:
			return "an array";
		case jbvObject:
			return "an object";
		default:
			len = pg_mbcliplen(value->val.string.val, value->val.string.len, MAX_QUOTED);
			return psprintf("\"%.*s%s\"", len, value->val.string.val,
							len < value->val.string.len ? "..." : "");
	}
}

static char *
place_text(const ScimPlace *place)
{
	StringInfoData text;

	initStringInfo(&text);
	append_place(&text, place);
	return text.data;
}

static void
append_place(StringInfo out, const ScimPlace *place)
{
	check_stack_depth();

	if (place->outer != NULL)
	{
		append_place(out, place->outer);
		appendStringInfoChar(out, place->outer->is_urn ? ':' : '.');
	}
	ScimJsonAppendKey(out, place->name, place->name_len);
	if (place->index >= 0)
		appendStringInfo(out, "[%d]", place->index);
}
