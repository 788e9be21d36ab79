/*
 * mapping.h
 *		Filters as SQL over an application's own tables, where a mapping says in which
 *		columns attributes live (doc/filters.md has its format).
 *
 *		mapping.c		jsonb -> ScimMapping; the resolver that binds a filter to it
 *		mapped.c		filter + ScimMapping -> SQL
 *		sql_emit.c		comparisons (sql_emit.h), for the rows of a store as well, the
 *						filters over which are above: predicate/
 *
 * A mapping has one part per attribute:
 *
 *		{"userName": "u.login"}
 *			one column, the part's own
 *		{"name.familyName": "u.surname", "name.givenName": "u.given"}
 *			part "name" with two columns of the same row
 *		{"emails": {"from": "app.email e", "where": "e.user_id = u.id",
 *		            "attributes": {"value": "e.address", "type": "e.kind"}}}
 *			part "emails" with two columns of the rows of another table
 *		{"addresses": {"expression": "u.addresses", "type": "jsonb"}}
 *			a column that holds the attribute's value in JSON
 */
#ifndef SCIM_MAPPING_H
#define SCIM_MAPPING_H

#include "filter/filter.h"
#include "nodes/pg_list.h"

typedef enum ScimColumnType
{
	SCIM_COLUMN_STRING,
	SCIM_COLUMN_BOOLEAN,
	SCIM_COLUMN_INTEGER,
	SCIM_COLUMN_DECIMAL,
	SCIM_COLUMN_DATETIME,
	SCIM_COLUMN_BINARY,
	SCIM_COLUMN_REFERENCE,
	SCIM_COLUMN_UUID,
	SCIM_COLUMN_CITEXT,
	SCIM_COLUMN_JSONB,
	SCIM_COLUMN_COMPLEX /* no column: the part as a whole */
} ScimColumnType;

typedef struct ScimMappedPart ScimMappedPart;

typedef struct ScimMappedColumn
{
	ScimColumnType type;
	bool case_exact;
	bool version;           /* meta.version */
	const char *name;       /* of the sub-attribute; "value" for a part's own column */
	const char *expression; /* binds as tightly as a column reference */
	const ScimMappedPart *part;
} ScimMappedColumn;

struct ScimMappedPart
{
	const char *extension;  /* URN, or NULL */
	const char *name;       /* attribute; NULL: the whole extension or document */
	const char *from;       /* FROM clause of another table, or NULL */
	const char *where;      /* its join with the row, or NULL */
	ScimMappedColumn whole; /* the part's own column, or of type COMPLEX */
	List *columns;          /* of ScimMappedColumn *, its own one included */
};

typedef struct ScimMapping
{
	ScimAttrResolver schema; /* says which attribute a name means */
	void *schema_context;
	List *parts;              /* of ScimMappedPart * */
	int nattributes;          /* in them, sub-attributes as well */
	ScimMappedPart *document; /* "*": all that no part has, or NULL */
} ScimMapping;

/* mapping.c */
extern ScimMapping *
ScimMappingRead(const Jsonb *jsonb, ScimAttrResolver schema, void *schema_context);
extern ScimProblem *
ScimMappingResolve(void *mapping, const ScimAttrRef *ref, const ScimAttrInfo *parent,
				   bool want_value, ScimAttrInfo *info);
/* mapped.c */
extern void
ScimMappedPredicate(StringInfo out, const ScimMapping *mapping, const ScimFilter *filter);

#endif /* SCIM_MAPPING_H */
