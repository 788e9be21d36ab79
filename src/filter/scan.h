/*
 * scan.h
 *		Reading a filter or a path, token by token; private to src/filter and
 *		src/path.
 *
 * Server-free: apart from memory, StringInfo and ScimProblemMake nothing of the
 * server is called, so that the parsers can be fuzzed by themselves.  Whoever
 * finds something wrong calls ScimScanFail or ScimScanExpected, which note the
 * first problem and return false.
 */
#ifndef SCIM_SCAN_H
#define SCIM_SCAN_H

#include "filter/filter.h"

/* A piece of the input, or nothing (at NULL). */
typedef struct ScimSlice
{
	const char *at;
	size_t len;
} ScimSlice;

typedef struct ScimScan
{
	const char *start;
	const char *at; /* what is not read yet */
	const char *end;
	const char *language; /* "filter" or "path", for messages */
	ScimErrorKind kind;   /* of the problems found */
	ScimProblem *problem; /* the first one, or NULL */
} ScimScan;

/* [urn ":"] name ["." sub] as it stands in the input */
typedef struct ScimAttrSlice
{
	ScimSlice whole;
	ScimSlice urn;
	ScimSlice name;
	ScimSlice sub;
} ScimAttrSlice;

/* Characters that end a word: white space, control characters, brackets, quotes. */
static inline bool
ScimScanIsWordChar(char c)
{
	switch (c)
	{
		case '(':
		case ')':
		case '[':
		case ']':
		case '"':
		case '\\':
		case '\x7F':
			return false;
		default:
			return (unsigned char) c > ' ';
	}
}

/* ScimScanSpace skips white space, line breaks included. */
static inline void
ScimScanSpace(ScimScan *scan)
{
	while (scan->at < scan->end && (*scan->at == ' ' || *scan->at == '\t' ||
									*scan->at == '\n' || *scan->at == '\r'))
		scan->at++;
}

/* ScimScanAccept reads the character c if it is next. */
static inline bool
ScimScanAccept(ScimScan *scan, char c)
{
	if (scan->at == scan->end || *scan->at != c)
		return false;
	scan->at++;
	return true;
}

extern bool ScimScanStart(ScimScan *scan, const char *text, size_t len,
						  const char *language, ScimErrorKind kind);
extern bool ScimScanFits(ScimScan *scan, size_t len);
extern ScimSlice ScimScanWord(const ScimScan *scan);
extern bool ScimScanWordIs(ScimSlice word, const char *expected);
extern bool ScimScanAttribute(ScimScan *scan, ScimAttrSlice *attribute);
extern bool ScimScanSubAttribute(ScimScan *scan, ScimSlice *sub);
extern bool ScimScanString(ScimScan *scan, char *out, size_t *len);
extern bool ScimScanIsNumber(ScimSlice word);

extern bool ScimScanFail(ScimScan *scan, const char *at, const char *fmt, ...)
	pg_attribute_printf(3, 4);
extern bool ScimScanExpected(ScimScan *scan, const char *expected, ScimSlice after);
extern char *ScimScanQuote(ScimSlice slice);
extern int ScimScanPosition(const ScimScan *scan, const char *at);

#endif /* SCIM_SCAN_H */
