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
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"

#include "json/json.h"
#include "operation/operation.h"
#include "policy/policy.h"
#include "protocol/wire/wire.h"
#include "store/statement/column.h"
#include "store/statement/statement.h"
#include "text/fold.h"

/* Members as a body states them, with what they are to become. */
typedef struct Stated
{
	int count;
	int capacity;
	JsonbValue **places; /* strings of the tree */
	const char **texts;
	const char **ids;
} Stated;

static const ScimResourceType *
named_type(const ScimIdentifiers *identifiers)
{
	return ScimTypeByName(identifiers->store, identifiers->wire->identifier->type_name);
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
	ScimSpiExecute(psprintf("SELECT r.id FROM %s.resource r WHERE r.tenant_id = $1 "
							"AND r.id = ANY ($2) AND r.deleted_at IS NULL%s",
							store,
							group == NULL
								? ""
								: psprintf(" UNION ALL SELECT m.member_id "
										   "FROM %s.member m WHERE m.tenant_id = $1 "
										   "AND m.group_id = $3 "
										   "AND m.member_id = ANY ($2)",
										   store)),
				   &params, false, 0);
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

/* ScimIdentifierId is the ScimWireLookup of one identifier; the context ScimIdentifiers.
 */
const char *
ScimIdentifierId(void *context, const ScimWireKind *kind, const char *identifier,
				 bool may_doubt)
{
	ScimIdentifiers *identifiers = context;
	const char *stored;
	const char *id = NULL;

	if (kind->is_id)
		return NULL;
	if (identifiers->group == NULL &&
		++identifiers->lookups > SCIM_MAX_FILTER_LOOKUPS_MAX)
		ereport(ERROR, (ScimErr(SCIM_INVALID_FILTER),
						errmsg("the filter names more than %d members",
							   SCIM_MAX_FILTER_LOOKUPS_MAX)));
	if (*find_ids(identifiers, 1, &identifier))
		return NULL;
	stored = stored_text(identifiers, kind, identifier);
	ScimFindEach(identifiers->store, named_type(identifiers), kind->path, &kind->resolved,
				 1, &stored, &id);
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
	const char *surely = ScimWireFilter(&reading, NULL, filter);

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
add_stated(Stated *stated, JsonbValue *value)
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
	}
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

/* The identifiers in a value of "members". */
static void
gather(Stated *stated, const char *type_name, JsonbValue *value)
{
	JsonbValue *member = value;
	JsonbValue *reference;

	CHECK_FOR_INTERRUPTS();
	if (value->type == jbvArray)
	{
		for (int i = 0; i < value->val.array.nElems; i++)
		{
			if (value->val.array.elems[i].type != jbvArray)
				gather(stated, type_name, &value->val.array.elems[i]);
		}
		return;
	}
	if (value->type == jbvObject)
	{
		const JsonbValue *type = ScimJsonGetFolded(value, "type");

		/* a group in a group */
		if (type != NULL && type->type == jbvString &&
			!ScimNameEqual(ScimJsonStringCopy(type), type_name))
			return;
		member = ScimJsonGetFolded(value, "value");
		reference = ScimJsonGetFolded(value, "$ref");
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
		add_stated(stated, member);
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

/* Puts ids in the place of identifiers.  strict: nobody must be unknown. */
static void
identify(const ScimIdentifiers *identifiers, const ScimWireKind *kind, JsonbValue *value,
		 bool strict)
{
	const ScimResourceType *type = named_type(identifiers);
	Stated stated = {0};
	const bool *is_id;
	const char **stored;
	pg_uuid_t uuid;

	if (value == NULL || kind->is_id)
		return;
	gather(&stated, type->name, value);
	if (stated.count == 0)
		return;
	stated.ids =
		MemoryContextAllocExtended(CurrentMemoryContext, stated.count * sizeof(char *),
								   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	is_id = find_ids(identifiers, stated.count, stated.texts);
	stored = MemoryContextAllocHuge(CurrentMemoryContext, stated.count * sizeof(char *));
	for (int i = 0; i < stated.count; i++)
		stored[i] = stored_text(identifiers, kind, stated.texts[i]);
	ScimFindEach(identifiers->store, type, kind->path, &kind->resolved, stated.count,
				 stored, stated.ids);
	for (int i = 0; i < stated.count; i++)
	{
		if (is_id[i])
			continue;
		if (stated.ids[i] == ScimFoundSeveral)
			ScimRaiseSeveral(type, kind->path, stated.texts[i], SCIM_INVALID_VALUE);
		if (stated.ids[i] != NULL)
			*stated.places[i] = *ScimJsonNewString(stated.ids[i]);
		else if (strict && !ScimUuidParse(stated.texts[i], &uuid))
			ereport(ERROR, (ScimErr(missing_kind(identifiers->store, identifiers->wire)),
							errmsg("members: there is no %s whose %s is \"%s\"",
								   type->name, kind->path, stated.texts[i])));
	}
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

	if (document->type != jbvObject ||
		ScimJsonGetFolded(document, wire->identifier->attribute->name) == NULL)
		return;
	identifiers.group = group_of(request);
	identify(&identifiers, ScimWireKindOf(wire, kind_in_body(&identifiers, document)),
			 ScimJsonGetFolded(document, wire->identifier->attribute->name), true);
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
 * something else.
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

			if (said != NULL)
				kind = ScimWireKindOf(wire, said);
			/* who is not there need not be removed */
			identify(&identifiers, kind, members_in_operation(wire, path, value),
					 !removes);
			ScimJsonAppend(result, operation);
		}
	}
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
	return !kind_of_group(identifiers)->is_id &&
		   ScimScopeAllows(identifiers->store, naming->type->name, false);
}

/* ScimIdentifiersFilter reads the filter of a list of the members of a group. */
const char *
ScimIdentifiersFilter(ScimStore *store, const ScimWire *wire, const ScimResource *group,
					  const char *filter)
{
	ScimIdentifiers identifiers = {.store = store, .wire = wire, .group = group};
	ScimWireReading reading = {
		.wire = wire, .lookup = ScimIdentifierId, .context = &identifiers};

	reading.kind =
		ScimWireKindOf(wire, ScimWireKindSaid(wire, ScimJsonFromJsonb(group->data)));
	return ScimWireFilter(&reading, wire->identifier->attribute->name, filter);
}
