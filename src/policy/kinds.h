/*
 * kinds.h
 *		The kinds of policies that there are: see document/rules.h.
 */
#ifndef SCIM_KINDS_H
#define SCIM_KINDS_H

#include "policy/document/rules.h"

typedef struct ScimPolicyKind
{
	const char *name;
	bool several;                /* rows of several names; if not, the name is the kind */
	const char *const *settings; /* the names of those known; NULL: any */
	ScimRuleCompiler compile;    /* NULL: it is on or off */
} ScimPolicyKind;

/* kinds.c */
extern const ScimPolicyKind ScimPolicyKinds[SCIM_RULE_KINDS];
/* False where there is no kind of that name. */
extern bool ScimRuleKindByName(const char *name, ScimRuleKind *kind);
extern void *ScimRuleCompile(const ScimRegistry *registry, const char *type_name,
							 ScimRuleKind kind, const char *name, const Jsonb *settings,
							 const ScimStatusRows *statuses, const char **fault);
/* What the one rule of a kind has compiled to; NULL: there is none, or it is on or off.
 */
extern const void *ScimRuleOf(const ScimRules *rules, ScimRuleKind kind);

/* One for each kind that has settings and is not about documents. */
extern void *ScimEventsCompile(const ScimRuleSource *source, const char **fault);
extern void *ScimEmitCompile(const ScimRuleSource *source, const char **fault);
extern void *ScimGuardCompile(const ScimRuleSource *source, const char **fault);
extern void *ScimLinkCompile(const ScimRuleSource *source, const char **fault);
extern void *ScimManagedCompile(const ScimRuleSource *source, const char **fault);
extern void *ScimSchemasCompile(const ScimRuleSource *source, const char **fault);
extern void *ScimLookupCompile(const ScimRuleSource *source, const char **fault);
/* wire_compile.c; what it has made: wire/wire.h */
extern void *ScimWireCompile(const ScimRuleSource *source, const char **fault);
/* database_roles.c */
extern void *ScimRolesCompile(const ScimRuleSource *source, const char **fault);

#endif /* SCIM_KINDS_H */
