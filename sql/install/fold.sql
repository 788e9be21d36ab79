-- The rules for comparing text: without regard to case, and as a user name.

CREATE FUNCTION scim.fold(value text) RETURNS text
	AS 'MODULE_PATHNAME', 'scim_fold'
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION scim.fold(text) IS
	'Folds the case of a text by Unicode default full case folding (CaseFolding.txt, statuses C and F), whatever the locale. Argument: UTF-8 text. Result: two texts are equal without regard to case when their folded texts are equal. Never raises an error. This is how attributes with caseExact false compare: RFC 7643 section 2.2.';

CREATE FUNCTION scim.fold_user_name(value text) RETURNS text
	AS 'MODULE_PATHNAME', 'scim_fold_user_name'
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION scim.fold_user_name(text) IS
	'Folds a user name as RFC 7644 section 5 wants names compared: the width mapping, case and normalisation (NFC) of profile UsernameCaseMapped of RFC 8265, by the tables of Unicode 14.0.0, whatever server and locale; code points that are not assigned there stay as they are. The case is folded as scim.fold does it, where RFC 8265 makes small letters: ß equals ss. Argument: UTF-8 text. Result: two names are the same where their folded texts are. Never raises an error. userName does not compare so yet but by scim.fold; a later version will, and scim.equal_user_names lists whose names are the same one by then.';
