/*
 * path.h
 *		Attribute paths of RFC 7644 section 3.5.2 (PATCH) and section 3.10.
 *
 *		parse.c		text -> ScimPath
 *		op.c		comparison and hashing
 *		io.c		the SQL type scim.path
 *
 * A path is an attribute, or an attribute with a value filter and perhaps a
 * sub-attribute behind it:
 *
 *		name.familyName
 *		emails[type eq "work"].value
 *		urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value
 *		urn:ietf:params:scim:schemas:extension:enterprise:2.0:User	(a whole extension)
 */
#ifndef SCIM_PATH_H
#define SCIM_PATH_H

#include "postgres.h"
#include "lib/stringinfo.h"

#include "filter/filter.h"

#define SCIM_PATH_FORMAT 1

/*
 * A varlena, like ScimFilter with offsets from its start, 0 = absent.  A value
 * filter is a whole ScimFilter, MAXALIGNed.  sub stands behind the bracket
 * where there is one: emails[...].value.
 */
typedef struct ScimPath
{
	int32 vl_len_;
	uint16 format;
	uint16 unused;
	uint32 urn;
	uint32 name;
	uint32 sub;
	uint32 filter;
} ScimPath;

#define ScimPathString(path, offset) \
	((offset) == 0 ? NULL : (const char *) (path) + (offset))
#define ScimPathFilter(path) \
	((path)->filter == 0     \
		 ? NULL              \
		 : (const ScimFilter *) ((const char *) (path) + (path)->filter))

extern ScimPath *ScimPathParse(const char *text, size_t len, ScimProblem **problem);
extern void ScimPathPrint(StringInfo out, const ScimPath *path);
extern char *ScimPathShown(const char *text);
extern ScimAttrRef ScimPathAttrRef(const ScimPath *path);
extern int ScimPathCompare(const ScimPath *a, const ScimPath *b);
extern void ScimPathHashKey(StringInfo key, const ScimPath *path);

#endif /* SCIM_PATH_H */
