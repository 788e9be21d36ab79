-- Statements that are handed out, to be executed one by one, mean what they say, whatever the search_path.
SET client_min_messages = warning;
SELECT scim.create_store('handed');
SET scim.store = 'handed';
INSERT INTO handed.users (data) VALUES ('{"userName": "a"}');
CREATE SCHEMA handed_others;
CREATE FUNCTION handed_others.equal(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN true;
CREATE OPERATOR handed_others.= (leftarg = text, rightarg = text, function = handed_others.equal);
CREATE FUNCTION handed_others.lower(text) RETURNS text LANGUAGE sql IMMUTABLE RETURN 'others';
CREATE COLLATION handed_others."C" FROM "POSIX";

DROP INDEX handed.users_list_idx, handed.authentication_scheme_scheme_idx;
SET search_path = handed_others, pg_catalog;
SELECT statement FROM scim.repair_store('handed') \gexec
SELECT scim.create_filter_index('User', 'title eq "x = y" and not (nickName pr)', online => true) \gexec
SELECT scim.create_sort_index('User', 'title', online => true) \gexec
-- what was made so before is made again
DROP INDEX handed.users_list_idx;
CREATE INDEX users_list_idx ON handed.users (tenant_id, id) WHERE deleted_at IS NULL AND resource_type = 'User';
CREATE INDEX scim_176fc77285c7d769_filter ON handed.users (tenant_id, id) WHERE deleted_at IS NULL AND resource_type = 'User' AND scim_internal.holds(data, 'title eq "x = y"', 'string : title');
SELECT statement FROM scim.repair_store('handed');
SELECT statement FROM scim.repair_store('handed') \gexec
SELECT statement FROM scim.repair_store('handed');
SELECT scim.create_filter_index('User', 'title eq "x = y"', online => true);
SELECT scim.create_filter_index('User', 'title eq "x = y"', online => true) \gexec
RESET search_path;
SELECT indexdef FROM pg_indexes WHERE schemaname = 'handed' AND indexname ~ '(_filter|_sort|^users_list_idx|scheme_scheme_idx)$' ORDER BY indexname;

-- what is not looked into, and what is
SELECT scim_internal.qualified($$CREATE INDEX CONCURRENTLY "a = 'b" ON t (lower(x), h.lower(x), sha256(y::bytea), "lower"(z) COLLATE "C") WITH (a = 1) WHERE x = 'it''s = ''x'::text[] AND y = E'\\' AND z OPERATOR(h.=) 'lower(q)'$$);
SELECT scim.drop_store('handed', true);
DROP SCHEMA handed_others CASCADE;
