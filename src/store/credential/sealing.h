/*
 * sealing.h
 *		What writeOnly attributes have, sealed to a key of the store.
 */
#ifndef SCIM_SEALING_H
#define SCIM_SEALING_H

#include "postgres.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"

#include "store/store.h"

/* What the row of "secret" is for that has the keys. */
#define SCIM_SEALING_PURPOSE "sealing"

/* The keys of a store, a JWK Set, that which seals first; NULL: it has none. */
extern JsonbValue *ScimSealingKeys(ScimStore *store);
/* Puts a key first, and returns its kid: a public one, or NULL for one that is made. */
extern char *ScimSealingKeySet(ScimStore *store, const JsonbValue *jwk);
extern void ScimSealingKeyDrop(ScimStore *store, const char *kid);

/*
 * Seals what a document of a type has in clear; what comes sealed, and is not in
 * old_document (or NULL), must be sealed to a key of the store.
 */
extern void ScimSealDocument(ScimStore *store, const ScimResourceType *type,
							 JsonbValue *document, const JsonbValue *old_document);
/* The same for what is stored: of a list of const ScimResourceType * (SPI is connected).
 */
extern int64 ScimSealStored(ScimStore *store, List *types);
/* At the door: is a row just sealed as it is, which changes nothing that can be seen? */
extern bool ScimSealsStored(void);
/* What is in a sealed value; an error where the store cannot open it. */
extern JsonbValue *
ScimUnseal(const JsonbValue *keys, const char *sealed, size_t len, const char *where);

#endif /* SCIM_SEALING_H */
