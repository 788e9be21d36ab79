/*
 * io.c
 *		Input and output of the SQL type scim.filter, and the settings that
 *		limit it.
 */
#include "postgres.h"

#include "compat.h"
#include "filter/filter.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/guc.h"

/* ScimFilterInit defines the settings of the filter language; see _PG_init. */
void
ScimFilterInit(void)
{
	DefineCustomIntVariable(
		"scim.max_filter_length", "Longest SCIM filter or path that is accepted.", NULL,
		&scim_max_filter_length, SCIM_MAX_FILTER_LENGTH_DEFAULT, 1, 16 * 1024 * 1024,
		PGC_USERSET, GUC_UNIT_BYTE, NULL, NULL, NULL);
	DefineCustomIntVariable(
		"scim.max_filter_depth",
		"Deepest nesting of parentheses and brackets in a SCIM filter.", NULL,
		&scim_max_filter_depth, SCIM_MAX_FILTER_DEPTH_DEFAULT, 1, 10000, PGC_USERSET, 0,
		NULL, NULL, NULL);
	DefineCustomIntVariable(
		"scim.max_filter_nodes",
		"Largest number of terms and logical operators in a SCIM filter.", NULL,
		&scim_max_filter_nodes, SCIM_MAX_FILTER_NODES_DEFAULT, 1, 1000000, PGC_USERSET, 0,
		NULL, NULL, NULL);
}

/*
 * ScimFilterRaise raises a problem of a filter or path, softly if the caller of
 * an input function asked for it.
 */
void
ScimFilterRaise(const ScimProblem *problem, struct Node *escontext)
{
	errsave(escontext, (ScimErr(problem->kind), errmsg("%s", problem->message)));
}

/* NULL when the error was saved in escontext. */
static ScimFilter *
filter_from_text(const char *text, size_t len, Node *escontext)
{
	ScimProblem *problem;
	ScimFilter *filter = ScimFilterParse(text, len, &problem);

	if (filter == NULL)
		ScimFilterRaise(problem, escontext);
	return filter;
}

PG_FUNCTION_INFO_V1(scim_filter_in);

/* Text to scim.filter; SCFIL when the text is not a filter. */
Datum
scim_filter_in(PG_FUNCTION_ARGS)
{
	char *text = PG_GETARG_CSTRING(0);
	ScimFilter *filter = filter_from_text(text, strlen(text), FCINFO_ESCONTEXT(fcinfo));

	if (filter == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(filter);
}

PG_FUNCTION_INFO_V1(scim_filter_out);

/* scim.filter to its canonical text. */
Datum
scim_filter_out(PG_FUNCTION_ARGS)
{
	ScimFilter *filter = PG_GETARG_SCIM_FILTER_P(0);
	StringInfoData out;

	initStringInfo(&out);
	ScimFilterPrint(&out, filter);
	PG_RETURN_CSTRING(out.data);
}

PG_FUNCTION_INFO_V1(scim_filter_recv);

/* One byte with the format version, then the text. */
Datum
scim_filter_recv(PG_FUNCTION_ARGS)
{
	StringInfo message = (StringInfo) PG_GETARG_POINTER(0);
	int format = pq_getmsgbyte(message);
	char *text;
	int len;

	if (format != SCIM_FILTER_FORMAT)
		ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
						errmsg("unsupported scim.filter version number: %d", format)));
	text = pq_getmsgtext(message, message->len - message->cursor, &len);
	PG_RETURN_POINTER(filter_from_text(text, len, NULL));
}

PG_FUNCTION_INFO_V1(scim_filter_send);

/* The counterpart of scim_filter_recv. */
Datum
scim_filter_send(PG_FUNCTION_ARGS)
{
	ScimFilter *filter = PG_GETARG_SCIM_FILTER_P(0);
	StringInfoData out;
	StringInfoData message;

	initStringInfo(&out);
	ScimFilterPrint(&out, filter);
	pq_begintypsend(&message);
	pq_sendbyte(&message, SCIM_FILTER_FORMAT);
	pq_sendtext(&message, out.data, out.len);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}
