/*
 * wire.h
 *		The policy "wire": how resources of a type look to clients of SCIM.
 *
 * What is stored stays canonical.  What a client sends is brought into that form
 * before anything else sees it, and what is answered is brought out of it last:
 *
 *		wire_name.c		names of attributes in paths, filters and lists of attributes
 *		wire_value.c	bodies, operations of a PATCH, answers
 *
 * Pure functions: who "identifier" stands for is known to src/query/lookup.c.
 */
#ifndef SCIM_WIRE_H
#define SCIM_WIRE_H

#include "postgres.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"

#include "filter/filter.h"
#include "schema/schema.h"

/* Another name of an attribute. */
typedef struct ScimWireAlias
{
	const char *text;            /* the alias as a path */
	const ScimSchema *extension; /* in whose object it stands, or NULL */
	const char *name;            /* its key there */
	const char *sub;             /* the key within that, or NULL */
	const char *target;          /* the path of the attribute */
	ScimResolved resolved;       /* the same */
	bool answers;                /* answers have the alias, too */
} ScimWireAlias;

/* An extension whose object stands in that of another one. */
typedef struct ScimWireNested
{
	const ScimSchema *inner;
	const ScimSchema *outer;
} ScimWireNested;

typedef struct ScimWireReplacement
{
	const char *from;
	const char *to;
} ScimWireReplacement;

/* Characters that are others in what is stored of an attribute. */
typedef struct ScimWireCharacters
{
	ScimResolved resolved; /* of a string; sub "value" where that is meant */
	List *in;              /* of ScimWireReplacement *, longest first: before storing */
	List *out;             /* for answers */
} ScimWireCharacters;

/* What a reference may be written as. */
typedef struct ScimWireKind
{
	const char *name; /* as the attribute of the group says */
	const char *path; /* of the type that is referred to; "id" */
	ScimResolved resolved;
	bool is_id;
} ScimWireKind;

/* By what members of a group are named. */
typedef struct ScimWireIdentifier
{
	const ScimAttribute *attribute;
	const char *type_name; /* of the resources that are named */
	int nkinds;
	ScimWireKind *kinds;
	int by_default;      /* of kinds */
	const char *by_path; /* the attribute that says which, or NULL: the default */
	ScimResolved by;
} ScimWireIdentifier;

/*
 * A type of resources whose names have other characters: members and groups show and
 * compare these as "display", which is displayName or else userName (ScimWireOthers).
 */
typedef struct ScimWireOther
{
	const ScimResourceType *type;
	const struct ScimWire *wire;
	ScimResolved display_name; /* no attribute: the type has none */
	ScimResolved user_name;
	const char *location; /* with what "$ref" of one begins */
} ScimWireOther;

typedef struct ScimWire
{
	const ScimResourceType *type;
	List *aliases;    /* of ScimWireAlias * */
	List *plain;      /* of ScimResolved * */
	List *nested;     /* of ScimWireNested * */
	List *characters; /* of ScimWireCharacters * */
	bool colons;      /* a colon is as good as the dot before a sub-attribute */
	bool bare_operation;
	ScimWireIdentifier *identifier; /* or NULL */
	List *others;  /* of ScimWireOther *: whose names its members and groups show */
	bool answers;  /* answers differ from what is stored, but for identifiers */
	uint64 digest; /* of all settings */
} ScimWire;

/* wire_name.c */
extern bool
ScimWireResolve(const ScimResourceType *type, const char *path, ScimResolved *resolved);
extern const ScimWireAlias *ScimWireFindAlias(const ScimWire *wire, const char *name);
extern const char *ScimWireName(const ScimWire *wire, const char *name);
extern const ScimWireAlias *ScimWirePathAlias(const ScimWire *wire, const char *path);
extern const ScimWireAlias *
ScimWireListAlias(const ScimWire *wire, const char *path, const char **list);
extern List *ScimWireNames(const ScimWire *wire, List *names);
extern const char *ScimWireReplace(const List *replacements, const char *text);
extern const char *ScimWireSpelled(const List *replacements, const char *text);

extern const char *
ScimWireStored(const ScimWire *wire, const ScimResolved *resolved, const char *text);
extern const char *
ScimWireShown(const ScimWire *wire, const ScimResolved *resolved, const char *text);

extern const char *ScimWireDisplay(const List *others, const ScimResourceType *type,
								   bool is_user_name, const char *text);

/*
 * The id that an identifier of a kind stands for; NULL: nobody has it.  Where several
 * have it, it raises that or, if it may be in doubt, returns ScimWireDoubt.
 */
typedef const char *(*ScimWireLookup)(void *context, const ScimWireKind *kind,
									  const char *identifier, bool may_doubt);
extern const char ScimWireDoubt[];
/* How a filter is to be read. */
typedef struct ScimWireReading
{
	const ScimWire *wire;
	const ScimWireKind *kind; /* of the group at hand; NULL: of whichever */
	ScimWireLookup lookup;
	void *context;
	/*
	 * Of all groups: set where what groups of some kind are asked for is in doubt.  wide:
	 * the filter finds all that it may be meant to find, and otherwise what it surely is.
	 */
	bool *doubts;
	bool wide;
} ScimWireReading;
extern const char *
ScimWireFilter(const ScimWireReading *reading, const char *parent, const char *text);
extern const char *ScimWirePath(const ScimWireReading *reading, const char *text);

/* wire_value.c */
extern void ScimWireCharactersIn(const ScimWire *wire, JsonbValue *document);
extern void ScimWireCharactersOut(const ScimWire *wire, JsonbValue *document);
extern const JsonbValue *
ScimWireValueStored(const ScimWire *wire, const ScimResolved *resolved,
					const JsonbValue *value);
extern const JsonbValue *
ScimWireValueShown(const ScimWire *wire, const ScimResolved *resolved,
				   const JsonbValue *value);
extern const ScimWireKind *ScimWireKindOf(const ScimWire *wire, const JsonbValue *said);
extern const JsonbValue *
ScimWireKindSaid(const ScimWire *wire, const JsonbValue *document);
extern void ScimWireDocumentIn(const ScimWire *wire, JsonbValue *document);
extern JsonbValue *
ScimWireOperationsIn(const ScimWireReading *reading, const JsonbValue *operations);
extern void ScimWireDocumentOut(const ScimWire *wire, JsonbValue *document);

#endif /* SCIM_WIRE_H */
