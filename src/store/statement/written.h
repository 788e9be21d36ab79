/*
 * written.h
 *		Is what we write into a table of a store what is stored?
 *
 * Triggers and rules of the store's owner may stand in its tables, and make another row
 * of what we write, or none.  What holds of each table says doc/rules.md.  And triggers
 * of ours know our own rows from those that somebody else writes.
 */
#ifndef SCIM_WRITTEN_H
#define SCIM_WRITTEN_H

#include "postgres.h"

#include "compat.h"
#include "store/statement/plan.h"
#include "store/statement/tables.h"

extern bool ScimHasOtherTrigger(Oid relid, int16 event);
extern bool ScimHasForeignTrigger(Oid relid);
extern bool ScimHasFollower(const ScimTables *tables);
pg_noreturn extern void ScimRaiseChanged(const char *table);
extern void ScimSpiWrite(const char *table, const char *query, const ScimParams *params);
extern void
ScimSpiWriteRow(const char *table, const char *query, const ScimParams *params);
extern uint64 ScimSpiDelete(Oid relid, const char *query, const char *left,
							const ScimParams *params, bool keep);
extern ErrorData *ScimWriteNew(void (*work)(void *arg), void *arg, const char *from,
							   const ScimParams *params, const char *what);

/*
 * The next statement, or row, is one that the store itself writes, and has seen to: give
 * what ScimOwnRowsBegin returns to ScimOwnRowsEnd, after an error, too.
 */
extern int ScimOwnRowsBegin(void);
extern void ScimOwnRowsEnd(int before);
/* In the trigger of a row: has such a statement written it? */
extern bool ScimIsOwnRow(void);
extern void ScimSpiWriteOwn(const char *query, const ScimParams *params);

#endif /* SCIM_WRITTEN_H */
