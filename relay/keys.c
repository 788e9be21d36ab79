/*
 * keys.c
 *		Keys by which clients sign who they are (RFC 7523), fetched from where they
 *		publish them: jwks_uri of the table "client".
 *
 * The database says which are to be fetched (scim.next_key_sets) and judges what was
 * (scim.keep_key_set); where nothing good comes, those of before stay.  They are fetched
 *by https only, with a certificate that is verified, up to a size and for a time, and,
 *unless -p says otherwise, not from addresses of a private network: whoever may say where
 *the keys of a client are is not to look at what is in there.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "relay.h"

#define AT_ONCE "8"             /* key sets */
#define MAX_KEY_SET (64 * 1024) /* bytes, as in the database */
#define PAUSE 60                /* seconds, after the database has refused */

bool private_allowed = false;

typedef struct KeySet
{
	Transfer transfer;
	CURL *easy;
	char *tenant_id;
	char *client_id;
	char *url;
	char *body;
	size_t len;
	bool too_long;
	bool refused; /* the address is a private one */
	char error[CURL_ERROR_SIZE];
} KeySet;

static int under_way = 0;
static double not_before = 0;

/* RFC 1918, RFC 4193, RFC 6598, this machine, this link, and whatever is no host */
static bool
is_private_v4(uint32_t address)
{
	static const struct
	{
		uint32_t network;
		int bits;
	} networks[] = {
		{0x00000000, 8},  {0x0a000000, 8},  {0x64400000, 10}, {0x7f000000, 8},
		{0xa9fe0000, 16}, {0xac100000, 12}, {0xc0000000, 24}, {0xc0a80000, 16},
		{0xc6120000, 15}, {0xe0000000, 3},
	};

	for (size_t i = 0; i < sizeof(networks) / sizeof(networks[0]); i++)
	{
		if ((address ^ networks[i].network) >> (32 - networks[i].bits) == 0)
			return true;
	}
	return false;
}

static bool
is_private(const struct sockaddr *address)
{
	const unsigned char *bytes;
	uint32_t last;

	if (address->sa_family == AF_INET)
		return is_private_v4(
			ntohl(((const struct sockaddr_in *) address)->sin_addr.s_addr));
	if (address->sa_family != AF_INET6)
		return true;
	bytes = ((const struct sockaddr_in6 *) address)->sin6_addr.s6_addr;
	memcpy(&last, bytes + 12, sizeof(last));
	/* one of IPv4, mapped or translated */
	if (IN6_IS_ADDR_V4MAPPED(&((const struct sockaddr_in6 *) address)->sin6_addr) ||
		memcmp(bytes, "\0\x64\xff\x9b\0\0\0\0\0\0\0\0", 12) == 0)
		return is_private_v4(ntohl(last));
	/* 6to4 */
	if (bytes[0] == 0x20 && bytes[1] == 0x02)
	{
		memcpy(&last, bytes + 2, sizeof(last));
		return is_private_v4(ntohl(last));
	}
	/* else only what is global unicast, and not Teredo */
	return (bytes[0] & 0xe0) != 0x20 || memcmp(bytes, "\x20\x01\0\0", 4) == 0;
}

/* The address is looked at here, where it is one, whatever its name means later. */
static curl_socket_t
open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	KeySet *set = arg;

	if (!private_allowed && is_private(&address->addr))
	{
		set->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype, address->protocol);
}

static size_t
take(char *bytes, size_t size, size_t n, void *arg)
{
	KeySet *set = arg;

	if (set->len + size * n > MAX_KEY_SET)
	{
		set->too_long = true;
		return 0;
	}
	memcpy(set->body + set->len, bytes, size * n);
	set->len += size * n;
	set->body[set->len] = '\0';
	return size * n;
}

static void
fail(const KeySet *set, const char *error)
{
	const char *values[] = {set->tenant_id, set->client_id, set->url, error};

	say("keys of client %s from %s: %s", set->client_id, set->url, error);
	PQclear(run("SELECT scim.key_set_failed($1, $2, $3, $4)", 4, values));
}

/* What has come is a text of the database, and no other. */
static void
keep(const KeySet *set)
{
	const char *values[] = {set->tenant_id, set->client_id, set->url, set->body};
	PGresult *result;

	if (strlen(set->body) != set->len)
	{
		fail(set, "the key set is no text");
		return;
	}
	result = run("SELECT scim.keep_key_set($1, $2, $3, $4)", 4, values);
	if (result == NULL)
		fail(set, "the database did not take it");
	else if (PQntuples(result) == 1 && !PQgetisnull(result, 0, 0))
		say("keys of client %s from %s: %s", set->client_id, set->url,
			PQgetvalue(result, 0, 0));
	PQclear(result);
}

static void
ended(Transfer *transfer, CURLcode code)
{
	KeySet *set = (KeySet *) transfer;
	long status = 0;
	char error[CURL_ERROR_SIZE + 64];

	curl_easy_getinfo(set->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_multi_remove_handle(transfers, set->easy);
	curl_easy_cleanup(set->easy);
	under_way--;
	if (code == CURLE_OK && status == 200)
		keep(set);
	else
	{
		if (set->refused)
			snprintf(error, sizeof(error), "the address is that of a private network");
		else if (set->too_long)
			snprintf(error, sizeof(error), "it is longer than %d bytes", MAX_KEY_SET);
		else if (code == CURLE_OK)
			snprintf(error, sizeof(error), "HTTP %ld", status);
		else
			snprintf(error, sizeof(error), "%s",
					 set->error[0] ? set->error : curl_easy_strerror(code));
		make_printable(error);
		fail(set, error);
	}
	free(set->tenant_id);
	free(set->client_id);
	free(set->url);
	free(set->body);
	free(set);
}

static void
begin(PGresult *rows, int i)
{
	KeySet *set = need(calloc(1, sizeof(KeySet)));

	set->transfer.ended = ended;
	set->tenant_id = copy(PQgetvalue(rows, i, 0));
	set->client_id = copy(PQgetvalue(rows, i, 1));
	set->url = copy(PQgetvalue(rows, i, 2));
	set->body = need(calloc(1, MAX_KEY_SET + 1));
	set->easy = make_transfer(&set->transfer, set->url, set->error);
	curl_easy_setopt(set->easy, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(set->easy, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(set->easy, CURLOPT_WRITEDATA, set);
	curl_easy_setopt(set->easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(set->easy, CURLOPT_OPENSOCKETDATA, set);
	/* a connection that is there may lead to where a new one may not */
	curl_easy_setopt(set->easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(set->easy, CURLOPT_FORBID_REUSE, 1L);
	curl_multi_add_handle(transfers, set->easy);
	under_way++;
}

/* Asks which keys are to be fetched now, and begins. */
void
fetch_keys(void)
{
	static const char *const values[] = {AT_ONCE};
	PGresult *rows;

	if (under_way > 0 || now() < not_before)
		return;
	rows = run("SELECT tenant_id, client_id, url FROM scim.next_key_sets($1)", 1, values);
	/* a database of before, or one whose relay.sql was not run again */
	if (rows == NULL)
		not_before = now() + PAUSE;
	for (int i = 0; rows != NULL && i < PQntuples(rows); i++)
		begin(rows, i);
	PQclear(rows);
}

/* Are there any that have not ended? */
bool
keys_under_way(void)
{
	return under_way > 0;
}
