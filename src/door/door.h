/*
 * door.h
 *		What every write passes, whoever writes: the triggers of a store's tables
 *		of resources and members.
 *
 *		door.c			a row of "resource", BEFORE: what it becomes (row/at_door.h)
 *		record.c		a row of "resource", AFTER: audit, events, what follows
 *						(row/at_door.h)
 *		leave.c			what is done to a row in place of what its statement says
 *						(row/at_door.h)
 *		settle.c		and when: what waits for all that a statement takes away
 *		consistency.c	rows of the other tables lead somewhere
 *		unique_row.c	those of unique values, which the store itself keeps
 *
 * Below it: what a row becomes in row/, members in members/, and two policies that are
 * judged when a statement is over, guard/ and roles/.
 */
#ifndef SCIM_DOOR_H
#define SCIM_DOOR_H

#include "postgres.h"
#include "fmgr.h"
#include "utils/uuid.h"

#include "store/store.h"

/* door.c */
extern void ScimRowContextOpen(FunctionCallInfo fcinfo, void **kept);

/* leave.c */
extern void ScimLeaveSettle(int depth);

/* settle.c: a resource is out of sight now; when this has its consequences */
extern Datum scim_resource_settle(PG_FUNCTION_ARGS);
extern void ScimSettleTogether(void (*work)(void *arg), void *arg);
extern void ScimLeaveGroupsTogether(void (*work)(void *arg), void *arg);
extern bool
ScimLeaveGroupFirst(const ScimStore *store, int32 tenant_id, const pg_uuid_t *group);
extern void ScimSettleGone(const ScimStore *store, int32 tenant_id,
						   const ScimResourceType *type, const pg_uuid_t *id);

#endif /* SCIM_DOOR_H */
