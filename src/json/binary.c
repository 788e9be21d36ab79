/*
 * binary.c
 *		JSON text -> jsonb, without a tree in between.
 *
 * A tree takes several times the memory of its text, which matters for the members of a
 * large group.  Here each value is written as it is read, into one buffer: an array gets
 * its header when its end is known, and an object is then sorted by its keys, as jsonb
 * wants them.  utils/jsonb.h says what stands where.
 *
 * What is written here is nearly always compact and without \u escapes.  To read that
 * takes a fourth of the time that the server's parser takes, which is for the rest.
 */
#include "postgres.h"

#include "json/json.h"

#include "common/jsonapi.h"
#include "compat.h"
#include "mb/pg_wchar.h"
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

typedef struct Writer
{
	StringInfoData out; /* a varlena header, and what stands behind it */
	int nlevels;
	int max_levels;
	Level *levels;
	int nitems;
	int max_items;
	Item *items;
	StringInfoData sorted; /* of an object that ends; data NULL: not there */
	bool keys_in_text;     /* keys are where the text has them, and not copies */
} Writer;

/* Largest object whose memory is kept for the next. */
#define MAX_KEPT (64 * 1024)

/* What is deeper, and numbers that are longer, the server reads. */
#define MAX_DEPTH 32
#define MAX_DIGITS 18

static bool read_quickly(Writer *writer, const char *text, const char *end);
static ScimJsonAction begin_container(void *state);
static ScimJsonAction end_array(void *state);
static ScimJsonAction end_object(void *state);
static ScimJsonAction begin_member(void *state, char *name, bool isnull);
static ScimJsonAction put_scalar(void *state, char *token, JsonTokenType type);
static void read_by_server(Writer *writer, const char *text, int len);
static void put_number(Writer *writer, Numeric number);
static void add_item(Writer *writer, uint32 type, int at);

/*
 * ScimJsonTextToJsonb makes a jsonb of the text of an object or array that is known to be
 * JSON.  Of members with the same key it keeps the last, as the server does.
 */
Jsonb *
ScimJsonTextToJsonb(const char *text, int len)
{
	Writer writer = {.nlevels = 0};

	initStringInfo(&writer.out);
	enlargeStringInfo(&writer.out, len + len / 2);
	appendStringInfoSpaces(&writer.out, VARHDRSZ);
	writer.max_levels = 16;
	writer.levels = palloc(writer.max_levels * sizeof(Level));
	writer.max_items = 64;
	writer.items = palloc(writer.max_items * sizeof(Item));
	writer.keys_in_text = true;
	if (!read_quickly(&writer, text, text + len))
	{
		writer.keys_in_text = false;
		writer.nlevels = writer.nitems = 0;
		writer.out.len = VARHDRSZ;
		read_by_server(&writer, text, len);
	}
	if (writer.nitems != 1 || writer.items[0].type != JENTRY_ISCONTAINER)
		elog(ERROR, "a text is neither an object nor an array");
	SET_VARSIZE(writer.out.data, writer.out.len);
	return (Jsonb *) writer.out.data;
}

static void
read_by_server(Writer *writer, const char *text, int len)
{
	JsonSemAction actions = {
		.semstate = writer,
		.object_start = begin_container,
		.object_end = end_object,
		.array_start = begin_container,
		.array_end = end_array,
		.object_field_start = begin_member,
		.scalar = put_scalar,
	};
	JsonLexContext *lex =
		makeJsonLexContextCstringLen(NULL, text, len, GetDatabaseEncoding(), true);
	JsonParseErrorType result = pg_parse_json(lex, &actions);

	if (result != JSON_SUCCESS)
		elog(ERROR, "a text is not JSON: %s", json_errdetail(result, lex));
}

/* The end of a run of characters that mean themselves in a string. */
static inline const char *
skip_plain(const char *at, const char *end)
{
	while (at < end && *at != '"' && *at != '\\' && (unsigned char) *at >= ' ')
		at++;
	return at;
}

/* Appends the string behind a quotation mark; returns what follows it, or NULL. */
static const char *
read_string(Writer *writer, const char *at, const char *end)
{
	static const char escaped[] = "\"\\/bfnrt";
	static const char meant[] = "\"\\/\b\f\n\r\t";
	StringInfo out = &writer->out;
	int start = out->len;

	for (;;)
	{
		const char *stop = skip_plain(at, end);
		const char *which;

		appendBinaryStringInfo(out, at, stop - at);
		if (stop < end && *stop == '"')
		{
			add_item(writer, JENTRY_ISSTRING, start);
			return stop + 1;
		}
		if (end - stop < 2 || *stop != '\\' || stop[1] == '\0')
			return NULL;
		which = strchr(escaped, stop[1]);
		if (which == NULL)
			return NULL;
		appendStringInfoCharMacro(out, meant[which - escaped]);
		at = stop + 2;
	}
}

/* The same of a number that is a few digits. */
static const char *
read_number(Writer *writer, const char *at, const char *end)
{
	const char *start = at;
	int64 number = 0;

	while (at < end && at - start < MAX_DIGITS && *at >= '0' && *at <= '9')
		number = number * 10 + (*at++ - '0');
	/* what follows is a delimiter, or else it is no such number */
	if (at == start || at == end || (*at != ',' && *at != '}' && *at != ']') ||
		(*start == '0' && at - start > 1))
		return NULL;
	put_number(writer, int64_to_numeric(number));
	return at;
}

static const char *
read_word(Writer *writer, const char *at, const char *end, const char *word, uint32 type)
{
	size_t len = strlen(word);

	if ((size_t) (end - at) < len || memcmp(at, word, len) != 0)
		return NULL;
	add_item(writer, type, writer->out.len);
	return at + len;
}

static const char *
read_scalar(Writer *writer, const char *at, const char *end)
{
	switch (*at)
	{
		case '"':
			return read_string(writer, at + 1, end);
		case 't':
			return read_word(writer, at, end, "true", JENTRY_ISBOOL_TRUE);
		case 'f':
			return read_word(writer, at, end, "false", JENTRY_ISBOOL_FALSE);
		case 'n':
			return read_word(writer, at, end, "null", JENTRY_ISNULL);
		default:
			return read_number(writer, at, end);
	}
}

/* Passes the key of a member, and the colon behind it. */
static const char *
read_key(Writer *writer, const char *at, const char *end)
{
	Level *level = &writer->levels[writer->nlevels - 1];
	const char *stop;

	if (at == end || *at != '"')
		return NULL;
	stop = skip_plain(++at, end);
	if (end - stop < 2 || *stop != '"' || stop[1] != ':')
		return NULL;
	level->key = at;
	level->keylen = stop - at;
	return stop + 2;
}

/*
 * Reads a text that is compact and simple; false where it is not, whatever is written by
 * then.
 */
static bool
read_quickly(Writer *writer, const char *text, const char *end)
{
	const char *at = text;
	bool value = true; /* a value comes, or else what stands behind one */
	char closes[MAX_DEPTH];

	do
	{
		if (at == end)
			return false;
		if (value && (*at == '{' || *at == '['))
		{
			if (writer->nlevels == MAX_DEPTH)
				return false;
			closes[writer->nlevels] = *at == '{' ? '}' : ']';
			begin_container(writer);
			at++;
			value = at == end || *at != closes[writer->nlevels - 1];
			if (value && at[-1] == '{')
				at = read_key(writer, at, end);
		}
		else if (value)
		{
			if (writer->nlevels == 0)
				return false;
			at = read_scalar(writer, at, end);
			value = false;
		}
		else if (*at == ',')
		{
			at++;
			if (closes[writer->nlevels - 1] == '}')
				at = read_key(writer, at, end);
			value = true;
		}
		else if (*at == closes[writer->nlevels - 1])
		{
			at++;
			if (closes[writer->nlevels - 1] == '}')
				end_object(writer);
			else
				end_array(writer);
		}
		else
			return false;
	} while (at != NULL && writer->nlevels > 0);
	return at == end;
}

static void
align(StringInfo out)
{
	while (out->len != INTALIGN(out->len))
		appendStringInfoCharMacro(out, '\0');
}

/* What stands in the buffer from at on is a value of the innermost container. */
static void
add_item(Writer *writer, uint32 type, int at)
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

static ScimJsonAction
begin_container(void *state)
{
	Writer *writer = state;
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
	SCIM_JSON_CONTINUE;
}

static ScimJsonAction
begin_member(void *state, char *name, bool isnull)
{
	Writer *writer = state;
	Level *level = &writer->levels[writer->nlevels - 1];

	level->key = name;
	level->keylen = strlen(name);
	SCIM_JSON_CONTINUE;
}

static void
put_number(Writer *writer, Numeric number)
{
	int at;

	align(&writer->out);
	at = writer->out.len;
	appendBinaryStringInfo(&writer->out, (char *) number, VARSIZE_ANY(number));
	add_item(writer, JENTRY_ISNUMERIC, at);
	pfree(number);
}

static ScimJsonAction
put_scalar(void *state, char *token, JsonTokenType type)
{
	Writer *writer = state;
	int at = writer->out.len;

	switch (type)
	{
		case JSON_TOKEN_STRING:
			appendBinaryStringInfo(&writer->out, token, strlen(token));
			add_item(writer, JENTRY_ISSTRING, at);
			break;
		case JSON_TOKEN_NUMBER:
			put_number(writer, DatumGetNumeric(DirectFunctionCall3(
								   numeric_in, CStringGetDatum(token),
								   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1))));
			break;
		case JSON_TOKEN_TRUE:
			add_item(writer, JENTRY_ISBOOL_TRUE, at);
			break;
		case JSON_TOKEN_FALSE:
			add_item(writer, JENTRY_ISBOOL_FALSE, at);
			break;
		default:
			add_item(writer, JENTRY_ISNULL, at);
			break;
	}
	if (token != NULL)
		pfree(token);
	SCIM_JSON_CONTINUE;
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
end_container(Writer *writer, int start)
{
	writer->nitems = writer->levels[--writer->nlevels].first;
	add_item(writer, JENTRY_ISCONTAINER, start);
}

/* The values move behind the header, which says where each ends. */
static ScimJsonAction
end_array(void *state)
{
	Writer *writer = state;
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
	SCIM_JSON_CONTINUE;
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

static void
free_key(const Writer *writer, const Item *item)
{
	if (!writer->keys_in_text)
		pfree((char *) item->key);
}

/* The members of an object that ends, in order; returns how many different ones. */
static int
sort_members(const Writer *writer, Item *items, int n)
{
	int kept = 0;

	qsort(items, n, sizeof(Item), compare_items);
	for (int i = 0; i < n; i++)
	{
		if (kept > 0 && items[kept - 1].keylen == items[i].keylen &&
			memcmp(items[kept - 1].key, items[i].key, items[i].keylen) == 0)
			free_key(writer, &items[i]);
		else
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
 * values.  What it is written to is kept for the next, unless it is large.
 */
static ScimJsonAction
end_object(void *state)
{
	Writer *writer = state;
	StringInfo sorted = &writer->sorted;
	const Level *level = &writer->levels[writer->nlevels - 1];
	int start = level->start;
	Item *items = &writer->items[level->first];
	int n = sort_members(writer, items, writer->nitems - level->first);
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
		free_key(writer, &items[i]);
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
	SCIM_JSON_CONTINUE;
}
