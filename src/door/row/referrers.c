/*
 * referrers.c
 *		What becomes of references when what they lead to goes: "onDelete" of the policy
 *		"reference".
 *
 * It is asked after the row has gone.  Whoever refers to it from now on waits for the
 * end of this transaction, and whoever has found it just before has been waited for
 * (door.c); what he has written is seen here, also by a transaction whose snapshot is
 * older, as the server's foreign keys do it.  So both of two resources that refer to
 * each other can go with one statement, where rows go for good.
 *
 * Who refers to a resource is found by the index that filters use.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/formatting.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "door/row/row.h"
#include "json/json.h"
#include "policy/policy.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/seen.h"
#include "store/statement/statement.h"
#include "store/store.h"

/* What goes, and who may refer to it. */
typedef struct Loss
{
	ScimStore *store;
	int32 tenant_id;
	const ScimResourceType *type; /* of what goes */
	const pg_uuid_t *id;
	const ScimResourceType *from; /* of those that may refer to it */
	const ScimValueRule *rule;
	MemoryContext context; /* of referrers */
	List *referrers;       /* pg_uuid_t *, in their order */
} Loss;

static void lose_by_rule(Loss *loss);
static void find_members(Loss *loss);
static void find_referrers(Loss *loss);
static void note_referrers(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc);
static bool refers_to(const void *arg, const JsonbValue *value);
static char *kept_text(const Loss *loss, const pg_uuid_t *id);
static void clear_referrer(const Loss *loss, const pg_uuid_t *id);

/*
 * ScimReferrersLose raises an error (SC409) where one that refers to a resource which is
 * out of sight now does not let it go, and clears the references that go along.  Call it
 * as the store's owner, connected to SPI.
 */
void
ScimReferrersLose(ScimStore *store, int32 tenant_id, const ScimResourceType *type,
				  const pg_uuid_t *id)
{
	Loss loss = {.store = store, .tenant_id = tenant_id, .type = type, .id = id};

	if (!ScimRuleAny(store, SCIM_RULE_REFERENCE))
		return;
	loss.context = CurrentMemoryContext;
	for (int i = 0; i < store->registry->ntypes; i++)
	{
		const ScimRules *rules;
		const ListCell *row;

		loss.from = &store->registry->types[i];
		rules = ScimRulesFor(store, tenant_id, loss.from);
		foreach (row, rules->of[SCIM_RULE_REFERENCE])
		{
			const ListCell *lc;

			foreach (lc, (List *) ((const ScimRule *) lfirst(row))->compiled)
			{
				loss.rule = lfirst(lc);
				if (loss.rule->on_delete != SCIM_ON_DELETE_LEAVE)
					lose_by_rule(&loss);
			}
		}
	}
}

static void
lose_by_rule(Loss *loss)
{
	const ScimValueRule *rule = loss->rule;
	bool members = ScimIsOfMembers(loss->from, &rule->resolved);
	bool concerned = false;
	const ListCell *lc;

	foreach (lc, rule->targets)
		concerned = concerned || strcmp(lfirst(lc), loss->type->name) == 0;
	/* who leaves leaves all groups */
	if (!concerned || (members && rule->on_delete == SCIM_ON_DELETE_CLEAR))
		return;
	loss->referrers = NIL;
	/* what others have committed, and what this statement has done */
	CommandCounterIncrement();
	PushActiveSnapshot(GetLatestSnapshot());
	if (members)
		find_members(loss);
	else
		find_referrers(loss);
	PopActiveSnapshot();
	if (loss->referrers != NIL && rule->on_delete == SCIM_ON_DELETE_RESTRICT)
		ereport(ERROR, (ScimErr(SCIM_CONFLICT), errmsg("%s", kept_text(loss, NULL))));
	foreach (lc, loss->referrers)
		clear_referrer(loss, lfirst(lc));
	list_free_deep(loss->referrers);
}

/* Groups that are there. */
static void
find_members(Loss *loss)
{
	ScimParams params;

	ScimParamsOfResource(&params, loss->tenant_id, loss->id);
	ScimSpiExecute(psprintf("SELECT c.group_id FROM %s.member c JOIN %s.resource g "
							"ON g.tenant_id = $1 AND g.id = c.group_id "
							"AND g.resource_type = %s AND g.deleted_at IS NULL "
							"WHERE c.tenant_id = $1 AND c.member_id = $2 "
							"AND c.group_id <> $2 LIMIT 1",
							loss->store->quoted_name, loss->store->quoted_name,
							quote_literal_cstr(loss->from->name)),
				   &params, true, 1);
	if (SPI_processed > 0)
	{
		pg_uuid_t *id = MemoryContextAlloc(loss->context, sizeof(pg_uuid_t));
		MemoryContext old = MemoryContextSwitchTo(loss->context);

		*id = *DatumGetUUIDP(ScimResultValue(0, 1, UUIDOID));
		loss->referrers = lappend(loss->referrers, id);
		MemoryContextSwitchTo(old);
	}
}

static void
find_referrers(Loss *loss)
{
	ScimParams params;
	ScimFilter *filter = ScimFilterParseReferences(
		ScimReferrerFilter(loss->from, &loss->rule->resolved, loss->id, NULL));

	/* the operator knows the attributes of the store that the setting names */
	(void) set_config_option("scim.store", loss->store->name, PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(loss->tenant_id), false);
	ScimParamsAdd(&params, ScimFilterTypeOid(), PointerGetDatum(filter), false);
	ScimSpiForEachOfTenant(
		psprintf("SELECT r.id, r.data FROM %s.resource r "
				 "WHERE r.resource_type = %s AND r.tenant_id = $1 "
				 "AND r.deleted_at IS NULL AND r.data OPERATOR(scim.~) $2 "
				 "ORDER BY r.id",
				 loss->store->quoted_name, quote_literal_cstr(loss->from->name)),
		&params, true, note_referrers, loss);
}

static void
note_referrers(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	Loss *loss = arg;

	for (uint64 i = 0; i < nrows; i++)
	{
		const pg_uuid_t *id = DatumGetUUIDP(ScimColumnValue(rows[i], desc, 1, UUIDOID));
		Jsonb *data = DatumGetJsonbP(ScimColumnValue(rows[i], desc, 2, JSONBOID));
		MemoryContext old;
		pg_uuid_t *kept;

		CHECK_FOR_INTERRUPTS();
		if (memcmp(id, loss->id, sizeof(pg_uuid_t)) == 0 ||
			!ScimRefersTo(loss->rule, ScimStoredDocument(loss->from, data), refers_to,
						  loss->id))
			continue;
		old = MemoryContextSwitchTo(loss->context);
		kept = palloc(sizeof(pg_uuid_t));
		*kept = *id;
		loss->referrers = lappend(loss->referrers, kept);
		MemoryContextSwitchTo(old);
	}
}

/* A comparison with an id, as it stands and, where that is not the same, in capitals. */
static char *
compare(const char *path, const ScimAttribute *attribute, const char *op,
		const char *before, const pg_uuid_t *id)
{
	char *text = ScimUuidText(id);
	char *as_is = psprintf("%s %s \"%s%s\"", path, op, before, text);

	return attribute->case_exact ? psprintf("%s or %s %s \"%s%s\"", as_is, path, op,
											before, asc_toupper(text, strlen(text)))
								 : as_is;
}

/*
 * ScimReferrerFilter: a filter of resources of a type of which an attribute refers to a
 * resource: it is the id, or a URL that ends with it (schema/canonical/reference.c); ids
 * may be in capitals.  endpoint: of URLs only the one from there, "../Users/<id>"; NULL:
 * any.
 *
 * The index knows at once who has the id, or that one.  For others all keys of the
 * attribute are read, no row but of those that it finds; see ScimFilterParseReferences.
 */
char *
ScimReferrerFilter(const ScimResourceType *from, const ScimResolved *resolved,
				   const pg_uuid_t *to, const char *endpoint)
{
	const ScimAttribute *attribute = resolved->attribute;
	const ScimAttribute *leaf = ScimLeaf(resolved);
	ScimResolved ref = *resolved;
	bool has_ref = resolved->sub != NULL && strcmp(resolved->sub->name, "value") == 0 &&
				   ScimIsReference(attribute);
	char *relative =
		endpoint != NULL ? psprintf("..%s/%s", endpoint, ScimUuidText(to)) : NULL;
	char *path = ScimRulePath(resolved);
	StringInfoData filter;

	if (resolved->extension == NULL && attribute->schema != NULL)
		path = psprintf("%s:%s", from->schema->id, path);
	initStringInfo(&filter);
	appendStringInfoString(&filter, compare(path, leaf, "eq", "", to));
	for (int i = 0; i < (has_ref ? 2 : 1); i++)
	{
		if (i > 0)
		{
			leaf = ref.sub = ScimAttributeSub(attribute, "$ref", strlen("$ref"));
			path = ScimRulePath(&ref);
			if (resolved->extension == NULL && attribute->schema != NULL)
				path = psprintf("%s:%s", from->schema->id, path);
		}
		if (relative != NULL)
			appendStringInfo(&filter, " or %s eq \"%s\"", path, relative);
		else
			appendStringInfo(&filter, " or %s", compare(path, leaf, "ew", "/", to));
	}
	return filter.data;
}

static bool
refers_to(const void *arg, const JsonbValue *value)
{
	pg_uuid_t id;

	return ScimReferredId(value, &id) && memcmp(&id, arg, sizeof(pg_uuid_t)) == 0;
}

/* Which reference keeps what it leads to, as errors say it. */
static char *
kept_text(const Loss *loss, const pg_uuid_t *id)
{
	return psprintf("%s \"%s\" cannot go: attribute \"%s\" of %s refers to it",
					loss->type->name, ScimUuidText(loss->id), loss->rule->path,
					id != NULL ? ScimScopeNamed(loss->store, loss->from->name, id)
							   : psprintf("a %s", loss->from->name));
}

/*
 * What keeps a reference from being cleared keeps what it leads to: the error says so to
 * whoever deletes that.  The error at hand is the one of the change, in context: it may
 * tell values of who refers, and goes to the log alone where scopes do not allow to read
 * these.
 */
pg_noreturn static void
raise_kept(const Loss *loss, const pg_uuid_t *id, MemoryContext context)
{
	ErrorData *error;
	const ScimErrorInfo *info;
	bool is_ours;
	bool told;

	MemoryContextSwitchTo(context);
	error = CopyErrorData();
	info = ScimErrorBySqlstate(error->sqlerrcode);
	/* what is no fault of anybody's who writes, such as SC503, stays what it is */
	is_ours = info != NULL && info->status >= 500;
	told = ScimScopeProvedReads(loss->store, loss->from->name);
	if ((is_ours && told) || (info == NULL &&
							  ERRCODE_TO_CATEGORY(error->sqlerrcode) !=
								  ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION &&
							  error->sqlerrcode != ERRCODE_RAISE_EXCEPTION))
		PG_RE_THROW();
	FlushErrorState();
	ereport(ERROR, (ScimErr(is_ours ? info->kind : SCIM_CONFLICT),
					errmsg("%s and cannot be cleared%s%s", kept_text(loss, id),
						   told ? ": " : "", told ? error->message : ""),
					told ? 0
						 : errdetail_log("%s \"%s\": %s", loss->from->name,
										 ScimUuidText(id), error->message)));
}

static void
update_referrer(const Loss *loss, const pg_uuid_t *id, const char *statement,
				const ScimParams *params, MemoryContext context)
{
	volatile int outer = ScimStoreWriteBegin();

	PG_TRY();
	{
		ScimSpiExecute(statement, params, false, 0);
	}
	PG_CATCH();
	{
		ScimStoreWriteEnd(outer);
		raise_kept(loss, id, context);
	}
	PG_END_TRY();
	ScimStoreWriteEnd(outer);
	if (SPI_processed == 0)
		ereport(ERROR, (ScimErr(SCIM_CONFLICT),
						errmsg("%s, and a trigger keeps that", kept_text(loss, id))));
}

/* Through the door, as any other change, but that no rule keeps the store from it. */
static void
clear_referrer(const Loss *loss, const pg_uuid_t *id)
{
	MemoryContext context = AllocSetContextCreate(
		CurrentMemoryContext, "scim clear reference", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	const char *where = psprintf("WHERE r.resource_type = %s AND r.tenant_id = $1 "
								 "AND r.id = $2 AND r.deleted_at IS NULL",
								 quote_literal_cstr(loss->from->name));
	ScimParams params;

	CHECK_FOR_INTERRUPTS();
	ScimParamsOfResource(&params, loss->tenant_id, id);
	ScimSpiExecute(psprintf("SELECT r.data FROM %s.resource r %s FOR NO KEY UPDATE",
							loss->store->quoted_name, where),
				   &params, false, 1);
	if (SPI_processed == 0)
		/* who has come since the snapshot that the transaction keeps */
		ScimRowsRequireSeen(psprintf("%s.resource r %s", loss->store->quoted_name, where),
							&params, "what is deleted is referred to meanwhile");
	else
	{
		JsonbValue *document;

		MemoryContextSwitchTo(context);
		document = ScimStoredDocument(
			loss->from, DatumGetJsonbPCopy(ScimResultValue(0, 1, JSONBOID)));
		ScimClearReferences(loss->from, loss->rule, document, refers_to, loss->id);
		ScimParamsAdd(&params, JSONBOID, JsonbPGetDatum(ScimJsonToJsonb(document)),
					  false);
		update_referrer(loss, id,
						psprintf("UPDATE %s.resource r SET data = $3 %s",
								 loss->store->quoted_name, where),
						&params, context);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
}
