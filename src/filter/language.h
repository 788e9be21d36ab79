/*
 * language.h
 *		What scim.filter and scim.path have in common: SQL types whose values are
 *		written as text, with input and output, comparison and hashing.
 *
 * A type says what is its own in a ScimLanguage and then names the functions
 * that SQL calls, one line each:
 *
 *		SCIM_LANGUAGE_FUNCTION(scim_filter_in, ScimLanguageIn, language);
 */
#ifndef SCIM_LANGUAGE_H
#define SCIM_LANGUAGE_H

#include "postgres.h"
#include "fmgr.h"
#include "lib/stringinfo.h"

#include "error.h"

/* NULL where the text is wrong: then *problem says why. */
typedef void *(*ScimLanguageParser)(const char *text, size_t len, ScimProblem **problem);

/* Values are varlenas, given to these functions detoasted. */
typedef struct ScimLanguage
{
	const char *type_name; /* as in SQL */
	int format;            /* version of the values' binary form */
	ScimLanguageParser parse;
	void (*print)(StringInfo out, const void *value);
	int (*compare)(const void *a, const void *b); /* 0: equal */
	/* appends bytes that are the same for equal values */
	void (*hash_key)(StringInfo key, const void *value);
} ScimLanguage;

extern void *ScimLanguageParse(ScimLanguageParser parse, const char *text, size_t len,
							   void (*use_limits)(void), ScimProblem **problem);
extern Datum ScimLanguageIn(const ScimLanguage *language, FunctionCallInfo fcinfo);
extern Datum ScimLanguageOut(const ScimLanguage *language, FunctionCallInfo fcinfo);
extern Datum ScimLanguageRecv(const ScimLanguage *language, FunctionCallInfo fcinfo);
extern Datum ScimLanguageSend(const ScimLanguage *language, FunctionCallInfo fcinfo);
extern Datum ScimLanguageCmp(const ScimLanguage *language, FunctionCallInfo fcinfo);
extern Datum ScimLanguageEq(const ScimLanguage *language, FunctionCallInfo fcinfo);
extern Datum ScimLanguageNe(const ScimLanguage *language, FunctionCallInfo fcinfo);
extern Datum ScimLanguageLt(const ScimLanguage *language, FunctionCallInfo fcinfo);
extern Datum ScimLanguageLe(const ScimLanguage *language, FunctionCallInfo fcinfo);
extern Datum ScimLanguageGt(const ScimLanguage *language, FunctionCallInfo fcinfo);
extern Datum ScimLanguageGe(const ScimLanguage *language, FunctionCallInfo fcinfo);
extern Datum ScimLanguageHash(const ScimLanguage *language, FunctionCallInfo fcinfo);
extern Datum
ScimLanguageHashExtended(const ScimLanguage *language, FunctionCallInfo fcinfo);

/* Defines the SQL-callable function of a language. */
#define SCIM_LANGUAGE_FUNCTION(function, implementation, language) \
	PG_FUNCTION_INFO_V1(function);                                 \
	Datum function(PG_FUNCTION_ARGS)                               \
	{                                                              \
		return implementation(&(language), fcinfo);                \
	}                                                              \
	extern Datum function(PG_FUNCTION_ARGS)

#endif /* SCIM_LANGUAGE_H */
