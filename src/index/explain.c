/*
 * explain.c
 *		scim.explain_filter: how a filter maps to index keys.
 */
#include "postgres.h"

#include "compat.h"
#include "funcapi.h"
#include "index/index.h"
#include "store/store.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(scim_explain_filter);

/* urn:...:User\1name\1familyName reads urn:...:User:name.familyName */
static void
print_path(StringInfo out, const char *path, int len)
{
	bool urn = memchr(path, ':', len) != NULL;

	for (int i = 0; i < len; i++)
	{
		if (path[i] != SCIM_INDEX_SEPARATOR)
		{
			appendStringInfoChar(out, path[i]);
			continue;
		}
		appendStringInfoChar(out, urn ? ':' : '.');
		urn = false;
	}
}

/* Bytes of a key: ASCII as it is, everything else escaped. */
static void
print_bytes(StringInfo out, const char *bytes, int len)
{
	appendStringInfoChar(out, '"');
	for (int i = 0; i < len; i++)
	{
		unsigned char c = (unsigned char) bytes[i];

		if (c >= ' ' && c < 0x7f && c != '"' && c != '\\')
			appendStringInfoChar(out, c);
		else
			appendStringInfo(out, "\\x%02x", c);
	}
	appendStringInfoChar(out, '"');
}

static const char *
tag_name(uint8 tag)
{
	switch ((ScimIndexTag) tag)
	{
		case SCIM_TAG_BOOLEAN:
			return "boolean";
		case SCIM_TAG_INSTANT:
			return "instant";
		case SCIM_TAG_SEVERAL:
			return "several";
		case SCIM_TAG_NUMBER:
			return "number";
		case SCIM_TAG_PRESENT:
			return "present";
		case SCIM_TAG_TEXT:
			return "text";
		case SCIM_TAG_TRIGRAM:
			return "trigram";
		case SCIM_TAG_GRAM:
			return "gram";
		case SCIM_TAG_IRREGULAR:
			return "irregular";
	}
	return "unknown";
}

static const char *
mode_name(const ScimIndexEntry *entry)
{
	if (entry->tag == SCIM_TAG_GRAM)
		return "gram";
	switch (entry->mode)
	{
		case SCIM_ENTRY_EXACT:
		case SCIM_ENTRY_SHARED:
			return "exact";
		case SCIM_ENTRY_PREFIX:
			return entry->key.len == entry->prefix_len ? "all" : "prefix";
		case SCIM_ENTRY_FROM:
			return entry->exclusive ? "after" : "from";
		case SCIM_ENTRY_UPTO:
			return entry->exclusive ? "before" : "up to";
		case SCIM_ENTRY_CONTAINS:
			return "contains";
		case SCIM_ENTRY_ENDS:
		case SCIM_ENTRY_REFERS:
			return "ends";
		case SCIM_ENTRY_USER_NAME:
			return "all";
	}
	return "unknown";
}

/* The bytes of a text that a gram is or, where it is too short for one, has in it. */
static void
print_gram(StringInfo out, const ScimIndexEntry *entry)
{
	const char *key = entry->key.data + 1;
	char gram[SCIM_INDEX_GRAM];

	if (entry->mode == SCIM_ENTRY_EXACT)
	{
		gram[0] = key[SCIM_INDEX_GRAM - 1];
		memcpy(gram + 1, key, SCIM_INDEX_GRAM - 1);
		print_bytes(out, gram, SCIM_INDEX_GRAM);
	}
	else if (entry->has_last)
	{
		gram[0] = entry->last;
		memcpy(gram + 1, key, 2);
		print_bytes(out, gram, 3);
	}
	else
		print_bytes(out, key, entry->key.len - 1);
}

/* emails.value text "babs@jensen.org" */
static void
print_key(StringInfo out, const ScimIndexPlan *plan, const ScimIndexNode *node,
		  const ScimIndexEntry *entry)
{
	int end = entry->key.len - (entry->mode == SCIM_ENTRY_SHARED ? 1 : 0);

	if (entry->tag == SCIM_TAG_GRAM)
	{
		print_gram(out, entry);
		return;
	}
	print_path(out, ScimIndexString(plan->query, node->path), node->path_len);
	appendStringInfo(out, " %s", tag_name(entry->tag));
	if (entry->mode == SCIM_ENTRY_CONTAINS || entry->mode == SCIM_ENTRY_ENDS)
	{
		appendStringInfoChar(out, ' ');
		print_bytes(out, entry->literal, entry->literal_len);
	}
	else if (end > entry->prefix_len)
	{
		appendStringInfoChar(out, ' ');
		print_bytes(out, entry->key.data + entry->prefix_len, end - entry->prefix_len);
	}
}

/* That an attribute is present is told once, whichever mark says so. */
static bool
is_told(const ScimIndexNode *node, const ScimIndexEntry *entry)
{
	return node->op == SCIM_OP_PR && node->tag == SCIM_TAG_PRESENT &&
		   entry->alternative > 0;
}

/* ScimIndexQueryPrint appends the entries of a plan, one on each line. */
void
ScimIndexQueryPrint(StringInfo out, const ScimIndexPlan *plan)
{
	if (plan->needs_document)
		appendStringInfoString(out, "every document\n");
	for (uint32 i = 0; i < plan->query->nnodes; i++)
	{
		for (int e = plan->first[i]; e < plan->first[i] + plan->count[i]; e++)
		{
			if (is_told(&plan->query->nodes[i], &plan->entries[e]))
				continue;
			appendStringInfo(out, "%s ", mode_name(&plan->entries[e]));
			print_key(out, plan, &plan->query->nodes[i], &plan->entries[e]);
			appendStringInfoChar(out, '\n');
		}
	}
}

static void
put_row(ReturnSetInfo *result, const ScimFilter *filter, uint32 term, const char *mode,
		const char *key, bool recheck)
{
	StringInfoData text;
	Datum values[4];
	bool nulls[4] = {false};

	initStringInfo(&text);
	ScimFilterPrintNode(&text, filter, term);
	values[0] = CStringGetTextDatum(text.data);
	values[1] = CStringGetTextDatum(mode);
	if (key != NULL)
		values[2] = CStringGetTextDatum(key);
	else
		nulls[2] = true;
	values[3] = BoolGetDatum(recheck);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/*
 * scim.explain_filter(filter scim.filter, resource_type text) returns table
 * (term text, mode text, key text, recheck boolean)
 */
Datum
scim_explain_filter(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ScimFilter *filter;
	ScimIndexQuery *query;
	ScimIndexPlan *plan;
	char *type_name = NULL;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	filter = PG_GETARG_SCIM_FILTER_P(0);
	if (!PG_ARGISNULL(1))
		type_name = text_to_cstring(PG_GETARG_TEXT_PP(1));
	query = ScimIndexQueryMake(ScimBindForMatching(filter, type_name));
	plan = ScimIndexPlanMake(query, SCIM_INDEX_FORMAT, ScimIndexDefaultPaths());
	if (plan->needs_document)
		put_row(result, filter, 0, "exact", "every document", false);
	for (uint32 i = 0; i < query->nnodes; i++)
	{
		const ScimIndexNode *node = &query->nodes[i];

		if (node->kind == SCIM_INDEX_MAYBE ||
			(node->kind == SCIM_INDEX_LEAF && plan->count[i] == 0))
			put_row(result, filter, node->term, "none", NULL, true);
		for (int e = plan->first[i]; e < plan->first[i] + plan->count[i]; e++)
		{
			StringInfoData key;

			if (is_told(node, &plan->entries[e]))
				continue;
			initStringInfo(&key);
			print_key(&key, plan, node, &plan->entries[e]);
			put_row(result, filter, node->term, mode_name(&plan->entries[e]), key.data,
					!plan->exact[i]);
		}
	}
	return (Datum) 0;
}
