/*
 * oauth_failure.c
 *		Who could not prove of late who he is, and has to wait: a store's table
 *		"client_failure".
 *
 * Failures are counted by the address that a request came from, and by the client that
 * it named.  Of each count one is forgotten every six seconds, and where it is full the
 * next attempt is not looked at, nor is it counted: so the count is never more than full,
 * and whoever waits gets his turn.
 *
 * An attacker of many addresses could fill the count of a client for as long as he likes.
 * It holds up addresses only from which somebody has failed of late; so the client, who
 * has not, is never locked out by others.
 */
#include "postgres.h"

#include <arpa/inet.h>

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"

#include "protocol/authentication/oauth.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"

/* One of a count is forgotten each six seconds. */
#define NOW_OF(failures, at) \
	"greatest(0, " failures " - extract(epoch FROM clock_timestamp() - " at ") / 6)"

#define MAX_OF_ADDRESS 20
#define MAX_OF_CLIENT 100

/* After that every count is empty. */
#define FORGOTTEN "interval '1 hour'"

/* So many rows go at a time, which are more than come. */
#define MAX_REMOVED "20"

/* By what an address is counted, of IPv6 the network; NULL: it is none. */
static char *
key_of_address(const char *text)
{
	unsigned char bytes[16];
	char network[INET6_ADDRSTRLEN];

	if (text == NULL)
		return NULL;
	if (inet_pton(AF_INET, text, bytes) == 1)
		return psprintf("address %s", text);
	if (inet_pton(AF_INET6, text, bytes) != 1)
		return NULL;
	memset(bytes + 8, 0, 8);
	if (inet_ntop(AF_INET6, bytes, network, sizeof(network)) == NULL)
		return NULL;
	return psprintf("address %s/64", network);
}

static char *
key_of_client(const ScimOAuthClient *client)
{
	return psprintf("client %s", ScimUuidText(&client->id));
}

/* How many failures are counted; between SPI_connect and SPI_finish. */
static double
count_of(const ScimStore *store, int32 tenant_id, const char *key)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(key), false);
	ScimSpiExecute(
		psprintf("SELECT (" NOW_OF(
					 "failures",
					 "at") ")::double precision "
						   "FROM %s.client_failure WHERE tenant_id = $1 AND key = $2",
				 store->quoted_name),
		&params, true, 1);
	return SPI_processed > 0 ? DatumGetFloat8(ScimResultValue(0, 1, FLOAT8OID)) : 0;
}

static void
count_one(const ScimStore *store, int32 tenant_id, const char *key, int most)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(key), false);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(most), false);
	ScimSpiExecute(
		psprintf("INSERT INTO %s.client_failure AS f (tenant_id, key, failures, at) "
				 "VALUES ($1, $2, 1, clock_timestamp()) "
				 "ON CONFLICT (tenant_id, key) DO UPDATE SET failures = least($3, "
				 "(" NOW_OF("f.failures", "f.at") ")::real + 1), at = clock_timestamp()",
				 store->quoted_name),
		&params, false, 0);
}

/*
 * ScimOAuthMustWait: have there been too many failures of late, for this attempt to be
 * looked at?
 */
bool
ScimOAuthMustWait(const ScimOAuthRequest *oauth, const ScimOAuthClient *client)
{
	const ScimStore *store = oauth->store;
	const char *address = key_of_address(ScimHeader(oauth->request, "X-Real-IP"));
	ScimIdentity caller = ScimBeReader(store->owner);
	double of_address;
	bool must_wait;

	SPI_connect();
	of_address = address != NULL ? count_of(store, 0, address) : 1;
	must_wait = of_address > MAX_OF_ADDRESS - 1;
	if (!must_wait && client != NULL && of_address > 0)
		must_wait =
			count_of(store, client->tenant_id, key_of_client(client)) > MAX_OF_CLIENT - 1;
	SPI_finish();
	ScimBeCaller(caller);
	return must_wait;
}

/* ScimOAuthCountFailure counts one; it stays counted unless the transaction fails. */
void
ScimOAuthCountFailure(const ScimOAuthRequest *oauth, const ScimOAuthClient *client)
{
	const ScimStore *store = oauth->store;
	const char *address = key_of_address(ScimHeader(oauth->request, "X-Real-IP"));
	ScimIdentity caller = ScimBeOwner(store->owner);
	ScimParams params;

	SPI_connect();
	/* in this order, so that nobody waits for who waits for him */
	if (address != NULL)
		count_one(store, 0, address, MAX_OF_ADDRESS);
	if (client != NULL)
		count_one(store, client->tenant_id, key_of_client(client), MAX_OF_CLIENT);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(client != NULL ? client->tenant_id : 0),
				  false);
	ScimSpiExecute(psprintf("DELETE FROM %1$s.client_failure WHERE (tenant_id, key) IN ("
							"SELECT tenant_id, key FROM %1$s.client_failure "
							"WHERE tenant_id = ANY (ARRAY[0, $1]) "
							"AND at < clock_timestamp() - " FORGOTTEN
							" ORDER BY at LIMIT " MAX_REMOVED " FOR UPDATE SKIP LOCKED)",
							store->quoted_name),
				   &params, false, 0);
	SPI_finish();
	ScimBeCaller(caller);
}
