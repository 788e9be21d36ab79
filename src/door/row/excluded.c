/*
 * excluded.c
 *		What a new row stated beside its document, where INSERT ... ON CONFLICT DO UPDATE
 *		writes another one in its place.
 *
 * Password and members are no part of the document that "excluded" has: the door has kept
 * them (pending.c).  SET data = excluded.data means what the INSERT stated, all of it. Of
 * any other document that is made there nobody can tell whether they are meant: it says
 * so itself, or is refused.
 *
 * And it means no more than that.  What policies add to a new row, such as its status, is
 * nothing that anybody has said of the one that is there: so the document is kept as it
 * was stated, where there are such policies.
 *
 * That the UPDATE is that of the INSERT is told by their order: the trigger of a table is
 * called for a row that is inserted, and next for one that is updated, by one statement,
 * while the first is not there.  (It is where the statement is MERGE.)
 */
#include "postgres.h"

#include "access/sysattr.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "nodes/bitmapset.h"

#include "door/row/at_door.h"
#include "door/row/row.h"
#include "json/json.h"
#include "policy/policy.h"
#include "store/statement/plan.h"
#include "text/fold.h"

/* ScimDoorSets: does the UPDATE at the door write a column, by its SET? */
bool
ScimDoorSets(const Door *door, int column)
{
	return bms_is_member(door->columns->number[column] -
							 FirstLowInvalidHeapAttributeNumber,
						 door->trigger->tg_updatedcols);
}

static uint64
data_digest(const ResourceRow *row)
{
	const Jsonb *data = DatumGetJsonbP(row->values[COLUMN_DATA]);

	return hash_bytes_extended((const unsigned char *) VARDATA(data),
							   VARSIZE(data) - VARHDRSZ, 0);
}

/* Takes all of an object away that has a name, in whatever letters. */
static void
drop_folded(JsonbValue *object, const char *name)
{
	for (int i = object->val.object.nPairs - 1; i >= 0; i--)
	{
		const JsonbValue *key = &object->val.object.pairs[i].key;

		if (ScimNameEqualN(key->val.string.val, key->val.string.len, name, strlen(name)))
			ScimJsonRemoveMember(object, i);
	}
}

/*
 * ScimExcludedDocument: what a new row states of itself, before anything is added to it;
 * NULL: nothing will be.  Without the password, and members, which are kept by
 * themselves.
 */
Jsonb *
ScimExcludedDocument(const Door *door, const JsonbValue *document)
{
	JsonbValue *stated;

	if (!ScimRulesComplete(door->rules) &&
		ScimRuleOf(door->rules, SCIM_RULE_STATUS) == NULL)
		return NULL;
	stated = ScimJsonCopy(document);
	drop_folded(stated, "password");
	drop_folded(stated, "members");
	return ScimJsonToJsonb(stated);
}

/*
 * ScimExcludedNote: a new row is on its way, and this is what it states; document is that
 * of ScimExcludedDocument.
 */
void
ScimExcludedNote(const Door *door, const Jsonb *document, bool has_password,
				 bool no_password, bool has_members)
{
	StatedRow *stated = &door->columns->stated;

	if (stated->document != NULL)
		pfree(stated->document);
	memset(stated, 0, sizeof(StatedRow));
	if (document == NULL && !has_password && !no_password && !has_members)
		return;
	ScimDoorKey(door, &stated->key);
	stated->data = data_digest(&door->new);
	if (document != NULL)
	{
		stated->document = MemoryContextAlloc(door->columns->context, VARSIZE(document));
		memcpy(stated->document, document, VARSIZE(document));
	}
	stated->has_password = has_password;
	stated->no_password = no_password;
	stated->has_members = has_members;
}

/* Is the row that was to be inserted there? */
static bool
is_inserted(const Door *door, const StatedRow *stated)
{
	ScimIdentity caller;
	ScimParams params;
	bool found;

	if (memcmp(&stated->key.id, DatumGetUUIDP(door->old.values[COLUMN_ID]), UUID_LEN) ==
		0)
		return false;
	caller = ScimBeOwner(door->store->owner);
	SPI_connect();
	ScimParamsOfResource(&params, stated->key.tenant_id, &stated->key.id);
	ScimSpiExecute(psprintf("SELECT FROM %s.resource WHERE tenant_id = $1 AND id = $2",
							door->store->quoted_name),
				   &params, false, 1);
	found = SPI_processed > 0;
	SPI_finish();
	ScimBeCaller(caller);
	return found;
}

/* Does an object name an attribute by its schema, as a member of its own? */
static bool
has_qualified(const JsonbValue *object)
{
	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &object->val.object.pairs[i];

		if (pair->value.type != jbvObject &&
			memchr(pair->key.val.string.val, ':', pair->key.val.string.len) != NULL)
			return true;
	}
	return false;
}

/*
 * What was made of a new row, and nobody stated, stays where the one that is there says
 * the same: it may be from there, as in users.data || excluded.data.
 */
static void
keep_same(JsonbValue *stated, const JsonbValue *made, const JsonbValue *old)
{
	if (has_qualified(stated))
		return;
	for (int i = 0; i < made->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &made->val.object.pairs[i];
		const char *key = pnstrdup(pair->key.val.string.val, pair->key.val.string.len);
		JsonbValue *said = ScimJsonGetFolded(stated, key);
		const JsonbValue *was = ScimJsonGet(old, key);

		if (was == NULL)
			continue;
		if (said == NULL && ScimJsonEqual(was, &pair->value))
			ScimJsonSet(stated, key, was);
		else if (said != NULL && said->type == jbvObject && was->type == jbvObject &&
				 pair->value.type == jbvObject)
			keep_same(said, &pair->value, was);
	}
}

/* The document of the INSERT, for the one that is there. */
static Jsonb *
stated_document(const Door *door, Jsonb *document)
{
	JsonbValue *stated = ScimJsonFromJsonb(document);
	JsonbValue *made = ScimJsonFromJsonb(DatumGetJsonbP(door->new.values[COLUMN_DATA]));
	JsonbValue *old = ScimJsonFromJsonb(DatumGetJsonbP(door->old.values[COLUMN_DATA]));

	if (stated->type == jbvObject && made->type == jbvObject && old->type == jbvObject)
		keep_same(stated, made, old);
	return ScimJsonToJsonb(stated);
}

/* Does the UPDATE write a column that an attribute follows? */
static bool
sets_keys(const Door *door)
{
	for (int column = 0; column < SCIM_KEY_COLUMNS; column++)
	{
		if (ScimDoorSets(door, column))
			return true;
	}
	return false;
}

/*
 * ScimExcludedTake: what the UPDATE at the door is given of the INSERT that it takes the
 * place of; its document is then what that one stated.
 */
void
ScimExcludedTake(Door *door, ScimExcluded *excluded)
{
	StatedRow *stated = &door->columns->stated;
	StatedRow last = *stated;
	Jsonb *document = NULL;
	bool unsure;
	char *secret = NULL;

	memset(excluded, 0, sizeof(ScimExcluded));
	if (last.document == NULL && !last.has_password && !last.no_password &&
		!last.has_members)
		return;
	memset(stated, 0, sizeof(StatedRow));
	if (last.document != NULL)
	{
		document = palloc(VARSIZE(last.document));
		memcpy(document, last.document, VARSIZE(last.document));
		pfree(last.document);
		last.document = NULL;
	}
	if (!ScimDoorSets(door, COLUMN_DATA) || door->new.nulls[COLUMN_DATA] ||
		is_inserted(door, &last))
		return;
	excluded->is = true;
	excluded->stated = last;
	if (data_digest(&door->new) != last.data)
		return;
	excluded->same = true;
	/* such a column of "excluded" says what was made of it */
	if (document != NULL && !sets_keys(door))
		ScimSetColumn(&door->new, COLUMN_DATA,
					  JsonbPGetDatum(stated_document(door, document)));
	(void) ScimPendingTake(&last.key, &unsure, &secret, &excluded->members);
	excluded->secret = secret;
	excluded->no_password = last.no_password;
	excluded->has_members = last.has_members;
}

/*
 * ScimExcludedCheck: an error where the UPDATE writes another document than that of the
 * INSERT, which leaves out what that one stated.
 */
void
ScimExcludedCheck(const Door *door, const ScimExcluded *excluded,
				  const JsonbValue *document)
{
	const StatedRow *stated = &excluded->stated;
	const char *missing = NULL;

	if (!excluded->is || excluded->same)
		return;
	if ((stated->has_password || stated->no_password) &&
		ScimJsonGetFolded(document, "password") == NULL)
		missing = "password";
	else if (stated->has_members && ScimJsonGetFolded(document, "members") == NULL)
		missing = "members";
	if (missing != NULL)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("the INSERT states \"%s\", and what ON CONFLICT DO UPDATE writes "
						"into \"data\" does not",
						missing),
				 errhint("SET data = excluded.data takes it along; any other value of "
						 "\"data\" has to state it.")));
}
