/*
 * ids.c
 *		Ids of resources: UUID version 7 (RFC 9562 section 5.7).
 *
 *		48 bits		milliseconds since 1970
 *		 4 bits		version 7
 *		12 bits		fraction of the millisecond, in 1/4096
 *		 2 bits		variant
 *		62 bits		random
 *
 * The 60 bits of time never stand still or go back within a backend, so that
 * id order is the order of creation.
 */
#include "postgres.h"

#include <time.h>

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "common/cryptohash.h"
#include "common/sha2.h"
#include "funcapi.h"
#include "port/pg_bswap.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/uuid.h"

#include "error.h"
#include "json/json.h"
#include "schema/canonical/canonical.h"
#include "schema/schema.h"
#include "store/statement/statement.h"
#include "text/base64url.h"
#include "text/hex.h"

PG_FUNCTION_INFO_V1(scim_uuid_v7);
PG_FUNCTION_INFO_V1(scim_change);
PG_FUNCTION_INFO_V1(scim_member_key);
PG_FUNCTION_INFO_V1(scim_referred);

static uint64
next_tick(void)
{
	static uint64 last = 0;
	struct timespec now;
	uint64 tick;

	clock_gettime(CLOCK_REALTIME, &now);
	tick = ((uint64) now.tv_sec * 1000 + now.tv_nsec / 1000000) << 12;
	tick += ((uint64) (now.tv_nsec % 1000000) << 12) / 1000000;
	if (tick <= last)
		tick = last + 1;
	last = tick;
	return tick;
}

/* The last one that was made, until somebody takes it. */
static pg_uuid_t last_made;
static bool is_made = false;

/* ScimUuidIsMade: is it the id that was made last, which nobody has taken yet? */
bool
ScimUuidIsMade(const pg_uuid_t *uuid)
{
	return is_made && memcmp(uuid, &last_made, UUID_LEN) == 0;
}

/*
 * ScimUuidTakeMade: is it the id that was made last?  So one that is made for a row, by
 * its default or ours, is known when the row comes to the door, and the second time it
 * does it is a given one.
 */
bool
ScimUuidTakeMade(const pg_uuid_t *uuid)
{
	if (!ScimUuidIsMade(uuid))
		return false;
	is_made = false;
	return true;
}

/*
 * ScimRandomBytes: random bytes, a few, come from a small stock, since to ask for eight
 * takes as long as to ask for some hundred.
 */
void
ScimRandomBytes(unsigned char *bytes, int len)
{
	static unsigned char stock[256];
	static int left = 0;

	if (left < len)
	{
		left = 0;
		if (!pg_strong_random(stock, sizeof(stock)))
			ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR),
							errmsg("could not generate random values")));
		left = sizeof(stock);
	}
	left -= len;
	memcpy(bytes, stock + left, len);
}

/* ScimUuidV7 makes a new id. */
void
ScimUuidV7(pg_uuid_t *uuid)
{
	uint64 tick = next_tick();
	uint64 time = pg_hton64((tick >> 12) << 16 | 0x7000 | (tick & 0xfff));

	memcpy(uuid->data, &time, 8);
	ScimRandomBytes(uuid->data + 8, 8);
	uuid->data[8] = (uuid->data[8] & 0x3f) | 0x80;
	last_made = *uuid;
	is_made = true;
}

/*
 * ScimUuidParse reads the one form that ids have in SCIM, 8-4-4-4-12.  Returns
 * false for anything else, so that a wrong id is just not found.
 */
bool
ScimUuidParse(const char *text, pg_uuid_t *uuid)
{
	int byte = 0;

	if (strlen(text) != 36)
		return false;
	for (int i = 0; i < 36;)
	{
		if (i == 8 || i == 13 || i == 18 || i == 23)
		{
			if (text[i++] != '-')
				return false;
			continue;
		}
		if (ScimHexDigit(text[i]) < 0 || ScimHexDigit(text[i + 1]) < 0)
			return false;
		uuid->data[byte++] =
			(unsigned char) (ScimHexDigit(text[i]) << 4 | ScimHexDigit(text[i + 1]));
		i += 2;
	}
	return true;
}

/* ScimReferenceId reads the id that a text names: the text itself, or the end of a URL.
 */
bool
ScimReferenceId(const char *text, pg_uuid_t *id)
{
	const char *slash = strrchr(text, '/');

	return ScimUuidParse(slash != NULL ? slash + 1 : text, id);
}

/* ScimReferredId: whom does a reference name?  False: nobody whom an id could be of. */
bool
ScimReferredId(const JsonbValue *reference, pg_uuid_t *id)
{
	const JsonbValue *said = ScimReferenceSaid(reference);

	return said != NULL && said->type == jbvString &&
		   ScimReferenceId(ScimJsonStringCopy(said), id);
}

/* ScimReferredText: the id of whom a reference names, or what it says else, or NULL. */
char *
ScimReferredText(const JsonbValue *reference)
{
	const JsonbValue *said = ScimReferenceSaid(reference);
	StringInfoData text;
	pg_uuid_t id;

	if (said == NULL)
		return NULL;
	if (ScimReferredId(said, &id))
		return ScimUuidText(&id);
	if (said->type == jbvString)
		return ScimJsonStringCopy(said);
	initStringInfo(&text);
	ScimJsonWrite(&text, said);
	return text.data;
}

/* ScimCompareIds is for qsort and bsearch. */
int
ScimCompareIds(const void *a, const void *b)
{
	return memcmp(a, b, UUID_LEN);
}

char *
ScimUuidText(const pg_uuid_t *uuid)
{
	return DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(uuid)));
}

/*
 * ScimMemberKey gives the member_id of a reference: the id that it is or, for
 * a text that is no id (a member that a client made up), a uuid version 8
 * from its SHA-256.
 */
void
ScimMemberKey(const char *value, int len, pg_uuid_t *key, bool *is_id)
{
	char *text = pnstrdup(value, len);
	uint8 digest[PG_SHA256_DIGEST_LENGTH];
	pg_cryptohash_ctx *context;

	*is_id = ScimUuidParse(text, key);
	pfree(text);
	if (*is_id)
		return;
	context = pg_cryptohash_create(PG_SHA256);
	if (pg_cryptohash_init(context) < 0 ||
		pg_cryptohash_update(context, (const uint8 *) value, len) < 0 ||
		pg_cryptohash_final(context, digest, sizeof(digest)) < 0)
		elog(ERROR, "could not compute a SHA-256 hash");
	pg_cryptohash_free(context);
	memcpy(key->data, digest, UUID_LEN);
	key->data[6] = (key->data[6] & 0x0f) | 0x80;
	key->data[8] = (key->data[8] & 0x3f) | 0x80;
}

/* ScimMembershipId makes the id of a membership: base64url of the 32 bytes of both. */
char *
ScimMembershipId(const pg_uuid_t *group_id, const pg_uuid_t *member_id)
{
	unsigned char bytes[2 * UUID_LEN];
	StringInfoData id;

	memcpy(bytes, group_id->data, UUID_LEN);
	memcpy(bytes + UUID_LEN, member_id->data, UUID_LEN);
	initStringInfo(&id);
	ScimBase64Url(&id, bytes, sizeof(bytes));
	return id.data;
}

/* ScimMembershipIdParse: of which two is it?  False: it is no such id. */
bool
ScimMembershipIdParse(const char *id, pg_uuid_t *group_id, pg_uuid_t *member_id)
{
	unsigned char bytes[2 * UUID_LEN + 1];

	/* so long are 32 bytes, and each has one text only */
	if (strlen(id) != 43 || ScimBase64UrlDecode(id, bytes) != 2 * UUID_LEN)
		return false;
	memcpy(group_id->data, bytes, UUID_LEN);
	memcpy(member_id->data, bytes + UUID_LEN, UUID_LEN);
	return true;
}

/* scim.uuid_v7() */
Datum
scim_uuid_v7(PG_FUNCTION_ARGS)
{
	pg_uuid_t *uuid = palloc(sizeof(pg_uuid_t));

	ScimUuidV7(uuid);
	PG_RETURN_UUID_P(uuid);
}

/* The uuid of the transaction at hand, where it has one. */
static pg_uuid_t change;
static bool has_change = false;

static void
forget_change(XactEvent event, void *arg)
{
	if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT ||
		event == XACT_EVENT_PREPARE)
		has_change = false;
}

/* ScimChange is what all that this transaction changes has in common. */
void
ScimChange(pg_uuid_t *uuid)
{
	static bool registered = false;

	if (!registered)
		RegisterXactCallback(forget_change, NULL);
	registered = true;
	if (!has_change)
		ScimUuidV7(&change);
	has_change = true;
	*uuid = change;
}

/* scim.change() returns uuid: the same in "audit" and "event". */
Datum
scim_change(PG_FUNCTION_ARGS)
{
	pg_uuid_t *uuid = palloc(sizeof(pg_uuid_t));

	ScimChange(uuid);
	PG_RETURN_UUID_P(uuid);
}

/* scim.member_key(text) */
Datum
scim_member_key(PG_FUNCTION_ARGS)
{
	text *value = PG_GETARG_TEXT_PP(0);
	pg_uuid_t *key = palloc(sizeof(pg_uuid_t));
	bool is_id;

	ScimMemberKey(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), key, &is_id);
	PG_RETURN_UUID_P(key);
}

/* scim_internal.referred(reference jsonb) returns text */
Datum
scim_referred(PG_FUNCTION_ARGS)
{
	char *text = ScimReferredText(ScimJsonFromJsonb(PG_GETARG_JSONB_P(0)));

	if (text == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(text));
}

/*
 * ScimIdArgument is the id that an SQL function is called with, as text: each has
 * two forms, one that takes a text and one that takes a uuid.
 */
char *
ScimIdArgument(FunctionCallInfo fcinfo, int n)
{
	Oid *types;
	int ntypes;

	if (PG_ARGISNULL(n))
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE), errmsg("id must not be null")));
	(void) get_func_signature(fcinfo->flinfo->fn_oid, &types, &ntypes);
	if (n < ntypes && types[n] == UUIDOID)
		return ScimUuidText(PG_GETARG_UUID_P(n));
	if (n < ntypes && types[n] == TEXTOID)
		return text_to_cstring(PG_GETARG_TEXT_PP(n));
	ereport(ERROR, (errcode(ERRCODE_INVALID_FUNCTION_DEFINITION),
					errmsg("an id must be declared as text or uuid")));
}

/* ScimRefuseNulls raises an error where an argument is null, by its name. */
void
ScimRefuseNulls(FunctionCallInfo fcinfo)
{
	for (int i = 0; i < PG_NARGS(); i++)
	{
		HeapTuple tuple;
		Oid *types;
		char **names;
		char *modes;
		int count;
		int input = -1;
		const char *name = NULL;

		if (!PG_ARGISNULL(i))
			continue;
		tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(fcinfo->flinfo->fn_oid));
		if (!HeapTupleIsValid(tuple))
			elog(ERROR, "cache lookup failed for function %u", fcinfo->flinfo->fn_oid);
		count = get_func_arg_info(tuple, &types, &names, &modes);
		for (int j = 0; j < count && name == NULL; j++)
		{
			if (modes != NULL && modes[j] != PROARGMODE_IN &&
				modes[j] != PROARGMODE_INOUT && modes[j] != PROARGMODE_VARIADIC)
				continue;
			if (++input == i && names != NULL)
				name = names[j];
		}
		ReleaseSysCache(tuple);
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("%s must not be null",
							   name != NULL ? name : psprintf("argument %d", i + 1))));
	}
}

/* ScimTextArgument is a text that an SQL function is called with; NULL: none. */
char *
ScimTextArgument(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(n));
}
