-- Indexes whose making CONCURRENTLY was broken off: written by everybody and read by nobody, until they are made again.
SELECT scim.create_store('unfinished');
SET scim.store = 'unfinished';
INSERT INTO unfinished.users (data) SELECT jsonb_build_object('userName', 'user' || i, 'nickName', 'Nick ' || i, 'name', jsonb_build_object('familyName', 'Family ' || i % 7)) FROM generate_series(1, 20) i;
CREATE VIEW pg_temp.warning AS SELECT w FROM jsonb_array_elements_text(scim.readiness(stores => '{unfinished}') -> 'warnings') w;
CREATE VIEW pg_temp.made AS SELECT i.indexrelid::regclass AS index, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = 'unfinished'::regnamespace
    AND (NOT i.indisvalid OR i.indexrelid::regclass::text ~ '_(sort|filter|ccnew|mine|copy)"?$');
-- what breaks off leaves
CREATE FUNCTION pg_temp.break(VARIADIC patterns text[]) RETURNS bigint LANGUAGE sql AS $$
    WITH broken AS (UPDATE pg_index SET indisvalid = false WHERE indexrelid IN (SELECT oid FROM pg_class c WHERE relnamespace = 'unfinished'::regnamespace AND relkind = 'i' AND relname ~ ANY (patterns)) RETURNING 1)
    SELECT count(*) FROM broken $$;

-- asked for again, they are made again: by one statement after the other, or at once
SELECT scim.create_filter_index('User', 'nickName pr', online => true) \gexec
SELECT scim.create_sort_index('User', 'name.familyName', online => true) \gexec
SELECT pg_temp.break('_(sort|filter)$');
SELECT scim.create_filter_index('User', 'nickName pr', online => true);
SELECT scim.create_sort_index('User', 'name.familyName', online => true);
SELECT scim.create_filter_index('User', 'nickName pr', online => true) \gexec
SELECT scim.create_sort_index('User', 'name.familyName', online => true) \gexec
SELECT * FROM pg_temp.made ORDER BY index::text COLLATE "C";
SELECT pg_temp.break('_(sort|filter)$');
SELECT scim.create_filter_index('User', 'nickName pr');
SELECT scim.create_sort_index('User', 'name.familyName');
SELECT * FROM pg_temp.made ORDER BY index::text COLLATE "C";
-- those that are whole stay
SELECT scim.create_filter_index('User', 'nickName pr');
SELECT scim.create_sort_index('User', 'name.familyName', online => true) \gexec

-- Readiness tells of them, and of all others; the store is brought forward, or repaired, and has its own again.
CREATE INDEX users_data_idx_ccnew ON unfinished.users USING gin (tenant_id scim.gin_int4_ops, data scim.gin_ops) WITH (gin_pending_list_limit = 256) WHERE deleted_at IS NULL;
CREATE INDEX "Of mine" ON unfinished.users (created) WHERE active;
CREATE INDEX of_groups_mine ON unfinished.groups (version);
CREATE INDEX event_at_copy ON unfinished.event (tenant_id, at, id) WHERE position IS NULL;
SELECT * FROM pg_temp.warning;
SELECT pg_temp.break('_(sort|filter)$', '_ccnew$', 'mine$', '_copy$', '^users_created_idx$', '^member_member_id_idx$', '^client_name_key$');
SELECT * FROM pg_temp.warning;
SELECT scim.upgrade_store('unfinished');
SELECT scim.repair_store('unfinished') \gexec
SELECT indisvalid AS name_of_client FROM pg_index WHERE indexrelid = to_regclass('unfinished.client_name_key');
SELECT scim.repair_store('unfinished');
SELECT * FROM pg_temp.made ORDER BY index::text COLLATE "C";
SELECT * FROM pg_temp.warning;
SELECT scim.readiness('nobody', '{unfinished}') ? 'warnings' AS warns;
DROP INDEX unfinished."Of mine", unfinished.of_groups_mine;
SELECT * FROM pg_temp.warning;

-- Copies stay copies where the table has been rewritten since, which makes all of its indexes valid; one without the index that it was a copy of is what it is.
SELECT scim.create_filter_index('User', 'nickName pr', online => true) \gexec
SELECT scim.create_sort_index('User', 'name.familyName', online => true) \gexec
SELECT format('CREATE UNIQUE INDEX users_key_ccnew1 %s', substr(pg_get_indexdef(conindid), strpos(pg_get_indexdef(conindid), ' ON ')) || ';')
    FROM pg_constraint WHERE conrelid = 'unfinished.users'::regclass AND contype = 'p' \gexec
SELECT format('CREATE INDEX %I %s', left(c.relname, 57) || '_ccnew', substr(pg_get_indexdef(c.oid), strpos(pg_get_indexdef(c.oid), ' ON ')))
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = 'unfinished.users'::regclass AND c.relname ~ '_(sort|filter)$' ORDER BY c.relname COLLATE "C" \gexec
CREATE INDEX users_data_idx_ccold ON unfinished.users USING gin (tenant_id scim.gin_int4_ops, data scim.gin_ops) WITH (gin_pending_list_limit = 256) WHERE deleted_at IS NULL;
CREATE INDEX other_ccnew ON unfinished.users (lower(user_name));
CREATE INDEX other_ccnew1 ON unfinished.users (lower(user_name));
SELECT pg_temp.break('_cc(new|old)[0-9]*$');
VACUUM FULL unfinished.users;
SELECT scim.create_sort_index('User', 'name.familyName');
SELECT * FROM pg_temp.warning ORDER BY w COLLATE "C";
SELECT * FROM scim.repair_store('unfinished') r ORDER BY r COLLATE "C" \gexec
SELECT scim.repair_store('unfinished');
SELECT * FROM pg_temp.warning;
SELECT * FROM pg_temp.made ORDER BY index::text COLLATE "C";
DROP INDEX unfinished.other_ccnew, unfinished.other_ccnew1;

-- So does a load that ends.
SELECT pg_temp.break('^users_(created|data)_idx$');
SELECT * FROM scim.end_load('User');
SELECT * FROM pg_temp.made ORDER BY index::text COLLATE "C";
SELECT count(*) FROM pg_temp.warning;
SELECT pg_temp.break('^users_(created|data)_idx$');
SELECT count(*) AS dropped FROM scim.begin_load('User');
SELECT * FROM scim.end_load('User');
SELECT * FROM pg_temp.made ORDER BY index::text COLLATE "C";

SET client_min_messages = warning;
SELECT scim.drop_store('unfinished', true);
