/*
 * bulk_id.c
 *		Ids of what a bulk request creates: they stand where it says bulkId:x before
 *		anything is done.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"

#include "json/json.h"
#include "message/message.h"
#include "protocol/bulk.h"
#include "store/statement/statement.h"

#define REFERENCE "bulkId:"

/* In whose data references are looked for. */
typedef struct Part
{
	Bulk *bulk;
	Operation *operation;
} Part;

static int compare_creations(const void *a, const void *b);
static void resolve_tree(Bulk *bulk, Operation *operation, JsonbValue *value);
static char *
resolve_url(Bulk *bulk, Operation *operation, const char *text, bool is_path);
static const char *resolve_segment(Bulk *bulk, Operation *operation, const char *segment,
								   size_t len, bool must_be);
static bool is_known(const Bulk *bulk, const char *text);
static const char *
resolve_name(Bulk *bulk, Operation *operation, const char *name, int len, bool must_be);
static void replace_id(JsonbValue *value, const char *text, const char *former);

/*
 * Does a creation make a membership?  The id of that follows from what it says, which
 * may refer to others, and so nothing can refer to it.
 */
static bool
makes_membership(const Bulk *bulk, const Operation *operation)
{
	const ScimResourceType *type = ScimBulkType(bulk, operation);

	return type != NULL && type->is_membership;
}

/* ScimBulkCollect gives ids to what will be created. */
void
ScimBulkCollect(Bulk *bulk)
{
	bulk->creations = palloc(sizeof(Creation) * bulk->noperations);
	for (int i = 0; i < bulk->noperations; i++)
	{
		Operation *operation = &bulk->operations[i];

		if (operation->method == NULL || strcmp(operation->method, "POST") != 0 ||
			operation->bulk_id == NULL)
			continue;
		if (!makes_membership(bulk, operation))
		{
			ScimUuidV7(&operation->id);
			operation->id_text = ScimUuidText(&operation->id);
		}
		bulk->creations[bulk->ncreations].bulk_id = operation->bulk_id;
		bulk->creations[bulk->ncreations].needed_by = 0;
		bulk->creations[bulk->ncreations++].index = i;
	}
	qsort(bulk->creations, bulk->ncreations, sizeof(Creation), compare_creations);
	for (int i = 1; i < bulk->ncreations; i++)
	{
		if (strcmp(bulk->creations[i - 1].bulk_id, bulk->creations[i].bulk_id) == 0)
			ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
							errmsg("bulkId \"%s\" is given to two operations",
								   bulk->creations[i].bulk_id)));
	}
}

static int
compare_creations(const void *a, const void *b)
{
	return strcmp(((const Creation *) a)->bulk_id, ((const Creation *) b)->bulk_id);
}

/* A part of the data that may hold references. */
static void
resolve_part(JsonbValue *value, void *arg)
{
	const Part *part = arg;

	resolve_tree(part->bulk, part->operation, value);
}

/* May a URL hold a reference?  Its colon may be encoded. */
static bool
may_hold_reference(const char *text, int len)
{
	return memmem(text, len, REFERENCE, strlen(REFERENCE)) != NULL ||
		   memmem(text, len, "bulkId%3", strlen("bulkId%3")) != NULL;
}

/*
 * resolve_tree replaces the references in all strings of a tree.  There may be very
 * many: a string that is a reference as a whole becomes the id without a copy of its
 * own.
 */
static void
resolve_tree(Bulk *bulk, Operation *operation, JsonbValue *value)
{
	static const int reference_len = sizeof(REFERENCE) - 1;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (value->type == jbvString && value->val.string.len > reference_len)
	{
		const char *text = value->val.string.val;
		int len = value->val.string.len;
		const char *id;
		char *copy;

		if (memcmp(text, REFERENCE, reference_len) == 0)
		{
			id = resolve_name(bulk, operation, text + reference_len, len - reference_len,
							  true);
			if (id != NULL)
			{
				value->val.string.val = (char *) id;
				value->val.string.len = strlen(id);
			}
		}
		else if (memchr(text, '/', len) != NULL && may_hold_reference(text, len))
		{
			copy = pnstrdup(text, len);
			value->val.string.val = resolve_url(bulk, operation, copy, false);
			value->val.string.len = strlen(value->val.string.val);
			pfree(copy);
		}
	}
	else if (value->type == jbvArray)
	{
		for (int i = 0; i < value->val.array.nElems; i++)
			resolve_tree(bulk, operation, &value->val.array.elems[i]);
	}
	else if (value->type == jbvObject)
	{
		for (int i = 0; i < value->val.object.nPairs; i++)
			resolve_tree(bulk, operation, &value->val.object.pairs[i].value);
	}
}

/*
 * resolve_url replaces the references that are segments of a path or a URL, and
 * percent-encoded as these are.  Only a URL may hold what looks like a reference and is
 * none.
 */
static char *
resolve_url(Bulk *bulk, Operation *operation, const char *text, bool is_path)
{
	const char *p = text;
	StringInfoData out;

	initStringInfo(&out);
	for (;;)
	{
		size_t len = strcspn(p, "/?#");
		char before = p > text ? p[-1] : '\0';
		const char *id = NULL;

		CHECK_FOR_INTERRUPTS();
		if (before == '/' || (is_path && before == '\0'))
			id = resolve_segment(bulk, operation, p, len, is_path);
		if (id != NULL)
			appendStringInfoString(&out, id);
		else
			appendBinaryStringInfo(&out, p, len);
		p += len;
		if (*p == '\0')
			return out.data;
		appendStringInfoChar(&out, *p++);
	}
}

/* The id in the place of a segment that is a reference, or NULL. */
static const char *
resolve_segment(Bulk *bulk, Operation *operation, const char *segment, size_t len,
				bool must_be)
{
	const size_t reference_len = strlen(REFERENCE);
	const char *name = ScimTargetDecoded(segment, len);

	/* who does not encode anything has written a bulkId as it is */
	if ((name == NULL || !is_known(bulk, name)) &&
		strncmp(segment, REFERENCE, reference_len) == 0)
	{
		char *raw = pnstrdup(segment, len);

		if (name == NULL || is_known(bulk, raw))
			name = raw;
	}
	if (name == NULL || strncmp(name, REFERENCE, reference_len) != 0)
		return NULL;
	name += reference_len;
	return resolve_name(bulk, operation, name, strlen(name), must_be);
}

/* Is a text a reference to what is created? */
static bool
is_known(const Bulk *bulk, const char *text)
{
	Creation key;

	if (strncmp(text, REFERENCE, strlen(REFERENCE)) != 0)
		return false;
	key.bulk_id = text + strlen(REFERENCE);
	return bsearch(&key, bulk->creations, bulk->ncreations, sizeof(Creation),
				   compare_creations) != NULL;
}

/*
 * resolve_name notes that an operation refers to the creation with a bulkId and
 * returns the id of what that creates; NULL where there is none, which is a problem
 * of the operation if there must be.
 */
static const char *
resolve_name(Bulk *bulk, Operation *operation, const char *name, int len, bool must_be)
{
	char *bulk_id = pnstrdup(name, len);
	Creation key = {.bulk_id = bulk_id};
	Creation *creation = bsearch(&key, bulk->creations, bulk->ncreations,
								 sizeof(Creation), compare_creations);

	if (creation == NULL && must_be && operation->problem == NULL)
	{
		operation->problem_kind = SCIM_INVALID_VALUE;
		operation->problem = psprintf("no POST operation has the bulkId \"%s\"", bulk_id);
	}
	pfree(bulk_id);
	if (creation == NULL)
		return NULL;
	if (bulk->operations[creation->index].id_text == NULL)
	{
		if (operation->problem == NULL)
		{
			operation->problem_kind = SCIM_INVALID_VALUE;
			operation->problem =
				psprintf("bulkId \"%s\" is that of a membership, to which nothing refers",
						 creation->bulk_id);
		}
		return NULL;
	}
	if (creation->needed_by != operation->number)
		operation->needs = lappend_int(operation->needs, creation->index);
	creation->needed_by = operation->number;
	return bulk->operations[creation->index].id_text;
}

/* ScimBulkResolve replaces the references of an operation, which it notes. */
void
ScimBulkResolve(Bulk *bulk, Operation *operation)
{
	if (operation->path != NULL)
		operation->path = resolve_url(bulk, operation, operation->path, true);
	if (operation->data != NULL && operation->path != NULL)
		ScimBulkPlaces(bulk->store, operation->path, operation->data, resolve_part,
					   &(Part){bulk, operation});
}

/*
 * ScimBulkTakeId: what an operation has created has another id, which those that refer to
 * it learn.
 */
void
ScimBulkTakeId(Bulk *bulk, int index, const pg_uuid_t *id)
{
	Operation *created = &bulk->operations[index];
	char *former = pstrdup(created->id_text);
	const char *text = ScimUuidText(id);

	created->id = *id;
	/* strings that are references as a whole point here */
	memcpy(created->id_text, text, strlen(text));
	for (int i = 0; i < bulk->noperations; i++)
	{
		Operation *operation = &bulk->operations[i];

		CHECK_FOR_INTERRUPTS();
		if (!ScimBulkRefersTo(operation, index))
			continue;
		if (operation->path != NULL)
		{
			char *path = pstrdup(operation->path);

			replace_id(ScimJsonNewString(path), text, former);
			operation->path = path;
		}
		if (operation->data != NULL)
			replace_id(operation->data, text, former);
	}
}

/* One id in all strings of a tree in place of another: both are as long. */
static void
replace_id(JsonbValue *value, const char *text, const char *former)
{
	size_t len = strlen(former);

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (value->type == jbvString)
	{
		char *at = value->val.string.val;
		char *end = at + value->val.string.len;

		while ((at = memmem(at, end - at, former, len)) != NULL)
		{
			memcpy(at, text, len);
			at += len;
		}
	}
	else if (value->type == jbvArray)
	{
		for (int i = 0; i < value->val.array.nElems; i++)
			replace_id(&value->val.array.elems[i], text, former);
	}
	else if (value->type == jbvObject)
	{
		for (int i = 0; i < value->val.object.nPairs; i++)
		{
			/* a path of a PATCH */
			replace_id(&value->val.object.pairs[i].key, text, former);
			replace_id(&value->val.object.pairs[i].value, text, former);
		}
		ScimJsonForgetKeys(value);
	}
}
