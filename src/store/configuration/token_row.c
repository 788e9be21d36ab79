/*
 * token_row.c
 *		Rows of "token" and "client" that somebody writes himself, and not by
 *		scim.create_token and its like: they are held to the same.
 *
 * An end is an end, scopes are ones that there are, a secret is nobody else's, and when
 * a row was made and last used is the store's to say.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/acl.h"
#include "utils/datum.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "json/json.h"
#include "store/configuration/configuration.h"
#include "store/credential/credential.h"
#include "store/credential/key_set.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/proof.h"
#include "store/statement/trigger_type.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(scim_token_row);

/* A row that is being written. */
typedef struct TokenRow
{
	const TriggerData *trigger;
	ScimStore *store;
	const char *table;
	TupleDesc desc;
	HeapTuple old; /* or NULL */
	HeapTuple new;
} TokenRow;

static Datum
value_of(const TokenRow *row, HeapTuple tuple, const char *column, Oid type, bool *isnull)
{
	return ScimColumn(tuple, row->desc, ScimColumnNumber(row->desc, column, type), type,
					  isnull);
}

/* Is the value of a column another one than it was?  In a new row: is there one? */
static bool
is_new(const TokenRow *row, const char *column, Oid type)
{
	bool was_null = true;
	bool isnull;
	bool by_value = type == TIMESTAMPTZOID;
	Datum was = 0;
	Datum is = value_of(row, row->new, column, type, &isnull);

	if (row->old != NULL)
		was = value_of(row, row->old, column, type, &was_null);
	if (was_null || isnull)
		return was_null != isnull;
	return !datumIsEqual(was, is, by_value, by_value ? sizeof(TimestampTz) : -1);
}

static void
refuse_instant(const TokenRow *row, const char *column)
{
	ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					errmsg("column \"%s\" of table \"%s\" is for the store to write",
						   column, row->table)));
}

/* Who owns the store may bring rows along that were made elsewhere. */
static void
check_instants(const TokenRow *row)
{
	bool isnull;

	if (has_privs_of_role(GetUserId(), row->store->owner))
		return;
	if (is_new(row, "last_used_at", TIMESTAMPTZOID))
		refuse_instant(row, "last_used_at");
	if (is_new(row, "former_used_at", TIMESTAMPTZOID))
		refuse_instant(row, "former_used_at");
	if (!is_new(row, "created", TIMESTAMPTZOID))
		return;
	/* its default */
	if (row->old != NULL ||
		DatumGetTimestampTz(value_of(row, row->new, "created", TIMESTAMPTZOID,
									 &isnull)) != GetCurrentTransactionStartTimestamp())
		refuse_instant(row, "created");
}

static void
check_end(const TokenRow *row)
{
	bool isnull;

	if (row->old == NULL || !is_new(row, "revoked_at", TIMESTAMPTZOID))
		return;
	(void) value_of(row, row->old, "revoked_at", TIMESTAMPTZOID, &isnull);
	if (!isnull)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("what is revoked stays so"),
						errhint("scim.create_%s() makes another one.", row->table)));
}

/*
 * What was done was not done in the future, nor used or revoked before it was made: this
 * also binds who owns the store.  The clock of elsewhere may be fast by a day.  Of
 * instants that are infinite the constraints tell.
 */
static void
check_done(const TokenRow *row)
{
	static const char *const columns[] = {"created", "revoked_at", "last_used_at",
										  "former_used_at"};
	TimestampTz latest = GetCurrentTimestamp() + USECS_PER_DAY;
	TimestampTz created = DT_NOBEGIN;

	for (size_t i = 0; i < lengthof(columns); i++)
	{
		bool isnull;
		bool changed = is_new(row, columns[i], TIMESTAMPTZOID);
		TimestampTz at = DatumGetTimestampTz(
			value_of(row, row->new, columns[i], TIMESTAMPTZOID, &isnull));

		if (isnull || TIMESTAMP_NOT_FINITE(at))
			continue;
		if (changed && at > latest)
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("column \"%s\" cannot be in the future", columns[i])));
		if (i == 0)
			created = at;
		else if (at < created && (changed || is_new(row, "created", TIMESTAMPTZOID)))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the %s would have been %s before it was made", row->table,
							strcmp(columns[i], "revoked_at") == 0 ? "revoked" : "used")));
	}
}

/*
 * What has ended before it was made was never good.  Who owns the store may bring along
 * what was made earlier.
 */
static void
check_expiry(const TokenRow *row)
{
	bool isnull[2];
	TimestampTz created;
	TimestampTz expires;

	if (row->old != NULL)
		return;
	created = DatumGetTimestampTz(
		value_of(row, row->new, "created", TIMESTAMPTZOID, &isnull[0]));
	expires = DatumGetTimestampTz(
		value_of(row, row->new, "expires_at", TIMESTAMPTZOID, &isnull[1]));
	if (!isnull[0] && !isnull[1] && expires <= created)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("the %s would expire in the past", row->table)));
}

/* Has the row the hash already, as that of its other secret? */
static bool
is_own_other(const TokenRow *row, const char *column, Datum hash)
{
	bool isnull;
	Datum other =
		value_of(row, row->new, strcmp(column, "hash") == 0 ? "former_hash" : "hash",
				 BYTEAOID, &isnull);

	return !isnull && datum_image_eq(hash, other, false, -1);
}

/* Is a hash one by which somebody is found?  Whose is not told, nor of which tenant. */
static void
check_hash(const TokenRow *row, const char *column)
{
	static const char *const tables[] = {"token", "client"};
	bool taken = false;
	bool isnull;
	Datum hash = value_of(row, row->new, column, BYTEAOID, &isnull);
	Datum id;
	ScimIdentity caller;
	ScimParams params;

	if (isnull || !is_new(row, column, BYTEAOID))
		return;
	id = value_of(row, row->old != NULL ? row->old : row->new, "id", UUIDOID, &isnull);
	caller = ScimBeOwner(row->store->owner);
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, BYTEAOID, hash, false);
	ScimParamsAdd(&params, UUIDOID, id, isnull || row->old == NULL);
	for (size_t i = 0; i < lengthof(tables) && !taken; i++)
	{
		ScimSpiExecute(psprintf("SELECT FROM %s.%s WHERE (hash = $1 OR former_hash = $1) "
								"AND id IS DISTINCT FROM $2",
								row->store->quoted_name, tables[i]),
					   &params, false, 1);
		taken = SPI_processed > 0;
	}
	SPI_finish();
	ScimBeCaller(caller);
	taken |= is_own_other(row, column, hash);
	if (taken)
		ereport(ERROR, (errcode(ERRCODE_UNIQUE_VIOLATION),
						errmsg("this secret is taken already")));
}

/* Who may not give what a row is good for changes no way in to it. */
static void
check_ways_in(const TokenRow *row)
{
	static const struct
	{
		const char *name;
		Oid type;
		bool later; /* than "client_assertion" */
	} ways[] = {{"hash", BYTEAOID, false},
				{"former_hash", BYTEAOID, false},
				{"secret", TEXTOID, false},
				{"jwks", JSONBOID, true},
				{"jwks_uri", TEXTOID, true}};
	bool is_client = strcmp(row->table, "client") == 0;
	bool has_later = OidIsValid(row->store->tables.relid[SCIM_TABLE_CLIENT_ASSERTION]);
	bool isnull;
	Datum scopes;

	if (ScimProved() == NULL)
		return;
	scopes = value_of(row, row->new, "scopes", TEXTARRAYOID, &isnull);
	for (size_t i = 0; i < lengthof(ways); i++)
	{
		if (i < 2 || (is_client && (has_later || !ways[i].later)))
		{
			if (is_new(row, ways[i].name, ways[i].type))
				ScimScopeGiveAnew(row->store, scopes, isnull);
		}
	}
}

/* Scopes that are written are ones that there are, in canonical form. */
static HeapTuple
check_scopes(const TokenRow *row)
{
	int column = ScimColumnNumber(row->desc, "scopes", TEXTARRAYOID);
	bool isnull;
	Datum scopes = ScimColumn(row->new, row->desc, column, TEXTARRAYOID, &isnull);

	if (isnull || !is_new(row, "scopes", TEXTARRAYOID))
		return row->new;
	scopes = ScimScopesCheck(row->store, scopes);
	return heap_modify_tuple_by_cols(row->new, row->desc, 1, &column, &scopes, &isnull);
}

/* Keys that are written are ones that somebody could have signed by. */
static void
check_keys(const TokenRow *row)
{
	bool isnull;
	const char *problem;
	Datum keys;

	if (strcmp(row->table, "client") != 0 ||
		!OidIsValid(row->store->tables.relid[SCIM_TABLE_CLIENT_ASSERTION]))
		return;
	keys = value_of(row, row->new, "jwks_uri", TEXTOID, &isnull);
	if (!isnull && is_new(row, "jwks_uri", TEXTOID))
	{
		problem = ScimKeyAddressProblem(TextDatumGetCString(keys));
		if (problem != NULL)
			ereport(ERROR, (errcode(ERRCODE_CHECK_VIOLATION),
							errmsg("column \"jwks_uri\" %s", problem)));
	}
	keys = value_of(row, row->new, "jwks", JSONBOID, &isnull);
	if (isnull || !is_new(row, "jwks", JSONBOID))
		return;
	problem = ScimKeySetProblem(ScimJsonFromJsonb(DatumGetJsonbP(keys)));
	if (problem != NULL)
		ereport(ERROR, (errcode(ERRCODE_CHECK_VIOLATION),
						errmsg("column \"jwks\" %s", problem)));
}

/* Who is shown as the actor has a name. */
static void
check_name(const TokenRow *row)
{
	const char *column = strcmp(row->table, "client") == 0 ? "name" : "description";
	bool isnull;
	Datum name = value_of(row, row->new, column, TEXTOID, &isnull);

	if (!isnull && is_new(row, column, TEXTOID) &&
		VARSIZE_ANY_EXHDR(DatumGetTextPP(name)) == 0)
		ereport(ERROR, (errcode(ERRCODE_CHECK_VIOLATION),
						errmsg("column \"%s\" must not be empty", column)));
}

static Datum
admit_row(FunctionCallInfo fcinfo)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "token_row", BEFORE_ROW | ON_INSERT | ON_UPDATE);
	bool updated = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event);
	TokenRow row = {.trigger = trigger};

	row.new = updated ? trigger->tg_newtuple : trigger->tg_trigtuple;
	row.table = ScimTriggerTable(trigger);
	row.store = ScimStoreOfTrigger(
		trigger, strcmp(row.table, "client") == 0 ? SCIM_TABLE_CLIENT : SCIM_TABLE_TOKEN);
	/* the store itself does as it says */
	if (ScimIsOnBehalf())
		PG_RETURN_POINTER(row.new);
	ScimHideCopyLine();
	row.desc = RelationGetDescr(trigger->tg_relation);
	row.old = updated ? trigger->tg_trigtuple : NULL;
	check_end(&row);
	check_instants(&row);
	check_done(&row);
	check_expiry(&row);
	check_name(&row);
	check_keys(&row);
	check_ways_in(&row);
	check_hash(&row, "hash");
	check_hash(&row, "former_hash");
	PG_RETURN_POINTER(check_scopes(&row));
}

/* scim_internal.token_row(), BEFORE INSERT OR UPDATE ... FOR EACH ROW on both tables */
Datum
scim_token_row(PG_FUNCTION_ARGS)
{
	return ScimPlainRowAdmit(fcinfo, admit_row);
}
