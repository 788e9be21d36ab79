/*
 * event_row.c
 *		Rows of a store's table "event" that somebody writes himself: they are such as
 *		the store could have written.
 *
 * An event outlives what it tells of.  So of a row that comes only its tenant and type
 * have to be there, and of one that is there only what is changed has to be right.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/timestamp.h"

#include "event/event.h"
#include "store/configuration/configuration.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/trigger_type.h"
#include "store/statement/written.h"
#include "store/store.h"
#include "text/fold.h"

PG_FUNCTION_INFO_V1(scim_event_row);

/* Has a column a value that is another one than it was?  Gives the value, too. */
static bool
is_new(const TriggerData *trigger, const char *name, Oid type, Datum *value)
{
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);
	bool updated = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event);
	int column = ScimColumnNumber(desc, name, type);
	const FormData_pg_attribute *form = TupleDescAttr(desc, column - 1);
	bool is_null;
	bool was_null = true;
	Datum was = (Datum) 0;

	*value = ScimColumn(updated ? trigger->tg_newtuple : trigger->tg_trigtuple, desc,
						column, type, &is_null);
	if (updated)
		was = ScimColumn(trigger->tg_trigtuple, desc, column, type, &was_null);
	return !is_null &&
		   (was_null || !datum_image_eq(was, *value, form->attbyval, form->attlen));
}

static void
refuse(const char *column, const char *what)
{
	ereport(ERROR, (errcode(ERRCODE_CHECK_VIOLATION),
					errmsg("column \"%s\" of an event must be %s", column, what)));
}

static void
require_tenant(const ScimStore *store, int32 tenant_id)
{
	if (!ScimTenantExists(store, tenant_id))
		ereport(ERROR, (errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
						errmsg("an event needs a tenant that exists: there is no %d",
							   tenant_id)));
}

static void
require_type(const ScimStore *store, const char *name)
{
	const ScimResourceType *type = ScimRegistryType(store->registry, name);

	if (type == NULL || strcmp(type->name, name) != 0)
		ereport(ERROR, (errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
						errmsg("an event needs a resource type that exists: there is no "
							   "\"%s\"",
							   name)));
}

static Datum
admit_event(FunctionCallInfo fcinfo)
{
	const TriggerData *trigger = (const TriggerData *) fcinfo->context;
	Datum result = PointerGetDatum(TRIGGER_FIRED_BY_UPDATE(trigger->tg_event)
									   ? trigger->tg_newtuple
									   : trigger->tg_trigtuple);
	Datum value;

	ScimScopeRefuseRow(trigger);
	if (is_new(trigger, "at", TIMESTAMPTZOID, &value) &&
		TIMESTAMP_NOT_FINITE(DatumGetTimestampTz(value)))
		refuse("at", "finite");
	if (is_new(trigger, "version", INT8OID, &value) && DatumGetInt64(value) < 1)
		refuse("version", "at least 1");
	if (is_new(trigger, "position", INT8OID, &value) && DatumGetInt64(value) < 1)
		refuse("position", "at least 1");
	if (is_new(trigger, "event_uri", TEXTOID, &value) &&
		!ScimIsUri(VARDATA_ANY(DatumGetTextPP(value)),
				   VARSIZE_ANY_EXHDR(DatumGetTextPP(value))))
		refuse("event_uri", "a URI");
	if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
	{
		if (is_new(trigger, "id", UUIDOID, &value))
			refuse("id", "what it was");
		if (is_new(trigger, "resource_id", UUIDOID, &value))
			refuse("resource_id", "what it was");
	}
	/* who is bound by row-level security may not insert, and need not know who is there
	 */
	if (check_enable_rls(RelationGetRelid(trigger->tg_relation), InvalidOid, true) ==
		RLS_ENABLED)
		return result;
	if (is_new(trigger, "tenant_id", INT4OID, &value))
		require_tenant(ScimStoreOfTrigger(trigger, SCIM_TABLE_EVENT),
					   DatumGetInt32(value));
	if (is_new(trigger, "resource_type", TEXTOID, &value))
		require_type(ScimStoreOfTrigger(trigger, SCIM_TABLE_EVENT),
					 TextDatumGetCString(value));
	return result;
}

/* scim_internal.event_row(), BEFORE INSERT OR UPDATE ... FOR EACH ROW on "event" */
Datum
scim_event_row(PG_FUNCTION_ARGS)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "event_row", BEFORE_ROW | ON_INSERT | ON_UPDATE);

	if (ScimIsOwnRow())
		PG_RETURN_POINTER(TRIGGER_FIRED_BY_UPDATE(trigger->tg_event)
							  ? trigger->tg_newtuple
							  : trigger->tg_trigtuple);
	ScimHideCopyLine();
	return ScimPlainRowAdmit(fcinfo, admit_event);
}
