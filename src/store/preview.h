/*
 * preview.h
 *		What a request that is only tried would change: noted where it is written, told by
 *		protocol/preview.c, and undone.
 */
#ifndef SCIM_PREVIEW_H
#define SCIM_PREVIEW_H

#include "postgres.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"
#include "utils/uuid.h"

typedef enum ScimPreviewKind
{
	SCIM_PREVIEW_RESOURCE, /* a row of "resource" */
	SCIM_PREVIEW_WORD,     /* what the audit has of a resource beside its rows */
	SCIM_PREVIEW_MEMBER,   /* somebody comes to a group, or leaves it */
	SCIM_PREVIEW_EVENT,    /* a row of "event" */
	SCIM_PREVIEW_ROW,      /* a row of a bound table */
	SCIM_PREVIEW_MORE      /* members of a group have not been noted: there is no room */
} ScimPreviewKind;
#define SCIM_PREVIEW_KINDS (SCIM_PREVIEW_MORE + 1)

typedef struct ScimPreviewNote
{
	ScimPreviewKind kind;
	SubTransactionId subid; /* which undoes it, should that be rolled back */
	Size bytes;             /* that have been copied to it */
	const char *operation;  /* the word that the audit has for it */
	const char *type_name;  /* or the name of the table */
	pg_uuid_t id;           /* of the resource, or of the group */
	int64 version;          /* 0: it has none */
	Jsonb *before;          /* the document where it was in sight, or NULL */
	Jsonb *after;           /* the same afterwards; what an event tells */
	bool password;          /* it has got another one, or none */
	pg_uuid_t member;
	const char *value; /* of the member, where that is not its id; URI of an event; type
						* of the resources of a row */
	List *texts;       /* char *: paths that an event names; the key of a row */
	List *added;       /* ids as char *, whom an event tells of */
	List *removed;
} ScimPreviewNote;

extern bool ScimPreviewing(void);
/*
 * A note to be filled, and kept in the context of the preview, where one is on and has
 * room for another of its kind; or NULL.  bytes: how much is copied to it.
 */
extern ScimPreviewNote *ScimPreviewAdd(ScimPreviewKind kind, const char *operation,
									   const char *type_name, Size bytes);
/* A note that the audit has a row of a resource beside those of its changes. */
extern void ScimPreviewWord(const char *operation, const char *type_name,
							const pg_uuid_t *id, int64 version);
/* Copies that a note may hold. */
extern char *ScimPreviewText(const char *text);
extern Jsonb *ScimPreviewJsonb(const Jsonb *jsonb);
extern List *ScimPreviewAppend(List *list, const char *text);
/*
 * Does work, notes what it changes, and takes all of it back, whether it ends in an
 * error, which is raised again, or not.  tell is called in between, to read the notes.
 */
extern void
ScimPreviewTry(void (*work)(void *arg),
			   void (*tell)(void *arg, const List *notes, bool complete), void *arg);

#endif /* SCIM_PREVIEW_H */
