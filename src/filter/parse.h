/*
 * parse.h
 *		The filter inside the brackets of a path; private to src/filter and
 *		src/path.
 */
#ifndef SCIM_PARSE_H
#define SCIM_PARSE_H

#include "filter/scan.h"

extern ScimFilter *ScimFilterParseBracket(ScimScan *scan);

#endif /* SCIM_PARSE_H */
