/*
 * wire_name.c
 *		The policy "wire" for names of attributes: in filters, paths, sortBy and lists
 *		of attributes.
 *
 * What cannot be read here is left as it is, for whoever reads it next to say what is
 * wrong with it.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "json/json.h"
#include "path/path.h"
#include "policy/wire/wire.h"
#include "text/fold.h"
#include "text/utf8.h"

typedef const char *(*Replace)(const List *replacements, const char *text);

/* ScimWireResolve finds the attribute at a path without a filter; false: none. */
bool
ScimWireResolve(const ScimResourceType *type, const char *path, ScimResolved *resolved)
{
	ScimProblem *problem = NULL;
	ScimPath *parsed = ScimPathParse(path, strlen(path), &problem);
	ScimAttrRef ref;

	memset(resolved, 0, sizeof(ScimResolved));
	if (parsed == NULL || ScimPathFilter(parsed) != NULL)
		return false;
	ref = ScimPathAttrRef(parsed);
	return ScimResolve(type, &ref, resolved) && resolved->attribute != NULL;
}

/* ScimWireReplace returns a text with the characters of some others; text, if none. */
const char *
ScimWireReplace(const List *replacements, const char *text)
{
	StringInfoData out;

	if (replacements == NIL)
		return text;
	initStringInfo(&out);
	while (*text != '\0')
	{
		const ScimWireReplacement *found = NULL;
		ListCell *lc;

		foreach (lc, replacements)
		{
			const ScimWireReplacement *replacement = lfirst(lc);

			if (strncmp(text, replacement->from, strlen(replacement->from)) == 0)
			{
				found = replacement;
				break;
			}
		}
		if (found == NULL)
		{
			appendStringInfoChar(&out, *text++);
			continue;
		}
		appendStringInfoString(&out, found->to);
		text += strlen(found->from);
	}
	return out.data;
}

/*
 * ScimWireSpelled is ScimWireReplace of a value: where nothing would be left that one
 * could see, it stays as it is.  A policy about characters takes nobody's name away, and
 * a filter that asks for such a text does not ask for those who have none.
 */
const char *
ScimWireSpelled(const List *replacements, const char *text)
{
	const char *spelled = ScimWireReplace(replacements, text);

	return ScimTextIsBlank(spelled, strlen(spelled)) ? text : spelled;
}

/* ScimWireFindAlias finds an alias by its name, or returns NULL. */
const ScimWireAlias *
ScimWireFindAlias(const ScimWire *wire, const char *name)
{
	const ScimSchema *base = wire->type->schema;
	ListCell *lc;

	/* the URN of the base schema may stand before its attributes */
	if (ScimNameEqualN(name, Min(strlen(name), base->id_len), base->id, base->id_len) &&
		name[base->id_len] == ':')
		name += base->id_len + 1;
	foreach (lc, wire->aliases)
	{
		const ScimWireAlias *alias = lfirst(lc);

		if (ScimNameEqual(alias->text, name))
			return alias;
	}
	return NULL;
}

/* "urn:outer:urn:inner" is the inner extension, where that is nested in the outer one. */
static const char *
unnested_name(const ScimWire *wire, const char *name)
{
	ListCell *lc;

	foreach (lc, wire->nested)
	{
		const ScimWireNested *nested = lfirst(lc);
		size_t outer = nested->outer->id_len;
		size_t inner = nested->inner->id_len;

		if (strlen(name) > outer + inner &&
			ScimNameEqualN(name, outer, nested->outer->id, outer) &&
			(name[outer] == ':' || name[outer] == '.') &&
			ScimNameEqualN(name + outer + 1, inner, nested->inner->id, inner))
			return name + outer + 1;
	}
	return name;
}

/* A path without the spaces that may stand around it. */
static const char *
trimmed(const char *path)
{
	size_t len;

	path += strspn(path, " ");
	len = strlen(path);
	while (len > 0 && path[len - 1] == ' ')
		len--;
	return path[len] == '\0' ? path : pnstrdup(path, len);
}

/* A path with a colon behind the URN of a schema, where a dot will do as well. */
static const char *
with_colon(const ScimWire *wire, const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot != NULL && ScimResourceTypeSchema(wire->type, name, dot - name) != NULL
			   ? psprintf("%.*s:%s", (int) (dot - name), name, dot + 1)
			   : name;
}

/* The alias that a path names. */
static const ScimWireAlias *
alias_of(const ScimWire *wire, const char *name)
{
	const ScimWireAlias *alias = ScimWireFindAlias(wire, name);

	return alias != NULL ? alias : ScimWireFindAlias(wire, with_colon(wire, name));
}

/*
 * The path of the attribute of which a part may be named behind an alias, or NULL.  One
 * of a list's part stands for the list; one of a part within that does not.
 */
static const char *
attribute_path(const ScimWireAlias *alias)
{
	const ScimResolved *resolved = &alias->resolved;

	if (resolved->sub == NULL)
		return alias->target;
	if (alias->sub != NULL || !resolved->attribute->multi_valued)
		return NULL;
	return psprintf("%s%s%s", resolved->extension ? resolved->extension->id : "",
					resolved->extension ? ":" : "", resolved->attribute->name);
}

/*
 * The path of a part that is named behind its attribute, where one of them has another
 * name, or both; NULL: neither.
 */
static const char *
part_name(const ScimWire *wire, const char *name)
{
	const char *last = strrchr(name, '.');
	const char *path = NULL;
	const ScimWireAlias *alias;
	const char *head;
	ScimResolved resolved;
	ListCell *lc;

	if (last == NULL || wire->aliases == NIL)
		return NULL;
	head = pnstrdup(name, last - name);
	alias = alias_of(wire, head);
	if (alias != NULL)
	{
		path = attribute_path(alias);
		if (path == NULL)
			return NULL;
		resolved = alias->resolved;
	}
	else if (!ScimWireResolve(wire->type, head, &resolved) || resolved.sub != NULL)
		return NULL;
	foreach (lc, wire->aliases)
	{
		alias = lfirst(lc);
		if (alias->sub != NULL && alias->resolved.attribute == resolved.attribute &&
			ScimNameEqual(alias->sub, last + 1))
			return psprintf("%s.%s", path != NULL ? path : head,
							alias->resolved.sub->name);
	}
	return path != NULL ? psprintf("%s%s", path, last) : NULL;
}

/*
 * ScimWireName returns the path of the attribute that a name of the wire means.  What
 * has no other name is returned as it is.
 */
const char *
ScimWireName(const ScimWire *wire, const char *name)
{
	const ScimWireAlias *alias;
	ScimResolved resolved;
	const char *part;
	const char *last;

	name = unnested_name(wire, trimmed(name));
	part = part_name(wire, name);
	if (part != NULL)
		return part;
	alias = alias_of(wire, name);
	if (alias != NULL)
		return alias->target;
	last = strrchr(name, ':');
	if (wire->colons && last != NULL && !ScimWireResolve(wire->type, name, &resolved))
	{
		char *dotted = psprintf("%.*s.%s", (int) (last - name), name, last + 1);
		const char *meant = ScimWireName(wire, dotted);

		if (ScimWireResolve(wire->type, meant, &resolved) && resolved.sub != NULL)
			return meant;
	}
	return name;
}

/* ScimWirePathAlias finds the alias that a path is, with nothing behind it; NULL: none.
 */
const ScimWireAlias *
ScimWirePathAlias(const ScimWire *wire, const char *path)
{
	return alias_of(wire, unnested_name(wire, trimmed(path)));
}

/*
 * ScimWireListAlias finds the alias of a part of a list that is named by a path, and the
 * path of the list for which it stands; NULL: there is none.
 */
const ScimWireAlias *
ScimWireListAlias(const ScimWire *wire, const char *path, const char **list)
{
	const ScimWireAlias *alias = ScimWirePathAlias(wire, path);
	const char *attribute =
		alias != NULL && alias->resolved.sub != NULL ? attribute_path(alias) : NULL;

	if (attribute == NULL)
		return NULL;
	*list = attribute;
	return alias;
}

/* The path that a name means which has a value filter behind it. */
static const char *
filtered_name(const ScimWire *wire, const char *name)
{
	const char *list;

	return ScimWireListAlias(wire, name, &list) != NULL
			   ? list
			   : with_colon(wire, ScimWireName(wire, name));
}

/*
 * ScimWireNames does so for each of a list.  An extension is named with those that
 * stand in it.
 */
List *
ScimWireNames(const ScimWire *wire, List *names)
{
	ScimWireReading reading = {.wire = wire};
	List *meant = NIL;
	ListCell *lc;

	foreach (lc, names)
	{
		const char *name = ScimWirePath(&reading, lfirst(lc));
		ListCell *inner;

		meant = lappend(meant, (void *) name);
		foreach (inner, wire->nested)
		{
			const ScimWireNested *nested = lfirst(inner);

			if (ScimNameEqual(nested->outer->id, name))
				meant = lappend(meant, (void *) nested->inner->id);
		}
	}
	return meant;
}

/* ---- filters ---- */

/* What stands in the place of the id where several have an identifier. */
const char ScimWireDoubt[] = "";

static void print_node(StringInfo out, const ScimWireReading *reading, const char *parent,
					   const ScimFilter *filter, uint32 index, bool in_and);

/*
 * The name of a node in the words of the schema; *path is its path from the top.  A
 * name within brackets, whose parent is given, stays within them.
 */
static const char *
node_name(const ScimWireReading *reading, const char *parent, const ScimFilter *filter,
		  const ScimFilterNode *node, const char **path)
{
	const char *urn = ScimFilterString(filter, node->urn);
	const char *name = ScimFilterString(filter, node->name);
	const char *sub = ScimFilterString(filter, node->sub);
	char *whole = psprintf("%s%s%s%s%s", urn ? urn : "", urn ? ":" : "", name,
						   sub ? "." : "", sub ? sub : "");
	size_t len;

	if (parent == NULL)
		return *path = node->kind == SCIM_NODE_VALUE_PATH
						   ? filtered_name(reading->wire, whole)
						   : ScimWireName(reading->wire, whole);
	len = strlen(parent);
	*path = ScimWireName(reading->wire, psprintf("%s.%s", parent, whole));
	if (ScimNameEqualN(*path, Min(strlen(*path), len), parent, len) &&
		(*path)[len] == '.')
		return *path + len + 1;
	return whole;
}

/* A text of an attribute with what all policies replace of it, in their order. */
static const char *
replaced(const ScimWire *wire, bool in, Replace replace, const ScimResolved *resolved,
		 const char *text)
{
	const ScimAttribute *sub = resolved->sub;
	ListCell *lc;

	if (wire == NULL || wire->characters == NIL || resolved->attribute == NULL)
		return text;
	if (sub == NULL && resolved->attribute->type == SCIM_TYPE_COMPLEX)
		sub = ScimAttributeSub(resolved->attribute, "value", strlen("value"));
	foreach (lc, wire->characters)
	{
		const ScimWireCharacters *characters = lfirst(lc);

		if (characters->resolved.attribute == resolved->attribute &&
			characters->resolved.sub == sub)
			text = replace(in ? characters->in : characters->out, text);
	}
	return text;
}

/*
 * ScimWireStored returns what is stored where an attribute is said to hold a text; wire
 * NULL: that.  Who compares what he is given with what is stored asks this first, or
 * ScimWireValueStored.
 */
const char *
ScimWireStored(const ScimWire *wire, const ScimResolved *resolved, const char *text)
{
	return replaced(wire, true, ScimWireSpelled, resolved, text);
}

/* What is stored of a part of a text: a blank is something there, and nothing is not. */
static const char *
stored_part(const ScimWire *wire, const ScimResolved *resolved, const char *text)
{
	const char *part = replaced(wire, true, ScimWireReplace, resolved, text);

	return part[0] != '\0' ? part : text;
}

/* ScimWireShown returns what is shown of a text that an attribute holds. */
const char *
ScimWireShown(const ScimWire *wire, const ScimResolved *resolved, const char *text)
{
	return replaced(wire, false, ScimWireSpelled, resolved, text);
}

/*
 * ScimWireDisplay returns what is shown of the name of a resource where it is the
 * "display" of a member or group; type NULL: it is not known what it is.
 */
const char *
ScimWireDisplay(const List *others, const ScimResourceType *type, bool is_user_name,
				const char *text)
{
	ListCell *lc;

	foreach (lc, others)
	{
		const ScimWireOther *other = lfirst(lc);

		if (other->type == type)
			return ScimWireShown(other->wire,
								 is_user_name ? &other->user_name : &other->display_name,
								 text);
	}
	return text;
}

/* Are these the members of a group that have other identifiers? */
static bool
is_identified(const ScimWire *wire, const ScimResolved *resolved)
{
	return wire->identifier != NULL && wire->identifier->attribute == resolved->attribute;
}

static bool
resolve_values(const ScimWire *wire, const char *path, ScimResolved *resolved)
{
	if (!ScimWireResolve(wire->type, path, resolved))
		return false;
	if (resolved->sub == NULL && resolved->attribute->type == SCIM_TYPE_COMPLEX)
		resolved->sub = ScimAttributeSub(resolved->attribute, "value", strlen("value"));
	return true;
}

static void
print_string(StringInfo out, const char *text)
{
	appendStringInfoChar(out, ' ');
	ScimJsonWriteString(out, text, strlen(text));
}

static void
print_literal(StringInfo out, const ScimWireReading *reading, const char *path,
			  const ScimFilter *filter, const ScimFilterNode *node)
{
	const char *text = ScimFilterString(filter, node->value);
	ScimResolved resolved;
	const char *id;

	switch ((ScimLiteralKind) node->literal)
	{
		case SCIM_LITERAL_NONE:
			return;
		case SCIM_LITERAL_NULL:
			appendStringInfoString(out, " null");
			return;
		case SCIM_LITERAL_FALSE:
			appendStringInfoString(out, " false");
			return;
		case SCIM_LITERAL_TRUE:
			appendStringInfoString(out, " true");
			return;
		case SCIM_LITERAL_NUMBER:
			appendStringInfo(out, " %s", text);
			return;
		case SCIM_LITERAL_STRING:
			break;
	}
	if (node->value_len == 0)
		text = "";
	if (!resolve_values(reading->wire, path, &resolved))
	{
		print_string(out, text);
		return;
	}
	text = ScimIsSubstring((ScimOp) node->op)
			   ? stored_part(reading->wire, &resolved, text)
			   : ScimWireStored(reading->wire, &resolved, text);
	if (is_identified(reading->wire, &resolved) && reading->kind != NULL &&
		resolved.sub != NULL && strcmp(resolved.sub->name, "value") == 0)
	{
		if (node->op != SCIM_OP_EQ && node->op != SCIM_OP_NE)
			ereport(ERROR,
					(ScimErr(SCIM_INVALID_FILTER),
					 errmsg("attribute \"%s\" holds identifiers: compare it with eq or "
							"ne",
							path)));
		id = reading->lookup(reading->context, reading->kind, text,
							 reading->doubts != NULL);
		if (id == ScimWireDoubt)
			*reading->doubts = true;
		else if (id != NULL)
			text = id;
	}
	print_string(out, text);
}

/* ---- names of others ---- */

/* What may be stored of a name that members or groups are compared with. */
static List *
stored_names(const ScimWireOther *other, ScimOp op, const char *text)
{
	const ScimResolved *const names[] = {&other->display_name, &other->user_name};
	List *stored = NIL;

	for (size_t i = 0; i < lengthof(names); i++)
	{
		const char *name;

		if (names[i]->attribute == NULL)
			continue;
		name = ScimIsSubstring(op) ? stored_part(other->wire, names[i], text)
								   : ScimWireStored(other->wire, names[i], text);
		if (stored == NIL || strcmp(linitial(stored), name) != 0)
			stored = lappend(stored, (void *) name);
	}
	return stored;
}

/* The types of which something else is stored than the text: of ScimWireOther *. */
static List *
others_with(const ScimWire *wire, ScimOp op, const char *text)
{
	List *others = NIL;
	ListCell *lc;

	foreach (lc, wire->others)
	{
		ScimWireOther *other = lfirst(lc);
		List *stored = stored_names(other, op, text);

		if (list_length(stored) > 1 || strcmp(linitial(stored), text) != 0)
			others = lappend(others, other);
	}
	return others;
}

/* Is an attribute the name of a member or group, which is that of another resource? */
static bool
is_name_of_other(const ScimResourceType *type, const ScimResolved *resolved)
{
	const char *name = resolved->attribute->name;

	if (resolved->extension != NULL || resolved->sub == NULL ||
		strcmp(resolved->sub->name, "display") != 0)
		return false;
	if (type->is_membership)
		return strcmp(name, "group") == 0 || strcmp(name, "member") == 0;
	return (type->has_members && strcmp(name, "members") == 0) ||
		   (type->has_groups && strcmp(name, "groups") == 0);
}

/* The comparison with each of some texts, "ne" with all of them. */
static void
print_names(StringInfo out, const char *display, ScimOp op, const List *texts)
{
	ListCell *lc;

	appendStringInfoChar(out, '(');
	foreach (lc, texts)
	{
		if (lc != list_head(texts))
			appendStringInfoString(out, op == SCIM_OP_NE ? " and " : " or ");
		appendStringInfo(out, "%s %s", display, ScimOpName(op));
		print_string(out, lfirst(lc));
	}
	appendStringInfoChar(out, ')');
}

/*
 * What a comparison with a name asks of one member or group: of each type what is stored
 * of the text there.  Where an index may find them, it is asked for all of these first.
 */
static void
print_for_others(StringInfo out, const List *others, const char *display, ScimOp op,
				 const char *text)
{
	List *all = list_make1((void *) text);
	ListCell *lc;
	ListCell *lc2;

	foreach (lc, others)
	{
		foreach (lc2, stored_names(lfirst(lc), op, text))
		{
			if (strcmp(lfirst(lc2), text) != 0)
				all = lappend(all, lfirst(lc2));
		}
	}
	appendStringInfoChar(out, '(');
	if (op == SCIM_OP_EQ || op == SCIM_OP_SW)
	{
		print_names(out, display, op, all);
		appendStringInfoString(out, " and ");
	}
	appendStringInfoChar(out, '(');
	foreach (lc, others)
	{
		const ScimWireOther *other = lfirst(lc);

		appendStringInfoString(out, "$ref sw");
		print_string(out, other->location);
		appendStringInfoString(out, " and ");
		print_names(out, display, op, stored_names(other, op, text));
		appendStringInfoString(out, " or ");
	}
	foreach (lc, others)
	{
		appendStringInfoString(out, "not ($ref sw");
		print_string(out, ((const ScimWireOther *) lfirst(lc))->location);
		appendStringInfoString(out, ") and ");
	}
	print_names(out, display, op, list_make1((void *) text));
	appendStringInfoString(out, "))");
}

/*
 * A comparison with the name of a member or group, where something else is stored of it;
 * false: it is none.
 */
static bool
print_name_of_other(StringInfo out, const ScimWireReading *reading, const char *parent,
					const ScimFilter *filter, const ScimFilterNode *node,
					const char *name, const char *path)
{
	const ScimWire *wire = reading->wire;
	const char *text = ScimFilterString(filter, node->value);
	ScimOp op = (ScimOp) node->op;
	const char *list;
	ScimResolved resolved;
	List *others;

	if (wire->others == NIL || node->literal != SCIM_LITERAL_STRING ||
		node->value_len == 0 || !ScimWireResolve(wire->type, path, &resolved) ||
		!is_name_of_other(wire->type, &resolved))
		return false;
	text = ScimIsSubstring(op) ? stored_part(wire, &resolved, text)
							   : ScimWireStored(wire, &resolved, text);
	others = others_with(wire, op, text);
	if (others == NIL)
		return false;
	if (parent != NULL)
	{
		print_for_others(out, others, name, op, text);
		return true;
	}
	list = pnstrdup(name, strrchr(name, '.') - name);
	/* ne: one of a list differs, or there is none (mapping/predicate/predicate.c) */
	appendStringInfo(out, "(%s[", list);
	print_for_others(out, others, "display", op, text);
	if (op == SCIM_OP_NE && resolved.attribute->multi_valued)
		appendStringInfo(out, " and display pr] or not (%s pr))", name);
	else
		appendStringInfoString(out, "])");
	return true;
}

/* A comparison, or attribute[...], of which it is known how members are named. */
static void
print_leaf(StringInfo out, const ScimWireReading *reading, const char *parent,
		   const ScimFilter *filter, uint32 index)
{
	const ScimFilterNode *node = &filter->nodes[index];
	const char *path;
	const char *name = node_name(reading, parent, filter, node, &path);

	if (node->kind == SCIM_NODE_COMPARE &&
		print_name_of_other(out, reading, parent, filter, node, name, path))
		return;
	appendStringInfoString(out, name);
	if (node->kind == SCIM_NODE_VALUE_PATH)
	{
		appendStringInfoChar(out, '[');
		print_node(out, reading, path, filter, index + 1, false);
		appendStringInfoChar(out, ']');
		return;
	}
	appendStringInfo(out, " %s", ScimOpName((ScimOp) node->op));
	print_literal(out, reading, path, filter, node);
}

/* Does a node ask for members by their identifiers? */
static bool
asks_identifiers(const ScimWireReading *reading, const char *parent,
				 const ScimFilter *filter, uint32 index)
{
	const ScimFilterNode *node = &filter->nodes[index];
	ScimResolved resolved;
	const char *path;

	if (reading->wire->identifier == NULL || reading->kind != NULL || parent != NULL)
		return false;
	(void) node_name(reading, parent, filter, node, &path);
	if (!resolve_values(reading->wire, path, &resolved) ||
		!is_identified(reading->wire, &resolved))
		return false;
	return node->kind == SCIM_NODE_VALUE_PATH || node->literal == SCIM_LITERAL_STRING;
}

/* Which groups name their members by a kind of identifier, before what they are asked. */
static void
print_kind(StringInfo out, const ScimWireIdentifier *identifier, int kind)
{
	if (kind != identifier->by_default)
	{
		appendStringInfo(out, "%s eq", identifier->by_path);
		print_string(out, identifier->kinds[kind].name);
		appendStringInfoString(out, " and ");
		return;
	}
	for (int i = 0; i < identifier->nkinds; i++)
	{
		if (i == kind)
			continue;
		appendStringInfo(out, "not (%s eq", identifier->by_path);
		print_string(out, identifier->kinds[i].name);
		appendStringInfoString(out, ") and ");
	}
}

/*
 * Groups name their members in different ways, and a filter is about all groups: it
 * asks each for what the identifier means there.  What it means in groups of one kind
 * may be in doubt, and be clear in those of the others.
 */
static void
print_for_kinds(StringInfo out, const ScimWireReading *reading, const ScimFilter *filter,
				uint32 index)
{
	const ScimWireIdentifier *identifier = reading->wire->identifier;
	bool none = true;

	appendStringInfoChar(out, '(');
	for (int i = 0; i < identifier->nkinds; i++)
	{
		ScimWireReading of_kind = *reading;
		bool doubts = false;
		StringInfoData leaf;

		of_kind.kind = &identifier->kinds[i];
		if (reading->doubts != NULL)
			of_kind.doubts = &doubts;
		initStringInfo(&leaf);
		print_leaf(&leaf, &of_kind, NULL, filter, index);
		if (doubts)
		{
			*reading->doubts = true;
			if (!reading->wide)
				continue;
		}
		appendStringInfoString(out, none ? "" : " or ");
		none = false;
		print_kind(out, identifier, i);
		appendStringInfoString(out, doubts ? "id pr" : leaf.data);
	}
	appendStringInfoString(out, none ? "not (id pr))" : ")");
}

static void
print_node(StringInfo out, const ScimWireReading *reading, const char *parent,
		   const ScimFilter *filter, uint32 index, bool in_and)
{
	const ScimFilterNode *node = &filter->nodes[index];
	const ScimWireIdentifier *identifier = reading->wire->identifier;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	switch ((ScimNodeKind) node->kind)
	{
		case SCIM_NODE_AND:
		case SCIM_NODE_OR:
			appendStringInfoString(out, in_and ? "(" : "");
			for (uint32 child = index + 1; child < index + node->size;
				 child += filter->nodes[child].size)
			{
				if (child > index + 1)
					appendStringInfoString(out, node->kind == SCIM_NODE_AND ? " and "
																			: " or ");
				print_node(out, reading, parent, filter, child,
						   node->kind == SCIM_NODE_AND);
			}
			appendStringInfoString(out, in_and ? ")" : "");
			break;
		case SCIM_NODE_NOT:
		{
			ScimWireReading within = *reading;

			within.wide = !reading->wide;
			appendStringInfoString(out, "not (");
			print_node(out, &within, parent, filter, index + 1, false);
			appendStringInfoChar(out, ')');
			break;
		}
		case SCIM_NODE_COMPARE:
		case SCIM_NODE_VALUE_PATH:
			if (!asks_identifiers(reading, parent, filter, index))
				print_leaf(out, reading, parent, filter, index);
			else if (identifier->by_path == NULL)
			{
				ScimWireReading of_kind = *reading;

				/* in all groups, if there are any */
				of_kind.kind = &identifier->kinds[identifier->by_default];
				of_kind.doubts = NULL;
				print_leaf(out, &of_kind, parent, filter, index);
			}
			else
				print_for_kinds(out, reading, filter, index);
			break;
	}
}

/*
 * ScimWireFilter returns a filter in the words of the schema.  parent is the path of
 * the attribute whose values it is about, or NULL.
 */
const char *
ScimWireFilter(const ScimWireReading *reading, const char *parent, const char *text)
{
	ScimProblem *problem = NULL;
	ScimFilter *filter = ScimFilterParse(text, strlen(text), &problem);
	StringInfoData out;

	if (filter == NULL)
		return text;
	initStringInfo(&out);
	print_node(&out, reading, parent, filter, 0, false);
	return out.data;
}

/* ScimWirePath does so for a path of PATCH. */
const char *
ScimWirePath(const ScimWireReading *reading, const char *text)
{
	const ScimWire *wire = reading->wire;
	const char *bracket = strrchr(text, ']');
	ScimProblem *problem = NULL;
	ScimPath *path;
	StringInfoData out;
	ScimResolved resolved;
	const char *said;
	const char *name;
	const char *sub;
	const char *whole;

	if (wire->colons && bracket != NULL && bracket[1] == ':')
		text = psprintf("%.*s.%s", (int) (bracket + 1 - text), text, bracket + 2);
	path = ScimPathParse(text, strlen(text), &problem);
	if (path == NULL)
		return text;
	if (ScimPathFilter(path) == NULL)
		return ScimWireName(wire, text);
	text = trimmed(text);
	said = pnstrdup(text, strcspn(text, "["));
	name = filtered_name(wire, said);
	/* whoever reads it next would say so of the attribute */
	if (strcmp(name, said) != 0 && ScimWireResolve(wire->type, name, &resolved) &&
		resolved.sub != NULL)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_PATH),
				 errmsg("a value filter cannot follow \"%s\", which stands for the "
						"sub-attribute \"%s\"",
						said, name)));
	initStringInfo(&out);
	appendStringInfo(&out, "%s[", name);
	print_node(&out, reading, name, ScimPathFilter(path), 0, false);
	appendStringInfoChar(&out, ']');
	sub = ScimPathString(path, path->sub);
	if (sub != NULL)
	{
		size_t len = strlen(name);

		whole = ScimWireName(wire, psprintf("%s.%s", name, sub));
		if (ScimNameEqualN(whole, Min(strlen(whole), len), name, len) &&
			whole[len] == '.')
			sub = whole + len + 1;
		appendStringInfo(&out, ".%s", sub);
	}
	return out.data;
}
