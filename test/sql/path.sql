SET search_path = public, scim; -- for the operators

-- What a text gives: the canonical path, or the error.
CREATE FUNCTION pg_temp.try(path text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	IF path::scim.path::text::scim.path <> path::scim.path THEN
		RETURN 'DOES NOT ROUND TRIP';
	END IF;
	RETURN path::scim.path::text;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;

-- the paths of RFC 7644 section 3.5.2, and those of real clients
SELECT pg_temp.try(p) = p AS canonical, p FROM (VALUES
	('members'),
	('name.familyName'),
	('addresses[type eq "work"]'),
	('members[value eq "2819c223-7f76-453a-919d-413861904646"]'),
	('members[value eq "2819c223-7f76-453a-919d-413861904646"].displayName'),
	('emails[type eq "work" and value ew "example.com"]'),
	('emails[type eq "work"].value'),
	('emails[not (type eq "work")].primary'),
	('members.$ref'),
	('members[$ref eq "x"].$ref'),
	('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'),
	('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager'),
	('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value'),
	('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.manager'),
	('urn:ietf:params:scim:schemas:core:2.0:User:emails[type eq "work"].value'),
	('urn:example:acme:2.0'),
	('not'),
	('pr')
) AS v (p);

-- the canonical form
SELECT p, pg_temp.try(p) FROM (VALUES
	('members[value eq"2819"]'),
	(E' \temails[ type  EQ "work" OR(type eq "home") ].value\n'),
	('roles[primary eq "True"].value'),
	('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.manager[value eq "1"].displayName'),
	('emails[((type eq "work"))]')
) AS v (p);

-- malformed paths are invalidPath, and a bad filter in one is invalidFilter
SELECT p, pg_temp.try(p) FROM (VALUES
	(''),
	('  '),
	('.name'),
	('name.'),
	('name..familyName'),
	('a.b.c'),
	('name familyName'),
	('/name'),
	('na/me'),
	('name.fämily'),
	('1name'),
	('"name"'),
	('name,title'),
	('urn:x:'),
	(':name'),
	('(name)'),
	('name eq "x"'),
	('emails]'),
	('emails[type eq "work"]value'),
	('emails[type eq "work"].'),
	('emails[type eq "work"].value.x'),
	('emails[type eq "work"].value eq "x"'),
	('emails[type eq "work"][value pr]'),
	('emails.value[type eq "work"]'),
	('emails ['),
	('emails['),
	('emails[]'),
	('emails[0]'),
	('emails[type]'),
	('emails[type eq work]'),
	('emails[type eq "work"'),
	('emails[type eq "work")]'),
	('emails[type eq "wörk" xx]'),
	('emails[a[b pr]]'),
	('emails[a pr].b[c pr]')
) AS v (p);
SELECT 'a.b.c'::scim.path;

-- limits
SELECT length(pg_temp.try(repeat('a', 65536))) AS longest;
SELECT pg_temp.try(repeat('a', 65537));
SELECT pg_temp.try('a[' || repeat('(', 101) || 'b pr' || repeat(')', 101) || ']');

-- equality: names and URNs in any case, the literals of a filter exactly
SELECT a::scim.path = b::scim.path AS equal, a, b FROM (VALUES
	('userName', 'USERNAME'),
	('URN:X:Name.First', 'urn:x:name.FIRST'),
	('emails[type eq "work"]', 'EMAILS[TYPE EQ "work"]'),
	('emails[type eq "work"]', 'emails[type eq "Work"]'),
	('emails[type eq "work"]', 'emails'),
	('emails[type eq "work"].value', 'emails[type eq "work"]'),
	('emails.value', 'emails'),
	('a:b', 'b')
) AS v (a, b);

-- operators, order and hash agree
CREATE TEMP TABLE paths (id serial, p scim.path);
INSERT INTO paths (p) VALUES
	('userName'), ('USERNAME'), ('name'), ('name.givenName'), ('urn:x:name'), ('urn:y:name'),
	('emails[type eq "work"]'), ('emails[type eq "work"].value'), ('EMAILS[type eq "work"]'),
	('emails[type eq "home"]'), ('emails'), ('emails.value');
SELECT p, count(*) FROM paths GROUP BY p ORDER BY p;
SELECT count(*) AS disagreements FROM paths AS x, paths AS y
WHERE (x.p = y.p) <> (scim_internal.path_cmp(x.p, y.p) = 0)
	OR (x.p <> y.p) = (x.p = y.p)
	OR (x.p < y.p) <> (scim_internal.path_cmp(x.p, y.p) < 0)
	OR (x.p <= y.p) <> (scim_internal.path_cmp(x.p, y.p) <= 0)
	OR (x.p > y.p) <> (scim_internal.path_cmp(x.p, y.p) > 0)
	OR (x.p >= y.p) <> (scim_internal.path_cmp(x.p, y.p) >= 0)
	OR sign(scim_internal.path_cmp(x.p, y.p)) <> -sign(scim_internal.path_cmp(y.p, x.p))
	OR (x.p = y.p AND scim_internal.path_hash(x.p) <> scim_internal.path_hash(y.p))
	OR (x.p = y.p AND scim_internal.path_hash_extended(x.p, 7) <> scim_internal.path_hash_extended(y.p, 7))
	OR (x.p <> y.p AND scim_internal.path_hash(x.p) = scim_internal.path_hash(y.p));
CREATE INDEX ON paths (p);
CREATE INDEX ON paths USING hash (p);
SET enable_seqscan = off;
SELECT id FROM paths WHERE p = 'emails[TYPE eq "work"]' ORDER BY id;
RESET enable_seqscan;

-- binary form: a version byte and the text
SELECT scim_internal.path_send('a[b  PR].c');
\copy (SELECT p FROM paths ORDER BY id) TO 'results/paths.bin' WITH (FORMAT binary)
CREATE TEMP TABLE paths_back (id serial, p scim.path);
\copy paths_back (p) FROM 'results/paths.bin' WITH (FORMAT binary)
SELECT count(*) AS same FROM paths JOIN paths_back USING (id) WHERE paths.p::text = paths_back.p::text;

-- stored and toasted
CREATE TEMP TABLE long_paths (p scim.path);
INSERT INTO long_paths SELECT 'a[b eq "' || string_agg(md5(i::text), '') || '"].c' FROM generate_series(1, 1500) AS i;
SELECT length(p::text), p = p::text::scim.path AS same FROM long_paths;
