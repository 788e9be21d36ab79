-- What the difference says is what is done, and then there is nothing more to do: rows at random, under policies
\set VERBOSITY terse
SET client_min_messages = error;
SELECT scim.create_store('importrandom');
SET scim.store = 'importrandom';
INSERT INTO importrandom.policy (resource_type, kind, settings) VALUES
    ('User', 'generate', '{"attributes": {"displayName": "{nickName|name.givenName} {name.familyName}"}}'),
    ('User', 'default', '{"attributes": {"userType": "Employee"}}'),
    ('User', 'unique', '{"attributes": ["nickName"]}'),
    ('User', 'fixed', '{"attributes": ["preferredLanguage"]}'),
    ('User', 'condition', '{"when": "title eq \"Chief\"", "require": "name.familyName pr", "message": "a chief has a name"}');
INSERT INTO importrandom.policy (resource_type, kind, name, settings) VALUES ('User', 'fixed', 'quietly', '{"attributes": ["locale"], "on": "ignore"}');
SELECT kind, name FROM importrandom.policy WHERE kind IN ('generate', 'default', 'unique', 'fixed', 'condition') ORDER BY 1, 2;
CREATE FUNCTION pg_temp.pick(VARIADIC a text[]) RETURNS text LANGUAGE sql VOLATILE AS 'SELECT a[1 + floor(random() * cardinality(a))::int]';
CREATE TEMP TABLE feed ("userName" text, "externalId" text, "name.givenName" text, "name.familyName" text, emails text, "phoneNumbers[type eq ""work""].value" text, "phoneNumbers[type eq ""work""].display" text, active text, "nickName" text,
    "preferredLanguage" text, locale text, department text, "addresses[type eq ""work""].locality" text, "addresses[type eq ""work""].country" text, "roles.value" text, "displayName" text, title text, _action text);
-- rows of which the difference, what is done, and a second time do not agree
CREATE FUNCTION pg_temp.round(n int) RETURNS TABLE (what text, count bigint, example text) LANGUAGE plpgsql AS $$
DECLARE
    mode CONSTANT text := pg_temp.pick('delta', 'full');
    empty CONSTANT text := pg_temp.pick('clear', 'keep');
BEGIN
    TRUNCATE feed;
    INSERT INTO feed SELECT 'u' || i, pg_temp.pick('e' || i, NULL, 'e' || (i % 7)), pg_temp.pick('A', 'B', NULL, ''), pg_temp.pick('X', 'Y', NULL),
        pg_temp.pick(NULL, 'a@x.org;b@x.org', 'b@x.org;a@x.org', '[{"value": "q@x.org", "primary": true, "type": "home"}]', 'x'),
        pg_temp.pick('+1', '+2', NULL, 'tel:+3'), pg_temp.pick('d', NULL), pg_temp.pick('true', 'false', 'TRUE', NULL, 'maybe'), pg_temp.pick('n' || i, 'n' || (i % 9), NULL),
        pg_temp.pick('en', 'de', NULL), pg_temp.pick('en', 'de', NULL), pg_temp.pick('D1', 'D2', NULL), pg_temp.pick('Rome', NULL), pg_temp.pick('IT', NULL, 'Italy'), pg_temp.pick('a;b', 'b;a', NULL, 'a'),
        pg_temp.pick('Given ' || i, NULL, NULL, NULL), pg_temp.pick('Chief', 'Clerk', NULL), pg_temp.pick(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'deactivate', 'delete')
    FROM generate_series(1, n) i WHERE random() < 0.8;
    CREATE TEMP TABLE plan ON COMMIT DROP AS SELECT * FROM scim.import('User', 'pg_temp.feed', mode => mode, empty => empty, force => true);
    CREATE TEMP TABLE done ON COMMIT DROP AS SELECT * FROM scim.import('User', 'pg_temp.feed', mode => mode, empty => empty, apply => true, force => true);
    CREATE TEMP TABLE again ON COMMIT DROP AS SELECT * FROM scim.import('User', 'pg_temp.feed', mode => mode, empty => empty, force => true);
    RETURN QUERY SELECT concat_ws(' ', 'plan', p.action, 'done', d.action, 'again', a.action), count(*), min(concat_ws(' ', key, p.difference, d.problems, a.difference))
    FROM plan p FULL JOIN done d USING (key) LEFT JOIN again a USING (key)
    -- two rows may give one nickName to two people, or one of them gives it up
    WHERE NOT coalesce(d.problems::text, p.problems::text, '') ~ 'same nickName'
    AND (p.action IS DISTINCT FROM d.action OR p.difference IS DISTINCT FROM d.difference
        OR a.action IS DISTINCT FROM CASE WHEN d.action = 'invalid' THEN 'invalid' WHEN d.line IS NOT NULL THEN 'unchanged' END)
    GROUP BY 1;
END $$;
SELECT setseed(0.12);
SELECT * FROM pg_temp.round(150);
SELECT * FROM pg_temp.round(150);
SELECT * FROM pg_temp.round(150);
SELECT * FROM pg_temp.round(150);
SELECT * FROM pg_temp.round(150);
SELECT * FROM pg_temp.round(150);
SELECT count(*) > 50 AS many, max(version) > 3 AS often, count(DISTINCT status) > 2 AS all_sorts FROM importrandom.users;
-- every version is in the audit
SELECT count(*) FROM importrandom.users u WHERE version <> (SELECT count(DISTINCT version) FROM importrandom.audit a WHERE a.tenant_id = u.tenant_id AND a.resource_id = u.id);
SELECT scim.drop_store('importrandom', true);
