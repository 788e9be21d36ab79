/*
 * mapping_state.h
 *		What the files that compile a mapping share: see mapping.c.
 */
#ifndef SCIM_MAPPING_STATE_H
#define SCIM_MAPPING_STATE_H

#include "postgres.h"

#include "binding/mapping/mapping.h"

typedef struct ScimMappingState
{
	ScimBinding *binding;
	const Oid *others; /* NULL: the tables are found by their names */
	int nothers;
} ScimMappingState;

/* mapping_part.c */
extern bool ScimMappingInUse;
extern int ScimMappingCode(int sqlstate);
extern void ScimMappingWrong(const char *place, const char *problem);
extern void ScimMappingWrongNow(const char *place, const char *problem);
extern const JsonbValue *ScimMappingMember(const JsonbValue *object, const char *name);
extern void ScimMappingCheckMembers(const JsonbValue *object, const char *place,
									const char *const *known);
extern char *
ScimMappingText(const JsonbValue *object, const char *name, const char *place);
extern void
ScimMappingColumn(Oid relid, const char *name, const char *place, ScimColumnInfo *column);
extern List *ScimMappingColumns(Oid relid, const JsonbValue *value, const char *place);
extern Oid ScimMappingTable(const char *name, const char *place);
extern void ScimMappingSearchPath(const char *path);
extern int32 ScimMappingTenant(const JsonbValue *value, const char *place);
extern char *ScimMappingValue(const char *text, const char *place);
extern char *ScimMappingExpression(const char *text, const char *place);
extern List *ScimMappingWrites(Oid relid, const JsonbValue *object, const char *place);
extern List *ScimMappingValues(const JsonbValue *object, const ScimAttribute *attribute,
							   const char *place);
extern void ScimMappingCheckRules(Oid relid);

/* mapping_attribute.c */
extern void
ScimMappingAttribute(ScimMappingState *compiling, char *path, const JsonbValue *value);

#endif /* SCIM_MAPPING_STATE_H */
