/*
 * endpoint.h
 *		Endpoints of one's own, the rows of a store's table "endpoint": flat JSON over
 *		its resources.
 *
 *		endpoint.c			which of them a request is for
 *		endpoint_compile.c	a row, checked, in the form that the others take; with
 *							endpoint_field.c, endpoint_list.c, endpoint_setting.c,
 *							endpoint_value.c
 *		endpoint_door.c		the triggers of the table
 *		endpoint_paths.c	what OpenAPI says of them
 *
 * Below them is flat/, which does what they say.
 *
 * A row of the table "endpoint" says at which path and by which methods something
 * is done with resources of a type, and how these look there: fields, which stand
 * for attributes, in bodies, filters and orders.
 *
 * What is compiled lives as long as what is cached of the store, which is to the
 * end of the transaction at least.
 */
#ifndef SCIM_ENDPOINT_H
#define SCIM_ENDPOINT_H

#include "endpoint/flat/flat.h"
#include "message/message.h"
#include "store/store.h"

/* So many endpoints that are on may a store have, and so many fields one of them. */
#define SCIM_MAX_ENDPOINTS 1000
#define SCIM_MAX_ENDPOINT_FIELDS 1000

/* All endpoints of a store. */
typedef struct ScimEndpoints
{
	List *all; /* of ScimEndpoint *: those that are enabled */
} ScimEndpoints;

/* endpoint.c */
extern const ScimEndpoints *ScimEndpointsOf(ScimStore *store);
extern const ScimEndpoint *
ScimEndpointsConflict(const ScimEndpoints *endpoints, const ScimEndpoint **twin,
					  const char **method);
extern void ScimFlatFind(ScimStore *store, ScimRequest *request);

/* endpoint_value.c */
extern const char *
ScimEndpointRuleFault(ScimStore *store, const ScimEndpoint *endpoint, const char **place);

/* endpoint_setting.c */
extern const char *ScimEndpointPointer(const ScimEndpointRow *row, const char *place);

/* endpoint_compile.c */
extern ScimEndpoint *
ScimEndpointCompile(const ScimStore *store, const ScimEndpointRow *row);

#endif /* SCIM_ENDPOINT_H */
