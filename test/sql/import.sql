-- Many resources at once: scim.import compares the rows of a table or query with the resources and makes these what
-- the rows say; scim.export is the other way around
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('imported');
SET scim.store = 'imported';
CREATE TABLE people (username text, "name.givenName" text, "name.familyName" text, "emails[type eq ""work""].value" text, active text, department text);
INSERT INTO people VALUES ('ann', 'Ann', 'Lee', 'ann@example.com', 'true', 'R&D'), ('bob', 'Bob', NULL, '', 'TRUE', NULL), ('cat', 'Cat', 'Doe', 'cat@example.com', 'false', 'Sales');

-- the difference, and nothing is written
SELECT line, key, resource_id, action, version, difference, problems FROM scim.import('User', 'people') ORDER BY line;
SELECT count(*) FROM imported.users;
-- then it is done, as one change
SELECT line, key, resource_id IS NOT NULL AS has_id, action, version FROM scim.import('User', 'people'::regclass, apply => true) ORDER BY line;
SELECT user_name, active, data - 'schemas' AS data FROM imported.users WHERE tenant_id = 1 ORDER BY id;
SELECT operation, count(*), count(DISTINCT change) AS changes, min(detail::text) AS detail FROM imported.audit GROUP BY 1 ORDER BY 1;
-- which can be taken back
BEGIN;
SELECT r.action, r.conflict FROM (SELECT change FROM imported.audit WHERE operation = 'import') a, scim.revert_change(a.change) r;
SELECT count(*) FROM imported.users WHERE deleted_at IS NULL;
ROLLBACK;
-- and a second time there is nothing to do
SELECT action, count(*) FROM scim.import('User', 'people', apply => true) GROUP BY 1;
SELECT max(version) FROM imported.users;

-- what a row says changes; an empty cell says that there is nothing, or nothing at all
UPDATE people SET "name.familyName" = 'Li', department = NULL, "emails[type eq ""work""].value" = 'ann@example.org' WHERE username = 'ann';
SELECT action, difference FROM scim.import('User', 'people') WHERE key = 'ann';
SELECT action, difference FROM scim.import('User', 'people', empty => 'keep') WHERE key = 'ann';
SELECT key, action, version FROM scim.import('User', 'people', apply => true) ORDER BY line;

-- documents: what they name changes, and the parts that they name; what the service says itself is passed over
SELECT action, difference, problems FROM scim.import('User', $$ SELECT '{"userName": "ann", "id": "x", "meta": {"version": "1"}, "groups": [{"value": "1"}], "schemas": ["urn:of:nobody"],
    "name": {"givenName": "Anna"}, "emails": null, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"division": "North", "department": ""},
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter": "7", "NICKNAME": "Annie"}'::jsonb AS data $$);
-- columns beside a document go before it
SELECT difference FROM scim.import('User', $$ SELECT '{"userName": "ann", "title": "Boss"}'::jsonb AS data, 'Queen' AS title $$);
-- several values, of texts, arrays and JSON
SELECT difference FROM scim.import('User', $$ SELECT 'ann' AS "userName", 'a@example.com; b@example.com' AS emails, ARRAY['x', 'y'] AS "roles.value", '[{"value": "+1", "type": "home"}]' AS "phoneNumbers", '{"value": "https://example.com/p.png"}' AS photos, '{"givenName": "A"}' AS name $$);
SELECT difference FROM scim.import('User', $$ SELECT 'ann' AS "userName", 'a; b|c' AS "entitlements.value" $$, separator => '|');
SELECT problems FROM scim.import('User', $$ SELECT 'ann' AS "userName", '[{' AS emails $$);

-- the parts of one of several values: one that is empty leaves the others, and where all are it goes
SELECT difference FROM scim.import('User', $$ SELECT 'ann' AS "userName", 'w@example.com' AS "emails[type eq ""work""].value", NULL AS "emails[type eq ""work""].display", 'true' AS "emails[type eq ""work""].primary",
    'Rome' AS "addresses[type eq ""home""].locality", NULL AS "addresses[type eq ""home""].region", NULL AS "addresses[type eq ""work""].locality", NULL AS "addresses[type eq ""work""].region" $$);
-- the mapping: what a column is, null for nothing, and which of its values is which
SELECT key, action, difference FROM scim.import('User', $$ SELECT 'bob' AS "Login", 'Ray' AS "Nachname", 'gesperrt' AS "Status", 7 AS "Nr", 'x' AS "Notiz" $$,
    mapping => '{"Login": "userName", "Nachname": "name.familyName", "Status": {"attribute": "active", "values": {"aktiv": true, "gesperrt": false}}, "Nr": "externalId", "Notiz": null}');
SELECT * FROM scim.import('User', $$ SELECT 'bob' AS "userName", 'x' AS "Notiz" $$);
SELECT * FROM scim.import('User', $$ SELECT 'bob' AS "userName" $$, mapping => '{"userNam": "title"}');
SELECT * FROM scim.import('User', $$ SELECT 'bob' AS "userName" $$, mapping => '{"userName": 7}');
SELECT * FROM scim.import('User', $$ SELECT 'bob' AS "userName" $$, mapping => '{"userName": {"attribute": "title", "value": {}}}');
SELECT * FROM scim.import('User', $$ SELECT 'bob' AS "userName" $$, mapping => '[]');
SELECT * FROM scim.import('User', $$ SELECT 'bob' AS "userName", 'a' AS title, 'b' AS title $$);

-- rows that cannot be, each with its reasons; all others are done
INSERT INTO imported.users (external_id, data) VALUES ('twice', '{"userName": "t1"}'), ('twice', '{"userName": "t2"}');
SELECT line, key, action, problems FROM scim.import('User', $$ VALUES ('ok', 'hr-1', 'true'), (NULL, 'hr-2', 'true'), ('dup', 'hr-3', 'true'), ('DUP', 'hr-4', 'true'), ('wrong', 'hr-5', 'perhaps') $$,
    mapping => '{"column1": "userName", "column2": "externalId", "column3": "active"}', apply => true) ORDER BY line;
SELECT line, key, action, problems FROM scim.import('User', $$ VALUES ('t3', 'twice'), ('ann', 'hr-10'), ('new1', 'hr-11'), ('NEW1', 'hr-12') $$,
    mapping => '{"column1": "userName", "column2": "externalId"}', match => 'externalId', apply => true) ORDER BY line;
SELECT line, action, problems FROM scim.import('User', $$ SELECT data::jsonb AS data FROM (VALUES ('[]'), ('{"userName": "u", "USERNAME": "v"}'), ('{"userName": "u", "color": "red"}'), ('{"userName": 7}'), ('"x"')) v (data) $$) ORDER BY line;
-- what cannot even be read
SELECT line, key, action, left(problems #>> '{0,detail}', 30) AS detail FROM scim.import('User', $$ VALUES ('deep', repeat('[', 100000)), ('flat', 'a@example.com') $$, mapping => '{"column1": "userName", "column2": "emails"}') ORDER BY line;
-- all or nothing
SELECT * FROM scim.import('User', $$ VALUES ('good1'), (NULL) $$, mapping => '{"column1": "userName"}', invalid => 'refuse', apply => true);
SELECT count(*) FROM imported.users WHERE user_name = 'good1';
-- by id
SELECT key = id::text AS by_id, action, problems FROM imported.users u, scim.import('User', format($$ SELECT %L AS id, 'Duke' AS title, 'bob' AS "userName" $$, u.id), match => 'id') WHERE u.user_name = 'bob' AND u.deleted_at IS NULL;
SELECT action, problems FROM scim.import('User', $$ SELECT '00000000-0000-7000-8000-000000000001' AS id, 'Duke' AS title $$, match => 'id');
SELECT action, problems FROM scim.import('User', $$ SELECT 'nonsense' AS id, 'Duke' AS title $$, match => 'id');

-- a full one: who is not in it is deactivated, and a second time there is nobody left
SELECT key, action FROM scim.import('User', 'people', mode => 'full') ORDER BY 1;
SELECT * FROM scim.import('User', 'people', mode => 'full', apply => true);
SELECT action, count(*) FROM scim.import('User', 'people', mode => 'full', apply => true, max_missing => '4') GROUP BY 1 ORDER BY 1;
SELECT user_name, active FROM imported.users WHERE tenant_id = 1 AND deleted_at IS NULL ORDER BY user_name;
SELECT action, count(*) FROM scim.import('User', 'people', mode => 'full', apply => true) GROUP BY 1 ORDER BY 1;
-- or deleted, as the policy says
SELECT key, action, version, difference FROM scim.import('User', 'people', mode => 'full', missing => 'delete', apply => true, force => true) ORDER BY 1;
SELECT user_name, status FROM imported.users WHERE tenant_id = 1 ORDER BY user_name;
-- nobody is missing by his own row's being wrong, and an empty source empties nothing
SELECT key, action FROM scim.import('User', $$ VALUES ('ann', 'true'), ('bob', 'perhaps'), ('cat', 'false') $$, mapping => '{"column1": "userName", "column2": "active"}', mode => 'full', missing => 'delete') ORDER BY line;
SELECT * FROM scim.import('User', 'SELECT * FROM people WHERE false', mode => 'full', apply => true);
SELECT action, problems FROM scim.import('User', 'SELECT * FROM people WHERE false', mode => 'full') ORDER BY 1;
SELECT * FROM scim.import('User', $$ SELECT username FROM people UNION ALL SELECT NULL $$, mode => 'full', apply => true);
-- too many changes
CREATE TABLE many AS SELECT 'many' || i AS "userName", 'a' AS title FROM generate_series(1, 30) i;
SELECT action, count(*) FROM scim.import('User', 'many', apply => true) GROUP BY 1;
UPDATE many SET title = 'b';
SELECT * FROM scim.import('User', 'many', apply => true);
SELECT * FROM scim.import('User', 'many', apply => true, max_changed => '29');
SELECT action, problems FROM scim.import('User', 'many') WHERE action = 'refused';
SELECT action, count(*) FROM scim.import('User', 'many', apply => true, max_changed => '30') GROUP BY 1;

-- the scope: who is outside is neither missing nor touched, and nobody gets out of it
SELECT key, action, problems FROM scim.import('User', $$ VALUES ('ann', 'x'), ('many1', 'b'), ('many2', 'c'), ('new9', 'c') $$, mapping => '{"column1": "userName", "column2": "title"}', mode => 'full', scope => 'title eq "b"', missing => 'delete') WHERE key !~ 'many[3-9]|many\d\d' ORDER BY line;
SELECT action, count(*) FROM scim.import('User', 'SELECT "userName", title FROM many WHERE "userName" <> ''many30''', mode => 'full', scope => 'title eq "b"', apply => true) GROUP BY 1 ORDER BY 1;
SELECT count(*) FROM imported.users WHERE active = false AND user_name ^@ 'many';
SELECT * FROM scim.import('User', 'many', scope => 'groups pr');
SELECT * FROM scim.import('User', 'many', scope => 'nothing eq "b"');

-- in the version that somebody has seen only
SELECT key, action, version, problems FROM scim.import('User', $$ VALUES ('many1', 2, 'c'), ('many2', 7, 'c'), ('many3', 0, 'c'), ('fresh', 0, 'c'), ('gone', 3, 'c'), ('many4', NULL, 'c') $$,
    mapping => '{"column1": "userName", "column2": "_version", "column3": "title"}', apply => true) ORDER BY line;
-- the same once more: who would change nothing is in no conflict, whoever said it first
SELECT key, action, version, problems FROM scim.import('User', $$ VALUES ('many1', 2, 'c'), ('many2', 7, 'c'), ('fresh', 0, 'c'), ('many4', NULL, 'c') $$,
    mapping => '{"column1": "userName", "column2": "_version", "column3": "title"}') ORDER BY line;
SELECT key, action, problems FROM scim.import('User', $$ SELECT doc || '{"_version": 1}' AS data FROM scim.export('User', 'userName eq "many1" or userName eq "many2"') AS doc $$) ORDER BY line;
-- what is exported with its version is a condition when it comes back; other columns about the row there are none
SELECT cell[2] AS user_name, cell[1] = version::text AS same FROM scim.export_csv('User', 'userName sw "many1"', '{_version,userName}') WITH ORDINALITY e (line, n), string_to_array(line, ',') cell, imported.users u WHERE n > 1 AND u.tenant_id = 1 AND u.user_name = cell[2] AND deleted_at IS NULL ORDER BY 1 LIMIT 2;
SELECT scim.export_csv('User', columns => '{_line}');
SELECT scim.import('User', $$ SELECT 'a' AS "userName", 'b' AS _id $$);
SELECT scim.import('User', $$ SELECT 'a' AS "userName", 'b' AS v $$, mapping => '{"v": "_Version"}');
SELECT action FROM scim.import('User', $$ SELECT 'a' AS "userName", 'b' AS _id $$, mapping => '{"_id": null}');
SELECT action, problems FROM scim.import('User', $$ SELECT '{"userName": "a", "_id": 1}'::jsonb AS data $$);
-- who leaves may be among the others
SELECT key, action, problems FROM scim.import('User', $$ VALUES ('many5', 'deactivate', 10), ('many6', 'delete', 11), ('nobody', 'delete', 12), ('many7', 'fire', 13), ('many8', NULL, 14) $$,
    mapping => '{"column1": "userName", "column2": "_action", "column3": "_line"}', apply => true) ORDER BY line;
SELECT user_name, active, status FROM imported.users WHERE tenant_id = 1 AND user_name IN ('many5', 'many6', 'many7') ORDER BY user_name;
SELECT line, action FROM scim.import('User', $$ SELECT '{"userName": "many5", "_action": "deactivate", "_line": 99}'::jsonb AS data $$);

-- passwords: new ones of new people, by the door, and in no report
SELECT action, difference FROM scim.import('User', $$ VALUES ('secret1', 'correct horse') $$, mapping => '{"column1": "userName", "column2": "password"}', apply => true);
SELECT action, difference FROM scim.import('User', $$ VALUES ('secret1', 'battery staple') $$, mapping => '{"column1": "userName", "column2": "password"}', apply => true);
SELECT scim.verify_password(id, 'correct horse') FROM imported.users WHERE user_name = 'secret1';
SELECT action, difference FROM scim.import('User', $$ VALUES ('secret1', 'battery staple') $$, mapping => '{"column1": "userName", "column2": "password"}', passwords => 'set', apply => true);
SELECT scim.verify_password(id, 'battery staple') FROM imported.users WHERE user_name = 'secret1';
SELECT before::text ~ 'staple|horse' OR detail::text ~ 'staple|horse' AS told FROM imported.audit WHERE before::text ~ 'staple|horse' OR detail::text ~ 'staple|horse';

-- groups, with members by their names
CREATE TABLE teams ("displayName" text, members text);
INSERT INTO teams VALUES ('Crew', 'ann;bob; many1'), ('Empty', NULL), ('Lost', 'ann;whoever'), ('All', '[{"displayName": "Crew"}, {"displayName": "Later"}, "cat"]'), ('Later', 'ANN');
SELECT key, action, version, problems FROM scim.import('Group', 'teams', apply => true) ORDER BY line;
SELECT g.display_name, u.display_name AS group, u.user_name FROM imported.member m JOIN imported.groups g ON g.id = m.group_id JOIN imported.resource u ON u.id = m.member_id ORDER BY 1, 2, 3;
SELECT key, action FROM scim.import('Group', 'teams', apply => true) ORDER BY line;
UPDATE teams SET members = 'bob;cat' WHERE "displayName" = 'Crew';
SELECT key, action, regexp_replace(difference::text, '[0-9a-f-]{36}', 'ID', 'g') AS difference FROM scim.import('Group', $$ SELECT * FROM teams WHERE "displayName" <> 'Lost' $$, apply => true) ORDER BY line;
SELECT u.user_name FROM imported.member m JOIN imported.groups g ON g.id = m.group_id JOIN imported.users u ON u.id = m.member_id WHERE g.display_name = 'Crew' ORDER BY 1;
SELECT * FROM scim.import('Group', 'teams', mode => 'full');
SELECT key, action FROM scim.import('Group', $$ SELECT * FROM teams WHERE "displayName" <> 'Lost' AND "displayName" <> 'Empty' $$, mode => 'full', missing => 'delete', apply => true, force => true) ORDER BY 1;
SELECT action, problems FROM scim.import('Group', $$ SELECT 'New' AS "displayName", 'hr-1' AS members $$, members => 'externalId');
SELECT action FROM scim.import('Group', $$ SELECT 'New' AS "displayName", 'ann@example.org' AS members $$, members => 'emails.value');

-- as objects, they are looked up as well, and say nothing that contradicts or is not known
CREATE FUNCTION pg_temp.member(text) RETURNS TABLE (action text, problems text) LANGUAGE sql AS $$
    SELECT i.action, regexp_replace(jsonb_path_query_array(i.problems, '$[*].detail')::text, '[0-9a-f]{8}-[0-9a-f-]{27}', 'ID', 'g')
    FROM scim.import('Group', format('SELECT %L AS "displayName", %L::jsonb AS members', 'New', format('[%s]', $1))) i $$;
SELECT id AS ann FROM imported.users WHERE user_name = 'ann' \gset
SELECT m, p.* FROM unnest(ARRAY['{"value": "ann"}', '{"value": "nobodyx"}', '{"value": "ann", "type": "Bogus"}', '{"userName": "ann", "type": 7}', '{"userName": "ann", "type": "Group"}',
    '{"value": "00000000-0000-7000-8000-00000000dead"}', '"00000000-0000-7000-8000-00000000dead"', '{"$ref": "https://x/Users/00000000-0000-7000-8000-00000000dead"}',
    '{"userName": "ann", "externalId": "hr-1"}', '{"userName": "ann", "VALUE": "x"}', '{"userName": "ann", "$ref": "https://x/Users/1"}', '{"userName": "ann", "colour": "red"}', '{"type": "User"}', '{}', '{"userName": 7}', '{"userName": ["ann"]}', '7', 'null']) m, pg_temp.member(m) p;
SELECT m, p.* FROM unnest(ARRAY['{"value": "%1$s"}', '{"value": "%1$s", "type": "user", "display": "A"}', '{"value": "%1$s", "type": "Group"}', '{"value": "%1$s", "userName": ""}', '{"$ref": "https://x/Users/%1$s"}', '"%1$s"', '"%1$s", {"value": "%1$s"}']) m, pg_temp.member(format(m, :'ann')) p;
-- who is a member already, and nobody of ours, may stay
INSERT INTO imported.groups (data) VALUES ('{"displayName": "Others", "members": [{"value": "elsewhere"}, {"value": "00000000-0000-7000-8000-00000000beef"}]}');
SELECT action FROM scim.import('Group', $$ SELECT doc AS data FROM scim.export('Group', 'displayName eq "Others"') AS doc $$);
SELECT action, problems -> 0 ->> 'detail' AS detail FROM scim.import('Group', $$ SELECT 'Others' AS "displayName", '[{"value": "elsewhere"}, {"value": "elsewhere2"}]'::jsonb AS members $$);
DELETE FROM imported.groups WHERE data ->> 'displayName' = 'Others';
-- somebody who is out of sight is not there
BEGIN;
DELETE FROM imported.users WHERE id = :'ann';
SELECT * FROM pg_temp.member(format('{"value": "%s"}', :'ann'));
ROLLBACK;

-- there and back again: nothing has changed
UPDATE imported.users SET data = data || '{"displayName": "a, \"b\"\nc", "nickName": " [x] ", "emails": [{"value": "x@example.com", "type": "work", "primary": true}, {"value": "y@example.com"}], "x509Certificates": [{"value": "AAEC"}]}' WHERE user_name = 'ann';
SELECT action, count(*) FROM scim.import('User', 'SELECT doc AS data FROM scim.export(''User'') AS doc', mode => 'full') GROUP BY 1;
SELECT action, count(*) FROM scim.import('Group', 'SELECT doc AS data FROM scim.export(''Group'', members => ''userName'') AS doc', mode => 'full', missing => 'delete') GROUP BY 1;
SELECT action, count(*) FROM scim.import('Group', 'SELECT doc AS data FROM scim.export(''Group'') AS doc', mode => 'full', missing => 'delete') GROUP BY 1;
SELECT doc - 'id' AS doc FROM scim.export('User', 'userName eq "ann"', 'userName,name.familyName,emails') AS doc;
SELECT doc - 'id' AS doc FROM scim.export('Group', members => 'userName') AS doc ORDER BY doc ->> 'displayName';
SELECT * FROM scim.export_csv('User', 'userName eq "ann" or userName eq "bob"', '{userName,displayName,nickName,"emails[type eq \"work\"].value",emails,active,department}');
SELECT * FROM scim.export_csv('Group', 'displayName eq "Crew"', '{displayName,members}', 'userName');
SELECT scim.export_csv('User', columns => '{password}');
SELECT scim.export_csv('User', columns => '{meta.created}');
SELECT scim.export_csv('User', columns => '{}');
SELECT scim.export('User', members => 'nothing');
-- nobody is found, or named, by what is no text that people may read
CREATE FUNCTION pg_temp.try(query text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN EXECUTE query; RETURN 'taken'; EXCEPTION WHEN OTHERS THEN RETURN sqlstate || ' ' || sqlerrm; END $$;
SELECT path, pg_temp.try(format('SELECT count(*) FROM scim.export(''Group'', members => %L)', path)) AS export, pg_temp.try(format('SELECT count(*) FROM scim.import(''Group'', ''SELECT now()::text AS "displayName"'', members => %L)', path)) AS import
FROM unnest('{active,emails.primary,x509Certificates,meta.created,meta,groups,groups.value,password,name,emails,emails.value,profileUrl,externalId,id,ID,nothing,urn:nobody:x}'::text[]) path;

-- policies: what they make, forbid and count
INSERT INTO imported.policy (resource_type, kind, settings) VALUES ('User', 'unique', '{"attributes": ["nickName"]}');
SELECT key, action, problems FROM scim.import('User', $$ VALUES ('ann', 'Joe'), ('bob', ' [x] ') $$, mapping => '{"column1": "userName", "column2": "nickName"}') ORDER BY line;
-- of two in the source the second is refused by the door
SELECT key, action, problems FROM scim.import('User', $$ VALUES ('bob', 'Jim'), ('many1', 'Jim') $$, mapping => '{"column1": "userName", "column2": "nickName"}', apply => true) ORDER BY line;
DELETE FROM imported.policy WHERE kind = 'unique';
INSERT INTO imported.policy (resource_type, kind, name, settings) VALUES ('User', 'managed', 'from HR', '{"owner": "HR feed", "attributes": ["title"]}');
SELECT key, action, problems FROM scim.import('User', $$ VALUES ('many1', 'z', 'n1'), ('many9', 'b', 'n2') $$, mapping => '{"column1": "userName", "column2": "title", "column3": "nickName"}') ORDER BY line;
DELETE FROM imported.policy WHERE kind = 'managed';
INSERT INTO imported.policy (resource_type, kind, name, settings) VALUES ('User', 'guard', 'few', '{"on": ["delete"], "limit": 3, "seconds": 3600}');
SELECT count(*) FROM scim.import('User', 'people', mode => 'full', missing => 'delete', apply => true, force => true);
SELECT count(*) > 20 AS all_there FROM imported.users WHERE deleted_at IS NULL;
DELETE FROM imported.policy WHERE kind = 'guard';

-- what a trigger refuses is told with the row, and tried again when others are written
CREATE FUNCTION imported.no_evil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.data ->> 'title' = 'Evil' THEN RAISE EXCEPTION 'nobody is evil'; END IF; RETURN NEW; END $$;
CREATE TRIGGER no_evil BEFORE INSERT OR UPDATE ON imported.users FOR EACH ROW EXECUTE FUNCTION imported.no_evil();
SELECT key, action, problems FROM scim.import('User', $$ VALUES ('ann', 'Good'), ('bob', 'Evil'), ('fresh2', 'Evil'), ('fresh3', 'Good') $$, mapping => '{"column1": "userName", "column2": "title"}', apply => true) ORDER BY line;
SELECT key, action FROM scim.import('User', $$ VALUES ('x1', 'many10', 'delete'), ('x2', 'many11', NULL) $$, mapping => '{"column1": null, "column2": "userName", "column3": "_action"}') ORDER BY line;
UPDATE imported.users SET external_id = 'e-' || user_name WHERE user_name IN ('many10', 'many11') AND deleted_at IS NULL;
-- one takes the name that another gives up
SELECT key, action, problems FROM scim.import('User', $$ VALUES ('e-many10', NULL, 'delete'), ('e-new', 'many10x', NULL) $$, mapping => '{"column1": "externalId", "column2": "userName", "column3": "_action"}', match => 'externalId', apply => true) ORDER BY line;

-- what is no argument
SELECT scim.import('Nothing', 'people');
SELECT scim.import('User', NULL::text);
SELECT scim.import('User', 'nobody_has_this');
SELECT scim.import('User', 'DELETE FROM people RETURNING username');
SELECT scim.import('User', 'SELECT 1; SELECT 2');
SELECT scim.import('User', 'people', mode => 'all');
SELECT scim.import('User', 'people', match => 'nickName');
SELECT scim.import('Group', 'teams', match => 'userName');
SELECT scim.import('User', 'people', missing => 'delete');
SELECT scim.import('User', 'people', mode => 'full', missing => 'forget');
SELECT scim.import('User', 'people', invalid => 'keep');
SELECT scim.import('User', 'people', empty => 'x');
SELECT scim.import('User', 'people', passwords => 'x');
-- one attribute, two columns, by whatever names; but parts of one are not the same
SELECT scim.import('User', $$ SELECT 'a' AS "userName", 'b' AS "USERNAME" $$);
SELECT scim.import('User', $$ SELECT 'a' AS "userName", 'b' AS title, 'c' AS "urn:ietf:params:scim:schemas:core:2.0:User:Title" $$);
SELECT scim.import('User', $$ SELECT 'a' AS "userName", 'b' AS a, 'c' AS b $$, mapping => '{"a": "title", "b": "title"}');
SELECT scim.import('User', $$ SELECT 'a' AS "userName", 'b' AS department, 'c' AS "Department" $$);
SELECT scim.import('User', $$ SELECT 'a' AS "userName", 'b' AS "emails[type eq ""work""].value", 'c' AS "emails[TYPE EQ ""work""].value" $$);
SELECT scim.import('User', $$ SELECT 'a' AS "userName", 1 AS _version, 2 AS v $$, mapping => '{"v": "_version"}');
SELECT scim.import('User', $$ SELECT 'a' AS "userName", 'x' AS password, 'y' AS "Password" $$);
SELECT scim.import('Group', $$ SELECT 'a' AS "displayName", 'x' AS members, 'y' AS "members.value" $$);
SELECT action FROM scim.import('User', $$ SELECT 'a' AS "userName", 'b' AS title, 'c' AS "Title", 'w@x.org' AS "emails[type eq ""work""].value", 'h@x.org' AS "emails[type eq ""home""].value", 'G' AS "name.givenName", '{"familyName": "F"}'::jsonb AS name $$, mapping => '{"Title": null}');
SELECT action, problems FROM unnest(ARRAY['{"userName": "a", "title": "b", "urn:ietf:params:scim:schemas:core:2.0:User:title": "c"}', '{"userName": "a", "title": "b", "Title": "c"}', '{"userName": "a", "department": "b", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "c"}}']) d,
    scim.import('User', format('SELECT %L::jsonb AS data', d));
SELECT scim.import('User', 'people', members => '[');
SELECT scim.import('User', 'people', max_missing => 'ten');
SELECT scim.import('User', 'people', max_changed => '-5');
SELECT scim.import('User', 'people', max_changed => '1.5');
DROP TABLE people, many, teams;
-- what columns are as text is the same in every session; what a query asks for is what it means there
CREATE TYPE of_several AS (f float8, at timestamptz);
CREATE TABLE typed (username text, "displayName" timestamptz, title float8, "nickName" interval, "name.givenName" bytea, "name.familyName" money, "name.middleName" date, "emails.value" timestamptz[], "ims.value" float8[], addresses jsonb, "userType" of_several,
  "name.honorificPrefix" xml);
INSERT INTO typed VALUES ('typed', '2026-01-02 03:04:05.6Z', 0.1::float8 + 0.2, '1 day 2 hours', '\x00ff', 12.5, '2026-03-04', '{2026-01-02 03:04:05.6Z}', ARRAY[0.1::float8 + 0.2], '[{"locality": "x"}]', NULL, '<a/>');
CREATE FUNCTION set_all() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('extra_float_digits', '-10', false), set_config('DateStyle', 'German, DMY', false), set_config('IntervalStyle', 'iso_8601', false), set_config('bytea_output', 'escape', false), set_config('TimeZone', 'Asia/Tokyo', false),
    set_config('xmlbinary', 'hex', false), set_config('lc_monetary', 'C', false);
END $$;
SELECT action, difference -> 0 -> 'value' AS value FROM scim.import('User', 'typed', mapping => '{"userType": null}', apply => true);
SELECT set_all();
SELECT action, difference FROM scim.import('User', 'typed', mapping => '{"userType": null}') UNION ALL SELECT action, difference FROM scim.import('User', 'SELECT * FROM typed', mapping => '{"userType": null}');
SELECT action, difference FROM scim.import('User', $$ SELECT 'typed' AS "userName", '04.03.2026'::date AS "name.middleName", "displayName"::text AS locale FROM typed $$);
RESET ALL;
SET scim.store = 'imported';
SET client_min_messages = warning;
DROP TABLE typed;
DROP TYPE of_several;
DROP FUNCTION set_all;
SELECT scim.drop_store('imported', true);
