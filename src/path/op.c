/*
 * op.c
 *		Comparison and hashing of scim.path: names and URNs without regard to
 *		case, the literals of a value filter exactly.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "fmgr.h"
#include "path/path.h"
#include "text/fold.h"

static int
compare_paths(const ScimPath *a, const ScimPath *b)
{
	const ScimFilter *x = ScimPathFilter(a);
	const ScimFilter *y = ScimPathFilter(b);
	int result;

	result = ScimNameCompare(ScimPathString(a, a->urn), ScimPathString(b, b->urn));
	if (result == 0)
		result = ScimNameCompare(ScimPathString(a, a->name), ScimPathString(b, b->name));
	if (result == 0)
		result = ScimNameCompare(ScimPathString(a, a->sub), ScimPathString(b, b->sub));
	if (result == 0 && (x == NULL || y == NULL))
		return (x != NULL) - (y != NULL);
	return result != 0 ? result : ScimFilterCompare(x, y);
}

/* Bytes that are the same for equal paths. */
static void
hash_key(StringInfo key, const ScimPath *path)
{
	initStringInfo(key);
	ScimNameHashKey(key, ScimPathString(path, path->urn));
	ScimNameHashKey(key, ScimPathString(path, path->name));
	ScimNameHashKey(key, ScimPathString(path, path->sub));
	if (path->filter != 0)
		ScimFilterHashKey(key, ScimPathFilter(path));
}

/* Compares the two arguments of an operator and frees their detoasted copies. */
static int
compare_arguments(FunctionCallInfo fcinfo)
{
	ScimPath *a = PG_GETARG_SCIM_PATH_P(0);
	ScimPath *b = PG_GETARG_SCIM_PATH_P(1);
	int result = compare_paths(a, b);

	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return result;
}

PG_FUNCTION_INFO_V1(scim_path_cmp);
PG_FUNCTION_INFO_V1(scim_path_eq);
PG_FUNCTION_INFO_V1(scim_path_ne);
PG_FUNCTION_INFO_V1(scim_path_lt);
PG_FUNCTION_INFO_V1(scim_path_le);
PG_FUNCTION_INFO_V1(scim_path_gt);
PG_FUNCTION_INFO_V1(scim_path_ge);
PG_FUNCTION_INFO_V1(scim_path_hash);
PG_FUNCTION_INFO_V1(scim_path_hash_extended);

Datum
scim_path_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare_arguments(fcinfo));
}

Datum
scim_path_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) == 0);
}

Datum
scim_path_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) != 0);
}

Datum
scim_path_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) < 0);
}

Datum
scim_path_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) <= 0);
}

Datum
scim_path_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) > 0);
}

Datum
scim_path_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) >= 0);
}

/* Hash of a path, for hash joins and aggregates. */
Datum
scim_path_hash(PG_FUNCTION_ARGS)
{
	ScimPath *path = PG_GETARG_SCIM_PATH_P(0);
	StringInfoData key;
	Datum hash;

	hash_key(&key, path);
	hash = hash_any((unsigned char *) key.data, key.len);
	pfree(key.data);
	PG_FREE_IF_COPY(path, 0);
	return hash;
}

/* The same with a seed, for hash partitioning. */
Datum
scim_path_hash_extended(PG_FUNCTION_ARGS)
{
	ScimPath *path = PG_GETARG_SCIM_PATH_P(0);
	StringInfoData key;
	Datum hash;

	hash_key(&key, path);
	hash = hash_any_extended((unsigned char *) key.data, key.len, PG_GETARG_INT64(1));
	pfree(key.data);
	PG_FREE_IF_COPY(path, 0);
	return hash;
}
