-- User names as a later version compares them: RFC 8265, width, case and NFC
SET client_min_messages = warning;
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
