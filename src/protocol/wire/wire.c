/*
 * wire.c
 *		How resources look to clients of SCIM: the policies "wire" and "lookup".
 *
 * A request is brought into the form of the schemas after it is read, and a resource
 * out of it when it is rendered; in between nobody knows.  So does what comes by
 * /Bulk.  Endpoints of one's own have fields instead.
 */
#include "postgres.h"

#include "common/hashfn.h"

#include "json/json.h"
#include "policy/lookup.h"
#include "policy/wire/wire.h"
#include "protocol/wire/wire.h"
#include "store/statement/statement.h"
#include "text/fold.h"

/* Resources of which nobody can say whether a search finds them. */
typedef struct Undecided
{
	const char *filter;
	const ScimIdentifiers *identifiers; /* who knows why */
} Undecided;

/* What the policies "wire" of a type say, or NULL. */
static const ScimWire *
wire_for(ScimStore *store, const ScimResourceType *type)
{
	return ScimWireOf(ScimRulesFor(store, ScimTenant(), type));
}

/* The same for what a request compares: it may be names of others. */
static const ScimWire *
reading_for(ScimStore *store, const ScimResourceType *type)
{
	return ScimWireWithOthers(store, type, wire_for(store, type));
}

static const ScimWire *
wire_of(const ScimRequest *request)
{
	return request->type == NULL ? NULL : reading_for(request->store, request->type);
}

/* ---- what the target names ---- */

/*
 * ScimWireId returns the id of the resource that a segment of a path means, by the
 * policy "lookup".  Raises notFound, and conflict where several have it.
 */
const char *
ScimWireId(ScimStore *store, const ScimResourceType *type, const char *segment)
{
	const ScimRules *rules = ScimRulesFor(store, ScimTenant(), type);
	const List *keys = ScimRuleOf(rules, SCIM_RULE_LOOKUP);
	const ScimWire *wire;
	ListCell *lc;

	if (keys == NIL)
		return segment;
	wire = ScimWireOf(rules);
	foreach (lc, keys)
	{
		const ScimLookupKey *key = lfirst(lc);
		const char *stored = ScimWireStored(wire, &key->resolved, segment);
		const ScimResource *resource = ScimFindBy(store, type, key->path, stored);

		if (resource != NULL)
			return ScimUuidText(&resource->id);
	}
	ereport(ERROR, (ScimErr(SCIM_NOT_FOUND),
					errmsg("%s \"%s\" does not exist", type->name, segment)));
}

/* ScimWireProjection is ScimWireNames for the parameters of a request. */
void
ScimWireProjection(ScimRequest *request)
{
	const ScimWire *wire = wire_of(request);

	if (wire == NULL)
		return;
	request->target.attributes = ScimWireNames(wire, request->target.attributes);
	request->target.excluded = ScimWireNames(wire, request->target.excluded);
}

/* What a filter is longer than it was said is no client's. */
static void
add_own(ScimSearchRequest *search, const char *said)
{
	search->own += Max((int) strlen(search->filter) - (int) strlen(said), 0);
}

/*
 * The names of a search, and its filter, in the words of a type.  Groups of which it is
 * undecided whether the search finds them are added to a list.
 */
static void
search_in(ScimStore *store, const ScimWire *wire, ScimSearchRequest *search,
		  List **undecided)
{
	ScimIdentifiers *identifiers = palloc0(sizeof(ScimIdentifiers));
	ScimWireReading reading = {
		.wire = wire, .lookup = ScimIdentifierId, .context = identifiers};
	ListCell *lc;

	identifiers->store = store;
	identifiers->wire = wire;
	foreach (lc, *undecided)
	{
		Undecided *before = lfirst(lc);

		before->filter = ScimWireFilter(&reading, NULL, before->filter);
	}
	if (search->filter != NULL)
	{
		Undecided *one = palloc(sizeof(Undecided));
		const char *said = search->filter;

		one->identifiers = identifiers;
		search->filter = ScimIdentifiersSearch(identifiers, search->filter, &one->filter);
		if (wire->others != NIL)
			add_own(search, said);
		if (one->filter != NULL)
			*undecided = lappend(*undecided, one);
	}
	if (search->sort_by != NULL)
		search->sort_by = ScimWirePath(&reading, search->sort_by);
	search->attributes = ScimWireNames(wire, search->attributes);
	search->excluded = ScimWireNames(wire, search->excluded);
}

/*
 * ScimWireSearch brings a search into the form of the schemas.  One of all types knows
 * the names of each of them.
 */
void
ScimWireSearch(ScimRequest *request, ScimSearchRequest *search)
{
	const ScimRegistry *registry = request->store->registry;
	bool members = false;
	bool groups = false;
	List *undecided = NIL;
	ListCell *lc;

	search->render = ScimWireRender;
	for (int i = 0; i < registry->ntypes; i++)
	{
		const ScimResourceType *type = &registry->types[i];
		const ScimWire *wire;

		if (request->type != NULL && request->type != type)
			continue;
		/* names of members and groups are compared once, whoever else has them, too */
		wire = (type->has_members && !members) || (type->has_groups && !groups)
				   ? reading_for(request->store, type)
				   : wire_for(request->store, type);
		members = members || type->has_members;
		groups = groups || type->has_groups;
		if (wire != NULL)
			search_in(request->store, wire, search, &undecided);
	}
	if (request->type != NULL && request->type->is_membership)
	{
		const ScimWire *wire = wire_of(request);

		if (wire != NULL)
			search_in(request->store, wire, search, &undecided);
	}
	foreach (lc, undecided)
	{
		const Undecided *one = lfirst(lc);

		ScimIdentifiersDecide(one->identifiers, request->type, one->filter);
	}
}

/* ---- bodies ---- */

/* ScimWireBody returns the body of a request that is a resource. */
JsonbValue *
ScimWireBody(ScimRequest *request)
{
	JsonbValue *body = ScimRequestBody(request);
	const ScimWire *wire = wire_of(request);

	if (wire == NULL)
		return body;
	ScimWireDocumentIn(wire, body);
	if (wire->identifier != NULL)
		ScimIdentifiersIn(request, wire, body);
	return body;
}

/*
 * ScimWireTakesBare says whether a PATCH body is to be taken as the one operation that
 * it would be within "Operations".
 */
bool
ScimWireTakesBare(const ScimRequest *request, const JsonbValue *body)
{
	const ScimWire *wire = wire_of(request);

	return wire != NULL && wire->bare_operation &&
		   ScimJsonGetFolded(body, "Operations") == NULL &&
		   ScimJsonGetFolded(body, "op") != NULL;
}

/* ScimWireOperations returns the operations of a PATCH in the form of the schemas. */
const JsonbValue *
ScimWireOperations(ScimRequest *request, const JsonbValue *operations)
{
	const ScimWire *wire = wire_of(request);
	ScimWireReading reading = {.wire = wire};

	if (wire == NULL)
		return operations;
	if (wire->identifier != NULL)
		return ScimIdentifiersOperations(request, wire, operations);
	return ScimWireOperationsIn(&reading, operations);
}

/* ---- answers ---- */

static void
set_version(JsonbValue *document, const char *tag)
{
	JsonbValue *meta = ScimJsonGet(document, "meta");

	if (meta != NULL && ScimJsonGet(meta, "version") != NULL)
		ScimJsonSet(meta, "version", ScimJsonNewString(tag));
}

/*
 * ScimWireRender is ScimRenderResource for clients of SCIM.  The entity-tag knows of
 * the policy and of the identifiers that are shown, since a copy of the client's is
 * not fresh when they change.
 */
const char *
ScimWireRender(StringInfo out, ScimStore *store, const ScimResource *resource,
			   const ScimProjection *projection)
{
	const ScimWire *wire = wire_for(store, resource->type);
	ScimIdentifiers identifiers = {.store = store, .wire = wire, .group = resource};
	ScimResource named;
	ScimMemberNaming naming;
	StringInfoData text;
	JsonbValue *document;
	const char *tag;
	List *others = ScimWireOthers(store, resource->type);

	if (resource->shown != NULL)
		resource = resource->shown;
	else if (others != NIL)
	{
		named = *resource;
		named.others = others;
		resource = &named;
	}
	if (wire != NULL && wire->identifier != NULL &&
		ScimIdentifiersNaming(&identifiers, &naming))
	{
		named = *resource;
		named.naming = &naming;
		resource = &named;
	}
	if (wire == NULL || !wire->answers)
		return ScimRenderResource(out, store, resource, projection);
	initStringInfo(&text);
	tag = ScimRenderResource(&text, store, resource, projection);
	document = ScimJsonParseOwn(text.data, text.len);
	ScimWireDocumentOut(wire, document);
	tag = ScimVersionTag(resource->version,
						 psprintf("%s %016llx", tag, (unsigned long long) wire->digest),
						 "", 0);
	set_version(document, tag);
	ScimJsonWrite(out, document);
	return tag;
}

/* Names of parts of a member, in the words of the schema. */
static List *
member_names(const ScimWire *wire, List *names)
{
	static const char members[] = "members.";
	List *meant = NIL;
	ListCell *lc;

	foreach (lc, names)
	{
		const char *said = lfirst(lc);
		const char *name =
			ScimWireName(wire, psprintf("%s%s", members, said + strspn(said, " ")));
		size_t len = strlen(members);

		if (ScimNameEqualN(name, Min(strlen(name), len), members, len))
			said = name + len;
		meant = lappend(meant, (void *) said);
	}
	return meant;
}

/* ScimWireMembers appends a page of the members of a group. */
void
ScimWireMembers(ScimRequest *request, const ScimResource *group,
				ScimSearchRequest *search, StringInfo out)
{
	const ScimWire *wire = wire_of(request);
	ScimIdentifiers identifiers = {.store = request->store, .wire = wire, .group = group};
	ScimResource named = *group;
	ScimWireReading reading = {.wire = wire};
	ScimMemberNaming naming;

	if (wire != NULL)
	{
		search->attributes = member_names(wire, search->attributes);
		search->excluded = member_names(wire, search->excluded);
		if (search->filter != NULL)
		{
			const char *said = search->filter;

			search->filter =
				wire->identifier != NULL
					? ScimIdentifiersFilter(request->store, wire, group, said)
					: ScimWireFilter(&reading, "members", said);
			if (wire->others != NIL)
				add_own(search, said);
		}
		if (wire->identifier != NULL && ScimIdentifiersNaming(&identifiers, &naming))
			named.naming = &naming;
		named.others = wire->others;
	}
	ScimMembersList(request->store, &named, search, out);
}
