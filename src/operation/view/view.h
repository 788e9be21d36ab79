/*
 * view.h
 *		Rows of views that people read and write: what a view is, and a call of its
 *		trigger.
 *
 *		view_shape.c		what the arguments of the trigger say of the columns
 *		view_stated.c		what a document beside the columns says of an attribute
 *		view_document.c		what a row of the view says, in the document of a resource
 *		view.c				the trigger, and the functions that make views
 */
#ifndef SCIM_VIEW_H
#define SCIM_VIEW_H

#include "postgres.h"
#include "commands/trigger.h"
#include "fmgr.h"
#include "utils/jsonb.h"
#include "utils/relcache.h"

#include "store/credential/credential.h"
#include "store/store.h"

/* Columns of the table "resource" that a view has. */
typedef enum ViewKey
{
	VIEW_ID,
	VIEW_TENANT_ID,
	VIEW_DATA,
	VIEW_STATUS,
	VIEW_VERSION,
	VIEW_CREATED,
	VIEW_LAST_MODIFIED,
	VIEW_KEYS
} ViewKey;

extern const struct ScimViewKey
{
	const char *name;
	Oid type;
} ScimViewKeys[VIEW_KEYS];

/* A column that is an attribute; attribute NULL: one that is not there any more. */
typedef struct ViewColumn
{
	const char *path; /* NULL: the column is one of the keys */
	const ScimSchema *extension;
	const ScimAttribute *attribute;
	const ScimAttribute *sub; /* or NULL */
	bool chosen;              /* of one of several values */
} ViewColumn;

/* What a view is, for as long as one statement on it is executed. */
typedef struct View
{
	Oid relid;
	Oid table;
	ScimStore *store;
	const ScimResourceType *type;
	char *quoted_view;
	char *quoted_table;
	char *reread; /* the row of the view by tenant and id */
	int natts;
	ViewColumn *columns;
	int key[VIEW_KEYS]; /* their numbers, from 1; 0: the view has no such column */
	bool may_read;      /* may the caller read the whole of both? */
	int64 nrows;        /* so many have been inserted, or begun to be */
	bool followed;      /* what was put off before the statement has been followed */
} View;

/* A call of the trigger. */
typedef struct ViewCall
{
	const View *view;
	const TriggerData *trigger;
	TupleDesc desc;
	Datum *old;
	bool *old_nulls;
	Datum *new;
	bool *new_nulls;
} ViewCall;

/* view_shape.c */
extern Oid ScimViewTable(Relation relation);
pg_noreturn extern void ScimViewRefuse(const char *view, const char *why);
extern View *ScimViewFind(FunctionCallInfo fcinfo, const TriggerData *trigger);

/* view_stated.c */
/* What a document says of the attribute of a column. */
typedef struct ViewStated
{
	JsonbValue *object;          /* that says it; NULL: none does */
	int index;                   /* of the member that is it */
	const JsonbValue *raw;       /* as it stands there */
	const JsonbValue *value;     /* as it would be stored, or raw; NULL: nothing */
	bool twice;                  /* another member says it as well */
	const JsonbValue *no_object; /* what stands for the extension and is none, or NULL */
} ViewStated;
extern const JsonbValue *
ScimViewCanonical(const ScimResourceType *type, const ScimAttribute *attribute,
				  const JsonbValue *value);
extern ViewStated ScimViewStatedIn(const ScimResourceType *type,
								   const JsonbValue *document, const ViewColumn *column);
extern bool ScimViewCanHold(const ViewColumn *column, const JsonbValue *value);
extern const JsonbValue *ScimViewPart(const ViewColumn *column, const JsonbValue *value);
extern void ScimViewGather(const ScimResourceType *type, JsonbValue *document,
						   const ViewColumn *column);
extern JsonbValue *ScimViewExtension(JsonbValue *document, const ScimSchema *extension);

/* view_document.c */
extern bool ScimViewTake(const ViewCall *call, JsonbValue *document,
						 const JsonbValue *stated, const JsonbValue *before, int *unsaid);
pg_noreturn extern void ScimViewRefuseColumn(const ViewCall *call, int i);
extern Datum ScimViewKeyValue(const ViewCall *call, bool new, ViewKey key, bool *isnull);
extern bool ScimViewKeyIsChanged(const ViewCall *call, ViewKey key);
extern JsonbValue *ScimViewObject(Datum data);

#endif /* SCIM_VIEW_H */
