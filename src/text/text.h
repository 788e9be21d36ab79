/*
 * text.h
 *		What everybody needs of text: the ground on which the other rooms stand.
 *		Nothing here knows of SCIM's documents or reads a table; of the server it
 *		takes memory, errors and interrupts.
 *
 *		fold.c, name.c		text and names without regard to case, URIs (fold.h); the
 *							table of Unicode is fold_table.h
 *		precis.c			user names without regard to what RFC 8265 leaves out; the
 *							table is precis_table.h
 *		folding.c			either of them, by attribute
 *		utf8.c				UTF-8 in and out (utf8.h)
 *		hex.h				hexadecimal digits
 *		base64url.c			bytes in URLs (base64url.h)
 *		hash.c				hashes that nobody foresees (hash.h)
 *		find.h				a text within another one, or before it
 *		datetime.c			dates and instants (datetime.h)
 *		number.c			numbers no longer than others can read (number.h)
 *		sealed.h			how a value that is sealed begins
 *		uri.c				where the path of a URI ends (uri.h)
 *		version.c			entity-tags of ours in comparisons (version.h)
 *
 * Whoever needs one of them includes that; whoever needs more, this.
 */
#ifndef SCIM_TEXT_H
#define SCIM_TEXT_H

#include "text/base64url.h"
#include "text/datetime.h"
#include "text/find.h"
#include "text/fold.h"
#include "text/hash.h"
#include "text/hex.h"
#include "text/number.h"
#include "text/sealed.h"
#include "text/uri.h"
#include "text/utf8.h"
#include "text/version.h"

#endif /* SCIM_TEXT_H */
