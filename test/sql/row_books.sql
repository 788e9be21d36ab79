-- Rows of the tables in which a store keeps its books: an error names the row, and shows nothing else of it
SET client_min_messages = warning;
SELECT scim.create_store('books');
SET scim.store = 'books';
RESET client_min_messages;
\set r 00000000-0000-7000-8000-000000000001
INSERT INTO books.event (tenant_id, id, event_uri, resource_type, resource_id, data) VALUES (1, :'r', 'urn:x', NULL, :'r', '{"transient": {"code": "hunter2"}}');
INSERT INTO books.event (tenant_id, id, event_uri, resource_type, resource_id, data) VALUES
    (1, :'r', 'urn:x', 'User', :'r', '{"transient": {"code": "hunter2"}}'), (1, NULL, 'urn:x', 'User', :'r', '{"transient": {"code": "hunter2"}}');
INSERT INTO books.event (tenant_id, id, event_uri, resource_type, resource_id, data) VALUES (1, :'r', 'urn:x', 'User', :'r', '{"transient": {"code": "hunter2"}}');
UPDATE books.event SET event_uri = NULL;
ALTER TABLE books.event ADD CONSTRAINT of_mine CHECK (event_uri <> 'urn:bad');
UPDATE books.event SET event_uri = 'urn:bad';
\set ECHO none
COPY books.event (tenant_id, id, event_uri, resource_type, resource_id, data) FROM stdin;
1	00000000-0000-7000-8000-000000000002	urn:bad	User	00000000-0000-7000-8000-000000000001	{"transient": {"code": "hunter2"}}
\.
\set ECHO all
INSERT INTO books.delivery (tenant_id, consumer_id, position, event_id, resource_id, last_error) VALUES (1, :'r', 1, :'r', NULL, 'Bearer hunter2');
INSERT INTO books.lease (tenant_id, consumer_id, resource_id, id, expires_at) VALUES (1, :'r', :'r', :'r', NULL);
INSERT INTO books.guard (tenant_id, id, policy_id, key, actor) VALUES (1, :'r', :'r', NULL, 'hunter2');
INSERT INTO books.guard_count (tenant_id, guard_id, id, at, amount) VALUES (1, :'r', :'r', now(), NULL);
UPDATE books.store SET version = NULL;
UPDATE books.store SET id = 2;
TRUNCATE books.credential;
INSERT INTO books.event_position (tenant_id, last) VALUES (7, 0), (8, -1);
INSERT INTO books.consumer_position (tenant_id, consumer_id, position) VALUES (1, :'r', NULL);
INSERT INTO books.unique_value (tenant_id, resource_type, attribute, value, resource_id) VALUES (1, 'User', 'badge', repeat('7', 600), :'r');
INSERT INTO books.unique_value (tenant_id, resource_type, attribute, value, resource_id) VALUES (1, 'User', 'badge', '7', :'r');
ALTER TABLE books.binding_link DISABLE TRIGGER scim_door;
INSERT INTO books.binding_link (tenant_id, binding_id, resource_id, detached) VALUES (1, :'r', :'r', 'infinity');
ALTER TABLE books.binding_link ENABLE TRIGGER scim_door;
INSERT INTO books.database_role (tenant_id, resource_id, resource_type, role, role_id, database_id, made, login, server_id) VALUES (1, :'r', 'User', 'nobody', 1, 1, true, true, 1);
INSERT INTO books.users (id, data) VALUES (:'r', '{"userName": "r"}');
INSERT INTO books.audit (tenant_id, actor, operation, resource_id) VALUES (1, 'me', 'create', :'r');
UPDATE books.audit SET actor = 'somebody' WHERE resource_id = :'r';
DELETE FROM books.audit WHERE resource_id = :'r';
INSERT INTO books.audit_seal (tenant_id, position, sealed_at, horizon, row_count, total, rows, previous, digest) VALUES (1, 1, now(), now(), 0, 0, '', '', '');
-- and what the store writes itself is as it was
UPDATE books.policy SET enabled = true WHERE kind = 'events';
INSERT INTO books.users (data) VALUES ('{"userName": "u"}');
SELECT count(*) FROM books.event WHERE event_uri LIKE '%:create:%';
SET client_min_messages = warning;
SELECT scim.drop_store('books', true);
