/*
 * binding.h
 *		An application's own table, bound to the resources of a type: each write to
 *		either side is one to the other, in the same transaction.
 *
 * Triggers on both sides call what is here; the door knows nothing of it.
 *
 *		bind.c			scim.bind_table, scim.unbind_table
 *		bind_trigger.c	the triggers of both sides: made, missed, made again
 *		bind_check.c	whether a table can be bound
 *		take_in.c		what is there already, when a table is bound
 *		match.c			which of these rows are which resources
 *		compare.c		scim.check_binding
 *		mend.c			scim.mend_binding
 *
 * Below it: one side follows the other in follow/, which reads and writes rows and
 * resources by sides/, of tables, columns and links that bound/ knows.
 *
 * Both directions read what is there before they write, and write only what differs: so
 * what comes back finds that all is said already, and it ends.  Where both sides change
 * what the other one says (a trigger that writes in lower case, a policy that does not),
 * it would not, and is an error.
 *
 * Rows are locked before resources (lock.c).  What is written to a resource because of
 * its row is made of a row that was read after the resource, and written only where that
 * is still what it was: so nothing is undone that somebody else has committed meanwhile.
 */
#ifndef SCIM_BINDING_H
#define SCIM_BINDING_H

#include "postgres.h"
#include "nodes/execnodes.h"
#include "nodes/pg_list.h"
#include "storage/lockdefs.h"
#include "utils/jsonb.h"

#include "binding/bound/bound.h"
#include "store/store.h"

/* take_in.c */
extern void
ScimTakeIn(ScimBinding *binding, const JsonbValue *former, ReturnSetInfo *report);

/* bind_trigger.c */
extern void ScimBoundTriggersMake(const ScimStore *store, const ScimBinding *binding);
extern void ScimBoundTriggersDrop(Oid relid);
extern void ScimBoundTriggersLetGo(const ScimStore *store, const char *type_name);
extern bool ScimBoundTriggersFree(const ScimStore *store, Oid relid);
extern List *ScimBindAddLock(List *locks, Oid relid, LOCKMODE mode);
extern void ScimBindLockAll(const List *tables);
extern void ScimBindLock(const ScimBinding *binding);
extern void ScimBindLockToTakeIn(const ScimBinding *binding, const List *let_go);
extern void
ScimBindRequireSeen(const ScimStore *store, const ScimResourceType *type, Oid relid);
extern List *ScimBindingLacks(const ScimBinding *binding, bool whole);
extern void
ScimBindingsLost(const ScimStore *store,
				 void (*use)(void *arg, Oid relid, const char *why), void *arg);

/* bind_check.c */
extern void ScimBindCheckTable(const ScimStore *store, Oid relid);
extern void ScimBindCheckFree(Oid relid);
extern void ScimBindCheck(ScimStore *store, const ScimBinding *binding);

#endif /* SCIM_BINDING_H */
