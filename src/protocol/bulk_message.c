/*
 * bulk_message.c
 *		What a bulk request says, and what is wrong with it or with an operation of it.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/formatting.h"

#include "json/json.h"
#include "protocol/bulk.h"

static int64 read_fail_on_errors(const JsonbValue *message);
static void read_operation(Operation *operation, const JsonbValue *source);
static const char *
string_member(Operation *operation, const JsonbValue *source, const char *name);
static void check_operation(Operation *operation);

/* ScimBulkRead raises what is wrong with a request as a whole. */
void
ScimBulkRead(Bulk *bulk, const JsonbValue *message)
{
	static const char *const known[] = {"schemas", "failOnErrors", "Operations", NULL};
	const JsonbValue *operations = ScimJsonGetFolded(message, "Operations");
	int max =
		ScimSettingInt(bulk->store->settings, SCIM_SETTING_MAX_BULK_OPERATIONS, NULL);

	ScimRequireKnownMembers(message, known, "a bulk request");
	bulk->atomic = ScimHasMessageSchema(message, SCIM_URN_BULK_ATOMIC);
	ScimCheckMessageSchema(message,
						   bulk->atomic ? SCIM_URN_BULK_ATOMIC : SCIM_URN_BULK_REQUEST);
	bulk->fail_on_errors = read_fail_on_errors(message);
	if (operations == NULL || operations->type != jbvArray ||
		operations->val.array.nElems == 0)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_SYNTAX),
				 errmsg("\"Operations\" of the bulk request is not an array of one or "
						"more operations")));
	bulk->noperations = operations->val.array.nElems;
	if (bulk->noperations > max)
		ereport(ERROR, (ScimErr(SCIM_TOO_LARGE),
						errmsg("the bulk request has %d operations, more than "
							   "maxOperations, %d",
							   bulk->noperations, max)));
	bulk->operations = palloc0(sizeof(Operation) * bulk->noperations);
	for (int i = 0; i < bulk->noperations; i++)
	{
		const JsonbValue *source = &operations->val.array.elems[i];

		if (source->type != jbvObject)
			ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
							errmsg("operation %d is not a JSON object", i + 1)));
		bulk->operations[i].number = i + 1;
		read_operation(&bulk->operations[i], source);
	}
}

/* Returns 0 for a request that goes on whatever fails. */
static int64
read_fail_on_errors(const JsonbValue *message)
{
	const JsonbValue *value = ScimJsonGetFolded(message, "failOnErrors");
	int64 number;

	if (ScimMessageLacks(value))
		return 0;
	if (!ScimMessageInteger(value, &number))
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("\"failOnErrors\" of the bulk request is not an integer")));
	return Max(number, 0);
}

static void
read_operation(Operation *operation, const JsonbValue *source)
{
	/* those of answers too: clients send back what they got */
	static const char *const known[] = {"method",   "bulkId",   "version", "path", "data",
										"location", "response", "status",  NULL};
	const char *unknown = ScimUnknownMessageMember(source, known);

	operation->method = string_member(operation, source, "method");
	operation->path = string_member(operation, source, "path");
	operation->bulk_id = string_member(operation, source, "bulkId");
	if (operation->bulk_id != NULL && operation->bulk_id[0] == '\0')
		operation->bulk_id = NULL;
	operation->version = string_member(operation, source, "version");
	operation->data = ScimJsonGetFolded(source, "data");
	if (operation->method != NULL)
		operation->method = asc_toupper(operation->method, strlen(operation->method));
	operation->problem_kind = SCIM_INVALID_SYNTAX;
	if (unknown != NULL)
		operation->problem = psprintf("\"%s\" is no member of an operation", unknown);
	if (operation->problem == NULL)
		check_operation(operation);
}

/* A member that is a string; NULL where it is null or absent. */
static const char *
string_member(Operation *operation, const JsonbValue *source, const char *name)
{
	const JsonbValue *value = ScimJsonGetFolded(source, name);

	if (value == NULL || value->type == jbvNull)
		return NULL;
	if (value->type != jbvString)
	{
		operation->problem = psprintf("\"%s\" of the operation is not a string", name);
		return NULL;
	}
	return ScimJsonStringCopy(value);
}

/* One that is empty is none, as in a request. */
static bool
has_query(const char *path)
{
	const char *query = strchr(path, '?');

	return query != NULL && query[1] != '\0';
}

static void
check_operation(Operation *operation)
{
	const char *method = operation->method;
	JsonbValue *data = operation->data;

	if (method == NULL)
		operation->problem = "the operation has no \"method\"";
	else if (strcmp(method, "POST") != 0 && strcmp(method, "PUT") != 0 &&
			 strcmp(method, "PATCH") != 0 && strcmp(method, "DELETE") != 0)
		operation->problem =
			psprintf("method \"%s\" is none of POST, PUT, PATCH and DELETE", method);
	else if (operation->path == NULL)
		operation->problem = "the operation has no \"path\"";
	else if (operation->version != NULL && !ScimTagsAreValid(operation->version))
	{
		operation->problem_kind = SCIM_INVALID_VALUE;
		operation->problem =
			psprintf("\"version\" of the operation, \"%s\", is no entity-tag such as "
					 "W/\"3\"",
					 operation->version);
	}
	else if (has_query(operation->path))
	{
		operation->problem_kind = SCIM_INVALID_VALUE;
		operation->problem = "the \"path\" of the operation has a query, which no "
							 "operation takes";
	}
	else if (strcmp(method, "POST") == 0 && operation->bulk_id == NULL)
		operation->problem = "a POST operation needs a \"bulkId\"";
	else if (strcmp(method, "DELETE") == 0)
	{
		/* RFC 7644 section 3.7: the others have it; whoever sends it means another one */
		if (data != NULL && !ScimJsonIsUnassigned(data))
			operation->problem = "a DELETE operation has no \"data\"";
		operation->data = NULL;
	}
	else if (strcmp(method, "PATCH") == 0 && data != NULL && data->type == jbvArray)
	{
		/* as the example of RFC 7644 section 3.7.3 has it */
		operation->data = ScimJsonNewObject();
		ScimJsonSet(operation->data, "Operations", data);
	}
	else if (data == NULL || data->type != jbvObject)
		operation->problem = "\"data\" of the operation is not a JSON object";
}
