/*
 * hash.h
 *		Hashes of what clients send, by which items are found in memory.
 */
#ifndef SCIM_HASH_H
#define SCIM_HASH_H

#include "postgres.h"

extern uint64 ScimHashSeed(void);
extern uint32 ScimHash(const void *data, Size len);

#endif /* SCIM_HASH_H */
