/*
 * extract.c
 *		jsonb -> its keys.
 *
 * Values are visited as match.c visits them: arrays are transparent at any
 * depth, and null, "", {} and [] are not there.
 */
#include "postgres.h"

#include "compat.h"
#include "index/index.h"
#include "json/buckets.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"

#include "text/find.h"
#include "text/fold.h"
#include "text/hash.h"
#include "text/sealed.h"

/* No filter names an attribute deeper than this: urn:attribute[a.b] */
#define DEPTH_MAX 6
/* An object with more members, or a string longer than this, makes no effort. */
#define MEMBERS_MAX 256
#define PARTS_TEXT_MAX 4096
/* Up to so many keys it does not matter how many of them are equal. */
#define KEYS_FEW 4096
/* A document with more is a candidate of every query: sorting them takes long. */
#define KEYS_MAX 262144

typedef struct Extraction
{
	ScimIndexFormat format;
	const ScimIndexPaths *substrings;
	StringInfoData path; /* of the value being visited */
	int nkeys;
	int capacity;
	Datum *keys;
	bool hashed;
	ScimBuckets by_key; /* those behind the first KEYS_FEW */
	bool irregular;
	bool full;    /* there would be more than KEYS_MAX: no key is kept */
	int too_deep; /* > 0: only looking whether there is a value */
} Extraction;

static bool extract_container(Extraction *e, JsonbContainer *container, int depth);

static uint32
hash_key(const char *data, int len)
{
	return ScimHash(data, len);
}

/* Is the key there, as often as it matters?  A second "present" makes "several". */
static bool
is_known(const Extraction *e, const ScimIndexKey *key)
{
	int missing = key->data[key->len - 1] == SCIM_TAG_PRESENT ? 2 : 1;

	for (int at = ScimBucketsFirst(&e->by_key, hash_key(key->data, key->len));
		 at >= 0 && missing > 0; at = ScimBucketsNext(&e->by_key, at))
	{
		const struct varlena *other = (const struct varlena *) DatumGetPointer(
			e->keys[ScimBucketsItem(&e->by_key, at)]);

		if (VARSIZE_SHORT(other) - VARHDRSZ_SHORT == key->len &&
			memcmp(VARDATA_SHORT(other), key->data, key->len) == 0)
			missing--;
	}
	return missing == 0;
}

/*
 * Most documents have few keys, and duplicates go when these are sorted.  In one of
 * many, most keys would be duplicates: grams, and the presence of an attribute.
 */
static void
add_key(Extraction *e, const ScimIndexKey *key)
{
	if (e->too_deep > 0 || e->full)
		return;
	if (e->nkeys >= KEYS_FEW)
	{
		if (!e->hashed)
			ScimBucketsInit(&e->by_key, 2 * KEYS_FEW);
		e->hashed = true;
		if (is_known(e, key))
			return;
		ScimBucketsAdd(&e->by_key, hash_key(key->data, key->len), e->nkeys);
	}
	if (e->nkeys == KEYS_MAX)
	{
		e->full = true;
		return;
	}
	if (e->nkeys == e->capacity)
	{
		e->capacity *= 2;
		e->keys = repalloc_huge(e->keys, ((Size) e->capacity + 1) * sizeof(Datum));
	}
	e->keys[e->nkeys++] = ScimIndexKeyDatum(key);
}

/* Adds the key of a value of the attribute being visited. */
static void
add_value(Extraction *e, ScimIndexTag tag, const char *value, int len)
{
	ScimIndexKey key;

	if (e->format == SCIM_INDEX_FORMER)
	{
		ScimIndexFormerKeyStart(&key, e->path.data, e->path.len, tag);
		ScimIndexFormerKeyAppend(&key, value, len);
	}
	else
	{
		ScimIndexKeyStart(&key, e->path.data, e->path.len, tag);
		ScimIndexKeyAppend(&key, value, len);
	}
	add_key(e, &key);
}

static void
add_text(Extraction *e, const char *text, int len)
{
	ScimIndexKey key;
	char whose;

	if (e->format == SCIM_INDEX_FORMER)
	{
		add_value(e, SCIM_TAG_TEXT, text, len);
		return;
	}
	whose = (char) ScimIndexKeyStartText(&key, e->path.data, e->path.len);
	ScimIndexKeyAppendText(&key, text, len);
	if (whose != 0)
	{
		ScimIndexKeyAppend(&key, "", 1);
		ScimIndexKeyAppend(&key, &whose, 1);
	}
	add_key(e, &key);
}

/* Trigrams are of the document, not of the attribute. */
static void
add_trigrams(Extraction *e, const char *text, int len)
{
	ScimIndexKey key;

	/* the NUL behind the text is part of the last one */
	for (int i = 0; i + SCIM_INDEX_TRIGRAM <= len + 1; i++)
	{
		ScimIndexFormerKeyStart(&key, "", 0, SCIM_TAG_TRIGRAM);
		ScimIndexKeyAppend(&key, text + i, SCIM_INDEX_TRIGRAM);
		add_key(e, &key);
	}
}

/* And so are grams. */
static void
add_grams(Extraction *e, const char *text, int len)
{
	bool even = true;

	for (int i = 0; i < len - 1; i++)
	{
		char gram[SCIM_INDEX_GRAM] = {0};
		ScimIndexKey key;

		if (!ScimIndexGramBegins(text, i, &even))
			continue;
		memcpy(gram, text + i, Min(SCIM_INDEX_GRAM, len - i));
		ScimIndexGramKey(&key, gram);
		add_key(e, &key);
	}
}

/* The document is a candidate of every query. */
static void
add_irregular(Extraction *e)
{
	ScimIndexKey key;

	if (e->format == SCIM_INDEX_FORMER)
		ScimIndexFormerKeyStart(&key, "", 0, SCIM_TAG_IRREGULAR);
	else
		ScimIndexKeyMark(&key, SCIM_PATH_IRREGULAR);
	add_key(e, &key);
}

/* The attribute being visited is there, and so is a document. */
static void
add_present(Extraction *e)
{
	if (e->format == SCIM_INDEX_FORMER || e->path.len > 0)
		add_value(e, SCIM_TAG_PRESENT, "", 0);
}

static void
extract_string(Extraction *e, const char *text, int len)
{
	size_t folded_len;
	ScimFolding folding =
		e->format == SCIM_INDEX_FORMAT && ScimIndexIsUserName(e->path.data, e->path.len)
			? SCIM_FOLD_USER_NAME
			: SCIM_FOLD_CASE;
	char *folded = ScimFoldBy(folding, text, len, &folded_len);
	ScimInstant instant;

	add_text(e, folded, folded_len);
	if (ScimInstantParse(text, len, &instant))
	{
		char bytes[12];

		ScimIndexEncodeInstant(&instant, bytes);
		add_value(e, SCIM_TAG_INSTANT, bytes, sizeof(bytes));
	}
	if (ScimIndexPathsInclude(e->substrings, e->path.data, e->path.len))
	{
		if (folded_len > PARTS_TEXT_MAX)
			e->irregular = true;
		else if (e->format == SCIM_INDEX_FORMER)
			add_trigrams(e, folded, folded_len);
		else
			add_grams(e, folded, folded_len);
	}
	pfree(folded);
}

/* Adds the keys of one value that is no array; false if it is unassigned. */
static bool
extract_value(Extraction *e, const JsonbValue *value, int depth)
{
	char bytes[8];

	if (e->full)
		return true;
	switch (value->type)
	{
		case jbvString:
			if (value->val.string.len == 0)
				return false;
			/* match.c compares it with nothing */
			if (!ScimLooksSealed(value->val.string.val, value->val.string.len))
				extract_string(e, value->val.string.val, value->val.string.len);
			break;
		case jbvNumeric:
			ScimIndexEncodeNumber(value->val.numeric, bytes);
			add_value(e, SCIM_TAG_NUMBER, bytes, sizeof(bytes));
			break;
		case jbvBool:
			bytes[0] = value->val.boolean ? 1 : 0;
			add_value(e, SCIM_TAG_BOOLEAN, bytes, 1);
			break;
		case jbvBinary:
			return extract_container(e, value->val.binary.data, depth);
		default:
			return false;
	}
	add_present(e);
	return true;
}

/* Names that the path of a filter cannot have, or that would blur a path. */
static bool
is_plain_name(const JsonbValue *name)
{
	for (int i = 0; i < name->val.string.len; i++)
	{
		if ((unsigned char) name->val.string.val[i] < ' ')
			return false;
	}
	return name->val.string.len > 0;
}

/* Names of one length stand together: does one of them differ in case only? */
static bool
is_repeated(const JsonbValue *names, int nnames, const JsonbValue *name)
{
	for (int i = nnames - 1; i >= 0; i--)
	{
		if (names[i].val.string.len != name->val.string.len)
			return false;
		if (ScimNameEqualN(names[i].val.string.val, names[i].val.string.len,
						   name->val.string.val, name->val.string.len))
			return true;
	}
	return false;
}

static void
append_name(StringInfo path, const JsonbValue *name)
{
	if (path->len > 0)
		appendStringInfoChar(path, SCIM_INDEX_SEPARATOR);
	for (int i = 0; i < name->val.string.len; i++)
		appendStringInfoChar(path, ScimFoldByte((unsigned char) name->val.string.val[i]));
}

static bool
extract_object(Extraction *e, JsonbIterator **it, int count, int depth)
{
	JsonbValue *names = palloc(Min(count, MEMBERS_MAX) * sizeof(JsonbValue) + 1);
	int nnames = 0;
	int path_len = e->path.len;
	bool assigned = false;
	JsonbValue name;
	JsonbValue value;

	if (count > MEMBERS_MAX)
		e->irregular = true;
	while (JsonbIteratorNext(it, &name, true) == WJB_KEY)
	{
		CHECK_FOR_INTERRUPTS();
		(void) JsonbIteratorNext(it, &value, true);
		if (nnames < MEMBERS_MAX)
		{
			if (!is_plain_name(&name) || is_repeated(names, nnames, &name))
				e->irregular = true;
			names[nnames++] = name;
		}
		append_name(&e->path, &name);
		if (extract_value(e, &value, depth + 1))
			assigned = true;
		e->path.len = path_len;
	}
	pfree(names);
	return assigned;
}

static bool
extract_array(Extraction *e, JsonbIterator **it, int depth)
{
	bool assigned = false;
	JsonbValue element;

	while (JsonbIteratorNext(it, &element, true) == WJB_ELEM)
	{
		CHECK_FOR_INTERRUPTS();
		if (extract_value(e, &element, depth))
			assigned = true;
	}
	return assigned;
}

/*
 * Adds the keys of an object or array.  Below DEPTH_MAX it only looks whether
 * there is a value.
 */
static bool
extract_container(Extraction *e, JsonbContainer *container, int depth)
{
	JsonbIterator *it = JsonbIteratorInit(container);
	JsonbValue value;
	bool assigned;

	check_stack_depth();
	if (JsonbIteratorNext(&it, &value, true) == WJB_BEGIN_ARRAY)
		return extract_array(e, &it, depth);
	e->too_deep += depth >= DEPTH_MAX;
	assigned = extract_object(e, &it, value.val.object.nPairs, depth);
	e->too_deep -= depth >= DEPTH_MAX;
	if (assigned)
		add_present(e);
	return assigned;
}

static int
compare_keys(const void *a, const void *b)
{
	const struct varlena *x =
		(const struct varlena *) DatumGetPointer(*(const Datum *) a);
	const struct varlena *y =
		(const struct varlena *) DatumGetPointer(*(const Datum *) b);

	return ScimCompareBytes(VARDATA_SHORT(x), VARSIZE_SHORT(x) - VARHDRSZ_SHORT,
							VARDATA_SHORT(y), VARSIZE_SHORT(y) - VARHDRSZ_SHORT);
}

/* The tag of a presence key is its last byte; no other former key ends with |p. */
static bool
is_former_presence(Datum key)
{
	const struct varlena *v = (const struct varlena *) DatumGetPointer(key);
	int len = VARSIZE_SHORT(v) - VARHDRSZ_SHORT;
	const char *data = VARDATA_SHORT(v);
	int path_len = data[1] == SCIM_INDEX_SEPARATOR ? 1 + (int) sizeof(uint64)
												   : (int) strnlen(data + 1, len - 1);

	return 1 + path_len + 2 == len && data[len - 1] == SCIM_TAG_PRESENT;
}

/* Sorts the keys and leaves one of each; a path present twice has "several". */
static void
make_former_unique(Extraction *e)
{
	int nkeys = e->nkeys;
	int kept = 0;

	qsort(e->keys, nkeys, sizeof(Datum), compare_keys);
	for (int i = 0; i < nkeys; i++)
	{
		if (kept > 0 && compare_keys(&e->keys[kept - 1], &e->keys[i]) == 0)
		{
			/* the second one becomes the mark, in the place of the first of three */
			if (is_former_presence(e->keys[i]) &&
				(i + 1 == nkeys || compare_keys(&e->keys[i], &e->keys[i + 1]) != 0))
			{
				struct varlena *v = (struct varlena *) DatumGetPointer(e->keys[i]);

				VARDATA_SHORT(v)
				[VARSIZE_SHORT(v) - VARHDRSZ_SHORT - 1] = SCIM_TAG_SEVERAL;
				e->keys[kept++] = e->keys[i];
			}
			continue;
		}
		e->keys[kept++] = e->keys[i];
	}
	e->nkeys = kept;
}

static char *
key_bytes(Datum key, int *len)
{
	struct varlena *v = (struct varlena *) DatumGetPointer(key);

	*len = VARSIZE_SHORT(v) - VARHDRSZ_SHORT;
	return VARDATA_SHORT(v);
}

/* Bytes of the path of an attribute's key; 0: it is none. */
static int
path_length(const char *key)
{
	if (key[0] == SCIM_PATH_HASHED)
		return 1 + sizeof(uint32);
	return (unsigned char) key[0] >= SCIM_PATH_KNOWN ? 1 : 0;
}

/* Two keys of the same string of different attributes become one, of both. */
static bool
share_key(Datum kept, Datum key)
{
	int kept_len;
	int len;
	char *kept_bytes = key_bytes(kept, &kept_len);
	const char *bytes = key_bytes(key, &len);

	if ((bytes[0] != SCIM_PATH_ADDRESS && bytes[0] != SCIM_PATH_NAME) ||
		kept_len != len || memcmp(kept_bytes, bytes, len - 1) != 0)
		return false;
	kept_bytes[len - 1] |= bytes[len - 1];
	return true;
}

/*
 * Sorts the keys and leaves one of each.  An attribute that is present twice has
 * "several" in place of "present", and one whose only value is true or false has neither.
 */
static void
make_unique(Extraction *e)
{
	ScimIndexKey user_name;
	const char *boolean = NULL; /* the last key of one */
	bool has_user_name = false;
	int kept = 0;

	ScimIndexKeyOfUserName(&user_name);
	qsort(e->keys, e->nkeys, sizeof(Datum), compare_keys);
	for (int i = 0; i < e->nkeys; i++)
	{
		int len;
		char *bytes = key_bytes(e->keys[i], &len);
		int path_len = path_length(bytes);
		int same = 1;

		while (i + 1 < e->nkeys && compare_keys(&e->keys[i], &e->keys[i + 1]) == 0)
		{
			same++;
			i++;
		}
		if (kept > 0 && share_key(e->keys[kept - 1], e->keys[i]))
			continue;
		if (path_len > 0 && bytes[path_len] == SCIM_TAG_BOOLEAN)
			boolean = bytes;
		if (path_len > 0 && len == path_len + 1 && bytes[path_len] == SCIM_TAG_PRESENT)
		{
			if (same > 1)
				bytes[path_len] = SCIM_TAG_SEVERAL;
			else if (boolean != NULL && memcmp(boolean, bytes, path_len) == 0)
				continue;
			else if (len == user_name.len && memcmp(bytes, user_name.data, len) == 0)
				has_user_name = true;
			e->keys[kept++] = PointerGetDatum(bytes - VARHDRSZ_SHORT);
			continue;
		}
		e->keys[kept++] = e->keys[i];
	}
	e->nkeys = kept;
	if (!has_user_name)
	{
		ScimIndexKey document;

		ScimIndexKeyMark(&document, SCIM_PATH_DOCUMENT);
		e->keys[e->nkeys++] = ScimIndexKeyDatum(&document);
	}
}

/* Visits a document. */
static void
extract_document(Extraction *e, JsonbContainer *document)
{
	initStringInfo(&e->path);
	if (!extract_container(e, document, 0))
		add_present(e);
	if (!e->full)
		return;
	e->full = false;
	e->nkeys = 0;
	e->hashed = false;
	e->irregular = true;
	resetStringInfo(&e->path);
	add_present(e);
}

/*
 * ScimIndexExtract returns the keys of a document, each once, as bytea in the
 * current memory context.  What is no object has none, and matches nothing.
 */
Datum *
ScimIndexExtract(Jsonb *document, ScimIndexFormat format,
				 const ScimIndexPaths *substrings, int *nkeys)
{
	Extraction e = {.format = format, .substrings = substrings, .capacity = 128};

	*nkeys = 0;
	if (!JB_ROOT_IS_OBJECT(document))
		return NULL;
	/* and one for "it is a document" */
	e.keys = palloc((e.capacity + 1) * sizeof(Datum));
	extract_document(&e, &document->root);
	if (e.irregular)
		add_irregular(&e);
	if (format == SCIM_INDEX_FORMER)
		make_former_unique(&e);
	else
		make_unique(&e);
	*nkeys = e.nkeys;
	return e.keys;
}
