/*
 * pattern.c
 *		The regular expression of an attribute ("pattern"): the whole of a string
 *		has to match it.
 *
 * It is an advanced regular expression of PostgreSQL, of collation "C", so that it
 * means the same in every database: \w, [[:alpha:]] and (?i) know the letters of
 * ASCII.  Options may stand before it, as in (?i)abc, but for those that make another
 * language of it.  It is compiled when the first value comes, and kept.
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "regex/regex.h"
#include "utils/memutils.h"

#include "schema/schema.h"

#define MAX_PATTERN 1000 /* bytes */
#define OPTIONS "cimnpsw"
#define FLAGS (REG_ADVANCED | REG_NOSUB)

struct ScimPattern
{
	const char *text;
	MemoryContext context; /* in which it lives */
	regex_t *regex;        /* NULL: not compiled yet */
};

static char *whole(const char *text);
static int compile(regex_t *regex, const char *text);
static void compile_to_keep(ScimPattern *pattern);
static void free_regex(void *regex);
static char *error_text(int error, const regex_t *regex);

/* ScimPatternMake makes a pattern that lives as long as the current memory context. */
ScimPattern *
ScimPatternMake(const char *text)
{
	ScimPattern *pattern = palloc0(sizeof(ScimPattern));

	pattern->text = text;
	pattern->context = CurrentMemoryContext;
	return pattern;
}

/* ScimPatternText returns a pattern as it was registered. */
const char *
ScimPatternText(const ScimPattern *pattern)
{
	return pattern->text;
}

/* ScimPatternFault says what is wrong with the text of a pattern, or NULL. */
const char *
ScimPatternFault(const char *text)
{
	/* what is none by itself may be one in parentheses */
	const char *const forms[] = {text, whole(text)};

	if (strlen(text) > MAX_PATTERN)
		return psprintf("is longer than %d bytes", MAX_PATTERN);
	if (strncmp(text, "***", 3) == 0)
		return "must not begin with \"***\"";
	if (forms[1] == NULL)
		return "begins with options other than " OPTIONS;
	for (int i = 0; i < lengthof(forms); i++)
	{
		regex_t regex;
		int error = compile(&regex, forms[i]);

		if (error != REG_OKAY)
			return psprintf("is not a regular expression: %s", error_text(error, &regex));
		pg_regfree(&regex);
	}
	return NULL;
}

/* ScimPatternMatches: does a pattern match the whole of a text? */
bool
ScimPatternMatches(ScimPattern *pattern, const char *text, size_t len)
{
	pg_wchar *wide = palloc((len + 1) * sizeof(pg_wchar));
	int wide_len = pg_mb2wchar_with_len(text, wide, len);
	int result;

	if (pattern->regex == NULL)
		compile_to_keep(pattern);
	result = pg_regexec(pattern->regex, wide, wide_len, 0, NULL, 0, NULL, 0);
	pfree(wide);
	if (result == REG_OKAY || result == REG_NOMATCH)
		return result == REG_OKAY;
	CHECK_FOR_INTERRUPTS();
	ereport(ERROR, (errcode(ERRCODE_INVALID_REGULAR_EXPRESSION),
					errmsg("pattern \"%s\" cannot be matched: %s", pattern->text,
						   error_text(result, pattern->regex))));
}

/*
 * The expression for the whole of a text, with the options before it; NULL where it
 * has others.  Newlines may stand for the beginning and end of lines, but \A and \Z
 * are those of the text.
 */
static char *
whole(const char *text)
{
	size_t options = 0;

	if (text[0] == '(' && text[1] == '?' && text[2] >= 'a' && text[2] <= 'z')
	{
		options = 2 + strspn(text + 2, OPTIONS);
		if (text[options++] != ')')
			return NULL;
	}
	return psprintf("%.*s\\A(?:%s)\\Z", (int) options, text, text + options);
}

/* An error of PostgreSQL's, or REG_OKAY. */
static int
compile(regex_t *regex, const char *text)
{
	size_t len = strlen(text);
	pg_wchar *wide = palloc((len + 1) * sizeof(pg_wchar));
	int wide_len = pg_mb2wchar_with_len(text, wide, len);
	int error = pg_regcomp(regex, wide, wide_len, FLAGS, C_COLLATION_OID);

	pfree(wide);
	if (error != REG_OKAY)
		CHECK_FOR_INTERRUPTS();
	return error;
}

/*
 * Up to version 15 a compiled expression is the C library's memory, and only the
 * callback frees it; later it is of the context.
 */
static void
compile_to_keep(ScimPattern *pattern)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "scim pattern", ALLOCSET_SMALL_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	regex_t *regex = palloc0(sizeof(regex_t));
	MemoryContextCallback *callback = palloc0(sizeof(MemoryContextCallback));
	char *text = whole(pattern->text);
	int error = text == NULL ? REG_BADOPT : compile(regex, text);

	if (error != REG_OKAY)
		ereport(ERROR, (errcode(ERRCODE_INVALID_REGULAR_EXPRESSION),
						errmsg("invalid pattern \"%s\": %s", pattern->text,
							   error_text(error, regex))));
	callback->func = free_regex;
	callback->arg = regex;
	MemoryContextRegisterResetCallback(context, callback);
	MemoryContextSetParent(context, pattern->context);
	MemoryContextSwitchTo(caller);
	pattern->regex = regex;
}

static void
free_regex(void *regex)
{
	pg_regfree(regex);
}

static char *
error_text(int error, const regex_t *regex)
{
	char text[100];

	pg_regerror(error, regex, text, sizeof(text));
	return pstrdup(text);
}
