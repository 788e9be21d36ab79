-- People of two tenants, nine of ten in the first, each in three groups, some groups in groups,
-- and the same by hand with an index for each question.  Variable: users.
\set ON_ERROR_STOP 1
CREATE EXTENSION scim;
CREATE EXTENSION pg_trgm;
SELECT scim.create_store('directory');
UPDATE directory.policy SET enabled = false WHERE kind = 'audit';
INSERT INTO directory.tenant (tenant_id, name) VALUES (2, 'second');
CREATE SCHEMA bench;
CREATE FUNCTION bench.person(i int, prefix text, users int) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object(
        'userName', prefix || i || '@example.com', 'externalId', prefix || 'hr-' || i, 'displayName', 'User ' || i, 'active', i % 50 <> 0,
        'title', CASE WHEN i % 5 <> 0 THEN 'Title ' || i % 50 END, 'nickName', CASE WHEN i % 995 = 0 THEN 'Nick' || i END,
        'userType', CASE WHEN i % 20 = 0 THEN 'Contractor' ELSE 'Employee' END, 'locale', 'en-US', 'timezone', 'Europe/Berlin',
        'name', jsonb_build_object('givenName', 'Given' || i % 1000, 'familyName', 'Family' || i::bigint * 7919 % (users / 100), 'formatted', 'Given' || i % 1000 || ' Family' || i::bigint * 7919 % (users / 100)),
        'emails', jsonb_build_array(jsonb_build_object('value', prefix || i || '@example.com', 'type', 'work', 'primary', true),
            jsonb_build_object('value', prefix || i || '@home.example.org', 'type', 'home')),
        'phoneNumbers', jsonb_build_array(jsonb_build_object('value', '+49 30 ' || i, 'type', 'work')),
        'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', jsonb_build_object('employeeNumber', i::text, 'costCenter', 'CC' || i % 300,
            'department', CASE WHEN i > users / 10 * 9 - 5000 THEN 'Newest' ELSE 'Department ' || i % greatest(users / 8334, 2) END)))
$$;
-- an index that is made afterwards is made faster
SELECT pg_get_indexdef('directory.users_data_idx'::regclass) AS make_index \gset
DROP INDEX directory.users_data_idx;
INSERT INTO directory.users (data) SELECT bench.person(i, 'user', :users) FROM generate_series(1, :users / 10 * 9) i;
INSERT INTO directory.users (tenant_id, data) SELECT 2, bench.person(i, 'other', :users) FROM generate_series(1, :users / 10) i;
:make_index;
SELECT scim.create_sort_index('User', 'name.familyName');
INSERT INTO directory.groups (tenant_id, data)
SELECT 1, jsonb_build_object('displayName', 'Group ' || g) FROM generate_series(0, :users / 36 - 1) g
UNION ALL SELECT 1, jsonb_build_object('displayName', 'Top ' || g) FROM generate_series(0, :users / 324 - 1) g
UNION ALL SELECT 1, jsonb_build_object('displayName', name) FROM unnest(ARRAY['Ten', 'Berlin']) name
UNION ALL SELECT 2, jsonb_build_object('displayName', 'Group ' || g) FROM generate_series(0, :users / 300 - 1) g;
CREATE TEMP TABLE people AS SELECT id, tenant_id, row_number() OVER (PARTITION BY tenant_id ORDER BY id) - 1 AS n FROM directory.users;
CREATE TEMP TABLE teams AS
SELECT id, tenant_id, display_name, split_part(display_name, ' ', 1) AS kind, nullif(split_part(display_name, ' ', 2), '')::int AS n FROM directory.groups;
CREATE TEMP TABLE sizes AS SELECT tenant_id, count(*) AS groups FROM teams WHERE kind = 'Group' GROUP BY 1;
ANALYZE people, teams, sizes;
INSERT INTO directory.member (tenant_id, group_id, member_id)
SELECT DISTINCT p.tenant_id, t.id, p.id
FROM people p JOIN sizes s USING (tenant_id) CROSS JOIN LATERAL (VALUES (p.n % groups), ((p.n * 7 + 1) % groups), ((p.n * 13 + 2) % groups)) AS k (n)
JOIN teams t ON t.tenant_id = p.tenant_id AND t.kind = 'Group' AND t.n = k.n
UNION ALL SELECT 1, t.id, p.id FROM people p, teams t WHERE p.tenant_id = 1 AND p.n < 10 AND t.kind = 'Ten'
UNION ALL SELECT 1, t.id, p.id FROM people p, teams t WHERE p.tenant_id = 1 AND p.n % greatest(:users / 10 * 9 / 4000, 1) = 0 AND p.n < greatest(:users / 10 * 9 / 4000, 1) * 4000 AND t.kind = 'Berlin'
UNION ALL SELECT 1, t.id, g.id FROM teams g JOIN teams t ON t.kind = 'Top' AND t.n = g.n / 9 WHERE g.tenant_id = 1 AND g.kind = 'Group' AND g.n % 9 < 3;
UPDATE directory.policy SET enabled = true WHERE kind = 'audit';

CREATE SCHEMA by_hand;
CREATE TABLE by_hand.users AS SELECT tenant_id, id, external_id, user_name, display_name, active, data, version, created, last_modified FROM directory.users ORDER BY id;
ALTER TABLE by_hand.users ADD PRIMARY KEY (id);
CREATE INDEX ON by_hand.users (tenant_id, id);
CREATE UNIQUE INDEX ON by_hand.users (tenant_id, lower(user_name));
CREATE INDEX ON by_hand.users USING gin ((lower(data ->> 'emails')::jsonb) jsonb_path_ops);
CREATE INDEX ON by_hand.users (tenant_id, lower(data #>> '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,department}'), id);
CREATE INDEX ON by_hand.users (tenant_id, lower(data #>> '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,employeeNumber}'), id);
CREATE INDEX ON by_hand.users (tenant_id, lower(data #>> '{name,familyName}'), id);
CREATE INDEX ON by_hand.users (tenant_id, id) WHERE data ->> 'nickName' IS NOT NULL;
CREATE INDEX ON by_hand.users (tenant_id, id) WHERE data ->> 'title' IS NOT NULL;
CREATE INDEX ON by_hand.users (tenant_id, id) WHERE (lower(data ->> 'userType') = 'employee') IS NOT TRUE;
CREATE INDEX ON by_hand.users (tenant_id, id) WHERE NOT active;
-- or the planner would not know how few have one
CREATE STATISTICS by_hand.nick_name ON (data ->> 'nickName') FROM by_hand.users;
CREATE STATISTICS by_hand.title ON (data ->> 'title') FROM by_hand.users;
CREATE STATISTICS by_hand.user_type ON ((lower(data ->> 'userType') = 'employee')) FROM by_hand.users;
CREATE TABLE by_hand.groups AS SELECT tenant_id, id, display_name FROM directory.groups;
ALTER TABLE by_hand.groups ADD PRIMARY KEY (id);
CREATE INDEX ON by_hand.groups (tenant_id, lower(display_name));
CREATE TABLE by_hand.member AS SELECT tenant_id, group_id, member_id FROM directory.member;
ALTER TABLE by_hand.member ADD PRIMARY KEY (group_id, member_id);
CREATE INDEX ON by_hand.member (member_id, group_id);
VACUUM ANALYZE;
