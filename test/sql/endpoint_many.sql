-- Many values by several fields of one body: each is found, and not looked for among all (doc/endpoints.md; what that takes: t/007_bounds.pl)
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('flat_many');
SET scim.store = 'flat_many';
INSERT INTO flat_many.endpoint (name, methods, path, resource_type, action, settings) VALUES
('hire', '{POST}', '/p', 'User', 'create', '{"fields": {"login": "userName", "phones": "phoneNumbers", "numbers": "phoneNumbers.value", "types": "phoneNumbers.type", "mobile": "phoneNumbers[type eq \"mobile\"]",
    "other": "phoneNumbers[type ne \"x1\"].display", "one": {"attribute": "phoneNumbers.value", "one": true}, "mails": "emails.value", "work": "emails[type eq \"work\"].value", "addresses": "addresses", "city": "addresses[type eq \"work\"].locality", "cities": "addresses.locality", "kinds": "addresses.type",
    "roles": "roles.value", "whole": "roles", "role": {"attribute": "roles.value", "one": true}}}'),
('put', '{PUT}', '/p/{userName}', 'User', 'replace', '{"like": "hire"}'),
('change', '{PATCH}', '/p/{userName}', 'User', 'merge', '{"like": "hire"}');
CREATE FUNCTION pg_temp.list(template text, n int, first int DEFAULT 1) RETURNS text LANGUAGE sql AS $$ SELECT '[' || string_agg(format(template, i), ',') || ']' FROM generate_series(first, n) i $$;
-- the same list in another order
CREATE FUNCTION pg_temp.mixed(list text) RETURNS text LANGUAGE sql AS $$ SELECT jsonb_agg(e ORDER BY md5(e::text))::text FROM jsonb_array_elements(list::jsonb) e $$;
CREATE FUNCTION pg_temp.say(method text, body text, OUT status int, OUT message text) LANGUAGE sql AS $$
    SELECT r.status, CASE WHEN r.status > 299 THEN coalesce(r.body::jsonb ->> 'message', r.body::jsonb ->> 'detail') END
    FROM scim.request(method, '/p' || CASE method WHEN 'POST' THEN '' ELSE '/ada' END, '{"Content-Type": "application/json"}', '{' || body || '}') r $$;
CREATE VIEW phones AS SELECT count(*), count(DISTINCT e ->> 'value') AS numbers, count(DISTINCT e ->> 'type') AS types, min(e ->> 'value') FILTER (WHERE e ->> 'type' = 'mobile') AS mobile, min(e ->> 'value') FILTER (WHERE e -> 'primary' = 'true') AS one,
    count(e ->> 'display') AS displays FROM flat_many.users, jsonb_array_elements(data -> 'phoneNumbers') e WHERE user_name = 'ada';
\set phones '''"phones": '' || pg_temp.list(''{"value": "%1$s", "type": "x%1$s"}'', 300)'
\set mixed '''"phones": '' || pg_temp.mixed(pg_temp.list(''{"value": "%1$s", "type": "x%1$s"}'', 300))'

--
-- A list, and one of its values: new, replaced and merged, in the order of the list and in another
--
SELECT * FROM pg_temp.say('POST', '"login": "ada", "mobile": "5", ' || :phones);
TABLE phones;
SELECT * FROM pg_temp.say('PUT', '"login": "ada", "mobile": "5", "one": "7", ' || :mixed);
TABLE phones;
SELECT * FROM pg_temp.say('PATCH', '"mobile": "301", ' || :mixed);
TABLE phones;
SELECT * FROM pg_temp.say('PATCH', '"one": "300", "numbers": ' || pg_temp.mixed(pg_temp.list('"%s"', 300)) || ', ' || :phones);
TABLE phones;
-- what the list has not got, and what it has not alone
SELECT * FROM pg_temp.say('PATCH', '"one": "301", ' || :mixed);
SELECT * FROM pg_temp.say('PATCH', '"numbers": ' || pg_temp.mixed(pg_temp.list('"%s"', 299)) || ', ' || :mixed);
SELECT * FROM pg_temp.say('PATCH', '"other": "none", ' || :phones);
TABLE phones;

--
-- Lists of parts, each of which says less than what has come of them
--
SELECT * FROM pg_temp.say('PUT', '"login": "ada", "mobile": "5", "types": ' || pg_temp.list('"t%s"', 300) || ', "phones": ' || pg_temp.mixed(pg_temp.list('{"value": "%s"}', 300)));
TABLE phones;
SELECT * FROM pg_temp.say('PUT', '"login": "ada", "types": ' || pg_temp.list('"t%s"', 300) || ', "phones": ' || pg_temp.mixed(pg_temp.list('{"value": "%1$s", "type": "x%1$s"}', 300)));
SELECT * FROM pg_temp.say('PATCH', '"numbers": ' || pg_temp.list('"%s"', 300) || ', "types": ' || pg_temp.list('"s%s"', 300));
TABLE phones;

--
-- E-mails differ in more than case, and are the same by it
--
SELECT * FROM pg_temp.say('PATCH', '"work": "A7@X", "mails": ' || pg_temp.mixed(pg_temp.list('"a%s@x"', 300)));
SELECT count(*), min(e ->> 'value') FILTER (WHERE e ->> 'type' = 'work') AS work FROM flat_many.users, jsonb_array_elements(data -> 'emails') e;
SELECT * FROM pg_temp.say('PATCH', '"work": "b@x", "mails": ' || pg_temp.mixed(pg_temp.list('"A%s@X"', 300)));
SELECT * FROM pg_temp.say('PATCH', '"work": "a9@x", "mails": ' || pg_temp.mixed(pg_temp.list('"A%s@X"', 300)));
SELECT count(*), min(e ->> 'value') FILTER (WHERE e ->> 'type' = 'work') AS work FROM flat_many.users, jsonb_array_elements(data -> 'emails') e;

--
-- Values without a "value", and three fields of one list
--
SELECT * FROM pg_temp.say('PATCH', '"city": "5", "addresses": ' || pg_temp.mixed(pg_temp.list('{"locality": "%1$s", "type": "x%1$s"}', 300)));
SELECT count(*), count(*) FILTER (WHERE e ->> 'type' = 'work' AND e ->> 'locality' = '5') AS work FROM flat_many.users, jsonb_array_elements(data -> 'addresses') e;
SELECT * FROM pg_temp.say('PATCH', '"role": "r5", "roles": ' || pg_temp.list('"r%s"', 300) || ', "whole": ' || pg_temp.mixed(pg_temp.list('{"value": "r%s"}', 300)));
SELECT count(*), min(e ->> 'value') FILTER (WHERE e -> 'primary' = 'true') AS one FROM flat_many.users, jsonb_array_elements(data -> 'roles') e;

--
-- Where many share each of their parts, those are looked at, as many as a PATCH may
--
\set grid '(SELECT ''"addresses": '' || pg_temp.mixed(jsonb_agg(jsonb_build_object(''locality'', ''l'' || n / 40, ''region'', ''r'' || n % 40))::text) || '', "kinds": '' || pg_temp.list(''"k%s"'', 1600) || '', "cities": '' || jsonb_agg(''l'' || n / 40 ORDER BY n) FROM generate_series(0, 1599) n)'
SET scim.max_patch_visits = 20000;
SELECT * FROM pg_temp.say('PATCH', :grid);
RESET scim.max_patch_visits;
SELECT * FROM pg_temp.say('PATCH', :grid);
SELECT count(*), count(DISTINCT e ->> 'type') AS kinds FROM flat_many.users, jsonb_array_elements(data -> 'addresses') e;

SET client_min_messages = warning;
SELECT scim.drop_store('flat_many', true);
