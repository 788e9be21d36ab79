-- INSERT ... ON CONFLICT DO UPDATE SET data = excluded.data says of who is there what the INSERT states, and nothing that a policy adds to a new one (doc/rules.md)
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('upolicies');
SET scim.store = 'upolicies';
SELECT scim.register_schema('{"id": "urn:x:l", "name": "L", "attributes": [{"name": "ls"}]}') ->> 'name' AS name;
SELECT scim.register_resource_type(jsonb_insert(document, '{schemaExtensions,-1}', '{"schema": "urn:x:l"}', true)) ->> 'name' AS name FROM upolicies.resource_type WHERE name = 'User';
INSERT INTO upolicies.users (data) VALUES ('{"userName": "kim"}'), ('{"userName": "lou", "active": false}'), ('{"userName": "max"}');
CREATE FUNCTION pg_temp.made(document jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$ SELECT document - '{meta,schemas,id}'::text[] $$;
-- what each way makes of everybody, undone
CREATE FUNCTION pg_temp.ways(stated jsonb) RETURNS TABLE (who text, put text, updated text, upserted text) LANGUAGE plpgsql AS $$
DECLARE
    person record;
    document jsonb;
    way text;
    told text;
    row record;
BEGIN
    FOR person IN SELECT u.id, u.user_name::text AS name FROM upolicies.users u WHERE u.deleted_at IS NULL ORDER BY 2 LOOP
        document := stated || jsonb_build_object('userName', person.name);
        who := person.name;
        FOREACH way IN ARRAY '{put,updated,upserted}'::text[] LOOP
            BEGIN
                IF way = 'put' THEN
                    PERFORM scim.replace_resource('User', person.id, document);
                ELSIF way = 'updated' THEN
                    UPDATE upolicies.users SET data = document WHERE id = person.id;
                ELSE
                    INSERT INTO upolicies.users (id, data) VALUES (person.id, document) ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = excluded.data;
                END IF;
                SELECT r.status || ' ' || pg_temp.made(r.data) INTO told FROM upolicies.resource r WHERE r.id = person.id;
                RAISE EXCEPTION USING ERRCODE = 'UNDO1';
            EXCEPTION
                WHEN SQLSTATE 'UNDO1' THEN NULL;
                WHEN OTHERS THEN told := sqlerrm;
            END;
            IF way = 'put' THEN put := told; ELSIF way = 'updated' THEN updated := told; ELSE upserted := told; END IF;
        END LOOP;
        RETURN NEXT;
    END LOOP;
END
$$;
CREATE FUNCTION pg_temp.compare(documents jsonb) RETURNS TABLE (document jsonb, who text, same boolean, upserted text) LANGUAGE sql AS $$
    SELECT d, w.who, w.put = w.updated AND w.put = w.upserted, CASE WHEN w.put = w.upserted THEN w.upserted ELSE concat_ws(' / ', w.put, w.updated, w.upserted) END FROM jsonb_array_elements(documents) d, pg_temp.ways(d) w $$;
\set documents '[{}, {"nickName": "n"}, {"active": true}, {"active": false, "nickName": "n"}, {"urn:x:l": {"ls": "ACTIVE"}}, {"urn:x:l": {"ls": "SUSPENDED"}}, {"urn:x:l:ls": "SUSPENDED"}, {"URN:x:l": {"LS": "ACTIVE"}}, {"urn:x:l": {"ls": "PENDING"}}, {"urn:x:l": null}]'
-- policy "status": life begins PENDING
INSERT INTO upolicies.policy (resource_type, kind, settings) VALUES ('User', 'status', '{"attribute": "urn:x:l:ls", "pending": true, "writable": true}');
INSERT INTO upolicies.users (data) VALUES ('{"userName": "new"}');
SELECT * FROM pg_temp.compare(:'documents');
UPDATE upolicies.policy SET settings = '{"attribute": "urn:x:l:ls", "writable": true}' WHERE kind = 'status';
SELECT who, count(*), bool_and(same) FROM pg_temp.compare(:'documents') GROUP BY 1 ORDER BY 1;
SELECT * FROM pg_temp.compare(:'documents') WHERE NOT same;
DELETE FROM upolicies.policy WHERE kind = 'status';
-- "default" and "generate" fill what somebody new does not state
INSERT INTO upolicies.policy (resource_type, kind, name, settings) VALUES ('User', 'default', 'default', '{"attributes": {"roles": ["member"], "nickName": "nick"}}');
SELECT * FROM pg_temp.compare('[{}, {"title": "t"}, {"roles": ["admin"]}, {"nickName": null}]');
-- many at once, of which some are new; the columns of "excluded" say what was made
INSERT INTO upolicies.users (id, data) SELECT coalesce(u.id, '00000000-0000-7000-8000-000000000001'), jsonb_build_object('userName', n, 'title', 'x', 'password', 'pw') FROM unnest('{kim,zoe,lou}'::text[]) n LEFT JOIN upolicies.users u ON u.user_name = n ORDER BY n
ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = excluded.data RETURNING user_name, version, pg_temp.made(data);
SELECT user_name, scim.verify_password(id, 'pw') FROM upolicies.users WHERE data ->> 'title' = 'x' ORDER BY 1;
INSERT INTO upolicies.users (id, data) SELECT id, '{"userName": "kimmy"}' FROM upolicies.users WHERE user_name = 'kim'
ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = excluded.data, user_name = excluded.user_name RETURNING user_name, pg_temp.made(data);
INSERT INTO upolicies.users AS u (id, data) SELECT id, '{"userName": "kimmy", "displayName": "K"}' FROM upolicies.users WHERE user_name = 'kimmy'
ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = u.data || excluded.data RETURNING user_name, pg_temp.made(data);
INSERT INTO upolicies.groups (id, data) VALUES ('00000000-0000-7000-8000-000000000002', '{"displayName": "g", "members": []}') ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = excluded.data RETURNING data ->> 'displayName';
-- what is not stated goes, but for what another expression keeps
INSERT INTO upolicies.users AS u (id, data) SELECT id, '{"userName": "zoe", "title": "y"}' FROM upolicies.users WHERE user_name = 'zoe'
ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = u.data || excluded.data RETURNING user_name, pg_temp.made(data);
INSERT INTO upolicies.users AS u (id, data) SELECT id, '{"userName": "zoe", "title": "z", "NickName": null}' FROM upolicies.users WHERE user_name = 'zoe'
ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = excluded.data RETURNING user_name, pg_temp.made(data);
INSERT INTO upolicies.users AS u (id, data) SELECT id, '{"userName": "zoe", "urn:ietf:params:scim:schemas:core:2.0:User:nickName": "nick"}' FROM upolicies.users WHERE user_name = 'zoe'
ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = excluded.data RETURNING user_name, pg_temp.made(data);
-- what is generated for a new one
INSERT INTO upolicies.policy (resource_type, kind, name, settings) VALUES ('User', 'generate', 'generate', '{"attributes": {"displayName": "{userName} made"}}');
SELECT * FROM pg_temp.compare('[{}, {"displayName": "d"}]') WHERE who < 'm';
-- what refuses somebody new does not refuse who is there
UPDATE upolicies.policy SET enabled = true WHERE kind = 'identity';
SELECT * FROM pg_temp.compare('[{"emails": [{"value": "e@x"}]}]') WHERE who = 'lou';
SELECT scim.drop_store('upolicies', true);
