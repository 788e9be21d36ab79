/*
 * password.c
 *		Passwords: write-only (RFC 7643 section 4.1.1), kept as the SCRAM-SHA-256
 *		secret that the server itself would keep (RFC 5803), in "credential".
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/uuid.h"

#include "door/row/row.h"
#include "json/json.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/insert.h"
#include "store/statement/plan.h"
#include "store/statement/seen.h"
#include "store/statement/statement.h"
#include "store/statement/trigger_type.h"
#include "store/statement/written.h"
#include "store/store.h"

/*
 * From libpq/scram.h, which pulls in headers of GSSAPI and TLS that the
 * server's development package does not bring.
 */
extern char *pg_be_scram_build_secret(const char *password);
extern bool scram_verify_plain_password(const char *username, const char *password,
										const char *secret);

/* About half a second; the server's default is 4096. */
#define MAX_ITERATIONS 999999

PG_FUNCTION_INFO_V1(scim_verify_password);
PG_FUNCTION_INFO_V1(scim_credential_record);

/*
 * Whose password somebody has written into "credential" himself, and what has become of
 * it, while the version of the resource is counted up; NULL: nobody's.
 */
static const pg_uuid_t *written_of = NULL;
static const char *written = NULL;

/*
 * ScimCredentialSecret makes the secret that is kept of a password, which is not too
 * long (ScimPasswordIsTooLong).
 */
char *
ScimCredentialSecret(const JsonbValue *password)
{
	Assert(!ScimPasswordIsTooLong(password->val.string.val, password->val.string.len));
	ScimSpendPassword(password->val.string.len);
	return pg_be_scram_build_secret(ScimJsonStringCopy(password));
}

/*
 * ScimSecretIsOf says whether a secret is that of a password, which is not too long.
 * A secret of more iterations than MAX_ITERATIONS, which the tables refuse, is
 * nobody's: nothing interrupts the server while it hashes.
 */
bool
ScimSecretIsOf(const char *secret, const char *password)
{
	const char *iterations = strchr(secret, '$');

	return iterations != NULL && strtol(iterations + 1, NULL, 10) <= MAX_ITERATIONS &&
		   scram_verify_plain_password("", password, secret);
}

/* ScimCredentialSet keeps a secret, for a resource that is there (SPI is connected). */
void
ScimCredentialSet(ScimStore *store, int32 tenant_id, const pg_uuid_t *id,
				  const char *secret)
{
	ScimParams params;
	int before;

	ScimParamsOfResource(&params, tenant_id, id);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(secret), false);
	before = ScimOwnRowsBegin();
	PG_TRY();
	{
		ScimSpiWriteRow(
			"credential",
			psprintf("INSERT INTO %s.credential AS c (tenant_id, resource_id, secret) "
					 "VALUES ($1, $2, $3) ON CONFLICT (tenant_id, resource_id) "
					 "DO UPDATE SET secret = excluded.secret, changed = now() RETURNING "
					 "(tenant_id, resource_id, secret) IS NOT DISTINCT FROM ($1, $2, $3)",
					 store->quoted_name),
			&params);
	}
	PG_FINALLY();
	{
		ScimOwnRowsEnd(before);
	}
	PG_END_TRY();
}

/* ScimCredentialIsThere: has a resource a password? */
bool
ScimCredentialIsThere(ScimStore *store, int32 tenant_id, const pg_uuid_t *id)
{
	ScimIdentity caller = ScimBeOwner(store->owner);
	ScimParams params;
	bool found;

	SPI_connect();
	ScimParamsOfResource(&params, tenant_id, id);
	ScimSpiExecute(
		psprintf("SELECT FROM %s.credential WHERE tenant_id = $1 AND resource_id = $2",
				 store->quoted_name),
		&params, false, 1);
	found = SPI_processed > 0;
	SPI_finish();
	ScimBeCaller(caller);
	return found;
}

/* ScimCredentialDrop forgets the password of a resource (SPI is connected). */
void
ScimCredentialDrop(ScimStore *store, int32 tenant_id, const pg_uuid_t *id)
{
	ScimParams params;
	int before;

	ScimParamsOfResource(&params, tenant_id, id);
	before = ScimOwnRowsBegin();
	PG_TRY();
	{
		(void) ScimSpiDelete(
			store->tables.relid[SCIM_TABLE_CREDENTIAL],
			psprintf(
				"DELETE FROM %s.credential WHERE tenant_id = $1 AND resource_id = $2",
				store->quoted_name),
			psprintf(
				"SELECT FROM %s.credential WHERE tenant_id = $1 AND resource_id = $2",
				store->quoted_name),
			&params, true);
	}
	PG_FINALLY();
	{
		ScimOwnRowsEnd(before);
	}
	PG_END_TRY();
	ScimRowsRequireSeen(
		psprintf("%s.credential WHERE tenant_id = $1 AND resource_id = $2",
				 store->quoted_name),
		&params, "who is deleted has got a password meanwhile");
}

/*
 * ScimCredentialWritten: has somebody written the password of a resource that is at the
 * door?  SCIM_STORED_SECRET, SCIM_NO_SECRET, or NULL: no.
 */
const char *
ScimCredentialWritten(const pg_uuid_t *id)
{
	return written_of != NULL && memcmp(written_of, id, UUID_LEN) == 0 ? written : NULL;
}

/* Counts up the version of a resource whose password is another one; it may be gone. */
static void
count_up(const TriggerData *trigger, HeapTuple row, const char *what)
{
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);
	ScimStore *store = ScimStoreOfTrigger(trigger, SCIM_TABLE_CREDENTIAL);
	Datum tenant_id = ScimColumnNamed(row, desc, "tenant_id", INT4OID);
	Datum id = ScimColumnNamed(row, desc, "resource_id", UUIDOID);
	const pg_uuid_t *outer_of = written_of;
	const char *outer = written;
	ScimIdentity caller = ScimBeOwner(store->owner);
	ScimParams params;

	SPI_connect();
	ScimParamsOfResource(&params, DatumGetInt32(tenant_id), DatumGetUUIDP(id));
	PG_TRY();
	{
		written_of = DatumGetUUIDP(id);
		written = what;
		ScimSpiExecute(psprintf("UPDATE %s.resource SET version = version + 1 "
								"WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL",
								store->quoted_name),
					   &params, false, 0);
		/* nor where it is gone by now */
		if (SPI_processed == 0)
		{
			ScimSpiExecute(psprintf("SELECT FROM %s.resource WHERE tenant_id = $1 "
									"AND id = $2 AND deleted_at IS NULL",
									store->quoted_name),
						   &params, false, 1);
			if (SPI_processed > 0)
				ScimRaiseSkipped("resource");
		}
	}
	PG_FINALLY();
	{
		written_of = outer_of;
		written = outer;
	}
	PG_END_TRY();
	SPI_finish();
	ScimBeCaller(caller);
}

/* Are two rows of "credential" those of the same resource? */
static bool
same_resource(const TriggerData *trigger)
{
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);
	int tenant = ScimColumnNumber(desc, "tenant_id", INT4OID);
	int id = ScimColumnNumber(desc, "resource_id", UUIDOID);
	HeapTuple old = trigger->tg_trigtuple;
	HeapTuple new = trigger->tg_newtuple;

	return ScimColumnValue(old, desc, tenant, INT4OID) ==
			   ScimColumnValue(new, desc, tenant, INT4OID) &&
		   memcmp(DatumGetUUIDP(ScimColumnValue(old, desc, id, UUIDOID)),
				  DatumGetUUIDP(ScimColumnValue(new, desc, id, UUIDOID)), UUID_LEN) == 0;
}

static Datum
record_credential(FunctionCallInfo fcinfo)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "credential_record", AFTER_ROW | ON_CHANGE);
	HeapTuple old = trigger->tg_trigtuple;
	HeapTuple new = trigger->tg_newtuple;

	if (ScimIsOwnRow())
		PG_RETURN_POINTER(NULL);
	/* of the others scim_internal.plain_row asks that */
	if (TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		ScimScopeRequireCredential(trigger, old);
	if (TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
		count_up(trigger, old, SCIM_STORED_SECRET);
	else if (TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		count_up(trigger, old, SCIM_NO_SECRET);
	else if (ScimSameTuple(old, new))
		ScimTriggerRequireTable(trigger);
	else
	{
		if (!same_resource(trigger))
			count_up(trigger, old, SCIM_NO_SECRET);
		count_up(trigger, new, SCIM_STORED_SECRET);
	}
	PG_RETURN_POINTER(NULL);
}

/*
 * AFTER INSERT OR UPDATE OR DELETE ... FOR EACH ROW on "credential": a password that
 * somebody writes himself is a change of its resource as any other.
 */
Datum
scim_credential_record(PG_FUNCTION_ARGS)
{
	return ScimTriggerRun(fcinfo, record_credential);
}

/*
 * ScimKeepsPasswords: do resources of a type have a password?  Who has taken that out of
 * the schema of users keeps no credentials; those of before are good for nothing then.
 */
bool
ScimKeepsPasswords(const ScimResourceType *type)
{
	return type->has_password &&
		   ScimSchemaAttribute(type->schema, "password", strlen("password")) != NULL;
}

/* scim.verify_password(id, password text) returns boolean */
Datum
scim_verify_password(PG_FUNCTION_ARGS)
{
	const char *id_text = ScimIdArgument(fcinfo, 0);
	char *password = text_to_cstring(PG_GETARG_TEXT_PP(1));
	ScimStore *store = ScimStoreCurrent();
	ScimIdentity caller;
	ScimParams params;
	pg_uuid_t id;
	bool verified = false;

	ScimRequireSelect(store, SCIM_TABLE_RESOURCE);
	/* of people of any type */
	for (int i = 0; i < store->registry->ntypes; i++)
	{
		if (store->registry->types[i].has_password)
			ScimScopeRequireOfCall(store, store->registry->types[i].name, false);
	}
	/* nobody has such a one, and hashing it would take long */
	if (!ScimUuidParse(id_text, &id) || ScimPasswordIsTooLong(password, strlen(password)))
		PG_RETURN_BOOL(false);
	caller = ScimBeReader(store->owner);
	SPI_connect();
	ScimParamsOfResource(&params, ScimTenant(), &id);
	ScimSpiExecute(
		psprintf("SELECT c.secret, r.resource_type FROM %1$s.credential c JOIN "
				 "%1$s.resource r "
				 "ON r.tenant_id = c.tenant_id AND r.id = c.resource_id "
				 "WHERE c.tenant_id = $1 AND c.resource_id = $2 AND %2$s",
				 store->quoted_name, ScimMayAct(store, ScimTenant(), NULL, "r")),
		&params, true, 1);
	if (SPI_processed > 0)
	{
		char *secret = ScimResultText(0, 1);
		const ScimResourceType *type =
			ScimRegistryType(store->registry, ScimResultText(0, 2));

		verified = secret != NULL && type != NULL && ScimKeepsPasswords(type) &&
				   ScimSecretIsOf(secret, password);
	}
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_BOOL(verified);
}
