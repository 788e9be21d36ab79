/*
 * import.c
 *		scim.import: what is asked for, and in which order it is done.
 */
#include "postgres.h"

#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "binding/sides/sides.h"
#include "door/row/row.h"
#include "import/import.h"
#include "json/json.h"
#include "path/path.h"
#include "store/statement/statement.h"

PG_FUNCTION_INFO_V1(scim_import);
PG_FUNCTION_INFO_V1(scim_import_relation);

/* The arguments of scim.import. */
typedef enum Argument
{
	IMPORT_RESOURCE_TYPE,
	IMPORT_SOURCE,
	IMPORT_MODE,
	IMPORT_APPLY,
	IMPORT_MATCH,
	IMPORT_MAPPING,
	IMPORT_MISSING,
	IMPORT_SCOPE,
	IMPORT_INVALID,
	IMPORT_EMPTY,
	IMPORT_PASSWORDS,
	IMPORT_MEMBERS,
	IMPORT_SEPARATOR,
	IMPORT_MAX_MISSING,
	IMPORT_MAX_CHANGED,
	IMPORT_FORCE
} Argument;

static bool
bool_argument(FunctionCallInfo fcinfo, Argument n)
{
	return !PG_ARGISNULL(n) && PG_GETARG_BOOL(n);
}

/* One of two words, of which the first stands where nothing is said. */
static bool
is_second_word(FunctionCallInfo fcinfo, Argument n, const char *name, const char *first,
			   const char *second)
{
	const char *word = ScimTextArgument(fcinfo, n);

	if (word == NULL || strcmp(word, first) == 0)
		return false;
	if (strcmp(word, second) == 0)
		return true;
	ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
					errmsg("%s must be \"%s\" or \"%s\", not \"%s\"", name, first, second,
						   word)));
}

/* Has the type an attribute with a column of its own? */
static bool
has_key_column(const ScimResourceType *type, ScimKeyColumn column)
{
	const char *name = ScimKeyColumnInfos[column].attribute;
	const ScimAttribute *attribute =
		ScimSchemaAttribute(type->schema, name, strlen(name));

	if (attribute == NULL)
		attribute = ScimSchemaAttribute(type->common, name, strlen(name));
	return attribute != NULL && ScimIsKeyColumn(attribute, column);
}

static void
read_match(ScimImport *import, const char *match)
{
	static const ScimKeyColumn known[] = {SCIM_KEY_USER_NAME, SCIM_KEY_EXTERNAL_ID,
										  SCIM_KEY_DISPLAY_NAME};

	if (match == NULL)
	{
		if (import->type->has_groups)
			import->match = SCIM_MATCH_USER_NAME;
		else if (import->type->has_members)
			import->match = SCIM_MATCH_DISPLAY_NAME;
		else
			import->match = SCIM_MATCH_EXTERNAL_ID;
		return;
	}
	if (pg_strcasecmp(match, "id") == 0)
	{
		import->match = SCIM_MATCH_ID;
		return;
	}
	for (size_t i = 0; i < lengthof(known); i++)
	{
		if (pg_strcasecmp(match, ScimKeyColumnInfos[known[i]].attribute) == 0 &&
			has_key_column(import->type, known[i]))
		{
			import->match = (ScimImportMatch) known[i];
			return;
		}
	}
	ereport(ERROR,
			(ScimErr(SCIM_INVALID_VALUE),
			 errmsg("resources of type \"%s\" cannot be matched by \"%s\"",
					import->type->name, match),
			 errhint("By id, externalId, userName or displayName, as far as the type has "
					 "them.")));
}

static void
read_missing(ScimImport *import, const char *missing)
{
	/* a Group that is suspended is nothing that anybody expects */
	if (missing == NULL && import->full && !import->type->has_groups &&
		!ScimTypeHasActive(import->type))
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("what is missing of type \"%s\" must be stated: \"deactivate\" "
						"or \"delete\"",
						import->type->name)));
	import->missing = SCIM_IMPORT_DEACTIVATE;
	if (missing == NULL)
		return;
	if (!import->full)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("missing is for mode \"full\": a delta says nothing of who "
						"is not in it")));
	if (strcmp(missing, "delete") == 0)
		import->missing = SCIM_IMPORT_DELETE;
	else if (strcmp(missing, "deactivate") != 0)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("missing must be \"deactivate\" or \"delete\", not \"%s\"",
							   missing)));
}

/* What a filter asks is about the document alone, which is there before it is written. */
static void
read_scope(ScimImport *import, const char *scope)
{
	static const char *const elsewhere[] = {"id",      "meta",     "groups",
											"members", "password", NULL};
	ScimSearchRequest request = {.filter = scope};

	if (scope == NULL)
		return;
	import->scope = scope;
	import->scope_filter = ScimSearchFilter(import->store, &request);
	if (import->scope_filter == NULL)
		return;
	/* in the words of the source */
	if (import->wire != NULL)
	{
		ScimWireReading reading = {.wire = import->wire};

		request.filter = ScimWireFilter(&reading, NULL, scope);
		request.own = Max((int) strlen(request.filter) - (int) strlen(scope), 0);
		import->scope_filter = ScimSearchFilter(import->store, &request);
	}
	for (uint32 i = 0; i < import->scope_filter->nnodes; i++)
	{
		const ScimFilterNode *node = &import->scope_filter->nodes[i];
		const char *name = ScimFilterString(import->scope_filter, node->name);

		for (int j = 0; name != NULL && elsewhere[j] != NULL; j++)
		{
			if (pg_strcasecmp(name, elsewhere[j]) == 0)
				ereport(ERROR,
						(ScimErr(SCIM_INVALID_FILTER),
						 errmsg("the scope of an import cannot ask for \"%s\"", name)));
		}
	}
	import->scope_bound = ScimBindForMatching(import->scope_filter, import->type->name);
}

/* A name is one word, or words in quotes; all else is a statement. */
static bool
is_name(const char *text)
{
	bool quoted = false;

	for (; *text != '\0'; text++)
	{
		if (*text == '"')
			quoted = !quoted;
		else if (!quoted && strchr(" \t\r\n()*", *text) != NULL)
			return false;
	}
	return true;
}

/* The name of a table, or a statement. */
static void
read_source(FunctionCallInfo fcinfo, ScimImport *import, bool is_relation)
{
	char *statement;
	size_t len;

	if (is_relation)
	{
		import->source_relid = PG_GETARG_OID(IMPORT_SOURCE);
		if (get_rel_name(import->source_relid) == NULL)
			ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE),
							errmsg("the source is not there any more")));
		return;
	}
	statement = text_to_cstring(PG_GETARG_TEXT_PP(IMPORT_SOURCE));
	len = strlen(statement);
	while (len > 0 && strchr(" \t\r\n;", statement[len - 1]) != NULL)
		statement[--len] = '\0';
	statement += strspn(statement, " \t\r\n");
	if (is_name(statement))
		import->source_relid = ScimRelationNamed(statement);
	else
		import->source_query = statement;
}

static void
read_arguments(FunctionCallInfo fcinfo, ScimImport *import, bool is_relation)
{
	ScimPath *path;
	ScimProblem *problem = NULL;

	import->full = is_second_word(fcinfo, IMPORT_MODE, "mode", "delta", "full");
	import->apply = bool_argument(fcinfo, IMPORT_APPLY);
	import->force = bool_argument(fcinfo, IMPORT_FORCE);
	import->refuse_invalid =
		is_second_word(fcinfo, IMPORT_INVALID, "invalid", "skip", "refuse");
	import->keep_empty = is_second_word(fcinfo, IMPORT_EMPTY, "empty", "clear", "keep");
	import->set_passwords =
		is_second_word(fcinfo, IMPORT_PASSWORDS, "passwords", "new", "set");
	import->separator = ScimTextArgument(fcinfo, IMPORT_SEPARATOR);
	if (import->separator != NULL && import->separator[0] == '\0')
		import->separator = NULL;
	import->members = ScimTextArgument(fcinfo, IMPORT_MEMBERS);
	if (import->members == NULL)
		import->members = "userName";
	path = ScimPathParse(import->members, strlen(import->members), &problem);
	if (path == NULL || ScimPathFilter(path) != NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("members must be the path of an attribute, not \"%s\"",
							   import->members)));
	if (!PG_ARGISNULL(IMPORT_MEMBERS))
		ScimMembersCheck(import->store->registry, import->members);
	if (!PG_ARGISNULL(IMPORT_MAPPING))
	{
		import->mapping = ScimJsonFromJsonb(PG_GETARG_JSONB_P(IMPORT_MAPPING));
		if (import->mapping->type != jbvObject)
			ereport(ERROR,
					(ScimErr(SCIM_INVALID_VALUE),
					 errmsg("mapping must be an object of columns and attributes")));
	}
	ScimLimitRead(&import->max_missing, "max_missing",
				  ScimTextArgument(fcinfo, IMPORT_MAX_MISSING));
	ScimLimitRead(&import->max_changed, "max_changed",
				  ScimTextArgument(fcinfo, IMPORT_MAX_CHANGED));
	read_match(import, ScimTextArgument(fcinfo, IMPORT_MATCH));
	read_missing(import, ScimTextArgument(fcinfo, IMPORT_MISSING));
	read_scope(import, ScimTextArgument(fcinfo, IMPORT_SCOPE));
	read_source(fcinfo, import, is_relation);
}

/*
 * Two imports of a type and tenant do not make the same resource twice: the second waits
 * for the first.  The lock is one that nobody else has a statement for.
 */
static void
wait_for_others(const ScimImport *import)
{
	uint32 hash = hash_combine(hash_bytes((const unsigned char *) import->type->name,
										  strlen(import->type->name)),
							   hash_bytes_uint32((uint32) import->tenant_id));

	/* of a schema, for its statements, the last part is 0 */
	LockDatabaseObject(NamespaceRelationId, import->store->namespace_oid,
					   (uint16) (hash % PG_UINT16_MAX) + 1, ExclusiveLock);
}

static void
refuse(ScimImport *import)
{
	char *why = ScimImportTooMuch(import);

	if (why != NULL && import->apply)
		ereport(ERROR, (ScimErr(SCIM_CONFLICT), errmsg("nothing is imported: %s", why),
						errhint("Look at the difference, and say force => true if it is "
								"meant.")));
	if (why != NULL)
	{
		List *problems = ScimProblemAdd(NIL, SCIM_CONFLICT, NULL, "%s", why);
		ScimReportRow row = {.action = SCIM_IMPORT_REFUSED};

		row.problems = ScimProblemsJson(problems);
		ScimReport(import, &row);
	}
	if (import->apply && import->refuse_invalid &&
		import->counts[SCIM_IMPORT_INVALID] + import->counts[SCIM_IMPORT_CONFLICT] > 0)
		ereport(ERROR, (ScimErr(SCIM_CONFLICT),
						errmsg("nothing is imported: " INT64_FORMAT
							   " invalid rows, and " INT64_FORMAT " in conflict",
							   import->counts[SCIM_IMPORT_INVALID],
							   import->counts[SCIM_IMPORT_CONFLICT]),
						errhint("Without apply the difference says which, and why.")));
}

static void
warn(const ScimImport *import)
{
	int64 left_out =
		import->counts[SCIM_IMPORT_INVALID] + import->counts[SCIM_IMPORT_CONFLICT];

	if (import->apply && left_out > 0)
		ereport(WARNING,
				(errmsg_plural(INT64_FORMAT " row was left out",
							   INT64_FORMAT " rows were left out", left_out, left_out),
				 errhint("Their action is \"invalid\" or \"conflict\".")));
}

static void
import_all(ScimImport *import)
{
	Tuplestorestate *result = NULL;
	const ListCell *lc;
	int before;

	/* lest rows are compared with what this transaction has put off */
	ScimQueueFlushStore(import->store);
	SPI_connect();
	import->missing_may_go = ScimMissingMayGo(import);
	ScimSourceRead(import);
	before = ScimScopeLetIn();
	if (import->apply)
	{
		wait_for_others(import);
		ScimOwnBegin();
		result = ScimToldHold(import);
	}
	ScimCompareAll(import);
	if (import->full)
		ScimFindMissing(import);
	ScimWaitingSettle(import);
	refuse(import);
	if (import->apply)
	{
		ScimImportApply(import, result);
		/* what was refused on the way, of all or nothing */
		refuse(import);
	}
	warn(import);
	ScimScopeLetOut(before);
	SPI_finish();
	foreach (lc, import->stores)
		tuplestore_end(lfirst(lc));
}

static Datum
import_source(FunctionCallInfo fcinfo, bool is_relation)
{
	ScimStore *store = ScimStoreCurrent();
	ScimImport *import = palloc0(sizeof(ScimImport));

	InitMaterializedSRF(fcinfo, 0);
	import->result = (ReturnSetInfo *) fcinfo->resultinfo;
	if (PG_ARGISNULL(IMPORT_RESOURCE_TYPE) || PG_ARGISNULL(IMPORT_SOURCE))
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("resource_type and source must not be null")));
	import->store = store;
	import->type =
		ScimTypeByName(store, text_to_cstring(PG_GETARG_TEXT_PP(IMPORT_RESOURCE_TYPE)));
	import->tenant_id = ScimTenant();
	ScimScopeRequireOfCall(store, import->type->name, false);
	if (bool_argument(fcinfo, IMPORT_APPLY))
		ScimScopeRequireOfCall(store, import->type->name, true);
	/* or the difference would be one that nobody can make true */
	ScimTenantRequire(store, import->tenant_id);
	ScimRequireSelect(store, SCIM_TABLE_RESOURCE);
	import->rules = ScimRulesFor(store, import->tenant_id, import->type);
	import->wire = ScimWireCharactersOf(import->rules);
	import->context = CurrentMemoryContext;
	import->owner = CurrentResourceOwner;
	import->columns.type = import->keys.type = import->type;
	import->columns.wire = import->keys.wire = import->wire;
	import->columns.context = import->keys.context = import->context;
	read_arguments(fcinfo, import, is_relation);
	import_all(import);
	return (Datum) 0;
}

/*
 * scim.import(resource_type text, source text, mode text, apply boolean, match text,
 * mapping jsonb, missing text, scope text, invalid text, empty text, passwords text,
 * members text, separator text, max_missing text, max_changed text, force boolean)
 * returns setof (line bigint, key text, resource_id uuid, action text, version bigint,
 * difference jsonb, problems jsonb)
 */
Datum
scim_import(PG_FUNCTION_ARGS)
{
	return import_source(fcinfo, false);
}

/* The same with source regclass. */
Datum
scim_import_relation(PG_FUNCTION_ARGS)
{
	return import_source(fcinfo, true);
}
