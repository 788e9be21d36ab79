/*
 * member.c
 *		Members of groups by their names.
 *
 * A member is the id of a resource, or a text by which it is found: the attribute is
 * userName where the argument "members" says no other one.  As an object it says itself
 * which: {"value": id}, {"userName": ...}, {"externalId": ..., "type": "Group"}.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "import/import.h"
#include "json/buckets.h"
#include "json/json.h"
#include "store/column.h"
#include "text/fold.h"

/* Members that are found by one attribute of one type. */
typedef struct Sought
{
	const ScimResourceType *type;
	const char *path;
	List *texts;  /* char * */
	List *places; /* int: in the list of members */
} Sought;

/* A member that is found, or not yet. */
typedef struct Found
{
	const char *value;      /* the id, or another reference */
	const JsonbValue *said; /* where it says more */
} Found;

static const ScimResourceType *
first_type(const ScimRegistry *registry, bool of_groups)
{
	for (int i = 0; i < registry->ntypes; i++)
	{
		const ScimResourceType *type = &registry->types[i];

		if (of_groups ? type->has_members : type->has_groups)
			return type;
	}
	return NULL;
}

static const ScimResourceType *
type_of(ScimImport *import, const char *path, const JsonbValue *object, List **problems)
{
	const ScimRegistry *registry = import->store->registry;
	const JsonbValue *said =
		object->type == jbvObject ? ScimJsonGetFolded(object, "type") : NULL;
	const char *name =
		said != NULL && said->type == jbvString ? ScimJsonStringCopy(said) : NULL;
	const ScimResourceType *type;
	ScimResolved resolved;

	if (name != NULL)
		type = ScimRegistryType(registry, name);
	else
		type = first_type(registry, pg_strcasecmp(path, "displayName") == 0);
	if (type == NULL || !ScimResolvePath(type, path, &resolved) ||
		resolved.attribute == NULL)
	{
		*problems = ScimProblemAdd(*problems, SCIM_INVALID_VALUE, "members",
								   "members of type \"%s\" cannot be found by \"%s\"",
								   name != NULL ? name : "User", path);
		return NULL;
	}
	/* we have been let in for the groups */
	if (!ScimScopeProvedReads(import->store, type->name))
	{
		*problems = ScimProblemAdd(*problems, SCIM_FORBIDDEN, "members",
								   "the scopes do not allow to find members of type %s",
								   type->name);
		return NULL;
	}
	return type;
}

static void
seek(ScimImport *import, List **all, const char *path, const JsonbValue *member,
	 const JsonbValue *text, int place, List **problems)
{
	const ScimResourceType *type = type_of(import, path, member, problems);
	Sought *sought = NULL;
	ListCell *lc;

	if (type == NULL)
		return;
	foreach (lc, *all)
	{
		Sought *other = lfirst(lc);

		if (other->type == type && strcmp(other->path, path) == 0)
			sought = other;
	}
	if (sought == NULL)
	{
		sought = palloc0(sizeof(Sought));
		sought->type = type;
		sought->path = path;
		*all = lappend(*all, sought);
	}
	sought->texts = lappend(sought->texts, ScimJsonStringCopy(text));
	sought->places = lappend_int(sought->places, place);
}

/* Groups may have groups as members that the same source brings. */
static void
find_in_source(ScimImport *import, const Sought *sought, const char **texts,
			   const char **ids, int n)
{
	MemoryContext context = CurrentMemoryContext;
	ScimBuckets by_text;
	Datum *names;
	int nnames = 0;
	ScimParams params;

	if (sought->type != import->type ||
		!(import->match == SCIM_MATCH_DISPLAY_NAME
			  ? pg_strcasecmp(sought->path, "displayName") == 0
			  : import->match == SCIM_MATCH_EXTERNAL_ID &&
					pg_strcasecmp(sought->path, "externalId") == 0))
		return;
	names = palloc(sizeof(Datum) * n);
	for (int i = 0; i < n; i++)
	{
		size_t len = strlen(texts[i]);
		const char *text = import->match == SCIM_MATCH_DISPLAY_NAME
							   ? ScimFold(texts[i], len, &len)
							   : texts[i];

		if (ids[i] == NULL)
			names[nnames++] = PointerGetDatum(cstring_to_text_with_len(text, len));
	}
	if (nnames == 0)
		return;
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTARRAYOID, ScimArray(names, NULL, nnames, TEXTOID), false);
	ScimSpiExecuteOnce("SELECT s.match, s.new_id FROM source s WHERE s.match = ANY ($1)",
					   &params, true, 0);
	/* the level of SPI is that which knows the source, and has a context of its own */
	MemoryContextSwitchTo(context);
	ScimBucketsInit(&by_text, n);
	for (int i = 0; i < n; i++)
		ScimBucketsAdd(&by_text, ScimFoldHash(texts[i], strlen(texts[i])), i);
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		const char *match = ScimResultText(row, 1);
		const pg_uuid_t *id = DatumGetUUIDP(ScimResultValue(row, 2, UUIDOID));
		uint32 hash = ScimFoldHash(match, strlen(match));

		CHECK_FOR_INTERRUPTS();
		for (int at = ScimBucketsFirst(&by_text, hash); at >= 0;
			 at = ScimBucketsNext(&by_text, at))
		{
			int i = ScimBucketsItem(&by_text, at);
			bool same =
				import->match == SCIM_MATCH_DISPLAY_NAME
					? ScimFoldEqual(texts[i], strlen(texts[i]), match, strlen(match))
					: strcmp(texts[i], match) == 0;

			if (ids[i] == NULL && same)
				ids[i] = ScimUuidText(id);
		}
	}
	ScimBucketsFree(&by_text);
	SPI_freetuptable(SPI_tuptable);
}

static void
find_sought(ScimImport *import, const Sought *sought, Found *found, List **problems)
{
	int n = list_length(sought->texts);
	const char **texts = palloc(sizeof(char *) * n);
	const char **ids = palloc0(sizeof(char *) * n);
	ScimResolved resolved;
	const ListCell *lc;

	foreach (lc, sought->texts)
		texts[foreach_current_index(lc)] = lfirst(lc);
	(void) ScimResolvePath(sought->type, sought->path, &resolved);
	ScimFindEach(import->store, sought->type, sought->path, &resolved, n, texts, ids);
	find_in_source(import, sought, texts, ids, n);
	for (int i = 0; i < n; i++)
	{
		char *path = psprintf("members[%d]", list_nth_int(sought->places, i));

		if (ids[i] == NULL)
			*problems = ScimProblemAdd(*problems, SCIM_INVALID_VALUE, path,
									   "no %s has the %s \"%s\"", sought->type->name,
									   sought->path, texts[i]);
		else if (ids[i] == ScimFoundSeveral)
			*problems = ScimProblemAdd(*problems, SCIM_UNIQUENESS, path,
									   "more than one %s has the %s \"%s\"",
									   sought->type->name, sought->path, texts[i]);
		else
			found[list_nth_int(sought->places, i)].value = ids[i];
		if (list_length(*problems) >= SCIM_MAX_PROBLEMS)
			return;
	}
}

/* Which attribute an object names a member by; NULL: none. */
static const JsonbValue *
name_in(const JsonbValue *object, const char **path)
{
	static const char *const known[] = {"userName", "externalId", "displayName", NULL};

	for (const char *const *name = known; *name != NULL; name++)
	{
		const JsonbValue *value = ScimJsonGetFolded(object, *name);

		if (value != NULL && value->type == jbvString && value->val.string.len > 0)
		{
			*path = *name;
			return value;
		}
	}
	return NULL;
}

/*
 * ScimMembersNamed makes of members as a row states them those of a document: an array
 * of {"value": id}.  stated NULL: there are none.
 */
JsonbValue *
ScimMembersNamed(ScimImport *import, const JsonbValue *stated, List **problems)
{
	JsonbValue *members = ScimJsonNewArray();
	int n = stated != NULL && stated->type == jbvArray ? stated->val.array.nElems : 0;
	Found *found = palloc0(sizeof(Found) * (n + 1));
	List *all = NIL;
	const ListCell *lc;

	if (stated != NULL && stated->type != jbvArray)
		*problems = ScimProblemAdd(*problems, SCIM_INVALID_VALUE, "members",
								   "members must be an array");
	for (int i = 0; i < n && list_length(*problems) < SCIM_MAX_PROBLEMS; i++)
	{
		const JsonbValue *member = &stated->val.array.elems[i];
		const JsonbValue *text = member;
		const char *path = import->members;
		pg_uuid_t id;

		CHECK_FOR_INTERRUPTS();
		if (member->type == jbvObject)
		{
			/* whatever is not by a name is as it is in any document */
			if (ScimJsonGetFolded(member, "value") != NULL ||
				(text = name_in(member, &path)) == NULL)
			{
				found[i].said = member;
				continue;
			}
		}
		if (text->type != jbvString)
			*problems =
				ScimProblemAdd(*problems, SCIM_INVALID_VALUE, psprintf("members[%d]", i),
							   "a member must be a text or an object");
		else if (member->type == jbvString &&
				 ScimUuidParse(ScimJsonStringCopy(text), &id))
			found[i].value = ScimUuidText(&id);
		else
			seek(import, &all, path, member, text, i, problems);
	}
	foreach (lc, all)
	{
		if (list_length(*problems) < SCIM_MAX_PROBLEMS)
			find_sought(import, lfirst(lc), found, problems);
	}
	for (int i = 0; i < n && *problems == NIL; i++)
	{
		JsonbValue *member;

		if (found[i].said != NULL)
		{
			ScimJsonAppend(members, found[i].said);
			continue;
		}
		member = ScimJsonNewObject();
		ScimJsonSet(member, "value", ScimJsonNewString(found[i].value));
		ScimJsonAppend(members, member);
	}
	return members;
}

/* ---- those that come and go ---- */

typedef struct Member
{
	pg_uuid_t key;
	const JsonbValue *stated; /* or NULL: it is there */
} Member;

static int
compare_members(const void *a, const void *b)
{
	return memcmp(&((const Member *) a)->key, &((const Member *) b)->key, UUID_LEN);
}

static int
stated_members(const JsonbValue *members, Member *all)
{
	int n = 0;
	int distinct = 0;

	for (int i = 0; i < members->val.array.nElems; i++)
	{
		const JsonbValue *member = &members->val.array.elems[i];
		const JsonbValue *value =
			member->type == jbvObject ? ScimJsonGetFolded(member, "value") : NULL;
		bool is_id;

		/* what has no value of its own is somebody to the door, or an error there */
		if (value == NULL || value->type != jbvString)
			return -1;
		ScimMemberKey(value->val.string.val, value->val.string.len, &all[n].key, &is_id);
		all[n++].stated = member;
	}
	qsort(all, n, sizeof(Member), compare_members);
	for (int i = 0; i < n; i++)
	{
		if (i == 0 || compare_members(&all[distinct - 1], &all[i]) != 0)
			all[distinct++] = all[i];
	}
	return distinct;
}

static void
add_operation(JsonbValue *difference, const char *op, const Member *member)
{
	char *path = psprintf("/members/%s", ScimUuidText(&member->key));

	ScimJsonAppend(difference, ScimJsonOperation(op, path, member->stated));
}

/* The members that are there, in the order of ids, and those that are stated. */
typedef struct Merge
{
	const Member *stated;
	int n;
	int at;
	JsonbValue *difference;
	MemoryContext context; /* of that */
} Merge;

static void
merge_rows(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	Merge *merge = arg;
	MemoryContext old = MemoryContextSwitchTo(merge->context);

	for (uint64 row = 0; row < nrows; row++)
	{
		Member there = {.key =
							*DatumGetUUIDP(ScimColumnValue(rows[row], desc, 1, UUIDOID))};

		CHECK_FOR_INTERRUPTS();
		while (merge->at < merge->n &&
			   compare_members(&merge->stated[merge->at], &there) < 0)
			add_operation(merge->difference, "add", &merge->stated[merge->at++]);
		if (merge->at < merge->n &&
			compare_members(&merge->stated[merge->at], &there) == 0)
			merge->at++;
		else
			add_operation(merge->difference, "remove", &there);
	}
	MemoryContextSwitchTo(old);
}

/*
 * ScimMembersDiffer: has a group (NULL: a new one) other members?  The operations that
 * make them these are appended to difference, as scim.history shows them.
 */
bool
ScimMembersDiffer(ScimImport *import, const pg_uuid_t *id, const JsonbValue *members,
				  JsonbValue *difference)
{
	int before = difference->val.array.nElems;
	Member *stated = palloc_extended(sizeof(Member) * (members->val.array.nElems + 1),
									 MCXT_ALLOC_HUGE);
	Merge merge = {.stated = stated, .difference = difference};
	ScimParams params;

	merge.n = stated_members(members, stated);
	merge.context = CurrentMemoryContext;
	if (merge.n < 0)
		return true;
	if (id != NULL)
	{
		SPI_connect();
		ScimParamsOfResource(&params, import->tenant_id, id);
		ScimSpiForEach(psprintf("SELECT m.member_id FROM %s.member m "
								"WHERE m.tenant_id = $1 AND m.group_id = $2 "
								"ORDER BY m.member_id",
								import->store->quoted_name),
					   &params, false, merge_rows, &merge);
		SPI_finish();
	}
	while (merge.at < merge.n)
		add_operation(difference, "add", &merge.stated[merge.at++]);
	return difference->val.array.nElems > before;
}
