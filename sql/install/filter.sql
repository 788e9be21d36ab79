-- The type scim.filter: RFC 7644 section 3.4.2.2.  language.sql makes it.

COMMENT ON TYPE scim.filter IS
	'A SCIM filter, RFC 7644 section 3.4.2.2, for instance userName eq "bjensen" and not (emails[type eq "work"]). Prints in a canonical form.';

COMMENT ON FUNCTION scim_internal.filter_in(cstring) IS
	'Reads the text of a filter. Result: the filter. Error: SCFIL (invalidFilter) with the character where the syntax is wrong, or when one of the settings scim.max_filter_length, scim.max_filter_depth and scim.max_filter_nodes is exceeded. RFC 7644 section 3.4.2.2.';

CREATE FUNCTION scim_internal.stored_filter(filter text) RETURNS scim.filter
    AS 'MODULE_PATHNAME', 'scim_stored_filter'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.stored_filter(text) IS
'A filter that a store holds, or one of ours: it was within the limits of its time, and those of the session are not asked. Error: SCFIL.';
