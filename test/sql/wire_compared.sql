-- Who compares what he is given with what is stored knows which characters the policy "wire" makes of it: imports, bound tables, links, PATCH
-- in SQL, and the policies that compare one attribute with another, or with words of their own.
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('alike');
SET scim.store = 'alike';
CREATE SCHEMA alike_app;
\set ent '''urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'''
INSERT INTO alike.policy (resource_type, kind, settings) VALUES
    ('User', 'wire', '{"characters": {"userName": {"in": {"&": "+"}, "out": {"+": "&"}}, "externalId": {"&": "+"}, "emails": {"&": "+"}, "emails.type": {"&": "+"}, "roles": {"&": "+"}, "department": {"&": "+"}}}'),
    ('Group', 'wire', '{"characters": {"displayName": {"&": "+"}}}');

--
-- The same file comes every night
--
CREATE FUNCTION pg_temp.import(arguments text) RETURNS TABLE (key text, action text, difference jsonb, problem text) LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format('SELECT key, action, difference, problems #>> ''{0,detail}'' FROM scim.import(%s, apply => true) ORDER BY line, key', arguments);
END
$$;
CREATE TABLE alike_app.feed ("userName" text, "externalId" text, work text, roles text, department text);
INSERT INTO alike_app.feed VALUES ('r&d', 'x&1', 'r&d@x', 'k&l; m', 'R&D'), ('ann', NULL, NULL, NULL, NULL), ('bob', NULL, 'b&b@x', NULL, NULL);
CREATE FUNCTION pg_temp.people(arguments text) RETURNS TABLE (key text, action text, difference jsonb, problem text) LANGUAGE sql AS $$
    SELECT * FROM pg_temp.import('''User'', ''alike_app.feed'', mapping => ''{"work": "emails[type eq \"w&k\"].value"}''' || arguments)
$$;
SELECT key, action, problem FROM pg_temp.people('');
SELECT user_name, external_id, data -> 'emails' AS emails, data -> 'roles' AS roles, data #>> ARRAY[:ent, 'department'] AS department FROM alike.users ORDER BY user_name DESC;
SELECT key, action, difference, problem FROM pg_temp.people(', mode => ''full''');
SELECT count(*) AS people, count(*) FILTER (WHERE version > 1 OR status <> 'ACTIVE') AS changed FROM alike.users;
-- by another key, and what is exported
SELECT key, action, difference FROM pg_temp.import($i$'User', $$VALUES ('x&1', 'Head')$$, match => 'externalId', mapping => '{"column1": "externalId", "column2": "title"}'$i$);
SELECT key, action, difference, problem FROM pg_temp.import($i$'User', 'SELECT doc AS data FROM scim.export(''User'') doc', mode => 'full'$i$);
-- whom a row means, and who has it: shown is what the row says
SELECT key, action, problem FROM pg_temp.import($i$'User', $$VALUES ('q&d'), ('Q+D')$$, mapping => '{"column1": "userName"}'$i$);
SELECT key, action, problem FROM pg_temp.import($i$'User', $$VALUES ('new', 'r&d')$$, match => 'externalId', mapping => '{"column1": "externalId", "column2": "userName"}'$i$);
SELECT key, action, problem FROM pg_temp.import($i$'User', $$VALUES ('R&D', 'deactivate')$$, force => true, mapping => '{"column1": "userName", "column2": "_action"}'$i$);
SELECT key, action, problem FROM pg_temp.import($i$'User', $$VALUES ('r&d', true)$$, mapping => '{"column1": "userName", "column2": "active"}'$i$);
SELECT key, action, problem FROM pg_temp.import($i$'User', $$VALUES ('r&d', 0, 'x')$$, mapping => '{"column1": "userName", "column2": "_version", "column3": "title"}'$i$);
-- of the scope, too
SELECT key, action, problem FROM pg_temp.import($i$'User', $$VALUES ('r&d', 'T')$$, mode => 'full', scope => 'userName eq "r&d" and emails[type eq "w&k"].value pr', mapping => '{"column1": "userName", "column2": "title"}'$i$);
SELECT key, action, problem FROM pg_temp.import($i$'User', $$VALUES ('r&d', 'T')$$, scope => 'userName sw "x&"', mapping => '{"column1": "userName", "column2": "title"}'$i$);
SELECT key FROM pg_temp.import($i$'User', $$VALUES ('r&d', 'T')$$, scope => 'userName sw', mapping => '{"column1": "userName", "column2": "title"}'$i$);
-- a row waits for another one that gives the name away
SELECT key, action, problem FROM pg_temp.import($i$'User', $$VALUES ('new', 'r&d'), ('x&1', 'd&r')$$, match => 'externalId', mapping => '{"column1": "externalId", "column2": "userName"}'$i$);
SELECT user_name, external_id FROM alike.users WHERE external_id IS NOT NULL ORDER BY 1;
-- a document and a column beside it say the same
SELECT key, action, problem FROM pg_temp.import($i$'User', $$SELECT u AS "userName", jsonb_build_object('emails', jsonb_build_array(jsonb_build_object('type', 'home', 'value', e))) AS data, '["o&p@x"]'::jsonb AS "emails.value"
    FROM (VALUES ('c&1', 'o+p@x'), ('c&2', 'o&p@x')) v (u, e)$$$i$);
SELECT user_name, data -> 'emails' AS emails FROM alike.users WHERE user_name ~ '^c' ORDER BY 1;
-- members of groups
CREATE FUNCTION pg_temp.groups(rows text, arguments text) RETURNS TABLE (key text, action text, difference jsonb, problem text) LANGUAGE sql AS $$
    SELECT * FROM pg_temp.import(format('''Group'', %L, mapping => ''{"column1": "displayName", "column2": "members"}''%s', 'VALUES ' || rows, arguments))
$$;
SELECT key, action, problem FROM pg_temp.groups($$ ('A&B', 'r&d; nobody&else') $$, '');
\set rows '$$ (\'A&B\', \'r&d; ann\'), (\'All\', \'[{"displayName": "C&D"}, {"userName": "d&r"}]\'), (\'C&D\', NULL) $$'
SELECT key, action, problem FROM pg_temp.groups(:rows, '');
SELECT key, action, difference, problem FROM pg_temp.groups(:rows, ', mode => ''full'', missing => ''delete''');
SELECT key, action, problem FROM pg_temp.groups($$ ('A&B', 'b&b@x') $$, ', members => ''emails.value''');

--
-- A link is told of as it is made
--
INSERT INTO alike.policy (resource_type, kind, settings) VALUES ('User', 'link', '{"match": ["userName", "emails.value"]}');
SELECT candidate, action, matched_by, reason FROM scim.link_candidates('User', '["ann", "r&d", "R+D", "b&b@x", {"userName": "d&r"}, "nobody&else"]', settings => '{"match": ["userName", "emails.value"]}');
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "C&2", "title": "linked"}');
SELECT user_name, data ->> 'title' AS title FROM alike.users WHERE user_name ~* '^c.2';
DELETE FROM alike.policy WHERE kind = 'link';

--
-- PATCH, by SQL as over HTTP
--
SELECT id AS ann FROM alike.users WHERE user_name = 'ann' \gset
CREATE FUNCTION pg_temp.patch(id uuid, operations jsonb) RETURNS text LANGUAGE sql AS $$ SELECT concat_ws(' ', r #>> '{meta,version}', r ->> 'roles') FROM scim.patch_resource('User', id, operations) r $$;
SELECT pg_temp.patch(:'ann', o::jsonb) FROM unnest(ARRAY['[{"op": "add", "path": "roles", "value": [{"value": "s&t"}]}]', '{"Operations": [{"op": "add", "path": "roles", "value": [{"value": "s&t"}]}]}',
    '[{"op": "add", "value": {"roles": [{"value": "S&T"}]}}]', '[{"op": "replace", "path": "roles[value eq \"s&t\"].display", "value": "s&t"}]']) o;
SELECT status, body::jsonb #>> '{meta,version}' AS version FROM scim.request('PATCH', '/Users/' || :'ann', '{}', '{"Operations": [{"op": "add", "path": "roles", "value": [{"value": "s&t"}]}]}');
SELECT pg_temp.patch(:'ann', '[{"op": "remove", "path": "roles", "value": [{"value": "s&t"}]}]');
SELECT pg_temp.patch(:'ann', '[{"op": "replace", "path": "roles[value eq", "value": 1}]');
SELECT pg_temp.patch(:'ann', '[7]');
SELECT pg_temp.patch(:'ann', '7');

--
-- A bound table: whose row it is, words, values in a table of their own, who has what a row wants
--
CREATE TABLE alike_app.users (id serial PRIMARY KEY, login text UNIQUE NOT NULL, dep text CHECK (dep IN ('rd', 'sales')), title text);
CREATE TABLE alike_app.emails (id serial PRIMARY KEY, user_id int NOT NULL REFERENCES alike_app.users ON DELETE CASCADE, address text NOT NULL);
CREATE INDEX ON alike_app.emails (user_id);
UPDATE alike.users SET data = data || '{"emails": [{"value": "r&d@x", "type": "work", "display": "stays"}]}' WHERE user_name = 'r+d';
INSERT INTO alike_app.users (login, dep, title) VALUES ('R&D', 'rd', 'row'), ('ann', 'sales', 'row'), ('fresh&1', 'rd', 'row');
INSERT INTO alike_app.emails (user_id, address) VALUES (1, 'r&d@x');
\set mapping '{"missing": "report", "delete": "keep", "attributes": {"userName": "login", "title": "title", "department": {"column": "dep", "values": {"R&D": "rd", "Sales": "sales"}}, "emails": {"table": "alike_app.emails", "key": "user_id", "columns": {"value": "address"}}}}'
SELECT side, key, problem FROM scim.bind_table('User', 'alike_app.users', :'mapping') WHERE problem <> 'has no row';
SELECT * FROM alike_app.users ORDER BY id;
SELECT user_name, external_id, data ->> 'title' AS title, data #>> ARRAY[:ent, 'department'] AS department, data -> 'emails' AS emails FROM alike.users WHERE data ->> 'title' = 'row' ORDER BY 1;
SELECT side, key, attribute, table_value, scim_value, problem FROM scim.check_binding() WHERE side <> 'scim';
INSERT INTO alike_app.users (login, dep) VALUES ('fresh&2', 'rd') RETURNING login, dep;
SELECT login, dep FROM alike_app.users WHERE login LIKE 'fresh_2';
SELECT scim.patch_resource('User', id, format('[{"op": "replace", "path": "%s:department", "value": "R&D"}]', :ent)::jsonb) #>> ARRAY[:ent, 'department'] AS department FROM alike.users WHERE user_name = 'ann';
SELECT dep FROM alike_app.users WHERE login = 'ann';
-- taken by somebody who has no row: he is named
DO $$
DECLARE who text;
BEGIN
    INSERT INTO alike_app.users (login) VALUES ('c&1');
EXCEPTION WHEN unique_violation THEN
    GET STACKED DIAGNOSTICS who = PG_EXCEPTION_DETAIL;
    RAISE WARNING '%', regexp_replace(who, '[0-9a-f-]{36}', 'ID');
END $$;
-- a row that nobody has followed is the resource's own
ALTER TABLE alike_app.users DISABLE TRIGGER scim_binding;
INSERT INTO alike_app.users (login, dep) VALUES ('c&1', 'sales');
ALTER TABLE alike_app.users ENABLE TRIGGER scim_binding;
SELECT n AS mended FROM alike.users u, scim.mend_binding('alike_app.users', 'scim', u.id) n WHERE u.user_name = 'c+1';
SELECT login, dep FROM alike_app.users WHERE login ~ '^c';
-- one that was kept is known by its name
SELECT scim.delete_resource('User', id) FROM alike.users WHERE user_name = 'c+1';
SELECT scim.unbind_table('alike_app.users');
UPDATE alike_app.users SET login = replace(login, '+', '&');
SELECT side, key, problem FROM scim.bind_table('User', 'alike_app.users', :'mapping') WHERE problem <> 'has no row';
SELECT login FROM alike_app.users ORDER BY id;
SELECT scim.unbind_table('alike_app.users');

--
-- Policies that compare
--
DELETE FROM alike.users;
UPDATE alike.policy SET settings = '{"characters": {"userName": {"@": "[at]"}, "displayName": {"@": "[at]"}, "title": {"!": "."}}}' WHERE kind = 'wire' AND resource_type = 'User';
UPDATE alike.policy SET enabled = true WHERE kind = 'identity' RETURNING enabled;
CREATE FUNCTION pg_temp.try(document jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE stored jsonb;
BEGIN
    INSERT INTO alike.users (data) VALUES (document) RETURNING data - 'schemas' INTO stored;
    RETURN stored;
EXCEPTION WHEN OTHERS THEN RETURN sqlstate || ' ' || sqlerrm;
END
$$;
SELECT pg_temp.try('{"userName": "kim@x", "emails": ["kim@x"]}');
SELECT pg_temp.try('{"userName": "lee@x", "emails": ["kim@x"]}');
UPDATE alike.policy SET enabled = false WHERE kind = 'identity';
-- what is made of others is what is stored of that, and so is what is made of it
INSERT INTO alike.policy (resource_type, kind, name, settings) VALUES ('User', 'default', 'd', '{"attributes": {"title": "Hi!"}}'),
    ('User', 'generate', 'a', '{"attributes": {"displayName": "{emails.value}"}}'), ('User', 'generate', 'b', '{"attributes": {"nickName": "{displayName} {title}"}}');
SELECT pg_temp.try('{"userName": "pat@x", "emails": ["pat@y"]}');
SELECT path, message FROM scim.validate_store() v JOIN alike.users u USING (id) WHERE user_name LIKE 'pat%';
DELETE FROM alike.policy WHERE kind IN ('default', 'generate');
-- so an import knows by it, where the row says what it follows from
INSERT INTO alike.policy (resource_type, kind, name, settings) VALUES ('User', 'generate', 'u', '{"attributes": {"userName": "{nickName|emails.value}"}}'), ('Group', 'generate', 'g', '{"attributes": {"displayName": "{externalId} & co"}}');
\set people '$i$\'User\', $$VALUES (\'any\', NULL, \'gen@x\'), (\'any\', \'nick@\', \'gen2@x\'), (NULL, NULL, \'gen3@x\')$$, scope => \'emails sw "gen"\', mode => \'full\', mapping => \'{"column1": "userName", "column2": "nickName", "column3": "emails.value"}\'$i$'
SELECT key, action, problem FROM pg_temp.import(:people);
SELECT user_name FROM alike.users WHERE user_name ~ '^(gen|nick)' ORDER BY 1;
SELECT key, action, difference, problem FROM pg_temp.import(:people);
SELECT key, action, problem FROM pg_temp.import($i$'User', $$VALUES ('gen@x', 'T')$$, mapping => '{"column1": "userName", "column2": "title"}'$i$);
SELECT key, action, problem FROM pg_temp.import($i$'User', $$VALUES ('gen@x', 'nick@', 'e1', 'none')$$, match => 'externalId', mapping => '{"column1": "userName", "column2": "nickName", "column3": "externalId", "column4": "emails.value"}'$i$);
SELECT key, action, difference, problem FROM pg_temp.import($i$'User', 'SELECT doc AS data FROM scim.export(''User'', ''emails sw "gen"'') doc', mode => 'full', scope => 'emails sw "gen"'$i$);
\set teams '$i$\'Group\', $$VALUES (\'any\', \'g1\'), (\'any\', \'g2\'), (NULL, \'g3\')$$, match => \'displayName\', mapping => \'{"column1": "displayName", "column2": "externalId"}\'$i$'
SELECT key, action, problem FROM pg_temp.import(:teams);
SELECT key, action, problem FROM pg_temp.import(:teams);
SELECT display_name FROM alike.groups WHERE external_id ~ '^g' ORDER BY 1;
DELETE FROM alike.policy WHERE kind = 'generate';
-- words of the policy "status"
SELECT FROM scim.register_schema('{"id": "urn:example:life", "name": "Life", "attributes": [{"name": "status"}]}');
SELECT FROM scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User",
    "schemaExtensions": [{"schema": "urn:example:life"}, {"schema": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"}]}');
UPDATE alike.policy SET settings = '{"characters": {"urn:example:life:status": {"in": {"&": "+"}, "out": {"+": "&"}}}}' WHERE kind = 'wire' AND resource_type = 'User';
INSERT INTO alike.policy (resource_type, kind, settings) VALUES ('User', 'status', '{"attribute": "urn:example:life:status", "writable": true, "values": {"ACTIVE": "in", "SUSPENDED": "off&away"}}');
SELECT id AS pat FROM alike.users WHERE user_name LIKE 'pat%' \gset
CREATE FUNCTION pg_temp.step(id uuid, operation text) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', r.status, r.body::jsonb #>> '{urn:example:life,status}', r.body::jsonb ->> 'detail') FROM scim.request('PATCH', '/Users/' || id, '{}', '{"Operations": [' || operation || ']}') r
$$;
SELECT pg_temp.step(:'pat', '{"op": "replace", "path": "active", "value": false}');
SELECT status, data #>> '{urn:example:life,status}' AS stored FROM alike.users WHERE id = :'pat';
SELECT pg_temp.step(:'pat', '{"op": "replace", "path": "active", "value": true}');
SELECT pg_temp.step(:'pat', '{"op": "replace", "path": "urn:example:life:status", "value": "off&away"}');
SELECT status, data #>> '{urn:example:life,status}' AS stored FROM alike.users WHERE id = :'pat';
SELECT count(*) AS wrong FROM scim.validate_store('User') WHERE rule = 'status';

--
-- Several policies apply one after the other, to what is stored as to what is compared
--
DELETE FROM alike.policy WHERE kind = 'status';
UPDATE alike.policy SET settings = '{"characters": {"userName": {"&": "+"}}}' WHERE kind = 'wire' AND resource_type = 'User';
INSERT INTO alike.policy (resource_type, kind, name, settings) VALUES ('User', 'wire', 'z', '{"characters": {"userName": {"#": "-"}}}'), ('User', 'lookup', 'lookup', '{"attributes": ["userName", "id"]}');
SELECT pg_temp.try('{"userName": "a&b#c"}');
SELECT r.status, r.body::jsonb -> 'totalResults' AS found FROM unnest(ARRAY['/a%26b%23c', '/a%2Bb-c', '?filter=userName%20eq%20%22a%26b%23c%22', '?filter=userName%20co%20%22%23%22']) t, scim.request('GET', '/Users' || t) r;
-- an endpoint's fields that stand for one attribute
UPDATE alike.policy SET settings = '{"characters": {"emails": {"@": "(at)"}}}' WHERE kind = 'wire' AND name = 'z';
INSERT INTO alike.endpoint (name, methods, path, resource_type, action, settings) VALUES ('new', '{POST}', '/people', 'User', 'create', '{"fields": {"login": "userName", "mail": "emails[primary eq true].value", "mails": "emails"}}');
SELECT status, body FROM scim.request('POST', '/people', '{}', '{"login": "e1", "mail": "e@x", "mails": [{"value": "e@x", "primary": true}, {"value": "f@x"}]}');
SELECT data -> 'emails' AS emails FROM alike.users WHERE user_name = 'e1';

DROP SCHEMA alike_app CASCADE;
SELECT scim.drop_store('alike', true);
