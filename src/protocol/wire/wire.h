/*
 * wire.h
 *		How resources look to clients of SCIM.
 *
 *		wire.c				names, bodies, answers
 *		wire_identifier.c	by what the members of groups are named
 *		wire_schema.c		the same in openapi.json
 */
#ifndef SCIM_PROTOCOL_WIRE_H
#define SCIM_PROTOCOL_WIRE_H

#include "door/members/members.h"
#include "message/message.h"
#include "policy/wire/wire.h"

/* wire.c */
extern const char *
ScimWireId(ScimStore *store, const ScimResourceType *type, const char *segment);
extern void ScimWireProjection(ScimRequest *request);
extern void ScimWireSearch(ScimRequest *request, ScimSearchRequest *search);
extern JsonbValue *ScimWireBody(ScimRequest *request);
extern bool ScimWireTakesBare(const ScimRequest *request, const JsonbValue *body);
extern const JsonbValue *
ScimWireOperations(ScimRequest *request, const JsonbValue *operations);
extern const char *
ScimWireRender(StringInfo out, ScimStore *store, const ScimResource *resource,
			   const ScimProjection *projection);

extern void ScimWireMembers(ScimRequest *request, const ScimResource *group,
							ScimSearchRequest *search, StringInfo out);

/* Whose members are named. */
typedef struct ScimIdentifiers
{
	ScimStore *store;
	const ScimWire *wire;
	const ScimResource *group;          /* that there is, or NULL */
	int lookups;                        /* for a filter over all groups, so far */
	struct ScimIdentifiersAsked *asked; /* what filters and paths name, or NULL */
	const ScimWireKind *doubt;          /* by which several have the identifier: */
	const char *doubted;
} ScimIdentifiers;

/* wire_identifier.c */
extern const char *ScimIdentifierId(void *context, const ScimWireKind *kind,
									const char *identifier, bool may_doubt);
extern const char *ScimIdentifiersSearch(ScimIdentifiers *identifiers, const char *filter,
										 const char **undecided);
extern void ScimIdentifiersDecide(const ScimIdentifiers *identifiers,
								  const ScimResourceType *type, const char *undecided);
extern void
ScimIdentifiersIn(ScimRequest *request, const ScimWire *wire, JsonbValue *document);
extern const JsonbValue *
ScimIdentifiersOperations(ScimRequest *request, const ScimWire *wire,
						  const JsonbValue *operations);
extern bool
ScimIdentifiersNaming(const ScimIdentifiers *identifiers, ScimMemberNaming *naming);
extern const char *ScimIdentifiersFilter(ScimStore *store, const ScimWire *wire,
										 const ScimResource *group, const char *filter);

#endif /* SCIM_PROTOCOL_WIRE_H */
