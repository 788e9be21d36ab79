/*
 * predicate.c
 *		A filter as SQL over the rows of a store.
 *
 * Each comparison goes where an index can answer it: id, externalId, userName,
 * displayName, active and meta to their columns, groups and members to the
 * table "member", and everything else to scim.matches() on "data": also what no
 * index on a column answers, co and ew and the few who are not active.  Children of
 * one "and" or "or" that all go to "data" go there together, as one filter.
 *
 * SQL has three truth values and a filter two.  A comparison may be null where
 * it means false: that does no harm below "and" and "or", and "not" is written
 * as IS NOT TRUE.
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "json/json.h"
#include "mapping/sql_emit.h"
#include "query/query.h"
#include "store/plan.h"
#include "store/store.h"
#include "text/datetime.h"
#include "text/fold.h"
#include "text/version.h"

/* What the names of a filter refer to. */
typedef enum Scope
{
	SCOPE_RESOURCE, /* a row of "resource" */
	SCOPE_META,     /* meta[...] of the same row */
	SCOPE_COLUMN,   /* userName[...] and the like: "value" is the column */
	SCOPE_MEMBER,   /* members[...]: m is a row of "member" of this group */
	SCOPE_GROUP     /* groups[...]: m is a row of "member" of a group */
} Scope;

typedef struct Predicate
{
	StringInfo out;
	ScimParams *params; /* NULL: write literals */
	ScimStore *store;
	const ScimResourceType *type; /* NULL: any */
	const ScimFilter *filter;
	Scope scope;
	const struct Target *column; /* of SCOPE_COLUMN */
	bool secrets;                /* it may be asked whether there is one */
} Predicate;

/* How a comparison is answered. */
typedef enum TargetKind
{
	TARGET_DATA,    /* by scim.matches() */
	TARGET_TEXT,    /* an SQL expression of type text */
	TARGET_ID,      /* an SQL expression of type uuid; text otherwise */
	TARGET_INSTANT, /* an SQL expression of type timestamptz */
	TARGET_BOOLEAN, /* an SQL expression of type boolean */
	TARGET_SECRET,  /* an SQL expression that says whether there is one */
	TARGET_MEMBERS, /* rows of "member" of a group */
	TARGET_GROUPS   /* rows of "member" of a member */
} TargetKind;

/* What the unique index of users is over, as text_target writes it. */
#define USER_NAME_KEY "scim.fold(user_name)"

typedef struct Target
{
	TargetKind kind;
	const char *expression;
	bool fold;    /* TARGET_TEXT: compare folded; the expression is folded already */
	bool always;  /* never null */
	bool version; /* meta.version: W/"3" means W/"3.<any digest>", too */
} Target;

static void emit_node(Predicate *p, uint32 node);

static ScimAttrRef
node_ref(const Predicate *p, const ScimFilterNode *node)
{
	ScimAttrRef ref = {ScimFilterString(p->filter, node->urn),
					   ScimFilterString(p->filter, node->name),
					   ScimFilterString(p->filter, node->sub)};

	return ref;
}

/* Resolve for the one type or, at the root, for the first that knows the name. */
static bool
resolve(const Predicate *p, const ScimAttrRef *ref, ScimResolved *resolved)
{
	const ScimRegistry *registry = p->store->registry;

	if (p->type != NULL)
		return ScimResolve(p->type, ref, resolved);
	for (int i = 0; i < registry->ntypes; i++)
	{
		if (ScimResolve(&registry->types[i], ref, resolved))
			return true;
	}
	return false;
}

static Target
text_target(const char *expression, bool fold, bool always)
{
	Target target = {.kind = TARGET_TEXT, .fold = fold, .always = always};

	target.expression = fold ? psprintf("scim.fold(%s)", expression) : expression;
	return target;
}

static Target
simple_target(TargetKind kind, const char *expression, bool always)
{
	Target target = {.kind = kind, .expression = expression, .always = always};

	return target;
}

static Target
meta_target(const Predicate *p, const ScimAttribute *sub)
{
	if (sub == NULL)
		return simple_target(TARGET_ID, "id", true);
	if (strcmp(sub->name, "created") == 0)
		return simple_target(TARGET_INSTANT, "created", true);
	if (strcmp(sub->name, "lastModified") == 0)
		return simple_target(TARGET_INSTANT, "last_modified", true);
	if (strcmp(sub->name, "resourceType") == 0)
		return text_target("resource_type", false, true);
	if (strcmp(sub->name, "version") == 0)
	{
		Target target =
			text_target("('W/\"' || version || '\"') COLLATE \"C\"", false, true);

		target.version = true;
		return target;
	}
	return text_target(
		psprintf("(%s || (SELECT t.document ->> 'endpoint' FROM %s.resource_type t "
				 "WHERE t.name = resource_type) || '/' || id) COLLATE \"C\"",
				 quote_literal_cstr(ScimBaseUrl()), p->store->quoted_name),
		false, true);
}

/* Is a comparison with a key column one that only the index on "data" can answer? */
static bool
needs_document_index(const ScimFilterNode *node)
{
	if (node->kind != SCIM_NODE_COMPARE)
		return false;
	return node->op == SCIM_OP_CO || node->op == SCIM_OP_EW ||
		   (node->op == SCIM_OP_EQ && node->literal == SCIM_LITERAL_FALSE);
}

/* ScimIsPassword: of this, no more is to be known than that there is one. */
bool
ScimIsPassword(const ScimResourceType *type, const ScimResolved *resolved)
{
	return type != NULL && ScimNameEqual(type->schema->id, SCIM_URN_USER) &&
		   resolved->extension == NULL && resolved->attribute != NULL &&
		   resolved->attribute->schema == type->schema && resolved->sub == NULL &&
		   strcmp(resolved->attribute->name, "password") == 0;
}

static Target
resource_target(const Predicate *p, const ScimFilterNode *node)
{
	ScimAttrRef ref = node_ref(p, node);
	ScimResolved resolved;
	const char *name;

	if (!resolve(p, &ref, &resolved) || resolved.attribute == NULL ||
		resolved.extension != NULL)
		return simple_target(TARGET_DATA, NULL, false);
	name = resolved.attribute->name;
	if (resolved.attribute->schema == NULL)
	{
		if (strcmp(name, "id") == 0)
			return simple_target(TARGET_ID, "id", true);
		if (strcmp(name, "externalId") == 0 && !needs_document_index(node))
			return text_target("external_id", false, false);
		if (strcmp(name, "meta") == 0)
			return meta_target(p, resolved.sub);
		return simple_target(TARGET_DATA, NULL, false);
	}
	if (p->secrets && ScimIsPassword(p->type, &resolved))
		return simple_target(TARGET_SECRET,
							 psprintf("EXISTS (SELECT FROM %s.credential s "
									  "WHERE s.tenant_id = r.tenant_id "
									  "AND s.resource_id = r.id)",
									  p->store->quoted_name),
							 false);
	if (strcmp(name, "members") == 0 && (p->type == NULL || p->type->has_members))
		return simple_target(TARGET_MEMBERS, NULL, false);
	if (strcmp(name, "groups") == 0 && (p->type == NULL || p->type->has_groups))
		return simple_target(TARGET_GROUPS, NULL, false);
	if (needs_document_index(node))
		return simple_target(TARGET_DATA, NULL, false);
	if (ScimIsKeyColumn(resolved.attribute, SCIM_KEY_USER_NAME))
		return text_target("user_name", !resolved.attribute->case_exact, false);
	if (ScimIsKeyColumn(resolved.attribute, SCIM_KEY_DISPLAY_NAME))
		return text_target("display_name", !resolved.attribute->case_exact, false);
	if (ScimIsKeyColumn(resolved.attribute, SCIM_KEY_ACTIVE))
		return simple_target(TARGET_BOOLEAN, "active", false);
	return simple_target(TARGET_DATA, NULL, false);
}

/* The sub-attributes of members[...] and groups[...], over the row m. */
static Target
reference_target(const Predicate *p, const char *sub)
{
	const char *store = p->store->quoted_name;
	const char *id = p->scope == SCOPE_MEMBER ? "m.member_id" : "m.group_id";
	char *live =
		psprintf("FROM %s.resource x WHERE x.tenant_id = m.tenant_id AND x.id = %s "
				 "AND x.deleted_at IS NULL",
				 store, id);

	if (sub == NULL || ScimNameEqual(sub, "value"))
		return simple_target(TARGET_ID, id, true);
	if (ScimNameEqual(sub, "display"))
		return text_target(
			psprintf("(SELECT coalesce(x.display_name, x.user_name) %s)", live), true,
			false);
	if (ScimNameEqual(sub, "type") && p->scope == SCOPE_MEMBER)
		return text_target(
			psprintf("coalesce((SELECT x.resource_type %s), m.member_type)", live), true,
			false);
	if (ScimNameEqual(sub, "$ref"))
		return text_target(
			psprintf(
				"(SELECT %s || (t.document ->> 'endpoint') || '/' || x.id "
				"FROM %s.resource x JOIN %s.resource_type t ON t.name = x.resource_type "
				"WHERE x.tenant_id = m.tenant_id AND x.id = %s "
				"AND x.deleted_at IS NULL)",
				quote_literal_cstr(ScimBaseUrl()), store, store, id),
			false, false);
	ereport(ERROR, (ScimErr(SCIM_INVALID_FILTER),
					errmsg("sub-attribute \"%s\" cannot be used in a filter here", sub)));
}

static Target
node_target(const Predicate *p, const ScimFilterNode *node)
{
	const char *name = ScimFilterString(p->filter, node->name);
	ScimAttrRef ref = {NULL, "meta", name};
	ScimResolved resolved;

	switch (p->scope)
	{
		case SCOPE_RESOURCE:
			return resource_target(p, node);
		case SCOPE_COLUMN:
			return *p->column;
		case SCOPE_META:
			if (resolve(p, &ref, &resolved))
				return meta_target(p, resolved.sub);
			break;
		case SCOPE_MEMBER:
		case SCOPE_GROUP:
			break;
	}
	return reference_target(p, name);
}

/* Does all of this subtree go to "data"? */
static bool
is_data(const Predicate *p, uint32 index)
{
	const ScimFilterNode *node = &p->filter->nodes[index];

	if (node->kind == SCIM_NODE_COMPARE || node->kind == SCIM_NODE_VALUE_PATH)
		return p->scope == SCOPE_RESOURCE && node_target(p, node).kind == TARGET_DATA;
	check_stack_depth();
	for (uint32 child = index + 1; child < index + node->size;
		 child += p->filter->nodes[child].size)
	{
		if (!is_data(p, child))
			return false;
	}
	return true;
}

static void
emit_uuid(Predicate *p, const pg_uuid_t *uuid)
{
	pg_uuid_t *copy = palloc(sizeof(pg_uuid_t));

	*copy = *uuid;
	ScimSqlValue(p->out, p->params, UUIDOID, "::uuid", UUIDPGetDatum(copy),
				 ScimUuidText(uuid));
}

/*
 * null and the empty string are "unassigned": the comparison is pr or not pr,
 * but for lt and le "", which nothing satisfies.
 */
static bool
is_presence_test(const ScimFilterNode *node, bool *present)
{
	bool empty = node->literal == SCIM_LITERAL_STRING && node->value_len == 0 &&
				 node->op != SCIM_OP_LT && node->op != SCIM_OP_LE;

	if (node->op != SCIM_OP_PR && node->literal != SCIM_LITERAL_NULL && !empty)
		return false;
	*present = node->op != SCIM_OP_EQ;
	return true;
}

static void
emit_text_comparison(Predicate *p, const Target *target, const ScimFilterNode *node)
{
	const char *literal = ScimFilterString(p->filter, node->value);
	size_t len = node->value_len;
	char version[SCIM_VERSION_BUFFER];

	if (target->fold)
		literal = ScimFold(literal, len, &len);
	if (target->version)
		literal = ScimVersionWithoutDigest(literal, &len, version);
	ScimSqlCompareText(p->out, p->params, target->expression, (ScimOp) node->op, literal,
					   len);
}

static void
emit_id_comparison(Predicate *p, const Target *target, const ScimFilterNode *node)
{
	const char *literal = ScimFilterString(p->filter, node->value);
	pg_uuid_t uuid;
	bool is_id;
	Target text;

	if (node->op == SCIM_OP_EQ || node->op == SCIM_OP_NE)
	{
		/* ids are caseExact, and the text of a uuid is in lower case */
		if (p->scope != SCOPE_MEMBER && p->scope != SCOPE_GROUP)
			is_id = ScimUuidParse(literal, &uuid) &&
					strcmp(literal, ScimUuidText(&uuid)) == 0;
		else
		{
			ScimMemberKey(literal, node->value_len, &uuid, &is_id);
			is_id = true;
		}
		if (is_id)
		{
			appendStringInfo(p->out, "%s %s ", target->expression,
							 ScimSqlOperator((ScimOp) node->op));
			emit_uuid(p, &uuid);
		}
		else
			appendStringInfoString(p->out, node->op == SCIM_OP_EQ ? "false" : "true");
		return;
	}
	text = text_target(p->scope == SCOPE_MEMBER
						   ? "coalesce(m.value, m.member_id::text) COLLATE \"C\""
						   : psprintf("%s::text COLLATE \"C\"", target->expression),
					   p->scope == SCOPE_MEMBER || p->scope == SCOPE_GROUP, true);
	emit_text_comparison(p, &text, node);
}

static void
emit_instant_comparison(Predicate *p, const Target *target, const ScimFilterNode *node)
{
	ScimInstant instant;
	ScimOp op = (ScimOp) node->op;

	if (op == SCIM_OP_CO || op == SCIM_OP_SW || op == SCIM_OP_EW)
	{
		/* dateTime has no caseExact, so its text compares folded */
		Target text = {.kind = TARGET_TEXT,
					   .expression = ScimSqlInstantText(target->expression, true),
					   .fold = true,
					   .always = true};

		emit_text_comparison(p, &text, node);
		return;
	}
	if (!ScimInstantParse(ScimFilterString(p->filter, node->value), node->value_len,
						  &instant))
		elog(ERROR, "unexpected dateTime literal in a bound filter");
	ScimSqlCompareInstant(p->out, p->params, target->expression, op, &instant);
}

static void
emit_boolean_comparison(Predicate *p, const Target *target, const ScimFilterNode *node)
{
	bool literal = node->literal == SCIM_LITERAL_TRUE;

	if (node->literal == SCIM_LITERAL_STRING)
		literal = ScimNameEqual(ScimFilterString(p->filter, node->value), "true");
	ScimSqlCompareBoolean(p->out, target->expression, (ScimOp) node->op, literal);
}

/* One comparison with an SQL expression. */
static void
emit_comparison(Predicate *p, const Target *target, const ScimFilterNode *node)
{
	bool present;

	if (is_presence_test(node, &present))
	{
		if (target->always)
			appendStringInfoString(p->out, present ? "true" : "false");
		else if (target->kind == TARGET_SECRET)
			appendStringInfo(p->out, "%s%s", present ? "" : "NOT ", target->expression);
		else
			appendStringInfo(p->out, "%s IS %s", target->expression,
							 present ? "NOT NULL" : "NULL");
		return;
	}
	switch (target->kind)
	{
		case TARGET_TEXT:
			emit_text_comparison(p, target, node);
			break;
		case TARGET_ID:
			emit_id_comparison(p, target, node);
			break;
		case TARGET_INSTANT:
			emit_instant_comparison(p, target, node);
			break;
		case TARGET_BOOLEAN:
			emit_boolean_comparison(p, target, node);
			break;
		case TARGET_DATA:
		case TARGET_SECRET:
		case TARGET_MEMBERS:
		case TARGET_GROUPS:
			elog(ERROR, "unexpected target of a comparison");
	}
}

/* The rows of "resource" that have a live group, or a group, above or below them. */
static void
begin_memberships(Predicate *p, TargetKind kind)
{
	const char *store = p->store->quoted_name;

	if (kind == TARGET_MEMBERS)
	{
		appendStringInfo(p->out,
						 "(tenant_id, id) IN (SELECT m.tenant_id, m.group_id "
						 "FROM %s.member m WHERE ",
						 store);
		return;
	}
	appendStringInfo(p->out,
					 "(tenant_id, id) IN (WITH RECURSIVE below (tenant_id, id) AS "
					 "(SELECT m.tenant_id, m.member_id FROM %1$s.member m "
					 "JOIN %1$s.resource g ON g.tenant_id = m.tenant_id "
					 "AND g.id = m.group_id AND g.deleted_at IS NULL WHERE ",
					 store);
}

static void
end_memberships(Predicate *p, TargetKind kind)
{
	const ScimRegistry *registry = p->store->registry;
	const char *separator = " AND resource_type IN (";

	if (kind == TARGET_MEMBERS)
	{
		appendStringInfoChar(p->out, ')');
		return;
	}
	appendStringInfo(p->out,
					 " UNION SELECT m.tenant_id, m.member_id FROM below "
					 "JOIN %s.member m ON m.tenant_id = below.tenant_id "
					 "AND m.group_id = below.id) "
					 "SELECT below.tenant_id, below.id FROM below)",
					 p->store->quoted_name);
	if (p->type != NULL)
		return;
	/* a group within a group has no attribute "groups" */
	for (int i = 0; i < registry->ntypes; i++)
	{
		if (!registry->types[i].has_groups)
			continue;
		appendStringInfo(p->out, "%s%s", separator,
						 quote_literal_cstr(registry->types[i].name));
		separator = ", ";
	}
	appendStringInfoChar(p->out, ')');
}

/*
 * The rows that have a membership of which a condition is true: a comparison
 * with one of its sub-attributes, or the node inside members[...].
 *
 * A user has the groups of its groups: whoever is below a group that satisfies
 * the condition has it among its "groups".
 */
static void
emit_memberships(Predicate *p, TargetKind kind, const ScimFilterNode *comparison,
				 uint32 condition)
{
	Scope outer = p->scope;

	appendStringInfoChar(p->out, '(');
	begin_memberships(p, kind);
	p->scope = kind == TARGET_MEMBERS ? SCOPE_MEMBER : SCOPE_GROUP;
	if (comparison != NULL)
	{
		Target target = reference_target(p, ScimFilterString(p->filter, comparison->sub));

		emit_comparison(p, &target, comparison);
		if (comparison->op == SCIM_OP_NE && !target.always)
			appendStringInfo(p->out, " AND %s IS NOT NULL", target.expression);
	}
	else
		emit_node(p, condition);
	p->scope = outer;
	end_memberships(p, kind);
	appendStringInfoChar(p->out, ')');
}

/*
 * members eq "...", members.display co "...", groups pr ...: any value will do.
 * eq null: there is none; ne: one differs, or there is none.
 */
static void
emit_reference_comparison(Predicate *p, TargetKind kind, uint32 index)
{
	const ScimFilterNode *node = &p->filter->nodes[index];
	ScimFilterNode present = *node;
	bool asks_presence;
	bool wanted = true;

	present.op = SCIM_OP_PR;
	asks_presence = is_presence_test(node, &wanted);
	if (asks_presence && wanted)
		emit_memberships(p, kind, &present, 0);
	else if (!asks_presence && node->op != SCIM_OP_NE)
		emit_memberships(p, kind, node, 0);
	else
	{
		appendStringInfoChar(p->out, '(');
		if (!asks_presence)
		{
			emit_memberships(p, kind, node, 0);
			appendStringInfoString(p->out, " OR ");
		}
		emit_memberships(p, kind, &present, 0);
		appendStringInfoString(p->out, " IS NOT TRUE)");
	}
}

static void
emit_data(Predicate *p, const char *filter_text)
{
	ScimProblem *problem = NULL;
	ScimFilter *filter = ScimFilterParse(filter_text, strlen(filter_text), &problem);

	if (filter == NULL)
		ereport(ERROR, (ScimErr(problem->kind), errmsg("%s", problem->message)));
	appendStringInfoString(p->out, "scim.matches(data, ");
	ScimSqlValue(p->out, p->params, ScimFilterTypeOid(), "::scim.filter",
				 PointerGetDatum(filter), filter_text);
	if (p->type != NULL)
		appendStringInfo(p->out, ", %s)", quote_literal_cstr(p->type->name));
	else
		appendStringInfoChar(p->out, ')');
}

/* The children of an "and" or "or": those for "data" together, the others each. */
static void
emit_children(Predicate *p, uint32 index)
{
	const ScimFilterNode *node = &p->filter->nodes[index];
	const char *word = node->kind == SCIM_NODE_AND ? "and" : "or";
	const char *sql_word = node->kind == SCIM_NODE_AND ? " AND " : " OR ";
	StringInfoData data;
	bool first = true;

	initStringInfo(&data);
	appendStringInfoChar(p->out, '(');
	for (uint32 child = index + 1; child < index + node->size;
		 child += p->filter->nodes[child].size)
	{
		CHECK_FOR_INTERRUPTS();
		if (p->scope == SCOPE_RESOURCE && is_data(p, child))
		{
			bool is_or = p->filter->nodes[child].kind == SCIM_NODE_OR;

			/* no more parentheses than the filter itself has: there are limits */
			if (data.len > 0)
				appendStringInfo(&data, " %s ", word);
			appendStringInfoString(&data, is_or ? "(" : "");
			ScimFilterPrintNode(&data, p->filter, child);
			appendStringInfoString(&data, is_or ? ")" : "");
			continue;
		}
		if (!first)
			appendStringInfoString(p->out, sql_word);
		first = false;
		emit_node(p, child);
	}
	if (data.len > 0)
	{
		if (!first)
			appendStringInfoString(p->out, sql_word);
		emit_data(p, data.data);
	}
	appendStringInfoChar(p->out, ')');
}

/* meta[...] and userName[...]: a value, of which the node inside is true. */
static void
emit_column_path(Predicate *p, const Target *target, uint32 index)
{
	const ScimFilterNode *node = &p->filter->nodes[index];
	Scope outer = p->scope;

	p->scope = ScimNameEqual(ScimFilterString(p->filter, node->name), "meta")
				   ? SCOPE_META
				   : SCOPE_COLUMN;
	p->column = target;
	appendStringInfoChar(p->out, '(');
	if (!target->always)
		appendStringInfo(p->out, "%s IS NOT NULL AND ", target->expression);
	emit_node(p, index + 1);
	appendStringInfoChar(p->out, ')');
	p->scope = outer;
}

static void
emit_node(Predicate *p, uint32 index)
{
	const ScimFilterNode *node = &p->filter->nodes[index];
	Target target;

	check_stack_depth();
	if (p->scope == SCOPE_RESOURCE && is_data(p, index))
	{
		StringInfoData text;

		initStringInfo(&text);
		ScimFilterPrintNode(&text, p->filter, index);
		emit_data(p, text.data);
		return;
	}
	switch ((ScimNodeKind) node->kind)
	{
		case SCIM_NODE_AND:
		case SCIM_NODE_OR:
			emit_children(p, index);
			return;
		case SCIM_NODE_NOT:
			appendStringInfoString(p->out, "((");
			emit_node(p, index + 1);
			appendStringInfoString(p->out, ") IS NOT TRUE)");
			return;
		case SCIM_NODE_VALUE_PATH:
			target = node_target(p, node);
			if (target.kind == TARGET_MEMBERS || target.kind == TARGET_GROUPS)
				emit_memberships(p, target.kind, NULL, index + 1);
			else if (target.kind == TARGET_SECRET)
				ereport(ERROR, (ScimErr(SCIM_INVALID_FILTER),
								errmsg("of a password can be asked whether there is one, "
									   "no more")));
			else
				emit_column_path(p, &target, index);
			return;
		case SCIM_NODE_COMPARE:
			target = node_target(p, node);
			if (target.kind == TARGET_MEMBERS || target.kind == TARGET_GROUPS)
				emit_reference_comparison(p, target.kind, index);
			else
				emit_comparison(p, &target, node);
			return;
	}
}

/* ScimResolveForFilter, but that it may be asked whether there is a password. */
static ScimProblem *
resolve_with_secrets(void *context, const ScimAttrRef *ref, const ScimAttrInfo *parent,
					 bool want_value, ScimAttrInfo *info)
{
	const ScimResolveContext *scope = context;
	ScimResolved resolved;

	if (parent != NULL || want_value || scope->type == NULL ||
		!ScimResolve(scope->type, ref, &resolved) ||
		!ScimIsPassword(scope->type, &resolved))
		return ScimResolveForFilter(context, ref, parent, want_value, info);
	memset(info, 0, sizeof(ScimAttrInfo));
	info->type = SCIM_TYPE_STRING;
	info->nkeys = 1;
	info->key[0] = resolved.attribute->name;
	info->attribute = resolved.attribute;
	return NULL;
}

static void
check_filter(ScimStore *store, const ScimResourceType *type, const ScimFilter *filter,
			 bool secrets)
{
	ScimResolveContext context = {store->registry, type};
	ScimProblem *problem = NULL;

	if (ScimFilterBind(filter, 0, secrets ? resolve_with_secrets : ScimResolveForFilter,
					   &context, NULL, &problem) == NULL)
		ereport(ERROR, (ScimErr(problem->kind), errmsg("%s", problem->message)));
}

/*
 * ScimPredicate appends a filter as a boolean SQL expression over the columns
 * of a row r of "resource".  type NULL: any resource type.  params NULL: with
 * literals.  secrets: "password pr" may be asked.
 */
void
ScimPredicate(StringInfo out, ScimParams *params, ScimStore *store,
			  const ScimResourceType *type, const ScimFilter *filter, bool secrets)
{
	Predicate p = {out, params, store, type, filter, SCOPE_RESOURCE, NULL, secrets};

	check_filter(store, type, filter, secrets);
	emit_node(&p, 0);
}

/*
 * ScimFilterIsKey says whether a filter is an eq on id or on userName, of which
 * there is one at most: its rows need neither order nor limit.
 */
bool
ScimFilterIsKey(ScimStore *store, const ScimResourceType *type, const ScimFilter *filter)
{
	Predicate p = {NULL, NULL, store, type, filter, SCOPE_RESOURCE, NULL, false};
	const ScimFilterNode *node = &filter->nodes[0];
	Target target;

	if (type == NULL || node->kind != SCIM_NODE_COMPARE || node->op != SCIM_OP_EQ ||
		node->literal != SCIM_LITERAL_STRING || node->value_len == 0)
		return false;
	target = resource_target(&p, node);
	if (target.kind == TARGET_ID)
		return true;
	return type->has_groups && target.kind == TARGET_TEXT &&
		   strcmp(target.expression, USER_NAME_KEY) == 0;
}

/*
 * ScimMemberPredicate appends the filter of a path members[...] as an SQL
 * expression over a row m of "member".
 */
void
ScimMemberPredicate(StringInfo out, ScimParams *params, ScimStore *store,
					const ScimResourceType *type, const ScimFilter *filter)
{
	Predicate p = {out, params, store, type, filter, SCOPE_MEMBER, NULL, false};

	emit_node(&p, 0);
}
