-- The policy "reference": what is there when the statement ends counts, the row itself and rows that come later in it
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('stmt');
SET scim.store = 'stmt';
CREATE FUNCTION pg_temp.try(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE query;
    RETURN 'ok';
EXCEPTION
    WHEN OTHERS THEN RETURN concat_ws(' ', SQLSTATE, SQLERRM);
END
$$;
CREATE FUNCTION pg_temp.u(n int) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-7000-8000-00000000000' || n)::uuid $$;
CREATE FUNCTION pg_temp.doc(n int, manager int) RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_strip_nulls(jsonb_build_object('userName', 'u' || n, 'manager', pg_temp.u(manager))) $$;
INSERT INTO stmt.policy (resource_type, kind, name, settings) VALUES ('User', 'reference', 'managers', '{"attributes": {"manager": {"type": "User", "onDelete": "clear"}}, "missing": "notFound"}');
-- himself; nobody; one who comes later; one who comes later, but is not written
INSERT INTO stmt.users (id, data) VALUES (pg_temp.u(1), pg_temp.doc(1, 1));
INSERT INTO stmt.users (id, data) VALUES (pg_temp.u(2), pg_temp.doc(2, 9));
INSERT INTO stmt.users (data) VALUES ('{"userName": "u2", "manager": "nobody"}');
INSERT INTO stmt.users (id, data) VALUES (pg_temp.u(2), pg_temp.doc(2, 3)), (pg_temp.u(3), pg_temp.doc(3, 2));
INSERT INTO stmt.users (id, data) VALUES (pg_temp.u(4), pg_temp.doc(4, 5)), (pg_temp.u(5), pg_temp.doc(1, NULL)) ON CONFLICT DO NOTHING;
INSERT INTO stmt.users (id, data) VALUES (pg_temp.u(4), pg_temp.doc(1, 9)) ON CONFLICT DO NOTHING;
COPY stmt.users (id, data) FROM stdin;
00000000-0000-7000-8000-000000000004	{"userName": "u4", "manager": "00000000-0000-7000-8000-000000000005"}
00000000-0000-7000-8000-000000000005	{"userName": "u5", "manager": "00000000-0000-7000-8000-000000000006"}
00000000-0000-7000-8000-000000000006	{"userName": "u6"}
\.
COPY stmt.users (id, data) FROM stdin;
00000000-0000-7000-8000-000000000007	{"userName": "u7", "manager": "00000000-0000-7000-8000-000000000008"}
00000000-0000-7000-8000-000000000009	{"userName": "u9", "manager": "00000000-0000-7000-8000-000000000006"}
\.
-- a group, later in the same statement, is no manager; another tenant's user neither
INSERT INTO stmt.tenant VALUES (2, 'two');
SELECT pg_temp.try($$WITH g AS (INSERT INTO stmt.groups (id, data) VALUES (pg_temp.u(7), '{"displayName": "g"}')) INSERT INTO stmt.users (data) VALUES (pg_temp.doc(8, 7))$$);
INSERT INTO stmt.resource (resource_type, tenant_id, id, data) VALUES ('User', 1, pg_temp.u(7), pg_temp.doc(7, 8)), ('Group', 1, pg_temp.u(8), '{"displayName": "g"}');
INSERT INTO stmt.users (tenant_id, id, data) VALUES (1, pg_temp.u(7), pg_temp.doc(7, 8)), (2, pg_temp.u(8), pg_temp.doc(8, NULL));
-- UPDATE: to himself, to who was not there; with password; behind a savepoint that is undone
UPDATE stmt.users SET data = pg_temp.doc(6, 6) WHERE id = pg_temp.u(6);
UPDATE stmt.users SET data = pg_temp.doc(6, 9) WHERE id = pg_temp.u(6);
INSERT INTO stmt.users (id, data) VALUES (pg_temp.u(7), pg_temp.doc(7, 8) || '{"password": "long and secret"}'), (pg_temp.u(8), pg_temp.doc(8, 7) || '{"password": "long and secret"}');
SELECT count(*) FROM stmt.credential;
BEGIN;
SAVEPOINT s;
INSERT INTO stmt.users (id, data) VALUES (pg_temp.u(9), pg_temp.doc(9, 0));
ROLLBACK TO s;
INSERT INTO stmt.users (id, data) VALUES (pg_temp.u(9), pg_temp.doc(9, 0)), (pg_temp.u(0), pg_temp.doc(0, 9));
COMMIT;
SELECT user_name, right(data #>> '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,manager,value}', 1) AS manager FROM stmt.users ORDER BY 1;
-- a reference that is wrong and a condition that is broken: both are told of, and the reference decides
INSERT INTO stmt.policy (resource_type, kind, name, settings) VALUES ('User', 'condition', 'title', '{"require": "title pr", "message": "no title", "status": 422}');
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('POST', '/Users', '{}', '{"userName": "x", "manager": "00000000-0000-7000-8000-0000000000ff"}');
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('POST', '/Users', '{}', '{"userName": "x", "title": "t", "manager": "00000000-0000-7000-8000-0000000000ff"}');
DELETE FROM stmt.policy WHERE name = 'title';
-- MERGE, which inserts and updates
MERGE INTO stmt.users u USING (VALUES (1, 'a'), (2, 'b')) x(n, t) ON u.user_name = 'u' || n AND n = 1
    WHEN MATCHED THEN UPDATE SET data = jsonb_build_object('userName', 'u1', 'manager', '00000000-0000-7000-8000-0000000000aa')
    WHEN NOT MATCHED THEN INSERT (id, data) VALUES ('00000000-0000-7000-8000-0000000000aa', '{"userName": "new"}');
SELECT scim.drop_store('stmt', true);
