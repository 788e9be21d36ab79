/*
 * difference.c
 *		What makes one document of another (RFC 6902), and how a change is taken back that
 *		others have come after.
 */
#include "postgres.h"

#include "json/json.h"
#include "miscadmin.h"

/* Up to so many pairs of elements of two arrays are compared; more by their places. */
#define MAX_COMPARE_ALL 10000

static void append_token(StringInfo path, const JsonbValue *key);
static void add_operation(JsonbValue *operations, const char *op, const StringInfo path,
						  const JsonbValue *value);
static void compare(JsonbValue *operations, StringInfo path, const JsonbValue *before,
					const JsonbValue *after);
static void compare_objects(JsonbValue *operations, StringInfo path,
							const JsonbValue *before, const JsonbValue *after);
static void compare_arrays(JsonbValue *operations, StringInfo path,
						   const JsonbValue *before, const JsonbValue *after);
static void compare_elements(JsonbValue *operations, StringInfo path, const JsonbValue *a,
							 int na, const JsonbValue *b, int nb, int start);

/*
 * ScimJsonDifference returns the operations of RFC 6902 that make after of before, as an
 * array; NULL is a document that is not there.
 */
JsonbValue *
ScimJsonDifference(const JsonbValue *before, const JsonbValue *after)
{
	JsonbValue *operations = ScimJsonNewArray();
	StringInfoData path;

	initStringInfo(&path);
	if (before != NULL && after != NULL)
		compare(operations, &path, before, after);
	else if (after != NULL)
		add_operation(operations, "add", &path, after);
	else if (before != NULL)
		add_operation(operations, "remove", &path, NULL);
	return operations;
}

/* ScimJsonOperation is one operation; path and value may be NULL. */
JsonbValue *
ScimJsonOperation(const char *op, const char *path, const JsonbValue *value)
{
	JsonbValue *operation = ScimJsonNewObject();

	ScimJsonSet(operation, "op", ScimJsonNewString(op));
	if (path != NULL)
		ScimJsonSet(operation, "path", ScimJsonNewString(path));
	if (value != NULL)
		ScimJsonSet(operation, "value", value);
	return operation;
}

static void
add_operation(JsonbValue *operations, const char *op, const StringInfo path,
			  const JsonbValue *value)
{
	ScimJsonAppend(operations, ScimJsonOperation(op, pstrdup(path->data), value));
}

/* RFC 6901: "~" and "/" within a token are ~0 and ~1. */
static void
append_token(StringInfo path, const JsonbValue *key)
{
	appendStringInfoChar(path, '/');
	for (int i = 0; i < key->val.string.len; i++)
	{
		char c = key->val.string.val[i];

		if (c == '~')
			appendStringInfoString(path, "~0");
		else if (c == '/')
			appendStringInfoString(path, "~1");
		else
			appendStringInfoChar(path, c);
	}
}

static void
cut_path(StringInfo path, int len)
{
	path->len = len;
	path->data[len] = '\0';
}

static void
compare(JsonbValue *operations, StringInfo path, const JsonbValue *before,
		const JsonbValue *after)
{
	check_stack_depth();
	if (before->type == jbvObject && after->type == jbvObject)
		compare_objects(operations, path, before, after);
	else if (before->type == jbvArray && after->type == jbvArray)
		compare_arrays(operations, path, before, after);
	else if (!ScimJsonEqual(before, after))
		add_operation(operations, "replace", path, after);
}

static void
compare_objects(JsonbValue *operations, StringInfo path, const JsonbValue *before,
				const JsonbValue *after)
{
	int len = path->len;

	for (int i = 0; i < before->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &before->val.object.pairs[i];

		CHECK_FOR_INTERRUPTS();
		if (ScimJsonGetKey(after, &pair->key) != NULL)
			continue;
		append_token(path, &pair->key);
		add_operation(operations, "remove", path, NULL);
		cut_path(path, len);
	}
	for (int i = 0; i < after->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &after->val.object.pairs[i];
		const JsonbValue *was = ScimJsonGetKey(before, &pair->key);

		CHECK_FOR_INTERRUPTS();
		append_token(path, &pair->key);
		if (was == NULL)
			add_operation(operations, "add", path, &pair->value);
		else
			compare(operations, path, was, &pair->value);
		cut_path(path, len);
	}
}

static void
compare_arrays(JsonbValue *operations, StringInfo path, const JsonbValue *before,
			   const JsonbValue *after)
{
	const JsonbValue *a = before->val.array.elems;
	const JsonbValue *b = after->val.array.elems;
	int na = before->val.array.nElems;
	int nb = after->val.array.nElems;
	int start = 0;

	while (start < na && start < nb && ScimJsonEqual(&a[start], &b[start]))
		start++;
	while (na > start && nb > start && ScimJsonEqual(&a[na - 1], &b[nb - 1]))
	{
		na--;
		nb--;
	}
	compare_elements(operations, path, a + start, na - start, b + start, nb - start,
					 start);
}

/* An operation on, or within, the element at an index. */
static void
at_element(JsonbValue *operations, StringInfo path, int index, const JsonbValue *before,
		   const JsonbValue *after)
{
	int len = path->len;

	appendStringInfo(path, "/%d", index);
	if (before == NULL)
		add_operation(operations, "add", path, after);
	else if (after == NULL)
		add_operation(operations, "remove", path, NULL);
	else
		compare(operations, path, before, after);
	cut_path(path, len);
}

/*
 * How many elements the ends of two arrays have in common, in order: of those from i and
 * j on, in common[i * (nb + 1) + j].
 */
static int *
common_ends(const JsonbValue *a, int na, const JsonbValue *b, int nb)
{
	int *common = palloc0(sizeof(int) * (na + 1) * (nb + 1));

	for (int i = na - 1; i >= 0; i--)
	{
		CHECK_FOR_INTERRUPTS();
		for (int j = nb - 1; j >= 0; j--)
		{
			int *here = &common[i * (nb + 1) + j];

			if (ScimJsonEqual(&a[i], &b[j]))
				*here = here[nb + 2] + 1;
			else
				*here = Max(here[nb + 1], here[1]);
		}
	}
	return common;
}

/*
 * Elements that differ at both ends, the first of which has the index "start".  Each
 * operation has the index of the array as it is by then: what is behind it is of before.
 */
static void
compare_elements(JsonbValue *operations, StringInfo path, const JsonbValue *a, int na,
				 const JsonbValue *b, int nb, int start)
{
	bool few = (int64) na * nb <= MAX_COMPARE_ALL;
	int *common = few ? common_ends(a, na, b, nb) : NULL;
	int i = 0;
	int j = 0;

	while (i < na || j < nb)
	{
		const int *here = few ? &common[i * (nb + 1) + j] : NULL;

		CHECK_FOR_INTERRUPTS();
		if (i < na && j < nb &&
			(!few || ScimJsonEqual(&a[i], &b[j]) || here[nb + 2] == here[0]))
		{
			at_element(operations, path, start + j, &a[i], &b[j]);
			i++;
			j++;
		}
		else if (i < na && (j == nb || here[nb + 1] == here[0]))
			at_element(operations, path, start + j, &a[i++], NULL);
		else
		{
			at_element(operations, path, start + j, NULL, &b[j]);
			j++;
		}
	}
	if (common != NULL)
		pfree(common);
}

/* Of changes of objects those of one of their keys, where it changed. */
static List *
later_of_key(const List *later, const JsonbValue *key)
{
	List *values = NIL;
	ListCell *lc;

	foreach (lc, later)
	{
		const ScimJsonChange *change = lfirst(lc);
		const JsonbValue *was = ScimJsonGetKey(change->was, key);
		const JsonbValue *is = ScimJsonGetKey(change->is, key);
		ScimJsonChange *value;

		CHECK_FOR_INTERRUPTS();
		if (ScimJsonSame(was, is))
			continue;
		value = palloc(sizeof(ScimJsonChange));
		value->was = was;
		value->is = is;
		values = lappend(values, value);
	}
	return values;
}

/* What is to become of one key of an object in which a change from was to is is undone.
 */
static void
take_back_key(JsonbValue *now, const StringInfo path, const JsonbValue *key,
			  const JsonbValue *was, const JsonbValue *is, const List *later,
			  List **conflicts)
{
	JsonbValue *value = (JsonbValue *) ScimJsonGetKey(now, key);
	char *name;

	if (ScimJsonSame(was, is) || ScimJsonSame(value, was))
		return;
	name = ScimJsonStringCopy(key);
	later = later_of_key(later, key);
	if (ScimJsonSame(value, is) && later == NIL)
	{
		if (was != NULL)
			ScimJsonSet(now, name, was);
		else
			ScimJsonRemove(now, name);
	}
	else if (value != NULL && value->type == jbvObject &&
			 (was == NULL || was->type == jbvObject) &&
			 (is == NULL || is->type == jbvObject))
	{
		int len = path->len;

		append_token(path, key);
		ScimJsonTakeBack(value, path, was, is, later, conflicts);
		cut_path(path, len);
	}
	else
	{
		int len = path->len;

		append_token(path, key);
		*conflicts = lappend(*conflicts, pstrdup(path->data));
		cut_path(path, len);
	}
}

/*
 * ScimJsonTakeBack undoes, in the object now, what was changed when was became is (each
 * an object, or NULL for none).  What has become something else since stays as it is:
 * its path, which begins with path, is appended to conflicts.  So is what others have
 * changed since and is as it was again, which is theirs: later, of ScimJsonChange *.
 */
void
ScimJsonTakeBack(JsonbValue *now, StringInfo path, const JsonbValue *was,
				 const JsonbValue *is, const List *later, List **conflicts)
{
	check_stack_depth();
	for (int i = 0; was != NULL && i < was->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &was->val.object.pairs[i];

		CHECK_FOR_INTERRUPTS();
		take_back_key(now, path, &pair->key, &pair->value, ScimJsonGetKey(is, &pair->key),
					  later, conflicts);
	}
	for (int i = 0; is != NULL && i < is->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &is->val.object.pairs[i];

		CHECK_FOR_INTERRUPTS();
		if (ScimJsonGetKey(was, &pair->key) == NULL)
			take_back_key(now, path, &pair->key, NULL, &pair->value, later, conflicts);
	}
}
