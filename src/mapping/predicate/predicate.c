/*
 * predicate.c
 *		A filter as a predicate over the rows of a store.
 *
 * Each comparison goes where an index can answer it: id, externalId, userName,
 * displayName, active and meta to their columns, groups and members to the
 * table "member", and everything else to scim.matches() on "data": also what no
 * index on a column answers, co and ew and the few who are not active.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "mapping/predicate/condition.h"
#include "mapping/predicate/predicate.h"
#include "resource/resource.h"
#include "store/acting.h"
#include "store/statement/statement.h"
#include "store/store.h"
#include "text/fold.h"

/*
 * Nothing interrupts the planner: that is as many terms as it plans in a fraction
 * of a second.  No filter has them but one of more than SCIM_MAX_FILTER_LENGTH_DEFAULT.
 */
#define TERMS_MAX 10000

/*
 * As text each look-up of groups is a subquery, computed once for all rows in some tens
 * of milliseconds where there are thousands of groups; what asks for direct or indirect
 * ones takes longer.
 */
#define TEXT_LOOKUPS_MAX 100
#define TEXT_LOOKUPS_TYPED 5

static Condition *read_node(Reader *r, uint32 index);

/*
 * By node: does all of its subtree go to the document?  What stands in brackets
 * goes where the attribute before them does, so its own answer is not read.
 */
static const bool *
find_data(const Reader *r)
{
	uint32 nnodes = r->filter->nnodes;
	bool *only_data = palloc(nnodes * sizeof(bool));

	for (uint32 i = nnodes; i-- > 0;)
	{
		const ScimFilterNode *node = &r->filter->nodes[i];

		CHECK_FOR_INTERRUPTS();
		if (node->kind == SCIM_NODE_COMPARE || node->kind == SCIM_NODE_VALUE_PATH)
		{
			only_data[i] = ScimTargetOfResource(r, node).kind == TARGET_DATA;
			continue;
		}
		only_data[i] = true;
		for (uint32 child = i + 1; child < i + node->size && only_data[i];
			 child += r->filter->nodes[child].size)
			only_data[i] = only_data[child];
	}
	return only_data;
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

/* id eq "...", and members.value eq "...", where any text is the id of something. */
static Condition *
read_id_equality(const Reader *r, const Target *target, const ScimFilterNode *node)
{
	const char *literal = ScimFilterString(r->filter, node->value);
	pg_uuid_t *uuid = palloc(sizeof(pg_uuid_t));
	Condition *equal;
	bool is_id = true;

	/* ids are caseExact, and the text of a uuid is in lower case */
	if (target->reference)
		ScimMemberKey(literal, node->value_len, uuid, &is_id);
	else if (!ScimUuidParse(literal, uuid) || strcmp(literal, ScimUuidText(uuid)) != 0)
		return ScimConditionConstant(node->op == SCIM_OP_NE);
	equal = ScimConditionEqual(target, uuid);
	return node->op == SCIM_OP_EQ ? equal : ScimConditionNot(equal);
}

/* One comparison with an SQL expression. */
static Condition *
read_comparison(const Reader *r, const Target *target, const ScimFilterNode *node)
{
	const char *literal = ScimFilterString(r->filter, node->value);
	size_t len = node->value_len;
	Condition *present_condition;
	bool present;

	if (is_presence_test(node, &present))
	{
		present_condition = ScimConditionPresent(target);
		return present ? present_condition : ScimConditionNot(present_condition);
	}
	if (target->kind == TARGET_ID && (node->op == SCIM_OP_EQ || node->op == SCIM_OP_NE))
		return read_id_equality(r, target, node);
	if (target->kind == TARGET_TEXT && node->op == SCIM_OP_EQ)
	{
		literal = ScimTargetLiteral(target, literal, &len);
		return ScimConditionEqual(target, pnstrdup(literal, len));
	}
	return ScimConditionCompare(target, node, literal);
}

/* What a comparison with one of its parts asks of a member or group. */
static Condition *
read_element(Reader *r, TargetKind relation, const ScimFilterNode *node, bool presence)
{
	const char *sub = ScimFilterString(r->filter, node->sub);
	Target target = relation == TARGET_MEMBERS ? ScimTargetOfMember(r, sub)
											   : ScimTargetOfGroup(r, sub);
	Condition *comparison;

	if (presence)
		return ScimConditionPresent(&target);
	comparison = read_comparison(r, &target, node);
	if (node->op != SCIM_OP_NE)
		return comparison;
	return ScimConditionAnd(list_make2(comparison, ScimConditionPresent(&target)));
}

/*
 * members eq "...", members.display co "...", groups pr ...: any value will do.
 * eq null: there is none; ne: one differs, or there is none.
 */
static Condition *
read_relation(Reader *r, TargetKind relation, const ScimFilterNode *node)
{
	bool wanted = true;
	bool presence = is_presence_test(node, &wanted);
	Condition *found =
		ScimConditionRelated(relation, read_element(r, relation, node, presence));
	Condition *none;

	if (presence)
		return wanted ? found : ScimConditionNot(found);
	if (node->op != SCIM_OP_NE)
		return found;
	none = ScimConditionNot(
		ScimConditionRelated(relation, read_element(r, relation, node, true)));
	return ScimConditionOr(list_make2(found, none));
}

/* members[...]: one of them for which all of the node inside is true. */
static Condition *
read_relation_path(Reader *r, TargetKind relation, uint32 index)
{
	Scope outer = r->scope;
	Condition *element;

	r->scope = relation == TARGET_MEMBERS ? SCOPE_MEMBER : SCOPE_GROUP;
	element = read_node(r, index + 1);
	r->scope = outer;
	return ScimConditionRelated(relation, element);
}

/* meta[...] and userName[...]: a value, of which the node inside is true. */
static Condition *
read_column_path(Reader *r, const Target *target, uint32 index)
{
	const char *name = ScimFilterString(r->filter, r->filter->nodes[index].name);
	Scope outer = r->scope;
	Condition *value;

	r->scope = ScimNameEqual(name, "meta") ? SCOPE_META : SCOPE_COLUMN;
	r->column = target;
	value = read_node(r, index + 1);
	r->scope = outer;
	return ScimConditionAnd(list_make2(ScimConditionPresent(target), value));
}

/* group[...], member[...], meta[...] of a membership: each has one, which is there. */
static Condition *
read_membership_path(Reader *r, uint32 index)
{
	const char *outer = r->within;
	Condition *condition;

	r->within = ScimFilterString(r->filter, r->filter->nodes[index].name);
	condition = read_node(r, index + 1);
	r->within = outer;
	return condition;
}

/* id eq "..." of a membership is about two columns, which have an index. */
static Condition *
read_membership_id(const Reader *r, const ScimFilterNode *node)
{
	Target group = ScimTargetOfMembership(r, "group", NULL);
	Target member = ScimTargetOfMembership(r, "member", NULL);
	const char *literal = ScimFilterString(r->filter, node->value);
	pg_uuid_t *ids = palloc(2 * sizeof(pg_uuid_t));
	Condition *equal = ScimConditionConstant(false);

	if (strlen(literal) == node->value_len &&
		ScimMembershipIdParse(literal, &ids[0], &ids[1]))
		equal = ScimConditionAnd(list_make2(ScimConditionEqual(&group, &ids[0]),
											ScimConditionEqual(&member, &ids[1])));
	return node->op == SCIM_OP_EQ ? equal : ScimConditionNot(equal);
}

static Condition *
read_membership(Reader *r, const ScimFilterNode *node)
{
	Target target = ScimTargetOf(r, node);
	bool present;

	if (r->within == NULL && (node->op == SCIM_OP_EQ || node->op == SCIM_OP_NE) &&
		ScimNameEqual(ScimFilterString(r->filter, node->name), "id") &&
		!is_presence_test(node, &present))
		return read_membership_id(r, node);
	return read_comparison(r, &target, node);
}

static List *
read_children(Reader *r, uint32 index)
{
	uint32 end = index + r->filter->nodes[index].size;
	List *children = NIL;

	for (uint32 child = index + 1; child < end; child += r->filter->nodes[child].size)
	{
		CHECK_FOR_INTERRUPTS();
		children = lappend(children, read_node(r, child));
	}
	return children;
}

static Condition *
read_node(Reader *r, uint32 index)
{
	const ScimFilterNode *node = &r->filter->nodes[index];
	Target target;

	check_stack_depth();
	if (r->scope == SCOPE_RESOURCE && r->only_data[index])
	{
		StringInfoData text;

		initStringInfo(&text);
		ScimFilterPrintNode(&text, r->filter, index);
		return ScimConditionData(text.data, node->kind == SCIM_NODE_OR);
	}
	switch ((ScimNodeKind) node->kind)
	{
		case SCIM_NODE_AND:
			return ScimConditionAnd(read_children(r, index));
		case SCIM_NODE_OR:
			return ScimConditionOr(read_children(r, index));
		case SCIM_NODE_NOT:
			return ScimConditionNot(read_node(r, index + 1));
		case SCIM_NODE_VALUE_PATH:
			if (r->scope == SCOPE_MEMBERSHIP)
				return read_membership_path(r, index);
			target = ScimTargetOf(r, node);
			if (target.kind == TARGET_MEMBERS || target.kind == TARGET_GROUPS)
				return read_relation_path(r, target.kind, index);
			return read_column_path(r, &target, index);
		case SCIM_NODE_COMPARE:
			if (r->scope == SCOPE_MEMBERSHIP)
				return read_membership(r, node);
			target = ScimTargetOf(r, node);
			if (target.kind == TARGET_MEMBERS || target.kind == TARGET_GROUPS)
				return read_relation(r, target.kind, node);
			return read_comparison(r, &target, node);
	}
	return NULL;
}

/* ScimResolveForFilter, but that it may be asked whether there is a secret. */
static ScimProblem *
resolve_with_secrets(void *context, const ScimAttrRef *ref, const ScimAttrInfo *parent,
					 bool want_value, ScimAttrInfo *info)
{
	const ScimResolveContext *scope = context;
	ScimResolved resolved;

	if (parent != NULL || want_value || scope->type == NULL ||
		!ScimResolve(scope->type, ref, &resolved) ||
		ScimPresenceTable(scope->type, &resolved) == NULL)
		return ScimResolveForFilter(context, ref, parent, want_value, info);
	memset(info, 0, sizeof(ScimAttrInfo));
	info->type = SCIM_TYPE_STRING;
	info->nkeys = 1;
	info->key[0] = resolved.attribute->name;
	info->attribute = resolved.attribute;
	return NULL;
}

/* Raises what is wrong with the filter; it may be that of members[...]. */
static ScimBoundFilter *
check_filter(const Reader *r)
{
	static const ScimAttrRef members = {NULL, "members", NULL};
	ScimResolveContext context = {r->store->registry, r->type};
	bool of_member = r->scope == SCOPE_MEMBER;
	ScimAttrInfo parent;
	ScimProblem *problem = NULL;
	ScimBoundFilter *bound = NULL;

	if (of_member)
		problem = ScimResolveForFilter(&context, &members, NULL, false, &parent);
	if (problem == NULL)
		bound = ScimFilterBind(r->filter, 0,
							   r->secrets ? resolve_with_secrets : ScimResolveForFilter,
							   &context, of_member ? &parent : NULL, &problem);
	if (bound == NULL)
		ereport(ERROR, (ScimErr(problem->kind), errmsg("%s", problem->message)));
	return bound;
}

/*
 * ScimFilterDescribe appends what a filter over a type, NULL: any, says and means, in
 * bytes: others where a schema says otherwise by now.  Raises what is wrong with it.
 */
void
ScimFilterDescribe(StringInfo out, ScimStore *store, const ScimResourceType *type,
				   const ScimFilter *filter, bool secrets)
{
	Reader r = {store, type, filter, SCOPE_RESOURCE, NULL, NULL, NULL, secrets, 0};

	ScimFilterHashKey(out, filter);
	ScimBoundFilterDescribe(out, check_filter(&r));
}

/* ScimMemberFilterDescribe: the same of what stands in members[...]. */
void
ScimMemberFilterDescribe(StringInfo out, ScimStore *store, const ScimResourceType *type,
						 const ScimFilter *filter)
{
	Reader r = {store, type, filter, SCOPE_MEMBER, NULL, NULL, NULL, false, 0};

	ScimFilterHashKey(out, filter);
	ScimBoundFilterDescribe(out, check_filter(&r));
}

static ScimPredicate *
make_predicate(const Reader *r, Condition *condition)
{
	ScimPredicate *predicate = palloc(sizeof(ScimPredicate));
	int max = ScimSettingInt(r->store->settings, SCIM_SETTING_MAX_FILTER_LOOKUPS, NULL);

	max = Min(max + r->own, SCIM_MAX_FILTER_LOOKUPS_MAX);

	if (condition->nrelated > max)
		ereport(
			ERROR,
			(ScimErr(SCIM_INVALID_FILTER),
			 errmsg("filter looks up members and groups %d times: it may do so %d times",
					condition->nrelated, max),
			 errhint("Terms that are joined by \"or\" are looked up together. The "
					 "setting max_filter_lookups is the limit.")));
	if (condition->nterms > TERMS_MAX)
		ereport(ERROR, (ScimErr(SCIM_INVALID_FILTER),
						errmsg("filter has %d terms that are not of the document: a "
							   "search takes no more than %d",
							   condition->nterms, TERMS_MAX)));
	predicate->store = r->store;
	predicate->type = r->type;
	predicate->filter = r->filter;
	predicate->condition = condition;
	predicate->of_document =
		condition->kind == CONDITION_DATA ? ScimDataFilter(condition) : NULL;
	return predicate;
}

/*
 * ScimPredicateMake reads a filter over resources of a type, NULL: of any type.
 * secrets: "password pr" may be asked.  The result lives in the current memory
 * context and needs the filter.  Raises
 * SCIM_INVALID_FILTER for what the type does not know.
 */
ScimPredicate *
ScimPredicateMake(ScimStore *store, const ScimResourceType *type,
				  const ScimFilter *filter, bool secrets)
{
	return ScimPredicateMakeBeside(store, type, filter, secrets, 0);
}

/*
 * ScimPredicateMakeBeside: the same of a filter of which so many terms are none of a
 * client's: the store holds them, and they may look up what they did before the limit
 * came down.
 */
ScimPredicate *
ScimPredicateMakeBeside(ScimStore *store, const ScimResourceType *type,
						const ScimFilter *filter, bool secrets, int own)
{
	Reader r = {store, type, filter, SCOPE_RESOURCE, NULL, NULL, NULL, secrets, own};

	check_filter(&r);
	r.only_data = find_data(&r);
	return make_predicate(&r, read_node(&r, 0));
}

/* What the look-ups of groups in a condition take as text: TEXT_LOOKUPS_MAX at most. */
static int
text_lookups(const Condition *condition)
{
	int n = 0;
	ListCell *lc;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (condition->kind == CONDITION_RELATED && condition->relation == TARGET_GROUPS)
		return condition->element->typed ? TEXT_LOOKUPS_TYPED : 1;
	foreach (lc, condition->children)
		n += text_lookups(lfirst(lc));
	return n;
}

/*
 * ScimPredicateAppend appends a predicate as a boolean SQL expression over the
 * columns of "resource".  params NULL: with literals.  Otherwise SPI must be
 * connected: groups that a filter speaks of may be looked up at once, and are
 * kept with the predicate.
 */
void
ScimPredicateAppend(StringInfo out, ScimParams *params, ScimPredicate *predicate)
{
	Emission e = {out, params, predicate, false, true, 0, NIL};
	int nlookups = params == NULL ? text_lookups(predicate->condition) : 0;
	int level;

	if (nlookups > TEXT_LOOKUPS_MAX)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_FILTER),
				 errmsg("filter looks up groups too often for one statement: %d times, "
						"where scim.to_sql allows %d",
						nlookups, TEXT_LOOKUPS_MAX),
				 errdetail("One that asks for direct or indirect groups counts as %d.",
						   TEXT_LOOKUPS_TYPED),
				 errhint("Terms that are joined by \"or\" are looked up together; "
						 "scim.search has no such limit.")));
	/* of groups that are looked up on the way, others may have most */
	level = ScimSpiBeginApart(params != NULL && predicate->condition->nrelated > 0 &&
							  !ScimTenantIsOnly(predicate->store->namespace_oid));
	ScimEmitVisits(&e, "", " AND ", list_make1(predicate->condition));
	ScimEmitCondition(&e, predicate->condition);
	ScimSpiEndApart(level);
}

bool
ScimPredicateLooksUp(const ScimPredicate *predicate)
{
	return predicate->condition->nrelated > 0;
}

/* ScimPredicateOfDocument: without what each resource, or none, has, such as an id. */
ScimFilter *
ScimPredicateOfDocument(const ScimPredicate *predicate)
{
	return predicate->of_document;
}

/*
 * ScimMemberPredicate appends the filter of a path members[...] as an SQL
 * expression over a row m of "member".
 */
void
ScimMemberPredicate(StringInfo out, ScimParams *params, ScimStore *store,
					const ScimResourceType *type, const ScimFilter *filter)
{
	Reader r = {store, type, filter, SCOPE_MEMBER, NULL, NULL, NULL, false, 0};
	Emission e = {out, params, NULL, false, false, 0, NIL};

	check_filter(&r);
	e.predicate = make_predicate(&r, read_node(&r, 0));
	ScimEmitVisits(&e, "", " AND ", list_make1(e.predicate->condition));
	ScimEmitOfMember(&e, e.predicate->condition);
}

/*
 * ScimMembershipPredicate appends a filter over memberships as an SQL expression over
 * rows m of "member", g and x of "resource".  Raises SCIM_INVALID_FILTER for what they
 * do not have.
 */
void
ScimMembershipPredicate(StringInfo out, ScimParams *params, ScimStore *store,
						const ScimResourceType *type, const ScimFilter *filter)
{
	Reader r = {store, type, filter, SCOPE_MEMBERSHIP, NULL, NULL, NULL, false, 0};
	Emission e = {out, params, NULL, false, false, 0, NIL};

	check_filter(&r);
	e.predicate = make_predicate(&r, read_node(&r, 0));
	ScimEmitVisits(&e, "", " AND ", list_make1(e.predicate->condition));
	ScimEmitCondition(&e, e.predicate->condition);
}

/* ScimMemberPredicates appends whether one of several such filters matches. */
void
ScimMemberPredicates(StringInfo out, ScimParams *params, ScimStore *store,
					 const ScimResourceType *type, const List *filters)
{
	Emission e = {out, params, NULL, false, false, 0, NIL};
	List *predicates = NIL;
	ListCell *lc;

	if (list_length(filters) == 1)
	{
		ScimMemberPredicate(out, params, store, type, linitial(filters));
		return;
	}
	foreach (lc, filters)
	{
		Reader r = {store, type, lfirst(lc), SCOPE_MEMBER, NULL, NULL, NULL, false, 0};

		check_filter(&r);
		predicates = lappend(predicates, make_predicate(&r, read_node(&r, 0)));
	}
	ScimEmitAnyOfMember(&e, predicates);
}
