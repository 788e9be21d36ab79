/*
 * binding.h
 *		An application's own table, bound to the resources of a type: each write to
 *		either side is one to the other, in the same transaction.
 *
 * Triggers on both sides call what is here; the door knows nothing of it.
 *
 *		mapping.c		the document that scim.bind_table is given -> ScimBinding
 *		mapping_part.c	what it is made of: settings, columns, SQL, values
 *		mapping_attribute.c	one of its attributes
 *		bound.c			the bindings of a store, compiled and kept
 *		column.c		tables and columns, and values of their types
 *		key.c			columns of keys, and their values as text
 *		value.c			values in documents, compared with those of a row
 *		values.c		several of them, each found by what it says
 *		word.c			which of them is which word of a column
 *		row.c			a row of the table: read, made, changed, taken away
 *		rows.c			all rows of the table, read
 *		child.c			rows of the tables of multi-valued attributes
 *		places.c		where they are, for statements about many of them
 *		refer.c			columns that hold the key of another row: who is meant
 *		spell.c			the one form of what leads to him
 *		reference.c		who refers to a row that comes or goes
 *		link.c			which row is which resource
 *		resource.c		resources: read, made, changed, taken away
 *		lock.c			rows and resources, locked before they are read
 *		meet.c			who comes or goes, and who refers to him, wait for each other
 *		lead.c			where a key or an id leads, held before it is looked up
 *		late.c			values that come before the row whose they are
 *		seen.c			whether an older snapshot sees who refers to whom
 *		refuse.c		errors of either side that name row, column and attribute
 *		taken.c			who has a value that a row could not have
 *		agree.c			how often the two answer each other, and that they agree then
 *		deferred.c		rows that constraints are asked about later
 *		put_off.c		they are asked
 *		waiting.c		which constraints wait; where they may not: asked with each
 *statement to_table.c		from a resource to its row, and the trigger of resources
 *		to_resource.c	from a row to its resource
 *		membership.c	members of groups that are bound, and the trigger of members
 *		memberships.c	many of them at a time
 *		statement.c		rows of members that one statement writes
 *		queue.c			rows that were written, and are followed later
 *		bind.c			scim.bind_table, scim.unbind_table
 *		bind_trigger.c	the triggers of both sides: made, missed, made again
 *		bind_check.c	whether a table can be bound
 *		row_trigger.c	the triggers of tables that are bound
 *		followed.c		rows whose values were read while a statement is followed
 *		take_in.c		what is there already, when a table is bound
 *		match.c			which of these rows are which resources
 *		held.c			rows that are there then, and linked to nobody
 *		again.c			who comes back by a new row
 *		compare.c		scim.check_binding
 *		mend.c			scim.mend_binding
 *
 * Both directions read what is there before they write, and write only what differs: so
 * what comes back finds that all is said already, and it ends.  Where both sides change
 * what the other one says (a trigger that writes in lower case, a policy that does not),
 * it would not, and is an error.
 *
 * Rows are locked before resources (lock.c).  What is written to a resource because of
 * its row is made of a row that was read after the resource, and written only where that
 * is still what it was: so nothing is undone that somebody else has committed meanwhile.
 */
#ifndef SCIM_BINDING_H
#define SCIM_BINDING_H

#include "postgres.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"
#include "utils/relcache.h"
#include "utils/uuid.h"

#include "schema/schema.h"
#include "store/plan.h"
#include "store/store.h"

/* Whose value holds where the two sides differ. */
typedef enum ScimWins
{
	SCIM_WINS_LAST,
	SCIM_WINS_RESOURCE,
	SCIM_WINS_TABLE
} ScimWins;

typedef enum ScimBoundKind
{
	SCIM_BOUND_COLUMN,
	SCIM_BOUND_EXPRESSION,
	SCIM_BOUND_REFERENCE, /* columns that hold the key of another row */
	SCIM_BOUND_TABLE,     /* a multi-valued attribute in a table of its own */
	SCIM_BOUND_MEMBERS    /* of a group */
} ScimBoundKind;

/* A column that values are written to. */
typedef struct ScimColumnInfo
{
	char *name;
	char *quoted;
	int16 number; /* in the table itself */
	Oid type;
	int32 typmod;
	Oid collation;
	Oid base;    /* the type under a domain */
	Oid element; /* of an array, or InvalidOid */
	bool not_null;
	bool has_default; /* or is an identity */
	bool generated;   /* nobody can write it */
} ScimColumnInfo;

/* One line of "values": what the attribute says, and what the column does. */
typedef struct ScimBoundValue
{
	const JsonbValue *value; /* NULL: there is none */
	List *texts;             /* char *, the first is the one that is written */
} ScimBoundValue;

/* "values", and "else": what any other word of the column is. */
typedef struct ScimBoundWords
{
	List *values; /* ScimBoundValue *, or NIL */
	const JsonbValue *otherwise;
} ScimBoundWords;

/* What an expression writes to a column. */
typedef struct ScimBoundWrite
{
	ScimColumnInfo column;
	char *expression; /* over "value" and "document", and the row t */
} ScimBoundWrite;

/* A column of a table of values, and the sub-attribute that it is. */
typedef struct ScimBoundSub
{
	const ScimAttribute *attribute;
	ScimColumnInfo column;
	ScimBoundWords words;
	char *place; /* in the mapping, for errors */
} ScimBoundSub;

/* The table that holds the values of an attribute, or the members of groups. */
typedef struct ScimBoundTable
{
	Oid relid;
	char *quoted;
	List *key;  /* ScimColumnInfo *: the columns that say whose values they are */
	List *subs; /* ScimBoundSub * */
	/* members: of resources of which type, by which columns */
	char *member_type;
	List *member_key;
} ScimBoundTable;

/* Columns that hold the key of a row, and so a reference to the resource of that. */
typedef struct ScimBoundReference
{
	const struct ScimBinding *of; /* the rows that refer */
	const ScimResourceType *type; /* of the resources that they refer to */
	List *columns;                /* ScimColumnInfo *, as many as that key has */
	bool shares;                  /* one of them: see ScimReferenceShares */
	int number;                   /* of the attribute among all, as in ScimRowView */
} ScimBoundReference;

typedef struct ScimBoundAttribute
{
	char *path; /* as it was written */
	ScimResolved target;
	bool is_id;
	List *choose; /* ScimChosen *: emails[type eq "work"] */
	ScimBoundKind kind;
	ScimWins wins;
	char *read;                   /* SQL over the row t: the value as jsonb */
	const char *shown;            /* what errors call the column, or all of them */
	ScimColumnInfo column;        /* SCIM_BOUND_COLUMN */
	ScimBoundWords words;         /* the same */
	List *writes;                 /* ScimBoundWrite *, SCIM_BOUND_EXPRESSION */
	ScimBoundTable table;         /* SCIM_BOUND_TABLE, SCIM_BOUND_MEMBERS */
	ScimBoundReference reference; /* SCIM_BOUND_REFERENCE */
} ScimBoundAttribute;

/* A part of a filter that chooses one of several values. */
typedef struct ScimChosen
{
	const ScimAttribute *sub;
	const JsonbValue *value;
} ScimChosen;

/* What becomes of a row when its resource goes. */
typedef enum ScimRowEnd
{
	SCIM_ROW_DELETE,
	SCIM_ROW_KEEP,
	SCIM_ROW_SET
} ScimRowEnd;

/* What becomes of a resource when its row goes. */
typedef enum ScimResourceEnd
{
	SCIM_RESOURCE_DELETE,
	SCIM_RESOURCE_SUSPEND,
	SCIM_RESOURCE_KEEP
} ScimResourceEnd;

/*
 * Constraints of its tables, and of others that refer to these, which wait for the end of
 * a transaction, as RangeVar *: looked up where somebody cannot wait.
 */
typedef struct ScimWaiting
{
	bool known;
	List *all;
	List *again; /* those that can be made to wait again */
} ScimWaiting;

typedef struct ScimBinding
{
	MemoryContext context;
	ScimStore *store;
	pg_uuid_t id;
	const ScimResourceType *type;
	bool every_tenant; /* a column says which */
	int32 tenant_id;   /* else */
	Oid relid;
	char *quoted;
	char *shown; /* app.users, for errors */
	Oid owner;
	char *search_path; /* for what the application's own triggers call */
	List *key;         /* ScimColumnInfo * */
	uint64 *labels;    /* of which changes none of its keys has lost one: see link.c */
	char *key_put_off; /* the constraint that may let two rows have one, or NULL */
	ScimColumnInfo tenant;
	List *tenants;               /* ScimBoundValue *: value is the tenant, a number */
	List *attributes;            /* ScimBoundAttribute * */
	ScimBoundAttribute *members; /* one of them, or NULL */
	List *references;            /* those that are references */
	ScimRowEnd row_end;
	List *end_set;  /* ScimBoundWrite * */
	List *end_back; /* the same when the resource comes back; expression NULL: DEFAULT */
	char *gone;     /* SQL over the row t, or NULL: rows that count as not there */
	ScimResourceEnd resource_end;
	const ScimAttribute *match; /* of a key column, or NULL */
	List *others;               /* of ScimBoundTable *, in the order of "others" */
	bool reads_all;             /* expressions may read any column */
	bool has_triggers;          /* AFTER triggers of others, on one of the tables */
	char *select;               /* what a row is read as: see mapping.c */
	bool reports_missing;       /* resources without a row get none when it is bound */
	const Jsonb *mapping;       /* as it is stored */
	List *constraints;          /* ScimBoundConstraint * */
	char *deferred;             /* those that are put off, as SQL names them, or NULL */
	ScimWaiting *waiting;       /* the same, and those of others */
} ScimBinding;

/* A constraint of the table, and the columns that it is about. */
typedef struct ScimBoundConstraint
{
	char *name;
	List *columns; /* char * */
} ScimBoundConstraint;

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
	int64 version; /* the same */
} ScimBoundResource;

/* mapping.c */
extern ScimBinding *
ScimBindingCompile(MemoryContext parent, ScimStore *store, const ScimResourceType *type,
				   const pg_uuid_t *id, Oid relid, const Jsonb *mapping,
				   const Oid *others, int nothers);

/* mapping_attribute.c */
extern const char *
ScimBoundResolve(const ScimResourceType *type, ScimBoundAttribute *bound);
extern char *ScimElementRead(const ScimBoundTable *table, const char *row);

/* column.c */
extern void
ScimColumnFind(Oid relid, const char *name, const char *place, ScimColumnInfo *column);
extern bool ScimTypeIsText(Oid type);
extern void ScimColumnCheck(const ScimColumnInfo *column, const ScimAttribute *attribute,
							bool several, const char *place);
extern char *ScimColumnRead(const ScimColumnInfo *column, const char *row);
extern Datum
ScimColumnDatum(const ScimColumnInfo *column, const JsonbValue *value, bool *isnull);
/* The place of a column among others (ScimColumnInfo *), by its number, or -1. */
extern int ScimColumnPlace(int number, const List *columns);
extern bool ScimColumnIsFilled(const ScimBinding *binding, const char *column);
extern char *ScimColumnUnfilled(const ScimBinding *binding);
extern char *ScimUnfilledProblem(const char *column);
extern char *ScimRelationQuoted(Oid relid);
extern char *ScimRelationShown(Oid relid);

extern bool
ScimReferenceShares(const ScimBoundReference *reference, const ScimColumnInfo *column);

/* key.c */
extern bool ScimColumnIsKey(const ScimColumnInfo *column);
extern char *
ScimKeyProblem(const ScimColumnInfo *column, const ScimColumnInfo *of, bool cast);
extern char *ScimTypeQuoted(Oid type);
extern char *ScimColumnText(Oid type, Datum value);
extern char *ScimKeyTextOf(Oid type, Datum value);
extern char *ScimKeyEquals(const ScimColumnInfo *column);
extern char *ScimKeyTexts(List *key, const char *row);
extern char *ScimKeyIs(List *key, const char *row, const char *array);
extern int ScimKeyMisfit(const List *key, Datum array);
extern List *ScimPrimaryKeyColumns(Oid relid);
extern bool ScimKeyIsUnique(Oid relid, List *key, char **put_off);

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
extern JsonbValue *
ScimRowValue(const ScimBoundAttribute *attribute, const ScimBoundResource *resource);
extern const char *ScimColumnFolding(const char *column);
extern JsonbValue *
ScimBoundContainer(const ScimBoundAttribute *attribute, const JsonbValue *document);
extern int ScimBoundKeyColumn(const ScimBoundAttribute *attribute);
extern const char *ScimColumnIs(const char *column, const char *value);
extern List *ScimBoundAllBut(const List *attributes, ScimWins wins);
/* The attributes that differ, of those that may be: ScimBoundAttribute *. */
extern List *ScimBoundDiffer(const ScimBinding *binding, const ScimRowView *row,
							 const ScimBoundResource *resource);

/* word.c */
extern JsonbValue *ScimWordsRead(const ScimBoundWords *words, const JsonbValue *raw);
extern const ScimBoundValue *
ScimWordsFind(const ScimBoundWords *words, const JsonbValue *value);
extern void
ScimWordsAre(const ScimBoundWords *words, const ScimColumnInfo *column,
			 const JsonbValue *value, bool or_null, StringInfo sql, ScimParams *params);
extern void ScimWordsRequire(const ScimBinding *binding);
/* attribute NULL: the column says the tenant */
typedef void (*ScimUseWordProblem)(void *arg, const ScimBoundAttribute *attribute,
								   const ScimColumnInfo *column, const char *problem);
extern void ScimWordsTell(const ScimBinding *binding, ScimUseWordProblem use, void *arg);
extern Datum ScimWordDatum(const ScimBinding *binding, const ScimColumnInfo *column,
						   const char *place, const ScimBoundValue *value, bool *isnull);

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
extern bool ScimBoundEqual(const ScimBoundAttribute *attribute, const JsonbValue *of_row,
						   const JsonbValue *of_document);
extern JsonbValue *
ScimBoundMerge(const ScimBoundAttribute *attribute, const JsonbValue *of_row,
			   const JsonbValue *of_document);

/* row.c */
extern char *ScimWriteSql(const ScimBinding *binding, const ScimBoundWrite *write,
						  int value, int document, bool inserts);
extern ScimRowView *
ScimRowViewOf(const ScimBinding *binding, HeapTuple tuple, TupleDesc desc);
extern ScimRowView *ScimRowFind(const ScimBinding *binding, Datum key);
extern bool ScimRowTenant(const ScimBinding *binding, Datum key, int32 *tenant_id);
extern bool ScimRowIsLeftOut(const ScimBinding *binding, Datum key);
extern ScimRowView *
ScimRowInsert(const ScimBinding *binding, const ScimBoundResource *resource);
extern const ScimRowView *
ScimRowUpdate(const ScimBinding *binding, const ScimBoundResource *resource,
			  const ScimRowView *row, List *attributes, bool *vanished);
extern void ScimRowDelete(const ScimBinding *binding, Datum key);
extern void ScimRowMark(const ScimBinding *binding, Datum key, List *writes);
pg_noreturn extern void ScimRowSkipped(const char *table);
pg_noreturn extern void ScimRowGivenAway(const char *table, const char *type_name);
extern Datum ScimTextsOfTenant(const ScimBinding *binding, int32 tenant_id);
extern bool
ScimTenantOfText(const ScimBinding *binding, const char *text, int32 *tenant_id);

/* rows.c */
typedef void (*ScimUseRowViews)(void *arg, ScimRowView **rows, int n);
/* attribute NULL: it is not about one alone */
typedef void (*ScimUseBadRow)(void *arg, Datum key, const ScimBoundAttribute *attribute,
							  const char *problem);
extern void ScimRowsRead(const ScimBinding *binding, bool by_key, ScimUseRowViews use,
						 ScimUseBadRow bad, void *arg);
extern ScimRowView *ScimRowReadable(const ScimBinding *binding, Datum key);
/* Rows of a query whose first column is a tenant: which of the keys are theirs? */
extern bool *ScimRowsExist(const ScimBinding *binding, HeapTuple *rows, TupleDesc desc,
						   Datum *keys, bool *nulls, int n);

/* child.c */
extern void
ScimChildrenWrite(const ScimBinding *binding, const ScimBoundAttribute *attribute,
				  Datum key, const JsonbValue *of_row, const JsonbValue *of_document);
extern void ScimChildrenDelete(const ScimBinding *binding, Datum key);
extern bool ScimOtherHasRows(const ScimBinding *binding, const ScimBoundTable *table,
							 const char *condition, const ScimParams *params);
extern bool ScimChildrenAreEnding(void);
extern void ScimChildrenEndLeft(const ScimBinding *binding, Datum key);

/* places.c */
typedef struct ScimRowPlace ScimRowPlace;
typedef struct ScimRowPlaces ScimRowPlaces;
extern ScimRowPlaces *ScimPlacesRead(const ScimBinding *binding,
									 const ScimBoundAttribute *attribute, Datum key);
extern List *
ScimPlacesAdd(List *list, const ScimRowPlaces *places, const JsonbValue *element);
extern List *ScimPlacesResult(MemoryContext context, int column);
extern char *
ScimPlacesTable(List **list, const ScimBoundTable *table, ScimParams *params);

/* refer.c */
extern ScimBinding *ScimReferred(const ScimBoundAttribute *attribute, int32 tenant_id);
extern JsonbValue *ScimReferenceIdText(const JsonbValue *value);
extern JsonbValue *
ScimReferenceOfKey(const ScimBoundAttribute *attribute, int32 tenant_id, Datum key);
extern bool ScimReferenceKey(const ScimBoundAttribute *attribute, int32 tenant_id,
							 const JsonbValue *value, Datum *key);
extern JsonbValue *
ScimReferenceUri(const ScimBoundAttribute *attribute, const JsonbValue *id);

/* spell.c */
extern void ScimBindingInit(void);

/* reference.c */
extern char *ScimReferenceStranger(const ScimBoundAttribute *attribute,
								   const ScimRowView *row, int number);
extern char *
ScimReferenceRowless(const ScimBoundAttribute *attribute, const ScimRowView *row,
					 int number, const ScimBoundResource *resource);
extern void ScimReferencesCheckKeys(ScimBinding *binding);
extern void ScimReferencesSaid(ScimBinding *binding, int32 tenant_id, Datum key,
							   const List *attributes);
extern List *
ScimReferencesLeadingTo(const ScimBinding *other, const ScimBinding *binding);
extern char *ScimReferencesTo(const ScimBinding *binding,
							  const ScimBoundAttribute *attribute, int32 tenant_id,
							  const pg_uuid_t *id, const char *alias, ScimParams *params);
extern void ScimReferencesHold(const ScimBinding *binding, const ScimRowView *row);
extern void ScimReferencesHoldOf(const ScimBinding *binding, int32 tenant_id,
								 const JsonbValue *document, const List *attributes);
extern void ScimReferencesOfRow(const ScimBinding *binding, int32 tenant_id, Datum key);
extern void ScimReferencesEnd(const ScimBinding *binding, int32 tenant_id, Datum key,
							  const pg_uuid_t *id);

/* lock.c */
extern bool ScimRowLock(const ScimBinding *binding, Datum key, bool for_update);
extern void ScimBindingLock(ScimStore *store, const ScimResourceType *type,
							int32 tenant_id, const pg_uuid_t *id, bool for_update);
extern void
ScimResourcesLock(const ScimBinding *binding, int32 tenant_id, Datum *ids, int n);
extern void ScimGroupsLock(const ScimBinding *groups, const Datum *keys, int n);

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

/* late.c */
extern bool ScimValuesNeedRow(const ScimBinding *binding, const ScimBoundTable *table);
extern bool ScimValuesMayBeThere(const ScimBinding *binding, Datum key);

/* seen.c */
extern void ScimSeenInit(void);

/* link.c */
typedef void (*ScimRequireSeen)(const ScimBinding *binding, int32 tenant_id,
								const pg_uuid_t *id, Datum was, Datum is);
extern void ScimLinksAreSeenBy(ScimRequireSeen require);
pg_noreturn extern void ScimRaiseNotSeen(void);
extern void
ScimLinkSettle(const ScimBinding *binding, int32 tenant_id, ScimLinkBy by, Datum value);
extern bool
ScimLinkIsOwn(const ScimBinding *binding, int32 tenant_id, ScimLinkBy by, Datum value);
extern bool ScimKeyEqual(Datum a, Datum b);
extern bool
ScimLinkOfKey(const ScimBinding *binding, int32 tenant_id, Datum key, ScimLink *link);
extern bool ScimLinkOfResource(const ScimBinding *binding, int32 tenant_id,
							   const pg_uuid_t *id, ScimLink *link);
extern bool ScimLinkOfResourceByIndex(const ScimBinding *binding, int32 tenant_id,
									  const pg_uuid_t *id, ScimLink *link);
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

/* resource.c */
extern bool ScimTakingIn;
extern void
ScimTakeInExecute(const char *query, const ScimParams *params, bool keeps_plan);
extern void ScimTakeInMany(const ScimBinding *binding, const char *query,
						   const ScimParams *params, int n, const char *what);
extern bool ScimBoundRead(const ScimBinding *binding, int32 tenant_id,
						  const pg_uuid_t *id, ScimBoundResource *resource);
extern bool ScimBoundReplace(const ScimBinding *binding, const ScimRowView *row,
							 ScimBoundResource *resource);
extern void ScimBoundCreate(const ScimBinding *binding, const ScimRowView *row,
							ScimBoundResource *resource);
extern bool ScimBoundIsInactive(const JsonbValue *document);
extern void
ScimBoundEnd(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id);
extern void ScimBoundRestore(const ScimBinding *binding, const ScimRowView *row,
							 ScimBoundResource *resource);
extern JsonbValue *ScimBoundDocument(const ScimBinding *binding, const ScimRowView *row);
extern void ScimBoundTakeRow(const ScimBinding *binding, const ScimRowView *row,
							 List *attributes, JsonbValue *document);
extern bool ScimBoundIsOurs(const pg_uuid_t *id, bool alone, bool comes_back);

/* refuse.c */
typedef struct ScimRowAt
{
	ErrorContextCallback callback;
	const ScimBinding *binding;
	Datum key;
	List *attributes;
	bool tells; /* whoever acts may read the key */
} ScimRowAt;
extern void
ScimRowAtBegin(ScimRowAt *at, const ScimBinding *binding, Datum key, List *attributes);
extern void ScimRowAtEnd(ScimRowAt *at);
extern void
ScimRaiseKeyGone(const ScimBinding *binding, Datum key, const ErrorData *error);
extern void ScimRaiseUnworkable(const ScimBinding *binding, const ErrorData *error);
pg_noreturn extern void
ScimTableRefuses(const ScimBinding *binding, List *attributes,
				 const ScimBoundAttribute *at, MemoryContext context, bool deletes);
pg_noreturn extern void
ScimTableRefusesLate(const ScimBinding *binding, MemoryContext context, bool deletes,
					 bool moved);
extern void ScimRowRequireSeen(const ScimBinding *binding, const ScimRowView *row,
							   const List *attributes);
extern char *
ScimUnknownValue(const ScimBoundAttribute *attribute, const JsonbValue *value);
extern void ScimStoreSays(const ScimBinding *binding, const ScimRowView *row,
						  const ScimBoundResource *resource, ErrorData *error);
pg_noreturn extern void
ScimStoreRefuses(const ScimBinding *binding, const ScimRowView *row,
				 const ScimBoundResource *resource, MemoryContext context);
extern char *ScimKeyShown(Datum key);
extern char *ScimKeyText(Datum key);

/* taken.c */
extern int ScimTakenAttribute(const ScimBinding *binding, const ErrorData *error,
							  const char **column);
extern bool ScimTakenMayBeTold(const ScimBinding *binding, int number);
extern bool ScimKeyMayBeTold(const ScimBinding *binding);
extern char *ScimKeyTold(const ScimBinding *binding, Datum key);
extern char *
ScimTakenBy(const ScimBinding *binding, const ScimRowView *row, const ErrorData *error);
extern char *ScimTakenHolder(const ScimBinding *binding, const ScimRowView *row,
							 const ErrorData *error);

/* agree.c */
extern bool ScimRoundsAreOn(void);
extern void ScimRoundsDo(const ScimBinding *binding, const pg_uuid_t *id,
						 const List *attributes, void (*work)(void *arg), void *arg);
extern void ScimRaiseDifference(const ScimBinding *binding, const List *attributes,
								const pg_uuid_t *id);
extern const ScimRowView *
ScimRequireAgreement(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id,
					 const List *attributes);

/* deferred.c */
/* Of so many rows each is known. */
#define SCIM_MAX_KNOWN 1000

/* A row that was written, or one of members. */
typedef struct ScimKnownRow
{
	Datum key;
	Datum member; /* or 0 */
} ScimKnownRow;

/* Rows of a table that were written in this transaction. */
typedef struct ScimWrittenRows
{
	const ScimBinding *binding; /* stays until the transaction ends */
	Datum key;                  /* of the one row; 0: there are several */
	bool deletes;               /* all of them have gone */
	ScimKnownRow *known;        /* those that have not */
	int nknown;                 /* more than SCIM_MAX_KNOWN: there are others */
} ScimWrittenRows;

extern void
ScimDeferredNote(const ScimBinding *binding, Datum key, Datum member, bool deletes);
extern List *ScimDeferredTake(void);

/* waiting.c */
extern void ScimDeferredAsk(const ScimBinding *binding, List *names);
extern void ScimDeferredAgain(const ScimBinding *binding);
extern bool ScimDeferredIsAsked(const ScimBinding *binding, Oid constraint);
/* ScimBeOwnerFor of a table that is written then. */
extern ScimIdentity ScimBindingBeOwner(const ScimBinding *binding);
extern void ScimBindingBeCaller(ScimIdentity caller);
extern Datum
ScimDeferredWithin(FunctionCallInfo fcinfo, Datum (*work)(FunctionCallInfo fcinfo));

/* put_off.c */
extern void ScimDeferredRequire(void);
extern void ScimDeferredNothing(ScimStore *store);
extern void ScimDeferredPutOff(const List *bindings);

/* to_table.c */
extern bool
ScimToTable(ScimBinding *binding, const ScimBoundResource *resource, List *attributes);
extern void ScimRowBegin(ScimBinding *binding, const ScimBoundResource *resource,
						 bool is_new, bool was_gone);
extern bool ScimRowIsBeingWritten(const ScimBinding *binding, Datum key);
extern bool ScimRowIsWritten(const ScimBinding *binding, Datum key);
extern bool ScimRowIsComing(const ScimBinding *binding, int32 tenant_id, Datum key);

extern bool ScimBoundIsActive(const ScimBoundAttribute *attribute);

/* to_resource.c */
extern JsonbValue *ScimBindingNamed(ScimStore *store, const ScimResourceType *type,
									int32 tenant_id, const pg_uuid_t *id);
extern char *ScimRowProblem(ScimBinding *binding, const ScimRowView *row);
extern void
ScimToResource(ScimBinding *binding, int32 tenant_id, Datum key, bool was_there);
extern void ScimToResourceAgain(ScimBinding *binding, int32 tenant_id, Datum key);
extern bool ScimTakeFromTable(ScimBinding *binding, const ScimRowView **row,
							  const ScimLink *link, bool only_its_own,
							  const ScimBoundResource *read, ScimBoundResource *resource);
extern bool ScimRowIsPresent(const ScimRowView *row, int32 tenant_id);
extern void ScimRowEnded(ScimBinding *binding, const ScimRowView *row,
						 const ScimLink *link, Datum key);

/* followed.c */
typedef struct ScimFollowed ScimFollowed;
extern ScimFollowed *ScimFollowedBegin(void);
extern bool ScimFollowedSaw(const ScimFollowed *followed, Datum key, Relation relation,
							HeapTuple tuple, bool deleted);
extern void ScimFollowedNote(ScimFollowed *followed, Datum key, CommandId command);

/* row_trigger.c */

/* membership.c */
extern ScimBinding *ScimMembersBinding(const ScimBinding *groups, int32 tenant_id);
extern List *ScimMembersBindings(const ScimBinding *groups);
extern void ScimMembersCheckKeys(ScimBinding *binding);
extern void
ScimAppendPair(StringInfo columns, StringInfo values, const ScimBoundTable *table,
			   const char *group_array, const char *member_array);
extern char *ScimPairsAgree(const ScimBoundTable *table, const char *group_array,
							const char *member_array);
extern List *
ScimBindingsOfGroups(ScimStore *store, int32 tenant_id, const char *member_type);
extern void
ScimMembershipsOfNewRow(ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id);
extern void ScimMembershipsOfRow(ScimBinding *binding, int32 tenant_id, Datum key);
extern void
ScimMembershipsLock(const ScimBinding *groups, const Datum *group_keys, int n);
extern bool ScimMembershipsAreEnding(void);
extern bool
ScimMembershipsTenant(const ScimBinding *groups, Datum group_key, int32 *tenant_id);
extern void ScimMembershipsHold(const ScimBinding *groups, int32 tenant_id,
								const Datum *member_keys, int n);
extern void ScimMembershipsEnd(ScimBinding *binding, int32 tenant_id, Datum key);
extern void
ScimMembershipsEndLeft(const ScimBinding *binding, int32 tenant_id, Datum key);
extern void ScimMembershipsOfMoved(ScimBinding *binding, int32 tenant_id, Datum key,
								   bool of_partition);
extern void
ScimMembershipFollow(const ScimBinding *groups, int32 tenant_id,
					 const pg_uuid_t *group_id, const pg_uuid_t *member_id, bool there);
extern void ScimMembershipRow(ScimBinding *binding, const ScimBoundAttribute *members,
							  Datum group_key, Datum member_key);

/* memberships.c */
extern void ScimMembershipRows(ScimBinding *binding, const Datum *group_keys,
							   const Datum *member_keys, int n);
/* A difference: side, key and resource; attribute and its values, or NULL; a problem. */
typedef void (*ScimPutDifference)(const void *arg, const char *side, Datum key,
								  const pg_uuid_t *id,
								  const ScimBoundAttribute *attribute,
								  const JsonbValue *of_table, const JsonbValue *of_scim,
								  const char *problem);
extern void ScimReferencesUnite(ScimBinding *binding, bool has_resources,
								ScimPutDifference put, void *arg);
extern void ScimMembershipsUnite(ScimBinding *binding, ScimPutDifference put, void *arg);
extern void
ScimMembershipsCompare(ScimBinding *binding, ScimPutDifference put, void *arg);

/* statement.c */
extern bool ScimStatementHasRows(Oid relid);
extern HeapTuple *ScimStatementRows(Relation relation, int *n);
extern const HeapTuple *ScimStatementKeys(Relation relation, int *n);

/* queue.c */
#define SCIM_QUEUE_TRIGGER "_scim_binding"

/* What is to be done about a binding that does not work any more. */
#define SCIM_HINT_REPLACE                                            \
	"scim.bind_table() replaces the mapping, and keeps who is who; " \
	"scim.unbind_table() ends the binding."
extern void ScimQueueAdd(Oid relid);
extern void ScimQueueFollow(Oid relid, Oid owner, void (*follow)(void *arg), void *arg);
extern void ScimQueueRequireEmpty(Oid relid);
extern void ScimQueueFlushStore(ScimStore *store);
extern void ScimQueueRequireFollowed(const ScimBinding *binding);

/* again.c */
extern const char *ScimMatchColumn(const ScimBinding *binding);
extern const JsonbValue *
ScimMatchValue(const ScimBinding *binding, const ScimRowView *row);
extern bool
ScimRowStatesId(const ScimBinding *binding, const ScimRowView *row, pg_uuid_t *id);
extern bool
ScimLinkWithoutRow(const ScimBinding *binding, const ScimRowView *row, bool by_match);
extern bool ScimResourceLetGo(const ScimBinding *binding, const ScimRowView *row,
							  const pg_uuid_t *id, ScimLink *link);

/* held.c */
typedef struct ScimHeld ScimHeld;
typedef struct ScimHeldRow
{
	Datum key;
	bool gone;   /* it counts as deleted */
	bool linked; /* it is known by now whose it is */
} ScimHeldRow;
extern ScimHeld *ScimHeldBegin(void);
extern void ScimHeldEnd(ScimHeld *held);
extern void
ScimHeldAdd(ScimHeld *held, const ScimBinding *binding, const ScimRowView *view);
extern ScimHeldRow *ScimHeldFind(ScimHeld *held, const ScimBinding *binding,
								 const ScimBoundResource *resource);
extern void ScimHeldCount(ScimHeld *held, const ScimBinding *binding,
						  const ScimBoundResource *resource);
extern ScimHeldRow *ScimHeldFindGone(ScimHeld *held, const ScimBinding *binding,
									 const ScimBoundResource *resource);
extern bool ScimHeldHasGone(const ScimHeld *held);

/* take_in.c */
extern void
ScimTakeIn(ScimBinding *binding, const JsonbValue *former, ReturnSetInfo *report);

/* bind_trigger.c */
extern void ScimBoundTriggersMake(const ScimStore *store, const ScimBinding *binding);
extern void ScimBoundTriggersDrop(Oid relid);
extern void ScimBoundTriggersLetGo(const ScimStore *store, const char *type_name);
extern bool ScimBoundTriggersFree(const ScimStore *store, Oid relid);
extern List *ScimBindAddLocks(List *locks, Oid relid, LOCKMODE mode);
extern void ScimBindLockAll(const List *locks);
extern void ScimBindLock(const ScimStore *store, const ScimResourceType *type, Oid relid,
						 const List *let_go);
extern List *ScimBindingLacks(const ScimBinding *binding, bool whole);
extern void
ScimBindingsLost(const ScimStore *store,
				 void (*use)(void *arg, Oid relid, const char *why), void *arg);

/* bind_check.c */
extern void ScimBindCheckTable(const ScimStore *store, Oid relid, bool is_former);
extern void ScimBindCheck(ScimStore *store, const ScimBinding *binding);

#endif /* SCIM_BINDING_H */
