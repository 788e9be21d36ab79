/*
 * gin_int4.c
 *		scim.gin_int4_ops: equality of an integer in a GIN index.
 *
 * The index of a store's documents is over (tenant_id, data), so that one scan
 * intersects the rows of a tenant with the rows of a key: what a thousand other
 * tenants have under the same key is skipped, not read.  The keys are those of
 * contrib/btree_gin, which a store must not depend on for one operator.
 */
#include "postgres.h"

#include "access/gin.h"

#include "compat.h"
#include "fmgr.h"

PG_FUNCTION_INFO_V1(scim_gin_int4_extract_value);
PG_FUNCTION_INFO_V1(scim_gin_int4_extract_query);
PG_FUNCTION_INFO_V1(scim_gin_int4_triconsistent);

/* The value itself is its only key. */
static Datum *
only_key(Datum value, int32 *nkeys)
{
	Datum *keys = palloc(sizeof(Datum));

	keys[0] = value;
	*nkeys = 1;
	return keys;
}

/* scim_internal.gin_int4_extract_value(int4, internal, internal) returns internal */
Datum
scim_gin_int4_extract_value(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(only_key(PG_GETARG_DATUM(0), (int32 *) PG_GETARG_POINTER(1)));
}

/* scim_internal.gin_int4_extract_query(int4, internal, int2, internal, internal,
 * internal, internal) */
Datum
scim_gin_int4_extract_query(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(only_key(PG_GETARG_DATUM(0), (int32 *) PG_GETARG_POINTER(1)));
}

/* scim_internal.gin_int4_triconsistent(internal, int2, int4, int4, internal, internal,
 * internal)
 */
Datum
scim_gin_int4_triconsistent(PG_FUNCTION_ARGS)
{
	GinTernaryValue *check = (GinTernaryValue *) PG_GETARG_POINTER(0);

	PG_RETURN_GIN_TERNARY_VALUE(check[0]);
}
