/*
 * named.c
 *		What the settings of a session say: which store is meant, for which request, and
 *		for whom, of whose tenant, something is done.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_namespace.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "compat.h"
#include "extension.h"
#include "store/acting.h"
#include "store/statement/plan.h"
#include "store/statement/shard.h"
#include "store/store.h"

#define MAX_REQUEST_ID 200

static char *store_name = NULL;
static char *request_id = NULL;
static bool write_read_only = false;
static bool force_row_security = false;

static bool
check_request_id(char **newval, void **extra, GucSource source)
{
	if (strlen(*newval) <= MAX_REQUEST_ID)
		return true;
	GUC_check_errdetail("It may have %d bytes.", MAX_REQUEST_ID);
	return false;
}

const char *
ScimRequestId(void)
{
	return request_id;
}

/* ScimNamedInit registers the settings that say which store is meant, and what for. */
void
ScimNamedInit(void)
{
	DefineCustomStringVariable("scim.store", "The store that functions use.",
							   "The name of a schema made by scim.create_store.",
							   &store_name, "directory", PGC_USERSET, 0, NULL, NULL,
							   NULL);
	DefineCustomStringVariable("scim.request_id", "Which request this is, for the audit.",
							   "While a request is answered, what its header "
							   "X-Request-Id says.",
							   &request_id, "", PGC_USERSET, 0, check_request_id, NULL,
							   NULL);
	DefineCustomBoolVariable(
		"scim.write_read_only", "Whether documents set readOnly attributes.",
		"It has an effect for the owner of a store only: the service itself.",
		&write_read_only, false, PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomBoolVariable(
		"scim.force_row_security",
		"Whether the tables that scim.create_store makes have row-level security that "
		"binds their owner, too.",
		NULL, &force_row_security, false, PGC_USERSET, 0, NULL, NULL, NULL);
}

/* The schema that the setting scim.store names. */
static Oid
named_namespace(void)
{
	Oid namespace_oid = get_namespace_oid(store_name, true);

	if (!OidIsValid(namespace_oid))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_SCHEMA_NAME),
				 errmsg("store \"%s\" does not exist", store_name),
				 errhint("Make it with scim.create_store(), or name another one in "
						 "the setting scim.store."),
				 err_generic_string(PG_DIAG_SCHEMA_NAME, store_name)));
	return namespace_oid;
}

/* ScimStoreMissing: the name of the store that is meant, where it is not there. */
const char *
ScimStoreMissing(void)
{
	return OidIsValid(get_namespace_oid(store_name, true)) ? NULL : store_name;
}

/*
 * ScimRequireUsage: an error where the current user may not use the schema of a store. Of
 * its owner, and who has his rights, that is no refusal: the store is of no use to
 * anybody.
 */
void
ScimRequireUsage(Oid namespace_oid)
{
	AclResult granted =
		object_aclcheck(NamespaceRelationId, namespace_oid, GetUserId(), ACL_USAGE);
	ScimTables found;

	if (granted == ACLCHECK_OK)
		return;
	if (ScimTablesFind(namespace_oid, &found, true) &&
		has_privs_of_role(GetUserId(), found.owner))
		ScimTablesRequireUsable(&found);
	aclcheck_error(granted, OBJECT_SCHEMA, get_namespace_name(namespace_oid));
}

/*
 * ScimStoreForReading finds the store that the setting scim.store names.  An error
 * where there is none, or where the caller may not use it: its registry is read as
 * its owner, and so answers for it.  Its version may be another one, and its triggers
 * may not be there yet: an application's table with a CHECK constraint of
 * scim.matches() is restored before they are and before the store is brought forward,
 * and a gateway asks whose a token is before it hands on a request.
 */
ScimStore *
ScimStoreForReading(void)
{
	Oid namespace_oid = named_namespace();

	ScimRequireUsage(namespace_oid);
	return ScimStoreFind(namespace_oid);
}

/* A store that is being restored, and not in the cache; any change may have ended that.
 */
static Oid arriving = InvalidOid;

static void
relation_invalidated(Oid relid)
{
	arriving = InvalidOid;
}

/*
 * ScimStoreArrives: is the store that the setting scim.store names being restored?  It
 * has no trigger yet, which pg_restore makes when all rows are there, or says so itself.
 * What its rows say of a document by then is not what they will: constraints of an
 * application's tables are asked before those of the store are there, some or all.  Of
 * a store in the cache it is known; of another one it is not built for that, since half
 * of a registry may be none.
 */
bool
ScimStoreArrives(void)
{
	static bool registered = false;
	Oid namespace_oid = get_namespace_oid(store_name, true);
	const ScimStore *store;
	ScimTables tables;

	if (!OidIsValid(namespace_oid))
		return false;
	if (!registered)
	{
		ScimWhenRelationChanges(relation_invalidated);
		registered = true;
	}
	if (arriving == namespace_oid)
		return true;
	store = ScimStoreCached(namespace_oid);
	if (store != NULL)
		return store->tables.is_bare || store->restoring;
	if (!ScimTablesFind(namespace_oid, &tables, true) ||
		!(tables.is_bare || ScimIsBeingRestored(&tables)))
		return false;
	arriving = namespace_oid;
	return true;
}

/*
 * ScimStoreForGateway finds it without asking what the caller may: who sends a request
 * is not known yet.
 */
ScimStore *
ScimStoreForGateway(void)
{
	return ScimStoreFind(named_namespace());
}

static bool
may_read_all(Oid relid, Oid role)
{
	return !OidIsValid(relid) ||
		   pg_class_aclcheck(relid, role, ACL_SELECT) == ACLCHECK_OK ||
		   pg_attribute_aclcheck_all(relid, role, ACL_SELECT, ACLMASK_ALL) == ACLCHECK_OK;
}

/*
 * ScimStoreIsGranted: may a role use the store and, if it reads, all its resources and
 * memberships, as conf/postgrest.sql grants it?
 */
bool
ScimStoreIsGranted(const ScimStore *store, Oid role, bool reads)
{
	const Oid *relid = store->tables.relid;
	ListCell *lc;

	if (object_aclcheck(NamespaceRelationId, store->namespace_oid, role, ACL_USAGE) !=
		ACLCHECK_OK)
		return false;
	if (!reads)
		return true;
	if (!may_read_all(relid[SCIM_TABLE_SCHEMA], role) ||
		!may_read_all(relid[SCIM_TABLE_RESOURCE_TYPE], role) ||
		!may_read_all(relid[SCIM_TABLE_RESOURCE], role) ||
		!may_read_all(relid[SCIM_TABLE_MEMBER], role))
		return false;
	foreach (lc, find_inheritance_children(relid[SCIM_TABLE_RESOURCE], NoLock))
	{
		if (!may_read_all(lfirst_oid(lc), role))
			return false;
	}
	return true;
}

/*
 * In a session that applies what comes from elsewhere no trigger of a store fires: it is
 * as good as one whose triggers are disabled.
 */
static void
require_triggers_fire(const ScimStore *store)
{
	if (SessionReplicationRole == SESSION_REPLICATION_ROLE_REPLICA)
		ereport(ERROR, (ScimErr(SCIM_UNAVAILABLE),
						errmsg("store \"%s\" is without its triggers in this session: "
							   "\"session_replication_role\" is \"replica\"",
							   store->name),
						errhint("Reset it where it is set: in the session, or by ALTER "
								"ROLE or ALTER DATABASE.")));
}

/*
 * ScimStoreConfigured finds it too, whole and of the version that is written here, for
 * what is about its configuration, which each node of a cluster has.
 */
ScimStore *
ScimStoreConfigured(void)
{
	ScimStore *store = ScimStoreForReading();

	require_triggers_fire(store);
	ScimStoreRequireWhole(store, true);
	return store;
}

/*
 * ScimStoreCurrent finds it for all else.  Of one that is distributed what is stored for
 * a tenant is found on his node only: anywhere else there would be half an answer, or
 * none.
 */
ScimStore *
ScimStoreCurrent(void)
{
	ScimStore *store = ScimStoreConfigured();

	if (store->distributed && store->shards == 0)
		ScimRaiseSpread(store->name);
	return store;
}

/*
 * ScimRegistryForMatching returns the registry of the current store or, where
 * there is none that the caller may use, one of the core schemas alone.
 */
const ScimRegistry *
ScimRegistryForMatching(void)
{
	static ScimRegistry *core = NULL;
	Oid namespace_oid = get_namespace_oid(store_name, true);

	if (OidIsValid(namespace_oid) &&
		object_aclcheck(NamespaceRelationId, namespace_oid, GetUserId(), ACL_USAGE) ==
			ACLCHECK_OK)
	{
		const ScimRegistry *registry = ScimStoreRegistry(namespace_oid);

		if (registry != NULL)
			return registry;
	}
	if (core == NULL)
	{
		List *schemas;
		List *types;
		MemoryContext context = CurrentMemoryContext;
		const char *internal = get_namespace_name(ScimInternalNamespace());

		SPI_connect();
		schemas = ScimDocumentsRead(
			psprintf("SELECT document FROM %s.core_schemas()", internal), true, context);
		types = ScimDocumentsRead(
			psprintf("SELECT document FROM %s.core_resource_types()", internal), true,
			context);
		SPI_finish();
		core = ScimRegistryBuild(CacheMemoryContext, schemas, types);
	}
	return core;
}

bool
ScimTenantKnown(int32 *tenant_id)
{
	return ScimTenantIn(get_namespace_oid(store_name, true), tenant_id);
}

int32 ScimTenantServed = 0;

bool
ScimTenantShown(int32 *tenant_id)
{
	if (ScimTenantKnown(tenant_id))
		return true;
	*tenant_id = ScimTenantServed;
	return ScimTenantServed != 0;
}

/* ScimTenantRaise raises the error that there is no tenant. */
void
ScimTenantRaise(const char *store)
{
	ereport(
		ERROR,
		(ScimErr(SCIM_FORBIDDEN),
		 errmsg("role \"%s\" acts for no tenant of store \"%s\"",
				GetUserNameFromId(ScimActingRole(), false), store),
		 errhint("The tenant is proved by credentials, as scim.authenticate() does it, "
				 "or said by a role that the table \"tenant_role\" of the store "
				 "names.")));
}

int32
ScimTenant(void)
{
	int32 tenant_id;

	if (!ScimTenantKnown(&tenant_id))
		ScimTenantRaise(store_name);
	return tenant_id;
}

bool
ScimWritesReadOnly(const ScimStore *store)
{
	return write_read_only && has_privs_of_role(GetUserId(), store->owner);
}

/* ScimTenantBaseUrl is where the tenant is served who acts, or NULL. */
const char *
ScimTenantBaseUrl(const ScimStore *store)
{
	int32 tenant_id;

	if (!ScimTenantIn(store->namespace_oid, &tenant_id))
		return NULL;
	return ScimTenantUrl(store->namespace_oid, tenant_id);
}

const char *
ScimBaseUrl(const ScimStore *store)
{
	ScimSettingSource source;
	ScimSettingValue value =
		ScimSettingValueOf(store->settings, SCIM_SETTING_BASE_URL, NULL, &source);
	const char *of_tenant =
		source == SCIM_SETTING_SESSION ? NULL : ScimTenantBaseUrl(store);

	return of_tenant != NULL ? of_tenant : value.text;
}

const char *
ScimActor(void)
{
	return ScimActorIn(get_namespace_oid(store_name, true));
}
