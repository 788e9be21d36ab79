/*
 * link.c
 *		A POST that meets a resource which is there already (policy "link"), what a report
 *		says of it beforehand, and how a resource is nobody's again.
 *
 * A resource is somebody's, and meets nobody any more, once an identity provider has made
 * it, linked it, or given it an externalId: a row of "origin" tells who, until
 * scim.unlink_resource.  Identity providers are those for whom there is a policy "link".
 * All that the application makes, by its own table, a plain INSERT or
 * scim.create_resource without credentials, is nobody's.
 *
 * Whoever meets a resource is judged twice: by what a search finds, as in a report, and
 * again with the row locked, since only one of several at the same time links it.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "audit/audit.h"
#include "binding/sides/sides.h"
#include "door/row/row.h"
#include "json/json.h"
#include "operation/link/link.h"
#include "operation/operation.h"
#include "policy/policy.h"
#include "resource/resource.h"
#include "store/acting.h"
#include "store/preview.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/proof.h"
#include "store/statement/statement.h"
#include "text/fold.h"

SCIM_FUNCTION_OF_VALUES(scim_unlink_resource);

/* So many are looked at that have a value which may not be their primary one. */
#define MOST_HOLDERS 200
/* What was met may be another one by the time that it is locked. */
#define MOST_ATTEMPTS 5

static bool
same_text(const ScimLinkKey *key, const char *a, const char *b)
{
	return ScimFoldByEqual(ScimFoldingOf(&key->resolved), a, strlen(a), b, strlen(b));
}

/* ---- whose a resource is ---- */

/*
 * ScimLinkOwner: who has made or linked a resource, as its actor; NULL: nobody that a
 * policy is for. SPI is connected.
 */
const char *
ScimLinkOwner(const Newcomer *newcomer, const ScimResource *resource)
{
	ScimStore *store = newcomer->store;
	const ScimRules *rules = ScimRulesFor(store, resource->tenant_id, newcomer->type);
	ScimIdentity caller = ScimBeOwner(store->owner);
	const char *id = NULL;
	const char *actor = NULL;
	bool is_one = ScimLinkIsFor(newcomer->rule, NULL, "");
	bool released = false;
	const ListCell *lc;
	ScimParams params;

	ScimParamsOfResource(&params, resource->tenant_id, &resource->id);
	ScimSpiExecute(psprintf("SELECT o.token_id::text, o.actor, o.released_at IS NOT NULL "
							"FROM %s.origin o "
							"WHERE o.tenant_id = $1 AND o.resource_id = $2",
							store->quoted_name),
				   &params, false, 1);
	if (SPI_processed > 0)
	{
		id = ScimResultText(0, 1);
		actor = ScimResultText(0, 2);
		released = DatumGetBool(ScimResultValue(0, 3, BOOLOID));
	}
	else if (newcomer->of_audit)
	{
		ScimSpiExecute(psprintf("SELECT a.token_id::text, a.actor FROM %s.audit a "
								"WHERE a.tenant_id = $1 AND a.resource_id = $2 "
								"AND a.operation = 'create' "
								"AND (a.token_id IS NOT NULL OR a.subject IS NOT NULL) "
								"ORDER BY a.at DESC LIMIT 1",
								store->quoted_name),
					   &params, false, 1);
		if (SPI_processed > 0)
		{
			id = ScimResultText(0, 1);
			actor = ScimResultText(0, 2);
		}
	}
	ScimBeCaller(caller);
	if (actor == NULL || released)
		return NULL;
	is_one = is_one || ScimLinkIsFor(newcomer->rule, id, actor);
	foreach (lc, rules->of[SCIM_RULE_LINK])
		is_one =
			is_one || ScimLinkIsFor(((const ScimRule *) lfirst(lc))->compiled, id, actor);
	return is_one ? actor : NULL;
}

/* ---- whom somebody meets ---- */

/* Adds those whose attribute has the same value; *too_many: there are more. */
static List *
find_met(const Newcomer *newcomer, const ScimLinkKey *key, const char *text,
		 bool *too_many)
{
	ScimSearchRequest search = {0};
	StringInfoData filter;
	List *met = NIL;
	ListCell *lc;
	ScimPage page;

	initStringInfo(&filter);
	appendStringInfo(&filter, "%s eq ", ScimRulePath(&key->resolved));
	ScimJsonWriteString(&filter, text, strlen(text));
	search.filter = filter.data;
	search.start_index = 1;
	search.max_count = search.count = MOST_HOLDERS + 1;
	search.uncounted = true;
	ScimSearchPage(newcomer->store, newcomer->type, &search, &page);
	*too_many = list_length(page.resources) > MOST_HOLDERS;
	foreach (lc, page.resources)
	{
		const ScimResource *resource = lfirst(lc);
		const char *theirs = ScimLinkText(key, ScimJsonFromJsonb(resource->data));

		if (theirs != NULL && same_text(key, theirs, text))
			met = lappend(met, (void *) resource);
	}
	return met;
}

static Judgement
conflict(const ScimLinkKey *key, const char *text, char *reason)
{
	return (Judgement){.outcome = CONFLICTS, .key = key, .text = text, .reason = reason};
}

/* Whom a newcomer meets: nobody, one, or several, which is a conflict. */
static Judgement
meet(const Newcomer *newcomer)
{
	Judgement met = {.outcome = CREATES};
	const char *type_name = newcomer->type->name;
	const ListCell *lc;

	foreach (lc, newcomer->rule->keys)
	{
		const ScimLinkKey *key = lfirst(lc);
		const char *text = ScimLinkText(key, newcomer->document);
		bool too_many;
		List *found;
		ListCell *cell;

		if (text == NULL)
			continue;
		found = find_met(newcomer, key, text, &too_many);
		if (too_many)
			return conflict(key, text,
							psprintf("more than %d %s have %s \"%s\", and nobody can "
									 "tell which of them is meant",
									 MOST_HOLDERS, type_name, key->path, text));
		foreach (cell, found)
		{
			ScimResource *resource = lfirst(cell);

			if (met.resource == NULL)
			{
				met = (Judgement){LINKS, resource, SCIM_STATUS_ACTIVE, key, text, NULL};
				continue;
			}
			if (memcmp(&met.resource->id, &resource->id, UUID_LEN) == 0)
				continue;
			return conflict(
				met.key, met.text,
				met.key == key
					? psprintf("more than one %s has %s \"%s\", and nobody can tell "
							   "which of them is meant",
							   type_name, key->path, text)
					: psprintf("one %s has %s \"%s\" and another one %s \"%s\": nobody "
							   "can tell which of them is meant",
							   type_name, met.key->path, met.text, key->path, text));
		}
	}
	return met;
}

/* The row of who was met, locked until the transaction ends; false: it is not there. */
static bool
lock_met(const Newcomer *newcomer, Judgement *met, const char *lock)
{
	ScimStore *store = newcomer->store;
	MemoryContext context = CurrentMemoryContext;
	ScimParams params;
	bool found = false;

	if (lock[0] != '\0')
		ScimBindingLock(store, newcomer->type, met->resource->tenant_id,
						&met->resource->id, false);
	SPI_connect();
	ScimParamsOfResource(&params, met->resource->tenant_id, &met->resource->id);
	ScimSpiExecute(psprintf("SELECT %s, r.status, r.deleted_at FROM %s.resource r "
							"WHERE r.resource_type = %s AND r.tenant_id = $1 "
							"AND r.id = $2%s",
							ScimResourceColumns(store), store->quoted_name,
							quote_literal_cstr(newcomer->type->name), lock),
				   &params, false, 1);
	if (SPI_processed > 0)
	{
		HeapTuple tuple = SPI_tuptable->vals[0];
		TupleDesc desc = SPI_tuptable->tupdesc;
		bool is_there;

		(void) ScimColumn(tuple, desc, SCIM_RESOURCE_NCOLUMNS + 2, TIMESTAMPTZOID,
						  &is_there);
		found = is_there &&
				ScimStatusByName(TextDatumGetCString(ScimColumnValue(
									 tuple, desc, SCIM_RESOURCE_NCOLUMNS + 1, TEXTOID)),
								 &met->status);
		if (found)
			met->resource = ScimResourceFromTuple(newcomer->type, tuple, desc, context);
	}
	SPI_finish();
	return found;
}

/* What keeps the one who was met from being linked, or NULL. */
static char *
obstacle(const Newcomer *newcomer, const Judgement *met)
{
	const ScimLinkRule *rule = newcomer->rule;
	const JsonbValue *there = ScimJsonFromJsonb(met->resource->data);
	const char *type_name = newcomer->type->name;
	const char *owner;

	SPI_connect();
	owner = ScimLinkOwner(newcomer, met->resource);
	SPI_finish();
	if (owner != NULL)
		return psprintf("a %s with %s \"%s\" exists already, and is linked", type_name,
						met->key->path, met->text);
	if (!rule->replaces_external_id)
	{
		char *theirs = ScimJsonStringCopy(ScimJsonGet(there, "externalId"));
		char *ours = ScimJsonStringCopy(ScimJsonGet(newcomer->document, "externalId"));

		if (theirs != NULL && (ours == NULL || strcmp(theirs, ours) != 0))
			return psprintf("a %s with %s \"%s\" exists already, and has another "
							"externalId",
							type_name, met->key->path, met->text);
	}
	if (rule->inactive == SCIM_LINK_INACTIVE_CONFLICT && !ScimStatusIsActive(met->status))
		return psprintf("a %s with %s \"%s\" exists already, and is not active",
						type_name, met->key->path, met->text);
	if (rule->when != NULL &&
		!ScimRuleMatches(rule->when, ScimConditionDocument(there, met->status)))
		return psprintf("a %s with %s \"%s\" exists already, and is not to be linked",
						type_name, met->key->path, met->text);
	return NULL;
}

/*
 * ScimLinkJudge: what becomes of a newcomer; lock: " FOR NO KEY UPDATE", or "" for a
 * report.  The one who is met may be gone, or another one, once he is locked: then it is
 * all done again.
 */
Judgement
ScimLinkJudge(const Newcomer *newcomer, const char *lock)
{
	for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++)
	{
		Judgement met = meet(newcomer);
		const char *theirs;

		CHECK_FOR_INTERRUPTS();
		if (met.outcome != LINKS)
			return met;
		if (!lock_met(newcomer, &met, lock))
			continue;
		theirs = ScimLinkText(met.key, ScimJsonFromJsonb(met.resource->data));
		if (theirs == NULL || !same_text(met.key, theirs, met.text))
			continue;
		met.reason = obstacle(newcomer, &met);
		if (met.reason != NULL)
			met.outcome = CONFLICTS;
		else if (met.key->action == SCIM_LINK_CONFLICT)
		{
			met.outcome = CONFLICTS;
			met.reason = psprintf("a %s with %s \"%s\" exists already",
								  newcomer->type->name, met.key->path, met.text);
		}
		else if (met.key->action == SCIM_LINK_REFUSE)
		{
			met.outcome = REFUSES;
			met.reason =
				psprintf("a %s with %s \"%s\" exists already, and is not to be made by "
						 "others",
						 newcomer->type->name, met.key->path, met.text);
		}
		return met;
	}
	ereport(ERROR, (ScimErr(SCIM_UNAVAILABLE),
					errmsg("the %s that this would be is being changed by others: try "
						   "again",
						   newcomer->type->name)));
}

/* ---- linking ---- */

/* The same object but for the members of a group; what it holds is shared. */
static JsonbValue *
without_members(const ScimResourceType *type, const JsonbValue *document)
{
	JsonbValue *rest = ScimJsonNewObject();

	for (int i = 0; i < document->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &document->val.object.pairs[i];

		if (!type->has_members || !ScimJsonStringEquals(&pair->key, "members"))
			ScimJsonSet(rest, ScimJsonStringCopy(&pair->key), &pair->value);
	}
	return rest;
}

/*
 * ScimLinkRead: what somebody states, made canonical, without what he cannot state, in
 * *stated, and completed by policies in *document.  False: it is wrong, and he who
 * creates it is told.
 */
bool
ScimLinkRead(ScimStore *store, const ScimResourceType *type, const JsonbValue *posted,
			 JsonbValue **stated, JsonbValue **document)
{
	List *problems = NIL;

	ScimCheckSent(type, posted, NULL, 0, &problems);
	if (problems != NIL)
		return false;
	*stated = ScimCanonicalise(type, ScimJsonCopy(posted), SCIM_KEEP_WRONG, &problems);
	if (*stated == NULL)
		return false;
	/* nobody is met by members, of whom there may be very many */
	*document = ScimJsonCopy(without_members(type, *stated));
	ScimApplyPolicies(ScimRulesFor(store, ScimTenant(), type), NULL, NULL, *document,
					  &problems);
	return problems == NIL;
}

/* Leaves a document the way into the status, or out of it, that it has. */
static void
keep_status(ScimStore *store, const ScimResource *resource, JsonbValue *stated)
{
	const ScimRules *rules = ScimRulesFor(store, resource->tenant_id, resource->type);
	const ScimStatusRule *status = ScimRuleOf(rules, SCIM_RULE_STATUS);
	const JsonbValue *there = ScimJsonFromJsonb(resource->data);
	const JsonbValue *active = ScimJsonGet(there, "active");

	if (active != NULL)
		ScimJsonSet(stated, "active", active);
	else
		ScimJsonRemove(stated, "active");
	if (status != NULL && status->attribute != NULL)
		ScimRuleSet(resource->type, status->attribute, stated,
					ScimRuleValue(status->attribute, there));
}

/* As a PATCH that replaces what is stated; members of a group come beside its others. */
static ScimResource *
merge(ScimStore *store, const ScimResource *resource, JsonbValue *stated)
{
	static const ScimPreconditions none = {0};
	JsonbValue *operations = ScimJsonNewArray();
	JsonbValue *members =
		resource->type->has_members ? ScimJsonGet(stated, "members") : NULL;

	if (members != NULL)
	{
		members = ScimJsonCopy(members);
		ScimJsonRemove(stated, "members");
	}
	ScimJsonRemove(stated, "schemas");
	if (stated->val.object.nPairs > 0)
		ScimJsonAppend(operations, ScimJsonOperation("replace", NULL, stated));
	if (members != NULL && members->type == jbvArray && members->val.array.nElems > 0)
		ScimJsonAppend(operations, ScimJsonOperation("add", "members", members));
	if (operations->val.array.nElems == 0)
		return (ScimResource *) resource;
	return ScimPatchResource(store, resource->type, ScimUuidText(&resource->id),
							 operations, false, &none);
}

/* The document of who is linked, as the policy says. */
static ScimResource *
change_document(const Newcomer *newcomer, const Judgement *met, JsonbValue *stated)
{
	static const ScimPreconditions none = {0};
	ScimStore *store = newcomer->store;
	const ScimResource *resource = met->resource;
	const JsonbValue *external_id = ScimJsonGet(stated, "externalId");
	const JsonbValue *active = ScimJsonGet(stated, "active");
	bool deactivates = active != NULL && active->type == jbvBool && !active->val.boolean;
	bool activates = !ScimStatusIsActive(met->status) && !deactivates &&
					 newcomer->rule->inactive == SCIM_LINK_INACTIVE_ACTIVATE &&
					 newcomer->rule->document != SCIM_LINK_KEEP;

	if (newcomer->rule->document == SCIM_LINK_KEEP)
	{
		JsonbValue *kept = ScimJsonNewObject();

		if (external_id != NULL)
			ScimJsonSet(kept, "externalId", external_id);
		return merge(store, resource, kept);
	}
	if (activates && ScimTypeHasActive(resource->type))
		ScimJsonSet(stated, "active", ScimJsonNewBool(true));
	else if (!ScimStatusIsActive(met->status))
		keep_status(store, resource, stated);
	if (newcomer->rule->document == SCIM_LINK_REPLACE)
		resource = ScimReplaceResource(store, resource->type, ScimUuidText(&resource->id),
									   stated, &none);
	else
		resource = merge(store, resource, stated);
	/* who is being off-boarded may have been active all the time, or knows no "active" */
	if (activates &&
		(met->status == SCIM_STATUS_OFFBOARDING || !ScimTypeHasActive(resource->type)))
		resource = ScimActivateResource(store, resource->type,
										ScimUuidText(&resource->id), NULL);
	return (ScimResource *) resource;
}

/* That it was linked, or is no more, in the audit and as an event. */
static void
record(ScimStore *store, const ScimResource *resource, ScimStatus status,
	   const char *word, const char *uri, JsonbValue *detail)
{
	const ScimRules *rules = ScimRulesFor(store, resource->tenant_id, resource->type);
	ScimIdentity caller = ScimBeOwner(store->owner);
	ScimOccurrence happened = {.store = store,
							   .tenant_id = resource->tenant_id,
							   .type = resource->type,
							   .id = &resource->id,
							   .version = resource->version,
							   .operation = word,
							   .at = ScimClock(store, resource->last_modified - 1),
							   .data = resource->data,
							   .status = status,
							   .status_before = ScimStatusName(status)};

	happened.detail = ScimJsonToJsonb(detail);
	SPI_connect();
	if (rules->of[SCIM_RULE_AUDIT] != NIL)
		ScimAuditWrite(&happened);
	if (rules->of[SCIM_RULE_EVENTS] != NIL)
		ScimEventWrite(&happened, uri, NULL, happened.detail);
	ScimEventsEmit(&happened, rules, NULL, ScimTransient());
	SPI_finish();
	ScimBeCaller(caller);
	ScimPreviewWord(word, resource->type->name, &resource->id, resource->version);
}

static ScimStatus
status_of(ScimStore *store, const ScimResource *resource, ScimStatus otherwise)
{
	Judgement now = {.resource = (ScimResource *) resource, .status = otherwise};
	Newcomer newcomer = {.store = store, .type = resource->type};

	(void) lock_met(&newcomer, &now, "");
	return now.status;
}

/* The one who was met becomes what somebody POSTs. */
static ScimResource *
link_met(const Newcomer *newcomer, const Judgement *met, JsonbValue *stated)
{
	ScimStore *store = newcomer->store;
	JsonbValue *detail = ScimJsonNewObject();
	ScimResource *resource;

	ScimManagedCheckLink(store, newcomer->type, met->resource->tenant_id,
						 &met->resource->id);
	ScimOriginLink(store, met->resource->tenant_id, &met->resource->id);
	resource = change_document(newcomer, met, stated);
	resource = ScimStoredResource(store, resource);
	if (resource == NULL)
		ScimRaiseRefused(newcomer->type, "a change of the");
	ScimJsonSet(detail, "policy", ScimJsonNewString(newcomer->rule->name));
	ScimJsonSet(detail, "attribute", ScimJsonNewString(met->key->path));
	record(store, resource, status_of(store, resource, met->status), "link",
		   SCIM_EVENT("misc:link"), detail);
	resource->as_of = ScimDoorWrites();
	return resource;
}

/* Raises what keeps somebody from POSTing, who has met somebody. */
static void
raise_reason(const Judgement *met)
{
	ereport(ERROR, (ScimErr(met->outcome == REFUSES ? SCIM_FORBIDDEN : SCIM_UNIQUENESS),
					errmsg("%s", met->reason)));
}

/* One that is new, and his who POSTs it. */
static ScimResource *
create_posted(ScimStore *store, const ScimResourceType *type, const JsonbValue *document,
			  const pg_uuid_t *id)
{
	ScimResource *volatile resource = NULL;
	pg_uuid_t new_id;

	if (id != NULL)
		new_id = *id;
	else
		ScimUuidV7(&new_id);
	PG_TRY();
	{
		ScimPostedAtDoor = &new_id;
		resource = ScimCreateResource(store, type, document, &new_id);
	}
	PG_FINALLY();
	{
		ScimPostedAtDoor = NULL;
	}
	PG_END_TRY();
	return resource;
}

/*
 * ScimPostResource is ScimCreateResource for who POSTs: by a policy "link" the resource
 * may be one that is there.
 */
ScimResource *
ScimPostResource(ScimStore *store, const ScimResourceType *type,
				 const JsonbValue *document, const pg_uuid_t *id)
{
	const ScimRules *rules = ScimRulesFor(store, ScimTenant(), type);
	Newcomer newcomer = {.store = store, .type = type};
	const char *writer_id = NULL;
	const char *writer = NULL;
	JsonbValue *stated;
	JsonbValue *completed;

	if (rules->of[SCIM_RULE_LINK] == NIL)
		return ScimCreateResource(store, type, document, id);
	ScimWriter(store, &writer_id, &writer);
	newcomer.rule = ScimLinkRuleFor(rules, writer_id, writer);
	if (newcomer.rule == NULL)
		return ScimCreateResource(store, type, document, id);
	ScimCheckStatedSchemas(type, document);
	if (document->type == jbvObject &&
		ScimLinkRead(store, type, document, &stated, &completed))
	{
		Judgement met;

		newcomer.document = completed;
		met = ScimLinkJudge(&newcomer, " FOR NO KEY UPDATE");
		if (met.outcome == LINKS)
			return link_met(&newcomer, &met, stated);
		if (met.outcome != CREATES)
			raise_reason(&met);
	}
	return create_posted(store, type, document, id);
}

/* ---- nobody's again ---- */

static Datum
unlink_resource(PG_FUNCTION_ARGS)
{
	static const ScimPreconditions none = {0};
	ScimStore *store = ScimStoreCurrent();
	const ScimResourceType *type =
		ScimTypeByName(store, text_to_cstring(PG_GETARG_TEXT_PP(0)));
	char *id = ScimIdArgument(fcinfo, 1);
	int before = ScimScopeEnter(store, type->name);
	Newcomer newcomer = {.store = store, .type = type};
	Judgement met = {.resource = ScimGetResource(store, type, id)};
	JsonbValue *detail = ScimJsonNewObject();
	char *former;
	bool has_external_id;

	ScimRequireTable(store, SCIM_TABLE_RESOURCE, ACL_UPDATE);
	if (!lock_met(&newcomer, &met, " FOR NO KEY UPDATE"))
		ereport(ERROR, (ScimErr(SCIM_NOT_FOUND),
						errmsg("%s \"%s\" does not exist", type->name, id)));
	SPI_connect();
	ScimManagedCheckUnlink(store, met.resource);
	SPI_finish();
	former = ScimOriginRelease(store, met.resource->tenant_id, &met.resource->id);
	has_external_id =
		ScimJsonGet(ScimJsonFromJsonb(met.resource->data), "externalId") != NULL;
	if (has_external_id)
	{
		JsonbValue *operations = ScimJsonNewArray();
		JsonbValue *removal = ScimJsonNewObject();

		ScimJsonSet(removal, "op", ScimJsonNewString("remove"));
		ScimJsonSet(removal, "path", ScimJsonNewString("externalId"));
		ScimJsonAppend(operations, removal);
		met.resource = ScimPatchResource(store, type, id, operations, false, &none);
	}
	if (former != NULL || has_external_id)
	{
		if (former != NULL)
			ScimJsonSet(detail, "from", ScimJsonNewString(former));
		record(store, met.resource, met.status, "unlink", SCIM_EVENT("misc:unlink"),
			   detail);
	}
	ScimScopeLetOut(before);
	PG_RETURN_BOOL(former != NULL || has_external_id);
}

/* scim.unlink_resource(resource_type text, id) returns boolean: was it somebody's? */
static Datum
scim_unlink_resource_given(PG_FUNCTION_ARGS)
{
	return ScimCallWrite(fcinfo, unlink_resource, false);
}
