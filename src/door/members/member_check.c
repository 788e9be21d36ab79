/*
 * member_check.c
 *		The policies "reference" and "canonical" on the members of groups.
 *
 * Members are rows of the table "member", not part of a document.  Where they are
 * added, one statement for each rule looks at all that a statement has added.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "door/members/members.h"
#include "door/row/row.h"
#include "json/json.h"
#include "policy/policy.h"
#include "resource/patch/patch.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "text/fold.h"

/* An error names so many members. */
#define MAX_NAMED 5

/* A group type whose members have changed, in a tenant. */
typedef struct GroupType
{
	int32 tenant_id;
	const ScimResourceType *type;
} GroupType;

/* What the members of groups of a type are validated with. */
typedef struct MemberValidation
{
	ScimStore *store;
	int32 tenant_id;
	const ScimValueRule *rule;
	ScimPutProblem put;
	void *arg;
} MemberValidation;

static Datum type_names(const ScimStore *store);
static List *changed_types(ScimStore *store);
static List *
member_rules(ScimStore *store, int32 tenant_id, const ScimResourceType *type);
static const char *value_column(const ScimValueRule *rule);
static char *member_query(const ScimStore *store, const ScimResourceType *type,
						  const ScimValueRule *rule);
static void member_params(ScimParams *params, int32 tenant_id, const ScimValueRule *rule);
static ScimProblem *member_problem(const ScimValueRule *rule, const char *text);
static void validate_members(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc);

static void
describe_member(void *arg)
{
	errcontext("%s", (const char *) arg);
}

/*
 * ScimMemberRowPush makes errors say which row of the transition table changed_member
 * they are about: the first that a condition on c is true of.  Until the caller sets
 * error_context_stack to callback->previous.
 */
void
ScimMemberRowPush(ErrorContextCallback *callback, const ScimStore *store,
				  const char *condition, const ScimParams *params)
{
	callback->previous = error_context_stack;
	ScimSpiExecute(psprintf("SELECT c.n::text, c.group_id::text, c.member_id::text FROM "
							"(SELECT row_number() OVER () AS n, c.* "
							"FROM changed_member c) c /* of %s */ WHERE %s ORDER BY c.n",
							store->quoted_name, condition),
				   params, false, 1);
	if (SPI_processed == 0)
		return;
	callback->callback = describe_member;
	callback->arg =
		psprintf("row %s for table \"member\": group_id %s, member_id %s",
				 ScimResultText(0, 1), ScimResultText(0, 2), ScimResultText(0, 3));
	error_context_stack = callback;
}

/* Errors are about the row that added a member. */
static void
push_row(ErrorContextCallback *callback, const ScimStore *store, const char *member)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(member), false);
	ScimMemberRowPush(callback, store, "c.member_id = $1::uuid", &params);
}

static void
raise_of_row(const ScimStore *store, const char *member, List *problems)
{
	ErrorContextCallback callback;

	push_row(&callback, store, member);
	ScimProblemsRaise(problems);
	error_context_stack = callback.previous;
}

/*
 * ScimCheckNewMembers raises what is wrong with the rows of the transition table
 * changed_member, which SPI knows.  Members that references lead to stay until the
 * end of the transaction.  name_row: people wrote the statement, and want to know which
 * row it is.  Call it as the store's owner.
 */
void
ScimCheckNewMembers(ScimStore *store, bool name_row)
{
	List *problems = NIL;
	const char *wrong = NULL;
	ListCell *lc;

	if (!ScimRuleAny(store, SCIM_RULE_REFERENCE) &&
		!ScimRuleAny(store, SCIM_RULE_CANONICAL))
		return;
	foreach (lc, changed_types(store))
	{
		const GroupType *changed = lfirst(lc);

		ListCell *cell;

		foreach (cell, member_rules(store, changed->tenant_id, changed->type))
		{
			const ScimValueRule *rule = lfirst(cell);
			ScimParams params;

			member_params(&params, changed->tenant_id, rule);
			ScimSpiExecute(member_query(store, changed->type, rule), &params, false,
						   MAX_NAMED);
			for (uint64 row = 0; row < SPI_processed; row++)
			{
				const char *value = TextDatumGetCString(ScimResultValue(row, 1, TEXTOID));

				if (wrong == NULL)
					wrong = ScimResultText(row, 2);
				problems = lappend(problems, member_problem(rule, value));
			}
		}
	}
	if (problems != NIL && name_row)
		raise_of_row(store, wrong, problems);
	ScimProblemsRaise(problems);
}

/*
 * ScimCheckMemberTypes raises an error for members whose type is that of other resources
 * than of the one that is there.  A type that is none of ours says nothing, and a member
 * that is not there yet may become any.  rows is a FROM item with tenant_id, member_id
 * and member_type, whose parameters are in params; name_row as above, where rows is the
 * transition table.
 */
void
ScimCheckMemberTypes(ScimStore *store, const char *rows, ScimParams *params,
					 bool name_row)
{
	/* a resource that may not be read is as if it were not there */
	const char *readable = ScimScopeProvedTypes(store);
	int names;

	if (ScimSettingInt(store->settings, SCIM_SETTING_UNKNOWN_ATTRIBUTES, NULL) ==
		SCIM_UNKNOWN_IGNORE)
		return;
	names = ScimParamsAdd(params, TEXTARRAYOID, type_names(store), false);
	ScimSpiExecute(psprintf("SELECT c.member_id::text, c.member_type, r.resource_type "
							"FROM %s c JOIN %s.resource r "
							"ON r.tenant_id = c.tenant_id AND r.id = c.member_id "
							"WHERE c.member_type IS NOT NULL AND r.deleted_at IS NULL "
							"AND scim.fold(c.member_type) <> scim.fold(r.resource_type) "
							"AND scim.fold(c.member_type) = ANY ($%d)%s ORDER BY 1",
							rows, store->quoted_name, names,
							readable != NULL
								? psprintf(" AND r.resource_type IN (%s)", readable)
								: ""),
				   params, false, 1);
	if (SPI_processed > 0)
	{
		char *member = ScimResultText(0, 1);
		char *stated = ScimResultText(0, 2);
		char *type = ScimResultText(0, 3);
		ErrorContextCallback callback;

		if (name_row)
			push_row(&callback, store, member);
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("attribute \"members\" has the type \"%s\" for \"%s\", "
							   "which is a resource of type \"%s\"",
							   stated, member, type)));
	}
}

/* The names of all resource types, folded, text[]. */
static Datum
type_names(const ScimStore *store)
{
	const ScimRegistry *registry = store->registry;
	Datum *names = palloc(sizeof(Datum) * (registry->ntypes + 1));

	for (int i = 0; i < registry->ntypes; i++)
	{
		const char *name = registry->types[i].name;
		size_t len;

		name = ScimFold(name, strlen(name), &len);
		names[i] = PointerGetDatum(cstring_to_text_with_len(name, len));
	}
	return PointerGetDatum(
		construct_array(names, registry->ntypes, TEXTOID, -1, false, TYPALIGN_INT));
}

/* GroupType * */
static List *
changed_types(ScimStore *store)
{
	List *types = NIL;

	ScimSpiExecute(psprintf("SELECT DISTINCT c.tenant_id, g.resource_type "
							"FROM changed_member c JOIN %s.resource g "
							"ON g.tenant_id = c.tenant_id AND g.id = c.group_id",
							store->quoted_name),
				   NULL, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		GroupType *changed = palloc(sizeof(GroupType));

		changed->tenant_id = DatumGetInt32(ScimResultValue(i, 1, INT4OID));
		changed->type = ScimRegistryType(
			store->registry, TextDatumGetCString(ScimResultValue(i, 2, TEXTOID)));
		if (changed->type != NULL && changed->type->has_members)
			types = lappend(types, changed);
	}
	return types;
}

/* The rules of the policies "reference" and "canonical" that are about members. */
static List *
member_rules(ScimStore *store, int32 tenant_id, const ScimResourceType *type)
{
	static const ScimRuleKind kinds[] = {SCIM_RULE_REFERENCE, SCIM_RULE_CANONICAL};
	const ScimRules *rules = ScimRulesFor(store, tenant_id, type);
	List *of_members = NIL;

	for (size_t i = 0; i < lengthof(kinds); i++)
	{
		const ListCell *row;

		foreach (row, rules->of[kinds[i]])
		{
			const ListCell *lc;

			foreach (lc, (List *) ((const ScimRule *) lfirst(row))->compiled)
			{
				ScimValueRule *rule = lfirst(lc);

				if (rule->resolved.sub != NULL && ScimIsOfMembers(type, &rule->resolved))
					of_members = lappend(of_members, rule);
			}
		}
	}
	return of_members;
}

/*
 * The attribute of this name of members, where the policy "canonical" is about it; else
 * NULL.
 */
static const ScimAttribute *
spelled_attribute(ScimStore *store, int32 tenant_id, const ScimResourceType *type,
				  const char *name)
{
	ListCell *lc;

	foreach (lc, member_rules(store, tenant_id, type))
	{
		const ScimValueRule *rule = lfirst(lc);

		if (rule->targets == NIL && strcmp(rule->resolved.sub->name, name) == 0)
			return rule->resolved.sub;
	}
	return NULL;
}

static void
spell_member(const ScimAttribute *attribute, JsonbValue *member)
{
	JsonbValue *value = ScimJsonGet(member, attribute->name);
	const char *text = value != NULL ? ScimJsonStringCopy(value) : NULL;
	const char *spelled = text != NULL ? ScimCanonicalSpelling(attribute, text) : NULL;

	if (spelled != NULL)
		*value = *ScimJsonNewString(pstrdup(spelled));
}

/* By ScimMemberPart. */
static const char *const parts[] = {"type", "value"};

/*
 * ScimMembersSpell writes what changes (ScimMemberChange *) say of members of a group of
 * a type as canonicalValues spell it, where the policy "canonical" wants that.
 */
void
ScimMembersSpell(ScimStore *store, int32 tenant_id, const ScimResourceType *type,
				 const List *changes)
{
	if (!ScimRuleAny(store, SCIM_RULE_CANONICAL))
		return;
	for (size_t i = 0; i < lengthof(parts); i++)
	{
		const ScimAttribute *attribute =
			spelled_attribute(store, tenant_id, type, parts[i]);
		const ListCell *lc;

		if (attribute == NULL)
			continue;
		foreach (lc, changes)
		{
			const ScimMemberChange *change = lfirst(lc);
			JsonbValue *members = change->members;
			const ListCell *named;

			for (int m = 0; members != NULL && m < members->val.array.nElems; m++)
			{
				CHECK_FOR_INTERRUPTS();
				spell_member(attribute, &members->val.array.elems[m]);
			}
			foreach (named, change->named)
				spell_member(attribute, ((ScimNamedMember *) lfirst(named))->member);
		}
	}
}

/* The type of a group, or NULL. */
static const ScimResourceType *
type_of_group(ScimStore *store, int32 tenant_id, const pg_uuid_t *group_id)
{
	const ScimResourceType *type = NULL;
	ScimIdentity caller;
	ScimParams params;

	if (ScimGroupAtDoor != NULL && ScimGroupAtDoorType != NULL &&
		memcmp(ScimGroupAtDoor, group_id, UUID_LEN) == 0)
		return ScimGroupAtDoorType;
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	ScimParamsOfResource(&params, tenant_id, group_id);
	ScimSpiExecute(psprintf("SELECT r.resource_type FROM %s.resource r "
							"WHERE r.tenant_id = $1 AND r.id = $2",
							store->quoted_name),
				   &params, false, 1);
	if (SPI_processed > 0)
		type = ScimRegistryType(store->registry, ScimResultText(0, 1));
	SPI_finish();
	ScimBeCaller(caller);
	return type;
}

/*
 * ScimMemberSpelled says the same of a row of "member", whoever writes it: its type or
 * its value, which is this text.  Returns how it is spelled, or NULL: as it is.  Most
 * rows are good as they are, and nobody asks of which type their group is.
 */
const char *
ScimMemberSpelled(ScimStore *store, int32 tenant_id, const pg_uuid_t *group_id,
				  ScimMemberPart part, const char *text)
{
	const ScimRegistry *registry = store->registry;
	const ScimAttribute *attribute = NULL;
	bool any = false;

	if (!ScimRuleAny(store, SCIM_RULE_CANONICAL))
		return NULL;
	for (int i = 0; i < registry->ntypes && !any; i++)
	{
		const ScimResourceType *type = &registry->types[i];

		if (type->has_members)
			attribute = spelled_attribute(store, tenant_id, type, parts[part]);
		any = attribute != NULL && ScimCanonicalSpelling(attribute, text) != NULL;
	}
	if (any)
	{
		const ScimResourceType *type = type_of_group(store, tenant_id, group_id);

		attribute = type != NULL && type->has_members
						? spelled_attribute(store, tenant_id, type, parts[part])
						: NULL;
		if (attribute != NULL)
			return ScimCanonicalSpelling(attribute, text);
	}
	return NULL;
}

/* What a row c of "member" has of the attribute that a rule is about. */
static const char *
value_column(const ScimValueRule *rule)
{
	if (strcmp(rule->resolved.sub->name, "type") == 0)
		return "c.member_type";
	return "coalesce(c.value, c.member_id::text)";
}

/*
 * The statement that selects the values of those rows added, in groups of a type,
 * that break a rule.  Each reference is looked up by the primary key of "resource",
 * whatever the number of rows.
 */
static char *
member_query(const ScimStore *store, const ScimResourceType *type,
			 const ScimValueRule *rule)
{
	StringInfoData query;

	initStringInfo(&query);
	appendStringInfo(
		&query,
		"SELECT %s, c.member_id::text FROM changed_member c JOIN %s.resource g "
		"ON g.tenant_id = $1 AND g.id = c.group_id AND g.resource_type = %s",
		value_column(rule), store->quoted_name, quote_literal_cstr(type->name));
	if (rule->targets != NIL)
		appendStringInfo(&query,
						 " LEFT JOIN LATERAL (SELECT r.id FROM %s.resource r "
						 "WHERE r.resource_type IN (%s) AND r.tenant_id = $1 "
						 "AND r.id = c.member_id AND r.deleted_at IS NULL "
						 "LIMIT 1 FOR KEY SHARE) t ON true "
						 "WHERE c.tenant_id = $1 "
						 "AND (c.value IS NOT NULL OR t.id IS NULL)",
						 store->quoted_name, ScimTypeList(rule->targets));
	else
		appendStringInfo(&query, " WHERE c.tenant_id = $1 AND NOT %s%s) = ANY ($2)",
						 rule->resolved.sub->case_exact ? "(" : "scim.fold(",
						 value_column(rule));
	return query.data;
}

static void
member_params(ScimParams *params, int32 tenant_id, const ScimValueRule *rule)
{
	const List *allowed = rule->resolved.sub->canonical_values;
	Datum *values = palloc(sizeof(Datum) * (list_length(allowed) + 1));
	int count = 0;
	ListCell *lc;

	ScimParamsInit(params);
	ScimParamsAdd(params, INT4OID, Int32GetDatum(tenant_id), false);
	if (rule->targets != NIL)
		return;
	foreach (lc, allowed)
	{
		const char *text = lfirst(lc);
		size_t len = strlen(text);

		if (!rule->resolved.sub->case_exact)
			text = ScimFold(text, len, &len);
		values[count++] = PointerGetDatum(cstring_to_text_with_len(text, len));
	}
	ScimParamsAdd(
		params, TEXTARRAYOID,
		PointerGetDatum(construct_array(values, count, TEXTOID, -1, false, TYPALIGN_INT)),
		false);
}

static ScimProblem *
member_problem(const ScimValueRule *rule, const char *text)
{
	bool reference = rule->targets != NIL;
	ScimProblem *problem =
		reference ? ScimReferenceProblem(rule, text) : ScimCanonicalProblem(rule, text);

	problem->rule = reference ? "reference" : "canonical";
	return problem;
}

/*
 * ScimMembersValidate calls put for what is wrong with the members of the groups of
 * a type, those that the caller may read.
 */
void
ScimMembersValidate(ScimStore *store, int32 tenant_id, const ScimResourceType *type,
					ScimPutProblem put, void *arg)
{
	ListCell *lc;

	if (!type->has_members)
		return;
	foreach (lc, member_rules(store, tenant_id, type))
	{
		MemberValidation validation = {store, tenant_id, lfirst(lc), put, arg};
		ScimParams params;

		ScimParamsInit(&params);
		ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
		ScimSpiForEach(psprintf("SELECT c.group_id, c.member_id, c.value, %s "
								"FROM %s.member c JOIN %s.resource g "
								"ON g.tenant_id = $1 AND g.id = c.group_id "
								"AND g.resource_type = %s AND g.deleted_at IS NULL "
								"WHERE c.tenant_id = $1 "
								"ORDER BY c.group_id, c.member_id",
								value_column(validation.rule), store->quoted_name,
								store->quoted_name, quote_literal_cstr(type->name)),
					   &params, true, validate_members, &validation);
	}
}

static void
validate_members(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	const MemberValidation *validation = arg;
	const ScimValueRule *rule = validation->rule;
	MemoryContext context = AllocSetContextCreate(
		CurrentMemoryContext, "scim validate members", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	Datum *ids = palloc(sizeof(Datum) * nrows);
	pg_uuid_t *found = NULL;
	uint64 nfound = 0;

	for (uint64 i = 0; i < nrows; i++)
		ids[i] = ScimColumnValue(rows[i], desc, 2, UUIDOID);
	if (rule->targets != NIL)
		found = ScimExistingIds(validation->store, validation->tenant_id, rule->targets,
								ids, nrows, false, &nfound);
	for (uint64 i = 0; i < nrows; i++)
	{
		bool is_id;
		bool isnull;
		Datum datum = ScimColumn(rows[i], desc, 4, TEXTOID, &isnull);
		const char *value = isnull ? NULL : TextDatumGetCString(datum);

		CHECK_FOR_INTERRUPTS();
		if (value == NULL)
			continue;
		(void) ScimColumn(rows[i], desc, 3, TEXTOID, &is_id);
		if (rule->targets != NIL
				? is_id && ScimHasId(found, nfound, DatumGetUUIDP(ids[i]))
				: ScimIsCanonicalValue(rule->resolved.sub, value))
			continue;
		validation->put(validation->arg,
						DatumGetUUIDP(ScimColumnValue(rows[i], desc, 1, UUIDOID)),
						member_problem(rule, value));
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
}
