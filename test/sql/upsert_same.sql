-- INSERT ... ON CONFLICT DO UPDATE SET data = excluded.data of what is there is the UPDATE that writes the document which the INSERT states
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('alike');
SET scim.store = 'alike';
SELECT scim.register_schema('{"id": "urn:example:life", "name": "Life", "attributes": [{"name": "state", "canonicalValues": ["ACTIVE", "SUSPENDED", "PENDING", "active one"]}, {"name": "number", "type": "integer"}, {"name": "badge", "mutability": "immutable"},
    {"name": "pin", "mutability": "writeOnly", "returned": "never"}, {"name": "since", "type": "dateTime", "mutability": "readOnly"}]}') ->> 'id' AS schema;
SELECT length(scim.register_resource_type(jsonb_insert(document, '{schemaExtensions,-1}', '{"schema": "urn:example:life", "required": false}', true))::text) > 0 AS type
FROM alike.resource_type WHERE name = 'User';
CREATE FUNCTION pg_temp.id(n int) RETURNS uuid LANGUAGE sql AS $$SELECT ('00000000-0000-7000-8000-00000000000' || n)::uuid$$;
-- what a statement makes of somebody, undone again
CREATE FUNCTION pg_temp.becomes(statement text, who uuid) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text; said text;
BEGIN
    EXECUTE statement;
    SELECT concat_ws(' ', u.status, u.user_name, u.external_id, u.active, u.version, u.deleted_at IS NULL, u.data - 'urn:example:life', (u.data -> 'urn:example:life') - 'pin' - 'since',
        u.data #> '{urn:example:life,pin}' IS NOT NULL, u.data #> '{urn:example:life,since}' IS NOT NULL, scim.verify_password(u.id, 'old'), scim.verify_password(u.id, 'new'),
        (SELECT count(*) FROM alike.audit)) INTO result FROM alike.users u WHERE u.id = who;
    RAISE EXCEPTION USING errcode = 'XX999', message = coalesce(result, 'nobody');
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS said = PG_EXCEPTION_DETAIL;
    RETURN sqlstate || ' ' || sqlerrm || coalesce(' ' || said, '');
END
$$;
CREATE TABLE pg_temp.document (n serial, id int, data jsonb);
SELECT setseed(0.4);
CREATE FUNCTION pg_temp.one(VARIADIC choices text[]) RETURNS jsonb LANGUAGE sql VOLATILE AS $$SELECT choices[1 + floor(random() * cardinality(choices))]::jsonb$$;
INSERT INTO pg_temp.document (id, data)
SELECT 1 + i % 5, pg_temp.one(format('{"userName": "u%s"}', 1 + i % 5), format('{"userName": "u%s"}', 1 + i % 5), format('{"userName": "u%s"}', 1 + i % 5), format('{"userName": "u%s"}', 1 + i % 5), format('{"userName": "U%s"}', 1 + i % 5), format('{"USERNAME": "u%s"}', 1 + i % 5),
        '{"userName": "other"}', '{"userName": "u2"}', '{}')
    || pg_temp.one('{}', '{}', '{"active": true}', '{"active": false}', '{"active": null}', '{"active": "True"}')
    || pg_temp.one('{}', '{}', '{"nickName": "n"}', '{"nickName": null}', '{"NickName": "m"}', '{"nickName": 5}', '{"urn:ietf:params:scim:schemas:core:2.0:User:nickName": "q"}')
    || pg_temp.one('{}', '{}', '{"title": "t"}', '{"title": "T"}', '{"title": "x"}')
    || pg_temp.one('{}', '{}', '{"roles": ["boss"]}', '{"roles": []}')
    || pg_temp.one('{}', '{}', format('{"emails": ["u%s"]}', 1 + i % 5), '{"emails": [{"value": "e@example.com", "primary": true}]}')
    || pg_temp.one('{}', '{}', '{}', '{"urn:example:life": {"state": "ACTIVE"}}', '{"urn:example:life": {"state": "SUSPENDED"}}', '{"urn:example:life": {"state": "PENDING"}}', '{"urn:example:life:state": "active"}',
        '{"urn:example:life": {"badge": "b", "pin": "1234"}}', '{"urn:example:life": {"badge": "c", "number": 7}}', '{"urn:example:life": {"pin": null, "since": "2020-01-01T00:00:00Z"}}')
    || pg_temp.one('{}', '{}', '{}', '{"password": "new"}', '{"password": null}', '{"externalId": "e"}', '{"manager": "nobody"}', '{"nobodyKnows": 1}', '{"groups": ["g"], "meta": {"created": "x"}}', '{"id": "7"}')
FROM generate_series(1, 60) i;
-- with what the five have and with the rules that hold by then
CREATE FUNCTION pg_temp.compare(rules text, VARIADIC statements text[] DEFAULT '{}') RETURNS TABLE (rule text, compared bigint, some_refused boolean, differs bigint, example text) LANGUAGE plpgsql AS $$
DECLARE statement text;
BEGIN
    INSERT INTO alike.users (id, status, data) VALUES (pg_temp.id(1), NULL, '{"userName": "u1"}'), (pg_temp.id(2), 'SUSPENDED', '{"userName": "u2", "password": "old", "roles": ["boss"]}'),
        (pg_temp.id(3), NULL, '{"userName": "u3", "nickName": "m", "externalId": "x", "urn:example:life": {"badge": "b", "pin": "9", "number": 6}}'),
        (pg_temp.id(4), NULL, '{"userName": "u4", "active": false, "title": "t", "emails": ["u4"]}'), (pg_temp.id(5), NULL, '{"userName": "u5", "active": true}');
    UPDATE alike.users SET status = 'OFFBOARDING' WHERE id = pg_temp.id(5);
    FOREACH statement IN ARRAY statements LOOP
        EXECUTE statement;
    END LOOP;
    CREATE TEMP TABLE answer AS
    SELECT d.n, pg_temp.becomes(format('UPDATE alike.users SET data = %L WHERE id = %L', d.data, pg_temp.id(d.id)), pg_temp.id(d.id)) AS updated,
        pg_temp.becomes(format('INSERT INTO alike.users (id, data) VALUES (%L, %L) ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = excluded.data', pg_temp.id(d.id), d.data), pg_temp.id(d.id)) AS by_id,
        CASE WHEN d.data ->> 'userName' ILIKE 'u' || d.id THEN pg_temp.becomes(format('INSERT INTO alike.users (data) VALUES (%L)
            ON CONFLICT (tenant_id, scim.fold_user_name(user_name)) WHERE deleted_at IS NULL DO UPDATE SET data = excluded.data, user_name = excluded.user_name', d.data), pg_temp.id(d.id)) END AS by_name,
        pg_temp.becomes(format('INSERT INTO alike.resource (resource_type, id, data) SELECT %L, id, %L FROM alike.users WHERE id = %L
            ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET (data, external_id) = ROW (excluded.data, excluded.external_id)', 'User', d.data, pg_temp.id(d.id)), pg_temp.id(d.id)) AS by_table
    FROM pg_temp.document d;
    RETURN QUERY SELECT rules, count(*), count(*) FILTER (WHERE updated !~ '^XX999') BETWEEN 1 AND count(*) - 1, count(*) FILTER (WHERE by_id <> updated OR by_name <> updated OR by_table <> updated),
        (array_agg(format(E'%s: %s\n%s\n%s\n%s\n%s', a.n, d.data, updated, by_id, by_name, by_table) ORDER BY a.n) FILTER (WHERE by_id <> updated OR by_name <> updated OR by_table <> updated))[1]
    FROM answer a JOIN pg_temp.document d USING (n);
END
$$;
BEGIN; SELECT * FROM pg_temp.compare('none'); ROLLBACK;
BEGIN; SELECT * FROM pg_temp.compare('no audit', 'UPDATE alike.policy SET enabled = false WHERE kind IN (''audit'', ''reference'')'); ROLLBACK;
BEGIN; SELECT * FROM pg_temp.compare('identity', 'UPDATE alike.policy SET enabled = true WHERE kind = ''identity'''); ROLLBACK;
BEGIN; SELECT * FROM pg_temp.compare('status, pending and writable', 'INSERT INTO alike.policy (resource_type, kind, settings) VALUES (''User'', ''status'', ''{"attribute": "urn:example:life:state", "pending": true, "writable": true}'')'); ROLLBACK;
BEGIN; SELECT * FROM pg_temp.compare('status, writable', 'INSERT INTO alike.policy (resource_type, kind, settings) VALUES (''User'', ''status'', ''{"attribute": "urn:example:life:state", "writable": true, "times": {"activated_at": "urn:example:life:since"}}'')'); ROLLBACK;
BEGIN; SELECT * FROM pg_temp.compare('default', 'INSERT INTO alike.policy (resource_type, kind, settings) VALUES (''User'', ''default'', ''{"attributes": {"roles": ["member"], "title": "d", "active": false}}'')'); ROLLBACK;
BEGIN; SELECT * FROM pg_temp.compare('default, on remove', 'INSERT INTO alike.policy (resource_type, kind, settings) VALUES (''User'', ''default'', ''{"attributes": {"roles": ["member"], "title": "d"}, "on": ["create", "remove"]}'')'); ROLLBACK;
BEGIN; SELECT * FROM pg_temp.compare('condition', 'INSERT INTO alike.policy (resource_type, kind, settings) VALUES (''User'', ''condition'', ''{"when": "active eq true", "require": "title pr"}'')'); ROLLBACK;
BEGIN; SELECT * FROM pg_temp.compare('fixed', 'INSERT INTO alike.policy (resource_type, kind, settings) VALUES (''User'', ''fixed'', ''{"attributes": ["externalId", "title"]}'')'); ROLLBACK;
BEGIN; SELECT * FROM pg_temp.compare('managed', 'INSERT INTO alike.policy (resource_type, kind, settings) VALUES (''User'', ''managed'', ''{"owner": "feed", "attributes": ["externalId"]}'')'); ROLLBACK;
BEGIN; SELECT * FROM pg_temp.compare('generate', 'INSERT INTO alike.policy (resource_type, kind, settings) VALUES (''User'', ''generate'', ''{"attributes": {"externalId": "{userName}-{title}", "nickName": "{roles}"}}'')'); ROLLBACK;
BEGIN; SELECT * FROM pg_temp.compare('unique', 'INSERT INTO alike.policy (resource_type, kind, settings) VALUES (''User'', ''unique'', ''{"attributes": ["externalId", "nickName"]}'')'); ROLLBACK;
BEGIN; SELECT * FROM pg_temp.compare('canonical', 'INSERT INTO alike.policy (resource_type, kind, settings) VALUES (''User'', ''canonical'', ''{"attributes": ["urn:example:life:state"]}'')'); ROLLBACK;
BEGIN; SELECT * FROM pg_temp.compare('delete', 'INSERT INTO alike.policy (resource_type, kind, settings) VALUES (''User'', ''delete'', ''{"mode": "hard", "byStatus": {"ACTIVE": {"deactivate": "delete"}}}'') ON CONFLICT (tenant_id, resource_type, kind, name) DO UPDATE SET settings = excluded.settings'); ROLLBACK;
BEGIN; SELECT * FROM pg_temp.compare('reference', 'INSERT INTO alike.policy (resource_type, kind, settings) VALUES (''User'', ''reference'', ''{"attributes": {"manager": "User"}}'')'); ROLLBACK;
BEGIN; SELECT * FROM pg_temp.compare('unknown', 'INSERT INTO alike.setting (name, value) VALUES (''unknown_attributes'', ''"ignore"'')'); ROLLBACK;
-- groups, with their members
INSERT INTO alike.groups (id, data) VALUES (pg_temp.id(6), '{"displayName": "crew", "members": ["a", "b"]}'), (pg_temp.id(7), '{"displayName": "none", "externalId": "e"}');
INSERT INTO alike.policy (resource_type, kind, settings) VALUES ('Group', 'default', '{"attributes": {"externalId": "made"}}'), ('Group', 'condition', '{"when": "displayName sw \"c\"", "require": "not (externalId eq \"made\")"}');
CREATE FUNCTION pg_temp.group_becomes(statement text, which uuid) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text;
BEGIN
    EXECUTE statement;
    SELECT concat_ws(' ', g.version, g.data, (SELECT string_agg(value, ',' ORDER BY value) FROM alike.member m WHERE m.group_id = g.id), (SELECT count(*) FROM alike.audit)) INTO result
    FROM alike.groups g WHERE g.id = which;
    RAISE EXCEPTION USING errcode = 'XX999', message = result;
EXCEPTION WHEN OTHERS THEN
    RETURN sqlstate || ' ' || sqlerrm;
END
$$;
SELECT count(*) AS compared, count(*) FILTER (WHERE updated !~ '^XX999') BETWEEN 1 AND count(*) - 1 AS some_refused, count(*) FILTER (WHERE by_id <> updated) AS differs, min(format(E'%s\n%s\n%s', data, updated, by_id)) FILTER (WHERE by_id <> updated) AS example
FROM (SELECT data, pg_temp.group_becomes(format('UPDATE alike.groups SET data = %L WHERE id = %L', data, pg_temp.id(id)), pg_temp.id(id)) AS updated,
        pg_temp.group_becomes(format('INSERT INTO alike.groups (id, data) VALUES (%L, %L) ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = excluded.data', pg_temp.id(id), data), pg_temp.id(id)) AS by_id
    FROM (SELECT 6 + i % 2 AS id, pg_temp.one('{"displayName": "crew"}', '{"displayName": "none"}', '{"DISPLAYNAME": "crew"}', '{}', '{"displayName": "other"}')
            || pg_temp.one('{}', '{"externalId": "e"}', '{"externalId": "made"}', '{"externalId": null}')
            || pg_temp.one('{}', '{"members": []}', '{"members": ["a", "b"]}', '{"members": ["b", "c"]}', '{"MEMBERS": [{"value": "a"}]}', '{"members": null}', '{"members": 5}',
                '{"urn:ietf:params:scim:schemas:core:2.0:Group:members": ["d"]}') AS data
        FROM generate_series(1, 60) i OFFSET 0) d) answers;
SELECT scim.drop_store('alike', true);
