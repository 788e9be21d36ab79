/*
 * store.h
 *		A store: an ordinary schema of ordinary tables.  Only this folder
 *		talks to tables.
 *
 *		store.c			the cache of stores: registry, policies, relation OIDs
 *		tables.c		what makes a schema a store
 *		column.c		values out of rows, each only as the type that it has
 *		plan.c			SPI plans, prepared once and kept
 *		operations.c	create, get, replace, patch, delete
 *		member.c		group membership, set-based
 *		door.c			the row triggers, BEFORE: the one door for every write
 *		record.c		the row triggers, AFTER: audit, events, what follows
 *		pending.c		what a row states that waits until the row is there
 *		member_list.c	the members of a group, in pages
 *		search.c		filter, sort and page
 *		cursor.c		places in a list, sealed
 *		functions.c		the SQL functions over these
 *		check.c			what a document must obey beyond its schemas
 *		registry.c		how schemas and resource types change, checked
 *		register.c		the SQL functions that change them
 *		unique.c		attributes whose values are unique
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

typedef struct ScimSearchRequest
{
	const char *filter;  /* text, or NULL */
	const char *sort_by; /* attribute path, or NULL: by id */
	bool descending;
	int64 start_index; /* 1-based; less than 1 is taken as 1 */
	bool start_index_given;
	int64 count;        /* -1: not given; otherwise 0 or more */
	const char *cursor; /* "" begins; NULL: page by index */
	List *attributes;   /* of char *: attribute paths; NIL = not given */
	List *excluded;     /* of char * */
} ScimSearchRequest;

extern void ScimStoreInit(void);

/* The store that the setting scim.store names; an error when there is none. */
extern ScimStore *ScimStoreCurrent(void);
extern ScimStore *ScimStoreByNamespace(Oid namespace_oid);
/* The store on whose table a trigger was called; an error where it is no store's. */
extern ScimStore *ScimStoreOfTrigger(const TriggerData *trigger, ScimTable table);
extern const ScimPolicy *ScimPolicyFind(const ScimStore *store, int32 tenant_id,
										const char *resource_type, const char *kind);
/* check.c: what is wrong with a canonical document by the policies */
extern void ScimCheckPolicies(ScimStore *store, int32 tenant_id,
							  const ScimResourceType *type, const JsonbValue *document,
							  const JsonbValue *old_document, bool lock, List **problems);
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

/*
 * Operations.  id is the text of a path segment or an SQL argument.  Each
 * raises the SCIM error that fits (404, 409, 412, 400 ...).  if_match is the
 * value of an If-Match header (RFC 7232: a list of entity-tags or "*") or
 * NULL.  Documents are trees, not necessarily canonical.  The id of a new
 * resource may be NULL: then one is made.
 */
extern ScimResource *ScimCreateResource(ScimStore *store, const ScimResourceType *type,
										const JsonbValue *document, const pg_uuid_t *id);
extern ScimResource *
ScimGetResource(ScimStore *store, const ScimResourceType *type, const char *id);
extern ScimResource *
ScimReplaceResource(ScimStore *store, const ScimResourceType *type, const char *id,
					const JsonbValue *document, const char *if_match);
/* operations: the array of RFC 7644 section 3.5.2 */
extern ScimResource *
ScimPatchResource(ScimStore *store, const ScimResourceType *type, const char *id,
				  const JsonbValue *operations, const char *if_match);
extern void ScimDeleteResource(ScimStore *store, const ScimResourceType *type,
							   const char *id, const char *if_match);

/* Appends a ListResponse.  type NULL: all resource types. */
extern void ScimSearch(ScimStore *store, const ScimResourceType *type,
					   const ScimSearchRequest *request, StringInfo out);

/* Appends a ListResponse of the members of a group. */
extern void ScimMembersList(ScimStore *store, const ScimResource *group,
							const ScimSearchRequest *request, StringInfo out);

/*
 * Appends the JSON text of a resource.  A projection comes from
 * ScimProjectionMake.
 */
extern void
ScimRenderResource(StringInfo out, ScimStore *store, const ScimResource *resource,
				   const ScimProjection *projection);
/* A new id, and the text of one. */
extern void ScimUuidV7(pg_uuid_t *uuid);
extern char *ScimUuidText(const pg_uuid_t *uuid);

/* {base}/Users/{id} and W/"3" */
extern char *ScimResourceLocation(const ScimResource *resource);
extern char *ScimResourceVersion(const ScimResource *resource);
/* Does an If-Match or If-None-Match header name this version (weak comparison)? */
extern bool ScimVersionMatches(const char *header, int64 version);

/* matching.c: a filter for documents of a type (NULL: any) of the current store */
extern ScimBoundFilter *
ScimBindForMatching(const ScimFilter *filter, const char *type_name);
/* The OID of the type scim.filter. */
extern Oid ScimFilterTypeOid(void);
extern ScimBoundFilter *
ScimBindForEstimate(const ScimFilter *filter, const char *type_name);

/* The registered documents, for discovery: of one id (case-insensitive), or NULL. */
extern Jsonb *ScimSchemaDocument(ScimStore *store, const char *urn);
extern Jsonb *ScimResourceTypeDocument(ScimStore *store, const char *name);
extern List *ScimSchemaDocuments(ScimStore *store);       /* of Jsonb *, by id */
extern List *ScimResourceTypeDocuments(ScimStore *store); /* of Jsonb *, by name */

#endif /* SCIM_STORE_H */
