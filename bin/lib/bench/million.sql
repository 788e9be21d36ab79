-- Each question to scim.search and by hand: the same JSON, counts included, in turns.  CPU is that of
-- the backend, as the kernel counts it.  Variables: users, rounds.
\set ON_ERROR_STOP 1
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SET client_min_messages = warning;

-- the kernel counts when a process is off the processor
CREATE FUNCTION bench.cpu() RETURNS numeric LANGUAGE sql VOLATILE AS $$
    SELECT pg_sleep(0.0005);
    SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::numeric / 1e6;
$$;
CREATE TABLE bench.result (n int, name text, side text, round int, cpu numeric, wall numeric, wal numeric);
CREATE TABLE bench.question (n serial, name text, ours text, hand text, calls int, bare text);

-- A ListResponse by one statement, of people u that satisfy a condition; groups are in groups one level deep.
CREATE FUNCTION bench.list(condition text, count int, sort text DEFAULT 'u.id', start int DEFAULT 0, total text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT format($sql$SELECT jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:ListResponse"]'::jsonb,
        'totalResults', (%s), 'startIndex', 1, 'itemsPerPage', count(*), 'Resources', jsonb_agg(u.data || jsonb_build_object('id', u.id,
            'meta', jsonb_build_object('resourceType', 'User', 'created', u.created, 'lastModified', u.last_modified, 'version', 'W/"' || u.version || '"', 'location', '/Users/' || u.id),
            'groups', (SELECT jsonb_agg(jsonb_build_object('value', g.id, '$ref', '/Groups/' || g.id, 'type', m.type, 'display', g.display_name))
                FROM (SELECT m.group_id, 'direct' AS type FROM by_hand.member m WHERE m.member_id = u.id
                    UNION ALL SELECT n.group_id, 'indirect' FROM by_hand.member m JOIN by_hand.member n ON n.member_id = m.group_id WHERE m.member_id = u.id) AS m
                JOIN by_hand.groups g ON g.id = m.group_id))))
        FROM (SELECT * FROM by_hand.users u WHERE u.tenant_id = 1 AND %s ORDER BY %s OFFSET %s LIMIT %s) AS u$sql$,
        coalesce(total, 'SELECT count(*) FROM by_hand.users u WHERE u.tenant_id = 1 AND ' || condition), condition, sort, start, count)
$$;
-- The same of those who are in groups, or in groups of these: ids first, then people.
CREATE FUNCTION bench.list_of_groups(condition text) RETURNS text LANGUAGE sql AS $$
    SELECT format($sql$WITH RECURSIVE below (id) AS MATERIALIZED (SELECT g.id FROM by_hand.groups g WHERE g.tenant_id = 1 AND %s
            UNION SELECT m.member_id FROM below JOIN by_hand.member m ON m.group_id = below.id JOIN by_hand.groups s ON s.id = m.member_id),
        found (id) AS MATERIALIZED (SELECT DISTINCT m.member_id FROM by_hand.member m WHERE m.group_id = ANY (ARRAY(SELECT id FROM below))
            AND EXISTS (SELECT FROM by_hand.users u WHERE u.id = m.member_id)) %s$sql$, condition,
        bench.list('u.id = ANY (ARRAY(SELECT id FROM found ORDER BY id LIMIT 100))', 100, total => 'SELECT count(*) FROM found'))
$$;
CREATE FUNCTION bench.search(filter text, count int DEFAULT 100, more text DEFAULT '') RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT scim.search(''User'', %L, count => %s%s)', filter, count, more)
$$;

SELECT (SELECT id FROM by_hand.groups WHERE display_name = 'Ten') AS ten, (SELECT id FROM by_hand.groups WHERE display_name = 'Top 5') AS top,
    (SELECT id FROM by_hand.groups WHERE display_name = 'Berlin') AS berlin, (SELECT id FROM by_hand.users WHERE tenant_id = 1 ORDER BY id OFFSET 99 LIMIT 1) AS after,
    (SELECT member_id FROM by_hand.member ORDER BY group_id, member_id LIMIT 1) AS somebody, :users / 20 * 3 AS depth,
    scim.search('User', count => 100, cursor => '') ->> 'nextCursor' AS cursor \gset
\set enterprise 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
\set email 'lower(u.data ->> ''emails'')::jsonb @> '
\set department 'lower(u.data #>> ''{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,department}'') = '
\set number 'lower(u.data #>> ''{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,employeeNumber}'') = '
\set family 'lower(u.data #>> ''{name,familyName}'')'
INSERT INTO bench.question (name, ours, hand, calls) VALUES
    ('userName eq', bench.search('userName eq "user777@example.com"'), bench.list($$lower(u.user_name) = 'user777@example.com'$$, 100), 300),
    ('emails.value eq', bench.search('emails.value eq "user777@example.com"'), bench.list(:'email' || $$'[{"value": "user777@example.com"}]'$$, 100), 200),
    ('emails[type and value]', bench.search('emails[type eq "work" and value eq "user777@example.com"]'), bench.list(:'email' || $$'[{"value": "user777@example.com", "type": "work"}]'$$, 100), 200),
    ('employeeNumber eq', bench.search(:'enterprise' || ':employeeNumber eq "777"'), bench.list(:'number' || $$'777'$$, 100), 200),
    ('or of two', bench.search('userName eq "user777@example.com" or emails.value eq "user999@example.com"'),
        bench.list(format($$(lower(u.user_name) = 'user777@example.com' OR %s'[{"value": "user999@example.com"}]')$$, :'email'), 100), 200),
    ('name.familyName eq, page of 20', bench.search('name.familyName eq "Family77"', 20), bench.list(:'family' || $$ = 'family77'$$, 20), 20),
    ('department eq, many rows', bench.search(:'enterprise' || ':department eq "Department 1"'), bench.list(:'department' || $$'department 1'$$, 100), 3),
    ('department eq, 5,000 newest rows', bench.search(:'enterprise' || ':department eq "Newest"'), bench.list(:'department' || $$'newest'$$, 100), 3),
    ('nickName pr', bench.search('nickName pr', 20), bench.list($$u.data ->> 'nickName' IS NOT NULL$$, 20), 5),
    ('title pr', bench.search('title pr', 20), bench.list($$u.data ->> 'title' IS NOT NULL$$, 20), 1),
    ('not (userType eq "Employee")', bench.search('not (userType eq "Employee")', 20), bench.list($$(lower(u.data ->> 'userType') = 'employee') IS NOT TRUE$$, 20), 2),
    ('active eq false', bench.search('active eq false', 20), bench.list('NOT u.active', 20), 3),
    ('groups.value eq, group of 10', bench.search(format('groups.value eq "%s"', :'ten')), bench.list_of_groups(format('g.id = %L', :'ten')), 20),
    ('groups.value eq, groups in a group', bench.search(format('groups.value eq "%s"', :'top')), bench.list_of_groups(format('g.id = %L', :'top')), 10),
    ('groups.value eq, 4,000 people', bench.search(format('groups.value eq "%s"', :'berlin')), bench.list_of_groups(format('g.id = %L', :'berlin')), 5),
    ('groups.display eq, 4,000 people', bench.search('groups.display eq "Berlin"'), bench.list_of_groups($$lower(g.display_name) = 'berlin'$$), 5),
    ('members.value eq', format($$SELECT scim.search('Group', 'members.value eq "%s"')$$, :'somebody'),
        format($$SELECT jsonb_build_object('totalResults', count(*), 'Resources', jsonb_agg(jsonb_build_object('id', g.id, 'displayName', g.display_name,
            'members', (SELECT jsonb_agg(jsonb_build_object('value', n.member_id, 'display', u.display_name, 'type', 'User', '$ref', '/Users/' || u.id)) FROM by_hand.member n JOIN by_hand.users u ON u.id = n.member_id WHERE n.group_id = g.id))))
            FROM by_hand.member m JOIN by_hand.groups g ON g.id = m.group_id WHERE m.member_id = %L$$, :'somebody'), 20),
    ('count without a filter', bench.search(NULL, 0), $$SELECT jsonb_build_object('totalResults', count(*)) FROM by_hand.users u WHERE u.tenant_id = 1$$, 3),
    ('first page of 100', bench.search(NULL), bench.list('true', 100), 3),
    ('page of 100 by cursor', bench.search(NULL, 100, format(', cursor => %L', :'cursor')), bench.list(format('u.id > %L', :'after'), 100, total => 'SELECT 0'), 20),
    ('page of 200, deep', bench.search(NULL, 200, format(', start_index => %s', :depth + 1)), bench.list('true', 200, start => :depth), 2),
    ('sort by userName, 20', bench.search(NULL, 20, $$, sort_by => 'userName'$$), bench.list('true', 20, 'lower(u.user_name), u.id'), 2),
    ('sort by name.familyName, 20', bench.search(NULL, 20, $$, sort_by => 'name.familyName'$$), bench.list('true', 20, :'family' || ', u.id'), 2);

CREATE PROCEDURE bench.call(question bench.question, side text, round int, calls int) LANGUAGE plpgsql AS $$
DECLARE
    cpu CONSTANT numeric := bench.cpu();
    began CONSTANT timestamptz := clock_timestamp();
    wal CONSTANT pg_lsn := pg_current_wal_insert_lsn();
BEGIN
    FOR i IN 1 .. calls LOOP
        EXECUTE format('EXECUTE bench_%s', side);
    END LOOP;
    INSERT INTO bench.result VALUES (question.n, question.name, side, round, (bench.cpu() - cpu) / calls,
        extract(epoch FROM clock_timestamp() - began) * 1000 / calls, (pg_current_wal_insert_lsn() - wal) / calls);
END
$$;
CREATE PROCEDURE bench.run(number int, rounds int) LANGUAGE plpgsql AS $$
DECLARE
    question CONSTANT bench.question := (SELECT q FROM bench.question q WHERE n = number);
    ours jsonb;
    hand jsonb;
BEGIN
    EXECUTE 'PREPARE bench_ours AS ' || question.ours;
    EXECUTE 'PREPARE bench_hand AS ' || question.hand;
    IF question.bare IS NOT NULL THEN
        EXECUTE 'PREPARE bench_bare AS ' || question.bare;
    END IF;
    IF question.ours ~ 'scim.search' THEN
        EXECUTE 'EXECUTE bench_ours' INTO ours;
        EXECUTE 'EXECUTE bench_hand' INTO hand;
        IF hand ->> 'totalResults' NOT IN ('0', ours ->> 'totalResults')
            OR jsonb_array_length(ours -> 'Resources') <> coalesce(jsonb_array_length(nullif(hand -> 'Resources', 'null')), 0) THEN
            RAISE EXCEPTION '%: % of % and % of %', question.name, jsonb_array_length(ours -> 'Resources'), ours -> 'totalResults',
                jsonb_array_length(nullif(hand -> 'Resources', 'null')), hand -> 'totalResults';
        END IF;
    END IF;
    FOR round IN 1 .. rounds LOOP
        CALL bench.call(question, 'ours', round, question.calls);
        CALL bench.call(question, 'hand', round, question.calls);
        IF question.bare IS NOT NULL THEN
            CALL bench.call(question, 'bare', round, question.calls);
        END IF;
    END LOOP;
    DEALLOCATE bench_ours;
    DEALLOCATE bench_hand;
    IF question.bare IS NOT NULL THEN
        DEALLOCATE bench_bare;
    END IF;
END
$$;
SELECT format('CALL bench.run(%s, %s)', n, :rounds) FROM bench.question ORDER BY n \gexec
-- the same with an index of the filter alone, as by hand
INSERT INTO bench.question (n, name, ours, hand, calls)
SELECT n + 40, name || ', with its index', ours, hand, calls FROM bench.question WHERE name IN ('nickName pr', 'title pr', 'not (userType eq "Employee")', 'active eq false');
SELECT scim.create_filter_index('User', filter::scim.filter) FROM unnest(ARRAY['nickName pr', 'title pr', 'not (userType eq "Employee")', 'active eq false']) AS filter;
ANALYZE directory.users;
SELECT format('CALL bench.run(%s, %s)', n, :rounds) FROM bench.question WHERE n > 40 ORDER BY n \gexec
-- what follows pays for no more than a store has by itself
SELECT format('DROP INDEX %s', oid::regclass) FROM pg_class WHERE relnamespace = 'directory'::regnamespace AND relname ~ '_filter$' \gexec

-- Writes, against a table with what one would build by hand: keys, jsonb_path_ops and trigrams, an audit
-- of whole documents by a trigger of its own.
CREATE TABLE by_hand.written (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), tenant_id int DEFAULT 1, user_name text, external_id text, data jsonb, version int DEFAULT 1, last_modified timestamptz DEFAULT now());
CREATE UNIQUE INDEX ON by_hand.written (tenant_id, lower(user_name));
CREATE INDEX ON by_hand.written (tenant_id, external_id);
CREATE INDEX ON by_hand.written USING gin (data jsonb_path_ops);
CREATE INDEX written_trigrams ON by_hand.written USING gin ((lower(user_name || ' ' || (data ->> 'displayName') || ' ' || (data ->> 'name') || ' ' || (data ->> 'emails'))) gin_trgm_ops);
CREATE TABLE by_hand.audit (at timestamptz DEFAULT clock_timestamp(), who text DEFAULT current_user, id uuid, before jsonb, after jsonb);
CREATE INDEX ON by_hand.audit (id, at);
CREATE FUNCTION by_hand.audited() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO by_hand.audit (id, before, after) VALUES (new.id, CASE WHEN tg_op = 'UPDATE' THEN old.data END, new.data);
    RETURN NULL;
END
$$;
INSERT INTO by_hand.written (id, user_name, external_id, data) SELECT id, user_name, external_id, data FROM by_hand.users WHERE tenant_id = 1;
CREATE TRIGGER audited AFTER INSERT OR UPDATE ON by_hand.written FOR EACH ROW EXECUTE FUNCTION by_hand.audited();
VACUUM ANALYZE by_hand.written;
-- what is answered: the whole of who was written, with the groups of who may be in some
\set answer 'w.data || jsonb_build_object(''id'', w.id, ''meta'', jsonb_build_object(''resourceType'', ''User'', ''lastModified'', w.last_modified, ''version'', ''W/"'' || w.version || ''"'', ''location'', ''/Users/'' || w.id))'
\set groups ' || jsonb_build_object(''groups'', (SELECT jsonb_agg(jsonb_build_object(''value'', g.id, ''$ref'', ''/Groups/'' || g.id, ''type'', m.type, ''display'', g.display_name)) FROM (SELECT m.group_id, ''direct'' AS type FROM by_hand.member m WHERE m.member_id = w.id UNION ALL SELECT n.group_id, ''indirect'' FROM by_hand.member m JOIN by_hand.member n ON n.member_id = m.group_id WHERE m.member_id = w.id) AS m JOIN by_hand.groups g ON g.id = m.group_id))'
ALTER TABLE by_hand.groups ADD version int DEFAULT 1, ADD last_modified timestamptz DEFAULT now();
VACUUM ANALYZE by_hand.groups;
-- The third side: the same rows into tables like those of the store, with all of their indexes and none of
-- their triggers: what PostgreSQL needs for them, whoever writes.
CREATE SCHEMA bare;
CREATE TABLE bare.users (LIKE directory.users INCLUDING ALL);
CREATE TABLE bare.groups (LIKE directory.groups INCLUDING ALL);
CREATE TABLE bare.member (LIKE directory.member INCLUDING ALL);
CREATE TABLE bare.audit (LIKE directory.audit INCLUDING ALL);
SELECT format('DROP INDEX %s', i.indexrelid::regclass) AS forget, pg_get_indexdef(i.indexrelid) AS define
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam WHERE i.indrelid = 'bare.users'::regclass AND a.amname = 'gin' \gset bare_
:bare_forget;
INSERT INTO bare.users SELECT * FROM directory.users;
:bare_define;
INSERT INTO bare.groups SELECT * FROM directory.groups;
INSERT INTO bare.member SELECT * FROM directory.member;
VACUUM ANALYZE bare.users, bare.groups, bare.member;
CREATE FUNCTION bench.noted(statement text, operation text, before text DEFAULT 'NULL::jsonb', member text DEFAULT 'NULL::uuid') RETURNS text LANGUAGE sql AS $$
    SELECT format($sql$INSERT INTO bare.audit (tenant_id, actor, operation, resource_type, resource_id, version, member_id, before, change, role, salt, content_digest, digest)
        SELECT 1, current_user, %L, 'User', id, version, %s, %s, scim.uuid_v7(), current_user, uuid_send(id) , sha256(uuid_send(id)), sha256(id::text::bytea) FROM %s AS w$sql$, operation, member, before, statement)
$$;
CHECKPOINT;
CREATE SEQUENCE bench.new START 10000000;
TRUNCATE bench.question RESTART IDENTITY;
INSERT INTO bench.question (n, name, ours, hand, calls, bare) VALUES
    (101, 'create, audited', $$SELECT scim.create_resource('User', bench.person(nextval('bench.new')::int, 'new', 1000000))$$,
        $$INSERT INTO by_hand.written AS w (user_name, external_id, data) SELECT d ->> 'userName', d ->> 'externalId', d FROM bench.person(nextval('bench.new')::int, 'new', 1000000) d RETURNING $$ || :'answer', 500,
        $$WITH w AS (INSERT INTO bare.users (tenant_id, external_id, user_name, display_name, active, status, data, version, created, last_modified)
                SELECT 1, d ->> 'externalId', d ->> 'userName', d ->> 'displayName', true, 'ACTIVE', d, 1, now(), now() FROM bench.person(nextval('bench.new')::int, 'new', 1000000) d RETURNING *),
            a AS ($$ || bench.noted('w', 'create') || ') SELECT ' || :'answer' || ' FROM w'),
    (102, 'replace, audited', $$SELECT scim.replace_resource('User', id, data || jsonb_build_object('title', 'T' || nextval('bench.new'))) FROM directory.users WHERE tenant_id = 1 AND id = (SELECT id FROM by_hand.users WHERE tenant_id = 1 OFFSET nextval('bench.new') % 900 LIMIT 1)$$,
        $$UPDATE by_hand.written w SET data = data || jsonb_build_object('title', 'T' || nextval('bench.new')), version = version + 1, last_modified = now() WHERE id = (SELECT id FROM by_hand.users WHERE tenant_id = 1 OFFSET nextval('bench.new') % 900 LIMIT 1) RETURNING $$ || :'answer' || :'groups', 300,
        $$WITH o AS MATERIALIZED (SELECT id, data FROM bare.users WHERE tenant_id = 1 AND id = (SELECT id FROM by_hand.users WHERE tenant_id = 1 OFFSET nextval('bench.new') % 900 LIMIT 1)),
            w AS (UPDATE bare.users w SET data = w.data || jsonb_build_object('title', 'T' || nextval('bench.new')), version = version + 1, last_modified = clock_timestamp()
                FROM o WHERE w.tenant_id = 1 AND w.id = o.id RETURNING w.*),
            a AS ($$ || bench.noted('w', 'update', '(SELECT data FROM o)') || ') SELECT ' || :'answer' || :'groups' || ' FROM w'),
    (103, 'one member added by PATCH, audited', format($$SELECT r.status FROM (SELECT nextval('bench.new')) AS s (n), LATERAL (SELECT g.id AS "group", u.id FROM by_hand.groups g, by_hand.users u
            WHERE g.tenant_id = 1 AND lower(g.display_name) = 'group ' || s.n %% %1$s AND u.tenant_id = 1 AND lower(u.user_name) = 'user' || 1 + s.n %% %2$s || '@example.com') AS m,
            scim.request('PATCH', '/Groups/' || m.group, '{"Content-Type": "application/scim+json", "Prefer": "return=minimal"}', format('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "add", "path": "members", "value": [{"value": "%%s"}]}]}', m.id)) AS r$$, :users / 36, :users / 10 * 9),
        format($$WITH m AS (SELECT g.id AS "group", u.id FROM (SELECT nextval('bench.new')) AS s (n), LATERAL (SELECT * FROM by_hand.groups g WHERE g.tenant_id = 1 AND lower(g.display_name) = 'group ' || s.n %% %1$s FOR NO KEY UPDATE) AS g,
                LATERAL (SELECT * FROM by_hand.users u WHERE u.tenant_id = 1 AND lower(u.user_name) = 'user' || 1 + s.n %% %2$s || '@example.com' FOR KEY SHARE) AS u),
            added AS (INSERT INTO by_hand.member (tenant_id, group_id, member_id) SELECT 1, m.group, m.id FROM m ON CONFLICT DO NOTHING RETURNING *),
            noted AS (INSERT INTO by_hand.audit (id, after) SELECT group_id, jsonb_build_object('add', member_id) FROM added)
            UPDATE by_hand.groups g SET version = version + 1, last_modified = clock_timestamp() FROM added WHERE g.id = added.group_id$$, :users / 36, :users / 10 * 9), 300,
        format($$WITH m AS (SELECT g.id AS "group", u.id FROM (SELECT nextval('bench.new')) AS s (n), LATERAL (SELECT g.id FROM bare.groups g WHERE g.tenant_id = 1 AND g.deleted_at IS NULL AND scim.fold(g.display_name) = 'group ' || s.n %% %1$s FOR NO KEY UPDATE) AS g,
                LATERAL (SELECT u.id FROM bare.users u WHERE u.tenant_id = 1 AND u.deleted_at IS NULL AND scim.fold_user_name(u.user_name) = 'user' || 1 + s.n %% %2$s || '@example.com' FOR KEY SHARE) AS u),
            added AS (INSERT INTO bare.member (tenant_id, group_id, member_id, value) SELECT 1, m.group, m.id, m.id::text FROM m ON CONFLICT DO NOTHING RETURNING *),
            w AS (UPDATE bare.groups g SET version = version + 1, last_modified = clock_timestamp() FROM added WHERE g.tenant_id = 1 AND g.id = added.group_id RETURNING g.id, g.version, member_id),
            a AS (%3$s) %4$s$$, :users / 36, :users / 10 * 9, bench.noted('w', 'add', member => 'member_id'), bench.noted('w', 'update')));
SELECT format('CALL bench.run(%s, %s)', n, :rounds) FROM bench.question ORDER BY n \gexec


-- How long one of many creates takes, each a transaction of its own: most, and those that clean up the list of a GIN index.
CREATE TABLE bench.single (side text, wall numeric);
CREATE PROCEDURE bench.singly(side text, calls int) LANGUAGE plpgsql AS $$
DECLARE
    began timestamptz;
BEGIN
    FOR i IN 1 .. calls LOOP
        began := clock_timestamp();
        IF side = 'ours' THEN
            PERFORM scim.create_resource('User', bench.person(nextval('bench.new')::int, 'new', 1000000));
        ELSE
            INSERT INTO by_hand.written (user_name, external_id, data) SELECT d ->> 'userName', d ->> 'externalId', d FROM bench.person(nextval('bench.new')::int, 'new', 1000000) d;
        END IF;
        COMMIT;
        INSERT INTO bench.single VALUES (side, extract(epoch FROM clock_timestamp() - began) * 1000);
        COMMIT;
    END LOOP;
END
$$;
CALL bench.singly('ours', 2000);
CALL bench.singly('hand', 2000);

-- A tenth of them are loaded into an empty store, and by hand, with indexes in place and made afterwards; all of it audited.
SELECT scim.create_store('loaded');
CREATE TABLE by_hand.in_place (LIKE by_hand.written INCLUDING ALL);
CREATE TABLE by_hand.made_afterwards (LIKE by_hand.written INCLUDING ALL);
CREATE TRIGGER audited AFTER INSERT OR UPDATE ON by_hand.in_place FOR EACH ROW EXECUTE FUNCTION by_hand.audited();
CREATE TRIGGER audited AFTER INSERT OR UPDATE ON by_hand.made_afterwards FOR EACH ROW EXECUTE FUNCTION by_hand.audited();
SELECT pg_get_indexdef(i.indexrelid) || ';' AS define, format('DROP INDEX %s;', i.indexrelid::regclass) AS forget
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam WHERE i.indrelid = 'by_hand.made_afterwards'::regclass AND a.amname = 'gin' ORDER BY 1 LIMIT 1 \gset first_
SELECT pg_get_indexdef(i.indexrelid) || ';' AS define, format('DROP INDEX %s;', i.indexrelid::regclass) AS forget
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam WHERE i.indrelid = 'by_hand.made_afterwards'::regclass AND a.amname = 'gin' ORDER BY 1 DESC LIMIT 1 \gset second_
CREATE TABLE bench.feed AS SELECT bench.person(i, 'loaded', :users) AS data FROM generate_series(1, :users / 10) i;
CREATE TABLE bench.loaded (n serial, name text, cpu numeric, wal numeric);
SET maintenance_work_mem = '512MB';
CHECKPOINT;
SET scim.store = 'loaded';
SELECT bench.cpu() AS cpu, pg_current_wal_insert_lsn() AS wal \gset
BEGIN;
SELECT FROM scim.begin_load('User');
INSERT INTO loaded.users (data) SELECT data FROM bench.feed;
SELECT FROM scim.end_load('User');
COMMIT;
INSERT INTO bench.loaded (name, cpu, wal) SELECT 'scim.begin_load, INSERT, scim.end_load', bench.cpu() - :cpu, pg_current_wal_insert_lsn() - :'wal'::pg_lsn;
RESET scim.store;
CHECKPOINT;
SELECT bench.cpu() AS cpu, pg_current_wal_insert_lsn() AS wal \gset
INSERT INTO by_hand.in_place (user_name, external_id, data) SELECT data ->> 'userName', data ->> 'externalId', data FROM bench.feed;
INSERT INTO bench.loaded (name, cpu, wal) SELECT 'by hand, indexes in place', bench.cpu() - :cpu, pg_current_wal_insert_lsn() - :'wal'::pg_lsn;
:first_forget
:second_forget
CHECKPOINT;
SELECT bench.cpu() AS cpu, pg_current_wal_insert_lsn() AS wal \gset
INSERT INTO by_hand.made_afterwards (user_name, external_id, data) SELECT data ->> 'userName', data ->> 'externalId', data FROM bench.feed;
:first_define
:second_define
ANALYZE by_hand.made_afterwards;
INSERT INTO bench.loaded (name, cpu, wal) SELECT 'by hand, indexes on documents made afterwards', bench.cpu() - :cpu, pg_current_wal_insert_lsn() - :'wal'::pg_lsn;

\pset footer off
\pset border 2
\pset linestyle old-ascii
SELECT name AS "question", round(ours, 3) AS "scim, ms of CPU", round(hand, 3) AS "by hand", round(ours / nullif(hand, 0), 2) AS ratio,
    format('%s–%s', round(least, 2), round(most, 2)) AS "of rounds", round(bare, 3) AS "bare tables", round(bare / nullif(hand, 0), 2) AS "bare / by hand", round(ours_wall, 3) AS "scim, ms", round(hand_wall, 3) AS "by hand, ms"
FROM (SELECT o.n, o.name, percentile_disc(0.5) WITHIN GROUP (ORDER BY o.cpu) AS ours, percentile_disc(0.5) WITHIN GROUP (ORDER BY h.cpu) AS hand,
        min(o.cpu / nullif(h.cpu, 0)) AS least, max(o.cpu / nullif(h.cpu, 0)) AS most,
        percentile_disc(0.5) WITHIN GROUP (ORDER BY b.cpu) AS bare,
        percentile_disc(0.5) WITHIN GROUP (ORDER BY o.wall) AS ours_wall, percentile_disc(0.5) WITHIN GROUP (ORDER BY h.wall) AS hand_wall
    FROM bench.result o JOIN bench.result h USING (n, name, round)
        LEFT JOIN bench.result b ON (b.n, b.round, b.side) = (o.n, o.round, 'bare') WHERE o.side = 'ours' AND h.side = 'hand' GROUP BY 1, 2) AS medians
ORDER BY n;
SELECT name AS "written", round(avg(wal) FILTER (WHERE side = 'ours')) AS "scim, bytes of WAL", round(avg(wal) FILTER (WHERE side = 'hand')) AS "by hand", round(avg(wal) FILTER (WHERE side = 'ours') / avg(wal) FILTER (WHERE side = 'hand'), 2) AS ratio,
    round(avg(wal) FILTER (WHERE side = 'bare')) AS "bare tables"
FROM bench.result WHERE n > 100 GROUP BY n, name ORDER BY n;
SELECT 'index on documents, bytes for each person' AS "size", pg_relation_size('directory.users_data_idx') / :users AS scim,
    (SELECT sum(pg_relation_size(i.indexrelid)) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam WHERE a.amname = 'gin' AND i.indrelid = 'by_hand.written'::regclass)::bigint / (:users / 10 * 9) AS "by hand";
SELECT CASE side WHEN 'ours' THEN 'create_resource' ELSE 'by hand' END AS "one of 2,000 creates", round(percentile_disc(0.5) WITHIN GROUP (ORDER BY wall), 2) AS "median ms",
    round(percentile_disc(0.99) WITHIN GROUP (ORDER BY wall), 2) AS "p99", round(max(wall), 2) AS "longest"
FROM bench.single GROUP BY side ORDER BY side DESC;
SELECT name AS "loaded", round(:users / 10 / (cpu / 1000)) AS "people for a second of CPU", round(wal / (:users / 10)) AS "bytes of WAL for each" FROM bench.loaded ORDER BY n;
