-- Filters on documents and on rows.

CREATE FUNCTION scim.matches(document jsonb, filter scim.filter, resource_type text DEFAULT NULL)
    RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_matches'
    LANGUAGE C STABLE LEAKPROOF PARALLEL SAFE COST 10;
COMMENT ON FUNCTION scim.matches(jsonb, scim.filter, text) IS
'Whether a document matches a filter (RFC 7644 section 3.4.2.2), true or false, never null for a document and a filter. With a resource type, an attribute that it does not know is error SCFIL; without one, the attributes of all resource types are known and others compare as the literal does, without regard to case.';

CREATE FUNCTION scim.jsonb_matches(document jsonb, filter scim.filter)
    RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_jsonb_matches'
    LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE COST 10;
COMMENT ON FUNCTION scim.jsonb_matches(jsonb, scim.filter) IS
'Implements the operator jsonb ~ scim.filter: scim.matches without a resource type.';

CREATE OPERATOR scim.~ (
    LEFTARG = jsonb,
    RIGHTARG = scim.filter,
    FUNCTION = scim.jsonb_matches,
    RESTRICT = contsel,
    JOIN = contjoinsel
);
COMMENT ON OPERATOR scim.~ (jsonb, scim.filter) IS 'the document matches the filter';

CREATE FUNCTION scim.to_sql(filter scim.filter, resource_type text DEFAULT 'User')
    RETURNS text
    AS 'MODULE_PATHNAME', 'scim_to_sql'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.to_sql(scim.filter, text) IS
'A filter as a boolean SQL expression over the columns of the current store''s table "resource", all values quoted. Its result may be null where the filter is false. Error SCFIL where the resource type does not know an attribute.';

CREATE FUNCTION scim.sort_key(document jsonb, attribute text, resource_type text)
    RETURNS text
    AS 'MODULE_PATHNAME', 'scim_sort_key'
    LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 10;
COMMENT ON FUNCTION scim.sort_key(jsonb, text, text) IS
'A text by which documents sort as sortBy says (RFC 7644 section 3.4.2.3), in collation "C"; null where the attribute is unassigned.';

CREATE FUNCTION scim.search(resource_type text, filter text DEFAULT NULL,
        sort_by text DEFAULT NULL, sort_order text DEFAULT NULL,
        start_index bigint DEFAULT NULL, count bigint DEFAULT NULL,
        attributes text DEFAULT NULL, excluded_attributes text DEFAULT NULL) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_search'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.search(text, text, text, text, bigint, bigint, text, text) IS
'A ListResponse (RFC 7644 section 3.4.2). resource_type NULL: all of them. sort_order: ascending (default) or descending. start_index is 1-based. count: at most so many, 100 by default, never more than the setting scim.max_results. Errors: SCFIL, SCPTH, SCVAL.';
