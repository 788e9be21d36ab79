# bench_past.sh: what the past costs to ask, in a store whose audit has ROWS rows (200000) of
# the last twelve months: of people who changed ten times each, and of groups of a thousand
# members that come and go.  The rows are written past the door, or it would take hours.
# shellcheck shell=bash

ROWS=${ROWS:-200000}

# bench_past_make: the store "past".
bench_past_make() {
	say "making an audit of $ROWS rows"
	sql <<-SQL >/dev/null
		SET TimeZone = 'UTC';
		SELECT scim.create_store('past');
		DO \$do\$
		DECLARE
		    month timestamptz;
		    statement text;
		BEGIN
		    FOR month IN SELECT generate_series(date_trunc('month', now()) - interval '12 months', date_trunc('month', now()) - interval '1 month', interval '1 month') LOOP
		        FOR statement IN SELECT scim_internal.audit_table_statements('past', to_char(month, '"audit_"YYYY_MM'), scim_internal.audit_month_bounds(month)) LOOP
		            EXECUTE statement;
		        END LOOP;
		    END LOOP;
		END \$do\$;
		SET session_replication_role = replica;
		-- nine tenths are of people, who came a year ago and have changed ten times each since, the
		-- last time whenever
		CREATE UNLOGGED TABLE public.past_person AS
		SELECT p, scim.uuid_v7() AS id, now() - interval '361 days' AS created, interval '360 days' * (p::bigint * 7919 % 10007 + 1) / 10008 AS span FROM generate_series(1, $ROWS * 9 / 100) AS p;
		CREATE FUNCTION public.past_document(p bigint, version bigint) RETURNS jsonb LANGUAGE sql IMMUTABLE AS \$f\$
		    SELECT jsonb_build_object('schemas', '["urn:ietf:params:scim:schemas:core:2.0:User"]'::jsonb, 'userName', 'user' || p || '@example.com', 'title', 'Title ' || version,
		        'department', 'Department ' || p % 100, 'emails', jsonb_build_array(jsonb_build_object('value', 'user' || p || '@example.com', 'type', 'work')))
		\$f\$;
		INSERT INTO past.users (tenant_id, id, resource_type, user_name, status, data, version, created, last_modified)
		SELECT 1, id, 'User', 'user' || p || '@example.com', 'ACTIVE', public.past_document(p, 10), 10, created, created + span FROM public.past_person;
		INSERT INTO past.audit (tenant_id, at, actor, operation, resource_type, resource_id, version, before, status)
		SELECT 1, created + span * (v - 1) / 9, 'bench', CASE v WHEN 1 THEN 'create' ELSE 'update' END, 'User', id, v, CASE WHEN v > 1 THEN public.past_document(p, v - 1) END, CASE WHEN v > 1 THEN 'ACTIVE' END
		FROM public.past_person, generate_series(1, 10) AS v ORDER BY 2;
		-- and a tenth of ten groups: a thousand members from the beginning, and who comes and goes
		CREATE UNLOGGED TABLE public.past_group AS SELECT g, scim.uuid_v7() AS id FROM generate_series(1, 10) AS g;
		CREATE UNLOGGED TABLE public.past_coming AS
		SELECT g.id AS group_id, n, p.id, now() - interval '361 days' * (1 - n / ($ROWS / 200 + 1.0)) AS at, n % 2 = 1 AS comes
		FROM public.past_group g, generate_series(1, $ROWS / 200) AS n JOIN public.past_person p ON p.p = 1001 + (n - 1) / 2;
		INSERT INTO past.groups (tenant_id, id, resource_type, display_name, status, data, version, created, last_modified)
		SELECT 1, id, 'Group', 'Group ' || g, 'ACTIVE', jsonb_build_object('schemas', '["urn:ietf:params:scim:schemas:core:2.0:Group"]'::jsonb, 'displayName', 'Group ' || g),
		    2 + $ROWS / 200, now() - interval '362 days', (SELECT max(c.at) FROM public.past_coming c WHERE c.group_id = g.id) FROM public.past_group g;
		INSERT INTO past.member (tenant_id, group_id, member_id) SELECT 1, g.id, p.id FROM public.past_group g, public.past_person p WHERE p.p <= 1000;
		INSERT INTO past.audit (tenant_id, at, actor, operation, resource_type, resource_id, version, member_id, before, status, detail)
		SELECT 1, now() - interval '362 days', 'bench', 'create', 'Group', id, 1, NULL::uuid, NULL::jsonb, NULL, NULL::jsonb FROM public.past_group
		UNION ALL SELECT 1, now() - interval '361 days', 'bench', 'update', 'Group', id, 2, NULL, data, 'ACTIVE', NULL FROM past.groups
		UNION ALL SELECT 1, now() - interval '361 days', 'bench', 'add member', 'Group', group_id, NULL, member_id, NULL, NULL, NULL FROM past.member
		UNION ALL SELECT 1, c.at, 'bench', 'update', 'Group', c.group_id, c.n + 2, NULL, g.data, 'ACTIVE', NULL FROM public.past_coming c JOIN past.groups g ON g.id = c.group_id
		-- with a list of the members after each thousand, as the door writes them
		UNION ALL SELECT 1, c.at, 'bench', CASE WHEN c.comes THEN 'add member' ELSE 'remove member' END, 'Group', c.group_id, NULL, c.id, NULL, NULL, CASE WHEN c.n % 1000 = 0 THEN l.list END
		FROM public.past_coming c, (SELECT jsonb_build_object('members', jsonb_build_object('', jsonb_agg(id ORDER BY id))) FROM public.past_person WHERE p <= 1000) AS l (list);
		RESET session_replication_role;
	SQL
	sql -c 'VACUUM ANALYZE'
}

# past_time TITLE CALLS QUERY: milliseconds of each of so many calls, the median of
# ROUNDS; $1 is a person, $2 a group, $3 a random number. What it answers is shown.
past_time() {
	sql <<-SQL | tail -1 | awk -F'|' -v title="$1" '{ printf "%-68s %9.2f ms   (%s)\n", title, $1, $2 }'
		SET scim.store = 'past';
		CREATE FUNCTION pg_temp.milliseconds(calls int, OUT each numeric, OUT answer text) LANGUAGE plpgsql AS \$\$
		DECLARE
		    began timestamptz;
		    people uuid[] := ARRAY(SELECT id FROM public.past_person ORDER BY random() LIMIT calls + 5);
		    groups uuid[] := ARRAY(SELECT id FROM public.past_group);
		BEGIN
		    -- plans and caches are there
		    FOR i IN 1 .. 5 LOOP EXECUTE \$q\$$3\$q\$ USING people[i], groups[i], random(); END LOOP;
		    began := clock_timestamp();
		    FOR i IN 1 .. calls LOOP
		        EXECUTE \$q\$$3\$q\$ INTO answer USING people[i + 5], groups[1 + i % 10], random();
		    END LOOP;
		    each := extract(epoch FROM clock_timestamp() - began) * 1000 / calls;
		END \$\$;
		SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY t.each), max(t.answer) FROM generate_series(1, $ROUNDS) AS n, LATERAL (SELECT * FROM pg_temp.milliseconds($2 + 0 * n)) AS t;
	SQL
}

bench_past() {
	local days changed

	bench_past_make
	past_time "resource_at, anybody at any time" 200 "SELECT (scim.resource_at('User', \$1, now() - interval '300 days' * \$3) IS NOT NULL)::int::text"
	past_time "history, anybody's" 200 "SELECT count(*) || ' steps' FROM scim.history(\$1)"
	past_time "resource_at, a group at any time" 50 "SELECT scim.resource_at('Group', \$2, now() - interval '360 days' * \$3) #>> '{meta,version}'"
	for days in 1 30 350; do
		past_time "members_at, $days days ago" 10 "SELECT count(*) || ' members' FROM scim.members_at(\$2, now() - interval '$days days')"
	done
	for days in 1 10 100; do
		changed=$(sql -c "SELECT count(DISTINCT a.resource_id) FROM past.audit a WHERE a.tenant_id = 1 AND a.at > now() - interval '$days days' AND a.resource_type = 'User'")
		past_time "resources_at by userName, $days days ago: $changed changed since" 1 "SELECT count(*) || ' found' FROM scim.resources_at('User', now() - interval '$days days', 'userName eq \"user77@example.com\"')"
	done
}
