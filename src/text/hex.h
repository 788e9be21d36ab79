/*
 * hex.h
 *		Hexadecimal digits: of \uXXXX, of percent-encoding, of ids.
 */
#ifndef SCIM_HEX_H
#define SCIM_HEX_H

/* ScimHexDigit returns the value of a hexadecimal digit in either case, -1 for others. */
static inline int
ScimHexDigit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

#endif /* SCIM_HEX_H */
