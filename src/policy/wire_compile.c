/*
 * wire_compile.c
 *		The settings of the policy "wire" in the form that the others take, or what
 *		is wrong with them.
 */
#include "postgres.h"

#include "common/hashfn.h"

#include "json/json.h"
#include "path/path.h"
#include "policy/kinds.h"
#include "policy/wire/wire.h"
#include "text/fold.h"

/* More than these would slow down each request. */
#define MAX_RULES 1000
/* Each makes a filter about members so many times as long. */
#define MAX_KINDS 16

typedef struct Compile
{
	const ScimRegistry *registry;
	const ScimResourceType *type;
	ScimWire *wire;
	bool strict;       /* see ScimStatusRows */
	const char *fault; /* the first one */
} Compile;

typedef void (*CompileSetting)(Compile *c, const JsonbValue *value);

static void
fail(Compile *c, const char *place, const char *format, ...) pg_attribute_printf(3, 4);

static void
fail(Compile *c, const char *place, const char *format, ...)
{
	va_list args;

	if (c->fault != NULL)
		return;
	va_start(args, format);
	c->fault =
		psprintf("has a wrong setting \"%s\": %s", place, ScimFormat(format, args));
	va_end(args);
}

/* Is it an object with members, and not of too many?  place NULL: a setting. */
static bool
require_object(Compile *c, const char *place, const JsonbValue *value)
{
	if (value->type != jbvObject)
		fail(c, place, "must be an object");
	else if (value->val.object.nPairs == 0)
		fail(c, place, "is empty");
	else if (value->val.object.nPairs > MAX_RULES)
		fail(c, place, "has more than %d members", MAX_RULES);
	return c->fault == NULL;
}

static bool
resolve(Compile *c, const char *place, const char *path, ScimResolved *resolved)
{
	if (path == NULL)
		fail(c, place, "must be the path of an attribute");
	else if (!ScimWireResolve(c->type, path, resolved))
		fail(c, place, "unknown attribute \"%s\" of resource type \"%s\"", path,
			 c->type->name);
	return c->fault == NULL;
}

static void
compile_bool(Compile *c, const char *name, const JsonbValue *value, bool *result)
{
	if (value->type != jbvBool)
		fail(c, name, "must be true or false");
	else
		*result = value->val.boolean;
}

/* ---- aliases ---- */

/* Takes the text of an alias apart: [urn ":"] name ["." sub]. */
static void
split_alias(Compile *c, ScimWireAlias *alias)
{
	const char *rest = alias->text;
	const char *dot;

	for (int i = -1; i < c->type->nextensions; i++)
	{
		const ScimSchema *schema =
			i < 0 ? c->type->schema : c->type->extensions[i].schema;
		size_t len = schema->id_len;

		if (strlen(rest) > len + 1 && rest[len] == ':' &&
			ScimNameEqualN(rest, len, schema->id, len))
		{
			alias->extension = i < 0 ? NULL : schema;
			rest += len + 1;
			break;
		}
	}
	dot = strrchr(rest, '.');
	if (dot != NULL && strchr(dot, ':') == NULL)
	{
		alias->name = pnstrdup(rest, dot - rest);
		alias->sub = dot + 1;
	}
	else
		alias->name = rest;
}

/* The same name in the same object, with the URN of its schema or without. */
static bool
is_same_alias(const ScimWireAlias *a, const ScimWireAlias *b)
{
	return a->extension == b->extension && ScimNameEqual(a->name, b->name) &&
		   (a->sub != NULL && b->sub != NULL ? ScimNameEqual(a->sub, b->sub)
											 : a->sub == b->sub);
}

static void
check_alias(Compile *c, const char *place, const ScimWireAlias *alias)
{
	ScimProblem *problem = NULL;
	ScimPath *path = ScimPathParse(alias->text, strlen(alias->text), &problem);
	const ScimResolved *resolved = &alias->resolved;
	ScimResolved taken;
	ListCell *lc;

	if (path == NULL || ScimPathFilter(path) != NULL)
		fail(c, place, "cannot be the name of an attribute");
	else if (ScimWireResolve(c->type, alias->text, &taken) ||
			 ScimResourceTypeSchema(c->type, alias->text, strlen(alias->text)) != NULL)
		fail(c, place, "is the name of an attribute already");
	else if (resolved->attribute->schema == NULL &&
			 strcmp(resolved->attribute->name, "externalId") != 0)
		fail(c, place, "attribute \"%s\" is the service's, and has no other name",
			 resolved->attribute->name);
	else if (alias->sub != NULL)
	{
		/* the object in which it stands is that of the attribute */
		if (resolved->sub == NULL || alias->extension != resolved->extension ||
			!ScimNameEqual(alias->name, resolved->attribute->name))
			fail(c, place, "must name a part of \"%s\" for what is in it", alias->name);
	}
	if (alias->answers &&
		(ScimIsSecret(ScimLeaf(resolved)) || ScimIsSecret(resolved->attribute)))
		fail(c, place, "attribute \"%s\" is never answered", alias->target);
	foreach (lc, c->wire->aliases)
	{
		const ScimWireAlias *other = lfirst(lc);

		if (ScimNameEqual(other->text, alias->text) ||
			(c->strict && is_same_alias(other, alias)))
			fail(c, place, "is there twice");
		else if (alias->answers && other->answers &&
				 memcmp(&other->resolved, resolved, sizeof(ScimResolved)) == 0)
			fail(c, place, "attribute \"%s\" has another name in answers already",
				 alias->target);
	}
}

static void
compile_alias(Compile *c, const char *name, const JsonbValue *value)
{
	const char *place = psprintf("aliases.%s", name);
	ScimWireAlias *alias = palloc0(sizeof(ScimWireAlias));
	const JsonbValue *target = value;

	alias->text = name;
	if (value->type == jbvObject)
	{
		target = ScimJsonGet(value, "attribute");
		for (int i = 0; i < value->val.object.nPairs; i++)
		{
			char *key = ScimJsonStringCopy(&value->val.object.pairs[i].key);

			if (strcmp(key, "answers") == 0)
				compile_bool(c, psprintf("%s.answers", place),
							 &value->val.object.pairs[i].value, &alias->answers);
			else if (strcmp(key, "attribute") != 0)
				fail(c, place, "unknown member \"%s\"", key);
		}
	}
	alias->target = target != NULL ? ScimJsonStringCopy(target) : NULL;
	if (!resolve(c, place, alias->target, &alias->resolved))
		return;
	split_alias(c, alias);
	check_alias(c, place, alias);
	c->wire->answers = c->wire->answers || alias->answers;
	c->wire->aliases = lappend(c->wire->aliases, alias);
}

static void
compile_aliases(Compile *c, const JsonbValue *value)
{
	if (!require_object(c, "aliases", value))
		return;
	for (int i = 0; i < value->val.object.nPairs && c->fault == NULL; i++)
		compile_alias(c, ScimJsonStringCopy(&value->val.object.pairs[i].key),
					  &value->val.object.pairs[i].value);
}

static void
compile_colons(Compile *c, const JsonbValue *value)
{
	compile_bool(c, "colons", value, &c->wire->colons);
}

/* ---- plain values, nested extensions, characters ---- */

static void
compile_plain(Compile *c, const JsonbValue *value)
{
	if (value->type != jbvArray || value->val.array.nElems == 0)
	{
		fail(c, "plain", "must be an array of attributes");
		return;
	}
	for (int i = 0; i < value->val.array.nElems && c->fault == NULL; i++)
	{
		const char *place = psprintf("plain[%d]", i);
		ScimResolved *resolved = palloc0(sizeof(ScimResolved));
		const ScimAttribute *attribute;
		const ScimAttribute *part;
		ListCell *lc;

		if (!resolve(c, place, ScimJsonStringCopy(&value->val.array.elems[i]), resolved))
			return;
		attribute = resolved->attribute;
		part = attribute->type == SCIM_TYPE_COMPLEX
				   ? ScimAttributeSub(attribute, "value", strlen("value"))
				   : attribute;
		if (resolved->sub != NULL || attribute->schema == NULL)
			fail(c, place, "attribute \"%s\" has no values of its own", attribute->name);
		else if (part == NULL || part->type == SCIM_TYPE_COMPLEX)
			fail(c, place, "attribute \"%s\" has no \"value\"", attribute->name);
		else if (ScimIsOfMemberships(c->type, attribute))
			fail(c, place, "attribute \"%s\" is derived from memberships",
				 attribute->name);
		foreach (lc, c->strict ? c->wire->plain : NIL)
		{
			if (((const ScimResolved *) lfirst(lc))->attribute == attribute)
				fail(c, place, "is there twice");
		}
		c->wire->plain = lappend(c->wire->plain, resolved);
		c->wire->answers = c->wire->answers || attribute->multi_valued;
	}
}

static const ScimSchema *
find_extension(Compile *c, const char *place, const char *urn)
{
	const ScimSchema *schema =
		urn != NULL ? ScimResourceTypeSchema(c->type, urn, strlen(urn)) : NULL;

	if (schema == NULL || schema == c->type->schema)
		fail(c, place, "must be the URN of an extension of \"%s\"", c->type->name);
	return schema;
}

static void
compile_nested(Compile *c, const JsonbValue *value)
{
	ListCell *lc;

	if (!require_object(c, "nested", value))
		return;
	for (int i = 0; i < value->val.object.nPairs && c->fault == NULL; i++)
	{
		char *urn = ScimJsonStringCopy(&value->val.object.pairs[i].key);
		const char *place = psprintf("nested.%s", urn);
		ScimWireNested *nested = palloc0(sizeof(ScimWireNested));

		nested->inner = find_extension(c, place, urn);
		nested->outer = find_extension(
			c, place, ScimJsonStringCopy(&value->val.object.pairs[i].value));
		foreach (lc, c->wire->nested)
		{
			const ScimWireNested *other = lfirst(lc);

			if (other->inner == nested->inner)
				fail(c, place, "is there twice");
			else if (other->outer == nested->inner || other->inner == nested->outer)
				fail(c, place, "stands in one that stands in another one");
		}
		if (nested->inner == nested->outer)
			fail(c, place, "cannot stand in itself");
		c->wire->nested = lappend(c->wire->nested, nested);
	}
	c->wire->answers = true;
}

static int
compare_replacements(const ListCell *a, const ListCell *b)
{
	const ScimWireReplacement *x = lfirst(a);
	const ScimWireReplacement *y = lfirst(b);
	size_t x_len = strlen(x->from);
	size_t y_len = strlen(y->from);

	return x_len != y_len ? (x_len < y_len) - (x_len > y_len) : strcmp(x->from, y->from);
}

/* {"@": "[at]"}, the longest first */
static List *
compile_replacements(Compile *c, const char *place, const JsonbValue *value)
{
	List *replacements = NIL;

	if (!require_object(c, place, value))
		return NIL;
	for (int i = 0; i < value->val.object.nPairs && c->fault == NULL; i++)
	{
		ScimWireReplacement *replacement = palloc0(sizeof(ScimWireReplacement));

		replacement->from = ScimJsonStringCopy(&value->val.object.pairs[i].key);
		replacement->to = ScimJsonStringCopy(&value->val.object.pairs[i].value);
		if (replacement->from[0] == '\0')
			fail(c, place, "nothing cannot be replaced");
		else if (replacement->to == NULL)
			fail(c, place, "\"%s\" must be replaced by a string", replacement->from);
		replacements = lappend(replacements, replacement);
	}
	list_sort(replacements, compare_replacements);
	return replacements;
}

/*
 * What is stored passes the replacements again with each write, and what is shown
 * comes back: neither may change anything.
 */
static void
check_round_trip(Compile *c, const char *place, const ScimWireCharacters *characters)
{
	ListCell *lc;

	foreach (lc, characters->in)
	{
		const ScimWireReplacement *in = lfirst(lc);

		if (strcmp(ScimWireReplaceAll(characters->in, in->to), in->to) != 0)
			fail(c, place, "\"%s\", which \"%s\" becomes, would be replaced again",
				 in->to, in->from);
	}
	foreach (lc, characters->out)
	{
		const ScimWireReplacement *out = lfirst(lc);

		if (strcmp(ScimWireReplaceAll(characters->in, out->to), out->from) != 0)
			fail(c, place, "\"%s\" is shown as \"%s\", which would not come back as it",
				 out->from, out->to);
	}
}

static void
compile_characters_of(Compile *c, const char *path, const JsonbValue *value)
{
	const char *place = psprintf("characters.%s", path);
	ScimWireCharacters *characters = palloc0(sizeof(ScimWireCharacters));
	ScimResolved *resolved = &characters->resolved;
	const JsonbValue *in;
	const JsonbValue *out;
	ListCell *lc;

	if (!resolve(c, place, path, resolved) || !require_object(c, place, value))
		return;
	if (resolved->sub == NULL && resolved->attribute->type == SCIM_TYPE_COMPLEX)
		resolved->sub = ScimAttributeSub(resolved->attribute, "value", strlen("value"));
	if (ScimIsOfMemberships(c->type, resolved->attribute) &&
		!ScimIsMembers(c->type, resolved->attribute))
	{
		/* what is stored has the others work, and no effect on these */
		if (c->strict)
			fail(c, place, "attribute \"%s\" is derived from memberships",
				 resolved->attribute->name);
		return;
	}
	if (ScimLeaf(resolved)->type != SCIM_TYPE_STRING ||
		ScimIsSecret(ScimLeaf(resolved)) || ScimIsSecret(resolved->attribute) ||
		ScimIsMembers(c->type, resolved->attribute) ||
		(resolved->attribute->schema == NULL &&
		 strcmp(resolved->attribute->name, "externalId") != 0))
		fail(c, place, "attribute \"%s\" is not a string whose characters can be others",
			 path);
	else if (c->strict &&
			 (ScimLeaf(resolved)->date || ScimLeaf(resolved)->pattern != NULL))
		fail(c, place,
			 "attribute \"%s\" has a format or a pattern, which other characters would "
			 "break",
			 path);
	foreach (lc, c->wire->characters)
	{
		if (memcmp(&((ScimWireCharacters *) lfirst(lc))->resolved, resolved,
				   sizeof(ScimResolved)) == 0)
			fail(c, place, "is there twice");
	}
	in = ScimJsonGet(value, "in");
	out = ScimJsonGet(value, "out");
	if ((in != NULL && in->type == jbvObject) || (out != NULL && out->type == jbvObject))
	{
		for (int i = 0; i < value->val.object.nPairs; i++)
		{
			const JsonbPair *pair = &value->val.object.pairs[i];

			if (&pair->value != in && &pair->value != out)
				fail(c, place, "unknown member \"%s\" beside \"in\" and \"out\"",
					 ScimJsonStringCopy(&pair->key));
		}
		if (in != NULL)
			characters->in = compile_replacements(c, psprintf("%s.in", place), in);
		if (out != NULL)
			characters->out = compile_replacements(c, psprintf("%s.out", place), out);
	}
	else
		characters->in = compile_replacements(c, place, value);
	if (c->fault == NULL)
		check_round_trip(c, place, characters);
	c->wire->answers = c->wire->answers || characters->out != NIL;
	c->wire->characters = lappend(c->wire->characters, characters);
}

static void
compile_characters(Compile *c, const JsonbValue *value)
{
	if (!require_object(c, "characters", value))
		return;
	for (int i = 0; i < value->val.object.nPairs && c->fault == NULL; i++)
		compile_characters_of(c, ScimJsonStringCopy(&value->val.object.pairs[i].key),
							  &value->val.object.pairs[i].value);
}

static void
compile_bare_operation(Compile *c, const JsonbValue *value)
{
	compile_bool(c, "bareOperation", value, &c->wire->bare_operation);
}

/* ---- identifier ---- */

static int
kind_by_name(const ScimWireIdentifier *identifier, const char *name)
{
	for (int i = 0; i < identifier->nkinds; i++)
	{
		if (strcmp(identifier->kinds[i].name, name) == 0)
			return i;
	}
	return -1;
}

static void
compile_kinds(Compile *c, const ScimResourceType *type, const JsonbValue *values,
			  ScimWireIdentifier *identifier)
{
	if (values == NULL || !require_object(c, "identifier.values", values))
	{
		fail(c, "identifier", "needs \"values\"");
		return;
	}
	if (values->val.object.nPairs > MAX_KINDS)
	{
		fail(c, "identifier.values", "has more than %d members", MAX_KINDS);
		return;
	}
	identifier->kinds = palloc0(values->val.object.nPairs * sizeof(ScimWireKind));
	for (int i = 0; i < values->val.object.nPairs; i++)
	{
		ScimWireKind *kind = &identifier->kinds[identifier->nkinds];
		const char *place;
		const ScimAttribute *leaf;

		kind->name = ScimJsonStringCopy(&values->val.object.pairs[i].key);
		place = psprintf("identifier.values.%s", kind->name);
		kind->path = ScimJsonStringCopy(&values->val.object.pairs[i].value);
		if (kind->path == NULL || !ScimWireResolve(type, kind->path, &kind->resolved))
		{
			fail(c, place, "must be an attribute of resource type \"%s\"", type->name);
			return;
		}
		if (kind->resolved.sub == NULL &&
			kind->resolved.attribute->type == SCIM_TYPE_COMPLEX)
			kind->resolved.sub =
				ScimAttributeSub(kind->resolved.attribute, "value", strlen("value"));
		leaf = ScimLeaf(&kind->resolved);
		kind->is_id = kind->resolved.attribute->schema == NULL &&
					  strcmp(kind->resolved.attribute->name, "id") == 0;
		if ((leaf->type != SCIM_TYPE_STRING && leaf->type != SCIM_TYPE_REFERENCE) ||
			ScimIsSecret(leaf) || ScimIsSecret(kind->resolved.attribute) ||
			(kind->resolved.attribute->schema == NULL && !kind->is_id &&
			 strcmp(kind->resolved.attribute->name, "externalId") != 0) ||
			strcmp(kind->resolved.attribute->name, "groups") == 0 ||
			(c->strict && ScimIsMembers(type, kind->resolved.attribute)))
			fail(c, place, "nobody can be found by attribute \"%s\"", kind->path);
		identifier->nkinds++;
	}
}

/* What says of which kind the identifiers of a group are: an attribute, or a kind. */
static void
compile_by(Compile *c, const JsonbValue *by, const JsonbValue *by_default,
		   ScimWireIdentifier *identifier)
{
	const char *constant = by != NULL ? ScimJsonStringCopy(by) : NULL;
	const char *text = by_default != NULL ? ScimJsonStringCopy(by_default) : NULL;
	const ScimAttribute *leaf;

	if (constant == NULL)
	{
		fail(c, "identifier.by", "must be an attribute of the group, or one of values");
		return;
	}
	identifier->by_default = kind_by_name(identifier, constant);
	if (identifier->by_default >= 0)
	{
		if (by_default != NULL)
			fail(c, "identifier.default", "is for nothing: \"by\" is the same for all");
		return;
	}
	if (!resolve(c, "identifier.by", constant, &identifier->by))
		return;
	leaf = ScimLeaf(&identifier->by);
	if (leaf->type != SCIM_TYPE_STRING || leaf->multi_valued ||
		identifier->by.attribute->multi_valued || ScimIsSecret(leaf))
		fail(c, "identifier.by", "attribute \"%s\" does not hold one string", constant);
	else if (c->strict && (leaf->returned == SCIM_RETURNED_REQUEST ||
						   identifier->by.attribute->returned == SCIM_RETURNED_REQUEST))
		fail(c, "identifier.by", "attribute \"%s\" is shown on request only", constant);
	identifier->by_path = constant;
	identifier->by_default = text != NULL ? kind_by_name(identifier, text) : -1;
	if (identifier->by_default < 0)
		fail(c, "identifier.default", "must be one of values");
}

static void
compile_identifier(Compile *c, const JsonbValue *value)
{
	static const char *const known[] = {"attribute", "by", "default", "values", "type"};
	ScimWireIdentifier *identifier = palloc0(sizeof(ScimWireIdentifier));
	const JsonbValue *setting;
	const ScimResourceType *type;
	ScimResolved resolved;

	if (!require_object(c, "identifier", value))
		return;
	for (int i = 0; i < value->val.object.nPairs; i++)
	{
		char *key = ScimJsonStringCopy(&value->val.object.pairs[i].key);
		size_t k = 0;

		while (k < lengthof(known) && strcmp(known[k], key) != 0)
			k++;
		if (k == lengthof(known))
			fail(c, "identifier", "unknown member \"%s\"", key);
	}
	if (c->wire->identifier != NULL)
		fail(c, "identifier", "is there twice");
	setting = ScimJsonGet(value, "attribute");
	if (!resolve(c, "identifier.attribute",
				 setting != NULL ? ScimJsonStringCopy(setting) : NULL, &resolved))
		return;
	if (!ScimIsMembers(c->type, resolved.attribute) ||
		(resolved.sub != NULL && strcmp(resolved.sub->name, "value") != 0))
		fail(c, "identifier.attribute", "must be the members of a group");
	identifier->attribute = resolved.attribute;
	setting = ScimJsonGet(value, "type");
	identifier->type_name = setting != NULL ? ScimJsonStringCopy(setting) : "User";
	type = identifier->type_name != NULL
			   ? ScimRegistryType(c->registry, identifier->type_name)
			   : NULL;
	if (type == NULL)
	{
		fail(c, "identifier.type", "must be the name of a resource type");
		return;
	}
	identifier->type_name = type->name;
	compile_kinds(c, type, ScimJsonGet(value, "values"), identifier);
	if (c->fault == NULL)
		compile_by(c, ScimJsonGet(value, "by"), ScimJsonGet(value, "default"),
				   identifier);
	c->wire->identifier = identifier;
}

static const struct
{
	const char *name;
	CompileSetting compile;
} settings[] = {
	{"aliases", compile_aliases},       {"colons", compile_colons},
	{"plain", compile_plain},           {"nested", compile_nested},
	{"characters", compile_characters}, {"bareOperation", compile_bare_operation},
	{"identifier", compile_identifier},
};

/* ScimWireCompile compiles a row of the policy "wire". */
void *
ScimWireCompile(const ScimRuleSource *source, const char **fault)
{
	ScimWire *wire = palloc0(sizeof(ScimWire));
	Compile c = {source->registry, source->type, wire, source->statuses->strict, NULL};
	char *settings_text;

	wire->type = source->type;
	for (size_t i = 0; i < lengthof(settings) && c.fault == NULL; i++)
	{
		const JsonbValue *value = ScimJsonGet(source->settings, settings[i].name);

		if (value != NULL)
			settings[i].compile(&c, value);
	}
	settings_text = ScimJsonText(source->settings);
	wire->digest = hash_bytes_extended((const unsigned char *) settings_text,
									   strlen(settings_text), 0);
	pfree(settings_text);
	*fault = c.fault;
	return wire;
}
