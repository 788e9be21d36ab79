/*
 * held.c
 *		Rows that are there when a table is bound, and are linked to no resource.
 *
 * They count as deleted, cannot be read, or are refused by the store.
 *
 * They are remembered by what they say of who they are: the id, where that is bound, and
 * userName, externalId and the attribute "match".  A resource that is one of them gets no
 * second row.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "utils/datum.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "binding/bound/bound.h"
#include "binding/sides/sides.h"
#include "json/json.h"
#include "text/fold.h"

/* What somebody says of who he is, and the first row that says it. */
typedef struct HeldName
{
	uint64 hash;
	char *text;
	ScimHeldRow *row;
	int rows;      /* that say it, and count as deleted */
	int resources; /* that say it, and are out of sight */
} HeldName;

struct ScimHeld
{
	MemoryContext context;
	HTAB *names;
	bool has_gone;
};

ScimHeld *
ScimHeldBegin(void)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "scim held rows",
												  ALLOCSET_DEFAULT_SIZES);
	ScimHeld *held = MemoryContextAllocZero(context, sizeof(ScimHeld));
	HASHCTL control = {
		.keysize = sizeof(uint64), .entrysize = sizeof(HeldName), .hcxt = context};

	held->context = context;
	held->names = hash_create("scim held rows", 256, &control,
							  HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	return held;
}

void
ScimHeldEnd(ScimHeld *held)
{
	MemoryContextDelete(held->context);
}

/*
 * What a value of an attribute says of who it is, or NULL.  A row that says no tenant may
 * be that of any.
 */
static char *
name_of(const ScimBinding *binding, const ScimBoundAttribute *attribute,
		const JsonbValue *value, bool has_tenant, int32 tenant_id)
{
	const ScimAttribute *of = attribute->target.attribute;
	const char *tenant = has_tenant ? psprintf("%d", tenant_id) : "";
	size_t len;

	if (value == NULL || value->type != jbvString)
		return NULL;
	if (attribute->is_id)
		return psprintf("id:%s",
						ScimFold(value->val.string.val, value->val.string.len, &len));
	if (attribute->target.extension != NULL || attribute->target.sub != NULL)
		return NULL;
	if (ScimIsKeyColumn(of, SCIM_KEY_EXTERNAL_ID))
		return psprintf("externalId:%s:%s", tenant, ScimJsonStringCopy(value));
	if (ScimIsKeyColumn(of, SCIM_KEY_USER_NAME))
		return psprintf(
			"userName:%s:%s", tenant,
			ScimFoldUserName(value->val.string.val, value->val.string.len, &len));
	if (of == binding->match)
		return psprintf("%s:%s:%s", of->name, tenant,
						ScimFold(value->val.string.val, value->val.string.len, &len));
	return NULL;
}

static HeldName *
find_name(const ScimHeld *held, const char *text, bool enter)
{
	uint64 hash =
		hash_bytes_extended((const unsigned char *) text, (int) strlen(text), 0);
	bool found;
	HeldName *name =
		hash_search(held->names, &hash, enter ? HASH_ENTER : HASH_FIND, &found);

	if (name != NULL && !found)
	{
		name->text = MemoryContextStrdup(held->context, text);
		name->row = NULL;
		name->rows = name->resources = 0;
	}
	return name == NULL || strcmp(name->text, text) != 0 ? NULL : name;
}

/* ScimHeldAdd remembers a row, of which some values may be missing. */
void
ScimHeldAdd(ScimHeld *held, const ScimBinding *binding, const ScimRowView *view)
{
	ScimHeldRow *row = NULL;
	const ListCell *lc;

	foreach (lc, binding->attributes)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);
		const JsonbValue *value = view->values[foreach_current_index(lc)];
		char *text =
			name_of(binding, attribute, ScimRowStored(binding, view, attribute, value),
					view->has_tenant, view->tenant_id);
		HeldName *name = text != NULL ? find_name(held, text, true) : NULL;

		if (name == NULL)
			continue;
		if (row == NULL)
		{
			MemoryContext old = MemoryContextSwitchTo(held->context);

			row = palloc0(sizeof(ScimHeldRow));
			row->key = datumCopy(view->key_array, false, -1);
			row->gone = view->gone;
			MemoryContextSwitchTo(old);
		}
		held->has_gone |= view->gone;
		name->rows += view->gone;
		/* of those that have a name the one that is there */
		if (name->row == NULL || (name->row->gone && !view->gone))
			name->row = row;
	}
}

/* Calls of each name of a resource; until one returns true. */
typedef bool (*UseName)(HeldName *name, const ScimBoundAttribute *attribute,
						ScimHeldRow **row);

static ScimHeldRow *
each_name(ScimHeld *held, const ScimBinding *binding, const ScimBoundResource *resource,
		  UseName use)
{
	ScimHeldRow *row = NULL;

	/* the id before what may be somebody else's by now, and of any tenant last */
	for (int pass = 0; pass < 3; pass++)
	{
		const ListCell *lc;

		foreach (lc, binding->attributes)
		{
			const ScimBoundAttribute *attribute = lfirst(lc);
			char *text;
			HeldName *name;

			if (attribute->is_id != (pass == 0))
				continue;
			text = name_of(binding, attribute, ScimRowValue(attribute, resource),
						   pass < 2, resource->tenant_id);
			name = text != NULL ? find_name(held, text, false) : NULL;
			if (name != NULL && use(name, attribute, &row))
				return row;
		}
	}
	return NULL;
}

static bool
is_taken(HeldName *name, const ScimBoundAttribute *attribute, ScimHeldRow **row)
{
	*row = name->row;
	return name->row != NULL && !name->row->linked;
}

/* ScimHeldFind: the row that a resource in sight is, or NULL. */
ScimHeldRow *
ScimHeldFind(ScimHeld *held, const ScimBinding *binding,
			 const ScimBoundResource *resource)
{
	return each_name(held, binding, resource, is_taken);
}

static bool
count(HeldName *name, const ScimBoundAttribute *attribute, ScimHeldRow **row)
{
	name->resources++;
	return false;
}

/* ScimHeldCount: a resource that is out of sight; all are counted before one is found. */
void
ScimHeldCount(ScimHeld *held, const ScimBinding *binding,
			  const ScimBoundResource *resource)
{
	(void) each_name(held, binding, resource, count);
}

/* Of two that had a name, one after the other, nobody knows who was which. */
static bool
is_alone(HeldName *name, const ScimBoundAttribute *attribute, ScimHeldRow **row)
{
	*row = name->row;
	return name->row != NULL && name->row->gone && !name->row->linked &&
		   name->resources == 1 && name->rows == 1;
}

/* ScimHeldFindGone: the row that a resource out of sight was, or NULL. */
ScimHeldRow *
ScimHeldFindGone(ScimHeld *held, const ScimBinding *binding,
				 const ScimBoundResource *resource)
{
	return each_name(held, binding, resource, is_alone);
}

bool
ScimHeldHasGone(const ScimHeld *held)
{
	return held->has_gone;
}
