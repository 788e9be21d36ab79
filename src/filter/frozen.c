/*
 * frozen.c
 *		A filter that means the same forever: with what a schema says of each name in it.
 *
 * What a filter means depends on schemas, which change, and the predicate of an index may
 * not.  So what it has been bound to stands beside it: for each attribute in the order of
 * its terms, separated by "; ",
 *
 *		string exact multi : urn:example:User department
 *
 * its type, or types, what else is to be known of it, and the keys that lead to it. Names
 * within the filter do not count then, and are written in lower case, without a schema.
 * Another schema makes another text of it.
 */
#include "postgres.h"

#include "filter/bound.h"
#include "filter/language.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(scim_holds);

/* In the order of ScimType. */
static const char *const type_words[] = {"string",   "boolean", "decimal",   "integer",
										 "dateTime", "binary",  "reference", "complex",
										 "several",  "any"};

/* What is to be known of an attribute beside its type. */
static const struct
{
	const char *word;
	size_t offset;
} flag_words[] = {
	{"multi", offsetof(ScimAttrInfo, multi_valued)},
	{"exact", offsetof(ScimAttrInfo, case_exact)},
	{"date", offsetof(ScimAttrInfo, date)},
	{"version", offsetof(ScimAttrInfo, version)},
	{"userName", offsetof(ScimAttrInfo, user_name)},
	{"whole", offsetof(ScimAttrInfo, whole)},
	{"anycase", offsetof(ScimAttrInfo, fold_keys)},
};

#define FLAG(info, i) ((bool *) ((char *) (info) + flag_words[i].offset))

static bool
names_attribute(const ScimFilterNode *node)
{
	return node->kind == SCIM_NODE_COMPARE || node->kind == SCIM_NODE_VALUE_PATH;
}

static void
append_words(StringInfo out, const ScimAttrInfo *info)
{
	appendStringInfoString(out, type_words[info->type]);
	for (int type = 0; type < SCIM_TYPE_SEVERAL; type++)
	{
		if (info->type == SCIM_TYPE_SEVERAL && (info->types & SCIM_TYPE_BIT(type)) != 0)
			appendStringInfo(out, " %s", type_words[type]);
	}
	for (size_t i = 0; i < lengthof(flag_words); i++)
	{
		if (*FLAG(info, i))
			appendStringInfo(out, " %s", flag_words[i].word);
	}
	appendStringInfoString(out, " :");
	for (int i = 0; i < info->nkeys; i++)
		appendStringInfo(out, " %s", info->key[i]);
}

/*
 * ScimBoundFilterDescribe appends what the names of a filter mean: another text where
 * they mean something else.
 */
void
ScimBoundFilterDescribe(StringInfo out, const ScimBoundFilter *bound)
{
	for (uint32 i = 0; i < bound->nnodes; i++)
	{
		if (!names_attribute(&bound->filter->nodes[i]))
			continue;
		append_words(out, &bound->nodes[i].attribute);
		appendStringInfoChar(out, '\0');
	}
}

/* May a key stand between blanks and semicolons? */
static bool
is_plain(const char *key)
{
	return *key != '\0' && strpbrk(key, " ;") == NULL;
}

/* The text of a filter whose names are in lower case, and without schemas. */
static char *
print_unnamed(const ScimFilter *filter)
{
	ScimFilter *copy = memcpy(palloc(VARSIZE(filter)), filter, VARSIZE(filter));
	StringInfoData out;

	for (uint32 i = 0; i < copy->nnodes; i++)
	{
		ScimFilterNode *node = &copy->nodes[i];
		uint32 names[2] = {node->name, node->sub};

		node->urn = 0;
		for (size_t n = 0; names_attribute(node) && n < lengthof(names); n++)
		{
			for (char *p = (char *) copy + names[n]; names[n] != 0 && *p != '\0'; p++)
				*p = pg_ascii_tolower((unsigned char) *p);
		}
	}
	initStringInfo(&out);
	ScimFilterPrint(&out, copy);
	return out.data;
}

/*
 * ScimFilterFreeze gives the two texts for scim_internal.holds, in the current memory
 * context.  False: a name has what cannot be written, or the filter is too long to be
 * asked of each row that is written.
 */
bool
ScimFilterFreeze(const ScimBoundFilter *bound, char **filter, char **attributes)
{
	StringInfoData out;

	if (bound->nnodes > SCIM_FROZEN_NODES_MAX)
		return false;
	initStringInfo(&out);
	for (uint32 i = 0; i < bound->nnodes; i++)
	{
		const ScimAttrInfo *info = &bound->nodes[i].attribute;

		if (!names_attribute(&bound->filter->nodes[i]))
			continue;
		for (int key = 0; key < info->nkeys; key++)
		{
			if (!is_plain(info->key[key]))
				return false;
		}
		if (out.len > 0)
			appendStringInfoString(&out, "; ");
		append_words(&out, info);
	}
	*filter = print_unnamed(bound->filter);
	*attributes = out.data;
	return true;
}

/* The attributes that are still to come. */
typedef struct Frozen
{
	char *next;
	bool wrong;
} Frozen;

/* Reads a word before the colon. */
static bool
read_word(const char *word, ScimAttrInfo *info, bool first)
{
	for (size_t i = 0; i < lengthof(type_words); i++)
	{
		if (strcmp(word, type_words[i]) != 0)
			continue;
		if (first)
			info->type = (ScimType) i;
		else
			info->types |= SCIM_TYPE_BIT(i);
		return true;
	}
	for (size_t i = 0; !first && i < lengthof(flag_words); i++)
	{
		if (strcmp(word, flag_words[i].word) != 0)
			continue;
		*FLAG(info, i) = true;
		return true;
	}
	return false;
}

/* A ScimAttrResolver: what is said of the next attribute, whatever it is called. */
static ScimProblem *
resolve_frozen(void *context, const ScimAttrRef *ref, const ScimAttrInfo *parent,
			   bool want_value, ScimAttrInfo *info)
{
	Frozen *frozen = context;
	char *text = frozen->next;
	char *end = text != NULL ? strstr(text, "; ") : NULL;
	bool keys = false;
	bool first = true;
	char *word;
	char *rest;

	memset(info, 0, sizeof(ScimAttrInfo));
	frozen->next = end != NULL ? end + 2 : NULL;
	if (end != NULL)
		*end = '\0';
	for (word = text != NULL ? strtok_r(text, " ", &rest) : NULL; word != NULL;
		 word = strtok_r(NULL, " ", &rest))
	{
		if (!keys && strcmp(word, ":") == 0)
			keys = true;
		else if (!keys && read_word(word, info, first))
			first = false;
		else if (keys && info->nkeys < (int) lengthof(info->key))
			info->key[info->nkeys++] = word;
		else
			frozen->wrong = true;
	}
	frozen->wrong |= info->nkeys == 0;
	return NULL;
}

pg_noreturn static void
refuse(void)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("invalid argument of scim_internal.holds")));
}

/*
 * The same for everybody, whatever is set: of what ScimFilterFreeze writes each level is
 * a node, and how long it may be has been asked when it was.
 */
static void
use_fixed_limits(void)
{
	scim_max_filter_length = INT_MAX;
	scim_max_filter_depth = SCIM_MAX_FILTER_DEPTH_DEFAULT;
	scim_max_filter_nodes = SCIM_MAX_FILTER_NODES_DEFAULT;
}

static void *
parse_filter(const char *text, size_t len, ScimProblem **problem)
{
	return ScimFilterParse(text, len, problem);
}

static ScimBoundFilter *
bind_frozen(const char *filter_text, char *attributes)
{
	ScimProblem *problem = NULL;
	ScimFilter *filter = ScimLanguageParse(parse_filter, filter_text, strlen(filter_text),
										   use_fixed_limits, &problem);
	Frozen frozen = {attributes, false};
	ScimBoundFilter *bound = NULL;

	if (filter != NULL)
		bound = ScimFilterBind(filter, 0, resolve_frozen, &frozen, NULL, &problem);
	if (bound == NULL || bound->nnodes > SCIM_FROZEN_NODES_MAX || frozen.wrong ||
		frozen.next != NULL)
		refuse();
	return bound;
}

/* The last filter of a call site. */
typedef struct HoldsCache
{
	MemoryContext context;
	text *filter;
	text *attributes;
	ScimBoundFilter *bound;
} HoldsCache;

static bool
same_text(const text *a, const text *b)
{
	return VARSIZE_ANY_EXHDR(a) == VARSIZE_ANY_EXHDR(b) &&
		   memcmp(VARDATA_ANY(a), VARDATA_ANY(b), VARSIZE_ANY_EXHDR(a)) == 0;
}

/*
 * scim_internal.holds(document jsonb, filter text, attributes text) returns boolean: does
 * a document match a filter, whose attributes are what the third argument says?  By no
 * more than its arguments.  Error 22023 where it is none of ScimFilterFreeze.
 */
Datum
scim_holds(PG_FUNCTION_ARGS)
{
	Jsonb *document = PG_GETARG_JSONB_P(0);
	text *filter = PG_GETARG_TEXT_PP(1);
	text *attributes = PG_GETARG_TEXT_PP(2);
	HoldsCache *cache = fcinfo->flinfo->fn_extra;

	if (cache == NULL)
	{
		cache = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(HoldsCache));
		cache->context = AllocSetContextCreate(
			fcinfo->flinfo->fn_mcxt, "scim frozen filter", ALLOCSET_SMALL_SIZES);
		fcinfo->flinfo->fn_extra = cache;
	}
	if (cache->bound == NULL || !same_text(cache->filter, filter) ||
		!same_text(cache->attributes, attributes))
	{
		MemoryContext old;

		cache->bound = NULL;
		MemoryContextReset(cache->context);
		old = MemoryContextSwitchTo(cache->context);
		cache->filter = cstring_to_text(text_to_cstring(filter));
		cache->attributes = cstring_to_text(text_to_cstring(attributes));
		cache->bound = bind_frozen(text_to_cstring(filter), text_to_cstring(attributes));
		MemoryContextSwitchTo(old);
	}
	if (!JsonContainerIsObject(&document->root))
		PG_RETURN_BOOL(false);
	/* a setting that is altered must not refuse rows: what there is to look at is bounded
	 * by the document and SCIM_FROZEN_NODES_MAX */
	PG_RETURN_BOOL(ScimFilterMatchWithin(cache->bound, &document->root, PG_INT64_MAX));
}
