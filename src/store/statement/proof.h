/*
 * proof.h
 *		Who acts, where that is proved and not said.
 *
 * The settings scim.tenant, scim.actor and scim.me are what a session says of
 * itself.  In a request that the gateway has let in they do not count: who acts
 * is then what its credentials have proved, from there to the end of the
 * transaction, or of the subtransaction that is rolled back.
 */
#ifndef SCIM_PROOF_H
#define SCIM_PROOF_H

#include "postgres.h"
#include "utils/uuid.h"

typedef struct ScimProof
{
	Oid namespace_oid; /* the store in which it is proved */
	int32 tenant_id;
	bool has_credential;     /* false: a JSON web token, of which no row is kept */
	pg_uuid_t credential_id; /* of the row in "token" or "client" */
	const char *actor;       /* for the audit */
	const char *subject;     /* of a JSON web token; NULL: there is none */
	const char *me;          /* the id of the User that /Me stands for, or "" */
	const char *scopes;      /* one text behind another, "" behind the last; NULL: all */
	const char *more_scopes; /* of the client of an access token: both must allow it */
	bool is_access_token;
} ScimProof;

extern void ScimProofInit(void);
/* Takes a copy.  NULL: nobody in particular, so that the settings count again. */
extern void ScimProve(const ScimProof *proof);
/* A copy in the memory context at hand, for who proves something else for a while. */
extern ScimProof *ScimProofCopy(const ScimProof *proof);
/* NULL: nothing is proved. */
extern const ScimProof *ScimProved(void);

#endif /* SCIM_PROOF_H */
