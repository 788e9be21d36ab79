/*
 * to_resource.c
 *		From a row to its resource: what one says is written to the other.
 *
 * The row is looked at as it is when its trigger runs (row_trigger.c).
 */
#include "postgres.h"

#include "miscadmin.h"

#include "binding/bound/bound.h"
#include "binding/follow/follow.h"
#include "binding/sides/sides.h"
#include "door/guard/guard.h"
#include "json/json.h"
#include "store/credential/credential.h"
#include "store/statement/statement.h"

typedef struct Work
{
	ScimBinding *binding;
	const ScimRowView *row;
	ScimBoundResource resource;
	List *attributes;
	bool written;
	bool answered; /* the row was told something, so that both may be others now */
	bool is_again; /* it is a resource that was let go */
	bool is_other; /* it would be, but for the id that the row states, and keeps */
	ScimLink link; /* then */
} Work;

/* Are columns that must not be null, and have a default, all that an attribute is? */
static bool
has_defaults(const ScimBoundAttribute *attribute)
{
	bool has = attribute->writes != NIL;
	const ListCell *lc;

	if (attribute->kind == SCIM_BOUND_COLUMN)
		return attribute->column.not_null && attribute->column.has_default;
	foreach (lc, attribute->writes)
	{
		const ScimBoundWrite *write = lfirst(lc);

		has &= write->column.not_null && write->column.has_default;
	}
	return has;
}

/*
 * Of attributes that differ those of which the table's value goes; only_its_own: whoever
 * has written.  What SCIM wins, and does not say, is what the column has by itself, which
 * cannot be nothing.
 */
static List *
of_table(List *attributes, const ScimBoundResource *resource, bool only_its_own)
{
	List *taken = NIL;
	const ListCell *lc;

	foreach (lc, attributes)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);
		ScimWins wins = attribute->wins;

		if (only_its_own ? wins == SCIM_WINS_TABLE
						 : wins != SCIM_WINS_RESOURCE ||
							   (has_defaults(attribute) &&
								ScimRowValue(attribute, resource) == NULL))
			taken = lappend(taken, lfirst(lc));
	}
	return taken;
}

/*
 * What the store makes of it may be what it said before, of two equal values one for
 * instance: then nothing has changed there, and it is said again here.
 */
static void
replace_resource(void *arg)
{
	Work *work = arg;
	ScimBoundResource *resource = &work->resource;
	List *differ;
	List *own;
	List *refused;

	ScimRowRequireSeen(work->binding, work->row, work->attributes);
	work->written = ScimBoundReplace(work->binding, work->row, resource);
	if (!work->written || resource->gone)
		return;
	differ = ScimBoundDiffer(work->binding, work->row, resource);
	own = of_table(differ, resource, true);
	refused = list_difference_ptr(own, list_difference_ptr(own, work->attributes));
	if (refused != NIL)
		ScimRaiseDifference(work->binding, refused, &resource->id);
	differ = list_difference_ptr(differ, own);
	work->answered = differ != NIL;
	ScimToTable(work->binding, resource, differ);
}

/*
 * Makes the document of a resource that is out of sight what its row says by now, where
 * the store leaves that to the table: what the resource said last may be somebody else's.
 * Whether he may sign in is said by who brings him back.  only_names: of the attributes
 * by which he is known alone.  Returns whether anything has changed.
 */
static bool
take_news(const ScimBinding *binding, const ScimRowView *row, bool only_names,
		  ScimBoundResource *resource)
{
	List *taken = NIL;
	const ListCell *lc;

	foreach (lc, of_table(ScimBoundDiffer(binding, row, resource), resource, false))
	{
		const ScimBoundAttribute *attribute = lfirst(lc);

		if (!ScimBoundIsActive(attribute) &&
			(!only_names || ScimBoundKeyColumn(attribute) >= 0))
			taken = lappend(taken, lfirst(lc));
	}
	resource->document = ScimJsonCopy(resource->document);
	ScimBoundTakeRow(binding, row, taken, resource->document);
	return taken != NIL;
}

/*
 * ScimBindingNamed: the document of a resource that is out of sight, and locked with its
 * row, by the names that the row has got meanwhile; NULL: it has got none.
 */
JsonbValue *
ScimBindingNamed(ScimStore *store, const ScimResourceType *type, int32 tenant_id,
				 const pg_uuid_t *id)
{
	const ScimBinding *binding = ScimBindingFor(store, type, tenant_id);
	const ScimRowView *row;
	ScimBoundResource resource;
	ScimLink link;

	if (binding == NULL || !ScimLinkOfResource(binding, tenant_id, id, &link) ||
		!link.has_key || !ScimBoundRead(binding, tenant_id, id, &resource) ||
		!resource.gone)
		return NULL;
	row = ScimRowFindOf(binding, tenant_id, link.key);
	if (row == NULL || !take_news(binding, row, true, &resource))
		return NULL;
	return resource.document;
}

/* ScimRowIsPresent: is a row there that says that it is of a tenant? */
bool
ScimRowIsPresent(const ScimRowView *row, int32 tenant_id)
{
	return row != NULL && !row->gone && row->has_tenant && row->tenant_id == tenant_id;
}

/*
 * ScimTakeFromTable makes a resource say what its row does; only_its_own: of those
 * attributes alone that are the table's.  read is the resource as it was before the row
 * was read, or NULL: it is locked.  *resource is then what it says, and *row what the row
 * does; returns false where one of them is not in sight any more.
 *
 * Somebody else may write the resource before we do, and the row along with it: then both
 * are read again, the resource first.  Who writes nothing locks nothing.
 */
bool
ScimTakeFromTable(ScimBinding *binding, const ScimRowView **row, const ScimLink *link,
				  bool only_its_own, const ScimBoundResource *read,
				  ScimBoundResource *resource)
{
	const pg_uuid_t *id = &link->resource_id;
	Datum key = (*row)->key_array;
	Work work = {.binding = binding};
	bool again = false;
	ScimRowAt at;

	while (!work.written)
	{
		CHECK_FOR_INTERRUPTS();
		if (read != NULL && !again)
			work.resource = *read;
		else if (!ScimBoundRead(binding, link->tenant_id, id, &work.resource))
			return false;
		if (work.resource.gone)
			return false;
		if (again)
			*row = ScimRowFind(binding, key);
		if (again && !ScimRowIsPresent(*row, link->tenant_id))
			return false;
		again = true;
		work.row = *row;
		work.attributes = of_table(ScimBoundDiffer(binding, *row, &work.resource),
								   &work.resource, only_its_own);
		if (work.attributes == NIL)
			break;
		work.resource.document = ScimJsonCopy(work.resource.document);
		ScimBoundTakeRow(binding, *row, work.attributes, work.resource.document);
		ScimRowAtBegin(&at, binding, key, work.attributes);
		ScimRoundsDo(binding, id, work.attributes, replace_resource, &work);
		ScimRowAtEnd(&at);
	}
	if (work.answered && !ScimBoundRead(binding, link->tenant_id, id, &work.resource))
		return false;
	*resource = work.resource;
	return !resource->gone;
}

static void
create_resource(void *arg)
{
	Work *work = arg;
	ScimBinding *binding = work->binding;

	ScimRowRequireSeen(binding, work->row, binding->attributes);
	ScimBoundCreate(binding, work->row, &work->resource);
	ScimLinkPut(binding, work->resource.tenant_id, &work->resource.id,
				work->row->key_array, true, false);
	ScimMembershipsOfNewRow(binding, work->resource.tenant_id, &work->resource.id);
	ScimMembershipsOfRow(binding, work->resource.tenant_id, work->row->key_array);
	ScimReferencesOfRow(binding, work->resource.tenant_id, work->row->key_array);
	/* what the store has made of it */
	if (ScimValuesMayBeThere(binding, work->row->key_array))
		ScimToResource(binding, work->resource.tenant_id, work->row->key_array, true);
	else
		ScimToTable(binding, &work->resource,
					ScimBoundDiffer(binding, work->row, &work->resource));
}

static void
restore_resource(ScimBinding *binding, const ScimRowView *row, ScimLink *link);

/* Is the id part of the key, so that the application has told it others by now? */
static bool
id_is_key(const ScimBinding *binding)
{
	const ListCell *lc;
	const ListCell *key;

	foreach (lc, binding->attributes)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);

		foreach (key, attribute->is_id ? binding->key : NIL)
		{
			if (attribute->column.number ==
				((const ScimColumnInfo *) lfirst(key))->number)
				return true;
		}
	}
	return false;
}

/* One that has the user name still, which nobody else can have. */
static void
raise_other(const Work *work)
{
	const ScimBinding *binding = work->binding;
	const char *id = ScimMayRead(binding->store->tables.relid[SCIM_TABLE_RESOURCE]) &&
							 ScimScopeProvedReads(binding->store, binding->type->name)
						 ? psprintf(" %s", ScimUuidText(&work->link.resource_id))
						 : "";

	ereport(ERROR,
			(errcode(ERRCODE_UNIQUE_VIOLATION),
			 errmsg("%s of table \"%s\" has the userName of %s%s, whose row has gone, "
					"and states another id",
					ScimKeyTold(binding, work->row->key_array), binding->shown,
					binding->type->name, id),
			 errhint("A row that states this id is who was there, and comes back.")));
}

static void
create_in_rounds(void *arg)
{
	Work *work = arg;

	if (work->is_other)
		raise_other(work);
	if (work->is_again)
		restore_resource(work->binding, work->row, &work->link);
	else
		ScimRoundsDo(work->binding, &work->resource.id, work->binding->attributes,
					 create_resource, work);
}

/* The resource of a row that has none, as it is to be. */
static void
begin_work(Work *work, ScimBinding *binding, const ScimRowView *row)
{
	bool states_id;

	memset(work, 0, sizeof(Work));
	work->binding = binding;
	work->row = row;
	work->resource.tenant_id = row->tenant_id;
	states_id = ScimRowStatesId(binding, row, &work->resource.id);
	if (!states_id)
		ScimUuidV7(&work->resource.id);
	work->is_again = ScimResourceLetGo(
		binding, row, states_id ? &work->resource.id : NULL, &work->link);
	/* a new row has a new id, where that has a default: who has the name it is still */
	if (states_id && !work->is_again &&
		ScimResourceLetGo(binding, row, NULL, &work->link))
	{
		work->is_again = !id_is_key(binding);
		work->is_other =
			!work->is_again && ScimIsKeyColumn(binding->match, SCIM_KEY_USER_NAME);
	}
	work->resource.document = ScimBoundDocument(binding, row);
}

/* Is it the row that is to blame, and nothing else? */
static bool
is_about_row(const ErrorData *error)
{
	return ScimErrorBySqlstate(error->sqlerrcode) != NULL || ScimErrorIsAboutRow(error);
}

static void
create_and_ask(void *arg)
{
	create_in_rounds(arg);
	ScimDeferredRequire();
	ScimCheckDeferredConstraints();
}

/*
 * ScimRowProblem: what an update of a row that has no resource would be told; NULL: it
 * would get one.  That is tried, and undone.
 */
char *
ScimRowProblem(ScimBinding *binding, const ScimRowView *row)
{
	uint64 last_refused = ScimGuardLastRefused();
	ErrorData *error;
	char *other;
	Work work;

	begin_work(&work, binding, row);
	error = ScimAttemptUndone(create_and_ask, &work);
	ScimGuardForgetRefused(last_refused);
	if (error != NULL && !is_about_row(error))
		ThrowErrorData(error);
	if (error == NULL)
		return NULL;
	other = ScimTakenBy(binding, row, error);
	return other != NULL ? psprintf("%s (%s)", error->message, other) : error->message;
}

/* was_there: it has stayed outside; is_told: it is told why it still does */
static void
begin_resource(ScimBinding *binding, const ScimRowView *row, bool was_there, bool is_told)
{
	ErrorData *error;
	ScimRowAt at;
	Work work;

	ScimReferencesHold(binding, row);
	begin_work(&work, binding, row);
	ScimRowAtBegin(&at, binding, row->key_array, binding->attributes);
	if (!was_there)
		create_in_rounds(&work);
	else
	{
		/* it was there before, and could not be taken in: no rule keeps it as it is */
		error = ScimAttempt(create_in_rounds, &work);
		if (error != NULL && !is_about_row(error))
			ThrowErrorData(error);
		if (error != NULL && is_told)
		{
			char *other = ScimTakenBy(binding, row, error);

			ereport(WARNING, (errmsg("%s of table \"%s\" is still not bound to a %s: %s",
									 ScimKeyTold(binding, row->key_array), binding->shown,
									 binding->type->name, error->message),
							  other != NULL ? errdetail("It is that of %s.", other) : 0));
		}
	}
	ScimRowAtEnd(&at);
}

/*
 * A row that is there and its resource, as it was read before, say the same of what is
 * the table's.
 */
static void
agree(ScimBinding *binding, const ScimRowView *row, const ScimLink *link,
	  const ScimBoundResource *read)
{
	ScimBoundResource resource;
	List *differ;

	if (!ScimTakeFromTable(binding, &row, link, false, read, &resource))
		return;
	/* what is the store's is said again */
	differ = ScimBoundDiffer(binding, row, &resource);
	ScimToTable(binding, &resource,
				list_difference_ptr(differ, of_table(differ, &resource, false)));
}

/* A row is there again whose resource had gone. */
static void
restore_resource(ScimBinding *binding, const ScimRowView *row, ScimLink *link)
{
	ScimBoundResource resource;
	Datum key = row->key_array;
	bool restored;

	if (!ScimBoundRead(binding, link->tenant_id, &link->resource_id, &resource))
	{
		ScimLinkDrop(binding, link->tenant_id, &link->resource_id);
		begin_resource(binding, row, false, true);
		return;
	}
	ScimReferencesHold(binding, row);
	ScimLinkPut(binding, link->tenant_id, &link->resource_id, key, true, false);
	/* nobody has made him so but the end of his row; kept ones nobody has */
	restored = resource.gone || (binding->resource_end != SCIM_RESOURCE_KEEP &&
								 (resource.inactive || resource.leaving));
	if (resource.gone)
		(void) take_news(binding, row, false, &resource);
	if (restored)
		ScimBoundRestore(binding, row, &resource);
	/* triggers of others may have written it meanwhile */
	row = ScimRowFind(binding, key);
	if (!ScimRowIsPresent(row, link->tenant_id))
		return;
	agree(binding, row, link, restored ? NULL : &resource);
	ScimMembershipsOfRow(binding, link->tenant_id, key);
	ScimReferencesOfRow(binding, link->tenant_id, key);
	/* and those that the store has got meanwhile */
	ScimMembershipsOfNewRow(binding, link->tenant_id, &link->resource_id);
}

/*
 * A row that has gone takes its rows of values and members along, as it does when SCIM
 * deletes it: a newcomer who gets its key has none of them.  A foreign key has done that
 * already, where there is one.
 */
static void
take_along(const ScimBinding *binding, int32 tenant_id, Datum key)
{
	ScimMembershipsEndLeft(binding, tenant_id, key);
	ScimChildrenEndLeft(binding, key);
}

/* Is a row there of a tenant, be it one that counts as deleted? */
static bool
is_kept(const ScimRowView *row, int32 tenant_id)
{
	return row != NULL && row->has_tenant && row->tenant_id == tenant_id;
}

/* ScimRowEnded: the row of a link is there no more, or no more that of its tenant. */
void
ScimRowEnded(ScimBinding *binding, const ScimRowView *row, const ScimLink *link,
			 Datum key)
{
	bool kept = is_kept(row, link->tenant_id);
	ScimRowAt at;

	ScimLinkPut(binding, link->tenant_id, &link->resource_id, key, kept, true);
	ScimRowAtBegin(&at, binding, key, NIL);
	ScimBoundEnd(binding, link->tenant_id, &link->resource_id);
	if (row == NULL)
		take_along(binding, link->tenant_id, key);
	if (!kept)
		ScimReferencesEnd(binding, link->tenant_id, key, &link->resource_id);
	ScimRowAtEnd(&at);
}

static void
follow_row(ScimBinding *binding, int32 tenant_id, Datum key, bool was_there, bool is_told)
{
	ScimRowView *row;
	bool is_linked;
	bool was_read = false;
	bool there;
	ScimLink link;
	ScimBoundResource resource;

	if (ScimRowIsWritten(binding, key))
		return;
	is_linked = ScimLinkOfKey(binding, tenant_id, key, &link);
	if (!is_linked && ScimRowIsComing(binding, tenant_id, key))
		return;
	/* before the row, lest that is older than what it is compared with */
	if (is_linked && !link.detached)
		was_read = ScimBoundRead(binding, tenant_id, &link.resource_id, &resource);
	row = ScimRowFind(binding, key);
	there = ScimRowIsPresent(row, tenant_id);
	if (!is_linked && there && was_there && ScimLinkWithoutRow(binding, row, false))
	{
		ScimReferencesOfRow(binding, tenant_id, key);
		is_linked = was_read =
			ScimLinkOfKey(binding, tenant_id, key, &link) &&
			ScimBoundRead(binding, tenant_id, &link.resource_id, &resource);
	}
	if (!is_linked)
	{
		if (there)
			begin_resource(binding, row, was_there, is_told);
		return;
	}
	if (!there)
	{
		if (!link.detached)
			ScimRowEnded(binding, row, &link, key);
		else if (!is_kept(row, tenant_id))
		{
			/* or it is of another tenant now, and whoever was kept has none */
			ScimLinkForget(
				binding, tenant_id, &link.resource_id,
				!ScimBoundRead(binding, tenant_id, &link.resource_id, &resource));
			if (row == NULL)
				take_along(binding, tenant_id, key);
			ScimReferencesEnd(binding, tenant_id, key, &link.resource_id);
		}
		return;
	}
	if (link.detached)
	{
		if (binding->gone != NULL)
			restore_resource(binding, row, &link);
		return;
	}
	if (was_read)
		agree(binding, row, &link, &resource);
}

/*
 * ScimToResource makes a resource say what the row of a key does, which may have come or
 * gone.  was_there: it was there before the statement.
 */
void
ScimToResource(ScimBinding *binding, int32 tenant_id, Datum key, bool was_there)
{
	follow_row(binding, tenant_id, key, was_there, true);
}

/*
 * ScimToResourceAgain: the same of a row of which nothing has changed that is bound, as
 * far as can be seen; one that is nobody's still is not told so.
 */
void
ScimToResourceAgain(ScimBinding *binding, int32 tenant_id, Datum key)
{
	follow_row(binding, tenant_id, key, true, false);
}
