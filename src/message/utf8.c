/*
 * utf8.c
 *		Bytes of a request that have to be text.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "message/message.h"

/*
 * ScimRequireUtf8 raises invalidSyntax unless the bytes are UTF-8, which is the
 * encoding of the database, and without NUL.  what names them in the error.
 */
void
ScimRequireUtf8(const char *bytes, int len, const char *what)
{
	if (memchr(bytes, '\0', len) != NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("the %s holds a NUL character", what)));
	if (!pg_verify_mbstr(PG_UTF8, bytes, len, true))
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("the %s is not valid UTF-8", what)));
}
