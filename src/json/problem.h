/*
 * problem.h
 *		Why a text is not JSON, for those who let the server's parser read one.
 */
#ifndef SCIM_JSON_PROBLEM_H
#define SCIM_JSON_PROBLEM_H

#include "postgres.h"
#include "common/jsonapi.h"

extern char *ScimJsonParseProblem(JsonParseErrorType error, const char *token,
								  const char *text, int len);

#endif
