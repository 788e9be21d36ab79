/*
 * condition.c
 *		The policy "condition": what has to hold where something else does.
 *
 *		{"when": "active eq true", "require": "addresses.country pr",
 *		 "message": "the country of residence is required"}
 *
 * Where "when" holds (always, where it is left out) "require" must. With "through",
 * a reference, and "matches" it is asked of those only that refer to a resource that
 * matches:
 *
 *		{"through": "urn:...:User:packageId", "matches": "automaticOrders eq true",
 *		 "require": "addresses[streetAddress pr and postalCode pr]"}
 *
 * With "keep" in place of "require", attributes may not change while "when" holds:
 *
 *		{"when": "status eq \"OFFBOARDING\"", "keep": ["urn:...:User:orders"]}
 *
 * or, with "clear", nothing may come to them, but what they have may go.
 *
 * "status" in a filter is where the resource is in its life, unless the type's own
 * schema has such an attribute; it may be compared with the names that the policy
 * "status" has for it.  "message", "scimType" and "status" of the settings
 * say what the error is.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "json/json.h"
#include "policy/document/document.h"
#include "text/fold.h"

/* The key of the life-cycle in the documents that are matched. */
#define STATUS_KEY "status"

static ScimRuleFilter *
compile_filter(const ScimRuleSource *source, const ScimResourceType *type,
			   const char *setting, ScimProblem **problem, const char **fault);
static bool names_status(const ScimResourceType *type, const ScimRuleFilter *filter);
static ScimProblem *
resolve_with_status(void *context, const ScimAttrRef *ref, const ScimAttrInfo *parent,
					bool want_value, ScimAttrInfo *info);
static const char *
translate_statuses(const ScimRuleSource *source, const ScimResourceType *type,
				   ScimRuleFilter *filter);
static const char *check_attributes(const ScimResourceType *type, ScimRuleFilter *filter);
static void
compile_keep(const ScimRuleSource *source, ScimCondition *rule, const char **fault);
static void
compile_through(const ScimRuleSource *source, ScimCondition *rule, const char **fault);
static const List *through_types(const ScimRuleSource *source,
								 const ScimResolved *through, const char **fault);
static void collect_about(ScimCondition *rule, const ScimRuleFilter *filter);
static const char *
default_message(const ScimResourceType *type, const ScimCondition *rule);

/*
 * ScimConditionScope makes of a rule of another kind a ScimCondition that requires
 * nothing: where it holds.
 */
ScimCondition *
ScimConditionScope(const ScimRuleSource *source, const char **fault)
{
	ScimCondition *rule = palloc0(sizeof(ScimCondition));
	ScimProblem *problem = NULL;

	rule->name = source->name;
	rule->when = compile_filter(source, source->type, "when", &problem, fault);
	if (*fault == NULL)
		compile_through(source, rule, fault);
	return rule;
}

/*
 * ScimRuleFilterCompile reads a setting that is a filter over what is kept in documents,
 * so that a search finds the same: without the life-cycle.
 */
ScimRuleFilter *
ScimRuleFilterCompile(const ScimRuleSource *source, const char *setting,
					  const char **fault)
{
	ScimProblem *problem = NULL;
	ScimRuleFilter *filter =
		compile_filter(source, source->type, setting, &problem, fault);

	if (*fault == NULL && filter != NULL && names_status(source->type, filter))
		*fault = psprintf("has the setting \"%s\", which names the status: the active "
						  "ones are meant in any case",
						  setting);
	return filter;
}

/*
 * ScimStoredFilterFault says, in words that follow the name of what holds the text, why
 * it is no filter over what documents of a type hold; NULL: it is one.
 */
const char *
ScimStoredFilterFault(const ScimRegistry *registry, const ScimResourceType *type,
					  const char *text)
{
	ScimResolveContext context = {registry, type};
	ScimRuleFilter filter = {.text = text};
	ScimProblem *problem = NULL;

	filter.parsed = ScimFilterParse(text, strlen(text), &problem);
	if (filter.parsed != NULL)
		filter.bound = ScimFilterBind(filter.parsed, 0, ScimResolveForFilter, &context,
									  NULL, &problem);
	if (filter.bound == NULL)
		return psprintf("holds a filter that cannot work: %s", problem->message);
	return check_attributes(type, &filter);
}

/* ScimConditionCompile makes a ScimCondition. */
void *
ScimConditionCompile(const ScimRuleSource *source, const char **fault)
{
	const JsonbValue *message = ScimJsonGet(source->settings, "message");
	ScimCondition *rule = palloc0(sizeof(ScimCondition));
	ScimProblem *problem = NULL;

	rule->name = source->name;
	rule->when = compile_filter(source, source->type, "when", &problem, fault);
	if (*fault == NULL)
		rule->require = compile_filter(source, source->type, "require", &problem, fault);
	if (*fault == NULL)
		compile_keep(source, rule, fault);
	if (*fault == NULL)
		compile_through(source, rule, fault);
	if (*fault == NULL)
		rule->error = ScimRuleError(source->settings, fault);
	if (*fault != NULL)
		return NULL;
	if ((rule->require == NULL) == (rule->keep == NIL))
		*fault = "needs one of the settings \"require\" and \"keep\"";
	else if (message != NULL && message->type != jbvString)
		*fault = "has the setting \"message\", which is not a string";
	if (*fault != NULL)
		return NULL;
	collect_about(rule, rule->when);
	collect_about(rule, rule->require);
	if (rule->through != NULL)
		rule->about = lappend(rule->about, rule->through);
	rule->message = message != NULL ? ScimJsonStringCopy(message)
									: default_message(source->type, rule);
	return rule;
}

static void
compile_keep(const ScimRuleSource *source, ScimCondition *rule, const char **fault)
{
	const JsonbValue *clear = ScimJsonGet(source->settings, "clear");

	if (ScimJsonGet(source->settings, "keep") != NULL)
		rule->keep = ScimRuleAttributes(source, "keep", fault);
	else if (clear != NULL)
		*fault = "has the setting \"clear\" without \"keep\"";
	if (*fault == NULL && clear != NULL && clear->type != jbvBool)
		*fault = "has the setting \"clear\", which is not true or false";
	rule->clear = clear != NULL && clear->type == jbvBool && clear->val.boolean;
}

/* NULL: there is no such setting, or *fault or *problem says what is wrong. */
static ScimRuleFilter *
compile_filter(const ScimRuleSource *source, const ScimResourceType *type,
			   const char *setting, ScimProblem **problem, const char **fault)
{
	const JsonbValue *text = ScimJsonGet(source->settings, setting);
	ScimResolveContext *context;
	ScimRuleFilter *filter;

	*problem = NULL;
	if (text == NULL)
		return NULL;
	if (text->type != jbvString)
	{
		*fault = psprintf("has the setting \"%s\", which is not a string", setting);
		return NULL;
	}
	filter = palloc0(sizeof(ScimRuleFilter));
	filter->text = ScimJsonStringCopy(text);
	filter->parsed = ScimFilterParse(filter->text, strlen(filter->text), problem);
	if (filter->parsed == NULL)
	{
		*fault = psprintf("has the setting \"%s\", which is not a filter: %s", setting,
						  (*problem)->message);
		return NULL;
	}
	*fault = translate_statuses(source, type, filter);
	if (*fault != NULL)
	{
		*fault = psprintf("has the setting \"%s\", which %s", setting, *fault);
		return NULL;
	}
	context = palloc(sizeof(ScimResolveContext));
	context->registry = source->registry;
	context->type = type;
	filter->bound =
		ScimFilterBind(filter->parsed, 0, resolve_with_status, context, NULL, problem);
	if (filter->bound == NULL)
	{
		*fault = psprintf("has the setting \"%s\", whose filter cannot work: %s", setting,
						  (*problem)->message);
		return NULL;
	}
	*fault = check_attributes(type, filter);
	if (*fault != NULL)
		*fault = psprintf("has the setting \"%s\", which %s", setting, *fault);
	return filter;
}

/* Is it the life-cycle that a filter for resources of a type names? */
static bool
is_status(const ScimResourceType *type, const ScimAttrRef *ref)
{
	return ref->urn == NULL && ref->sub == NULL && ScimNameEqual(ref->name, STATUS_KEY) &&
		   ScimSchemaAttribute(type->schema, ref->name, strlen(ref->name)) == NULL;
}

static ScimProblem *
resolve_with_status(void *context, const ScimAttrRef *ref, const ScimAttrInfo *parent,
					bool want_value, ScimAttrInfo *info)
{
	const ScimResolveContext *scope = context;

	if (parent != NULL || !is_status(scope->type, ref))
		return ScimResolveForFilter(context, ref, parent, want_value, info);
	memset(info, 0, sizeof(ScimAttrInfo));
	info->type = SCIM_TYPE_STRING;
	info->nkeys = 1;
	info->key[0] = STATUS_KEY;
	return NULL;
}

/* Makes the literal of a node another one, which is behind the nodes from now on. */
static void
replace_literal(ScimRuleFilter *filter, uint32 i, const char *value)
{
	Size size = VARSIZE(filter->parsed);
	Size length = strlen(value);
	ScimFilter *changed = palloc(size + length + 1);

	memcpy(changed, filter->parsed, size);
	memcpy((char *) changed + size, value, length + 1);
	SET_VARSIZE(changed, size + length + 1);
	changed->nodes[i].value = size;
	changed->nodes[i].value_len = length;
	filter->parsed = changed;
}

/*
 * Gives statuses that the policy "status" has a name for their own.  One that there is
 * not would never hold.
 */
static const char *
translate_statuses(const ScimRuleSource *source, const ScimResourceType *type,
				   ScimRuleFilter *filter)
{
	uint32 step;

	for (uint32 i = 0; i < filter->parsed->nnodes; i += step)
	{
		const ScimFilterNode *node = &filter->parsed->nodes[i];
		ScimAttrRef ref = {ScimFilterString(filter->parsed, node->urn),
						   ScimFilterString(filter->parsed, node->name),
						   ScimFilterString(filter->parsed, node->sub)};
		const char *name = ScimFilterString(filter->parsed, node->value);
		ScimStatus status;
		bool several;

		step = node->kind == SCIM_NODE_VALUE_PATH ? node->size : 1;
		if (node->kind != SCIM_NODE_COMPARE || node->literal != SCIM_LITERAL_STRING ||
			(node->op != SCIM_OP_EQ && node->op != SCIM_OP_NE) ||
			!is_status(type, &ref) || ScimStatusByFoldedName(name, &status))
			continue;
		if (ScimStatusByOwnName(source->statuses, type, name, &status, &several))
			replace_literal(filter, i, ScimStatusName(status));
		else if (source->statuses->strict && several)
			return psprintf("names the status \"%s\", which is several: say which by the "
							"names of the life-cycle",
							name);
		else if (source->statuses->strict)
			return psprintf("names the unknown status \"%s\"", name);
	}
	return NULL;
}

/* Does a filter ask for the life-cycle? */
static bool
names_status(const ScimResourceType *type, const ScimRuleFilter *filter)
{
	for (uint32 i = 0; i < filter->parsed->nnodes; i++)
	{
		const ScimFilterNode *node = &filter->parsed->nodes[i];
		ScimAttrRef ref = {ScimFilterString(filter->parsed, node->urn),
						   ScimFilterString(filter->parsed, node->name),
						   ScimFilterString(filter->parsed, node->sub)};

		if (node->kind == SCIM_NODE_VALUE_PATH)
			i += node->size - 1;
		else if (node->kind == SCIM_NODE_COMPARE && is_status(type, &ref))
			return true;
	}
	return false;
}

/* Lists what a filter names: of what is kept in the document. */
static const char *
check_attributes(const ScimResourceType *type, ScimRuleFilter *filter)
{
	const ScimFilter *parsed = filter->parsed;
	uint32 step;

	for (uint32 i = 0; i < parsed->nnodes; i += step)
	{
		const ScimFilterNode *node = &parsed->nodes[i];
		ScimAttrRef ref = {ScimFilterString(parsed, node->urn),
						   ScimFilterString(parsed, node->name),
						   ScimFilterString(parsed, node->sub)};
		ScimResolved *resolved;
		const char *fault;

		/* what stands within brackets is part of the attribute before them */
		step = node->kind == SCIM_NODE_VALUE_PATH ? node->size : 1;
		if (node->kind != SCIM_NODE_VALUE_PATH && node->kind != SCIM_NODE_COMPARE)
			continue;
		if (is_status(type, &ref))
			continue;
		resolved = palloc0(sizeof(ScimResolved));
		if (!ScimResolve(type, &ref, resolved) || resolved->attribute == NULL)
			continue; /* an extension as a whole */
		fault = ScimAttributeFault(type, ScimRulePath(resolved), resolved);
		if (fault != NULL)
			return fault;
		if (ScimIsOfMembers(type, resolved))
			return "names the attribute \"members\", which is kept elsewhere";
		filter->about = lappend(filter->about, resolved);
	}
	return NULL;
}

/*
 * To which types the attribute of "through" leads, char *: as a policy "reference" says
 * or, where none does, its referenceTypes or those of the "$ref" beside it.  NIL: of any,
 * if it says itself that it is a reference.
 */
static const List *
through_types(const ScimRuleSource *source, const ScimResolved *through,
			  const char **fault)
{
	const ScimAttribute *attribute = ScimLeaf(through);
	const ScimAttribute *ref =
		through->sub != NULL && strcmp(through->sub->name, "value") == 0
			? ScimAttributeSub(through->attribute, "$ref", strlen("$ref"))
			: NULL;
	const ScimAttribute *says[] = {attribute, ref};
	bool is_reference = false;
	bool elsewhere = false;
	const List *types =
		ScimReferenceTargets(source, source->statuses->references, through);

	if (types != NIL)
		return types;
	for (size_t i = 0; i < lengthof(says); i++)
	{
		const ListCell *lc;
		bool named = false;

		if (says[i] == NULL || says[i]->type != SCIM_TYPE_REFERENCE)
			continue;
		foreach (lc, says[i]->reference_types)
			named = named || ScimRegistryType(source->registry, lfirst(lc)) != NULL;
		if (named)
			return says[i]->reference_types;
		/* external, uri, or a type that there is not */
		elsewhere = elsewhere || says[i]->reference_types != NIL;
		is_reference = is_reference || says[i]->reference_types == NIL;
	}
	if (source->statuses->strict && !is_reference)
		*fault =
			psprintf("has the setting \"through\", which names the attribute \"%s\", "
					 "which %s",
					 ScimRulePath(through),
					 elsewhere ? "refers to no resource type of the store"
							   : "is no reference, by its schema or a policy "
								 "\"reference\"");
	return NIL;
}

/*
 * "through" and "matches".  What is referred to is of one of some types; where these are
 * several it is the filter that tells of which.
 */
static void
compile_through(const ScimRuleSource *source, ScimCondition *rule, const char **fault)
{
	const JsonbValue *through = ScimJsonGet(source->settings, "through");
	const List *types;
	const char *first = NULL;
	const ListCell *lc;

	if ((through == NULL) != (ScimJsonGet(source->settings, "matches") == NULL))
		*fault = "has only one of the settings \"through\" and \"matches\"";
	else if (through != NULL && through->type != jbvString)
		*fault = "has the setting \"through\", which is not a string";
	if (through == NULL || *fault != NULL)
		return;
	rule->through = palloc(sizeof(ScimResolved));
	*fault =
		ScimRuleReferenceFault(source->type, ScimJsonStringCopy(through), rule->through);
	if (*fault != NULL)
		return;
	if (ScimIsOfMembers(source->type, rule->through))
	{
		*fault = "goes through \"members\", which are kept elsewhere";
		return;
	}
	types = through_types(source, rule->through, fault);
	if (*fault != NULL)
		return;
	for (int i = 0; i < source->registry->ntypes; i++)
	{
		const ScimResourceType *type = &source->registry->types[i];
		bool wanted = types == NIL;
		const char *fault_of_type = NULL;
		ScimConditionTarget *target;
		ScimProblem *problem;

		foreach (lc, types)
			wanted = wanted || ScimNameEqual(lfirst(lc), type->name);
		if (!wanted)
			continue;
		target = palloc(sizeof(ScimConditionTarget));
		target->type_name = type->name;
		target->matches =
			compile_filter(source, type, "matches", &problem, &fault_of_type);
		if (fault_of_type == NULL)
			rule->targets = lappend(rule->targets, target);
		else if (first == NULL)
			first = fault_of_type;
	}
	if (rule->targets == NIL)
		*fault = first != NULL ? first : "goes through what refers to nothing";
}

/*
 * What a rule is about: whoever breaks it and changes none of this has not broken it.
 * Not "active", so that who breaks a rule for all can be suspended.
 */
static void
collect_about(ScimCondition *rule, const ScimRuleFilter *filter)
{
	const ListCell *lc;

	if (filter == NULL)
		return;
	foreach (lc, filter->about)
	{
		const ScimResolved *resolved = lfirst(lc);

		if (resolved->extension == NULL && resolved->sub == NULL &&
			strcmp(resolved->attribute->name, "active") == 0)
			continue;
		rule->about = lappend(rule->about, (void *) resolved);
	}
}

static const char *
default_message(const ScimResourceType *type, const ScimCondition *rule)
{
	StringInfoData text;
	const ListCell *lc;

	initStringInfo(&text);
	if (rule->keep != NIL)
	{
		foreach (lc, rule->keep)
			appendStringInfo(&text, "%s%s", text.len > 0 ? ", " : "",
							 ScimRulePath(lfirst(lc)));
		appendStringInfo(&text, " of a %s may %s", type->name,
						 rule->clear ? "only become less" : "not change");
	}
	else
		appendStringInfo(&text, "a %s must match (%s)", type->name, rule->require->text);
	if (rule->when != NULL)
		appendStringInfo(&text, " where it matches (%s)", rule->when->text);
	if (rule->through != NULL)
		appendStringInfo(
			&text, "%s what %s refers to matches (%s)",
			rule->when != NULL ? " and" : " where", ScimRulePath(rule->through),
			((ScimConditionTarget *) linitial(rule->targets))->matches->text);
	return text.data;
}

/* ScimConditionDocument makes of a document what conditions are matched with. */
Jsonb *
ScimConditionDocument(const JsonbValue *document, ScimStatus status)
{
	JsonbValue *with_status = palloc(sizeof(JsonbValue));
	int count = document->val.object.nPairs;

	*with_status = *document;
	with_status->val.object.pairs = palloc(sizeof(JsonbPair) * (count + 1));
	memcpy(with_status->val.object.pairs, document->val.object.pairs,
		   sizeof(JsonbPair) * count);
	if (ScimJsonGet(document, STATUS_KEY) == NULL)
		ScimJsonSet(with_status, STATUS_KEY, ScimJsonNewString(ScimStatusName(status)));
	return ScimJsonToJsonb(with_status);
}

/* ScimRuleMatches: does a document that ScimConditionDocument has made match? */
bool
ScimRuleMatches(const ScimRuleFilter *filter, Jsonb *document)
{
	return filter == NULL || ScimFilterMatch(filter->bound, &document->root);
}

/*
 * Is a value what is left when something is taken away from another one?  Values of a
 * list that are left stay in their order.
 */
static bool
is_left_of(const JsonbValue *before, const JsonbValue *value)
{
	int at = 0;

	check_stack_depth();
	if (before == NULL || value == NULL || before->type != value->type)
		return value == NULL;
	if (value->type == jbvObject)
	{
		for (int i = 0; i < value->val.object.nPairs; i++)
		{
			const JsonbPair *pair = &value->val.object.pairs[i];

			if (!is_left_of(ScimJsonGet(before, ScimJsonStringCopy(&pair->key)),
							&pair->value))
				return false;
		}
		return true;
	}
	if (value->type != jbvArray)
		return ScimJsonEqual(before, value);
	for (int i = 0; i < value->val.array.nElems; i++)
	{
		CHECK_FOR_INTERRUPTS();
		while (at < before->val.array.nElems &&
			   !is_left_of(&before->val.array.elems[at], &value->val.array.elems[i]))
			at++;
		if (at++ >= before->val.array.nElems)
			return false;
	}
	return true;
}

/* ScimConditionChanges: does a write change what a rule keeps? */
bool
ScimConditionChanges(const ScimCondition *rule, const JsonbValue *before,
					 const JsonbValue *document)
{
	const ListCell *lc;

	foreach (lc, rule->keep)
	{
		const JsonbValue *was = ScimRuleWhole(lfirst(lc), before);
		const JsonbValue *is = ScimRuleWhole(lfirst(lc), document);

		if (rule->clear ? !is_left_of(was, is) : !ScimJsonSame(was, is))
			return true;
	}
	return false;
}

/* ScimConditionProblem says that a document breaks a rule. */
ScimProblem *
ScimConditionProblem(const ScimCondition *rule, const JsonbValue *document)
{
	const ScimResolved *first =
		rule->keep != NIL
			? linitial(rule->keep)
			: (rule->require->about != NIL ? linitial(rule->require->about) : NULL);
	ScimProblem *problem =
		ScimProblemMake(rule->keep != NIL ? SCIM_MUTABILITY : SCIM_INVALID_VALUE,
						first != NULL ? ScimRulePath(first) : NULL, "%s", rule->message);
	JsonbValue *values = ScimJsonNewArray();
	const ListCell *lc;

	foreach (lc, rule->about)
	{
		const JsonbValue *value = ScimRuleWhole(lfirst(lc), document);
		List *parts = value == NULL ? ScimRuleValues(lfirst(lc), document) : NIL;
		JsonbValue *array = ScimJsonNewArray();
		const ListCell *part;

		if (value != NULL)
			ScimJsonAppend(array, value);
		foreach (part, parts)
			ScimJsonAppend(array, lfirst(part));
		ScimJsonAppend(values, array);
	}
	/* whom it names, by whatever part of it */
	if (rule->through != NULL)
	{
		foreach (lc, ScimRuleReferences(rule->through, document))
			ScimJsonAppend(values, lfirst(lc));
	}
	problem->rule = "condition";
	problem->own = rule->error;
	problem->about = rule;
	problem->value = values;
	return problem;
}
