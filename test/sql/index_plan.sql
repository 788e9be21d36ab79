-- The planner: the index on documents, a btree on a key column, an ordered scan
-- with LIMIT or a sequential scan, by how many documents match.
SELECT scim.create_store('index_plan');
SET scim.store = 'index_plan';

INSERT INTO index_plan.users (data)
SELECT jsonb_build_object('userName', 'user' || i, 'nickName', 'nick' || i,
	'userType', CASE WHEN i % 100 = 0 THEN 'Contractor' ELSE 'Employee' END,
	'title', CASE WHEN i % 2 = 0 THEN 'Nurse' ELSE 'Tour Guide' END,
	'emails', jsonb_build_array(jsonb_build_object('value', 'user' || i || '@example.com', 'type', 'work')))
FROM generate_series(1, 5000) AS i;
VACUUM ANALYZE index_plan.users;

-- Which scan, and is the estimate within a factor of two?
CREATE FUNCTION pg_temp.plan(filter text, tail text DEFAULT '') RETURNS TABLE (scan text, estimate text) LANGUAGE plpgsql AS $$
DECLARE
	plan jsonb;
	node jsonb;
	actual bigint;
BEGIN
	EXECUTE format('EXPLAIN (FORMAT JSON) SELECT id FROM index_plan.users WHERE tenant_id = 1 AND deleted_at IS NULL AND %s %s', filter, tail) INTO plan;
	node := plan #> '{0,Plan}';
	EXECUTE format('SELECT count(*) FROM index_plan.users WHERE tenant_id = 1 AND deleted_at IS NULL AND %s', filter) INTO actual;
	WHILE node ->> 'Node Type' IN ('Limit', 'Sort') LOOP
		node := node #> '{Plans,0}';
	END LOOP;
	estimate := CASE WHEN (node ->> 'Plan Rows')::numeric BETWEEN actual / 2.0 AND actual * 2.0 THEN 'good' ELSE format('%s for %s', node ->> 'Plan Rows', actual) END;
	scan := node ->> 'Node Type';
	WHILE node ? 'Plans' LOOP
		node := node #> '{Plans,0}';
	END LOOP;
	scan := scan || coalesce(' ' || (node ->> 'Index Name'), '');
	RETURN NEXT;
END $$;

SELECT title, p.* FROM (VALUES
	('unique', 'nickName eq "nick77"'), ('1 %', 'userType eq "contractor"'), ('1 %, negated', 'userType ne "Employee"'), ('50 %', 'title eq "nurse"'), ('99 %', 'userType eq "Employee"'),
	('rare and frequent', 'nickName eq "nick77" and userType eq "Employee"'), ('substring of 50 %', 'title co "guide"'), ('value path', 'emails[type eq "work" and value eq "user77@example.com"]')
) AS v (title, filter), pg_temp.plan(format('scim.matches(data, %L, ''User'')', filter)) AS p;
-- with LIMIT
SELECT title, p.scan FROM (VALUES
	('unique', 'nickName eq "nick77"'), ('1 %', 'userType eq "contractor"'), ('50 %', 'title eq "nurse"'), ('99 %', 'userType eq "Employee"')
) AS v (title, filter), pg_temp.plan(format('scim.matches(data, %L, ''User'')', filter), 'ORDER BY id LIMIT 10') AS p;
-- the operator
SELECT title, p.* FROM (VALUES ('unique', 'nickName eq "nick77"'), ('99 %', 'userType eq "Employee"')
) AS v (title, filter), pg_temp.plan(format('data OPERATOR(scim.~) %L', filter)) AS p;
-- a key column beside it
SELECT p.scan FROM pg_temp.plan('scim.fold_user_name(user_name) = ''user77'' AND scim.matches(data, ''userType eq "Employee"'', ''User'')') AS p;
-- and what scim.search makes of it
SELECT r ->> 'totalResults' AS total, r #>> '{Resources,0,nickName}' AS first FROM scim.search('User', 'nickName eq "NICK77" or nickName eq "nick78"') AS r;

-- A filter from another table: the index for each of them.
CREATE TEMP TABLE filters (name text, filter scim.filter);
INSERT INTO filters VALUES ('one', 'nickName eq "nick9"'), ('two', 'nickName sw "nick499"');
ANALYZE filters;
EXPLAIN (COSTS OFF) SELECT f.name, count(*) FROM filters f JOIN index_plan.users u ON u.deleted_at IS NULL AND scim.matches(u.data, f.filter) GROUP BY f.name;
SELECT f.name, count(*) FROM filters f JOIN index_plan.users u ON u.deleted_at IS NULL AND scim.matches(u.data, f.filter) GROUP BY f.name ORDER BY f.name;

-- Row-level security: index and statistics serve a role that sees its tenant only.
INSERT INTO index_plan.tenant VALUES (2, 'two');
SET scim.tenant = 2;
INSERT INTO index_plan.users (data) VALUES ('{"userName": "user77", "nickName": "nick77"}');
RESET scim.tenant;
CREATE ROLE index_plan_reader;
INSERT INTO index_plan.tenant_role (role, tenant_id) VALUES ('index_plan_reader', 1);
GRANT USAGE ON SCHEMA index_plan TO index_plan_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA index_plan TO index_plan_reader;
SET ROLE index_plan_reader;
EXPLAIN (COSTS OFF) SELECT user_name FROM index_plan.users WHERE deleted_at IS NULL AND scim.matches(data, 'nickName eq "nick77"', 'User');
SELECT tenant_id, user_name FROM index_plan.users WHERE deleted_at IS NULL AND scim.matches(data, 'nickName eq "nick77"', 'User');
EXPLAIN (COSTS OFF) SELECT user_name FROM index_plan.users WHERE deleted_at IS NULL AND scim.matches(data, 'userType eq "employee"', 'User');
RESET ROLE;
DROP OWNED BY index_plan_reader;
DROP ROLE index_plan_reader;

SET client_min_messages = warning;
SELECT scim.drop_store('index_plan', true);
