-- What is in the stores and what they answer, of which no upgrade may lose anything.

\set ON_ERROR_STOP on
SET TimeZone = 'UTC';

-- The rows of a table, by the columns that version 0.1.0 had, and by a digest.
CREATE FUNCTION pg_temp.rows(store text, relation text, attributes text) RETURNS TABLE (rows bigint, digest text) LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY EXECUTE format('SELECT count(*), md5(string_agg(r::text, E''\n'' ORDER BY r::text COLLATE "C")) FROM (SELECT %s FROM %I.%I %s) r', attributes, store, relation,
    -- of resources, not of configuration
    CASE relation WHEN 'audit' THEN 'WHERE resource_id IS NOT NULL' END);
END $$;
-- A document without its descriptions, which later versions complete, and without what they add.
CREATE FUNCTION pg_temp.bare(document jsonb) RETURNS text LANGUAGE sql AS $$
  SELECT regexp_replace(regexp_replace(CASE WHEN document ->> 'id' = 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'
    THEN jsonb_set(document, '{attributes}', (SELECT jsonb_agg(a ORDER BY n) FROM jsonb_array_elements(document -> 'attributes') WITH ORDINALITY t (a, n)
      WHERE a ->> 'name' NOT IN ('securityEvents', 'interopProfileConformant'))) ELSE document END::text, '"description": "(\\.|[^"\\])*", ', '', 'g'), ', "description": "(\\.|[^"\\])*"', '', 'g')
$$;
SELECT store, relation, r.*
FROM (VALUES ('directory'), ('Odd "Store"')) s (store), (VALUES
  ('tenant', 'tenant_id, name, created'),
  ('schema', 'id, pg_temp.bare(document)'),
  ('resource_type', 'name, pg_temp.bare(document), table_name'),
  ('policy', 'tenant_id, resource_type, kind, enabled, settings'),
  ('resource', 'tenant_id, resource_type, id, external_id, user_name, display_name, active, status, data, version, created, last_modified, offboarding_at, deleted_at'),
  ('users', 'tenant_id, resource_type, id, external_id, user_name, display_name, active, status, data, version, created, last_modified, offboarding_at, deleted_at'),
  ('member', 'tenant_id, group_id, member_id, member_type, value, created'),
  ('unique_value', 'tenant_id, resource_type, attribute, value, resource_id'),
  ('credential', 'tenant_id, resource_id, secret, changed'),
  ('token', 'tenant_id, id, hash, description, created, expires_at, revoked_at'),
  ('secret', 'purpose, value'),
  ('audit', 'tenant_id, id, at, transaction_id, actor, db_user, operation, resource_type, resource_id, version, member_id, before'),
  ('event', 'tenant_id, id, at, transaction_id, event_uri, resource_type, resource_id, version')) t (relation, attributes),
  LATERAL pg_temp.rows(store, relation, attributes) r
ORDER BY store, relation;

-- Every resource as it is answered, in every tenant.
SET scim.base_url = 'https://scim.example.com/scim/v2';
CREATE FUNCTION pg_temp.in_tenant(tenant int, store text DEFAULT 'directory') RETURNS void LANGUAGE sql AS $$
  SELECT set_config('scim.tenant', tenant::text, false), set_config('scim.store', store, false)
$$;
CREATE FUNCTION pg_temp.answers() RETURNS TABLE (resource_type text, id text, name text, members text, groups text, the_rest text) LANGUAGE sql AS $$
  SELECT r #>> '{meta,resourceType}', r ->> 'id', coalesce(r ->> 'userName', r ->> 'displayName', r ->> 'code', r ->> 'serial', r ->> 'label'),
    (SELECT string_agg(m ->> 'value', ' ' ORDER BY m ->> 'value' COLLATE "C") FROM jsonb_array_elements(r -> 'members') m),
    (SELECT string_agg(concat(m ->> 'display', ' ', m ->> 'type'), ', ' ORDER BY m ->> 'display' COLLATE "C", m ->> 'type') FROM jsonb_array_elements(r -> 'groups') m),
    md5((r - '{meta,members,groups}'::text[])::text)
  FROM jsonb_array_elements(scim.search(NULL, count => 200) -> 'Resources') r
$$;
SELECT pg_temp.in_tenant(1);
SELECT * FROM pg_temp.answers() ORDER BY 1, 2;
SELECT pg_temp.in_tenant(2);
SELECT * FROM pg_temp.answers() ORDER BY 1, 2;
SELECT pg_temp.in_tenant(3);
SELECT * FROM pg_temp.answers() ORDER BY 1, 2;
SELECT pg_temp.in_tenant(1, 'Odd "Store"');
SELECT * FROM pg_temp.answers() ORDER BY 1, 2;
SELECT pg_temp.in_tenant(1);

-- Filters, by every kind of index.
SELECT resource_type, filter, scim.search(resource_type, filter) -> 'totalResults' AS total
FROM (VALUES ('User', 'userName eq "USER1@example.com"'), ('User', 'externalId eq "e2"'), ('User', 'emails.value co "user1"'),
  ('User', 'urn:example:Badge:badgeNumber eq "b7"'), ('User', 'urn:example:Badge:doors[level ge 1 and value eq "north"]'), ('User', 'shoeSize gt 40'),
  ('User', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "D1"'), ('User', 'name.familyName sw "STRASSE"'),
  ('User', 'groups.display eq "Group 2"'), ('User', 'active eq false'), ('User', 'meta.created gt "2020-01-01T00:00:00Z"'), ('User', 'not (title pr)'),
  ('Group', 'members.value eq "00000000-0001-7000-8000-000000000004"'), ('Group', 'members.value eq "bill@example.com"'), ('Group', 'displayName sw "group"'),
  ('CostCentre', 'code eq "c3"'), ('CostCentre', 'budget gt 2500'), ('Device', 'serial eq "Serial 2"')) t (resource_type, filter);

-- Passwords, tokens, what is out of sight, what must not be there twice.
SELECT password, scim.verify_password('00000000-0001-7000-8000-000000000001', password) FROM unnest(ARRAY['t1meMa$heen', 'another']) password;
SELECT token, scim.authenticate('Bearer token ' || token) AS tenant FROM unnest(ARRAY['one', 'two', 'three', 'four', 'five']) token;
SELECT status, count(*) FROM directory.users GROUP BY status ORDER BY status;
-- What version 0.2.0 brought.
SELECT to_regclass('directory.client') IS NOT NULL AS has_clients \gset
\if :has_clients
SELECT tenant_id, id, client.name, scheme, encode(hash, 'hex'), md5(secret), encode(second_hash, 'hex'), created, expires_at, s.keyword, s.second_header, s.type
FROM directory.client JOIN directory.authentication_scheme s USING (scheme) ORDER BY id;
\endif
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "USER4@EXAMPLE.COM", "emails": [{"value": "user4@example.com", "primary": true}]}');
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "new@example.com", "emails": [{"value": "new@example.com", "primary": true}], "urn:example:Badge": {"badgeNumber": "b3"}}');
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "new@example.com", "emails": [{"value": "other@example.com", "primary": true}]}');
SELECT status FROM scim.request('POST', '/CostCentres', '{}', '{"code": "new", "colour": "blue"}');
SELECT status FROM scim.request('POST', '/CostCentres', '{}', '{"code": "new", "head": "00000000-0001-7000-8000-00000000dead"}');

-- What people made of it.
SELECT count(*), min(user_name) FROM app.engineer;
SELECT name, count(*) FROM app.chosen GROUP BY name ORDER BY name;
SELECT count(*), count(resource_json ->> 'userName') FROM app.document;
SELECT list -> 'totalResults' AS total FROM app.found;
SELECT count(*) FROM app.folded;
-- a body that PostgreSQL has parsed knows the columns that there were
CREATE OR REPLACE FUNCTION app.find(filter scim.filter) RETURNS SETOF directory.users LANGUAGE sql STABLE
  BEGIN ATOMIC SELECT * FROM directory.users u WHERE u.deleted_at IS NULL AND scim.matches(u.data, filter, 'User'); END;
SELECT count(*) FROM app.find('title eq "engineer 1"');
SELECT * FROM app.saved ORDER BY filter;
SELECT count(*) FROM app.log;
SELECT app.keys('{"userName": "x"}');
SELECT count(*) FROM intake.draft;
-- from version 0.4.0 on a role acts for a tenant, of several, where it is named
SELECT to_regclass('directory.tenant_role') IS NOT NULL AS has_roles \gset
\if :has_roles
INSERT INTO directory.tenant_role (role, tenant_id) VALUES ('app', 1), ('auditor', 1);
\endif
SET ROLE app;
SELECT count(*) FROM directory.users;
RESET ROLE;
SET ROLE auditor;
SELECT count(*) FROM directory.audit WHERE resource_id IS NOT NULL;
RESET ROLE;
\if :has_roles
DELETE FROM directory.tenant_role WHERE role IN ('app', 'auditor');
SELECT role, tenant_id FROM directory.tenant_role ORDER BY role;
SELECT c.tenant_id, name, filter, channel, max_attempts, p.position, (SELECT count(*) FROM directory.delivery d WHERE d.consumer_id = c.id) AS delivered
FROM directory.consumer c LEFT JOIN directory.consumer_position p ON p.consumer_id = c.id ORDER BY name;
\endif
-- What version 0.5.0 brought.
SELECT to_regclass('directory.guard') IS NOT NULL AS has_guards \gset
\if :has_guards
SELECT g.tenant_id, p.name, g.key, g.actor, g.used, g.changed_at, g.tripped_at, g.tripped_by, g.resource_id,
  (SELECT string_agg(concat_ws(' ', c.at, c.amount), ', ' ORDER BY c.at) FROM directory.guard_count c WHERE (c.tenant_id, c.guard_id) = (g.tenant_id, g.id)) AS counted
FROM directory.guard g JOIN directory.policy p ON p.id = g.policy_id ORDER BY p.name;
SELECT tenant_id, resource_id, token_id, actor, linked_at, released_at FROM directory.origin ORDER BY resource_id;
SELECT b.tenant_id, b.id, b.resource_type, b.relation, b.others, b.created, b.mapping FROM directory.binding b ORDER BY b.relation::text;
SELECT b.relation, l.tenant_id, l.resource_id, l.key, l.detached FROM directory.binding_link l JOIN directory.binding b ON b.id = l.binding_id ORDER BY b.relation::text, l.resource_id, l.tenant_id;
SELECT bound, side, key, resource_id, attribute, "column", table_value, scim_value, problem FROM scim.check_binding() ORDER BY 1, 2, 3, 4, 5;
SELECT tenant_id, resource_id, resource_type, role, role_id, database_id, made, login, granted, since, ends_sessions_before, server_id FROM directory.database_role ORDER BY role;
SELECT name, tenant_id, value FROM directory.setting WHERE name IN ('base_url', 'leaving_date', 'leaver_filter', 'dormant_after', 'max_body_passwords', 'max_body_visits') ORDER BY name;
SELECT name, method, token_id, endpoint, resource_types, event_uris, md5(concat(s."authorization", s.key)) AS secret
FROM directory.consumer c JOIN directory.consumer_secret s ON (s.tenant_id, s.consumer_id) = (c.tenant_id, c.id) ORDER BY name;
SELECT operation, count(*) FROM directory.audit WHERE operation IN ('break glass', 'import', 'link', 'unlink', 'database role') GROUP BY operation ORDER BY operation;
SELECT to_regclass('app.staff') IS NOT NULL AS has_views \gset
\if :has_views
SELECT count(*), count(email), count(badge_number), md5(string_agg(concat_ws('|', id, user_name, title, email, badge_number, nick_name), E'\n' ORDER BY id)) FROM app.staff WHERE tenant_id = 1;
SELECT count(*), count(email), count(badge_number), md5(string_agg(concat_ws('|', id, user_name, title, email, badge_number, nick_name), E'\n' ORDER BY id)) FROM directory.people WHERE tenant_id = 1;
SELECT display_name, tenant_id FROM directory.teams ORDER BY 1, 2;
\endif
\endif
-- What version 0.6.0 brought.
SELECT to_regprocedure('scim.end_load(text)') IS NOT NULL AND EXISTS (SELECT FROM directory.audit WHERE object = 'load') AS has_loads \gset
\if :has_loads
SELECT d.serial, (h.history).operation, (h.history).version
FROM (SELECT id, data ->> 'serial' AS serial FROM directory."Our ""devices""" WHERE data ->> 'serial' LIKE 'Loaded 1%') d,
  LATERAL (SELECT scim.history(d.id) AS history) h ORDER BY 1, 3;
SELECT count(*) FROM scim.members_at('00000000-0002-7000-8000-000000000061', clock_timestamp());
SELECT operation, count(*), count(detail) FROM directory.audit WHERE resource_id = '00000000-0002-7000-8000-000000000061' GROUP BY operation ORDER BY operation;
SELECT indexrelid::regclass, indisvalid FROM pg_index WHERE indrelid = 'directory.users'::regclass AND indexrelid::regclass::text LIKE '%_sort';
\endif
-- What version 0.7.0 brought.
SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'directory.store'::regclass AND attname = 'restoring') AS has_restoring \gset
\if :has_restoring
SELECT name, tenant_id, value FROM directory.setting WHERE name = 'max_answer_size' ORDER BY tenant_id;
\endif
-- What version 0.8.0 brought.
SELECT to_regclass('directory.client_failure') IS NOT NULL AND EXISTS (SELECT FROM directory.authentication_scheme WHERE scheme = 'OAuth') AS has_oauth \gset
\if :has_oauth
SELECT scheme, keyword, credential, type, name, description, spec_uri FROM directory.authentication_scheme WHERE scheme = 'OAuth';
SELECT tenant_id, name, scheme, scopes, length(hash) AS hash, jwks, jwks_uri, jwks_fetched_at, jwks_error FROM directory.client WHERE scheme = 'OAuth' ORDER BY name;
SELECT c.name, t.expires_at - t.created AS lifetime, t.scopes FROM directory.token t JOIN directory.client c ON (c.tenant_id, c.id) = (t.tenant_id, t.client_id);
SELECT tenant_id, CASE WHEN key LIKE 'client %' THEN 'client' ELSE key END AS key, failures FROM directory.client_failure ORDER BY key;
SELECT a.tenant_id, c.name, a.jti, a.expires_at FROM directory.client_assertion a JOIN directory.client c ON c.id = a.client_id;
SELECT name, tenant_id, value FROM directory.setting WHERE name IN ('group_memberships', 'unknown_schemas', 'patch_without_path', 'access_token_lifetime') ORDER BY name;
\endif
-- What version 0.9.0 brought.
SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'directory.token'::regclass AND attname = 'former_used_at')
  AND EXISTS (SELECT FROM directory.secret WHERE purpose = 'sealing') AS has_folded \gset
\if :has_folded
SELECT former_used_at FROM directory.token WHERE former_used_at IS NOT NULL;
SELECT former_used_at FROM directory.client WHERE former_used_at IS NOT NULL;
SELECT data #> '{urn:example:Badge}' ? 'pin' AS has_pin, data::text LIKE '%2718%' AS in_clear FROM directory.users WHERE id = '00000000-0001-7000-8000-000000000031' AND tenant_id = 1;
SELECT scim.search('User', U&'userName eq "JOS\00C9@example.com" or userName eq "rene@example.com"') -> 'totalResults' AS found;
\endif
-- What version 0.10.0 brought.
SELECT EXISTS (SELECT FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.oid = to_regclass('app.person') AND attname = 'boss') AS has_boss \gset
\if :has_boss
SELECT u.user_name, m.user_name AS manager FROM directory.users u JOIN directory.users m ON m.tenant_id = u.tenant_id
  AND m.id::text = u.data #>> '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,manager,value}' WHERE u.user_name = 'user1@example.com' AND u.tenant_id = 1;
SELECT count(*) AS filter_indexes FROM pg_index WHERE indrelid = 'directory.users'::regclass AND indexrelid::regclass::text LIKE '%\_filter' AND indisvalid;
SELECT scim.search('User', 'not (userType eq "Employee")') -> 'totalResults' AS found;
\endif
-- What version 0.11.0 brought.
SELECT EXISTS (SELECT FROM directory.users WHERE length(data #>> '{name,middleName}') > 2600) AS has_long_names \gset
\if :has_long_names
SELECT r ->> 'userName' AS user_name, length(r #>> '{name,middleName}') AS length FROM jsonb_array_elements(scim.search('User', 'name.middleName pr', sort_by => 'name.middleName', sort_order => 'descending', count => 5) -> 'Resources') AS r;
SELECT count(*) AS sort_indexes FROM pg_index WHERE indrelid = 'directory.users'::regclass AND indexrelid::regclass::text LIKE '%\_sort' AND indisvalid;
\endif
