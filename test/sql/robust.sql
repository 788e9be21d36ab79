-- What must not go wrong: limits, plans and leftovers of a session, and schemas
-- that only look like a store.
SET client_min_messages = warning;      -- no list of what CASCADE drops
\set VERBOSITY terse
SELECT scim.create_store('robust');
SET scim.store = 'robust';

-- an error quotes whole characters only
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('GET', '/Users/%€');

-- what a filter may be, the search made of it may be, too
SET scim.max_filter_depth = 2;
SELECT scim.search('User', 'userName eq "x" and (title eq "y" or not (nickName eq "z" and locale pr))') ->> 'totalResults' AS total;
SELECT scim.search('User', 'userName eq "x" and not (title eq "y" or (nickName eq "z" or locale pr) and title pr)') ->> 'totalResults' AS total;
RESET scim.max_filter_depth;
SELECT scim.to_sql('userName eq "x" and (title eq "y" or nickName eq "z") and locale pr');
SELECT scim.search('User', 'userName pr and ' || string_agg('title ne "' || i || '"', ' and ')) ->> 'totalResults' AS total
FROM generate_series(1, 3200) i;
SELECT scim.search('User', string_agg('userName eq "' || i || '"', ' or ')) ->> 'totalResults' AS total
FROM generate_series(1, 2800) i;

-- an INSERT that wrote nothing leaves nothing for the next change of the row
INSERT INTO robust.groups (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"displayName": "g"}');
BEGIN;
INSERT INTO robust.groups (id, data) VALUES ('00000000-0000-7000-8000-000000000001',
    '{"displayName": "g", "members": [{"value": "stale"}]}') ON CONFLICT DO NOTHING;
INSERT INTO robust.member (group_id, member_id)
VALUES ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002');
COMMIT;
SELECT member_id, value FROM robust.member;

-- one PATCH, one version, however many operations name a member each
SELECT split_part(scim.patch_resource('Group', '00000000-0000-7000-8000-000000000001', '[
    {"op": "add", "path": "members", "value": [{"value": "a"}]},
    {"op": "add", "path": "members", "value": [{"value": "b"}, {"value": "a"}]},
    {"op": "add", "path": "members", "value": [{"value": "c"}]}]') #>> '{meta,version}', '.', 1) AS version;
SELECT split_part(scim.patch_resource('Group', '00000000-0000-7000-8000-000000000001', '[
    {"op": "remove", "path": "members", "value": [{"value": "b"}]},
    {"op": "remove", "path": "members", "value": [{"value": "c"}]},
    {"op": "add", "path": "members", "value": [{"value": "c"}]}]') #>> '{meta,version}', '.', 1) AS version;
SELECT value FROM robust.member ORDER BY value;

-- large groups, replaced more often than a plan is made anew
CREATE FUNCTION pg_temp.replace_with(first int, last int) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    PERFORM scim.replace_resource('Group', '00000000-0000-7000-8000-000000000001',
        jsonb_build_object('displayName', 'g', 'members',
            (SELECT jsonb_agg(jsonb_build_object('value', 'm' || i)) FROM generate_series(first, last) i)));
    RETURN (SELECT count(*) FROM robust.member WHERE value BETWEEN 'm' || first AND 'm' || last)
        - (SELECT count(*) FROM robust.member WHERE value NOT BETWEEN 'm' || first AND 'm' || last);
END
$$;
SELECT i, pg_temp.replace_with(1000 + i, 1999) AS members
FROM generate_series(1, 8) i;

-- the same query with a scim.filter of another extension
SELECT scim.search('User', 'title eq "x"') ->> 'totalResults' AS total;
BEGIN;
DROP EXTENSION scim CASCADE;
DROP SCHEMA robust CASCADE;
CREATE EXTENSION scim;
SELECT scim.create_store('robust');
SELECT scim.search('User', 'title eq "x"') ->> 'totalResults' AS total;
ROLLBACK;
SELECT scim.search('User', 'title eq "x"') ->> 'totalResults' AS total;

-- a schema with a table "resource" of somebody else is no store
CREATE ROLE regress_scim_maker;
CREATE SCHEMA robust_fake;
GRANT ALL ON SCHEMA robust_fake TO regress_scim_maker;
CREATE TABLE robust_fake.resource (LIKE robust.resource);
SET ROLE regress_scim_maker;
CREATE FUNCTION robust_fake.whoami() RETURNS jsonb LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION 'I am %', current_user; END $$;
CREATE VIEW robust_fake.schema AS SELECT 'x' AS id, robust_fake.whoami() AS document;
CREATE VIEW robust_fake.resource_type AS SELECT 'x' AS name, robust_fake.whoami() AS document;
CREATE VIEW robust_fake.policy AS SELECT NULL::int AS tenant_id, 'x' AS resource_type, 'audit' AS kind,
    true AS enabled, robust_fake.whoami() AS settings;
GRANT ALL ON robust_fake.schema, robust_fake.resource_type, robust_fake.policy TO PUBLIC;
SET scim.store = 'robust_fake';
SELECT scim.search('User');
DROP VIEW robust_fake.schema;
CREATE TABLE robust_fake.schema (id text, document jsonb);
SELECT scim.search('User');
RESET ROLE;
DROP SCHEMA robust_fake CASCADE;
DROP ROLE regress_scim_maker;
SET scim.store = 'robust';

-- a resource is found by its key in a store of which the planner knows nothing yet: so many rows are read, not their square
BEGIN;
DO $$
DECLARE
    id text;
BEGIN
    FOR i IN 1..400 LOOP
        id := scim.create_resource('User', jsonb_build_object('userName', 'new' || i)) ->> 'id';
        PERFORM scim.patch_resource('User', id, '[{"op": "add", "path": "title", "value": "x"}]');
        PERFORM scim.replace_resource('User', id, jsonb_build_object('userName', 'new' || i));
        PERFORM scim.get_resource('User', id);
        PERFORM scim.delete_resource('User', id);
    END LOOP;
END
$$;
SELECT seq_tup_read + idx_tup_fetch < 400 * 20 AS few FROM pg_stat_xact_user_tables WHERE relid = 'robust.users'::regclass;
ROLLBACK;

-- a store whose own tables can only be read with the store
DROP POLICY store_wide ON robust.schema;
CREATE POLICY own ON robust.schema USING (scim.matches(document, 'id pr'));
CREATE ROLE regress_scim_owner;
GRANT USAGE ON SCHEMA robust TO regress_scim_owner;
DO $$
DECLARE
    name regclass;
BEGIN
    FOR name IN SELECT oid FROM pg_class WHERE relnamespace = 'robust'::regnamespace AND relkind IN ('r', 'p') LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO regress_scim_owner', name);
    END LOOP;
END
$$;
ALTER TABLE robust.schema FORCE ROW LEVEL SECURITY;
SELECT scim.search('User') ->> 'totalResults' AS total;
ALTER TABLE robust.schema NO FORCE ROW LEVEL SECURITY;
SELECT scim.search('User') ->> 'totalResults' AS total;

SELECT scim.drop_store('robust', true);
DROP ROLE regress_scim_owner;
