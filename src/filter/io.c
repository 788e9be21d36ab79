/*
 * io.c
 *		The SQL type scim.filter.
 */
#include "postgres.h"

#include "compat.h"
#include "filter/filter.h"
#include "filter/language.h"

/*
 * ScimFilterRaise raises a problem of a filter or path, softly if the caller of
 * an input function asked for it.
 */
void
ScimFilterRaise(const ScimProblem *problem, struct Node *escontext)
{
	errsave(escontext, (ScimErr(problem->kind), errmsg("%s", problem->message)));
}

static void *
parse(const char *text, size_t len, ScimProblem **problem)
{
	return ScimFilterParse(text, len, problem);
}

static void
print(StringInfo out, const void *value)
{
	ScimFilterPrint(out, value);
}

static int
compare(const void *a, const void *b)
{
	return ScimFilterCompare(a, b);
}

static void
hash_key(StringInfo key, const void *value)
{
	ScimFilterHashKey(key, value);
}

static const ScimLanguage language = {
	"scim.filter", SCIM_FILTER_FORMAT, parse, print, compare, hash_key,
};

SCIM_LANGUAGE_FUNCTION(scim_filter_in, ScimLanguageIn, language);
SCIM_LANGUAGE_FUNCTION(scim_filter_out, ScimLanguageOut, language);
SCIM_LANGUAGE_FUNCTION(scim_filter_recv, ScimLanguageRecv, language);
SCIM_LANGUAGE_FUNCTION(scim_filter_send, ScimLanguageSend, language);
SCIM_LANGUAGE_FUNCTION(scim_filter_cmp, ScimLanguageCmp, language);
SCIM_LANGUAGE_FUNCTION(scim_filter_eq, ScimLanguageEq, language);
SCIM_LANGUAGE_FUNCTION(scim_filter_ne, ScimLanguageNe, language);
SCIM_LANGUAGE_FUNCTION(scim_filter_lt, ScimLanguageLt, language);
SCIM_LANGUAGE_FUNCTION(scim_filter_le, ScimLanguageLe, language);
SCIM_LANGUAGE_FUNCTION(scim_filter_gt, ScimLanguageGt, language);
SCIM_LANGUAGE_FUNCTION(scim_filter_ge, ScimLanguageGe, language);
SCIM_LANGUAGE_FUNCTION(scim_filter_hash, ScimLanguageHash, language);
SCIM_LANGUAGE_FUNCTION(scim_filter_hash_extended, ScimLanguageHashExtended, language);

PG_FUNCTION_INFO_V1(scim_stored_filter);

/* A text, and what it was parsed to. */
typedef struct StoredText
{
	const char *text;
	size_t len;
	ScimFilter *filter;
	ScimProblem *problem;
} StoredText;

static void
parse_stored(void *arg)
{
	StoredText *stored = arg;

	stored->filter = ScimFilterParse(stored->text, stored->len, &stored->problem);
}

/*
 * scim_internal.stored_filter(text) returns scim.filter: of a text that a store holds,
 * which was within the limits of its time, or that is ours.  Error SCFIL where it is
 * none.
 */
Datum
scim_stored_filter(PG_FUNCTION_ARGS)
{
	const text *value = PG_GETARG_TEXT_PP(0);
	StoredText stored = {VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), NULL, NULL};

	(void) ScimFilterWithin(&ScimFilterLimitsWidest, parse_stored, &stored);
	if (stored.filter == NULL)
		ScimFilterRaise(stored.problem, NULL);
	PG_RETURN_POINTER(stored.filter);
}
