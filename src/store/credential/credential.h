/*
 * credential.h
 *		What a client proves itself with, and what it is good for: tokens,
 *		clients, keys, scopes.
 *
 *		client.c		tokens, clients by name, and their secrets; their end
 *		client_keys.c	clients that fetch access tokens, and the keys of those that sign
 *		key_set.c		sets of public keys, and what they have signed (key_set.h)
 *		jwe.c			values sealed to a public key (jwe.h)
 *		sealing.c		what writeOnly attributes have, sealed (sealing.h)
 *		scope.c			what a token or client is good for
 *		scope_row.c		and what it has to say of rows that the store keeps for itself
 */
#ifndef SCIM_CREDENTIAL_H
#define SCIM_CREDENTIAL_H

#include "postgres.h"
#include "access/htup.h"
#include "commands/trigger.h"
#include "fmgr.h"
#include "utils/uuid.h"

#include "store/statement/plan.h"
#include "store/store.h"

/* scope.c: what a token or client is good for, by its column "scopes" */
/* A text[], checked and in canonical form. */
extern Datum ScimScopesCheck(const ScimStore *store, Datum scopes);
/* One with these scopes, a text[], gets another secret: an error where who acts gives
 * none. */
extern void ScimScopeGiveAnew(const ScimStore *store, Datum scopes, bool isnull);
/* The form that a proof has (proof.h), of a text[]. */
extern char *ScimScopesPack(Datum scopes);
/* May who acts read, or write, resources of a type; NULL: of all types? */
extern bool ScimScopeAllows(const ScimStore *store, const char *type_name, bool write);
/* or use an endpoint of one's own, which is about a type? */
extern bool ScimScopeAllowsEndpoint(const ScimStore *store, const char *endpoint,
									const char *type_name, bool write);
extern void ScimScopeRequire(const ScimStore *store, const char *type_name, bool write);
/* May who acts look at what the page for people shows?  An error where not. */
extern void ScimScopeRequireConsole(const ScimStore *store);
/*
 * Scopes bind requests, SQL functions and plain statements.  What an operation that has
 * been let in writes is not looked at again.
 */
extern int ScimScopeLevel(void);
extern int ScimScopeLetIn(void);
extern void ScimScopeLetOut(int before);
/* A SQL function: may who acts do that?  And if so, it is let in. */
extern void
ScimScopeRequireOfCall(const ScimStore *store, const char *type_name, bool write);
extern int ScimScopeEnter(const ScimStore *store, const char *type_name);
/* Do they bind a statement at hand? */
extern bool ScimScopeBindsStatement(Oid namespace_oid);
/* Do the scopes that are proved, whoever acts by now, allow to read that? */
extern char *ScimScopeProvedTypes(const ScimStore *store);
extern bool ScimScopeProvedReads(const ScimStore *store, const char *type_name);
/* What an error may call a resource: Box "id", or "a Box". */
extern char *
ScimScopeNamed(const ScimStore *store, const char *type_name, const pg_uuid_t *id);
/* Scopes are about resources: who has some changes no configuration. */
extern void ScimScopeRefuse(Oid namespace_oid, const char *what);

struct TriggerData;
extern void ScimScopeRequireCredential(const struct TriggerData *trigger, HeapTuple row);
extern void ScimScopeRefuseRow(const struct TriggerData *trigger);
/* The types that may be read, as in SQL; NULL: all. */
extern char *ScimScopeTypes(const ScimStore *store);

/* What is asked for exceeds what is allowed: packed scopes, NULL: everything. */
extern bool
ScimScopesExceed(const ScimStore *store, const char *asked, const char *allowed);
/* The canonical form of a scope; NULL: it is none. */
extern char *ScimScopeCanonical(const ScimStore *store, const char *scope);

/* client.c: what a secret begins with, and which rows are still good */
#define SCIM_SECRET_PREFIX "scim_"
#define SCIM_IS_LIVE \
	"revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())"
#define SCIM_NO_EXPIRY "NULL makes one that is valid until revoked."
/* A secret that names a row with that key, and its SHA-256. */
extern char *ScimSecretMake(int32 tenant_id, const pg_uuid_t *id);
extern Datum ScimSecretHash(const char *secret);
/* Arguments of functions that make such rows. */
/* client.c: bytes of an argument, which is not null; what: "the name of a client" */
extern void ScimCheckLength(Datum argument, const char *what, int least, int most);
extern void ScimCheckClientName(Datum argument);
extern void ScimWriteNewClient(const ScimStore *store, int32 tenant_id, Datum name,
							   const char *query, const ScimParams *params);
extern void
ScimExpiryCheck(FunctionCallInfo fcinfo, int n, const char *what, const char *null);

struct ScimParams;
extern void ScimScopesArgument(struct ScimParams *params, const ScimStore *store,
							   FunctionCallInfo fcinfo, int n);
extern bool ScimBearerLock(ScimStore *store, Datum id, Datum tenant_id, bool any_tenant);

#endif /* SCIM_CREDENTIAL_H */
