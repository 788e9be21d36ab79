/*
 * store.h
 *		What a store is: an ordinary schema of ordinary tables, and what is known
 *		of one.
 *
 *		store.c			the cache of stores: registry, policies, relation OIDs
 *		named.c			which store, request, actor and tenant a session means
 *		documents.c		schemas and resource types as documents
 *		session.c		what a session is told of store, tenant and actor
 *		whole.c			whether a store has all that one of this version has
 *		version.c		whether library, extension and store are of one version
 *		restore.c		rows that come from a dump of the data alone
 *		moved.c			a store that is moved to another server takes no writes
 *		acting.c		who acts, where it is said, and whom it is believed (acting.h)
 *		right.c			what the caller may do, where we do it as the owner
 *		access.c		who may act: log in, be in a session
 *		scheme.c		the ways in which a client may say who it is
 *		rules.c			the policies of a store, compiled
 *		others.c		which names of other resources have other characters
 *		channel_row.c	the channels that rows of table "consumer" want to be notified on
 *		endpoint_row.c	the rows of table "endpoint", which src/protocol compiles
 *		setting_row.c	the rows of table "setting", which src/setting compiles
 *		transient.c		what a request says that is not stored
 *		preview.c		what is done to see what it would do (preview.h)
 *		at_tenant.c		what is done where the rows of a tenant are (at_tenant.h)
 *		lock.c			the locks of whoever changes rules
 *		unique.c		attributes whose values are unique
 *		matching.c		a filter for documents of the current store
 *		profile.c		what a profile needs to compare documents with what a store has
 *		statistics.c	whether a store can serve, and how it is, for who watches it
 *
 * Below it is statement/, by which everything here reads and writes; above it what a
 * client proves itself with, credential/, and how a store is changed, configuration/.
 */
#ifndef SCIM_STORE_H
#define SCIM_STORE_H

#include "postgres.h"
#include "commands/trigger.h"
#include "datatype/timestamp.h"
#include "fmgr.h"
#include "nodes/parsenodes.h"
#include "nodes/pg_list.h"
#include "storage/lockdefs.h"
#include "utils/hsearch.h"
#include "utils/jsonb.h"
#include "utils/relcache.h"
#include "utils/uuid.h"

#include "policy/kinds.h"
#include "resource/resource.h"
#include "schema/schema.h"
#include "setting/setting.h"
#include "store/statement/tables.h"

/* A row of a store's table "policy". */
typedef struct ScimPolicy
{
	bool every_tenant;
	int32 tenant_id;
	char *resource_type;
	char *kind; /* one of those of policy/kinds.c */
	bool enabled;
	Jsonb *settings;
	char *name;
	pg_uuid_t id; /* all zero in stores of version 0.2.0 and before */
} ScimPolicy;

/* What stands behind the keyword of an Authorization header. */
typedef enum ScimCredentialKind
{
	SCIM_CREDENTIAL_TOKEN,       /* a random secret */
	SCIM_CREDENTIAL_PASSWORD,    /* base64 of name:password, of a client (RFC 7617) */
	SCIM_CREDENTIAL_JWT,         /* a JSON web token, verified by the transport */
	SCIM_CREDENTIAL_ACCESS_TOKEN /* what a client fetches at /.oauth/token (RFC 6749) */
} ScimCredentialKind;

/* A row of a store's table "authentication_scheme". */
typedef struct ScimScheme
{
	char *scheme;
	char *keyword; /* "": the credential stands alone */
	ScimCredentialKind kind;
	char *second_header; /* the header of a second secret, or NULL */
	/* as in RFC 7643 section 5; name NULL: accepted, but not shown */
	char *type;
	char *name;
	char *description;
	char *spec_uri; /* or NULL */
	bool primary;
} ScimScheme;

/* A row of a store's table "endpoint". */
typedef struct ScimEndpointRow
{
	pg_uuid_t id;
	char *name;
	List *methods; /* of char * */
	char *path;
	char *resource_type;
	char *action;
	bool enabled;
	Jsonb *settings;
} ScimEndpointRow;

/* A channel that a consumer of a tenant's events wants to be notified on. */
typedef struct ScimChannel
{
	int32 tenant_id;
	char *name;
} ScimChannel;

typedef struct ScimStore
{
	MemoryContext context;
	bool valid;
	bool parallel; /* read in a parallel query, and good for that only */
	uint64 number; /* no other one in this session has it */
	Oid namespace_oid;
	uint64 shards;     /* of which shards it consists (shard.h), or 0 */
	bool distributed;  /* by Citus */
	char *name;        /* schema name, unquoted */
	char *quoted_name; /* as an SQL identifier */
	char *version;     /* of its tables; NULL where they do not say */
	bool restoring;    /* its rows come from a dump, as they are (restore.c) */
	char *lack;        /* what is missing of it (whole.c), or NULL */
	char *lack_hint;   /* and what is to be done */
	bool complained;   /* that it is the wrong one, in the server log */
	Oid owner;
	ScimTables tables;
	bool tables_valid; /* none of them has changed since they were looked at */
	List *partitions;  /* of "resource", those that have been looked at: Oid */
	List *parts;       /* all partitions of its tables: Oid */
	bool tenant_known; /* known_tenant is a tenant that is there */
	int32 known_tenant;
	ScimRegistry *registry;
	ScimSettings *settings;       /* or NULL: there are no rows */
	struct StoreSettings *shared; /* who else has them (store.c), or NULL */
	List *policies;               /* of ScimPolicy *, by name: those for all tenants */
	uint64 kinds;                 /* a bit for each ScimRuleKind that is on somewhere */
	HTAB *rules;                  /* tenants' own, and all compiled (rules.c), or NULL */
	List *schemes;                /* of ScimScheme *, the primary one first */
	List *endpoints;              /* of ScimEndpointRow *, by name */
	List *channels;               /* of ScimChannel *, each once */
	struct ScimEndpoints *served; /* these compiled (endpoint/endpoint.c), or NULL */
} ScimStore;

/* One resource as the table has it. */
typedef struct ScimResource
{
	const ScimResourceType *type;
	int32 tenant_id;
	pg_uuid_t id;
	Jsonb *data; /* canonical, without id, meta, groups, members, password */
	int64 version;
	TimestampTz created;
	TimestampTz last_modified;
	bool in_groups;       /* may have groups: false saves looking for them */
	pg_uuid_t member_id;  /* of a membership, whose id is the group */
	const char *borrowed; /* what its data has of other resources; NULL: nothing */
	const struct ScimMemberNaming *naming; /* of its members (door/door.h), or NULL */
	const List *others; /* by which names of others are shown; NIL: as they are stored */
	const struct ScimResource *shown; /* a membership with these names, or NULL */
	uint64 as_of; /* ScimDoorWrites() when this was what is stored; 0: not known */
	struct ScimBeside
		*beside; /* what will be shown with it (door/members/groups.c), or NULL */
} ScimResource;

extern void ScimStoreInit(void);

/*
 * The store that the setting scim.store names, and the one that is a schema; an error
 * where there is none, or where it is not whole and of the version that is written here.
 */
extern ScimStore *ScimStoreConfigured(void);
extern ScimStore *ScimStoreCurrent(void);
extern ScimStore *ScimStoreByNamespace(Oid namespace_oid);
/* The same where its registry has just been changed, and may not hold together. */
extern ScimStore *ScimStoreJudge(Oid namespace_oid);
/* The store on whose table a trigger was called; an error where it is no store's. */
extern ScimStore *ScimStoreOfTrigger(const TriggerData *trigger, ScimTable table);
extern void ScimTriggerRequireTable(const TriggerData *trigger);
/* The one whose table "resource", or a partition of it, a table is; NULL: none. */
extern ScimStore *ScimStoreOfPartition(Oid relid);
extern bool ScimStoreHasDoor(Oid relid);
/* whole.c: what is missing of it, as a part of a sentence, and a hint; NULL: nothing */
extern char *ScimStoreLacks(const ScimStore *store, char **hint);
extern Oid ScimPartitionFind(Relation resource, const char *type_name);
extern const ScimStore *ScimStoreCached(Oid namespace_oid);
extern ScimStore *ScimStoreFind(Oid namespace_oid);
extern const ScimRegistry *ScimStoreRegistry(Oid namespace_oid);

/* named.c */
extern void ScimNamedInit(void);
/* The former as it is: for what takes its name, registry, policies or tokens. */
extern ScimStore *ScimStoreForReading(void);
extern void ScimRequireUsage(Oid namespace_oid);
extern bool ScimStoreArrives(void);
extern const char *ScimStoreMissing(void);
extern ScimStore *ScimStoreForGateway(void);
extern bool ScimStoreIsGranted(const ScimStore *store, Oid role, bool reads);

/* right.c: which relation somebody means; 3F000 and 42P01 where it is not there */
extern Oid ScimRelationNamed(const char *name);
/* errors where the current user lacks a privilege, on a table or on a column */
extern void ScimRequireTable(const ScimStore *store, ScimTable table, AclMode privilege);
extern void ScimRequireSelect(const ScimStore *store, ScimTable table);
extern void ScimRequireWrite(const ScimStore *store, ScimTable table, const char *column,
							 const char *privilege);
extern bool ScimMayWrite(const ScimStore *store, ScimTable table, const char *column,
						 const char *privilege);

/* An error where there is no such type. */
extern const ScimResourceType *ScimTypeByName(const ScimStore *store, const char *name);
/* The same, that of memberships among them, where they are served. */
extern const ScimResourceType *ScimTypeServed(const ScimStore *store, const char *name);
/* The registry for documents of no particular store: the current one's, or the core's. */
extern const ScimRegistry *ScimRegistryForMatching(void);
extern Oid ScimFilterTypeOid(void);
/* Does the service itself write readOnly attributes: the setting scim.write_read_only? */
extern bool ScimWritesReadOnly(const ScimStore *store);
/* Which request this is: the setting scim.request_id, "" where none is. */
extern const char *ScimRequestId(void);
/* Who acts in the current store, for its audit (acting.h). */
extern const char *ScimActor(void);
/* The tenant for whom that is; an error, or false, where there is none. */
extern int32 ScimTenant(void);
extern bool ScimTenantKnown(int32 *tenant_id);
/* The tenant of whom discovery tells: who acts, or else who is served at this address. */
extern bool ScimTenantShown(int32 *tenant_id);
/* Who that is where the gateway serves somebody unknown; 0: nobody in particular. */
extern int32 ScimTenantServed;
extern void ScimTenantRaise(const char *store);
/* The tenant of the row that is being written, which src/door knows; 0: there is none. */
extern int32 (*ScimRowTenantHook)(void);
/* acting.c: is there such a tenant, as the current snapshot sees it? */
extern bool ScimTenantExists(const ScimStore *store, int32 tenant_id);
extern bool
ScimTableHasTenant(const ScimStore *store, const char *table, int32 tenant_id);
extern void ScimTenantRequire(ScimStore *store, int32 tenant_id);
/* The address of the tenant, or NULL. */
extern const char *ScimTenantBaseUrl(const ScimStore *store);
/* That or the setting base_url, without a trailing slash; may be "". */
extern const char *ScimBaseUrl(const ScimStore *store);

/* The registered documents, for discovery: of one id (case-insensitive), or NULL. */
/* of Jsonb *, the first column of a query; SPI is connected */
extern List *ScimDocumentsRead(const char *query, bool read_only, MemoryContext context);
extern Jsonb *ScimSchemaDocument(ScimStore *store, const char *urn);
extern Jsonb *ScimResourceTypeDocument(ScimStore *store, const char *name);
extern List *ScimSchemaDocuments(ScimStore *store);       /* of Jsonb *, by id */
extern List *ScimResourceTypeDocuments(ScimStore *store); /* of Jsonb *, by name */

/* rules.c */
extern void ScimPoliciesRead(ScimStore *store);
extern List *ScimPoliciesAll(ScimStore *store);
extern List *ScimTenantsWithPolicies(ScimStore *store);
extern const List *ScimPoliciesOfTenant(ScimStore *store, int32 tenant_id);
/* What holds for a resource type in a tenant. */
/* What holds for a tenant who has no policies of his own. */
#define SCIM_EVERY_TENANT 0

/* A recovery code is found by so many of its letters, and good for so many days at most.
 */
#define SCIM_RECOVERY_NAME_LENGTH 10
#define SCIM_MAX_RECOVERY_DAYS 30
extern const ScimRules *
ScimRulesFor(ScimStore *store, int32 tenant_id, const ScimResourceType *type);
extern bool ScimRuleAny(const ScimStore *store, ScimRuleKind kind);
/* others.c: a list of ScimWireOther *, and a policy "wire", NULL: none, with that */
extern List *ScimWireOthers(ScimStore *store, const ScimResourceType *type);
extern const struct ScimWire *
ScimWireWithOthers(ScimStore *store, const ScimResourceType *type,
				   const struct ScimWire *wire);

/* access.c: of who leaves, and as SQL; the assignment that takes access away */
extern bool
ScimKeepsAccess(ScimStore *store, int32 tenant_id, const ScimResourceType *type);
extern char *ScimSuspendedBefore(const char *alias);
extern char *ScimMayAct(ScimStore *store, int32 tenant_id, const ScimResourceType *type,
						const char *alias);
extern const char *ScimDeactivation(const ScimResourceType *type);

/* scheme.c: reads what store->schemes is, as the owner of the store, by SPI */
extern List *ScimSchemesRead(const ScimStore *store, MemoryContext context);
/* NULL: the store accepts no such scheme. */
extern const ScimScheme *ScimSchemeFind(const ScimStore *store, const char *scheme);

/* scheme.c: the scheme by which clients fetch access tokens; NULL: the store has none */
extern const ScimScheme *ScimSchemeOfAccessTokens(const ScimStore *store);

/* endpoint_row.c: reads what store->endpoints is, as the owner of the store, by SPI */
extern List *ScimEndpointRowsRead(const ScimStore *store, MemoryContext context);

/* channel_row.c: reads what store->channels is, as the owner of the store, by SPI */
extern List *ScimChannelsRead(const ScimStore *store, MemoryContext context);

/* setting_row.c: reads the rows, as the owner of the store, by SPI */
extern ScimSettings *ScimSettingsRead(const ScimTables *tables, const char *quoted_name,
									  MemoryContext context);
/* In force until the end of the transaction, for who cannot look for the store. */
extern void ScimSettingsUseOf(const ScimTables *tables);

/* transient.c: of the request at hand; NULL: there is none */
extern void ScimTransientInit(void);
extern void ScimTransientBegin(void);
extern void ScimTransientEnd(void);
extern void ScimTransientSet(const JsonbValue *object);
extern const JsonbValue *ScimTransient(void);

/* version.c */
extern void ScimVersionInit(void);
extern void ScimStoreRequireWhole(ScimStore *store, bool in_use);
extern bool ScimIsBeingRestored(const ScimTables *tables);
extern bool ScimStoreMend(bool now);
extern bool ScimStoreIsMended(void);
extern bool ScimStoreMayBecome(const char *from, const char *to);
extern void ScimExtensionRequireFit(const char *store, bool *complained);

/* moved.c: does a store take no writes, since it is moved or was; the error that says so
 */
extern bool ScimStoreMoves(const ScimStore *store);
extern void ScimRequireStays(const ScimStore *store);
extern void ScimRequireNotLeft(const ScimStore *store);
/* restore.c: is a trigger called for a row of a dump?  What it returns then. */
extern bool ScimRestores(FunctionCallInfo fcinfo);
extern Datum ScimRestored(FunctionCallInfo fcinfo);
extern Datum
ScimTriggerRun(FunctionCallInfo fcinfo, Datum (*work)(FunctionCallInfo fcinfo));

/* lock.c: the table "resource" and its partitions */
extern bool ScimLockAtOnce(Oid relid, LOCKMODE mode);
extern void ScimLockResources(Oid resource_oid, LOCKMODE mode);
extern void ScimTableRequireSeen(Oid relid);
extern void ScimDefinitionsRequireSeen(Oid namespace_oid);
extern void ScimLockRegistry(const ScimTables *tables);

/* unique.c */
extern void ScimUniqueChange(ScimStore *store, int32 tenant_id,
							 const ScimResourceType *type, const pg_uuid_t *id,
							 const Jsonb *before, const Jsonb *after, bool quote);
extern List *
ScimUniqueTaken(ScimStore *store, int32 tenant_id, const ScimResourceType *type,
				const pg_uuid_t *id, const JsonbValue *before, const JsonbValue *after,
				List **taken);
/* The values of one list, ScimUniqueValue *, that are not in the other. */
extern List *ScimUniqueWithout(List *values, List *others);
extern void ScimUniqueRebuild(ScimStore *store, const ScimResourceType *type);
extern void ScimRefuseUniqueOverTenants(ScimStore *store);
extern void ScimUniqueForget(const char *quoted_store, const char *type_name);
/* The tenant_id of the rows of a unique attribute: 0 for all tenants together. */
extern const char *ScimUniqueAttributeOf(const char *index);
/* The violation of a unique index of the store, in the words of SCIM; NULL: it is none.
 */
extern char *
ScimUniqueBroken(const ScimStore *store, const char *type_name, const ErrorData *error);
pg_noreturn extern void
ScimReraiseDouble(const ScimStore *store, const char *type_name, MemoryContext context);
extern int32 ScimUniqueTenant(const ScimUniqueAttribute *attribute, int32 tenant_id);
/* Is the table being written by these functions? */
extern bool ScimUniqueIsWriting(void);

/* matching.c: a filter for documents of a type (NULL: any) of the current store */
extern ScimBoundFilter *
ScimBindForMatching(const ScimFilter *filter, const char *type_name);
extern ScimBoundFilter *
ScimBindForEstimate(const ScimFilter *filter, const char *type_name);
extern bool ScimMatches(FunctionCallInfo fcinfo, Jsonb *document,
						const ScimFilter *filter, const char *type_name);

#endif /* SCIM_STORE_H */
