/*
 * named.c
 *		Whom rows name, and what the same source makes of them.
 *
 * A row may name whom another row of the source makes, renames or takes away, or who is
 * missing: what it says is about what is there once the import is done.  So rows that
 * name resources of the type that is imported have them looked at before: all rows are
 * compared once without their members, and whom they make is known by the values that
 * rows name somebody by, as is who will be gone.  A row that is not done after all takes
 * those along that rely on it (freed.c).
 *
 * Names and ids of whom the source makes, or takes away, are kept in memory; where rows
 * name nobody who may be among them, none are.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "import/import.h"
#include "json/buckets.h"
#include "json/json.h"
#include "store/statement/statement.h"

/* A resource by one of its values; or, without one, by its id. */
typedef struct Known
{
	pg_uuid_t id;
	const char *text;
	int path;
	bool is_gone;
} Known;

typedef struct ScimNames
{
	List *paths; /* ScimResolved *: the attributes by which rows name somebody */
	Known *all;
	int n;
	int capacity;
	ScimBuckets by_hash;
	bool members_stay; /* by a policy who is a member may not go */
} ScimNames;

static bool
is_target(const ScimImport *import, const ScimValueRule *rule)
{
	const ListCell *lc;

	foreach (lc, rule->targets)
	{
		if (strcmp(lfirst(lc), import->type->name) == 0)
			return true;
	}
	return false;
}

/* Are those of the type kept by a policy "reference" as long as they are members? */
static bool
members_stay(const ScimImport *import)
{
	const ListCell *lc;
	const ListCell *cell;

	foreach (lc, import->rules->of[SCIM_RULE_REFERENCE])
	{
		foreach (cell, (const List *) ((const ScimRule *) lfirst(lc))->compiled)
		{
			const ScimValueRule *rule = lfirst(cell);

			if (rule->on_delete == SCIM_ON_DELETE_RESTRICT &&
				rule->resolved.extension == NULL &&
				strcmp(rule->resolved.attribute->name, "members") == 0 &&
				is_target(import, rule))
				return true;
		}
	}
	return false;
}

static ScimNames *
names_of(ScimImport *import)
{
	if (import->names == NULL)
	{
		import->names = MemoryContextAllocZero(import->context, sizeof(ScimNames));
		ScimBucketsInit(&import->names->by_hash, 64);
		import->names->members_stay = members_stay(import);
	}
	return import->names;
}

/* ---- by what rows name somebody ---- */

static bool
is_same_path(const ScimResolved *a, const ScimResolved *b)
{
	return a->extension == b->extension && a->attribute == b->attribute &&
		   a->sub == b->sub;
}

static int
find_path(const ScimNames *names, const ScimResolved *resolved)
{
	const ListCell *lc;

	foreach (lc, names->paths)
	{
		if (is_same_path(lfirst(lc), resolved))
			return foreach_current_index(lc);
	}
	return -1;
}

static bool
is_id(const ScimResolved *resolved)
{
	return resolved->extension == NULL && resolved->attribute->schema == NULL &&
		   strcmp(resolved->attribute->name, "id") == 0;
}

static void
note_path(ScimImport *import, const char *path)
{
	ScimResolved resolved;
	ScimNames *names;
	ScimResolved *one;

	if (!ScimMemberName(import->type, path, &resolved))
		return;
	if (is_id(&resolved))
	{
		import->names_ids = true;
		return;
	}
	names = names_of(import);
	if (find_path(names, &resolved) >= 0)
		return;
	one = palloc(sizeof(ScimResolved));
	*one = resolved;
	names->paths = lappend(names->paths, one);
}

static void
note_member(ScimImport *import, const JsonbValue *member)
{
	pg_uuid_t id;

	if (member->type == jbvString)
	{
		if (ScimUuidParse(ScimJsonStringCopy(member), &id))
			import->names_ids = true;
		if (ScimMembersAssume(import->store->registry, import->members) == import->type)
			note_path(import, import->members);
		return;
	}
	if (member->type != jbvObject)
		return;
	for (int i = 0; i < member->val.object.nPairs; i++)
	{
		char *key = ScimJsonStringCopy(&member->val.object.pairs[i].key);

		if (pg_strcasecmp(key, "value") == 0 || pg_strcasecmp(key, "$ref") == 0)
			import->names_ids = true;
		else if (pg_strcasecmp(key, "type") != 0 && pg_strcasecmp(key, "display") != 0)
			note_path(import, key);
	}
}

/* ScimNamesNote: may a row name whom others make, or say that somebody leaves? */
void
ScimNamesNote(ScimImport *import, const ScimImportRow *row)
{
	MemoryContext old;
	const ListCell *lc;

	if (row->action != NULL)
		import->nends++;
	if (!import->type->has_members || row->action != NULL)
		return;
	old = MemoryContextSwitchTo(import->context);
	foreach (lc, row->stated)
	{
		const ScimStated *stated = lfirst(lc);

		if (stated->field->kind != SCIM_FIELD_MEMBERS || stated->value == NULL ||
			stated->value->type != jbvArray)
			continue;
		for (int i = 0; i < stated->value->val.array.nElems; i++)
		{
			CHECK_FOR_INTERRUPTS();
			note_member(import, &stated->value->val.array.elems[i]);
		}
	}
	MemoryContextSwitchTo(old);
}

/* Does a policy "reference" lead from the type to itself, and mind who goes? */
static bool
leads_to_type(const ScimImport *import, const ScimValueRule *rule)
{
	/* who is referred to stays, and is told of so */
	return rule->on_delete != SCIM_ON_DELETE_RESTRICT && is_target(import, rule);
}

static bool
refers_to_type(const ScimImport *import)
{
	const ListCell *lc;
	const ListCell *cell;

	foreach (lc, import->rules->of[SCIM_RULE_REFERENCE])
	{
		foreach (cell, (const List *) ((const ScimRule *) lfirst(lc))->compiled)
		{
			if (leads_to_type(import, lfirst(cell)))
				return true;
		}
	}
	return false;
}

/* ScimNamesRead: do rows name others by what the source may make of these? */
bool
ScimNamesRead(const ScimImport *import)
{
	return import->names != NULL && import->names->paths != NIL;
}

/* ScimNamesEnd: or may somebody go whom they name? */
bool
ScimNamesEnd(const ScimImport *import)
{
	return (import->missing_may_go || import->nends > 0) &&
		   (import->names_ids || ScimNamesRead(import) || refers_to_type(import));
}

/* ---- whom the source makes, and who goes ---- */

static uint32
hash_id(const pg_uuid_t *id)
{
	return hash_bytes(id->data, UUID_LEN);
}

static void
put(ScimImport *import, const pg_uuid_t *id, int path, const char *text, bool is_gone,
	uint32 hash)
{
	MemoryContext old = MemoryContextSwitchTo(import->context);
	ScimNames *names = names_of(import);

	if (names->n == names->capacity)
	{
		Size capacity = Max((Size) names->capacity * 2, 64);

		if (capacity > PG_INT32_MAX)
			ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
							errmsg("the source has too many rows that others name")));
		names->all = names->all == NULL
						 ? palloc_extended(capacity * sizeof(Known), MCXT_ALLOC_HUGE)
						 : repalloc_huge(names->all, capacity * sizeof(Known));
		names->capacity = (int) capacity;
	}
	names->all[names->n] =
		(Known){*id, text != NULL ? pstrdup(text) : NULL, path, is_gone};
	ScimBucketsAdd(&names->by_hash, hash, names->n);
	names->n++;
	MemoryContextSwitchTo(old);
}

static const Known *
find_id(const ScimImport *import, const pg_uuid_t *id)
{
	const ScimNames *names = import->names;

	if (names == NULL)
		return NULL;
	for (int at = ScimBucketsFirst(&names->by_hash, hash_id(id)); at >= 0;
		 at = ScimBucketsNext(&names->by_hash, at))
	{
		const Known *known = &names->all[ScimBucketsItem(&names->by_hash, at)];

		if (known->text == NULL && memcmp(&known->id, id, UUID_LEN) == 0)
			return known;
	}
	return NULL;
}

/* ScimNamesOf: by what a document could be named, ScimMadeName *. */
List *
ScimNamesOf(const ScimImport *import, const JsonbValue *document)
{
	List *all = NIL;
	const ListCell *lc;
	const ListCell *cell;

	foreach (lc, import->names->paths)
	{
		const ScimResolved *path = lfirst(lc);

		foreach (cell, ScimValuesAt(document, path))
		{
			ScimMadeName *name = palloc(sizeof(ScimMadeName));

			name->path = foreach_current_index(lc);
			name->text = ScimJsonStringCopy(lfirst(cell));
			all = lappend(all, name);
		}
	}
	return all;
}

/* ScimNamesPutMade notes whom a row makes or changes: these are his names afterwards. */
void
ScimNamesPutMade(ScimImport *import, const pg_uuid_t *id, const List *names)
{
	const ListCell *lc;

	put(import, id, -1, NULL, false, hash_id(id));
	foreach (lc, names)
	{
		const ScimMadeName *name = lfirst(lc);
		const ScimResolved *path = list_nth(import->names->paths, name->path);

		put(import, id, name->path, name->text, false,
			ScimFoldByHash(ScimFoldingOf(path), name->text, strlen(name->text)));
	}
}

/* ScimNamesPutGone notes who will be gone. */
void
ScimNamesPutGone(ScimImport *import, const pg_uuid_t *id)
{
	put(import, id, -1, NULL, true, hash_id(id));
}

static bool
is_gone(const ScimImport *import, const pg_uuid_t *id)
{
	const Known *known = find_id(import, id);

	return known != NULL && known->is_gone;
}

/* ScimNamesMemberGone: will a member be? */
bool
ScimNamesMemberGone(const ScimImport *import, const pg_uuid_t *id)
{
	return is_gone(import, id) && !import->names->members_stay;
}

/* Adds one of those who have a name. */
static void
add_found(const char **found, const char *id)
{
	if (*found == NULL || strcmp(*found, id) == 0)
		*found = id;
	else
		*found = ScimFoundSeveral;
}

/*
 * ScimNamesFind: ids are those of the resources that have some texts, of ScimFindEach;
 * they become those of whom will have them once the import is done.  depends: only if
 * the row is done that gives them to him.
 */
void
ScimNamesFind(const ScimImport *import, const ScimResolved *resolved, int n,
			  const char **texts, const char **ids, bool *depends)
{
	const ScimNames *names = import->names;
	ScimFolding folding = ScimFoldingOf(resolved);
	int path = names != NULL ? find_path(names, resolved) : -1;

	for (int i = 0; names != NULL && i < n; i++)
	{
		size_t len = strlen(texts[i]);
		const char *was = ids[i];
		const Known *known = NULL;
		pg_uuid_t id;

		CHECK_FOR_INTERRUPTS();
		if (was == ScimFoundSeveral)
			continue;
		if (was != NULL && ScimUuidParse(was, &id))
			known = find_id(import, &id);
		/* who is changed has the names that he is given */
		if (known != NULL && (known->is_gone ? !names->members_stay : path >= 0))
			ids[i] = NULL;
		if (path < 0)
			continue;
		for (int at = ScimBucketsFirst(&names->by_hash,
									   ScimFoldByHash(folding, texts[i], len));
			 at >= 0; at = ScimBucketsNext(&names->by_hash, at))
		{
			const Known *made = &names->all[ScimBucketsItem(&names->by_hash, at)];

			if (made->text != NULL && made->path == path &&
				ScimFoldByEqual(folding, made->text, strlen(made->text), texts[i], len))
				add_found(&ids[i], ScimUuidText(&made->id));
		}
		depends[i] = ids[i] != NULL && ids[i] != ScimFoundSeveral &&
					 (was == NULL || strcmp(was, ids[i]) != 0);
	}
}

/* What leads nowhere may stay as it was. */
static bool
may_stay(const ScimRule *rule, const ScimReference *reference, const JsonbValue *before)
{
	const ListCell *lc;

	if (before == NULL || reference->rule->on_delete != SCIM_ON_DELETE_LEAVE)
		return false;
	foreach (lc, ScimReferences(rule->compiled, before))
	{
		const ScimReference *was = lfirst(lc);

		if (was->rule == reference->rule && strcmp(was->value, reference->value) == 0)
			return true;
	}
	return false;
}

/*
 * ScimNamesCheckReferences: what a row says of attributes with a policy "reference" leads
 * to nobody who will be gone.
 */
void
ScimNamesCheckReferences(const ScimImport *import, const ScimImportRow *row,
						 const JsonbValue *before, const JsonbValue *after,
						 List **problems)
{
	const ListCell *lc;
	const ListCell *cell;

	if (import->names == NULL || import->names->n == 0)
		return;
	foreach (lc, import->rules->of[SCIM_RULE_REFERENCE])
	{
		const ScimRule *rule = lfirst(lc);

		foreach (cell, ScimReferences(rule->compiled, after))
		{
			ScimReference *reference = lfirst(cell);
			pg_uuid_t id;

			if (!leads_to_type(import, reference->rule) ||
				!ScimReferenceId(reference->value, &id) || !is_gone(import, &id) ||
				!ScimRowStates(row, &reference->rule->resolved) ||
				may_stay(rule, reference, before))
				continue;
			reference->problem.rule = "reference";
			*problems = lappend(*problems, reference);
		}
	}
}
