/*
 * operation.h
 *		What is done to one resource, as statements: RFC 7644 sections 3.3 to 3.6.
 *
 *		operations.c	create, get, replace, patch, delete; reading a row, its JSON
 *		functions.c		the SQL functions over these, and over lists
 */
#ifndef SCIM_OPERATION_H
#define SCIM_OPERATION_H

#include "postgres.h"
#include "lib/stringinfo.h"
#include "utils/jsonb.h"
#include "utils/uuid.h"

#include "resource/resource.h"
#include "store/plan.h"
#include "store/store.h"

/*
 * Operations.  id is the text of a path segment or an SQL argument.  Each
 * raises the SCIM error that fits (404, 409, 412, 400 ...).  if_match is the
 * value of an If-Match header (RFC 7232: a list of entity-tags or "*") or
 * NULL.  Documents are trees, not necessarily canonical.  The id of a new
 * resource may be NULL: then one is made.
 */
extern ScimResource *ScimCreateResource(ScimStore *store, const ScimResourceType *type,
										const JsonbValue *document, const pg_uuid_t *id);
extern ScimResource *
ScimGetResource(ScimStore *store, const ScimResourceType *type, const char *id);
extern ScimResource *
ScimReplaceResource(ScimStore *store, const ScimResourceType *type, const char *id,
					const JsonbValue *document, const char *if_match);
/* operations: the array of RFC 7644 section 3.5.2 */
extern ScimResource *
ScimPatchResource(ScimStore *store, const ScimResourceType *type, const char *id,
				  const JsonbValue *operations, const char *if_match);
extern void ScimDeleteResource(ScimStore *store, const ScimResourceType *type,
							   const char *id, const char *if_match);

/*
 * Appends the JSON text of a resource.  A projection comes from
 * ScimProjectionMake.
 */
extern void
ScimRenderResource(StringInfo out, ScimStore *store, const ScimResource *resource,
				   const ScimProjection *projection);

/* {base}/Users/{id} and W/"3" */
extern char *ScimResourceLocation(const ScimResource *resource);
extern char *ScimResourceVersion(const ScimResource *resource);
/* Does an If-Match or If-None-Match header name this version (weak comparison)? */
extern bool ScimVersionMatches(const char *header, int64 version);

/* operations.c: the columns of a row r that make a ScimResource, in this order */
extern char *ScimResourceColumns(const ScimStore *store);
#define SCIM_RESOURCE_NCOLUMNS 7
extern ScimResource *ScimResourceFromTuple(const ScimResourceType *type, HeapTuple tuple,
										   TupleDesc desc, MemoryContext context);

extern void ScimExecuteWrite(const char *query, const ScimParams *params,
							 const ScimResourceType *type);

#endif /* SCIM_OPERATION_H */
