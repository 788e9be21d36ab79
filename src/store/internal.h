/*
 * internal.h
 *		What the files of this folder share.
 */
#ifndef SCIM_STORE_INTERNAL_H
#define SCIM_STORE_INTERNAL_H

#include "store/plan.h"
#include "store/store.h"

/* ids.c */
extern bool ScimUuidParse(const char *text, pg_uuid_t *uuid);
/* The member_id of a reference: the uuid that it is, or one made from its text. */
extern void ScimMemberKey(const char *value, int len, pg_uuid_t *key, bool *is_id);

/* operations.c: the columns of a row r that make a ScimResource, in this order */
extern char *ScimResourceColumns(const ScimStore *store);
#define SCIM_RESOURCE_NCOLUMNS 7
extern ScimResource *ScimResourceFromTuple(const ScimResourceType *type, HeapTuple tuple,
										   TupleDesc desc, MemoryContext context);

extern void ScimExecuteWrite(const char *query, const ScimParams *params,
							 const ScimResourceType *type);

/* store.c: an error where there is no such type */
extern const ScimResourceType *ScimTypeByName(const ScimStore *store, const char *name);
/* The registry for documents of no particular store: the current one's, or the core's. */
extern const ScimRegistry *ScimRegistryForMatching(void);
/* Does the service itself write readOnly attributes: the setting scim.write_read_only? */
extern bool ScimWritesReadOnly(const ScimStore *store);

/* sort.c */
extern const char *ScimSortExpression(const ScimResourceType *type, const char *sort_by);
extern Oid ScimSortType(const char *expression);

/* A place in a sorted list: behind the resource with this sort key and id. */
typedef struct ScimCursor
{
	pg_uuid_t id;
	bool key_is_null;
	const char *key; /* packed */
	int key_len;
	int64 count; /* of the request; -1: not given */
	int64 total;
} ScimCursor;
extern void ScimSortKeyPack(const char *expression, HeapTuple tuple, TupleDesc desc,
							int column, ScimCursor *cursor);
extern Datum ScimSortKeyUnpack(const char *expression, const ScimCursor *cursor);

/* cursor.c */
extern void ScimCursorInit(void);
extern char *
ScimCursorSeal(ScimStore *store, const ScimCursor *cursor, const StringInfo query);
extern bool ScimCursorOpen(ScimStore *store, const ScimSearchRequest *request,
						   const StringInfo query, ScimCursor *cursor);

/* search.c */
extern ScimFilter *ScimSearchFilter(const ScimSearchRequest *request);
extern int64 ScimSearchLimit(const ScimSearchRequest *request);
extern void ScimSearchWriteHead(StringInfo out, const ScimSearchRequest *request,
								int64 total, int nresources, const char *next_cursor);

/* member.c */
extern void
ScimMembersChange(ScimStore *store, int32 tenant_id, const pg_uuid_t *group_id,
				  const ScimResourceType *type, List *changes);
extern uint64
ScimMembersReplaceAtDoor(ScimStore *store, int32 tenant_id, const pg_uuid_t *group_id,
						 const JsonbValue *members);
extern void
ScimMembersLeaveAll(ScimStore *store, int32 tenant_id, const pg_uuid_t *member_id);
extern void ScimMembersDrop(ScimStore *store, int32 tenant_id, const pg_uuid_t *group_id);
/* Append the JSON array of members or groups; false (and nothing) where there are none.
 */
extern char *ScimMembersSelect(const ScimStore *store, const char *rows);
extern bool ScimMembersRenderRows(StringInfo out, ScimStore *store,
								  const ScimProjection *projection, uint64 nrows);
extern bool ScimMembersRender(StringInfo out, ScimStore *store, const ScimResource *group,
							  const ScimProjection *projection);
extern bool ScimGroupsRender(StringInfo out, ScimStore *store, const ScimResource *member,
							 const ScimProjection *projection);

/* pending.c */
typedef struct ScimPendingKey
{
	Oid namespace_oid;
	int32 tenant_id;
	pg_uuid_t id;
	int64 version;
	uint64 digest; /* of all columns */
} ScimPendingKey;
extern int ScimPendingStatement(MemoryContext context);
extern bool ScimPendingAny(void);
extern void ScimPendingPut(const ScimPendingKey *key, int statement, bool made,
						   const char *secret, const JsonbValue *members);
extern bool
ScimPendingTake(const ScimPendingKey *key, char **secret, JsonbValue **members);

/* credential.c */
extern char *ScimCredentialSecret(const JsonbValue *password);
extern void ScimCredentialSet(ScimStore *store, int32 tenant_id, const pg_uuid_t *id,
							  const char *secret);
extern void ScimCredentialDrop(ScimStore *store, int32 tenant_id, const pg_uuid_t *id);

/* unique.c */
extern void
ScimUniqueChange(ScimStore *store, int32 tenant_id, const ScimResourceType *type,
				 const pg_uuid_t *id, const Jsonb *before, const Jsonb *after);
extern void ScimUniqueForget(ScimStore *store, const char *type_name);

/* registry.c */
extern void ScimRegistryInit(void);
extern void ScimRequireOwner(Oid owner, const char *store_name);

/* predicate.c: a filter as SQL over a store's table "resource" */
extern void ScimPredicate(StringInfo out, ScimParams *params, ScimStore *store,
						  const ScimResourceType *type, const ScimFilter *filter);
/* Is a filter an eq on a key that at most one resource of the type has? */
extern bool
ScimFilterIsKey(ScimStore *store, const ScimResourceType *type, const ScimFilter *filter);
extern void ScimMemberPredicate(StringInfo out, ScimParams *params, ScimStore *store,
								const ScimResourceType *type, const ScimFilter *filter);

#endif /* SCIM_STORE_INTERNAL_H */
