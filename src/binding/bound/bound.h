/*
 * bound.h
 *		What is bound: the tables of an application, their columns, keys and
 *		words, and which row is which resource.
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

#include "policy/wire/wire.h"
#include "schema/schema.h"
#include "store/statement/plan.h"
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
	List *choose;    /* ScimChosen *: emails[type eq "work"] */
	bool as_written; /* what was written as text or JSON says how it is spelt, too */
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

/* What is to be done about a binding that does not work any more. */
#define SCIM_HINT_REPLACE                                            \
	"scim.bind_table() replaces the mapping, and keeps who is who; " \
	"scim.unbind_table() ends the binding."

/* The trigger that follows what is put off (sides/queue.c). */
#define SCIM_QUEUE_TRIGGER "_scim_binding"

/* mapping.c */
extern ScimBinding *
ScimBindingCompile(MemoryContext parent, ScimStore *store, const ScimResourceType *type,
				   const pg_uuid_t *id, Oid relid, const Jsonb *mapping,
				   const Oid *others, int nothers);

/* mapping_attribute.c */
extern const char *
ScimBoundResolve(const ScimResourceType *type, ScimBoundAttribute *bound);
extern void ScimBoundChooseStored(ScimBoundAttribute *bound, const ScimWire *wire);
extern bool ScimBoundSeveral(const ScimBoundAttribute *attribute);
extern bool ScimBoundSeveralEach(const ScimBoundAttribute *attribute);
extern char *ScimElementRead(const ScimBoundTable *table, const char *row);

/* column.c */
extern void
ScimColumnFind(Oid relid, const char *name, const char *place, ScimColumnInfo *column);
extern bool ScimTypeIsText(Oid type);
extern void ScimColumnCheck(const ScimColumnInfo *column, const ScimAttribute *attribute,
							bool several, bool each, const char *place);
extern char *ScimColumnRead(const ScimColumnInfo *column, const char *row);
extern char *ScimColumnText(Oid type, Datum value);
extern Datum ScimColumnDatum(const ScimBinding *binding, const ScimColumnInfo *column,
							 const JsonbValue *value, bool *isnull);
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
extern const JsonbValue *
ScimRowStored(const ScimBinding *binding, const ScimRowView *row,
			  const ScimBoundAttribute *attribute, const JsonbValue *value);
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
extern bool ScimKeyEqual(Datum a, Datum b);
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
extern char *ScimKeyShown(Datum key);
extern char *ScimKeyText(Datum key);

#endif /* SCIM_BINDING_BOUND_H */
