-- A group in itself, and groups in a circle: who is in which is one answer, of today and of then
SET client_min_messages = warning;
SELECT scim.create_store('circle');
SET scim.store = 'circle';
INSERT INTO circle.users (data) VALUES ('{"userName": "ann"}');
INSERT INTO circle.groups (data) SELECT jsonb_build_object('displayName', g) FROM unnest('{self,a,b,c,beside}'::text[]) g;
CREATE FUNCTION pg_temp.id(name text) RETURNS uuid LANGUAGE sql AS $$ SELECT id FROM circle.resource WHERE coalesce(user_name, display_name) = name $$;
INSERT INTO circle.member (group_id, member_id) SELECT pg_temp.id(split_part(m, ' ', 1)), pg_temp.id(split_part(m, ' ', 2)) FROM unnest('{self self,a b,b c,c a,b ann,a beside,beside ann}'::text[]) m;
CREATE TEMP VIEW now AS SELECT group_name::text, coalesce(user_name, display_name)::text AS member, direct FROM circle.effective_member;
SELECT m.*, through FROM now m JOIN circle.effective_member e ON e.group_name = m.group_name AND coalesce(e.user_name, e.display_name) = member ORDER BY 1, 2;
-- the same as the past has it
CREATE TEMP TABLE past AS SELECT g.display_name::text AS group_name, coalesce(r.user_name, r.display_name)::text AS member, m.direct
  FROM circle.groups g, LATERAL scim.members_at(g.id, clock_timestamp()) m JOIN circle.resource r ON r.id = m.value;
(TABLE now EXCEPT TABLE past) UNION ALL (TABLE past EXCEPT TABLE now);
SELECT group_name, direct, through FROM circle.effective_group WHERE user_name = 'ann' ORDER BY 1;
SELECT scim.drop_store('circle', true);
RESET scim.store;
