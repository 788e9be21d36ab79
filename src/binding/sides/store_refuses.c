/*
 * store_refuses.c
 *		Errors of the store about what is made of a row: they name the row, its columns
 *		and attributes.
 */
#include "postgres.h"

#include "utils/lsyscache.h"

#include "binding/bound/bound.h"
#include "binding/sides/sides.h"
#include "error.h"
#include "json/json.h"
#include "policy/policy.h"
#include "store/credential/credential.h"
#include "text/utf8.h"

static void describe_row(void *arg);

/*
 * Does another one name the row, of those from one up to another further out?
 * with_attributes: and columns of it.
 */
static bool
is_named(const ErrorContextCallback *from, const ErrorContextCallback *until,
		 const ScimRowAt *at, bool with_attributes)
{
	for (; from != NULL && from != until; from = from->previous)
	{
		const ScimRowAt *other = from->arg;

		if (from->callback == describe_row && other->binding == at->binding &&
			(other->attributes != NIL || !with_attributes) &&
			ScimKeyEqual(other->key, at->key))
			return true;
	}
	return false;
}

/* A row is named once: by who is nearest to the error of those who say its columns. */
static bool
is_described(const ScimRowAt *at)
{
	bool says_columns = at->attributes != NIL;

	return is_named(error_context_stack, &at->callback, at, says_columns) ||
		   (!says_columns && is_named(at->callback.previous, NULL, at, true));
}

/* Nothing in here may fail, or look anything up. */
static void
describe_row(void *arg)
{
	const ScimRowAt *at = arg;
	StringInfoData columns;
	const ListCell *lc;

	if (is_described(at))
		return;
	initStringInfo(&columns);
	foreach (lc, at->attributes)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);

		if (attribute->kind != SCIM_BOUND_MEMBERS)
			appendStringInfo(&columns, "%s%s is %s", columns.len > 0 ? ", " : "; ",
							 attribute->shown, attribute->path);
	}
	errcontext("row of table \"%s\", which is bound to %s%s%s%s", at->binding->shown,
			   at->binding->type->name, at->tells ? ": key " : "",
			   at->tells ? ScimKeyShown(at->key) : "", columns.data);
}

/* Is it the policy "identity" that refuses a document? */
static bool
is_of_identity(const ScimBinding *binding, const ScimBoundResource *resource,
			   const ErrorData *error)
{
	const ScimErrorInfo *info = ScimErrorBySqlstate(error->sqlerrcode);
	const ScimRules *rules;
	List *problems = NIL;

	if (info == NULL || info->kind != SCIM_INVALID_VALUE || error->hint != NULL)
		return false;
	rules = ScimRulesFor(binding->store, resource->tenant_id, binding->type);
	if (rules->of[SCIM_RULE_IDENTITY] == NIL)
		return false;
	ScimCheckIdentity(rules, resource->document, true, &problems);
	return problems != NIL;
}

/*
 * A message of the server names a constraint, which may have a namesake on the other
 * side: it is told of which table it is.
 */
static char *
with_table(const ErrorData *error)
{
	return error->constraint_name != NULL && error->schema_name != NULL &&
				   error->table_name != NULL && !ScimErrorIsRaised(error)
			   ? psprintf("%s of table \"%s.%s\"", error->message, error->schema_name,
						  error->table_name)
			   : error->message;
}

/*
 * ScimUnknownValue: what is told of a value of a column that "values" do not have, and
 * that the attribute cannot be; NULL: it is none.
 */
char *
ScimUnknownValue(const ScimBoundAttribute *attribute, const JsonbValue *value)
{
	JsonbValue canonical;

	if (attribute->words.values == NIL || value == NULL || value->type != jbvString ||
		ScimCanonicaliseSimple(ScimLeaf(&attribute->target), value, &canonical) == NULL)
		return NULL;
	return psprintf("%s (%s): \"values\" of the mapping have no \"%s\"", attribute->path,
					attribute->shown, ScimJsonStringCopy(value));
}

static void
say_unknown_value(const ScimBinding *binding, const ScimRowView *row, ErrorData *error)
{
	const ScimErrorInfo *info = ScimErrorBySqlstate(error->sqlerrcode);
	const ListCell *lc;

	if (info == NULL || info->kind != SCIM_INVALID_VALUE)
		return;
	foreach (lc, binding->attributes)
	{
		const char *unknown =
			ScimUnknownValue(lfirst(lc), row->values[foreach_current_index(lc)]);

		if (unknown == NULL)
			continue;
		error->message = psprintf("%s: %s", unknown, error->message);
		error->hint =
			pstrdup("scim.bind_table() with a mapping that has it, or \"else\", "
					"replaces this one.");
		return;
	}
}

/* Must somebody have a value of it? */
static bool
is_required(const ScimBoundAttribute *attribute)
{
	const ScimAttribute *of = ScimLeaf(&attribute->target);

	return attribute->target.extension == NULL && attribute->choose == NIL &&
		   of->required && !attribute->target.attribute->multi_valued &&
		   (attribute->target.sub == NULL || attribute->target.attribute->required);
}

/* What somebody is called by his row, in the columns of an attribute. */
static char *
told_of_row(const ScimBinding *binding, const ScimBoundAttribute *attribute,
			const ScimRowView *row)
{
	return psprintf("%s (%s) of %s of table \"%s\"", attribute->path, attribute->shown,
					ScimKeyTold(binding, row->key_array), binding->shown);
}

/*
 * ScimRowRequireSeen: what a resource must have is something that can be seen, where a
 * row says it: nobody is called by blanks (SC400 invalidValue).  Of a row that says
 * nothing a policy may make something.
 */
void
ScimRowRequireSeen(const ScimBinding *binding, const ScimRowView *row,
				   const List *attributes)
{
	const ListCell *lc;

	foreach (lc, binding->attributes)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);
		const JsonbValue *value = row->values[foreach_current_index(lc)];

		if (value != NULL && ScimJsonIsBlank(value) && is_required(attribute) &&
			list_member_ptr(attributes, attribute))
			ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
							errmsg("%s is blank", told_of_row(binding, attribute, row))));
	}
}

/* Something that a resource must have, and the row does not, or no column is. */
static void
say_missing(const ScimBinding *binding, const ScimRowView *row,
			const ScimBoundResource *resource, ErrorData *error)
{
	const ScimErrorInfo *info = ScimErrorBySqlstate(error->sqlerrcode);
	bool is_bound = false;
	const ListCell *lc;

	if (info == NULL || info->kind != SCIM_INVALID_VALUE)
		return;
	foreach (lc, binding->attributes)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);

		is_bound |= ScimIsKeyColumn(attribute->target.attribute, SCIM_KEY_USER_NAME);
		if (row->values[foreach_current_index(lc)] != NULL || !is_required(attribute))
			continue;
		error->message = psprintf("%s is empty: %s", told_of_row(binding, attribute, row),
								  error->message);
		return;
	}
	if (!is_bound && binding->type->has_groups &&
		ScimJsonGet(resource->document, "userName") == NULL)
	{
		error->message = psprintf("%s of table \"%s\": no column is userName: %s",
								  ScimKeyTold(binding, row->key_array), binding->shown,
								  error->message);
		error->hint = pstrdup("Bind the column by which people sign in: \"userName\" of "
							  "\"attributes\".");
	}
}

/* Does a message begin with the name of an attribute, or a part of it? */
static bool
begins_with(const char *message, const ScimBoundAttribute *attribute)
{
	static const char start[] = "attribute \"";
	const char *name = attribute->target.attribute->name;
	const char *at = message + strlen(start);

	return strncmp(message, start, strlen(start)) == 0 &&
		   strncmp(at, name, strlen(name)) == 0 &&
		   strchr("\".[", at[strlen(name)]) != NULL;
}

/* A value that the attribute cannot be: which columns, or table, it comes from. */
static void
say_columns(const ScimBinding *binding, const ScimRowView *row, ErrorData *error)
{
	const ScimErrorInfo *info = ScimErrorBySqlstate(error->sqlerrcode);
	StringInfoData columns;
	const ListCell *lc;

	if (info == NULL || info->kind != SCIM_INVALID_VALUE)
		return;
	initStringInfo(&columns);
	foreach (lc, binding->attributes)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);

		if (begins_with(error->message, attribute))
			appendStringInfo(&columns, "%s%s (%s)", columns.len > 0 ? ", " : "",
							 attribute->path, attribute->shown);
	}
	if (columns.len > 0)
		error->message = psprintf("%s of %s of table \"%s\": %s", columns.data,
								  ScimKeyTold(binding, row->key_array), binding->shown,
								  error->message);
}

/* The columns of an attribute by its name, or NULL; *of_row: they are of the row itself.
 */
static char *
columns_of(const ScimBinding *binding, const char *name, bool *of_row)
{
	StringInfoData columns;
	const ListCell *lc;

	*of_row = true;
	initStringInfo(&columns);
	foreach (lc, binding->attributes)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);

		if (attribute->target.extension != NULL ||
			strcmp(attribute->target.attribute->name, name) != 0)
			continue;
		*of_row &= attribute->kind != SCIM_BOUND_TABLE;
		appendStringInfo(&columns, "%s%s", columns.len > 0 ? ", " : "", attribute->shown);
	}
	return columns.len > 0 ? columns.data : NULL;
}

/* What helps whose userName and e-mail have to be the same. */
static char *
hint_of_identity(const ScimBinding *binding)
{
	bool name_of_row;
	bool of_row;
	const char *name = columns_of(binding, "userName", &name_of_row);
	const char *emails = columns_of(binding, "emails", &of_row);
	const char *deferred =
		psprintf("SET CONSTRAINTS %s.scim_binding DEFERRED makes one change of both",
				 get_namespace_name(get_rel_namespace(binding->relid)));

	if (emails == NULL)
		return psprintf(
			"By policy \"identity\" the userName is the primary e-mail: bind "
			"\"emails\", too. Where another statement writes the address, %s.",
			deferred);
	if (name == NULL)
		return pstrdup("By policy \"identity\" the userName is the primary e-mail: bind "
					   "\"userName\", too.");
	return psprintf(
		"By policy \"identity\" the userName (%s) is the primary e-mail (%s): "
		"%s%s.",
		name, emails,
		of_row ? "write both by one UPDATE; where two statements do, "
			   : "write both by one transaction, in which ",
		deferred);
}

/*
 * ScimStoreSays: of what the store has against a resource that is written because of its
 * row, that somebody else has a value names the row, its column and the attribute.
 */
void
ScimStoreSays(const ScimBinding *binding, const ScimRowView *row,
			  const ScimBoundResource *resource, ErrorData *error)
{
	const ScimBoundAttribute *taken;
	const char *column;
	StringInfoData value;
	int n;

	if (is_of_identity(binding, resource, error))
		error->hint = hint_of_identity(binding);
	say_unknown_value(binding, row, error);
	say_missing(binding, row, resource, error);
	say_columns(binding, row, error);
	n = ScimTakenAttribute(binding, error, &column);
	if (n < 0)
		error->message = with_table(error);
	if (n < 0 || row->values[n] == NULL)
		return;
	taken = list_nth(binding->attributes, n);
	initStringInfo(&value);
	ScimJsonWrite(&value, row->values[n]);
	error->message =
		psprintf("%s (%s) %s of %s of table \"%s\" is that of another %s", taken->path,
				 taken->shown, value.data, ScimKeyTold(binding, row->key_array),
				 binding->shown, binding->type->name);
	/* a new row, or one that comes back, has nothing that it could give for it */
	if (resource->version > 0 && !resource->gone)
		error->hint = psprintf(
			"Where two exchange it, they get there by a third value: give one of them "
			"that "
			"first, by a statement of its own (a transaction that has %s.scim_binding "
			"DEFERRED is one statement).",
			get_namespace_name(get_rel_namespace(binding->relid)));
}

/*
 * Something else has written the row, such as a foreign key of the application, and
 * whoever caused that may not read resources of its type: what the store says of its
 * values is for the log.
 */
static void
say_no_values(const ScimBinding *binding, ErrorData *error)
{
	const char *scim_type;
	const char *said = error->message;

	(void) ScimErrorTold(error, false, &scim_type);
	error->message =
		psprintf("the store refuses a row of table \"%s\", which is bound to %s",
				 binding->shown, binding->type->name);
	error->detail = scim_type != NULL ? psprintf("scimType: %s", scim_type) : NULL;
	error->detail_log = pstrdup(said);
	error->hint = NULL;
}

/* Is it an error about what is written, by SCIM or by what the store's owner has made? */
static bool
is_about_values(const ErrorData *error)
{
	ScimErrorKind kind;
	const char *message;
	bool inside;

	return ScimErrorBySqlstate(error->sqlerrcode) != NULL ||
		   ScimErrorOfOwner(error, false, &kind, &message, &inside);
}

/* ScimStoreRefuses, in PG_CATCH(), raises what the store has against a resource. */
void
ScimStoreRefuses(const ScimBinding *binding, const ScimRowView *row,
				 const ScimBoundResource *resource, MemoryContext context)
{
	ErrorData *error;
	const char *column;
	char *who;
	int n;

	MemoryContextSwitchTo(context);
	error = CopyErrorData();
	FlushErrorState();
	if (!ScimScopeProvedReads(binding->store, binding->type->name))
	{
		if (is_about_values(error))
			say_no_values(binding, error);
		ReThrowError(error);
	}
	n = ScimTakenAttribute(binding, error, &column);
	who = ScimTakenHolder(binding, row, error);
	ScimStoreSays(binding, row, resource, error);
	if (who != NULL)
		error->detail = psprintf("It is that of %s.", who);
	else if (n >= 0 && !ScimTakenMayBeTold(binding, n))
		error->detail = NULL;
	ReThrowError(error);
}

/* ScimRowAtBegin makes errors say which row they are about, until ScimRowAtEnd. */
void
ScimRowAtBegin(ScimRowAt *at, const ScimBinding *binding, Datum key, List *attributes)
{
	at->binding = binding;
	at->key = key;
	at->attributes = attributes;
	at->tells = ScimKeyMayBeTold(binding);
	at->callback.callback = describe_row;
	at->callback.arg = at;
	at->callback.previous = error_context_stack;
	error_context_stack = &at->callback;
}

void
ScimRowAtEnd(ScimRowAt *at)
{
	error_context_stack = at->callback.previous;
}
