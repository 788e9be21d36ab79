/*
 * match.c
 *		A filter, a line feed, and bytes that make a document: the filter binds
 *		or says why not, and matches exactly where its negation does not.
 */
#include "shim.h"

#include "filter/filter.h"
#include "text/fold.h"

extern int LLVMFuzzerTestOneInput(const uint8 *data, size_t size);

typedef struct Known
{
	const char *name;
	ScimType type;
	bool case_exact;
	ScimTypes types;
} Known;

#define BITS(one, other) (SCIM_TYPE_BIT(one) | SCIM_TYPE_BIT(other))

static const Known attributes[] = {
	{"userName", SCIM_TYPE_STRING, false},
	{"id", SCIM_TYPE_STRING, true},
	{"active", SCIM_TYPE_BOOLEAN, false},
	{"age", SCIM_TYPE_INTEGER, false},
	{"created", SCIM_TYPE_DATETIME, false},
	{"bin", SCIM_TYPE_BINARY, true},
	{"emails", SCIM_TYPE_COMPLEX, false},
	{"value", SCIM_TYPE_STRING, false},
	{"type", SCIM_TYPE_STRING, false},
	{"primary", SCIM_TYPE_BOOLEAN, false},
	{"any", SCIM_TYPE_SEVERAL, false,
	 BITS(SCIM_TYPE_STRING, SCIM_TYPE_DECIMAL) | SCIM_TYPE_BIT(SCIM_TYPE_BOOLEAN)},
	{"when", SCIM_TYPE_SEVERAL, false, BITS(SCIM_TYPE_BOOLEAN, SCIM_TYPE_DATETIME)},
	{"blob", SCIM_TYPE_SEVERAL, true, BITS(SCIM_TYPE_BINARY, SCIM_TYPE_INTEGER)},
};

static ScimProblem *
resolve(void *context, const ScimAttrRef *ref, const ScimAttrInfo *parent,
		bool want_value, ScimAttrInfo *info)
{
	const char *last = ref->sub != NULL ? ref->sub : ref->name;

	memset(info, 0, sizeof(ScimAttrInfo));
	info->type = SCIM_TYPE_ANY;
	if (ref->urn != NULL)
		info->key[info->nkeys++] = ref->urn;
	info->key[info->nkeys++] = ref->name;
	if (ref->sub != NULL)
		info->key[info->nkeys++] = ref->sub;
	for (size_t i = 0; i < lengthof(attributes); i++)
	{
		if (!ScimNameEqual(attributes[i].name, last))
			continue;
		info->type = attributes[i].type;
		info->types = attributes[i].types;
		info->case_exact = attributes[i].case_exact;
		if (info->type == SCIM_TYPE_COMPLEX && want_value)
		{
			info->type = SCIM_TYPE_STRING;
			if (info->nkeys == 3)
				return ScimProblemMake(SCIM_INVALID_FILTER, NULL, "too many names");
			info->key[info->nkeys++] = "value";
		}
	}
	return NULL;
}

static bool
match(const ScimFilter *filter, JsonbContainer *document, bool *known)
{
	ScimProblem *problem = NULL;
	ScimBoundFilter *bound = ScimFilterBind(filter, 0, resolve, NULL, NULL, &problem);

	*known = bound != NULL;
	if (bound == NULL && (problem == NULL || problem->message == NULL))
		shim_fail("not bound and no problem", "");
	return bound != NULL && ScimFilterMatch(bound, document);
}

int
LLVMFuzzerTestOneInput(const uint8 *data, size_t size)
{
	const uint8 *line = memchr(data, '\n', size);
	size_t len = line == NULL ? size : line - data;
	char *text = memcpy(palloc(len), data, len);
	ScimProblem *problem = NULL;
	ScimFilter *filter = ScimFilterParse(text, len, &problem);

	if (filter != NULL)
	{
		JsonbContainer *document = line == NULL ? shim_document(data, 0)
												: shim_document(line + 1, size - len - 1);
		StringInfoData negation;
		ScimFilter *negated;
		bool known;
		bool matches = match(filter, document, &known);

		initStringInfo(&negation);
		appendStringInfoString(&negation, "not (");
		ScimFilterPrint(&negation, filter);
		appendStringInfoChar(&negation, ')');
		negated = ScimFilterParse(negation.data, negation.len, &problem);
		/* the negation may be one level too deep or one node too much */
		if (negated != NULL && known)
		{
			if (match(negated, document, &known) == matches)
				shim_fail("has the answer of its negation", negation.data);
			if (!known)
				shim_fail("binds alone only", negation.data);
		}
	}
	shim_reset();
	return 0;
}
