/*
 * sign.h
 *		Keys, and what is signed by them.
 *
 *		sign.c		keys made and shown; JSON Web Signatures
 *		token.c		Security Event Tokens (RFC 8417) of events
 */
#ifndef SCIM_SIGN_H
#define SCIM_SIGN_H

#include "postgres.h"
#include "access/htup.h"
#include "access/tupdesc.h"
#include "lib/stringinfo.h"
#include "utils/jsonb.h"

#include "event/event.h"
#include "store/store.h"

/* sign.c */
typedef struct ScimSigner ScimSigner;
extern Jsonb *ScimJwks(ScimStore *store);
extern ScimSigner *ScimSignerOpen(ScimStore *store, bool missing_ok);
extern char *
ScimSign(const ScimSigner *signer, const char *type, const JsonbValue *claims);

/* token.c */
extern const char *ScimIssuer(const ScimStore *store);
/* of a row of ScimEventsTake */
extern char *
ScimSecurityEventToken(const ScimConsumer *consumer, const ScimSigner *signer,
					   HeapTuple event, TupleDesc desc);
/* The URIs of all events that a store may have: RFC 9967 section 4. */
extern List *ScimEventUris(const ScimStore *store);

#endif /* SCIM_SIGN_H */
