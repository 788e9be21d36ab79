-- Until when somebody stays, as each type that the setting takes has it: a date counts to the end of its day of UTC, an instant in whatever zone is that instant
SET client_min_messages = warning;
SET timezone = 'UTC';
SELECT scim.create_store('leave');
SET scim.store = 'leave';
SELECT scim.register_schema('{"id": "urn:x:S", "name": "S", "attributes": [{"name": "text"}, {"name": "exact", "caseExact": true}, {"name": "instant", "type": "dateTime"},
    {"name": "stay", "type": "complex", "subAttributes": [{"name": "text"}, {"name": "instant", "type": "dateTime"}]}]}') ->> 'id' AS schema;
UPDATE leave.resource_type SET document = jsonb_set(document, '{schemaExtensions}', (document -> 'schemaExtensions') || '[{"schema": "urn:x:S", "required": false}]') WHERE name = 'User';
CREATE TEMP TABLE said (name text, said text, is_date boolean, has_left boolean);
INSERT INTO said VALUES
    ('yesterday', to_char(now() - interval '1 day', 'YYYY-MM-DD'), true, true),
    ('today', to_char(now(), 'YYYY-MM-DD'), true, false),
    ('tomorrow', to_char(now() + interval '1 day', 'YYYY-MM-DD'), true, false),
    ('a minute ago', to_char(now() - interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), false, true),
    ('in an hour', to_char(now() + interval '1 hour', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), false, false),
    ('a minute ago, far east', to_char(now() - interval '1 minute' + interval '14 hours', 'YYYY-MM-DD"T"HH24:MI:SS"+14:00"'), false, true),
    ('in an hour, far east', to_char(now() + interval '1 hour' + interval '14 hours', 'YYYY-MM-DD"T"HH24:MI:SS"+14:00"'), false, false),
    ('a minute ago, far west', to_char(now() - interval '1 minute' - interval '12 hours', 'YYYY-MM-DD"T"HH24:MI:SS.5"-12:00"'), false, true),
    ('in an hour, far west', to_char(now() + interval '1 hour' - interval '12 hours', 'YYYY-MM-DD"T"HH24:MI:SS.5"-12:00"'), false, false),
    ('long ago', '0999-12-31T00:00:00Z', false, true);
-- a dateTime holds no date
INSERT INTO leave.users (data)
SELECT jsonb_build_object('userName', name, 'urn:x:S', jsonb_build_object('text', said, 'exact', said, 'stay', jsonb_build_object('text', said))
    || CASE WHEN is_date THEN '{}' ELSE jsonb_build_object('instant', said) END) FROM said;
UPDATE leave.users SET data = jsonb_set(data, '{urn:x:S,stay,instant}', data #> '{urn:x:S,instant}') WHERE data #> '{urn:x:S,instant}' IS NOT NULL;
CREATE FUNCTION pg_temp.differ(path text, OUT told bigint, OUT wrong text) LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM leave.setting WHERE name = 'leaving_date';
    INSERT INTO leave.setting (name, value) VALUES ('leaving_date', to_jsonb(path));
    SELECT count(*) FILTER (WHERE l.id IS NOT NULL), string_agg(s.name, ', ') FILTER (WHERE (l.id IS NOT NULL) <> s.has_left)
    INTO told, wrong
    FROM said s LEFT JOIN leave.active_leaver l ON l.user_name = s.name AND l.reason = 'leaving_date' AND l.since <= now()
    WHERE NOT s.is_date OR path !~ 'instant';
END
$$;
SELECT path, d.* FROM unnest(ARRAY['urn:x:S:text', 'urn:x:S:exact', 'urn:x:S:instant', 'urn:x:S:stay.text', 'urn:x:S:stay.instant']) AS path, pg_temp.differ(path) AS d;
-- and those who have been taken out since: how much too late
UPDATE leave.setting SET value = '"urn:x:S:instant"' WHERE name = 'leaving_date';
UPDATE leave.users SET active = false WHERE user_name IN ('long ago', 'in an hour, far east');
SELECT user_name, delay > '0' AS late, leaving_date FROM leave.leaver WHERE user_name = 'long ago' UNION ALL SELECT user_name, delay > '0', NULL FROM leave.leaver WHERE user_name <> 'long ago';
SELECT scim.drop_store('leave', true);
