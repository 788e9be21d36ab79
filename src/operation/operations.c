/*
 * operations.c
 *		Create, get, replace, patch and delete one resource: RFC 7644 sections
 *		3.3 to 3.6, as SQL on the table "resource".
 *
 * The statements run as the caller, under his grants and row-level security.
 * What a document must obey is the door's business (door.c); here a resource
 * is found, locked, compared with If-Match, written and read back.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "audit/audit.h"
#include "binding/sides/sides.h"
#include "door/door.h"
#include "door/members/members.h"
#include "door/row/row.h"
#include "json/json.h"
#include "operation/operation.h"
#include "resource/patch/patch.h"
#include "resource/resource.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/store.h"
#include "text/datetime.h"

/* ScimRaiseNotFound: no resource of that type has this id. */
void
ScimRaiseNotFound(const ScimResourceType *type, const char *id)
{
	ereport(ERROR, (ScimErr(SCIM_NOT_FOUND),
					errmsg("%s \"%s\" does not exist", type->name, id)));
}

/*
 * ScimRaiseRefused: a trigger has skipped the row, or row-level security hides it from
 * the statement.  what: "the new", "a change of the" or "to delete the".
 */
void
ScimRaiseRefused(const ScimResourceType *type, const char *what)
{
	ereport(ERROR,
			(ScimErr(SCIM_FORBIDDEN),
			 errmsg("a trigger or policy of the store refused %s %s", what, type->name)));
}

/*
 * Has a type of ours no partition, since it went while we waited for it, or has that none
 * for the row?  By the template of the message, which is not translated.
 */
static bool
lacks_partition(const ScimStore *store, const ErrorData *error)
{
	static const char template[] = "no partition of relation ";

	return error->sqlerrcode == ERRCODE_CHECK_VIOLATION && error->message_id != NULL &&
		   strncmp(error->message_id, template, strlen(template)) == 0 &&
		   error->schema_name != NULL && strcmp(error->schema_name, store->name) == 0;
}

/*
 * ScimExecuteWrite runs a statement that writes, and turns a violation of a
 * unique index of the store into the error that SCIM has for it, and a table that is not
 * there, which no client can mend.  The transaction is lost either way, so there is
 * nothing to clean up.
 */
void
ScimExecuteWrite(const ScimStore *store, const char *query, const ScimParams *params,
				 const ScimResourceType *type)
{
	MemoryContext context = CurrentMemoryContext;
	int before = ScimClientWriteBegin();

	PG_TRY();
	{
		ScimSpiExecute(query, params, false, 0);
		ScimClientWriteEnd(before);
	}
	PG_CATCH();
	{
		ErrorData *error;
		char *taken;

		ScimClientWriteEnd(before);
		if (geterrcode() != ERRCODE_UNIQUE_VIOLATION &&
			geterrcode() != ERRCODE_CHECK_VIOLATION)
			PG_RE_THROW();
		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		if (lacks_partition(store, error))
		{
			FlushErrorState();
			ereport(ERROR, (ScimErr(SCIM_UNAVAILABLE),
							errmsg("store \"%s\" has no table for this %s", store->name,
								   type->name)));
		}
		if (error->sqlerrcode != ERRCODE_UNIQUE_VIOLATION)
			PG_RE_THROW();
		taken = ScimUniqueBroken(store, type->name, error);
		if (taken == NULL)
			PG_RE_THROW();
		FlushErrorState();
		ereport(ERROR,
				(ScimErr(SCIM_UNIQUENESS), errmsg("%s", taken),
				 error->constraint_name
					 ? err_generic_string(PG_DIAG_CONSTRAINT_NAME, error->constraint_name)
					 : 0));
	}
	PG_END_TRY();
}

/* The resource that the statement at hand returned, or NULL. */
static ScimResource *
returned_resource(const ScimResourceType *type, MemoryContext context)
{
	if (SPI_processed == 0)
		return NULL;
	return ScimResourceFromTuple(type, SPI_tuptable->vals[0], SPI_tuptable->tupdesc,
								 context);
}

/*
 * The same of a statement that wrote it, before which there were so many writes.  The
 * row came back before AFTER triggers had their turn: if its own is the only write
 * since, they have left it alone.
 */
static ScimResource *
written_resource(const ScimResourceType *type, uint64 writes, MemoryContext context)
{
	ScimResource *resource = returned_resource(type, context);

	if (resource != NULL)
		resource->as_of = writes + 1;
	return resource;
}

/*
 * The columns of a resource of a type.  to_change: it is shown only where nothing of it
 * changes after all; its groups are looked for then, whether it has any or not.
 */
static const char *
columns_of(const ScimStore *store, const ScimResourceType *type, bool to_change)
{
	if (!type->has_groups)
		return ScimResourceColumnsOfNew(); /* there are none to look for */
	return to_change ? ScimResourceColumnsOfMany() : ScimResourceColumns(store);
}

/*
 * The row that this transaction has written last, which needs no lock: is it the result
 * of a statement now?  One lock more would be one that each later version inherits.
 */
static bool
find_written(ScimStore *store, const ScimResourceType *type, int32 tenant_id,
			 const pg_uuid_t *uuid, const char *columns)
{
	const ItemPointerData *place = ScimTidOf(store, tenant_id, uuid);
	ScimParams params;

	if (place == NULL)
		return false;
	ScimParamsOfResource(&params, tenant_id, uuid);
	ScimParamsAdd(&params, TIDOID, PointerGetDatum(place), false);
	ScimSpiExecute(psprintf("SELECT %s, r.deleted_at, r.xmin FROM %s.resource r "
							"WHERE r.resource_type = %s AND r.tenant_id = $1 "
							"AND r.id = $2 AND r.ctid = $3",
							columns, store->quoted_name, quote_literal_cstr(type->name)),
				   &params, false, 1);
	return SPI_processed > 0 &&
		   TransactionIdIsCurrentTransactionId(DatumGetTransactionId(
			   ScimResultValue(0, SCIM_RESOURCE_NCOLUMNS + 2, XIDOID)));
}

/*
 * Find one resource by its id, NULL: none; lock is "" or a locking clause.  That
 * it is not deleted is looked at here: in a condition it would make the planner,
 * while it has no statistics, prefer one of the partial indexes, and read all of
 * the tenant's resources.
 */
static ScimResource *
find_by_uuid(ScimStore *store, const ScimResourceType *type, int32 tenant_id,
			 const pg_uuid_t *uuid, const char *lock, MemoryContext context)
{
	const char *columns = columns_of(store, type, lock[0] != '\0');
	ScimParams params;
	bool isnull;

	if (!find_written(store, type, tenant_id, uuid, columns))
	{
		ScimParamsOfResource(&params, tenant_id, uuid);
		ScimSpiExecute(
			psprintf("SELECT %s, r.deleted_at FROM %s.resource r "
					 "WHERE r.resource_type = %s AND r.tenant_id = $1 AND r.id = $2%s",
					 columns, store->quoted_name, quote_literal_cstr(type->name), lock),
			&params, false, 1);
	}
	if (SPI_processed == 0)
		return NULL;
	(void) ScimResult(0, SCIM_RESOURCE_NCOLUMNS + 1, TIMESTAMPTZOID, &isnull);
	return isnull ? returned_resource(type, context) : NULL;
}

/* Which type has the resource of an id, deleted or not?  NULL: none. */
static const ScimResourceType *
type_by_id(ScimStore *store, const char *id, bool *is_deleted)
{
	const ScimResourceType *type = NULL;
	const ItemPointerData *place;
	const char *query;
	ScimParams params;
	pg_uuid_t uuid;

	if (!ScimUuidParse(id, &uuid))
		return NULL;
	SPI_connect();
	query = psprintf("SELECT r.resource_type, r.deleted_at FROM %s.resource r "
					 "WHERE r.tenant_id = $1 AND r.id = $2",
					 store->quoted_name);
	place = ScimTidOf(store, ScimTenant(), &uuid);
	if (place != NULL)
	{
		ScimParamsOfResource(&params, ScimTenant(), &uuid);
		ScimParamsAdd(&params, TIDOID, PointerGetDatum(place), false);
		ScimSpiExecute(psprintf("%s AND r.ctid = $3", query), &params, false, 1);
	}
	if (place == NULL || SPI_processed == 0)
	{
		ScimParamsOfResource(&params, ScimTenant(), &uuid);
		ScimSpiExecute(query, &params, false, 1);
	}
	if (SPI_processed > 0)
	{
		bool isnull;

		type = ScimRegistryType(store->registry, ScimResultText(0, 1));
		(void) ScimResult(0, 2, TIMESTAMPTZOID, &isnull);
		*is_deleted = !isnull;
	}
	SPI_finish();
	return type;
}

/* ScimTypeOfResource: which type has the resource of an id?  NULL: there is none. */
const ScimResourceType *
ScimTypeOfResource(ScimStore *store, const char *id)
{
	bool is_deleted;

	return type_by_id(store, id, &is_deleted);
}

/*
 * ScimTypeOfPerson: the same of a user, who has a type with the core schema User;
 * there may be several.  Of who is not there, that of users as such; NULL: no type is.
 */
const ScimResourceType *
ScimTypeOfPerson(ScimStore *store, const char *id)
{
	const ScimRegistry *registry = store->registry;
	const ScimResourceType *people = ScimRegistryType(registry, "User");
	const ScimResourceType *found;
	int n = 0;

	if (people != NULL && !people->has_groups)
		people = NULL;
	for (int i = 0; i < registry->ntypes; i++)
	{
		if (!registry->types[i].has_groups)
			continue;
		n++;
		if (people == NULL)
			people = &registry->types[i];
	}
	if (n < 2)
		return people;
	found = ScimTypeOfResource(store, id);
	return found != NULL && found->has_groups ? found : people;
}

/*
 * Which resource has this id?  Where everything is taken to the letter
 * (ScimRefusesUnknown) an id is compared exactly (RFC 7643 section 3.1); else in either
 * letter case, as UUIDs.
 */
static bool
names_id(const ScimResourceType *type, const char *id, pg_uuid_t *uuid)
{
	return ScimUuidParse(id, uuid) &&
		   (!ScimRefusesUnknown(type) || strcmp(ScimUuidText(uuid), id) == 0);
}

/*
 * ScimIdAsShown: an id as answers spell it, however a client does; what no resource
 * can have stays as it is.
 */
const char *
ScimIdAsShown(const ScimResourceType *type, const char *id)
{
	pg_uuid_t uuid;

	return names_id(type, id, &uuid) ? ScimUuidText(&uuid) : id;
}

/* ScimIsThere: is there a resource of that type and id? */
bool
ScimIsThere(ScimStore *store, const ScimResourceType *type, const char *id)
{
	pg_uuid_t uuid;
	bool is_deleted;

	return names_id(type, id, &uuid) && type_by_id(store, id, &is_deleted) == type &&
		   !is_deleted;
}

/* The resource of an id, or NULL. */
static ScimResource *
find_if_there(ScimStore *store, const ScimResourceType *type, const char *id,
			  const char *lock, MemoryContext context)
{
	ScimResource *resource = NULL;
	pg_uuid_t uuid;

	if (names_id(type, id, &uuid))
	{
		resource = find_by_uuid(store, type, ScimTenant(), &uuid, lock, context);
		/* row-level security may let be read what may not be locked */
		if (resource == NULL && lock[0] != '\0' &&
			find_by_uuid(store, type, ScimTenant(), &uuid, "", context) != NULL)
			ScimRaiseRefused(type, "a change of the");
	}
	return resource;
}

static ScimResource *
find_resource(ScimStore *store, const ScimResourceType *type, const char *id,
			  const char *lock, MemoryContext context)
{
	ScimResource *resource = find_if_there(store, type, id, lock, context);

	if (resource == NULL)
		ScimRaiseNotFound(type, id);
	return resource;
}

/*
 * One that is to be changed, which is locked, or NULL: that its document is read and
 * written again is what the change takes, however little it says.
 */
static ScimResource *
find_to_change(ScimStore *store, const ScimResourceType *type, const char *id,
			   const char *lock, MemoryContext context)
{
	ScimResource *resource;
	pg_uuid_t uuid;

	/* what is left of a request that has spent all is refused at once */
	ScimCheckVisits();
	if (names_id(type, id, &uuid))
		ScimBindingLock(store, type, ScimTenant(), &uuid,
						strcmp(lock, " FOR UPDATE") == 0);
	resource = find_if_there(store, type, id, lock, context);
	if (resource != NULL)
		ScimSpendDocument(resource->data);
	return resource;
}

static ScimResource *
find_for_change(ScimStore *store, const ScimResourceType *type, const char *id,
				const char *lock, MemoryContext context)
{
	ScimResource *resource = find_to_change(store, type, id, lock, context);

	if (resource == NULL)
		ScimRaiseNotFound(type, id);
	return resource;
}

/* Keeps where the row is that the statement at hand has written. */
static void
note_place(ScimStore *store, const ScimResource *written)
{
	bool isnull;
	Datum tid = ScimResult(0, SCIM_RESOURCE_NCOLUMNS + 1, TIDOID, &isnull);

	ScimTidNote(store, written->tenant_id, &written->id,
				isnull ? NULL : (ItemPointer) DatumGetPointer(tid));
}

/*
 * One that was in sight, and may be no more: a trigger of somebody's has taken it away.
 * place: where the row has to be; NULL: wherever it is.
 */
static bool
update_row(ScimStore *store, const ScimResource *resource, JsonbValue *document,
		   const ItemPointerData *place)
{
	ScimParams params;
	const char *condition = "";

	ScimParamsOfResource(&params, resource->tenant_id, &resource->id);
	if (document != NULL)
		ScimParamsAdd(&params, JSONBOID, JsonbPGetDatum(ScimJsonToJsonb(document)),
					  false);
	if (place != NULL)
		condition =
			psprintf("AND r.ctid = $%d ",
					 ScimParamsAdd(&params, TIDOID, PointerGetDatum(place), false));
	ScimExecuteWrite(
		store,
		psprintf("UPDATE %s.resource r SET %s "
				 "WHERE r.resource_type = %s AND r.tenant_id = $1 AND r.id = $2 "
				 "AND r.deleted_at IS NULL %sRETURNING %s, %s",
				 store->quoted_name,
				 document != NULL ? "data = $3" : "version = r.version + 1",
				 quote_literal_cstr(resource->type->name), condition,
				 columns_of(store, resource->type, false),
				 store->distributed ? "NULL::pg_catalog.tid" : "r.ctid"),
		&params, resource->type);
	return SPI_processed > 0;
}

static ScimResource *
write_once(ScimStore *store, const ScimResource *resource, JsonbValue *document,
		   MemoryContext context)
{
	uint64 writes = ScimDoorWrites();
	const ItemPointerData *place = ScimTidOf(store, resource->tenant_id, &resource->id);
	ScimResource *written;

	if (place == NULL || !update_row(store, resource, document, place))
		(void) update_row(store, resource, document, NULL);
	written = written_resource(resource->type, writes, context);
	if (written != NULL)
	{
		note_place(store, written);
		return written;
	}
	/* the policy "delete" may make of a deactivation that the row goes */
	if (find_by_uuid(store, resource->type, resource->tenant_id, &resource->id, "",
					 context) != NULL)
		ScimRaiseRefused(resource->type, "a change of the");
	return (ScimResource *) resource;
}

typedef struct Writing
{
	ScimStore *store;
	const ScimResource *resource;
	JsonbValue *document;
	MemoryContext context;
	ScimResource *written;
} Writing;

static void
write_document(void *arg)
{
	Writing *writing = arg;

	writing->written = write_once(writing->store, writing->resource, writing->document,
								  writing->context);
}

/*
 * The resource is one that has been found, and is locked.  document NULL: what
 * changed is elsewhere, and the version has to tell; all: nothing is changed elsewhere.
 */
static ScimResource *
write_data(ScimStore *store, const ScimResource *resource, JsonbValue *document, bool all,
		   MemoryContext context)
{
	Writing writing = {store, resource, document, context, NULL};

	if (!all || document == NULL || ScimJsonGetFolded(document, "password") != NULL)
		write_document(&writing);
	else if (!ScimWriteNet(store, resource, write_document, &writing))
		return (ScimResource *) resource;
	return writing.written;
}

/* ScimCheckPreconditions raises 412 where one is not met: RFC 9110 section 13.2.2. */
void
ScimCheckPreconditions(const ScimResource *resource, const ScimPreconditions *conditions)
{
	const char *if_match = conditions->if_match;
	const char *if_none_match = conditions->if_none_match;

	/* those of SQL; a request's have been looked at */
	if (if_match != NULL)
		ScimTagsCheck("If-Match", if_match);
	if (if_match != NULL && !ScimVersionMatches(if_match, resource->version))
		ereport(ERROR, (ScimErr(SCIM_PRECONDITION_FAILED),
						errmsg("%s \"%s\" has version " INT64_FORMAT
							   ", which If-Match: %s does not name",
							   resource->type->name, ScimResourceId(resource),
							   resource->version, if_match)));
	/* an HTTP-date has no fractions of a second */
	if (if_match == NULL && conditions->has_unmodified_since &&
		ScimHttpSeconds(resource->last_modified) > conditions->unmodified_since)
		ereport(ERROR, (ScimErr(SCIM_PRECONDITION_FAILED),
						errmsg("%s \"%s\" was modified at %s, after the date of "
							   "If-Unmodified-Since",
							   resource->type->name, ScimResourceId(resource),
							   ScimHttpDateText(resource->last_modified))));
	if (if_none_match != NULL && ScimVersionMatches(if_none_match, resource->version))
		ereport(ERROR, (ScimErr(SCIM_PRECONDITION_FAILED),
						errmsg("%s \"%s\" has version " INT64_FORMAT
							   ", which If-None-Match: %s names",
							   resource->type->name, ScimResourceId(resource),
							   resource->version, if_none_match)));
}

/*
 * Members that are stated twice are one.  Of very many the door finds that out, too, but
 * they take memory on each step of the way.
 */
#define MANY_MEMBERS 10000

static void
join_equal_members(const ScimResourceType *type, const JsonbValue *document)
{
	JsonbValue *members =
		type->has_members ? ScimJsonGetFolded(document, "members") : NULL;

	if (members != NULL && members->type == jbvArray &&
		members->val.array.nElems > MANY_MEMBERS)
		ScimJsonDistinct(members);
}

/* What a change does to the members of a group that is locked.  Returns how many. */
static uint64
change_members(ScimStore *store, const ScimResource *group, List *changes)
{
	TimestampTz now = ScimClock(store, group->last_modified);
	uint64 changed = ScimMembersChange(store, group->tenant_id, &group->id, group->type,
									   group->version, changes, now);

	/* the row is written next; where no member came or went, it may not be at all */
	if (changed > 0)
		ScimClockPromise(&group->id, now);
	return changed;
}

/* The row of what change_members has changed is written: nothing else has its instant. */
static ScimResource *
write_with_members(ScimStore *store, const ScimResource *group, JsonbValue *document,
				   MemoryContext context)
{
	ScimResource *written = write_data(store, group, document, false, context);

	ScimClockPromiseEnd();
	return written;
}

/*
 * ScimChangeMembers changes the members of a group, as a PATCH with nothing else does.
 * Returns how many, or -1 where the group is not there, or not any more once whoever
 * changes it is done.
 */
int64
ScimChangeMembers(ScimStore *store, const ScimResourceType *type, const char *id,
				  List *changes)
{
	MemoryContext context = CurrentMemoryContext;
	ScimResource *group;
	int64 changed = -1;

	SPI_connect();
	group = find_to_change(store, type, id, " FOR NO KEY UPDATE", context);
	if (group != NULL)
		changed = change_members(store, group, changes);
	if (changed > 0)
		(void) write_with_members(store, group, NULL, context);
	SPI_finish();
	return changed;
}

/* ScimCreateResource: RFC 7644 section 3.3.  id NULL: a new one. */
ScimResource *
ScimCreateResource(ScimStore *store, const ScimResourceType *type,
				   const JsonbValue *document, const pg_uuid_t *id)
{
	MemoryContext context = CurrentMemoryContext;
	uint64 writes = ScimDoorWrites();
	const char *columns = ScimResourceColumns(store);
	ScimParams params;
	ScimResource *resource;
	pg_uuid_t new_id;

	ScimCheckStatedSchemas(type, document);
	join_equal_members(type, document);
	if (id == NULL)
	{
		ScimUuidV7(&new_id);
		id = &new_id;
		columns = ScimResourceColumnsOfNew();
	}
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false);
	ScimParamsAdd(&params, JSONBOID,
				  JsonbPGetDatum(ScimJsonToJsonb((JsonbValue *) document)), false);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(id), false);
	ScimExecuteWrite(
		store,
		psprintf("INSERT INTO %s.resource AS r (tenant_id, resource_type, id, data) "
				 "VALUES ($1, %s, $3, $2) RETURNING %s",
				 store->quoted_name, quote_literal_cstr(type->name), columns),
		&params, type);
	resource = written_resource(type, writes, context);
	if (resource == NULL)
		ScimRaiseRefused(type, "the new");
	/* a trigger before the door may have made it another one, which is not so new */
	if (memcmp(&resource->id, id, UUID_LEN) != 0)
		resource->as_of = 0;
	SPI_finish();
	return resource;
}

/* ScimFindResource finds a resource, or returns NULL. */
ScimResource *
ScimFindResource(ScimStore *store, const ScimResourceType *type, const pg_uuid_t *id)
{
	MemoryContext context = CurrentMemoryContext;
	ScimResource *resource;

	SPI_connect();
	resource = find_by_uuid(store, type, ScimTenant(), id, "", context);
	SPI_finish();
	return resource;
}

/* ScimGetResource: RFC 7644 section 3.4.1. */
ScimResource *
ScimGetResource(ScimStore *store, const ScimResourceType *type, const char *id)
{
	MemoryContext context = CurrentMemoryContext;
	ScimResource *resource;

	SPI_connect();
	resource = find_resource(store, type, id, "", context);
	SPI_finish();
	return resource;
}

/*
 * ScimReplaceResource: RFC 7644 section 3.5.1.  What the document does not
 * state is cleared, members included; what is readOnly, immutable or fixed stays.
 */
ScimResource *
ScimReplaceResource(ScimStore *store, const ScimResourceType *type, const char *id,
					const JsonbValue *document, const ScimPreconditions *conditions)
{
	MemoryContext context = CurrentMemoryContext;
	JsonbValue *stated = (JsonbValue *) document;
	const ScimRules *rules;
	JsonbValue *password;
	ScimResource *resource;
	const pg_uuid_t *outer = ScimReplacedAtDoor;
	bool clears_members;

	if (stated->type != jbvObject)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("a resource must be a JSON object")));
	ScimCheckStatedSchemas(type, stated);
	join_equal_members(type, stated);
	clears_members = type->has_members && !ScimStatesMembers(type, stated);
	/* no answer has it, so that whoever sends one back says nothing of it */
	password = type->has_password ? ScimJsonGetFolded(stated, "password") : NULL;
	if (password != NULL && password->type == jbvNull)
		*password = *ScimJsonNewString("");
	SPI_connect();
	if (type->has_members)
		ScimMembersLockFirst(store, ScimTenant(), id,
							 ScimJsonGetFolded(stated, "members"), NULL);
	resource = find_for_change(store, type, id, " FOR NO KEY UPDATE", context);
	ScimCheckPreconditions(resource, conditions);
	rules = ScimRulesFor(store, ScimTenant(), type);
	if (rules->of[SCIM_RULE_FIXED] != NIL)
		ScimFixedKeep(rules, ScimJsonFromJsonb(resource->data), stated);
	if (rules->of[SCIM_RULE_MANAGED] != NIL && ScimManagedKeep(store, resource, stated))
		clears_members = false;
	if (clears_members)
		ScimJsonSet(stated, "members", ScimJsonNewArray());
	PG_TRY();
	{
		ScimReplacedAtDoor = &resource->id;
		resource = write_data(store, resource, stated, !type->has_members, context);
	}
	PG_FINALLY();
	{
		ScimReplacedAtDoor = outer;
	}
	PG_END_TRY();
	SPI_finish();
	return resource;
}

static void
judge_problems(const void *rules, List *problems)
{
	ScimViolationApply(rules, problems);
}

/*
 * ScimPatchDocument applies the operations of a PATCH to a copy of a document, as
 * ScimPatch does; what is wrong with a value has the error of the policy "violation".
 */
JsonbValue *
ScimPatchDocument(ScimStore *store, const ScimResourceType *type,
				  const JsonbValue *document, const JsonbValue *operations,
				  bool by_client, List **member_changes)
{
	return ScimPatch(store->registry, type, document, operations, by_client,
					 judge_problems, ScimRulesFor(store, ScimTenant(), type),
					 member_changes);
}

/*
 * What a PATCH has made of a document, and so many members of a group.  Of what is sealed
 * there the door need not ask what is to stay.
 */
static ScimResource *
write_patched(ScimStore *store, const ScimResource *resource, const JsonbValue *before,
			  JsonbValue *after, uint64 members_changed, MemoryContext context)
{
	const pg_uuid_t *outer = ScimPatchedAtDoor; /* whose trigger this is */
	bool same = ScimJsonEqual(before, after);
	ScimResource *volatile written = (ScimResource *) resource;

	PG_TRY();
	{
		ScimPatchedAtDoor = &resource->id;
		if (members_changed > 0)
			written = write_with_members(store, resource, same ? NULL : after, context);
		else if (!same)
			written = write_data(store, resource, after, true, context);
	}
	PG_FINALLY();
	{
		ScimPatchedAtDoor = outer;
	}
	PG_END_TRY();
	return written;
}

/*
 * ScimPatchResource: RFC 7644 section 3.5.2.  Whatever number of operations it has, it
 * is one change: of one version, with one event.  by_client: as it came, not made here.
 */
ScimResource *
ScimPatchResource(ScimStore *store, const ScimResourceType *type, const char *id,
				  const JsonbValue *operations, bool by_client,
				  const ScimPreconditions *conditions)
{
	MemoryContext context = CurrentMemoryContext;
	List *member_changes = NIL;
	uint64 members_changed = 0;
	ScimResource *resource;
	JsonbValue *before;
	JsonbValue *after;

	SPI_connect();
	if (type->has_members)
		ScimMembersLockFirst(store, ScimTenant(), id, NULL, operations);
	resource = find_for_change(store, type, id, " FOR NO KEY UPDATE", context);
	ScimCheckPreconditions(resource, conditions);
	before = ScimJsonFromJsonb(resource->data);
	after =
		ScimPatchDocument(store, type, before, operations, by_client, &member_changes);
	if (member_changes != NIL)
		members_changed = change_members(store, resource, member_changes);
	resource = write_patched(store, resource, before, after, members_changed, context);
	SPI_finish();
	return resource;
}

static bool is_untouched(ScimStore *store, const ScimResource *resource);

/* ScimDeleteResource: RFC 7644 section 3.6; what it does is up to the policy "delete". */
void
ScimDeleteResource(ScimStore *store, const ScimResourceType *type, const char *id,
				   const ScimPreconditions *conditions)
{
	ScimResource *resource;
	ScimParams params;

	SPI_connect();
	resource = find_for_change(store, type, id, " FOR UPDATE", CurrentMemoryContext);
	if (type->has_members &&
		ScimLeaveGroupFirst(store, resource->tenant_id, &resource->id))
		resource = find_for_change(store, type, id, " FOR UPDATE", CurrentMemoryContext);
	ScimCheckPreconditions(resource, conditions);
	ScimParamsOfResource(&params, resource->tenant_id, &resource->id);
	ScimSpiExecute(
		psprintf("DELETE FROM %s.resource r "
				 "WHERE r.resource_type = %s AND r.tenant_id = $1 AND r.id = $2",
				 store->quoted_name, quote_literal_cstr(type->name)),
		&params, false, 0);
	if (SPI_processed == 0 && is_untouched(store, resource))
		ScimRaiseRefused(type, "to delete the");
	SPI_finish();
}

/*
 * ScimStoredResource reads what is stored of a resource that was written: triggers
 * of the store's owner may have changed it since.  NULL: they took it away.
 */
ScimResource *
ScimStoredResource(ScimStore *store, const ScimResource *written)
{
	MemoryContext context = CurrentMemoryContext;
	ScimResource *resource;

	if (written->as_of != 0 && written->as_of == ScimDoorWrites())
		return (ScimResource *) written;
	if (written->type->is_membership)
		return ScimMembershipFind(store, written->type, &written->id, &written->member_id,
								  NULL);
	SPI_connect();
	resource =
		find_by_uuid(store, written->type, written->tenant_id, &written->id, "", context);
	SPI_finish();
	return resource;
}

/*
 * Where the policy "delete" keeps a row, the door skips the DELETE as well, but has
 * changed the row, unless its off-boarding was under way.
 */
static bool
is_untouched(ScimStore *store, const ScimResource *resource)
{
	ScimParams params;

	ScimParamsOfResource(&params, resource->tenant_id, &resource->id);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(resource->version), false);
	ScimSpiExecute(psprintf("SELECT FROM %s.resource r WHERE r.resource_type = %s "
							"AND r.tenant_id = $1 AND r.id = $2 AND r.version = $3 "
							"AND r.status <> 'OFFBOARDING'",
							store->quoted_name, quote_literal_cstr(resource->type->name)),
				   &params, false, 1);
	return SPI_processed > 0;
}
