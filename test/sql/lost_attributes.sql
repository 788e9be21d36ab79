-- Who has what no schema knows any more can be imported, taken back and exported like
-- anybody: it goes with the next write.
SET client_min_messages = warning;
SELECT scim.create_store('lost');
SET scim.store = 'lost';
SELECT scim.register_schema('{"id": "urn:example:lost", "name": "Lost", "attributes": [{"name": "a"}, {"name": "b"}, {"name": "c", "type": "complex", "subAttributes": [{"name": "a"}, {"name": "b"}]}]}') ->> 'id' AS id;
SELECT scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User", "schemaExtensions": [{"schema": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "required": false}, {"schema": "urn:example:lost", "required": false}]}', force => true) ->> 'name' AS name;
INSERT INTO lost.users (data) SELECT jsonb_build_object('userName', n, 'title', 'T', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', '{"department": "D"}'::jsonb,
    'urn:example:lost', '{"a": "1", "b": "2", "c": {"a": "1", "b": "2"}}'::jsonb) FROM unnest('{ann,bob,cat,dan}'::text[]) n;
SELECT scim.register_schema('{"id": "urn:example:lost", "name": "Lost", "attributes": [{"name": "a"}, {"name": "c", "type": "complex", "subAttributes": [{"name": "a"}]}]}', force => true) ->> 'id' AS id;
SELECT scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User", "schemaExtensions": [{"schema": "urn:example:lost", "required": false}]}', force => true) ->> 'name' AS name;

SELECT document - 'id' AS document FROM scim.export('User', 'userName eq "ann"') AS document;
SELECT action, problems, count(*) FROM scim.import('User', $$SELECT document AS data FROM scim.export('User') AS document$$, match => 'id', apply => true) GROUP BY 1, 2;
SELECT count(*) FROM lost.users WHERE version > 1;
SELECT key, action, difference, problems FROM scim.import('User', $$SELECT 'ann' AS "userName", false AS active$$, apply => true, force => true);
SELECT data FROM lost.users WHERE user_name = 'ann';
SELECT key, action, problems FROM scim.import('User', $$SELECT 'bob' AS "userName", '2' AS "urn:example:lost:b"$$, apply => true);
SELECT key, action, problems FROM scim.import('User', $$SELECT 'bob' AS "userName", 'x' AS title, '3' AS "urn:example:lost:c.a"$$, apply => true);
SELECT data FROM lost.users WHERE user_name = 'bob';

-- taken back: the rest
UPDATE lost.users SET data = data || '{"title": "other"}' WHERE user_name = 'cat';
SELECT change FROM lost.audit ORDER BY at DESC, id DESC LIMIT 1 \gset
SELECT action, difference, conflict FROM scim.revert_change(:'change');
SELECT data FROM lost.users WHERE user_name = 'cat';
UPDATE lost.policy SET settings = '{"mode": "hard"}' WHERE kind = 'delete';
DELETE FROM lost.users WHERE user_name = 'dan';
SELECT change FROM lost.audit ORDER BY at DESC, id DESC LIMIT 1 \gset
SELECT action, difference, conflict FROM scim.revert_change(:'change');
SELECT data FROM lost.users WHERE user_name = 'dan';
SELECT scim.drop_store('lost', true);
