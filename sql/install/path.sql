-- The type scim.path: RFC 7644 sections 3.5.2 and 3.10.

CREATE TYPE scim.path;

CREATE FUNCTION scim_internal.path_in(cstring) RETURNS scim.path
	AS 'MODULE_PATHNAME', 'scim_path_in'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.path_in(cstring) IS
	'Reads the text of a path. Result: the path. Error: SCPTH (invalidPath) with the character where the syntax is wrong, or SCFIL (invalidFilter) when that is in the filter between the brackets. RFC 7644 section 3.5.2.';
CREATE FUNCTION scim_internal.path_out(scim.path) RETURNS cstring
	AS 'MODULE_PATHNAME', 'scim_path_out'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.path_out(scim.path) IS
	'The canonical text of a path, which reads back as an equal one.';
CREATE FUNCTION scim_internal.path_recv(internal) RETURNS scim.path
	AS 'MODULE_PATHNAME', 'scim_path_recv'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.path_recv(internal) IS
	'Reads a path from its binary form: a version byte, then the text.';
CREATE FUNCTION scim_internal.path_send(scim.path) RETURNS bytea
	AS 'MODULE_PATHNAME', 'scim_path_send'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.path_send(scim.path) IS
	'The binary form of a path: a version byte, then the canonical text.';

CREATE TYPE scim.path (
	INPUT = scim_internal.path_in,
	OUTPUT = scim_internal.path_out,
	RECEIVE = scim_internal.path_recv,
	SEND = scim_internal.path_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = extended
);
COMMENT ON TYPE scim.path IS
	'A SCIM attribute path as PATCH and "attributes" have it, RFC 7644 sections 3.5.2 and 3.10, for instance emails[type eq "work"].value. Prints in a canonical form.';

CREATE CAST (text AS scim.path) WITH INOUT AS ASSIGNMENT;

-- Comparison: names of attributes and URNs without regard to case, the rest exactly.

CREATE FUNCTION scim_internal.path_eq(scim.path, scim.path) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_path_eq'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION scim_internal.path_ne(scim.path, scim.path) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_path_ne'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION scim_internal.path_lt(scim.path, scim.path) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_path_lt'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION scim_internal.path_le(scim.path, scim.path) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_path_le'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION scim_internal.path_gt(scim.path, scim.path) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_path_gt'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION scim_internal.path_ge(scim.path, scim.path) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_path_ge'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.path_eq(scim.path, scim.path) IS 'Implementation of the operator =';
COMMENT ON FUNCTION scim_internal.path_ne(scim.path, scim.path) IS 'Implementation of the operator <>';
COMMENT ON FUNCTION scim_internal.path_lt(scim.path, scim.path) IS 'Implementation of the operator <';
COMMENT ON FUNCTION scim_internal.path_le(scim.path, scim.path) IS 'Implementation of the operator <=';
COMMENT ON FUNCTION scim_internal.path_gt(scim.path, scim.path) IS 'Implementation of the operator >';
COMMENT ON FUNCTION scim_internal.path_ge(scim.path, scim.path) IS 'Implementation of the operator >=';
CREATE FUNCTION scim_internal.path_cmp(scim.path, scim.path) RETURNS integer
	AS 'MODULE_PATHNAME', 'scim_path_cmp'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.path_cmp(scim.path, scim.path) IS
	'Compares two paths for sorting: less than, equal to or greater than 0.';
CREATE FUNCTION scim_internal.path_hash(scim.path) RETURNS integer
	AS 'MODULE_PATHNAME', 'scim_path_hash'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.path_hash(scim.path) IS
	'Hash of a path, the same for equal ones.';
CREATE FUNCTION scim_internal.path_hash_extended(scim.path, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'scim_path_hash_extended'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.path_hash_extended(scim.path, bigint) IS
	'Seeded hash of a path, the same for equal ones.';

CREATE OPERATOR scim.= (
	LEFTARG = scim.path,
	RIGHTARG = scim.path,
	FUNCTION = scim_internal.path_eq,
	COMMUTATOR = OPERATOR(scim.=),
	NEGATOR = OPERATOR(scim.<>),
	RESTRICT = pg_catalog.eqsel,
	JOIN = pg_catalog.eqjoinsel,
	HASHES,
	MERGES
);
COMMENT ON OPERATOR scim.= (scim.path, scim.path) IS 'equal to';

CREATE OPERATOR scim.<> (
	LEFTARG = scim.path,
	RIGHTARG = scim.path,
	FUNCTION = scim_internal.path_ne,
	COMMUTATOR = OPERATOR(scim.<>),
	NEGATOR = OPERATOR(scim.=),
	RESTRICT = pg_catalog.neqsel,
	JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR scim.<> (scim.path, scim.path) IS 'not equal to';

CREATE OPERATOR scim.< (
	LEFTARG = scim.path,
	RIGHTARG = scim.path,
	FUNCTION = scim_internal.path_lt,
	COMMUTATOR = OPERATOR(scim.>),
	NEGATOR = OPERATOR(scim.>=),
	RESTRICT = pg_catalog.scalarltsel,
	JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR scim.< (scim.path, scim.path) IS 'before';

CREATE OPERATOR scim.<= (
	LEFTARG = scim.path,
	RIGHTARG = scim.path,
	FUNCTION = scim_internal.path_le,
	COMMUTATOR = OPERATOR(scim.>=),
	NEGATOR = OPERATOR(scim.>),
	RESTRICT = pg_catalog.scalarlesel,
	JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR scim.<= (scim.path, scim.path) IS 'before or equal to';

CREATE OPERATOR scim.> (
	LEFTARG = scim.path,
	RIGHTARG = scim.path,
	FUNCTION = scim_internal.path_gt,
	COMMUTATOR = OPERATOR(scim.<),
	NEGATOR = OPERATOR(scim.<=),
	RESTRICT = pg_catalog.scalargtsel,
	JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR scim.> (scim.path, scim.path) IS 'after';

CREATE OPERATOR scim.>= (
	LEFTARG = scim.path,
	RIGHTARG = scim.path,
	FUNCTION = scim_internal.path_ge,
	COMMUTATOR = OPERATOR(scim.<=),
	NEGATOR = OPERATOR(scim.<),
	RESTRICT = pg_catalog.scalargesel,
	JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR scim.>= (scim.path, scim.path) IS 'after or equal to';

CREATE OPERATOR CLASS scim.path_ops DEFAULT FOR TYPE scim.path USING btree AS
	OPERATOR 1 scim.<,
	OPERATOR 2 scim.<=,
	OPERATOR 3 scim.=,
	OPERATOR 4 scim.>=,
	OPERATOR 5 scim.>,
	FUNCTION 1 scim_internal.path_cmp(scim.path, scim.path);

CREATE OPERATOR CLASS scim.path_ops DEFAULT FOR TYPE scim.path USING hash AS
	OPERATOR 1 scim.=,
	FUNCTION 1 scim_internal.path_hash(scim.path),
	FUNCTION 2 scim_internal.path_hash_extended(scim.path, bigint);
