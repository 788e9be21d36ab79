/*
 * field.c
 *		Columns of a source and keys of documents, and the attributes that they are.
 *
 * A column is called like an attribute, as in a PATCH: title, name.givenName,
 * emails[type eq "work"].value; or the mapping says which it is.  The keys of a document
 * are the same.  What begins with an underscore is about the row and no attribute.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"

#include "import/import.h"
#include "json/json.h"
#include "text/base64url.h"
#include "text/hash.h"

/* Whether a column or key is about the row itself. */
static bool
is_about_row(const char *key, ScimFieldKind *kind)
{
	static const struct
	{
		const char *key;
		ScimFieldKind kind;
	} known[] = {{"_line", SCIM_FIELD_LINE},
				 {"_version", SCIM_FIELD_VERSION},
				 {"_action", SCIM_FIELD_ACTION}};

	for (size_t i = 0; i < lengthof(known); i++)
	{
		if (strcmp(key, known[i].key) == 0)
		{
			*kind = known[i].kind;
			return true;
		}
	}
	return false;
}

/* Which attribute a path is; NULL, or what is wrong with it. */
static const char *
compile(const ScimResourceType *type, const ScimWire *wire, ScimField *field)
{
	const char *path = field->bound.path;
	const ScimAttribute *attribute;
	const char *problem;

	field->schema = ScimResourceTypeSchema(type, path, strlen(path));
	if (field->schema != NULL)
	{
		field->kind = SCIM_FIELD_SCHEMA;
		return NULL;
	}
	problem = ScimBoundResolve(type, &field->bound);
	if (problem != NULL)
	{
		field->kind = SCIM_FIELD_UNKNOWN;
		return problem;
	}
	ScimBoundChooseStored(&field->bound, wire);
	attribute = field->bound.target.attribute;
	field->kind = SCIM_FIELD_ATTRIBUTE;
	if (attribute->schema == NULL && strcmp(attribute->name, "id") == 0)
		field->kind = SCIM_FIELD_ID;
	/* what the service itself says of a resource */
	else if (attribute->schema == NULL && strcmp(attribute->name, "externalId") != 0)
		field->kind = SCIM_FIELD_IGNORED;
	else if (type->has_groups && attribute->schema == type->schema &&
			 strcmp(attribute->name, "groups") == 0)
		field->kind = SCIM_FIELD_IGNORED;
	else if (ScimIsMembers(type, attribute))
	{
		if (field->bound.target.sub != NULL &&
			(field->bound.choose != NIL ||
			 strcmp(field->bound.target.sub->name, "value") != 0))
			return "of members all are stated, by \"members\"";
		field->kind = SCIM_FIELD_MEMBERS;
	}
	else if (type->has_password && attribute->schema == type->schema &&
			 strcmp(attribute->name, "password") == 0)
		field->kind = SCIM_FIELD_PASSWORD;
	return NULL;
}

static bool
is_called(const ScimField *field, const char *key, int len)
{
	return strncmp(field->key, key, len) == 0 && field->key[len] == '\0';
}

/* ScimFieldFind finds what a key of a document is, which lives as long as all of them. */
ScimField *
ScimFieldFind(ScimFields *fields, const char *key, int len)
{
	int n = list_length(fields->fields);
	uint32 hash;
	MemoryContext old;
	ScimField *field;

	if (fields->next >= n)
		fields->next = 0;
	if (n > 0 && is_called(list_nth(fields->fields, fields->next), key, len))
		return list_nth(fields->fields, fields->next++);
	hash = ScimHash(key, len);
	for (int at = n > 0 ? ScimBucketsFirst(&fields->by_key, hash) : -1; at >= 0;
		 at = ScimBucketsNext(&fields->by_key, at))
	{
		int item = ScimBucketsItem(&fields->by_key, at);

		field = list_nth(fields->fields, item);
		if (!is_called(field, key, len))
			continue;
		fields->next = item + 1;
		return field;
	}
	old = MemoryContextSwitchTo(fields->context);
	field = palloc0(sizeof(ScimField));
	field->key = pnstrdup(key, len);
	field->bound.path = field->key;
	field->bound.as_written = true;
	if (!is_about_row(field->key, &field->kind))
		(void) compile(fields->type, fields->wire, field);
	fields->next = 0;
	/* of a file with ever new keys, as many are kept as any schema has */
	if (n < 10000)
	{
		if (n == 0)
			ScimBucketsInit(&fields->by_key, 0);
		ScimBucketsAdd(&fields->by_key, hash, n);
		fields->fields = lappend(fields->fields, field);
	}
	MemoryContextSwitchTo(old);
	return field;
}

static JsonbValue *
mapped(const JsonbValue *mapping, const char *column)
{
	return mapping != NULL ? ScimJsonGet(mapping, column) : NULL;
}

pg_noreturn static void
wrong_mapping(const char *column, const char *problem)
{
	ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
					errmsg("mapping: column \"%s\": %s", column, problem)));
}

/* "path", null, or {"attribute": "path", "values": {...}} */
static void
read_mapping(ScimField *field, const JsonbValue *value)
{
	const JsonbValue *path = value;

	if (value->type == jbvNull)
	{
		field->kind = SCIM_FIELD_IGNORED;
		return;
	}
	if (value->type == jbvObject)
	{
		path = ScimJsonGet(value, "attribute");
		field->values = ScimJsonGet(value, "values");
		for (int i = 0; i < value->val.object.nPairs; i++)
		{
			const JsonbValue *key = &value->val.object.pairs[i].key;

			if (!ScimJsonStringEquals(key, "attribute") &&
				!ScimJsonStringEquals(key, "values"))
				wrong_mapping(field->key, psprintf("there is no setting \"%s\"",
												   ScimJsonStringCopy(key)));
		}
		if (field->values != NULL && field->values->type != jbvObject)
			wrong_mapping(field->key, "\"values\" must be an object");
	}
	if (path == NULL || path->type != jbvString)
		wrong_mapping(field->key, "must be the path of an attribute, null, or an object "
								  "with \"attribute\"");
	field->bound.path = ScimJsonStringCopy(path);
}

/* The type of a column, or of the elements of an array, whatever domains are over it. */
static Oid
plain_type(Oid type)
{
	Oid base = getBaseType(type);
	Oid element = get_element_type(base);

	return OidIsValid(element) ? getBaseType(element) : base;
}

static bool
is_json(Oid type)
{
	return type == JSONBOID || type == JSONOID;
}

static void
compile_column(ScimImport *import, ScimField *field, Oid column_type)
{
	const JsonbValue *map = mapped(import->mapping, field->key);
	const char *problem;

	field->bound.path = field->key;
	field->type = plain_type(column_type);
	field->bound.as_written = field->type != DATEOID && field->type != TIMESTAMPOID &&
							  field->type != TIMESTAMPTZOID && field->type != BYTEAOID;
	if (map != NULL)
	{
		read_mapping(field, map);
		if (field->kind == SCIM_FIELD_IGNORED)
			return;
	}
	if (is_about_row(field->bound.path, &field->kind))
		return;
	if (field->bound.path[0] == '_')
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("column \"%s\" of the source: there is no \"%s\" of a row",
							   field->key, field->bound.path),
						errhint("A row has _line, _version and _action; the id of a "
								"resource is \"id\". Say in mapping which it is, or "
								"null.")));
	if (map == NULL && strcmp(field->key, "data") == 0 &&
		is_json(getBaseType(column_type)))
	{
		field->kind = SCIM_FIELD_DOCUMENT;
		return;
	}
	problem = compile(import->type, import->wire, field);
	if (problem != NULL || field->kind == SCIM_FIELD_SCHEMA)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("column \"%s\" of the source: %s", field->key,
							   problem != NULL ? problem
											   : "the attributes of a schema are "
												 "columns of their own"),
						errhint("Say in mapping which it is, or null.")));
}

static bool
same_choice(const ScimBoundAttribute *a, const ScimBoundAttribute *b)
{
	const ListCell *lc;
	const ListCell *other;

	if (list_length(a->choose) != list_length(b->choose))
		return false;
	forboth (lc, a->choose, other, b->choose)
	{
		const ScimChosen *one = lfirst(lc);
		const ScimChosen *two = lfirst(other);

		if (one->sub != two->sub || !ScimJsonEqual(one->value, two->value))
			return false;
	}
	return true;
}

/* ScimFieldsAreSame: do two columns or keys say the same thing, by whatever names? */
bool
ScimFieldsAreSame(const ScimField *a, const ScimField *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind)
	{
		case SCIM_FIELD_ATTRIBUTE:
			return a->bound.target.extension == b->bound.target.extension &&
				   a->bound.target.attribute == b->bound.target.attribute &&
				   a->bound.target.sub == b->bound.target.sub &&
				   same_choice(&a->bound, &b->bound);
		case SCIM_FIELD_SCHEMA:
		case SCIM_FIELD_IGNORED:
		case SCIM_FIELD_UNKNOWN:
			return false;
		default:
			return true;
	}
}

/* ScimFieldHash is the same for all that ScimFieldsAreSame calls the same. */
uint32
ScimFieldHash(const ScimField *field)
{
	const ScimResolved *target = &field->bound.target;
	const void *attribute = target->attribute;
	const void *sub = target->sub;
	uint32 hash = field->kind;
	const ListCell *lc;

	if (field->kind != SCIM_FIELD_ATTRIBUTE)
		return hash;
	hash = hash_combine(hash, ScimHash(&attribute, sizeof(attribute)));
	hash = hash_combine(hash, ScimHash(&sub, sizeof(sub)));
	foreach (lc, field->bound.choose)
		hash = hash_combine(hash, ScimJsonHash(((const ScimChosen *) lfirst(lc))->value));
	return hash;
}

/*
 * ScimFieldOrder: whole attributes come before what is set in them, and a value before
 * what is said beside it.
 */
int
ScimFieldOrder(const ScimField *field)
{
	const ScimAttribute *sub = field->bound.target.sub;

	switch (field->kind)
	{
		case SCIM_FIELD_DOCUMENT:
			return 0;
		case SCIM_FIELD_ATTRIBUTE:
			if (sub == NULL)
				return 1;
			return (field->bound.choose != NIL ? 4 : 2) +
				   (strcmp(sub->name, "value") != 0 ? 1 : 0);
		default:
			return 1;
	}
}

static int
compare_order(const ListCell *a, const ListCell *b)
{
	return ScimFieldOrder(lfirst(a)) - ScimFieldOrder(lfirst(b));
}

/* ScimFieldsOfColumns says what the columns of the source are. */
void
ScimFieldsOfColumns(ScimImport *import, TupleDesc desc)
{
	MemoryContext old = MemoryContextSwitchTo(import->context);
	ScimFields *columns = &import->columns;
	ScimBuckets same;

	ScimBucketsInit(&same, desc->natts);
	for (int i = 0; i < desc->natts; i++)
	{
		ScimField *field = palloc0(sizeof(ScimField));
		const ListCell *lc;
		uint32 hash;

		if (TupleDescAttr(desc, i)->attisdropped)
			continue;
		field->key = pstrdup(NameStr(TupleDescAttr(desc, i)->attname));
		foreach (lc, columns->fields)
		{
			if (strcmp(((const ScimField *) lfirst(lc))->key, field->key) == 0)
				ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
								errmsg("the source has more than one column \"%s\"",
									   field->key)));
		}
		compile_column(import, field, TupleDescAttr(desc, i)->atttypid);
		hash = ScimFieldHash(field);
		for (int at = ScimBucketsFirst(&same, hash); at >= 0;
			 at = ScimBucketsNext(&same, at))
		{
			const ScimField *other =
				list_nth(columns->fields, ScimBucketsItem(&same, at));

			if (ScimFieldsAreSame(other, field))
				ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
								errmsg("column \"%s\" of the source: \"%s\" is column "
									   "\"%s\" already",
									   field->key, field->bound.path, other->key),
								errhint("Say in mapping which of them is null.")));
		}
		ScimBucketsAdd(&same, hash, list_length(columns->fields));
		columns->fields = lappend(columns->fields, field);
	}
	ScimBucketsFree(&same);
	if (import->mapping != NULL)
	{
		for (int i = 0; i < import->mapping->val.object.nPairs; i++)
		{
			const JsonbValue *key = &import->mapping->val.object.pairs[i].key;
			const ListCell *lc;
			bool found = false;

			foreach (lc, columns->fields)
				found = found ||
						ScimJsonStringEquals(key, ((const ScimField *) lfirst(lc))->key);
			if (!found)
				wrong_mapping(ScimJsonStringCopy(key), "the source has no such column");
		}
	}
	import->in_order = list_copy(columns->fields);
	list_sort(import->in_order, compare_order);
	MemoryContextSwitchTo(old);
}

static bool
begins_with(const JsonbValue *text, char c)
{
	int i = 0;

	while (i < text->val.string.len && strchr(" \t\r\n", text->val.string.val[i]) != NULL)
		i++;
	return i < text->val.string.len && text->val.string.val[i] == c;
}

static JsonbValue *
parse(const ScimField *field, const JsonbValue *text, List **problems)
{
	const char *problem = NULL;
	JsonbValue *value =
		ScimJsonParse(text->val.string.val, text->val.string.len, &problem);

	if (value == NULL)
		*problems = ScimProblemAdd(*problems, SCIM_INVALID_SYNTAX, field->bound.path,
								   "\"%s\" holds no JSON: %s", field->bound.path,
								   problem != NULL ? problem : "it cannot be read");
	return value;
}

/* "a; b" as an array of texts */
static JsonbValue *
split(const char *separator, const JsonbValue *text)
{
	JsonbValue *array = ScimJsonNewArray();
	char *rest = ScimJsonStringCopy(text);

	while (rest != NULL)
	{
		char *end = separator != NULL ? strstr(rest, separator) : NULL;
		char *next = end != NULL ? end + strlen(separator) : NULL;
		size_t len;

		if (end != NULL)
			*end = '\0';
		rest += strspn(rest, " \t\r\n");
		len = strlen(rest);
		while (len > 0 && strchr(" \t\r\n", rest[len - 1]) != NULL)
			len--;
		if (len > 0)
			ScimJsonAppend(array, ScimJsonNewStringN(rest, len));
		rest = next;
	}
	return array;
}

/* The value that the mapping has for one of a column, or NULL. */
static JsonbValue *
word_of(const ScimField *field, const JsonbValue *raw)
{
	StringInfoData text;

	if (field->values == NULL || raw->type == jbvNull)
		return NULL;
	initStringInfo(&text);
	if (raw->type == jbvString)
		appendBinaryStringInfo(&text, raw->val.string.val, raw->val.string.len);
	else
		ScimJsonWrite(&text, raw);
	return ScimJsonGet(field->values, text.data);
}

/* ScimFieldWord: what the mapping makes of a column: the value that it has for it. */
JsonbValue *
ScimFieldWord(const ScimField *field, JsonbValue *raw)
{
	JsonbValue *value = word_of(field, raw);

	return value != NULL ? value : raw;
}

/* The same of each of several values.  One may stand for several, or for none. */
static JsonbValue *
words_of(const ScimField *field, const JsonbValue *array)
{
	JsonbValue *words = ScimJsonNewArray();

	check_stack_depth();
	for (int i = 0; i < array->val.array.nElems; i++)
	{
		JsonbValue *raw = &array->val.array.elems[i];
		JsonbValue *value = word_of(field, raw);

		CHECK_FOR_INTERRUPTS();
		if (value == NULL)
			value = raw->type == jbvArray ? words_of(field, raw) : raw;
		else if (value->type == jbvArray && !ScimBoundSeveralEach(&field->bound))
		{
			for (int j = 0; j < value->val.array.nElems; j++)
				ScimJsonAppend(words, &value->val.array.elems[j]);
			continue;
		}
		if (value->type != jbvNull)
			ScimJsonAppend(words, value);
	}
	return words;
}

static JsonbValue *
base64_of(char *hex)
{
	const bytea *bytes =
		DatumGetByteaPP(DirectFunctionCall1(byteain, CStringGetDatum(hex)));

	return ScimJsonNewString(ScimBase64(VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes)));
}

/* What a column says, where JSON says it in another way than a bound table would. */
static JsonbValue *
spelt(const ScimField *field, JsonbValue *raw)
{
	const ScimResolved *target = &field->bound.target;
	bool blanks = field->type == BPCHAROID;
	bool bytes = field->type == BYTEAOID && target->attribute != NULL &&
				 ScimLeaf(target)->type == SCIM_TYPE_BINARY;

	if (!blanks && !bytes)
		return raw;
	check_stack_depth();
	if (raw->type == jbvArray)
	{
		JsonbValue *array = ScimJsonNewArray();

		for (int i = 0; i < raw->val.array.nElems; i++)
			ScimJsonAppend(array, spelt(field, &raw->val.array.elems[i]));
		return array;
	}
	if (raw->type != jbvString)
		return raw;
	if (bytes)
		return base64_of(ScimJsonStringCopy(raw));
	/* the blanks that fill it are not of the value */
	for (int len = raw->val.string.len;; len--)
	{
		if (len == 0 || raw->val.string.val[len - 1] != ' ')
			return ScimJsonNewStringN(raw->val.string.val, len);
	}
}

/*
 * Does a value say of an attribute that there is none?  An object in the place of a text,
 * a number and such is a wrong one, whatever is in it.
 */
static bool
says_nothing(const ScimAttribute *attribute, const JsonbValue *value)
{
	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (attribute == NULL || ScimHasType(attribute, SCIM_TYPE_ANY))
		return ScimJsonIsUnassigned(value);
	if (value->type == jbvArray)
	{
		for (int i = 0; i < value->val.array.nElems; i++)
		{
			if (!says_nothing(attribute, &value->val.array.elems[i]))
				return false;
		}
		return true;
	}
	if (value->type != jbvObject)
		return ScimJsonIsUnassigned(value);
	for (int i = 0; i < value->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &value->val.object.pairs[i];

		if (!says_nothing(ScimAttributeSub(attribute, pair->key.val.string.val,
										   pair->key.val.string.len),
						  &pair->value))
			return false;
	}
	return ScimHasType(attribute, SCIM_TYPE_COMPLEX);
}

/* ScimFieldSaysNothing: the same of what a field is. */
bool
ScimFieldSaysNothing(const ScimField *field, const JsonbValue *value)
{
	return says_nothing(
		field->kind == SCIM_FIELD_ATTRIBUTE ? ScimLeaf(&field->bound.target) : NULL,
		value);
}

/*
 * ScimFieldNamesParts: is it an object that says of parts of a complex value what they
 * are, if only that there are none?
 */
bool
ScimFieldNamesParts(const ScimField *field, const JsonbValue *value)
{
	const ScimResolved *target = &field->bound.target;

	return field->kind == SCIM_FIELD_ATTRIBUTE && target->sub == NULL &&
		   target->attribute->type == SCIM_TYPE_COMPLEX &&
		   !target->attribute->multi_valued && value->type == jbvObject &&
		   value->val.object.nPairs > 0;
}

/*
 * ScimFieldConform: what a column says of an attribute, as the JSON that it is; NULL:
 * nothing.  A text stands for several values where the attribute has several.
 */
JsonbValue *
ScimFieldConform(const ScimImport *import, const ScimField *field, JsonbValue *raw,
				 List **problems)
{
	const ScimAttribute *attribute = field->bound.target.attribute;
	bool several = attribute != NULL && ScimBoundSeveral(&field->bound);
	JsonbValue *word;

	raw = spelt(field, raw);
	word = word_of(field, raw);
	if (word != NULL)
		raw = word;
	if (raw->type == jbvString && raw->val.string.len > 0 && attribute != NULL &&
		word == NULL && !is_json(field->type))
	{
		if (several && begins_with(raw, '['))
			raw = parse(field, raw, problems);
		else if (several && begins_with(raw, '{'))
		{
			JsonbValue *one = parse(field, raw, problems);

			raw = NULL;
			if (one != NULL)
			{
				raw = ScimJsonNewArray();
				ScimJsonAppend(raw, one);
			}
		}
		else if (several)
			raw = split(import->separator, raw);
		else if (attribute->type == SCIM_TYPE_COMPLEX &&
				 field->bound.target.sub == NULL && begins_with(raw, '{'))
			raw = parse(field, raw, problems);
	}
	else if (several && raw->type != jbvArray && raw->type != jbvNull &&
			 !ScimJsonIsUnassigned(raw))
	{
		JsonbValue *array = ScimJsonNewArray();

		ScimJsonAppend(array, raw);
		raw = array;
	}
	if (raw == NULL)
		return NULL;
	if (ScimFieldSaysNothing(field, raw))
		return !import->keep_empty && ScimFieldNamesParts(field, raw) ? raw : NULL;
	if (field->values != NULL && word == NULL && raw->type == jbvArray)
		raw = words_of(field, raw);
	if (field->kind != SCIM_FIELD_ATTRIBUTE)
		return raw;
	return ScimBoundConform(&field->bound, raw);
}

/* A complex value: the parts that are named change, and the others stay. */
static JsonbValue *
merge_parts(const ScimAttribute *attribute, const JsonbValue *before,
			const JsonbValue *value)
{
	JsonbValue *merged = ScimJsonNewObject();

	for (int i = 0;
		 before != NULL && before->type == jbvObject && i < before->val.object.nPairs;
		 i++)
	{
		const JsonbPair *pair = &before->val.object.pairs[i];

		ScimJsonSetN(merged, pair->key.val.string.val, pair->key.val.string.len,
					 &pair->value);
	}
	for (int i = 0; i < value->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &value->val.object.pairs[i];
		const ScimAttribute *sub = ScimAttributeSub(attribute, pair->key.val.string.val,
													pair->key.val.string.len);
		char *name = sub != NULL ? pstrdup(sub->name) : ScimJsonStringCopy(&pair->key);

		if (says_nothing(sub, &pair->value))
			(void) ScimJsonRemove(merged, name);
		else
			ScimJsonSet(merged, name, &pair->value);
	}
	return merged->val.object.nPairs > 0 ? merged : NULL;
}

/*
 * ScimFieldSays: does a document say of an attribute what a row does?  Of what the server
 * has as a time or as bytes the value counts, and not how it is written.  The text of a
 * cell does not say which of several types it is of.
 */
bool
ScimFieldSays(const ScimField *field, const JsonbValue *now, const JsonbValue *value)
{
	StringInfoData shown;

	if (now == NULL || value == NULL)
		return now == value;
	if (now->type == jbvArray && value->type == jbvArray)
	{
		if (now->val.array.nElems != value->val.array.nElems)
			return false;
		for (int i = 0; i < now->val.array.nElems; i++)
		{
			if (!ScimFieldSays(field, &now->val.array.elems[i],
							   &value->val.array.elems[i]))
				return false;
		}
		return true;
	}
	if (field->bound.as_written ? ScimJsonEqual(now, value)
								: ScimBoundSameValue(&field->bound, now, value))
		return true;
	if (value->type != jbvString || (now->type != jbvNumeric && now->type != jbvBool) ||
		!OidIsValid(field->type) || is_json(field->type))
		return false;
	initStringInfo(&shown);
	ScimJsonWrite(&shown, now);
	return ScimJsonStringEquals(value, shown.data);
}

/*
 * ScimFieldSet makes a document say this of an attribute; NULL: nothing.  Where it says
 * so already nothing else is touched, such as values that have no such part.
 */
void
ScimFieldSet(const ScimField *field, JsonbValue *document, const JsonbValue *value)
{
	const ScimAttribute *attribute = field->bound.target.attribute;

	if (value != NULL && ScimFieldNamesParts(field, value))
		value = merge_parts(attribute, ScimBoundGet(&field->bound, document), value);
	else if (value != NULL && ScimFieldSaysNothing(field, value))
		value = NULL;
	/* of several values this part: one of them may stand alone */
	if (value != NULL && value->type != jbvArray && attribute->multi_valued &&
		field->bound.target.sub != NULL && field->bound.choose == NIL)
	{
		JsonbValue *array = ScimJsonNewArray();

		ScimJsonAppend(array, value);
		value = array;
	}
	if (!ScimFieldSays(field, ScimBoundGet(&field->bound, document), value))
		ScimBoundSet(&field->bound, document, value);
}
