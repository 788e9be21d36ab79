/*
 * managed.c
 *		The policy "managed" at the door: what belongs to a token nobody else writes.
 *
 * Who writes is who is proved, or else the role of the database: a token is its owner
 * whatever role it comes as, and a role whose name "breakGlass" has may write all the
 * same, which the audit and an event tell.
 *
 * What the store does because of somebody's write is nobody's: references that are
 * cleared, memberships of who is gone, documents that follow a policy.  A login makes
 * ACTIVE who was PENDING, and who ends sessions changes no resource.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"

#include "audit/audit.h"
#include "door/row/at_door.h"
#include "door/row/row.h"
#include "json/json.h"
#include "policy/policy.h"
#include "resource/resource.h"
#include "store/acting.h"
#include "store/configuration/configuration.h"
#include "store/preview.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/proof.h"
#include "store/statement/seen.h"
#include "store/statement/statement.h"
#include "store/statement/written.h"

typedef enum Verdict
{
	FREE,
	BREAKS_GLASS,
	BOUND
} Verdict;

const pg_uuid_t *ScimLoggingIn = NULL;

/* Who is proved in a store, or NULL. */
static const ScimProof *
proof_in(const ScimStore *store)
{
	const ScimProof *proof = ScimProved();

	return proof != NULL && proof->namespace_oid == store->namespace_oid ? proof : NULL;
}

static const char *
credential_id(const ScimProof *proof)
{
	return proof->has_credential ? ScimUuidText(&proof->credential_id) : NULL;
}

/* Is the role that acts one of these, or does it inherit from one?  No superuser is. */
static bool
is_break_glass(const ScimManagedRule *rule)
{
	Oid acting = ScimActingRole();
	const ListCell *lc;

	foreach (lc, rule->break_glass)
	{
		Oid role = get_role_oid(lfirst(lc), true);

		if (!OidIsValid(role))
			continue;
		if (acting == role)
			return true;
		if (superuser_arg(acting) ? is_member_of_role_nosuper(acting, role)
								  : has_privs_of_role(acting, role))
			return true;
	}
	return false;
}

/* Has the owner of a rule made a resource? */
static bool
is_own(const ScimStore *store, int32 tenant_id, const ScimManagedRule *rule,
	   const pg_uuid_t *id)
{
	ScimIdentity caller = ScimBeOwner(store->owner);
	ScimParams params;
	bool own = false;

	SPI_connect();
	ScimParamsOfResource(&params, tenant_id, id);
	ScimSpiExecute(psprintf("SELECT token_id::text, actor FROM %s.origin "
							"WHERE tenant_id = $1 AND resource_id = $2 "
							"AND released_at IS NULL",
							store->quoted_name),
				   &params, false, 1);
	if (SPI_processed > 0)
		own = ScimManagedIsOwner(rule, ScimResultText(0, 1), ScimResultText(0, 2));
	SPI_finish();
	ScimBeCaller(caller);
	return own;
}

/* May who acts write what a rule is about?  id NULL: of a resource that is new. */
static Verdict
judge(const ScimStore *store, int32 tenant_id, const ScimManagedRule *rule,
	  const pg_uuid_t *id)
{
	const ScimProof *proof = proof_in(store);

	if (proof != NULL && ScimManagedIsOwner(rule, credential_id(proof), proof->actor))
		return FREE;
	if (rule->own && (id == NULL || !is_own(store, tenant_id, rule, id)))
		return FREE;
	return proof == NULL && is_break_glass(rule) ? BREAKS_GLASS : BOUND;
}

/* Is it the store that writes, because of something else? */
static bool
is_nobodys(const pg_uuid_t *id)
{
	return ScimIsStoreWrite() || ScimPoliciesRefresh ||
		   (ScimErasedAtDoor != NULL && id != NULL &&
			memcmp(ScimErasedAtDoor, id, UUID_LEN) == 0);
}

/*
 * ScimManagedApply appends what is wrong with a canonical document that somebody writes
 * in place of another one, or of none (NULL): before policies complete it.
 */
void
ScimManagedApply(const struct Door *door, const JsonbValue *old_document,
				 const JsonbValue *document, List **problems)
{
	const pg_uuid_t *id =
		old_document != NULL ? DatumGetUUIDP(door->old.values[COLUMN_ID]) : NULL;
	const ListCell *lc;

	if (door->rules->of[SCIM_RULE_MANAGED] == NIL || is_nobodys(id))
		return;
	foreach (lc, door->rules->of[SCIM_RULE_MANAGED])
	{
		const ScimManagedRule *rule = ((const ScimRule *) lfirst(lc))->compiled;
		const ScimResolved *changed = ScimManagedChange(rule, old_document, document);

		if (changed != NULL && judge(door->store, door->tenant_id, rule, id) == BOUND)
			*problems = lappend(*problems,
								ScimManagedAttributeProblem(rule, ScimRulePath(changed)));
	}
}

/*
 * ScimManagedKeep gives a document by which somebody replaces a resource what is not his
 * and is left out there.  Returns whether members are.
 */
bool
ScimManagedKeep(ScimStore *store, const ScimResource *resource, JsonbValue *stated)
{
	const ScimRules *rules = ScimRulesFor(store, resource->tenant_id, resource->type);
	bool keeps_members = false;
	const ListCell *lc;

	foreach (lc, rules->of[SCIM_RULE_MANAGED])
	{
		const ScimManagedRule *rule = ((const ScimRule *) lfirst(lc))->compiled;
		const ListCell *attribute;

		if (judge(store, resource->tenant_id, rule, &resource->id) != BOUND)
			continue;
		keeps_members = keeps_members || rule->members;
		foreach (attribute, rule->attributes)
			ScimKeepStated(lfirst(attribute), ScimJsonFromJsonb(resource->data), stated);
	}
	return keeps_members;
}

/* A document as it would be written now. */
static JsonbValue *
today(const Door *door, const Jsonb *data)
{
	return ScimStoredToday(door->type, ScimJsonFromJsonb(data));
}

/* What a change is to a rule: bits of ScimManagedOperation. */
static unsigned
operations_of(const Door *door, const ScimOccurrence *happened, bool password)
{
	static const struct
	{
		const char *word;
		ScimManagedOperation operation;
	} words[] = {
		{"create", SCIM_MANAGED_CREATE},        {"activate", SCIM_MANAGED_LIFECYCLE},
		{"reactivate", SCIM_MANAGED_LIFECYCLE}, {"suspend", SCIM_MANAGED_LIFECYCLE},
		{"restore", SCIM_MANAGED_LIFECYCLE},    {"offboard", SCIM_MANAGED_DELETE},
		{"complete", SCIM_MANAGED_DELETE},      {"delete", SCIM_MANAGED_DELETE}};
	unsigned operations = 0;

	for (size_t i = 0; i < lengthof(words); i++)
	{
		if (strcmp(happened->operation, words[i].word) == 0)
			operations = words[i].operation;
	}
	if (operations == SCIM_MANAGED_LIFECYCLE && ScimLoggingIn != NULL &&
		memcmp(ScimLoggingIn, happened->id, UUID_LEN) == 0)
		operations = 0;
	if (TRIGGER_FIRED_BY_UPDATE(door->trigger->tg_event) &&
		(password || (happened->before != NULL &&
					  !ScimDoorSameContent(door, today(door, happened->data),
										   today(door, happened->before)))))
		operations |= SCIM_MANAGED_UPDATE;
	return operations;
}

/* A rule that somebody broke, who may, joins those to be audited; NULL: none did yet. */
static void
add_broken(JsonbValue **broken, const ScimManagedRule *rule)
{
	if (*broken == NULL)
		*broken = ScimJsonNewArray();
	ScimJsonAppend(*broken, ScimJsonNewString(rule->name));
}

/* What was done in spite of a rule, which is told. */
static void
record_break_glass(const ScimOccurrence *happened, JsonbValue *policies)
{
	ScimStore *store = happened->store;
	ScimIdentity caller = ScimBeOwner(store->owner);
	JsonbValue *detail = ScimJsonNewObject();
	ScimOccurrence broken = *happened;
	Jsonb *data;

	ScimJsonSet(detail, "policies", policies);
	ScimJsonSet(detail, "operation", ScimJsonNewString(happened->operation));
	data = ScimJsonToJsonb(detail);
	broken.operation = "break glass";
	broken.before = NULL;
	broken.detail = data;
	SPI_connect();
	ScimAuditWrite(&broken);
	ScimEventWrite(&broken, SCIM_EVENT("misc:break-glass"), NULL, data);
	SPI_finish();
	ScimBeCaller(caller);
	ScimPreviewWord(broken.operation, broken.type->name, broken.id, broken.version);
}

/*
 * ScimManagedCheckRow raises an error (SC403) where a row that is written now is
 * somebody else's to write; password: it has got another one.
 */
void
ScimManagedCheckRow(const struct Door *door, const ScimOccurrence *happened,
					bool password)
{
	bool created = TRIGGER_FIRED_BY_INSERT(door->trigger->tg_event);
	JsonbValue *broken = NULL;
	const JsonbValue *before = NULL;
	unsigned operations;
	const ListCell *lc;

	if (door->rules->of[SCIM_RULE_MANAGED] == NIL || is_nobodys(happened->id))
		return;
	operations = operations_of(door, happened, password);
	if (happened->before != NULL)
		before = today(door, happened->before);
	foreach (lc, door->rules->of[SCIM_RULE_MANAGED])
	{
		const ScimManagedRule *rule = ((const ScimRule *) lfirst(lc))->compiled;
		unsigned theirs = rule->operations & operations;
		bool attributes =
			(created || before != NULL) &&
			!TRIGGER_FIRED_BY_DELETE(door->trigger->tg_event) &&
			ScimManagedChange(rule, before, today(door, happened->data)) != NULL;
		Verdict verdict;

		if (theirs == 0 && !attributes)
			continue;
		verdict =
			judge(door->store, door->tenant_id, rule, created ? NULL : happened->id);
		/* attributes have been looked at before policies made some of their own */
		if (verdict == BOUND && theirs != 0)
			ScimProblemsRaise(list_make1(
				ScimManagedProblem(rule, (ScimManagedOperation) (theirs & -theirs),
								   ScimUuidText(happened->id))));
		if (verdict == BREAKS_GLASS)
			add_broken(&broken, rule);
	}
	if (broken != NULL)
		record_break_glass(happened, broken);
}

/* What happened to a resource that is there, such as to the members of a group. */
static void
record_resource(ScimStore *store, int32 tenant_id, const ScimResourceType *type,
				const pg_uuid_t *id, const char *operation, JsonbValue *policies)
{
	ScimOccurrence happened = {.store = store,
							   .tenant_id = tenant_id,
							   .type = type,
							   .id = id,
							   .operation = operation};
	ScimParams params;

	ScimParamsOfResource(&params, tenant_id, id);
	ScimSpiExecute(psprintf("SELECT version, data, status FROM %s.resource "
							"WHERE tenant_id = $1 AND id = $2 AND resource_type = %s",
							store->quoted_name, quote_literal_cstr(type->name)),
				   &params, false, 1);
	if (SPI_processed == 0)
		return;
	happened.version = DatumGetInt64(ScimResultValue(0, 1, INT8OID));
	happened.data =
		ScimStoredData(type, DatumGetJsonbPCopy(ScimResultValue(0, 2, JSONBOID)));
	happened.status_before = ScimResultText(0, 3);
	happened.at = ScimClock(store, SCIM_NO_INSTANT);
	record_break_glass(&happened, policies);
}

static void
check_members(ScimStore *store, int32 tenant_id, const ScimResourceType *type,
			  const pg_uuid_t *id, bool inserted)
{
	const ScimRules *rules = ScimRulesFor(store, tenant_id, type);
	JsonbValue *broken = NULL;
	const ListCell *lc;

	foreach (lc, rules->of[SCIM_RULE_MANAGED])
	{
		const ScimManagedRule *rule = ((const ScimRule *) lfirst(lc))->compiled;
		Verdict verdict = rule->members ? judge(store, tenant_id, rule, id) : FREE;

		if (verdict == BOUND)
			ScimProblemsRaise(list_make1(
				rule->operations & SCIM_MANAGED_UPDATE
					? ScimManagedProblem(rule, SCIM_MANAGED_UPDATE, ScimUuidText(id))
					: ScimManagedAttributeProblem(rule, "members")));
		if (verdict == BREAKS_GLASS)
			add_broken(&broken, rule);
	}
	if (broken != NULL)
		record_resource(store, tenant_id, type, id,
						inserted ? "add member" : "remove member", broken);
}

/*
 * ScimManagedCheckMembers does so for the groups of which a statement has written
 * members, those of the transition table "changed_member" (SPI is connected).
 */
void
ScimManagedCheckMembers(ScimStore *store, bool inserted)
{
	SPITupleTable *groups;
	uint64 ngroups;

	if (!ScimRuleAny(store, SCIM_RULE_MANAGED) || is_nobodys(NULL))
		return;
	ScimSpiExecute(psprintf("SELECT DISTINCT c.tenant_id, c.group_id, r.resource_type "
							"FROM changed_member c JOIN %s.resource r "
							"ON r.tenant_id = c.tenant_id AND r.id = c.group_id",
							store->quoted_name),
				   NULL, false, 0);
	groups = SPI_tuptable;
	ngroups = SPI_processed;
	for (uint64 i = 0; i < ngroups; i++)
	{
		TupleDesc desc = groups->tupdesc;
		HeapTuple row = groups->vals[i];
		const ScimResourceType *type = ScimRegistryType(
			store->registry, TextDatumGetCString(ScimColumnValue(row, desc, 3, TEXTOID)));

		CHECK_FOR_INTERRUPTS();
		if (type != NULL)
			check_members(store, DatumGetInt32(ScimColumnValue(row, desc, 1, INT4OID)),
						  type, DatumGetUUIDP(ScimColumnValue(row, desc, 2, UUIDOID)),
						  inserted);
	}
}

/*
 * ScimManagedCheckLink raises an error where a resource that somebody would link is
 * another one's to make or to write.
 */
void
ScimManagedCheckLink(ScimStore *store, const ScimResourceType *type, int32 tenant_id,
					 const pg_uuid_t *id)
{
	const ScimRules *rules = ScimRulesFor(store, tenant_id, type);
	const ListCell *lc;

	foreach (lc, rules->of[SCIM_RULE_MANAGED])
	{
		const ScimManagedRule *rule = ((const ScimRule *) lfirst(lc))->compiled;
		unsigned theirs = rule->operations & (SCIM_MANAGED_CREATE | SCIM_MANAGED_UPDATE);

		if (theirs != 0 && judge(store, tenant_id, rule, id) == BOUND)
			ScimProblemsRaise(list_make1(ScimManagedProblem(
				rule, (ScimManagedOperation) (theirs & -theirs), ScimUuidText(id))));
	}
}

/* Is the owner of the store at work, and nobody by a token? */
static bool
is_store_owner(const ScimStore *store)
{
	return proof_in(store) == NULL && has_privs_of_role(ScimActingRole(), store->owner);
}

/*
 * ScimManagedCheckUnlink raises an error where a resource that shall be nobody's any more
 * would be free thereby of a rule by which it is another one's (SPI is connected).
 */
void
ScimManagedCheckUnlink(ScimStore *store, const ScimResource *resource)
{
	const ScimRules *rules = ScimRulesFor(store, resource->tenant_id, resource->type);
	JsonbValue *broken = NULL;
	const ListCell *lc;

	if (is_store_owner(store))
		return;
	foreach (lc, rules->of[SCIM_RULE_MANAGED])
	{
		const ScimManagedRule *rule = ((const ScimRule *) lfirst(lc))->compiled;
		Verdict verdict =
			rule->own ? judge(store, resource->tenant_id, rule, &resource->id) : FREE;

		if (verdict == BOUND)
			ScimProblemsRaise(list_make1(ScimManagedProblem(
				rule,
				rule->operations != 0
					? (ScimManagedOperation) (rule->operations & -rule->operations)
					: SCIM_MANAGED_UPDATE,
				ScimUuidText(&resource->id))));
		if (verdict == BREAKS_GLASS)
			add_broken(&broken, rule);
	}
	if (broken != NULL)
		record_resource(store, resource->tenant_id, resource->type, &resource->id,
						"unlink", broken);
}

const pg_uuid_t *ScimPostedAtDoor = NULL;

/* ScimWriter says who writes: who is proved, or else the role of the database. */
void
ScimWriter(const ScimStore *store, const char **id, const char **actor)
{
	const ScimProof *proof = proof_in(store);

	*id = proof != NULL ? credential_id(proof) : NULL;
	*actor = proof != NULL
				 ? proof->actor
				 : psprintf("role: %s", GetUserNameFromId(ScimActingRole(), false));
}

/* The tenant, resource, token and actor of an origin, as parameters. */
static void
origin_params(const ScimStore *store, int32 tenant_id, const pg_uuid_t *id,
			  ScimParams *params)
{
	const ScimProof *proof = proof_in(store);
	bool has_credential = proof != NULL && proof->has_credential;
	const char *credential;
	const char *actor;

	ScimWriter(store, &credential, &actor);
	ScimParamsOfResource(params, tenant_id, id);
	ScimParamsAdd(params, UUIDOID,
				  has_credential ? UUIDPGetDatum(&proof->credential_id) : (Datum) 0,
				  !has_credential);
	ScimParamsAdd(params, TEXTOID, CStringGetTextDatum(actor), false);
}

/* ScimOriginLink notes that who acts has linked a resource, in whoever's place. */
void
ScimOriginLink(ScimStore *store, int32 tenant_id, const pg_uuid_t *id)
{
	ScimParams params;
	ScimIdentity caller;

	origin_params(store, tenant_id, id, &params);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	ScimSpiWriteOwn(
		psprintf("INSERT INTO %s.origin (tenant_id, resource_id, token_id, "
				 "actor, linked_at) VALUES ($1, $2, $3, $4, clock_timestamp()) "
				 "ON CONFLICT (tenant_id, resource_id) DO UPDATE "
				 "SET token_id = excluded.token_id, actor = excluded.actor, "
				 "linked_at = excluded.linked_at, released_at = NULL",
				 store->quoted_name),
		&params);
	SPI_finish();
	ScimBeCaller(caller);
}

/*
 * ScimOriginRelease makes a resource nobody's, whatever the audit says of who made it.
 * Returns whose it was, in the current memory context, or NULL.
 */
char *
ScimOriginRelease(ScimStore *store, int32 tenant_id, const pg_uuid_t *id)
{
	MemoryContext context = CurrentMemoryContext;
	char *former = NULL;
	ScimParams params;
	ScimIdentity caller;

	origin_params(store, tenant_id, id, &params);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	ScimSpiExecute(psprintf("SELECT o.actor FROM %s.origin o WHERE o.tenant_id = $1 "
							"AND o.resource_id = $2 AND o.released_at IS NULL",
							store->quoted_name),
				   &params, false, 1);
	if (SPI_processed > 0)
		former = MemoryContextStrdup(context, ScimResultText(0, 1));
	ScimSpiWriteOwn(psprintf("INSERT INTO %s.origin (tenant_id, resource_id, token_id, "
							 "actor, released_at) "
							 "VALUES ($1, $2, $3, $4, clock_timestamp()) "
							 "ON CONFLICT (tenant_id, resource_id) DO UPDATE "
							 "SET linked_at = NULL, released_at = excluded.released_at",
							 store->quoted_name),
					&params);
	SPI_finish();
	ScimBeCaller(caller);
	return former;
}

/* Is a rule about what its owner has made, or who has linked what? */
static bool
wants_origins(const ScimRules *rules)
{
	const ListCell *lc;

	if (rules->of[SCIM_RULE_LINK] != NIL)
		return true;
	foreach (lc, rules->of[SCIM_RULE_MANAGED])
	{
		if (((const ScimManagedRule *) ((const ScimRule *) lfirst(lc))->compiled)->own)
			return true;
	}
	return false;
}

/*
 * Who is proved, and links resources, has given one an externalId, as a client does that
 * has found it by a search: it is his, if it was nobody's.
 */
static void
note_external_id(const Door *door, const pg_uuid_t *id)
{
	const char *credential;
	const char *actor;
	ScimParams params;

	if (door->rules->of[SCIM_RULE_LINK] == NIL || proof_in(door->store) == NULL ||
		door->new.nulls[SCIM_KEY_EXTERNAL_ID] ||
		ScimSameColumn(&door->old, &door->new, SCIM_KEY_EXTERNAL_ID))
		return;
	ScimWriter(door->store, &credential, &actor);
	if (ScimLinkRuleFor(door->rules, credential, actor) == NULL)
		return;
	origin_params(door->store, door->tenant_id, id, &params);
	ScimSpiWriteOwn(psprintf("INSERT INTO %s.origin AS o (tenant_id, resource_id, "
							 "token_id, actor, linked_at) "
							 "VALUES ($1, $2, $3, $4, clock_timestamp()) "
							 "ON CONFLICT (tenant_id, resource_id) DO UPDATE "
							 "SET token_id = excluded.token_id, actor = excluded.actor, "
							 "linked_at = excluded.linked_at, released_at = NULL "
							 "WHERE o.released_at IS NOT NULL",
							 door->store->quoted_name),
					&params);
}

/*
 * ScimOriginNote notes who has made a resource, where a policy asks, and forgets it of
 * one that is gone for good (as the store's owner, SPI is connected).
 */
void
ScimOriginNote(const struct Door *door, const ScimOccurrence *happened)
{
	const char *store = door->store->quoted_name;
	ScimParams params;

	if (!OidIsValid(door->store->tables.relid[SCIM_TABLE_ORIGIN]))
		return;
	if (TRIGGER_FIRED_BY_DELETE(door->trigger->tg_event))
	{
		if (!ScimRuleAny(door->store, SCIM_RULE_MANAGED) &&
			!ScimRuleAny(door->store, SCIM_RULE_LINK))
			return;
		ScimParamsOfResource(&params, door->tenant_id, happened->id);
		ScimSpiExecute(psprintf("DELETE FROM %s.origin "
								"WHERE tenant_id = $1 AND resource_id = $2",
								store),
					   &params, false, 0);
		ScimRowsRequireSeen(
			psprintf("%s.origin WHERE tenant_id = $1 AND resource_id = $2", store),
			&params, "what is deleted has got an origin meanwhile");
		return;
	}
	if (TRIGGER_FIRED_BY_UPDATE(door->trigger->tg_event))
	{
		note_external_id(door, happened->id);
		return;
	}
	if ((proof_in(door->store) == NULL &&
		 (ScimPostedAtDoor == NULL ||
		  memcmp(ScimPostedAtDoor, happened->id, UUID_LEN) != 0)) ||
		!wants_origins(door->rules))
		return;
	origin_params(door->store, door->tenant_id, happened->id, &params);
	ScimSpiWriteOwn(psprintf("INSERT INTO %s.origin (tenant_id, resource_id, token_id, "
							 "actor) VALUES ($1, $2, $3, $4) "
							 "ON CONFLICT (tenant_id, resource_id) DO UPDATE "
							 "SET token_id = excluded.token_id, actor = excluded.actor, "
							 "linked_at = NULL, released_at = NULL",
							 store),
					&params);
}
