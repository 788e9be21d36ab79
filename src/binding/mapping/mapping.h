/*
 * mapping.h
 *		What a mapping says: the tables of an application, their columns, keys and words.
 *
 *		mapping.c		the document that scim.bind_table is given -> ScimBinding
 *		mapping_part.c	what it is made of: settings, columns, SQL, values
 *		mapping_attribute.c	one of its attributes
 *		column.c		tables and columns, and values of their types
 *		key.c			columns of keys, and their values as text
 *		word.c			which value is which word of a column
 */
#ifndef SCIM_BINDING_MAPPING_H
#define SCIM_BINDING_MAPPING_H

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
	uint64 *labels;    /* of which changes none of its keys has lost one: bound/link.c */
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

/* mapping_part.c */
extern void ScimMappingCheckHolds(const List *columns, const ScimBinding *of,
								  const char *number, const char *place);

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
extern bool ScimRelationStays(Oid relid);

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
extern bool ScimKeyEqual(Datum a, Datum b);
extern bool ScimKeyIsUnique(Oid relid, List *key, char **put_off);
extern char *ScimKeyShown(Datum key);
extern char *ScimKeyText(Datum key);

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

#endif /* SCIM_BINDING_MAPPING_H */
