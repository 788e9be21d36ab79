/*
 * member.c
 *		Members of groups by their names.
 *
 * A member is the id of a resource, or a text by which it is found: the attribute is
 * userName where the argument "members" says no other one.  As an object it says itself
 * which: {"value": id}, {"userName": ...}, {"externalId": ..., "type": "Group"}.  Either
 * way it has to be there, and still be there once the import is done; only who is a
 * member of the group already may be nobody.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "import/import.h"
#include "json/json.h"
#include "store/statement/column.h"
#include "store/statement/statement.h"

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
		type = ScimMembersAssume(registry, path);
	if (type == NULL || !ScimMemberName(type, path, &resolved))
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

/* Of the type that is imported it is whom the source makes, as far as it does. */
static void
find_sought(ScimImport *import, const Sought *sought, Found *found, List **depends,
			List **problems)
{
	int n = list_length(sought->texts);
	const char **texts = palloc(sizeof(char *) * n);
	const char **stored = palloc(sizeof(char *) * n);
	const char **ids = palloc0(sizeof(char *) * n);
	bool *is_made = palloc0(sizeof(bool) * n);
	const ScimWire *wire = ScimWireCharactersOf(
		ScimRulesFor(import->store, import->tenant_id, sought->type));
	ScimResolved resolved;
	const ListCell *lc;

	(void) ScimMemberName(sought->type, sought->path, &resolved);
	foreach (lc, sought->texts)
	{
		int i = foreach_current_index(lc);

		texts[i] = lfirst(lc);
		stored[i] = ScimWireStored(wire, &resolved, texts[i]);
	}
	ScimFindEach(import->store, sought->type, sought->path, &resolved, n, stored, ids);
	if (sought->type == import->type)
		ScimNamesFind(import, &resolved, n, stored, ids, is_made);
	for (int i = 0; i < n; i++)
	{
		char *path = psprintf("members[%d]", list_nth_int(sought->places, i));
		List *nobody = NIL;

		if (ids[i] == NULL || is_made[i])
			nobody =
				ScimProblemAdd(NIL, SCIM_INVALID_VALUE, path, "no %s has the %s \"%s\"",
							   sought->type->name, sought->path, texts[i]);
		if (ids[i] == NULL)
			*problems = list_concat(*problems, nobody);
		else if (ids[i] == ScimFoundSeveral)
			*problems = ScimProblemAdd(*problems, SCIM_UNIQUENESS, path,
									   "more than one %s has the %s \"%s\"",
									   sought->type->name, sought->path, texts[i]);
		else
			found[list_nth_int(sought->places, i)].value = ids[i];
		if (is_made[i])
		{
			ScimDepends *one = palloc(sizeof(ScimDepends));

			(void) ScimUuidParse(ids[i], &one->id);
			one->problems = ScimProblemsJson(nobody);
			*depends = lappend(*depends, one);
		}
		if (list_length(*problems) >= SCIM_MAX_PROBLEMS)
			return;
	}
}

/* ---- by their ids ---- */

/* A member that is stated by its id, or by what may be one. */
typedef struct Id
{
	pg_uuid_t key;
	const JsonbValue *member; /* as it is stated */
	int place;
	bool is_there;
	bool is_gone; /* once the import is done */
	const ScimResourceType
		*type; /* of the resource; NULL: there is none, or none known */
} Id;

/* Ids, in their order. */
typedef struct Ids
{
	ScimImport *import;
	Id *all;
	int n;
} Ids;

static int
compare_ids(const void *a, const void *b)
{
	return memcmp(&((const Id *) a)->key, &((const Id *) b)->key, UUID_LEN);
}

static void
mark_ids(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	Ids *ids = arg;

	for (uint64 row = 0; row < nrows; row++)
	{
		Id there = {.key = *DatumGetUUIDP(ScimColumnValue(rows[row], desc, 1, UUIDOID))};
		const ScimResourceType *type = NULL;
		bool no_type;
		Datum name = ScimColumn(rows[row], desc, 2, TEXTOID, &no_type);
		Id *id = bsearch(&there, ids->all, ids->n, sizeof(Id), compare_ids);

		CHECK_FOR_INTERRUPTS();
		if (id == NULL)
			continue;
		if (!no_type)
		{
			type =
				ScimRegistryType(ids->import->store->registry, TextDatumGetCString(name));
			/* nobody is told who is there of those whom he may not read */
			if (type == NULL || !ScimScopeProvedReads(ids->import->store, type->name))
				continue;
		}
		while (id > ids->all && compare_ids(id - 1, id) == 0)
			id--;
		for (; id < ids->all + ids->n && compare_ids(id, &there) == 0; id++)
		{
			id->is_there = true;
			if (type != NULL)
				id->type = type;
			if (type == ids->import->type && ScimNamesMemberGone(ids->import, &id->key))
				id->is_gone = true;
		}
	}
}

/* Who of them is there: a resource, or a member of the group (NULL: a new one) already.
 */
static void
find_ids(Ids *ids, const pg_uuid_t *group_id)
{
	const char *store = ids->import->store->quoted_name;
	Datum *keys;
	ScimParams params;

	if (ids->n == 0)
		return;
	qsort(ids->all, ids->n, sizeof(Id), compare_ids);
	SPI_connect();
	keys = palloc_extended(sizeof(Datum) * ids->n, MCXT_ALLOC_HUGE);
	for (int i = 0; i < ids->n; i++)
		keys[i] = UUIDPGetDatum(&ids->all[i].key);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(ids->import->tenant_id), false);
	ScimParamsAdd(&params, UUIDARRAYOID, ScimArray(keys, NULL, ids->n, UUIDOID), false);
	ScimParamsAdd(&params, UUIDOID,
				  group_id != NULL ? UUIDPGetDatum(group_id) : (Datum) 0,
				  group_id == NULL);
	ScimSpiForEach(psprintf("SELECT r.id, r.resource_type FROM %s.resource r "
							"WHERE r.tenant_id = $1 AND r.id = ANY ($2) "
							"AND r.deleted_at IS NULL "
							"UNION ALL SELECT m.member_id, NULL FROM %s.member m "
							"WHERE m.tenant_id = $1 AND m.group_id = $3 "
							"AND m.member_id = ANY ($2)",
							store, store),
				   &params, false, mark_ids, ids);
	SPI_finish();
}

/* ---- what a row states ---- */

static const char *const naming[] = {"value", "userName", "externalId", "displayName"};

static bool
is_key(const JsonbValue *key, const char *name)
{
	return key->val.string.len == (int) strlen(name) &&
		   pg_strncasecmp(key->val.string.val, name, key->val.string.len) == 0;
}

/* What an object says of a member besides: as the schema has it, or what we have shown.
 */
static bool
is_known(const ScimImport *import, const JsonbValue *key)
{
	const ScimAttribute *members =
		ScimSchemaAttribute(import->type->schema, "members", strlen("members"));

	return is_key(key, "type") || is_key(key, "display") || is_key(key, "$ref") ||
		   (members != NULL &&
			ScimAttributeSub(members, key->val.string.val, key->val.string.len) != NULL);
}

/*
 * Is a key the path of an attribute by which members of the type that the object says
 * can be found, as an export has it?
 */
static bool
is_path(const ScimImport *import, const JsonbValue *type, const char *path)
{
	const ScimRegistry *registry = import->store->registry;
	const ScimResourceType *found = NULL;
	ScimResolved resolved;

	if (type != NULL && type->type == jbvString)
		found = ScimRegistryType(registry, ScimJsonStringCopy(type));
	/* none is said, or one that is told of apart */
	if (found == NULL)
		found = ScimMembersAssume(registry, path);
	return found != NULL && ScimMemberName(found, path, &resolved);
}

/*
 * By what an object names a member, and the text; NULL: what is wrong with it is among
 * the problems.  Of a "$ref" alone the object gets the value.
 */
static const JsonbValue *
read_object(const ScimImport *import, const JsonbValue **member, const char *place,
			const char **path, List **problems)
{
	const JsonbValue *object = *member;
	const JsonbValue *text = NULL;
	const JsonbValue *type = ScimJsonGetFolded(object, "type");
	const JsonbValue *ref = ScimJsonGetFolded(object, "$ref");
	int before = list_length(*problems);

	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &object->val.object.pairs[i];
		const char *name = NULL;

		for (size_t j = 0; j < lengthof(naming) && name == NULL; j++)
			name = is_key(&pair->key, naming[j]) ? naming[j] : NULL;
		if (name == NULL && !is_known(import, &pair->key) &&
			is_path(import, type, ScimJsonStringCopy(&pair->key)))
			name = ScimJsonStringCopy(&pair->key);
		if (name == NULL && !is_known(import, &pair->key))
			*problems =
				ScimProblemAdd(*problems, SCIM_INVALID_VALUE, place,
							   "a member has no \"%s\"", ScimJsonStringCopy(&pair->key));
		if (name == NULL || ScimJsonIsUnassigned(&pair->value))
			continue;
		if (text != NULL)
			*problems = ScimProblemAdd(*problems, SCIM_INVALID_VALUE, place,
									   "a member is named by one of \"%s\" and \"%s\"",
									   *path, name);
		text = &pair->value;
		*path = name;
	}
	if (type != NULL && !ScimJsonIsUnassigned(type) &&
		(type->type != jbvString ||
		 ScimRegistryType(import->store->registry, ScimJsonStringCopy(type)) == NULL))
		*problems = ScimProblemAdd(*problems, SCIM_INVALID_VALUE, place,
								   "\"type\" of a member must be a resource type");
	if (ref != NULL && !ScimJsonIsUnassigned(ref) && text == NULL &&
		(object = ScimMemberWithValue(object)) != NULL)
	{
		*member = object;
		*path = "value";
		text = ScimJsonGetFolded(object, "value");
	}
	else if (ref != NULL && !ScimJsonIsUnassigned(ref) && text != NULL &&
			 strcmp(*path, "value") != 0)
		*problems =
			ScimProblemAdd(*problems, SCIM_INVALID_VALUE, place,
						   "a member is named by one of \"%s\" and \"$ref\"", *path);
	if (text == NULL)
		*problems = ScimProblemAdd(*problems, SCIM_INVALID_VALUE, place,
								   "a member must have a \"value\", or a \"userName\", "
								   "\"externalId\", \"displayName\" or what else it "
								   "can be found by");
	return list_length(*problems) == before ? text : NULL;
}

/* Is it what the member says, if it says any? */
static void
check_type(const ScimImport *import, const JsonbValue *member, const Id *id,
		   const char *place, List **problems)
{
	const JsonbValue *said =
		member->type == jbvObject ? ScimJsonGetFolded(member, "type") : NULL;
	const ScimResourceType *type;

	if (said == NULL || said->type != jbvString || said->val.string.len == 0 ||
		id->type == NULL)
		return;
	type = ScimRegistryType(import->store->registry, ScimJsonStringCopy(said));
	if (type != id->type)
		*problems = ScimProblemAdd(*problems, SCIM_INVALID_VALUE, place,
								   "member \"%s\" is a %s, not a %s",
								   ScimUuidText(&id->key), id->type->name, type->name);
}

/* Those that have been looked up by their ids: a text that is none may be a name. */
static void
take_ids(ScimImport *import, const Ids *ids, Found *found, List **all, List **problems)
{
	for (int i = 0; i < ids->n && list_length(*problems) < SCIM_MAX_PROBLEMS; i++)
	{
		const Id *id = &ids->all[i];
		const JsonbValue *member = id->member;
		char *place = psprintf("members[%d]", id->place);
		bool is_there = id->is_there && !id->is_gone;

		CHECK_FOR_INTERRUPTS();
		if (!is_there && member->type == jbvString)
			seek(import, all, import->members, member, member, id->place, problems);
		else if (!is_there)
			*problems = ScimProblemAdd(
				*problems, SCIM_INVALID_VALUE, place, "no resource has the id \"%s\"",
				ScimJsonStringCopy(ScimJsonGetFolded(member, "value")));
		else if (member->type == jbvString)
			found[id->place].value = ScimUuidText(&id->key);
		else
		{
			check_type(import, member, id, place, problems);
			found[id->place].said = member;
		}
	}
}

/*
 * ScimMembersNamed makes of members as a row states them those of a document: an array
 * of {"value": id}.  group_id: whose they are, or NULL; stated NULL: there are none.
 * depends: ScimDepends *, those whom other rows make.
 */
JsonbValue *
ScimMembersNamed(ScimImport *import, const pg_uuid_t *group_id, const JsonbValue *stated,
				 List **depends, List **problems)
{
	JsonbValue *members = ScimJsonNewArray();
	int n = stated != NULL && stated->type == jbvArray ? stated->val.array.nElems : 0;
	Found *found =
		palloc_extended(sizeof(Found) * (n + 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	Ids ids = {import, palloc_extended(sizeof(Id) * (n + 1), MCXT_ALLOC_HUGE), 0};
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
		Id id = {.place = i};
		bool is_id = false;

		CHECK_FOR_INTERRUPTS();
		if (member->type == jbvObject)
		{
			text =
				read_object(import, &member, psprintf("members[%d]", i), &path, problems);
			if (text == NULL)
				continue;
		}
		if (text->type != jbvString)
		{
			*problems =
				ScimProblemAdd(*problems, SCIM_INVALID_VALUE, psprintf("members[%d]", i),
							   "a member must be a text or an object of texts");
			continue;
		}
		if (member->type == jbvString || strcmp(path, "value") == 0)
			ScimMemberKey(text->val.string.val, text->val.string.len, &id.key, &is_id);
		/* what is no id may be a member already, and then it is named by its value */
		if (is_id || (member->type == jbvObject && strcmp(path, "value") == 0))
		{
			id.member = member;
			ids.all[ids.n++] = id;
		}
		else
			seek(import, &all, path, member, text, i, problems);
	}
	if (list_length(*problems) < SCIM_MAX_PROBLEMS)
	{
		find_ids(&ids, group_id);
		take_ids(import, &ids, found, &all, problems);
	}
	foreach (lc, all)
	{
		if (list_length(*problems) < SCIM_MAX_PROBLEMS)
			find_sought(import, lfirst(lc), found, depends, problems);
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
