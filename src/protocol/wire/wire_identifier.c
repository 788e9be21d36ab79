/*
 * wire_identifier.c
 *		The policy "wire": by what clients name the members of groups.
 *
 * Members are stored by the ids of resources.  A group says, or the policy does for all,
 * whether clients see and send these or userNames, e-mail addresses, ...
 *
 * What a client gets and puts back is what it was.  So a name means, in this order:
 * the member of the group that is shown by it as by an id; the resource whose id it is;
 * the one whose identifier it is.  And shown by an identifier is who alone has it, where
 * none of the former is meant by it; the others, those who have none, and members of
 * other types are shown by their ids.  A "$ref" that a client sends says more than all
 * of this.
 *
 * To who may not read those that are named, nothing is a name of theirs but an id.  What
 * he reads, asks for or sends is the same whether or not somebody has an identifier.
 *
 * Names are looked up together, those of a body, of a filter and of all operations of a
 * PATCH.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"

#include "json/buckets.h"
#include "json/json.h"
#include "operation/operation.h"
#include "policy/policy.h"
#include "protocol/wire/wire.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "text/fold.h"
#include "text/hash.h"

/* Members as a body states them, with what they are to become. */
typedef struct Stated
{
	int count;
	int capacity;
	JsonbValue **places; /* strings of the tree */
	const char **texts;
	const char **others; /* of this type, which has no identifiers; or NULL */
	bool *strict;        /* nobody must be unknown */
} Stated;

/* Names that filters and paths ask for, each once. */
struct ScimIdentifiersAsked
{
	int count;
	int capacity;
	const char **texts;
	ScimBuckets by_text;
	/* by the number of a kind: of these names, once one was asked for */
	const char ***ids;
};
typedef struct ScimIdentifiersAsked Asked;

static const ScimResourceType *
named_type(const ScimIdentifiers *identifiers)
{
	return ScimTypeByName(identifiers->store, identifiers->wire->identifier->type_name);
}

/* Do ids alone name members, by the kind or since nobody else may be known? */
static bool
only_ids(const ScimIdentifiers *identifiers, const ScimWireKind *kind)
{
	return kind->is_id ||
		   !ScimScopeAllows(identifiers->store, identifiers->wire->identifier->type_name,
							false);
}

/*
 * An identifier as it is stored: the characters of what it is of may be others there,
 * by the policy "wire" of whom it names.
 */
static const char *
stored_text(const ScimIdentifiers *identifiers, const ScimWireKind *kind,
			const char *text)
{
	return ScimWireStored(ScimWireOf(ScimRulesFor(identifiers->store, ScimTenant(),
												  named_type(identifiers))),
						  &kind->resolved, text);
}

/*
 * Which of some texts mean somebody whatever the identifiers are: a member of the group
 * at hand, or the id of a resource that is there.
 */
static bool *
find_ids(const ScimIdentifiers *identifiers, int ntexts, const char **texts)
{
	const char *store = identifiers->store->quoted_name;
	const ScimResource *group = identifiers->group;
	Size size = Max(ntexts, 1);
	bool *found = MemoryContextAllocExtended(CurrentMemoryContext, size,
											 MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	pg_uuid_t *keys = MemoryContextAllocHuge(CurrentMemoryContext, size * UUID_LEN);
	Datum *wanted = MemoryContextAllocHuge(CurrentMemoryContext, size * sizeof(Datum));
	int nwanted = 0;
	pg_uuid_t *there;
	uint64 nthere;
	ScimParams params;

	for (int i = 0; i < ntexts; i++)
	{
		bool is_id;

		ScimMemberKey(texts[i], strlen(texts[i]), &keys[i], &is_id);
		if (is_id || group != NULL)
			wanted[nwanted++] = UUIDPGetDatum(&keys[i]);
	}
	if (nwanted == 0)
		return found;
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false);
	ScimParamsAdd(&params, UUIDARRAYOID, ScimArray(wanted, NULL, nwanted, UUIDOID),
				  false);
	if (group != NULL)
		ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&group->id), false);
	ScimSpiExecuteByKey(psprintf("SELECT r.id FROM %s.resource r WHERE r.tenant_id = $1 "
								 "AND r.id = ANY ($2) AND r.deleted_at IS NULL%s",
								 store,
								 group == NULL
									 ? ""
									 : psprintf(" UNION ALL SELECT m.member_id "
												"FROM %s.member m WHERE m.tenant_id = $1 "
												"AND m.group_id = $3 "
												"AND m.member_id = ANY ($2)",
												store)),
						&params, 0);
	nthere = SPI_processed;
	there =
		MemoryContextAllocHuge(CurrentMemoryContext, Max(nthere, 1) * sizeof(pg_uuid_t));
	for (uint64 i = 0; i < nthere; i++)
		there[i] = *DatumGetUUIDP(ScimResultValue(i, 1, UUIDOID));
	qsort(there, nthere, sizeof(pg_uuid_t), ScimCompareIds);
	for (int i = 0; i < ntexts; i++)
		found[i] = nthere > 0 && bsearch(&keys[i], there, nthere, sizeof(pg_uuid_t),
										 ScimCompareIds) != NULL;
	SPI_finish();
	return found;
}

/*
 * The ids of those whom some texts name, NULL and ScimFoundSeveral among them; is_id[i]:
 * a text is what find_ids finds, and names nobody else.
 */
static const char **
find_named(const ScimIdentifiers *identifiers, const ScimWireKind *kind, int ntexts,
		   const char **texts, const bool *is_id)
{
	Size size = Max(ntexts, 1);
	const char **ids = MemoryContextAllocExtended(
		CurrentMemoryContext, size * sizeof(char *), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	const char **found;
	const char **stored;
	int *places;
	int n = 0;

	if (only_ids(identifiers, kind))
		return ids;
	found = MemoryContextAllocExtended(CurrentMemoryContext, size * sizeof(char *),
									   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	stored = MemoryContextAllocHuge(CurrentMemoryContext, size * sizeof(char *));
	places = MemoryContextAllocHuge(CurrentMemoryContext, size * sizeof(int));
	for (int i = 0; i < ntexts; i++)
	{
		if (is_id[i])
			continue;
		places[n] = i;
		stored[n++] = stored_text(identifiers, kind, texts[i]);
	}
	if (n > 0)
		ScimFindEach(identifiers->store, named_type(identifiers), kind->path,
					 &kind->resolved, n, stored, found);
	for (int i = 0; i < n; i++)
		ids[places[i]] = found[i];
	return ids;
}

/* ---- filters and paths ---- */

/* The place of a text among those that are asked for; -1: it is none. */
static int
find_asked(const Asked *asked, const char *text, uint32 hash)
{
	for (int at = ScimBucketsFirst(&asked->by_text, hash); at >= 0;
		 at = ScimBucketsNext(&asked->by_text, at))
	{
		if (strcmp(asked->texts[ScimBucketsItem(&asked->by_text, at)], text) == 0)
			return ScimBucketsItem(&asked->by_text, at);
	}
	return -1;
}

/* So many of them a filter over all groups may ask for. */
static void
count_lookup(ScimIdentifiers *identifiers)
{
	if (identifiers->group == NULL &&
		++identifiers->lookups > SCIM_MAX_FILTER_LOOKUPS_MAX)
		ereport(ERROR, (ScimErr(SCIM_INVALID_FILTER),
						errmsg("the filter names more than %d members",
							   SCIM_MAX_FILTER_LOOKUPS_MAX)));
}

/* The ScimWireLookup that notes what is going to be asked for. */
static const char *
note_asked(void *context, const ScimWireKind *kind, const char *text, bool may_doubt)
{
	ScimIdentifiers *identifiers = context;
	Asked *asked = identifiers->asked;
	uint32 hash = ScimHash(text, strlen(text));

	if (only_ids(identifiers, kind))
		return NULL;
	count_lookup(identifiers);
	if (find_asked(asked, text, hash) >= 0)
		return NULL;
	if (asked->count == asked->capacity)
	{
		asked->capacity *= 2;
		asked->texts = repalloc_huge(asked->texts, asked->capacity * sizeof(char *));
	}
	asked->texts[asked->count] = pstrdup(text);
	ScimBucketsAdd(&asked->by_text, hash, asked->count++);
	return NULL;
}

/* How names are noted before they are looked up together. */
static ScimWireReading
begin_asking(ScimIdentifiers *identifiers, const ScimWireKind *kind)
{
	Asked *asked = palloc0(sizeof(Asked));

	asked->capacity = 16;
	asked->texts = palloc(asked->capacity * sizeof(char *));
	asked->ids = palloc0(identifiers->wire->identifier->nkinds * sizeof(char **));
	ScimBucketsInit(&asked->by_text, asked->capacity);
	identifiers->asked = asked;
	identifiers->lookups = 0;
	return (ScimWireReading){.wire = identifiers->wire,
							 .kind = kind,
							 .lookup = note_asked,
							 .context = identifiers};
}

/* The names of a filter, as ScimWireFilter reads it. */
static void
ask_filter(ScimIdentifiers *identifiers, const ScimWireKind *kind, const char *parent,
		   const char *filter)
{
	ScimWireReading noting;

	if (identifiers->wire->identifier == NULL)
		return;
	noting = begin_asking(identifiers, kind);
	(void) ScimWireFilter(&noting, parent, filter);
	identifiers->lookups = 0;
}

/* The names of those whom operations of a PATCH choose by a filter. */
static void
ask_operations(ScimIdentifiers *identifiers, const JsonbValue *operations)
{
	const ScimWireIdentifier *identifier = identifiers->wire->identifier;
	const ScimWireKind *kind = NULL;
	ScimWireReading noting;

	/* whichever: what is noted is not looked up yet */
	for (int i = 0; i < identifier->nkinds && kind == NULL; i++)
		kind = identifier->kinds[i].is_id ? NULL : &identifier->kinds[i];
	if (kind == NULL || only_ids(identifiers, kind))
		return;
	noting = begin_asking(identifiers, kind);
	for (int i = 0; i < operations->val.array.nElems; i++)
	{
		const JsonbValue *operation = &operations->val.array.elems[i];
		const JsonbValue *path;
		const char *text;

		CHECK_FOR_INTERRUPTS();
		path = operation->type == jbvObject ? ScimJsonGetFolded(operation, "path") : NULL;
		if (path == NULL || path->type != jbvString)
			continue;
		text = ScimJsonStringCopy(path);
		if (strchr(text, '[') != NULL)
			(void) ScimWirePath(&noting, text);
	}
}

/* Whom a text names: NULL and ScimFoundSeveral as well. */
static const char *
find_one(const ScimIdentifiers *identifiers, const ScimWireKind *kind, const char *text)
{
	Asked *asked = identifiers->asked;
	int number = kind - identifiers->wire->identifier->kinds;
	int place =
		asked != NULL ? find_asked(asked, text, ScimHash(text, strlen(text))) : -1;

	if (place < 0)
		return *find_named(identifiers, kind, 1, &text, find_ids(identifiers, 1, &text));
	if (asked->ids[number] == NULL)
		asked->ids[number] =
			find_named(identifiers, kind, asked->count, asked->texts,
					   find_ids(identifiers, asked->count, asked->texts));
	return asked->ids[number][place];
}

/* ScimIdentifierId is the ScimWireLookup of one identifier; the context ScimIdentifiers.
 */
const char *
ScimIdentifierId(void *context, const ScimWireKind *kind, const char *identifier,
				 bool may_doubt)
{
	ScimIdentifiers *identifiers = context;
	const char *id;

	if (only_ids(identifiers, kind))
		return NULL;
	count_lookup(identifiers);
	id = find_one(identifiers, kind, identifier);
	if (id != ScimFoundSeveral)
		return id;
	if (!may_doubt)
		ScimRaiseSeveral(named_type(identifiers), kind->path, identifier,
						 SCIM_INVALID_FILTER);
	identifiers->doubt = kind;
	identifiers->doubted = identifier;
	return ScimWireDoubt;
}

/*
 * ScimIdentifiersSearch reads the filter of a list of groups, or of all resources.  That
 * several have an identifier matters to groups that name their members by it: *undecided
 * is a filter of those of which nobody can say whether the list has them, or NULL.
 */
const char *
ScimIdentifiersSearch(ScimIdentifiers *identifiers, const char *filter,
					  const char **undecided)
{
	bool doubts = false;
	ScimWireReading reading = {.wire = identifiers->wire,
							   .lookup = ScimIdentifierId,
							   .context = identifiers,
							   .doubts = &doubts};
	const char *surely;

	ask_filter(identifiers, NULL, NULL, filter);
	surely = ScimWireFilter(&reading, NULL, filter);
	*undecided = NULL;
	if (!doubts)
		return surely;
	identifiers->lookups = 0;
	reading.wide = true;
	*undecided = psprintf("meta.resourceType eq \"%s\" and (%s) and not (%s)",
						  identifiers->wire->type->name,
						  ScimWireFilter(&reading, NULL, filter), surely);
	return surely;
}

/* ScimIdentifiersDecide: an error where there is a group that is undecided. */
void
ScimIdentifiersDecide(const ScimIdentifiers *identifiers, const ScimResourceType *type,
					  const char *undecided)
{
	ScimSearchRequest search = {.filter = undecided,
								.own = strlen(undecided),
								.start_index = 1,
								.count = 1,
								.max_count = 1,
								.uncounted = true};
	ScimPage page;

	ScimSearchPage(identifiers->store, type, &search, &page);
	if (page.resources != NIL)
		ScimRaiseSeveral(named_type(identifiers), identifiers->doubt->path,
						 identifiers->doubted, SCIM_INVALID_FILTER);
}

/* ---- in ---- */

static void
add_stated(Stated *stated, JsonbValue *value, const char *other, bool strict)
{
	if (stated->count == stated->capacity)
	{
		bool none = stated->capacity == 0;

		stated->capacity = none ? 16 : stated->capacity * 2;
		stated->places =
			none ? palloc(stated->capacity * sizeof(JsonbValue *))
				 : repalloc_huge(stated->places, stated->capacity * sizeof(JsonbValue *));
		stated->texts =
			none ? palloc(stated->capacity * sizeof(char *))
				 : repalloc_huge(stated->texts, stated->capacity * sizeof(char *));
		stated->others =
			none ? palloc(stated->capacity * sizeof(char *))
				 : repalloc_huge(stated->others, stated->capacity * sizeof(char *));
		stated->strict =
			none ? palloc(stated->capacity * sizeof(bool))
				 : repalloc_huge(stated->strict, stated->capacity * sizeof(bool));
	}
	stated->others[stated->count] = other;
	stated->strict[stated->count] = strict;
	stated->places[stated->count] = value;
	stated->texts[stated->count] = ScimJsonStringCopy(value);
	stated->count++;
}

/* Puts the id to which a "$ref" leads in the place of a value; false: to none. */
static bool
take_reference(JsonbValue *member, const JsonbValue *reference)
{
	const char *text = ScimJsonStringCopy(reference);
	pg_uuid_t id;

	if (text == NULL || !ScimReferenceId(text, &id))
		return false;
	*member = *ScimJsonNewString(ScimUuidText(&id));
	return true;
}

/* The identifiers in a value of "members", which may be NULL. */
static void
gather(Stated *stated, const char *type_name, JsonbValue *value, bool strict)
{
	JsonbValue *member = value;
	JsonbValue *reference;
	const char *other = NULL;

	CHECK_FOR_INTERRUPTS();
	if (value == NULL)
		return;
	if (value->type == jbvArray)
	{
		for (int i = 0; i < value->val.array.nElems; i++)
		{
			if (value->val.array.elems[i].type != jbvArray)
				gather(stated, type_name, &value->val.array.elems[i], strict);
		}
		return;
	}
	if (value->type == jbvObject)
	{
		const JsonbValue *type = ScimJsonGetFolded(value, "type");

		/* a group in a group */
		if (type != NULL && type->type == jbvString &&
			!ScimNameEqual(ScimJsonStringCopy(type), type_name))
			other = ScimJsonStringCopy(type);
		member = ScimJsonGetFolded(value, "value");
		reference = ScimJsonGetFolded(value, "$ref");
		/* what such a one has beside its value leads to it */
		if (other != NULL && reference != NULL)
			return;
		if (member != NULL && member->type == jbvString && reference != NULL)
		{
			bool decides = take_reference(member, reference);

			/* it ends in what the value was, and not in an id */
			reference->type = jbvNull;
			if (decides)
				return;
		}
	}
	if (member != NULL && member->type == jbvString && member->val.string.len > 0)
		add_stated(stated, member, other, strict);
}

/* As what the policy "reference" sees members that there are not. */
static ScimErrorKind
missing_kind(ScimStore *store, const ScimWire *wire)
{
	const ScimRules *rules = ScimRulesFor(store, ScimTenant(), wire->type);
	ListCell *lc;

	foreach (lc, rules->of[SCIM_RULE_REFERENCE])
	{
		ListCell *cell;

		foreach (cell, (List *) ((ScimRule *) lfirst(lc))->compiled)
		{
			const ScimValueRule *rule = lfirst(cell);

			if (ScimIsMembers(wire->type, rule->resolved.attribute))
				return rule->missing;
		}
	}
	return SCIM_INVALID_VALUE;
}

/* Nobody is named by that, or nobody who may be known. */
pg_noreturn static void
raise_nobody(const ScimIdentifiers *identifiers, const ScimWireKind *kind,
			 const char *text)
{
	const char *type_name = identifiers->wire->identifier->type_name;
	ScimErrorKind missing = missing_kind(identifiers->store, identifiers->wire);

	if (only_ids(identifiers, kind))
		ereport(ERROR, (ScimErr(missing),
						errmsg("members: \"%s\" is no id, and the scopes of these "
							   "credentials do not allow to name a %s by anything else",
							   text, type_name)));
	ereport(ERROR, (ScimErr(missing), errmsg("members: there is no %s whose %s is \"%s\"",
											 type_name, kind->path, text)));
}

/* Who is of another type than has identifiers is named by an id. */
pg_noreturn static void
raise_no_id(const ScimIdentifiers *identifiers, const char *type_name, const char *text)
{
	ereport(ERROR,
			(ScimErr(missing_kind(identifiers->store, identifiers->wire)),
			 errmsg("members: \"%s\" is no id, and no %s is named by anything else", text,
					type_name)));
}

/* Puts ids in the place of identifiers, which are stated no more then. */
static void
identify(const ScimIdentifiers *identifiers, const ScimWireKind *kind, Stated *stated)
{
	bool *is_id;
	const char **ids;
	pg_uuid_t uuid;

	if (stated->count == 0)
		return;
	is_id = find_ids(identifiers, stated->count, stated->texts);
	for (int i = 0; i < stated->count; i++)
	{
		if (stated->others[i] == NULL)
			continue;
		if (!is_id[i] && stated->strict[i] && !ScimUuidParse(stated->texts[i], &uuid))
			raise_no_id(identifiers, stated->others[i], stated->texts[i]);
		is_id[i] = true;
	}
	ids = find_named(identifiers, kind, stated->count, stated->texts, is_id);
	for (int i = 0; i < stated->count; i++)
	{
		if (is_id[i])
			continue;
		if (ids[i] == ScimFoundSeveral)
			ScimRaiseSeveral(named_type(identifiers), kind->path, stated->texts[i],
							 SCIM_INVALID_VALUE);
		if (ids[i] != NULL)
			*stated->places[i] = *ScimJsonNewString(ids[i]);
		else if (stated->strict[i] && !ScimUuidParse(stated->texts[i], &uuid))
			raise_nobody(identifiers, kind, stated->texts[i]);
	}
	stated->count = 0;
}

/* The group that a request is about, or NULL. */
static const ScimResource *
group_of(const ScimRequest *request)
{
	return request->id != NULL
			   ? ScimGetResource(request->store, request->type, request->id)
			   : NULL;
}

/*
 * What a group will say of how its members are named, once a body has replaced it; what
 * it may not change, or leaves as it is by saying nothing, is as it was.
 */
static const JsonbValue *
kind_in_body(const ScimIdentifiers *identifiers, JsonbValue *document)
{
	const ScimWire *wire = identifiers->wire;
	const ScimResolved *by = &wire->identifier->by;
	const JsonbValue *said = ScimWireKindSaid(wire, document);
	const JsonbValue *stored;
	JsonbValue *kept;

	if (identifiers->group == NULL || wire->identifier->by_path == NULL)
		return said;
	stored = ScimJsonFromJsonb(identifiers->group->data);
	if (by->attribute->mutability == SCIM_READ_ONLY ||
		ScimLeaf(by)->mutability == SCIM_READ_ONLY)
		return ScimWireKindSaid(wire, stored);
	if (said != NULL && !ScimJsonIsUnassigned(said))
		return said;
	if (by->attribute->mutability == SCIM_IMMUTABLE ||
		ScimLeaf(by)->mutability == SCIM_IMMUTABLE)
		return ScimWireKindSaid(wire, stored);
	kept = ScimJsonCopy(document);
	ScimFixedKeep(ScimRulesFor(identifiers->store, ScimTenant(), wire->type), stored,
				  kept);
	return ScimWireKindSaid(wire, kept);
}

/*
 * ScimIdentifiersIn puts ids into the members of a group that a client sends, which
 * says itself by what it names them.
 */
void
ScimIdentifiersIn(ScimRequest *request, const ScimWire *wire, JsonbValue *document)
{
	ScimIdentifiers identifiers = {.store = request->store, .wire = wire};
	const ScimWireKind *kind;
	Stated stated = {0};

	if (document->type != jbvObject ||
		ScimJsonGetFolded(document, wire->identifier->attribute->name) == NULL)
		return;
	identifiers.group = group_of(request);
	kind = ScimWireKindOf(wire, kind_in_body(&identifiers, document));
	if (kind->is_id)
		return;
	gather(&stated, wire->identifier->type_name,
		   ScimJsonGetFolded(document, wire->identifier->attribute->name), true);
	identify(&identifiers, kind, &stated);
}

/* Does a path lead to the attribute that says how members are named, or to all of it? */
static bool
is_by(const ScimWire *wire, const char *path)
{
	const ScimResolved *by = &wire->identifier->by;
	ScimResolved resolved;

	if (by->extension != NULL && ScimNameEqual(path, by->extension->id))
		return true;
	return ScimWireResolve(wire->type, path, &resolved) &&
		   resolved.extension == by->extension && resolved.attribute == by->attribute &&
		   (resolved.sub == NULL || resolved.sub == by->sub);
}

/*
 * What an operation says of the attribute that says how members are named; NULL:
 * nothing.
 */
static const JsonbValue *
kind_in_operation(const ScimWire *wire, const char *path, const JsonbValue *value,
				  bool removes)
{
	static const JsonbValue null = {.type = jbvNull};
	const ScimWireIdentifier *identifier = wire->identifier;
	ScimResolved resolved;
	ScimResolved of_key;

	if (identifier->by_path == NULL)
		return NULL;
	if (removes)
		return path != NULL && is_by(wire, path) ? &null : NULL;
	if (value == NULL)
		return NULL;
	if (path != NULL && ScimWireResolve(wire->type, path, &resolved) &&
		memcmp(&resolved, &identifier->by, sizeof(ScimResolved)) == 0)
		return value;
	if (value->type != jbvObject)
		return NULL;
	if (path == NULL)
	{
		const JsonbValue *said = ScimWireKindSaid(wire, value);

		for (int i = 0; i < value->val.object.nPairs && said == NULL; i++)
		{
			const JsonbPair *pair = &value->val.object.pairs[i];

			if (ScimWireResolve(wire->type, ScimJsonStringCopy(&pair->key), &of_key) &&
				memcmp(&of_key, &identifier->by, sizeof(ScimResolved)) == 0)
				said = &pair->value;
		}
		return said;
	}
	/* the extension as a whole */
	if (identifier->by.extension != NULL && identifier->by.sub == NULL &&
		ScimNameEqual(path, identifier->by.extension->id))
		return ScimJsonGetFolded(value, identifier->by.attribute->name);
	return NULL;
}

/* The members that an operation states, or NULL. */
static JsonbValue *
members_in_operation(const ScimWire *wire, const char *path, JsonbValue *value)
{
	const char *name = wire->identifier->attribute->name;
	ScimResolved resolved;

	if (value == NULL)
		return NULL;
	if (path == NULL)
		return value->type == jbvObject ? ScimJsonGetFolded(value, name) : NULL;
	if (ScimWireResolve(wire->type, path, &resolved) &&
		resolved.attribute == wire->identifier->attribute)
		return value;
	return NULL;
}

/*
 * ScimIdentifiersOperations is ScimWireOperationsIn for groups whose members have
 * identifiers: by what they are named is what the group says, until an operation says
 * something else.  Those that are named in the same way are looked up together.
 */
const JsonbValue *
ScimIdentifiersOperations(ScimRequest *request, const ScimWire *wire,
						  const JsonbValue *operations)
{
	ScimIdentifiers identifiers = {
		.store = request->store, .wire = wire, .group = group_of(request)};
	const ScimWireKind *kind = ScimWireKindOf(
		wire, ScimWireKindSaid(wire, ScimJsonFromJsonb(identifiers.group->data)));
	ScimWireReading reading = {
		.wire = wire, .kind = kind, .lookup = ScimIdentifierId, .context = &identifiers};
	JsonbValue *result = ScimJsonNewArray();
	Stated stated = {0};

	ask_operations(&identifiers, operations);
	for (int i = 0; i < operations->val.array.nElems; i++)
	{
		JsonbValue *one = ScimJsonNewArray();

		CHECK_FOR_INTERRUPTS();
		reading.kind = kind;
		ScimJsonAppend(one, &operations->val.array.elems[i]);
		one = ScimWireOperationsIn(&reading, one);
		for (int j = 0; j < one->val.array.nElems; j++)
		{
			JsonbValue *operation = &one->val.array.elems[j];
			const JsonbValue *op = ScimJsonGetFolded(operation, "op");
			const JsonbValue *path_value = ScimJsonGetFolded(operation, "path");
			const char *path = path_value != NULL && path_value->type == jbvString &&
									   path_value->val.string.len > 0
								   ? ScimJsonStringCopy(path_value)
								   : NULL;
			JsonbValue *value = ScimJsonGetFolded(operation, "value");
			bool removes = op != NULL && op->type == jbvString &&
						   ScimNameEqual(ScimJsonStringCopy(op), "remove");
			const JsonbValue *said = kind_in_operation(wire, path, value, removes);

			if (said != NULL && ScimWireKindOf(wire, said) != kind)
			{
				identify(&identifiers, kind, &stated);
				kind = ScimWireKindOf(wire, said);
			}
			/* who is not there need not be removed */
			if (!kind->is_id)
				gather(&stated, wire->identifier->type_name,
					   members_in_operation(wire, path, value), !removes);
			ScimJsonAppend(result, operation);
		}
	}
	identify(&identifiers, kind, &stated);
	return result;
}

/* ---- out ---- */

static const ScimWireKind *
kind_of_group(const ScimIdentifiers *identifiers)
{
	return ScimWireKindOf(
		identifiers->wire,
		ScimWireKindSaid(identifiers->wire, ScimJsonFromJsonb(identifiers->group->data)));
}

/* The names by which these members, and nobody else, are meant. */
static void
name_members(const ScimMemberNaming *naming, int nids, const pg_uuid_t *ids,
			 const char **names)
{
	const ScimIdentifiers *identifiers = naming->context;
	const ScimWireKind *kind = kind_of_group(identifiers);
	const ScimWire *wire =
		ScimWireOf(ScimRulesFor(identifiers->store, ScimTenant(), naming->type));
	const char **texts = palloc(Max(nids, 1) * sizeof(char *));
	const char **shown = palloc(Max(nids, 1) * sizeof(char *));
	const char **meant = palloc0(Max(nids, 1) * sizeof(char *));
	int *places = palloc(Max(nids, 1) * sizeof(int));
	const bool *is_id;
	int n = 0;

	ScimNameEach(identifiers->store, naming->type, &kind->resolved, nids, ids, names);
	for (int i = 0; i < nids; i++)
	{
		if (names[i] == NULL)
			continue;
		places[n] = i;
		texts[n] = names[i];
		shown[n] = ScimWireShown(wire, &kind->resolved, names[i]);
		n++;
	}
	if (n == 0)
		return;
	is_id = find_ids(identifiers, n, shown);
	ScimFindEach(identifiers->store, naming->type, kind->path, &kind->resolved, n, texts,
				 meant);
	for (int i = 0; i < n; i++)
	{
		bool comes_back =
			wire == NULL ||
			strcmp(texts[i], ScimWireStored(wire, &kind->resolved, shown[i])) == 0;

		if (is_id[i] || !comes_back || meant[i] == NULL || meant[i] == ScimFoundSeveral)
			names[places[i]] = NULL;
		else
			names[places[i]] = shown[i];
	}
}

/*
 * ScimIdentifiersNaming says by what the members of a group are shown; false: by their
 * ids.
 */
bool
ScimIdentifiersNaming(const ScimIdentifiers *identifiers, ScimMemberNaming *naming)
{
	naming->type = named_type(identifiers);
	naming->name = name_members;
	naming->context = identifiers;
	return !only_ids(identifiers, kind_of_group(identifiers));
}

/* ScimIdentifiersFilter reads the filter of a list of the members of a group. */
const char *
ScimIdentifiersFilter(ScimStore *store, const ScimWire *wire, const ScimResource *group,
					  const char *filter)
{
	ScimIdentifiers identifiers = {.store = store, .wire = wire, .group = group};
	ScimWireReading reading = {
		.wire = wire, .lookup = ScimIdentifierId, .context = &identifiers};

	reading.kind = kind_of_group(&identifiers);
	ask_filter(&identifiers, reading.kind, wire->identifier->attribute->name, filter);
	return ScimWireFilter(&reading, wire->identifier->attribute->name, filter);
}
