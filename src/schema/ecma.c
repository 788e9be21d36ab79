/*
 * ecma.c
 *		A pattern in the dialect of JSON Schema, which is that of ECMA-262.
 *
 * Both have literals, sets, groups, alternatives and quantifiers, and mean the same by
 * them, where the whole of a text has to match.  What reads alike but is not, as a dot
 * or \d, is written out; for what the other has no word, there is no translation.
 */
#include "postgres.h"

#include "schema/schema.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"

static const char *translate_escape(StringInfo out, const char *p, bool in_set);
static const char *translate_set(StringInfo out, const char *p);
static const char *translate_bound(StringInfo out, const char *p);

/*
 * ScimPatternAsEcma translates a pattern that ScimPatternFault found nothing wrong with.
 * Returns NULL where it has more than both dialects have.
 */
const char *
ScimPatternAsEcma(const char *text)
{
	StringInfoData out;
	const char *p = text;

	initStringInfo(&out);
	appendStringInfoString(&out, "^(?:");
	while (p != NULL && *p != '\0')
	{
		CHECK_FOR_INTERRUPTS();
		switch (*p)
		{
			case '.':
				appendStringInfoString(&out, "[\\s\\S]");
				p++;
				break;
			case '\\':
				p = translate_escape(&out, p + 1, false);
				break;
			case '[':
				p = translate_set(&out, p + 1);
				break;
			case '{':
				p = translate_bound(&out, p);
				break;
			case ']':
			case '}':
				appendStringInfo(&out, "\\%c", *p++);
				break;
			case '(':
				/* options, comments and what looks around */
				if (p[1] == '?' && p[2] != ':')
					return NULL;
				appendStringInfoString(&out, p[1] == '?' ? "(?:" : "(");
				p += p[1] == '?' ? 3 : 1;
				break;
			default:
				appendStringInfoChar(&out, *p++);
				break;
		}
	}
	if (p == NULL)
		return NULL;
	appendStringInfoString(&out, ")$");
	return out.data;
}

/* What stands behind a backslash; returns what follows, or NULL. */
static const char *
translate_escape(StringInfo out, const char *p, bool in_set)
{
	static const struct
	{
		char letter;
		const char *members;
	} classes[] = {{'d', "0-9"}, {'w', "0-9A-Za-z_"}, {'s', " \\t\\n\\v\\f\\r"}};

	for (int i = 0; i < lengthof(classes); i++)
	{
		if (*p == classes[i].letter)
		{
			appendStringInfo(out, in_set ? "%s" : "[%s]", classes[i].members);
			return p + 1;
		}
		if (*p == pg_ascii_toupper((unsigned char) classes[i].letter) && !in_set)
		{
			appendStringInfo(out, "[^%s]", classes[i].members);
			return p + 1;
		}
	}
	if (*p == '\0' || strchr("^$\\.*+?()[]{}|/-", *p) == NULL)
		return NULL;
	/* a hyphen needs a backslash within a set only, and may have none outside */
	appendStringInfo(out, *p == '-' && !in_set ? "%c" : "\\%c", *p);
	return p + 1;
}

/* What stands behind an opening bracket. */
static const char *
translate_set(StringInfo out, const char *p)
{
	appendStringInfoChar(out, '[');
	if (*p == '^')
		appendStringInfoChar(out, *p++);
	if (*p == ']')
		return NULL;
	while (p != NULL && *p != ']')
	{
		switch (*p)
		{
			case '\0':
				return NULL;
			case '\\':
				p = translate_escape(out, p + 1, true);
				break;
			case '[':
				/* [:alpha:] and the like */
				if (strchr(":.=", p[1]) != NULL)
					return NULL;
				appendStringInfo(out, "\\%c", *p++);
				break;
			case '-':
			case '&':
			case '|':
			case '~':
				/* two of them mean something elsewhere */
				if (p[1] == *p)
					return NULL;
				appendStringInfoChar(out, *p++);
				break;
			default:
				appendStringInfoChar(out, *p++);
				break;
		}
	}
	if (p == NULL)
		return NULL;
	appendStringInfoChar(out, ']');
	return p + 1;
}

/* {2}, {2,} or {2,4}; any other brace is itself. */
static const char *
translate_bound(StringInfo out, const char *p)
{
	const char *end = p + 1;

	end += strspn(end, "0123456789");
	if (end == p + 1)
		appendStringInfoString(out, "\\{");
	else
	{
		if (*end == ',')
			end += 1 + strspn(end + 1, "0123456789");
		if (*end != '}')
			return NULL;
		appendBinaryStringInfo(out, p, end + 1 - p);
		return end + 1;
	}
	return p + 1;
}
