-- The types whose values are written in a language, filter and path: a template that
-- the Makefile fills in for each of them (@type@).  What only one of them has is said
-- in filter.sql and path.sql.

CREATE TYPE scim.@type@;

CREATE FUNCTION scim_internal.@type@_in(cstring) RETURNS scim.@type@
	AS 'MODULE_PATHNAME', 'scim_@type@_in'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION scim_internal.@type@_out(scim.@type@) RETURNS cstring
	AS 'MODULE_PATHNAME', 'scim_@type@_out'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.@type@_out(scim.@type@) IS
	'The canonical text of a @type@, which reads back as an equal one.';
CREATE FUNCTION scim_internal.@type@_recv(internal) RETURNS scim.@type@
	AS 'MODULE_PATHNAME', 'scim_@type@_recv'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.@type@_recv(internal) IS
	'Reads a @type@ from its binary form: a version byte, then the text.';
CREATE FUNCTION scim_internal.@type@_send(scim.@type@) RETURNS bytea
	AS 'MODULE_PATHNAME', 'scim_@type@_send'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.@type@_send(scim.@type@) IS
	'The binary form of a @type@: a version byte, then the canonical text.';

CREATE TYPE scim.@type@ (
	INPUT = scim_internal.@type@_in,
	OUTPUT = scim_internal.@type@_out,
	RECEIVE = scim_internal.@type@_recv,
	SEND = scim_internal.@type@_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = extended
);

CREATE CAST (text AS scim.@type@) WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (text AS scim.@type@) IS
	'Reads the text of a @type@ where one is assigned to a column or argument of that type.';

-- Comparison: names of attributes and URNs without regard to case, the rest exactly.

CREATE FUNCTION scim_internal.@type@_eq(scim.@type@, scim.@type@) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_@type@_eq'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION scim_internal.@type@_ne(scim.@type@, scim.@type@) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_@type@_ne'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION scim_internal.@type@_lt(scim.@type@, scim.@type@) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_@type@_lt'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION scim_internal.@type@_le(scim.@type@, scim.@type@) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_@type@_le'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION scim_internal.@type@_gt(scim.@type@, scim.@type@) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_@type@_gt'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION scim_internal.@type@_ge(scim.@type@, scim.@type@) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_@type@_ge'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.@type@_eq(scim.@type@, scim.@type@) IS
	'Implements the operator = of @type@s.';
COMMENT ON FUNCTION scim_internal.@type@_ne(scim.@type@, scim.@type@) IS
	'Implements the operator <> of @type@s.';
COMMENT ON FUNCTION scim_internal.@type@_lt(scim.@type@, scim.@type@) IS
	'Implements the operator < of @type@s.';
COMMENT ON FUNCTION scim_internal.@type@_le(scim.@type@, scim.@type@) IS
	'Implements the operator <= of @type@s.';
COMMENT ON FUNCTION scim_internal.@type@_gt(scim.@type@, scim.@type@) IS
	'Implements the operator > of @type@s.';
COMMENT ON FUNCTION scim_internal.@type@_ge(scim.@type@, scim.@type@) IS
	'Implements the operator >= of @type@s.';
CREATE FUNCTION scim_internal.@type@_cmp(scim.@type@, scim.@type@) RETURNS integer
	AS 'MODULE_PATHNAME', 'scim_@type@_cmp'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.@type@_cmp(scim.@type@, scim.@type@) IS
	'Compares two @type@s for sorting, in an order that is fixed but means nothing: less than, equal to or greater than 0.';
CREATE FUNCTION scim_internal.@type@_hash(scim.@type@) RETURNS integer
	AS 'MODULE_PATHNAME', 'scim_@type@_hash'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.@type@_hash(scim.@type@) IS
	'Hash of a @type@, the same for equal ones.';
CREATE FUNCTION scim_internal.@type@_hash_extended(scim.@type@, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'scim_@type@_hash_extended'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.@type@_hash_extended(scim.@type@, bigint) IS
	'Seeded hash of a @type@, the same for equal ones.';

CREATE OPERATOR scim.= (
	LEFTARG = scim.@type@,
	RIGHTARG = scim.@type@,
	FUNCTION = scim_internal.@type@_eq,
	COMMUTATOR = OPERATOR(scim.=),
	NEGATOR = OPERATOR(scim.<>),
	RESTRICT = pg_catalog.eqsel,
	JOIN = pg_catalog.eqjoinsel,
	HASHES,
	MERGES
);
COMMENT ON OPERATOR scim.= (scim.@type@, scim.@type@) IS
	'Whether two @type@s are equal: names and URNs in any letter case, values exactly.';

CREATE OPERATOR scim.<> (
	LEFTARG = scim.@type@,
	RIGHTARG = scim.@type@,
	FUNCTION = scim_internal.@type@_ne,
	COMMUTATOR = OPERATOR(scim.<>),
	NEGATOR = OPERATOR(scim.=),
	RESTRICT = pg_catalog.neqsel,
	JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR scim.<> (scim.@type@, scim.@type@) IS
	'Whether two @type@s differ in more than the letter case of names and URNs.';

CREATE OPERATOR scim.< (
	LEFTARG = scim.@type@,
	RIGHTARG = scim.@type@,
	FUNCTION = scim_internal.@type@_lt,
	COMMUTATOR = OPERATOR(scim.>),
	NEGATOR = OPERATOR(scim.>=),
	RESTRICT = pg_catalog.scalarltsel,
	JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR scim.< (scim.@type@, scim.@type@) IS
	'Whether a @type@ comes before another one in the order of scim_internal.@type@_cmp.';

CREATE OPERATOR scim.<= (
	LEFTARG = scim.@type@,
	RIGHTARG = scim.@type@,
	FUNCTION = scim_internal.@type@_le,
	COMMUTATOR = OPERATOR(scim.>=),
	NEGATOR = OPERATOR(scim.>),
	RESTRICT = pg_catalog.scalarlesel,
	JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR scim.<= (scim.@type@, scim.@type@) IS
	'Whether a @type@ comes before another one in the order of scim_internal.@type@_cmp, or equals it.';

CREATE OPERATOR scim.> (
	LEFTARG = scim.@type@,
	RIGHTARG = scim.@type@,
	FUNCTION = scim_internal.@type@_gt,
	COMMUTATOR = OPERATOR(scim.<),
	NEGATOR = OPERATOR(scim.<=),
	RESTRICT = pg_catalog.scalargtsel,
	JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR scim.> (scim.@type@, scim.@type@) IS
	'Whether a @type@ comes after another one in the order of scim_internal.@type@_cmp.';

CREATE OPERATOR scim.>= (
	LEFTARG = scim.@type@,
	RIGHTARG = scim.@type@,
	FUNCTION = scim_internal.@type@_ge,
	COMMUTATOR = OPERATOR(scim.<=),
	NEGATOR = OPERATOR(scim.<),
	RESTRICT = pg_catalog.scalargesel,
	JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR scim.>= (scim.@type@, scim.@type@) IS
	'Whether a @type@ comes after another one in the order of scim_internal.@type@_cmp, or equals it.';

CREATE OPERATOR CLASS scim.@type@_ops DEFAULT FOR TYPE scim.@type@ USING btree AS
	OPERATOR 1 scim.<,
	OPERATOR 2 scim.<=,
	OPERATOR 3 scim.=,
	OPERATOR 4 scim.>=,
	OPERATOR 5 scim.>,
	FUNCTION 1 scim_internal.@type@_cmp(scim.@type@, scim.@type@);

COMMENT ON OPERATOR CLASS scim.@type@_ops USING btree IS
	'Lets @type@s be sorted, compared and kept unique, with or without an index.';
COMMENT ON OPERATOR FAMILY scim.@type@_ops USING btree IS
	'The order of @type@s, for sorting and B-tree indexes.';

CREATE OPERATOR CLASS scim.@type@_ops DEFAULT FOR TYPE scim.@type@ USING hash AS
	OPERATOR 1 scim.=,
	FUNCTION 1 scim_internal.@type@_hash(scim.@type@),
	FUNCTION 2 scim_internal.@type@_hash_extended(scim.@type@, bigint);
COMMENT ON OPERATOR CLASS scim.@type@_ops USING hash IS
	'Lets @type@s be hashed: for joins, GROUP BY, DISTINCT, hash indexes and hash partitions.';
COMMENT ON OPERATOR FAMILY scim.@type@_ops USING hash IS
	'The hash of @type@s, for joins, aggregates and hash indexes.';
