/*
 * generate.c
 *		The policy "generate": an attribute that follows from others.
 *
 *		{"attributes": {"displayName": "{nickName|name.givenName} {name.familyName}"}}
 *
 * Within braces stand attributes, of which the first that has a value is taken; of
 * several values that is the primary one, or else the first.  {{ and }} are braces.
 * Where a place stays empty, the blanks around it become one, and none at the ends; a
 * text of which no place is filled is no value.  Last in a place may stand a text in
 * quotes, which fills it where nothing else does: {displayName|'somebody'}; '' is a
 * quote.  It is made anew by each write that
 * changes what it follows from, or the attribute itself: what a client says of that is
 * ignored.  A rule that comes later leaves alone what a write does not touch.
 */
#include "postgres.h"

#include "json/json.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"

#include "policy/document/document.h"
#include "policy/wire/wire.h"

/* So many places may a template have. */
#define MAX_PLACES 64

/* A text, or a place. */
typedef struct Part
{
	const char *text; /* NULL: a place */
	List *sources;    /* ScimResolved *, in the order in which they are tried */
	const char *last; /* what fills the place in the end, or NULL */
} Part;

typedef struct Generated
{
	ScimResolved resolved;
	List *parts; /* Part * */
} Generated;

static Generated *
compile_template(const ScimRuleSource *source, const JsonbPair *pair, const char **fault);
static Part *
compile_place(const ScimRuleSource *source, const char **place, const char **fault);
static const ScimResolved *
compile_source(const ScimRuleSource *source, const char *name, const char **fault);
static const char *read_quoted(const char **place);
static const char *check_texts(const Generated *generated);
static void add_text(Generated *generated, StringInfo text);
static const char *check_circles(const List *all);
static const JsonbValue *
make_value(const Generated *generated, const JsonbValue *document);
static const JsonbValue *stored_value(const ScimRules *rules, const Generated *generated,
									  const JsonbValue *document);
static bool append_source(StringInfo out, const Part *part, const JsonbValue *document);
static void squeeze_blanks(StringInfo text);

/* ScimGenerateCompile makes a list of Generated *. */
void *
ScimGenerateCompile(const ScimRuleSource *source, const char **fault)
{
	const JsonbValue *attributes = ScimRuleMembers(source, "attributes", fault);
	List *all = NIL;

	for (int i = 0; *fault == NULL && i < attributes->val.object.nPairs; i++)
		all = lappend(all,
					  compile_template(source, &attributes->val.object.pairs[i], fault));
	if (*fault == NULL)
		*fault = check_circles(all);
	return all;
}

static Generated *
compile_template(const ScimRuleSource *source, const JsonbPair *pair, const char **fault)
{
	const char *path = ScimJsonStringCopy(&pair->key);
	Generated *generated = palloc0(sizeof(Generated));
	StringInfoData text;
	const char *template;
	int places = 0;

	*fault = ScimTargetFault(source->type, path, &generated->resolved);
	if (*fault != NULL)
		return NULL;
	if (!ScimRuleIsSingle(&generated->resolved) ||
		ScimLeaf(&generated->resolved)->type != SCIM_TYPE_STRING)
		*fault = psprintf("names the attribute \"%s\", which is not one string", path);
	else if (ScimLeaf(&generated->resolved)->mutability == SCIM_IMMUTABLE)
		*fault = psprintf("names the attribute \"%s\", which is immutable", path);
	else if (pair->value.type != jbvString)
		*fault = psprintf("has for the attribute \"%s\" what is not a string", path);
	if (*fault != NULL)
		return NULL;
	template = ScimJsonStringCopy(&pair->value);
	initStringInfo(&text);
	for (const char *p = template; *p != '\0' && *fault == NULL; p++)
	{
		if (*p == '{' && p[1] != '{')
		{
			add_text(generated, &text);
			p++;
			if (++places > MAX_PLACES)
				*fault = psprintf("has for the attribute \"%s\" more than %d places",
								  path, MAX_PLACES);
			else
				generated->parts =
					lappend(generated->parts, compile_place(source, &p, fault));
			if (*fault == NULL && *p != '}')
				*fault = psprintf("has for the attribute \"%s\" a place without its end, "
								  "\"}\"",
								  path);
			continue;
		}
		if (*p == '}' && p[1] != '}')
			*fault =
				psprintf("has for the attribute \"%s\" a \"}\" without a \"{\"", path);
		else if (*p == '{' || *p == '}')
			p++;
		appendStringInfoChar(&text, *p);
	}
	add_text(generated, &text);
	if (*fault == NULL && places == 0)
		*fault = psprintf("has for the attribute \"%s\" a text without a place", path);
	if (*fault == NULL && source->statuses->strict)
		*fault = check_texts(generated);
	return generated;
}

/*
 * "nickName|name.givenName|'somebody'", from *place on, which is left at the end, "}", or
 * at what should not be there.
 */
static Part *
compile_place(const ScimRuleSource *source, const char **place, const char **fault)
{
	Part *part = palloc0(sizeof(Part));

	for (;;)
	{
		size_t len = strcspn(*place, "|}");
		const char *name = pnstrdup(*place, len);

		if (**place == '\'')
		{
			part->last = read_quoted(place);
			if (part->last == NULL || part->last[0] == '\0' || **place != '}')
				*fault = "has a text in quotes that is empty, has no end, or is not the "
						 "last in its place";
			return part;
		}
		part->sources =
			lappend(part->sources, (void *) compile_source(source, name, fault));
		*place += len;
		if (*fault != NULL || **place != '|')
			return part;
		(*place)++;
	}
}

static const ScimResolved *
compile_source(const ScimRuleSource *source, const char *name, const char **fault)
{
	ScimResolved *resolved = palloc(sizeof(ScimResolved));

	*fault = ScimAttributeFault(source->type, name, resolved);
	if (*fault == NULL && ScimIsOfMembers(source->type, resolved))
		*fault = psprintf("names the attribute \"%s\", which is kept elsewhere", name);
	else if (*fault == NULL && ScimLeaf(resolved)->type == SCIM_TYPE_COMPLEX)
	{
		/* an e-mail is its value */
		resolved->sub = resolved->sub != NULL
							? NULL
							: ScimAttributeSub(resolved->attribute, "value", 5);
		if (resolved->sub == NULL)
			*fault = psprintf("names the attribute \"%s\", which has no value", name);
	}
	return resolved;
}

/* What stands in quotes at *place, which is left behind them; NULL: they have no end. */
static const char *
read_quoted(const char **place)
{
	StringInfoData text;

	initStringInfo(&text);
	for (const char *p = *place + 1; *p != '\0'; p++)
	{
		if (*p == '\'' && p[1] != '\'')
		{
			*place = p + 1;
			return text.data;
		}
		p += *p == '\'';
		appendStringInfoChar(&text, *p);
	}
	return NULL;
}

/*
 * What the texts of a template make impossible: a date consists of digits and hyphens;
 * and what it makes of nothing, where places have a last text each, is a value.
 */
static const char *
check_texts(const Generated *generated)
{
	const ScimAttribute *attribute = ScimLeaf(&generated->resolved);
	const JsonbValue *value = make_value(generated, ScimJsonNewObject());
	const char *expected = NULL;
	JsonbValue canonical;
	const ListCell *lc;

	if (value != NULL)
		expected = ScimCanonicaliseSimple(attribute, value, &canonical);
	foreach (lc, generated->parts)
	{
		const char *text = ((const Part *) lfirst(lc))->text;

		if (attribute->date && text != NULL && text[strspn(text, "0123456789-")] != '\0')
			expected = "a date such as \"2026-01-31\"";
	}
	return expected == NULL ? NULL
							: psprintf("has for the attribute \"%s\" a text that can "
									   "never be right: it must be %s",
									   ScimRulePath(&generated->resolved), expected);
}

static void
add_text(Generated *generated, StringInfo text)
{
	Part *part;

	if (text->len == 0)
		return;
	part = palloc0(sizeof(Part));
	part->text = pstrdup(text->data);
	generated->parts = lappend(generated->parts, part);
	resetStringInfo(text);
}

static bool
same_place(const ScimResolved *a, const ScimResolved *b)
{
	return a->attribute == b->attribute &&
		   (a->sub == b->sub || a->sub == NULL || b->sub == NULL);
}

/* What one row makes does not follow from what it makes. */
static const char *
check_circles(const List *all)
{
	const ListCell *lc;

	foreach (lc, all)
	{
		const Generated *generated = lfirst(lc);
		const ListCell *of;

		foreach (of, all)
		{
			const ListCell *cell;

			foreach (cell, ((const Generated *) lfirst(of))->parts)
			{
				const ListCell *from;

				foreach (from, ((const Part *) lfirst(cell))->sources)
				{
					if (same_place(lfirst(from), &generated->resolved))
						return psprintf("names in a text the attribute \"%s\", which it "
										"makes itself",
										ScimRulePath(&generated->resolved));
				}
			}
		}
	}
	return NULL;
}

/* Does one build on what the other makes? */
static bool
builds_on(const Generated *generated, const Generated *other)
{
	const ListCell *cell;

	foreach (cell, generated->parts)
	{
		const ListCell *from;

		foreach (from, ((const Part *) lfirst(cell))->sources)
		{
			if (same_place(lfirst(from), &other->resolved))
				return true;
		}
	}
	return false;
}

/* Takes away what builds on nothing that is left; what remains goes in a circle. */
static List *
left_in_circles(List *all)
{
	bool found = true;

	while (found)
	{
		const ListCell *lc;
		List *left = NIL;

		foreach (lc, all)
		{
			bool builds = false;
			const ListCell *other;

			foreach (other, all)
				builds = builds || builds_on(lfirst(lc), lfirst(other));
			if (builds)
				left = lappend(left, lfirst(lc));
		}
		found = list_length(left) < list_length(all);
		all = left;
	}
	return all;
}

/*
 * ScimGenerateFault says what is wrong with the rows of a resource type taken together,
 * or NULL: each attribute is made once, and not of what is made of it.
 */
const char *
ScimGenerateFault(const ScimRules *rules)
{
	List *all = NIL;
	const ListCell *row;
	const ListCell *lc;

	foreach (row, rules->of[SCIM_RULE_GENERATE])
		all = list_concat(all, (List *) ((const ScimRule *) lfirst(row))->compiled);
	foreach (lc, all)
	{
		const Generated *generated = lfirst(lc);
		const ListCell *other;

		for_each_from(other, all, foreach_current_index(lc) + 1)
		{
			if (same_place(&((const Generated *) lfirst(other))->resolved,
						   &generated->resolved))
				return psprintf("make the attribute \"%s\" twice",
								ScimRulePath(&generated->resolved));
		}
	}
	all = left_in_circles(all);
	if (all == NIL)
		return NULL;
	return psprintf("make the attribute \"%s\" of itself",
					ScimRulePath(&((const Generated *) linitial(all))->resolved));
}

/* Says that what has been generated is not what the schema wants; NULL: it is. */
static ScimProblem *
wrong_value(const ScimResolved *resolved, const JsonbValue *value)
{
	JsonbValue canonical;
	const char *expected = ScimCanonicaliseSimple(ScimLeaf(resolved), value, &canonical);
	const char *path;
	ScimProblem *problem;

	if (expected == NULL && ScimLeaf(resolved)->required && ScimJsonIsBlank(value))
		expected = "a text that is not blank";
	if (expected == NULL)
		return NULL;
	path = ScimRulePath(resolved);
	problem = ScimProblemMake(SCIM_INVALID_VALUE, path,
							  "attribute \"%s\" must be %s, and not \"%s\", which "
							  "follows from other attributes",
							  path, expected, ScimJsonStringCopy(value));
	problem->rule = "generate";
	return problem;
}

/*
 * Says that nothing has been made of what has to be there and had been stated, before it
 * goes; NULL: it need not be, or its absence is known already.
 */
static ScimProblem *
lost_value(const ScimResolved *resolved, const JsonbValue *document)
{
	const char *path;
	ScimProblem *problem;

	if (!ScimLeaf(resolved)->required || ScimRuleWhole(resolved, document) == NULL)
		return NULL;
	path = ScimRulePath(resolved);
	problem = ScimProblemMake(SCIM_INVALID_VALUE, path,
							  "attribute \"%s\" is required, and there is nothing from "
							  "which it follows",
							  path);
	problem->rule = "generate";
	return problem;
}

/*
 * ScimGenerateApply sets what is generated, where the write changes what it follows from
 * or the attribute itself; old_document NULL: a new one.  In the order of the names of
 * the policies, so that one may build on another.
 */
void
ScimGenerateApply(const ScimRules *rules, const JsonbValue *old_document,
				  JsonbValue *document, List **problems)
{
	const ListCell *row;

	foreach (row, rules->of[SCIM_RULE_GENERATE])
	{
		const ListCell *lc;

		foreach (lc, (List *) ((const ScimRule *) lfirst(row))->compiled)
		{
			const Generated *generated = lfirst(lc);
			const ScimResolved *resolved = &generated->resolved;
			const JsonbValue *value = stored_value(rules, generated, document);
			ScimProblem *problem;

			CHECK_FOR_INTERRUPTS();
			if (old_document != NULL &&
				ScimJsonSame(ScimRuleWhole(resolved, old_document),
							 ScimRuleWhole(resolved, document)) &&
				ScimJsonSame(stored_value(rules, generated, old_document), value))
				continue;
			problem = value != NULL ? wrong_value(resolved, value)
									: lost_value(resolved, document);
			if (problem != NULL)
				*problems = lappend(*problems, problem);
			ScimRuleSet(rules->type, resolved, document, value);
		}
	}
}

/*
 * ScimGenerateDocument adds to a document what is made of nothing else, where it has no
 * such value: what texts alone say.
 */
void
ScimGenerateDocument(const ScimRules *rules, JsonbValue *document)
{
	const ListCell *row;

	foreach (row, rules->of[SCIM_RULE_GENERATE])
	{
		const ListCell *lc;

		foreach (lc, (List *) ((const ScimRule *) lfirst(row))->compiled)
		{
			const Generated *generated = lfirst(lc);
			const JsonbValue *value = stored_value(rules, generated, ScimJsonNewObject());

			if (value != NULL)
				ScimRuleSet(rules->type, &generated->resolved, document, value);
		}
	}
}

/* Does what is made follow from what is stated, whatever else there is? */
static bool
follows_from(const Generated *generated, const JsonbValue *document,
			 ScimIsStated is_stated, const void *arg)
{
	const ListCell *lc;

	foreach (lc, generated->parts)
	{
		const ListCell *cell;

		foreach (cell, ((const Part *) lfirst(lc))->sources)
		{
			const JsonbValue *value = ScimRuleValue(lfirst(cell), document);

			if (!is_stated(arg, lfirst(cell)))
				return false;
			if (value != NULL && !ScimJsonIsUnassigned(value))
				break;
		}
	}
	return true;
}

/*
 * ScimGenerateMakes: is an attribute made by the policies "generate"?  *follows: from
 * what is stated of a resource, in a document that may say no more than that.
 */
bool
ScimGenerateMakes(const ScimRules *rules, const ScimResolved *resolved,
				  const JsonbValue *document, ScimIsStated is_stated, const void *arg,
				  bool *follows)
{
	const ListCell *row;

	*follows = false;
	foreach (row, rules->of[SCIM_RULE_GENERATE])
	{
		const ListCell *lc;

		foreach (lc, (List *) ((const ScimRule *) lfirst(row))->compiled)
		{
			const Generated *generated = lfirst(lc);

			if (generated->resolved.extension != resolved->extension ||
				!same_place(&generated->resolved, resolved))
				continue;
			*follows = follows_from(generated, document, is_stated, arg);
			return true;
		}
	}
	return false;
}

/*
 * ScimGenerateCheck appends what a stored document has that is not what the policies
 * "generate" would make of it.
 */
void
ScimGenerateCheck(const ScimRules *rules, const JsonbValue *document, List **problems)
{
	const ListCell *row;

	foreach (row, rules->of[SCIM_RULE_GENERATE])
	{
		const ListCell *lc;

		foreach (lc, (List *) ((const ScimRule *) lfirst(row))->compiled)
		{
			const Generated *generated = lfirst(lc);
			const JsonbValue *value = stored_value(rules, generated, document);
			char *path = ScimRulePath(&generated->resolved);
			ScimProblem *problem;

			if (ScimJsonSame(ScimRuleWhole(&generated->resolved, document), value))
				continue;
			if (value == NULL)
				problem = ScimProblemMake(SCIM_INVALID_VALUE, path,
										  "attribute \"%s\" must have no value", path);
			else
				problem = ScimProblemMake(SCIM_INVALID_VALUE, path,
										  "attribute \"%s\" must be \"%s\"", path,
										  ScimJsonStringCopy(value));
			problem->rule = "generate";
			*problems = lappend(*problems, problem);
		}
	}
}

/* What is stored of the value that is made. */
static const JsonbValue *
stored_value(const ScimRules *rules, const Generated *generated,
			 const JsonbValue *document)
{
	return ScimWireValueStored(ScimWireOf(rules), &generated->resolved,
							   make_value(generated, document));
}

/* NULL: none */
static const JsonbValue *
make_value(const Generated *generated, const JsonbValue *document)
{
	StringInfoData text;
	bool any = false;
	bool all = true;
	const ListCell *lc;

	initStringInfo(&text);
	foreach (lc, generated->parts)
	{
		const Part *part = lfirst(lc);
		bool filled;

		if (part->text != NULL)
		{
			appendStringInfoString(&text, part->text);
			continue;
		}
		filled = append_source(&text, part, document);
		any = any || filled;
		all = all && filled;
	}
	if (!all)
		squeeze_blanks(&text);
	return any && text.len > 0 ? ScimJsonNewStringN(text.data, text.len) : NULL;
}

static bool
append_source(StringInfo out, const Part *part, const JsonbValue *document)
{
	const ListCell *lc;

	foreach (lc, part->sources)
	{
		const JsonbValue *value = ScimRuleValue(lfirst(lc), document);

		if (value == NULL || ScimJsonIsUnassigned(value))
			continue;
		if (value->type == jbvString)
			appendBinaryStringInfo(out, value->val.string.val, value->val.string.len);
		else
			ScimJsonWrite(out, value);
		return true;
	}
	if (part->last != NULL)
		appendStringInfoString(out, part->last);
	return part->last != NULL;
}

/* Blanks in a row become one; at the ends, none. */
static void
squeeze_blanks(StringInfo text)
{
	int to = 0;

	for (int from = 0; from < text->len; from++)
	{
		if (text->data[from] == ' ' &&
			(to == 0 || from + 1 == text->len || text->data[from + 1] == ' '))
			continue;
		text->data[to++] = text->data[from];
	}
	while (to > 0 && text->data[to - 1] == ' ')
		to--;
	text->len = to;
	text->data[to] = '\0';
}
