/*
 * projection.c
 *		attributes and excludedAttributes: RFC 7644 section 3.9.
 *
 * A projection is a list of paths, resolved against one resource type, and
 * whether they are what an answer holds or what it leaves out.  On top of it
 * stands what the schema says: "always" is always there, "never" never,
 * "request" only where it is named.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "path/path.h"
#include "resource/projection.h"
#include "resource/resource.h"
#include "utils/memutils.h"

/*
 * ScimSplitAttributes adds the attribute paths of a comma-separated text to a
 * list of char *.
 */
List *
ScimSplitAttributes(List *attributes, const char *text)
{
	while (*text != '\0')
	{
		const char *end = text + strcspn(text, ",");
		const char *last = end;

		CHECK_FOR_INTERRUPTS();
		while (*text == ' ')
			text++;
		while (last > text && last[-1] == ' ')
			last--;
		if (last > text)
			attributes = lappend(attributes, pnstrdup(text, last - text));
		text = *end == ',' ? end + 1 : end;
	}
	return attributes;
}

pg_noreturn static void
raise_filter(const char *name)
{
	ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
					errmsg("attribute \"%s\" must have no value filter here",
						   ScimPathShown(name))));
}

/* The path that a name of attributes or excludedAttributes is. */
static ScimPath *
parse_name(const char *name, bool is_excluded)
{
	ScimProblem *problem = NULL;
	ScimPath *path = ScimPathParse(name, strlen(name), &problem);

	/* where nothing unknown is let in, what is no name is no better than an unknown one
	 */
	if (path == NULL)
		ereport(ERROR, (ScimErr(ScimRefusesUnknown(NULL) ? SCIM_INVALID_SYNTAX
														 : SCIM_INVALID_VALUE),
						errmsg("invalid attribute \"%s\": %s", ScimPathShown(name),
							   problem->message)));
	/* emails[type eq "work"] is sent by some clients, for all e-mails: not to strict ones
	 */
	if (ScimPathFilter(path) != NULL &&
		(is_excluded || path->sub != 0 || ScimRefusesUnknown(NULL)))
		raise_filter(name);
	return path;
}

static void
check_names(const List *names, bool is_excluded)
{
	ListCell *lc;

	foreach (lc, names)
	{
		CHECK_FOR_INTERRUPTS();
		pfree(parse_name(lfirst(lc), is_excluded));
	}
}

/*
 * ScimCheckAttributes raises what is wrong with attributes and excludedAttributes,
 * whatever is shown in the end: they exclude each other (RFC 7644 section 3.9), and are
 * names of attributes.  Which there are differs from type to type.
 */
void
ScimCheckAttributes(const List *attributes, const List *excluded)
{
	if (attributes != NIL && excluded != NIL)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("\"attributes\" and \"excludedAttributes\" cannot be given "
						"together")));
	check_names(attributes, false);
	check_names(excluded, true);
}

/* ScimIsNamed: does a name mean something of a type, NULL: of any? */
bool
ScimIsNamed(const ScimRegistry *registry, const ScimResourceType *type, const char *name)
{
	ScimPath *path = parse_name(name, false);
	ScimAttrRef ref = ScimPathAttrRef(path);
	ScimResolved resolved;
	bool known = type != NULL && ScimResolve(type, &ref, &resolved);

	for (int i = 0; type == NULL && !known && i < registry->ntypes; i++)
		known = ScimResolve(&registry->types[i], &ref, &resolved);
	pfree(path);
	return known;
}

/*
 * ScimCheckNamed raises invalidSyntax where nothing unknown is let in
 * (ScimRefusesUnknown) and one of attributes or excludedAttributes is what resources of
 * the type, NULL: of any, do not have.
 */
void
ScimCheckNamed(const ScimRegistry *registry, const ScimResourceType *type,
			   const List *attributes, const List *excluded)
{
	ListCell *lc;

	if ((attributes == NIL && excluded == NIL) || !ScimRefusesUnknown(type))
		return;
	foreach (lc, attributes != NIL ? attributes : excluded)
	{
		CHECK_FOR_INTERRUPTS();
		if (!ScimIsNamed(registry, type, lfirst(lc)))
			ereport(ERROR,
					(ScimErr(SCIM_INVALID_SYNTAX),
					 errmsg("\"%s\" names the unknown attribute \"%s\"",
							attributes != NIL ? "attributes" : "excludedAttributes",
							ScimPathShown(lfirst(lc)))));
	}
}

static bool
is_listed(const List *paths, const ScimResolved *wanted)
{
	ListCell *lc;

	foreach (lc, paths)
	{
		const ScimResolved *path = lfirst(lc);

		if (path->extension == wanted->extension &&
			path->attribute == wanted->attribute && path->sub == wanted->sub)
			return true;
	}
	return false;
}

/* What some names mean, each once: there may be many more names than attributes. */
static List *
resolve_paths(const ScimResourceType *type, List *names, bool excluded)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext context =
		AllocSetContextCreate(caller, "scim attribute path", ALLOCSET_SMALL_SIZES);
	List *paths = NIL;
	ListCell *lc;

	foreach (lc, names)
	{
		const char *name = lfirst(lc);
		ScimPath *path;
		ScimAttrRef ref;
		ScimResolved resolved;

		CHECK_FOR_INTERRUPTS();
		MemoryContextSwitchTo(context);
		path = parse_name(name, excluded);
		ref = ScimPathAttrRef(path);
		if (ScimResolve(type, &ref, &resolved) && !is_listed(paths, &resolved))
		{
			ScimResolved *copy = MemoryContextAlloc(caller, sizeof(ScimResolved));

			/* a schema has no values that one could select */
			if (resolved.attribute == NULL && path->filter != 0)
				raise_filter(name);
			*copy = resolved;
			MemoryContextSwitchTo(caller);
			paths = lappend(paths, copy);
		}
		MemoryContextSwitchTo(caller);
		MemoryContextReset(context);
	}
	MemoryContextDelete(context);
	return paths;
}

ScimProjection *
ScimProjectionMake(const ScimResourceType *type, List *attributes, List *excluded)
{
	ScimProjection *projection = palloc0(sizeof(ScimProjection));

	projection->type = type;
	projection->only = attributes != NIL;
	projection->paths =
		resolve_paths(type, attributes != NIL ? attributes : excluded, attributes == NIL);
	projection->everything = attributes == NIL && excluded == NIL;
	return projection;
}

/* How the paths bear on an attribute or, sub not NULL, on a part of it. */
typedef enum Named
{
	NAMED_NOT,
	NAMED_PART, /* a sub-attribute of it is named */
	NAMED_WHOLE
} Named;

static Named
is_named(const ScimProjection *projection, const ScimAttribute *attribute,
		 const ScimAttribute *sub)
{
	Named named = NAMED_NOT;
	ListCell *lc;

	foreach (lc, projection->paths)
	{
		const ScimResolved *path = lfirst(lc);

		if (path->attribute == NULL)
		{
			/* a whole schema */
			const ScimSchema *schema =
				path->extension ? path->extension : projection->type->schema;

			if (attribute->schema == schema)
				return NAMED_WHOLE;
			continue;
		}
		if (path->attribute != attribute)
			continue;
		if (path->sub == NULL || path->sub == sub)
			return NAMED_WHOLE;
		if (sub == NULL)
			named = NAMED_PART;
	}
	return named;
}

/*
 * ScimProjectionTest says whether an answer holds an attribute (sub NULL) or a
 * sub-attribute of it.
 */
bool
ScimProjectionTest(const ScimProjection *projection, const ScimAttribute *attribute,
				   const ScimAttribute *sub)
{
	const ScimAttribute *tested = sub ? sub : attribute;
	Named named;

	switch (tested->returned)
	{
		case SCIM_RETURNED_NEVER:
			return false;
		case SCIM_RETURNED_ALWAYS:
			return true;
		case SCIM_RETURNED_DEFAULT:
		case SCIM_RETURNED_REQUEST:
			break;
	}
	if (projection->everything)
		return tested->returned == SCIM_RETURNED_DEFAULT;
	named = is_named(projection, attribute, sub);
	if (projection->only)
		return named != NAMED_NOT;
	return tested->returned == SCIM_RETURNED_DEFAULT && named != NAMED_WHOLE;
}

/* ScimProjectionAttribute finds an attribute of the type, or one that all have; or NULL.
 */
const ScimAttribute *
ScimProjectionAttribute(const ScimProjection *projection, const char *name)
{
	const ScimAttribute *found =
		ScimSchemaAttribute(projection->type->schema, name, strlen(name));

	if (found == NULL)
		found = ScimSchemaAttribute(projection->type->common, name, strlen(name));
	return found;
}

bool
ScimProjectionHas(const ScimProjection *projection, const char *attribute,
				  const char *sub)
{
	const ScimAttribute *found = ScimProjectionAttribute(projection, attribute);
	const ScimAttribute *found_sub = NULL;

	if (found == NULL)
		return false;
	if (sub != NULL)
	{
		found_sub = ScimAttributeSub(found, sub, strlen(sub));
		if (found_sub == NULL)
			return false;
	}
	return ScimProjectionTest(projection, found, found_sub);
}
