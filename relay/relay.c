/*
 * relay.c
 *		scim-relay: carries events from PostgreSQL to those who want them by HTTP.
 *
 *		scim-relay [-s STORE] [-c CHANNEL] [-i SECONDS] [-t SECONDS] [-a CAFILE] [-p]
 *[CONNINFO]
 *
 * It asks the database what is to be sent (scim.next_deliveries), sends it, and says what
 * became of it (scim.delivered, scim.delivery_failed).  Everything that must outlive it
 *is in the database: it may be killed at any time, and others may run beside it.  An
 *event whose fate it could not tell comes again when its lease is over.
 *
 * Each consumer has a batch of his own under way, so that one who is slow holds up nobody
 * else.  Within a batch, events of one resource go one after the other, and what follows
 * one that has failed is not sent.
 *
 * It goes where the database says, and nowhere else: no redirects, no proxies, https with
 * a certificate that is verified, and plain http to this very machine only.
 *
 * It also fetches the keys of clients that publish them (keys.c).
 */
#include <curl/curl.h>
#include <errno.h>
#include <getopt.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "relay.h"

#define BATCH "50"      /* events of a consumer at a time */
#define PARALLEL 8      /* of these so many at once */
#define MAX_ANSWER 1000 /* bytes of an answer that are kept for the error */
#define MAX_READ 16384  /* bytes of an answer that are read at all */
#define MAX_RETRY_AFTER 3600
#define MAX_WAIT 60 /* seconds until it tries to reach the database again */

typedef struct Batch Batch;

typedef enum State
{
	WAITING,
	UNDER_WAY,
	ARRIVED,
	FAILED, /* or behind one that has */
	EXPIRED
} State;

typedef struct Delivery
{
	Transfer ends;
	Batch *batch;
	State state;
	char *id;
	char *resource_id;
	char *url;
	char *body;
	struct curl_slist *headers;
	CURL *transfer;
	char error[CURL_ERROR_SIZE];
	char answer[MAX_ANSWER + 1];
	size_t answer_len;
	size_t answer_read;
	bool answered; /* the headers are there, whatever becomes of the rest */
} Delivery;

/* What scim.next_deliveries gave for one consumer. */
struct Batch
{
	Batch *next;
	char *tenant_id;
	char *consumer_id;
	char *lease_id;
	double expires_at; /* of our clock */
	int under_way;
	int count;
	int capacity;
	Delivery *deliveries;
};

static const char *store = "directory";
static const char *channel = "scim_events";
static const char *ca_file = NULL;
static int interval = 1;
static int timeout = 10;
static const char *conninfo = "";
static volatile sig_atomic_t stopping = 0;
static PGconn *database = NULL;
CURLM *transfers = NULL;
static Batch *batches = NULL;

void
say(const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "scim-relay: ");
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}

void *
need(void *pointer)
{
	if (pointer == NULL)
	{
		say("out of memory");
		exit(1);
	}
	return pointer;
}

char *
copy(const char *text)
{
	return need(strdup(text));
}

double
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static void
stop(int number)
{
	stopping = 1;
}

/* ---- the database */

/* The next attempt comes later each time, and not when everybody's does. */
static void
wait_before(int attempt)
{
	double seconds = attempt < 6 ? 1 << attempt : MAX_WAIT;
	double end = now() + seconds * (0.5 + drand48());

	while (!stopping && now() < end)
		usleep(100000);
}

PGresult *
run(const char *query, int nparams, const char *const *values)
{
	PGresult *result =
		PQexecParams(database, query, nparams, NULL, values, NULL, NULL, 0);

	if (PQresultStatus(result) == PGRES_TUPLES_OK ||
		PQresultStatus(result) == PGRES_COMMAND_OK)
		return result;
	say("%s: %s", query, PQresultErrorMessage(result));
	PQclear(result);
	return NULL;
}

static bool
done(PGresult *result)
{
	bool success = result != NULL;

	PQclear(result);
	return success;
}

static bool
prepare_session(void)
{
	const char *values[] = {store};
	char *name = PQescapeIdentifier(database, channel, strlen(channel));
	char listen[512];

	if (name == NULL)
		return false;
	snprintf(listen, sizeof(listen), "LISTEN %s", name);
	PQfreemem(name);
	return done(run(listen, 0, NULL)) &&
		   done(run("SELECT pg_catalog.set_config('scim.store', $1, false), "
					"pg_catalog.set_config('search_path', 'pg_catalog', false)",
					1, values));
}

static bool
connect_once(void)
{
	if (database != NULL)
		PQfinish(database);
	database = PQconnectdb(conninfo);
	if (PQstatus(database) != CONNECTION_OK)
	{
		say("%s", PQerrorMessage(database));
		return false;
	}
	return prepare_session();
}

/* Until there is a connection, or it is to stop. */
static void
keep_connected(void)
{
	for (int attempt = 0; !stopping; attempt++)
	{
		if (database != NULL && PQstatus(database) == CONNECTION_OK)
			return;
		if (connect_once())
		{
			say("carries the events of store \"%s\"", store);
			return;
		}
		PQfinish(database);
		database = NULL;
		wait_before(attempt);
	}
}

/* ---- what is to be sent */

static Batch *
batch_of(const char *consumer_id)
{
	for (Batch *batch = batches; batch != NULL; batch = batch->next)
	{
		if (strcmp(batch->consumer_id, consumer_id) == 0)
			return batch;
	}
	return NULL;
}

/* {uuid,uuid}: those with a batch under way */
static char *
busy_consumers(void)
{
	size_t size = 3;
	char *array;
	char *end;

	for (Batch *batch = batches; batch != NULL; batch = batch->next)
		size += strlen(batch->consumer_id) + 1;
	end = array = need(malloc(size));
	*end++ = '{';
	for (Batch *batch = batches; batch != NULL; batch = batch->next)
		end += sprintf(end, "%s%s", batch == batches ? "" : ",", batch->consumer_id);
	strcpy(end, "}");
	return array;
}

static void
add_headers(Delivery *delivery, const char *lines)
{
	char *text = copy(lines);
	char *rest = text;
	char *line;

	while ((line = strsep(&rest, "\n")) != NULL)
		delivery->headers = need(curl_slist_append(delivery->headers, line));
	/* no 100-continue, which half of the receivers do not know */
	delivery->headers = need(curl_slist_append(delivery->headers, "Expect:"));
	free(text);
}

static void
add_delivery(PGresult *rows, int i)
{
	Batch *batch = batch_of(PQgetvalue(rows, i, 1));
	Delivery *delivery;

	if (batch == NULL)
	{
		batch = need(calloc(1, sizeof(Batch)));
		batch->tenant_id = copy(PQgetvalue(rows, i, 0));
		batch->consumer_id = copy(PQgetvalue(rows, i, 1));
		batch->lease_id = copy(PQgetvalue(rows, i, 4));
		batch->expires_at = now() + atof(PQgetvalue(rows, i, 5));
		batch->next = batches;
		batches = batch;
	}
	if (batch->count == batch->capacity)
	{
		batch->capacity = batch->capacity ? 2 * batch->capacity : 16;
		batch->deliveries =
			need(realloc(batch->deliveries, batch->capacity * sizeof(Delivery)));
	}
	delivery = &batch->deliveries[batch->count++];
	memset(delivery, 0, sizeof(Delivery));
	delivery->id = copy(PQgetvalue(rows, i, 2));
	delivery->resource_id = copy(PQgetvalue(rows, i, 3));
	delivery->url = copy(PQgetvalue(rows, i, 6));
	delivery->body = copy(PQgetvalue(rows, i, 8));
	add_headers(delivery, PQgetvalue(rows, i, 7));
}

/* Asks what there is for consumers who have nothing under way. */
static void
fetch(void)
{
	char *busy = busy_consumers();
	const char *values[] = {busy};
	PGresult *rows =
		run("SELECT tenant_id, consumer_id, id, resource_id, lease_id, "
			"extract(epoch FROM expires_at - clock_timestamp()), url, headers, body "
			"FROM scim.next_deliveries(" BATCH ", $1)",
			1, values);

	free(busy);
	for (int i = 0; rows != NULL && i < PQntuples(rows); i++)
		add_delivery(rows, i);
	PQclear(rows);
}

/* ---- sending */

/* The empty line behind the headers of an answer, which is no 1xx. */
static size_t
note_header(char *bytes, size_t size, size_t n, void *arg)
{
	Delivery *delivery = arg;
	long status = 0;

	curl_easy_getinfo(delivery->transfer, CURLINFO_RESPONSE_CODE, &status);
	if (size * n > 0 && (bytes[0] == '\r' || bytes[0] == '\n') && status >= 200)
		delivery->answered = true;
	return size * n;
}

/* Of an answer that does not end the beginning will do. */
static size_t
keep_answer(char *bytes, size_t size, size_t n, void *arg)
{
	Delivery *delivery = arg;
	size_t room = MAX_ANSWER - delivery->answer_len;
	size_t kept = size * n < room ? size * n : room;

	memcpy(delivery->answer + delivery->answer_len, bytes, kept);
	delivery->answer_len += kept;
	delivery->answer_read += size * n;
	return delivery->answer_read <= MAX_READ ? size * n : 0;
}

static bool
is_loopback(const char *url)
{
	static const char *const hosts[] = {"http://localhost", "http://127.0.0.1",
										"http://[::1]"};

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
	{
		size_t len = strlen(hosts[i]);

		if (strncasecmp(url, hosts[i], len) == 0 && strchr(":/?", url[len]) != NULL)
			return true; /* the end of the URL is found as well */
	}
	return false;
}

static void
set(CURL *transfer, CURLoption option, long value)
{
	curl_easy_setopt(transfer, option, value);
}

/* One to the one address that is named. */
CURL *
make_transfer(Transfer *ends, const char *url, char *error)
{
	CURL *transfer = need(curl_easy_init());

	curl_easy_setopt(transfer, CURLOPT_URL, url);
	curl_easy_setopt(transfer, CURLOPT_PRIVATE, ends);
	curl_easy_setopt(transfer, CURLOPT_USERAGENT, "scim-relay");
	curl_easy_setopt(transfer, CURLOPT_ERRORBUFFER, error);
	set(transfer, CURLOPT_TIMEOUT, timeout);
	set(transfer, CURLOPT_CONNECTTIMEOUT, timeout < 5 ? timeout : 5);
	set(transfer, CURLOPT_NOSIGNAL, 1);
	set(transfer, CURLOPT_FOLLOWLOCATION, 0);
	curl_easy_setopt(transfer, CURLOPT_PROXY, "");
	set(transfer, CURLOPT_SSL_VERIFYPEER, 1);
	set(transfer, CURLOPT_SSL_VERIFYHOST, 2);
	set(transfer, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
	if (ca_file != NULL)
		curl_easy_setopt(transfer, CURLOPT_CAINFO, ca_file);
	return transfer;
}

static void settle(Transfer *ends, CURLcode code);

static void
begin(Delivery *delivery)
{
	CURL *transfer = make_transfer(&delivery->ends, delivery->url, delivery->error);

	delivery->ends.ended = settle;
	delivery->transfer = transfer;
	delivery->state = UNDER_WAY;
	delivery->batch->under_way++;
	set(transfer, CURLOPT_POST, 1);
	curl_easy_setopt(transfer, CURLOPT_POSTFIELDS, delivery->body);
	set(transfer, CURLOPT_POSTFIELDSIZE, (long) strlen(delivery->body));
	curl_easy_setopt(transfer, CURLOPT_HTTPHEADER, delivery->headers);
	curl_easy_setopt(transfer, CURLOPT_WRITEFUNCTION, keep_answer);
	curl_easy_setopt(transfer, CURLOPT_WRITEDATA, delivery);
	curl_easy_setopt(transfer, CURLOPT_HEADERFUNCTION, note_header);
	curl_easy_setopt(transfer, CURLOPT_HEADERDATA, delivery);
	curl_easy_setopt(transfer, CURLOPT_PROTOCOLS_STR,
					 is_loopback(delivery->url) ? "http,https" : "https");
	curl_multi_add_handle(transfers, transfer);
}

/* Is one of the same resource, that comes before, still to arrive? */
static bool
has_to_wait(const Batch *batch, int number)
{
	for (int i = 0; i < number; i++)
	{
		const Delivery *earlier = &batch->deliveries[i];

		if (earlier->state != ARRIVED &&
			strcmp(earlier->resource_id, batch->deliveries[number].resource_id) == 0)
			return true;
	}
	return false;
}

/* Begins what can be begun; where the lease is nearly over it is left to whoever is next.
 */
static void
begin_some(Batch *batch)
{
	bool too_late = now() + timeout + 1 > batch->expires_at;

	for (int i = 0; i < batch->count; i++)
	{
		Delivery *delivery = &batch->deliveries[i];

		delivery->batch = batch;
		if (delivery->state != WAITING)
			continue;
		if (stopping || (too_late && (i > 0 || batch->under_way > 0)))
			delivery->state = EXPIRED;
		else if (batch->under_way < PARALLEL && !has_to_wait(batch, i))
			begin(delivery);
	}
}

/* What follows one that has not arrived stays where it is. */
static void
give_up_followers(Batch *batch, const Delivery *failed)
{
	for (int i = 0; i < batch->count; i++)
	{
		Delivery *delivery = &batch->deliveries[i];

		if (delivery->state == WAITING &&
			strcmp(delivery->resource_id, failed->resource_id) == 0)
			delivery->state = FAILED;
	}
}

static void
report_failure(Delivery *delivery, const char *error, long retry_after)
{
	Batch *batch = delivery->batch;
	char seconds[32];
	const char *values[] = {
		batch->tenant_id, batch->consumer_id, delivery->id, error, NULL, batch->lease_id};

	if (retry_after > 0)
	{
		snprintf(seconds, sizeof(seconds), "%ld s",
				 retry_after < MAX_RETRY_AFTER ? retry_after : MAX_RETRY_AFTER);
		values[4] = seconds;
	}
	delivery->state = FAILED;
	say("event %s to %s: %s", delivery->id, delivery->url, error);
	PQclear(run("SELECT scim.delivery_failed($1, $2, $3, $4, $5, $6)", 6, values));
}

/* Bytes of an answer as a text that the database takes. */
void
make_printable(char *text)
{
	for (; *text != '\0'; text++)
	{
		if (*text < ' ' || *text > '~')
			*text = ' ';
	}
}

static void
settle(Transfer *ends, CURLcode code)
{
	Delivery *delivery = (Delivery *) ends; /* which it is at the beginning of */
	long status = 0;
	curl_off_t retry_after = 0;
	char error[MAX_ANSWER + 64];

	curl_easy_getinfo(delivery->transfer, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(delivery->transfer, CURLINFO_RETRY_AFTER, &retry_after);
	curl_multi_remove_handle(transfers, delivery->transfer);
	curl_easy_cleanup(delivery->transfer);
	delivery->transfer = NULL;
	delivery->batch->under_way--;
	if (delivery->answered)
		code = CURLE_OK;
	if (code == CURLE_OK && status >= 200 && status < 300)
	{
		delivery->state = ARRIVED;
		return;
	}
	if (code != CURLE_OK)
		snprintf(error, sizeof(error), "%s",
				 delivery->error[0] ? delivery->error : curl_easy_strerror(code));
	else
		snprintf(error, sizeof(error), "HTTP %ld: %s", status, delivery->answer);
	make_printable(error);
	report_failure(delivery, error, (long) retry_after);
	give_up_followers(delivery->batch, delivery);
}

/* {uuid,uuid}: those that have arrived, or NULL */
static char *
arrived(const Batch *batch)
{
	char *array = need(malloc(3 + (size_t) batch->count * 40));
	char *end = array;
	bool any = false;

	*end++ = '{';
	for (int i = 0; i < batch->count; i++)
	{
		if (batch->deliveries[i].state != ARRIVED)
			continue;
		end += sprintf(end, "%s%s", any ? "," : "", batch->deliveries[i].id);
		any = true;
	}
	strcpy(end, "}");
	if (any)
		return array;
	free(array);
	return NULL;
}

static void
free_batch(Batch *batch)
{
	for (int i = 0; i < batch->count; i++)
	{
		Delivery *delivery = &batch->deliveries[i];

		free(delivery->id);
		free(delivery->resource_id);
		free(delivery->url);
		free(delivery->body);
		curl_slist_free_all(delivery->headers);
	}
	free(batch->deliveries);
	free(batch->tenant_id);
	free(batch->consumer_id);
	free(batch->lease_id);
	free(batch);
}

static bool
is_finished(const Batch *batch)
{
	for (int i = 0; i < batch->count; i++)
	{
		if (batch->deliveries[i].state == WAITING ||
			batch->deliveries[i].state == UNDER_WAY)
			return false;
	}
	return true;
}

/* Returns whether a batch has ended, so that there may be another one. */
static bool
finish_batches(void)
{
	bool any = false;

	for (Batch **link = &batches; *link != NULL;)
	{
		Batch *batch = *link;
		char *ids;

		if (!is_finished(batch))
		{
			link = &batch->next;
			continue;
		}
		ids = arrived(batch);
		if (ids != NULL)
		{
			const char *values[] = {batch->tenant_id, batch->consumer_id, ids,
									batch->lease_id};

			PQclear(run("SELECT scim.delivered($1, $2, $3, $4)", 4, values));
			free(ids);
		}
		*link = batch->next;
		free_batch(batch);
		any = true;
	}
	return any;
}

/* ---- the loop */

static bool
is_notified(void)
{
	PGnotify *notification;
	bool any = false;

	PQconsumeInput(database);
	while ((notification = PQnotifies(database)) != NULL)
	{
		PQfreemem(notification);
		any = true;
	}
	return any;
}

static void
carry(void)
{
	double next_fetch = 0;
	int running;
	int left;
	CURLMsg *message;

	while (!stopping || batches != NULL || keys_under_way())
	{
		struct curl_waitfd socket = {.events = CURL_WAIT_POLLIN};

		if (database == NULL || PQstatus(database) != CONNECTION_OK)
			keep_connected();
		if (database == NULL)
			break;
		if (is_notified() || now() >= next_fetch)
		{
			if (!stopping)
			{
				fetch();
				fetch_keys();
			}
			next_fetch = now() + interval;
		}
		for (Batch *batch = batches; batch != NULL; batch = batch->next)
			begin_some(batch);
		curl_multi_perform(transfers, &running);
		while ((message = curl_multi_info_read(transfers, &left)) != NULL)
		{
			Transfer *transfer;

			if (message->msg != CURLMSG_DONE)
				continue;
			curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
			transfer->ended(transfer, message->data.result);
		}
		if (finish_batches())
			next_fetch = 0; /* there may be more at once */
		else
		{
			bool can_begin = false;

			for (Batch *batch = batches; batch != NULL; batch = batch->next)
				can_begin = can_begin || batch->under_way == 0;
			socket.fd = PQsocket(database);
			curl_multi_poll(transfers, &socket, socket.fd >= 0 ? 1 : 0,
							can_begin ? 0 : 200, NULL);
		}
	}
}

static void
usage(int status)
{
	fprintf(status == 0 ? stdout : stderr,
			"scim-relay carries the events of a SCIM store to those who want them by "
			"HTTP.\n\n"
			"    scim-relay [OPTION]... [CONNINFO]\n\n"
			"    -s STORE    the store (directory)\n"
			"    -c CHANNEL  on which it is told of events at once (scim_events)\n"
			"    -i SECONDS  after which it looks at the latest (1)\n"
			"    -t SECONDS  that a receiver has for an answer (10)\n"
			"    -a FILE     certificates to trust, in place of the system's\n"
			"    -p          keys of clients may be fetched from private networks\n"
			"    CONNINFO    of libpq, as host=/run/postgresql user=scim_relay\n");
	exit(status);
}

static int
number(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (*end != '\0' || value < 1 || value > 3600)
	{
		say("\"%s\" is no number of seconds from 1 to 3600", text);
		exit(2);
	}
	return (int) value;
}

int
main(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = stop};
	int option;

	while ((option = getopt(argc, argv, "s:c:i:t:a:ph")) != -1)
	{
		switch (option)
		{
			case 's':
				store = optarg;
				break;
			case 'c':
				channel = optarg;
				break;
			case 'i':
				interval = number(optarg);
				break;
			case 't':
				timeout = number(optarg);
				break;
			case 'a':
				ca_file = optarg;
				break;
			case 'p':
				private_allowed = true;
				break;
			case 'h':
				usage(0);
				break;
			default:
				usage(2);
		}
	}
	if (optind < argc)
		conninfo = argv[optind++];
	if (optind < argc)
		usage(2);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	srand48(time(NULL) ^ getpid());
	curl_global_init(CURL_GLOBAL_DEFAULT);
	transfers = need(curl_multi_init());
	carry();
	curl_multi_cleanup(transfers);
	curl_global_cleanup();
	if (database != NULL)
		PQfinish(database);
	return 0;
}
