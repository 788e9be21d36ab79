/*
 * value.h
 *		A value on its way to its canonical form; private to the files that it
 *		passes, from canonicalise.c on: value.c, then schema/scalar.c, member.c and
 *		elements.c; place.c says what is wrong with it.
 */
#ifndef SCIM_VALUE_H
#define SCIM_VALUE_H

#include "schema/canonical/canonical.h"

/* Where in a document: written out only when there is a problem. */
typedef struct ScimPlace
{
	const struct ScimPlace *outer;
	const char *name; /* an attribute as sent, a schema URN or a whole path */
	int name_len;
	int index;   /* of the element, or -1 */
	bool is_urn; /* a colon follows, not a dot */
} ScimPlace;

typedef struct ScimValueContext
{
	const ScimResourceType *type;
	List **problems; /* where problems go */
	int options;     /* of ScimCanonicalise */
} ScimValueContext;

/* place.c */
extern ScimPlace ScimPlaceOf(const ScimPlace *outer, const char *name, int name_len);
extern bool ScimProblemsFull(const ScimValueContext *context);
extern ScimProblem *ScimPlaceProblem(const ScimValueContext *context, ScimErrorKind kind,
									 const ScimPlace *place, const char *what);
extern void
ScimCheckKnown(const ScimValueContext *context, const ScimAttribute *attribute,
			   const JsonbValue *value, const ScimPlace *place);
extern void ScimUnknownMember(const ScimValueContext *context, const JsonbPair *pair,
							  const ScimPlace *outer);
extern const char *ScimDescribeValue(const JsonbValue *value);

/* member.c */
extern const char *
ScimReferenceFault(const ScimValueContext *context, const ScimAttribute *attribute,
				   const JsonbValue *reference, const ScimResourceType **target);

/* elements.c */
extern int ScimElementsPrimary(const ScimAttribute *attribute, const JsonbValue *array);

/* value.c */
extern bool ScimIsNone(const ScimAttribute *attribute, const JsonbValue *value);
extern bool
ScimCanonicaliseAttribute(const ScimValueContext *context, const ScimAttribute *attribute,
						  const JsonbValue *value, const ScimPlace *place,
						  JsonbValue *result);

#endif /* SCIM_VALUE_H */
