/*
 * json.h
 *		JSON documents as trees that can be changed.
 *
 * A tree is made of JsonbValue: scalars, jbvArray and jbvObject, never
 * jbvBinary.  The server turns such a tree into jsonb when the keys of each
 * object are sorted, which ScimJsonToJsonb sees to; so trees may hold keys in
 * any order, but each key once.  A text may have one twice: ScimJsonParse takes
 * it as it is, and ScimJsonRepeatedKeys finds it.  Everything lives in the memory
 * context that is current when it is made.
 *
 *		parse.c			text -> tree
 *		problem.c		what is wrong with a text, without the text (problem.h)
 *		quick.c			the same, where the text is simple
 *		tree.c			trees made, read, changed, compared; jsonb <-> tree
 *		keys.c			keys that a text has twice
 *		numbers.c		numbers that are longer than they may be
 *		distinct.c		values that are the same, found at once
 *		difference.c	what makes one tree of another, and a change taken back
 *		write.c			tree -> text
 *		binary.c		jsonb, value by value
 *		text_binary.c	text -> jsonb, where it may be long
 *		buckets.c		items by hash (buckets.h)
 *
 * Strings, numbers and keys of a tree are not copied but by ScimJsonCopy and
 * ScimJsonStringCopy: what a tree was made from must live as long as the tree.
 */
#ifndef SCIM_JSON_H
#define SCIM_JSON_H

#include "postgres.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"

/* parse.c */
/* What is wrong with a text that is JSON, but not for a text of the server. */
#define SCIM_JSON_HOLDS "holds "
#define SCIM_JSON_HOLDS_NUL \
	SCIM_JSON_HOLDS "the character U+0000, which the store cannot hold"
extern JsonbValue *ScimJsonParse(const char *text, int len, const char **problem);
extern JsonbValue *ScimJsonParseOwn(const char *text, int len);
/* quick.c: the same for texts that are simple; NULL: parse.c has to look */
extern JsonbValue *ScimJsonReadQuick(const char *text, int len);

/* keys.c */
extern List *ScimJsonRepeatedKeys(const JsonbValue *tree);
extern void ScimJsonAppendKey(StringInfo out, const char *key, int len);

/* numbers.c */
extern char *ScimJsonLongNumber(const JsonbValue *tree);
extern char *ScimJsonPlaceOfNumber(const char *path);

/* tree.c */
extern JsonbValue *ScimJsonFromJsonb(const Jsonb *jsonb);
extern Jsonb *ScimJsonToJsonb(JsonbValue *tree);
extern JsonbValue *ScimJsonCopy(const JsonbValue *tree);
extern bool ScimJsonEqual(const JsonbValue *a, const JsonbValue *b);
extern bool ScimJsonSaysSame(const JsonbValue *a, const JsonbValue *b);
extern bool ScimJsonSame(const JsonbValue *a, const JsonbValue *b);

extern JsonbValue *ScimJsonNewObject(void);
extern JsonbValue *ScimJsonNewArray(void);
extern JsonbValue *ScimJsonNewString(const char *text);
extern JsonbValue *ScimJsonNewStringN(const char *text, int len);
extern JsonbValue *ScimJsonNewBool(bool value);
extern JsonbValue *ScimJsonNewInteger(int64 value);

/* Members of an object.  Get returns NULL, or a pointer into the object. */
extern JsonbValue *ScimJsonGet(const JsonbValue *object, const char *key);
extern JsonbValue *ScimJsonGetKey(const JsonbValue *object, const JsonbValue *key);
extern JsonbValue *ScimJsonGetFolded(const JsonbValue *object, const char *key);
extern void ScimJsonSet(JsonbValue *object, const char *key, const JsonbValue *value);
extern void
ScimJsonSetN(JsonbValue *object, const char *key, int keylen, const JsonbValue *value);
extern void
ScimJsonAddN(JsonbValue *object, const char *key, int keylen, const JsonbValue *value);
extern bool ScimJsonRemove(JsonbValue *object, const char *key);
extern void ScimJsonRemoveMember(JsonbValue *object, int index);
extern void ScimJsonForgetKeys(JsonbValue *object);
extern void
ScimJsonSetOrRemove(JsonbValue *object, const char *key, const JsonbValue *value);

/* Elements of an array. */
extern void ScimJsonAppend(JsonbValue *array, const JsonbValue *value);
extern void ScimJsonRemoveAt(JsonbValue *array, int index);

/* null, "", [], {} and what holds nothing else are unassigned: RFC 7643 section 2.5. */
extern bool ScimJsonIsUnassigned(const JsonbValue *value);
extern bool ScimJsonIsBlank(const JsonbValue *value);
extern bool ScimJsonHoldsObject(const JsonbValue *value);
extern bool ScimJsonStringEquals(const JsonbValue *value, const char *text);
extern char *ScimJsonStringCopy(const JsonbValue *value);

/* distinct.c: keeps the first of equal elements; equal trees have the same hash */
extern void ScimJsonDistinct(JsonbValue *array);
extern uint32 ScimJsonHash(const JsonbValue *tree);

/* difference.c: operations of RFC 6902; paths of RFC 6901 */
extern JsonbValue *ScimJsonDifference(const JsonbValue *before, const JsonbValue *after);
extern JsonbValue *
ScimJsonOperation(const char *op, const char *path, const JsonbValue *value);

/* What a value became; either may be NULL. */
typedef struct ScimJsonChange
{
	const JsonbValue *was;
	const JsonbValue *is;
} ScimJsonChange;

extern void ScimJsonTakeBack(JsonbValue *now, StringInfo path, const JsonbValue *was,
							 const JsonbValue *is, const List *later, List **conflicts);

/* write.c: compact JSON text */
extern void ScimJsonWrite(StringInfo out, const JsonbValue *tree);
extern char *ScimJsonText(const JsonbValue *value);
extern void ScimJsonWriteString(StringInfo out, const char *text, int len);

/* binary.c */
typedef struct ScimJsonWriter ScimJsonWriter;
typedef struct ScimJsonPlace
{
	int len;
	int nlevels;
	int nitems;
} ScimJsonPlace;
extern ScimJsonWriter *ScimJsonWriterMake(int expected);
extern Jsonb *ScimJsonWriterEnd(ScimJsonWriter *writer);
extern void ScimJsonBegin(ScimJsonWriter *writer);
extern void ScimJsonEndArray(ScimJsonWriter *writer);
extern void ScimJsonEndObject(ScimJsonWriter *writer);
/* a key is not copied: it must stay until its object ends */
extern void ScimJsonPutKey(ScimJsonWriter *writer, const char *key, int len);
extern void ScimJsonPutString(ScimJsonWriter *writer, const char *text, int len);
extern void ScimJsonPutBool(ScimJsonWriter *writer, bool value);
extern void ScimJsonPutNull(ScimJsonWriter *writer);
extern void ScimJsonPutNumber(ScimJsonWriter *writer, Numeric number);
extern void ScimJsonPutInteger(ScimJsonWriter *writer, int64 number);
extern void ScimJsonPutValue(ScimJsonWriter *writer, const JsonbValue *value);
extern ScimJsonPlace ScimJsonHere(const ScimJsonWriter *writer);
extern void ScimJsonRewind(ScimJsonWriter *writer, ScimJsonPlace place);

/* text_binary.c: of text that is known to be JSON */
extern void
ScimJsonPutText(ScimJsonWriter *writer, const char *key, const char *text, int len);
extern Jsonb *ScimJsonTextToJsonb(const char *text, int len);

#endif /* SCIM_JSON_H */
