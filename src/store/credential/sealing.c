/*
 * sealing.c
 *		The keys to which a store seals what writeOnly attributes have, and the sealing.
 *
 * They are the row "sealing" of the table "secret", which only the owner of the store
 * reads: a JWK Set (RFC 7517 section 5), that which seals first.  The others are there to
 * tell whose values there still are, and to open them where the store has the private
 * part, as it has of those that were made here.  An owner who seals to a key of his own
 * (scim.set_sealing_key) keeps the private part elsewhere: then neither the database nor
 * a dump of it has what opens anything.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "json/buckets.h"
#include "json/json.h"
#include "lib/stringinfo.h"

#include "resource/resource.h"
#include "setting/setting.h"
#include "store/credential/jwe.h"
#include "store/credential/sealing.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/statement/written.h"
#include "store/store.h"
#include "text/sealed.h"

/* Old ones may be very old; all are read for each value. */
#define MAX_KEYS 100

/* Of more values the size that a document will have is found out before any is sealed. */
#define SEALED_AT_ONCE 100

/* A document on its way. */
typedef struct Sealing
{
	ScimStore *store;
	const ScimResourceType *type;
	JsonbValue *keys; /* NULL: not read yet */
	List *known;      /* of const JsonbValue *: those of the old document */
	ScimBuckets by_hash;
	int64 count;    /* of those that are new: to be sealed, or looked at */
	int64 unsealed; /* of these, those to be sealed */
} Sealing;

static bool seals_stored = false;

/* ScimSealsStored: the door lets a row by, but for what is sealed of it. */
bool
ScimSealsStored(void)
{
	return seals_stored;
}

pg_noreturn static void
raise_broken(const ScimStore *store)
{
	ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					errmsg("row \"" SCIM_SEALING_PURPOSE
						   "\" of table \"secret\" of store \"%s\" is "
						   "no set of keys to seal to",
						   store->name),
					errhint("It is written by scim.set_sealing_key() and "
							"scim.create_sealing_key().")));
}

/* The set in the row that is read, or NULL (SPI is connected). */
static JsonbValue *
read_keys(ScimStore *store, MemoryContext context)
{
	MemoryContext caller;
	const char *problem = NULL;
	bytea *value;
	JsonbValue *set;
	const JsonbValue *keys;

	if (SPI_processed == 0)
		return NULL;
	value = DatumGetByteaPP(ScimResultValue(0, 1, BYTEAOID));
	caller = MemoryContextSwitchTo(context);
	set = ScimJsonParse(pnstrdup(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)),
						VARSIZE_ANY_EXHDR(value), &problem);
	MemoryContextSwitchTo(caller);
	keys = set != NULL && set->type == jbvObject ? ScimJsonGet(set, "keys") : NULL;
	if (keys == NULL || keys->type != jbvArray || keys->val.array.nElems == 0)
		raise_broken(store);
	for (int i = 0; i < keys->val.array.nElems; i++)
	{
		const JsonbValue *key = &keys->val.array.elems[i];
		const JsonbValue *kid = key->type == jbvObject ? ScimJsonGet(key, "kid") : NULL;

		/* who has written it has looked at the rest, which takes long */
		if (kid == NULL || kid->type != jbvString)
			raise_broken(store);
	}
	return set;
}

/* ScimSealingKeys reads them as the owner of the store. */
JsonbValue *
ScimSealingKeys(ScimStore *store)
{
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller = ScimBeReader(store->owner);
	JsonbValue *set;

	SPI_connect();
	ScimSpiExecute(
		psprintf("SELECT value FROM %s.secret WHERE purpose = '" SCIM_SEALING_PURPOSE "'",
				 store->quoted_name),
		NULL, false, 1);
	set = read_keys(store, context);
	SPI_finish();
	ScimBeCaller(caller);
	return set;
}

static int
find_key(const JsonbValue *set, const char *kid)
{
	const JsonbValue *keys = set != NULL ? ScimJsonGet(set, "keys") : NULL;

	for (int i = 0; keys != NULL && i < keys->val.array.nElems; i++)
	{
		if (ScimJsonStringEquals(ScimJsonGet(&keys->val.array.elems[i], "kid"), kid))
			return i;
	}
	return -1;
}

/* Reads the set for who writes it anew: one at a time (SPI is connected, as the owner).
 */
static JsonbValue *
lock_keys(ScimStore *store, MemoryContext context)
{
	ScimSpiExecute(
		psprintf("LOCK TABLE %s.secret IN SHARE ROW EXCLUSIVE MODE", store->quoted_name),
		NULL, false, 0);
	ScimSpiExecute(
		psprintf("SELECT value FROM %s.secret WHERE purpose = '" SCIM_SEALING_PURPOSE "'",
				 store->quoted_name),
		NULL, false, 1);
	return read_keys(store, context);
}

static void
write_keys(ScimStore *store, const JsonbValue *set)
{
	char *text = ScimJsonText(set);
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(SCIM_SEALING_PURPOSE), false);
	/* a bytea is as a text is, but for what is in it */
	ScimParamsAdd(&params, BYTEAOID, CStringGetTextDatum(text), false);
	ScimSpiWriteRow("secret",
					psprintf("INSERT INTO %s.secret (purpose, value) VALUES ($1, $2) "
							 "ON CONFLICT (purpose) DO UPDATE SET value = excluded.value "
							 "RETURNING (purpose, value) IS NOT DISTINCT FROM ($1, $2)",
							 store->quoted_name),
					&params);
}

/* Are two JWKs the same public key? */
static bool
same_key(const JsonbValue *a, const JsonbValue *b)
{
	return strcmp(ScimJweThumbprint(a), ScimJweThumbprint(b)) == 0;
}

static JsonbValue *
with_first(const JsonbValue *set, const JsonbValue *first, int but)
{
	const JsonbValue *keys = set != NULL ? ScimJsonGet(set, "keys") : NULL;
	JsonbValue *result = ScimJsonNewObject();
	JsonbValue *array = ScimJsonNewArray();

	if (first != NULL)
		ScimJsonAppend(array, first);
	for (int i = 0; keys != NULL && i < keys->val.array.nElems; i++)
	{
		if (i != but)
			ScimJsonAppend(array, &keys->val.array.elems[i]);
	}
	ScimJsonSet(result, "keys", array);
	return result;
}

/* Of a JWK what a store needs; what else its owner notes there is his. */
static JsonbValue *
public_key(const JsonbValue *jwk)
{
	static const char *const members[] = {"kty", "crv", "x", "y", "kid"};
	JsonbValue *key = ScimJsonNewObject();

	for (size_t i = 0; i < lengthof(members); i++)
	{
		const JsonbValue *value = ScimJsonGet(jwk, members[i]);

		if (value != NULL)
			ScimJsonSet(key, members[i], value);
	}
	if (ScimJsonGet(key, "kid") == NULL)
		ScimJsonSet(key, "kid", ScimJsonNewString(ScimJweThumbprint(jwk)));
	return key;
}

/* made NULL: that one, which has no problem; else the set with one made is put there. */
static char *
put_first(ScimStore *store, const JsonbValue *jwk, bool only_where_none,
		  JsonbValue **made)
{
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller = ScimBeOwner(store->owner);
	JsonbValue *set;
	const JsonbValue *key;
	MemoryContext old;
	char *kid;
	int found;

	SPI_connect();
	set = lock_keys(store, context);
	old = MemoryContextSwitchTo(context);
	if (set == NULL || !only_where_none)
	{
		key = jwk != NULL ? public_key(jwk) : ScimJweMakeKey();
		kid = ScimJsonStringCopy(ScimJsonGet(key, "kid"));
		found = find_key(set, kid);
		if (found >= 0)
		{
			const JsonbValue *present = &ScimJsonGet(set, "keys")->val.array.elems[found];

			if (!same_key(present, key))
				ereport(ERROR,
						(errcode(ERRCODE_DUPLICATE_OBJECT),
						 errmsg("the store has another key with the kid \"%s\"", kid)));
			key = present; /* with its private part, where there is one */
		}
		else if (set != NULL && ScimJsonGet(set, "keys")->val.array.nElems >= MAX_KEYS)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("a store has %d keys to seal to at the most", MAX_KEYS),
					 errhint("scim.drop_sealing_key() ends one that nothing is "
							 "sealed to any more.")));
		set = with_first(set, key, found);
		write_keys(store, set);
	}
	kid = ScimJsonStringCopy(
		ScimJsonGet(&ScimJsonGet(set, "keys")->val.array.elems[0], "kid"));
	MemoryContextSwitchTo(old);
	SPI_finish();
	ScimBeCaller(caller);
	if (made != NULL)
		*made = set;
	return kid;
}

/* ScimSealingKeySet: from now on it is this one, or with NULL one that is made. */
char *
ScimSealingKeySet(ScimStore *store, const JsonbValue *jwk)
{
	return put_first(store, jwk, false, NULL);
}

/* ScimSealingKeyDrop forgets a key that is not the one that seals. */
void
ScimSealingKeyDrop(ScimStore *store, const char *kid)
{
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller = ScimBeOwner(store->owner);
	JsonbValue *set;
	int found;

	SPI_connect();
	set = lock_keys(store, context);
	found = find_key(set, kid);
	if (found < 0)
		ereport(ERROR, (ScimErr(SCIM_NOT_FOUND),
						errmsg("the store has no key with the kid \"%s\"", kid)));
	if (found == 0)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("the key \"%s\" is the one that seals", kid),
						errhint("Set or make another one first.")));
	write_keys(store, with_first(set, NULL, found));
	SPI_finish();
	ScimBeCaller(caller);
}

/* The keys of the store, one of which is made where there is none. */
static const JsonbValue *
keys_of(Sealing *sealing)
{
	if (sealing->keys == NULL)
		sealing->keys = ScimSealingKeys(sealing->store);
	return sealing->keys;
}

static bool
is_known(const Sealing *sealing, const JsonbValue *value)
{
	if (sealing->known == NIL)
		return false;
	for (int at = ScimBucketsFirst(&sealing->by_hash, ScimJsonHash(value)); at >= 0;
		 at = ScimBucketsNext(&sealing->by_hash, at))
	{
		if (ScimJsonEqual(
				list_nth(sealing->known, ScimBucketsItem(&sealing->by_hash, at)), value))
			return true;
	}
	return false;
}

/* What comes sealed is left so, where somebody can open it. */
static void
check_sealed(Sealing *sealing, const JsonbValue *value, const char *path)
{
	const char *kid;

	if (is_known(sealing, value))
		return;
	kid = ScimJweKid(value->val.string.val, value->val.string.len);
	if (kid == NULL || find_key(keys_of(sealing), kid) < 0)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("attribute \"%s\" begins as what is sealed does, and is not "
						"sealed to a key of the store",
						path)));
}

/* The key that seals; one is made where there is none. */
static const JsonbValue *
sealing_key(Sealing *sealing)
{
	if (keys_of(sealing) == NULL)
		(void) put_first(sealing->store, NULL, true, &sealing->keys);
	return &ScimJsonGet(sealing->keys, "keys")->val.array.elems[0];
}

static void
seal(void *arg, JsonbValue *value, const char *path, bool belongs)
{
	Sealing *sealing = arg;
	StringInfoData text;

	if (!belongs)
		return; /* the schema of today says what is to be done about it */
	if (ScimIsSealedValue(value))
	{
		check_sealed(sealing, value, path);
		return;
	}
	if (value->type == jbvNull)
		return;
	initStringInfo(&text);
	ScimJsonWrite(&text, value);
	*value = *ScimJsonNewString(ScimJweSeal(sealing_key(sealing), text.data, text.len));
}

/* Counts the values that take as long as to seal one, or to look at one that is. */
static void
count(void *arg, JsonbValue *value, const char *path, bool belongs)
{
	Sealing *sealing = arg;

	if (!belongs || value->type == jbvNull)
		return;
	if (!ScimIsSealedValue(value))
		sealing->unsealed++;
	else if (is_known(sealing, value))
		return;
	sealing->count++;
}

/* Puts a text in the place of a value that is as long as the value will be. */
static void
fill(void *arg, JsonbValue *value, const char *path, bool belongs)
{
	Sealing *sealing = arg;
	StringInfoData text;
	size_t len;
	char *filler;

	if (!belongs || value->type == jbvNull || ScimIsSealedValue(value))
		return;
	initStringInfo(&text);
	ScimJsonWrite(&text, value);
	len = ScimJweLength(sealing_key(sealing), text.len);
	pfree(text.data);
	filler = palloc(len + 1);
	memset(filler, 'A', len);
	filler[len] = '\0';
	*value = *ScimJsonNewStringN(filler, len);
}

/* What would be too large once it is sealed is refused before. */
static void
check_size(Sealing *sealing, const JsonbValue *document, const JsonbValue *old_document)
{
	JsonbValue *filled = ScimJsonCopy(document);
	List *problems = NIL;

	ScimForEachSealed(sealing->type, filled, fill, sealing);
	ScimCheckSize(sealing->type, ScimJsonToJsonb(filled),
				  old_document != NULL ? ScimJsonToJsonb(ScimJsonCopy(old_document))
									   : NULL,
				  &problems);
	ScimProblemsRaise(problems);
}

static void
note_known(void *arg, JsonbValue *value, const char *path, bool belongs)
{
	Sealing *sealing = arg;

	if (!ScimIsSealedValue(value))
		return;
	if (sealing->known == NIL)
		ScimBucketsInit(&sealing->by_hash, 0);
	ScimBucketsAdd(&sealing->by_hash, ScimJsonHash(value), list_length(sealing->known));
	sealing->known = lappend(sealing->known, value);
}

/* ScimSealDocument: as it is stored, a document has no writeOnly value in clear. */
void
ScimSealDocument(ScimStore *store, const ScimResourceType *type, JsonbValue *document,
				 const JsonbValue *old_document)
{
	Sealing sealing = {.store = store, .type = type};

	if (old_document != NULL)
		ScimForEachSealed(type, (JsonbValue *) old_document, note_known, &sealing);
	/* what a store has already it may have */
	if (document != old_document)
	{
		ScimForEachSealed(type, document, count, &sealing);
		ScimSpendSealed(sealing.count);
		if (sealing.unsealed > SEALED_AT_ONCE)
			check_size(&sealing, document, old_document);
	}
	ScimForEachSealed(type, document, seal, &sealing);
}

/* What is found of the stored documents of a type. */
typedef struct Search
{
	const ScimResourceType *type;
	MemoryContext context; /* of the keys */
	List *found;           /* of Key *: with something in clear */
	bool in_clear;         /* of the document at hand */
	const char *stray;     /* where it has something sealed that would be readable */
} Search;

typedef struct Key
{
	int32 tenant_id;
	pg_uuid_t id;
} Key;

static void
look_at(void *arg, JsonbValue *value, const char *path, bool belongs)
{
	Search *search = arg;

	if (!belongs)
		search->stray = path;
	else if (!ScimIsSealedValue(value) && value->type != jbvNull)
		search->in_clear = true;
}

static void
search_row(void *arg, HeapTuple tuple, TupleDesc desc)
{
	Search *search = arg;
	Key *key;

	search->in_clear = false;
	search->stray = NULL;
	ScimForEachSealed(search->type,
					  ScimStoredDocument(search->type, DatumGetJsonbP(ScimColumnValue(
														   tuple, desc, 3, JSONBOID))),
					  look_at, search);
	if (search->stray != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("attribute \"%s\" of %s %s is sealed, which only a writeOnly "
						"attribute is",
						search->stray, search->type->name,
						ScimUuidText(
							DatumGetUUIDP(ScimColumnValue(tuple, desc, 2, UUIDOID)))),
				 errhint("What has been sealed cannot be shown again: remove the values "
						 "first.")));
	if (!search->in_clear)
		return;
	key = MemoryContextAlloc(search->context, sizeof(Key));
	key->tenant_id = DatumGetInt32(ScimColumnValue(tuple, desc, 1, INT4OID));
	key->id = *DatumGetUUIDP(ScimColumnValue(tuple, desc, 2, UUIDOID));
	{
		MemoryContext caller = MemoryContextSwitchTo(search->context);

		search->found = lappend(search->found, key);
		MemoryContextSwitchTo(caller);
	}
}

static void
search_rows(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	ScimUseEachRow(search_row, arg, rows, nrows, desc);
}

static void
seal_row(ScimStore *store, const ScimResourceType *type, const Key *key)
{
	ScimParams params;

	ScimParamsOfResource(&params, key->tenant_id, &key->id);
	seals_stored = true;
	PG_TRY();
	{
		ScimSpiExecute(psprintf("UPDATE %s.resource SET data = data "
								"WHERE resource_type = %s AND tenant_id = $1 AND id = $2",
								store->quoted_name, quote_literal_cstr(type->name)),
					   &params, false, 0);
	}
	PG_FINALLY();
	{
		seals_stored = false;
	}
	PG_END_TRY();
}

/*
 * ScimSealStored seals what writeOnly attributes of some types have in clear, of
 * resources that are out of sight too, and refuses what is sealed and would be shown.
 * Nothing that can be seen changes, and so no version does.  Returns of how many
 * resources (SPI is connected, as the owner).
 */
int64
ScimSealStored(ScimStore *store, List *types)
{
	int64 count = 0;
	ListCell *lc;

	foreach (lc, types)
	{
		Search search = {.type = lfirst(lc), .context = CurrentMemoryContext};
		MemoryContext caller = CurrentMemoryContext;
		MemoryContext context;
		ListCell *found;

		ScimSpiForEach(psprintf("SELECT tenant_id, id, data FROM %s.resource "
								"WHERE resource_type = %s%s ORDER BY tenant_id, id",
								store->quoted_name, quote_literal_cstr(search.type->name),
								search.type->has_sealed
									? ""
									: " AND strpos(data::text, '\"" SCIM_SEALED_BEGINS
									  "') > 0"),
					   NULL, false, search_rows, &search);
		context = AllocSetContextCreate(caller, "scim sealing", ALLOCSET_DEFAULT_SIZES);
		foreach (found, search.found)
		{
			CHECK_FOR_INTERRUPTS();
			MemoryContextSwitchTo(context);
			seal_row(store, search.type, lfirst(found));
			MemoryContextSwitchTo(caller);
			MemoryContextReset(context);
			count++;
		}
		MemoryContextDelete(context);
	}
	return count;
}

/*
 * ScimUnseal opens a sealed value.  Errors: 22023 for what is none, 55000 where the store
 * has no private key for it.  where says, for a detail of these, which value it is.
 */
JsonbValue *
ScimUnseal(const JsonbValue *keys, const char *sealed, size_t len, const char *where)
{
	const char *kid = ScimJweKid(sealed, len);
	int found = kid != NULL ? find_key(keys, kid) : -1;
	const JsonbValue *key;
	JsonbValue *value;
	const char *problem = NULL;
	char *text;
	size_t text_len;

	if (kid == NULL)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("that is no sealed value"), errdetail("%s", where)));
	key = found >= 0 ? &ScimJsonGet(keys, "keys")->val.array.elems[found] : NULL;
	if (key == NULL || ScimJsonGet(key, "d") == NULL)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("the store has no private key \"%s\"", kid),
						errdetail("%s", where),
						errhint("Whoever has it can open the value by any library for "
								"JWE (RFC 7516).")));
	text = ScimJweOpen(key, sealed, len, &text_len);
	value = text != NULL ? ScimJsonParse(text, text_len, &problem) : NULL;
	if (value == NULL)
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the key \"%s\" does not open that value, or it holds no JSON", kid),
			 errdetail("%s", where)));
	return value;
}
