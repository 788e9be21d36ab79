/*
 * wire_identifier.c
 *		The policy "wire": by what clients name the members of groups.
 *
 * Members are stored by the ids of resources.  A group says, or the policy does for all,
 * whether clients see and send these or userNames, e-mail addresses, ...
 *
 * Who has no such identifier is named by his id, and so are members of another type:
 * an id is always taken where nobody has it as his identifier.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"

#include "json/json.h"
#include "operation/operation.h"
#include "policy/policy.h"
#include "protocol/wire.h"
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

/* ScimIdentifierId is the ScimWireLookup of one identifier; the context ScimIdentifiers.
 */
const char *
ScimIdentifierId(void *context, const ScimWireKind *kind, const char *identifier)
{
	ScimIdentifiers *identifiers = context;
	const char *id = NULL;

	if (kind->is_id)
		return NULL;
	if (identifiers->group == NULL &&
		++identifiers->lookups > SCIM_MAX_FILTER_LOOKUPS_MAX)
		ereport(ERROR, (ScimErr(SCIM_INVALID_FILTER),
						errmsg("the filter names more than %d members",
							   SCIM_MAX_FILTER_LOOKUPS_MAX)));
	ScimFindEach(identifiers->store, named_type(identifiers), kind->path, &kind->resolved,
				 1, &identifier, &id);
	return id;
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
		/* it ends in what the value is, and not in an id */
		if (member != NULL && member->type == jbvString && reference != NULL)
			reference->type = jbvNull;
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

/* Is this text, which is no id, a member of the group as it stands? */
static bool
is_member(const ScimIdentifiers *identifiers, const char *text)
{
	ScimParams params;
	pg_uuid_t key;
	bool is_id;
	bool found;

	if (identifiers->group == NULL)
		return false;
	ScimMemberKey(text, strlen(text), &key, &is_id);
	SPI_connect();
	ScimParamsOfResource(&params, identifiers->group->tenant_id, &identifiers->group->id);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&key), false);
	ScimSpiExecute(psprintf("SELECT FROM %s.member m WHERE m.tenant_id = $1 "
							"AND m.group_id = $2 AND m.member_id = $3",
							identifiers->store->quoted_name),
				   &params, false, 1);
	found = SPI_processed > 0;
	SPI_finish();
	return found;
}

/* Puts ids in the place of identifiers.  strict: nobody must be unknown. */
static void
identify(const ScimIdentifiers *identifiers, const ScimWireKind *kind, JsonbValue *value,
		 bool strict)
{
	const ScimResourceType *type = named_type(identifiers);
	Stated stated = {0};
	pg_uuid_t uuid;

	if (value == NULL || kind->is_id)
		return;
	gather(&stated, type->name, value);
	if (stated.count == 0)
		return;
	stated.ids =
		MemoryContextAllocExtended(CurrentMemoryContext, stated.count * sizeof(char *),
								   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	ScimFindEach(identifiers->store, type, kind->path, &kind->resolved, stated.count,
				 stated.texts, stated.ids);
	for (int i = 0; i < stated.count; i++)
	{
		if (stated.ids[i] != NULL)
			*stated.places[i] = *ScimJsonNewString(stated.ids[i]);
		else if (strict && !ScimUuidParse(stated.texts[i], &uuid) &&
				 !is_member(identifiers, stated.texts[i]))
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
	identify(&identifiers, ScimWireKindOf(wire, ScimWireKindSaid(wire, document)),
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
	ScimWireReading reading = {wire, kind, ScimIdentifierId, &identifiers};
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

/*
 * ScimIdentifiersNaming says by what the members of a group are shown; false: by their
 * ids.
 */
bool
ScimIdentifiersNaming(ScimStore *store, const ScimWire *wire, const ScimResource *group,
					  ScimMemberNaming *naming)
{
	const ScimWireKind *kind =
		ScimWireKindOf(wire, ScimWireKindSaid(wire, ScimJsonFromJsonb(group->data)));

	naming->type = ScimTypeByName(store, wire->identifier->type_name);
	naming->resolved = &kind->resolved;
	naming->name = ScimNameEach;
	return !kind->is_id && ScimScopeAllows(store, naming->type->name, false);
}

/* ScimIdentifiersFilter reads the filter of a list of the members of a group. */
const char *
ScimIdentifiersFilter(ScimStore *store, const ScimWire *wire, const ScimResource *group,
					  const char *filter)
{
	ScimIdentifiers identifiers = {.store = store, .wire = wire, .group = group};
	ScimWireReading reading = {wire, NULL, ScimIdentifierId, &identifiers};

	reading.kind =
		ScimWireKindOf(wire, ScimWireKindSaid(wire, ScimJsonFromJsonb(group->data)));
	return ScimWireFilter(&reading, wire->identifier->attribute->name, filter);
}
