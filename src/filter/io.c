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
