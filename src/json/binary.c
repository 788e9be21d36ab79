/*
 * binary.c
 *		jsonb, written value by value without a tree in between.
 *
 * A tree takes several times the memory of its text, which matters for the members of a
 * large group.  Here each value is written as it comes, into one buffer: an array gets
 * its header when its end is known, and an object is then sorted by its keys, as jsonb
 * wants them.  utils/jsonb.h says what stands where.
 */
#include "postgres.h"

#include "json/json.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

/* A complete value of a container that is not. */
typedef struct Item
{
	uint32 type; /* JENTRY_IS... */
	int at;      /* in the buffer, behind what aligns it */
	int len;
	int order;       /* in its container */
	const char *key; /* NULL in an array */
	int keylen;
} Item;

typedef struct Level
{
	int start;       /* of the values, in the buffer */
	int first;       /* of its items */
	const char *key; /* of an object: of the member whose value comes next */
	int keylen;
} Level;

struct ScimJsonWriter
{
	StringInfoData out; /* a varlena header, and what stands behind it */
	int nlevels;
	int max_levels;
	Level *levels;
	int nitems;
	int max_items;
	Item *items;
	StringInfoData sorted; /* of an object that ends; data NULL: not there */
};

/* Largest object whose memory is kept for the next. */
#define MAX_KEPT (64 * 1024)

/* ScimJsonWriterMake: expected is about how many bytes there will be. */
ScimJsonWriter *
ScimJsonWriterMake(int expected)
{
	ScimJsonWriter *writer = palloc0(sizeof(ScimJsonWriter));

	initStringInfo(&writer->out);
	enlargeStringInfo(&writer->out, expected);
	writer->out.len = VARHDRSZ;
	writer->max_levels = 16;
	writer->levels = palloc(writer->max_levels * sizeof(Level));
	writer->max_items = 64;
	writer->items = palloc(writer->max_items * sizeof(Item));
	return writer;
}

/* ScimJsonWriterEnd returns what was written: one object or array, that has ended. */
Jsonb *
ScimJsonWriterEnd(ScimJsonWriter *writer)
{
	Jsonb *jsonb = (Jsonb *) writer->out.data;

	if (writer->nlevels != 0 || writer->nitems != 1 ||
		writer->items[0].type != JENTRY_ISCONTAINER)
		elog(ERROR, "a jsonb is neither an object nor an array");
	SET_VARSIZE(jsonb, writer->out.len);
	if (writer->sorted.data != NULL)
		pfree(writer->sorted.data);
	pfree(writer->levels);
	pfree(writer->items);
	pfree(writer);
	return jsonb;
}

/* Where a writer is, for ScimJsonRewind. */
ScimJsonPlace
ScimJsonHere(const ScimJsonWriter *writer)
{
	ScimJsonPlace place = {writer->out.len, writer->nlevels, writer->nitems};

	return place;
}

/* Takes back what was written since; the key of the value there is lost. */
void
ScimJsonRewind(ScimJsonWriter *writer, ScimJsonPlace place)
{
	writer->out.len = place.len;
	writer->nlevels = place.nlevels;
	writer->nitems = place.nitems;
}

static void
align(StringInfo out)
{
	while (out->len != INTALIGN(out->len))
		appendStringInfoCharMacro(out, '\0');
}

/* What stands in the buffer from at on is a value of the innermost container. */
static void
add_item(ScimJsonWriter *writer, uint32 type, int at)
{
	Level *level = writer->nlevels > 0 ? &writer->levels[writer->nlevels - 1] : NULL;
	Item *item;

	CHECK_FOR_INTERRUPTS();
	if (writer->nitems == writer->max_items)
	{
		writer->max_items *= 2;
		writer->items = repalloc_huge(writer->items, writer->max_items * sizeof(Item));
	}
	item = &writer->items[writer->nitems];
	item->type = type;
	item->at = at;
	item->len = writer->out.len - at;
	item->order = writer->nitems++;
	item->key = level != NULL ? level->key : NULL;
	item->keylen = item->key != NULL ? level->keylen : 0;
	if (level != NULL)
		level->key = NULL;
}

/* ScimJsonBegin begins an object or array: which one its end tells. */
void
ScimJsonBegin(ScimJsonWriter *writer)
{
	Level *level;

	if (writer->nlevels == writer->max_levels)
	{
		writer->max_levels *= 2;
		writer->levels = repalloc(writer->levels, writer->max_levels * sizeof(Level));
	}
	align(&writer->out);
	level = &writer->levels[writer->nlevels++];
	level->start = writer->out.len;
	level->first = writer->nitems;
	level->key = NULL;
}

/* ScimJsonPutKey: of the member whose value comes next.  It stays until its object ends.
 */
void
ScimJsonPutKey(ScimJsonWriter *writer, const char *key, int len)
{
	Level *level = &writer->levels[writer->nlevels - 1];

	level->key = key;
	level->keylen = len;
}

void
ScimJsonPutString(ScimJsonWriter *writer, const char *text, int len)
{
	int at = writer->out.len;

	appendBinaryStringInfo(&writer->out, text, len);
	add_item(writer, JENTRY_ISSTRING, at);
}

void
ScimJsonPutBool(ScimJsonWriter *writer, bool value)
{
	add_item(writer, value ? JENTRY_ISBOOL_TRUE : JENTRY_ISBOOL_FALSE, writer->out.len);
}

void
ScimJsonPutNull(ScimJsonWriter *writer)
{
	add_item(writer, JENTRY_ISNULL, writer->out.len);
}

/* Numbers and containers of a jsonb stand at multiples of four. */
static void
put_aligned(ScimJsonWriter *writer, uint32 type, const void *bytes, int len)
{
	int at;

	align(&writer->out);
	at = writer->out.len;
	appendBinaryStringInfo(&writer->out, bytes, len);
	add_item(writer, type, at);
}

void
ScimJsonPutNumber(ScimJsonWriter *writer, Numeric number)
{
	put_aligned(writer, JENTRY_ISNUMERIC, number, VARSIZE_ANY(number));
}

void
ScimJsonPutInteger(ScimJsonWriter *writer, int64 number)
{
	Numeric numeric = int64_to_numeric(number);

	ScimJsonPutNumber(writer, numeric);
	pfree(numeric);
}

/* ScimJsonPutValue writes a value of another jsonb, a container as a whole. */
void
ScimJsonPutValue(ScimJsonWriter *writer, const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvNull:
			ScimJsonPutNull(writer);
			break;
		case jbvBool:
			ScimJsonPutBool(writer, value->val.boolean);
			break;
		case jbvNumeric:
			ScimJsonPutNumber(writer, value->val.numeric);
			break;
		case jbvString:
			ScimJsonPutString(writer, value->val.string.val, value->val.string.len);
			break;
		case jbvBinary:
			put_aligned(writer, JENTRY_ISCONTAINER, value->val.binary.data,
						value->val.binary.len);
			break;
		default:
			elog(ERROR, "unexpected jsonb value type %d", (int) value->type);
	}
}

static void
check_size(Size size)
{
	if (size > JENTRY_OFFLENMASK)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("the values of a jsonb are larger than %u bytes",
							   JENTRY_OFFLENMASK)));
}

/* The entry of what ends so far behind the header's, and has this length. */
static JEntry
entry(uint32 type, int index, int len, int end)
{
	check_size(end);
	return index % JB_OFFSET_STRIDE == 0 ? (type | JENTRY_HAS_OFF | end) : (type | len);
}

/* The container that begins at start is a value of the one around it. */
static void
end_container(ScimJsonWriter *writer, int start)
{
	writer->nitems = writer->levels[--writer->nlevels].first;
	add_item(writer, JENTRY_ISCONTAINER, start);
}

/* The values move behind the header, which says where each ends. */
void
ScimJsonEndArray(ScimJsonWriter *writer)
{
	const Level *level = &writer->levels[writer->nlevels - 1];
	int start = level->start;
	int n = writer->nitems - level->first;
	int values = writer->out.len - start;
	int header = sizeof(uint32) + n * sizeof(JEntry);
	uint32 *words;
	int end = 0;

	if (n > JB_CMASK)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a jsonb array cannot have more than %u elements", JB_CMASK)));
	enlargeStringInfo(&writer->out, header);
	memmove(writer->out.data + start + header, writer->out.data + start, values);
	writer->out.len += header;
	words = (uint32 *) (writer->out.data + start);
	words[0] = n | JB_FARRAY;
	for (int i = 0; i < n; i++)
	{
		const Item *item = &writer->items[level->first + i];
		int next = item->at + item->len - start;

		words[1 + i] = entry(item->type, i, next - end, next);
		end = next;
	}
	end_container(writer, start);
}

/* jsonb's order of keys; of the same ones the last comes first. */
static int
compare_items(const void *a, const void *b)
{
	const Item *left = a;
	const Item *right = b;
	int result;

	if (left->keylen != right->keylen)
		return left->keylen < right->keylen ? -1 : 1;
	result = memcmp(left->key, right->key, left->keylen);
	return result != 0 ? result : right->order - left->order;
}

/* The members of an object that ends, in order; returns how many different ones. */
static int
sort_members(Item *items, int n)
{
	int kept = 0;

	qsort(items, n, sizeof(Item), compare_items);
	for (int i = 0; i < n; i++)
	{
		if (kept == 0 || items[kept - 1].keylen != items[i].keylen ||
			memcmp(items[kept - 1].key, items[i].key, items[i].keylen) != 0)
			items[kept++] = items[i];
	}
	return kept;
}

/* How large an object may become, with what aligns its values. */
static int
size_of(const Item *items, int n)
{
	Size size = sizeof(uint32);

	for (int i = 0; i < n; i++)
		size += 2 * sizeof(JEntry) + items[i].keylen + items[i].len + sizeof(int32);
	check_size(size);
	return size;
}

/*
 * An object is written anew, in the order of its keys, all of which stand before all
 * values.  Of members with the same key the last is kept, as the server does.  What it is
 * written to is kept for the next, unless it is large.
 */
void
ScimJsonEndObject(ScimJsonWriter *writer)
{
	StringInfo sorted = &writer->sorted;
	const Level *level = &writer->levels[writer->nlevels - 1];
	int start = level->start;
	Item *items = &writer->items[level->first];
	int n = sort_members(items, writer->nitems - level->first);
	int header = sizeof(uint32) + 2 * n * sizeof(JEntry);
	uint32 *words;
	int end = 0;

	if (n > JB_CMASK)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a jsonb object cannot have more than %u members", JB_CMASK)));
	if (sorted->data == NULL)
		initStringInfo(sorted);
	/* room for all of it, so that it stays where it is */
	enlargeStringInfo(sorted, size_of(items, n));
	words = (uint32 *) sorted->data;
	words[0] = n | JB_FOBJECT;
	sorted->len = header;
	for (int i = 0; i < n; i++)
	{
		appendBinaryStringInfo(sorted, items[i].key, items[i].keylen);
		end += items[i].keylen;
		words[1 + i] = entry(JENTRY_ISSTRING, i, items[i].keylen, end);
	}
	for (int i = 0; i < n; i++)
	{
		int next;

		if (items[i].type == JENTRY_ISCONTAINER || items[i].type == JENTRY_ISNUMERIC)
			align(sorted);
		appendBinaryStringInfo(sorted, writer->out.data + items[i].at, items[i].len);
		next = sorted->len - header;
		words[1 + n + i] = entry(items[i].type, n + i, next - end, next);
		end = next;
	}
	writer->out.len = start;
	appendBinaryStringInfo(&writer->out, sorted->data, sorted->len);
	resetStringInfo(sorted);
	if (sorted->maxlen > MAX_KEPT)
	{
		pfree(sorted->data);
		sorted->data = NULL;
	}
	end_container(writer, start);
}
