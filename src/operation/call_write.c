/*
 * call_write.c
 *		What SQL functions that write have in common.
 */
#include "postgres.h"

#include "fmgr.h"

#include "error.h"
#include "operation/operation.h"
#include "store/credential/credential.h"

/*
 * ScimCallWrite does what a function that writes does, once it has been let in
 * (type_to_write).  Where a constraint is violated, the error is the one that an HTTP
 * client gets; what a trigger raises is left as it is.  deletes: a resource is to go.
 */
Datum
ScimCallWrite(FunctionCallInfo fcinfo, PGFunction function, bool deletes)
{
	MemoryContext context = CurrentMemoryContext;
	int before = ScimScopeLevel();
	Datum result = (Datum) 0;

	PG_TRY();
	{
		result = function(fcinfo);
		ScimScopeLetOut(before);
	}
	PG_CATCH();
	{
		ScimReraiseViolation(context, deletes);
	}
	PG_END_TRY();
	return result;
}
