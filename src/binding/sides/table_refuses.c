/*
 * table_refuses.c
 *		Errors of a bound table about what is written to it: they name the row, its
 *		columns and attributes, and say whose fault it is.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "binding/bound/bound.h"
#include "binding/sides/sides.h"
#include "error.h"
#include "store/credential/credential.h"
#include "text/find.h"

/* Is it one that somebody has asked for, so that a client can be told of it? */
static bool
is_refusal(const ErrorData *error)
{
	switch (ERRCODE_TO_CATEGORY(error->sqlerrcode))
	{
		case ERRCODE_DATA_EXCEPTION:
		case ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION:
		case ERRCODE_WITH_CHECK_OPTION_VIOLATION:
			return true;
		default:
			return error->sqlerrcode == ERRCODE_RAISE_EXCEPTION;
	}
}

static bool
is_about(const ScimBoundAttribute *attribute, const char *column)
{
	const ListCell *lc;

	if (attribute->kind == SCIM_BOUND_COLUMN)
		return strcmp(attribute->column.name, column) == 0;
	foreach (lc, attribute->reference.columns)
	{
		if (strcmp(((const ScimColumnInfo *) lfirst(lc))->name, column) == 0)
			return true;
	}
	foreach (lc, attribute->writes)
	{
		if (strcmp(((const ScimBoundWrite *) lfirst(lc))->column.name, column) == 0)
			return true;
	}
	return false;
}

static bool
is_of_statement(const char *line, size_t length, const char *quoted, const char *alias)
{
	const char *name = psprintf("%s AS %s ", quoted, alias);
	const char *at = strstr(line, name);

	return at != NULL && at + strlen(name) <= line + length;
}

/*
 * Does an error come from our own statement, and not from what a trigger or function of
 * the application does on the way?  The innermost line of its context says so.
 */
static bool
is_ours(const ScimBinding *binding, const ErrorData *error)
{
	/* one that is wrong itself is in no line of it */
	const char *line =
		error->internalquery != NULL ? error->internalquery : error->context;
	size_t length;
	const ListCell *lc;

	if (line == NULL)
		return true;
	length = error->internalquery != NULL ? strlen(line) : strcspn(line, "\n");
	if (is_of_statement(line, length, binding->quoted, "t"))
		return true;
	foreach (lc, binding->others)
	{
		if (is_of_statement(line, length, ((const ScimBoundTable *) lfirst(lc))->quoted,
							"c"))
			return true;
	}
	return false;
}

static bool
names_table(Oid relid, const ErrorData *error)
{
	return error->schema_name != NULL &&
		   strcmp(ScimRelationShown(relid),
				  psprintf("%s.%s", error->schema_name, error->table_name)) == 0;
}

static bool
names_bound_table(const ScimBinding *binding, const ErrorData *error)
{
	const ListCell *lc;

	if (names_table(binding->relid, error))
		return true;
	foreach (lc, binding->others)
	{
		if (names_table(((const ScimBoundTable *) lfirst(lc))->relid, error))
			return true;
	}
	return false;
}

/* Which of the attributes an error is about, where it says so. */
static List *
attributes_of(const ScimBinding *binding, List *attributes, const ErrorData *error)
{
	List *found = NIL;
	List *columns = NIL;
	const ListCell *lc;
	const ListCell *column;

	if (!is_ours(binding, error))
	{
		if (error->table_name != NULL && !names_bound_table(binding, error))
			return NIL;
	}
	else if (list_length(attributes) == 1)
		return attributes;
	foreach (lc, attributes)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);

		if ((attribute->kind == SCIM_BOUND_TABLE ||
			 attribute->kind == SCIM_BOUND_MEMBERS) &&
			error->table_name != NULL && error->schema_name != NULL &&
			strcmp(attribute->shown,
				   psprintf("%s.%s", error->schema_name, error->table_name)) == 0)
			return list_make1(lfirst(lc));
	}
	if (error->column_name != NULL)
		columns = list_make1(error->column_name);
	foreach (lc, binding->constraints)
	{
		const ScimBoundConstraint *constraint = lfirst(lc);

		if (error->constraint_name != NULL &&
			strcmp(constraint->name, error->constraint_name) == 0)
			columns = constraint->columns;
	}
	foreach (lc, attributes)
	{
		foreach (column, columns)
		{
			if (is_about(lfirst(lc), lfirst(column)) &&
				!list_member_ptr(found, lfirst(lc)))
				found = lappend(found, lfirst(lc));
		}
	}
	/* values are made before the statement, but for what "write" makes of them in it */
	foreach (lc, columns == NIL && is_ours(binding, error) &&
						 ERRCODE_TO_CATEGORY(error->sqlerrcode) == ERRCODE_DATA_EXCEPTION
					 ? attributes
					 : NIL)
	{
		if (((const ScimBoundAttribute *) lfirst(lc))->writes != NIL)
			found = lappend(found, lfirst(lc));
	}
	return found;
}

/* ScimRaiseKeyGone, in PG_CATCH(): the same of the key of a row that was looked for. */
void
ScimRaiseKeyGone(const ScimBinding *binding, Datum key, const ErrorData *error)
{
	Datum *texts;
	bool *nulls;
	int n;
	const ListCell *lc;

	if (error->sqlerrcode != ERRCODE_INVALID_TEXT_REPRESENTATION || key == (Datum) 0)
		return;
	deconstruct_array(DatumGetArrayTypeP(key), TEXTOID, -1, false, TYPALIGN_INT, &texts,
					  &nulls, &n);
	foreach (lc, binding->key)
	{
		const ScimColumnInfo *column = lfirst(lc);
		int i = foreach_current_index(lc);
		const char *label;

		if (i >= n || nulls[i] || get_typtype(column->base) != TYPTYPE_ENUM)
			continue;
		label = TextDatumGetCString(texts[i]);
		if (SearchSysCacheExists2(ENUMTYPOIDNAME, ObjectIdGetDatum(column->base),
								  CStringGetDatum(label)))
			continue;
		FlushErrorState();
		ScimRaiseLabelLost(binding, column, label);
	}
}

/*
 * ScimRaiseUnworkable: what the SQL of the mapping names may have gone, or be of another
 * type, since the table was bound: then the binding does not work any more.
 */
void
ScimRaiseUnworkable(const ScimBinding *binding, const ErrorData *error)
{
	if (ERRCODE_TO_CATEGORY(error->sqlerrcode) !=
			ERRCODE_SYNTAX_ERROR_OR_ACCESS_RULE_VIOLATION ||
		error->sqlerrcode == ERRCODE_INSUFFICIENT_PRIVILEGE)
		return;
	FlushErrorState();
	ereport(ERROR, (ScimErr(SCIM_UNAVAILABLE),
					errmsg("table \"%s\" is not any more as it was bound to %s: %s",
						   binding->shown, binding->type->name, error->message),
					errhint(SCIM_HINT_REPLACE)));
}

/* Does a text name a table, as a statement does that is told with an error? */
static bool
names(const char *text, const char *table)
{
	size_t length = strlen(table);

	for (const char *at = strstr(text, table); at != NULL; at = strstr(at + 1, table))
	{
		char before = at == text ? ' ' : at[-1];
		char behind = at[length];

		if (!isalnum((unsigned char) before) && before != '_' &&
			!isalnum((unsigned char) behind) && behind != '_')
			return true;
	}
	return false;
}

static int
compare_texts(const ListCell *a, const ListCell *b)
{
	return strcmp(lfirst(a), lfirst(b));
}

/*
 * Triggers and constraints that are put off until the end of a transaction, for errors:
 * those of tables that statements of the application's triggers write, by which these are
 * named.  Those of the tables that are bound are asked by then.  The catalogue is all
 * that may be asked here.
 */
static char *
deferred_triggers(const ScimBinding *binding, const char *statements)
{
	Relation catalog = table_open(TriggerRelationId, AccessShareLock);
	List *found = NIL; /* char * */
	StringInfoData list;
	SysScanDesc scan;
	HeapTuple tuple;
	const ListCell *lc;

	scan = systable_beginscan(catalog, InvalidOid, false, NULL, 0, NULL);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_trigger trigger = (Form_pg_trigger) GETSTRUCT(tuple);
		char *table = trigger->tginitdeferred && trigger->tgenabled != TRIGGER_DISABLED
						  ? get_rel_name(trigger->tgrelid)
						  : NULL;
		char *name;
		char *shown;

		if (table == NULL || statements == NULL || !names(statements, table) ||
			ScimDeferredIsAsked(binding, trigger->tgconstraint))
			continue;
		/* of a foreign key the constraint has the name that people know */
		name = get_constraint_name(trigger->tgconstraint);
		shown = psprintf(
			"\"%s\"%s", name != NULL ? name : NameStr(trigger->tgname),
			trigger->tgrelid == binding->relid
				? ""
				: psprintf(" of table \"%s\"", ScimRelationShown(trigger->tgrelid)));
		if (!ScimIsAmong(found, shown))
			found = lappend(found, shown);
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	/* the catalogue has them in whatever order */
	list_sort(found, compare_texts);
	initStringInfo(&list);
	foreach (lc, found)
		appendStringInfo(&list, "%s%s", list.len > 0 ? ", " : "",
						 (const char *) lfirst(lc));
	return list.len > 0 ? list.data : NULL;
}

/*
 * A right that is missing, or a trigger that may put nothing off as somebody else: the
 * client cannot mend that.  What a function of the application raises is its own.
 */
static void
raise_not_permitted(const ScimBinding *binding, const ErrorData *error)
{
	const char *triggers;
	bool puts_off;

	if (error->sqlerrcode != ERRCODE_INSUFFICIENT_PRIVILEGE || ScimErrorIsRaised(error))
		return;
	/* a trigger that is put off by SET CONSTRAINTS is not in the list */
	puts_off =
		error->funcname != NULL && strcmp(error->funcname, "afterTriggerMarkEvents") == 0;
	FlushErrorState();
	triggers = puts_off && !ScimConstraintsAreAsked()
				   ? deferred_triggers(binding, error->context)
				   : NULL;
	ereport(
		ERROR,
		(ScimErr(SCIM_UNAVAILABLE),
		 errmsg("table \"%s\" cannot be written: %s%s", binding->shown, error->message,
				triggers != NULL ? psprintf("; put off are %s", triggers) : ""),
		 puts_off
			 ? errhint("Who is not the owner of the table can put nothing off there: "
					   "SET CONSTRAINTS ALL IMMEDIATE before, as a request does, or let "
					   "the owner of the table write.")
			 : 0));
}

static bool
are_of(const List *key, const Datum *numbers, int n)
{
	for (int i = 0; i < n; i++)
	{
		if (ScimColumnPlace(DatumGetInt16(numbers[i]), key) < 0)
			return false;
	}
	return n > 0;
}

/* Are columns of a table those of a key that is looked up: of members, or a reference? */
static bool
are_looked_up(const ScimBinding *binding, Oid relid, const Datum *numbers, int n)
{
	const ListCell *lc;

	if (binding->members != NULL && relid == binding->members->table.relid)
		return are_of(binding->members->table.key, numbers, n) ||
			   are_of(binding->members->table.member_key, numbers, n);
	foreach (lc, binding->references)
	{
		if (are_of(((const ScimBoundAttribute *) lfirst(lc))->reference.columns, numbers,
				   n))
			return true;
	}
	return false;
}

/*
 * A row of members, or one with a reference, that refers to a row which was there when it
 * was looked up: somebody else has taken its key away meanwhile, and who comes again
 * finds the new one.
 */
static void
raise_moved(const ScimBinding *binding, const ErrorData *error)
{
	Oid relid;
	Oid referred;
	HeapTuple tuple;
	Oid constraint;
	bool isnull;
	Datum key;
	Datum *numbers = NULL;
	int n = 0;

	if (error->sqlerrcode != ERRCODE_FOREIGN_KEY_VIOLATION ||
		error->constraint_name == NULL)
		return;
	if (binding->members != NULL && names_table(binding->members->table.relid, error))
		relid = binding->members->table.relid;
	else if (binding->references != NIL && names_table(binding->relid, error))
		relid = binding->relid;
	else
		return;
	constraint = get_relation_constraint_oid(relid, error->constraint_name, true);
	tuple = SearchSysCache1(CONSTROID, ObjectIdGetDatum(constraint));
	if (!HeapTupleIsValid(tuple))
		return;
	key = SysCacheGetAttr(CONSTROID, tuple, Anum_pg_constraint_conkey, &isnull);
	if (!isnull)
		deconstruct_array(DatumGetArrayTypePCopy(key), INT2OID, sizeof(int16), true,
						  TYPALIGN_SHORT, &numbers, NULL, &n);
	referred = ((Form_pg_constraint) GETSTRUCT(tuple))->confrelid;
	ReleaseSysCache(tuple);
	if (!are_looked_up(binding, relid, numbers, n) ||
		(relid == binding->relid &&
		 !OidIsValid(get_trigger_oid(referred, "scim_binding", true))))
		return;
	FlushErrorState();
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("a row that table \"%s\" refers to has got another key, or has "
					"gone, meanwhile",
					ScimRelationShown(relid)),
			 errdetail("%s", error->message)));
}

/* Is it about a statement, of whoever it is, that writes one of the tables? */
static bool
is_about_table(const ScimBinding *binding, const ErrorData *error)
{
	const char *line = error->context == NULL
						   ? ""
						   : pnstrdup(error->context, strcspn(error->context, "\n"));
	const ListCell *lc;

	if (names(line, get_rel_name(binding->relid)))
		return true;
	foreach (lc, binding->others)
	{
		if (names(line, get_rel_name(((const ScimBoundTable *) lfirst(lc))->relid)))
			return true;
	}
	return false;
}

/* A BEFORE trigger that writes its own row again leaves nothing to be written. */
static void
raise_written_again(const ScimBinding *binding, const ErrorData *error, bool of_trigger)
{
	if (error->sqlerrcode != ERRCODE_TRIGGERED_DATA_CHANGE_VIOLATION ||
		ScimErrorIsRaised(error) || (of_trigger && !is_about_table(binding, error)))
		return;
	FlushErrorState();
	ereport(
		ERROR,
		(ScimErr(SCIM_UNAVAILABLE),
		 errmsg("table \"%s\" cannot be written: a BEFORE trigger has written the same "
				"row itself",
				binding->shown),
		 errhint("A BEFORE trigger changes NEW; what writes the row of the %s, or the "
				 "%s, again is an AFTER trigger.",
				 binding->type->name, binding->type->name)));
}

/* A column that must not be null, and that nothing in the mapping fills, is no client's
 * fault. */
static void
raise_unfilled(const ScimBinding *binding, const ErrorData *error)
{
	if (error->sqlerrcode != ERRCODE_NOT_NULL_VIOLATION || error->column_name == NULL ||
		!names_table(binding->relid, error) || !is_ours(binding, error) ||
		ScimColumnIsFilled(binding, error->column_name))
		return;
	FlushErrorState();
	ereport(ERROR, (ScimErr(SCIM_UNAVAILABLE),
					errmsg("table \"%s\" is not any more as it was bound to %s: %s",
						   binding->shown, binding->type->name,
						   ScimUnfilledProblem(error->column_name)),
					errhint("Give the column a default, or bind an attribute to it: "
							"scim.bind_table() replaces the mapping.")));
}

/* moved: is it about a row that somebody else may have taken away meanwhile?  NULL: if it
 * is about what our own statement has written */
static void
refuse(const ScimBinding *binding, List *attributes, const ScimBoundAttribute *at,
	   MemoryContext context, bool deletes, const bool *moved)
{
	ErrorData *error;
	ScimErrorKind kind;
	const char *message;
	bool inside;
	bool is_too_long;
	bool of_trigger = moved != NULL || ScimErrorIsOfTrigger();
	/* which may be written because of another one: its values are for the log then */
	bool told = ScimScopeProvedReads(binding->store, binding->type->name);
	StringInfoData about;
	const ListCell *lc;

	MemoryContextSwitchTo(context);
	error = CopyErrorData();
	/* a mistake in a trigger or function of the application is not one of the binding */
	if (!of_trigger && is_ours(binding, error))
		ScimRaiseUnworkable(binding, error);
	raise_not_permitted(binding, error);
	raise_written_again(binding, error, of_trigger);
	if (!deletes && (moved != NULL ? *moved : is_ours(binding, error)))
		raise_moved(binding, error);
	raise_unfilled(binding, error);
	is_too_long = ScimErrorIsTooLongForIndex(error);
	if (!(is_refusal(error) || is_too_long) ||
		!ScimErrorOfOwner(error, deletes, &kind, &message, &inside))
		PG_RE_THROW();
	FlushErrorState();
	initStringInfo(&about);
	foreach (lc, at != NULL ? list_make1((void *) at)
							: attributes_of(binding, attributes, error))
	{
		const ScimBoundAttribute *attribute = lfirst(lc);

		appendStringInfo(&about, "%s%s (%s)", about.len > 0 ? ", " : "", attribute->path,
						 attribute->shown);
	}
	ereport(ERROR,
			(ScimErr(kind),
			 errmsg("table \"%s\" refuses %s%s", binding->shown,
					about.len > 0 ? about.data
								  : psprintf("%s %s", deletes ? "the end of the" : "the",
											 binding->type->name),
					told ? psprintf(": %s", is_too_long ? message : error->message) : ""),
			 told ? 0 : errdetail_log("%s", error->message),
			 error->sqlerrcode == ERRCODE_UNIQUE_VIOLATION &&
					 (binding->gone != NULL || binding->row_end == SCIM_ROW_KEEP)
				 ? errhint("A row that %s has its values still. "
						   "scim.restore_resource() brings it back with the resource "
						   "that it was; where that is not linked to it any more, "
						   "scim.bind_table() with the same mapping finds it.",
						   binding->gone != NULL ? "counts as deleted"
												 : "was kept when its resource went")
				 : 0,
			 error->constraint_name != NULL
				 ? err_generic_string(PG_DIAG_CONSTRAINT_NAME, error->constraint_name)
				 : 0,
			 error->column_name != NULL
				 ? err_generic_string(PG_DIAG_COLUMN_NAME, error->column_name)
				 : 0));
}

/*
 * ScimTableRefuses, in PG_CATCH(), raises what the table has to say against a row that
 * SCIM writes as an error of SCIM, which names its columns and attributes; at: the one
 * whose value was being made, or NULL.
 */
void
ScimTableRefuses(const ScimBinding *binding, List *attributes,
				 const ScimBoundAttribute *at, MemoryContext context, bool deletes)
{
	refuse(binding, attributes, at, context, deletes, NULL);
	pg_unreachable();
}

/*
 * ScimTableRefusesLate: the same of what was put off; moved: of rows that SCIM has
 * written one refers to a row that is not there any more.
 */
void
ScimTableRefusesLate(const ScimBinding *binding, MemoryContext context, bool deletes,
					 bool moved)
{
	refuse(binding, binding->attributes, NULL, context, deletes, &moved);
	pg_unreachable();
}

/* ScimRowGivenAway: the same of one that says now that it is somebody else's. */
void
ScimRowGivenAway(const char *table, const char *type_name)
{
	ereport(ERROR, (ScimErr(SCIM_FORBIDDEN),
					errmsg("a trigger of table \"%s\" has given the row to another %s",
						   table, type_name)));
}

/* ScimRowSkipped: a table, as it is shown, has not taken what was written. */
void
ScimRowSkipped(const char *table)
{
	ereport(ERROR, (ScimErr(SCIM_FORBIDDEN),
					errmsg("a trigger of table \"%s\" has skipped the row", table)));
}
