/*
 * locator.h
 *		Sums over groups of rows of the audit, by which an altered one is found.
 */
#ifndef SCIM_LOCATOR_H
#define SCIM_LOCATOR_H

#include "postgres.h"
#include "utils/uuid.h"

#define SCIM_LOCATOR_BITS 60 /* of an id, by which rows are told apart */
#define SCIM_LOCATOR_WORDS 16
#define SCIM_LOCATOR_SIZE ((SCIM_LOCATOR_BITS + 1) * SCIM_LOCATOR_WORDS * 8)
#define SCIM_PRINT_LENGTH 16
#define SCIM_PRINTS_SIZE (2 * SCIM_LOCATOR_BITS * SCIM_PRINT_LENGTH)

/* The sums of rows in which a bit is 1, and behind them that of all. */
typedef struct ScimLocator
{
	uint64 sums[SCIM_LOCATOR_BITS + 1][SCIM_LOCATOR_WORDS];
} ScimLocator;

extern void
ScimLocatorAdd(ScimLocator *locator, const pg_uuid_t *id, const uint8 *digest);
extern void ScimLocatorWrite(const ScimLocator *locator, uint8 *bytes);
extern bool ScimLocatorRead(ScimLocator *locator, const uint8 *bytes, size_t len);
extern void ScimLocatorPrint(const ScimLocator *locator, uint8 *prints);
extern int ScimLocatorBit(int number);

#endif /* SCIM_LOCATOR_H */
