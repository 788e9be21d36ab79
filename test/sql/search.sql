-- Lists: filter, sort and page (RFC 7644 section 3.4.2) over a small store.
SELECT scim.create_store('searching');
SET scim.store = 'searching';
SET scim.base_url = 'https://example.com/v2';

SELECT count(scim.create_resource('User', resource)) AS users FROM jsonb_array_elements($$[
  {"userName": "bjensen", "externalId": "701984", "name": {"familyName": "Jensen", "givenName": "Barbara"},
   "displayName": "Babs", "title": "Tour Guide", "userType": "Employee", "active": true,
   "emails": [{"value": "bjensen@example.com", "type": "work", "primary": true},
              {"value": "babs@jensen.org", "type": "home", "display": "Home of Babs"}],
   "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":
     {"employeeNumber": "10", "department": "Tours", "manager": {"value": "26118915-6090-4610-87e4-49d8ca9f808d"}}},
  {"userName": "JSmith", "externalId": "a", "name": {"familyName": "O'Malley"}, "userType": "Employee", "active": false,
   "emails": [{"value": "jim@EXAMPLE.org", "type": "home"}, {"value": "jim@work.test", "type": "work"}],
   "ims": [{"value": "someone@Foo.com", "type": "xmpp"}]},
  {"userName": "jane", "externalId": "A", "name": {"familyName": "äbel"}, "title": "Intern", "userType": "Intern",
   "emails": [{"value": "jane@example.com", "type": "home", "primary": true}], "x509Certificates": [{"value": "AQID"}],
   "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "9"}},
  {"userName": "zoë", "roles": ["publisher", {"value": "editor", "primary": true}],
   "addresses": [{"type": "work", "locality": "Zürich"}], "timezone": "America/Denver"},
  {"userName": "empty"}]$$) WITH ORDINALITY t (resource, n);

CREATE FUNCTION pg_temp.user_id(name text) RETURNS text LANGUAGE sql AS
$$ SELECT id::text FROM searching.users WHERE user_name = name $$;
SELECT count(scim.create_resource('Group', resource)) AS groups FROM (VALUES
  (jsonb_build_object('displayName', 'Guides', 'members', jsonb_build_array(
     jsonb_build_object('value', pg_temp.user_id('bjensen')), jsonb_build_object('value', pg_temp.user_id('jane'))))),
  (jsonb '{"displayName": "Nobody"}'),
  (jsonb '{"displayName": "Strangers", "members": [{"value": "stranger", "type": "User"}]}')) t (resource);
SELECT scim.create_resource('Group', jsonb_build_object('displayName', 'All', 'members', jsonb_build_array(
     jsonb_build_object('value', id), jsonb_build_object('value', pg_temp.user_id('JSmith'))))) IS NOT NULL AS nested
FROM searching.groups WHERE display_name = 'Guides';

-- Names by a filter, three ways: the search, an SQL predicate over the table, and
-- each resource in memory. All have to agree; an error has to be the same one.
CREATE FUNCTION pg_temp.by_search(kind text, filter text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE list jsonb;
BEGIN
    list := scim.search(kind, filter, count => 100);
    IF (list ->> 'totalResults')::int <> jsonb_array_length(list -> 'Resources') THEN
        RAISE 'totalResults is wrong';
    END IF;
    RETURN (SELECT string_agg(coalesce(r ->> 'label', r ->> 'userName', r ->> 'displayName'), ' ' ORDER BY n)
            FROM jsonb_array_elements(list -> 'Resources') WITH ORDINALITY t (r, n));
EXCEPTION WHEN SQLSTATE 'SCFIL' THEN
    RETURN 'SCFIL: ' || sqlerrm;
END $$;
CREATE FUNCTION pg_temp.by_predicate(kind text, filter text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text;
BEGIN
    EXECUTE format('SELECT string_agg(coalesce(data ->> ''label'', user_name, display_name), '' '' ORDER BY id) FROM searching.resource
                    WHERE deleted_at IS NULL AND resource_type = %L AND %s', kind, scim.to_sql(filter::scim.filter, kind))
    INTO result;
    RETURN result;
EXCEPTION WHEN SQLSTATE 'SCFIL' THEN
    RETURN 'SCFIL: ' || sqlerrm;
END $$;
CREATE FUNCTION pg_temp.in_memory(kind text, filter text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT string_agg(coalesce(data ->> 'label', user_name, display_name), ' ' ORDER BY id) FROM searching.resource r
            WHERE deleted_at IS NULL AND resource_type = kind
              AND scim.matches(scim.resource_json(r), filter::scim.filter, kind));
EXCEPTION WHEN SQLSTATE 'SCFIL' THEN
    RETURN 'SCFIL: ' || sqlerrm;
END $$;
CREATE FUNCTION pg_temp.found(kind text, filter text, OUT names text, OUT differs text) LANGUAGE plpgsql AS $$
DECLARE other text;
BEGIN
    names := pg_temp.by_search(kind, filter);
    FOR i IN 0..1 LOOP
        PERFORM set_config('enable_seqscan', CASE i WHEN 0 THEN 'on' ELSE 'off' END, true);
        IF pg_temp.by_search(kind, filter) IS DISTINCT FROM names THEN differs := 'index scan'; END IF;
        other := pg_temp.by_predicate(kind, filter);
        IF other IS DISTINCT FROM names THEN differs := 'predicate: ' || coalesce(other, '(none)'); END IF;
        other := pg_temp.in_memory(kind, filter);
        IF other IS DISTINCT FROM names THEN differs := 'memory: ' || coalesce(other, '(none)'); END IF;
    END LOOP;
    PERFORM set_config('enable_seqscan', 'on', true);
END $$;

-- The example filters of RFC 7644, figure 2
\pset format unaligned
\pset null '-'
SELECT filter, f.* FROM unnest(ARRAY[
    'userName eq "bjensen"', 'name.familyName co "O''Malley"', 'userName sw "J"',
    'urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"', 'title pr',
    'meta.lastModified gt "2011-05-13T04:42:34Z"', 'meta.lastModified ge "2011-05-13T04:42:34Z"',
    'meta.lastModified lt "2011-05-13T04:42:34Z"', 'meta.lastModified le "2011-05-13T04:42:34Z"',
    'title pr and userType eq "Employee"', 'title pr or userType eq "Intern"',
    'schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"',
    'userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")',
    'userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")',
    'userType eq "Employee" and (emails.type eq "work")',
    'userType eq "Employee" and emails[type eq "work" and value co "@example.com"]',
    'emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]'])
    WITH ORDINALITY t (filter, n), pg_temp.found('User', filter) f ORDER BY n;

-- Every operator on columns and on the document: absent values, letter case, the empty string, null
SELECT filter, f.* FROM unnest(ARRAY['userName', 'externalId', 'displayName', 'title', 'name.familyName', 'emails',
        'emails.display', 'roles.value', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber'])
    WITH ORDINALITY a (attribute, k),
    unnest(ARRAY['pr', 'eq null', 'ne null', 'eq ""', 'ne ""', 'co ""', 'sw ""', 'ew ""', 'gt ""', 'ge ""', 'lt ""', 'le ""',
        'eq "A"', 'ne "A"', 'gt "b"', 'ge "babs"', 'lt "BABS"', 'le "babs"', 'co "E"', 'sw "J"', 'ew "E"']) WITH ORDINALITY o (test, n),
    LATERAL (VALUES (attribute || ' ' || test)) v (filter), pg_temp.found('User', filter) f ORDER BY k, n;
SELECT filter, f.* FROM unnest(ARRAY['active', 'active pr', 'active eq true', 'active eq false', 'active ne true', 'active ne false',
    'active eq "False"', 'not (active eq true)', 'active eq null', 'active gt true', 'active co "t"', 'active eq 1',
    'meta.resourceType eq "User"', 'meta.resourceType eq "user"', 'meta.resourceType ne "User"', 'meta.version eq "W/\"1\""',
    'meta.version gt "W/"', 'meta.created pr', 'meta.created eq null', 'meta.created co "T"', 'meta.created co "t"', 'meta.created sw "20"', 'meta.created ew "z"',
    'meta.location sw "https://example.com/v2/Users/"', 'meta.location sw "https://example.com/v2/users/"', 'meta.location pr', 'meta pr', 'meta eq "x"',
    'meta.created gt "2011-05-13T04:42:34.1234567+02:00"', 'meta.created eq "yesterday"', 'meta.created lt ""',
    'id pr', 'id eq null', 'id eq ""', 'id eq "x"', 'id ne "x"', 'id gt ""', 'id lt ""', 'id co "-7"', 'id gt "Z"',
    'x509Certificates.value eq "AQID"', 'x509Certificates.value eq "aqid"', 'x509Certificates.value gt "A"',
    'not (title pr)', 'not (userName co "e") and not (emails pr)', 'userName eq "jane" or not (userName pr)',
    'active eq true and userName co "e" and emails.type eq "home" and title co "u"',
    'groups pr or title eq "nope" or userName eq "empty"', 'addresses pr', 'addresses eq "x"', 'addresses.locality eq "zÜrich"', 'userName eq "ZOË"',
    'emails[type eq "home" and not (primary eq true)]', 'emails[display ne "Home of Babs"]', 'emails.display ne "Home of Babs"',
    'emails[type eq "work"].value eq "BJENSEN@example.com"', 'roles eq "editor"', 'roles[primary eq "True"].value pr',
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User pr', 'manager eq "26118915-6090-4610-87e4-49d8ca9f808d"',
    'URN:ietf:params:scim:schemas:extension:ENTERPRISE:2.0:user:Department eq "tours"', 'employeeNumber gt "5"',
    'nope pr', 'name.nope pr', 'emails[nope pr]', 'userName xx "a"', 'userName eq "a" )', 'password pr', 'name eq "x"', 'userName eq 1', 'userName eq true'])
    WITH ORDINALITY t (filter, n), pg_temp.found('User', filter) f ORDER BY n;
SELECT pattern, f.* FROM unnest(ARRAY['id eq "%s"', 'id ne "%s"', 'not (id eq "%s")', 'id ge "%s"', 'id sw "%s"', 'meta.location ew "%s"'])
    WITH ORDINALITY t (pattern, n), pg_temp.found('User', format(pattern, pg_temp.user_id('jane'))) f ORDER BY n;
-- ids are caseExact
SELECT f.* FROM pg_temp.found('User', format('id eq "%s"', upper(pg_temp.user_id('jane')))) f;
-- and by its own instant, to the microsecond and below
SELECT test, f.* FROM (SELECT user_name, to_char(created AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') AS at
                       FROM searching.users WHERE user_name = 'empty') u,
    unnest(ARRAY['eq "%sZ"', 'ne "%sZ"', 'le "%sZ"', 'gt "%sZ"', 'eq "%s1Z"', 'lt "%s1Z"', 'ge "%s1Z"']) WITH ORDINALITY t (test, n),
    pg_temp.found('User', format('meta.created ' || test, at) || ' and userName eq "empty"') f ORDER BY n;

-- Members and groups, which are rows
SELECT filter, f.* FROM unnest(ARRAY['members pr', 'members eq null', 'not (members pr)', 'members.value eq "stranger"',
    'members eq "stranger"', 'members.value ne "stranger"', 'members.value co "TRANGE"', 'members.type eq "User"', 'members.type eq "group"', 'members.type ne "User"',
    'members[type eq "User"]', 'members[type eq "Group"]', 'members[not (type eq "User")]', 'not (members[type eq "User"])', 'members.display eq "babs"',
    'members.display pr', 'members.display eq null', 'members.display ne null', 'members.display ne "Babs"', 'not (members.display eq "Babs")',
    'members[display eq "Babs" and type eq "User"]', 'members[display eq "Babs" and type eq "Group"]', 'members[display eq null]', 'members[display ne "Babs"]',
    'members.$ref sw "https://example.com/v2/Users/"', 'members.$ref pr', 'members.$ref ne "x"', 'members[value eq "stranger"].type eq "User"',
    'displayName eq "all" and members pr', 'displayName eq "nobody" or members.type eq "Group"', 'members.nope eq "x"', 'members[nope eq "x"]', 'members gt ""', 'members lt ""'])
    WITH ORDINALITY t (filter, n), pg_temp.found('Group', filter) f ORDER BY n;
SELECT pattern, f.* FROM unnest(ARRAY['members eq "%s"', 'members.value eq "%s"', 'members[value eq "%s"]', 'members ne "%s"', 'not (members eq "%s")',
        'members.value sw "%s"', 'members[value eq "%s" and type eq "User"]', 'members[value eq "%s" and type eq "Group"]'])
    WITH ORDINALITY t (pattern, n), pg_temp.found('Group', format(pattern, pg_temp.user_id('jane'))) f ORDER BY n;
SELECT filter, f.* FROM unnest(ARRAY['groups pr', 'not (groups pr)', 'groups eq null', 'groups.display eq "guides"', 'groups.display eq "ALL"',
    'groups.display ne "All"', 'not (groups.display eq "Guides")', 'groups.display co "l"', 'groups[display sw "g"]', 'groups.value pr', 'groups.$ref pr',
    'groups[display eq "All" and value pr] and not (groups.display eq "Guides")', 'groups eq "x"', 'groups ne "x"', 'groups.nope eq "x"'])
    WITH ORDINALITY t (filter, n), pg_temp.found('User', filter) f ORDER BY n;
SELECT g.display_name, pattern, f.* FROM searching.groups g,
    unnest(ARRAY['groups eq "%s"', 'groups.value eq "%s"', 'groups.value ne "%s"', 'groups[value eq "%s"]', 'not (groups.value eq "%s")', 'groups.$ref ew "%s"'])
    WITH ORDINALITY t (pattern, n), pg_temp.found('User', format(pattern, g.id)) f WHERE display_name IN ('Guides', 'All') ORDER BY 1, n;
-- of groups that are out of sight nothing is left, though their members are kept
UPDATE searching.policy SET settings = '{"mode": "retain"}' WHERE resource_type = 'Group' AND kind = 'delete';
SELECT scim.delete_resource('Group', id::text), count(*) OVER () FROM searching.groups WHERE display_name IN ('All', 'Guides');
SELECT count(*) AS kept FROM searching.member JOIN searching.groups g ON g.id = group_id WHERE display_name = 'Guides';
SELECT filter, f.* FROM unnest(ARRAY['groups pr', 'groups eq null', 'groups.display eq "Guides"', 'groups.value ne "x"'])
    WITH ORDINALITY t (filter, n), pg_temp.found('User', filter) f ORDER BY n;
SELECT filter, f.* FROM pg_temp.found('User', format('groups.value eq "%s"', (SELECT id FROM searching.groups WHERE display_name = 'Guides'))) f,
    LATERAL (VALUES ('groups.value eq Guides')) v (filter);
SELECT scim.restore_resource('Group', id) ->> 'displayName' AS restored FROM searching.groups WHERE display_name IN ('All', 'Guides') ORDER BY id;
SELECT filter, f.* FROM unnest(ARRAY['groups pr', 'groups.display eq "Guides"', 'groups.display eq "All"']) WITH ORDINALITY t (filter, n), pg_temp.found('User', filter) f ORDER BY n;

-- Over all resource types: an attribute that a type does not have is one without a value
CREATE FUNCTION pg_temp.names(list jsonb) RETURNS text LANGUAGE sql AS
$$ SELECT string_agg(coalesce(r ->> 'label', r ->> 'userName', r ->> 'displayName'), ' ' ORDER BY n)
   FROM jsonb_array_elements(list -> 'Resources') WITH ORDINALITY t (r, n) $$;
SELECT filter, pg_temp.names(scim.search(NULL, filter)) AS names FROM unnest(ARRAY[NULL, 'meta.resourceType eq "Group"', 'meta.resourceType eq "User"',
    'userName pr', 'not (userName pr)', 'displayName pr', 'displayName eq "BABS"', 'members pr', 'groups pr', 'not (groups pr)', 'groups.display eq "All"',
    'title pr', 'not (title pr)', 'nope pr', 'not (nope pr)', 'nope eq "x" or userName eq "jane"', 'id eq "x"', 'active eq true']) WITH ORDINALITY t (filter, n) ORDER BY n;

-- Sorting: without regard to case unless caseExact, missing last, or first when descending; ties by id
SELECT sort_by, pg_temp.names(scim.search('User', sort_by => sort_by)) AS ascending,
    pg_temp.names(scim.search('User', sort_by => sort_by, sort_order => 'Descending')) AS descending
FROM unnest(ARRAY[NULL, 'id', 'userName', 'USERNAME', 'displayName', 'name.familyName', 'title', 'userType', 'externalId', 'active', 'emails', 'emails.value', 'emails.type', 'roles', 'roles.value',
    'meta.created', 'meta.lastModified', 'meta.version', 'meta.resourceType', 'meta.location',
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber', 'urn:ietf:params:scim:schemas:core:2.0:User:userName', 'addresses.locality', 'x509Certificates'])
    WITH ORDINALITY t (sort_by, n) ORDER BY n;
SELECT pg_temp.names(scim.search(NULL, sort_by => 'displayName')) AS all_types, pg_temp.names(scim.search(NULL, sort_by => 'userName', sort_order => 'descending')) AS descending;
\set VERBOSITY terse
SELECT scim.search('User', sort_by => 'nope');
SELECT scim.search(NULL, sort_by => 'nope');
SELECT scim.search('User', sort_by => 'name');
SELECT scim.search('User', sort_by => 'emails[type eq "work"]');
SELECT scim.search('User', sort_by => 'a b');
SELECT scim.search('User', sort_by => 'userName', sort_order => 'up');
SELECT scim.search('User', 'nope pr');
SELECT scim.search('Nope');
SELECT scim.search('User', attributes => 'userName', excluded_attributes => 'name');
\set VERBOSITY default

-- by attributes of every type
INSERT INTO searching.schema (id, document) VALUES ('urn:example:Thing', '{"id": "urn:example:Thing", "name": "Thing", "attributes": [
    {"name": "label"}, {"name": "size", "type": "integer"}, {"name": "weight", "type": "decimal"}, {"name": "made", "type": "dateTime"},
    {"name": "sold", "type": "boolean"}, {"name": "code", "caseExact": true}, {"name": "link", "type": "reference"}, {"name": "pin", "returned": "never"}]}');
INSERT INTO searching.resource_type (name, document, table_name)
VALUES ('Thing', '{"name": "Thing", "endpoint": "/Things", "schema": "urn:example:Thing"}', 'things');
SELECT scim_internal.create_resource_table('searching', 'things', 'Thing');
SELECT count(scim.create_resource('Thing', resource)) AS things FROM jsonb_array_elements('[
  {"label": "a", "pin": "1234", "size": 10, "weight": 0.05, "made": "2020-01-01T00:00:00Z", "sold": true, "code": "b"},
  {"label": "b", "size": 9, "weight": -100.5, "made": "2020-01-01T00:30:00+01:00", "sold": false, "code": "B"},
  {"label": "c", "size": -9, "weight": -100, "made": "1969-12-31T23:59:59.5Z", "code": "a"},
  {"label": "d", "size": -10, "weight": 1e30, "made": "2020-01-01T00:00:00.000000001Z", "link": "x"},
  {"label": "e", "size": 0, "weight": 0.5}, {"label": "f", "size": 100000000000000000000, "weight": 100.25}, {"label": "g"}]') t (resource);
SELECT sort_by, pg_temp.names(scim.search('Thing', sort_by => sort_by)) AS ascending,
    pg_temp.names(scim.search('Thing', sort_by => sort_by, sort_order => 'descending')) AS descending
FROM unnest(ARRAY['label', 'size', 'weight', 'made', 'sold', 'code', 'link']) WITH ORDINALITY t (sort_by, n) ORDER BY n;
-- a sort key orders as the number does
SELECT bool_and(key > before) AS in_order FROM (
    SELECT key, lag(key) OVER (ORDER BY number) AS before FROM (
        SELECT number, scim_internal.sort_key(jsonb_build_object('weight', number), 'weight', 'Thing') COLLATE "C" AS key FROM (
            SELECT DISTINCT sign * digits * power(10::numeric, exponent) AS number
            FROM unnest(ARRAY[-1, 0, 1]) sign, unnest(ARRAY[1, 1.5, 9, 9.99, 1.05]) digits, unnest(ARRAY[-200, -20, -2, -1, 0, 1, 2, 20, 200]) exponent) n) k) o
WHERE before IS NOT NULL;
SELECT filter, f.* FROM unnest(ARRAY['size gt 9', 'size eq 10.0', 'size lt "0"', 'size ne 0', 'size co "1"', 'weight le -100', 'weight eq 1E+30', 'sold eq true', 'sold ne true',
    'made gt "2019-12-31T23:30:00Z"', 'made eq "2020-01-01T01:00:00+01:00"', 'made lt "1970-01-01T00:00:00Z"', 'made sw "2020"', 'code eq "b"', 'link eq "X"', 'urn:example:Thing:size pr'])
    WITH ORDINALITY t (filter, n), pg_temp.found('Thing', filter) f ORDER BY n;

-- what is never returned cannot be found out by a filter, an order or a path
\set VERBOSITY terse
SELECT scim.search('Thing', 'pin sw "1"');
SELECT scim.search('Thing', sort_by => 'pin');
SELECT scim.patch_resource('Thing', id::text, '[{"op": "remove", "path": "pin[value sw \"1\"]"}]') FROM searching.things WHERE data ->> 'label' = 'a';
SELECT (scim.search('Thing', 'label eq "a"', attributes => 'pin,label') #> '{Resources,0}') - 'id' AS resource;
\set VERBOSITY default

-- attributes that only look like those with a column: of another type, of several values, caseExact
INSERT INTO searching.schema (id, document) VALUES ('urn:example:Odd', '{"id": "urn:example:Odd", "name": "Odd", "attributes": [{"name": "label"},
    {"name": "active", "type": "integer"}, {"name": "displayName", "caseExact": true}, {"name": "userName", "multiValued": true}]}');
INSERT INTO searching.resource_type (name, document, table_name) VALUES ('Odd', '{"name": "Odd", "endpoint": "/Odds", "schema": "urn:example:Odd"}', 'odds');
SELECT scim_internal.create_resource_table('searching', 'odds', 'Odd');
SELECT count(scim.create_resource('Odd', resource)) AS odds FROM jsonb_array_elements('[
  {"label": "x", "active": 10, "displayName": "b", "userName": ["p", "q"]}, {"label": "y", "active": 9, "displayName": "B", "userName": ["Q"]}, {"label": "z"}]') t (resource);
SELECT user_name, display_name, active FROM searching.odds ORDER BY id;
SELECT filter, f.* FROM unnest(ARRAY['active gt 9', 'active eq 9', 'displayName eq "b"', 'displayName lt "a"', 'userName eq "q"', 'userName ne "q"', 'not (active pr)'])
    WITH ORDINALITY t (filter, n), pg_temp.found('Odd', filter) f ORDER BY n;
SELECT sort_by, pg_temp.names(scim.search('Odd', sort_by => sort_by)) AS ascending FROM unnest(ARRAY['active', 'displayName', 'userName']) WITH ORDINALITY t (sort_by, n) ORDER BY n;

-- Pages: start_index and count, clamped; the total never depends on them
SELECT start_index, count, list - 'Resources' - 'schemas' AS list, pg_temp.names(list) AS names
FROM (VALUES (1, NULL, NULL), (2, 1, 2), (3, 3, 2), (4, 5, 2), (5, 6, 2), (6, 5, 1), (7, 7, 2), (8, 9223372036854775807, 1), (9, 0, 1), (10, -5, 1),
        (11, -9223372036854775808, 1), (12, NULL, 0), (13, 3, 0), (14, 99, 0), (15, NULL, -1), (16, NULL, 9223372036854775807)) t (n, start_index, count),
    scim.search('User', 'userName pr', 'userName', start_index => start_index, count => count) list ORDER BY n;
SET scim.max_results = 2;
SELECT scim.search('User', sort_by => 'userName', count => 100) - 'Resources' AS clamped;
RESET scim.max_results;
SELECT scim.search('User', 'userName eq "nobody"') AS nothing;

-- Which attributes: of each type those that it has
SELECT resource - 'id' AS resource FROM jsonb_array_elements(scim.search(NULL, 'displayName pr', 'displayName', attributes => 'displayName, emails.value,members.type') -> 'Resources') resource;
SELECT resource - 'id' AS resource FROM jsonb_array_elements(scim.search('User', 'userName eq "JSmith"', excluded_attributes => 'emails,meta,groups.$ref,groups.value,ims') -> 'Resources') resource;

-- The predicate holds its values as literals that cannot get out
SELECT filter, scim.to_sql(filter::scim.filter) AS sql FROM unnest(ARRAY['userName eq "a''b\\c"', 'externalId co "'');--"', 'title eq "''"', 'not (active eq true)', 'meta.created gt "2020-01-01T00:00:00Z"'])
    WITH ORDINALITY t (filter, n) ORDER BY n;
SELECT count(scim.create_resource('User', resource)) AS users FROM jsonb_array_elements('[{"userName": "a''b\\c", "externalId": "x'');--", "title": "''"}, {"userName": "100%_", "emails": ["%@x"]}]') t (resource);
SELECT filter, f.* FROM unnest(ARRAY['userName eq "a''b\\c"', 'externalId co "'');--"', 'title eq "''"', 'emails.value co "%"', 'userName sw "_"', 'userName co "\\"'])
    WITH ORDINALITY t (filter, n), pg_temp.found('User', filter) f ORDER BY n;

RESET scim.base_url;
RESET scim.store;
SET client_min_messages = warning;
SELECT scim.drop_store('searching', true);
