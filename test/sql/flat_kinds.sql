-- Endpoints of one's own: fields that stand for no attribute beside every form of those that do, in every action.
SELECT scim.create_store('flat_kinds');
SET scim.store = 'flat_kinds';
SET client_min_messages = warning;
INSERT INTO flat_kinds.users (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"userName": "member"}');
CREATE TABLE flat_kinds.tried AS
    SELECT row_number() OVER () AS n, resource_type, other, form, attribute, value
    FROM unnest(ARRAY['{"transient": true}', '{"constant": "k"}', '{"present": "userName"}', '{"present": "displayName"}']::jsonb[]) WITH ORDINALITY AS o (other, m),
    (VALUES ('User', 'one', '{"attribute": "emails.value", "one": true}'::jsonb, '"a@x.org"'::jsonb), ('User', 'one of all', '{"attribute": "emails", "one": true}', '{"value": "a@x.org"}'),
        ('User', 'list', '{"attribute": "emails.value"}', '["a@x.org", "b@x.org"]'), ('User', 'whole list', '{"attribute": "emails"}', '[{"value": "a@x.org", "type": "work"}]'),
        ('User', 'filter', '{"attribute": "emails[type eq \"work\"].value"}', '"a@x.org"'), ('User', 'whole filter', '{"attribute": "emails[type eq \"work\"]"}', '{"value": "a@x.org"}'),
        ('User', 'values', '{"attribute": "emails[type eq \"work\"].primary", "values": {"yes": true, "no": false}}', '"yes"'), ('User', 'part', '{"attribute": "name.givenName"}', '"Ada"'), ('User', 'plain', '{"attribute": "title"}', '"T"'),
        ('User', 'extension', '{"attribute": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"}', '"D"'),
        ('Group', 'members', '{"attribute": "members"}', '[{"value": "00000000-0000-7000-8000-000000000001"}]'), ('Group', 'list of members', '{"attribute": "members.value"}', '["00000000-0000-7000-8000-000000000001"]'),
        ('Group', 'one member', '{"attribute": "members.value", "one": true}', '"00000000-0000-7000-8000-000000000001"')) AS f (resource_type, form, attribute, value)
    WHERE (other ->> 'present' = 'displayName') = (resource_type = 'Group') OR other ->> 'present' IS NULL;
INSERT INTO flat_kinds.endpoint (name, methods, path, resource_type, action, settings)
    SELECT a.action || n, ARRAY[a.method], format('/api/%s%s%s', a.action, n, CASE WHEN a.method = 'POST' THEN '' ELSE '/{id}' END), resource_type, a.action,
        jsonb_build_object('fields', jsonb_build_object('login', CASE resource_type WHEN 'User' THEN 'userName' ELSE 'displayName' END, 'k', other, 'f', attribute))
    FROM flat_kinds.tried, (VALUES ('create', 'POST'), ('merge', 'PATCH'), ('replace', 'PUT')) AS a (action, method);
CREATE FUNCTION pg_temp.say(n bigint, resource_type text, body jsonb) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    made record;
    id text;
    said text[];
    action text[];
BEGIN
    SELECT * INTO made FROM scim.request('POST', '/api/create' || n, '{"Content-Type": "application/json"}', body::text);
    id := made.body::jsonb ->> 'id';
    said := ARRAY[concat_ws(' ', made.status, made.body::jsonb ->> 'detail', made.body::jsonb ->> 'message')];
    EXECUTE format('SELECT r.id FROM flat_kinds.resource r WHERE r.resource_type = %L AND coalesce(r.user_name, r.display_name) = %L', resource_type, body ->> 'login') INTO id;
    FOREACH action SLICE 1 IN ARRAY '{{PATCH,merge},{PUT,replace},{PATCH,merge}}'::text[] LOOP
        SELECT * INTO made FROM scim.request(action[1], format('/api/%s%s/%s', action[2], n, id), '{"Content-Type": "application/json"}', body::text);
        said := said || concat_ws(' ', made.status, made.body::jsonb ->> 'detail', made.body::jsonb ->> 'message');
    END LOOP;
    RETURN said;
END $$;
-- With a value of both, with none of the field, and with null for it.
SELECT other, s.said, count(*), string_agg(DISTINCT resource_type, ' ') AS of
FROM flat_kinds.tried t, unnest('{value,absent,null}'::text[]) how, LATERAL (SELECT pg_temp.say(n, resource_type, jsonb_build_object('login', format('u%s%s', n, how), 'k', CASE WHEN other ? 'present' THEN 'true'::jsonb ELSE '"k"' END)
    || CASE how WHEN 'value' THEN jsonb_build_object('f', value) WHEN 'null' THEN '{"f": null}' ELSE '{}' END)) AS s (said)
GROUP BY other, s.said ORDER BY other::text, s.said;

DROP TABLE flat_kinds.tried;
SELECT scim.drop_store('flat_kinds', true);
