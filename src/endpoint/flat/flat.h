/*
 * flat.h
 *		Flat JSON: an endpoint of one's own as it is compiled, and what is done there.
 *
 *		flat.c				serves a request; answers, errors among them
 *		flat_action.c		what the endpoints do
 *		flat_list.c			lists: filter, query, order, pages
 *		flat_field.c		flat JSON <-> attributes
 *		flat_operations.c	what a body says, as operations of a PATCH
 *		flat_agree.c		several fields of one attribute
 *		flat_words.c		errors in the words of an endpoint
 *		flat_template.c		JSON with places to be filled in
 */
#ifndef SCIM_FLAT_H
#define SCIM_FLAT_H

#include "json/buckets.h"
#include "json/json.h"
#include "message/message.h"
#include "operation/operation.h"
#include "policy/wire/wire.h"

/* Where something is in a resource: a path as PATCH and filters take it. */
typedef struct ScimFlatPath
{
	const char *text;
	ScimResolved resolved;
	ScimFilter *filter;     /* which of several values, or NULL */
	ScimBoundFilter *bound; /* the same for matching them */
	bool several;           /* it leads to a list */
} ScimFlatPath;

typedef enum ScimFieldKind
{
	SCIM_FIELD_ATTRIBUTE,
	SCIM_FIELD_PRESENT,  /* is there a value?  true or false */
	SCIM_FIELD_CONSTANT, /* always the same */
	SCIM_FIELD_TRANSIENT /* of the request, not of the resource */
} ScimFieldKind;

/* What a value is called outside, and what is stored. */
typedef struct ScimFlatValue
{
	const JsonbValue *outside;
	const JsonbValue *stored;
} ScimFlatValue;

typedef struct ScimFlatField
{
	const char *name; /* with dots for objects within objects */
	List *places;     /* of char *: where a body may have it, the name first */
	ScimFieldKind kind;
	ScimFlatPath path;          /* of an attribute, or whose presence is asked */
	const JsonbValue *constant; /* SCIM_FIELD_CONSTANT */
	bool readable;
	bool writable;
	bool required;
	bool one; /* one value of a list */
	int nvalues;
	ScimFlatValue *values; /* NULL: as they are */
	ScimBuckets by_outside;
	ScimBuckets by_stored;
} ScimFlatField;

/* What is set beside what a client says when a resource is made. */
typedef struct ScimFlatConstant
{
	const char *name; /* the path as it is said */
	ScimFlatPath path;
	const JsonbValue *value;  /* a template over the fields of the body */
	const JsonbValue *stored; /* what it is whatever the body says, or NULL */
} ScimFlatConstant;

typedef enum ScimPaging
{
	SCIM_PAGING_OFFSET, /* how many, and how many before them */
	SCIM_PAGING_PAGE,   /* how many, and the number of the page */
	SCIM_PAGING_CURSOR  /* how many, and from where on */
} ScimPaging;

/*
 * Bytes of an error's body, and of a media type: they travel in headers, of which nginx
 * takes 16 KB in all (conf/scim_request.conf).
 */
#define SCIM_MAX_FLAT_ERROR 8192
#define SCIM_MAX_MEDIA_TYPE 255

/* The names are those of parameters of the query string; NULL: there is none. */
typedef struct ScimListSettings
{
	ScimPaging paging;
	const char *limit;
	const char *position; /* offset, page or cursor */
	int64 first;          /* the number of the first page */
	int64 default_limit;
	int64 max_limit;
	const char *filter;
	const char *sort;
	const char *order;      /* the direction, where that is a parameter of its own */
	const char *ascending;  /* "{field}_ASC", or the value of order */
	const char *descending; /* "{field}_DESC" */
	const char *default_sort;
	const char *query;
	List *query_paths; /* of char * */
	const char *where; /* a filter with the path's parameter in it, or NULL */
	bool where_has_parameter;
	int where_terms; /* it has no more, with whatever is in the place of that */
	const ScimResourceType *owner; /* whose id that parameter leads to, or NULL */
	const JsonbValue *body;
} ScimListSettings;

typedef struct ScimEndpoint ScimEndpoint;
typedef struct ScimFlat ScimFlat;

/* What a field shows of a resource as it is stored, for want of a name in its values. */
typedef struct ScimFlatUnnamed
{
	int count;
	const JsonbValue **values;
	ScimBuckets by_hash;
} ScimFlatUnnamed;

/* What is being done, with what is known so far. */
typedef struct ScimFlatCall
{
	const ScimFlat *flat;
	const ScimEndpoint *endpoint;
	ScimRequest *request;
	ScimStore *store;
	const ScimResourceType *type;
	const ScimWire *characters;     /* which are others in what is stored, or NULL */
	const char *id;                 /* of the resource that the path names */
	const ScimFlatUnnamed *unnamed; /* of each field, where a body says such; or NULL */
	const ScimResource *resource;   /* as it is now, or was, or NULL */
	const JsonbValue *item;         /* the same as the endpoint shows it, once made */
	const char *tag;                /* the entity-tag of that */
	const JsonbValue *result;       /* what else the action has to say, or NULL */
} ScimFlatCall;

/* What an endpoint does: a row of the table in flat_action.c. */
typedef struct ScimAction
{
	const char *name;
	void (*perform)(ScimFlatCall *call, ScimAnswer *answer);
	/* what a step of the life-cycle performs */
	ScimResource *(*step)(ScimStore *store, const ScimResourceType *type, const char *id,
						  const ScimPreconditions *conditions);
	bool of_resource; /* of one that is there, which the path names */
	bool takes_body;
	bool writes;
	bool removes;  /* it is not there afterwards */
	bool of_users; /* the life-cycle: only who can be active has it */
	int status;
} ScimAction;

typedef struct ScimSegment
{
	const char *literal; /* in any letter case; NULL: the parameter */
} ScimSegment;

struct ScimEndpoint
{
	const ScimEndpointRow *row;
	const char *problem;                /* why it cannot work, or NULL */
	const char *problem_place;          /* where in the row, as a JSON pointer */
	const ScimEndpointRow *problem_row; /* whose setting that is */
	const char
		*unfit; /* what is refused when it is written, and served without, or NULL */
	const char *unfit_place;
	const ScimEndpointRow *unfit_row;
	const ScimAction *action;
	const ScimResourceType *type;
	const char *shape; /* its path; equal where two share it */
	int nsegments;
	ScimSegment *segments;
	const char *parameter; /* what stands in the braces, or NULL */
	List *keys;            /* of char *: the attributes that it may be, in order */
	bool shadows;          /* goes before an endpoint of SCIM at the same path */

	int nfields;
	ScimFlatField *fields;
	int nconstants;
	ScimFlatConstant *constants;
	const ScimProjection *projection; /* what its fields need */
	bool ignores_unknown;
	bool shows_null;

	int status;             /* 0: that of the action */
	const JsonbValue *body; /* a template; NULL: that of the action */
	const char *media_type;
	const JsonbValue *error_body;
	const JsonbValue *error_status; /* an object of numbers, or NULL */
	const JsonbValue *error_types;  /* an object of strings, or NULL */
	ScimListSettings list;

	/* of a recovery code */
	const char *code_field;  /* the transient field that holds it */
	int64 valid_minutes;     /* for how long it is good */
	bool reveals;            /* the answer shows it */
	ScimBoundFilter *reveal; /* but to whom matches this only, or NULL */
};

/* A request that is for endpoints of one's own. */
struct ScimFlat
{
	const ScimEndpoint *endpoint; /* by path and method, or NULL */
	const ScimEndpoint *nearest;  /* the one whose form errors have */
	const char *allow;            /* the methods of the path; NULL: nobody has it */
	const char *argument;         /* what stands in the place of the parameter */
	const char *query;
	const char *trace_id;
	char id[37]; /* what the path has led to, or "" */
};

/* flat_action.c */
extern const ScimAction *ScimActionFind(const char *name);
extern const char *ScimActionNames(void);

/* flat.c */
extern int ScimFlatStatus(const ScimEndpoint *endpoint, const JsonbValue **template);
extern bool ScimFlatIsErrorName(const char *name);
extern bool ScimFlatStatusArrives(int status);
extern const char *ScimFlatStatusNames(void);
extern const char *ScimFlatErrorFault(const ScimEndpoint *endpoint);
extern void ScimFlatServe(ScimRequest *request, ScimAnswer *answer);
extern void ScimFlatFinish(const ScimRequest *request, ScimAnswer *answer);

/* flat_list.c */
extern const ScimFlatField *
ScimFlatSortField(const ScimEndpoint *endpoint, const char *text, bool *descending);
extern void ScimFlatList(ScimFlatCall *call, ScimAnswer *answer);
extern const char *ScimFlatLookUp(const ScimFlatCall *call, const ScimResourceType *type);
extern const char *ScimFlatWhere(const char *where, const char *parameter,
								 const char *argument, StringInfo out, bool *used);

/* flat_field.c */
extern ScimBoundFilter *
ScimFlatBindSelection(const ScimRegistry *registry, const ScimResourceType *type,
					  const ScimFlatPath *path, ScimProblem **problem);
extern const ScimEndpoint *ScimFlatForStored(const ScimFlatCall *call);
extern const ScimAttribute *ScimFlatLeaf(const ScimFlatPath *path);
extern bool ScimFlatIsMembers(const ScimEndpoint *endpoint, const ScimResolved *resolved);
extern bool
ScimFlatSameValue(const ScimFlatPath *path, const JsonbValue *a, const JsonbValue *b);
extern const ScimFlatField *
ScimFlatFieldByName(const ScimEndpoint *endpoint, const char *name);
extern bool ScimFlatIsUnnamed(const ScimEndpoint *endpoint, const JsonbValue *body);
extern const ScimFlatUnnamed *
ScimFlatUnnamedOf(const ScimFlatCall *call, const JsonbValue *document);
extern const JsonbValue *ScimFlatStored(const ScimFlatField *field,
										const JsonbValue *outside, ScimErrorKind error);
extern const JsonbValue *ScimFlatSaid(const ScimFlatCall *call,
									  const ScimFlatField *field, const JsonbValue *said);
extern const JsonbValue *
ScimFlatValueAt(const JsonbValue *document, const ScimFlatPath *path, bool one);
extern const JsonbValue *
ScimFlatGiven(const ScimFlatField *field, const JsonbValue *body);
extern const JsonbValue *ScimFlatItemField(const JsonbValue *item, const char *name);
extern const JsonbValue *ScimFlatDocument(const ScimFlatCall *call,
										  const ScimResource *resource, const char **tag);
extern bool ScimFlatIsShown(const ScimFlatCall *call, const ScimFlatField *field,
							const JsonbValue *document, const JsonbValue *said);
extern JsonbValue *
ScimFlatShow(const ScimFlatCall *call, const ScimResource *resource, const char **tag);
extern void ScimFlatCheckBody(const ScimFlatCall *call, const ScimRules *rules,
							  const JsonbValue *body, bool whole);
extern const JsonbValue *
ScimFlatTransient(const ScimEndpoint *endpoint, const JsonbValue *body);

/* flat_operations.c */
extern JsonbValue *
ScimFlatOperations(const ScimFlatCall *call, const JsonbValue *body, bool whole);
extern JsonbValue *ScimFlatWithConstants(const ScimFlatCall *call, const JsonbValue *body,
										 const JsonbValue *operations);

/* flat_words.c */
extern const char *ScimFlatWords(const ScimEndpoint *endpoint, const char *message,
								 const char *about, const char *id, const char *argument);

/* flat_agree.c */
extern void ScimFlatCheckAgreement(const ScimFlatCall *call, const JsonbValue *body);

/* flat_template.c: NULL where there is nothing of that name */
typedef const JsonbValue *(*ScimPlace)(void *context, const char *name);
extern JsonbValue *
ScimTemplateFill(const JsonbValue *template, ScimPlace place, void *context);
extern const char *
ScimTemplateCheck(const JsonbValue *template,
				  bool (*known)(void *context, const char *name), void *context);

#endif /* SCIM_FLAT_H */
