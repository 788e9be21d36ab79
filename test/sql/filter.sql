SET search_path = public, scim; -- for the operators

-- What a text gives: the canonical filter, or the error.
CREATE FUNCTION pg_temp.try(filter text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	IF filter::scim.filter::text::scim.filter <> filter::scim.filter THEN
		RETURN 'DOES NOT ROUND TRIP';
	END IF;
	RETURN filter::scim.filter::text;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;

-- RFC 7644 figure 2
SELECT pg_temp.try(f) = f AS canonical, f FROM (VALUES
	('userName eq "bjensen"'),
	('name.familyName co "O''Malley"'),
	('userName sw "J"'),
	('urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"'),
	('title pr'),
	('meta.lastModified gt "2011-05-13T04:42:34Z"'),
	('meta.lastModified ge "2011-05-13T04:42:34Z"'),
	('meta.lastModified lt "2011-05-13T04:42:34Z"'),
	('meta.lastModified le "2011-05-13T04:42:34Z"'),
	('title pr and userType eq "Employee"'),
	('title pr or userType eq "Intern"'),
	('schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"'),
	('userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")'),
	('userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")'),
	('userType eq "Employee" and emails.type eq "work"'),
	('userType eq "Employee" and emails[type eq "work" and value co "@example.com"]'),
	('emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]')
) AS v (f);

-- the canonical form: spaces, case, parentheses
SELECT f, pg_temp.try(f) FROM (VALUES
	(E' \t\r\n userName \n EQ\t"x" '),
	('userType eq "Employee" and (emails.type eq "work")'),
	('userName Eq "john" AND title PR oR NOT(title pr)'),
	('members[value eq"2819"]'),
	('emails [ type eq "work" ] '),
	('(((a pr)))'),
	('(a pr)and(b pr)or(c pr)'),
	('not(a pr)'),
	('not (not (a pr))'),
	('not ((a pr and b pr))'),
	('(a pr and b pr) and (c pr and (d pr and e pr))'),
	('a pr or (b pr or (c pr or d pr)) or e pr'),
	('(a pr or b pr) and c pr'),
	('a pr and (b pr or (c pr and d pr))'),
	('not (a pr) and b pr'),
	('emails[(type eq "a" or type eq "b") and not (value pr)]'),
	('emails[not (type eq "a")]')
) AS v (f);

-- precedence: not before and before or
SELECT a::scim.filter = b::scim.filter AS same, a, b FROM (VALUES
	('a pr or b pr and c pr', 'a pr or (b pr and c pr)'),
	('a pr and b pr or c pr', '(a pr and b pr) or c pr'),
	('a pr and b pr or c pr', 'a pr and (b pr or c pr)'),
	('not (a pr) and b pr', '(not (a pr)) and b pr'),
	('not (a pr) and b pr', 'not (a pr and b pr)'),
	('a pr or not (b pr) or c pr and d pr and e pr or f pr', '((a pr or not (b pr)) or ((c pr and d pr) and e pr)) or f pr')
) AS v (a, b);

-- attribute names
SELECT f, pg_temp.try(f) FROM (VALUES
	('$ref eq "x"'),
	('members.$ref eq "x"'),
	('a-b_c9 pr'),
	('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName eq "x"'),
	('URN:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName eq "x"'),
	('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User pr'),
	('urn:example:schema:2.0 pr'),
	('urn:a.b:c~d/e%20f+g=h@i!j*k'',;?#:name.sub pr'),
	('http://example.com/schema:name pr'),
	('urn:x:y:emails[type eq "work"].value eq "v"'),
	('not pr'),
	('and eq "or" or or eq "and" and not eq "not"'),
	('pr pr and eq eq "eq"'),
	('name. pr'),
	('a.b.c pr'),
	('.a pr'),
	('1a pr'),
	('_a pr'),
	('a,b pr'),
	('a:b,c pr'),
	(':a pr'),
	('urn:a: pr'),
	('urn:a:b.c.d pr'),
	('1:a pr'),
	('größe pr'),
	('urn:größe:a pr'),
	('a.ü pr')
) AS v (f);

-- literals
SELECT f, pg_temp.try(f) FROM (VALUES
	('a eq true or a eq false or a ne null'),
	('a eq 0 or a eq -0 or a eq 10 or a gt -1.50 or a le 1e5 or a lt 1.5E+3 or a ge 2e-7'),
	('a eq ""'),
	('a eq "\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac\ud83d\ude00"'),
	('a eq "\u0001\u001F"'),
	('a eq "日本語 👍"'),
	('a eq True'),
	('a eq NULL'),
	('a eq bjensen'),
	('a eq ''x'''),
	('a eq 01'),
	('a eq +1'),
	('a eq 1.'),
	('a eq .5'),
	('a eq 1e'),
	('a eq 0x10'),
	('a eq 1,5'),
	('a eq -'),
	('a eq "x'),
	('a eq "x\'),
	('a eq "x\"'),
	('a eq "\x41"'),
	('a eq "\u12"'),
	('a eq "\u12G4"'),
	('a eq "\u0000"'),
	('a eq "\ud83d"'),
	('a eq "\ude00"'),
	('a eq "\ud83d\u0041"'),
	('a eq "\ud83dx"'),
	(E'a eq "x\ty"'),
	(E'a eq "x\ny"'),
	('a gt null'),
	('a co true'),
	('a le false'),
	('a pr "x"'),
	('a pr true')
) AS v (f);

-- a sub-attribute behind the bracket, as Entra ID sends it
SELECT f, pg_temp.try(f) FROM (VALUES
	('emails[type eq "work"].value eq "x"'),
	('emails[type eq "work"].value pr'),
	('emails[type eq "work" and primary eq true].value eq "x" and active eq true'),
	('emails[type eq "work" or type eq "home"].value ne "x"'),
	('emails[not (type eq "work")].value eq "x" or a pr'),
	('emails[type eq "work"].value'),
	('emails[type eq "work"]. eq "x"'),
	('emails[type eq "work"].a.b eq "x"'),
	('emails[type eq "work"] eq "x"'),
	('emails[type eq "work"] .value eq "x"')
) AS v (f);

-- errors say where, in characters
SELECT f, pg_temp.try(f) FROM (VALUES
	(''),
	('   '),
	('userName'),
	('userName eq'),
	('userName xx "x"'),
	('userName regex "x"'),
	('userName = "x"'),
	('userName == "x"'),
	('"userName" eq "x"'),
	('userName eq "x" junk'),
	('userName eq "x" userName pr'),
	('userName eq "x" and'),
	('userName eq "x" or or a pr'),
	('and a pr'),
	('(a pr'),
	('a pr)'),
	('()'),
	('(a pr or (b pr and c pr)'),
	('not'),
	('not a pr'),
	('not not (a pr)'),
	('not ()'),
	('emails['),
	('emails[]'),
	('emails[type eq "work"'),
	('emails[type eq "work")'),
	('(emails[type eq "work")]'),
	('a[b[c pr]]'),
	('a[b[c pr].d pr]'),
	('[a pr]'),
	('é eq "x"'),
	('a eq "ééé" and b xx 1'),
	('a eq "x"; drop table users'),
	(E'a \u0001 b'),
	('a ' || repeat('x', 200))
) AS v (f);
SELECT 'userName eq bjensen'::scim.filter;

-- limits
SELECT length(pg_temp.try('a eq "' || repeat('x', 65529) || '"')) AS longest;
SELECT pg_temp.try('a eq "' || repeat('x', 65530) || '"');
SELECT pg_temp.try('a eq"' || repeat('x', 65530) || '"') AS longer_when_printed;
SELECT length(pg_temp.try(repeat('not (', 100) || 'a pr' || repeat(')', 100))) AS deepest;
SELECT pg_temp.try(repeat('(', 101) || 'a pr' || repeat(')', 101));
SELECT pg_temp.try(repeat('(', 100) || 'a[b pr]' || repeat(')', 100));
SELECT length(pg_temp.try('a pr' || repeat(' or a pr', 8000))) AS widest;
SET scim.max_filter_nodes = 4;
SELECT pg_temp.try('a pr and b pr and c pr');
SELECT pg_temp.try('(((a pr) and ((b pr))) and (c pr))');
SELECT pg_temp.try('a pr and b pr and c pr and d pr');
SELECT pg_temp.try('not (a[b pr].c pr)');
SELECT pg_temp.try('not (a[b pr and d pr].c pr)');
SET scim.max_filter_depth = 1;
SELECT pg_temp.try('(a pr)'), pg_temp.try('((a pr))');
SELECT pg_temp.try('a[b pr or c pr]'), pg_temp.try('a[b pr or c pr].d pr');
SET scim.max_filter_length = 10;
SELECT pg_temp.try('title pr  '), pg_temp.try('title pr   ');
RESET scim.max_filter_nodes;
RESET scim.max_filter_depth;
RESET scim.max_filter_length;
SET scim.max_filter_nodes = 0;

-- hostile texts are answered at once
SET statement_timeout = '10s';
SELECT pg_temp.try(repeat('(', 60000));
SELECT pg_temp.try(repeat('not(', 16000));
SELECT pg_temp.try(repeat('a[', 30000));
SELECT pg_temp.try(repeat('a', 65536));
SELECT pg_temp.try(repeat('a:', 32000) || 'a.');
SELECT pg_temp.try('a eq "' || repeat('\', 65000));
SELECT left(pg_temp.try('a pr' || repeat(' or a pr', 8000) || ' or'), 100);
SELECT left(pg_temp.try('a pr' || repeat(' and b pr or (c pr', 90) || repeat(')', 90)), 60);
SET scim.max_filter_length = '16MB';
SELECT pg_temp.try('a pr' || repeat(' or a pr', 1000000));
RESET scim.max_filter_length;
RESET statement_timeout;

-- equality: names and URNs in any case, literals exactly
SELECT a::scim.filter = b::scim.filter AS equal, a, b FROM (VALUES
	('userName eq "x"', 'USERNAME EQ "x"'),
	('URN:X:y:Name.Sub pr', 'urn:x:Y:name.sub pr'),
	('userName eq "x"', 'userName eq "X"'),
	('a eq "\u0041"', 'a eq "A"'),
	('a eq 1', 'a eq 1.0'),
	('a eq 1', 'a eq "1"'),
	('a eq true', 'a eq "true"'),
	('a.b pr', 'a:b pr'),
	('a.b pr', 'a pr'),
	('a pr and b pr', 'b pr and a pr'),
	('a pr and b pr', 'a pr or b pr'),
	('a[b pr]', 'a.b pr')
) AS v (a, b);

-- operators, order and hash agree
CREATE TEMP TABLE filters (id serial, f scim.filter);
INSERT INTO filters (f) VALUES
	('userName eq "x"'), ('username eq "x"'), ('userName eq "y"'), ('userName eq "xx"'),
	('userName ne "x"'), ('userName pr'), ('userName eq null'), ('userName eq 1'),
	('a pr and b pr'), ('A pr AND B pr'), ('a pr or b pr'), ('not (a pr)'),
	('a[b pr]'), ('a.b pr'), ('a:b pr'), ('a eq ""'), ('a eq "a"');
SELECT f, count(*) FROM filters GROUP BY f ORDER BY f;
SELECT count(*) AS disagreements FROM filters AS x, filters AS y
WHERE (x.f = y.f) <> (scim_internal.filter_cmp(x.f, y.f) = 0)
	OR (x.f <> y.f) = (x.f = y.f)
	OR (x.f < y.f) <> (scim_internal.filter_cmp(x.f, y.f) < 0)
	OR (x.f <= y.f) <> (scim_internal.filter_cmp(x.f, y.f) <= 0)
	OR (x.f > y.f) <> (scim_internal.filter_cmp(x.f, y.f) > 0)
	OR (x.f >= y.f) <> (scim_internal.filter_cmp(x.f, y.f) >= 0)
	OR sign(scim_internal.filter_cmp(x.f, y.f)) <> -sign(scim_internal.filter_cmp(y.f, x.f))
	OR (x.f = y.f AND scim_internal.filter_hash(x.f) <> scim_internal.filter_hash(y.f))
	OR (x.f = y.f AND scim_internal.filter_hash_extended(x.f, 7) <> scim_internal.filter_hash_extended(y.f, 7))
	OR (x.f <> y.f AND scim_internal.filter_hash(x.f) = scim_internal.filter_hash(y.f));
SELECT count(*) AS not_transitive FROM filters AS x, filters AS y, filters AS z
WHERE x.f <= y.f AND y.f <= z.f AND x.f > z.f;
SELECT count(DISTINCT f) FROM filters;
CREATE INDEX ON filters (f);
CREATE INDEX ON filters USING hash (f);
SET enable_seqscan = off;
SET enable_hashjoin = off;
SET enable_nestloop = off;
SELECT count(*) AS merge_join FROM filters AS x JOIN filters AS y USING (f);
SET enable_mergejoin = off;
SET enable_hashjoin = on;
SELECT count(*) AS hash_join FROM filters AS x JOIN filters AS y USING (f);
SELECT id FROM filters WHERE f = 'USERNAME eq "x"' ORDER BY id;
RESET enable_seqscan;
RESET enable_nestloop;
RESET enable_mergejoin;
RESET enable_hashjoin;

-- stored, compressed and toasted
CREATE TEMP TABLE long_filters (f scim.filter);
INSERT INTO long_filters SELECT 'a eq "' || string_agg(md5(i::text), '') || '"' FROM generate_series(1, 1500) AS i;
INSERT INTO long_filters SELECT 'b eq "' || repeat('x', 50000) || '"';
SELECT length(f::text), f = f::text::scim.filter AS same FROM long_filters ORDER BY f;

-- binary form: a version byte and the text
SELECT scim_internal.filter_send('a  PR'), scim_internal.filter_send('a eq "é"');
\copy (SELECT f FROM filters ORDER BY id) TO 'results/filters.bin' WITH (FORMAT binary)
CREATE TEMP TABLE filters_back (id serial, f scim.filter);
\copy filters_back (f) FROM 'results/filters.bin' WITH (FORMAT binary)
SELECT count(*) AS same FROM filters JOIN filters_back USING (id) WHERE filters.f::text = filters_back.f::text;

-- casts
SELECT ('title' || ' pr')::scim.filter, 'title pr'::scim.filter::text;
INSERT INTO filters (f) SELECT 'assigned' || ' pr' RETURNING f;
