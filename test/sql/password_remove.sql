-- A password is removed as a whole: by no remove does anybody find out what it is, or lose one that he did not name
SET client_min_messages = warning;
SELECT scim.create_store('forgets');
SET scim.store = 'forgets';
RESET client_min_messages;
\set u 00000000-0000-7000-8000-000000000001
INSERT INTO forgets.users (id, data) VALUES (:'u', '{"userName": "u", "title": "t", "password": "t0p secret"}');
CREATE FUNCTION pg_temp.patch(operation jsonb, OUT status int, OUT version text, OUT detail text, OUT verified boolean) LANGUAGE plpgsql AS $$
BEGIN
    SELECT r.status, substr(r.headers ->> 'ETag', 1, 5), r.body::jsonb ->> 'detail' INTO status, version, detail
    FROM scim.request('PATCH', '/Users/00000000-0000-7000-8000-000000000001', '{}', jsonb_build_object('Operations', ARRAY[operation])::text) r;
    verified := scim.verify_password('00000000-0000-7000-8000-000000000001', 't0p secret');
END $$;
SELECT operation, p.* FROM unnest(ARRAY[
    '{"op": "remove", "path": "password", "value": "wrong"}',
    '{"op": "remove", "path": "password", "value": "t0p secret"}',
    '{"op": "Remove", "path": "PassWord", "value": ["wrong"]}',
    '{"op": "remove", "path": "urn:ietf:params:scim:schemas:core:2.0:User:password", "value": "wrong"}',
    '{"op": "remove", "path": "password", "value": 7}',
    '{"op": "remove", "path": "password", "value": {"value": "wrong"}}',
    '{"op": "remove", "path": "password", "value": ""}',
    '{"op": "remove", "path": "password", "value": []}',
    '{"op": "remove", "path": "title", "value": "other"}']::jsonb[]) operation, pg_temp.patch(operation) p;
SELECT * FROM pg_temp.patch('{"op": "remove", "path": "password", "value": null}');
UPDATE forgets.users SET data = data || '{"password": "t0p secret"}';
SELECT * FROM pg_temp.patch('{"op": "remove", "path": "password"}');
SET client_min_messages = warning;
SELECT scim.drop_store('forgets', force => true);
