/*
 * bound.h
 *		What is bound: the bindings of a store, which row is which resource, and what
 *		the values of both are.
 *
 *		bound.c			the bindings of a store, compiled and kept
 *		value.c			values in documents, compared with those of a row
 *		values.c		several of them, each found by what it says
 *		refer.c			columns that hold the key of another row: who is meant
 *		link.c			which row is which resource
 *		meet.c			who comes or goes, and who refers to him, wait for each other
 *		lead.c			where a key or an id leads, held before it is looked up
 */
#ifndef SCIM_BINDING_BOUND_H
#define SCIM_BINDING_BOUND_H

#include "postgres.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"
#include "utils/uuid.h"

#include "binding/mapping/mapping.h"
#include "schema/schema.h"
#include "store/statement/plan.h"
#include "store/store.h"

/* A row of the table, as SCIM sees it. */
typedef struct ScimRowView
{
	char *key; /* a text[] as a literal, which is what it is kept and shown as */
	Datum key_array;
	bool has_tenant; /* false: it says no tenant that there is */
	int32 tenant_id;
	bool gone;
	JsonbValue **values; /* one for each attribute; NULL: none */
	Datum *refers;       /* of each that is a reference the key, text[], or 0 */
} ScimRowView;

typedef struct ScimLink
{
	pg_uuid_t resource_id;
	int32 tenant_id;
	bool has_key;
	Datum key; /* text[] */
	bool detached;
} ScimLink;

/* A resource as it is stored. */
typedef struct ScimBoundResource
{
	pg_uuid_t id;
	int32 tenant_id;
	JsonbValue *document;
	bool gone;
	bool inactive; /* of one that was read: suspended, or said to be inactive */
	bool leaving;  /* the same: it is being off-boarded */
	int64 version; /* the same */
} ScimBoundResource;

/* bound.c */
/* ScimBinding *: those that work */
extern List *ScimBindingsOfStore(ScimStore *store);
extern void
ScimBindingsAtFault(ScimStore *store, void (*use)(void *arg, Oid relid, const char *why),
					void *arg);
extern void ScimRequireOwnerOf(const ScimStore *store);
extern ScimBinding *
ScimBindingFor(ScimStore *store, const ScimResourceType *type, int32 tenant_id);
extern List *ScimBindingsOfType(ScimStore *store, const ScimResourceType *type);
extern ScimBinding *ScimBindingOfTable(ScimStore *store, Oid relid);
extern ScimBinding *
ScimBindingOfOther(ScimStore *store, Oid relid, ScimBoundAttribute **attribute);
extern char *ScimBindingProblem(const ScimBinding *binding, int *sqlstate);
extern void ScimBindingRequireSound(const ScimBinding *binding);
extern bool ScimBindingStands(const ScimBinding *binding, int32 tenant_id);
extern List *ScimBindingsBut(ScimStore *store, Oid relid);

/* value.c */
extern JsonbValue *
ScimBoundGet(const ScimBoundAttribute *attribute, const JsonbValue *document);
extern void ScimBoundSet(const ScimBoundAttribute *attribute, JsonbValue *document,
						 const JsonbValue *value);
extern JsonbValue *
ScimBoundConform(const ScimBoundAttribute *attribute, const JsonbValue *raw);
extern bool ScimBoundElementsEqual(const ScimBoundTable *table, const JsonbValue *a,
								   const JsonbValue *b);
extern bool ScimBoundSameValue(const ScimBoundAttribute *attribute, const JsonbValue *a,
							   const JsonbValue *b);
extern uint32 ScimBoundHash(const ScimBoundAttribute *attribute, const JsonbValue *value);
extern uint32
ScimBoundHashLetters(const ScimBoundAttribute *attribute, const JsonbValue *element);
extern bool ScimBoundSameLetters(const ScimBoundAttribute *attribute, const JsonbValue *a,
								 const JsonbValue *b);
extern bool ScimBoundSameEntry(const ScimBoundAttribute *attribute, const JsonbValue *a,
							   const JsonbValue *b);
extern bool ScimBoundCovers(const ScimBoundTable *table, const JsonbValue *of_row,
							const JsonbValue *value);
extern JsonbValue *
ScimRowValue(const ScimBoundAttribute *attribute, const ScimBoundResource *resource);
extern const char *ScimColumnFolding(const char *column);
extern JsonbValue *
ScimBoundContainer(const ScimBoundAttribute *attribute, const JsonbValue *document);
extern const JsonbValue *
ScimRowStored(const ScimBinding *binding, const ScimRowView *row,
			  const ScimBoundAttribute *attribute, const JsonbValue *value);
extern int ScimBoundKeyColumn(const ScimBoundAttribute *attribute);
extern const char *ScimColumnIs(const char *column, const char *value);
extern List *ScimBoundAllBut(const List *attributes, ScimWins wins);
/* The attributes that differ, of those that may be: ScimBoundAttribute *. */
extern List *ScimBoundDiffer(const ScimBinding *binding, const ScimRowView *row,
							 const ScimBoundResource *resource);

/* values.c */
typedef enum ScimFoundBy
{
	SCIM_BY_ALL, /* that the table has columns for */
	SCIM_BY_VALUE_AND_TYPE,
	SCIM_BY_VALUE,
	SCIM_BY_LETTERS /* of its value */
} ScimFoundBy;

typedef struct ScimValueIndex ScimValueIndex;
extern ScimValueIndex *ScimValuesIndex(const ScimBoundAttribute *attribute,
									   const JsonbValue *array, ScimFoundBy by);
extern void ScimValuesForget(ScimValueIndex *index);
extern int ScimValuesFirst(const ScimValueIndex *index, const JsonbValue *element);
extern int ScimValuesNext(const ScimValueIndex *index, int at);
extern int ScimValuesItem(const ScimValueIndex *index, int at);
extern int ScimValuesFind(const ScimValueIndex *all, const JsonbValue *array,
						  const JsonbValue *element);
extern JsonbValue *
ScimBoundMade(const ScimBoundAttribute *attribute, const JsonbValue *of_row);
extern bool ScimBoundEqual(const ScimBoundAttribute *attribute, const JsonbValue *of_row,
						   const JsonbValue *of_document, const JsonbValue *document);
extern JsonbValue *
ScimBoundMerge(const ScimBoundAttribute *attribute, const JsonbValue *of_row,
			   const JsonbValue *of_document);

/* refer.c */
extern ScimBinding *ScimReferred(const ScimBoundAttribute *attribute, int32 tenant_id);
extern JsonbValue *
ScimReferenceOfKey(const ScimBoundAttribute *attribute, int32 tenant_id, Datum key);
extern bool ScimReferenceKey(const ScimBoundAttribute *attribute, int32 tenant_id,
							 const JsonbValue *value, Datum *key);
extern JsonbValue *
ScimReferenceUri(const ScimBoundAttribute *attribute, const JsonbValue *id);

typedef enum ScimLinkBy
{
	SCIM_LINK_BY_KEY,
	SCIM_LINK_BY_RESOURCE
} ScimLinkBy;

/* meet.c */
extern bool
ScimMeetHold(const ScimBinding *binding, ScimLinkBy by, Datum value, int more);
extern void ScimMeetReferrers(const ScimBinding *binding, const pg_uuid_t *id, Datum was,
							  Datum is, bool keeps);

/* lead.c */
extern void ScimReferToKey(const ScimBinding *binding, int32 tenant_id, Datum key);
extern void ScimReferToKeyOfAny(const ScimBinding *binding, Datum key);
extern void
ScimReferToKeys(const ScimBinding *binding, int32 tenant_id, const Datum *keys, int n);
extern void
ScimReferToResource(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id);

/* link.c */
typedef void (*ScimRequireSeen)(const ScimBinding *binding, int32 tenant_id,
								const pg_uuid_t *id, Datum was, Datum is);
extern void ScimLinksAreSeenBy(ScimRequireSeen require);
pg_noreturn extern void ScimRaiseNotSeen(void);
extern void
ScimLinkSettle(const ScimBinding *binding, int32 tenant_id, ScimLinkBy by, Datum value);
extern bool
ScimLinkIsOwn(const ScimBinding *binding, int32 tenant_id, ScimLinkBy by, Datum value);
extern bool
ScimLinkSeenOfKey(const ScimBinding *binding, int32 tenant_id, Datum key, ScimLink *link);
extern bool
ScimLinkOfKey(const ScimBinding *binding, int32 tenant_id, Datum key, ScimLink *link);
extern bool ScimLinkOfResource(const ScimBinding *binding, int32 tenant_id,
							   const pg_uuid_t *id, ScimLink *link);
extern bool ScimLinkOfResourceByIndex(const ScimBinding *binding, int32 tenant_id,
									  const pg_uuid_t *id, ScimLink *link);
/* Bytes of a key: within what an index takes, whatever its columns are. */
#define SCIM_MAX_BOUND_KEY 2048
extern void ScimLinkKeyRequireShort(const ScimBinding *binding, Datum key);
extern void ScimLinkPut(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id,
						Datum key, bool has_key, bool detached);
extern void ScimLinkForget(const ScimBinding *binding, int32 tenant_id,
						   const pg_uuid_t *id, bool for_good);
extern void ScimLinksRequireLabels(const ScimBinding *binding);
extern bool ScimLinkMayLead(const ScimBinding *binding, Datum key);
extern void
ScimLinkDrop(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id);

pg_noreturn extern void
ScimRaiseLabelLost(const ScimBinding *binding, const ScimColumnInfo *column,
				   const char *label);

#endif /* SCIM_BINDING_BOUND_H */
