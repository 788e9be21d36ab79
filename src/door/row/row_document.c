/*
 * row_document.c
 *		The document of a row at the door: what the key columns say beside it, what is
 *		wrong with it, and how it is stored.
 */
#include "postgres.h"

#include "commands/trigger.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "door/row/at_door.h"
#include "door/row/row.h"
#include "json/json.h"
#include "policy/policy.h"
#include "resource/resource.h"
#include "store/acting.h"
#include "store/credential/sealing.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/store.h"

static JsonbValue *
key_column_value(const ResourceRow *row, int column)
{
	if (row->nulls[column])
		return NULL;
	if (column == SCIM_KEY_ACTIVE)
		return ScimJsonNewBool(DatumGetBool(row->values[column]));
	return ScimJsonNewString(TextDatumGetCString(row->values[column]));
}

/* Do a column and what the document states say the same, in whichever form? */
static bool
says_same(const Door *door, const char *name, const JsonbValue *stated,
		  const JsonbValue *written)
{
	ScimAttrRef ref = {NULL, name, NULL};
	ScimResolved resolved;
	List *problems = NIL;
	const JsonbValue *canonical;

	if (written == NULL || ScimJsonIsUnassigned(stated))
		return written == NULL && ScimJsonIsUnassigned(stated);
	if (ScimJsonEqual(stated, written))
		return true;
	if (!ScimResolve(door->type, &ref, &resolved))
		return false;
	canonical = ScimCanonicaliseValue(door->type, resolved.attribute,
									  ScimJsonCopy(stated), name, 0, &problems);
	return canonical != NULL && ScimJsonEqual(canonical, written);
}

/* The document says of an attribute what its column does; member: what it said, or NULL.
 */
static void
set_member(JsonbValue *document, const char *name, JsonbValue *member,
		   const JsonbValue *written)
{
	if (member == NULL && written != NULL)
		ScimJsonSet(document, name, written);
	else if (member != NULL && written != NULL)
		*member = *written; /* in whichever letters its name is */
	else if (member != NULL)
		ScimJsonRemoveMember(
			document, (JsonbPair *) ((char *) member - offsetof(JsonbPair, value)) -
						  document->val.object.pairs);
}

/*
 * ScimDoorMergeColumns brings what was written to key columns into the document.  An
 * INSERT writes each column that is not null, an UPDATE each that has changed.
 */
void
ScimDoorMergeColumns(const Door *door, JsonbValue *document,
					 const JsonbValue *old_document)
{
	for (int column = 0; column < SCIM_KEY_COLUMNS; column++)
	{
		const ScimKeyColumnInfo *info = &ScimKeyColumnInfos[column];
		JsonbValue *written = key_column_value(&door->new, column);
		JsonbValue *member;
		JsonbValue *stated;
		JsonbValue *qualified = NULL;

		if (old_document == NULL ? written == NULL
								 : ScimSameColumn(&door->old, &door->new, column))
			continue;
		member = stated = ScimJsonGetFolded(document, info->attribute);
		if (stated != NULL && old_document != NULL)
		{
			const JsonbValue *before = ScimJsonGet(old_document, info->attribute);

			/* an attribute that still says what it said follows its column */
			if (before != NULL && ScimJsonEqual(stated, before))
				stated = NULL;
		}
		if (stated == NULL)
			stated = qualified = ScimJsonGetFolded(
				document, psprintf("%s:%s", door->type->schema->id, info->attribute));
		if (stated != NULL && !says_same(door, info->attribute, stated, written))
			ereport(ERROR,
					(ScimErr(SCIM_INVALID_VALUE),
					 errmsg("column \"%s\" and attribute \"%s\" say different things",
							info->column, info->attribute)));
		if (qualified == NULL) /* else it says so itself */
			set_member(document, info->attribute, member, written);
	}
}

/*
 * ScimDoorDeriveColumns: the key columns say what the document of a type does, but for
 * what is sealed there.
 */
void
ScimDoorDeriveColumns(const ScimResourceType *type, ResourceRow *row,
					  const JsonbValue *document)
{
	for (int column = 0; column < SCIM_KEY_COLUMNS; column++)
	{
		const char *name = ScimKeyColumnInfos[column].attribute;
		const JsonbValue *value = ScimJsonGet(document, name);
		const ScimAttribute *attribute =
			type->has_sealed ? ScimSchemaAttribute(type->schema, name, strlen(name))
							 : NULL;

		/* an attribute of another type, in a schema of the user's own, has no column */
		row->nulls[column] =
			value == NULL || (attribute != NULL && attribute->sealed) ||
			value->type != (column == SCIM_KEY_ACTIVE ? jbvBool : jbvString);
		if (row->nulls[column])
			row->values[column] = (Datum) 0;
		else if (column == SCIM_KEY_ACTIVE)
			row->values[column] = BoolGetDatum(value->val.boolean);
		else
			row->values[column] = PointerGetDatum(
				cstring_to_text_with_len(value->val.string.val, value->val.string.len));
	}
}

static const pg_uuid_t *
own_id(const Door *door)
{
	return door->new.nulls[COLUMN_ID] ? NULL : DatumGetUUIDP(door->new.values[COLUMN_ID]);
}

/*
 * What is wrong with the references of the document.  Of one that comes back into sight
 * all are checked, since what it refers to may have gone meanwhile.
 */
static List *
check_references(const Door *door, const JsonbValue *document,
				 const JsonbValue *old_document)
{
	List *problems = NIL;

	if (old_document != NULL && ScimStatusIsGone(ScimRowStatus(&door->old)) &&
		!ScimStatusIsGone(ScimRowStatus(&door->new)))
		old_document = NULL;
	ScimCheckReferences(door->store, door->tenant_id, door->type, document, old_document,
						own_id(door), door->columns->targets, &problems);
	return problems;
}

/* May what is missing be a row that the statement has not written yet? */
static bool
may_come(List *missing)
{
	const ListCell *lc;
	pg_uuid_t id;

	foreach (lc, missing)
	{
		if (!ScimReferenceId(((const ScimReference *) lfirst(lc))->value, &id))
			return false;
	}
	return true;
}

/* ScimDoorAsksChanges: is there a policy that asks what a write changes? */
bool
ScimDoorAsksChanges(const ScimRules *rules)
{
	static const ScimRuleKind kinds[] = {
		SCIM_RULE_CANONICAL, SCIM_RULE_CONDITION, SCIM_RULE_DEFAULT,
		SCIM_RULE_FIXED,     SCIM_RULE_GENERATE,  SCIM_RULE_IDENTITY,
		SCIM_RULE_MANAGED,   SCIM_RULE_REFERENCE, SCIM_RULE_STATUS};

	for (size_t i = 0; i < lengthof(kinds); i++)
	{
		if (rules->of[kinds[i]] != NIL)
			return true;
	}
	return false;
}

/*
 * ScimDoorPrepare checks the document and splits it; members and password go to their
 * tables.  today is what policies compare it with: the old document as it would be
 * written now.
 */
void
ScimDoorPrepare(Door *door, JsonbValue *document, const JsonbValue *old_document,
				const JsonbValue *today, ScimPrepared *prepared)
{
	ScimCompletion completion = {door, today};
	List *problems = NIL;
	int options = ScimWritesReadOnly(door->store) ? SCIM_BY_SERVICE : 0;

	/* no answer has it, so that who sends one back says nothing of it by a null */
	if (ScimDoorStates(door))
		options |= SCIM_SEALED_STATED;
	else if (!ScimDoorReplaces(door))
		options |= SCIM_NULL_REMOVES;
	if (ScimPrepare(door->type, document, old_document, options,
					ScimRulesComplete(door->rules) ? ScimComplete : NULL, &completion,
					prepared, &problems))
	{
		ScimSpellReferences(door->store, door->type, door->tenant_id, today,
							prepared->document);
		ScimCheckPolicies(door->store, door->tenant_id, door->type, prepared->document,
						  today, &problems);
		door->missing = check_references(door, prepared->document, today);
	}
	if (problems != NIL || !may_come(door->missing))
		problems = list_concat(problems, door->missing);
	ScimViolationApply(door->rules, problems);
	ScimProblemsRaise(problems);
	if (door->type->has_sealed)
		ScimSealDocument(door->store, door->type, prepared->document, old_document);
}

/*
 * ScimDoorCheckConditions: what the row has become, its life-cycle included, must obey
 * the policies "condition". old_document NULL: a new row.  Who is brought back as he was
 * may be, and who is suspended or goes without anything else of him changed: no rule
 * keeps people in.
 */
void
ScimDoorCheckConditions(const Door *door, const JsonbValue *document,
						const JsonbValue *old_document)
{
	ScimStatus before = SCIM_STATUS_ACTIVE;
	const pg_uuid_t *id = own_id(door);
	List *problems = NIL;

	if (door->rules->of[SCIM_RULE_CONDITION] == NIL)
		return;
	if (old_document != NULL)
	{
		before = ScimRowStatus(&door->old);
		if (ScimStatusIsGone(before) &&
			(ScimSameColumn(&door->old, &door->new, COLUMN_DATA) ||
			 ScimDoorSameContent(door, document, old_document)))
			return;
		if (ScimIsStoreWrite() || (!ScimStatusIsActive(ScimRowStatus(&door->new)) &&
								   ScimDoorSameContent(door, document, old_document)))
			return;
	}
	if (TRIGGER_FIRED_BEFORE(door->trigger->tg_event))
		ScimCheckConditions(door->store, door->tenant_id, door->rules, id, document,
							ScimRowStatus(&door->new), old_document, before,
							door->columns->targets, &problems);
	else
		ScimCheckConditionsThrough(door->store, door->tenant_id, door->rules, id,
								   document, ScimRowStatus(&door->new), old_document,
								   before, door->columns->targets, &problems);
	if (problems != NIL)
		ScimProblemsRaise(list_concat(list_copy(door->missing), problems));
}

/*
 * ScimDoorCheckWritten checks, once all rows of the statement are written, what depends
 * on others of them: the policies "condition" with "through" and, where the door was
 * unsure of something, "reference".
 */
void
ScimDoorCheckWritten(const Door *door, bool unsure)
{
	const ResourceRow *new = &door->new;
	const JsonbValue *document;
	const JsonbValue *old_document = NULL;
	bool goes_through = ScimConditionsGoThrough(door->rules);

	if (!goes_through && !unsure)
		return;
	document = ScimJsonFromJsonb(DatumGetJsonbP(new->values[COLUMN_DATA]));
	if (TRIGGER_FIRED_BY_UPDATE(door->trigger->tg_event))
	{
		if (ScimSameColumn(&door->old, new, COLUMN_DATA) &&
			ScimSameColumn(&door->old, new, COLUMN_STATUS))
			return;
		old_document = ScimJsonFromJsonb(DatumGetJsonbP(door->old.values[COLUMN_DATA]));
		old_document = ScimStoredToday(door->type, old_document);
	}
	if (unsure)
		ScimProblemsRaise(check_references(door, document, old_document));
	if (goes_through)
		ScimDoorCheckConditions(door, document, old_document);
}

/* ScimDoorSetDocument: the document as it is stored; old_document NULL: of a new row. */
void
ScimDoorSetDocument(Door *door, JsonbValue *document, const JsonbValue *old_document)
{
	Jsonb *data = ScimJsonToJsonb(document);
	Jsonb *before = NULL;
	List *problems = NIL;

	if (TRIGGER_FIRED_BY_UPDATE(door->trigger->tg_event))
		before = DatumGetJsonbP(door->old.values[COLUMN_DATA]);
	CHECK_FOR_INTERRUPTS();
	ScimCheckSize(door->type, data, before, &problems);
	/* "active" takes a few bytes where there was none */
	if (problems != NIL && old_document != NULL &&
		ScimDoorSameContent(door, document, ScimStoredToday(door->type, old_document)))
		problems = NIL;
	ScimProblemsRaise(problems);
	ScimSetColumn(&door->new, COLUMN_DATA, JsonbPGetDatum(data));
}
