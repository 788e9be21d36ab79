/*
 * language.c
 *		Input, output, comparison and hashing of the SQL types scim.filter and
 *		scim.path.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "libpq/pqformat.h"

#include "compat.h"
#include "filter/filter.h"
#include "filter/language.h"

/* Sets the limits of the session; setting/ does. */
void (*ScimFilterLimitsHook)(void) = NULL;

/* What the settings may be at most: setting/table.c. */
const ScimFilterLimits ScimFilterLimitsWidest = {
	SCIM_MAX_FILTER_LENGTH_MOST, SCIM_MAX_FILTER_DEPTH_MOST, SCIM_MAX_FILTER_NODES_MOST};

ScimFilterLimits
ScimFilterLimitsInForce(void)
{
	ScimFilterLimits limits = {scim_max_filter_length, scim_max_filter_depth,
							   scim_max_filter_nodes};

	return limits;
}

static void
use_limits_of(const ScimFilterLimits *limits)
{
	scim_max_filter_length = limits->length;
	scim_max_filter_depth = limits->depth;
	scim_max_filter_nodes = limits->nodes;
}

/* ScimFilterLimitsOr: of each the larger one. */
ScimFilterLimits
ScimFilterLimitsOr(const ScimFilterLimits *a, const ScimFilterLimits *b)
{
	ScimFilterLimits limits = {Max(a->length, b->length), Max(a->depth, b->depth),
							   Max(a->nodes, b->nodes)};

	return limits;
}

/*
 * ScimFilterLimitsBeside: those in force for a text of which so many bytes are none of
 * whom they bind.  No byte opens more than a level, or begins more than a node.
 */
ScimFilterLimits
ScimFilterLimitsBeside(int own)
{
	ScimFilterLimits limits = ScimFilterLimitsInForce();

	limits.length = Min((int64) limits.length + own, SCIM_MAX_FILTER_LENGTH_MOST);
	limits.depth = Min((int64) limits.depth + own, SCIM_MAX_FILTER_DEPTH_MOST);
	limits.nodes = Min((int64) limits.nodes + own, SCIM_MAX_FILTER_NODES_MOST);
	return limits;
}

/*
 * ScimFilterWithin does some work that parses texts within other limits than those in
 * force, which are so again afterwards, and tells the most that the texts took.
 */
ScimFilterLimits
ScimFilterWithin(const ScimFilterLimits *limits, void (*work)(void *arg), void *arg)
{
	ScimFilterLimits before = ScimFilterLimitsInForce();
	ScimFilterLimits outer = scim_filter_needs;
	ScimFilterLimits needs;

	memset(&scim_filter_needs, 0, sizeof(ScimFilterLimits));
	PG_TRY();
	{
		use_limits_of(limits);
		work(arg);
	}
	PG_FINALLY();
	{
		use_limits_of(&before);
		needs = scim_filter_needs;
		scim_filter_needs = outer;
	}
	PG_END_TRY();
	return needs;
}

PG_FUNCTION_INFO_V1(scim_stored_filter);

/* A text of ours, and what became of it. */
typedef struct OwnText
{
	const char *text;
	size_t len;
	ScimFilter *filter;
	ScimProblem *problem;
} OwnText;

static void
parse_own(void *arg)
{
	OwnText *own = arg;

	own->filter = ScimFilterParse(own->text, own->len, &own->problem);
}

/* ScimFilterParseStored is ScimFilterParse of a text that was within limits once. */
ScimFilter *
ScimFilterParseStored(const char *text, size_t len, ScimProblem **problem)
{
	OwnText own = {text, len, NULL, NULL};

	(void) ScimFilterWithin(&ScimFilterLimitsWidest, parse_own, &own);
	*problem = own.problem;
	return own.filter;
}

/* ScimFilterParseOwn parses a filter that was made here, whatever the limits are. */
ScimFilter *
ScimFilterParseOwn(const char *text)
{
	ScimProblem *problem;
	ScimFilter *filter = ScimFilterParseStored(text, strlen(text), &problem);

	if (filter == NULL)
		elog(ERROR, "could not parse the filter \"%s\": %s", text, problem->message);
	return filter;
}

/*
 * ScimFilterParseReferences is the same for one that looks for references: what its "ew"
 * compares is a URL that ends with "/" and an id.  An index need not find one in which
 * another id stands before that, behind the endpoint of a resource type.
 */
ScimFilter *
ScimFilterParseReferences(const char *text)
{
	ScimFilter *filter = ScimFilterParseOwn(text);

	filter->references = 1;
	return filter;
}

/*
 * scim_internal.stored_filter(text) returns scim.filter: of a text that a store holds,
 * which was within the limits of its time, or that is ours.  Error SCFIL where it is
 * none.
 */
Datum
scim_stored_filter(PG_FUNCTION_ARGS)
{
	const text *value = PG_GETARG_TEXT_PP(0);
	ScimProblem *problem;
	ScimFilter *filter =
		ScimFilterParseStored(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), &problem);

	if (filter == NULL)
		ScimFilterRaise(problem, NULL);
	PG_RETURN_POINTER(filter);
}

/*
 * ScimLanguageParse parses a text by other limits than those in force, which use_limits
 * sets, and which are in force again afterwards.
 */
void *
ScimLanguageParse(ScimLanguageParser parse, const char *text, size_t len,
				  void (*use_limits)(void), ScimProblem **problem)
{
	int limits[] = {scim_max_filter_length, scim_max_filter_depth, scim_max_filter_nodes};
	void *value;

	PG_TRY();
	{
		use_limits();
		value = parse(text, len, problem);
	}
	PG_FINALLY();
	{
		scim_max_filter_length = limits[0];
		scim_max_filter_depth = limits[1];
		scim_max_filter_nodes = limits[2];
	}
	PG_END_TRY();
	return value;
}

/*
 * A value knows no store: whatever was in force, the limits are those of the session.
 * NULL when the error was saved in escontext.
 */
static void *
from_text(const ScimLanguage *language, const char *text, size_t len, Node *escontext)
{
	ScimProblem *problem;
	void *value =
		ScimLanguageParse(language->parse, text, len, ScimFilterLimitsHook, &problem);

	if (value == NULL)
		ScimFilterRaise(problem, escontext);
	return value;
}

/* ScimLanguageIn makes a value of its text; a soft error where the text is wrong. */
Datum
ScimLanguageIn(const ScimLanguage *language, FunctionCallInfo fcinfo)
{
	char *text = PG_GETARG_CSTRING(0);
	void *value = from_text(language, text, strlen(text), FCINFO_ESCONTEXT(fcinfo));

	if (value == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(value);
}

/* ScimLanguageOut prints the canonical text of a value. */
Datum
ScimLanguageOut(const ScimLanguage *language, FunctionCallInfo fcinfo)
{
	StringInfoData out;

	initStringInfo(&out);
	language->print(&out, PG_DETOAST_DATUM(PG_GETARG_DATUM(0)));
	PG_RETURN_CSTRING(out.data);
}

/* ScimLanguageRecv reads one byte with the format version, then the text. */
Datum
ScimLanguageRecv(const ScimLanguage *language, FunctionCallInfo fcinfo)
{
	StringInfo message = (StringInfo) PG_GETARG_POINTER(0);
	int format = pq_getmsgbyte(message);
	char *text;
	int len;

	if (format != language->format)
		ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
						errmsg("unsupported %s version number: %d", language->type_name,
							   format)));
	text = pq_getmsgtext(message, message->len - message->cursor, &len);
	PG_RETURN_POINTER(from_text(language, text, len, NULL));
}

/* ScimLanguageSend is the counterpart of ScimLanguageRecv. */
Datum
ScimLanguageSend(const ScimLanguage *language, FunctionCallInfo fcinfo)
{
	StringInfoData out;
	StringInfoData message;

	initStringInfo(&out);
	language->print(&out, PG_DETOAST_DATUM(PG_GETARG_DATUM(0)));
	pq_begintypsend(&message);
	pq_sendbyte(&message, language->format);
	pq_sendtext(&message, out.data, out.len);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

/* Compares the two arguments of an operator and frees their detoasted copies. */
static int
compare_arguments(const ScimLanguage *language, FunctionCallInfo fcinfo)
{
	struct varlena *a = PG_DETOAST_DATUM(PG_GETARG_DATUM(0));
	struct varlena *b = PG_DETOAST_DATUM(PG_GETARG_DATUM(1));
	int result = language->compare(a, b);

	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return result;
}

Datum
ScimLanguageCmp(const ScimLanguage *language, FunctionCallInfo fcinfo)
{
	PG_RETURN_INT32(compare_arguments(language, fcinfo));
}

Datum
ScimLanguageEq(const ScimLanguage *language, FunctionCallInfo fcinfo)
{
	PG_RETURN_BOOL(compare_arguments(language, fcinfo) == 0);
}

Datum
ScimLanguageNe(const ScimLanguage *language, FunctionCallInfo fcinfo)
{
	PG_RETURN_BOOL(compare_arguments(language, fcinfo) != 0);
}

Datum
ScimLanguageLt(const ScimLanguage *language, FunctionCallInfo fcinfo)
{
	PG_RETURN_BOOL(compare_arguments(language, fcinfo) < 0);
}

Datum
ScimLanguageLe(const ScimLanguage *language, FunctionCallInfo fcinfo)
{
	PG_RETURN_BOOL(compare_arguments(language, fcinfo) <= 0);
}

Datum
ScimLanguageGt(const ScimLanguage *language, FunctionCallInfo fcinfo)
{
	PG_RETURN_BOOL(compare_arguments(language, fcinfo) > 0);
}

Datum
ScimLanguageGe(const ScimLanguage *language, FunctionCallInfo fcinfo)
{
	PG_RETURN_BOOL(compare_arguments(language, fcinfo) >= 0);
}

/* The bytes to hash of the first argument. */
static void
make_hash_key(const ScimLanguage *language, FunctionCallInfo fcinfo, StringInfo key)
{
	struct varlena *value = PG_DETOAST_DATUM(PG_GETARG_DATUM(0));

	initStringInfo(key);
	language->hash_key(key, value);
	PG_FREE_IF_COPY(value, 0);
}

/* ScimLanguageHash is for hash joins and aggregates. */
Datum
ScimLanguageHash(const ScimLanguage *language, FunctionCallInfo fcinfo)
{
	StringInfoData key;
	Datum hash;

	make_hash_key(language, fcinfo, &key);
	hash = hash_any((unsigned char *) key.data, key.len);
	pfree(key.data);
	return hash;
}

/* ScimLanguageHashExtended takes a seed, for hash partitioning. */
Datum
ScimLanguageHashExtended(const ScimLanguage *language, FunctionCallInfo fcinfo)
{
	StringInfoData key;
	Datum hash;

	make_hash_key(language, fcinfo, &key);
	hash = hash_any_extended((unsigned char *) key.data, key.len, PG_GETARG_INT64(1));
	pfree(key.data);
	return hash;
}
