/*
 * scheme.c
 *		The ways in which a client may say who it is: a store's table
 *		"authentication_scheme".
 *
 * An Authorization header is a keyword and a credential (RFC 9110 section 11.6.2):
 * "Bearer x", "ApiKey x", "Basic x", or x alone.  Which keywords a store takes,
 * what stands behind each, and whether a second secret has to come in a header of
 * its own, is up to the rows of this table.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/store.h"
#include "text/fold.h"

static ScimCredentialKind
kind_of(const char *credential)
{
	if (strcmp(credential, "token") == 0)
		return SCIM_CREDENTIAL_TOKEN;
	if (strcmp(credential, "password") == 0)
		return SCIM_CREDENTIAL_PASSWORD;
	if (strcmp(credential, "jwt") == 0)
		return SCIM_CREDENTIAL_JWT;
	if (strcmp(credential, "access_token") == 0)
		return SCIM_CREDENTIAL_ACCESS_TOKEN;
	elog(ERROR, "unknown kind of credential \"%s\"", credential);
}

/* A column that is not null. */
static char *
required(uint64 row, int number)
{
	return TextDatumGetCString(ScimResultValue(row, number, TEXTOID));
}

/* What a store of version 0.1.0 accepts, which has no such table: bearer tokens. */
static List *
schemes_without_table(MemoryContext context)
{
	static const char *const keywords[] = {"Bearer", ""};
	MemoryContext old = MemoryContextSwitchTo(context);
	List *schemes = NIL;

	for (size_t i = 0; i < lengthof(keywords); i++)
	{
		ScimScheme *scheme = palloc0(sizeof(ScimScheme));

		scheme->scheme = scheme->keyword = pstrdup(keywords[i]);
		scheme->kind = SCIM_CREDENTIAL_TOKEN;
		schemes = lappend(schemes, scheme);
	}
	MemoryContextSwitchTo(old);
	return schemes;
}

/* ScimSchemesRead reads the schemes of a store into a context, the primary one first. */
List *
ScimSchemesRead(const ScimStore *store, MemoryContext context)
{
	List *schemes = NIL;

	if (!OidIsValid(store->tables.relid[SCIM_TABLE_AUTHENTICATION_SCHEME]))
		return schemes_without_table(context);
	ScimSpiExecute(psprintf("SELECT scheme, keyword, credential, second_header, type, "
							"name, description, spec_uri, is_primary "
							"FROM %s.authentication_scheme "
							"ORDER BY is_primary, scheme",
							store->quoted_name),
				   NULL, true, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(context);
		ScimScheme *scheme = palloc0(sizeof(ScimScheme));
		bool isnull;

		scheme->scheme = required(i, 1);
		scheme->keyword = required(i, 2);
		scheme->kind = kind_of(required(i, 3));
		scheme->second_header = ScimResultText(i, 4);
		scheme->type = required(i, 5);
		scheme->name = ScimResultText(i, 6);
		scheme->description = ScimResultText(i, 7);
		scheme->spec_uri = ScimResultText(i, 8);
		(void) ScimResult(i, 9, BOOLOID, &isnull);
		scheme->primary = !isnull;
		schemes = lappend(schemes, scheme);
		MemoryContextSwitchTo(old);
	}
	return schemes;
}

/* ScimSchemeFind finds a scheme by its name, in any letter case. */
const ScimScheme *
ScimSchemeFind(const ScimStore *store, const char *scheme)
{
	ListCell *lc;

	foreach (lc, store->schemes)
	{
		const ScimScheme *known = lfirst(lc);

		if (ScimNameEqual(known->scheme, scheme))
			return known;
	}
	return NULL;
}

/* ScimSchemeOfAccessTokens finds the scheme by which clients fetch access tokens. */
const ScimScheme *
ScimSchemeOfAccessTokens(const ScimStore *store)
{
	ListCell *lc;

	foreach (lc, store->schemes)
	{
		const ScimScheme *scheme = lfirst(lc);

		if (scheme->kind == SCIM_CREDENTIAL_ACCESS_TOKEN)
			return scheme;
	}
	return NULL;
}
