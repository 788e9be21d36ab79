-- userName is compared as RFC 7644 section 5 wants it: RFC 8265, width, case and NFC.
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

-- One person, whatever it is written like
SELECT scim.create_resource('User', jsonb_build_object('userName', U&'Jos\00E9', 'title', 'one')) ->> 'title' AS created;
SELECT scim.create_resource('User', jsonb_build_object('userName', U&'JOSE\0301'));
SELECT scim.create_resource('User', jsonb_build_object('userName', U&'\FF2A\FF4F\FF53\FF45\0301'));
INSERT INTO names_of.users (data) VALUES (jsonb_build_object('userName', U&'jose\0301', 'title', 'two')) ON CONFLICT (tenant_id, scim.fold_user_name(user_name)) WHERE deleted_at IS NULL DO NOTHING;
SELECT scim.create_resource('User', '{"userName": "jose", "title": "three"}') ->> 'title' AS another;

CREATE FUNCTION pg_temp.found(filter text) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(r ->> 'title', ',' ORDER BY r ->> 'title'), '-') FROM jsonb_array_elements(scim.search('User', filter) -> 'Resources') r $$;
SELECT f, pg_temp.found(f) FROM unnest(ARRAY[
    U&'userName eq "jose\0301"', U&'userName ne "jose\0301"', U&'userName sw "JOSE\0301"', 'userName sw "jose"', U&'userName co "se\0301"', U&'userName ew "\FF53\00E9"',
    U&'userName gt "jose\0301"', U&'userName ge "jose\0301"', U&'userName eq "jos\00e9" or userName eq "x"', U&'userName[value eq "jose\0301"]', U&'not (userName eq "jos\00c9")']) f;
-- others keep the folding that they have
SELECT scim.matches(jsonb_build_object('displayName', U&'jos\00e9', 'userName', U&'jos\00e9'), ('displayName eq "' || U&'jose\0301' || '"')::scim.filter) AS display_name,
    scim.matches(jsonb_build_object('userName', U&'jos\00e9'), ('USERNAME eq "' || U&'jose\0301' || '"')::scim.filter) AS any_type,
    scim.matches(jsonb_build_object('urn:x:y', jsonb_build_object('userName', U&'jos\00e9')), ('urn:x:y:userName eq "' || U&'jose\0301' || '"')::scim.filter) AS of_an_extension;
SELECT scim.to_sql('userName eq "X" and displayName eq "X"', 'User');
SELECT scim.to_sql(('userName sw "' || U&'Jose\0301' || '"')::scim.filter, '{"userName": "login"}'::jsonb) AS mapped;
-- on columns of anybody's the same is found
CREATE TABLE pg_temp.account (n int, login text);
INSERT INTO pg_temp.account SELECT n, u FROM unnest(ARRAY[U&'jos\00e9', U&'JOSE\0301', U&'\FF2A\FF4F\FF53\00C9', 'jose', U&'\30AC']) WITH ORDINALITY AS e (u, n);
DO $$
DECLARE f text; by_sql int[]; by_match int[];
BEGIN
    FOREACH f IN ARRAY ARRAY[U&'userName eq "jose\0301"', U&'userName sw "Jos\00c9"', U&'userName co "\FF53e\0301"', U&'userName[value eq "\FF76\FF9E"]', U&'userName gt "jose\0301"', U&'userName ne "jose\0301"'] LOOP
        EXECUTE 'SELECT array_agg(n ORDER BY n) FROM pg_temp.account a WHERE ' || scim.to_sql(f::scim.filter, '{"userName": "a.login"}'::jsonb) INTO by_sql;
        SELECT array_agg(n ORDER BY n) FROM pg_temp.account WHERE scim.matches(jsonb_build_object('userName', login), f::scim.filter) INTO by_match;
        RAISE WARNING '% % %', f, by_sql, by_sql = by_match;
    END LOOP;
END $$;

-- Sorted, with a cursor from page to page
SELECT scim.create_resource('User', jsonb_build_object('userName', n, 'title', n)) IS NOT NULL FROM unnest(ARRAY[U&'\FF2Aosf', 'Josd']) n;
SELECT string_agg(r ->> 'userName', ' ' ORDER BY n) FROM jsonb_array_elements(scim.search('User', sort_by => 'userName') -> 'Resources') WITH ORDINALITY AS e (r, n);
WITH RECURSIVE page (n, p) AS (
    SELECT 1, scim.search('User', sort_by => 'userName', count => 1, cursor => '')
    UNION ALL SELECT n + 1, scim.search('User', sort_by => 'userName', count => 1, cursor => p ->> 'nextCursor') FROM page WHERE p ? 'nextCursor' AND n < 10)
SELECT string_agg(p #>> '{Resources,0,userName}', ' ' ORDER BY n) AS by_cursor FROM page;

-- An index of each format, and none, find the same; so do those that were made before
CREATE TABLE public.named (n int, data jsonb);
INSERT INTO public.named SELECT row_number() OVER (), jsonb_build_object('userName', u) FROM unnest(ARRAY[
    U&'jos\00e9', U&'JOSE\0301', U&'\FF2A\FF4F\FF53\00C9', 'jose', U&'jose\0301ph', 'joseph', U&'\1fb4', U&'\03b1\0345\0301', U&'\03b1\0301\03b9', U&'\FF76\FF9E', U&'\30AC', 'STRASSE', 'straße',
    repeat('x', 60) || U&'e\0301', repeat('X', 60) || U&'\00e9',
    -- dotted and dotless i, Cherokee in both sizes, final sigma, Hangul apart and in one, a ligature, marks in either order
    U&'\0130stanbul', U&'i\0307stanbul', U&'\0131stanbul', 'istanbul', U&'\13A0\13B9', U&'\AB70\AB89', U&'\03A3\0399\03A3', U&'\03C3\03B9\03C2', U&'\1100\1161\11A8', U&'\AC01', U&'\AC00\11A8',
    U&'\FB03x', 'ffix', U&'a\0301\0327', U&'a\0327\0301', U&'\212Bke', U&'\00C5KE', U&'\FFE9', U&'\2190', U&'\3000x', ' x']) u;
INSERT INTO public.named SELECT 100 + i, jsonb_build_object('userName', 'person' || i, 'emails', jsonb_build_array(jsonb_build_object('value', U&'jos\00e9'))) FROM generate_series(1, 200) i;
CREATE TEMP TABLE asked AS SELECT format('userName %s "%s"', o, v)::scim.filter AS f FROM unnest(ARRAY['eq', 'ne', 'sw', 'ew', 'co', 'gt', 'ge', 'lt', 'le']) o,
    unnest(ARRAY[U&'jose\0301', 'jose', 'Jos', U&'\03b1\0301\03b9', U&'\30AB\3099', 'strasse', 'ss', U&'\0301', repeat('x', 60) || U&'\00e9', U&'ers\FF4F',
    'ISTANBUL', U&'i\0307', U&'\13A0', U&'\AB70\AB89', U&'\03C3\03B9\03C3', U&'\03C2', U&'\1100', U&'\AC01', U&'\11A8', 'FFI', U&'\00E1\0327', U&'\00E5k', U&'\2190', ' X']) v;
CREATE FUNCTION pg_temp.answers() RETURNS TABLE (f scim.filter, n int[]) LANGUAGE plpgsql AS $$
BEGIN
    FOR f IN SELECT a.f FROM asked a LOOP
        n := ARRAY(SELECT d.n FROM public.named d WHERE scim.matches(d.data, answers.f) ORDER BY d.n);
        RETURN NEXT;
    END LOOP;
END $$;
CREATE TEMP TABLE answered AS SELECT * FROM pg_temp.answers();
SELECT f, n FROM answered WHERE f::text ~ ' (eq|sw|co) ' AND cardinality(n) < 10 ORDER BY f::text COLLATE "C";
SET enable_seqscan = off;
CREATE INDEX named_idx ON public.named USING gin (data scim.gin_ops);
EXPLAIN (COSTS OFF) SELECT n FROM public.named WHERE scim.matches(data, 'userName eq "a"');
SELECT count(*) AS gin_ops FROM (SELECT * FROM pg_temp.answers() EXCEPT SELECT * FROM answered) d;
DROP INDEX public.named_idx;
CREATE INDEX named_idx ON public.named USING gin (data scim.gin_ops_2);
SELECT count(*) AS gin_ops_2 FROM (SELECT * FROM pg_temp.answers() EXCEPT SELECT * FROM answered) d;
DROP INDEX public.named_idx;
CREATE INDEX named_idx ON public.named USING gin (data scim.gin_ops_1);
SELECT count(*) AS gin_ops_1 FROM (SELECT * FROM pg_temp.answers() EXCEPT SELECT * FROM answered) d;
RESET enable_seqscan;
DROP TABLE public.named;

-- caseExact userName of another type
SELECT scim.register_schema('{"id": "urn:example:Account", "name": "Account", "attributes": [{"name": "userName", "type": "string", "caseExact": true, "multiValued": false}, {"name": "alias", "type": "string"}]}') IS NOT NULL AS schema;
SELECT scim.register_resource_type('{"name": "Account", "endpoint": "/Accounts", "schema": "urn:example:Account"}') IS NOT NULL AS type;
SELECT scim.create_resource('Account', jsonb_build_object('schemas', '["urn:example:Account"]'::jsonb, 'userName', u)) IS NOT NULL FROM unnest(ARRAY[U&'Jose\0301', U&'Jos\00E9', 'Jose']) u;
CREATE FUNCTION pg_temp.exact(f text) RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM names_of.resource WHERE resource_type = 'Account' AND scim.matches(data, f::scim.filter, 'Account') $$;
SELECT f, (scim.search('Account', f) ->> 'totalResults')::int AS search, pg_temp.exact(f) AS scan FROM unnest(ARRAY[
    U&'userName eq "Jose\0301"', 'userName sw "Jose"', 'userName sw "jose"', 'userName co "se"', U&'userName ew "e\0301"', U&'userName ew "\0301"', 'userName sw "J"']) f;
SET enable_seqscan = off;
SELECT f, pg_temp.exact(f) AS index FROM unnest(ARRAY[
    U&'userName eq "Jose\0301"', 'userName sw "Jose"', 'userName sw "jose"', 'userName co "se"', U&'userName ew "e\0301"', U&'userName ew "\0301"', 'userName sw "J"']) f;
RESET enable_seqscan;

-- userName must be the primary e-mail: it may be written otherwise
UPDATE names_of.policy SET enabled = true, settings = '{"userName": "primaryEmail"}' WHERE kind = 'identity' AND resource_type = 'User';
SELECT scim.create_resource('User', jsonb_build_object('userName', U&'ren\00e9@example.com', 'emails', jsonb_build_array(jsonb_build_object('value', U&'Rene\0301@example.com', 'primary', true)))) IS NOT NULL AS same;
SELECT scim.create_resource('User', jsonb_build_object('userName', 'rene@example.com', 'emails', jsonb_build_array(jsonb_build_object('value', U&'Rene\0301@example.com', 'primary', true))));

-- Shown as members by the name
SELECT scim.create_resource('Group', jsonb_build_object('displayName', 'g', 'members', (SELECT jsonb_agg(jsonb_build_object('value', id)) FROM names_of.users))) IS NOT NULL AS made;
SELECT f, scim.search('Group', f) ->> 'totalResults' AS found FROM unnest(ARRAY[U&'members.display eq "JOS\00c9"', U&'members.display eq "jose\0301"', 'members.display sw "jos"', U&'members[display sw "jos\00e9"]']) f;

-- Of a store whose names have another index, as versions until 0.8.0 had it, those that are one
RESET scim.store;
SELECT scim.drop_store('names_of', true);
SELECT scim.create_store('names_of');
SET scim.store = 'names_of';
SELECT scim.register_schema('{"id": "urn:example:Account", "name": "Account", "attributes": [{"name": "userName", "type": "string", "uniqueness": "server"}]}') IS NOT NULL AS schema;
SELECT scim.register_resource_type('{"name": "Account", "endpoint": "/Accounts", "schema": "urn:example:Account"}') IS NOT NULL AS type;
SELECT scim.create_resource('Account', jsonb_build_object('schemas', '["urn:example:Account"]'::jsonb, 'userName', u)) IS NOT NULL AS account FROM unnest(ARRAY[U&'Jos\00E9', 'other']) u;
SELECT scim.create_resource('Account', jsonb_build_object('schemas', '["urn:example:Account"]'::jsonb, 'userName', U&'jose\0301'));
INSERT INTO names_of.users (data) SELECT jsonb_build_object('userName', u) FROM unnest(ARRAY[U&'Jos\00E9', 'other']) u;
SELECT count(*) AS none FROM scim.equal_user_names('names_of');
DROP INDEX names_of.users_user_name_key;
CREATE UNIQUE INDEX users_user_name_key ON names_of.users (tenant_id, scim.fold(user_name)) WHERE deleted_at IS NULL;
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
\set SHOW_CONTEXT never
-- names are given to those of earlier versions
SELECT * FROM scim.upgrade_store('names_of', user_names => '{"00000000-0000-7000-8000-000000000001": "x"}');
RESET scim.store;
SELECT scim.drop_store('names_of', true);
DROP OWNED BY regress_names;
DROP ROLE regress_names;
