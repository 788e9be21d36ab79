/*
 * store.h
 *		What a store is: an ordinary schema of ordinary tables, and what is known
 *		of one.
 *
 *		store.c			the cache of stores: registry, policies, relation OIDs; settings
 *		tables.c		what makes a schema a store (tables.h)
 *		column.c		values out of rows, each only as the type that it has (column.h)
 *		plan.c			SPI plans, prepared once and kept (plan.h)
 *		ids.c			uuids: of resources, and of what a member refers to
 *		registry.c		how schemas and resource types change, checked
 *		register.c		the SQL functions that change them
 */
#ifndef SCIM_STORE_H
#define SCIM_STORE_H

#include "postgres.h"
#include "datatype/timestamp.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"
#include "utils/uuid.h"

#include "resource/resource.h"
#include "schema/schema.h"
#include "store/tables.h"

/* A row of a store's table "policy". */
typedef struct ScimPolicy
{
	bool every_tenant;
	int32 tenant_id;
	char *resource_type;
	char *kind; /* identity, delete, audit or events */
	bool enabled;
	Jsonb *settings;
} ScimPolicy;

typedef struct ScimStore
{
	MemoryContext context;
	bool valid;
	bool parallel; /* read in a parallel query, and good for that only */
	Oid namespace_oid;
	char *name;        /* schema name, unquoted */
	char *quoted_name; /* as an SQL identifier */
	Oid owner;
	ScimTables tables;
	bool tables_valid; /* none of them has changed since they were looked at */
	List *partitions;  /* of "resource", those that have been looked at: Oid */
	bool tenant_known; /* known_tenant is a tenant that is there */
	int32 known_tenant;
	ScimRegistry *registry;
	List *policies; /* of ScimPolicy * */
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
	bool in_groups; /* may have groups: false saves looking for them */
} ScimResource;

extern void ScimStoreInit(void);

/* The store that the setting scim.store names; an error when there is none. */
extern ScimStore *ScimStoreCurrent(void);
extern ScimStore *ScimStoreByNamespace(Oid namespace_oid);
/* The store on whose table a trigger was called; an error where it is no store's. */
extern ScimStore *ScimStoreOfTrigger(const TriggerData *trigger, ScimTable table);
extern const ScimPolicy *ScimPolicyFind(const ScimStore *store, int32 tenant_id,
										const char *resource_type, const char *kind);
/* An error where there is no such type. */
extern const ScimResourceType *ScimTypeByName(const ScimStore *store, const char *name);
/* The registry for documents of no particular store: the current one's, or the core's. */
extern const ScimRegistry *ScimRegistryForMatching(void);
extern Oid ScimFilterTypeOid(void);
/* Does the service itself write readOnly attributes: the setting scim.write_read_only? */
extern bool ScimWritesReadOnly(const ScimStore *store);
/* Who acts: the setting scim.actor, or the session's user. */
extern const char *ScimActor(void);
/* The setting scim.max_results. */
extern int ScimMaxResults;
/* What a client gets that does not say how many: RFC 7644 leaves it open. */
#define SCIM_DEFAULT_COUNT 100
/* The setting scim.cursor_timeout, in seconds. */
extern int ScimCursorTimeout;
extern bool ScimMemberDisplay;
/* The setting scim.tenant. */
extern int32 ScimTenant(void);
/* The setting scim.base_url, without a trailing slash; may be "". */
extern const char *ScimBaseUrl(void);

/* A new id, and the text of one. */
extern void ScimUuidV7(pg_uuid_t *uuid);
extern char *ScimUuidText(const pg_uuid_t *uuid);
extern bool ScimUuidParse(const char *text, pg_uuid_t *uuid);
/* The member_id of a reference: the uuid that it is, or one made from its text. */
extern void ScimMemberKey(const char *value, int len, pg_uuid_t *key, bool *is_id);

/* The registered documents, for discovery: of one id (case-insensitive), or NULL. */
extern Jsonb *ScimSchemaDocument(ScimStore *store, const char *urn);
extern Jsonb *ScimResourceTypeDocument(ScimStore *store, const char *name);
extern List *ScimSchemaDocuments(ScimStore *store);       /* of Jsonb *, by id */
extern List *ScimResourceTypeDocuments(ScimStore *store); /* of Jsonb *, by name */

/* registry.c */
extern void ScimRegistryInit(void);
extern void ScimRequireOwner(Oid owner, const char *store_name);
/* Locks the table "resource" and its partitions. */
extern void ScimLockResources(Oid resource_oid, LOCKMODE mode);

#endif /* SCIM_STORE_H */
