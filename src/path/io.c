/*
 * io.c
 *		Input and output of the SQL type scim.path.
 */
#include "postgres.h"

#include "compat.h"
#include "libpq/pqformat.h"
#include "path/path.h"

/* NULL when the error was saved in escontext. */
static ScimPath *
path_from_text(const char *text, size_t len, Node *escontext)
{
	ScimProblem *problem;
	ScimPath *path = ScimPathParse(text, len, &problem);

	if (path == NULL)
		ScimFilterRaise(problem, escontext);
	return path;
}

PG_FUNCTION_INFO_V1(scim_path_in);

/* Text to scim.path; SCPTH or SCFIL when the text is not a path. */
Datum
scim_path_in(PG_FUNCTION_ARGS)
{
	char *text = PG_GETARG_CSTRING(0);
	ScimPath *path = path_from_text(text, strlen(text), FCINFO_ESCONTEXT(fcinfo));

	if (path == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(path);
}

PG_FUNCTION_INFO_V1(scim_path_out);

/* scim.path to its canonical text. */
Datum
scim_path_out(PG_FUNCTION_ARGS)
{
	ScimPath *path = PG_GETARG_SCIM_PATH_P(0);
	StringInfoData out;

	initStringInfo(&out);
	ScimPathPrint(&out, path);
	PG_RETURN_CSTRING(out.data);
}

PG_FUNCTION_INFO_V1(scim_path_recv);

/* One byte with the format version, then the text. */
Datum
scim_path_recv(PG_FUNCTION_ARGS)
{
	StringInfo message = (StringInfo) PG_GETARG_POINTER(0);
	int format = pq_getmsgbyte(message);
	char *text;
	int len;

	if (format != SCIM_PATH_FORMAT)
		ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
						errmsg("unsupported scim.path version number: %d", format)));
	text = pq_getmsgtext(message, message->len - message->cursor, &len);
	PG_RETURN_POINTER(path_from_text(text, len, NULL));
}

PG_FUNCTION_INFO_V1(scim_path_send);

/* The counterpart of scim_path_recv. */
Datum
scim_path_send(PG_FUNCTION_ARGS)
{
	ScimPath *path = PG_GETARG_SCIM_PATH_P(0);
	StringInfoData out;
	StringInfoData message;

	initStringInfo(&out);
	ScimPathPrint(&out, path);
	pq_begintypsend(&message);
	pq_sendbyte(&message, SCIM_PATH_FORMAT);
	pq_sendtext(&message, out.data, out.len);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}
