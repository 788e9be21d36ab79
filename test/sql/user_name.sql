-- User names as a later version compares them: RFC 8265, width, case and NFC; and whose are one by then
SET client_min_messages = warning;
SELECT scim.create_store('names_of');
SET scim.store = 'names_of';
-- The rule itself
SELECT scim.fold_user_name(U&'Jose\0301') = scim.fold_user_name(U&'JOS\00C9') AS nfc, scim.fold_user_name(U&'\FF2A\FF4F\FF45') AS wide,
    scim.fold_user_name(U&'\FF76\FF9E') = U&'\30AC' AS narrow, scim.fold_user_name('Straße') AS full_folding,
    scim.fold_user_name(U&'\1100\1161\11A8') = U&'\AC01' AS hangul, scim.fold_user_name(U&'\0958') = U&'\0915\093C' AS excluded,
    scim.fold_user_name(U&'a\0301\0327') = scim.fold_user_name(U&'a\0327\0301') AS in_order,
    scim.fold_user_name(U&'\+01E030\0378') = U&'\+01E030\0378' AS unassigned;
SELECT scim.fold_user_name(NULL) IS NULL AS strict, scim.fold_user_name('') = '' AS empty, scim.fold_user_name('bjensen@example.com');
SELECT bool_and(scim.fold_user_name(scim.fold_user_name(chr(c))) = scim.fold_user_name(chr(c))) AS stable,
    md5(string_agg(scim.fold_user_name(chr(c)), '' ORDER BY c)) AS digest
FROM generate_series(1, 1114111) AS c WHERE c NOT BETWEEN 55296 AND 57343;
-- a million marks of four classes: no step is quadratic
SELECT length(scim.fold_user_name('a' || repeat(U&'\0301\0316\0345\05B0', 250000))) AS marks;

-- Two people today
INSERT INTO names_of.users (data) SELECT jsonb_build_object('userName', u) FROM unnest(ARRAY[U&'Jos\00E9', 'other']) u;
SELECT count(*) AS none FROM scim.equal_user_names('names_of');
INSERT INTO names_of.users (data) VALUES (jsonb_build_object('userName', U&'JOSE\0301'));
INSERT INTO names_of.users (data) VALUES (jsonb_build_object('userName', U&'\FF2Aose\0301'));
SELECT tenant_id, resource_type, folded = U&'jos\00E9' AS folded, cardinality(ids) AS ids, ids = ARRAY(SELECT id FROM names_of.users WHERE user_name <> 'other' ORDER BY id) AS who, cardinality(user_names) AS names FROM scim.equal_user_names('names_of');
-- not for others
CREATE ROLE regress_names;
GRANT USAGE ON SCHEMA names_of TO regress_names;
GRANT SELECT ON ALL TABLES IN SCHEMA names_of TO regress_names;
SET ROLE regress_names;
SELECT * FROM scim.equal_user_names('names_of');
RESET ROLE;
SELECT * FROM scim.equal_user_names('no_store');
-- resolved
UPDATE names_of.users SET data = jsonb_set(data, '{userName}', '"jose2"') WHERE user_name = U&'JOSE\0301';
DELETE FROM names_of.users WHERE user_name = U&'\FF2Aose\0301';
SELECT count(*) AS none FROM scim.equal_user_names('names_of');
RESET scim.store;
SELECT scim.drop_store('names_of', true);
DROP OWNED BY regress_names;
DROP ROLE regress_names;
