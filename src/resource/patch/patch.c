/*
 * patch.c
 *		PATCH on a document tree: RFC 7644 section 3.5.2.
 *
 * The operations are applied in order to a copy of the document, each to what
 * the one before has left; the first that cannot be applied raises its error,
 * so that nothing is half-done.  What the result has to obey as a whole
 * (required attributes, types of what was there before) is checked when it is
 * written.  What is sealed stands in the document as well, as it is stored, so
 * that the result says of each such value whether it is still there.
 *
 * What real clients send and the RFC does not say is accepted: "op" in any
 * case; keys of a path-less value that are themselves paths; a remove that
 * lists the values to remove; add and replace that create the element that
 * their value filter describes.
 *
 * The members of a group are no part of its document: what a PATCH does to
 * them is returned as a list of changes for the table "member".
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "json/json.h"
#include "path/path.h"
#include "resource/patch/patch_state.h"
#include "setting/setting.h"

#define PATCH_OP_ADD "add"
#define PATCH_OP_REMOVE "remove"
#define PATCH_OP_REPLACE "replace"

static void
check_known(Patch *patch, const ScimResolved *target, const JsonbValue *value);
static void apply_to_target(Patch *patch, PatchOp op, const ScimResolved *target,
							const ScimFilter *filter, const JsonbValue *value);

/*
 * ScimPatchObject returns the object that holds the attributes of a schema: the
 * document, or what it has under an extension's URN.
 */
JsonbValue *
ScimPatchObject(Patch *patch, const ScimSchema *extension, bool create)
{
	JsonbValue *object;
	MemoryContext caller;

	if (extension == NULL)
		return patch->document;
	object = ScimJsonGet(patch->document, extension->id);
	/* what is stored there by an earlier schema gives way to an object */
	if (object != NULL && object->type != jbvObject)
		object = NULL;
	if (object == NULL && create)
	{
		caller = MemoryContextSwitchTo(patch->context);
		ScimJsonSet(patch->document, extension->id, ScimJsonNewObject());
		MemoryContextSwitchTo(caller);
		object = ScimJsonGet(patch->document, extension->id);
	}
	return object;
}
/*
 * ScimPatchCountOperation counts one: each is more work, and the attributes of a
 * path-less one are as many.
 */
void
ScimPatchCountOperation(Patch *patch)
{
	int max = ScimSettingInForce(SCIM_SETTING_MAX_PATCH_OPERATIONS, patch->type->name);

	CHECK_FOR_INTERRUPTS();
	if (++patch->operations > max)
		ereport(
			ERROR,
			(ScimErr(SCIM_TOO_LARGE),
			 errmsg("a PATCH may have %d operations, the attributes of those without a "
					"path counted",
					max),
			 errhint("The setting max_patch_operations is the limit.")));
}

static void
raise_visits(int max)
{
	ereport(ERROR, (ScimErr(SCIM_TOO_LARGE),
					errmsg("the operations of a PATCH may look at %d values of "
						   "multi-valued attributes in all",
						   max),
					errhint("The setting max_patch_visits is the limit.")));
}

/*
 * ScimPatchCountVisits counts values that were looked at, of a PATCH, or what goes for
 * one, that has looked at *visits until then.
 */
void
ScimPatchCountVisits(const ScimResourceType *type, int64 values, int64 *visits)
{
	int max = ScimSettingInForce(SCIM_SETTING_MAX_PATCH_VISITS, type->name);

	*visits += values;
	ScimSpendVisits(values);
	if (*visits > max)
		raise_visits(max);
}

/*
 * ScimPatchVisitMembers counts terms of filters at members, of a PATCH that has looked
 * at *visits values until then.
 */
void
ScimPatchVisitMembers(const ScimResourceType *type, int64 terms, int64 members,
					  int64 *visits)
{
	ScimPatchCountVisits(type, terms * members, visits);
}

/*
 * ScimPatchVisit counts values that an operation looks at: very many operations may
 * each look at very many.
 */
void
ScimPatchVisit(Patch *patch, int64 values)
{
	ScimPatchCountVisits(patch->type, values, &patch->visits);
}

/* A client that meant something must not be told that it is done. */
static void
raise_names_nothing(const ScimSchema *schema)
{
	ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
					errmsg("operation \"remove\" names nothing of \"%s\" by its value",
						   schema->id),
					errhint("Without a value it removes all, with an empty list none.")));
}

/*
 * A path-less value, or the object of a schema: each key is an attribute,
 * a path, a qualified name or an extension.  Read-only attributes are ignored
 * here, since clients send back whole resources (RFC 7644 section 3.5.2.1).
 */
static void
apply_object(Patch *patch, PatchOp op, const ScimSchema *schema, const JsonbValue *object)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext context;
	List *members = NIL;
	ListCell *lc;

	ScimPatchCollect(patch, schema, object, &members);
	if (op == PATCH_REMOVE && members == NIL &&
		!ScimIgnoresUnknownAttributes(patch->type))
		raise_names_nothing(schema);
	ScimPatchCheckDistinct(patch, members);
	context = AllocSetContextCreate(caller, "scim patch attribute", ALLOCSET_SMALL_SIZES);
	foreach (lc, members)
	{
		const PatchMember *member = lfirst(lc);
		const ScimResolved *target = &member->target;

		CHECK_FOR_INTERRUPTS();
		if (target->attribute != NULL &&
			(target->attribute->mutability == SCIM_READ_ONLY ||
			 (target->sub != NULL && target->sub->mutability == SCIM_READ_ONLY)))
		{
			check_known(patch, target, member->value);
			continue;
		}
		MemoryContextSwitchTo(context);
		apply_to_target(patch, op, target, member->filter, member->value);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(context);
	}
	MemoryContextDelete(context);
}

/* All that there is of an extension, what is sealed of it as well. */
static void
remove_extension(Patch *patch, const ScimSchema *extension)
{
	ScimJsonRemove(patch->document, extension->id);
}

static void
apply_to_extension(Patch *patch, PatchOp op, const ScimSchema *extension,
				   const JsonbValue *value)
{
	bool nothing =
		value == NULL || (ScimJsonIsUnassigned(value) && !ScimPatchNamesParts(value));

	/* an object, however empty, is no null */
	if (nothing && value != NULL && ScimPatchUnwrap(value)->type != jbvObject &&
		ScimJsonHoldsObject(value))
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("attribute \"%s\" must be a JSON object, not an array",
							   extension->id)));
	if (op == PATCH_REMOVE && value != NULL && value->type != jbvNull)
	{
		/* a list of nothing, in whatever form, is not an empty list */
		if (nothing && (value->type != jbvArray || value->val.array.nElems > 0))
			raise_names_nothing(extension);
		if (!nothing)
			apply_object(patch, op, extension, ScimPatchUnwrap(value));
	}
	else if (!nothing)
		apply_object(patch, op, extension, ScimPatchUnwrap(value));
	/* an object without an attribute replaces none (RFC 7644 section 3.5.2.3) */
	else if (op == PATCH_REMOVE ||
			 (op == PATCH_REPLACE && ScimPatchUnwrap(value)->type != jbvObject))
	{
		ScimPatchSettle(patch, NULL);
		remove_extension(patch, extension);
	}
}

static void
apply_at_path(Patch *patch, PatchOp op, const ScimPath *path, const JsonbValue *value)
{
	ScimAttrRef ref = ScimPathAttrRef(path);
	ScimResolved target;

	/* false: an unknown attribute that the settings say to ignore */
	if (ScimPatchResolve(patch, path, &ref, &target))
		apply_to_target(patch, op, &target, ScimPathFilter(path), value);
}

/*
 * Where nothing unknown is let in, it is looked for in what is said of an attribute,
 * whatever the operation makes of that.
 */
static void
check_known(Patch *patch, const ScimResolved *target, const JsonbValue *value)
{
	const ScimAttribute *attribute =
		target->sub != NULL ? target->sub : target->attribute;
	List *problems = NIL;

	if (value == NULL)
		return;
	ScimCheckKnownValue(patch->type, attribute, value, attribute->name, &problems);
	if (problems != NIL)
		ScimPatchRaise(patch, attribute, problems);
}

static void
apply_to_target(Patch *patch, PatchOp op, const ScimResolved *target,
				const ScimFilter *filter, const JsonbValue *value)
{
	if (target->attribute == NULL)
	{
		if (target->extension != NULL)
			apply_to_extension(patch, op, target->extension, value);
		else if (op == PATCH_REMOVE)
			ereport(ERROR, (ScimErr(SCIM_INVALID_PATH),
							errmsg("path \"%s\" names a schema, not an attribute",
								   patch->type->schema->id)));
		else
			apply_object(patch, op, patch->type->schema, ScimPatchUnwrap(value));
		return;
	}
	check_known(patch, target, value);
	/* what a filter does not know is wrong with the path, whatever that may change */
	if (filter != NULL &&
		(target->attribute->mutability == SCIM_READ_ONLY ||
		 (target->sub != NULL && target->sub->mutability == SCIM_READ_ONLY)))
		(void) ScimPatchBindSelection(patch, target, filter);
	ScimPatchCheckWritable(target->attribute, target->sub);
	if (target->sub != NULL || filter != NULL)
		ScimPatchRefusePart(target->attribute);
	if (value != NULL && target->attribute->schema == NULL &&
		strcmp(target->attribute->name, "schemas") == 0)
		ScimCheckSchemas(patch->type, value);
	if (filter != NULL && target->sub == NULL &&
		!ScimPatchAllows(patch, SCIM_SETTING_PATCH_SELECTS_VALUES))
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_PATH),
				 errmsg("the path selects whole values of attribute \"%s\": it has "
						"to name a part of one",
						target->attribute->name),
				 errhint("The setting patch_selects_values is off.")));
	if (patch->type->has_members && target->extension == NULL &&
		strcmp(target->attribute->name, "members") == 0)
	{
		ScimPatchMembers(patch, op, target, filter, value);
		return;
	}
	if (op == PATCH_LIST)
		ScimPatchListParts(patch, target, value);
	else if (op == PATCH_CHOOSE)
		ScimPatchChooseOne(patch, target, filter, value);
	else if (op == PATCH_ONLY)
		ScimPatchOnlyOne(patch, target, value);
	else if (op == PATCH_GIVE)
		ScimPatchGivePart(patch, target, value);
	else if (op == PATCH_SHOW)
		ScimPatchShowPart(patch, target, filter, value);
	else if (filter != NULL && target->attribute->multi_valued)
		ScimPatchChangeSelected(patch, op, target, filter, target->sub, value);
	else if (filter != NULL)
		ScimPatchChangeSelectedSingle(patch, op, target, filter, value);
	else if (target->sub != NULL)
		ScimPatchChangeSubAttribute(patch, op, target, value);
	else if (op == PATCH_REMOVE)
		ScimPatchRemoveAttribute(patch, target, value);
	else
		ScimPatchSetAttribute(patch, op, target, value);
}

static PatchOp
parse_op(const Patch *patch, const JsonbValue *operation)
{
	const JsonbValue *op = ScimJsonGetFolded(operation, "op");
	char *name;

	if (op == NULL || op->type != jbvString)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("an operation needs \"op\": add, remove or replace")));
	name = ScimJsonStringCopy(op);
	if (ScimNameEqual(name, PATCH_OP_ADD))
		return PATCH_ADD;
	if (ScimNameEqual(name, PATCH_OP_REMOVE))
		return PATCH_REMOVE;
	if (ScimNameEqual(name, PATCH_OP_REPLACE))
		return PATCH_REPLACE;
	if (!patch->by_client && strcmp(name, SCIM_PATCH_LIST) == 0)
		return PATCH_LIST;
	if (!patch->by_client && strcmp(name, SCIM_PATCH_CHOOSE) == 0)
		return PATCH_CHOOSE;
	if (!patch->by_client && strcmp(name, SCIM_PATCH_SHOW) == 0)
		return PATCH_SHOW;
	if (!patch->by_client && strcmp(name, SCIM_PATCH_ONLY) == 0)
		return PATCH_ONLY;
	if (!patch->by_client && strcmp(name, SCIM_PATCH_GIVE) == 0)
		return PATCH_GIVE;
	ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
					errmsg("unknown operation \"%s\": it must be add, remove or replace",
						   name)));
}

static void
apply_operation(Patch *patch, const JsonbValue *operation)
{
	static const char *const known[] = {"op", "path", "value", NULL};
	static const char *const own[] = {"op", "path", "value", SCIM_PATCH_FIELD, NULL};
	const JsonbValue *path;
	const JsonbValue *value;
	PatchOp op;

	if (operation->type != jbvObject)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("an operation must be a JSON object")));
	ScimRequireKnownMembers(operation, patch->by_client ? known : own, "an operation");
	patch->field = patch->by_client
					   ? NULL
					   : ScimJsonStringCopy(ScimJsonGet(operation, SCIM_PATCH_FIELD));
	op = parse_op(patch, operation);
	path = ScimJsonGetFolded(operation, "path");
	value = ScimJsonGetFolded(operation, "value");
	if (path != NULL && path->type != jbvString && path->type != jbvNull)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("the path of an operation must be a string")));
	if (op != PATCH_REMOVE && value == NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("operation \"%s\" needs a value",
							   op == PATCH_ADD ? PATCH_OP_ADD : PATCH_OP_REPLACE)));
	if (path == NULL || path->type == jbvNull || path->val.string.len == 0)
	{
		if (!ScimPatchAllows(patch, SCIM_SETTING_PATCH_WITHOUT_PATH))
			ereport(ERROR,
					(ScimErr(SCIM_INVALID_SYNTAX), errmsg("an operation needs a path"),
					 errhint("The setting patch_without_path is off.")));
		if (op == PATCH_REMOVE)
			ereport(ERROR, (ScimErr(SCIM_NO_TARGET),
							errmsg("operation \"%s\" needs a path", PATCH_OP_REMOVE)));
		apply_object(patch, op, NULL, value);
	}
	else
		apply_at_path(patch, op, ScimPatchParsePath(ScimJsonStringCopy(path)), value);
}

/* An error says for which field the operation stands. */
static void
tell_field(void *arg)
{
	const Patch *patch = arg;

	if (patch->field != NULL)
		err_generic_string(PG_DIAG_COLUMN_NAME, patch->field);
}

/*
 * ScimPatch applies an array of operations to a copy of a document and returns
 * the copy.  What happens to members is appended to *member_changes as
 * ScimMemberChange.  Raises the error of the first operation that fails; judge (or
 * NULL) may say which error the problems of a value are.  by_client: a client has sent
 * the operations, upon whom the settings are that make PATCH stricter.
 */
JsonbValue *
ScimPatch(const ScimRegistry *registry, const ScimResourceType *type,
		  const JsonbValue *document, const JsonbValue *operations, bool by_client,
		  ScimJudgeProblems judge, const void *judge_arg, List **member_changes)
{
	int count = operations->type == jbvArray ? operations->val.array.nElems : 0;
	Patch patch = {.registry = registry, .type = type, .context = CurrentMemoryContext};
	ErrorContextCallback callback = {error_context_stack, tell_field, &patch};
	MemoryContext scratch;
	ListCell *lc;

	if (operations->type != jbvArray)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("\"Operations\" must be an array")));
	patch.by_client = by_client;
	patch.judge = judge;
	patch.judge_arg = judge_arg;
	patch.before = document;
	patch.document =
		document->type == jbvObject ? ScimJsonCopy(document) : ScimJsonNewObject();
	scratch = AllocSetContextCreate(patch.context, "scim patch operation",
									ALLOCSET_DEFAULT_SIZES);
	error_context_stack = &callback;
	for (int i = 0; i < count; i++)
	{
		ScimPatchCountOperation(&patch);
		MemoryContextSwitchTo(scratch);
		apply_operation(&patch, &operations->val.array.elems[i]);
		MemoryContextSwitchTo(patch.context);
		MemoryContextReset(scratch);
		patch.field = NULL;
	}
	error_context_stack = callback.previous;
	ScimPatchSettle(&patch, NULL);
	MemoryContextDelete(scratch);
	foreach (lc, patch.member_changes)
		((ScimMemberChange *) lfirst(lc))->visits = patch.visits;
	*member_changes = patch.member_changes;
	return patch.document;
}
