-- The one rule for comparing text without regard to case.

CREATE FUNCTION scim.fold(value text) RETURNS text
	AS 'MODULE_PATHNAME', 'scim_fold'
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION scim.fold(text) IS
	'Folds the case of a text by Unicode default full case folding (CaseFolding.txt, statuses C and F), whatever the locale. Argument: UTF-8 text. Result: two texts are equal without regard to case when their folded texts are equal. Never raises an error. This is how attributes with caseExact false compare: RFC 7643 section 2.2.';
