/*
 * setting.c
 *		The rows of a store's table "setting": checked, and shown.
 *
 * What they mean is src/setting's; here is who acts, which some of them depend on.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/rel.h"

#include "compat.h"
#include "filter/filter.h"
#include "json/json.h"
#include "policy/policy.h"
#include "store/configuration/configuration.h"
#include "store/statement/column.h"
#include "store/statement/proof.h"
#include "store/statement/trigger_type.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(scim_setting_door);
PG_FUNCTION_INFO_V1(scim_settings);
PG_FUNCTION_INFO_V1(scim_setting_form);

/*
 * The tenant, that of the row that is written where one is, and the token or client whose
 * credentials are proved.
 */
static void
find_caller(ScimSettingCaller *caller)
{
	const ScimProof *proof = ScimProved();

	caller->tenant_id = ScimRowTenantHook != NULL ? ScimRowTenantHook() : 0;
	if (caller->tenant_id == 0 && !ScimTenantShown(&caller->tenant_id))
		caller->tenant_id = 0;
	caller->has_token = proof != NULL && proof->has_credential;
	if (caller->has_token)
		caller->token_id = proof->credential_id;
}

/* ScimStoreSettingInit tells src/setting whom to ask. */
void
ScimStoreSettingInit(void)
{
	ScimSettingCallerHook = find_caller;
}

/*
 * scim_internal.setting_form(name text, value jsonb) returns jsonb: the form in which the
 * table "setting" would hold a value; what it would refuse is returned as it is.
 */
Datum
scim_setting_form(PG_FUNCTION_ARGS)
{
	char *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	Jsonb *value = PG_GETARG_JSONB_P(1);
	ScimSettingId id;
	ScimSettingValue read;
	JsonbValue canonical;

	if (!ScimSettingFind(name, &id) ||
		ScimSettingRead(id, ScimJsonFromJsonb(value), &read) != NULL)
		PG_RETURN_JSONB_P(value);
	ScimSettingWrite(id, &read, &canonical);
	PG_RETURN_JSONB_P(JsonbValueToJsonb(&canonical));
}

/* Why the attribute at a path states no date of a resource, or NULL. */
static const char *
date_fault(const ScimResourceType *type, const char *path)
{
	ScimResolved resolved;
	const char *fault = ScimAttributeFault(type, path, &resolved);

	if (fault != NULL)
		return fault;
	if (resolved.attribute->multi_valued ||
		(resolved.sub != NULL && resolved.sub->multi_valued))
		return psprintf("names the attribute \"%s\", which has several values", path);
	if (ScimLeaf(&resolved)->type != SCIM_TYPE_STRING &&
		ScimLeaf(&resolved)->type != SCIM_TYPE_DATETIME)
		return psprintf("names the attribute \"%s\", whose values are no dates", path);
	return NULL;
}

/*
 * What a text says of the people of this store, whom the views of leavers ask by it: what
 * is wrong, or NULL.  A store without people has nobody to ask.
 */
static const char *
people_fault(const ScimStore *store, ScimSettingId id, const char *text)
{
	const ScimResourceType *type = ScimRegistryType(store->registry, "User");

	if (type == NULL || text[0] == '\0')
		return NULL;
	if (id == SCIM_SETTING_LEAVER_FILTER)
		return ScimStoredFilterFault(store->registry, type, text);
	if (id == SCIM_SETTING_LEAVING_DATE)
		return date_fault(type, text);
	return NULL;
}

/*
 * The canonical form of a value, or an error that names the setting.  type is NULL
 * for a row of all resource types.
 */
static Datum
check_value(const ScimStore *store, const char *name, const ScimResourceType *type,
			Jsonb *value)
{
	ScimSettingId id;
	ScimSettingValue read;
	JsonbValue canonical;
	const char *problem;

	if (!ScimSettingFind(name, &id))
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE), errmsg("there is no setting \"%s\"", name),
				 errhint("scim.settings() lists them.")));
	if (type != NULL && !ScimSettingDefined(id)->by_type)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("setting \"%s\" is the same for all resource types", name),
						errhint("Leave \"resource_type\" null.")));
	problem = ScimSettingRead(id, ScimJsonFromJsonb(value), &read);
	if (problem == NULL && ScimSettingDefined(id)->kind == SCIM_SETTING_TEXT)
		problem = people_fault(store, id, read.text);
	if (problem != NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("setting \"%s\" %s", name, problem)));
	ScimSettingWrite(id, &read, &canonical);
	return JsonbPGetDatum(JsonbValueToJsonb(&canonical));
}

/* The arguments and the result of check_value. */
typedef struct Checked
{
	const ScimStore *store;
	const char *name;
	const ScimResourceType *type;
	Jsonb *value;
	Datum canonical;
} Checked;

static void
check_one(void *arg)
{
	Checked *checked = arg;

	checked->canonical =
		check_value(checked->store, checked->name, checked->type, checked->value);
}

/* check_value within the limits of filters, of which a value that stays knows none. */
static Datum
check_within(const ScimStore *store, const char *name, const ScimResourceType *type,
			 Jsonb *value, bool stays)
{
	ScimFilterLimits limits = stays ? ScimFilterLimitsWidest : ScimFilterLimitsInForce();
	Checked checked = {store, name, type, value, (Datum) 0};

	(void) ScimFilterWithin(&limits, check_one, &checked);
	return checked.canonical;
}

/* Has a row the name and value that it had?  columns: those of name, type and value. */
static bool
is_same(HeapTuple was, HeapTuple tuple, TupleDesc desc, const int *columns)
{
	bool nulls[2];
	Datum name = ScimColumn(was, desc, columns[0], TEXTOID, &nulls[0]);
	Datum value = ScimColumn(was, desc, columns[2], JSONBOID, &nulls[1]);

	return !nulls[0] && !nulls[1] &&
		   datum_image_eq(ScimColumnValue(tuple, desc, columns[0], TEXTOID), name, false,
						  -1) &&
		   datum_image_eq(ScimColumnValue(tuple, desc, columns[2], JSONBOID), value,
						  false, -1);
}

static Datum
admit_setting(FunctionCallInfo fcinfo)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "setting_door", BEFORE_ROW | ON_INSERT | ON_UPDATE);
	const ScimResourceType *type = NULL;
	ScimStore *store;
	TupleDesc desc;
	HeapTuple tuple;
	int columns[3];
	Datum values[3];
	bool nulls[3];

	store = ScimStoreOfTrigger(trigger, SCIM_TABLE_SETTING);
	ScimRefuseTriggerBehind(trigger, "scim_setting_door", scim_setting_door);
	desc = RelationGetDescr(trigger->tg_relation);
	tuple = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple
													   : trigger->tg_trigtuple;
	columns[0] = ScimColumnNumber(desc, "name", TEXTOID);
	columns[1] = ScimColumnNumber(desc, "resource_type", TEXTOID);
	columns[2] = ScimColumnNumber(desc, "value", JSONBOID);
	values[0] = ScimColumn(tuple, desc, columns[0], TEXTOID, &nulls[0]);
	values[1] = ScimColumn(tuple, desc, columns[1], TEXTOID, &nulls[1]);
	values[2] = ScimColumn(tuple, desc, columns[2], JSONBOID, &nulls[2]);
	if (nulls[0] || nulls[2])
		PG_RETURN_POINTER(tuple); /* the table has constraints */
	if (!nulls[1])
	{
		type = ScimTypeByName(store, TextDatumGetCString(values[1]));
		values[1] = CStringGetTextDatum(type->name);
	}
	values[2] = check_within(store, TextDatumGetCString(values[0]), type,
							 DatumGetJsonbP(values[2]),
							 TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) &&
								 is_same(trigger->tg_trigtuple, tuple, desc, columns));
	PG_RETURN_POINTER(heap_modify_tuple_by_cols(tuple, desc, 3, columns, values, nulls));
}

/*
 * BEFORE INSERT OR UPDATE ... FOR EACH ROW: what is no setting, or no value of it, is
 * refused, and values take the one form in which scim.settings() shows them.
 */
Datum
scim_setting_door(PG_FUNCTION_ARGS)
{
	return ScimPlainRowAdmit(fcinfo, admit_setting);
}

static const char *
source_name(ScimSettingSource source)
{
	switch (source)
	{
		case SCIM_SETTING_DEFAULT:
			return "default";
		case SCIM_SETTING_STORE:
			return "store";
		case SCIM_SETTING_TYPE:
			return "type";
		case SCIM_SETTING_TENANT:
			return "tenant";
		case SCIM_SETTING_TENANT_AND_TYPE:
			return "tenant and type";
		case SCIM_SETTING_TOKEN:
			return "token";
		case SCIM_SETTING_SESSION:
			return "session";
	}
	return NULL;
}

static Datum
value_datum(ScimSettingId id, const ScimSettingValue *value)
{
	JsonbValue json;

	ScimSettingWrite(id, value, &json);
	return JsonbPGetDatum(JsonbValueToJsonb(&json));
}

/*
 * scim.settings(resource_type text): every setting of the current store with the value
 * that holds for the type (NULL: where no type plays a part), and where it comes from.
 */
Datum
scim_settings(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ScimStore *store = ScimStoreConfigured();
	const char *type = NULL;

	if (!PG_ARGISNULL(0))
		type = ScimTypeByName(store, text_to_cstring(PG_GETARG_TEXT_PP(0)))->name;
	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < SCIM_SETTINGS; i++)
	{
		ScimSettingId id = (ScimSettingId) i;
		const ScimSettingDefinition *setting = ScimSettingDefined(id);
		ScimSettingValue usual = {setting->number, setting->text};
		ScimSettingSource source;
		ScimSettingValue value = ScimSettingValueOf(store->settings, id, type, &source);
		bool ranges = setting->kind == SCIM_SETTING_INTEGER;
		Datum values[9];
		bool nulls[9] = {false};

		values[0] = CStringGetTextDatum(ScimSettingName(id));
		values[1] = value_datum(id, &value);
		values[2] = CStringGetTextDatum(source_name(source));
		values[3] = value_datum(id, &usual);
		values[4] = Int32GetDatum(setting->min);
		values[5] = Int32GetDatum(setting->max);
		nulls[4] = nulls[5] = !ranges;
		values[6] = BoolGetDatum(setting->by_type);
		values[7] = BoolGetDatum(setting->is_bound);
		values[8] = CStringGetTextDatum(
			setting->detail == NULL
				? setting->description
				: psprintf("%s %s", setting->description, setting->detail));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
