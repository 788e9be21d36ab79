/*
 * projection.c
 *		attributes and excludedAttributes: RFC 7644 section 3.9.
 *
 * A projection is what paths name, resolved against one resource type, and
 * whether it is what an answer holds or what it leaves out.  On top of it
 * stands what the schema says: "always" is always there, "never" never,
 * "request" only where it is named.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "path/path.h"
#include "resource/projection.h"
#include "resource/resource.h"
#include "text/hash.h"
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

static uint32
hash_of(const void *named)
{
	return ScimHash(&named, sizeof(named));
}

static bool
is_listed(const List *list, const ScimBuckets *buckets, const void *named)
{
	if (list == NIL)
		return false;
	for (int at = ScimBucketsFirst(buckets, hash_of(named)); at >= 0;
		 at = ScimBucketsNext(buckets, at))
	{
		if (list_nth(list, ScimBucketsItem(buckets, at)) == named)
			return true;
	}
	return false;
}

static void
list_once(List **list, ScimBuckets *buckets, const void *named)
{
	if (is_listed(*list, buckets, named))
		return;
	if (*list == NIL)
		ScimBucketsInit(buckets, 0);
	ScimBucketsAdd(buckets, hash_of(named), list_length(*list));
	*list = lappend(*list, (void *) named);
}

static void
add_path(ScimProjection *projection, const ScimResolved *path)
{
	const void *named = path->extension ? path->extension : projection->type->schema;

	if (path->attribute != NULL)
		named = ScimLeaf(path);
	list_once(&projection->named, &projection->by_named, named);
	if (path->sub != NULL)
		list_once(&projection->in_part, &projection->by_in_part, path->attribute);
}

/* Adds what some names mean: there may be many more names than attributes. */
static void
add_names(ScimProjection *projection, List *names)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext context =
		AllocSetContextCreate(caller, "scim attribute path", ALLOCSET_SMALL_SIZES);
	ListCell *lc;

	foreach (lc, names)
	{
		const char *name = lfirst(lc);
		ScimPath *path;
		ScimAttrRef ref;
		ScimResolved resolved;

		CHECK_FOR_INTERRUPTS();
		MemoryContextSwitchTo(context);
		path = parse_name(name, !projection->only);
		ref = ScimPathAttrRef(path);
		if (ScimResolve(projection->type, &ref, &resolved))
		{
			/* a schema has no values that one could select */
			if (resolved.attribute == NULL && path->filter != 0)
				raise_filter(name);
			MemoryContextSwitchTo(caller);
			add_path(projection, &resolved);
		}
		MemoryContextSwitchTo(caller);
		MemoryContextReset(context);
	}
	MemoryContextDelete(context);
}

ScimProjection *
ScimProjectionMake(const ScimResourceType *type, List *attributes, List *excluded)
{
	ScimProjection *projection = palloc0(sizeof(ScimProjection));

	projection->type = type;
	projection->only = attributes != NIL;
	projection->everything = attributes == NIL && excluded == NIL;
	add_names(projection, attributes != NIL ? attributes : excluded);
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
	const List *named = projection->named;
	const ScimBuckets *by_named = &projection->by_named;

	if (is_listed(named, by_named, attribute) ||
		(sub != NULL && is_listed(named, by_named, sub)) ||
		(attribute->schema != NULL && is_listed(named, by_named, attribute->schema)))
		return NAMED_WHOLE;
	return sub == NULL &&
				   is_listed(projection->in_part, &projection->by_in_part, attribute)
			   ? NAMED_PART
			   : NAMED_NOT;
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
