/*
 * sealed.h
 *		How a sealed value is known: what writeOnly attributes have in a document.
 *
 * A JSON Web Encryption in compact form (RFC 7516 section 3.1) whose protected header
 * begins with {"typ":"scim-sealed", so that the text of all begins alike.  Such a text is
 * a value that nobody compares with anything: it stands in no filter and no index.
 */
#ifndef SCIM_SEALED_H
#define SCIM_SEALED_H

#include "postgres.h"

#define SCIM_SEALED_TYPE "scim-sealed"
/* {"typ":"scim-sealed", in base64url: 21 bytes are 28 characters, with none left over */
#define SCIM_SEALED_BEGINS "eyJ0eXAiOiJzY2ltLXNlYWxlZCIs"

static inline bool
ScimLooksSealed(const char *text, size_t len)
{
	return len > sizeof(SCIM_SEALED_BEGINS) - 1 && text[0] == SCIM_SEALED_BEGINS[0] &&
		   memcmp(text, SCIM_SEALED_BEGINS, sizeof(SCIM_SEALED_BEGINS) - 1) == 0;
}

#endif /* SCIM_SEALED_H */
