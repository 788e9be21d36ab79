-- scim.to_sql over an application's own tables.
CREATE EXTENSION IF NOT EXISTS citext;
CREATE SCHEMA to_sql_mapping;
SET search_path = to_sql_mapping, public;
SET timezone = 'America/New_York';
CREATE TABLE account (
	id uuid PRIMARY KEY, n int UNIQUE, login varchar(40), handle citext, badge int, score numeric, enabled boolean,
	created_at timestamptz, surname text, given text, site text, cert text, external text,
	profile jsonb, department text, document jsonb NOT NULL DEFAULT '{}');
CREATE TABLE email (account int REFERENCES account (n), address text, kind text, main boolean);
CREATE TABLE nick (account int, nick text);
INSERT INTO account VALUES
	('00000000-0000-4000-8000-000000000001', 1, 'BJensen', 'Babs', 7, 42.50, true, '2011-05-13 04:42:34.123456Z', 'O''Malley', 'Bärbel',
	 'https://Example.com/b', 'QQ==', 'X-1', '{"city": "Köln", "tags": ["a", "B"], "level": 3}', 'Straße'),
	('00000000-0000-4000-8000-00000000000a', 2, 'jsmith', 'JOHN', 8, -1, false, '2020-01-01 00:00:00Z', '', NULL, '', NULL, 'x-1', '{}', '100%_a\b'),
	('00000000-0000-4000-8000-000000000003', 3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	('00000000-0000-4000-8000-000000000004', 4, '', '', 0, 0, false, '2011-05-13 04:42:34.123457Z', 'Zoë', 'x', 'urn:x', 'qq==', '', '{"city": null}', '''');
INSERT INTO email VALUES (1, 'Babs@Example.com', 'work', true), (1, 'babs@home.org', 'home', NULL), (2, 'x@example.com', NULL, false),
	(2, '', NULL, NULL), (4, NULL, '', NULL);
INSERT INTO nick VALUES (1, 'Babsi'), (1, 'B'), (4, '');
\set mapping '{"id": {"expression": "a.id", "type": "uuid"}, "userName": "a.login", "displayName": {"expression": "a.handle", "type": "citext"}, "externalId": "a.external", "active": "a.enabled", "meta.created": "a.created_at", "NAME.familyname": "a.surname", "name.givenName": {"expression": "a.given", "caseExact": true}, "profileUrl": "a.site", "badge": {"expression": "a.badge + 0", "type": "integer"}, "score": {"expression": "a.score", "type": "decimal"}, "x509Certificates.value": "a.cert", "emails": {"from": "email e", "where": "e.account = a.n", "attributes": {"value": "e.address", "type": "e.kind", "primary": "e.main"}}, "nicks": {"from": "nick k", "where": "k.account = a.n", "attributes": {"value": "k.nick"}}, "profile": {"expression": "a.profile", "type": "jsonb"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department": "a.department"}'
CREATE TABLE settings AS SELECT :'mapping'::jsonb AS mapping;

-- the same rows as documents
CREATE VIEW document AS
SELECT n, jsonb_build_object('id', id, 'userName', login, 'displayName', handle, 'externalId', external, 'active', enabled,
	'meta', jsonb_build_object('created', to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')),
	'name', jsonb_build_object('familyName', surname, 'givenName', given), 'profileUrl', site, 'badge', badge, 'score', score, 'x509Certificates', jsonb_build_array(jsonb_build_object('value', cert)),
	'emails', (SELECT jsonb_agg(jsonb_build_object('value', address, 'type', kind, 'primary', main)) FROM email WHERE account = n),
	'nicks', (SELECT jsonb_agg(nick) FROM nick WHERE account = n), 'profile', profile,
	'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', jsonb_build_object('department', department)) AS document
FROM account;

-- the SQL
SELECT f AS filter, scim.to_sql(f::scim.filter, mapping) AS sql FROM settings, unnest(ARRAY[
	'userName eq "BJENSEN"', 'userName ne "x"', 'userName sw "b"', 'userName lt "b"', 'userName co ""', 'userName pr', 'userName eq null',
	'externalId eq "X-1"', 'displayName eq "babs"', 'displayName co "ab"', 'active eq "True"', 'active ne true', 'badge gt 5', 'badge le 5.5',
	'score eq 4.25e1', 'id eq "00000000-0000-4000-8000-000000000001"', 'id eq "1"', 'id ne "1"', 'id sw "0"',
	'meta.created ge "2011-05-13T06:42:34.1234567+02:00"', 'meta.created eq "2011-05-13T04:42:34.1234567Z"',
	'meta.created lt "300000-01-01T00:00:00Z"', 'meta.created co "t04"', 'profileUrl ew "/b"', 'x509Certificates eq "QQ=="',
	'emails eq "x@example.com"', 'emails.type ne "work"', 'emails pr', 'emails eq null', 'emails[type eq "work" and value co "@example"]',
	'emails[not (type eq "work")]', 'not (emails[primary eq true])', 'nicks eq "b"', 'nicks[value sw "b"]', 'name pr', 'name[familyName sw "O"]',
	'profile.city eq "köln"', 'profile pr', 'urn:ietf:params:scim:schemas:core:2.0:User:userName eq "a" and (active eq true or not (badge pr))',
	'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User pr', 'department eq "STRASSE"']) WITH ORDINALITY AS t (f, i) ORDER BY i;
-- what "or" joins about a table is one EXISTS
\pset format unaligned
SELECT scim.to_sql('emails eq "a" or emails.type eq "b" or badge eq 1 or emails[type eq "c" or not (value pr)] or emails pr or nicks eq "d" or nicks[value co "e"] or emails ne "f" or name[familyName eq "g" or givenName eq "h"]', mapping) AS sql FROM settings;
\pset format aligned

-- what it finds: the rows of scim.matches, and it is never null
CREATE FUNCTION found(filter text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	found text;
BEGIN
	EXECUTE (SELECT format('SELECT string_agg(CASE WHEN %1$s THEN n::text WHEN %1$s IS NULL THEN ''null'' END, '' '' ORDER BY n) FROM account a',
	                       scim.to_sql(filter::scim.filter, mapping)) FROM settings) INTO found;
	RETURN coalesce(found, '-');
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
CREATE FUNCTION wanted(filter text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN (SELECT coalesce(string_agg(n::text, ' ' ORDER BY n), '-') FROM document WHERE scim.matches(document, filter::scim.filter));
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END $$;
SELECT found(f), f AS filter, wanted(f) AS differs_from FROM unnest(ARRAY[
	'userName eq "bjensen"', 'userName eq "Straße"', 'department eq "STRASSE"', 'department ew "SSE"', 'department co "%"', 'department co "_"',
	'department sw "100%_A\\"', 'department eq "''"', 'name.givenName eq "bärbel"', 'name.givenName sw "B"', 'externalId eq "X-1"']) AS f
WHERE found(f) <> '-';

-- every operator on every type
CREATE TABLE question AS
SELECT attribute || ' ' || operator || coalesce(' ' || literal, '') AS filter
FROM (VALUES
	('userName', '"bjensen"'), ('userName', '"J"'), ('userName', '""'), ('displayName', '"babs"'), ('displayName', '"O"'), ('externalId', '"X-1"'),
	('externalId', '"x"'), ('name.familyName', '"o''malley"'), ('name.familyName', '"Z"'), ('name.givenName', '"x"'), ('profileUrl', '"https://Example.com/b"'),
	('profileUrl', '"u"'), ('department', '"straẞe"'), ('department', '"\\"'), ('id', '"00000000-0000-4000-8000-00000000000a"'),
	('id', '"00000000-0000-4000-8000-00000000000A"'), ('id', '"0"'), ('x509Certificates.value', '"QQ=="'), ('x509Certificates.value', '"="'),
	('badge', '7'), ('badge', '7.5'), ('badge', '123456789012345678901'), ('score', '42.5'), ('score', '-1e0'), ('active', 'true'), ('active', '"FALSE"'), ('active', '"x"'),
	('meta.created', '"2011-05-13T04:42:34.123456Z"'), ('meta.created', '"2011-05-13T06:42:34.1234565+02:00"'), ('meta.created', '"0001-01-01T00:00:00+14:00"'),
	('meta.created', '"999999999-12-31T23:59:59Z"'), ('meta.created', '"x"'), ('meta.created', '"04:42"'),
	('emails', '"x@example.com"'), ('emails', '""'), ('emails.value', '"babs"'), ('emails.type', '"work"'), ('emails.type', '""'), ('emails.primary', 'true'), ('emails.primary', 'false'),
	('nicks', '"B"'), ('profile.city', '"KÖLN"'), ('profile.level', '3'), ('profile.tags', '"b"'), ('profile.none', '"b"'), ('name', '"x"')) AS v (attribute, literal),
	unnest(ARRAY['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']) AS operator
WHERE literal NOT IN ('true', 'false') OR operator IN ('eq', 'ne')
UNION
SELECT attribute || o FROM unnest(ARRAY['userName', 'displayName', 'externalId', 'name', 'name.familyName', 'name.givenName', 'profileUrl', 'department',
	'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', 'id', 'x509Certificates', 'x509Certificates.value', 'badge', 'score', 'active', 'meta', 'meta.created', 'emails', 'emails.value',
	'emails.type', 'emails.primary', 'nicks', 'profile', 'profile.city', 'profile.tags']) AS attribute, unnest(ARRAY[' pr', ' eq null', ' ne null']) AS o;
INSERT INTO question SELECT 'not (' || filter || ')' FROM question;
INSERT INTO question SELECT regexp_replace(filter, '^(not \()?(emails|name|nicks)\.?([a-z]*) ([^)]*)(\)?)$', '\2[\1\3 \4\5]')
FROM question WHERE filter ~ '^(not \()?(emails|name)\.';
INSERT INTO question VALUES ('nicks[value eq "b"]'), ('nicks[not (value eq "b")]'), ('nicks[value ne "b"]'), ('userName[value eq "bjensen"]'),
	('emails[type eq "work" and value co "home"]'), ('emails[type eq "home" and primary ne true]'), ('emails[type eq null and primary eq false]'),
	('emails[type eq "work"].value ew ".COM"'), ('name[familyName pr and givenName pr]'), ('name[not (givenName eq "x")]'),
	('userName pr and emails pr or badge eq 0'), ('not (userName pr and emails pr or badge eq 0)'), ('profile[city eq "köln" and level gt 2]'),
	('not (profile[city eq "köln" and level gt 2])'), ('(userName eq "a" or not (not (active eq true))) and not (emails.type ne "x")');
INSERT INTO question SELECT filter || ' or ' || lag(filter, 1, 'nicks eq "b"') OVER w || ' or ' || lag(filter, 2, 'badge eq 7') OVER w FROM question
WHERE filter ~ 'emails|nicks' WINDOW w AS (ORDER BY md5(filter));
-- (nothing differs; errors have the same SQLSTATE)
SELECT found(filter), wanted(filter) AS differs_from, filter FROM question
WHERE found(filter) <> wanted(filter) AND NOT (left(found(filter), 5) = wanted(filter)) ORDER BY filter COLLATE "C";
SELECT count(*) AS filters, count(*) FILTER (WHERE found(filter) LIKE 'SCFIL%') AS invalid FROM question;

-- nothing that a client sends is SQL
SELECT found(f), scim.to_sql(f::scim.filter, mapping) FROM settings, unnest(ARRAY[
	'userName eq "'' OR true --"', 'userName eq "\\'' OR true --"', 'userName co "%"', 'userName sw "_"', 'department ew "\\b"',
	'emails[value eq "'') OR (''1''=''1"]', 'profile.city eq "''); DROP TABLE account; --"', 'displayName eq "''::text OR true OR ''"',
	'meta.created co "''||pg_sleep(9)||''"', 'userName eq "$1 $$ \u0027 \n"', 'profile.a-b$ eq "x"']) AS f;
SET standard_conforming_strings = off;
SET escape_string_warning = off;
SELECT found(f) FROM unnest(ARRAY[E'userName eq "\\\\'' OR true --"', E'department ew "\\\\B"']) AS f;
RESET standard_conforming_strings;

-- an index on the folded column serves eq; with collation "C" sw and the order, too
CREATE INDEX account_login ON account (scim.fold_user_name(login));
CREATE INDEX account_surname ON account (scim.fold(surname) COLLATE "C");
CREATE INDEX account_handle ON account (handle);
SET enable_seqscan = off;
DO $$
DECLARE
	f text;
	line text;
BEGIN
	FOREACH f IN ARRAY ARRAY['userName eq "BJensen"', 'name.familyName sw "O"', 'name.familyName gt "x"', 'displayName eq "BABS"', 'id eq "00000000-0000-4000-8000-000000000001"'] LOOP
		FOR line IN EXECUTE (SELECT format('EXPLAIN (COSTS OFF) SELECT FROM account a WHERE %s', scim.to_sql(f::scim.filter, mapping)) FROM settings) LOOP
			IF line ~ 'Index Cond' THEN
				RAISE NOTICE '%: by an index', f;
			END IF;
		END LOOP;
	END LOOP;
END $$;
RESET enable_seqscan;

-- "*": a document that has all that is not mapped
SELECT scim.to_sql('userName eq "a" and title eq "b" and emails[type eq "c"]', '{"userName": "a.login", "*": {"expression": "a.document", "type": "jsonb"}}'::jsonb);
-- a whole extension, and a sub-query
SELECT scim.to_sql('department eq "a" and urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager pr',
	'{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"expression": "a.work", "type": "jsonb"}}'::jsonb);
SELECT scim.to_sql('roles eq "admin"', '{"roles": {"from": "unnest(a.roles) r", "attributes": {"value": "r"}}}'::jsonb);
-- a version without its digest
SELECT scim.to_sql('meta.version eq "W/\"3.8f14e45fceea167a\""', '{"meta.version": "v.tag"}'::jsonb) AS condition \gset
SELECT :'condition' AS condition;
SELECT tag, :condition AS matches FROM unnest(ARRAY['W/"3"', 'W/"3.00"', 'W/"3."', 'W/"33"', '3', 'W/"3.x', NULL]) v (tag);

-- errors: the filter's are the client's
CREATE FUNCTION problem(filter text, mapping jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN scim.to_sql(filter::scim.filter, mapping);
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT problem(f, mapping) FROM settings, unnest(ARRAY['title pr', 'userName.x eq "a"', 'name.middleName pr', 'emails.display pr', 'emails[display eq "x"]',
	'name eq "x"', 'meta.version pr', 'meta.location eq "x"', 'badge co "1"', 'active gt "true"', 'x509Certificates.value gt "a"', 'emails.primary sw "t"', 'meta.created gt "soon"',
	'password pr', 'urn:example:x:userName pr', 'urn:ietf:params:scim:schemas:core:2.0:User pr', 'schemas eq "x"', 'emails.value[value eq "x"]']) AS f;
-- the mapping's are the developer's
SELECT problem('userName pr', m::jsonb), m FROM unnest(ARRAY['[]', '"x"', '{"userName": 5}', '{"userName": ""}', '{"userName": {}}', '{"userName": {"expression": "a", "typ": "string"}}',
	'{"userName": {"expression": "a", "type": "text"}}', '{"userName": {"expression": "a", "caseExact": "x"}}', '{"active": {"expression": "a", "caseExact": true}}',
	'{"user name": "a"}', '{"emails[type eq \"work\"]": "a"}', '{"password": "a"}', '{"name": "a"}', '{"name": {"attributes": {}}}', '{"name": {"where": "x", "attributes": {"familyName": "a"}}}',
	'{"emails": {"from": "x", "attributes": {"value": {"expression": "a", "type": "jsonb"}}}}', '{"userName": "a", "USERNAME": "b"}',
	'{"name.familyName": "a", "name": {"attributes": {"givenName": "b"}}}', '{"name.familyName": "a", "name.FAMILYNAME": "b"}', '{"*": "a"}',
	'{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": "a"}', '{"urn:ietf:params:scim:schemas:core:2.0:User": "a"}',
	'{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"expression": "a", "type": "jsonb"}, "department": "b"}', '{}']) AS m;
SELECT scim.to_sql('userName pr', NULL::jsonb) IS NULL AS strict;
-- as large as a mapping may be, and larger
CREATE FUNCTION to_sql_error(mapping jsonb) RETURNS text LANGUAGE plpgsql AS $$BEGIN
	RETURN scim.to_sql('a1 eq "x"', mapping) IS NOT NULL;
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM; END$$;
SELECT n, form, to_sql_error(CASE form WHEN 'sub' THEN jsonb_build_object('a', jsonb_build_object('attributes', attributes)) ELSE attributes END) AS answer
FROM unnest(ARRAY[4000, 6000]) n, unnest(ARRAY['flat', 'sub']) form, LATERAL (SELECT jsonb_object_agg('a' || i, 'u.a' || i) AS attributes FROM generate_series(1, n) i) a ORDER BY 1, 2;

RESET search_path;
SET client_min_messages = warning;
DROP SCHEMA to_sql_mapping CASCADE;
DROP EXTENSION citext;
