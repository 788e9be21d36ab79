/*
 * target.c
 *		What answers a comparison: a column or expression of a row, or the document.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "mapping/predicate/condition.h"
#include "resource/resource.h"

/* What the unique index of users is over, as text_target writes it. */
#define USER_NAME_KEY "scim.fold_user_name(user_name)"

static ScimAttrRef
node_ref(const Reader *r, const ScimFilterNode *node)
{
	ScimAttrRef ref = {ScimFilterString(r->filter, node->urn),
					   ScimFilterString(r->filter, node->name),
					   ScimFilterString(r->filter, node->sub)};

	return ref;
}

/* Resolve for the one type or, at the root, for the first that knows the name. */
static bool
resolve(const Reader *r, const ScimAttrRef *ref, ScimResolved *resolved)
{
	const ScimRegistry *registry = r->store->registry;

	if (r->type != NULL)
		return ScimResolve(r->type, ref, resolved);
	for (int i = 0; i < registry->ntypes; i++)
	{
		if (ScimResolve(&registry->types[i], ref, resolved))
			return true;
	}
	return false;
}

static Target
simple_target(TargetKind kind, const char *expression, bool always)
{
	Target target = {.kind = kind, .expression = expression, .always = always};

	return target;
}

static Target
text_target(const char *expression, ScimFolding fold, bool always)
{
	Target target = simple_target(TARGET_TEXT, expression, always);

	target.fold = fold;
	if (fold != SCIM_FOLD_NONE)
		target.expression = psprintf("%s(%s)", ScimFoldingFunction(fold), expression);
	return target;
}

/* A column of "resource" with an index, of each type, over what it is folded to. */
static Target
indexed_target(Target target)
{
	target.indexed = true;
	return target;
}

/* A text that no index is over. */
static Target
computed_target(const char *expression, ScimFolding fold, bool always)
{
	Target target = text_target(expression, fold, always);

	target.computed = true;
	return target;
}

static Target
id_target(void)
{
	Target target = simple_target(TARGET_ID, "id", true);

	target.text = "id::text COLLATE \"C\"";
	target.indexed = true;
	return target;
}

/*
 * The beginning of the location of a resource, by the column that holds its
 * type: as the registry has it now, not by a look into it from each row.
 */
static char *
endpoint_url(const Reader *r, const char *type_column)
{
	const ScimRegistry *registry = r->store->registry;
	StringInfoData url;

	if (r->type != NULL && strcmp(type_column, "resource_type") == 0)
		return quote_literal_cstr(ScimLocation(ScimBaseUrl(r->store), r->type, ""));
	initStringInfo(&url);
	appendStringInfo(&url, "CASE %s", type_column);
	for (int i = 0; i < registry->ntypes; i++)
	{
		const ScimResourceType *type = &registry->types[i];

		appendStringInfo(
			&url, " WHEN %s THEN %s", quote_literal_cstr(type->name),
			quote_literal_cstr(ScimLocation(ScimBaseUrl(r->store), type, "")));
	}
	appendStringInfoString(&url, " END");
	return url.data;
}

static Target
meta_target(const Reader *r, const ScimAttribute *sub)
{
	if (sub == NULL)
		return id_target();
	if (strcmp(sub->name, "created") == 0)
		return indexed_target(simple_target(TARGET_INSTANT, "created", true));
	if (strcmp(sub->name, "lastModified") == 0)
		return indexed_target(simple_target(TARGET_INSTANT, "last_modified", true));
	if (strcmp(sub->name, "resourceType") == 0)
		return text_target("resource_type", SCIM_FOLD_NONE, true);
	if (strcmp(sub->name, "version") == 0)
	{
		Target target = computed_target("('W/\"' || version || '\"') COLLATE \"C\"",
										SCIM_FOLD_NONE, true);

		target.version = true;
		return target;
	}
	return computed_target(
		psprintf("(%s || id) COLLATE \"C\"", endpoint_url(r, "resource_type")), false,
		true);
}

/* Is a comparison with a key column one that only the index on "data" can answer? */
static bool
needs_document_index(const ScimFilterNode *node)
{
	if (node->kind != SCIM_NODE_COMPARE)
		return false;
	return node->op == SCIM_OP_CO || node->op == SCIM_OP_EW ||
		   ((node->op == SCIM_OP_EQ || node->op == SCIM_OP_NE) &&
			node->literal == SCIM_LITERAL_FALSE);
}

/*
 * ScimPresenceTable: of some attributes no more is to be known than whether a user has
 * one, which is a row of this table of the store.  NULL: it is none of them.
 *
 * Beside the password, a readOnly attribute "recoveryCode" that is never returned is
 * the code of scim.issue_recovery_code(), whichever schema has it.
 */
const char *
ScimPresenceTable(const ScimResourceType *type, const ScimResolved *resolved)
{
	const ScimAttribute *attribute = resolved->attribute;

	if (type == NULL || !ScimNameEqual(type->schema->id, SCIM_URN_USER) ||
		attribute == NULL || attribute->schema == NULL || resolved->sub != NULL)
		return NULL;
	if (resolved->extension == NULL && strcmp(attribute->name, "password") == 0)
		return "credential";
	if (strcmp(attribute->name, "recoveryCode") == 0 &&
		attribute->returned == SCIM_RETURNED_NEVER &&
		attribute->mutability == SCIM_READ_ONLY)
		return "recovery_code";
	return NULL;
}

/* Null where there is none. */
static Target
presence_target(const Reader *r, const char *table)
{
	return simple_target(TARGET_BOOLEAN,
						 psprintf("(SELECT true FROM %s.%s s "
								  "WHERE s.tenant_id = r.tenant_id "
								  "AND s.resource_id = r.id)",
								  r->store->quoted_name, table),
						 false);
}

Target
ScimTargetOfResource(const Reader *r, const ScimFilterNode *node)
{
	ScimAttrRef ref = node_ref(r, node);
	ScimResolved resolved;
	const char *presence;
	const char *name;

	if (!resolve(r, &ref, &resolved) || resolved.attribute == NULL)
		return simple_target(TARGET_DATA, NULL, false);
	presence = r->secrets ? ScimPresenceTable(r->type, &resolved) : NULL;
	if (presence != NULL)
		return presence_target(r, presence);
	if (resolved.extension != NULL)
		return simple_target(TARGET_DATA, NULL, false);
	name = resolved.attribute->name;
	if (resolved.attribute->schema == NULL)
	{
		if (strcmp(name, "id") == 0)
			return id_target();
		if (strcmp(name, "externalId") == 0 && !needs_document_index(node))
			return indexed_target(text_target("external_id", SCIM_FOLD_NONE, false));
		if (strcmp(name, "meta") == 0)
			return meta_target(r, resolved.sub);
		return simple_target(TARGET_DATA, NULL, false);
	}
	if (strcmp(name, "members") == 0 && (r->type == NULL || r->type->has_members))
		return simple_target(TARGET_MEMBERS, NULL, false);
	if (strcmp(name, "groups") == 0 && (r->type == NULL || r->type->has_groups))
		return simple_target(TARGET_GROUPS, NULL, false);
	if (needs_document_index(node))
		return simple_target(TARGET_DATA, NULL, false);
	if (ScimIsKeyColumn(resolved.attribute, SCIM_KEY_USER_NAME))
	{
		Target target = text_target("user_name", ScimFoldingOf(&resolved), false);

		target.indexed = target.fold == SCIM_FOLD_USER_NAME;
		return target;
	}
	if (ScimIsKeyColumn(resolved.attribute, SCIM_KEY_DISPLAY_NAME))
	{
		Target target = text_target("display_name", ScimFoldingOf(&resolved), false);

		target.indexed = target.fold == SCIM_FOLD_CASE;
		return target;
	}
	if (ScimIsKeyColumn(resolved.attribute, SCIM_KEY_ACTIVE))
		return simple_target(TARGET_BOOLEAN, "active", false);
	return simple_target(TARGET_DATA, NULL, false);
}

pg_noreturn static void
refuse_sub_attribute(const char *sub)
{
	ereport(ERROR, (ScimErr(SCIM_INVALID_FILTER),
					errmsg("sub-attribute \"%s\" cannot be used in a filter here", sub)));
}

/* The sub-attributes of members[...], over the rows m and x. */
Target
ScimTargetOfMember(const Reader *r, const char *sub)
{
	Target target;

	if (sub == NULL || ScimNameEqual(sub, "value"))
	{
		target = simple_target(TARGET_ID, "m.member_id", true);
		target.text = "scim.fold(coalesce(m.value, m.member_id::text) COLLATE \"C\")";
		target.fold = SCIM_FOLD_CASE;
		target.reference = true;
		return target;
	}
	if (ScimNameEqual(sub, "display"))
	{
		target = computed_target("coalesce(x.display_name, x.user_name)", SCIM_FOLD_CASE,
								 false);
		target.first = "scim.fold(x.display_name)";
		target.second = "x.display_name IS NULL AND scim.fold(x.user_name)";
		target.key = "scim.fold_user_name(x.user_name)";
	}
	else if (ScimNameEqual(sub, "type"))
		target = computed_target("coalesce(x.resource_type, m.member_type)",
								 SCIM_FOLD_CASE, false);
	else if (ScimNameEqual(sub, "$ref"))
		target = computed_target(
			psprintf("(%s || x.id) COLLATE \"C\"", endpoint_url(r, "x.resource_type")),
			SCIM_FOLD_NONE, false);
	else
		refuse_sub_attribute(sub);
	target.joined = true;
	target.inner = !ScimNameEqual(sub, "type");
	return target;
}

/* Those of groups[...], over the rows g and t. */
Target
ScimTargetOfGroup(const Reader *r, const char *sub)
{
	Target target;

	if (sub == NULL || ScimNameEqual(sub, "value"))
	{
		target = simple_target(TARGET_ID, "g.id", true);
		target.text = "scim.fold(g.id::text COLLATE \"C\")";
		target.fold = SCIM_FOLD_CASE;
		target.reference = true;
		return target;
	}
	if (ScimNameEqual(sub, "display"))
		return text_target("g.display_name", SCIM_FOLD_CASE, false);
	if (ScimNameEqual(sub, "$ref"))
		return computed_target(
			psprintf("(%s || g.id) COLLATE \"C\"", endpoint_url(r, "g.resource_type")),
			SCIM_FOLD_NONE, true);
	if (!ScimNameEqual(sub, "type"))
		refuse_sub_attribute(sub);
	target = text_target("t.type", SCIM_FOLD_CASE, true);
	target.typed = true;
	return target;
}

/* The id of a membership: base64url of those of its group and its member. */
const char ScimMembershipIdText[] =
	"translate(encode(uuid_send(m.group_id) || uuid_send(m.member_id), 'base64'), "
	"'+/=', '-_')";

/* The parts of meta of a membership, which begins, and never changes. */
static Target
membership_meta_target(const Reader *r, const char *sub)
{
	Target target;

	if (ScimNameEqual(sub, "created") || ScimNameEqual(sub, "lastModified"))
		return simple_target(TARGET_INSTANT, "m.created", true);
	if (ScimNameEqual(sub, "resourceType"))
		return computed_target(
			psprintf("(%s::text COLLATE \"C\")", quote_literal_cstr(r->type->name)),
			false, true);
	if (ScimNameEqual(sub, "location"))
		return computed_target(
			psprintf("(%s || %s) COLLATE \"C\"",
					 quote_literal_cstr(ScimLocation(ScimBaseUrl(r->store), r->type, "")),
					 ScimMembershipIdText),
			false, true);
	if (!ScimNameEqual(sub, "version"))
		refuse_sub_attribute(sub);
	target = computed_target("('W/\"1\"'::text COLLATE \"C\")", false, true);
	target.version = true;
	return target;
}

/*
 * An attribute of a membership.  That both ends are there, and may be seen, the
 * statement says (query/membership.c).
 */
Target
ScimTargetOfMembership(const Reader *r, const char *name, const char *sub)
{
	Target target;

	if (ScimNameEqual(name, "id"))
		return computed_target(psprintf("(%s) COLLATE \"C\"", ScimMembershipIdText),
							   false, true);
	if (ScimNameEqual(name, "schemas"))
		return computed_target(
			psprintf("(%s::text COLLATE \"C\")", quote_literal_cstr(r->type->schema->id)),
			true, true);
	if (ScimNameEqual(name, "meta"))
		return sub == NULL ? simple_target(TARGET_INSTANT, "m.created", true)
						   : membership_meta_target(r, sub);
	if (ScimNameEqual(name, "member"))
	{
		target = ScimTargetOfMember(r, sub);
		target.joined = target.inner = false;
		return target;
	}
	if (!ScimNameEqual(name, "group"))
		return computed_target("(NULL::text COLLATE \"C\")", false,
							   false); /* externalId */
	target = ScimTargetOfGroup(r, sub);
	if (target.kind == TARGET_ID)
	{
		target.expression = "m.group_id";
		target.text = "scim.fold(m.group_id::text COLLATE \"C\")";
	}
	return target;
}

Target
ScimTargetOf(const Reader *r, const ScimFilterNode *node)
{
	const char *name = ScimFilterString(r->filter, node->name);
	ScimAttrRef ref = {NULL, "meta", name};
	ScimResolved resolved;

	switch (r->scope)
	{
		case SCOPE_RESOURCE:
			return ScimTargetOfResource(r, node);
		case SCOPE_COLUMN:
			return *r->column;
		case SCOPE_META:
			if (resolve(r, &ref, &resolved))
				return meta_target(r, resolved.sub);
			break;
		case SCOPE_MEMBER:
			return ScimTargetOfMember(r, name);
		case SCOPE_GROUP:
			return ScimTargetOfGroup(r, name);
		case SCOPE_MEMBERSHIP:
			if (r->within != NULL)
				return ScimTargetOfMembership(r, r->within, name);
			return ScimTargetOfMembership(r, name,
										  ScimFilterString(r->filter, node->sub));
	}
	refuse_sub_attribute(name);
}

/*
 * ScimFilterIsKey says whether a filter is an eq on id or on userName, of which
 * there is one at most: its rows need neither order nor limit.
 */
bool
ScimFilterIsKey(ScimStore *store, const ScimResourceType *type, const ScimFilter *filter)
{
	Reader r = {store, type, filter, SCOPE_RESOURCE, NULL, NULL, NULL, false, 0};
	const ScimFilterNode *node = &filter->nodes[0];
	Target target;

	if (type == NULL || node->kind != SCIM_NODE_COMPARE || node->op != SCIM_OP_EQ ||
		node->literal != SCIM_LITERAL_STRING || node->value_len == 0)
		return false;
	target = ScimTargetOfResource(&r, node);
	if (target.kind == TARGET_ID)
		return true;
	return type->has_groups && target.kind == TARGET_TEXT &&
		   strcmp(target.expression, USER_NAME_KEY) == 0;
}
