/*
 * op.c
 *		Comparison and hashing of scim.path: names and URNs without regard to
 *		case, the literals of a value filter exactly.
 */
#include "postgres.h"

#include "path/path.h"
#include "text/fold.h"

/* ScimPathCompare orders paths; 0 means that they are equal. */
int
ScimPathCompare(const ScimPath *a, const ScimPath *b)
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

/* ScimPathHashKey appends bytes that are the same for equal paths, for hashing. */
void
ScimPathHashKey(StringInfo key, const ScimPath *path)
{
	ScimNameHashKey(key, ScimPathString(path, path->urn));
	ScimNameHashKey(key, ScimPathString(path, path->name));
	ScimNameHashKey(key, ScimPathString(path, path->sub));
	if (path->filter != 0)
		ScimFilterHashKey(key, ScimPathFilter(path));
}
