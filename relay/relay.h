/*
 * relay.h
 *		What the two things that scim-relay does have in common: it sends events
 *(relay.c), and fetches keys of clients (keys.c).
 */
#ifndef RELAY_H
#define RELAY_H

#include <curl/curl.h>
#include <libpq-fe.h>
#include <stdbool.h>

/* What CURLINFO_PRIVATE of a transfer points to, in front of all else. */
typedef struct Transfer
{
	/* It has ended; its easy handle is still in the multi handle. */
	void (*ended)(struct Transfer *transfer, CURLcode code);
} Transfer;

/* relay.c */
extern CURLM *transfers;
extern void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
extern void *need(void *pointer);
extern char *copy(const char *text);
extern double now(void);
extern void make_printable(char *text);
/* NULL: it has failed, and that was said. */
extern PGresult *run(const char *query, int nparams, const char *const *values);
extern CURL *make_transfer(Transfer *transfer, const char *url, char *error);

/* keys.c */
extern bool private_allowed;
extern void fetch_keys(void);
extern bool keys_under_way(void);

#endif /* RELAY_H */
