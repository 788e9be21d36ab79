/*
 * shim.c
 *		Memory, StringInfo, errors and numbers without a server.  See shim.h.
 *
 * Each allocation is one of malloc's, so that AddressSanitizer sees its bounds.
 * A numeric is a double here: what is fuzzed does not calculate.  What is linked with it
 *and not here, test/fuzz/run makes: functions that say their name and abort.
 */
/* its argument is const char * in PostgreSQL 15 and const void * after */
#define appendBinaryStringInfo appendBinaryStringInfo_of_server
#include "postgres.h"

#include <float.h>
#include <math.h>
#include <time.h>

#include "fmgr.h"
#include "lib/stringinfo.h"
#include "common/jsonapi.h"
#include "common/string.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"
#include "pgtime.h"
#include "shim.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#undef appendBinaryStringInfo
#undef vsnprintf
#undef snprintf
#undef sprintf
#undef fprintf

extern void appendBinaryStringInfo(StringInfo str, const void *data, int len);

volatile sig_atomic_t InterruptPending = false;

void
shim_fail(const char *what, const char *detail)
{
	fprintf(stderr, "%s: %s\n", what, detail);
	abort();
}

/* ---- memory */

typedef struct Chunk
{
	struct Chunk *next;
	struct Chunk *previous;
} Chunk;

static Chunk chunks = {&chunks, &chunks};
static Chunk kept = {&kept, &kept}; /* what a cache holds: TopMemoryContext */
static char top;

MemoryContext CurrentMemoryContext;
MemoryContext TopMemoryContext = (MemoryContext) &top;

static void *
link_chunk(Chunk *chunk)
{
	Chunk *first = CurrentMemoryContext == TopMemoryContext ? &kept : &chunks;

	if (chunk == NULL)
		abort();
	chunk->next = first->next;
	chunk->previous = first;
	first->next->previous = chunk;
	first->next = chunk;
	return chunk + 1;
}

static Chunk *
unlink_chunk(void *pointer)
{
	Chunk *chunk = (Chunk *) pointer - 1;

	chunk->next->previous = chunk->previous;
	chunk->previous->next = chunk->next;
	return chunk;
}

void *
palloc(Size size)
{
	return link_chunk(malloc(sizeof(Chunk) + size));
}

void *
palloc0(Size size)
{
	return link_chunk(calloc(1, sizeof(Chunk) + size));
}

void *
palloc_extended(Size size, int flags)
{
	return flags & MCXT_ALLOC_ZERO ? palloc0(size) : palloc(size);
}

void *
repalloc(void *pointer, Size size)
{
	return link_chunk(realloc(unlink_chunk(pointer), sizeof(Chunk) + size));
}

void *
repalloc_huge(void *pointer, Size size)
{
	return repalloc(pointer, size);
}

void
pfree(void *pointer)
{
	free(unlink_chunk(pointer));
}

void
shim_reset(void)
{
	while (chunks.next != &chunks)
		pfree(chunks.next + 1);
}

char *
pnstrdup(const char *text, Size len)
{
	char *copy;

	len = strnlen(text, len);
	copy = palloc(len + 1);
	memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

char *
pstrdup(const char *text)
{
	return pnstrdup(text, strlen(text));
}

char *
psprintf(const char *fmt, ...)
{
	char *text;
	int len;
	va_list args;

	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	text = palloc(len + 1);
	va_start(args, fmt);
	vsnprintf(text, len + 1, fmt, args);
	va_end(args);
	return text;
}

/* ---- StringInfo */

void
initStringInfo(StringInfo str)
{
	str->data = palloc(16);
	str->maxlen = 16;
	str->len = 0;
	str->cursor = 0;
	str->data[0] = '\0';
}

void
enlargeStringInfo(StringInfo str, int needed)
{
	if (str->len + needed < str->maxlen)
		return;
	str->maxlen = 2 * (str->len + needed + 1);
	str->data = repalloc(str->data, str->maxlen);
}

void
appendBinaryStringInfo(StringInfo str, const void *data, int len)
{
	enlargeStringInfo(str, len);
	memcpy(str->data + str->len, data, len);
	str->len += len;
	str->data[str->len] = '\0';
}

void
appendStringInfoString(StringInfo str, const char *text)
{
	appendBinaryStringInfo(str, text, strlen(text));
}

void
appendStringInfoChar(StringInfo str, char c)
{
	appendBinaryStringInfo(str, &c, 1);
}

int
appendStringInfoVA(StringInfo str, const char *fmt, va_list args)
{
	int room = str->maxlen - str->len;
	int len = vsnprintf(str->data + str->len, room, fmt, args);

	if (len >= room)
	{
		str->data[str->len] = '\0';
		return len + 1;
	}
	str->len += len;
	return 0;
}

void
appendStringInfo(StringInfo str, const char *fmt, ...)
{
	for (;;)
	{
		va_list args;
		int needed;

		va_start(args, fmt);
		needed = appendStringInfoVA(str, fmt, args);
		va_end(args);
		if (needed == 0)
			return;
		enlargeStringInfo(str, needed);
	}
}

/* ---- errors: where something may be raised, shim_try catches it */

sigjmp_buf *PG_exception_stack;
ErrorContextCallback *error_context_stack;

/* Of the error that is being raised; 0: nobody has said what kind of one it is. */
static int raised;

bool
shim_try(void (*run)(void *argument), void *argument)
{
	sigjmp_buf buffer;
	bool fine = false;

	PG_exception_stack = &buffer;
	if (sigsetjmp(buffer, 0) == 0)
	{
		run(argument);
		fine = true;
	}
	PG_exception_stack = NULL;
	return fine;
}

void
check_stack_depth(void)
{
}

void
ProcessInterrupts(void)
{
}

bool
errstart(int elevel, const char *domain)
{
	if (PG_exception_stack == NULL)
		shim_fail("raised", "an error");
	raised = 0;
	return elevel >= ERROR;
}

bool
errstart_cold(int elevel, const char *domain)
{
	return errstart(elevel, domain);
}

void
errfinish(const char *filename, int lineno, const char *funcname)
{
	/* what input brings about has a code of its own */
	if (raised == 0 || raised == ERRCODE_INTERNAL_ERROR)
		shim_fail("raised an internal error in", filename);
	siglongjmp(*PG_exception_stack, 1);
}

int
errcode(int sqlerrcode)
{
	raised = sqlerrcode;
	return 0;
}

int
errmsg(const char *fmt, ...)
{
	va_list args;

	/* as the server does, so that what it is told of is read */
	va_start(args, fmt);
	vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	return 0;
}

int
errmsg_internal(const char *fmt, ...)
{
	return 0;
}

int
errdetail(const char *fmt, ...)
{
	return 0;
}

int
errdetail_internal(const char *fmt, ...)
{
	return 0;
}

int
errhint(const char *fmt, ...)
{
	return 0;
}

int
err_generic_string(int field, const char *text)
{
	return 0;
}

/* ---- lists, of pointers */

List *
list_make1_impl(NodeTag type, ListCell datum)
{
	List *list = palloc(sizeof(List));

	list->type = type;
	list->length = 1;
	list->max_length = 1;
	list->elements = palloc(sizeof(ListCell));
	list->elements[0] = datum;
	return list;
}

List *
lappend(List *list, void *datum)
{
	ListCell cell = {.ptr_value = datum};

	if (list == NIL)
		return list_make1_impl(T_List, cell);
	if (list->length == list->max_length)
	{
		list->max_length *= 2;
		list->elements = repalloc(list->elements, list->max_length * sizeof(ListCell));
	}
	list->elements[list->length++] = cell;
	return list;
}

void
list_free(List *list)
{
	if (list == NIL)
		return;
	pfree(list->elements);
	pfree(list);
}

/* ---- time and numbers as text */

TimestampTz
GetCurrentTimestamp(void)
{
	return 849000000 * USECS_PER_SEC; /* always the same, as what is found must be */
}

int
date2j(int year, int month, int day)
{
	struct tm utc = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};

	return timegm(&utc) / 86400 + 2440588;
}

int
j2day(int date)
{
	return (date + 1) % 7;
}

char *
pg_ultostr_zeropad(char *text, uint32 value, int32 least)
{
	return text + sprintf(text, "%0*u", least, value);
}

/* As much of a text as ends with a character. */
int
pg_mbcliplen(const char *text, int len, int limit)
{
	int clipped = 0;

	while (clipped < len)
	{
		int next = pg_utf_mblen((const unsigned char *) text + clipped);

		if (clipped + next > Min(len, limit))
			break;
		clipped += next;
	}
	return clipped;
}

/* What a parser of the server says; the wording is its own. */
char *
json_errdetail(JsonParseErrorType error, JsonLexContext *lex)
{
	return pstrdup("is no JSON");
}

/* Only what a date after the year 0 needs. */
int
timestamp2tm(Timestamp at, int *zone, struct pg_tm *tm, fsec_t *fraction,
			 const char **name, pg_tz *where)
{
	time_t seconds = at / USECS_PER_SEC + 946684800;
	struct tm utc;

	*fraction = at % USECS_PER_SEC;
	gmtime_r(&seconds, &utc);
	tm->tm_year = utc.tm_year + 1900;
	tm->tm_mon = utc.tm_mon + 1;
	tm->tm_mday = utc.tm_mday;
	tm->tm_hour = utc.tm_hour;
	tm->tm_min = utc.tm_min;
	tm->tm_sec = utc.tm_sec;
	return 0;
}

/* ---- the SQL functions in the same files as what is fuzzed */

struct varlena *
pg_detoast_datum(struct varlena *datum)
{
	return datum;
}

struct varlena *
pg_detoast_datum_packed(struct varlena *datum)
{
	return datum;
}

int
pg_mbstrlen_with_len(const char *text, int limit)
{
	int characters = 0;

	for (int i = 0; i < limit && text[i] != '\0';
		 i += pg_utf_mblen((const unsigned char *) text + i))
		characters++;
	return characters;
}

int
GetDatabaseEncoding(void)
{
	return PG_UTF8;
}

bool
pg_verify_mbstr(int encoding, const char *text, int len, bool no_error)
{
	return pg_encoding_verifymbstr(encoding, text, len) == len;
}

/* ---- numeric: a double behind a varlena header */

typedef struct Number
{
	int32 vl_len_;
	double value;
} Number;

static Numeric
make_number(double value)
{
	Number *number = palloc0(sizeof(Number));

	SET_VARSIZE(number, sizeof(Number));
	number->value = value;
	return (Numeric) number;
}

/* What a numeric holds and a double does not is the greatest. */
Datum
DirectFunctionCall3Coll(PGFunction func, Oid collation, Datum a, Datum b, Datum c)
{
	double value = strtod(DatumGetCString(a), NULL);

	return NumericGetDatum(make_number(Max(Min(value, DBL_MAX), -DBL_MAX)));
}

static double
value_of(Datum number)
{
	Number copy;

	memcpy(&copy, DatumGetPointer(number), sizeof(copy));
	return copy.value;
}

Datum
DirectFunctionCall2Coll(PGFunction func, Oid collation, Datum a, Datum b)
{
	double left = value_of(a);

	if (func == numeric_trunc)
		return NumericGetDatum(make_number(trunc(left)));
	if (func == numeric_eq)
		return BoolGetDatum(left == value_of(b));
	if (func == numeric_lt)
		return BoolGetDatum(left < value_of(b));
	if (func == numeric_gt)
		return BoolGetDatum(left > value_of(b));
	if (func != numeric_cmp)
		shim_fail("called", "a function of two numbers");
	return Int32GetDatum((left > value_of(b)) - (left < value_of(b)));
}

Datum
DirectFunctionCall1Coll(PGFunction func, Oid collation, Datum a)
{
	if (func == numeric_scale)
		return Int32GetDatum(0);
	if (func != numeric_out)
		shim_fail("called", "a function of one number");
	return CStringGetDatum(psprintf("%.17g", value_of(a)));
}

bool
numeric_is_nan(Numeric number)
{
	return isnan(value_of(NumericGetDatum(number)));
}

bool
numeric_is_inf(Numeric number)
{
	return isinf(value_of(NumericGetDatum(number)));
}

char *
numeric_out_sci(Numeric number, int scale)
{
	return psprintf("%.17e", value_of(NumericGetDatum(number)));
}

Numeric
int64_to_numeric(int64 value)
{
	return make_number(value);
}

char *
numeric_normalize(Numeric number)
{
	return psprintf("%.0f", value_of(NumericGetDatum(number)));
}

/* ---- reading jsonb: see utils/jsonb.h */

uint32
getJsonbOffset(const JsonbContainer *container, int index)
{
	uint32 offset = 0;

	for (int i = index - 1; i >= 0; i--)
	{
		offset += JBE_OFFLENFLD(container->children[i]);
		if (JBE_HAS_OFF(container->children[i]))
			break;
	}
	return offset;
}

uint32
getJsonbLength(const JsonbContainer *container, int index)
{
	if (JBE_HAS_OFF(container->children[index]))
		return JBE_OFFLENFLD(container->children[index]) -
			   getJsonbOffset(container, index);
	return JBE_OFFLENFLD(container->children[index]);
}

/* Finds whether there is one; the value is for match.c to read. */
JsonbValue *
getKeyJsonValueFromContainer(JsonbContainer *container, const char *key, int key_len,
							 JsonbValue *value)
{
	int count = JsonContainerSize(container);
	char *data = (char *) &container->children[2 * count];

	for (int i = 0; i < count; i++)
	{
		JEntry entry = container->children[count + i];
		uint32 at = getJsonbOffset(container, count + i);
		uint32 len = getJsonbLength(container, count + i);

		if (getJsonbLength(container, i) != (uint32) key_len ||
			memcmp(data + getJsonbOffset(container, i), key, key_len) != 0)
			continue;
		if (JBE_ISSTRING(entry))
		{
			value->type = jbvString;
			value->val.string.val = data + at;
			value->val.string.len = len;
		}
		else if (JBE_ISNUMERIC(entry))
		{
			value->type = jbvNumeric;
			value->val.numeric = (Numeric) (data + INTALIGN(at));
		}
		else if (JBE_ISBOOL(entry))
		{
			value->type = jbvBool;
			value->val.boolean = JBE_ISBOOL_TRUE(entry);
		}
		else if (JBE_ISCONTAINER(entry))
		{
			value->type = jbvBinary;
			value->val.binary.data = (JsonbContainer *) (data + INTALIGN(at));
			value->val.binary.len = len - (INTALIGN(at) - at);
		}
		else
			value->type = jbvNull;
		return value;
	}
	return NULL;
}

/* ---- writing jsonb */

#define MAX_CHILDREN 40 /* more than JB_OFFSET_STRIDE */
#define MAX_DEPTH 5

typedef struct Bytes
{
	const uint8 *at;
	const uint8 *end;
} Bytes;

static const char *const keys[] = {"userName", "USERNAME", "id",    "active", "age",
								   "emails",   "value",    "type",  "Type",   "primary",
								   "created",  "bin",      "other", "x",      "urn:x:y"};
static const char *const strings[] = {"work",
									  "WORK",
									  "Bjensen",
									  "stra\xc3\x9f"
									  "e",
									  "STRASSE",
									  "2011-05-13T04:42:34Z",
									  "2011-05-13T06:42:34.5+02:00",
									  ""};

static uint8
next_byte(Bytes *bytes)
{
	return bytes->at < bytes->end ? *bytes->at++ : 0;
}

static JEntry write_value(StringInfo out, Bytes *bytes, int depth);

static void
pad(StringInfo out)
{
	while (out->len % 4 != 0)
		appendStringInfoChar(out, '\0');
}

/* Appends an object or array; out is aligned. */
static void
write_container(StringInfo out, Bytes *bytes, int depth, bool is_object)
{
	int count = depth >= MAX_DEPTH ? 0 : next_byte(bytes) % MAX_CHILDREN;
	int start = out->len;
	int children = is_object ? 2 * count : count;
	uint32 header = count | (is_object ? JB_FOBJECT : JB_FARRAY);
	int data;

	appendBinaryStringInfo(out, &header, sizeof(header));
	for (int i = 0; i < children; i++)
		appendBinaryStringInfo(out, "\0\0\0\0", sizeof(JEntry));
	data = out->len;
	for (int i = 0; i < children; i++)
	{
		int before = out->len;
		JEntry entry;

		if (is_object && i < count)
		{
			appendStringInfoString(out, keys[next_byte(bytes) % lengthof(keys)]);
			entry = JENTRY_ISSTRING;
		}
		else
			entry = write_value(out, bytes, depth);
		if (i % JB_OFFSET_STRIDE == 0)
			entry |= JENTRY_HAS_OFF | (out->len - data);
		else
			entry |= out->len - before;
		memcpy(out->data + start + sizeof(header) + i * sizeof(JEntry), &entry,
			   sizeof(entry));
	}
}

static JEntry
write_value(StringInfo out, Bytes *bytes, int depth)
{
	uint8 kind = next_byte(bytes);

	switch (kind % 9)
	{
		case 0:
			return JENTRY_ISNULL;
		case 1:
			return JENTRY_ISBOOL_TRUE;
		case 2:
			return JENTRY_ISBOOL_FALSE;
		case 3:
			pad(out);
			appendBinaryStringInfo(out, make_number((int8) next_byte(bytes)),
								   sizeof(Number));
			return JENTRY_ISNUMERIC;
		case 4:
		case 5:
			pad(out);
			write_container(out, bytes, depth + 1, kind % 9 == 4);
			return JENTRY_ISCONTAINER;
		case 6:
			appendStringInfoString(out, strings[next_byte(bytes) % lengthof(strings)]);
			return JENTRY_ISSTRING;
		default:
			for (int len = next_byte(bytes) % 16; len > 0; len--)
				appendStringInfoChar(out, (char) next_byte(bytes));
			return JENTRY_ISSTRING;
	}
}

JsonbContainer *
shim_document(const uint8 *data, size_t size)
{
	Bytes bytes = {data, data + size};
	StringInfoData out;
	void *exact;

	initStringInfo(&out);
	write_container(&out, &bytes, 0, true);
	/* no bytes to spare, so that reading beyond the end is found */
	exact = palloc(out.len);
	memcpy(exact, out.data, out.len);
	return exact;
}
