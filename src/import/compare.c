/*
 * compare.c
 *		What a row of the source makes of the resource that it means.
 *
 * Row and resource are joined by one statement.  The document that the row leads to is
 * made canonical, completed by policies and checked like one at the door, without being
 * written.  What only a write can find out, a trigger of somebody's for instance, is
 * found out when it is written.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "door/row/at_door.h"
#include "door/row/row.h"
#include "import/import.h"
#include "json/json.h"
#include "query/past/past.h"
#include "store/statement/column.h"
#include "store/statement/statement.h"

/* The columns of the joined rows. */
typedef enum JoinedColumn
{
	JOINED_LINE = 1,
	JOINED_NEW_ID,
	JOINED_ROW,
	JOINED_SAME_FIRST, /* lines of the source that mean the same, or null */
	JOINED_SAME_LAST,
	JOINED_NAME_FIRST, /* the line that has the same userName before this one, or null */
	JOINED_TAKEN_BY,   /* the resource that has the userName, or null */
	JOINED_ID,
	JOINED_VERSION,
	JOINED_DATA,
	JOINED_STATUS,
	JOINED_COUNT, /* of resources that the row may mean */
	JOINED_NUMBER /* of this one */
} JoinedColumn;

typedef struct Joined
{
	int64 line;
	pg_uuid_t new_id;
	Jsonb *row;
	bool has_same;
	int64 same_first;
	int64 same_last;
	bool has_name_first;
	int64 name_first;
	bool is_taken;
	pg_uuid_t taken_by;
	bool has_resource;
	pg_uuid_t id;
	int64 version;
	Jsonb *data;
	ScimStatus status;
	int64 count;
	int64 number;
} Joined;

/* What has been found out, in the order of the columns of "plan". */
typedef struct Outcome
{
	ScimImportAction action;
	bool is_nothing; /* another row tells of it */
	int64 line;
	const char *key;
	bool has_id;
	pg_uuid_t id;
	int64 version;
	Jsonb *document; /* that is written, or NULL */
	Jsonb *before;   /* of what changes */
	Jsonb *difference;
	Jsonb *problems;
	List *taken;      /* ScimProblem *: others have it */
	List *wants;      /* char *: keys of what others have (freed.c) */
	List *frees;      /* and of what comes free */
	List *depends;    /* ScimDepends *: members that other rows make */
	bool goes;        /* the resource, for good or out of sight */
	List *made_names; /* ScimMadeName *, of whom the row makes, where rows look */
} Outcome;

typedef struct Chunk
{
	ScimImport *import;
	HeapTuple *rows;
	TupleDesc desc;
	Outcome *outcomes;
	MemoryContext context; /* of the outcomes */
	MemoryContext scratch; /* of one row */
} Chunk;

/* May the import touch a resource with this document? */
static bool
is_in_scope(ScimImport *import, const Jsonb *document)
{
	return import->scope_bound == NULL ||
		   ScimFilterMatchOfMany(import->scope_bound, (JsonbContainer *) &document->root,
								 &import->scope_visits);
}

/* ---- the statement ---- */

static const char *
match_condition(const ScimImport *import)
{
	switch (import->match)
	{
		case SCIM_MATCH_ID:
			return "r.id = s.id";
		case SCIM_MATCH_EXTERNAL_ID:
			return "r.external_id = s.match COLLATE \"C\"";
		case SCIM_MATCH_DISPLAY_NAME:
			return "scim.fold(r.display_name) = s.match COLLATE \"C\"";
		default:
			return "scim.fold_user_name(r.user_name) = s.match COLLATE \"C\"";
	}
}

static char *
joined_query(const ScimImport *import)
{
	const char *store = import->store->quoted_name;
	const char *type_name = quote_literal_cstr(import->type->name);
	bool names = import->type->has_groups && import->match != SCIM_MATCH_USER_NAME;
	StringInfoData query;

	initStringInfo(&query);
	appendStringInfo(
		&query,
		"SELECT s.line, s.new_id, s.row, d.first, d.last, %s, %s, "
		"r.id, r.version, r.data, r.status, count(r.id) OVER w, row_number() OVER w "
		"FROM source s LEFT JOIN (SELECT match, min(line) AS first, max(line) AS last "
		"FROM source WHERE match IS NOT NULL GROUP BY match HAVING count(*) > 1) AS d "
		"ON d.match = s.match LEFT JOIN %s.resource r ON r.resource_type = %s "
		"AND r.tenant_id = $1 AND r.deleted_at IS NULL AND %s ",
		names ? "CASE WHEN u.first < s.n THEN u.line END" : "null::bigint",
		names ? "o.id" : "null::uuid", store, type_name, match_condition(import));
	if (names)
		appendStringInfo(
			&query,
			"LEFT JOIN (SELECT user_name, min(n) AS first, min(line) AS line FROM source "
			"WHERE user_name IS NOT NULL GROUP BY user_name HAVING count(*) > 1) AS u "
			"ON u.user_name = s.user_name "
			"LEFT JOIN %s.resource o ON o.resource_type = %s AND o.tenant_id = $1 "
			"AND o.deleted_at IS NULL "
			"AND scim.fold_user_name(o.user_name) = s.user_name COLLATE \"C\" ",
			store, type_name);
	appendStringInfoString(&query, "WINDOW w AS (PARTITION BY s.n) ORDER BY s.n");
	return query.data;
}

static void
read_joined(const ScimResourceType *type, HeapTuple tuple, TupleDesc desc, Joined *joined)
{
	bool isnull;
	Datum value;

	memset(joined, 0, sizeof(Joined));
	joined->line = DatumGetInt64(ScimColumnValue(tuple, desc, JOINED_LINE, INT8OID));
	joined->new_id = *DatumGetUUIDP(ScimColumnValue(tuple, desc, JOINED_NEW_ID, UUIDOID));
	joined->row = DatumGetJsonbP(ScimColumnValue(tuple, desc, JOINED_ROW, JSONBOID));
	value = ScimColumn(tuple, desc, JOINED_SAME_FIRST, INT8OID, &isnull);
	joined->has_same = !isnull;
	if (!isnull)
	{
		joined->same_first = DatumGetInt64(value);
		joined->same_last =
			DatumGetInt64(ScimColumnValue(tuple, desc, JOINED_SAME_LAST, INT8OID));
	}
	value = ScimColumn(tuple, desc, JOINED_NAME_FIRST, INT8OID, &isnull);
	joined->has_name_first = !isnull;
	joined->name_first = isnull ? 0 : DatumGetInt64(value);
	value = ScimColumn(tuple, desc, JOINED_TAKEN_BY, UUIDOID, &isnull);
	joined->is_taken = !isnull;
	if (!isnull)
		joined->taken_by = *DatumGetUUIDP(value);
	value = ScimColumn(tuple, desc, JOINED_ID, UUIDOID, &isnull);
	joined->has_resource = !isnull;
	if (!isnull)
	{
		joined->id = *DatumGetUUIDP(value);
		joined->version =
			DatumGetInt64(ScimColumnValue(tuple, desc, JOINED_VERSION, INT8OID));
		joined->data = ScimStoredData(
			type, DatumGetJsonbP(ScimColumnValue(tuple, desc, JOINED_DATA, JSONBOID)));
		joined->status = SCIM_STATUS_ACTIVE;
		(void) ScimStatusByName(
			TextDatumGetCString(ScimColumnValue(tuple, desc, JOINED_STATUS, TEXTOID)),
			&joined->status);
	}
	joined->count = DatumGetInt64(ScimColumnValue(tuple, desc, JOINED_COUNT, INT8OID));
	joined->number = DatumGetInt64(ScimColumnValue(tuple, desc, JOINED_NUMBER, INT8OID));
}

/* ---- one row ---- */

/* As the policies "managed" see who writes what. */
static void
stand_at_door(const ScimImport *import, const Joined *joined, Door *door)
{
	memset(door, 0, sizeof(Door));
	door->store = import->store;
	door->type = import->type;
	door->tenant_id = import->tenant_id;
	door->rules = import->rules;
	door->as_client = true;
	if (joined->has_resource)
		ScimSetColumn(&door->old, COLUMN_ID, UUIDPGetDatum(&joined->id));
}

static ScimStatus
status_after(const ScimImport *import, const Joined *joined, const JsonbValue *before,
			 const JsonbValue *after)
{
	const JsonbValue *was = before != NULL ? ScimJsonGet(before, "active") : NULL;
	const JsonbValue *is = ScimJsonGet(after, "active");
	ScimStatus status = before != NULL ? joined->status : SCIM_STATUS_ACTIVE;
	List *problems = NIL;

	if (ScimStatusStated(ScimRuleOf(import->rules, SCIM_RULE_STATUS), after, before,
						 status, &status, &problems))
		return status;
	if (ScimTypeHasActive(import->type) && (before == NULL || !ScimJsonSame(was, is)))
		return ScimStatusByActive(after);
	return status;
}

/* No condition keeps somebody in who is only suspended, as at the door. */
static void
check_conditions(ScimImport *import, const Joined *joined, const Door *door,
				 const JsonbValue *before, const JsonbValue *after, List **problems)
{
	ScimStatus status = status_after(import, joined, before, after);

	if (before != NULL && !ScimStatusIsActive(status) &&
		ScimDoorSameContent(door, after, before))
		return;
	ScimCheckConditions(
		import->store, import->tenant_id, import->rules,
		joined->has_resource ? &joined->id : &joined->new_id, after, status, before,
		before != NULL ? joined->status : SCIM_STATUS_ACTIVE, NULL, problems);
}

/*
 * What is stored of a document that is written; NULL: what is wrong with it is among the
 * problems.
 */
static JsonbValue *
check_document(ScimImport *import, const Joined *joined, const ScimImportRow *row,
			   JsonbValue *document, const JsonbValue *before, Outcome *outcome,
			   List **problems)
{
	Door door;
	const JsonbValue *today =
		before != NULL ? ScimStoredToday(import->type, before) : NULL;
	ScimCompletion completion = {&door, today};
	const pg_uuid_t *id = joined->has_resource ? &joined->id : &joined->new_id;
	JsonbValue *after = NULL;
	ScimPrepared prepared;

	stand_at_door(import, joined, &door);
	if (ScimPrepare(import->type, document, before,
					ScimWritesReadOnly(import->store) ? SCIM_BY_SERVICE : 0,
					ScimRulesComplete(import->rules) ? ScimComplete : NULL, &completion,
					&prepared, problems))
	{
		after = prepared.document;
		if (before != NULL)
			ScimImportCheckCleared(import, row, before, document, after, problems);
		ScimSpellReferences(import->store, import->type, import->tenant_id, today, after);
		ScimCheckPolicies(import->store, import->tenant_id, import->type, after, today,
						  problems);
		ScimCheckReferences(import->store, import->tenant_id, import->type, after, today,
							id, NULL, problems);
		ScimNamesCheckReferences(import, row, today, after, problems);
	}
	if (*problems == NIL)
		check_conditions(import, joined, &door, today, after, problems);
	ScimViolationApply(import->rules, *problems);
	if (*problems == NIL)
	{
		List *taken = NIL;
		const ListCell *lc;

		outcome->taken = list_concat(
			outcome->taken, ScimUniqueTaken(import->store, import->tenant_id,
											import->type, id, before, after, &taken));
		foreach (lc, taken)
			outcome->wants =
				lappend(outcome->wants, ScimImportValueKey(import, lfirst(lc)));
	}
	return *problems == NIL ? after : NULL;
}

/* Members of a group, which its document does not hold, and a password. */
typedef struct Aside
{
	JsonbValue *members;    /* or NULL: nothing is said of them, or nothing changes */
	JsonbValue *difference; /* operations */
	const JsonbValue *password;
} Aside;

static void
state_in(ScimImport *import, const Joined *joined, const ScimStated *stated,
		 JsonbValue *document, Aside *aside, List **depends, List **problems)
{
	JsonbValue *members;

	switch (stated->field->kind)
	{
		case SCIM_FIELD_MEMBERS:
			if (import->looks)
				break;
			members = ScimMembersNamed(import, joined->has_resource ? &joined->id : NULL,
									   stated->value, depends, problems);
			if (*problems == NIL &&
				ScimMembersDiffer(import, joined->has_resource ? &joined->id : NULL,
								  members, aside->difference))
				aside->members = members;
			break;
		case SCIM_FIELD_PASSWORD:
			if (stated->value != NULL && (!joined->has_resource || import->set_passwords))
				aside->password = stated->value;
			break;
		case SCIM_FIELD_ATTRIBUTE:
			ScimFieldSet(stated->field, document, stated->value);
			break;
		default:
			break;
	}
}

static void
add_operations(JsonbValue *difference, const Aside *aside)
{
	JsonbValue null = {.type = jbvNull};

	for (int i = 0; i < aside->difference->val.array.nElems; i++)
		ScimJsonAppend(difference, &aside->difference->val.array.elems[i]);
	if (aside->password != NULL)
		ScimJsonAppend(difference, ScimJsonOperation("replace", "/password", &null));
}

/* What is to be done so that the resource is what the row says. */
static void
compare_document(ScimImport *import, const Joined *joined, const ScimImportRow *row,
				 Outcome *outcome, List **problems)
{
	JsonbValue *before = joined->has_resource ? ScimJsonFromJsonb(joined->data) : NULL;
	const JsonbValue *known = before != NULL ? ScimKnown(import->type, before) : NULL;
	JsonbValue *document = before != NULL ? ScimJsonCopy(known) : ScimJsonNewObject();
	Aside aside = {NULL, ScimJsonNewArray(), NULL};
	JsonbValue *after;
	JsonbValue *difference;
	Jsonb *written;
	bool changed;
	const ListCell *lc;

	foreach (lc, row->stated)
		state_in(import, joined, lfirst(lc), document, &aside, &outcome->depends,
				 problems);
	foreach (lc, row->unknown)
	{
		const ScimStated *stated = lfirst(lc);

		ScimJsonSet(document, stated->field->key, stated->value);
	}
	if (*problems != NIL)
		return;
	if (aside.members != NULL)
		ScimJsonSet(document, "members", aside.members);
	if (aside.password != NULL)
		ScimJsonSet(document, "password", aside.password);
	written = ScimJsonToJsonb(document);
	after = check_document(import, joined, row, document, before, outcome, problems);
	if (after == NULL)
		return;
	if (import->scope_bound != NULL &&
		!is_in_scope(import, ScimJsonToJsonb(ScimJsonCopy(after))))
	{
		*problems = ScimProblemAdd(*problems, SCIM_INVALID_VALUE, NULL,
								   "what the row says is outside of the scope");
		return;
	}
	changed = before == NULL || !ScimJsonEqual(known, after);
	if (!changed && aside.members == NULL && aside.password == NULL)
	{
		outcome->action = SCIM_IMPORT_UNCHANGED;
		return;
	}
	outcome->action = before == NULL ? SCIM_IMPORT_CREATE : SCIM_IMPORT_CHANGE;
	if (import->looks)
	{
		outcome->made_names = ScimNamesOf(import, after);
		return;
	}
	outcome->document = written;
	outcome->before = before != NULL ? joined->data : NULL;
	if (before != NULL)
		outcome->frees =
			ScimImportFrees(import, joined->status, outcome->action, before, after);
	difference = ScimDisclosedDifference(import->type, before, after);
	if (before != NULL)
		add_operations(difference, &aside);
	else if (aside.members != NULL)
		add_operations(difference, &(Aside){.difference = aside.difference});
	outcome->difference = ScimJsonToJsonb(difference);
}

static void
compare_end(ScimImport *import, const Joined *joined, const ScimImportRow *row,
			Outcome *outcome, List **problems)
{
	JsonbValue *before;
	JsonbValue *after;

	outcome->action = SCIM_IMPORT_UNCHANGED;
	if (!joined->has_resource)
		return;
	before = ScimJsonFromJsonb(joined->data);
	if (strcmp(row->action, "delete") == 0)
	{
		if (joined->status == SCIM_STATUS_OFFBOARDING)
			return;
		outcome->action = SCIM_IMPORT_DELETE;
		after = NULL;
	}
	else
	{
		bool has_active = ScimTypeHasActive(import->type);

		if (joined->status == SCIM_STATUS_SUSPENDED ||
			(has_active && ScimStatusByActive(before) == SCIM_STATUS_SUSPENDED))
			return;
		if (joined->status == SCIM_STATUS_OFFBOARDING && !has_active)
		{
			/* nothing would end the access that he may have until he has left */
			if (ScimKeepsAccess(import->store, import->tenant_id, import->type))
				*problems = ScimProblemAdd(
					*problems, SCIM_MUTABILITY, NULL,
					"a %s without \"active\" keeps its access while it is being "
					"off-boarded",
					import->type->name);
			return;
		}
		outcome->action = SCIM_IMPORT_DEACTIVATE;
		after = ScimImportDeactivated(import, before);
	}
	outcome->goes = ScimImportGoes(import, joined->status, outcome->action);
	outcome->frees =
		ScimImportFrees(import, joined->status, outcome->action, before, after);
	outcome->difference =
		ScimJsonToJsonb(ScimDisclosedDifference(import->type, before, after));
}

static const char *
match_attribute(const ScimImport *import)
{
	return import->match == SCIM_MATCH_ID ? "id"
										  : ScimKeyColumnInfos[import->match].attribute;
}

/* Whom does the row mean?  Problems tell where nobody knows. */
static void
check_key(ScimImport *import, const Joined *joined, const ScimImportRow *row,
		  Outcome *outcome, List **problems)
{
	const char *attribute = match_attribute(import);
	const char *type_name = import->type->name;

	if (row->key == NULL && (import->match != SCIM_MATCH_ID || row->action != NULL))
		*problems = ScimProblemAdd(*problems, SCIM_INVALID_VALUE, attribute,
								   "the row says no %s", attribute);
	else if (joined->has_same)
		*problems = ScimProblemAdd(
			*problems, SCIM_UNIQUENESS, attribute,
			"lines " INT64_FORMAT " and " INT64_FORMAT " have the same %s \"%s\"",
			joined->same_first, joined->same_last, attribute, row->key);
	else if (joined->count > 1)
		*problems =
			ScimProblemAdd(*problems, SCIM_UNIQUENESS, attribute,
						   INT64_FORMAT " resources of type %s have the %s \"%s\"",
						   joined->count, type_name, attribute, row->key);
	else if (import->match == SCIM_MATCH_ID && row->key != NULL &&
			 !joined->has_resource && row->action == NULL)
		*problems = ScimProblemAdd(*problems, SCIM_INVALID_VALUE, attribute,
								   "%s \"%s\" does not exist", type_name, row->key);
	else if (joined->has_resource && !is_in_scope(import, joined->data))
		*problems =
			ScimProblemAdd(*problems, SCIM_INVALID_VALUE, NULL,
						   "%s \"%s\" is outside of the scope", type_name, row->key);
	if (*problems != NIL || row->action != NULL)
		return;
	/* who keeps the name that is his stands in nobody's way, and nobody in his */
	if (joined->is_taken && joined->has_resource &&
		memcmp(&joined->id, &joined->taken_by, UUID_LEN) == 0)
		return;
	if (joined->has_name_first)
		*problems = ScimProblemAdd(*problems, SCIM_UNIQUENESS, "userName",
								   "line " INT64_FORMAT " has the same userName \"%s\"",
								   joined->name_first, row->user_name);
	else if (joined->is_taken)
	{
		outcome->taken =
			ScimProblemAdd(outcome->taken, SCIM_UNIQUENESS, "userName",
						   "a %s with the same userName exists already", type_name);
		outcome->wants = lappend(outcome->wants, ScimImportNameKey(row->user_name));
	}
}

/* Is the resource another one than somebody has seen? */
static bool
is_conflict(const Joined *joined, const ScimImportRow *row, List **problems)
{
	if (!row->has_version || (joined->has_resource ? joined->version : 0) == row->version)
		return false;
	if (!joined->has_resource)
	{
		/* who is gone is gone */
		if (row->action != NULL)
			return false;
		*problems = ScimProblemAdd(*problems, SCIM_CONFLICT, NULL,
								   "the resource, of version " INT64_FORMAT ", is gone",
								   row->version);
	}
	else if (row->version == 0)
		*problems = ScimProblemAdd(*problems, SCIM_CONFLICT, NULL,
								   "the resource is there meanwhile");
	else
		*problems = ScimProblemAdd(*problems, SCIM_CONFLICT, NULL,
								   "the resource has version " INT64_FORMAT
								   " meanwhile, and not " INT64_FORMAT,
								   joined->version, row->version);
	return true;
}

static void
compare_row(ScimImport *import, const Joined *joined, Outcome *outcome)
{
	ScimImportRow *row = ScimSourceRow(import, joined->row, joined->line);
	List *problems = row->problems;
	List *conflict = NIL;
	bool conflicts;

	outcome->line = row->line;
	outcome->key = row->key;
	outcome->has_id = joined->has_resource;
	outcome->id = joined->has_resource ? joined->id : joined->new_id;
	outcome->version = joined->version;
	if (problems == NIL)
		check_key(import, joined, row, outcome, &problems);
	conflicts = problems == NIL && is_conflict(joined, row, &conflict);
	if (conflicts && !joined->has_resource)
		problems = conflict;
	else if (problems == NIL && row->action != NULL)
		compare_end(import, joined, row, outcome, &problems);
	else if (problems == NIL && import->looks && !ScimNamesRead(import))
		outcome->action = SCIM_IMPORT_UNCHANGED;
	else if (problems == NIL)
		compare_document(import, joined, row, outcome, &problems);
	/* nobody is undone by who would change nothing: the same file comes twice */
	conflicts &= problems != NIL || outcome->action != SCIM_IMPORT_UNCHANGED;
	if (conflicts)
	{
		problems = conflict;
		outcome->action = SCIM_IMPORT_CONFLICT;
	}
	if (problems == NIL)
	{
		if (outcome->taken != NIL)
			outcome->problems = ScimProblemsJson(outcome->taken);
		return;
	}
	if (outcome->action != SCIM_IMPORT_CONFLICT)
	{
		problems = list_concat(outcome->taken, problems);
		outcome->action = SCIM_IMPORT_INVALID;
	}
	outcome->document = outcome->before = outcome->difference = NULL;
	outcome->wants = outcome->frees = outcome->depends = NIL;
	outcome->goes = false;
	outcome->problems = ScimProblemsJson(problems);
}

/* ---- many ---- */

static Jsonb *
keep(const Jsonb *value)
{
	return value != NULL ? memcpy(palloc(VARSIZE(value)), value, VARSIZE(value)) : NULL;
}

static List *
keep_texts(const List *texts)
{
	List *kept = NIL;
	const ListCell *lc;

	foreach (lc, texts)
		kept = lappend(kept, pstrdup(lfirst(lc)));
	return kept;
}

static List *
keep_depends(const List *depends)
{
	List *kept = NIL;
	const ListCell *lc;

	foreach (lc, depends)
	{
		const ScimDepends *one = lfirst(lc);
		ScimDepends *copy = palloc(sizeof(ScimDepends));

		copy->id = one->id;
		copy->problems = keep(one->problems);
		kept = lappend(kept, copy);
	}
	return kept;
}

static List *
keep_names(const List *names)
{
	List *kept = NIL;
	const ListCell *lc;

	foreach (lc, names)
	{
		const ScimMadeName *one = lfirst(lc);
		ScimMadeName *copy = palloc(sizeof(ScimMadeName));

		copy->path = one->path;
		copy->text = pstrdup(one->text);
		kept = lappend(kept, copy);
	}
	return kept;
}

static void
compare_rows(void *arg, int from, int to)
{
	Chunk *chunk = arg;
	MemoryContext old = MemoryContextSwitchTo(chunk->scratch);

	for (int i = from; i < to; i++)
	{
		Outcome *outcome = &chunk->outcomes[i];
		Joined joined;

		CHECK_FOR_INTERRUPTS();
		MemoryContextReset(chunk->scratch);
		memset(outcome, 0, sizeof(Outcome));
		read_joined(chunk->import->type, chunk->rows[i], chunk->desc, &joined);
		if (joined.number > 1)
		{
			outcome->is_nothing = true;
			outcome->has_id = joined.has_resource;
			outcome->id = joined.id;
			continue;
		}
		compare_row(chunk->import, &joined, outcome);
		MemoryContextSwitchTo(chunk->context);
		if (outcome->key != NULL)
			outcome->key = pstrdup(outcome->key);
		outcome->document = keep(outcome->document);
		outcome->before = keep(outcome->before);
		outcome->difference = keep(outcome->difference);
		outcome->problems = keep(outcome->problems);
		outcome->wants = keep_texts(outcome->wants);
		outcome->frees = keep_texts(outcome->frees);
		outcome->depends = keep_depends(outcome->depends);
		outcome->made_names = keep_names(outcome->made_names);
		MemoryContextSwitchTo(chunk->scratch);
	}
	MemoryContextSwitchTo(old);
}

static void
put_matched(ScimImport *import, const pg_uuid_t *id)
{
	Datum value = UUIDPGetDatum(id);
	bool isnull = false;

	tuplestore_putvalues(import->matched, import->matched_desc, &value, &isnull);
	import->nmatched++;
}

static void
fill_plan(const Outcome *outcome, Datum *values, bool *nulls)
{
	values[SCIM_PLAN_ACTION] = Int32GetDatum((int32) outcome->action);
	values[SCIM_PLAN_LINE] = Int64GetDatum(outcome->line);
	nulls[SCIM_PLAN_KEY] = outcome->key == NULL;
	if (outcome->key != NULL)
		values[SCIM_PLAN_KEY] = CStringGetTextDatum(outcome->key);
	values[SCIM_PLAN_ID] = UUIDPGetDatum(&outcome->id);
	values[SCIM_PLAN_VERSION] = Int64GetDatum(outcome->version);
	nulls[SCIM_PLAN_DOCUMENT] = outcome->document == NULL;
	values[SCIM_PLAN_DOCUMENT] = JsonbPGetDatum(outcome->document);
	nulls[SCIM_PLAN_DIFFERENCE] = outcome->difference == NULL;
	values[SCIM_PLAN_DIFFERENCE] = JsonbPGetDatum(outcome->difference);
	nulls[SCIM_PLAN_BEFORE] = outcome->before == NULL;
	values[SCIM_PLAN_BEFORE] = JsonbPGetDatum(outcome->before);
}

static void
put_plan(ScimImport *import, const Outcome *outcome)
{
	Datum values[SCIM_PLAN_COLUMNS] = {0};
	bool nulls[SCIM_PLAN_COLUMNS] = {false};

	fill_plan(outcome, values, nulls);
	tuplestore_putvalues(import->plan, import->plan_desc, values, nulls);
	import->nplan++;
}

/* A row that can be only if others are done, who give up what it wants or make whom it
 * names. */
static void
put_waiting(ScimImport *import, const Outcome *outcome)
{
	Datum values[SCIM_WAITING_COLUMNS] = {0};
	bool nulls[SCIM_WAITING_COLUMNS] = {false};

	fill_plan(outcome, values, nulls);
	values[SCIM_WAITING_IS_THERE] = BoolGetDatum(outcome->has_id);
	nulls[SCIM_WAITING_PROBLEMS] = outcome->problems == NULL;
	values[SCIM_WAITING_PROBLEMS] = JsonbPGetDatum(outcome->problems);
	if (ScimNamesRead(import))
		ScimLeftOutNote(import, &outcome->id, true);
	ScimDependsNote(import, outcome->depends);
	ScimWaitingPut(import, values, nulls, outcome->wants);
}

static void
put_outcome(ScimImport *import, const Outcome *outcome)
{
	ScimReportRow row = {.has_line = true, .line = outcome->line};

	if (outcome->has_id && import->full)
		put_matched(import, &outcome->id);
	if (outcome->is_nothing)
		return;
	ScimFreedNote(import, outcome->frees,
				  outcome->wants != NIL || outcome->depends != NIL);
	if (outcome->wants != NIL || outcome->depends != NIL)
	{
		put_waiting(import, outcome);
		return;
	}
	if (outcome->action > SCIM_IMPORT_UNCHANGED && ScimNamesRead(import))
		ScimLeftOutNote(import, &outcome->id, false);
	import->counts[outcome->action]++;
	if (import->apply && outcome->action < SCIM_IMPORT_WRITES)
	{
		put_plan(import, outcome);
		return;
	}
	row.key = outcome->key;
	row.id = outcome->has_id ? &outcome->id : NULL;
	row.action = outcome->action;
	row.version = outcome->version;
	row.difference = outcome->difference;
	row.problems = outcome->problems;
	ScimReport(import, &row);
}

/* What is known of whom a row makes or takes away, before any is told of. */
static void
put_look(ScimImport *import, const Outcome *outcome)
{
	if (outcome->has_id && import->full)
		put_matched(import, &outcome->id);
	if (outcome->is_nothing)
		return;
	if (outcome->action < SCIM_IMPORT_DEACTIVATE)
		ScimNamesPutMade(import, &outcome->id, outcome->made_names);
	else if (outcome->goes)
		ScimNamesPutGone(import, &outcome->id);
}

static void
put_any(ScimImport *import, const Outcome *outcome)
{
	if (import->looks)
		put_look(import, outcome);
	else
		put_outcome(import, outcome);
}

static void
rows_are_compared(void *arg, int from, int to)
{
	const Chunk *chunk = arg;

	for (int i = from; i < to; i++)
		put_any(chunk->import, &chunk->outcomes[i]);
}

/* What the row says cannot even be compared. */
static void
row_is_refused(void *arg, int at, const ErrorData *error)
{
	Chunk *chunk = arg;
	Outcome outcome = {.action = SCIM_IMPORT_INVALID};
	Joined joined;

	read_joined(chunk->import->type, chunk->rows[at], chunk->desc, &joined);
	outcome.line = joined.line;
	outcome.has_id = joined.has_resource;
	outcome.id = joined.has_resource ? joined.id : joined.new_id;
	outcome.version = joined.version;
	outcome.problems = ScimErrorJson(error, false);
	put_any(chunk->import, &outcome);
}

static void
use_rows(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	ScimImport *import = arg;
	Chunk chunk = {.import = import, .rows = rows, .desc = desc};
	const ScimManyRows many = {compare_rows, rows_are_compared, row_is_refused, &chunk};
	MemoryContext old;

	chunk.context = AllocSetContextCreate(CurrentMemoryContext, "scim import rows",
										  ALLOCSET_DEFAULT_SIZES);
	chunk.scratch =
		AllocSetContextCreate(chunk.context, "scim import row", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(chunk.context);
	chunk.outcomes = palloc0(sizeof(Outcome) * nrows);
	ScimAttemptMany(&many, 0, (int) nrows);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(chunk.context);
}

static TupleDesc
plan_desc(void)
{
	TupleDesc desc = CreateTemplateTupleDesc(SCIM_PLAN_COLUMNS);

	TupleDescInitEntry(desc, SCIM_PLAN_ACTION + 1, "action", INT4OID, -1, 0);
	TupleDescInitEntry(desc, SCIM_PLAN_LINE + 1, "line", INT8OID, -1, 0);
	TupleDescInitEntry(desc, SCIM_PLAN_KEY + 1, "key", TEXTOID, -1, 0);
	TupleDescInitEntry(desc, SCIM_PLAN_ID + 1, "id", UUIDOID, -1, 0);
	TupleDescInitEntry(desc, SCIM_PLAN_VERSION + 1, "version", INT8OID, -1, 0);
	TupleDescInitEntry(desc, SCIM_PLAN_DOCUMENT + 1, "document", JSONBOID, -1, 0);
	TupleDescInitEntry(desc, SCIM_PLAN_DIFFERENCE + 1, "difference", JSONBOID, -1, 0);
	TupleDescInitEntry(desc, SCIM_PLAN_BEFORE + 1, "before", JSONBOID, -1, 0);
	return desc;
}

/* Rows may name whom others make or take away, or who is missing: these are known first.
 */
static void
look_at_all(ScimImport *import, const ScimParams *params)
{
	int64 visits = import->scope_visits;

	import->looks = true;
	ScimSpiForEachOfTenant(joined_query(import), params, false, use_rows, import);
	import->looks = false;
	import->scope_visits = visits;
	if (!import->full)
		return;
	if (import->missing_may_go)
		ScimFindGone(import, import->matched, import->nmatched);
	import->matched = ScimRowsBegin(import);
	import->nmatched = 0;
}

/* ScimCompareAll makes the difference of all rows; SPI is connected. */
void
ScimCompareAll(ScimImport *import)
{
	MemoryContext old = MemoryContextSwitchTo(import->context);
	ScimParams params;

	import->plan_desc = plan_desc();
	import->matched_desc = CreateTemplateTupleDesc(1);
	TupleDescInitEntry(import->matched_desc, 1, "id", UUIDOID, -1, 0);
	MemoryContextSwitchTo(old);
	import->plan = ScimRowsBegin(import);
	import->matched = ScimRowsBegin(import);
	ScimFreedBegin(import);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(import->tenant_id), false);
	if (ScimNamesRead(import) || ScimNamesEnd(import))
		look_at_all(import, &params);
	ScimSpiForEachOfTenant(joined_query(import), &params, false, use_rows, import);
}
