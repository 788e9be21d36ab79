/*
 * sql_emit.h
 *		Comparisons of a filter as SQL: what predicate/, for the rows of a
 *		store, and mapped.c, for any other table, have in common.
 *
 * A comparison is written for an SQL expression that the caller has made such
 * that it binds as tightly as a cast.  It is null where the expression is, but
 * for "ne", which is true there.
 *
 * Values are parameters where the caller gives a list of them, and quoted
 * literals otherwise.
 */
#ifndef SCIM_SQL_EMIT_H
#define SCIM_SQL_EMIT_H

#include "filter/filter.h"
#include "store/statement/plan.h"
#include "text/datetime.h"

extern const char *ScimSqlOperator(ScimOp op);
extern void ScimSqlValue(StringInfo out, ScimParams *params, Oid type, const char *cast,
						 Datum value, const char *text);
extern char *ScimSqlEnd(const char *expression, const char *literal, size_t len);
extern void ScimSqlCompareText(StringInfo out, ScimParams *params, const char *expression,
							   ScimOp op, const char *literal, size_t len);
extern void
ScimSqlCompareInstant(StringInfo out, ScimParams *params, const char *expression,
					  ScimOp op, const ScimInstant *literal);
extern void
ScimSqlCompareBoolean(StringInfo out, const char *expression, ScimOp op, bool literal);
extern char *ScimSqlInstantText(const char *expression, bool folded);

#endif /* SCIM_SQL_EMIT_H */
