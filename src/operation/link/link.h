/*
 * link.h
 *		Who meets somebody that is there, and what becomes of that.
 *
 *		link.c			a POST that a policy "link" is about
 *		link_report.c	scim.link_candidates: what would become of whom
 */
#ifndef SCIM_LINK_H
#define SCIM_LINK_H

#include "postgres.h"
#include "utils/jsonb.h"

#include "policy/policy.h"
#include "resource/resource.h"
#include "store/store.h"

/* Who POSTs, and what. */
typedef struct Newcomer
{
	ScimStore *store;
	const ScimResourceType *type;
	const ScimLinkRule *rule;
	const JsonbValue *document; /* canonical, completed by policies: what is compared */
	bool of_audit;              /* what has no origin may have one in the audit */
} Newcomer;

typedef enum Outcome
{
	CREATES,
	LINKS,
	CONFLICTS,
	REFUSES
} Outcome;

/* What a newcomer meets, and what becomes of that. */
typedef struct Judgement
{
	Outcome outcome;
	ScimResource *resource; /* or NULL */
	ScimStatus status;      /* of it */
	const ScimLinkKey *key; /* by which it was met */
	const char *text;       /* and which value */
	char *reason;           /* why it cannot be linked, or NULL */
} Judgement;

/* link.c */
extern const char *ScimLinkOwner(const Newcomer *newcomer, const ScimResource *resource);
extern Judgement ScimLinkJudge(const Newcomer *newcomer, const char *lock);
extern bool
ScimLinkRead(ScimStore *store, const ScimResourceType *type, const JsonbValue *posted,
			 JsonbValue **stated, JsonbValue **document);

#endif /* SCIM_LINK_H */
