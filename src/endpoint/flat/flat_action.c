/*
 * flat_action.c
 *		What endpoints of one's own do.
 *
 * A new action is one more row of the table, and what it performs by the operations that
 * SCIM and the life-cycle have.
 */
#include "postgres.h"

#include "utils/guc.h"

#include "endpoint/flat/flat.h"
#include "resource/patch/patch.h"
#include "store/statement/statement.h"

static void read_one(ScimFlatCall *call, ScimAnswer *answer);
static void create(ScimFlatCall *call, ScimAnswer *answer);
static void replace(ScimFlatCall *call, ScimAnswer *answer);
static void merge(ScimFlatCall *call, ScimAnswer *answer);
static void delete (ScimFlatCall *call, ScimAnswer *answer);
static void take_step(ScimFlatCall *call, ScimAnswer *answer);
static void complete_offboarding(ScimFlatCall *call, ScimAnswer *answer);
static void issue_recovery_code(ScimFlatCall *call, ScimAnswer *answer);
static void redeem_recovery_code(ScimFlatCall *call, ScimAnswer *answer);

static const ScimAction actions[] = {
	{.name = "create",
	 .perform = create,
	 .takes_body = true,
	 .writes = true,
	 .status = 201},
	{.name = "read", .perform = read_one, .of_resource = true, .status = 200},
	{.name = "list", .perform = ScimFlatList, .status = 200},
	{.name = "replace",
	 .perform = replace,
	 .of_resource = true,
	 .takes_body = true,
	 .writes = true,
	 .status = 200},
	{.name = "merge",
	 .perform = merge,
	 .of_resource = true,
	 .takes_body = true,
	 .writes = true,
	 .status = 200},
	{.name = "delete",
	 .perform = delete,
	 .of_resource = true,
	 .writes = true,
	 .removes = true,
	 .status = 204},
	{.name = "suspend",
	 .perform = take_step,
	 .step = ScimSuspendResource,
	 .of_resource = true,
	 .writes = true,
	 .of_users = true,
	 .status = 204},
	{.name = "activate",
	 .perform = take_step,
	 .step = ScimActivateResource,
	 .of_resource = true,
	 .writes = true,
	 .of_users = true,
	 .status = 204},
	{.name = "complete_offboarding",
	 .perform = complete_offboarding,
	 .of_resource = true,
	 .writes = true,
	 .removes = true,
	 .of_users = true,
	 .status = 204},
	{.name = "invite",
	 .perform = take_step,
	 .step = ScimInvite,
	 .of_resource = true,
	 .writes = true,
	 .of_users = true,
	 .status = 204},
	{.name = "log_out",
	 .perform = take_step,
	 .step = ScimLogOut,
	 .of_resource = true,
	 .writes = true,
	 .of_users = true,
	 .status = 204},
	{.name = "issue_recovery_code",
	 .perform = issue_recovery_code,
	 .of_resource = true,
	 .writes = true,
	 .of_users = true,
	 .status = 204},
	{.name = "redeem_recovery_code",
	 .perform = redeem_recovery_code,
	 .takes_body = true,
	 .writes = true,
	 .of_users = true,
	 .status = 200},
};

/* ScimActionFind finds an action by its name, or returns NULL. */
const ScimAction *
ScimActionFind(const char *name)
{
	for (size_t i = 0; i < lengthof(actions); i++)
	{
		if (strcmp(actions[i].name, name) == 0)
			return &actions[i];
	}
	return NULL;
}

/* ScimActionNames lists the names of all actions, for messages. */
const char *
ScimActionNames(void)
{
	StringInfoData names;

	initStringInfo(&names);
	for (size_t i = 0; i < lengthof(actions); i++)
		appendStringInfo(&names, "%s%s", i > 0 ? ", " : "", actions[i].name);
	return names.data;
}

/* Changes the resource as a PATCH does: RFC 7644 section 3.5.2. */
static void
patch(ScimFlatCall *call, const JsonbValue *operations)
{
	ScimPreconditions conditions = ScimConditionsOf(call->request);

	call->resource = ScimPatchResource(call->store, call->type, call->id, operations,
									   false, &conditions);
}

/*
 * A path such as emails[primary eq true].value makes the value that it describes,
 * whatever scim.create_on_absent says of the PATCH of SCIM.  Until the end of the
 * request.
 */
static void
create_on_absent(void)
{
	(void) set_config_option("scim.create_on_absent", "on", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
}

/* The body of a request, checked; what of it is not stored is told to triggers. */
static const JsonbValue *
take_body(ScimFlatCall *call, bool whole)
{
	const JsonbValue *body = ScimRequestBody(call->request);

	/* a value without a name is shown as it is, and may be said to be so */
	if (call->endpoint->action->of_resource && ScimFlatIsUnnamed(call->endpoint, body))
		call->unnamed = ScimFlatUnnamedOf(
			call, ScimFlatDocument(
					  call, ScimGetResource(call->store, call->type, call->id), NULL));
	ScimFlatCheckBody(call, ScimRulesFor(call->store, ScimTenant(), call->type), body,
					  whole);
	ScimTransientSet(ScimFlatTransient(call->endpoint, body));
	create_on_absent();
	return body;
}

static void
read_one(ScimFlatCall *call, ScimAnswer *answer)
{
	ScimPreconditions conditions = ScimConditionsOf(call->request);

	call->resource = ScimGetResource(call->store, call->type, call->id);
	conditions.if_none_match = NULL; /* is no reason for 412, but for 304 */
	ScimCheckPreconditions(call->resource, &conditions);
}

/* The members that a PATCH of an empty group has listed last. */
static void
set_members(JsonbValue *document, List *changes)
{
	ListCell *lc;

	foreach (lc, changes)
	{
		const ScimMemberChange *change = lfirst(lc);

		if (change->members != NULL)
			ScimJsonSet(document, "members", change->members);
		else if (change->action == SCIM_MEMBERS_REPLACE)
			ScimJsonRemove(document, "members");
	}
}

static void
create(ScimFlatCall *call, ScimAnswer *answer)
{
	const JsonbValue *body = take_body(call, true);
	JsonbValue *operations = ScimFlatOperations(call, body, false);
	List *member_changes = NIL;
	JsonbValue *document;

	ScimConditionsOfPost(call->request, call->endpoint->row->path);
	operations = ScimFlatWithConstants(call, body, operations);
	document = ScimPatchDocument(call->store, call->type, ScimJsonNewObject(), operations,
								 false, &member_changes);
	set_members(document, member_changes);
	call->resource = ScimPostResource(call->store, call->type, document, NULL);
	ScimFlatCheckAgreement(call, body);
}

static void
replace(ScimFlatCall *call, ScimAnswer *answer)
{
	const JsonbValue *body = take_body(call, true);

	patch(call, ScimFlatOperations(call, body, true));
	ScimFlatCheckAgreement(call, body);
}

static void
merge(ScimFlatCall *call, ScimAnswer *answer)
{
	const JsonbValue *body = take_body(call, false);

	patch(call, ScimFlatOperations(call, body, false));
	ScimFlatCheckAgreement(call, body);
}

/* What an answer needs of a resource that goes is read before. */
static void
read_before(ScimFlatCall *call)
{
	if (call->endpoint->body != NULL && call->endpoint->body->type != jbvNull)
	{
		call->resource = ScimGetResource(call->store, call->type, call->id);
		call->item = ScimFlatShow(call, call->resource, NULL);
	}
}

static void delete (ScimFlatCall *call, ScimAnswer *answer)
{
	ScimPreconditions conditions = ScimConditionsOf(call->request);

	read_before(call);
	ScimDeleteResource(call->store, call->type, call->id, &conditions);
}

static void
take_step(ScimFlatCall *call, ScimAnswer *answer)
{
	ScimPreconditions conditions = ScimConditionsOf(call->request);

	call->resource =
		call->endpoint->action->step(call->store, call->type, call->id, &conditions);
}

static void
complete_offboarding(ScimFlatCall *call, ScimAnswer *answer)
{
	ScimPreconditions conditions = ScimConditionsOf(call->request);

	read_before(call);
	ScimCheckPreconditions(ScimGetResource(call->store, call->type, call->id),
						   &conditions);
	ScimCompleteOffboarding(call->store, call->type, call->id);
}

/* The code is the result where the endpoint shows it; others hear of it by an event. */
static void
issue_recovery_code(ScimFlatCall *call, ScimAnswer *answer)
{
	const ScimEndpoint *endpoint = call->endpoint;
	ScimPreconditions conditions = ScimConditionsOf(call->request);
	Interval valid_for = {.time = endpoint->valid_minutes * USECS_PER_MINUTE};
	char *code;

	call->resource = ScimIssueRecoveryCode(call->store, call->type, call->id, &conditions,
										   &valid_for, &code);
	if (endpoint->reveals &&
		(endpoint->reveal == NULL ||
		 ScimFilterMatch(endpoint->reveal, &call->resource->data->root)))
		call->result = ScimJsonNewString(code);
}

/*
 * Whoever has a code may change what the other fields stand for, a password above all.
 * That the code is not good is answered, not raised: a guess is counted.
 */
static void
redeem_recovery_code(ScimFlatCall *call, ScimAnswer *answer)
{
	const JsonbValue *body = take_body(call, false);
	const JsonbValue *said = ScimTransient();
	const JsonbValue *code = said ? ScimJsonGet(said, call->endpoint->code_field) : NULL;
	const char *text = code != NULL ? ScimJsonStringCopy(code) : NULL;
	const ScimResource *person = NULL;

	if (text != NULL)
		person = ScimRedeemRecoveryCode(call->store, call->type, text);
	if (person == NULL)
	{
		ScimAnswerErrorKind(answer, SCIM_FORBIDDEN,
							"the recovery code is not good, or not any more");
		return;
	}
	call->id = ScimUuidText(&person->id);
	patch(call, ScimFlatOperations(call, body, false));
	ScimFlatCheckAgreement(call, body);
}
