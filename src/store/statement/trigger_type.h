/*
 * trigger_type.h
 *		When a trigger fires, in short words, for tables of triggers.
 */
#ifndef SCIM_TRIGGER_TYPE_H
#define SCIM_TRIGGER_TYPE_H

#include "catalog/pg_trigger.h"

#define BEFORE_ROW (TRIGGER_TYPE_BEFORE | TRIGGER_TYPE_ROW)
#define BEFORE_STATEMENT TRIGGER_TYPE_BEFORE
#define AFTER_ROW TRIGGER_TYPE_ROW
#define AFTER_STATEMENT 0
/* In a table of triggers: of rows, or of statements as an earlier version made it. */
#define AFTER_EITHER 0x100
#define INSTEAD_ROW (TRIGGER_TYPE_INSTEAD | TRIGGER_TYPE_ROW)
#define ON_INSERT TRIGGER_TYPE_INSERT
#define ON_UPDATE TRIGGER_TYPE_UPDATE
#define ON_DELETE TRIGGER_TYPE_DELETE
#define ON_TRUNCATE TRIGGER_TYPE_TRUNCATE
#define ON_CHANGE (ON_INSERT | ON_UPDATE | ON_DELETE)

#endif /* SCIM_TRIGGER_TYPE_H */
