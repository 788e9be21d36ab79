/*
 * documents.c
 *		Schemas and resource types as the documents that they are stored as.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "schema/schema.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/store.h"

/* ScimDocumentsRead: see store.h */
List *
ScimDocumentsRead(const char *query, bool read_only, MemoryContext context)
{
	List *documents = NIL;

	ScimSpiExecute(query, NULL, read_only, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		Datum value = ScimResultValue(i, 1, JSONBOID);
		MemoryContext old = MemoryContextSwitchTo(context);

		documents = lappend(documents, PG_DETOAST_DATUM_COPY(value));
		MemoryContextSwitchTo(old);
	}
	return documents;
}

static Jsonb *
find_document(ScimStore *store, const char *table, const char *key_column,
			  const char *key)
{
	ScimParams params;
	Jsonb *document = NULL;
	MemoryContext caller_context = CurrentMemoryContext;

	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(key), false);
	ScimSpiExecute(
		psprintf("SELECT document FROM %s.%s WHERE scim.fold(%s) = scim.fold($1)",
				 store->quoted_name, table, key_column),
		&params, false, 1);
	if (SPI_processed > 0)
	{
		Datum value = ScimResultValue(0, 1, JSONBOID);
		MemoryContext old = MemoryContextSwitchTo(caller_context);

		document = (Jsonb *) PG_DETOAST_DATUM_COPY(value);
		MemoryContextSwitchTo(old);
	}
	SPI_finish();
	return document;
}

static List *
list_documents(ScimStore *store, const char *table, const char *order)
{
	List *documents;
	MemoryContext caller_context = CurrentMemoryContext;

	SPI_connect();
	documents = ScimDocumentsRead(psprintf("SELECT document FROM %s.%s ORDER BY %s",
										   store->quoted_name, table, order),
								  false, caller_context);
	SPI_finish();
	return documents;
}

/* Are memberships served? */
static bool
serves_memberships(const ScimStore *store)
{
	ScimSettingsUse(store->settings);
	return ScimRegistryMemberships(store->registry) != NULL;
}

/* ScimSchemaDocument returns the schema of a URN that discovery shows, or NULL. */
Jsonb *
ScimSchemaDocument(ScimStore *store, const char *urn)
{
	if (ScimNameEqual(urn, SCIM_URN_MEMBERSHIP) && serves_memberships(store))
		return ScimMembershipSchema();
	return find_document(store, "schema", "id", urn);
}

/* ScimResourceTypeDocument returns the resource type of a name, or NULL. */
Jsonb *
ScimResourceTypeDocument(ScimStore *store, const char *name)
{
	if (ScimNameEqual(name, SCIM_MEMBERSHIP) && serves_memberships(store))
		return ScimMembershipType();
	return find_document(store, "resource_type", "name", name);
}

List *
ScimSchemaDocuments(ScimStore *store)
{
	List *documents = list_documents(store, "schema", "id");

	if (serves_memberships(store))
		documents = lappend(documents, ScimMembershipSchema());
	return documents;
}

List *
ScimResourceTypeDocuments(ScimStore *store)
{
	/* as in RFC 7643 section 8.6: some clients look at the first only */
	List *documents = list_documents(store, "resource_type", "name <> 'User', name");

	if (serves_memberships(store))
		documents = lappend(documents, ScimMembershipType());
	return documents;
}
