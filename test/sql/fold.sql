-- ASCII
SELECT scim.fold('BJensen@Example.COM'), scim.fold('already folded 123'), scim.fold('');
SELECT scim.fold(NULL) IS NULL AS strict;
-- one code point to one, of two, three and four bytes
SELECT scim.fold('ÄÖÜ ÅÇÉ ŠŽ'), scim.fold('ΑΒΓΣς'), scim.fold('ПРИВЕТ'), scim.fold('ẞ Ꭰ ꭰ'), scim.fold('𐐀𞤀');
-- one code point to two or three
SELECT scim.fold('Straße'), scim.fold('ﬁ ﬃ ŉ ǰ'), scim.fold('ΐ ᾷ ᾳ'), scim.fold('İ') = 'i' || chr(775) AS dotted_i;
SELECT scim.fold('STRASSE') = scim.fold('straße') AS sharp_s, scim.fold('K') = 'k' AS kelvin;
-- no locale: the Turkish I is an I, and the dotless one stays
SELECT scim.fold('I'), scim.fold('ı');
-- what has no case stays
SELECT scim.fold('日本語 ١٢٣ 👍🏽') = '日本語 ١٢٣ 👍🏽' AS unchanged;
-- long texts, the change at the very end
SELECT scim.fold(repeat('a', 100000) || 'Ä') = repeat('a', 100000) || 'ä' AS long_text;
SELECT length(scim.fold(repeat('ΐ', 100000))) AS grown;
-- every code point: folding is stable, and the whole table is what Unicode 14 has
SELECT count(*) AS code_points,
       count(*) FILTER (WHERE scim.fold(chr(c)) <> chr(c)) AS folded,
       bool_and(scim.fold(scim.fold(chr(c))) = scim.fold(chr(c))) AS stable,
       md5(string_agg(scim.fold(chr(c)), '' ORDER BY c)) AS digest
FROM generate_series(1, 1114111) AS c WHERE c NOT BETWEEN 55296 AND 57343;
-- it serves as the expression of an index
CREATE TEMP TABLE people (name text);
CREATE UNIQUE INDEX ON people (scim.fold(name));
INSERT INTO people VALUES ('Jürgen'), ('JURGEN');
INSERT INTO people VALUES ('JÜRGEN');
