/*
 * rules.h
 *		The rows of a store's table "policy", compiled.
 *
 * A kind of policy is one file, which has its compiler, and one line in the table
 * of policy/kinds.c.  A row is compiled when it is written, where it is refused if it
 * cannot work, and again by whoever applies it, for each resource type and tenant
 * (store/rules.c).
 *
 *		read.c			what compilers need to read settings
 *		attribute.c		the values of an attribute that a rule names
 */
#ifndef SCIM_RULES_H
#define SCIM_RULES_H

#include "postgres.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"
#include "utils/uuid.h"

#include "schema/schema.h"

/* In the order of the table in policy/kinds.c. */
typedef enum ScimRuleKind
{
	SCIM_RULE_AUDIT,
	SCIM_RULE_CANONICAL,
	SCIM_RULE_CONDITION,
	SCIM_RULE_DATABASE_ROLES,
	SCIM_RULE_DEFAULT,
	SCIM_RULE_DELETE,
	SCIM_RULE_EMIT,
	SCIM_RULE_EVENTS,
	SCIM_RULE_FIXED,
	SCIM_RULE_GENERATE,
	SCIM_RULE_GUARD,
	SCIM_RULE_IDENTITY,
	SCIM_RULE_LINK,
	SCIM_RULE_LOOKUP,
	SCIM_RULE_MANAGED,
	SCIM_RULE_REFERENCE,
	SCIM_RULE_SCHEMAS,
	SCIM_RULE_STATUS,
	SCIM_RULE_UNIQUE,
	SCIM_RULE_VIOLATION,
	SCIM_RULE_WIRE
} ScimRuleKind;
#define SCIM_RULE_KINDS (SCIM_RULE_WIRE + 1)

/* So many policies that are on may a resource type have, of all tenants and of one. */
#define SCIM_MAX_RULES 256

/* A row that is on, of the kind "status", which has names for rows of other kinds. */
typedef struct ScimStatusRow
{
	const char *type_name;
	const Jsonb *settings;
} ScimStatusRow;

/* What compilers have to know of rows of other kinds. */
typedef struct ScimStatusRows
{
	List *rows;       /* ScimStatusRow * */
	List *references; /* ScimStatusRow *, of the kind "reference" */
	bool strict;      /* a row is being written: refused is, too, what those that are
					   * there may say and mean nothing by it */
} ScimStatusRows;

/* A row as a compiler sees it. */
typedef struct ScimRuleSource
{
	const ScimRegistry *registry;
	const ScimResourceType *type;
	const char *name;
	const JsonbValue *settings; /* an object without members that the kind has not */
	const ScimStatusRows *statuses;
} ScimRuleSource;

/*
 * Returns what the kind applies, made in the current memory context; it may point
 * into the source.  Where the row cannot work it sets *fault, in words that follow
 * the name of the policy: "names the unknown attribute \"x\"".
 */
typedef void *(*ScimRuleCompiler)(const ScimRuleSource *source, const char **fault);

/* A row that is on. */
typedef struct ScimRule
{
	const char *name;
	pg_uuid_t id;         /* of the row */
	const void *compiled; /* what the compiler of its kind has made, or NULL */
} ScimRule;

/* What holds for a resource type, in a tenant. */
typedef struct ScimRules
{
	const ScimResourceType *type;
	List *of[SCIM_RULE_KINDS]; /* of ScimRule *, in the order of their names */
} ScimRules;

/* read.c */
/*
 * An attribute that a client states and that is kept as he does: the fault where it
 * is none, or NULL.  ScimResolvePath is false where there is no such attribute.
 */
extern bool
ScimResolvePath(const ScimResourceType *type, const char *path, ScimResolved *resolved);
extern const char *ScimAttributeFault(const ScimResourceType *type, const char *path,
									  ScimResolved *resolved);
/* The same for one that a rule writes, and for one whose values are ids. */
extern const char *
ScimTargetFault(const ScimResourceType *type, const char *path, ScimResolved *resolved);
extern const char *
ScimShownFault(const ScimResourceType *type, const char *path, ScimResolved *resolved);
extern const char *ScimRuleReferenceFault(const ScimResourceType *type, const char *path,
										  ScimResolved *resolved);
/* Is this the attribute "members" of a group, or a part of it? */
extern bool ScimIsOfMembers(const ScimResourceType *type, const ScimResolved *resolved);
extern const JsonbValue *
ScimRuleMembers(const ScimRuleSource *source, const char *setting, const char **fault);
extern List *
ScimRuleAttributes(const ScimRuleSource *source, const char *setting, const char **fault);
/* A setting that is a text, or an array of texts: char *. */
extern List *ScimRuleTexts(const ScimRuleSource *source, const char *setting, bool must,
						   const char **fault);
extern int ScimRuleChoice(const ScimRuleSource *source, const char *setting,
						  const char *const *choices, const char **fault);
extern const char *
ScimUnknownMemberFault(const JsonbValue *object, const char *const *known);
extern bool ScimNamesSame(const ScimResolved *a, const ScimResolved *b);
extern const char *ScimRuleTwiceFault(const ScimRuleSource *source, List **named,
									  const ScimResolved *resolved);
extern ScimOwnError ScimRuleError(const JsonbValue *settings, const char **fault);

/* attribute.c */
extern char *ScimRulePath(const ScimResolved *resolved);
extern bool ScimRuleIsSingle(const ScimResolved *resolved);
extern const JsonbValue *
ScimRuleValue(const ScimResolved *resolved, const JsonbValue *document);
extern List *ScimRuleValues(const ScimResolved *resolved, const JsonbValue *document);
extern List *ScimRuleEach(const ScimResolved *resolved, const JsonbValue *document);
extern const JsonbValue *
ScimRuleReferred(const ScimResolved *resolved, const JsonbValue *value);
extern List *ScimRuleReferences(const ScimResolved *resolved, const JsonbValue *document);
extern const JsonbValue *
ScimRuleWhole(const ScimResolved *resolved, const JsonbValue *document);
extern void ScimRuleSet(const ScimResourceType *type, const ScimResolved *resolved,
						JsonbValue *document, const JsonbValue *value);

/*
 * One for each kind that has settings, in the file of its name but where it says so; of
 * kinds that are not about documents: policy/kinds.h.
 */
extern void *ScimConditionCompile(const ScimRuleSource *source, const char **fault);
extern void *ScimDefaultCompile(const ScimRuleSource *source, const char **fault);
extern void *ScimFixedCompile(const ScimRuleSource *source, const char **fault);
extern void *ScimGenerateCompile(const ScimRuleSource *source, const char **fault);
extern void *ScimStatusCompile(const ScimRuleSource *source, const char **fault);
extern void *ScimUniqueCompile(const ScimRuleSource *source, const char **fault);
extern void *ScimViolationCompile(const ScimRuleSource *source, const char **fault);
extern void *ScimIdentityCompile(const ScimRuleSource *source, const char **fault);
/* values.c */
extern void *ScimCanonicalCompile(const ScimRuleSource *source, const char **fault);
extern void *ScimReferenceCompile(const ScimRuleSource *source, const char **fault);
/* lifecycle.c */
extern void *ScimDeleteCompile(const ScimRuleSource *source, const char **fault);

#endif /* SCIM_RULES_H */
