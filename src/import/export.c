/*
 * export.c
 *		scim.export and scim.export_csv: resources as scim.import takes them.
 *
 * Of a resource they have what a client may write, and its id.  Secrets are never among
 * it, nor what the service itself says: meta, groups, schemas.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "import/import.h"
#include "json/json.h"
#include "store/statement/column.h"
#include "store/statement/statement.h"

PG_FUNCTION_INFO_V1(scim_export);
PG_FUNCTION_INFO_V1(scim_export_csv);

typedef struct Export
{
	ScimStore *store;
	const ScimResourceType *type;
	const ScimProjection *projection;
	const char *members; /* by what people among them are named; NULL: by their ids */
	List *columns;       /* ScimField *; NIL: documents */
	ReturnSetInfo *result;
} Export;

/* ---- members by their names ---- */

/*
 * People by the attribute that was asked for, groups by their displayName.  What is a
 * part of members itself is named in full.
 */
static const char *
naming_of(const Export *export, const ScimResourceType *type, ScimResolved *resolved)
{
	const char *path =
		type->has_members && !type->has_groups ? "displayName" : export->members;
	const ScimAttribute *members =
		ScimSchemaAttribute(export->type->schema, "members", strlen("members"));

	if (!ScimMemberName(type, path, resolved))
		return NULL;
	if (members != NULL && ScimAttributeSub(members, path, strlen(path)) != NULL)
		path = psprintf("%s:%s", type->schema->id, path);
	return path;
}

/*
 * Names that several have, or that would find nobody, are none: names[i] becomes NULL.
 * A userName is its person's alone.
 */
static void
drop_shared(const Export *export, const ScimResourceType *type, const char *path,
			const ScimResolved *resolved, int n, const pg_uuid_t *ids, const char **names)
{
	const char **texts = palloc(sizeof(char *) * (n + 1));
	const char **found = palloc0(sizeof(char *) * (n + 1));
	int *places = palloc(sizeof(int) * (n + 1));
	int ntexts = 0;

	if (pg_strcasecmp(path, "userName") == 0)
		return;
	for (int i = 0; i < n; i++)
	{
		if (names[i] == NULL)
			continue;
		places[ntexts] = i;
		texts[ntexts++] = names[i];
	}
	ScimFindEach(export->store, type, path, resolved, ntexts, texts, found);
	for (int i = 0; i < ntexts; i++)
	{
		if (found[i] == NULL || found[i] == ScimFoundSeveral ||
			strcmp(found[i], ScimUuidText(&ids[places[i]])) != 0)
			names[places[i]] = NULL;
	}
}

static void
name_members_of(const Export *export, const ScimResourceType *type, JsonbValue *members)
{
	int n = members->val.array.nElems;
	pg_uuid_t *ids = palloc(sizeof(pg_uuid_t) * (n + 1));
	const char **names = palloc0(sizeof(char *) * (n + 1));
	ScimResolved resolved;
	const char *path = naming_of(export, type, &resolved);
	int nids = 0;
	int distinct = 0;

	if (path == NULL || !ScimScopeAllows(export->store, type->name, false))
		return;
	for (int i = 0; i < n; i++)
	{
		const JsonbValue *value = ScimJsonGet(&members->val.array.elems[i], "value");

		if (value != NULL && value->type == jbvString &&
			ScimUuidParse(ScimJsonStringCopy(value), &ids[nids]))
			nids++;
	}
	qsort(ids, nids, sizeof(pg_uuid_t), ScimCompareIds);
	for (int i = 0; i < nids; i++)
	{
		if (i == 0 || ScimCompareIds(&ids[i], &ids[distinct - 1]) != 0)
			ids[distinct++] = ids[i];
	}
	ScimNameEach(export->store, type, &resolved, distinct, ids, names);
	drop_shared(export, type, path, &resolved, distinct, ids, names);
	for (int i = 0; i < n; i++)
	{
		JsonbValue *member = &members->val.array.elems[i];
		const JsonbValue *value = ScimJsonGet(member, "value");
		const pg_uuid_t *found;
		pg_uuid_t id;
		JsonbValue *named;

		CHECK_FOR_INTERRUPTS();
		if (value == NULL || value->type != jbvString ||
			!ScimUuidParse(ScimJsonStringCopy(value), &id))
			continue;
		found = bsearch(&id, ids, distinct, sizeof(pg_uuid_t), ScimCompareIds);
		if (found == NULL || names[found - ids] == NULL)
			continue;
		named = ScimJsonNewObject();
		ScimJsonSet(named, path, ScimJsonNewString(names[found - ids]));
		if (type != ScimMembersAssume(export->store->registry, path))
			ScimJsonSet(named, "type", ScimJsonNewString(type->name));
		*member = *named;
	}
}

/* What a client would say of members: whom they are, without $ref and display. */
static void
trim_members(JsonbValue *members)
{
	for (int i = 0; i < members->val.array.nElems; i++)
	{
		JsonbValue *member = &members->val.array.elems[i];

		CHECK_FOR_INTERRUPTS();
		(void) ScimJsonRemove(member, "$ref");
		(void) ScimJsonRemove(member, "display");
	}
}

/* ---- one resource ---- */

static JsonbValue *
document_of(const Export *export, const ScimResource *resource)
{
	const ScimRegistry *registry = export->store->registry;
	StringInfoData text;
	JsonbValue *document;
	JsonbValue *members;

	initStringInfo(&text);
	(void) ScimRenderResource(&text, export->store, resource, export->projection);
	document = ScimJsonParseOwn(text.data, text.len);
	(void) ScimJsonRemove(document, "meta");
	(void) ScimJsonRemove(document, "schemas");
	if (export->type->has_groups)
		(void) ScimJsonRemove(document, "groups");
	members = export->type->has_members ? ScimJsonGet(document, "members") : NULL;
	if (members == NULL || members->type != jbvArray)
		return document;
	trim_members(members);
	for (int i = 0; export->members != NULL && i < registry->ntypes; i++)
		name_members_of(export, &registry->types[i], members);
	return document;
}

static void
put(const Export *export, Datum value)
{
	bool isnull = false;

	tuplestore_putvalues(export->result->setResult, export->result->setDesc, &value,
						 &isnull);
}

static void
append_cell(StringInfo out, const char *text, size_t len)
{
	/* \. alone would end what COPY reads */
	bool quoted = len == 0 || text[0] == ' ' || text[len - 1] == ' ' ||
				  strcmp(text, "\\.") == 0 || strpbrk(text, ",\"\r\n") != NULL;

	if (!quoted)
	{
		appendBinaryStringInfo(out, text, len);
		return;
	}
	appendStringInfoChar(out, '"');
	for (size_t i = 0; i < len; i++)
	{
		if (text[i] == '"')
			appendStringInfoChar(out, '"');
		appendStringInfoChar(out, text[i]);
	}
	appendStringInfoChar(out, '"');
}

static void
append_value(StringInfo out, const JsonbValue *value)
{
	StringInfoData text;

	if (value == NULL || value->type == jbvNull)
		return;
	initStringInfo(&text);
	if (value->type == jbvString)
		appendBinaryStringInfo(&text, value->val.string.val, value->val.string.len);
	else
		ScimJsonWrite(&text, value);
	append_cell(out, text.data, text.len);
}

static void
put_line(const Export *export, const ScimResource *resource, const JsonbValue *document)
{
	StringInfoData line;
	const ListCell *lc;

	initStringInfo(&line);
	foreach (lc, export->columns)
	{
		const ScimField *field = lfirst(lc);

		if (foreach_current_index(lc) > 0)
			appendStringInfoChar(&line, ',');
		if (field->kind == SCIM_FIELD_VERSION)
			appendStringInfo(&line, INT64_FORMAT, resource->version);
		else
			append_value(&line, ScimBoundGet(&field->bound, document));
	}
	put(export, PointerGetDatum(cstring_to_text_with_len(line.data, line.len)));
}

static void
put_row(void *arg, HeapTuple row, TupleDesc desc)
{
	const Export *export = arg;
	ScimResource *resource =
		ScimResourceFromTuple(export->type, row, desc, CurrentMemoryContext);
	JsonbValue *stored = ScimJsonFromJsonb(resource->data);
	JsonbValue *known = ScimKnown(export->type, stored);
	JsonbValue *document;

	/* what no schema knows any more could not be imported again */
	if (known != stored)
		resource->data = ScimJsonToJsonb(known);
	document = document_of(export, resource);

	if (export->columns != NIL)
		put_line(export, resource, document);
	else
		put(export, JsonbPGetDatum(ScimJsonToJsonb(document)));
}

static void
put_rows(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	ScimUseEachRow(put_row, arg, rows, nrows, desc);
}

static void
export_all(Export *export, const char *filter_text)
{
	ScimSearchRequest request = {.filter = filter_text};
	ScimFilter *filter = ScimSearchFilter(export->store, &request);
	StringInfoData query;
	ScimParams params;

	SPI_connect();
	initStringInfo(&query);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false);
	appendStringInfo(&query,
					 "SELECT %s FROM %s.resource r WHERE resource_type = %s "
					 "AND tenant_id = $1 AND deleted_at IS NULL",
					 ScimResourceColumns(export->store), export->store->quoted_name,
					 quote_literal_cstr(export->type->name));
	if (filter != NULL)
	{
		appendStringInfoString(&query, " AND ");
		ScimPredicateAppend(
			&query, &params,
			ScimPredicateMake(export->store, export->type, filter, false));
	}
	appendStringInfoString(&query, " ORDER BY id");
	ScimSpiForEachOfTenant(query.data, &params, false, put_rows, export);
	SPI_finish();
}

/* ---- which columns ---- */

static void
add_column(Export *export, const char *path)
{
	ScimFields fields = {.type = export->type, .context = CurrentMemoryContext};
	ScimField *field = ScimFieldFind(&fields, path, strlen(path));

	if (field->kind == SCIM_FIELD_PASSWORD ||
		(field->bound.target.attribute != NULL &&
		 field->bound.target.attribute->returned == SCIM_RETURNED_NEVER))
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE), errmsg("\"%s\" is never returned", path)));
	if (field->kind != SCIM_FIELD_ATTRIBUTE && field->kind != SCIM_FIELD_MEMBERS &&
		field->kind != SCIM_FIELD_ID && field->kind != SCIM_FIELD_VERSION)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("\"%s\" is no attribute of resource type \"%s\" that could be a "
						"column",
						path, export->type->name)));
	export->columns = lappend(export->columns, field);
}

static bool
is_written(const ScimAttribute *attribute)
{
	return attribute->mutability != SCIM_READ_ONLY && !ScimIsSecret(attribute);
}

/* All attributes of a schema: what is complex, and once, by its parts. */
static void
add_columns_of(Export *export, const ScimSchema *schema, bool is_extension)
{
	for (int i = 0; i < schema->nattributes; i++)
	{
		const ScimAttribute *attribute = &schema->attributes[i];
		char *path = is_extension ? psprintf("%s:%s", schema->id, attribute->name)
								  : pstrdup(attribute->name);

		if (!is_written(attribute))
			continue;
		if (attribute->type != SCIM_TYPE_COMPLEX || attribute->multi_valued)
		{
			add_column(export, path);
			continue;
		}
		for (int j = 0; j < attribute->nsubs; j++)
		{
			if (is_written(&attribute->subs[j]))
				add_column(export, psprintf("%s.%s", path, attribute->subs[j].name));
		}
	}
}

static void
read_columns(Export *export, FunctionCallInfo fcinfo, int n)
{
	const ListCell *lc;
	StringInfoData line;

	if (!PG_ARGISNULL(n))
	{
		ScimRequireList(PG_GETARG_DATUM(n), "columns");
		foreach (lc, ScimTextList(PG_GETARG_DATUM(n)))
			add_column(export, lfirst(lc));
		if (export->columns == NIL)
			ereport(ERROR,
					(ScimErr(SCIM_INVALID_VALUE), errmsg("columns must not be empty")));
	}
	else
	{
		add_column(export, "id");
		add_column(export, "externalId");
		add_columns_of(export, export->type->schema, false);
		for (int i = 0; i < export->type->nextensions; i++)
			add_columns_of(export, export->type->extensions[i].schema, true);
	}
	initStringInfo(&line);
	foreach (lc, export->columns)
	{
		const char *path = ((const ScimField *) lfirst(lc))->bound.path;

		if (foreach_current_index(lc) > 0)
			appendStringInfoChar(&line, ',');
		append_cell(&line, path, strlen(path));
	}
	put(export, PointerGetDatum(cstring_to_text_with_len(line.data, line.len)));
}

/* ---- the functions ---- */

static void
begin(Export *export, FunctionCallInfo fcinfo, int members)
{
	export->store = ScimStoreCurrent();
	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE), errmsg("resource_type must not be null")));
	export->type = ScimTypeByName(export->store, text_to_cstring(PG_GETARG_TEXT_PP(0)));
	(void) ScimTenant();
	ScimRequireSelect(export->store, SCIM_TABLE_RESOURCE);
	ScimScopeRequireOfCall(export->store, export->type->name, false);
	if (!PG_ARGISNULL(members))
	{
		export->members = text_to_cstring(PG_GETARG_TEXT_PP(members));
		if (strcmp(export->members, "id") == 0)
			export->members = NULL;
		else
			ScimMembersCheck(export->store->registry, export->members);
	}
}

/* Of all that there is what is returned on request only is no less. */
static List *
all_schemas(const ScimResourceType *type)
{
	List *names = list_make3("id", "externalId", (char *) type->schema->id);

	for (int i = 0; i < type->nextensions; i++)
		names = lappend(names, (char *) type->extensions[i].schema->id);
	return names;
}

/*
 * scim.export(resource_type text, filter text, attributes text, members text)
 * returns setof jsonb
 */
Datum
scim_export(PG_FUNCTION_ARGS)
{
	Export export = {NULL};
	List *attributes = NIL;

	begin(&export, fcinfo, 3);
	if (!PG_ARGISNULL(2))
		attributes = ScimSplitAttributes(NIL, text_to_cstring(PG_GETARG_TEXT_PP(2)));
	ScimCheckAttributes(attributes, NIL);
	export.projection = ScimProjectionMake(
		export.type, attributes != NIL ? attributes : all_schemas(export.type), NIL);
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	export.result = (ReturnSetInfo *) fcinfo->resultinfo;
	export_all(&export, ScimTextArgument(fcinfo, 1));
	return (Datum) 0;
}

/*
 * scim.export_csv(resource_type text, filter text, columns text[], members text)
 * returns setof text
 */
Datum
scim_export_csv(PG_FUNCTION_ARGS)
{
	Export export = {NULL};
	List *names = NIL;
	const ListCell *lc;

	begin(&export, fcinfo, 3);
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	export.result = (ReturnSetInfo *) fcinfo->resultinfo;
	read_columns(&export, fcinfo, 2);
	/* those that are returned on request only are asked for by being columns */
	foreach (lc, export.columns)
	{
		const ScimBoundAttribute *bound = &((const ScimField *) lfirst(lc))->bound;

		if (bound->target.attribute == NULL)
			continue;
		names = lappend(names, bound->target.extension != NULL
								   ? psprintf("%s:%s", bound->target.extension->id,
											  bound->target.attribute->name)
								   : (char *) bound->target.attribute->name);
	}
	export.projection = ScimProjectionMake(export.type, names, NIL);
	export_all(&export, ScimTextArgument(fcinfo, 1));
	return (Datum) 0;
}
