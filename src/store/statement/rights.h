/*
 * rights.h
 *		What is wrong with whose a store is, and with what its owner may do in it.
 */
#ifndef SCIM_RIGHTS_H
#define SCIM_RIGHTS_H

#include "postgres.h"
#include "nodes/pg_list.h"
#include "utils/elog.h"

typedef enum ScimFaultKind
{
	SCIM_FAULT_READING, /* nothing can be found or read: it is no store */
	SCIM_FAULT_WRITING, /* requests that change something are refused */
	SCIM_FAULT_OTHER,   /* so is what is done more rarely, and what makes something */
	SCIM_FAULT_KEPT     /* rows that nobody is to change: the owner may mean it */
} ScimFaultKind;

typedef struct ScimFault
{
	ScimFaultKind kind;
	Oid namespace_oid;
	Oid relid;  /* the table that it is about; InvalidOid: the schema */
	char *what; /* as the message of an error */
	char *mend; /* the statement that mends it */
} ScimFault;

extern Oid ScimRelationOwner(Oid relid);
extern char *ScimFaultSentence(const ScimFault *fault);
extern char *ScimTableForeign(Oid namespace_oid, Oid relid, Oid owner);
extern List *ScimStoreFaults(Oid namespace_oid, Oid owner);
pg_noreturn extern void ScimFaultRaise(const ScimFault *fault, const char *denied);
extern bool ScimErrorIsFault(const ErrorData *error);
extern const ScimFault *
ScimFaultBehind(const ErrorData *error, Oid user, bool everywhere);
extern void ScimFaultRethrow(MemoryContext caller);

#endif /* SCIM_RIGHTS_H */
