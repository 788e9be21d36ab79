-- The type scim.path: RFC 7644 sections 3.5.2 and 3.10.  language.sql makes it.

COMMENT ON TYPE scim.path IS
	'A SCIM attribute path as PATCH and "attributes" have it, RFC 7644 sections 3.5.2 and 3.10, for instance emails[type eq "work"].value. Prints in a canonical form.';

COMMENT ON FUNCTION scim_internal.path_in(cstring) IS
	'Reads the text of a path. Result: the path. Error: SCPTH (invalidPath) with the character where the syntax is wrong, or SCFIL (invalidFilter) when that is in the filter between the brackets. RFC 7644 section 3.5.2.';
