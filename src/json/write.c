/*
 * write.c
 *		Trees as compact JSON text.
 */
#include "postgres.h"

#include "json/json.h"

#include "miscadmin.h"

#include "text/number.h"

static void write_number(StringInfo out, Numeric number);
static void write_array(StringInfo out, const JsonbValue *array);
static void write_object(StringInfo out, const JsonbValue *object);

/*
 * ScimJsonWrite appends the JSON text of a tree without any white space, the
 * members of objects in the order in which the tree has them.
 */
void
ScimJsonWrite(StringInfo out, const JsonbValue *tree)
{
	check_stack_depth();

	switch (tree->type)
	{
		case jbvNull:
			appendBinaryStringInfo(out, "null", 4);
			break;
		case jbvBool:
			appendStringInfoString(out, tree->val.boolean ? "true" : "false");
			break;
		case jbvNumeric:
			write_number(out, tree->val.numeric);
			break;
		case jbvString:
			ScimJsonWriteString(out, tree->val.string.val, tree->val.string.len);
			break;
		case jbvArray:
			write_array(out, tree);
			break;
		case jbvObject:
			write_object(out, tree);
			break;
		default:
			elog(ERROR, "unexpected jsonb value type %d in a tree", (int) tree->type);
	}
}

/*
 * ScimJsonWriteString appends len bytes of UTF-8 as a JSON string, with quotes
 * and escapes (RFC 8259 section 7).
 */
void
ScimJsonWriteString(StringInfo out, const char *text, int len)
{
	const char *end = text + len;
	const char *plain = text; /* start of a run that needs no escape */

	appendStringInfoCharMacro(out, '"');
	for (const char *p = text; p < end; p++)
	{
		unsigned char c = *p;

		if (likely(c >= 0x20 && c != '"' && c != '\\'))
			continue;
		appendBinaryStringInfo(out, plain, p - plain);
		plain = p + 1;
		switch (c)
		{
			case '"':
				appendBinaryStringInfo(out, "\\\"", 2);
				break;
			case '\\':
				appendBinaryStringInfo(out, "\\\\", 2);
				break;
			case '\b':
				appendBinaryStringInfo(out, "\\b", 2);
				break;
			case '\f':
				appendBinaryStringInfo(out, "\\f", 2);
				break;
			case '\n':
				appendBinaryStringInfo(out, "\\n", 2);
				break;
			case '\r':
				appendBinaryStringInfo(out, "\\r", 2);
				break;
			case '\t':
				appendBinaryStringInfo(out, "\\t", 2);
				break;
			default:
				appendStringInfo(out, "\\u%04x", c);
				break;
		}
	}
	appendBinaryStringInfo(out, plain, end - plain);
	appendStringInfoCharMacro(out, '"');
}

static void
write_number(StringInfo out, Numeric number)
{
	char *text = ScimNumberText(number);

	appendStringInfoString(out, text);
	pfree(text);
}

static void
write_array(StringInfo out, const JsonbValue *array)
{
	appendStringInfoCharMacro(out, '[');
	for (int i = 0; i < array->val.array.nElems; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (i > 0)
			appendStringInfoCharMacro(out, ',');
		ScimJsonWrite(out, &array->val.array.elems[i]);
	}
	appendStringInfoCharMacro(out, ']');
}

static void
write_object(StringInfo out, const JsonbValue *object)
{
	appendStringInfoCharMacro(out, '{');
	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &object->val.object.pairs[i];

		CHECK_FOR_INTERRUPTS();
		if (i > 0)
			appendStringInfoCharMacro(out, ',');
		ScimJsonWriteString(out, pair->key.val.string.val, pair->key.val.string.len);
		appendStringInfoCharMacro(out, ':');
		ScimJsonWrite(out, &pair->value);
	}
	appendStringInfoCharMacro(out, '}');
}

/* ScimJsonText: a string as it is, any other value as the JSON that it is. */
char *
ScimJsonText(const JsonbValue *value)
{
	StringInfoData text;

	if (value->type == jbvString)
		return ScimJsonStringCopy(value);
	initStringInfo(&text);
	ScimJsonWrite(&text, value);
	return text.data;
}
