-- However many members go by one statement, a group loses them at once: one version, one event
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('leave');
SET scim.store = 'leave';
UPDATE leave.policy SET enabled = true WHERE kind = 'events' AND resource_type = 'Group';
CREATE FUNCTION pg_temp.u(n int) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.g(n int) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid $$;
-- what two groups have of it when users go, of ten who are in both; undone afterwards
CREATE FUNCTION pg_temp.go(VARIADIC statements text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    statement text;
BEGIN
    INSERT INTO leave.users (id, data) SELECT pg_temp.u(n), jsonb_build_object('userName', 'u' || n) FROM generate_series(1, 10) n;
    INSERT INTO leave.groups (id, data) SELECT pg_temp.g(n), jsonb_build_object('displayName', 'g' || n) FROM generate_series(1, 2) n;
    INSERT INTO leave.member (group_id, member_id) SELECT pg_temp.g(g), pg_temp.u(n) FROM generate_series(1, 2) g, generate_series(1, 10) n;
    ALTER TABLE leave.audit DISABLE TRIGGER scim_guard; DELETE FROM leave.audit; ALTER TABLE leave.audit ENABLE TRIGGER scim_guard;
    DELETE FROM leave.event;
    FOREACH statement IN ARRAY statements LOOP
        EXECUTE statement;
    END LOOP;
    RAISE EXCEPTION USING ERRCODE = 'P9999', MESSAGE = (
        SELECT string_agg(concat_ws(' ', g.data ->> 'displayName', g.version - 2, 'versions', (SELECT count(*) FROM leave.event e WHERE e.resource_id = g.id), 'events',
            (SELECT count(*) FROM leave.audit a WHERE a.resource_id = g.id AND a.operation = 'update'), 'updates',
            (SELECT count(*) FROM leave.audit a WHERE a.resource_id = g.id AND a.operation = 'remove member'), 'left',
            (SELECT count(*) FROM leave.member m WHERE m.group_id = g.id), 'stay'), '; ' ORDER BY g.id)
        FROM leave.groups g) || (SELECT ' / ' || count(DISTINCT change) || ' change' FROM leave.audit);
EXCEPTION
    WHEN SQLSTATE 'P9999' THEN RETURN SQLERRM;
END
$$;
SELECT mode, statement, pg_temp.go(format('UPDATE leave.policy SET settings = ''{"mode": "%s"}'' WHERE kind = ''delete'' AND resource_type = ''User''', mode), statement)
FROM unnest(ARRAY['retain', 'hard', 'offboard']) AS mode,
    unnest(ARRAY['DELETE FROM leave.users', 'DELETE FROM leave.resource WHERE resource_type = ''User''', 'DELETE FROM leave.users WHERE user_name < ''u5''',
        'UPDATE leave.users SET status = ''DELETED'' WHERE user_name < ''u5''', 'DELETE FROM leave.resource WHERE resource_type = ''User'' OR display_name = ''g1''']) AS statement;
-- who may delete by deactivation
SELECT pg_temp.go('UPDATE leave.policy SET settings = ''{"mode": "hard", "byStatus": {"ACTIVE": {"deactivate": "delete"}}}'' WHERE kind = ''delete'' AND resource_type = ''User''',
    'UPDATE leave.users SET active = false');
-- several statements are several versions, and one that fails is none
SELECT pg_temp.go('DELETE FROM leave.users WHERE user_name < ''u3''', 'DELETE FROM leave.users WHERE user_name < ''u5''');
SELECT pg_temp.go('DO $x$BEGIN DELETE FROM leave.users WHERE user_name < ''u3''; RAISE division_by_zero; EXCEPTION WHEN division_by_zero THEN NULL; END$x$',
    'DELETE FROM leave.users WHERE user_name >= ''u8''');
-- a trigger of one's own that takes others along
CREATE FUNCTION pg_temp.along() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM leave.users WHERE user_name = 'u1' || OLD.user_name OR user_name = 'u9';
    RETURN NULL;
END
$$;
CREATE TRIGGER along AFTER DELETE OR UPDATE ON leave.users FOR EACH ROW EXECUTE FUNCTION pg_temp.along();
SELECT pg_temp.go('DELETE FROM leave.users WHERE user_name < ''u5''');
DROP TRIGGER along ON leave.users;
-- purged later: nothing more
SELECT pg_temp.go('DELETE FROM leave.users', 'SELECT scim.purge(''0 s'')');
SELECT scim.drop_store('leave', true);
