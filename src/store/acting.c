/*
 * acting.c
 *		Who acts, and for which tenant, where nothing is proved: the settings
 *		scim.tenant, scim.actor and scim.me, and whom they are believed.
 *
 * Anybody can make a setting, so what it says counts only where both have the right to
 * say it: who made it, and who acts now.  That right has the owner of the store, for
 * every tenant, and a role that the store's table "tenant_role" names, for the tenant of
 * the row; and whoever inherits from these.  So a function with SECURITY DEFINER does not
 * lend the right of its owner to what its caller has set before, and who becomes another
 * role does not take it along.  Where our own statements act as the owner of a store
 * (ScimBeOwner), he acts on whose behalf they do.
 *
 * For all others the tenant is the only one that the store has, or else there is none.
 *
 * Row-level security asks for the tenant once a row, in parallel workers as well.  So the
 * answer is remembered; and who made the setting travels to a worker within its value,
 * behind an @, which is not shown.
 */
#include "postgres.h"

#include "access/parallel.h"
#include "catalog/namespace.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "compat.h"
#include "error.h"
#include "extension.h"
#include "store/acting.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/proof.h"
#include "store/statement/tables.h"
#include "store/store.h"

/* What hangs on a setting. */
typedef struct Said
{
	int32 tenant_id; /* of scim.tenant */
	Oid by;          /* InvalidOid: nobody has made the setting */
} Said;

/* A row of "tenant_role" whose role is there. */
typedef struct TenantRole
{
	Oid role;
	bool any;
	int32 tenant_id;
} TenantRole;

/* Bytes of the setting scim.actor. */
#define MAX_ACTOR 1024

/* Where a tenant is served who has an address of his own. */
typedef struct Place
{
	int32 tenant_id;
	char *base_url;
} Place;

/* What a store says of tenants and roles. */
typedef struct Tenants
{
	MemoryContext context;
	Oid namespace_oid;
	bool is_store;
	bool parallel; /* read in a parallel query, and good for that only */
	ScimTables tables;
	int count; /* 2: or more */
	int32 first;
	int nroles;
	TenantRole *roles;
	List *places; /* of Place * */
} Tenants;

/* For which tenants a role may say that it acts: any, or these. */
typedef struct Right
{
	bool any;
	List *tenants; /* of int */
} Right;

/* The last answer, and what it depends on. */
static struct
{
	bool valid;
	bool parallel; /* good in a parallel query only */
	Oid namespace_oid;
	Oid role;
	Said said;
	bool known;
	int32 tenant_id;
} remembered;

int32 (*ScimRowTenantHook)(void) = NULL;

static char *tenant_setting = NULL;
static char *actor_setting = NULL;
static char *me_setting = NULL;
static const Said nothing_said = {1, InvalidOid};
static const Said *tenant_said = &nothing_said;
static const Said *actor_said = &nothing_said;
static const Said *me_said = &nothing_said;

/* Settings that were there before this library was loaded get to be ours. */
static bool loading = false;

static List *tenants_known = NIL; /* of Tenants * */
static bool tenants_stale = false;
static uint64 changes = 0; /* of anything */

/* ---- the settings */

/* Whoever is to answer for a setting that is being made. */
static Oid
maker(GucSource source)
{
	Oid user;
	int security_context;

	switch (source)
	{
		case PGC_S_DEFAULT:
			return InvalidOid;
		case PGC_S_ENV_VAR:
		case PGC_S_FILE:
		case PGC_S_ARGV:
		case PGC_S_GLOBAL:
			return BOOTSTRAP_SUPERUSERID; /* the server's configuration */
		case PGC_S_DATABASE:
		case PGC_S_USER:
		case PGC_S_DATABASE_USER:
		case PGC_S_CLIENT:
			return GetSessionUserId();
		default:
			break;
	}
	GetUserIdAndSecContext(&user, &security_context);
	/* it was made before, and not by the function that has had us loaded */
	if (loading && security_context != 0)
		return GetSessionUserId();
	return user;
}

static bool
hang_on(void **extra, int32 tenant_id, Oid by)
{
	Said *said = guc_malloc(LOG, sizeof(Said));

	if (said == NULL)
		return false;
	said->tenant_id = tenant_id;
	said->by = by;
	*extra = said;
	return true;
}

static bool
check_text(char **newval, void **extra, GucSource source)
{
	return hang_on(extra, 0, maker(source));
}

/* It is in each row of the audit: as long as the description of a token. */
static bool
check_actor(char **newval, void **extra, GucSource source)
{
	if (strlen(*newval) > MAX_ACTOR)
	{
		GUC_check_errdetail("It may have %d bytes.", MAX_ACTOR);
		return false;
	}
	return check_text(newval, extra, source);
}

static bool
check_tenant(char **newval, void **extra, GucSource source)
{
	const char *problem;
	int number;
	char *digits = *newval;
	char *at = strchr(digits, '@');
	Oid by;
	char *canonical;

	if (at != NULL && InitializingParallelWorker)
		return hang_on(extra, atoi(digits), (Oid) strtoul(at + 1, NULL, 10));
	if (!parse_int(digits, &number, 0, &problem) || number < 0)
	{
		GUC_check_errdetail("It is a number from 0 to %d.", INT_MAX);
		return false;
	}
	by = maker(source);
	if (!OidIsValid(by))
		return hang_on(extra, number, by);
	canonical = guc_malloc(LOG, 32);
	if (canonical == NULL)
		return false;
	snprintf(canonical, 32, "%d@%u", number, by);
	guc_free(*newval);
	*newval = canonical;
	return hang_on(extra, number, by);
}

static const char *
show_tenant(void)
{
	static char shown[12];

	snprintf(shown, sizeof(shown), "%d", tenant_said->tenant_id);
	return shown;
}

static void
assign_tenant(const char *newval, void *extra)
{
	tenant_said = extra;
}

static void
assign_actor(const char *newval, void *extra)
{
	actor_said = extra;
}

static void
assign_me(const char *newval, void *extra)
{
	me_said = extra;
}

/* ---- what stores say */

static void
forget(void)
{
	remembered.valid = false;
	tenants_stale = true;
}

static void
relation_invalidated(Oid relid)
{
	ListCell *lc;

	changes++;
	foreach (lc, tenants_known)
	{
		const Tenants *tenants = lfirst(lc);

		if (relid == InvalidOid || relid == tenants->tables.relid[SCIM_TABLE_RESOURCE] ||
			relid == tenants->tables.relid[SCIM_TABLE_TENANT] ||
			relid == tenants->tables.relid[SCIM_TABLE_TENANT_ROLE])
			forget();
	}
}

static void
catalog_invalidated(Datum arg, int cacheid, uint32 hashvalue)
{
	changes++;
	forget();
}

/* ScimActingInit registers the settings, and what makes us look again. */
void
ScimActingInit(void)
{
	loading = true;
	DefineCustomStringVariable("scim.tenant", "The tenant of this session.",
							   "It counts where who makes it may act for the tenant: the "
							   "owner of the store, or a "
							   "role that its table \"tenant_role\" names.",
							   &tenant_setting, "1", PGC_USERSET, 0, check_tenant,
							   assign_tenant, show_tenant);
	DefineCustomStringVariable("scim.actor", "Who acts, for the audit.",
							   "Empty: the session's user.  Of a role that "
							   "\"tenant_role\" does not name the audit "
							   "says that the role says so.",
							   &actor_setting, "", PGC_USERSET, 0, check_actor,
							   assign_actor, NULL);
	DefineCustomStringVariable(
		"scim.me", "The id of the user that /Me stands for in this session.",
		"Empty: /Me is answered with 501.  It counts where scim.tenant does.",
		&me_setting, "", PGC_USERSET, 0, check_text, assign_me, NULL);
	loading = false;
	ScimWhenRelationChanges(relation_invalidated);
	CacheRegisterSyscacheCallback(NAMESPACEOID, catalog_invalidated, (Datum) 0);
	CacheRegisterSyscacheCallback(AUTHOID, catalog_invalidated, (Datum) 0);
	CacheRegisterSyscacheCallback(AUTHMEMROLEMEM, catalog_invalidated, (Datum) 0);
}

/* Reads the rows of "tenant", two at most, and of "tenant_role", as the owner. */
static void
read_tenants(Tenants *tenants, const char *store)
{
	ScimIdentity caller = ScimBeReader(tenants->tables.owner);

	SPI_connect();
	ScimSpiExecute(psprintf("SELECT tenant_id FROM %s.tenant ORDER BY 1", store), NULL,
				   true, 2);
	tenants->count = SPI_processed;
	if (tenants->count > 0)
		tenants->first = DatumGetInt32(ScimResultValue(0, 1, INT4OID));
	if (OidIsValid(tenants->tables.relid[SCIM_TABLE_TENANT_ROLE]))
	{
		ScimSpiExecute(psprintf("SELECT role, tenant_id FROM %s.tenant_role", store),
					   NULL, true, 0);
		tenants->roles = MemoryContextAlloc(tenants->context,
											sizeof(TenantRole) * Max(SPI_processed, 1));
		for (uint64 i = 0; i < SPI_processed; i++)
		{
			TenantRole *row = &tenants->roles[tenants->nroles];
			Datum role = ScimResultValue(i, 1, NAMEOID);
			Datum tenant_id = ScimResult(i, 2, INT4OID, &row->any);

			row->role = get_role_oid(NameStr(*DatumGetName(role)), true);
			row->tenant_id = row->any ? 0 : DatumGetInt32(tenant_id);
			if (OidIsValid(row->role))
				tenants->nroles++;
		}
		ScimSpiExecute(psprintf("SELECT tenant_id, base_url FROM %s.tenant "
								"WHERE base_url IS NOT NULL",
								store),
					   NULL, true, 0);
		for (uint64 i = 0; i < SPI_processed; i++)
		{
			MemoryContext old = MemoryContextSwitchTo(tenants->context);
			Place *place = palloc(sizeof(Place));

			place->tenant_id = DatumGetInt32(ScimResultValue(i, 1, INT4OID));
			place->base_url = TextDatumGetCString(ScimResultValue(i, 2, TEXTOID));
			tenants->places = lappend(tenants->places, place);
			MemoryContextSwitchTo(old);
		}
	}
	SPI_finish();
	ScimBeCaller(caller);
}

/* What a store says, read into a context of its own. */
static Tenants *
read_store(Oid namespace_oid)
{
	/* until it is whole, an error takes it along */
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "scim tenants", ALLOCSET_SMALL_SIZES);
	Tenants *tenants = MemoryContextAllocZero(context, sizeof(Tenants));

	tenants->context = context;
	tenants->namespace_oid = namespace_oid;
	tenants->is_store = ScimTablesFind(namespace_oid, &tenants->tables, true);
	if (tenants->is_store)
	{
		ScimTablesRequireUsable(&tenants->tables);
		/* as for the cache of stores: the newest that is committed */
		tenants->parallel = IsInParallelMode();
		PushActiveSnapshot(tenants->parallel ? GetActiveSnapshot() : GetLatestSnapshot());
		read_tenants(tenants, quote_identifier(get_namespace_name(namespace_oid)));
		PopActiveSnapshot();
	}
	MemoryContextSetParent(context, CacheMemoryContext);
	return tenants;
}

/* What a store says; is_store is false where the schema is none. */
static const Tenants *
find_tenants(Oid namespace_oid)
{
	Tenants *tenants;
	uint64 before;
	MemoryContext old;
	ListCell *lc;

	foreach (lc, tenants_known)
	{
		tenants = lfirst(lc);
		if (tenants_stale || (tenants->parallel && !IsInParallelMode()))
		{
			tenants_known = foreach_delete_current(tenants_known, lc);
			MemoryContextDelete(tenants->context);
		}
		else if (tenants->namespace_oid == namespace_oid)
			return tenants;
	}
	tenants_stale = false;
	before = changes;
	tenants = read_store(namespace_oid);
	old = MemoryContextSwitchTo(CacheMemoryContext);
	tenants_known = lappend(tenants_known, tenants);
	MemoryContextSwitchTo(old);
	/* what has changed meanwhile may have been this, and a schema may become a store */
	if (changes != before || !tenants->is_store)
		tenants_stale = true;
	return tenants;
}

/* For which tenants a role may say that it acts. */
static Right
right_of(const Tenants *tenants, Oid role)
{
	Right right = {0};

	if (!OidIsValid(role))
		return right;
	right.any = tenants->is_store ? has_privs_of_role(role, tenants->tables.owner)
								  : superuser_arg(role);
	for (int i = 0; i < tenants->nroles && !right.any; i++)
	{
		const TenantRole *row = &tenants->roles[i];

		if (!has_privs_of_role(role, row->role))
			continue;
		right.any = row->any;
		right.tenants = lappend_int(right.tenants, row->tenant_id);
	}
	return right;
}

static bool
covers(const Right *right, int32 tenant_id)
{
	return right->any || list_member_int(right->tenants, tenant_id);
}

static bool
find_tenant(const Tenants *tenants, Oid role, Said said, int32 *tenant_id)
{
	Right by = right_of(tenants, said.by);
	Right right = right_of(tenants, role);

	*tenant_id = said.tenant_id;
	if (covers(&by, said.tenant_id) && covers(&right, said.tenant_id))
		return true;
	if (!right.any && right.tenants != NIL)
	{
		/* who may act for one need not say so; who says another one acts for none */
		*tenant_id = linitial_int(right.tenants);
		return !OidIsValid(said.by) && list_length(right.tenants) == 1;
	}
	if (tenants->count == 1)
	{
		*tenant_id = tenants->first;
		return true;
	}
	/* the default of the setting */
	*tenant_id = 1;
	return right.any;
}

bool
ScimTenantIn(Oid namespace_oid, int32 *tenant_id)
{
	const ScimProof *proof = ScimProved();
	Oid role;

	if (proof != NULL && proof->namespace_oid == namespace_oid)
	{
		*tenant_id = proof->tenant_id;
		return true;
	}
	role = ScimActingRole();
	if (!remembered.valid || (remembered.parallel && !IsInParallelMode()) ||
		remembered.namespace_oid != namespace_oid || remembered.role != role ||
		remembered.said.by != tenant_said->by ||
		remembered.said.tenant_id != tenant_said->tenant_id)
	{
		const Tenants *tenants = find_tenants(namespace_oid);
		bool known = find_tenant(tenants, role, *tenant_said, tenant_id);

		remembered.namespace_oid = namespace_oid;
		remembered.role = role;
		remembered.said = *tenant_said;
		remembered.known = known;
		remembered.tenant_id = *tenant_id;
		remembered.parallel = tenants->parallel;
		remembered.valid = !tenants_stale;
		return known;
	}
	*tenant_id = remembered.tenant_id;
	return remembered.known;
}

bool
ScimTenantIsOnly(Oid namespace_oid)
{
	return find_tenants(namespace_oid)->count == 1;
}

bool
ScimIsOwner(Oid namespace_oid)
{
	const Tenants *tenants = find_tenants(namespace_oid);

	return tenants->is_store && has_privs_of_role(GetUserId(), tenants->tables.owner);
}

const char *
ScimTenantUrl(Oid namespace_oid, int32 tenant_id)
{
	ListCell *lc;

	foreach (lc, find_tenants(namespace_oid)->places)
	{
		const Place *place = lfirst(lc);

		if (place->tenant_id == tenant_id)
			return pstrdup(place->base_url); /* it may be read anew */
	}
	return NULL;
}

int32
ScimTenantAt(Oid namespace_oid, const char *base_url)
{
	ListCell *lc;

	foreach (lc, find_tenants(namespace_oid)->places)
	{
		const Place *place = lfirst(lc);

		if (strcmp(place->base_url, base_url) == 0)
			return place->tenant_id;
	}
	return 0;
}

bool
ScimTenantIsAt(Oid namespace_oid, int32 tenant_id, const char *base_url)
{
	int32 there = ScimTenantAt(namespace_oid, base_url);

	return there != 0 ? there == tenant_id
					  : ScimTenantUrl(namespace_oid, tenant_id) == NULL;
}

int32 ScimWrittenTenant = SCIM_NOBODYS;

/* The tenant for whom something is written, or else for whom who acts does. */
static int32
tenant_at_hand(Oid namespace_oid)
{
	int32 tenant_id = ScimWrittenTenant;

	if (tenant_id != SCIM_NOBODYS)
		return tenant_id;
	tenant_id = ScimRowTenantHook != NULL ? ScimRowTenantHook() : 0;
	if (tenant_id == 0 && !ScimTenantIn(namespace_oid, &tenant_id))
		return SCIM_NOBODYS;
	return tenant_id;
}

/*
 * Who lacks the right that a setting is believed: who has made it, or else who acts;
 * InvalidOid: neither does.  The right for one tenant is none in another.
 */
static Oid
who_is_not_believed(Oid namespace_oid, const Said *said)
{
	int32 tenant_id = tenant_at_hand(namespace_oid);
	const Tenants *tenants = find_tenants(namespace_oid);
	Oid roles[2] = {said->by, ScimActingRole()};

	for (int i = 0; i < 2; i++)
	{
		Right right = right_of(tenants, roles[i]);

		if (!covers(&right, tenant_id))
			return roles[i];
	}
	return InvalidOid;
}

/* A role by its name, or called a role where that could be somebody else's. */
static const char *
name_of_role(Oid role)
{
	static const char *const others[] = {"token: ", "client: ", "subject: ", "role "};
	const char *name = GetUserNameFromId(role, false);

	for (size_t i = 0; i < lengthof(others); i++)
	{
		if (strncmp(name, others[i], strlen(others[i])) == 0)
			return psprintf("role %s", name);
	}
	return name;
}

const char *
ScimActorIn(Oid namespace_oid)
{
	const ScimProof *proof = ScimProved();
	const char *name;
	Oid role;

	if (proof != NULL && proof->namespace_oid == namespace_oid)
		return proof->actor;
	if (actor_setting[0] == '\0')
		return name_of_role(GetSessionUserId());
	role = who_is_not_believed(namespace_oid, actor_said);
	if (!OidIsValid(role))
		return actor_setting;
	name = GetUserNameFromId(role, true); /* it may have been dropped */
	return psprintf("role %s: %s", name != NULL ? name : "?", actor_setting);
}

const char *
ScimMeIn(Oid namespace_oid)
{
	const ScimProof *proof = ScimProved();

	if (proof != NULL && proof->namespace_oid == namespace_oid)
		return proof->me;
	if (me_setting[0] == '\0' || OidIsValid(who_is_not_believed(namespace_oid, me_said)))
		return "";
	return me_setting;
}

static bool
has_tenant(const ScimStore *store, const char *table, int32 tenant_id)
{
	ScimIdentity caller = ScimBeReader(store->owner);
	ScimParams params;
	bool found;

	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimSpiExecute(
		psprintf("SELECT FROM %s.%s WHERE tenant_id = $1", store->quoted_name, table),
		&params, true, 1);
	found = SPI_processed > 0;
	SPI_finish();
	ScimBeCaller(caller);
	return found;
}

/* ScimTenantExists: is there such a tenant, as the current snapshot sees it? */
bool
ScimTenantExists(const ScimStore *store, int32 tenant_id)
{
	return has_tenant(store, "tenant", tenant_id);
}

/*
 * ScimTableHasTenant: has a table a row of a tenant now, whatever snapshot the
 * transaction has?
 */
bool
ScimTableHasTenant(const ScimStore *store, const char *table, int32 tenant_id)
{
	bool found;

	PushActiveSnapshot(GetLatestSnapshot());
	found = has_tenant(store, table, tenant_id);
	PopActiveSnapshot();
	return found;
}

/*
 * ScimTenantRequire raises an error where a tenant is not there.  That it stays
 * until the end of the transaction is up to scim_check_tenant: whoever removes a
 * tenant waits for those who write resources, and tells the others to look again.
 */
void
ScimTenantRequire(ScimStore *store, int32 tenant_id)
{
	if (store->tenant_known && store->known_tenant == tenant_id)
		return;
	/* from here on an invalidation counts */
	store->tenant_known = true;
	store->known_tenant = tenant_id;
	if (ScimTableHasTenant(store, "tenant", tenant_id))
		return;
	store->tenant_known = false;
	ereport(ERROR,
			(ScimErr(SCIM_FORBIDDEN), errmsg("tenant %d does not exist", tenant_id),
			 errhint("Insert it into %s.tenant first.", store->quoted_name)));
}
