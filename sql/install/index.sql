-- The index on documents: operator class scim.gin_ops, and the former ones, scim.gin_ops_1 and scim.gin_ops_2.

CREATE TYPE scim.index_query;

CREATE FUNCTION scim_internal.index_query_in(cstring)
    RETURNS scim.index_query
    AS 'MODULE_PATHNAME', 'scim_index_query_in'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.index_query_in(cstring) IS
'Refuses every text: only scim_internal.index_query makes a value of the type.';

CREATE FUNCTION scim_internal.index_query_out(scim.index_query)
    RETURNS cstring
    AS 'MODULE_PATHNAME', 'scim_index_query_out'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.index_query_out(scim.index_query) IS
'The keys that an index query looks up, one on each line.';

CREATE TYPE scim.index_query (
    INPUT = scim_internal.index_query_in,
    OUTPUT = scim_internal.index_query_out,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = int4,
    STORAGE = extended
);
COMMENT ON TYPE scim.index_query IS
'What a filter asks of the keys of a document in an index of scim.gin_ops.';

CREATE FUNCTION scim_internal.index_query(filter scim.filter, resource_type text)
    RETURNS scim.index_query
    AS 'MODULE_PATHNAME', 'scim_index_query'
    LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.index_query(scim.filter, text) IS
'The index query of scim.matches(document, filter, resource_type): the planner calls it, and what counts. Error SCFIL as there.';

CREATE FUNCTION scim_internal.is_candidate(document jsonb, query scim.index_query)
    RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_is_candidate'
    LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE COST 10;
COMMENT ON FUNCTION scim_internal.is_candidate(jsonb, scim.index_query) IS
'Implements the operator jsonb @~ scim.index_query.';

CREATE OPERATOR scim.@~ (
    LEFTARG = jsonb,
    RIGHTARG = scim.index_query,
    FUNCTION = scim_internal.is_candidate,
    RESTRICT = scim_internal.matches_selectivity,
    JOIN = pg_catalog.contjoinsel
);
COMMENT ON OPERATOR scim.@~ (jsonb, scim.index_query) IS
'Whether a document matches the filter that an index query was made of, as scim.matches says; an index of scim.gin_ops answers it, and where its keys tell all, without a look at the document.';

CREATE FUNCTION scim_internal.gin_keys_of_document(jsonb, internal, internal)
    RETURNS internal
    AS 'MODULE_PATHNAME', 'scim_gin_keys_of_document'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.gin_keys_of_document(jsonb, internal, internal) IS
'GIN support of scim.gin_ops: the keys of a document.';

CREATE FUNCTION scim_internal.gin_keys_of_filter(jsonb, internal, smallint, internal, internal, internal, internal)
    RETURNS internal
    AS 'MODULE_PATHNAME', 'scim_gin_keys_of_filter'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.gin_keys_of_filter(jsonb, internal, smallint, internal, internal, internal, internal) IS
'GIN support of scim.gin_ops: the keys that a filter or an index query looks up.';

CREATE FUNCTION scim_internal.gin_document_keys(jsonb, internal, internal)
    RETURNS internal
    AS 'MODULE_PATHNAME', 'scim_gin_document_keys'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.gin_document_keys(jsonb, internal, internal) IS
'GIN support of scim.gin_ops_2: the keys of a document.';

CREATE FUNCTION scim_internal.gin_filter_keys(jsonb, internal, smallint, internal, internal, internal, internal)
    RETURNS internal
    AS 'MODULE_PATHNAME', 'scim_gin_filter_keys'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.gin_filter_keys(jsonb, internal, smallint, internal, internal, internal, internal) IS
'GIN support of scim.gin_ops_2: the keys that a filter or an index query looks up.';

CREATE FUNCTION scim_internal.gin_extract_value(jsonb, internal, internal)
    RETURNS internal
    AS 'MODULE_PATHNAME', 'scim_gin_extract_value'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.gin_extract_value(jsonb, internal, internal) IS
'GIN support of scim.gin_ops_1: the keys of a document.';

CREATE FUNCTION scim_internal.gin_extract_query(jsonb, internal, smallint, internal, internal, internal, internal)
    RETURNS internal
    AS 'MODULE_PATHNAME', 'scim_gin_extract_query'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.gin_extract_query(jsonb, internal, smallint, internal, internal, internal, internal) IS
'GIN support of scim.gin_ops_1: the keys that a filter or an index query looks up.';

CREATE FUNCTION scim_internal.gin_triconsistent(internal, smallint, jsonb, integer, internal, internal, internal)
    RETURNS "char"
    AS 'MODULE_PATHNAME', 'scim_gin_triconsistent'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.gin_triconsistent(internal, smallint, jsonb, integer, internal, internal, internal) IS
'GIN support of scim.gin_ops: whether a document with these keys matches, does not, or may.';

CREATE FUNCTION scim_internal.gin_compare(bytea, bytea)
    RETURNS integer
    AS 'MODULE_PATHNAME', 'scim_gin_compare'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.gin_compare(bytea, bytea) IS
'GIN support of scim.gin_ops: the order of keys, which is that of bytea.';

CREATE FUNCTION scim_internal.gin_compare_partial(bytea, bytea, smallint, internal)
    RETURNS integer
    AS 'MODULE_PATHNAME', 'scim_gin_compare_partial'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.gin_compare_partial(bytea, bytea, smallint, internal) IS
'GIN support of scim.gin_ops: whether a key is within a range.';

CREATE FUNCTION scim_internal.gin_options(internal)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_gin_options'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.gin_options(internal) IS
'GIN support of scim.gin_ops: the option "substrings".';

CREATE OPERATOR CLASS scim.gin_ops FOR TYPE jsonb USING gin AS
    OPERATOR 1 scim.~ (jsonb, scim.filter),
    OPERATOR 2 scim.@~ (jsonb, scim.index_query),
    FUNCTION 1 scim_internal.gin_compare(bytea, bytea),
    FUNCTION 2 scim_internal.gin_keys_of_document(jsonb, internal, internal),
    FUNCTION 3 scim_internal.gin_keys_of_filter(jsonb, internal, smallint, internal, internal, internal, internal),
    FUNCTION 5 scim_internal.gin_compare_partial(bytea, bytea, smallint, internal),
    FUNCTION 6 scim_internal.gin_triconsistent(internal, smallint, jsonb, integer, internal, internal, internal),
    FUNCTION 7 scim_internal.gin_options(internal),
    STORAGE bytea;
COMMENT ON OPERATOR FAMILY scim.gin_ops USING gin IS
'Filters over SCIM documents, by their keys in a GIN index.';
COMMENT ON OPERATOR CLASS scim.gin_ops USING gin IS
'Every attribute and every operator of a filter, over SCIM documents. Option substrings: the attributes whose strings have grams for co and ew, * for all; userName,displayName,name,emails.value by default.';

-- In versions 0.6.0 to 0.8.0 this was scim.gin_ops, and until version 0.5.0 the next one: indexes that were made then are of it.
CREATE OPERATOR CLASS scim.gin_ops_2 FOR TYPE jsonb USING gin AS
    OPERATOR 1 scim.~ (jsonb, scim.filter),
    OPERATOR 2 scim.@~ (jsonb, scim.index_query),
    FUNCTION 2 scim_internal.gin_document_keys(jsonb, internal, internal),
    FUNCTION 3 scim_internal.gin_filter_keys(jsonb, internal, smallint, internal, internal, internal, internal),
    FUNCTION 5 scim_internal.gin_compare_partial(bytea, bytea, smallint, internal),
    FUNCTION 6 scim_internal.gin_triconsistent(internal, smallint, jsonb, integer, internal, internal, internal),
    FUNCTION 7 scim_internal.gin_options(internal),
    STORAGE bytea;
COMMENT ON OPERATOR FAMILY scim.gin_ops_2 USING gin IS
'What scim.gin_ops was in versions 0.6.0 to 0.8.0.';
COMMENT ON OPERATOR CLASS scim.gin_ops_2 USING gin IS
'What scim.gin_ops was in versions 0.6.0 to 0.8.0, with userName folded as any other string: for indexes that were made then. They answer as those of scim.gin_ops do, what is asked of userName more slowly, until they are made anew.';

CREATE OPERATOR CLASS scim.gin_ops_1 FOR TYPE jsonb USING gin AS
    OPERATOR 1 scim.~ (jsonb, scim.filter),
    OPERATOR 2 scim.@~ (jsonb, scim.index_query),
    FUNCTION 2 scim_internal.gin_extract_value(jsonb, internal, internal),
    FUNCTION 3 scim_internal.gin_extract_query(jsonb, internal, smallint, internal, internal, internal, internal),
    FUNCTION 5 scim_internal.gin_compare_partial(bytea, bytea, smallint, internal),
    FUNCTION 6 scim_internal.gin_triconsistent(internal, smallint, jsonb, integer, internal, internal, internal),
    FUNCTION 7 scim_internal.gin_options(internal),
    STORAGE bytea;
COMMENT ON OPERATOR FAMILY scim.gin_ops_1 USING gin IS
'What scim.gin_ops was until version 0.5.0.';
COMMENT ON OPERATOR CLASS scim.gin_ops_1 USING gin IS
'What scim.gin_ops was until version 0.5.0, larger and slower to write: for indexes that were made then. They answer as those of scim.gin_ops do, until they are made anew.';

-- A tenant beside the document in one index.

CREATE FUNCTION scim_internal.gin_int4_extract_value(integer, internal, internal)
    RETURNS internal
    AS 'MODULE_PATHNAME', 'scim_gin_int4_extract_value'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.gin_int4_extract_value(integer, internal, internal) IS
'GIN support of scim.gin_int4_ops: the one key of a value.';

CREATE FUNCTION scim_internal.gin_int4_extract_query(integer, internal, smallint, internal, internal, internal, internal)
    RETURNS internal
    AS 'MODULE_PATHNAME', 'scim_gin_int4_extract_query'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.gin_int4_extract_query(integer, internal, smallint, internal, internal, internal, internal) IS
'GIN support of scim.gin_int4_ops: the one key that a comparison looks up.';

CREATE FUNCTION scim_internal.gin_int4_triconsistent(internal, smallint, integer, integer, internal, internal, internal)
    RETURNS "char"
    AS 'MODULE_PATHNAME', 'scim_gin_int4_triconsistent'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.gin_int4_triconsistent(internal, smallint, integer, integer, internal, internal, internal) IS
'GIN support of scim.gin_int4_ops: whether the key is there.';

CREATE OPERATOR CLASS scim.gin_int4_ops FOR TYPE integer USING gin AS
    OPERATOR 1 pg_catalog.= (integer, integer),
    FUNCTION 2 scim_internal.gin_int4_extract_value(integer, internal, internal),
    FUNCTION 3 scim_internal.gin_int4_extract_query(integer, internal, smallint, internal, internal, internal, internal),
    FUNCTION 6 scim_internal.gin_int4_triconsistent(internal, smallint, integer, integer, internal, internal, internal),
    STORAGE integer;
COMMENT ON OPERATOR FAMILY scim.gin_int4_ops USING gin IS
'Integers beside documents in one GIN index.';
COMMENT ON OPERATOR CLASS scim.gin_int4_ops USING gin IS
'Equality of integers in a GIN index: the tenant beside scim.gin_ops.';

CREATE FUNCTION scim_internal.index_keys(document jsonb)
    RETURNS bytea[]
    AS 'MODULE_PATHNAME', 'scim_index_keys'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION scim_internal.index_keys(jsonb) IS
'The keys of a document in an index of scim.gin_ops_1, without trigrams: for statistics, by which the planner knows how many documents match a filter.';

CREATE FUNCTION scim.explain_filter(filter scim.filter, resource_type text DEFAULT NULL,
        OUT term text, OUT mode text, OUT key text, OUT recheck boolean)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_explain_filter'
    LANGUAGE C STABLE PARALLEL SAFE ROWS 10;
COMMENT ON FUNCTION scim.explain_filter(scim.filter, text) IS
'How a filter maps to keys of an index with scim.gin_ops: each term with the keys it looks up, how (exact, prefix, all, from, after, up to, before, contains, ends, gram; none: no key can tell), and whether finding one leaves the term to be checked on the document.';
