/*
 * unique.c
 *		The table "unique_value": attributes that are unique, kept so by its
 *		primary key.
 *
 * Each value of a unique attribute of a resource that is there has a row, written
 * by the AFTER trigger of "resource".  Two writers of the same value meet at the
 * primary key: the second waits for the first and then fails, or goes on where
 * the first was rolled back.  userName of the core User has a unique index of its
 * own instead.
 *
 * The policy "unique" makes others so (policy/document/unique.c).
 *
 * "server" holds within a tenant's resources of one type, "global" within those
 * of all tenants: its rows have the tenant 0.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "json/buckets.h"
#include "json/json.h"
#include "policy/policy.h"
#include "store/at_tenant.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/seen.h"
#include "store/statement/statement.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(scim_unique_values);
PG_FUNCTION_INFO_V1(scim_unique_over_tenants);

/* Longest part of a value in a message, in bytes. */
#define MAX_QUOTED 64
/* An error names so many doubles. */
#define MAX_NAMED 20

/* With the parameters of set_params; in the order of the key: no two deadlock. */
#define INSERT_VALUES                                                         \
	"INSERT INTO %s.unique_value "                                            \
	"(tenant_id, resource_type, attribute, value, resource_id) "              \
	"SELECT v.tenant_id, $1, v.attribute, v.value, $2 "                       \
	"FROM unnest($3, $4, $5) AS v (tenant_id, attribute, value) "             \
	"ORDER BY v.tenant_id, v.attribute COLLATE \"C\", v.value COLLATE \"C\" " \
	"ON CONFLICT DO NOTHING"

/* Which of the values other resources have. */
#define FIND_OTHERS                                           \
	"SELECT v.n, u.resource_id FROM unnest($3, $4, $5) "      \
	"WITH ORDINALITY AS v (tenant_id, attribute, value, n) "  \
	"JOIN %s.unique_value u ON u.tenant_id = v.tenant_id "    \
	"AND u.resource_type = $1 AND u.attribute = v.attribute " \
	"AND u.value = v.value AND u.resource_id <> $2 ORDER BY v.n"

/* scim_check_unique_value need not look at what is written here. */
static bool is_writing = false;

static void execute_write(const char *query, const ScimParams *params);
static void delete_values(ScimStore *store, int32 tenant_id, const ScimResourceType *type,
						  const pg_uuid_t *id, List *values);
static void insert_values(ScimStore *store, int32 tenant_id, const ScimResourceType *type,
						  const pg_uuid_t *id, List *values, bool quote);
static void set_params(ScimParams *params, int32 tenant_id, const ScimResourceType *type,
					   const pg_uuid_t *id, List *values);
static void
raise_conflict(const ScimResourceType *type, const ScimUniqueValue *value, bool quote);

/*
 * ScimUniqueChange moves the unique values of a resource from those of one
 * document to those of another; either may be NULL.  Raises 409 (uniqueness) where
 * another resource has one of the new values, which the error quotes where it may: one
 * can follow from others that who writes may not know.  Call it as the store's owner,
 * connected to SPI.
 */
void
ScimUniqueChange(ScimStore *store, int32 tenant_id, const ScimResourceType *type,
				 const pg_uuid_t *id, const Jsonb *before, const Jsonb *after, bool quote)
{
	const List *others;
	List *old_values = NIL;
	List *new_values = NIL;

	others = ScimUniqueByPolicy(ScimRulesFor(store, tenant_id, type));
	if (type->nunique == 0 && others == NIL)
		return;
	if (before != NULL)
		old_values = ScimUniqueValues(type, others, ScimStoredDocument(type, before));
	if (after != NULL)
		new_values = ScimUniqueValues(type, others, ScimStoredDocument(type, after));
	/* a trigger of somebody's may take it away meanwhile, with all that it has then */
	insert_values(store, tenant_id, type, id, ScimUniqueWithout(new_values, old_values),
				  quote);
	delete_values(store, tenant_id, type, id, ScimUniqueWithout(old_values, new_values));
}

/* ScimUniqueWithout: the values of one list that are not in the other. */
List *
ScimUniqueWithout(List *values, List *others)
{
	ScimBuckets by_key;
	List *result = NIL;
	ListCell *lc;

	if (others == NIL)
		return values;
	ScimBucketsInit(&by_key, list_length(others));
	foreach (lc, others)
		ScimBucketsAdd(&by_key, ScimUniqueValueHash(lfirst(lc)),
					   foreach_current_index(lc));
	foreach (lc, values)
	{
		int at = ScimBucketsFirst(&by_key, ScimUniqueValueHash(lfirst(lc)));

		CHECK_FOR_INTERRUPTS();
		while (at >= 0 && !ScimUniqueValueEqual(
							  list_nth(others, ScimBucketsItem(&by_key, at)), lfirst(lc)))
			at = ScimBucketsNext(&by_key, at);
		if (at < 0)
			result = lappend(result, lfirst(lc));
	}
	ScimBucketsFree(&by_key);
	return result;
}

static void
delete_values(ScimStore *store, int32 tenant_id, const ScimResourceType *type,
			  const pg_uuid_t *id, List *values)
{
	ScimParams params;

	if (values == NIL)
		return;
	set_params(&params, tenant_id, type, id, values);
	execute_write(psprintf("DELETE FROM %s.unique_value u "
						   "USING unnest($3, $4, $5) AS v (tenant_id, attribute, value) "
						   "WHERE u.tenant_id = v.tenant_id AND u.resource_type = $1 "
						   "AND u.attribute = v.attribute AND u.value = v.value "
						   "AND u.resource_id = $2",
						   store->quoted_name),
				  &params);
	/* they may be unique since the transaction began, and be there for all others */
	if (SPI_processed < list_length(values))
		ScimRowsRequireSeen(
			psprintf("%s.unique_value u JOIN unnest($3, $4, $5) "
					 "AS v (tenant_id, attribute, value) "
					 "ON u.tenant_id = v.tenant_id AND u.resource_type = $1 "
					 "AND u.attribute = v.attribute AND u.value = v.value "
					 "AND u.resource_id = $2",
					 store->quoted_name),
			&params, "unique values of the resource have been written meanwhile");
}

/* In the order of the key, so that two with the same values do not deadlock. */
static void
insert_values(ScimStore *store, int32 tenant_id, const ScimResourceType *type,
			  const pg_uuid_t *id, List *values, bool quote)
{
	ScimParams params;
	Datum first;
	bool isnull;

	if (values == NIL)
		return;
	set_params(&params, tenant_id, type, id, values);
	execute_write(psprintf(INSERT_VALUES, store->quoted_name), &params);
	if (SPI_processed == list_length(values))
		return;
	/* a load may have brought the rows already, of this resource */
	ScimSpiExecute(psprintf("SELECT min(v.n) FROM unnest($3, $4, $5) WITH ORDINALITY "
							"AS v (tenant_id, attribute, value, n) "
							"WHERE NOT EXISTS (SELECT FROM %s.unique_value u "
							"WHERE u.tenant_id = v.tenant_id AND u.resource_type = $1 "
							"AND u.attribute = v.attribute AND u.value = v.value "
							"AND u.resource_id = $2)",
							store->quoted_name),
				   &params, false, 0);
	first = ScimResult(0, 1, INT8OID, &isnull);
	if (!isnull)
		raise_conflict(type, list_nth(values, (int) DatumGetInt64(first) - 1), quote);
}

/*
 * ScimUniqueTaken lists what of the unique values of a document, which is not written
 * yet, another resource has already: ScimProblem *, and ScimUniqueValue * are appended to
 * *taken.  before is the document that it replaces, or NULL.
 */
List *
ScimUniqueTaken(ScimStore *store, int32 tenant_id, const ScimResourceType *type,
				const pg_uuid_t *id, const JsonbValue *before, const JsonbValue *after,
				List **taken)
{
	const List *others = ScimUniqueByPolicy(ScimRulesFor(store, tenant_id, type));
	List *problems = NIL;
	List *values;
	ScimParams params;
	ScimIdentity caller;

	if (type->nunique == 0 && others == NIL)
		return NIL;
	values = ScimUniqueValues(type, others, after);
	if (before != NULL)
		values = ScimUniqueWithout(values, ScimUniqueValues(type, others, before));
	if (values == NIL)
		return NIL;
	set_params(&params, tenant_id, type, id, values);
	caller = ScimBeReader(store->owner);
	SPI_connect();
	ScimSpiExecute(psprintf(FIND_OTHERS, store->quoted_name), &params, true, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		const ScimUniqueValue *value =
			list_nth(values, (int) DatumGetInt64(ScimResultValue(i, 1, INT8OID)) - 1);
		const char *path = value->attribute->path;
		MemoryContext old = MemoryContextSwitchTo(GetMemoryChunkContext(values));

		problems =
			lappend(problems, ScimProblemMake(SCIM_UNIQUENESS, path,
											  "a %s with the same %s exists already",
											  type->name, path));
		*taken = lappend(*taken, (void *) value);
		MemoryContextSwitchTo(old);
	}
	SPI_finish();
	ScimBeCaller(caller);
	return problems;
}

/*
 * ScimUniqueAttributeOf: the attribute that a unique index of a table of resources is
 * about: ours, and those that the guides name.
 */
const char *
ScimUniqueAttributeOf(const char *index)
{
	static const struct
	{
		const char *end; /* of its name, behind that of the table */
		const char *attribute;
	} known[] = {
		{"_user_name_key", "userName"},
		{"_external_id_key", "externalId"},
		{"_display_name_key", "displayName"},
		{"_id_key", "id"}, /* the end of others, too */
	};
	size_t len = index != NULL ? strlen(index) : 0;

	for (size_t i = 0; i < lengthof(known); i++)
	{
		size_t end = strlen(known[i].end);

		if (len > end && strcmp(index + len - end, known[i].end) == 0)
			return known[i].attribute;
	}
	return "unique attribute";
}

/*
 * ScimUniqueBroken: the violation of a unique index of the store, in the words of SCIM;
 * NULL: an error is none.
 */
char *
ScimUniqueBroken(const ScimStore *store, const char *type_name, const ErrorData *error)
{
	if (error->sqlerrcode != ERRCODE_UNIQUE_VIOLATION || ScimErrorIsRaised(error) ||
		error->schema_name == NULL || strcmp(error->schema_name, store->name) != 0)
		return NULL;
	return psprintf("a %s with the same %s exists already", type_name,
					ScimUniqueAttributeOf(error->constraint_name));
}

/*
 * What the server says of a key that is there already ends in it, in all languages:
 * "Key (tenant_id, ...)=(1, name) ...".  The value behind the tenant, or NULL.
 */
static const char *
value_in_detail(const char *detail)
{
	const char *start = detail != NULL ? strstr(detail, ")=(") : NULL;
	const char *end = detail != NULL ? strrchr(detail, ')') : NULL;

	if (start == NULL)
		return NULL;
	start += strlen(")=(");
	start += strspn(start, "0123456789");
	if (strncmp(start, ", ", 2) != 0 || end < start + 2 || end - start > MAX_QUOTED)
		return NULL;
	return pnstrdup(start + 2, end - start - 2);
}

/*
 * ScimReraiseDouble, in PG_CATCH(), raises the violation of a unique index of the store
 * by a statement of ours that writes what is there anew in the words of SCIM, and any
 * other error as it is.  The caller may see all that is there.
 */
void
ScimReraiseDouble(const ScimStore *store, const char *type_name, MemoryContext context)
{
	ErrorData *error;
	const char *taken;
	const char *value;

	if (geterrcode() != ERRCODE_UNIQUE_VIOLATION)
		PG_RE_THROW();
	MemoryContextSwitchTo(context);
	error = CopyErrorData();
	taken = ScimUniqueBroken(store, type_name, error);
	if (taken == NULL)
		PG_RE_THROW();
	FlushErrorState();
	value = value_in_detail(error->detail);
	if (value != NULL)
		taken = psprintf("%s: \"%s\"", taken, value);
	ereport(ERROR, (ScimErr(SCIM_UNIQUENESS), errmsg("%s", taken),
					errhint("Change one of the two first.")));
}

/* ScimUniqueTenant is the tenant of the rows of a unique attribute. */
int32
ScimUniqueTenant(const ScimUniqueAttribute *attribute, int32 tenant_id)
{
	return attribute->of_all_tenants ? 0 : tenant_id;
}

/* ScimUniqueIsWriting: are these functions writing the table at this moment? */
bool
ScimUniqueIsWriting(void)
{
	return is_writing;
}

static void
execute_write(const char *query, const ScimParams *params)
{
	bool outer = is_writing;

	is_writing = true;
	PG_TRY();
	{
		ScimSpiExecute(query, params, false, 0);
	}
	PG_FINALLY();
	{
		is_writing = outer;
	}
	PG_END_TRY();
}

/*
 * ScimUniqueForget removes the unique values of all resources of a type, in the store
 * of that quoted name.  Call it as the store's owner, connected to SPI.
 */
void
ScimUniqueForget(const char *quoted_store, const char *type_name)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(type_name), false);
	execute_write(
		psprintf("DELETE FROM %s.unique_value WHERE resource_type = $1", quoted_store),
		&params);
}

/* $1 type, $2 resource, and of each value $3 tenant, $4 attribute, $5 key */
static void
set_params(ScimParams *params, int32 tenant_id, const ScimResourceType *type,
		   const pg_uuid_t *id, List *values)
{
	int n = list_length(values);
	Datum *tenants = palloc(sizeof(Datum) * n);
	Datum *attributes = palloc(sizeof(Datum) * n);
	Datum *keys = palloc(sizeof(Datum) * n);
	ListCell *lc;

	foreach (lc, values)
	{
		const ScimUniqueValue *value = lfirst(lc);
		const ScimUniqueAttribute *attribute = value->attribute;
		int i = foreach_current_index(lc);

		tenants[i] = Int32GetDatum(ScimUniqueTenant(attribute, tenant_id));
		attributes[i] = CStringGetTextDatum(attribute->key);
		keys[i] = CStringGetTextDatum(value->key);
	}
	ScimParamsInit(params);
	ScimParamsAdd(params, TEXTOID, CStringGetTextDatum(type->name), false);
	ScimParamsAdd(params, UUIDOID, UUIDPGetDatum(id), false);
	ScimParamsAdd(params, INT4ARRAYOID, ScimArray(tenants, NULL, n, INT4OID), false);
	ScimParamsAdd(params, TEXTARRAYOID, ScimArray(attributes, NULL, n, TEXTOID), false);
	ScimParamsAdd(params, TEXTARRAYOID, ScimArray(keys, NULL, n, TEXTOID), false);
}

static void
raise_conflict(const ScimResourceType *type, const ScimUniqueValue *value, bool quote)
{
	StringInfoData text;

	initStringInfo(&text);
	ScimJsonWrite(&text, value->value);
	if (!quote || text.len > MAX_QUOTED)
	{
		ereport(ERROR,
				(ScimErr(SCIM_UNIQUENESS), errmsg("a %s with the same %s exists already",
												  type->name, value->attribute->path)));
	}
	ereport(ERROR, (ScimErr(SCIM_UNIQUENESS),
					errmsg("a %s with the same %s exists already: %s", type->name,
						   value->attribute->path, text.data)));
}

/* A resource type whose unique values by policy are made anew, and what is double. */
typedef struct Rebuild
{
	ScimStore *store;
	const ScimResourceType *type;
	int64 doubles;
	StringInfoData named; /* the first of them, one per line */
} Rebuild;

/* Note which of some values another resource has. */
static void
note_doubles(Rebuild *rebuild, const ScimParams *params, List *values,
			 const pg_uuid_t *id)
{
	ScimSpiExecute(psprintf(FIND_OTHERS, rebuild->store->quoted_name), params, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		const ScimUniqueValue *value =
			list_nth(values, (int) DatumGetInt64(ScimResultValue(i, 1, INT8OID)) - 1);
		StringInfoData text;

		if (rebuild->doubles++ >= MAX_NAMED)
			continue;
		initStringInfo(&text);
		ScimJsonWrite(&text, value->value);
		appendStringInfo(&rebuild->named, "%s%s %.*s: %s and %s",
						 rebuild->named.len > 0 ? "\n" : "", value->attribute->path,
						 pg_mbcliplen(text.data, text.len, MAX_QUOTED), text.data,
						 ScimUuidText(DatumGetUUIDP(ScimResultValue(i, 2, UUIDOID))),
						 ScimUuidText(id));
	}
}

static void
rebuild_rows(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	Rebuild *rebuild = arg;
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext context =
		AllocSetContextCreate(caller, "scim unique values", ALLOCSET_DEFAULT_SIZES);

	for (uint64 i = 0; i < nrows; i++)
	{
		int32 tenant_id = DatumGetInt32(ScimColumnValue(rows[i], desc, 1, INT4OID));
		const pg_uuid_t *id = DatumGetUUIDP(ScimColumnValue(rows[i], desc, 2, UUIDOID));
		Jsonb *data = DatumGetJsonbP(ScimColumnValue(rows[i], desc, 3, JSONBOID));
		const List *others;
		List *values;
		ScimParams params;

		CHECK_FOR_INTERRUPTS();
		MemoryContextSwitchTo(context);
		others =
			ScimUniqueByPolicy(ScimRulesFor(rebuild->store, tenant_id, rebuild->type));
		values = others == NIL
					 ? NIL
					 : ScimUniqueValues(rebuild->type, others,
										ScimStoredDocument(rebuild->type, data));
		if (values != NIL)
		{
			set_params(&params, tenant_id, rebuild->type, id, values);
			execute_write(psprintf(INSERT_VALUES, rebuild->store->quoted_name), &params);
			if (SPI_processed < list_length(values))
				note_doubles(rebuild, &params, values, id);
		}
		MemoryContextSwitchTo(caller);
		MemoryContextReset(context);
	}
	MemoryContextDelete(context);
}

/*
 * ScimUniqueRebuild makes the values of a type that are unique by a policy anew, after
 * that has changed; an error names those that two resources have.  Nobody writes
 * resources until the end of the transaction.  Call it as the store's owner, connected
 * to SPI.
 */
void
ScimUniqueRebuild(ScimStore *store, const ScimResourceType *type)
{
	Rebuild rebuild = {.store = store, .type = type};
	ScimParams params;

	ScimLockResources(store->tables.relid[SCIM_TABLE_RESOURCE], ExclusiveLock);
	ScimTableRequireSeen(store->tables.relid[SCIM_TABLE_RESOURCE]);
	initStringInfo(&rebuild.named);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(type->name), false);
	execute_write(psprintf("DELETE FROM %s.unique_value WHERE resource_type = $1 "
						   "AND attribute ^@ '" SCIM_UNIQUE_BY_POLICY "'",
						   store->quoted_name),
				  &params);
	ScimSpiForEach(psprintf("SELECT tenant_id, id, data FROM %s.resource "
							"WHERE resource_type = %s AND deleted_at IS NULL "
							"ORDER BY tenant_id, id",
							store->quoted_name, quote_literal_cstr(type->name)),
				   NULL, false, rebuild_rows, &rebuild);
	if (rebuild.doubles > 0)
		ereport(ERROR, (errcode(ERRCODE_UNIQUE_VIOLATION),
						errmsg_plural(INT64_FORMAT " value of a %s would not be unique",
									  INT64_FORMAT " values of a %s would not be unique",
									  rebuild.doubles, rebuild.doubles, type->name),
						errdetail_internal("%s%s", rebuild.named.data,
										   rebuild.doubles > MAX_NAMED ? "\n..." : ""),
						errhint("Change them first.")));
}

/*
 * scim_internal.unique_values(store name, tenant int, resource_type text, data jsonb)
 * returns a set of (tenant_id, attribute, value): the rows that "unique_value" has of a
 * resource that is there.  None for a type that there is not.
 */
Datum
scim_unique_values(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ScimStore *store =
		ScimStoreByNamespace(get_namespace_oid(NameStr(*PG_GETARG_NAME(0)), false));
	int32 tenant_id = PG_GETARG_INT32(1);
	const ScimResourceType *type =
		ScimRegistryType(store->registry, text_to_cstring(PG_GETARG_TEXT_PP(2)));
	const List *others;
	List *values;
	ListCell *lc;

	InitMaterializedSRF(fcinfo, 0);
	if (type == NULL)
		return (Datum) 0;
	others = ScimUniqueByPolicy(ScimRulesFor(store, tenant_id, type));
	if (type->nunique == 0 && others == NIL)
		return (Datum) 0;
	values =
		ScimUniqueValues(type, others, ScimStoredDocument(type, PG_GETARG_JSONB_P(3)));
	foreach (lc, values)
	{
		const ScimUniqueValue *value = lfirst(lc);
		Datum columns[] = {
			Int32GetDatum(ScimUniqueTenant(value->attribute, tenant_id)),
			CStringGetTextDatum(value->attribute->key),
			CStringGetTextDatum(value->key),
		};
		bool nulls[lengthof(columns)] = {false};

		tuplestore_putvalues(result->setResult, result->setDesc, columns, nulls);
	}
	return (Datum) 0;
}

/* Attributes of a type that are unique over all tenants, by its schemas or by policies.
 */
static List *
over_tenants(ScimStore *store, const ScimResourceType *type)
{
	List *tenants = lcons_int(SCIM_EVERY_TENANT, ScimTenantsWithPolicies(store));
	List *found = NIL;
	ListCell *lc;

	for (int i = 0; i < type->nunique; i++)
	{
		if (type->unique[i].of_all_tenants)
			found = lappend(found, pstrdup(type->unique[i].path));
	}
	foreach (lc, tenants)
	{
		const ListCell *other;

		foreach (other, ScimUniqueByPolicy(ScimRulesFor(store, lfirst_int(lc), type)))
		{
			const ScimUniqueAttribute *attribute = lfirst(other);

			if (attribute->of_all_tenants)
				found = lappend(found, pstrdup(attribute->path));
		}
	}
	return found;
}

/*
 * ScimRefuseUniqueOverTenants raises an error where something would be unique over the
 * nodes of a cluster, which no index is.
 */
void
ScimRefuseUniqueOverTenants(ScimStore *store)
{
	if (!ScimIsSpread(store))
		return;
	for (int i = 0; i < store->registry->ntypes; i++)
	{
		const ScimResourceType *type = &store->registry->types[i];
		List *found = over_tenants(store, type);

		if (found != NIL)
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("attribute \"%s\" of resource type %s would be unique over "
							"all tenants, and store \"%s\" is distributed",
							(char *) linitial(found), type->name, store->name),
					 errhint("Make its uniqueness \"server\": nothing is unique over the "
							 "nodes of a cluster.")));
	}
}

/*
 * scim_internal.unique_over_tenants(store name) returns a set of (resource_type text,
 * attribute text): what is unique over all tenants, by a schema or a policy.
 */
Datum
scim_unique_over_tenants(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ScimStore *store =
		ScimStoreByNamespace(get_namespace_oid(NameStr(*PG_GETARG_NAME(0)), false));

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < store->registry->ntypes; i++)
	{
		const ScimResourceType *type = &store->registry->types[i];
		ListCell *lc;

		foreach (lc, over_tenants(store, type))
		{
			Datum columns[] = {CStringGetTextDatum(type->name),
							   CStringGetTextDatum((const char *) lfirst(lc))};
			bool nulls[lengthof(columns)] = {false};

			tuplestore_putvalues(result->setResult, result->setDesc, columns, nulls);
		}
	}
	return (Datum) 0;
}
