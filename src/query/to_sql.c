/*
 * to_sql.c
 *		scim.to_sql: a filter as the text of a predicate, over a store's table or
 *		over any other.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "mapping/mapping.h"
#include "query/query.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(scim_to_sql);
PG_FUNCTION_INFO_V1(scim_to_sql_mapping);

/* scim.to_sql(filter scim.filter, resource_type text) returns text */
Datum
scim_to_sql(PG_FUNCTION_ARGS)
{
	ScimFilter *filter = PG_GETARG_SCIM_FILTER_P(0);
	ScimStore *store = ScimStoreConfigured();
	const ScimResourceType *type =
		ScimTypeByName(store, text_to_cstring(PG_GETARG_TEXT_PP(1)));
	StringInfoData out;

	initStringInfo(&out);
	ScimPredicateAppend(&out, NULL, ScimPredicateMake(store, type, filter, false));
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}

/* scim.to_sql(filter scim.filter, mapping jsonb) returns text */
Datum
scim_to_sql_mapping(PG_FUNCTION_ARGS)
{
	ScimFilter *filter = PG_GETARG_SCIM_FILTER_P(0);
	Jsonb *mapping = PG_GETARG_JSONB_P(1);
	ScimResolveContext context = {ScimRegistryForMatching(), NULL};
	StringInfoData out;

	initStringInfo(&out);
	ScimMappedPredicate(&out, ScimMappingRead(mapping, ScimResolveForFilter, &context),
						filter);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}
