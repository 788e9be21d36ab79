-- One user with something of every kind, and the filters it matches.
CREATE TEMP TABLE users (document jsonb);
INSERT INTO users VALUES ('{
	"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User",
	            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
	"id": "2819c223-7f76-453a-919d-413861904646",
	"externalId": "BJensen",
	"userName": "bJensen",
	"name": {"familyName": "O''Malley", "givenName": "Bärbel", "formatted": ""},
	"displayName": "Straße 日本",
	"title": "Tour Guide",
	"userType": "Employee",
	"nickName": null,
	"active": true,
	"profileUrl": "https://Login.example.com/bjensen",
	"emails": [{"value": "Bjensen@Example.com", "type": "work", "primary": true},
	           {"value": "babs@jensen.org", "type": "home"}],
	"ims": [{"value": "x@foo.com", "type": "xmpp"}],
	"photos": [],
	"x509Certificates": [{"value": "MIIDQzCC"}],
	"meta": {"resourceType": "User", "created": "2010-01-23T04:56:22Z",
	         "lastModified": "2011-05-13T06:42:34.125+02:00", "version": "W/\"a330bc54f0671c9\""},
	"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
		"employeeNumber": "701984", "department": "Tour Operations",
		"manager": {"value": "26118915-6090-4610-87e4-49d8ca9f808d", "displayName": "John Smith"}},
	"unknown": {"number": 42.50, "text": "Éclair", "flag": false, "list": ["a", "B", 7], "empty": {"a": [null, "", {}]}}
}');

-- Every filter with its answer.
CREATE FUNCTION pg_temp.answer(filter text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN (SELECT scim.matches(document, filter::scim.filter) FROM users);
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;

-- RFC 7644 figure 2
SELECT pg_temp.answer(f), f FROM (VALUES
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
	('userType eq "Employee" and (emails.type eq "work")'),
	('userType eq "Employee" and emails[type eq "work" and value co "@example.com"]'),
	('emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]')
) AS v (f);

-- strings, in any case
SELECT pg_temp.answer(f), f FROM (VALUES
	('userName eq "BJENSEN"'), ('USERNAME EQ "bjensen"'), ('userName eq "bjense"'),
	('userName ne "bjensen"'), ('userName ne "x"'),
	('userName co "JEN"'), ('userName co "jenx"'), ('userName co "bjensen"'), ('userName co "bjensenx"'),
	('userName sw "BJ"'), ('userName sw "j"'), ('userName ew "SEN"'), ('userName ew "se"'), ('userName ew "xbjensen"'),
	('userName gt "bjensem"'), ('userName gt "BJENSEN"'), ('userName ge "BJENSEN"'),
	('userName lt "bjenseo"'), ('userName lt "bjensen0"'), ('userName lt "bjensen"'), ('userName le "bjensen"'),
	('name.givenName eq "BÄRBEL"'), ('name.givenName eq "B\u00c4rbel"'), ('name.givenName co "ÄRB"'),
	('displayName eq "STRASSE 日本"'), ('displayName ew "日本"'), ('displayName sw "strass"'), ('displayName co "ẞ"')
) AS v (f);

-- strings, exactly
SELECT pg_temp.answer(f), f FROM (VALUES
	('externalId eq "BJensen"'), ('externalId eq "bjensen"'), ('externalId ne "bjensen"'),
	('externalId co "Jens"'), ('externalId co "jens"'), ('externalId sw "BJ"'), ('externalId sw "bj"'),
	('externalId ew "sen"'), ('externalId ew "SEN"'), ('externalId lt "a"'), ('externalId gt "BJ"'),
	('id eq "2819c223-7f76-453a-919d-413861904646"'), ('id eq "2819C223-7f76-453a-919d-413861904646"'),
	('meta.resourceType eq "User"'), ('meta.resourceType eq "user"'), ('meta.version eq "W/\"a330bc54f0671c9\""')
) AS v (f);

-- references and binary values, exactly
SELECT pg_temp.answer(f), f FROM (VALUES
	('profileUrl eq "https://Login.example.com/bjensen"'), ('profileUrl eq "https://login.example.com/bjensen"'),
	('profileUrl sw "https://L"'), ('profileUrl gt "https://"'),
	('x509Certificates.value eq "MIIDQzCC"'), ('x509Certificates.value eq "miidqzcc"'), ('x509Certificates eq "MIIDQzCC"'),
	('x509Certificates.value sw "MII"'), ('x509Certificates.value gt "A"'), ('x509Certificates.value le "A"')
) AS v (f);

-- booleans
SELECT pg_temp.answer(f), f FROM (VALUES
	('active eq true'), ('active eq false'), ('active ne true'), ('active ne false'),
	('active eq "True"'), ('active eq "FALSE"'), ('active ne "true"'), ('active pr'),
	('active eq "yes"'), ('active eq 1'), ('active gt "true"'), ('active co "true"'), ('active sw "t"'),
	('emails.primary eq true'), ('emails[primary eq "True"].value eq "bjensen@example.com"')
) AS v (f);

-- dateTime: instants, whatever the offset; text for co, sw and ew
SELECT pg_temp.answer(f), f FROM (VALUES
	('meta.created eq "2010-01-23T04:56:22Z"'), ('meta.created eq "2010-01-23t05:56:22.000+01:00"'),
	('meta.created eq "2010-01-23T04:56:22"'), ('meta.created ne "2010-01-22T23:56:22-05:00"'),
	('meta.lastModified eq "2011-05-13T04:42:34.1250000Z"'), ('meta.lastModified gt "2011-05-13T04:42:34.1249999Z"'),
	('meta.lastModified lt "2011-05-13T04:42:34.1250001Z"'), ('meta.lastModified le "2011-05-12T18:42:34.125-10:00"'),
	('meta.created sw "2010-01-23T"'), ('meta.created co "04:56"'), ('meta.created ew "z"'),
	('meta.created eq "2010-01-23"'), ('meta.created gt "2010-02-30T00:00:00Z"'), ('meta.created gt 2010'),
	('meta.created gt "yesterday"')
) AS v (f);

-- dateTime: the same instant, another one, or no dateTime at all
CREATE FUNCTION pg_temp.same_instant(a text, b text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN scim.matches(jsonb_build_object('meta', jsonb_build_object('created', a)),
	                    format('meta.created eq %s', to_json(b))::scim.filter);
EXCEPTION WHEN SQLSTATE 'SCFIL' THEN
	RETURN 'not a dateTime';
END $$;
SELECT pg_temp.same_instant(a, b), a, b FROM (VALUES
	('2012-02-29T12:00:00Z', '2012-02-29t12:00:00z'),
	('2012-12-31T24:00:00Z', '2013-01-01T00:00:00Z'),
	('2016-12-31T23:59:60Z', '2017-01-01T00:00:00Z'),
	('2012-01-01T00:00:00+14:00', '2011-12-31T10:00:00-00:00'),
	('2012-01-01T00:30:00+05:30', '2011-12-31T19:00:00Z'),
	('0001-01-01T00:00:00Z', '0001-01-01T00:00:00.0Z'),
	('9999-12-31T24:00:00Z', '10000-01-01T00:00:00Z'),
	('2012-01-01T00:00:00.123456789Z', '2012-01-01T00:00:00.1234567890123Z'),
	('2012-01-01T00:00:00.123456789Z', '2012-01-01T00:00:00.12345678Z'),
	('2000-02-29T00:00:00Z', '2000-03-01T00:00:00Z'),
	('2000-02-29T00:00:00Z', '1900-02-29T00:00:00Z'),
	('', '2011-02-29T00:00:00Z'), ('', '2011-04-31T00:00:00Z'), ('', '2011-13-01T00:00:00Z'), ('', '2011-00-01T00:00:00Z'),
	('', '2011-01-00T00:00:00Z'), ('', '2011-01-01T24:00:01Z'), ('', '2011-01-01T25:00:00Z'), ('', '2011-01-01T00:60:00Z'),
	('', '2011-01-01T00:00:61Z'), ('', '2011-01-01T00:00:00.Z'), ('', '2011-01-01T00:00:00+14:01'), ('', '2011-01-01T00:00:00+0100'),
	('', '2011-01-01T00:00:00+01'), ('', '2011-01-01T00:00:00 Z'), ('', '2011-01-01 00:00:00Z'), ('', '2011-01-01T00:00Z'),
	('', '2011-1-1T00:00:00Z'), ('', '0000-01-01T00:00:00Z'), ('', '-0001-01-01T00:00:00Z'), ('', '02011-01-01T00:00:00Z'),
	('', '211-01-01T00:00:00Z'), ('', '2011-01-01T00:00:00ZZ'), ('', '2011-01-01'), ('', 'T'), ('', '12345678901-01-01T00:00:00Z')
) AS v (a, b);

-- attributes that no schema knows: by the kind of the literal
SELECT pg_temp.answer(f), f FROM (VALUES
	('unknown.number eq 42.5'), ('unknown.number eq 4.25e1'), ('unknown.number ne 42.5'), ('unknown.number gt 42'),
	('unknown.number ge 42.50'), ('unknown.number lt 100'), ('unknown.number le 9'), ('unknown.number eq "42.5"'),
	('unknown.number co 4'), ('unknown.number gt 1e99999'),
	('unknown.text eq "ÉCLAIR"'), ('unknown.text gt "e"'), ('unknown.text eq 1'), ('unknown.text ne 1'),
	('unknown.flag eq false'), ('unknown.flag eq true'), ('unknown.flag ne true'), ('unknown.flag eq "false"'), ('unknown.flag pr'),
	('unknown.list eq "b"'), ('unknown.list eq 7'), ('unknown.list eq 8'), ('unknown.list[value eq "A"]'),
	('unknown.list[value eq "a" and value eq 7]'), ('unknown.list eq "a" and unknown.list eq 7'),
	('unknown pr'), ('unknown.empty pr'), ('unknown eq "x"'), ('unknown ne "x"'), ('nothing eq "x"'), ('nothing ne "x"'), ('nothing pr')
) AS v (f);

-- a number that a string holds is compared as text only
SELECT pg_temp.answer(f), f FROM (VALUES
	('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber eq "701984"'),
	('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber gt "8"'),
	('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber eq 701984'),
	('userName eq true'), ('userName gt 5')
) AS v (f);

-- unassigned: null, "", [], {} and absent are the same
SELECT pg_temp.answer(f), f FROM (VALUES
	('nickName pr'), ('nickName eq null'), ('nickName ne null'), ('nickName eq ""'), ('nickName ne ""'),
	('nickName eq "x"'), ('nickName ne "x"'), ('nickName co ""'), ('nickName sw ""'), ('nickName gt ""'), ('nickName lt "x"'),
	('name.formatted pr'), ('name.formatted eq null'), ('name.formatted ne "x"'), ('name.formatted le ""'),
	('photos pr'), ('photos eq null'), ('photos.value pr'), ('photos[value pr]'), ('photos.value ne "x"'),
	('title pr'), ('title eq null'), ('title ne null'), ('title eq ""'), ('title ne ""'), ('title co ""'), ('title sw ""'), ('title ew ""'), ('title gt ""'),
	('name pr'), ('name eq null'), ('name ne null'), ('emails pr'), ('emails eq null'), ('emails ne null'), ('emails eq ""'), ('emails ne ""'),
	('active eq null'), ('active eq ""'), ('meta.created eq ""'), ('meta.created co ""')
) AS v (f);

-- two-valued logic
SELECT pg_temp.answer(f), f FROM (VALUES
	('not (nickName eq "x")'), ('not (nickName ne "x")'), ('not (nickName pr)'), ('not (not (title pr))'),
	('not (title pr and nickName pr)'), ('not (title pr or nickName pr)'),
	('title pr or nickName pr and userType pr'), ('(title pr or nickName pr) and nickName pr'),
	('nickName pr and title pr or userType pr'), ('nickName pr and (title pr or userType pr)'),
	('not (nickName pr) and title pr'), ('not (nickName gt "a") and not (nickName le "a")')
) AS v (f);

-- multi-valued attributes: any value; ne and not eq differ; [...] binds to one value
SELECT pg_temp.answer(f), f FROM (VALUES
	('emails.type eq "work"'), ('emails.type ne "work"'), ('not (emails.type eq "work")'), ('emails.type ne "other"'),
	('ims.type ne "xmpp"'), ('emails eq "BABS@jensen.org"'), ('emails co "jensen.org"'), ('emails.value ew ".com"'),
	('emails.type eq "work" and emails.value co "jensen.org"'), ('emails[type eq "work" and value co "jensen.org"]'),
	('emails[type eq "home" and value co "jensen.org"]'), ('emails[type eq "home"].value co "jensen.org"'),
	('emails[type eq "work"].value co "jensen.org"'), ('emails[type eq "work" or type eq "home"].value co "example"'),
	('emails[not (type eq "work")]'), ('not (emails[type eq "work"])'), ('not (emails[type eq "other"])'),
	('emails[primary pr]'), ('emails[not (primary pr)]'), ('emails[type pr and not (primary eq true) and value sw "babs"]'),
	('emails[primary ne true]'), ('addresses[type ne "work"]'), ('not (addresses[type eq "work"])'),
	('schemas[value sw "urn:ietf:params:scim:schemas:core"]'), ('schemas sw "urn:ietf:params:scim:schemas:core"'), ('schemas ne "x"'),
	('name[familyName sw "O"]'), ('name[familyName sw "O" and givenName eq "x"]'),
	('emails[unknown eq "x"]'), ('emails[value eq 5]')
) AS v (f);

-- URNs, with dots and colons in them, in any case
SELECT pg_temp.answer(f), f FROM (VALUES
	('urn:ietf:params:scim:schemas:core:2.0:User:name.familyName sw "o"'),
	('URN:IETF:params:scim:schemas:core:2.0:user:USERNAME eq "bjensen"'),
	('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "tour operations"'),
	('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName sw "john"'),
	('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager eq "26118915-6090-4610-87e4-49d8ca9f808d"'),
	('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager[displayName co "smith"]'),
	('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User pr'),
	('urn:ietf:params:scim:schemas:core:2.0:User:emails[type eq "work"].value sw "bjensen"')
) AS v (f);

-- complex attributes have no value of their own
SELECT pg_temp.answer(f), f FROM (VALUES
	('name eq "x"'), ('name co "x"'), ('name gt "x"'), ('meta ne "x"')
) AS v (f);

-- groups: the RFC's own filter without a space before the quote
SELECT scim.matches('{"displayName": "Tour Guides", "members": [{"value": "2819", "type": "User"}, {"value": "902c"}]}', f::scim.filter), f
FROM (VALUES
	('members[value eq"2819"]'), ('members eq "902c"'), ('members eq "902C"'), ('members[value eq "902c" and type eq "User"]'),
	('members.value ne "2819"'), ('displayName sw "tour"')
) AS v (f);

-- documents that are not canonical: other case of keys, one value instead of a list, lists in lists
SELECT scim.matches(d::jsonb, f::scim.filter), d, f FROM (VALUES
	('{"USERNAME": "x"}', 'userName eq "x"'),
	('{"username": "y", "userName": "x"}', 'userName eq "x"'),
	('{"usernamE": "x", "username_": "y"}', 'userName eq "X"'),
	('{"Name": {"FAMILYname": "x"}}', 'name.familyName eq "x"'),
	('{"URN:ietf:params:scim:schemas:extension:enterprise:2.0:user": {"Department": "x"}}',
	 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "x"'),
	('{"emails": {"value": "x"}}', 'emails[value eq "x"]'),
	('{"emails": {"value": "x"}}', 'emails eq "x"'),
	('{"emails": [[{"value": "x"}]]}', 'emails.value eq "x"'),
	('{"emails": ["x"]}', 'emails.value eq "x"'),
	('{"name": [{"familyName": "y"}, {"familyName": "x"}]}', 'name.familyName eq "x"')
) AS v (d, f);

-- stored values of another type never match and never raise
SELECT scim.matches(d::jsonb, f::scim.filter), d, f FROM (VALUES
	('{"userName": 5}', 'userName eq "5"'), ('{"userName": 5}', 'userName ne "5"'), ('{"userName": true}', 'userName gt ""'),
	('{"userName": {"a": "x"}}', 'userName eq "x"'), ('{"userName": {"a": "x"}}', 'userName pr'), ('{"userName": ["x", "y"]}', 'userName eq "y"'),
	('{"active": "true"}', 'active eq true'), ('{"active": "true"}', 'active ne true'), ('{"active": 1}', 'active eq true'),
	('{"name": "x"}', 'name.familyName eq "x"'), ('{"name": "x"}', 'name.familyName ne "x"'), ('{"name": "x"}', 'name pr'),
	('{"meta": {"created": "yesterday"}}', 'meta.created lt "2011-05-13T04:42:34Z"'),
	('{"meta": {"created": "yesterday"}}', 'meta.created ne "2011-05-13T04:42:34Z"'),
	('{"meta": {"created": 5}}', 'meta.created gt "0001-01-01T00:00:00Z"'),
	('{"emails": "x"}', 'emails.value eq "x"'), ('{"emails": [null, 5, {}, {"value": null}]}', 'emails.value pr'),
	('{"emails": [null, 5, {}, {"value": null}]}', 'emails pr'), ('{"emails": [null, "", [], {}]}', 'emails[not (type eq "x")]'),
	('[{"userName": "x"}]', 'userName eq "x"'), ('"x"', 'userName eq "x"'), ('{}', 'userName ne "x"')
) AS v (d, f);

-- long values, and folding that changes the length
SELECT scim.matches(jsonb_build_object('userName', repeat('Ab', 5000) || 'ẞ'), ('userName eq "' || repeat('aB', 5000) || 'SS"')::scim.filter) AS eq,
       scim.matches(jsonb_build_object('userName', repeat('Ab', 5000) || 'ẞ'), 'userName ew "bss"') AS ew,
       scim.matches(jsonb_build_object('userName', repeat('Ab', 5000) || 'X'), 'userName co "bx"') AS co;

-- terms side by side about one attribute mean what each means
SELECT f, array_agg(scim.matches(d::jsonb, f::scim.filter) ORDER BY n) FROM unnest(ARRAY[
	'{"emails": [{"value": "Ab", "type": "work"}, {"value": "c"}], "title": "Éa", "externalId": "Ab"}', '{"emails": ["x", "zab"], "title": "b"}', '{"emails": [5, null, {"value": ""}], "title": 7}', '{}'
]) WITH ORDINALITY AS v (d, n), unnest(ARRAY[
	'emails.value eq "q" or emails.value eq "ab" or emails.value eq "abc"', 'emails.value eq "q" or emails.value ew "AB"', 'not (emails.value eq "q") and not (emails.value co "B")',
	'not (emails.value eq "C") and not (emails.value eq "x") and title pr', 'emails.value eq "x" or emails.value ne "x"', 'emails.value eq "q" or emails.value eq "" or emails.value eq "q"',
	'emails[value eq "q" or value eq "c"]', 'emails[not (value eq "ab") and not (value eq "x")]', 'emails[type eq "q" or type eq "work" or value eq "x"]', 'emails eq "q" or emails eq "x"',
	'title eq "q" or title eq "éA" or title lt "c"', 'title eq "q" or title sw "É" or emails.value eq "x" or emails.value eq "y"', 'externalId eq "ab" or externalId eq "AB" or externalId co "aB"',
	'externalId eq "ab" or externalId eq "Ab"', 'not (title eq "b") and not (title eq "éa") and not (not (title eq "q"))', 'title gt "b" or title le "a"'
]) WITH ORDINALITY AS g (f, m) GROUP BY f, m ORDER BY m;

-- compared with a text a complex attribute is its "value", an empty text included; null asks for all of it
SELECT f, array_agg(scim.matches(d::jsonb, f::scim.filter) ORDER BY n) FROM unnest(ARRAY[
	'{"emails": [{"type": "work"}]}', '{"emails": [{"value": "a@x"}, {"type": "work"}]}', '{"emails": []}'
]) WITH ORDINALITY AS v (d, n), unnest(ARRAY[
	'emails pr', 'emails eq null', 'emails ne null', 'emails eq ""', 'emails.value eq ""', 'emails ne ""', 'emails sw ""', 'emails.value pr'
]) WITH ORDINALITY AS g (f, m) GROUP BY f, m ORDER BY m;

-- many values, wide and deep filters
SELECT scim.matches(jsonb_build_object('emails', jsonb_agg(jsonb_build_object('value', 'U' || i, 'type', 'work'))),
                    'emails[value eq "u10000"] and not (emails.value eq "u10001")')
FROM generate_series(1, 10000) AS i;
SELECT scim.matches('{"userName": "a2500"}', string_agg(format('userName eq "A%s"', i), ' or ')::scim.filter)
FROM generate_series(1, 2500) AS i;
SELECT scim.matches('{"userName": "a"}', (repeat('not (', 100) || 'userName eq "A"' || repeat(')', 100))::scim.filter) AS even,
       scim.matches('{"userName": "a"}', (repeat('not (', 99) || 'userName eq "A"' || repeat(')', 99))::scim.filter) AS odd;
