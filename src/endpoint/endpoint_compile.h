/*
 * endpoint_compile.h
 *		What the files share that make an endpoint of a row.
 *
 *		endpoint_compile.c	path, methods, answers; the whole
 *		endpoint_field.c	fields and constants
 *		endpoint_value.c	what these store: values that their attributes can have
 *		endpoint_list.c		lists
 *		endpoint_setting.c	one setting, one path of an attribute
 */
#ifndef SCIM_ENDPOINT_COMPILE_H
#define SCIM_ENDPOINT_COMPILE_H

#include "endpoint/endpoint.h"

typedef struct ScimCompile
{
	const ScimStore *store;
	const ScimRegistry *registry;
	List *rows; /* of ScimEndpointRow *: all of the store */
	const ScimEndpointRow *row;
	ScimEndpoint *endpoint; /* whose problem is the first thing that is wrong */
} ScimCompile;

/* endpoint_setting.c; place is where in the settings something stands, for messages */
extern void ScimCompileFail(ScimCompile *c, const char *place, const char *format, ...)
	pg_attribute_printf(3, 4);
extern void ScimCompileUnfit(ScimCompile *c, const char *place, const char *format, ...)
	pg_attribute_printf(3, 4);
extern void ScimCompileCheckSettings(ScimCompile *c);
extern const JsonbValue *ScimCompileSettings(const ScimEndpointRow *row);
extern const JsonbValue *ScimCompileSetting(ScimCompile *c, const char *name);
extern bool ScimCompileKeys(ScimCompile *c, const char *place, const JsonbValue *object,
							const char *const *known);
extern bool ScimCompileBool(ScimCompile *c, const char *place, const JsonbValue *object,
							const char *name);
extern const char *
ScimCompileString(ScimCompile *c, const char *place, const JsonbValue *object,
				  const char *name, const char *by_default);
extern int64 ScimCompileInteger(ScimCompile *c, const char *place,
								const JsonbValue *value, int64 min, int64 max);
extern int64
ScimCompileMember(ScimCompile *c, const char *place, const JsonbValue *object,
				  const char *name, int64 by_default, int64 min, int64 max);
extern bool
ScimCompileWord(ScimCompile *c, const char *name, const char *first, const char *second);
extern bool
ScimCompilePath(ScimCompile *c, const char *place, const ScimResourceType *type,
				const char *text, ScimFlatPath *result);

/* endpoint_field.c */
extern void ScimCompileFields(ScimCompile *c);
extern void ScimCompileConstants(ScimCompile *c);

/* endpoint_value.c */
extern const JsonbValue *
ScimCompileStored(ScimCompile *c, const char *place, const ScimFlatPath *path,
				  const JsonbValue *value);
extern void
ScimCompileCheckConstant(ScimCompile *c, const char *place, ScimFlatConstant *constant);

/* endpoint_list.c */
extern void ScimCompileList(ScimCompile *c);

#endif /* SCIM_ENDPOINT_COMPILE_H */
