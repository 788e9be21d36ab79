/*
 * scope.c
 *		What a token or client is good for: its column "scopes".
 *
 * A scope is how, "read" or "write", or what: the name of a resource type, one with
 * ":read" or ":write" behind it, "endpoint:" with the name of an endpoint of one's
 * own, or ".console", which is in no others.  Where scopes say how, it holds for each
 * that says what without saying how; where none says what, for everything.  Who may write
 * may read, since the answer to a write shows what is there.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/uuid.h"

#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/proof.h"
#include "store/statement/statement.h"
#include "store/statement/tables.h"
#include "store/store.h"
#include "text/find.h"

PG_FUNCTION_INFO_V1(scim_scopes_read);
PG_FUNCTION_INFO_V1(scim_refuse_scopes);

#define READ "read"
#define WRITE "write"
#define OF_READ ":" READ
#define OF_WRITE ":" WRITE
#define OF_ENDPOINT "endpoint:"
#define OF_CONSOLE ".console"

static void give_console(const ScimStore *store);

/* ScimScopeCanonical returns the canonical form of a scope; NULL: it is none. */
char *
ScimScopeCanonical(const ScimStore *store, const char *scope)
{
	const ScimResourceType *type;
	ListCell *lc;

	if (strcmp(scope, READ) == 0 || strcmp(scope, WRITE) == 0 ||
		strcmp(scope, OF_CONSOLE) == 0)
		return pstrdup(scope);
	if (strncmp(scope, OF_ENDPOINT, strlen(OF_ENDPOINT)) == 0)
	{
		foreach (lc, store->endpoints)
		{
			if (strcmp(((const ScimEndpointRow *) lfirst(lc))->name,
					   scope + strlen(OF_ENDPOINT)) == 0)
				return pstrdup(scope);
		}
		return NULL;
	}
	type = ScimRegistryType(store->registry, scope);
	if (type != NULL)
		return pstrdup(type->name);
	for (int i = 0; i < 2; i++)
	{
		const char *end = i == 0 ? OF_READ : OF_WRITE;

		if (!ScimEndsWith(scope, end))
			continue;
		type = ScimRegistryType(store->registry,
								pnstrdup(scope, strlen(scope) - strlen(end)));
		return type != NULL ? psprintf("%s%s", type->name, end) : NULL;
	}
	return NULL;
}

/*
 * ScimScopesCheck returns scopes in canonical form, each once.  Who is let in by
 * credentials gives nobody what these do not have, which of ".console" not even those
 * without scopes do.
 */
Datum
ScimScopesCheck(const ScimStore *store, Datum scopes)
{
	Datum *elements;
	bool *nulls;
	List *canonicals = NIL;
	int kept = 0;
	int n;

	ScimRequireList(scopes, "scopes");
	deconstruct_array(DatumGetArrayTypeP(scopes), TEXTOID, -1, false, TYPALIGN_INT,
					  &elements, &nulls, &n);
	if (n == 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("without any scope it would be good for nothing")));
	for (int i = 0; i < n; i++)
	{
		char *scope = nulls[i] ? NULL : TextDatumGetCString(elements[i]);
		char *canonical = nulls[i] ? NULL : ScimScopeCanonical(store, scope);

		if (canonical == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 nulls[i] ? errmsg("a scope must not be null")
							  : errmsg("\"%s\" is no scope", scope),
					 errhint("A scope is \"read\" or \"write\", the name of a resource "
							 "type, alone or with \":read\" or \":write\" behind it, "
							 "\"endpoint:\" with the name of an endpoint, or "
							 "\".console\".")));
		CHECK_FOR_INTERRUPTS();
		if (ScimIsAmong(canonicals, canonical))
			continue;
		if (strcmp(canonical, OF_CONSOLE) == 0)
			give_console(store);
		canonicals = lappend(canonicals, canonical);
		elements[kept++] = CStringGetTextDatum(canonical);
	}
	return PointerGetDatum(
		construct_array(elements, kept, TEXTOID, -1, false, TYPALIGN_INT));
}

char *
ScimScopesPack(Datum scopes)
{
	StringInfoData packed;
	ListCell *lc;

	initStringInfo(&packed);
	foreach (lc, ScimTextList(scopes))
	{
		const char *scope = lfirst(lc);

		if (scope[0] != '\0')
			appendBinaryStringInfo(&packed, scope, strlen(scope) + 1);
	}
	appendStringInfoChar(&packed, '\0');
	return packed.data;
}

static bool
name_console(const char *scopes)
{
	for (const char *scope = scopes; scope[0] != '\0'; scope += strlen(scope) + 1)
	{
		if (strcmp(scope, OF_CONSOLE) == 0)
			return true;
	}
	return false;
}

/* Is a scope that says what about this type, and how: ":read", ":write" or ""? */
static bool
is_about(const char *scope, const char *type_name, const char *how)
{
	size_t len = strlen(type_name);

	return strncmp(scope, type_name, len) == 0 && strcmp(scope + len, how) == 0;
}

/* type_name and endpoint may be NULL. */
static bool
allows(const char *scopes, const char *type_name, const char *endpoint, bool write)
{
	bool says_read = false;
	bool says_write = false;
	bool says_what = false;
	bool named = false;
	bool may_read = false;
	bool may_write = false;

	for (const char *scope = scopes; scope[0] != '\0'; scope += strlen(scope) + 1)
	{
		if (strcmp(scope, READ) == 0)
			says_read = true;
		else if (strcmp(scope, WRITE) == 0)
			says_write = true;
		else
		{
			says_what = true;
			if (endpoint != NULL && strncmp(scope, OF_ENDPOINT, strlen(OF_ENDPOINT)) == 0)
				named |= strcmp(scope + strlen(OF_ENDPOINT), endpoint) == 0;
			else if (type_name != NULL)
			{
				named |= is_about(scope, type_name, "");
				may_read |= is_about(scope, type_name, OF_READ);
				may_write |= is_about(scope, type_name, OF_WRITE);
			}
		}
	}
	if (scopes[0] == '\0')
		return false;
	if (named || !says_what)
	{
		may_read = true;
		may_write |= says_write || !says_read;
	}
	return may_write || (may_read && !write);
}

/* The same of all scopes that a proof has. */
static bool
proof_allows(const ScimProof *proof, const char *type_name, const char *endpoint,
			 bool write)
{
	return (proof->scopes == NULL || allows(proof->scopes, type_name, endpoint, write)) &&
		   (proof->more_scopes == NULL ||
			allows(proof->more_scopes, type_name, endpoint, write));
}

static bool
has_scopes(const ScimProof *proof)
{
	return proof->scopes != NULL || proof->more_scopes != NULL;
}

/* Would what is asked for allow something that is not allowed? */
static bool
exceeds(const char *asked, const char *allowed, const char *type_name,
		const char *endpoint)
{
	for (int write = 0; write <= 1; write++)
	{
		if ((asked == NULL || allows(asked, type_name, endpoint, write)) &&
			!allows(allowed, type_name, endpoint, write))
			return true;
	}
	return false;
}

/*
 * ScimScopesExceed: do some scopes allow what others do not?  Of what has none the
 * console is no part.
 */
bool
ScimScopesExceed(const ScimStore *store, const char *asked, const char *allowed)
{
	ListCell *lc;

	if (asked != NULL && name_console(asked) &&
		(allowed == NULL || !name_console(allowed)))
		return true;
	if (allowed == NULL)
		return false;
	if (exceeds(asked, allowed, NULL, NULL))
		return true;
	for (int i = 0; i < store->registry->ntypes; i++)
	{
		if (exceeds(asked, allowed, store->registry->types[i].name, NULL))
			return true;
	}
	foreach (lc, store->endpoints)
	{
		const ScimEndpointRow *endpoint = lfirst(lc);

		if (exceeds(asked, allowed, endpoint->resource_type, endpoint->name))
			return true;
	}
	return false;
}

/* Do scopes bind who acts in a store?  What the store does itself they do not. */
static bool
binds(Oid namespace_oid)
{
	const ScimProof *proof = ScimProved();

	return proof != NULL && has_scopes(proof) && proof->namespace_oid == namespace_oid &&
		   !ScimIsOnBehalf();
}

static bool
is_bound(const ScimStore *store)
{
	return binds(store->namespace_oid);
}

/* Memberships are of their groups, which may be of several types. */
static bool
allows_memberships(const ScimRegistry *registry, bool write)
{
	for (int i = 0; i < registry->ntypes; i++)
	{
		if (registry->types[i].has_members &&
			proof_allows(ScimProved(), registry->types[i].name, NULL, write))
			return true;
	}
	return false;
}

bool
ScimScopeAllows(const ScimStore *store, const char *type_name, bool write)
{
	const ScimResourceType *memberships = store->registry->memberships;

	if (memberships != NULL && type_name != NULL && is_bound(store) &&
		strcmp(type_name, memberships->name) == 0)
		return allows_memberships(store->registry, write);
	return ScimScopeAllowsEndpoint(store, NULL, type_name, write);
}

bool
ScimScopeAllowsEndpoint(const ScimStore *store, const char *endpoint,
						const char *type_name, bool write)
{
	return !is_bound(store) || proof_allows(ScimProved(), type_name, endpoint, write);
}

/* The types of groups, as in: "Group" or "Team". */
static char *
group_types(const ScimRegistry *registry)
{
	StringInfoData names;

	initStringInfo(&names);
	for (int i = 0; i < registry->ntypes; i++)
	{
		if (registry->types[i].has_members)
			appendStringInfo(&names, "%s\"%s\"", names.len > 0 ? " or " : "",
							 registry->types[i].name);
	}
	return names.data;
}

/* ScimScopeRequire raises an error where who acts may not do that. */
void
ScimScopeRequire(const ScimStore *store, const char *type_name, bool write)
{
	if (ScimScopeAllows(store, type_name, write))
		return;
	if (type_name == NULL)
		ereport(ERROR,
				(ScimErr(SCIM_FORBIDDEN),
				 errmsg("the scopes of these credentials do not allow to read all types "
						"of resources: ask for one of them")));
	/* there is no scope of memberships */
	if (store->registry->memberships != NULL &&
		strcmp(type_name, store->registry->memberships->name) == 0)
		ereport(ERROR, (ScimErr(SCIM_FORBIDDEN),
						errmsg("the scopes of these credentials do not allow to %s "
							   "resources of type %s, whose memberships these are",
							   write ? "write" : "read", group_types(store->registry))));
	ereport(ERROR, (ScimErr(SCIM_FORBIDDEN),
					errmsg("the scopes of these credentials do not allow to %s "
						   "resources of type \"%s\"",
						   write ? "write" : "read", type_name)));
}

/* An access token may what both its scopes and those of its client name. */
static bool
shows_console(const ScimProof *proof)
{
	if (proof->is_access_token)
		return proof->more_scopes != NULL && name_console(proof->more_scopes) &&
			   (proof->scopes == NULL || name_console(proof->scopes));
	return proof->scopes != NULL && name_console(proof->scopes);
}

/*
 * ScimScopeRequireConsole raises an error unless who acts may look at what the page for
 * people shows: audit, tokens and requests, which nobody may whose credentials do not
 * say so.  An application that lets requests in itself may where it may read both tables.
 */
void
ScimScopeRequireConsole(const ScimStore *store)
{
	const ScimProof *proof = ScimProved();

	if (proof == NULL)
	{
		ScimRequireSelect(store, SCIM_TABLE_AUDIT);
		ScimRequireSelect(store, SCIM_TABLE_TOKEN);
		return;
	}
	if (proof->namespace_oid != store->namespace_oid || !shows_console(proof))
		ereport(ERROR, (ScimErr(SCIM_FORBIDDEN),
						errmsg("the console takes credentials with the scope "
							   "\".console\"")));
}

/* Who acts by credentials gives nobody ".console", which these do not name. */
static void
give_console(const ScimStore *store)
{
	const ScimProof *proof = ScimProved();

	if (proof != NULL &&
		(proof->namespace_oid != store->namespace_oid || !shows_console(proof)))
		ereport(ERROR, (ScimErr(SCIM_FORBIDDEN),
						errmsg("who has no scope \".console\" gives it to nobody")));
}

/* ScimScopeGiveAnew: a token or client with these scopes gets another secret. */
void
ScimScopeGiveAnew(const ScimStore *store, Datum scopes, bool isnull)
{
	if (!isnull && name_console(ScimScopesPack(scopes)))
		give_console(store);
}

/*
 * The level of subtransactions at which the outermost operation that has been let in
 * began; 0: there is none.  After an error the end of the (sub)transaction sees to it.
 */
static int let_in_at = 0;

static void
subtransaction_ends(SubXactEvent event, SubTransactionId subid, SubTransactionId parent,
					void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB && let_in_at >= GetCurrentTransactionNestLevel())
		let_in_at = 0;
}

static void
transaction_ends(XactEvent event, void *arg)
{
	let_in_at = 0;
}

/*
 * ScimScopeLetIn: an operation begins that is looked at by itself, and so what it writes,
 * and what triggers write in consequence, is not.  Returns what ScimScopeLetOut takes.
 */
int
ScimScopeLetIn(void)
{
	int before = let_in_at;
	static bool registered = false;

	if (!registered)
	{
		RegisterXactCallback(transaction_ends, NULL);
		RegisterSubXactCallback(subtransaction_ends, NULL);
		registered = true;
	}
	if (let_in_at == 0)
		let_in_at = GetCurrentTransactionNestLevel();
	return before;
}

/* ScimScopeLetOut: it ends; before: what ScimScopeLevel was. */
void
ScimScopeLetOut(int before)
{
	let_in_at = before;
}

int
ScimScopeLevel(void)
{
	return let_in_at;
}

/* ScimScopeRequireOfCall: of type_name NULL, resources of all types. */
void
ScimScopeRequireOfCall(const ScimStore *store, const char *type_name, bool write)
{
	if (let_in_at == 0)
		ScimScopeRequire(store, type_name, write);
}

/* ScimScopeEnter: a SQL function writes resources of a type. */
int
ScimScopeEnter(const ScimStore *store, const char *type_name)
{
	ScimScopeRequireOfCall(store, type_name, true);
	return ScimScopeLetIn();
}

bool
ScimScopeBindsStatement(Oid namespace_oid)
{
	return let_in_at == 0 && binds(namespace_oid);
}

bool
ScimScopeProvedReads(const ScimStore *store, const char *type_name)
{
	const ScimProof *proof = ScimProved();

	return proof == NULL || proof->namespace_oid != store->namespace_oid ||
		   proof_allows(proof, type_name, NULL, false);
}

/*
 * ScimScopeNamed: what an error calls a resource that the write at hand reaches because
 * of another one: its type and id, or "a Box" to whom scopes do not allow to read it.
 */
char *
ScimScopeNamed(const ScimStore *store, const char *type_name, const pg_uuid_t *id)
{
	return ScimScopeProvedReads(store, type_name)
			   ? psprintf("%s \"%s\"", type_name, ScimUuidText(id))
			   : psprintf("a %s", type_name);
}

/* scim_internal.scopes_read(scopes text[], resource_type text) returns boolean */
Datum
scim_scopes_read(PG_FUNCTION_ARGS)
{
	const char *type_name =
		PG_ARGISNULL(1) ? NULL : TextDatumGetCString(PG_GETARG_DATUM(1));

	PG_RETURN_BOOL(PG_ARGISNULL(0) ||
				   allows(ScimScopesPack(PG_GETARG_DATUM(0)), type_name, NULL, false));
}

/*
 * ScimScopeRequireCredential: a password is of its resource, so that who writes a row of
 * "credential" himself may write that.  Of one that is gone as well; nobody is told
 * whether there is such a one.
 */
void
ScimScopeRequireCredential(const TriggerData *trigger, HeapTuple row)
{
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);
	const ScimRegistry *registry;
	const char *type_name = NULL;
	ScimIdentity caller;
	ScimStore *store;
	ScimParams params;
	bool no_id;
	bool no_tenant;
	Datum tenant_id;
	Datum id;

	if (!ScimScopeBindsStatement(RelationGetNamespace(trigger->tg_relation)))
		return;
	store = ScimStoreOfTrigger(trigger, SCIM_TABLE_CREDENTIAL);
	registry = store->registry;
	tenant_id = ScimColumn(row, desc, ScimColumnNumber(desc, "tenant_id", INT4OID),
						   INT4OID, &no_tenant);
	id = ScimColumn(row, desc, ScimColumnNumber(desc, "resource_id", UUIDOID), UUIDOID,
					&no_id);
	SPI_connect();
	if (!no_tenant && !no_id)
	{
		caller = ScimBeOwner(store->owner);
		ScimParamsOfResource(&params, DatumGetInt32(tenant_id), DatumGetUUIDP(id));
		ScimSpiExecute(psprintf("SELECT resource_type FROM %s.resource "
								"WHERE tenant_id = $1 AND id = $2",
								store->quoted_name),
					   &params, false, 1);
		if (SPI_processed > 0)
			type_name = ScimResultText(0, 1);
		ScimBeCaller(caller);
	}
	if (type_name != NULL)
		ScimScopeRequireOfCall(store, type_name, true);
	for (int i = 0; type_name == NULL && i < registry->ntypes; i++)
	{
		if (registry->types[i].has_password)
			ScimScopeRequireOfCall(store, registry->types[i].name, true);
	}
	SPI_finish();
}

/* ScimScopeRefuse raises an error where scopes bind the statement at hand. */
void
ScimScopeRefuse(Oid namespace_oid, const char *what)
{
	if (ScimScopeBindsStatement(namespace_oid))
		ereport(ERROR,
				(ScimErr(SCIM_FORBIDDEN),
				 errmsg("the scopes of these credentials do not allow to %s", what)));
}

/* ScimScopeRefuseRow: a row that the store itself keeps, as a trigger was called for. */
void
ScimScopeRefuseRow(const TriggerData *trigger)
{
	Oid namespace_oid = RelationGetNamespace(trigger->tg_relation);

	if (ScimScopeBindsStatement(namespace_oid))
		ScimScopeRefuse(namespace_oid,
						psprintf("write table \"%s\"", ScimTriggerTable(trigger)));
}

/*
 * scim_internal.refuse_scopes(store regnamespace, what text): raises an error where
 * scopes bind who acts in a store; null: in any.
 */
Datum
scim_refuse_scopes(PG_FUNCTION_ARGS)
{
	const ScimProof *proof = ScimProved();
	Oid namespace_oid = PG_ARGISNULL(0) ? InvalidOid : PG_GETARG_OID(0);

	if (PG_ARGISNULL(1))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("what must not be null")));
	if (PG_ARGISNULL(0) && proof != NULL)
		namespace_oid = proof->namespace_oid;
	ScimScopeRefuse(namespace_oid, TextDatumGetCString(PG_GETARG_DATUM(1)));
	PG_RETURN_VOID();
}

/*
 * ScimScopeProvedTypes lists the types whose resources the scopes that are proved allow
 * to read, whoever acts by now, as SQL: 'User', 'Group'; NULL: all.
 */
char *
ScimScopeProvedTypes(const ScimStore *store)
{
	StringInfoData list;

	if (ScimScopeProvedReads(store, NULL))
		return NULL;
	initStringInfo(&list);
	for (int i = 0; i < store->registry->ntypes; i++)
	{
		const char *name = store->registry->types[i].name;

		if (ScimScopeProvedReads(store, name))
			appendStringInfo(&list, "%s%s", list.len > 0 ? ", " : "",
							 quote_literal_cstr(name));
	}
	/* a type that nobody has */
	return list.len > 0 ? list.data : "NULL";
}

/*
 * ScimScopeTypes is the same of who acts.  A resource of another type is to him as if it
 * were not there.
 */
char *
ScimScopeTypes(const ScimStore *store)
{
	return is_bound(store) ? ScimScopeProvedTypes(store) : NULL;
}
