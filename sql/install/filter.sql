-- The type scim.filter: RFC 7644 section 3.4.2.2.

CREATE TYPE scim.filter;

CREATE FUNCTION scim_internal.filter_in(cstring) RETURNS scim.filter
	AS 'MODULE_PATHNAME', 'scim_filter_in'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.filter_in(cstring) IS
	'Reads the text of a filter. Result: the filter. Error: SCFIL (invalidFilter) with the character where the syntax is wrong, or when one of the settings scim.max_filter_length, scim.max_filter_depth and scim.max_filter_nodes is exceeded. RFC 7644 section 3.4.2.2.';
CREATE FUNCTION scim_internal.filter_out(scim.filter) RETURNS cstring
	AS 'MODULE_PATHNAME', 'scim_filter_out'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.filter_out(scim.filter) IS
	'The canonical text of a filter, which reads back as an equal one.';
CREATE FUNCTION scim_internal.filter_recv(internal) RETURNS scim.filter
	AS 'MODULE_PATHNAME', 'scim_filter_recv'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.filter_recv(internal) IS
	'Reads a filter from its binary form: a version byte, then the text.';
CREATE FUNCTION scim_internal.filter_send(scim.filter) RETURNS bytea
	AS 'MODULE_PATHNAME', 'scim_filter_send'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.filter_send(scim.filter) IS
	'The binary form of a filter: a version byte, then the canonical text.';

CREATE TYPE scim.filter (
	INPUT = scim_internal.filter_in,
	OUTPUT = scim_internal.filter_out,
	RECEIVE = scim_internal.filter_recv,
	SEND = scim_internal.filter_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = extended
);
COMMENT ON TYPE scim.filter IS
	'A SCIM filter, RFC 7644 section 3.4.2.2, for instance userName eq "bjensen" and not (emails[type eq "work"]). Prints in a canonical form.';

CREATE CAST (text AS scim.filter) WITH INOUT AS ASSIGNMENT;

-- Comparison: names of attributes and URNs without regard to case, the rest exactly.

CREATE FUNCTION scim_internal.filter_eq(scim.filter, scim.filter) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_filter_eq'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION scim_internal.filter_ne(scim.filter, scim.filter) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_filter_ne'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION scim_internal.filter_lt(scim.filter, scim.filter) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_filter_lt'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION scim_internal.filter_le(scim.filter, scim.filter) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_filter_le'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION scim_internal.filter_gt(scim.filter, scim.filter) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_filter_gt'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION scim_internal.filter_ge(scim.filter, scim.filter) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_filter_ge'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.filter_eq(scim.filter, scim.filter) IS 'Implementation of the operator =';
COMMENT ON FUNCTION scim_internal.filter_ne(scim.filter, scim.filter) IS 'Implementation of the operator <>';
COMMENT ON FUNCTION scim_internal.filter_lt(scim.filter, scim.filter) IS 'Implementation of the operator <';
COMMENT ON FUNCTION scim_internal.filter_le(scim.filter, scim.filter) IS 'Implementation of the operator <=';
COMMENT ON FUNCTION scim_internal.filter_gt(scim.filter, scim.filter) IS 'Implementation of the operator >';
COMMENT ON FUNCTION scim_internal.filter_ge(scim.filter, scim.filter) IS 'Implementation of the operator >=';
CREATE FUNCTION scim_internal.filter_cmp(scim.filter, scim.filter) RETURNS integer
	AS 'MODULE_PATHNAME', 'scim_filter_cmp'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.filter_cmp(scim.filter, scim.filter) IS
	'Compares two filters for sorting: less than, equal to or greater than 0.';
CREATE FUNCTION scim_internal.filter_hash(scim.filter) RETURNS integer
	AS 'MODULE_PATHNAME', 'scim_filter_hash'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.filter_hash(scim.filter) IS
	'Hash of a filter, the same for equal ones.';
CREATE FUNCTION scim_internal.filter_hash_extended(scim.filter, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'scim_filter_hash_extended'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.filter_hash_extended(scim.filter, bigint) IS
	'Seeded hash of a filter, the same for equal ones.';

CREATE OPERATOR scim.= (
	LEFTARG = scim.filter,
	RIGHTARG = scim.filter,
	FUNCTION = scim_internal.filter_eq,
	COMMUTATOR = OPERATOR(scim.=),
	NEGATOR = OPERATOR(scim.<>),
	RESTRICT = pg_catalog.eqsel,
	JOIN = pg_catalog.eqjoinsel,
	HASHES,
	MERGES
);
COMMENT ON OPERATOR scim.= (scim.filter, scim.filter) IS 'equal to';

CREATE OPERATOR scim.<> (
	LEFTARG = scim.filter,
	RIGHTARG = scim.filter,
	FUNCTION = scim_internal.filter_ne,
	COMMUTATOR = OPERATOR(scim.<>),
	NEGATOR = OPERATOR(scim.=),
	RESTRICT = pg_catalog.neqsel,
	JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR scim.<> (scim.filter, scim.filter) IS 'not equal to';

CREATE OPERATOR scim.< (
	LEFTARG = scim.filter,
	RIGHTARG = scim.filter,
	FUNCTION = scim_internal.filter_lt,
	COMMUTATOR = OPERATOR(scim.>),
	NEGATOR = OPERATOR(scim.>=),
	RESTRICT = pg_catalog.scalarltsel,
	JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR scim.< (scim.filter, scim.filter) IS 'before';

CREATE OPERATOR scim.<= (
	LEFTARG = scim.filter,
	RIGHTARG = scim.filter,
	FUNCTION = scim_internal.filter_le,
	COMMUTATOR = OPERATOR(scim.>=),
	NEGATOR = OPERATOR(scim.>),
	RESTRICT = pg_catalog.scalarlesel,
	JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR scim.<= (scim.filter, scim.filter) IS 'before or equal to';

CREATE OPERATOR scim.> (
	LEFTARG = scim.filter,
	RIGHTARG = scim.filter,
	FUNCTION = scim_internal.filter_gt,
	COMMUTATOR = OPERATOR(scim.<),
	NEGATOR = OPERATOR(scim.<=),
	RESTRICT = pg_catalog.scalargtsel,
	JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR scim.> (scim.filter, scim.filter) IS 'after';

CREATE OPERATOR scim.>= (
	LEFTARG = scim.filter,
	RIGHTARG = scim.filter,
	FUNCTION = scim_internal.filter_ge,
	COMMUTATOR = OPERATOR(scim.<=),
	NEGATOR = OPERATOR(scim.<),
	RESTRICT = pg_catalog.scalargesel,
	JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR scim.>= (scim.filter, scim.filter) IS 'after or equal to';

CREATE OPERATOR CLASS scim.filter_ops DEFAULT FOR TYPE scim.filter USING btree AS
	OPERATOR 1 scim.<,
	OPERATOR 2 scim.<=,
	OPERATOR 3 scim.=,
	OPERATOR 4 scim.>=,
	OPERATOR 5 scim.>,
	FUNCTION 1 scim_internal.filter_cmp(scim.filter, scim.filter);

CREATE OPERATOR CLASS scim.filter_ops DEFAULT FOR TYPE scim.filter USING hash AS
	OPERATOR 1 scim.=,
	FUNCTION 1 scim_internal.filter_hash(scim.filter),
	FUNCTION 2 scim_internal.filter_hash_extended(scim.filter, bigint);
