/*
 * member_note.c
 *		Who came to a group and who left it, until the event of its change tells it.
 *
 * Members are rows of their own, whose trigger knows who came and went; the event is
 * written with the row of the group, which comes next (the group is touched) or came
 * before (it was created with them).  What never gets there is forgotten with the
 * transaction.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "door/members/members.h"
#include "door/row/row.h"
#include "event/event.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/store.h"

typedef struct NoteKey
{
	Oid namespace_oid;
	int32 tenant_id;
	pg_uuid_t group_id;
} NoteKey;

typedef struct NotedMember
{
	ScimMemberTold told;
	bool added;
	SubTransactionId subid;
} NotedMember;

typedef struct Note
{
	NoteKey key;
	List *members; /* of NotedMember * */
	bool is_cut;
} Note;

static HTAB *notes = NULL; /* in TopTransactionContext, or NULL */

/* What a subtransaction has done to members goes with it. */
static void
subtransaction_ends(SubXactEvent event, SubTransactionId subid, SubTransactionId parent,
					void *arg)
{
	HASH_SEQ_STATUS scan;
	Note *note;

	if (event != SUBXACT_EVENT_ABORT_SUB || notes == NULL)
		return;
	hash_seq_init(&scan, notes);
	while ((note = hash_seq_search(&scan)) != NULL)
	{
		ListCell *lc;

		foreach (lc, note->members)
		{
			if (((NotedMember *) lfirst(lc))->subid >= subid)
				note->members = foreach_delete_current(note->members, lc);
		}
	}
}

static void
make_table(void)
{
	static bool registered = false;

	ScimNotedTable(&notes, "scim noted members", sizeof(NoteKey), sizeof(Note), 16);
	if (!registered)
		RegisterSubXactCallback(subtransaction_ends, NULL);
	registered = true;
}

static NoteKey
note_key(const ScimStore *store, int32 tenant_id, const pg_uuid_t *group_id)
{
	NoteKey key;

	memset(&key, 0, sizeof(key));
	key.namespace_oid = store->namespace_oid;
	key.tenant_id = tenant_id;
	key.group_id = *group_id;
	return key;
}

/* Who goes and comes again was there all the time. */
static bool
takes_back(Note *note, const pg_uuid_t *id, bool added)
{
	ListCell *lc;

	foreach (lc, note->members)
	{
		const NotedMember *noted = lfirst(lc);

		if (noted->added != added && memcmp(&noted->told.id, id, UUID_LEN) == 0)
		{
			note->members = foreach_delete_current(note->members, lc);
			return true;
		}
	}
	return false;
}

static void
note_member(const NoteKey *key, const pg_uuid_t *id, const char *value, const char *type,
			bool added)
{
	MemoryContext old;
	NotedMember *noted;
	Note *note;
	bool found;

	if (notes == NULL)
		make_table();
	note = hash_search(notes, key, HASH_ENTER, &found);
	if (!found)
	{
		note->members = NIL;
		note->is_cut = false;
	}
	if (takes_back(note, id, added))
		return;
	/* as many may have gone as came */
	if (list_length(note->members) >= 2 * SCIM_MAX_EVENT_MEMBERS)
	{
		note->is_cut = true;
		return;
	}
	old = MemoryContextSwitchTo(TopTransactionContext);
	noted = palloc0(sizeof(NotedMember));
	noted->told.id = *id;
	noted->told.value = value ? pstrdup(value) : NULL;
	noted->told.type = type ? pstrdup(type) : NULL;
	noted->added = added;
	noted->subid = GetCurrentSubTransactionId();
	note->members = lappend(note->members, noted);
	MemoryContextSwitchTo(old);
}

typedef struct Noting
{
	const ScimStore *store;
	bool added;
} Noting;

static void
note_rows(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	const Noting *noting = arg;

	for (uint64 i = 0; i < nrows; i++)
	{
		int32 tenant_id = DatumGetInt32(ScimColumnValue(rows[i], desc, 1, INT4OID));
		const pg_uuid_t *group_id =
			DatumGetUUIDP(ScimColumnValue(rows[i], desc, 2, UUIDOID));
		const pg_uuid_t *member_id =
			DatumGetUUIDP(ScimColumnValue(rows[i], desc, 3, UUIDOID));
		NoteKey key = note_key(noting->store, tenant_id, group_id);
		bool no_value;
		bool no_type;
		Datum value = ScimColumn(rows[i], desc, 4, TEXTOID, &no_value);
		Datum type = ScimColumn(rows[i], desc, 5, TEXTOID, &no_type);

		CHECK_FOR_INTERRUPTS();
		note_member(&key, member_id, no_value ? NULL : TextDatumGetCString(value),
					no_type ? NULL : TextDatumGetCString(type), noting->added);
	}
}

/*
 * ScimMemberNotesAdd notes the rows of the transition table changed_member, some of each
 * group, where an event may tell of them.  SPI is connected and the table registered.
 */
void
ScimMemberNotesAdd(ScimStore *store, bool added)
{
	Noting noting = {store, added};

	if (!ScimRuleAny(store, SCIM_RULE_EVENTS) && !ScimRuleAny(store, SCIM_RULE_EMIT))
		return;
	ScimSpiForEach(
		psprintf("SELECT c.tenant_id, c.group_id, c.member_id, c.value, "
				 "coalesce(r.resource_type, c.member_type) FROM (SELECT m.*, "
				 "row_number() OVER (PARTITION BY m.tenant_id, m.group_id "
				 "ORDER BY m.member_id) AS number FROM changed_member m) c "
				 "LEFT JOIN %s.resource r ON r.tenant_id = c.tenant_id "
				 "AND r.id = c.member_id AND r.deleted_at IS NULL WHERE c.number <= %d",
				 store->quoted_name, SCIM_MAX_EVENT_MEMBERS + 1),
		NULL, false, note_rows, &noting);
}

/* Whoever came where added, or went where not; told->is_cut where there are too many. */
static List *
take_list(const Note *note, bool added, ScimMembersTold *told)
{
	List *list = NIL;
	const ListCell *lc;

	foreach (lc, note->members)
	{
		NotedMember *noted = lfirst(lc);

		if (noted->added != added)
			continue;
		if (list_length(list) == SCIM_MAX_EVENT_MEMBERS)
		{
			told->is_cut = true;
			break;
		}
		list = lappend(list, &noted->told);
	}
	return list;
}

/*
 * ScimMemberNotesTake hands over what is noted of a group; NULL: nothing is.  It lasts
 * until the transaction ends.
 */
ScimMembersTold *
ScimMemberNotesTake(const ScimStore *store, int32 tenant_id, const pg_uuid_t *group_id)
{
	NoteKey key = note_key(store, tenant_id, group_id);
	Note *note = notes ? hash_search(notes, &key, HASH_FIND, NULL) : NULL;
	ScimMembersTold *told;

	if (note == NULL)
		return NULL;
	told = palloc0(sizeof(ScimMembersTold));
	told->is_cut = note->is_cut;
	told->added = take_list(note, true, told);
	told->removed = take_list(note, false, told);
	(void) hash_search(notes, &key, HASH_REMOVE, NULL);
	return told->added == NIL && told->removed == NIL && !told->is_cut ? NULL : told;
}

/*
 * ScimMembersAllTold: all members of a group, as an event tells of who came; NULL: it has
 * none.  SPI is connected.
 */
ScimMembersTold *
ScimMembersAllTold(const ScimStore *store, int32 tenant_id, const pg_uuid_t *group_id)
{
	ScimMembersTold *told = palloc0(sizeof(ScimMembersTold));
	ScimParams params;

	ScimParamsOfResource(&params, tenant_id, group_id);
	ScimSpiExecute(psprintf("SELECT m.member_id, m.value, "
							"coalesce(r.resource_type, m.member_type) "
							"FROM %1$s.member m LEFT JOIN %1$s.resource r "
							"ON r.tenant_id = $1 AND r.id = m.member_id "
							"AND r.deleted_at IS NULL WHERE m.tenant_id = $1 "
							"AND m.group_id = $2 ORDER BY m.member_id LIMIT %2$d",
							store->quoted_name, SCIM_MAX_EVENT_MEMBERS + 1),
				   &params, false, 0);
	told->is_cut = SPI_processed > SCIM_MAX_EVENT_MEMBERS;
	for (uint64 i = 0; i < Min(SPI_processed, SCIM_MAX_EVENT_MEMBERS); i++)
	{
		ScimMemberTold *member = palloc0(sizeof(ScimMemberTold));

		member->id = *DatumGetUUIDP(ScimResultValue(i, 1, UUIDOID));
		member->value = ScimResultText(i, 2);
		member->type = ScimResultText(i, 3);
		told->added = lappend(told->added, member);
	}
	return told->added != NIL ? told : NULL;
}
