-- What one store costs at a size: prints a line "name|value|unit" for each figure.  CPU is that of the
-- backend, as the kernel counts it.  Variables: users, tenants, calls.
\set ON_ERROR_STOP 1
SET client_min_messages = warning;
SET maintenance_work_mem = '512MB';
CREATE EXTENSION scim;
SELECT scim.create_store('directory');
INSERT INTO directory.tenant (tenant_id, name) SELECT n, 'tenant ' || n FROM generate_series(2, :tenants) n;
CREATE SCHEMA growth;
-- the kernel counts when a process is off the processor
CREATE FUNCTION growth.cpu() RETURNS numeric LANGUAGE sql VOLATILE AS $$
    SELECT pg_sleep(0.0005);
    SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::numeric / 1e6;
$$;
CREATE FUNCTION growth.person(i int) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('userName', 'user' || i || '@example.com', 'externalId', 'hr-' || i, 'displayName', 'User ' || i, 'active', i % 50 <> 0, 'title', 'Title ' || i % 50,
        'name', jsonb_build_object('givenName', 'Given' || i % 1000, 'familyName', 'Family' || i / 100),
        'emails', jsonb_build_array(jsonb_build_object('value', 'user' || i || '@example.com', 'type', 'work', 'primary', true)),
        'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', jsonb_build_object('employeeNumber', i::text, 'department', 'Department ' || i / 1000))
$$;
CREATE TABLE growth.result (n serial, name text, value numeric, unit text);
CREATE TABLE growth.mark (cpu numeric, at timestamptz, wal pg_lsn);
CREATE FUNCTION growth.start() RETURNS void LANGUAGE sql AS $$
    DELETE FROM growth.mark;
    INSERT INTO growth.mark SELECT growth.cpu(), clock_timestamp(), pg_current_wal_insert_lsn();
$$;
-- CPU of everything since start(), for each of some
CREATE FUNCTION growth.took(name text, divisor numeric, unit text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO growth.result (name, value, unit) SELECT name, (growth.cpu() - cpu) / divisor, unit FROM growth.mark
$$;

-- people, each in a team of twenty and in a group of a thousand
SELECT growth.start();
BEGIN;
SELECT scim.begin_load('User');
INSERT INTO directory.users (tenant_id, data) SELECT 1 + i % :tenants, growth.person(i) FROM generate_series(1, :users) i;
SELECT * FROM scim.end_load('User');
COMMIT;
SELECT growth.took('load, ms of CPU for each thousand people', :users / 1000.0, 'ms');
INSERT INTO growth.result (name, value, unit) SELECT 'load, bytes of WAL for each person', (pg_current_wal_insert_lsn() - wal) / :users, 'bytes' FROM growth.mark;
SELECT growth.start();
INSERT INTO directory.groups (tenant_id, data)
SELECT t, jsonb_build_object('displayName', kind || n)
FROM generate_series(1, :tenants) t, (VALUES ('Team ', 20), ('Section ', 1000)) k (kind, size), generate_series(0, (:users / :tenants - 1) / size) n;
CREATE TEMP TABLE people AS SELECT id, tenant_id, (row_number() OVER (PARTITION BY tenant_id ORDER BY id) - 1)::int AS n FROM directory.users;
CREATE TEMP TABLE teams AS SELECT id, tenant_id, split_part(display_name, ' ', 1) AS kind, split_part(display_name, ' ', 2)::int AS n FROM directory.groups;
ANALYZE people, teams;
-- half a million people of a tenant at once: what a statement has changed is looked at in memory
SELECT format($$INSERT INTO directory.member (tenant_id, group_id, member_id)
    SELECT p.tenant_id, t.id, p.id FROM people p CROSS JOIN (VALUES ('Team', 20), ('Section', 1000)) k (kind, size)
    JOIN teams t ON (t.tenant_id, t.kind, t.n) = (p.tenant_id, k.kind, p.n / k.size)
    WHERE p.n BETWEEN %s AND %s$$, first, first + 499999)
FROM generate_series(0, (SELECT max(n) FROM people), 500000) first \gexec
SELECT growth.took('members, ms of CPU for each thousand', :users * 2 / 1000.0, 'ms');
DROP TABLE people, teams;
SELECT growth.start();
VACUUM ANALYZE;
SELECT growth.took('first VACUUM ANALYZE, ms of CPU for each thousand people', :users / 1000.0, 'ms');
CHECKPOINT;
INSERT INTO growth.result (name, value, unit)
SELECT 'bytes for each person: ' || what, sum(size) / :users, 'bytes'
FROM (SELECT 1 AS n, 'people' AS what, pg_table_size('directory.users') AS size
    UNION ALL SELECT 2, 'index on documents', pg_relation_size('directory.users_data_idx')
    UNION ALL SELECT 3, 'other indexes', pg_indexes_size('directory.users') - pg_relation_size('directory.users_data_idx')
    UNION ALL SELECT 4, 'memberships and groups', pg_total_relation_size('directory.member') + pg_total_relation_size('directory.groups')) s
GROUP BY n, what ORDER BY n;

-- What is asked, with random values, in a random tenant.
CREATE PROCEDURE growth.ask(name text, statement text, calls int, users int, tenants int) LANGUAGE plpgsql AS $$
DECLARE
    values int[] := ARRAY(SELECT 1 + floor(random() * users)::int FROM generate_series(1, calls + 5));
    began numeric;
BEGIN
    FOR i IN 1 .. calls + 5 LOOP
        IF i = 6 THEN
            began := growth.cpu();
        END IF;
        PERFORM set_config('scim.tenant', (1 + values[i] % tenants)::text, false);
        EXECUTE statement USING values[i];
    END LOOP;
    INSERT INTO growth.result (name, value, unit) VALUES (name, (growth.cpu() - began) / calls, 'ms');
    COMMIT;
END
$$;
CALL growth.ask('userName eq', $$SELECT scim.search('User', format('userName eq "user%s@example.com"', $1))$$, :calls, :users, :tenants);
CALL growth.ask('emails.value eq', $$SELECT scim.search('User', format('emails.value eq "user%s@example.com"', $1))$$, :calls, :users, :tenants);
CALL growth.ask('userName co, one finds', $$SELECT scim.search('User', format('userName co "er%s@ex"', $1))$$, :calls, :users, :tenants);
CALL growth.ask('name.familyName eq, page of 20', $$SELECT scim.search('User', format('name.familyName eq "Family%s"', $1 / 100), count => 20)$$, greatest(:calls / 5, 1), :users, :tenants);
CALL growth.ask('GET by id', $$SELECT status FROM scim.request('GET', '/Users/' || (SELECT id FROM directory.users WHERE tenant_id = scim.tenant() AND user_name = format('user%s@example.com', $1)))$$, :calls, :users, :tenants);
CALL growth.ask('groups of a person: members.value eq', $$SELECT scim.search('Group', format('members.value eq "%s"', (SELECT id FROM directory.users WHERE tenant_id = scim.tenant() AND user_name = format('user%s@example.com', $1))), excluded_attributes => 'members')$$, :calls, :users, :tenants);
CALL growth.ask('first page of 100, with the total', $$SELECT scim.search('User', count => 100)$$, 3, :users, :tenants);
SET scim.tenant = 1;
SELECT scim.search('User', count => 50, cursor => '') ->> 'nextCursor' AS cursor \gset
SELECT format($q$SELECT scim.search('User', count => 50, cursor => %L), set_config('scim.tenant', '1', false)$q$, :'cursor') AS next_page \gset
CALL growth.ask('next page of 50 by cursor', :'next_page', greatest(:calls / 5, 1), :users, 1);

-- What is written: each in a transaction of its own, audited.
CREATE TABLE growth.wall (name text, ms numeric);
CREATE PROCEDURE growth.write(name text, statement text, calls int, users int, tenants int) LANGUAGE plpgsql AS $$
DECLARE
    began numeric;
    at timestamptz;
    wal pg_lsn;
    value int;
BEGIN
    FOR i IN 1 .. calls + 5 LOOP
        IF i = 6 THEN
            began := growth.cpu();
            wal := pg_current_wal_insert_lsn();
        END IF;
        value := 1 + floor(random() * users)::int;
        PERFORM set_config('scim.tenant', (1 + value % tenants)::text, false);
        at := clock_timestamp();
        EXECUTE statement USING value;
        COMMIT;
        INSERT INTO growth.wall VALUES (write.name, extract(epoch FROM clock_timestamp() - at) * 1000);
    END LOOP;
    INSERT INTO growth.result (name, value, unit) VALUES (write.name, (growth.cpu() - began) / calls, 'ms');
    INSERT INTO growth.result (name, value, unit) VALUES (write.name || ', bytes of WAL', (pg_current_wal_insert_lsn() - wal) / calls, 'bytes');
    INSERT INTO growth.result (name, value, unit)
    SELECT format('%s, %s, wall', write.name, what), CASE what WHEN 'longest' THEN max(ms) ELSE percentile_cont(0.99) WITHIN GROUP (ORDER BY ms) END, 'ms'
    FROM growth.wall w, (VALUES ('p99'), ('longest')) v (what) WHERE w.name = write.name GROUP BY what ORDER BY what DESC;
    COMMIT;
END
$$;
CALL growth.write('create', $$SELECT scim.create_resource('User', growth.person($1) || jsonb_build_object('userName', gen_random_uuid(), 'externalId', gen_random_uuid()))$$, :calls * 2, :users, :tenants);
CALL growth.write('deactivate by PATCH', $$SELECT status FROM scim.request('PATCH', '/Users/' || (SELECT id FROM directory.users WHERE tenant_id = scim.tenant() AND user_name = format('user%s@example.com', $1)), '{"Prefer": "return=minimal"}',
    '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "active", "value": false}]}')$$, :calls, :users, :tenants);

-- What is done at night.
SELECT growth.start();
UPDATE directory.users SET data = jsonb_set(data, '{title}', '"Moved"') WHERE tenant_id = 1 AND id IN (SELECT id FROM directory.users WHERE tenant_id = 1 ORDER BY id LIMIT greatest(:users / 100, 1));
SELECT growth.start();
VACUUM directory.users;
SELECT growth.took('VACUUM after a change of a hundredth, ms for each thousand people', :users / 1000.0, 'ms');
SELECT growth.start();
SET max_parallel_maintenance_workers = 0;
REINDEX INDEX directory.users_data_idx;
SELECT growth.took('index on documents made, ms of CPU for each thousand people', :users / 1000.0, 'ms');
\o
SELECT name, round(value, 3), unit FROM growth.result ORDER BY n;
