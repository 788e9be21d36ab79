-- Which index answers what is asked of the views people and teams, of 5,000 people
SET client_min_messages = warning;
SELECT scim.create_store('metropolis');
RESET client_min_messages;
SET scim.store = 'metropolis';
UPDATE metropolis.policy SET enabled = false WHERE kind = 'audit';
INSERT INTO metropolis.people (user_name, external_id, display_name, family_name, email, department)
SELECT 'user' || n || '@example.com', n, 'Person ' || n, 'Family ' || n % 100, 'mail' || n || '@example.com', 'Department ' || n % 50 FROM generate_series(1, 5000) n;
INSERT INTO metropolis.teams (display_name) SELECT 'Team ' || n FROM generate_series(1, 1000) n;
VACUUM ANALYZE metropolis.users;
VACUUM ANALYZE metropolis.groups;
-- by a filter, of the whole language: the index over documents
EXPLAIN (COSTS OFF) SELECT user_name, email FROM metropolis.people WHERE scim.matches(data, 'emails.value eq "mail77@example.com"');
SELECT user_name, email FROM metropolis.people WHERE scim.matches(data, 'emails.value eq "MAIL77@example.com"');
EXPLAIN (COSTS OFF) SELECT user_name FROM metropolis.people WHERE data OPERATOR(scim.~) 'name.familyName eq "family 7" and urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department ew " 7"';
SELECT count(*) FROM metropolis.people WHERE data OPERATOR(scim.~) 'name.familyName eq "family 7" and urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department ew " 7"';
-- by columns
EXPLAIN (COSTS OFF) SELECT email FROM metropolis.people WHERE user_name = 'user77@example.com';
EXPLAIN (COSTS OFF) SELECT email FROM metropolis.people WHERE scim.fold_user_name(user_name) = scim.fold_user_name('USER77@example.com');
EXPLAIN (COSTS OFF) SELECT email FROM metropolis.people WHERE external_id = '77';
EXPLAIN (COSTS OFF) SELECT email FROM metropolis.people WHERE id = '00000000-0000-7000-8000-000000000001';
EXPLAIN (COSTS OFF) SELECT id FROM metropolis.teams WHERE scim.fold(display_name) = scim.fold('team 77');
EXPLAIN (COSTS OFF) SELECT user_name FROM metropolis.people ORDER BY last_modified DESC, id DESC LIMIT 10;
-- what no index of the store is over takes one of your own, of the expression that the view has
EXPLAIN (COSTS OFF) SELECT user_name FROM metropolis.people WHERE email = 'mail77@example.com';
CREATE INDEX ON metropolis.users (tenant_id, (scim_internal.chosen_element(data -> 'emails') ->> 'value')) WHERE deleted_at IS NULL;
ANALYZE metropolis.users;
EXPLAIN (COSTS OFF) SELECT user_name FROM metropolis.people WHERE email = 'mail77@example.com';
SELECT user_name FROM metropolis.people WHERE email = 'mail77@example.com';
-- row-level security asks for the same tenant
CREATE ROLE regress_view_planner;
GRANT USAGE ON SCHEMA metropolis TO regress_view_planner;
GRANT SELECT ON metropolis.people, metropolis.users TO regress_view_planner;
SET ROLE regress_view_planner;
EXPLAIN (COSTS OFF) SELECT user_name FROM metropolis.people WHERE scim.matches(data, 'emails.value eq "mail77@example.com"');
EXPLAIN (COSTS OFF) SELECT email FROM metropolis.people WHERE user_name = 'user77@example.com';
RESET ROLE;
-- a write by the view finds its row by the key
EXPLAIN (COSTS OFF) UPDATE metropolis.people SET title = 'x' WHERE user_name = 'user77@example.com';
SET client_min_messages = warning;
SELECT scim.drop_store('metropolis', true);
DROP ROLE regress_view_planner;
