/*
 * reference.c
 *		Columns that hold the key of another row (refer.c), and what both sides say when
 *		that comes, goes, or gets another key.
 *
 * A key that leads to nobody stays in the table alone, and a reference to what has no row
 * in the store, as members without one do: neither is a difference, and neither is lost.
 * When a row gets a resource, or a resource a row, or one of them goes, who refers to it
 * is looked at again; so it does not matter which of the two comes first.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "binding/follow/follow.h"
#include "binding/mapping/mapping.h"
#include "binding/sides/sides.h"
#include "door/row/row.h"
#include "filter/filter.h"
#include "json/json.h"
#include "store/statement/column.h"
#include "store/statement/statement.h"

/*
 * ScimReferenceStranger: why the key that a row refers to, by its attribute of a number,
 * is nobody's; NULL: it refers to somebody, or to a row that counts as deleted.
 */
char *
ScimReferenceStranger(const ScimBoundAttribute *attribute, const ScimRowView *row,
					  int number)
{
	const ScimBinding *binding;

	if (attribute->kind != SCIM_BOUND_REFERENCE || !row->has_tenant ||
		row->refers[number] == (Datum) 0 || row->values[number] != NULL)
		return NULL;
	binding = ScimReferred(attribute, row->tenant_id);
	if (binding != NULL && ScimRowIsLeftOut(binding, row->refers[number]))
		return NULL;
	return psprintf(attribute->reference.of->every_tenant ||
							(binding != NULL && binding->every_tenant)
						? "the %s is not bound in the tenant of the row"
						: "the %s is not bound",
					attribute->reference.type->name);
}

/*
 * ScimReferenceRowless: the same of what a resource refers to, by an attribute of which
 * its row says nothing; NULL: it has a row, or there is nobody.
 */
char *
ScimReferenceRowless(const ScimBoundAttribute *attribute, const ScimRowView *row,
					 int number, const ScimBoundResource *resource)
{
	if (attribute->kind != SCIM_BOUND_REFERENCE || row->values[number] != NULL ||
		ScimBoundGet(attribute, resource->document) == NULL ||
		ScimRowValue(attribute, resource) != NULL)
		return NULL;
	return psprintf("the %s that SCIM refers to has no row",
					attribute->reference.type->name);
}

/* Can the columns hold the keys of the rows that they refer to? */
static void
check_key(const ScimBoundAttribute *attribute, const ScimBinding *binding)
{
	ScimMappingCheckHolds(attribute->reference.columns, binding,
						  psprintf("must name as many columns as the key of table \"%s\" "
								   "has",
								   binding->shown),
						  psprintf("attributes.%s.column", attribute->path));
}

/* Is a binding of what an attribute refers to, in a tenant that both have? */
static bool
leads_to(const ScimBoundAttribute *attribute, const ScimBinding *binding)
{
	const ScimBinding *from = attribute->reference.of;

	return strcmp(attribute->reference.type->name, binding->type->name) == 0 &&
		   (from->every_tenant || binding->every_tenant ||
			from->tenant_id == binding->tenant_id);
}

/* ScimReferencesLeadingTo: the references of rows to those of a binding. */
List *
ScimReferencesLeadingTo(const ScimBinding *other, const ScimBinding *binding)
{
	List *leading = NIL;
	const ListCell *lc;

	foreach (lc, other->references)
	{
		if (leads_to(lfirst(lc), binding))
			leading = lappend(leading, lfirst(lc));
	}
	return leading;
}

/*
 * ScimReferencesHold: a row that was read is about to say whom it refers to, where its
 * resource did not before.  It is seen who that is by then.
 */
void
ScimReferencesHold(const ScimBinding *binding, const ScimRowView *row)
{
	const ListCell *lc;

	foreach (lc, binding->references)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);
		int number = attribute->reference.number;
		const ScimBinding *of = ScimReferred(attribute, row->tenant_id);

		if (row->refers[number] == (Datum) 0 || of == NULL)
			continue;
		ScimReferToKey(of, row->tenant_id, row->refers[number]);
		row->values[number] =
			ScimReferenceOfKey(attribute, row->tenant_id, row->refers[number]);
	}
}

/* ScimReferencesHoldOf: the same of a document, and of some attributes. */
void
ScimReferencesHoldOf(const ScimBinding *binding, int32 tenant_id,
					 const JsonbValue *document, const List *attributes)
{
	const ListCell *lc;

	foreach (lc, binding->references != NIL ? attributes : NIL)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);
		const JsonbValue *value = attribute->kind == SCIM_BOUND_REFERENCE
									  ? ScimBoundGet(attribute, document)
									  : NULL;
		const ScimBinding *of = value != NULL ? ScimReferred(attribute, tenant_id) : NULL;
		pg_uuid_t id;

		if (of != NULL && ScimReferredId(value, &id))
			ScimReferToResource(of, tenant_id, &id);
	}
}

/*
 * ScimReferencesCheckKeys: of a table that has just been bound, an error (22023) where
 * columns cannot hold the keys of the rows that they refer to, on either side.
 */
void
ScimReferencesCheckKeys(ScimBinding *binding)
{
	const ListCell *lc;
	const ListCell *reference;

	foreach (lc, ScimBindingsOfStore(binding->store))
	{
		const ScimBinding *other = lfirst(lc);

		foreach (reference, binding->references)
		{
			if (leads_to(lfirst(reference), other))
				check_key(lfirst(reference), other);
		}
		foreach (reference, other != binding ? other->references : NIL)
		{
			if (leads_to(lfirst(reference), binding))
				check_key(lfirst(reference), binding);
		}
	}
}

/* The keys of rows that refer to a key, varlena *, in a context. */
static List *
find_rows(const ScimBinding *binding, const ScimBoundAttribute *attribute, Datum key,
		  MemoryContext context)
{
	ScimIdentity caller = ScimBeReader(binding->owner);
	List *keys = NIL;
	ScimParams params;

	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTARRAYOID, key, false);
	ScimSpiExecuteIn(binding->search_path,
					 psprintf("SELECT %s FROM %s AS t WHERE %s",
							  ScimKeyTexts(binding->key, "t"), binding->quoted,
							  ScimKeyIs(attribute->reference.columns, "t", "$1")),
					 &params, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(context);

		keys = lappend(keys,
					   DatumGetArrayTypePCopy(ScimResultValue((int) i, 1, TEXTARRAYOID)));
		MemoryContextSwitchTo(old);
	}
	SPI_finish();
	ScimBeCaller(caller);
	return keys;
}

/* How many resources and members were written when the last transaction ended. */
static uint64 writes_before = 0;
static bool is_counted = false;

static void
transaction_ends(XactEvent event, void *arg)
{
	if (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT &&
		event != XACT_EVENT_PREPARE)
		return;
	writes_before = ScimDoorWrites();
	is_counted = true;
}

/*
 * Can anybody refer to a resource yet?  Nobody does whose id was made in this
 * transaction, which has written nothing else.
 */
static bool
may_be_known(const pg_uuid_t *id)
{
	static bool registered = false;
	const int64 epochs =
		(int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY * 1000;
	int64 made = 0; /* of version 7, in milliseconds */

	if (!registered)
		RegisterXactCallback(transaction_ends, NULL);
	registered = true;
	for (int i = 0; i < 6; i++)
		made = made << 8 | id->data[i];
	return !is_counted || ScimDoorWrites() - writes_before > 1 ||
		   (id->data[6] >> 4) != 7 ||
		   made < GetCurrentTransactionStartTimestamp() / 1000 + epochs;
}

/* A filter of those whose attribute refers to a resource. */
static ScimFilter *
referrers_of(const ScimBinding *binding, const ScimBoundAttribute *attribute,
			 const pg_uuid_t *id)
{
	ScimResolved value = attribute->target;

	if (value.sub == NULL && value.attribute->type == SCIM_TYPE_COMPLEX)
		value.sub = ScimAttributeSub(value.attribute, "value", strlen("value"));
	/* it is asked for each row that comes, and others are spelled so (spell.c) */
	return ScimFilterParseReferences(
		ScimReferrerFilter(binding->type, &value, id,
						   ScimHasType(ScimLeaf(&value), SCIM_TYPE_REFERENCE)
							   ? NULL
							   : attribute->reference.type->endpoint));
}

/*
 * ScimReferencesTo: the resources that refer to one, as what SQL selects from, with its
 * parameters.
 */
char *
ScimReferencesTo(const ScimBinding *binding, const ScimBoundAttribute *attribute,
				 int32 tenant_id, const pg_uuid_t *id, const char *alias,
				 ScimParams *params)
{
	/* the operator knows the attributes of the store that the setting names */
	(void) set_config_option("scim.store", binding->store->name, PGC_USERSET,
							 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	ScimParamsInit(params);
	ScimParamsAdd(params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimParamsAdd(params, ScimFilterTypeOid(),
				  PointerGetDatum(referrers_of(binding, attribute, id)), false);
	return psprintf("%1$s.resource AS %3$s WHERE %3$s.resource_type = %2$s "
					"AND %3$s.tenant_id = $1 AND %3$s.deleted_at IS NULL "
					"AND %3$s.data OPERATOR(scim.~) $2",
					binding->store->quoted_name, quote_literal_cstr(binding->type->name),
					alias);
}

/* The ids of resources that refer to one, found by the index that filters use. */
static List *
find_resources(const ScimBinding *binding, const ScimBoundAttribute *attribute,
			   int32 tenant_id, const pg_uuid_t *id, MemoryContext context)
{
	ScimIdentity caller = ScimBeOwner(binding->store->owner);
	List *ids = NIL;
	ScimParams params;
	const char *from;
	int level;

	SPI_connect();
	from = ScimReferencesTo(binding, attribute, tenant_id, id, "r", &params);
	/* kept, since it is asked for each row that comes; never by reading all of them */
	level = ScimSpiBeginApart(true);
	ScimSpiExecute(psprintf("SELECT r.id FROM %s ORDER BY r.id", from), &params, false,
				   0);
	ScimSpiEndApart(level);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(context);
		pg_uuid_t *found = palloc(sizeof(pg_uuid_t));

		*found = *DatumGetUUIDP(ScimResultValue((int) i, 1, UUIDOID));
		ids = lappend(ids, found);
		MemoryContextSwitchTo(old);
	}
	SPI_finish();
	ScimBeCaller(caller);
	return ids;
}

/*
 * The resource of a link does not refer to what it did any more, since its row says so;
 * any_key: one that holds a key which is nobody's does, too.  Returns whether it was to
 * be written: triggers may have moved the link then.
 */
static bool
let_go(ScimBinding *binding, const ScimBoundAttribute *attribute, const ScimLink *link,
	   bool any_key)
{
	int32 tenant_id = link->tenant_id;
	int number = attribute->reference.number;
	bool is_written = false;
	bool is_tried = false;
	ScimBoundResource resource;
	ScimRowView *row;
	ScimRowAt at;

	while (!is_written)
	{
		CHECK_FOR_INTERRUPTS();
		if (!ScimBoundRead(binding, tenant_id, &link->resource_id, &resource) ||
			resource.gone)
			break;
		row = ScimRowFind(binding, link->key);
		if (!ScimRowIsPresent(row, tenant_id) || row->values[number] != NULL ||
			(!any_key && row->refers[number] != (Datum) 0) ||
			ScimBoundGet(attribute, resource.document) == NULL)
			break;
		resource.document = ScimJsonCopy(resource.document);
		ScimBoundSet(attribute, resource.document, NULL);
		ScimRowAtBegin(&at, binding, link->key, list_make1((void *) attribute));
		is_tried = true;
		is_written = ScimBoundReplace(binding, row, &resource);
		ScimRowAtEnd(&at);
	}
	return is_tried;
}

/*
 * ScimReferencesSaid: the application has written columns of a row that hold keys.  Where
 * they lead to nobody now, what its resource refers to has no row, perhaps, so that the
 * two do not differ; but what was said last is that it refers to nobody.
 */
void
ScimReferencesSaid(ScimBinding *binding, int32 tenant_id, Datum key,
				   const List *attributes)
{
	bool is_known = false;
	ScimLink link;
	const ListCell *lc;

	foreach (lc, attributes)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);

		if (attribute->wins == SCIM_WINS_RESOURCE)
			continue;
		if (!is_known &&
			(!ScimLinkOfKey(binding, tenant_id, key, &link) || link.detached))
			return;
		is_known = !let_go(binding, attribute, &link, true);
	}
}

/*
 * Who is meant by a key is another one than before, or nobody: rows that refer to it, and
 * resources that refer to who has it now, or, where it has ended, had it.
 */
static void
follow(ScimBinding *binding, ScimBoundAttribute *attribute, int32 tenant_id, Datum key,
	   const pg_uuid_t *id, bool ended)
{
	MemoryContext kept = AllocSetContextCreate(CurrentMemoryContext, "scim referrers",
											   ALLOCSET_SMALL_SIZES);
	MemoryContext context =
		AllocSetContextCreate(kept, "scim referrer", ALLOCSET_SMALL_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	const ListCell *lc;
	ScimLink link;

	foreach (lc, find_rows(binding, attribute, key, kept))
	{
		Datum of = PointerGetDatum(lfirst(lc));

		CHECK_FOR_INTERRUPTS();
		if (ScimLinkOfKey(binding, tenant_id, of, &link) && !link.detached)
			ScimToResource(binding, tenant_id, of, true);
		MemoryContextReset(context);
	}
	foreach (lc,
			 id != NULL ? find_resources(binding, attribute, tenant_id, id, kept) : NIL)
	{
		ScimBoundResource resource;

		CHECK_FOR_INTERRUPTS();
		if (ended)
		{
			if (ScimLinkOfResource(binding, tenant_id, lfirst(lc), &link) &&
				!link.detached)
				(void) let_go(binding, attribute, &link, false);
		}
		else if (ScimBoundRead(binding, tenant_id, lfirst(lc), &resource) &&
				 !resource.gone)
			(void) ScimToTable(binding, &resource, list_make1(attribute));
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(kept);
}

/* All that may refer to a row. */
static void
follow_all(const ScimBinding *binding, int32 tenant_id, Datum key, const pg_uuid_t *ended)
{
	bool found = false;
	ScimLink link;
	const ListCell *lc;
	const ListCell *reference;

	foreach (lc, ScimBindingsOfStore(binding->store))
	{
		ScimBinding *other = lfirst(lc);

		if (!other->every_tenant && other->tenant_id != tenant_id)
			continue;
		foreach (reference, other->references)
		{
			ScimBoundAttribute *attribute = lfirst(reference);

			if (!leads_to(attribute, binding))
				continue;
			found =
				found || (ended == NULL && ScimLinkOfKey(binding, tenant_id, key, &link));
			if (ended == NULL)
				follow(other, attribute, tenant_id, key,
					   found && may_be_known(&link.resource_id) ? &link.resource_id
																: NULL,
					   false);
			else
				follow(other, attribute, tenant_id, key,
					   attribute->wins != SCIM_WINS_RESOURCE ? ended : NULL, true);
		}
	}
}

/*
 * ScimReferencesOfRow: the row of a key is that of a resource from now on, or of another
 * one, or of none.
 */
void
ScimReferencesOfRow(const ScimBinding *binding, int32 tenant_id, Datum key)
{
	follow_all(binding, tenant_id, key, NULL);
}

/* ScimReferencesEnd: the row of a key, which was that of a resource, has gone. */
void
ScimReferencesEnd(const ScimBinding *binding, int32 tenant_id, Datum key,
				  const pg_uuid_t *id)
{
	follow_all(binding, tenant_id, key, id);
}

/* A row whose resource is to say what it refers to. */
typedef struct Referring
{
	const ScimRowView *view;
	ScimLink link;
	ScimBoundResource resource;
	List *attributes; /* ScimBoundAttribute * */
} Referring;

typedef struct Uniting
{
	ScimBinding *binding; /* of the rows that refer */
	bool is_taken_in;     /* they are being bound just now */
	bool all;             /* rows that refer to nobody, too: resources may */
	List *attributes;     /* ScimBoundAttribute *: those that may differ now */
	Referring *rows;
	int nrows;
	int one;
	ScimPutDifference put;
	void *arg;
} Uniting;

/* Resources of several rows, by one statement. */
static void
write_resources(void *arg, int from, int to)
{
	const Uniting *uniting = arg;
	const ScimBinding *binding = uniting->binding;
	int n = to - from;
	Datum *ids = palloc(sizeof(Datum) * n);
	Datum *tenants = palloc(sizeof(Datum) * n);
	Datum *documents = palloc(sizeof(Datum) * n);
	ScimIdentity caller = ScimBeOwner(binding->store->owner);
	ScimParams params;

	for (int i = 0; i < n; i++)
	{
		const Referring *row = &uniting->rows[from + i];
		JsonbValue *document = ScimJsonCopy(row->resource.document);

		ScimBoundTakeRow(binding, row->view, row->attributes, document);
		ids[i] = UUIDPGetDatum(&row->resource.id);
		tenants[i] = Int32GetDatum(row->resource.tenant_id);
		documents[i] = JsonbPGetDatum(ScimJsonToJsonb(document));
	}
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, UUIDARRAYOID, ScimArray(ids, NULL, n, UUIDOID), false);
	ScimParamsAdd(&params, INT4ARRAYOID, ScimArray(tenants, NULL, n, INT4OID), false);
	ScimParamsAdd(&params, JSONBARRAYOID, ScimArray(documents, NULL, n, JSONBOID), false);
	ScimTakeInMany(binding,
				   psprintf("UPDATE %s.resource AS r SET data = w.data "
							"FROM unnest($1, $2, $3) AS w (id, tenant_id, data) "
							"WHERE r.resource_type = %s "
							"AND r.tenant_id = w.tenant_id AND r.id = w.id",
							binding->store->quoted_name,
							quote_literal_cstr(binding->type->name)),
				   &params, n, "a change of the");
	SPI_finish();
	ScimBeCaller(caller);
}

static List *
of_both(List *differ, const List *attributes)
{
	List *found = NIL;
	const ListCell *lc;

	foreach (lc, differ)
	{
		if (list_member_ptr(attributes, lfirst(lc)))
			found = lappend(found, lfirst(lc));
	}
	return found;
}

/* What the store has made of it goes to the table, or the other way around. */
static void
agree(void *arg)
{
	const Uniting *uniting = arg;
	const Referring *row = &uniting->rows[uniting->one];
	ScimBinding *binding = uniting->binding;
	ScimBoundResource now;
	List *differ;
	bool says = false;
	const ListCell *lc;

	if (!ScimBoundRead(binding, row->link.tenant_id, &row->link.resource_id, &now) ||
		now.gone)
		return;
	differ = of_both(ScimBoundDiffer(binding, row->view, &now), uniting->attributes);
	if (differ == NIL)
		return;
	foreach (lc, binding->attributes)
		says = says || (list_member_ptr(differ, lfirst(lc)) &&
						row->view->values[foreach_current_index(lc)] != NULL);
	if (says && !uniting->is_taken_in)
		ScimToResource(binding, row->link.tenant_id, row->view->key_array, true);
	else
		(void) ScimToTable(binding, &now, differ);
}

static void
put_refused(const Uniting *uniting, const Referring *row, const char *problem)
{
	uniting->put(uniting->arg, "table", row->view->key_array, &row->link.resource_id,
				 linitial(row->attributes), NULL, NULL, problem);
}

static void
resources_are_written(void *arg, int from, int to)
{
	Uniting *uniting = arg;

	for (int i = from; i < to; i++)
	{
		ErrorData *error;

		uniting->one = i;
		error = ScimAttempt(agree, uniting);
		if (error != NULL && !ScimErrorIsAboutRow(error))
			ThrowErrorData(error);
		if (error != NULL)
			put_refused(uniting, &uniting->rows[i], error->message);
	}
}

static void
resource_is_refused(void *arg, int row, const ErrorData *error)
{
	const Uniting *uniting = arg;

	put_refused(uniting, &uniting->rows[row], error->message);
}

static bool
refers(const Uniting *uniting, const ScimRowView *view)
{
	const ListCell *lc;

	foreach (lc, uniting->binding->attributes)
	{
		/* of what is taken in, all that leads to nobody is told */
		if ((uniting->is_taken_in || list_member_ptr(uniting->attributes, lfirst(lc))) &&
			view->refers[foreach_current_index(lc)] != (Datum) 0)
			return true;
	}
	return false;
}

/* A key that a row refers to, and that is nobody's; who has no row in the store. */
static void
put_strangers(const Uniting *uniting, const ScimRowView *view,
			  const ScimBoundResource *resource)
{
	const ListCell *lc;

	foreach (lc, uniting->is_taken_in ? uniting->binding->attributes : NIL)
	{
		int number = foreach_current_index(lc);
		char *problem = ScimReferenceStranger(lfirst(lc), view, number);

		if (problem != NULL)
			uniting->put(
				uniting->arg, "table", view->key_array, &resource->id, lfirst(lc),
				ScimJsonNewString(ScimKeyShown(view->refers[number])), NULL, problem);
		else
			problem = ScimReferenceRowless(lfirst(lc), view, number, resource);
		if (problem != NULL && view->refers[number] == (Datum) 0)
			uniting->put(uniting->arg, "both", view->key_array, &resource->id, lfirst(lc),
						 NULL, NULL, problem);
	}
}

static void
use_rows(void *arg, ScimRowView **views, int n)
{
	Uniting *uniting = arg;
	const ScimBinding *binding = uniting->binding;
	const ScimManyRows rows = {write_resources, resources_are_written,
							   resource_is_refused, uniting};

	uniting->rows = palloc(sizeof(Referring) * n);
	uniting->nrows = 0;
	for (int i = 0; i < n; i++)
	{
		Referring *row = &uniting->rows[uniting->nrows];

		CHECK_FOR_INTERRUPTS();
		row->view = views[i];
		if (views[i]->gone || !views[i]->has_tenant ||
			!(uniting->all || refers(uniting, views[i])) ||
			!ScimLinkOfKey(binding, views[i]->tenant_id, views[i]->key_array,
						   &row->link) ||
			row->link.detached ||
			!ScimBoundRead(binding, views[i]->tenant_id, &row->link.resource_id,
						   &row->resource) ||
			row->resource.gone)
			continue;
		put_strangers(uniting, views[i], &row->resource);
		row->attributes = of_both(ScimBoundDiffer(binding, views[i], &row->resource),
								  uniting->attributes);
		if (row->attributes != NIL)
			uniting->nrows++;
	}
	if (uniting->is_taken_in)
		ScimAttemptMany(&rows, 0, uniting->nrows);
	else
		resources_are_written(uniting, 0, uniting->nrows);
}

/* That a row cannot be read was told before. */
static void
bad_row(void *arg, Datum key, const ScimBoundAttribute *attribute, const char *problem)
{
}

/*
 * ScimReferencesUnite: a table has been bound, and all links are known: its rows refer to
 * each other, and to others, and those of other tables to them.  Its own rows say what
 * holds, as of all that is bound; of others nothing is lost that one side alone says.
 * SPI is connected; put is told of what is refused, and of keys that are nobody's.
 */
void
ScimReferencesUnite(ScimBinding *binding, bool has_resources, ScimPutDifference put,
					void *arg)
{
	const ListCell *lc;
	const ListCell *reference;

	foreach (lc, ScimBindingsOfStore(binding->store))
	{
		ScimBinding *other = lfirst(lc);
		bool own = memcmp(&other->id, &binding->id, UUID_LEN) == 0;
		Uniting uniting = {
			.binding = other,
			.is_taken_in = own,
			.all = has_resources || !own,
			.attributes =
				own ? ScimBoundAllBut(other->references, SCIM_WINS_RESOURCE) : NIL,
			.put = put,
			.arg = arg};

		foreach (reference, own ? NIL : other->references)
		{
			if (leads_to(lfirst(reference), binding))
				uniting.attributes = lappend(uniting.attributes, lfirst(reference));
		}
		if (uniting.attributes == NIL && (!own || other->references == NIL))
			continue;
		SPI_connect();
		ScimRowsRead(other, false, use_rows, bad_row, &uniting);
		SPI_finish();
	}
}
