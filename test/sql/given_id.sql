-- An id is that of one resource, whatever its type (RFC 7643 section 3.1)
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('given');
SET scim.store = 'given';
INSERT INTO given.users (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"userName": "bjensen"}');
INSERT INTO given.groups (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"displayName": "g"}');
INSERT INTO given.resource (id, resource_type, data) VALUES ('00000000-0000-7000-8000-000000000001', 'Group', '{"displayName": "g"}');
INSERT INTO given.groups (id, data) VALUES ('00000000-0000-7000-8000-000000000002', '{"displayName": "g"}'), ('00000000-0000-7000-8000-000000000003', '{"displayName": "g"}');
INSERT INTO given.users (id, data) VALUES ('00000000-0000-7000-8000-000000000004', '{"userName": "x"}'), ('00000000-0000-7000-8000-000000000003', '{"userName": "y"}');
-- one statement for both, and an id that was made for another row
INSERT INTO given.resource (id, resource_type, data) VALUES ('00000000-0000-7000-8000-000000000005', 'User', '{"userName": "z"}'), ('00000000-0000-7000-8000-000000000005', 'Group', '{"displayName": "z"}');
\set VERBOSITY sqlstate
WITH made AS (INSERT INTO given.users (data) VALUES ('{"userName": "w"}') RETURNING id) INSERT INTO given.groups (id, data) SELECT id, '{"displayName": "w"}' FROM made;
DO $$
DECLARE
    made uuid;
BEGIN
    INSERT INTO given.users (data) VALUES ('{"userName": "v"}') RETURNING id INTO made;
    INSERT INTO given.groups (id, data) VALUES (made, '{"displayName": "v"}');
END
$$;
\set VERBOSITY terse
COPY given.groups (id, data) FROM stdin;
00000000-0000-7000-8000-000000000006	{"displayName": "c"}
00000000-0000-7000-8000-000000000001	{"displayName": "c"}
\.
-- who is deleted keeps his id until he is purged
DELETE FROM given.users;
INSERT INTO given.groups (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"displayName": "g"}');
SELECT scim.purge('0 s') > 0 AS purged;
INSERT INTO given.groups (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"displayName": "g"}') RETURNING id;
-- another tenant is another provider
INSERT INTO given.tenant (tenant_id, name) VALUES (2, 'two');
INSERT INTO given.users (tenant_id, id, data) VALUES (2, '00000000-0000-7000-8000-000000000001', '{"userName": "bjensen"}') RETURNING id;
-- what was not written is not asked for
INSERT INTO given.users (id, data) VALUES ('00000000-0000-7000-8000-000000000007', '{"userName": "n"}');
INSERT INTO given.users (id, data) VALUES ('00000000-0000-7000-8000-000000000007', '{"userName": "n"}') ON CONFLICT DO NOTHING;
INSERT INTO given.users (data) SELECT jsonb_build_object('userName', 'many' || n) FROM generate_series(1, 3) n;
SELECT count(*) FROM given.resource;
SELECT scim.drop_store('given', true);
