/*
 * io.c
 *		The SQL type scim.path.
 */
#include "postgres.h"

#include "filter/language.h"
#include "path/path.h"

static void *
parse(const char *text, size_t len, ScimProblem **problem)
{
	return ScimPathParse(text, len, problem);
}

static void
print(StringInfo out, const void *value)
{
	ScimPathPrint(out, value);
}

static int
compare(const void *a, const void *b)
{
	return ScimPathCompare(a, b);
}

static void
hash_key(StringInfo key, const void *value)
{
	ScimPathHashKey(key, value);
}

static const ScimLanguage language = {
	"scim.path", SCIM_PATH_FORMAT, parse, print, compare, hash_key,
};

SCIM_LANGUAGE_FUNCTION(scim_path_in, ScimLanguageIn, language);
SCIM_LANGUAGE_FUNCTION(scim_path_out, ScimLanguageOut, language);
SCIM_LANGUAGE_FUNCTION(scim_path_recv, ScimLanguageRecv, language);
SCIM_LANGUAGE_FUNCTION(scim_path_send, ScimLanguageSend, language);
SCIM_LANGUAGE_FUNCTION(scim_path_cmp, ScimLanguageCmp, language);
SCIM_LANGUAGE_FUNCTION(scim_path_eq, ScimLanguageEq, language);
SCIM_LANGUAGE_FUNCTION(scim_path_ne, ScimLanguageNe, language);
SCIM_LANGUAGE_FUNCTION(scim_path_lt, ScimLanguageLt, language);
SCIM_LANGUAGE_FUNCTION(scim_path_le, ScimLanguageLe, language);
SCIM_LANGUAGE_FUNCTION(scim_path_gt, ScimLanguageGt, language);
SCIM_LANGUAGE_FUNCTION(scim_path_ge, ScimLanguageGe, language);
SCIM_LANGUAGE_FUNCTION(scim_path_hash, ScimLanguageHash, language);
SCIM_LANGUAGE_FUNCTION(scim_path_hash_extended, ScimLanguageHashExtended, language);
