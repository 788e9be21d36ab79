/*
 * canonical.h
 *		Documents of resources by their schemas.
 *
 * A document on its way to its canonical form passes each of these once:
 *
 *		canonicalise.c	a client's document -> the canonical document, or problems
 *		value.c			the values of one attribute (value.h)
 *		member.c		the members of a group, by value or by $ref
 *		reference.c		whom a reference names
 *		stale_ref.c		the $ref of a reference that gets another value
 *		elements.c		the elements of an attribute among each other
 *		place.c			where in the document a problem is
 *
 * What is asked of one that is canonical:
 *
 *		mutability.c	what a write may change
 *		unseen.c		what a PUT does not take away, since no client can say it
 *		pairs.c			which value of several is which of those before
 *		same.c			whether two values are one to their attribute
 *		problem.c		which problems of a document are a write's own
 *		sealed.c		what of it is writeOnly, and stands there sealed
 *		unique.c		the values that no other resource may have
 */
#ifndef SCIM_CANONICAL_H
#define SCIM_CANONICAL_H

#include "postgres.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"

#include "schema/schema.h"
#include "text/sealed.h"

/* canonicalise.c */
/* Who wrote the document; in any combination. */
#define SCIM_BY_SERVICE 1    /* readOnly attributes are taken as they are */
#define SCIM_OF_STORED 2     /* what is kept elsewhere, a password, may be missing */
#define SCIM_ALL_KNOWN 4     /* whatever the setting unknown_attributes says */
#define SCIM_KEEP_WRONG 8    /* a wrong value is a problem, and stays as it is */
#define SCIM_ALL_PROBLEMS 16 /* more than the first SCIM_MAX_PROBLEMS, too */
#define SCIM_NULL_REMOVES 32 /* the null of a sealed attribute stays (sealed.c) */
/* What is sealed is as the document says: what it does not have is gone. */
#define SCIM_SEALED_STATED 64
/* Values that look alike stay apart until ScimKeepSealed has seen them. */
#define SCIM_KEEPS_SEALED 128
/* So does one of several values that is nothing but nulls which SCIM_NULL_REMOVES. */
#define SCIM_NULL_VALUES 256
/* Values that look alike stay apart until ScimKeepUnseen has seen them. */
#define SCIM_KEEPS_UNSEEN 512
/* So many are enough to see what is wrong with a document; it may have very many. */
#define SCIM_MAX_PROBLEMS 100
extern JsonbValue *
ScimCanonicalise(const ScimResourceType *type, const JsonbValue *document, int options,
				 List **problems);
/* Sets "schemas" to the URNs of the base schema and of the extensions that are there. */
extern void ScimSetSchemas(const ScimResourceType *type, JsonbValue *document);

/* value.c */
extern void
ScimCheckKnownValue(const ScimResourceType *type, const ScimAttribute *attribute,
					const JsonbValue *value, const char *path, List **problems);
extern JsonbValue *
ScimCanonicaliseValue(const ScimResourceType *type, const ScimAttribute *attribute,
					  const JsonbValue *value, const char *path, int options,
					  List **problems);

/* member.c */
extern const JsonbValue *ScimMemberWithValue(const JsonbValue *member);

/* problem.c */
extern List *ScimProblemsOfWrite(List *problems, const List *before);
extern void ScimDropMissing(const ScimAttribute *sub, List **problems);
extern void ScimDropMissingExtension(const ScimSchema *schema, List **problems);

/* mutability.c */
extern void
ScimCheckMutability(const ScimResourceType *type, const JsonbValue *old_document,
					JsonbValue *new_document, int options, List **problems);
extern void ScimDropStale(const ScimResourceType *type, const JsonbValue *old_document,
						  JsonbValue *new_document);

/* reference.c */
extern bool ScimReferenceIsSaid(const JsonbValue *value);
extern const JsonbValue *ScimReferenceSaid(const JsonbValue *value);

/* stale_ref.c */
extern bool ScimIsReference(const ScimAttribute *attribute);
extern const JsonbValue *
ScimDropStaleReferences(const ScimResourceType *type, const JsonbValue *old_document,
						const JsonbValue *document, bool clears);
extern void ScimReferenceSetValue(const ScimAttribute *attribute, JsonbValue *complex,
								  const JsonbValue *value);

/* sealed.c */
/* Is it a value that is sealed, by its form? */
static inline bool
ScimIsSealedValue(const JsonbValue *value)
{
	return value->type == jbvString &&
		   ScimLooksSealed(value->val.string.val, value->val.string.len);
}

/* belongs: the value is one of an attribute that is sealed */
typedef void (*ScimUseSealed)(void *arg, JsonbValue *value, const char *path,
							  bool belongs);
extern void ScimForEachSealed(const ScimResourceType *type, JsonbValue *document,
							  ScimUseSealed use, void *arg);
extern void
ScimKeepSealedValue(const ScimAttribute *attribute, const JsonbValue *old_value,
					JsonbValue *new_value, List **problems);
extern bool
ScimIsHidden(const ScimAttribute *attributes, int count, const JsonbValue *value);
/* What stays of an element that no client can state; NULL: nothing. */
typedef const JsonbValue *(*ScimStays)(const ScimAttribute *attribute,
									   const JsonbValue *element, int options);
extern void
ScimKeepHidden(const ScimAttribute *attribute, const JsonbValue *old_array,
			   const bool *taken, ScimStays stays, int options, JsonbValue *new_array);
extern void ScimKeepSealed(const ScimResourceType *type, const JsonbValue *old_document,
						   JsonbValue *document, List **problems);

/* unique.c */
typedef struct ScimUniqueValue
{
	const ScimUniqueAttribute *attribute;
	const JsonbValue *value; /* as it stands in the document */
	char *key;               /* equal where the values are */
} ScimUniqueValue;
/* of the type's unique attributes, and of others: ScimUniqueAttribute * */
extern List *ScimUniqueValues(const ScimResourceType *type, const List *others,
							  const JsonbValue *document);
extern uint32 ScimUniqueValueHash(const ScimUniqueValue *value);
extern bool ScimUniqueValueEqual(const ScimUniqueValue *a, const ScimUniqueValue *b);

/* same.c: whether values are one to their attribute, with a hash for those that are */
extern bool
ScimSameValue(const ScimResolved *of, const JsonbValue *a, const JsonbValue *b);
extern bool ScimSamePart(const ScimResolved *of, const JsonbValue *key,
						 const JsonbValue *a, const JsonbValue *b);
extern uint32 ScimSameHash(const ScimResolved *of, const JsonbValue *value);
extern bool ScimBytesSame(const JsonbValue *a, const JsonbValue *b);
extern uint32 ScimBytesHash(const JsonbValue *value);

/* elements.c: values that are one; which of several is meant where one is */
extern void ScimElementsDistinct(const ScimAttribute *attribute, JsonbValue *array);
extern void ScimElementsMerge(const ScimAttribute *attribute, JsonbValue *array);
extern bool ScimIsPrimary(const JsonbValue *element);
extern const JsonbValue *ScimPrimaryElement(const JsonbValue *array);
extern const JsonbValue *ScimChosenElement(const JsonbValue *array);

/* unseen.c */
extern void ScimKeepUnseen(const ScimResourceType *type, const JsonbValue *old_document,
						   JsonbValue *document, int options, List **problems);

/* pairs.c: which of several values is which of those before */
extern int *ScimElementsPair(const ScimAttribute *attribute, const JsonbValue *old_value,
							 const JsonbValue *new_array);
extern const JsonbValue *ScimElementsOf(const JsonbValue *value, int *count);
extern bool ScimHoldsSealed(const ScimAttribute *attribute, const JsonbValue *value);
extern bool ScimHasName(const ScimAttribute *attribute);
extern bool ScimSameName(const ScimAttribute *attribute, const JsonbValue *old_value,
						 const JsonbValue *new_value);

#endif /* SCIM_CANONICAL_H */
