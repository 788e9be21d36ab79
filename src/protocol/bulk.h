/*
 * bulk.h
 *		A bulk request at hand: its operations, and what is known of each.
 *
 *		bulk_message.c		what the request says
 *		bulk_id.c			ids of what it creates, in the place of bulkId:x
 *		bulk_reference.c	where in the data of an operation references stand
 *		bulk.c				in which order it is done, and that
 *		bulk_perform.c		one operation
 *		bulk_atomic.c		all of them or none, and constraints that wait for the end
 *		bulk_together.c		changes of one resource in one subtransaction
 *		bulk_leave.c		deletions, whose groups lose all of them at once
 *		bulk_result.c		what each operation has come to
 */
#ifndef SCIM_BULK_H
#define SCIM_BULK_H

#include "postgres.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"
#include "utils/uuid.h"

#include "protocol/protocol.h"
#include "store/store.h"

typedef struct Operation
{
	int number; /* 1-based */
	const char *method;
	const char *path;
	const char *bulk_id;
	const char *version;
	JsonbValue *data;
	pg_uuid_t id; /* of what a POST creates */
	char *id_text;
	List *needs;         /* of int: the creations that this refers to */
	const char *problem; /* why it cannot be performed, or NULL */
	ScimErrorKind problem_kind;
	/* Tarjan's algorithm */
	int visit;     /* when it was found, from 1; 0: not yet */
	int low;       /* the earliest on the stack that can be reached from here */
	int stack_at;  /* where it is on the stack */
	int next_need; /* the first of needs that is not followed yet */
	bool on_stack;
	bool in_circle; /* and so may be performed again */
	bool took_id;   /* when it was performed last, id became another one */
	bool shares;    /* another one changes the same resource */
	bool leaves;    /* it deletes a resource, and so does another one */
	/* the result */
	int done;   /* when it was performed, from 1 */
	int status; /* 0: not performed */
	const char *location;
	const char *etag;
	const char *type_name; /* of the resource that has that, and its id */
	pg_uuid_t resource_id;
	const char *error; /* the body of an error answer */
	ScimErrorKind error_kind;
	const char *error_type; /* its scimType, or NULL */
	const char *error_detail;
} Operation;

typedef struct Creation
{
	const char *bulk_id;
	int index;
	int needed_by; /* number of the last operation that was found to refer to it */
} Creation;

typedef struct Bulk
{
	ScimStore *store;
	bool atomic;
	bool check_constraints;  /* the deferred ones, with each operation */
	bool asks_last;          /* or once all are done */
	const Operation *raised; /* the one whose error is that of the request, or NULL */
	ErrorData *unmet;        /* what constraints had against those before it */
	int64 fail_on_errors;
	int noperations;
	Operation *operations;
	int ncreations;
	Creation *creations; /* by bulk_id */
	int visits;
	int nstack;
	int *stack;
	int npath;
	int *path; /* from the operation that was begun with to the one at hand */
	int ndone;
	int errors;
	bool stopped;
	/* operations that share, or such that leave, in their order */
	int nwaiting;
	int *waiting;
} Bulk;

/* ScimBulkRefersTo: does an operation refer to what another one creates? */
static inline bool
ScimBulkRefersTo(const Operation *operation, int index)
{
	return list_member_int(operation->needs, index);
}

/* The type that the path of an operation leads to, or NULL. */
static inline const ScimResourceType *
ScimBulkType(const Bulk *bulk, const Operation *operation)
{
	const char *path = operation->path;

	if (path == NULL)
		return NULL;
	path += strspn(path, "/");
	return ScimRegistryTypeByEndpoint(bulk->store->registry, path, strcspn(path, "/?"));
}

/* bulk_perform.c; together: in the subtransaction at hand, where errors are the caller's
 */
extern void ScimBulkPerform(Bulk *bulk, Operation *operation, bool together);
extern bool ScimBulkPerformAlone(Bulk *bulk, Operation *operation);
extern bool ScimBulkAttempt(void (*work)(void *arg), void *arg);
extern void ScimBulkForget(Operation *operation);
extern const Operation *ScimBulkFailedNeed(const Bulk *bulk, const Operation *operation);
extern void ScimBulkAsk(void *bulk);
extern void
ScimBulkCount(Bulk *bulk, const Operation *operation, const Operation *raised);

/* bulk_atomic.c */
extern void
ScimBulkAtomic(Bulk *bulk, const JsonbValue *message, void (*perform)(Bulk *bulk));

/* bulk_together.c */
extern void ScimBulkFindShared(Bulk *bulk);
extern void ScimBulkWait(Bulk *bulk, int index);
extern void ScimBulkPerformWaiting(Bulk *bulk);

/* bulk_leave.c */
extern void ScimBulkFindLeavers(Bulk *bulk);
extern void ScimBulkPerformLeavers(Bulk *bulk, const int *indexes, int n);

/* bulk_message.c */
extern void ScimBulkRead(Bulk *bulk, const JsonbValue *message);

/* bulk_id.c */
extern void ScimBulkCollect(Bulk *bulk);
extern void ScimBulkResolve(Bulk *bulk, Operation *operation);
extern void ScimBulkTakeId(Bulk *bulk, int index, const pg_uuid_t *id);

/* bulk_result.c */
extern const char *ScimBulkLocation(const Bulk *bulk, const Operation *operation,
									const ScimRequest *request, const ScimAnswer *answer);
extern void ScimBulkFail(const Bulk *bulk, Operation *operation, ScimErrorKind kind,
						 const char *scim_type, const char *detail);
extern void ScimBulkRaise(const Operation *operation);
extern void ScimBulkWriteResult(StringInfo out, const Operation *operation);

#endif /* SCIM_BULK_H */
