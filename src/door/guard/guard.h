/*
 * guard.h
 *		The policy "guard" at the door.
 *
 *		guard.c			what is taken away, noted until the statement is over
 *		guard_state.c	the tables "guard" and "guard_count": counts, and guards that
 *						have tripped
 *		guard_last.c	who holds something, and is not the last
 */
#ifndef SCIM_DOOR_GUARD_H
#define SCIM_DOOR_GUARD_H

#include "postgres.h"
#include "utils/uuid.h"

#include "policy/policy.h"
#include "store/store.h"

struct Door;
struct ScimOccurrence;

/* guard_state.c: with SPI connected, as the owner of the store */
typedef struct ScimGuardState
{
	pg_uuid_t id;
	int64 used;
	bool tripped;
} ScimGuardState;
extern void ScimGuardLock(ScimStore *store, int32 tenant_id, const pg_uuid_t *policy,
						  const char *key, const char *actor, ScimGuardState *state);
extern void ScimGuardTouch(ScimStore *store, int32 tenant_id, const pg_uuid_t *policy);
/* An error (SCGRD) where these are too many, or the guard has tripped. */
extern void ScimGuardCount(ScimStore *store, int32 tenant_id, const ScimRule *rule,
						   int64 amount, const pg_uuid_t *resource);

/* guard_last.c: an error (SC409) where too few would be left */
extern void ScimGuardKeepHolders(ScimStore *store, int32 tenant_id, const ScimRule *rule,
								 const pg_uuid_t *resource);
extern void ScimGuardKeepMembers(ScimStore *store, int32 tenant_id, const ScimRule *rule,
								 const pg_uuid_t *group);
/* The same of a group that goes, or would not be one of those any more. */
extern void ScimGuardGroupStays(ScimStore *store, int32 tenant_id,
								const ScimGuardRule *rule, const pg_uuid_t *group);

/* guard.c: what is taken away, and is too much */
extern void
ScimGuardNoteRow(const struct Door *door, const struct ScimOccurrence *happened);
extern void ScimGuardNoteMembers(ScimStore *store);
extern void
ScimGuardNoteGroupGoes(const struct Door *door, const struct ScimOccurrence *happened);
extern void ScimGuardSettle(int depth);
/* guard_state.c: what was refused in this transaction is told of, if that can be */
extern void ScimGuardTellRefused(void);
extern uint64 ScimGuardLastRefused(void);
extern void ScimGuardForgetRefused(uint64 number);
extern SubTransactionId ScimGuardKeep(SubTransactionId since);

#endif /* SCIM_DOOR_GUARD_H */
