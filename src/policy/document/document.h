/*
 * document.h
 *		The kinds of policies that say what documents hold, and how a kind is compiled.
 *
 *		read.c			what compilers need to read settings (rules.h)
 *		attribute.c		what a document has of an attribute that a rule names
 *
 *		condition.c		what has to hold where something else does
 *		default.c		a value where none is stated
 *		fixed.c			what clients do not change
 *		generate.c		what follows from other attributes
 *		identity.c		userName equals the primary e-mail
 *		status.c		the life-cycle in the document
 *		unique.c		what no other resource may have
 *		values.c		values that are canonical, references that lead somewhere
 *		violation.c		what the error is where a schema is not obeyed
 *		wire_rule.c		what the policies "wire" say, taken together
 *		lifecycle.c		PENDING, ACTIVE, SUSPENDED, OFFBOARDING, OFFBOARDED, DELETED
 */
#ifndef SCIM_POLICY_DOCUMENT_H
#define SCIM_POLICY_DOCUMENT_H

#include "postgres.h"
#include "datatype/timestamp.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"

#include "policy/document/rules.h"
#include "schema/schema.h"

/*
 * The life of a resource.  PENDING is active, but has never logged in; where the
 * policy "status" says nothing of it, life begins with ACTIVE.  ACTIVE and SUSPENDED
 * follow the attribute "active".  OFFBOARDING is still there for everybody; OFFBOARDED
 * and DELETED are kept for the auditor, but gone for every client (column deleted_at is
 * set).
 */
typedef enum ScimStatus
{
	SCIM_STATUS_PENDING,
	SCIM_STATUS_ACTIVE,
	SCIM_STATUS_SUSPENDED,
	SCIM_STATUS_OFFBOARDING,
	SCIM_STATUS_OFFBOARDED,
	SCIM_STATUS_DELETED
} ScimStatus;
#define SCIM_STATUSES (SCIM_STATUS_DELETED + 1)

/* What DELETE does: the setting "mode" of the policy "delete". */
typedef enum ScimDeleteMode
{
	SCIM_DELETE_HARD,    /* the row goes */
	SCIM_DELETE_RETAIN,  /* the row is kept, out of sight */
	SCIM_DELETE_OFFBOARD /* off-boarding begins */
} ScimDeleteMode;

/* The policy "delete". */
typedef struct ScimDeleteRule
{
	ScimDeleteMode mode[SCIM_STATUSES]; /* of who is in that state */
	bool deletes[SCIM_STATUSES];        /* "active" that becomes false deletes, too */
	ScimDeleteMode deactivate[SCIM_STATUSES]; /* in this way */
	bool deactivates; /* off-boarding sets "active" to false at once */
} ScimDeleteRule;

/* Times of a life that a document may show. */
typedef enum ScimLifeTime
{
	SCIM_LIFE_ACTIVATED,
	SCIM_LIFE_DEACTIVATED,
	SCIM_LIFE_OFFBOARDING,
	SCIM_LIFE_SESSIONS
} ScimLifeTime;
#define SCIM_LIFE_TIMES (SCIM_LIFE_SESSIONS + 1)

/* The policy "status". */
typedef struct ScimStatusRule
{
	ScimResolved *attribute; /* or NULL */
	const char *names[SCIM_STATUSES];
	bool pending;                         /* life begins so */
	bool writable;                        /* clients may activate and deactivate by it */
	ScimResolved *times[SCIM_LIFE_TIMES]; /* each or NULL */
} ScimStatusRule;

/* condition.c */
/* A filter of a rule, bound to a resource type and the life-cycle. */
typedef struct ScimRuleFilter
{
	const char *text;
	ScimFilter *parsed;
	ScimBoundFilter *bound;
	List *about; /* ScimResolved *, the attributes that it names */
} ScimRuleFilter;

/* What "through" may refer to. */
typedef struct ScimConditionTarget
{
	const char *type_name;
	ScimRuleFilter *matches;
} ScimConditionTarget;

typedef struct ScimCondition
{
	const char *name;
	ScimRuleFilter *when;    /* or NULL: always */
	ScimRuleFilter *require; /* or NULL: keep */
	List *keep;              /* ScimResolved * */
	bool clear;              /* keep: but may go */
	ScimResolved *through;   /* or NULL */
	List *targets;           /* ScimConditionTarget * */
	List *about;             /* ScimResolved *, what the rule is about */
	const char *message;
	ScimOwnError error;
} ScimCondition;

/* Where a rule holds: the settings "when", "through" and "matches". */
extern ScimCondition *
ScimConditionScope(const ScimRuleSource *source, const char **fault);
extern Jsonb *ScimConditionDocument(const JsonbValue *document, ScimStatus status);
/* A setting that is a filter over what documents of the type hold, or NULL. */
extern ScimRuleFilter *ScimRuleFilterCompile(const ScimRuleSource *source,
											 const char *setting, const char **fault);
/* The same of a text that no policy holds: what is wrong with it, or NULL. */
extern const char *ScimStoredFilterFault(const ScimRegistry *registry,
										 const ScimResourceType *type, const char *text);
extern bool ScimRuleMatches(const ScimRuleFilter *filter, Jsonb *document);
extern ScimProblem *
ScimConditionProblem(const ScimCondition *rule, const JsonbValue *document);
/* Does a write change what a rule keeps? */
extern bool ScimConditionChanges(const ScimCondition *rule, const JsonbValue *before,
								 const JsonbValue *document);

/* default.c */
extern void ScimDefaultApply(const ScimRules *rules, const JsonbValue *old_document,
							 JsonbValue *document);
extern JsonbValue *ScimDefaultDocument(const ScimRules *rules);

/* fixed.c */
extern void
ScimFixedKeep(const ScimRules *rules, const JsonbValue *old_document, JsonbValue *stated);
extern void
ScimFixedApply(const ScimRules *rules, bool by_client, const JsonbValue *old_document,
			   JsonbValue *document, List **problems);

/* and the same for one attribute, whatever keeps it */
extern void ScimKeepStated(const ScimResolved *resolved, const JsonbValue *old_document,
						   JsonbValue *stated);

/* generate.c */
extern const char *ScimGenerateFault(const ScimRules *rules);
extern void ScimGenerateApply(const ScimRules *rules, const JsonbValue *old_document,
							  JsonbValue *document, List **problems);
extern void ScimGenerateDocument(const ScimRules *rules, JsonbValue *document);
/* Is something said of an attribute, be it that it has no value? */
typedef bool (*ScimIsStated)(const void *arg, const ScimResolved *resolved);
extern bool ScimGenerateMakes(const ScimRules *rules, const ScimResolved *resolved,
							  const JsonbValue *document, ScimIsStated is_stated,
							  const void *arg, bool *follows);
extern void
ScimGenerateCheck(const ScimRules *rules, const JsonbValue *document, List **problems);

/* unique.c */
/* With this begin the keys of such attributes, and those of no others. */
#define SCIM_UNIQUE_BY_POLICY "policy "
extern List *ScimUniqueByPolicy(const ScimRules *rules);

/* violation.c */
extern void ScimViolationApply(const ScimRules *rules, List *problems);

/* identity.c */
extern void ScimCheckIdentity(const ScimRules *rules, const JsonbValue *document,
							  bool quote, List **problems);

/* values.c */
/* What becomes of a reference when what it leads to goes. */
typedef enum ScimOnDelete
{
	SCIM_ON_DELETE_LEAVE,    /* it stays, and leads nowhere */
	SCIM_ON_DELETE_RESTRICT, /* what it leads to stays */
	SCIM_ON_DELETE_CLEAR     /* it goes, too */
} ScimOnDelete;

/* To which resource types rows of the kind "reference" say that an attribute leads. */
extern List *ScimReferenceTargets(const ScimRuleSource *source, const List *rows,
								  const ScimResolved *resolved);

/* What the policies of values are about: an attribute, and the values it may have. */
typedef struct ScimValueRule
{
	const char *path;      /* of the attribute, as the policy names it */
	ScimResolved resolved; /* of a simple attribute or sub-attribute */
	List *targets;         /* "reference": names of resource types, char * */
	ScimErrorKind missing; /* "reference": what it is to refer to nothing */
	ScimOnDelete on_delete;
} ScimValueRule;

/* A value that must be the id of a resource that is there, and the problem if not. */
typedef struct ScimReference
{
	ScimProblem problem; /* first, so that a list of these is one of problems */
	const ScimValueRule *rule;
	const char *value;
} ScimReference;

extern void
ScimCheckCanonicalValues(const List *rules, const JsonbValue *document, List **problems);
extern void
ScimSpellCanonicalValues(const ScimRules *rules, const JsonbValue *old_document,
						 JsonbValue *document);
extern List *ScimReferences(const List *rules, const JsonbValue *document);
extern const char *
ScimCanonicalSpelling(const ScimAttribute *attribute, const char *text);
extern bool ScimIsCanonicalValue(const ScimAttribute *attribute, const char *text);
extern ScimProblem *ScimCanonicalProblem(const ScimValueRule *rule, const char *text);
extern ScimProblem *ScimReferenceProblem(const ScimValueRule *rule, const char *text);
/* The document without the values of a rule that refer says yes to. */
typedef bool (*ScimRefers)(const void *arg, const JsonbValue *value);
extern bool ScimRefersTo(const ScimValueRule *rule, const JsonbValue *document,
						 ScimRefers refers, const void *arg);
extern void ScimClearReferences(const ScimResourceType *type, const ScimValueRule *rule,
								JsonbValue *document, ScimRefers refers, const void *arg);

/* lifecycle.c */
extern const char *ScimStatusName(ScimStatus status);
extern bool ScimStatusByName(const char *name, ScimStatus *status);
extern bool ScimStatusByFoldedName(const char *name, ScimStatus *status);
extern ScimStatus ScimStatusByActive(const JsonbValue *document);
extern bool ScimStatusIsGone(ScimStatus status);
extern bool ScimStatusIsActive(ScimStatus status);
extern bool ScimStatusMayFollow(ScimStatus before, ScimStatus after);

/* wire_rule.c; what it gives: wire/wire.h */
extern const struct ScimWire *ScimWireOf(const ScimRules *rules);
/* The same for those who have names of their own: only the characters; NULL: none. */
extern const struct ScimWire *ScimWireCharactersOf(const ScimRules *rules);

/* status.c */
extern void ScimStatusNamesStored(const ScimRules *rules);
extern bool ScimStatusStated(const ScimStatusRule *rule, const JsonbValue *document,
							 const JsonbValue *before, ScimStatus now, ScimStatus *status,
							 List **problems);
extern bool ScimStatusIsSaid(const ScimStatusRule *rule, const JsonbValue *document,
							 ScimStatus status);
extern void
ScimStatusShow(const ScimStatusRule *rule, const ScimResourceType *type,
			   JsonbValue *document, ScimStatus status, const TimestampTz *const *times);
extern void ScimStatusHideTimes(const ScimStatusRule *rule, const ScimResourceType *type,
								JsonbValue *document);
/* The status that rows call by a name, in any letter case. */
extern bool
ScimStatusByOwnName(const ScimStatusRows *statuses, const ScimResourceType *type,
					const char *name, ScimStatus *status, bool *several);

#endif /* SCIM_POLICY_DOCUMENT_H */
