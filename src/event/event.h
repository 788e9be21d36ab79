/*
 * event.h
 *		What is told of changes, and to whom: RFC 9967.
 *
 *		told.c		what an event says of a change, from the documents before and after
 *		channel.c	the channels that consumers want to be notified on
 *		consumer.c	consumers made, dropped, shown
 *		event_row.c	events that somebody writes himself
 *		number.c	positions of events
 *		read.c		what a consumer has still to get
 *		lease.c		events given out, acknowledged, failed
 *		sign.c		keys, and what is signed by them (sign.h)
 *		token.c		events as Security Event Tokens (sign.h)
 *		deliver.c	requests for the relay to send
 *
 * An event is written in the transaction of its change (door/row/outbox.c).  Its position
 * among those of its tenant is given by the first reader after the commit.
 */
#ifndef SCIM_EVENT_H
#define SCIM_EVENT_H

#include "postgres.h"
#include "datatype/timestamp.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"
#include "utils/uuid.h"

#include "schema/schema.h"
#include "store/store.h"

#define SCIM_EVENT(name) "urn:ietf:params:scim:event:" name /* RFC 9967 section 7.4 */
#define SCIM_CAEP_EVENT(name) "https://schemas.openid.net/secevent/caep/event-type/" name
#define SCIM_RISC_EVENT(name) "https://schemas.openid.net/secevent/risc/event-type/" name

/* So many members that came, and so many that went, does an event name. */
#define SCIM_MAX_EVENT_MEMBERS 1000

/* Who came to a group, and who left it, in one change. */
typedef struct ScimMembersTold
{
	List *added;   /* of ScimMemberTold * */
	List *removed; /* the same */
	bool is_cut;   /* there were more */
} ScimMembersTold;

typedef struct ScimMemberTold
{
	pg_uuid_t id;
	const char *value; /* what stands in the attribute, or NULL: the id */
	const char *type;  /* or NULL */
} ScimMemberTold;

/* What an event says of a change beside that it happened. */
typedef struct ScimTold
{
	bool has_attributes; /* false: the document is not what changed */
	List *attributes;    /* of char *, paths */
	const ScimMembersTold *members;
	Jsonb *data; /* the document or the operations; NULL: only the paths are told */
} ScimTold;

/* told.c */
typedef enum ScimTellAs
{
	SCIM_TELL_PATHS,     /* which attributes have changed */
	SCIM_TELL_DOCUMENT,  /* what the resource is since */
	SCIM_TELL_OPERATIONS /* the PATCH that makes the same change */
} ScimTellAs;
extern void
ScimTell(const ScimResourceType *type, const pg_uuid_t *id, const JsonbValue *before,
		 const JsonbValue *after, bool password_changed, const ScimMembersTold *members,
		 ScimTellAs as, ScimTold *told);

/* channel.c */
extern void ScimChannelsNotify(const ScimStore *store, int32 tenant_id);

/* read.c */
typedef struct ScimConsumer
{
	ScimStore *store;
	int32 tenant_id;
	pg_uuid_t id;
	char *name;
	int max_attempts;
	int64 position;
	bool patient; /* where there is nothing, he waits for who numbers events */
	/* what he wants, each a Datum or null */
	Datum filter; /* text */
	bool no_filter;
	Datum patterns; /* text[], of LIKE */
	bool no_patterns;
	Datum types; /* text[] */
	bool no_types;
	/* how he gets it */
	char *method;
	Datum audience; /* text[] */
	bool no_audience;
	bool has_token;
	pg_uuid_t token_id; /* of who may poll */
	Interval lease;
} ScimConsumer;
/* What a filter of a consumer sees of an event e, and what is sent of it: an object. */
extern const char *const ScimEventAsJson;
extern void
ScimConsumerLock(ScimStore *store, const char *name, ScimConsumer *consumer, bool lock);
extern bool
ScimConsumerTryLock(ScimStore *store, const char *name, ScimConsumer *consumer);
/* number.c */
extern bool ScimEventsNumber(ScimStore *store, int32 tenant_id, bool wait);
extern int64 ScimEventsLast(ScimStore *store, int32 tenant_id);
/* lease.c */
#define SCIM_MAX_EVENTS 10000
/*
 * SCIM_LEASE_HOLDS: does a lease "l" hold others back?  An event that was given out under
 * it has to be there still, of those that go without a word to whoever has them as well.
 * %1$s is the store; each lease is looked up for itself, whatever the planner thinks of
 * tables that nobody has analyzed.
 */
#define SCIM_LEASE_HOLDS                                                             \
	"(SELECT true FROM %1$s.delivery g JOIN %1$s.event h "                           \
	"ON h.tenant_id = g.tenant_id AND h.id = g.event_id "                            \
	"WHERE g.tenant_id = l.tenant_id AND g.consumer_id = l.consumer_id "             \
	"AND g.resource_id = l.resource_id AND g.lease_id = l.id AND g.dead_at IS NULL " \
	"LIMIT 1) IS NOT NULL"

extern uint64
ScimEventsTake(ScimConsumer *consumer, int at_most, TimestampTz end, pg_uuid_t *lease_id);
extern bool ScimEventsAreLeft(ScimConsumer *consumer);
extern uint64
ScimEventsAcknowledge(const ScimConsumer *consumer, Datum ids, const pg_uuid_t *lease_id);
extern uint64 ScimEventsFail(const ScimConsumer *consumer, Datum ids, const char *error,
							 const Interval *retry_after, const pg_uuid_t *lease_id);

/* read.c, as well */
extern bool ScimConsumerRead(ScimConsumer *consumer, int at_most, int64 *nwanted);

#endif /* SCIM_EVENT_H */
