/*
 * seen.h
 *		Does a transaction that keeps its snapshot see the rows that there are?
 */
#ifndef SCIM_SEEN_H
#define SCIM_SEEN_H

#include "postgres.h"

#include "store/statement/plan.h"

extern bool ScimRowsAreSeen(const char *from, const ScimParams *params);
extern void
ScimRowsRequireSeen(const char *from, const ScimParams *params, const char *what);

#endif /* SCIM_SEEN_H */
