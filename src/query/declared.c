/*
 * declared.c
 *		Filters for which a store has an index of their own.
 *
 * The index on documents tells who has a key, and reads all of them where nearly
 * everybody has it: "not" of what most have it answers last of all.  A filter that is
 * asked often may have an index of those who match, in the order of lists
 * (scim.create_filter_index): its list is counted and read there.
 *
 * The predicate of such an index is scim_internal.holds (filter/frozen.c), which says
 * what the schemas said when it was made.  A search says the same of its filter as the
 * schemas are now, and so PostgreSQL finds that the index is one of these rows, or is
 * not. Its name follows from the predicate, and only tells that it is there.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"

#include "query/list.h"

PG_FUNCTION_INFO_V1(scim_filter_index);

/*
 * Bytes of a filter: what the catalogue takes of a predicate, in one row, however badly
 * it compresses.
 */
#define FILTER_MAX 4000

/* The name of an index: sixteen digits stand between. */
#define NAME_BEGIN "scim_"
#define NAME_END "_filter"
#define NAME_LEN (strlen(NAME_BEGIN) + 16 + strlen(NAME_END))

/* FNV-1a, the same on every machine: names of indexes travel with dumps. */
static uint64
hash_text(uint64 hash, const char *text)
{
	do
		hash = (hash ^ (unsigned char) *text) * UINT64CONST(0x100000001b3);
	while (*text++ != '\0');
	return hash;
}

/* The index of a filter, if it can have one. */
typedef struct FilterIndex
{
	char *name;
	char *filter; /* arguments of scim_internal.holds */
	char *attributes;
} FilterIndex;

/* Finds out what the index of a filter over documents of a type would be. */
static bool
find_index(const ScimStore *store, const ScimResourceType *type, const ScimFilter *filter,
		   FilterIndex *index)
{
	ScimResolveContext context = {store->registry, type};
	ScimProblem *problem = NULL;
	ScimBoundFilter *bound =
		ScimFilterBind(filter, 0, ScimResolveForFilter, &context, NULL, &problem);
	uint64 hash = UINT64CONST(0xcbf29ce484222325);

	if (bound == NULL || !ScimFilterFreeze(bound, &index->filter, &index->attributes))
		return false;
	hash = hash_text(hash_text(hash_text(hash, type->name), index->filter),
					 index->attributes);
	index->name = psprintf(NAME_BEGIN "%016llx" NAME_END, (unsigned long long) hash);
	return true;
}

static char *
predicate_of(const FilterIndex *index)
{
	return psprintf("scim_internal.holds(data, %s, %s)",
					quote_literal_cstr(index->filter),
					quote_literal_cstr(index->attributes));
}

/* Is an index called as those of filters are? */
static bool
has_name_of_filter(Oid relid)
{
	const char *name = get_rel_name(relid);

	return name != NULL && strlen(name) == NAME_LEN &&
		   strncmp(name, NAME_BEGIN, strlen(NAME_BEGIN)) == 0 &&
		   strcmp(name + NAME_LEN - strlen(NAME_END), NAME_END) == 0;
}

/* The indexes of a table that may be of filters; none, nearly always. */
static List *
indexes_of_filters(Relation table)
{
	List *found = NIL;
	ListCell *lc;

	foreach (lc, RelationGetIndexList(table))
	{
		if (has_name_of_filter(lfirst_oid(lc)))
			found = lappend_oid(found, lfirst_oid(lc));
	}
	return found;
}

/* Has one of these indexes, of a table that is locked, this name, and may be used? */
static bool
has_valid(const List *indexes, const char *wanted)
{
	ListCell *lc;

	foreach (lc, indexes)
	{
		const char *name = get_rel_name(lfirst_oid(lc));

		if (name != NULL && strcmp(name, wanted) == 0)
			return get_index_isvalid(lfirst_oid(lc));
	}
	return false;
}

/*
 * ScimDeclaredFind: the predicate of the index that a store has for a filter, or NULL.
 * What its name would be is worked out where the table has such indexes at all.
 */
const char *
ScimDeclaredFind(const ScimStore *store, const ScimResourceType *type,
				 const ScimPredicate *predicate)
{
	ScimFilter *filter = ScimPredicateOfDocument(predicate);
	Oid relid = filter != NULL ? ScimListTable(store, type) : InvalidOid;
	Relation table = OidIsValid(relid) ? try_table_open(relid, AccessShareLock) : NULL;
	FilterIndex index;
	List *indexes;
	bool found;

	if (table == NULL)
		return NULL;
	indexes = indexes_of_filters(table);
	found = indexes != NIL && find_index(store, type, filter, &index) &&
			has_valid(indexes, index.name);
	table_close(table, AccessShareLock);
	return found ? predicate_of(&index) : NULL;
}

/*
 * scim_internal.filter_index(resource_type text, filter scim.filter, OUT name text, OUT
 * predicate text): the index that searches of the current store look for.  Error 0A000
 * where a filter can have none, 54000 where it is too long for that, SCFIL where the type
 * does not know what it names.
 */
Datum
scim_filter_index(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreConfigured();
	const ScimResourceType *type =
		ScimTypeByName(store, text_to_cstring(PG_GETARG_TEXT_PP(0)));
	ScimFilter *filter = PG_GETARG_SCIM_FILTER_P(1);
	const ScimFilter *of_document = NULL;
	FilterIndex index;
	TupleDesc desc;
	Datum values[2];
	bool nulls[2] = {false, false};

	if (!type->is_membership)
		of_document =
			ScimPredicateOfDocument(ScimPredicateMake(store, type, filter, false));
	if (of_document == NULL || !find_index(store, type, of_document, &index))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("a filter such as this one can have no index of its own"),
				 errdetail("It may ask for nothing but what stands in documents: id, "
						   "meta, externalId, userName, displayName, active eq true, "
						   "groups and members have indexes."),
				 errhint("It may have %d terms and operators.", SCIM_FROZEN_NODES_MAX)));
	if (strlen(index.filter) > FILTER_MAX)
		ereport(
			ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("a filter that has an index of its own may have %d bytes, not %zu",
					FILTER_MAX, strlen(index.filter))));
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	values[0] = CStringGetTextDatum(index.name);
	values[1] = CStringGetTextDatum(
		psprintf("deleted_at IS NULL AND resource_type = %s AND %s",
				 quote_literal_cstr(type->name), predicate_of(&index)));
	PG_RETURN_DATUM(
		HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}
