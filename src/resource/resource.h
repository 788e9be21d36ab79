/*
 * resource.h
 *		What happens to one resource's document, without any table.
 *
 *		prepare.c		a client's document -> what is stored of it
 *		stored.c		what is stored -> the document as everybody reads it
 *		limits.c		how much one resource may hold
 *		projection.c	attributes and excludedAttributes (section 3.9)
 *		render.c		the stored document -> JSON text
 *		version.c		entity-tags, made and compared
 *		readable.c		values of documents as values of SQL, for views
 *
 * Above it is patch/, what the operations of a PATCH do to one.
 */
#ifndef SCIM_RESOURCE_H
#define SCIM_RESOURCE_H

#include "postgres.h"
#include "datatype/timestamp.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"
#include "utils/uuid.h"

#include "json/json.h"
#include "schema/canonical/canonical.h"

/* The attributes that have a column of their own. */
typedef enum ScimKeyColumn
{
	SCIM_KEY_EXTERNAL_ID,
	SCIM_KEY_USER_NAME,
	SCIM_KEY_DISPLAY_NAME,
	SCIM_KEY_ACTIVE
} ScimKeyColumn;
#define SCIM_KEY_COLUMNS 4

typedef struct ScimKeyColumnInfo
{
	const char *column;
	const char *attribute;
} ScimKeyColumnInfo;
extern const ScimKeyColumnInfo ScimKeyColumnInfos[SCIM_KEY_COLUMNS];
/* Is this attribute, of a base schema or a common one, the one of the column? */
extern bool ScimIsKeyColumn(const ScimAttribute *attribute, ScimKeyColumn column);
/* Has the type the "active" that says whether a resource is in use, a boolean? */
extern bool ScimTypeHasActive(const ScimResourceType *type);

/*
 * A write, taken apart.  members and password do not live in the document:
 * has_members says that the client stated them (members NULL: none).
 */
typedef struct ScimPrepared
{
	JsonbValue *document;
	bool has_members;
	JsonbValue *members;  /* array of {value, type, ...}, or NULL */
	JsonbValue *password; /* string, or NULL */
} ScimPrepared;

/*
 * What somebody else does to a document that is canonical, before it is checked: it may
 * take problems of what it mends off the list, and append others.  Returns old_document
 * (or NULL) as it would be spelled now: what differs from it only so is no change.
 */
typedef const JsonbValue *(*ScimCompleteDocument)(void *arg, JsonbValue *document,
												  const JsonbValue *old_document,
												  List **problems);

extern JsonbValue *
ScimStoredToday(const ScimResourceType *type, const JsonbValue *document);
extern JsonbValue *ScimKnown(const ScimResourceType *type, JsonbValue *document);
extern bool
ScimPrepare(const ScimResourceType *type, const JsonbValue *document,
			const JsonbValue *old_document, int options, ScimCompleteDocument complete,
			void *arg, ScimPrepared *prepared, List **problems);
extern bool ScimStatesMembers(const ScimResourceType *type, const JsonbValue *document);

/* stored.c: type may be NULL, where it is not known */
extern bool
ScimIsKeptElsewhere(const ScimResourceType *type, const char *key, size_t len);
extern const char *
ScimStoredFault(const ScimResourceType *type, const JsonbValue *document, int index);
extern Jsonb *ScimStoredData(const ScimResourceType *type, const Jsonb *data);
extern JsonbValue *ScimStoredDocument(const ScimResourceType *type, const Jsonb *data);
extern Jsonb *
ScimStoredAsWritten(const ScimResourceType *type, const Jsonb *raw, const Jsonb *data);

/* limits.c */
extern void ScimCheckSent(const ScimResourceType *type, const JsonbValue *document,
						  const JsonbValue *old_document, int options, List **problems);
extern void ScimCheckLimits(const ScimResourceType *type, const JsonbValue *document,
							const JsonbValue *old_document, List **problems);
extern void ScimCheckSize(const ScimResourceType *type, const Jsonb *document,
						  const Jsonb *before, List **problems);
extern void ScimSpendDocument(const Jsonb *document);
extern bool ScimPasswordIsTooLong(const char *password, size_t len);

/*
 * Which attributes an answer holds: RFC 7644 section 3.9.  attributes and
 * excluded are lists of char *, at most one of them not NIL; an attribute that
 * the type does not know is passed over, since another type may know it.
 */
typedef struct ScimProjection ScimProjection;
extern List *ScimSplitAttributes(List *attributes, const char *text);
extern void ScimCheckAttributes(const List *attributes, const List *excluded);
extern bool
ScimIsNamed(const ScimRegistry *registry, const ScimResourceType *type, const char *name);
extern void ScimCheckNamed(const ScimRegistry *registry, const ScimResourceType *type,
						   const List *attributes, const List *excluded);
extern ScimProjection *
ScimProjectionMake(const ScimResourceType *type, List *attributes, List *excluded);
/* Would an answer hold this attribute of the base schema, or this part of it? */
extern bool ScimProjectionHas(const ScimProjection *projection, const char *attribute,
							  const char *sub);

/* Appends the JSON text of an attribute, projected already; false and nothing: none. */
typedef bool (*ScimDerive)(StringInfo out, void *arg);

typedef struct ScimRenderInput
{
	const ScimResourceType *type;
	const pg_uuid_t *id;
	const char *id_text; /* NULL: that of id */
	const Jsonb *data;
	int64 version;
	TimestampTz created;
	TimestampTz last_modified;
	const char *base_url;
	const char *borrowed; /* what data has of other resources; NULL: nothing */
	/* an attribute that is derived from rows; it may be long, and is not kept */
	const char *derived_name; /* NULL: none */
	ScimDerive derive;
	void *derive_arg;
} ScimRenderInput;
/* {base}/Users/{id}: meta.location (RFC 7643 section 3.1); base_url may be "" */
extern char *
ScimLocation(const char *base_url, const ScimResourceType *type, const char *id);
/* Returns the entity-tag, which is meta.version. */
extern char *ScimRender(StringInfo out, const ScimRenderInput *input,
						const ScimProjection *projection);
extern char *ScimRenderBinary(ScimJsonWriter *out, const ScimRenderInput *input,
							  const ScimProjection *projection);

/* W/"3", or with something derived or disclosed otherwise than by default W/"3.<digest>"
 */
extern char *ScimVersionTag(int64 version, const char *derived, const char *base_url,
							uint64 disclosure);
/* Does a body of this entity-tag show nothing but the stored document? */
extern bool ScimTagIsDated(const char *tag);
/* Does an If-Match or If-None-Match header name this version, or this very tag? */
extern bool ScimVersionMatches(const char *header, int64 version);
extern bool ScimTagMatches(const char *header, const char *tag);
/* Is a text "*" or a list of entity-tags; an error, which names it, where it is not. */
extern bool ScimTagsAreValid(const char *header);
extern void ScimTagsCheck(const char *name, const char *header);

#endif /* SCIM_RESOURCE_H */
