/*
 * password.c
 *		Passwords: write-only (RFC 7643 section 4.1.1), kept as the SCRAM-SHA-256
 *		secret that the server itself would keep (RFC 5803), in "credential".
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/uuid.h"

#include "door/door.h"
#include "json/json.h"
#include "store/column.h"
#include "store/plan.h"
#include "store/store.h"
#include "store/written.h"

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

	ScimParamsOfResource(&params, tenant_id, id);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(secret), false);
	ScimSpiWriteRow(
		"credential",
		psprintf("INSERT INTO %s.credential AS c (tenant_id, resource_id, secret) "
				 "VALUES ($1, $2, $3) ON CONFLICT (tenant_id, resource_id) "
				 "DO UPDATE SET secret = excluded.secret, changed = now() RETURNING "
				 "(tenant_id, resource_id, secret) IS NOT DISTINCT FROM ($1, $2, $3)",
				 store->quoted_name),
		&params);
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

	ScimParamsOfResource(&params, tenant_id, id);
	(void) ScimSpiDelete(
		store->tables.relid[SCIM_TABLE_CREDENTIAL],
		psprintf("DELETE FROM %s.credential WHERE tenant_id = $1 AND resource_id = $2",
				 store->quoted_name),
		psprintf("SELECT FROM %s.credential WHERE tenant_id = $1 AND resource_id = $2",
				 store->quoted_name),
		&params, true);
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
		psprintf("SELECT c.secret FROM %1$s.credential c JOIN %1$s.resource r "
				 "ON r.tenant_id = c.tenant_id AND r.id = c.resource_id "
				 "WHERE c.tenant_id = $1 AND c.resource_id = $2 AND r.deleted_at IS NULL "
				 "AND r.active IS NOT FALSE",
				 store->quoted_name),
		&params, true, 1);
	if (SPI_processed > 0)
	{
		char *secret = ScimResultText(0, 1);

		verified = secret != NULL && ScimSecretIsOf(secret, password);
	}
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_BOOL(verified);
}
