/*
 * number.h
 *		Numbers that are no longer, written out, than others can read.
 */
#ifndef SCIM_NUMBER_H
#define SCIM_NUMBER_H

#include "postgres.h"
#include "utils/numeric.h"

/*
 * RFC 8259 section 6: what everybody can read has the range and precision of a double
 * of IEEE 754, from 1.7976931348623157e308 down to 4.9406564584124654e-324.  These are
 * the digits that such a number has before and behind its point; numeric has room for
 * 131072 and 16383, which a client can ask for in eight bytes each.
 */
#define SCIM_NUMBER_BEFORE 309
#define SCIM_NUMBER_BEHIND 350
#define SCIM_NUMBER_LIMITS                                                          \
	"at most " CppAsString2(SCIM_NUMBER_BEFORE) " digits before the decimal point " \
												"and " CppAsString2(                \
													SCIM_NUMBER_BEHIND) " behind it"

extern bool ScimNumberFits(Numeric number);
extern Numeric ScimNumberRead(const char *text);
extern char *ScimNumberText(Numeric number);

#endif /* SCIM_NUMBER_H */
