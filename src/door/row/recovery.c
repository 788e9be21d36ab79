/*
 * recovery.c
 *		Codes by which people get back in who have lost their password: the table
 *		"recovery_code".
 *
 * A code is 25 random characters of Crockford's base 32, in five groups.  The first
 * ten are its name, by which it is found; of the whole only the SHA-256 is kept.  So
 * the table tells nobody a code, and looking for one tells by its time no more than
 * the name, of which there are 2^50.  Whoever knows a name has MAX_FAILURES guesses
 * at the other 75 bits.
 *
 * A person has one code at most.  All functions run as the owner of the store, with
 * SPI connected.
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "common/sha2.h"
#include "executor/spi.h"
#include "storage/bufmgr.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "door/row/row.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/seen.h"
#include "store/store.h"

#define CODE_LENGTH 25
#define GROUP_LENGTH 5
#define MAX_FAILURES 5

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void
make_code(char *code)
{
	uint8 random[CODE_LENGTH];

	if (!pg_strong_random(random, sizeof(random)))
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR),
						errmsg("could not generate random values")));
	for (int i = 0; i < CODE_LENGTH; i++)
		code[i] = alphabet[random[i] % 32];
	code[CODE_LENGTH] = '\0';
}

/*
 * What somebody has typed, as it was made: hyphens and spaces do not count, nor does
 * letter case, and letters that look like digits are these.  False: it is no code.
 */
static bool
read_code(const char *text, char *code)
{
	int length = 0;

	for (; *text != '\0'; text++)
	{
		char c = pg_ascii_toupper((unsigned char) *text);

		if (c == '-' || c == ' ')
			continue;
		if (c == 'O')
			c = '0';
		if (c == 'I' || c == 'L')
			c = '1';
		if (length == CODE_LENGTH || strchr(alphabet, c) == NULL)
			return false;
		code[length++] = c;
	}
	code[length] = '\0';
	return length == CODE_LENGTH;
}

static bytea *
hash_of(const char *code)
{
	return DatumGetByteaPP(
		DirectFunctionCall1(sha256_bytea, PointerGetDatum(cstring_to_text(code))));
}

/* Takes as long whatever differs. */
static bool
same_hash(const bytea *a, const bytea *b)
{
	volatile uint8 difference = 0;

	if (VARSIZE_ANY_EXHDR(a) != PG_SHA256_DIGEST_LENGTH ||
		VARSIZE_ANY_EXHDR(b) != PG_SHA256_DIGEST_LENGTH)
		return false;
	for (int i = 0; i < PG_SHA256_DIGEST_LENGTH; i++)
		difference |=
			((const uint8 *) VARDATA_ANY(a))[i] ^ ((const uint8 *) VARDATA_ANY(b))[i];
	return difference == 0;
}

/*
 * ScimRecoverySet makes the code of a person, in place of the one that he may have.
 * Returns the code as people write it.
 */
char *
ScimRecoverySet(ScimStore *store, int32 tenant_id, const pg_uuid_t *id,
				TimestampTz issued_at, TimestampTz expires_at)
{
	char code[CODE_LENGTH + 1];
	StringInfoData shown;
	ScimParams params;

	make_code(code);
	ScimParamsOfResource(&params, tenant_id, id);
	ScimParamsAdd(
		&params, TEXTOID,
		PointerGetDatum(cstring_to_text_with_len(code, SCIM_RECOVERY_NAME_LENGTH)),
		false);
	ScimParamsAdd(&params, BYTEAOID, PointerGetDatum(hash_of(code)), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(issued_at), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(expires_at), false);
	ScimSpiExecute(
		psprintf("INSERT INTO %s.recovery_code AS c "
				 "(tenant_id, resource_id, name, hash, issued_at, expires_at) "
				 "VALUES ($1, $2, $3, $4, $5, $6) "
				 "ON CONFLICT (tenant_id, resource_id) DO UPDATE SET "
				 "name = excluded.name, hash = excluded.hash, "
				 "issued_at = excluded.issued_at, expires_at = excluded.expires_at, "
				 "failures = 0",
				 store->quoted_name),
		&params, false, 0);
	initStringInfo(&shown);
	for (int i = 0; i < CODE_LENGTH; i += GROUP_LENGTH)
		appendStringInfo(&shown, "%s%.*s", i > 0 ? "-" : "", GROUP_LENGTH, code + i);
	return shown.data;
}

/* The code has been tried in vain: so often, and it is gone. */
static void
count_failure(ScimStore *store, int32 tenant_id, const pg_uuid_t *id, int failures)
{
	ScimParams params;

	if (failures + 1 >= MAX_FAILURES)
	{
		ScimRecoveryDrop(store, tenant_id, id);
		return;
	}
	ScimParamsOfResource(&params, tenant_id, id);
	ScimSpiExecute(psprintf("UPDATE %s.recovery_code SET failures = failures + 1 "
							"WHERE tenant_id = $1 AND resource_id = $2",
							store->quoted_name),
				   &params, false, 0);
}

/*
 * ScimRecoveryTake takes a code away and sets *id to whose it was.  False where there
 * is no such code, or it is not good any more; of two who come at once one gets it.
 */
bool
ScimRecoveryTake(ScimStore *store, int32 tenant_id, const char *code, pg_uuid_t *id)
{
	char read[CODE_LENGTH + 1];
	ScimParams params;
	const bytea *hash;
	int failures;

	if (!read_code(code, read))
		return false;
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimParamsAdd(
		&params, TEXTOID,
		PointerGetDatum(cstring_to_text_with_len(read, SCIM_RECOVERY_NAME_LENGTH)),
		false);
	ScimSpiExecute(psprintf("SELECT resource_id, hash, failures FROM %s.recovery_code "
							"WHERE tenant_id = $1 AND name = $2 "
							"AND sha256(name::bytea) = sha256($2::bytea) "
							"AND expires_at > clock_timestamp() FOR UPDATE",
							store->quoted_name),
				   &params, false, 1);
	if (SPI_processed == 0)
		return false;
	*id = *DatumGetUUIDP(ScimResultValue(0, 1, UUIDOID));
	hash = DatumGetByteaPP(ScimResultValue(0, 2, BYTEAOID));
	failures = DatumGetInt32(ScimResultValue(0, 3, INT4OID));
	if (!same_hash(hash, hash_of(read)))
	{
		count_failure(store, tenant_id, id, failures);
		return false;
	}
	ScimRecoveryDrop(store, tenant_id, id);
	return true;
}

/* Has nobody ever had a code?  A table that is spread is here without its rows. */
static bool
is_unused(const ScimStore *store)
{
	Relation relation;
	bool unused;

	if (store->distributed)
		return false;
	relation = table_open(store->tables.relid[SCIM_TABLE_RECOVERY_CODE], AccessShareLock);
	unused = relation->rd_rel->relkind == RELKIND_RELATION &&
			 RelationGetNumberOfBlocks(relation) == 0;
	table_close(relation, AccessShareLock);
	return unused;
}

/* ScimRecoveryDrop: a person has no code any more. */
void
ScimRecoveryDrop(ScimStore *store, int32 tenant_id, const pg_uuid_t *id)
{
	ScimParams params;

	if (is_unused(store))
		return;
	ScimParamsOfResource(&params, tenant_id, id);
	ScimSpiExecute(psprintf("DELETE FROM %s.recovery_code "
							"WHERE tenant_id = $1 AND resource_id = $2",
							store->quoted_name),
				   &params, false, 0);
	ScimRowsRequireSeen(
		psprintf("%s.recovery_code WHERE tenant_id = $1 AND resource_id = $2",
				 store->quoted_name),
		&params, "a recovery code has been made meanwhile");
}
