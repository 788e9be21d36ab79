-- How scim.import spells what columns hold is the same in every session
SET client_min_messages = warning;
SELECT scim.create_store('spelt');
SET scim.store = 'spelt';
CREATE TABLE public.spelt_source (login text, f float8, span interval, photo bytea, at timestamptz, day date);
INSERT INTO public.spelt_source VALUES ('ann', 0.1::float8 + 0.2, '1 day 02:00', '\x00ff', '2026-01-02 03:04:05.6Z', '2026-01-02');
CREATE FUNCTION pg_temp.spelt(what text, without text[] DEFAULT '{}') RETURNS TABLE (action text, difference jsonb) LANGUAGE sql AS $$
    SELECT action, difference FROM scim.import('User', CASE what WHEN 'table' THEN 'public.spelt_source' ELSE what END, match => 'userName', apply => true, force => true,
        mapping => '{"login": "userName", "f": "title", "span": "nickName", "photo": "displayName", "at": "name.givenName", "day": "name.familyName"}'::jsonb - without) $$;
SELECT * FROM pg_temp.spelt('table');
SELECT set_config(name, value, false) FROM (VALUES ('TimeZone', 'Asia/Tokyo'), ('DateStyle', 'German, DMY'), ('extra_float_digits', '-10'), ('IntervalStyle', 'iso_8601'), ('bytea_output', 'escape'), ('xmlbinary', 'hex')) v (name, value);
SELECT * FROM pg_temp.spelt('table');
SELECT * FROM pg_temp.spelt('SELECT login, f, span, photo, day FROM public.spelt_source', '{at}');
-- a query means by dates and times what it means to whoever wrote it
SELECT * FROM pg_temp.spelt('SELECT login, ''03/04/2026''::date AS day, at FROM public.spelt_source', '{f,span,photo}');
SHOW extra_float_digits;
SHOW DateStyle;
SHOW search_path;
RESET ALL;
SET scim.store = 'spelt';
-- an object in the place of a simple value is none that is empty, whatever is in it: what the door refuses is invalid
INSERT INTO spelt.users (data) VALUES ('{"userName": "empty", "title": "T", "name": {"givenName": "G"}, "active": true, "emails": [{"value": "e@example.com"}]}');
SELECT v AS said, scim.is_valid('User', '{"userName": "empty"}' || v) AS valid, i.action, coalesce(i.problems::text, i.difference::text) AS why
FROM unnest(ARRAY['{"title": {}}', '{"title": {"x": null}}', '{"title": [{}]}', '{"title": null}', '{"title": ""}', '{"active": {}}', '{"name": {"givenName": {}}}', '{"name": {"givenName": null}}', '{"name": {"givenName": [{}]}}',
    '{"emails": [{}]}', '{"emails": [{"value": {}}]}', '{"emails": {}}', '{"roles": ["a", {}]}', '{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": {}}}']::jsonb[]) WITH ORDINALITY AS t (v, n),
    LATERAL scim.import('User', format('SELECT %L::jsonb AS data', '{"userName": "empty"}' || v)) i ORDER BY n;
SET client_min_messages = warning;
SELECT scim.drop_store('spelt', true);
DROP TABLE public.spelt_source;
