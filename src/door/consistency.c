/*
 * consistency.c
 *		Rows of a store's other tables lead somewhere, whoever writes them.
 *
 * What a row says of itself is checked by constraints of its table, and that a
 * token's or a policy's tenant is there by a foreign key.  These are for the
 * rest, which no foreign key can say of a table that is partitioned by type:
 *
 *		tenant			one that has resources stays, and a resource's is there
 *		credential		of a resource that is there, of a type that has passwords
 *		recovery_code	of a resource that is there, and no group
 *		origin			of a resource that is there
 *		client			has the secrets that its scheme wants
 *		setting			of a token or client that is there
 *
 * Of members that is members/member_row.c, of unique values unique_row.c.
 *
 * The triggers of credential, origin and unique_value are constraints that can be
 * deferred: a load that brings the tables in any order does it within SET CONSTRAINTS ALL
 * DEFERRED.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "storage/lockdefs.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/inval.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "door/door.h"
#include "store/configuration/configuration.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/seen.h"
#include "store/statement/shard.h"
#include "store/statement/statement.h"
#include "store/statement/trigger_type.h"
#include "store/statement/written.h"
#include "store/store.h"
#include "text/datetime.h"

PG_FUNCTION_INFO_V1(scim_check_tenant);
PG_FUNCTION_INFO_V1(scim_check_credential);
PG_FUNCTION_INFO_V1(scim_check_origin);
PG_FUNCTION_INFO_V1(scim_check_client);
PG_FUNCTION_INFO_V1(scim_check_setting);
PG_FUNCTION_INFO_V1(scim_token_gone);

static Datum
column_value(const TriggerData *trigger, HeapTuple tuple, const char *name, Oid type);
static HeapTuple new_tuple(const TriggerData *trigger);
static bool same_bearer(const TriggerData *trigger);

/* AFTER UPDATE OR DELETE ... FOR EACH ROW on "tenant" */
Datum
scim_check_tenant(PG_FUNCTION_ARGS)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "check_tenant", AFTER_ROW | ON_UPDATE | ON_DELETE);
	ScimStore *store;
	int32 tenant_id;

	/* another node of a cluster has checked it */
	if (ScimRestores(fcinfo))
		return ScimRestored(fcinfo);
	store = ScimStoreOfTrigger(trigger, SCIM_TABLE_TENANT);
	tenant_id =
		DatumGetInt32(column_value(trigger, trigger->tg_trigtuple, "tenant_id", INT4OID));
	if (TRIGGER_FIRED_BY_INSERT(trigger->tg_event) ||
		(TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) &&
		 tenant_id == DatumGetInt32(column_value(trigger, trigger->tg_newtuple,
												 "tenant_id", INT4OID))))
		PG_RETURN_POINTER(NULL);
	ScimLockResources(store->tables.relid[SCIM_TABLE_RESOURCE], ShareRowExclusiveLock);
	ScimInvalidate(RelationGetRelid(trigger->tg_relation));
	if (ScimTableHasTenant(store, "resource", tenant_id))
		ereport(ERROR, (errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
						errmsg("tenant %d still has resources", tenant_id),
						errdetail("Those that are deleted or off-boarded count."),
						errhint("scim.purge() removes them for good.")));
	PG_RETURN_POINTER(NULL);
}

/* What was done was not done in the future; the clock of elsewhere may be fast by a day.
 */
static void
check_instant(const TriggerData *trigger, const char *column)
{
	TimestampTz at = DatumGetTimestampTz(
		column_value(trigger, new_tuple(trigger), column, TIMESTAMPTZOID));

	if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) &&
		at == DatumGetTimestampTz(
				  column_value(trigger, trigger->tg_trigtuple, column, TIMESTAMPTZOID)))
		return;
	if (at > GetCurrentTimestamp() + USECS_PER_DAY)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("column \"%s\" cannot be in the future", column)));
}

static Datum
check_credential_row(FunctionCallInfo fcinfo)
{
	const TriggerData *trigger = (const TriggerData *) fcinfo->context;
	HeapTuple tuple;
	ScimStore *store;
	ScimIdentity caller;
	ScimParams params;
	Datum tenant_id;
	Datum id;
	bool is_code;

	is_code = strcmp(ScimTriggerTable(trigger), "recovery_code") == 0;
	store = ScimStoreOfTrigger(trigger, is_code ? SCIM_TABLE_RECOVERY_CODE
												: SCIM_TABLE_CREDENTIAL);
	if (TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		PG_RETURN_POINTER(NULL);
	check_instant(trigger, is_code ? "issued_at" : "changed");
	tuple = new_tuple(trigger);
	tenant_id = column_value(trigger, tuple, "tenant_id", INT4OID);
	id = column_value(trigger, tuple, "resource_id", UUIDOID);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	ScimParamsOfResource(&params, DatumGetInt32(tenant_id), DatumGetUUIDP(id));
	ScimSpiExecute(psprintf("SELECT resource_type FROM %s.resource "
							"WHERE tenant_id = $1 AND id = $2%s FOR KEY SHARE",
							store->quoted_name, is_code ? " AND deleted_at IS NULL" : ""),
				   &params, false, 1);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
				 errmsg("a %s needs a resource that exists: there is no "
						"\"%s\" in tenant %d",
						is_code ? "recovery code" : "credential",
						ScimUuidText(DatumGetUUIDP(id)), DatumGetInt32(tenant_id))));
	if (is_code)
	{
		const ScimResourceType *type =
			ScimRegistryType(store->registry, ScimResultText(0, 1));

		if (type != NULL && type->has_members)
			ereport(ERROR, (errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
							errmsg("%s \"%s\" cannot have a recovery code: nobody logs "
								   "in as it",
								   type->name, ScimUuidText(DatumGetUUIDP(id)))));
	}
	else
	{
		const ScimResourceType *type =
			ScimRegistryType(store->registry, ScimResultText(0, 1));

		/* somebody may have taken it from the schema */
		if (type == NULL || !type->has_password ||
			ScimSchemaAttribute(type->schema, "password", strlen("password")) == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
					 errmsg("%s \"%s\" cannot have a credential: its type has no "
							"attribute \"password\"",
							ScimResultText(0, 1), ScimUuidText(DatumGetUUIDP(id)))));
	}
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_POINTER(NULL);
}

/*
 * Is a row still what the trigger was called for?  Who puts constraints off may have
 * deleted it since, along with what it needs, or changed it, which is asked about then.
 */
static bool
still_stands(const TriggerData *trigger)
{
	TupleTableSlot *slot = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event)
							   ? trigger->tg_newslot
							   : trigger->tg_trigslot;

	/* those that do are asked which table they are of with all else */
	if (table_tuple_satisfies_snapshot(trigger->tg_relation, slot, SnapshotSelf))
		return true;
	ScimTriggerRequireTable(trigger);
	return false;
}

/*
 * CONSTRAINT TRIGGER AFTER INSERT OR UPDATE ... FOR EACH ROW on "credential" and
 * "recovery_code"
 */
Datum
scim_check_credential(PG_FUNCTION_ARGS)
{
	(void) ScimTriggerCalled(fcinfo, "check_credential",
							 AFTER_ROW | ON_INSERT | ON_UPDATE);
	if (ScimRestores(fcinfo))
		return ScimRestored(fcinfo);
	if (!still_stands((const TriggerData *) fcinfo->context))
		PG_RETURN_POINTER(NULL);
	return ScimPlainRowNamed(fcinfo, check_credential_row);
}

/* An error where the resource that a row of "origin" is of is not there. */
static void
require_resource(const ScimStore *store, const TriggerData *trigger)
{
	Datum tenant_id = column_value(trigger, new_tuple(trigger), "tenant_id", INT4OID);
	Datum id = column_value(trigger, new_tuple(trigger), "resource_id", UUIDOID);
	ScimParams params;

	ScimParamsOfResource(&params, DatumGetInt32(tenant_id), DatumGetUUIDP(id));
	ScimSpiExecute(psprintf("SELECT FROM %s.resource WHERE tenant_id = $1 AND id = $2 "
							"FOR KEY SHARE",
							store->quoted_name),
				   &params, false, 1);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
				 errmsg("an origin needs a resource that exists: there is no "
						"\"%s\" in tenant %d",
						ScimUuidText(DatumGetUUIDP(id)), DatumGetInt32(tenant_id))));
}

static Datum
check_origin_row(FunctionCallInfo fcinfo)
{
	const TriggerData *trigger = (const TriggerData *) fcinfo->context;
	ScimStore *store;
	ScimIdentity caller;

	store = ScimStoreOfTrigger(trigger, SCIM_TABLE_ORIGIN);
	if (TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		PG_RETURN_POINTER(NULL);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	require_resource(store, trigger);
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_POINTER(NULL);
}

/* CONSTRAINT TRIGGER AFTER INSERT OR UPDATE ... FOR EACH ROW on "origin" */
Datum
scim_check_origin(PG_FUNCTION_ARGS)
{
	(void) ScimTriggerCalled(fcinfo, "check_origin", AFTER_ROW | ON_INSERT | ON_UPDATE);
	if (ScimRestores(fcinfo))
		return ScimRestored(fcinfo);
	if (ScimIsOwnRow() || !still_stands((const TriggerData *) fcinfo->context))
		PG_RETURN_POINTER(NULL);
	return ScimPlainRowNamed(fcinfo, check_origin_row);
}

/* Is a column another one than it was? */
static bool
is_changed(const TriggerData *trigger, const char *name, Oid type)
{
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);
	int column = ScimColumnNumber(desc, name, type);
	bool isnull[2];
	Datum was = ScimColumn(trigger->tg_trigtuple, desc, column, type, &isnull[0]);
	Datum is = ScimColumn(trigger->tg_newtuple, desc, column, type, &isnull[1]);

	return isnull[0] != isnull[1] || (!isnull[0] && !datum_image_eq(was, is, false, -1));
}

/* Is there the scheme that the row of "client" had?  One that is renamed is the same. */
static bool
has_former_scheme(const TriggerData *trigger, const ScimStore *store)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID,
				  column_value(trigger, trigger->tg_trigtuple, "scheme", TEXTOID), false);
	ScimSpiExecute(psprintf("SELECT FROM %s.authentication_scheme s WHERE s.scheme = $1",
							store->quoted_name),
				   &params, false, 1);
	return SPI_processed > 0;
}

/*
 * Is a row of "client" new, or what it says of a second secret, or its scheme?  A scheme
 * that wants none any more leaves those that there are.
 */
static bool
says_second_hash(const TriggerData *trigger, const ScimStore *store)
{
	return TRIGGER_FIRED_BY_INSERT(trigger->tg_event) ||
		   is_changed(trigger, "second_hash", BYTEAOID) ||
		   (is_changed(trigger, "scheme", TEXTOID) && has_former_scheme(trigger, store));
}

static Datum
check_client_row(FunctionCallInfo fcinfo)
{
	const TriggerData *trigger = (const TriggerData *) fcinfo->context;
	ScimStore *store;
	ScimIdentity caller;
	ScimParams params;
	bool is_client;
	bool fetches; /* has the store access tokens? */

	is_client = strcmp(ScimTriggerTable(trigger), "client") == 0;
	store = ScimStoreOfTrigger(trigger, is_client ? SCIM_TABLE_CLIENT
												  : SCIM_TABLE_AUTHENTICATION_SCHEME);
	if (TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		PG_RETURN_POINTER(NULL);
	fetches = OidIsValid(store->tables.relid[SCIM_TABLE_CLIENT_ASSERTION]);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID,
				  column_value(trigger, new_tuple(trigger), "scheme", TEXTOID), false);
	if (is_client)
	{
		/* whoever changes the scheme meanwhile is waited for, or waits */
		ScimSpiExecute(psprintf("SELECT FROM %s.authentication_scheme "
								"WHERE scheme = $1 FOR SHARE",
								store->quoted_name),
					   &params, false, 0);
		ScimParamsAdd(&params, UUIDOID,
					  column_value(trigger, new_tuple(trigger), "id", UUIDOID), false);
	}
	ScimSpiExecute(
		psprintf("SELECT c.name, s.scheme, CASE "
				 "WHEN s.credential = 'jwt' THEN 'has no secrets of clients' "
				 "%4$s"
				 "WHEN s.credential = 'token' AND c.hash IS NULL "
				 "THEN 'wants a random secret, and no password' "
				 "WHEN s.second_header IS NULL THEN 'has no second secret' "
				 "ELSE 'wants a second secret' END "
				 "FROM %1$s.client c JOIN %1$s.authentication_scheme s USING (scheme) "
				 "WHERE s.scheme = $1%2$s AND c.revoked_at IS NULL "
				 "AND (s.credential = 'jwt' OR s.credential = 'token' AND c.hash IS NULL "
				 "%5$s"
				 "OR s.second_header IS NOT NULL AND c.second_hash IS NULL%3$s) "
				 "ORDER BY 1",
				 store->quoted_name, is_client ? " AND c.id = $2" : "",
				 is_client && says_second_hash(trigger, store)
					 ? " OR s.second_header IS NULL AND c.second_hash IS NOT NULL"
					 : "",
				 fetches ? "WHEN s.credential = 'access_token' AND c.secret IS NOT NULL "
						   "THEN 'wants a random secret or keys, and no password' "
						   "WHEN s.credential <> 'access_token' "
						   "AND num_nonnulls(c.jwks, c.jwks_uri) > 0 "
						   "THEN 'has no keys of clients' "
						 : "",
				 fetches ? "OR s.credential = 'access_token' AND c.secret IS NOT NULL "
						   "OR s.credential <> 'access_token' "
						   "AND num_nonnulls(c.jwks, c.jwks_uri) > 0 "
						 : ""),
		&params, false, 1);
	if (SPI_processed > 0)
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("client \"%s\" does not go with scheme \"%s\", which %s",
						ScimResultText(0, 1), ScimResultText(0, 2), ScimResultText(0, 3)),
				 errhint("scim.create_client() makes one that does.")));
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_POINTER(NULL);
}

/*
 * CONSTRAINT TRIGGER AFTER INSERT OR UPDATE ... FOR EACH ROW on "client", and AFTER
 * UPDATE on "authentication_scheme": who is not revoked has the secrets that his scheme
 * wants.
 */
Datum
scim_check_client(PG_FUNCTION_ARGS)
{
	(void) ScimTriggerCalled(fcinfo, "check_client", AFTER_ROW | ON_INSERT | ON_UPDATE);
	if (ScimRestores(fcinfo))
		return ScimRestored(fcinfo);
	return ScimPlainRowNamed(fcinfo, check_client_row);
}

static Datum
check_setting_row(FunctionCallInfo fcinfo)
{
	const TriggerData *trigger = (const TriggerData *) fcinfo->context;
	ScimStore *store = ScimStoreOfTrigger(trigger, SCIM_TABLE_SETTING);
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);
	Datum token_id;
	Datum tenant_id;
	bool isnull;
	bool any_tenant;

	if (TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		PG_RETURN_POINTER(NULL);
	token_id = ScimColumn(new_tuple(trigger), desc,
						  ScimColumnNumber(desc, "token_id", UUIDOID), UUIDOID, &isnull);
	tenant_id =
		ScimColumn(new_tuple(trigger), desc, ScimColumnNumber(desc, "tenant_id", INT4OID),
				   INT4OID, &any_tenant);
	if (!isnull && !ScimBearerLock(store, token_id, tenant_id, any_tenant))
		ereport(
			ERROR,
			(errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
			 errmsg("a setting needs a token or client that exists: there is no "
					"\"%s\"%s",
					ScimUuidText(DatumGetUUIDP(token_id)),
					any_tenant ? ""
							   : psprintf(" in tenant %d", DatumGetInt32(tenant_id)))));
	PG_RETURN_POINTER(NULL);
}

/* CONSTRAINT TRIGGER AFTER INSERT OR UPDATE ... FOR EACH ROW on "setting" */
Datum
scim_check_setting(PG_FUNCTION_ARGS)
{
	(void) ScimTriggerCalled(fcinfo, "check_setting", AFTER_ROW | ON_INSERT | ON_UPDATE);
	if (ScimRestores(fcinfo))
		return ScimRestored(fcinfo);
	if (!still_stands((const TriggerData *) fcinfo->context))
		PG_RETURN_POINTER(NULL);
	return ScimPlainRowNamed(fcinfo, check_setting_row);
}

/* All tokens go, or all clients: so do settings that are not of one of the other table.
 */
static void
truncate_bearers(ScimStore *store, const char *table)
{
	const char *which =
		psprintf("%1$s.setting s WHERE s.token_id IS NOT NULL "
				 "AND NOT EXISTS (SELECT FROM %1$s.%2$s b WHERE b.id = s.token_id)",
				 store->quoted_name, strcmp(table, "token") == 0 ? "client" : "token");
	bool in_place = ScimShardsNumber(store->namespace_oid) == 0;

	ScimSpiExecute(psprintf("%s FROM %s", in_place ? "DELETE" : "SELECT", which), NULL,
				   false, 0);
	if (!in_place && SPI_processed > 0)
		ereport(ERROR, (errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
						errmsg("a %s still has settings", table)));
	ScimRowsRequireSeen(which, NULL, "a setting of a token has been made meanwhile");
}

/*
 * AFTER UPDATE OR DELETE ... FOR EACH ROW on "token" and "client", and BEFORE TRUNCATE:
 * the settings of one that is deleted go, too; it keeps its id and tenant while it has
 * some.
 */
Datum
scim_token_gone(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	bool truncated =
		CALLED_AS_TRIGGER(fcinfo) && TRIGGER_FIRED_BY_TRUNCATE(trigger->tg_event);
	HeapTuple old;
	ScimStore *store;
	ScimIdentity caller;
	ScimParams params;
	bool deleted;
	bool in_place;

	trigger = ScimTriggerCalled(fcinfo, "token_gone",
								truncated ? BEFORE_STATEMENT | ON_TRUNCATE
										  : AFTER_ROW | ON_UPDATE | ON_DELETE);
	old = trigger->tg_trigtuple;
	store = ScimStoreOfTrigger(trigger, strcmp(ScimTriggerTable(trigger), "client") == 0
											? SCIM_TABLE_CLIENT
											: SCIM_TABLE_TOKEN);
	deleted = TRIGGER_FIRED_BY_DELETE(trigger->tg_event);
	if (!OidIsValid(store->tables.relid[SCIM_TABLE_SETTING]) ||
		(!deleted && !truncated && same_bearer(trigger)))
		PG_RETURN_POINTER(NULL);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	if (truncated)
	{
		truncate_bearers(store, ScimTriggerTable(trigger));
		SPI_finish();
		ScimBeCaller(caller);
		PG_RETURN_POINTER(NULL);
	}
	ScimParamsInit(&params);
	ScimParamsAdd(&params, UUIDOID, column_value(trigger, old, "id", UUIDOID), false);
	/* on a node of a cluster they are those of all nodes, and stay as they are */
	in_place = ScimShardsNumber(store->namespace_oid) == 0;
	ScimSpiExecute(psprintf("%s FROM %s.setting WHERE token_id = $1",
							deleted && in_place ? "DELETE" : "SELECT",
							store->quoted_name),
				   &params, false, 0);
	if (!(deleted && in_place) && SPI_processed > 0)
		ereport(ERROR, (errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
						errmsg("%s \"%s\" still has settings", ScimTriggerTable(trigger),
							   ScimUuidText(DatumGetUUIDP(
								   column_value(trigger, old, "id", UUIDOID))))));
	ScimRowsRequireSeen(psprintf("%s.setting WHERE token_id = $1", store->quoted_name),
						&params, "a setting of it has been made meanwhile");
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_POINTER(NULL);
}

/* Has a row of "token" or "client" the id and tenant that it had? */
static bool
same_bearer(const TriggerData *trigger)
{
	HeapTuple rows[2] = {trigger->tg_trigtuple, trigger->tg_newtuple};
	pg_uuid_t *ids[2];
	int32 tenants[2];

	for (int i = 0; i < 2; i++)
	{
		ids[i] = DatumGetUUIDP(column_value(trigger, rows[i], "id", UUIDOID));
		tenants[i] = DatumGetInt32(column_value(trigger, rows[i], "tenant_id", INT4OID));
	}
	return tenants[0] == tenants[1] && memcmp(ids[0], ids[1], UUID_LEN) == 0;
}

static Datum
column_value(const TriggerData *trigger, HeapTuple tuple, const char *name, Oid type)
{
	return ScimColumnNamed(tuple, RelationGetDescr(trigger->tg_relation), name, type);
}

/* The row as it is after an INSERT or UPDATE. */
static HeapTuple
new_tuple(const TriggerData *trigger)
{
	return TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple
													  : trigger->tg_trigtuple;
}
