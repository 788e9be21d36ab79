/*
 * schema.h
 *		Schemas and resource types (RFC 7643 sections 2, 6 and 7), compiled.
 *
 * What is registered:
 *
 *		common.c		the attributes that every resource has
 *		ambiguous.c		a URN that is the name of an attribute, too
 *		attribute.c		attributes and schemas by name
 *		registry.c		the documents of a store's tables "schema" and
 *						"resource_type" -> ScimRegistry
 *		document.c		the documents checked before they are registered
 *		disclose.c		the document of a schema as discovery shows it
 *		resolve.c		attribute references -> ScimAttribute; the resolver
 *						that binds filters
 *		unknown.c		what becomes of attributes and schemas that a type has not
 *		membership.c	the resource type GroupMembership, which no table registers
 *		json_schema.c	a resource type as a JSON Schema; ecma.c, a pattern in it
 *
 * What a value is:
 *
 *		scalar.c		one value of a simple type
 *		pattern.c		the regular expression that it matches
 *
 * And of what is no resource: message.c, the members of SCIM's messages.
 *
 * Above it is canonical/, where documents become canonical, and are compared.
 *
 * Nothing here reads a table: a registry is built from documents that the
 * caller has fetched, lives in one memory context and never changes.
 */
#ifndef SCIM_SCHEMA_H
#define SCIM_SCHEMA_H

#include "postgres.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"

#include "error.h"
#include "filter/filter.h"
#include "text/fold.h"

#define SCIM_URN_USER "urn:ietf:params:scim:schemas:core:2.0:User"
#define SCIM_URN_GROUP "urn:ietf:params:scim:schemas:core:2.0:Group"
#define SCIM_URN_MEMBERSHIP "urn:ietf:params:scim:schemas:core:2.0:GroupMembership"
#define SCIM_MEMBERSHIP "GroupMembership"
#define SCIM_MEMBERSHIP_ENDPOINT "/GroupMemberships"

typedef enum ScimMutability
{
	SCIM_READ_ONLY,
	SCIM_READ_WRITE,
	SCIM_IMMUTABLE,
	SCIM_WRITE_ONLY
} ScimMutability;

typedef enum ScimReturned
{
	SCIM_RETURNED_ALWAYS,
	SCIM_RETURNED_NEVER,
	SCIM_RETURNED_DEFAULT,
	SCIM_RETURNED_REQUEST
} ScimReturned;

typedef enum ScimUniqueness
{
	SCIM_UNIQUENESS_NONE,
	SCIM_UNIQUENESS_SERVER,
	SCIM_UNIQUENESS_GLOBAL
} ScimUniqueness;

typedef struct ScimPattern ScimPattern;
typedef struct ScimAttribute ScimAttribute;
typedef struct ScimAttributeNames ScimAttributeNames;
typedef struct ScimRegistry ScimRegistry;
typedef struct ScimSchema ScimSchema;

struct ScimAttribute
{
	const char *name;        /* canonical spelling */
	const char *description; /* or NULL */
	ScimType type;
	ScimTypes types; /* of SCIM_TYPE_SEVERAL */
	bool date;       /* "format": "date" */
	bool multi_valued;
	bool required;
	bool case_exact;
	ScimMutability mutability;
	ScimReturned returned;
	ScimUniqueness uniqueness;
	bool sealed;            /* its values are kept sealed (canonical/sealed.c) */
	bool seals;             /* those of a sub-attribute are */
	List *canonical_values; /* of char * */
	List *reference_types;  /* of char * */
	ScimPattern *pattern;   /* that its strings match, or NULL */
	int nsubs;
	ScimAttribute *subs;
	const ScimAttributeNames *sub_names; /* of many, or NULL */
	const ScimAttribute *parent;         /* NULL for an attribute of a schema */
	const ScimSchema *schema;            /* NULL for id, externalId, meta and schemas */
	int name_len;
};

struct ScimSchema
{
	const char *id; /* URN */
	const char *name;
	int nattributes;
	ScimAttribute *attributes;
	const ScimAttributeNames *names; /* of many, or NULL */
	int id_len;
};

typedef struct ScimExtension
{
	const ScimSchema *schema;
	bool required;
} ScimExtension;

/* An attribute whose values are unique, as a place in a type's documents. */
typedef struct ScimUniqueAttribute
{
	const char *path;               /* as a client writes it: emails.value */
	const char *key;                /* what tells its values from those of others */
	bool of_all_tenants;            /* "global" */
	bool primary;                   /* of several values the primary one only */
	const ScimSchema *extension;    /* or NULL */
	const ScimAttribute *attribute; /* of the schema */
	const ScimAttribute *sub;       /* or NULL */
} ScimUniqueAttribute;

typedef struct ScimResourceType
{
	const char *id;
	const char *name;
	const char *endpoint; /* with the leading slash: /Users */
	const ScimSchema *schema;
	int nextensions;
	ScimExtension *extensions;
	const ScimSchema *common; /* schemas, id, externalId, meta: RFC 7643 section 3.1 */
	bool has_members;         /* core Group: members live in the table "member" */
	bool has_groups;          /* core User: groups are derived from it */
	bool has_password;        /* core User: a secret of it lives in "credential" */
	bool has_sealed;          /* attributes whose values are sealed */
	bool is_membership;       /* GroupMembership: rows of "member" (membership.c) */
	const ScimRegistry *registry; /* that it is in */
	int nunique;                  /* without userName of User, which has an index */
	ScimUniqueAttribute *unique;
} ScimResourceType;

struct ScimRegistry
{
	MemoryContext context;
	uint64 documents; /* a hash of those that it was made of */
	int users;        /* how many stores in the cache have it (store/store.c) */
	int nschemas;
	ScimSchema *schemas;
	int ntypes;
	ScimResourceType *types;
	/* beside these: whether it is served ScimRegistryMemberships says; or NULL */
	const ScimResourceType *memberships;
};

/* unknown.c: the setting unknown_attributes for a type, or NULL; is it "ignore"? */
extern bool ScimIgnoresUnknownAttributes(const ScimResourceType *type);
extern bool ScimRefusesUnknown(const ScimResourceType *type);
extern void ScimCheckSchemas(const ScimResourceType *type, const JsonbValue *schemas);
extern void
ScimCheckStatedSchemas(const ScimResourceType *type, const JsonbValue *document);

/* common.c: RFC 7643 section 3.1 */
extern const ScimSchema *ScimCommonSchema(void);
extern const ScimAttribute *
ScimCommonFault(const ScimSchema *schema, const ScimSchema *before);
extern bool ScimIsVersion(const ScimAttribute *attribute);

/* ambiguous.c */
extern const ScimAttribute *
ScimSchemaCalls(const ScimSchema *schema, bool is_base, const char *urn);

/* document.c: what is registered for a document, or an error */
extern JsonbValue *
ScimCheckSchemaDocument(const JsonbValue *document, const JsonbValue *before);
extern JsonbValue *
ScimCheckResourceTypeDocument(const JsonbValue *document, const JsonbValue *before);
/* disclose.c: the document of a schema as discovery shows it */
extern void ScimDiscloseSchema(JsonbValue *document, bool beyond);

/* registry.c */
extern const char *ScimTypeName(ScimType type);
extern ScimRegistry *
ScimRegistryBuild(MemoryContext parent, List *schemas, List *resource_types);
extern const ScimResourceType *
ScimRegistryType(const ScimRegistry *registry, const char *name);
extern const ScimResourceType *ScimRegistryMemberships(const ScimRegistry *registry);
extern const ScimResourceType *
ScimRegistryServed(const ScimRegistry *registry, const char *name);
extern const ScimResourceType *
ScimRegistryTypeByEndpoint(const ScimRegistry *registry, const char *endpoint,
						   size_t len);
extern const ScimSchema *
ScimRegistrySchema(const ScimRegistry *registry, const char *urn);

/* membership.c */
extern Jsonb *ScimMembershipSchema(void);
extern Jsonb *ScimMembershipType(void);

/* attribute.c */
extern const ScimAttributeNames *
ScimAttributeNamesMake(const ScimAttribute *attributes, int count);
extern const ScimAttribute *
ScimSchemaAttribute(const ScimSchema *schema, const char *name, size_t len);
extern const ScimAttribute *
ScimAttributeSub(const ScimAttribute *attribute, const char *name, size_t len);
extern bool ScimIsSecret(const ScimAttribute *attribute);
extern bool ScimIsUnseen(const ScimAttribute *attribute);
extern bool ScimHasUnseen(const ScimAttribute *attribute);
/* Is it "members" of a group, and is it that or "groups" of a user? */
extern bool ScimIsMembers(const ScimResourceType *type, const ScimAttribute *attribute);
extern bool
ScimIsOfMemberships(const ScimResourceType *type, const ScimAttribute *attribute);
extern bool ScimHasSealed(const ScimSchema *schema);
/* the base schema or an extension of a type, by URN, case-insensitively */
extern const ScimSchema *
ScimResourceTypeSchema(const ScimResourceType *type, const char *urn, size_t len);

/* resolve.c */
/* What a reference in a path or in "attributes" names, within a resource type. */
typedef struct ScimResolved
{
	const ScimSchema *extension;    /* not NULL: the attribute lives under this URN */
	const ScimAttribute *attribute; /* NULL: the whole schema is meant */
	const ScimAttribute *sub;       /* NULL: the whole attribute */
} ScimResolved;

/* ScimLeaf: the last part of what is named. */
static inline const ScimAttribute *
ScimLeaf(const ScimResolved *resolved)
{
	return resolved->sub != NULL ? resolved->sub : resolved->attribute;
}

/* resolve.c: how the strings of what is named compare */
extern ScimFolding ScimFoldingOf(const ScimResolved *resolved);

extern bool
ScimResolve(const ScimResourceType *type, const ScimAttrRef *ref, ScimResolved *resolved);

/*
 * The resolver for ScimFilterBind.  With a type, an unknown attribute is a
 * problem.  With type NULL, the attributes of all types of the registry are
 * known, and an unknown one is of type ANY, compared case-insensitively.
 */
typedef struct ScimResolveContext
{
	const ScimRegistry *registry;
	const ScimResourceType *type;
} ScimResolveContext;
extern ScimProblem *
ScimResolveForFilter(void *context, const ScimAttrRef *ref, const ScimAttrInfo *parent,
					 bool want_value, ScimAttrInfo *info);

/*
 * scalar.c: the canonical form of a value of a simple type, or of the simple type or
 * types of an attribute, into *canonical.  Returns NULL, or what the value should have
 * been ("a string").
 */
extern const char *
ScimCanonicaliseScalar(ScimType type, const JsonbValue *value, JsonbValue *canonical);
extern const char *ScimCanonicaliseSimple(const ScimAttribute *attribute,
										  const JsonbValue *value, JsonbValue *canonical);
/* Is it of this type, or is it one of its types? */
extern bool ScimHasType(const ScimAttribute *attribute, ScimType type);

/* pattern.c: regular expressions */
extern ScimPattern *ScimPatternMake(const char *text);
extern const char *ScimPatternFault(const char *text);
extern const char *ScimPatternText(const ScimPattern *pattern);
extern bool ScimPatternMatches(ScimPattern *pattern, const char *text, size_t len);

/* ecma.c: the same in the dialect of JSON Schema, or NULL where it has no word for it */
extern const char *ScimPatternAsEcma(const char *text);

/* Lengths that are no settings (resource/limits.c checks them). */
#define SCIM_MAX_KEY 1024      /* bytes of userName, externalId and displayName */
#define SCIM_MAX_PASSWORD 1024 /* bytes of a password that is prepared for SCRAM */

/* json_schema.c */
extern const char ScimDatetimePattern[]; /* as ECMA 262 has it */
extern const char ScimSeenPattern[];
extern bool ScimIsToBeSeen(const ScimAttribute *attribute);
extern int ScimMaxLength(const ScimResourceType *type, const ScimAttribute *attribute);
extern void
ScimJsonSchema(StringInfo out, const ScimResourceType *type, bool request, bool dialect);
extern const char *ScimJsonTypeName(ScimType type);

/* message.c; what names a message in the error */
extern void ScimCheckDistinctKeys(const JsonbValue *document, List **problems);
extern void ScimRequireDistinctKeys(const JsonbValue *document);
extern void ScimRequireShortNumbers(const JsonbValue *document, const char *what);
extern void ScimRequireKnownMembers(const JsonbValue *message, const char *const *known,
									const char *what);
extern const char *
ScimUnknownMessageMember(const JsonbValue *message, const char *const *known);
extern bool ScimMessageLacks(const JsonbValue *value);
extern bool ScimMessageInteger(const JsonbValue *value, int64 *integer);

/* Bytes of the endpoint of a new type: it stands in headers, Location for one. */
#define SCIM_MAX_TYPE_ENDPOINT 1024

#endif /* SCIM_SCHEMA_H */
